"""Maps: folium in a notebook, one file without a network anywhere else.

``map_*`` return a folium map that draws itself from the kit's own vectors; ``save_html`` writes it as one file.
"""

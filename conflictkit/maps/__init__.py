"""Maps: folium in a notebook, one file without a network anywhere else.

``map_*`` return a folium map that draws itself from the kit's own vectors; ``save_html`` writes it as one file.
"""

from conflictkit.maps.changes import map_changes as map_changes
from conflictkit.maps.deployments import map_deployments as map_deployments
from conflictkit.maps.page import save_html as save_html
from conflictkit.maps.territory import map_territory as map_territory

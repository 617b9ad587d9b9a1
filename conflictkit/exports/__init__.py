"""Files for other programs: land and forces with their days, colours and pages, for a GIS, a globe or a database.

``export`` is the door; what a file holds is put together once (``_content``), and each format is written by a file of
its own. Pictures and pages are written by ``save_figure`` and ``save_html``.
"""

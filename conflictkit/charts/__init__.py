"""Charts with matplotlib: take a territory or a table, return the axes.

Every chart says what it shows in its title, has units and a key, and carries a caption with the definition, the date,
the sources and the version of the kit; ``sources_of`` leads from the axes to the pages. No function here shows or saves
anything or changes what it is given, and the reader's matplotlib settings stay as they are.
"""

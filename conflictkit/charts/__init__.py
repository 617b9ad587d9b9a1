"""Charts with matplotlib: take a territory or a table, return the axes.

Every chart says what it shows in its title, has units and a key, and carries a caption with the definition, the date,
the sources and the version of the kit; ``sources_of`` leads from the axes to the pages. No function here shows or saves
anything or changes what it is given, and the reader's matplotlib settings stay as they are.
"""

from __future__ import annotations

from conflictkit.charts.area import plot_area as plot_area
from conflictkit.charts.backing import plot_backing as plot_backing
from conflictkit.charts.changes import plot_changes as plot_changes
from conflictkit.charts.comparison import plot_comparison as plot_comparison
from conflictkit.charts.deployments import plot_deployments as plot_deployments
from conflictkit.charts.disagreement import plot_disagreement as plot_disagreement
from conflictkit.charts.estimates import plot_estimates as plot_estimates
from conflictkit.charts.order_of_battle import plot_order_of_battle as plot_order_of_battle
from conflictkit.charts.pocket import plot_pocket as plot_pocket
from conflictkit.charts.pool import plot_pool as plot_pool
from conflictkit.charts.presence import plot_presence as plot_presence
from conflictkit.charts.sources import sources_of as sources_of
from conflictkit.charts.stock_and_flow import plot_stock_and_flow as plot_stock_and_flow
from conflictkit.charts.strength import plot_strength as plot_strength
from conflictkit.charts.territories import plot_territories as plot_territories
from conflictkit.charts.territory import plot_territory as plot_territory

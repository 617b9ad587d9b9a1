"""The uncertainty of an area chart: the band of the draws, and the land that is certain or possible."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from conflictkit.charts import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from conflictkit.charts.series import AreaSeries
    from conflictkit.charts.style import Paint
    from conflictkit.territory import Territory

DATES = 130  # at most, on which the draws are made; in between the band is drawn straight
BAND: dict[str, Any] = {"alpha": 0.25, "linewidth": 0, "zorder": 2.2}
EDGE: dict[str, Any] = {"linewidth": 0.9, "alpha": 0.55, "zorder": 2.4}
CAPTION = (
    "Band: 5th to 95th percentile of 200 draws of dates, positions, places left out and core radius. Thin lines: land "
    "where the holder's natural-neighbour probability is at least 0.9 (certain) or more than 0.1 (possible)."
)


def draw_bands(
    ax: Axes, territory: Territory, series: AreaSeries, scope: str, paints: dict[str, Paint]
) -> list[tuple[Any, str]]:
    """Draw the band, the certain and the possible land of each line, and return their entries of the key.

    An actor drawn with another (the YPG with the SDF) has the sum of both, which is wider than their joint band.
    """
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    days = pd.date_range(series.km2.index[0], series.km2.index[-1], periods=min(DATES, len(series.km2))).normalize()
    columns = ["area_lo_km2", "area_hi_km2", "area_certain_km2", "area_possible_km2"]
    for level in series.levels:
        found = territory.area(days.unique(), level=level, bands=True)
        found = found[found["scope"] == scope]
        found = found.assign(actor_id=found["actor_id"].replace(series.folds))
        for actor in (actor for drawn, actor in series.lines if drawn == level):
            km2 = found[found["actor_id"] == actor].groupby("date")[columns].sum()
            paint = paints[actor]
            ax.fill_between(km2.index, km2["area_lo_km2"], km2["area_hi_km2"], color=paint.color, **BAND)
            for edge in columns[2:]:
                ax.plot(km2.index, km2[edge], color=paint.ink, **EDGE)
    return [
        (Patch(facecolor=style.MUTED, alpha=BAND["alpha"]), "5th to 95th percentile"),
        (Line2D([], [], color=style.MUTED, **EDGE), "certain (below), possible (above)"),
    ]

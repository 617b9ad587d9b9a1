"""The uncertainty of an area chart: the band of the draws, and the land that is certain or possible."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conflictkit.charts import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from conflictkit.charts.series import AreaSeries
    from conflictkit.charts.style import Paint
    from conflictkit.territory import Territory

FEW = 2  # lines at most that have their certain and possible land drawn: more of them is a tangle
BAND: dict[str, Any] = {"alpha": 0.25, "linewidth": 0, "zorder": 2.2}
EDGE: dict[str, Any] = {"linewidth": 0.9, "alpha": 0.55, "zorder": 2.4}
CAPTION = (
    "Band: 5th to 95th percentile of 200 draws of dates, positions, places left out and core radius; the figure itself "
    "can lie outside."
)
EDGES = (
    "Thin lines: land where the holder's natural-neighbour probability is at least 0.9 (certain) or more than 0.1 "
    "(possible)."
)


def caption_of(series: AreaSeries) -> str:
    """Return what the band and the thin lines are."""
    return f"{CAPTION} {EDGES}" if len(series.lines) <= FEW else CAPTION


def draw_bands(
    ax: Axes, territory: Territory, series: AreaSeries, scope: str, paints: dict[str, Paint]
) -> list[tuple[Any, str]]:
    """Draw the band, the certain and the possible land of each line, and return their entries of the key.

    An actor drawn with another (the YPG with the SDF) has the sum of both, which is wider than their joint band.
    """
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    both = len(series.lines) <= FEW
    columns = ["area_lo_km2", "area_hi_km2", "area_certain_km2", "area_possible_km2"]
    for level in series.levels:
        found = territory.area(series.km2.index, level=level, bands=True)
        found = found[found["scope"] == scope]
        found = found.assign(actor_id=found["actor_id"].replace(series.folds))
        for actor in (actor for drawn, actor in series.lines if drawn == level):
            km2 = found[found["actor_id"] == actor].groupby("date")[columns].sum()
            paint = paints[actor]
            ax.fill_between(km2.index, km2["area_lo_km2"], km2["area_hi_km2"], color=paint.color, step="post", **BAND)
            for edge in columns[2:] if both else ():
                ax.plot(km2.index, km2[edge], color=paint.ink, drawstyle="steps-post", **EDGE)
    band = Patch(facecolor=style.MUTED, alpha=BAND["alpha"]), "5th to 95th percentile"
    edges = Line2D([], [], color=style.MUTED, **EDGE), "certain (below), possible (above)"
    return [band, edges] if both else [band]

"""Small multiples: the map of record on several days, with one key and one caption."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import pandas as pd

from conflictkit.charts import frame, style
from conflictkit.charts.territory_map import caption_of, draw_panel, key_of, pairs
from conflictkit.charts.window import window_of
from conflictkit.dates import to_days
from conflictkit.errors import TerritoryError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from conflictkit.charts.window import Extent
    from conflictkit.dates import DatesLike
    from conflictkit.territory import Territory

PANEL = 5.2  # inches across
ACROSS = 3  # panels in a row, at most
HEADING, UNDER = 0.35, 1.5  # inches over each panel and under them all


def plot_territories(
    territory: Territory,
    dates: DatesLike,
    *,
    extent: Extent = None,
    radius_km: float = 100.0,
    labels: bool | Sequence[str] = False,
    fade: bool = False,
) -> Figure:
    """Plot who held what on several days, side by side.

    Parameters
    ----------
    territory
        The model.
    dates
        Two days or more: anything that ``pandas.to_datetime`` reads.
    extent, radius_km, labels, fade
        As in ``plot_territory``.

    Returns
    -------
    matplotlib.figure.Figure
        One map a day in ascending order, with one key and one caption below; ``sources_of(figure.axes[-1])`` are its
        sources.

    Raises
    ------
    TerritoryError
        If a date cannot be read or there is none.

    Examples
    --------
    >>> from conflictkit import Territory, plot_territories
    >>> figure = plot_territories(Territory.from_places(), ["2014-09-01", "2017-11-03"])
    >>> [ax.get_title(loc="left") for ax in figure.axes[:2]]
    ['1 September 2014', '3 November 2017']
    """
    import matplotlib.pyplot as plt
    from matplotlib.pyplot import rc_context

    days = to_days(dates)
    if days.empty:
        msg = "No dates to draw. Give at least one, such as ['2014-09-01', '2017-11-03']."
        raise TerritoryError(msg)
    window, paints = window_of(territory, extent, radius_km), style.palette(territory.actors)
    across = min(len(days), ACROSS if len(days) != ACROSS + 1 else 2)
    down = ceil(len(days) / across)
    tall = PANEL * window.height_km / window.width_km + HEADING
    seen: dict[str, None] = {}
    folds: dict[str, str] = {}
    with rc_context(style.RC):
        figure = plt.figure(figsize=(across * PANEL, down * tall + UNDER), layout="constrained")
        grid = figure.add_gridspec(down + 1, across, height_ratios=[1.0] * down + [0.01])
        for number, day in enumerate(days):
            ax = figure.add_subplot(grid[number // across, number % across])
            holders, joined = draw_panel(ax, territory, day, window, labels=labels, fade=fade)
            ax.set_title(style.day(day), loc="left", fontsize=style.LARGE, color=style.INK)
            seen |= dict.fromkeys(holders)
            folds |= joined
        under = figure.add_subplot(grid[down, :])  # a line as wide as the figure, to hang key and caption on
        under.set_axis_off()
        sources = pd.concat([territory.holders(day)["source_id"] for day in days])
        figure.suptitle(window.title, x=0.01, ha="left", fontsize=style.TITLE, color=style.INK)
        frame.finish(
            under,
            title="",
            caption=f"{caption_of(territory, folds, paints, fade=fade)} {style.credit(sources)}",
            sources=sources,
            key=key_of([holder for holder in seen if folds.get(holder) not in seen], paints, fade=fade),
            below=0.0,
            key_options=pairs(),
        )
    return figure

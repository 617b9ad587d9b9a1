"""Small multiples: the map of record on several days, with one key and one caption."""

from __future__ import annotations

from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING

from conflictkit.charts._frame import picture
from conflictkit.charts._land import View, caption_of, pairs
from conflictkit.charts._layout import WIDTH, new_sheet
from conflictkit.charts._recorded import recorded
from conflictkit.charts._settings import our_settings
from conflictkit.dates import in_words, to_days
from conflictkit.errors import TerritoryError
from conflictkit.look import INK, LARGE, TITLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from conflictkit.charts._canvas import Extent
    from conflictkit.dates import DatesLike
    from conflictkit.territory import Territory

ACROSS = 2  # panels in a row, at most: smaller ones are stamps
HEADING, UNDER = 0.35, 1.7  # inches over each panel and under them all


@recorded
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
        The model, of places or of drawings.
    dates
        One day or more.
    extent, radius_km, labels, fade
        As in ``plot_territory``; no names of towns by default.

    Returns
    -------
    matplotlib.figure.Figure
        The one picture that is a figure and takes no axes: it has a map a day in ascending order, and one key and one
        caption below them all, on ``figure.axes[-1]``. ``sources_of`` takes the figure.

    Raises
    ------
    DateError
        If a date cannot be read.
    TerritoryError
        If there is none, or as in ``plot_territory``.
    PlaceError, UnknownNameError
        As in ``plot_territory``.

    Examples
    --------
    >>> from conflictkit import Territory, plot_territories
    >>> figure = plot_territories(Territory.from_places(), ["2014-09-01", "2017-11-03"])
    >>> [ax.get_title(loc="left") for ax in figure.axes[:2]]
    ['1 September 2014', '3 November 2017']
    """
    days = to_days(dates)
    if days.empty:
        msg = "No dates to draw. Give at least one, such as ['2014-09-01', '2017-11-03']."
        raise TerritoryError(msg)
    view = replace(View.of(territory, extent, radius_km, labels=labels, fade=fade), dots=labels is True)
    scenes = [view.on(day) for day in days]
    across = min(len(days), ACROSS)
    down = ceil(len(days) / across)
    seen: dict[str, None] = {}
    folds: dict[str, str] = {}
    with our_settings():
        figure = new_sheet(down * (WIDTH / across * view.window.shape + HEADING) + UNDER)
        grid = figure.add_gridspec(down + 1, across, height_ratios=[1.0] * down + [0.01])
        for number, scene in enumerate(scenes):
            ax = figure.add_subplot(grid[number // across, number % across])
            holders, _ = scene.draw(ax)
            ax.set_title(in_words(scene.day), loc="left", fontsize=LARGE, color=INK)
            seen |= dict.fromkeys(holders)
            folds |= scene.folds
        under = figure.add_subplot(grid[down, :])  # a line as wide as the figure, to hang key and caption on
        under.set_axis_off()
        title = view.title("")
        figure.suptitle(title, x=0.01, ha="left", fontsize=TITLE, color=INK)
        with picture(under, height=0, tables=view.tables) as made:
            made.finish(
                title=title,
                headed=False,
                finding=" ".join(scene.shares for scene in scenes),
                caption=caption_of(view.territory, folds, view.paints, fade=fade, dots=view.dots),
                rows=[scene.rows for scene in scenes],
                key=view.key([holder for holder in seen if folds.get(holder) not in seen]),
                below=0.0,
                key_options=pairs(territory),
            )
    return figure

"""The map of record: who held what on a day, with borders, water and towns, in a local equal-area projection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conflictkit.charts._frame import NO_TICKS, picture
from conflictkit.charts._land import View, pairs
from conflictkit.charts._recorded import recorded
from conflictkit.dates import in_words, to_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from conflictkit.charts._canvas import Extent
    from conflictkit.charts._land import Scene
    from conflictkit.dates import DateLike
    from conflictkit.territory import Territory


@recorded
def plot_territory(
    territory: Territory,
    date: DateLike,
    *,
    extent: Extent = None,
    radius_km: float = 100.0,
    labels: bool | Sequence[str] = True,
    fade: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """Plot who held what at the end of a day, as a static map.

    Parameters
    ----------
    territory
        The model, of places or of drawings.
    date
        The day: ISO text or anything else that reads in one way.
    extent
        None for the whole scope, or all that was drawn on any day; the id of a place for the land around it; or west,
        south, east, north in degrees.
    radius_km
        How far the map reaches from the place that `extent` names.
    labels
        True for as many names of towns as fit, by population; False for none; or the ids of the places to name.
    fade
        Whether land fades where its holder is unsure, by natural-neighbour probability; not for drawings, which do not
        say how sure they are.
    ax
        Axes to draw on; without it a new figure.

    Returns
    -------
    Axes
        North up, in metres of a Lambert azimuthal equal-area projection centred on the map.

    Raises
    ------
    DateError
        If the date cannot be read.
    PlaceError
        If the place of `extent` is unknown or has no point, or the box is none.
    UnknownNameError
        If a place of `labels` is not on the map.
    TerritoryError
        If a drawing is to fade, or the date is before the first drawing.

    Notes
    -----
    Both levels are shown: claimed land is a light tint of its holder's colour, core the full colour; the caption says
    so. Where there is no core, as in drawings, claimed land has the full colour. A holder painted like its parent (the
    YPG, part of the SDF) is drawn with it. Contested land is hatched in the colours of who held it before and who
    holds it after. Lines between holders are the edges of the cells of places, not surveyed fronts: they can be off by
    half the distance between two places.

    Examples
    --------
    >>> from conflictkit import Territory, plot_territory
    >>> ax = plot_territory(Territory.from_places(), "2017-11-03", extent="abu-kamal", radius_km=50)
    >>> ax.get_title(loc="left")
    'Control within 50 km of Abu Kamal on 3 November 2017'
    """
    return drawn_scene(View.of(territory, extent, radius_km, labels=labels, fade=fade).on(to_day(date)), ax=ax)


def drawn_scene(scene: Scene, *, ax: Axes | None = None) -> Axes:
    """Draw a view on its day, with title, key and caption."""
    view = scene.view
    with picture(ax, height=view.height, tables=view.tables) as made:
        seen, _ = scene.draw(made.ax)
        made.finish(
            title=view.title(in_words(scene.day)),
            finding=scene.shares,
            caption=scene.caption,
            rows=[scene.rows],
            key=view.key(seen),
            below=NO_TICKS,
            key_options=pairs(view.territory),
        )
    return made.ax

"""The map of a territory over time."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from conflictkit.charts._layout import png
from conflictkit.charts._recorded import recorded
from conflictkit.charts._series import band_words
from conflictkit.charts.territory import plot_territory
from conflictkit.dates import span_in_words, to_day, to_days
from conflictkit.errors import TerritoryError
from conflictkit.maps._kitmap import KitMap
from conflictkit.maps._land import doubt_data
from conflictkit.maps._payload import table
from conflictkit.maps._ranges import ranges_data
from conflictkit.maps._story import headline, peak, story_area
from conflictkit.maps._subject import caption, names_on, rows_of, scope_in_words, step_of, subject

if TYPE_CHECKING:
    import folium
    import pandas as pd

    from conflictkit.dates import DateLike, DatesLike
    from conflictkit.territory import Level, Territory

FADING = "Fading: full colour where the holder's probability is 0.9 or more, palest at 0.5."
RANGE = "Range in the area chart: "


@recorded
def map_territory(
    territory: Territory,
    dates: DatesLike | None = None,
    *,
    level: Level = "claimed",
    start: DateLike | None = None,
    fade: bool = False,
    bands: bool = False,
    labels: bool | None = None,
    tiles: str | folium.TileLayer | None = None,
) -> KitMap:
    """Return a map of who held what, with a slider over dates, that needs no network.

    Parameters
    ----------
    territory
        The model, of places or of drawings.
    dates
        The days of the slider: one or several; None for every day on which something changes.
    level
        The land that is shown and counted first, ``claimed`` or ``core``; the reader can switch. Drawings are shown as
        they are: claimed.
    start
        The day shown first, the last one up to it that the slider has; by default that of the largest area of the actor
        whose story the tables tell, and the last day where they tell none.
    fade
        Whether land fades where its holder is unsure, by natural-neighbour probability on squares of 10 km. Drawings
        do not say how sure they are.
    bands
        Whether the page carries the range of every line of its area chart (about 5 s a level): the reader ticks "range"
        to see that of the holder chosen, and the numbers of every day that the page gives as CSV have low and high.
    labels
        Whether names of towns and neighbours are written; by default on land of places, and not on drawings, which say
        nothing about towns: there True writes those of the tables.
    tiles
        Background from a server, by the name that folium takes, such as ``Esri.WorldGrayCanvas``: it learns who looks
        where, and ``save_html`` refuses it. By default the kit's own borders, rivers and lakes.

    Returns
    -------
    folium.Map
        Cells by holder, lines between holders, places with their history and sources; a slider with the numbers of the
        date, an area chart and the list of what changed. Other folium layers can be added: the map then shows itself
        on folium's own page, which needs a network, and ``save_html`` refuses it.

    Raises
    ------
    DateError, UnknownNameError
        If a date cannot be read or the level is unknown.
    TerritoryError
        If there is no date, or one is before the first drawing, or drawings shall fade or show a core.

    Notes
    -----
    Numbers are those of ``Territory.area``; the drawing is simplified, and the caption says by how many km2 a holder's
    land is off at most. In core view, land outside the core is pale. Contested land has the colour of who held it
    before, hatched in that of who holds it after. Ranges are those of ``Territory.area(bands=True)``. Web Mercator
    enlarges the north: compare numbers, not sizes.

    Examples
    --------
    >>> import conflictkit as ck
    >>> m = ck.map_territory(ck.Territory.from_places(), ["2014-06-10", "2017-11-03"])
    >>> m.title
    'Control of Iraq and Syria, 10 June 2014 to 3 November 2017'
    """
    days = territory.dates if dates is None else to_days(dates)
    if days.empty:
        msg = "No dates to show. Give one or several days, or leave dates out for every day on which something changes."
        raise TerritoryError(msg)
    if fade and not territory.has_places:
        msg = "fade=True needs to know how sure the land is, and a drawing does not say. Leave fade out."
        raise TerritoryError(msg)
    land = story_area(territory, days, level if territory.has_places else "claimed")
    first = step_of(days, peak(land, days) if start is None else to_day(start))
    data = subject(territory, days, level=level) | {"start": first}
    if labels is not None:
        data |= {"labels": names_on(territory) if labels else table()}
    if bands:
        data |= {"ranges": ranges_data(territory, days, levels=data["levels"])}
    if fade:
        data |= {"doubt": doubt_data(territory)}
        data["key"] = {name: [*lines, FADING] for name, lines in data["key"].items()}
    return KitMap(
        data,
        title=title_of(territory, days),
        headline=headline(territory, land, level, where=scope_in_words(territory)),
        caption=caption(territory, data["error_km2"], fade=fade, told=RANGE + band_words(territory) if bands else ""),
        draw=partial(png, plot_territory, territory, days[first], fade=fade),
        rows=partial(rows_of, territory, days),
        tables=territory.tables,
        tiles=tiles,
    )


def title_of(territory: Territory, days: pd.DatetimeIndex) -> str:
    """Return what a map shows, from when to when."""
    what = f"Control of {scope_in_words(territory)}" if territory.has_places else "Land drawn"
    return f"{what}, {span_in_words(days)}"

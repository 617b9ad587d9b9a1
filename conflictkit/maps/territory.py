"""The map of a territory over time."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, get_args

import pandas as pd

from conflictkit.charts import plot_territory, style
from conflictkit.charts._land import caption_of, paints_for
from conflictkit.charts._layout import png
from conflictkit.dates import to_day, to_days
from conflictkit.errors import TerritoryError, known
from conflictkit.maps import payload
from conflictkit.maps._kitmap import KitMap
from conflictkit.maps.doubt import PAGE_GRID_KM, doubt_data
from conflictkit.maps.drawings import drawings_data
from conflictkit.territory import Level, Territory

if TYPE_CHECKING:
    import folium

    from conflictkit.dates import DateLike, DatesLike


# What no swatch of the legend says.
LINES = (
    "Contested land: ground in the colour of the side before, lines in that of the side after.",
    "Thin black lines: between holders. Grey lines: borders of countries.",
)
KEY = {"core": ["Full colour: core. Pale: claimed, outside the core.", *LINES], "claimed": [*LINES]}
PROJECTION = "Web Mercator projection."
FADING = "Fading: full colour where the holder's probability is 0.9 or more, palest at 0.5."


def map_territory(
    territory: Territory,
    dates: DatesLike | None = None,
    *,
    level: Level = "core",
    start: DateLike | None = None,
    fade: bool = False,
    tiles: str | folium.TileLayer | None = None,
) -> KitMap:
    """Return a map of who held what, with a slider over dates, that needs no network.

    Parameters
    ----------
    territory
        The model; or dated polygons, which have no places: then `level` and `fade` say nothing.
    dates
        The days of the slider: one or several; None for every day on which something changes.
    level
        The land that is shown and counted first, ``core`` or ``claimed``; the reader can switch.
    start
        The day shown first, the last one up to it that the slider has; the last day by default.
    fade
        Whether land fades where its holder is unsure, by natural-neighbour probability on squares of 10 km.
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
        If there is no date, or one is before the first drawing.

    Notes
    -----
    Numbers are those of ``Territory.area``; the drawing is simplified, and the caption says by how many km2 a holder's
    land is off at most. In core view, land outside the core is pale. Contested land has the colour of who held it
    before, hatched in that of who holds it after. Web Mercator enlarges the north: compare numbers, not sizes.

    Examples
    --------
    >>> import conflictkit as ck
    >>> m = ck.map_territory(ck.Territory.from_places(), ["2014-06-10", "2017-11-03"])
    >>> m.title
    'Control of Iraq and Syria, 10 June 2014 to 3 November 2017'
    """
    known("level", level, get_args(Level))
    days = _days(territory, dates)
    if days.empty:
        msg = "No dates to show. Give one or several days, or leave dates out for every day on which something changes."
        raise TerritoryError(msg)
    shown = days[-1] if start is None else to_day(start)
    first = max(0, int(days.searchsorted(shown, side="right")) - 1)
    data = subject(territory, days, level=level) | {"start": first}
    if fade and territory.has_places:
        data |= {"doubt": doubt_data(territory)}
        data["key"] = {name: [*lines, FADING] for name, lines in data["key"].items()}
    return KitMap(
        data,
        title=f"{_scope(territory)}, {style.span(days)}",
        caption=caption(territory, data["error_km2"], fade=fade),
        draw=partial(png, plot_territory, territory, days[first], fade=fade),
        tiles=tiles,
    )


def subject(territory: Territory, days: pd.DatetimeIndex, *, level: Level = "core") -> dict[str, Any]:
    """Return what the page of a territory needs, whether it is made of places or of drawings."""
    if not territory.has_places:
        drawn = {"name": "Drawn", "definition": "Land as somebody drew it."}
        key = ["Black lines: as drawn. Blank land: drawn for nobody."]
        return drawings_data(territory, days) | {"levels": {"claimed": drawn}, "key": {"claimed": key}}
    order: list[Level] = sorted(get_args(Level), key=lambda name: name != level)
    levels = {name: {"name": name.capitalize(), "definition": territory.definition(name)} for name in order}
    return payload.territory_data(territory, days) | {"levels": levels, "key": KEY}


def _days(territory: Territory, dates: DatesLike | None) -> pd.DatetimeIndex:
    if dates is not None:
        return to_days(dates)
    return territory.dates


def _scope(territory: Territory) -> str:
    if not territory.has_places:
        return "Land drawn"
    return f"Control of {style.listed(map(territory.tables.country_name, territory.scope))}"


def caption(territory: Territory, error: float, *, fade: bool = False, evidence: pd.Series | None = None) -> str:
    """Return the caption of the static twin, with what is different on the page; `evidence` is credited too."""
    land, paints = territory, paints_for(territory)
    folds = style.folded(land.actor_ids, paints) if land.has_places else {}
    # the page has another projection, coarser squares of doubt, and no dots on drawings
    text = caption_of(land, folds, paints, fade=fade, grid_km=PAGE_GRID_KM, projection=PROJECTION, dots=land.has_places)
    drawn = (
        f"Lines are simplified: the land drawn for a holder is off by {error:,.0f} km2 at most, the numbers are not."
    )
    used = [
        *([land.control_changes["source_id"]] if land.has_places else []),
        *([] if evidence is None else [evidence]),
    ]
    return f"{text} {drawn} {style.credit(pd.concat(used) if used else pd.Series(dtype='str'))}"

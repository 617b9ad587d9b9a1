"""The map of a territory over time."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, get_args

import pandas as pd

from conflictkit.charts import plot_territory, style
from conflictkit.charts.territory_map import caption_of
from conflictkit.errors import TerritoryError
from conflictkit.maps import payload
from conflictkit.territory.history import to_day, to_days
from conflictkit.territory.inputs import known_or_raise
from conflictkit.territory.land import Level

if TYPE_CHECKING:
    import folium

    from conflictkit.maps.kitmap import KitMap
    from conflictkit.territory import Territory
    from conflictkit.territory.history import DateLike, DatesLike

DPI = 90  # of the static picture inside a page: legible at its own size, a tenth of the file


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
        The model.
    dates
        The days of the slider: one or several; None for every day on which something changes.
    level
        The land that is shown and counted first, ``core`` or ``claimed``; the reader can switch.
    start
        The day shown first, the last one up to it that the slider has; the last day by default.
    fade
        Whether land fades where its holder is unsure, by natural-neighbour probability on squares of 10 km.
    tiles
        Background from a server, by the name that folium takes, such as ``CartoDB.Positron``: it learns who looks
        where, and ``save_html`` refuses it. By default the kit's own borders, rivers and lakes.

    Returns
    -------
    folium.Map
        Cells by holder, lines between holders, places with their history and sources; a slider with the numbers of the
        date, an area chart and the list of what changed. Other folium layers can be added.

    Raises
    ------
    DateError, UnknownNameError
        If a date cannot be read or the level is unknown.
    TerritoryError
        If there is no date.

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
    from conflictkit.maps.doubt import doubt_data
    from conflictkit.maps.kitmap import KitMap

    known_or_raise("level", level, get_args(Level))
    days = pd.DatetimeIndex(territory.history.dates) if dates is None else to_days(dates)
    if days.empty:
        msg = "No dates to show. Give one or several days, or leave dates out for every day on which something changes."
        raise TerritoryError(msg)
    shown = days[-1] if start is None else to_day(start)
    first = max(0, int(days.searchsorted(shown, side="right")) - 1)
    data = payload.territory_data(territory, days)
    data |= {"start": first, "levels": levels(territory, level), "key": _key(fade=fade)}
    if fade:
        data["doubt"] = doubt_data(territory)
    return KitMap(
        data,
        title=f"Control of {_scope(territory)}, {style.span(days)}",
        caption=_caption(territory, data["error_km2"], fade=fade),
        draw=lambda: png(territory, days[first], fade=fade),
        tiles=tiles,
    )


def levels(territory: Territory, first: Level = "core") -> dict[str, Any]:
    """Return the name and the definition of each level, the one shown first in front."""
    order = sorted(get_args(Level), key=lambda level: level != first)
    return {level: {"name": level.capitalize(), "definition": territory.definition(level)} for level in order}


def png(territory: Territory, day: pd.Timestamp, *, fade: bool = False) -> bytes:
    """Return the static twin of a map as PNG in a palette of 256 colours, drawn without pyplot."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.0, 9.5), dpi=DPI, layout="constrained")
    plot_territory(territory, day, fade=fade, ax=figure.add_subplot())
    return smaller(figure)


def smaller(figure: Any) -> bytes:  # noqa: ANN401 - a matplotlib figure
    """Return a figure as a PNG of 256 colours: maps have fewer, and the file is a third."""
    from PIL import Image

    full, small = io.BytesIO(), io.BytesIO()
    figure.savefig(full, format="png")
    Image.open(full).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(small, format="png", optimize=True)
    return small.getvalue()


def _scope(territory: Territory) -> str:
    return style.listed(style.COUNTRIES.get(code, code) for code in territory.scope)


def _key(*, fade: bool) -> dict[str, list[str]]:
    """Return the lines of the legend that no swatch says."""
    lines = ["Contested land: ground in the colour of the side before, lines in that of the side after."]
    lines += ["Thin black lines: between holders. Grey lines: borders of countries."]
    if fade:
        lines.append("Fading: full colour where the holder's probability is 0.9 or more, palest at 0.5.")
    return {"core": ["Full colour: core. Pale: claimed, outside the core.", *lines], "claimed": lines}


def _caption(territory: Territory, error: float, *, fade: bool) -> str:
    folds = style.folded(territory.history.actor_ids, style.palette())
    text = caption_of(territory, folds, style.palette(), fade=fade)
    drawn = (
        f"Lines are simplified: the land drawn for a holder is off by {error:,.0f} km2 at most, the numbers are not."
    )
    # the page has another projection, and coarser squares of doubt
    for static, here in (("Lambert azimuthal equal-area", "Web Mercator"), ("5 km squares", "10 km squares")):
        text = text.replace(static, here)
    return f"{text} {drawn} {style.credit(territory.control_changes['source_id'])}"

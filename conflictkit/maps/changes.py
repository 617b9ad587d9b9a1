"""The map of what changed between two days."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from conflictkit.charts import frame, plot_changes, plot_territory, style
from conflictkit.charts._layout import png
from conflictkit.charts.changes import with_parts
from conflictkit.dates import to_day
from conflictkit.errors import TerritoryError
from conflictkit.maps._kitmap import KitMap
from conflictkit.maps.drawings import ids_of, moved_table
from conflictkit.maps.territory import caption, subject

if TYPE_CHECKING:
    import folium

    from conflictkit.dates import DateLike
    from conflictkit.territory import Territory


def map_changes(
    territory: Territory,
    start: DateLike,
    end: DateLike,
    *,
    actor_id: str = "isis",
    tiles: str | folium.TileLayer | None = None,
) -> KitMap:
    """Return a map of the land that an actor kept, gained and lost between two days, that needs no network.

    Parameters
    ----------
    territory
        The model.
    start, end
        Anything that ``pandas.to_datetime`` reads.
    actor_id
        Whose land.
    tiles
        As in ``map_territory``.

    Returns
    -------
    folium.Map
        Four views: the change, either day alone, or both with a divider that the keyboard moves; km2 kept, gained and
        lost, to whom, and the rows in between.

    Raises
    ------
    DateError, UnknownNameError
        If a date cannot be read or the actor never holds land.
    TerritoryError
        If the first day is not before the second.

    Notes
    -----
    As ``plot_changes``, its static twin: only the two days are compared.

    Examples
    --------
    >>> import conflictkit as ck
    >>> m = ck.map_changes(ck.Territory.from_places(), "2015-01-05", "2017-06-26")
    >>> m.title
    'Land of the Islamic State, 5 January 2015 to 26 June 2017'
    """
    first, last = to_day(start), to_day(end)
    drawn = not territory.has_places
    holders = ids_of(territory) if drawn else list(territory.actor_ids)
    frame.known("actor", actor_id, holders)
    if first >= last:
        msg = f"start ({first:%Y-%m-%d}) is not before end ({last:%Y-%m-%d}). Give two days, the earlier one first."
        raise TerritoryError(msg)
    paints = style.paints_of(holders, territory.actors)
    data = subject(territory, pd.DatetimeIndex([first, last]))
    own = [actor_id] if drawn else with_parts(territory, actor_id, paints)
    data |= {"compare": {"own": [holders.index(part) for part in own], "dots": style.dots(paints[actor_id])}}
    if drawn:
        data |= {"moved": moved_table(territory, first, last)}
    return KitMap(
        data,
        title=f"Land of the {paints[actor_id].name}, {style.day(first)} to {style.day(last)}",
        caption=caption(territory, data["error_km2"]),
        draw=(
            partial(png, plot_territory, territory, last)
            if drawn
            else partial(png, plot_changes, territory, first, last, actor_id=actor_id)
        ),
        tiles=tiles,
    )

"""The map of what changed between two days."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from conflictkit.charts._land import paints_for
from conflictkit.charts._layout import png
from conflictkit.charts._recorded import recorded
from conflictkit.charts.changes import kinds_of, lost_and_gained, plot_changes, with_parts
from conflictkit.dates import iso, span_in_words, to_day
from conflictkit.errors import TerritoryError
from conflictkit.look import dots
from conflictkit.maps._drawings import moved_table
from conflictkit.maps._kitmap import KitMap
from conflictkit.maps._subject import caption, rows_of, subject
from conflictkit.prose import KM2, significant
from conflictkit.tables import subject_of

if TYPE_CHECKING:
    import folium

    from conflictkit.dates import DateLike
    from conflictkit.territory import Territory


@recorded
def map_changes(
    territory: Territory,
    start: DateLike,
    end: DateLike,
    *,
    actor_id: str | None = None,
    tiles: str | folium.TileLayer | None = None,
) -> KitMap:
    """Return a map of the land that an actor kept, gained and lost between two days, that needs no network.

    Parameters
    ----------
    territory
        The model, of places or of drawings.
    start, end
        The two days, the earlier one first.
    actor_id
        Whose land; by default that of the actor that the territory's tables tell the story of.
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
        If a date cannot be read, the actor never holds land, or the tables tell nobody's story and none is named.
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
    'Islamic State: land, 5 January 2015 to 26 June 2017'
    """
    first, last = to_day(start), to_day(end)
    if first >= last:
        msg = f"start ({iso(first)}) is not before end ({iso(last)}). Give two days, the earlier one first."
        raise TerritoryError(msg)
    whose, paints = subject_of(territory.tables, actor_id, territory.actor_ids), paints_for(territory)
    data = subject(territory, pd.DatetimeIndex([first, last]))
    number = {row[0]: at for at, row in enumerate(data["actors"]["rows"])}
    own = with_parts(territory, whose, paints)
    data |= {"compare": {"own": [number[part] for part in own], "dots": dots(paints[whose])}}
    if not territory.has_places:
        data |= {"moved": moved_table(territory, first, last)}
    return KitMap(
        data,
        title=f"{paints[whose].name}: land, {span_in_words([first, last])}",
        headline=_headline(territory, first, last, whose=paints[whose].name, own=own),
        caption=caption(territory, data["error_km2"]),
        draw=partial(png, plot_changes, territory, first, last, actor_id=whose),
        rows=partial(rows_of, territory, pd.DatetimeIndex([first, last])),
        tables=territory.tables,
        tiles=tiles,
    )


def _headline(territory: Territory, first: pd.Timestamp, last: pd.Timestamp, *, whose: str, own: list[str]) -> str:
    """Return what an actor lost and gained between two days."""
    moved = territory.transitions(first, last)
    lost, gained = map(significant, lost_and_gained(moved.assign(kind=kinds_of(moved, own))))
    kind = "claimed land" if territory.has_places else "land as drawn"
    return f"{whose} lost {lost} {KM2} of {kind} and gained {gained} {KM2}, {span_in_words([first, last])}"

"""Held places that are cut off from the rest of their side, found from the geometry of who holds what."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from conflictkit.actors import CONTESTED
from conflictkit.dates import iso, to_day
from conflictkit.deployments._ground import (
    ABROAD,
    Pocket,
    connected,
    ground_of,
    pieces_of,
    pocket_of,
    territory_or_shipped,
)
from conflictkit.errors import PlaceError, UnknownNameError, nearest
from conflictkit.positions import km_to, position_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from conflictkit.dates import DateLike
    from conflictkit.deployments._ground import Ground
    from conflictkit.territory import Territory

    Cut = list[tuple[Pocket, float]]  # pockets, each with the open part of its edge
    Held = set[tuple[int, str]]  # places, each with the side that holds it

# Sides that let each other pass, but for the days given. On no other day does a row of control_changes have one of a
# pair take a place from the other by force, except for what the Iraqi army left to the Peshmerga in June 2014.
OPEN_TO: dict[frozenset[str], tuple[str, str] | None] = {
    frozenset({"iraq", "krg"}): ("2017-10-13", "2017-10-27"),  # Iraqi forces took 24 places, the last on the 26th
    frozenset({"iraq", "sdf"}): None,  # Khanasor, in March 2018, after the PKK had left it
    frozenset({"krg", "sdf"}): None,
    frozenset({"iraq", "assad"}): None,
    frozenset({"assad", "sdf"}): None,  # Al-Arimah, in March 2017, was handed over
}

# Edges of cells are no surveyed fronts: a way out that is a shorter part of the edge than this may not be there. Amirli
# in June 2014 (13 % towards the Peshmerga) was besieged all the same; the shortest way out that counts is that of Haj
# Ali, in July 2016 (21 %, where the advance had come from).
OUTLET_SHARE = 0.2

# The line moves with the last listed place on a road, and the column arrives the day after: Al-Shulah was taken on 4
# September 2017, the ring around Deir ez-Zor was broken 27 km farther on the 5th.
RELIEF_DAYS = 1

COLUMNS = [
    *("place_id", "name", "actor_id", "side", "pocket_id", "pocket_places", "area_km2", "perimeter_km", "besieged_by"),
    *("around", "outlet_share", "gap_km", "since", "until"),
]


def besieged(date: DateLike, *, territory: Territory | None = None, outlet_share: float = OUTLET_SHARE) -> pd.DataFrame:
    """Return the held places that are cut off from the rest of their side, with no way out.

    Parameters
    ----------
    date
        The day.
    territory
        The model; None for the one on the shipped tables.
    outlet_share
        A pocket counts as besieged if less than this part of its edge is open: towards a side that it does not fight,
        the coast, or a country outside the scope.

    Returns
    -------
    pandas.DataFrame
        One row per place, by pocket, the largest first: ``place_id``, ``name``, ``actor_id``, ``side``; ``pocket_id``
        (its first place), ``pocket_places`` (how many), ``area_km2``, ``perimeter_km``; ``besieged_by`` (who holds
        most of the ground around), ``around`` (all, with their parts of the edge), ``outlet_share``; ``gap_km`` (from
        the pocket's places to the nearest other place of its side); ``since`` and ``until``, the first day on which the
        place is besieged without a break, and the first on which it no longer is (missing: to the end of the table).
        ``attrs["rejected"]`` lists the pockets that are cut off but have a way out, with the reason.

    Raises
    ------
    DateError
        If the date cannot be read.
    UnknownNameError
        If `outlet_share` is no part of an edge.

    Notes
    -----
    Places of one side whose cells touch are connected; contested ground connects nobody. The rest of a side is its
    largest connected land, so a side that has only one piece left is never besieged here, however small it is. A ring
    that is broken on a day counts as broken from the next day on. Open
    to each other are Iraq and the Kurdistan Region (but for 13 to 26 October 2017), the SDF and these two, and Iraq,
    the SDF and the government of Syria. Which sieges are found, missed and invented is in docs/figures.md.

    Examples
    --------
    >>> besieged("2017-09-04").query("side == 'assad'")[["place_id", "besieged_by", "until"]]
                    place_id besieged_by      until
    34  deir-ez-zor-air-base        isis 2017-09-05
    35   deir-ez-zor-enclave        isis 2017-09-05
    """
    if not 0 <= outlet_share <= 1:
        msg = f"outlet_share={outlet_share!r} must be a part of the edge, from 0 to 1."
        raise UnknownNameError(msg)
    ground = ground_of(territory_or_shipped(territory))
    day = to_day(date)
    state = int(ground.territory.states(day)[0])
    closed, open_ones = _cut_off(ground, state, outlet_share)
    rows = _rows(ground, state, closed, outlet_share)
    if state > 0 and pd.Timestamp(ground.territory.dates[state - 1]) == day:
        rows += _relieved_today(ground, state, closed, outlet_share)
    found = pd.DataFrame(rows, columns=COLUMNS).astype({"since": "datetime64[us]", "until": "datetime64[us]"})
    found.attrs["rejected"] = [
        {"pocket_id": pocket_id(ground, pocket), "side": pocket.side, "reason": _way_out(pocket, part, day)}
        for pocket, part in open_ones
    ]
    return found


def pocket_at(place_id: str, date: DateLike, *, territory: Territory | None = None) -> pd.DataFrame:
    """Return who stands along the edge of the connected land that a place belongs to.

    Parameters
    ----------
    place_id
        A place of the territory that somebody holds.
    date
        The day.
    territory
        The model; None for the one on the shipped tables.

    Returns
    -------
    pandas.DataFrame
        One row per side beyond the edge, the longest part first: ``side`` (``contested``, ``unknown`` and ``abroad``
        among them), ``edge_km``, ``share``. ``attrs`` has the ``side`` that holds the pocket, its ``place_ids``,
        ``area_km2`` and ``perimeter_km``.

    Raises
    ------
    PlaceError
        If the territory has no such place, or nobody holds it on that day.
    DateError
        If the date cannot be read.

    Notes
    -----
    The edge is made of edges of cells, so its length depends on which places are listed; the shares less so.

    Examples
    --------
    >>> pocket_at("deir-ez-zor-enclave", "2016-06-01").round(2)
       side  edge_km  share
    0  isis     71.4    1.0
    """
    ground = ground_of(territory_or_shipped(territory))
    ids = list(ground.place_ids)
    if place_id not in ids:
        msg = f"No cell for {place_id!r}: the places of the territory have one.{nearest(place_id, ids)}"
        raise PlaceError(msg)
    sides, at = ground.sides(date), ids.index(place_id)
    if sides[at] in {"", CONTESTED}:
        msg = f"Nobody holds {place_id!r} on {iso(to_day(date))} ({sides[at] or 'unknown'}): it is in no pocket."
        raise PlaceError(msg)
    labels = connected(ground, sides)
    pocket = pocket_of(ground, sides, np.flatnonzero((labels == labels[at]) & (sides == sides[at])))
    found = pd.DataFrame(
        {
            "side": list(pocket.edge_km),
            "edge_km": list(pocket.edge_km.values()),
            "share": [pocket.share(side) for side in pocket.edge_km],
        }
    )
    found.attrs = {
        "side": pocket.side,
        "place_ids": [ids[i] for i in pocket.members],
        "area_km2": pocket.area_km2,
        "perimeter_km": pocket.perimeter_km,
    }
    return found


def lets_pass(side: str, day: pd.Timestamp) -> set[str]:
    """Return the sides that a side does not fight on a day."""
    pairs = [pair for pair, war in OPEN_TO.items() if war is None or not war[0] <= iso(day) < war[1]]
    return {other for pair in pairs if side in pair for other in pair - {side}}


@lru_cache(maxsize=1024)  # the states of a table or two: `since` and `until` walk through them again and again
def _cut_off(ground: Ground, state: int, outlet_share: float) -> tuple[Cut, Cut]:
    """Return the pockets of a state that are besieged, and those with a way out; each with its open part."""
    dates = ground.territory.dates
    day = pd.Timestamp(dates[max(state - 1, 0)])
    sides = ground.sides_of_state(state)
    pockets = [
        pocket_of(ground, sides, members) for pieces in pieces_of(ground, sides).values() for members in pieces[1:]
    ]
    pockets.sort(key=lambda pocket: -pocket.area_km2)
    parts = [sum(pocket.share(way) for way in (ABROAD, *lets_pass(pocket.side, day))) for pocket in pockets]
    pairs = list(zip(pockets, parts, strict=True))
    closed = [(pocket, part) for pocket, part in pairs if part < outlet_share]
    return closed, [(pocket, part) for pocket, part in pairs if part >= outlet_share]


def _rows(
    ground: Ground, state: int, closed: Cut, outlet_share: float, only: Held | None = None
) -> list[dict[str, Any]]:
    """Return the rows of the besieged places of a state, or of those asked for."""
    territory, sides = ground.territory, ground.sides_of_state(state)
    names = ground.territory.places["name"].to_numpy(dtype=object)
    spans = _spans(ground, state, _places_of(closed) if only is None else only, outlet_share)
    rows = []
    for pocket, part in closed:
        members = [int(place) for place in pocket.members if int(place) in spans]
        about = _describe(ground, sides, pocket, part) if members else {}
        rows += [
            {
                "place_id": ground.place_ids[place],
                "name": names[place],
                "actor_id": territory.actor_ids[territory.holder_numbers(state)[place]],
                **about,
                **spans[place],
            }
            for place in members
        ]
    return rows


def _relieved_today(ground: Ground, state: int, closed: Cut, outlet_share: float) -> list[dict[str, Any]]:
    """Return the rows of places whose ring was broken on this very day, and whose siege ends tomorrow."""
    sides = ground.sides_of_state(state)
    before = _cut_off(ground, state - 1, outlet_share)[0]
    free = {(place, side) for place, side in _places_of(before) - _places_of(closed) if sides[place] == side}
    return _rows(ground, state - 1, before, outlet_share, only=free) if free else []


def _spans(ground: Ground, state: int, now: Held, outlet_share: float) -> dict[int, dict[str, Any]]:
    """Return for each besieged place since when and until when its holder's side is besieged there without a break."""
    dates = ground.territory.dates

    def walk(steps: Iterable[int]) -> dict[tuple[int, str], int]:
        """Return the last state of each place's siege in a direction."""
        last, still = dict.fromkeys(now, state), set(now)
        for step in steps:
            still &= _places_of(_cut_off(ground, step, outlet_share)[0]) if still else set()
            last |= dict.fromkeys(still, step)
            if not still:
                break
        return last

    first, last = walk(range(state - 1, 0, -1)), walk(range(state + 1, len(dates) + 1))

    def end(held: tuple[int, str]) -> pd.Timestamp:
        if last[held] == len(dates):
            return pd.NaT  # type: ignore[return-value] # missing
        lost = ground.sides_of_state(last[held] + 1)[held[0]] != held[1]
        return pd.Timestamp(dates[last[held]]) + pd.Timedelta(days=0 if lost else RELIEF_DAYS)

    return {held[0]: {"since": pd.Timestamp(dates[max(first[held] - 1, 0)]), "until": end(held)} for held in now}


def _places_of(closed: Cut) -> Held:
    return {(int(place), pocket.side) for pocket, _ in closed for place in pocket.members}


def _describe(ground: Ground, sides: NDArray[np.object_], pocket: Pocket, part: float) -> dict[str, Any]:
    """Return what is the same for all places of a pocket."""
    return {
        "side": pocket.side,
        "pocket_id": pocket_id(ground, pocket),
        "pocket_places": len(pocket.members),
        "area_km2": pocket.area_km2,
        "perimeter_km": pocket.perimeter_km,
        "besieged_by": next(iter(pocket.edge_km), ""),
        "around": _around(pocket),
        "outlet_share": part,
        "gap_km": _gap_km(ground, sides, pocket),
    }


def pocket_id(ground: Ground, pocket: Pocket) -> str:
    """Return the name of a pocket: its first place."""
    return str(ground.place_ids[pocket.members[0]])


def _around(pocket: Pocket) -> str:
    return ", ".join(f"{side} {pocket.share(side):.0%}" for side in pocket.edge_km)


def _gap_km(ground: Ground, sides: NDArray[np.object_], pocket: Pocket) -> float:
    """Return the distance from a pocket to the nearest place of its side outside it."""
    places = ground.territory.places
    rest = np.setdiff1d(np.flatnonzero(sides == pocket.side), pocket.members)
    others = places.iloc[rest]
    gaps = [
        km_to(position_of(str(place), places), others["latitude"], others["longitude"]).min()
        for place in ground.place_ids[pocket.members]
    ]
    return float(min(gaps))


def _way_out(pocket: Pocket, part: float, day: pd.Timestamp) -> str:
    """Say why a pocket that is cut off does not count as besieged."""
    ways = [way for way in pocket.edge_km if way == ABROAD or way in lets_pass(pocket.side, day)]
    names = " and ".join("a border or coast" if way == ABROAD else f"land of {way}" for way in ways)
    count = f"{len(pocket.members)} place{'' if len(pocket.members) == 1 else 's'}, {pocket.area_km2:,.0f} km2"
    return f"{count}: {part:.0%} of the edge is open, towards {names}"

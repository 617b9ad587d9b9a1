"""Held places that are cut off from the rest of their side, found from the geometry of who holds what."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from conflictkit.actors import CONTESTED
from conflictkit.dates import iso, to_day
from conflictkit.deployments._ground import (
    ABROAD,
    M_PER_KM,
    Pocket,
    Standing,
    piece_with,
    pieces_of,
    pocket_of,
    standing,
    standing_on,
    territory_of,
)
from conflictkit.errors import PlaceError, UnknownNameError, shown
from conflictkit.geometry import unproject
from conflictkit.placenames import place_id_of
from conflictkit.positions import km_to, position_of
from conflictkit.prose import counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conflictkit.dates import DateLike
    from conflictkit.tables import Tables
    from conflictkit.territory import Territory

    Cut = list[tuple[Pocket, float]]  # pockets, each with the open part of its edge
    Held = set[tuple[int, str]]  # numbers of spots, each with the side that holds it

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


def besieged(
    date: DateLike,
    *,
    territory: Territory | None = None,
    tables: Tables | None = None,
    outlet_share: float = OUTLET_SHARE,
) -> pd.DataFrame:
    """Return the held places that are cut off from the rest of their side, with no way out.

    Parameters
    ----------
    date
        The day.
    territory
        Who held what, of places or of drawings; by default ``Territory.from_places()``.
    tables
        Short for ``Territory.from_places(tables=tables)``.
    outlet_share
        A pocket counts as besieged if less than this part of its edge is open: towards a side that it does not fight,
        the coast, a country outside the scope, or land that nobody is drawn on.

    Returns
    -------
    pandas.DataFrame
        One row per place, by pocket, the largest first: ``place_id``, ``name``, ``actor_id``, ``side``; ``pocket_id``
        (its first place), ``pocket_places`` (how many), ``area_km2``, ``perimeter_km``; ``besieged_by`` (who holds
        most of the ground around), ``around`` (all, with their parts of the edge), ``outlet_share``; ``gap_km`` (from
        the pocket's places to the nearest other place of its side; of drawings, between the shapes); ``since`` and
        ``until``, the first day on which the place is besieged without a break, and the first on which it no longer is
        (missing: to the end of the table).
        ``attrs["rejected"]`` lists the pockets that are cut off but have a way out, with the reason.

    Raises
    ------
    DateError
        If the date cannot be read, or is not covered by the tables.
    UnknownNameError
        If `outlet_share` is no part of an edge.
    TerritoryError
        If both a territory and other tables are given, or the day is before the first drawing.

    Notes
    -----
    Places of one side whose cells touch are connected; contested ground connects nobody. The rest of a side is its
    largest connected land, so a side that has only one piece left is never besieged here, however small it is. A ring
    that is broken on a day counts as broken from the next day on. The table of sides tells which of them let each other
    pass (``open_to``, but for the days in ``closed_to``): in the shipped one Iraq, the Kurdistan Region and the SDF,
    and Iraq, the SDF and the government of Syria. Which sieges are found, missed and invented is in docs/figures.md.

    Of drawings a pocket is a drawn shape, or several that touch. Its places are those of the tables that lie in it; one
    without any has a row without ``place_id``, named by a point in it.

    Examples
    --------
    >>> shut = besieged("2017-09-04").query("side == 'assad' and besieged_by == 'isis'")
    >>> shut[["place_id", "besieged_by", "until"]]
                     place_id besieged_by      until
    133  deir-ez-zor-air-base        isis 2017-09-11
    135      brigade-137-base        isis 2017-09-05
    136   deir-ez-zor-enclave        isis 2017-09-05
    """
    if not 0 <= outlet_share <= 1:
        msg = f"outlet_share={shown(outlet_share)} must be a part of the edge, from 0 to 1."
        raise UnknownNameError(msg)
    held = standing_on(territory_of(territory, tables), date)
    day = held.territory.day(date)
    closed, open_ones = _cut_off(held.territory, held.step, outlet_share)
    rows = _rows(held, closed, outlet_share)
    # a ring that was broken on this very day counts until tomorrow
    if held.step > 1 and held.day == day:
        before = standing(held.territory, held.step - 1)
        rows += _rows(before, _cut_off(before.territory, before.step, outlet_share)[0], outlet_share, still=held)
    found = pd.DataFrame(rows, columns=COLUMNS).astype({"since": "datetime64[us]", "until": "datetime64[us]"})
    spots = _spots(held, open_ones)
    found.attrs["rejected"] = [
        {"pocket_id": _pocket_id(held, pocket, spots), "side": pocket.side, "reason": _way_out(held, pocket, part)}
        for pocket, part in open_ones
    ]
    return found


def pocket_at(
    place_id: str, date: DateLike, *, territory: Territory | None = None, tables: Tables | None = None
) -> pd.DataFrame:
    """Return who stands along the edge of the connected land that a place belongs to.

    Parameters
    ----------
    place_id
        A place on land that somebody holds: of a territory of places one that has a cell.
    date
        The day.
    territory, tables
        As in ``besieged``.

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
        If the date cannot be read, or is not covered by the tables.
    TerritoryError
        If both a territory and other tables are given, or the day is before the first drawing.

    Notes
    -----
    The edge is made of edges of cells or of drawn shapes, so its length depends on which places are listed or how fine
    the drawing is; the shares less so.

    Examples
    --------
    >>> pocket_at("deir-ez-zor-enclave", "2016-06-01").round(2)
            side  edge_km  share
    0       isis    75.52   0.95
    1  contested     3.70   0.05
    """
    held = standing_on(territory_of(territory, tables), date)
    spots = _listed(held.territory)
    place_id = place_id_of(place_id, held.territory.tables.places, among=spots["place_id"], unknown="No land for")
    units = held.units_at(spots)
    unit = int(units[spots["place_id"].tolist().index(place_id)])
    holder = held.sides[unit] if unit >= 0 else ""
    if holder in {"", CONTESTED}:
        msg = f"Nobody holds {shown(place_id)} on {iso(to_day(date))} ({holder or 'unknown'}): it is in no pocket."
        raise PlaceError(msg)
    pocket = pocket_of(held, piece_with(held, unit))
    found = pd.DataFrame(
        {
            "side": list(pocket.edge_km),
            "edge_km": list(pocket.edge_km.values()),
            "share": [pocket.share(side) for side in pocket.edge_km],
        }
    )
    found.attrs = {
        "side": pocket.side,
        "place_ids": spots.loc[np.isin(units, pocket.members), "place_id"].tolist(),
        "area_km2": pocket.area_km2,
        "perimeter_km": pocket.perimeter_km,
    }
    return found


def lets_pass(side: str, day: pd.Timestamp, tables: Tables) -> set[str]:
    """Return the sides that a side does not fight on a day."""
    today = iso(day)
    open_to = (
        pair for pair, wars in _open_pairs(tables) if side in pair and not any(_within(today, war) for war in wars)
    )
    return {other for pair in open_to for other in pair - {side}}


@lru_cache(maxsize=4)  # a pocket asks at every step
def _open_pairs(tables: Tables) -> list[tuple[frozenset[str], list[str]]]:
    """Return the pairs of sides that do not fight, each with the spans in which they do."""
    pairs: list[tuple[frozenset[str], list[str]]] = []
    texts = (tables.sides[name].fillna("").astype(str) for name in ("side", "open_to", "closed_to"))
    for own, open_to, closed_to in zip(*texts, strict=True):
        spans = [span.partition(":") for span in closed_to.split(";") if span]
        others = filter(None, open_to.split(";"))
        pairs += [(frozenset({own, other}), [days for name, _, days in spans if name == other]) for other in others]
    return pairs


def _within(day: str, days: str) -> bool:
    """Whether a day lies in a span, from its first day to before its last."""
    first, _, after = days.partition("/")
    return first <= day < after


@lru_cache(maxsize=1024)  # the steps of a table or two: `since` and `until` walk through them again and again
def _cut_off(territory: Territory, step: int, outlet_share: float) -> tuple[Cut, Cut]:
    """Return the pockets of a step that are besieged, and those with a way out; each with its open part."""
    held = standing(territory, step)
    # the largest piece of a side is the side; what is left of it elsewhere is cut off
    pockets = [pocket_of(held, members) for pieces in pieces_of(held).values() for members in pieces[1:]]
    pockets.sort(key=lambda pocket: -pocket.area_km2)
    parts = [
        sum(pocket.share(way) for way in (ABROAD, *lets_pass(pocket.side, held.day, territory.tables)))
        for pocket in pockets
    ]
    pairs = list(zip(pockets, parts, strict=True))
    closed = [(pocket, part) for pocket, part in pairs if part < outlet_share]
    return closed, [(pocket, part) for pocket, part in pairs if part >= outlet_share]


@lru_cache(maxsize=4)
def _listed(territory: Territory) -> pd.DataFrame:
    """Return the places that can be in a pocket: those with a cell; of drawings all that have a point."""
    if territory.has_places:
        return territory.places
    pointed = territory.tables.places.dropna(subset=["latitude", "longitude"])
    return pointed.sort_values("place_id", ignore_index=True)


def _spots(held: Standing, cut: Cut) -> pd.DataFrame:
    """Return the listed places, and a point in each pocket that has none, named by its degrees."""
    listed = _listed(held.territory)
    with_place = set(held.units_at(listed).tolist())
    without = [pocket.members[0] for pocket, _ in cut if with_place.isdisjoint(pocket.members.tolist())]
    if not without:
        return listed
    points = unproject(shapely.point_on_surface(held.ground.units[without]), held.ground.crs)
    latitude, longitude = shapely.get_y(points), shapely.get_x(points)
    names = [f"{y:.3f}, {x:.3f}" for y, x in zip(latitude, longitude, strict=True)]
    extra = pd.DataFrame({"name": names, "latitude": latitude, "longitude": longitude}, columns=listed.columns)
    return pd.concat([listed, extra.astype(listed.dtypes)], ignore_index=True)


def _rows(held: Standing, cut: Cut, outlet_share: float, *, still: Standing | None = None) -> list[dict[str, Any]]:
    """Return the rows of besieged spots; with `still`, of those that are free by then and held as before."""
    spots = _spots(held, cut)
    wanted = _inside(held, cut, spots)
    if still is not None:
        wanted -= _inside(still, _cut_off(still.territory, still.step, outlet_share)[0], spots)
        units = still.units_at(spots)
        wanted = {(spot, side) for spot, side in wanted if units[spot] >= 0 and still.sides[units[spot]] == side}
    spans = _spans(held, spots, wanted, outlet_share)
    units, rows = held.units_at(spots), []
    for pocket, part in cut:
        inside = [spot for spot in np.flatnonzero(np.isin(units, pocket.members)).tolist() if spot in spans]
        about = _describe(held, pocket, part, spots) if inside else {}
        rows += [
            {
                "place_id": spots["place_id"].iloc[spot],
                "name": spots["name"].iloc[spot],
                "actor_id": held.actor_ids[units[spot]],
                **about,
                **spans[spot],
            }
            for spot in inside
        ]
    return rows


def _inside(held: Standing, cut: Cut, spots: pd.DataFrame) -> Held:
    """Return the spots that lie in some pockets, with the side that holds them."""
    side_of = {int(unit): pocket.side for pocket, _ in cut for unit in pocket.members}
    return {(spot, side_of[unit]) for spot, unit in enumerate(held.units_at(spots).tolist()) if unit in side_of}


def _spans(held: Standing, spots: pd.DataFrame, now: Held, outlet_share: float) -> dict[int, dict[str, Any]]:
    """Return for each besieged spot since when and until when its holder's side is besieged there without a break."""
    territory, dates = held.territory, held.territory.dates

    def walk(steps: Iterable[int]) -> dict[tuple[int, str], int]:
        """Return the last step of each spot's siege in a direction."""
        last, going_on = dict.fromkeys(now, held.step), set(now)
        for step in steps:
            if not going_on:
                break
            going_on &= _inside(standing(territory, step), _cut_off(territory, step, outlet_share)[0], spots)
            last |= dict.fromkeys(going_on, step)
        return last

    first, last = walk(range(held.step - 1, 0, -1)), walk(range(held.step + 1, len(dates) + 1))

    def end(spot: int, side: str) -> pd.Timestamp:
        step = last[spot, side]
        if step == len(dates):
            return pd.NaT  # type: ignore[return-value] # missing
        after = standing(territory, step + 1)
        unit = after.units_at(spots)[spot]
        lost = unit < 0 or after.sides[unit] != side
        return pd.Timestamp(dates[step]) + pd.Timedelta(days=0 if lost else RELIEF_DAYS)

    return {
        spot: {"since": pd.Timestamp(dates[max(first[spot, side] - 1, 0)]), "until": end(spot, side)}
        for spot, side in now
    }


def _describe(held: Standing, pocket: Pocket, part: float, spots: pd.DataFrame) -> dict[str, Any]:
    """Return what is the same for all places of a pocket."""
    inside = np.isin(held.units_at(spots), pocket.members)
    return {
        "side": pocket.side,
        "pocket_id": _pocket_id(held, pocket, spots),
        "pocket_places": int(spots.loc[inside, "place_id"].notna().sum()),
        "area_km2": pocket.area_km2,
        "perimeter_km": pocket.perimeter_km,
        "besieged_by": next(iter(pocket.edge_km), ""),
        "around": ", ".join(f"{side} {pocket.share(side):.0%}" for side in pocket.edge_km),
        "outlet_share": part,
        "gap_km": _gap_km(held, pocket),
    }


def _pocket_id(held: Standing, pocket: Pocket, spots: pd.DataFrame) -> str:
    """Return the name of a pocket: its first place, or a point in it."""
    first = spots[np.isin(held.units_at(spots), pocket.members)].iloc[0]
    return str(first["name"] if pd.isna(first["place_id"]) else first["place_id"])


def _gap_km(held: Standing, pocket: Pocket) -> float:
    """Return the distance from a pocket to the rest of its side: between places, or between drawn shapes."""
    rest = np.setdiff1d(np.flatnonzero(held.sides == pocket.side), pocket.members)
    if not held.territory.has_places:
        inside = shapely.union_all(held.ground.units[pocket.members])
        return float(shapely.distance(inside, held.ground.units[rest]).min()) / M_PER_KM
    places = held.territory.places
    others = places.iloc[rest]
    gaps = [
        km_to(position_of(place_id, places), others["latitude"], others["longitude"]).min()
        for place_id in places["place_id"].iloc[pocket.members]
    ]
    return float(min(gaps))


def _way_out(held: Standing, pocket: Pocket, part: float) -> str:
    """Say why a pocket that is cut off does not count as besieged."""
    friends = lets_pass(pocket.side, held.day, held.territory.tables)
    beyond = "a border or coast" if held.territory.has_places else "what is not drawn"
    ways = [beyond if way == ABROAD else f"land of {way}" for way in pocket.edge_km if way == ABROAD or way in friends]
    pieces = counted(len(pocket.members), *(("place",) if held.territory.has_places else ("drawn shape",)))
    return f"{pieces}, {pocket.area_km2:,.0f} km2: {part:.0%} of the edge is open, towards {' and '.join(ways)}"

"""How far things are: places, points, forces, the border, the nearest forces and the nearest fronts."""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING, Self

import numpy as np
import pandas as pd
import shapely

from conflictkit.deployments._ground import standing_on, territory_of
from conflictkit.deployments._presence import ASSUMED_DAYS, has_position, present, rule
from conflictkit.errors import DateError, PlaceError, shown
from conflictkit.geometry import local_crs, project, project_points
from conflictkit.placenames import place_id_of
from conflictkit.positions import REPORTED_SHARE, Position, doubts_km, km_between, km_to, nearest_on, position_of
from conflictkit.tables import tables_with
from conflictkit.text import TEXT

if TYPE_CHECKING:
    import pyproj
    from shapely.geometry.base import BaseGeometry

    from conflictkit.dates import DateLike
    from conflictkit.deployments._ground import Numbers, Standing
    from conflictkit.positions import Where
    from conflictkit.tables import Tables
    from conflictkit.territory import Territory


BORDER = "border"
NOWHERE = "the report has no position"
BORDER_KM = 2.3  # Natural Earth's line against OpenStreetMap's, at most (data/README.md, Geography)


class Distance(float):
    """A distance in kilometres that knows how well its ends are known.

    It is a number like any other: round it, compare it, reckon with it.

    Attributes
    ----------
    doubt_km
        How far off it may be: the precision of both ends, added.
    from_name, to_name
        What was measured from and to; of a force, where it was reported.
    how
        ``measured``; or ``reported``, where a page gives the kilometres.

    Examples
    --------
    >>> Distance(7.2, 3.3, "Abu Kamal", "the border")
    Abu Kamal to the border: 7 km, give or take 3 (measured)
    """

    doubt_km: float
    from_name: str
    to_name: str
    how: str

    def __new__(
        cls, km: float, doubt_km: float = 0.0, from_name: str = "", to_name: str = "", how: str = "measured"
    ) -> Self:
        """Make the number, and say what is known of it."""
        made = super().__new__(cls, km)
        made.doubt_km, made.from_name, made.to_name, made.how = doubt_km, from_name, to_name, how
        return made

    @property
    def km(self) -> float:
        """The kilometres alone."""
        return float(self)

    @property
    def turned(self) -> Distance:
        """The same, measured from the other end."""
        return Distance(self, self.doubt_km, self.to_name, self.from_name, self.how)

    def __str__(self) -> str:
        """Return the distance in words."""
        return f"{self.from_name} to {self.to_name}: {self:.0f} km, give or take {self.doubt_km:.0f} ({self.how})"

    __repr__ = __str__


def distance_km(
    a: Where,
    b: Where,
    *,
    date: DateLike | None = None,
    tables: Tables | None = None,
    deployments: pd.DataFrame | None = None,
    assume_days: int | None = ASSUMED_DAYS,
) -> Distance:
    """Return the geodesic distance between two places, points or forces, or to the border.

    Parameters
    ----------
    a, b
        Each a ``place_id``; a tuple (latitude, longitude) in degrees, the order of the tables; a shapely ``Point``,
        which is geometry and so has longitude first; ``"border"``, the nearest line between two countries of the
        borders, or their outline where no two of them touch; or an ``actor_id``: the nearest position reported on
        `date` of the force or of a part of it.
    date
        The day, needed for a force.
    tables
        The tables to look in; those that ship by default.
    deployments
        Rows of your own, like those of ``load_deployments``: short for ``tables.replace(deployments=...)``.
    assume_days
        For how many days a report without an end is taken to hold, as in ``deployments_at``.

    Returns
    -------
    Distance
        Kilometres on the WGS84 ellipsoid: a number that also has ``doubt_km``, ``from_name``, ``to_name``, ``how``.

    Raises
    ------
    PlaceError
        If an end is unknown or has no position, a point is outside -90 to 90, -180 to 180 degrees, or there
        are no borders.
    DateError
        If a force is given without a date, or the date cannot be read or is not covered.
    TableError
        With every problem of the deployments passed.

    Notes
    -----
    Exact between the points. The doubt adds that of the ends: 1 km for a point of GeoNames, 0.5 for a mark on a map, 3
    for one that wants checking, 5 for an estimate, 2.3 for the border, nothing for a point that the caller gives, and a
    fifth of a distance that a page gives as "about" so many km. A force whose page gives its distance from a place and
    no point is that far from the place. For the line between two holders see ``nearest_fronts``.

    Examples
    --------
    >>> round(distance_km("abu-kamal", "deir-ez-zor"))
    121
    >>> distance_km("abu-kamal", (34.392, 40.990)) < 10
    True
    >>> distance_km("abu-kamal", "border")
    Abu Kamal to border of Iraq and Syria: 7 km, give or take 3 (measured)
    >>> distance_km("abu-kamal", "saa", date="2017-11-04")
    Abu Kamal to Syrian Arab Army (Approach to Abu Kamal): 30 km, give or take 6 (reported)
    """
    used = tables_with(tables, deployments=deployments)
    here = None if date is None else present(used.day(date), used, assume_days).rows
    a, b = (end if end == BORDER or _is_force(end, used) else _named(end, used) for end in (a, b))
    if a == BORDER and b == BORDER:
        return Distance(0.0, 0.0, BORDER, BORDER)
    return _from(b, a, used, here).turned if a == BORDER else _from(a, b, used, here)


def _from(a: Where, b: Where, tables: Tables, here: pd.DataFrame | None) -> Distance:
    """Return the shortest distance between the positions of two ends, of which only the second can be the border."""
    if _is_force(a, tables) and not _is_force(b, tables) and b != BORDER:
        return _from(b, a, tables, here).turned
    starts = _positions(a, tables, here)
    if b == BORDER:
        return min(_apart(one, _on_border(one, tables)) for one in starts)
    if not _is_force(b, tables):
        return _apart(starts[0], position_of(b, tables.places))
    place_id, reports = a if isinstance(a, str) else None, _reports(str(b), tables, here)
    return min(_nearest(one, place_id, reports, str(b), tables) for one in starts)


def _named(where: Where, tables: Tables) -> Where:
    """Return a place that is given by a name as its id, and a point as it is."""
    return place_id_of(where, tables.places) if isinstance(where, str) else where


def _apart(one: Position, other: Position) -> Distance:
    return Distance(km_between(one, other), one.doubt_km + other.doubt_km, one.name, other.name)


def _is_force(where: Where, tables: Tables) -> bool:
    """Whether an end is a force: no place, and an actor."""
    if not isinstance(where, str):
        return False
    return where in set(tables.actors["actor_id"]) and where not in set(tables.places["place_id"])


def _positions(where: Where, tables: Tables, here: pd.DataFrame | None) -> list[Position]:
    """Return the positions of an end: one of a place or point, those of its reports of a force."""
    if not _is_force(where, tables):
        return [position_of(where, tables.places)]
    rows = _reports(str(where), tables, here).dropna(subset=["latitude", "longitude"])
    if rows.empty:
        raise _nowhere(str(where))
    columns = (_names(rows, tables), rows["latitude"], rows["longitude"], doubts_km(rows["where_prec"]))
    return [Position(*row) for row in zip(*columns, strict=True)]


def _reports(actor_id: str, tables: Tables, here: pd.DataFrame | None) -> pd.DataFrame:
    """Return the reports of a force and its parts."""
    if here is None:
        msg = f"{shown(actor_id)} is a force, which moves: give the day, as date='2017-11-03'."
        raise DateError(msg)
    return here[here["actor_id"].isin(tables.hierarchy.parts(actor_id))]


def _nearest(one: Position, place_id: str | None, reports: pd.DataFrame, force: str, tables: Tables) -> Distance:
    """Return the distance of the report that is nearest to a position."""
    rows = _with_distance(reports, one, place_id).dropna(subset=["km"])
    if rows.empty:
        raise _nowhere(force)
    first = rows.nsmallest(1, "km")
    km, doubt_km, how = first[["km", "doubt_km", "how"]].to_numpy().tolist()[0]
    return Distance(km, doubt_km, one.name, _names(first, tables)[0], how)


def _names(rows: pd.DataFrame, tables: Tables) -> list[str]:
    where = rows["place_name"].fillna(rows["host_country"].map(tables.country_name))
    return [f"{name} ({place})" for name, place in zip(rows["actor_name"], where, strict=True)]


def _nowhere(force: str) -> PlaceError:
    return PlaceError(f"No report of {shown(force)} on that day has a position: see deployments_at(date).")


def nearest_forces(
    where: Where,
    date: DateLike,
    *,
    tables: Tables | None = None,
    deployments: pd.DataFrame | None = None,
    within_km: float | None = None,
    assume_days: int | None = ASSUMED_DAYS,
) -> pd.DataFrame:
    """Return the forces reported on a day, the nearest to a place first.

    Parameters
    ----------
    where
        A ``place_id``, a tuple (latitude, longitude), or a shapely ``Point``.
    date
        The day.
    tables, deployments, assume_days
        As in ``deployments_at``.
    within_km
        Only forces within this distance; None for all.

    Returns
    -------
    pandas.DataFrame
        Rows of ``deployments_at`` with a position, by distance, and ``km``, ``doubt_km`` and ``how``: ``measured`` from
        the point of the report, or ``reported``, the kilometres from this place that the page itself gives.
        ``attrs["rule"]`` says how long a report counts; ``attrs["rejected"]`` lists the reports that are too old,
        or have no position.

    Raises
    ------
    PlaceError
        If the place is unknown or has no position.
    DateError
        If the date cannot be read, or is not covered by the tables.
    TableError
        With every problem of the deployments passed.
    UnknownNameError
        If `assume_days` is no number of days.

    Notes
    -----
    The doubt is that of both points, or a fifth of a distance that a page gives as "about" so many km. A force fills
    more than a point: the distance is that of the place it was reported at.

    Examples
    --------
    >>> near = nearest_forces("abu-kamal", "2017-11-03", within_km=50)
    >>> near[near.side == "assad"][["actor_name", "km", "doubt_km", "how"]]
              actor_name    km  doubt_km       how
    12  Syrian Arab Army  40.0       8.0  reported
    13  Syrian Arab Army  45.0       9.0  reported
    """
    used = tables_with(tables, deployments=deployments)
    here, too_old = present(used.day(date), used, assume_days)
    where = _named(where, used)
    found = _with_distance(here, position_of(where, used.places), where if isinstance(where, str) else None)
    placed = found["km"].notna()
    near = found[placed if within_km is None else placed & (found["km"] <= within_km)]
    near = near.sort_values(["km", "side", "actor_name", "deployment_id"], ignore_index=True)
    names, far = used.places.set_index("place_id")["name"], found[~placed]
    ringed = has_position(far, used.places)
    # somewhere on a ring around another place: from here that is no one distance
    reasons = (f"its page only says how far it was from {names.get(place)}" for place in far["near_place_id"])
    nowhere = [
        {"deployment_id": name, "reason": reason if elsewhere else NOWHERE}
        for name, reason, elsewhere in zip(far["deployment_id"], reasons, ringed, strict=True)
    ]
    near.attrs = {"rule": rule(assume_days), "rejected": [*too_old, *nowhere]}
    return near


def _with_distance(here: pd.DataFrame, position: Position, place_id: str | None) -> pd.DataFrame:
    """Return deployments with their distance from a position: as the page gives it, else measured."""
    reported = here["near_place_id"].eq(place_id or "") & here["near_km"].notna()
    measured = km_to(position, here["latitude"], here["longitude"])
    doubts = doubts_km(here["where_prec"]) + position.doubt_km
    return here.assign(
        km=pd.Series(measured, index=here.index).mask(reported, here["near_km"]),
        doubt_km=doubts.mask(reported, REPORTED_SHARE * here["near_km"].astype(float)),
        how=pd.Series("measured", index=here.index, dtype=TEXT).mask(reported, "reported"),
    )


def _on_border(position: Position, tables: Tables) -> Position:
    """Return the point nearest to a position of any line between two countries."""
    lines, crs = _borders(tables)
    if not lines:
        msg = "No border to measure to: the tables have no borders (borders_0.geojson, or replace(borders=...))."
        raise PlaceError(msg)
    feet = [nearest_on(line, crs, position, name=name, doubt_km=BORDER_KM) for name, line in lines.items()]
    return min(feet, key=lambda foot: km_between(position, foot))


@lru_cache(maxsize=4)
def _borders(tables: Tables) -> tuple[dict[str, BaseGeometry], pyproj.CRS]:
    """Return the line between each two countries that touch, by its name, in metres; outlines where none touch."""
    if tables.borders.empty:
        return {}, local_crs(shapely.Point(0, 0))
    land = tables.borders.dissolve("country")["geometry"]
    crs = local_crs(shapely.union_all(land.to_numpy()))
    # both outlines are cut at the same corners before they are projected, so that they still have the line in common
    outlines = dict(zip(land.index, shapely.boundary(project(land.to_numpy(), crs)), strict=True))
    found = {
        f"border of {tables.country_name(one)} and {tables.country_name(other)}": line
        for one, other in combinations(outlines, 2)
        if shapely.length(line := shapely.intersection(outlines[one], outlines[other])) > 0
    }
    return found or {f"border of {tables.country_name(str(one))}": line for one, line in outlines.items()}, crs


COLUMNS = ["side", "other_side", "km", "doubt_km", "place_id", "other_place_id", "latitude", "longitude", "line_km"]


def nearest_fronts(
    where: Where, date: DateLike, *, territory: Territory | None = None, tables: Tables | None = None
) -> pd.DataFrame:
    """Return the lines between sides on a day, the nearest to a place first.

    Parameters
    ----------
    where
        A ``place_id``, a tuple (latitude, longitude), or a shapely ``Point``.
    date
        The day.
    territory
        Who held what, of places or of drawings; by default ``Territory.from_places()``.
    tables
        Short for ``Territory.from_places(tables=tables)``.

    Returns
    -------
    pandas.DataFrame
        One row per pair of sides that touch: ``side``, ``other_side`` (``contested`` is one), ``km`` and ``doubt_km``
        to the nearest stretch, ``place_id`` and ``other_place_id`` (the places on either side of it), ``latitude``,
        ``longitude`` of its nearest point, ``line_km`` (length of the whole line between the two). Of drawings the
        doubt and the two places are missing: a drawing does not say how well its line is known.

    Raises
    ------
    PlaceError
        If the place is unknown or has no position.
    DateError
        If the date cannot be read, or is not covered by the tables.
    TerritoryError
        If both a territory and other tables are given, or the day is before the first drawing.

    Notes
    -----
    A line runs halfway between a place of one side and the nearest place of another; the surveyed front can be anywhere
    between the two, so the doubt is half their distance. It is no front where the sides do not fight.

    Examples
    --------
    >>> fronts = nearest_fronts("abu-kamal", "2017-11-03")
    >>> fronts[["side", "other_side", "km", "doubt_km"]].head(2).round(0)
       side other_side    km  doubt_km
    0  isis       iraq   3.0       4.0
    1  isis      assad  39.0      37.0
    """
    model = territory_of(territory, tables)
    held, position = standing_on(model, date), position_of(where, model.tables.places)
    one, other = held.sides[held.ground.one], held.sides[held.ground.other]
    pairs: dict[tuple[str, str], list[int]] = {}
    for edge in np.flatnonzero((one != other) & (one != "") & (other != "")).tolist():
        pairs.setdefault((min(one[edge], other[edge]), max(one[edge], other[edge])), []).append(edge)
    mine = _side_at(held, position)
    rows = [_row(held, position, np.array(edges), mine) for edges in pairs.values()]
    found = pd.DataFrame(rows, columns=COLUMNS)
    return found.sort_values(["km", "side", "other_side"], ignore_index=True)


def _side_at(held: Standing, position: Position) -> str:
    """Return the side on whose land a position is: that of the nearest place, or of the nearest drawn shape."""
    if held.territory.has_places:
        places = held.territory.places
        away = km_to(position, places["latitude"], places["longitude"])
    else:
        away = shapely.distance(_spot(held, position), held.ground.units)
    return str(held.sides[int(np.argmin(away))])


def _spot(held: Standing, position: Position) -> shapely.Point:
    """Return a position in metres of the projection."""
    return shapely.Point(project_points(np.array([[position.longitude, position.latitude]]), held.ground.crs)[0])


def _row(held: Standing, position: Position, edges: Numbers, mine: str) -> dict[str, object]:
    """Return the row of one pair of sides: its nearest stretch, first the side that the position is on."""
    ground = held.ground
    at = nearest_on(shapely.union_all(ground.lines[edges]), ground.crs, position, name="", doubt_km=0.0)
    edge = edges[int(np.argmin(shapely.distance(ground.lines[edges], _spot(held, at))))]
    ends = sorted(
        (int(ground.one[edge]), int(ground.other[edge])), key=lambda end: (held.sides[end] != mine, held.sides[end])
    )
    row = {
        "side": held.sides[ends[0]],
        "other_side": held.sides[ends[1]],
        "km": km_between(position, at),
        "doubt_km": np.nan,
        "place_id": None,
        "other_place_id": None,
        "latitude": at.latitude,
        "longitude": at.longitude,
        "line_km": float(ground.km[edges].sum()),
    }
    if held.territory.has_places:
        places = held.territory.places
        here, there = places["place_id"].iloc[ends]
        apart = km_between(position_of(here, places), position_of(there, places))
        row |= {"place_id": here, "other_place_id": there, "doubt_km": apart / 2 + position.doubt_km}
    return row

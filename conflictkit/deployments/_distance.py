"""How far apart two places, points or forces are, or one of them and the border, and how well that is known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from conflictkit.actors import Hierarchy, countries_in_words
from conflictkit.datasets import load_actors, load_borders, load_places
from conflictkit.deployments._presence import ASSUMED_DAYS, deployments_at
from conflictkit.errors import DateError, PlaceError
from conflictkit.geometry import local_crs, project
from conflictkit.positions import POSITION_KM, REPORTED_SHARE, Position, km_between, km_to, nearest_on, position_of

if TYPE_CHECKING:
    import pyproj
    from shapely.geometry.base import BaseGeometry

    from conflictkit.dates import DateLike
    from conflictkit.positions import Where

BORDER = "border"
BORDER_KM = 2.3  # Natural Earth's line against OpenStreetMap's, at most (data/README.md, Geography)


@dataclass(frozen=True)
class Distance:
    """A distance, and how well its ends are known.

    Attributes
    ----------
    km
        Geodesic, in kilometres.
    doubt_km
        How far off it may be: the precision of both ends, added.
    from_name, to_name
        What was measured from and to; of a force, where it was reported.
    how
        ``measured``; or ``reported``, where a page gives the kilometres.
    """

    km: float
    doubt_km: float
    from_name: str
    to_name: str
    how: str = "measured"

    def __str__(self) -> str:
        """Return the distance in words."""
        return f"{self.from_name} to {self.to_name}: {self.km:.0f} km, give or take {self.doubt_km:.0f} ({self.how})"


def distance_km(a: Where, b: Where, places: pd.DataFrame | None = None, *, date: DateLike | None = None) -> float:
    """Return the geodesic distance between two places, points or forces, or to the border.

    Parameters
    ----------
    a, b
        Each a ``place_id``; a tuple (latitude, longitude) in degrees, the order of the tables; a shapely ``Point``,
        which is geometry and so has longitude first; ``"border"``, the line between Iraq and Syria; or an
        ``actor_id``: the nearest position reported on `date` of the force or of a part of it.
    places
        Frame as ``load_places`` returns it, which is the default.
    date
        The day, needed for a force.

    Returns
    -------
    float
        Kilometres on the WGS84 ellipsoid.

    Raises
    ------
    PlaceError
        If an end is unknown or has no position, or a point is outside -90 to 90, -180 to 180 degrees.
    DateError
        If a force is given without a date, or the date cannot be read.

    Notes
    -----
    Exact between the points; ``measure_distance`` says how well the points are known, and which report was the
    nearest. A force whose page gives its distance from a place and no point is that far from the place. For the line
    between two holders see ``nearest_fronts``.

    Examples
    --------
    >>> round(distance_km("abu-kamal", "deir-ez-zor"))
    121
    >>> round(distance_km("abu-kamal", (34.392, 40.990)), 1)
    9.4
    >>> [distance_km("abu-kamal", "saa", date=day) for day in ("2017-11-03", "2017-11-04")]
    [40.0, 30.0]
    """
    return measure_distance(a, b, date=date, places=places).km


def measure_distance(
    a: Where,
    b: Where,
    *,
    date: DateLike | None = None,
    assume_days: int | None = ASSUMED_DAYS,
    deployments: pd.DataFrame | None = None,
    places: pd.DataFrame | None = None,
) -> Distance:
    """Return a distance with the precision of both ends.

    Parameters
    ----------
    a, b, date, places
        As in ``distance_km``.
    assume_days, deployments
        As in ``deployments_at``.

    Returns
    -------
    Distance
        ``km``, ``doubt_km``, ``from_name``, ``to_name``, ``how``.

    Raises
    ------
    PlaceError, DateError
        As ``distance_km``.

    Notes
    -----
    The doubt adds that of the ends: 1 km for a point of GeoNames, 0.5 for a mark on a map, 3 for one that wants
    checking, 5 for an estimate, 2.3 for the border, nothing for a point that the caller gives, and a fifth of a
    distance that a page gives as "about" so many km.

    Examples
    --------
    >>> print(measure_distance("abu-kamal", "border"))
    Abu Kamal to border of Iraq and Syria: 7 km, give or take 3 (measured)
    >>> print(measure_distance("abu-kamal", "saa", date="2017-11-04"))
    Abu Kamal to Syrian Arab Army (Approach to Abu Kamal): 30 km, give or take 6 (reported)
    """
    table = load_places() if places is None else places
    here = None if date is None else deployments_at(date, deployments, assume_days=assume_days, places=table)
    if here is not None:
        here.attrs = {}
    if a == BORDER and b == BORDER:
        return Distance(0.0, 0.0, BORDER, BORDER)
    if a == BORDER:
        return _turned(_from(b, a, table, here))
    return _from(a, b, table, here)


def _from(a: Where, b: Where, places: pd.DataFrame, here: pd.DataFrame | None) -> Distance:
    """Return the shortest distance between the positions of two ends, of which only the second can be the border."""
    if b == BORDER:
        return min((_distance(one, on_border(one)) for one in _positions(a, places, here)), key=lambda d: d.km)
    if _is_force(b, places):
        starts = _positions(a, places, here)
        near = [_nearest(one, a if isinstance(a, str) else None, _reports(str(b), here), str(b)) for one in starts]
        return min(near, key=lambda distance: distance.km)
    if _is_force(a, places):
        return _turned(_from(b, a, places, here))
    return _distance(position_of(a, places), position_of(b, places))


def _distance(one: Position, other: Position) -> Distance:
    return Distance(km_between(one, other), one.doubt_km + other.doubt_km, one.name, other.name)


def _turned(distance: Distance) -> Distance:
    return Distance(distance.km, distance.doubt_km, distance.to_name, distance.from_name, distance.how)


def _is_force(where: Where, places: pd.DataFrame) -> bool:
    """Whether an end is a force: no place, and an actor."""
    return isinstance(where, str) and where not in set(places["place_id"]) and where in set(load_actors()["actor_id"])


def _positions(where: Where, places: pd.DataFrame, here: pd.DataFrame | None) -> list[Position]:
    """Return the positions of an end: one of a place or point, those of its reports of a force."""
    if not _is_force(where, places):
        return [position_of(where, places)]
    rows = _reports(str(where), here).dropna(subset=["latitude", "longitude"])
    if rows.empty:
        raise _nowhere(str(where))
    doubts = rows["where_prec"].map(POSITION_KM).fillna(POSITION_KM["estimated"])
    columns = (_names(rows), rows["latitude"], rows["longitude"], doubts)
    return [Position(*row) for row in zip(*columns, strict=True)]


def _reports(actor_id: str, here: pd.DataFrame | None) -> pd.DataFrame:
    """Return the reports of a force and its parts."""
    if here is None:
        msg = f"{actor_id!r} is a force, which moves: give the day, as date='2017-11-03'."
        raise DateError(msg)
    return here[here["actor_id"].isin(Hierarchy.of(load_actors()).parts(actor_id))]


def _nearest(one: Position, place_id: str | None, reports: pd.DataFrame, force: str) -> Distance:
    """Return the distance of the report that is nearest to a position."""
    rows = with_distance(reports, one, place_id).dropna(subset=["km"])
    if rows.empty:
        raise _nowhere(force)
    first = rows.nsmallest(1, "km")
    km, doubt_km, how = first[["km", "doubt_km", "how"]].to_numpy().tolist()[0]
    return Distance(km, doubt_km, one.name, _names(first)[0], how)


def _names(rows: pd.DataFrame) -> list[str]:
    where = rows["place_name"].fillna(rows["host_country"].map(countries_in_words))
    return [f"{name} ({place})" for name, place in zip(rows["actor_name"], where, strict=True)]


def _nowhere(force: str) -> PlaceError:
    return PlaceError(f"No report of {force!r} on that day has a position: see deployments_at(date).")


def nearest_forces(
    where: Where,
    date: DateLike,
    *,
    within_km: float | None = None,
    assume_days: int | None = ASSUMED_DAYS,
    deployments: pd.DataFrame | None = None,
    places: pd.DataFrame | None = None,
    actors: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the forces reported on a day, the nearest to a place first.

    Parameters
    ----------
    where
        A ``place_id``, a tuple (latitude, longitude), or a shapely ``Point``.
    date
        The day.
    within_km
        Only forces within this distance; None for all.
    assume_days, deployments, places, actors
        As in ``deployments_at``.

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
        If the date cannot be read.

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
    """
    table = load_places() if places is None else places
    here = deployments_at(date, deployments, assume_days=assume_days, places=table, actors=actors)
    attrs, here.attrs = here.attrs, {}  # pandas copies them at every step
    position = position_of(where, table)
    found = with_distance(here, position, where if isinstance(where, str) else None)
    nowhere = found["km"].isna()
    reason = "the report has no position"
    set_aside = [{"deployment_id": name, "reason": reason} for name in found.loc[nowhere, "deployment_id"]]
    near = found[~nowhere & ((found["km"] <= within_km) if within_km is not None else True)]
    near = near.sort_values(["km", "side", "actor_name", "deployment_id"], ignore_index=True)
    near.attrs = {"rule": attrs["rule"], "rejected": [*attrs["rejected"], *set_aside]}
    return near


def with_distance(here: pd.DataFrame, position: Position, place_id: str | None) -> pd.DataFrame:
    """Return deployments with their distance from a position: as the page gives it, else measured."""
    reported = here["near_place_id"].eq(place_id or "") & here["near_km"].notna()
    measured = km_to(position, here["latitude"], here["longitude"])
    doubts = here["where_prec"].map(POSITION_KM).fillna(POSITION_KM["estimated"]) + position.doubt_km
    return here.assign(
        km=pd.Series(measured, index=here.index).mask(reported, here["near_km"]),
        doubt_km=doubts.mask(reported, REPORTED_SHARE * here["near_km"].astype(float)),
        how=pd.Series("measured", index=here.index, dtype="str").mask(reported, "reported"),
    )


def on_border(position: Position) -> Position:
    """Return the point of the border between Iraq and Syria that is nearest to a position."""
    line, crs = _border()
    return nearest_on(line, crs, position, name="border of Iraq and Syria", doubt_km=BORDER_KM)


@lru_cache(maxsize=1)
def _border() -> tuple[BaseGeometry, pyproj.CRS]:
    borders = load_borders()
    land = np.asarray(borders.geometry, dtype=object)
    crs = local_crs(shapely.union_all(land))
    iraq, syria = project(land[[list(borders["country"]).index(code) for code in ("IQ", "SY")]], crs)
    return shapely.intersection(shapely.boundary(iraq), shapely.boundary(syria)), crs

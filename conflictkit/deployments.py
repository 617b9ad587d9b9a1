"""Who was reported where on a day, and how far apart two places are."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import pandas as pd
from pyproj import Geod
from shapely import Point

from conflictkit.datasets import load_actors, load_deployments, load_places
from conflictkit.errors import DateError, PlaceError, nearest

if TYPE_CHECKING:
    Where = str | tuple[float, float] | Point

# Distances follow the ellipsoid of the coordinates; the solver is Karney's (doi 10.1007/s00190-012-0578-z).
WGS84 = Geod(ellps="WGS84")

COLUMNS = [
    *("deployment_id", "actor_id", "actor_name", "side", "parent_id", "place_id", "place_name", "where_prec"),
    *("host_country", "latitude", "longitude", "valid_from", "valid_to", "date_prec", "end_known", "days_since_report"),
    *("strength_low", "strength_best", "strength_high", "unit", "measure", "role", "backers", "source_id", "note"),
]


def deployments_at(
    date: Any,  # noqa: ANN401 - what pandas reads
    deployments: pd.DataFrame | None = None,
    *,
    places: pd.DataFrame | None = None,
    actors: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the deployments in force on a date, with the names of their places and actors.

    Parameters
    ----------
    date
        The day asked for: anything that ``pandas.to_datetime`` reads, except a bare number.
    deployments, places, actors
        Frames as ``load_deployments``, ``load_places`` and ``load_actors`` return them, which are the defaults.

    Returns
    -------
    pandas.DataFrame
        One row per deployment with ``valid_from <= date < valid_to``, in the order of the table: its own columns,
        ``actor_name``, ``side`` and ``parent_id`` of the actor, ``place_name`` and ``where_prec`` of the place, and

        - ``latitude``, ``longitude`` in degrees: the row's own, else those of its place, else missing;
        - ``end_known``: whether the table says when the deployment ended;
        - ``days_since_report``: days from ``valid_from`` to the date.

    Raises
    ------
    DateError
        If the date cannot be read.

    Notes
    -----
    An open end means that no source gives one, not that the force was still there: most rows are one report of one
    day, so read ``days_since_report`` where ``end_known`` is false. Where ``date_prec`` is month or year, the day in
    ``valid_from`` is arbitrary. Never add rows of different ``measure``, nor those of an actor and of its parent.

    Examples
    --------
    >>> here = deployments_at("2017-11-03")
    >>> here.loc[here.place_id == "t2-pumping-station", "actor_name"].tolist()
    ['Liwa Fatemiyoun', 'Hezbollah', '5th Corps (Syrian Arab Army)']
    """
    day = _day(date)
    table = load_deployments() if deployments is None else deployments
    who = (load_actors() if actors is None else actors)[["actor_id", "name", "side", "parent_id"]]
    where = (load_places() if places is None else places)[["place_id", "name", "where_prec", "latitude", "longitude"]]
    # an open end is missing, and a comparison with it is false: the row stays
    here = table[(table["valid_from"] <= day) & ~(table["valid_to"] <= day)]
    here = here.merge(who.rename(columns={"name": "actor_name"}), on="actor_id", how="left")
    here = here.merge(where.rename(columns={"name": "place_name"}), on="place_id", how="left", suffixes=("", "_place"))
    own = here["latitude"].notna() & here["longitude"].notna()
    return here.assign(
        latitude=here["latitude"].where(own, here["latitude_place"]),
        longitude=here["longitude"].where(own, here["longitude_place"]),
        end_known=here["valid_to"].notna(),
        days_since_report=(day - here["valid_from"]).dt.days,
    )[COLUMNS]


def distance_km(a: Where, b: Where, places: pd.DataFrame | None = None) -> float:
    """Return the geodesic distance between two places or points.

    Parameters
    ----------
    a, b
        Each a ``place_id``; or a tuple (latitude, longitude) in degrees, the order of the tables; or a shapely
        ``Point``, which is geometry and so has longitude first.
    places
        Frame as ``load_places`` returns it, which is the default.

    Returns
    -------
    float
        Kilometres on the WGS84 ellipsoid.

    Raises
    ------
    PlaceError
        If a place is unknown or has no coordinates, or a point is outside -90 to 90, -180 to 180 degrees.

    Notes
    -----
    Exact between the points; the points themselves are good to half a kilometre or to several: see ``where_prec`` of
    the places.

    Examples
    --------
    >>> round(distance_km("abu-kamal", "deir-ez-zor"))
    121
    >>> round(distance_km("abu-kamal", (34.392, 40.990)), 1)
    9.4
    """
    (latitude_a, longitude_a), (latitude_b, longitude_b) = _position(a, places), _position(b, places)
    return float(WGS84.inv(longitude_a, latitude_a, longitude_b, latitude_b)[2]) / 1000


def _position(where: Where, places: pd.DataFrame | None) -> tuple[float, float]:
    """Return latitude and longitude of a place or point."""
    if isinstance(where, str):
        return _position_of_place(where, load_places() if places is None else places)
    latitude, longitude = (where.y, where.x) if isinstance(where, Point) else where
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):  # noqa: PLR2004 - degrees of a globe
        msg = f"Not a point: {where!r}. Write (latitude, longitude) in degrees; a shapely Point has longitude first."
        raise PlaceError(msg)
    return float(latitude), float(longitude)


def _position_of_place(place_id: str, places: pd.DataFrame) -> tuple[float, float]:
    found = places.loc[places["place_id"] == place_id, ["latitude", "longitude", "kind"]]
    if found.empty:
        hint = nearest(place_id, places["place_id"])
        msg = f"Unknown place {place_id!r}.{hint} The ids are in the column place_id of load_places()."
        raise PlaceError(msg)
    latitude, longitude, kind = found.iloc[0]
    if pd.isna(latitude) or pd.isna(longitude):
        msg = f"Place {place_id!r} (kind {kind}) has no coordinates. Measure to a place that has, or give a point."
        raise PlaceError(msg)
    return float(latitude), float(longitude)


def _day(date: object) -> pd.Timestamp:
    """Return midnight of a date, without a time zone."""
    day: pd.Timestamp | None = None
    if not isinstance(date, (int, float)):  # pandas would take them for nanoseconds since 1970
        with contextlib.suppress(ValueError, TypeError, OverflowError):
            day = pd.Timestamp(date)  # type: ignore[arg-type] # whatever it is, it is read or refused here
    if day is None or pd.isna(day):
        msg = f"Not a date: {date!r}. Write a day such as '2017-11-03'."
        raise DateError(msg)
    return day.tz_localize(None).normalize()

"""Where something is, and how well that is known: places, points, reports of forces, the border."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import shapely
from pyproj import Geod
from shapely import Point

from conflictkit.errors import PlaceError, shown
from conflictkit.geometry import project_points, unproject
from conflictkit.placenames import place_id_of

if TYPE_CHECKING:
    import pyproj
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Where = str | tuple[float, float] | Point

# Distances follow the ellipsoid of the coordinates; the solver is Karney's (doi 10.1007/s00190-012-0578-z).
ELLIPSOID = Geod(ellps="WGS84")

# Standard deviation of a position in km, each axis, by ``where_prec``. A map mark is good to about half a kilometre; a
# gazetteer point stands for a town of that size; an estimated point is "a few km" off (data/README.md); a point that
# stands for an area or a stretch of road is about 15 km off what is meant.
POSITION_KM = {"geonames": 1.0, "map_mark": 0.5, "map_mark_low": 3.0, "estimated": 5.0, "area_point": 15.0}

REPORTED_SHARE = 0.2  # "about 40 km": a fifth either way, as the check of a report's claims allows


class Position(NamedTuple):
    """A point, its name, and how far off it may be."""

    name: str
    latitude: float
    longitude: float
    doubt_km: float


def position_of(where: Where, places: pd.DataFrame) -> Position:
    """Return the position of a place, of a (latitude, longitude) pair, or of a shapely Point.

    Raises
    ------
    PlaceError
        If there is no such place, if it has no coordinates, or if a point is none of the globe.
    """
    if isinstance(where, str):
        return _position_of_place(where, places)
    try:
        latitude, longitude = (where.y, where.x) if isinstance(where, Point) else map(float, where)
        on_globe = abs(latitude) <= 90 and abs(longitude) <= 180  # noqa: PLR2004 - degrees
    except (TypeError, ValueError, shapely.errors.ShapelyError):  # three numbers, text, nothing, an empty Point
        on_globe = False
    if not on_globe:
        msg = (
            f"Not a point: {shown(where)}. Write (latitude, longitude) in degrees; a shapely Point has longitude first."
        )
        raise PlaceError(msg)
    return Position(f"{latitude:.3f}, {longitude:.3f}", latitude, longitude, 0.0)


def _position_of_place(place_id: str, places: pd.DataFrame) -> Position:
    row = places[places["place_id"] == place_id_of(place_id, places)].iloc[0]
    if pd.isna(row["latitude"]) or pd.isna(row["longitude"]):
        what = f"Place {shown(place_id)} (kind {row['kind']}) has no coordinates"
        msg = f"{what}. Measure to a place that has, or give a point."
        raise PlaceError(msg)
    return Position(row["name"], float(row["latitude"]), float(row["longitude"]), doubt_km(row["where_prec"]))


def doubt_km(where_prec: object) -> float:
    """Return how far off a position may be; as far as an estimated one where nothing is said."""
    return POSITION_KM.get(str(where_prec), POSITION_KM["estimated"])


def doubts_km(where_prec: pd.Series) -> pd.Series:
    """Return ``doubt_km`` of each row."""
    return where_prec.map(POSITION_KM).fillna(POSITION_KM["estimated"]).astype(float)


def km_between(one: Position, other: Position) -> float:
    """Return the geodesic distance of two positions."""
    return float(ELLIPSOID.inv(one.longitude, one.latitude, other.longitude, other.latitude)[2]) / 1000


def km_to(position: Position, latitude: pd.Series, longitude: pd.Series) -> NDArray[np.float64]:
    """Return the geodesic distance of a position from many points; missing where a point is."""
    x, y = np.full((2, len(latitude)), [[position.longitude], [position.latitude]])
    metres = ELLIPSOID.inv(x, y, longitude.to_numpy(dtype=float), latitude.to_numpy(dtype=float))[2]
    return np.asarray(metres, dtype=np.float64) / 1000


def nearest_on(line: BaseGeometry, crs: pyproj.CRS, position: Position, *, name: str, doubt_km: float) -> Position:
    """Return the point of a line, in metres of a projection, that is nearest to a position."""
    if line.is_empty:
        msg = f"There is no {name} to measure to."
        raise PlaceError(msg)
    spot = Point(project_points(np.array([[position.longitude, position.latitude]]), crs)[0])
    foot = shapely.get_point(shapely.shortest_line(line, spot), 0)  # a position on the line is its own foot
    degrees = unproject(np.array([foot], dtype=object), crs)[0]
    return Position(name, float(degrees.y), float(degrees.x), doubt_km)

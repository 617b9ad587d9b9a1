"""Where something is, and how well that is known: places, points, reports of forces, the border."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import shapely
from pyproj import Geod
from shapely import Point

from conflictkit.datasets import load_borders
from conflictkit.errors import PlaceError, nearest
from conflictkit.territory.draws import POSITION_KM
from conflictkit.tessellation import local_crs, project, project_points, unproject

if TYPE_CHECKING:
    import pyproj
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Where = str | tuple[float, float] | Point

# Distances follow the ellipsoid of the coordinates; the solver is Karney's (doi 10.1007/s00190-012-0578-z).
WGS84 = Geod(ellps="WGS84")

BORDER_KM = 2.3  # Natural Earth's line against OpenStreetMap's, at most (data/README.md, Geography)
REPORTED_SHARE = 0.2  # "about 40 km": a fifth either way, as the check of a report's claims allows


class Position(NamedTuple):
    """A point, its name, and how far off it may be."""

    name: str
    latitude: float
    longitude: float
    doubt_km: float


def position_of(where: Where, places: pd.DataFrame) -> Position:
    """Return the position of a place or point."""
    if isinstance(where, str):
        return _position_of_place(where, places)
    latitude, longitude = (where.y, where.x) if isinstance(where, Point) else where
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):  # noqa: PLR2004 - degrees of a globe
        msg = f"Not a point: {where!r}. Write (latitude, longitude) in degrees; a shapely Point has longitude first."
        raise PlaceError(msg)
    return Position(f"{latitude:.3f}, {longitude:.3f}", float(latitude), float(longitude), 0.0)


def _position_of_place(place_id: str, places: pd.DataFrame) -> Position:
    found = places[places["place_id"] == place_id]
    if found.empty:
        hint = nearest(place_id, places["place_id"])
        msg = f"Unknown place {place_id!r}.{hint} The ids are in the column place_id of load_places()."
        raise PlaceError(msg)
    row = found.iloc[0]
    if pd.isna(row["latitude"]) or pd.isna(row["longitude"]):
        msg = (
            f"Place {place_id!r} (kind {row['kind']}) has no coordinates. Measure to a place that has, or give a point."
        )
        raise PlaceError(msg)
    doubt = POSITION_KM.get(row["where_prec"], POSITION_KM["estimated"])
    return Position(row["name"], float(row["latitude"]), float(row["longitude"]), doubt)


def km_between(one: Position, other: Position) -> float:
    """Return the geodesic distance of two positions."""
    return float(WGS84.inv(one.longitude, one.latitude, other.longitude, other.latitude)[2]) / 1000


def km_to(position: Position, latitude: pd.Series, longitude: pd.Series) -> NDArray[np.float64]:
    """Return the geodesic distance of a position from many points; missing where a point is."""
    x, y = np.full((2, len(latitude)), [[position.longitude], [position.latitude]])
    metres = WGS84.inv(x, y, longitude.to_numpy(dtype=float), latitude.to_numpy(dtype=float))[2]
    return np.asarray(metres, dtype=np.float64) / 1000


def on_border(position: Position) -> Position:
    """Return the point of the border between Iraq and Syria that is nearest to a position."""
    line, crs = _border()
    return nearest_on(line, crs, position, name="border of Iraq and Syria", doubt_km=BORDER_KM)


def nearest_on(line: BaseGeometry, crs: pyproj.CRS, position: Position, *, name: str, doubt_km: float) -> Position:
    """Return the point of a line, in metres of a projection, that is nearest to a position."""
    spot = project_points(np.array([[position.longitude, position.latitude]]), crs)[0]
    on_line, _ = shapely.get_parts(shapely.shortest_line(line, Point(spot)).boundary, return_index=True)
    foot = on_line[0] if len(on_line) else Point(spot)  # a position on the line is its own foot
    degrees = unproject(np.array([foot], dtype=object), crs)[0]
    return Position(name, float(degrees.y), float(degrees.x), doubt_km)


@lru_cache(maxsize=1)
def _border() -> tuple[BaseGeometry, pyproj.CRS]:
    borders = load_borders()
    land = np.asarray(borders.geometry, dtype=object)
    crs = local_crs(shapely.union_all(land))
    iraq, syria = project(land[[list(borders["country"]).index(code) for code in ("IQ", "SY")]], crs)
    return shapely.intersection(shapely.boundary(iraq), shapely.boundary(syria)), crs

"""Outlines of land: which shapes can be one, how they are mended and united, in time linear in their size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Geometries = NDArray[np.object_]
    Reason = Callable[[int], str]

POLYGON, MULTIPOLYGON = 3, 6  # numbers of shapely's types
LONGITUDE, LATITUDE = 180.0, 90.0
HALF_GLOBE = 180.0  # degrees: no land that somebody holds is wider, and a frame around the map of the world is

# Land that is smaller or, on average, narrower is no land but what two drawings of one line leave between them: their
# coordinates have four decimals of a degree, or come from maps on which a line is wider than that.
SLIVER_KM2, SLIVER_M = 0.01, 10.0

# Pairs of edges that come near one another, in all and for each edge: mending and uniting cost by these, and an outline
# that somebody drew has about four an edge. Beyond, a small file would take minutes.
NEAR_MEND, NEAR_UNITE, NEAR_EACH = 5_000, 500_000, 20
POLAR_M, ECCENTRICITY = 6_356_752.314245, 0.0818191908426215  # WGS84: the shorter radius, and how far from a sphere
AT_ONCE = 5_000_000  # pairs looked for in one step

NOT_CROSSING = "crosses itself too often to be the outline of land"


def lands(shapes: Geometries) -> tuple[Geometries, list[str | None], NDArray[np.bool_]]:
    """Return outlines as valid polygons, and why some are none.

    Parameters
    ----------
    shapes
        (N,) shapes of any kind, in degrees.

    Returns
    -------
    shapes
        (N,) valid polygons and multipolygons without heights: what an invalid ring encloses. Empty where there is a
        reason.
    reasons
        (N,) why a shape is no land, as the end of a sentence; None for each that is.
    mended
        (N,) which were invalid.
    """
    reasons: list[str | None] = [None] * len(shapes)
    for where, reason in _doubts(shapes):
        for at in where.nonzero()[0]:
            reasons[at] = reasons[at] or reason(int(at))
    good = np.array([reason is None for reason in reasons], dtype=bool)
    found = np.full(len(shapes), shapely.Polygon(), dtype=object)
    found[good] = shapely.force_2d(shapes[good])
    mended = ~shapely.is_valid(found)
    for at in np.flatnonzero(mended):
        if crowded(found[[at]], NEAR_MEND):
            found[at], reasons[at] = shapely.Polygon(), NOT_CROSSING
            continue
        found[at] = shapely.make_valid(found[at], method="structure", keep_collapsed=False)
    for at in np.flatnonzero(good & shapely.is_empty(found)):
        reasons[at] = reasons[at] or "encloses no land"
    return found, reasons, mended


def united(shapes: Geometries) -> BaseGeometry | None:
    """Return valid polygons as one; None if they cross one another too often for it."""
    if len(shapes) == 1:  # most files have one a day, and uniting it with nothing takes time
        only: BaseGeometry = shapes[0]
        return only
    if crowded(shapes, NEAR_UNITE):
        return None
    # what does not touch is not compared: 50,000 squares apart take a tenth of a second, not seven
    return shapely.disjoint_subset_union_all(shapes)


def looks_like_degrees(shapes: Geometries) -> bool:
    """Whether all coordinates lie within 180 and 90; no coordinates look like nothing."""
    west, south, east, north = map(float, shapely.total_bounds(shapes))
    return -LONGITUDE <= west <= east <= LONGITUDE and -LATITUDE <= south <= north <= LATITUDE


def ellipsoid_km2(shapes: Geometries) -> NDArray[np.float64]:
    """Return (N,) areas on the ellipsoid of valid polygons in degrees, whose edges are straight in degrees."""
    flat, owner = shapely.get_parts(shapes, return_index=True)
    rings, polygon = shapely.get_rings(flat, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    first, (width, height) = points[:-1, 1], np.diff(points, axis=0).T
    # the land between an edge and the equator, at eight latitudes of the edge: exact to the last digits
    nodes, weights = np.polynomial.legendre.leggauss(8)
    north = _m2_to_latitude(np.radians(first[:, np.newaxis] + np.outer(height, (nodes + 1) / 2)))
    edges = np.where(ring[:-1] == ring[1:], np.radians(width) * (north @ weights) / 2, 0.0)
    signed = np.abs(np.bincount(ring[:-1], edges, len(rings)))
    holes = np.r_[False, polygon[1:] == polygon[:-1]] if len(rings) else np.array([], dtype=bool)
    return np.bincount(owner[polygon], np.where(holes, -signed, signed), len(shapes)) / 1e6


def _m2_to_latitude(latitude: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the square metres of WGS84 between the equator and a latitude, on a strip one radian wide."""
    sine = ECCENTRICITY * np.sin(latitude)
    return POLAR_M**2 / (2 * ECCENTRICITY) * (sine / (1 - sine**2) + np.arctanh(sine))


def crowded(shapes: Geometries, most: int) -> bool:
    """Whether the edges of some polygons come near one another more often than a number, and than so often each."""
    edges = _edges(shapes)
    count = len(edges)
    left = most + NEAR_EACH * count
    if count * count <= left:
        return False
    tree, step = shapely.STRtree(edges), max(1, AT_ONCE // count)
    for first in range(0, count, step):
        left -= tree.query(edges[first : first + step]).shape[1]
        if left < 0:
            return True
    return False


def _edges(shapes: Geometries) -> Geometries:
    """Return the edges of all rings, each as a line."""
    points, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(shapes)), return_index=True)
    return np.asarray(shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1)[ring[:-1] == ring[1:]]))


def _doubts(shapes: Geometries) -> Iterator[tuple[NDArray[np.bool_], Reason]]:
    """Yield which shapes have a fault, and the reason by their number."""
    missing, kind = shapely.is_missing(shapes), shapely.get_type_id(shapes)
    yield missing, lambda _: "has no geometry"
    yield ~missing & ~np.isin(kind, (POLYGON, MULTIPOLYGON)), lambda at: f"is a {shapes[at].geom_type}, not a polygon"
    yield ~missing & shapely.is_empty(shapes), lambda _: "is empty"
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    finite = np.isfinite(points).all(axis=1)
    yield _any(owner[~finite], len(shapes)), lambda _: "has coordinates that are not finite"
    x, y = np.abs(points[finite]).T
    for name, values, most in (("longitude", x, LONGITUDE), ("latitude", y, LATITUDE)):
        beyond, furthest = values > most, np.zeros(len(shapes))
        np.maximum.at(furthest, owner[finite], values)
        yield _any(owner[finite][beyond], len(shapes)), _reaches(name, furthest)
    parts, owner = shapely.get_parts(shapes, return_index=True)
    west, _, east, _ = shapely.bounds(parts).T
    wide = "spans more than half the globe, and no land that somebody holds does"
    yield _any(owner[east - west > HALF_GLOBE], len(shapes)), lambda _: wide


def _reaches(name: str, furthest: NDArray[np.float64]) -> Reason:
    """Return the reason for what lies outside longitude and latitude."""
    return lambda at: f"lies outside longitude and latitude ({name} {furthest[at]:g} from 0)"


def _any(numbers: NDArray[np.intp], count: int) -> NDArray[np.bool_]:
    """Return (N,) which numbers occur."""
    return np.bincount(numbers, minlength=count).astype(bool)

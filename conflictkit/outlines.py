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

# Pairs of stretches of outlines that come near one another: what looks at them, mends and unites costs by their number.
# An outline that somebody drew has some four for each stretch; beyond these numbers, a small file would take minutes.
FEW, NEAR_CHECK, NEAR_MEND, NEAR_UNITE, NEAR_EACH = 1_000, 2_000_000, 5_000, 500_000, 20
# Polygons that are united at once; what share may be left of them for another round; and how many may hang together:
# uniting them takes the square of their number, and so many take some ten seconds.
GROUP, DISSOLVING, MOST_RINGS = 2_000, 0.8, 20_000
POLAR_M, ECCENTRICITY = 6_356_752.314245, 0.0818191908426215  # WGS84: the shorter radius, and how far from a sphere
AT_ONCE = 1_000_000  # pairs looked for in one step

TANGLED = "is too tangled to be the outline of land"


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
    invalid
        (N,) which had to be mended.
    """
    reasons: list[str | None] = [None] * len(shapes)
    for where, reason in _doubts(shapes):
        for at in where.nonzero()[0]:
            reasons[at] = reasons[at] or reason(int(at))
    good = np.array([reason is None for reason in reasons], dtype=bool)
    found = np.full(len(shapes), shapely.Polygon(), dtype=object)
    found[good] = shapely.force_2d(shapes[good])
    for at in np.flatnonzero(shapely.get_num_coordinates(found) > FEW):
        if crowded(found[[at]], NEAR_CHECK):
            found[at], reasons[at] = shapely.Polygon(), TANGLED
    invalid = ~shapely.is_valid(found)
    for at in np.flatnonzero(invalid):
        whole = _mended(found[at])
        found[at], reasons[at] = (shapely.Polygon(), TANGLED) if whole is None else (whole, None)
    for at in np.flatnonzero(good & shapely.is_empty(found)):
        reasons[at] = reasons[at] or "encloses no land"
    return found, reasons, invalid


def mended(shapes: Geometries) -> Geometries:
    """Return valid polygons: what an invalid ring encloses, without the lines where it encloses nothing."""
    found = np.array(shapes, dtype=object)
    for at in np.flatnonzero(~shapely.is_valid(found)):  # to mend what is whole costs as much
        whole = _mended(found[at])
        found[at] = _valid(found[at]) if whole is None else whole
    return found


def united(shapes: Geometries) -> BaseGeometry | None:
    """Return valid polygons as one; None if they cross or touch one another too often for it."""
    if len(shapes) == 1:  # most files have one a day, and uniting it with nothing takes time
        only: BaseGeometry = shapes[0]
        return only
    if crowded(shapes, NEAR_UNITE):
        return None
    # A union takes the square of the number of its parts that touch: parts that do not are kept apart, and the others
    # are united in groups as long as that leaves fewer.
    parts, before = shapely.get_parts(shapes), np.inf
    while len(parts) > GROUP:
        if _clusters_are_small(parts):
            whole: BaseGeometry = shapely.disjoint_subset_union_all(parts)
            return whole
        if len(parts) > DISSOLVING * before:
            return None
        before = len(parts)
        ordered = parts[shapely.STRtree(parts).query(shapely.box(*shapely.total_bounds(parts)))]
        groups = [shapely.union_all(ordered[first : first + GROUP]) for first in range(0, len(ordered), GROUP)]
        parts = shapely.get_parts(groups)
    return shapely.union_all(parts)


def _mended(shape: BaseGeometry) -> BaseGeometry | None:
    """Return an invalid shape as valid polygons, part by part; None if that would take too long."""
    parts = shapely.get_parts(shape)
    for at in np.flatnonzero(~shapely.is_valid(parts)):
        if shapely.get_num_interior_rings(parts[at]) > MOST_RINGS or crowded(parts[[at]], NEAR_MEND):
            return None
        parts[at] = _valid(parts[at])
    return united(parts)


def _valid(shape: BaseGeometry) -> BaseGeometry:
    """Return what the rings of a shape enclose."""
    return shapely.make_valid(shape, method="structure", keep_collapsed=False)


def _clusters_are_small(parts: Geometries) -> bool:
    """Whether the polygons that hang together are few enough, in each cluster, to be united at once."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    pairs: list[NDArray[np.intp]] = []
    tree, left = shapely.STRtree(parts), NEAR_UNITE + NEAR_EACH * len(parts)
    step = max(1, AT_ONCE // len(parts))
    for first in range(0, len(parts), step):
        boxes = tree.query(parts[first : first + step])
        if (left := left - boxes.shape[1]) < 0:
            return False
        pairs.append(boxes + np.array([[first], [0]]))
    one, other = np.concatenate(pairs, axis=1)
    touching = shapely.intersects(parts[one], parts[other])
    links = coo_array((touching[touching], (one[touching], other[touching])), shape=(len(parts), len(parts)))
    sizes = np.bincount(connected_components(links, directed=False)[1]).astype(float)
    return float((sizes**2).sum()) <= MOST_RINGS**2


def looks_like_degrees(shapes: Geometries) -> bool:
    """Whether all coordinates lie within 180 and 90; no coordinates look like nothing."""
    west, south, east, north = map(float, shapely.total_bounds(shapes))
    return -LONGITUDE <= west <= east <= LONGITUDE and -LATITUDE <= south <= north <= LATITUDE


SHORT_DEG = 0.03  # of latitude that an edge spans: the area below it is then as good as that of a straight line


def ellipsoid_km2(shapes: Geometries) -> NDArray[np.float64]:
    """Return (N,) areas on the ellipsoid of valid polygons in degrees, whose edges are straight in degrees."""
    flat, owner = shapely.get_parts(shapes, return_index=True)
    rings, polygon = shapely.get_rings(flat, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    first, (width, height) = points[:-1, 1], np.diff(points, axis=0).T
    # the land between an edge and the equator, at so many latitudes of the edge that it is exact to the last digits
    north = np.empty(len(first))
    short = np.abs(height) <= SHORT_DEG
    for some, count in ((short, 2), (~short, 8)):
        nodes, weights = np.polynomial.legendre.leggauss(count)
        at = np.radians(first[some, np.newaxis] + np.outer(height[some], (nodes + 1) / 2))
        north[some] = _m2_to_latitude(at) @ weights
    edges = np.where(ring[:-1] == ring[1:], np.radians(width) * north / 2, 0.0)
    signed = np.abs(np.bincount(ring[:-1], edges, len(rings)))
    holes = np.r_[False, polygon[1:] == polygon[:-1]] if len(rings) else np.array([], dtype=bool)
    return np.bincount(owner[polygon], np.where(holes, -signed, signed), len(shapes)) / 1e6


def _m2_to_latitude(latitude: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the square metres of WGS84 between the equator and a latitude, on a strip one radian wide."""
    sine = ECCENTRICITY * np.sin(latitude)
    return POLAR_M**2 / (2 * ECCENTRICITY) * (sine / (1 - sine**2) + np.arctanh(sine))


def crowded(shapes: Geometries, most: int) -> bool:
    """Whether stretches of the outlines of some polygons come near one another more often than a number, and each.

    A stretch goes in one direction, such as north-east, and near means that the boxes around two of them meet. What
    is done to outlines compares them so, one by one.
    """
    boxes = _stretches(shapes)
    count = len(boxes)
    left = most + NEAR_EACH * count
    if count * count <= left:
        return False
    tree, step = shapely.STRtree(boxes), max(1, AT_ONCE // count)
    for first in range(0, count, step):
        left -= tree.query(boxes[first : first + step]).shape[1]
        if left < 0:
            return True
    return False


def _stretches(shapes: Geometries) -> Geometries:
    """Return the diagonals of the boxes around the stretches of all rings that go in one direction."""
    points, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(shapes)), return_index=True)
    within = ring[:-1] == ring[1:]
    first, last = points[:-1][within], points[1:][within]
    if not len(first):
        return np.array([], dtype=object)
    east, north = (last >= first).T
    turns = (np.diff(east) != 0) | (np.diff(north) != 0) | (np.diff(ring[:-1][within]) != 0)
    starts = np.r_[0, np.flatnonzero(turns) + 1]
    low = np.minimum.reduceat(np.minimum(first, last), starts)
    high = np.maximum.reduceat(np.maximum(first, last), starts)
    # to a tree a line is the box around it, and made in half the time
    return np.asarray(shapely.linestrings(np.stack([low, high], axis=1)))


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

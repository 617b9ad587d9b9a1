"""Geometry as small integers: degrees rounded to a grid, each point as its distance from the one before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from conflictkit.geometry import M2_PER_KM2, WGS84, transformation

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyproj
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Geometries = NDArray[np.object_]
    Ring = list[int]

# Steps per degree: 0.001 degrees are 111 m from south to north, which is less than the 0.9 km by which the border of
# the two countries differs between two public sources, and less than the precision of any place.
GRID = 1000


def table(**columns: Iterable[Any]) -> dict[str, Any]:
    """Return columns of equal length as rows, with the names once: what ``records`` in web/payload.js reads."""
    return {"columns": list(columns), "rows": [list(row) for row in zip(*columns.values(), strict=True)]}


def snapped(shapes: Geometries) -> Geometries:
    """Return shapes in degrees with every vertex on the grid; equal vertices stay equal, so neighbours still meet."""
    return np.asarray(shapely.transform(shapes, lambda xy: np.round(xy * GRID) / GRID))


def polygons(shape: BaseGeometry) -> list[list[Ring]]:
    """Return the polygons of a shape, each a list of rings, the outer one first.

    Parameters
    ----------
    shape
        Polygons in degrees.

    Returns
    -------
    list
        One entry per polygon. A ring is ``[x, y, dx, dy, ...]`` in steps of the grid, without its last point, which
        repeats the first. Rings that the grid leaves no area are dropped.
    """
    found = []
    for part in shapely.get_parts(shape):
        rings = [line(ring)[:-2] for ring in shapely.get_rings(part)]
        if rings and len(rings[0]) >= 6:  # noqa: PLR2004 - three points
            found.append([ring for ring in rings if len(ring) >= 6])  # noqa: PLR2004 - three points
    return found


def lines(shapes: Geometries) -> list[Ring]:
    """Return the lines of some shapes, each as ``[x, y, dx, dy, ...]`` in steps of the grid."""
    merged = shapely.line_merge(shapely.union_all(shapes))
    found = [line(part) for part in shapely.get_parts(merged)]
    return [points for points in found if len(points) >= 4]  # noqa: PLR2004 - two points


def line(shape: BaseGeometry) -> Ring:
    """Return the points of one line or ring, those that fall on the one before left out."""
    points = np.round(shapely.get_coordinates(shape) * GRID).astype(int)
    moved = np.append(True, (np.diff(points, axis=0) != 0).any(axis=1))
    points = points[moved]
    return [int(step) for step in np.vstack([points[:1], np.diff(points, axis=0)]).ravel()]


def area_km2(shapes: Geometries, crs: pyproj.CRS) -> NDArray[np.float64]:
    """Return the area of shapes as a page draws them, their vertices projected to an equal-area projection."""
    return np.asarray(shapely.area(shapely.transform(shapes, transformation(WGS84, crs))) / M2_PER_KM2)

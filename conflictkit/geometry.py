"""Geometry of the territory model: a local projection, Voronoi cells, the land near settlements.

Pure functions on arrays of coordinates and polygons. Nothing here knows a date, an actor or a table: the territory
model says who holds which cell, this module says where the cell is and how large.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pyproj
import shapely

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Floats = NDArray[np.float64]
    Geometries = NDArray[np.object_]

WGS84 = "EPSG:4326"

# Edges are cut to this length before they are projected, in degrees and, on the way back, in metres: a straight line
# on one side is a curve on the other, and over 5 km the two are at most 0.4 m apart at these latitudes.
EDGE_DEG, EDGE_M = 0.05, 5_000.0

# Sites are rounded to a whole metre, the precision of the five decimals in the tables, so that two sites are either
# the same point or far enough apart for an exact Voronoi diagram.
SITE_M = 1.0

# Segments in a quarter of a disc: the polygon is then 0.01 % smaller than the circle.
DISC_SEGMENTS = 64

M2_PER_KM2 = 1e6
EARTH_KM = 6371.0  # mean radius of the Earth, of the ellipsoid of 1980 (GRS 80), rounded


@dataclass(frozen=True, eq=False)
class Tessellation:
    """A partition of land into the cells of sites, and the part of each cell near a settlement.

    P sites in the caller's order, C countries in the caller's order; all geometry is in ``crs``, in metres.

    Attributes
    ----------
    crs
        Lambert azimuthal equal-area projection, centred on the land.
    sites
        (P, 2) easting and northing, rounded to the metre.
    cells
        (P,) Voronoi cells, not clipped; empty for a site that repeats the point of an earlier one.
    pieces
        (P, C) cells clipped to each country; empty where they do not meet.
    claimed_km2, core_km2
        (P, C) area of each piece, and of the part of it in the core zone.
    land, core, outside
        The land of all countries together; the part within the core radius of a settlement; the rest.
    grounds
        (C,) the countries.
    blank
        The land that no site stands for: of countries without any. Empty as a rule; the pieces leave it out.
    blank_claimed_km2, blank_core_km2
        (C,) its area in each country, and that of its core.
    """

    crs: pyproj.CRS
    sites: Floats
    cells: Geometries
    pieces: Geometries
    claimed_km2: Floats
    core_km2: Floats
    land: BaseGeometry
    core: BaseGeometry
    outside: BaseGeometry
    grounds: Geometries
    blank: BaseGeometry
    blank_claimed_km2: Floats
    blank_core_km2: Floats

    def km2(self, level: str) -> Floats:
        """Return (P, C) the areas of one level: ``claimed`` or ``core``."""
        return self.core_km2 if level == "core" else self.claimed_km2

    def blank_km2(self, level: str) -> Floats:
        """Return (C,) the land at a level that no site stands for."""
        return self.blank_core_km2 if level == "core" else self.blank_claimed_km2

    @cached_property
    def whole_km2(self) -> Floats:
        """(C,) the land of each country."""
        whole: Floats = self.claimed_km2.sum(axis=0) + self.blank_claimed_km2
        return whole

    def mask(self, level: str) -> BaseGeometry:
        """Return the land at a level that the cells divide."""
        return self._masks[level]

    @cached_property
    def _masks(self) -> dict[str, BaseGeometry]:
        whole = {"claimed": self.land, "core": self.core}
        if self.blank.is_empty:
            return whole
        return {level: shapely.difference(land, self.blank) for level, land in whole.items()}

    def divided(self, grounds: Geometries) -> Tessellation:
        """Return the same cells and the same land, counted in other regions, (C,) polygons in metres."""
        clear = np.asarray(shapely.difference(grounds, self.blank), dtype=object)
        pieces = clip(self.cells[:, np.newaxis], grounds if self.blank.is_empty else clear)
        blank = clip(grounds, np.array(self.blank))
        return replace(
            self,
            grounds=grounds,
            pieces=pieces,
            claimed_km2=km2_of(pieces),
            core_km2=km2_of(clip(pieces, np.array(self.core))),
            blank_claimed_km2=km2_of(blank),
            blank_core_km2=km2_of(clip(blank, np.array(self.core))),
        )


def km2_of(shapes: Geometries) -> Floats:
    """Return the area of shapes in metres."""
    return np.asarray(shapely.area(shapes) / M2_PER_KM2)


def tessellate(
    sites: Floats,
    countries: Geometries,
    settlements: Floats,
    *,
    core_radius_km: float,
    sited: NDArray[np.bool_] | None = None,
) -> Tessellation:
    """Divide the land of some countries among sites, each point to the nearest site.

    Parameters
    ----------
    sites
        (P, 2) longitude and latitude, in degrees. Of sites on one point the first has the cell.
    countries
        (C,) polygons in degrees (EPSG:4326) that do not overlap.
    settlements
        (S, 2) longitude and latitude of the settlements that the core is measured from.
    core_radius_km
        Land within this distance of a settlement is core: 0 makes none, infinity all of it.
    sited
        (C,) whether the sites stand for each country: all of them by default. The land of the others is blank.

    Returns
    -------
    Tessellation
        Cells, pieces and their areas.
    """
    given = (np.ascontiguousarray(points, dtype=float).tobytes() for points in (sites, settlements))
    held = (True,) * len(countries) if sited is None else tuple(sited.tolist())
    return _tessellation(*given, tuple(shapely.to_wkb(countries).tolist()), float(core_radius_km), held)


@lru_cache(maxsize=4)  # the same table gives the same cells: tests and scores build it again and again
def _tessellation(
    site_bytes: bytes,
    settlement_bytes: bytes,
    country_bytes: tuple[bytes, ...],
    core_radius_km: float,
    sited: tuple[bool, ...],
) -> Tessellation:
    """Divide land among sites, all given as what can be looked up."""
    sites, settlements = (np.frombuffer(given).reshape(-1, 2) for given in (site_bytes, settlement_bytes))
    countries = shapely.from_wkb(np.array(country_bytes, dtype=object))
    whole = shapely.union_all(countries)
    crs = local_crs(whole)
    land, *lands = project_land(np.array([whole, *countries]), crs)
    zone = near(project_points(settlements, crs), core_radius_km * 1000, land=land)

    points = np.round(project_points(sites, crs) / SITE_M) * SITE_M
    cells, grounds = voronoi_cells(points, around=land), np.array(lands, dtype=object)
    held, blank = (np.full(len(grounds), shapely.Polygon(), dtype=object) for _ in range(2))
    by_site = np.array(sited)
    held[by_site], blank[~by_site] = grounds[by_site], grounds[~by_site]
    pieces = clip(cells[:, np.newaxis], held)
    return Tessellation(
        crs=crs,
        sites=points,
        cells=cells,
        pieces=pieces,
        claimed_km2=km2_of(pieces),
        core_km2=km2_of(clip(pieces, np.array(zone))),
        land=land,
        core=shapely.intersection(land, zone),
        outside=shapely.difference(land, zone),
        grounds=grounds,
        blank=only_polygons(shapely.union_all(blank)),
        blank_claimed_km2=km2_of(blank),
        blank_core_km2=km2_of(clip(blank, np.array(zone))),
    )


def local_crs(land: BaseGeometry) -> pyproj.CRS:
    """Return the Lambert azimuthal equal-area projection centred on a piece of land.

    Parameters
    ----------
    land
        Geometry in degrees. The centre is its centroid, rounded to 0.01 degrees so that a redrawn border does not
        move it.

    Returns
    -------
    pyproj.CRS
        Areas are exact on the ellipsoid; distances are within 0.1 % up to 500 km from the centre.
    """
    centre = land.centroid
    return pyproj.CRS.from_dict(
        {"proj": "laea", "lat_0": round(centre.y, 2), "lon_0": round(centre.x, 2), "datum": "WGS84", "units": "m"}
    )


def project_points(lonlat: Floats, crs: pyproj.CRS) -> Floats:
    """Project points from degrees to metres.

    Parameters
    ----------
    lonlat
        (N, 2) longitude and latitude.
    crs
        The local projection.

    Returns
    -------
    numpy.ndarray
        (N, 2) easting and northing.
    """
    return transformation(WGS84, crs)(lonlat)


def project(polygons: Geometries, crs: pyproj.CRS) -> Geometries:
    """Project polygons from degrees to metres; their edges are straight in degrees, as in GeoJSON.

    Parameters
    ----------
    polygons
        (N,) polygons and multipolygons, in EPSG:4326.
    crs
        The local projection.

    Returns
    -------
    numpy.ndarray
        (N,) the same, in metres.
    """
    return shapely.transform(shapely.segmentize(polygons, EDGE_DEG), transformation(WGS84, crs))


def project_land(polygons: Geometries, crs: pyproj.CRS) -> Geometries:
    """Project the land of countries or regions from degrees to metres, and mend what crosses itself there.

    Parameters
    ----------
    polygons
        (N,) polygons and multipolygons without a crossing, in EPSG:4326.
    crs
        The local projection.

    Returns
    -------
    numpy.ndarray
        (N,) the same, in metres. Where a border of few points touches itself, rounding makes a crossing of the touch.
    """
    metres = project(polygons, crs)
    crossed = ~shapely.is_valid(metres)
    if crossed.any():
        metres[crossed] = [only_polygons(shape) for shape in shapely.make_valid(metres[crossed])]
    return metres


def unproject(polygons: Geometries, crs: pyproj.CRS) -> Geometries:
    """Turn polygons in metres back into degrees; their edges are straight in metres.

    Parameters
    ----------
    polygons
        (N,) polygons and multipolygons, in ``crs``.
    crs
        The local projection.

    Returns
    -------
    numpy.ndarray
        (N,) the same, in EPSG:4326.
    """
    return shapely.transform(shapely.segmentize(polygons, EDGE_M), transformation(crs, WGS84))


@lru_cache(maxsize=32)  # making one costs more than projecting a thousand points
def transformation(source: str | pyproj.CRS, target: str | pyproj.CRS) -> Callable[[Floats], Floats]:
    """Return the function that takes (N, 2) coordinates, x first, from one CRS to another."""
    transformer = pyproj.Transformer.from_crs(source, target, always_xy=True)
    return lambda points: np.column_stack(transformer.transform(points[:, 0], points[:, 1]))


def voronoi_cells(points: Floats, *, around: BaseGeometry) -> Geometries:
    """Return the Voronoi cell of each point, in the order of the points.

    Parameters
    ----------
    points
        (P, 2) easting and northing, in metres; two of them are equal or clearly apart, as after rounding.
    around
        The cells together cover the bounding box of this geometry.

    Returns
    -------
    numpy.ndarray
        (P,) convex polygons; an empty one where a point repeats an earlier one.

    Notes
    -----
    Neighbouring cells share the very same vertices, so any set of them is joined exactly by ``dissolve``.
    """
    cells = np.full(len(points), shapely.Polygon(), dtype=object)
    # sorted, so that the order of the rows cannot reach the last digit of an area
    distinct, first = np.unique(points, axis=0, return_index=True)
    diagram = shapely.voronoi_polygons(shapely.multipoints(distinct), extend_to=shapely.envelope(around), ordered=True)
    cells[first] = shapely.get_parts(diagram)
    return cells


def near(points: Floats, radius: float, *, land: BaseGeometry) -> BaseGeometry:
    """Return everything within a distance of some points.

    Parameters
    ----------
    points
        (S, 2) easting and northing, in metres.
    radius
        In metres; infinity gives the box around the land.
    land
        The land of interest.

    Returns
    -------
    shapely.Geometry
        Discs joined into one polygon or several.
    """
    if np.isinf(radius):
        return shapely.envelope(land)
    return shapely.union_all(shapely.buffer(shapely.points(points), radius, quad_segs=DISC_SEGMENTS))


def clip(geometry: Geometries, mask: Geometries) -> Geometries:
    """Return the polygons of an intersection, leaving what lies inside the mask untouched.

    Parameters
    ----------
    geometry
        Array of polygons.
    mask
        Polygons that broadcast against ``geometry``; one for all in an array without dimensions.

    Returns
    -------
    numpy.ndarray
        Polygons and multipolygons in the broadcast shape, empty where nothing is left.
    """
    shapely.prepare(mask)
    # copies: shapely 2.1 asks whether its input may be written to, and numpy warns of that for what it broadcast
    geometry, mask = (part.copy() for part in np.broadcast_arrays(geometry, mask))
    clipped = geometry.copy()
    clipped[shapely.disjoint(mask, geometry)] = shapely.Polygon()
    cut = shapely.intersects(mask, geometry) & ~shapely.covers(mask, geometry)
    clipped[cut] = [only_polygons(part) for part in shapely.intersection(geometry[cut], mask[cut])]
    return clipped


def only_polygons(geometry: BaseGeometry) -> BaseGeometry:
    """Drop the points and lines that an intersection leaves where two polygons only touch.

    Parameters
    ----------
    geometry
        Any geometry.

    Returns
    -------
    shapely.Geometry
        A polygon, a multipolygon or an empty polygon.
    """
    parts = shapely.get_parts(shapely.get_parts(geometry))
    flat = parts[shapely.get_dimensions(parts) == 2]  # noqa: PLR2004 - two dimensions: a polygon
    if len(flat) == 0:
        return shapely.Polygon()
    whole: BaseGeometry = flat[0] if len(flat) == 1 else shapely.multipolygons(flat)
    return whole


def dissolve(cells: Geometries, mask: BaseGeometry) -> BaseGeometry:
    """Join cells of one tessellation and clip them once.

    Parameters
    ----------
    cells
        Cells that do not overlap and share their vertices.
    mask
        The land to keep.

    Returns
    -------
    shapely.Geometry
        Valid polygon or multipolygon. Joining before clipping leaves no slivers: the borders are cut once, not once
        for each cell.
    """
    return only_polygons(shapely.intersection(shapely.coverage_union_all(cells), mask))


def close_pairs(points: Floats, distance: float) -> NDArray[np.intp]:
    """Return the pairs of points closer than a distance.

    Parameters
    ----------
    points
        (P, 2) easting and northing, in metres.
    distance
        In metres.

    Returns
    -------
    numpy.ndarray
        (K, 2) indices, the smaller one first, in ascending order.
    """
    marks = np.array(shapely.points(points))
    pairs = shapely.STRtree(marks).query(marks, predicate="dwithin", distance=distance).T
    ascending = pairs[pairs[:, 0] < pairs[:, 1]]
    order = np.lexsort((ascending[:, 1], ascending[:, 0]))
    return ascending[order]

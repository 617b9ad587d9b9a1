"""Geometry of the model: exact areas, a partition without gaps, cells that belong to the nearest site."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from conflictkit.geometry import (
    clip,
    close_pairs,
    dissolve,
    local_crs,
    near,
    only_polygons,
    project,
    project_land,
    project_points,
    tessellate,
    unproject,
    voronoi_cells,
)

GEOD = pyproj.Geod(ellps="WGS84")
SQUARE = shapely.box(-100_000, -100_000, 100_000, 100_000)

metres = st.integers(-100_000, 100_000)
sites = st.lists(st.tuples(metres, metres), min_size=1, max_size=25).map(lambda rows: np.array(rows, dtype=float))
boxes = st.tuples(st.floats(36.0, 44.0), st.floats(30.0, 35.0), st.floats(0.1, 5.0), st.floats(0.1, 3.0)).map(
    lambda b: shapely.box(b[0], b[1], b[0] + b[2], b[1] + b[3])
)


def geodesic_km2(polygon: shapely.Polygon) -> float:
    """Area on the ellipsoid of a polygon in degrees whose edges are straight in degrees."""
    dense = shapely.segmentize(polygon, 0.002)
    return abs(GEOD.geometry_area_perimeter(dense)[0]) / 1e6


@settings(max_examples=25)
@given(boxes)
def test_area_of_a_box_is_its_area_on_the_ellipsoid(box: shapely.Polygon) -> None:
    """Invariant 8: projected exactly, no grid and no scale factor."""
    projected = project(np.array([box]), local_crs(box))[0]
    assert projected.area / 1e6 == pytest.approx(geodesic_km2(box), rel=1e-6)


def test_unproject_brings_a_polygon_back() -> None:
    """There and back keeps the corners to the 1 mm of PROJ's inverse series, and the cut edges (chords) to 0.1 m."""
    box = shapely.box(39, 33, 43, 36)
    crs = local_crs(box)
    back = unproject(project(np.array([box]), crs), crs)[0]
    corners, vertices = shapely.points(shapely.get_coordinates(box)), shapely.multipoints(shapely.get_coordinates(back))
    assert shapely.distance(corners, vertices).max() < 2e-8
    assert shapely.hausdorff_distance(back, box) < 1e-6


def test_local_crs_is_centred_on_the_land() -> None:
    """The centre of the land is the origin of the projection."""
    crs = local_crs(shapely.box(40, 32, 42, 36))
    assert np.abs(project_points(np.array([[41.0, 34.0]]), crs)).max() < 1e-6


@settings(max_examples=50)
@given(sites, st.lists(st.tuples(metres, metres), min_size=1, max_size=20))
def test_each_point_is_in_the_cell_of_its_nearest_site(points: np.ndarray, asked: list[tuple[int, int]]) -> None:
    """Voronoi by definition, with sites on one point, on one line and alone."""
    cells = voronoi_cells(points, around=SQUARE)
    for point in asked:
        distances = np.hypot(*(points - point).T)
        owner = [cell.distance(shapely.Point(point)) < 1e-6 for cell in cells]
        nearest = distances < distances.min() + 1e-6
        distinct = ~shapely.is_empty(cells)
        assert (np.array(owner)[distinct & nearest]).all()
        assert not np.array(owner)[distances > distances.min() + 1].any()


@settings(max_examples=50)
@given(sites)
def test_cells_fill_the_square_without_overlap(points: np.ndarray) -> None:
    """Invariant 2: areas add up to the square, and the dissolved whole has neither holes nor slivers."""
    cells = voronoi_cells(points, around=SQUARE)
    pieces = clip(cells, np.array(SQUARE))
    whole = dissolve(cells, SQUARE)
    assert shapely.area(pieces).sum() == pytest.approx(SQUARE.area, rel=1e-12)
    assert whole.geom_type == "Polygon"
    assert len(whole.interiors) == 0
    assert whole.area == pytest.approx(SQUARE.area, rel=1e-12)


@settings(max_examples=25)
@given(sites, st.randoms(use_true_random=False))
def test_order_of_sites_changes_no_cell(points: np.ndarray, random: object) -> None:
    """Invariant 4: the same cells in the new order, to the last digit."""
    distinct = np.unique(points, axis=0)
    order = list(range(len(distinct)))
    random.shuffle(order)  # type: ignore[attr-defined]
    straight, shuffled = voronoi_cells(distinct, around=SQUARE), voronoi_cells(distinct[order], around=SQUARE)
    assert (shapely.to_wkb(straight[order]) == shapely.to_wkb(shuffled)).all()


def test_of_sites_on_one_point_the_first_has_the_cell() -> None:
    """A repeated point gets no land, whichever sites stand between."""
    cells = voronoi_cells(np.array([[5.0, 5.0], [900.0, 0.0], [5.0, 5.0]]), around=SQUARE)
    assert shapely.is_empty(cells).tolist() == [False, False, True]


@pytest.mark.parametrize("radius", [0.0, 10.0, 50_000.0])
def test_near_is_a_disc(radius: float) -> None:
    """Within a hundredth of a percent of the circle, and never more than it."""
    disc = near(np.array([[0.0, 0.0]]), radius, land=SQUARE).area
    assert np.pi * radius**2 * 0.9998 <= disc <= np.pi * radius**2


def test_near_without_bound_covers_the_land() -> None:
    """An infinite radius needs no settlement near."""
    assert near(np.array([[9e9, 9e9]]), np.inf, land=SQUARE).covers(SQUARE)


def test_clip_leaves_what_is_inside_untouched_and_empties_the_rest() -> None:
    """Inside: the same object's bytes; outside or only touching: empty; across: cut."""
    inside, across = shapely.box(1, 1, 2, 2), shapely.box(-1, 0, 1, 2)
    touching, outside = shapely.box(-3, 0, 0, 4), shapely.box(-9, -9, -8, -8)
    clipped = clip(np.array([inside, across, touching, outside]), np.array(shapely.box(0, 0, 4, 4)))
    assert clipped[0].equals_exact(inside)
    assert shapely.area(clipped).tolist() == [1.0, 2.0, 0.0, 0.0]
    assert shapely.is_empty(clipped).tolist() == [False, False, True, True]


def test_only_polygons_drops_points_and_lines() -> None:
    """What is left where polygons merely touch has no area and is no land."""
    mixed = shapely.from_wkt("GEOMETRYCOLLECTION (POINT (9 9), LINESTRING (0 0, 5 5), POLYGON ((0 0, 1 0, 1 1, 0 0)))")
    assert only_polygons(mixed).geom_type == "Polygon"
    assert only_polygons(shapely.Point(0, 0)).is_empty


def test_close_pairs_are_those_of_brute_force() -> None:
    """Every pair nearer than the distance, once, in order."""
    points = np.random.default_rng(2).uniform(0, 100, (60, 2))
    gaps = np.hypot(*(points[:, np.newaxis] - points).transpose(2, 0, 1))
    expected = np.argwhere(np.triu(gaps < 10, k=1))
    assert len(expected) > 10
    assert close_pairs(points, 10).tolist() == expected.tolist()


def test_tessellate_gives_each_country_its_part_of_a_cell() -> None:
    """Two countries, one site each side of their border but off centre: the cell of the first reaches across."""
    west, east = shapely.box(40, 33, 42, 35), shapely.box(42, 33, 44, 35)
    parts = tessellate(
        np.array([[40.5, 34.0], [43.9, 34.0]]), np.array([west, east]), np.array([[40.5, 34.0]]), core_radius_km=29
    )
    assert parts.claimed_km2.sum(axis=0) == pytest.approx([geodesic_km2(west), geodesic_km2(east)], rel=1e-6)
    assert parts.claimed_km2[1, 0] == 0
    assert parts.claimed_km2[0, 1] > 1_000
    assert parts.core_km2.tolist() == [[pytest.approx(np.pi * 29**2, rel=1e-3), 0.0], [0.0, 0.0]]
    assert parts.core.area + parts.outside.area == pytest.approx(parts.land.area, rel=1e-12)


def test_a_border_of_few_points_that_touches_itself() -> None:
    """A part that meets an edge of another in a point of it overlaps it in metres, by rounding: it is mended."""
    foot = (23.158_293_710_110_96, 13.226_732_616_841_089)
    edge = [(20, 10.122_920_571_808_583), (30, 19.950_417_093_414_412)]
    parts = [[*edge, (30, 9), (20, 9)], [foot, (foot[0] - 1, foot[1] + 2), (foot[0] - 0.5, foot[1] + 3)]]
    land = np.array([shapely.MultiPolygon([shapely.Polygon(part) for part in parts])])
    crs = local_crs(land[0])
    assert shapely.is_valid(land).all()
    assert not shapely.is_valid(project(land, crs)).all(), "nothing to mend"
    (metres,) = project_land(land, crs)
    assert metres.is_valid
    assert metres.area == pytest.approx(project(land, crs)[0].area, rel=1e-4)

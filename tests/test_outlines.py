"""Outlines of land: what can be one, how it is mended and united, and that neither takes longer than it is worth."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import Geod

from conflictkit.outlines import (
    NEAR_CHECK,
    NEAR_MEND,
    crowded,
    ellipsoid_km2,
    lands,
    looks_like_degrees,
    mended,
    united,
)

SQUARE = shapely.box(40, 34, 41, 35)


def array(*shapes: shapely.Geometry | None) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """Shapes as an array."""
    found = np.empty(len(shapes), dtype=object)
    found[:] = shapes
    return found


def scribble(points: int) -> shapely.Polygon:
    """Return a ring that crosses itself everywhere."""
    at = np.arange(points)
    return shapely.Polygon(np.column_stack([40 + at * 7919 % points / points, 34 + at * 104_729 % points / points]))


def squares(count: int, *, wide: float = 0.008) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """Return squares in rows of a thousand, 0.01 degrees from one to the next."""
    x, y = 35 + np.arange(count) % 1000 * 0.01, 29 + np.arange(count) // 1000 * 0.01
    return np.asarray(shapely.box(x, y, x + wide, y + wide))


# Areas


@pytest.mark.parametrize(
    "shape",
    [
        SQUARE,
        shapely.Polygon([(38, 33), (46, 34), (40, 37)]),
        shapely.box(40, 34, 44, 38).difference(shapely.box(41, 35, 42, 36)),
        shapely.multipolygons([SQUARE, shapely.box(-70, -56, -60, -50)]),
        shapely.box(-90, -80, 89, 85),
    ],
    ids=["square", "oblique", "hole", "two parts", "half the globe"],
)
def test_areas_are_those_of_the_ellipsoid(shape: shapely.Geometry) -> None:
    """As the geodesic library has them for edges cut very short."""
    geod, cut = Geod(ellps="WGS84"), shapely.segmentize(shape, 0.01)
    expected = sum(abs(geod.geometry_area_perimeter(part.exterior)[0]) for part in shapely.get_parts(cut))
    expected -= sum(
        abs(geod.geometry_area_perimeter(hole)[0]) for part in shapely.get_parts(cut) for hole in part.interiors
    )
    assert ellipsoid_km2(array(shape)) == pytest.approx([expected / 1e6], rel=1e-7)


def test_areas_of_nothing_and_of_many() -> None:
    """One number each, in their order."""
    assert ellipsoid_km2(array()).tolist() == []
    assert ellipsoid_km2(array(shapely.Polygon(), SQUARE)) == pytest.approx([0, 10_188], abs=1)


# What is land


def test_only_what_is_broken_is_mended() -> None:
    """A bow-tie becomes its two halves; what is valid is the very same object."""
    whole = shapely.box(0, 0, 1, 1)
    bow_tie = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    given = array(whole, bow_tie)
    kept, repaired = mended(given)
    assert kept is whole
    assert given[1] is bow_tie
    assert repaired.is_valid
    assert repaired.area == pytest.approx(0.5)


def test_each_shape_is_land_or_has_a_reason() -> None:
    """Heights go; an invalid ring is mended and said to be; nothing else passes."""
    with np.errstate(invalid="ignore"):
        nowhere = shapely.Polygon([(40, 34), (np.nan, 34), (41, 35)])
    given = array(
        shapely.force_3d(SQUARE, 7), shapely.Polygon([(40, 34), (41, 35), (41, 34), (40, 35)]), None, shapely.Polygon(),
        shapely.Point(40, 34), nowhere, shapely.box(40, 34, 41, 90.5), shapely.box(-170, 10, 170, 20),
        shapely.Polygon([(40, 34), (41, 34), (40, 34)]), scribble(2_000),
    )  # fmt: skip
    with np.errstate(all="raise"):
        found, reasons, invalid = lands(given)
    assert reasons == [
        None, None, "has no geometry", "is empty", "is a Point, not a polygon", "has coordinates that are not finite",
        "lies outside longitude and latitude (latitude 90.5 from 0)",
        "spans more than half the globe, and no land that somebody holds does", "encloses no land",
        "is too tangled to be the outline of land",
    ]  # fmt: skip
    assert shapely.is_valid(found).all()
    assert shapely.is_empty(found).tolist() == [False, False, *[True] * 8]
    assert not shapely.has_z(found).any()
    assert invalid[:2].tolist() == [False, True]


def test_degrees_are_known_by_their_size() -> None:
    """No coordinate, or one beyond, is none."""
    assert looks_like_degrees(array(SQUARE, None))
    assert not looks_like_degrees(array(None))
    assert not looks_like_degrees(array(SQUARE, shapely.box(0, 0, 181, 1)))


# Time


def test_a_ring_that_crosses_itself_everywhere_is_not_mended() -> None:
    """8,000 points, 177 kB: it took 24 seconds."""
    _, (reason,), _ = lands(array(scribble(8_000)))
    assert reason == "is too tangled to be the outline of land"


@pytest.mark.slow
def test_squares_in_squares_are_not_compared_one_by_one() -> None:
    """20,000 in one another, 1.4 MB: whether they are valid was asked for minutes."""
    low = np.arange(20_000) / 1e5
    corners = [(40 + low, 34 + low), (41 - low, 34 + low), (41 - low, 35 - low), (40 + low, 35 - low)]
    nested = shapely.multipolygons(shapely.polygons(np.stack([np.column_stack(corner) for corner in corners], axis=1)))
    assert crowded(array(nested), NEAR_CHECK)
    assert lands(array(nested))[1] == ["is too tangled to be the outline of land"]


def test_what_somebody_drew_is_not_tangled() -> None:
    """A coast of 100,000 points; the same with a loop in it, which is mended."""
    angle = np.linspace(0, 2 * np.pi, 100_000, endpoint=False)
    far = 1 + 0.01 * np.sin(2_000 * angle)
    coast = np.column_stack([45 + far * np.cos(angle), 35 + far * np.sin(angle)])
    assert not crowded(array(shapely.Polygon(coast)), NEAR_MEND)
    loop = np.insert(coast, 1, [(46.5, 35.1), (46.4, 35.1), (46.5, 35)], axis=0)
    _, (plain, mendable), invalid = lands(array(shapely.Polygon(coast), shapely.Polygon(loop)))
    assert plain is mendable is None
    assert invalid.tolist() == [False, True]


@pytest.mark.slow
def test_many_polygons_apart_are_united_in_no_time() -> None:
    """50,000 squares: it took 7 seconds, of which nothing was needed."""
    whole = united(squares(50_000))
    assert whole is not None
    assert shapely.get_num_geometries(whole) == 50_000


@pytest.mark.slow
@pytest.mark.parametrize(
    ("wide", "parts"), [(0.0101, 1), (0.01, None), (0.008, 6_000)], ids=["over", "side by side", "apart"]
)
def test_united_is_the_union(wide: float, parts: int | None) -> None:
    """In groups as well as at once; no area is lost."""
    shapes = squares(6_000, wide=wide)
    whole = united(shapes)
    assert whole is not None
    assert whole.is_valid
    assert parts is None or shapely.get_num_geometries(whole) == parts
    assert whole.area == pytest.approx(shapely.union_all(shapes).area, rel=1e-9)


def test_polygons_that_cross_everywhere_are_not_united() -> None:
    """Two combs across each other have a million crossings."""
    teeth = np.arange(1_000) / 1_000
    comb = np.stack(
        [np.column_stack([40 + teeth, teeth * 0 + 35]), np.column_stack([40.0005 + teeth, teeth * 0 + 34.1])]
    )
    points = [(40.0, 34.0), *comb.transpose(1, 0, 2).reshape(-1, 2).tolist(), (41.0, 35.0), (41.0, 34.0)]
    one, other = shapely.Polygon(points), shapely.Polygon([(y + 6, x - 6) for x, y in points])
    assert united(array(one, other)) is None
    assert united(array(one)) is one

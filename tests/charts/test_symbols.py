"""Symbols of forces differ without colour, and make room for each other."""

from __future__ import annotations

from itertools import combinations
from math import hypot, nan

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

import conflictkit as ck
from conflictkit.charts import _symbols as symbols
from conflictkit.deployments._reports import KIND_NAMES

POINT = st.tuples(st.floats(0, 100), st.floats(0, 100))


def test_every_side_has_a_shape_and_every_kind_a_mark_of_its_own() -> None:
    """Outlines differ by a tenth of their area at least, whatever their colour; marks stay inside all of them."""
    sides = ck.Tables.shipped().sides["side"]
    outlines = symbols.shapes_of(sides)
    assert set(outlines) == set(sides)
    assert set(symbols.MARKS) == set(KIND_NAMES)
    shapes = {side: shapely.Polygon(points) for side, points in outlines.items()}
    for (one, first), (other, second) in combinations(shapes.items(), 2):
        apart = first.symmetric_difference(second).area / first.union(second).area
        assert apart > 0.1, (one, other)
    for shape in shapes.values():
        assert shape.is_valid
        assert all(shape.contains(shapely.LineString(line)) for lines in symbols.MARKS.values() for line in lines)
    assert len(set(symbols.MARKS.values())) == len(symbols.MARKS)


@given(st.lists(st.tuples(POINT, st.sampled_from([*symbols.DIAMETERS, symbols.UNKNOWN])), max_size=25))
def test_no_symbol_hides_another(cases: list[tuple[tuple[float, float], float]]) -> None:
    """However close their points, no two symbols touch, and the largest stays where it belongs."""
    points, sizes = [point for point, _ in cases], [size for _, size in cases]
    placed = symbols.fan_out(points, sizes)
    for one, other in combinations(range(len(cases)), 2):
        gap = hypot(placed[one][0] - placed[other][0], placed[one][1] - placed[other][1])
        assert gap >= (sizes[one] + sizes[other]) / 2
    if cases:
        largest = sizes.index(max(sizes))
        assert placed[largest] == points[largest]


@pytest.mark.parametrize(
    ("people", "band"), [(nan, -1), (0, 3), (499, 3), (500, 2), (5_000, 1), (20_000, 0), (100_000, 0)]
)
def test_bands_of_strength(people: float, band: int) -> None:
    """A larger figure never has a smaller symbol; no figure has the smallest."""
    assert symbols.band_of(people) == band
    assert symbols.diameter_of(people) >= symbols.UNKNOWN
    assert list(symbols.DIAMETERS) == sorted(symbols.DIAMETERS, reverse=True)
    assert min(symbols.DIAMETERS) > symbols.UNKNOWN


def test_sides_of_another_war_have_shapes_too() -> None:
    """The first of the table has the first outline; no side is no side; of very many sides some share one."""
    shapes = symbols.shapes_of(["reds", "blues"])
    assert [shapes["reds"], shapes["blues"], shapes["other"]] == [
        symbols.SHAPES[0],
        symbols.SHAPES[1],
        symbols.SHAPES[-1],
    ]
    assert set(symbols.shapes_of([f"side {number}" for number in range(20)]).values()) == set(symbols.SHAPES)

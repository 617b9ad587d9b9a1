"""Numbers as the scripts read them: geometry as small integers, sources, JSON. What is written is what is read."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import conflictkit as ck
from conflictkit.maps import _payload

if TYPE_CHECKING:
    from collections.abc import Callable

    Read = Callable[[dict[str, Any]], list[dict[str, Any]]]

HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!-- & -->",
    "\u2028\u2029",
    "`${1}`",
    "\"'\\",
    "{{ 7*7 }} {% raw %} {# a #} {{{",
    "نينوى",
    "a\nb\rc\0",
]
PROPERTY = settings(max_examples=60, deadline=None)
DEGREES = st.floats(-60, 60, allow_nan=False)


@st.composite
def polygons(draw: st.DrawFn) -> shapely.Geometry:
    """Draw a star-shaped polygon of some size, with or without a hole, or two of them."""
    parts = []
    for number in range(draw(st.integers(1, 2))):
        reach = np.array(draw(st.lists(st.floats(0.01, 2), min_size=3, max_size=30)))
        turn = np.linspace(0, 2 * np.pi, len(reach), endpoint=False)
        x, y = draw(DEGREES) + 200 * number, draw(DEGREES)
        outer = np.column_stack([x + reach * np.cos(turn), y + reach * np.sin(turn)])
        hole = np.column_stack([x + reach / 3 * np.cos(turn), y + reach / 3 * np.sin(turn)])
        parts.append(shapely.Polygon(outer, [hole] if draw(st.booleans()) else []))
    return shapely.MultiPolygon(parts)


@PROPERTY
@given(polygons())
def test_polygons_are_read_as_they_were_written(
    read_shape: Callable[[list[Any], int], shapely.Geometry], drawn: shapely.Geometry
) -> None:
    """To half a step of the grid: every vertex, every hole, in order."""
    (snapped,) = _payload.snapped(np.array([drawn]))
    kept = [
        len(np.unique(shapely.get_coordinates(ring), axis=0)) for ring in shapely.get_rings(shapely.get_parts(snapped))
    ]
    coded = _payload.polygons(drawn)
    if min(kept) >= 3:  # the grid leaves every ring three points; dropped ones are below
        read = read_shape(coded, _payload.GRID)
        assert len(read.geoms) == len(drawn.geoms)
        assert [len(part.interiors) for part in read.geoms] == [len(part.interiors) for part in drawn.geoms]
        distance = shapely.hausdorff_distance(shapely.boundary(read), shapely.boundary(drawn))
        assert distance <= 0.75 / _payload.GRID  # half a diagonal of a square of the grid
    numbers = [number for rings in coded for ring in rings for number in ring]
    assert all(type(number) is int for number in numbers)


def test_rings_without_area_are_dropped() -> None:
    """A speck smaller than the grid, and a hole of that size in land that stays."""
    speck = shapely.box(40, 34, 40.0001, 34.0001)
    land = shapely.box(40, 34, 41, 35).difference(shapely.box(40.5, 34.5, 40.5001, 34.5001))
    assert _payload.polygons(speck) == []
    assert [len(rings) for rings in _payload.polygons(land)] == [1]
    assert _payload.polygons(shapely.Polygon()) == []


@PROPERTY
@given(st.lists(st.tuples(DEGREES, DEGREES), min_size=2, max_size=20))
def test_a_line_returns_to_where_it_was(where: list[tuple[float, float]]) -> None:
    """Differences add up to the points on the grid, repeats left out."""
    points = np.round(np.array(where) * _payload.GRID).astype(int)
    wanted = points[np.append(True, (np.diff(points, axis=0) != 0).any(axis=1))]
    read = np.cumsum(np.array(_payload.line(shapely.LineString(where))).reshape(-1, 2), axis=0)
    assert read.tolist() == wanted.tolist()


def test_lines_that_meet_are_one() -> None:
    """Two pieces of a river are stored as one line; a point is none."""
    pieces = np.array([shapely.LineString([(40, 34), (41, 34)]), shapely.LineString([(41, 34), (42, 35)])])
    assert _payload.lines(pieces) == [[40_000, 34_000, 1000, 0, 1000, 1000]]
    assert _payload.lines(np.array([shapely.LineString([(40, 34), (40.0001, 34)])])) == []


def test_source_that_no_table_explains_keeps_its_name(territory: ck.Territory, read_table: Read) -> None:
    """A reader's own rows may cite what the shipped table of sources lacks."""
    changes = ck.load_control_changes()
    changes.loc[0, "source_id"] = "my notes <b>"
    table, ids = _payload.source_table(changes.source_id, territory.tables.sources)
    rows = dict(zip(ids, read_table(table), strict=True))
    empty = dict.fromkeys(("address", "published", "reliability"), "")
    assert rows["my notes <b>"] == {"id": "my notes <b>", "publisher": "my notes <b>", **empty}
    assert list(rows) == sorted(set(changes.source_id.dropna()))


def test_json_is_safe_in_a_script_and_says_the_same() -> None:
    """No letter that ends a script or a line of one; what is read is what was written; one entry a line."""
    data = {"texts": HOSTILE, "nested": {"<a>": [[HOSTILE, 1.5], [[], None]]}, "empty": [], "one": 1}
    text = _payload.dumped(data)
    assert not set("<>&\u2028\u2029") & set(text)
    assert not any(opening in text for opening in ("{{", "{%", "{#"))
    assert json.loads(text) == data
    assert text.count("\n") >= len(HOSTILE)
    with pytest.raises(ValueError, match="not JSON compliant"):
        _payload.dumped({"bad": [math.nan]})

"""Reading the numbers of a page back, as its scripts do (records in web/payload.js, ringReader in web/rings.js)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely

if TYPE_CHECKING:
    from collections.abc import Callable

    Points = list[tuple[int, int]]


def points(numbers: list[int]) -> Points:
    """Return points in steps of the grid from their differences."""
    return [(int(x), int(y)) for x, y in np.cumsum(np.array(numbers, dtype=int).reshape(-1, 2), axis=0)]


def ring(rows: list[list[Any]], number: int) -> Points:
    """Return a ring of a table of rings, of which many are stretches of an earlier one."""
    base, *rest = rows[number]
    if base < 0:
        return points(rest)
    earlier, found = ring(rows, base), []
    for first, count, fresh in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
        found += [earlier[(first + k) % len(earlier)] for k in range(count)]
        found += points(fresh)
    return found


def shape(polygons: list[list[Points]], grid: int) -> shapely.Geometry:
    """Return polygons in degrees."""
    parts = [shapely.Polygon(outer, holes) for outer, *holes in polygons]
    return shapely.transform(shapely.MultiPolygon(parts), lambda xy: xy / grid)


def records(table: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of a table by the names of its columns."""
    words = table.get("words", {})
    rows = [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]
    return [{name: words[name][cell] if name in words else cell for name, cell in row.items()} for row in rows]


@pytest.fixture(scope="session")
def read_table() -> Callable[[dict[str, Any]], list[dict[str, Any]]]:
    """Return the reader of a table."""
    return records


@pytest.fixture(scope="session")
def read_ring() -> Callable[[list[list[Any]], int], Points]:
    """Return the reader of one ring of a table of rings."""
    return ring


@pytest.fixture(scope="session")
def read_shape() -> Callable[[list[list[list[int]]], int], shapely.Geometry]:
    """Return the reader of polygons written as differences."""
    return lambda coded, grid: shape([[points(ring) for ring in rings] for rings in coded], grid)


@pytest.fixture(scope="session")
def read_drawn() -> Callable[[dict[str, Any], int], dict[str, shapely.Geometry]]:
    """Return the reader of the land of each holder on a step of the slider of a page of drawings."""

    def read(data: dict[str, Any], step: int) -> dict[str, shapely.Geometry]:
        actors = [actor["id"] for actor in records(data["actors"])]
        return {
            actors[row["holder"]]: shape(
                [[ring(data["rings"], n) for n in rings] for rings in row["polygons"]], data["grid"]
            )
            for row in records(data["shapes"])
            if row["drawing"] == data["states"][step]
        }

    return read

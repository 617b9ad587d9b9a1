"""Dated polygons as the numbers that a page needs: each ring once, of a ring that moves the part that moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from conflictkit.actors import NONE
from conflictkit.geometry import M2_PER_KM2, WGS84, transformation
from conflictkit.maps import _payload
from conflictkit.maps._payload import table

if TYPE_CHECKING:
    from conflictkit.territory import Territory

    Point = tuple[int, int]
    Ring = tuple[Point, ...]

COPIED = 4  # points in a row that are cheaper to copy from an earlier ring than to write again


def drawings_data(land: Territory, days: pd.DatetimeIndex) -> dict[str, Any]:
    """Return what a page needs of drawings, beside what every page has: rings, land, what moved between dates."""
    used = land.states(days).tolist()
    numbers = list(dict.fromkeys(used))
    states = {number: land.shapes(day) for number, day in reversed(list(zip(used, days, strict=True)))}
    ids = ids_of(land)
    rings = Rings()
    shapes: list[tuple[Any, ...]] = []
    errors = []
    for drawing, number in enumerate(numbers):
        state = states[number]
        drawn = degrees(state, land)
        errors += off_km2(state, drawn, land)
        for holder, shape in drawn.items():
            km2 = round(state[holder].area / M2_PER_KM2, 2)
            shapes.append((drawing, ids.index(holder), km2, rings.polygons(holder, shape)))
    columns = zip(*shapes, strict=True)
    return {
        "countries": [],
        "error_km2": round(max(errors), 1),
        "places": table(),
        "rings": rings.rows,
        "shapes": table(**dict(zip(("drawing", "holder", "km2", "polygons"), columns, strict=True))),
        "whole_km2": named_km2(land),
        "states": [numbers.index(number) for number in used],
        "moves": moves(land, days, ids),
    }


def named_km2(land: Territory) -> float | None:
    """Return the land of the countries drawn into, of which a share is told; None if it is told of the land drawn."""
    area = land.area(land.dates[-1]).query("scope == 'all' and share > 0")
    if area.empty or np.isclose(area["share"].sum(), 1):
        return None
    return round(float(area["area_km2"].iloc[0] / area["share"].iloc[0]), 1)


def ids_of(land: Territory) -> list[str]:
    """Return the holders of any day, and nobody."""
    return [*(holder for holder in land.actor_ids if holder != NONE), NONE]


def moved_table(land: Territory, start: pd.Timestamp, end: pd.Timestamp) -> dict[str, Any]:
    """Return the land between two days by its two holders, each with its polygons."""
    ids, moved = pd.Index(ids_of(land)), land.flows(start, end)
    shapes = shapely.transform(moved.geometry.to_numpy(), transformation(land.crs, WGS84))
    return table(
        before=ids.get_indexer(pd.Index(moved["from_actor"])).tolist(),
        after=ids.get_indexer(pd.Index(moved["to_actor"])).tolist(),
        km2=moved["claimed_km2"].round(2).tolist(),
        polygons=map(_payload.polygons, _payload.snapped(shapes)),
    )


def degrees(state: dict[str, Any], land: Territory) -> dict[str, Any]:
    """Return the land of each holder in degrees, on the grid of the page."""
    shapes = shapely.transform(np.array(list(state.values()), dtype=object), transformation(land.crs, WGS84))
    return dict(zip(state, _payload.snapped(shapes), strict=True))


def off_km2(state: dict[str, Any], drawn: dict[str, Any], land: Territory) -> list[float]:
    """Return by how much the drawing of each holder's land is larger or smaller than the land."""
    exact = shapely.area(np.array(list(state.values()), dtype=object)) / M2_PER_KM2
    off = _payload.area_km2(np.array(list(drawn.values()), dtype=object), land.crs) - exact
    return [float(km2) for km2 in np.abs(off)]


def moves(land: Territory, days: pd.DatetimeIndex, ids: list[str]) -> dict[str, Any]:
    """Return what moved since the date before, the largest of a date first; nobody is -1."""
    if len(days) < 2:  # noqa: PLR2004 - a date and the one before
        return table()
    changed = land.changes(days[0], days[-1])
    step = days.searchsorted(pd.DatetimeIndex(changed["valid_from"]), side="left")
    sums = changed.groupby([step, "from_actor", "to_actor"])["claimed_km2"].sum().rename_axis(["step", "from", "to"])
    rows = sums.reset_index().sort_values(["step", "claimed_km2"], ascending=[True, False])
    return table(
        **{
            "step": rows["step"].tolist(),
            "from": pd.Index(ids).get_indexer(pd.Index(rows["from"])).tolist(),
            "to": pd.Index(ids).get_indexer(pd.Index(rows["to"])).tolist(),
            "km2": rows["claimed_km2"].round(2).tolist(),
        }
    )


class Rings:
    """The distinct rings of many drawings, as the page reads them (``ringReader`` in web/rings.js)."""

    def __init__(self) -> None:
        self.rows: list[list[Any]] = []
        self._number: dict[Ring, int] = {}
        self._latest: dict[str, list[Ring]] = {}

    def polygons(self, holder: str, shape: Any) -> list[list[int]]:  # noqa: ANN401 - any polygons
        """Return the polygons of a holder, each a list of numbers of rings."""
        before, now = self._latest.get(holder, []), []
        found = []
        for part in shapely.get_parts(shape):
            rings = [points_of(ring) for ring in shapely.get_rings(part)]
            rings = [ring for ring in rings if len(ring) > 2]  # noqa: PLR2004 - three points make an area
            now += rings
            if rings:
                found.append([self._add(ring, before) for ring in rings])
        self._latest[holder] = now
        return found

    def _add(self, ring: Ring, before: list[Ring]) -> int:
        if ring not in self._number:
            here = set(ring)
            base = max(before, key=lambda other: len(here.intersection(other)), default=None)
            known = base is not None and len(here.intersection(base)) > len(ring) / 2
            row = self._difference(ring, base) if base is not None and known else [-1, *differences(ring)]
            self._number[ring] = len(self.rows)
            self.rows.append(row)
        return self._number[ring]

    def _difference(self, ring: Ring, base: Ring) -> list[Any]:
        """Return a ring as stretches of an earlier one, with the points between them."""
        where = {point: index for index, point in enumerate(base)}
        row: list[Any] = [self._number[base]]
        copied, fresh, at = (0, 0), 0, 0
        for first, length in stretches([where.get(point, -1) for point in ring], len(base)):
            if first >= 0 and length >= COPIED:
                row += [*copied, differences(ring[at - fresh : at])] if at else []
                copied, fresh = (first, length), 0
            else:
                fresh += length
            at += length
        return [*row, *copied, differences(ring[at - fresh : at])]


def stretches(indices: list[int], length: int) -> list[tuple[int, int]]:
    """Return runs of numbers that each follow the one before, round a ring of some length: first number, how many."""
    found: list[tuple[int, int]] = []
    for index in indices:
        first, count = found[-1] if found else (-1, 0)
        follows = found and ((first < 0 and index < 0) or (first >= 0 and index == (first + count) % length))
        if follows and count < length:
            found[-1] = (first, count + 1)
        else:
            found.append((index, 1))
    return found


def points_of(ring: Any) -> Ring:  # noqa: ANN401 - a shapely ring
    """Return the points of a ring in steps of the grid, from its lowest point on, repeats left out."""
    flat = np.cumsum(np.array(_payload.line(ring)).reshape(-1, 2), axis=0)
    points = [(int(x), int(y)) for x, y in flat]
    if len(points) > 1 and points[0] == points[-1]:
        points.pop()
    lowest = points.index(min(points))
    return tuple(points[lowest:] + points[:lowest])


def differences(points: tuple[Point, ...]) -> list[int]:
    """Return points as ``[x, y, dx, dy, ...]``."""
    if not points:
        return []
    steps = np.diff(np.array([(0, 0), *points]), axis=0)
    return [int(step) for step in steps.ravel()]

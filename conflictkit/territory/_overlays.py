"""What is done to the polygons of one drawing, and between two of them: mend, part, compare. In metres."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from conflictkit.actors import CONTESTED, NONE
from conflictkit.geometry import M2_PER_KM2, only_polygons

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    State = dict[str, BaseGeometry]  # holder -> its land, in metres, without overlaps

SLIVER_KM2 = 0.01  # land that moved by less is the rounding of two drawings of one line


def joined(shapes: NDArray[np.object_]) -> BaseGeometry:
    """Return valid polygons as one."""
    whole: BaseGeometry = shapes[0] if len(shapes) == 1 else shapely.union_all(shapes)
    return whole


def without(land: BaseGeometry, other: BaseGeometry | None) -> BaseGeometry:
    """Return the part of some land that is not in another."""
    return land if other is None else only_polygons(shapely.difference(land, other))


def without_overlaps(land: State) -> State:
    """Give land that two holders claim to ``contested``."""
    shapes = list(land.values())
    doubles = [
        only_polygons(shapely.intersection(shape, other)) for i, shape in enumerate(shapes) for other in shapes[i + 1 :]
    ]
    twice = only_polygons(shapely.union_all([*doubles, land.get(CONTESTED, shapely.Polygon())]))
    if twice.is_empty:
        return {holder: only_polygons(shape) for holder, shape in land.items()}
    alone = {
        holder: only_polygons(shapely.difference(shape, twice)) for holder, shape in land.items() if holder != CONTESTED
    }
    return {holder: shape for holder, shape in {**alone, CONTESTED: twice}.items() if not shape.is_empty}


def near_towns(land: State, zone: BaseGeometry) -> State:
    """Return the part of each holder's land that lies in a zone, and the rest of all land as ``none``."""
    inside = {holder: only_polygons(shapely.intersection(shape, zone)) for holder, shape in land.items()}
    rest = only_polygons(shapely.difference(shapely.union_all(list(land.values())), zone))
    return {holder: shape for holder, shape in {**inside, NONE: rest}.items() if not shape.is_empty}


def moved(before: State, after: State, *, kept: bool) -> pd.DataFrame:
    """Return the land of each pair of holders in two drawings, ``none`` included, the largest first.

    One row per pair: ``from_actor``, ``to_actor``, ``claimed_km2``, ``geometry``; with land that was kept or without.
    """
    left, right = (np.array(list(state.values()), dtype=object) for state in (before, after))
    shared = shapely.intersection(left[:, np.newaxis], right)
    shared_m2 = shapely.area(shared)
    rows = [
        (one, other, shared_m2[i, k], shared[i, k])
        for i, one in enumerate(before)
        for k, other in enumerate(after)
        if kept or one != other
    ]
    # holders of one drawing do not overlap, so what no pair shares was nobody's
    lost, gained = shapely.area(left) - shared_m2.sum(axis=1), shapely.area(right) - shared_m2.sum(axis=0)
    least = SLIVER_KM2 * M2_PER_KM2
    rows += [
        (one, NONE, lost[i], shapely.difference(land, shapely.union_all(right)))
        for i, (one, land) in enumerate(before.items())
        if lost[i] >= least
    ]
    rows += [
        (NONE, other, gained[k], shapely.difference(land, shapely.union_all(left)))
        for k, (other, land) in enumerate(after.items())
        if gained[k] >= least
    ]
    frame = pd.DataFrame(rows, columns=["from_actor", "to_actor", "claimed_km2", "geometry"])
    frame = frame.astype({"from_actor": "str", "to_actor": "str", "claimed_km2": "float64"})
    shapes = pd.Series([only_polygons(shape) for shape in frame["geometry"]], index=frame.index, dtype=object)
    frame = frame.assign(geometry=shapes, claimed_km2=frame["claimed_km2"] / M2_PER_KM2)
    real = frame[frame["claimed_km2"] >= SLIVER_KM2]
    return real.sort_values(["claimed_km2", "from_actor"], ascending=[False, True], ignore_index=True)

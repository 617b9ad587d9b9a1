"""What is done to the polygons of one drawing, and between two of them: mend, part, compare. In metres."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from conflictkit.actors import CONTESTED, NONE
from conflictkit.geometry import M2_PER_KM2, only_polygons
from conflictkit.outlines import SLIVER_KM2, SLIVER_M

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    State = dict[str, BaseGeometry]  # holder -> its land, in metres, without overlaps


def without(land: BaseGeometry, other: BaseGeometry | None) -> BaseGeometry:
    """Return the part of some land that is not in another."""
    return land if other is None else only_polygons(shapely.difference(land, other))


def without_overlaps(land: State) -> State:
    """Give land that two holders claim to ``contested``; what two drawings of one line leave, to the first by name."""
    own = {holder: land[holder] for holder in sorted(land) if holder != CONTESTED}
    names, shapes = list(own), np.array(list(own.values()), dtype=object)
    doubles = [land[CONTESTED]] if CONTESTED in land else []
    before: dict[str, list[BaseGeometry]] = {}  # holder -> those before it whose line it crosses
    # only holders whose land comes near one another are compared, each pair once
    for one, other in shapely.STRtree(shapes).query(shapes).T.tolist():
        if one < other:
            parts = shapely.get_parts(only_polygons(shapely.intersection(shapes[one], shapes[other])))
            # a post of 50 m inside the land of another is all that its holder has there, and no line
            thin = _thin(parts) & (2 * shapely.area(parts) < min(shapely.area(shapes[[one, other]])))
            doubles += parts[~thin].tolist()
            if thin.any():
                before.setdefault(names[other], []).append(shapes[one])
    twice = only_polygons(shapely.union_all(doubles))
    found = {holder: _rest(shape, [twice, *before.get(holder, [])]) for holder, shape in own.items()}
    return {holder: shape for holder, shape in {**found, CONTESTED: twice}.items() if not shape.is_empty}


def _rest(shape: BaseGeometry, others: Sequence[BaseGeometry]) -> BaseGeometry:
    """Return what of a shape lies in no other."""
    for other in others:
        if not other.is_empty:
            shape = shapely.difference(shape, other)
    return only_polygons(shape)


def _thin(parts: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Return which parts of an overlap are what two drawings of one line leave between them."""
    area, length = shapely.area(parts), shapely.length(parts)
    return (area < SLIVER_KM2 * M2_PER_KM2) | (2 * area < SLIVER_M * length)


def near_towns(land: State, zone: BaseGeometry) -> State:
    """Return the part of each holder's land that lies in a zone, and the rest of all land as ``none``."""
    inside = {holder: only_polygons(shapely.intersection(shape, zone)) for holder, shape in land.items()}
    rest = only_polygons(shapely.difference(shapely.union_all(list(land.values())), zone))
    return {holder: shape for holder, shape in {**inside, NONE: rest}.items() if not shape.is_empty}

"""What is done to the polygons of one drawing, and between two of them: mend, part, compare. In metres."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from conflictkit.actors import CONTESTED, NONE
from conflictkit.geometry import only_polygons

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    State = dict[str, BaseGeometry]  # holder -> its land, in metres, without overlaps


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

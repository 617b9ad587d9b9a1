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


def mended(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return valid polygons: what an invalid ring encloses, without the lines where it encloses nothing."""
    return np.asarray(shapely.make_valid(shapes, method="structure", keep_collapsed=False))


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


def moved(before: State, after: State) -> pd.DataFrame:
    """Return the land of each pair of holders in two drawings, ``none`` included."""
    left, right = (np.array(list(state.values()), dtype=object) for state in (before, after))
    shared = shapely.area(shapely.intersection(left[:, np.newaxis], right))
    # holders of one drawing do not overlap, so what no pair shares was nobody's: no further overlay is needed
    lost, gained = shapely.area(left) - shared.sum(axis=1), shapely.area(right) - shared.sum(axis=0)
    rows = [(one, other, shared[i, k]) for i, one in enumerate(before) for k, other in enumerate(after)]
    rows += [(one, NONE, lost[i]) for i, one in enumerate(before)]
    rows += [(NONE, other, gained[k]) for k, other in enumerate(after)]
    frame = pd.DataFrame(rows, columns=["from_actor", "to_actor", "claimed_km2"])
    frame["claimed_km2"] /= M2_PER_KM2
    real = frame[frame["claimed_km2"] >= SLIVER_KM2]
    return real.sort_values(["claimed_km2", "from_actor"], ascending=[False, True], ignore_index=True)

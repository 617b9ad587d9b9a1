"""The line between the countries of the borders, for distances to it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import shapely

from conflictkit.datasets import load_borders
from conflictkit.geometry import local_crs, project
from conflictkit.positions import Position, nearest_on

if TYPE_CHECKING:
    import pyproj
    from shapely.geometry.base import BaseGeometry

BORDER_KM = 2.3  # Natural Earth's line against OpenStreetMap's, at most (data/README.md, Geography)


def on_border(position: Position) -> Position:
    """Return the point of the border between Iraq and Syria that is nearest to a position."""
    line, crs = _border()
    return nearest_on(line, crs, position, name="border of Iraq and Syria", doubt_km=BORDER_KM)


@lru_cache(maxsize=1)
def _border() -> tuple[BaseGeometry, pyproj.CRS]:
    borders = load_borders()
    land = np.asarray(borders.geometry, dtype=object)
    crs = local_crs(shapely.union_all(land))
    iraq, syria = project(land[[list(borders["country"]).index(code) for code in ("IQ", "SY")]], crs)
    return shapely.intersection(shapely.boundary(iraq), shapely.boundary(syria)), crs

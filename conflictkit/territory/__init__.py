"""Control over time: who held what, when, and how much land that was."""

from __future__ import annotations

from conflictkit.territory._chances import CERTAIN, GRID_KM, raster
from conflictkit.territory._land import Level, refuse_drawings
from conflictkit.territory._territory import Territory

__all__ = ["CERTAIN", "GRID_KM", "Level", "Territory", "raster", "refuse_drawings"]

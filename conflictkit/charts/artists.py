"""A bridge to ``_labels``."""

from __future__ import annotations

from conflictkit.charts._frame import Caption
from conflictkit.charts._labels import AROUND, EndLabels, Labels, Spot, rings, spread

__all__ = ["AROUND", "Caption", "EndLabels", "Labels", "Spot", "rings", "spread"]

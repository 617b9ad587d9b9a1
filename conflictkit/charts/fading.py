"""A bridge to ``_doubt`` for the charts that have fading bars."""

from __future__ import annotations

from conflictkit.charts._doubt import STEPS, draw_bars, draw_fading

__all__ = ["STEPS", "draw_bars", "draw_fading"]

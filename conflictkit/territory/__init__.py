"""Control over time from dated changes at places: who held what, and how much land that was."""

from __future__ import annotations

from conflictkit.territory.model import Territory

__all__ = ["Territory"]

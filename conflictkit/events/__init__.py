"""Events counted by day, place and kind, and beside fronts: figures about violence, never about control."""

from __future__ import annotations

from conflictkit.events.count import count_events
from conflictkit.events.fronts import events_near_fronts

__all__ = ["count_events", "events_near_fronts"]

"""Who belongs to whom: parents and parts, sides, and the three holders that are no actor.

One hierarchy for the whole kit, guarded against circles: an actor, those above it, those below it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

UNKNOWN = "unknown"  # the holder of a place before its first row: later rows say nothing about earlier days
CONTESTED = "contested"  # land that is fought over belongs to neither side
NONE = "none"  # land outside the core, which nobody holds at that level
NOBODY = (NONE, CONTESTED, UNKNOWN)  # they belong to the kit, not to the tables
# How they are named and painted where a table of actors has no row for them.
ROWS_OF_NOBODY = (
    {"actor_id": CONTESTED, "name": "Contested", "kind": "state_of_control", "color": "#8C8C8C", "hatch": "xxx"},
    {"actor_id": NONE, "name": "No holder", "kind": "state_of_control", "color": "#F2EFE9"},
    {"actor_id": UNKNOWN, "name": "Unknown holder", "kind": "state_of_control", "color": "#FFFFFF", "hatch": ".."},
)


@dataclass(frozen=True)
class Hierarchy:
    """The actors of a table by who is part of whom.

    Attributes
    ----------
    parent
        The actor above, by ``actor_id``, of those that have one.
    side
        The side of each actor that has one.
    """

    parent: Mapping[str, str]
    side: Mapping[str, str]

    @classmethod
    def of(cls, actors: pd.DataFrame) -> Hierarchy:
        """Read parents and sides from a table of actors."""
        parts, sided = actors.dropna(subset=["parent_id"]), actors.dropna(subset=["side"])
        return cls(
            dict(zip(parts["actor_id"], parts["parent_id"], strict=True)),
            dict(zip(sided["actor_id"], sided["side"], strict=True)),
        )

    def line(self, actor_id: str) -> list[str]:
        """Return an actor, its parent, and so on to the top; a circle is walked once."""
        up = [actor_id]
        while (above := self.parent.get(up[-1])) is not None and above not in up:
            up.append(above)
        return up

    def top(self, actor_id: str) -> str:
        """Return the actor at the top of the line."""
        return self.line(actor_id)[-1]

    def within(self, actor_id: str, other: str) -> bool:
        """Whether an actor is another, or a part of it at any remove."""
        return other in self.line(actor_id)

    def parts(self, actor_id: str) -> list[str]:
        """Return an actor and all that have it above them, nearest first."""
        found = [actor_id]
        for member in found:
            found += [child for child in self._children.get(member, ()) if child not in found]
        return found

    def related(self, one: str, other: str) -> bool:
        """Whether one of two actors is the other or a part of it."""
        return self.within(one, other) or self.within(other, one)

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        below: dict[str, list[str]] = {}
        for child, above in self.parent.items():
            below.setdefault(above, []).append(child)
        return below

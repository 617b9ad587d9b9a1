"""A look inside: tests of the parts of a territory need what no user does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conflictkit import Territory


def land_of(territory: Territory) -> Any:  # noqa: ANN401 - of places or of drawings
    """Return the land that a territory has."""
    return territory._land  # noqa: SLF001

"""The kit's exceptions, each a subclass of the built-in one that a caller would catch."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd


class TableError(ValueError):
    """A table breaks its contract, or a file is not a table.

    Attributes
    ----------
    problems
        One row per problem: ``table``, ``row`` (line of the CSV, the header is line 1), ``column``, ``value``,
        ``problem``. None where the file could not be read at all.
    """

    def __init__(self, message: str, problems: pd.DataFrame | None = None) -> None:
        super().__init__(message)
        self.problems = problems


class TerritoryError(ValueError):
    """A territory cannot be built from these tables, or asked this question."""


class PolygonError(ValueError):
    """Dated polygons cannot be read."""


class EstimateError(ValueError):
    """Published figures cannot be read, added or pooled."""


class DateError(ValueError):
    """A date cannot be read."""


class PlaceError(ValueError):
    """A place is unknown, or has no position."""


class PageError(ValueError):
    """A map cannot be written as a page of its own."""


class UnknownNameError(ValueError):
    """An option or a name is not one of those allowed."""


def nearest(value: str, allowed: Iterable[str]) -> str:
    """Return `` Did you mean 'x'?`` for the closest allowed value, whatever its case, or an empty string."""
    names = {str(name).lower(): str(name) for name in allowed}
    match = get_close_matches(str(value).lower(), names, n=1)
    return f" Did you mean {names[match[0]]!r}?" if match else ""

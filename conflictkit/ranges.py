"""A figure with its range: read from rows, added end by end, put side by side, written out in one spelling."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan, nan
from typing import TYPE_CHECKING

from conflictkit.prose import number

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

BOUNDS = ("low", "best", "high")
DEPENDENCE = "ranges added end by end, as if all were wrong in the same direction"


@dataclass(frozen=True)
class Range:
    """What a row, a wording or a sum allows: a range, a single figure, or a bound.

    Attributes
    ----------
    low, high
        The least and the greatest number that is allowed; nan where nothing is said. Equal for a single figure, which
        a table writes in ``best`` alone.
    best
        The single figure, nan where none was given: it is never taken from the middle.
    unit
        What is counted: ``"count"``, ``"share"`` (of 1), or the unit of the rows.
    how
        How the numbers came about, in words.

    Examples
    --------
    >>> print(Range(low=400), Range(high=850), sep="; ")
    at least 400; at most 850
    """

    low: float = nan
    best: float = nan
    high: float = nan
    unit: str = "count"
    how: str = ""

    def __post_init__(self) -> None:
        """Make both ends of a single figure equal to it."""
        if isnan(self.low) and isnan(self.high) and not isnan(self.best):
            object.__setattr__(self, "low", self.best)
            object.__setattr__(self, "high", self.best)

    @property
    def known(self) -> bool:
        """Whether anything is given."""
        return not (isnan(self.low) and isnan(self.best) and isnan(self.high))

    @property
    def single(self) -> bool:
        """Whether it is one figure, without a range."""
        return self.low == self.high

    @property
    def cells(self) -> tuple[float, float, float]:
        """The three cells of a table: a single figure stands in ``best`` alone."""
        return (nan, self.best if not isnan(self.best) else self.low, nan) if self.single else self.bounds

    @property
    def bounds(self) -> tuple[float, float, float]:
        """Low, best and high."""
        return self.low, self.best, self.high

    def __str__(self) -> str:
        """Return the figure as a reader would write it."""
        if self.single:
            return number(self.low)
        if isnan(self.low) and isnan(self.high):
            return "no figure"
        if isnan(self.high):
            return f"at least {number(self.low)}"
        return (
            f"at most {number(self.high)}" if isnan(self.low) else f"{number(self.low)}\N{EN DASH}{number(self.high)}"
        )


NO_FIGURE = Range()


def ranges_of(rows: pd.DataFrame, *, prefix: str = "") -> list[Range]:
    """Return the range of each row, from its columns low, best and high (or those with a prefix: ``strength_``)."""
    return [Range(*row) for row in rows[[prefix + bound for bound in BOUNDS]].to_numpy(dtype=float)]


def total(ranges: Iterable[Range]) -> Range:
    """Return the sum of ranges, end by end: the widest that it can be, and right if all err in the same direction.

    An end that one of them lacks is missing from the sum, so that one-sided bounds stay one-sided. ``best`` is the sum
    of figures that all have one.
    """
    known = [figure for figure in ranges if figure.known]
    if len(known) <= 1:
        return known[0] if known else NO_FIGURE
    low, best, high = (sum(bounds) for bounds in zip(*(figure.bounds for figure in known), strict=True))
    return Range(low, best, high, known[0].unit, DEPENDENCE)


def envelope(ranges: Iterable[Range]) -> Range:
    """Return the range that holds several figures of one number; a single figure if they agree."""
    known = list({figure.bounds: figure for figure in ranges if figure.known}.values())
    if len(known) <= 1:
        return known[0] if known else NO_FIGURE
    lows, highs = [figure.low for figure in known], [figure.high for figure in known]
    low = nan if any(map(isnan, lows)) else min(lows)
    high = nan if any(map(isnan, highs)) else max(highs)
    return Range(low, nan, high, known[0].unit)

"""A figure with its range: read from rows, added end by end, put side by side, written out in one spelling."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan, nan
from typing import TYPE_CHECKING

from conflictkit.errors import EstimateError
from conflictkit.prose import NO_FIGURE, number

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

BOUNDS = ("low", "best", "high")
DEPENDENCE = "ranges added end by end, as if all were wrong in the same direction"


@dataclass(frozen=True, eq=False)
class Range:
    """What a row, a wording or a sum allows: a range, a single figure, or a bound.

    Attributes
    ----------
    low, high
        The least and the greatest number that is allowed; nan where nothing is said.
    best
        The single figure, nan where none was given: it is never taken from the middle. A single figure, which a table
        writes in ``best`` alone, is ``low``, ``best`` and ``high`` here.
    unit
        What is counted: ``"count"``, ``"share"`` (of 1), or the unit of the rows.
    how
        How the numbers came about, in words.

    Raises
    ------
    EstimateError
        If ``low <= best <= high`` does not hold.

    Examples
    --------
    >>> print(Range(1500, high=2500), Range(best=3000), Range(low=400), Range(high=850), sep="; ")
    1,500–2,500; 3,000; at least 400; at most 850
    """

    low: float = nan
    best: float = nan
    high: float = nan
    unit: str = "count"
    how: str = ""

    def __post_init__(self) -> None:
        """Give a single figure all three numbers; refuse what is no range."""
        low, best, high = (nan if isnan(value) else float(value) for value in self.bounds)
        if isnan(low) and isnan(high):
            low = high = best
        elif low == high:
            best = low
        given = [value for value in (low, best, high) if not isnan(value)]
        if given != sorted(given):
            msg = f"Not a range: low {low:g}, best {best:g}, high {high:g}. Each must be at most the next."
            raise EstimateError(msg)
        for name, value in zip(BOUNDS, (low, best, high), strict=True):
            object.__setattr__(self, name, value)

    def __eq__(self, other: object) -> bool:
        """Whether it is the same range, of the same unit and origin: what both leave out is equal."""
        return self._key == other._key if isinstance(other, Range) else NotImplemented

    def __hash__(self) -> int:
        """Return one number for equal ranges."""
        return hash(self._key)

    @property
    def _key(self) -> tuple[float | str | None, ...]:
        # nan is unlike itself, and since Python 3.13 the fields of dataclasses are asked one by one
        return *(None if isnan(value) else value for value in self.bounds), self.unit, self.how

    @property
    def known(self) -> bool:
        """Whether anything is given."""
        return not (isnan(self.low) and isnan(self.high))

    @property
    def single(self) -> bool:
        """Whether it is one figure, without a range."""
        return self.low == self.high

    @property
    def bounds(self) -> tuple[float, float, float]:
        """Low, best and high."""
        return self.low, self.best, self.high

    @property
    def cells(self) -> tuple[float, float, float]:
        """The three cells of a table: a single figure stands in ``best`` alone."""
        return (nan, self.best, nan) if self.single else self.bounds

    def __str__(self) -> str:
        """Return the figure as a reader would write it."""
        if self.single:
            return number(self.low)
        if not self.known:
            return NO_FIGURE
        if isnan(self.high):
            return f"at least {number(self.low)}"
        if isnan(self.low):
            return f"at most {number(self.high)}"
        return f"{number(self.low)}\N{EN DASH}{number(self.high)}"


UNKNOWN_RANGE = Range()


def ranges_of(rows: pd.DataFrame, *, prefix: str = "") -> list[Range]:
    """Return the range of each row, from its columns low, best and high (or those with a prefix: ``strength_``)."""
    return [Range(*row) for row in rows[[prefix + bound for bound in BOUNDS]].to_numpy(dtype=float).tolist()]


def total(ranges: Iterable[Range]) -> Range:
    """Return the sum of ranges, end by end: the widest that it can be, and right if all err in the same direction.

    An end that one of them lacks is missing from the sum, so that one-sided bounds stay one-sided. ``best`` is the sum
    of figures that all have one. What counts different things is refused.
    """
    known = _of_one_unit(ranges)
    if len(known) <= 1:
        return known[0] if known else UNKNOWN_RANGE
    low, best, high = (sum(bounds) for bounds in zip(*(figure.bounds for figure in known), strict=True))
    if isnan(low) and isnan(high):
        best = nan  # open on both sides: no single figure
    return Range(low, best, high, known[0].unit, DEPENDENCE)


def envelope(ranges: Iterable[Range]) -> Range:
    """Return the range that holds several figures of one number; the figure itself if they agree."""
    known = list({figure.bounds: figure for figure in _of_one_unit(ranges)}.values())
    if len(known) <= 1:
        return known[0] if known else UNKNOWN_RANGE
    lows, highs = [figure.low for figure in known], [figure.high for figure in known]
    low = nan if any(map(isnan, lows)) else min(lows)
    high = nan if any(map(isnan, highs)) else max(highs)
    return Range(low, nan, high, known[0].unit)


def _of_one_unit(ranges: Iterable[Range]) -> list[Range]:
    """Return the ranges that say anything; refuse those that count different things."""
    known = [figure for figure in ranges if figure.known]
    if len(units := sorted({figure.unit for figure in known})) > 1:
        msg = f"Ranges of different units are not one number: {', '.join(units)}. Choose those of one unit."
        raise EstimateError(msg)
    return known

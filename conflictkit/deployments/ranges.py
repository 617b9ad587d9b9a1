"""Ranges of strength: added end by end, put side by side, written out."""

from __future__ import annotations

from math import isnan, nan
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

DEPENDENCE = "ranges added end by end, as if all were wrong in the same direction"


class Range(NamedTuple):
    """A strength; any of the three may be missing. A single figure is ``best``, a one-sided bound is an end."""

    low: float
    best: float
    high: float

    @property
    def known(self) -> bool:
        """Whether anything is given."""
        return not all(isnan(bound) for bound in self)

    @property
    def ends(self) -> tuple[float, float]:
        """The lower and the upper end; a single figure is both, unless a bound says more."""
        one_sided = isnan(self.low) != isnan(self.high)
        spare = nan if one_sided else self.best
        return (spare if isnan(self.low) else self.low), (spare if isnan(self.high) else self.high)

    def __str__(self) -> str:
        """Write the range as a reader would: 1,500-2,500, at least 400, up to 850."""
        if not self.known:
            return "no figure"
        if isnan(self.low) and isnan(self.high):
            return f"{self.best:,.0f}"
        low, high = self.ends
        if isnan(high):
            return f"at least {low:,.0f}"
        return f"up to {high:,.0f}" if isnan(low) else f"{low:,.0f}\N{EN DASH}{high:,.0f}"


UNKNOWN = Range(nan, nan, nan)


def ranges_of(rows: pd.DataFrame) -> list[Range]:
    """Return the strength of each row."""
    return [Range(*row) for row in rows[["strength_low", "strength_best", "strength_high"]].to_numpy(dtype=float)]


def add_ranges(ranges: Iterable[Range]) -> Range:
    """Return the sum of ranges, end by end: the widest that it can be, and right if all err in the same direction.

    An end that one of them lacks is missing from the sum, so that one-sided bounds stay one-sided. ``best`` is the sum
    of single figures only.
    """
    known = [figure for figure in ranges if figure.known]
    if len(known) <= 1:
        return known[0] if known else UNKNOWN
    low, high = (sum(bounds) for bounds in zip(*(figure.ends for figure in known), strict=True))
    best = sum(figure.best for figure in known)
    single = all(isnan(figure.low) and isnan(figure.high) for figure in known)
    return Range(nan, best, nan) if single else Range(low, nan if isnan(best) else best, high)


def envelope(ranges: Iterable[Range]) -> Range:
    """Return the range that holds several figures of one number; a single figure if they agree."""
    known = list(dict.fromkeys(figure for figure in ranges if figure.known))
    if len(known) <= 1:
        return known[0] if known else UNKNOWN
    lows, highs = zip(*(figure.ends for figure in known), strict=True)
    return Range(min(lows, default=nan) if not _any_nan(lows) else nan, nan, nan if _any_nan(highs) else max(highs))


def _any_nan(bounds: Iterable[float]) -> bool:
    return any(isnan(bound) for bound in bounds)

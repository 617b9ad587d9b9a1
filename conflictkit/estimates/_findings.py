"""What an audit finds, and how exact a printed figure is."""

from __future__ import annotations

from decimal import Decimal
from math import isnan
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from conflictkit.estimates.ranges import spoken

if TYPE_CHECKING:
    from collections.abc import Iterable

Told = list[Any]  # rows of the table, with what audit.py adds to them

PASS, ROUNDING, MISMATCH, IMPOSSIBLE = VERDICTS = ("pass", "rounding", "denominator mismatch", "impossible")


class Finding(NamedTuple):
    """One sum that figures imply."""

    check: str
    verdict: str
    as_of: pd.Timestamp
    estimator: str
    sum: str
    estimate_ids: str
    source_ids: str


def finding(check: str, verdict: str, rows: Iterable[Any], told: str) -> Finding:
    """Return a finding about some rows, the last of which dates it and names the estimator."""
    listed = list(rows)
    pages = sorted({row.source_id for row in listed if isinstance(row.source_id, str)})
    ids = ";".join(dict.fromkeys(row.estimate_id for row in listed))
    return Finding(check, verdict, listed[-1].as_of, listed[-1].estimator, told, ids, ";".join(pages))


def digits(value: float, unit: str = "") -> float:
    """Return by how much a printed figure may be off: half of its last digit, the second one if it ends in zeros."""
    if value == 0 or isnan(value):
        return 0.0
    exact = Decimal(str(value)).normalize()
    last = int(exact.as_tuple().exponent)
    if unit == "percent":
        return 0.5 * 10.0 ** min(last, 0)
    return 0.5 * 10.0 ** min(last, exact.adjusted() - 1)


def loose(row: Any) -> tuple[float, float]:  # noqa: ANN401 - a row of the table
    """Return the low and the high of a row with their digits; a bound is not rounded towards what it excludes."""
    low = row.low if isnan(row.high) else row.low - digits(row.low, row.unit)
    high = row.high if isnan(row.low) else row.high + digits(row.high, row.unit)
    return low, high


def figure(row: Any) -> str:  # noqa: ANN401 - a row of the table
    """Return a row's figure in words."""
    return spoken(float(row.low), float("nan"), float(row.high)) + (" %" if row.unit == "percent" else "")


def close(one: Any, other: Any, days: int) -> bool:  # noqa: ANN401 - rows of the table
    """Tell whether two rows can be about days so close together."""
    return bool(max(one.first, other.first) - min(one.last, other.last) <= pd.Timedelta(days=days))


def percent(value: float) -> str:
    """Return a percentage with one decimal where it has one."""
    return f"{round(value, 1):g} %"


def meets(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Tell whether two intervals share a number; a missing end is open."""
    return not (one[0] > other[1] or other[0] > one[1])

"""The result of a question about figures: low, best and high, the unit, and the sum that gave them."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan, nan
from typing import TYPE_CHECKING

import pandas as pd

from conflictkit.errors import EstimateError

if TYPE_CHECKING:
    from collections.abc import Iterable

BOUNDS = ["low", "best", "high"]
WINDOW_DAYS = 92  # of one time: a quarter, the longest interval between regular counts in the tables


@dataclass(frozen=True)
class Range:
    """What a wording or a sum allows: a range, a single figure, or a bound.

    Attributes
    ----------
    low, high
        The least and the greatest number that is allowed; nan where nothing is said. Equal for a single figure.
    best
        The single figure, nan where none was given: it is never taken from the middle.
    unit
        ``"count"``, ``"share"`` (of 1) or what the rows count.
    how
        How the numbers came about, in words.
    """

    low: float = nan
    best: float = nan
    high: float = nan
    unit: str = "count"
    how: str = ""

    def __str__(self) -> str:
        """Return the figure as a reader would say it."""
        return spoken(self.low, self.best, self.high)


def spoken(low: float, best: float, high: float) -> str:
    """Return a figure in words: 1,500 to 2,500; 3,000; at least 500; at most 850."""
    if not (isnan(low) or isnan(high)) and low != high:
        return f"{number(low)} to {number(high)}"
    if not isnan(best):
        return number(best)
    if isnan(low) and isnan(high):
        return "no figure"
    if low == high:
        return number(low)
    return f"at most {number(high)}" if isnan(low) else f"at least {number(low)}"


def number(value: float) -> str:
    """Return a number with thousands commas: whole from ten on, to three figures below."""
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.3g}"  # noqa: PLR2004 - two digits


def span(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the low and the high of each row: a single figure is both, a side of which nothing is said is missing."""
    return pd.DataFrame({side: rows[side].fillna(rows["best"]) for side in ("low", "high")}, index=rows.index)


def need(rows: pd.DataFrame, columns: Iterable[str], *, what: str) -> None:
    """Raise if there is no row, or a column is missing, or a row has numbers that cannot be."""
    missing = [column for column in columns if column not in rows.columns]
    if missing:
        msg = f"The frame lacks {', '.join(missing)}: {what} takes rows like those of load_fighter_estimates()."
        raise EstimateError(msg)
    if rows.empty:
        msg = f"No rows for {what}. Check the filter, or start from load_fighter_estimates()."
        raise EstimateError(msg)
    if bad := sorted({column for column in BOUNDS if column in rows and rows[column].dtype.kind not in "fiu"}):
        msg = f"{', '.join(bad)} must hold numbers. sift_estimates(frame) sets rows aside that hold anything else."
        raise EstimateError(msg)
    if "as_of" in columns and (rows["as_of"].dtype.kind != "M" or rows["as_of"].isna().any()):
        msg = "as_of must hold a date in every row. sift_estimates(frame) sets rows aside that have none."
        raise EstimateError(msg)
    numbers = span(rows)
    wrong = numbers["low"].gt(numbers["high"]) | numbers.lt(0).any(axis=1) | numbers.isna().all(axis=1)
    if wrong.any():
        named = "; ".join(name(row) for _, row in rows[wrong].head(5).iterrows())
        msg = (
            f"{wrong.sum()} of {len(rows)} rows have low above high, a negative number or none: {named}. "
            "sift_estimates(frame) sets such rows aside and says why."
        )
        raise EstimateError(msg)


def name(row: pd.Series) -> str:
    """Return a row's id or, without one, its figure and its estimator."""
    if isinstance(row.get("estimate_id"), str):
        return str(row["estimate_id"])
    return f"{spoken(*(float(row[bound]) for bound in BOUNDS))} ({row.get('estimator', 'no estimator')})"

"""What an audit reads and what it finds: figures as they are printed, how exact they are, and the sums they imply."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import isnan
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from conflictkit.ranges import Range

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PASS, ROUNDING, MISMATCH, IMPOSSIBLE = VERDICTS = ("pass", "rounding", "denominator mismatch", "impossible")


@dataclass(frozen=True, eq=False)
class Figure:
    """One published figure, with what the sums need of it."""

    estimate_id: str
    estimator: str
    source_id: str
    actor_id: str
    scope: str
    place: str
    thing: str  # what is counted
    metric: str  # of land; empty for people
    unit: str
    definition: str
    quote: str
    note: str
    voice: str
    teller: str  # the side that says so, or the voice where it has none
    as_of: pd.Timestamp
    date_prec: str
    first: pd.Timestamp
    last: pd.Timestamp
    baseline: pd.Timestamp | None
    low: float  # a single figure is both
    high: float

    @property
    def has_low(self) -> bool:
        """Whether a least number is given."""
        return not isnan(self.low)

    @property
    def has_high(self) -> bool:
        """Whether a greatest number is given."""
        return not isnan(self.high)

    @property
    def is_single(self) -> bool:
        """Whether it is one number."""
        return self.low == self.high

    @property
    def is_year(self) -> bool:
        """Whether its date is known to the year only: too wide for what changes within one."""
        return self.date_prec == "year"

    @property
    def where(self) -> tuple[str, str, str, str]:
        """Whom it counts, where, according to which side."""
        return self.actor_id, self.scope, self.place, self.teller

    def __str__(self) -> str:
        """Return the figure as its page has it."""
        return f"{Range(self.low, high=self.high)}{' %' if self.unit == 'percent' else ''}"


Told = list[Figure]


class Finding(NamedTuple):
    """One sum that figures imply."""

    check: str
    verdict: str
    as_of: pd.Timestamp
    estimator: str
    sum: str
    estimate_ids: str
    source_ids: str


def figures_from(described: pd.DataFrame) -> Iterator[Figure]:
    """Yield each row as a figure, by date, one for each ``estimate_id``."""
    cells = described.assign(
        baseline=described.get("baseline_date"),
        definition=_or_empty(described, "control_definition"),
        low=described["least"],
        high=described["most"],
        thing=described["thing"] + described["of"].map(lambda of: f" from {of}" if of else ""),
        **{name: _or_empty(described, name) for name in ("metric", "unit", "quote", "note", "source_id")},
    )
    names = list(Figure.__dataclass_fields__)
    ordered = cells.sort_values(["as_of", "estimate_id"], kind="stable").drop_duplicates("estimate_id")
    for row in ordered[names].itertuples(index=False, name=None):
        cells_of = dict(zip(names, row, strict=True))
        yield Figure(**cells_of | {"baseline": None if pd.isna(cells_of["baseline"]) else cells_of["baseline"]})


def _or_empty(rows: pd.DataFrame, column: str) -> pd.Series:
    return rows[column].fillna("") if column in rows else pd.Series("", index=rows.index)


def finding(check: str, verdict: str, figures: Sequence[Figure], told: str) -> Finding:
    """Return a finding about some figures, the last of which dates it and names the estimator."""
    pages = sorted({figure.source_id for figure in figures} - {""})
    ids = dict.fromkeys(figure.estimate_id for figure in figures)
    return Finding(check, verdict, figures[-1].as_of, figures[-1].estimator, told, ";".join(ids), ";".join(pages))


def digits(value: float, unit: str = "") -> float:
    """Return by how much a printed figure may be off: half of its last digit, the second one if it ends in zeros."""
    if value == 0 or isnan(value):
        return 0.0
    exact = Decimal(str(value)).normalize()
    last = int(exact.as_tuple().exponent)
    if unit == "percent":
        return 0.5 * 10.0 ** min(last, 0)
    return 0.5 * 10.0 ** min(last, exact.adjusted() - 1)


def loose(figure: Figure) -> tuple[float, float]:
    """Return the low and the high of a figure with their digits; a bound is not rounded towards what it excludes."""
    low = figure.low - digits(figure.low, figure.unit) if figure.has_high else figure.low
    high = figure.high + digits(figure.high, figure.unit) if figure.has_low else figure.high
    return low, high


def close(one: Figure, other: Figure, days: int) -> bool:
    """Tell whether two figures can be about days so close together."""
    return bool(max(one.first, other.first) - min(one.last, other.last) <= pd.Timedelta(days=days))


def percents(low: float, high: float) -> str:
    """Return computed percentages with one decimal where they have one, as ranges are written."""
    ends = [f"{round(end, 1):g}" for end in (low, high) if not isnan(end)]
    bound = "at most " if isnan(low) else "at least " if isnan(high) else ""
    return f"{bound}{'–'.join(dict.fromkeys(ends))} %"


def meets(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Tell whether two intervals share a number; a missing end is open."""
    return not (one[0] > other[1] or other[0] > one[1])

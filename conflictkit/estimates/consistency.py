"""The consistency of one side's figures: killed against stocks and inflow, jumps, parts against their whole."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from conflictkit.errors import EstimateError
from conflictkit.estimates.findings import (
    IMPOSSIBLE,
    MISMATCH,
    PASS,
    ROUNDING,
    Finding,
    Told,
    close,
    digits,
    figure,
    finding,
)
from conflictkit.estimates.ranges import BOUNDS, WINDOW_DAYS, number
from conflictkit.estimates.scopes import SURE, Scopes
from conflictkit.estimates.sums import sum_ranges
from conflictkit.schema import FLOWS

if TYPE_CHECKING:
    from collections.abc import Iterator

MONTH = 365.25 / 12
JUMP = 2.5  # between the nearer ends of two consecutive ranges: more than the steepest decline that flows explain
PART_DAYS = 31
EVER = "foreign_fighters"  # often all who ever came, so that a part can exceed those there
STOCK, KILLED, INFLOW = "fighters", "killed", "inflow_per_month"


def flows(told: Told) -> Iterator[Finding]:
    """Hold killed against the stock before, a stated inflow, and the stock after."""
    for key in sorted({_where(row) for row in told if row.thing == KILLED}):
        here = [row for row in told if _where(row) == key]
        killed = [row for row in here if row.thing == KILLED and row.date_prec != "year"]
        stocks = [row for row in here if row.thing == STOCK]
        inflows = [row for row in here if row.thing == INFLOW]
        dated = [row for row in stocks if row.date_prec != "year"]
        for one, other in pairwise(killed):
            if other.low > one.high:
                yield from _between(one, other, dated, inflows)
        for row in killed:
            if row.low == row.low:
                yield from _in_all(row, stocks, inflows)


def _where(row: Any) -> tuple[str, ...]:  # noqa: ANN401 - a row of the table
    return row.actor_id, row.scope, row.place, row.teller


def _between(one: Any, other: Any, stocks: Told, inflows: Told) -> Iterator[Finding]:  # noqa: ANN401
    """Hold the killed between two totals against what there was."""
    before = [s for s in stocks if s.high == s.high and abs(s.as_of - one.as_of).days <= WINDOW_DAYS]
    after = [s for s in stocks if s.low == s.low and abs(s.as_of - other.as_of).days <= WINDOW_DAYS]
    if before and after:
        start, end = max(before, key=lambda s: s.high), min(after, key=lambda s: s.low)
        dead, slack = other.low - one.high, digits(one.high) + digits(other.low)
        words = f"killed rose from {number(one.high)} to {number(other.low)}, by {number(dead)}"
        yield from _flow(Dead(dead, slack, one.as_of, words, (one, other)), start, end, inflows)


def _in_all(row: Any, stocks: Told, inflows: Told) -> Iterator[Finding]:  # noqa: ANN401 - a row of the table
    """Hold a total of killed against the stock before it that allows most: where the count began is not known."""
    before = [s for s in stocks if s.first <= row.as_of]
    bounded = [s for s in before if s.high == s.high]
    if not bounded or any(s.high != s.high and s.low > max(b.high for b in bounded) for s in before):
        return  # nothing is said of how many there were at most
    came = {s.estimate_id: _came(s.as_of, row.as_of, inflows)[0] for s in bounded}
    start = max(bounded, key=lambda s: s.high + came[s.estimate_id])
    later = [s for s in bounded if abs(s.as_of - row.as_of).days <= WINDOW_DAYS and s is not start and s.low == s.low]
    end = min(later, key=lambda s: s.low) if later else None
    yield from _flow(
        Dead(row.low, digits(row.low), start.as_of, f"killed {number(row.low)}", (row,)), start, end, inflows
    )


def _came(since: pd.Timestamp, until: pd.Timestamp, inflows: Told) -> tuple[float, Any]:
    """Return how many can have come between two days, and the row that says so: the largest inflow near that time.

    None stated: nobody. Only "at least" so many: without limit.
    """
    quarter = pd.Timedelta(days=WINDOW_DAYS)
    middle = since + (until - since) / 2
    near = [row for row in inflows if row.last >= since - quarter and row.first <= until + quarter]
    near = near or sorted(inflows, key=lambda row: abs(row.as_of - middle))[:1]
    if not near:
        return 0.0, None
    most = max(near, key=lambda row: (row.high != row.high, row.high))
    months = max((until - since).days, 0) / MONTH
    return (float("inf") if most.high != most.high else most.high * months), most


class Dead(NamedTuple):
    """Those said to be killed since a day, in words, and the rows that say so."""

    number: float
    slack: float
    since: pd.Timestamp
    words: str
    rows: tuple[Any, ...]


def _flow(dead: Dead, start: Any, end: Any, inflows: Told) -> Iterator[Finding]:  # noqa: ANN401 - rows of the table
    """Hold the killed against the stock at the start, the inflow, and the stock at the end."""
    came, inflow = _came(dead.since, dead.rows[-1].as_of, inflows)
    if came == float("inf"):
        return
    left = 0.0 if end is None else end.low
    most = start.high + came - left
    given = f"{number(start.high)} at most before"
    given += f" + {number(came)} who came" if inflow is not None else ""
    given += f" - {number(left)} at least after" if end is not None else ""
    told = f"{dead.words}; {given} = {number(max(most, 0))}"
    slack = dead.slack + digits(start.high) + digits(left)
    verdict = PASS if dead.number <= most else ROUNDING if dead.number - slack <= most else IMPOSSIBLE
    if verdict == IMPOSSIBLE:
        unstated = "more " if inflow is not None else ""
        told += f": {number(dead.number - most)} {unstated}would have had to come, which no figure of theirs says"
    rows = [row for row in (start, inflow, end, *dead.rows) if row is not None]
    yield finding("killed against stock and inflow", verdict, rows, told)


def jumps(told: Told) -> Iterator[Finding]:
    """Find consecutive figures of one estimator, within a quarter, that are too far apart for one thing."""
    dated = [row for row in told if row.date_prec != "year" and row.low == row.low and row.high == row.high]
    series: dict[tuple[str, ...], Told] = {}
    for row in dated:
        if row.thing not in FLOWS:
            series.setdefault((row.voice, row.actor_id, row.scope, row.place, row.thing), []).append(row)
    for rows in series.values():
        for one, other in pairwise(rows):
            days = (other.as_of - one.as_of).days
            if days > WINDOW_DAYS:
                continue
            small, large = sorted((one, other), key=lambda row: (row.low, row.high))
            factor = large.low / small.high if small.high > 0 else 1.0
            if one.place and other.high < one.low:
                factor = 1.0  # people leave a place, surrender or die within days
            words = f"{figure(one)} to {figure(other)} in {days} days"
            if factor > JUMP:
                words += f", {factor:.1f} times apart: another thing counted, or a change that no figure explains"
            yield finding("jump", MISMATCH if factor > JUMP else PASS, (one, other), words)


def parents(told: Told) -> Iterator[Finding]:
    """Hold the parts of a scope against the whole, by one side within a month."""
    where = Scopes()
    stocks = [row for row in told if row.thing not in (*FLOWS, EVER) and row.unit != "percent"]
    for parent in (row for row in stocks if row.high == row.high and not row.place):
        inside = where.countries(parent.scope, "")
        near = [
            row for row in stocks
            if row.thing == parent.thing and row.teller == parent.teller and row.actor_id == parent.actor_id
            and row.low == row.low and close(row, parent, PART_DAYS) and "year" not in {row.date_prec, parent.date_prec}
        ]  # fmt: skip
        parts = [
            row for row in near if where.countries(row.scope, row.place) <= inside and _is_part(row, parent, where)
        ]
        for part in parts:
            yield _part(parent, (part,), part.low, figure(part))
        countries = [row for row in parts if not row.place and row.as_of == parent.as_of and row.voice == parent.voice]
        if len({row.scope for row in countries}) > 1:
            yield from _added(parent, countries)


def _is_part(row: Any, parent: Any, where: Scopes) -> bool:  # noqa: ANN401 - rows of the table
    if row.scope == parent.scope and not row.place:
        return False
    return (
        bool(where.countries(row.scope, row.place))
        and where.overlap((row.scope, row.place), (parent.scope, "")) == SURE
    )


def _added(parent: Any, parts: Told) -> Iterator[Finding]:  # noqa: ANN401 - a row of the table
    columns = ["as_of", "date_prec", "actor_id", "scope", *BOUNDS, "estimator", "estimate_id"]
    frame = pd.DataFrame([{column: getattr(row, column) for column in columns} for row in parts])
    try:
        total = sum_ranges(frame.assign(quantity=parts[0].thing))
    except EstimateError:
        return
    if total.low == total.low:
        yield _part(parent, tuple(parts), total.low, " + ".join(figure(row) for row in parts))


def _part(parent: Any, parts: tuple[Any, ...], low: float, words: str) -> Finding:  # noqa: ANN401 - a row of the table
    slack = digits(low) + digits(parent.high)
    verdict = PASS if low <= parent.high else ROUNDING if low - slack <= parent.high else IMPOSSIBLE
    told = f"{words} for a part, {figure(parent)} for the whole"
    if verdict == IMPOSSIBLE:
        told += f": the part has at least {number(low - parent.high)} more than the whole can have"
    return finding("part of a whole", verdict, (*parts, parent), told)

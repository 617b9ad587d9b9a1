"""The consistency of one side's figures: killed against stocks and inflow, jumps, parts against their whole."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from conflictkit.estimates._figures import SURE, WINDOW_DAYS, Scopes
from conflictkit.estimates._findings import (
    IMPOSSIBLE,
    MISMATCH,
    PASS,
    ROUNDING,
    Figure,
    Finding,
    Told,
    close,
    digits,
    finding,
)
from conflictkit.prose import number
from conflictkit.ranges import Range, total
from conflictkit.schema import FLOWS

if TYPE_CHECKING:
    from collections.abc import Iterator

MONTH = 365.25 / 12
JUMP = 2.5  # between the nearer ends of two consecutive ranges: more than the steepest decline that flows explain
PART_DAYS = 31
EVER = "foreign_fighters"  # often all who ever came, so that a part can exceed those there
STOCK, KILLED, INFLOW = "fighters", "killed", "inflow_per_month"


class Dead(NamedTuple):
    """Those said to be killed since a day, in words, and the figures that say so."""

    number: float
    slack: float
    since: pd.Timestamp
    words: str
    figures: tuple[Figure, ...]


def flows(told: Told) -> Iterator[Finding]:
    """Hold killed against the stock before, a stated inflow, and the stock after."""
    for key in sorted({figure.where for figure in told if figure.thing == KILLED}):
        here = [figure for figure in told if figure.where == key]
        killed = [figure for figure in here if figure.thing == KILLED and not figure.is_year]
        stocks = [figure for figure in here if figure.thing == STOCK]
        inflows = [figure for figure in here if figure.thing == INFLOW]
        # between two totals, and each total by itself
        for one, other in pairwise(killed):
            if other.low > one.high:
                yield from _between(one, other, [stock for stock in stocks if not stock.is_year], inflows)
        for figure in killed:
            if figure.has_low:
                yield from _in_all(figure, stocks, inflows)


def _between(one: Figure, other: Figure, stocks: Told, inflows: Told) -> Iterator[Finding]:
    """Hold the killed between two totals against what there was."""
    before = [s for s in stocks if s.has_high and abs(s.as_of - one.as_of).days <= WINDOW_DAYS]
    after = [s for s in stocks if s.has_low and abs(s.as_of - other.as_of).days <= WINDOW_DAYS]
    if before and after:
        start, end = max(before, key=lambda s: s.high), min(after, key=lambda s: s.low)
        dead, slack = other.low - one.high, digits(one.high) + digits(other.low)
        words = f"killed rose from {number(one.high)} to {number(other.low)}, by {number(dead)}"
        yield from _flow(Dead(dead, slack, one.as_of, words, (one, other)), start, end, inflows)


def _in_all(killed: Figure, stocks: Told, inflows: Told) -> Iterator[Finding]:
    """Hold a total of killed against the stock before it that allows most: where the count began is not known."""
    before = [s for s in stocks if s.first <= killed.as_of]
    bounded = [s for s in before if s.has_high]
    if not bounded or any(not s.has_high and s.low > max(b.high for b in bounded) for s in before):
        return  # nothing is said of how many there were at most
    came = {s.estimate_id: _came(s.as_of, killed.as_of, inflows)[0] for s in bounded}
    start = max(bounded, key=lambda s: s.high + came[s.estimate_id])
    later = [s for s in bounded if abs(s.as_of - killed.as_of).days <= WINDOW_DAYS and s is not start and s.has_low]
    end = min(later, key=lambda s: s.low) if later else None
    dead = Dead(killed.low, digits(killed.low), start.as_of, f"killed {number(killed.low)}", (killed,))
    yield from _flow(dead, start, end, inflows)


def _came(since: pd.Timestamp, until: pd.Timestamp, inflows: Told) -> tuple[float, Figure | None]:
    """Return how many can have come between two days, and the figure that says so: the largest inflow near that time.

    None stated: nobody. Only "at least" so many: without limit.
    """
    quarter = pd.Timedelta(days=WINDOW_DAYS)
    middle = since + (until - since) / 2
    near = [row for row in inflows if row.last >= since - quarter and row.first <= until + quarter]
    near = near or sorted(inflows, key=lambda row: abs(row.as_of - middle))[:1]
    if not near:
        return 0.0, None
    most = max(near, key=lambda row: (not row.has_high, row.high))
    months = max((until - since).days, 0) / MONTH
    return (most.high * months if most.has_high else float("inf")), most


def _flow(dead: Dead, start: Figure, end: Figure | None, inflows: Told) -> Iterator[Finding]:
    """Hold the killed against the stock at the start, the inflow, and the stock at the end."""
    came, inflow = _came(dead.since, dead.figures[-1].as_of, inflows)
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
    figures = [figure for figure in (start, inflow, end, *dead.figures) if figure is not None]
    yield finding("killed against stock and inflow", verdict, figures, told)


def jumps(told: Told) -> Iterator[Finding]:
    """Find consecutive figures of one estimator, within a quarter, that are too far apart for one thing."""
    series: dict[tuple[str, ...], Told] = {}
    for figure in told:
        if figure.has_low and figure.has_high and not figure.is_year and figure.thing not in FLOWS:
            key = (figure.voice, figure.actor_id, figure.scope, figure.place, figure.thing)
            series.setdefault(key, []).append(figure)
    for figures in series.values():
        for one, other in pairwise(figures):
            days = (other.as_of - one.as_of).days
            if days > WINDOW_DAYS:
                continue
            small, large = sorted((one, other), key=lambda figure: (figure.low, figure.high))
            factor = large.low / small.high if small.high > 0 else 1.0
            if one.place and other.high < one.low:
                factor = 1.0  # people leave a place, surrender or die within days
            words = f"{one}, then {other} after {days} days"
            if factor > JUMP:
                words += f", {factor:.1f} times apart: another thing counted, or a change that no figure explains"
            yield finding("jump", MISMATCH if factor > JUMP else PASS, (one, other), words)


def parents(told: Told, where: Scopes) -> Iterator[Finding]:
    """Hold the parts of a scope against the whole, by one side within a month."""
    stocks = [row for row in told if row.thing not in (*FLOWS, EVER) and row.unit != "percent" and not row.is_year]
    for parent in (row for row in stocks if row.has_high and not row.place):
        parts = [row for row in stocks if row.has_low and _is_part(row, parent, where)]
        for part in parts:
            yield _part(parent, (part,), part.low, str(part))
        # the countries of one statement, added
        countries = [row for row in parts if not row.place and row.as_of == parent.as_of and row.voice == parent.voice]
        if len({row.scope for row in countries}) > 1:
            yield from _added(parent, countries, where)


def _is_part(row: Figure, parent: Figure, where: Scopes) -> bool:
    """Tell whether a figure is of a part of what another counts, at that time."""
    same = (row.thing, row.teller, row.actor_id) == (parent.thing, parent.teller, parent.actor_id)
    if not same or not close(row, parent, PART_DAYS) or (row.scope == parent.scope and not row.place):
        return False
    here, whole = where.countries(row.scope, row.place), where.countries(parent.scope, "")
    return bool(here) and here <= whole and where.overlap((row.scope, row.place), (parent.scope, "")) == SURE


def _added(parent: Figure, parts: Told, where: Scopes) -> Iterator[Finding]:
    """Hold the sum of countries against their whole, if no country is counted twice."""
    once = list({(part.scope, part.low, part.high): part for part in parts}.values())
    codes = [code for part in once for code in where.countries(part.scope, part.place)]
    added = total(Range(part.low, high=part.high) for part in once)
    if len(codes) == len(set(codes)):
        yield _part(parent, tuple(parts), added.low, " + ".join(str(part) for part in parts))


def _part(parent: Figure, parts: tuple[Figure, ...], low: float, words: str) -> Finding:
    slack = digits(low) + digits(parent.high)
    verdict = PASS if low <= parent.high else ROUNDING if low - slack <= parent.high else IMPOSSIBLE
    told = f"{words} for a part, {parent} for the whole"
    if verdict == IMPOSSIBLE:
        told += f": the part has at least {number(low - parent.high)} more than the whole can have"
    return finding("part of a whole", verdict, (*parts, parent), told)

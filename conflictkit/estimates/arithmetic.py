"""The arithmetic of published areas: percentages of stocks, differences, shares of a whole, square miles."""

from __future__ import annotations

import re
from itertools import combinations, groupby
from math import isnan
from typing import TYPE_CHECKING, Any

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
    loose,
    meets,
    percent,
)
from conflictkit.estimates.ranges import number

if TYPE_CHECKING:
    from collections.abc import Iterator

LOST = ("share_of_peak_lost", "share_lost_since_baseline")
NEAR_DAYS = 31  # a figure of the same month stands for a baseline or for the day after
SAME_DAYS = 7  # figures of one briefing and its copies
KM2_IN_SQUARE_MILE = 2.589988110336  # international mile of 1,609.344 m
CONVERTED = 0.015  # conversions are printed to two or three digits
SLIP = 0.005  # a pair as close to the factor as this was one figure in two units
MILES = re.compile(r"([\d,]+(?:\.\d+)?)(?:\s*(?:to|-|–)\s*([\d,]+(?:\.\d+)?))?\s*(?:square miles|sq\.? mi)")
PARTS, HUNDRED = 3, 100.0


def percentages(told: Told) -> Iterator[Finding]:
    """Hold a percentage lost against the land held before and after, or before and freed."""
    for row in told:
        if row.metric not in LOST or row.baseline_date != row.baseline_date:  # NaT is not itself
            continue
        bases = [b for b in _held(row, told) if abs(b.as_of - row.baseline_date).days <= NEAR_DAYS or _covers(b, row)]
        afters = [a for a in _held(row, told) if close(a, row, SAME_DAYS) and a.date_prec != "year"]
        freed = [
            f for f in told
            if f.metric == "area_freed" and f.teller == row.teller and _same(f, row)
            and close(f, row, SAME_DAYS) and f.baseline_date == row.baseline_date
        ]  # fmt: skip
        for base in bases:
            for other in afters:
                if other.estimate_id != base.estimate_id:
                    yield _lost_left(row, base, other)
            for other in freed:
                yield _lost_freed(row, base, other)


def _held(row: Any, told: Told) -> Told:  # noqa: ANN401 - a row of the table
    return [h for h in told if h.metric == "area_held" and h.teller == row.teller and _same(h, row) and h.low == h.low]


def _same(one: Any, other: Any) -> bool:  # noqa: ANN401 - rows of the table
    return all(getattr(one, column) == getattr(other, column) for column in ("scope", "actor_id", "control_definition"))


def _covers(base: Any, row: Any) -> bool:  # noqa: ANN401 - rows of the table
    """Tell whether a stock dated to a year or month covers the baseline."""
    return bool(base.first <= row.baseline_date <= base.last)


def _lost_left(row: Any, base: Any, left: Any) -> Finding:  # noqa: ANN401 - rows of the table
    exact = HUNDRED * (1 - left.high / base.low), HUNDRED * (1 - left.low / base.high)
    (b_low, b_high), (l_low, l_high) = loose(base), loose(left)
    wide = HUNDRED * (1 - l_high / b_low), HUNDRED * (1 - l_low / b_high)
    verdict = _verdict(row, exact, wide)
    share = row.high if isnan(row.low) else row.low
    implied = left.low / (1 - share / HUNDRED) if share < HUNDRED else float("inf")
    told = f"{figure(left)} of {figure(base)} is a loss of {_percents(exact)}"
    if verdict == MISMATCH:
        told = (
            f"{figure(left)} after a loss of {figure(row)} implies {number(implied)} before, not {figure(base)}; {told}"
        )
    else:
        told += f"; given is {figure(row)}"
    return finding("percentage of a stock", verdict, (base, left, row), told)


def _lost_freed(row: Any, base: Any, freed: Any) -> Finding:  # noqa: ANN401 - rows of the table
    exact = HUNDRED * freed.low / base.high, HUNDRED * freed.high / base.low
    (b_low, b_high), (f_low, f_high) = loose(base), loose(freed)
    verdict = _verdict(row, exact, (HUNDRED * f_low / b_high, HUNDRED * f_high / b_low))
    told = f"{figure(freed)} of {figure(base)} is {_percents(exact)}; given is {figure(row)}"
    if verdict == MISMATCH and row.low == row.high:
        ends = [number(round(HUNDRED * end / row.low, -2)) for end in (freed.low, freed.high)]
        told += f", which implies {' to '.join(dict.fromkeys(ends))} before, not {figure(base)}"
    return finding("percentage of a stock", verdict, (base, freed, row), told)


def _verdict(row: Any, exact: tuple[float, float], wide: tuple[float, float]) -> str:  # noqa: ANN401
    if meets((row.low, row.high), exact):
        return PASS
    return ROUNDING if meets(loose(row), wide) else MISMATCH


def _percents(ends: tuple[float, float]) -> str:
    return " to ".join(dict.fromkeys(percent(end) for end in ends))


def losses(told: Told) -> Iterator[Finding]:
    """Hold land freed since a baseline against land held then and now, by one estimator."""
    for row in told:
        if row.metric != "area_freed" or row.baseline_date != row.baseline_date:
            continue
        held = [h for h in _held(row, told) if h.high == h.high]
        for base in (b for b in held if abs(b.as_of - row.baseline_date).days <= SAME_DAYS):
            for left in (h for h in held if close(h, row, SAME_DAYS) and h.as_of > base.as_of):
                exact = base.low - left.high, base.high - left.low
                slack = digits(base.low) + digits(left.low)
                near = meets(loose(row), (exact[0] - slack, exact[1] + slack))
                verdict = PASS if meets((row.low, row.high), exact) else ROUNDING if near else MISMATCH
                lost = " to ".join(dict.fromkeys(number(end) for end in exact))
                told_sum = f"{figure(base)} less {figure(left)} is {lost}; given is {figure(row)}"
                yield finding("land lost", verdict, (base, left, row), told_sum)


def whole(told: Told) -> Iterator[Finding]:
    """Hold the shares that one estimator gives to all holders of a country against the whole."""
    shares = [row for row in told if row.metric == "share_of_country_held" and row.low == row.low]

    def key(row: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a row of the table
        return row.voice, row.scope, row.as_of

    for _, group in groupby(sorted(shares, key=key), key=key):
        rows = list({row.actor_id: row for row in group}.values())
        if len(rows) < PARTS:
            continue
        total, slack = sum(row.low for row in rows), sum(digits(row.low, "percent") for row in rows)
        verdict = PASS if total <= HUNDRED else ROUNDING if total - slack <= HUNDRED else IMPOSSIBLE
        yield finding("shares of a whole", verdict, rows, f"{' + '.join(f'{row.low:g}' for row in rows)} = {total:g} %")


def square_miles(told: Told) -> Iterator[Finding]:
    """Hold km2 against square miles in quote and note, and find pairs that are one figure in two units."""
    areas = [row for row in told if row.unit == "km2"]
    for row in areas:
        ends = {end for end in (row.low, row.high) if not isnan(end)}
        for found in MILES.finditer(f"{row.quote}; {row.note}"):
            for miles in (float(text.replace(",", "")) for text in found.groups() if text):
                km2 = miles * KM2_IN_SQUARE_MILE
                told_sum = f"{number(miles)} square miles are {number(km2)} km2; given is {figure(row)}"
                if any(abs(end - km2) <= CONVERTED * km2 for end in ends):
                    yield finding("square miles", PASS, (row,), told_sum)
                elif miles in ends:
                    yield finding("square miles", MISMATCH, (row,), f"{told_sum}, which is still in square miles")
    for one, other in combinations(areas, 2):
        alike = one.voice == other.voice and one.thing == other.thing and _same(one, other)
        if not alike or not close(one, other, NEAR_DAYS) or one.low != one.high or other.low != other.high:
            continue
        small, large = sorted((one, other), key=lambda row: row.low)
        factor = large.low / small.low if small.low else 0.0
        if abs(factor / KM2_IN_SQUARE_MILE - 1) <= SLIP:
            told_sum = f"{figure(large)} is {factor:.2f} times {figure(small)}, as km2 are to square miles"
            yield finding("square miles", MISMATCH, (small, large), told_sum)

"""The arithmetic of published areas: percentages of stocks, differences, shares of a whole, square miles."""

from __future__ import annotations

import re
from itertools import combinations, groupby
from typing import TYPE_CHECKING

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
    loose,
    meets,
    percents,
)
from conflictkit.prose import KM2, number
from conflictkit.ranges import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

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
    for lost in told:
        if lost.metric not in LOST or lost.baseline is None:
            continue
        held = _held(lost, told)
        bases = [base for base in held if base.low > 0 and _stands_for_baseline(base, lost)]
        afters = [left for left in held if close(left, lost, SAME_DAYS) and not left.is_year]
        freed = [one for one in told if _freed_with(lost, one)]
        for base in bases:
            for left in afters:
                if left.estimate_id != base.estimate_id:
                    yield _lost_left(lost, base, left)
            for one in freed:
                yield _lost_freed(lost, base, one)


def _held(figure: Figure, told: Told) -> Told:
    """Return what the same side says was held, of the same land."""
    return [h for h in told if h.metric == "area_held" and h.teller == figure.teller and _same(h, figure) and h.has_low]


def _same(one: Figure, other: Figure) -> bool:
    """Tell whether two figures are about the same land by the same definition."""
    return (one.scope, one.actor_id, one.definition) == (other.scope, other.actor_id, other.definition)


def _stands_for_baseline(base: Figure, lost: Figure) -> bool:
    """Tell whether a stock is of the month of the baseline, or dated to a year or month that covers it."""
    baseline = lost.baseline
    if baseline is None:
        return False
    return abs(base.as_of - baseline).days <= NEAR_DAYS or bool(base.first <= baseline <= base.last)


def _freed_with(lost: Figure, one: Figure) -> bool:
    """Tell whether a figure is the land freed that goes with a percentage lost."""
    if one.metric != "area_freed" or one.teller != lost.teller or one.baseline != lost.baseline:
        return False
    return _same(one, lost) and close(one, lost, SAME_DAYS)


def _lost_left(lost: Figure, base: Figure, left: Figure) -> Finding:
    exact = HUNDRED * (1 - left.high / base.low), HUNDRED * (1 - left.low / base.high)
    (b_low, b_high), (l_low, l_high) = loose(base), loose(left)
    wide = HUNDRED * (1 - l_high / b_low), HUNDRED * (1 - l_low / b_high)
    verdict = _verdict(lost, exact, wide)
    told = f"{left} of {base} is a loss of {percents(*exact)}"
    if verdict == MISMATCH:
        share = lost.low if lost.has_low else lost.high
        implied = left.low / (1 - share / HUNDRED) if share < HUNDRED else float("inf")
        told = f"{left} after a loss of {lost} implies {number(implied)} before, not {base}; {told}"
    else:
        told += f"; given is {lost}"
    return finding("percentage of a stock", verdict, (base, left, lost), told)


def _lost_freed(lost: Figure, base: Figure, freed: Figure) -> Finding:
    exact = HUNDRED * freed.low / base.high, HUNDRED * freed.high / base.low
    (b_low, b_high), (f_low, f_high) = loose(base), loose(freed)
    verdict = _verdict(lost, exact, (HUNDRED * f_low / b_high, HUNDRED * f_high / b_low))
    told = f"{freed} of {base} is {percents(*exact)}; given is {lost}"
    if verdict == MISMATCH and lost.is_single and lost.low > 0:
        low, high = (round(HUNDRED * end / lost.low, -2) for end in (freed.low, freed.high))
        implied = Range(low, high=high)
        told += f", which implies {implied} before, not {base}"
    return finding("percentage of a stock", verdict, (base, freed, lost), told)


def _verdict(figure: Figure, exact: tuple[float, float], wide: tuple[float, float]) -> str:
    """Return how a figure agrees with what was computed, and with what its digits and those it is made of allow."""
    if meets((figure.low, figure.high), exact):
        return PASS
    return ROUNDING if meets(loose(figure), wide) else MISMATCH


def losses(told: Told) -> Iterator[Finding]:
    """Hold land freed since a baseline against land held then and now, by one estimator."""
    for freed in told:
        if freed.metric != "area_freed" or freed.baseline is None:
            continue
        held = [h for h in _held(freed, told) if h.has_high]
        for base in (b for b in held if abs(b.as_of - freed.baseline).days <= SAME_DAYS):
            for left in (h for h in held if close(h, freed, SAME_DAYS) and h.as_of > base.as_of):
                exact = base.low - left.high, base.high - left.low
                slack = digits(base.low) + digits(left.low)
                verdict = _verdict(freed, exact, (exact[0] - slack, exact[1] + slack))
                told_sum = f"{base} less {left} is {Range(exact[0], high=exact[1])}; given is {freed}"
                yield finding("land lost", verdict, (base, left, freed), told_sum)


def whole(told: Told) -> Iterator[Finding]:
    """Hold the shares that one estimator gives to all holders of a country against the whole."""
    shares = [figure for figure in told if figure.metric == "share_of_country_held" and figure.has_low]

    def key(figure: Figure) -> tuple[str, str, pd.Timestamp]:
        return figure.voice, figure.scope, figure.as_of

    for _, group in groupby(sorted(shares, key=key), key=key):
        parts = list({figure.actor_id: figure for figure in group}.values())
        if len(parts) < PARTS:
            continue
        total, slack = sum(part.low for part in parts), sum(digits(part.low, "percent") for part in parts)
        verdict = PASS if total <= HUNDRED else ROUNDING if total - slack <= HUNDRED else IMPOSSIBLE
        told_sum = f"{' + '.join(f'{part.low:g}' for part in parts)} = {total:g} %"
        yield finding("shares of a whole", verdict, parts, told_sum)


def square_miles(told: Told) -> Iterator[Finding]:
    """Hold km2 against square miles in quote and note, and find pairs that are one figure in two units."""
    areas = [figure for figure in told if figure.unit == "km2"]
    for figure in areas:
        yield from _with_its_words(figure)
    for one, other in combinations(areas, 2):
        alike = one.voice == other.voice and one.thing == other.thing and _same(one, other)
        if not alike or not close(one, other, NEAR_DAYS) or not (one.is_single and other.is_single):
            continue
        small, large = sorted((one, other), key=lambda figure: figure.low)
        factor = large.low / small.low if small.low else 0.0
        if abs(factor / KM2_IN_SQUARE_MILE - 1) <= SLIP:
            told_sum = f"{large} is {factor:.2f} times {small}, as {KM2} are to square miles"
            yield finding("square miles", MISMATCH, (small, large), told_sum)


def _with_its_words(figure: Figure) -> Iterator[Finding]:
    """Hold a figure in km2 against the square miles in its quote and note."""
    ends = {end for end, given in ((figure.low, figure.has_low), (figure.high, figure.has_high)) if given}
    for found in MILES.finditer(f"{figure.quote}; {figure.note}"):
        for miles in (float(text.replace(",", "")) for text in found.groups() if text):
            km2 = miles * KM2_IN_SQUARE_MILE
            told_sum = f"{number(miles)} square miles are {number(km2)} km2; given is {figure}"
            if any(abs(end - km2) <= CONVERTED * km2 for end in ends):
                yield finding("square miles", PASS, (figure,), told_sum)
            elif miles in ends:
                yield finding("square miles", MISMATCH, (figure,), f"{told_sum}, which is still in square miles")

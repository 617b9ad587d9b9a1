"""Ranges: what a row says, in one spelling; sums and envelopes that claim no more than their parts."""

from __future__ import annotations

from math import inf, isnan, nan

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conflictkit.errors import EstimateError
from conflictkit.ranges import DEPENDENCE, UNKNOWN_RANGE, Range, envelope, ranges_of, total

WHOLE = st.integers(0, 10**6)
RANGES = st.one_of(
    WHOLE.map(lambda n: Range(best=n)),
    WHOLE.map(lambda n: Range(low=n)),
    WHOLE.map(lambda n: Range(high=n)),
    st.tuples(WHOLE, WHOLE).map(lambda ends: Range(min(ends), high=max(ends))),
    st.tuples(WHOLE, WHOLE, WHOLE).map(lambda ends: Range(*sorted(ends))),
)


@pytest.mark.parametrize(
    ("low", "best", "high", "words"),
    [
        (1500, nan, 2500, "1,500\N{EN DASH}2,500"),
        (1500, 2000, 2500, "1,500\N{EN DASH}2,500"),
        (nan, 3000, nan, "3,000"),
        (3000, nan, 3000, "3,000"),
        (500, nan, nan, "at least 500"),
        (500, 600, nan, "at least 500"),
        (nan, nan, 850, "at most 850"),
        (0, nan, 12, "0\N{EN DASH}12"),
        (nan, 0, nan, "0"),
        (0.25, nan, 0.5, "0.25\N{EN DASH}0.5"),
        (nan, nan, nan, "no figure"),
    ],
)
def test_one_spelling(low: float, best: float, high: float, words: str) -> None:
    """The same in captions, tables, pages and sentences."""
    assert str(Range(low, best, high)) == words


def test_a_single_figure_is_its_own_low_and_high() -> None:
    """A table writes it in best alone; a sum and a comparison need its ends."""
    for figure in (Range(best=7), Range(7, high=7), Range(7, 7, 7)):
        assert figure.bounds == (7, 7, 7)
        assert figure.single
        assert [cell for cell in figure.cells if not isnan(cell)] == [7]
    assert not Range(low=7).single
    assert Range(3, 5, 8).cells == (3, 5, 8)
    assert Range() == UNKNOWN_RANGE
    assert (UNKNOWN_RANGE.known, UNKNOWN_RANGE.single, Range(low=0).known) == (False, False, True)


def test_best_is_never_invented() -> None:
    """The middle of a range is nobody's figure."""
    assert isnan(Range(10, high=20).best)


@pytest.mark.parametrize("bounds", [(5, nan, 3), (5, 4, 8), (5, 9, 8), (nan, 9, 8), (5, 4, nan), (inf, nan, 1)])
def test_what_is_no_range_is_refused(bounds: tuple[float, float, float]) -> None:
    """The message has the numbers."""
    with pytest.raises(EstimateError, match=r"Not a range: low .*best .*high .*Each must be at most the next"):
        Range(*bounds)


def test_equal_ranges_are_equal_whatever_their_missing_numbers() -> None:
    """Nan from a table and nan from the kit are one."""
    assert Range(400.0, float("nan"), np.nan) == Range(low=400)
    assert len({Range(low=400), Range(400.0, float("nan"), np.nan)}) == 1
    assert Range(low=np.float64(3)).low.__class__ is float


def test_ranges_of_rows() -> None:
    """By name of the columns, with a prefix or without; whole numbers with missing cells too."""
    rows = pd.DataFrame({"low": [1, None, None], "best": [None, 5, None], "high": [3, None, None]}, dtype="Int64")
    told = [Range(1, high=3), Range(best=5), UNKNOWN_RANGE]
    assert ranges_of(rows) == told
    assert ranges_of(rows.add_prefix("strength_"), prefix="strength_") == told
    assert ranges_of(rows.head(0)) == []


def test_total() -> None:
    """End by end; a bound leaves the other side open."""
    border = total([Range(1500, high=2500), Range(2000, high=3000)])
    assert str(border) == "3,500\N{EN DASH}5,500"
    assert border.how == DEPENDENCE
    assert isnan(border.best)
    assert total([Range(best=3), Range(best=4)]).bounds == (7, 7, 7)
    assert total([Range(1, 2, 3), Range(best=4)]).bounds == (5, 6, 7)
    assert str(total([Range(best=3), Range(low=4), UNKNOWN_RANGE])) == "at least 7"
    assert str(total([Range(low=3), Range(high=4)])) == "no figure"
    assert str(total([Range(low=3, best=4), Range(best=5, high=9)])) == "no figure"
    assert total([UNKNOWN_RANGE, Range(low=4, how="as published")]) == Range(low=4, how="as published")
    assert total([]) == total([UNKNOWN_RANGE]) == UNKNOWN_RANGE


def test_envelope() -> None:
    """Figures of one number side by side: nothing is averaged away."""
    assert envelope([Range(best=9000), Range(best=5200)]) == Range(5200, high=9000)
    assert envelope([Range(1, 2, 3), Range(1, 2, 3)]) == Range(1, 2, 3)
    assert envelope([Range(low=float("nan"), high=3), Range(high=3)]) == Range(high=3)
    assert str(envelope([Range(best=9000), Range(low=5200)])) == "at least 5,200"
    assert str(envelope([Range(best=9000), Range(high=5200)])) == "at most 9,000"
    assert envelope([]) == envelope([UNKNOWN_RANGE]) == UNKNOWN_RANGE


@pytest.mark.parametrize("joined", [total, envelope])
def test_different_units_are_no_one_number(joined: object) -> None:
    """Guns and people are not added."""
    assert joined([Range(best=3, unit="guns"), Range(best=4, unit="guns")]).unit == "guns"  # type: ignore[operator]
    with pytest.raises(EstimateError, match="different units are not one number: guns, personnel"):
        joined([Range(best=3, unit="guns"), Range(best=4, unit="personnel")])  # type: ignore[operator]


@given(st.lists(RANGES, min_size=2, max_size=5))
def test_total_holds_every_sum_that_the_parts_allow(parts: list[Range]) -> None:
    """Neither order nor grouping changes it."""
    whole = total(parts)
    assert total(reversed(parts)).bounds == pytest.approx(whole.bounds, nan_ok=True)
    if total(parts[:-1]).known:
        assert total([total(parts[:-1]), parts[-1]]).bounds == pytest.approx(whole.bounds, nan_ok=True)
    least = sum(0 if isnan(part.low) else part.low for part in parts)
    most = sum(inf if isnan(part.high) else part.high for part in parts)
    assert isnan(whole.low) or whole.low <= least
    assert isnan(whole.high) or whole.high >= (0 if isnan(most) else most)


@given(st.lists(RANGES, min_size=1, max_size=5))
def test_envelope_holds_each_part(parts: list[Range]) -> None:
    """An open side stays open."""
    whole = envelope(parts)
    for part in parts:
        assert isnan(whole.low) or whole.low <= part.low
        assert isnan(whole.high) or whole.high >= part.high

"""Sums of ranges: the two border towns, dependences between, bounds that stay one-sided, rows that clash."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import conflictkit as ck
from conflictkit.errors import EstimateError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable

    Make = Callable[..., pd.DataFrame]

ESTIMATES = ck.load_fighter_estimates()
TOWNS = ESTIMATES[ESTIMATES["as_of"] == "2017-11-03"]
PLACES = ["mosul", "raqqa", "al-qaim", "abu-kamal", "hawija", "tal-afar", "fallujah", "ramadi"]

figure = st.one_of(
    st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)).map(lambda ends: {"low": min(ends), "high": max(ends)}),
    st.integers(0, 10**6).map(lambda value: {"best": value}),
    st.integers(0, 10**6).map(lambda value: {"low": value}),
    st.integers(0, 10**6).map(lambda value: {"high": value}),
)


def placed(figures: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give each figure a place of its own."""
    return [{**told, "scope": "place", "place_id": place} for told, place in zip(figures, PLACES, strict=False)]


def test_border_towns() -> None:
    """3,500-5,500 under full dependence, narrower otherwise, continuous at both ends."""
    full, half, none = (ck.sum_ranges(TOWNS, how) for how in ("full", 0.5, "independent"))
    assert (full.low, full.high) == (3500, 5500)
    assert full.low < half.low < none.low < none.high < half.high < full.high
    assert none.high - none.low == pytest.approx(2 * (500**2 + 500**2) ** 0.5)
    assert ck.sum_ranges(TOWNS, 1.0).low == pytest.approx(3500)
    assert ck.sum_ranges(TOWNS, 0).low == none.low
    assert isnan(full.best)


def test_bounds_stay_one_sided(rows: Make) -> None:
    """With one "at least" the sum has no upper end."""
    both = {"low": 100, "high": 200}
    total = ck.sum_ranges(rows(*placed([both, {"low": 50}])), "independent")
    assert (total.low, str(total)) == (150, "at least 150")
    assert isnan(total.high)
    assert str(ck.sum_ranges(rows(*placed([both, {"high": 50}])))) == "at most 250"


def test_best_is_a_sum_only_if_all_have_one(rows: Make) -> None:
    """A range without a best leaves the sum without one."""
    assert ck.sum_ranges(rows(*placed([{"best": 3}, {"best": 4}]))).best == 7
    assert isnan(ck.sum_ranges(rows(*placed([{"best": 3}, {"low": 1, "high": 2}]))).best)


CLASHES = {
    "a flow": [{"best": 1}, {"best": 1, "quantity": "killed", "scope": "place", "place_id": "mosul"}],
    "different things": [{"best": 1, "scope": "IQ"}, {"best": 1, "scope": "SY", "quantity": "foreign_fighters"}],
    "row-0 and row-1 overlap": [{"best": 1, "scope": "IQ"}, {"best": 1, "scope": "place", "place_id": "mosul"}],
    "row-1 and row-0 overlap": [
        {"best": 1, "scope": "place", "place_id": "west-mosul"},
        {"best": 1, "scope": "place", "place_id": "mosul", "estimator": "B"},
    ],
    "days apart": [{"best": 1, "scope": "IQ", "as_of": pd.Timestamp("2016-01-01")}, {"best": 1, "scope": "SY"}],
    "disjoint=True": [
        {"best": 1, "scope": "place", "place_id": "mosul"},
        {"best": 1, "scope": "place", "place_id": "mosul-outskirts"},
    ],
}


@pytest.mark.parametrize(("told", "figures"), CLASHES.items(), ids=CLASHES)
def test_rows_that_clash_are_named(told: str, figures: list[dict[str, Any]], rows: Make) -> None:
    """Different things, stocks with flows, overlapping places and times are refused."""
    with pytest.raises(EstimateError, match=told):
        ck.sum_ranges(rows(*figures))


def test_what_the_tables_cannot_tell_the_analyst_may() -> None:
    """Mosul and its outskirts, counted apart on one page."""
    apart = ESTIMATES[ESTIMATES["estimator"] == "US military officials"]
    assert str(ck.sum_ranges(apart, disjoint=True)) == "4,500–7,000"


def test_parts_of_one_actor_overlap_and_others_do_not(rows: Make) -> None:
    """The YPG is in the SDF; the Iraqi army is not."""
    sdf, iraq = (
        {"actor_id": "sdf", "best": 5, "scope": "SY"},
        {"actor_id": "iraqi_army", "best": 2, "scope": "IQ;SY"},
    )
    with pytest.raises(EstimateError, match="overlap"):
        ck.sum_ranges(rows(sdf, {**sdf, "actor_id": "ypg", "best": 3}))
    assert ck.sum_ranges(rows(sdf, iraq)).best == 7


@pytest.mark.parametrize("wrong", ["fulll", 1.5, -0.1, True])
def test_unknown_dependence(wrong: Any) -> None:  # noqa: ANN401 - what a caller may pass by mistake
    """The allowed ones are named."""
    with pytest.raises(UnknownNameError, match="full"):
        ck.sum_ranges(TOWNS, wrong)


def test_parts_by_origin_add_up_and_never_with_their_whole(rows: Make) -> None:
    """Tunisians and Saudis are different people; all foreigners hold both."""
    foreign = {"quantity": "foreign_fighters", "estimator": "A"}
    parts = rows({**foreign, "best": 3000}, {**foreign, "best": 2500}).assign(origin=["TN", "SA"])
    assert ck.sum_ranges(parts).best == 5500
    with pytest.raises(EstimateError, match="row-1 and row-0 overlap"):
        ck.sum_ranges(parts.assign(origin=["TN", None]))
    with pytest.raises(EstimateError, match="overlap"):
        ck.sum_ranges(parts.assign(origin="TN"))


def test_a_sum_of_another_war(other_war: ck.Tables) -> None:
    """Golf and Hotel: at least 600, by the table itself; the country of a place is its own."""
    figures = other_war.fighter_estimates
    towns = figures[figures["place_id"].notna()]
    assert str(ck.sum_ranges(towns, tables=other_war)) == "at least 600"
    with pytest.raises(EstimateError, match="courier-1994-reds and courier-1994-golf overlap"):
        ck.sum_ranges(
            figures[figures["estimate_id"].isin(["courier-1994-golf", "courier-1994-reds"])], tables=other_war
        )
    with pytest.raises(EstimateError, match="they count different things"):
        ck.sum_ranges(tables=other_war)


@settings(max_examples=60, deadline=None)
@given(figures=st.lists(figure, min_size=2, max_size=len(PLACES)))
def test_adding_a_row_never_narrows_a_full_dependence_sum(rows: Make, figures: list[dict[str, Any]]) -> None:
    """The width with one row more is at least that without; an open end stays open."""
    told = rows(*placed(figures))
    less, more = ck.sum_ranges(told.iloc[:-1]), ck.sum_ranges(told)
    if not isnan(more.high - more.low):
        assert more.high - more.low >= less.high - less.low - 1e-6
    for end in ("low", "high"):
        assert isnan(getattr(more, end)) or not isnan(getattr(less, end))


@settings(max_examples=60, deadline=None)
@given(figures=st.lists(figure, min_size=1, max_size=len(PLACES)), rank=st.floats(0, 1), seed=st.integers(0, 99))
def test_order_and_copies_change_nothing(rows: Make, figures: list[dict[str, Any]], rank: float, seed: int) -> None:
    """The same rows shuffled, and each twice under another page, give the same sum."""
    told = rows(*placed(figures))
    twice = pd.concat([told, told.assign(source_id="another-page", estimate_id=told["estimate_id"] + "-copy")])
    assert repr(ck.sum_ranges(told, rank)) == repr(ck.sum_ranges(twice.sample(frac=1, random_state=seed), rank))


@settings(max_examples=60, deadline=None)
@given(figures=st.lists(figure, min_size=1, max_size=len(PLACES)), ranks=st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_more_dependence_is_wider(rows: Make, figures: list[dict[str, Any]], ranks: tuple[float, float]) -> None:
    """The sum widens with the correlation, and never leaves the full one."""
    told = rows(*placed(figures))
    loose, tight = (ck.sum_ranges(told, rank) for rank in sorted(ranks, reverse=True))
    if not isnan(loose.low + loose.high):
        assert loose.low <= tight.low + 1e-6
        assert tight.high <= loose.high + 1e-6

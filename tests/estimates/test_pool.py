"""The pool: properties that any pooling of ranges must have, and what it says when there is too little."""

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


def ends(pool: ck.Pool) -> list[float]:
    """Return the numbers of a pool: centre, confidence band, prediction band."""
    return [*pool.centre.bounds, pool.next.low, pool.next.high]


number = st.integers(100, 200_000)
two_sided = st.one_of(
    st.tuples(number, number).map(lambda ends: {"low": min(ends), "high": max(ends)}),
    number.map(lambda value: {"best": value}),
)


def voiced(figures: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give each figure an estimator of its own."""
    return [{**figure, "estimator": f"voice {i}"} for i, figure in enumerate(figures)]


@settings(max_examples=25, deadline=None)
@given(value=number, voices=st.integers(3, 8))
def test_identical_points_pool_to_that_point(rows: Make, value: int, voices: int) -> None:
    """The centre is the point, and the bands hold it."""
    pool = ck.pool_estimates(rows(*voiced([{"best": value}] * voices)))
    assert pool.best == pytest.approx(value, rel=1e-9)
    assert pool.next.low < pool.low < value < pool.high < pool.next.high


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(figures=st.lists(two_sided, min_size=3, max_size=6), factor=st.floats(0.01, 100))
def test_scaling_the_figures_scales_the_pool(rows: Make, figures: list[dict[str, Any]], factor: float) -> None:
    """All numbers times k give all ends times k."""
    told = rows(*voiced(figures))
    bounds = ["low", "best", "high"]
    one, other = ck.pool_estimates(told), ck.pool_estimates(told.assign(**told[bounds] * factor))
    assert ends(other) == pytest.approx([end * factor for end in ends(one)], rel=1e-5)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(figures=st.lists(two_sided, min_size=3, max_size=6), seed=st.integers(0, 99))
def test_order_and_copies_change_nothing(rows: Make, figures: list[dict[str, Any]], seed: int) -> None:
    """Shuffled, and each twice on another page: the same pool."""
    told = rows(*voiced(figures))
    twice = pd.concat([told, told.assign(estimate_id=told["estimate_id"] + "-copy", source_id="another-page")])
    one, other = ck.pool_estimates(told), ck.pool_estimates(twice.sample(frac=1, random_state=seed))
    assert ends(one) == ends(other)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(
    figures=st.lists(two_sided, min_size=3, max_size=6),
    bound=number,
    side=st.sampled_from(["low", "high"]),
    own=st.booleans(),
)
def test_a_bound_never_moves_the_other_side(
    rows: Make, figures: list[dict[str, Any]], bound: int, side: str, *, own: bool
) -> None:
    """At least moves no high end, at most no low one, whoever says it; neither moves the centre or widens a band."""
    told = voiced(figures)
    more = {side: bound, "estimator": "voice 0" if own else "another"}
    before, after = ck.pool_estimates(rows(*told)), ck.pool_estimates(rows(*told, more))
    other = "high" if side == "low" else "low"
    assert after.best == before.best
    sign = 1 if side == "low" else -1
    for one, two in ((before.centre, after.centre), (before.next, after.next)):
        assert getattr(two, other) == getattr(one, other)
        assert sign * getattr(two, side) >= sign * getattr(one, side)


@settings(max_examples=25, deadline=None)
@given(figures=st.lists(two_sided, min_size=3, max_size=6))
def test_ends_are_in_order(rows: Make, figures: list[dict[str, Any]]) -> None:
    """The next figure's band holds the centre's band, which holds the centre."""
    pool = ck.pool_estimates(rows(*voiced(figures)))
    assert pool.next.low <= pool.low <= pool.best <= pool.high <= pool.next.high


def test_a_bound_inside_the_band_is_used(rows: Make) -> None:
    """At least 4,500 beside ranges around 5,000 raises the low end."""
    ranges = voiced([{"low": 3000, "high": 6000}, {"low": 3500, "high": 7000}, {"low": 4000, "high": 8000}])
    before, after = ck.pool_estimates(rows(*ranges)), ck.pool_estimates(rows(*ranges, {"low": 4800, "estimator": "z"}))
    assert after.low > before.low


def test_one_voice_per_estimator(rows: Make) -> None:
    """Five statements of one estimator weigh as much as one of another; brackets do not make a voice."""
    loud = [{"best": 1000 + i, "estimator": f"CJTF-OIR (spokesman {i})"} for i in range(5)]
    pool = ck.pool_estimates(rows(*loud, {"best": 9000, "estimator": "B"}, {"best": 9000, "estimator": "C"}))
    assert pool.verdict == "3 voices"
    assert pool.voices.groupby("voice")["weight"].sum().tolist() == pytest.approx([1, 1, 1])
    assert pool.best > 3000


def test_too_few_voices_draw_no_band(rows: Make) -> None:
    """Two voices with figures and one with a bound: too few, and no number."""
    pool = ck.pool_estimates(rows({"best": 1}, {"best": 2, "estimator": "B"}, {"low": 1, "estimator": "C"}))
    assert pool.verdict.startswith("too few: 2 voices give a figure or a range, 1 a bound only")
    assert not pool.enough
    assert all(map(isnan, ends(pool)))
    assert str(pool) == pool.verdict


def test_reliability_weights_are_shown_and_count(rows: Make) -> None:
    """A graded page pulls more than one of grade D, and F is in the middle."""
    sources = ck.load_sources().drop_duplicates("reliability").set_index("reliability")["source_id"]
    told = rows(*voiced([{"best": 1000, "source_id": sources["B"]}, {"best": 4000, "source_id": sources["D"]}] * 2))
    pool = ck.pool_estimates(told, weights="reliability")
    assert pool.best < ck.pool_estimates(told).best
    assert set(pool.voices["weight"]) == {0.8, 0.4}
    with pytest.raises(UnknownNameError, match="equal"):
        ck.pool_estimates(told, weights="equall")  # type: ignore[arg-type]


def test_influence_leaves_each_voice_out(rows: Make) -> None:
    """The odd one out comes first, and its row is the pool of the others."""
    told = rows(*voiced([{"best": value} for value in (1000, 1100, 1200, 9000)]))
    influence = ck.pool_estimates(told).influence
    assert influence["without"].tolist()[0] == "voice 3"
    assert influence["best"].iloc[0] == pytest.approx(ck.pool_estimates(told.head(3)).best)


def test_different_things_or_times_are_not_pooled() -> None:
    """The message names what differs."""
    with pytest.raises(EstimateError, match="quantity"):
        ck.pool_estimates(ESTIMATES)
    with pytest.raises(EstimateError, match="days apart"):
        ck.pool_estimates(ESTIMATES.query("actor_id == 'isis' and quantity == 'fighters' and scope == 'IQ;SY'"))


def test_a_pool_has_two_ranges_around_one_centre() -> None:
    """Where the centre lies and where the next figure falls: two ranges, spelt as ranges are."""
    year = ESTIMATES.query("actor_id == 'isis' and quantity == 'fighters' and scope == 'IQ;SY'")
    pool = ck.pool_estimates(year[year["as_of"].between("2014-08-01", "2014-12-31")], window_days=200)
    assert isinstance(pool.next, ck.Range)
    assert (pool.low, pool.best, pool.high) == pool.centre.bounds
    assert pool.next.best == pool.best
    assert (pool.centre.unit, pool.centre.how) == ("fighters", "random effects on the log scale, equal weights")
    assert str(pool) == str(pool.centre)
    assert "\N{EN DASH}" in str(pool)


def test_subsets_by_origin_stay_out_of_a_pool_of_all(rows: Make) -> None:
    """Tunisians are part of all foreigners; a pool of Tunisians alone is asked for by giving them alone."""
    told = rows(*voiced([{"best": value, "quantity": "foreign_fighters"} for value in (900, 1000, 1100)]))
    tunisians = rows(*voiced([{"best": value, "quantity": "foreign_fighters"} for value in (290, 300, 310)]))
    both = pd.concat([told, tunisians.assign(origin="TN")], ignore_index=True)
    assert ck.pool_estimates(both).best == ck.pool_estimates(told).best
    assert ck.pool_estimates(both[both["origin"] == "TN"]).best == ck.pool_estimates(tunisians).best
    with pytest.raises(EstimateError, match=r"differ in origin \(MA, TN\)"):
        ck.pool_estimates(tunisians.assign(origin=["TN", "TN", "MA"]))


def test_a_pool_of_another_war(other_war: ck.Tables) -> None:
    """Grades and speakers are those of its own pages and actors."""
    reds = other_war.fighter_estimates.query("actor_id == 'reds' and quantity == 'fighters' and scope == 'IQ;SY'")
    pool = ck.pool_estimates(reds, tables=other_war, window_days=1000, weights="reliability")
    assert pool.enough
    assert dict(zip(pool.voices["voice"], pool.voices["reliability"], strict=True)) == {
        "Blue Republic": "C",
        "The Courier": "C",
        "The Gazette": "B",
    }
    assert pool.voices.set_index("voice")["speaker"].to_dict()["The Courier"] == "blues"

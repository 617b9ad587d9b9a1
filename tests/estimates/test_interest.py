"""Interest, grades, filters and the second clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import conflictkit as ck
from conflictkit.errors import EstimateError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable

    Make = Callable[..., pd.DataFrame]

ESTIMATES = ck.load_fighter_estimates()
NEUTRAL = {"best": 5000, "estimator": "monitor", "source_id": "janes"}


@pytest.mark.parametrize(
    ("figure", "against", "own"),
    [
        ({"best": 2000, "estimator_actor_id": "usa"}, False, True),
        ({"best": 9000, "estimator_actor_id": "usa"}, True, False),
        ({"best": 9000, "estimator_actor_id": "isis"}, False, True),
        ({"best": 2000, "estimator_actor_id": "isis"}, True, False),
        ({"best": 5000, "estimator_actor_id": "usa"}, False, False),
        ({"best": 2000}, False, False),
    ],
)
def test_who_gains_by_a_stock(rows: Make, figure: dict[str, Any], *, against: bool, own: bool) -> None:
    """Fewer fighters help the enemies, more help the group; level or without a side nobody gains."""
    found = ck.against_interest(rows(NEUTRAL, figure)).iloc[1]
    assert (found["against_interest"], found["self_interested"]) == (against, own)


def test_who_gains_by_the_killed(rows: Make) -> None:
    """A count of killed with nothing beside it helps the enemies; below the others it is against their interest."""
    killed = {"quantity": "killed", "estimator_actor_id": "usa"}
    assert ck.against_interest(rows({**killed, "best": 100}))["self_interested"].tolist() == [True]
    pair = rows({**NEUTRAL, "quantity": "killed"}, {**killed, "best": 100})
    assert ck.against_interest(pair)["against_interest"].tolist() == [False, True]


def test_the_party_of_the_page_speaks_where_the_estimator_has_no_side(rows: Make) -> None:
    """A page of the Syrian agency speaks for its government."""
    assert ck.against_interest(rows({"best": 1, "source_id": "sana"}))["speaker"].tolist() == ["syria_gov"]


def test_grades_stand_side_by_side() -> None:
    """Reliability is that of the page, credibility from other sides; six where there is no other."""
    graded = ck.grade(ESTIMATES)
    assert set(graded["reliability"]) <= set("ABCDEF")
    assert set(graded["credibility"]) <= {1, 2, 3, 4, 5, 6}
    alone = graded[(graded["confirmed_by"] == 0) & (graded["contradicted_by"] == 0)]
    assert alone["credibility"].eq(6).all()
    assert graded.loc[graded["credibility"] == 1, "confirmed_by"].ge(2).all()


def test_one_side_does_not_confirm_itself(rows: Make) -> None:
    """The Pentagon and the Coalition are one side, a monitor on another page is not."""
    usa, oir = (
        {"best": 5000, "estimator_actor_id": "usa"},
        {"best": 5000, "estimator_actor_id": "cjtf_oir", "estimator": "B"},
    )
    assert ck.grade(rows(usa, oir))["credibility"].tolist() == [6, 6]
    assert ck.grade(rows(usa, oir, NEUTRAL))["credibility"].tolist()[:2] == [2, 2]
    assert ck.grade(rows(usa, {**NEUTRAL, "best": 900}))["credibility"].tolist() == [4, 4]


@pytest.mark.parametrize(
    "keep",
    [ck.drop_self_interested, ck.min_reliability, lambda rows: ck.known_on(rows, "2016-01-01")],
    ids=["interest", "reliability", "date"],
)
def test_filters_lose_nothing_and_change_nothing(keep: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    """What is kept and what is set aside are together all rows, each of the latter with a reason."""
    before = ESTIMATES.copy(deep=True)
    kept = keep(ESTIMATES)
    assert_frame_equal(ESTIMATES, before)
    aside = kept.attrs["rejected"]
    assert 0 < len(kept) < len(ESTIMATES)
    assert {*kept["estimate_id"], *(row["estimate_id"] for row in aside)} == set(ESTIMATES["estimate_id"])
    assert all(isinstance(row["reason"], str) for row in aside)
    assert ESTIMATES.attrs["rejected"] == []


def test_known_on_uses_the_day_of_publication() -> None:
    """Nothing published later, and a retrospective figure of 2014 is not known in 2014."""
    known = ck.known_on(ESTIMATES, "2014-12-31")
    assert known["published_date"].max() <= pd.Timestamp("2014-12-31")
    assert "brett-mcgurk-2014-12-31-iraq-syria" not in set(known["estimate_id"])
    with pytest.raises(EstimateError, match="not a date"):
        ck.known_on(ESTIMATES, "soon")


def test_min_reliability_knows_its_grades() -> None:
    """F is no grade to stop at; it stays only if it is asked for."""
    assert set(ck.grade(ck.min_reliability(ESTIMATES, "D"))["reliability"]) == {"B", "C", "D"}
    assert "F" in set(ck.grade(ck.min_reliability(ESTIMATES, "D", unjudged=True))["reliability"])
    with pytest.raises(UnknownNameError, match="cannot be judged"):
        ck.min_reliability(ESTIMATES, "F")

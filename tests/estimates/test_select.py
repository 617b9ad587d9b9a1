"""Interest, grades, filters and the second clock, all of one function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import conflictkit as ck
from conflictkit.errors import DateError, UnknownNameError

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
    found = ck.select_estimates(rows(NEUTRAL, figure)).iloc[1]
    assert (found["against_interest"], found["self_interested"]) == (against, own)


def test_who_gains_by_the_killed(rows: Make) -> None:
    """A count of killed with nothing beside it helps the enemies; below the others it is against their interest."""
    killed = {"quantity": "killed", "estimator_actor_id": "usa"}
    assert ck.select_estimates(rows({**killed, "best": 100}))["self_interested"].tolist() == [True]
    pair = rows({**NEUTRAL, "quantity": "killed"}, {**killed, "best": 100})
    assert ck.select_estimates(pair)["against_interest"].tolist() == [False, True]


def test_the_party_of_the_page_speaks_where_the_estimator_has_no_side(rows: Make) -> None:
    """A page of the Syrian agency speaks for its government."""
    assert ck.select_estimates(rows({"best": 1, "source_id": "sana"}))["speaker"].tolist() == ["syria_gov"]


def test_grades_stand_side_by_side() -> None:
    """Reliability is that of the page, credibility from other sides; six where there is no other."""
    graded = ck.select_estimates(ESTIMATES)
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
    assert ck.select_estimates(rows(usa, oir))["credibility"].tolist() == [6, 6]
    assert ck.select_estimates(rows(usa, oir, NEUTRAL))["credibility"].tolist()[:2] == [2, 2]
    assert ck.select_estimates(rows(usa, {**NEUTRAL, "best": 900}))["credibility"].tolist() == [4, 4]


FILTERS: dict[str, dict[str, Any]] = {
    "interest": {"self_interested": False},
    "reliability": {"min_reliability": "C"},
    "date": {"known_on": "2016-01-01"},
    "all": {"self_interested": False, "min_reliability": "D", "known_on": "1 Jan 2016"},
}


@pytest.mark.parametrize("wanted", FILTERS.values(), ids=FILTERS)
def test_filters_lose_nothing_and_change_nothing(wanted: dict[str, Any]) -> None:
    """What is kept and what is set aside are together all rows, each of the latter with a reason."""
    before = ESTIMATES.copy(deep=True)
    kept = ck.select_estimates(ESTIMATES, **wanted)
    assert_frame_equal(ESTIMATES, before)
    aside = kept.attrs["rejected"]
    assert 0 < len(kept) < len(ESTIMATES)
    assert sorted([*kept["estimate_id"], *(row["estimate_id"] for row in aside)]) == sorted(ESTIMATES["estimate_id"])
    assert all(isinstance(row["reason"], str) for row in aside)
    assert ESTIMATES.attrs["rejected"] == []


def test_without_a_filter_every_row_is_graded_and_stays() -> None:
    """The default is the fighter estimates of the tables, but for subsets by origin; land is graded alike."""
    graded = ck.select_estimates()
    everybody = ESTIMATES[ESTIMATES["origin"].isna()]
    assert_frame_equal(graded[list(ESTIMATES.columns)], everybody, check_flags=False)
    assert len(graded.attrs["rejected"]) == ESTIMATES["origin"].notna().sum() == 36
    assert {row["reason"].partition(" from ")[0] for row in graded.attrs["rejected"]} == {"it counts only those"}
    assert_frame_equal(ck.select_estimates(origin="all")[list(ESTIMATES.columns)], ESTIMATES, check_flags=False)
    assert len(ck.select_estimates(ck.load_area_estimates())) == len(ck.load_area_estimates())


def test_known_on_uses_the_day_of_publication() -> None:
    """Nothing published later, and a retrospective figure of 2014 is not known in 2014."""
    known = ck.select_estimates(known_on="2014-12-31")
    assert known["published_date"].max() <= pd.Timestamp("2014-12-31")
    aside = {row["estimate_id"]: row["reason"] for row in known.attrs["rejected"]}
    assert aside["brett-mcgurk-2014-12-31-iraq-syria"].startswith("published on 20")
    with pytest.raises(DateError, match="'soon'"):
        ck.select_estimates(known_on="soon")


def test_a_figure_without_a_date_was_published_with_its_page(rows: Make) -> None:
    """Without a date of the page either, nobody knows when it was known."""
    told = rows({"best": 1}, {"best": 2, "source_id": "nobody-knows"}).assign(published_date=pd.NaT)
    known = ck.select_estimates(told, known_on="2017-11-03")
    assert known["estimate_id"].tolist() == ["row-0"]
    assert known.attrs["rejected"][0]["reason"] == "its date of publication is not known"
    assert ck.select_estimates(told, known_on="2017-11-02").empty


def test_grades_are_those_of_what_was_known(rows: Make) -> None:
    """Whoever confirms later confirmed nothing then; whoever is left out for interest was heard all the same."""
    told = rows(NEUTRAL, {"best": 5000, "estimator_actor_id": "usa", "published_date": pd.Timestamp("2018-06-01")})
    assert ck.select_estimates(told)["credibility"].tolist() == [2, 2]
    assert ck.select_estimates(told, known_on="2018-01-01")["credibility"].tolist() == [6]
    gains = rows(NEUTRAL, {"best": 900, "estimator_actor_id": "usa"})
    assert ck.select_estimates(gains, self_interested=False)["contradicted_by"].tolist() == [1]


def test_min_reliability_knows_its_grades() -> None:
    """F is no grade to stop at: it keeps every row, also those that cannot be judged."""
    assert set(ck.select_estimates(min_reliability="D")["reliability"]) == {"B", "C", "D"}
    assert "F" in set(ck.select_estimates(min_reliability="F")["reliability"])
    reasons = {row["reason"] for row in ck.select_estimates(min_reliability="B").attrs["rejected"]}
    assert "its source has reliability F" in reasons
    with pytest.raises(UnknownNameError, match="Unknown min_reliability 'G': use one of A, B"):
        ck.select_estimates(min_reliability="G")


def test_origins_are_left_out_unless_asked_for(rows: Make) -> None:
    """By default nothing is counted twice; a country keeps its own, all keeps every row."""
    told = rows({"best": 900}, {"best": 300, "estimator": "B"}, {"best": 200, "estimator": "C"})
    told = told.assign(origin=[None, "TN", "MA"])
    kept = ck.select_estimates(told)
    assert kept["estimate_id"].tolist() == ["row-0"]
    assert kept.attrs["rejected"][0]["reason"] == "it counts only those from TN"
    assert ck.select_estimates(told, origin="TN")["estimate_id"].tolist() == ["row-1"]
    everything = ck.select_estimates(told, origin="all")
    assert everything["estimate_id"].tolist() == ["row-0", "row-1", "row-2"]
    assert everything["credibility"].tolist() == [6, 6, 6]  # a part neither confirms nor contradicts the whole
    with pytest.raises(UnknownNameError, match="Unknown origin 'TUN': use one of all, MA, TN"):
        ck.select_estimates(told, origin="TUN")


def test_another_war_has_its_own_sides_and_pages(other_war: ck.Tables) -> None:
    """The courier speaks for the blue side, whose enemies it counts; nothing shipped is looked up."""
    graded = ck.select_estimates(tables=other_war).set_index("estimate_id")
    assert graded["reliability"].to_dict()["gazette-1991-reds"] == "B"
    assert graded["speaker"].to_dict()["courier-1994-reds"] == "blues"
    assert graded.loc["blues-1991-reds", ["stands", "helps", "self_interested"]].tolist() == ["lower", "enemies", True]
    assert graded.loc["blues-1993-killed", "self_interested"]
    land = ck.select_estimates(other_war.area_estimates, tables=other_war)
    assert set(land["reliability"]) == {"B", "C"}

"""Strength over time: steps, gaps, and several series of one number side by side."""

from __future__ import annotations

import pandas as pd
import pytest

import conflictkit as ck
from conflictkit.errors import TableError, UnknownNameError


def test_four_readings_of_one_number() -> None:
    """US troops in Syria, autumn 2017: 1,720, 4,000, 503 and 2,000, told apart by what they rest on."""
    steps = ck.strength_over_time("usa", host_country="SY", measure="total")
    late = steps[steps.start >= "2017-09-01"].sort_values("start")
    assert late.strength_best.tolist() == [1720, 4000, 503, 2000]
    assert late.basis.tolist() == ["count", "statement", "cap", "statement"]
    assert late.series.nunique() == 3


def test_a_step_ends_with_the_next_figure_of_its_own_series_only() -> None:
    """4,000 ends on the day of 2,000; the count and the cap between them do not end it."""
    steps = ck.strength_over_time("usa", host_country="SY", measure="total").set_index("strength_best")
    assert steps.end[4000] == pd.Timestamp("2017-12-06")
    assert steps.end_basis[4000] == "next figure"
    assert steps.end_basis[1720] == "assumed"
    assert steps.end[1720] == pd.Timestamp("2017-09-30") + pd.Timedelta(
        days=93
    )  # a report of September, dated the 30th


def test_gaps_stay_gaps() -> None:
    """The PMF's total of April 2015 ends long before the next one begins."""
    steps = ck.strength_over_time("pmf", measure="total").sort_values("start")
    assert steps.end.iloc[0] < steps.start.iloc[1]
    forever = ck.strength_over_time("pmf", measure="total", assume_days=None).sort_values("start")
    assert forever.end_basis.iloc[-1] == "open"
    assert pd.isna(forever.end.iloc[-1])


def test_a_stated_end_is_kept() -> None:
    """The army's 50,000 before Mosul end when the battle ends."""
    step = ck.strength_over_time("iraqi_army", place_id="mosul").iloc[0]
    assert (step.end, step.end_basis) == (pd.Timestamp("2017-07-11"), "stated")


def test_figures_of_one_day_stand_side_by_side() -> None:
    """Bashiqa, 4 December 2015: 600 and 150, neither ends the other, if both were of one town."""
    rows = ck.load_deployments()
    rows = rows[rows.deployment_id.str.startswith("turkey-bashiqa-2015-12-04")]
    rows = rows.assign(place_id="bashiqa", strength_best=[600.0, 150.0], strength_high=None)
    steps = ck.strength_over_time("turkey", place_id="bashiqa", deployments=rows)
    assert sorted(steps.strength_best) == [150, 600]
    assert set(steps.end_basis) == {"assumed"}


def test_parts_are_listed_on_request() -> None:
    """The YPG's 30,000 are part of the SDF."""
    alone, whole = ck.strength_over_time("sdf"), ck.strength_over_time("sdf", parts=True)
    assert set(alone.actor_id) == {"sdf"}
    assert {"sdf", "ypg", "dmc"} <= set(whole.actor_id)


def test_what_has_no_figure_is_refused() -> None:
    """The error says what to do; a wrong name gets its nearest match."""
    with pytest.raises(TableError, match="No figure of 'badr'"):
        ck.strength_over_time("badr")
    with pytest.raises(UnknownNameError, match=r"Unknown actor_id 'ussa'.*'usa'"):
        ck.strength_over_time("ussa")

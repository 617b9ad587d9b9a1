"""Distances of forces, the border and the lines, with what is known of their ends."""

from __future__ import annotations

import copy
import pickle

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import conflictkit as ck
from conflictkit.errors import DateError, PlaceError

POINTED = ck.load_places().dropna(subset=["latitude"])
places = st.sampled_from(sorted(POINTED.place_id))


def test_forty_km_and_thirty_a_day_later() -> None:
    """Reuters, 3 November 2017: about 40 km; AFP, a day later: some 30 km. As the pages say, a fifth either way."""
    third = ck.distance_km("abu-kamal", "saa", date="2017-11-03")
    fourth = ck.distance_km("abu-kamal", "saa", date="2017-11-04")
    assert (third.km, third.doubt_km, third.how) == (40, 8, "reported")
    assert (fourth.km, fourth.doubt_km, fourth.how) == (30, 6, "reported")
    assert ck.distance_km("saa", "abu-kamal", date="2017-11-03") == 40


def test_a_distance_is_a_number_that_knows_its_doubt() -> None:
    """It rounds, compares and goes into tables like any other; copies and pickles keep what it knows."""
    border = ck.distance_km("abu-kamal", "border")
    assert isinstance(border, ck.Distance)
    assert border == border.km == pytest.approx(6.74, abs=0.01)
    assert f"{border:.1f}" == "6.7"
    assert str(border) == "Abu Kamal to border of Iraq and Syria: 7 km, give or take 3 (measured)"
    assert pd.Series([border]).dtype == "float64"
    for twin in (copy.deepcopy(border), pickle.loads(pickle.dumps(border))):  # noqa: S301 - our own bytes
        assert (twin, twin.doubt_km, twin.from_name, twin.how) == (border, border.doubt_km, "Abu Kamal", "measured")
    turned = ck.distance_km("border", "abu-kamal")
    assert (turned, turned.from_name, turned.to_name) == (border, border.to_name, border.from_name)


def test_the_border_of_one_country_is_its_outline(other_war: ck.Tables) -> None:
    """One country has no line to another; without borders there is nothing to measure to."""
    alone = other_war.replace(borders=other_war.borders.query("country == 'SY'"))
    border = ck.distance_km((34.0, 39.0), "border", tables=alone)
    assert border.to_name == "border of Beland"
    assert border.km == pytest.approx(92.4, abs=0.5)  # a degree of longitude at 34 degrees north
    with pytest.raises(PlaceError, match="the tables have no borders"):
        ck.distance_km((34.0, 39.0), "border", tables=other_war.replace(borders=other_war.borders.head(0)))


def test_the_measured_figures_hold_the_reported_one() -> None:
    """The line of the model is nearer, the nearest place held farther, than the column on the road."""
    fronts = ck.nearest_fronts("abu-kamal", "2017-11-03")
    line = fronts[(fronts.side == "isis") & (fronts.other_side == "assad")].iloc[0]
    held = ck.distance_km("abu-kamal", "t2-pumping-station")
    assert line.km < 40 < held
    assert line.km - line.doubt_km <= 40 <= line.km + line.doubt_km
    assert {line.place_id, line.other_place_id} <= set(POINTED.place_id)


def test_the_border_is_the_line_between_the_two_countries() -> None:
    """The crossing of Husaybah is on it, Abu Kamal a few km off, Baghdad far; a point on it is at 0."""
    assert ck.distance_km("husaybah-crossing", "border") < 3
    assert 5 < ck.distance_km("abu-kamal", "border") < 9
    assert ck.distance_km("border", "baghdad") == pytest.approx(ck.distance_km("baghdad", "border"))
    assert ck.distance_km("abu-kamal", "border").doubt_km == pytest.approx(1.0 + 2.3)


@settings(max_examples=40)
@given(places, places)
def test_distance_is_a_metric(a: str, b: str) -> None:
    """The same both ways, nothing to itself; a detour over the border is never shorter."""
    assert ck.distance_km(a, b) == pytest.approx(ck.distance_km(b, a))
    assert ck.distance_km(a, a) == 0
    assert ck.distance_km(a, "border") <= ck.distance_km(a, b) + ck.distance_km(b, "border") + 0.5


def test_a_force_is_measured_from_its_nearest_report() -> None:
    """Government forces of Syria at Deir ez-Zor through their 17th Division, without the column on the road."""
    rows = ck.load_deployments().query("actor_id != 'saa'")
    found = ck.distance_km("abu-kamal", "syria_gov", date="2017-11-03", deployments=rows)
    assert found.to_name == "17th Division (Syrian Arab Army) (Deir ez-Zor)"
    assert found.km == pytest.approx(ck.distance_km("abu-kamal", "deir-ez-zor"))


def test_what_cannot_be_measured_says_why() -> None:
    """A force without a day, a force without a position, a place that nobody knows."""
    with pytest.raises(DateError, match="give the day"):
        ck.distance_km("abu-kamal", "saa")
    with pytest.raises(PlaceError, match="No report of 'rebels'"):
        ck.distance_km("abu-kamal", "rebels", date="2017-11-03")
    with pytest.raises(PlaceError, match=r"Unknown place 'abu-kamel'.*abu-kamal"):
        ck.distance_km("abu-kamel", "border")


def test_nearest_forces_are_in_order_and_lose_no_report() -> None:
    """By distance; each report of the day is in the frame or set aside with a reason."""
    near = ck.nearest_forces("abu-kamal", "2017-11-03")
    assert near.km.is_monotonic_increasing
    set_aside = [row["deployment_id"] for row in near.attrs["rejected"]]
    begun = ck.deployments_at("2017-11-03", assume_days=None).deployment_id
    assert sorted([*near.deployment_id, *set_aside]) == sorted(begun)
    assert {row["reason"] for row in near.attrs["rejected"] if "position" in row["reason"]}
    assert len(ck.nearest_forces("abu-kamal", "2017-11-03", within_km=50)) == near.km.le(50).sum()


@pytest.mark.parametrize(
    "actor", ["iraqi_army", "cts", "tribal_mobilization", "pmf", "sdf", "saa", "isis", "russia", "iran", "cjtf_oir"]
)
def test_every_force_of_the_report_is_there_with_a_source(actor: str) -> None:
    """Each force that the report of 3 November 2017 names is present on that day, with a page."""
    here = ck.deployments_at("2017-11-03")
    rows = here[here.actor_id == actor]
    assert len(rows)
    assert rows.source_id.notna().all()


def test_fronts_between_sides_only() -> None:
    """No line has the same side twice; the place's own side comes first."""
    fronts = ck.nearest_fronts("abu-kamal", "2017-11-03")
    assert (fronts.side != fronts.other_side).all()
    assert fronts.side[0] == "isis"
    assert fronts.km.is_monotonic_increasing
    assert (fronts.line_km > 0).all()

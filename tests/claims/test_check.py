"""The claims of the report of 3 November 2017, held against tables that the tests change on purpose."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import conflictkit as ck
from conflictkit import check_claims
from conflictkit.errors import TableError, TerritoryError

CLAIMS = ck.load_seed_claims()
TERRITORY = ck.Territory.from_places()
REPORT = "reuters-2017-11-03"


def verdict_on(territory: ck.Territory = TERRITORY, **claim: Any) -> str:  # noqa: ANN401 - cells of one row
    """Return the verdict on one claim; cells not given are those of an empty row of 3 November 2017."""
    empty = {"as_of": "2017-11-03", "subject": "isis", "place": "", "place_id": None, "value": math.nan, "unit": None}
    empty |= dict.fromkeys(("wording", "supported_by", "supported_in_part_by", "contradicted_by"))
    words = {"claim_id": "X", "exact_words": "words", "attributed_to": "Reuters", "source_id": REPORT}
    row = {**words, "low": math.nan, "high": math.nan, **empty, **claim}
    return str(check_claims(pd.DataFrame([row]), territory=territory).verdict[0])


@pytest.fixture(scope="module")
def verdicts() -> pd.DataFrame:
    """Return the verdicts on the shipped claims, by claim."""
    return check_claims(territory=TERRITORY).set_index("claim_id")


def test_every_claim_has_a_verdict_and_evidence(verdicts: pd.DataFrame) -> None:
    """All 51 claims come back, in order, each with one of the four verdicts and a sentence."""
    assert verdicts.index.tolist() == CLAIMS.claim_id.tolist()
    assert set(verdicts.verdict) <= {"agrees", "differs", "partly", "cannot be checked"}
    assert (verdicts.verdict == "cannot be checked").sum() == 0
    assert verdicts.evidence.str.fullmatch(r"\S.*\.").all()


def test_report_is_no_evidence_for_itself(verdicts: pd.DataFrame) -> None:
    """No verdict rests on the report's own page, and every page cited is a known source."""
    cited = {source for cell in verdicts.source_ids for source in cell.split(";") if source}
    assert REPORT not in cited
    assert cited <= set(ck.load_sources().source_id)


def test_verdict_that_agrees_or_differs_on_rows_cites_them(verdicts: pd.DataFrame) -> None:
    """Sums over the whole model have no row to point at, nor has the point of a gazetteer a page."""
    assert verdicts.index[verdicts.source_ids == ""].tolist() == ["SC05", "SC30", "SC37"]


@pytest.mark.parametrize(
    ("subject", "place_id", "date", "verdict"),
    [
        ("iraq_gov", "al-qaim", "2017-11-03", "agrees"),
        ("iraq_gov", "al-qaim", "2017-11-02", "differs"),
        ("isis", "al-qaim", "2017-11-02", "agrees"),
        ("cts", "al-qaim", "2017-11-03", "agrees"),  # part of the side that holds it
        ("syria_gov", "al-qaim", "2017-11-03", "differs"),
        ("iraq_gov", "husaybah-crossing", "2017-11-03", "agrees"),  # by the listed place on the same spot
        ("iraq_gov", "husaybah-crossing", "2017-11-02", "differs"),
        ("iraq_gov", "mosul", "2017-07-10", "agrees"),  # by its two banks
        ("iraq_gov", "mosul", "2017-07-09", "differs"),
        ("isis", "iraq-syria-border", "2017-11-03", "cannot be checked"),
        ("iraq_gov", "baghdad", "2014-01-01", "agrees"),  # the first day covered has no day before
        ("iraq_gov", "baghdad", "2013-12-31", "cannot be checked"),
        ("iraq_gov", "al-qaim", "2031-01-01", "cannot be checked"),
    ],
)
def test_control(subject: str, place_id: str, date: str, verdict: str) -> None:
    """The holder on the day decides."""
    assert verdict_on(kind="control", subject=subject, place_id=place_id, as_of=date) == verdict


@pytest.mark.parametrize(("percent", "verdict"), [(33.3, "agrees"), (31.0, "agrees"), (50.0, "differs")])
def test_share_of_both_countries(percent: float, verdict: str) -> None:
    """The largest share of the year is 35 % of both countries: five points around it agree."""
    claim = {"place": "Iraq;Syria", "unit": "percent", "value": percent, "as_of": "2014"}
    assert verdict_on(kind="control", **claim) == verdict


def test_number_of_towns_is_counted() -> None:
    """The number that the holders give agrees, one more does not."""
    held = TERRITORY.holders("2017-11-03").merge(ck.load_places()[["place_id", "kind"]])
    count = int(((held.actor_id == "isis") & (held.kind == "town")).sum())
    assert verdict_on(kind="control", unit="towns", value=count) == "agrees"
    assert verdict_on(kind="control", unit="towns", value=count + 1) == "differs"


@pytest.mark.parametrize(
    ("place_id", "year", "verdict"),
    [
        ("mosul", "2017", "agrees"),
        ("mosul", "2016", "differs"),
        ("raqqa", "2017", "agrees"),
        ("abu-kamal", "2016", "differs"),
        ("northern-iraq", "2017", "cannot be checked"),
    ],
)
def test_loss(place_id: str, year: str, verdict: str) -> None:
    """Every part of the place has to change hands in that year."""
    assert verdict_on(kind="loss", place=place_id, place_id=place_id, as_of=year) == verdict


@pytest.mark.parametrize(
    ("place_id", "low", "high", "verdict"),
    [
        ("al-qaim", 1500, 2500, "agrees"),  # Iraqi commanders: more than 1,500
        ("al-qaim", 400, 900, "differs"),
        ("abu-kamal", 2000, 3000, "agrees"),  # US officials: 2,500 to 3,500
        ("baghdad", 2000, 3000, "cannot be checked"),  # no other source gives a figure
        ("raqqa", 80, 120, "agrees"),  # 100 on 17 October 2017
        ("raqqa", 450, 600, "partly"),  # 400 to 800 were said five weeks before
        ("raqqa", 3500, 4000, "differs"),
    ],
)
def test_estimate(place_id: str, low: float, high: float, verdict: str) -> None:
    """Ranges of other sources for the same place overlap, or none does."""
    claim = {"place_id": place_id, "low": low, "high": high, "unit": "fighters"}
    assert verdict_on(kind="estimate", **claim) == verdict


def test_numbers_in_words_are_read_by_the_conventions(verdicts: pd.DataFrame) -> None:
    """A few thousand fighters: the counts of five weeks later are among them, that of 17 October is above."""
    assert verdicts.verdict[["SC02", "SC03", "SC06", "SC12"]].tolist() == ["agrees", "agrees", "agrees", "partly"]
    assert verdicts.evidence["SC12"].startswith("'a few thousand' is 2,000 to 6,000. Nearest in time: 6,500, CJTF-OIR")
    assert "7,700,000" in verdicts.evidence["SC06"]
    # the two towns together: 2,500 to 3,500 and at least 1,500
    said = {"kind": "estimate", "unit": "fighters", "place_id": "al-qaim;abu-kamal"}
    assert verdict_on(wording="hundreds", **said) == "differs"
    assert verdict_on(wording="thousands", **said) == "agrees"
    assert verdict_on(wording="thousands", **{**said, "place_id": "al-qaim;baghdad"}) == "cannot be checked"
    assert verdict_on(**said) == "cannot be checked"


@pytest.mark.parametrize(
    ("subject", "place", "place_id", "date", "verdict"),
    [
        ("cts", "", "husaybah-crossing", "2017-11-03", "agrees"),  # reported in Al-Qaim, 9.6 km away at most
        ("cts", "", "raqqa", "2017-11-03", "cannot be checked"),
        ("iraq_gov", "Iraq", None, "2017-11-03", "agrees"),  # by its parts
        ("iraq_gov", "Syria", None, "2014-02-01", "cannot be checked"),
        ("cjtf_oir", "Iraq;Syria", None, "2017-11-03", "agrees"),
        ("saa", "", "abu-kamal", "2017-11-08", "agrees"),
        ("saa", "", "husaybah-crossing", "2017-11-08", "cannot be checked"),  # 9 km from there, across the border
        ("sdf", "", "northern-iraq", "2017-11-03", "cannot be checked"),
        ("turkey", "", "bashiqa", "2017-11-03", "cannot be checked"),  # reported two years before, end unknown
    ],
)
def test_deployment(subject: str, place: str, place_id: str | None, date: str, verdict: str) -> None:
    """A fresh report of the force, or of a part of it, at the place or near it in the same country."""
    claim = {"subject": subject, "place": place, "place_id": place_id, "as_of": date}
    assert verdict_on(kind="deployment", **claim) == verdict


@pytest.mark.parametrize(
    ("km", "verdict"), [(40, "agrees"), (30, "agrees"), (50, "agrees"), (20, "differs"), (60, "differs")]
)
def test_distance_between_those_that_others_report(km: float, verdict: str) -> None:
    """Others have 45 km the day before and 30 km the day after: a fifth either way agrees."""
    claim = {"subject": "saa", "place_id": "abu-kamal", "value": km, "unit": "km"}
    assert verdict_on(kind="distance", **claim) == verdict


@pytest.mark.parametrize(
    ("km", "verdict"), [(71, "agrees"), (60, "agrees"), (40, "cannot be checked"), (100, "differs")]
)
def test_distance_from_listed_places(km: float, verdict: str) -> None:
    """Without a report the nearest listed place is 71 km off: farther contradicts it, nearer does not."""
    tables = ck.Tables.shipped()
    told = tables.deployments[tables.deployments.near_place_id != "abu-kamal"]
    territory = ck.Territory.from_places(tables=tables.replace(deployments=told))
    claim = {"subject": "saa", "place_id": "abu-kamal", "value": km, "unit": "km"}
    assert verdict_on(territory, kind="distance", **claim) == verdict


@pytest.mark.parametrize(
    ("events", "verdict"),
    [
        ({"supported_by": "abu-kamal-encircled-2017-11-08"}, "agrees"),
        ({"supported_in_part_by": "abu-kamal-encircled-2017-11-08"}, "partly"),
        ({"contradicted_by": "isis-returns-abu-kamal-2017-11-11"}, "differs"),
        (
            {
                "supported_by": "isis-leaves-abu-kamal-2017-11-09",
                "contradicted_by": "isis-returns-abu-kamal-2017-11-11",
            },
            "partly",
        ),
        ({}, "cannot be checked"),
    ],
)
@pytest.mark.parametrize("kind", ["fact", "forecast"])
def test_events_decide_facts_and_forecasts(kind: str, events: dict[str, str], verdict: str) -> None:
    """For it, in part, against it, both; without an event it stays open."""
    assert verdict_on(kind=kind, **events) == verdict


def test_a_forecast_is_not_borne_out_by_what_came_before() -> None:
    """An event of the same day or before says nothing of what would happen."""
    before = {"supported_by": "caliphate-proclaimed-2014-06-29"}
    assert verdict_on(kind="fact", **before) == "agrees"
    assert verdict_on(kind="forecast", **before) == "cannot be checked"


@pytest.mark.parametrize(
    ("place_id", "unit", "verdict"),
    [
        ("abu-kamal", "west bank", "agrees"),
        ("abu-kamal", "south bank", "agrees"),  # the river runs to the south-east
        ("abu-kamal", "east bank", "differs"),
        ("al-qaim", "south bank;inside the border", "agrees"),
        ("al-qaim", "north bank;inside the border", "partly"),
        ("rawa", "north bank", "agrees"),
        ("mosul", "inside the border", "differs"),
        ("east-mosul", "east bank", "agrees"),
        ("west-mosul", "west bank", "agrees"),
        ("rutbah", "north bank", "cannot be checked"),  # in the desert
        ("rawa;al-qaim", "down-river", "agrees"),
        ("al-qaim;rawa", "down-river", "differs"),
        ("raqqa;deir-ez-zor", "down-river", "differs"),
        ("samarra;mosul", "down-river", "agrees"),  # of the Tigris
        ("husaybah-crossing;al-qaim;abu-kamal", "links", "agrees"),
        ("husaybah-crossing;al-qaim;raqqa", "links", "differs"),
        ("deir-ez-zor", "oil fields", "agrees"),
        ("aleppo", "oil fields", "differs"),
        ("mosul", "mountains", "cannot be checked"),
        ("northern-iraq", "north bank", "cannot be checked"),
    ],
)
def test_geography(place_id: str, unit: str, verdict: str) -> None:
    """Banks, courses, borders, crossings and fields, true and false."""
    assert verdict_on(kind="geography", place_id=place_id, unit=unit) == verdict


@pytest.mark.parametrize(
    ("place_id", "date", "verdict"),
    [
        ("rawa", "2017-11-17", "agrees"),  # the last town of Iraq
        ("al-qaim", "2017-11-03", "partly"),  # smaller ones were left
        ("rawa", "2017-11-03", "differs"),  # Al-Qaim is larger
        ("northern-iraq", "2017-11-03", "cannot be checked"),
    ],
)
def test_last(place_id: str, date: str, verdict: str) -> None:
    """What else the holder held in the country on the day before."""
    assert verdict_on(kind="last", place_id=place_id, as_of=date) == verdict


@pytest.mark.parametrize(("months", "verdict"), [(2, "agrees"), (3, "differs"), (1, "differs")])
def test_duration(months: float, verdict: str) -> None:
    """From 5 September to 3 November: 59 days."""
    claim = {"supported_by": "army-reaches-deir-ez-zor-2017-09-05", "value": months, "unit": "months"}
    assert verdict_on(kind="duration", **claim) == verdict
    assert verdict_on(kind="duration", **{**claim, "supported_by": None}) == "cannot be checked"


@pytest.mark.parametrize(("date", "verdict"), [("2017-11-03", "agrees"), ("2014-08-15", "differs")])
def test_trend(date: str, verdict: str) -> None:
    """Its land shrank in the autumn of 2017, and grew in the summer of 2014."""
    assert verdict_on(kind="trend", as_of=date) == verdict
    assert verdict_on(kind="trend", as_of=date, subject="usa") == "cannot be checked"


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ({"place_id": "deir-ez-zor-enclave", "as_of": "2017-09", "value": 2, "unit": "years"}, "agrees"),
        ({"place_id": "deir-ez-zor-enclave", "as_of": "2017-09", "value": 9, "unit": "years"}, "partly"),
        ({"place_id": "deir-ez-zor-enclave", "as_of": "2017-10"}, "differs"),
        ({"place_id": "abu-kamal", "supported_in_part_by": "isis-leaves-abu-kamal-2017-11-09"}, "partly"),
        ({"place_id": "abu-kamal", "contradicted_by": "isis-leaves-abu-kamal-2017-11-09"}, "differs"),
    ],
)
def test_siege(claim: dict[str, Any], verdict: str) -> None:
    """By the model of sieges, and where it finds none by what events say."""
    assert verdict_on(kind="siege", **claim) == verdict


def test_control_row_of_the_report_itself_does_not_count() -> None:
    """With the report as its only source, the capture of Al-Qaim is no longer evidence."""
    changes = ck.load_control_changes()
    own = (changes.place_id == "al-qaim") & (changes.valid_from == "2017-11-03")
    assert own.sum() == 1
    territory = ck.Territory.from_places(changes.assign(source_id=changes.source_id.where(~own, REPORT)))
    assert verdict_on(territory, kind="control", subject="iraq_gov", place_id="al-qaim") == "cannot be checked"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"kind": "rumour"}, r"kind: 'rumour' is not allowed: use one of control.*loss"),
        ({"place_id": "nowhere"}, r"place_id: 'nowhere' is not in places"),
        ({"as_of": "soon"}, r"as_of: 'soon'"),
        ({"subject": "nobody-known"}, r"subject: 'nobody-known' is not in actors"),
        ({"supported_by": "a-rumour"}, r"supported_by: 'a-rumour' is not in events"),
    ],
)
def test_claims_that_break_the_contract_are_refused(wrong: dict[str, Any], message: str) -> None:
    """A kind without a rule, a place or an actor that is in no table, a day that is none."""
    with pytest.raises(TableError, match=message):
        verdict_on(**{"kind": "control", "place_id": "al-qaim", **wrong})


def test_what_no_rule_can_decide_is_open() -> None:
    """No place, several places, no country, a side without a place: a word, never a crash."""
    for claim in (
        {"kind": "estimate", "value": 500.0, "unit": "fighters"},
        {"kind": "estimate", "place_id": "al-qaim;abu-kamal", "value": 500.0, "unit": "fighters"},
        {"kind": "geography", "unit": "west bank"},
        {"kind": "trend", "as_of": "2014-01-01"},
        {"kind": "control", "unit": "percent", "value": 30.0, "place": "x"},
        {"kind": "control", "unit": "percent", "value": 30.0, "place": "Iraq", "as_of": "2014-01-02"},
        {"kind": "deployment", "place": "x"},
        {"kind": "distance", "subject": "usa", "place_id": "abu-kamal", "value": 10.0, "unit": "km"},
        {"kind": "distance", "subject": "saa", "place_id": "northern-iraq", "value": 10.0, "unit": "km"},
        {"kind": "control", "place_id": "al-qaim", "as_of": "2013"},
        {"kind": "estimate", "unit": "casualties", "subject": "usa"},
        {"kind": "statement"},
    ):
        assert verdict_on(**claim) == "cannot be checked"


def test_drawings_do_not_say_who_holds_a_place() -> None:
    """Refused by name, with what to use instead."""
    drawn = ck.load_borders().rename(columns={"country": "actor_id"}).assign(date="2017-01-01", actor_id="isis")
    with pytest.raises(TerritoryError, match=r"no places, so it cannot answer check_claims.*from_places"):
        check_claims(territory=ck.Territory.from_polygons(drawn))


def test_a_claim_without_a_page_sets_no_row_aside() -> None:
    """Where the source is not known, every row is evidence."""
    claim = {"kind": "control", "subject": "iraq_gov", "place_id": "al-qaim", "source_id": None}
    assert verdict_on(**claim) == "agrees"


def test_input_is_not_changed() -> None:
    """The caller's frame is left as it was."""
    before = CLAIMS.copy()
    check_claims(CLAIMS, territory=TERRITORY)
    assert_frame_equal(CLAIMS, before)

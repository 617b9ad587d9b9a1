"""Rival reports of one change: who gains by each, and what the rule decides."""

from __future__ import annotations

import pandas as pd
import pytest

import conflictkit as ck
from conflictkit.evidence import _disputes as disputes

SHIPPED = ck.Tables.shipped()
CHANGE = {"place_id": "raqqa", "valid_from": "2017-10-17"}  # from isis to sdf
B, C, D = "reuters-2017-11-03", "sohr-2014-08-19", "sana"


def with_reports(*rows: dict[str, object]) -> ck.Tables:
    """Return the shipped tables with these reports of the fall of Raqqa."""
    plain = {
        **CHANGE,
        "reporter": "somebody",
        "reporter_actor_id": None,
        "verb": "reported",
        "extent": "whole",
        "reported_holder": "sdf",
        "event_date": "2017-10-17",
        "date_prec": "day",
        "interest": "neutral",
        "source_id": B,
        "note": None,
    }
    reports = pd.DataFrame([{**plain, "report_id": str(number), **row} for number, row in enumerate(rows)])
    return SHIPPED.replace(reports=reports)


def decided(*rows: dict[str, object]) -> tuple[object, ...]:
    """Return holder, day and what differs, as the rule has it."""
    found = disputes.decisions(with_reports(*rows)).iloc[0]
    return found.holder, f"{found.date:%Y-%m-%d}", found.differs


@pytest.mark.parametrize(
    ("speaker", "holder", "gains"),
    [
        ("sdf", "sdf", "own"),
        ("sdf", "isis", "against"),
        ("sdf", "contested", "against"),  # the row gives it the whole town
        ("usa", "sdf", "own"),  # who backs it
        ("isis", "sdf", "against"),
        ("isis", "contested", "own"),  # it denies that it has lost
        ("syria_gov", "sdf", "neutral"),  # no party to this change
        (None, "sdf", "neutral"),
    ],
)
def test_whom_a_report_serves(speaker: str | None, holder: str, gains: str) -> None:
    """A side that admits a loss speaks against its interest; one that is no party gains nothing."""
    tables = with_reports({"reporter_actor_id": speaker, "reported_holder": holder})
    assert disputes.told(tables).gains.tolist() == [gains]


def test_two_holders_within_a_week_are_a_contest() -> None:
    """If both are graded C or better and neither admits a loss; eight days apart are a sequence."""
    other = {"reported_holder": "isis", "event_date": "2017-10-20"}
    assert decided({}, other) == ("contested", "2017-10-17", "holder")
    assert decided({}, {**other, "event_date": "2017-10-25"})[0] == "sdf"
    assert decided({}, {**other, "source_id": D})[0] == "sdf"
    assert decided({}, {**other, "reporter_actor_id": "sdf"}) == ("isis", "2017-10-20", "holder")


def test_parts_of_one_side_are_no_contest() -> None:
    """The YPG and the SDF are one side: only the day is asked."""
    assert decided({"reported_holder": "ypg"}, {})[2] == ""


def test_grade_then_the_earlier_page() -> None:
    """After interest; where no page is good enough nothing is decided."""
    sources = ck.load_sources()
    good = sources[sources.reliability.eq("B") & sources.published_date.notna()].sort_values("published_date")
    early, late = good.source_id.iloc[0], good.source_id.iloc[-1]
    weak = sources[sources.reliability == "C"].source_id.iloc[0]
    days = ("2017-10-15", "2017-10-16", "2017-10-17")
    rows = [{"source_id": page, "event_date": day} for page, day in zip((weak, late, early), days, strict=True)]
    assert decided(*rows) == ("sdf", "2017-10-17", "")
    assert decided(*rows[:2]) == ("sdf", "2017-10-16", "day")
    nothing = disputes.decisions(with_reports({"source_id": D})).iloc[0]
    assert (nothing.holder, nothing.differs) == (None, "")


def test_how_far_reports_lie_apart() -> None:
    """Days of day precision only; a second holder is a dispute on one day."""
    apart = disputes.disputed(with_reports({}, {"event_date": "2017-10-20"})).iloc[0]
    assert (apart.reports, apart.sides, apart.days, apart.in_dispute) == (2, 1, 3, True)
    month = disputes.disputed(with_reports({}, {"event_date": "2017-10-01", "date_prec": "month"})).iloc[0]
    assert (month.days, month.in_dispute) == (0, True)
    assert not disputes.disputed(with_reports({}, {})).in_dispute.any()


def test_shipped_reports() -> None:
    """Each is about a row; most changes that have reports are in dispute."""
    found = disputes.disputed(SHIPPED)
    assert (len(found), int(found.in_dispute.sum())) == (144, 117)
    assert found[found.in_dispute].days.median() == 1


def test_a_report_hangs_on_its_row() -> None:
    """Where the row goes, or its day moves, the report is set aside and listed."""
    changes = SHIPPED.control_changes
    fall = changes.place_id.eq("raqqa") & changes.valid_from.eq(pd.Timestamp("2017-10-17"))
    later = changes.assign(valid_from=changes.valid_from.mask(fall, pd.Timestamp("2017-10-18")))
    gone = SHIPPED.replace(control_changes=later).rejected.query("table == 'reports'")
    reports = SHIPPED.reports
    about = reports[reports.place_id.eq("raqqa") & reports.valid_from.eq(pd.Timestamp("2017-10-17"))]
    assert sorted(gone.row_key) == sorted(about.report_id) != []
    assert gone.reason.str.contains("is no change of 'raqqa'").all()

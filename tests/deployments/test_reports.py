"""What a map shows of deployments: the rows of a day, their symbols, their positions and their lines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import conflictkit as ck
from conflictkit.deployments._presence import deployments_at
from conflictkit.deployments._reports import (
    KIND_NAMES,
    KIND_OF,
    ROLES,
    kinds_of,
    lines_between,
    on_day,
    reports_for_map,
    symbols_of,
)
from conflictkit.positions import ELLIPSOID as WGS84

ACTORS = ck.load_actors()
REPORTS = {rule: reports_for_map(assume_days=rule) for rule in (0, 92, None)}
DAY = pd.Timestamp("2017-11-03")


def row(deployment_id: str, **cells: Any) -> dict[str, Any]:  # noqa: ANN401 - cells of a table
    """Return a report of the US at Raqqa on 1 June 2017, but for some cells."""
    usual = {
        "deployment_id": deployment_id,
        "actor_id": "usa",
        "place_id": "raqqa",
        "host_country": "SY",
        "latitude": np.nan,
        "longitude": np.nan,
        "valid_from": "2017-06-01",
        "valid_to": None,
        "date_prec": "day",
        "strength_low": np.nan,
        "strength_best": np.nan,
        "strength_high": np.nan,
        "unit": None,
        "measure": "present",
        "role": None,
        "backers": None,
        "source_id": "reuters-2017-11-03",
        "note": None,
    }
    return usual | cells


def table(*rows: dict[str, Any]) -> pd.DataFrame:
    """Return rows of deployments as the loader types them."""
    return pd.DataFrame(rows).astype({"valid_from": "datetime64[us]", "valid_to": "datetime64[us]"})


@given(st.dates(pd.Timestamp("2014-01-01").date(), pd.Timestamp("2019-12-31").date()), st.sampled_from([0, 92, None]))
def test_rows_of_a_day_are_those_of_deployments_at(day: Any, rule: int | None) -> None:  # noqa: ANN401 - hypothesis
    """The intervals that a map compares give the rows and the presence of `deployments_at`, under any rule."""
    here, there = on_day(REPORTS[rule], pd.Timestamp(day)), deployments_at(day, assume_days=rule)
    assert here["deployment_id"].tolist() == there["deployment_id"].tolist()
    assert here["presence"].tolist() == there["presence"].tolist()


def test_one_symbol_for_each_force_and_point() -> None:
    """Every report with a position is in one symbol; symbols of one point are of different forces."""
    here = on_day(REPORTS[92], DAY)
    symbols = symbols_of(here)
    placed = here[here["latitude"].notna()]
    assert sorted(name for ids in symbols["deployment_ids"] for name in ids) == sorted(placed["deployment_id"])
    assert not symbols.duplicated(["actor_id", "spot"]).any()
    assert len(symbols) < len(placed)


def test_symbol_takes_each_fact_from_the_latest_report_that_has_it() -> None:
    """The newest says no strength and no role: both are those of the older one; backers are those of all."""
    rows = table(
        row("old", strength_low=300.0, unit="personnel", role="training", backers="uk"),
        row("new", valid_from="2017-06-05", backers="france"),
    )
    (symbol,) = symbols_of(on_day(reports_for_map(rows, assume_days=92), pd.Timestamp("2017-06-05"))).to_dict("records")
    assert symbol["deployment_ids"] == ["new", "old"]
    assert (symbol["kind"], symbol["people"], symbol["strength"]) == ("training", 300.0, "at least 300")
    assert (symbol["presence"], symbol["backers"]) == ("reported", "france;uk")


@pytest.mark.parametrize(
    ("measure", "unit"), [("total", "personnel"), ("ceiling", "personnel"), ("present", "divisions")]
)
def test_only_people_present_give_a_symbol_its_size(measure: str, unit: str) -> None:
    """A total, a ceiling or a count of divisions is no number of people at that place."""
    rows = table(row("one", strength_best=900.0, measure=measure, unit=unit))
    assert reports_for_map(rows, assume_days=92)["people"].isna().all()


def test_force_that_is_only_so_far_from_a_place_lies_on_a_ring() -> None:
    """The Syrian army, 40 km from Abu Kamal: a point of that ring, a fifth of it in doubt, and no point of its own."""
    reports = REPORTS[92].set_index("deployment_id")
    ringed = reports.loc["saa-approach-to-abu-kamal-2017-11-03"]
    km = WGS84.inv(*ringed[["ring_longitude", "ring_latitude", "longitude", "latitude"]].astype(float))[2] / 1000
    assert km == pytest.approx(40, abs=0.01)
    assert (ringed["ring_name"], ringed["doubt_km"]) == ("Abu Kamal", 8.0)
    assert ringed["longitude"] < ringed["ring_longitude"]  # towards T2, in the west, where the 5th Corps stood
    assert np.isnan(ck.deployments_at(DAY).set_index("deployment_id").loc[ringed.name, "latitude"])


def test_ring_without_other_forces_of_its_side_points_west() -> None:
    """Where nothing says in which direction, the point is the western one of the ring."""
    (found,) = reports_for_map(
        table(row("lone", actor_id="turkey", place_id=None, near_place_id="raqqa", near_km=20.0)), assume_days=92
    ).to_dict("records")
    assert found["longitude"] < found["ring_longitude"]
    assert found["latitude"] == pytest.approx(found["ring_latitude"], abs=0.01)


def test_lines_lead_to_the_nearest_position_above_or_behind() -> None:
    """Worked by hand: a division to the nearer army, not to itself; a backer by the nearest of its parts."""
    rows = table(
        row("corps", actor_id="saa_5_corps", place_id="t2-pumping-station", backers="iran"),
        row("near", actor_id="saa", place_id="mayadin"),
        row("far", actor_id="saa", place_id="damascus"),
        row("iranians", actor_id="irgc", place_id="palmyra"),
    )
    symbols = symbols_of(on_day(reports_for_map(rows, assume_days=92), pd.Timestamp("2017-06-02")))
    names = symbols["deployment_ids"].str[0].tolist()
    joined = {
        kind: [(names[a], names[b]) for a, b in lines_between(symbols, kind, ACTORS)] for kind in ("parent", "backers")
    }
    assert joined == {"parent": [("corps", "near")], "backers": [("corps", "iranians")]}


def test_forces_of_one_point_are_not_joined() -> None:
    """A line of no length would say nothing."""
    rows = table(row("part", actor_id="saa_5_corps"), row("whole", actor_id="saa"))
    symbols = symbols_of(on_day(reports_for_map(rows, assume_days=92), pd.Timestamp("2017-06-02")))
    assert lines_between(symbols, "parent", ACTORS) == []


def test_every_role_of_the_table_has_a_kind() -> None:
    """No word of the shipped table falls into "other" by accident; a strange word and an empty cell do not fail."""
    assert set(ck.load_deployments()["role"].dropna()) <= set(KIND_OF)
    assert kinds_of(pd.Series(["offensive", "juggling", None])).tolist() == ["fighting", "other", "unstated"]
    assert set(KIND_NAMES) == {*ROLES, "unstated"}


def test_input_stays_as_it_is() -> None:
    """Neither rows nor what hangs on them change."""
    rows = ck.load_deployments()
    before, attrs = rows.copy(), dict(rows.attrs)
    reports_for_map(rows, assume_days=92)
    pd.testing.assert_frame_equal(rows, before)
    assert rows.attrs == attrs

"""Who was reported where on a day, and how far apart two places are."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from shapely import Point

import conflictkit as ck
from conflictkit.errors import DateError, PlaceError, TableError, UnknownNameError

DEPLOYMENTS, PLACES = ck.load_deployments(), ck.load_places()


@pytest.fixture
def two_reports() -> pd.DataFrame:
    """Return one report with an end, and one without an end or a place."""
    rows = DEPLOYMENTS.head(2).copy()
    rows["deployment_id"] = ["ended", "open"]
    rows["place_id"] = ["kirkuk", None]
    rows["valid_from"] = pd.to_datetime(["2015-03-01", "2015-03-01"])
    rows["valid_to"] = pd.to_datetime(["2015-03-10", None])
    rows[["latitude", "longitude"]] = math.nan
    return rows


@pytest.mark.parametrize(
    ("date", "in_force"),
    [
        ("2015-02-28", []),
        ("2015-03-01", ["ended", "open"]),
        ("2015-03-09", ["ended", "open"]),
        ("2015-03-10", ["open"]),
        ("2019-01-01", ["open"]),
    ],
)
def test_interval_is_half_open(two_reports: pd.DataFrame, date: str, in_force: list[str]) -> None:
    """The first day counts, the day of valid_to does not; an open end never ends if nothing is assumed about it."""
    assert ck.deployments_at(date, two_reports, assume_days=None).deployment_id.tolist() == in_force


@pytest.mark.parametrize(
    ("assume_days", "date_prec", "last_day"),
    [
        (0, "day", "2015-03-01"),
        (10, "day", "2015-03-11"),
        (92, "day", "2015-06-01"),
        (0, "month", "2015-03-31"),
        (10, "month", "2015-04-10"),
        (10, "year", "2016-01-10"),
    ],
)
def test_an_unknown_end_is_assumed_by_a_stated_rule(
    two_reports: pd.DataFrame, assume_days: int, date_prec: str, last_day: str
) -> None:
    """The days count from the end of the period of the report; after them the row is set aside with a reason."""
    rows, day = two_reports.assign(date_prec=date_prec), pd.Timestamp(last_day)
    there = ck.deployments_at(day, rows, assume_days=assume_days)
    assert "open" in there.deployment_id.tolist()
    gone = ck.deployments_at(day + pd.Timedelta(days=1), rows, assume_days=assume_days)
    assert "open" not in gone.deployment_id.tolist()
    assert [row["deployment_id"] for row in gone.attrs["rejected"]] == ["open"]
    assert "no end is known" in gone.attrs["rejected"][0]["reason"]
    assert (str(assume_days) if assume_days else "only") in gone.attrs["rule"]


def test_presence_says_how_a_force_is_known_to_be_there(two_reports: pd.DataFrame) -> None:
    """A stated end, the period of the report itself, or only the rule."""
    rows = two_reports.assign(date_prec="month")
    assert ck.deployments_at("2015-03-05", rows).presence.tolist() == ["stated", "reported"]
    assert ck.deployments_at("2015-04-05", rows).presence.tolist() == ["assumed"]


def test_last_report_is_the_latest_of_the_force_at_the_place() -> None:
    """The army was reported on its way to Abu Kamal on 2 and on 3 November 2017: both rows have the later date."""
    here = ck.deployments_at("2017-11-03").query("actor_id == 'saa' and place_id == 'approach-to-abu-kamal'")
    assert sorted(here.valid_from.dt.day) == [2, 3]
    assert here.days_since_report.tolist() == [0, 0]


@pytest.mark.parametrize("days", [-1, 1.5, "92", True])
def test_what_is_no_number_of_days_is_refused(days: object) -> None:
    """The error names the value and what is allowed."""
    with pytest.raises(UnknownNameError, match=r"assume_days=.* number of days, 0 or more, or None"):
        ck.deployments_at("2017-11-03", assume_days=days)  # type: ignore[arg-type]


def test_open_end_is_told_from_a_known_one(two_reports: pd.DataFrame) -> None:
    """A row without an end says so, and how old its report is."""
    here = ck.deployments_at("2015-03-09", two_reports)
    assert here.end_known.tolist() == [True, False]
    assert here.days_since_report.tolist() == [8, 8]


def test_own_coordinates_come_before_those_of_the_place(two_reports: pd.DataFrame) -> None:
    """A row's own point wins; without one the place's is used; without both it stays missing."""
    from_place = ck.deployments_at("2015-03-09", two_reports)
    kirkuk = PLACES.set_index("place_id").loc["kirkuk"]
    assert from_place.latitude[0] == kirkuk.latitude
    assert math.isnan(from_place.latitude[1])
    own = ck.deployments_at("2015-03-09", two_reports.assign(latitude=[35.4, 36.0], longitude=[44.3, 43.0]))
    assert own[["latitude", "longitude"]].to_numpy().tolist() == [[35.4, 44.3], [36.0, 43.0]]


@settings(max_examples=40)
@given(st.dates(min_value=pd.Timestamp("2014-01-01").date(), max_value=pd.Timestamp("2019-12-31").date()))
def test_joins_lose_and_repeat_no_row(date: object) -> None:
    """On any date the rows are those of the interval rule, each once, with a name and a side for every actor."""
    day = pd.Timestamp(date)  # type: ignore[arg-type]
    expected = [
        row.deployment_id
        for row in DEPLOYMENTS.itertuples()
        if row.valid_from <= day and (pd.isna(row.valid_to) or day < row.valid_to)
    ]
    here = ck.deployments_at(date, assume_days=None)  # type: ignore[arg-type]
    assert here.deployment_id.tolist() == expected
    ruled = ck.deployments_at(date)  # type: ignore[arg-type]
    set_aside = [row["deployment_id"] for row in ruled.attrs["rejected"]]
    assert sorted([*ruled.deployment_id, *set_aside]) == sorted(expected)
    assert here.actor_name.notna().all()
    assert here.side.notna().all()
    assert (here.place_name.notna() == here.place_id.notna()).all()


def test_frames_of_any_make_are_taken(two_reports: pd.DataFrame) -> None:
    """Text dates, days of the standard library, objects, categories, a column left out: the same rows."""
    expected = ck.deployments_at("2015-03-09", two_reports)
    for frame in (
        two_reports.assign(valid_from="2015-03-01", valid_to=["2015-03-10", None]),
        two_reports.assign(valid_from=two_reports["valid_from"].dt.date),
        two_reports.drop(columns=["near_place_id", "near_km", "basis"]),
        two_reports.astype({"actor_id": "category", "measure": "category"}),
        two_reports.astype(object),
        two_reports.convert_dtypes(),
    ):
        assert_frame_equal(ck.deployments_at("2015-03-09", frame), expected)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"actor_id": "an_unlisted_force"}, r"row 2, actor_id: 'an_unlisted_force' is not in actors"),
        ({"measure": "seen"}, r"row 2, measure: 'seen' is not allowed.*present"),
        ({"valid_from": "17/10/2017"}, r"row 2, valid_from: '17/10/2017'"),
        ({"strength_best": "about 500"}, r"row 2, strength_best: 'about 500'"),
        ({"backers": 1}, r"row 2, backers: '1' is not in actors"),
    ],
)
def test_rows_that_break_the_contract_are_refused(
    two_reports: pd.DataFrame, wrong: dict[str, object], message: str
) -> None:
    """By row and column, whatever the question."""
    rows = two_reports.assign(**wrong)
    for ask in (ck.deployments_at, ck.order_of_battle, ck.backing_at, ck.relations_at):
        with pytest.raises(TableError, match=message):
            ask("2015-03-09", deployments=rows)
    with pytest.raises(TableError, match=message):
        ck.strength_over_time("isis", deployments=rows)


def test_a_column_that_is_missing_is_named(two_reports: pd.DataFrame) -> None:
    """Not by a KeyError somewhere below."""
    with pytest.raises(TableError, match="measure: the column is missing"):
        ck.deployments_at("2015-03-09", two_reports.drop(columns="measure"))


def test_input_is_not_changed(two_reports: pd.DataFrame) -> None:
    """The caller's frame is left as it was."""
    before = two_reports.copy()
    ck.deployments_at("2015-03-09", two_reports)
    assert_frame_equal(two_reports, before)


def test_time_of_day_and_time_zone_do_not_matter() -> None:
    """A date is a day."""
    noon = ck.deployments_at(pd.Timestamp("2017-11-03 12:00", tz="Asia/Baghdad"))
    assert_frame_equal(noon, ck.deployments_at("2017-11-03"))


@pytest.mark.parametrize("date", ["third of November", None, 20171103, math.nan])
def test_what_is_no_date_is_refused(date: object) -> None:
    """The error names the value and a date that works."""
    with pytest.raises(DateError, match=r"Not a date: .*2017-11-03"):
        ck.deployments_at(date)


def test_day_of_the_report_has_every_side() -> None:
    """On 3 November 2017 all sides of the two wars have a force on the ground."""
    assert {"isis", "iraq", "assad", "sdf", "coalition", "krg"} <= set(ck.deployments_at("2017-11-03").side)


@pytest.mark.parametrize(
    ("a", "b", "km"),
    [
        # one degree of latitude and of longitude from the series of the meridian arc and of the parallel on WGS84
        ((35.0, 40.0), (36.0, 40.0), 110.9494),
        ((0.0, 40.0), (0.0, 41.0), 111.3195),
        ((90.0, 0.0), (-90.0, 0.0), 20003.9315),
    ],
)
def test_distance_is_geodesic(a: tuple[float, float], b: tuple[float, float], km: float) -> None:
    """Known arcs of the ellipsoid; a sphere would be off by 0.2 %."""
    assert ck.distance_km(a, b) == pytest.approx(km, abs=1e-3)


def test_tuple_is_latitude_first_and_point_is_geometry() -> None:
    """A tuple has the order of the tables' columns, a Point that of geometry."""
    assert ck.distance_km((34.0, 41.0), Point(41.0, 34.0)) == 0
    assert ck.distance_km((34.0, 41.0), Point(34.0, 41.0)) > 900


def test_distance_between_places() -> None:
    """Abu Kamal lies 121 km down the Euphrates from Deir ez-Zor, in either direction."""
    assert 100 < ck.distance_km("abu-kamal", "deir-ez-zor") < 150
    assert ck.distance_km("abu-kamal", "deir-ez-zor") == pytest.approx(ck.distance_km("deir-ez-zor", "abu-kamal"))


def test_own_places_are_used() -> None:
    """The caller's places decide."""
    moved = PLACES.assign(longitude=PLACES["longitude"].where(PLACES["place_id"] != "abu-kamal", 40.5))
    tables = ck.Tables.shipped().replace(places=moved)
    assert (
        ck.distance_km("abu-kamal", (34.45226, 40.5), tables=tables) < 1 < ck.distance_km("abu-kamal", (34.45226, 40.5))
    )


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("abu-kamel", "Did you mean 'abu-kamal'"),
        ("northern-iraq", "'northern-iraq' .* has no coordinates"),
        ((95.0, 40.0), "latitude, longitude"),
        ((math.nan, 40.0), "latitude, longitude"),
    ],
)
def test_place_that_cannot_be_measured(where: str | tuple[float, float], message: str) -> None:
    """Each error says what to do next."""
    with pytest.raises(PlaceError, match=message):
        ck.distance_km(where, "abu-kamal")


@pytest.mark.parametrize("date", ["2031-01-01", "2013-06-01"])
def test_days_that_the_tables_do_not_cover_are_refused_by_name(date: str, territory: ck.Territory) -> None:
    """A report without an end would hold for ever: every question about forces says which days are covered."""
    calls = (
        lambda: ck.deployments_at(date),
        lambda: ck.order_of_battle(date),
        lambda: ck.backing_at(date),
        lambda: ck.relations_at(date),
        lambda: ck.nearest_forces("al-qaim", date),
        lambda: ck.distance_km("al-qaim", "isis", date=date),
        lambda: ck.nearest_fronts("al-qaim", date, territory=territory),
        lambda: ck.besieged(date, territory=territory),
        lambda: ck.pocket_at("al-qaim", date, territory=territory),
    )
    for call in calls:
        with pytest.raises(ck.DateError, match="The tables answer for 1 January 2014 to 31 December 2019"):
            call()

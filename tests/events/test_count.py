"""Counts lose no event and no dead, wherever, whenever and whoever."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from synthetic import events_of as table

import conflictkit as ck
from conflictkit.events import _placing, count

RAQQA, QAIM, PARIS = (35.95, 39.01), (34.37, 41.1), (48.85, 2.35)


def test_governorates_by_month() -> None:
    """A month is that of the first day; what has no place or no day is counted as that."""
    events = table(
        ("2017-06-01", *RAQQA, 2), ("2017-06-30", *RAQQA, None), ("2017-07-01", *QAIM, 3), ("2017-07-01", *PARIS, 1),
        (None, *RAQQA, 5), ("2017-07-02", None, None, 7),
    )  # fmt: skip
    counted = ck.count_events(events, freq="MS", area=ck.load_borders(level=1))
    dated = counted.assign(date=counted["date"].astype(str).fillna("NaT"))
    rows = dated[["date", "area_id", "events", "best"]].to_numpy().tolist()
    assert rows == [
        ["2017-06-01", "SY-RA", 2, 2.0],
        ["2017-07-01", "IQ-AN", 1, 3.0],
        ["2017-07-01", "unplaced", 2, 8.0],
        ["NaT", "SY-RA", 1, 5.0],
    ]
    assert counted.columns.tolist() == ["date", "area_id", "events", "low", "best", "high"]


def test_what_is_not_counted_is_not_zero() -> None:
    """Where no row has a figure the sum is missing; without `freq` and `area` all is one row."""
    events = table(("2017-06-01", *RAQQA, None), ("2017-06-30", *PARIS, None))
    counted = ck.count_events(events)
    assert counted[["area_id", "events"]].to_numpy().tolist() == [["all", 2]]
    assert counted["best"].isna().all()
    assert counted["date"].tolist() == [pd.Timestamp("2017-06-01")]


def test_by_keeps_events_without_a_value() -> None:
    """They are counted under a missing value."""
    events = table(("2017-06-01", *RAQQA, 1), ("2017-06-01", *RAQQA, 2), event_type=["battle", None])
    counted = ck.count_events(events, by="event_type", freq="YS")
    assert counted["events"].tolist() == [1, 1]
    assert counted["event_type"].isna().sum() == 1


def test_the_holder_is_that_of_the_day(territory: ck.Territory) -> None:
    """Raqqa is the Islamic State's in 2015; the days before and after the tables are unplaced."""
    events = table(("2015-06-01", *RAQQA, 1), ("2018-06-01", *RAQQA, 2), ("1990-01-01", *RAQQA, 4), (None, *RAQQA, 8))
    counted = ck.count_events(events, area=territory)
    assert dict(zip(counted["area_id"], counted["best"], strict=False)) == {"isis": 1, "sdf": 2, "unplaced": 8}
    assert counted["best"].sum() == 15


def test_squares_and_wide_points() -> None:
    """A square is named by its centre; a point for a whole governorate lies in none."""
    events = table(("2017-06-01", *RAQQA, 1), ("2017-06-01", *RAQQA, 2), where_prec=["exact", "admin1"])
    assert ck.count_events(events, area=0.5)["area_id"].tolist() == ["35.75,39.25", "unplaced"]
    events["where_prec"] = ["country", "admin1"]
    assert ck.count_events(events, area=ck.load_borders(level=1))["area_id"].tolist() == ["SY-RA", "unplaced"]
    assert ck.count_events(events, area=ck.load_borders())["area_id"].tolist() == ["SY"]


def test_areas_without_a_code_have_one_of_their_own() -> None:
    """A zone without an ISO code; of areas that overlap the first counts, in any projection."""
    borders = ck.load_borders(level=1)
    borders["iso_3166_2"] = borders["iso_3166_2"].where(borders["admin1"] != "UNDOF zone")
    zone = borders[borders["admin1"] == "UNDOF zone"].geometry.iloc[0].representative_point()
    events = table(("2017-06-01", zone.y, zone.x, 1))
    assert ck.count_events(events, area=borders)["area_id"].tolist() == ["SY-undof-zone"]
    boxes = gpd.GeoDataFrame({"name": ["a", "b"]}, geometry=[shapely.box(35, 32, 37, 34)] * 2, crs=4326)
    assert ck.count_events(events, area=boxes.to_crs(3857))["area_id"].tolist() == ["a"]


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"freq": "M"}, ck.UnknownNameError, "freq"),
        ({"by": "typ"}, ck.TableError, "lacks typ"),
        ({"by": "best"}, ck.TableError, "another name"),
        ({"area": 0}, ck.TableError, "side of a square"),
        ({"area": "IQ"}, ck.TableError, "not str"),
        ({"area": gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)], crs=4326)}, ck.TableError, "no id"),
        ({"area": gpd.GeoDataFrame({"id": [1]}, geometry=[shapely.box(0, 0, 1, 1)])}, ck.TableError, "set_crs"),
    ],
)
def test_what_cannot_be_counted_is_refused(options: dict[str, object], error: type[Exception], words: str) -> None:
    """With what to give instead."""
    with pytest.raises(error, match=words):
        ck.count_events(table(("2017-06-01", *RAQQA, 1)), **options)  # type: ignore[arg-type]


def test_frames_that_are_no_events_are_refused() -> None:
    """Days as text, figures as text, no frame."""
    events = table(("2017-06-01", *RAQQA, 1))
    with pytest.raises(ck.TableError, match="no column of days"):
        ck.count_events(events.astype({"event_date": str}))
    with pytest.raises(ck.TableError, match="No numbers in best"):
        ck.count_events(events.astype({"best": str}))
    with pytest.raises(ck.TableError, match="not list"):
        ck.count_events([])  # type: ignore[arg-type]
    assert ck.count_events(events.iloc[:0], freq="MS", area=ck.load_borders(level=1)).empty


EVENT = st.tuples(
    st.none() | st.dates(pd.Timestamp("2014-01-01").date(), pd.Timestamp("2019-12-31").date()),
    st.none() | st.floats(-100, 100),
    st.none() | st.floats(-200, 200),
    st.none() | st.integers(0, 50),
)


@given(rows=st.lists(EVENT, min_size=1, max_size=30), which=st.sampled_from(["borders", "territory", "squares"]))
def test_sums_are_kept(territory: ck.Territory, rows: list[tuple[object, ...]], which: str) -> None:
    """Whatever the events: as many, and as many dead, as before."""
    events = table(*rows)
    area = {"borders": ck.load_borders(level=1), "territory": territory, "squares": 1.0}[which]
    counted = ck.count_events(events, freq="MS", area=area)
    assert counted["events"].sum() == len(events)
    assert counted["best"].sum() == events["best"].sum()


def test_many_points_are_where_few_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """By squares or one by one: on edges and corners, in overlaps, holes and beyond, as polygons come first."""
    borders = ck.load_borders(level=1).geometry.to_numpy()
    hole = shapely.box(36, 33, 40, 36).difference(shapely.box(37, 34, 38, 35))
    polygons = np.array([hole, shapely.box(37, 34, 38, 35), *borders, shapely.box(30, 20, 60, 50)], dtype=object)
    corners = shapely.get_coordinates(borders)[::40]
    chance = np.random.default_rng(3).uniform((33, 28), (50, 39), (4000, 2)).round(2)
    points = np.vstack([corners, chance, [(36, 33), (37, 34), (38, 35), (37.5, 34), (0, 0)]])
    events = pd.DataFrame(points, columns=["longitude", "latitude"])
    for shapes in (polygons, polygons[2:-1], polygons[:1]):
        areas = gpd.GeoDataFrame({"id": range(len(shapes))}, geometry=list(shapes), crs=4326)
        found = []
        for many in (1, 10**9):
            monkeypatch.setattr(_placing, "MANY", many)
            found.append([list(_placing.in_areas(rows, areas)) for rows in (events, events.iloc[[0, 0, 0]])])
        assert found[0] == found[1]


@pytest.mark.parametrize("freq", [None, "D", "MS"])
@pytest.mark.parametrize("by", [None, "event_type"])
def test_counted_in_parts_it_is_the_same(monkeypatch: pytest.MonkeyPatch, freq: str | None, by: str | None) -> None:
    """However many are counted at a time."""
    events = table(
        ("2017-06-01", *RAQQA, 2), ("2017-06-30", *RAQQA, None), ("2017-05-01", *QAIM, 3), ("2017-07-01", *PARIS, 1),
        (None, *RAQQA, 5), ("2017-07-02", None, None, 7), event_type=["a", "b", None, "a", "a", "b"],
    )  # fmt: skip
    whole = ck.count_events(events, freq=freq, by=by, area=ck.load_borders(level=1))
    monkeypatch.setattr(count, "AT_A_TIME", 2)
    pd.testing.assert_frame_equal(ck.count_events(events, freq=freq, by=by, area=ck.load_borders(level=1)), whole)

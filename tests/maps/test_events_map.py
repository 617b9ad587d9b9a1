"""The page of events: every row with its doubt about where and when, counted as ``count_events`` counts."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from synthetic import events_of as table
from synthetic import other_war

import conflictkit as ck
from conflictkit.charts._blurs import inked
from conflictkit.events._spread import spread
from conflictkit.maps import _blurs
from conflictkit.maps._payload import dumped

if TYPE_CHECKING:
    from collections.abc import Callable

    Read = Callable[[dict[str, Any]], list[dict[str, Any]]]

RAQQA, QAIM = (35.95, 39.01), (34.37, 41.1)


@pytest.fixture
def events() -> pd.DataFrame:
    """Return two months of events: exact, near, of a governorate, of a month, over two months, nowhere, never."""
    frame = table(
        ("2017-06-01", *RAQQA, 2), ("2017-06-20", *RAQQA, 5), ("2017-06-03", *RAQQA, 1), ("2017-06-15", *QAIM, 3),
        ("2017-06-25", *QAIM, 4), ("2017-07-02", *QAIM, None), ("2017-07-02", None, None, 7), (None, *RAQQA, 9),
        where_prec=["exact", "near", "admin1", "admin2", "exact", None, None, "exact"],
        date_prec=["day", "day", "day", "month", "days", "day", "day", None],
        event_type=["battle", "battle", "battle", "strike", "strike", None, "strike", "battle"],
    )  # fmt: skip
    ends = frame["event_date"].mask(frame.index == 4, pd.Timestamp("2017-07-04"))
    return frame.assign(date_end=ends, event_id=[f"e{number}" for number in range(8)])


@pytest.fixture
def page(territory: ck.Territory, events: pd.DataFrame) -> Any:  # noqa: ANN401 - a map
    """Return their page by months."""
    return ck.map_events(territory, events)


def test_columns_are_called_as_in_the_chart(territory: ck.Territory, events: pd.DataFrame) -> None:
    """Not Actor1, which is a name of files."""
    shown = ck.map_events(territory, events.assign(actor1_id="isis"), by="actor1_id")
    assert shown.data["blurs"]["kind_name"] == "first actor"


def test_each_event_has_its_point_its_days_and_its_doubt(page: Any, read_table: Read) -> None:  # noqa: ANN401
    """A month is all of its days; what has no point or day, or stands for a governorate, is not there."""
    rows = {row["id"]: row for row in read_table(page.data["blurs"]["rows"])}
    told = {key: (row["km"], row["begin"], row["first"], row["last"]) for key, row in rows.items()}
    assert told == {
        "e0": (2.0, 0, 0, 0), "e1": (25.0, 19, 19, 19), "e3": (35.0, 14, 0, 29), "e4": (2.0, 24, 24, 33),
        "e5": (10.0, 31, 31, 31),
    }  # fmt: skip
    assert page.data["blurs"]["edges"] == [0, 30, 61]
    assert page.data["blurs"]["spans"] == ["June 2017", "July 2017"]
    assert page.data["blurs"]["kinds"] == ["battle", "strike", "not said"]
    assert rows["e5"]["best"] is None


def test_nothing_is_left_out_in_silence(page: Any) -> None:  # noqa: ANN401
    """Drawn and not drawn are all rows, each with the reason; the data set is named."""
    assert "5 events drawn; not drawn: 1 without a point, 1 known by governorate or wider and 1 without a day." in (
        page.caption
    )
    assert page.caption.endswith(f"conflictkit {ck.__version__}.")
    assert page.title == "Events and control of Iraq and Syria, June 2017 to July 2017"


def test_steps_count_as_count_events(page: Any, events: pd.DataFrame, read_table: Read) -> None:  # noqa: ANN401
    """By the month in which an event begins."""
    begun = [row["begin"] for row in read_table(page.data["blurs"]["rows"])]
    june, july, end = page.data["blurs"]["edges"]
    drawn = events[events["event_id"].isin(row["id"] for row in read_table(page.data["blurs"]["rows"]))]
    assert ck.count_events(drawn, freq="MS")["events"].tolist() == [
        sum(june <= day < july for day in begun),
        sum(july <= day < end for day in begun),
    ]
    assert page.data["start"] == 0


def test_ink_is_spread_and_not_lost(events: pd.DataFrame) -> None:
    """Over all months an event has one drop of ink, wherever its days end; the widest lie below."""
    marks = spread(events).join(events[["longitude", "latitude"]])
    parts = [inked(marks, *days) for days in pairwise(pd.date_range("2017-06-01", "2017-08-01", freq="MS"))]
    assert sum(part["ink"].sum() for part in parts) == pytest.approx(len(marks))
    assert [part["radius"].is_monotonic_decreasing for part in parts] == [True, True]
    june = parts[0].set_index("km")["ink"]
    assert june[2.0].sum() == pytest.approx(1 + 0.6)
    assert june[35.0] == pytest.approx(1)


def test_days_of_ones_own(territory: ck.Territory, events: pd.DataFrame) -> None:
    """Given dates are the steps; the last one is as long as `freq`; events of other days are counted as that."""
    page = ck.map_events(territory, events, ["2017-06-01", "2017-06-10"], freq="W", start="2017-06-12")
    assert page.data["blurs"]["edges"] == [0, 9, 11]
    assert page.data["blurs"]["spans"] == ["1 June 2017 to 9 June 2017", "10 June 2017 to 11 June 2017"]
    assert page.data["start"] == 1
    assert "2 events drawn" in page.caption
    assert "and 3 on other days" in page.caption
    one = ck.map_events(territory, events, "2017-06-20", freq="D")
    assert one.data["blurs"]["spans"] == ["20 June 2017"]


def test_actors_by_id_have_their_names(territory: ck.Territory, events: pd.DataFrame) -> None:
    """And where the page says no name for a source, it says each source once."""
    coded = events.assign(actor1_id=["isis", "sdf", *["isis"] * 6], source="SOHR;SOHR;Airwars")
    data = ck.map_events(territory, coded, by="actor1_id").data["blurs"]
    assert data["kinds"] == ["Islamic State", "Syrian Democratic Forces"]
    assert "SOHR, Airwars" in data["words"]


@pytest.mark.slow
def test_same_call_same_bytes(territory: ck.Territory, events: pd.DataFrame) -> None:
    """Of the numbers and of the static picture; the events are not changed."""
    before = events.copy()
    one, other = (ck.map_events(territory, events) for _ in range(2))
    assert dumped(one.data) == dumped(other.data)
    assert one.picture() == other.picture()
    pd.testing.assert_frame_equal(events, before)


def test_another_war(events: pd.DataFrame) -> None:
    """Nothing of the shipped war is on the page of another one."""
    tables = other_war()
    theirs = events.assign(event_date=tables.covers[0] + pd.Timedelta(days=40), date_end=pd.NaT)
    page = ck.map_events(ck.Territory.from_places(tables=tables), theirs, by="event_type")
    assert not {"Iraq", "Syria", "Islamic State"} & set(page.title.split())
    assert "Islamic State" not in dumped(page.data)


def test_what_cannot_be_shown_is_refused(
    territory: ck.Territory, events: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No row, no column, no day that the territory covers, no such period, more than a page holds."""
    with pytest.raises(ck.TableError, match="No rows"):
        ck.map_events(territory, events.head(0))
    with pytest.raises(ck.TableError, match="actor1"):
        ck.map_events(territory, events, by="actor1")
    with pytest.raises(ck.TerritoryError, match="2014-01-01 to 2019-12-31"):
        ck.map_events(territory, events.assign(event_date=pd.Timestamp("1990-01-01")))
    with pytest.raises(ck.TerritoryError, match="No dates"):
        ck.map_events(territory, events, [])
    with pytest.raises(ck.UnknownNameError, match="freq"):
        ck.map_events(territory, events, freq="month")
    monkeypatch.setattr(_blurs, "MOST", 4)
    with pytest.raises(ck.TableError, match=r"5 events.*count_events"):
        ck.map_events(territory, events)


def test_over_drawn_land(events: pd.DataFrame) -> None:
    """On drawings of two days: the steps are theirs, and nothing says that the land is a model's."""
    drawn = gpd.GeoDataFrame(
        {"date": ["2017-06-01", "2017-07-01"], "actor_id": ["isis", "sdf"]},
        geometry=[shapely.box(38, 34, 42, 37)] * 2,
        crs=4326,
    )
    page = ck.map_events(ck.Territory.from_polygons(drawn), events)
    assert page.title == "Events and land drawn, June 2017 to July 2017"
    assert page.data["blurs"]["edges"] == [0, 30, 61]
    assert page.picture().startswith(b"\x89PNG")


def test_pages_of_the_kits_own_events_are_counted(territory: ck.Territory) -> None:
    """With those of all changes of the land and the reports on them, each page once, as sources_of tells."""
    events = ck.load_events()
    made = ck.map_events(territory, events, freq="YS")
    told = (territory.control_changes, territory.tables.reports, events.dropna(subset="latitude"))  # what is drawn
    pages = set(pd.concat([rows["source_id"] for rows in told]).dropna())
    assert pages == set(ck.sources_of(made)["source_id"].dropna())
    assert not set(events["source_id"]) <= set(territory.control_changes["source_id"])
    assert f"Sources: {len(pages):,} pages by" in made.words

"""The page of forces: its rows, what they say of any day, and what it refuses."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import conflictkit as ck
from conflictkit.deployments._reports import on_day, reports_for_map
from conflictkit.errors import PlaceError
from conflictkit.maps._forces import corners_around
from conflictkit.maps._payload import dumped

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Read = Callable[[dict[str, Any]], list[dict[str, Any]]]

DAY = "2017-11-03"
FIRST, LAST = ck.Tables.shipped().covers


def shown(rows: list[dict[str, Any]], day: str) -> list[tuple[str, str]]:
    """Return what the page shows on a day, as its script does (reportsOn in web/reports.js)."""
    found = []
    for row in rows:
        if row["start"] <= day and not (row["end"] and row["end"] <= day):
            presence = "stated" if row["known"] else "reported" if day < row["sure"] else "assumed"
            found.append((row["id"], presence))
    return found


@pytest.fixture(scope="module")
def series(territory: ck.Territory) -> Any:  # noqa: ANN401 - a map
    """Return the map of every day on which a force changes."""
    return ck.map_deployments(territory)


@pytest.fixture(scope="module")
def rows(series: Any, read_table: Read) -> list[dict[str, Any]]:  # noqa: ANN401 - a map
    """Return its reports."""
    return read_table(series.data["forces"]["reports"])


@pytest.mark.slow
@pytest.mark.parametrize("rule", [92, 0, None])
def test_every_step_shows_the_rows_of_deployments_at(
    territory: ck.Territory, read_table: Read, rule: int | None
) -> None:
    """At each date of the slider, and on the days beside it: the same reports, present in the same way."""
    data = ck.map_deployments(territory, assume_days=rule).data
    rows = read_table(data["forces"]["reports"])
    for day in data["dates"][::11]:
        for beside in (-1, 0, 1):
            when = min(max(pd.Timestamp(day) + pd.Timedelta(days=beside), FIRST), LAST)
            there = ck.deployments_at(when, assume_days=rule)
            expected = list(zip(there["deployment_id"], there["presence"], strict=True))
            assert shown(rows, f"{when:%Y-%m-%d}") == expected


def test_slider_has_every_day_on_which_anything_changes(
    territory: ck.Territory,
    series: Any,  # noqa: ANN401 - a map
    rows: list[dict[str, Any]],
) -> None:
    """Between two dates of the slider nothing comes, goes or becomes an assumption, and no land changes hands."""
    dates = [pd.Timestamp(day) for day in series.data["dates"]]
    for day, following in list(pairwise(dates))[::19]:
        last = f"{following - pd.Timedelta(days=1):%Y-%m-%d}"
        assert shown(rows, f"{day:%Y-%m-%d}") == shown(rows, last)
    assert set(territory.dates) <= set(dates)


def test_first_day_shown_is_the_one_with_most_reports(series: Any, rows: list[dict[str, Any]]) -> None:  # noqa: ANN401 - a map
    """Not the last day of the slider, on which few reports count any more."""
    counts = [len(shown(rows, day)) for day in series.data["dates"]]
    assert series.data["start"] == counts.index(max(counts))
    assert counts[-1] < max(counts)


def test_opens_where_the_forces_of_the_day_are(territory: ck.Territory, rows: list[dict[str, Any]]) -> None:
    """All of them inside, with a margin, and no more land; a day without any opens on all land."""
    m = ck.map_deployments(territory, start="2019-02-20")
    here = {report for report, _ in shown(rows, m.data["dates"][m.data["start"]])}
    points = pd.DataFrame([row for row in rows if row["id"] in here])[["latitude", "longitude"]].dropna().astype(float)
    (south, west), (north, east) = m.data["view"]
    assert len(points) > 3
    for low, high, spots, margin in (
        (south, north, points["latitude"], 0.27),
        (west, east, points["longitude"], 0.335),
    ):
        assert (spots.min() - low, high - spots.max()) == (pytest.approx(margin, abs=0.01),) * 2
    (down, left), (up, right) = m.data["bounds"]
    assert (north - south) * (east - west) < (up - down) * (right - left) / 4
    assert "view" not in ck.map_deployments(territory, "2014-02-01").data


def test_view_ends_where_the_land_does() -> None:
    """No page opens on what lies beyond all land, nor on a report without a position."""
    day, bounds = pd.Timestamp(DAY), [[29.0, 36.0], [37.4, 48.5]]
    reports = on_day(reports_for_map(assume_days=92), day).head(1)
    for point, corners in {
        (37.3, 42.0): [[37.03, 41.661], [37.4, 42.339]],
        (10.0, 10.0): [],
        (None, None): [],
    }.items():
        moved = reports.assign(latitude=point[0], longitude=point[1])
        assert corners_around(moved, day, bounds) == [pytest.approx(corner, abs=0.002) for corner in corners]


def test_land_seen_first_may_be_chosen(territory: ck.Territory) -> None:
    """An extent is a place, with 100 km around it, or a box, as for the static map."""
    near = ck.map_deployments(territory, DAY, extent="abu-kamal")
    (south, _), (north, _) = near.data["view"]
    assert (south + north) / 2 == pytest.approx(34.45, abs=0.02)
    assert (north - south) * 111.2 == pytest.approx(200, rel=0.02)
    box = ck.map_deployments(territory, DAY, extent=(40, 34, 42, 35)).data["view"]
    assert box == [pytest.approx([34, 40], abs=0.05), pytest.approx([35, 42], abs=0.05)]
    with pytest.raises(PlaceError, match="no box of land"):
        ck.map_deployments(territory, DAY, extent=(42, 34, 40, 35))


def test_one_more_date_costs_a_line(territory: ck.Territory) -> None:
    """The numbers of a page are rows and intervals, not one list of forces a day."""
    few = len(dumped(ck.map_deployments(territory, ["2017-06-10", "2017-11-03"]).data))
    many = len(dumped(ck.map_deployments(territory, pd.date_range("2017-06-10", "2017-11-03")).data))
    assert many - few < 20 * 150


def test_every_report_is_in_the_page_and_those_without_a_point_say_where(
    series: Any,  # noqa: ANN401 - a map
    rows: list[dict[str, Any]],
    read_table: Read,
) -> None:
    """Nothing is dropped: a row for each deployment, its page with it; without a point, its country in words."""
    table, sources = ck.load_deployments(), read_table(series.data["forces"]["sources"])
    assert [row["id"] for row in rows] == table["deployment_id"].tolist()
    addresses = ck.load_sources().set_index("source_id")["url"].fillna("")
    assert [sources[row["source"]]["address"] for row in rows] == [addresses[name] for name in table["source_id"]]
    nowhere = [row for row in rows if row["latitude"] is None]
    assert nowhere
    assert {row["country"] for row in nowhere} <= {"Iraq", "Syria", "Iraq and Syria"}
    assert f"without a position, listed under their country: {len(nowhere)}." in series.caption


def test_a_second_page_is_in_the_popup_and_among_the_sources(
    series: Any,  # noqa: ANN401 - a map
    rows: list[dict[str, Any]],
    read_table: Read,
) -> None:
    """A report that two pages confirm names both."""
    second = ck.load_deployments().dropna(subset=["second_source_id"]).set_index("deployment_id")["second_source_id"]
    pages = [page["id"] for page in read_table(series.data["forces"]["sources"])]
    told = {row["id"]: pages[row["second"]] for row in rows if row["second"] >= 0}
    assert told == second.to_dict() != {}
    behind = ck.sources_of(series).query("table == 'deployments'")
    for report, page in told.items():
        assert page in set(behind.loc[behind["row_key"] == report, "source_id"])


def test_strength_names_its_measure_and_only_people_present_have_a_size(rows: list[dict[str, Any]]) -> None:
    """503 under a cap is a total: it is told, and gives no size."""
    table = ck.load_deployments().set_index("deployment_id")
    for row in rows:
        if row["band"] >= 0:
            assert table.loc[row["id"], "measure"] == "present"
        if row["strength"]:
            assert f"({table.loc[row['id'], 'measure']}" in row["strength"]
    assert sum(row["strength"] != "" for row in rows) == (
        table[["strength_low", "strength_best", "strength_high"]].notna().any(axis=1).sum()
    )


def test_parents_and_backers_are_forces_of_the_page(
    series: Any,  # noqa: ANN401 - a map
    rows: list[dict[str, Any]],
    read_table: Read,
) -> None:
    """Numbers of parents and backers lead to the actors that the tables name."""
    actors = read_table(series.data["forces"]["actors"])
    ids = [actor["id"] for actor in actors]
    parents = ck.load_actors().set_index("actor_id")["parent_id"].fillna("")
    assert [ids[actor["parent"]] if actor["parent"] >= 0 else "" for actor in actors[:-1]] == [
        parents[name] for name in ids[:-1]
    ]
    backers = ck.load_deployments().set_index("deployment_id")["backers"].fillna("")
    for row in rows:
        assert ";".join(ids[number] for number in row["backers"]) == backers[row["id"]]


@pytest.mark.slow
def test_page_is_one_file_with_the_rule_and_the_static_twin(territory: ck.Territory, tmp_path: Path) -> None:
    """The caption has the rule; without scripts there is the picture; text of the table cannot end a script."""
    rows = ck.load_deployments().assign(note="</script><script>alert(1)</script>")
    m = ck.map_deployments(territory, "2017-11-03", deployments=rows, assume_days=14, lines="parent")
    ck.save_html(m, tmp_path / "forces.html")
    text = (tmp_path / "forces.html").read_text(encoding="utf-8")
    assert "assumed to be there for 14 days" in text
    assert "<noscript>" in text
    assert "data:image/png;base64," in text
    assert "alert(1)</script>" not in text
    assert m.picture().startswith(b"\x89PNG")


def test_same_call_same_bytes(territory: ck.Territory) -> None:
    """Two calls write the same page."""
    first, second = (dumped(ck.map_deployments(territory, "2017-11-03").data) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"level": "cores"}, "core"),
        ({"lines": "parents"}, "parent"),
        ({"assume_days": -3}, "number of days"),
        ({"dates": "soon"}, "soon"),
        ({"dates": []}, "No dates"),
    ],
)
def test_refusals_name_what_is_allowed(territory: ck.Territory, options: dict[str, Any], said: str) -> None:
    """A wrong argument says what there is."""
    with pytest.raises(ValueError, match=said):
        ck.map_deployments(territory, **options)

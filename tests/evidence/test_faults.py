"""Signs of faults: each check finds a planted one, and leaves the row beside it alone."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import conflictkit as ck
from conflictkit.evidence import in_words, look_at

# Five places within a few kilometres, in the west of the other war's land.
NAMES = ("one", "two", "three", "four", "five")
COVERS = ("1990-01-01", "1995-12-31")
PAGE = {
    "publisher": "Page",
    "title": None,
    "url": "https://e.org",
    "source_type": "news",
    "party": None,
    "reliability": "B",
    "note": None,
}


@pytest.fixture(scope="module")
def war(other_war: ck.Tables) -> ck.Tables:
    """Return the other war with five places side by side and nothing else."""
    near = other_war.places.dropna(subset=["latitude"]).iloc[:1]
    places = pd.concat(
        [
            near.assign(place_id=name, name=name, aliases=None, latitude=near.latitude + number / 50)
            for number, name in enumerate(NAMES)
        ]
    )
    pages = pd.DataFrame(
        [
            {
                **PAGE,
                "source_id": f"page-{day}",
                "publisher": "Page",
                "url": "https://e.org",
                "published_date": f"1992-01-{day}",
            }
            for day in (10, 20)
        ]
    )
    sources = pd.concat([other_war.sources, pages])
    return other_war.replace(places=places, sources=sources, control_changes=changes({}), covers=COVERS)


def changes(rows: dict[str, list[dict[str, Any]]]) -> pd.DataFrame:
    """Return the chains of the five places: blues at first, then rows."""
    found = []
    for name in NAMES:
        holder = "blues"
        found.append(
            row(name, "1990-01-01", "none", "blues", event="initial", confidence="inferred", source_id="gazette-1991")
        )
        for change in rows.get(name, []):
            cells = {"to": "reds", "day": "1992-01-10", **change}
            found.append(
                row(name, cells.pop("day"), holder, cells["to"], **{k: v for k, v in cells.items() if k != "to"})
            )
            holder = cells["to"]
    return pd.DataFrame(found)


def row(place_id: str, day: str, before: str, after: str, **cells: Any) -> dict[str, Any]:  # noqa: ANN401 - cells of one row
    """Return a change."""
    status = "contested" if after == "contested" else "control"
    plain = {
        "date_prec": "day",
        "event": "captured",
        "source_id": "gazette-1991",
        "confidence": "confirmed",
        "note": None,
    }
    key = {"place_id": place_id, "valid_from": day, "from_actor": before, "to_actor": after}
    return {**key, "control_status": status, **plain, **cells}


def signs(war: ck.Tables, check: str, rows: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Return the keys of the rows with a sign."""
    mine = war.replace(control_changes=changes(rows), covers=COVERS)
    found = look_at(mine)
    return found[found.check == check].row_key.tolist()


def test_the_day_of_the_page(war: ck.Tables) -> None:
    """Unless a word of the note fixes it; a weekday that does not fit is told too."""
    page = {"source_id": "page-10"}
    rows = {
        "one": [page],
        "two": [{**page, "note": "on Friday"}],  # 10 January 1992
        "three": [{**page, "note": "on Sunday"}],
        "four": [{**page, "date_prec": "month"}],
        "five": [{"source_id": "page-20"}],
    }
    assert signs(war, "the page's day", rows) == ["one, 1992-01-10", "three, 1992-01-10"]


def test_one_headline_for_many(war: ck.Tables) -> None:
    """Four confirmed places of one page and day; three may be."""
    four = {name: [{}] for name in NAMES[:4]}
    assert len(signs(war, "one headline", four)) == 4
    assert signs(war, "one headline", {**four, "one": [{"confidence": "area-wide"}]}) == []


def test_raids(war: ck.Tables) -> None:
    """Back within three days, or by its note; a week is no raid."""
    back = {"to": "blues", "event": "recaptured"}
    rows = {
        "one": [{}, {**back, "day": "1992-01-13"}],
        "two": [{}, {**back, "day": "1992-01-17"}],
        "three": [{"note": "a raid by night"}],
    }
    assert signs(war, "a raid", rows) == ["one, 1992-01-10", "three, 1992-01-10"]


def test_by_force_from_friends() -> None:
    """Peshmerga and army did not fight in June 2014, but did in October 2017; a withdrawal is no force."""
    tables = ck.Tables.shipped()
    rows = tables.control_changes.copy()
    rows.loc[rows["place_id"].eq("kirkuk"), "event"] = ["initial", "captured", "captured"]
    found = look_at(tables.replace(control_changes=rows))
    assert found[found.check == "by force, from friends"].row_key.tolist() == [
        "bai-hassan-oil-field, 2014-07-11",
        "kirkuk, 2014-06-12",
    ]


def test_a_confident_word_on_an_area(war: ck.Tables) -> None:
    """Only where the row says confirmed."""
    note = {"note": "the whole governorate"}
    rows = {"one": [note], "two": [{**note, "confidence": "area-wide"}]}
    assert signs(war, "an area's word", rows) == ["one, 1992-01-10"]


def test_a_chain_that_stops(war: ck.Tables) -> None:
    """All around went over, and it did not; one neighbour that stayed excuses it."""
    over = {name: [{}] for name in NAMES[1:]}
    assert signs(war, "a chain that stops", over) == ["one, 1990-01-01"]
    assert signs(war, "a chain that stops", {name: [{}] for name in NAMES[2:]}) == []


def test_alone_for_more_than_a_year(war: ck.Tables) -> None:
    """All neighbours agree against it; the row is the one by which it is held, whenever they turned."""
    back = {"to": "blues", "event": "recaptured"}
    year = {name: [{}, {**back, "day": "1993-06-01"}] for name in NAMES[1:]}
    assert signs(war, "alone among its neighbours", year) == ["one, 1990-01-01"]
    months = {name: [{}, {**back, "day": "1992-06-01"}] for name in NAMES[1:]}
    assert signs(war, "alone among its neighbours", months) == []


def test_another_actor_in_the_note(war: ck.Tables) -> None:
    """A side that the row does not know; its own two are no sign."""
    rows = {
        "one": [{"note": "taken by the Red Army of the Hills"}],
        "two": [{"note": f"taken by {war.actors[war.actors.side == 'far'].name.iloc[0]}"}],
    }
    assert signs(war, "another actor in the note", rows) == ["two, 1992-01-10"]


def test_much_land_on_one_page(war: ck.Tables) -> None:
    """Five places share the land: one of the outer ones moves more than 1,000 km2."""
    mine = war.replace(control_changes=changes({"one": [{}]}), covers=COVERS)
    found = look_at(mine, ck.Territory.from_places(tables=mine)).query("check == 'much land on one page'")
    assert found.row_key.tolist() == ["one, 1992-01-10"]
    assert look_at(mine).query("check == 'much land on one page'").empty


def test_bounds_as_points(other_war: ck.Tables) -> None:
    """A bound beside a single figure, and a quote that is one."""
    figures = other_war.fighter_estimates.assign(bound_type="point", low=None, high=None, best=900.0, quote=None)
    bent = figures.assign(
        low=[900.0] + [None] * (len(figures) - 1), quote=[None, "more than 900"] + [None] * (len(figures) - 2)
    )
    found = look_at(other_war.replace(fighter_estimates=bent)).query("check == 'a bound as a point'")
    fighters = found[found.table == "fighter_estimates"]
    assert fighters.row_key.tolist() == figures.estimate_id.tolist()[:2]


def test_rival_reports_and_interest(other_war: ck.Tables) -> None:
    """The two reports of the other war: a contest by the rule; an interest that is typed wrong."""
    found = look_at(other_war)
    assert found.query("check == 'rival reports'").row_key.tolist() == ["bravo, 1991-03-05"]
    assert found.query("check == 'interest'").empty
    wrong = other_war.replace(reports=other_war.reports.assign(interest="against"))
    assert look_at(wrong).query("check == 'interest'").row_key.tolist() == ["1", "2"]


def test_rows_without_a_page(war: ck.Tables) -> None:
    """Counted, first states too."""
    assert signs(war, "no page", {"one": [{"source_id": None}]}) == ["one, 1992-01-10"]


def test_in_words(war: ck.Tables) -> None:
    """Three rows of a kind, or every one; nothing where there is nothing."""
    rows = {name: [{"source_id": None}] for name in NAMES}
    found = look_at(war.replace(control_changes=changes(rows)))
    lines = list(in_words(found[found.check == "no page"]))
    assert lines[0] == "look at: no page: 5 rows, such as"
    assert len(lines) == 4
    assert len(list(in_words(found[found.check == "no page"], every=True))) == 6
    assert list(in_words(found.head(0))) == []

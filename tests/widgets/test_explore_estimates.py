"""The explorer of estimates without a browser."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import conflictkit as ck
from conflictkit.__main__ import main
from conflictkit.errors import EstimateError
from conflictkit.maps._payload import dumped
from conflictkit.ranges import ranges_of
from conflictkit.widgets import _page_estimates as paged
from conflictkit.widgets import _view_estimates as pure
from conflictkit.widgets import estimates as explorer
from conflictkit.widgets._periods import periods_of
from conflictkit.widgets._reasons import reasons, reasons_table

if TYPE_CHECKING:
    from pathlib import Path

ROWS = ck.load_fighter_estimates()
TABLES = ck.Tables.shipped()
MOSUL = pure.EstimatesView("fighters", "isis", "mosul", pd.Timestamp("2016-10-01"), pd.Timestamp("2016-11-30"))


@pytest.mark.slow
def test_selection_is_what_was_chosen() -> None:
    """One quantity, actor and scope, inside the time; the sentence counts them and their spread."""
    found = pure.selected(TABLES, MOSUL)
    assert set(found["quantity"]) == {"fighters"}
    assert set(found["place_id"]) == {"mosul"}
    assert found["as_of"].between(MOSUL.start, MOSUL.end).all()
    words = pure.sentence(TABLES, found, MOSUL)
    assert f"{len(found)} figures by {found['estimator'].nunique()} estimators" in words
    assert f"{ck.pool_estimates(found).best:,.0f}"[:2] in words


def test_choices_narrow_the_rows() -> None:
    """Estimators, grade and interest each leave fewer rows, never others."""
    wide = replace(MOSUL, scope="IQ;SY", start=ROWS["as_of"].min(), end=ROWS["as_of"].max())
    every = pure.selected(TABLES, wide)
    one = every["estimator"].iloc[0]
    for narrow in (
        replace(wide, estimators=(one,)),
        replace(wide, min_reliability="B"),
        replace(wide, self_interested=False),
    ):
        found = pure.selected(TABLES, narrow)
        assert 0 < len(found) < len(every)
        assert set(found["estimate_id"]) < set(every["estimate_id"])


@pytest.mark.slow
def test_nothing_selected_says_what_to_do() -> None:
    """An empty view is an error with a way out; in the dashboard it is a line instead of the pictures."""
    empty = replace(MOSUL, start=pd.Timestamp("2016-10-02"), end=pd.Timestamp("2016-10-03"))
    with pytest.raises(EstimateError, match="Widen the time"):
        pure.selected(TABLES, empty)
    wired = explorer.Explorer(TABLES, MOSUL)
    assert wired.pictures.value.count("<img") == 2
    wired.scope.value = "baghuz-fawqani"
    assert "Widen the time" in wired.told.value
    assert wired.table.value == wired.pictures.value == ""
    assert wired.dashboard.error.value == ""


@pytest.mark.slow
def test_controls_redraw_pictures_and_table() -> None:
    """A change of scope changes the pictures, the sentence and the rows behind each mark."""
    wired = explorer.Explorer(TABLES, MOSUL)
    before = wired.pictures.value, wired.table.value
    wired.end.value = "31 Mar 2017"
    assert wired.pictures.value != before[0]
    assert wired.table.value.count("<tr>") > before[1].count("<tr>")
    controls = (wired.quantity, wired.actor, wired.scope, wired.start, wired.end, wired.worst, wired.go_to)
    assert all(control.description for control in controls)


@pytest.mark.slow
@pytest.mark.parametrize(("text", "said"), [("1 Jan 2010", "Swap them"), ("11/03/2017", "one way only"), ("", "date")])
def test_a_time_that_is_none_is_told_under_the_controls(text: str, said: str) -> None:
    """And what was drawn stays until it is mended."""
    wired = explorer.Explorer(TABLES, MOSUL)
    before = wired.pictures.value
    wired.end.value = text
    assert said in wired.dashboard.error.value
    assert "Error" not in wired.dashboard.error.value
    assert wired.pictures.value == before
    wired.end.value = "30 Nov 2016"
    assert wired.dashboard.error.value == ""


def test_times_to_go_to_are_those_at_which_figures_differ() -> None:
    """Late 2014 first, from the rows; then the places with most figures; nothing of them is typed."""
    periods = periods_of(TABLES, "fighters", "isis")
    assert periods[0].words.startswith("late 2014: ")
    assert periods[0].words.endswith("3,000 to 200,000")
    assert [period.scope for period in periods[4:6]] == ["mosul", "raqqa"]
    view = pure.EstimatesView("fighters", "isis", *(periods[0].scope, periods[0].start, periods[0].end))
    found = pure.selected(TABLES, view)
    assert f"{len(found)} figures" in periods[0].words
    assert {"SY", "IQ;SY"} <= set(found["scope"])
    assert "place" not in set(found["scope"])


def test_why_late_2014_differs_tenfold_is_on_the_screen() -> None:
    """What each counts, of whom, where, of when, published when, by whom: numbers first, all from the rows."""
    late = pure.EstimatesView("fighters", "isis", "", pd.Timestamp("2014-07-01"), pd.Timestamp("2014-12-31"))
    found = pure.selected(TABLES, late)
    assert "67 times as much" in pure.sentence(TABLES, found, late)
    told = reasons(TABLES, found).set_index(["reason", "group"])
    assert (told.groupby("reason")["figures"].sum() == len(found)).all()
    for reason in ("counts", "of whom", "where", "of when", "published", "by", "as", "interest"):
        assert told.loc[reason, "high"].max() == 200_000
        assert told.loc[reason, "low"].min() == 3_000
    assert told.loc[("where", "Syria"), "low"] == 50_000
    later = found["published_date"] - found["as_of"] > pd.Timedelta(days=366)
    assert told.loc[("published", "more than a year later"), "figures"] == later.sum() > 0
    assert told.loc[("by", "US-led coalition"), "high"] == 40_000
    html = reasons_table(TABLES, found)
    assert "All alike: counts fighters; of whom Islamic State." in html
    _, words, table = pure.draw(TABLES, late)
    assert html in words
    heads = re.findall("<th[^>]*>([^<]*)</th>", table)
    assert heads[:8] == ["figure", "counts", "of whom", "where", "as of", "published", "by", "speaks for"]
    assert {"words of the page", "note"} <= set(heads)


@pytest.mark.slow
def test_a_time_of_the_list_is_one_action() -> None:
    """It sets time and place, and is drawn once."""
    wired = explorer.Explorer(TABLES, MOSUL)
    seen: list[str] = []
    wired.told.observe(lambda change: seen.append(change["new"]), names="value")
    wired.go_to.value = 0
    assert (wired.start.value, wired.end.value, wired.scope.value) == ("1 Jul 2014", "31 Dec 2014", "")
    assert len(seen) == 1
    assert "67 times as much" in seen[0]


@pytest.mark.slow
def test_the_view_is_saved_as_picture_and_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page, PNG, SVG and CSV, each with its passport."""
    monkeypatch.chdir(tmp_path)
    wired = explorer.Explorer(TABLES, MOSUL)
    for button in wired.saving.buttons.values():
        button.click()
    assert wired.dashboard.error.value == ""
    stem = "estimates-2016-10-01-2016-11-30"
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"{stem}.{ending}" for ending in ("csv", "csv.json", "html", "html.json", "png", "png.json", "svg", "svg.json")
    ]
    rows = pd.read_csv(tmp_path / f"{stem}.csv")
    assert rows["estimate_id"].tolist() == pure.selected(TABLES, MOSUL)["estimate_id"].tolist()
    assert rows["url"].str.startswith("http").all()


@pytest.mark.slow
def test_the_page_of_a_view_is_what_the_screen_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures, why figures differ and all rows; what they mean, every page by grade; nothing that asks a network."""
    monkeypatch.chdir(tmp_path)
    late = pure.EstimatesView("fighters", "isis", "", pd.Timestamp("2014-07-01"), pd.Timestamp("2014-12-31"))
    wired = explorer.Explorer(TABLES, late)
    wired.saving.buttons["html"].click()
    assert wired.dashboard.error.value == ""
    path = tmp_path / "estimates-2014-07-01-2014-12-31.html"
    text = path.read_text(encoding="utf-8")
    assert f"<h1>{pure.title(TABLES, late)}</h1>" in text
    for shown in (wired.pictures.value, wired.told.value, wired.table.value):
        assert shown in text
    found = pure.selected(TABLES, late)
    foot = text.split('aria-label="Sources"')[1]
    urls = TABLES.sources.set_index("source_id")["url"].reindex(found["source_id"].unique()).dropna()
    assert len(urls) > 10
    assert foot.count("<li><a href=") == len(urls)
    assert "<details open>" in foot
    assert f"{len(found)} published figures by" in foot.split("Definitions and method")[1]
    assert text.count("<script>") == 1  # its numbers are none
    assert "script-src 'sha256-" in text
    assert "connect-src 'none'" in text
    card = json.loads((tmp_path / f"{path.name}.json").read_text(encoding="utf-8"))
    assert {row["row_key"] for row in card["rows"]} == set(found["estimate_id"])
    assert main(["verify", str(path)]) == 0


@pytest.mark.parametrize("view", [MOSUL, replace(MOSUL, estimators=("CIA", "SOHR"), self_interested=False)])
def test_the_page_is_given_each_figure_once(view: pure.EstimatesView) -> None:
    """Rows in are rows out, cell by cell; a limit without a choice on the page holds for all, and is said."""
    data = paged.payload_of(TABLES, view)
    rows = ck.select_estimates(self_interested=view.self_interested)
    rows = rows[rows["estimator"].isin(view.estimators)] if view.estimators else rows
    found = pd.DataFrame(data["figures"]["rows"], columns=data["figures"]["columns"]).set_index("id")
    assert found.index.tolist() == rows["estimate_id"].tolist()
    for name, column in {"who": "estimator", "quantity": "quantity", "grade": "reliability"}.items():
        assert found[name].tolist() == rows[column].tolist()
    for end in ("low", "best", "high"):
        assert [float(cell) for cell in found[end].fillna(-1)] == rows[end].fillna(-1).tolist()
    pages = [row[0] for row in data["sources"]["rows"]]
    assert [pages[number] for number in found["source"]] == rows["source_id"].tolist()
    assert (data["only"] == "") == (view == MOSUL)
    assert found["figure"].str.replace(" (in words)", "").tolist() == [str(figure) for figure in ranges_of(rows)]
    assert data["view"]["scope"] == "mosul"


def test_the_page_of_hostile_figures_holds_no_markup() -> None:
    """Numbers and text of the user's rows, as JSON inside a page: no tag, no end of a script."""
    words = "</script><img src=x onerror=alert(1)>{{ x }}"
    tables = TABLES.replace(fighter_estimates=ROWS.assign(estimator=words, quote=words))
    data = paged.payload_of(tables, MOSUL)
    assert {row[data["figures"]["columns"].index("who")] for row in data["figures"]["rows"]} == {words}
    assert not re.search("[<>&]", dumped(data))
    assert "<img src=x" not in str(paged.framed(tables, MOSUL, picture=b""))


@pytest.mark.slow
def test_the_page_of_a_hostile_view_is_text() -> None:
    """A page of the user's own rows: what looks like markup is shown, also where it asks for a style of its own."""
    words = '<img src=x style="position:fixed" onerror=alert(1)>'
    tables = TABLES.replace(fighter_estimates=ROWS.assign(estimator=ROWS["estimator"].replace("CIA", words)))
    view = replace(MOSUL, scope="IQ;SY", start=ROWS["as_of"].min(), end=ROWS["as_of"].max())
    shown = pure.drawn_of(tables, view)
    text = paged.page_of(tables, view, shown, ck.passport(shown))
    assert "<img src=x" not in text
    assert "&lt;img src=x" in text
    assert digest("position:fixed") not in text


def digest(style: str) -> str:
    """Return the digest by which a policy would let a style through."""
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


def test_rows_of_several_years_are_not_pooled_and_it_says_why() -> None:
    """The sentence gives the reason; no pool is drawn."""
    wide = replace(MOSUL, scope="IQ;SY", start=ROWS["as_of"].min(), end=ROWS["as_of"].max())
    pictures, told, _ = pure.draw(TABLES, wide)
    assert pictures.count("<img") == 1
    assert "Not pooled: more than 92 days lie between them" in told


def test_text_of_a_users_rows_is_escaped() -> None:
    """A hostile estimator is shown as typed."""
    hostile = ROWS.assign(estimator=ROWS["estimator"].replace("CIA", "<img src=x onerror=alert(1)>"))
    view = replace(MOSUL, scope="IQ;SY", start=ROWS["as_of"].min(), end=ROWS["as_of"].max())
    pictures, told, table = pure.draw(TABLES.replace(fighter_estimates=hostile), view)
    assert not re.search(r"<img src=x", pictures + told + table)
    assert "&lt;img src=x" in table


def test_twin_has_the_same_rows() -> None:
    """`live=False` gives picture, words and table of the same choice."""
    still = ck.explore_estimates(scope="mosul", start=MOSUL.start, end=MOSUL.end, live=False)
    assert pure.title(TABLES, MOSUL) in still.title
    assert str(pure.table_of(TABLES, pure.selected(TABLES, MOSUL))) in still.html


@pytest.mark.parametrize(
    ("options", "said"),
    [({"quantity": "fighter"}, "fighters"), ({"scope": "mosull"}, "mosul"), ({"min_reliability": "Z"}, "A")],
)
def test_refusals_name_what_is_allowed(options: dict[str, str], said: str) -> None:
    """A wrong argument says what there is."""
    with pytest.raises(ValueError, match=said):
        ck.explore_estimates(**options)


@pytest.mark.slow
def test_code_of_a_view_runs_and_gives_its_rows() -> None:
    """The rows of the code are those on the screen."""
    late = pd.Timestamp("2019-01-01")
    wide = replace(MOSUL, scope="IQ;SY", end=late, min_reliability="C", self_interested=False)
    for view in (MOSUL, wide, replace(wide, scope="")):
        *lines, last = pure.code_for(view, own_rows=False, own_tables=False).splitlines()
        names: dict[str, object] = {"ck": ck}
        exec("\n".join(lines), names)  # noqa: S102 - the code under test
        rows = eval(last, names)  # noqa: S307 - the code under test
        assert rows["estimate_id"].tolist() == pure.selected(TABLES, view)["estimate_id"].tolist()


def test_figures_of_another_war_open_on_what_they_have(other_war: ck.Tables) -> None:
    """Quantity, actor and scope come from the tables in hand; nothing of the shipped ones shows."""
    still = ck.explore_estimates(tables=other_war, live=False)
    assert not re.search("Iraq|Syria|Islamic State", still._repr_html_())


@pytest.mark.parametrize(("start", "end"), [("2031-01-01", None), (None, "1990-01-01"), ("2017-01-01", "2016-01-01")])
def test_a_time_without_figures(start: str | None, end: str | None) -> None:
    """The days of the figures are named: no slider can stand there."""
    for live in (True, False):
        with pytest.raises(ck.DateError, match="they are of 31 December 2011 to 22 November 2019"):
            ck.explore_estimates(start=start, end=end, live=live)

"""The explorer of forces without a browser: its controls are moved, its words and tables are read."""

from __future__ import annotations

import ast
import json
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import conflictkit as ck
from conflictkit.dates import in_words
from conflictkit.html import Markup
from conflictkit.widgets import _view_forces as pure
from conflictkit.widgets import deployments as explorer
from conflictkit.widgets._shell import Dashboard, Snapshot
from conflictkit.widgets._view_land import Figures
from conflictkit.widgets.together import Tabs

if TYPE_CHECKING:
    from pathlib import Path

DAY = pd.Timestamp("2017-11-03")
VIEW = pure.ForcesView(DAY)


@pytest.fixture(scope="module")
def forces(territory: ck.Territory) -> pure.Forces:
    """Return the shipped forces over the shipped land."""
    return pure.Forces.of(territory, None, 92)


@pytest.fixture
def wired(forces: pure.Forces) -> explorer.Explorer:
    """Return an explorer with its parts within reach."""
    return explorer.Explorer(forces, VIEW)


class Tags(HTMLParser):
    """The tags and links of a text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[dict[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag."""
        self.tags.append(tag)
        if tag == "a":
            self.links.append(dict(attrs))


def test_view_without_filters_has_the_rows_of_deployments_at(forces: pure.Forces) -> None:
    """Counts of the sentence are those of the table; the tree is that of `order_of_battle`."""
    here = ck.deployments_at(DAY)
    words = pure.sentence(forces, VIEW)
    assert f"{len(here)} reports of {here['actor_id'].nunique()} forces from {here['side'].nunique()} sides" in words
    for word, count in here["presence"].value_counts().items():
        assert f"{count} {word}" in words
    assert ck.order_of_battle(DAY)._repr_html_() in pure.draw(forces, VIEW)


@pytest.mark.parametrize(
    ("filters", "query"),
    [
        ({"side": "iraq"}, "side == 'iraq'"),
        ({"role": "training"}, "role in ['training', 'advisory']"),
        ({"role": "unstated"}, "role.isna()"),
        ({"backer": "iran"}, "backers.fillna('').str.contains(r'\\biran\\b')"),
        ({"country": "SY"}, "host_country.str.contains('SY')"),
        ({"side": "assad", "country": "SY", "role": "fighting"}, "side == 'assad' and role == 'offensive'"),
    ],
)
def test_filters_keep_what_they_say(forces: pure.Forces, filters: dict[str, str], query: str) -> None:
    """Filters are those of the table, worked out another way; what they leave out is hidden on the map."""
    view = pure.ForcesView(DAY, **filters)
    kept = ck.deployments_at(DAY).query(query, engine="python")["deployment_id"].tolist()
    assert kept
    assert pure.here(forces, view)["deployment_id"].tolist() == kept
    assert set(pure.hidden(forces, view)).isdisjoint(kept)
    assert set(pure.hidden(forces, view)) | set(forces.reports.loc[pure.chosen(forces, view), "deployment_id"]) == set(
        forces.reports["deployment_id"]
    )


@pytest.mark.slow
def test_code_of_a_view_runs_and_gives_its_rows(forces: pure.Forces) -> None:
    """Each choice is in the script, which returns the same deployments."""
    options = pure.choices(forces)
    views = [
        VIEW, pure.ForcesView(DAY, "iraq", "fighting", "iran", "IQ", "usa"),
        *(pure.ForcesView(DAY, role=kind) for _, kind in options["role"] if kind),
    ]  # fmt: skip
    for view in views:
        names: dict[str, Any] = {"ck": ck, "territory": forces.territory}
        *lines, last = pure.code_for(forces, view).splitlines()
        # the pictures are drawn for one view, the rows compared for all
        exec("\n".join(line for line in lines if view == views[1] or not line.startswith("ck.")), names)  # noqa: S102 - the code under test
        found = eval(last, names)  # noqa: S307 - the code under test
        assert found["deployment_id"].tolist() == pure.here(forces, view)["deployment_id"].tolist()


def test_strengths_of_a_force_are_one_picture_a_measure(forces: pure.Forces) -> None:
    """US figures of those present and of the total never share an axis; every row is there with its page."""
    text = pure.draw_force(forces, pure.ForcesView(DAY, force="usa"))
    rows = ck.load_deployments().query("actor_id == 'usa'")
    figures = rows[rows[["strength_low", "strength_best", "strength_high"]].notna().any(axis=1)]
    found = Tags(text)
    assert found.tags.count("img") == figures["measure"].nunique() == 3
    assert found.tags.count("tr") == len(rows) + 1
    assert all(link["rel"] == "noopener noreferrer" and (link["href"] or "").startswith("http") for link in found.links)
    assert len(found.links) == len(rows)


def test_force_without_a_figure_says_so(forces: pure.Forces) -> None:
    """No picture of nothing."""
    text = pure.draw_force(forces, pure.ForcesView(DAY, force="iraqi_border_guard"))
    assert "No report gives a strength" in text
    assert "Akashat" in text


def test_text_of_the_table_stays_text() -> None:
    """A note that looks like markup, a page that is none, a force named like a script: shown, never run."""
    evil, actors = "<script>alert(1)</script>", ck.load_actors()
    territory = ck.Territory.from_places(actors=actors.assign(name=actors.name.where(actors.actor_id != "usa", evil)))
    rows = ck.load_deployments().query("actor_id == 'usa'").assign(note=evil, role=evil, source_id=evil)
    forces = pure.Forces.of(territory, rows, 92)
    view = pure.ForcesView(DAY, force="usa")
    text = pure.draw(forces, view) + pure.draw_force(forces, view)
    assert "script" not in Tags(text).tags
    assert evil.replace("<", "&lt;").replace(">", "&gt;") in text


def test_step_of_the_map_moves_words_tree_and_code(wired: explorer.Explorer) -> None:
    """The kernel follows the map's index, and the box with it."""
    step = wired.data.days.get_loc(pd.Timestamp("2017-06-06"))
    wired.map.index = int(step)
    assert wired.time.box.value == "6 Jun 2017"
    assert "6 June 2017" in wired.numbers.value
    assert "2017-06-06" in wired.code.value
    assert wired.dashboard.error.value == ""


def test_a_step_draws_no_picture(wired: explorer.Explorer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel's part of a step is words and numbers, also with a force chosen: a picture would take seconds."""
    wired.force.value = "usa"
    monkeypatch.delattr("matplotlib.figure.Figure.__init__")
    for step in range(60, 130, 7):
        wired.map.index = step
    assert wired.dashboard.error.value == ""


def test_filters_reach_map_and_tree(wired: explorer.Explorer) -> None:
    """What is filtered is hidden on the map and gone from the tree; nothing is sent but ids."""
    data = wired.map.data
    wired.filters["side"].value = "isis"
    assert set(wired.map.hidden) == set(pure.hidden(wired.data, wired.view))
    assert "side: Islamic State" in wired.numbers.value
    assert "Iraqi Army" not in wired.numbers.value
    assert wired.map.data is data
    wired.filters["side"].value = ""
    assert wired.map.hidden == []


def test_click_on_a_symbol_chooses_its_force(wired: explorer.Explorer) -> None:
    """From the map to the kernel and back."""
    assert "Choose a force" in wired.about.value
    wired.map.force = "isis"
    assert wired.force.value == "isis"
    assert "Islamic State: all" in wired.about.value
    wired.force.value = "usa"
    assert wired.map.force == "usa"
    assert "United States: all" in wired.about.value


def test_filter_that_leaves_nothing_says_what_to_do(wired: explorer.Explorer) -> None:
    """An empty state is a sentence, not an error."""
    wired.filters["side"].value = "turkey"
    assert "no report counts. Choose another day, or fewer filters." in wired.numbers.value
    assert wired.dashboard.error.value == ""


def test_error_in_a_callback_is_shown_and_goes_away(wired: explorer.Explorer) -> None:
    """What goes wrong stands under the controls until something goes right."""
    wired.time.box.value = "1 Jan 1999"
    assert "1 January 2014" in wired.dashboard.error.value
    assert "Still shown: 3 November 2017" in wired.dashboard.error.value
    wired.time.box.value = "10 Jun 2017"
    assert wired.dashboard.error.value == ""


@pytest.mark.slow
def test_save_buttons_write_the_view(wired: explorer.Explorer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """HTML, PNG and CSV of the filtered view, each readable."""
    monkeypatch.chdir(tmp_path)
    wired.filters["side"].value = "isis"
    wired.map.window = [[33.0, 38.0], [36.0, 43.0]]
    for button in wired.saving.buttons.values():
        button.click()
    assert wired.dashboard.error.value == ""
    page, rows, picture = (tmp_path / f"forces-2017-11-03.{ending}" for ending in ("html", "csv", "png"))
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert picture.read_bytes().startswith(b"\x89PNG")
    table = pd.read_csv(rows)
    assert table["deployment_id"].tolist() == pure.here(wired.data, wired.view)["deployment_id"].tolist()
    assert table["what"].str.contains("side: Islamic State").all()
    assert table["definition"].str.contains("days").all()
    for ending in ("html", "csv", "png", "svg"):
        beside = json.loads((tmp_path / f"forces-2017-11-03.{ending}.json").read_text(encoding="utf-8"))
        assert "side: Islamic State" in beside["what"]


def test_forces_around_a_place_say_who_says_so(wired: explorer.Explorer) -> None:
    """The rows of `nearest_forces`, the distance first, with page and grade; filters, day and distance are followed."""
    wired.search.box.value = "Albukamal"
    assert wired.dashboard.error.value == ""
    assert wired.map.place == "abu-kamal"
    for km in (50, 100):
        wired.within.value = km
        rows = ck.nearest_forces("abu-kamal", DAY, within_km=km)
        assert f"{len(rows)} reports of" in wired.near.value
        assert wired.near.value.count("<tr>") == len(rows) + 1
    assert wired.near.value.index('scope="col"') < wired.near.value.index(">km<")
    assert "40 \u00b1 8" in wired.near.value
    assert all(link["rel"] == "noopener noreferrer" for link in Tags(wired.near.value).links)
    wired.filters["side"].value = "turkey"
    assert "No report counts within 100 km of Abu Kamal" in wired.near.value
    wired.filters["side"].value = ""
    wired.map.place = "raqqa"
    assert "100 km of Raqqa" in wired.near.value
    wired.time.box.value = "10 Jun 2017"
    assert "on 10 June 2017" in wired.near.value


@pytest.mark.slow
def test_twin_without_widgets_has_the_same_words(forces: pure.Forces) -> None:
    """`live=False` takes the same arguments; the dashboard falls back to the same picture."""
    still = ck.explore_deployments(forces.territory, date=DAY, side="coalition", country="IQ", force="usa", live=False)
    assert isinstance(still, Snapshot)
    view = pure.ForcesView(DAY, side="coalition", country="IQ", force="usa")
    assert still.title == pure.sentence(forces, view)
    assert pure.draw_force(forces, view) in still._repr_html_()
    bundle = explorer.Explorer(forces, view).dashboard._repr_mimebundle_()
    assert bundle["image/png"]
    assert "needs JupyterLab" in bundle["text/html"]


def test_map_of_the_explorer_has_the_forces(wired: explorer.Explorer, forces: pure.Forces) -> None:
    """The widget draws the same numbers as the offline page."""
    data = json.loads(wired.map.data)
    assert data["forces"] == json.loads(json.dumps(ck.map_deployments(forces.territory).data["forces"]))
    assert [pd.Timestamp(day) for day in data["dates"]] == list(forces.days)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"side": "iraqi"}, "iraq"),
        ({"role": "fight"}, "fighting"),
        ({"backer": "irann"}, "iran"),
        ({"country": "TR"}, "IQ"),
        ({"force": "us"}, "usa"),
        ({"date": "2010-01-01"}, "2014-01-01"),
        ({"assume_days": "long"}, "number of days"),
    ],
)
def test_refusals_name_what_is_allowed(territory: ck.Territory, options: dict[str, Any], said: str) -> None:
    """A wrong argument says what there is."""
    with pytest.raises(ValueError, match=said):
        ck.explore_deployments(territory, **options)


@pytest.fixture
def tabs(territory: ck.Territory, forces: pure.Forces) -> Tabs:
    """Return the three explorers."""
    figures = Figures(territory, territory.dates)
    return Tabs(
        figures, forces, DAY, ck.explore_estimates, Dashboard(snapshot=lambda: Snapshot("none", Markup(), None))
    )


def test_tabs_share_their_date(tabs: Tabs) -> None:
    """A day chosen in one is the day of the other; what nobody sees is computed when it is seen."""
    assert list(tabs.tabs.titles) == ["Territory", "Deployments", "Estimates"]
    assert tabs.second.children == tabs.third.children == ()
    tabs.tabs.selected_index = 1
    assert tabs.second.children == (tabs.forces.dashboard,)
    tabs.tabs.selected_index = 0
    tabs.land.time.box.value = "17 Oct 2016"
    assert tabs.forces.time.day == pd.Timestamp("2016-10-17")
    assert tabs.forces.time.box.value == "17 Oct 2016"
    assert tabs.forces.map.index == tabs.forces.data.days.searchsorted(pd.Timestamp("2016-10-17"), side="right") - 1
    assert "3 November 2017" in tabs.forces.numbers.value
    tabs.tabs.selected_index = 1
    assert "17 October 2016" in tabs.forces.numbers.value
    tabs.forces.map.index = tabs.forces.map.index + 5
    assert tabs.land.time.day == tabs.forces.time.day
    tabs.tabs.selected_index = 0
    assert in_words(tabs.land.time.day) in tabs.land.numbers.value
    assert [part.error.value for part in (tabs.dashboard, tabs.land.dashboard, tabs.forces.dashboard)] == ["", "", ""]


def test_any_day_of_the_land_is_one_of_the_forces(tabs: Tabs) -> None:
    """Whatever day is chosen, the land below the forces is that of the day, not of a step before a change."""
    land, forces = tabs.land.figures.days, tabs.forces.data.days
    assert set(land) <= set(forces)
    tabs.land.time.box.value = "2014-03-01"
    tabs.tabs.selected_index = 1
    assert tabs.forces.time.day == pd.Timestamp("2014-03-01")
    assert tabs.dashboard.error.value == ""


@pytest.mark.slow
def test_explore_takes_tables_and_has_a_twin(territory: ck.Territory) -> None:
    """One's own rows reach the tabs; without widgets all three views are on the page."""
    rows = ck.load_deployments().query("actor_id == 'isis'")
    estimates = ck.load_fighter_estimates().query("actor_id == 'isis'")
    still = ck.explore(territory, deployments=rows, estimates=estimates, date=DAY, live=False)
    assert isinstance(still, Snapshot)
    text = still._repr_html_()
    assert text.count("data:image/png;base64,") == 1
    assert "Islamic State: 3,500" in text
    assert "Iraqi Army" not in text
    with pytest.raises(ValueError, match="2014"):
        ck.explore(territory, date="2012-01-01")


def test_ids_of_a_users_table_never_become_code(territory: ck.Territory) -> None:
    """An id with quotes and parentheses is a literal of the code: it names a force and runs nothing."""
    evil = "x\" in names) or __import__('os').system('id') or (\""
    view = pure.ForcesView(DAY, side=evil, backer=evil, country=evil, force=evil)
    text = pure.code_for(pure.Forces.of(territory, None, 92), view)
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name) and node.id == "__import__"]
    assert calls == []
    assert evil in {node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)}


@pytest.mark.slow
def test_third_tab_is_drawn_when_it_is_opened(tabs: Tabs) -> None:
    """What nobody sees costs nothing."""
    assert tabs.third.children == ()
    tabs.tabs.selected_index = 2
    (dashboard,) = tabs.third.children
    assert isinstance(dashboard, Dashboard)
    assert tabs.dashboard.error.value == ""

"""The page of forces as a reader meets it: symbols, popups, filters and lines, by mouse and by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

import conflictkit as ck
from conflictkit.deployments._reports import lines_between, on_day, reports_for_map, symbols_of
from conflictkit.maps._document import document

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Opened

    Open = Callable[..., Opened]

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DAY = "2017-11-03"
EVIL = "<img src=x onerror=alert(1)>"
CIRCLES = """[...document.querySelectorAll('.ck-force svg')].map(drawing => {
    const box = drawing.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2, box.width / 2 - 3];
})"""
BOXES = """[...document.querySelectorAll(value)].map(element => {
    const box = element.getBoundingClientRect();
    return [box.left, box.top, box.right, box.bottom];
})"""
POPUP = "document.querySelector('.leaflet-popup-content')?.textContent ?? ''"
TO_DAY = "kit.show(kit.state.days.indexOf(value))"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, territory: ck.Territory) -> Path:
    """Return a folder with the page of the shipped forces, and one whose table means harm."""
    found = tmp_path_factory.mktemp("forces")
    evil = ck.load_deployments().assign(note=EVIL, role=EVIL)
    pages = {
        "forces": ck.map_deployments(territory, start=DAY),
        "evil": ck.map_deployments(territory, DAY, deployments=evil),
    }
    for name, m in pages.items():  # without the static picture: it is looked at with scripts
        (found / f"{name}.html").write_text(document(m.text, title=m.title, caption=m.caption), encoding="utf-8")
    return found


@pytest.fixture
def forces(page_of: Open, folder: Path) -> Opened:
    """Open the page of the shipped forces."""
    return page_of(folder / "forces.html")


@pytest.mark.parametrize("size", [(1400, 900), (360, 800)])
def test_no_symbol_hides_another_at_any_scale(page_of: Open, folder: Path, size: tuple[int, int]) -> None:
    """As many symbols as forces at points, and none covers another, near and far."""
    opened = page_of(folder / "forces.html", width=size[0], height=size[1])
    symbols = symbols_of(on_day(reports_for_map(assume_days=92), pd.Timestamp(DAY)))
    for zoom in (None, 5, 8):
        if zoom is not None:
            opened.ask("void kit.map.setView([34.6, 41], value, { animate: false })", zoom)
        circles = opened.ask(CIRCLES)
        assert len(circles) == len(symbols)
        for number, (x, y, radius) in enumerate(circles):
            for left, top, other in circles[:number]:
                assert ((x - left) ** 2 + (y - top) ** 2) ** 0.5 >= radius + other - 1


def test_names_of_towns_keep_clear_of_symbols(forces: Opened) -> None:
    """No label lies over a symbol."""
    labels, symbols = (forces.ask(BOXES, query) for query in (".ck-label:not(.ck-country)", ".ck-force svg"))
    assert len(labels) > 30
    edge = 4  # pixels of the drawing that are left blank around a symbol
    for left, top, right, bottom in labels:
        for west, north, east, south in symbols:
            apart = left >= east - edge or right <= west + edge or top >= south - edge or bottom <= north + edge
            assert apart


def test_popup_from_the_list_by_keyboard_and_back(forces: Opened) -> None:
    """Enter on a force opens what its rows say, with its page; Escape returns to the list."""
    button = forces.page.get_by_role("button", name="Islamic State, Abu Kamal")
    button.focus()
    forces.page.keyboard.press("Enter")
    text = forces.ask(POPUP)
    for words in ("Islamic State", "Abu Kamal", "2,000", "present: counted there", "Last report", "reported", "Side:"):
        assert words in text
    link = forces.page.locator(".leaflet-popup-content a").first
    assert link.get_attribute("rel") == "noopener noreferrer"
    assert (link.get_attribute("href") or "").startswith("http")
    forces.page.keyboard.press("Escape")
    forces.wait("!document.querySelector('.leaflet-popup')")
    assert forces.ask("document.activeElement.textContent") == "Islamic State, Abu Kamal"


def test_click_on_a_symbol_opens_it_and_a_step_keeps_it(forces: Opened) -> None:
    """The popup follows the date as long as the force is there, and is gone with it."""
    forces.ask("kit.forces.openActor('france_tf_wagram')")
    assert "10011004001303000000" in forces.ask(POPUP)
    days = forces.ask("kit.state.days")
    forces.page.keyboard.press("Tab")
    forces.ask(TO_DAY, days[days.index(DAY) + 1])
    assert "Task Force Wagram" in forces.ask(POPUP)
    forces.ask(TO_DAY, "2019-07-02")
    forces.wait("!document.querySelector('.leaflet-popup')")


def test_side_that_is_switched_off_leaves_map_and_list(forces: Opened) -> None:
    """The filter is a box for each side; the count of its reports stays."""
    before = forces.ask("document.querySelectorAll('.ck-force').length")
    box = forces.page.get_by_label("Government of Iraq and militias")
    box.uncheck()
    after = forces.ask("document.querySelectorAll('.ck-force').length")
    symbols = symbols_of(on_day(reports_for_map(assume_days=92), pd.Timestamp(DAY)))
    assert before - after == (symbols["side"] == "iraq").sum()
    assert forces.page.get_by_role("button", name="Iraqi Army, Al-Qaim").count() == 0
    box.check()
    assert forces.ask("document.querySelectorAll('.ck-force').length") == before


def test_lines_are_drawn(forces: Opened, territory: ck.Territory) -> None:
    """As many as the static map has; which symbols they join is tested without a browser."""
    symbols = symbols_of(on_day(reports_for_map(assume_days=92), pd.Timestamp(DAY)))
    for name, kind in (("to parents", "parent"), ("to backers", "backers")):
        forces.page.get_by_role("radio", name=name).check()
        wanted = len(lines_between(symbols, kind, territory.actors))  # type: ignore[arg-type]
        assert forces.ask("document.querySelectorAll('.ck-force-line').length") == wanted > 0
    forces.page.get_by_role("radio", name="none").check()
    assert forces.ask("document.querySelectorAll('.ck-force-line').length") == 0


def test_forces_without_a_position_are_listed_under_their_country(forces: Opened) -> None:
    """No point is given to them; their report opens in the list."""
    here = ck.deployments_at(DAY)
    nowhere = here["latitude"].isna() & here["near_km"].isna()
    entries = forces.page.locator(".ck-force-list details")
    assert entries.count() == nowhere.sum()
    assert forces.page.get_by_role("heading", name="Syria: no position", exact=True).count() == 1
    entries.first.locator("summary").click()
    assert "not given" in entries.first.inner_text()


def test_reader_is_told_what_the_page_shows(forces: Opened) -> None:
    """The sentence for those who hear the page counts the forces; the rule is written out."""
    here = ck.deployments_at("2017-11-03")
    told = f"{len(here)} reports of {here['actor_id'].nunique()} forces"
    assert told in forces.ask("document.querySelector('.ck-spoken').textContent")
    assert "assumed to be there for 92 days" in forces.ask("document.querySelector('.ck-note').textContent")


def test_text_of_the_table_is_never_markup(page_of: Open, folder: Path) -> None:
    """Markup in a note or a role is shown as typed."""
    opened = page_of(folder / "evil.html")
    opened.page.get_by_role("button", name="Islamic State, Abu Kamal").click()
    assert EVIL in opened.ask(POPUP)
    assert opened.page.locator(".leaflet-popup-content img").count() == 0

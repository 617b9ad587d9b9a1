"""The page of events as a reader meets it: ink by step, kinds shown and hidden, popups, by mouse and by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from synthetic import events_of

import conflictkit as ck
from conflictkit.maps._document import document

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Opened

    Open = Callable[..., Opened]

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EVIL = "<img src=x onerror=window.ran=1>"
CIRCLES = "document.querySelectorAll('.ck-blur').length"
POPUP = "document.querySelector('.leaflet-popup-content')?.textContent ?? ''"
TABLE = "[...document.querySelectorAll('.ck-kinds tr')].map(row => [...row.cells].map(cell => cell.textContent))"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory, territory: ck.Territory) -> Path:
    """Return a page of two months of events, of which every text means harm."""
    events = events_of(
        ("2017-06-01", 35.95, 39.01, 2), ("2017-06-20", 35.95, 39.01, 5), ("2017-06-03", 34.37, 41.1, 1),
        ("2017-07-02", 34.37, 41.1, None), event_type=["battle", "battle", EVIL, "battle"],
        where_prec=["exact", "near", "exact", "exact"], location=EVIL, actor1=EVIL, source=f"javascript:{EVIL}",
    )  # fmt: skip
    m = ck.map_events(territory, events)
    path = tmp_path_factory.mktemp("events") / "events.html"
    path.write_text(document(m.text, title=m.title, caption=m.caption), encoding="utf-8")
    return path


def test_each_step_has_its_events(page_of: Open, page: Path) -> None:
    """One mark for each point and precision; the table counts those that begin, and hides a kind."""
    opened = page_of(page)
    assert opened.page.evaluate(CIRCLES) == 3
    assert opened.page.evaluate(TABLE) == [
        ["Event type", "Events", "Deaths"],
        ["battle", "2", "7 (7\u20139)"],
        [EVIL, "1", "1 (1\u20132)"],
        ["All shown", "3", "8 (8\u201311)"],
    ]
    opened.page.get_by_label("battle").uncheck()
    assert opened.page.evaluate(CIRCLES) == 1
    opened.page.get_by_label("battle").check()
    opened.page.evaluate("document.querySelector('main').kit.show(1)")
    assert opened.page.evaluate(CIRCLES) == 1
    assert opened.page.evaluate(TABLE)[1] == ["battle", "1", "not known"]
    assert opened.page.evaluate("document.querySelector('.ck-date').textContent") == "July 2017"


def test_a_popup_by_keyboard(page_of: Open, page: Path) -> None:
    """From the list into the popup, and with Escape back; what the tables say is text and never runs."""
    opened = page_of(page)
    button = opened.page.locator(".ck-events button").first
    button.focus()
    opened.page.keyboard.press("Enter")
    said = opened.page.evaluate(POPUP)
    assert "Deaths: 5 (5\u20136)" in said
    assert EVIL in said
    opened.page.keyboard.press("Escape")
    opened.wait("!document.querySelector('.leaflet-popup')")
    assert opened.page.evaluate("document.activeElement.textContent") == EVIL
    assert opened.page.evaluate("window.ran") is None

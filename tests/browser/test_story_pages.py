"""A story in a browser: it moves as it is scrolled and as keys are pressed; without scripts it is pictures and text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

import conflictkit as ck

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Opened

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STEPS = [
    {"text": "Mosul **falls** <b>x</b>", "date": "2014-06-10", "place": "east-mosul"},
    {"text": "The last towns", "date": "2017-11-03", "place": "abu-kamal", "level": "core"},
    {"text": "Alone", "actor_ids": ["isis"]},
]
DATE = "document.querySelector('.ck-date').textContent"
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def story(territory: ck.Territory, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a story of three steps."""
    file = tmp_path_factory.mktemp("story") / "story.html"
    ck.save_story(STEPS, file, territory=territory)
    return file


@pytest.mark.parametrize("width", [1280, 390])
def test_the_map_follows(page_of: Callable[..., Opened], story: Path, width: int) -> None:
    """Scrolled, by keys, by buttons of 24 pixels; nothing is beside the window; axe finds nothing."""
    opened = page_of(story, width=width, height=800, reduced_motion="reduce")
    page = opened.page
    opened.wait("kit?.turned() === 0")
    assert "<b>x</b>" in page.inner_text("main")
    assert page.evaluate(DATE) == "10 June 2014"
    assert not page.evaluate(WIDE)
    assert not page.locator(".ck-twin").first.is_visible()
    page.locator("#step-2").evaluate("step => step.scrollIntoView()")
    opened.wait("kit.turned() === 1")
    assert page.evaluate(DATE) == "3 November 2017"
    assert opened.ask("kit.level()") == "core"
    centre = opened.ask("kit.map.getCenter()")
    assert centre["lat"] == pytest.approx(34.45, abs=0.2)
    page.keyboard.press("ArrowRight")
    opened.wait("kit.turned() === 2")
    page.get_by_role("button", name="Previous step").click()
    opened.wait("kit.turned() === 1")
    assert page.url.endswith("#step-2")
    for button in page.locator(".ck-tale-turn button").all():
        box = button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 24
    assert Axe().run(page).response["violations"] == []


def test_the_key_on_a_phone(page_of: Callable[..., Opened], story: Path) -> None:
    """Each colour stands before its name, inside the window."""
    opened = page_of(story, width=390, height=800)
    opened.wait("kit?.turned() === 0")
    rows = opened.page.locator(".ck-tale-map .ck-legend tbody tr").all()
    assert len(rows) > 3
    for row in rows:
        swatch, name = row.locator(".ck-swatch").bounding_box(), row.locator("th").bounding_box()
        assert swatch is not None
        assert name is not None
        assert name["x"] <= swatch["x"] < swatch["x"] + swatch["width"] <= name["x"] + 22
        assert swatch["x"] >= 0


def test_without_scripts_and_on_paper(page_of: Callable[..., Opened], story: Path) -> None:
    """Each step with its picture, and no room for a map."""
    page = page_of(story, java_script_enabled=False).page
    assert [picture.is_visible() for picture in page.locator(".ck-twin").all()] == [True] * len(STEPS)
    opened = page_of(story)
    opened.wait("kit?.turned() === 0")
    opened.page.emulate_media(media="print")
    assert [picture.is_visible() for picture in opened.page.locator(".ck-twin").all()] == [True] * len(STEPS)
    assert not opened.page.locator(".ck-tale-scene").is_visible()
    opened.page.emulate_media(media="screen")

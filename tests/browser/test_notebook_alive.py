"""The page of a notebook without a kernel: the tabs of an explorer, their maps, tables that sort."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Opened

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BUILD = Path(__file__).parents[2] / "docs" / "build"
CELLS = (
    "%matplotlib inline\nimport conflictkit as ck\nland = ck.Territory.from_places()",
    "ax = ck.plot_territory(land, '2017-11-03')",
    "ck.explore(land, date='2017-11-03')",
    "import pandas as pd\npd.DataFrame({'name': ['b', 'a', 'c'], 'km2': ['1,000', '20', None]}).style.hide()",
)
WORDS = "A slider moves the map.<!-- lab --> Run the cell first.<!-- /lab -->"
FITS = """() => [...document.querySelectorAll('iframe')].filter(one => one.offsetParent).every(one => {
    const spare = one.clientHeight - one.contentDocument.body.scrollHeight;
    return spare >= 0 && spare < 9;
})"""
FRAMES = "[...document.querySelectorAll('iframe')].map(one => one.contentDocument?.querySelector('main')?.kit)"
COLUMN = "[...document.querySelectorAll('table:last-of-type')].at(-1).tBodies[0].innerText.split('\\n').map(x => x[0])"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the page of a notebook with a picture, an explorer and a table."""
    folder, script = tmp_path_factory.mktemp("alive"), runpy.run_path(str(BUILD / "notebooks.py"))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    notebook.cells.append(nbformat.v4.new_markdown_cell(WORDS))
    nbformat.write(notebook, folder / "alive.ipynb")
    file = folder / "alive.html"
    file.write_text(script["page_of"](script["executed"](folder / "alive.ipynb"), "alive"), encoding="utf-8")
    assert file.stat().st_size < 3_000_000
    return file


def test_an_explorer_is_maps_in_tabs(page_of: Callable[..., Opened], page: Path) -> None:
    """Two maps that work and figures to choose, one at a time; by arrow keys; no sentence about a kernel."""
    opened = page_of(page).page
    opened.wait_for_function(f"{FRAMES}.filter(Boolean).length === 3")
    tabs = opened.get_by_role("tab")
    assert tabs.all_inner_texts() == ["Territory", "Deployments", "Estimates"]
    assert opened.evaluate(f"{FRAMES}[0].state.days[{FRAMES}[0].step()]") == "2017-11-03"
    assert [frame.is_visible() for frame in opened.locator("iframe").all()] == [True, False, False]
    tabs.first.press("ArrowRight")
    assert [frame.is_visible() for frame in opened.locator("iframe").all()] == [False, True, False]
    assert opened.evaluate(f"{FRAMES}[1].forces !== null")
    assert "kernel" not in opened.inner_text("main")
    alts = opened.eval_on_selector_all("img", "found => found.map(one => one.alt)")
    assert all(alts)
    assert alts[0].startswith("Map: Control of Iraq and Syria on 3 November 2017.")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_map_scrolls_with_the_page(page_of: Callable[..., Opened], page: Path, width: int) -> None:
    """A frame is as high as what it holds, in each tab, and stays so; the map is no higher than a screen."""
    opened = page_of(page, width=width, height=844).page
    opened.wait_for_function(f"{FRAMES}.filter(Boolean).length === 3")
    for name in ("Estimates", "Territory", "Deployments"):
        opened.get_by_role("tab", name=name).click()
        opened.wait_for_function(FITS)
    map_height = opened.evaluate(f"{FRAMES}[1].map.getContainer().clientHeight")
    opened.wait_for_timeout(500)
    assert opened.evaluate(FITS)
    assert opened.evaluate(f"{FRAMES}[1].map.getContainer().clientHeight") == map_height
    assert 300 <= map_height < 600


def test_figures_are_chosen_without_a_kernel(page_of: Callable[..., Opened], page: Path) -> None:
    """In the third tab; without scripts there is the picture that was there before."""
    opened = page_of(page).page
    opened.get_by_role("tab", name="Estimates").click()
    inside = opened.frame_locator("section:not([hidden]) iframe")
    before = inside.get_by_role("status").inner_text()
    inside.get_by_label("Counts").select_option("killed")
    assert inside.get_by_role("status").inner_text() != before
    assert "killed" in inside.locator("h1").inner_text()
    assert inside.locator(".ck-still").count() == 0
    assert inside.locator(".ck-chart svg").bounding_box()["height"] > 100
    still = page_of(page, java_script_enabled=False).page
    assert [still.locator("iframe").nth(2).is_visible(), still.locator("iframe + img").nth(2).is_visible()] == [
        False,
        True,
    ]


def test_words_about_a_kernel_stay_in_the_notebook(page_of: Callable[..., Opened], page: Path) -> None:
    """What a page cannot do is not said there."""
    told = page_of(page).page.inner_text("main")
    assert "A slider moves the map." in told
    assert "Run the cell first" not in told


def test_a_table_with_headings_between_its_rows_does_not_sort(page_of: Callable[..., Opened], page: Path) -> None:
    """Why figures differ, by what: sorted, the groups would be dealt among each other."""
    opened = page_of(page).page
    opened.get_by_role("tab", name="Estimates").click()
    opened.locator("section:not([hidden]) > details > summary").click()
    grouped = opened.locator("table", has_text="of when")
    assert grouped.get_by_role("button").count() == 0
    assert opened.locator("table", has_text="words of the page").get_by_role("button").count() > 5


def test_tables_sort_by_keyboard(page_of: Callable[..., Opened], page: Path) -> None:
    """Up, down, and as it was; empty cells last; said by aria-sort."""
    opened = page_of(page).page
    head = opened.get_by_role("columnheader", name="km2").last
    button = head.get_by_role("button")
    seen = []
    for _ in range(3):
        button.press("Enter")
        seen.append((head.get_attribute("aria-sort"), opened.evaluate(COLUMN)))
    assert seen == [
        ("ascending", ["a", "b", "c"]),
        ("descending", ["b", "a", "c"]),
        (None, ["b", "a", "c"]),
    ]

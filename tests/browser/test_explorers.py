"""Explorers as a reader meets them in JupyterLab: by keyboard, run again, without their kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import nbformat
import pytest

import conflictkit as ck

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from conftest import Lab

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SOURCE = 'ck.explore_territory(date="2017-11-03", compare="2017-01-01")'
# The holder that the page has for a place on its day, and the day.
HELD = """id => {
    const { kit } = [...document.querySelectorAll('*')].find(one => one.kit && one.querySelector('.ck-bare'));
    const { state } = kit, place = state.places.findIndex(one => one.id === id);
    return [state.actors[state.paintAt(state.at(kit.step()), place).holder].id, state.days[kit.step()]];
}"""
RESTART = "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"
SAYS = "words => document.querySelector('.jp-OutputArea-output .widget-vbox').innerText.includes(words)"
FITTED = """() => {
    const { kit } = [...document.querySelectorAll('*')].find(one => one.kit && one.querySelector('.ck-bare'));
    const { map, state } = kit;
    return map.getZoom() === map.getBoundsZoom(state.data.bounds) && map.getBounds().contains(state.data.bounds);
}"""
SHAPE = "() => Number(getComputedStyle(document.querySelector('.ck-bare .ck-stage')).getPropertyValue('--ck-shape'))"
NATURAL = """() => {
    const { naturalWidth, naturalHeight } = document.querySelector('.ck-beside img');
    return naturalHeight / naturalWidth;
}"""
# The body of JupyterLab has no height and hides what is beyond: a browser draws it all the same, and axe sees no words.
SEEN = "() => { document.body.style.height = '100vh'; }"
HEIGHT = "() => [...document.querySelectorAll('.jp-OutputArea')].reduce((sum, one) => sum + one.offsetHeight, 0)"
THEME = "theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })"
IS_THEME = "theme => document.body.dataset.jpThemeLight === String(theme === 'Light')"
FEWEST_WORDS = 30  # elements with words of an explorer; without them axe looks at a dozen controls
BEYOND = "() => { const one = document.querySelector('.ck-bare'); return one.scrollHeight - one.clientHeight; }"
GAP_PX = 12  # between the parts of an explorer
CUT_OFF = """() => [...document.querySelectorAll('.ck-kernel table')].filter(table => {
    const { scrollWidth, clientWidth } = table.parentElement;
    return scrollWidth > clientWidth + 1;
}).length"""


def opened(lab: Lab, home: Path, name: str, source: str) -> Page:
    """Return a notebook of one cell, run in a window that has its first size."""
    found = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(f"import conflictkit as ck\n{source}")])
    found.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(found, home / f"{name}.ipynb")
    page = lab.open(f"{name}.ipynb")
    lab.run(page)
    return page


@pytest.fixture(scope="module")
def page(lab: Lab, home: Path) -> Page:
    """Return a notebook with an explorer, run."""
    found = opened(lab, home, "explorer", SOURCE)
    found.wait_for_selector("path.ck-cell", state="attached")
    return found


def test_the_first_view_has_all_of_the_land(page: Page, lab: Lab, home: Path) -> None:
    """In a window that nobody has resized, and still there when everything that glides has come to rest."""
    forces = opened(lab, home, "first", "ck.explore_deployments()")
    forces.wait_for_selector("path.ck-cell", state="attached")
    for each in (page, forces):
        each.bring_to_front()
        each.wait_for_timeout(1000)
        assert each.evaluate(FITTED)
        # no band above and below that the land does not need, and the chart right under the map
        stage, below = (each.locator(f".ck-bare .{part}").first.bounding_box() for part in ("ck-stage", "ck-below"))
        assert stage is not None
        assert below is not None
        assert stage["width"] / stage["height"] == pytest.approx(each.evaluate(SHAPE), abs=0.02)
        assert 0 < below["y"] - stage["y"] - stage["height"] < GAP_PX
    forces.close()


def by_axe(page: Page) -> list[tuple[str, str]]:
    """Return what axe finds in the outputs of a notebook, all of which is in the window, and to its eyes too."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page.evaluate(SEEN)
    page.set_viewport_size({"width": 1400, "height": 300 + int(page.evaluate(HEIGHT))})
    page.wait_for_timeout(300)
    options = {"resultTypes": ["violations", "passes"]}
    found = axe.Axe().run(page, {"include": [[".jp-OutputArea-output"]]}, options).response
    page.set_viewport_size({"width": 1400, "height": 950})
    read = [len(one["nodes"]) for one in found["passes"] if one["id"] == "color-contrast"]
    assert sum(read) > FEWEST_WORDS, "axe has seen hardly any words"
    return [(one["id"], node["html"]) for one in found["violations"] for node in one["nodes"]]


def in_both_themes(page: Page) -> dict[str, list[tuple[str, str]]]:
    """Return what axe finds in each theme of JupyterLab."""
    found = {}
    for theme in ("Light", "Dark"):
        page.evaluate(THEME, f"JupyterLab {theme}")
        page.wait_for_function(IS_THEME, arg=theme)
        page.wait_for_timeout(500)  # colours turn
        found[theme] = by_axe(page)
    return found


def test_several_explorers_share_a_notebook(lab: Lab, home: Path) -> None:
    """Nothing for axe to find in them, landmarks of one name neither."""
    three = "ck.explore_estimates(), ck.explore_territory(), ck.explore_deployments()"
    page = opened(lab, home, "three", f"from IPython.display import display\ndisplay({three})")
    page.wait_for_function("() => document.querySelectorAll('.ck-bare path.ck-neatline').length === 2")
    assert page.locator(".jp-OutputArea-output").count() >= 3
    assert by_axe(page) == []
    page.close()


def test_axe_finds_nothing_in_tabs(lab: Lab, home: Path) -> None:
    """In each tab of the dashboard, in both themes."""
    page = opened(lab, home, "tabs", "ck.explore()")
    page.wait_for_selector("path.ck-cell", state="attached")
    for title in ("Territory", "Deployments", "Estimates"):
        page.get_by_role("tab", name=title).click()
        page.wait_for_selector(".ck-beside:visible")
        page.locator(".ck-beside:visible :is(.ck-neatline, img)").first.wait_for(state="attached")
        assert in_both_themes(page) == {"Light": [], "Dark": []}
    page.close()


@pytest.mark.parametrize("kind", ["territory", "deployments", "estimates"])
def test_axe_finds_nothing_in_an_explorer_at_work(kind: str, lab: Lab, home: Path) -> None:
    """With rows, a force, ranges, an error and whatever folds open, and in the widest table, in both themes."""
    page = opened(lab, home, f"axe-{kind}", f"ck.explore_{kind}()")
    page.locator(".ck-kernel [role=status]").first.wait_for()
    keys = Keys(page)
    if kind == "territory":
        keys.write("Find", "Tadmur")
        keys.read("Palmyra")
        keys.write("Compare", "1 Jan 2017")
        keys.read("against 1 January 2017")  # the boxes are made anew by then: what is clicked before is lost
        page.locator(".ck-boxes input[type=checkbox]").last.click()
        page.locator(".ck-out").wait_for()
        page.get_by_label("Ranges", exact=True).click()
        page.locator(".ck-kernel th", has_text="from").wait_for()
        keys.write("Day", "1 Jan 2030")
        page.locator(".ck-alert").wait_for()
    elif kind == "deployments":
        keys.write("Day", "3 Nov 2017")
        keys.write("Find", "Albukamal")
        keys.read("within 50 km of Abu Kamal")
        box = page.locator(".widget-dropdown", has=page.locator("label", has_text="Force")).locator("select")
        box.select_option(index=4)
        page.locator("[aria-label='Reports of the force']").wait_for()
    else:
        keys.choose("Go to", "late 2014")
        keys.read("67 times as much")
    page.evaluate(
        "() => document.querySelectorAll('.jp-OutputArea-output details').forEach(one => { one.open = true; })"
    )
    assert in_both_themes(page) == {"Light": [], "Dark": []}
    assert lab.errors == []
    page.close()


def test_a_wide_table_scrolls_by_keys(lab: Lab, home: Path) -> None:
    """By an arrow, which JupyterLab would take to go to another cell."""
    page = opened(lab, home, "scrolls", "ck.explore_estimates()")
    page.set_viewport_size({"width": 700, "height": 950})
    table = page.locator("[aria-label='The figures']")
    table.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('[aria-label=\"The figures\"]').scrollLeft > 0")
    assert page.evaluate("() => document.activeElement.getAttribute('aria-label')") == "The figures"
    page.set_viewport_size({"width": 1400, "height": 950})
    page.close()


def test_pictures_stay_in_their_column(lab: Lab, home: Path) -> None:
    """Beside the words in a wide window, above them in a narrow one, and never under them; with the files open."""
    page = opened(lab, home, "pictures", "ck.explore_estimates()")
    page.wait_for_selector(".ck-beside img")
    for width in (1400, 900):
        page.set_viewport_size({"width": width, "height": 950})
        page.wait_for_timeout(300)
        boxes = [page.locator(f".ck-beside {part}").first.bounding_box() for part in ("img", ".ck-kernel")]
        room = page.locator(".jp-OutputArea-output .ck-beside").bounding_box()
        image, words = (box for box in boxes if box is not None)
        assert room is not None
        assert room["x"] <= image["x"]
        assert image["x"] + image["width"] <= room["x"] + room["width"]
        apart = image["x"] + image["width"] <= words["x"], image["y"] + image["height"] <= words["y"]
        assert apart == (width == 1400, width == 900)
        assert image["height"] / image["width"] == pytest.approx(page.evaluate(NATURAL), rel=0.01)
    page.close()


def test_lists_of_a_map_stay_above_what_follows(lab: Lab, home: Path) -> None:
    """In a column of any width: key and lists of forces scroll in their box, and no word lies on the next."""
    page = opened(lab, home, "column", "ck.explore_deployments()")
    page.wait_for_selector(".ck-bare path.ck-neatline", state="attached")
    for width in (1400, 900):
        page.set_viewport_size({"width": width, "height": 950})
        page.wait_for_timeout(300)
        assert page.evaluate(BEYOND) <= 1
    page.set_viewport_size({"width": 1400, "height": 950})
    page.close()


def test_no_column_is_cut_off(page: Page) -> None:
    """The change stands in the first column, and all columns in the room beside the map, at 1400 and at 900 pixels."""
    for width in (1400, 900):
        page.set_viewport_size({"width": width, "height": 950})
        page.wait_for_timeout(300)
        assert page.evaluate(CUT_OFF) == 0
    page.set_viewport_size({"width": 1400, "height": 950})


def test_the_map_fills_its_room(page: Page) -> None:
    """All of the land, no smaller than fits, although the map was made before it was in the document."""
    page.wait_for_function(FITTED)
    page.set_viewport_size({"width": 1100, "height": 950})
    page.wait_for_function(FITTED)
    page.set_viewport_size({"width": 1400, "height": 950})
    page.wait_for_function(FITTED)


def test_a_row_is_unticked_by_keyboard(page: Page, lab: Lab) -> None:
    """A place by another spelling, its last row unticked: map and numbers are without it; then all is back."""
    box = page.get_by_label("Find", exact=True)
    box.fill("Tadmur")
    box.press("Enter")
    rows = page.locator(".ck-boxes input[type=checkbox]")
    rows.first.wait_for()
    last = rows.nth(rows.count() - 1)
    last.focus()
    page.keyboard.press("Space")
    page.get_by_text("Left out: 1 row (Palmyra 2 Mar 2017)").wait_for()
    page.wait_for_function(f"() => ({HELD})('palmyra')[0] === 'isis'")
    without = ck.Territory.from_places().without([("palmyra", "2017-03-02")])
    table = without.area("2017-11-03").query("scope == 'all' and actor_id == 'isis'")["area_km2"].item()
    page.get_by_text("without 1 row").first.wait_for()
    assert f"{float(f'{table:.3g}'):,.0f}" in page.locator(".ck-kernel").first.inner_text()
    page.get_by_role("button", name="Put all back").click()
    page.wait_for_function(f"() => ({HELD})('palmyra')[0] === 'syria_gov'")
    assert lab.errors == []


def test_what_cannot_be_shown_is_told_where_the_eye_is(page: Page) -> None:
    """Between the controls and the map, without the name of a class."""
    box = page.get_by_label("Day", exact=True)
    box.fill("1 Jan 2030")
    box.press("Enter")
    alert = page.locator(".ck-alert")
    alert.wait_for()
    assert "Still shown: 3 November 2017" in alert.inner_text()
    assert "Error" not in alert.inner_text()
    assert alert.bounding_box()["y"] < page.locator(".ck-bare").first.bounding_box()["y"]  # type: ignore[index] # both are shown
    box.fill("3 Nov 2017")
    box.press("Enter")
    alert.wait_for(state="detached")


def test_a_cell_may_be_run_again(page: Page, lab: Lab) -> None:
    """A map that is gone watches nothing: no error, also when the window changes its size."""
    for width in (1300, 1200, 1400):
        lab.run(page)
        page.wait_for_selector("path.ck-cell", state="attached")
        page.set_viewport_size({"width": width, "height": 950})
        page.wait_for_timeout(300)
    assert lab.errors == []


def test_without_a_kernel_map_and_numbers_agree(page: Page, lab: Lab) -> None:
    """The slider still moves the map; the numbers shown are the page's own, and those of the kernel are not."""
    page.evaluate(RESTART)
    page.locator(".ck-kernel.jupyter-widgets-disconnected").first.wait_for(state="attached")
    page.locator(".ck-bare .ck-slider").first.focus()
    page.keyboard.press("Home")
    _, day = page.evaluate(HELD, "palmyra")
    legend = page.locator(".ck-bare [aria-label='Legend and numbers']").first
    legend.wait_for()
    assert f"Claimed land on {int(day[-2:])} January 2014" in legend.inner_text()
    shown = page.locator(".ck-kernel").first.inner_text()
    assert "2017" not in shown
    assert lab.errors == []


class Keys:
    """Questions asked by keyboard, counted: one for each control that is set."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def control(self, label: str) -> Locator:
        """Return a control of the row above the map."""
        return self.page.locator(".ck-row").get_by_label(label, exact=True).first

    def write(self, label: str, text: str) -> None:
        """Write into a box, and press Enter."""
        box = self.control(label)
        box.focus()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")
        self.count += 1

    def choose(self, label: str, words: str) -> None:
        """Choose from a list by how an entry begins, the shortest of them."""
        box = self.control(label)
        box.locator("option").first.wait_for(state="attached")
        options = [text.replace("\xa0", " ") for text in box.locator("option").all_inner_texts()]
        at = min((len(option), at) for at, option in enumerate(options) if option.startswith(words))[1]
        box.select_option(index=at)
        self.count += 1

    def read(self, *words: str) -> None:
        """Wait until the explorer says some words, where they can be seen."""
        for each in words:
            self.page.wait_for_function(SAYS, arg=each)


TASKS = {
    "history of a place": ("territory", 3),
    "a country between two days": ("territory", 3),
    "forces around a place": ("deployments", 3),
    "why figures differ": ("estimates", 3),
}


@pytest.mark.parametrize("task", TASKS)
def test_tasks_by_keyboard(task: str, lab: Lab, home: Path) -> None:
    """Four questions of an editor, each in three actions at most, with the answer and its sources on the screen."""
    kind, most = TASKS[task]
    page = opened(lab, home, kind, f"ck.explore_{kind}()")
    page.locator(".ck-kernel [role=status]").first.wait_for()
    keys = Keys(page)
    if task == "history of a place":
        keys.write("Find", "Tadmur")
        keys.read("21 May 2015", "27 Mar 2016", "11 Dec 2016", "2 Mar 2017", "Reuters (B)")
    elif task == "a country between two days":
        keys.choose("Scope", "Iraq")
        keys.write("Compare", "10 Jul 2017")
        keys.write("Day", "17 Oct 2017")
        area = ck.Territory.from_places().area(["2017-07-10", "2017-10-17"]).query("actor_id == 'isis'")
        before, after = area[area["scope"] == "IQ"]["area_km2"]
        keys.read("17 October 2017 against 10 July 2017", f"{float(f'{before - after:.3g}'):,.0f}")
    elif task == "forces around a place":
        keys.write("Day", "3 Nov 2017")
        keys.write("Find", "Albukamal")
        keys.read("within 50 km of Abu Kamal on 3 November 2017", "2,000–3,000 fighters", "Reuters via TRT World (C)")
    else:
        keys.choose("Go to", "late 2014")
        keys.read("67 times as much", "Why they differ", "All alike: counts fighters; of whom Islamic State.")
    assert keys.count <= most
    assert lab.errors == []
    page.close()

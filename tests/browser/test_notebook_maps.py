"""A map in a notebook: in JupyterLab, trusted or not, and on the page that ``make notebooks`` writes."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest

import conflictkit as ck

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Lab, Opened

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TEMPLATES = Path(__file__).parents[2] / "docs" / "template"
DATES = ["2014-06-10", "2017-11-03"]
SOURCE = f"""import conflictkit as ck
ck.map_territory(ck.Territory.from_places(), {DATES})"""
# In the frame of the output: how many cells are drawn, and after a step back, the date.
FRAME = """() => {
    const frame = document.querySelector('iframe.ck-frame');
    const kit = frame?.contentDocument?.querySelector('main')?.kit;
    if (!kit) return null;
    kit.show(0);
    return {
        cells: frame.contentDocument.querySelectorAll('.ck-cell').length,
        date: frame.contentDocument.querySelector('.ck-date').textContent,
        picture: getComputedStyle(document.querySelector('iframe.ck-frame + img')).display,
        wide: frame.contentDocument.documentElement.scrollWidth > frame.contentDocument.documentElement.clientWidth,
    };
}"""


MONEY = "paid $1 million, then $2 million"
MONEY_CELLS = (
    f"""import conflictkit as ck
shipped = ck.Tables.shipped()
mine = shipped.replace(
    actors=shipped.actors.assign(name=shipped.actors["name"] + " {MONEY}"),
    sides=shipped.sides.assign(name="{MONEY}"),
    fighter_estimates=shipped.fighter_estimates.assign(estimator="{MONEY}", quote="{MONEY}").head(40),
    deployments=shipped.deployments.assign(note="{MONEY}", role="{MONEY}"),
)
land = ck.Territory.from_places(tables=mine)""",
    "ck.estimates_table(tables=mine)",
    "ck.order_of_battle('2017-06-10', tables=mine)",
    "ck.explore_territory(land, live=False)",
    "ck.explore_deployments(land, date='2017-06-10', live=False)",
    "ck.explore_deployments(land, date='2017-06-10', force='isis')",
    "ck.explore_estimates(tables=mine)",
    "from IPython.display import HTML\nHTML('<p>a formula: $x^2$</p>')",  # when it is set, all before it are
)
SET = "[...document.querySelectorAll('.jp-OutputArea-output')].map(one => one.querySelectorAll('mjx-container').length)"


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory, territory: ck.Territory) -> Path:
    """Return a notebook of one map with its output, as a kernel would have written it."""
    path = tmp_path_factory.mktemp("notebook") / "map.ipynb"
    shown = ck.map_territory(territory, DATES)._repr_mimebundle_()
    found = notebook()
    found.cells[0].outputs = [nbformat.v4.new_output("execute_result", shown, execution_count=1)]
    nbformat.write(found, path)
    return path


@pytest.fixture(scope="module")
def notebook_page(executed: Path) -> Path:
    """Return the page of that notebook, by the template of ``make notebooks``."""
    from nbconvert import HTMLExporter  # takes two seconds, which runs without this test should not

    exporter = HTMLExporter(extra_template_basedirs=[str(TEMPLATES)], template_name="offline")
    text, _ = exporter.from_filename(str(executed))
    path = executed.with_suffix(".html")
    path.write_text(text, encoding="utf-8")
    return path


def notebook(*sources: str) -> nbformat.NotebookNode:
    """Return a notebook of some cells; by default of one that ends with a map."""
    found = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources or (SOURCE,)])
    found.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return found


def test_page_of_a_notebook_has_a_map_that_works(page_of: Callable[..., Opened], notebook_page: Path) -> None:
    """Without a request; the slider moves; the picture behind is out of sight."""
    page = page_of(notebook_page).page
    page.locator("iframe.ck-frame").scroll_into_view_if_needed()
    page.wait_for_function(FRAME)
    found = page.evaluate(FRAME)
    assert found["cells"] > 400
    assert found == {**found, "date": "10 June 2014", "picture": "none", "wide": False}
    slider = page.frame_locator("iframe.ck-frame").get_by_role("slider", name="Date")
    slider.press("End")
    assert slider.get_attribute("aria-valuetext") == "3 November 2017"


def test_page_of_a_notebook_without_scripts_has_the_picture(
    page_of: Callable[..., Opened], notebook_page: Path
) -> None:
    """In place of the frame."""
    page = page_of(notebook_page, java_script_enabled=False).page
    assert page.locator("iframe.ck-frame + img").is_visible()
    assert not page.locator("iframe.ck-frame").is_visible()


def test_map_in_jupyterlab(lab: Lab, home: Path) -> None:
    """Run there, and so trusted: the map itself, without a request."""
    nbformat.write(notebook(), home / "map.ipynb")
    page = lab.open("map.ipynb")
    lab.run(page)
    page.wait_for_function(FRAME)
    assert page.evaluate(FRAME)["cells"] > 400
    assert page.evaluate(FRAME)["picture"] == "none"
    assert lab.blocked == []
    assert lab.errors == []


def test_notebook_from_elsewhere_shows_the_picture(lab: Lab, home: Path, executed: Path) -> None:
    """With its outputs, but not trusted: JupyterLab takes frames and styles away, and the static twin stands."""
    assert "ck-frame" in executed.read_text(encoding="utf-8")
    shutil.copy(executed, home / "elsewhere.ipynb")
    page = lab.open("elsewhere.ipynb")
    picture = page.locator(".jp-OutputArea-output img")
    picture.wait_for()
    assert picture.evaluate("image => image.naturalWidth") > 600
    assert "Control of Iraq and Syria" in str(picture.get_attribute("alt"))
    assert page.locator(".jp-OutputArea-output iframe").count() == 0
    assert lab.blocked == []
    assert lab.errors == []


def test_dollars_are_dollars_in_jupyterlab(lab: Lab, home: Path) -> None:
    """In tables, trees and explorers, live or not: JupyterLab sets a formula as one, and nothing of ours."""
    nbformat.write(notebook(*MONEY_CELLS), home / "money.ipynb")
    page = lab.open("money.ipynb")
    lab.run(page)
    page.wait_for_function(f"() => {SET}.at(-1) > 0")
    formulas = page.evaluate(f"() => {SET}")
    assert formulas == [0] * (len(formulas) - 1) + [1]
    told = page.locator(".jp-OutputArea-output").all_inner_texts()
    assert len(told) >= len(MONEY_CELLS) - 1
    assert all(MONEY in " ".join(text.split()) for text in told[:-1])
    assert lab.errors == []

"""The notebooks as a user meets them: in JupyterLab, in a browser, with no network. Each is run once for all checks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import conflictkit as ck

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from conftest import Lab

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FOLDER = Path(__file__).parents[2] / "notebooks"
FIGURES = {
    "00": 5,
    "01": 8,
    "02": 3,
    "03": 10,
    "04": 2,
    "05": 7,
}  # pictures at least, by the first two letters of the name
each_notebook = pytest.mark.parametrize("number", FIGURES)

FIVE_FIGURES_ARE_DRAWN = """() => {
    const images = document.querySelectorAll('.jp-OutputArea-output img');
    return [...images].filter(image => image.naturalWidth > 300).length >= 5;
}"""
# The live map, wherever in the page it is: its handle, what it draws, and whether anything of it is missing.
KIT = """() => {
    const element = [...document.querySelectorAll('*')].find(found => found.kit && found.querySelector('.ck-bare'));
    const kit = element.kit;
    return {
        step: kit.step(), date: kit.state.days[kit.step()], holders: kit.state.places.map((_, place) =>
            kit.state.actors[kit.state.paintAt(kit.state.at(kit.step()), place).holder].id),
        fills: kit.drawn().map(([, fill]) => fill), zoom: kit.map.getZoom(), centre: kit.map.getCenter().toString(),
        cells: element.querySelectorAll('path.ck-cell').length,
        words: element.closest('.jp-OutputArea-output').innerText,
    };
}"""
STEPPED = f"""before => {{
    const now = ({KIT})();
    return now.step === before.step - 1 && !now.words.includes(before.said);
}}"""
ZOOM = """() => {
    const { kit } = [...document.querySelectorAll('*')].find(found => found.kit && found.querySelector('.ck-bare'));
    kit.map.setView([34.4, 41.0], 9, { animate: false });
}"""


@dataclass
class Run:
    """A notebook that was run from top to bottom, its page still open."""

    page: Page
    cells: list[dict[str, Any]]

    @property
    def outputs(self) -> list[dict[str, Any]]:
        """All outputs of the code cells, in order."""
        return [out for cell in self.cells if cell["cell_type"] == "code" for out in cell["outputs"]]


@pytest.fixture(scope="module")
def run(lab: Lab) -> Callable[[str], Run]:
    """Return a function that runs a notebook in JupyterLab, once."""

    @cache
    def open_and_run(number: str) -> Run:
        (path,) = FOLDER.glob(f"{number}-*.ipynb")
        page = lab.open(f"notebooks/{path.name}")
        return Run(page, lab.run(page))

    return open_and_run


@each_notebook
def test_notebook_runs_and_draws(number: str, run: Callable[[str], Run], lab: Lab) -> None:
    """No cell raises or leaves a word on stderr, the figures are there, and nothing is asked of another machine."""
    found = run(number).outputs
    assert [out for out in found if out["output_type"] == "error"] == []
    # a bar of a slow machine wipes its own line: blanks are left of it, where JupyterLab has done so itself
    said = ["".join(out["text"]).split("\r")[-1].strip() for out in found if out.get("name") == "stderr"]
    assert not any(said), said
    assert sum("image/png" in out.get("data", {}) for out in found) >= FIGURES[number]
    assert lab.blocked == []
    assert lab.errors == []


@each_notebook
def test_each_figure_has_its_finding(number: str, run: Callable[[str], Run]) -> None:
    """A sentence follows each figure, computed: no field of it was left unfilled."""
    told = [
        "".join(out["data"]["text/markdown"]) for out in run(number).outputs if "text/markdown" in out.get("data", {})
    ]
    assert len(told) >= 4
    for sentence in told:
        assert sentence.rstrip().endswith((".", "**"))
        assert not {"nan", "NaT", "None", "inf"} & set(sentence.replace(",", " ").replace("*", " ").split())


@each_notebook
def test_first_cell_states_question_data_and_caveats(number: str, run: Callable[[str], Run]) -> None:
    """A reader knows what is asked, of which data, and what to beware of."""
    first = "".join(run(number).cells[0]["source"])
    assert all(f"**{word}" in first for word in ("Question", "Data", "Caveats"))


def test_figures_of_the_first_notebook_are_on_the_page(run: Callable[[str], Run]) -> None:
    """Five of them, and wide enough to read."""
    run("00").page.wait_for_function(FIVE_FIGURES_ARE_DRAWN)


def test_explorer_of_territory_follows_the_keyboard(run: Callable[[str], Run], lab: Lab) -> None:
    """In 01 an arrow key moves the map to the model's holders, zoom and cells are kept, and the numbers follow.

    Not the notebook: with its headings JupyterLab has a use for arrow keys too.
    """
    page = run("01").page
    page.bring_to_front()
    page.wait_for_selector("path.ck-cell", state="attached")
    page.evaluate(ZOOM)
    before = page.evaluate(KIT)
    said = next(f"3 November 2017, {level} land" for level in ("core", "claimed") if f"{level} land" in before["words"])
    assert said in before["words"]
    page.locator(".ck-bare .ck-slider").first.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(STEPPED, arg={**before, "said": said})
    after = page.evaluate(KIT)
    territory = ck.Territory.from_places()
    assert after["holders"] == territory.holders(after["date"])["actor_id"].tolist()
    assert after["fills"] != before["fills"]
    assert (after["zoom"], after["centre"]) == (before["zoom"], before["centre"])
    assert after["cells"] == before["cells"] > 0
    assert lab.blocked == []
    assert lab.errors == []

"""The notebooks as a user meets them: in JupyterLab, in a browser, with no network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import conflictkit as ck

if TYPE_CHECKING:
    from conftest import Lab

pytestmark = [pytest.mark.browser, pytest.mark.slow]

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


def test_first_notebook_runs_from_top_to_bottom(lab: Lab) -> None:
    """All cells of 00 run: five figures on the page, nothing on stderr, no error, no request beyond this machine."""
    page = lab.open("notebooks/00-start-here.ipynb")
    outputs = lab.run(page)
    assert [out for out in outputs if out["output_type"] == "error" or out.get("name") == "stderr"] == []
    page.wait_for_function(FIVE_FIGURES_ARE_DRAWN, timeout=20_000)
    assert lab.blocked == []
    assert lab.errors == []


def test_explorer_of_territory_follows_the_keyboard(lab: Lab) -> None:
    """In 01 an arrow key moves the map to the model's holders, zoom and cells are kept, and the numbers follow."""
    page = lab.open("notebooks/01-territory-loss.ipynb")
    outputs = lab.run(page)
    assert [out for out in outputs if out["output_type"] == "error" or out.get("name") == "stderr"] == []
    page.wait_for_selector("path.ck-cell", state="attached", timeout=20_000)
    page.evaluate(ZOOM)
    before = page.evaluate(KIT)
    said = "3 November 2017, core land"
    assert said in before["words"]
    handle = page.locator(".jp-OutputArea-output:has(.ck-bare) .noUi-handle").first
    handle.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(STEPPED, arg={**before, "said": said}, timeout=20_000)
    after = page.evaluate(KIT)
    territory = ck.Territory.from_places()
    assert after["holders"] == territory.holders(after["date"])["actor_id"].tolist()
    assert after["fills"] != before["fills"]
    assert (after["zoom"], after["centre"]) == (before["zoom"], before["centre"])
    assert after["cells"] == before["cells"] > 0
    assert lab.blocked == []
    assert lab.errors == []


@pytest.mark.parametrize(
    "notebook", ["02-force-deployments", "03-fighter-estimates", "04-the-border-on-3-november-2017"]
)
def test_notebook_runs_in_the_browser(lab: Lab, notebook: str) -> None:
    """All cells run, with their dashboards: nothing on stderr, no error, no request beyond this machine."""
    page = lab.open(f"notebooks/{notebook}.ipynb")
    outputs = lab.run(page)
    assert [out for out in outputs if out["output_type"] == "error" or out.get("name") == "stderr"] == []
    assert lab.blocked == []
    assert lab.errors == []

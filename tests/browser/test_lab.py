"""The notebooks as a user meets them: in JupyterLab, in a browser, with no network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Lab

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FIVE_FIGURES_ARE_DRAWN = """() => {
    const images = document.querySelectorAll('.jp-OutputArea-output img');
    return [...images].filter(image => image.naturalWidth > 300).length >= 5;
}"""
WIDGET = """() => {
    const handle = document.querySelector('.noUi-handle');
    const box = handle.closest('.jp-OutputArea-output');
    return {
        date: handle.getAttribute('aria-valuenow'),
        picture: box.querySelector('img').src,
        words: box.innerText,
        drawn: box.querySelector('img').naturalWidth > 300,
    };
}"""
EVERYTHING_HAS_CHANGED = f"""before => {{
    const now = ({WIDGET})();
    return now.drawn && ['date', 'picture', 'words'].every(key => now[key] !== before[key]);
}}"""


def test_first_notebook_runs_from_top_to_bottom(lab: Lab) -> None:
    """All cells of 00 run: five figures on the page, nothing on stderr, no error, no request beyond this machine."""
    page = lab.open("notebooks/00-start-here.ipynb")
    outputs = lab.run(page)
    assert [out for out in outputs if out["output_type"] == "error" or out.get("name") == "stderr"] == []
    page.wait_for_function(FIVE_FIGURES_ARE_DRAWN, timeout=20_000)
    assert lab.blocked == []
    assert lab.errors == []


def test_arrow_key_moves_the_map_and_its_numbers(lab: Lab) -> None:
    """In 01 the slider works from the keyboard: one step changes the date, the map and the words beside it."""
    page = lab.open("notebooks/01-territory-loss.ipynb")
    lab.run(page)
    handle = page.locator(".noUi-handle").first
    picture = page.locator(".jp-OutputArea-output:has(.noUi-handle) img").first
    picture.wait_for(timeout=20_000)
    before, pixels = page.evaluate(WIDGET), picture.screenshot()
    handle.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(EVERYTHING_HAS_CHANGED, arg=before, timeout=20_000)
    assert picture.screenshot() != pixels
    assert lab.blocked == []
    assert lab.errors == []

"""The notebooks as a user meets them: in JupyterLab, in a browser, with no network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Lab

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LOADED_IMAGES = (
    "() => [...document.querySelectorAll('.jp-OutputArea-output img')].filter(i => i.naturalWidth > 300).length"
)


def test_first_notebook_runs_from_top_to_bottom(lab: Lab) -> None:
    """All cells of 00 run: five figures on the page, nothing on stderr, no error, no request beyond this machine."""
    page = lab.open("notebooks/00-start-here.ipynb")
    outputs = lab.run(page)
    assert [out for out in outputs if out["output_type"] == "error" or out.get("name") == "stderr"] == []
    page.wait_for_function(f"() => ({LOADED_IMAGES})() >= 5", timeout=20_000)
    assert lab.blocked == []
    assert lab.errors == []


def test_arrow_key_moves_the_map_and_its_numbers(lab: Lab) -> None:
    """In 01 the slider works from the keyboard: one step changes the date, the picture and the numbers beside it."""
    page = lab.open("notebooks/01-territory-loss.ipynb")
    lab.run(page)
    page.wait_for_selector(".noUi-handle", timeout=20_000)
    handle = page.locator(".noUi-handle").first
    handle.focus()

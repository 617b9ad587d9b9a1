"""The pages that `make notebooks` writes open without a network."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

TEMPLATES = Path(__file__).parents[1] / "docs" / "template"
WIDGET = {"application/vnd.jupyter.widget-view+json": {"model_id": "1", "version_major": 2, "version_minor": 0}}


@pytest.fixture
def page_with_widget() -> str:
    """Return the page of a notebook with prose, a formula, code, a picture's markup and a widget."""
    from nbconvert import HTMLExporter  # takes two seconds, which runs without this test should not

    picture = nbformat.v4.new_output("display_data", {"text/html": "<img src='data:image/png;base64,iVBOR' alt='map'>"})
    control = nbformat.v4.new_output("display_data", {**WIDGET, "text/plain": "VBox(...)"})
    cells = [
        nbformat.v4.new_markdown_cell("# Question\n$a^2$ and [a link](https://example.org)"),
        nbformat.v4.new_code_cell("1 + 1", outputs=[picture, control]),
    ]
    exporter = HTMLExporter(extra_template_basedirs=[str(TEMPLATES)], template_name="offline")
    page, _ = exporter.from_notebook_node(nbformat.v4.new_notebook(cells=cells))
    return str(page)


def test_page_fetches_nothing(page_with_widget: str) -> None:
    """No script, style, font or picture comes from another machine; a link that a reader may click stays."""
    fetched = re.findall(
        r"""<script[^>]+src=[^>]+>|<link[^>]+href=[^>]+>|src=["']https?:[^"']+|@import[^;]+|url\(["']?https?:[^)]+|import\([^)]+""",
        page_with_widget,
    )
    assert fetched == []
    assert '<a href="https://example.org">' in page_with_widget


def test_widget_leaves_a_sentence(page_with_widget: str) -> None:
    """Where a control cannot work the page says so, instead of staying blank."""
    assert "open the notebook in JupyterLab" in page_with_widget
    assert "VBox" not in page_with_widget
    assert 'alt="map"' in page_with_widget

"""The pages that `make notebooks` writes open without a network."""

from __future__ import annotations

import base64
import gzip
import io
import re
import runpy
from html import unescape
from pathlib import Path

import nbformat
import numpy as np
import pytest
from PIL import Image

import conflictkit as ck

BUILD = Path(__file__).parents[1] / "docs" / "build"
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


def test_pictures_say_what_they_show() -> None:
    """What the kernel told of a picture is its text; the picture is lighter, and the same to the last pixel."""
    script = runpy.run_path(str(BUILD / "notebooks.py"))
    image = Image.effect_mandelbrot((300, 200), (-2, -1, 1, 1), 50).convert("RGB")
    png = io.BytesIO()
    image.save(png, "png", compress_level=0)
    data = {"image/png": base64.b64encode(png.getvalue()).decode()}
    output = nbformat.v4.new_output("display_data", data, metadata={"image/png": {"alt": 'A "map" of <land>'}})
    page = script["page_of"](nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1", outputs=[output])]), "a")
    assert 'alt="A &quot;map&quot; of &lt;land&gt;"' in page or "alt='A \"map\" of &lt;land&gt;'" in page
    (found,) = re.findall(r'<img [^>]*src="data:image/webp;base64,([^"]+)"', page)
    assert len(found) < len(data["image/png"])
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(base64.b64decode(found))).convert("RGB")), np.asarray(image))


@pytest.mark.slow
def test_maps_share_what_is_the_same(territory: ck.Territory) -> None:
    """Scripts and styles once, whatever the number of maps; put together, each page is what it was."""
    script = runpy.run_path(str(BUILD / "notebooks.py"))
    frames = [ck.map_territory(territory, days)._repr_html_() for days in ("2014-06-10", "2017-11-03")]
    text = f"<body>{''.join(frames)}</body>"
    page = script["shared"](text)
    assert len(page) < 0.7 * len(text)
    stored = re.findall(r'class="ck-part">([^<]+)<', page)
    parts = [gzip.decompress(base64.b64decode(one)).decode() for one in stored]
    assert len(parts) == len(set(parts))
    whole = [
        re.sub(r"<!--ck-part-(\d+)-->", lambda part: parts[int(part[1])], unescape(one))
        for one in re.findall(r'data-page="([^"]+)"', page)
    ]
    assert whole == [unescape(one) for one in re.findall(r'srcdoc="([^"]+)"', text)]

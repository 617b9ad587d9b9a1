"""Write build/notebooks/*.html: every notebook as it ran, alive without a kernel and without a network.

Run by `make notebooks`. Explorers become pages of the same scripts, by what docs/build/alive.py does in the kernel.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import io
import os
import re
from html import escape, unescape
from pathlib import Path
from typing import Any

import nbformat
from nbconvert import HTMLExporter
from nbconvert.preprocessors import ExecutePreprocessor
from PIL import Image

ROOT = Path(__file__).parents[2]
FIRST = f"import runpy; runpy.run_path({str(ROOT / 'docs' / 'build' / 'alive.py')!r})"
PATIENCE_S = 1200

PICTURE = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=\s]+)")
FRAME = re.compile(r'(<iframe [^>]*class="ck-frame"[^>]*?) srcdoc="([^"]*)"')
PART = re.compile(r"(<(script|style)[^>]*>)(.*?)(?=</\2>)", re.DOTALL)
LEAST = 5000  # letters of a part that is worth a place of its own
UNUSED = re.compile(r"--jp-icon-[\w-]+:\s*url\([^)]*\);")  # the icons of JupyterLab's menus, which no page shows
LAB = re.compile(r"\s*<!-- lab -->.*?<!-- /lab -->", re.DOTALL)  # words that are true where a kernel runs
STORED = '<script type="text/plain" class="ck-part">{}</script>'


def main() -> None:
    """Run notebooks and write their pages."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("notebooks", nargs="*", type=Path, default=sorted((ROOT / "notebooks").glob("*.ipynb")))
    asked.add_argument("--out", type=Path, default=ROOT / "build" / "notebooks", help="the folder of the pages")
    chosen = asked.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    for path in chosen.notebooks:
        page = chosen.out / f"{path.stem}.html"
        page.write_text(page_of(executed(path), path.stem), encoding="utf-8")
        print(f"{page}: {page.stat().st_size:,} bytes")


def executed(path: Path) -> Any:  # noqa: ANN401 - a notebook, of a library without types
    """Return a notebook as it ran in its folder, in a kernel that shows what needs none."""
    os.environ["TQDM_DISABLE"] = "1"  # bars of progress are for those who wait
    found = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call] # has none
    found.cells.insert(0, nbformat.v4.new_code_cell(FIRST))  # type: ignore[no-untyped-call] # has none
    runner = ExecutePreprocessor(timeout=PATIENCE_S, store_widget_state=False)  # type: ignore[no-untyped-call] # has none
    runner.preprocess(found, {"metadata": {"path": str(path.parent)}})
    found.cells.pop(0)
    for cell in found.cells:
        if cell.cell_type == "code" and cell.execution_count:
            cell.execution_count -= 1  # the reader did not see the first
        elif cell.cell_type == "markdown":
            cell.source = LAB.sub("", cell.source)
    return found


def page_of(notebook: nbformat.NotebookNode, name: str) -> str:
    """Return a notebook as a page."""
    templates = [str(ROOT / "docs" / "template")]
    exporter = HTMLExporter(extra_template_basedirs=templates, template_name="offline")  # type: ignore[no-untyped-call]
    resources: dict[str, Any] = {"metadata": {"name": name}}
    text = str(exporter.from_notebook_node(notebook, resources)[0])
    return PICTURE.sub(lighter, shared(text))  # the pictures inside a map are part of what its policy allows


def shared(text: str) -> str:
    """Return a page whose maps have their scripts, styles and numbers once, packed; page.js puts them together."""
    parts: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        head, _, part = found.groups()
        return f"{head}<!--ck-part-{parts.setdefault(part, len(parts))}-->" if len(part) >= LEAST else found[0]

    def slim(found: re.Match[str]) -> str:
        return f'{found[1]} data-page="{escape(PART.sub(number, unescape(found[2])))}"'

    text = UNUSED.sub("", FRAME.sub(slim, text))
    packed = (base64.b64encode(gzip.compress(part.encode(), mtime=0)).decode() for part in parts)
    return text.replace("</body>", f"{''.join(map(STORED.format, packed))}</body>", 1) if parts else text


def lighter(found: re.Match[str]) -> str:
    """Return a picture as WebP without loss where that is smaller: a fifth less, and the same to the last pixel."""
    image, content = Image.open(io.BytesIO(base64.b64decode(found[1]))), io.BytesIO()
    image.save(content, "webp", lossless=True, quality=100, method=6)
    made = f"data:image/webp;base64,{base64.b64encode(content.getvalue()).decode()}"
    return made if len(made) < len(found[0]) else found[0]


if __name__ == "__main__":
    main()

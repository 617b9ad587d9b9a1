"""Every notebook runs from top to bottom, in a copy, and shows what it promises."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

FOLDER = Path(__file__).parents[2] / "notebooks"
FIGURES = {"00": 5, "01": 8, "02": 3, "03": 10, "04": 2}  # pictures at least, by the first two letters of the name
SECONDS = 60


@pytest.fixture(scope="module", params=sorted(FIGURES))
def run(request: pytest.FixtureRequest) -> tuple[str, NotebookNode]:
    """Run one notebook in a kernel of its own, no cell longer than a minute; return its number and the result."""
    (path,) = FOLDER.glob(f"{request.param}-*.ipynb")
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=SECONDS, kernel_name="python3", resources={"metadata": {"path": FOLDER}}).execute()
    return request.param, notebook


def outputs(notebook: NotebookNode) -> list[NotebookNode]:
    """Return all outputs of the code cells."""
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


@pytest.mark.slow
def test_notebook_runs_and_draws(run: tuple[str, NotebookNode]) -> None:
    """No cell raises or writes to stderr, and the figures are there."""
    number, notebook = run
    found = outputs(notebook)
    assert not [o for o in found if o.output_type == "error" or o.get("name") == "stderr"]
    assert sum("image/png" in o.get("data", {}) for o in found) >= FIGURES[number]


@pytest.mark.slow
def test_each_figure_has_its_finding(run: tuple[str, NotebookNode]) -> None:
    """A sentence follows each figure, computed: no field of it was left unfilled."""
    _, notebook = run
    told = [o["data"]["text/markdown"] for o in outputs(notebook) if "text/markdown" in o.get("data", {})]
    assert len(told) >= 4
    for sentence in told:
        assert sentence.rstrip().endswith((".", "**"))
        assert not {"nan", "NaT", "None", "inf"} & set(sentence.replace(",", " ").replace("*", " ").split())


@pytest.mark.slow
def test_first_cell_states_question_data_and_caveats(run: tuple[str, NotebookNode]) -> None:
    """A reader knows what is asked, of which data, and what to beware of."""
    _, notebook = run
    first = notebook.cells[0].source
    assert all(f"**{word}" in first for word in ("Question", "Data", "Caveats"))

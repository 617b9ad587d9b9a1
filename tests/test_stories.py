"""The stories that ship: no number is typed, all pages are in the tables, each is one small file."""

from __future__ import annotations

import ast
import re
import runpy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conflictkit.maps._steps import read_steps

if TYPE_CHECKING:
    from collections.abc import Iterator

    import conflictkit as ck

FOLDER = Path(__file__).parents[1] / "stories"
STORIES = sorted(FOLDER.glob("*.py"))


def prose(path: Path) -> Iterator[str]:
    """Yield the words that a script sets itself: texts of more than a word, outside docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docs = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, documented)}
    for node in ast.walk(tree):
        value = node.value if isinstance(node, ast.Constant) else None
        if isinstance(value, str) and " " in value and value not in docs:
            yield value


@pytest.fixture(scope="module", params=STORIES, ids=lambda path: path.stem)
def steps(request: pytest.FixtureRequest, territory: ck.Territory) -> list[dict[str, Any]]:
    """Return the steps of a story."""
    script = runpy.run_path(str(request.param))
    found: list[dict[str, Any]] = script["steps_of"](script["Facts"](territory))
    return found


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_no_number_is_typed(path: Path) -> None:
    """What a reader is told in figures comes from the tables."""
    words = list(prose(path))
    assert len(words) > 20
    assert [text for text in words if re.search(r"\d", text)] == []


def test_steps_are_read(steps: list[dict[str, Any]], territory: ck.Territory) -> None:
    """Eight of them, in the order of their days, each with a page or a number."""
    read = read_steps(steps, territory)
    assert len(read) == 8
    assert [step.day for step in read] == sorted(step.day for step in read)
    assert all(re.search(r"\d", step.text) for step in read)


def test_pages_are_those_of_the_tables(steps: list[dict[str, Any]], territory: ck.Territory) -> None:
    """Each link leads to a page of the table of sources."""
    known = {str(url).replace("(", "%28").replace(")", "%29") for url in territory.tables.sources["url"].dropna()}
    links = {link for step in steps for link in re.findall(r"\]\(([^)]+)\)", step["text"])}
    assert len(links) > 8
    assert links <= known


def test_what_the_border_story_says(steps: list[dict[str, Any]]) -> None:
    """The figures of the report, and the days of the two towns."""
    text = " ".join(step["text"] for step in steps)
    assert "1,500 to 2,500" in text
    assert "2,000 to 3,000" in text
    assert "3,500 to 5,500" in text
    assert [f"{step['date']:%d %B}" for step in steps] == [
        "17 October", "26 October", "03 November", "03 November", "03 November", "11 November", "17 November",
        "19 November",
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_a_story_is_one_small_file(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Written where it is told to, below three million bytes."""
    page = tmp_path / "story.html"
    monkeypatch.setattr("sys.argv", [str(path), str(page)])
    runpy.run_path(str(path), run_name="__main__")
    assert page.stat().st_size < 3_000_000
    assert page.read_text(encoding="utf-8").count('class="ck-tale-step"') == 8

"""The page of pictures has each function that draws, with lines that run and a picture that is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from matplotlib.image import imread

import conflictkit as ck

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "gallery.md").read_text(encoding="utf-8")
ENTRIES = {
    name: (code, title, file)
    for name, code, title, file in re.findall(
        r"### (\w+)\n\n.*?```python\n(.*?)\n```\n\n!\[(.*?)\]\((.*?)\)", PAGE, re.DOTALL
    )
}


def test_every_picture_is_in_the_gallery() -> None:
    """Each `plot_*` and `map_*`, and nothing else, in at most two lines, of which the last one calls it."""
    assert set(ENTRIES) == {name for name in ck.__all__ if name.startswith(("plot_", "map_"))}
    for name, (code, _, _) in ENTRIES.items():
        assert len(code.splitlines()) <= 2
        assert code.splitlines()[-1].startswith(f"ck.{name}(")


def test_every_picture_is_there_small_and_said_in_words() -> None:
    """A file for each, and none besides but those of the README; a text for those who do not see it."""
    used = {file for _, _, file in ENTRIES.values()} | {"pictures/readme-map.png", "pictures/readme-area.png"}
    assert {f"pictures/{path.name}" for path in (DOCS / "pictures").iterdir()} == used
    assert all(title for _, title, _ in ENTRIES.values())
    assert sum(path.stat().st_size for path in (DOCS / "pictures").iterdir()) < 3_000_000
    for _, _, file in ENTRIES.values():
        assert imread(DOCS / file).shape[1] >= 500


@pytest.mark.slow
def test_the_lines_of_the_gallery_run(territory: ck.Territory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each entry by itself, after the lines above all."""
    monkeypatch.chdir(DOCS.parent)
    for code, _, _ in ENTRIES.values():
        exec(code, {"ck": ck, "territory": territory})  # noqa: S102 - lines of a page of ours

"""Files are written whole or not at all; no cell of theirs runs."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from conflictkit.writing import csv_for_people, write_whole

if TYPE_CHECKING:
    from pathlib import Path


def test_a_failed_write_keeps_the_good_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a pair of surrogates, a full disk: the old file stands, and nothing is left beside it."""
    page = write_whole(tmp_path / "page.html", "good")
    with pytest.raises(UnicodeEncodeError):
        write_whole(page, "half \ud83d")
    monkeypatch.setattr("os.fsync", _full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(page, b"new")
    assert page.read_text(encoding="utf-8") == "good"
    assert [file.name for file in tmp_path.iterdir()] == ["page.html"]


def _full(_: int) -> None:
    raise OSError(28, "No space left on device")


def test_a_file_has_the_rights_of_the_one_before(tmp_path: Path) -> None:
    """A new file is readable like any other; a replaced one keeps who may read it."""
    page = write_whole(tmp_path / "page.html", "a")
    plain = tmp_path / "plain.txt"
    plain.write_text("a", encoding="utf-8")
    assert page.stat().st_mode == plain.stat().st_mode
    page.chmod(0o600)
    assert write_whole(page, "b").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_cells_that_begin_like_a_formula_become_text(cell: str) -> None:
    """In columns and in their names; numbers below zero stay numbers."""
    frame = pd.DataFrame({"note": [cell, "plain"], "km": [-1.5, 2.0], cell: pd.Categorical(["a", cell])})
    before = frame.copy()
    head, first, second = csv.reader(io.StringIO(csv_for_people(frame), newline=""))
    assert head == ["note", "km", f"'{cell}"]
    assert first == [f"'{cell}", "-1.5", "a"]
    assert second == ["plain", "2.0", f"'{cell}"]
    pd.testing.assert_frame_equal(frame, before)

"""Files are written whole or not at all; no cell of theirs runs."""

from __future__ import annotations

import csv
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from conflictkit import writing
from conflictkit.errors import ConflictkitError
from conflictkit.writing import csv_for_people, write_whole


def test_a_failed_write_keeps_the_good_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a pair of surrogates, a full disk: the old file stands, and nothing is left beside it."""
    page = write_whole(tmp_path / "page.html", "good")
    with pytest.raises(ConflictkitError, match=r"in 'half .ud83d' is half of a pair of surrogates"):
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


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20S"]
)
def test_cells_that_begin_like_a_formula_become_text(cell: str) -> None:
    """In columns and in their names; numbers below zero stay numbers."""
    frame = pd.DataFrame({"note": [cell, "plain"], "km": [-1.5, 2.0], cell: pd.Categorical(["a", cell])})
    before = frame.copy()
    head, first, second = csv.reader(io.StringIO(csv_for_people(frame), newline=""))
    assert head == ["note", "km", f"'{cell}"]
    assert first == [f"'{cell}", "-1.5", "a"]
    assert second == ["plain", "2.0", f"'{cell}"]
    pd.testing.assert_frame_equal(frame, before)


def test_a_disk_that_is_full_keeps_the_good_file(tmp_path: Path) -> None:
    """What the system refuses to write more of is no file: a limit of the size of files stands for the disk."""
    pytest.importorskip("resource")  # not on Windows
    page = write_whole(tmp_path / "page.html", b"good")
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000)); "
        "from conflictkit.writing import write_whole; write_whole(sys.argv[1], b'x' * 60_000)"
    )
    done = subprocess.run([sys.executable, "-c", code, page], capture_output=True, text=True, check=False)
    assert "OSError: [Errno 27] File too large" in done.stderr
    assert page.read_bytes() == b"good"
    assert [file.name for file in tmp_path.iterdir()] == ["page.html"]


def test_a_link_keeps_leading_to_its_file(tmp_path: Path) -> None:
    """What it leads to is replaced, not the link."""
    (tmp_path / "real.html").write_text("a", encoding="utf-8")
    link = tmp_path / "link.html"
    link.symlink_to("real.html")
    assert write_whole(link, "b") == link
    assert link.is_symlink()
    assert (tmp_path / "real.html").read_text(encoding="utf-8") == "b"


def test_names_as_long_as_the_disk_allows(tmp_path: Path) -> None:
    """The file beside the target has a short name of its own."""
    assert write_whole(tmp_path / ("x" * 250 + ".csv"), "a").read_text(encoding="utf-8") == "a"


@pytest.mark.parametrize("path", [5, None, "", ".", "a\0b"], ids=repr)
def test_what_is_no_file(path: object) -> None:
    """No name, a folder, a name that no disk has."""
    with pytest.raises(ConflictkitError):
        write_whole(path, "a")  # type: ignore[arg-type]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_or_a_device_stays_what_it_is(tmp_path: Path) -> None:
    """Who may replace /dev/null by a page would do it for all programs of the machine."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(ConflictkitError, match="is a device or a pipe: give a file name"):
        write_whole(pipe, "a")
    assert pipe.is_fifo()


def test_a_link_to_itself(tmp_path: Path) -> None:
    """It leads to no file."""
    link = tmp_path / "page.html"
    link.symlink_to(link)
    with pytest.raises((ConflictkitError, OSError)):
        write_whole(link, "a")
    assert link.is_symlink()


def test_the_kit_writes_in_one_place() -> None:
    """No other file of the package opens one for writing."""
    writes = re.compile(
        r"\.write_text\(|\.write_bytes\(|\bopen\([^)]*[\"'][wax]|\.to_csv\((?!index=False)|\.to_file\(|\.save\([^p)]"
    )
    package = Path(writing.__file__).parent
    found = {
        (file.relative_to(package).as_posix(), line.strip())
        for file in package.rglob("*.py")
        for line in file.read_text(encoding="utf-8").splitlines()
        if writes.search(line) and ">>>" not in line and file.name != "writing.py"
    }
    assert {name for name, _ in found} <= {"charts/_layout.py"}, found  # a picture in memory

"""Files that are a CSV, and the many that are not."""

from __future__ import annotations

import gzip
import traceback
import zipfile
from typing import TYPE_CHECKING

import pytest

from conflictkit.errors import TableError
from conflictkit.files import data_folder, read_strings

if TYPE_CHECKING:
    from pathlib import Path

CSV = "place_id,name,note\nraqqa,Raqqa,\nmosul,Mosul,two banks\n"


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """Return where a user's file lies."""
    return tmp_path / "mine.csv"


@pytest.mark.parametrize(
    "content",
    [
        CSV.encode(),
        CSV.encode("utf-8-sig"),
        CSV.replace("\n", "\r\n").encode(),
        CSV.rstrip().encode(),
        CSV.replace("place_id,", '" place_id ",').encode(),
        CSV.replace("Raqqa,", "Raqqa,   ").encode(),
    ],
    ids=["plain", "byte-order-mark", "windows", "no-last-newline", "spaced-header", "blank-cell"],
)
def test_forms_of_one_table(mine: Path, content: bytes) -> None:
    """What editors and spreadsheets do to a CSV does not change what is in it."""
    mine.write_bytes(content)
    frame = read_strings(mine)
    assert frame.fillna("-").to_dict("list") == {
        "place_id": ["raqqa", "mosul"],
        "name": ["Raqqa", "Mosul"],
        "note": ["-", "two banks"],
    }
    assert set(frame.dtypes.astype(str)) == {"str"}


def test_rows_know_their_line(mine: Path) -> None:
    """Blank lines and cells of several lines do not shift the count."""
    mine.write_text('\na,b\n1,"one\ntwo"\n\n,\n2,three\n', encoding="utf-8")
    frame = read_strings(mine)
    assert frame.index.tolist() == [3, 7]
    assert frame.b.tolist() == ["one\ntwo", "three"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b",,\n,,\n", "is empty"),
        (b"place_id,name\n", "has a header and no rows"),
        (b"\x89PNG\r\n\x1a\n\0\0", "is not a text file"),
        (gzip.compress(CSV.encode(), mtime=0), "is not a text file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an old workbook"),
        (CSV.encode("utf-16"), "is UTF-16, not UTF-8"),
        (b'{"type": "FeatureCollection", "features": []}', "looks like JSON or XML"),
        (b"<html><body>404</body></html>", "looks like JSON or XML"),
        ("place_id,name\nx,Müller\n".encode("latin-1"), "is not UTF-8 (line 2)"),
        (CSV.replace(",", ";").encode(), "is separated by semicolons"),
        (CSV.replace(",", "\t").encode(), "is separated by tabs"),
        (b"a,b\n1,2\n1,2,3\n\n1\n", "has 2 columns, but line 3 has 3 cells, line 5 has 1 cells"),
        (b"a,b\n" + b"1,2,3\n" * 9, "line 6 has 3 cells and 4 more"),
        (b'a,b\n1,2\n"x,y\n', "is not CSV: line 3 cannot be read"),
    ],
    ids=[
        *("empty", "blank", "mark-only", "commas-only", "header-only", "image", "gzip", "old-workbook", "utf-16"),
        *("geojson", "html", "latin-1", "semicolons", "tabs", "ragged", "very-ragged", "quotes"),
    ],
)
def test_files_that_are_not_a_csv(mine: Path, content: bytes, expected: str) -> None:
    """One sentence names the file and what it is instead; one more says what to do."""
    mine.write_bytes(content)
    message = message_of(mine)
    assert repr(str(mine)) in message
    assert expected in message
    assert message.endswith(".")


def test_a_workbook(mine: Path) -> None:
    """A workbook is a zip archive; a column whose name begins like one is not."""
    with zipfile.ZipFile(mine, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert "is a workbook or an archive" in message_of(mine)
    mine.write_text("PK,name\n1,x\n", encoding="utf-8")
    assert read_strings(mine).PK.tolist() == ["1"]


def test_paths_that_cannot_be_opened(mine: Path) -> None:
    """No file, or a folder."""
    assert "cannot be opened (No such file or directory)" in message_of(mine)
    assert "cannot be opened (Is a directory)" in message_of(mine.parent)


def message_of(path: Path) -> str:
    """Return the error of a file, and see that nothing of another library hangs on it."""
    with pytest.raises(TableError) as caught:
        read_strings(path)
    error = caught.value
    assert error.__cause__ is None
    assert error.__suppress_context__
    assert error.problems is None
    assert "During handling" not in "".join(traceback.format_exception(error))
    return str(error)


def test_data_folder_holds_the_tables() -> None:
    """In a checkout it lies beside the package."""
    assert (data_folder() / "control_changes.csv").is_file()

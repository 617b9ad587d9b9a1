"""Files that are a CSV, and the many that are not."""

from __future__ import annotations

import gzip
import os
import traceback
import zipfile
from pathlib import Path

import pytest

from conflictkit import files
from conflictkit.errors import TableError, UnknownNameError
from conflictkit.files import PLAIN, Dialect, data_folder, read_strings

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
        (CSV.encode("utf-16"), "is UTF-16. Say so, encoding='utf-16'"),
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
    assert "is a folder. Check the path." in message_of(mine.parent)


def message_of(path: Path, dialect: Dialect = PLAIN) -> str:
    """Return the error of a file, and see that nothing of another library hangs on it."""
    with pytest.raises(TableError) as caught:
        read_strings(path, dialect)
    error = caught.value
    assert error.__cause__ is None
    assert error.__suppress_context__
    assert error.problems is None
    assert "During handling" not in "".join(traceback.format_exception(error))
    return str(error)


def test_data_folder_holds_the_tables() -> None:
    """In a checkout it lies beside the package."""
    assert (data_folder() / "control_changes.csv").is_file()


EUROPEAN = "geonameid;name;value\n1;Al-Qāim;1,5\n2;Mosul;2\n"


@pytest.mark.parametrize(
    ("content", "dialect"),
    [
        (EUROPEAN.encode(), Dialect(";", ",")),
        (EUROPEAN.encode("utf-16"), Dialect(";", ",", "utf-16")),
        (EUROPEAN.encode("utf-16-le"), Dialect(";", ",", "utf-16-le")),
        (EUROPEAN.replace(";", "\t").encode("utf-8-sig"), Dialect("\t", ",")),
        (EUROPEAN.replace(";", "|").encode("utf-8-sig"), Dialect("|", ",", "UTF8")),
        (EUROPEAN.replace("Al-Qāim", "القائم").encode("cp1256"), Dialect(";", ",", "cp1256")),
        (EUROPEAN.replace("Al-Qāim", "Köln").encode("cp1252"), Dialect(";", ",", "cp1252")),
    ],
    ids=["semicolons", "utf-16", "utf-16-le", "tabs", "bars", "arabic", "western"],
)
def test_a_csv_is_read_as_its_owner_says(mine: Path, content: bytes, dialect: Dialect) -> None:
    """As spreadsheets write it elsewhere: nothing is guessed, and all is read when told."""
    mine.write_bytes(content)
    frame = read_strings(mine, dialect)
    assert list(frame.columns) == ["geonameid", "name", "value"]
    assert frame.name[2] in {"Al-Qāim", "القائم", "Köln"}
    assert frame.value.tolist() == ["1,5", "2"]


@pytest.mark.parametrize(
    ("content", "told", "dialect"),
    [
        (EUROPEAN.encode(), "separated by semicolons. Say so, sep=';' (and decimal=','", Dialect()),
        (EUROPEAN.replace(";", "\t").encode(), r"separated by tabs. Say so, sep='\t', or save it", Dialect()),
        (CSV.encode(), "separated by commas. Say so, sep=','", Dialect(";")),
        (EUROPEAN.encode("utf-16"), "is UTF-16. Say so, encoding='utf-16'", Dialect(";")),
        ("a,b\nx,Köln\n".encode("cp1252"), "is not UTF-8 (line 2). Say what it is, as encoding='cp1252'", Dialect()),
        (b"\xff\xfea", "is not UTF-16 (line 1)", Dialect(encoding="utf-16")),
        (EUROPEAN.replace("2;", "2;3;").encode(), "Quote cells with semicolons in them.", Dialect(";")),
    ],
    ids=["semicolons", "tabs", "commas", "utf-16", "western", "half", "ragged"],
)
def test_the_refusal_says_how_to_tell(mine: Path, content: bytes, told: str, dialect: Dialect) -> None:
    """Which argument to give, with the value that is likely."""
    mine.write_bytes(content)
    assert told in message_of(mine, dialect)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"sep": ""}, "sep='' must be"),
        ({"sep": ";;"}, "sep=';;' must be"),
        ({"sep": "a"}, "sep='a' must be"),
        ({"sep": '"'}, "must be the one sign"),
        ({"sep": "\n"}, "must be the one sign"),
        ({"sep": None}, "sep=None must be"),
        ({"decimal": "·"}, "decimal='·' must be"),
        ({"decimal": None}, "decimal=None must be"),
        ({"encoding": "cp12526"}, "encoding='cp12526' is not known"),
        ({"encoding": "hex"}, "encoding='hex' is not known"),
        ({"encoding": None}, "encoding=None is not known"),
        ({"encoding": "x\0"}, "is not known"),
    ],
    ids=str,
)
def test_what_no_csv_is_written_as(said: dict[str, str], told: str) -> None:
    """An argument that cannot be is refused with what can."""
    with pytest.raises(UnknownNameError) as refused:
        Dialect.of(**{**PLAIN._asdict(), **said})
    assert told in str(refused.value)


def test_columns_without_a_name(mine: Path) -> None:
    """Spreadsheets write empty ones behind the table; one with cells is kept, and refused by the table's check."""
    mine.write_text("a,b,,\n1,2,,\n3,,,\n", encoding="utf-8")
    assert list(read_strings(mine).columns) == ["a", "b"]
    mine.write_text("a,b,,\n1,2,,\n3,,,x\n", encoding="utf-8")
    assert list(read_strings(mine).columns) == ["a", "b", ""]


def test_a_cell_as_long_as_a_book(mine: Path) -> None:
    """The reason is told, not the words of Python's reader; a cell of the longest length is read."""
    mine.write_text("a,b\n1," + "x" * 131_072 + "\n", encoding="utf-8")
    assert len(read_strings(mine).b[2]) == 131_072
    mine.write_text("a,b\n1,2\n3," + "x" * 131_073 + "\n", encoding="utf-8")
    told = "has a cell of more than 131,072 letters, in the record of line 3. Is a quote missing?"
    assert told in message_of(mine)
    assert len(message_of(mine)) < 300


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_what_would_never_end(mine: Path) -> None:
    """A pipe, a device, a link to itself: an error at once."""
    os.mkfifo(mine)
    assert "is a pipe or a device, not a file" in message_of(mine)
    assert "is a pipe or a device, not a file" in message_of(Path("/dev/zero"))
    mine.unlink()
    mine.symlink_to(mine)
    assert "cannot be opened" in message_of(mine)


def test_a_file_that_is_too_large(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read counts, not what the disk says: no more than the limit is."""
    mine.write_bytes(CSV.encode())
    monkeypatch.setattr(files, "MOST_BYTES", 10)
    assert "has more than 10 bytes. Read it with pandas, in parts" in message_of(mine)


@pytest.mark.parametrize("path", [5, None, ["a.csv"], b"a.csv"], ids=repr)
def test_what_is_no_path(path: object) -> None:
    """It is told as it is."""
    with pytest.raises(TableError, match="A path is text or a "):
        read_strings(path)  # type: ignore[arg-type]


def test_paths_that_no_disk_has() -> None:
    """NUL, half of a pair of surrogates, a page for a name."""
    assert "is no path" in message_of(Path("a\0b"))
    for name in ("a\ud83d.csv", "x" * 100_000):
        assert len(message_of(Path(name))) < 1200

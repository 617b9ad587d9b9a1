"""Files that are a CSV, and the many that are not."""

from __future__ import annotations

import csv
import gzip
import io
import os
import re
import subprocess
import sys
import traceback
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from conflictkit import files
from conflictkit.errors import ConflictkitError, TableError, UnknownNameError
from conflictkit.files import PLAIN, Dialect, csv_for_people, data_folder, read_strings, write_whole

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


def test_a_cell_as_long_as_a_book(mine: Path, request: pytest.FixtureRequest) -> None:
    """The reason is told, not the words of Python's reader; a cell of the longest length is read."""
    before = csv.field_size_limit(131_072)  # Python's own, which other packages that a test imports lift for all
    request.addfinalizer(lambda: csv.field_size_limit(before))
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
        "from conflictkit.files import write_whole; write_whole(sys.argv[1], b'x' * 60_000)"
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
    package = Path(files.__file__).parent
    found = {
        (file.relative_to(package).as_posix(), line.strip())
        for file in package.rglob("*.py")
        for line in file.read_text(encoding="utf-8").splitlines()
        if writes.search(line) and ">>>" not in line
    }
    # a picture in memory, parts of a geodatabase in a folder that goes again, what a message says, and the one place
    elsewhere = {"charts/_settings.py", "readers/_geodatabase.py", "war_folder.py"}
    assert {name for name, _ in found} == {*elsewhere, "files.py"}, found

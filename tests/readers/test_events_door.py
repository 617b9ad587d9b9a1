"""Events come through the door of drawings: archives in one another, names that climb, links, pipes, bombs, growth."""

from __future__ import annotations

import gzip
import io
import json
import os
import zipfile
from typing import TYPE_CHECKING

import pytest

import conflictkit as ck
from conflictkit.readers import _door, _records

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = {"event_id": "id", "event_date": "day", "location": "place", "best": "dead"}
ROW = "id,day,place,dead\n{},2017-11-03,Abu Kamal,4\n"


def packed(members: dict[str, bytes | str], **options: int) -> bytes:
    """Return a zip of some members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", options.get("how", zipfile.ZIP_DEFLATED)) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return out.getvalue()


def read(path: Path, **options: object) -> tuple[list[str], list[str]]:
    """Return the ids of the events of a path, and what was set aside of it."""
    found = ck.read_events(path, columns=COLUMNS, **options)  # type: ignore[arg-type]
    return found["event_id"].tolist(), [f"{one['file']}: {one['reason']}" for one in found.attrs["rejected"]]


@pytest.mark.parametrize("engine", ["pandas", "dask"])
def test_archives_in_archives_are_searched(tmp_path: Path, engine: str) -> None:
    """By both engines, also what is packed twice; Dask opens each anew where it is read."""
    deep = packed({"c.csv": ROW.format("c"), "d.csv.gz": gzip.compress(ROW.format("d").encode())})
    path = tmp_path / "all.zip"
    path.write_bytes(packed({"a.csv": ROW.format("a"), "in/deep.zip": deep, "b.csv": ROW.format("b")}))
    if engine == "dask":
        pytest.importorskip("dask")
        wide = ck.read_events(path, columns=COLUMNS, engine="dask")
        assert wide.compute(scheduler="synchronous")["event_id"].tolist() == ["a", "b", "c", "d"]
    else:
        assert read(path) == (["a", "b", "c", "d"], [])


@pytest.mark.filterwarnings("ignore:.* set aside")
def test_members_are_their_bytes_and_never_paths(tmp_path: Path) -> None:
    """Names that climb out, a link, a file that points elsewhere and a folder's name lead nowhere."""
    (tmp_path / "secret.csv").write_text(ROW.format("secret"))
    inside = tmp_path / "in"
    inside.mkdir()
    link = zipfile.ZipInfo("link.csv")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(inside / "all.zip", "w") as file:
        file.writestr("../secret.csv", ROW.format("own"))
        file.writestr("/etc/passwd.csv", ROW.format("etc"))
        file.writestr(link, "../secret.csv")
        file.writestr("points.vrt", "<OGRVRTDataSource><SrcDataSource>../secret.csv</SrcDataSource></OGRVRTDataSource>")
    ids, aside = read(inside / "all.zip")
    assert ids == ["own", "etc"]
    assert [one.partition(": ")[0] for one in aside] == ["link.csv", "points.vrt"]
    assert "no column 'id'" in aside[0]
    assert "not read: a file of events ends in" in aside[1]


@pytest.mark.filterwarnings("ignore:.* set aside")
def test_what_is_no_file_is_set_aside(tmp_path: Path) -> None:
    """Pipes are not waited for, links not followed, hidden files not read; a folder named like a table is none."""
    (tmp_path / "good.csv").write_text(ROW.format("good"))
    (tmp_path / ".hidden.csv").write_text(ROW.format("hidden"))
    (tmp_path / "a.csv").symlink_to(tmp_path / "good.csv")
    (tmp_path / "circle").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe.csv")
    os.mkfifo(tmp_path / "pipe.zip")
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "tape.tar.gz").write_bytes(b"")
    ids, aside = read(tmp_path)
    assert ids == ["good"]
    told = dict(one.split(": ", 1) for one in aside)
    assert sorted(told) == ["a.csv", "circle", "folder.csv", "pipe.csv", "pipe.zip", "tape.tar.gz"]
    assert told["a.csv"] == "links are not followed"
    assert "pipe" in told["pipe.csv"]
    assert "pipe" in told["pipe.zip"]
    assert "unpack it first" in told["tape.tar.gz"]


@pytest.mark.filterwarnings("ignore:.* set aside")
@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv.gz", gzip.compress(ROW.format("a").encode() * 9)[:-12], "end-of-stream|unpack|ended"),
        ("a.csv.gz", b"no gzip", "Not a gzipped file"),
        ("a.zip", b"PK\x03\x04", "cannot be read as a zip"),
        ("a.csv", b"\xff\xfei\x00d", "not a text"),
        ("a.csv", b"\xff\xfe\x00", "not a text|not the layout"),
        ("a.geojson", b'{"features": 7}', "a collection of features"),
        ("a.geojson", b"[" * 100_000, "a collection of features"),
        ("a.csv", b'id,day,place,dead\ne,2017-11-03,"Raqqa,1\n', "EOF inside string"),
        ("a.csv", b'id,day,place,dead\n"', "EOF inside string"),
        ("a.xlsx", b"PK\x05\x06" + bytes(18), "cannot be read as xlsx"),
    ],
)
def test_a_broken_file_is_set_aside_and_alone_refused(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    """In words; the good one beside it is read."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ck.TableError, match=reason):
        ck.read_events(tmp_path / name, columns=COLUMNS)
    (tmp_path / "good.csv").write_text(ROW.format("good"))
    ids, aside = read(tmp_path)
    assert ids == ["good"]
    assert [one.partition(":")[0] for one in aside] == [name]


@pytest.mark.filterwarnings("ignore:.* set aside")
@pytest.mark.parametrize("name", ["bomb.zip", "bomb.csv.gz"])
def test_a_bomb_is_stopped_at_the_limit(tmp_path: Path, name: str) -> None:
    """Three million letters from a few kilobytes are read, beyond the limit they are set aside."""
    text = ROW.format("big") + "x" * 3_000_000
    data = gzip.compress(text.encode()) if name.endswith("gz") else packed({"bomb.csv": text})
    (tmp_path / name).write_bytes(data)
    assert len(data) < 10_000
    (tmp_path / "good.csv").write_text(ROW.format("good"))
    assert [len(one) for one in read(tmp_path)[0]] == [3, 3_000_000, 4]
    ids, aside = read(tmp_path, limits={"file_bytes": 1_000_000})
    assert ids == ["good"]
    assert "more than 1,000,000 bytes of one file" in aside[0]
    assert "limits=" in aside[0]


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ({"files": 2}, "more than 2 files"),
        ({"all_bytes": 100}, "more than 100 bytes in all"),
        ({"features": 2}, "more than 2 features"),
    ],
)
def test_beyond_a_limit_of_all_it_is_refused(tmp_path: Path, limits: dict[str, int], told: str) -> None:
    """In a folder and in a zip; never read in part."""
    files = {f"{name}.csv": ROW.format(name) for name in "abcd"}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "zip").mkdir()
    (tmp_path / "zip" / "all.zip").write_bytes(packed(dict(files)))
    for path in (tmp_path, tmp_path / "zip" / "all.zip"):
        with pytest.raises(ck.TableError, match=told):
            ck.read_events(path, columns=COLUMNS, limits=limits)
    with pytest.raises(ck.errors.UnknownNameError, match="Did you mean 'files'"):
        ck.read_events(tmp_path, columns=COLUMNS, limits={"file": 3})


@pytest.mark.filterwarnings("ignore:.* set aside")
def test_archives_end_somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nine deep, and what is too large to be held inside another."""
    data: bytes = packed({"a.csv": ROW.format("a")})
    for _ in range(8):
        data = packed({"n.zip": data})
    (tmp_path / "deep.zip").write_bytes(data)
    with pytest.raises(ck.TableError, match=r"deeper than 8 folders and archives.*\{'depth': 10\}"):
        ck.read_events(tmp_path / "deep.zip", columns=COLUMNS)
    assert read(tmp_path / "deep.zip", limits={"depth": 10}) == (["a"], [])
    monkeypatch.setattr(_door, "NESTED_BYTES", 50)
    with pytest.raises(ck.TableError, match="more than 50 bytes in an archive inside an archive"):
        ck.read_events(tmp_path / "deep.zip", columns=COLUMNS)


def test_a_file_that_is_written_to_is_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It could be half of the old and half of the new, or have no end."""
    path = tmp_path / "a.csv"
    path.write_text(ROW.format("a"))
    sized = _records.encoding_of

    def growing(source: _records.Source) -> tuple[str, int]:
        """Somebody writes between the first look and the reading."""
        found = sized(source)
        path.write_text(path.read_text() + "b,2017-11-04,Raqqa,1\n")
        return found

    monkeypatch.setattr(_records, "encoding_of", growing)
    with pytest.raises(ck.TableError, match="changed while it was read"):
        ck.read_events(path, columns=COLUMNS)


def sheet_of(path: Path, rows: str, dimension: str) -> Path:
    """Write a sheet by hand: rows as XML, and how large it says that it is."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["x"])
    book.save(path)
    members = {}
    with zipfile.ZipFile(path) as file:
        members = {name: file.read(name) for name in file.namelist()}
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    text = f'<worksheet xmlns="{space}"><dimension ref="{dimension}"/><sheetData>{rows}</sheetData></worksheet>'
    path.write_bytes(packed(members | {"xl/worksheets/sheet1.xml": text}))
    return path


def cells(number: int, *values: str, last: str = "") -> str:
    """Return a row of a sheet as XML."""
    names = [*"ABCDEFGH"[: len(values)]]
    made = [
        f'<c r="{name}{number}" t="inlineStr"><is><t>{cell}</t></is></c>'
        for name, cell in zip(names, values, strict=True)
    ]
    return f'<row r="{number}">{"".join(made)}{last}</row>'


HEADER = cells(1, "id", "day", "place", "dead")


@pytest.mark.filterwarnings("ignore:.* set aside")
@pytest.mark.parametrize("dimension", ["A1:D2", "A1:XFD1048576", "A1"])
def test_a_sheet_is_as_large_as_it_is(tmp_path: Path, dimension: str) -> None:
    """Whatever it says: too small lost rows without a word, too large made ten thousand million cells."""
    rows = HEADER + "".join(cells(number, f"e{number}", "2017-11-03", "Raqqa", "1") for number in (2, 3, 5))
    ids, aside = read(sheet_of(tmp_path / "a.xlsx", rows, dimension))
    assert ids == ["e2", "e3", "e5"]
    assert [reason.split(": ")[1] for reason in aside] == ["blank"]


def test_a_sheet_of_few_letters_and_many_cells_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row at the end of the sheet, or cells at the end of rows; unpacked sheets have a limit too."""
    far = sheet_of(tmp_path / "a.xlsx", HEADER + cells(900_000_000, "e", "2017-11-03", "Raqqa", "1"), "A1:D2")
    monkeypatch.setattr(_records, "MAX_CELLS", 100_000)
    with pytest.raises(ck.TableError, match="more than 100,000 cells"):
        ck.read_events(far, columns=COLUMNS)
    last = [cells(n, "e", last=f'<c r="XFD{n}"><v>1</v></c>') for n in range(2, 40)]
    with pytest.raises(ck.TableError, match="more than 100,000 cells"):
        ck.read_events(sheet_of(tmp_path / "b.xlsx", HEADER + "".join(last), "A1:D2"), columns=COLUMNS)
    monkeypatch.setattr(_records, "MAX_UNPACKED", 100)
    with pytest.raises(ck.TableError, match="more than 100 bytes, unpacked"):
        ck.read_events(far, columns=COLUMNS)


@pytest.mark.filterwarnings("ignore:.* set aside")
def test_a_feature_that_is_none_is_set_aside(tmp_path: Path) -> None:
    """Not the whole file; a point without coordinates is an event without a place."""
    good = {
        "properties": {"id": "a", "day": "2017-11-03", "place": "x", "dead": 1},
        "geometry": {"type": "Point", "coordinates": []},
    }
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"features": [good, 7, {"properties": [1]}, None]}))
    found = ck.read_events(path, columns=COLUMNS)
    assert found["event_id"].tolist() == ["a"]
    assert found["flags"].tolist() == ["unplaced"]
    assert [(one["line"], one["reason"]) for one in found.attrs["rejected"]] == [
        (line, "not a feature with properties") for line in (3, 4, 5)
    ]

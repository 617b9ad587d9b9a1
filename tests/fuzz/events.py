"""The doors for events: files of every layout as nobody should bring them, bent, cut and packed."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fuzz.cells import ANY_TEXT, CELLS, DAYS, NUMBERS, PASTED
from fuzz.door import Door
from fuzz.drawings import TOKENS
from fuzz.tables import as_text
from hypothesis import strategies as st

import conflictkit as ck
from conflictkit.readers import _acled, _gdelt, _ucdp

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

OWN = {
    "event_id": "id",
    "event_date": "when",
    "location": "place",
    "latitude": "lat",
    "longitude": "lon",
    "best": "dead",
}
STRIKES = (
    "Employment date",
    "Time begin",
    "Time end",
    "Position MGRS",
    "Position lat",
    "Position long",
    "Mission",
    "Town",
)
HEADERS: dict[str, tuple[str, ...]] = {
    "ucdp": tuple(dict.fromkeys((*_ucdp.USES, *sorted(_ucdp.KEYS)))),
    "acled": _acled.USES,
    "gdelt": _gdelt.NAMES[58][1],
    "strikes": STRIKES,
    "own": tuple(OWN.values()),
}
SEPARATORS = {"gdelt": "\t", "strikes": ";"}
GOOD = {
    **dict.fromkeys(("event_date", "date_start", "date_end", "when"), "2017-11-03"),
    **dict.fromkeys(("latitude", "lat", "Position lat"), "34.5"),
    **dict.fromkeys(("longitude", "lon", "Position long"), "40.9"),
    **dict.fromkeys(("best", "low", "high", "fatalities", "dead"), "3"),
    **dict.fromkeys(("type_of_violence", "where_prec", "date_prec", "geo_precision", "time_precision"), "1"),
    "Employment date": "7-Oct-17",
    "SQLDATE": "20171103",
    "EventCode": "190",
    "Mission": "CAS",
}
ODD = st.one_of(ANY_TEXT, PASTED, CELLS.map(as_text), DAYS.map(as_text), NUMBERS.map(as_text))


@st.composite
def tables(draw: Callable[..., Any]) -> tuple[str, list[list[str]]]:
    """Return a layout and its records, the header first: good rows with some cells, or some rows, bent."""
    layout = draw(st.sampled_from(sorted(HEADERS)))
    header = HEADERS[layout]
    rows = []
    for number in range(draw(st.integers(0, 6))):
        row = [GOOD.get(name, f"e{number}" if at == 0 else "x") for at, name in enumerate(header)]
        for _ in range(draw(st.integers(0, 3))):
            row[draw(st.integers(0, len(row) - 1))] = draw(ODD)
        rows.append(row)
    odd_rows = st.sampled_from(
        [[], [""] * len(header), list(header), ["#x"] * len(header), ["x"] * (len(header) + 2), ["x"]]
    )
    for _ in range(draw(st.integers(0, 2))):
        rows.insert(draw(st.integers(0, len(rows))), list(draw(odd_rows)))
    if layout == "gdelt":  # it has no header, and is told by its cells
        rows.insert(0, [str(at) if at == 0 else "20171103" if at == 1 else "" for at in range(len(header))])
        return layout, rows
    return layout, [list(header), *rows]


def told_of(layout: str) -> dict[str, Any]:
    """Return what a reader has to be told of a layout."""
    return {"columns": OWN} if layout == "own" else {"layout": layout}


def written(layout: str, rows: list[list[str]]) -> str:
    """Return records as the text of a file."""
    out = io.StringIO()
    plain = layout == "gdelt"  # its cells are never quoted
    if plain:
        rows = [[cell.translate(dict.fromkeys(map(ord, "\t\r\n\0"), " ")) for cell in row] for row in rows]
    quoting = {"quoting": csv.QUOTE_NONE, "quotechar": None} if plain else {}
    csv.writer(
        out, delimiter=SEPARATORS.get(layout, ","), lineterminator="\n" if plain else "\r\n", **quoting
    ).writerows(rows)
    return out.getvalue()


def read(path: Path, layout: str) -> pd.DataFrame:
    """Read a path, and see that what comes out is a table of events."""
    found = ck.read_events(path, **told_of(layout))
    assert found["event_id"].notna().all()
    assert found["flags"].map(lambda cell: cell != cell or isinstance(cell, str)).all()  # noqa: PLR0124
    undated = found["flags"].fillna("").str.split(";").map(lambda flags: "undated" in flags)
    assert (undated == found["event_date"].isna()).all()
    assert all(one["reason"] for one in found.attrs["rejected"])
    return found


def lossless(given: tuple[str, list[list[str]]]) -> None:
    """Rows of the file are rows of the table and rows set aside, in the order of the file."""
    layout, rows = given
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mine.csv"
        text = written(layout, rows)
        path.write_bytes(text.encode("utf-8", "replace"))
        found = read(path, layout)
    # the csv writer leaves an empty line of an empty record, which is none
    records = sum(1 for row in rows if row) - (layout != "gdelt")
    assert len(found) + len(found.attrs["rejected"]) == records, (len(found), found.attrs["rejected"], records)


@st.composite
def files(draw: Callable[..., Any]) -> tuple[str, str, bytes]:
    """Return a layout, the name of a file of it and its bytes: packed or not, in some encoding, some bytes harmed."""
    layout, rows = draw(tables())
    kind = draw(st.sampled_from([".csv", ".csv.gz", ".zip", ".geojson", ".xlsx", ".txt"]))
    content = written(layout, rows).encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1256"])), "replace")
    if kind in {".geojson", ".xlsx"}:
        content = features(rows) if kind == ".geojson" else sheet(rows)
    content = harmed(draw, content)
    if kind == ".csv.gz":
        content = harmed(draw, gzip.compress(content, mtime=0))
    if kind == ".zip":
        name = draw(st.sampled_from(["a.csv", "../a.csv", "in/a.csv", "a\\b.csv", "a.vrt"]))
        content = harmed(draw, zipped({name: content, "more.zip": b"PK\x05\x06" + bytes(18)}))
    return layout, f"mine{kind}", content


def harmed(draw: Callable[..., Any], content: bytes) -> bytes:
    """Return bytes of which some are cut, changed or put in; often none."""
    for _ in range(draw(st.sampled_from([0, 0, 1, 2]))):
        start, length = draw(st.integers(0, 1 << 20)) % max(1, len(content)), draw(st.integers(0, 30))
        marks = st.sampled_from([b'"', b"\n", b"\r", b"\0"])
        new = draw(st.one_of(st.sampled_from(TOKENS), marks, st.binary(max_size=3)))
        content = content[:start] + new + (b"" if draw(st.integers(0, 5)) == 0 else content[start + length :])
    return content


def features(rows: list[list[str]]) -> bytes:
    """Return records as GeoJSON."""
    where = {"type": "Point", "coordinates": [40, 34]}
    made = [{"properties": dict(zip(rows[0], row, strict=False)), "geometry": where} for row in rows[1:]]
    return json.dumps({"type": "FeatureCollection", "features": made}).encode()


def sheet(rows: list[list[str]]) -> bytes:
    """Return records as a sheet, without the letters that it cannot hold."""
    import openpyxl
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet()
    for row in rows:
        page.append([ILLEGAL_CHARACTERS_RE.sub("?", cell.encode("utf-8", "replace").decode()) for cell in row])
    out = io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(out) as pack:  # without the time of day: the same inputs, the same bytes
        return zipped({name: pack.read(name) for name in pack.namelist() if name != "docProps/core.xml"})


def zipped(members: dict[str, bytes]) -> bytes:
    """Return an archive of some files, all of the same day."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in members.items():
            pack.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def broken(given: tuple[str, str, bytes]) -> None:
    """Read a broken file or set it aside; the good file beside it is there."""
    layout, name, content = given
    good = [list(HEADERS["own"]), ["good", "2017-11-05", "Raqqa", "35", "39", "7"]]
    with tempfile.TemporaryDirectory() as folder:
        alone = Path(folder) / "in"
        alone.mkdir()
        (alone / name).write_bytes(content)
        try:
            read(alone / name, layout)
        finally:
            (alone / "beside.csv").write_text(written("own", good), encoding="utf-8")
            found = ck.read_events(alone, columns=OWN)
            assert (found["event_id"] == "good").sum() == 1, "the good file beside it is lost"


DOORS = [
    Door("events: every record of a file", tables(), lossless, weight=4),
    Door("events: broken files", files(), broken, weight=3),
]

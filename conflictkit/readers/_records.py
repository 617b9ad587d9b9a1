"""Records of a foreign table in blocks of text, whatever holds them: CSV, sheets, GeoJSON, alone or in an archive.

Nothing is held but the block in hand: a file is read from its beginning as often as it has to be.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import warnings
import zipfile
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

import numpy as np
import pandas as pd

from conflictkit.errors import TableError, nearest
from conflictkit.readers._door import CHUNK, Limits, state_of
from conflictkit.readers._layout import Head

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import IO

    from conflictkit.readers._door import Door
    from conflictkit.readers._layout import Layout

BLOCK = 1 << 17  # rows read at a time: pandas' parser gives its buffers back after each, and asks for them again
PIECE = 1 << 20  # bytes decoded at a time
BEGINNING = 1 << 18  # letters in which the first two records are looked for
SUFFIXES = (".csv", ".tsv", ".tab", ".txt", ".geojson", ".json", ".xlsx")
SHEETS, FEATURES = (".xlsx",), (".geojson", ".json")
# more is an accident or an attack: a table is read in blocks, so that it can be larger than a drawing
LIMITS = Limits(file_bytes=8_000_000_000, all_bytes=40_000_000_000, features=50_000_000)
MAX_HELD, MAX_UNPACKED = 400_000_000, 2_000_000_000  # bytes of one file that has to be held whole; of a sheet, unpacked
MAX_CELLS = (
    100_000_000  # of a file that has to be held whole: some letters can say that there are as many as a sheet has
)
NO_TEXT = "{}: not a text (it has zero bytes). Give a CSV, GeoJSON or xlsx file."
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
BEYOND = "\0"  # the name of the cell after the last one, where a record has too many


class Source(NamedTuple):
    """One file: its name below the path that was given, its suffix, how it is opened, as often as wanted.

    The door counts what is read of it; there is none where a part is read again.
    """

    name: str
    suffix: str
    open: Callable[[], IO[bytes]]
    door: Door | None = None


class Text(NamedTuple):
    """A text, how it begins, its encoding, its bytes, and what changes when somebody writes to it."""

    source: Source
    head: Head
    encoding: str
    size: int
    state: tuple[int, int] | None


class Table(NamedTuple):
    """A file that can be read.

    Attributes
    ----------
    head, encoding
        How it begins, and how it is written.
    blocks
        Names of its columns, or None for those of its header; which are wanted; its layout; where to note
        what is set aside -> frames of text, by the number of each record, the first of the file is 1.
    lines
        Numbers of records, and whether cells are quoted -> the line on which each begins.
    """

    head: Head
    encoding: str
    blocks: Callable[
        [tuple[str, ...] | None, Callable[[str], bool], Layout, list[tuple[int, str]]], Iterator[pd.DataFrame]
    ]
    lines: Callable[[set[int], bool], dict[int, int]]


def table_of(source: Source, *, sheet: str | int | None) -> Table:
    """Return a file as a table; raise if it cannot be read as one."""
    if source.suffix in SHEETS:
        return _of_records(source, _sheet(source, sheet), {}, encoding="xlsx")
    if source.suffix in FEATURES:
        return _of_records(source, *_features(source), encoding="utf-8")
    return _of_text(source)


def encoding_of(source: Source) -> tuple[str, int]:
    """Return the encoding of a text, and how many bytes it has: UTF-8 if all of it is, else that of old Windows."""
    with source.open() as file:
        start = file.read(4)
    marked = [name for mark, name in MARKS.items() if start.startswith(mark)]
    for name in (*marked, "utf-8", "cp1252"):
        with suppress(UnicodeError):
            return name, _size(source, name)
    return "latin-1", _size(source, "latin-1")


def _size(source: Source, encoding: str) -> int:
    """Return the bytes of a text; raise UnicodeDecodeError if it is not in this encoding."""
    decoder, size, wide = codecs.getincrementaldecoder(encoding)(), 0, encoding == "utf-16"
    with source.open() as file:
        while piece := file.read(PIECE):
            # what is ASCII is so in every encoding that is tried, and needs no decoding while no letter is open
            if not (piece.isascii() and decoder.getstate()[0] == b"" and not wide):
                decoder.decode(piece)
            size += len(piece)
            _most(source, size)
    decoder.decode(b"", final=True)
    return size


def _most(source: Source, size: int) -> None:
    """Raise if more is read of a file than may be."""
    limits = LIMITS if source.door is None else source.door.limits
    if size > limits.file_bytes:
        most = f"more than {limits.file_bytes:,} bytes of one file"
        msg = f"{source.name}: {most}: that is the most that is read, unless you give limits={{'file_bytes': ...}}."
        raise TableError(msg)


def _of_text(source: Source) -> Table:
    """Return a text whose cells are parted by commas, semicolons or tabs."""
    with source.open() as file:
        state, start = state_of(file), file.read(BEGINNING)
    # seen at once: that the rest of some gigabytes is no text either is not read
    if b"\0" in start and not start.startswith(tuple(MARKS)):
        raise TableError(NO_TEXT.format(source.name))
    encoding, size = encoding_of(source)
    if source.door is not None:
        source.door.count_bytes(size)
    with source.open() as file:
        text = io.TextIOWrapper(file, encoding=encoding, newline="")
        beginning = text.read(BEGINNING)
    if not beginning.strip():
        msg = f"{source.name}: the file is empty."
        raise TableError(msg)
    if "\0" in beginning:
        raise TableError(NO_TEXT.format(source.name))
    line = beginning.lstrip("\r\n").splitlines()[0]
    separator = max("\t;,", key=line.count)
    first, second = _two(beginning, separator)
    head = Head(source.name, first, second, separator)
    of = Text(source, head, encoding, size, state)
    return Table(head, encoding, partial(blocks_of, of), partial(_lines, of))


class Titled:
    """A text in UTF-8, whatever its encoding, with a line of its own before the first that says something."""

    def __init__(self, title: str, file: IO[bytes], encoding: str) -> None:
        self._start, self._file = title.encode(), file
        self._decoder = None if encoding == "utf-8" else codecs.getincrementaldecoder(encoding)()

    def __iter__(self) -> Titled:
        """Return itself: what cannot be gone through is no file to pandas."""
        return self

    def read(self, size: int = -1) -> bytes:
        """Return the line, then the text."""
        if not self._start:
            return self._more(size)
        start, self._start = self._start, b""
        beginning = b""
        while not beginning and (more := self._more(size)):
            beginning = more.lstrip(b"\r\n")
        return start + beginning

    def _more(self, size: int) -> bytes:
        data = self._file.read(size)
        return data if self._decoder is None else self._decoder.decode(data, final=not data).encode()


def _two(text: str, separator: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the first two records of a text."""
    # at first sight quotes among tabs are letters: those of GDELT are
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=_quoting(quoted=separator != "\t"))
    found: list[tuple[str, ...]] = []
    with suppress(csv.Error):  # of what is no table the first record is enough for the message
        found += [tuple(record) for _, record in zip(range(2), filter(None, reader), strict=False)]
    return found[0] if found else ("",), found[1] if len(found) > 1 else ()


def _quoting(*, quoted: bool) -> Literal[0, 3]:
    """Return how cells are quoted."""
    return csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE


def unique(names: tuple[str, ...]) -> list[str]:
    """Return names in small letters, told apart where they repeat or are empty."""
    found: list[str] = []
    for number, name in enumerate(names, start=1):
        plain = name.strip().lower() or f"column {number}"
        found.append(plain if plain not in found else f"{plain} ({number})")
    return found


def blocks_of(
    of: Text,
    names: tuple[str, ...] | None,
    wanted: Callable[[str], bool],
    layout: Layout,
    aside: list[tuple[int, str]],
) -> Iterator[pd.DataFrame]:
    """Yield the rows of a text; records of too many cells are set aside."""
    from tqdm import tqdm  # plain: a widget would be gone when the notebook is opened again

    source, size = of.source, of.size
    columns, at = unique(names or of.head.first), 1 if names else 2
    bar = tqdm(total=size, unit="B", unit_scale=True, desc=source.name, disable=size < 100_000_000)  # noqa: PLR2004
    try:
        with source.open() as file:
            for frame in _frames(of, file, columns, wanted, layout, header=names is None):
                _same(source, of.state, file)
                rows = frame.set_axis(pd.RangeIndex(at, at + len(frame)))
                at += len(rows)
                long = rows.pop(BEYOND).ne("")
                told = f"more cells than the {len(columns)} of the header"
                aside += [(int(number), told) for number in rows.index[long]]
                yield rows[~long] if long.any() else rows
                bar.update(file.tell() - bar.n if bar.disable is False and file.seekable() else 0)
    except (pd.errors.ParserError, UnicodeDecodeError, zipfile.BadZipFile, OSError) as error:
        msg = f"{source.name} cannot be read: {str(error).splitlines()[0]}."
        raise TableError(msg) from None
    finally:
        bar.close()


def _frames(
    of: Text, file: IO[bytes], columns: Sequence[str], wanted: Callable[[str], bool], layout: Layout, *, header: bool
) -> Iterator[pd.DataFrame]:
    """Yield the rows of a text, with what a record has beyond its columns."""
    # a header of one cell more than the file's: what a record has beyond its columns comes to light there
    title = of.head.separator.join(f"c{number}" for number in range(len(columns) + 1))
    # Arrow's text, where pandas has it, is made of the bytes without a string of Python for each cell
    arrow = pd.StringDtype(na_value=np.nan).storage == "pyarrow"
    text = {*columns, BEYOND} - layout.numeric
    reader = pd.read_csv(
        cast("IO[bytes]", Titled(f"{title}\n", file, of.encoding)), sep=of.head.separator, header=0,
        names=[*columns, BEYOND], usecols=lambda name: name == BEYOND or wanted(name),
        dtype=dict.fromkeys(text, "large_string[pyarrow]" if arrow else object),
        na_filter=False, chunksize=BLOCK, low_memory=True,
        quoting=_quoting(quoted=layout.quoted),
    )  # fmt: skip
    # the file's own header is a row here: told to skip a line, the parser is slower on all of them
    empty = reader.get_chunk(1)[1:] if header else None
    while (frame := _next(reader, empty)) is not None:
        texts = {name: pd.array(frame[name].array, dtype="str") for name in text.intersection(frame) if arrow}
        yield frame.assign(**texts)
        empty = None


def _next(reader: Iterator[pd.DataFrame], otherwise: pd.DataFrame | None) -> pd.DataFrame | None:
    """Return the next rows; a column of which a part is all numbers is converted by cell, and needs no warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pd.errors.DtypeWarning)
        return next(reader, otherwise)


def _same(source: Source, before: tuple[int, int] | None, file: IO[bytes]) -> None:
    """Raise if somebody wrote to a file since it was looked at: it could have no end."""
    if before is not None and state_of(file) != before:
        msg = f"{source.name}: it changed while it was read: read it again."
        raise TableError(msg)


def _lines(of: Text, records: set[int], quoted: bool) -> dict[int, int]:  # noqa: FBT001
    """Return the line of a text on which each of some records begins."""
    found: dict[int, int] = {}
    with of.source.open() as file:
        text = io.TextIOWrapper(file, encoding=of.encoding, newline="")
        reader = csv.reader(text, delimiter=of.head.separator, quoting=_quoting(quoted=quoted))
        before, number, last = 0, 0, max(records, default=0)
        with suppress(csv.Error):  # a cell too long for it: those after are told by their number
            for record in reader:
                number += bool(record)
                if record and number in records:
                    found[number] = before + 1
                if number >= last:
                    break
                before = reader.line_num
    return found


def _of_records(source: Source, rows: list[tuple[str, ...]], wrong: dict[int, str], *, encoding: str) -> Table:
    """Return rows that are held already, the header first; some of them are wrong, by their number."""
    if not rows:
        msg = f"{source.name}: no row."
        raise TableError(msg)
    head = Head(source.name, rows[0], rows[1] if len(rows) > 1 else (), "")

    def blocks(
        names: tuple[str, ...] | None,
        wanted: Callable[[str], bool],
        layout: Layout,  # noqa: ARG001 - as of a text
        aside: list[tuple[int, str]],
    ) -> Iterator[pd.DataFrame]:
        """Yield the rows."""
        columns, first = unique(names or rows[0]), 1 if names else 2
        long = {
            number: f"more cells than the {len(columns)} of the header"
            for number, row in enumerate(rows[first - 1 :], start=first)
            if len(row) > len(columns)
        }
        noted = long | wrong
        aside += noted.items()
        good = {number: row for number, row in enumerate(rows[first - 1 :], start=first) if number not in noted}
        body = [(*row, *[""] * (len(columns) - len(row))) for row in good.values()]
        frame = pd.DataFrame(body, columns=columns, index=pd.Index(list(good), dtype="int64"), dtype=object)
        yield frame[[column for column in columns if wanted(column)]]

    return Table(head, encoding, blocks, lambda records, _quoted: {record: record for record in records})


def _features(source: Source) -> tuple[list[tuple[str, ...]], dict[int, str]]:
    """Return the properties of GeoJSON features as rows, with the point as longitude and latitude; and what is none."""
    try:
        features = list(json.loads(_held(source))["features"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        told = str(error).splitlines()[0] if isinstance(error, ValueError) else type(error).__name__
        msg = f"{source.name} cannot be read as GeoJSON: a collection of features is expected ({told})."
        raise TableError(msg) from None
    rows: list[dict[str, object]] = []
    wrong: dict[int, str] = {}
    for number, feature in enumerate(features, start=2):
        plain = feature if isinstance(feature, dict) else {}
        cells = plain.get("properties") or {}
        if feature is not plain or not isinstance(cells, dict):
            wrong[number] = "not a feature with properties"
        row = dict(cells) if number not in wrong else {}
        point = _point(plain.get("geometry"))
        if point is not None and not {"latitude", "longitude"} <= {str(key).lower() for key in row}:
            row["longitude"], row["latitude"] = point
        rows.append(row)
    names = list(dict.fromkeys(key for row in rows for key in row))
    _few(source, len(names) * len(rows))
    return [tuple(names), *(tuple(written(row.get(name)) for name in names) for row in rows)], wrong


def _few(source: Source, cells: int) -> None:
    """Raise for more cells than are held."""
    if cells > MAX_CELLS:
        msg = f"{source.name}: more than {MAX_CELLS:,} cells, the most that is read of such a file. Save it as CSV."
        raise TableError(msg)


def _point(geometry: object) -> tuple[object, object] | None:
    """Return the coordinates of a point; None of any other shape."""
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        return None
    match geometry.get("coordinates"):
        case [x, y, *_]:
            return x, y
    return None


def _sheet(source: Source, sheet: str | int | None) -> list[tuple[str, ...]]:
    """Return the rows of a sheet: the one named or numbered, else the first whose first row is a header."""
    try:
        import openpyxl
    except ImportError:
        msg = f"{source.name}: reading xlsx needs openpyxl: pip install 'conflictkit[excel]', or save it as CSV."
        raise TableError(msg) from None
    data = _held(source)
    try:
        _unpacked(source, data)
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        names = [table.title for table in book.worksheets]
        for table in book.worksheets:  # how large a sheet says that it is: too small, and rows would be lost
            table.reset_dimensions()
        if sheet is None:
            wide = [name for name in names if _is_header(_rows(source, book[name], most=1))]
            sheet = (wide or names or [0])[0]
        if isinstance(sheet, int) and 0 <= sheet < len(names):
            sheet = names[sheet]
        if sheet in names:
            return _rows(source, book[sheet])
    except TableError:
        raise
    except Exception as error:  # noqa: BLE001 - a zip of XML that somebody made: many types
        msg = f"{source.name} cannot be read as xlsx: {str(error).splitlines()[0] if str(error) else error!r}."
        raise TableError(msg) from None
    msg = f"{source.name}: no sheet {sheet!r}; sheets: {', '.join(names)}.{nearest(str(sheet), names)}"
    raise TableError(msg)


def _unpacked(source: Source, data: bytes) -> None:
    """Raise for a sheet that is far larger than its file: it is unpacked once, whatever it says of itself."""
    size = 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member in archive.infolist():
            with archive.open(member) as file:
                while piece := file.read(CHUNK):
                    size += len(piece)
                    if size > MAX_UNPACKED:
                        most = f"more than {MAX_UNPACKED:,} bytes, unpacked"
                        msg = f"{source.name}: {most}, the most that is read of such a file. Save it as CSV."
                        raise TableError(msg)


def _is_header(rows: list[tuple[str, ...]]) -> bool:
    """Whether a first row has several cells, all of them text: a page of licence words has one."""
    cells = [cell for cell in rows[0] if cell] if rows else []
    return len(cells) > 3  # noqa: PLR2004 - an event has an id, a day, a type and a place at least


def _rows(source: Source, sheet: Any, most: int | None = None) -> list[tuple[str, ...]]:  # noqa: ANN401 - of openpyxl
    """Return the rows of a sheet as text, without the empty cells at their ends and the empty rows at its end."""
    found: list[tuple[str, ...]] = []
    cells = 0
    for row in sheet.iter_rows(values_only=True, max_row=most):
        cells += 1 + len(row)
        _few(source, cells)
        full = [*map(written, row)]
        while full and not full[-1]:
            full.pop()
        found.append(tuple(full))
    while found and not found[-1]:
        found.pop()
    return found


def _held(source: Source) -> bytes:
    """Return all bytes of a file that cannot be read in pieces."""
    with source.open() as file:
        data = file.read(MAX_HELD + 1)
    if len(data) > MAX_HELD:
        msg = f"{source.name}: more than {MAX_HELD:,} bytes, the most that is read of such a file. Save it as CSV."
        raise TableError(msg)
    _most(source, len(data))
    if source.door is not None:
        source.door.count_bytes(len(data))
    return data


def written(cell: object) -> str:
    """Return a cell as a CSV would have it."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat(sep=" ") if isinstance(cell, pd.Timestamp | _DATETIME) else str(cell)


_DATETIME = type(pd.Timestamp(0).to_pydatetime())

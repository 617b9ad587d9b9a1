"""Records of a foreign table in blocks of text, whatever holds them: CSV, sheets, GeoJSON, alone or in an archive.

Nothing is held but the block in hand: a file is read from its beginning as often as it has to be.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import zipfile
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, cast

import pandas as pd

from conflictkit.errors import TableError, nearest
from conflictkit.readers._door import NotRead, opened
from conflictkit.readers._layout import Head

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import IO

    from conflictkit.readers._layout import Layout

BLOCK = 25_000  # rows read at a time
PIECE = 1 << 20  # bytes decoded at a time
BEGINNING = 1 << 18  # letters in which the first two records are looked for
SUFFIXES = (".csv", ".tsv", ".tab", ".txt", ".geojson", ".json", ".xlsx")
SHEETS, FEATURES = (".xlsx",), (".geojson", ".json")
MAX_BYTES = 8_000_000_000  # of one file, unpacked: more is an accident or an attack
MAX_HELD = 400_000_000  # of one file that has to be held whole
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
BEYOND = "\0"  # the name of the cell after the last one, where a record has too many


class Source(NamedTuple):
    """One file: its name below the path that was given, how it is opened, as often as wanted, or why it is not."""

    name: str
    open: Callable[[], IO[bytes]]
    told: str = ""

    @property
    def suffix(self) -> str:
        """What its name ends in, in small letters, without .gz."""
        return Path(self.name.lower().removesuffix(".gz")).suffix


class Text(NamedTuple):
    """A text, how it begins, its encoding and its bytes."""

    source: Source
    head: Head
    encoding: str
    size: int


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


def sources(path: Path) -> Iterator[Source]:
    """Yield the files of a folder, an archive or a single file, in order of name; raise if there is none."""
    if not path.exists():
        msg = f"{str(path)!r} does not exist."
        raise TableError(msg)
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            name = str(file.relative_to(path))
            if file.is_symlink():
                yield Source(name, partial(_plain, file), "not read: links are not followed")
            elif file.is_file():
                yield from _opened(file, name)
            elif not file.is_dir():
                yield Source(name, partial(_plain, file), "not read: it is a pipe, a device or a socket, not a file")
    elif path.is_file():
        yield from _opened(path, path.name)
    else:
        msg = f"{str(path)!r} is a pipe, a device or a socket, not a file."
        raise TableError(msg)


def _opened(file: Path, name: str) -> Iterator[Source]:
    """Yield a file, or the files of an archive."""
    if file.suffix.lower() == ".zip":
        try:
            with zipfile.ZipFile(file) as archive:
                members = sorted(entry.filename for entry in archive.infolist() if not entry.is_dir())
        except (zipfile.BadZipFile, OSError) as error:
            yield Source(name, partial(_plain, file), f"cannot be read as a zip: {error}")
            return
        yield from (Source(f"{name}/{member}", partial(_member, file, member)) for member in members)
    elif file.suffix.lower() == ".gz":
        yield Source(name, partial(_unzipped, file))
    else:
        yield Source(name, partial(_plain, file))


def _plain(file: Path) -> IO[bytes]:
    """Return a file, open."""
    try:
        return opened(file)
    except (NotRead, OSError) as error:
        msg = f"{file.name} cannot be read: {error}."
        raise TableError(msg) from None


def _unzipped(file: Path) -> IO[bytes]:
    """Return the content of a .gz file, open."""
    return cast("IO[bytes]", gzip.GzipFile(file))


def _member(file: Path, member: str) -> IO[bytes]:
    """Return a file of an archive, open, read in place."""
    return zipfile.ZipFile(file).open(member)


def table_of(source: Source, *, sheet: str | int | None) -> Table:
    """Return a file as a table; raise if it cannot be read as one."""
    if source.suffix in SHEETS:
        return _of_records(source, _sheet(source, sheet), encoding="xlsx")
    if source.suffix in FEATURES:
        return _of_records(source, _features(source), encoding="utf-8")
    return _of_text(source)


def encoding_of(source: Source) -> tuple[str, int]:
    """Return the encoding of a text, and how many bytes it has: UTF-8 if all of it is, else that of old Windows."""
    with source.open() as file:
        start = file.read(4)
    for mark, name in MARKS.items():
        if start.startswith(mark):
            return name, _size(source, name)
    for name in ("utf-8", "cp1252"):
        try:
            return name, _size(source, name)
        except UnicodeDecodeError:
            continue
    return "latin-1", _size(source, "latin-1")


def _size(source: Source, encoding: str) -> int:
    """Return the bytes of a text; raise UnicodeDecodeError if it is not in this encoding."""
    decoder, size = codecs.getincrementaldecoder(encoding)(), 0
    with source.open() as file:
        while piece := file.read(PIECE):
            decoder.decode(piece)
            size += len(piece)
            if size > MAX_BYTES:
                msg = f"{source.name}: more than {MAX_BYTES:,} bytes: that is the most that is read. Split it."
                raise TableError(msg)
    decoder.decode(b"", final=True)
    return size


def _of_text(source: Source) -> Table:
    """Return a text whose cells are parted by commas, semicolons or tabs."""
    encoding, size = encoding_of(source)
    with source.open() as file:
        text = io.TextIOWrapper(file, encoding=encoding, newline="")
        beginning = text.read(BEGINNING)
    if not beginning.strip():
        msg = f"{source.name}: the file is empty."
        raise TableError(msg)
    if "\0" in beginning:
        msg = f"{source.name}: not a text (it has zero bytes). Give a CSV, GeoJSON or xlsx file."
        raise TableError(msg)
    line = beginning.lstrip("\r\n").splitlines()[0]
    separator = max("\t;,", key=line.count)
    first, second = _two(beginning, separator)
    head = Head(source.name, first, second, separator)
    of = Text(source, head, encoding, size)
    return Table(head, encoding, partial(blocks_of, of), partial(_lines, of))


class Titled(io.TextIOBase):
    """A text with a line of its own before the first that says something."""

    def __init__(self, title: str, text: IO[str]) -> None:
        self._start, self._text = title, text

    def read(self, size: int | None = -1, /) -> str:
        """Return the line, then the text."""
        if not self._start:
            return self._text.read(-1 if size is None else size)
        start, self._start = self._start, ""
        beginning = ""
        while not beginning and (more := self._text.read(PIECE)):
            beginning = more.lstrip("\r\n")
        return start + beginning


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
    from tqdm.auto import tqdm

    source, head, encoding, size = of
    columns = unique(names or head.first)
    first = 1 if names else 2
    with source.open() as file:
        # a header of one cell more than the file's: what a record has beyond its columns comes to light there
        text = io.TextIOWrapper(file, encoding=encoding, newline="")
        title = head.separator.join(f"c{number}" for number in range(len(columns) + 1))
        reader = pd.read_csv(
            Titled(f"{title}\n", text), sep=head.separator, header=0,
            names=[*columns, BEYOND], usecols=lambda name: name == BEYOND or wanted(name),
            dtype=dict.fromkeys(set(columns) - layout.numeric, object),
            na_filter=False, skiprows=None if names else [1], chunksize=BLOCK, low_memory=False,
            quoting=_quoting(quoted=layout.quoted),
        )  # fmt: skip
        bar = tqdm(total=size, unit="B", unit_scale=True, desc=source.name, disable=size < 100_000_000)  # noqa: PLR2004
        at = first
        try:
            for frame in reader:
                rows = frame.set_axis(pd.RangeIndex(at, at + len(frame)))
                long = rows.pop(BEYOND).ne("")
                told = f"more cells than the {len(columns)} of the header"
                aside += [(int(number), told) for number in rows.index[long]]
                yield rows[~long] if long.any() else rows
                at += len(frame)
                bar.update(file.tell() - bar.n if bar.disable is False and file.seekable() else 0)
        except (pd.errors.ParserError, UnicodeDecodeError, zipfile.BadZipFile, OSError) as error:
            msg = f"{source.name} cannot be read: {str(error).splitlines()[0]}."
            raise TableError(msg) from None
        finally:
            bar.close()


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


def _of_records(source: Source, rows: list[tuple[str, ...]], *, encoding: str) -> Table:
    """Return rows that are held already, the header first."""
    if not rows:
        msg = f"{source.name}: no row."
        raise TableError(msg)
    head = Head(source.name, rows[0], rows[1] if len(rows) > 1 else (), "")

    def blocks(
        names: tuple[str, ...] | None,
        wanted: Callable[[str], bool],
        layout: Layout,  # noqa: ARG001 - as of a text
        aside: list[tuple[int, str]],  # noqa: ARG001
    ) -> Iterator[pd.DataFrame]:
        """Yield the rows."""
        columns, body = unique(names or rows[0]), rows[0 if names else 1 :]
        numbers = pd.RangeIndex(1 if names else 2, len(rows) + 1)
        frame = pd.DataFrame(body, columns=columns, index=numbers, dtype=object)
        yield frame[[column for column in columns if wanted(column)]]

    return Table(head, encoding, blocks, lambda records, _quoted: {record: record for record in records})


def _features(source: Source) -> list[tuple[str, ...]]:
    """Return the properties of GeoJSON features as rows, with the point as longitude and latitude."""
    try:
        content = json.loads(_held(source))
        features = content["features"]
        properties = [dict(feature.get("properties") or {}) for feature in features]
        points = [_point(feature.get("geometry")) for feature in features]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        msg = f"{source.name} cannot be read as GeoJSON: a collection of features is expected ({error!r})."
        raise TableError(msg) from None
    for row, point in zip(properties, points, strict=True):
        if point is not None and not {"latitude", "longitude"} <= {str(key).lower() for key in row}:
            row["longitude"], row["latitude"] = point
    names = list(dict.fromkeys(key for row in properties for key in row))
    return [tuple(map(str, names)), *(tuple(written(row.get(name)) for name in names) for row in properties)]


def _point(geometry: object) -> tuple[float, float] | None:
    """Return the coordinates of a point; None of any other shape."""
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        return None
    x, y, *_ = geometry["coordinates"]
    return x, y


def _sheet(source: Source, sheet: str | int | None) -> list[tuple[str, ...]]:
    """Return the rows of a sheet: the one named or numbered, else the first whose first row is a header."""
    try:
        import openpyxl
    except ImportError:
        msg = f"{source.name}: reading xlsx needs openpyxl: pip install 'conflictkit[excel]', or save it as CSV."
        raise TableError(msg) from None
    try:
        book = openpyxl.load_workbook(io.BytesIO(_held(source)), read_only=True, data_only=True)
    except Exception as error:  # noqa: BLE001 - a zip of XML that somebody made: many types
        msg = f"{source.name} cannot be read as xlsx: {str(error).splitlines()[0] if str(error) else error!r}."
        raise TableError(msg) from None
    names = book.sheetnames
    if sheet is None:
        wide = [name for name in names if _is_header(_rows(book[name], most=1))]
        sheet = wide[0] if wide else names[0]
    if isinstance(sheet, int) and 0 <= sheet < len(names):
        sheet = names[sheet]
    if sheet not in names:
        msg = f"{source.name}: no sheet {sheet!r}; sheets: {', '.join(names)}.{nearest(sheet, names)}"
        raise TableError(msg)
    return _rows(book[sheet])


def _is_header(rows: list[tuple[str, ...]]) -> bool:
    """Whether a first row has several cells, all of them text: a page of licence words has one."""
    cells = [cell for cell in rows[0] if cell] if rows else []
    return len(cells) > 3  # noqa: PLR2004 - an event has an id, a day, a type and a place at least


def _rows(sheet: object, most: int | None = None) -> list[tuple[str, ...]]:
    """Return the rows of a sheet as text, those without any cell left out at the end."""
    found = [
        tuple(map(written, row))
        for row in sheet.iter_rows(values_only=True, max_row=most)  # type: ignore[attr-defined]
    ]
    while found and not any(found[-1]):
        found.pop()
    return found


def _held(source: Source) -> bytes:
    """Return all bytes of a file that cannot be read in pieces."""
    with source.open() as file:
        data = file.read(MAX_HELD + 1)
    if len(data) > MAX_HELD:
        msg = f"{source.name}: more than {MAX_HELD:,} bytes, the most that is read of such a file. Save it as CSV."
        raise TableError(msg)
    return data


def written(cell: object) -> str:
    """Return a cell as a CSV would have it."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat(sep=" ") if isinstance(cell, pd.Timestamp | _DATETIME) else str(cell)


_DATETIME = type(pd.Timestamp(0).to_pydatetime())

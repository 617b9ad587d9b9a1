"""What a feature of a drawing tells of itself: its day, from a cell or a file's name, and its holder."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Literal, NamedTuple

import pandas as pd

from conflictkit.dates import EARLIEST, LATEST, read_text
from conflictkit.errors import PolygonError
from conflictkit.readers._door import printable
from conflictkit.text import as_writable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from conflictkit.readers._door import Piece
    from conflictkit.readers._layers import Layer
    from conflictkit.readers._log import Log


DATE_PATTERN = r"(?<!\d)(\d{4})[-_./]?(\d{2})[-_./]?(\d{2})(?!\d)"
# The same as a whole cell, with a clock behind it or without: the day is that which is written, whatever the zone.
_CLOCK = r"[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?(?:Z|UTC|[+-]\d{2}(?::?\d{2})?))?"
_CELL = re.compile(
    rf"(?P<year>\d{{4}})(?P<mark>[-_./]?)(?P<month>\d{{2}})(?P=mark)(?P<day>\d{{2}})(?:{_CLOCK})?", re.ASCII
)
# A month as a word leaves no doubt of the order: 03NOV2022, Nov-3-2022.
_WORDS = (
    (r"(?<![A-Za-z0-9])(\d{1,2})[-_. ]?([A-Za-z]{3,9})[-_. ]?(\d{4})(?!\d)", "{0} {1} {2}"),
    (r"(?<![A-Za-z])([A-Za-z]{3,9})[-_. ]?(\d{1,2})[-_., ]{1,2}(\d{4})(?!\d)", "{1} {0} {2}"),
)
UNITS: dict[str, Literal["s", "ms"]] = {
    "seconds": "s",
    "milliseconds": "ms",
}  # since the first of January 1970, in UTC, as databases keep time
DIRECTIVES = {  # of strptime; month names are English, whatever the locale
    "%Y": r"(?P<year>\d{4})",
    "%m": r"(?P<month>\d{1,2})",
    "%d": r"(?P<day>\d{1,2})",
    **dict.fromkeys(("%b", "%B"), r"(?P<month>[A-Za-z]{3,9})"),
    **dict.fromkeys(("%H", "%M", "%S"), r"\d{1,2}"),
}
PARTS = ("year", "month", "day")
SHOWN, NAMED = 80, 20  # letters of a cell and columns of a file that a reason repeats
Day = pd.Timestamp | None


class Asked(NamedTuple):
    """Where the caller says that day and holder stand; the words of ``read_control_polygons``."""

    date_column: str | None
    date_pattern: str
    holder: str | None
    holder_column: str | None
    holders: Mapping[str, str] | None
    date_format: str | None = None

    def of(self, layer: Layer, piece: Piece, first: int, log: Log) -> list[tuple[Day, str | None]] | None:
        """Return the day and the holder of each feature, missing where there is none; None if no feature has one.

        What is missing is reported once: of the file, or of a feature that has a shape.
        """
        dates = self._days(layer, piece, first, log)
        if dates is None:
            return None
        if self.holder_column is None:
            holder = self.holder if self.holder is not None else self._holder_in(piece, log)
            return None if holder is None else [(date, holder) for date in dates]
        actors = self._holders(layer, piece, first, dates, log)
        return None if actors is None else list(zip(dates, actors, strict=True))

    def _days(self, layer: Layer, piece: Piece, first: int, log: Log) -> Sequence[Day] | None:
        """Return the day of each feature."""
        if self.date_column is None:
            names = (*piece.names, *_folders(piece))
            day = next((day for name in names if (day := _day_in(name, self.date_pattern)) is not None), None)
            if day is None and not first:
                told = (
                    f"no date in the file name (looked for {self.date_pattern!r}, the year in four digits; give "
                    "date_column= or date_pattern=)"
                )
                log.reject(piece.name, None, told)
            return None if day is None else [day] * len(layer.shapes)
        cells = _column(layer, self.date_column, piece, log)
        if cells is None:
            return None
        read = _day_of if self.date_format is None else _reader_of(self.date_format)
        days = [read(cell) for cell in cells]
        for feature, (cell, day) in enumerate(zip(cells, days, strict=True), first):
            if day is None and feature - first not in layer.wrong:
                such = "such as 2017-11-03" if self.date_format is None else f"as {self.date_format!r} writes one"
                log.reject(piece.name, feature, f"{self.date_column}={shown(cell)} is not a day {such}")
        return days

    def _holders(
        self, layer: Layer, piece: Piece, first: int, dates: Sequence[Day], log: Log
    ) -> Sequence[str | None] | None:
        """Return the ``actor_id`` of each feature that has a day."""
        cells = _column(layer, str(self.holder_column), piece, log)
        if cells is None:
            return None
        known, by_word, found = self._known(), self._by_word(), list[str | None]()
        for feature, (cell, date) in enumerate(zip(map(_words, cells), dates, strict=True), first):
            found.append((cell or None) if self.holders is None else _actor(cell, by_word))
            if found[-1] is None and date is not None and feature - first not in layer.wrong:
                log.reject(piece.name, feature, f"holder {shown(cell)!r} is not known{known}")
        return found

    def _holder_in(self, piece: Piece, log: Log) -> str | None:
        """Return the ``actor_id`` of a whole file by its name, or by those of the archives and folders it lies in."""
        by_word = self._by_word()
        told = [PurePosixPath(name).name for name in (piece.names[0], *_folders(piece))]
        told += [name[: name.index(".")] for name in told if name.find(".") > 0]
        holder = next((actor for name in told if (actor := _actor(name, by_word)) is not None), None)
        if holder is None:
            log.reject(piece.name, None, f"no holder in the names of the file and its folders{self._known()}")
        return holder

    def _by_word(self) -> dict[str, str]:
        """Return the ``actor_id`` of each word and pattern, written as cells are read."""
        return {_words(key): actor for key, actor in (self.holders or {}).items()}

    def _known(self) -> str:
        """Return the words and patterns of holders, for a reason."""
        return f" (known: {', '.join(map(_words, list(self.holders)[:NAMED]))})" if self.holders else ""


def _actor(text: str, by_word: Mapping[str, str]) -> str | None:
    """Return the ``actor_id`` of a word: that of the word itself, else of the first pattern that it fits."""
    fits = (actor for pattern, actor in by_word.items() if fnmatchcase(text, pattern))
    return by_word.get(text) or next(fits, None)


def format_or_raise(date_format: str | None) -> None:
    """Raise if a way of writing dates is none that is known, or names no day."""
    if date_format is None or date_format in UNITS:
        return
    found = set(re.findall("%.?", date_format))
    if found - set(DIRECTIVES) or not ({"%Y", "%d"} <= found and found & {"%m", "%b", "%B"}):
        msg = (
            f"date_format={shown(date_format)!r} names no day. Write {', '.join(map(repr, UNITS))}, or year, month and "
            f"day as in '%d/%m/%Y'; known are {', '.join(DIRECTIVES)}."
        )
        raise PolygonError(msg)


def groups_or_raise(pattern: str) -> None:
    """Raise if a pattern of dates is none, or does not say what is year, month and day."""
    try:
        found = re.compile(pattern)
    except re.error as error:
        msg = f"date_pattern={pattern!r} is not a regular expression: {error}."
        raise PolygonError(msg) from None
    if found.groups != len(PARTS):
        msg = f"date_pattern={pattern!r} has {found.groups} groups; it needs three, for year, month and day."
        raise PolygonError(msg)
    if (named := set(PARTS) & set(found.groupindex)) and named != set(PARTS):
        msg = f"date_pattern={pattern!r} names {', '.join(sorted(named))}: name all of year, month and day, or none."
        raise PolygonError(msg)


def shown(cell: object) -> str:
    """Return a cell as a reason repeats it: in one line, the beginning of a long one."""
    text = printable(str(cell)[: SHOWN + 1])
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


def _column(layer: Layer, column: str, piece: Piece, log: Log) -> Sequence[object] | None:
    """Return a column by its name, or by its name in other case: programs that write KML differ in that."""
    alike = [name for name in layer.names if name.lower() == column.lower()]
    if column in layer.names or len(alike) == 1:
        return layer.column(column if column in layer.names else alike[0])
    more = f" and {len(layer.names) - NAMED:,} more" if len(layer.names) > NAMED else ""
    listed = ", ".join(map(shown, layer.names[:NAMED])) + more
    log.reject(piece.name, None, f"no column {column!r} (columns: {listed})")
    return None


def _day_in(text: str, pattern: str) -> Day:
    """Return the first day of the calendar that a pattern finds in a text."""
    for match in re.finditer(pattern, text):
        named = match.groupdict()
        parts = [named[part] for part in PARTS] if set(PARTS) <= set(named) else match.groups()
        if (day := _day(*parts)) is not None:
            return day
    if pattern == DATE_PATTERN:
        for words, order in _WORDS:
            for match in re.finditer(words, text):
                if (day := read_text(order.format(*match.groups()))) is not None:
                    return day
    return None


def _folders(piece: Piece) -> list[str]:
    """Return the folders and archives that a file lies in, the nearest first, then all in one: 2022/11/03."""
    within = PurePosixPath(piece.name).parent
    return [part.name for part in (within, *within.parents) if part.name] + [str(within)]


def _day(year: str | None, month: str | None, day: str | None) -> Day:
    """Return a day; None for 31 February, a year of two digits, or a group that took no part."""
    try:
        found = pd.Timestamp(year=int(year or 0), month=int(month or 0), day=int(day or 0))
    except ValueError:
        return None
    return found if EARLIEST <= found <= LATEST else None


def _day_of(cell: object) -> Day:
    """Return the day that a cell names; none for 3/11/2017, which is March to some and November to others."""
    text = _words(cell)  # 20171103 is a number in some files
    match = _CELL.fullmatch(text)
    return read_text(text) if match is None else _day(match["year"], match["month"], match["day"])


def _reader_of(date_format: str) -> Callable[[object], Day]:
    """Return what reads the day of a cell that is written as the caller says."""
    if date_format in UNITS:
        return lambda cell: _day_since(_words(cell), UNITS[date_format])
    parts = re.split("(%.)", date_format)
    form = re.compile("".join(DIRECTIVES.get(part, re.escape(part)) for part in parts), re.ASCII)

    def read(cell: object) -> Day:
        written = form.fullmatch(_words(cell))
        return None if written is None else _in_parts(written["year"], written["month"], written["day"])

    return read


def _in_parts(year: str, month: str, day: str) -> Day:
    """Return a day of which the month may be a word."""
    return _day(year, month, day) if month.isdigit() else read_text(f"{day} {month} {year}")


def _day_since(text: str, unit: Literal["s", "ms"]) -> Day:
    """Return the day, in UTC, of a count since 1970."""
    if re.fullmatch(r"-?\d{1,15}(\.\d+)?", text, re.ASCII) is None:
        return None
    try:
        found = pd.Timestamp(int(float(text)), unit=unit).normalize()
    except (ValueError, OverflowError):  # beyond the calendar
        return None
    return found if EARLIEST <= found <= LATEST else None


def _words(cell: object) -> str:
    """Return a cell as text without HTML, empty where it is missing: KML describes in HTML."""
    if cell is None or cell != cell:  # noqa: PLR0124 - a number that is none is not equal to itself
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return f"{cell:.0f}"  # a code beside an empty cell: some programs make 1.0 of it
    return as_writable(re.sub(r"<[^<>]*>", " ", str(cell)).strip())

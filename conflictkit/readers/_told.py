"""What a feature of a drawing tells of itself: its day, from a cell or a file's name, and its holder."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from conflictkit.dates import EARLIEST, LATEST, read_text
from conflictkit.errors import PolygonError
from conflictkit.readers._door import printable
from conflictkit.text import as_writable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conflictkit.readers._door import Piece
    from conflictkit.readers._layers import Layer
    from conflictkit.readers._log import Log

DATE_PATTERN = r"(?<!\d)(\d{4})[-_./]?(\d{2})[-_./]?(\d{2})(?!\d)"
# The same as a whole cell, with a clock behind it or without: the day is that which is written, whatever the zone.
_CLOCK = r"[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?(?:Z|UTC|[+-]\d{2}(?::?\d{2})?))?"
_CELL = re.compile(
    rf"(?P<year>\d{{4}})(?P<mark>[-_./]?)(?P<month>\d{{2}})(?P=mark)(?P<day>\d{{2}})(?:{_CLOCK})?", re.ASCII
)
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

    def of(self, layer: Layer, piece: Piece, first: int, log: Log) -> list[tuple[Day, str | None]] | None:
        """Return the day and the holder of each feature, missing where there is none; None if no feature has one.

        What is missing is reported once: of the file, or of a feature that has a shape.
        """
        dates = self._days(layer, piece, first, log)
        if dates is None:
            return None
        if self.holder_column is None:
            return [(date, self.holder) for date in dates]
        actors = self._holders(layer, piece, first, dates, log)
        return None if actors is None else list(zip(dates, actors, strict=True))

    def _days(self, layer: Layer, piece: Piece, first: int, log: Log) -> Sequence[Day] | None:
        """Return the day of each feature."""
        if self.date_column is None:
            day = next((day for name in piece.names if (day := _day_in(name, self.date_pattern)) is not None), None)
            if day is None and not first:
                told = (
                    f"no date in the file name (looked for {self.date_pattern!r}; give date_column= or date_pattern=)"
                )
                log.reject(piece.name, None, told)
            return None if day is None else [day] * len(layer.shapes)
        cells = _column(layer, self.date_column, piece, log)
        if cells is None:
            return None
        days = [_day_of(cell) for cell in cells]
        for feature, (cell, day) in enumerate(zip(cells, days, strict=True), first):
            if day is None and feature - first not in layer.wrong:
                log.reject(piece.name, feature, f"{self.date_column}={shown(cell)} is not a day such as 2017-11-03")
        return days

    def _holders(
        self, layer: Layer, piece: Piece, first: int, dates: Sequence[Day], log: Log
    ) -> Sequence[str | None] | None:
        """Return the ``actor_id`` of each feature that has a day."""
        cells = _column(layer, str(self.holder_column), piece, log)
        if cells is None:
            return None
        actors = {_words(key): actor for key, actor in (self.holders or {}).items()}
        known = f" (known: {', '.join(list(actors)[:NAMED])})" if actors else ""
        found: list[str | None] = []
        for feature, (cell, date) in enumerate(zip(map(_words, cells), dates, strict=True), first):
            found.append((cell or None) if self.holders is None else actors.get(cell))
            if found[-1] is None and date is not None and feature - first not in layer.wrong:
                log.reject(piece.name, feature, f"holder {shown(cell)!r} is not known{known}")
        return found


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
    return None


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


def _words(cell: object) -> str:
    """Return a cell as text without HTML, empty where it is missing: KML describes in HTML."""
    if cell is None or cell != cell:  # noqa: PLR0124 - a number that is none is not equal to itself
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return f"{cell:.0f}"  # a code beside an empty cell: some programs make 1.0 of it
    return as_writable(re.sub(r"<[^<>]*>", " ", str(cell)).strip())

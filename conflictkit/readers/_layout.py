"""What a layout of events is, and how its cells are read: text, numbers and days, each distinct cell once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from conflictkit.dates import read_text
from conflictkit.schema import CONTRACTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_EVENTS = CONTRACTS["events"]
COLUMNS = tuple(
    name for name in _EVENTS.names if name != "source_id"
)  # a page of the kit's own; files name theirs in words
NUMBERS = tuple(column.name for column in _EVENTS.columns if column.kind == "number")
DAYS = tuple(column.name for column in _EVENTS.columns if column.kind == "date")

ABSENT = frozenset({"", "nan", "none", "null", "n/a", "not available"})  # how files write that a cell is empty
SAMPLE = 1000  # cells that are looked at to see whether a column repeats itself
LONGEST_ABSENT = max(map(len, ABSENT))
ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T][\d:.]*Z?)?")
PACKED_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")


class Head(NamedTuple):
    """The beginning of a file, from which its layout is told: its name, its first record, and the one after it."""

    name: str
    first: tuple[str, ...]
    second: tuple[str, ...]
    separator: str

    @property
    def lower(self) -> tuple[str, ...]:
        """The first record in small letters without blanks around."""
        return tuple(cell.strip().lower() for cell in self.first)


class Found(NamedTuple):
    """A layout that was recognised: its version, how it was told, names where there is no header, decimal sign."""

    version: str
    how: str
    names: tuple[str, ...] | None = None
    notice: str = ""
    decimal: str = "."


@dataclass(frozen=True)
class Layout:
    """One layout of events.

    Attributes
    ----------
    name, dataset
        What ``layout=`` and the column ``dataset`` say.
    recognise
        Returns what was found; None for a file of another layout. Raises for what holds no events.
    uses
        Columns that are read, in small letters; None for all.
    convert
        Rows of text -> columns of the table of events.
    repeats
        Columns whose cells make a row the repeat of an earlier one; empty for all columns of the file.
    quoted
        Whether cells may stand in quotes.
    numeric
        Columns whose cells are nearly all numbers: read as such where all are.
    codes
        Columns with UCDP's ids of the two actors.
    named
        Whether ``actor1`` and ``actor2`` are names, and no words found in a text.
    """

    name: str
    dataset: str
    recognise: Callable[[Head], Found | None]
    uses: tuple[str, ...] | None
    convert: Callable[[Cells], dict[str, pd.Series]]
    repeats: tuple[str, ...] = ("event_date", "date_end", "latitude", "longitude", "actor1", "actor2")
    quoted: bool = True
    numeric: frozenset[str] = frozenset()
    codes: tuple[str, str] | None = None
    named: bool = True


class Cells:
    """The cells of a block of rows, all text, by the name of their column in small letters."""

    def __init__(self, frame: pd.DataFrame, decimal: str = ".") -> None:
        self.frame, self.decimal = frame, decimal

    def renamed(self, how: Callable[[str], str]) -> Cells:
        """Return the same cells under other names."""
        return Cells(self.frame.rename(columns=how), self.decimal)

    def same(self, value: str) -> pd.Series:
        """Return the same text for each row."""
        return pd.Series(value, index=self.frame.index, dtype="str")

    def raw(self, *names: str) -> pd.Series:
        """Return the first of some columns that there is; empty text where there is none."""
        for name in names:
            if name in self.frame:
                return self.frame[name]
        return pd.Series("", index=self.frame.index, dtype=object)

    def text(self, *names: str) -> pd.Series:
        """Return text without blanks around; missing where a cell says nothing."""
        raw = self.raw(*names)
        return _cleaned(raw) if _repeats_hardly(raw) else each(raw, _text)

    def number(self, *names: str) -> pd.Series:
        """Return numbers; missing where a cell is none."""
        raw = self.raw(*names)
        if raw.dtype.kind in "iuf":
            return raw.astype(float).where(np.isfinite(raw))
        codes, distinct = factorized(raw)
        # the parser reads a block in parts: one that was all numbers has them as such
        cleaned = [cell.strip().replace(self.decimal, ".") if isinstance(cell, str) else cell for cell in distinct]
        numbers = pd.to_numeric(pd.Series(cleaned, dtype=object), errors="coerce").to_numpy(dtype=float, copy=True)
        numbers[~np.isfinite(numbers)] = np.nan
        return pd.Series(_taken(numbers, codes, np.nan), index=raw.index)

    def words(self, *names: str, of: dict[str, str]) -> pd.Series:
        """Return the word for each code; missing where a code is not known."""
        return each(self.raw(*names), lambda cell: of.get(_code(cell))).astype("str")

    def code(self, *names: str) -> pd.Series:
        """Return codes as text, whole numbers without decimals; missing where a cell says nothing."""
        return each(self.raw(*names), lambda cell: _code(cell) or None).astype("str")

    def day(self, *names: str, read: Callable[[str], pd.Timestamp | None]) -> pd.Series:
        """Return days; missing where a cell is none."""
        raw = self.raw(*names)
        codes, distinct = factorized(raw)
        days = pd.DatetimeIndex([read(str(cell).strip()) or pd.NaT for cell in distinct], dtype="datetime64[us]")
        return pd.Series(_taken(days.to_numpy(), codes, np.datetime64("NaT", "us")), index=raw.index)


def each(raw: pd.Series, read: Callable[[str], str | None]) -> pd.Series:
    """Return what each distinct cell is read as: many cells say the same."""
    codes, distinct = (np.arange(len(raw)), raw.to_numpy(dtype=object)) if _repeats_hardly(raw) else factorized(raw)
    values = [np.nan if (value := read(str(cell))) is None else value for cell in distinct]
    if isinstance(raw.dtype, pd.StringDtype) and values == distinct.tolist():
        return raw
    return pd.Series(pd.array(values, dtype="str").take(codes, allow_fill=True), index=raw.index)


def factorized(raw: pd.Series) -> tuple[NDArray[np.intp], NDArray[np.object_]]:
    """Return the number of each cell among those that differ, -1 of a missing one, and these."""
    codes, distinct = pd.factorize(raw)
    return codes, np.asarray(distinct, dtype=object)


def _repeats_hardly(raw: pd.Series) -> bool:
    return bool(raw.iloc[:SAMPLE].nunique() > SAMPLE * 0.9)


def _cleaned(raw: pd.Series) -> pd.Series:
    """Return text as `_text` reads each cell, all of them at once."""
    if not isinstance(raw.dtype, pd.StringDtype):
        cells = [*map(str.strip, map(str, raw.to_numpy(dtype=object)))]
        # asked of all at once, since hardly ever a cell says nothing in a column that hardly repeats
        if not ABSENT.isdisjoint(map(str.lower, cells)):
            return pd.Series([*map(_text, cells)], index=raw.index, dtype="str")
        return pd.Series(cells, index=raw.index, dtype="str")
    cleaned = raw.str.strip()
    short = cleaned.str.len() <= LONGEST_ABSENT
    return cleaned.mask(short & cleaned.str.lower().isin(ABSENT))


def _taken(values: NDArray[Any], codes: NDArray[np.intp], missing: object) -> NDArray[Any]:
    """Return values by their numbers, where -1 stands for a cell that is missing."""
    if not len(values):
        return np.full(len(codes), missing, dtype=values.dtype)
    taken: NDArray[Any] = values[codes]
    taken[codes < 0] = missing
    return taken


@lru_cache(maxsize=1 << 15)  # the same places and actors come in each block, and are one object in all of them
def _text(cell: str) -> str | None:
    """Return a cell without blanks around, None if it says nothing."""
    cleaned = cell.strip()
    return None if len(cleaned) <= LONGEST_ABSENT and cleaned.lower() in ABSENT else cleaned


def _code(cell: str) -> str:
    """Return a whole number as it is written without its decimals."""
    return cell.strip().removesuffix(".0")


def iso_day(cell: str) -> pd.Timestamp | None:
    """Return the day of an ISO date, with a time of day or without."""
    return _day(ISO_DAY, cell)


def packed_day(cell: str) -> pd.Timestamp | None:
    """Return the day of an ISO date, with dashes or without."""
    return _day(PACKED_DAY, cell) or _day(ISO_DAY, cell)


def any_day(cell: str) -> pd.Timestamp | None:
    """Return the day of a date that can be read in one way only."""
    return iso_day(cell) or read_text(cell)


@lru_cache(maxsize=1 << 15)  # a file of years has thousands of days, and each of them many times
def _day(pattern: re.Pattern[str], cell: str) -> pd.Timestamp | None:
    match = pattern.fullmatch(cell)
    if match is None:
        return None
    try:
        year, month, day = map(int, match.groups())
        return pd.Timestamp(year, month, day)
    except ValueError:  # the 31st of February
        return None


def version_in(name: str, pattern: str) -> str:
    """Return the version that the name of a file tells, such as 19.1; nothing where it tells none."""
    match = re.search(pattern, name.lower())
    return ".".join(part for part in match.groups() if part) if match else ""

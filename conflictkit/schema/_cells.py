"""A column of anything, read as its type: what each cell is, or why it is not.

A cell that is blank, or that pandas or ``Decimal`` call missing, is missing in every column. A cell is read the same
whatever holds it, and whatever the options of pandas are.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from conflictkit.dates import EARLIEST, LATEST, iso, read_text, to_day
from conflictkit.errors import DateError
from conflictkit.text import TEXT, blank, writable

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from conflictkit.schema._contracts import Kind

    Reader = Callable[[Any], object]

# Whole numbers up to here are the same for Python, numpy and the scripts of the pages; the next ones are rounded.
MOST = 2**53 - 1

NO_DATE = "is not a date: write a day as 2014-06-10"
FAR = f"is not from {EARLIEST.year} to {LATEST.year}: is a digit of the year missing or wrong?"
CLOCK = "has a time of day: write the day alone, as 2014-06-10"
ZONE = "has a time zone: write the day alone, as 2014-06-10, as it was where it happened"
NO_NUMBER = "is not a number: write digits, with a point for decimals"
NO_WHOLE = "is not a whole number: write digits only"
LARGE = f"is beyond {MOST:,}: larger numbers are not exact"
SMALL = "is smaller than any number that a computer holds"
NO_TEXT = "is not text"
PARTS = "is a {}: write its parts as text, joined with ;"
UNWRITABLE = "has a letter that no file can hold (half of a pair of surrogates, or NUL)"

NUMBERS = (int, float, np.integer, np.floating, Decimal)
HOURS = ("hour", "minute", "second", "microsecond", "nanosecond")
LONGER = {"Y", "M", "W"}  # numpy's units that name no day
LONGEST = 1000  # letters of a number: the largest that is read has 16

# A day of ISO 8601, and what makes a moment of it.
_ISO = re.compile(r"\s*(?P<year>\d{4})-\d{2}-\d{2}", re.ASCII)
_HOUR = re.compile(r"T?\d|[Zz+-]", re.ASCII)
_ZONE = re.compile(r"(?:[Zz]|[+-]\d{2}(?::?\d{2})?|[A-Za-z]+/[A-Za-z_]+|UTC|GMT)$", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_FIGURE = re.compile(r"^[^eE]*[1-9]")


class Unreadable(NamedTuple):
    """Why a cell cannot be read."""

    why: str


class Cells(NamedTuple):
    """A column as its type, missing where a cell cannot be read, and why by position."""

    column: pd.Series
    wrong: dict[int, str]


def as_written(value: object) -> str:
    """Return a cell as it would stand in the CSV."""
    if missing(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return iso(value) if value == value.normalize() and value.tz is None else str(value)
    try:
        return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    except Exception:  # noqa: BLE001 - an object of anybody's, which cannot say what it is
        return f"a {type(value).__name__}"


def missing(value: object) -> bool:
    """Whether a cell holds nothing."""
    if isinstance(value, str):
        return blank(value)
    if isinstance(value, Decimal):
        return value.is_nan()  # pandas cannot ask it of a signalling one
    return value is None or (pd.api.types.is_scalar(value) and pd.isna(value) is True)  # type: ignore[call-overload]


def read(cells: pd.Series, kind: Kind, *, decimal: str = ".") -> Cells:
    """Return a column as its type.

    Parameters
    ----------
    cells
        Of any type.
    kind
        What it is to be.
    decimal
        What stands before the decimals of a number that is text.
    """
    if kind == "date":
        return _stamps(cells) if cells.dtype.kind == "M" and _is_plain(cells) else _days(cells)
    if kind in {"number", "whole"}:
        found = _figures(cells) if cells.dtype.kind in "iuf" and _is_plain(cells) else _numbers(cells, decimal)
        return _whole(found) if kind == "whole" else found
    return _texts(cells) if isinstance(cells.dtype, pd.StringDtype) else _texts_of_objects(cells)


def _is_plain(cells: pd.Series) -> bool:
    """Whether a column is one of numpy's, or of pandas' own with a zone."""
    return isinstance(cells.dtype, (np.dtype, pd.DatetimeTZDtype))


def _each(cells: pd.Series, reader: Reader) -> tuple[list[Any], dict[int, str]]:
    """Return what a reader makes of each cell, None for none, and why it cannot be read; each text is read once."""
    known: dict[str, object] = {}
    values: list[Any] = []
    wrong: dict[int, str] = {}
    for at, value in enumerate(cells.astype("object").to_numpy()):
        if type(value) is str:  # most of them
            if value not in known:
                known[value] = None if blank(value) else reader(value)
            found = known[value]
        else:
            found = None if missing(value) else reader(value)
        if isinstance(found, Unreadable):
            wrong[at] = found.why
            found = None
        values.append(found)
    return values, wrong


# dates


def _stamps(cells: pd.Series) -> Cells:
    """Return a column of stamps as days: midnights without a zone, of years that can be meant."""
    there = cells.notna().to_numpy()
    if isinstance(cells.dtype, pd.DatetimeTZDtype):
        return Cells(_no_days(cells), dict.fromkeys(map(int, there.nonzero()[0]), ZONE))
    days = cells.to_numpy()
    first, after = EARLIEST.to_numpy(), (LATEST + pd.Timedelta(days=1)).to_numpy()
    far = there & ((days < first) | (days >= after))
    late = there & ~far & (days != days.astype("datetime64[D]"))
    days = np.where(far | late, np.datetime64("NaT", "D"), days)
    wrong = dict.fromkeys(map(int, late.nonzero()[0]), CLOCK) | dict.fromkeys(map(int, far.nonzero()[0]), FAR)
    return Cells(pd.Series(days.astype("datetime64[us]"), index=cells.index, name=cells.name), wrong)


def _days(cells: pd.Series) -> Cells:
    """Return a column of text, dates or anything else as days."""
    values, wrong = _each(cells, _day)
    return Cells(pd.Series(values, index=cells.index, name=cells.name, dtype="datetime64[us]"), wrong)


def _no_days(cells: pd.Series) -> pd.Series:
    return pd.Series(pd.NaT, index=cells.index, name=cells.name, dtype="datetime64[us]")


def _day(value: object) -> object:
    """Return the day that a cell names, or why it names none."""
    if isinstance(value, str):
        return read_text(value) or Unreadable(_no_day(value))
    if isinstance(value, np.datetime64) and np.datetime_data(value)[0] not in LONGER:
        value = value.astype("datetime64[us]").item()  # a number where the year is beyond those of the calendar
        if isinstance(value, int):
            return Unreadable(FAR)
    if isinstance(value, datetime) and value.tzinfo is not None:
        return Unreadable(ZONE)
    if isinstance(value, datetime) and any(getattr(value, part, 0) for part in HOURS):
        return Unreadable(CLOCK)
    try:
        return to_day(value)  # type: ignore[arg-type] # refuses what is none
    except DateError:
        far = isinstance(value, (date, pd.Period)) and not EARLIEST.year <= value.year <= LATEST.year
        return Unreadable(FAR if far else NO_DATE)


def _no_day(text: str) -> str:
    """Return why a text names no day."""
    if (iso_day := _ISO.match(text)) is None:
        return NO_DATE
    if rest := text[iso_day.end() :].strip():
        return (ZONE if _ZONE.search(rest) else CLOCK) if _HOUR.match(rest) else NO_DATE
    return NO_DATE if EARLIEST.year <= int(iso_day["year"]) <= LATEST.year else FAR


# numbers


def _figures(cells: pd.Series) -> Cells:
    """Return a column of numpy's numbers as floats."""
    numbers = cells.to_numpy()
    large = (numbers > MOST) | (numbers < -MOST)
    floats = numbers.astype("float64")
    endless = np.isinf(floats)
    wrong = dict.fromkeys(map(int, large.nonzero()[0]), LARGE) | dict.fromkeys(
        map(int, endless.nonzero()[0]), NO_NUMBER
    )
    return Cells(_floats(np.where(large | endless, np.nan, floats), cells), wrong)


def _numbers(cells: pd.Series, decimal: str) -> Cells:
    """Return a column of text, numbers or anything else as floats."""
    values, wrong = _each(cells, partial(_number, decimal=decimal))
    return Cells(_floats(np.array(values, dtype="float64"), cells), wrong)


def _floats(numbers: NDArray[np.float64], cells: pd.Series) -> pd.Series:
    return pd.Series(numbers, index=cells.index, name=cells.name)


def _whole(found: Cells) -> Cells:
    """Return floats as whole numbers."""
    numbers = found.column.to_numpy()
    broken = np.isfinite(numbers) & (numbers % 1 != 0)
    empty = broken | np.isnan(numbers)
    whole = pd.arrays.IntegerArray(np.where(empty, 0, numbers).astype("int64"), empty)
    wrong = {at: NO_WHOLE if why == NO_NUMBER else why for at, why in found.wrong.items()}
    return Cells(
        pd.Series(whole, index=found.column.index, name=found.column.name),
        wrong | dict.fromkeys(map(int, broken.nonzero()[0]), NO_WHOLE),
    )


def _number(value: object, decimal: str) -> object:
    """Return the number that a cell holds, or why it holds none."""
    if isinstance(value, str):
        return _number_of_text(value.strip(), decimal)
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, NUMBERS):
        return Unreadable(NO_NUMBER)
    if not (value.is_finite() if isinstance(value, Decimal) else isinstance(value, int) or np.isfinite(value)):
        return Unreadable(NO_NUMBER)
    if value > MOST or value < -MOST:
        return Unreadable(LARGE)
    number = float(value)
    return Unreadable(SMALL) if number == 0 and value != 0 else number


def _number_of_text(text: str, decimal: str) -> object:
    """Return the number that a text writes with its sign for decimals, or why it writes none."""
    if decimal != ".":
        text = text.replace(".", "?").replace(decimal, ".")
    if len(text) > LONGEST or _NUMBER.fullmatch(text) is None:
        return Unreadable(NO_NUMBER)
    number = float(text)
    if abs(number) > MOST:
        return Unreadable(LARGE)
    return Unreadable(SMALL) if number == 0 and _FIGURE.search(text) else number


# text


def _texts(cells: pd.Series) -> Cells:
    """Return a column of text as the kit's text: blank is missing."""
    distinct = cells.dropna().unique()
    empty = [text for text in distinct if blank(text)]
    bad = [text for text in distinct if not writable(text)]
    if not empty and not bad and cells.dtype == TEXT:
        return Cells(cells, {})
    wrong = dict.fromkeys(map(int, cells.isin(bad).to_numpy(dtype=bool).nonzero()[0]), UNWRITABLE) if bad else {}
    return Cells(cells.mask(cells.isin([*empty, *bad])).astype(TEXT), wrong)


def _texts_of_objects(cells: pd.Series) -> Cells:
    """Return a column of anything as text."""
    values, wrong = _each(cells, _text)
    return Cells(pd.Series(values, index=cells.index, name=cells.name, dtype=TEXT), wrong)


def _text(value: object) -> object:
    """Return what a cell says, or why it says nothing."""
    if isinstance(value, str):
        return str(value) if writable(value) else Unreadable(UNWRITABLE)
    if pd.api.types.is_list_like(value):
        return Unreadable(PARTS.format(type(value).__name__))
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (*NUMBERS, date, pd.Period, np.datetime64)):
        return Unreadable(NO_TEXT)
    # a number that was rounded is no code: of twenty digits of a symbol, a float holds sixteen
    if isinstance(value, (float, np.floating)) and not -MOST <= value <= MOST:
        return Unreadable(LARGE)
    return as_written(value)

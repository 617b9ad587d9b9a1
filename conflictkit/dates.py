"""What a date is: a day. One rule to read it, one way to write it, and the days that a month or a year stands for.

Nothing here asks the locale: the names of the months are the tables' language, the same on every machine.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from conflictkit.errors import DateError, shown

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeAlias

    DateLike: TypeAlias = str | date | np.datetime64 | pd.Period
    DatesLike: TypeAlias = DateLike | Iterable[DateLike]

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
# The months as people write them: in full, by three letters, and September by four.
_NUMBER_OF = {text.lower(): n for n, name in enumerate(MONTHS, 1) for text in (name, name[:3])} | {"sept": 9}
_NAME = r"(?P<month>[A-Za-z]{3,9})\.?"
# ISO 8601, also as pandas and spreadsheets write a day that they hold as its midnight; and the two orders in which a
# month that is written as a word leaves no doubt. A year has four digits.
_FORMS = tuple(
    re.compile(form, re.ASCII)
    for form in (
        r"(?P<year>\d{4})-(?P<number>\d{2})-(?P<day>\d{2})(?:[ T]00:00:00)?",
        rf"(?P<day>\d{{1,2}})[ -]{_NAME}[ -](?P<year>\d{{4}})",
        rf"{_NAME} (?P<day>\d{{1,2}}),? (?P<year>\d{{4}})",
    )
)
_PERIOD: dict[str, Literal["M", "Y"]] = {
    "month": "M",
    "year": "Y",
}  # numpy's units; any other precision is the day itself
_LONGER = {"Y", "M", "W"}  # numpy's units that name no day
# The days that can be meant: a year outside is a slip of the pen (0017, 2107), and no chart or page can show it.
EARLIEST, LATEST = pd.Timestamp(1800, 1, 1).as_unit("us"), pd.Timestamp(2100, 12, 31).as_unit("us")
WRITE = f"Write a day as '2017-11-03' or '3 Nov 2017', from {EARLIEST.year} to {LATEST.year}."


def to_day(when: DateLike) -> pd.Timestamp:
    """Return one date as a day.

    Parameters
    ----------
    when
        ISO text, text with the month as a word (``3 Nov 2017``), a ``date``, ``datetime64``, ``Timestamp`` (its own
        day, in its own zone) or a ``Period`` of one day.

    Returns
    -------
    pandas.Timestamp
        Midnight of that day, without a time zone, in microseconds.

    Raises
    ------
    DateError
        If it is not one date, one that can be read in two ways (``03/11/2017``), names no day (``2017-11``, ``today``),
        or is before 1800 or after 2100.
    """
    day = _read(when)
    if day is None:
        raise DateError(_refusal(when))
    return day


def to_days(dates: DatesLike) -> pd.DatetimeIndex:
    """Return dates as distinct days in ascending order.

    Parameters
    ----------
    dates
        One date, or a list, index or column of them, each as ``to_day`` reads it.

    Returns
    -------
    pandas.DatetimeIndex
        Midnights, without a time zone, in microseconds.

    Raises
    ------
    DateError
        If one of them is not a date that ``to_day`` reads.
    """
    if isinstance(dates, (pd.DatetimeIndex, pd.Series)) and pd.api.types.is_datetime64_any_dtype(dates.dtype):
        days = pd.DatetimeIndex(dates).tz_localize(None).as_unit("us").normalize().unique().sort_values()
        # what has the right type is read at once: only what cannot be a day goes the slow way, to be refused by name
        for strange in days[days.isna() | (days < EARLIEST) | (days > LATEST)]:
            raise DateError(_refusal(strange))
        return days
    several = pd.api.types.is_list_like(dates)
    values: list[DateLike] = list(dates) if several else [dates]  # type: ignore[arg-type, list-item]
    return pd.DatetimeIndex([to_day(value) for value in values], dtype="datetime64[us]").unique().sort_values()


def read_text(text: str) -> pd.Timestamp | None:
    """Return the day that a text names without doubt; None for any other text."""
    for form in _FORMS:
        if match := form.fullmatch(text.strip()):
            found = match.groupdict()
            month = int(found["number"]) if "number" in found else _NUMBER_OF.get(found["month"].lower(), 0)
            return _midnight(int(found["year"]), month, int(found["day"]))
    return None


def _read(when: object) -> pd.Timestamp | None:
    """Return the day of one value, None if it is none."""
    if isinstance(when, str):
        return read_text(when)
    if isinstance(when, np.datetime64) and np.datetime_data(when)[0] not in _LONGER:
        when = when.astype("datetime64[D]").item()  # a number where the year is beyond those of the calendar
    # the numbers of the day as it is written: a stamp keeps the day of its own zone, whatever hour that is elsewhere
    a_day = isinstance(when, date) or (isinstance(when, pd.Period) and when.freqstr == "D")
    return _midnight(when.year, when.month, when.day) if a_day and when is not pd.NaT else None  # type: ignore[attr-defined]


def _midnight(year: int, month: int, day: int) -> pd.Timestamp | None:
    """Return a day as a stamp; None for one that the calendar does not have, or of another age."""
    if not EARLIEST.year <= year <= LATEST.year:
        return None
    try:
        return pd.Timestamp(year, month, day).as_unit("us")
    except ValueError:  # the thirtieth of February
        return None


def _refusal(value: object) -> str:
    if pd.api.types.is_list_like(value):
        return f"Expected one date, not {shown(value)}. {WRITE}"
    return f"Not a date: {shown(value)}. A day must be readable in one way only. {WRITE}"


def first_day(days: pd.Series, precision: pd.Series) -> pd.Series:
    """Return the first day that each date can mean: of its month or year where it is no more precise."""
    return _ends(days, precision)[0]


def last_day(days: pd.Series, precision: pd.Series) -> pd.Series:
    """Return the last day that each date can mean: of its month or year where it is no more precise."""
    return _ends(days, precision)[1]


def _ends(days: pd.Series, precision: pd.Series) -> tuple[pd.Series, pd.Series]:
    first = days.to_numpy().astype("datetime64[D]")
    last = first.copy()
    for name, unit in _PERIOD.items():
        loose = np.asarray(precision == name, dtype=bool)
        period = first[loose].astype(f"datetime64[{unit}]")
        first[loose] = period.astype("datetime64[D]")
        last[loose] = (period + np.timedelta64(1, unit)).astype("datetime64[D]") - np.timedelta64(1, "D")
    return (
        pd.Series(first.astype("datetime64[us]"), index=days.index, name=days.name),
        pd.Series(last.astype("datetime64[us]"), index=days.index, name=days.name),
    )


def iso(day: date) -> str:
    """Return a day as tables write it: 2017-11-03."""
    return f"{day.year:04d}-{day.month:02d}-{day.day:02d}"


def in_words(day: date, *, precision: str = "day", short: bool = False) -> str:
    """Return a date in words, no more precise than it is known: 3 November 2017; November 2017; 2017."""
    name = MONTHS[day.month - 1][: 3 if short else None]
    return {"month": f"{name} {day.year}", "year": f"{day.year}"}.get(precision, f"{day.day} {name} {day.year}")


def span_in_words(days: Iterable[pd.Timestamp]) -> str:
    """Return the first and the last of some days in words; no words for no day."""
    known = sorted(pd.Index(list(days)).dropna())
    ends = [known[0], known[-1]] if known else []
    return " to ".join(dict.fromkeys(map(in_words, ends)))

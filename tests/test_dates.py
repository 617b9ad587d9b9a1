"""Dates: one rule to read them, one way to write them, whatever the machine's language and the hour."""

from __future__ import annotations

import locale
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conflictkit import dates
from conflictkit.errors import DateError

DAY = pd.Timestamp("2017-11-03")
BAGHDAD = timezone(timedelta(hours=3))

SPELLINGS = (
    *("2017-11-03 00:00:00", "2017-11-03T00:00:00"),
    *("2017-11-03", " 2017-11-03 ", "3 Nov 2017", "03 Nov 2017", "3 nov. 2017", "3 NOVEMBER 2017", "3-Nov-2017"),
    *("November 3, 2017", "Nov 3, 2017", "Nov. 03 2017", "November 3 2017"),
    *(date(2017, 11, 3), datetime(2017, 11, 3, 23, 59), datetime(2017, 11, 3, 0, 30, tzinfo=BAGHDAD)),  # noqa: DTZ001
    *(np.datetime64("2017-11-03"), np.datetime64("2017-11-03T23:59"), np.datetime64("2017-11-03", "ns")),
    *(DAY, pd.Timestamp("2017-11-03 23:59:59.999999999"), pd.Timestamp("2017-11-03 00:30", tz="Asia/Baghdad")),
    *(pd.Timestamp("2017-11-03 23:30", tz="America/New_York"), pd.Period("2017-11-03", "D")),
)

REFUSED = (
    *("3.11.2017", "03/11/2017", "11/03/2017", "17-11-03", "03-11-2017", "3 Nov 17", "2017/11/03", "20171103"),  # order
    *("2017", "2017-11", "Nov 2017", "3 Nov", "2017-W44", "2017-11-3", "2017-1-03"),  # no day
    *(
        "today",
        "now",
        "yesterday",
        "12:30",
        "2017-11-03 12:30",
        "2017-11-03T00:00:00Z",
        "2017-11-03 00:00",
        "2017-11-03T00:00:01",
        "2017-11-03+03:00",
    ),  # a moment
    *("2017-02-29", "31 Nov 2017", "2017-13-01", "2017-00-10", "0 Nov 2017", "Novem 3, 2017", "3 Nevermore 2017"),
    *("", " ", "x", "3 Nov 2017 or later", "\N{ARABIC-INDIC DIGIT TWO}017-11-03", "2017\N{EN DASH}11\N{EN DASH}03"),
    *("0025-11-03", "1799-12-31", "2101-01-01", "2202-01-01", date(25, 1, 1), date(9999, 12, 31)),  # far away
    *(np.datetime64("0025-01-01"), np.datetime64("20000-01-01"), pd.Period(year=9999, month=1, day=1, freq="D")),
    *(2017, 20171103, 20171103.7, 0, 1509667200, True, False, np.int64(2017), np.bool_(True), 1j, float("nan")),  # noqa: FBT003
    *(None, pd.NaT, pd.NA, np.datetime64("NaT", "D"), b"2017-11-03", object),
    *(pd.Period("2017-11", "M"), pd.Period("2017", "Y"), pd.Period("2017-11-03", "W"), pd.Period("2017-11-03 12", "h")),
    *(np.datetime64("2017"), np.datetime64("2017-11"), np.datetime64("2017-11-03", "W"), np.timedelta64(3, "D")),
    *(["2017-11-03"], ("2017-11-03",), np.array(["2017-11-03"], dtype="datetime64[D]"), np.array(3), {"a": 1}),
)


@pytest.mark.parametrize("when", SPELLINGS, ids=repr)
def test_a_day_is_read_in_every_unambiguous_form(when: dates.DateLike) -> None:
    """Its own day, in its own zone: half past midnight in Baghdad is not the evening before."""
    day = dates.to_day(when)
    assert day == DAY
    assert (day.unit, day.tz) == ("us", None)
    assert dates.to_days([when]).tolist() == [DAY]
    assert dates.to_days(when).tolist() == [DAY]


@pytest.mark.parametrize("when", REFUSED, ids=repr)
def test_what_is_no_day_is_refused_with_the_value_and_what_to_write(when: object) -> None:
    """Nothing is guessed: not the order of day and month, not the century, not the day of reading."""
    with pytest.raises(DateError, match="Write a day as '2017-11-03' or '3 Nov 2017', from 1800") as refusal:
        dates.to_day(when)  # type: ignore[arg-type]
    assert repr(when)[:60] in str(refusal.value)
    with pytest.raises(DateError):
        dates.to_days([when])  # type: ignore[list-item]


def test_text_that_names_no_day_is_none() -> None:
    """Readers of files ask cell by cell, and say themselves which cell it was."""
    assert dates.read_text("3 Nov 2017") == DAY
    assert dates.read_text("Sat 11/12/2016") is None


@pytest.mark.parametrize("name", dates.MONTHS)
def test_months_are_read_in_full_and_by_three_letters(name: str) -> None:
    """A prefix of another length is a slip."""
    number = dates.MONTHS.index(name) + 1
    for text in {name, name[:3], name.upper()}:
        assert dates.to_day(f"5 {text} 2016") == pd.Timestamp(2016, number, 5)
    assert dates.to_day("5 Sept 2016") == pd.Timestamp("2016-09-05")
    with pytest.raises(DateError):
        dates.to_day(f"5 {name[:3]}x 2016")


@given(st.dates(date(1800, 1, 1), date(2100, 12, 31)))
def test_what_is_written_is_read_back(day: date) -> None:
    """Every way in which the kit writes a day names that day alone."""
    stamp = pd.Timestamp(day)
    for text in (dates.iso(stamp), dates.in_words(stamp), dates.in_words(stamp, short=True)):
        assert dates.to_day(text) == stamp


@given(st.text())
def test_any_text_is_a_day_or_refused(text: str) -> None:
    """No other error leaves the door, and nothing depends on the day of reading."""
    try:
        assert dates.to_day(text) == dates.read_text(text)
    except DateError:
        assert dates.read_text(text) is None


COLUMNS = (
    ["2017-11-03", "2 Nov 2017", pd.Timestamp("2017-11-03 12:00")],
    pd.Series(pd.to_datetime(["2017-11-03 10:00", "2017-11-02 00:00", "2017-11-03 11:00"])),
    pd.Series(pd.to_datetime(["2017-11-03", "2017-11-02"])).dt.tz_localize("Asia/Baghdad"),
    pd.to_datetime(["2017-11-03", "2017-11-02"]).to_period("D"),
    pd.Index(["2017-11-03", "2017-11-02"]),
    pd.Series(["2017-11-03", "2017-11-02"], dtype="category"),
    np.array(["2017-11-03", "2017-11-02"], dtype="datetime64[D]"),
    (day for day in (date(2017, 11, 3), date(2017, 11, 2))),
    {"2017-11-03", "2017-11-02"},
)


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: str(getattr(column, "dtype", type(column).__name__)))
def test_several_days_are_distinct_and_in_order(column: dates.DatesLike) -> None:
    """Lists, columns and indexes of any form of a day."""
    days = dates.to_days(column)
    assert days.tolist() == [pd.Timestamp("2017-11-02"), DAY]
    assert days.dtype == "datetime64[us]"


def test_arrow_columns_are_days() -> None:
    """Columns from Parquet hold Arrow's own types."""
    pytest.importorskip("pyarrow")
    stamps = pd.Series(pd.to_datetime(["2017-11-03 10:00"])).astype("timestamp[ns][pyarrow]")
    assert dates.to_days(stamps).tolist() == [DAY]
    assert dates.to_days(stamps.astype("date32[pyarrow]")).tolist() == [DAY]


@pytest.mark.parametrize("strange", [pd.NaT, "1700-01-01", "2202-01-01"])
def test_a_column_with_a_day_that_cannot_be_is_refused(strange: object) -> None:
    """Columns of the right type are read at once, and still none passes."""
    column = pd.Series(pd.to_datetime(["2017-11-03", strange]))
    for several in (column, pd.DatetimeIndex(column), column.dt.tz_localize("UTC"), column.tolist()):
        with pytest.raises(DateError, match=r"NaT|1700|2202"):
            dates.to_days(several)


def test_no_day_is_an_empty_index() -> None:
    """Whoever needs one day asks for it."""
    assert dates.to_days([]).equals(pd.DatetimeIndex([], dtype="datetime64[us]"))


def test_long_values_are_cut_in_the_message() -> None:
    """A pasted page is not repeated."""
    with pytest.raises(DateError) as refusal:
        dates.to_day("x" * 5000)
    assert len(str(refusal.value)) < 250


ENDS = {
    ("2016-02-10", "day"): ("2016-02-10", "2016-02-10"),
    ("2016-02-10", "month"): ("2016-02-01", "2016-02-29"),
    ("2017-02-28", "month"): ("2017-02-01", "2017-02-28"),
    ("2017-12-31", "month"): ("2017-12-01", "2017-12-31"),
    ("2016-06-30", "year"): ("2016-01-01", "2016-12-31"),
    ("2017-01-01", "year"): ("2017-01-01", "2017-12-31"),
    ("2017-01-01", None): ("2017-01-01", "2017-01-01"),
    (None, "month"): (None, None),
}


def test_a_month_and_a_year_stand_for_all_their_days() -> None:
    """The day written in a row of a month or a year is arbitrary."""
    days = pd.Series(pd.to_datetime([day for day, _ in ENDS]), index=range(5, 5 + len(ENDS)), name="as_of")
    precision = pd.Series([name for _, name in ENDS], index=days.index, dtype="str")
    first, last = dates.first_day(days, precision), dates.last_day(days, precision)
    assert first.equals(pd.Series(pd.to_datetime([ends[0] for ends in ENDS.values()]), index=days.index))
    assert last.equals(pd.Series(pd.to_datetime([ends[1] for ends in ENDS.values()]), index=days.index))
    assert (first.index.tolist(), first.name, first.dtype) == (days.index.tolist(), "as_of", "datetime64[us]")
    assert days[5] == pd.Timestamp("2016-02-10")  # the column that came in is as it was


@given(st.dates(date(1800, 1, 1), date(2100, 12, 31)), st.sampled_from(["day", "month", "year"]))
def test_the_ends_hold_the_day(day: date, precision: str) -> None:
    """The day after the last is the first of the next month or year."""
    days, names = pd.Series([pd.Timestamp(day)]), pd.Series([precision])
    first, last = dates.first_day(days, names)[0], dates.last_day(days, names)[0]
    assert first <= pd.Timestamp(day) <= last
    after = last + pd.Timedelta(days=1)
    assert after.day == 1 or precision == "day"
    assert after.month == 1 or precision != "year"
    assert (first.year, last.year) == (day.year, day.year)


def test_words_are_no_more_precise_than_the_date() -> None:
    """A month is no day of it."""
    assert dates.in_words(DAY) == "3 November 2017"
    assert dates.in_words(DAY, short=True) == "3 Nov 2017"
    assert dates.in_words(DAY, precision="month") == "November 2017"
    assert dates.in_words(DAY, precision="month", short=True) == "Nov 2017"
    assert dates.in_words(DAY, precision="year") == "2017"
    assert dates.iso(date(812, 1, 5)) == "0812-01-05"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (["2017-11-03", "2014-06-10", "2016-01-01"], "10 June 2014 to 3 November 2017"),
        (["2017-11-03", "2017-11-03", None], "3 November 2017"),
        ([None], ""),
        ([], ""),
    ],
)
def test_a_span_names_its_ends(days: list[str], words: str) -> None:
    """The first and the last that are known; nothing where none is."""
    assert dates.span_in_words(pd.to_datetime(days)) == words


def test_the_locale_is_never_asked() -> None:
    """The month is November in Cairo and Ankara too: names in tables, titles and file names do not change."""
    kept = locale.setlocale(locale.LC_ALL)
    for name in ("ar_EG.UTF-8", "tr_TR.UTF-8", "de_DE.UTF-8", "C"):
        try:
            locale.setlocale(locale.LC_ALL, name)
        except locale.Error:  # not installed here
            continue
        try:
            assert dates.in_words(DAY) == "3 November 2017"
            assert dates.to_day("3 November 2017") == DAY
        finally:
            locale.setlocale(locale.LC_ALL, kept)
    source = Path(dates.__file__).read_text(encoding="utf-8")
    assert "strftime" not in source
    assert "strptime" not in source

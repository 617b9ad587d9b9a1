"""The doors for dates: arguments of every question."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
from fuzz.cells import ANY_TEXT, CELLS, DAYS, PASTED
from fuzz.door import Door
from hypothesis import strategies as st

import conflictkit as ck
from conflictkit.dates import MONTHS, to_day, to_days

SHIPPED = ck.Tables.shipped()
MONTH = st.one_of(st.sampled_from(MONTHS), st.sampled_from([name[:3] for name in MONTHS]), st.text(max_size=4))
NUMBER = st.one_of(st.integers(0, 40).map(str), st.integers(0, 40).map("{:02d}".format))
YEAR = st.one_of(
    *(st.integers(2013, 2020).map(str), st.integers(1780, 2120).map(str), st.integers(0, 99).map("{:02d}".format)),
    st.integers(0, 99999).map(str),
)
SIGN = st.sampled_from(["-", "/", ".", " ", "", "–", ", "])
WRITTEN = st.one_of(
    st.builds("{}{}{}{}{}".format, YEAR, SIGN, NUMBER, SIGN, NUMBER),
    st.builds("{}-{}-{}".format, YEAR, NUMBER, NUMBER),
    st.builds("{} {} {}".format, NUMBER, MONTH, YEAR),
    st.builds("{}{}{}{}{}".format, NUMBER, SIGN, NUMBER, SIGN, YEAR),
    st.builds("{}{}{}{}{}".format, NUMBER, SIGN, MONTH, SIGN, YEAR),
    st.builds("{} {}{} {}".format, MONTH, NUMBER, st.sampled_from(["", ","]), YEAR),
    st.datetimes().map(str),
    st.datetimes(timezones=st.timezones()).map(str),
    st.dates().map(str),
)
NEAR = {
    "min_value": pd.Timestamp("2013-06-01").to_pydatetime(),
    "max_value": pd.Timestamp("2020-06-01").to_pydatetime(),
}
OF_THE_WAR = st.one_of(st.datetimes(**NEAR), st.datetimes(**NEAR, timezones=st.timezones()).map(pd.Timestamp))
ANYTHING = st.one_of(WRITTEN, WRITTEN, OF_THE_WAR, DAYS, CELLS, PASTED, ANY_TEXT)


def one(value: Any) -> None:  # noqa: ANN401 - anything
    """See a midnight without a zone, whose year and day stand in the text as they were written."""
    day = to_day(value)
    assert day == day.normalize()
    assert day.tz is None
    assert 1800 <= day.year <= 2100
    if isinstance(value, str):
        numbers = [int(number) for number in re.findall(r"\d+", value, re.ASCII)]
        assert day.year in numbers
        assert day.day in numbers
    elif hasattr(value, "year"):
        assert (value.year, value.month, value.day) == (day.year, day.month, day.day)


def several(values: list[Any]) -> None:
    """See each as alone, in order, once."""
    days = to_days(values)
    assert days.tolist() == sorted({to_day(value) for value in values})


def column(values: list[Any]) -> None:
    """See a column of stamps as a list of them."""
    stamps = pd.Series(values)
    assert to_days(stamps).tolist() == sorted({to_day(value) for value in values})


def covered(value: Any) -> None:  # noqa: ANN401 - anything
    """See a day that the tables answer for."""
    first, last = SHIPPED.covers
    assert first <= SHIPPED.day(value) <= last


def known(value: Any) -> None:  # noqa: ANN401 - anything
    """See some of the figures, and the others with a reason."""
    found = ck.select_estimates(known_on=value)
    assert len(found) + len(found.attrs["rejected"]) == len(SHIPPED.fighter_estimates)


STAMPS = st.lists(st.one_of(st.datetimes(**NEAR), st.datetimes()).map(pd.Timestamp), min_size=1, max_size=4)
DOORS = [
    Door("dates: one", ANYTHING, one, weight=14),
    Door("dates: several", st.lists(ANYTHING, max_size=4), several, weight=6),
    Door("dates: a column", STAMPS, column, weight=4),
    Door("dates: covered", ANYTHING, covered, weight=5),
    Door("dates: known on", WRITTEN, known, weight=2),
]

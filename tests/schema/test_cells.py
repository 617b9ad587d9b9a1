"""Cells of tables: whatever holds them, they are read as their type, or refused by row and column."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from odd import Mute, objects

import conflictkit as ck
from conflictkit.errors import TableError, shown
from conflictkit.schema._cells import LARGE, MOST, NO_NUMBER, NO_TEXT, NO_WHOLE, PARTS, SMALL, UNWRITABLE, read
from conflictkit.schema.tables import shipped
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from conflictkit.schema._contracts import Kind


NOON, FIRST = pd.Timestamp("2014-01-01 14:30"), pd.Timestamp("2014-01-01")
MOMENTS = {
    "2014-01-01 14:30:00": (NOON, NOON.to_pydatetime(), NOON.to_datetime64(), "2014-01-01 14:30:00"),
    "2014-01-01T14:30": ("2014-01-01T14:30",),
    "2014-01-01 00:00:00+00:00": (FIRST.tz_localize("UTC"), "2014-01-01 00:00:00+00:00"),
    "2013-12-31 21:00:00+00:00": (FIRST.tz_localize("Asia/Baghdad").tz_convert("UTC"),),
    "2014-01-01T00:00:00Z": ("2014-01-01T00:00:00Z",),
    "2014-01-01Z": ("2014-01-01Z",),
}


@pytest.mark.parametrize(("written", "moment"), [(text, cell) for text, cells in MOMENTS.items() for cell in cells])
def test_a_moment_is_no_day(written: str, moment: object) -> None:
    """A change at 14:30 would count from the next day on, one of 21:00 in Greenwich a day early in Baghdad."""
    frame = shipped("control_changes").head(2)
    what = "time of day" if "14:30" in written else "time zone"
    cells = [pd.Series([day, moment], dtype="object") for day in (FIRST, "2014-01-01", None)]
    if isinstance(moment, pd.Timestamp):
        cells.append(pd.Series([moment, moment]))  # a column of that type
    for column in cells:
        with pytest.raises(TableError) as refused:
            ck.validate(frame.assign(valid_from=column), "control_changes")
        told = f"row 3, valid_from: '{written}' has a {what}: write the day alone, as 2014-06-10"
        assert told in str(refused.value).replace("T14:30:00.000000'", " 14:30:00'")


def test_midnight_as_pandas_writes_it_is_a_day() -> None:
    """In a column, among objects, as text."""
    frame = shipped("control_changes").head(3)
    mixed = pd.Series([frame.valid_from[0], "2014-01-14 00:00:00", "2017-07-15T00:00:00"], dtype="object")
    assert ck.validate(frame.assign(valid_from=mixed), "control_changes").valid_from.equals(frame.valid_from)


FAR_OFF = (
    *("0025-11-03", "1799-12-31", "2101-01-01", "2202-11-03", "9999-12-31"),
    *(date(25, 11, 3), datetime(2202, 1, 1), np.datetime64("0000-01-01"), np.datetime64("20000-01-01")),  # noqa: DTZ001
    *(pd.Timestamp("2107-11-03"), pd.Timestamp("0025-11-03"), pd.Period("2202-01-01", "D")),
)


@pytest.mark.parametrize("day", FAR_OFF, ids=repr)
def test_years_that_cannot_be_meant(day: object) -> None:
    """A digit of the year is missing or wrong: no chart could show it, and no war of these tables was then."""
    frame = shipped("sources").head(2)
    columns = [pd.Series(["2017-11-03", day], dtype="object")]
    if isinstance(day, (pd.Timestamp, np.datetime64)):
        columns.append(pd.Series(np.array(["2017-11-03", day], dtype="datetime64[s]")))
    for cells in columns:
        with pytest.raises(TableError, match=r"1 problem.\n  row 3, published_date: .* is not from 1800 to 2100"):
            ck.validate(frame.assign(published_date=cells), "sources")


NO_DAY = (
    *("today", "now", "12:30", "17/10/2017", "3.11.2017", "17-11-03", "2017", "Nov 2017", "2017-02-30", "x" * 5000),
    *(2017, 20171103, 1509667200.0, True, b"2017-11-03", ["2017-11-03"], np.array(["2017-11-03"]), {}, 1j),
    *(pd.Period("2017-11", "M"), np.datetime64("2017"), pd.Timedelta(days=3), object),
)


@pytest.mark.parametrize("cell", NO_DAY, ids=lambda cell: repr(cell)[:20])
def test_what_is_no_day_in_a_table(cell: object) -> None:
    """Nothing is guessed, nothing means the moment of reading, and the cell is told whatever it holds."""
    frame = shipped("sources").head(2)
    with pytest.raises(TableError, match=r"1 problem.\n  row 3, published_date: .* is not a date: write a day as") as e:
        ck.validate(frame.assign(published_date=objects("2017-11-03", cell)), "sources")
    assert len(str(e.value)) < 300


def why(cell: object, kind: Kind, decimal: str = ".") -> str:
    """Return why a cell is not of its type; empty where it is."""
    column, wrong = read(objects(None, cell), kind, decimal=decimal)
    assert column.isna()[0]
    assert 0 not in wrong
    assert column.isna()[1] == (1 in wrong) or not wrong
    return wrong.get(1, "")


NOTHING = (
    *(None, pd.NA, pd.NaT, float("nan"), np.float32("nan"), np.datetime64("NaT", "D"), np.timedelta64("NaT", "D")),
    *(Decimal("NaN"), Decimal("sNaN"), "", "  ", "\t\n"),
)


@pytest.mark.parametrize("kind", ["date", "number", "whole", "text", "list"])
@pytest.mark.parametrize("cell", NOTHING, ids=repr)
def test_cells_that_hold_nothing(cell: object, kind: Kind) -> None:
    """Blank text is a missing cell, in every column and from every door."""
    column, wrong = read(objects(cell), kind)
    assert column.isna().tolist() == [True]
    assert wrong == {}


NUMBERS = (
    (5, 5.0),
    ("5", 5.0),
    (" 5 ", 5.0),
    ("+5.", 5.0),
    (".5e1", 5.0),
    ("-5", -5.0),
    (np.int8(5), 5.0),
    (np.float32(5), 5.0),
    (Decimal(5), 5.0),
    (MOST, float(MOST)),
    (f"{MOST}", float(MOST)),
    (-MOST, -float(MOST)),
    ("0", 0.0),
    ("0.000", 0.0),
    ("0e-999", 0.0),
)


@pytest.mark.parametrize(("cell", "number"), NUMBERS, ids=repr)
def test_numbers(cell: object, number: float) -> None:
    """Of Python, of numpy, and as text."""
    for kind in ("number", "whole"):
        column, wrong = read(objects(cell), kind)  # type: ignore[arg-type]
        assert (column.tolist(), wrong) == ([number], {})


REFUSED_NUMBERS = {
    NO_NUMBER: (
        *("many", "1,200", "1.200,5", "1 200", "1_200", "0x10", "5%", "inf", "nan", "1e", "--5", "9" * 1001),
        *("\N{ARABIC-INDIC DIGIT TWO}", b"5", True, False, np.True_, 1j, np.complex64(1), Fraction(1, 2)),
        *(float("inf"), -np.inf, np.float32("inf"), Decimal("Infinity"), object, Mute()),
        *(pd.Timedelta(days=3), FIRST, date(2017, 11, 3), [5], (5,), {5}, {5: 5}, np.array([5, 6])),
    ),
    LARGE: (
        *(MOST + 1, -MOST - 1, 2**63, 10**400, float(2**53), 1e300, np.uint64(2**64 - 1), np.int64(-(2**63))),
        *("9007199254740993", "9223372036854775808", "1e19", "9" * 400, "1e400", Decimal(2**53), Decimal("1e400")),
    ),
    SMALL: ("1e-400", "-0.5e-999", Decimal("1e-400"), Decimal("-1e-999")),
}


@pytest.mark.parametrize(
    ("cell", "told"), [(cell, told) for told, cells in REFUSED_NUMBERS.items() for cell in cells], ids=shown
)
def test_what_is_no_number(cell: object, told: str) -> None:
    """Nothing is rounded or guessed: beyond 2**53 whole numbers are no longer exact."""
    assert why(cell, "number") == told
    assert why(cell, "whole") == (NO_WHOLE if told == NO_NUMBER else told)


@pytest.mark.parametrize("cell", [0.5, "2.5", Decimal("0.1"), np.float32(1.5)], ids=repr)
def test_a_fraction_is_not_whole(cell: object) -> None:
    """It is a number."""
    assert why(cell, "number") == ""
    assert why(cell, "whole") == NO_WHOLE


@pytest.mark.parametrize("dtype", ["int64", "uint64", "float64", "Int64", "UInt64", "Float64", "object", "category"])
def test_columns_of_large_numbers(dtype: str) -> None:
    """Whatever type the column has, the cell is told by its row."""
    cells = pd.Series([1, 2**53 + 1, 3]).astype(dtype)
    for kind in ("number", "whole"):
        column, wrong = read(cells, kind)  # type: ignore[arg-type]
        assert wrong == {1: LARGE}
        assert column.isna().tolist() == [False, True, False]


def test_columns_of_numbers_keep_their_holes() -> None:
    """Missing stays missing, and is no problem."""
    for dtype in ("float64", "Float64", "Int64", "object"):
        column, wrong = read(pd.Series([1, None, 3]).astype(dtype), "whole")
        assert column.equals(pd.Series([1, None, 3], dtype="Int64"))
        assert wrong == {}
    column, wrong = read(pd.Series([1.0, np.inf, 2.5]), "whole")
    assert wrong == {1: NO_WHOLE, 2: NO_WHOLE}


def test_a_decimal_comma_is_read_where_told() -> None:
    """And a point is then no sign for decimals: 1.234 would be another number there."""
    assert read(objects("1,5", "7", 2.5), "number", decimal=",").column.tolist() == [1.5, 7.0, 2.5]
    assert why("1.234", "number", decimal=",") == NO_NUMBER
    assert why("1,5", "number") == NO_NUMBER


TEXTS = (
    ("Al-Qaim", "Al-Qaim"),
    (" kept ", " kept "),
    (np.str_("x"), "x"),
    (5, "5"),
    (np.int64(5), "5"),
    (2017.0, "2017"),
    (2.5, "2.5"),
    (10011000211211000000, "10011000211211000000"),
    (Decimal("3.50"), "3.50"),
    (date(2017, 11, 3), "2017-11-03"),
    (pd.Timestamp("2017-11-03"), "2017-11-03"),
    (pd.Period("2017-11", "M"), "2017-11"),
)


@pytest.mark.parametrize(("cell", "text"), TEXTS, ids=repr)
def test_text(cell: object, text: str) -> None:
    """Numbers and days are what they look like, of a column that pandas made floats of too."""
    for kind in ("text", "list"):
        column, wrong = read(objects(cell), kind)  # type: ignore[arg-type]
        assert (column.tolist(), wrong, column.dtype) == ([text], {}, TEXT)


REFUSED_TEXTS = {
    NO_TEXT: (b"isis", True, np.False_, 1j, pd.Timedelta(days=1), pd.Interval(0, 1), object, Mute(), Fraction(1, 2)),
    PARTS.format("list"): (["a", "b"], [], [["a"]]),
    PARTS.format("ndarray"): (np.array(["a", "b"]), np.array([])),
    PARTS.format("dict"): ({"a": 1},),
    PARTS.format("set"): ({"a"},),
    PARTS.format("tuple"): (("a",),),
    LARGE: (1.0011000211211e19, float("inf"), -np.inf),
    UNWRITABLE: ("half \ud83d", "\udc00", "NUL \0"),
}


@pytest.mark.parametrize(
    ("cell", "told"), [(cell, told) for told, cells in REFUSED_TEXTS.items() for cell in cells], ids=shown
)
def test_what_is_no_text(cell: object, told: str) -> None:
    """What would be written as Python writes it, what was rounded, what no file can hold."""
    assert why(cell, "text") == told
    assert why(cell, "list") == told


def test_a_column_of_text_is_taken_as_it_is() -> None:
    """No copy where there is nothing to mend; blank cells and letters that no file holds are found there too."""
    plain = pd.Series(["a", None, "b"], dtype=TEXT)
    assert read(plain, "text").column is plain
    for dtype in (TEXT, "string", "category", "object"):
        given = pd.Series(["a", " ", None, "x\ud83d"], dtype="object")
        try:
            given = given.astype(dtype)
        except UnicodeEncodeError:  # Arrow, where it is installed, holds no such letter in the first place
            continue
        column, wrong = read(given, "text")
        assert column.equals(pd.Series(["a", None, None, None], dtype=TEXT))
        assert wrong == {3: UNWRITABLE}


CELLS = st.one_of(
    *(st.text(), st.integers(), st.floats(), st.booleans(), st.binary(), st.complex_numbers(), st.none()),
    *(st.decimals(), st.fractions(), st.dates(), st.datetimes(), st.timedeltas(), st.lists(st.integers())),
    *(st.just(pd.NaT), st.just(pd.NA), st.builds(np.datetime64, st.dates()), st.builds(Mute), st.text(st.characters())),
    st.datetimes(timezones=st.timezones()),
)


@given(st.lists(CELLS, max_size=8), st.sampled_from(["date", "number", "whole", "text"]))
def test_any_cells_are_read_or_told(cells: list[object], kind: Kind) -> None:
    """Each is of its type, missing, or told: no error, and nothing lost."""
    column, wrong = read(objects(*cells), kind)
    assert len(column) == len(cells)
    assert column.dtype == {"date": "datetime64[us]", "number": "float64", "whole": "Int64", "text": TEXT}[kind]
    assert column.isna()[list(wrong)].all()


def test_a_cell_is_told_in_words_whatever_it_is() -> None:
    """Row, column, the beginning of the value; never the whole of a page, nor what cannot be shown."""
    frame = shipped("places").head(2)
    for cell in (Mute(), "x" * 5_000_000, "half \ud83d", ["Raqqa"], 10**5000):
        with pytest.raises(TableError, match=r"1 problem\.\n  row 3, population: ") as refused:
            ck.validate(frame.assign(population=objects(None, cell)), "places")
        assert len(str(refused.value)) < 300
        str(refused.value).encode()

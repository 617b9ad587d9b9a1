"""Cells and frames as nobody should bring them: what people paste, what programs leave behind, what an enemy sends."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import odd
import pandas as pd
from hypothesis import strategies as st
from odd import Mute

if TYPE_CHECKING:
    from collections.abc import Callable


ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=30)  # halves of surrogate pairs too
PASTED = st.sampled_from(
    [
        *("", " ", "\t", "\n", "None", "nan", "NaN", "NA", "N/A", "null", "-", "?", "0", "00", "-0", "1e309", "1e-400"),
        *(
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "'=1",
            "<script>alert(1)</script>",
            "{{7*7}}",
            "$x$",
            "${x}",
            "a;b",
            ";",
        ),
        *(
            "17/10/2017",
            "3.11.2017",
            "2017-11-03",
            "2017-11-03 12:30",
            "2017-11-03T00:00:00Z",
            "today",
            "now",
            "0025-01-01",
        ),
        *("1,200", "1.200,5", "1 200", "9007199254740993", "9223372036854775808", "inf", "1_0", "0x10", "5%", "١٢"),
        *("isis", "ISIS", "mosul", "day", "IQ", "IQ;SY", "all", "control", "initial", "captured", "town", "km2"),
        *(
            "\ud83d",
            "a\0b",
            "\u202eabc",
            "\ufeffabc",
            "é",
            "e\u0301",
            "القائم",
            "\U0001d518\U0001d52b\U0001d526",
            "x" * 200,
            "ß" * 3000,
        ),
    ]
)
NUMBERS = st.one_of(
    *(st.integers(), st.floats(), st.decimals(), st.fractions(), st.booleans(), st.complex_numbers()),
    *(st.integers(-100, 100), st.floats(-200, 200), st.sampled_from([2**53, 2**63, 10**400, Decimal("sNaN"), 1e300])),
    *(st.integers(-128, 127).map(np.int8), st.floats(width=32).map(np.float32)),
)
DAYS = st.one_of(
    *(st.dates(), st.datetimes(), st.timedeltas(), st.datetimes(timezones=st.timezones())),
    st.datetimes(pd.Timestamp("1700-01-01").to_pydatetime(), pd.Timestamp("2250-01-01").to_pydatetime()).map(
        pd.Timestamp
    ),
    st.builds(np.datetime64, st.integers(-(10**6), 10**6), st.sampled_from(["D", "h", "s", "ms", "M", "Y", "W"])),
    st.builds(pd.Period, st.dates(), st.sampled_from(["D", "M", "Y", "h"])),
)
THINGS = st.one_of(
    *(st.none(), st.just(pd.NA), st.just(pd.NaT), st.binary(max_size=5), st.lists(st.integers(), max_size=3)),
    *(st.dictionaries(st.text(max_size=2), st.integers(), max_size=2), st.builds(Mute), st.just(object)),
    st.lists(st.integers(), max_size=3).map(np.array),
)
CELLS = st.one_of(ANY_TEXT, PASTED, PASTED, NUMBERS, DAYS, THINGS)

DTYPES = ("object", "category", "string", "str", "float64", "Int64", "Float64", "bool", "datetime64[us]", "complex128")


def column_of(cells: list[object], index: pd.Index) -> pd.Series:
    """Return cells as they are: pandas would unpack a list."""
    column = odd.column(cells)
    try:
        return pd.Series(column, index=index)
    except UnicodeEncodeError:  # half a letter, which Arrow refuses where it is installed
        return pd.Series(column, index=index, dtype="object")


@st.composite
def bent(draw: Callable[..., Any], frames: st.SearchStrategy[pd.DataFrame], *, shape: bool = True) -> pd.DataFrame:
    """Return a frame with some cells, and sometimes its shape, bent."""
    frame = draw(frames).astype("object")
    for _ in range(draw(st.integers(0, 4))):
        if not len(frame) or not len(frame.columns):
            break
        at = draw(st.integers(0, len(frame.columns) - 1))
        cells = list(frame.iloc[:, at])
        other = draw(st.integers(0, len(frame.columns) - 1))
        row = draw(st.integers(0, len(frame) - 1))
        cells[row] = draw(st.one_of(CELLS, st.sampled_from(list(frame.iloc[:, other]))))
        frame = frame.copy()
        frame.isetitem(at, column_of(cells, frame.index))
    return draw(st.sampled_from(SHAPES))(draw, frame) if shape and draw(st.integers(0, 2)) == 0 else frame


def _renamed(draw: Callable[..., Any], frame: pd.DataFrame) -> pd.DataFrame:
    names = list(frame.columns)
    if names:
        names[draw(st.integers(0, len(names) - 1))] = draw(
            st.one_of(ANY_TEXT, st.integers(), st.none(), st.sampled_from(names))
        )
    return frame.set_axis(pd.Index(names, dtype="object"), axis=1)


def _cast(draw: Callable[..., Any], frame: pd.DataFrame) -> pd.DataFrame:
    name, dtype = draw(st.sampled_from(range(max(1, len(frame.columns))))), draw(st.sampled_from(DTYPES))
    try:
        mine = frame.copy()
        mine.isetitem(name, frame.iloc[:, name].astype(dtype))
    except Exception:  # noqa: BLE001 - pandas cannot: then it is not brought either
        return frame
    return mine


def _in_words(cell: object) -> str:
    """Return a cell as text, also one that refuses."""
    try:
        return str(cell)
    except Exception:  # noqa: BLE001 - that is what it is for
        return type(cell).__name__


def _indexed(draw: Callable[..., Any], frame: pd.DataFrame) -> pd.DataFrame:
    kind = draw(st.integers(0, 3))
    if kind == 0 or not len(frame.columns) or frame.columns.nlevels > 1:
        return frame.set_axis([0] * len(frame))
    if kind == 1:
        return frame.set_axis(frame.iloc[:, 0].map(_in_words).rename(frame.columns[0]))
    if kind == 2:
        return pd.concat({"a": frame}, names=[frame.columns[0], "b"])
    return frame.set_axis(pd.date_range("2017-01-01", periods=len(frame), tz="UTC"))


SHAPES: list[Callable[[Callable[..., Any], pd.DataFrame], pd.DataFrame]] = [
    lambda draw, frame: frame.iloc[:, draw(st.permutations(range(len(frame.columns))))],
    lambda draw, frame: frame.drop(columns=frame.columns[draw(st.integers(0, max(0, len(frame.columns) - 1)))]),
    lambda _, frame: pd.concat([frame, frame]),
    lambda _, frame: pd.concat([frame, frame.iloc[:, :1]], axis=1),
    lambda _, frame: frame.head(0),
    lambda _, frame: frame.set_axis(pd.MultiIndex.from_product([frame.columns, ["x"]]), axis=1),
    lambda _, frame: frame.T,
    lambda draw, frame: frame.assign(
        **{"own column": draw(CELLS.filter(lambda cell: not (pd.api.types.is_list_like(cell) or callable(cell))))}
    ),
    _renamed,
    _cast,
    _cast,
    _indexed,
]

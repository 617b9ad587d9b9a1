"""The door: frames of any types come in, one mistake is one exception, and nothing is read twice in two ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import conflictkit as ck
from conflictkit.errors import TableError
from conflictkit.files import data_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    Make = Callable[..., pd.DataFrame]

ESTIMATES = ck.load_fighter_estimates()
TOWNS = ESTIMATES[ESTIMATES["as_of"] == "2017-11-03"]
QUESTIONS: dict[str, Callable[[pd.DataFrame], object]] = {
    "sum_ranges": ck.sum_ranges,
    "pool_estimates": lambda frame: ck.pool_estimates(frame[:1] if isinstance(frame, pd.DataFrame) else frame),
    "audit_estimates": ck.audit_estimates,
    "estimates_table": ck.estimates_table,
    "select_estimates": ck.select_estimates,
}
each_question = pytest.mark.parametrize("name", QUESTIONS)


def as_python(frame: pd.DataFrame) -> pd.DataFrame:
    """Return dates of Python and numbers as text, in columns of objects."""
    days = frame["as_of"].dt.date
    numbers = {bound: frame[bound].map(lambda x: f"{x:g}", na_action="ignore") for bound in ("low", "best", "high")}
    return frame.astype(object).assign(as_of=days, **numbers)


FORMS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "text dates": lambda frame: frame.assign(as_of=frame["as_of"].dt.strftime("%Y-%m-%d")),
    "dates in words": lambda frame: frame.assign(as_of="3 Nov 2017"),
    "objects": as_python,
    "categorical": lambda frame: frame.astype({"actor_id": "category", "scope": "category", "quantity": "category"}),
    "whole numbers": lambda frame: frame.astype({"low": "Int64", "high": "Int64"}),
    "another index": lambda frame: frame.set_axis(["x", "x"]),
    "no optional columns": lambda frame: frame.drop(columns=["quote", "note", "estimator_actor_id", "source_id"]),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_frame_gives_the_same_sum(form: str) -> None:
    """What validate takes, the questions take."""
    assert str(ck.sum_ranges(FORMS[form](TOWNS))) == "3,500–5,500"


def test_arrow_is_taken() -> None:
    """Columns from Parquet."""
    pytest.importorskip("pyarrow")
    arrow = TOWNS.convert_dtypes(dtype_backend="pyarrow")
    assert str(ck.sum_ranges(arrow)) == "3,500–5,500"
    assert len(ck.select_estimates(arrow, known_on="2017-12-31")) == 2


@each_question
def test_a_csv_as_pandas_reads_it_is_taken(name: str) -> None:
    """Dates are text there, and every question gives what it gives for the typed rows."""
    raw = pd.read_csv(data_folder() / "fighter_estimates.csv")
    raw = raw[raw["as_of"] == "2017-11-03"]
    typed, text = QUESTIONS[name](TOWNS), QUESTIONS[name](raw)
    if isinstance(typed, pd.DataFrame) and isinstance(text, pd.DataFrame):
        assert_frame_equal(typed.reset_index(drop=True), text.reset_index(drop=True), check_flags=False)
    else:
        assert str(text) == str(typed)


WRONG: dict[str, tuple[Any, str]] = {
    "no frame": ([1, 2], "takes a DataFrame like that of load_fighter_estimates.., not list"),
    "no row": (ESTIMATES.head(0), "No rows for"),
    "another table": (ck.load_places(), "The frame lacks as_of, date_prec, actor_id, scope, estimator, quantity"),
    "no estimator": (TOWNS.drop(columns="estimator"), "The frame lacks estimator"),
    "no unit": (ck.load_area_estimates().drop(columns="unit"), "The frame lacks unit.*load_area_estimates"),
    "a word": (TOWNS.assign(low="some"), "row 2, low: 'some' is not a number"),
    "an odd date": (TOWNS.assign(as_of="03/11/2017"), "row 2, as_of: '03/11/2017' is not a date"),
    "no date": (TOWNS.assign(as_of=pd.NaT), "as_of is empty in some rows"),
    "no scope": (TOWNS.assign(scope=None), "scope is empty in some rows"),
    "low above high": (TOWNS.assign(low=9000.0), "rows have low above high, a negative number or none"),
    "best outside": (TOWNS.assign(best=9000.0), "low above high"),
    "negative": (TOWNS.assign(low=-1.0), "a negative number"),
    "no number": (TOWNS.assign(low=np.nan, high=np.nan), "or none: cjtf-oir-2017-11-03-abu-kamal"),
    "infinite": (TOWNS.assign(high=np.inf), "row 2, high"),
    "a column twice": (pd.concat([TOWNS, TOWNS[["low"]]], axis=1), "low is there more than once"),
}


@each_question
@pytest.mark.parametrize("case", WRONG)
def test_one_mistake_is_one_exception(name: str, case: str) -> None:
    """Whoever asks: a table that is wrong is a TableError, with what is wrong."""
    frame, told = WRONG[case]
    with pytest.raises(TableError, match=told):
        QUESTIONS[name](frame)


@each_question
def test_no_question_changes_its_input(name: str) -> None:
    """Neither cells nor notes."""
    rows = TOWNS.copy()
    QUESTIONS[name](rows)
    assert_frame_equal(rows, TOWNS)
    assert rows.attrs == TOWNS.attrs


def test_own_columns_come_back_as_they_came() -> None:
    """Also those that are named as the kit names things inside."""
    mine = TOWNS.assign(thing=[1, 2], side="left", voice="bass")
    kept = ck.select_estimates(mine)
    assert_frame_equal(kept[["thing", "side", "voice"]], mine[["thing", "side", "voice"]], check_flags=False)


def test_a_row_without_an_id_is_named_by_its_numbers(rows: Make) -> None:
    """A message says which row it means."""
    told = rows({"low": 3, "high": 2}).drop(columns="estimate_id")
    with pytest.raises(TableError, match=r"low 3, high 2 \(A\)"):
        ck.sum_ranges(told)

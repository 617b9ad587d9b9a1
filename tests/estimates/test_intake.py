"""A table of one's own: every bad cell is reported, its row kept aside, and the others are typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pandas.testing import assert_frame_equal

import conflictkit as ck
from conflictkit.errors import EstimateError, TableError

if TYPE_CHECKING:
    import pandas as pd

ESTIMATES = ck.load_fighter_estimates()
BAD: dict[str, tuple[dict[str, Any], str]] = {
    "unknown": ({"low": "unknown"}, "low: 'unknown' is not a number"),
    "not available": ({"high": "n/a"}, "high: 'n/a' is not a number"),
    "a range": ({"best": "1,500-2,500"}, "read as words it is 1,500 to 2,500"),
    "other digits": ({"low": "\u0661\u0665\u0660\u0660 to 2,500"}, "read as words it is 1,500 to 2,500"),
    "low above high": ({"low": 3000, "high": 2000}, "low: '3000' is larger than high"),
    "negative": ({"low": -5}, "is outside 0 and more"),
    "no date": ({"as_of": None}, "as_of: empty, but a value is required"),
    "a strange quantity": ({"quantity": "figthers"}, "Did you mean 'fighters'?"),
    "a duplicate": ({"estimate_id": ESTIMATES["estimate_id"].iloc[0]}, "stands in row 2 already"),
}


def sheet() -> pd.DataFrame:
    """Return rows as a spreadsheet holds them: cells of any type."""
    return ESTIMATES.head(8).astype("object")


@pytest.mark.parametrize(("cells", "reason"), BAD.values(), ids=BAD)
def test_a_bad_row_is_kept_aside_with_its_reason(cells: dict[str, Any], reason: str) -> None:
    """The row comes back as it was, and the rest is as good as the shipped table."""
    mine = sheet()
    for column, value in cells.items():
        mine.loc[7, column] = value
    before = mine.copy(deep=True)
    kept = ck.sift_estimates(mine)
    (aside,) = kept.attrs["rejected"]
    assert reason in aside["reason"]
    assert aside["row"] == 9
    assert all(aside[column] == value for column, value in cells.items())
    assert_frame_equal(kept, ESTIMATES.head(7), check_flags=False)
    assert_frame_equal(mine, before)


def test_all_problems_of_a_row_are_in_its_reason() -> None:
    """Two bad cells, one reason with both."""
    mine = sheet()
    mine.loc[2, ["low", "quantity"]] = ["some", "men"]
    (aside,) = ck.sift_estimates(mine).attrs["rejected"]
    assert "low: 'some'" in aside["reason"]
    assert "quantity: 'men'" in aside["reason"]


def test_what_is_kept_can_be_added_and_pooled() -> None:
    """The sifted table goes into the functions that take estimates."""
    mine = ESTIMATES[ESTIMATES["as_of"] == "2017-11-03"].astype("object")
    assert str(ck.sum_ranges(ck.sift_estimates(mine))) == "3,500 to 5,500"


def test_optional_columns_may_be_missing_and_required_ones_not() -> None:
    """No quote is no problem; no estimator is one of the whole table."""
    assert "quote" in ck.sift_estimates(sheet().drop(columns=["quote", "note"]))
    with pytest.raises(TableError, match="estimator"):
        ck.sift_estimates(sheet().drop(columns="estimator"))
    with pytest.raises(EstimateError, match="area_estimates"):
        ck.sift_estimates(sheet(), "places")

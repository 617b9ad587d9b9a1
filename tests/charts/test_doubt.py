"""What a picture is unsure of: how white, and whose land is contested by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from conflictkit.charts import _doubt

if TYPE_CHECKING:
    import conflictkit as ck


def test_whiteness_follows_the_probability() -> None:
    """Certain land keeps its colour; from even chances down it is palest."""
    assert _doubt.whiteness(np.array([1.0, 0.9, 0.7, 0.5, 0.2])).tolist() == pytest.approx([0, 0, 0.4, 0.8, 0.8])


def test_contested_land_has_both_sides(territory: ck.Territory) -> None:
    """Kobani in November 2014: the YPG before and after; Ramadi: nobody known before."""
    days = {day: territory.holders(day) for day in ("2014-11-01", "2014-02-01")}
    sides = {
        day: _doubt.contenders(rows, territory.control_changes).set_index("place_id") for day, rows in days.items()
    }
    assert sides["2014-11-01"].loc["kobani"].tolist() == ["ypg", "ypg"]
    assert sides["2014-02-01"].loc["ramadi"].isna().tolist() == [True, False]

"""Events beside fronts: a flag and a distance, on the day of the event."""

from __future__ import annotations

import pandas as pd
import pytest
from synthetic import events_of as table

import conflictkit as ck

RAQQA, QAIM = (35.95, 39.01), (34.37, 41.1)


def test_near_is_within_so_many_km(territory: ck.Territory) -> None:
    """The distance is that of nearest_fronts; what has no day, no place or no point of its own is not asked."""
    events = table(("2017-10-20", *QAIM, 1), (None, *QAIM, 1), ("2017-10-20", None, 40, 1), ("1990-01-01", *QAIM, 1))
    events["where_prec"] = "exact"
    events = pd.concat([events, events.iloc[[0]].assign(where_prec="admin1")], ignore_index=True)
    before = events.copy()
    near = ck.events_near_fronts(territory, events, km=1000)
    pd.testing.assert_frame_equal(events, before)
    assert near["near_front"].tolist() == [True, pd.NA, pd.NA, pd.NA, pd.NA]
    expected = ck.nearest_fronts(QAIM, "2017-10-20", territory=territory).iloc[0]
    assert near["front_km"].iloc[0] == pytest.approx(expected["km"], rel=0.01)
    assert {near["front_side"].iloc[0], near["front_other_side"].iloc[0]} == {expected["side"], expected["other_side"]}
    closer = ck.events_near_fronts(territory, events, km=float(expected["km"]) - 1)
    assert not closer["near_front"].iloc[0]


def test_the_front_moves(territory: ck.Territory) -> None:
    """Raqqa lies deep in one side's land in 2015, beside a front in the summer of 2017."""
    events = table(("2015-01-10", *RAQQA, 1), ("2017-06-20", *RAQQA, 1))
    assert ck.events_near_fronts(territory, events)["near_front"].tolist() == [False, True]


def test_no_rows_and_no_distance_are_refused(territory: ck.Territory) -> None:
    """With what to give."""
    events = table(("2017-10-20", *QAIM, 1))
    with pytest.raises(ck.TableError, match="No rows"):
        ck.events_near_fronts(territory, events.iloc[:0])
    with pytest.raises(ck.TerritoryError, match="no distance"):
        ck.events_near_fronts(territory, events, km=-1)

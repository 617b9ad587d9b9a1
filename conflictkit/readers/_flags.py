"""What is odd about an event: said in words beside it, never a reason to drop it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conflictkit.schema import CROWD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


def flags_of(
    events: pd.DataFrame, repeats: NDArray[np.bool_], same_id: NDArray[np.bool_], composite: NDArray[np.bool_]
) -> pd.Series:
    """Return the flags of each event, joined with ``;``; missing where there is none."""
    start, end = events["event_date"], events["date_end"]
    months = [day.dt.year * 12 + day.dt.month for day in (start, end)]
    placed = on_globe(events)
    tests: Mapping[str, pd.Series | NDArray[np.bool_]] = {
        "undated": start.isna(),
        "unplaced": ~placed,
        "repeat": repeats,
        "repeat_id": same_id,
        "best_above_high": events["best"] > events["high"],
        "best_below_low": events["best"] < events["low"],
        "ends_before_start": end < start,
        "month_as_date": events["date_prec"].isin(["month", "year"]),
        "spans_months": months[1] > months[0],
        "crowded_point": placed & (_on_one_point(events) > CROWD),
        "composite_actor": composite,
    }
    # each combination of flags is written once
    bits = sum((np.asarray(test, dtype=np.int16) << place) for place, test in enumerate(tests.values()))
    numbers, kinds = pd.factorize(np.asarray(bits))
    words = pd.array([_words(kind, list(tests)) for kind in kinds.tolist()], dtype="str")
    return pd.Series(words.take(numbers), index=events.index)


def _words(kind: int, names: list[str]) -> str | float:
    found = [name for place, name in enumerate(names) if kind >> place & 1]
    return ";".join(found) if found else np.nan


def on_globe(events: pd.DataFrame) -> pd.Series:
    """Return whether each event has a position."""
    return events["latitude"].between(-90, 90) & events["longitude"].between(-180, 180)


def _on_one_point(events: pd.DataFrame) -> NDArray[np.int64]:
    """Return how many events stand on the point of each."""
    points = pd.factorize(events["latitude"].to_numpy() + 1j * events["longitude"].to_numpy())[0]
    counts = np.bincount(points[points >= 0], minlength=1)
    return np.where(points >= 0, counts[points], 0)

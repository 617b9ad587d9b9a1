"""What a series of drawings hides: days without one, days that repeat the one before, land that two claim, slips."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conflictkit.actors import CONTESTED
from conflictkit.dates import iso
from conflictkit.geometry import M2_PER_KM2
from conflictkit.prose import KM2, counted
from conflictkit.prose import number as in_figures
from conflictkit.territory._gaps import COLUMNS, TEXT_COLUMNS
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from conflictkit.territory._overlays import State

# Land of one holder that is so many times as large, or as small, as in the drawings next to it is looked at again, if
# the difference is such a share of all land drawn. The fastest advance of the shipped war took ten days to double land.
ODD_TIMES, ODD_SHARE = 3.0, 0.01

Finding = tuple[str, str | None, pd.Timestamp, float, str]  # kind, holder, since, km2, detail


def usual_step(dates: pd.DatetimeIndex) -> int:
    """Return the usual number of days from one drawing to the next: their median; 0 of a single drawing."""
    return int(np.median(np.diff(dates.to_numpy()) / np.timedelta64(1, "D"))) if len(dates) > 1 else 0


def missing_days(
    dates: pd.DatetimeIndex, numbers: Sequence[int], moved_km2: Callable[[int, int], float], step: int
) -> Iterator[Finding]:
    """List the gaps longer than a step, with the land that moved in each: on which of its days is not known."""
    for (first, one), (last, other) in pairwise(zip(dates, numbers, strict=True)):
        days = (last - first).days
        if days > step:
            detail = f"{days - 1} days without a drawing, until {iso(last)}"
            yield "missing_days", None, first, moved_km2(one, other), detail


def same_drawings(
    dates: pd.DatetimeIndex, numbers: Sequence[int], moved_km2: Callable[[int, int], float]
) -> Iterator[Finding]:
    """List the runs of identical days, with the land that the drawing after each moved: perhaps earlier than drawn."""
    runs = [int(run) for run in np.flatnonzero(np.diff(numbers, prepend=-1))]
    ends = [*runs[1:], len(numbers)]
    for start, end in zip(runs, ends, strict=True):
        if end - start > 1:
            after = numbers[end] if end < len(numbers) else numbers[start]
            detail = f"{end - start} identical days, to {iso(dates[end - 1])}"
            yield "same_drawing", None, dates[start], moved_km2(numbers[start], after), detail


def contested_land(dates: pd.DatetimeIndex, numbers: Sequence[int], states: Sequence[State]) -> Iterator[Finding]:
    """List the drawings in which land is contested, each once, with how much."""
    for number, state in enumerate(states):
        days = [day for day, drawn in zip(dates, numbers, strict=True) if drawn == number]
        if CONTESTED in state and days:
            detail = f"drawn as contested, or for two holders, on {counted(len(days), 'day')}"
            yield "contested", CONTESTED, days[0], state[CONTESTED].area / M2_PER_KM2, detail


def odd_sizes(dates: pd.DatetimeIndex, numbers: Sequence[int], states: Sequence[State]) -> Iterator[Finding]:
    """List the drawings in which a holder's land is out of proportion to that before and after: a slip of the pen.

    With how much more or less it is. The first and the last drawing are held against the two next to them.
    """
    starts = np.flatnonzero(np.diff(numbers, prepend=-1)).tolist()
    areas = [{holder: land.area / M2_PER_KM2 for holder, land in states[numbers[start]].items()} for start in starts]
    for at in range(len(starts) if len(starts) > 2 else 0):  # noqa: PLR2004 - of two, either can be the slip
        first = min(max(at - 1, 0), len(starts) - 3)
        others = [areas[other] for other in range(first, first + 3) if other != at]
        least = ODD_SHARE * max(sum(around.values()) for around in (areas[at], *others))
        for holder in sorted({holder for around in (areas[at], *others) for holder in around} - {CONTESTED}):
            own, (low, high) = areas[at].get(holder, 0.0), sorted(around.get(holder, 0.0) for around in others)
            nearest = high if own > high else low
            if (own > ODD_TIMES * high or own * ODD_TIMES < low) and abs(own - nearest) > least:
                detail = f"{in_figures(own)} {KM2}, next to {in_figures(low)} and {in_figures(high)} in other drawings"
                yield "odd_size", holder, dates[starts[at]], abs(own - nearest), detail


def gathered(findings: Iterator[Finding]) -> pd.DataFrame:
    """Join findings into one frame, laid out as those about places."""
    frame = pd.DataFrame(list(findings), columns=["kind", "actor_id", "valid_from", "claimed_km2", "detail"])
    typed = frame.reindex(columns=COLUMNS).astype(dict.fromkeys(TEXT_COLUMNS, TEXT))
    typed["valid_from"] = pd.to_datetime(typed["valid_from"]).astype("datetime64[us]")
    typed[["claimed_km2", "core_km2"]] = typed[["claimed_km2", "core_km2"]].astype(float)
    return typed.sort_values(["kind", "valid_from"], ignore_index=True)

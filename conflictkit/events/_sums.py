"""Counts of parts of a data set, added up: in any order and in any grouping they give the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from conflictkit.ranges import BOUNDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

TOGETHER = 16  # counts that one task adds up


def added_up(
    events: Any,  # noqa: ANN401 - a frame of Dask, which is an extra
    count: Callable[[pd.DataFrame, Any], pd.DataFrame],
    area: object,
    keys: Sequence[str],
) -> pd.DataFrame:
    """Return the counts of a Dask frame: of each partition where it is, then of 16 counts at a time."""
    from dask.base import compute
    from dask.delayed import delayed

    # one copy of the areas for all tasks
    shared = delayed(area, pure=True, traverse=False)
    counts = [delayed(count, pure=True)(part, shared) for part in events.to_delayed()]
    add = delayed(added, pure=True)
    while len(counts) > 1:
        counts = [add(list(keys), *counts[at : at + TOGETHER]) for at in range(0, len(counts), TOGETHER)]
    whole: pd.DataFrame = compute(counts[0])[0]
    return whole


def added(keys: Sequence[str], *counts: pd.DataFrame) -> pd.DataFrame:
    """Return several counts as one."""
    filled = [count for count in counts if len(count)] or list(counts[:1])
    grouped = pd.concat(filled).groupby(list(keys), dropna=False, observed=True)
    summed = grouped[list(BOUNDS)].sum(min_count=1)
    summed.insert(0, "events", grouped["events"].sum())
    return summed.reset_index()

"""What land rests on: over time, how much of it on rows of each confidence, and on pages of each grade."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from conflictkit.evidence._rows import NO_PAGE
from conflictkit.schema import CONFIDENCE, RELIABILITY

if TYPE_CHECKING:
    from conflictkit.territory import Level, Territory

FIRST = "first holder"  # of a place: taken from the first change of it, whatever its confidence
KINDS = {"confidence": (*CONFIDENCE, FIRST), "reliability": (*RELIABILITY, NO_PAGE)}


def support(territory: Territory, actor_id: str | None, *, level: Level) -> dict[str, pd.DataFrame]:
    """Return the km2 that rest on rows of each kind, from each day on which something changes.

    Parameters
    ----------
    territory
        Who held what, by places.
    actor_id
        The holder; None for all land.
    level
        ``claimed`` or ``core``.

    Returns
    -------
    dict
        By ``confidence`` and by ``reliability``: one row per day, one column per kind, the surest first, in km2. The
        confidence of a place's first row says how its first holder was found, and stands apart.
    """
    rows = territory.control_changes
    km2 = rows["place_id"].map(territory.cells.groupby("place_id")[f"{level}_km2"].sum()).fillna(0.0)
    if actor_id is not None:
        km2 = km2.where(rows["to_actor"] == actor_id, 0.0)
    ordered = rows.assign(km2=km2).sort_values(["place_id", "valid_from"], kind="stable")
    ends = ordered.groupby("place_id")["valid_from"].shift(-1)
    grades = ordered["source_id"].map(territory.tables.sources.set_index("source_id")["reliability"])
    kinds = {
        "confidence": ordered["confidence"].mask(ordered["event"] == "initial", FIRST),
        "reliability": grades.fillna(NO_PAGE),
    }
    return {
        name: _over_time(ordered, ends, kind).reindex(columns=list(KINDS[name]), fill_value=0.0)
        for name, kind in kinds.items()
    }


def _over_time(rows: pd.DataFrame, ends: pd.Series, kind: pd.Series) -> pd.DataFrame:
    """Return the running sum of what begins and what ends on each day."""
    begins = pd.DataFrame({"date": rows["valid_from"], "kind": kind, "km2": rows["km2"]})
    stops = pd.DataFrame({"date": ends, "kind": kind, "km2": -rows["km2"]}).dropna(subset="date")
    both = pd.concat([begins, stops])
    moved = both.pivot_table(index="date", columns="kind", values="km2", aggfunc="sum", fill_value=0.0)
    return moved.sort_index().cumsum().clip(lower=0.0)  # sums of equal numbers can fall short of zero by 1e-11

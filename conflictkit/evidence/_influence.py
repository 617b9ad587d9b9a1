"""How much of a holder's land hangs on each row, or on each page: from leaving each out, with nothing built anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Hashable

    from conflictkit.territory import Level, Territory


def influence(territory: Territory, day: pd.Timestamp, actor_id: str, *, by: str, level: Level) -> pd.DataFrame:
    """Return what a holder's land would be without each row, or without all rows of each page.

    Parameters
    ----------
    territory
        Who held what, by places.
    day
        The day of the land.
    actor_id
        The holder.
    by
        ``row`` or ``source``.
    level
        ``claimed`` or ``core``.

    Returns
    -------
    pandas.DataFrame
        One row per row or page that moves something, the largest first: ``place_id`` and ``valid_from``, or
        ``source_id``; ``rows`` (how many were left out); ``difference_km2`` (land of the holder without it, less its
        land as it stands).

    Notes
    -----
    On a day a place is its holder's by one row, the latest before it. Leaving that out gives the place to the holder of
    the row before, so that the land of its cell changes hands and nothing else does: the figures are those of
    ``what_if``. First rows (event ``initial``) are not left out.
    """
    table = territory.control_changes
    told = table[table["valid_from"] <= day].sort_values(["place_id", "valid_from"], kind="stable")
    km2 = territory.cells.groupby("place_id")[f"{level}_km2"].sum().to_dict()
    without = _without_each_row if by == "row" else _without_each_page
    found = without(told, actor_id, km2)
    moves = found[found["difference_km2"].abs() > 0] if len(found) else found
    return moves.sort_values("difference_km2", key=np.abs, ascending=False, kind="stable", ignore_index=True)


def _without_each_row(told: pd.DataFrame, actor_id: str, km2: dict[Hashable, float]) -> pd.DataFrame:
    """Return what each row that decides a place moves by being left out."""
    before = told.groupby("place_id")["to_actor"].shift()
    last = told.groupby("place_id").cumcount(ascending=False).eq(0) & told["event"].ne("initial")
    rows = told[last].assign(before=before[last])
    gained = rows["before"].eq(actor_id).astype(float) - rows["to_actor"].eq(actor_id).astype(float)
    return rows[["place_id", "valid_from", "source_id"]].assign(
        rows=1, difference_km2=gained * rows["place_id"].map(km2).astype(float).fillna(0.0)
    )


def _without_each_page(told: pd.DataFrame, actor_id: str, km2: dict[Hashable, float]) -> pd.DataFrame:
    """Return what all rows of each page move by being left out together."""
    chains: dict[
        str, list[tuple[str, object]]
    ] = {}  # of each place, who took it by whose word; none for a first holder
    cited: dict[str, dict[str, int]] = {}  # by page, how many changes of each place rest on it
    columns = (told[name] for name in ("place_id", "to_actor", "source_id", "event"))
    for place, actor, page, event in zip(*columns, strict=True):
        change = event != "initial" and isinstance(page, str)
        chains.setdefault(place, []).append((actor, page if change else None))
        if change:
            cited.setdefault(page, {}).setdefault(place, 0)
            cited[page][place] += 1
    found = []
    for page, places in cited.items():
        moved = 0.0
        for place in places:
            left = next((actor for actor, word in reversed(chains[place]) if word != page), "")
            moved += ((left == actor_id) - (chains[place][-1][0] == actor_id)) * km2.get(place, 0.0)
        found.append({"source_id": page, "rows": sum(places.values()), "difference_km2": moved})
    return pd.DataFrame(found)

"""What a page opens on: the day of the story's largest extent, the finding in a sentence, the changes with a name.

The story is that of the actor whom the tables name; a war whose tables name none has no peak and no headline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from conflictkit.actors import CONTESTED
from conflictkit.charts._land import paints_for
from conflictkit.charts.changes import with_parts
from conflictkit.dates import in_words
from conflictkit.maps._payload import days_of, table
from conflictkit.prose import KM2, percent, significant

if TYPE_CHECKING:
    from collections.abc import Collection

    from conflictkit.territory import Level, Territory

    Data = dict[str, Any]

TOWNS = 10  # as many as fit under a chart in three rows at 1400 pixels, with the days of each
ALL = "all"


def own_ids(territory: Territory) -> list[str]:
    """Return the actor of the story and those that are drawn as part of it; nobody where the tables tell none."""
    actor = territory.tables.story_actor
    return with_parts(territory, actor, paints_for(territory)) if actor in territory.actor_ids else []


def story_area(territory: Territory, days: pd.DatetimeIndex, level: Level) -> pd.DataFrame:
    """Return the story's land on some days: one row a day, km2 and share of the scope; no row without a story."""
    area = territory.area(days, level=level)
    own = area[(area["scope"] == ALL) & area["actor_id"].isin(own_ids(territory))]
    return own.groupby("date")[["area_km2", "share"]].sum()


def peak(land: pd.DataFrame, days: pd.DatetimeIndex) -> pd.Timestamp:
    """Return the day of the largest extent, the first of equals; the last day where there is no land at all."""
    km2 = land["area_km2"].to_numpy()
    return days[int(km2.argmax())] if km2.any() else days[-1]


def headline(territory: Territory, land: pd.DataFrame, level: Level, *, where: str) -> str:
    """Return what the page finds in all of its days, from its own numbers: empty without a story, or about no land.

    It begins with the day that it is about, where there are several: the map below may show any other.
    """
    km2 = land["area_km2"].to_numpy()
    if not km2.any():
        return ""
    at = int(km2.argmax())
    share = float(land["share"].iloc[at])
    name = paints_for(territory)[own_ids(territory)[0]].name
    kind = f"of {level} land" if territory.has_places else "of land as drawn"
    part = f", {percent(share, tenths=True)} of {where}" if where and share else ""
    held, day = f"{name} held {significant(float(km2[at]))} {KM2} {kind}{part}", in_words(land.index[at])
    if len(km2) == 1:
        return f"{held}, on {day}"
    after = f"; nothing by {in_words(land.index[-1])}" if not km2[-1] else ""
    return f"At its largest, on {day}, {held}{after}"


def named_changes(territory: Territory, days: pd.DatetimeIndex) -> Data:
    """Return the changes that everybody looks for: one row each, of the towns most of whose people saw most of them.

    A town is worth its residents times the changes between the story's actor and others there; the first ten count, and
    the last place that the actor lost. A town in parts (West Mosul) is taken with the last of its parts, and lost so.
    """
    rows = _moves(territory, days)
    if rows.empty:
        return table(day=[], place=[], town=[], before=[], after=[])
    worth = (rows["people"] * rows.groupby("town")["own"].transform("size")).groupby(rows["town"]).max()
    towns = worth.dropna().sort_values(ascending=False, kind="stable").index[:TOWNS]
    lost = rows[~rows["own"]]
    found = pd.concat([rows[rows["town"].isin(towns)], lost.tail(1)])
    found = found[~found.index.duplicated()].sort_values(["valid_from", "town"], kind="stable")
    places, actors = pd.Index(territory.places["place_id"]), pd.Index(territory.actor_ids)
    return table(
        day=days_of(found["valid_from"]),
        place=places.get_indexer(pd.Index(found["place_id"])).tolist(),
        town=found["town"],
        before=actors.get_indexer(pd.Index(found["from_actor"])).tolist(),
        after=actors.get_indexer(pd.Index(found["to_actor"])).tolist(),
    )


def _moves(territory: Territory, days: pd.DatetimeIndex) -> pd.DataFrame:
    """Return the changes between the story's actor and others, in order, of a town in parts the last of each turn."""
    rows, own = territory.control_changes, own_ids(territory)
    gained, held = rows["to_actor"].isin(own), rows["from_actor"].isin(own)
    within = rows["valid_from"].between(days[0], days[-1]) & (rows["valid_from"] > territory.dates[0])
    # land that is fought for on the way is neither taken nor lost yet: the row after it says which
    after_fight = rows["from_actor"].eq(CONTESTED)
    turned = (gained ^ held) & rows["to_actor"].ne(CONTESTED) | after_fight & _held_before_fight(rows, own) & ~gained
    moved = rows.assign(own=gained)[within & turned]
    towns = towns_of(territory.tables.places, set(territory.places["place_id"])).reindex(moved["place_id"])
    moved = moved.assign(town=towns["name"].to_numpy(), people=towns["people"].to_numpy())
    moved = moved.sort_values("valid_from", kind="stable")
    parts = moved.groupby("town")["place_id"].transform("nunique") > 1
    whole = moved[parts].drop_duplicates(["town", "own"], keep="last")
    return pd.concat([moved[~parts], whole]).sort_values(["valid_from", "town"], kind="stable")


def _held_before_fight(rows: pd.DataFrame, own: list[str]) -> pd.Series:
    """Return whether the row before, at the same place, took it from the story's actor."""
    before = rows.groupby("place_id")["from_actor"].shift(1)
    return before.isin(own)


def towns_of(places: pd.DataFrame, own: Collection[str]) -> pd.DataFrame:
    """Return the town that each place is, or is a part of by its name (West Mosul), with its residents.

    A town that has rows of its own, whose places are `own`, has no parts: a quarter of it is not the town.
    """
    known = places[places["population"].notna()].sort_values("population", ascending=False)
    people = dict(zip(known["name"], known["population"].astype(float), strict=True))
    parted = set(known["name"]) - set(known["name"][known["place_id"].isin(own)])
    rows = []
    for place, name in zip(places["place_id"], places["name"], strict=True):
        town = name if name in people else next((whole for whole in sorted(parted) if name.endswith(f" {whole}")), name)
        rows.append((place, town, people.get(town, float("nan"))))
    return pd.DataFrame(rows, columns=["place_id", "name", "people"]).set_index("place_id")

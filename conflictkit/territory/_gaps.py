"""What a map of cells hides: captures without an end, places on one point, points outside their country."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from conflictkit.actors import UNKNOWN
from conflictkit.dates import iso
from conflictkit.geometry import close_pairs
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from conflictkit.geometry import Tessellation

COLUMNS = [
    *("kind", "place_id", "other_place_id", "actor_id", "valid_from"),
    *("claimed_km2", "core_km2", "detail"),
]
TEXT_COLUMNS = ["kind", "place_id", "other_place_id", "actor_id", "detail"]

# Places closer than this share one town's land, and a wrong row of one is easily taken for a change of the other.
CLOSE_M = 3_000.0

REGIONS = {"country": "country", "admin1": "governorate"}
NO_COORDINATES = "its place has no coordinates"  # why a row can be left out

# Kinds of actor whose hold on a place can stay without a recorded end and still be no gap in the record.
STATE_KINDS = ("state", "state_force", "state_of_control")


def open_captures(changes: pd.DataFrame, actors: pd.DataFrame) -> pd.DataFrame:
    """List the captures by a non-state holder that no later row ends, one row per place; changes are by date."""
    states = actors.loc[actors["kind"].isin(STATE_KINDS), "actor_id"]
    last = changes.groupby("place_id").tail(1)
    still = last[(last["event"] != "initial") & ~last["to_actor"].isin(states)]
    found = still[["place_id", "valid_from"]].assign(kind="open_capture", actor_id=still["to_actor"])
    return found.assign(detail="no later row: held to the end of the table")


def close_places(places: pd.DataFrame, points: NDArray[np.float64]) -> pd.DataFrame:
    """List the pairs of places within 3 km of each other: ``same_point`` if only the first of the two has a cell.

    Points are (P, 2) the sites of their cells, in metres.
    """
    first, second = close_pairs(points, CLOSE_M).T
    distances = np.hypot(*(points[first] - points[second]).T) / 1000
    ids = places["place_id"].to_numpy()
    same = distances == 0
    return pd.DataFrame(
        {
            "kind": np.where(same, "same_point", "close_pair"),
            "place_id": ids[first],
            "other_place_id": ids[second],
            "detail": np.where(
                same, "one cell for both, held by the first", [f"{distance:.1f} km apart" for distance in distances]
            ),
        }
    )


def misplaced(places: pd.DataFrame, region: str, scope: Sequence[str], lands: NDArray[np.object_]) -> pd.DataFrame:
    """List the places of a region of the scope whose point is outside its borders, in degrees, one row per place."""
    longitude, latitude = places["longitude"].to_numpy(), places["latitude"].to_numpy()
    outside = np.zeros(len(places), dtype=bool)
    for code, land in zip(scope, lands, strict=True):
        outside |= (places[region] == code).to_numpy() & ~shapely.contains_xy(land, longitude, latitude)
    found = places.loc[outside, ["place_id"]]
    return found.assign(kind="outside_borders", detail=f"outside its {REGIONS[region]}; its cell inside still counts")


def pointless(left_out: pd.DataFrame) -> pd.DataFrame:
    """List the places that have rows and no coordinates, one row per place."""
    found = left_out.loc[left_out["reason"] == NO_COORDINATES, ["place_id"]].drop_duplicates()
    return found.assign(kind="no_coordinates", detail="its rows are left out")


def without_places(blank: Sequence[str], scope: Sequence[str], land: Tessellation) -> pd.DataFrame:
    """List the countries without a place, one row each, with all of their land that no place stands for."""
    number = [list(scope).index(name) for name in blank]
    return pd.DataFrame(
        {
            "kind": "no_place",
            "actor_id": UNKNOWN,
            "claimed_km2": land.blank_claimed_km2[number],
            "core_km2": land.blank_core_km2[number],
            "detail": [f"no place with rows lies in {name}: its land is unknown" for name in blank],
        }
    )


def quiet_places(holders: pd.DataFrame, day: pd.Timestamp, days: int) -> pd.DataFrame:
    """List the places whose last row is older than some days, with the date since when they are held."""
    listed = holders[["place_id", "actor_id", "since"]].rename(columns={"since": "valid_from"})
    age = (day - listed["valid_from"]).dt.days
    found = pd.DataFrame(listed[age > days])
    detail = [f"no row for {n:.0f} days before {iso(day)}" for n in age[age > days]]
    return found.assign(kind="no_evidence", detail=detail)


def gather(*findings: pd.DataFrame, km2: pd.DataFrame) -> pd.DataFrame:
    """Join findings into one frame by kind and place, with the land that hangs on each.

    The land of a pair is the cell of the second place, which the first would have if the two were one.
    """
    joined = pd.concat(findings, ignore_index=True)
    cell = km2.reindex(joined["other_place_id"].fillna(joined["place_id"]))
    for name in km2:
        own = joined[name] if name in joined else pd.Series(np.nan, index=joined.index)
        joined[name] = np.where(own.isna(), cell[name].to_numpy(), own)
    typed = joined.reindex(columns=COLUMNS).astype(dict.fromkeys(TEXT_COLUMNS, TEXT))
    typed["valid_from"] = pd.to_datetime(typed["valid_from"]).astype("datetime64[us]")
    return typed.sort_values(["kind", "place_id", "other_place_id"], ignore_index=True)

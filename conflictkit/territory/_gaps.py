"""What a map of cells and a series of drawings hide: captures without an end, doubled places, days without drawing."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from conflictkit.actors import CONTESTED, UNKNOWN
from conflictkit.dates import iso
from conflictkit.geometry import M2_PER_KM2, close_pairs
from conflictkit.prose import KM2, counted
from conflictkit.prose import number as in_figures
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from conflictkit.geometry import Tessellation
    from conflictkit.territory._overlays import State

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

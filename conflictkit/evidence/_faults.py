"""Signs of the faults that audits found: rows to look at. None of them is proof, and none is refused.

Each check takes the tables and yields the rows that show its sign, each with the reason.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from conflictkit.actors import NOBODY, UNKNOWN
from conflictkit.dates import iso
from conflictkit.deployments._backing import BY_FORCE
from conflictkit.deployments._siege import lets_pass
from conflictkit.evidence import _disputes
from conflictkit.geometry import EARTH_KM
from conflictkit.prose import counted, number
from conflictkit.schema import row_keys
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from conflictkit.tables import Tables
    from conflictkit.territory import Territory

NEAR_KM = 10.0
RAID_DAYS = 3
HEADLINE = 4  # places that one page gives one day: from here on it may be a summary
LARGE_KM2 = 1000.0
LONG_DAYS = 365
AGREEING = 3  # neighbours that say the same against a place
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
CHANGES = "control_changes"
KEY = ["place_id", "valid_from"]
NO_SIDE = frozenset(NOBODY)

_DAY_WORD = re.compile(rf"\b({'|'.join(WEEKDAYS)})\b")
_RAID = re.compile(r"\braid(?:s|ed)?\b|\bheld for (?:some |a few )?hours\b", re.IGNORECASE)
_AREA = re.compile(r"\b(?:area-wide|governorate|province|countryside|whole district|all of the)\b", re.IGNORECASE)
_DONE_BY = r"\b(?:taken|retaken|captured|recaptured|seized|held|freed|cleared) by (?:the )?({names})\b"
_BOUND = re.compile(r"\b(?:at least|more than|over|up to|as many as|at most|fewer than|less than)\b", re.IGNORECASE)


class Sign(NamedTuple):
    """A row to look at."""

    check: str
    table: str
    row_key: str
    why: str


class Looked(NamedTuple):
    """What the checks share: the tables, the changes that are no first state, with their pages, and the land."""

    tables: Tables
    changes: pd.DataFrame
    land: Territory | None


def look_at(tables: Tables, land: Territory | None = None) -> pd.DataFrame:
    """Return the rows of some tables that show a sign of a fault.

    Parameters
    ----------
    tables
        The tables.
    land
        Their territory; without it no row is asked how much it moves.

    Returns
    -------
    pandas.DataFrame
        One row per row and sign, in the order of the checks: ``check``, ``table``, ``row_key``, ``why``.
    """
    rows = tables.control_changes.merge(
        tables.sources[["source_id", "published_date"]], on="source_id", how="left", validate="many_to_one"
    )
    looked = Looked(tables, rows[rows["event"] != "initial"].sort_values(KEY), land)
    found = [Sign(check, *sign) for check, signs in CHECKS.items() for sign in signs(looked)]
    return pd.DataFrame(found, columns=list(Sign._fields), dtype=TEXT)


def _keyed(rows: pd.DataFrame) -> Iterator[tuple[pd.Series, tuple[str, str]]]:
    """Yield each of some changes with its table and key."""
    for (_, row), key in zip(rows.iterrows(), row_keys(rows, CHANGES), strict=True):
        yield row, (CHANGES, key)


def page_day(looked: Looked) -> Iterator[tuple[str, str, str]]:
    """Yield days that are those of the page, where no word of the note fixes them; and weekdays that do not fit."""
    rows = looked.changes[looked.changes["date_prec"] == "day"]
    words = rows["note"].fillna("").str.findall(_DAY_WORD)
    for (row, key), named in zip(_keyed(rows), words, strict=True):
        weekday = row["valid_from"].day_name()
        if named and weekday not in named:
            yield *key, f"the note names {named[0]}, the day is a {weekday}"
        elif not named and row["valid_from"] == row["published_date"]:
            yield *key, "the day is that of its page: told the same day, or a day late?"


def pageless(looked: Looked) -> Iterator[tuple[str, str, str]]:
    """Yield rows that name no page, first states too."""
    rows = looked.tables.control_changes
    for _, key in _keyed(rows[rows["source_id"].isna()]):
        yield *key, "names no page"


def headline(looked: Looked) -> Iterator[tuple[str, str, str]]:
    """Yield places that one page gives one day, each as confirmed."""
    rows = looked.changes[looked.changes["date_prec"].eq("day") & looked.changes["confidence"].eq("confirmed")]
    for (source, _), group in rows.groupby(["source_id", "valid_from"], sort=True):
        if len(group) >= HEADLINE:
            day = iso(group["valid_from"].iloc[0])
            more = f"one of {len(group)} places that {source} gives {day}: a summary, or each by its day?"
            for _, key in _keyed(group):
                yield *key, more


def raids(looked: Looked) -> Iterator[tuple[str, str, str]]:
    """Yield captures that the loser took back within three days, or that a note calls a raid."""
    rows = looked.changes
    after = rows.groupby("place_id", sort=False)[["valid_from", "to_actor", "date_prec"]].shift(-1)
    days = (after["valid_from"] - rows["valid_from"]).dt.days
    exact = rows["date_prec"].eq("day") & after["date_prec"].eq("day")
    back = exact & days.le(RAID_DAYS) & after["to_actor"].eq(rows["from_actor"]) & ~rows["from_actor"].isin(NOBODY)
    named = rows["note"].fillna("").str.contains(_RAID)
    suspect = back | named
    for (_, key), short, lasted in zip(_keyed(rows[suspect]), back[suspect], days[suspect], strict=True):
        yield *key, f"taken back after {counted(int(lasted), 'day')}" if short else "the note says raid"


def area_words(looked: Looked) -> Iterator[tuple[str, str, str]]:
    """Yield confirmed rows whose note speaks of an area."""
    rows = looked.changes[looked.changes["confidence"] == "confirmed"]
    for row, key in _keyed(rows):
        if isinstance(row["note"], str) and (match := _AREA.search(row["note"])):
            yield *key, f"confirmed, but the note speaks of an area ({match[0]!r})"


def _neighbours(tables: Tables) -> dict[str, list[str]]:
    """Return the places with rows within ten kilometres of each such place."""
    held = set(tables.control_changes["place_id"])
    places = tables.places[tables.places["place_id"].isin(held)].dropna(subset=["latitude", "longitude"])
    lat, lon = np.radians(places[["latitude", "longitude"]].to_numpy(dtype=float)).T
    points = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    near = cKDTree(points).query_ball_point(points, 2 * np.sin(NEAR_KM / EARTH_KM / 2)) if len(points) else []
    ids = places["place_id"].to_list()
    return {ids[at]: [ids[other] for other in found if other != at] for at, found in enumerate(near)}


class Held(NamedTuple):
    """The days on which a place changes, the side that holds it from then on, and the key of each row."""

    days: np.ndarray
    sides: np.ndarray
    keys: np.ndarray


def _sides(tables: Tables) -> dict[str, Held]:
    """Return who holds each place from when on."""
    side = tables.hierarchy.side
    rows = tables.control_changes.sort_values(KEY)
    held = rows.assign(side=rows["to_actor"].map(lambda actor: side.get(actor, actor)), key=row_keys(rows, CHANGES))
    return {
        str(place): Held(
            group["valid_from"].to_numpy(dtype="datetime64[D]"),
            group["side"].to_numpy(dtype=object),
            group["key"].to_numpy(dtype=object),
        )
        for place, group in held.groupby("place_id", sort=False)
    }


def _row_on(of_place: Held, day: np.datetime64) -> int:
    """Return the number of the row by which a place is held on a day; -1 before its first."""
    return int(np.searchsorted(of_place.days, day, side="right")) - 1


def _side_on(of_place: Held, day: np.datetime64) -> str:
    """Return the side that holds a place on a day; nobody's before its first row."""
    at = _row_on(of_place, day)
    return str(of_place.sides[at]) if at >= 0 else UNKNOWN


def stopped(looked: Looked) -> Iterator[tuple[str, str, str]]:
    """Yield places that end on a side that all neighbours left since."""
    sides = _sides(looked.tables)
    last = np.datetime64(looked.tables.covers[1], "D")
    for place, near in _neighbours(looked.tables).items():
        days, held, keys = sides[place]
        if len(near) < AGREEING - 1 or held[-1] in NO_SIDE:
            continue
        gone = [
            other for other in near if sides[other].days[-1] > days[-1] and _side_on(sides[other], days[-1]) == held[-1]
        ]
        now = {_side_on(sides[other], last) for other in near}
        if gone and held[-1] not in now and not now & NO_SIDE:
            all_near = f"all {len(near)} places within {NEAR_KM:g} km"
            why = f"still {held[-1]}, while {all_near} changed since: {', '.join(gone[:3])}"
            yield CHANGES, keys[-1], why


def contradicted(looked: Looked) -> Iterator[tuple[str, str, str]]:
    """Yield places that for more than a year were held by another side than all their neighbours, which agreed."""
    sides = _sides(looked.tables)
    first, last = (np.datetime64(day, "D") for day in looked.tables.covers)
    for place, near in _neighbours(looked.tables).items():
        if len(near) < AGREEING:
            continue
        days = np.unique(np.concatenate([sides[other].days for other in (place, *near)]))
        ends = np.append(days[1:], last)
        alone = [_alone(place, near, sides, max(day, first)) for day in days]
        for start, end, against in _runs(days, ends, alone):
            if (end - start).astype(int) > LONG_DAYS:
                since = iso(pd.Timestamp(start))
                why = f"alone against {against} around it for {(end - start).astype(int)} days from {since} on"
                yield CHANGES, sides[place].keys[_row_on(sides[place], start)], why


def _alone(place: str, near: list[str], sides: Mapping[str, Held], day: np.datetime64) -> str:
    """Return the side that all neighbours are on, where the place is on another one; empty otherwise."""
    around = {_side_on(sides[other], day) for other in near}
    mine = _side_on(sides[place], day)
    return around.pop() if len(around) == 1 and mine not in around | NO_SIDE and not around & NO_SIDE else ""


def _runs(days: np.ndarray, ends: np.ndarray, said: list[str]) -> Iterator[tuple[np.datetime64, np.datetime64, str]]:
    """Yield the stretches in which the same is said."""
    start = 0
    for at in range(1, len(said) + 1):
        if at == len(said) or said[at] != said[start]:
            if said[start]:
                yield days[start], ends[at - 1], said[start]
            start = at


def large(looked: Looked) -> Iterator[tuple[str, str, str]]:
    """Yield changes that move much land on one page."""
    if looked.land is None:
        return
    moved = looked.land.changes(*looked.tables.covers)
    others = looked.tables.reports.groupby(KEY)["source_id"].nunique()
    big = moved[moved["claimed_km2"] > LARGE_KM2].sort_values("claimed_km2", ascending=False)
    for row, key in _keyed(big):
        if others.get((row["place_id"], row["valid_from"]), 0) <= 1:
            yield *key, f"moves {number(row['claimed_km2'])} km2 on one page"


def other_actor(looked: Looked) -> Iterator[tuple[str, str, str]]:
    """Yield changes whose note gives the place to another side than the row."""
    actors, side = looked.tables.actors, looked.tables.hierarchy.side
    names: dict[str, str] = {}
    for actor, name, aliases in actors[["actor_id", "name", "aliases"]].itertuples(index=False):
        if actor in side:
            parts = [name, *(aliases.split(";") if isinstance(aliases, str) else [])]
            names.update({part.casefold(): actor for part in parts if len(part) > len("US")})
    if not names:
        return
    longest_first = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    done_by = re.compile(_DONE_BY.format(names=longest_first), re.IGNORECASE)
    for row, key in _keyed(looked.changes.dropna(subset=["note"])):
        match = done_by.search(row["note"])
        told = side[names[match[1].casefold()]] if match else ""
        if told and told not in {side.get(row["to_actor"]), side.get(row["from_actor"])}:
            yield *key, f"the note says {match[0]!r}, the row {row['to_actor']}"  # type: ignore[index]


def friends(looked: Looked) -> Iterator[tuple[str, str, str]]:
    """Yield places taken by force from a side that the side of the taker did not fight on that day."""
    side = looked.tables.hierarchy.side
    for row, key in _keyed(looked.changes[looked.changes["event"].isin(BY_FORCE)]):
        taker, loser = side.get(row["to_actor"]), side.get(row["from_actor"])
        if taker and loser in lets_pass(taker, row["valid_from"], looked.tables):
            yield *key, f"{row['event']} by {row['to_actor']} from {row['from_actor']}: they did not fight then"


def point(looked: Looked) -> Iterator[tuple[str, str, str]]:
    """Yield single figures with a bound beside them, or whose quote gives a bound."""
    for table in ("fighter_estimates", "area_estimates"):
        rows: pd.DataFrame = getattr(looked.tables, table)
        single = rows[rows["bound_type"] == "point"]
        for _, row in single.iterrows():
            if pd.notna(row["low"]) or pd.notna(row["high"]):
                yield table, row["estimate_id"], "a point, with a bound beside it"
            elif isinstance(row["quote"], str) and (match := _BOUND.search(row["quote"])):
                yield table, row["estimate_id"], f"a point, but the page says {match[0]!r}"


def decided_otherwise(looked: Looked) -> Iterator[tuple[str, str, str]]:
    """Yield changes of which the rule on rival reports would take another holder, or another day."""
    found = _disputes.decisions(looked.tables)
    for row, key in _keyed(found[found["differs"] != ""]):
        if row["differs"] == _disputes.HOLDER:
            why = f"by the rule on its {row['reports']} reports {row['holder']}, not {row['to_actor']}"
        else:
            why = f"by the rule on its {row['reports']} reports on {iso(row['date'])}"
        yield *key, why


def typed_interest(looked: Looked) -> Iterator[tuple[str, str, str]]:
    """Yield reports whose interest is typed against what the sides tell."""
    rows = _disputes.told(looked.tables)
    apart = rows[rows["gains"].ne(_disputes.NEUTRAL) & rows["interest"].ne(_disputes.NEUTRAL)]
    for _, row in apart[apart["gains"] != apart["interest"]].iterrows():
        yield "reports", row["report_id"], f"typed as {row['interest']}, but the sides say {row['gains']}"


CHECKS: dict[str, Callable[[Looked], Iterator[tuple[str, str, str]]]] = {
    "the page's day": page_day,
    "no page": pageless,
    "one headline": headline,
    "a raid": raids,
    "an area's word": area_words,
    "a chain that stops": stopped,
    "alone among its neighbours": contradicted,
    "much land on one page": large,
    "another actor in the note": other_actor,
    "by force, from friends": friends,
    "a bound as a point": point,
    "rival reports": decided_otherwise,
    "interest": typed_interest,
}


def in_words(signs: pd.DataFrame, *, every: bool = False) -> Iterator[str]:
    """Yield a line per check: how many rows, and the first three of them, or every one."""
    for check, rows in signs.groupby("check", sort=False):
        shown = rows if every else rows.head(3)
        yield f"look at: {check}: {counted(len(rows), 'row')}{'' if every else ', such as'}"
        yield from (
            f"  {table} {key}: {why}" for table, key, why in shown.drop(columns="check").itertuples(index=False)
        )

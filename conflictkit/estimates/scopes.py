"""What a figure is about, and which figures are about the same people: they are not added, and may be compared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import pandas as pd

from conflictkit.datasets import load_actors, load_places

COUNTRIES = {
    "iraq_syria": frozenset({"IQ", "SY"}),
    "iraq": frozenset({"IQ"}),
    "syria": frozenset({"SY"}),
    "global": frozenset({"IQ", "SY", "elsewhere"}),
    "global_other": frozenset({"elsewhere"}),
}
UNDIFFERENTIATED = "armed_groups"  # all groups together: overlaps with each of them, though it is no parent
PERIODS = {"month": "M", "year": "Y"}

SURE, OPEN, APART = "overlap", "may overlap", "apart"


class Where(NamedTuple):
    """What is known of a place."""

    name: str
    countries: frozenset[str]
    admin1: str
    is_area: bool


def thing(rows: pd.DataFrame) -> pd.Series:
    """Return what each row counts, in one text: the quantity, or metric, unit, definition and baseline of land."""
    if "quantity" in rows:
        return pd.Series(rows["quantity"], dtype="str")
    parts = [rows[column].astype("str") for column in ("metric", "unit", "control_definition")]
    baseline = rows["baseline_date"].dt.strftime(" since %Y-%m-%d").fillna("")
    return pd.Series(parts[0] + " in " + parts[1] + ", " + parts[2] + baseline, dtype="str")


def place_ids(rows: pd.DataFrame) -> pd.Series:
    """Return the place of each row, empty for a country or both."""
    return rows["place_id"].fillna("") if "place_id" in rows else pd.Series("", index=rows.index, dtype="str")


def periods(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return the first and the last day that each row can be about: of the day, month or year."""
    start, end = rows["as_of"].copy(), rows["as_of"].copy()
    for precision, frequency in PERIODS.items():
        here = rows["date_prec"].eq(precision)
        whole = rows["as_of"].dt.to_period(frequency)
        start = start.mask(here, whole.dt.start_time)
        end = end.mask(here, whole.dt.end_time.dt.normalize())
    return start, end


def days_apart(rows: pd.DataFrame) -> int:
    """Return the days between the two rows that are farthest apart; months and years count as near as they can be."""
    start, end = periods(rows)
    return max(0, int((start.max() - end.min()) / pd.Timedelta(days=1)))


@dataclass(frozen=True)
class Scopes:
    """The actors and places that figures are about."""

    @cached_property
    def places(self) -> dict[str, Where]:
        """The shipped places by id."""
        columns = ["place_id", "name", "country", "admin1", "kind"]
        rows = load_places().fillna({"admin1": ""})[columns].to_numpy().tolist()
        return {
            place_id: Where(name, frozenset(country.split(";")), admin1, kind == "area")
            for place_id, name, country, admin1, kind in rows
        }

    @cached_property
    def parents(self) -> dict[str, str]:
        """The actors that belong to another."""
        return dict(load_actors().dropna(subset=["parent_id"])[["actor_id", "parent_id"]].to_numpy().tolist())

    def actors_overlap(self, one: str, other: str) -> bool:
        """Tell whether one actor is the other, or a part of it."""
        return UNDIFFERENTIATED in {one, other} or one in self._line(other) or other in self._line(one)

    def _line(self, actor: str) -> list[str]:
        return [actor, *(self._line(self.parents[actor]) if actor in self.parents else [])]

    def countries(self, scope: str, place_id: str) -> frozenset[str]:
        """Return the codes of the countries of a row; none if they are not known."""
        if place_id:
            return self.places[place_id].countries if place_id in self.places else frozenset()
        return COUNTRIES.get(scope, frozenset())

    def overlap(self, one: tuple[str, str], other: tuple[str, str]) -> str:
        """Return how two areas, each (scope, place_id), lie to each other: overlap, may overlap, or apart.

        Countries overlap if they share one, a place with its country. A place overlaps with itself and with a place
        whose name holds its own (Mosul, West Mosul). An area has no outline: it may overlap with any place in the same
        governorate, or in the same country where its governorate is not known.
        """
        here, there = one[1], other[1]
        shared = self.countries(*one) & self.countries(*other)
        if not (here and there):
            known = self.countries(*one) and self.countries(*other)
            return SURE if shared else APART if known else OPEN
        if here == there:
            return SURE
        if here not in self.places or there not in self.places:
            return OPEN
        if not shared:
            return APART
        a, b = self.places[here], self.places[there]
        if not (a.is_area or b.is_area):
            return SURE if _names(a.name, b.name) else APART
        return OPEN if not (a.admin1 and b.admin1) or a.admin1 == b.admin1 else APART


def _names(one: str, other: str) -> bool:
    """Tell whether one name stands in the other as whole words."""
    short, long = sorted((one, other), key=len)
    return re.search(rf"\b{re.escape(short)}\b", long) is not None

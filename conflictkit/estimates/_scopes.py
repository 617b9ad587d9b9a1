"""Which figures are about the same people: they are not added, and may be compared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from conflictkit.tables import Tables

UNDIFFERENTIATED = "armed_groups"  # all groups together: overlaps with each of them, though it is no parent

SURE, OPEN, APART = "overlap", "may overlap", "apart"


class Area(NamedTuple):
    """What is known of a place."""

    name: str
    countries: frozenset[str]
    admin1: str
    is_area: bool


@dataclass(frozen=True, eq=False)
class Scopes:
    """The actors and places that figures are about, and how they lie to each other."""

    tables: Tables

    @cached_property
    def areas(self) -> dict[str, Area]:
        """The places by id."""
        columns = ["place_id", "name", "country", "admin1", "kind"]
        rows = self.tables.places.fillna({"admin1": ""})[columns].to_numpy().tolist()
        return {
            place_id: Area(name, frozenset(country.split(";")), admin1, kind == "area")
            for place_id, name, country, admin1, kind in rows
        }

    def actors_overlap(self, one: str, other: str) -> bool:
        """Tell whether one actor is the other, or a part of it."""
        return UNDIFFERENTIATED in {one, other} or self.tables.hierarchy.related(one, other)

    def countries(self, scope: str, place_id: str) -> frozenset[str]:
        """Return the codes of the countries of a row; none if they are not known."""
        if place_id:
            return self.areas[place_id].countries if place_id in self.areas else frozenset()
        return self.tables.countries_of(scope)

    def overlap(self, one: tuple[str, str], other: tuple[str, str]) -> str:
        """Return how two areas, each (scope, place_id), lie to each other: overlap, may overlap, or apart.

        Countries overlap if they share one, a place with its country. A place overlaps with itself and with a place
        whose name holds its own (Mosul, West Mosul). An area has no outline: it may overlap with any place in the same
        governorate, or in the same country where its governorate is not known.
        """
        here, there = one[1], other[1]
        shared = self.countries(*one) & self.countries(*other)
        # a country and whatever lies in it
        if not (here and there):
            known = self.countries(*one) and self.countries(*other)
            return SURE if shared else APART if known else OPEN
        if here == there:
            return SURE
        # two places: by their names, and areas by their governorates
        if here not in self.areas or there not in self.areas:
            return OPEN
        if not shared:
            return APART
        a, b = self.areas[here], self.areas[there]
        if not (a.is_area or b.is_area):
            return SURE if _one_in_the_other(a.name, b.name) else APART
        return OPEN if not (a.admin1 and b.admin1) or a.admin1 == b.admin1 else APART


def _one_in_the_other(one: str, other: str) -> bool:
    """Tell whether one name stands in the other as whole words."""
    short, long = sorted((one, other), key=len)
    return re.search(rf"\b{re.escape(short)}\b", long) is not None

"""What claims are held against: the tables without the rows of the report, and the words for their rows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from conflictkit.datasets import (
    load_actors,
    load_area_estimates,
    load_deployments,
    load_fighter_estimates,
    load_places,
)
from conflictkit.deployments import distance_km
from conflictkit.estimates.ranges import spoken

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conflictkit.territory import Territory

COUNTRY_NAMES = {"IQ": "Iraq", "SY": "Syria", "IQ;SY": "Iraq and Syria"}

# The banks of Mosul are 0.6 and 5.4 km from its point; the listed place at the crossing is on the same spot.
PART_KM, BESIDE_KM = 10.0, 1.0


class Claim(NamedTuple):
    """One row of the claims."""

    kind: str
    as_of: str
    subject: str
    place: str
    place_id: str
    value: float
    low: float
    high: float
    unit: str

    @property
    def start(self) -> pd.Timestamp:
        """The first day that the claim is about."""
        return pd.Period(self.as_of).start_time

    @property
    def day(self) -> pd.Timestamp:
        """The last day that the claim is about: of the day, month or year written."""
        return pd.Period(self.as_of).end_time.normalize()

    @property
    def place_ids(self) -> list[str]:
        """The places named."""
        return split(self.place_id)

    @property
    def countries(self) -> list[str]:
        """The codes of the countries named."""
        named = split(self.place)
        return [code for code, name in COUNTRY_NAMES.items() if name in named]


class Finding(NamedTuple):
    """What the tables say about one claim."""

    verdict: str
    text: str
    source_ids: Iterable[Any] = ()


class Place(NamedTuple):
    """What a rule needs to know of a place."""

    name: str
    kind: str
    country: str
    where_prec: str
    latitude: float
    longitude: float

    @property
    def point(self) -> tuple[float, float]:
        """Latitude and longitude."""
        return self.latitude, self.longitude

    @property
    def is_area(self) -> bool:
        """Whether it has a name and no point."""
        return math.isnan(self.latitude)


@dataclass(frozen=True, eq=False)
class Evidence:
    """The tables that claims are held against, without the rows that rest on the report."""

    report: str
    territory: Territory
    deployments: pd.DataFrame
    fighters: pd.DataFrame
    areas: pd.DataFrame
    places: dict[str, Place]
    actors: dict[str, str]
    parents: dict[str, str]

    @classmethod
    def without(cls, report: str, territory: Territory) -> Evidence:
        """Return the shipped tables without the rows of a report."""
        deployments, fighters, areas = (
            table[table["source_id"] != report]
            for table in (load_deployments(), load_fighter_estimates(), load_area_estimates())
        )
        places, actors = load_places().set_index("place_id"), load_actors().set_index("actor_id")
        has_parent = actors["parent_id"].notna()
        rows = places[list(Place._fields)].itertuples(index=False)
        return cls(
            report=report,
            territory=territory,
            deployments=deployments,
            fighters=fighters,
            areas=areas,
            places={place_id: Place(*row) for place_id, row in zip(places.index.tolist(), rows, strict=True)},
            actors=dict(zip(actors.index.tolist(), actors["name"], strict=True)),
            parents=dict(zip(actors.index[has_parent].tolist(), actors.loc[has_parent, "parent_id"], strict=True)),
        )

    @property
    def changes(self) -> pd.DataFrame:
        """The changes of control that other sources give."""
        rows = self.territory.control_changes
        return rows[rows["source_id"] != self.report]

    def holders(self, place_ids: Iterable[str], day: pd.Timestamp) -> pd.DataFrame:
        """Return the holder of places on a day, where another source gives it."""
        rows = self.territory.holders(day)
        return rows[rows["place_id"].isin(list(place_ids)) & (rows["source_id"] != self.report)]

    def listed(self, place_ids: Iterable[str]) -> list[str]:
        """Return the places with control rows that stand for others: themselves, their parts, or the same spot."""
        known = self.territory.places["place_id"].tolist()
        found: list[str] = []
        for place_id in place_ids:
            here = self.places[place_id]
            if place_id in known:
                found.append(place_id)
            elif not here.is_area:
                km = self.km(place_id, known)
                part = [here.name in self.places[other].name and km[other] <= PART_KM for other in known]
                found += [
                    other for other, is_part in zip(known, part, strict=True) if is_part or km[other] <= BESIDE_KM
                ]
        return found

    def km(self, place_id: str, others: Iterable[str]) -> dict[str, float]:
        """Return the distance of places from one place, in km."""
        return {other: distance_km(self.places[place_id].point, self.places[other].point) for other in others}

    def above(self, actor_id: str) -> list[str]:
        """Return an actor and those it belongs to."""
        return [actor_id, *(self.above(self.parents[actor_id]) if actor_id in self.parents else [])]

    def below(self, actor_id: str) -> list[str]:
        """Return an actor and all that belong to it."""
        parts = [part for part, parent in self.parents.items() if parent == actor_id]
        return [actor_id, *(lower for part in parts for lower in self.below(part))]

    def name(self, where: str) -> str:
        """Return the name of a place or of a country's code."""
        return self.places[where].name if where in self.places else COUNTRY_NAMES[where]

    def figures(self, rows: pd.DataFrame) -> str:
        """Return published figures in words: how many, according to whom, when, where."""
        numbers = (spoken(*row) for row in rows[["low", "best", "high"]].to_numpy().tolist())
        places = rows["place_id"].fillna("") if "place_id" in rows else [""] * len(rows)
        return "; ".join(
            f"{number}, {estimator}, {date(day)}" + (f" ({self.name(place)})" if place else "")
            for number, estimator, day, place in zip(numbers, rows["estimator"], rows["as_of"], places, strict=True)
        )

    def forces(self, rows: pd.DataFrame) -> str:
        """Return deployments in words: which force, where, reported when, backed by whom."""
        where = ("at " + rows["place_name"]).fillna("in " + rows["host_country"].replace(COUNTRY_NAMES))
        columns = rows[["actor_name", "valid_from", "valid_to", "backers"]].assign(where=where)
        return "; ".join(self._force(*row) for row in columns.itertuples(index=False))

    def _force(self, name: str, start: pd.Timestamp, end: pd.Timestamp, backers: object, where: str) -> str:
        behind = " and ".join(self.actors[backer] for backer in split(backers))
        when = f"reported {date(start)}"
        if pd.notna(end):
            when = f"{date(start)} to {date(end - pd.Timedelta(days=1))}"
        return f"{name} {where}, {when}" + (f", backed by {behind}" if behind else "")


def split(cell: object) -> list[str]:
    """Return the parts of a list cell; none for an empty one."""
    return cell.split(";") if isinstance(cell, str) else []


def date(day: pd.Timestamp) -> str:
    """Return a date in words."""
    return f"{day.day} {day:%B %Y}"

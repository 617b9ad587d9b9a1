"""What claims are held against: the tables without the rows of the report, and the words for their rows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from conflictkit.dates import first_day, in_words, last_day, to_day
from conflictkit.positions import km_to, position_of
from conflictkit.ranges import ranges_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conflictkit.tables import Tables
    from conflictkit.territory import Territory

AGREES, DIFFERS, PARTLY, OPEN = "agrees", "differs", "partly", "cannot be checked"

# A town and the bases, bridges and crossings around it go by its name: nearer than this is one place.
NEAR_KM = 15.0

# The banks of Mosul are 0.6 and 5.4 km from its point; the listed place at the crossing is on the same spot.
PART_KM, BESIDE_KM = 10.0, 1.0

ONE_DAY = pd.Timedelta(days=1)
PRECISION = {len("2017"): "year", len("2017-11"): "month", len("2017-11-03"): "day"}


class Claim(NamedTuple):
    """One row of the claims."""

    kind: str
    subject: str
    start: pd.Timestamp  # first and last day that it is about
    day: pd.Timestamp
    place: str  # in the report's words
    place_ids: tuple[str, ...]
    countries: tuple[str, ...]
    value: float
    low: float
    high: float
    unit: str
    wording: str  # the number in words
    supported: tuple[str, ...]  # events that bear it out, in part, and not
    in_part: tuple[str, ...]
    contradicted: tuple[str, ...]


class Finding(NamedTuple):
    """What the tables say about one claim."""

    verdict: str
    text: str
    source_ids: Iterable[Any] = ()


def claims_of(rows: pd.DataFrame, tables: Tables) -> list[Claim]:
    """Return the rows of a table of claims, each with the days, the places and the countries that it is about."""
    precision = rows["as_of"].str.len().map(PRECISION)
    written = pd.Series([to_day(f"{cell}-01-01"[:10]) for cell in rows["as_of"]], index=rows.index)
    code_of = {tables.country_name(code): code for code in tables.borders["country"]}
    return [
        Claim(
            kind=row["kind"],
            subject=row["subject"],
            start=start,
            day=day,
            place=row["place"],
            place_ids=tuple(split(row["place_id"])),
            countries=tuple(code_of[name] for name in split(row["place"]) if name in code_of),
            value=row["value"],
            low=row["low"],
            high=row["high"],
            unit="" if pd.isna(row["unit"]) else row["unit"],
            wording="" if pd.isna(row["wording"]) else row["wording"],
            supported=tuple(split(row["supported_by"])),
            in_part=tuple(split(row["supported_in_part_by"])),
            contradicted=tuple(split(row["contradicted_by"])),
        )
        for row, start, day in zip(
            rows.to_dict("records"), first_day(written, precision), last_day(written, precision), strict=True
        )
    ]


@dataclass(frozen=True, eq=False)
class Evidence:
    """The tables that claims are held against, without the rows that rest on the report.

    Attributes
    ----------
    report
        ``source_id`` of the report itself; None if none is known.
    territory
        Who holds what.
    tables
        Those of the territory, without the reports and figures of that source.
    """

    report: str | None
    territory: Territory
    tables: Tables

    @classmethod
    def without(cls, report: str | None, territory: Territory) -> Evidence:
        """Return the tables of a territory without the rows of a report."""
        whole = territory.tables
        if report is None:
            return cls(None, territory, whole)
        own = {
            name: frame[frame["source_id"] != report]
            for name, frame in (
                ("deployments", whole.deployments),
                ("fighter_estimates", whole.fighter_estimates),
                ("area_estimates", whole.area_estimates),
            )
        }
        return cls(report, territory, whole.replace(**own))  # type: ignore[arg-type] # names of tables

    @cached_property
    def places(self) -> pd.DataFrame:
        """The table of places, by ``place_id``."""
        return self.tables.places.set_index("place_id")

    @cached_property
    def actors(self) -> Mapping[str, str]:
        """The name of each actor."""
        return dict(zip(self.tables.actors["actor_id"], self.tables.actors["name"], strict=True))

    @cached_property
    def events(self) -> pd.DataFrame:
        """The single events, by ``event_id``."""
        return self.tables.events.set_index("event_id")

    @cached_property
    def changes(self) -> pd.DataFrame:
        """The changes of control that other sources give."""
        rows = self.territory.control_changes
        return rows[rows["source_id"] != self.report]

    def holders(self, place_ids: Iterable[str], day: pd.Timestamp) -> pd.DataFrame:
        """Return the holder of places on a day, where another source gives it; nobody before the first day covered."""
        first = self.tables.covers[0]
        rows = self.territory.holders(max(day, first))
        told = rows["since"].le(day) & (rows["source_id"] != self.report)
        return rows[rows["place_id"].isin(list(place_ids)) & told]

    def listed(self, place_ids: Iterable[str]) -> list[str]:
        """Return the places with control rows that stand for others: themselves, their parts, or the same spot."""
        held = self.territory.places["place_id"].tolist()
        found: list[str] = []
        for place_id in place_ids:
            if place_id in held:
                found.append(place_id)
            elif not self.is_area(place_id):
                km, name = self.km(place_id, held), self.name(place_id)
                found += [
                    other
                    for other in held
                    if km[other] <= BESIDE_KM or (km[other] <= PART_KM and name in self.name(other))
                ]
        return found

    def is_area(self, place_id: str) -> bool:
        """Whether a place has a name and no point."""
        return place_id in self._areas

    @cached_property
    def _areas(self) -> frozenset[str]:
        return frozenset(self.places.index[self.places["latitude"].isna()])

    def km(self, place_id: str, others: Iterable[str]) -> dict[str, float]:
        """Return the distance of places from one place, in km."""
        rows = self.places.loc[list(others)]
        km = km_to(position_of(place_id, self.tables.places), rows["latitude"], rows["longitude"])
        return dict(zip(rows.index, km.tolist(), strict=True))

    def name(self, where: str) -> str:
        """Return the name of a place or of a country's code."""
        return str(self.places.loc[where, "name"]) if where in self.places.index else self.tables.country_name(where)

    def figures(self, rows: pd.DataFrame) -> str:
        """Return published figures in words: how many, according to whom, when, where."""
        places = rows["place_id"].fillna("") if "place_id" in rows else [""] * len(rows)
        return "; ".join(
            f"{number}, {estimator}, {in_words(day)}" + (f" ({self.name(place)})" if place else "")
            for number, estimator, day, place in zip(
                ranges_of(rows), rows["estimator"], rows["as_of"], places, strict=True
            )
        )

    def forces(self, rows: pd.DataFrame) -> str:
        """Return deployments in words: which force, where, reported when, backed by whom."""
        where = ("at " + rows["place_name"]).fillna("in " + rows["host_country"].map(self.tables.country_name))
        columns = rows[["actor_name", "valid_from", "valid_to", "backers"]].assign(where=where)
        return "; ".join(self._force(*row) for row in columns.itertuples(index=False))

    def _force(self, name: str, start: pd.Timestamp, end: pd.Timestamp, backers: object, where: str) -> str:
        behind = " and ".join(self.actors[backer] for backer in split(backers))
        when = f"reported {in_words(start)}"
        if pd.notna(end):
            when = f"{in_words(start)} to {in_words(end - ONE_DAY)}"
        return f"{name} {where}, {when}" + (f", backed by {behind}" if behind else "")


def split(cell: object) -> list[str]:
    """Return the parts of a list cell; none for an empty one."""
    return cell.split(";") if isinstance(cell, str) else []

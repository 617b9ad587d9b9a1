"""Land divided among places: each point has the holder of its nearest place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from conflictkit.actors import NONE, UNKNOWN
from conflictkit.asof import joined_again
from conflictkit.errors import TableError, TerritoryError
from conflictkit.geometry import Tessellation, dissolve, only_polygons, project_land, project_points, tessellate
from conflictkit.grid import nearest_site
from conflictkit.prose import counted, listed
from conflictkit.territory import _areas, _gaps, _inputs
from conflictkit.territory._doubt import Doubt
from conflictkit.territory._history import History
from conflictkit.territory._land import CORE_RADIUS_KM, MOVED, Level, Rule
from conflictkit.territory._residents import residents_of
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pyproj
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from conflictkit.tables import Tables
    from conflictkit.territory._land import Floats, How, Numbers

QUIET_DAYS = 365  # a year: longer than any lull in the table's busy areas


@dataclass(frozen=True, eq=False)
class Places:
    """Land of places; answers what ``_land.Land`` asks.

    Attributes
    ----------
    tables
        What it was built from.
    scope, borders
        The regions that areas are counted in, and their polygons in degrees.
    region
        The column of tables that names them: ``country`` or ``admin1``.
    places
        The places that have a cell, by ``place_id``.
    left_out
        The rows not counted, with the ``reason``.
    history, tessellation
        Who held which place when, and which land belongs to which place.
    core_radius_km
        Distance from a settlement within which land is core.
    min_confidence
        Weakest level of confidence counted; None for all rows.
    """

    tables: Tables
    scope: tuple[str, ...]
    borders: NDArray[np.object_]
    region: str
    places: pd.DataFrame
    left_out: pd.DataFrame
    history: History
    tessellation: Tessellation
    core_radius_km: float
    min_confidence: str | None

    @classmethod
    def of(
        cls,
        tables: Tables,
        *,
        scope: Sequence[str] | None = None,
        core_radius_km: float = CORE_RADIUS_KM,
        min_confidence: str | None = None,
    ) -> Places:
        """Build the cells and the history of their holders, or raise if the tables cannot carry them."""
        radius_km = _inputs.number("core_radius_km", core_radius_km)
        codes, lands = _inputs.countries(tables.borders, scope)
        rows, left_out = _inputs.counted(tables, min_confidence)
        places = _inputs.located(rows, tables.places)
        _inputs.background_or_raise(rows, places, codes)
        sited = _inputs.with_places(places, codes, lands)
        sites, towns = (
            frame[["longitude", "latitude"]].to_numpy(dtype=float) for frame in (places, tables.settlements)
        )
        return cls(
            tables=tables,
            scope=codes,
            borders=lands,
            region="country",
            places=places,
            left_out=left_out,
            history=History.from_table(rows, tuple(places["place_id"]), tables.covers[0]),
            tessellation=tessellate(sites, lands, towns, core_radius_km=radius_km, sited=sited),
            core_radius_km=radius_km,
            min_confidence=min_confidence,
        )

    def without(self, gone: NDArray[np.bool_]) -> Places:
        """Return the land without some rows of ``history.table``, the chain of holders joined again."""
        table = self.history.table
        kept = joined_again(table, pd.Series(~gone, index=table.index))
        if set(kept["place_id"]) == set(self.history.place_ids):
            # the cells stay where they are: only who holds them is another
            history = History.from_table(kept, self.history.place_ids, self.tables.covers[0])
            return replace(self, history=history, left_out=self._left_out_too(gone))
        if self.region != "country":
            msg = "A place would lose all its rows, and its cell: leave it out before asking by governorate."
            raise TerritoryError(msg)
        fewer = replace(self.tables, control_changes=kept)
        land = Places.of(fewer, scope=self.scope, core_radius_km=self.core_radius_km)
        return replace(land, left_out=self._left_out_too(gone), min_confidence=self.min_confidence)

    def _left_out_too(self, gone: NDArray[np.bool_]) -> pd.DataFrame:
        """Return the rows not counted, with those that are gone now."""
        rows = self.history.table[gone].assign(reason="left out to see what hangs on it")
        return pd.concat([self.left_out, rows], ignore_index=True)

    def __repr__(self) -> str:
        """Say what was built, in one line."""
        days = self.history.dates
        return (
            f"Territory: {', '.join(self.scope)}; {len(self.places):,} places, {len(self.history.table):,} rows "
            f"from {days[0]:.10} to {days[-1]:.10}; "
            + (
                "no settlements"
                if self.tables.settlements.empty
                else f"core within {self.core_radius_km:g} km of a settlement"
            )
            + (f"; no place in {', '.join(self.blank)}" if self.blank else "")
        )

    @cached_property
    def blank(self) -> tuple[str, ...]:
        """The regions of the scope that are mostly land that no place stands for."""
        mostly = self.tessellation.blank_claimed_km2 > self.tessellation.whole_km2 / 2
        return tuple(np.array(self.scope, dtype=object)[mostly].tolist())

    @property
    def band(self) -> str:
        """Nothing to say: seeded draws are the usual band."""
        return ""

    @property
    def core(self) -> BaseGeometry:
        """All core land."""
        return self.tessellation.core

    @property
    def crs(self) -> pyproj.CRS:
        """The projection."""
        return self.tessellation.crs

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the scope, in degrees."""
        west, south, east, north = shapely.total_bounds(self.borders).tolist()
        return west, south, east, north

    @cached_property
    def dates(self) -> pd.DatetimeIndex:
        """The days of the rows."""
        return pd.DatetimeIndex(self.history.dates)

    @property
    def covers(self) -> tuple[pd.Timestamp, pd.Timestamp]:
        """The days of the tables."""
        return self.tables.covers

    @property
    def last_known(self) -> None:
        """None: the last holders hold on."""

    @property
    def actor_ids(self) -> tuple[str, ...]:
        """Every holder in alphabetical order, ``unknown`` at the end."""
        return self.history.actor_ids

    def answered(self, days: pd.DatetimeIndex) -> pd.DatetimeIndex:
        """Return days, or raise with those that the tables do not cover."""
        return self.tables.days(days)

    def states(self, days: pd.DatetimeIndex) -> Numbers:
        """Return the number of the state of each day: 0 before the first row, i from ``dates[i - 1]`` on."""
        return self.history.state(days)

    def holders(self, day: pd.Timestamp) -> pd.DataFrame:
        """Return the holder of each place on a day, with the row that says so."""
        deciding = self.history.deciding[self.history.state(day)]
        columns = ["to_actor", "control_status", "valid_from", "source_id"]
        rows = self.history.table[columns].reindex(deciding).reset_index(drop=True)
        rows = rows.rename(columns={"to_actor": "actor_id", "valid_from": "since"})
        rows[["actor_id", "control_status"]] = rows[["actor_id", "control_status"]].fillna(UNKNOWN)
        rows.insert(0, "place_id", self.places["place_id"])
        return rows

    def _need_towns(self, level: Level) -> None:
        """Raise if the core is asked for, and nothing says where anybody lived: it would be none of the land."""
        if level == "core" and self.tables.settlements.empty:
            msg = (
                "Core is land near a settlement, and these tables know none: give settlements (settlements.csv, or "
                "settlements=...), or ask for level='claimed'."
            )
            raise TerritoryError(msg)

    def held_km2(self, states: Numbers, level: Level) -> tuple[Floats, tuple[str, ...]]:
        """Return (T, C + 1, A) areas, and those who hold any land at a level, ``none`` last."""
        self._need_towns(level)
        km2 = self._sums(level)
        names = self.actor_ids if level == "claimed" else (*self.actor_ids, NONE)
        # the state before the first row counts only where it is asked for
        listed = km2[np.union1d(states, np.arange(1, len(km2)))].any(axis=(0, 1))
        return km2[states][..., listed], tuple(np.array(names)[listed].tolist())

    def whole_km2(self) -> Floats:
        """Return nothing: all land of the scope is held, if only by nobody."""
        return np.full(len(self.scope) + 1, np.nan)

    def lost_km2(self, before: int, states: Numbers, level: Level) -> tuple[Floats, Floats]:
        """Return areas of all holders before, and what of these is no longer theirs."""
        self._need_towns(level)
        holders, cells = self.history.holders, self.tessellation.km2(level)
        base = _areas.area_by_holder(holders[[before]], cells, len(self.actor_ids))
        lost = _areas.lost_by_holder(holders[before], holders[states], cells, len(self.actor_ids))
        return _areas.with_total(base), _areas.with_total(lost)

    def people(self, states: Numbers, rule: Rule) -> Floats:
        """Return (T, C + 1, A) pre-war residents of the land of all holders."""
        holders, (living, blank) = self.history.holders[states], self._residents(rule)
        found = _areas.area_by_holder(holders, living, len(self.actor_ids))
        found[..., self._unknown] += blank
        return _areas.with_total(found)

    def shapes(self, state: int, level: Level) -> dict[str, BaseGeometry]:
        """Return the land of each holder with land in the scope, that of the rest as ``none``."""
        holders, parts = self.history.holders[state], self.tessellation
        km2, names = self.held_km2(np.array([state]), level)
        number = {actor: code for code, actor in enumerate(self.actor_ids)}
        return {
            name: parts.outside if name == NONE else self._dissolved(holders == number[name], level, name)
            for name, area in zip(names, km2[0, -1], strict=True)
            if area > 0
        }

    def places_held(self, state: int) -> dict[str, int]:
        """Return how many places of the scope each holder has."""
        counts = np.bincount(self.history.holders[state][self._in_scope], minlength=len(self.actor_ids))
        return dict(zip(self.actor_ids, counts.tolist(), strict=True))

    def changes(self, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
        """Return the rows that moved a place of the scope from one holder to another, with what its cell holds."""
        table = self.history.table
        inside = table["place_id"].isin(self.places.loc[self._in_scope, "place_id"])
        within = (table["valid_from"] > first) & (table["valid_from"] <= last)
        moved = (table["event"] != "initial") & (table["from_actor"] != table["to_actor"])
        found = table.loc[inside & within & moved, [name for name in MOVED if name in table]]
        cell = pd.Index(self.history.place_ids).get_indexer(pd.Index(found["place_id"]))
        return found.assign(**{name: values[cell] for name, values in self._of_cells.items()}).reset_index(drop=True)

    def transitions(self, before: int, after: int) -> pd.DataFrame:
        """Return claimed and core land, places and people by holder in two states."""
        actors, (old, new) = np.array(self.actor_ids), (self.history.holders[state] for state in (before, after))
        pairs = {"from_actor": pd.array(actors[old], dtype=TEXT), "to_actor": pd.array(actors[new], dtype=TEXT)}
        frame = pd.DataFrame(pairs | {"places": self._in_scope.astype(int)} | self._of_cells)
        if self.blank:
            frame = pd.concat([frame, self._blank_row], ignore_index=True)
        summed = frame.groupby(["from_actor", "to_actor"], as_index=False).sum(min_count=1)
        return summed[summed["claimed_km2"] > 0]

    def flows(self, before: int, after: int) -> gpd.GeoDataFrame:
        """Return the land by holder in two states, as polygons."""
        holders, parts = self.history.holders, self.tessellation
        pairs = np.stack([holders[before], holders[after]], axis=1)[parts.claimed_km2.sum(axis=1) > 0]
        if self.blank:
            pairs = np.vstack([pairs, np.full((1, 2), self._unknown)])
        rows = []
        for old, new in np.unique(pairs, axis=0):
            moved = (holders[before] == old) & (holders[after] == new)
            blank = self._unknown if old == new == self._unknown else None
            km2 = [
                parts.km2(level)[moved].sum() + (0.0 if blank is None else parts.blank_km2(level).sum())
                for level in get_args(Level)
            ]
            names = self.actor_ids[old], self.actor_ids[new]
            rows.append((*names, *km2, self._dissolved(moved, "claimed", UNKNOWN if blank else "")))
        columns = ["from_actor", "to_actor", "claimed_km2", "core_km2", "geometry"]
        return gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), crs=parts.crs)

    def bands(self, days: pd.DatetimeIndex, level: Level, how: How) -> tuple[tuple[str, ...], dict[str, Floats]]:
        """Return holders, and the bands of their areas from seeded draws."""
        self._need_towns(level)
        names = self.actor_ids if level == "claimed" else (*self.actor_ids, NONE)
        return names, self.doubt.bands(days, level, self._sums(level)[self.states(days)], how)

    def probability(self, day: pd.Timestamp, grid_km: float, how: How) -> gpd.GeoDataFrame:  # noqa: ARG002 - asked of any land
        """Return natural-neighbour probabilities, square by square."""
        return self.doubt.probability(int(self.history.state(day)), grid_km)

    def published(
        self,
        rows: pd.DataFrame,
        level: Level,
        parts: Callable[[str], Sequence[str]],
        how: How,
    ) -> tuple[Floats, Floats, Floats]:
        """Return the figure that each published row asks for, in its unit, and its band from seeded draws."""
        self._need_towns(level)
        return self.doubt.figures(rows, level, parts, self.tables.countries_of, how=how)

    def findings(self, day: pd.Timestamp, days: int | None, actors: pd.DataFrame) -> pd.DataFrame:
        """Return open captures, places without recent evidence, close pairs, places outside their country."""
        return _gaps.gather(
            _gaps.open_captures(self.history.table, actors),
            _gaps.quiet_places(self.holders(day), day, QUIET_DAYS if days is None else days),
            _gaps.close_places(self.places, self.tessellation.sites),
            _gaps.misplaced(self.places, self.region, self.scope, self.borders),
            _gaps.pointless(self.left_out),
            _gaps.without_places(self.blank, self.scope, self.tessellation),
            km2=pd.DataFrame(self._cell_km2, index=pd.Index(self.places["place_id"])),
        )

    def by_regions(self, names: Sequence[str], lands: NDArray[np.object_]) -> Places:
        """Return the same cells and holders, counted in governorates."""
        parts = self.tessellation.divided(project_land(lands, self.crs))
        return replace(self, scope=tuple(names), borders=lands, region="admin1", tessellation=parts)

    def definition(self, level: Level) -> str:
        """Say in a sentence what the land of a level is."""
        blank = listed([self.tables.country_name(code) for code in self.blank])
        unknown = f" No place lies in {blank}: that land is unknown." if blank else ""
        if level == "claimed":
            places = counted(len(self.places), "place")
            return f"Claimed: all land, each point with the holder of the nearest of {places}.{unknown}"
        towns = counted(len(self.tables.settlements), "settlement")
        return f"Core: the claimed land within {self.core_radius_km:g} km of one of {towns}.{unknown}"

    @cached_property
    def doubt(self) -> Doubt:
        """How far the areas can be trusted."""
        return Doubt(
            self.scope, self.places, self.tables.settlements, self.history, self.tessellation, self.core_radius_km
        )

    @cached_property
    def _in_scope(self) -> NDArray[np.bool_]:
        """Places of a region of the scope, or with land in it."""
        has_land = self.tessellation.claimed_km2.sum(axis=1) > 0
        at_home: NDArray[np.bool_] = self.places[self.region].isin(self.scope).to_numpy()
        inside: NDArray[np.bool_] = has_land | at_home
        return inside

    def _sums(self, level: Level) -> Floats:
        """Area by state, scope (the last one all) and actor; at level core the last actor is none."""
        return self._claimed_sums if level == "claimed" else self._core_sums

    @cached_property
    def _claimed_sums(self) -> Floats:
        return self._summed("claimed")

    @cached_property
    def _core_sums(self) -> Floats:
        core = self._summed("core")
        rest = (self._claimed_sums - core).sum(axis=-1, keepdims=True)
        return np.concatenate([core, rest], axis=-1)

    def _summed(self, level: Level) -> Floats:
        cells, blank = self.tessellation.km2(level), self.tessellation.blank_km2(level)
        found = _areas.area_by_holder(self.history.holders, cells, len(self.actor_ids))
        found[..., self._unknown] += blank
        return _areas.with_total(found)

    @property
    def _unknown(self) -> int:
        """The number of the holder of what is not known."""
        return self.actor_ids.index(UNKNOWN)

    def _dissolved(self, cells: NDArray[np.bool_], level: Level, holder: str) -> BaseGeometry:
        """Return the land of some cells at a level; unknown is also what no place stands for."""
        parts = self.tessellation
        land = dissolve(parts.cells[cells], parts.mask(level))
        if holder != UNKNOWN or parts.blank.is_empty:
            return land
        blank = parts.blank if level == "claimed" else shapely.intersection(parts.blank, parts.core)
        return only_polygons(shapely.union_all([land, blank]))

    @property
    def _blank_row(self) -> pd.DataFrame:
        """The row of ``transitions`` of land that no place stands for."""
        try:
            people = self._residents("towns_and_country")[1].sum()
        except TableError:
            people = np.nan
        km2 = {f"{level}_km2": [self.tessellation.blank_km2(level).sum()] for level in get_args(Level)}
        return pd.DataFrame({"from_actor": [UNKNOWN], "to_actor": UNKNOWN, "places": 0, **km2, "people_prewar": people})

    @property
    def _cell_km2(self) -> dict[str, Floats]:
        """Land of each place's cell in the scope."""
        parts = self.tessellation
        core = np.full(len(self.places), np.nan) if self.tables.settlements.empty else parts.core_km2.sum(axis=1)
        return {"claimed_km2": parts.claimed_km2.sum(axis=1), "core_km2": core}

    @cached_property
    def _of_cells(self) -> dict[str, Floats]:
        """Land and people of each place's cell in the scope; people missing where the tables do not tell."""
        try:
            people = self._residents("towns_and_country")[0].sum(axis=1)
        except TableError:
            people = np.full(len(self.places), np.nan)
        return {**self._cell_km2, "people_prewar": people}

    def _residents(self, rule: Rule) -> tuple[Floats, Floats]:
        """Return pre-war residents by region: (P, C) of each cell, (C,) of land that no place stands for."""
        if rule not in self._counted:
            points = residents_of(self.tables, rule)
            points = points[points[self.region].isin(self.scope)]
            where = project_points(points[["longitude", "latitude"]].to_numpy(dtype=float), self.crs)
            blank, people = shapely.contains_xy(self.tessellation.blank, where), points["residents"].to_numpy()
            cell = nearest_site(self.tessellation.sites, where)[0]
            region = pd.Index(self.scope).get_indexer(pd.Index(points[self.region]))
            found = np.zeros((len(self.places), len(self.scope)))
            np.add.at(found, (cell[~blank], region[~blank]), people[~blank])
            nobody = np.bincount(region[blank], people[blank], len(self.scope)).astype(float)
            self._counted[rule] = found, nobody
        return self._counted[rule]

    @cached_property
    def _counted(self) -> dict[Rule, tuple[Floats, Floats]]:
        return {}

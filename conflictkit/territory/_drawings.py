"""Land as somebody drew it on some days: each drawing holds until the next one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from conflictkit.actors import NONE
from conflictkit.dates import in_words, iso
from conflictkit.errors import DateError, TableError, TerritoryError
from conflictkit.geometry import M2_PER_KM2, clip, near, project, project_land, project_points
from conflictkit.outlines import SLIVER_KM2
from conflictkit.prose import listed
from conflictkit.territory import _comparison, _edges, _gaps, _overlays
from conflictkit.territory._drawing_rows import drawn_of
from conflictkit.territory._inputs import lands_of
from conflictkit.territory._land import BANDS, CORE_RADIUS_KM, MOVED, WAIT_S
from conflictkit.territory._moves import Moves
from conflictkit.territory._residents import residents_of
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import geopandas as gpd
    import pyproj
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from conflictkit.tables import Tables
    from conflictkit.territory._comparison import Row
    from conflictkit.territory._land import Floats, How, Land, Level, Numbers, Rule
    from conflictkit.territory._overlays import State

ELSEWHERE = 0.05  # of the land drawn: a coarse drawing of Iraq and Syria crosses their borders by no more


@dataclass(frozen=True, eq=False)
class Drawings:
    """Land of drawings; answers what ``_land.Land`` asks. A state is the number of a distinct drawing.

    Attributes
    ----------
    tables
        Whose borders, settlements and residents the land is measured with.
    dates
        The days of the drawings, ascending.
    drawn
        The land of each holder in each distinct drawing, in metres, without overlaps.
    number
        (D,) the drawing of each day: identical days share one.
    crs
        Lambert azimuthal equal-area projection, centred on all land drawn.
    extent
        West, south, east and north of all land drawn, in degrees.
    core_radius_km
        Distance from a settlement within which land is core.
    regions
        Names and polygons, in degrees, that areas are counted in; None for the countries that the drawings reach into.
    """

    tables: Tables
    dates: pd.DatetimeIndex
    drawn: tuple[State, ...]
    number: NDArray[np.intp]
    crs: pyproj.CRS
    extent: tuple[float, float, float, float]
    core_radius_km: float = CORE_RADIUS_KM
    regions: tuple[tuple[str, ...], NDArray[np.object_]] | None = None
    drawn_by: str | None = None

    @classmethod
    def of(cls, frame: gpd.GeoDataFrame, tables: Tables, drawn_by: str | None = None) -> Drawings:
        """Build the drawings from a frame as ``read_control_polygons`` returns it."""
        found = drawn_of(frame)
        numbers: dict[tuple[tuple[str, bytes], ...], int] = {}
        drawn: list[State] = []
        number: list[int] = []
        for land in found.by_day.values():
            key = tuple((holder, shapely.to_wkb(shape)) for holder, shape in land.items())
            if key not in numbers:
                numbers[key] = len(drawn)
                drawn.append(_overlays.without_overlaps(land))
            number.append(numbers[key])
        days = pd.DatetimeIndex(found.by_day)
        return cls(tables, days, tuple(drawn), np.array(number), found.crs, found.extent, drawn_by=drawn_by or None)

    def __repr__(self) -> str:
        """Say what was drawn, in one line."""
        return (
            f"Territory from polygons: {', '.join(self.actor_ids)}; {len(self.dates):,} days from "
            f"{iso(self.dates[0])} to {iso(self.dates[-1])}, {len(self.drawn):,} of them different"
        )

    @property
    def band(self) -> str:
        """What the band of a comparison is."""
        return "the whole drawn line off by its stated error"

    @property
    def core(self) -> BaseGeometry:
        """All land that is drawn on any day near a settlement."""
        return shapely.intersection(self._drawn, self.near_towns)

    @cached_property
    def covers(self) -> tuple[pd.Timestamp, pd.Timestamp]:
        """From the first drawing to the last, or on to the end of the tables' days: until then the last one holds."""
        return pd.Timestamp(self.dates[0]), max(pd.Timestamp(self.dates[-1]), self.tables.covers[1])

    @property
    def last_known(self) -> pd.Timestamp:
        """The day of the last drawing."""
        return pd.Timestamp(self.dates[-1])

    @cached_property
    def actor_ids(self) -> tuple[str, ...]:
        """Everybody who is drawn on any day, in alphabetical order."""
        return tuple(sorted({holder for state in self.drawn for holder in state}))

    @property
    def scope(self) -> tuple[str, ...]:
        """Names of the regions that areas are counted in: the countries that the drawings reach into."""
        return self._regions[0]

    @property
    def borders(self) -> NDArray[np.object_]:
        """The polygons of these regions, in degrees."""
        return self._regions[1]

    def answered(self, days: pd.DatetimeIndex) -> pd.DatetimeIndex:
        """Return days, or raise with those before the first drawing, or after the days covered."""
        self.states(days)
        first, last = self.covers
        if len(late := days[days > last]):
            msg = (
                f"The drawings answer for {in_words(first)} to {in_words(last)}, not for "
                f"{listed(map(in_words, late))}. For other days give tables that cover them: "
                "tables.replace(covers=(first, last))."
            )
            raise DateError(msg)
        return days

    def states(self, days: pd.DatetimeIndex) -> Numbers:
        """Return the number of the drawing that holds on each day; raise if there is none yet."""
        at = self.dates.searchsorted(days, side="right") - 1
        if (early := np.flatnonzero(at < 0)).size:
            day, first = days[early[0]], self.dates[0]
            msg = f"{iso(day)} is before the first drawing ({iso(first)}): nothing is known of it."
            raise TerritoryError(msg)
        return self.number[at]

    def held_km2(self, states: Numbers, level: Level) -> tuple[Floats, tuple[str, ...]]:
        """Return (T, C + 1, A) areas, and everybody who is drawn, ``none`` last."""
        names = self._names(level)

        def held(state: int) -> Floats:
            if (state, level) not in self._sums:
                self._sums[state, level] = self._km2(self.shapes(state, level), names)
            return self._sums[state, level]

        return self._stacked(states, held, len(names)), names

    def whole_km2(self) -> Floats:
        """Return the regions that the drawings reach into, whole, and all of them if the drawings hardly leave them."""
        regions = shapely.area(project_land(self.borders, self.crs)) / M2_PER_KM2 if self.scope else np.array([])
        found: Floats = np.r_[regions, np.nan if self._elsewhere > ELSEWHERE else regions.sum()]
        return found

    def lost_km2(self, before: int, states: Numbers, level: Level) -> tuple[Floats, Floats]:
        """Return areas of all holders before, and what of these is no longer theirs."""
        base, names = self.shapes(before, level), self.actor_ids

        def lost(state: int) -> Floats:
            now = self.shapes(state, level)
            gone = {name: _overlays.without(land, now.get(name)) for name, land in base.items()}
            return self._km2(gone, names)

        return self._km2(base, names)[np.newaxis], self._stacked(states, lost, len(names))

    def people(self, states: Numbers, rule: Rule) -> Floats:
        """Return (T, C + 1, A) pre-war residents of the land of all holders."""
        x_y, residents, region = self._residents(rule)
        inside = np.vstack([region == np.arange(len(self.scope))[:, np.newaxis], np.ones(len(region), dtype=bool)])

        def living(state: int) -> Floats:
            land = self.drawn[state]
            shapely.prepare(list(land.values()))
            held = [
                inside @ (residents * shapely.contains_xy(land[name], x_y)) if name in land else np.zeros(len(inside))
                for name in self.actor_ids
            ]
            return np.stack(held, axis=1)

        found = self._stacked(states, living, len(self.actor_ids))
        if len(states) and not found.any():
            msg = f"The residents known are those of {self._known_lands}: no land of these drawings has any."
            raise TerritoryError(msg)
        return found

    def shapes(self, state: int, level: Level) -> State:
        """Return the land of each holder, at level core that of the rest as ``none``."""
        if level == "claimed":
            return self.drawn[state]
        if self._elsewhere > ELSEWHERE:
            msg = (
                f"Core is land near a settlement of the gazetteer, which covers {self._known_lands}: "
                f"{self._elsewhere:.0%} of the land drawn lies elsewhere. Ask for level='claimed'."
            )
            raise TerritoryError(msg)
        if state not in self._core:
            self._core[state] = _overlays.near_towns(self.drawn[state], self.near_towns)
        return self._core[state]

    def places_held(self, state: int) -> None:
        """None: a drawing says nothing about places."""

    def changes(self, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
        """Return the land that each drawing moved from one holder to another."""
        days = self.dates[(self.dates > first) & (self.dates <= last)]
        steps = zip(days, pairwise(self.states(pd.DatetimeIndex([first, *days])).tolist()), strict=True)
        moving = [(day, self._moves.between(*step, kept=False)) for day, step in steps if step[0] != step[1]]
        found = pd.concat([pd.DataFrame(columns=list(MOVED)).astype(MOVED), *(moved for _, moved in moving)])
        day = np.repeat(pd.DatetimeIndex([day for day, _ in moving]), [len(moved) for _, moved in moving])
        return found.assign(valid_from=day).reset_index(drop=True)[list(MOVED)].astype(MOVED)

    def transitions(self, before: int, after: int) -> pd.DataFrame:
        """Return claimed and core land and people by holder in two drawings; places are missing."""
        moved = self._moves.between(before, after, kept=True)
        return moved.assign(places=pd.array([pd.NA] * len(moved), dtype="Int64"))

    def flows(self, before: int, after: int) -> gpd.GeoDataFrame:
        """Return the land by holder in two drawings, as polygons; ``none`` is land that nobody is drawn on."""
        return self._moves.shapes(before, after, self.crs)

    def bands(self, days: pd.DatetimeIndex, level: Level, how: How) -> tuple[tuple[str, ...], dict[str, Floats]]:
        """Return holders, and the bands of their areas if the whole line is off by its error."""
        error, names, states = _edges.edge_m(how.edge_km), self._names(level), self.states(days)
        wide = self._widths(np.unique(states), error, level, names)
        found = self._stacked(states, lambda state: wide[state], len(names), deep=len(BANDS))
        return names, {band: found[:, number] for number, band in enumerate(BANDS)}

    def probability(self, day: pd.Timestamp, grid_km: float, how: How) -> gpd.GeoDataFrame:
        """Return the chance of each holder by the distance to the edge of its land, square by square."""
        state, error = self.drawn[int(self.states(pd.DatetimeIndex([day]))[0])], _edges.edge_m(how.edge_km)
        regions = dict(zip(self.scope, project_land(self.borders, self.crs), strict=True))
        return _edges.probability_frame(
            state, error, grid_km=grid_km, ground=self._ground, regions=regions, core=self.near_towns, crs=self.crs
        )

    def published(
        self,
        rows: pd.DataFrame,
        level: Level,
        parts: Callable[[str], Sequence[str]],
        how: How,
    ) -> tuple[Floats, Floats, Floats]:
        """Return the figure that each published row asks for, in its unit, with the land's edge moved in and out."""
        error = _edges.edge_m(how.edge_km)
        found = [self._figures(row, level, parts(str(row.actor_id)), error) for row in rows.itertuples()]
        value, low, high = np.array(found, dtype=float).reshape(-1, 3).T
        return value, low, high

    def findings(self, day: pd.Timestamp, days: int | None, actors: pd.DataFrame) -> pd.DataFrame:  # noqa: ARG002
        """Return days without a drawing, days that repeat the one before, contested land, land out of proportion."""
        self.states(pd.DatetimeIndex([day]))
        dates = self.dates[self.dates <= day]
        number = self.number[: len(dates)].tolist()
        step = _gaps.usual_step(self.dates) if days is None else days
        return _gaps.gathered(
            chain(
                _gaps.missing_days(dates, number, self._moves.km2, step),
                _gaps.same_drawings(dates, number, self._moves.km2),
                _gaps.contested_land(dates, number, self.drawn),
                _gaps.odd_sizes(dates, number, self.drawn),
            )
        )

    def by_regions(self, names: Sequence[str], lands: NDArray[np.object_]) -> Land:
        """Return the same drawings, counted in governorates."""
        return replace(self, regions=(tuple(names), lands))

    def definition(self, level: Level) -> str:
        """Say in a sentence what the land of a level is."""
        if level == "claimed":
            return f"Claimed: all land as {self.drawn_by or 'somebody'} drew it; a drawing holds until the next one."
        towns = len(self.tables.settlements)
        return f"Core: the land drawn within {self.core_radius_km:g} km of one of {towns:,} settlements."

    @cached_property
    def near_towns(self) -> BaseGeometry:
        """Everything within the core radius of a settlement of the gazetteer."""
        towns = self.tables.settlements[["longitude", "latitude"]].to_numpy(dtype=float)
        return near(project_points(towns, self.crs), self.core_radius_km * 1000, land=self._box)

    @cached_property
    def _regions(self) -> tuple[tuple[str, ...], NDArray[np.object_]]:
        if self.regions is not None:
            return self.regions
        reached = [code for code, land in self._countries.items() if self._reach(land)]
        borders = lands_of(self.tables.borders) if reached else {}
        return tuple(reached), np.array([borders[code] for code in reached], dtype=object)

    def _reach(self, land: BaseGeometry) -> bool:
        """Whether anybody is drawn on some land."""
        shapely.prepare(land)
        shapes = [shape for state in self.drawn for shape in state.values() if shapely.intersects(land, shape)]
        return any(shapely.intersection(land, shape).area >= SLIVER_KM2 * M2_PER_KM2 for shape in shapes)

    @cached_property
    def _grounds(self) -> NDArray[np.object_]:
        """The regions in metres, as far as anything is drawn in them."""
        if not self.scope:
            return np.array([], dtype=object)
        return clip(project_land(self.borders, self.crs), np.array(self._box))

    @cached_property
    def _box(self) -> BaseGeometry:
        """The box around all land drawn."""
        return shapely.box(*shapely.total_bounds([shape for state in self.drawn for shape in state.values()]))

    def _names(self, level: Level) -> tuple[str, ...]:
        """Everybody who is drawn, ``none`` last."""
        own = tuple(name for name in self.actor_ids if name != NONE)
        return (*own, NONE) if level == "core" or NONE in self.actor_ids else own

    def _km2(self, land: State, names: Sequence[str]) -> Floats:
        """Return (C + 1, A) areas of land by holder."""
        found = np.zeros((len(self.scope) + 1, len(names)))
        here = [number for number, name in enumerate(names) if name in land]
        shapes = np.array([land[names[number]] for number in here], dtype=object)
        if here:
            found[-1, here] = shapely.area(shapes) / M2_PER_KM2
            found[:-1, here] = shapely.area(clip(shapes, self._grounds[:, np.newaxis])) / M2_PER_KM2
        return found

    def _stacked(
        self, states: Numbers, answer: Callable[[int], Floats], count: int, *, deep: int | None = None
    ) -> Floats:
        """Return the answers about each state, asked once of each."""
        distinct, back = np.unique(states, return_inverse=True)
        shape = (len(self.scope) + 1, count)
        found = np.zeros((len(distinct), *((deep,) if deep else ()), *shape))
        for number, state in enumerate(distinct.tolist()):
            found[number] = answer(state)
        return found[np.ravel(back)]

    @cached_property
    def _sums(self) -> dict[tuple[int, Level], Floats]:
        """Areas of drawings by region and holder, as far as they were asked for."""
        return {}

    @cached_property
    def _core(self) -> dict[int, State]:
        """What of each drawing is near a settlement, as far as it was asked for."""
        return {}

    @cached_property
    def _ground(self) -> BaseGeometry | None:
        """The countries of the tables with the land drawn, if that lies in them."""
        if self._elsewhere > ELSEWHERE:
            return None
        return shapely.union_all([*self._countries.values(), self._drawn])

    @cached_property
    def _drawn(self) -> BaseGeometry:
        """All land on which anybody is drawn on any day."""
        return shapely.union_all([land for state in self.drawn for land in state.values()])

    @cached_property
    def _countries(self) -> dict[str, BaseGeometry]:
        """The countries of the tables that the drawings can reach into, in metres."""
        lands = {} if self.tables.borders.empty else lands_of(self.tables.borders)
        # the projection has no room for the far side of the globe
        around = shapely.box(*self.extent)
        close = {code: land for code, land in sorted(lands.items()) if shapely.intersects(land, around)}
        metres = project(np.array(list(close.values()), dtype=object), self.crs)
        return dict(zip(close, metres, strict=True))

    @cached_property
    def _elsewhere(self) -> float:
        """The share of all land drawn that lies in none of these countries."""
        whole = self if self.regions is None else replace(self, regions=None)
        km2, _ = whole.held_km2(np.arange(len(self.drawn)), "claimed")
        return float(1 - km2[:, :-1].sum() / km2[:, -1].sum())

    @property
    def _known_lands(self) -> str:
        """The countries of the tables in words."""
        return listed([self.tables.country_name(code) for code in sorted(self.tables.borders["country"].unique())])

    def _residents(self, rule: Rule) -> tuple[Floats, Floats, NDArray[np.intp]]:
        """Return points in metres, how many people they stand for, and the number of the region of each."""
        if rule not in self._points:
            points = residents_of(self.tables, rule)
            where = project_points(points[["longitude", "latitude"]].to_numpy(dtype=float), self.crs)
            column = "country" if self.regions is None else "admin1"
            region = pd.Index(self.scope, dtype=TEXT).get_indexer(pd.Index(points[column]))
            self._points[rule] = where, points["residents"].to_numpy(dtype=float), region
        return self._points[rule]

    @cached_property
    def _points(self) -> dict[Rule, tuple[Floats, Floats, NDArray[np.intp]]]:
        """Residents by rule, as far as they were asked for."""
        return {}

    @cached_property
    def _moves(self) -> Moves:
        """What moved between drawings: core and people only where the tables know settlements and residents."""
        if self._elsewhere > ELSEWHERE:
            return Moves(self.drawn, None, None)
        try:
            residents = self._residents("towns_and_country")[:2]
        except TableError:
            return Moves(self.drawn, self.near_towns, None)
        return Moves(self.drawn, self.near_towns, residents)

    def _edged(self, land: BaseGeometry, metres: Sequence[float], level: Level) -> list[BaseGeometry]:
        """Return land at a level with its edge moved; where the core ends is in no doubt."""
        found = _edges.moved_edges(land, metres, self._ground)
        return found if level == "claimed" else [shapely.intersection(moved, self.near_towns) for moved in found]

    def _widths(self, states: Numbers, error: float, level: Level, names: Sequence[str]) -> dict[int, Floats]:
        """Return (4, C + 1, A) bands of each holder in some drawings, behind a bar if it takes long."""
        from tqdm import tqdm  # plain: a widget would be gone when the notebook is opened again

        number = {name: at for at, name in enumerate(names)}
        found = {state: np.zeros((len(BANDS), len(self.scope) + 1, len(names))) for state in states.tolist()}
        lands = [(state, holder, land) for state in found for holder, land in self.drawn[state].items()]
        for state, holder, land in tqdm(lands, desc="edges", delay=WAIT_S, leave=False):
            moved = self._edged(land, [by * error for by in _edges.BY_BAND], level)
            found[state][:, :, number[holder]] = np.stack([self._km2({holder: m}, [holder])[:, 0] for m in moved])
        for widths in found.values() if NONE in number else ():
            widths[:, :, number[NONE]] = np.nan
        return found

    def _figures(self, row: Row, level: Level, members: Sequence[str], error: float) -> tuple[float, float, float]:
        """Return what a published row asks, and its value with the edge of the land of its day moved in and out."""
        codes = self.tables.countries_of(str(row.scope))
        country = shapely.union_all([land for code, land in self._countries.items() if code in codes])
        now, base = self._land_of(members, row.as_of), None
        if row.metric in _comparison.SINCE:
            (base,) = self._edged(self._land_of(members, row.baseline_date), [0.0], level)
            base = shapely.intersection(base, country)
        by = [0.0, -_edges.BAND * error, _edges.BAND * error]
        lands = shapely.intersection(self._edged(now, by, level), country)
        values = [_comparison.figure_of_land(row.metric, land, base, country.area) for land in lands]
        return values[0], min(values), max(values)

    def _land_of(self, members: Sequence[str], day: pd.Timestamp) -> BaseGeometry:
        """Return the land of some holders on a day."""
        state = self.drawn[int(self.states(pd.DatetimeIndex([day]))[0])]
        return shapely.union_all([state[part] for part in members if part in state])

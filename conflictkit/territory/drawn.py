"""The land of dated polygons by holder: what was drawn on a day, what moved between days, what was lost."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Self, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from conflictkit.actors import CONTESTED, NONE, UNKNOWN
from conflictkit.datasets import load_borders, load_settlements
from conflictkit.dates import to_day, to_days
from conflictkit.errors import TerritoryError, known
from conflictkit.geometry import M2_PER_KM2, WGS84, local_crs, near, project, project_points, unproject
from conflictkit.residents import Rule, spread_residents
from conflictkit.territory import areas, inputs
from conflictkit.territory.areas import ALL
from conflictkit.territory.drawings import SLIVER_KM2, mended, moved, near_towns, without_overlaps
from conflictkit.territory.land import CORE_RADIUS_KM, Level

if TYPE_CHECKING:
    import pyproj
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from conflictkit.dates import DateLike, DatesLike
    from conflictkit.territory.drawings import State

ELSEWHERE = 0.05  # of the land drawn: a coarse drawing of Iraq and Syria crosses their borders by no more


@dataclass(frozen=True, eq=False, repr=False)
class DrawnLand:
    """Land drawn by holder on some days; the base of ``DatedPolygons``.

    Attributes
    ----------
    dates
        The days of the drawings, ascending.
    states
        The land of each holder in each distinct drawing, in metres.
    state_of
        The number of the drawing of each day: identical days share one.
    crs
        Lambert azimuthal equal-area projection, centred on all land drawn.
    actors
        Who the holders are, as in the table of actors.
    """

    dates: pd.DatetimeIndex
    states: tuple[State, ...]
    state_of: tuple[int, ...]
    crs: pyproj.CRS
    actors: pd.DataFrame

    @classmethod
    def from_frame(cls, frame: gpd.GeoDataFrame, actors: pd.DataFrame | None = None) -> Self:
        """Build the drawings from a frame as ``read_control_polygons`` returns it."""
        missing = {"date", "actor_id"} - set(frame.columns)
        if missing or frame.crs is None or frame.empty:
            lacks = f"columns {sorted(missing)}" if missing else "a coordinate system" if frame.crs is None else "rows"
            msg = f"Dated polygons need date, actor_id and geometry with a coordinate system; this frame lacks {lacks}."
            raise TerritoryError(msg)
        degrees = frame.to_crs(WGS84)
        crs = local_crs(shapely.box(*degrees.total_bounds))
        # before as well as after projection: cutting the edges of an invalid ring would drop half of it without a word
        metres = mended(project(mended(degrees.geometry.to_numpy()), crs))
        days = pd.DatetimeIndex([to_day(date) for date in frame["date"]])
        table = pd.DataFrame({"day": days, "actor": frame["actor_id"].astype("str").to_numpy(), "land": metres})
        states: dict[tuple[tuple[str, bytes], ...], int] = {}
        drawn: list[State] = []
        numbers, dates = [], []
        for day, rows in table.groupby("day", sort=True):
            land = {str(actor): shapely.union_all(part["land"].to_numpy()) for actor, part in rows.groupby("actor")}
            key = tuple((actor, shapely.to_wkb(shape)) for actor, shape in sorted(land.items()))
            if key not in states:
                states[key] = len(drawn)
                drawn.append(without_overlaps(land))
            numbers.append(states[key])
            dates.append(day)
        return cls(pd.DatetimeIndex(dates), tuple(drawn), tuple(numbers), crs, inputs.actors_of(actors))

    def __repr__(self) -> str:
        """Say what was drawn, in one line."""
        holders = sorted({holder for state in self.states for holder in state})
        return (
            f"Territory from polygons: {', '.join(holders)}; {len(self.dates):,} days from {self.dates[0]:%Y-%m-%d} to "
            f"{self.dates[-1]:%Y-%m-%d}, {len(self.states):,} of them different"
        )

    def at(self, date: DateLike, *, level: Level = "claimed") -> gpd.GeoDataFrame:
        """Return the land of each holder on a day, as polygons.

        Parameters
        ----------
        date
            Anything that ``pandas.to_datetime`` reads.
        level
            ``claimed``, all that was drawn; or ``core``, the part of it near settlements: in Iraq and Syria only.

        Returns
        -------
        geopandas.GeoDataFrame
            One row per holder, the largest first: ``actor_id``, ``area_km2``, ``drawn`` (the day of the drawing),
            ``geometry`` (EPSG:4326). At level ``core`` the holder of the rest of the land drawn is ``none``.

        Raises
        ------
        DateError, UnknownNameError
            If the date cannot be read or the level is unknown.
        TerritoryError
            If it is before the first drawing, or the core of land without a gazetteer is asked for.
        """
        day = to_day(date)
        state = self._at_level(level)[self.number_at(day)]
        order = sorted(state, key=lambda holder: (-state[holder].area, holder))
        drawn = self.dates[int(self.dates.searchsorted(day, side="right")) - 1]
        shapes = unproject(np.array([state[holder] for holder in order], dtype=object), self.crs)
        columns = {
            "actor_id": pd.array(order, dtype="str"),
            "area_km2": [state[holder].area / M2_PER_KM2 for holder in order],
            "drawn": drawn,
        }
        return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=WGS84)

    def _area(self, days: pd.DatetimeIndex, level: Level) -> pd.DataFrame:
        """Return the columns of ``area`` without the bands."""
        states = self._at_level(level)
        holders = sorted({holder for state in states for holder in state})
        sizes = np.array([[s[h].area / M2_PER_KM2 if h in s else 0.0 for h in holders] for s in states])
        km2 = sizes[[self.number_at(day) for day in days]].reshape(-1, 1, len(holders))
        whole = km2.sum(axis=-1, keepdims=True)
        return areas.long_frame(days, [ALL], holders, level=level, area_km2=km2, share=km2 / whole)

    def transitions(self, start: DateLike, end: DateLike) -> pd.DataFrame:
        """Return who held what of whom: land by its holder on one date and on another.

        Parameters
        ----------
        start, end
            Anything that ``pandas.to_datetime`` reads.

        Returns
        -------
        pandas.DataFrame
            One row per pair of holders, the largest first: ``from_actor``, ``to_actor``, ``claimed_km2``. ``none`` is
            land that nobody is drawn on.

        Raises
        ------
        DateError
            If a date cannot be read.
        TerritoryError
            If one is before the first drawing.
        """
        return moved(self._state(to_day(start)), self._state(to_day(end)))

    def changes(self, start: DateLike, end: DateLike) -> pd.DataFrame:
        """Return the land that changed hands between drawings.

        Parameters
        ----------
        start, end
            Anything that ``pandas.to_datetime`` reads; drawings after ``start`` up to and including ``end``.

        Returns
        -------
        pandas.DataFrame
            One row per drawing and pair of holders: ``valid_from``, ``from_actor``, ``to_actor``, ``claimed_km2``.
            Land that moved by less than 0.01 km2 is not listed.

        Raises
        ------
        DateError
            If a date cannot be read.
        TerritoryError
            If ``start`` is before the first drawing or after ``end``.
        """
        first, last = to_day(start), to_day(end)
        if first > last:
            msg = f"start ({first:%Y-%m-%d}) is after end ({last:%Y-%m-%d}). Swap them."
            raise TerritoryError(msg)
        days = self.dates[(self.dates > first) & (self.dates <= last)]
        steps = zip(days, pairwise([self.number_at(day) for day in (first, *days)]), strict=True)
        found = [
            moved(self.states[before], self.states[after]).assign(valid_from=day)
            for day, (before, after) in steps
            if before != after
        ]
        columns = ["valid_from", "from_actor", "to_actor", "claimed_km2"]
        if not found:
            types = dict(zip(columns, ("datetime64[us]", "str", "str", "float64"), strict=True))
            return pd.DataFrame([], columns=columns).astype(types)
        steps_moved = pd.concat(found, ignore_index=True)
        real = (steps_moved["from_actor"] != steps_moved["to_actor"]) & (steps_moved["claimed_km2"] >= SLIVER_KM2)
        return steps_moved.loc[real, columns].reset_index(drop=True)

    def loss_since(
        self, baseline: DateLike, dates: DatesLike | None = None, *, level: Level = "claimed"
    ) -> pd.DataFrame:
        """Return how much of the land that each holder had on one date it no longer has; later gains are ignored.

        Parameters
        ----------
        baseline
            The date of the footprint.
        dates
            One date or several, from the baseline on; None for every later drawing.
        level
            ``claimed`` or, in Iraq and Syria only, ``core``.

        Returns
        -------
        pandas.DataFrame
            One row per date and holder at the baseline: ``date``, ``scope``, ``actor_id``, ``level``,
            ``baseline_km2``, ``lost_km2``, ``lost_share``.

        Raises
        ------
        DateError, UnknownNameError
            If a date cannot be read or the level is unknown.
        TerritoryError
            If one is before the baseline or the first drawing, or the core of land without a gazetteer is asked for.
        """
        start, states = to_day(baseline), self._at_level(level)
        before = states[self.number_at(start)]
        days = self.dates[self.dates >= start] if dates is None else to_days(dates)
        if len(days) and days[0] < start:
            msg = f"{days[0]:%Y-%m-%d} is before the baseline {start:%Y-%m-%d}. Ask for dates from the baseline on."
            raise TerritoryError(msg)
        lost: dict[tuple[int, str], float] = {}
        rows = []
        for day in days:
            number = self.number_at(day)
            for holder in sorted(set(before) - {CONTESTED, UNKNOWN, NONE}):
                if (number, holder) not in lost:
                    now = states[number].get(holder, shapely.Polygon())
                    lost[number, holder] = shapely.difference(before[holder], now).area / M2_PER_KM2
                base = before[holder].area / M2_PER_KM2
                gone = lost[number, holder]
                rows.append((day, ALL, holder, level, base, gone, gone / base))
        columns = ["date", "scope", "actor_id", "level", "baseline_km2", "lost_km2", "lost_share"]
        return pd.DataFrame(rows, columns=columns)

    def people(self, dates: DatesLike | None = None) -> pd.DataFrame:
        """Return how many people lived before the war on the land of each holder; Iraq and Syria only.

        Parameters
        ----------
        dates
            One date or several; None for the day of every drawing.

        Returns
        -------
        pandas.DataFrame
            One row per date and holder: ``date``, ``scope``, ``actor_id``, ``people_prewar``, and
            ``people_prewar_lo`` and ``people_prewar_hi``, the smaller and the larger of the two rules of
            ``spread_residents``.

        Raises
        ------
        DateError
            If a date cannot be read.
        TerritoryError
            If one is before the first drawing, or nobody of Iraq or Syria lived on any land drawn.
        """
        days = self.dates if dates is None else to_days(dates)
        counts = [self._people_by(rule, days) for rule in get_args(Rule)]
        if not np.any(counts):
            msg = "The residents known are those of Iraq and Syria: no land of these drawings has any."
            raise TerritoryError(msg)
        frame = self._area(days, "claimed")[["date", "scope", "actor_id"]]
        return frame.assign(
            people_prewar=counts[0], people_prewar_lo=np.minimum(*counts), people_prewar_hi=np.maximum(*counts)
        )

    def _people_by(self, rule: Rule, days: pd.DatetimeIndex) -> NDArray[np.float64]:
        """Return residents by day and holder, in the order of ``area``."""
        points = spread_residents(rule)
        where = project_points(points[["longitude", "latitude"]].to_numpy(dtype=float), self.crs)
        holders = sorted({holder for state in self.states for holder in state})
        residents = points["residents"].to_numpy()
        shapely.prepare([land for state in self.states for land in state.values()])
        held = [
            [residents[shapely.contains_xy(state[h], where)].sum() if h in state else 0.0 for h in holders]
            for state in self.states
        ]
        return np.array(held)[[self.number_at(day) for day in days]].ravel()

    def number_at(self, day: pd.Timestamp) -> int:
        """Return the number, in ``states``, of the drawing that holds on a day; raise if there is none yet."""
        at = int(self.dates.searchsorted(day, side="right")) - 1
        if at < 0:
            msg = f"{day:%Y-%m-%d} is before the first drawing ({self.dates[0]:%Y-%m-%d}): nothing is known of it."
            raise TerritoryError(msg)
        return self.state_of[at]

    def _state(self, day: pd.Timestamp) -> State:
        return self.states[self.number_at(day)]

    def _at_level(self, level: Level) -> tuple[State, ...]:
        """Return the land of each holder in each distinct drawing, at a level."""
        known("level", level, get_args(Level))
        return self.states if level == "claimed" else self._core_states

    @cached_property
    def _core_states(self) -> tuple[State, ...]:
        """What of each drawing is near a settlement, and the rest as ``none``."""
        if self._ground is None:
            outside = 1 - sum(self._drawn_in.values()) / self._drawn.area
            msg = (
                "Core is land near a settlement of the gazetteer, which covers Iraq and Syria: "
                f"{outside:.0%} of the land drawn lies elsewhere. Ask for level='claimed'."
            )
            raise TerritoryError(msg)
        return tuple(near_towns(state, self._near_towns) for state in self.states)

    @cached_property
    def _ground(self) -> BaseGeometry | None:
        """The countries of the shipped tables with the land drawn, if that lies in them."""
        if sum(self._drawn_in.values()) < (1 - ELSEWHERE) * self._drawn.area:
            return None
        return shapely.union_all([*self._countries.values(), self._drawn])

    @cached_property
    def _near_towns(self) -> BaseGeometry:
        """Everything within the core radius of a settlement of the gazetteer."""
        towns = load_settlements()[["longitude", "latitude"]].to_numpy(dtype=float)
        return near(project_points(towns, self.crs), CORE_RADIUS_KM * 1000, land=self._drawn)

    @cached_property
    def _drawn(self) -> BaseGeometry:
        """All land on which anybody is drawn on any day."""
        return shapely.union_all([land for state in self.states for land in state.values()])

    @cached_property
    def _countries(self) -> dict[str, BaseGeometry]:
        """The countries of the shipped tables, in metres."""
        borders = load_borders()
        return dict(zip(borders["country"], project(borders.geometry.to_numpy(), self.crs), strict=True))

    @cached_property
    def _drawn_in(self) -> dict[str, float]:
        """How much of the land drawn lies in each of these countries, in m2."""
        return {code: shapely.intersection(land, self._drawn).area for code, land in self._countries.items()}

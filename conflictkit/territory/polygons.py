"""Control over time from dated polygons: the same questions as of places, asked of lines that somebody drew."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from conflictkit.errors import TerritoryError
from conflictkit.residents import Rule, spread_residents
from conflictkit.territory.areas import ALL
from conflictkit.territory.drawings import SLIVER_KM2, mended, moved, without_overlaps
from conflictkit.territory.history import CONTESTED, UNKNOWN, to_day, to_days
from conflictkit.tessellation import M2_PER_KM2, WGS84, local_crs, project, project_points, unproject

if TYPE_CHECKING:
    import pyproj
    from numpy.typing import NDArray

    from conflictkit.territory.drawings import State
    from conflictkit.territory.history import DateLike, DatesLike


@dataclass(frozen=True, eq=False, repr=False)
class DatedPolygons:
    """Control over land, as somebody drew it on some days; built by ``Territory.from_polygons``.

    A drawing holds until the next one. Land that two holders claim on one day is ``contested``.

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
    """

    dates: pd.DatetimeIndex
    states: tuple[State, ...]
    state_of: tuple[int, ...]
    crs: pyproj.CRS

    @classmethod
    def from_frame(cls, frame: gpd.GeoDataFrame) -> DatedPolygons:
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
        return cls(pd.DatetimeIndex(dates), tuple(drawn), tuple(numbers), crs)

    def __repr__(self) -> str:
        """Say what was drawn, in one line."""
        holders = sorted({holder for state in self.states for holder in state})
        return (
            f"Territory from polygons: {', '.join(holders)}; {len(self.dates):,} days from {self.dates[0]:%Y-%m-%d} to "
            f"{self.dates[-1]:%Y-%m-%d}, {len(self.states):,} of them different"
        )

    def at(self, date: DateLike) -> gpd.GeoDataFrame:
        """Return the land of each holder on a day, as polygons.

        Parameters
        ----------
        date
            Anything that ``pandas.to_datetime`` reads.

        Returns
        -------
        geopandas.GeoDataFrame
            One row per holder, the largest first: ``actor_id``, ``area_km2``, ``drawn`` (the day of the drawing),
            ``geometry`` (EPSG:4326).

        Raises
        ------
        DateError
            If the date cannot be read.
        TerritoryError
            If it is before the first drawing.
        """
        day = to_day(date)
        state = self._state(day)
        order = sorted(state, key=lambda holder: (-state[holder].area, holder))
        drawn = self.dates[int(self.dates.searchsorted(day, side="right")) - 1]
        shapes = unproject(np.array([state[holder] for holder in order], dtype=object), self.crs)
        columns = {
            "actor_id": pd.array(order, dtype="str"),
            "area_km2": [state[holder].area / M2_PER_KM2 for holder in order],
            "drawn": drawn,
        }
        return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=WGS84)

    def area(self, dates: DatesLike | None = None) -> pd.DataFrame:
        """Return how much land each holder has, by date.

        Parameters
        ----------
        dates
            One date or several; None for the day of every drawing.

        Returns
        -------
        pandas.DataFrame
            One row per date and holder: ``date``, ``scope`` (all), ``actor_id``, ``level`` (claimed), ``area_km2``,
            ``share`` (of all land drawn on that day). Every holder of any day has a row at each date.

        Raises
        ------
        DateError
            If a date cannot be read.
        TerritoryError
            If one is before the first drawing.
        """
        days = self.dates if dates is None else to_days(dates)
        holders = sorted({holder for state in self.states for holder in state})
        sizes = np.array([[s[h].area / M2_PER_KM2 if h in s else 0.0 for h in holders] for s in self.states])
        km2 = sizes[[self.number_at(day) for day in days]]
        return pd.DataFrame(
            {
                "date": days.repeat(len(holders)),
                "scope": pd.array([ALL], dtype="str").take(np.zeros(km2.size, dtype=int)),
                "actor_id": pd.array(holders * len(days), dtype="str"),
                "level": pd.array(["claimed"], dtype="str").take(np.zeros(km2.size, dtype=int)),
                "area_km2": km2.ravel(),
                "share": (km2 / km2.sum(axis=1, keepdims=True)).ravel(),
            }
        )

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
        self.number_at(first)
        days = self.dates[(self.dates > first) & (self.dates <= last)]
        steps = [(day, before, after) for before, (day, after) in _steps(self, first, days) if before != after]
        found = [moved(self.states[before], self.states[after]).assign(valid_from=day) for day, before, after in steps]
        columns = ["valid_from", "from_actor", "to_actor", "claimed_km2"]
        if not found:
            types = dict(zip(columns, ("datetime64[us]", "str", "str", "float64"), strict=True))
            return pd.DataFrame([], columns=columns).astype(types)
        steps_moved = pd.concat(found, ignore_index=True)
        real = (steps_moved["from_actor"] != steps_moved["to_actor"]) & (steps_moved["claimed_km2"] >= SLIVER_KM2)
        return steps_moved.loc[real, columns].reset_index(drop=True)

    def loss_since(self, baseline: DateLike, dates: DatesLike | None = None) -> pd.DataFrame:
        """Return how much of the land that each holder had on one date it no longer has; later gains are ignored.

        Parameters
        ----------
        baseline
            The date of the footprint.
        dates
            One date or several, from the baseline on; None for every later drawing.

        Returns
        -------
        pandas.DataFrame
            One row per date and holder at the baseline: ``date``, ``scope``, ``actor_id``, ``level``,
            ``baseline_km2``, ``lost_km2``, ``lost_share``.

        Raises
        ------
        DateError
            If a date cannot be read.
        TerritoryError
            If one is before the baseline or the first drawing.
        """
        start = to_day(baseline)
        before = self._state(start)
        days = self.dates[self.dates >= start] if dates is None else to_days(dates)
        if len(days) and days[0] < start:
            msg = f"{days[0]:%Y-%m-%d} is before the baseline {start:%Y-%m-%d}. Ask for dates from the baseline on."
            raise TerritoryError(msg)
        lost: dict[tuple[int, str], float] = {}
        rows = []
        for day in days:
            number = self.number_at(day)
            for holder in sorted(set(before) - {CONTESTED, UNKNOWN}):
                if (number, holder) not in lost:
                    now = self.states[number].get(holder, shapely.Polygon())
                    lost[number, holder] = shapely.difference(before[holder], now).area / M2_PER_KM2
                base = before[holder].area / M2_PER_KM2
                gone = lost[number, holder]
                rows.append((day, ALL, holder, "claimed", base, gone, gone / base))
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
        frame = self.area(days)[["date", "scope", "actor_id"]]
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


def _steps(
    land: DatedPolygons, first: pd.Timestamp, days: pd.DatetimeIndex
) -> list[tuple[int, tuple[pd.Timestamp, int]]]:
    """Return for each day the drawing before it, and the day with its own drawing."""
    numbers = [land.number_at(first), *(land.number_at(day) for day in days)]
    return [(before, (day, after)) for day, (before, after) in zip(days, pairwise(numbers), strict=True)]

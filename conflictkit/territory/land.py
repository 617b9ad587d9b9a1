"""The land of a partition by holder: polygons, areas, changes and losses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import geopandas as gpd
import numpy as np
import pandas as pd

from conflictkit.actors import CONTESTED, UNKNOWN
from conflictkit.dates import to_day, to_days
from conflictkit.errors import TerritoryError, known
from conflictkit.geometry import WGS84, Tessellation, dissolve, unproject
from conflictkit.territory import areas
from conflictkit.territory.areas import ALL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from conflictkit.dates import DateLike, DatesLike
    from conflictkit.territory.history import History

Level = Literal["claimed", "core"]

# Calibrated on six totals that IHS Markit published for 2015-2017; 26 to 32 fit about as well (docs/figures.md).
CORE_RADIUS_KM = 29.0

WAIT_S = 2.0  # a progress bar is shown for runs that last longer
NONE = "none"  # holder, at level core, of the land farther than the core radius from every settlement


@dataclass(frozen=True, eq=False, repr=False)
class HeldLand:
    """A partition of land and the history of its holders; the base of ``Territory``.

    Attributes
    ----------
    scope
        Codes of the countries whose land is counted.
    places
        The places that have a cell, as in the table of places.
    history, tessellation
        The two halves of the model: who held which place when, and which land belongs to which place.
    """

    scope: tuple[str, ...]
    places: pd.DataFrame
    history: History
    tessellation: Tessellation

    def at(self, date: DateLike, *, level: Level = "claimed") -> gpd.GeoDataFrame:
        """Return the land of each holder at the end of a day, as polygons.

        Parameters
        ----------
        date
            Anything that ``pandas.to_datetime`` reads.
        level
            ``claimed`` or ``core``.

        Returns
        -------
        geopandas.GeoDataFrame
            One row per holder with land in the scope, the largest first: ``actor_id``, ``area_km2`` (on the ellipsoid),
            ``places_held`` (places of the scope), ``geometry`` (valid polygons that do not overlap, EPSG:4326). At
            level ``core`` the holder of the rest of the land is ``none``.

        Raises
        ------
        DateError, UnknownNameError
            If the date cannot be read or the level is unknown.

        Examples
        --------
        >>> import conflictkit as ck
        >>> held = ck.Territory.from_places().at("2014-09-01")
        >>> held[["actor_id", "places_held"]].head(2)
           actor_id  places_held
        0  iraq_gov           61
        1      isis          260
        """
        known("level", level, get_args(Level))
        holders = self._holders_on(date)
        km2, actors = self._areas(holders[np.newaxis], level)
        total = km2[0, -1]
        largest = np.argsort(-total, kind="stable")
        shown = largest[total[largest] > 0]
        parts = self.tessellation
        mask = parts.land if level == "claimed" else parts.core
        drawn = [
            parts.outside if actors[number] == NONE else dissolve(parts.cells[holders == number], mask)
            for number in shown
        ]
        return gpd.GeoDataFrame(
            {
                "actor_id": pd.array(actors, dtype="str").take(shown),
                "area_km2": total[shown],
                "places_held": np.bincount(holders[self._in_scope], minlength=len(actors))[shown],
            },
            geometry=list(unproject(np.array(drawn), parts.crs)),
            crs=WGS84,
        )

    def _area(self, dates: DatesLike | None, level: Level) -> pd.DataFrame:
        """Return the columns of ``area`` without the bands: sums of cell areas, no geometry is touched."""
        known("level", level, get_args(Level))
        days = pd.DatetimeIndex(self.history.dates) if dates is None else to_days(dates)
        km2, actors = self._areas(self.history.holders, level)
        states = self.history.state(days)
        listed = km2[np.union1d(states, np.arange(1, len(km2)))].any(axis=(0, 1))
        whole = km2[0].sum(axis=-1)[:, np.newaxis]
        shown = km2[states][..., listed]
        return areas.long_frame(
            days, (*self.scope, ALL), list(np.array(actors)[listed]), level=level, area_km2=shown, share=shown / whole
        )

    def _changes(self, start: DateLike, end: DateLike) -> pd.DataFrame:
        """Return the columns of ``changes`` without the people."""
        first, last = to_day(start), to_day(end)
        if first > last:
            msg = f"start ({first:%Y-%m-%d}) is after end ({last:%Y-%m-%d}). Swap them."
            raise TerritoryError(msg)
        table = self.history.table
        inside = table["place_id"].isin(self.places.loc[self._in_scope, "place_id"])
        within = (table["valid_from"] > first) & (table["valid_from"] <= last)
        moved = (table["event"] != "initial") & (table["from_actor"] != table["to_actor"])
        found = table.loc[inside & within & moved, ["valid_from", "place_id", "from_actor", "to_actor"]]
        cell = pd.Index(self.history.place_ids).get_indexer(pd.Index(found["place_id"]))
        return found.assign(
            claimed_km2=self.tessellation.claimed_km2.sum(axis=1)[cell],
            core_km2=self.tessellation.core_km2.sum(axis=1)[cell],
        ).reset_index(drop=True)

    def loss_since(self, baseline: DateLike, dates: DatesLike | None = None, *, level: Level = "core") -> pd.DataFrame:
        """Return how much of the land that each actor held on one date it no longer holds.

        Parameters
        ----------
        baseline
            The date of the footprint: anything that ``pandas.to_datetime`` reads.
        dates
            One date or several, from the baseline on. None for the baseline and every later date of a change.
        level
            ``claimed`` or ``core``.

        Returns
        -------
        pandas.DataFrame
            One row per date, scope and actor with land there at the baseline: ``date``, ``scope``, ``actor_id``,
            ``level``, ``baseline_km2``, ``lost_km2``, ``lost_share`` (0 to 1). Land that is contested now counts as
            lost; land contested or unknown at the baseline was nobody's.

        Raises
        ------
        DateError, UnknownNameError
            If a date cannot be read or the level is unknown.
        TerritoryError
            If a date is before the baseline.

        Notes
        -----
        The sense of the Coalition's percentages: later gains elsewhere count as neither, so this is not the difference
        of two areas. Land lost and taken back is not lost.

        Examples
        --------
        >>> import conflictkit as ck
        >>> loss = ck.Territory.from_places().loss_since("2014-08-01", "2017-01-01")
        >>> loss.loc[loss.actor_id == "isis", ["scope", "lost_share"]].round(2)
           scope  lost_share
        1     IQ        0.52
        5     SY        0.35
        11   all        0.43
        """
        known("level", level, get_args(Level))
        start = to_day(baseline)
        days = to_days([start, *self.history.dates[self.history.dates > start]] if dates is None else dates)
        if len(days) and days[0] < start:
            msg = f"{days[0]:%Y-%m-%d} is before the baseline {start:%Y-%m-%d}. Ask for dates from the baseline on."
            raise TerritoryError(msg)
        before = self._holders_on(start)
        actors = self.history.actor_ids
        km2 = self._km2(level)
        base = areas.with_total(areas.area_by_holder(before[np.newaxis], km2, len(actors)))
        lost = areas.lost_by_holder(before, self.history.holders[self.history.state(days)], km2, len(actors))
        frame = areas.long_frame(
            days, (*self.scope, ALL), actors, level=level, baseline_km2=base, lost_km2=areas.with_total(lost)
        )
        held = (frame["baseline_km2"] > 0) & ~frame["actor_id"].isin([CONTESTED, UNKNOWN])
        found = frame[held].reset_index(drop=True)
        return found.assign(lost_share=found["lost_km2"] / found["baseline_km2"])

    @property
    def cells(self) -> gpd.GeoDataFrame:
        """The cell of each place in each country of the scope.

        One row per place and country, in alphabetical order: ``place_id``, ``country``, ``claimed_km2``, ``core_km2``,
        ``geometry`` (EPSG:4326).
        """
        parts = self.tessellation
        place, country = np.nonzero(parts.claimed_km2 > 0)
        return gpd.GeoDataFrame(
            {
                "place_id": self.places["place_id"].take(place).array,
                "country": pd.array(self.scope, dtype="str").take(country),
                "claimed_km2": parts.claimed_km2[place, country],
                "core_km2": parts.core_km2[place, country],
            },
            geometry=list(unproject(parts.pieces[place, country], parts.crs)),
            crs=WGS84,
        )

    @property
    def _in_scope(self) -> NDArray[np.bool_]:
        """Places of a country of the scope, or with land in it."""
        has_land = self.tessellation.claimed_km2.sum(axis=1) > 0
        at_home: NDArray[np.bool_] = self.places["country"].isin(self.scope).to_numpy()
        inside: NDArray[np.bool_] = has_land | at_home
        return inside

    def _holders_on(self, date: DateLike) -> NDArray[np.int16]:
        held: NDArray[np.int16] = self.history.holders[self.history.state(to_day(date))]
        return held

    def _km2(self, level: Level) -> NDArray[np.float64]:
        return self.tessellation.claimed_km2 if level == "claimed" else self.tessellation.core_km2

    def _areas(self, holders: NDArray[np.int16], level: Level) -> tuple[NDArray[np.float64], tuple[str, ...]]:
        """Area by state, scope (the last one all) and actor; at level core the last actor is none."""
        actors = self.history.actor_ids
        km2 = areas.with_total(areas.area_by_holder(holders, self._km2(level), len(actors)))
        if level == "claimed":
            return km2, actors
        claimed = areas.with_total(areas.area_by_holder(holders, self._km2("claimed"), len(actors)))
        rest = (claimed - km2).sum(axis=-1, keepdims=True)
        return np.concatenate([km2, rest], axis=-1), (*actors, NONE)

"""How far the areas of a territory can be trusted: probabilities, bands, and what each cause contributes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, get_args

import numpy as np
import pandas as pd

from conflictkit.actors import NONE, UNKNOWN
from conflictkit.dates import to_day, to_days
from conflictkit.errors import TerritoryError
from conflictkit.errors import known as known_or_raise
from conflictkit.geometry import project_points
from conflictkit.grid import as_image, nearest_site
from conflictkit.positions import POSITION_KM
from conflictkit.territory import areas, chances, draws
from conflictkit.territory.land import WAIT_S, HeldLand, Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    from numpy.typing import NDArray

    from conflictkit.dates import DateLike, DatesLike

    Floats = NDArray[np.float64]

DRAWS = 200
BANDS = ("area_lo_km2", "area_hi_km2", "area_certain_km2", "area_possible_km2")


@dataclass(frozen=True, eq=False, repr=False)
class UncertainLand(HeldLand):
    """Land held, with the uncertainty of its holders; the part of ``Territory`` that needs places and a gazetteer.

    Attributes
    ----------
    core_radius_km
        Distance from a settlement within which land is core.
    settlements
        The settlements that the core is measured from.
    """

    core_radius_km: float
    settlements: pd.DataFrame

    def probability(self, date: DateLike, *, grid_km: float = chances.GRID_KM) -> gpd.GeoDataFrame:
        """Return how likely each holder is, square by square.

        Parameters
        ----------
        date
            Anything that ``pandas.to_datetime`` reads.
        grid_km
            Side of a square.

        Returns
        -------
        geopandas.GeoDataFrame
            One row per square of land: ``row``, ``column`` (position in the raster, row 0 in the north), ``country``,
            ``actor_id`` (the likeliest holder), ``p_holder`` (its probability), ``p_<actor>`` for each holder of that
            day, ``entropy_bits`` (0 is certain), ``core``, ``evidence_place`` and ``evidence_km`` (the nearest place
            and its distance), ``area_km2``, ``geometry`` (EPSG:4326). ``raster`` turns a column into an array.

        Raises
        ------
        DateError
            If the date cannot be read.
        TerritoryError
            If `grid_km` leaves no square or too many.

        Notes
        -----
        Discrete natural neighbour (Sibson 1981; Park et al. 2006, doi 10.1109/TVCG.2006.27): the share of the area
        that a place at the centre would take from the cells of each holder. It knows how places lie, not how good
        their rows are.

        Examples
        --------
        >>> from conflictkit import Territory
        >>> squares = Territory.from_places().probability("2017-11-03", grid_km=10)
        >>> bool(squares.p_holder.between(0, 1).all()), squares.crs.to_epsg()
        (True, 4326)
        """
        squares = chances.squares_of(self.tessellation, grid_km)
        holders = self.history.holders[self.history.state(to_day(date))]
        p = squares.probabilities(holders, len(self.history.actor_ids))
        return chances.probability_frame(
            squares,
            p,
            actors=self.history.actor_ids,
            places=self.places["place_id"],
            scope=self.scope,
            tessellation=self.tessellation,
        )

    def raster(self, squares: gpd.GeoDataFrame, column: str) -> Floats:
        """Return a column of ``probability`` as an image, north up, missing outside the land.

        Parameters
        ----------
        squares
            What ``probability`` returned.
        column
            Name of a numeric column.

        Returns
        -------
        numpy.ndarray
            (rows, columns) in the local equal-area projection.
        """
        return as_image(*(squares[name].to_numpy() for name in ("row", "column", column)))

    def area(
        self,
        dates: DatesLike | None = None,
        *,
        level: Level = "claimed",
        bands: bool = False,
        draws: int = DRAWS,
        seed: int = 0,
    ) -> pd.DataFrame:
        """Return how much land each actor held, by date and country, with bands if asked.

        Parameters
        ----------
        dates
            One date or several: anything that ``pandas.to_datetime`` reads. None for every date on which something
            changes.
        level
            ``claimed`` or ``core``.
        bands
            Whether to add the uncertainty.
        draws, seed
            Number and seed of the draws behind the bands.

        Returns
        -------
        pandas.DataFrame
            One row per date, scope and actor, in ascending dates without repeats: ``date``, ``scope`` (each country's
            code, and ``all``), ``actor_id``, ``level``, ``area_km2``, ``share`` (of the scope's whole area). Every
            actor that ever holds land of the scope has a row at each date, with 0 where it holds none. At level
            ``core`` the rest of the land is the actor ``none``, so that both levels sum to the scope. With `bands`:
            ``area_lo_km2`` and ``area_hi_km2`` (5th and 95th percentile of the draws), ``area_certain_km2`` (where
            the actor's probability is at least 0.9) and ``area_possible_km2`` (more than 0.1); certain and possible
            are missing for ``none``.

        Raises
        ------
        DateError, UnknownNameError
            If a date cannot be read or the level is unknown.
        TerritoryError
            If there is to be no draw.

        Notes
        -----
        Areas are sums of exact cell areas: without bands no geometry is touched, and a daily series of six years takes
        milliseconds. The draws move dates within their precision, points within theirs, leave a
        fifth of the places out and take a core radius of 26 to 32 km; the figure itself can fall outside its band.
        The definition, core or claimed, matters more than all of them together: see ``causes``.

        Examples
        --------
        >>> from conflictkit import Territory
        >>> area = Territory.from_places().area("2015-01-05", level="core", bands=True, draws=20)
        >>> isis = area[(area.actor_id == "isis") & (area.scope == "all")].iloc[0]
        >>> bool(isis.area_certain_km2 < isis.area_km2 < isis.area_possible_km2)
        True
        """
        frame = self._area(dates, level)
        if not bands or frame.empty:
            return frame.assign(**dict.fromkeys(BANDS, 0.0)) if bands else frame
        days = pd.DatetimeIndex(frame["date"].unique())
        actors = [*self.history.actor_ids, *([NONE] if level == "core" else [])]
        columns = dict(zip(BANDS, self._bands(days, level, draws, seed), strict=True))
        found = areas.long_frame(days, [*self.scope, areas.ALL], actors, level=level, **columns)
        return frame.merge(found, on=["date", "scope", "actor_id", "level"], how="left", validate="one_to_one")

    def causes(
        self,
        dates: DatesLike,
        *,
        actor_id: str = "isis",
        level: Level = "core",
        draws: int = DRAWS,
        seed: int = 0,
    ) -> pd.DataFrame:
        """Return how much each cause of uncertainty moves one actor's area.

        Parameters
        ----------
        dates
            One date or several.
        actor_id
            Whose area.
        level
            ``claimed`` or ``core``.
        draws, seed
            Number and seed of the draws.

        Returns
        -------
        pandas.DataFrame
            One row per cause: ``cause``, ``low_percent``, ``high_percent`` (of the area in all of the scope, mean
            over the dates), ``meaning``. Drawn causes: dates, positions, places, radius, and all four; then what
            another choice gives: the method and the definition.

        Raises
        ------
        DateError, UnknownNameError
            If a date, the actor or the level is unknown, or the actor holds nothing on one of the dates.
        TerritoryError
            If there is to be no draw.

        Examples
        --------
        >>> from conflictkit import Territory
        >>> Territory.from_places().causes("2015-12-14", draws=10).cause.tolist()
        ['dates', 'positions', 'places', 'radius', 'all four', 'method', 'definition']
        """
        known_or_raise("level", level, get_args(Level))
        known_or_raise("actor_id", actor_id, self.history.actor_ids)
        days = to_days(dates)
        number = self.history.actor_ids.index(actor_id)
        rows = []
        for name, vary in [*((cause, (cause,)) for cause in _CAUSES), ("all four", _CAUSES)]:
            drawn = self._draws(days, level, draws, seed, vary)[:, :, -1, number]
            exact = self._exact(days, level, number)
            low, high = np.percentile(drawn / exact - 1, _PERCENTILES, axis=0).mean(axis=1) * 100
            rows.append((name, low, high, _MEANING[name]))
        rows += [self._method(days, level, number), self._definition(days, level, number)]
        return pd.DataFrame(rows, columns=["cause", "low_percent", "high_percent", "meaning"])

    @cached_property
    def _simulation(self) -> draws.Simulation:
        """What the draws of this territory share; the grid is that of the probabilities."""
        squares = chances.squares_of(self.tessellation, chances.GRID_KM)
        towns = project_points(self.settlements[["longitude", "latitude"]].to_numpy(dtype=float), self.tessellation.crs)
        settlement_km = nearest_site(towns, squares.grid.points)[1] / 1000
        km2 = np.zeros(len(squares.country))
        for number, exact in enumerate(self.tessellation.claimed_km2.sum(axis=0)):
            inside = squares.country == number
            km2[inside] = exact / max(inside.sum(), 1)
        spans = draws.windows(self.history)
        return draws.Simulation(
            ground=draws.Ground(squares.grid.points, squares.country, settlement_km, km2),
            spans=spans,
            sites=self.tessellation.sites,
            position_km=np.array([POSITION_KM.get(known, 0.0) for known in self.places["where_prec"]]),
            n_countries=len(self.scope),
            n_actors=len(self.history.actor_ids),
            unknown=self.history.actor_ids.index(UNKNOWN),
            radius_km=self.core_radius_km,
        )

    def _worlds(
        self, level: Level, count: int, seed: int, vary: tuple[str, ...]
    ) -> Iterator[tuple[NDArray[np.int64], Floats]]:
        """Yield the days of the changes and the cells of each draw, behind a bar if it takes long."""
        from tqdm.auto import tqdm

        if count < 1:
            msg = f"draws={count!r}: a band needs at least one draw. The default is {DRAWS}."
            raise TerritoryError(msg)
        found = self._simulation.worlds(draws=count, seed=seed, causes=vary, level=level)
        yield from tqdm(found, total=count, desc="draws", delay=WAIT_S, leave=False)

    def _draws(self, days: pd.DatetimeIndex, level: Level, count: int, seed: int, vary: tuple[str, ...]) -> Floats:
        """Return the areas of each draw, (D, T, C + 1, A)."""
        when = draws.epoch(days)
        return np.stack([self._simulation.areas(*world, when) for world in self._worlds(level, count, seed, vary)])

    def _bands(self, days: pd.DatetimeIndex, level: Level, count: int, seed: int) -> tuple[Floats, ...]:
        """Return the four band columns as (T, C + 1, A) arrays; A has ``none`` at the end at level core."""
        drawn = self._draws(days, level, count, seed, _CAUSES)
        certain, possible = self._sure(days, level)
        if level == "core":
            whole = areas.with_total(self.tessellation.claimed_km2.sum(axis=0)[np.newaxis, :, np.newaxis])
            rest = whole - drawn.sum(axis=-1, keepdims=True)
            drawn = np.concatenate([drawn, rest], axis=-1)
            blank = np.full((*certain.shape[:-1], 1), np.nan)
            certain, possible = np.append(certain, blank, axis=-1), np.append(possible, blank, axis=-1)
        low, high = np.percentile(drawn, _PERCENTILES, axis=0)
        return low, high, certain, possible

    def _sure(self, days: pd.DatetimeIndex, level: Level) -> tuple[Floats, Floats]:
        """Return the certain and the possible area of each holder on each day, (T, C + 1, A)."""
        squares = chances.squares_of(self.tessellation, chances.GRID_KM)
        states, back = np.unique(self.history.state(days), return_inverse=True)
        found = [
            chances.sure_areas(
                squares,
                squares.probabilities(self.history.holders[state], len(self.history.actor_ids)),
                len(self.scope),
                core=level == "core",
            )
            for state in states
        ]
        certain, possible = (np.stack(kind)[np.ravel(back)] for kind in zip(*found, strict=True))
        return certain, possible

    def _exact(self, days: pd.DatetimeIndex, level: Level, number: int) -> Floats:
        """Return one actor's exact area of the whole scope, by day."""
        holders = self.history.holders[self.history.state(days)]
        exact = (holders == number) @ self._km2(level).sum(axis=1)
        if not (exact > 0).all():
            day = days[int(np.argmin(exact))]
            known_or_raise(f"holder on {day:%Y-%m-%d}", self.history.actor_ids[number], self._present(day))
        return np.asarray(exact, dtype=float)

    def _present(self, day: pd.Timestamp) -> list[str]:
        """Return the holders of a day."""
        return sorted({self.history.actor_ids[n] for n in self.history.holders[self.history.state(day)]})

    def _method(self, days: pd.DatetimeIndex, level: Level, number: int) -> tuple[str, float, float, str]:
        """Return the area expected from the probabilities, against the area of the nearest places."""
        squares = chances.squares_of(self.tessellation, chances.GRID_KM)
        inside = squares.core if level == "core" else np.ones(len(squares.core), dtype=bool)
        holders = self.history.holders[self.history.state(days)]
        expected = np.asarray(squares.weights @ (holders == number).T.astype(float))[inside]
        change = (squares.km2[inside] @ expected) / self._exact(days, level, number) - 1
        return "method", float(change.min() * 100), float(change.max() * 100), _MEANING["method"]

    def _definition(self, days: pd.DatetimeIndex, level: Level, number: int) -> tuple[str, float, float, str]:
        """Return what the other definition of control would give."""
        other: Level = "claimed" if level == "core" else "core"
        change = self._exact(days, other, number) / self._exact(days, level, number) - 1
        return "definition", float(change.min() * 100), float(change.max() * 100), f"{other} instead of {level}"


_CAUSES, _PERCENTILES = draws.CAUSES, draws.PERCENTILES  # the methods above have an argument called draws
_MEANING = {
    "dates": "each date anywhere in its day, month or year",
    "positions": "each point moved by the precision of its position",
    "places": "a fifth of the places left out",
    "radius": "a core radius of 26 to 32 km",
    "all four": "all of the above at once: the band of the charts",
    "method": "the area expected from natural-neighbour probabilities, lowest and highest of the dates",
}

"""How far the areas of places can be trusted: probabilities, bands, and what each cause contributes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conflictkit.actors import UNKNOWN
from conflictkit.dates import iso
from conflictkit.errors import TerritoryError, known, shown
from conflictkit.geometry import project_points
from conflictkit.grid import nearest_site
from conflictkit.positions import POSITION_KM
from conflictkit.territory import _areas, _chances, _comparison, _draws
from conflictkit.territory._land import BANDS, DRAWS, WAIT_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from conflictkit.geometry import Tessellation
    from conflictkit.territory._history import History
    from conflictkit.territory._land import Floats, Level

MEANING = {
    "dates": "each date anywhere in its day, month or year",
    "positions": "each point moved by the precision of its position",
    "places": "a fifth of the places left out",
    "radius": "a core radius of 26 to 32 km",
    "all four": "all of the above at once: the band of the charts",
    "method": "the area expected from natural-neighbour probabilities, lowest and highest of the dates",
}


@dataclass(frozen=True, eq=False)
class Doubt:
    """What is asked about the doubt of some places: their history and cells, and the gazetteer of the core."""

    scope: tuple[str, ...]
    places: pd.DataFrame
    settlements: pd.DataFrame
    history: History
    tessellation: Tessellation
    core_radius_km: float

    @cached_property
    def simulation(self) -> _draws.Simulation:
        """What the draws share; the grid is that of the probabilities."""
        squares = self.squares()
        towns = project_points(self.settlements[["longitude", "latitude"]].to_numpy(dtype=float), self.tessellation.crs)
        points = squares.grid.points
        settlement_km = nearest_site(towns, points)[1] / 1000 if len(towns) else np.full(len(points), np.inf)
        km2 = np.zeros(len(squares.country))
        for number, exact in enumerate(self.tessellation.claimed_km2.sum(axis=0)):
            inside = squares.country == number
            km2[inside] = exact / max(inside.sum(), 1)
        return _draws.Simulation(
            ground=_draws.Ground(squares.grid.points, squares.country, settlement_km, km2),
            spans=_draws.windows(self.history),
            sites=self.tessellation.sites,
            position_km=np.array([POSITION_KM.get(prec, 0.0) for prec in self.places["where_prec"]]),
            n_countries=len(self.scope),
            n_actors=len(self.history.actor_ids),
            unknown=self.history.actor_ids.index(UNKNOWN),
            radius_km=self.core_radius_km,
        )

    def squares(self, grid_km: float = _chances.GRID_KM) -> _chances.Squares:
        """Return the land as squares, with the weight of each place at each; kept."""
        return _chances.squares_of(self.tessellation, grid_km)

    def probabilities(self, state: int, grid_km: float = _chances.GRID_KM) -> Floats:
        """Return (N, A) the probability that each holder has each square in a state."""
        return self.squares(grid_km).probabilities(self.history.holders[state], len(self.history.actor_ids))

    def probability(self, state: int, grid_km: float) -> gpd.GeoDataFrame:
        """Return the frame of ``Territory.probability``."""
        return _chances.probability_frame(
            self.squares(grid_km),
            self.probabilities(state, grid_km),
            actors=self.history.actor_ids,
            places=self.places["place_id"],
            scope=self.scope,
            tessellation=self.tessellation,
        )

    def bands(self, days: pd.DatetimeIndex, level: Level, draws: int, seed: int) -> dict[str, Floats]:
        """Return the four band columns as (T, C + 1, A) arrays; A has ``none`` at the end at level core."""
        drawn = self._drawn(days, level, draws, seed, _draws.CAUSES)
        certain, possible = self._sure(days, level)
        if level == "core":
            whole = _areas.with_total(self.tessellation.claimed_km2.sum(axis=0)[np.newaxis, :, np.newaxis])
            drawn = np.concatenate([drawn, whole - drawn.sum(axis=-1, keepdims=True)], axis=-1)
            blank = np.full((*certain.shape[:-1], 1), np.nan)
            certain, possible = np.append(certain, blank, axis=-1), np.append(possible, blank, axis=-1)
        low, high = np.percentile(drawn, _draws.PERCENTILES, axis=0)
        return dict(zip(BANDS, (low, high, certain, possible), strict=True))

    def causes(self, days: pd.DatetimeIndex, actor_id: str, level: Level, draws: int, seed: int) -> pd.DataFrame:
        """Return how much each cause moves one actor's area."""
        number = self.history.actor_ids.index(actor_id)
        exact = self._exact(days, level, number)
        rows = []
        for name, vary in [*((cause, (cause,)) for cause in _draws.CAUSES), ("all four", _draws.CAUSES)]:
            drawn = self._drawn(days, level, draws, seed, vary)[:, :, -1, number]
            low, high = np.percentile(drawn / exact - 1, _draws.PERCENTILES, axis=0).mean(axis=1) * 100
            rows.append((name, low, high, MEANING[name]))
        other: Level = "claimed" if level == "core" else "core"
        for name, values, meaning in (
            ("method", self._expected(days, level, number), MEANING["method"]),
            ("definition", self._exact(days, other, number), f"{other} instead of {level}"),
        ):
            change = values / exact - 1
            rows.append((name, float(change.min() * 100), float(change.max() * 100), meaning))
        return pd.DataFrame(rows, columns=["cause", "low_percent", "high_percent", "meaning"])

    def figures(
        self,
        rows: pd.DataFrame,
        level: Level,
        parts: Callable[[str], Sequence[str]],
        countries_of: Callable[[str], frozenset[str]],
        *,
        draws: int,
        seed: int,
    ) -> tuple[Floats, Floats, Floats]:
        """Return the figure that each published row asks for, in its unit, with the band."""
        days = pd.DatetimeIndex(rows["as_of"]).union(pd.DatetimeIndex(rows["baseline_date"].dropna())).unique()
        numbers = {actor: number for number, actor in enumerate(self.history.actor_ids)}
        whole, ask = self.tessellation.claimed_km2.sum(axis=0), []
        for row in rows.itertuples():
            members = [numbers[part] for part in parts(str(row.actor_id)) if part in numbers]
            regions = [number for number, code in enumerate(self.scope) if code in countries_of(str(row.scope))]
            ask.append(_comparison.question(row, members, days=days, regions=regions, whole=whole[regions].sum()))

        def answers(holders: NDArray[np.int16], cells: Floats) -> list[float]:
            return [question(holders, cells) for question in ask]

        exact = answers(self.history.holders[self.history.state(days)], self.tessellation.km2(level))
        holders, when = self.simulation.holders, _draws.epoch(days)
        worlds = self.worlds(level, draws, seed, _draws.CAUSES)
        drawn = np.array([answers(holders(changed, when), cells) for changed, cells in worlds])
        low, high = np.percentile(drawn, _draws.PERCENTILES, axis=0)
        return np.array(exact), low, high

    def worlds(
        self, level: Level, draws: int, seed: int, vary: tuple[str, ...]
    ) -> Iterator[tuple[NDArray[np.int64], Floats]]:
        """Yield the days of the changes and the cells of each draw, behind a bar if it takes long."""
        from tqdm.auto import tqdm

        if draws < 1:
            msg = f"draws={shown(draws)}: a band needs at least one draw. The default is {DRAWS}."
            raise TerritoryError(msg)
        found = self.simulation.worlds(draws=draws, seed=seed, causes=vary, level=level)
        yield from tqdm(found, total=draws, desc="draws", delay=WAIT_S, leave=False)

    def _drawn(self, days: pd.DatetimeIndex, level: Level, draws: int, seed: int, vary: tuple[str, ...]) -> Floats:
        """Return the areas of each draw, (D, T, C + 1, A)."""
        when = _draws.epoch(days)
        return np.stack([self.simulation.areas(*world, when) for world in self.worlds(level, draws, seed, vary)])

    def _sure(self, days: pd.DatetimeIndex, level: Level) -> tuple[Floats, Floats]:
        """Return the certain and the possible area of each holder on each day, (T, C + 1, A)."""
        states, back = np.unique(self.history.state(days), return_inverse=True)
        found = [
            _chances.sure_areas(self.squares(), self.probabilities(state), len(self.scope), core=level == "core")
            for state in states
        ]
        certain, possible = (np.stack(kind)[np.ravel(back)] for kind in zip(*found, strict=True))
        return certain, possible

    def _exact(self, days: pd.DatetimeIndex, level: Level, number: int) -> Floats:
        """Return one actor's exact area of the whole scope, by day."""
        holders = self.history.holders[self.history.state(days)]
        exact = (holders == number) @ self.tessellation.km2(level).sum(axis=1)
        if not (exact > 0).all():
            day = days[int(np.argmin(exact))]
            present = sorted({self.history.actor_ids[n] for n in self.history.holders[self.history.state(day)]})
            known(f"holder on {iso(day)}", self.history.actor_ids[number], present)
            msg = f"{self.history.actor_ids[number]} has no {level} land on {iso(day)}: nothing can move it."
            raise TerritoryError(msg)
        return np.asarray(exact, dtype=float)

    def _expected(self, days: pd.DatetimeIndex, level: Level, number: int) -> Floats:
        """Return one actor's area as the probabilities have it."""
        squares = self.squares()
        inside = squares.core if level == "core" else np.ones(len(squares.core), dtype=bool)
        holders = self.history.holders[self.history.state(days)]
        expected = np.asarray(squares.weights @ (holders == number).T.astype(float))[inside]
        return np.asarray(squares.km2[inside] @ expected)

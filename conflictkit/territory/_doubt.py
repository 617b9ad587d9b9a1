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
from conflictkit.territory._inputs import whole_number
from conflictkit.territory._land import BANDS, DRAWS, WAIT_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from conflictkit.geometry import Tessellation
    from conflictkit.territory._history import History
    from conflictkit.territory._land import Floats, How, Level

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
        """What the draws share; the grid is that of the probabilities, without land that no place stands for."""
        squares = self.squares()
        points, country = squares.grid.points[~squares.blank], squares.country[~squares.blank]
        towns = project_points(self.settlements[["longitude", "latitude"]].to_numpy(dtype=float), self.tessellation.crs)
        settlement_km = nearest_site(towns, points)[1] / 1000 if len(towns) else np.full(len(points), np.inf)
        km2 = np.zeros(len(country))
        for number, exact in enumerate(self.tessellation.claimed_km2.sum(axis=0)):
            inside = country == number
            km2[inside] = exact / max(inside.sum(), 1)
        return _draws.Simulation(
            ground=_draws.Ground(points, country, settlement_km, km2),
            spans=_draws.windows(self.history),
            sites=self.tessellation.sites,
            position_km=np.array([POSITION_KM.get(prec, 0.0) for prec in self.places["where_prec"]]),
            n_countries=len(self.scope),
            n_actors=len(self.history.actor_ids),
            unknown=self._unknown,
            radius_km=self.core_radius_km,
        )

    def squares(self, grid_km: float = _chances.GRID_KM) -> _chances.Squares:
        """Return the land as squares, with the weight of each place at each; kept."""
        return _chances.squares_of(self.tessellation, grid_km)

    def probabilities(self, state: int, grid_km: float = _chances.GRID_KM) -> Floats:
        """Return (N, A) the probability that each holder has each square in a state."""
        holders, count = self.history.holders[state], len(self.history.actor_ids)
        return self.squares(grid_km).probabilities(holders, count, self._unknown)

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

    def bands(self, days: pd.DatetimeIndex, level: Level, figure: Floats, how: How) -> dict[str, Floats]:
        """Return the four band columns of some figures, (T, C + 1, A); A has ``none`` at the end at level core."""
        drawn = self._drawn(days, level, how, _draws.CAUSES)
        certain, possible = self._sure(days, level)
        whole = _areas.with_total(self.tessellation.whole_km2[np.newaxis, :, np.newaxis])
        if level == "core":
            drawn = np.concatenate([drawn, whole - drawn.sum(axis=-1, keepdims=True)], axis=-1)
            blank = np.full((*certain.shape[:-1], 1), np.nan)
            certain, possible = np.append(certain, blank, axis=-1), np.append(possible, blank, axis=-1)
        # squares are a rounding of the cells: what is certain is part of the figure, what is possible has it as a part
        sure = np.minimum(certain, figure), np.maximum(possible, figure)
        return dict(zip(BANDS, (*_draws.band(figure, drawn, whole), *sure), strict=True))

    def causes(self, days: pd.DatetimeIndex, actor_id: str, level: Level, how: How) -> pd.DataFrame:
        """Return how much each cause moves one actor's area."""
        number = self.history.actor_ids.index(actor_id)
        exact, whole = self._exact(days, level, number), float(self.tessellation.whole_km2.sum())
        rows = []
        for name, vary in [*((cause, (cause,)) for cause in _draws.CAUSES), ("all four", _draws.CAUSES)]:
            drawn = self._drawn(days, level, how, vary)[:, :, -1, number]
            low, high = ((end / exact - 1).mean() * 100 for end in _draws.band(exact, drawn, whole))
            rows.append((name, float(low), float(high), MEANING[name]))
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
        how: How,
    ) -> tuple[Floats, Floats, Floats]:
        """Return the figure that each published row asks for, in its unit, with the band."""
        days = pd.DatetimeIndex(rows["as_of"]).union(pd.DatetimeIndex(rows["baseline_date"].dropna())).unique()
        numbers = {actor: number for number, actor in enumerate(self.history.actor_ids)}
        ask, most = [], []
        for row in rows.itertuples():
            members = [numbers[part] for part in parts(str(row.actor_id)) if part in numbers]
            regions = [number for number, code in enumerate(self.scope) if code in countries_of(str(row.scope))]
            whole = float(self.tessellation.whole_km2[regions].sum())
            ask.append(_comparison.question(row, members, days=days, regions=regions, whole=whole))
            most.append(_comparison.PERCENT if row.metric in _comparison.SHARES else whole)

        def answers(holders: NDArray[np.int16], cells: Floats) -> list[float]:
            return [question(holders, cells) for question in ask]

        exact = np.array(answers(self.history.holders[self.history.state(days)], self.tessellation.km2(level)))
        holders, when = self.simulation.holders, _draws.epoch(days)
        worlds = self.worlds(level, how, _draws.CAUSES)
        drawn = np.array([answers(holders(changed, when), cells) for changed, cells in worlds])
        return exact, *_draws.band(exact, drawn, np.array(most))

    def worlds(self, level: Level, how: How, vary: tuple[str, ...]) -> Iterator[tuple[NDArray[np.int64], Floats]]:
        """Yield the days of the changes and the cells of each draw, behind a bar if it takes long."""
        from tqdm import tqdm  # plain: a widget would be gone when the notebook is opened again

        draws, seed = (whole_number(name, value) for name, value in (("draws", how.draws), ("seed", how.seed)))
        if draws < 1:
            msg = f"draws={shown(draws)}: a band needs at least one draw. The default is {DRAWS}."
            raise TerritoryError(msg)
        found = self.simulation.worlds(draws=draws, seed=seed, causes=vary, level=level)
        yield from tqdm(found, total=draws, desc="draws", delay=WAIT_S, leave=False)

    def _drawn(self, days: pd.DatetimeIndex, level: Level, how: How, vary: tuple[str, ...]) -> Floats:
        """Return the areas of each draw, (D, T, C + 1, A); what no place stands for is unknown in all of them."""
        when = _draws.epoch(days)
        drawn = np.stack([self.simulation.areas(*world, when) for world in self.worlds(level, how, vary)])
        blank = self.tessellation.blank_km2(level)
        drawn[..., self._unknown] += np.append(blank, blank.sum())
        return drawn

    @property
    def _unknown(self) -> int:
        """The number of the holder of what is not known."""
        return self.history.actor_ids.index(UNKNOWN)

    def _blank_km2(self, level: Level, number: int) -> float:
        """Return what of one actor's area no place stands for."""
        return float(self.tessellation.blank_km2(level).sum()) if number == self._unknown else 0.0

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
        exact = (holders == number) @ self.tessellation.km2(level).sum(axis=1) + self._blank_km2(level, number)
        if not (exact > 0).all():
            self._none_or_raise(days[int(np.argmin(exact))], level, number)
        return np.asarray(exact, dtype=float)

    def _none_or_raise(self, day: pd.Timestamp, level: Level, number: int) -> None:
        """Raise because an actor has no land on a day, with those who have."""
        held = np.bincount(
            self.history.holders[self.history.state(day)],
            self.tessellation.km2(level).sum(axis=1),
            len(self.history.actor_ids),
        )
        names = np.array(self.history.actor_ids)
        if held.any():
            known(f"holder on {iso(day)}", names[number].item(), names[held > 0].tolist())
        msg = f"{names[number]} has no {level} land on {iso(day)}: nothing can move it."
        raise TerritoryError(msg)

    def _expected(self, days: pd.DatetimeIndex, level: Level, number: int) -> Floats:
        """Return one actor's area as the probabilities have it."""
        squares = self.squares()
        inside = squares.core if level == "core" else np.ones(len(squares.core), dtype=bool)
        holders = self.history.holders[self.history.state(days)]
        expected = np.asarray(squares.weights @ (holders == number).T.astype(float))[inside]
        return np.asarray(squares.km2[inside] @ expected) + self._blank_km2(level, number)

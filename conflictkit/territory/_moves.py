"""What moved between two drawings: land, core land and people by holder before and after.

Holders of one drawing do not overlap, so what no pair of holders shares was nobody's before or is nobody's after: one
overlay of two drawings gives all pairs, ``none`` among them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from conflictkit.actors import NONE
from conflictkit.geometry import M2_PER_KM2, only_polygons
from conflictkit.outlines import SLIVER_KM2
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyproj
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from conflictkit.territory._land import Floats
    from conflictkit.territory._overlays import State

MEASURES = ("claimed_km2", "core_km2", "people_prewar")


@dataclass(frozen=True, eq=False)
class Moves:
    """What moved between drawings, each pair of them compared once.

    Attributes
    ----------
    drawn
        The land of each holder in each distinct drawing, in metres, without overlaps.
    zone
        Where land is core; None where that is not known.
    residents
        Points in metres and how many people each stands for; None where that is not known.
    """

    drawn: tuple[State, ...]
    zone: BaseGeometry | None
    residents: tuple[Floats, Floats] | None

    def between(self, before: int, after: int, *, kept: bool, measures: Sequence[str] = MEASURES) -> pd.DataFrame:
        """Return one row per pair of holders: ``from_actor``, ``to_actor`` and the measures, the largest first.

        With land that was kept or without; less than a sliver is no land.
        """
        measured = {name: self._measured(name, before, after) for name in measures}
        old, new = np.nonzero(measured["claimed_km2"] >= SLIVER_KM2)
        names = [np.array([*self.drawn[number], NONE], dtype=object) for number in (before, after)]
        pairs = {"from_actor": names[0][old], "to_actor": names[1][new]}
        shown = np.ones(len(old), dtype=bool) if kept else pairs["from_actor"] != pairs["to_actor"]
        order = np.lexsort((pairs["from_actor"][shown].astype(str), -measured["claimed_km2"][old, new][shown]))
        columns = {name: pd.array(values[shown][order], dtype=TEXT) for name, values in pairs.items()}
        return pd.DataFrame(columns | {name: km2[old, new][shown][order] for name, km2 in measured.items()})

    def shapes(self, before: int, after: int, crs: pyproj.CRS) -> gpd.GeoDataFrame:
        """Return one row per pair of holders with the land itself, kept land included."""
        one, other = self.drawn[before], self.drawn[after]
        left, right = (shapely.union_all(list(state.values())) for state in (one, other))
        rows = [
            *((old, new, shapely.intersection(one[old], other[new])) for old in one for new in other),
            *((old, NONE, shapely.difference(land, right)) for old, land in one.items()),
            *((NONE, new, shapely.difference(land, left)) for new, land in other.items()),
        ]
        shapes = np.array([only_polygons(shape) for _, _, shape in rows], dtype=object)
        frame = pd.DataFrame([row[:2] for row in rows], columns=["from_actor", "to_actor"], dtype=TEXT)
        frame["claimed_km2"] = shapely.area(shapes) / M2_PER_KM2
        found = gpd.GeoDataFrame(frame, geometry=list(shapes), crs=crs)
        return found[found["claimed_km2"] >= SLIVER_KM2]

    def km2(self, before: int, after: int) -> float:
        """Return how much land has another holder in a second drawing."""
        return float(self.between(before, after, kept=False, measures=MEASURES[:1])["claimed_km2"].sum())

    def _measured(self, name: str, before: int, after: int) -> Floats:
        """Return (H + 1, K + 1) a measure of the land of each pair of holders, nobody last; missing if not known."""
        key = name, before, after
        if key not in self._kept:
            self._kept[key] = {"claimed_km2": self._claimed, "core_km2": self._core, "people_prewar": self._people}[
                name
            ](before, after)
        return self._kept[key]

    @cached_property
    def _kept(self) -> dict[tuple[str, int, int], Floats]:
        """Measures of pairs of drawings, as far as they were asked for."""
        return {}

    def _claimed(self, before: int, after: int) -> Floats:
        return _shared_km2(*(np.array(list(self.drawn[number].values()), dtype=object) for number in (before, after)))

    def _core(self, before: int, after: int) -> Floats:
        if self.zone is None:
            return np.full((len(self.drawn[before]) + 1, len(self.drawn[after]) + 1), np.nan)
        return _shared_km2(self._core_of(before), self._core_of(after))

    def _people(self, before: int, after: int) -> Floats:
        if self.residents is None:
            return np.full((len(self.drawn[before]) + 1, len(self.drawn[after]) + 1), np.nan)
        left, right = (self._living_in(number) for number in (before, after))
        people = self.residents[1]
        both = np.array([[people[one & other].sum() for other in right] for one in left])
        return _with_nobody(both, *(np.array([people[home].sum() for home in homes]) for homes in (left, right)))

    def _core_of(self, number: int) -> NDArray[np.object_]:
        """Return (H,) the core land of each holder of a drawing."""
        if number not in self._cores:
            land = np.array(list(self.drawn[number].values()), dtype=object)
            self._cores[number] = np.asarray(shapely.intersection(land, self.zone), dtype=object)
        return self._cores[number]

    def _living_in(self, number: int) -> NDArray[np.bool_]:
        """Return (H, N) which of the residents live on the land of each holder of a drawing."""
        if number not in self._homes:
            land, points = list(self.drawn[number].values()), self.residents[0] if self.residents else np.zeros((0, 2))
            shapely.prepare(land)
            self._homes[number] = np.array([shapely.contains_xy(shape, points) for shape in land])
        return self._homes[number]

    @cached_property
    def _cores(self) -> dict[int, NDArray[np.object_]]:
        return {}

    @cached_property
    def _homes(self) -> dict[int, NDArray[np.bool_]]:
        return {}


def _shared_km2(left: NDArray[np.object_], right: NDArray[np.object_]) -> Floats:
    """Return (H + 1, K + 1) the area of the land of each pair of holders, nobody last."""
    shared = shapely.area(shapely.intersection(left[:, np.newaxis], right))
    return _with_nobody(shared, shapely.area(left), shapely.area(right)) / M2_PER_KM2


def _with_nobody(shared: Floats, left: Floats, right: Floats) -> Floats:
    """Return what pairs share, and what of each holder no other has: it was nobody's before, or is nobody's after."""
    lost, gained = left - shared.sum(axis=1), right - shared.sum(axis=0)
    return np.block([[shared, lost[:, np.newaxis]], [gained[np.newaxis], np.zeros((1, 1))]])

"""What any land must be able to answer, whether it is made of places or of drawings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, NoReturn, Protocol

from conflictkit.errors import TerritoryError
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import geopandas as gpd
    import numpy as np
    import pandas as pd
    import pyproj
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from conflictkit.tables import Tables

    Floats = NDArray[np.float64]
    Numbers = NDArray[np.intp]

Level = Literal["claimed", "core"]
Rule = Literal["towns_and_country", "towns"]  # of counting residents: see residents_of

# Calibrated on six totals that IHS Markit published for 2015-2017; 26 to 32 fit about as well (docs/figures.md).
CORE_RADIUS_KM = 29.0
DRAWS = 200
WAIT_S = 2.0  # a progress bar is shown for runs that last longer
BANDS = ("area_lo_km2", "area_hi_km2", "area_certain_km2", "area_possible_km2")
MOVED: dict[str, Any] = {
    "valid_from": "datetime64[us]",
    "place_id": TEXT,
    "from_actor": TEXT,
    "to_actor": TEXT,
    "claimed_km2": "float64",
    "core_km2": "float64",
    "people_prewar": "float64",
}


def refuse_drawings(what: str, instead: str = "Give one of Territory.from_places().") -> NoReturn:
    """Say that a question is one that only places answer."""
    msg = f"A drawing has no places, so it cannot answer {what}. {instead}"
    raise TerritoryError(msg)


class How(NamedTuple):
    """How uncertainty is found: seeded draws for places, the error of the line for drawings."""

    draws: int = DRAWS
    seed: int = 0
    edge_km: float | None = None


class Land(Protocol):
    """Land by holder over time, in metres of a local equal-area projection.

    T states, C regions of the scope, A holders. Where a question takes ``states``, they are the numbers that ``states``
    gives for days; equal numbers mean equal land. An array has the sum of all regions as its last one, C + 1.
    """

    @property
    def tables(self) -> Tables:
        """What it was built from."""

    @property
    def core_radius_km(self) -> float:
        """Distance from a settlement within which land is core."""

    @property
    def core(self) -> BaseGeometry:
        """All core land, whoever holds it."""

    @property
    def band(self) -> str:
        """What the band of a comparison is, for a caption; empty for seeded draws."""

    @property
    def crs(self) -> pyproj.CRS:
        """The projection."""

    @property
    def scope(self) -> tuple[str, ...]:
        """Names of the C regions that areas are counted in: codes of countries, or governorates."""

    @property
    def borders(self) -> NDArray[np.object_]:
        """(C,) their polygons, in degrees."""

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """West, south, east and north of all land, in degrees."""

    @property
    def dates(self) -> pd.DatetimeIndex:
        """The days on which land has another holder than before, or was drawn again."""

    @property
    def covers(self) -> tuple[pd.Timestamp, pd.Timestamp]:
        """The first and the last day that it answers for."""

    @property
    def last_known(self) -> pd.Timestamp | None:
        """The day after which nothing is known; None where the last state goes on."""

    @property
    def actor_ids(self) -> tuple[str, ...]:
        """All who ever hold land."""

    def answered(self, days: pd.DatetimeIndex) -> pd.DatetimeIndex:
        """Return days, or raise with those that it does not answer for."""

    def states(self, days: pd.DatetimeIndex) -> Numbers:
        """Return (T,) the number of the state of each day, or raise if nothing is known of one."""

    def held_km2(self, states: Numbers, level: Level) -> tuple[Floats, tuple[str, ...]]:
        """Return (T, C + 1, A) areas, and the holders: all who hold any land at a level in any state."""

    def whole_km2(self) -> Floats:
        """Return (C + 1,) of what a share is one: the regions, and all of them; missing where that is what is held."""

    def lost_km2(self, before: int, states: Numbers, level: Level) -> tuple[Floats, Floats]:
        """Return (1, C + 1, A) areas of all holders before, and (T, C + 1, A) what of these is no longer theirs."""

    def people(self, states: Numbers, rule: Rule) -> Floats:
        """Return (T, C + 1, A) pre-war residents of the land of all holders."""

    def shapes(self, state: int, level: Level) -> Mapping[str, BaseGeometry]:
        """Return the land of each holder, that of the rest as ``none``."""

    def places_held(self, state: int) -> Mapping[str, int] | None:
        """Return how many places of the scope each holder has; None where there are none."""

    def changes(self, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
        """Return what changed hands after a day and up to another, with the columns of ``MOVED``."""

    def transitions(self, before: int, after: int) -> pd.DataFrame:
        """Return claimed and core land, places and people by holder in two states."""

    def flows(self, before: int, after: int) -> gpd.GeoDataFrame:
        """Return the land by holder in two states, as polygons."""

    def bands(self, days: pd.DatetimeIndex, level: Level, how: How) -> tuple[tuple[str, ...], Mapping[str, Floats]]:
        """Return holders, and (T, C + 1, A) arrays named as in ``BANDS``."""

    def probability(self, day: pd.Timestamp, grid_km: float, how: How) -> gpd.GeoDataFrame:
        """Return how likely each holder is, square by square."""

    def published(
        self,
        rows: pd.DataFrame,
        level: Level,
        parts: Callable[[str], Sequence[str]],
        how: How,
    ) -> tuple[Floats, Floats, Floats]:
        """Return the figure that each published row asks for, in its unit, and its band."""

    def findings(self, day: pd.Timestamp, days: int | None, actors: pd.DataFrame) -> pd.DataFrame:
        """Return gaps and doubts in the evidence, up to a day."""

    def by_regions(self, names: Sequence[str], lands: NDArray[np.object_]) -> Land:
        """Return the same land, counted in governorates."""

    def definition(self, level: Level) -> str:
        """Say in a sentence what the land of a level is."""

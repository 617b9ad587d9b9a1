"""How sure the holder of each square is, by natural neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from conflictkit.errors import TerritoryError, shown
from conflictkit.geometry import WGS84, Tessellation, unproject
from conflictkit.grid import Grid, as_image, grid_on, nearest_site, sibson_weights
from conflictkit.territory._inputs import number
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array
    from shapely.geometry.base import BaseGeometry

    from conflictkit.territory._land import Floats

GRID_KM = 5.0
MAX_SQUARES = 2_000_000  # about what two gigabytes hold; the shipped land at 0.6 km
IN_BOX = 20  # times as many squares in the box around the land
CERTAIN, POSSIBLE = 0.9, 0.1  # p at least, p more than


@dataclass(frozen=True, eq=False)
class Squares:
    """The land of a tessellation as squares, with the weight of each place at each.

    Attributes
    ----------
    grid
        Centres of the squares.
    weights
        (N, P) natural-neighbour weights.
    place, distance_km
        (N,) the nearest place, and how far it is.
    country
        (N,) number of the country.
    core
        (N,) whether the centre is in the core zone.
    km2
        (N,) area, scaled so that the squares of each country's core, and of the rest, sum to the exact area.
    blank
        (N,) whether no place stands for the land: its weights are 0.
    """

    grid: Grid
    weights: csr_array
    place: NDArray[np.intp]
    distance_km: Floats
    country: NDArray[np.intp]
    core: NDArray[np.bool_]
    km2: Floats
    blank: NDArray[np.bool_]

    def probabilities(self, holders: NDArray[np.int16], n_actors: int, unknown: int) -> Floats:
        """Return (N, A) the probability that each holder has each square, given the (P,) holders of the places."""
        found: Floats = np.asarray(self.weights @ np.eye(n_actors)[holders])
        found[self.blank, unknown] = 1.0
        return found.clip(max=1)  # rows sum to 1 within rounding

    def by_country(self, n_countries: int, *, core: bool) -> csr_array:
        """Return (C, N) the land of each square in its country; at level core, of those in the core zone alone."""
        from scipy.sparse import csr_array

        km2 = np.where(self.core, self.km2, 0.0) if core else self.km2
        return csr_array((km2, (self.country, np.arange(len(km2)))), shape=(n_countries, len(km2)))


@lru_cache(maxsize=4)
def squares_of(tessellation: Tessellation, grid_km: float) -> Squares:
    """Return the squares of a tessellation; kept, because dates do not change them."""
    grid = grid_of(tessellation.land, grid_km)
    place, distance = nearest_site(tessellation.sites, grid.points)
    country = country_of(tessellation, grid.points)
    shapely.prepare([tessellation.core, tessellation.blank])
    core, blank = (shapely.contains_xy(land, grid.points) for land in (tessellation.core, tessellation.blank))
    km2 = np.zeros(len(country))
    near_towns = tessellation.core_km2.sum(axis=0) + tessellation.blank_core_km2
    exact = np.stack([tessellation.whole_km2 - near_towns, near_towns])
    for zone in (0, 1):
        for region in range(exact.shape[1]):
            inside = (country == region) & (core == bool(zone))
            km2[inside] = exact[zone, region] / max(inside.sum(), 1)
    weights = sibson_weights(tessellation.sites, grid)
    if blank.any():
        weights = weights.multiply(~blank[:, np.newaxis]).tocsr()
        weights.eliminate_zeros()
    return Squares(grid, weights, place, distance / 1000, country, core, km2, blank)


def grid_of(land: BaseGeometry, grid_km: float) -> Grid:
    """Return the grid on some land, or raise if its squares are too large or too small to be of use."""
    side = number("grid_km", grid_km) * 1000
    west, south, east, north = land.bounds
    # the box around the land is looked through, whatever little of it is land
    few = 0 < side < np.inf and land.area <= MAX_SQUARES * side**2
    few = few and (east - west) * (north - south) <= MAX_SQUARES * IN_BOX * side**2
    grid = grid_on(land, spacing=side) if few else None
    if grid is None or not len(grid.points):
        leaves = f"leaves no square, or over {MAX_SQUARES:,}, on this land"
        msg = f"grid_km={shown(grid_km)} {leaves}. The default is {GRID_KM:g}."
        raise TerritoryError(msg)
    return grid


def country_of(tessellation: Tessellation, points: Floats) -> NDArray[np.intp]:
    """Return the number of the country of each point on land: the one it lies in, or else next to."""
    lands = tessellation.grounds
    shapely.prepare(lands)
    inside = np.stack([shapely.contains_xy(land, points) for land in lands])
    found: NDArray[np.intp] = inside.argmax(axis=0)
    lost = np.flatnonzero(~inside.any(axis=0))
    if len(lost):
        found[lost] = shapely.distance(lands[:, np.newaxis], shapely.points(points[lost])).argmin(axis=0)
    return found


def entropy_bits(p: Floats) -> Floats:
    """Return the entropy of each row of probabilities: 0 for certainty, 1 for two equal chances."""
    safe = np.where(p > 0, p, 1)
    return np.asarray(np.maximum(-(safe * np.log2(safe)).sum(axis=1), 0))


def probability_frame(
    squares: Squares,
    p: Floats,
    *,
    actors: tuple[str, ...],
    places: pd.Series,
    scope: tuple[str, ...],
    tessellation: Tessellation,
) -> gpd.GeoDataFrame:
    """Return one row per square: who holds it with which probability, how unsure that is, and which place decides."""
    best = p.argmax(axis=1)
    half = squares.grid.spacing / 2
    x, y = squares.grid.points.T
    present = np.flatnonzero(p.any(axis=0))
    columns = {
        "row": squares.grid.row,
        "column": squares.grid.column,
        "country": pd.array(list(scope), dtype=TEXT).take(squares.country),
        "actor_id": pd.array(list(actors), dtype=TEXT).take(best),
        "p_holder": p[np.arange(len(p)), best],
        **{f"p_{actors[number]}": p[:, number] for number in present},
        "entropy_bits": entropy_bits(p),
        "core": squares.core,
        "evidence_place": places.take(squares.place).reset_index(drop=True).mask(squares.blank).array,
        "evidence_km": np.where(squares.blank, np.nan, squares.distance_km),
        "area_km2": squares.km2,
    }
    boxes = shapely.box(x - half, y - half, x + half, y + half)
    return gpd.GeoDataFrame(columns, geometry=list(unproject(boxes, tessellation.crs)), crs=WGS84)


def raster(squares: gpd.GeoDataFrame, column: str) -> Floats:
    """Return a numeric column of ``Territory.probability`` as an image, north up, missing outside the land.

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


def sure_areas(squares: Squares, p: Floats, n_countries: int, *, core: bool) -> tuple[Floats, Floats]:
    """Return the areas where each holder is certain (p >= 0.9) and possible (p > 0.1), by country and in all.

    Each is (C + 1, A) km2.
    """
    land = squares.by_country(n_countries, core=core)
    found = []
    for sure in (p >= CERTAIN - 1e-9, p > POSSIBLE):  # weights sum to 1 within rounding
        km2 = np.asarray(land @ sure.astype(float))
        found.append(np.vstack([km2, km2.sum(axis=0)]))
    return found[0], found[1]

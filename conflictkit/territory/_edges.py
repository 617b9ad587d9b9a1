"""How far a drawn line can be trusted, given a stated error of it: probabilities of squares, land shrunk and grown.

A drawing does not say how exact it is; whoever uses it can. The error of a line is taken as normal, with a standard
deviation in km that the caller states.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from conflictkit.actors import NONE
from conflictkit.errors import TerritoryError, shown
from conflictkit.geometry import M2_PER_KM2, WGS84, only_polygons, unproject
from conflictkit.territory._chances import entropy_bits, grid_of
from conflictkit.territory._inputs import number
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyproj
    from shapely.geometry.base import BaseGeometry

    from conflictkit.grid import Grid
    from conflictkit.territory._land import Floats
    from conflictkit.territory._overlays import State

EDGE_KM = 5.0  # as far as a line can be off on a map of two countries; positions in the tables are as good at worst
BEYOND = 3.0  # standard deviations around the land drawn, where somebody may hold land who is not drawn there
STRIP_M = 1_000.0  # Natural Earth's borders are 0.9 km off OpenStreetMap's in the median (docs/figures.md)
SURE, BAND = 1.2816, 1.6449  # standard deviations: p of 0.9 on one side, 5th and 95th percentile
ROUGH, ARC = 0.05, 8  # of the distance by which an edge moves: how exactly it is drawn; edges of a quarter circle
BY_BAND = (-BAND, BAND, -SURE, SURE)  # in the order of the columns of a band


def edge_m(edge_km: float | None) -> float:
    """Return the error of a line in metres, the usual one for None, or raise if it is none."""
    if edge_km is None:
        return EDGE_KM * 1000
    if not 0 < number("edge_km", edge_km) < np.inf:
        msg = (
            f"edge_km={shown(edge_km)}: the error of a drawn line is a distance above 0 km. The default is {EDGE_KM:g}."
        )
        raise TerritoryError(msg)
    return edge_km * 1000


def grid_around(land: BaseGeometry, *, spacing_km: float, reach_m: float, ground: BaseGeometry | None) -> Grid:
    """Return the squares on some land and around it, on the ground, or raise if they are too many or none."""
    zone: BaseGeometry = shapely.buffer(land, reach_m)
    zone = zone if ground is None else shapely.intersection(zone, ground)
    return grid_of(zone, spacing_km)


def edge_probabilities(
    state: State, points: Floats, error_m: float, ground: BaseGeometry | None
) -> tuple[list[str], Floats, Floats]:
    """Return how likely each holder has each point, and how far the nearest edge of the likeliest is.

    Parameters
    ----------
    state
        The land of each holder.
    points
        (N, 2) points, on the ground if there is one.
    error_m
        Standard deviation of the line.
    ground
        Land whose own border is in no doubt; None where no such border is known.

    Returns
    -------
    holders, p, distance
        The holders of the drawing and ``none``; (N, A) probabilities; (N,) metres.
    """
    from scipy.special import ndtr

    held = {holder: land for holder, land in state.items() if holder != NONE}
    signed = [_signed(land, points, ground) for land in held.values()]
    signed.append(-_signed(shapely.union_all(list(held.values())), points, ground))
    distances = np.stack(signed, axis=1)
    with np.errstate(under="ignore"):  # far from every edge a chance is as good as none
        p = ndtr(distances / error_m)
        p /= p.sum(axis=1, keepdims=True)
    nearest = np.abs(distances[np.arange(len(p)), p.argmax(axis=1)])
    return [*held, NONE], p, nearest


def probability_frame(
    state: State,
    error_m: float,
    *,
    grid_km: float,
    ground: BaseGeometry | None,
    regions: Mapping[str, BaseGeometry],
    core: BaseGeometry,
    crs: pyproj.CRS,
) -> gpd.GeoDataFrame:
    """Return one row per square of the land drawn and around it, laid out as that of places."""
    whole = shapely.union_all(list(state.values()))
    grid = grid_around(whole, spacing_km=grid_km, reach_m=BEYOND * error_m, ground=ground)
    holders, p, distance = edge_probabilities(state, grid.points, error_m, ground)
    best, half = p.argmax(axis=1), grid.spacing / 2
    x, y = grid.points.T
    region = pd.Series(pd.NA, index=range(len(p)), dtype=TEXT)
    for name, land in regions.items():
        region[shapely.contains_xy(land, grid.points)] = name
    columns = {
        "row": grid.row,
        "column": grid.column,
        "country": region,
        "actor_id": pd.array(holders, dtype=TEXT).take(best),
        "p_holder": p[np.arange(len(p)), best],
        **{f"p_{holder}": p[:, number] for number, holder in enumerate(holders)},
        "entropy_bits": entropy_bits(p),
        "core": shapely.contains_xy(core, grid.points),
        "evidence_place": pd.Series(pd.NA, index=range(len(p)), dtype=TEXT),
        "evidence_km": distance / 1000,
        "area_km2": grid.spacing**2 / M2_PER_KM2,
    }
    boxes = shapely.box(x - half, y - half, x + half, y + half)
    return gpd.GeoDataFrame(columns, geometry=list(unproject(boxes, crs)), crs=WGS84)


def moved_edges(land: BaseGeometry, metres: Sequence[float], ground: BaseGeometry | None) -> list[BaseGeometry]:
    """Return land with its edge moved outwards, or inwards if negative; the border of the ground stays."""
    if ground is None:
        return [only_polygons(_grown(land, by)) for by in metres]
    rest = _rest(land, ground)
    return [
        only_polygons(
            shapely.intersection(_grown(land, by), ground)
            if by > 0
            else shapely.difference(land, _grown(rest, -by))
            if by < 0
            else land
        )
        for by in metres
    ]


def _grown(land: BaseGeometry, metres: float) -> BaseGeometry:
    """Return land with its edge moved, drawn as fine as the distance asks: what is far finer costs most of the time."""
    return shapely.buffer(shapely.simplify(land, abs(metres) * ROUGH), metres, quad_segs=ARC)


def _signed(land: BaseGeometry, points: Floats, ground: BaseGeometry | None) -> Floats:
    """Return the distance of each point to the edge of some land, positive inside."""
    shapely.prepare(land)
    inside = shapely.contains_xy(land, points)
    if ground is None:
        return np.where(inside, 1, -1) * _to_edge(land, points)
    rest = _rest(land, ground)
    return np.where(inside, _to_edge(rest, points), -_to_edge(land, points))


def _rest(land: BaseGeometry, ground: BaseGeometry) -> BaseGeometry:
    """Return the ground outside some land, without the strips between two drawings of one border."""
    rest = shapely.difference(ground, land)
    return only_polygons(shapely.buffer(shapely.buffer(rest, -STRIP_M), STRIP_M))


def _to_edge(land: BaseGeometry, points: Floats) -> Floats:
    """Return the distance of each point to the boundary of some land; infinite if there is none."""
    away = np.full(len(points), np.inf)
    ends = [shapely.get_coordinates(line) for line in shapely.get_parts(shapely.boundary(land))]
    if ends:
        pairs = np.concatenate([np.stack([line[:-1], line[1:]], axis=1) for line in ends])
        tree = shapely.STRtree(np.array(shapely.linestrings(pairs)))
        which, distance = tree.query_nearest(shapely.points(points), return_distance=True, all_matches=False)
        away[which[0]] = distance
    return away

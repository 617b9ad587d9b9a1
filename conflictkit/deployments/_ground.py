"""The ground under the forces: which held places border on which, where the lines between them run, and how long."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from conflictkit.actors import CONTESTED, NONE, UNKNOWN, Hierarchy
from conflictkit.deployments._presence import NO_SIDE
from conflictkit.geometry import project_points
from conflictkit.tables import Tables
from conflictkit.territory import Territory

if TYPE_CHECKING:
    import pyproj
    from numpy.typing import NDArray

    from conflictkit.dates import DateLike

M_PER_KM = 1000.0
ABROAD = "abroad"  # coast, or the border of a country outside the scope
TOUCH_M = 1.0  # cells that share less than this meet in a point: nobody passes there


@dataclass(frozen=True, eq=False)
class Ground:
    """Cells of places as a graph: E edges between P places, in the projection of the territory, metres.

    Attributes
    ----------
    territory
        The model.
    crs
        Its projection.
    one, other
        (E,) the two places of an edge.
    lines
        (E,) where they meet.
    km
        (E,) how long that is.
    abroad_km
        (P,) how much of the outline of each cell is coast, or border of a country outside the scope.
    """

    territory: Territory
    crs: pyproj.CRS
    one: NDArray[np.intp]
    other: NDArray[np.intp]
    lines: NDArray[np.object_]
    km: NDArray[np.float64]
    abroad_km: NDArray[np.float64]

    def sides(self, date: DateLike) -> NDArray[np.object_]:
        """Return the side that holds each place on a day: empty where nobody does, ``contested`` where it is split.

        An actor of side ``other`` is a side of its own.
        """
        return self.sides_of_state(int(self.territory.states(date)[0]))

    def sides_of_state(self, state: int) -> NDArray[np.object_]:
        """Return the side that holds each place in a state of the history."""
        sides = _sides(self.territory.actor_ids, self.territory.actors)
        found: NDArray[np.object_] = sides[self.territory.holder_numbers(state)]
        return found

    @property
    def place_ids(self) -> NDArray[np.object_]:
        """The places, in the order of the cells."""
        return self.territory.places["place_id"].to_numpy(dtype=object)


def xy(ground: Ground, latitude: float, longitude: float) -> tuple[float, float]:
    """Return a point in metres of the projection."""
    x, y = project_points(np.array([[longitude, latitude]]), ground.crs)[0]
    return float(x), float(y)


def territory_or_shipped(territory: Territory | None) -> Territory:
    """Return the model given, or the one on the shipped tables, which is built once."""
    return _shipped() if territory is None else territory


@lru_cache(maxsize=1)
def _shipped() -> Territory:
    return Territory.from_places()


@lru_cache(maxsize=4)
def tables_of(territory: Territory) -> Tables:
    """Return the tables of a territory."""
    return Tables.shipped().replace(actors=territory.actors)


@lru_cache(maxsize=4)  # models are frozen: the same one has the same graph
def ground_of(territory: Territory) -> Ground:
    """Return the graph of the cells of a territory."""
    pieces = territory.pieces
    place = pd.Index(territory.places["place_id"]).get_indexer(pd.Index(pieces["place_id"]))
    shapes = pieces.geometry.to_numpy()
    cells = np.array([shapely.union_all(shapes[place == number]) for number in range(len(territory.places))])
    one, other = shapely.STRtree(cells).query(cells, predicate="intersects")
    once = one < other
    one, other = one[once], other[once]
    outlines = shapely.boundary(cells)
    lines = shapely.intersection(outlines[one], outlines[other])
    length = shapely.length(lines)
    long = length > TOUCH_M
    one, other, lines, km = one[long], other[long], lines[long], length[long] / M_PER_KM
    inside = np.bincount(one, km, len(cells)) + np.bincount(other, km, len(cells))
    abroad = shapely.length(outlines) / M_PER_KM - inside
    abroad[abroad < TOUCH_M / M_PER_KM] = 0.0
    return Ground(territory, territory.crs, one, other, np.asarray(lines, dtype=object), km, abroad)


def _sides(actor_ids: tuple[str, ...], actors: pd.DataFrame) -> NDArray[np.object_]:
    side = Hierarchy.of(actors).side
    words = [actor if side.get(actor, NO_SIDE) == NO_SIDE else side[actor] for actor in actor_ids]
    nobody = {UNKNOWN: "", NONE: "", CONTESTED: CONTESTED}
    return np.array([nobody.get(actor, word) for actor, word in zip(actor_ids, words, strict=True)], dtype=object)


@dataclass(frozen=True, eq=False)
class Pocket:
    """Held places that touch each other, and what is around them.

    Attributes
    ----------
    side
        Who holds them.
    members
        Positions of the places in the territory.
    area_km2
        Their claimed land.
    edge_km
        Kilometres of its edge by who holds the ground beyond: a side, ``contested``, ``unknown``, or ``abroad``.
    """

    side: str
    members: NDArray[np.intp]
    area_km2: float
    edge_km: dict[str, float]

    @property
    def perimeter_km(self) -> float:
        """The whole edge."""
        return sum(self.edge_km.values())

    def share(self, neighbour: str) -> float:
        """Return the part of the edge beyond which a neighbour is."""
        return self.edge_km.get(neighbour, 0.0) / self.perimeter_km if self.perimeter_km else 0.0


def pieces_of(ground: Ground, sides: NDArray[np.object_]) -> dict[str, list[NDArray[np.intp]]]:
    """Return the connected pieces of each side's land, the largest first; contested ground connects nobody."""
    area, labels = areas(ground), connected(ground, sides)
    size = np.bincount(labels, area)
    found: dict[str, list[NDArray[np.intp]]] = {}
    for side in sorted(set(sides) - {"", CONTESTED}):
        own = np.flatnonzero((sides == side) & (area > 0))
        pieces = [own[labels[own] == label] for label in np.unique(labels[own])]
        found[side] = sorted(pieces, key=lambda members: -size[labels[members[0]]])
    return found


def pocket_of(ground: Ground, sides: NDArray[np.object_], members: NDArray[np.intp]) -> Pocket:
    """Return a piece of land with what is around it."""
    inside = np.zeros(len(sides), dtype=bool)
    inside[members] = True
    crossing = np.flatnonzero(inside[ground.one] != inside[ground.other])
    beyond = np.where(inside[ground.one[crossing]], ground.other[crossing], ground.one[crossing])
    edge: dict[str, float] = {}
    for neighbour, km in zip(sides[beyond], ground.km[crossing], strict=True):
        edge[neighbour or "unknown"] = edge.get(neighbour or "unknown", 0.0) + float(km)
    abroad = float(ground.abroad_km[members].sum())
    if abroad > 0:
        edge[ABROAD] = abroad
    ordered = dict(sorted(edge.items(), key=lambda item: (-item[1], item[0])))
    return Pocket(str(sides[members[0]]), members, float(areas(ground)[members].sum()), ordered)


def areas(ground: Ground) -> NDArray[np.float64]:
    """Return the claimed land of each place's cell, in km2."""
    pieces, ids = ground.territory.pieces, ground.territory.places["place_id"]
    return pieces.groupby("place_id")["claimed_km2"].sum().reindex(ids, fill_value=0.0).to_numpy()


def connected(ground: Ground, sides: NDArray[np.object_]) -> NDArray[np.int32]:
    """Return a number for each place, the same for places of one side that can be reached over its own land."""
    held = (sides != "") & (sides != CONTESTED)
    open_way = (sides[ground.one] == sides[ground.other]) & held[ground.one]
    ends = (ground.one[open_way], ground.other[open_way])
    graph = coo_array((np.ones(int(open_way.sum())), ends), shape=(len(sides), len(sides)))
    return np.asarray(connected_components(graph, directed=False)[1])

"""The ground under the forces: which land borders on which, who stands on it, and what is around a piece of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from conflictkit.actors import CONTESTED, NONE, UNKNOWN
from conflictkit.deployments._presence import NO_SIDE
from conflictkit.errors import TerritoryError
from conflictkit.geometry import M2_PER_KM2, project_points
from conflictkit.tables import Tables
from conflictkit.territory import Territory

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyproj
    from numpy.typing import NDArray

    from conflictkit.dates import DateLike

    Geometries = NDArray[np.object_]
    Floats = NDArray[np.float64]
    Numbers = NDArray[np.intp]
    Words = NDArray[np.object_]

M_PER_KM = 1000.0
ABROAD = "abroad"  # coast, the border of a country outside the scope, or land that nobody is drawn on
TOUCH_M = 1.0  # cells that share less than this meet in a point: nobody passes there

# Two drawn shapes with a gap of up to this between them touch: lines on maps are no finer. Where only corners touch, up
# to twice this of each outline is near the other shape.
DRAWN_GAP_M = 100.0
DRAWN_TOUCH_M = 5 * DRAWN_GAP_M


@dataclass(frozen=True, eq=False)
class Ground:
    """Land as a graph: E edges between U units, which are cells of places or parts of a drawing. In metres.

    Attributes
    ----------
    crs
        The projection of the territory.
    units
        (U,) polygons.
    km2
        (U,) how large each is.
    one, other
        (E,) the two units of an edge.
    lines
        (E,) where they meet.
    km
        (E,) how long that is.
    abroad_km
        (U,) how much of the outline of each unit is ``abroad``.
    """

    crs: pyproj.CRS
    units: Geometries
    km2: Floats
    one: Numbers
    other: Numbers
    lines: Geometries
    km: Floats
    abroad_km: Floats


@dataclass(frozen=True, eq=False)
class Standing:
    """Who stands on the ground from one change to the next.

    Attributes
    ----------
    territory, step
        The model, and how many of its dates have come.
    ground
        The land.
    actor_ids
        (U,) who holds each unit.
    sides
        (U,) their sides: empty where nobody holds it, ``contested`` where it is split. An actor without a side is one
        of its own.
    """

    territory: Territory
    step: int
    ground: Ground
    actor_ids: Words
    sides: Words

    @property
    def day(self) -> pd.Timestamp:
        """The day on which it began."""
        return pd.Timestamp(self.territory.dates[max(self.step - 1, 0)])

    def units_at(self, places: pd.DataFrame) -> Numbers:
        """Return the unit of each place: its cell, if they are those of the territory; else the drawn shape around it.

        -1 for a place that lies in none.
        """
        if self.territory.has_places:
            return np.arange(len(places))
        degrees = places[["longitude", "latitude"]].to_numpy(dtype=float)
        points = shapely.points(project_points(degrees, self.ground.crs))
        found = np.full(len(places), -1, dtype=np.intp)
        place, unit = shapely.STRtree(self.ground.units).query(points, predicate="intersects")
        found[place[::-1]] = unit[::-1]  # on a line between two, the first
        return found


def territory_of(territory: Territory | None, tables: Tables | None = None) -> Territory:
    """Return the model given, or the one on the tables given, or on those that ship; each is built once."""
    if territory is None:
        return _built(Tables.shipped() if tables is None else tables)
    if tables is not None and tables is not territory.tables:
        msg = "A territory has its own tables: pass one of the two, or build the territory with tables=."
        raise TerritoryError(msg)
    return territory


@lru_cache(maxsize=2)
def _built(tables: Tables) -> Territory:
    return Territory.from_places(tables=tables)


def standing_on(territory: Territory, date: DateLike) -> Standing:
    """Return who stands where on a day."""
    day = territory.day(date)
    return standing(territory, int(territory.dates.searchsorted(day, side="right")))


@lru_cache(maxsize=512)  # all steps of a table: sieges are followed through them
def standing(territory: Territory, step: int) -> Standing:
    """Return who stands where after some of the dates of a territory."""
    if territory.has_places:
        ground = _cells(territory)
        holders = np.array(territory.actor_ids, dtype=object)[territory.holder_numbers(step)]
    else:
        drawn = territory.shapes(territory.dates[step - 1])
        parts = {actor: shapely.get_parts(shape) for actor, shape in drawn.items()}
        units = np.array([unit for shapes in parts.values() for unit in shapes], dtype=object)
        holders = np.repeat(np.array(list(parts), dtype=object), [len(shapes) for shapes in parts.values()])
        ground = _graph(
            units, shapely.area(units) / M2_PER_KM2, territory.crs, gap_m=DRAWN_GAP_M, touch_m=DRAWN_TOUCH_M
        )
    sides = {actor: _side(actor, territory.tables.hierarchy.side) for actor in set(holders)}
    return Standing(territory, step, ground, holders, np.array([sides[actor] for actor in holders], dtype=object))


def _side(actor_id: str, side_of: Mapping[str, str]) -> str:
    """Return the side that a holder stands for; nobody's is empty."""
    if actor_id in {UNKNOWN, NONE}:
        return ""
    side = side_of.get(actor_id, NO_SIDE)
    return actor_id if side == NO_SIDE or actor_id == CONTESTED else side


@lru_cache(maxsize=4)  # models are frozen: the same one has the same graph
def _cells(territory: Territory) -> Ground:
    """Return the graph of the cells of a territory, in the order of its places."""
    pieces = territory.pieces.dropna(subset="place_id")  # in a country without a place there is nothing to stand on
    place = pd.Index(territory.places["place_id"]).get_indexer(pd.Index(pieces["place_id"]))
    shapes, count = pieces.geometry.to_numpy(), len(territory.places)
    cells = np.array([shapely.union_all(shapes[place == number]) for number in range(count)], dtype=object)
    km2 = np.bincount(place, pieces["claimed_km2"], minlength=count).astype(np.float64)
    return _graph(cells, km2, territory.crs, gap_m=0.0, touch_m=TOUCH_M)


def _graph(units: Geometries, km2: Floats, crs: pyproj.CRS, *, gap_m: float, touch_m: float) -> Ground:
    """Return which units meet, where, and on what length."""
    one, other = shapely.STRtree(units).query(units, predicate="dwithin", distance=gap_m)
    once = one < other
    one, other = one[once], other[once]
    outlines = shapely.boundary(units)
    # cells share their very edges; drawn shapes meet where the outline of one runs along the other
    near = shapely.buffer(units, gap_m) if gap_m else outlines
    lines = shapely.intersection(outlines[one], near[other])
    long = shapely.length(lines) > touch_m
    one, other, lines = one[long], other[long], lines[long]
    km = shapely.length(lines) / M_PER_KM
    inside = np.bincount(one, km, len(units)) + np.bincount(other, km, len(units))
    abroad = shapely.length(outlines) / M_PER_KM - inside
    abroad[abroad < touch_m / M_PER_KM] = 0.0
    return Ground(crs, units, km2, one, other, np.asarray(lines, dtype=object), km, abroad)


@dataclass(frozen=True, eq=False)
class Pocket:
    """Held units that touch each other, and what is around them.

    Attributes
    ----------
    side
        Who holds them.
    members
        Their numbers.
    area_km2
        Their claimed land.
    edge_km
        Kilometres of their edge by who holds the ground beyond: a side, ``contested``, ``unknown``, or ``abroad``.
    """

    side: str
    members: Numbers
    area_km2: float
    edge_km: dict[str, float]

    @property
    def perimeter_km(self) -> float:
        """The whole edge."""
        return sum(self.edge_km.values())

    def share(self, neighbour: str) -> float:
        """Return the part of the edge beyond which a neighbour is."""
        return self.edge_km.get(neighbour, 0.0) / self.perimeter_km if self.perimeter_km else 0.0


def pieces_of(held: Standing) -> dict[str, list[Numbers]]:
    """Return the connected pieces of each side's land, the largest first; contested ground connects nobody."""
    km2, labels = held.ground.km2, _connected(held)
    size = np.bincount(labels, km2)
    found: dict[str, list[Numbers]] = {}
    for side in sorted(set(held.sides) - {"", CONTESTED}):
        own = np.flatnonzero((held.sides == side) & (km2 > 0))
        pieces = [own[labels[own] == label] for label in np.unique(labels[own])]
        found[side] = sorted(pieces, key=lambda members: -size[labels[members[0]]])
    return found


def piece_with(held: Standing, unit: int) -> Numbers:
    """Return the connected land of one side that a unit belongs to."""
    labels = _connected(held)
    return np.flatnonzero((labels == labels[unit]) & (held.sides == held.sides[unit]))


def pocket_of(held: Standing, members: Numbers) -> Pocket:
    """Return a piece of land with what is around it."""
    ground, sides = held.ground, held.sides
    inside = np.zeros(len(sides), dtype=bool)
    inside[members] = True
    crossing = np.flatnonzero(inside[ground.one] != inside[ground.other])
    beyond = np.where(inside[ground.one[crossing]], ground.other[crossing], ground.one[crossing])
    edge: dict[str, float] = {}
    for neighbour, km in zip(sides[beyond], ground.km[crossing], strict=True):
        edge[neighbour or UNKNOWN] = edge.get(neighbour or UNKNOWN, 0.0) + float(km)
    abroad = float(ground.abroad_km[members].sum())
    if abroad > 0:
        edge[ABROAD] = abroad
    ordered = dict(sorted(edge.items(), key=lambda item: (-item[1], item[0])))
    return Pocket(str(sides[members[0]]), members, float(ground.km2[members].sum()), ordered)


def _connected(held: Standing) -> NDArray[np.int32]:
    """Return a number for each unit, the same for units of one side that can be reached over its own land."""
    ground, sides = held.ground, held.sides
    own = (sides != "") & (sides != CONTESTED)
    open_way = (sides[ground.one] == sides[ground.other]) & own[ground.one]
    ends = (ground.one[open_way], ground.other[open_way])
    graph = coo_array((np.ones(int(open_way.sum())), ends), shape=(len(sides), len(sides)))
    return np.asarray(connected_components(graph, directed=False)[1])

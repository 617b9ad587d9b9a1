"""The connected land of one side: which places, how large, and who holds the ground along its edge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from conflictkit.actors import CONTESTED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from conflictkit.deployments.ground import Ground

ABROAD = "abroad"  # coast, or the border of a country outside the scope


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
    return np.asarray(ground.territory.tessellation.claimed_km2.sum(axis=1))


def connected(ground: Ground, sides: NDArray[np.object_]) -> NDArray[np.int32]:
    """Return a number for each place, the same for places of one side that can be reached over its own land."""
    held = (sides != "") & (sides != CONTESTED)
    open_way = (sides[ground.one] == sides[ground.other]) & held[ground.one]
    ends = (ground.one[open_way], ground.other[open_way])
    graph = coo_array((np.ones(int(open_way.sum())), ends), shape=(len(sides), len(sides)))
    return np.asarray(connected_components(graph, directed=False)[1])

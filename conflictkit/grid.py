"""Natural neighbours on a grid: how much of each place's land a point would take.

Arrays in, arrays out, in metres of the local projection. The weights are Sibson's (1981) natural-neighbour
coordinates in their discrete form (Park et al. 2006, doi 10.1109/TVCG.2006.27): put a new site at a point, and weigh
each place by the area that the new cell takes from it. No parameter but the grid, and a second copy of a place
changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array
    from shapely.geometry.base import BaseGeometry

    Floats = NDArray[np.float64]
    Indices = NDArray[np.intp]


LINES_AT_ONCE = 10_000_000  # of discs in _discs: 80 megabytes


@dataclass(frozen=True, eq=False)
class Grid:
    """Square grid points on land.

    Attributes
    ----------
    points
        (N, 2) centres, in metres.
    spacing
        Side of a square, in metres.
    row, column
        (N,) position in the raster, row 0 in the north.
    """

    points: Floats
    spacing: float
    row: Indices
    column: Indices

    def raster(self, values: Floats) -> Floats:
        """Return values of the points as an image, missing outside the land."""
        return as_image(self.row, self.column, values)

    def under(self, x: Floats, y: Floats) -> Indices:
        """Return the number of the square at each of some positions in metres, -1 where there is no land."""
        left, top = self.points[:, 0].min(), self.points[:, 1].max()
        column = np.rint((x - left) / self.spacing).astype(int) + int(self.column.min())
        row = np.rint((top - y) / self.spacing).astype(int) + int(self.row.min())
        numbers = np.full((self.row.max() + 1, self.column.max() + 1), -1)
        numbers[self.row, self.column] = np.arange(len(self.points))
        inside = (row >= 0) & (column >= 0) & (row < numbers.shape[0]) & (column < numbers.shape[1])
        return np.where(inside, numbers[np.where(inside, row, 0), np.where(inside, column, 0)], -1)


def as_image(row: Indices, column: Indices, values: Floats) -> Floats:
    """Return values at their row and column, missing elsewhere."""
    image = np.full((row.max() + 1, column.max() + 1), np.nan)
    image[row, column] = values
    return image


def grid_on(land: BaseGeometry, *, spacing: float) -> Grid:
    """Return the centres of the squares whose centre lies on land.

    Parameters
    ----------
    land
        Polygons in metres.
    spacing
        Side of a square, in metres. Lines of the grid lie on multiples of it, so that a change of border moves no
        point.

    Returns
    -------
    Grid
        Points in reading order: north to south, west to east.
    """
    west, south, east, north = np.asarray(land.bounds) / spacing
    x = (np.arange(np.floor(west), np.ceil(east)) + 0.5) * spacing
    y = ((np.arange(np.floor(south), np.ceil(north)) + 0.5) * spacing)[::-1]
    shapely.prepare(land)
    row, column = np.nonzero(shapely.contains_xy(land, x[np.newaxis, :], y[:, np.newaxis]))
    return Grid(np.column_stack([x[column], y[row]]), spacing, row, column)


def nearest_site(sites: Floats, points: Floats) -> tuple[Indices, Floats]:
    """Return the index of the nearest site of each point, and its distance in metres; the first of equals."""
    from scipy.spatial import KDTree

    distinct, first = np.unique(sites, axis=0, return_index=True)
    distance, which = KDTree(distinct).query(points)
    return first[np.asarray(which)], np.asarray(distance)


@dataclass(frozen=True, eq=False)
class NearBy:
    """The sites nearest to each point, for asking again while sites move a little or are left out.

    Attributes
    ----------
    points
        (N, 2) in metres.
    order
        (N, K) the K sites nearest to each point, in ascending order of their numbers.
    reach
        (N,) how far the farthest of these is; infinite where there are no others.
    """

    points: Floats
    order: Indices
    reach: Floats

    @classmethod
    def of(cls, sites: Floats, points: Floats, count: int = 8) -> NearBy:
        """Find the nearest sites where they are recorded; 6, 12 and 16 of them are slower in use than 8."""
        from scipy.spatial import KDTree

        if len(sites) <= count:
            every = np.broadcast_to(np.arange(len(sites)), (len(points), len(sites)))
            return cls(points, every, np.full(len(points), np.inf))
        distance, order = KDTree(sites).query(points, k=count)
        return cls(points, np.sort(np.asarray(order), axis=1), np.asarray(distance)[:, -1])

    def nearest(self, recorded: Floats, moved: Floats, kept: Indices) -> Indices:
        """Return the nearest of the sites kept, (N,), where they are moved to; the first of equals.

        A site that is not among the nearest as recorded can only be nearer where the moves reach that far: there, all
        are asked.
        """
        out = np.ones(len(moved), dtype=bool)
        out[kept] = False
        x, y = moved.T
        squared = (x[self.order] - self.points[:, :1]) ** 2 + (y[self.order] - self.points[:, 1:]) ** 2
        squared[out[self.order]] = np.inf
        best = squared.argmin(axis=1)[:, np.newaxis]
        found = np.take_along_axis(self.order, best, axis=1)[:, 0]
        near = np.sqrt(np.take_along_axis(squared, best, axis=1)[:, 0])
        farthest = np.hypot(*(moved - recorded)[kept].T).max()
        doubtful = np.flatnonzero(self.reach - farthest <= near)
        if len(doubtful):
            found[doubtful] = kept[nearest_site(moved[kept], self.points[doubtful])[0]]
        return found


def sibson_weights(sites: Floats, grid: Grid) -> csr_array:
    """Return the natural-neighbour weight of every site at every grid point.

    Parameters
    ----------
    sites
        (P, 2) places, in metres. Repeated points count once: the first has the weight.
    grid
        Grid on the land; it measures the areas as well.

    Returns
    -------
    scipy.sparse.csr_array
        (N, P), rows sum to 1.

    Notes
    -----
    A square whose nearest site is s at distance d belongs to the new cell of every point within d of it: it hands one
    count for s to the points of a disc. Discs are added up as steps along the lines of the raster, so that few places
    far apart, whose discs are wide, cost no more than many.
    """
    from scipy.sparse import csr_array

    owner, _ = nearest_site(sites, grid.points)
    reach = ((grid.points - sites[owner]) ** 2).sum(axis=1) / grid.spacing**2  # not from a root: exact in metres
    number = np.full((grid.row.max() + 1, grid.column.max() + 1), -1)
    number[grid.row, grid.column] = np.arange(len(grid.points))
    rows, counts = [], []
    order = np.argsort(owner, kind="stable")
    owners, first = np.unique(owner[order], return_index=True)
    for squares in np.split(order, first[1:]):
        top, taken = _discs(grid.row[squares], grid.column[squares], reach[squares], number.shape)
        inside = number[top : top + len(taken)]
        takers = (taken > 0) & (inside >= 0)
        rows.append(inside[takers])
        counts.append(taken[takers])
    columns = np.repeat(owners, [len(part) for part in rows])
    total = csr_array(
        (np.concatenate(counts).astype(float), (np.concatenate(rows), columns)), shape=(len(grid.points), len(sites))
    )
    sums = np.asarray(total.sum(axis=1)).ravel()
    return csr_array(total.multiply(1 / sums[:, np.newaxis]))


def _discs(row: Indices, column: Indices, reach: Floats, shape: tuple[int, int]) -> tuple[int, Indices]:
    """Return how many discs cover each cell of a raster, in the lines that they reach, and the first of these lines.

    Centres are cells, `reach` squared radii in cells. A disc adds 1 where it begins on a line and takes it away where
    it ends.
    """
    tall = np.sqrt(reach).astype(np.intp)
    top, bottom = max((row - tall).min(), 0), min((row + tall).max() + 1, shape[0])
    size = (bottom - top) * (shape[1] + 1)
    steps = np.zeros(size, dtype=np.intp)
    # few places far apart have wide discs, and many of them: not all of their lines fit into memory
    for discs in np.array_split(np.arange(len(row)), len(row) * (bottom - top) // LINES_AT_ONCE + 1):
        room = reach[discs, np.newaxis] - (np.arange(top, bottom) - row[discs, np.newaxis]) ** 2
        disc, line = np.nonzero(room >= 0)
        half, middle = np.sqrt(room[disc, line]).astype(np.intp), column[discs][disc]
        start = line * (shape[1] + 1)
        steps += np.bincount(start + np.maximum(middle - half, 0), minlength=size)
        steps -= np.bincount(start + np.minimum(middle + half + 1, shape[1]), minlength=size)
    return top, steps.reshape(bottom - top, shape[1] + 1).cumsum(axis=1)[:, :-1]


def left_out_weights(sites: Floats, grid: Grid) -> csr_array:
    """Return the weights of all other points at each site, as if nothing were known there.

    Parameters
    ----------
    sites
        (P, 2) places, in metres, on two points at least. Those on one point are left out together: else each would be
        foretold from its twin.
    grid
        Grid on the land.

    Returns
    -------
    scipy.sparse.csr_array
        (P, P), rows sum to 1, zero diagonal.

    Notes
    -----
    A site put back takes exactly its own cell: its neighbours' weights are the shares of that cell by second-nearest
    site. A cell too small to hold a grid point goes to the nearest other site.
    """
    from scipy.sparse import csr_array
    from scipy.spatial import KDTree

    distinct, first, inverse = np.unique(sites, axis=0, return_index=True, return_inverse=True)
    tree = KDTree(distinct)
    pair = np.asarray(tree.query(grid.points, k=2)[1])
    other = np.asarray(tree.query(distinct, k=2)[1])
    held = np.bincount(pair[:, 0], minlength=len(distinct))
    empty = np.flatnonzero(held == 0)
    rows = np.concatenate([pair[:, 0], empty])
    columns = np.concatenate([pair[:, 1], other[empty, 1]])
    shares = 1 / np.maximum(held, 1)[rows]
    weights = csr_array((shares, (rows, first[columns])), shape=(len(distinct), len(sites)))
    return csr_array(weights[np.ravel(inverse)])

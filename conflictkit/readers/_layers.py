"""What every format of drawings is read into: features with their cells, and outlines built from rings of points."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pyproj
    from numpy.typing import NDArray

    Points = NDArray[np.float64]  # (N, 2)
    Rings = Sequence[Points]  # the outline first, then the holes

FEWEST = 3  # points of a ring


class Layer(NamedTuple):
    """Features of one file, or of one table in it, as they stand there.

    Attributes
    ----------
    names
        Names of the columns.
    column
        Returns the cells of a column, one of each feature.
    shapes
        (N,) polygons and multipolygons; missing where a feature has none.
    crs
        What the coordinates mean; None if nothing says it.
    wrong
        Feature -> why it has no shape.
    notes
        Feature -> what was mended while it was read.
    aside
        Why none of them is used; None where they are.
    """

    names: Sequence[str]
    column: Callable[[str], Sequence[object]]
    shapes: NDArray[np.object_]
    crs: pyproj.CRS | None
    wrong: Mapping[int, str]
    notes: Mapping[int, str]
    aside: str | None = None


class Outlines:
    """Polygons of features in their order, gathered ring by ring and built at once."""

    def __init__(self) -> None:
        """Start with no feature."""
        self.count = 0
        self.wrong: dict[int, str] = {}
        self.notes: dict[int, str] = {}
        self._rings: list[Points] = []
        self._polygon: list[int] = []  # of each ring
        self._feature: list[int] = []  # of each polygon

    def add(self, polygons: Sequence[Rings], *, beside: bool = False) -> None:
        """Add a feature of some polygons; points and lines may stand beside them."""
        if not all(np.isfinite(ring).all() for rings in polygons for ring in rings):
            self.lost("no polygon: has coordinates that are not finite")
            return
        for rings in polygons:
            whole = [ring for ring in rings if len(ring) >= FEWEST]
            if len(whole) < len(rings):
                self.notes[self.count] = "a ring of fewer than three points left out"
            if not rings or len(rings[0]) < FEWEST:
                continue
            if any((ring[0] != ring[-1]).any() for ring in whole):
                self.notes[self.count] = "a ring that was open is closed"
            self._rings += whole
            self._polygon += [len(self._feature)] * len(whole)
            self._feature.append(self.count)
        if not self._feature or self._feature[-1] != self.count:
            self.wrong[self.count] = "no polygon: points and lines only" if beside else "no polygon: empty"
        elif beside:
            self.notes[self.count] = "points and lines beside the polygons left out"
        self.count += 1

    def lost(self, reason: str) -> None:
        """Add a feature without a shape."""
        self.wrong[self.count] = reason
        self.count += 1

    def shapes(self) -> NDArray[np.object_]:
        """Return (N,) a polygon or a multipolygon of each feature, missing where it has none."""
        found = np.full(self.count, None, dtype=object)
        if not self._rings:
            return found
        owner = np.repeat(np.arange(len(self._rings)), [len(ring) for ring in self._rings])
        rings = np.asarray(shapely.linearrings(np.concatenate(self._rings), indices=owner))
        polygons = np.asarray(shapely.polygons(rings, indices=np.array(self._polygon)))
        features, group, sizes = np.unique(self._feature, return_inverse=True, return_counts=True)
        found[features] = shapely.multipolygons(polygons, indices=group)
        alone = sizes == 1
        found[features[alone]] = polygons[alone[group]]
        return found

    def layer(self, names: Sequence[str], column: Callable[[str], Sequence[object]], crs: pyproj.CRS | None) -> Layer:
        """Return the features with their cells, asked for column by column."""
        return Layer(names, column, self.shapes(), crs, self.wrong, self.notes)

    def layer_of(self, rows: Sequence[Mapping[str, object]], crs: pyproj.CRS | None) -> Layer:
        """Return the features with their cells, given row by row."""
        names = list(dict.fromkeys(name for row in rows for name in row))
        return self.layer(names, lambda name: [row.get(name) for row in rows], crs)


def set_aside(reason: str) -> Layer:
    """Return a layer of which nothing is used."""
    return Layer([], lambda _: [], np.array([], dtype=object), None, {}, {}, reason)

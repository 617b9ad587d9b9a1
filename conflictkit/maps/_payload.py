"""Numbers as the scripts read them: tables by name, geometry as small integers, all of it as JSON.

What each name means is described in ``web/payload.js``. Geometry is in degrees rounded to a grid, each point as its
distance from the one before.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from conflictkit.charts.sources import cited
from conflictkit.dates import iso
from conflictkit.geometry import M2_PER_KM2, WGS84, transformation
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyproj
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Geometries = NDArray[np.object_]
    Ring = list[int]
    Data = dict[str, Any]

# Steps per degree: 0.001 degrees are 111 m from south to north, which is less than the 0.9 km by which the border of
# the two countries differs between two public sources, and less than the precision of any place.
GRID = 1000


def table(**columns: Iterable[Any]) -> Data:
    """Return columns of equal length as rows, with the names once: what ``records`` in web/payload.js reads."""
    return {"columns": list(columns), "rows": [list(row) for row in zip(*columns.values(), strict=True)]}


def coded(rows: Data, *names: str) -> Data:
    """Return a table whose cells of some columns are numbers of words that are written once; ``records`` reads them."""
    words: dict[str, list[str]] = {}
    cells = [list(row) for row in rows["rows"]]
    for name in names:
        column = rows["columns"].index(name)
        found = list(dict.fromkeys(row[column] for row in cells))
        number = {word: at for at, word in enumerate(found)}
        for row in cells:
            row[column] = number[row[column]]
        words[name] = found
    return {"columns": rows["columns"], "rows": cells, "words": words}


def source_table(ids: pd.Series, sources: pd.DataFrame) -> tuple[Data, pd.Index[str]]:
    """Return the pages behind some rows, and their ids in the same order; one that `sources` lacks keeps its id."""
    rows = cited(ids, sources).sort_values("source_id", kind="stable")
    texts = pd.DataFrame(
        {
            "id": rows["source_id"],
            "publisher": rows["publisher"].fillna(rows["source_id"]),
            "address": rows["url"],
            "published": rows["published_date"].astype(TEXT),
            "reliability": rows["reliability"],
        }
    )
    texts = texts.astype("object").fillna("")
    pages = table(**{str(name): texts[name].tolist() for name in texts})
    return coded(pages, "reliability"), pd.Index(rows["source_id"])


def days_of(days: pd.DatetimeIndex | pd.Series) -> list[str]:
    """Return days as ISO text."""
    return [iso(day) for day in days]


def snapped(shapes: Geometries) -> Geometries:
    """Return shapes in degrees with every vertex on the grid; equal vertices stay equal, so neighbours still meet."""
    return np.asarray(shapely.transform(shapes, lambda xy: np.round(xy * GRID) / GRID))


def polygons(shape: BaseGeometry) -> list[list[Ring]]:
    """Return the polygons of a shape, each a list of rings, the outer one first.

    Parameters
    ----------
    shape
        Polygons in degrees.

    Returns
    -------
    list
        One entry per polygon. A ring is ``[x, y, dx, dy, ...]`` in steps of the grid, without its last point, which
        repeats the first. Rings that the grid leaves no area are dropped.
    """
    found = []
    for part in shapely.get_parts(shape):
        rings = [line(ring)[:-2] for ring in shapely.get_rings(part)]
        if rings and len(rings[0]) >= 6:  # noqa: PLR2004 - three points
            found.append([ring for ring in rings if len(ring) >= 6])  # noqa: PLR2004 - three points
    return found


def lines(shapes: Geometries) -> list[Ring]:
    """Return the lines of some shapes, each as ``[x, y, dx, dy, ...]`` in steps of the grid."""
    merged = shapely.line_merge(shapely.union_all(shapes))
    found = [line(part) for part in shapely.get_parts(merged)]
    return [points for points in found if len(points) >= 4]  # noqa: PLR2004 - two points


def line(shape: BaseGeometry) -> Ring:
    """Return the points of one line or ring, those that fall on the one before left out."""
    points = np.round(shapely.get_coordinates(shape) * GRID).astype(int)
    moved = np.append(True, (np.diff(points, axis=0) != 0).any(axis=1))
    points = points[moved]
    return [int(step) for step in np.vstack([points[:1], np.diff(points, axis=0)]).ravel()]


def area_km2(shapes: Geometries, crs: pyproj.CRS) -> NDArray[np.float64]:
    """Return the area of shapes as a page draws them, their vertices projected to an equal-area projection."""
    return np.asarray(shapely.area(shapely.transform(shapes, transformation(WGS84, crs))) / M2_PER_KM2)


def dumped(data: Data) -> str:
    """Return the numbers as JSON with one entry a line, safe inside a script element.

    A date or a place more is a line more, so that two versions of a page can be compared.
    """
    parts = [f"{json.dumps(key)}:{_lines(value)}" for key, value in data.items()]
    text = "{" + ",\n".join(parts) + "}"
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return re.sub(r"\{(?=[{%#])", r"\\u007b", text)  # only in names: folium reads a page as a template


def _lines(value: Any) -> str:  # noqa: ANN401 - anything that JSON holds
    if isinstance(value, list) and value and isinstance(value[0], (list, dict, str)):
        return "[\n" + ",\n".join(_flat(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ",\n".join(f"{json.dumps(key)}:{_lines(item)}" for key, item in value.items()) + "}"
    return _flat(value)


def _flat(value: Any) -> str:  # noqa: ANN401 - anything that JSON holds
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)

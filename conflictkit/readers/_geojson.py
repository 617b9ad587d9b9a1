"""GeoJSON, whole or line by line, from its bytes: one JSON value that names no other file and no address."""

from __future__ import annotations

import gc
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from conflictkit.readers._crs import LON_LAT, crs_of_name
from conflictkit.readers._door import NotRead
from conflictkit.readers._layers import Layer, Outlines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pyproj

    from conflictkit.readers._door import Piece
    from conflictkit.readers._layers import Points, Rings

SHAPES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection")
# What else is written as JSON -> what it is and what to do.
FOREIGN = {
    "gdal_streamed_alg": "a pipeline of GDAL, which points to other files: they are not followed",
    "Topology": "TopoJSON: write it as GeoJSON",
}
AS_GEOJSON = "it is not GeoJSON, which is an object of type FeatureCollection, Feature or a geometry"
BAD_POINTS = "no polygon: its coordinates are not lists of numbers"


def read_geojson(piece: Piece, count: Callable[[int], None]) -> list[Layer]:
    """Return the features of a GeoJSON file; raise NotRead if it is none, or points elsewhere."""
    with uncollected():
        return [_whole(_parsed(piece.read()), count)]


def _whole(found: Any, count: Callable[[int], None]) -> Layer:  # noqa: ANN401 - JSON can be anything
    """Return the features of a parsed file."""
    kind = found.get("type") if isinstance(found, dict) else None
    if kind == "FeatureCollection":
        features = found.get("features")
    elif kind == "Feature" or kind in SHAPES:
        features = [found if kind == "Feature" else {"type": "Feature", "geometry": found}]
    else:
        esri = isinstance(found, dict) and {"spatialReference", "geometryType", "rings"} & set(found)
        told = "Esri JSON: write it as GeoJSON" if esri else FOREIGN.get(str(kind))
        raise NotRead(f"it is {told}" if told else AS_GEOJSON)
    if not isinstance(features, list):
        msg = "its features are no list"
        raise NotRead(msg)
    count(len(features))
    return _layer(features, _crs_of(found))


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep Python from searching for circles: among a million lists of two numbers it finds none, and takes as long."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def read_lines(piece: Piece, count: Callable[[int], None]) -> list[Layer]:
    """Return the features of a file with one GeoJSON feature a line; a line that is none is a feature without shape."""
    lines = [line for line in piece.read().replace(b"\x1e", b"").splitlines() if line.strip()]
    count(len(lines))
    features: list[object] = []
    for line in lines:
        try:
            features.append(_parsed(line))
        except NotRead:
            features.append(None)
    return [_layer(features, LON_LAT)]


def _parsed(data: bytes) -> Any:  # noqa: ANN401 - JSON can be anything
    """Return a JSON value; raise NotRead if there is none."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        msg = "it begins as XML, not as JSON"
        raise NotRead(msg)
    try:
        return json.loads(data)
    except RecursionError:
        msg = "its lists lie too deep in one another"
    except MemoryError:
        msg = "it takes more memory than there is"
    except UnicodeDecodeError as error:
        msg = f"it is not UTF-8 (byte {error.start})"
    except ValueError as error:
        msg = f"it is not JSON ({str(error).splitlines()[0]})"
    raise NotRead(msg)


def _crs_of(found: dict[str, Any]) -> pyproj.CRS:
    """Return the coordinate system of a file: by the old member crs where it is a plain name, else degrees."""
    if (member := found.get("crs")) is None:
        return LON_LAT
    kind, what = (member.get("type"), member.get("properties")) if isinstance(member, dict) else (None, None)
    if kind == "name" and isinstance(what, dict) and isinstance(what.get("name"), str):
        return crs_of_name(what["name"])
    msg = "its coordinate system is no plain name but points elsewhere: links are not followed"
    raise NotRead(msg)


def _layer(features: list[Any], crs: pyproj.CRS) -> Layer:
    """Return features with their cells and outlines."""
    outlines, cells = Outlines(), []
    for feature in features:
        is_one = isinstance(feature, dict) and feature.get("type") == "Feature"
        properties = feature.get("properties") if is_one else None
        cells.append(properties if isinstance(properties, dict) else {})
        if not is_one:
            outlines.lost("is no GeoJSON feature")
        elif feature.get("crs") is not None:
            outlines.lost("has a coordinate system of its own")
        elif not isinstance(feature.get("geometry"), dict):
            outlines.lost("no polygon: no geometry")
        else:
            _add(outlines, feature["geometry"])
    return outlines.layer_of(cells, crs)


def _add(outlines: Outlines, geometry: dict[str, Any]) -> None:
    """Add a geometry as a feature; collections in collections are taken apart at any depth."""
    polygons: list[Rings] = []
    beside = False
    try:
        for part in _parts(geometry):
            if part.get("type") in ("Polygon", "MultiPolygon"):
                several = part["coordinates"] if part["type"] == "MultiPolygon" else [part["coordinates"]]
                polygons += [[_points(ring) for ring in rings] for rings in several if len(rings)]
            elif part.get("type") in SHAPES:
                beside = True
            else:
                outlines.lost(f"no polygon: {str(part.get('type'))[:40]!r} is no shape of GeoJSON")
                return
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError):
        outlines.lost(BAD_POINTS)
        return
    outlines.add(polygons, beside=beside)


def _parts(geometry: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a geometry, or those of a collection, in their order."""
    waiting = [geometry]
    while waiting:
        part = waiting.pop()
        if part.get("type") == "GeometryCollection":
            waiting += reversed(part["geometries"])
        else:
            yield part


def _points(ring: list[Any]) -> Points:
    """Return a ring as (N, 2) numbers; raise ValueError if it holds anything else."""
    try:
        points = np.array(ring)[:, :2]
    except (IndexError, ValueError):  # none at all, or some with heights and some without
        points = np.array([point[:2] for point in ring])
    if len(ring) and (points.ndim != 2 or points.shape[1] != 2 or points.dtype.kind not in "iuf"):  # noqa: PLR2004
        raise ValueError
    return points.reshape(-1, 2).astype(float)

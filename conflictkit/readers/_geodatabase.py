"""File geodatabases (.gdb), which only GDAL reads: a copy with nothing in it that could point elsewhere."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from conflictkit.readers._crs import crs_of_name, crs_of_text
from conflictkit.readers._door import NotRead, printable
from conflictkit.readers._layers import Layer, set_aside

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyproj

    from conflictkit.readers._door import Piece

DRIVER = "OpenFileGDB"
PARTS = re.compile(r"a[0-9a-f]{8}\.(?:gdbtable|gdbtablx|gdbindexes|spx|atx|freelist|horizon)|gdb|timestamps", re.ASCII)
TABLE = "a00000001.gdbtable"  # the list of all tables
LAND = ("Polygon", "MultiPolygon")


def read_geodatabase(piece: Piece, count: Callable[[int], None]) -> list[Layer]:
    """Return the polygon layers of a geodatabase; raise NotRead if it is none."""
    from pyogrio.errors import DataSourceError

    with zipfile.ZipFile(io.BytesIO(piece.read())) as parts, tempfile.TemporaryDirectory() as name:
        own = [part for part in parts.namelist() if PARTS.fullmatch(part)]
        if TABLE not in own:
            msg = f"it is no file geodatabase: {TABLE} is not in it"
            raise NotRead(msg)
        copy = Path(name, "copy.gdb")
        copy.mkdir()
        for part in own:
            (copy / part).write_bytes(parts.read(part))
        try:
            return _layers(str(copy), count)
        except (DataSourceError, ValueError, RuntimeError, MemoryError) as error:
            msg = f"it is broken: {printable(str(error).replace(str(copy), piece.name).splitlines()[0])[:200]}"
            raise NotRead(msg) from None


def _layers(path: str, count: Callable[[int], None]) -> list[Layer]:
    """Return the layers of a copy that have polygons."""
    import pyogrio

    found = []
    for layer, kind in pyogrio.list_layers(path).tolist():
        if kind is None or not str(kind).removesuffix(" Z").removesuffix("25D").removesuffix(" ZM").endswith(LAND):
            continue
        info = pyogrio.read_info(path, layer=layer, force_feature_count=True)
        if info["driver"] != DRIVER:
            msg = f"it is no file geodatabase, but {info['driver']}"
            raise NotRead(msg)
        count(int(info["features"]))
        found.append(_layer(*pyogrio.raw.read(path, layer=layer, force_2d=True)))
    return found or [set_aside("no layer of it has polygons")]


def _layer(meta: dict[str, Any], _: object, shapes: np.ndarray[Any, Any], cells: list[Any]) -> Layer:
    """Return what was read of a layer."""
    names = [str(name) for name in meta["fields"]]
    columns = {name: [_cell(cell) for cell in values] for name, values in zip(names, cells, strict=True)}
    geometry = np.asarray(shapely.from_wkb(shapes, on_invalid="ignore"))
    wrong = {int(at): "no polygon: empty" for at in np.flatnonzero(shapely.is_missing(geometry))}
    return Layer(names, columns.__getitem__, geometry, _crs(meta["crs"]), wrong, {})


def _cell(cell: object) -> object:
    """Return a cell as the other formats have it."""
    if isinstance(cell, np.datetime64):
        return None if np.isnat(cell) else str(cell.astype("datetime64[D]"))
    return cell.item() if isinstance(cell, np.generic) else cell


def _crs(text: str | None) -> pyproj.CRS | None:
    """Return the coordinate system that GDAL tells, by name or as a description."""
    if not text:
        return None
    return crs_of_name(text) if ":" in text[:10] and "[" not in text else crs_of_text(text)

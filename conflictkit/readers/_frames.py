"""Formats that geopandas reads from bytes alone: FlatGeobuf, and GeoParquet where pyarrow is installed."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

import geopandas as gpd

from conflictkit.readers._crs import crs_of_text
from conflictkit.readers._door import NotRead
from conflictkit.readers._geopackage import add_shape
from conflictkit.readers._layers import Outlines

if TYPE_CHECKING:
    from collections.abc import Callable

    from conflictkit.readers._door import Piece
    from conflictkit.readers._layers import Layer

# What each begins with. GDAL knows a FlatGeobuf by these bytes and nothing else, so that no other driver is asked:
# https://flatgeobuf.org, https://parquet.apache.org/docs/file-format
FLATGEOBUF, PARQUET = b"fgb\x03fgb", b"PAR1"


def read_flatgeobuf(piece: Piece, count: Callable[[int], None]) -> list[Layer]:
    """Return the features of a FlatGeobuf; raise NotRead if it is none."""
    return [_layer(_begun(piece, FLATGEOBUF, "a FlatGeobuf"), gpd.read_file, count)]


def read_parquet(piece: Piece, count: Callable[[int], None]) -> list[Layer]:
    """Return the features of a GeoParquet; raise NotRead if it is none, or pyarrow is not installed."""
    return [_layer(_begun(piece, PARQUET, "a Parquet file"), gpd.read_parquet, count)]


def _begun(piece: Piece, magic: bytes, what: str) -> bytes:
    """Return the bytes of a file, having seen that they begin as those of its kind do."""
    data = piece.read()
    if not data.startswith(magic):
        msg = f"it does not begin as {what} does"
        raise NotRead(msg)
    return data


def _layer(data: bytes, read: Callable[..., gpd.GeoDataFrame], count: Callable[[int], None]) -> Layer:
    """Return the features that geopandas finds."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what is odd in a file is told by feature, below
            frame = read(io.BytesIO(data))
        shapes = frame.geometry.to_wkb()
    except ImportError:
        msg = "Parquet needs pyarrow: pip install 'conflictkit[parquet]', or write it as GeoJSON or GeoPackage"
        raise NotRead(msg) from None
    except Exception as error:  # noqa: BLE001 - GDAL, Arrow and the parsers of what they find have too many to name
        msg = f"it cannot be read ({str(error).splitlines()[0][:120] if str(error) else type(error).__name__})"
        raise NotRead(msg) from None
    count(len(frame))
    outlines = Outlines()
    for shape in shapes:
        if shape:
            add_shape(outlines, shape)
        else:
            outlines.lost("no polygon: no geometry")
    cells = frame.drop(columns=frame.geometry.name)
    crs = None if frame.crs is None else crs_of_text(frame.crs.to_wkt())
    return outlines.layer([str(name) for name in cells], lambda name: cells[name].tolist(), crs)

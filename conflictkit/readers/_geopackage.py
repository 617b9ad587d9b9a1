"""GeoPackages from their bytes, and the binary shapes (WKB) in them: nothing makes the database compute or attach."""

from __future__ import annotations

import sqlite3
import struct
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from conflictkit.readers._crs import crs_of_name, crs_of_text
from conflictkit.readers._door import NotRead
from conflictkit.readers._layers import Outlines, set_aside

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyproj

    from conflictkit.readers._door import Piece
    from conflictkit.readers._layers import Layer, Points, Rings

POLYGON, SEVERAL = 3, (4, 5, 6, 7)  # numbers of the kinds; those of several parts hold whole shapes
KINDS = 17
Z_FLAG, M_FLAG, SRID_FLAG = 0x80000000, 0x40000000, 0x20000000


def add_shape(outlines: Outlines, data: bytes, start: int = 0) -> None:
    """Add a shape as a feature, without a shape where it is broken."""
    try:
        polygons, beside = polygons_of(data, start)
    except NotRead as reason:
        outlines.lost(str(reason))
    else:
        outlines.add(polygons, beside=beside)


def polygons_of(data: bytes, start: int) -> tuple[list[Rings], bool]:
    """Return the polygons of a shape, and whether points or lines stand beside them; raise NotRead if it is broken."""
    polygons: list[Rings] = []
    beside, at, left = False, start, 1
    try:
        while left:
            order, kind, dimensions, at = _head(data, at)
            left -= 1
            if kind in SEVERAL:
                (parts,) = struct.unpack_from(f"{order}I", data, at)
                left, at = left + parts, at + 4
            elif kind == POLYGON:
                rings, at = _rings(data, at, order, dimensions)
                polygons.append(rings)
            else:
                beside, at = True, _beyond(data, at, order, kind, dimensions)
    except (struct.error, ValueError):
        msg = "no polygon: its shape is broken"
        raise NotRead(msg) from None
    return polygons, beside


def _head(data: bytes, at: int) -> tuple[str, int, int, int]:
    """Return the order of bytes, the kind, the numbers of a point, and where the shape goes on."""
    order = "<" if data[at : at + 1] == b"\1" else ">"
    (told,) = struct.unpack_from(f"{order}I", data, at + 1)
    extra = bool(told & Z_FLAG) + bool(told & M_FLAG)
    plain = told & 0x0FFFFFFF
    extra += {0: 0, 1: 1, 2: 1, 3: 2}.get(plain // 1000, 0)
    return order, plain % 1000, 2 + extra, at + (9 if told & SRID_FLAG else 5)


def _rings(data: bytes, at: int, order: str, dimensions: int) -> tuple[Rings, int]:
    """Return the rings of a polygon, and where the shape goes on."""
    (count,), rings = struct.unpack_from(f"{order}I", data, at), []
    at += 4
    for _ in range(count):
        points, at = _points(data, at, order, dimensions)
        rings.append(points)
    return rings, at


def _points(data: bytes, at: int, order: str, dimensions: int) -> tuple[Points, int]:
    """Return a list of points, and where the shape goes on; raise ValueError if the bytes end before."""
    (count,) = struct.unpack_from(f"{order}I", data, at)
    found = np.frombuffer(data, f"{order}f8", count * dimensions, at + 4).reshape(count, dimensions)
    return found[:, :2].astype(float), at + 4 + count * dimensions * 8


def _beyond(data: bytes, at: int, order: str, kind: int, dimensions: int) -> int:
    """Return where a point or a line ends; raise ValueError for what is neither."""
    if kind == 1:
        return at + dimensions * 8
    if kind == 2:  # noqa: PLR2004 - a line
        return _points(data, at, order, dimensions)[1]
    raise ValueError


SIGNATURE = b"SQLite format 3\0"
ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ}
ENVELOPE = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}  # bytes of a shape's box, by its flag
LEAST = 1_000_000  # bytes of a cell beyond those of the file
TICK, TICKS = 100_000, 2_000  # steps of the database between two looks, and looks before it is stopped

# A view, or a column that is computed, can take any time and memory to read.
COMPUTED = """
    SELECT m.name FROM sqlite_master AS m
    WHERE m.name IN ('gpkg_contents', 'gpkg_geometry_columns', 'gpkg_spatial_ref_sys') AND m.type <> 'table'
    UNION
    SELECT m.name FROM sqlite_master AS m, pragma_table_xinfo(m.name) AS x
    WHERE m.type = 'table' AND m.sql NOT LIKE 'create virtual%' AND x.hidden > 1
"""
TABLES = """
    SELECT c.table_name, g.column_name, s.organization, s.organization_coordsys_id, s.definition, m.type, m.sql
    FROM gpkg_contents AS c
    LEFT JOIN gpkg_geometry_columns AS g ON g.table_name = c.table_name
    LEFT JOIN gpkg_spatial_ref_sys AS s ON s.srs_id = g.srs_id
    LEFT JOIN sqlite_master AS m ON m.name = c.table_name
    WHERE c.data_type = 'features' ORDER BY c.table_name
"""


class _Table(NamedTuple):
    """What a GeoPackage says of one of its tables."""

    name: str
    column: str | None
    organization: str | None
    number: int | None
    definition: str | None
    kind: str | None
    made_by: str | None


def read_geopackage(piece: Piece, count: Callable[[int], None]) -> list[Layer]:
    """Return the features of a GeoPackage, a layer for each of its tables; raise NotRead if it is none."""
    data = piece.read()
    if not data.startswith(SIGNATURE):
        msg = "it is no GeoPackage, which is a SQLite database"
        raise NotRead(msg)
    if piece.beside(f"{piece.suffix}-wal"):
        msg = "another program has it open and keeps part of it in a file beside it: close it there first"
        raise NotRead(msg)
    try:
        with closing(_guarded(data)) as database:
            if computed := database.execute(COMPUTED).fetchone():
                msg = f"its table {str(computed[0])[:60]!r} is computed when it is read: save it as a plain one"
                raise NotRead(msg)
            database.set_authorizer(_only_selects)
            tables = database.execute(TABLES).fetchall()
            return [_layer(database, _Table(*table), count) for table in tables]
    except (sqlite3.Error, ValueError, OverflowError, MemoryError) as error:
        msg = f"its database cannot be read ({str(error).splitlines()[0] if str(error) else type(error).__name__})"
        raise NotRead(msg) from None


def _guarded(data: bytes) -> sqlite3.Connection:
    """Return a database in memory that only selects, and stops when it takes too long."""
    database = sqlite3.connect(":memory:")
    # a database that was written with a log beside it says so in two bytes, and without them needs none
    database.deserialize(data[:18] + b"\1\1" + data[20:])
    database.execute("PRAGMA trusted_schema = OFF")
    database.text_factory = lambda text: text.decode("utf-8", "replace")
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, len(data) + LEAST)
    ticks = iter(range(TICKS))
    database.set_progress_handler(lambda: next(ticks, None) is None, TICK)
    return database


def _only_selects(action: int, *_: object) -> int:
    """Say what a statement may do: select from the tables that are there."""
    return sqlite3.SQLITE_OK if action in ALLOWED else sqlite3.SQLITE_DENY


def _layer(database: sqlite3.Connection, table: _Table, count: Callable[[int], None]) -> Layer:
    """Return the features of one table."""
    told = f"its layer {table.name[:60]!r}"
    if table.kind != "table" or "virtual" in str(table.made_by)[:20].lower():
        return set_aside(f"{told} is no table but is computed when it is read: save it as a table")
    outlines, cells = Outlines(), []
    quoted = table.name.replace('"', '""')
    rows = database.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608 - a name cannot be given otherwise; it is quoted
    names = [str(name) for name, *_ in rows.description]
    if table.column not in names:
        return set_aside(f"{told} has no column of shapes")
    try:
        crs = _crs_of(table)
    except NotRead as reason:
        return set_aside(f"{told}: {reason}")
    for row in rows:
        count(1)
        found = dict(zip(names, row, strict=True))
        _add(outlines, found.pop(table.column))
        cells.append(found)
    return outlines.layer_of(cells, crs)


def _crs_of(table: _Table) -> pyproj.CRS | None:
    """Return the coordinate system of a table; None if it says that there is none."""
    if not table.organization or str(table.organization).upper() == "NONE":
        return None
    try:
        return crs_of_name(f"{table.organization}:{table.number}")
    except NotRead:
        return crs_of_text(str(table.definition))


def _add(outlines: Outlines, cell: object) -> None:
    """Add the shape of a cell as a feature."""
    if cell is None:
        outlines.lost("no polygon: no geometry")
        return
    if not isinstance(cell, bytes) or cell[:2] != b"GP" or len(cell) < 8 or (cell[3] >> 1 & 7) not in ENVELOPE:  # noqa: PLR2004
        outlines.lost("no polygon: its shape is broken")
        return
    add_shape(outlines, cell, 8 + ENVELOPE[cell[3] >> 1 & 7])

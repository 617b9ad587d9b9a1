"""GeoPackages from their bytes: the tables of features, and nothing that would make the database compute or attach."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from conflictkit.readers._crs import crs_of_name, crs_of_text
from conflictkit.readers._door import NotRead
from conflictkit.readers._layers import Outlines, set_aside
from conflictkit.readers._wkb import add_shape

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyproj

    from conflictkit.readers._door import Piece
    from conflictkit.readers._layers import Layer

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

"""Shapefiles from the bytes of their parts: shapes (.shp), where each begins (.shx), cells (.dbf), meaning (.prj)."""

from __future__ import annotations

import codecs
import re
import struct
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from conflictkit.outlines import NEAR_EACH, NEAR_UNITE
from conflictkit.readers._crs import crs_of_text
from conflictkit.readers._door import NotRead
from conflictkit.readers._layers import FEWEST, Layer, Outlines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from conflictkit.readers._door import Piece
    from conflictkit.readers._layers import Points, Rings

    Numbers = NDArray[np.int64]

# Encodings by the byte of a table that names them, the usual ones.
CODEPAGES = {
    0x01: "cp437", 0x02: "cp850", 0x03: "cp1252", 0x57: "cp1252", 0x26: "cp866",
    0x65: "cp866", 0x7E: "cp1256", 0xC8: "cp1250", 0xC9: "cp1251", 0xCA: "cp1254",
}  # fmt: skip
TEXTS = re.compile(r"utf|cp|iso8859|koi8|gb|big5|shift_jis|euc|mac|latin|ascii")  # and none that computes
END = 0x0D  # the byte after the last column's description
FIELD = 32  # bytes that describe a column


class Column(NamedTuple):
    """Where the cells of a column stand in a row."""

    kind: str
    start: int
    width: int


class Table:
    """Rows of a .dbf, each of the same number of bytes."""

    def __init__(self, data: bytes, encoding: bytes | None) -> None:
        """Read the head; raise NotRead if there is none, or the rows that it counts are not there."""
        broken = "its .dbf is broken: export it again"
        try:
            self.rows, self._head, self._width = struct.unpack_from("<IHH", data, 4)
            self._codec = _codec(encoding) or CODEPAGES.get(data[29])
        except (struct.error, IndexError):
            raise NotRead(broken) from None
        self._columns = dict(_columns(data[FIELD : self._head], self._codec))
        needed = self._head + self.rows * self._width
        if (
            not self._width
            or len(data) < needed
            or any(c.start + c.width > self._width for c in self._columns.values())
        ):
            raise NotRead(broken)
        self._cells = np.frombuffer(data, np.uint8, self.rows * self._width, self._head).reshape(self.rows, self._width)

    @property
    def names(self) -> list[str]:
        """Names of the columns."""
        return list(self._columns)

    @property
    def deleted(self) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        """Numbers of the rows that are marked as deleted."""
        return np.flatnonzero(self._cells[:, 0] == ord("*"))

    def column(self, name: str) -> list[object]:
        """Return the cells of a column: text, numbers, missing where they are blank."""
        kind, start, width = self._columns[name]
        if not width:
            return [None] * self.rows
        cells = np.ascontiguousarray(self._cells[:, start : start + width]).view(f"S{width}").ravel().tolist()
        return [_value(cell, kind, self._codec) for cell in cells]


def _columns(head: bytes, codec: str | None) -> list[tuple[str, Column]]:
    """Return the columns by name."""
    found, start = [], 1
    for at in range(0, len(head) - FIELD + 1, FIELD):
        if head[at] == END:
            break
        name = _text(head[at : at + 11].split(b"\0")[0], codec).strip()
        found.append((name, Column(chr(head[at + 11]), start, head[at + 16])))
        start += head[at + 16]
    return found


def _value(cell: bytes, kind: str, codec: str | None) -> object:
    """Return a cell as what its column holds."""
    text = _text(cell, codec).strip(" \0")
    if not text:
        return None
    if kind in "NF":
        with suppress(ValueError):
            return int(text) if "." not in text and "e" not in text.lower() else float(text)
    return text


def _text(cell: bytes, codec: str | None) -> str:
    """Return a cell as text: in the encoding that is named, else as UTF-8 where that fits."""
    try:
        return cell.decode(codec or "utf-8")
    except UnicodeDecodeError:
        return cell.decode("cp1252", "replace")


def _codec(told: bytes | None) -> str | None:
    """Return Python's name of the encoding that a .cpg names, such as UTF-8, 1252 or ISO 88591."""
    text = (told or b"")[:40].decode("ascii", "replace").strip().lower()
    digits = re.sub(r"\D", "", text)
    known = {"65001": "utf-8", **{f"8859{n}": f"iso8859-{n}" for n in range(1, 17)}}
    for name in (text, known.get(digits, f"cp{digits}")):
        with suppress(LookupError, ValueError):
            found = codecs.lookup(name).name
            return found if TEXTS.match(found) else None
    return None


MAGIC, HEADER = 9994, 100  # what a .shp begins with, and the bytes before its first shape
NOTHING, POLYGONS = 0, (5, 15, 25)  # numbers of the kinds: no shape; polygons, with heights or measures
COUNTS, PARTS = 44, 52  # bytes from the head of a shape to its counts of rings and points, and to the list of rings
BROKEN = "no polygon: its shape is broken"
TURNED = "a ring that turns as holes do, and lies in no other, is taken for land"


def read_shapefile(piece: Piece, count: Callable[[int], None]) -> list[Layer]:
    """Return the features of a shapefile; raise NotRead if it is none, or its parts do not belong together."""
    data = piece.read()
    if len(data) < HEADER or struct.unpack_from(">i", data)[0] != MAGIC:
        msg = "it does not begin as a shapefile does"
        raise NotRead(msg)
    starts = _starts(data, piece.beside(".shx"))
    count(len(starts))
    cells, prj = piece.beside(".dbf"), piece.beside(".prj")
    table = None if cells is None else Table(cells, piece.beside(".cpg"))
    if table is not None and table.rows != len(starts):
        msg = f"its .dbf has {table.rows:,} rows for {len(starts):,} shapes: export it again"
        raise NotRead(msg)
    deleted = frozenset(() if table is None else table.deleted.tolist())
    outlines = Outlines()
    for number, start in enumerate(starts.tolist()):
        if number in deleted:
            outlines.lost("is marked as deleted in the .dbf")
        else:
            _add(outlines, data, start)
    crs = None if prj is None else crs_of_text(prj.decode("utf-8", "replace").strip("\ufeff \r\n\t\0"))
    return [outlines.layer([] if table is None else table.names, _none if table is None else table.column, crs)]


def _none(name: str) -> list[object]:
    """Return the cells of a column where there is no table: none."""
    raise KeyError(name)


def _starts(data: bytes, index: bytes | None) -> Numbers:
    """Return where each shape begins: by the index, or one after the other where there is none."""
    if index is None:
        found, at = [], HEADER
        while at + 12 <= len(data):
            found.append(at)
            at += 8 + 2 * max(2, struct.unpack_from(">i", data, at + 4)[0])
        return np.array(found, dtype=np.int64)
    pairs = np.frombuffer(index[HEADER:][: (len(index) - HEADER) // 8 * 8], ">i4").reshape(-1, 2).astype(np.int64)
    if 2 * pairs[:, 1].clip(0).sum() > len(data):
        msg = "its .shx counts more than the .shp holds: export it again"
        raise NotRead(msg)
    return 2 * pairs[:, 0]


def _add(outlines: Outlines, data: bytes, start: int) -> None:
    """Add the shape that begins at a byte as a feature."""
    try:
        kind = struct.unpack_from("<i", data, start + 8)[0] if start >= HEADER else -1
        if kind not in POLYGONS:
            outlines.lost(
                "no polygon: no geometry" if kind == NOTHING else "no polygon: points, lines or surfaces only"
            )
            return
        rings = _rings(data, start)
    except (struct.error, ValueError):
        outlines.lost(BROKEN)
        return
    polygons, turned = _polygons(rings)
    if turned:
        outlines.notes[outlines.count] = TURNED
    outlines.add(polygons)


def _rings(data: bytes, start: int) -> Rings:
    """Return the rings of the shape that begins at a byte; raise ValueError if it is broken."""
    end = start + 8 + 2 * struct.unpack_from(">i", data, start + 4)[0]
    parts, points = struct.unpack_from("<ii", data, start + COUNTS)
    if min(parts, points) < 0 or start + PARTS + 4 * parts + 16 * points > min(end, len(data)):
        raise ValueError
    firsts = np.frombuffer(data, "<i4", parts, start + PARTS)
    if parts and (firsts[0] != 0 or (np.diff(firsts) < 0).any() or firsts[-1] > points):
        raise ValueError
    found = np.frombuffer(data, "<f8", 2 * points, start + PARTS + 4 * parts).reshape(-1, 2).astype(float)
    if not np.isfinite(found).all():
        raise ValueError
    return np.split(found, firsts[1:]) if parts else []


def _polygons(rings: Rings) -> tuple[Sequence[Rings], bool]:
    """Return rings as polygons: those that turn clockwise, each with the others that lie in it as holes."""
    turning = np.array([_doubled_area(ring) for ring in rings])
    as_hole = (turning > 0) & (np.array([len(ring) for ring in rings]) > FEWEST)
    land, holes = np.flatnonzero(~as_hole), np.flatnonzero(as_hole)
    if len(rings) == 1 or not len(holes):
        return [[ring] for ring in rings], bool(len(rings) == 1 and len(holes))
    inside = _inside(rings, land, holes)
    found: dict[int, list[Points]] = {int(n): [rings[n]] for n in (*land, *(n for n in holes if n not in inside))}
    for hole, around in inside.items():
        found[around].append(rings[hole])
    return list(found.values()), len(inside) < len(holes)


def _doubled_area(ring: Points) -> float:
    """Return twice the area of a ring, negative if it turns clockwise."""
    if not len(ring):
        return 0.0
    x, y = (ring - ring[0]).T
    return float(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1]))


def _inside(rings: Rings, land: Numbers, holes: Numbers) -> dict[int, int]:
    """Return the smallest ring of land around each hole, as far as there is one."""
    around = np.array([shapely.Polygon(rings[n]) if len(rings[n]) > FEWEST else shapely.Polygon() for n in land])
    within = np.array([shapely.Polygon(rings[n]) for n in holes])
    # a point of its ring, as an island can lie in its middle; of an edge, as corners touch other rings
    points = np.asarray(shapely.points([(rings[n][0] + rings[n][1]) / 2 for n in holes]))
    tree, step = shapely.STRtree(points), 1000
    left, best = NEAR_UNITE + NEAR_EACH * len(rings), dict[int, int]()
    shapely.prepare(around)
    # from the largest to the smallest, so that the last word has the smallest
    order = np.argsort(-np.abs(shapely.area(around)), kind="stable")
    boxes, inner = (np.asarray(shapely.box(*shapely.bounds(rows).T)) for rows in (around, within))
    for first in range(0, len(order), step):
        some = order[first : first + step]
        outer, hole = tree.query(around[some])
        if (left := left - len(hole)) < 0:
            msg = "its rings lie in one another too often"
            raise NotRead(msg)
        held = shapely.covers(boxes[some[outer]], inner[hole]) & shapely.covers(around[some[outer]], points[hole])
        best |= {int(holes[h]): int(land[some[o]]) for o, h in zip(outer[held], hole[held], strict=True)}
    return best

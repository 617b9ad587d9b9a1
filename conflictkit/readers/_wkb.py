"""Polygons from the binary form that databases keep them in (WKB, with or without heights), at any depth."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np

from conflictkit.readers._door import NotRead

if TYPE_CHECKING:
    from conflictkit.readers._layers import Outlines, Points, Rings

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

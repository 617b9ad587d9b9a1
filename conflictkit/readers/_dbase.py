"""The cells of a shapefile (.dbf): columns of text and numbers, decoded when they are asked for."""

from __future__ import annotations

import codecs
import re
import struct
from contextlib import suppress
from typing import NamedTuple

import numpy as np

from conflictkit.readers._door import NotRead

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

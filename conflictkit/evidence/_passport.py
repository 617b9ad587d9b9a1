"""A passport: what a figure shows and which rows it rests on, in a form that a file carries and anyone can verify."""

from __future__ import annotations

import base64
import binascii
import json
import re
import struct
import zlib
from typing import TYPE_CHECKING, Any

from conflictkit.errors import TableError, shown
from conflictkit.evidence._rows import cells_of, fingerprint
from conflictkit.schema import CONTRACTS
from conflictkit.tables import attribute_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd

    from conflictkit.tables import Tables

    Passport = dict[str, Any]

NAME = "conflictkit"  # the text chunk of a PNG, and the word before the passport in other files
MOST_BYTES = 100_000_000  # of a picture and of a passport: a chart of 3,400 rows has 2 MB
PNG = b"\x89PNG\r\n\x1a\n"
TOKEN = re.compile(rb"conflictkit:([A-Za-z0-9+/]+=*)")
PAGE = ("publisher", "title", "url", "published_date", "reliability")


Cells = dict[str, dict[str, dict[str, str]]]  # by table and row key, what the cells of a row say


def cells_behind(rows: pd.DataFrame, tables: Tables) -> Cells:
    """Return the cells of the tables that rows are of, and of the pages."""
    named = [table for table in [*dict.fromkeys(rows["table"]), "sources"] if table in CONTRACTS]
    return {table: cells_of(tables, attribute_of(table)) for table in named}


def rows_with_cells(rows: pd.DataFrame, cells: Cells) -> list[dict[str, Any]]:
    """Return the rows behind a figure, each once with its marks, and what its cells say now."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows.to_dict("records"):
        key = (str(row["table"]), str(row["row_key"]))
        entry = found.setdefault(
            key,
            {
                "table": key[0],
                "row_key": key[1],
                "marks": [],
                "source_id": row["source_id"] if isinstance(row["source_id"], str) else None,
                "confidence": row["confidence"] if isinstance(row["confidence"], str) else None,
                "cells": cells.get(key[0], {}).get(key[1]),
            },
        )
        if row["mark"] not in entry["marks"]:
            entry["marks"].append(row["mark"])
    return list(found.values())


def tables_named(cells: Cells) -> dict[str, dict[str, Any]]:
    """Return tables by name, each with its number of rows and a hash of all its cells."""
    return {table: {"rows": len(found), "hash": fingerprint(found)} for table, found in cells.items()}


def dumped(passport: Passport) -> str:
    """Return a passport as text of plain letters."""
    return json.dumps(passport, ensure_ascii=True, separators=(",", ":"), default=str)


def token(passport: Passport) -> str:
    """Return a passport as one word, for files that have no place for text."""
    return f"{NAME}:{base64.b64encode(zlib.compress(dumped(passport).encode(), 9)).decode()}"


def passport_in(path: Path) -> Passport:
    """Return the passport of a file that ``save_figure`` wrote.

    Raises
    ------
    TableError
        If the file is too large, holds no passport, or one that is damaged.
    """
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        msg = f"{path.name}: larger than {MOST_BYTES:,} bytes, which no picture of this kit is."
        raise TableError(msg)
    text = _of_png(content) if content.startswith(PNG) else _of_other(content)
    if text is None:
        msg = f"{path.name}: no passport inside. Write the figure with save_figure: savefig and screenshots lose it."
        raise TableError(msg)
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("rows"), list):
        msg = f"{path.name}: its passport is damaged ({shown(text[:40])})."
        raise TableError(msg)
    return found


def _of_png(content: bytes) -> str | None:
    """Return the text of the chunk with the passport."""
    return next((text for name, text in _texts(content) if name == NAME), None)


def _texts(content: bytes) -> Iterator[tuple[str, str]]:
    """Yield keyword and text of each text chunk of a PNG (ISO/IEC 15948, 11.3.3.2); a chunk that is cut ends it."""
    at = len(PNG)
    while at + 8 <= len(content):
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        data = content[at + 8 : at + 8 + length]
        if len(data) < length:
            return
        if kind == b"tEXt" and b"\0" in data:
            name, _, text = data.partition(b"\0")
            yield name.decode("latin-1"), text.decode("latin-1")
        at += 12 + length


def _of_other(content: bytes) -> str | None:
    """Return the text behind the word in an SVG, a PDF or a page, unpacked up to a limit."""
    match = TOKEN.search(content)
    if match is None:
        return None
    try:
        unpack = zlib.decompressobj()
        text = unpack.decompress(base64.b64decode(match[1], validate=True), MOST_BYTES)
        return "" if unpack.unconsumed_tail else text.decode()
    except (binascii.Error, zlib.error, UnicodeDecodeError):
        return ""


def verified(passport: Passport, tables: Tables) -> tuple[list[str], int, int]:
    """Return what has changed since a passport was written, in lines; how many rows stand, and how many are foreign."""
    known: dict[str, dict[str, dict[str, str]]] = {}
    lines, stand, foreign = [], 0, 0
    for entry in passport["rows"]:
        row = entry if isinstance(entry, dict) else {}
        table, key, old = str(row.get("table")), str(row.get("row_key")), row.get("cells")
        if table not in CONTRACTS or not isinstance(old, dict):
            foreign += 1
            continue
        if table not in known:
            known[table] = cells_of(tables, attribute_of(table))
        new = known[table].get(key)
        if new is None:
            lines.append(f"{table} {key}: the row is gone")
        elif changed := _changes(old, new):
            lines.append(f"{table} {key}: {'; '.join(changed)}")
        else:
            stand += 1
    return lines, stand, foreign


def _changes(old: dict[str, Any], new: dict[str, str]) -> list[str]:
    """Return the cells that differ, old and new."""
    names = [name for name in dict.fromkeys([*old, *new]) if old.get(name) != new.get(name)]
    return [f"{name} was {shown(old.get(name))}, is {shown(new.get(name))}" for name in names]

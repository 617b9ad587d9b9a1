"""Where the shipped tables are, and how the text of a CSV becomes a frame of strings."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pandas as pd

from conflictkit.errors import TableError
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from os import PathLike

SHOWN = 5  # lines of the wrong length that a message names: enough to see the pattern

# What a file that is not UTF-8 text begins with, and what that says about it. A workbook is a zip archive.
SIGNATURES = {
    b"PK\x03\x04": ("is a workbook or an archive, not CSV", "Export the sheet as CSV (UTF-8)."),
    b"\xd0\xcf\x11\xe0": ("is an old workbook, not CSV", "Export the sheet as CSV (UTF-8)."),
    b"\xff\xfe": ("is UTF-16, not UTF-8", "Save it as CSV (UTF-8)."),
    b"\xfe\xff": ("is UTF-16, not UTF-8", "Save it as CSV (UTF-8)."),
}


def data_folder() -> Path:
    """Return the folder of the shipped tables: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    installed = package / "data"
    return installed if installed.is_dir() else package.parent / "data"


def read_strings(path: str | PathLike[str]) -> pd.DataFrame:
    """Return a CSV as text, one row per record; empty cells are missing.

    Parameters
    ----------
    path
        A comma-separated file in UTF-8, with or without a byte-order mark. Blank lines are passed over.

    Returns
    -------
    pandas.DataFrame
        Every column of dtype str; the index is the line of the file on which each record begins.

    Raises
    ------
    TableError
        If the file is missing, empty, not text, not UTF-8, not separated by commas, or has records of the wrong length.
    """
    file = Path(path)
    (_, names), *body = _records(_text(file), file)
    header = [name.strip() for name in names]
    for mark, word in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and mark in header[0]:
            _fail(file, f"is separated by {word}", "Save it as CSV with commas.")
    if not body:
        _fail(file, "has a header and no rows", "An empty table answers nothing.")
    ragged = [f"line {line} has {len(cells)} cells" for line, cells in body if len(cells) != len(header)]
    if ragged:
        more = f" and {len(ragged) - SHOWN} more" if len(ragged) > SHOWN else ""
        _fail(file, f"has {len(header)} columns, but {', '.join(ragged[:SHOWN])}{more}", "Quote cells with a comma.")
    filled = [[cell if cell.strip() else None for cell in cells] for _, cells in body]
    return pd.DataFrame(filled, columns=header, index=[line for line, _ in body], dtype=TEXT)


def _text(file: Path) -> str:
    """Return the decoded file, or say what it is instead of a CSV."""
    try:
        raw = file.read_bytes()
    except OSError as error:
        _fail(file, f"cannot be opened ({error.strerror})", "Check the path.")
    for signature, (what, then) in SIGNATURES.items():
        if raw.startswith(signature):
            _fail(file, what, then)
    if b"\0" in raw:
        _fail(file, "is not a text file", "Export the table as CSV (UTF-8).")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        _fail(file, f"is not UTF-8 (line {line})", "Save it as CSV (UTF-8).")
    if not text.strip():
        _fail(file, "is empty", "The first line must name the columns.")
    if text.lstrip().startswith(("{", "[", "<")):
        _fail(file, "looks like JSON or XML, not CSV", "Polygons are not tables; export the table as CSV.")
    return text


def _records(text: str, file: Path) -> list[tuple[int, list[str]]]:
    """Return each record that is not blank, with the line on which it begins: a quoted cell may span lines."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records, line = [], 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                records.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        _fail(file, f"is not CSV: line {line} cannot be read ({error})", "Check its quotes.")
    return records or _fail(file, "is empty", "The first line must name the columns.")


def _fail(file: Path, what: str, then: str) -> NoReturn:
    msg = f"{str(file)!r} {what}. {then}"
    raise TableError(msg) from None

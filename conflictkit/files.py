"""Where the shipped tables are, and how the text of a CSV becomes a frame of strings."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pandas as pd

from conflictkit.errors import TableError

if TYPE_CHECKING:
    from os import PathLike


def data_folder() -> Path:
    """Return the folder of the shipped tables: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    installed = package / "data"
    return installed if installed.is_dir() else package.parent / "data"


def read_strings(path: str | PathLike[str]) -> pd.DataFrame:
    """Return a CSV as text, one row per line of data; empty cells are missing.

    Parameters
    ----------
    path
        A comma-separated file in UTF-8, with or without a byte-order mark.

    Returns
    -------
    pandas.DataFrame
        Every column of dtype str, default index.

    Raises
    ------
    TableError
        If the file is missing, empty, not text, not UTF-8, not separated by commas, or has lines of the wrong length.
    """
    text = _text(Path(path))
    rows = list(_reader(text, path))
    header, body = [name.strip() for name in rows[0]], [row for row in rows[1:] if row]
    if len(header) == 1 and header[0].count(";") > 0:
        _fail(path, "is separated by semicolons", "Save it as CSV with commas.")
    ragged = [f"line {i} has {len(r)} cells" for i, r in enumerate(body, start=2) if len(r) != len(header)]
    if ragged:
        more = f" and {len(ragged) - 5} more" if len(ragged) > 5 else ""  # noqa: PLR2004 - enough to see the pattern
        _fail(path, f"has {len(header)} columns, but {', '.join(ragged[:5])}{more}", "Quote cells that hold a comma.")
    filled = [[cell or None for cell in row] for row in body]
    return pd.DataFrame(filled, columns=header, dtype="str")


def _text(path: Path) -> str:
    """Return the decoded file, or say what it is instead of a CSV."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        _fail(path, f"cannot be opened ({error.strerror})", "Check the path.")
    if not raw.strip():
        _fail(path, "is empty", "The first line must name the columns.")
    if raw.startswith(b"PK") or b"\0" in raw:
        _fail(path, "is not a text file", "A workbook or an archive? Export the sheet as CSV (UTF-8).")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        _fail(path, f"is not UTF-8 (line {line})", "Save it as CSV (UTF-8).")
    if text.lstrip().startswith(("{", "[", "<")):
        _fail(path, "looks like JSON or XML, not CSV", "Polygons are not tables; export the table as CSV.")
    return text


def _reader(text: str, path: str | PathLike[str]) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text), strict=True))
    except csv.Error as error:
        _fail(path, f"is not CSV ({error})", "Check the quotes.")


def _fail(path: object, what: str, then: str) -> NoReturn:
    msg = f"{str(path)!r} {what}. {then}"
    raise TableError(msg) from None

"""How files are written: whole or not at all, and with nothing in a cell that a spreadsheet would run."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from os import PathLike

    import pandas as pd

# RFC 4180; with a bare line feed, Python's writer leaves a return inside a cell without quotes.
LINE = "\r\n"

# What makes a cell a formula in a spreadsheet (OWASP, CSV Injection); a tab or a return before it does not help.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_whole(path: str | PathLike[str], content: str | bytes) -> Path:
    """Write a file so that its name never stands for half of it.

    Parameters
    ----------
    path
        Where to; a file of that name is replaced when the new one is complete, and kept if anything fails before.
    content
        Text, which becomes UTF-8, or bytes.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    OSError
        If the folder cannot be written to, or the disk is full. The old file is as it was.
    UnicodeEncodeError
        If the text has half of a pair of surrogates, which no file can hold.
    """
    target = Path(path)
    raw = content.encode("utf-8") if isinstance(content, str) else content
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes a file for its owner alone: give it what any new file, or the old one, has
        part.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return target


def csv_for_people(frame: pd.DataFrame) -> str:
    """Return a frame as CSV that a spreadsheet may open: text that begins like a formula gets an apostrophe.

    Parameters
    ----------
    frame
        Any rows; numbers and dates stay as they are.

    Returns
    -------
    str
        UTF-8 text with a header.
    """
    texts = frame.select_dtypes(include=["object", "string", "category"]).columns
    safe = frame.assign(**{name: frame[name].astype("object").map(_harmless) for name in texts})
    return safe.rename(columns=_harmless).to_csv(index=False, date_format="%Y-%m-%d", lineterminator=LINE)


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _umask() -> int:
    """Return the mask of new files, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask

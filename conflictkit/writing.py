"""How files are written: whole or not at all, and with nothing in a cell that a spreadsheet would run."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from conflictkit.errors import ConflictkitError, shown

if TYPE_CHECKING:
    from os import PathLike

    import pandas as pd

# RFC 4180; with a bare line feed, Python's writer leaves a return inside a cell without quotes.
LINE = "\r\n"

# What makes a cell a formula in a spreadsheet (OWASP, CSV Injection): also behind a tab or the end of a line, and as
# the wide signs of East Asian keyboards.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
AROUND = 20  # letters that an error shows around one that cannot be written


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
    ConflictkitError
        If it is no path, or one of something else than a file; if the text has half of a pair of surrogates, which no
        file can hold.
    OSError
        If the folder cannot be written to, or the disk is full. In each case the old file is as it was.
    """
    target = _file(path)
    try:
        raw = content.encode("utf-8") if isinstance(content, str) else content
    except UnicodeEncodeError as error:
        near = shown(error.object[max(0, error.start - AROUND) : error.end + AROUND])
        msg = f"{str(path)!r} is not written: in {near} is half of a pair of surrogates, which no file can hold."
        raise ConflictkitError(msg) from None
    # beside the target, since only there a file takes the place of another at once; a link keeps leading to the file
    part = target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with part.open("xb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            part.chmod(target.stat().st_mode & 0o777)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return Path(path)


def _file(path: str | PathLike[str]) -> Path:
    """Return where a path leads to, or raise if no file can take its place."""
    try:
        target = Path(path).resolve()
        if target.is_symlink():  # Python 3.13 no longer says so itself
            msg = f"{shown(str(path))} is a link to itself: give a file name."
            raise ConflictkitError(msg)
        if target.exists() and not target.is_file():
            msg = f"{shown(str(path))} is a {'folder' if target.is_dir() else 'device or a pipe'}: give a file name."
            raise ConflictkitError(msg)
    except (TypeError, ValueError, RuntimeError) as error:  # no path at all; NUL; a link to itself
        if isinstance(error, ConflictkitError):
            raise
        msg = f"{shown(path)} is no path for a file ({error})."
        raise ConflictkitError(msg) from None
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

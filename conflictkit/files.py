"""Where the shipped tables are, how a CSV becomes a frame of strings, how a file is written: whole or not at all."""

from __future__ import annotations

import codecs
import csv
import io
import os
import secrets
import stat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn

import pandas as pd

from conflictkit.errors import ConflictkitError, TableError, UnknownNameError, shown
from conflictkit.text import TEXT, blank

if TYPE_CHECKING:
    from os import PathLike


SHOWN = 5  # lines of the wrong length that a message names: enough to see the pattern
LONGEST = 1000  # letters of a path that a message repeats: all of any path that there is
MOST_BYTES = 200_000_000  # of a file; a million rows of the widest table have 150 MB

# What a file that is no text begins with, and what that says about it. A workbook is a zip archive.
EXPORT = "Export the sheet as CSV (UTF-8)."
SIGNATURES = {
    b"PK\x03\x04": "is a workbook or an archive, not CSV",
    b"\xd0\xcf\x11\xe0": "is an old workbook, not CSV",
}
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


class Dialect(NamedTuple):
    """How a CSV is written: what parts its cells, what stands before decimals, and how its letters are encoded."""

    sep: str = ","
    decimal: str = "."
    encoding: str = "utf-8"

    @classmethod
    def of(cls, sep: str, decimal: str, encoding: str) -> Dialect:
        """Return what a caller says of a file, or raise if no CSV is written like that."""
        if not isinstance(sep, str) or len(sep) != 1 or sep.isalnum() or sep in '"\r\n.':  # type: ignore[redundant-expr]
            msg = f"sep={shown(sep)} must be the one sign between cells: ',', ';', '\\t' or '|'."
            raise UnknownNameError(msg)
        if decimal not in (".", ","):
            msg = f"decimal={shown(decimal)} must be '.' or ','."
            raise UnknownNameError(msg)
        try:
            text = codecs.lookup(encoding)._is_text_encoding  # noqa: SLF001 - others turn bytes into bytes
        except (LookupError, TypeError, ValueError):
            text = False
        if not text:
            use = "use 'utf-8', 'utf-16', 'cp1252' (western), 'cp1256' (Arabic) or another that Python knows"
            msg = f"encoding={shown(encoding)} is not known: {use}."
            raise UnknownNameError(msg)
        return cls(sep, decimal, encoding)


PLAIN = Dialect()


def data_folder() -> Path:
    """Return the folder of the shipped tables: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    installed = package / "data"
    return installed if installed.is_dir() else package.parent / "data"


def read_strings(path: str | PathLike[str], dialect: Dialect = PLAIN) -> pd.DataFrame:
    """Return a CSV as text, one row per record; empty cells are missing.

    Parameters
    ----------
    path
        A file of up to 200 MB, with or without a byte-order mark. Blank lines are passed over, and so are columns
        without a name and a cell.
    dialect
        How it is written: in UTF-8 and separated by commas, if nothing is said.

    Returns
    -------
    pandas.DataFrame
        Every column of text; the index is the line of the file on which each record begins.

    Raises
    ------
    TableError
        If the file is missing, empty, not text, written otherwise than said, or has records of the wrong length.
    """
    file = path_of(path)
    (_, names), *body = _records(_text(file, dialect.encoding), file, dialect.sep)
    header = [name.strip() for name in names]
    for sep, word in SEPARATORS.items():
        if len(header) == 1 and sep in header[0]:
            comma = " (and decimal=',' where numbers are written 1,5)" if sep == ";" else ""
            _fail(file, f"is separated by {word}", f"Say so, sep={sep!r}{comma}, or save it as CSV with commas.")
    if not body:
        _fail(file, "has a header and no rows", "An empty table answers nothing.")
    ragged = [f"line {line} has {len(cells)} cells" for line, cells in body if len(cells) != len(header)]
    if ragged:
        more = f" and {len(ragged) - SHOWN} more" if len(ragged) > SHOWN else ""
        quote = f"Quote cells with {SEPARATORS.get(dialect.sep, repr(dialect.sep))} in them."
        _fail(file, f"has {len(header)} columns, but {', '.join(ragged[:SHOWN])}{more}", quote)
    filled = [[None if blank(cell) else cell for cell in cells] for _, cells in body]
    frame = pd.DataFrame(filled, columns=header, index=[line for line, _ in body], dtype=TEXT)
    return frame.loc[:, [bool(name) or frame.iloc[:, at].notna().any() for at, name in enumerate(header)]]


def path_of(path: str | PathLike[str]) -> Path:
    """Return a path, or raise if it is none."""
    try:
        return Path(path)
    except TypeError:
        msg = f"A path is text or a pathlib.Path, not {shown(path)}."
        raise TableError(msg) from None


def raw(file: Path) -> bytes:
    """Return the bytes of a file of reasonable size; raise for what is none, such as a pipe, which would never end."""
    content = b""
    try:
        mode = file.stat().st_mode
        if stat.S_ISREG(mode):
            with file.open("rb") as opened:
                content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        _fail(file, f"cannot be opened ({error.strerror})", "Check the path.")
    except ValueError as error:  # NUL, or half of a pair of surrogates
        _fail(file, f"is no path ({error})", "Check it.")
    if not stat.S_ISREG(mode):
        _fail(file, "is a folder" if stat.S_ISDIR(mode) else "is a pipe or a device, not a file", "Check the path.")
    if len(content) > MOST_BYTES:
        _fail(file, f"has more than {MOST_BYTES:,} bytes", "Read it with pandas, in parts, and pass each to validate.")
    return content


def _text(file: Path, encoding: str) -> str:
    """Return the decoded file, or say what it is instead of a CSV."""
    content = raw(file)
    for signature, what in SIGNATURES.items():
        if content.startswith(signature):
            _fail(file, what, EXPORT)
    wide = codecs.lookup(encoding).name.startswith(("utf-16", "utf-32"))
    if content.startswith(UTF_16) and not wide:
        _fail(file, "is UTF-16", "Say so, encoding='utf-16', or save it as CSV (UTF-8).")
    if b"\0" in content and not wide:
        _fail(file, "is not a text file", EXPORT)
    try:
        text = content.decode("utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding).removeprefix(
            "\ufeff"
        )
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        others = "Say what it is, as encoding='cp1252' (western) or 'cp1256' (Arabic), or save it as CSV (UTF-8)."
        _fail(file, f"is not {encoding.upper()} (line {line})", others)
    except UnicodeError as error:
        _fail(file, f"is not {encoding.upper()} ({error})", "Say what it is, or save it as CSV (UTF-8).")
    if blank(text):
        _fail(file, "is empty", "The first line must name the columns.")
    if text.lstrip().startswith(("{", "[", "<")):
        _fail(file, "looks like JSON or XML, not CSV", "Polygons are not tables; export the table as CSV.")
    return text


def _records(text: str, file: Path, sep: str) -> list[tuple[int, list[str]]]:
    """Return each record that is not blank, with the line on which it begins: a quoted cell may span lines."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=sep)
    records, line = [], 1
    try:
        for cells in reader:
            if not all(map(blank, cells)):
                records.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        if "field limit" in str(error):
            long = f"has a cell of more than {csv.field_size_limit():,} letters, in the record of line {line}"
            _fail(file, long, "Is a quote missing? Longer text is no cell of a table.")
        _fail(file, f"is not CSV: line {line} cannot be read ({error})", "Check its quotes.")
    return records or _fail(file, "is empty", "The first line must name the columns.")


def _fail(file: Path, what: str, then: str) -> NoReturn:
    msg = f"{shown(str(file), LONGEST)} {what}. {then}"
    raise TableError(msg) from None


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

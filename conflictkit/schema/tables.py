"""The one door for tables: a frame or a file comes in, a typed and valid frame goes out, or one error with everything.

``validate`` takes a frame, ``read_table`` a file, ``read_folder`` all tables of a folder with the references between
them, ``shipped`` a table that comes with the kit.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from conflictkit.actors import NOBODY, ROWS_OF_NOBODY
from conflictkit.errors import TableError, UnknownNameError, nearest, shown
from conflictkit.files import PLAIN, Dialect, data_folder, read_strings
from conflictkit.schema._cells import read
from conflictkit.schema._checks import Beside, check, typed_cells
from conflictkit.schema._contracts import ALL, CONTRACTS
from conflictkit.schema._rules import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike

    from conflictkit.schema._checks import Keys
    from conflictkit.schema._contracts import Contract
    from conflictkit.schema._lands import Lands

SHOWN = 20  # problems spelt out in a message; all of them are in the exception's ``problems``

# Ids that are looked up in the shipped tables when the caller brings no table: one's own rows may cite one's own pages,
# but a place without a position cannot be drawn, nor an actor without a colour.
LOOKED_UP = frozenset({"actors", "places"})


def validate(frame: pd.DataFrame, table: str, *, others: Mapping[str, pd.DataFrame] | None = None) -> pd.DataFrame:
    """Return a frame typed as its table, or raise one error that lists everything in which it breaks the contract.

    Parameters
    ----------
    frame
        The frame to check, its cells of any type: text, dates of Python, Arrow, categories. It is not changed. Columns
        beyond the contract are allowed.
    table
        Name of the table, such as ``"control_changes"``.
    others
        Tables that the frame refers to, by name. Actors and places that are not given are the shipped ones; sources
        are looked up only if they are given.

    Returns
    -------
    pandas.DataFrame
        One row per row of the frame, with its index: the columns of the table in their order (text as str, dates as
        datetime64, numbers as float64, whole numbers as Int64), then the frame's other columns as they came.
        ``attrs["table"]`` is the name.

    Raises
    ------
    TableError
        If anything is wrong. The message names table, row (line of the CSV), column, value and what is allowed;
        ``problems`` holds the same as a frame.
    UnknownNameError
        If there is no such table.

    Examples
    --------
    >>> from conflictkit import load_places, validate
    >>> validate(load_places().astype("object"), "places")["latitude"].dtype
    dtype('float64')
    >>> validate(load_places().assign(kind="citadel").head(1), "places")
    Traceback (most recent call last):
    ...
    conflictkit.errors.TableError: places: 1 problem.
      row 2, kind: 'citadel' is not allowed: use one of town, village, base, crossing, dam, field, site, area.
    """
    contract = _contract(table)
    plain = frame_of(frame, table)
    typed = checked(plain, table, _beside(contract, {**_frames(others), table: plain}))
    typed.attrs = {**frame.attrs, **typed.attrs, "rejected": frame.attrs.get("rejected", [])}
    return typed


def typed(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """Return part of a table with the types of its contract: the door for questions that need some of its columns.

    Every column of the contract is there, empty where the frame had none; nothing but the types of the cells is
    checked. Raises ``TableError`` with the cells that are not of their type.
    """
    plain = frame_of(frame, table)
    if not plain.columns.is_unique:
        twice = ", ".join(map(str, plain.columns[plain.columns.duplicated()].unique()))
        msg = f"{table}: {twice} is there more than once: keep one column."
        raise TableError(msg)
    cells, problems = typed_cells(plain.set_axis(pd.RangeIndex(2, len(plain) + 2)), _contract(table))
    if problems:
        raise refusal(table, problems)
    cells.index = _rows_of(plain)
    cells.attrs = {**frame.attrs, "table": table, "rejected": frame.attrs.get("rejected", [])}
    return cells


def read_table(
    path: str | PathLike[str],
    table: str,
    *,
    sep: str = ",",
    decimal: str = ".",
    encoding: str = "utf-8",
    others: Mapping[str, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """Read a table of your own: typed like the shipped one, and valid.

    Parameters
    ----------
    path
        CSV of up to 200 MB with the columns of the table.
    table
        Name of the table, such as ``"control_changes"``.
    sep
        What parts the cells: ``;`` as spreadsheets write it in most of Europe, a tab, or ``|``.
    decimal
        What stands before decimals: ``,`` as spreadsheets write it there.
    encoding
        How the letters are written: ``utf-16`` for "Unicode text" of a spreadsheet, ``cp1252`` (western), ``cp1256``
        (Arabic), or another of Python's. Nothing is guessed: the wrong one gives other letters.
    others
        Tables that the file refers to, by name (for instance your own ``{"places": frame}``). Actors and places that
        are not given are the shipped ones; sources are looked up only if they are given.

    Returns
    -------
    pandas.DataFrame
        One row per record of the file, in its order: text as str, dates as datetime64, numbers as float64, whole
        numbers as Int64. ``attrs["table"]`` is the name, ``attrs["rejected"]`` an empty list: a file with a problem is
        not read in part.

    Raises
    ------
    TableError
        If the file is not a CSV, or breaks the contract. All problems in one message.
    UnknownNameError
        If there is no such table, or no CSV is written as you say.

    Examples
    --------
    >>> import conflictkit as ck
    >>> from conflictkit.files import data_folder
    >>> mine = ck.read_table(data_folder() / "actors.csv", "actors")
    >>> mine.loc[mine.actor_id == "pmf", "name"].item()
    'Popular Mobilization Forces'
    """
    contract = _contract(table)
    dialect = Dialect.of(sep, decimal, encoding)
    text = read_strings(path, dialect)
    lines = text.index
    frame = text.reset_index(drop=True)
    beside = _beside(contract, {**_frames(others), table: frame})
    return checked(frame, table, beside, lines=lines, file=Path(path).name, decimal=dialect.decimal)


def read_folder(
    folder: Path,
    *,
    dialect: Dialect = PLAIN,
    lands: Lands | None = None,
    fallback: bool = False,
    whole: bool = False,
) -> dict[str, pd.DataFrame]:
    """Return the tables of a folder by name, each valid, with the references between them.

    Parameters
    ----------
    folder
        Holds a CSV for each table, named after it.
    dialect
        How they are written.
    lands
        What the borders allow.
    fallback
        Whether actors and places that the folder does not hold are looked up in the shipped ones. Otherwise they have
        to be there if a row names one. Sources are looked up where there are any.
    whole
        Whether every table has to be there.

    Returns
    -------
    dict
        One frame per table that is there, its rows counted from 0.

    Raises
    ------
    TableError
        With the problems of all tables: one cannot be read or breaks its contract, or there is none.
    """
    names = [name for name in CONTRACTS if whole or (folder / f"{name}.csv").exists()]
    if not names:
        msg = f"{str(folder)!r} holds no table. Tables: {', '.join(f'{name}.csv' for name in CONTRACTS)}."
        raise TableError(msg)
    texts: dict[str, pd.DataFrame] = {}
    found: dict[str, pd.DataFrame] = {}
    errors: list[TableError] = []
    for name in names:
        try:
            texts[name] = read_strings(folder / f"{name}.csv", dialect)
        except TableError as error:
            errors.append(error)
    missing = {} if fallback else dict.fromkeys(LOOKED_UP - set(texts))
    for name, text in texts.items():
        beside = _beside(CONTRACTS[name], {**texts, **found}, lands=lands, missing=missing)
        try:
            found[name] = checked(text.reset_index(drop=True), name, beside, lines=text.index, decimal=dialect.decimal)
        except TableError as error:
            errors.append(error)
    if errors:
        raise TableError.of(errors)
    return found


@cache
def shipped(table: str) -> pd.DataFrame:
    """Return a table that comes with the kit, valid even if it was edited in place. Not to be changed."""
    text = _text(table)
    keys = {column.refers: _shipped_ids(column.refers) for column in CONTRACTS[table].references}
    beside = Beside(keys, {name: shipped(name) for name, _ in CONTRACTS[table].beside})
    return checked(text.reset_index(drop=True), table, beside, lines=text.index)


def checked(
    frame: pd.DataFrame,
    table: str,
    beside: Beside,
    *,
    lines: pd.Index | None = None,
    file: str = "",
    decimal: str = ".",
) -> pd.DataFrame:
    """Return a frame typed and valid, with its index; the lines are those of a CSV with this content if none are given.

    Raises
    ------
    TableError
        With every problem.
    """
    index = pd.RangeIndex(2, len(frame) + 2) if lines is None else lines
    typed, problems = check(frame.set_axis(index), ALL[table], beside, decimal=decimal)
    if problems:
        raise refusal(table, problems, file=file)
    typed.index = _rows_of(frame)
    typed.attrs = {"table": table, "rejected": []}
    return typed


def ids(frame: pd.DataFrame, table: str) -> Keys:
    """Return the ids of a table; None if it has no such column, which is the table's own problem."""
    key = ALL[table].key[0]
    if list(frame.columns).count(key) != 1:
        return None
    return {*read(frame[key], "text").column.dropna(), *(NOBODY if table == "actors" else ())}


def with_nobody(actors: pd.DataFrame) -> pd.DataFrame:
    """Return a typed table of actors with a row for each holder that is no actor, at the end where it had none."""
    beyond = [row for row in ROWS_OF_NOBODY if row["actor_id"] not in set(actors["actor_id"])]
    if not beyond:
        return actors
    whole = pd.concat([actors, typed(pd.DataFrame(beyond), "actors")], ignore_index=True)
    whole.attrs = dict(actors.attrs)
    return whole


@cache
def _text(table: str) -> pd.DataFrame:
    return read_strings(data_folder() / f"{table}.csv")


@cache
def _shipped_ids(table: str) -> Keys:
    return ids(_text(table), table)


def frame_of(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """Return a frame whose columns have one name each; raise if it is none."""
    if not isinstance(frame, pd.DataFrame):
        msg = f"{table} must be a DataFrame, not {type(frame).__name__}. For a file use read_table(path, {table!r})."  # type: ignore[unreachable]
        raise TableError(msg)
    if frame.columns.nlevels > 1:
        msg = (
            f"{table}: the columns have {frame.columns.nlevels} levels of names. Leave one: "
            "frame.columns = frame.columns.get_level_values(0)."
        )
        raise TableError(msg)
    return frame


def _frames(others: Mapping[str, pd.DataFrame] | None) -> dict[str, pd.DataFrame]:
    """Return the tables that a frame refers to."""
    if others is not None and not hasattr(others, "items"):
        msg = f"others must name its tables, as in others={{'places': frame}}, not {shown(others)}."
        raise TableError(msg)
    return {name: frame_of(frame, name) for name, frame in (others or {}).items()}


def _rows_of(frame: pd.DataFrame) -> pd.Index:
    """Return the index of a frame, without names that are those of columns too: nobody could tell them apart."""
    both = set(frame.index.names) & set(frame.columns)
    return (
        frame.index.set_names([None if name in both else name for name in frame.index.names]) if both else frame.index
    )


def _contract(table: str) -> Contract:
    if not isinstance(table, str) or table not in ALL:  # type: ignore[redundant-expr]
        msg = f"No table {shown(table)}. Tables: {', '.join(ALL)}.{nearest(table, ALL)}"
        raise UnknownNameError(msg)
    return ALL[table]


def _beside(
    contract: Contract,
    given: Mapping[str, pd.DataFrame],
    *,
    lands: Lands | None = None,
    missing: Mapping[str, None] | None = None,
) -> Beside:
    """Return what a table is held against: the tables given, or the shipped ones where those are looked up."""
    for name in given:
        _contract(name)
    keys: dict[str, Keys] = dict(missing or {})
    for name in {column.refers for column in contract.references} - set(keys):
        if name in given or name in LOOKED_UP:
            keys[name] = ids(given[name], name) if name in given else _shipped_ids(name)
    compared = {name for name, _ in contract.beside if name in given or name not in keys or keys[name] is not None}
    return Beside(keys, {name: _comparable(name, given) for name in compared}, lands)


def _comparable(name: str, given: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the table given, or the shipped one, for a rule to compare with: typed, missing where it is wrong."""
    if name in given and given[name].columns.is_unique:
        return typed_cells(given[name], ALL[name])[0]
    return shipped(name)


def refusal(table: str, problems: list[Problem], *, file: str = "") -> TableError:
    """Return the error that lists the problems of a table."""
    title = f"{table} ({file})" if file else table
    count = f"{len(problems):,} problem{'s' if len(problems) != 1 else ''}"
    lines = [
        f"  row {p.row}, {p.column}: {f'{shown(p.value)} ' if p.value else ''}{p.problem}" for p in problems[:SHOWN]
    ]
    more = [f"  and {len(problems) - SHOWN:,} more: see the exception's problems"] if len(problems) > SHOWN else []
    frame = pd.DataFrame(problems, columns=list(Problem._fields))
    frame.insert(0, "table", table)
    return TableError("\n".join([f"{title}: {count}.", *lines, *more]), frame)

"""What each table must look like, checked all at once.

``validate`` takes a frame, ``read_table`` a file; ``python -m conflictkit.schema [folder]`` checks every table of a
folder with the references between them. All problems are gathered and raised together.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from conflictkit.errors import TableError, UnknownNameError, nearest
from conflictkit.files import data_folder, read_strings
from conflictkit.schema.checks import check, convert
from conflictkit.schema.contracts import CONTRACTS as CONTRACTS
from conflictkit.schema.rules import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike

    from conflictkit.schema.checks import Keys
    from conflictkit.schema.contracts import Contract

SHOWN = 20  # problems spelt out in a message; all of them are in the exception's ``problems``

# Ids that are looked up in the shipped tables when the caller brings no table: one's own rows may cite one's own pages,
# but a place without a position cannot be drawn, nor an actor without a colour.
LOOKED_UP = frozenset({"actors", "places"})


def validate(frame: pd.DataFrame, table: str, *, others: Mapping[str, pd.DataFrame] | None = None) -> None:
    """Raise one error that lists everything in which a frame breaks the contract of its table.

    Parameters
    ----------
    frame
        The frame to check; it is not changed. Columns beyond the contract are allowed.
    table
        Name of the table, such as ``"control_changes"``.
    others
        Tables that the frame refers to, by name. Actors and places that are not given are the shipped ones; sources
        are looked up only if they are given.

    Raises
    ------
    TableError
        If anything is wrong. The message names table, row (line of the CSV), column, value and what is allowed;
        ``problems`` holds the same as a frame.
    UnknownNameError
        If there is no such table.
    TypeError
        If ``frame`` is not a frame.

    Examples
    --------
    >>> from conflictkit import load_places, validate
    >>> validate(load_places(), "places")
    >>> validate(load_places().assign(kind="citadel").head(1), "places")
    Traceback (most recent call last):
    ...
    conflictkit.errors.TableError: places: 1 problem.
      row 2, kind: 'citadel' is not allowed: use one of town, village, base, crossing, dam, field, site, area.
    """
    if not isinstance(frame, pd.DataFrame):
        msg = f"validate takes a DataFrame, not {type(frame).__name__}. For a file use read_table(path, table)."  # type: ignore[unreachable]
        raise TypeError(msg)
    problems = _problems(frame.set_axis(range(2, len(frame) + 2)), table, others)
    if problems:
        raise _error(table, problems)


def read_table(
    path: str | PathLike[str], table: str, *, others: Mapping[str, pd.DataFrame] | None = None
) -> pd.DataFrame:
    """Read a table of your own: typed like the shipped one, and valid.

    Parameters
    ----------
    path
        CSV in UTF-8, separated by commas, with the columns of the table.
    table
        Name of the table, such as ``"control_changes"``.
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
        If there is no such table.

    Examples
    --------
    >>> import conflictkit as ck
    >>> from conflictkit.files import data_folder
    >>> mine = ck.read_table(data_folder() / "actors.csv", "actors")
    >>> mine.loc[mine.actor_id == "pmf", "name"].item()
    'Popular Mobilization Forces'
    """
    contract = _contract(table)
    frame = read_strings(path)
    problems = _problems(frame, table, others)
    if problems:
        raise _error(table, problems, file=Path(path).name)
    return _finished(frame, table, contract)


def fresh(table: str) -> pd.DataFrame:
    """Return a copy of a shipped table that the caller may change: typed, but not checked again (the tests do that)."""
    copy = _parsed(table).copy()
    copy.attrs = {"table": table, "rejected": []}
    return copy


def check_folder(folder: Path) -> list[str]:
    """Return one line per table of a folder, or raise with the problems of all of them.

    Parameters
    ----------
    folder
        Holds a CSV for each table of one's own, named after it. References are checked within the folder, and against
        the shipped actors and places where it has none. The folder of the shipped tables must have all.

    Raises
    ------
    TableError
        If a table cannot be read or breaks its contract, or if there is no table.
    """
    whole = folder == data_folder()
    names = [name for name in CONTRACTS if whole or (folder / f"{name}.csv").exists()]
    if not names:
        msg = f"{str(folder)!r} holds no table. Tables: {', '.join(f'{name}.csv' for name in CONTRACTS)}."
        raise TableError(msg)
    tables, errors = {}, []
    for name in names:
        try:
            tables[name] = read_strings(folder / f"{name}.csv")
        except TableError as error:
            errors.append(error)
    found = {name: _problems(frame, name, tables) for name, frame in tables.items()}
    errors += [_error(name, problems) for name, problems in found.items() if problems]
    if errors:
        frames = [error.problems for error in errors if error.problems is not None]
        raise TableError("\n".join(map(str, errors)), pd.concat(frames, ignore_index=True) if frames else None)
    return [f"{name}: {len(frame):,} rows, no problem" for name, frame in tables.items()]


@cache
def _parsed(table: str) -> pd.DataFrame:
    return _finished(read_strings(data_folder() / f"{table}.csv"), table, CONTRACTS[table])


def _finished(frame: pd.DataFrame, table: str, contract: Contract) -> pd.DataFrame:
    """Return the text of a table typed, its rows counted from 0."""
    absent = [name for name in contract.optional if name not in frame]
    whole = frame.assign(**dict.fromkeys(absent)) if absent else frame
    typed, _ = convert(whole.reset_index(drop=True), contract)
    typed.attrs = {"table": table, "rejected": []}
    return typed


def _contract(table: str) -> Contract:
    if table not in CONTRACTS:
        msg = f"No table {table!r}. Tables: {', '.join(CONTRACTS)}.{nearest(table, CONTRACTS)}"
        raise UnknownNameError(msg)
    return CONTRACTS[table]


def _problems(frame: pd.DataFrame, table: str, others: Mapping[str, pd.DataFrame] | None) -> list[Problem]:
    """Return the problems of a frame whose index holds the line of each row."""
    contract, given = _contract(table), {**(others or {}), table: frame}
    keys = {}
    for name in {column.refers for column in contract.columns if column.refers}:
        if name in given or name in LOOKED_UP:
            keys[name] = _ids(given[name] if name in given else _parsed(name), _contract(name).key[0])
    for name in given:
        _contract(name)
    return check(frame, contract, keys, {name: _typed(name, given) for name, _ in contract.beside})


def _typed(name: str, given: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the table given, or the shipped one, for a rule to compare with: typed, missing where it is wrong."""
    contract = _contract(name)
    frame = given[name] if name in given else _parsed(name)
    whole = frame.reindex(columns=list(contract.names)) if frame.columns.is_unique else _parsed(name)
    return convert(whole, contract)[0]


def _ids(frame: pd.DataFrame, key: str) -> Keys:
    """Return the ids of a table; None if it has no such column, which is the table's own problem."""
    return set(frame[key].dropna().astype("str")) if list(frame.columns).count(key) == 1 else None


def _error(table: str, problems: list[Problem], *, file: str = "") -> TableError:
    title = f"{table} ({file})" if file else table
    count = f"{len(problems):,} problem{'s' if len(problems) != 1 else ''}"
    lines = [f"  row {p.row}, {p.column}: {f'{p.value!r} ' if p.value else ''}{p.problem}" for p in problems[:SHOWN]]
    more = [f"  and {len(problems) - SHOWN:,} more: see the exception's problems"] if len(problems) > SHOWN else []
    frame = pd.DataFrame(problems, columns=list(Problem._fields))
    frame.insert(0, "table", table)
    return TableError("\n".join([f"{title}: {count}.", *lines, *more]), frame)

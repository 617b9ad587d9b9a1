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
from conflictkit.schema.checks import check, convert, key_of, referred
from conflictkit.schema.contracts import CONTRACTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike

    from conflictkit.schema.checks import Problem
    from conflictkit.schema.contracts import Contract

SHOWN = 20  # problems spelt out in a message; all of them are in the exception's ``problems``


def validate(frame: pd.DataFrame, table: str, *, others: Mapping[str, pd.DataFrame] | None = None) -> None:
    """Raise one error that lists everything in which a frame breaks the contract of its table.

    Parameters
    ----------
    frame
        The frame to check; it is not changed. Columns beyond the contract are allowed.
    table
        Name of the table, such as ``"control_changes"``.
    others
        Tables that the frame refers to, by name. Those not given are the shipped ones.

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
    >>> validate(load_places(), "places")
    >>> validate(load_places().assign(kind="citadel").head(1), "places")
    Traceback (most recent call last):
    ...
    conflictkit.errors.TableError: places: 1 problem.
      row 2, kind: 'citadel' is not allowed: use one of town, village, base, crossing, dam, field, site, area.
    """
    _, problems = _examine(frame, table, others)
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
        Tables that the file refers to, by name (for instance your own ``{"places": frame}``). Those not given are the
        shipped ones.

    Returns
    -------
    pandas.DataFrame
        One row per line of the file, in its order: text as str, dates as datetime64, numbers as float64, whole numbers
        as Int64. ``attrs["table"]`` is the name, ``attrs["rejected"]`` an empty list: a file with a problem is not
        read in part.

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
    _contract(table)
    typed, problems = _examine(read_strings(path), table, others)
    if problems:
        name = f"{table} ({Path(path).name})"
        raise _error(name, problems)
    typed.attrs = {"table": table, "rejected": []}
    return typed


@cache
def shipped(table: str) -> pd.DataFrame:
    """Return a shipped table, typed but not checked (the tests do that); shared, so look, but hand on ``fresh``."""
    typed, _ = convert(read_strings(data_folder() / f"{table}.csv"), CONTRACTS[table])
    return typed


def fresh(table: str) -> pd.DataFrame:
    """Return a copy of a shipped table that the caller may change, attributes included."""
    copy = shipped(table).copy()
    copy.attrs = {"table": table, "rejected": []}
    return copy


def check_folder(folder: Path) -> list[str]:
    """Return one line per table of a folder, or raise with the problems of all of them.

    Parameters
    ----------
    folder
        Holds one CSV per contract; references are checked within the folder.
    """
    tables = {name: read_strings(folder / f"{name}.csv") for name in CONTRACTS}
    errors, lines, frames = [], [], []
    for name, frame in tables.items():
        try:
            validate(frame, name, others=tables)
        except TableError as error:
            errors.append(str(error))
            frames.append(error.problems)
        else:
            lines.append(f"{name}: {len(frame):,} rows, no problem")
    if errors:
        raise TableError("\n".join(errors), pd.concat(frames, ignore_index=True))
    return lines


def _examine(
    frame: pd.DataFrame, table: str, others: Mapping[str, pd.DataFrame] | None
) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the typed frame and all its problems in order of the rows, one for a cell that cannot be read."""
    contract = _contract(table)
    typed, unread = convert(frame, contract)
    cells = {(problem.row, problem.column) for problem in unread}
    found = check(typed, contract, _keys(table, typed, others))
    return typed, sorted([*unread, *(p for p in found if (p.row, p.column) not in cells)], key=lambda p: p.row)


def _contract(table: str) -> Contract:
    if table not in CONTRACTS:
        msg = f"No table {table!r}. Tables: {', '.join(CONTRACTS)}.{nearest(table, CONTRACTS)}"
        raise UnknownNameError(msg)
    return CONTRACTS[table]


def _keys(table: str, frame: pd.DataFrame, others: Mapping[str, pd.DataFrame] | None) -> dict[str, pd.Series]:
    """Return the keys that a table may refer to: its own, those given, else the shipped ones."""
    given = {**(others or {}), table: frame}
    keys = {}
    for name in referred(CONTRACTS[table]):
        source = given[name] if name in given else shipped(name)
        if key_of(name) in source:
            keys[name] = source[key_of(name)].dropna().astype("str")
    return keys


def _error(table: str, problems: list[Problem]) -> TableError:
    count = f"{len(problems):,} problem{'s' if len(problems) != 1 else ''}"
    lines = [f"  row {p.row}, {p.column}: {f'{p.value!r} ' if p.value else ''}{p.problem}" for p in problems[:SHOWN]]
    more = [f"  and {len(problems) - SHOWN:,} more: see the exception's problems"] if len(problems) > SHOWN else []
    frame = pd.DataFrame(problems, columns=["row", "column", "value", "problem"])
    frame.insert(0, "table", table)
    return TableError("\n".join([f"{table}: {count}.", *lines, *more]), frame)

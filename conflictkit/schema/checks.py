"""From a frame of anything to a typed frame and a list of all its problems."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conflictkit.errors import nearest
from conflictkit.schema.rules import Problem, flag

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conflictkit.schema.contracts import Column, Contract, Kind
    from conflictkit.schema.rules import Problems

Keys = AbstractSet[str] | None  # the ids of a table; None where they cannot be known

HEADER = 1  # the line of a CSV that names the columns
GUESSES = 20  # strange names of a column that get a nearest match: comparing hundreds with hundreds takes seconds

WRONG_TYPE = {
    "date": "is not a date: write a day as 2014-06-10",
    "number": "is not a number: write digits, with a point for decimals",
    "whole": "is not a whole number: write digits only",
}


def convert(frame: pd.DataFrame, contract: Contract) -> tuple[pd.DataFrame, list[Problem]]:
    """Give a frame the types of its contract.

    Parameters
    ----------
    frame
        Cells of any type; text that looks like the type is read. The index holds the line of each row.
    contract
        What the frame should be.

    Returns
    -------
    typed, problems
        The typed frame, missing where a cell is not of its type, and one problem for each such cell.
    """
    typed = frame.copy()
    problems: list[Problem] = []
    for column in contract.columns:
        if column.name in frame:
            cells = frame[column.name]
            typed[column.name] = values = _parse(cells, column.kind)
            problems += flag(cells, cells.notna() & values.isna(), WRONG_TYPE.get(column.kind, ""))
    return typed, problems


def _parse(cells: pd.Series, kind: Kind) -> pd.Series:
    """Return cells as their type; what cannot be read is missing."""
    if kind == "date":
        if isinstance(cells.dtype, pd.DatetimeTZDtype):
            cells = cells.dt.tz_localize(None)
        elif cells.dtype.kind != "M":
            days = _as_text(cells).str.removesuffix(" 00:00:00")  # a Timestamp in a column of objects
            cells = pd.to_datetime(days, format="%Y-%m-%d", errors="coerce")
        return cells.astype("datetime64[us]")
    if kind in {"number", "whole"}:
        numbers = pd.to_numeric(cells, errors="coerce").astype("float64")
        numbers = numbers.where(np.isfinite(numbers))
        return numbers.where(numbers.mod(1).eq(0)).astype("Int64") if kind == "whole" else numbers
    return _as_text(cells)


def _as_text(cells: pd.Series) -> pd.Series:
    if cells.dtype == "str":
        return cells
    return cells.astype("object").where(cells.isna(), cells.astype("object").map(str)).astype("str")


def check(
    frame: pd.DataFrame,
    contract: Contract,
    keys: Mapping[str, Keys],
    others: Mapping[str, pd.DataFrame] | None = None,
) -> list[Problem]:
    """Find every problem of a frame.

    Parameters
    ----------
    frame
        Cells of any type; the index holds the line of each row.
    contract
        What it must look like.
    keys
        Table -> its ids, for the tables that are referred to.
    others
        Table -> its typed frame, for the tables that a rule compares with.

    Returns
    -------
    list of Problem
        In order of the rows and columns. A cell that is wrong by itself is not held against another.
    """
    found = [*_columns(frame.columns, contract), *_headers_again(frame, contract)]
    lines = {problem.row for problem in found}
    frame = frame.loc[~frame.index.isin(lines), ~frame.columns.duplicated()]
    typed, unread = convert(frame, contract)
    found += unread
    for column in contract.columns:
        if column.name in typed:
            found += _others(_column(typed[column.name], column, keys), found)
    sound = _without(typed, found, contract)
    found += _unique(sound, contract, found)
    sound = _without(sound, found, contract)
    for rule in contract.rules:
        found += _others(rule(sound), found)
    for name, rule_beside in contract.beside:
        found += _others(rule_beside(sound, (others or {})[name]), found) if name in (others or {}) else []
    place = {name: at for at, name in enumerate(contract.names)}
    return sorted(found, key=lambda p: (p.row, place.get(p.column, len(place))))


def _others(new: Problems, found: list[Problem]) -> list[Problem]:
    """Return the problems of cells, or of whole columns, that are not yet reported."""
    cells = {(p.row, p.column) for p in found}
    absent = {p.column for p in found if p.row == HEADER}
    return [p for p in new if (p.row, p.column) not in cells and (p.row == HEADER or p.column not in absent)]


def _without(typed: pd.DataFrame, found: list[Problem], contract: Contract) -> pd.DataFrame:
    """Return a copy that has every column of the contract, and is missing what is known to be wrong."""
    sound = typed.copy()
    for column in contract.columns:
        if column.name not in sound:
            sound[column.name] = _parse(pd.Series(None, index=sound.index, dtype="object"), column.kind)
    for name in {problem.column for problem in found}:
        rows = [problem.row for problem in found if problem.column == name]
        sound[name] = sound[name].mask(sound.index.isin(rows))
    return sound


def _columns(present: pd.Index, contract: Contract) -> Problems:
    """Find columns that are missing or there twice; columns beyond the contract are the owner's own."""
    names = [str(name) for name in present]
    beyond = [name for name in names if name not in contract.names]
    for name in contract.names:
        if name not in names and name not in contract.optional:
            yield Problem(HEADER, name, "", f"the column is missing.{nearest(name, beyond)}")
        if names.count(name) > 1:
            yield Problem(HEADER, name, "", "the column is there more than once: keep one")


def _headers_again(frame: pd.DataFrame, contract: Contract) -> Problems:
    """Find the header among the rows, as tables have it that were pasted one below the other."""
    names = [name for name in contract.names if list(frame.columns).count(name) == 1]
    if names:
        rows = frame.loc[frame[names[0]].astype("object").map(str).eq(names[0]), names].astype("object").map(str)
        yield from flag(rows[names[0]], rows.eq(names).all(axis=1), "is the header again: delete the row")


def _column(cells: pd.Series, column: Column, keys: Mapping[str, Keys]) -> Problems:
    """Find what is wrong with the cells of one column, each on its own."""
    if column.required:
        yield from flag(cells, cells.isna(), "empty, but a value is required")
    if column.within is not None:
        low, high = column.within
        span = f"{low:g} to {high:g}" if np.isfinite(high) else f"{low:g} and more"
        yield from flag(cells, cells.lt(low) | cells.gt(high), f"is outside {span}")
    if column.form:
        fits = cells.str.fullmatch(column.form.pattern).astype("boolean").fillna(value=True)
        yield from flag(cells, ~fits & cells.notna(), f"is not {column.form.words}")
    if column.allowed:
        yield from _strangers(cells, column, column.allowed, f"is not allowed: use one of {', '.join(column.allowed)}")
    if column.refers in keys:
        known = keys[column.refers]
        if known is None:
            yield Problem(HEADER, column.name, "", f"cannot be checked: {column.refers} has no ids")
        else:
            told = f"is not in {column.refers}: add it there or correct it"
            yield from _strangers(cells, column, sorted(known), told)


def _strangers(cells: pd.Series, column: Column, allowed: Iterable[str], message: str) -> Problems:
    """Find cells, or parts of cells that are lists, that name nothing known."""
    names = list(allowed)
    known, guesses = set(names), 0
    for value in cells.dropna().unique():
        parts = str(value).split(";") if column.kind == "list" else [str(value)]
        for stranger in (part for part in parts if part not in known):
            guesses += 1
            guess = nearest(stranger, names) if guesses <= GUESSES else ""
            yield from (p._replace(value=stranger) for p in flag(cells, cells.eq(value), f"{message}.{guess}"))


def _unique(sound: pd.DataFrame, contract: Contract, found: Iterable[Problem]) -> Problems:
    """Find rows whose key stands in an earlier row, among those whose key can be read."""
    key = list(contract.key)
    unread = {p.row for p in found if p.column in key}
    rows = sound[~sound.index.isin(unread)]
    first = rows.index.to_series().groupby([rows[name] for name in key], dropna=False).transform("first")
    told = f"stands in row {{}} with the same {' and '.join(key[1:])}" if key[1:] else "stands in row {} already"
    yield from flag(rows[key[0]], first.ne(rows.index.to_series()), lambda at: told.format(first.iloc[at]))

"""From a frame of anything to a typed frame and a list of all its problems."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from conflictkit.errors import nearest
from conflictkit.schema._cells import read
from conflictkit.schema._lands import Lands, shipped_lands
from conflictkit.schema._rules import Problem, flag
from conflictkit.text import as_writable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from conflictkit.schema._contracts import Column, Contract
    from conflictkit.schema._rules import Problems

Keys = AbstractSet[str] | None  # the ids of a table; None where they cannot be known

HEADER = 1  # the line of a CSV that names the columns
# Strange names of a column that get a nearest match, and with how many names they are compared in all: comparing
# thousands with thousands takes minutes.
GUESSES, COMPARED = 20, 20_000
COMPARED_NAMES = 500  # columns of one's own that a missing one is compared with
MISSPELT = 0.85  # how alike a column beyond the contract is to one that is missing, so that it must be meant
NAMED = 40  # allowed words that a message lists


class Beside(NamedTuple):
    """What stands beside the table that is checked.

    Attributes
    ----------
    keys
        Table -> its ids, for the tables that are looked in; None where a table has none.
    tables
        Table -> its typed frame, for the tables that a rule compares with.
    lands
        What the borders allow.
    """

    keys: Mapping[str, Keys]
    tables: Mapping[str, pd.DataFrame]
    lands: Lands | None = None  # None: what the borders that ship allow


def check(
    frame: pd.DataFrame, contract: Contract, beside: Beside, *, decimal: str = "."
) -> tuple[pd.DataFrame, list[Problem]]:
    """Type a frame, and find every problem of it.

    Parameters
    ----------
    frame
        Cells of any type; text that looks like the type is read. The index holds the line of each row.
    contract
        What it must look like.
    beside
        What its cells may name.
    decimal
        What stands before the decimals of a number that is text.

    Returns
    -------
    typed, problems
        Every column of the contract in order, then the others as they came; missing where a cell is not of its type.
        The problems are in order of the rows and columns; a cell that is wrong by itself is not held against another.
    """
    found = [*_columns(frame.columns, contract), *_headers_again(frame, contract)]
    if found:
        lines = {problem.row for problem in found}
        frame = frame.loc[~frame.index.isin(lines), ~frame.columns.duplicated()]
    typed, unread = typed_cells(frame, contract, decimal=decimal)
    found += unread
    for name, fill in contract.fills:
        if name in beside.tables:
            typed = fill(typed, beside.tables[name])
    # each cell on its own
    for column in contract.columns:
        if column.name in frame.columns or column.derived:
            found += _others(_column(typed[column.name], column, beside), found)
    # then between rows and columns, where the cells are sound
    sound = _without(typed, found)
    twice = list(_unique(sound, contract, found))
    sound, found = _without(sound, twice), found + twice
    for rule in contract.rules:
        found += _others(rule(sound), found)
    for name, rule_beside in contract.beside:
        if name in beside.tables:
            found += _others(rule_beside(sound, beside.tables[name]), found)
    place = {name: at for at, name in enumerate(contract.names)}
    return typed, sorted(found, key=lambda p: (p.row, place.get(p.column, len(place))))


def empty(contract: Contract) -> pd.DataFrame:
    """Return a table of no rows, typed."""
    return typed_cells(pd.DataFrame(index=pd.RangeIndex(0)), contract)[0]


def typed_cells(frame: pd.DataFrame, contract: Contract, *, decimal: str = ".") -> tuple[pd.DataFrame, list[Problem]]:
    """Return the frame with the types of its contract, and the cells that are not of theirs."""
    columns: dict[object, pd.Series] = {}
    problems: list[Problem] = []
    for column in contract.columns:
        cells = frame.get(column.name, pd.Series(None, index=frame.index, dtype="object"))
        columns[column.name], wrong = read(cells, column.kind, decimal=decimal)
        if wrong:
            problems += flag(cells, np.isin(np.arange(len(cells)), list(wrong)), wrong.__getitem__)
        if column.old_words:
            columns[column.name] = columns[column.name].replace(dict(column.old_words))
    columns.update({name: frame[name] for name in frame.columns if name not in columns})
    return pd.DataFrame(columns, index=frame.index), problems


def _others(new: Problems, found: list[Problem]) -> list[Problem]:
    """Return the problems of cells, or of whole columns, that are not yet reported."""
    problems = list(new)
    if not problems or not found:
        return problems
    cells = {(p.row, p.column) for p in found}
    absent = {p.column for p in found if p.row == HEADER}
    return [p for p in problems if (p.row, p.column) not in cells and (p.row == HEADER or p.column not in absent)]


def _without(typed: pd.DataFrame, found: list[Problem]) -> pd.DataFrame:
    """Return the frame, or a copy that is missing what is known to be wrong."""
    if not found:
        return typed
    sound = typed.copy()
    rows: dict[str, list[int]] = {}
    for problem in found:
        rows.setdefault(problem.column, []).append(problem.row)
    for name, wrong in rows.items():
        sound[name] = sound[name].mask(sound.index.isin(wrong))
    return sound


def _columns(present: pd.Index, contract: Contract) -> Problems:
    """Find columns that are missing or there twice; columns beyond the contract are the owner's own."""
    for name in dict.fromkeys(present[present.duplicated()]):
        yield Problem(HEADER, as_writable(str(name)), "", "the column is there more than once: keep one")
    beyond = [name for name in present if isinstance(name, str) and name not in contract.names][:COMPARED_NAMES]
    for name in contract.names:
        if name in present:
            continue
        if name not in contract.optional:
            yield Problem(HEADER, name, "", f"the column is missing.{nearest(name, beyond)}")
        elif meant := get_close_matches(name, [word.strip().lower() for word in beyond], n=1, cutoff=MISSPELT):
            yield Problem(HEADER, name, "", f"the column is missing. Did you mean {meant[0]!r}?")


def _headers_again(frame: pd.DataFrame, contract: Contract) -> Problems:
    """Find the header among the rows, as tables have it that were pasted one below the other."""
    names = [name for name in contract.names if list(frame.columns).count(name) == 1]
    again = [isinstance(cell, str) and cell == names[0] for cell in frame[names[0]]] if names else []
    if any(again):
        rows = frame.loc[again, names].astype("object").map(str)
        yield from flag(rows[names[0]], rows.eq(names).all(axis=1), "is the header again: delete the row")


def _column(cells: pd.Series, column: Column, beside: Beside) -> Problems:
    """Find what is wrong with the cells of one column, each on its own."""
    allowed, within = column.allowed, column.within
    if column.of_lands:
        by_borders = getattr(beside.lands or shipped_lands(), column.of_lands)
        allowed, within = (
            (allowed, by_borders)
            if column.kind == "number"
            else ((*allowed, *by_borders) if by_borders else (), within)
        )
    if column.required and (missing := cells.isna().to_numpy()).any():
        told = "empty, and no place of the row tells it" if column.derived else "empty, but a value is required"
        yield from flag(cells, missing, told)
    if within is not None:
        low, high = within
        numbers = cells.to_numpy(dtype=float, na_value=np.nan)
        span = f"{low:g} to {high:g}" if np.isfinite(high) else f"{low:g} and more"
        yield from flag(cells, (numbers < low) | (numbers > high), f"is outside {span}")
    if (form := column.form) is not None:
        yield from _wrong(cells, lambda value: [] if form.fits(value) else [value], lambda _: f"is not {form.words}")
    if allowed:
        yield from _strangers(cells, column, allowed, _not_allowed(column, allowed, beside.lands or shipped_lands()))
    if column.refers in beside.keys:
        known = beside.keys[column.refers]
        if known is not None:
            told = f"is not in {column.refers}: add it there or correct it"
            yield from _strangers(cells, column, known, told)
        elif cells.notna().any():
            yield Problem(HEADER, column.name, "", f"cannot be checked: there is no table of {column.refers}")


def _not_allowed(column: Column, allowed: Iterable[str], lands: Lands) -> str:
    """Return the words for a value that is none of those allowed."""
    told = f"is not allowed: use one of {_listed(allowed)}"
    if column.of_lands == "countries" and not column.allowed and lands is shipped_lands():
        return f"{told}; for another war put its borders beside the tables, and use Tables.read(folder)"
    return told


def _listed(words: Iterable[str]) -> str:
    """Return words as a message lists them."""
    names = list(words)
    return ", ".join(names if len(names) <= NAMED else [*names[:NAMED], f"and {len(names) - NAMED:,} more"])


def _strangers(cells: pd.Series, column: Column, allowed: Iterable[str], message: str) -> Problems:
    """Find cells, or parts of cells that are lists, that name nothing known."""
    known = frozenset(allowed)
    guesses = min(GUESSES, max(1, COMPARED // max(1, len(known))))
    told: dict[str, str] = {}

    def strange(value: str) -> list[str]:
        parts = value.split(";") if column.kind == "list" else [value]
        return [part for part in parts if part not in known]

    def message_of(stranger: str) -> str:
        if stranger not in told:
            told[stranger] = f"{message}.{nearest(stranger, sorted(known)) if len(told) < guesses else ''}"
        return told[stranger]

    yield from _wrong(cells, strange, message_of)


def _wrong(cells: pd.Series, wrong_in: Callable[[str], list[str]], message_of: Callable[[str], str]) -> Problems:
    """Yield a problem for each wrong part of each cell of text; each value is looked at once."""
    wrong = {value: parts for value in cells.dropna().unique() if (parts := wrong_in(value))}
    if wrong:
        for at in map(int, cells.isin(list(wrong)).to_numpy().nonzero()[0]):
            for part in wrong[cells.iloc[at]]:
                yield Problem(int(cells.index[at]), str(cells.name), part, message_of(part))


def _unique(sound: pd.DataFrame, contract: Contract, found: Iterable[Problem]) -> Problems:
    """Find rows whose key stands in an earlier row, among those whose key can be read."""
    key = list(contract.key)
    if not key or not sound.duplicated(key).any():
        return
    unread = {p.row for p in found if p.column in key}
    rows = sound[~sound.index.isin(unread)]
    first = rows.index.to_series().groupby([rows[name] for name in key], dropna=False).transform("first")
    told = f"stands in row {{}} with the same {' and '.join(key[1:])}" if key[1:] else "stands in row {} already"
    yield from flag(rows[key[0]], first.ne(rows.index.to_series()), lambda at: told.format(first.iloc[at]))

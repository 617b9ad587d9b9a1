"""The rules of the contracts: each finds its problems and leaves the frame alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from conflictkit.errors import nearest
from conflictkit.schema.contracts import CONTRACTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from conflictkit.schema.contracts import Column, Contract

    Message = str | Callable[[int], str]
    Problems = Iterator["Problem"]
    Series = pd.Series

HEADER = 1  # the line of a CSV that names the columns
FIRST = 2  # the line of its first row

WRONG_TYPE = {
    "date": "is not a date: write a day as 2014-06-10",
    "number": "is not a number: write digits, with a point for decimals",
    "whole": "is not a whole number: write digits only",
}


class Problem(NamedTuple):
    """One thing that breaks a rule: the line of the CSV, the column, the value, and what is wrong with it."""

    row: int
    column: str
    value: str
    problem: str


def convert(frame: pd.DataFrame, contract: Contract) -> tuple[pd.DataFrame, list[Problem]]:
    """Give a frame the types of its contract.

    Parameters
    ----------
    frame
        Cells of any type; text that looks like the type is read.
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
            problems += _flag(cells, cells.notna() & values.isna(), WRONG_TYPE.get(column.kind, ""))
    return typed, problems


def _parse(cells: Series, kind: str) -> Series:
    """Return cells as their type; what cannot be read is missing."""
    if kind == "date":
        if not pd.api.types.is_datetime64_any_dtype(cells):
            cells = pd.to_datetime(cells.where(cells.isna(), cells.astype("str")), format="%Y-%m-%d", errors="coerce")
        return cells.astype("datetime64[us]")
    if kind in {"number", "whole"}:
        numbers = pd.to_numeric(cells, errors="coerce").astype("float64")
        return numbers.where(numbers.mod(1).eq(0)).astype("Int64") if kind == "whole" else numbers
    return cells.where(cells.isna(), cells.astype("str")).astype("str")


def check(frame: pd.DataFrame, contract: Contract, keys: Mapping[str, Iterable[str]]) -> list[Problem]:
    """Find every problem of a typed frame.

    Parameters
    ----------
    frame
        Frame as ``convert`` returns it.
    contract
        What it must look like.
    keys
        Table -> the values of its key, for the tables that the contract refers to.

    Returns
    -------
    list of Problem
        In order of the rows. If columns are missing, only that.
    """
    missing = [name for name in contract.names if name not in frame]
    if missing:
        return [Problem(HEADER, name, "", _missing_column(name, map(str, frame.columns))) for name in missing]
    problems = [p for column in contract.columns for p in _column(frame[column.name], column, keys)]
    problems += _unique(frame, contract.key)
    problems += [p for rule in contract.rules for p in RULES[rule](frame)]
    return sorted(problems, key=lambda p: p.row)


def _missing_column(name: str, present: Iterable[str]) -> str:
    found = list(present)
    return f"the column is missing.{nearest(name, found)} Columns found: {', '.join(found)}"


def _column(cells: Series, column: Column, keys: Mapping[str, Iterable[str]]) -> Problems:
    """Find what is wrong with the cells of one column, each on its own."""
    if column.required:
        yield from _flag(cells, cells.isna(), "empty, but a value is required")
    if column.within is not None:
        low, high = column.within
        yield from _flag(cells, cells.lt(low) | cells.gt(high), f"is outside {low:g} to {high:g}")
    if column.pattern:
        fits = cells.str.fullmatch(column.pattern).astype("boolean").fillna(value=True)
        yield from _flag(cells, ~fits, f"does not look like {column.pattern}")
    if column.allowed:
        yield from _names(cells, column, column.allowed, f"is not allowed: use one of {', '.join(column.allowed)}")
    if column.refers in keys:
        yield from _names(cells, column, keys[column.refers], f"is not in {column.refers}: add it there or correct it")


def _names(cells: Series, column: Column, allowed: Iterable[str], message: str) -> Problems:
    """Find cells, or parts of cells that are lists, that name nothing known."""
    known = set(allowed)
    for value in cells.dropna().unique():
        parts = str(value).split(";") if column.kind == "list" else [str(value)]
        for stranger in (part for part in parts if part not in known):
            told = f"{message}.{nearest(stranger, sorted(known))}"
            yield from (p._replace(value=stranger) for p in _flag(cells, cells.eq(value), told))


def _unique(frame: pd.DataFrame, key: tuple[str, ...]) -> Problems:
    """Find rows whose key stands in an earlier row; empty keys are another rule's business."""
    again = frame.duplicated(list(key)) & frame[key[0]].notna()
    yield from _flag(frame[key[0]], again, f"a second row with the same {' and '.join(key)}")


def point_unless_area(frame: pd.DataFrame) -> Problems:
    """Require a position of every place whose ``where_prec`` is not area, and of no other."""
    area = frame.where_prec.eq("area")
    for cells in (frame.latitude, frame.longitude):
        yield from _flag(cells, cells.isna() & ~area, "empty: a place without a position has where_prec = area")
        yield from _flag(cells, cells.notna() & area, "given, but a place with where_prec = area has no point")


def contested_is_a_state(frame: pd.DataFrame) -> Problems:
    """Require the status contested exactly where the new holder is ``contested``."""
    differs = frame.control_status.eq("contested") ^ frame.to_actor.eq("contested")
    yield from _flag(frame.control_status, differs, "contested goes with to_actor = contested, and only there")


def chain(frame: pd.DataFrame) -> Problems:
    """Require that, by date, a place begins with ``initial`` and each row takes over from the row before.

    The order of the rows in the file does not matter; where it is not the order of the dates, a broken chain says so.
    """
    lines = pd.Series(range(FIRST, FIRST + len(frame)), index=frame.index)
    rows = frame.assign(line=lines).sort_values(["place_id", "valid_from"], kind="stable")
    first = rows.place_id.ne(rows.place_id.shift())
    before, line_before = rows.to_actor.shift(), rows.line.shift()

    def broken(at: int) -> str:
        swapped = rows.line.iloc[at] < line_before.iloc[at]
        order = ", which stands below it: is a date in the wrong order?" if swapped else ""
        return f"breaks the chain: by date it follows line {line_before.iloc[at]:.0f} (to {before.iloc[at]!r}){order}"

    late_start = "but it is not the earliest row of its place: is a date in the wrong order?"
    found = [
        *_flag(rows.event, first & rows.event.ne("initial"), "but the earliest row of a place is event = initial"),
        *_flag(rows.event, ~first & rows.event.eq("initial"), late_start),
        *_flag(rows.from_actor, ~first & rows.from_actor.ne(before), broken),
    ]
    yield from (p._replace(row=int(rows.line.iloc[p.row - FIRST])) for p in found)


def no_cycle(frame: pd.DataFrame) -> Problems:
    """Forbid that an actor is its own parent, at any remove."""
    parent = dict(zip(frame.actor_id, frame.parent_id, strict=True))

    def own_ancestor(actor: str) -> bool:
        seen: set[str] = set()
        step = parent[actor]
        while step in parent and step != actor and step not in seen:
            seen.add(step)
            step = parent[step]
        return bool(step == actor)

    yield from _flag(frame.parent_id, frame.actor_id.map(own_ancestor), "makes the actor its own ancestor")


def low_best_high(frame: pd.DataFrame) -> Problems:
    """Require ``low <= best <= high``, as far as they are known."""
    prefix = "strength_" if "strength_low" in frame else ""
    ends = [frame[prefix + end] for end in ("low", "best", "high") if prefix + end in frame]
    for i, small in enumerate(ends):
        for large in ends[i + 1 :]:
            yield from _flag(small, small.gt(large), f"is larger than {large.name}")


def from_before_to(frame: pd.DataFrame) -> Problems:
    """Require that an interval ends after it begins; it is half open, so both on one day would be empty."""
    yield from _flag(frame.valid_to, frame.valid_to.le(frame.valid_from), "is not after valid_from")


def baseline_before(frame: pd.DataFrame) -> Problems:
    """Require that the baseline of a loss does not lie after the figure."""
    yield from _flag(frame.baseline_date, frame.baseline_date.gt(frame.as_of), "is after as_of")


def bounds_as_named(frame: pd.DataFrame) -> Problems:
    """Require the numbers that a bound type names, and one side only of a one-sided bound."""
    needs = {"range": ("low", "high"), "point": ("best",), "at_least": ("low",), "at_most": ("high",)}
    forbids = {"at_least": "high", "at_most": "low"}
    for bound, columns in needs.items():
        rows = frame.bound_type.eq(bound)
        for column in columns:
            yield from _flag(frame[column], rows & frame[column].isna(), f"empty, but bound_type is {bound}")
        if bound in forbids:
            other = frame[forbids[bound]]
            yield from _flag(other, rows & other.notna(), f"given, but bound_type is {bound}")


def place_when_scope(frame: pd.DataFrame) -> Problems:
    """Require a place exactly where the scope of a figure is a place."""
    differs = frame.scope.eq("place") ^ frame.place_id.notna()
    yield from _flag(frame.place_id, differs, "must be filled exactly where scope = place")


RULES: dict[str, Callable[[pd.DataFrame], Problems]] = {
    rule.__name__: rule
    for rule in (
        *(point_unless_area, contested_is_a_state, chain, no_cycle, low_best_high, from_before_to, baseline_before),
        *(bounds_as_named, place_when_scope),
    )
}


def _flag(cells: Series, where: Series, message: Message) -> Problems:
    """Return a problem for each marked cell; its row is its position, counted as in a CSV."""
    for at in map(int, pd.Series(where).to_numpy(dtype=bool, na_value=False).nonzero()[0]):
        told = message if isinstance(message, str) else message(at)
        yield Problem(at + FIRST, str(cells.name), _text(cells.iloc[at]), told)


def _text(value: object) -> str:
    """Return a cell as it would stand in the CSV."""
    if pd.isna(value):  # type: ignore[call-overload]
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def referred(contract: Contract) -> set[str]:
    """Return the tables that a contract refers to."""
    return {column.refers for column in contract.columns if column.refers}


def key_of(table: str) -> str:
    """Return the column of a table that other tables name."""
    return CONTRACTS[table].key[0]

"""What hangs on rows that are gone: a table was replaced, and the tables beside it still name what it no longer has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conflictkit.schema._contracts import CONTRACTS
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conflictkit.schema._contracts import Column, Contract

# What others name, and official figures: a row stands although a page or an actor that it names is gone, and the cell
# is emptied. A row of evidence does not stand, and is set aside.
STANDS = frozenset({"places", "actors", "sources", "governorate_population"})
JOIN = ", "  # between the parts of a key
REJECTED = ("table", "row_key", "reason")


def without_hanging(
    tables: Mapping[str, pd.DataFrame], own: Mapping[str, pd.DataFrame]
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Take out of tables that stay what hangs on rows of the tables that were replaced.

    Parameters
    ----------
    tables
        Every table as it was, typed, its rows counted from 0.
    own
        The tables that take the place of some of them, typed.

    Returns
    -------
    changed, rejected
        The tables that lost something, by name; one row per row that was set aside or lost a cell: ``table``,
        ``row_key``, ``reason``. Of the control changes all rows of a place go, since its chain is broken.
    """
    gone = {name: _ids(tables[name], name) - _ids(own[name], name) for name in own}
    changed: dict[str, pd.DataFrame] = {}
    listed: list[tuple[str, str, str]] = []
    for name, contract in CONTRACTS.items():
        if name in own or name not in tables:
            continue
        frame, reasons = tables[name], _reasons(tables[name], contract, gone)
        for other, rule in contract.beside:
            if other in own:
                sound = frame.drop(index=list(reasons))
                reasons |= {p.row: f"{p.column} {p.value} {p.problem}" for p in rule(sound, own[other])}
        if name == "control_changes" and reasons:
            reasons |= _same_place(frame, reasons)
        if reasons:
            changed[name] = _emptied(frame, contract, gone) if name in STANDS else frame.drop(index=list(reasons))
            changed[name] = changed[name].reset_index(drop=True)
            changed[name].attrs = dict(frame.attrs)
            rows = sorted(reasons)
            keys = row_keys(frame.loc[rows], name)
            listed += [(name, key, reasons[row]) for row, key in zip(rows, keys, strict=True)]
    return changed, pd.DataFrame(listed, columns=list(REJECTED), dtype=TEXT)


def _ids(frame: pd.DataFrame, table: str) -> set[object]:
    return set(frame[CONTRACTS[table].key[0]])


def _reasons(frame: pd.DataFrame, contract: Contract, gone: Mapping[str, set[object]]) -> dict[int, str]:
    """Return the rows that name what is gone, each with the reason."""
    reasons: dict[int, str] = {}
    for column in contract.references:
        lost = gone.get(column.refers)
        if not lost:
            continue
        for row, cell in frame[column.name].dropna().items():
            if missing := [part for part in _parts(cell, column) if part in lost]:
                reasons.setdefault(int(str(row)), f"{column.name} {', '.join(missing)}: no longer in {column.refers}")
    return reasons


def _same_place(frame: pd.DataFrame, reasons: Mapping[int, str]) -> dict[int, str]:
    """Return the other rows of the places whose chain is broken."""
    places = set(frame["place_id"][list(reasons)])
    rows = frame.index[frame["place_id"].isin(places) & ~frame.index.isin(list(reasons))]
    return dict.fromkeys(map(int, rows), "another row of this place is set aside, so that its chain is broken")


def _emptied(frame: pd.DataFrame, contract: Contract, gone: Mapping[str, set[object]]) -> pd.DataFrame:
    """Return the rows without the names of what is gone."""
    cells = {}
    for column in contract.references:
        if lost := gone.get(column.refers):
            kept = [_rest(cell, column, lost) for cell in frame[column.name]]
            cells[column.name] = pd.Series(kept, index=frame.index, dtype=TEXT)
    return frame.assign(**cells)


def _rest(cell: object, column: Column, lost: set[object]) -> object:
    """Return what a cell names that is still there."""
    return cell if pd.isna(cell) else ";".join(part for part in _parts(cell, column) if part not in lost) or None  # type: ignore[call-overload]


def _parts(cell: object, column: Column) -> list[str]:
    return str(cell).split(";") if column.kind == "list" else [str(cell)]


def row_keys(frame: pd.DataFrame, table: str) -> pd.Series:
    """Return the key of each row of a table as text, its parts joined."""
    parts = [texts_of(frame[name]) for name in CONTRACTS[table].key]
    joined = parts[0]
    for part in parts[1:]:
        joined = joined + JOIN + part
    return joined.astype(TEXT)


def texts_of(cells: pd.Series) -> pd.Series:
    """Return cells as text, days as ISO dates."""
    if not pd.api.types.is_datetime64_dtype(cells.dtype):
        return cells.astype("str")
    days = np.datetime_as_string(cells.to_numpy(dtype="datetime64[D]"))  # at once: a picture asks for thousands
    return pd.Series(days, index=cells.index, dtype=TEXT).mask(cells.isna())

"""What differs between two sets of tables, row by row."""

from __future__ import annotations

from dataclasses import fields

import pandas as pd

from conflictkit.errors import TableError
from conflictkit.evidence._rows import cells_of
from conflictkit.schema import CONTRACTS
from conflictkit.tables import Tables, table_of
from conflictkit.text import TEXT

Row = dict[str, str]
COLUMNS = ("table", "row_key", "field", "old", "new")
WHOLE = "(row)"  # the field of a row that only one side has


def diff_tables(old: Tables, new: Tables) -> pd.DataFrame:
    """Return what differs between two sets of tables: rows that came, went or changed.

    Parameters
    ----------
    old, new
        Tables, as ``Tables.shipped()``, ``Tables.read(folder)`` or ``replace`` returns them.

    Returns
    -------
    pandas.DataFrame
        One row per difference, by table and key: ``table``; ``row_key`` (the cells of the key, joined with ``, ``);
        ``field`` (the column, or ``(row)`` where only one side has the row); ``old`` and ``new`` (cells as text;
        missing where that side has none). Empty for equals.

    Raises
    ------
    TableError
        If one of them is no ``Tables``.

    Notes
    -----
    Rows are compared by the key of their table, cells by their text. Borders and layers are not compared. What a change
    does to the land is the difference of two ``Territory.area``: see docs/editing-the-tables.md.

    Examples
    --------
    >>> import conflictkit as ck
    >>> shipped = ck.Tables.shipped()
    >>> changes = shipped.control_changes
    >>> mine = shipped.replace(control_changes=changes.assign(note=changes["note"].mask(changes["place_id"] == "rawa")))
    >>> sorted(set(diff_tables(shipped, mine)["field"]))
    ['note']
    """
    pair: tuple[object, ...] = (old, new)
    for given in pair:
        if not isinstance(given, Tables):
            msg = (
                f"diff_tables compares two Tables, not a {type(given).__name__}: Tables.shipped(), Tables.read(folder)."
            )
            raise TableError(msg)
    parts = []
    for attribute in compared():
        before, after = (cells_of(tables, attribute, every=True) for tables in (old, new))
        for key in dict.fromkeys([*before, *after]):
            parts += [(table_of(attribute), key, *told) for told in _differences(before.get(key), after.get(key))]
    return pd.DataFrame(parts, columns=list(COLUMNS), dtype=TEXT).sort_values(
        ["table", "row_key"], kind="stable", ignore_index=True
    )


def compared() -> list[str]:
    """Return the attributes of Tables that are tables with a key."""
    return [field.name for field in fields(Tables) if table_of(field.name) in CONTRACTS]


def _differences(before: Row | None, after: Row | None) -> list[tuple[str, str | None, str | None]]:
    """Return the fields in which two rows differ, with both cells."""
    if before is None or after is None:
        return [(WHOLE, _line(before), _line(after))]
    names = dict.fromkeys([*before, *after])
    return [(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)]


def _line(row: Row | None) -> str | None:
    """Return a row in one line; None for none."""
    return None if row is None else "; ".join(f"{name}={cell}" for name, cell in row.items())

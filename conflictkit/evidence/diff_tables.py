"""What differs between two sets of tables: row by row, and in the land that follows from them."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, get_args

import pandas as pd

from conflictkit.errors import TableError, known
from conflictkit.evidence._rows import cells_of
from conflictkit.schema import CONTRACTS, JOIN, texts_of
from conflictkit.tables import LAYERS, Tables, table_of
from conflictkit.territory import Level, Territory
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from conflictkit.dates import DatesLike

Row = dict[str, str]
COLUMNS = ("table", "row_key", "field", "old", "new")
WHOLE = "(row)"  # the field of a row that only one side has
AREA = "area"  # what stands for the table of rows on land
AREA_KEY = ["date", "scope", "actor_id"]
LEAST_KM2 = 0.1  # of a difference: figures are told to one decimal


def diff_tables(old: Tables, new: Tables, *, dates: DatesLike | None = None, level: Level = "claimed") -> pd.DataFrame:
    """Return what differs between two sets of tables: rows that came, went or changed, and the land on each day.

    Parameters
    ----------
    old, new
        Tables, as ``Tables.shipped()``, ``Tables.read(folder)`` or ``replace`` returns them.
    dates
        Days on which land is compared; by default every day on which something changes in one of them.
    level
        The land that is compared: ``claimed`` or ``core``.

    Returns
    -------
    pandas.DataFrame
        One row per difference, by table and key: ``table``; ``row_key`` (the cells of the key, joined with ``, ``);
        ``field`` (the column, or ``(row)`` where only one side has the row); ``old`` and ``new`` (cells as text;
        missing where that side has none). Last, with ``area`` for the table, land: one row per day, scope and holder
        whose land is not the same, with these as the key, ``claimed_km2`` or ``core_km2`` as the field, and km2 to one
        decimal. Empty for equals.

    Raises
    ------
    TableError
        If one of them is no ``Tables``.
    DateError
        If a date cannot be read, or `new` does not cover it.
    UnknownNameError
        If the level is unknown.
    TerritoryError
        If `level` is ``core`` and a side has no settlements.

    Notes
    -----
    Rows are compared by the key of their table, cells by their text. Borders and layers are not compared, but land is
    measured in them. Land comes as rows, in the form of all others, so that no difference hides where one does not
    look; ``found[found["table"] == "area"]`` has it alone. It is that of ``Territory.area``; a side without places,
    changes or borders, or that does not cover a day, has none.

    Examples
    --------
    >>> import conflictkit as ck
    >>> shipped = ck.Tables.shipped()
    >>> changes = shipped.control_changes
    >>> mine = shipped.replace(control_changes=changes.assign(note=changes["note"].mask(changes["place_id"] == "rawa")))
    >>> sorted(set(diff_tables(shipped, mine)["field"]))
    ['note']
    >>> later = (changes["place_id"] == "rawa") & (changes["valid_from"] == "2017-11-17")
    >>> mine = shipped.replace(control_changes=changes.assign(to_actor=changes["to_actor"].mask(later, "pmf")))
    >>> diff_tables(shipped, mine, dates="2017-11-20").query("table == 'area'")["row_key"].tolist()
    ['2017-11-20, IQ, iraq_gov', '2017-11-20, IQ, pmf', '2017-11-20, all, iraq_gov', '2017-11-20, all, pmf']
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
    rows = pd.DataFrame(parts, columns=list(COLUMNS), dtype=TEXT).sort_values(["table", "row_key"], kind="stable")
    return pd.concat([rows, _of_land(old, new, dates, level)], ignore_index=True).astype(TEXT)


def _of_land(old: Tables, new: Tables, dates: DatesLike | None, level: Level) -> pd.DataFrame:
    """Return the holders whose land is not the same, by day and scope."""
    known("level", level, get_args(Level))
    lands = [land_of(tables) for tables in (old, new)]
    moving = [day for land in lands if land is not None for day in land.dates]
    days = pd.DatetimeIndex(sorted(set(moving))) if dates is None else new.days(dates)
    km2 = pd.concat([_km2(land, days, level) for land in lands], axis=1, keys=["old", "new"]).sort_index()
    apart = km2[(km2["new"].fillna(0.0) - km2["old"].fillna(0.0)).abs() >= LEAST_KM2].reset_index()
    key = texts_of(apart["date"]) + JOIN + apart["scope"].astype(TEXT) + JOIN + apart["actor_id"].astype(TEXT)
    told = {side: apart[side].map("{:.1f}".format, na_action="ignore") for side in ("old", "new")}
    return pd.DataFrame({"table": AREA, "row_key": key, "field": f"{level}_km2", **told}).astype(TEXT)


def land_of(tables: Tables) -> Territory | None:
    """Return the land of some tables; None where they have none."""
    bare = tables.control_changes.empty or tables.places.empty or tables.borders.empty
    return None if bare else Territory.from_places(tables=tables)


def _km2(land: Territory | None, days: pd.DatetimeIndex, level: Level) -> pd.Series:
    """Return the land of each holder by day and scope, on the days that the tables cover."""
    if land is None:
        return pd.Series(index=pd.MultiIndex.from_arrays([[], [], []], names=AREA_KEY), dtype="float64")
    first, last = land.covers
    return land.area(days[(days >= first) & (days <= last)], level=level).set_index(AREA_KEY)["area_km2"]


def compared() -> list[str]:
    """Return the attributes of Tables that are tables with a key."""
    return [field.name for field in fields(Tables) if field.name not in LAYERS and table_of(field.name) in CONTRACTS]


def _differences(before: Row | None, after: Row | None) -> list[tuple[str, str | None, str | None]]:
    """Return the fields in which two rows differ, with both cells."""
    if before is None or after is None:
        return [(WHOLE, _line(before), _line(after))]
    names = dict.fromkeys([*before, *after])
    return [(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)]


def _line(row: Row | None) -> str | None:
    """Return a row in one line; None for none."""
    return None if row is None else "; ".join(f"{name}={cell}" for name, cell in row.items())

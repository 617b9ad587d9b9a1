"""How far the ids of other data sets reach: of each code in the tables, how many rows it names for sure.

What a file of events brings is counted where it is read (``read_events``); this is the other half, the tables' own.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from conflictkit.actors import NOBODY
from conflictkit.placenames import names_of
from conflictkit.prose import number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conflictkit.tables import Tables

NAMED = 4  # rows that a line names
SHARED = "?"  # behind an id that others share
# Codes and names by which other data join, and the column that names a row.
CODES = {
    "governorates": ("admin1", ("iso_3166_2", "pcode", "geonameid", "fips")),
    "actors": ("actor_id", ("ucdp_ids", "acled_names", "aliases", "gw_code", "wikidata")),
    "places": ("place_id", ("geonameid",)),
}


class Join(NamedTuple):
    """A column by which other data join a table."""

    table: str
    column: str
    matched: int  # rows with an id that is theirs alone
    ambiguous: tuple[str, ...]  # rows with an id that another row has too, or that others share
    unmatched: tuple[str, ...]  # rows without one, or with one that the other table does not have


def joins(tables: Tables) -> list[Join]:
    """Return a row per code of governorates, actors and places, one for names, and two for joins between tables."""
    frames = {
        "governorates": tables.governorate_codes,
        "actors": tables.actors[~tables.actors["actor_id"].isin(NOBODY)],
        "places": tables.places,
    }
    found = [
        _join(frames[table], table, key, column)
        for table, (key, columns) in CODES.items()
        for column in columns
        if column in frames[table]
    ]
    # the names by which the tables and the layers of borders and settlements know one another
    drawn, known = set(tables.governorates["admin1"]), set(tables.settlements["geonameid"].dropna())
    names = frames["governorates"]["admin1"].tolist()
    places = frames["places"].dropna(subset=["geonameid"])
    inside = places["geonameid"].isin(known)
    return [
        *found,
        Join("governorates", "admin1 among the borders", *_parted(names, [name in drawn for name in names])),
        _by_name(tables.places),
        Join("places", "geonameid among the settlements", *_parted(places["place_id"].tolist(), inside.tolist())),
    ]


def join_lines(tables: Tables) -> Iterator[str]:
    """Yield a line per join, with the first rows that are ambiguous, and the unmatched where they are few."""
    for join in joins(tables):
        if not (join.matched or join.ambiguous):
            continue  # a column that nobody filled in
        told = f"join: {join.table} by {join.column}: {number(join.matched)} matched"
        told += f", {number(len(join.ambiguous))} ambiguous{_named(join.ambiguous)}"
        few = join.unmatched if len(join.unmatched) <= NAMED else ()
        yield f"{told}, {number(len(join.unmatched))} unmatched{_named(few)}"


def _join(frame: pd.DataFrame, table: str, key: str, column: str) -> Join:
    """Return how far one column reaches; lists are read part by part, and a row counts once."""
    cells = [[] if pd.isna(cell) else str(cell).casefold().split(";") for cell in frame[column]]
    owners = Counter(part.removesuffix(SHARED) for parts in cells for part in dict.fromkeys(parts))
    names = frame[key].astype(str).tolist()
    doubtful = [any(part.endswith(SHARED) or owners[part] > 1 for part in parts) for parts in cells]
    return Join(
        table,
        column,
        sum(bool(parts) and not doubt for parts, doubt in zip(cells, doubtful, strict=True)),
        tuple(name for name, doubt in zip(names, doubtful, strict=True) if doubt),
        tuple(name for name, parts in zip(names, cells, strict=True) if not parts),
    )


def _by_name(places: pd.DataFrame) -> Join:
    """Return how many places are meant by their name, however it is spelled: not those that share it."""
    names, rows = names_of(places), places[["place_id", "name"]].itertuples(index=False)
    several = tuple(place_id for place_id, name in rows if len(names.exact(name, names.ids)) > 1)
    return Join("places", "name, folded", len(places) - len(several), several, ())


def _parted(names: list[str], matched: list[bool]) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
    """Return how many are matched, none that are ambiguous, and those that are not matched."""
    return sum(matched), (), tuple(name for name, there in zip(names, matched, strict=True) if not there)


def _named(rows: tuple[str, ...]) -> str:
    """Return the first rows in brackets."""
    more = ", ..." if len(rows) > NAMED else ""
    return f" ({', '.join(rows[:NAMED])}{more})" if rows else ""

"""The door for published figures: a frame of any types comes in, a typed one with usable numbers goes out.

``described`` then tells of each row what the questions ask: what it counts, where, when at the earliest and the latest,
who says so and whose side that is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from conflictkit.dates import first_day, last_day
from conflictkit.errors import TableError, need
from conflictkit.ranges import BOUNDS
from conflictkit.schema import typed
from conflictkit.tables import Tables
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from conflictkit.actors import Hierarchy


WINDOW_DAYS = 92  # of one time: a quarter, the longest interval between regular counts in the tables
NEEDED = ("as_of", "date_prec", "actor_id", "scope", "estimator")
COUNTS = {"fighter_estimates": ("quantity",), "area_estimates": ("metric", "unit", "control_definition")}
# The person, the occasion or the page in brackets is not the estimator: CJTF-OIR (Col. Ryan Dillon), Russia (as cited).
ASIDE = r"\s*\([^)]*\)"
NAMED = 5  # wrong rows that a message names


def figures_of(estimates: pd.DataFrame | None, tables: Tables | None, *, what: str) -> tuple[pd.DataFrame, Tables]:
    """Return published figures, typed and usable, and the tables that they belong to.

    Parameters
    ----------
    estimates
        Rows of fighters or of land, cells of any type; None for the fighter estimates of the tables.
    tables
        The tables; None for the shipped ones.
    what
        Who asks, for the message.

    Returns
    -------
    rows, tables
        One row per row, same index: every column of its table, typed, then its own as they came.

    Raises
    ------
    TableError
        If there is no row, a column is missing, a cell is not of its type, or a row has no usable number.
    """
    tables = tables or Tables.shipped()
    given = tables.fighter_estimates if estimates is None else estimates
    columns = getattr(given, "columns", ())
    table = "area_estimates" if "metric" in columns and "quantity" not in columns else "fighter_estimates"
    need(given, (*NEEDED, *COUNTS[table]), what=what, like=f"load_{table}")
    rows = typed(given, table)
    _usable(rows, table)
    return rows, tables


def _usable(rows: pd.DataFrame, table: str) -> None:
    """Raise if a row lacks what is needed, or has no usable number."""
    for column in (*NEEDED, *COUNTS[table]):
        if rows[column].isna().any():
            msg = f"{column} is empty in some rows. validate(frame, {table!r}) names them."
            raise TableError(msg)
    ends = _ends(rows)
    numbers = rows[list(BOUNDS)]
    upside_down = ends["least"].gt(ends["most"]) | ends["best"].lt(ends["least"]) | ends["best"].gt(ends["most"])
    wrong = upside_down | numbers.lt(0).any(axis=1) | ends[["least", "most"]].isna().all(axis=1)
    if wrong.any():
        bad = rows[wrong]
        named = "; ".join(name(row) for _, row in bad.head(NAMED).iterrows())
        msg = (
            f"{len(bad)} of {len(rows)} rows have low above high, a negative number or none: {named}. "
            f"validate(frame, {table!r}) says what is wrong in each."
        )
        raise TableError(msg)


def described(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Return the rows of the door with what the questions ask of each.

    ``thing`` (what is counted), ``place`` (its id or empty), ``of`` (the origin of those counted, or empty), ``voice``
    (the estimator without the speaker), ``speaker`` (the actor that it speaks for, or empty), ``side`` (the speaker's),
    ``least`` and ``most`` (a single figure is both), ``first`` and ``last`` (the days that it can be about).
    """
    speaker = _speakers(rows, tables.sources)
    return rows.assign(
        thing=_thing(rows),
        place=text(rows, "place_id"),
        of=text(rows, "origin"),
        voice=_voices(rows["estimator"]),
        speaker=speaker,
        side=side_of(speaker, tables.hierarchy),
        **_ends(rows)[["least", "most"]],
        first=first_day(rows["as_of"], rows["date_prec"]),
        last=last_day(rows["as_of"], rows["date_prec"]),
    )


def _ends(rows: pd.DataFrame) -> pd.DataFrame:
    """Return least and most of each row: a single figure is both, a side of which nothing is said is missing."""
    single = rows["best"].where(rows["low"].isna() & rows["high"].isna())
    return pd.DataFrame(
        {"least": rows["low"].fillna(single), "most": rows["high"].fillna(single), "best": rows["best"]}
    )


def _thing(rows: pd.DataFrame) -> pd.Series:
    """Return what each row counts, in one text: the quantity, or metric, unit, definition and baseline of land."""
    if "quantity" in rows:
        return rows["quantity"]
    since = (" since " + rows["baseline_date"].dt.strftime("%Y-%m-%d")).fillna("")
    return pd.Series(rows["metric"] + " in " + rows["unit"] + ", " + rows["control_definition"] + since, dtype=TEXT)


def text(rows: pd.DataFrame, column: str) -> pd.Series:
    """Return the text of a column, empty where there is none."""
    cells = rows[column] if column in rows else pd.Series(None, index=rows.index)
    return cells.astype("object").where(cells.notna(), "").astype(TEXT)


def _voices(estimators: pd.Series) -> pd.Series:
    """Return the estimator of each row without what stands in brackets: one voice, whoever spoke for it."""
    bare = estimators.str.replace(ASIDE, "", regex=True).str.strip()
    return bare.where(bare.ne(""), estimators)


def _speakers(rows: pd.DataFrame, sources: pd.DataFrame) -> pd.Series:
    """Return the actor that each row speaks for: the estimator's or, without one, the party of the page; or empty."""
    party = rows["source_id"].map(sources.set_index("source_id")["party"])
    return rows["estimator_actor_id"].fillna(party).fillna("").astype(TEXT)


def side_of(actor_ids: pd.Series, hierarchy: Hierarchy) -> pd.Series:
    """Return the side of each actor, or the actor itself where it has none: the United States are the Coalition's."""
    return actor_ids.map(lambda actor_id: hierarchy.side.get(actor_id, actor_id)).astype(TEXT)


def name(row: pd.Series) -> str:
    """Return a row's id or, without one, its numbers and its estimator."""
    if isinstance(row.get("estimate_id"), str):
        return str(row["estimate_id"])
    numbers = ", ".join(f"{bound} {row[bound]:g}" for bound in BOUNDS if pd.notna(row[bound]))
    return f"{numbers or 'no number'} ({row['estimator']})"


def everybody(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that count everybody, without subsets by origin; those subsets where there is nothing else."""
    whole = text(rows, "origin").eq("")
    return rows[whole] if whole.any() else rows


def days_apart(figures: pd.DataFrame) -> int:
    """Return the days between the two rows that are farthest apart; months and years count as near as they can be."""
    apart: pd.Timedelta = figures["first"].max() - figures["last"].min()
    return max(0, apart.days)


SURE, OPEN, APART = "overlap", "may overlap", "apart"


class Area(NamedTuple):
    """What is known of a place."""

    name: str
    countries: frozenset[str]
    admin1: str
    is_area: bool


@dataclass(frozen=True, eq=False)
class Scopes:
    """The actors and places that figures are about, and how they lie to each other."""

    tables: Tables

    @cached_property
    def areas(self) -> dict[str, Area]:
        """The places by id."""
        columns = ["place_id", "name", "country", "admin1", "kind"]
        rows = self.tables.places.fillna({"admin1": ""})[columns].to_numpy().tolist()
        return {
            place_id: Area(name, frozenset(country.split(";")), admin1, kind == "area")
            for place_id, name, country, admin1, kind in rows
        }

    @cached_property
    def all_groups(self) -> frozenset[str]:
        """The actors that stand for all groups together: they overlap with each of them, though they are no parent."""
        actors = self.tables.actors
        return frozenset(actors.loc[actors["kind"] == "all_groups", "actor_id"])

    def actors_overlap(self, one: str, other: str) -> bool:
        """Tell whether one actor is the other, or a part of it."""
        return not self.all_groups.isdisjoint({one, other}) or self.tables.hierarchy.related(one, other)

    def countries(self, scope: str, place_id: str) -> frozenset[str]:
        """Return the codes of the countries of a row; none if they are not known."""
        if place_id:
            return self.areas[place_id].countries if place_id in self.areas else frozenset()
        return self.tables.countries_of(scope)

    def overlap(self, one: tuple[str, str], other: tuple[str, str]) -> str:
        """Return how two areas, each (scope, place_id), lie to each other: overlap, may overlap, or apart.

        Countries overlap if they share one, a place with its country. A place overlaps with itself and with a place
        whose name holds its own (Mosul, West Mosul). An area has no outline: it may overlap with any place in the same
        governorate, or in the same country where its governorate is not known.
        """
        here, there = one[1], other[1]
        shared = self.countries(*one) & self.countries(*other)
        # a country and whatever lies in it
        if not (here and there):
            known = self.countries(*one) and self.countries(*other)
            return SURE if shared else APART if known else OPEN
        if here == there:
            return SURE
        # two places: by their names, and areas by their governorates
        if here not in self.areas or there not in self.areas:
            return OPEN
        if not shared:
            return APART
        a, b = self.areas[here], self.areas[there]
        if not (a.is_area or b.is_area):
            return SURE if _one_in_the_other(a.name, b.name) else APART
        return OPEN if not (a.admin1 and b.admin1) or a.admin1 == b.admin1 else APART


def _one_in_the_other(one: str, other: str) -> bool:
    """Tell whether one name stands in the other as whole words."""
    short, long = sorted((one, other), key=len)
    return re.search(rf"\b{re.escape(short)}\b", long) is not None

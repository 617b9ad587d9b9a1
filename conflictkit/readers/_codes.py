"""Which actors and governorates of tables the codes and names of event data mean: one, several, or none."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from conflictkit.actors import NOBODY
from conflictkit.errors import need
from conflictkit.placenames import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    State = Literal["matched", "ambiguous", "unmatched", "unnamed"]

UNNAMED: State = "unnamed"
STATES: tuple[State, ...] = ("matched", "ambiguous", "unmatched", UNNAMED)
SHARED = "?"  # behind an id that is not the actor's alone
AREA = "admin1"
PCODE = "\0"  # before a P-code among words: no cell of a file begins with it
YEARS = re.compile(r" ?\(\d{4}-(?:\d{4})?\)")  # of a government, as ACLED writes them into a name


class Tally:
    """How many rows of each column were matched, and what they name that was not."""

    def __init__(self) -> None:
        """Start with no row."""
        self.rows: Counter[tuple[str, State]] = Counter()
        self.without: Counter[tuple[str, str]] = Counter()

    def add(self, other: Tally) -> None:
        """Add the rows of another one."""
        self.rows += other.rows
        self.without += other.without

    def told(self, *columns: str) -> dict[str, dict[str, int]]:
        """Return the counts as they stand beside a table: by column, and of what has no id, the most rows first."""
        by_column: dict[str, dict[str, int]] = {
            name: {state: self.rows[name, state] for state in STATES} for name in columns
        }
        without: Counter[str] = Counter()
        for (column, name), rows in self.without.items():
            without += Counter({name: rows}) if column in columns else Counter()
        return {**by_column, "without_id": dict(sorted(without.items(), key=lambda item: (-item[1], item[0])))}

    def look_up(self, column: str, asked: pd.Series, found: Callable[[str], tuple[str, ...]]) -> pd.Series:
        """Return the id of each cell, missing where it can mean none or several, and count the rows of the column."""
        numbers, distinct = pd.factorize(asked)
        ids = [found(str(cell)) for cell in distinct]
        sure = np.array([each[0] if len(each) == 1 else np.nan for each in ids] + [np.nan], dtype=object)
        # the last one, -1, is that of a missing cell
        for state, rows in zip([*map(_state, ids), UNNAMED], _rows(numbers, len(distinct)), strict=True):
            self.rows[column, state] += rows
        return pd.Series(sure[numbers], index=asked.index, dtype="str")

    def note(self, column: str, words: pd.Series, ids: pd.Series, asked: pd.Series) -> None:
        """Note what the rows are called that ask for an id and have none."""
        without = words[ids.isna() & asked.notna()].value_counts()
        self.without += Counter({(column, str(name)): int(rows) for name, rows in without.items()})


class Codes:
    """The codes and names of a table of actors."""

    def __init__(self, actors: pd.DataFrame) -> None:
        """Read the ids of UCDP, the names, aliases and ids; the years in a name of ACLED are part of it."""
        need(actors, ["actor_id", "name"], what="read_events(actors=...)", like="load_actors")
        self._numbers: dict[str, set[str]] = defaultdict(set)
        self._names: dict[str, set[str]] = defaultdict(set)
        self._undated: dict[str, set[str]] = defaultdict(set)
        self._shared: set[str] = set()
        for row in actors[~actors["actor_id"].isin(NOBODY)].to_dict("records"):
            actor = str(row["actor_id"])
            for code in _parts(row.get("ucdp_ids")):
                self._numbers[code.removesuffix(SHARED)].add(actor)
                self._shared |= {code.removesuffix(SHARED)} if code.endswith(SHARED) else set()
            for name in (actor, str(row["name"]), *_parts(row.get("aliases")), *_parts(row.get("acled_names"))):
                self._names[_plain(name)].add(actor)
                self._undated[_plain(YEARS.sub("", name))].add(actor)

    def of(
        self, column: str, words: pd.Series, codes: pd.Series | None, tally: Tally, *, named: bool = True
    ) -> pd.Series:
        """Return the id of each actor, missing where there is no single one, and count the rows.

        Parameters
        ----------
        column
            Under which the rows are counted.
        words
            What the file calls the actors.
        codes
            Their ids of UCDP; None where the layout has none, and names count.
        named
            Whether the words of the layout are names at all.
        """
        asked = words if codes is None else codes
        found = partial(self._found, by_id=codes is not None) if named else _nobody
        ids = tally.look_up(column, asked, found)
        tally.note(column, words, ids, asked)
        return ids

    def _found(self, cell: str, *, by_id: bool) -> tuple[str, ...]:
        """Return the actors that a cell can mean; a second one that has no name where it is not theirs alone."""
        if by_id:
            ids = sorted(self._numbers.get(cell, ()))
            return (*ids, "") if cell in self._shared else tuple(ids)
        if exact := self._names.get(_plain(cell)):
            return tuple(sorted(exact))
        # the name of another government of the same state, or of one whose years are not listed
        return (*sorted(undated), "") if (undated := self._undated.get(_plain(YEARS.sub("", cell)))) else ()


class Areas:
    """The codes and names of a table of governorates."""

    def __init__(self, governorates: pd.DataFrame) -> None:
        """Read the codes, names and aliases; a P-code is looked up as such, since FIPS has others of the same form."""
        need(governorates, ["admin1", "iso_3166_2"], what="read_events(governorates=...)", like="load_governorates")
        self._pcodes: dict[str, set[str]] = defaultdict(set)
        self._names: dict[str, set[str]] = defaultdict(set)
        for row in governorates.dropna(subset=["iso_3166_2"]).to_dict("records"):
            iso = str(row["iso_3166_2"])
            codes = [str(row[name]) for name in ("pcode", "fips") if isinstance(row.get(name), str)]
            for word in (iso, str(row["admin1"]), *codes, *_parts(row.get("aliases"))):
                self._names[fold(word)].add(iso)
            if isinstance(pcode := row.get("pcode"), str):
                self._pcodes[_plain(pcode)].add(iso)

    def of(self, words: pd.Series, pcodes: pd.Series, tally: Tally) -> pd.Series:
        """Return the ISO code of each governorate, missing where there is no single one, and count the rows.

        Parameters
        ----------
        words
            What the file calls the governorates.
        pcodes
            Their P-codes, also those of districts in them; they count before the words.
        tally
            What counts the rows.
        """
        known = pcodes.notna()
        asked = words.where(~known, PCODE + pcodes)
        ids = tally.look_up(AREA, asked, self._found)
        tally.note(AREA, words.where(~known, pcodes), ids, asked)
        return ids

    def _found(self, cell: str) -> tuple[str, ...]:
        """Return the governorates that a cell can mean."""
        if cell.startswith(PCODE):
            code = _plain(cell.removeprefix(PCODE))
            # the P-code of a district begins with that of its governorate
            starts = [start for start in self._pcodes if code.startswith(start)]
            return tuple(sorted(self._pcodes[max(starts, key=len)])) if starts else ()
        return tuple(sorted(self._names.get(fold(cell), ())))


def _nobody(_cell: str) -> tuple[str, ...]:
    """Return no actor."""
    return ()


def _state(ids: tuple[str, ...]) -> State:
    return "matched" if len(ids) == 1 else "ambiguous" if ids else "unmatched"


def _rows(numbers: np.ndarray, count: int) -> list[int]:
    """Return how many rows have each number, at last those that have none."""
    return [int(rows) for rows in np.bincount(np.where(numbers < 0, count, numbers), minlength=count + 1)]


def _parts(cell: object) -> Iterable[str]:
    """Return the parts of a list, none of an empty cell."""
    return cell.split(";") if isinstance(cell, str) else ()


def _plain(name: str) -> str:
    """Return a name as it is compared: whatever its letters' size and its blanks."""
    return " ".join(name.casefold().split())


def whole_of(tallies: Iterable[Tally]) -> Tally:
    """Return the counts of several parts as one."""
    whole = Tally()
    for tally in tallies:
        whole.add(tally)
    return whole

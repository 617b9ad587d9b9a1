"""Which actors of a table the codes and names of event data mean: one, several of which nobody can say, or none."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from conflictkit.actors import NOBODY
from conflictkit.errors import need

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    State = Literal["matched", "ambiguous", "unmatched", "unnamed"]

UNNAMED: State = "unnamed"
STATES: tuple[State, ...] = ("matched", "ambiguous", "unmatched", UNNAMED)
SHARED = "?"  # behind an id that is not the actor's alone
YEARS = re.compile(r" ?\(\d{4}-(?:\d{4})?\)")  # of a government, as ACLED writes them into a name


class Tally:
    """How many rows of each of the two columns were matched, and what they name that was not."""

    def __init__(self) -> None:
        """Start with no row."""
        self.rows: Counter[tuple[str, State]] = Counter()
        self.without: Counter[str] = Counter()

    def add(self, other: Tally) -> None:
        """Add the rows of another one."""
        self.rows += other.rows
        self.without += other.without

    def told(self) -> dict[str, dict[str, int]]:
        """Return the counts as they stand beside a table: by column, and of what has no id, the most rows first."""
        by_column: dict[str, dict[str, int]] = {
            name: {state: self.rows[name, state] for state in STATES} for name in ("actor1", "actor2")
        }
        return {**by_column, "without_id": dict(sorted(self.without.items(), key=lambda item: (-item[1], item[0])))}


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
        numbers, distinct = pd.factorize(asked)
        found = [self._found(str(cell), by_id=codes is not None) if named else () for cell in distinct]
        sure = np.array([ids[0] if len(ids) == 1 else np.nan for ids in found] + [np.nan], dtype=object)
        states: list[State] = [_state(ids) for ids in found]
        # the last one, -1, is that of a missing cell
        for state, rows in zip([*states, UNNAMED], _rows(numbers, len(distinct)), strict=True):
            tally.rows[column, state] += rows
        without = words[pd.isna(sure[numbers]) & (numbers >= 0)].value_counts()
        tally.without += Counter({str(name): int(rows) for name, rows in without.items()})
        return pd.Series(sure[numbers], index=words.index, dtype="str")

    def _found(self, cell: str, *, by_id: bool) -> tuple[str, ...]:
        """Return the actors that a cell can mean; a second one that has no name where it is not theirs alone."""
        if by_id:
            ids = sorted(self._numbers.get(cell, ()))
            return (*ids, "") if cell in self._shared else tuple(ids)
        if exact := self._names.get(_plain(cell)):
            return tuple(sorted(exact))
        # the name of another government of the same state, or of one whose years are not listed
        return (*sorted(undated), "") if (undated := self._undated.get(_plain(YEARS.sub("", cell)))) else ()


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


def told_of(tallies: Iterable[Tally]) -> Mapping[str, dict[str, int]]:
    """Return the counts of several parts as one."""
    whole = Tally()
    for tally in tallies:
        whole.add(tally)
    return whole.told()

"""Tables: asked for again against read and checked anew; a column of unknown pages against a column of known ones."""

from __future__ import annotations

import sys
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

import conflictkit as ck
from conflictkit.files import data_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

REPEATS = 7
AGAIN, STRANGERS = 0.2, 6.0  # goals: at most these shares of the other time


def seconds(call: Callable[[], object]) -> float:
    """Return the median time of a call, after one that fills the caches."""
    call()
    taken = []
    for _ in range(REPEATS):
        start = perf_counter()
        call()
        taken.append(perf_counter() - start)
    return median(taken)


def problems(frame: pd.DataFrame, sources: pd.DataFrame) -> int:
    """Return how many cells a check of control rows names."""
    try:
        ck.validate(frame, "control_changes", others={"sources": sources})
    except ck.TableError as error:
        return 0 if error.problems is None else len(error.problems)
    return 0


def main() -> int:
    """Print both pairs and their ratios; 1 when a goal is missed or the results do not agree."""
    path = data_folder() / "control_changes.csv"
    changes, sources = ck.load_control_changes(), ck.load_sources()
    strange = changes.assign(source_id=[f"page-{number}" for number in range(len(changes))])
    agree = changes.equals(ck.read_table(path, "control_changes")) and problems(strange, sources) == len(changes)
    pairs = (
        (
            "asked for again",
            ck.load_control_changes,
            "read anew",
            lambda: ck.read_table(path, "control_changes"),
            AGAIN,
        ),
        ("unknown pages", lambda: problems(strange, sources), "known", lambda: problems(changes, sources), STRANGERS),
    )
    missed = not agree
    for name, call, other_name, other, goal in pairs:
        one, two = seconds(call), seconds(other)
        ratio = one / two
        print(f"{name:16}{one * 1000:7.1f} ms  {other_name:10}{two * 1000:7.1f} ms  ratio {ratio:.2f} (at most {goal})")
        missed |= ratio > goal
    print(f"the results agree: {agree}")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())

"""Names of places: what a look-up costs beside drawing one label."""

from __future__ import annotations

import sys
from difflib import SequenceMatcher
from io import BytesIO
from time import perf_counter
from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib.figure import Figure

import conflictkit as ck
from conflictkit.placenames import Names, fold, names_of, place_id_of

if TYPE_CHECKING:
    from collections.abc import Callable

TIMES = 20


def milliseconds(ask: Callable[[], object]) -> float:
    """Return what a call costs, from the second on."""
    ask()
    start = perf_counter()
    for _ in range(TIMES):
        ask()
    return (perf_counter() - start) / TIMES * 1000


def drawn(labels: int) -> float:
    """Return what a picture with so many labels costs."""
    figure = Figure()
    for number in range(labels):
        figure.text(0.5, number / max(labels, 1), "Deir ez-Zor", path_effects=[])
    return milliseconds(lambda: figure.savefig(BytesIO(), format="png"))


def every_spelling(text: str, names: Names) -> list[float]:
    """Return how like a text each spelling is, compared letter by letter."""
    matcher = SequenceMatcher(b=fold(text), autojunk=False)
    ratios = []
    for written, _ in names.spellings:
        matcher.set_seq1(written)
        ratios.append(matcher.ratio())
    return ratios


def main() -> int:
    """Print the milliseconds; 1 if a look-up by name costs more than a label."""
    mpl.use("agg")
    places = ck.Tables.shipped().places
    names = names_of(places)
    label = (drawn(200) - drawn(0)) / 200
    found = {
        "by id": milliseconds(lambda: place_id_of("raqqa", places)),
        "by name": milliseconds(lambda: place_id_of("Ar Raqqah", places)),
        "find_place, the same name": milliseconds(lambda: ck.find_place("Deir Ezzor")),
        "find_place, a name alike": milliseconds(lambda: ck.find_place("Falluja")),
        "  of it, comparing": milliseconds(lambda: names.alike("Falluja", names.ids)),
        "  every spelling by difflib": milliseconds(lambda: every_spelling("Falluja", names)),
        "drawing a label": label,
    }
    print(f"Milliseconds a look-up, {len(places):,} places, {len(names.spellings):,} spellings")
    for what, taken in found.items():
        print(f"{what:28} {taken:8.3f}")
    return int(found["by name"] > label)


if __name__ == "__main__":
    sys.exit(main())

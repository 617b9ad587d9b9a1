"""`make fuzz`: ask every door with random inputs, and print what became of them.

Not part of the tests: what it finds differs from seed to seed. Inputs that crash or hang the kit, or of which something
is lost, are kept in build/fuzz.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import warnings
from pathlib import Path

from fuzz.door import Count, Door, run

GROUPS = ("tables", "words", "dates", "drawings", "events", "pages")
OUTCOMES = ("refused", "accepted", "crashed", "hung", "wrong")
KEPT = Path("build") / "fuzz"


def main() -> int:
    """Run the doors that were named, and return 1 if one of them failed."""
    parser = argparse.ArgumentParser(prog="fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=2000, help="how many, over all doors")
    parser.add_argument("--seed", type=int, default=0, help="where the inputs begin")
    parser.add_argument("groups", nargs="*", default=[], help=f"some of {', '.join(GROUPS)}; all if none is named")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    doors = [door for group in asked.groups or GROUPS for door in doors_of(group)]
    total = sum(door.weight for door in doors)
    print(row("door", "tried", *OUTCOMES, "s"), row("---", *["---:"] * (len(OUTCOMES) + 2)), sep="\n", flush=True)
    counts = []
    for door in doors:
        counts.append(run(door, max(1, round(asked.inputs * door.weight / total)), asked.seed))
        print(told(counts[-1]), flush=True)
        keep(counts[-1], asked.seed)
    sums = [sum(count.outcomes[outcome] for count in counts) for outcome in OUTCOMES]
    print(row("all", f"{sum(sums):,}", *(f"{number:,}" for number in sums), f"{sum(c.seconds for c in counts):,.0f}"))
    return int(any(sums[2:]))


def doors_of(group: str) -> list[Door]:
    """Return the doors of a file beside this one; none where it is not there yet."""
    try:
        module = importlib.import_module(f"fuzz.{group}")
    except ModuleNotFoundError:
        return []
    doors: list[Door] = module.DOORS
    return doors


def told(count: Count) -> str:
    """Return a door as a row of the table in docs/security.md."""
    outcomes = (f"{count.outcomes[outcome]:,}" for outcome in OUTCOMES)
    return row(count.door.name, f"{count.tried:,}", *outcomes, f"{count.seconds:,.0f}")


def row(*cells: str) -> str:
    """Return cells as a row of a table in Markdown."""
    return f"| {' | '.join(cells)} |"


def keep(count: Count, seed: int) -> None:
    """Write the inputs that failed to files."""
    KEPT.mkdir(parents=True, exist_ok=True)
    for number, failure in enumerate(count.failures):
        name = f"{count.door.name.replace(': ', '-').replace('.', '-')}-{seed}-{number}.txt"
        (KEPT / name).write_text(failure, encoding="utf-8", errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())

"""What `import conflictkit` costs beside `import geopandas`: fresh processes, taken in turn, wall clock.

Names are imported on first use, so the second row, the class that needs pandas, geopandas and pyproj, is what a user
pays before the first figure.
"""

from __future__ import annotations

import subprocess
import sys
import time
from statistics import median

ROUNDS = 11
GOAL = 1.15
STATEMENTS = ("import geopandas", "import conflictkit", "from conflictkit import Territory")


def seconds(statement: str) -> float:
    """Return the wall time of a fresh interpreter that runs one statement."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", statement], check=True)
    return time.perf_counter() - start


def main() -> int:
    """Print the median of each statement and its ratio to the first; 1 when the goal is missed."""
    for statement in STATEMENTS:  # a first, uncounted round fills the caches
        seconds(statement)
    taken: dict[str, list[float]] = {statement: [] for statement in STATEMENTS}
    for _ in range(ROUNDS):
        for statement in STATEMENTS:
            taken[statement].append(seconds(statement))
    baseline = median(taken[STATEMENTS[0]])
    for statement, times in taken.items():
        print(f"{statement:34} {median(times) * 1000:6.0f} ms  {median(times) / baseline:5.2f} x")
    ratio = median(taken["import conflictkit"]) / baseline
    print(f"import conflictkit / import geopandas: {ratio:.2f} (goal: at most {GOAL})")
    return int(ratio > GOAL)


if __name__ == "__main__":
    sys.exit(main())

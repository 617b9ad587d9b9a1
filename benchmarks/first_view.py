"""The first view of explore(): what making and showing it costs, beside the commit that its goal was set on.

Each is made in a fresh process of its own, imports not counted, in turn; CPU, and the least of three rounds: other work
on the machine only ever adds. Showing is what a notebook asks an output for: the widgets, and the view of readers
without a kernel.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from page import unpacked

ROOT = Path(__file__).parents[1]
BEFORE = "793bc35"  # what the goal of a third was measured on, of 26 November 2026
ROUNDS, MOST = 3, 1 / 3
MAKE = """import json, time
import folium, geopandas, ipywidgets, matplotlib.pyplot
import conflictkit as ck
start = time.process_time()
made = ck.explore()
done = time.process_time()
made._repr_mimebundle_()
print(json.dumps([done - start, time.process_time() - done]))"""


def seconds(source: Path, folder: Path) -> tuple[float, float]:
    """Return the CPU that making the view takes with the kit in a folder, and that showing it takes."""
    environment = {**os.environ, "PYTHONPATH": str(source)}
    command = [sys.executable, "-W", "ignore", "-c", MAKE]
    told = subprocess.run(command, check=True, env=environment, cwd=folder, capture_output=True, text=True)
    made, shown = json.loads(told.stdout.splitlines()[-1])
    return made, shown


def main() -> int:
    """Measure, print, and return 1 where the goal is missed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sources = {"now": ROOT}
        if before := unpacked(sys.argv[1] if len(sys.argv) > 1 else BEFORE, folder / "before"):
            sources["before"] = before
        rounds = [{which: seconds(source, folder) for which, source in sources.items()} for _ in range(ROUNDS)]
    least = {which: min((one[which] for one in rounds), key=sum) for which in sources}
    for which, (made, shown) in sorted(least.items()):
        print(f"{which:7} {made:.1f} s of CPU to make, {shown:.1f} to show")
    if "before" not in least:
        return 0
    ratio = sum(least["now"]) / sum(least["before"])
    print(f"ratio   {ratio:.2f}; goal: at most a third")
    return int(ratio > MOST)


if __name__ == "__main__":
    raise SystemExit(main())

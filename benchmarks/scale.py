"""Events beyond memory: rows like GDELT's, written by this script, counted by Dask on two workers of 1 GB.

Prints how long each size took, by row, and how that grew: a cost that is linear stays near 1. Takes the number of rows
in millions: ``python benchmarks/scale.py 2 20`` writes 2 GB to a folder of its own and removes it.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import conflictkit as ck

SMALL = (0.1, 0.4)  # millions of rows, where none are asked for
COLUMNS, BLOCK = 58, 50_000
DAY, YEAR_MONTH, YEAR, LAT, LON, CODE = 1, 2, 3, 53, 54, 26


def write(path: Path, rows: int) -> None:
    """Write events of 2014 to 2019, somewhere in the two countries, in the layout of GDELT 1.0."""
    random = np.random.default_rng(1)
    with path.open("w", encoding="ascii") as file:
        for at in range(0, rows, BLOCK):
            number = min(BLOCK, rows - at)
            days = np.datetime64("2014-01-01") + random.integers(0, 2190, number).astype("timedelta64[D]")
            lat, lon = random.uniform(30, 37, number), random.uniform(36, 47, number)
            for row in range(number):
                cells = [""] * COLUMNS
                day = str(days[row]).replace("-", "")
                cells[0], cells[DAY], cells[YEAR_MONTH], cells[YEAR] = str(at + row), day, day[:6], day[:4]
                cells[CODE], cells[LAT], cells[LON] = "190", f"{lat[row]:.4f}", f"{lon[row]:.4f}"
                file.write("\t".join(cells) + "\n")


def main(millions: list[float]) -> None:
    """Count each size on the same cluster."""
    from distributed import Client, LocalCluster

    areas = ck.load_borders(level=1)
    each: list[float] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalCluster(n_workers=2, threads_per_worker=1, memory_limit="1GiB", dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        for size in millions:
            path = Path(folder) / "events.export.CSV"
            write(path, rows := round(size * 1e6))
            start = time.perf_counter()
            counted = ck.count_events(ck.read_events(path, layout="gdelt", engine="dask"), freq="MS", area=areas)
            took = time.perf_counter() - start
            lost = rows - int(counted["events"].sum())
            each.append(took / size)
            workers = len(client.scheduler_info()["workers"])
            told = f"{size:g} million rows ({path.stat().st_size / 1e6:,.0f} MB): {took:.1f} s, {lost} lost"
            print(f"{told}, {workers} of 2 workers alive, {each[-1] / each[0]:.2f} of the first size's cost by row")


if __name__ == "__main__":
    main([float(size) for size in sys.argv[1:]] or list(SMALL))

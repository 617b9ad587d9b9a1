"""700 days of a front: reading and building them, against geopandas that only reads; then what is asked of them.

The drawings of a few real days (``CONFLICTKIT_FORMATS``, or those of the workplace) are repeated, and a twentieth of
the points of each is moved by up to 100 m, so that no two days are the same; without such a folder, a front of as many
points.
"""

from __future__ import annotations

import json
import os
import random
import resource
import sys
import tempfile
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

import conflictkit as ck

if TYPE_CHECKING:
    from collections.abc import Callable

FORMATS = Path(os.environ.get("CONFLICTKIT_FORMATS", "/work/shared/formats")) / "polygons"
DAYS, POINTS, MOVED, FURTHEST_DEG = 700, 3000, 0.05, 1e-3
MOST, MOST_MB = 2.0, 1_000  # times what geopandas needs to read; memory of the whole run


def fronts() -> list[dict[str, Any]]:
    """Return the drawings of some days, as parsed GeoJSON."""
    if files := sorted(FORMATS.glob("*.geojson")):
        return [json.loads(path.read_text("utf-8")) for path in files]
    turn = np.linspace(0, 2 * np.pi, POINTS)
    far = 1 + 0.1 * np.sin(37 * turn) + 0.02 * np.sin(301 * turn)
    ring = np.column_stack([36 + 2 * far * np.cos(turn), 48 + far * np.sin(turn)]).round(6)
    ring[-1] = ring[0]
    shape = {"type": "MultiPolygon", "coordinates": [[ring.tolist()]]}
    return [{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": shape}]}]


def write_days(folder: Path) -> None:
    """Write a file for each day.

    Parameters
    ----------
    folder
        Where to.
    """
    drawn, chance = fronts(), random.Random(7)  # noqa: S311 - the same at every run
    for number, day in enumerate(pd.date_range("2022-12-01", periods=DAYS)):
        front = json.loads(json.dumps(drawn[number % len(drawn)]))
        for feature in front["features"]:
            for ring in (ring for polygon in feature["geometry"]["coordinates"] for ring in polygon):
                for point in ring[1:-1]:
                    if chance.random() < MOVED:
                        point[0] = round(point[0] + chance.uniform(-FURTHEST_DEG, FURTHEST_DEG), 6)
        (folder / f"front_{day:%Y%m%d}.geojson").write_text(json.dumps(front), "utf-8")


def timed(name: str, ask: Callable[[], Any]) -> tuple[Any, float]:
    """Return an answer and the seconds of CPU that it took, and print them.

    Parameters
    ----------
    name
        What is asked, in words.
    ask
        Returns the answer.
    """
    start = process_time()
    found = ask()
    seconds = process_time() - start
    print(f"{name}: {seconds:.1f} s")
    return found, seconds


def main() -> int:
    """Print the times, and return 1 if reading and building takes too long or too much memory."""
    tables = ck.Tables.shipped().replace(covers=("2014-01-01", "2024-12-31"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_days(folder)
        files = sorted(folder.iterdir())
        ck.read_control_polygons(files[0], holder="isis")  # what is imported once is no part of either
        _, theirs = timed(f"geopandas reads {DAYS} days", lambda: [gpd.read_file(path) for path in files])
        drawings, read = timed("the kit reads them", lambda: ck.read_control_polygons(folder, holder="isis"))
    land, built = timed("and builds a territory", lambda: ck.Territory.from_polygons(drawings, tables=tables))
    first, last = land.dates[0], land.dates[-1]
    timed("area of each day", land.area)
    timed("changes from the first to the last", lambda: land.changes(first, last))
    timed("probability of the last day", lambda: land.probability(last))
    timed("bands of all days", lambda: land.area(bands=True))
    timed("a page of all days", lambda: ck.map_territory(land))
    ratio = (read + built) / theirs
    used_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"read and built in {ratio:.2f} of the time in which geopandas reads (goal {MOST:g}); {used_mb:,.0f} MB at most"
    )
    return int(ratio > MOST or used_mb > MOST_MB)


if __name__ == "__main__":
    sys.exit(main())

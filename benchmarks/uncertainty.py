"""What each piece of the model costs, and how it grows: more places, more dates, more drawings.

The shipped table beside synthetic ones, whose places lie evenly over both countries. Then daily polygon files of 80 kB,
read and turned into an area series in a process of its own, so that the peak memory is theirs.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conflictkit import (
    Territory,
    load_area_estimates,
    load_borders,
    load_control_changes,
    load_places,
    read_control_polygons,
    validate_model,
)

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = (2_500, 25_000)
FEW, MANY = (pd.date_range("2014-02-01", "2018-12-31", periods=count) for count in (60, 2_000))
DRAWS = 200
FEW_BANDS, MANY_BANDS = f"bands, {DRAWS} draws x 60 dates", f"bands, {DRAWS} draws x 2,000 dates"
FILES, VERTICES = 700, 2_050  # 80 kB each
BANDS_GOAL_S, FILES_GOAL_S, FILES_GOAL_GB = 30, 60, 2


def synthetic(count: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return changes and places: random points on land, each taken and taken back, but for one in ten."""
    rng = np.random.default_rng(count)
    land = load_borders()
    points = land.geometry.sample_points([count * 7 // 10, count * 3 // 10], rng=rng).explode(index_parts=False)
    places = pd.DataFrame({"longitude": points.x.array, "latitude": points.y.array})
    places["country"] = land.country[points.index].array
    places["place_id"] = places["name"] = [f"place-{number:05}" for number in range(count)]
    places = places.assign(where_prec="map_mark", kind="town").reindex(columns=load_places().columns)
    start = pd.DataFrame({"place_id": places.place_id, "valid_from": pd.Timestamp("2014-01-01"), "date_prec": "day"})
    moving = start[count // 10 :].assign(date_prec="month")
    taken = moving.assign(valid_from=moving.valid_from + pd.to_timedelta(rng.integers(1, 700, len(moving)), unit="D"))
    freed = moving.assign(valid_from=taken.valid_from + pd.to_timedelta(rng.integers(1, 999, len(moving)), unit="D"))
    changes = pd.concat(
        [
            start.assign(from_actor="none", to_actor="iraq_gov", event="initial"),
            taken.assign(from_actor="iraq_gov", to_actor="isis", event="captured"),
            freed.assign(from_actor="isis", to_actor="iraq_gov", event="recaptured"),
        ],
        ignore_index=True,
    )
    changes = changes.assign(control_status="control", confidence="confirmed")
    return changes.reindex(columns=load_control_changes().columns), places


def timings(changes: pd.DataFrame | None = None, places: pd.DataFrame | None = None) -> dict[str, float]:
    """Return the seconds of each piece, in the order in which a notebook would ask."""
    claimed = load_area_estimates().query("control_definition == 'claimed'")
    pieces: dict[str, Callable[[Territory], object]] = {
        "weights and first probability": lambda land: land.probability("2015-01-05"),
        "probability of another day": lambda land: land.probability("2016-01-05"),
        "area, 60 dates": lambda land: land.area(FEW, level="core"),
        "area, 2,000 dates": lambda land: land.area(MANY, level="core"),
        FEW_BANDS: lambda land: land.area(FEW, level="core", bands=True, draws=DRAWS),
        MANY_BANDS: lambda land: land.area(MANY, level="core", bands=True, draws=DRAWS),
        "people, 60 dates": lambda land: land.people(FEW),
        "people, 2,000 dates": lambda land: land.people(MANY),
        "transitions": lambda land: land.transitions("2014-09-01", "2017-11-03"),
        f"compare, {len(claimed)} rows x {DRAWS} draws": lambda land: land.compare(claimed, draws=DRAWS),
        "stale": lambda land: land.stale(),
        "validate_model, 14 dates": lambda _: validate_model(changes, places),
    }
    start = perf_counter()
    land = Territory.from_places(changes, places)
    taken = {"from_places": perf_counter() - start}
    for name, piece in pieces.items():
        start = perf_counter()
        piece(land)
        taken[name] = perf_counter() - start
    return taken


def write_drawings(folder: Path) -> None:
    """Write a polygon a day, whose edge wanders; every fifth day repeats the one before, every ninth is missing."""
    rng = np.random.default_rng(0)
    turn = np.linspace(0, 2 * np.pi, VERTICES)
    for number, day in enumerate(pd.date_range("2022-02-24", periods=FILES * 9 // 8 + 1)):
        if number % 9 == 8:  # noqa: PLR2004 - every ninth
            continue
        if number % 5 or number == 0:
            reach = 1.5 + 0.0005 * number + rng.normal(scale=0.001, size=VERTICES)
            reach[-1] = reach[0]
            ring = np.column_stack([42 + reach * np.cos(turn), 34 + reach * np.sin(turn)]).tolist()
            shape = {"type": "MultiPolygon", "coordinates": [[ring]]}
            feature = {"type": "Feature", "properties": {}, "geometry": shape}
            text = json.dumps({"type": "FeatureCollection", "features": [feature]})
        (folder / f"front_{day:%Y%m%d}.geojson").write_text(text)


def read_drawings(folder: Path) -> None:
    """Print as JSON the seconds of each piece and the peak memory of this process."""
    start = perf_counter()
    frame = read_control_polygons(folder, holder="isis")
    read = perf_counter()
    drawn = Territory.from_polygons(frame)
    built = perf_counter()
    drawn.area()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    seconds = {"read": read - start, "from_polygons": built - read, "area": perf_counter() - built}
    different = len(set(drawn.states(drawn.dates).tolist()))
    print(json.dumps({"files": len(drawn.dates), "different": different, "peak_gb": peak, **seconds}))


def daily_files() -> dict[str, float]:
    """Return what ``read_drawings`` measures, and the mean size of a file.

    Before anything large is built here: a new process starts with the peak memory of the one that made it.
    """
    with tempfile.TemporaryDirectory() as name:
        write_drawings(Path(name))
        size = float(np.mean([path.stat().st_size for path in Path(name).iterdir()])) / 1000
        child = [sys.executable, os.fspath(__file__), name]
        found: dict[str, float] = json.loads(subprocess.run(child, check=True, capture_output=True, text=True).stdout)
    return found | {"kb": size, "total": found["read"] + found["from_polygons"] + found["area"]}


def main() -> int:
    """Print the seconds of each piece by number of places, then those of the daily files; 1 when a goal is missed."""
    files = daily_files()
    shipped = timings()
    table = pd.DataFrame({"shipped": shipped, **{f"{size:,}": timings(*synthetic(size)) for size in SIZES}})
    print("Seconds by number of places (one run each)")
    print(table.to_string(float_format="{:.2f}".format), end="\n\n")
    print(
        f"{files['files']} daily files of {files['kb']:.0f} kB, {files['different']} different: {files['total']:.1f} s"
    )
    print(", ".join(f"{step} {files[step]:.1f} s" for step in ("read", "from_polygons", "area")), end="; ")
    print(f"peak memory {files['peak_gb']:.2f} GB (goals: {FILES_GOAL_S} s, {FILES_GOAL_GB} GB)")
    bands = shipped[FEW_BANDS]
    print(f"bands of the shipped table: {bands:.1f} s (goal: {BANDS_GOAL_S} s)")
    return int(bands > BANDS_GOAL_S or files["total"] > FILES_GOAL_S or files["peak_gb"] > FILES_GOAL_GB)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        read_drawings(Path(sys.argv[1]))
        sys.exit()
    sys.exit(main())

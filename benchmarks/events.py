"""Events of a large file, read and counted, against reading all of it with pandas and joining it with geopandas.

A file like UCDP GED of 350,000 rows (240 MB): ``read_events`` against ``pd.read_csv`` of all columns and
``points_from_xy``. Four million events in 33 governorates by month: ``count_events`` against ``sjoin`` on one frame.
Each runs in a process of its own, in turn; printed are medians of three and their ratios. Memory is the most that a
process holds beyond what it held before: the same for both, so that what imports take is no part of it.
"""

from __future__ import annotations

import argparse
import csv
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np

from conflictkit.readers._ucdp import CANDIDATE

SEED, DAYS, TOWNS = 1, 1826, 3000
# ratios, at most
GOALS = {"read": (0.6, 0.25), "count": (0.5, 1 / 6)}

# pandas keeps text by Arrow where that is installed, which halves what both need
WITHOUT_ARROW = "import sys; sys.modules['pyarrow'] = None"
BEFORE = """
import pathlib, re, time, warnings
import geopandas as gpd, numpy as np, pandas as pd
import conflictkit as ck
warnings.simplefilter("ignore")
borders, read, count = ck.load_borders(level=1), ck.read_events, ck.count_events
def held():
    # of this program alone: what rusage tells goes on from the process that started it
    return int(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1]) / 1024
"""
AFTER = """
before, start, cpu = held(), time.perf_counter(), time.process_time()
{work}
print(len(found), found["best"].sum(), time.perf_counter() - start, time.process_time() - cpu, held() - before)
"""
LOAD = "events = pd.DataFrame({{name: np.load({path!r} + '/' + name + '.npy') for name in {names}}}, copy=False)"
COLUMNS = ("event_date", "latitude", "longitude", "low", "best", "high")
THEIR_READING = """
found = pd.read_csv({path!r})
found = gpd.GeoDataFrame(found, geometry=gpd.points_from_xy(found.longitude, found.latitude), crs=4326)
"""
THEIR_COUNT = """
points = gpd.GeoDataFrame(events, geometry=gpd.points_from_xy(events.longitude, events.latitude), crs=4326)
joined = points.sjoin(borders[["admin1", "country", "geometry"]], how="left", predicate="intersects")
month = joined["event_date"].dt.to_period("M")
found = joined.groupby([month, "country", "admin1"], dropna=False)[["low", "best", "high"]].sum()
"""
OUR_COUNT = "found = count(events, freq='MS', area=borders)"


class Cost(NamedTuple):
    """What a process took, in seconds and MB."""

    wall: float
    cpu: float
    memory: float


def write_file(path: Path, rows: int) -> None:
    """Write rows like those of UCDP GED, 690 bytes each, the same ones every time."""
    rng = np.random.default_rng(SEED)
    towns = [(f"Town {n}", f"Governorate {n % 30}", 31 + n % 7 + n / 1e4, 36 + n % 12 + n / 1e4) for n in range(TOWNS)]
    words = [f"word{n}" for n in range(5000)]
    start = np.datetime64("2015-01-01")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(CANDIDATE)
        for number in range(rows):
            name, admin, lat, lon = towns[int(rng.integers(len(towns)))]
            day = str(start + int(rng.integers(DAYS)))
            text = " ".join(words[n] for n in rng.integers(len(words), size=14).tolist())
            dead = int(rng.integers(20))
            row = {
                "id": number, "relid": f"SYR-{number}", "year": day[:4], "active_year": 1, "code_status": "Clear",
                "type_of_violence": 1 + number % 3, "conflict_new_id": 299, "conflict_name": "Syria: Government",
                "dyad_new_id": 11973, "dyad_name": "Government of Syria - Syrian insurgents", "side_a_new_id": 118,
                "side_a": "Government of Syria", "side_b_new_id": 4456, "side_b": "Syrian insurgents",
                "number_of_sources": 2, "source_article": f"SOHR,{day},{text}; VDC,{day},{text[:40]}",
                "source_office": "SOHR;VDC", "source_date": day, "source_headline": text, "source_original": "SOHR",
                "where_prec": 1 + number % 6, "where_coordinates": name, "where_description": f"near {name}",
                "adm_1": admin, "adm_2": f"{name} district", "latitude": lat, "longitude": lon,
                "geom_wkt": f"POINT ({lon} {lat})", "priogrid_gid": 180000 + number % 999, "country": "Syria",
                "country_id": 652, "region": "Middle East", "event_clarity": 1, "date_prec": 1 + number % 4,
                "date_start": f"{day} 00:00:00.000", "date_end": f"{day} 00:00:00.000", "deaths_a": dead,
                "deaths_b": 0, "deaths_civilians": 0, "deaths_unknown": 0, "best": dead, "high": dead + 2, "low": dead,
            }  # fmt: skip
            writer.writerow([row.get(column, "") for column in CANDIDATE])


def write_columns(folder: Path, rows: int) -> None:
    """Write the columns that are counted, around as many towns, a tenth of them beyond the borders."""
    rng = np.random.default_rng(SEED)
    towns = np.column_stack([rng.uniform(34, 49, TOWNS), rng.uniform(29, 38, TOWNS)])
    where = (towns[rng.integers(TOWNS, size=rows)] + rng.normal(0, 0.2, (rows, 2))).round(4)
    days = np.datetime64("2014-01-01", "us") + rng.integers(0, DAYS, rows).astype("timedelta64[D]")
    best = rng.integers(0, 20, rows).astype(float)
    made = (days.astype("datetime64[us]"), where[:, 1], where[:, 0], best, best, best + 2)
    for name, column in zip(COLUMNS, made, strict=True):
        np.save(folder / f"{name}.npy", column)


def measured(prepare: str, work: str, first: str) -> tuple[tuple[str, str], Cost]:
    """Return what a process found, and what it took."""
    code = "\n".join([first, BEFORE, prepare, AFTER.format(work=work)])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    rows, dead, *cost = done.stdout.split()
    return (rows, f"{float(dead):.0f}"), Cost(*map(float, cost))


def compared(what: str, prepare: str, works: dict[str, str], runs: int, *, first: str = "") -> bool:
    """Print the costs of both ways and their ratios; return whether the goals are met."""
    costs: dict[str, list[Cost]] = {name: [] for name in works}
    found: set[tuple[str, str]] = set()
    for _ in range(runs):
        for name, work in works.items():
            result, cost = measured(prepare, work, first)
            costs[name].append(cost)
            # events beyond the areas are rows of one of the counts only, and in the sums of both
            found.add(result if what == "read" else ("", result[1]))
    if len(found) > 1:
        print(f"{what}: the two do not agree: {sorted(found)}")
        return False
    medians = [Cost(*map(statistics.median, zip(*rows, strict=True))) for rows in costs.values()]
    for name, (wall, cpu, memory) in zip(works, medians, strict=True):
        print(f"{name:42} {wall:6.2f} s {cpu:6.2f} s of CPU {memory:7,.0f} MB")
    ratio = Cost(*(ours / theirs for theirs, ours in zip(*medians, strict=True)))
    time, most = GOALS[what]
    goal = f"goal {time} of the {'time' if what == 'read' else 'CPU'}, {most:.2f} of the memory"
    print(f"{what}: {ratio.wall:.2f} of the time, {ratio.cpu:.2f} of CPU, {ratio.memory:.2f} of the memory ({goal})")
    return (ratio.wall if what == "read" else ratio.cpu) <= time and ratio.memory <= most


def main() -> int:
    """Print medians and ratios; return 1 where a goal is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=350_000)
    options.add_argument("--events", type=int, default=4_000_000)
    options.add_argument("--runs", type=int, default=3)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "ged231_like.csv"
        write_file(path, given.rows)
        write_columns(folder, given.events)
        print(f"{given.rows:,} rows, {path.stat().st_size / 1e6:.0f} MB")
        theirs, ours = THEIR_READING.format(path=str(path)), f"found = read({str(path)!r})"
        works = {"pd.read_csv + points_from_xy": theirs, "read_events": ours}
        read = compared("read", "", works, given.runs)
        print("without Arrow")
        read = compared("read", "", works, given.runs, first=WITHOUT_ARROW) and read
        print(f"{given.events:,} events, 33 governorates")
        load = LOAD.format(path=str(folder), names=COLUMNS)
        works = {"sjoin on one frame": THEIR_COUNT, "count_events": OUR_COUNT}
        count = compared("count", load, works, given.runs)
    return 0 if read and count else 1


if __name__ == "__main__":
    sys.exit(main())

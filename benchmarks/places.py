"""Many places: what model, picture and page of 500 to 25,000 of them cost, each in proportion to their number."""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

import matplotlib as mpl
import pandas as pd
from matplotlib import pyplot as plt
from uncertainty import synthetic

from conflictkit import Territory, map_territory, plot_territory, save_html

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = (500, 5_000, 25_000)
DAYS = pd.date_range("2014-01-15", "2019-12-15", periods=2_001)
MOST = 2  # times the number of places that the seconds may grow by, from the middle size to the largest


def picture(land: Territory) -> None:
    """Draw a static map, and write it."""
    plot_territory(land, "2016-01-01")
    plt.savefig(io.BytesIO(), format="png")
    plt.close("all")


def page(land: Territory) -> None:
    """Write a page with a slider over 300 dates."""
    with tempfile.TemporaryDirectory() as folder:
        save_html(map_territory(land, DAYS[:: len(DAYS) // 300]), Path(folder) / "page.html")
    plt.close("all")


PIECES: dict[str, Callable[[Territory], object]] = {
    "area, 2,001 dates": lambda land: land.area(DAYS),
    "area by governorate": lambda land: land.by_governorate().area(DAYS),
    "at": lambda land: land.at("2016-01-01"),
    "changes": lambda land: land.changes("2014-02-01", "2019-12-01"),
    "transitions": lambda land: land.transitions("2014-09-01", "2017-11-03"),
    "people, 2,001 dates": lambda land: land.people(DAYS),
    "stale": lambda land: land.stale("2019-12-01"),
    "probability": lambda land: land.probability("2016-01-01", grid_km=10),
    "bands, 20 draws": lambda land: land.area(DAYS[::100], bands=True, draws=20),
    "picture": picture,
    "page, 300 dates": page,
}


def timings(count: int) -> dict[str, float]:
    """Return the CPU seconds of each piece, in the order in which a notebook would ask."""
    changes, places = synthetic(count)
    start = process_time()
    land = Territory.from_places(changes, places)
    taken = {"from_places": process_time() - start}
    for name, piece in PIECES.items():
        start = process_time()
        piece(land)
        taken[name] = process_time() - start
    return taken


def main() -> int:
    """Print the seconds by number of places, and how they grow; 1 if a piece grows faster than its places."""
    mpl.use("agg")
    timings(SIZES[0])  # what is built once: tables, projections, residents
    table = pd.DataFrame({size: timings(size) for size in SIZES})
    growth = table[SIZES[-1]] / table[SIZES[-2]].clip(lower=0.02)  # below that a clock tells nothing
    shown = table.rename(columns="{:,}".format).assign(growth=growth)
    print("CPU seconds by number of places, and growth from the middle to the largest (5 times as many)")
    print(shown.to_string(float_format="{:.2f}".format))
    most = MOST * SIZES[-1] / SIZES[-2]
    whole = table[SIZES[-1]].sum()
    print(f"largest growth {growth.max():.1f} (at most {most:g}); all of the largest table {whole:.1f} s")
    return int(growth.max() > most)


if __name__ == "__main__":
    sys.exit(main())

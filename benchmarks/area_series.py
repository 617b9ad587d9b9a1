"""Daily areas by actor for six years: sums of cell areas, against dissolving polygons for each date with geopandas."""

from __future__ import annotations

import sys
from time import perf_counter

import pandas as pd

from conflictkit import Territory, load_control_changes

DAYS = pd.date_range("2014-01-01", "2019-12-31")
SAMPLE = 60  # dates dissolved the naive way, evenly spread; the rest would take minutes and say nothing new
REPEATS = 5  # of the kit's call: the median, so that one hiccup of the machine does not count
MIN_RATIO, MAX_DIFFERENCE_KM2 = 500, 1.0


def naive_areas(territory: Territory, days: pd.DatetimeIndex) -> tuple[pd.Series, float]:
    """Return the claimed area by date and actor, each date dissolved from its cells, and the seconds it took.

    The seconds include finding the holders of the day, as a reader of the table would: the kit's do so too.

    Parameters
    ----------
    territory
        Gives the cells, already in the equal-area projection: making them is no part of either time.
    days
        The dates to dissolve.
    """
    cells = territory.cells.to_crs(territory.crs)
    changes = load_control_changes().sort_values("valid_from")
    start = perf_counter()
    found = {}
    for day in days:
        holders = changes[changes.valid_from <= day].groupby("place_id").to_actor.last()
        held = cells.assign(actor_id=cells.place_id.map(holders)).dissolve(by="actor_id")
        found[day] = held.geometry.area / 1e6
    return pd.concat(found, names=["date"]), perf_counter() - start


def kit_areas(territory: Territory, days: pd.DatetimeIndex) -> tuple[pd.Series, float]:
    """Return the same from the kit, and the median of the seconds it took.

    Parameters
    ----------
    territory
        The model.
    days
        The dates asked for, in one call.
    """
    seconds = []
    for _ in range(REPEATS):
        start = perf_counter()
        area = territory.area(days)
        seconds.append(perf_counter() - start)
    series = area[area.scope == "all"].set_index(["date", "actor_id"]).area_km2
    return series, float(pd.Series(seconds).median())


def main() -> int:
    """Measure both in one run, print the ratio and the largest difference, and return 1 if a bound is missed."""
    territory = Territory.from_places()
    sample = DAYS[:: len(DAYS) // SAMPLE][:SAMPLE]
    kit, kit_seconds = kit_areas(territory, DAYS)
    naive, naive_seconds = naive_areas(territory, sample)
    scaled = naive_seconds / len(sample) * len(DAYS)
    ratio = scaled / kit_seconds
    on_sample = kit[kit.index.get_level_values("date").isin(sample)]
    difference = on_sample.sub(naive, fill_value=0.0).abs().max()
    print(f"{len(DAYS):,} days, {DAYS[0]:%Y-%m-%d} to {DAYS[-1]:%Y-%m-%d}, claimed area by actor")
    print(f"conflictkit        {kit_seconds * 1000:12,.1f} ms   (all days, median of {REPEATS})")
    print(f"geopandas dissolve {scaled * 1000:12,.1f} ms   (scaled from {len(sample)} dates in {naive_seconds:.2f} s)")
    print(f"ratio              {ratio:12,.0f}      (at least {MIN_RATIO})")
    print(f"difference         {difference:12.6f} km2  (largest of all actors on the {len(sample)} dates; less than 1)")
    return int(ratio < MIN_RATIO or difference >= MAX_DIFFERENCE_KM2)


if __name__ == "__main__":
    sys.exit(main())

"""How often 90 % bands cover: fronts of five shapes, of whose places a fifth is hidden.

Each trial lays a front over the places that ship. Whoever knows all places, where they truly are and how far core land
reaches has one figure; the model is given four places in five, their positions as listed and a radius of 29 km. Its
band covers if the other figure lies in it. The front itself, which no list of places draws, is counted beside that.

``python benchmarks/coverage.py 12`` takes 12 lists instead of 80: minutes, not an hour, and shares within 4 points.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from shapely.affinity import rotate
from shapely.ops import substring

import conflictkit as ck
from conflictkit.geometry import project, project_points, transformation
from conflictkit.positions import POSITION_KM

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyproj
    from numpy.typing import NDArray
    from shapely import LineString
    from shapely.geometry.base import BaseGeometry

    from conflictkit.territory._land import Level

    Floats = NDArray[np.float64]
    Draw = Callable[["Ground", np.random.Generator], BaseGeometry]

KM = 1000.0
LISTS, FRONTS = 80, 4  # lists of places, and fronts of each shape on each list
DRAWS = 200
HIDDEN = 0.2  # of the places
RADIUS_KM = (26.0, 32.0)  # where core land may truly end
SHARE = (0.005, 0.9)  # of the land: a front that leaves one side nearly nothing is laid again
GOAL = (0.85, 0.95)
REBELS, STATE = "isis", "iraq_gov"
LEVELS: tuple[Level, ...] = ("claimed", "core")


@dataclass(frozen=True, eq=False)
class Ground:
    """What fronts are laid over, in metres."""

    crs: pyproj.CRS
    land: BaseGeometry
    places: pd.DataFrame
    listed: Floats
    off: Floats  # standard deviation of each position
    river: LineString


def ground() -> Ground:
    """Return the land, the places and the longest stretch of the Euphrates in the tables that ship."""
    territory = ck.Territory.from_places()
    crs, places = territory.crs, territory.places
    land = shapely.union_all(project(territory.borders, crs))
    rivers = ck.load_basemap().query("kind == 'river' and name == 'Euphrates'").geometry.to_numpy()
    course = shapely.line_merge(shapely.intersection(shapely.union_all(project(rivers, crs)), land))
    return Ground(
        crs=crs,
        land=land,
        places=places,
        listed=project_points(places[["longitude", "latitude"]].to_numpy(dtype=float), crs),
        off=np.array([POSITION_KM.get(precision, 0.0) for precision in places["where_prec"]]) * KM,
        river=max(shapely.get_parts(course), key=lambda part: part.length),
    )


# The shapes, written down before anything was measured. Each is the land of one side, laid somewhere at random.


def straight(on: Ground, rng: np.random.Generator) -> BaseGeometry:
    """Return all land on one side of a straight line through a place."""
    x, y = on.listed[rng.integers(len(on.listed))]
    half = shapely.box(x, y - 5_000 * KM, x + 5_000 * KM, y + 5_000 * KM)
    turned: BaseGeometry = rotate(half, rng.uniform(0, 360), origin=(x, y))
    return turned


def curved(on: Ground, rng: np.random.Generator) -> BaseGeometry:
    """Return the land within 250 km of a place: a front that bends."""
    return shapely.Point(on.listed[rng.integers(len(on.listed))]).buffer(250 * KM, quad_segs=64)


def pocket(on: Ground, rng: np.random.Generator) -> BaseGeometry:
    """Return the land within 60 km of a place."""
    return shapely.Point(on.listed[rng.integers(len(on.listed))]).buffer(60 * KM, quad_segs=64)


def scattered(on: Ground, rng: np.random.Generator) -> BaseGeometry:
    """Return the land within 20 to 40 km of fifteen places: an archipelago."""
    middles = shapely.points(on.listed[rng.choice(len(on.listed), 15, replace=False)])
    return shapely.union_all(shapely.buffer(middles, rng.uniform(20, 40, 15) * KM, quad_segs=64))


def corridor(on: Ground, rng: np.random.Generator) -> BaseGeometry:
    """Return the land within 25 km of 400 km of the river."""
    start = rng.uniform(0, on.river.length - 400 * KM)
    return shapely.buffer(substring(on.river, start, start + 400 * KM), 25 * KM)


SHAPES: dict[str, Draw] = {
    "straight": straight,
    "curved": curved,
    "pocket": pocket,
    "scattered": scattered,
    "corridor": corridor,
}


def laid(on: Ground, shape: Draw, rng: np.random.Generator) -> BaseGeometry:
    """Return a front of a shape that leaves both sides some land."""
    while True:
        front = shapely.intersection(shape(on, rng), on.land)
        if SHARE[0] <= front.area / on.land.area <= SHARE[1]:
            return front


def all_laid(
    on: Ground, names: list[str], true: Floats, kept: NDArray[np.intp], rng: np.random.Generator
) -> tuple[list[BaseGeometry], NDArray[np.bool_]]:
    """Return fronts, and (T, P) who holds the places; one of those kept never changes hands, as the model asks for."""
    while True:
        fronts = [laid(on, SHAPES[name], rng) for name in names]
        held = np.array([shapely.contains_xy(front, true) for front in fronts])
        if (held[:, kept] == held[0, kept]).all(axis=0).any():
            return fronts, held


def table(places: pd.Series, held: NDArray[np.bool_], days: pd.DatetimeIndex) -> pd.DataFrame:
    """Return the rows that say who holds each place on each day, (T, P): one front a day, one after the other."""
    rows = []
    for step, day in enumerate(days):
        moved = np.ones(len(places), dtype=bool) if step == 0 else held[step] != held[step - 1]
        side = np.where(held[step][moved], REBELS, STATE)
        other = "none" if step == 0 else np.where(held[step][moved], STATE, REBELS)
        event = "initial" if step == 0 else "captured"
        rows.append(
            pd.DataFrame({"place_id": places[moved], "valid_from": day, "to_actor": side, "from_actor": other}).assign(
                event=event
            )
        )
    found = pd.concat(rows, ignore_index=True).assign(date_prec="day", control_status="control", confidence="confirmed")
    return found.reindex(columns=ck.load_control_changes().columns)


def of_rebels(area: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of one side in all of the land, by day."""
    return area.query("actor_id == @REBELS and scope == 'all'").set_index("date")


def trials(on: Ground, seed: int) -> pd.DataFrame:
    """Return one row per front and level on one list of places: the figure, its band, and what is true."""
    rng = np.random.default_rng(seed)
    names = [name for name in SHAPES for _ in range(FRONTS)]
    true = on.listed + rng.normal(size=on.listed.shape) * on.off[:, np.newaxis]
    kept = np.sort(rng.choice(len(true), round(len(true) * (1 - HIDDEN)), replace=False))
    fronts, held = all_laid(on, names, true, kept, rng)
    days = pd.date_range("2014-01-01", periods=len(fronts), freq="30D")
    longitude, latitude = transformation(on.crs, "EPSG:4326")(true).T
    radius = float(rng.uniform(*RADIUS_KM))

    whole = on.places.assign(longitude=longitude, latitude=latitude)
    truth = ck.Territory.from_places(table(whole["place_id"], held, days), whole, core_radius_km=radius)
    fewer = on.places.iloc[kept].reset_index(drop=True)
    model = ck.Territory.from_places(table(fewer["place_id"], held[:, kept], days), fewer)

    rows = []
    for level in LEVELS:
        ends = of_rebels(model.area(days, level=level, bands=True, draws=DRAWS, seed=seed))
        drawn = fronts if level == "claimed" else [shapely.intersection(front, truth.core) for front in fronts]
        rows.append(
            pd.DataFrame(
                {
                    "level": level,
                    "shape": names,
                    "figure": ends["area_km2"].to_numpy(),
                    "low": ends["area_lo_km2"].to_numpy(),
                    "high": ends["area_hi_km2"].to_numpy(),
                    "true": of_rebels(truth.area(days, level=level))["area_km2"].to_numpy(),
                    "front": shapely.area(drawn) / KM**2,
                }
            )
        )
    return pd.concat(rows, ignore_index=True)


def coverage(found: pd.DataFrame) -> pd.DataFrame:
    """Return one row per level and shape: how often bands cover, how wide they are, how many figures touch an end."""
    inside = found["low"].le(found["figure"]) & found["figure"].le(found["high"])
    marked = found.assign(
        covered=found["true"].between(found["low"], found["high"]),
        front_covered=found["front"].between(found["low"], found["high"]),
        width=(found["high"] - found["low"]) / found["figure"],
        touching=found["figure"].eq(found["low"]) | found["figure"].eq(found["high"]),
        outside=~inside,
    )
    by = marked.groupby(["level", "shape"], sort=False)
    means = by[["covered", "front_covered", "touching", "outside"]].mean()
    return means.assign(fronts=by.size(), width=by["width"].median())


def main() -> int:
    """Print the coverage by level and shape; 1 if a figure is outside its band, or the mean of shapes misses."""
    on = ground()
    lists = int(sys.argv[1]) if len(sys.argv) > 1 else LISTS
    found = pd.concat([trials(on, seed) for seed in range(lists)], ignore_index=True)
    shares = coverage(found)
    print(shares.to_string(float_format="{:.3f}".format))
    missed = bool(shares["outside"].any())
    for level, rows in shares.groupby("level"):
        mean = rows["covered"].mean()
        missed |= not GOAL[0] <= mean <= GOAL[1]
        print(f"{level}: {mean:.1%} covered over all shapes (goal: {GOAL[0]:.0%} to {GOAL[1]:.0%})")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())

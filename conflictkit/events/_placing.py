"""In which area each event lies: polygons, squares of a grid, or the land of who held it on the day."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from conflictkit.deployments._ground import standing
from conflictkit.errors import TableError, shown
from conflictkit.geometry import WGS84, project_points

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    from numpy.typing import NDArray

    from conflictkit.deployments._ground import Standing
    from conflictkit.territory import Territory

    Words = NDArray[np.object_]
    Flags = NDArray[np.bool_]
    Floats = NDArray[np.float64]

UNPLACED = "unplaced"
IDS = ("area_id", "iso_3166_2", "pcode", "actor_id", "admin1", "country", "name", "id")  # the first there is
# A point that stands for a whole region says nothing of what lies around it. A district is small beside a governorate.
TOO_WIDE = ("country", "international")
TOO_WIDE_FOR_LAND = ("admin1", "region", *TOO_WIDE)
ONE_COUNTRY = ("international",)
MANY = 20_000  # points from which a grid is worth its making
SQUARES = 128  # of the grid, from side to side
HAIR = 1e-9  # of a side
OPEN = -2  # of a square: its points are looked up one by one


def placed(events: pd.DataFrame, too_wide: tuple[str, ...]) -> Flags:
    """Return which events have a point on the globe that stands for no more than itself."""
    on_globe = events["latitude"].between(-90, 90) & events["longitude"].between(-180, 180)
    precise = ~events["where_prec"].isin(too_wide) if "where_prec" in events else True
    return (on_globe & precise).to_numpy(dtype=bool)


def in_areas(events: pd.DataFrame, areas: gpd.GeoDataFrame) -> pd.Categorical[Any]:
    """Return the id of the first area around each event."""
    if areas.crs is None:
        msg = "The areas have no coordinate system: areas.set_crs(4326) if they are in longitude and latitude."
        raise TableError(msg)
    numbers, names = pd.factorize(ids_of(areas))
    good = placed(events, TOO_WIDE if "admin1" in areas else ONE_COUNTRY)
    found = np.full(len(events), -1, dtype=np.intp)
    inside = _first_around(_lonlat(events[good]), areas.to_crs(WGS84).geometry.to_numpy())
    found[np.flatnonzero(good)[inside >= 0]] = numbers[inside[inside >= 0]]
    categories = [*names, *([] if UNPLACED in names else [UNPLACED])]
    found[found < 0] = categories.index(UNPLACED)
    areas_of: pd.Categorical[Any] = pd.Categorical.from_codes(found, pd.Index(categories))
    return areas_of


def ids_of(areas: gpd.GeoDataFrame) -> Words:
    """Return the id of each area; one without a code has its country and its name instead."""
    column = next((name for name in IDS if name in areas), None)
    if column is None:
        have = ", ".join(map(str, areas.columns))
        msg = f"The areas have no id: one of the columns {', '.join(IDS)} (columns: {have})."
        raise TableError(msg)
    ids = areas[column].astype(object).to_numpy(copy=True)
    for number in np.flatnonzero(areas[column].isna()).tolist():
        row = areas.iloc[number]
        named = [str(row[name]) for name in ("country", "admin1", "name") if name in areas and not pd.isna(row[name])]
        if not named:
            msg = f"The area in row {number} has no {column}, no country and no name."
            raise TableError(msg)
        ids[number] = "-".join([named[0], *(re.sub(r"[^\w]+", "-", part.lower()) for part in named[1:])])
    return ids.astype(str).astype(object)


def in_squares(events: pd.DataFrame, side: float) -> Words:
    """Return the square of each event by its centre: latitude, longitude."""
    if not 0 < side <= 90:  # noqa: PLR2004 - degrees
        msg = f"area={shown(side)}: the side of a square in degrees lies above 0 and goes up to 90, such as 0.5."
        raise TableError(msg)
    good = placed(events, TOO_WIDE_FOR_LAND)
    found = np.full(len(events), UNPLACED, dtype=object)
    centres = (np.floor(_lonlat(events[good]) / side) + 0.5) * side
    squares, numbers = np.unique(centres, axis=0, return_inverse=True)
    names = np.array([f"{latitude:.10g},{longitude:.10g}" for longitude, latitude in squares.tolist()], dtype=object)
    if len(names):
        found[good] = names[numbers.ravel()]
    return found


def by_holder(events: pd.DataFrame, territory: Territory) -> Words:
    """Return who held the land around each event on its first day."""
    found = np.full(len(events), UNPLACED, dtype=object)
    for rows, held in on_their_days(events, territory):
        metres = project_points(_lonlat(events.iloc[rows]), held.ground.crs)
        unit = _first_around(metres, held.ground.units)
        found[rows[unit >= 0]] = held.actor_ids[unit[unit >= 0]]
    return found


def on_their_days(events: pd.DataFrame, territory: Territory) -> Iterator[tuple[NDArray[np.intp], Standing]]:
    """Yield who stood where, and the events of the days on which it was so; those without day or place are in none."""
    first, last = territory.covers
    days = events["event_date"]
    good = placed(events, TOO_WIDE_FOR_LAND) & days.between(first, last).to_numpy(dtype=bool)
    rows = np.flatnonzero(good)
    steps = territory.dates.searchsorted(days.iloc[rows].to_numpy(), side="right")
    for step in np.unique(steps).tolist():
        yield rows[steps == step], standing(territory, step)


def _lonlat(events: pd.DataFrame) -> Floats:
    return np.asarray(events[["longitude", "latitude"]].to_numpy(dtype=np.float64))


def _first_around(points: Floats, polygons: NDArray[np.object_]) -> NDArray[np.intp]:
    """Return the number of the first polygon around each point, -1 where there is none."""
    if len(points) < MANY:
        return _looked_up(points, polygons)
    # most points lie in a square of which one polygon has all: only the others are looked up
    corner, side = points.min(axis=0), np.ptp(points, axis=0) / SQUARES + np.finfo(float).tiny
    column, row = np.minimum((points - corner) // side, SQUARES - 1).astype(np.intp).T
    found: NDArray[np.intp] = _of_squares(corner, side, polygons)[column * SQUARES + row]
    open_ = np.flatnonzero(found == OPEN)
    found[open_] = _looked_up(points[open_], polygons)
    return found


def _of_squares(corner: Floats, side: Floats, polygons: NDArray[np.object_]) -> NDArray[np.intp]:
    """Return the first polygon around all of each square of a grid, -1 of one that none meets, else OPEN."""
    column, row = np.divmod(np.arange(SQUARES * SQUARES), SQUARES)
    # a hair wider than they are, so that no point on an edge is on the wrong side of it
    low = corner + np.column_stack([column, row]) * side - side * HAIR
    high = low + side * (1 + 2 * HAIR)
    boxes = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
    tree = shapely.STRtree(boxes)
    first = np.full(len(boxes), len(polygons), dtype=np.intp)
    polygon, box = tree.query(polygons, predicate="intersects")
    np.minimum.at(first, box, polygon)
    polygon, box = tree.query(polygons, predicate="covers")
    whole = np.zeros(len(boxes), dtype=bool)
    whole[box[polygon == first[box]]] = True
    none = first == len(polygons)
    found: NDArray[np.intp] = np.where(none, -1, np.where(whole, first, OPEN))
    return found


def _looked_up(points: Floats, polygons: NDArray[np.object_]) -> NDArray[np.intp]:
    """Return the number of the first polygon around each point, -1 where there is none, with the shapes themselves."""
    found = np.full(len(points), -1, dtype=np.intp)
    polygon, point = shapely.STRtree(np.asarray(shapely.points(points), dtype=object)).query(
        polygons, predicate="intersects"
    )
    order = np.argsort(-polygon, kind="stable")
    found[point[order]] = polygon[order]
    return found

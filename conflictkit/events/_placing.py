"""In which area each event lies: polygons, squares of a grid, or the land of who held it on the day."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

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


def placed(events: pd.DataFrame, too_wide: tuple[str, ...]) -> Flags:
    """Return which events have a point on the globe that stands for no more than itself."""
    on_globe = events["latitude"].between(-90, 90) & events["longitude"].between(-180, 180)
    precise = ~events["where_prec"].isin(too_wide) if "where_prec" in events else True
    return (on_globe & precise).to_numpy(dtype=bool)


def in_areas(events: pd.DataFrame, areas: gpd.GeoDataFrame) -> Words:
    """Return the id of the first area around each event."""
    if areas.crs is None:
        msg = "The areas have no coordinate system: areas.set_crs(4326) if they are in longitude and latitude."
        raise TableError(msg)
    ids = ids_of(areas)
    good = placed(events, TOO_WIDE if "admin1" in areas else ONE_COUNTRY)
    found = np.full(len(events), UNPLACED, dtype=object)
    inside = _first_around(_lonlat(events[good]), areas.to_crs(WGS84).geometry.to_numpy())
    found[np.flatnonzero(good)[inside >= 0]] = ids[inside[inside >= 0]]
    return found


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
    # many events stand on one point, and each point is looked up once
    distinct, numbers = np.unique(points, axis=0, return_inverse=True)
    found = np.full(len(distinct), -1, dtype=np.intp)
    polygon, point = shapely.STRtree(np.asarray(shapely.points(distinct), dtype=object)).query(
        polygons, predicate="intersects"
    )
    order = np.argsort(-polygon, kind="stable")
    found[point[order]] = polygon[order]
    around: NDArray[np.intp] = found[numbers.ravel()]
    return around

"""Which events lie beside the lines between sides on their day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from conflictkit.errors import TerritoryError, need, shown
from conflictkit.events._placing import on_their_days
from conflictkit.geometry import project_points

if TYPE_CHECKING:
    from conflictkit.territory import Territory

M_PER_KM = 1000.0


def events_near_fronts(territory: Territory, events: pd.DataFrame, *, km: float = 15) -> pd.DataFrame:
    """Return events with their distance from the nearest line between sides on their day.

    Parameters
    ----------
    territory
        Who held what, of places or of drawings.
    events
        Rows like those of ``read_events``.
    km
        Up to this distance an event is near.

    Returns
    -------
    pandas.DataFrame
        The rows of `events` in their order, with ``near_front`` (boolean; missing for events without day or place, on a
        day that the territory does not cover, or whose point stands for a governorate or more), ``front_km`` (distance
        in km; missing also where no two sides touch), ``front_side`` and ``front_other_side`` (the sides, in
        alphabetical order; ``contested`` is one).

    Raises
    ------
    TableError
        If there is no row, or a column is missing.
    TerritoryError
        If `km` is no distance.

    Notes
    -----
    A flag, never control: that an event is near a front says nothing of who held the place, and a front here is the
    line halfway between places of two sides (see ``nearest_fronts``), good to tens of km in the desert. It is no front
    where the sides do not fight. Distances are those of the territory's projection, within 0.1 % up to 500 km from its
    centre. The day is the first day of an event.

    Examples
    --------
    >>> import pandas as pd
    >>> from conflictkit import Territory
    >>> events = pd.DataFrame({
    ...     "event_date": pd.to_datetime(["2017-11-03", "2017-11-03"]), "latitude": [34.45, 33.3],
    ...     "longitude": [40.92, 44.4],
    ... })
    >>> near = events_near_fronts(Territory.from_places(), events)
    >>> near[["near_front", "front_km", "front_side", "front_other_side"]].round(0)
       near_front  front_km front_side front_other_side
    0        True       3.0       iraq             isis
    1       False     148.0       iraq              krg
    """
    need(events, ["event_date", "latitude", "longitude"], what="events_near_fronts", like="read_events")
    if not 0 <= km < np.inf:
        msg = f"km={shown(km)} is no distance: a number of km from 0 on."
        raise TerritoryError(msg)
    away = np.full(len(events), np.nan)
    asked = np.zeros(len(events), dtype=bool)
    sides = np.full((2, len(events)), None, dtype=object)
    for rows, held in on_their_days(events, territory):
        asked[rows] = True
        one, other = held.sides[held.ground.one], held.sides[held.ground.other]
        front = np.flatnonzero((one != other) & (one != "") & (other != ""))
        if not len(front):
            continue
        lonlat = events.iloc[rows][["longitude", "latitude"]].to_numpy(dtype=float)
        points = shapely.points(project_points(lonlat, held.ground.crs))
        (_, nearest), metres = shapely.STRtree(held.ground.lines[front]).query_nearest(
            points, return_distance=True, all_matches=False
        )
        away[rows] = metres / M_PER_KM
        names = np.sort(np.array([one[front[nearest]], other[front[nearest]]]).astype(str), axis=0)
        sides[:, rows] = names
    near = pd.array(away <= km, dtype="boolean")
    near[~asked] = pd.NA
    return events.assign(
        near_front=near,
        front_km=away,
        front_side=pd.array(sides[0], dtype="str"),
        front_other_side=pd.array(sides[1], dtype="str"),
    )

"""The lines between sides, as the territory model draws them, and how far they are from a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from conflictkit.datasets import load_places
from conflictkit.deployments._ground import ground_of, territory_or_shipped, xy
from conflictkit.positions import Position, km_between, nearest_on, position_of

if TYPE_CHECKING:
    from conflictkit.dates import DateLike
    from conflictkit.deployments._ground import Ground
    from conflictkit.positions import Where
    from conflictkit.territory import Territory

COLUMNS = ["side", "other_side", "km", "doubt_km", "place_id", "other_place_id", "latitude", "longitude", "line_km"]


def nearest_fronts(where: Where, date: DateLike, *, territory: Territory | None = None) -> pd.DataFrame:
    """Return the lines between sides on a day, the nearest to a place first.

    Parameters
    ----------
    where
        A ``place_id``, a tuple (latitude, longitude), or a shapely ``Point``.
    date
        The day.
    territory
        The model; None for the one on the shipped tables.

    Returns
    -------
    pandas.DataFrame
        One row per pair of sides that touch: ``side``, ``other_side`` (``contested`` is one), ``km`` and ``doubt_km``
        to the nearest stretch, ``place_id`` and ``other_place_id`` (the places on either side of it), ``latitude``,
        ``longitude`` of its nearest point, ``line_km`` (length of the whole line between the two).

    Raises
    ------
    PlaceError
        If the place is unknown or has no position.
    DateError
        If the date cannot be read.

    Notes
    -----
    A line runs halfway between a place of one side and the nearest place of another; the surveyed front can be anywhere
    between the two, so the doubt is half their distance. It is no front where the sides do not fight.

    Examples
    --------
    >>> fronts = nearest_fronts("abu-kamal", "2017-11-03")
    >>> fronts[["side", "other_side", "km", "doubt_km"]].head(2).round(0)
       side other_side    km  doubt_km
    0  isis       iraq   5.0       6.0
    1  isis      assad  36.0      36.0
    """
    model = territory_or_shipped(territory)
    ground, position = ground_of(model), position_of(where, load_places() if territory is None else _places(model))
    sides = ground.sides(date)
    one, other = sides[ground.one], sides[ground.other]
    lines = np.flatnonzero((one != other) & (one != "") & (other != ""))
    pairs: dict[tuple[str, str], list[int]] = {}
    for i in lines:
        pairs.setdefault((min(one[i], other[i]), max(one[i], other[i])), []).append(int(i))
    mine = _side_of(ground, sides, position)
    rows = [_row(ground, sides, position, edges, mine) for edges in pairs.values()]
    found = pd.DataFrame(rows, columns=COLUMNS)
    return found.sort_values(["km", "side", "other_side"], ignore_index=True)


def _places(model: Territory) -> pd.DataFrame:
    """Return the model's own places, then the shipped ones that it does not have."""
    shipped = load_places()
    return pd.concat([model.places, shipped[~shipped["place_id"].isin(model.places["place_id"])]], ignore_index=True)


def _side_of(ground: Ground, sides: np.ndarray, position: Position) -> str:
    """Return the side on whose land a position is: that of the nearest place."""
    places = ground.territory.places
    points = zip(places["latitude"], places["longitude"], strict=True)
    km = [km_between(position, Position("", latitude, longitude, 0.0)) for latitude, longitude in points]
    return str(sides[int(np.argmin(km))])


def _row(ground: Ground, sides: np.ndarray, position: Position, edges: list[int], mine: str) -> dict[str, object]:
    """Return the row of one pair of sides: its nearest stretch, first the side that the position is on."""
    places = ground.territory.places
    at = nearest_on(shapely.union_all(ground.lines[edges]), ground.crs, position, name="", doubt_km=0.0)
    spot = shapely.Point(xy(ground, at.latitude, at.longitude))
    edge = edges[int(np.argmin(shapely.distance(ground.lines[edges], spot)))]
    ends = [int(ground.one[edge]), int(ground.other[edge])]
    ends.sort(key=lambda place: (sides[place] != mine, sides[place]))
    here, there = (position_of(str(places["place_id"].iloc[end]), places) for end in ends)
    return {
        "side": sides[ends[0]],
        "other_side": sides[ends[1]],
        "km": km_between(position, at),
        "doubt_km": km_between(here, there) / 2 + position.doubt_km,
        "place_id": places["place_id"].iloc[ends[0]],
        "other_place_id": places["place_id"].iloc[ends[1]],
        "latitude": at.latitude,
        "longitude": at.longitude,
        "line_km": float(ground.km[edges].sum()),
    }

"""The lines between sides, as the territory model draws them, and how far they are from a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from conflictkit.deployments._ground import standing_on, territory_of
from conflictkit.geometry import project_points
from conflictkit.positions import km_between, km_to, nearest_on, position_of

if TYPE_CHECKING:
    from conflictkit.dates import DateLike
    from conflictkit.deployments._ground import Numbers, Standing
    from conflictkit.positions import Position, Where
    from conflictkit.tables import Tables
    from conflictkit.territory import Territory

COLUMNS = ["side", "other_side", "km", "doubt_km", "place_id", "other_place_id", "latitude", "longitude", "line_km"]


def nearest_fronts(
    where: Where, date: DateLike, *, territory: Territory | None = None, tables: Tables | None = None
) -> pd.DataFrame:
    """Return the lines between sides on a day, the nearest to a place first.

    Parameters
    ----------
    where
        A ``place_id``, a tuple (latitude, longitude), or a shapely ``Point``.
    date
        The day.
    territory
        Who held what, of places or of drawings; by default ``Territory.from_places()``.
    tables
        Short for ``Territory.from_places(tables=tables)``.

    Returns
    -------
    pandas.DataFrame
        One row per pair of sides that touch: ``side``, ``other_side`` (``contested`` is one), ``km`` and ``doubt_km``
        to the nearest stretch, ``place_id`` and ``other_place_id`` (the places on either side of it), ``latitude``,
        ``longitude`` of its nearest point, ``line_km`` (length of the whole line between the two). Of drawings the
        doubt and the two places are missing: a drawing does not say how well its line is known.

    Raises
    ------
    PlaceError
        If the place is unknown or has no position.
    DateError
        If the date cannot be read, or is not covered by the tables.
    TerritoryError
        If both a territory and other tables are given, or the day is before the first drawing.

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
    model = territory_of(territory, tables)
    held, position = standing_on(model, date), position_of(where, model.tables.places)
    one, other = held.sides[held.ground.one], held.sides[held.ground.other]
    pairs: dict[tuple[str, str], list[int]] = {}
    for edge in np.flatnonzero((one != other) & (one != "") & (other != "")).tolist():
        pairs.setdefault((min(one[edge], other[edge]), max(one[edge], other[edge])), []).append(edge)
    mine = _side_at(held, position)
    rows = [_row(held, position, np.array(edges), mine) for edges in pairs.values()]
    found = pd.DataFrame(rows, columns=COLUMNS)
    return found.sort_values(["km", "side", "other_side"], ignore_index=True)


def _side_at(held: Standing, position: Position) -> str:
    """Return the side on whose land a position is: that of the nearest place, or of the nearest drawn shape."""
    if held.territory.has_places:
        places = held.territory.places
        away = km_to(position, places["latitude"], places["longitude"])
    else:
        away = shapely.distance(_spot(held, position), held.ground.units)
    return str(held.sides[int(np.argmin(away))])


def _spot(held: Standing, position: Position) -> shapely.Point:
    """Return a position in metres of the projection."""
    return shapely.Point(project_points(np.array([[position.longitude, position.latitude]]), held.ground.crs)[0])


def _row(held: Standing, position: Position, edges: Numbers, mine: str) -> dict[str, object]:
    """Return the row of one pair of sides: its nearest stretch, first the side that the position is on."""
    ground = held.ground
    at = nearest_on(shapely.union_all(ground.lines[edges]), ground.crs, position, name="", doubt_km=0.0)
    edge = edges[int(np.argmin(shapely.distance(ground.lines[edges], _spot(held, at))))]
    ends = sorted(
        (int(ground.one[edge]), int(ground.other[edge])), key=lambda end: (held.sides[end] != mine, held.sides[end])
    )
    row = {
        "side": held.sides[ends[0]],
        "other_side": held.sides[ends[1]],
        "km": km_between(position, at),
        "doubt_km": np.nan,
        "place_id": None,
        "other_place_id": None,
        "latitude": at.latitude,
        "longitude": at.longitude,
        "line_km": float(ground.km[edges].sum()),
    }
    if held.territory.has_places:
        places = held.territory.places
        here, there = places["place_id"].iloc[ends]
        apart = km_between(position_of(here, places), position_of(there, places))
        row |= {"place_id": here, "other_place_id": there, "doubt_km": apart / 2 + position.doubt_km}
    return row

"""Which forces were reported near a place, from the point of their report or as far off as the page says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from conflictkit.datasets import load_places
from conflictkit.deployments.presence import ASSUMED_DAYS, deployments_at
from conflictkit.positions import POSITION_KM, REPORTED_SHARE, Position, km_to, position_of

if TYPE_CHECKING:
    from conflictkit.dates import DateLike
    from conflictkit.positions import Where


def nearest_forces(
    where: Where,
    date: DateLike,
    *,
    within_km: float | None = None,
    assume_until: int | None = ASSUMED_DAYS,
    deployments: pd.DataFrame | None = None,
    places: pd.DataFrame | None = None,
    actors: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the forces reported on a day, the nearest to a place first.

    Parameters
    ----------
    where
        A ``place_id``, a tuple (latitude, longitude), or a shapely ``Point``.
    date
        The day.
    within_km
        Only forces within this distance; None for all.
    assume_until, deployments, places, actors
        As in ``deployments_at``.

    Returns
    -------
    pandas.DataFrame
        Rows of ``deployments_at`` with a position, by distance, and ``km``, ``doubt_km`` and ``how``: ``measured`` from
        the point of the report, or ``reported``, the kilometres from this place that the page itself gives.
        ``attrs["rule"]`` says how long a report counts; ``attrs["rejected"]`` lists the reports that are too old,
        or have no position.

    Raises
    ------
    PlaceError
        If the place is unknown or has no position.
    DateError
        If the date cannot be read.

    Notes
    -----
    The doubt is that of both points, or a fifth of a distance that a page gives as "about" so many km. A force fills
    more than a point: the distance is that of the place it was reported at.

    Examples
    --------
    >>> near = nearest_forces("abu-kamal", "2017-11-03", within_km=50)
    >>> near[near.side == "assad"][["actor_name", "km", "doubt_km", "how"]]
              actor_name    km  doubt_km       how
    12  Syrian Arab Army  40.0       8.0  reported
    """
    table = load_places() if places is None else places
    here = deployments_at(date, deployments, assume_until=assume_until, places=table, actors=actors)
    attrs, here.attrs = here.attrs, {}  # pandas copies them at every step
    position = position_of(where, table)
    found = with_distance(here, position, where if isinstance(where, str) else None)
    nowhere = found["km"].isna()
    reason = "the report has no position"
    set_aside = [{"deployment_id": name, "reason": reason} for name in found.loc[nowhere, "deployment_id"]]
    near = found[~nowhere & ((found["km"] <= within_km) if within_km is not None else True)]
    near = near.sort_values(["km", "side", "actor_name", "deployment_id"], ignore_index=True)
    near.attrs = {"rule": attrs["rule"], "rejected": [*attrs["rejected"], *set_aside]}
    return near


def with_distance(here: pd.DataFrame, position: Position, place_id: str | None) -> pd.DataFrame:
    """Return deployments with their distance from a position: as the page gives it, else measured."""
    reported = here["near_place_id"].eq(place_id or "") & here["near_km"].notna()
    measured = km_to(position, here["latitude"], here["longitude"])
    doubts = here["where_prec"].map(POSITION_KM).fillna(POSITION_KM["estimated"]) + position.doubt_km
    return here.assign(
        km=pd.Series(measured, index=here.index).mask(reported, here["near_km"]),
        doubt_km=doubts.mask(reported, REPORTED_SHARE * here["near_km"].astype(float)),
        how=pd.Series("measured", index=here.index, dtype="str").mask(reported, "reported"),
    )

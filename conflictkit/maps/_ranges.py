"""The range of every line of the area chart, as the numbers that a page needs: it draws them where a reader asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from conflictkit.charts._series import ALL, NOT_HOLDERS
from conflictkit.maps._drawings import ids_of
from conflictkit.maps._payload import coded, table

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from conflictkit.territory import Level, Territory

    Data = dict[str, Any]


def ranges_data(territory: Territory, days: pd.DatetimeIndex, *, levels: Iterable[Level]) -> Data:
    """Return one row per level, country and holder with land there: the low and the high end of each day, in km2.

    Countries are numbers of the scope, -1 of all of it; holders are numbers of the page's ``actors``. Ends are whole
    km2, rounded away from the figure, which stays inside; each is its distance from the day before, and most days move
    nothing.
    """
    countries = {ALL: -1}
    if territory.has_places:  # a page of drawings counts them whole
        countries |= {code: number for number, code in enumerate(territory.scope)}
    rows, ids = list[tuple[Any, ...]](), ids_of(territory)
    for level in levels:
        area = territory.area(days, level=level, bands=True)
        shown = area[area["scope"].isin(countries) & ~area["actor_id"].isin(NOT_HOLDERS)]
        for key, held in shown.groupby(["scope", "actor_id"], sort=False):
            scope, actor = map(str, key)
            if held["area_km2"].any():
                low, high = np.floor(held["area_lo_km2"]), np.ceil(held["area_hi_km2"])
                rows.append((level, countries[scope], ids.index(actor), _moves(low), _moves(high)))
    columns = zip(*rows, strict=True) if rows else ((),) * 5
    return coded(table(**dict(zip(("level", "country", "actor", "low", "high"), columns, strict=True))), "level")


def _moves(km2: pd.Series) -> list[int]:
    """Return numbers as their distances from the one before."""
    return [int(step) for step in np.diff(km2.astype(int), prepend=0)]

"""Two pictures of one land beside each other: what each gives to a holder, and where they agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from conflictkit.errors import TerritoryError, shown
from conflictkit.geometry import M2_PER_KM2, project_land, transformation
from conflictkit.outlines import SLIVER_KM2
from conflictkit.territory._inputs import lands_of
from conflictkit.territory._territory import Territory
from conflictkit.text import TEXT

if TYPE_CHECKING:
    import pyproj
    from shapely.geometry.base import BaseGeometry

    from conflictkit.dates import DatesLike

COLUMNS: dict[str, Any] = {
    "date": "datetime64[us]",
    "actor_id": TEXT,
    **dict.fromkeys(("km2_a", "km2_b", "km2_both", "difference_km2", "agreement"), float),
}


def compare_mappers(a: Territory, b: Territory, dates: DatesLike) -> pd.DataFrame:
    """Return how much land two mappers give to each holder, and how much of it is the same land.

    Parameters
    ----------
    a, b
        Two territories of one land: of places, or of drawings. Parts of an actor count as that actor where the other
        mapper does not tell them apart.
    dates
        One date or several, on which both have an answer.

    Returns
    -------
    pandas.DataFrame
        One row per date and holder, in ascending dates: ``date``, ``actor_id``, ``km2_a``, ``km2_b``, ``km2_both`` (on
        the same land), ``difference_km2`` (a less b), ``agreement`` (the land that both give to the holder, as a
        fraction of the land that either does: 1 where they agree, 0 where they share nothing). The two are never
        joined into one line. Holders whom only one of the two knows are listed with 0 from the other.

    Raises
    ------
    DateError, TerritoryError
        If a date cannot be read, one of the two has no answer for it, or is no Territory.

    Notes
    -----
    Land of level claimed, in the projection of `a`, so far as it lies in the countries of `a` if these have borders: a
    drawing that crosses a border is cut there. Agreement depends on scale: a line that is off by 5 km all along is a
    small part of a country, and a large part of a pocket. Who is right is not asked.

    Examples
    --------
    >>> import conflictkit as ck
    >>> everything, confirmed = ck.Territory.from_places(), ck.Territory.from_places(min_confidence="confirmed")
    >>> beside = ck.compare_mappers(everything, confirmed, "2016-01-01").set_index("actor_id")
    >>> bool(0.3 < beside.agreement["isis"] < 1)
    True
    """
    for name, mapper in (("a", a), ("b", b)):
        if not isinstance(mapper, Territory):
            msg = f"{name} must be a Territory, of places or of polygons, not {shown(mapper)}."  # type: ignore[unreachable]
            raise TerritoryError(msg)
    rows: list[tuple[object, ...]] = []
    lands = a.borders if a.has_places else np.array(list(lands_of(a.tables.borders).values()), dtype=object)
    ground = shapely.union_all(project_land(lands, a.crs)) if len(a.borders) else None
    for day in a.days(dates):
        mine, theirs = a.shapes(day), b.shapes(day)
        one = _land(mine, _names(mine, theirs, a), a.crs, a.crs, ground)
        other = _land(theirs, _names(theirs, mine, b), b.crs, a.crs, ground)
        for name in sorted({*one, *other}):
            left, right = one.get(name, shapely.Polygon()), other.get(name, shapely.Polygon())
            both = shapely.intersection(left, right).area
            areas = np.array([left.area, right.area, both, left.area - right.area]) / M2_PER_KM2
            if (either := left.area + right.area - both) > SLIVER_KM2 * M2_PER_KM2:
                rows.append((day, name, *areas, both / either))
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def _names(own: dict[str, BaseGeometry], others: dict[str, BaseGeometry], mapper: Territory) -> dict[str, str]:
    """Return each holder as both can call it: itself, or the actor it is a part of that the other mapper knows."""
    line = mapper.tables.hierarchy.line
    return {name: next((above for above in line(name) if above in others), name) for name in own}


def _land(
    land: dict[str, BaseGeometry],
    names: dict[str, str],
    crs: pyproj.CRS,
    to: pyproj.CRS,
    ground: BaseGeometry | None,
) -> dict[str, BaseGeometry]:
    """Return the land of each name in another projection, cut at the ground."""
    found: dict[str, BaseGeometry] = {}
    for name in sorted(set(names.values())):
        whole = shapely.union_all([shape for holder, shape in land.items() if names[holder] == name])
        if crs != to:
            whole = shapely.make_valid(shapely.transform(whole, transformation(crs, to)))
        found[name] = whole if ground is None else shapely.intersection(whole, ground)
    return found

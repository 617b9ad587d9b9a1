"""What the land of places is built from, checked before anything is computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from conflictkit.errors import TerritoryError, known, shown
from conflictkit.geometry import WGS84
from conflictkit.schema import CONFIDENCE
from conflictkit.territory._gaps import NO_COORDINATES
from conflictkit.territory._history import keep_confident

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

# Countries that overlap by more than this share of their land would be counted twice.
OVERLAP_SHARE = 1e-6


def lands_of(borders: gpd.GeoDataFrame) -> dict[str, shapely.Geometry]:
    """Return the polygon of each country, in degrees, or raise if the borders are none.

    Columns ``country`` and ``geometry``, in any CRS.
    """
    if "geometry" not in borders.columns or "country" not in borders.columns or gpd.GeoDataFrame(borders).crs is None:
        msg = "borders must be a GeoDataFrame with a column 'country' and a CRS, like that of load_borders()."
        raise TerritoryError(msg)
    land = borders.to_crs(WGS84)
    if not shapely.is_valid(np.asarray(land.geometry)).all():
        msg = "The borders cross themselves: repair them, for instance with borders.make_valid()."
        raise TerritoryError(msg)
    codes = list(dict.fromkeys(land["country"]))
    return {str(code): shapely.union_all(np.asarray(land.geometry[land["country"] == code])) for code in codes}


def countries(borders: gpd.GeoDataFrame, scope: Sequence[str] | None) -> tuple[tuple[str, ...], NDArray[np.object_]]:
    """Return the codes of the scope, None for all countries, and their polygons in degrees.

    Raises TerritoryError where a code is given twice or the borders have no CRS, are broken or overlap;
    UnknownNameError where there is no country of that code.
    """
    lands = lands_of(borders)
    codes = tuple(sorted(lands)) if scope is None else tuple(scope)
    if isinstance(scope, str) or not codes or len(set(codes)) < len(codes):
        msg = f"scope must list each country once, such as {tuple(lands)}, not {shown(scope)}."
        raise TerritoryError(msg)
    for code in codes:
        known("country of the scope", code, lands)
    polygons = np.array([lands[code] for code in codes])
    if shapely.area(shapely.union_all(polygons)) < shapely.area(polygons).sum() * (1 - OVERLAP_SHARE):
        msg = f"The borders of {', '.join(codes)} overlap, so that land would be counted twice: cut one at the other."
        raise TerritoryError(msg)
    return codes, polygons


def counted(
    changes: pd.DataFrame, places: pd.DataFrame, min_confidence: str | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split the rows into those the model counts and those it leaves out, with the reason."""
    pointless = places.loc[places["latitude"].isna() | places["longitude"].isna(), "place_id"]
    nowhere = changes["place_id"].isin(pointless)
    kept, weak = changes[~nowhere], changes.iloc[:0]
    if min_confidence is not None:
        known("min_confidence", min_confidence, CONFIDENCE)
        kept, weak = keep_confident(kept, min_confidence)
    if kept.empty:
        msg = (
            f"No change of control is left to count: of {len(changes):,} rows, {nowhere.sum():,} are about places "
            f"without coordinates and {len(weak):,} are left out by min_confidence={shown(min_confidence)}."
        )
        raise TerritoryError(msg)
    reasons = [
        changes[nowhere].assign(reason=NO_COORDINATES),
        weak.assign(reason=f"confidence below {min_confidence}"),
    ]
    return kept, pd.concat(reasons, ignore_index=True)


def located(changes: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Return the places that can be given a cell, those with rows and coordinates, by ``place_id``.

    In alphabetical order, so that ties never depend on the order of the rows.
    """
    used = places["place_id"].isin(changes["place_id"]) & places["latitude"].notna() & places["longitude"].notna()
    return places[used].sort_values("place_id", ignore_index=True)


def background_or_raise(changes: pd.DataFrame, places: pd.DataFrame, scope: Sequence[str]) -> None:
    """Raise if no place of the scope keeps the holder that its initial row gives.

    A table of changes alone makes the most active side the holder of everything.
    """
    inside = places.loc[places["country"].isin(scope), "place_id"]
    rows = changes[changes["place_id"].isin(inside)]
    if (rows["event"] == "initial").groupby(rows["place_id"]).all().any():
        return
    msg = (
        f"No place in {', '.join(scope)} keeps its first holder ({len(inside)} places with rows). A table of changes "
        "alone makes whoever took them the holder of everything: add places that never changed hands, each with one "
        "row of event 'initial'."
    )
    raise TerritoryError(msg)

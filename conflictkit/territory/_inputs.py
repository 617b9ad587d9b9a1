"""What the land of places is built from, checked before anything is computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from conflictkit import outlines
from conflictkit.dates import iso, to_day
from conflictkit.errors import NAMED, TableError, TerritoryError, known, shown
from conflictkit.schema import CONFIDENCE
from conflictkit.territory._gaps import NO_COORDINATES
from conflictkit.territory._history import keep_confident

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from conflictkit.dates import DateLike
    from conflictkit.tables import Tables

# Countries that overlap by more than this share of their land would be counted twice.
OVERLAP_SHARE = 1e-6
NEAR_DEG = 0.05  # about 5 km: neither a point nor a border is off by more
FAR_DEG = 45.0  # of arc, 5,000 km: there the projection is off by 8 % in one direction and by as much in the other
CROSSING = "has lines that cross themselves: repair them, for instance with borders.make_valid()"


def number(name: str, value: object) -> float:
    """Return the number, 0 or more, that an argument is, or raise if it is none."""
    if isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool) and value >= 0:
        return float(value)
    msg = f"{name} must be a number, 0 or more, not {shown(value)}."
    raise TerritoryError(msg)


def whole_number(name: str, value: object) -> int:
    """Return the whole number, 0 or more, that an argument is, or raise if it is none."""
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool) and value >= 0:
        return int(value)
    msg = f"{name} must be a whole number, 0 or more, not {shown(value)}."
    raise TerritoryError(msg)


def lands_of(borders: gpd.GeoDataFrame) -> dict[str, BaseGeometry]:
    """Return the polygon of each country of some tables, in degrees, or raise with all that are none."""
    codes = borders["country"].to_numpy()
    degrees, reasons, crossing = outlines.lands(borders.geometry.to_numpy())
    told = [reason or (CROSSING if crosses else "") for reason, crosses in zip(reasons, crossing, strict=True)]
    wrong = [f"row {row} ({codes[row - 1]}) {reason}" for row, reason in enumerate(told, 1) if reason]
    if wrong:
        msg = f"The borders cannot be used: {'; '.join(wrong[:NAMED])}{' ...' if len(wrong) > NAMED else ''}."
        raise TerritoryError(msg)
    return {str(code): shapely.union_all(degrees[codes == code]) for code in dict.fromkeys(codes)}


def countries(borders: gpd.GeoDataFrame, scope: Sequence[str] | None) -> tuple[tuple[str, ...], NDArray[np.object_]]:
    """Return the codes of the scope, None for all countries, and their polygons in degrees.

    Raises TerritoryError where a code is given twice or the borders are broken, overlap or reach too far;
    UnknownNameError where there is no country of that code.
    """
    lands = lands_of(borders)
    if not lands:
        msg = "There are no borders: borders= takes a GeoDataFrame like that of load_borders()."
        raise TerritoryError(msg)
    codes = _codes(scope, lands)
    polygons = np.array([lands[code] for code in codes], dtype=object)
    whole = shapely.union_all(polygons)
    if whole.area < shapely.area(polygons).sum() * (1 - OVERLAP_SHARE):
        msg = f"The borders of {', '.join(codes)} overlap, so that land would be counted twice: cut one at the other."
        raise TerritoryError(msg)
    if (reach := _reach_deg(whole)) > FAR_DEG:
        msg = (
            f"{', '.join(codes)}: land up to {reach:.0f} degrees of arc from its middle, and beyond {FAR_DEG:g} a flat "
            "map no longer tells which place is nearest. Ask for fewer countries (scope=), or look for a wrong corner."
        )
        raise TerritoryError(msg)
    return codes, polygons


def _codes(scope: Sequence[str] | None, lands: Mapping[str, BaseGeometry]) -> tuple[str, ...]:
    """Return the countries asked for, each once."""
    if scope is None:
        return tuple(sorted(lands))
    codes = tuple(scope) if pd.api.types.is_list_like(scope) else ()
    for code in codes:
        known("country of the scope", code, lands)
    if not codes or len(set(codes)) < len(codes):
        msg = f"scope must list each country once, such as {tuple(lands)}, not {shown(scope)}."
        raise TerritoryError(msg)
    # a set has another order in each run of Python
    return tuple(sorted(codes)) if isinstance(scope, (set, frozenset)) else codes


def _reach_deg(land: BaseGeometry) -> float:
    """Return how far land reaches from its middle, in degrees of arc."""
    middle = np.radians([land.centroid.x, land.centroid.y])
    x, y = np.radians(shapely.get_coordinates(land)).T
    cosine = np.sin(middle[1]) * np.sin(y) + np.cos(middle[1]) * np.cos(y) * np.cos(x - middle[0])
    return float(np.degrees(np.arccos(np.clip(cosine.min(), -1, 1))))


def counted(tables: Tables, min_confidence: str | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split the rows into those the model counts and those it leaves out, with the reason."""
    changes, places = tables.control_changes, tables.places
    pointless = places.loc[places["latitude"].isna() | places["longitude"].isna(), "place_id"]
    nowhere = changes["place_id"].isin(pointless)
    late = ~nowhere & (changes["valid_from"] > tables.covers[1])
    kept, weak = changes[~nowhere & ~late], changes.iloc[:0]
    if min_confidence is not None:
        known("min_confidence", min_confidence, CONFIDENCE)
        kept, weak = keep_confident(kept, min_confidence)
    if kept.empty:
        msg = (
            f"No change of control is left to count: of {len(changes):,} rows, {nowhere.sum():,} are about places "
            f"without coordinates, {late.sum():,} about days after {iso(tables.covers[1])}, and {len(weak):,} are left "
            f"out by min_confidence={shown(min_confidence)}."
        )
        raise TerritoryError(msg)
    reasons = [
        changes[nowhere].assign(reason=NO_COORDINATES),
        changes[late].assign(reason="after the last day that the tables cover"),
        weak.assign(reason=f"confidence below {min_confidence}"),
    ]
    return kept, pd.concat(reasons, ignore_index=True)


def only_of_drawings(edge_km: float | None, *, drawn: bool) -> None:
    """Raise if the error of a drawn line is stated where nothing is drawn."""
    if edge_km is not None and not drawn:
        msg = (
            f"edge_km={shown(edge_km)} is the error of a drawn line; lines between places are not drawn. "
            "Their doubt follows from how the places lie: leave edge_km out."
        )
        raise TerritoryError(msg)


def numbered(table: pd.DataFrame, rows: Iterable[tuple[str, DateLike]]) -> NDArray[np.bool_]:
    """Return (R,) whether each row of a table of changes is one of those named, or raise with all that are none."""
    wanted = [(str(place), to_day(day)) for place, day in rows]
    index = pd.MultiIndex.from_frame(table[["place_id", "valid_from"]])
    strangers = [(place, day) for place, day in wanted if (place, day) not in index]
    if strangers:
        told = [
            f"{place} has no row of {iso(day)}, only of {', '.join(map(iso, days)) or 'no day'}"
            for place, day in strangers[:NAMED]
            for days in [table.loc[table["place_id"] == place, "valid_from"]]
        ]
        msg = f"No such control change: {'; '.join(told)}{' ...' if len(strangers) > NAMED else ''}."
        raise TableError(msg)
    return np.asarray(index.isin(wanted)) if wanted else np.zeros(len(table), dtype=bool)


def located(changes: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Return the places that can be given a cell, those with rows and coordinates, by ``place_id``.

    In alphabetical order, so that ties never depend on the order of the rows.
    """
    used = places["place_id"].isin(changes["place_id"]) & places["latitude"].notna() & places["longitude"].notna()
    return places[used].sort_values("place_id", ignore_index=True)


def with_places(places: pd.DataFrame, scope: Sequence[str], lands: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Return (C,) whether any place of each country lies in it, or so near that the border may be the one that is off.

    Raises TerritoryError where none does: then points or borders are wrong.
    """
    points = np.asarray(shapely.points(places[["longitude", "latitude"]].to_numpy(dtype=float)), dtype=object)
    own = [points[(places["country"] == code).to_numpy()] for code in scope]
    found = np.array([shapely.dwithin(land, at, NEAR_DEG).any() for land, at in zip(lands, own, strict=True)])
    if found.any():
        return found
    msg = (
        f"No place of {', '.join(scope)} lies within its borders: the points or the borders are wrong. "
        "Both are in degrees, longitude from west to east, latitude from south to north."
    )
    raise TerritoryError(msg)


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

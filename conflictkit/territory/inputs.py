"""What a territory is built from: the shipped tables or the caller's own, checked before anything is computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from conflictkit.datasets import load_actors, load_borders, load_control_changes, load_places, load_settlements
from conflictkit.errors import TerritoryError, known
from conflictkit.geometry import WGS84
from conflictkit.schema import validate

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

# Countries that overlap by more than this share of their land would be counted twice.
OVERLAP_SHARE = 1e-6


def actors_of(actors: pd.DataFrame | None) -> pd.DataFrame:
    """Return the table of actors: the shipped one for None, else the caller's, validated."""
    return load_actors() if actors is None else _valid(actors, "actors", actors=actors)


def control_tables(
    changes: pd.DataFrame | None, places: pd.DataFrame | None, actors: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the tables of changes and places: the shipped ones for None, else the caller's, validated together.

    Parameters
    ----------
    changes, places
        Frames as ``load_control_changes`` and ``load_places`` return them, or None.
    actors
        Who can hold a place.

    Returns
    -------
    changes, places
        Both valid and typed; every change is about one of the places.

    Raises
    ------
    TableError
        With every problem of a table that the caller brought.
    """
    known_places = load_places() if places is None else _valid(places, "places")
    if changes is None and places is None:
        return load_control_changes(), known_places
    rows = load_control_changes() if changes is None else changes
    return _valid(rows, "control_changes", places=known_places, actors=actors), known_places


def gazetteer(settlements: pd.DataFrame | None) -> pd.DataFrame:
    """Return the settlements that the core is measured from: the shipped ones for None, else the caller's, validated.

    Parameters
    ----------
    settlements
        Frame as ``load_settlements`` returns it, or None.

    Returns
    -------
    pandas.DataFrame
        One row per settlement.

    Raises
    ------
    TableError
        With every problem of the caller's table.
    """
    return load_settlements() if settlements is None else _valid(settlements, "settlements")


def _valid(frame: pd.DataFrame, table: str, **others: pd.DataFrame) -> pd.DataFrame:
    """Return a valid frame with the types of its table: dates may come as text."""
    return validate(frame, table, others=others)


def countries(borders: gpd.GeoDataFrame | None, scope: Sequence[str]) -> NDArray[np.object_]:
    """Return the polygon of each country of the scope, in degrees.

    Parameters
    ----------
    borders
        Columns ``country`` and ``geometry``, in any CRS; None for the shipped borders.
    scope
        Codes of the countries.

    Returns
    -------
    numpy.ndarray
        One polygon or multipolygon per code, in the order of the scope.

    Raises
    ------
    TerritoryError
        If a code is given twice, if the borders have no CRS, or if they are broken or overlap.
    UnknownNameError
        If there is no country of that code.
    """
    frame = load_borders(level=0) if borders is None else borders
    if "geometry" not in frame.columns or "country" not in frame.columns or gpd.GeoDataFrame(frame).crs is None:
        msg = "borders must be a GeoDataFrame with a column 'country' and a CRS, like that of load_borders()."
        raise TerritoryError(msg)
    if isinstance(scope, str) or not scope or len(set(scope)) < len(scope):
        msg = f"scope must list each country once, such as ('IQ', 'SY'), not {scope!r}."
        raise TerritoryError(msg)
    for code in scope:
        known("country of the scope", code, frame["country"].unique())
    land = frame[frame["country"].isin(scope)].to_crs(WGS84)
    if not shapely.is_valid(np.asarray(land.geometry)).all():
        msg = "The borders cross themselves: repair them, for instance with borders.make_valid()."
        raise TerritoryError(msg)
    polygons = np.array([shapely.union_all(np.asarray(land.geometry[land["country"] == code])) for code in scope])
    if shapely.area(shapely.union_all(polygons)) < shapely.area(polygons).sum() * (1 - OVERLAP_SHARE):
        msg = f"The borders of {', '.join(scope)} overlap, so that land would be counted twice: cut one at the other."
        raise TerritoryError(msg)
    return polygons


def located(changes: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Return the places that can be given a cell: with rows in the table of changes and with coordinates.

    Parameters
    ----------
    changes, places
        Valid tables.

    Returns
    -------
    pandas.DataFrame
        Rows of ``places`` in alphabetical order of ``place_id``, so that ties never depend on the order of the rows.
    """
    used = places["place_id"].isin(changes["place_id"]) & places["latitude"].notna() & places["longitude"].notna()
    return places[used].sort_values("place_id", ignore_index=True)


def background_or_raise(changes: pd.DataFrame, places: pd.DataFrame, scope: Sequence[str]) -> None:
    """Refuse a table in which every place of the scope changes hands.

    Parameters
    ----------
    changes
        One row per place and date of change.
    places
        The places that have a cell.
    scope
        Codes of the countries.

    Raises
    ------
    TerritoryError
        If no place of the scope keeps the holder that its initial row gives: a table of changes alone makes the most
        active side the holder of everything.
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

"""The window of a map: which land to show, in which projection, and how long its scale bar is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from conflictkit.charts.style import COUNTRIES, listed
from conflictkit.datasets import load_places
from conflictkit.errors import PlaceError, nearest
from conflictkit.geometry import local_crs, project, project_points, unproject

if TYPE_CHECKING:
    import pandas as pd
    import pyproj
    from numpy.typing import NDArray

    from conflictkit.territory import Territory

    Extent = tuple[float, float, float, float] | str | None

MARGIN_M = 30_000.0  # land shown around the scope
BAR_SHARE = 0.2  # of the map's width, at most, for the scale bar


@dataclass(frozen=True)
class Window:
    """A rectangle in a Lambert azimuthal equal-area projection centred on it; metres."""

    crs: pyproj.CRS
    bounds: tuple[float, float, float, float]  # west, south, east, north
    title: str
    centre_id: str | None = None

    @property
    def width_km(self) -> float:
        """Ground covered from west to east."""
        return (self.bounds[2] - self.bounds[0]) / 1000

    @property
    def height_km(self) -> float:
        """Ground covered from south to north."""
        return (self.bounds[3] - self.bounds[1]) / 1000

    @property
    def bar_km(self) -> float:
        """The longest of 1, 2, 5, 10, 20, 50 ... km that fits the scale bar's share of the width."""
        steps = [figure * 10.0**power for power in range(-2, 4) for figure in (1, 2, 5)]
        return max(step for step in steps if step <= max(BAR_SHARE * self.width_km, steps[0]))

    def cut(self, geometry: NDArray[np.object_]) -> NDArray[np.object_]:
        """Return geometry in degrees as what of it lies in the window, in metres."""
        reach = 0.1 * max(self.bounds[2] - self.bounds[0], self.bounds[3] - self.bounds[1])
        outline: Any = shapely.box(*self.bounds).buffer(reach)
        near: Any = unproject(outline, self.crs)
        projected = project(shapely.clip_by_rect(geometry, *near.bounds), self.crs)
        return np.asarray(shapely.clip_by_rect(projected, *self.bounds), dtype=object)


def window_of(territory: Territory, extent: Extent, radius_km: float) -> Window:
    """Return the window for an extent as ``plot_territory`` takes it."""
    if isinstance(extent, str):
        return _around(extent, radius_km, territory)
    if extent is not None:
        return _between(extent)
    land: Any = shapely.union_all(territory.borders)
    crs = local_crs(land)
    west, south, east, north = shapely.bounds(project(land, crs))
    bounds = (west - MARGIN_M, south - MARGIN_M, east + MARGIN_M, north + MARGIN_M)
    return Window(crs, bounds, f"Control of {listed(COUNTRIES.get(code, code) for code in territory.scope)}")


def _between(extent: tuple[float, float, float, float]) -> Window:
    west, south, east, north = (float(edge) for edge in extent)
    if not (-180 <= west < east <= 180 and -90 < south < north < 90):  # noqa: PLR2004 - degrees
        msg = f"extent={extent!r} is no box of land: give west, south, east, north in degrees, or the id of a place."
        raise PlaceError(msg)
    box: Any = shapely.box(west, south, east, north)
    crs = local_crs(box)
    bounds = tuple(float(edge) for edge in shapely.bounds(project(box, crs)))
    title = f"Control of the land {west:g} to {east:g}\N{DEGREE SIGN} E, {south:g} to {north:g}\N{DEGREE SIGN} N"
    return Window(crs, (bounds[0], bounds[1], bounds[2], bounds[3]), title)


def _around(place_id: str, radius_km: float, territory: Territory) -> Window:
    if not 0 < radius_km < float("inf"):
        msg = f"radius_km={radius_km!r} must be a number above 0."
        raise PlaceError(msg)
    known = _points(load_places()) | _points(territory.places)
    if place_id not in known:
        msg = f"Unknown place {place_id!r}: load_places() lists them.{nearest(place_id, known)}"
        raise PlaceError(msg)
    name, longitude, latitude = known[place_id]
    if np.isnan(longitude) or np.isnan(latitude):
        msg = f"{place_id!r} is an area without a point: give a box of west, south, east, north instead."
        raise PlaceError(msg)
    crs = local_crs(shapely.Point(longitude, latitude))
    x, y = project_points(np.array([[longitude, latitude]]), crs)[0]
    reach = radius_km * 1000
    title = f"Control within {radius_km:g} km of {name}"
    return Window(crs, (x - reach, y - reach, x + reach, y + reach), title, centre_id=place_id)


def _points(places: pd.DataFrame) -> dict[str, tuple[str, float, float]]:
    columns = (places[column].tolist() for column in ("place_id", "name", "longitude", "latitude"))
    return {place: (name, float(x), float(y)) for place, name, x, y in zip(*columns, strict=True)}

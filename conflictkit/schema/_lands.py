"""What the borders in hand allow: which countries and governorates there are, and in which window points may lie."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import shapely
import shapely.geometry

from conflictkit.files import data_folder

if TYPE_CHECKING:
    import geopandas as gpd

MARGIN_DEG = 1.5  # places beyond a border bound the cells inside it: so far out they may lie


class Lands(NamedTuple):
    """Codes of countries, names of the first level below (none of them: any), and a window in degrees."""

    countries: tuple[str, ...]
    admin1: tuple[str, ...]
    latitude: tuple[float, float]
    longitude: tuple[float, float]

    @classmethod
    def of(cls, borders: gpd.GeoDataFrame, governorates: gpd.GeoDataFrame) -> Lands:
        """Return what borders allow; anything on Earth where there are none."""
        if borders.empty:
            return ANYWHERE
        west, south, east, north = borders.total_bounds
        return cls(
            tuple(borders["country"].unique()),
            tuple(governorates["admin1"].dropna().unique()),
            (south - MARGIN_DEG, north + MARGIN_DEG),
            (west - MARGIN_DEG, east + MARGIN_DEG),
        )

    def either(self, other: Lands) -> Lands:
        """Return what one of two borders allows; any name if one of them has none."""
        if self == other:
            return self
        return Lands(
            tuple(dict.fromkeys(self.countries + other.countries)) if self.countries and other.countries else (),
            tuple(dict.fromkeys(self.admin1 + other.admin1)) if self.admin1 and other.admin1 else (),
            (min(self.latitude[0], other.latitude[0]), max(self.latitude[1], other.latitude[1])),
            (min(self.longitude[0], other.longitude[0]), max(self.longitude[1], other.longitude[1])),
        )


ANYWHERE = Lands((), (), (-90.0, 90.0), (-180.0, 180.0))


@cache
def shipped_lands() -> Lands:
    """Return what the borders that come with the kit allow: as ``Lands.of``, for callers that have no frame of them."""
    countries, regions = (
        json.loads((data_folder() / f"borders_{level}.geojson").read_bytes())["features"] for level in (0, 1)
    )
    west, south, east, north = shapely.total_bounds(
        [shapely.geometry.shape(feature["geometry"]) for feature in countries]
    ).tolist()
    return Lands(
        tuple(dict.fromkeys(feature["properties"]["country"] for feature in countries)),
        tuple(dict.fromkeys(feature["properties"]["admin1"] for feature in regions)),
        (south - MARGIN_DEG, north + MARGIN_DEG),
        (west - MARGIN_DEG, east + MARGIN_DEG),
    )

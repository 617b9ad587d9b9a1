"""What the borders in hand allow: which countries and governorates there are, and in which window points may lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from conflictkit.schema import _vocabulary as words

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
# Of the tables that ship, with a margin.
SHIPPED_LANDS = Lands(words.COUNTRIES, words.ADMIN1, (28.5, 38.5), (34.0, 49.5))

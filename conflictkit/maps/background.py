"""What lies under and over the land of the holders: neighbours, water, governorates, names. The kit's own vectors."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from conflictkit.charts import _canvas, style
from conflictkit.datasets import load_basemap, load_borders, load_places
from conflictkit.maps import encode

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

# Degrees within which lines are simplified: half a pixel at the scale of the whole scope, whose borders the two
# public sources draw 0.9 km apart.
CALM = 0.005
OVER_TILES = 0.65  # opacity of land where the caller has asked for tiles: holders still tell apart, towns still read
MAIN_RIVERS = 2  # rank in the base map: main stems and named rivers
NEAR_ZOOM = (
    8  # from this zoom on, places of unknown size are drawn too: there the map shows about 500 km, as the static one
)


def around(lands: NDArray[np.object_]) -> dict[str, list[Any]]:
    """Return the layers around some land in degrees: none where the shipped geography does not reach."""
    layers = background()
    window = shapely.box(*load_basemap().total_bounds)
    return layers if shapely.intersects(window, lands).any() else {name: [] for name in layers}


@cache
def background() -> dict[str, Any]:
    """Return the layers around the territory, in the numbers that the page draws; the same for every map."""
    base, admin = load_basemap(), load_borders(level=1)
    around = base[base["kind"] == "neighbour"]
    countries = np.concatenate([around.geometry.to_numpy(), load_borders().geometry.to_numpy()])
    calm = shapely.coverage_simplify(countries, CALM)
    window = shapely.box(*shapely.total_bounds(countries))  # beyond it nothing is known, not even that it is sea
    edge = shapely.buffer(window.exterior, 2 / encode.GRID)
    lakes, rivers = (_kind(base, kind) for kind in ("lake", "river"))
    stems = rivers[rivers["rank"] <= MAIN_RIVERS].geometry.to_numpy()
    inner = shapely.coverage_simplify(admin.geometry.to_numpy(), CALM)
    return {
        "sea": encode.polygons(shapely.difference(window, shapely.union_all(calm))),
        "borders": encode.lines(shapely.difference(shapely.boundary(calm), edge)),
        "admin": encode.lines(shapely.boundary(inner)),
        "rivers": encode.lines(shapely.simplify(stems, CALM)),
        "lakes": encode.polygons(shapely.union_all(shapely.simplify(lakes.geometry.to_numpy(), CALM))),
    }


def labels(places: pd.DataFrame) -> dict[str, Any]:
    """Return the names to write, the most important first.

    Countries around; the places of the territory; the towns of the shipped table that no row of control names.
    """
    shipped = load_places()
    extra = shipped[shipped["population"].notna() & ~shipped["place_id"].isin(places["place_id"])]
    named = pd.concat([places, extra], ignore_index=True)
    named = named[named["latitude"].notna() & (named["kind"] != "area")]
    ranks = {kind: rank for rank, kind in enumerate(_canvas.KINDS)}
    named = named.assign(
        people=named["population"].astype(float).fillna(0), rank=named["kind"].map(ranks).fillna(len(ranks))
    ).sort_values(["people", "rank", "place_id"], ascending=[False, True, True])
    countries, middles = _countries()
    points = named[["longitude", "latitude"]].astype(float).round(4)
    return encode.table(
        name=[*countries, *named["name"]],
        longitude=[*(round(x, 2) for x, _ in middles), *points["longitude"].tolist()],
        latitude=[*(round(y, 2) for _, y in middles), *points["latitude"].tolist()],
        residents=[*(0 for _ in countries), *named["people"].astype(int).tolist()],
        kind=[*("country" for _ in countries), *("place" for _ in named["name"])],
    )


def sizes() -> list[dict[str, float]]:
    """Return the residents from which a dot has a diameter, as in the static map, the largest first."""
    return [{"least": least, "diameter": diameter} for least, diameter, _ in _canvas.CLASSES]


def look() -> dict[str, Any]:
    """Return paper, ink and water, as in the static map."""
    return {
        "admin": style.ADMIN,
        "border": style.BORDER,
        "ink": style.INK,
        "river": style.RIVER,
        "water": style.WATER,
        "none": style.palette()["none"].color,
        "paler": style.PALER,
        "over_tiles": OVER_TILES,
    }


@cache
def _countries() -> tuple[list[str], list[tuple[float, ...]]]:
    """Return the names of the countries around, and the middle of each."""
    around = _kind(load_basemap(), "neighbour")
    return around["name"].tolist(), [
        line.coords[0] for line in shapely.maximum_inscribed_circle(around.geometry.to_numpy())
    ]


def _kind(base: gpd.GeoDataFrame, kind: str) -> gpd.GeoDataFrame:
    return base[base["kind"] == kind]

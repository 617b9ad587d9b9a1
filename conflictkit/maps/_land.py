"""Land of places as the numbers that a page needs: the rows of the table once, the cells once, how sure they are.

The page works out by itself who holds what on a day, so a map of 300 dates is hardly larger than one of three, and
adding a date adds a line. Numbers of the legend come from exact areas, not from the drawing.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from conflictkit.actors import NONE, UNKNOWN
from conflictkit.charts._land import EVEN, WHITEST
from conflictkit.charts.evidence import shades
from conflictkit.evidence._support import KINDS
from conflictkit.geometry import WGS84, transformation
from conflictkit.maps import _payload
from conflictkit.maps._payload import coded, days_of, source_table, table
from conflictkit.schema import RELIABILITY
from conflictkit.territory import CERTAIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from conflictkit.territory import Territory

    Data = dict[str, Any]

CALM_M = 200.0  # simplification of the cells, which moves lines less than the grid of the page does twice
FIGURES_KM2 = 2  # decimals of the areas behind the numbers

PAGE_GRID_KM = 10.0  # twice the side of the model's squares: a quarter of the numbers, and fading has no sharp edges
ACROSS = 200  # pixels, 7 km each over both countries; the browser smooths them
NOWHERE = 65_535  # pixels outside the land
STEPS = 255  # of a weight


def land_data(territory: Territory, days: pd.DatetimeIndex) -> Data:
    """Return what a page needs of places, beside what every page has: cells, rows, sources."""
    rivals = rivals_of(territory)
    cited = pd.concat([territory.control_changes["source_id"], rivals["source_id"]], ignore_index=True)
    sources, page_of = source_table(cited, territory.tables.sources)
    pieces, error = cells(territory, days)
    return {
        "countries": list(territory.scope),
        "error_km2": error,
        "pieces": pieces,
        "outside": outside(territory),
        "places": coded(place_table(territory.places, territory.scope), "kind", "admin"),
        "events": coded(event_table(territory, page_of), "day", "confidence", "precision", "note"),
        "evidence": evidence_key(),
        "rivals": coded(rival_table(rivals, territory, page_of), "row", "precision"),
        "sources": sources,
    }


def place_table(places: pd.DataFrame, scope: Sequence[str]) -> Data:
    """Return one row per place; residents that are not known are 0, other spellings have a semicolon between them."""
    named = places[["place_id", "name", "name_ar", "kind"]]
    more = {column: places.get(column, "") for column in ("aliases", "admin1")}
    texts = named.assign(**more).astype("object").fillna("")
    points = places[["longitude", "latitude"]].astype(float).round(4)
    return table(
        id=texts["place_id"],
        name=texts["name"],
        arabic=texts["name_ar"],
        aliases=texts["aliases"],
        kind=texts["kind"],
        admin=texts["admin1"],
        home=pd.Index(scope).get_indexer(pd.Index(places["country"].str.split(";").str[0])).tolist(),
        longitude=points["longitude"].tolist(),
        latitude=points["latitude"].tolist(),
        residents=places["population"].astype(float).fillna(0).astype(int).tolist(),
    )


def event_table(territory: Territory, page_of: pd.Index[str]) -> Data:
    """Return one row per row of control, in order of the days; a source that is not known is -1."""
    rows = territory.control_changes
    return table(
        day=days_of(rows["valid_from"]),
        place=pd.Index(territory.places["place_id"]).get_indexer(pd.Index(rows["place_id"])).tolist(),
        actor=pd.Index(territory.actor_ids).get_indexer(pd.Index(rows["to_actor"])).tolist(),
        source=page_of.get_indexer(pd.Index(rows["source_id"])).tolist(),
        confidence=rows["confidence"],
        precision=rows["date_prec"],
        first=(rows["event"] == "initial").astype(int).tolist(),
        note=rows["note"].astype("object").fillna(""),
    )


def evidence_key() -> Data:
    """Return the kinds of rows and of pages that land can rest on, the surest first, each with its shade.

    Shades are those of ``plot_evidence`` where land rests on all of them: the surest is the darkest.
    """
    return {
        name: [
            {"id": kind, "name": f"grade {kind}" if kind in RELIABILITY else kind, "color": color}
            for kind, color in zip(kinds, shades(len(kinds)), strict=True)
        ]
        for name, kinds in KINDS.items()
    }


def rivals_of(territory: Territory) -> pd.DataFrame:
    """Return the reports of the rows that count, which popups tell."""
    rows = territory.control_changes[["place_id", "valid_from"]]
    return territory.tables.reports.merge(rows, on=["place_id", "valid_from"], how="inner")


def rival_table(rivals: pd.DataFrame, territory: Territory, page_of: pd.Index[str]) -> Data:
    """Return one row per report of a row of control: the day of that row, who says what, the day that it names."""
    actors = territory.tables.actors
    name = dict(zip(actors["actor_id"], actors["name"], strict=True))
    part = rivals["extent"].where(rivals["extent"] != "whole")
    holder = [
        f"{name.get(actor, actor)}{f' ({extent})' if isinstance(extent, str) else ''}"
        for actor, extent in zip(rivals["reported_holder"], part, strict=True)
    ]
    return table(
        place=pd.Index(territory.places["place_id"]).get_indexer(pd.Index(rivals["place_id"])).tolist(),
        row=days_of(rivals["valid_from"]),
        said=[
            f"{who} {verb}: {held}" for who, verb, held in zip(rivals["reporter"], rivals["verb"], holder, strict=True)
        ],
        day=days_of(rivals["event_date"]),
        precision=rivals["date_prec"],
        source=page_of.get_indexer(pd.Index(rivals["source_id"])).tolist(),
    )


def cells(territory: Territory, days: pd.DatetimeIndex) -> tuple[Data, float]:
    """Return one row per cell and country, and by how many km2 the drawing of any holder is off at most."""
    land = territory.pieces
    place = pd.Index(territory.places["place_id"]).get_indexer(pd.Index(land["place_id"]))
    country = pd.Index(territory.scope).get_indexer(pd.Index(land["country"]))
    calm = shapely.coverage_simplify(land.geometry.to_numpy(), CALM_M)
    drawn = _payload.snapped(shapely.transform(calm, transformation(territory.crs, WGS84)))
    claimed, core = land["claimed_km2"].to_numpy(), land["core_km2"].fillna(0.0).to_numpy()  # no core is known
    off = _payload.area_km2(drawn, territory.crs) - claimed
    # land of a country without a place belongs to none, -1: it is unknown
    unknown = territory.actor_ids.index(UNKNOWN)
    holders = np.where(place < 0, unknown, territory.holder_numbers(territory.states(days))[:, place])
    sums = [np.bincount(held, off, len(territory.actor_ids)) for held in holders]
    pieces = table(
        place=place.tolist(),
        country=country.tolist(),
        claimed=claimed.round(FIGURES_KM2).tolist(),
        core=core.round(FIGURES_KM2).tolist(),
        polygons=map(_payload.polygons, drawn),
    )
    return pieces, float(np.abs(sums).max().round(1))


def outside(territory: Territory) -> list[Any]:
    """Return the land outside the core, which the page pales; lines to half a km; nothing where no core is known."""
    if territory.settlements.empty:
        return []
    outside = territory.shapes(territory.dates[-1], level="core").get(NONE, shapely.Polygon())
    rest = shapely.simplify(np.array([outside]), 2.5 * CALM_M)
    (shape,) = shapely.transform(rest, transformation(territory.crs, WGS84))
    return _payload.polygons(shape)


def doubt_data(territory: Territory) -> dict[str, Any]:
    """Return the natural-neighbour weights of each square, and the square under each pixel of an image."""
    weights = territory.weights(grid_km=PAGE_GRID_KM)[1].tocsr()
    scaled = np.round(weights.data * STEPS).astype(np.uint8)
    kept = scaled > 0
    row = np.repeat(np.arange(weights.shape[0]), np.diff(weights.indptr))[kept]
    pixels, bounds, size = _pixels(territory)
    return {
        "bounds": bounds,
        "size": size,
        "squares": _base64(pixels.astype("<u2")),
        "counts": _base64(np.bincount(row, minlength=weights.shape[0]).astype(np.uint8)),
        "places": _base64(weights.indices[kept].astype("<u2")),
        "weights": _base64(scaled[kept]),
        "certain": CERTAIN,
        "even": EVEN,
        "whitest": WHITEST,
    }


def _pixels(territory: Territory) -> tuple[NDArray[Any], list[list[float]], list[int]]:
    """Return the square under each pixel, the corners of the image in degrees, and its size."""
    land, grid = territory.pieces, territory.weights(grid_km=PAGE_GRID_KM)[0]
    turn = Transformer.from_crs("EPSG:3857", territory.crs, always_xy=True)
    west, south, east, north = Transformer.from_crs(territory.crs, "EPSG:3857", always_xy=True).transform_bounds(
        *land.total_bounds
    )
    down = round(ACROSS * (north - south) / (east - west))
    x = west + (np.arange(ACROSS) + 0.5) * (east - west) / ACROSS
    y = north - (np.arange(down) + 0.5) * (north - south) / down
    across, up = turn.transform(*np.meshgrid(x, y))
    square = grid.under(across, up)
    found = np.where(square >= 0, square, NOWHERE)
    corners = Transformer.from_crs("EPSG:3857", WGS84, always_xy=True)
    (a, b), (c, d) = corners.transform(west, south), corners.transform(east, north)
    return found, [[round(b, 5), round(a, 5)], [round(d, 5), round(c, 5)]], [ACROSS, down]


def _base64(numbers: NDArray[Any]) -> str:
    return base64.b64encode(numbers.tobytes()).decode()

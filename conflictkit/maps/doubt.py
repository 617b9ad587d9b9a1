"""How sure the holder of each square is, in the numbers that a page needs to work it out for any date."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import numpy as np
from pyproj import Transformer

from conflictkit.charts._doubt import EVEN, WHITEST
from conflictkit.geometry import WGS84
from conflictkit.territory import CERTAIN

if TYPE_CHECKING:
    from conflictkit.territory import Territory

PAGE_GRID_KM = 10.0  # twice the side of the model's squares: a quarter of the numbers, and fading has no sharp edges
ACROSS = 200  # pixels, 7 km each over both countries; the browser smooths them
NOWHERE = 65_535  # pixels outside the land
STEPS = 255  # of a weight


def doubt_data(territory: Territory) -> dict[str, Any]:
    """Return the natural-neighbour weights of each square, and the square under each pixel of an image.

    Returns
    -------
    dict
        ``bounds`` and ``size`` of the image, whose rows are even in Web Mercator; ``squares`` (one number a pixel),
        ``counts`` (places a square), ``places`` and ``weights`` (one after the other), as base64 of little-endian
        numbers; the probabilities at which land is full and palest.
    """
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


def _pixels(territory: Territory) -> tuple[np.ndarray[Any, Any], list[list[float]], list[int]]:
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


def _base64(numbers: np.ndarray[Any, Any]) -> str:
    return base64.b64encode(numbers.tobytes()).decode()

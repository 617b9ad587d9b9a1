"""Symbols of forces: a shape by side, a mark by kind of role, a size by strength. They are told apart without colour.

A small set of the kit's own, drawn alike in the static map and in the page. Shapes of military symbology (APP-6) judge
who is friend and who is foe; these do not. Coordinates are in units of the symbol's radius, y upwards.
"""

from __future__ import annotations

from itertools import pairwise
from math import cos, hypot, isnan, pi, sin
from typing import TYPE_CHECKING

from conflictkit.deployments._reports import BANDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    Points = tuple[tuple[float, float], ...]


def _round(radius: float, *, first: float = 0.0, last: float = 360.0, steps: int = 32) -> Points:
    angles = (pi / 180 * (first + (last - first) * step / steps) for step in range(steps + 1))
    return tuple((round(radius * cos(angle), 3), round(radius * sin(angle), 3)) for angle in angles)


# By side, of about the same area; the outlines differ in their corners, not in their proportions only.
SHAPES: dict[str, Points] = {
    "isis": ((0, 1.15), (1.15, 0), (0, -1.15), (-1.15, 0)),
    "iraq": ((0.86, 0.86), (0.86, -0.86), (-0.86, -0.86), (-0.86, 0.86)),
    "krg": ((0, 1.18), (0.92, 0.42), (0.92, -0.8), (-0.92, -0.8), (-0.92, 0.42)),
    "coalition": _round(0.98),
    "sdf": ((0, 1.25), (1.15, -0.72), (-1.15, -0.72)),
    "assad": ((0.6, 0.82), (1.2, 0), (0.6, -0.82), (-0.6, -0.82), (-1.2, 0), (-0.6, 0.82)),
    "rebels": ((0, -1.25), (1.15, 0.72), (-1.15, 0.72)),
    "turkey": (*_round(1.12, last=180.0, steps=20), (-1.12, -0.72), (1.12, -0.72)),
    "other": (
        *((0.4, 1.1), (0.4, 0.4), (1.1, 0.4), (1.1, -0.4), (0.4, -0.4), (0.4, -1.1)),
        *((-0.4, -1.1), (-0.4, -0.4), (-1.1, -0.4), (-1.1, 0.4), (-0.4, 0.4), (-0.4, 1.1)),
    ),
}  # fmt: skip
# By kind of role, as lines; no mark where the role is not stated.
MARKS: dict[str, tuple[Points, ...]] = {
    "fighting": (((-0.34, -0.34), (0.34, 0.34)), ((-0.34, 0.34), (0.34, -0.34))),
    "holding": (((-0.4, 0.0), (0.4, 0.0)),),
    "training": (_round(0.3, steps=16),),
    "fire": (((-0.36, -0.2), (0.0, 0.28), (0.36, -0.2)),),
    "other": (_round(0.07, steps=8),),
    "unstated": (),
}
DIAMETERS = (30.0, 25.0, 20.5, 17.0)  # pixels of a page, from the largest band on; of matplotlib's points 0.72
UNKNOWN = 15.0  # the smallest: the strength is not known
BAND_NAMES = (
    f"{BANDS[0]:,} people and more",
    *(f"{least:,} to {most:,}" for most, least in pairwise(BANDS[:-1])),
    f"less than {BANDS[-2]:,}",
)
UNKNOWN_NAME = "hollow: no figure of people present"
AIR = 1.5  # between two symbols
ASIDE = 0.5  # of the diameter: nearer to its point a symbol needs no line to it
STEP, TURNS, RINGS = 6.0, 12, 40  # of the spots tried around a point


def shape_of(side: str) -> Points:
    """Return the outline of a side; one that the kit does not know has that of ``other``."""
    return SHAPES.get(side, SHAPES["other"])


def band_of(people: float) -> int:
    """Return the number of the band of a strength, the largest first; -1 where it is not known."""
    return -1 if isnan(people) else next(number for number, least in enumerate(BANDS) if people >= least)


def diameter_of(people: float) -> float:
    """Return the pixels of a symbol."""
    band = band_of(people)
    return UNKNOWN if band < 0 else DIAMETERS[band]


def svg_path(lines: Sequence[Points], *, closed: bool) -> str:
    """Return lines or outlines as the path of a page, where y points down."""
    parts = ["M" + "L".join(f"{x:g},{-y:g}" for x, y in points) + ("Z" if closed else "") for points in lines]
    return "".join(parts)


def fan_out(points: Sequence[tuple[float, float]], diameters: Sequence[float]) -> list[tuple[float, float]]:
    """Return where to draw symbols so that none hides another: each near its point, the largest first at its own.

    Parameters
    ----------
    points
        Where they belong, in the units of the diameters.
    diameters
        Of the symbols.

    Returns
    -------
    list
        One point each. The same rule is in ``web/forces.js``.
    """
    order = sorted(range(len(points)), key=lambda number: -diameters[number])
    found: dict[int, tuple[float, float]] = {}
    turn = 2 * pi / TURNS
    spots = [(0.0, 0.0)] + [
        (STEP * ring * cos(turn * step), STEP * ring * sin(turn * step))
        for ring in range(1, RINGS)
        for step in range(TURNS)
    ]
    for number in order:
        x, y = points[number]
        taken = [(*spot, (diameters[other] + diameters[number]) / 2 + AIR) for other, spot in found.items()]
        free = (
            (x + dx, y + dy)
            for dx, dy in spots
            if all(hypot(x + dx - left, y + dy - top) >= apart for left, top, apart in taken)
        )
        found[number] = next(free, (x, y))
    return [found[number] for number in range(len(points))]

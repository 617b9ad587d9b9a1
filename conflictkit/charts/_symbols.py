"""Symbols of forces: a shape by side, a mark by kind of role, a size by strength. They are told apart without colour.

A small set of the kit's own, drawn alike in the static map and in the page. Shapes of military symbology (APP-6) judge
who is friend and who is foe; these do not. Coordinates are in units of the symbol's radius, y upwards. Symbols make
room for each other when the figure is drawn, as labels do.
"""

from __future__ import annotations

from itertools import pairwise
from math import cos, hypot, isnan, pi, sin
from typing import TYPE_CHECKING, Any, NamedTuple

from matplotlib.artist import Artist
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.patheffects import Normal, Stroke
from matplotlib.transforms import Affine2D

from conflictkit.charts._layout import Z
from conflictkit.deployments._reports import BANDS
from conflictkit.look import INK

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.axes import Axes
    from matplotlib.backend_bases import RendererBase

    Points = tuple[tuple[float, float], ...]


def _round(radius: float, *, first: float = 0.0, last: float = 360.0, steps: int = 32) -> Points:
    angles = (pi / 180 * (first + (last - first) * step / steps) for step in range(steps + 1))
    return tuple((round(radius * cos(angle), 3), round(radius * sin(angle), 3)) for angle in angles)


CIRCLE = _round(0.98)  # of a side, and what the key of a page shows marks and sizes on
# By side, in the order of the table of sides; of about the same area, and the outlines differ in their corners, not in
# their proportions only. The last one is for forces of no side.
SHAPES: tuple[Points, ...] = (
    ((0, 1.15), (1.15, 0), (0, -1.15), (-1.15, 0)),
    ((0.86, 0.86), (0.86, -0.86), (-0.86, -0.86), (-0.86, 0.86)),
    ((0, 1.18), (0.92, 0.42), (0.92, -0.8), (-0.92, -0.8), (-0.92, 0.42)),
    CIRCLE,
    ((0, 1.25), (1.15, -0.72), (-1.15, -0.72)),
    ((0.6, 0.82), (1.2, 0), (0.6, -0.82), (-0.6, -0.82), (-1.2, 0), (-0.6, 0.82)),
    ((0, -1.25), (1.15, 0.72), (-1.15, 0.72)),
    (*_round(1.12, last=180.0, steps=20), (-1.12, -0.72), (1.12, -0.72)),
    (
        *((0.4, 1.1), (0.4, 0.4), (1.1, 0.4), (1.1, -0.4), (0.4, -0.4), (0.4, -1.1)),
        *((-0.4, -1.1), (-0.4, -0.4), (-1.1, -0.4), (-1.1, 0.4), (-0.4, 0.4), (-0.4, 1.1)),
    ),
)  # fmt: skip
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
NO_SIDE = "other"  # the side of a force that the table of actors gives none
UNKNOWN_NAME = "hollow: no figure of people present"
AIR = 1.5  # between two symbols
ASIDE = 0.5  # of the diameter: nearer to its point a symbol needs no line to it
STEP, TURNS, RINGS = 6.0, 12, 40  # of the spots tried around a point
POINTS = 0.72  # of a pixel of the page, in a figure
DASHES = (0, (2.2, 1.6))


def shapes_of(sides: Iterable[str]) -> dict[str, Points]:
    """Return the outline of each side, in the order of the table of sides; of more sides than outlines, some share."""
    *outlines, last = SHAPES
    shapes = {side: outlines[number % len(outlines)] for number, side in enumerate(sides) if side != NO_SIDE}
    return {**shapes, NO_SIDE: last}


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
        One point each. The same rule is in ``web/reports.js``.
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


class Look(NamedTuple):
    """How one symbol is drawn."""

    shape: Points
    kind: str
    fill: str
    edge: str
    mark: str
    dashed: bool
    diameter: float  # pixels of the page


class Fan(Artist):
    """The symbols of one axes, each near its point; a thin line leads to the point where it had to move aside."""

    def __init__(self, ax: Axes, points: Sequence[tuple[float, float]], looks: Sequence[Look]) -> None:
        super().__init__()
        self.points, self.sizes = list(points), [look.diameter * POINTS for look in looks]
        self.set_in_layout(False)
        self.set_zorder(-2)  # before the labels, which keep clear of the symbols
        ax.add_artist(self)
        self.outlines = [self._patch(ax, look, shape_path(look.shape), fill=True) for look in looks]
        self.marks = [self._patch(ax, look, mark_path(look.kind), fill=False) for look in looks]
        self.leaders = [
            ax.plot([], [], color=INK, linewidth=0.7, zorder=Z.LEADER, marker="o", markersize=2.0, markevery=[0])[0]
            for _ in looks
        ]
        for leader in self.leaders:
            leader.set_in_layout(False)

    def _patch(self, ax: Axes, look: Look, path: Path | None, *, fill: bool) -> PathPatch | None:
        if path is None:
            return None
        options: dict[str, Any] = {
            "facecolor": look.fill if fill else "none", "edgecolor": look.edge if fill else look.mark,
            "linewidth": 1.3, "linestyle": DASHES if look.dashed and fill else "solid",
            "zorder": Z.SYMBOL if fill else Z.ROLE, "capstyle": "butt" if fill else "round", "joinstyle": "round",
        }  # fmt: skip
        patch = PathPatch(path, **options)
        if fill:
            whole = {"dash_offset": 0, "dash_list": None}  # the halo of a dashed outline has no gaps
            patch.set_path_effects([Stroke(linewidth=3.4, foreground="white", dashes=whole), Normal()])
        patch.set_in_layout(False)
        ax.add_artist(patch)
        return patch

    def draw(self, renderer: RendererBase) -> None:
        """Place the symbols; the axes draw them afterwards."""
        if self.axes is None or not self.points:
            return
        unit = float(renderer.points_to_pixels(1.0))  # type: ignore[arg-type]
        ends = [tuple(map(float, end)) for end in self.axes.transData.transform(self.points)]
        placed = fan_out([(x / unit, y / unit) for x, y in ends], self.sizes)
        box = self.axes.get_window_extent(renderer)
        for number, ((x, y), end, size) in enumerate(zip(placed, ends, self.sizes, strict=True)):
            spot, inside = (x * unit, y * unit), box.contains(*end)
            turned = Affine2D().scale(size * unit / 2).translate(*spot)
            for patch in (self.outlines[number], self.marks[number]):
                if patch is not None:
                    patch.set_transform(turned)
                    patch.set_visible(inside)
            away = ((spot[0] - end[0]) ** 2 + (spot[1] - end[1]) ** 2) ** 0.5 > ASIDE * size * unit
            self.leaders[number].set_transform(Affine2D())
            self.leaders[number].set_data([end[0], spot[0]], [end[1], spot[1]])
            self.leaders[number].set_visible(inside and away)


def shape_path(shape: Points) -> Path:
    """Return an outline as matplotlib's."""
    return Path([*shape, shape[0]], closed=True)


def mark_path(kind: str) -> Path | None:
    """Return the mark of a kind of role; None where there is none."""
    lines = MARKS[kind]
    return Path.make_compound_path(*(Path(list(points)) for points in lines)) if lines else None

"""Symbols that make room for each other when the figure is drawn, as labels do: see ``artists``.

Like that module it defines an artist, and is imported inside the functions that draw.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from matplotlib.artist import Artist
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from conflictkit.charts.style import INK
from conflictkit.charts.symbols import ASIDE, MARKS, fan_out, shape_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.backend_bases import RendererBase

POINTS = 0.72  # of a pixel of the page, in a figure
DASHES = (0, (2.2, 1.6))


class Look(NamedTuple):
    """How one symbol is drawn."""

    side: str
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
        self.outlines = [self._patch(ax, look, shape_path(look.side), fill=True) for look in looks]
        self.marks = [self._patch(ax, look, mark_path(look.kind), fill=False) for look in looks]
        self.leaders = [
            ax.plot([], [], color=INK, linewidth=0.7, zorder=9.4, marker="o", markersize=2.0, markevery=[0])[0]
            for _ in looks
        ]
        for leader in self.leaders:
            leader.set_in_layout(False)

    def _patch(self, ax: Axes, look: Look, path: Path | None, *, fill: bool) -> PathPatch | None:
        if path is None:
            return None
        from matplotlib.patheffects import Normal, Stroke

        options: dict[str, Any] = {
            "facecolor": look.fill if fill else "none", "edgecolor": look.edge if fill else look.mark,
            "linewidth": 1.3, "linestyle": DASHES if look.dashed and fill else "solid", "zorder": 9.6 if fill else 9.7,
            "capstyle": "butt" if fill else "round", "joinstyle": "round",
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


def shape_path(side: str) -> Path:
    """Return the outline of a side."""
    return Path([*shape_of(side), shape_of(side)[0]], closed=True)


def mark_path(kind: str) -> Path | None:
    """Return the mark of a kind of role; None where there is none."""
    lines = MARKS[kind]
    return Path.make_compound_path(*(Path(list(points)) for points in lines)) if lines else None

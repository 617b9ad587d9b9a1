"""What is assumed fades: bars and bands whose end nobody gives."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

STEPS = 48  # of a fade: fewer are seen as steps

Bar = tuple[float, float, float, float, str]  # x from, x to, y from, y to, colour


def draw_bars(ax: Axes, bars: Sequence[Bar], *, alpha: float, zorder: float = 2.0) -> None:
    """Draw bars of one opacity."""
    _draw(ax, bars, [alpha] * len(bars), zorder)


def draw_fading(ax: Axes, bars: Sequence[Bar], *, alpha: float, zorder: float = 2.0) -> None:
    """Draw bars that fade to nothing from left to right."""
    pieces: list[Bar] = []
    for x0, x1, y0, y1, color in bars:
        edges = np.linspace(x0, x1, STEPS + 1)
        pieces += [(float(a), float(b), y0, y1, color) for a, b in pairwise(edges)]
    fade = [alpha * (1 - (step + 0.5) / STEPS) for step in range(STEPS)]
    _draw(ax, pieces, fade * len(bars), zorder)


def _draw(ax: Axes, bars: Sequence[Bar], alphas: Sequence[float], zorder: float) -> None:
    from matplotlib.collections import PolyCollection
    from matplotlib.colors import to_rgba

    if not bars:
        return
    corners = [[(x0, y0), (x1, y0), (x1, y1), (x0, y1)] for x0, x1, y0, y1, _ in bars]
    colors = [to_rgba(bar[4], alpha) for bar, alpha in zip(bars, alphas, strict=True)]
    ax.add_collection(PolyCollection(corners, facecolors=colors, linewidths=0, antialiaseds=False, zorder=zorder))

"""Small multiples inside one axes: figures that must not be mixed get a panel each, over one time axis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conflictkit.charts import frame
from conflictkit.charts.style import BODY, INK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

GAP = 0.34  # inches between panels, for the title of the next one
AROUND = 1.5  # inches for title, key and caption
ALONE = 6.2  # inches of a figure with one panel
TITLE_SHARE = 0.9  # of the width of the axes before the labels of the y axes take their part


def figure_height(heights: Sequence[float]) -> float:
    """Return the height in inches of a new figure with such panels."""
    return AROUND + sum(heights) + GAP * len(heights) if len(heights) > 1 else ALONE


def split(ax: Axes, titles: Sequence[str], *, heights: Sequence[float]) -> list[Axes]:
    """Return one panel per title, from top to bottom; the axes itself if there is only one.

    The axes given keeps the title, the key and the caption, and draws nothing else. Heights are in inches; where the
    axes have less room, in proportion.
    """
    if len(titles) == 1:
        return [ax]
    ax.set_axis_off()
    frame.settle(ax)
    width = TITLE_SHARE * frame.slot(ax).width
    whole = sum(heights) + GAP * len(heights)
    bottom = 1.0
    panels: list[Axes] = []
    for title, height in zip(titles, heights, strict=True):
        bottom -= (height + GAP) / whole
        panel = ax.inset_axes((0, bottom, 1, height / whole), sharex=panels[0] if panels else None)
        look: dict[str, Any] = {"fontsize": BODY, "fontweight": "bold", "color": INK, "parse_math": False}
        heading = panel.set_title(title, loc="left", pad=3, **look)
        heading.set_in_layout(False)  # it has its room: the gap above
        frame.wrap(heading, title, width)
        panels.append(panel)
    for panel in panels[:-1]:
        panel.tick_params(labelbottom=False)
    return panels

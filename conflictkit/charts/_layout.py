"""Where things stand in a figure: axes and the room they have, panels below each other, text as wide as it may be."""

from __future__ import annotations

import io
import textwrap
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.text import Text

from conflictkit import look
from conflictkit.charts._settings import Sheet, of_few_colors, our_settings, take_over
from conflictkit.prose import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.transforms import Bbox

PASSES = 8  # of a layout, at most, until nothing moves
STILL = 1e-9  # of a figure: axes that move by less have not moved
HINTING = 0.97  # of the width: letters fitted to the pixels of another resolution are wider, with TIGHT by up to 5 %
FEWEST = 12  # letters of a line, whatever the width

WIDTH = 7.5  # inches of a new figure: a notebook in a window of 900 pixels shows all of it
GAP = 0.34  # inches between panels, for the title of the next one
AROUND = 1.5  # inches for title, key and caption
ALONE = 6.2  # inches of a figure with one panel
TALL, DATES = 9.0, 0.22  # inches from which dates stand above too, and those that they take there
LONG = 20.0  # inches of a figure of everything, whose caption says what to select
TITLE_SHARE = 0.9  # of the width of the axes before the labels of the y axes take their part
PAGE_IN, PAGE_DPI = (9.0, 9.5), 72.0  # of the picture inside a page: legible at its own size, a sixth of the file


class Z:
    """What lies over what, from the paper up: in a chart, and on a map."""

    BEHIND, STRIPE, BAND, LINE, BAR, MARK, WORDS = 0.5, 1.0, 2.0, 2.5, 3.0, 4.0, 6.0

    ABROAD, CLAIMED, CORE, CONTESTED, FADING = 1.0, 2.0, 3.0, 3.2, 3.5  # land
    WATER, ADMIN, FRONT, BORDER = 4.0, 5.0, 6.0, 7.0  # lines
    HALO, DOT, COUNTRY, DOUBT, NAME = 7.9, 8.0, 8.5, 8.6, 9.0  # places and what they are called
    LINK, LEADER, SYMBOL, ROLE, FORCE, BADGE = 9.2, 9.4, 9.6, 9.7, 9.8, 10.0  # forces


class Steady(ConstrainedLayoutEngine):
    """The layout of a new figure: laid out until nothing moves, and then left where it is, to the last digit.

    A map that keeps its shape, or panels over a long caption, need several passes to find their height, at each
    resolution anew. Solved again, places differ in the 16th digit, which can be one shade in a pixel: no longer the
    same bytes.
    """

    def execute(self, fig: Figure) -> None:
        """Lay out a figure; axes that have not moved get back the place that they had."""
        shaped = [ax for ax in fig.axes if ax.get_aspect() != "auto"]
        for _ in range(PASSES):
            before = {ax: ax.get_position(original=True) for ax in fig.axes}
            super().execute(fig)
            for ax in shaped:
                ax.apply_aspect()
            still = [ax for ax in fig.axes if _is_still(before[ax], ax.get_position(original=True))]
            for ax in still:
                ax.set_position(before[ax])
                ax.set_in_layout(True)  # which setting a position turns off
            if len(still) == len(before):
                break


def _is_still(before: Bbox, after: Bbox) -> bool:
    return bool(np.allclose(before.extents, after.extents, rtol=0, atol=STILL))


def new_axes(ax: Axes | None, *, height: float) -> Axes:
    """Return the axes given, made ours, or those of a new figure whose layout leaves room for key and caption."""
    if ax is None:
        return new_sheet(height).add_subplot()
    if not isinstance(figure_of(ax), Sheet):
        take_over(ax)
    return ax


def new_sheet(height: float) -> Sheet:
    """Return a new figure that pyplot knows, of some inches of height."""
    figure: Any = plt.figure(figsize=(WIDTH, height), layout=Steady(), FigureClass=Sheet)
    return figure  # type: ignore[no-any-return]


def figure_of(ax: Axes) -> Figure:
    """Return the figure of an axes, or say how to make one."""
    figure = ax.get_figure(root=True)
    if figure is None:
        msg = "The axes belong to no figure: make them with matplotlib's plt.subplots(), or leave ax out."
        raise ValueError(msg)
    return figure


def settle(ax: Axes) -> None:
    """Let the figure's layout give the axes their size, which the width of title, key and caption follows."""
    engine = figure_of(ax).get_layout_engine()
    if engine is not None:
        engine.execute(figure_of(ax))
    ax.apply_aspect()


def slot(ax: Axes) -> Bbox:
    """Return the room, in pixels, that the layout gave some axes; a map that keeps its shape may take less."""
    return ax.get_position(original=True).transformed(ax.get_figure().transSubfigure)  # type: ignore[union-attr]


def points_of(ax: Axes, pixels: float) -> float:
    """Return pixels of a figure in points."""
    return pixels * 72 / figure_of(ax).dpi


def wrap(text: Text, words: str, width: float) -> None:
    """Write words in lines that are no wider than a number of pixels, at whatever resolution the figure is saved."""
    width *= HINTING
    text.set_text(words)
    longest = int(1.2 * len(words) * width / Text.get_window_extent(text).width)
    for letters in range(longest, FEWEST, -2):
        text.set_text(textwrap.fill(words, letters, break_on_hyphens=False))
        if Text.get_window_extent(text).width <= width:
            return


def height_of(panels: Sequence[float]) -> float:
    """Return the height in inches of a new figure with panels of some heights."""
    return AROUND + _dates(panels) + sum(panels) + GAP * len(panels) if len(panels) > 1 else ALONE


def selection(given: object, height: float, words: str) -> str:
    """Return what to select, for the caption of a long figure of everything; nothing where rows were chosen."""
    return f" {words}" if given is None and height > LONG else ""


def split(ax: Axes, titles: Sequence[str], *, heights: Sequence[float]) -> list[Axes]:
    """Return one panel per title, from top to bottom, over one time axis; the axes itself if there is only one.

    The axes given keeps the title, the key and the caption, and draws nothing else. Heights are in inches; where the
    axes have less room, in proportion.
    """
    if len(titles) == 1:
        return [ax]
    ax.set_axis_off()
    settle(ax)
    width = TITLE_SHARE * slot(ax).width
    dates = _dates(heights)
    whole = dates + sum(heights) + GAP * len(heights)
    bottom = 1.0 - dates / whole
    panels: list[Axes] = []
    for title, height in zip(map(one_line, titles), heights, strict=True):
        bottom -= (height + GAP) / whole
        panel = ax.inset_axes((0, bottom, 1, height / whole), sharex=panels[0] if panels else None)
        heading = panel.set_title(
            title, loc="left", pad=3, fontsize=look.BODY, fontweight="bold", color=look.INK, parse_math=False
        )
        heading.set_in_layout(False)  # it has its room: the gap above
        wrap(heading, title, width)
        panels.append(panel)
    for panel in panels[:-1]:
        panel.tick_params(labelbottom=False)
    if dates:
        panels[0].tick_params(axis="x", top=True, labeltop=True)
    return panels


def _dates(heights: Sequence[float]) -> float:
    """Return the inches for dates above the first panel, where those below the last are on another screen."""
    return DATES if sum(heights) > TALL else 0.0


def drawn(
    plot: Callable[..., Axes],
    *args: Any,  # noqa: ANN401 - those of the plot
    size: tuple[float, float] = PAGE_IN,
    dpi: float = PAGE_DPI,
    **options: Any,  # noqa: ANN401 - those of the plot
) -> Axes:
    """Return what a ``plot_*`` function draws on a figure that pyplot does not know, laid out."""
    with our_settings():
        figure = Sheet(figsize=size, dpi=dpi, layout=Steady())
        made = plot(*args, **options, ax=figure.add_subplot())
        settle(made)
    return made


def png(
    plot: Callable[..., Axes],
    *args: Any,  # noqa: ANN401 - those of the plot
    size: tuple[float, float] = PAGE_IN,
    dpi: float = PAGE_DPI,
    **options: Any,  # noqa: ANN401 - those of the plot
) -> bytes:
    """Return what a ``plot_*`` function draws as a PNG of few colours, without pyplot.

    It is laid out and then written; ``savefig`` would lay it out and draw it twice, for the same bytes.
    """
    full = io.BytesIO()
    with our_settings():
        figure = figure_of(drawn(plot, *args, size=size, dpi=dpi, **options))
        figure.set_layout_engine("none")
        FigureCanvasAgg(figure).print_png(full)  # type: ignore[no-untyped-call]
    return of_few_colors(full)

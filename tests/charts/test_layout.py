"""Where things stand: settings of our own, text that fits, the same places at every drawing."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import gallery
import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

import conflictkit as ck
from conflictkit.charts import _layout
from conflictkit.charts.sources import Caption

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

ROWS = ck.load_deployments().query("actor_id == 'italy'")
STYLES = {"figure.facecolor": "black", "axes.facecolor": "black", "lines.marker": "x", "axes.grid": True}


def test_the_readers_style_is_not_drawn(png: object) -> None:
    """Markers, grids and faces of a style sheet stay outside, and stay with the reader."""
    with mpl.rc_context(STYLES):
        styled = ck.plot_strength(ROWS)
        assert mpl.rcParams["lines.marker"] == "x"
    assert png(styled) == png(ck.plot_strength(ROWS))  # type: ignore[operator]


def test_a_png_has_the_bytes_of_savefig() -> None:
    """Laid out once and written, not drawn twice: nothing else differs."""
    figure = Figure(figsize=(8, 5), dpi=72, layout="constrained")
    ck.plot_strength(ROWS, ax=figure.add_subplot())
    full, small = io.BytesIO(), io.BytesIO()
    figure.savefig(full, format="png")
    Image.open(full).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(small, format="png", optimize=True)
    assert _layout.png(ck.plot_strength, ROWS, size=(8, 5), dpi=72) == small.getvalue()
    assert not plt.get_fignums()


def test_axes_stay_where_they_are() -> None:
    """Ten drawings: not a digit of the place of the axes moves."""
    ax = ck.plot_strength(ROWS)
    ax.figure.draw_without_rendering()
    first = ax.get_position().bounds
    for _ in range(10):
        ax.figure.draw_without_rendering()
        assert ax.get_position().bounds == first


@pytest.mark.parametrize("width", [120.0, 300.0, 600.0])
def test_wrapped_words_are_no_wider_than_asked(width: float, narrow: Axes) -> None:
    """Nor is a word lost."""
    words = "Claimed: all land, each point with the holder of the nearest of 483 places, to the borders."
    text = narrow.text(0, 0, "")
    _layout.wrap(text, words, width)
    assert Text.get_window_extent(text).width <= width
    assert text.get_text().split() == words.split()


def test_panels_share_the_height_in_proportion(narrow: Axes) -> None:
    """Three panels, one twice as high; a single one is the axes itself."""
    low, high, other = _layout.split(narrow, ["a", "b", "c"], heights=[1.0, 2.0, 1.0])
    narrow.figure.draw_without_rendering()
    heights = [panel.get_position().height for panel in (low, high, other)]
    assert heights[1] == pytest.approx(2 * heights[0])
    assert heights[0] == pytest.approx(heights[2])
    assert _layout.split(narrow, ["alone"], heights=[1.0]) == [narrow]


@pytest.mark.parametrize("name", ["changes", "deployments", "strength"])
@pytest.mark.parametrize("dpi", [50, 72, 150])
def test_the_caption_is_inside_at_the_first_drawing(
    name: str, dpi: int, territory: ck.Territory, drawing: Callable[..., Any]
) -> None:
    """A map finds its height anew where letters are of other sizes; a second drawing is the same."""
    ax = gallery.PICTURES[name](territory, None) if dpi == 50 else drawing(name).ax
    figure, before = ax.figure, ax.figure.dpi
    figure.set_dpi(dpi)
    FigureCanvasAgg(figure).draw()
    first = ax.get_position().bounds
    (caption,) = ax.findobj(Caption)
    assert Text.get_window_extent(caption).y0 >= -1
    FigureCanvasAgg(figure).draw()
    assert ax.get_position().bounds == first
    figure.set_dpi(before)

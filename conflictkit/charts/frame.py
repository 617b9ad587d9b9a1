"""What every chart has around it: axes, title, key, caption, and the way back from the caption to the sources."""

from __future__ import annotations

import textwrap
from math import log10
from typing import TYPE_CHECKING, Any

from conflictkit.charts.style import BODY, FAINT, INK, MUTED, SMALL, TITLE
from conflictkit.datasets import load_sources
from conflictkit.errors import TableError, UnknownNameError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text
    from matplotlib.transforms import Bbox

    from conflictkit.charts.artists import Caption

    Key = Sequence[tuple[Any, str]]  # what is drawn, and what it means

TICKS = 26.0  # points under the axes that the labels of a date axis take, in their longest form
HINTING = 0.97  # of the width: letters fitted to the pixels of another resolution are up to 3 % wider
PASSES = 3  # of the layout, until a map that must keep its shape has found its height
DECADE = 45.0  # points of height from which a decade of a log axis has room for 1, 2, 5 instead of 1


def sources_of(ax: Axes) -> pd.DataFrame:
    """Return the sources of what an axes of this kit shows.

    Parameters
    ----------
    ax
        Axes that a ``plot_*`` function returned.

    Returns
    -------
    DataFrame
        Rows of ``load_sources`` in its order and with its columns; none for axes that this kit has not drawn on.

    Notes
    -----
    The ids are kept by the caption under the axes, which a ``plot_*`` function puts there.

    Examples
    --------
    >>> from conflictkit import load_deployments, plot_strength
    >>> from conflictkit.charts import sources_of
    >>> deployments = load_deployments()
    >>> ax = plot_strength(deployments[deployments["actor_id"] == "wagner"])
    >>> sources_of(ax)["publisher"].tolist()
    ['Small Wars Journal (BBC)']
    """
    from conflictkit.charts.artists import Caption

    used = {source for artist in ax.get_children() if isinstance(artist, Caption) for source in artist.source_ids}
    sources = load_sources()
    return sources[sources["source_id"].isin(used)].reset_index(drop=True)


def new_axes(ax: Axes | None, *, size: tuple[float, float]) -> Axes:
    """Return the axes given, or those of a new figure whose layout leaves room for key and caption."""
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=size, layout="constrained")[1]


def date_axes(ax: Axes, *, unit: str = "") -> None:
    """Give an axes dates below, thousands with a comma at the left, and a calm grid."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(minticks=3, maxticks=8)  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator, show_offset=False))  # type: ignore[no-untyped-call]
    ax.yaxis.set_major_formatter("{x:,.0f}")
    ax.set_ylabel(unit, fontsize=BODY, color=INK, parse_math=False)
    ax.grid(visible=True, axis="y", color=FAINT, linewidth=0.6)
    ax.set_axisbelow(True)
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines[["left", "bottom"]].set_color(MUTED)
    ax.tick_params(colors=MUTED, labelsize=BODY)


def count_axis(ax: Axes, largest: float, *, smallest: float | None = None, room: float = 24.0) -> None:
    """Give a y axis from zero, with room above in points; or, with the smallest figure given, a logarithmic one."""
    height = ax.get_window_extent().height * 72 / figure_of(ax).dpi
    free = min(room / height, 0.4)
    if smallest is None:
        ax.set_ylim(0, (largest or 1.0) / (1 - free))
        return
    from matplotlib.ticker import LogLocator, NullLocator

    ax.set_yscale("log")
    beyond = (largest / smallest) ** (free / (1 - 2 * min(free, 0.25)))
    low, high = ax.set_ylim(smallest / beyond, largest * beyond)
    ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if height > DECADE * log10(high / low) else (1,)))
    ax.yaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_formatter("{x:,.0f}")


def finish(
    ax: Axes,
    *,
    title: str,
    caption: str,
    sources: pd.Series,
    key: Key = (),
    below: float = TICKS,
    key_options: Mapping[str, Any] | None = None,
) -> None:
    """Write the title, the key and the caption of a chart, each as wide as its axes."""
    heading = ax.set_title(title, loc="left", fontsize=TITLE, color=INK, parse_math=False)
    text = _caption(ax, sources)
    for _ in range(1 if ax.get_aspect() == "auto" else PASSES):
        settle(ax)
        width = slot(ax).width * 0.98  # letters are set a little wider at some resolutions
        if title:
            wrap(heading, title, width)
        depth = below + (_key(ax, key, width, below=below, options=key_options or {}) if key else 0.0)
        text.set_position((0, -depth))
        wrap(text, caption, width)
    settle(ax)


def need(frame: pd.DataFrame, columns: Iterable[str], *, table: str) -> None:
    """Raise if a frame has no rows or lacks a column that a chart needs."""
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        msg = f"The frame lacks {', '.join(missing)}: expected rows like those of load_{table}()."
        raise TableError(msg)
    if frame.empty:
        msg = f"No rows to draw. Check the filter, or start from load_{table}()."
        raise TableError(msg)


def known(what: str, value: object, allowed: Iterable[str]) -> None:
    """Raise if a value is not one of those allowed."""
    options = list(allowed)
    if value not in options:
        msg = f"Unknown {what} {value!r}: use one of {', '.join(options)}.{nearest(str(value), options)}"
        raise UnknownNameError(msg)


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


def _key(ax: Axes, key: Key, width: float, *, below: float, options: Mapping[str, Any]) -> float:
    """Put a key under the axes, in as few rows as its width allows, and return the points that it takes."""
    from matplotlib.transforms import ScaledTranslation

    under = ax.transAxes + ScaledTranslation(0, -below / 72, figure_of(ax).dpi_scale_trans)
    handles, names = zip(*key, strict=True)
    for columns in range(len(key), 0, -1):
        legend = ax.legend(
            handles, names, loc="upper left", bbox_to_anchor=(0, 0), bbox_transform=under, ncols=columns,
            frameon=False, borderpad=0, borderaxespad=0, columnspacing=1.4, handletextpad=0.5, labelspacing=0.35,
            **options,
        )  # fmt: skip
        legend.set_in_layout(False)  # the caption below it asks for the room of both
        box = legend.get_window_extent()
        if box.width <= width:
            break
    return box.height * 72 / figure_of(ax).dpi + 8


def _caption(ax: Axes, sources: pd.Series) -> Caption:
    """Put an empty caption under the axes, with the sources behind them."""
    from matplotlib.transforms import IdentityTransform

    from conflictkit.charts.artists import Caption

    text = Caption(
        "", (0, 0), xytext=(0, 0), xycoords="axes fraction", textcoords="offset points",
        va="top", ha="left", fontsize=SMALL, color=MUTED, linespacing=1.3, annotation_clip=False,
    )  # fmt: skip
    text.source_ids = tuple(sorted(set(sources.dropna())))
    text.set_transform(IdentityTransform())  # as Axes.annotate does: otherwise taken for data, and lost on a log axis
    ax.add_artist(text)
    text.set_clip_on(False)
    return text


def wrap(text: Text, words: str, width: float) -> None:
    """Write words in lines that are no wider than a number of pixels, at whatever resolution the figure is saved."""
    from matplotlib.text import Text

    width *= HINTING
    text.set_text(words)
    longest = int(1.2 * len(words) * width / Text.get_window_extent(text).width)
    for characters in range(longest, 12, -2):
        text.set_text(textwrap.fill(words, characters, break_on_hyphens=False))
        if Text.get_window_extent(text).width <= width:
            return

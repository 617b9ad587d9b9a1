"""What every chart has around it: axes, title, key, caption, and the way back from the caption to the sources."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from conflictkit.charts.style import BODY, FAINT, INK, MUTED, SMALL, TITLE
from conflictkit.datasets import load_sources
from conflictkit.errors import TableError, UnknownNameError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend
    from matplotlib.text import Text

    Key = Sequence[tuple[Any, str]]  # what is drawn, and what it means

TICKS = 26.0  # points under the axes that the labels of a date axis take, in their longest form
PASSES = 3  # of the layout, until a map that must keep its shape has found its height
LOG_TICKS = 300.0  # points of height from which a log axis has room for 1, 2, 5 instead of 1


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
    ax.set_ylim(smallest / beyond, largest * beyond)
    ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if height > LOG_TICKS else (1,)))
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
    from matplotlib.transforms import IdentityTransform

    from conflictkit.charts.artists import Caption

    settle(ax)
    width = ax.get_window_extent().width
    _wrap(ax.set_title(title, loc="left", fontsize=TITLE, color=INK, parse_math=False), width)
    if key:
        legend = _key(ax, key, width, below=below, options=key_options or {})
        below += legend.get_window_extent().height * 72 / figure_of(ax).dpi + 8
    text = Caption(
        caption, (0, 0), xytext=(0, -below), xycoords="axes fraction", textcoords="offset points",
        va="top", ha="left", fontsize=SMALL, color=MUTED, linespacing=1.3, annotation_clip=False,
    )  # fmt: skip
    text.source_ids = tuple(sorted(set(sources.dropna())))
    text.set_transform(IdentityTransform())  # as Axes.annotate does: otherwise taken for data, and lost on a log axis
    ax.add_artist(text)
    text.set_clip_on(False)
    _wrap(text, width)
    if ax.get_aspect() != "auto":
        for _ in range(PASSES):
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


def _key(ax: Axes, key: Key, width: float, *, below: float, options: Mapping[str, Any]) -> Legend:
    """Put a key under the axes, in as few rows as its width allows."""
    from matplotlib.transforms import ScaledTranslation

    under = ax.transAxes + ScaledTranslation(0, -below / 72, figure_of(ax).dpi_scale_trans)
    handles, names = zip(*key, strict=True)
    for columns in range(len(key), 0, -1):
        legend = ax.legend(
            handles, names, loc="upper left", bbox_to_anchor=(0, 0), bbox_transform=under, ncols=columns,
            frameon=False, borderpad=0, borderaxespad=0, columnspacing=1.4, handletextpad=0.5, labelspacing=0.35,
            **options,
        )  # fmt: skip
        if legend.get_window_extent().width <= width:
            break
    return legend


def _wrap(text: Text, width: float) -> None:
    """Break a text into lines that are no wider than a number of pixels."""
    from matplotlib.text import Text

    words = text.get_text()
    longest = int(1.2 * len(words) * width / Text.get_window_extent(text).width)
    for characters in range(longest, 12, -2):
        text.set_text(textwrap.fill(words, characters))
        if Text.get_window_extent(text).width <= width:
            return

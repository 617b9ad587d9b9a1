"""The order of battle of a day as a picture: the tree at the left, strengths as ranges at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from conflictkit.charts import frame, marks, style
from conflictkit.errors import TableError
from conflictkit.ranges import ranges_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from conflictkit.deployments._order import OrderOfBattle

ROW, AROUND = 0.2, 1.7  # inches of a row, and of what is around the rows
TREE = 0.56  # of the width: the tree; the rest is the scale of strengths
INDENT = 0.022  # of the width, for each level
LEAST, DECADE_ROOM = 10.0, 1.6  # the scale begins at a power of ten below the least figure; room for an arrow
BAR, MARK = 4.5, 6.0  # points, as in charts.marks


def plot_order_of_battle(order: OrderOfBattle, *, ax: Axes | None = None) -> Axes:
    """Plot an order of battle: sides, forces and parts as a tree, with their strengths as ranges.

    Parameters
    ----------
    order
        What ``order_of_battle`` returns.
    ax
        Axes to draw on; without it a new figure, as high as the tree needs.

    Returns
    -------
    Axes
        It carries title, key and caption; its one ``child_axes`` has the strengths, on a logarithmic scale.

    Raises
    ------
    TableError
        If no force is reported.

    Notes
    -----
    A row of strength is the sum over the branch, under the rules of ``order_of_battle``: a figure that another one
    includes is drawn at its own row, and not added above. Forces without a figure say so. A force in italics is there
    only through its parts.

    Examples
    --------
    >>> from conflictkit import order_of_battle, plot_order_of_battle
    >>> plot_order_of_battle(order_of_battle("2017-11-03", "isis")).get_title(loc="left")
    'Order of battle on 3 November 2017, as reported'
    """
    from matplotlib.pyplot import rc_context

    rows = order.frame
    if rows.empty:
        msg = f"No force is reported on {order.date:%Y-%m-%d}: nothing to draw. Try another day, side or place."
        raise TableError(msg)
    paints = style.palette()
    fallback = style.INK
    rows = rows.assign(color=[paints[a].ink if a in paints else fallback for a in rows["actor_id"].fillna("")])
    sources = pd.Series([name for cell in rows["source_ids"] for name in cell.split(";") if name], dtype="str")
    with rc_context(style.RC):
        ax = frame.new_axes(ax, size=(10, AROUND + ROW * (len(rows) + 1)))
        ax.set_axis_off()
        ax.set_xlim(0, 1)
        ax.set_ylim(len(rows) - 0.4, -0.6)
        _tree(ax, rows)
        scale = ax.inset_axes((TREE, 0, 1 - TREE, 1))
        _strengths(scale, rows)
        overlaps = int(rows["overlaps"].ne("").sum())
        caption = (
            f"People, on a logarithmic scale. {order.rule} Names in italics: not reported itself, only its parts. "
            f"Rows whose figure includes others: {overlaps}. {style.credit(sources)}"
        )
        frame.finish(ax, title=order.title, caption=caption, sources=sources, key=_key(rows))
    return ax


def _tree(ax: Axes, rows: pd.DataFrame) -> None:
    """Write the names, each under the force that it belongs to, with lines that lead there."""
    levels = rows["level"].tolist()
    for y, (level, name, reported) in enumerate(zip(levels, rows["name"], rows["reported"], strict=True)):
        if level == 0:
            ax.axhspan(y - 0.5, y + 0.5, color="#F2EFE9", zorder=1)
        else:
            above = max(i for i in range(y) if levels[i] == level - 1)
            x = INDENT * (level - 1) + 0.5 * INDENT
            ax.plot([x, x, x + 0.6 * INDENT], [above + 0.35, y, y], color=style.MUTED, linewidth=0.6, zorder=2)
        look: dict[str, Any] = {"fontweight": "bold"} if level == 0 else {"style": "normal" if reported else "italic"}
        text = ax.text(
            INDENT * level + 0.006, y, name, va="center", fontsize=style.SMALL, color=style.INK, zorder=3, **look
        )
        text.set_in_layout(False)
        _shorten(ax, text, TREE - 0.01)


def _shorten(ax: Axes, text: Any, right: float) -> None:  # noqa: ANN401 - imported late
    """Cut a name that would run into the scale."""
    frame.settle(ax)
    words = text.get_text()
    limit = ax.transAxes.transform((right, 0))[0]
    while text.get_window_extent().x1 > limit and len(words) > 4:  # noqa: PLR2004 - what is left says nothing
        words = words[:-1]
        text.set_text(words.rstrip() + "\N{HORIZONTAL ELLIPSIS}")


def _strengths(ax: Axes, rows: pd.DataFrame) -> None:
    """Draw each row's strength: a bar for a range, a mark for a figure, an arrow for a bound, or the words."""
    figures = ranges_of(rows, prefix="strength_")
    known = [end for figure in figures for end in figure.bounds if not np.isnan(end)]
    low, high = (min(known), max(known)) if known else (100.0, 1000.0)
    ax.set_xscale("log")
    ax.set_xlim(10 ** np.floor(np.log10(max(low, LEAST)) - 0.3), high * 10**DECADE_ROOM)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    for y, (figure, color, level) in enumerate(zip(figures, rows["color"], rows["level"], strict=True)):
        if level == 0:
            ax.axhspan(y - 0.5, y + 0.5, color="#F2EFE9", zorder=1)
        if not figure.known:
            ax.annotate(
                "no figure", (0, y), xytext=(3, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
                va="center", fontsize=style.SMALL, color=style.MUTED, zorder=3,
            )  # fmt: skip
            continue
        right = _mark(ax, y, figure, color)
        beyond = 20 if np.isnan(figure.high) else 9  # points: past the arrow of "at least"
        ax.annotate(
            str(figure), (right, y), xytext=(beyond, 0), textcoords="offset points", va="center",
            fontsize=style.SMALL, color=style.INK, fontweight="bold" if level == 0 else "normal", zorder=4,
        )  # fmt: skip
    ax.set_yticks([])
    ax.xaxis.set_major_formatter("{x:,.0f}")
    ax.minorticks_off()
    ax.grid(visible=True, axis="x", color=style.FAINT, linewidth=0.6)
    ax.set_axisbelow(True)
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.spines["bottom"].set_color(style.MUTED)
    ax.tick_params(colors=style.MUTED, labelsize=style.SMALL)
    ax.set_facecolor("none")


def _mark(ax: Axes, y: float, figure: Any, color: str) -> float:  # noqa: ANN401 - a Range
    """Draw one strength and return its right end."""
    low, high = figure.low, figure.high
    look: dict[str, Any] = {
        "linestyle": "none", "markersize": MARK, "markerfacecolor": "white", "markeredgecolor": color,
        "markeredgewidth": 1.3, "zorder": 3,
    }  # fmt: skip
    if np.isnan(low) or np.isnan(high):
        end = high if np.isnan(low) else low
        ax.annotate(
            "", (end, y), xytext=(14 if np.isnan(high) else -14, 0), textcoords="offset points",
            arrowprops={"arrowstyle": "<|-", "color": color, "linewidth": 1.2, "shrinkA": 0, "shrinkB": 0}, zorder=3,
        )  # fmt: skip
        ax.plot([end], [y], marker="|", **look)
        return float(end)
    if low < high:
        ax.hlines(y, low, high, color=color, linewidth=BAR, alpha=0.75, zorder=2)
    if not np.isnan(figure.best):
        ax.plot([figure.best], [y], marker="o", **look)
    return float(high)


def _key(rows: pd.DataFrame) -> list[tuple[Any, str]]:
    from matplotlib.lines import Line2D
    from matplotlib.transforms import Affine2D

    figures = ranges_of(rows, prefix="strength_")
    ends = [(figure.low, figure.high) for figure in figures if figure.known]
    key: list[tuple[Any, str]] = []
    if any(low < high for low, high in ends):
        key.append((Line2D([], [], color=style.MUTED, linewidth=BAR, alpha=0.75), "range"))
    if any(not np.isnan(figure.best) for figure in figures):
        key.append((marks.hollow("o", color=style.MUTED), "single figure"))
    if any(np.isnan(low) != np.isnan(high) for low, high in ends):
        sideways = marks.arrow(up=True).transformed(Affine2D().rotate_deg(-90))
        key.append((marks.hollow(sideways, color=style.MUTED, size=2 * MARK), "at least (to the left: at most)"))
    return key

"""Figures one below the other: words at the left, the mark on a common scale, words at the right.

What the pictures in rows share: the band behind a heading, the mark of a range, a figure or a bound that lies in a row,
the scale under it, and the rows of published figures with their names and dates.
"""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter

from conflictkit.charts import _marks as marks
from conflictkit.charts._layout import TALL, Z, points_of, settle, slot
from conflictkit.charts._settings import ordered
from conflictkit.dates import in_words
from conflictkit.look import BODY, FAINT, INK, MUTED, SMALL
from conflictkit.prose import one_line, shortened
from conflictkit.ranges import BOUNDS, ranges_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.path import Path

    from conflictkit.ranges import Range

STRIPE = "#F2EFE9"  # behind the heading of a group of rows
LAST, FIRST = 0.4, -0.6  # of a row: the room under the last and above the first

ROW = 0.19  # inches of height per row
AROUND = 2.3  # inches for title, scale, key and caption
UNDER_SCALE = 42.0  # points between the rows and the key: the scale and its unit
FEWEST = 4  # rows for which a figure has room
PAST = 1.01  # of the width of the scale: where the texts at the right begin
LETTER = 5.35  # points that a letter of the small type takes, on average
BOLD = 6.3  # points of a bold one
LEFT_MOST, RIGHT_MOST = 0.48, 0.32  # of the width, at most, for the texts beside the scale
LONGEST = 34  # letters of an estimator's name
LOG_FROM = 15.0  # largest figure over smallest from which the scale is logarithmic
SCALE_LETTER = 6.4  # points that a digit under the scale takes, with its share of the gap to the next number
ROOM = 1.12  # of the scale beyond the largest figure, for an arrow
LOG_ROOM = 1.9
HEADED = 0.2  # of a row: more room above the first if it is a heading


class Beside(NamedTuple):
    """Texts beside the rows."""

    left: list[str]
    right: list[str]


def stripe(ax: Axes, y: float, *, left: float = 0.0) -> None:
    """Draw the band behind a heading, from a share of the width on."""
    ax.axhspan(y - 0.5, y + 0.5, xmin=left, color=STRIPE, zorder=Z.STRIPE)


def in_rows(ax: Axes, count: int) -> None:
    """Give an axes so many rows, from the top."""
    ax.set_ylim(count - LAST, FIRST)


def draw_mark(
    ax: Axes, y: float, figure: Range, *, color: str, marker: str = "o", size: float = marks.SIZE,
    filled: bool = False, solid: bool = True,
) -> None:  # fmt: skip
    """Draw what a row gives: a range as a bar, solid or hollow, a figure as a mark, a bound as an arrow."""

    def point(x: float, marker: str | Path, size: float) -> None:
        ax.plot(
            x, y, linestyle="none", marker=marker, markersize=size, markerfacecolor=color if filled else "white",
            markeredgecolor=color, markeredgewidth=marks.EDGE, zorder=Z.MARK, clip_on=False,
        )  # fmt: skip

    kind = marks.kind_of(figure)
    if kind == marks.RANGE:
        ax.hlines(y, figure.low, figure.high, **marks.bar(color, empty=not solid))
    if not isnan(figure.best):
        point(figure.best, marker, size)
    if kind == marks.AT_LEAST:
        point(figure.low, marks.sideways(right=True), 2 * marks.ARROW)
    if kind == marks.AT_MOST:
        point(figure.high, marks.sideways(right=False), 2 * marks.ARROW)


def value_axis(ax: Axes, unit: str = "", *, size: float = BODY, grid: bool = True) -> None:
    """Give an axes a scale below, thousands with a comma, and no frame."""
    ax.xaxis.set_major_formatter("{x:,.0f}")
    ax.set_xlabel(one_line(unit), fontsize=BODY, color=INK, parse_math=False)
    ax.tick_params(axis="x", colors=MUTED, labelsize=size)
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.spines["bottom"].set_color(MUTED)
    if grid:
        ax.grid(visible=True, axis="x", color=FAINT, linewidth=0.6)
        ax.set_axisbelow(True)


def rule(ax: Axes, y: pd.Series) -> None:
    """Draw a faint line under each row, which leads the eye from its words to its mark."""
    ax.hlines(y, 0, 1, transform=ax.get_yaxis_transform(), color=FAINT, linewidth=0.5, zorder=Z.BEHIND)


def height_of(lines: int) -> float:
    """Return the height in inches of a figure with so many lines."""
    return AROUND + ROW * max(lines, FEWEST)


def names(rows: pd.DataFrame) -> list[str]:
    """Return who gave each figure and for when, cut to a length."""
    days = zip(rows["as_of"], rows["date_prec"], strict=True)
    told = [in_words(day, precision=precision, short=True) for day, precision in days]
    return [f"{shortened(name, LONGEST)}  {day}" for day, name in zip(told, rows["who"], strict=True)]


def draw_rows(
    ax: Axes, rows: pd.DataFrame, beside: Beside, *, unit: str, heads: Sequence[tuple[float, str]] = ()
) -> Axes:
    """Return a panel with one mark per row: columns y, low, best, high, color, marker, open.

    Heads stand above their rows. The scale is a panel inside the axes given, which keep title, key and caption at
    their full width.
    """
    panel, edge = _panel(ax, beside)
    letters = int(points_of(ax, slot(ax).width) / BOLD)
    words = _scale(panel, rows)
    rule(panel, rows["y"])
    columns = (rows["y"], ranges_of(rows), rows["color"], rows["marker"], rows["open"])
    for y, figure, color, marker, is_open in zip(*columns, strict=True):
        draw_mark(panel, y, figure, color=color, marker=marker, filled=not is_open, solid=not is_open)
    last = max([*rows["y"], *(y for y, _ in heads)])
    panel.set_ylim(last + 2 * LAST, FIRST - HEADED if heads else FIRST)
    panel.set_yticks(rows["y"].tolist(), list(map(ordered, beside.left)), fontsize=SMALL, color=INK)
    panel.tick_params(axis="y", length=0)
    for y, text in zip(rows["y"], beside.right, strict=True):
        _write(panel, PAST, y, text)
    for y, text in heads:
        _write(panel, edge, y, shortened(text, letters), bold=True)
    value_axis(panel, unit + words, grid=False)
    if ROW * last > TALL:
        panel.tick_params(axis="x", top=True, labeltop=True)
    return panel


def _panel(ax: Axes, beside: Beside) -> tuple[Axes, float]:
    """Return the panel for the scale, between the texts beside it, and the left edge of all in its units."""
    ax.set_axis_off()
    settle(ax)
    width = points_of(ax, slot(ax).width)
    left, right = (max(map(len, texts), default=0) * LETTER / width for texts in beside)
    left, right = min(left + PAST - 1, LEFT_MOST), min(right + 1.5 * (PAST - 1), RIGHT_MOST)
    panel = ax.inset_axes((left, 0, 1 - left - right, 1))
    panel.set_in_layout(False)  # its texts have their room: a layout that made more would narrow the axes again
    return panel, -left / (1 - left - right)


def _scale(ax: Axes, rows: pd.DataFrame) -> str:
    """Set the limits of a panel, on a logarithmic scale where small figures would vanish; return the words for it."""
    values = rows[list(BOUNDS)].to_numpy(dtype=float)
    least, most = float(np.nanmin(values)), float(np.nanmax(values))
    if not most > LOG_FROM * least > 0:
        ax.set_xlim(0, most * ROOM if most else 1)
        ax.xaxis.set_major_locator(MaxNLocator(max(2, int(numbers_in(ax, most))), steps=[1, 2, 2.5, 5, 10]))
        return ""
    ax.set_xscale("log")
    ax.set_xlim(least / LOG_ROOM, most * LOG_ROOM)
    # how many numbers a decade has room for: the nearest of 1, 2, 5 stand 0.3 of it apart, those of 1, 3 half of it
    decade = numbers_in(ax, most * LOG_ROOM) / float(np.log10(most * LOG_ROOM**2 / least))
    ax.xaxis.set_major_locator(
        LogLocator(subs=(1, 2, 5) if decade * np.log10(2) > 1 else (1, 3) if decade * np.log10(3) > 1 else (1,))
    )
    ax.xaxis.set_minor_formatter(NullFormatter())
    return " (log scale)"


def numbers_in(ax: Axes, largest: float) -> float:
    """Return how many numbers, as long as the largest, fit side by side under a scale."""
    return points_of(ax, ax.get_window_extent().width) / (SCALE_LETTER * len(f"{largest:,.0f}"))


def _write(ax: Axes, x: float, y: float, text: str, *, bold: bool = False) -> None:
    ax.text(
        x, y, text, transform=ax.get_yaxis_transform(), fontsize=SMALL, color=INK, va="center", ha="left",
        fontweight="bold" if bold else "normal", parse_math=False,
    )  # fmt: skip

"""Figures one below the other: who and when at the left, the mark on a common scale, the figure at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from conflictkit.charts import frame, marks, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.path import Path

    from conflictkit.charts._frame import Key

ROW = 0.19  # inches of height per row
AROUND = 2.3  # inches for title, scale, key and caption
LETTER = 4.75  # points that a letter of the small type takes, on average
LEFT_MOST, RIGHT_MOST = 0.45, 0.25  # of the width, at most, for the texts beside the scale
LONGEST = 46  # letters of an estimator's name
LOG_FROM = 15.0  # largest figure over smallest from which the scale is logarithmic
DATES = {"month": "%b %Y", "year": "%Y"}
ROOM = 1.12  # of the scale beyond the largest figure, for an arrow


class Columns(NamedTuple):
    """Texts beside the rows."""

    left: list[str]
    right: list[str]


def height(lines: int) -> float:
    """Return the height in inches of a figure with so many lines."""
    return AROUND + ROW * max(lines, 4)


def names(rows: pd.DataFrame, *, dated: bool = True) -> list[str]:
    """Return who gave each figure and for when, cut to a length."""
    told = [
        f"{date.strftime(DATES.get(prec, '%-d %b %Y'))}  " if dated else ""
        for date, prec in zip(rows["as_of"], rows["date_prec"], strict=True)
    ]
    who = [name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}\N{HORIZONTAL ELLIPSIS}" for name in rows["who"]]
    return [f"{name}  {date}".rstrip() for date, name in zip(told, who, strict=True)]


def draw(ax: Axes, rows: pd.DataFrame, columns: Columns, *, heads: list[tuple[float, str]], unit: str) -> Axes:
    """Return a panel with one mark per row: columns y, low, best, high, color, marker, open.

    Heads stand above their rows. The scale is a panel inside the axes given, which keep title, key and caption at
    their full width.
    """
    ax, edge = _panel(ax, columns)
    values = rows[marks.BOUNDS].to_numpy(dtype=float)
    least, most = float(np.nanmin(values)), float(np.nanmax(values))
    if most > LOG_FROM * least > 0:
        ax.set_xscale("log")
        ax.set_xlim(least / 1.5, most * 1.5)
        unit += " (log scale)"
    else:
        ax.set_xlim(0, most * ROOM if most else 1)
    ax.hlines(rows["y"], 0, 1, transform=ax.get_yaxis_transform(), color=style.FAINT, linewidth=0.5, zorder=0)
    kinds = marks.kinds(rows)
    for i in range(len(rows)):
        _mark(ax, rows.iloc[i], kinds.iloc[i])
    lines = max([*rows["y"], *(y for y, _ in heads)])
    ax.set_ylim(lines + 0.8, -0.8 if heads else -0.6)
    ax.set_yticks(rows["y"].tolist(), columns.left, fontsize=style.SMALL, color=style.INK)
    ax.tick_params(axis="y", length=0)
    ax.tick_params(axis="x", colors=style.MUTED, labelsize=style.BODY)
    for y, text in zip(rows["y"], columns.right, strict=True):
        _beside(ax, 1.01, y, text)
    for y, text in heads:
        _beside(ax, edge, y, text, bold=True)
    ax.xaxis.set_major_formatter("{x:,.0f}")
    if ax.get_xscale() == "log":
        from matplotlib.ticker import LogLocator, NullFormatter

        decades = np.log10(most / least)
        ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if decades < 2 else (1, 3)))  # noqa: PLR2004 - decades
        ax.xaxis.set_minor_formatter(NullFormatter())
    ax.set_xlabel(unit, fontsize=style.BODY, color=style.INK, parse_math=False)
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.spines["bottom"].set_color(style.MUTED)
    return ax


def _panel(ax: Axes, columns: Columns) -> tuple[Axes, float]:
    """Return the panel for the scale, between the texts beside it, and the left edge of all in its units."""
    ax.set_axis_off()
    frame.settle(ax)
    width = frame.slot(ax).width * 72 / frame.figure_of(ax).dpi
    left, right = (max(map(len, texts), default=0) * LETTER / width for texts in columns)
    left, right = min(left + 0.01, LEFT_MOST), min(right + 0.015, RIGHT_MOST)
    panel = ax.inset_axes((left, 0, 1 - left - right, 1))
    panel.set_in_layout(False)  # its texts have their room: a layout that made more would narrow the axes again
    return panel, -left / (1 - left - right)


def _mark(ax: Axes, row: pd.Series, kind: str) -> None:
    color, y = str(row["color"]), float(row["y"])
    if kind == "range":
        ax.hlines(y, row["low"], row["high"], **marks.bar(color, empty=bool(row["open"])))
    face = "white" if row["open"] else color
    if pd.notna(row["best"]):
        _point(ax, float(row["best"]), y, row["marker"], color=color, face=face, size=marks.SIZE)
    if kind in {"at least", "at most"}:
        value = float(row["low"] if kind == "at least" else row["high"])
        _point(ax, value, y, sideways(right=kind == "at least"), color=color, face=face, size=2 * marks.ARROW)


def _point(ax: Axes, x: float, y: float, marker: str | Path, *, color: str, face: str, size: float) -> None:
    ax.plot(
        x, y, linestyle="none", marker=marker, markersize=size, markerfacecolor=face, markeredgecolor=color,
        markeredgewidth=1.3, zorder=4, clip_on=False,
    )  # fmt: skip


def sideways(*, right: bool) -> Path:
    """Return the marker of a one-sided bound on a horizontal scale: shorter than on a vertical one."""
    from matplotlib.path import Path

    arrow = marks.arrow(up=True)
    turned = np.asarray(arrow.vertices)[:, ::-1] * (1 if right else -1, 0.55)
    return Path(turned, arrow.codes)


def _beside(ax: Axes, x: float, y: float, text: str, *, bold: bool = False) -> None:
    ax.text(
        x, y, text, transform=ax.get_yaxis_transform(), fontsize=style.SMALL, color=style.INK, va="center", ha="left",
        fontweight="bold" if bold else "normal", parse_math=False,
    )  # fmt: skip


def finish(ax: Axes, rows: pd.DataFrame, *, title: str, caption: str, key: Key) -> None:
    """Write title, key and caption under the scale."""
    frame.finish(ax, title=title, caption=caption, sources=rows["source_id"], key=key, below=42.0)

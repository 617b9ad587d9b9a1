"""Marks for published figures: a range always looks like a range, and a bound like a bound.

low and high: a bar. best alone: a hollow mark. low alone ("at least"): an arrow up from a line. high alone ("at most"):
an arrow down. A date known to the month or year only: a dotted line over that month or year. What is assumed fades.
"""

from __future__ import annotations

from itertools import pairwise
from math import isnan
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgba
from matplotlib.dates import date2num
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.path import Path
from matplotlib.patheffects import Normal, Stroke
from matplotlib.transforms import Affine2D

from conflictkit.charts._labels import AROUND, rings
from conflictkit.charts._layout import Z
from conflictkit.dates import first_day, last_day
from conflictkit.look import INK, MUTED, SMALL
from conflictkit.ranges import BOUNDS

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from matplotlib.axes import Axes
    from matplotlib.text import Annotation
    from numpy.typing import NDArray

    from conflictkit.charts._labels import Labels
    from conflictkit.ranges import Range

    Bar = tuple[float, float, float, float, str]  # x from, x to, y from, y to, colour
    Toward = Literal["up", "down", "left", "right"]

# What a row gives, and the words for it in a key.
RANGE, SINGLE, AT_LEAST, AT_MOST = "range", "point", "at_least", "at_most"
KINDS = {RANGE: "range", SINGLE: "single figure", AT_LEAST: "at least", AT_MOST: "at most"}

PERIODS = ("month", "year")  # precisions of a date that is no day
THICK, SIZE, ARROW = 4.5, 6.0, 15.0  # points: width of a bar, of a hollow mark, length of an arrow
EDGE = 1.3  # points: outline of a hollow mark
HOLLOW = 2.2  # points of a bar's outline, both sides
SEE_THROUGH = 0.75  # opacity of a bar: where two overlap all the same, both are seen

# From the bound to the tip, in units of the arrow's length; matplotlib centres such a path on (0, 0).
TIP = ((-0.5, 0), (0.5, 0), (0, 0), (0, 1), (-0.3, 0.65), (0, 1), (0.3, 0.65))
TURNS = {"up": 0.0, "left": 90.0, "down": 180.0, "right": 270.0}
NARROW = 0.55  # of an arrow's width where it lies in a row

# Marks closer than this share of the time axis would cover each other, and are set side by side.
ABREAST = 0.013
SHORTEST_AXIS = 60.0  # days
# What a mark and an arrow take of the y axis beyond their figures, on axes of some three inches.
MARK_SHARE, ARROW_SHARE = 0.015, 0.09

FADE = 48  # steps of a fade: fewer are seen as steps


def draw_marks(ax: Axes, rows: pd.DataFrame, *, ends: bool = False) -> None:
    """Draw one mark per row: columns date, x (see ``abreast``), low, best, high, color, marker, date_prec.

    With `ends`, the bounds of a range carry the marker too. With a column ``open``, only the rows that it marks are
    drawn hollow; without it single figures are.
    """
    _periods(ax, rows)
    is_open = rows["open"] if "open" in rows else pd.Series(None, index=rows.index, dtype="object", name="open")
    by = ["color", "marker", kinds(rows), is_open]
    for (color, marker, kind, empty), group in rows.groupby(by, sort=True, dropna=False):
        if kind == RANGE:
            ax.vlines(group["x"], group["low"], group["high"], **bar(str(color), empty=empty is True))
        for bound in BOUNDS if ends else ["best"]:
            _points(ax, group, bound, str(marker), color=str(color), filled=empty is False)
        if kind in {AT_LEAST, AT_MOST}:
            tip = arrow("up" if kind == AT_LEAST else "down")
            _points(ax, group, "low" if kind == AT_LEAST else "high", tip, color=str(color), size=2 * ARROW)


def bar(color: str, *, empty: bool = False) -> dict[str, Any]:
    """Return how a range is drawn: a bar or, empty, the outline of one."""
    if not empty:
        return {"color": color, "linewidth": THICK, "alpha": SEE_THROUGH, "zorder": Z.BAR}
    outline = [Stroke(linewidth=THICK, foreground=color), Normal()]
    return {"color": "white", "linewidth": THICK - HOLLOW, "path_effects": outline, "zorder": Z.BAR}


def kinds(rows: pd.DataFrame) -> pd.Series:
    """Return what each row gives: one of `KINDS`."""
    low, high = rows["low"].notna(), rows["high"].notna()
    cases = [low & high, rows["best"].notna(), low]
    return pd.Series(np.select(cases, [RANGE, SINGLE, AT_LEAST], AT_MOST), index=rows.index, name="kind")


def kind_of(figure: Range) -> str:
    """Return what one figure gives: one of `KINDS`; empty if nothing."""
    if figure.single or (not isnan(figure.best) and (isnan(figure.low) or isnan(figure.high))):
        return SINGLE
    if isnan(figure.low):
        return "" if isnan(figure.high) else AT_MOST
    return AT_LEAST if isnan(figure.high) else RANGE


def day_numbers(dates: pd.Series) -> NDArray[np.float64]:
    """Return dates as matplotlib's axes count them, in days."""
    return np.asarray(date2num(dates), dtype=np.float64)  # type: ignore[no-untyped-call]


def abreast(rows: pd.DataFrame, *, log: bool = False) -> NDArray[np.float64]:
    """Return where on the time axis to draw: beside the date, by a few marks, where marks would cover each other."""
    days, kind = day_numbers(rows["date"]), kinds(rows).to_numpy()
    step = max(float(np.ptp(days)), SHORTEST_AXIS) * ABREAST
    values = rows[list(BOUNDS)].to_numpy(dtype=float)
    low, high = np.nanmin(values, axis=1), np.nanmax(values, axis=1)
    if log:
        low, high = np.log(low), np.log(high)
    axis = high.max() - (low.min() if log else 0.0)
    low = low - axis * np.where(kind == AT_MOST, ARROW_SHARE, MARK_SHARE)
    high = high + axis * np.where(kind == AT_LEAST, ARROW_SHARE, MARK_SHARE)
    lanes: list[int] = []
    for i in range(len(rows)):
        covers = (abs(days[:i] - days[i]) < step) & (low[:i] <= high[i]) & (low[i] <= high[:i])
        taken = set(np.array(lanes)[covers]) if i else set()
        lanes.append(next(lane for lane in range(i + 1) if lane not in taken))
    # lanes 0, 1, 2, 3 lie at 0, +1, -1, +2 steps from the date
    sides = np.array([(lane + 1) // 2 * (1 if lane % 2 else -1) for lane in lanes])
    return days + step * sides


def middle(rows: pd.DataFrame) -> pd.Series:
    """Return the height at which a label belongs to its mark: the best figure, the middle of a range, or the bound."""
    return rows["best"].fillna(rows[["low", "high"]].mean(axis=1))


def obstacles(rows: pd.DataFrame) -> list[tuple[float, ...]]:
    """Return what the labels of a chart must not cover, one box per mark, as ``Labels.marks`` wants them."""
    half = SIZE / 2 + 1
    reach = {AT_LEAST: (ARROW / 2, half, ARROW / 2, ARROW), AT_MOST: (ARROW / 2, ARROW, ARROW / 2, half)}
    ends = zip(rows["x"], rows[list(BOUNDS)].min(axis=1), rows[list(BOUNDS)].max(axis=1), kinds(rows), strict=True)
    boxes: list[tuple[float, ...]] = [(x, low, x, high, *reach.get(kind, (half,) * 4)) for x, low, high, kind in ends]
    for group, start, end in _undated(rows):
        boxes += [level_line(*line) for line in zip(start, end, middle(group), strict=True)]
    return boxes


def level_line(start: float, end: float, height: float) -> tuple[float, ...]:
    """Return a horizontal line as an obstacle to labels."""
    return (start, height, end, height, 0.0, 1.0, 0.0, 1.0)


def arrow(toward: Toward, *, width: float = 1.0) -> Path:
    """Return the marker of a one-sided bound: up for at least, down for at most, right and left along a row."""
    codes = [Path.MOVETO, Path.LINETO, Path.MOVETO, Path.LINETO, Path.MOVETO, Path.LINETO, Path.LINETO]
    return Path(np.array(TIP) * (width, 1), codes).transformed(Affine2D().rotate_deg(TURNS[toward]))


def sideways(*, right: bool) -> Path:
    """Return the marker of a one-sided bound in a row: narrower than on a vertical scale."""
    return arrow("right" if right else "left", width=NARROW)


def key_marks(rows: pd.DataFrame, *, told: Container[str] = (), in_rows: bool = False) -> list[tuple[Any, str]]:
    """Return the entries of the key for the kinds of marks that the rows need.

    Those that are `told` already are left out; `in_rows`, arrows lie, and each date stands beside its row.
    """
    present = [kind for kind in kinds(rows).unique() if kind not in told]
    key: list[tuple[Any, str]] = [*key_kinds(present, filled="open" in rows, in_rows=in_rows)]
    if "open" in rows and rows["open"].any():
        empty = Patch(facecolor="white", edgecolor=MUTED, linewidth=EDGE)  # a range and a figure by a side that gains
        key.append(((empty, hollow("o", color=MUTED)), "hollow: helps the side that speaks"))
    if not in_rows and rows["date_prec"].isin(PERIODS).any():
        key.append((Line2D([], [], color=MUTED, linewidth=1.0, linestyle="dotted"), "month or year, not day"))
    return key


def key_kinds(
    present: Container[str], *, color: str = MUTED, filled: bool = False, in_rows: bool = False
) -> list[tuple[Line2D, str]]:
    """Return the entries of the key for some of `KINDS`."""
    more, less = (sideways(right=True), sideways(right=False)) if in_rows else (arrow("up"), arrow("down"))
    handles = {
        RANGE: Line2D([], [], color=color, linewidth=THICK, alpha=SEE_THROUGH, solid_capstyle="butt"),
        SINGLE: hollow("o", color=color, filled=filled),
        AT_LEAST: hollow(more, color=color, size=ARROW),
        AT_MOST: hollow(less, color=color, size=ARROW),
    }
    return [(handle, KINDS[kind]) for kind, handle in handles.items() if kind in present]


def hollow(marker: str | Path, *, color: str = INK, size: float = SIZE, filled: bool = False) -> Line2D:
    """Return a hollow mark for a key, or a filled one."""
    face = color if filled else "white"
    return Line2D([], [], linestyle="none", marker=marker, markersize=size, markerfacecolor=face, markeredgecolor=color)


def label_marks(ax: Axes, labels: Labels, rows: pd.DataFrame, *, by: str, all_up_to: int) -> None:
    """Label every row if they are few, otherwise first those that stand out among the rows of one `by`; what fits."""
    labels.marks += obstacles(rows)
    few = len(rows) <= all_up_to
    first = list(range(len(rows))) if few else outstanding(rows, by)
    rest = [i for i in range(len(rows)) if i not in first]
    texts, xs, heights = rows["label"].tolist(), rows["x"].tolist(), middle(rows).tolist()
    for i in [*first, *rest]:
        text = note(ax, texts[i], (xs[i], heights[i]))
        labels.add(text, rings(16, 24, 36, 50) if few else rings(16, 24) if i in first else AROUND)


def note(ax: Axes, words: str, point: tuple[float, float]) -> Annotation:
    """Return a small label with a thin line to its mark, to be placed by ``Labels``."""
    return ax.annotate(
        words, point, xytext=(6, 0), textcoords="offset points", fontsize=SMALL, color=INK, zorder=Z.WORDS,
        arrowprops={"arrowstyle": "-", "color": MUTED, "linewidth": 0.5, "shrinkA": 0, "shrinkB": 3},
    )  # fmt: skip


def outstanding(rows: pd.DataFrame, by: str) -> list[int]:
    """Return the rows to label first among many: the highest, the lowest, the latest, and the ends of each group."""
    rows = rows.reset_index(drop=True)
    top, bottom = rows[list(BOUNDS)].max(axis=1), rows[list(BOUNDS)].min(axis=1)
    groups = [group.index for _, group in rows.groupby(by, sort=False)]
    picked: list[Any] = [top.idxmax(), bottom.idxmin(), rows["date"].idxmax()]
    picked += [*(top[i].idxmax() for i in groups), *(bottom[i].idxmin() for i in groups)]
    return [int(i) for i in dict.fromkeys(picked)]


def _points(
    ax: Axes,
    rows: pd.DataFrame,
    bound: str,
    marker: str | Path,
    *,
    color: str,
    size: float = SIZE,
    filled: bool = False,
) -> None:
    known = rows[rows[bound].notna()]
    if len(known):
        ax.plot(
            known["x"], known[bound], linestyle="none", marker=marker, markersize=size,
            markerfacecolor=color if filled else "white", markeredgecolor=color, markeredgewidth=EDGE, zorder=Z.MARK,
            clip_on=False,
        )  # fmt: skip


def _periods(ax: Axes, rows: pd.DataFrame) -> None:
    """Draw the month or the year within which an undated figure lies."""
    for group, start, end in _undated(rows):
        colors = group["color"].tolist()
        ax.hlines(middle(group), start, end, color=colors, linewidth=1.0, linestyles="dotted", zorder=Z.BAND)


def _undated(rows: pd.DataFrame) -> list[tuple[pd.DataFrame, NDArray[np.float64], NDArray[np.float64]]]:
    """Return the rows dated by month and by year, with the first day of each and the end of the last."""
    found = []
    for precision in PERIODS:
        group = rows[rows["date_prec"] == precision]
        first, last = (find(group["date"], group["date_prec"]) for find in (first_day, last_day))
        found.append((group, day_numbers(first), day_numbers(last) + 1))
    return [entry for entry in found if len(entry[0])]


def draw_bars(ax: Axes, bars: Sequence[Bar], *, alpha: float) -> None:
    """Draw bars of one opacity."""
    _draw_bars(ax, bars, [alpha] * len(bars))


def draw_fading(ax: Axes, bars: Sequence[Bar], *, alpha: float) -> None:
    """Draw bars that fade to nothing from left to right."""
    pieces: list[Bar] = []
    for x0, x1, y0, y1, color in bars:
        edges = np.linspace(x0, x1, FADE + 1)
        pieces += [(float(a), float(b), y0, y1, color) for a, b in pairwise(edges)]
    fade = [alpha * (1 - (step + 0.5) / FADE) for step in range(FADE)]
    _draw_bars(ax, pieces, fade * len(bars))


def _draw_bars(ax: Axes, bars: Sequence[Bar], alphas: Sequence[float]) -> None:
    if not bars:
        return
    corners = [[(x0, y0), (x1, y0), (x1, y1), (x0, y1)] for x0, x1, y0, y1, _ in bars]
    colors = [to_rgba(bar[4], alpha) for bar, alpha in zip(bars, alphas, strict=True)]
    ax.add_collection(PolyCollection(corners, facecolors=colors, linewidths=0, antialiaseds=False, zorder=Z.BAND))

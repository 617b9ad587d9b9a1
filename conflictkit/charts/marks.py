"""Marks for published figures: a range always looks like a range, and a bound like a bound.

low and high: a bar. best alone: a hollow mark. low alone ("at least"): an arrow up from a line. high alone ("at most"):
an arrow down. A date known to the month or year only: a dotted line over that month or year.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from conflictkit.charts.style import INK, MUTED, SMALL

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.path import Path
    from matplotlib.text import Annotation
    from numpy.typing import NDArray

    from conflictkit.charts._labels import Labels

BOUNDS = ["low", "best", "high"]
PERIODS = {"month": "M", "year": "Y"}
BAR, SIZE, ARROW = 4.5, 6.0, 15.0  # points: width of a bar, of a hollow mark, length of an arrow
SEE_THROUGH = 0.75  # opacity of a bar: where two overlap all the same, both are seen

# From the bound to the tip, in units of the arrow's length; matplotlib centres such a path on (0, 0).
AT_LEAST = ((-0.5, 0), (0.5, 0), (0, 0), (0, 1), (-0.3, 0.65), (0, 1), (0.3, 0.65))

# Marks closer than this share of the time axis would cover each other, and are set side by side.
ABREAST = 0.013
SHORTEST_AXIS = 60.0  # days
# What a mark and an arrow take of the y axis beyond their figures, on axes of some three inches.
MARK_SHARE, ARROW_SHARE = 0.015, 0.09


def draw_marks(ax: Axes, rows: pd.DataFrame, *, ends: bool = False) -> None:
    """Draw one mark per row: columns date, x (see ``abreast``), low, best, high, color, marker, date_prec.

    With `ends`, the bounds of a range carry the marker too. With a column ``open``, only the rows that it marks are
    drawn hollow; without it single figures are.
    """
    _periods(ax, rows)
    is_open = rows["open"] if "open" in rows else pd.Series(None, index=rows.index, dtype="object", name="open")
    by = ["color", "marker", kinds(rows), is_open]
    for (color, marker, kind, empty), group in rows.groupby(by, sort=True, dropna=False):
        if kind == "range":
            ax.vlines(group["x"], group["low"], group["high"], **bar(str(color), empty=empty is True))
        for bound in BOUNDS if ends else ["best"]:
            _points(ax, group, bound, str(marker), color=str(color), filled=empty is False)
        if kind in {"at least", "at most"}:
            tip = arrow(up=kind == "at least")
            _points(ax, group, "low" if kind == "at least" else "high", tip, color=str(color), size=2 * ARROW)


def bar(color: str, *, empty: bool = False) -> dict[str, Any]:
    """Return how a range is drawn: a bar or, empty, the outline of one."""
    if not empty:
        return {"color": color, "linewidth": BAR, "alpha": SEE_THROUGH, "zorder": 3}
    from matplotlib.patheffects import Normal, Stroke

    outline = [Stroke(linewidth=BAR, foreground=color), Normal()]
    return {"color": "white", "linewidth": BAR - 2.2, "path_effects": outline, "zorder": 3}


def kinds(rows: pd.DataFrame) -> pd.Series:
    """Return what each row gives: range, single figure, at least, or at most."""
    low, high = rows["low"].notna(), rows["high"].notna()
    cases = [low & high, rows["best"].notna(), low]
    return pd.Series(np.select(cases, ["range", "single figure", "at least"], "at most"), index=rows.index, name="kind")


def day_numbers(dates: pd.Series) -> NDArray[np.float64]:
    """Return dates as matplotlib's axes count them, in days."""
    from matplotlib.dates import date2num

    return np.asarray(date2num(dates), dtype=np.float64)  # type: ignore[no-untyped-call]


def abreast(rows: pd.DataFrame, *, log: bool = False) -> NDArray[np.float64]:
    """Return where on the time axis to draw: beside the date, by a few marks, where marks would cover each other."""
    days, kind = day_numbers(rows["date"]), kinds(rows).to_numpy()
    step = max(float(np.ptp(days)), SHORTEST_AXIS) * ABREAST
    values = rows[BOUNDS].to_numpy(dtype=float)
    low, high = np.nanmin(values, axis=1), np.nanmax(values, axis=1)
    if log:
        low, high = np.log(low), np.log(high)
    axis = high.max() - (low.min() if log else 0.0)
    low = low - axis * np.where(kind == "at most", ARROW_SHARE, MARK_SHARE)
    high = high + axis * np.where(kind == "at least", ARROW_SHARE, MARK_SHARE)
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
    """Return what the labels of a chart must not cover, one box per mark, as ``artists.Labels.marks`` wants them."""
    half = SIZE / 2 + 1
    reach = {"at least": (ARROW / 2, half, ARROW / 2, ARROW), "at most": (ARROW / 2, ARROW, ARROW / 2, half)}
    ends = zip(rows["x"], rows[BOUNDS].min(axis=1), rows[BOUNDS].max(axis=1), kinds(rows), strict=True)
    boxes: list[tuple[float, ...]] = [(x, low, x, high, *reach.get(kind, (half,) * 4)) for x, low, high, kind in ends]
    for group, start, end in _undated(rows):
        boxes += [level_line(*line) for line in zip(start, end, middle(group), strict=True)]
    return boxes


def level_line(start: float, end: float, height: float) -> tuple[float, ...]:
    """Return a horizontal line as an obstacle to labels."""
    return (start, height, end, height, 0.0, 1.0, 0.0, 1.0)


def arrow(*, up: bool) -> Path:
    """Return the marker of a one-sided bound."""
    from matplotlib.path import Path

    codes = [Path.MOVETO, Path.LINETO, Path.MOVETO, Path.LINETO, Path.MOVETO, Path.LINETO, Path.LINETO]
    return Path(np.array(AT_LEAST) * (1, 1 if up else -1), codes)


def key_marks(rows: pd.DataFrame) -> list[tuple[Any, str]]:
    """Return the entries of the key for the kinds of marks that the rows need."""
    from matplotlib.lines import Line2D

    handles = {
        "range": Line2D([], [], color=MUTED, linewidth=BAR, alpha=SEE_THROUGH),
        "single figure": hollow("o", color=MUTED, filled="open" in rows),
        "at least": hollow(arrow(up=True), color=MUTED, size=ARROW),
        "at most": hollow(arrow(up=False), color=MUTED, size=ARROW),
    }
    present = set(kinds(rows))
    key: list[tuple[Any, str]] = [(handle, name) for name, handle in handles.items() if name in present]
    if "open" in rows and rows["open"].any():
        key.append((hollow("o", color=MUTED), "hollow: the figure helps the side that speaks"))
    if rows["date_prec"].isin(PERIODS).any():
        key.append((Line2D([], [], color=MUTED, linewidth=1.0, linestyle="dotted"), "month or year, not day"))
    return key


def hollow(marker: str | Path, *, color: str = INK, size: float = SIZE, filled: bool = False) -> Any:  # noqa: ANN401 - imported late
    """Return a hollow mark for a key, or a filled one."""
    from matplotlib.lines import Line2D

    face = color if filled else "white"
    return Line2D([], [], linestyle="none", marker=marker, markersize=size, markerfacecolor=face, markeredgecolor=color)


def label_marks(ax: Axes, labels: Labels, rows: pd.DataFrame, *, by: str, all_up_to: int) -> None:
    """Label every row if they are few, otherwise first those that stand out among the rows of one `by`; what fits."""
    from conflictkit.charts._labels import AROUND, rings

    labels.marks += obstacles(rows)
    few = len(rows) <= all_up_to
    first = list(range(len(rows))) if few else outstanding(rows, by)
    rest = [i for i in range(len(rows)) if i not in first]
    texts, xs, heights = rows["label"].tolist(), rows["x"].tolist(), middle(rows).tolist()
    for i in [*first, *rest]:
        text = note(ax, texts[i], (xs[i], heights[i]))
        labels.add(text, rings(16, 24, 36, 50) if few else rings(16, 24) if i in first else AROUND)


def note(ax: Axes, words: str, point: tuple[float, float]) -> Annotation:
    """Return a small label with a thin line to its mark, to be placed by ``artists.Labels``."""
    return ax.annotate(
        words, point, xytext=(6, 0), textcoords="offset points", fontsize=SMALL, color=INK, zorder=6,
        arrowprops={"arrowstyle": "-", "color": MUTED, "linewidth": 0.5, "shrinkA": 0, "shrinkB": 3},
    )  # fmt: skip


def outstanding(rows: pd.DataFrame, by: str) -> list[int]:
    """Return the rows to label first among many: the highest, the lowest, the latest, and the ends of each group."""
    rows = rows.reset_index(drop=True)
    top, bottom = rows[BOUNDS].max(axis=1), rows[BOUNDS].min(axis=1)
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
            markerfacecolor=color if filled else "white", markeredgecolor=color, markeredgewidth=1.3, zorder=4,
            clip_on=False,
        )  # fmt: skip


def _periods(ax: Axes, rows: pd.DataFrame) -> None:
    """Draw the month or the year within which an undated figure lies."""
    for group, start, end in _undated(rows):
        look: dict[str, Any] = {"color": group["color"].tolist(), "linewidth": 1.0, "linestyles": "dotted"}
        ax.hlines(middle(group), start, end, zorder=2, **look)


def _undated(rows: pd.DataFrame) -> list[tuple[pd.DataFrame, NDArray[np.float64], NDArray[np.float64]]]:
    """Return the rows dated by month and by year, with the first and the last day of each."""
    found = []
    for prec, frequency in PERIODS.items():
        group = rows[rows["date_prec"] == prec]
        period = group["date"].dt.to_period(frequency)
        found.append((group, day_numbers(period.dt.start_time), day_numbers(period.dt.end_time)))
    return [entry for entry in found if len(entry[0])]

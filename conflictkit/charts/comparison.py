"""Published figures against the model's own: one row a figure, the error beside it, the definitions never mixed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from conflictkit.charts import frame, marks, style
from conflictkit.charts.comparison_key import BAND, arrow, caption_of, key_of
from conflictkit.errors import TableError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

    from conflictkit.charts.style import Paint

NEEDED = (
    *("as_of", "actor_id", "scope", "metric", "low", "best", "high", "estimator", "baseline_date"),
    *("level", "model_value", "model_lo", "model_hi", "error", "within", "publishers", "published_spread"),
)
SAME = ["metric", "scope", "actor_id", "as_of", "baseline_date"]  # what figures of one thing on one day share
METRICS = {  # name and unit, in the order of the panels
    "area_held": ("Land held", "km\N{SUPERSCRIPT TWO}"),
    "share_of_country_held": ("Share of the country held", "%"),
    "share_of_peak_lost": ("Share lost of the land held on a baseline", "%"),
    "area_freed": ("Land lost since a baseline", "km\N{SUPERSCRIPT TWO}"),
}
DATES = {"month": "{:%b %Y}", "year": "{:%Y}"}  # by precision; otherwise the day

ROW, HEAD, FOOT = 0.185, 0.36, 0.32  # inches: a row, the title of a panel, its scale
AROUND, NARROWEST = 1.9, 3.4  # inches: title, key and caption of a figure; its least height
LEFT_MOST = 0.42  # of the width, at most, for date and estimator
GAP = 9.0  # points between columns of text
LEAST_FONT = 5.0


class Columns(NamedTuple):
    """Where the columns of text stand, as shares of the width, and the size of their letters."""

    name: float
    left: float
    right: float
    error: float
    verdict: float
    apart: float
    font: float


def plot_comparison(compared: pd.DataFrame, *, actors: pd.DataFrame | None = None, ax: Axes | None = None) -> Axes:
    """Plot published figures of territory against the model's figure of the same definition.

    Parameters
    ----------
    compared
        What ``Territory.compare`` returned, or some of its rows: figures of one definition. Each metric has a panel
        with a scale of its own; in it one row per figure, by date within each country and actor.
    actors
        Names and colours, as ``load_actors`` returns them, which are the default.
    ax
        Axes to draw on; without it a new figure, as tall as its rows need.

    Returns
    -------
    Axes
        The axes given or made, with title, key and caption; ``child_axes`` are the panels, whose scales start at zero.

    Raises
    ------
    TableError
        If there is no row, a column is missing, a metric has no panel, or the rows mix two definitions or, in one
        metric, two units.

    Notes
    -----
    The pale bar is the model's band (5th to 95th percentile of the draws), the upright line in it the model's figure.
    Hollow marks, bars and arrows are published figures, ranges and one-sided bounds. A figure outside the band is
    joined to it by a line and called ``outside``; the error is that of the model, relative to the nearest value that
    the published figure allows. Figures of several publishers for one day are boxed, with the distance between them.

    Examples
    --------
    >>> from conflictkit import Territory, load_area_estimates, plot_comparison
    >>> published = load_area_estimates().query("metric == 'area_held' and control_definition == 'core'")
    >>> ax = plot_comparison(Territory.from_places().compare(published, draws=20))
    >>> ax.get_title(loc="left")
    'Published figures against the model: core'
    """
    from matplotlib.pyplot import rc_context

    level = _one_definition(compared)
    paints = style.palette(actors)
    panels = [_with_lines(rows, paints) for _, rows in _ordered(compared).groupby("metric", sort=False)]
    heights = [HEAD + FOOT + ROW * (rows["line"].iloc[-1] + 1) for rows in panels]
    with rc_context(style.RC):
        ax = frame.new_axes(ax, size=(10, max(NARROWEST, AROUND + sum(heights))))
        ax.set_axis_off()
        frame.settle(ax)
        columns = _columns(ax, pd.concat(panels), sum(heights))
        bottom = 1.0
        for rows, height in zip(panels, heights, strict=True):
            bottom -= height / sum(heights)
            _panel(ax, rows, columns, bottom=bottom, scale=1 / sum(heights))
        drawn = pd.concat(panels)
        frame.finish(
            ax,
            title=f"Published figures against the model: {level}",
            caption=caption_of(drawn, level, compared.attrs),
            sources=drawn["source_id"],
            key=key_of(drawn, paints),
            below=4.0,
        )
    return ax


def _one_definition(compared: pd.DataFrame) -> str:
    """Return the one level of the rows, or say what keeps them out of one picture."""
    if missing := [column for column in NEEDED if column not in compared.columns]:
        msg = f"The frame lacks {', '.join(missing)}: expected rows that Territory.compare returned."
        raise TableError(msg)
    if compared.empty:
        msg = 'No rows to draw. compared.attrs["rejected"] says why Territory.compare set rows aside.'
        raise TableError(msg)
    levels = sorted(compared["level"].unique())
    if len(levels) > 1:
        msg = (
            "These rows mix core with claimed, which differ 2 to 2.5 times: draw one picture of each, "
            "plot_comparison(compared[compared.level == 'core'])."
        )
        raise TableError(msg)
    for metric, rows in compared.groupby("metric"):
        frame.known("metric", metric, METRICS)
        units = sorted(rows["unit"].unique()) if "unit" in rows else []
        if len(units) > 1:
            msg = f"{metric} comes in {' and '.join(units)}: draw one unit at a time, compared[compared.unit == ...]."
            raise TableError(msg)
    return str(levels[0])


def _ordered(compared: pd.DataFrame) -> pd.DataFrame:
    """Return the rows by metric, scope, actor and date, with what the drawing needs."""
    filled = compared.assign(
        source_id=compared.get("source_id", pd.Series(pd.NA, index=compared.index, dtype="str")),
        date_prec=compared.get("date_prec", pd.Series("day", index=compared.index)).fillna("day"),
        as_of=pd.to_datetime(compared["as_of"]),
        metric_order=compared["metric"].map({metric: i for i, metric in enumerate(METRICS)}),
        kind=marks.kinds(compared),
        floor=compared["low"].fillna(compared["best"]),
        roof=compared["high"].fillna(compared["best"]),
    )
    order = ["metric_order", "scope", "actor_id", "as_of", "baseline_date", "estimator", "floor", "roof"]
    return filled.sort_values(order, kind="stable").reset_index(drop=True)


def _with_lines(rows: pd.DataFrame, paints: dict[str, Paint]) -> pd.DataFrame:
    """Return the rows of a panel with their texts and the line each stands on; each group starts with a heading."""
    group = rows["scope"].map(lambda scope: style.SCOPE_NAMES.get(scope, scope))
    group = rows["actor_id"].map(lambda actor: paints[actor].short) + ", " + group
    starts = group.ne(group.shift())
    return rows.assign(
        heading=group.where(starts, ""),
        line=np.arange(len(rows)) + starts.cumsum(),
        date=[_date(day, prec) for day, prec in zip(rows["as_of"], rows["date_prec"], strict=True)],
        off=[_error(*row) for row in rows[["error", "model_value", "metric"]].to_numpy()],
        verdict=rows["within"].map({True: "inside", False: "outside"}),
        apart=[_apart(*row) for row in rows[["publishers", "published_spread", "metric"]].to_numpy()],
        color=[paints[actor].ink for actor in rows["actor_id"]],
    )


def _date(day: pd.Timestamp, prec: str) -> str:
    return DATES[prec].format(day) if prec in DATES else f"{day.day} {day:%b %Y}"


def _error(error: float, value: float, metric: str) -> str:
    """Return an error in percent, signed, or that of a percentage in points; one without a base has no percentage."""
    if METRICS[metric][1] == "%":
        exact = value - value / (1 + error) if np.isfinite(error) else value
        points = round(exact, 1 if abs(exact) < 1 else None)
        return f"{points:+} points".replace("-", "\N{MINUS SIGN}") if points else "0 points"
    if not np.isfinite(error):
        return "\N{EM DASH}"
    percent = round(100 * error, 1 if abs(error) < 0.01 else None)  # noqa: PLR2004 - one percent
    return f"{percent:+,} %".replace("-", "\N{MINUS SIGN}") if percent else "0 %"


def _apart(publishers: int, spread: float, metric: str) -> str:
    """Return how far publishers are apart, in words; percentages differ by points."""
    unit = METRICS[metric][1]
    words = f"{spread:,.3g} points" if unit == "%" else f"{spread:,.0f} {unit}"
    return f"{words} apart" if publishers > 1 else ""


def _columns(ax: Axes, rows: pd.DataFrame, inches: float) -> Columns:
    """Return the columns of text, as wide as their longest word and no wider than the axes can bear."""
    box = ax.get_window_extent()
    dots = frame.figure_of(ax).dpi
    gap = GAP * dots / 72
    row = box.height / dots * 72 * ROW / inches  # points
    font = float(np.clip(0.68 * row, LEAST_FONT, style.BODY))

    def width(texts: pd.Series) -> float:
        """Share of the width that the longest of some texts takes, with the gap after it."""
        return (max((_width(ax, text, font) for text in texts.unique() if text), default=-gap) + gap) / box.width

    name = width(rows["date"])
    left = min(name + width(rows["estimator"]), LEFT_MOST)
    apart = width(rows["apart"])
    verdict = 1 - apart - width(rows["verdict"])
    error = verdict - gap / box.width
    right = verdict - width(rows["off"]) - gap / box.width
    return Columns(name, left, right=right, error=error, verdict=verdict, apart=1 - apart, font=font)


def _width(ax: Axes, words: str, font: float) -> float:
    """Return the width of a text in pixels."""
    text = ax.text(0, 0, words, fontsize=font, fontweight="bold" if words == "outside" else "normal")
    width = float(text.get_window_extent().width)
    text.remove()
    return width


def _panel(ax: Axes, rows: pd.DataFrame, columns: Columns, *, bottom: float, scale: float) -> None:
    """Draw the figures of one metric and the texts to their left and right."""
    lines = float(rows["line"].iloc[-1] + 1)
    room = (columns.left, bottom + FOOT * scale, columns.right - columns.left, ROW * lines * scale)
    panel = ax.inset_axes(room)
    panel.set_in_layout(False)  # like its texts, it stays inside the axes
    metric, unit = METRICS[str(rows["metric"].iloc[0])]
    panel.set_ylim(lines, 0)
    panel.set_xlim(0, 1.04 * float(rows[["floor", "roof", "model_hi", "model_value"]].max().max()) or 1.0)
    panel.xaxis.set_major_formatter("{x:,.0f}")
    panel.tick_params(axis="x", colors=style.MUTED, labelsize=columns.font)
    panel.set_yticks([])
    panel.spines[["left", "top", "right"]].set_visible(False)
    panel.spines["bottom"].set_color(style.MUTED)
    panel.grid(visible=True, axis="x", color=style.FAINT, linewidth=0.6)
    panel.set_axisbelow(True)
    _model(panel, rows)
    _published(panel, rows)
    _spreads(panel, rows)
    _texts(ax, panel, rows, columns, title=f"{metric}, {unit}")


def _model(panel: Axes, rows: pd.DataFrame) -> None:
    """Draw the model's bands and figures, and the line to each published figure outside its band."""
    y = rows["line"] + 0.5
    panel.hlines(y, 0, 1, transform=panel.get_yaxis_transform(), color=style.FAINT, linewidth=0.5, zorder=0.5)
    span = rows["model_hi"] - rows["model_lo"]
    panel.barh(y, span, left=rows["model_lo"], height=0.66, color=rows["color"].tolist(), zorder=2, **BAND)
    panel.vlines(rows["model_value"], y - 0.33, y + 0.33, color=rows["color"].tolist(), linewidth=2.0, zorder=2.5)
    out = rows[~rows["within"]]
    above = out["floor"].fillna(-np.inf) > out["model_hi"]
    start = out["floor"].where(above, out["roof"])
    end = out["model_hi"].where(above, out["model_lo"])
    panel.hlines(out["line"] + 0.5, start, end, color=style.INK, linewidth=1.0, linestyle=(0, (2, 1.2)), zorder=2.2)


def _published(panel: Axes, rows: pd.DataFrame) -> None:
    """Draw the published figures: a range as a bar, a figure as a hollow mark, a bound as an arrow."""
    y = rows["line"] + 0.5
    ranges = rows["kind"] == "range"
    panel.hlines(
        y[ranges], rows.loc[ranges, "low"], rows.loc[ranges, "high"], color=style.INK, linewidth=marks.BAR,
        alpha=marks.SEE_THROUGH, zorder=3,
    )  # fmt: skip
    look: dict[str, Any] = {"linestyle": "none", "markerfacecolor": "white", "markeredgecolor": style.INK, "zorder": 4}
    for bound, kind, marker, size in (
        ("best", None, "o", marks.SIZE - 0.5),
        ("low", "at least", arrow(forward=True), 2 * marks.ARROW),
        ("high", "at most", arrow(forward=False), 2 * marks.ARROW),
    ):
        shown = rows[bound].notna() & (rows["kind"].eq(kind) if kind else True)
        panel.plot(
            rows.loc[shown, bound], y[shown], marker=marker, markersize=size, markeredgewidth=1.3, clip_on=False,
            **look,
        )  # fmt: skip


def _spreads(panel: Axes, rows: pd.DataFrame) -> None:
    """Box the figures that several publishers gave for one day."""
    from matplotlib.patches import Rectangle

    for _, group in rows[rows["publishers"] > 1].groupby(SAME, dropna=False, sort=False):
        low, high = group[["floor", "roof"]].min().min(), group[["floor", "roof"]].max().max()
        top, bottom = float(group["line"].min()), float(group["line"].max()) + 1
        look: dict[str, Any] = {"facecolor": "none", "edgecolor": style.MUTED, "linewidth": 0.9, "zorder": 1.5}
        panel.add_patch(Rectangle((low, top), high - low, bottom - top, linestyle=(0, (4, 2)), **look))


def _texts(ax: Axes, panel: Axes, rows: pd.DataFrame, columns: Columns, *, title: str) -> None:
    """Write the title of a panel, the headings of its groups, and date, estimator, error and verdict of each row."""
    from matplotlib.transforms import blended_transform_factory

    here = blended_transform_factory(ax.transAxes, panel.transData)

    def write(x: float, line: float, words: str, **look: Any) -> Text:  # noqa: ANN401 - what matplotlib's texts take
        size = look.pop("fontsize", columns.font)
        return panel.text(x, line, words, transform=here, va="center", fontsize=size, in_layout=False, **look)

    write(0, -0.85, title, fontsize=max(columns.font, style.BODY), fontweight="bold", color=style.INK)
    write(columns.error, -0.05, "error", ha="right", color=style.MUTED)
    write(columns.verdict, -0.05, "band", color=style.MUTED)
    room = (columns.left - columns.name) * ax.get_window_extent().width - GAP / 2 * frame.figure_of(ax).dpi / 72
    shown = ("line", "heading", "date", "estimator", "off", "verdict")
    for line, heading, date, estimator, off, verdict in zip(*(rows[column] for column in shown), strict=True):
        if heading:
            write(0, line - 0.4, heading, color=style.INK, style="italic")
        write(0, line + 0.5, date, color=style.MUTED)
        write(columns.name, line + 0.5, _fitted(ax, estimator, columns.font, room), color=style.INK)
        write(columns.error, line + 0.5, off, ha="right", color=style.INK)
        outside = verdict == "outside"
        write(
            columns.verdict, line + 0.5, verdict, color=style.INK if outside else style.MUTED,
            fontweight="bold" if outside else "normal",
        )  # fmt: skip
    for _, group in rows[rows["publishers"] > 1].groupby(SAME, dropna=False, sort=False):
        write(columns.apart, group["line"].mean() + 0.5, group["apart"].iloc[0], color=style.INK)


def _fitted(ax: Axes, words: str, font: float, room: float) -> str:
    """Return a name, without what stands in brackets and then with its end cut off, if it is too long."""
    if _width(ax, words, font) <= room:
        return words
    words = words.split(" (", maxsplit=1)[0]
    for length in range(len(words), 0, -1):
        cut = words if length == len(words) else f"{words[:length].rstrip()}\N{HORIZONTAL ELLIPSIS}"
        if _width(ax, cut, font) <= room:
            return cut
    return ""

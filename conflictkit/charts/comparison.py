"""Published figures against the model's own: one row a figure, the error beside it, the definitions never mixed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.transforms import blended_transform_factory

from conflictkit import look
from conflictkit.charts import _marks as marks
from conflictkit.charts import _rows as rows_of
from conflictkit.charts._frame import picture
from conflictkit.charts._layout import Z, figure_of, points_of, settle
from conflictkit.charts._recorded import recorded
from conflictkit.charts._settings import slant
from conflictkit.dates import in_words, span_in_words
from conflictkit.errors import TableError, known
from conflictkit.evidence._rows import behind
from conflictkit.prose import KM2, counted
from conflictkit.ranges import ranges_of
from conflictkit.tables import Tables
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from matplotlib.axes import Axes
    from matplotlib.text import Text

    from conflictkit.charts._frame import Key
    from conflictkit.look import Paint

NEEDED = (
    *("as_of", "actor_id", "scope", "metric", "low", "best", "high", "estimator", "baseline_date"),
    *("level", "model_value", "model_lo", "model_hi", "error", "within", "publishers", "published_spread"),
)
SAME = ["metric", "scope", "actor_id", "as_of", "baseline_date"]  # what figures of one thing on one day share
METRICS = {  # name and unit, in the order of the panels
    "area_held": ("Land held", KM2),
    "share_of_country_held": ("Share of the country held", "%"),
    "share_of_peak_lost": ("Share lost of the land held on a baseline", "%"),
    "area_freed": ("Land lost since a baseline", KM2),
}

ROW, HEAD, FOOT = 0.185, 0.36, 0.32  # inches: a row, the title of a panel, its scale
AROUND, NARROWEST = 1.9, 3.4  # inches: title, key and caption of a figure; its least height
LEFT_MOST = 0.5  # of the width, at most, for date and estimator
GAP = 9.0  # points between columns of text
ROW_SHARE, LEAST_FONT = 0.7, look.SMALL  # of a row: its letters; points at least
UNDER_PANELS = 4.0  # points between the last scale and the key
PERCENT = 0.01  # below, an error has a decimal


HALF = 0.33  # of a row: half the height of a band


class Columns(NamedTuple):
    """Where the columns of text stand, as shares of the width, and the size of their letters."""

    name: float
    left: float
    right: float
    error: float
    verdict: float
    apart: float
    font: float


MEANING = {
    "core": "Core: land near settlements only.",
    "claimed": "Claimed: all land, to the borders.",
}
DRAWN_FROM = "over dates, coordinates, places left out and core radius"
BAND: dict[str, Any] = {"alpha": 0.25, "linewidth": 0}
OUT: dict[str, Any] = {"color": look.INK, "linewidth": 1.0, "linestyle": (0, (2, 1.2))}  # from the band to a figure
BOX: dict[str, Any] = {"facecolor": "none", "edgecolor": look.MUTED, "linewidth": 0.9, "linestyle": (0, (4, 2))}
OUTSIDE = "outside"


@recorded
def plot_comparison(compared: pd.DataFrame, *, tables: Tables | None = None, ax: Axes | None = None) -> Axes:
    """Plot published figures of territory against the model's figure of the same definition.

    Parameters
    ----------
    compared
        What ``Territory.compare`` returned, or some of its rows: figures of one definition. Each metric has a panel
        with a scale of its own; in it one row per figure, by date within each country and actor.
    tables
        Names, colours, sources, and the changes of control that the model's figures rest on: those of the territory
        that was compared; the shipped tables by default.
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
    >>> ax.get_title(loc="left").partition(" of ")[2]
    '10 published figures meet the band of the model: core'
    """
    level = _one_definition(compared)
    tables = tables or Tables.shipped()
    paints = look.paints_of(compared["actor_id"], tables.actors)
    panels = [_with_lines(rows, paints, tables) for _, rows in _ordered(compared).groupby("metric", sort=False)]
    drawn = pd.concat(panels)
    heights = [HEAD + FOOT + ROW * (rows["line"].iloc[-1] + 1) for rows in panels]
    inches = sum(heights)
    with picture(ax, height=max(NARROWEST, AROUND + inches), tables=tables) as made:
        made.ax.set_axis_off()
        settle(made.ax)
        columns = _columns(made.ax, drawn, inches)
        bottom = 1.0
        for rows, height in zip(panels, heights, strict=True):
            bottom -= height / inches
            _panel(made.ax, rows, columns, bottom=bottom, scale=1 / inches)
        made.finish(
            title=f"{drawn['within'].sum()} of {len(drawn)} published figures meet the band of the model: {level}",
            caption=_caption(drawn, level, compared.attrs),
            rows=[behind(drawn, "area_estimates", "published figure"), *_model_rows(drawn, compared.attrs, tables)],
            key=_key(drawn, paints),
            below=UNDER_PANELS,
        )
    return made.ax


def _model_rows(drawn: pd.DataFrame, attrs: Mapping[Hashable, Any], tables: Tables) -> list[pd.DataFrame]:
    """Return the rows that the model's figures rest on: those known by the last of their days; of drawings none."""
    if "band" in attrs:
        return []
    changes = tables.control_changes
    return [behind(changes[changes["valid_from"] <= pd.to_datetime(drawn["as_of"]).max()], "control_changes", "model")]


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
        known("metric", metric, METRICS)
        units = sorted(rows["unit"].unique()) if "unit" in rows else []
        if len(units) > 1:
            msg = f"{metric} comes in {' and '.join(units)}: draw one unit at a time, compared[compared.unit == ...]."
            raise TableError(msg)
    return str(levels[0])


def _ordered(compared: pd.DataFrame) -> pd.DataFrame:
    """Return the rows by metric, scope, actor and date, with what the drawing needs."""
    filled = compared.assign(
        source_id=compared.get("source_id", pd.Series(pd.NA, index=compared.index, dtype=TEXT)),
        date_prec=compared.get("date_prec", pd.Series("day", index=compared.index)).fillna("day"),
        as_of=pd.to_datetime(compared["as_of"]),
        metric_order=compared["metric"].map({metric: i for i, metric in enumerate(METRICS)}),
        floor=compared["low"].fillna(compared["best"]),
        roof=compared["high"].fillna(compared["best"]),
    )
    order = ["metric_order", "scope", "actor_id", "as_of", "baseline_date", "estimator", "floor", "roof"]
    return filled.sort_values(order, kind="stable").reset_index(drop=True)


def _with_lines(rows: pd.DataFrame, paints: dict[str, Paint], tables: Tables) -> pd.DataFrame:
    """Return the rows of a panel with their texts and the line each stands on; each group starts with a heading."""
    group = rows["actor_id"].map(lambda actor: paints[actor].short) + ", " + rows["scope"].map(tables.scope_name)
    starts = group.ne(group.shift())
    return rows.assign(
        heading=group.where(starts, ""),
        line=np.arange(len(rows)) + starts.cumsum(),
        date=[
            in_words(day, precision=precision, short=True)
            for day, precision in zip(rows["as_of"], rows["date_prec"], strict=True)
        ],
        off=[_error(*row) for row in rows[["error", "model_value", "metric"]].to_numpy()],
        figure=pd.Series(ranges_of(rows), index=rows.index, dtype="object"),
        verdict=rows["within"].map({True: "inside", False: OUTSIDE}),
        apart=[_apart(*row) for row in rows[["publishers", "published_spread", "metric"]].to_numpy()],
        color=[paints[actor].ink for actor in rows["actor_id"]],
    )


def _error(error: float, value: float, metric: str) -> str:
    """Return an error in percent, signed, or that of a percentage in points; one without a base has no percentage."""
    if METRICS[metric][1] == "%":
        exact = value - value / (1 + error) if np.isfinite(error) else value
        points = round(exact, 1 if abs(exact) < 1 else None)
        return f"{points:+} points".replace("-", "\N{MINUS SIGN}") if points else "0 points"
    if not np.isfinite(error):
        return "\N{EM DASH}"
    percent = round(100 * error, 1 if abs(error) < PERCENT else None)
    return f"{percent:+,} %".replace("-", "\N{MINUS SIGN}") if percent else "0 %"


def _apart(publishers: int, spread: float, metric: str) -> str:
    """Return how far publishers are apart, in words; percentages differ by points."""
    unit = METRICS[metric][1]
    words = f"{spread:,.3g} points" if unit == "%" else f"{spread:,.0f} {unit}"
    return f"{words} apart" if publishers > 1 else ""


def _columns(ax: Axes, rows: pd.DataFrame, inches: float) -> Columns:
    """Return the columns of text, as wide as their longest word and no wider than the axes can bear."""
    box = ax.get_window_extent()
    gap = GAP * figure_of(ax).dpi / 72
    row = points_of(ax, box.height) * ROW / inches
    font = float(np.clip(ROW_SHARE * row, LEAST_FONT, look.BODY))

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
    text = ax.text(0, 0, words, fontsize=font, fontweight="bold" if words == OUTSIDE else "normal")
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
    panel.set_yticks([])
    rows_of.value_axis(panel, size=columns.font)
    _model(panel, rows)
    _published(panel, rows)
    _spreads(panel, rows)
    _texts(ax, panel, rows, columns, title=f"{metric}, {unit}")


def _model(panel: Axes, rows: pd.DataFrame) -> None:
    """Draw the model's bands and figures, and the line to each published figure outside its band."""
    y, colors = rows["line"] + 0.5, rows["color"].tolist()
    rows_of.rule(panel, y)
    span = rows["model_hi"] - rows["model_lo"]
    panel.barh(y, span, left=rows["model_lo"], height=2 * HALF, color=colors, zorder=Z.BAND, **BAND)
    panel.vlines(rows["model_value"], y - HALF, y + HALF, color=colors, linewidth=2.0, zorder=Z.LINE)
    out = rows[~rows["within"]]
    above = out["floor"].fillna(-np.inf) > out["model_hi"]
    start = out["floor"].where(above, out["roof"])
    end = out["model_hi"].where(above, out["model_lo"])
    panel.hlines(out["line"] + 0.5, start, end, zorder=Z.BAND, **OUT)


def _published(panel: Axes, rows: pd.DataFrame) -> None:
    """Draw the published figures: a range as a bar, a figure as a hollow mark, a bound as an arrow."""
    for y, figure in zip(rows["line"] + 0.5, rows["figure"], strict=True):
        rows_of.draw_mark(panel, y, figure, color=look.INK, size=marks.SIZE - 0.5)


def _spreads(panel: Axes, rows: pd.DataFrame) -> None:
    """Box the figures that several publishers gave for one day."""
    for _, group in rows[rows["publishers"] > 1].groupby(SAME, dropna=False, sort=False):
        low, high = group[["floor", "roof"]].min().min(), group[["floor", "roof"]].max().max()
        top, bottom = float(group["line"].min()), float(group["line"].max()) + 1
        panel.add_patch(Rectangle((low, top), high - low, bottom - top, zorder=Z.STRIPE, **BOX))


def _texts(ax: Axes, panel: Axes, rows: pd.DataFrame, columns: Columns, *, title: str) -> None:
    """Write the title of a panel, the headings of its groups, and date, estimator, error and verdict of each row."""
    here = blended_transform_factory(ax.transAxes, panel.transData)

    def write(x: float, line: float, words: str, **options: Any) -> Text:  # noqa: ANN401 - what matplotlib's texts take
        size = options.pop("fontsize", columns.font)
        return panel.text(x, line, words, transform=here, va="center", fontsize=size, in_layout=False, **options)

    write(0, -0.85, title, fontsize=max(columns.font, look.BODY), fontweight="bold", color=look.INK)
    write(columns.error, -0.05, "error", ha="right", color=look.MUTED)
    write(columns.verdict, -0.05, "band", color=look.MUTED)
    room = (columns.left - columns.name) * ax.get_window_extent().width - GAP / 2 * figure_of(ax).dpi / 72
    shown = ("line", "heading", "date", "estimator", "off", "verdict")
    for line, heading, date, estimator, off, verdict in zip(*(rows[column] for column in shown), strict=True):
        if heading:
            write(0, line - 0.4, heading, color=look.INK, style=slant(heading))
        write(0, line + 0.5, date, color=look.MUTED)
        write(columns.name, line + 0.5, _fitted(ax, estimator, columns.font, room), color=look.INK)
        write(columns.error, line + 0.5, off, ha="right", color=look.INK)
        outside = verdict == OUTSIDE
        write(
            columns.verdict, line + 0.5, verdict, color=look.INK if outside else look.MUTED,
            fontweight="bold" if outside else "normal",
        )  # fmt: skip
    for _, group in rows[rows["publishers"] > 1].groupby(SAME, dropna=False, sort=False):
        write(columns.apart, group["line"].mean() + 0.5, group["apart"].iloc[0], color=look.INK)


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


def _key(rows: pd.DataFrame, paints: dict[str, Paint]) -> Key:
    """Return the key: the model's band and figure in each actor's colour, then the marks of published figures."""
    actors = rows["actor_id"].unique()
    key: list[tuple[Any, str]] = []
    for actor in actors:
        whose = f", {paints[actor].short}" if len(actors) > 1 else ""
        key.append((Patch(facecolor=paints[actor].ink, **BAND), f"model's band{whose}"))
    upright = Line2D(
        [], [], linestyle="none", color=rows["color"].iloc[0], marker="|", markersize=9, markeredgewidth=2.0
    )
    key.append((upright, "model's figure"))
    kinds = {marks.kind_of(figure) for figure in rows["figure"]}
    key += [(handle, f"published, {words}") for handle, words in marks.key_kinds(kinds, color=look.INK, in_rows=True)]
    if not rows["within"].all():
        key.append((Line2D([], [], **OUT), "outside the band"))
    if (rows["publishers"] > 1).any():
        key.append((Patch(**BOX), "one day, several publishers"))
    return key


def _caption(rows: pd.DataFrame, level: str, attrs: Mapping[Hashable, Any]) -> str:
    """Return what was drawn, in which definition, as of when."""
    aside, how = len(attrs.get("rejected", [])), attrs.get("band", DRAWN_FROM)
    inside = int(rows["within"].sum())
    losses = rows["metric"].isin(["share_of_peak_lost", "area_freed"]).any()
    parts = [
        f"{counted(len(rows), 'published figure')}, as of {span_in_words(rows['as_of'])};",
        f"{inside} meet{'s' if inside == 1 else ''} the model's band.",
        MEANING[level],
        f"Band: 5th to 95th percentile, {how}.",
        "Error: the model against the nearest value that the published figure allows; of percentages in points.",
        "Losses count from each figure's own baseline." if losses else "",
        f"Without a counterpart in the model, not drawn: {aside}." if aside else "",
    ]
    return " ".join(parts)

"""Areas over time, in one definition or in two that are told apart, with the published figures that may be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import pandas as pd

from conflictkit.charts import frame, marks, style
from conflictkit.charts.bands import caption_of as bands_caption
from conflictkit.charts.bands import draw_bands
from conflictkit.charts.series import MARKERS, AreaSeries, comparable, measure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D
    from matplotlib.text import Annotation

    from conflictkit.charts._labels import Labels
    from conflictkit.charts.style import Paint
    from conflictkit.dates import DatesLike
    from conflictkit.territory import Level, Territory

Levels = Literal["core", "claimed", "both"]

ONE_LEVEL: dict[str, Any] = {"linestyle": "solid", "linewidth": 1.8}
TWO_LEVELS: dict[str, dict[str, Any]] = {
    "core": {"linestyle": "solid", "linewidth": 2.0},
    "claimed": {"linestyle": (0, (4, 1.5)), "linewidth": 1.1},
}
MEANING = {"core": "core: near settlements", "claimed": "claimed: all land, to the borders"}

# What explains a bend: label, place, who took it, and which of the rows of the place. The dates are in the table.
EVENTS = (
    ("Mosul taken", "west-mosul", "isis", 0),
    ("Palmyra taken", "palmyra", "isis", 0),
    ("Ramadi retaken", "ramadi", "iraq_gov", -1),
    ("Mosul retaken", "west-mosul", "iraq_gov", -1),
    ("Raqqa taken", "raqqa", "sdf", -1),
    ("Al Qaim retaken", "al-qaim", "iraq_gov", -1),
    ("Baghuz taken", "baghuz-fawqani", "sdf", -1),
)
EVENT_ROWS, EVENT_HEIGHT = 4, 11.0  # lines of labels over the lines of the chart, and points each


def plot_area(
    territory: Territory,
    dates: DatesLike | None = None,
    *,
    actors: Sequence[str] | None = None,
    level: Levels = "core",
    scope: str = "all",
    published: pd.DataFrame | None = None,
    bands: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """Plot the land of each actor over time, beside the published figures of the same definition.

    Parameters
    ----------
    territory
        The model.
    dates
        One date or several: anything that ``pandas.to_datetime`` reads. None for every date on which something changes.
    actors
        Ids of the actors to draw. None for those that ever hold 1 % of the scope. One painted like its parent (the YPG,
        part of the SDF) is counted with it; name both to tell them apart.
    level
        ``core``, ``claimed``, or ``both``: then the two definitions are drawn and named as two.
    scope
        A country's code, or ``all``.
    published
        Rows like those of ``load_area_estimates``, which is the default. Drawn are areas held and shares of a country
        held, by these actors, in this scope and definition, within the dates. An empty frame draws none.
    bands
        Whether to draw the uncertainty: the band of the draws and, of one or two lines, the certain and the possible
        land (about 4 s a level).
    ax
        Axes to draw on; without it a new figure.

    Returns
    -------
    Axes
        Area in km2 from zero, as steps: an area holds from its date to the next one.

    Raises
    ------
    UnknownNameError
        If an actor, level or scope is unknown.
    TableError
        If rows are given as `published` and none of them can be compared, or a column is missing.

    Notes
    -----
    The two definitions differ by a factor of 2 to 2.5 and must not be mixed: a published figure is only drawn over the
    level it counts, shares of a country turned into km2 with the area of the scope. Rules mark events whose dates are
    rows of the territory's own table of changes.

    Examples
    --------
    >>> from conflictkit import Territory, plot_area
    >>> ax = plot_area(Territory.from_places(), actors=["isis"])
    >>> ax.get_title(loc="left"), float(ax.get_ylim()[0])
    ('Land held by Islamic State in Iraq and Syria: core', 0.0)
    """
    from matplotlib.pyplot import rc_context

    frame.known("level", level, get_args(Levels))
    levels: tuple[Level, ...] = ("core", "claimed") if level == "both" else (level,)
    paints = style.palette(territory.actors)
    series = measure(territory, dates, actors=actors, levels=levels, scope=scope, paints=paints)
    rows = comparable(published, series, paints)
    evidence = territory.control_changes
    evidence = evidence[evidence["valid_from"] <= series.km2.index[-1]]
    sources = pd.concat([evidence["source_id"], rows["source_id"]])
    with rc_context(style.RC):
        ax = frame.new_axes(ax, size=(10, 6.2))
        unsure = draw_bands(ax, territory, series, scope, paints) if bands else []
        _draw(ax, series, rows, territory, paints, top=_highest(ax) if bands else 0.0)
        doubt = bands_caption(series) if bands else ""
        caption = f"{_caption(territory, series, rows, paints)} {doubt} {style.credit(sources)}"
        frame.finish(
            ax,
            title=_title(series, paints),
            caption=" ".join(caption.split()),
            sources=sources,
            key=[*_key(series, rows), *unsure],
        )
    return ax


def _highest(ax: Axes) -> float:
    """Return the highest line drawn so far."""
    return max((float(np.max(line.get_ydata())) for line in ax.get_lines()), default=0.0)


def _draw(
    ax: Axes, series: AreaSeries, rows: pd.DataFrame, territory: Territory, paints: dict[str, Paint], *, top: float
) -> None:
    """Draw lines, published figures, events and their labels."""
    from conflictkit.charts._labels import EndLabels, Labels, rings

    labels, ends, several = Labels(ax), [], len(series.levels) > 1
    frame.date_axes(ax, unit="Area held, km\N{SUPERSCRIPT TWO}")
    for level, actor in series.lines:
        km2, paint = series.km2[(level, actor)], paints[actor]
        labels.lines.append(_line(ax, km2, paint, TWO_LEVELS[level] if several else ONE_LEVEL, level))
        ends.append(_end(ax, f"{paint.short}, {level}" if several else paint.short, float(km2.iloc[-1])))
    EndLabels(ax, ends)
    largest = max(series.km2[series.lines].max().max(), rows[marks.BOUNDS].max().fillna(0).max(), top)
    frame.count_axis(ax, float(largest), room=EVENT_ROWS * EVENT_HEIGHT)
    first, last = series.km2.index[0], series.km2.index[-1]
    ax.set_xlim(first, max(last, first + pd.Timedelta(days=1)))
    _events(ax, labels, territory, series)
    if len(rows):
        marks.draw_marks(ax, rows)
        labels.marks += marks.obstacles(rows)
    named = rows.drop_duplicates(["estimator", "control_definition"])
    for name, x, height in zip(named["estimator"], named["x"], marks.middle(named), strict=True):
        labels.add(marks.note(ax, name, (x, height)), rings(16, 24, 36, 50), required=True)


def _line(ax: Axes, km2: pd.Series, paint: Paint, look: dict[str, Any], level: str) -> Line2D:
    """Draw one series as steps; a colour too pale for a line on white gets a dark edge."""
    from matplotlib.patheffects import Normal, Stroke

    (line,) = ax.plot(
        km2.index, km2, drawstyle="steps-post", color=paint.color, zorder=2.5, label=f"{paint.name}, {level}",
        marker="o" if len(km2) == 1 else None, clip_on=False, **look,
    )  # fmt: skip
    if paint.ink != paint.color:
        line.set_path_effects([Stroke(linewidth=look["linewidth"] + 1.0, foreground=paint.ink), Normal()])
    return line


def _end(ax: Axes, name: str, height: float) -> Annotation:
    """Return the label of a line, to the right of its end."""
    look = {"arrowstyle": "-", "color": style.MUTED, "linewidth": 0.6, "shrinkA": 1, "shrinkB": 1, "relpos": (0, 0.5)}
    return ax.annotate(
        name, (1.0, height), xycoords=("axes fraction", "data"), xytext=(14, 0), textcoords="offset points",
        va="center", fontsize=style.BODY, color=style.INK, annotation_clip=False, arrowprops=look,
    )  # fmt: skip


def _events(ax: Axes, labels: Labels, territory: Territory, series: AreaSeries) -> None:
    """Rule off the events that the territory's own table dates, with their labels in rows at the top."""
    from matplotlib.patheffects import withStroke

    from conflictkit.charts._labels import Spot

    sides = ((3.0, "left"), (-3.0, "right"))
    spots = [Spot(dx, -2 - EVENT_HEIGHT * row, ha, "top") for row in range(EVENT_ROWS) for dx, ha in sides]
    halo = [withStroke(linewidth=2.0, foreground="white")]
    for label, day in _dated(territory, series):
        labels.lines.append(ax.axvline(day, color=style.MUTED, linewidth=0.7, linestyle=(0, (2, 2)), zorder=1))
        text = ax.annotate(
            label, (day, 1), xycoords=("data", "axes fraction"), xytext=(3, -2), textcoords="offset points",
            va="top", fontsize=style.SMALL, color=style.MUTED, zorder=6, path_effects=halo,
        )  # fmt: skip
        labels.add(text, spots)  # in a small chart, as many as fit


def _dated(territory: Territory, series: AreaSeries) -> list[tuple[str, float]]:
    """Return the events that the territory's table dates, within the countries and the dates of the chart."""
    changes = territory.control_changes
    inside = territory.places.loc[territory.places["country"].isin(series.codes), "place_id"]
    days = changes["valid_from"]
    within = (days > series.km2.index[0]) & (days <= series.km2.index[-1])
    changes = changes[(changes["event"] != "initial") & changes["place_id"].isin(inside) & within]
    found = []
    for label, place, taker, which in EVENTS:
        dates = changes.loc[(changes["place_id"] == place) & (changes["to_actor"] == taker), "valid_from"]
        if len(dates):
            found.append((label, float(marks.day_numbers(dates.sort_values())[which])))
    return found


def _title(series: AreaSeries, paints: dict[str, Paint]) -> str:
    by = f" by {paints[series.actors[0]].name}" if len(series.actors) == 1 else ""
    how = series.levels[0] if len(series.levels) == 1 else "two definitions, not to be mixed"
    return f"Land held{by} in {series.where}: {how}"


def _key(series: AreaSeries, rows: pd.DataFrame) -> list[tuple[Any, str]]:
    """Return the key: the lines, if they are of two kinds, and the marks of the published figures."""
    from matplotlib.lines import Line2D

    several = len(series.levels) > 1
    lines = [(Line2D([], [], color=style.INK, **TWO_LEVELS[level]), MEANING[level]) for level in series.levels]
    key: list[tuple[Any, str]] = [*lines] if several else []
    for level in series.levels:
        if (rows["control_definition"] == level).any():
            words = f"published, {level}" if several else "published figure, same definition"
            key.append((marks.hollow(MARKERS[level]), words))
    return key + [entry for entry in marks.key_marks(rows) if entry[1] != "single figure"]


def _caption(territory: Territory, series: AreaSeries, rows: pd.DataFrame, paints: dict[str, Paint]) -> str:
    """Return what was drawn, in which definition, as of when."""
    parts = [territory.definition(level) for level in series.levels]
    if len(series.levels) > 1:
        parts.append("The two count different land: compare a line only with figures of its own kind.")
    parts.append(f"State at the end of each day, {style.span(series.km2.index)}.")
    parts += [f"{paints[up].name} includes {paints[child].name}." for child, up in series.folds.items()]
    if series.small:
        names = style.listed((paints[actor].name for actor in series.small), most=8)
        parts.append(f"Not drawn, never 1 % of the land: {names}.")
    if len(rows):
        percent = int(rows["percent"].sum())
        turned = f", {percent} of them given in percent of the country" if percent else ""
        parts.append(f"{len(rows)} published figures of the same definition{turned}.")
    return " ".join(parts)

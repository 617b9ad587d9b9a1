"""Areas over time, in one definition or in two that are told apart, with the published figures that may be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import Normal, Stroke, withStroke

from conflictkit import look
from conflictkit.actors import CONTESTED
from conflictkit.charts import _marks as marks
from conflictkit.charts._frame import count_axis, date_axes, picture
from conflictkit.charts._labels import EndLabels, Labels, Spot, briefly, rings
from conflictkit.charts._land import drawn_rows
from conflictkit.charts._layout import Z
from conflictkit.charts._recorded import recorded
from conflictkit.charts._series import ALL, MARKERS, AreaSeries, band_words, comparable, measure
from conflictkit.dates import in_words, span_in_words
from conflictkit.errors import known
from conflictkit.evidence._rows import behind
from conflictkit.prose import KM2, counted, listed, significant
from conflictkit.ranges import BOUNDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.axes import Axes
    from matplotlib.text import Annotation

    from conflictkit.charts._frame import Key
    from conflictkit.dates import DatesLike
    from conflictkit.look import Paint
    from conflictkit.tables import Tables
    from conflictkit.territory import Level, Territory

Levels = Literal["claimed", "core", "both"]

ONE_LEVEL: dict[str, Any] = {"linestyle": "solid", "linewidth": 1.8}
TWO_LEVELS: dict[str, dict[str, Any]] = {
    "core": {"linestyle": "solid", "linewidth": 2.0},
    "claimed": {"linestyle": (0, (4, 1.5)), "linewidth": 1.1},
}
MEANING = {"core": "core: near settlements", "claimed": "claimed: all land, to the borders"}

# What explains a bend: the largest towns that the actor of the story took and lost. The dates are in the table.
TOWNS = 4
EVENT_ROWS, EVENT_HEIGHT = 5, 12.0  # lines of labels over the lines of the chart, and points each
# Solid: dotted is a published figure that its page dates to a month or a year. No rule strikes through a name.
RULE: dict[str, Any] = {"color": look.mix("#FFFFFF", look.MUTED, 0.7), "linewidth": 0.7, "zorder": Z.STRIPE}
PAPER: dict[str, Any] = {"facecolor": "white", "edgecolor": "none", "pad": 0.4}


LOST = 0.1  # of a peak: when no more is left, nine tenths are lost
COMPARED = 0.5  # of a peak of core: land of two definitions is compared while so much is held
BAND: dict[str, Any] = {"alpha": 0.25, "linewidth": 0, "zorder": Z.BAND}


@recorded
def plot_area(
    territory: Territory,
    dates: DatesLike | None = None,
    *,
    level: Levels = "claimed",
    actor_ids: Sequence[str] | None = None,
    scope: str = ALL,
    published: pd.DataFrame | None = None,
    bands: bool = False,
    edge_km: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Plot the land of each actor over time, beside the published figures of the same definition.

    Parameters
    ----------
    territory
        The model, of places or of drawings.
    dates
        One date or several. None for every date on which something changes.
    level
        ``claimed``, ``core``, or ``both``: then the two definitions are drawn and named as two.
    actor_ids
        The actors to draw. None for those that ever hold 1 % of the scope. One painted like its parent (the YPG, part
        of the SDF) is counted with it; name both to tell them apart.
    scope
        A country's code, or ``all``.
    published
        Rows like those of ``load_area_estimates``; by default those of the territory's tables. Drawn are areas held and
        shares of a country held, by these actors, in this scope and definition, within the dates. An empty frame draws
        none.
    bands
        Whether to draw the uncertainty: the band of the draws (about 4 s a level).
    edge_km
        Of drawings only, with bands: standard deviation of the drawn line, as you judge it; 5 km by default.
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
    DateError
        If a date cannot be read.
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
    >>> ax = plot_area(Territory.from_places(), actor_ids=["isis"])
    >>> " ".join(ax.get_title(loc="left").split())
    'Islamic State lost nine tenths of its claimed land from May 2015 to Nov 2017'
    """
    known("level", level, get_args(Levels))
    levels: tuple[Level, ...] = ("core", "claimed") if level == "both" else (level,)
    series = measure(territory, dates, actor_ids=actor_ids, levels=levels, scope=scope)
    rows = comparable(published, series, shares=territory.has_places)
    with picture(ax, height=6.2, tables=series.tables) as made:
        unsure = _draw_bands(made.ax, territory, series, scope, edge_km) if bands else []
        _draw(made.ax, series, rows, territory)
        made.finish(
            title=_title(series),
            finding=_in_words(series),
            caption=f"{_caption(territory, series, rows)} {f'Band: {band_words(territory, edge_km)}' if bands else ''}",
            rows=[
                _evidence(territory, series),
                behind(rows, "area_estimates", "published figure"),
            ],
            key=[*_key(series, rows), *unsure],
        )
    return made.ax


def _evidence(territory: Territory, series: AreaSeries) -> pd.DataFrame:
    """Return the rows that the lines rest on: all up to their last day, or the drawings in force on their days."""
    days = series.km2.index
    if not territory.has_places:
        return drawn_rows(territory, days)
    rows = territory.control_changes
    return behind(rows[rows["valid_from"] <= days[-1]], "control_changes", "land")


def _draw_bands(
    ax: Axes, territory: Territory, series: AreaSeries, scope: str, edge_km: float | None
) -> list[tuple[Any, str]]:
    """Draw the band, the certain and the possible land of each line, and return their entries of the key.

    An actor drawn with another (the YPG with the SDF) has the sum of both, which is wider than their joint band.
    """
    columns = ["area_lo_km2", "area_hi_km2"]
    for level in series.levels:
        found = territory.area(series.km2.index, level=level, bands=True, edge_km=edge_km)
        found = found[found["scope"] == scope]
        found = found.assign(actor_id=found["actor_id"].replace(series.folds))
        for actor in (actor for drawn, actor in series.lines if drawn == level):
            km2 = found[found["actor_id"] == actor].groupby("date")[columns].sum()
            paint = series.paints[actor]
            ax.fill_between(km2.index, km2["area_lo_km2"], km2["area_hi_km2"], color=paint.color, step="post", **BAND)
    return [(Patch(facecolor=look.MUTED, alpha=BAND["alpha"]), "5th to 95th percentile")]


def _draw(ax: Axes, series: AreaSeries, rows: pd.DataFrame, territory: Territory) -> None:
    """Draw lines, published figures, events and their labels, over the bands if there are any."""
    top = ax.dataLim.y1 if ax.has_data() else 0.0
    labels, ends, several = Labels(ax), [], len(series.levels) > 1
    what = listed(series.levels).capitalize() if not several else "Claimed and core"
    date_axes(ax, unit=f"{what} land{f' in {series.where}' if series.where else ''}, {KM2}")
    for level, actor in series.lines:
        km2, paint = series.km2[(level, actor)], series.paints[actor]
        labels.lines.append(_line(ax, km2, paint, TWO_LEVELS[level] if several else ONE_LEVEL, level))
        ends.append((f"{paint.short}, {level}" if several else paint.short, float(km2.iloc[-1])))
    if len(ends) > 1 or len(series.km2) == 1:  # one line is named by the title
        EndLabels(ax, [_end(ax, *end) for end in ends])
    largest = max(series.km2[series.lines].max().max(), rows[list(BOUNDS)].max().fillna(0).max(), top)
    count_axis(ax, float(largest), room=EVENT_ROWS * EVENT_HEIGHT)
    first, last = series.km2.index[0], series.km2.index[-1]
    ax.set_xlim(first, max(last, first + pd.Timedelta(days=1)))
    _events(ax, labels, territory, series)
    if len(rows):
        marks.draw_marks(ax, rows)
        labels.marks += marks.obstacles(rows)
    named = rows.drop_duplicates(["estimator", "control_definition"])
    for name, x, height in zip(named["estimator"], named["x"], marks.middle(named), strict=True):
        labels.add(marks.note(ax, name, (x, height)), rings(16, 24, 36, 50), required=True)


def _line(ax: Axes, km2: pd.Series, paint: Paint, dashes: dict[str, Any], level: str) -> Line2D:
    """Draw one series as steps; a colour too pale for a line on white gets a dark edge."""
    (line,) = ax.plot(
        km2.index, km2, drawstyle="steps-post", color=paint.color, zorder=Z.LINE, label=f"{paint.name}, {level}",
        marker="o" if len(km2) == 1 else None, clip_on=False, **dashes,
    )  # fmt: skip
    if paint.ink != paint.color:
        line.set_path_effects([Stroke(linewidth=dashes["linewidth"] + 1.0, foreground=paint.ink), Normal()])
    return line


def _end(ax: Axes, name: str, height: float) -> Annotation:
    """Return the label of a line, to the right of its end."""
    leader = {"arrowstyle": "-", "color": look.MUTED, "linewidth": 0.6, "shrinkA": 1, "shrinkB": 1, "relpos": (0, 0.5)}
    return ax.annotate(
        name, (1.0, height), xycoords=("axes fraction", "data"), xytext=(14, 0), textcoords="offset points",
        va="center", fontsize=look.BODY, color=look.INK, annotation_clip=False, arrowprops=leader,
    )  # fmt: skip


def _events(ax: Axes, labels: Labels, territory: Territory, series: AreaSeries) -> None:
    """Rule off the events that the territory's own table dates, with their labels in rows at the top."""
    sides = ((3.0, "left"), (-3.0, "right"))
    spots = [Spot(dx, -2 - EVENT_HEIGHT * row, ha, "top") for row in range(EVENT_ROWS) for dx, ha in sides]
    halo = [withStroke(linewidth=2.0, foreground="white")]
    for label, day in _dated(territory, series):
        rule = ax.axvline(day, **RULE)
        text = ax.annotate(
            label, (day, 1), xycoords=("data", "axes fraction"), xytext=(3, -2), textcoords="offset points",
            va="top", fontsize=look.SMALL, color=look.MUTED, zorder=Z.WORDS, path_effects=halo, bbox=PAPER,
        )  # fmt: skip
        labels.lines.append(rule)
        labels.named_by[text] = rule
        labels.add(text, spots)  # in a small chart, as many as fit


def _dated(territory: Territory, series: AreaSeries) -> list[tuple[str, float]]:
    """Return the events that the territory's table dates, within the countries and the dates of the chart."""
    changes = territory.control_changes
    inside = territory.places.loc[territory.places["country"].isin(series.codes), "place_id"]
    days = changes["valid_from"]
    within = (days > series.km2.index[0]) & (days <= series.km2.index[-1])
    changes = changes[(changes["event"] != "initial") & changes["place_id"].isin(inside) & within]
    return [(label, float(number)) for label, number in _told(changes, territory.tables)]


def _told(changes: pd.DataFrame, tables: Tables) -> Iterator[tuple[str, float]]:
    """Yield what the actor of the story took and lost of the largest towns, each with the number of its day.

    A town is taken when the last of its parts is taken first, and lost when the last of them is lost for good. Each
    event names who took the town then.
    """
    towns = _towns(tables.places).reindex(changes["place_id"])
    rows = changes.assign(town=towns["name"].to_numpy(), people=towns["people"].to_numpy()).dropna(subset=["people"])
    own = set(tables.hierarchy.parts(tables.story_actor)) if tables.story_actor else set()
    gains = rows[rows["to_actor"].isin(own) & ~rows["from_actor"].isin(own)]
    losses = rows[rows["from_actor"].isin(own) & ~rows["to_actor"].isin(own) & rows["to_actor"].ne(CONTESTED)]
    moved = pd.concat([gains, losses]).sort_values(["people", "town"], ascending=[False, True], kind="stable")
    for town in moved["town"].drop_duplicates().head(TOWNS):
        for side, row in ((gains, "first"), (losses, "last")):
            parts = side[side["town"] == town].sort_values("valid_from").groupby("place_id")
            told = parts[["valid_from", "to_actor"]].agg(row).sort_values("valid_from").tail(1)
            if len(told):
                who = briefly(str(told["to_actor"].iloc[0]), tables)
                yield f"{who} takes {town}", marks.day_numbers(told["valid_from"])[0]


def _towns(places: pd.DataFrame) -> pd.DataFrame:
    """Return the town that each place is, or is a part of by its name (West Mosul), with its residents."""
    known = places.dropna(subset=["population"]).sort_values("population", ascending=False)
    names, people = known["name"].tolist(), known["population"].astype(float).tolist()
    rows = []
    for place, name, own in zip(places["place_id"], places["name"], places["population"].isna(), strict=True):
        parts = (i for i, whole in enumerate(names) if name == whole or (own and name.endswith(f" {whole}")))
        at = next(parts, None)
        rows.append((place, name if at is None else names[at], float("nan") if at is None else people[at]))
    return pd.DataFrame(rows, columns=["place_id", "name", "people"]).set_index("place_id")


def _title(series: AreaSeries) -> str:
    """Return what was found of one holder, or what is shown of several."""
    if len(series.actors) == 1 and len(series.km2) > 1:
        name, (line, *other) = series.paints[series.actors[0]].name, (series.km2[line] for line in series.lines)
        if len(series.lines) == 1 and (found := _loss(line)):
            return f"{name} lost nine tenths of its {series.levels[0]} land from {found[0]} to {found[1]}"
        if other:
            held = line[line >= COMPARED * line.max()]
            times = (other[0] / held).dropna()
            return f"{name}: claimed land is {times.min():.1f} to {times.max():.1f} times its core"
    by = f" by {series.paints[series.actors[0]].name}" if len(series.actors) == 1 else ""
    where = f" in {series.where}" if series.where else ""
    how = series.levels[0] if len(series.levels) == 1 else "two definitions, not to be mixed"
    return f"Land held{by}{where}: {how}"


def _in_words(series: AreaSeries) -> str:
    """Return how much each line begins with, has at most and ends with, as a sentence."""
    told = []
    for level, actor in series.lines:
        km2 = series.km2[(level, actor)].fillna(0.0)
        first, most, last = (significant(float(figure)) for figure in (km2.iloc[0], km2.max(), km2.iloc[-1]))
        told.append(f"{series.paints[actor].name}, {level}, {first} at first, {most} at most, {last} at last")
    return f"In {KM2}, {span_in_words(series.km2.index)}: {'; '.join(told)}."


def _loss(km2: pd.Series) -> tuple[str, str] | None:
    """Return the months from the peak until a tenth of it or less is left for good; None if more is to the end."""
    after = km2.iloc[int(km2.to_numpy().argmax()) :]
    gone = np.minimum.accumulate((after.to_numpy() <= LOST * after.iloc[0])[::-1])[::-1]
    if not gone.any():
        return None
    at = int(gone.argmax())
    first, last = (in_words(after.index[i], precision="month", short=True) for i in (0, at))
    return first, last


def _key(series: AreaSeries, rows: pd.DataFrame) -> Key:
    """Return the key: the lines, if they are of two kinds, and the marks of the published figures."""
    several = len(series.levels) > 1
    lines = [(Line2D([], [], color=look.INK, **TWO_LEVELS[level]), MEANING[level]) for level in series.levels]
    key: list[tuple[Any, str]] = [*lines] if several else []
    for level in series.levels:
        if (rows["control_definition"] == level).any():
            words = f"published, {level}" if several else "published figure, same definition"
            key.append((marks.hollow(MARKERS[level]), words))
    return key + marks.key_marks(rows, told=(marks.SINGLE,))


def _caption(territory: Territory, series: AreaSeries, rows: pd.DataFrame) -> str:
    """Return what was drawn, in which definition, as of when."""
    paints = series.paints
    parts = [territory.definition(level) for level in series.levels]
    if len(series.levels) > 1:
        parts.append("The two count different land: compare a line only with figures of its own kind.")
    parts.append(f"State at the end of each day, {span_in_words(series.km2.index)}.")
    parts += [f"{paints[up].name} includes {paints[child].name}." for child, up in series.folds.items()]
    if series.small:
        names = listed((paints[actor].name for actor in series.small), most=8)
        parts.append(f"Not drawn, never 1 % of the land: {names}.")
    if len(rows):
        percent = int(rows["percent"].sum())
        turned = f", {percent} of them given in percent of the country" if percent else ""
        parts.append(f"{counted(len(rows), 'published figure')} of the same definition{turned}.")
    return " ".join(parts)

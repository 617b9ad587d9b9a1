"""The strength of forces over time: what was counted, promised or claimed, each figure on its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.lines import Line2D

from conflictkit import look
from conflictkit.charts import _layout as layout
from conflictkit.charts import _marks as marks
from conflictkit.charts._frame import count_axis, date_axes, picture
from conflictkit.charts._labels import Labels
from conflictkit.charts._layout import Z
from conflictkit.charts._published import with_range
from conflictkit.charts._recorded import recorded
from conflictkit.dates import span_in_words
from conflictkit.deployments._presence import ASSUMED_DAYS, NO_SIDE, days_or_raise, intervals, rule
from conflictkit.errors import need
from conflictkit.evidence._rows import behind
from conflictkit.prose import counted, listed
from conflictkit.ranges import BOUNDS, ranges_of
from conflictkit.tables import Tables

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from conflictkit.charts._frame import Key

STRENGTHS = {f"strength_{bound}": bound for bound in BOUNDS}
MEASURES = {  # marker, words
    "present": ("o", "present: counted there"),
    "total": ("s", "total: the whole force"),
    "ceiling": ("v", "ceiling: authorised"),
    "cumulative": ("D", "cumulative: all who ever served"),
}
PEOPLE = ("personnel", "fighters")  # two words for people; other units count guns or divisions
UNITS = {"caesar_guns": "Caesar guns"}

WITHDRAWN = "disowned|retracted"  # words in the note of a row whose figure was taken back
CROSS: dict[str, Any] = {
    "linestyle": "none",
    "marker": "x",
    "markersize": 9.0,
    "markeredgewidth": 1.2,
    "zorder": Z.MARK + 0.1,
}
MOST_FORCES = 8  # panels of one force each; more forces share a panel with others of their side
BAND = 0.25  # opacity of the band of a range
LABEL_ALL = 18  # rows in a panel up to which each one is labelled
EMPTY, LABELLED = 0.75, 0.17  # inches of a panel, and of each figure with a label


SELECT = "All forces of the tables: pass the rows of a force, a side or a time for one page."


@recorded
def plot_strength(
    deployments: pd.DataFrame | None = None,
    *,
    tables: Tables | None = None,
    assume_days: int | None = ASSUMED_DAYS,
    ax: Axes | None = None,
) -> Axes:
    """Plot the strength of forces over time, each published figure on its own.

    Parameters
    ----------
    deployments
        Rows like those of ``load_deployments``, by default all of the tables; those without a strength are counted in
        the caption. Each force has a panel with a scale of its own, a force that stands alone one for each country; of
        more than eight forces, those of one side share a panel. Guns and divisions never share a panel with people.
    tables
        Names, colours and sources; the shipped tables by default.
    assume_days
        For how many days a range without a known end is taken to hold, as in ``deployments_at``; its band fades over
        them. 0 for no such band.
    ax
        Axes to draw on; without it a new figure.

    Returns
    -------
    Axes
        The axes given or made. With several panels it carries title, key and caption, and ``child_axes`` are the
        panels. The y axes start at zero.

    Raises
    ------
    TableError
        If no row has a strength, or a row breaks the contract of the table.
    UnknownNameError
        If `assume_days` is no number of days.

    Notes
    -----
    The marker says what was counted (``measure``). Nothing is added, averaged or joined: a line leads from a figure to
    the day on which the deployment ended, if a source gives it, and to nowhere otherwise; a range is a band up to that
    day, or fades over the days that are assumed. Between two of them nothing is known. Figures of one time stand
    side by side: ``strength_over_time`` says what tells them apart. A figure that its row's note calls disowned or
    retracted is crossed out, and counts for no range.

    Examples
    --------
    >>> from conflictkit import load_deployments, plot_strength
    >>> deployments = load_deployments()
    >>> plot_strength(deployments[deployments["actor_id"] == "pmf"]).get_title(loc="left")
    'Popular Mobilization Forces, Iraq: 8 figures from 10,000 to 150,000'
    """
    days_or_raise(assume_days)
    tables = (tables or Tables.shipped()).replace(deployments=deployments)
    given = tables.deployments
    told = given[given[list(STRENGTHS)].notna().any(axis=1)]
    need(told, (), what="plot_strength", like="load_deployments")
    rows = _prepared(told, tables, assume_days)
    column = "actor_id" if rows["actor_id"].nunique() <= MOST_FORCES else "side"
    parts = ["things", column, *(["host"] if _alone(rows) else [])]
    groups = [group for _, group in rows.groupby(parts, sort=False)]
    alone = len(groups) == 1
    titles = [_title(group, unit=not alone) for group in groups]
    heights = [EMPTY + LABELLED * min(len(group), LABEL_ALL) for group in groups]
    with picture(ax, height=layout.height_of(heights), tables=tables) as made:
        for panel, group in zip(layout.split(made.ax, titles, heights=heights), groups, strict=True):
            _panel(panel, group, unit=_unit(group) if alone else "")
        made.finish(
            title=titles[0] if alone else _of_all(rows, len(groups)),
            finding="" if alone else f"{'; '.join(titles)}.",
            caption=_caption(rows, silent=len(given) - len(rows), assume_days=assume_days)
            + layout.selection(deployments, layout.height_of(heights), SELECT),
            rows=[behind(rows, "deployments", "strength")],
            key=_key(rows),
        )
    return made.ax


def _prepared(told: pd.DataFrame, tables: Tables, assume_days: int | None) -> pd.DataFrame:
    """Return the rows with a strength, in the order of the actors, with what the marks need."""
    paints, order = look.palette(tables.actors), list(look.palette(tables.actors)).index
    names = tables.places.set_index("place_id")["name"]
    where = told["place_id"].map(names).fillna(told["place_id"])
    figures = [str(figure) for figure in ranges_of(told, prefix="strength_")]
    ends, alone = intervals(told, assume_days)["end"], _alone(told)  # its panels name the countries
    # a report that counts for ever is drawn as far as the other figures go
    latest = pd.concat([told["valid_from"], told["valid_to"]]).max()
    rows = told.rename(columns=STRENGTHS).assign(
        order=[order(actor) for actor in told["actor_id"]],
        side=told["actor_id"].map(tables.actors.set_index("actor_id")["side"]).fillna(NO_SIDE),
        date=told["valid_from"],
        until=told["valid_to"] if assume_days == 0 else ends.fillna(latest),
        fades=told["valid_to"].isna(),
        things=told["unit"].where(~told["unit"].isin(PEOPLE), "people"),
        color=[paints[actor].ink for actor in told["actor_id"]],
        marker=[MEASURES[measure][0] for measure in told["measure"]],
        force=[paints[actor].short for actor in told["actor_id"]],
        host=(hosts := told["host_country"].map(tables.country_name, na_action="ignore").fillna("")),
        withdrawn=(gone := told["note"].str.contains(WITHDRAWN, na=False)),
        label=(where.fillna("" if alone else hosts) + " " + figures).str.strip()
        + gone.map({True: ", withdrawn", False: ""}),
    )
    return rows.sort_values(["order", "date", "source_id"], kind="stable").reset_index(drop=True)


def _title(group: pd.DataFrame, *, unit: bool) -> str:
    """Return who stands in a panel, where if it is one force, and between which figures."""
    host, kept = group["host"].iloc[0], group[~group["withdrawn"]]
    where = f", {host}" if _alone(group) and host and (group["host"] == host).all() else ""
    heading = f"{listed(group['force'], most=3)}{where}{f' ({_unit(group)})' if unit else ''}"
    return with_range(heading, kept) if _alone(group) and len(kept) else heading


def _alone(rows: pd.DataFrame) -> bool:
    """Whether all rows are of one force."""
    return len(set(rows["actor_id"])) == 1


def _of_all(rows: pd.DataFrame, panels: int) -> str:
    """Return the title over several panels."""
    who = f"Strength of {rows['force'].iloc[0] if _alone(rows) else 'forces'}"
    return f"{who}: {counted(len(rows), 'figure')} in {panels} panels, each with its own scale"


def _unit(group: pd.DataFrame) -> str:
    return listed(UNITS.get(unit, unit) for unit in sorted(group["unit"].unique(), reverse=True))


def _panel(ax: Axes, rows: pd.DataFrame, *, unit: str) -> None:
    """Draw the figures of one panel: bands of ranges, marks, lines to the ends that are given, labels."""
    labels = Labels(ax)
    if len(set(rows["actor_id"])) > 1:
        rows = rows.assign(label=rows["force"] + ", " + rows["label"])
    rows = rows.assign(x=marks.abreast(rows))
    _bands(ax, rows)
    marks.draw_marks(ax, rows, ends=True)
    out = rows[rows["withdrawn"]]
    if len(out):  # a line without points has a box at the corner of the figure
        ax.plot(out["x"], marks.middle(out), color=look.INK, clip_on=False, **CROSS)
    ended = rows[~rows["fades"]]
    lines = list(zip(ended["x"], marks.day_numbers(ended["valid_to"]), marks.middle(ended), strict=True))
    for (start, end, height), color in zip(lines, ended["color"], strict=True):
        ax.hlines(height, start, end, color=color, linewidth=1.0, zorder=Z.BAND)
    labels.marks += [marks.level_line(*line) for line in lines]
    date_axes(ax, unit=unit)
    count_axis(ax, rows[list(BOUNDS)].max().max())
    ax.margins(x=0.04)
    marks.label_marks(ax, labels, rows, by="actor_id", all_up_to=LABEL_ALL)


def _bands(ax: Axes, rows: pd.DataFrame) -> None:
    """Draw each range as a band up to its end, or fading over the days that are assumed."""
    ranges = rows[rows["low"].notna() & rows["high"].notna()]
    for fades, draw in ((False, marks.draw_bars), (True, marks.draw_fading)):
        own = ranges[ranges["fades"] == fades]
        columns = (own["x"], marks.day_numbers(own["until"]), own["low"], own["high"], own["color"])
        draw(ax, [bar for bar in zip(*columns, strict=True) if bar[1] > bar[0]], alpha=BAND)


def _key(rows: pd.DataFrame) -> Key:
    """Return the key: the marker of each measure, then the kinds of bounds."""
    present = set(rows["measure"])
    key = [(marks.hollow(marker), text) for name, (marker, text) in MEASURES.items() if name in present]
    key += marks.key_marks(rows, told=(marks.SINGLE,))  # by the measures
    if rows["withdrawn"].any():
        key.append((Line2D([], [], color=look.INK, **CROSS), "withdrawn by who said it"))
    if rows["valid_to"].notna().any():
        key.append((Line2D([], [], color=look.MUTED, linewidth=1.0), "until the end given"))
    return key


def _caption(rows: pd.DataFrame, *, silent: int, assume_days: int | None) -> str:
    open_ranges = rows["low"].notna() & rows["high"].notna() & rows["fades"]
    parts = [
        f"{counted(len(rows), 'published figure')}, {span_in_words(rows['date'])},",
        "each as its page gives it and never added: a force and its parts, or present and total, overlap.",
        "Without a line to an end, the end is not known.",
        f"Bands of ranges fade where the end is assumed. {rule(assume_days)}" if open_ranges.any() else "",
        f"Rows without a number: {silent}." if silent else "",
    ]
    return " ".join(parts)

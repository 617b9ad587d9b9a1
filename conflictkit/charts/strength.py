"""The strength of forces over time: what was counted, promised or claimed, each figure on its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from conflictkit.charts import fading, frame, marks, panels, style
from conflictkit.datasets import load_actors, load_places
from conflictkit.dates import last_day
from conflictkit.deployments._presence import ASSUMED_DAYS, days_or_raise, rule

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STRENGTHS = {"strength_low": "low", "strength_best": "best", "strength_high": "high"}
NEEDED = (
    *("actor_id", "place_id", "host_country", "valid_from", "valid_to", "date_prec"),
    *(*STRENGTHS, "unit", "measure", "source_id"),
)
MEASURES = {
    "present": ("o", "present: counted there"),
    "total": ("s", "total: the whole force"),
    "ceiling": ("v", "ceiling: authorised"),
    "cumulative": ("D", "cumulative: all who ever served"),
}
PEOPLE = ("personnel", "fighters")  # two words for people; other units count guns or divisions
UNITS = {"caesar_guns": "Caesar guns"}

MOST_FORCES = 8  # panels of one force each; more forces share a panel with others of their side
BAND = 0.25  # opacity of the band of a range
LABEL_ALL = 18  # rows in a panel up to which each one is labelled


def plot_strength(
    deployments: pd.DataFrame, *, assume_until: int | None = ASSUMED_DAYS, ax: Axes | None = None
) -> Axes:
    """Plot the strength of forces over time, each published figure on its own.

    Parameters
    ----------
    deployments
        Rows like those of ``load_deployments``; those without a strength are counted in the caption. Each force has a
        panel with a scale of its own; of more than eight forces, those of one side share a panel. Guns and divisions
        never share a panel with people.
    assume_until
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
        If no row has a strength, or a column is missing.

    Notes
    -----
    The marker says what was counted (``measure``). Nothing is added, averaged or joined: a line leads from a figure to
    the day on which the deployment ended, if a source gives it, and to nowhere otherwise; a range is a band up to that
    day, or fades over the days that are assumed. Between two of them nothing is known. Figures of one time stand
    side by side: ``strength_over_time`` says what tells them apart.

    Examples
    --------
    >>> from conflictkit import load_deployments, plot_strength
    >>> deployments = load_deployments()
    >>> plot_strength(deployments[deployments["actor_id"] == "usa"]).get_title(loc="left")
    'Strength: United States'
    """
    from matplotlib.pyplot import rc_context

    days_or_raise(assume_until)
    rows = _prepared(deployments)
    column = "actor_id" if rows["actor_id"].nunique() <= MOST_FORCES else "side"
    groups = [group for _, group in rows.groupby(["things", column], sort=False)]
    alone = len(groups) == 1
    titles = [_title(group, unit=not alone) for group in groups]
    heights = [0.75 + 0.15 * min(len(group), LABEL_ALL) for group in groups]
    with rc_context(style.RC):
        ax = frame.new_axes(ax, size=(10, panels.figure_height(heights)))
        for panel, group in zip(panels.split(ax, titles, heights=heights), groups, strict=True):
            _panel(panel, group, unit=_unit(group) if alone else "", assume_until=assume_until)
        title = f"Strength: {titles[0]}" if alone else "Strength of forces, each panel with its own scale"
        caption = _caption(rows, silent=len(deployments) - len(rows), assume_until=assume_until)
        frame.finish(ax, title=title, caption=caption, sources=rows["source_id"], key=_key(rows))
    return ax


def _prepared(deployments: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with a strength, in the order of the actors, with what the marks need."""
    frame.need(deployments, NEEDED, table="deployments")
    rows = deployments[deployments[list(STRENGTHS)].notna().any(axis=1)].rename(columns=STRENGTHS)
    frame.need(rows, ("low", "best", "high"), table="deployments")
    actors = load_actors()
    for actor in rows["actor_id"].unique():
        frame.known("actor", actor, actors["actor_id"])
    for measure in rows["measure"].unique():
        frame.known("measure", measure, MEASURES)
    paints, places = style.palette(), load_places().set_index("place_id")["name"]
    where = rows["place_id"].map(places).fillna(rows["place_id"]).fillna(rows["host_country"].map(_countries))
    rows = rows.assign(
        order=rows["actor_id"].map({actor: i for i, actor in enumerate(actors["actor_id"])}),
        side=rows["actor_id"].map(actors.set_index("actor_id")["side"]),
        date=pd.to_datetime(rows["valid_from"]),
        things=rows["unit"].where(~rows["unit"].isin(PEOPLE), "people"),
        color=[paints[actor].ink for actor in rows["actor_id"]],
        marker=[MEASURES[measure][0] for measure in rows["measure"]],
        force=[paints[actor].short for actor in rows["actor_id"]],
        label=where.str.cat(style.figures(rows), sep=" "),
    )
    return rows.sort_values(["order", "date", "source_id"], kind="stable").reset_index(drop=True)


def _countries(codes: str) -> str:
    return style.listed(style.COUNTRIES.get(code, code) for code in codes.split(";"))


def _title(group: pd.DataFrame, *, unit: bool) -> str:
    return style.listed(group["force"], most=3) + (f" ({_unit(group)})" if unit else "")


def _unit(group: pd.DataFrame) -> str:
    return style.listed(UNITS.get(unit, unit) for unit in sorted(group["unit"].unique(), reverse=True))


def _panel(ax: Axes, rows: pd.DataFrame, *, unit: str, assume_until: int | None) -> None:
    from conflictkit.charts._labels import Labels

    labels = Labels(ax)
    if len(set(rows["actor_id"])) > 1:
        rows = rows.assign(label=rows["force"] + ", " + rows["label"])
    rows = rows.assign(x=marks.abreast(rows))
    _bands(ax, rows, assume_until)
    marks.draw_marks(ax, rows, ends=True)
    ended = rows[rows["valid_to"].notna()]
    lines = list(zip(ended["x"], marks.day_numbers(ended["valid_to"]), marks.middle(ended), strict=True))
    for (start, end, height), color in zip(lines, ended["color"], strict=True):
        ax.hlines(height, start, end, color=color, linewidth=1.0, zorder=2)
    labels.marks += [marks.level_line(*line) for line in lines]
    frame.date_axes(ax, unit=unit)
    frame.count_axis(ax, rows[marks.BOUNDS].max().max())
    ax.margins(x=0.04)
    marks.label_marks(ax, labels, rows, by="actor_id", all_up_to=LABEL_ALL)


def _bands(ax: Axes, rows: pd.DataFrame, assume_until: int | None) -> None:
    """Draw each range as a band up to its end, or fading over the days that are assumed."""
    ranges = rows[rows["low"].notna() & rows["high"].notna()]
    if assume_until is None:  # no limit is drawn as far as the other figures go
        latest = (
            max(rows["date"].max(), rows["valid_to"].max()) if rows["valid_to"].notna().any() else rows["date"].max()
        )
        ends = ranges["valid_to"].fillna(latest)
    else:
        ends = ranges["valid_to"].fillna(
            last_day(ranges["valid_from"], ranges["date_prec"]) + pd.Timedelta(days=assume_until)
        )
    columns = (ranges["x"], marks.day_numbers(ends), ranges["low"], ranges["high"], ranges["color"])
    bars = [bar for bar in zip(*columns, strict=True) if bar[1] > bar[0]]
    stated = set(ranges.loc[ranges["valid_to"].notna(), "x"])
    fading.draw_bars(ax, [bar for bar in bars if bar[0] in stated], alpha=BAND)
    if assume_until != 0:
        fading.draw_fading(ax, [bar for bar in bars if bar[0] not in stated], alpha=BAND)


def _key(rows: pd.DataFrame) -> list[tuple[Any, str]]:
    """Return the key: the marker of each measure, then the kinds of bounds."""
    from matplotlib.lines import Line2D

    present = set(rows["measure"])
    key = [(marks.hollow(marker), text) for name, (marker, text) in MEASURES.items() if name in present]
    key += [entry for entry in marks.key_marks(rows) if entry[1] != "single figure"]  # said by the measures
    if rows["valid_to"].notna().any():
        key.append((Line2D([], [], color=style.MUTED, linewidth=1.0), "until the end given"))
    return key


def _caption(rows: pd.DataFrame, *, silent: int, assume_until: int | None) -> str:
    parts = [
        f"{len(rows)} published figures, {style.span(rows['date'])}, each as its page gives it and never added:",
        "a force and its parts, or present and total, overlap. Without a line to an end, the end is not known.",
        f"Bands of ranges fade where the end is assumed. {rule(assume_until)}" if _open_range(rows) else "",
        f"Rows without a number: {silent}." if silent else "",
        style.credit(rows["source_id"]),
    ]
    return " ".join(filter(None, parts))


def _open_range(rows: pd.DataFrame) -> bool:
    """Whether a range has no known end."""
    return bool((rows["low"].notna() & rows["high"].notna() & rows["valid_to"].isna()).any())

"""Published figures of fighters as every picture shows them: what they count, where, and whose side is speaking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.patches import Patch

from conflictkit import look
from conflictkit.charts import _marks as marks
from conflictkit.charts._frame import count_axis, date_axes
from conflictkit.charts._labels import Labels
from conflictkit.errors import need
from conflictkit.estimates import everybody, graded
from conflictkit.prose import counted, listed, number
from conflictkit.ranges import BOUNDS, ranges_of
from conflictkit.tables import Tables

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from conflictkit.look import Paint

QUANTITIES = {
    "fighters": "fighters",
    "foreign_fighters": "foreign fighters, ever or at the time",
    "killed": "killed",
    "captured": "captured",
    "casualties": "dead and wounded",
    "fighters_and_families": "fighters and families",
    "inflow_per_month": "recruits a month",
}
NO_SIDE, NO_SIDE_WORDS, NO_SIDE_COLOR = "", "no side: monitors, press", "#8C8C8C"
IN_WORDS = "D"  # marker of a figure that its page gives in words
SELECT = "All figures of the tables: pass the rows of one actor, quantity, scope or time for a single page."
WHOSE = "Colour: whose side the estimator speaks for."  # said in every caption

# A log axis only where a linear one would press the small figures flat, and always said.
LOG_FROM = 15.0  # largest figure over smallest
LABEL_ALL = 12  # rows in a panel up to which each one is labelled
EMPTY, LABELLED, MORE = 0.55, 0.2, 0.03  # inches of a panel, and of each figure with a label and without


def figures_in_hand(estimates: pd.DataFrame | None, tables: Tables | None, *, what: str) -> tuple[pd.DataFrame, Tables]:
    """Return the rows to draw, typed, in order of date and with what the marks need, and the tables they belong to."""
    tables = (tables or Tables.shipped()).replace(fighter_estimates=estimates)
    need(tables.fighter_estimates, (), what=what, like="load_fighter_estimates")
    return prepared(tables.fighter_estimates, tables), tables


def prepared(estimates: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Return typed rows in order of date, with what the marks need."""
    paints = look.palette(tables.actors)
    names = dict(zip(tables.places["place_id"], tables.places["name"], strict=True))
    whole = everybody(estimates)  # a subset by origin is part of what stands beside it
    rows = whole.sort_values(["as_of", "estimator", "source_id"], kind="stable").reset_index(drop=True)
    order = {quantity: i for i, quantity in enumerate(QUANTITIES)}
    figures = [str(figure) for figure in ranges_of(rows)]
    places = [names.get(cell, cell) if isinstance(cell, str) else "" for cell in rows["place_id"]]
    labels = zip(places, rows["estimator"], figures, strict=True)
    return rows.assign(
        **voices(rows["estimator_actor_id"], paints),
        date=rows["as_of"],
        marker=[IN_WORDS if bound == "verbal" else "o" for bound in rows["bound_type"]],
        place=places,
        figure=figures,
        label=[f"{f'{place}: ' if place else ''}{who} {figure}" for place, who, figure in labels],
        actor=[paints[actor].name if actor in paints else actor for actor in rows["actor_id"]],
        where=[tables.scope_name(scope) for scope in rows["scope"]],
        order=rows["quantity"].map(order).fillna(len(order)),
        open=graded(rows, tables, what="a picture")[0]["self_interested"],
    )


def voices(speakers: pd.Series, paints: dict[str, Paint]) -> dict[str, list[str]]:
    """Return whose side each row speaks for, by id, in words and as a colour.

    A part that is painted like its parent speaks for it.
    """
    ids = [speaker if speaker in paints else NO_SIDE for speaker in speakers]
    above = look.folded(set(ids) - {NO_SIDE}, paints)
    return {
        "side_id": [above.get(speaker, speaker) for speaker in ids],
        "side": [paints[speaker].short if speaker else NO_SIDE_WORDS for speaker in ids],
        "color": [paints[speaker].ink if speaker else NO_SIDE_COLOR for speaker in ids],
    }


def title(group: pd.DataFrame) -> str:
    """Return who, what and where the rows of one panel are about."""
    return f"{group['actor'].iloc[0]}: {quantity(group)}, {group['where'].iloc[0]}"


def with_range(heading: str, rows: pd.DataFrame) -> str:
    """Return a heading with how many figures stand under it, and between which they lie."""
    values = rows[list(BOUNDS)]
    ends = f"from {number(values.min().min())} to {number(values.max().max())}" if len(rows) > 1 else ""
    return f"{heading}: {counted(len(rows), 'figure')} {ends}".rstrip()


def quantity(group: pd.DataFrame) -> str:
    """Return what the rows of one panel count."""
    return counted_as(str(group["quantity"].iloc[0]))


def counted_as(quantity: str) -> str:
    """Return a quantity in words."""
    return QUANTITIES.get(quantity, quantity)


def scale(group: pd.DataFrame) -> str:
    """Return the words for a logarithmic scale, where there is one."""
    return " (log scale)" if _is_log(group) else ""


def _is_log(group: pd.DataFrame) -> bool:
    values = group[list(BOUNDS)]
    return bool(values.max().max() > LOG_FROM * values.min().min() > 0)


def height(group: pd.DataFrame) -> float:
    """Return the height of a panel in inches: enough for its figures and for the labels of a few."""
    return EMPTY + LABELLED * min(len(group), LABEL_ALL) + MORE * max(len(group) - LABEL_ALL, 0)


def draw_panel(ax: Axes, rows: pd.DataFrame, *, unit: str) -> None:
    """Draw the figures of one panel, with their labels."""
    log, values = _is_log(rows), rows[list(BOUNDS)]
    rows = rows.assign(x=marks.abreast(rows, log=log))
    marks.draw_marks(ax, rows)
    date_axes(ax, unit=unit)
    count_axis(ax, values.max().max(), smallest=values.min().min() if log else None)
    ax.margins(x=0.04)
    marks.label_marks(ax, Labels(ax), rows, by="side_id", all_up_to=LABEL_ALL)


def key_of(rows: pd.DataFrame, *, in_rows: bool = False) -> list[tuple[Any, str]]:
    """Return the key: one colour per side that speaks, the most frequent first, then the kinds of marks."""
    key: list[tuple[Any, str]] = []
    for side in rows["side_id"].value_counts().index:
        own = rows[rows["side_id"] == side]
        key.append((Patch(facecolor=own["color"].iloc[0], alpha=marks.SEE_THROUGH), listed(own["side"])))
    if (rows["marker"] == IN_WORDS).any():
        key.append((marks.hollow(IN_WORDS, color=look.MUTED, filled=True), "given in words"))
    return key + marks.key_marks(rows, in_rows=in_rows)


def by_estimators(rows: pd.DataFrame) -> str:
    """Return how many figures are shown, and from how many estimators."""
    return f"{counted(len(rows), 'published figure')} by {counted(rows['estimator'].nunique(), 'estimator')}"

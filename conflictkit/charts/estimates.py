"""Published figures over time: how many, according to whom, and whose side the estimator speaks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from conflictkit.charts import frame, marks, panels, style
from conflictkit.datasets import load_places
from conflictkit.estimates import graded

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NEEDED = (
    *("as_of", "date_prec", "actor_id", "scope", "place_id", "low", "best", "high"),
    *("bound_type", "quantity", "estimator", "estimator_actor_id", "source_id"),
)
QUANTITIES = {
    "fighters": "fighters",
    "foreign_fighters": "foreign fighters, ever or at the time",
    "killed": "killed",
    "casualties": "dead and wounded",
    "fighters_and_families": "fighters and families",
    "inflow_per_month": "recruits a month",
}
NO_SIDE = "no side: monitors, researchers, newsrooms"
NO_SIDE_COLOR = "#8C8C8C"
IN_WORDS = "D"  # marker of a figure that its page gives in words

# A log axis only where a linear one would press the small figures flat, and always said.
LOG_FROM = 15.0  # largest figure over smallest
LABEL_ALL = 12  # rows in a panel up to which each one is labelled


def plot_estimates(estimates: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Plot published figures of fighters over time, by whose side the estimator speaks for.

    Parameters
    ----------
    estimates
        Rows like those of ``load_fighter_estimates``. What must not be mixed gets its own panel: one for each actor,
        quantity and scope. Choose one of each for a single large panel.
    ax
        Axes to draw on; without it a new figure.

    Returns
    -------
    Axes
        The axes given or made. With several panels it carries title, key and caption, and ``child_axes`` are the
        panels, each with its own scale. The y axis starts at zero; where the largest figure of a panel is more than 15
        times the smallest, it is logarithmic and says so.

    Raises
    ------
    TableError
        If there is no row, or a column is missing.

    Notes
    -----
    Bars are ranges, marks single figures, arrows one-sided bounds; nothing is averaged or joined. Hollow are those by
    which the side that speaks gains, beside the other rows given (``select_estimates``). A date known
    to the month or year only has a dotted line over that time. Figures of one time stand side by side. Figures for
    single places share a panel and are not comparable with each other: their labels name the place.

    Examples
    --------
    >>> from conflictkit import load_fighter_estimates, plot_estimates
    >>> estimates = load_fighter_estimates()
    >>> towns = estimates[estimates["place_id"].isin(["al-qaim", "abu-kamal"])]
    >>> plot_estimates(towns).get_title(loc="left")
    'Islamic State: fighters, single places'
    """
    from matplotlib.pyplot import rc_context

    rows = prepared(estimates)
    groups = [group for _, group in rows.groupby(["order", "actor_id", "scope"], sort=False)]
    groups.sort(key=lambda group: (group["order"].iloc[0], -len(group)))
    alone = len(groups) == 1
    titles = [title(group) + ("" if alone else scale(group)) for group in groups]
    heights = [height(group) for group in groups]
    with rc_context(style.RC):
        ax = frame.new_axes(ax, size=(10, panels.figure_height(heights)))
        for part, group in zip(panels.split(ax, titles, heights=heights), groups, strict=True):
            panel(part, group, unit=f"{quantity(group)}{scale(group)}" if alone else "")
        told = titles[0] if alone else f"Published figures: {len(groups)} panels that must not be mixed"
        frame.finish(ax, title=told, caption=_caption(rows, alone=alone), sources=rows["source_id"], key=key_of(rows))
    return ax


def prepared(estimates: pd.DataFrame) -> pd.DataFrame:
    """Return the rows in order of date, with what the marks need."""
    frame.need(estimates, NEEDED, table="fighter_estimates")
    paints = style.palette()
    names = load_places().set_index("place_id")["name"]
    rows = estimates.sort_values(["as_of", "estimator", "source_id"], kind="stable").reset_index(drop=True)
    place = rows["place_id"].map(names).fillna(rows["place_id"])
    speakers = [paints.get(speaker) for speaker in rows["estimator_actor_id"]]
    order = {quantity: i for i, quantity in enumerate(QUANTITIES)}
    return rows.assign(
        date=pd.to_datetime(rows["as_of"]),
        color=[speaker.ink if speaker else NO_SIDE_COLOR for speaker in speakers],
        side=[speaker.short if speaker else NO_SIDE for speaker in speakers],
        marker=rows["bound_type"].map({"verbal": IN_WORDS}).fillna("o"),
        label=(place + ": ").fillna("") + rows["estimator"] + " " + pd.Series(style.figures(rows)),
        actor=[paints[actor].name if actor in paints else actor for actor in rows["actor_id"]],
        order=rows["quantity"].map(order).fillna(len(order)),
        open=graded(rows, None, what="plot_estimates")[0]["self_interested"],
    )


def title(group: pd.DataFrame) -> str:
    """Return who, what and where the rows of one panel are about."""
    scope = str(group["scope"].iloc[0])
    return f"{group['actor'].iloc[0]}: {quantity(group)}, {style.SCOPE_NAMES.get(scope, scope)}"


def quantity(group: pd.DataFrame) -> str:
    """Return what the rows of one panel count."""
    counted = str(group["quantity"].iloc[0])
    return QUANTITIES.get(counted, counted)


def _is_log(group: pd.DataFrame) -> bool:
    values = group[marks.BOUNDS]
    return bool(values.max().max() > LOG_FROM * values.min().min() > 0)


def scale(group: pd.DataFrame) -> str:
    """Return the words for a logarithmic scale, where there is one."""
    return " (log scale)" if _is_log(group) else ""


def height(group: pd.DataFrame) -> float:
    """Return the height of a panel in inches: enough for its figures and for the labels of a few."""
    return 0.55 + 0.2 * min(len(group), LABEL_ALL) + 0.03 * max(len(group) - LABEL_ALL, 0)


def panel(ax: Axes, rows: pd.DataFrame, *, unit: str) -> None:
    """Draw the figures of one panel, with their labels."""
    from conflictkit.charts._labels import Labels

    rows, values, log = rows.assign(x=marks.abreast(rows, log=_is_log(rows))), rows[marks.BOUNDS], _is_log(rows)
    marks.draw_marks(ax, rows)
    frame.date_axes(ax, unit=unit)
    frame.count_axis(ax, values.max().max(), smallest=values.min().min() if log else None)
    ax.margins(x=0.04)
    marks.label_marks(ax, Labels(ax), rows, by="color", all_up_to=LABEL_ALL)


def key_of(rows: pd.DataFrame) -> list[tuple[Any, str]]:
    """Return the key: one colour per side that speaks, the most frequent first, then the kinds of marks."""
    from matplotlib.patches import Patch

    key: list[tuple[Any, str]] = [
        (Patch(facecolor=color, alpha=marks.SEE_THROUGH), style.listed(rows.loc[rows["color"] == color, "side"]))
        for color in rows["color"].value_counts().index
    ]
    if (rows["marker"] == IN_WORDS).any():
        key.append((marks.hollow(IN_WORDS, color=style.MUTED, filled=True), "given in words"))
    return key + marks.key_marks(rows)


def _caption(rows: pd.DataFrame, *, alone: bool) -> str:
    parts = [
        f"{len(rows)} published figures by {rows['estimator'].nunique()} estimators, as of {style.span(rows['date'])},",
        "each as its page gives it: nothing is averaged, pooled or joined. Those of one time stand side by side.",
        "Colour: whose side the estimator speaks for.",
        "" if alone else "Panels have their own scales and must not be added.",
        style.credit(rows["source_id"]),
    ]
    return " ".join(filter(None, parts))

"""Those said to be left, those said to be killed, and those said to arrive, over one time axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from conflictkit.charts import estimates, frame, marks, panels, style
from conflictkit.errors import TableError
from conflictkit.estimates import audit_estimates

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PANELS = {"fighters": "Fighters left", "killed": "Killed, running total", "inflow_per_month": "Recruits a month"}
WORDS = {"fighters": "left", "killed": "killed", "inflow_per_month": "recruited"}  # for the title
ALARM = "#B2182B"  # of a sum that does not come out; no actor has it
RING = 13.0  # points
CHECK = "killed against stock and inflow"


def plot_stock_and_flow(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Plot estimates of a stock against claims of killed and of inflow, with the sums that do not come out.

    Parameters
    ----------
    rows
        Rows like those of ``load_fighter_estimates``, of one actor and one scope or place. Other quantities than
        fighters, killed and inflow are left aside.
    ax
        Axes to draw on; without it a new figure.

    Returns
    -------
    Axes
        The axes given or made, with title, key and caption; ``child_axes`` are the panels, each with its own scale.

    Raises
    ------
    TableError
        If there is no row of these quantities, a column is missing, or the rows mix actors, scopes or places.

    Notes
    -----
    Red rings mark totals of killed that stock and inflow of the same side cannot bear, joined where two totals are
    compared; below the picture stands the sum, as ``audit_estimates`` gives it.

    Examples
    --------
    >>> from conflictkit import load_fighter_estimates, plot_stock_and_flow
    >>> table = load_fighter_estimates()
    >>> ax = plot_stock_and_flow(table.query("actor_id == 'isis' and scope == 'iraq_syria'"))
    >>> [panel.get_title(loc="left") for panel in ax.child_axes]
    ['Fighters left (log scale)', 'Killed, running total', 'Recruits a month (log scale)']
    """
    from matplotlib.pyplot import rc_context

    drawn = _of_one_scope(rows)
    groups = [drawn[drawn["quantity"] == quantity] for quantity in PANELS]
    groups = [group for group in groups if len(group)]
    titles = [PANELS[str(group["quantity"].iloc[0])] + estimates.scale(group) for group in groups]
    heights = [1.0 + estimates.height(group) for group in groups]
    audit = audit_estimates(rows)
    wrong = audit[audit["check"].eq(CHECK) & audit["verdict"].eq("impossible")]
    with rc_context(style.RC):
        ax = frame.new_axes(ax, size=(10, panels.figure_height(heights)))
        for part, group in zip(panels.split(ax, titles, heights=heights), groups, strict=True):
            if group["quantity"].iloc[0] == "killed":
                _alarms(part, group, wrong)
            estimates.panel(part, group, unit="")
        frame.finish(
            ax,
            title=_title(drawn),
            caption=_caption(drawn, wrong),
            sources=drawn["source_id"],
            key=estimates.key_of(drawn) + (_key() if len(wrong) else []),
        )
        frame.settle(ax)  # three panels over a long caption: the layout needs one pass more to stay where it is
    return ax


def _of_one_scope(rows: pd.DataFrame) -> pd.DataFrame:
    frame.need(rows, estimates.NEEDED, table="fighter_estimates")
    kept = rows[rows["quantity"].isin(PANELS)]
    if kept.empty:
        msg = f"No rows of {', '.join(PANELS)} to draw. Check the filter, or start from load_fighter_estimates()."
        raise TableError(msg)
    for column in ("actor_id", "scope", "place_id"):
        if len(set(kept[column].fillna(""))) > 1:
            values = ", ".join(map(str, kept[column].drop_duplicates().head(4)))
            msg = f"Stock and flow must be of one {column}, not {values}: choose one."
            raise TableError(msg)
    return estimates.prepared(kept)


def _alarms(ax: Axes, killed: pd.DataFrame, wrong: pd.DataFrame) -> None:
    """Join the totals between which too many were killed."""
    x = dict(zip(killed["estimate_id"], marks.day_numbers(killed["date"]), strict=True))
    y = dict(zip(killed["estimate_id"], marks.middle(killed), strict=True))
    for ids in wrong["estimate_ids"].str.split(";"):
        here = [i for i in ids if i in x]
        points = [x[i] for i in here], [y[i] for i in here]
        ax.plot(*points, color=ALARM, linewidth=1.6, zorder=2.5)
        ax.plot(*points, linestyle="none", marker="o", markersize=RING, markerfacecolor="none", markeredgecolor=ALARM)


def _key() -> list[tuple[object, str]]:
    from matplotlib.lines import Line2D

    return [(Line2D([], [], color=ALARM, linewidth=1.6), "more killed than stock and inflow allow")]


def _title(rows: pd.DataFrame) -> str:
    shown = [word for quantity, word in WORDS.items() if quantity in set(rows["quantity"])]
    place = rows["place_id"].iloc[0]
    scope = str(rows["scope"].iloc[0])
    where = rows["label"].iloc[0].partition(": ")[0] if pd.notna(place) else style.SCOPE_NAMES.get(scope, scope)
    return f"{rows['actor'].iloc[0]}, {where}: {style.listed(shown)}"


def _caption(rows: pd.DataFrame, wrong: pd.DataFrame) -> str:
    sums = [f"{text[0].upper()}{text[1:]}." for text in wrong["sum"]]
    count, estimators = len(rows), rows["estimator"].nunique()
    parts = [
        f"{count} published figures by {estimators} estimator{'' if estimators == 1 else 's'},",
        f"as of {style.span(rows['date'])}, as their pages give them. Totals of killed can count from different days.",
        *sums,
        "Colour: whose side the estimator speaks for.",
        style.credit(rows["source_id"]),
    ]
    return " ".join(parts)

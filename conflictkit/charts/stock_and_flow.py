"""Those said to be left, those said to be killed, and those said to arrive, over one time axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.lines import Line2D

from conflictkit.charts import _layout as layout
from conflictkit.charts import _marks as marks
from conflictkit.charts import _published as published
from conflictkit.charts._frame import picture
from conflictkit.charts._layout import Z
from conflictkit.charts._recorded import recorded
from conflictkit.dates import span_in_words
from conflictkit.errors import TableError
from conflictkit.estimates import audit_estimates
from conflictkit.estimates._figures import everybody
from conflictkit.evidence._rows import behind
from conflictkit.prose import listed
from conflictkit.tables import Tables

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PANELS = {"fighters": "Fighters left", "killed": "Killed, running total", "inflow_per_month": "Recruits a month"}
WORDS = {"fighters": "left", "killed": "killed", "inflow_per_month": "recruited"}  # for the title
TALLER = 0.5  # inches of a panel beyond those of plot_estimates: few panels, with sums between their figures
ALARM = "#B2182B"  # of a sum that does not come out; no actor has it
RING, JOINED = 13.0, 1.6  # points: width of a ring, of the line that joins two
CHECK, WRONG = "killed against stock and inflow", "impossible"


@recorded
def plot_stock_and_flow(
    estimates: pd.DataFrame | None = None, *, tables: Tables | None = None, ax: Axes | None = None
) -> Axes:
    """Plot estimates of a stock against claims of killed and of inflow, with the sums that do not come out.

    Parameters
    ----------
    estimates
        Rows like those of ``load_fighter_estimates``, of one actor and one scope or place; by default those of the
        tables about their story's actor, in the scope with the most figures. Other quantities than fighters, killed and
        inflow are left aside.
    tables
        Names, colours and sources; the shipped tables by default.
    ax
        Axes to draw on; without it a new figure.

    Returns
    -------
    Axes
        The axes given or made, with title, key and caption; ``child_axes`` are the panels, each with its own scale.

    Raises
    ------
    TableError
        If there is no row of these quantities, a row breaks the contract of the table, or the rows mix actors, scopes
        or places.

    Notes
    -----
    Red rings mark totals of killed that stock and inflow of the same side cannot bear, joined where two totals are
    compared; below the picture stands the sum, as ``audit_estimates`` gives it. Where there are some, of stock and
    inflow only the figures in the sums are drawn.

    Examples
    --------
    >>> from conflictkit import load_fighter_estimates, plot_stock_and_flow
    >>> table = load_fighter_estimates()
    >>> ax = plot_stock_and_flow(table.query("actor_id == 'isis' and scope == 'IQ;SY'"))
    >>> [panel.get_title(loc="left") for panel in ax.child_axes]
    ['Fighters left', 'Killed, running total', 'Recruits a month']
    """
    tables = tables or Tables.shipped()
    tables = tables.replace(fighter_estimates=_of_the_story(tables) if estimates is None else estimates)
    rows = published.prepared(_of_one_scope(tables.fighter_estimates), tables)
    audit = audit_estimates(everybody(tables.fighter_estimates))
    wrong = audit[audit["check"].eq(CHECK) & audit["verdict"].eq(WRONG)]
    rows = _that_matter(rows, wrong)
    groups = [rows[rows["quantity"] == quantity] for quantity in PANELS]
    groups = [group for group in groups if len(group)]
    titles = [PANELS[str(group["quantity"].iloc[0])] + published.scale(group) for group in groups]
    heights = [TALLER + published.height(group) for group in groups]
    with picture(ax, height=layout.height_of(heights), tables=tables) as made:
        for panel, group in zip(layout.split(made.ax, titles, heights=heights), groups, strict=True):
            if group["quantity"].iloc[0] == "killed":
                _alarms(panel, group, wrong)
            published.draw_panel(panel, group, unit="")
        made.finish(
            title=_title(rows),
            caption=_caption(rows, wrong),
            rows=[behind(rows, "fighter_estimates", "figure")],
            key=published.key_of(rows) + (_key() if len(wrong) else []),
        )
    return made.ax


def _of_the_story(tables: Tables) -> pd.DataFrame:
    """Return the figures about the actor of the story, in the scope of countries that has the most."""
    table = everybody(tables.fighter_estimates)
    about = table["actor_id"] == tables.story_actor
    rows = table[about & table["place_id"].isna() & table["quantity"].isin(PANELS)]
    if rows.empty:
        msg = "These tables have no figures about an actor of their story. Pass rows of one actor and one scope."
        raise TableError(msg)
    return pd.DataFrame(rows[rows["scope"] == rows["scope"].mode().iloc[0]])


def _of_one_scope(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of these quantities, or say what keeps them out of one picture."""
    kept = rows[rows["quantity"].isin(PANELS)]
    if kept.empty:
        msg = f"No rows of {', '.join(PANELS)} to draw. Check the filter, or start from load_fighter_estimates()."
        raise TableError(msg)
    for column in ("actor_id", "scope", "place_id"):
        if len(set(kept[column].fillna(""))) > 1:
            values = ", ".join(map(str, kept[column].drop_duplicates().head(4)))
            msg = f"Stock and flow must be of one {column}, not {values}: choose one."
            raise TableError(msg)
    return kept


def _that_matter(rows: pd.DataFrame, wrong: pd.DataFrame) -> pd.DataFrame:
    """Return all totals of killed and, where some cannot be, of the others only the figures in the sums."""
    named = rows["estimate_id"].isin(set(";".join(wrong["estimate_ids"]).split(";")))
    return rows if wrong.empty else rows[named | rows["quantity"].eq("killed")]


def _alarms(ax: Axes, killed: pd.DataFrame, wrong: pd.DataFrame) -> None:
    """Join the totals between which too many were killed."""
    x = dict(zip(killed["estimate_id"], marks.day_numbers(killed["date"]), strict=True))
    y = dict(zip(killed["estimate_id"], marks.middle(killed), strict=True))
    for ids in wrong["estimate_ids"].str.split(";"):
        here = [i for i in ids if i in x]
        points = [x[i] for i in here], [y[i] for i in here]
        ax.plot(*points, color=ALARM, linewidth=JOINED, zorder=Z.LINE)
        ax.plot(*points, linestyle="none", marker="o", markersize=RING, markerfacecolor="none", markeredgecolor=ALARM)


def _key() -> list[tuple[Line2D, str]]:
    return [(Line2D([], [], color=ALARM, linewidth=JOINED), "more killed than stock and inflow allow")]


def _title(rows: pd.DataFrame) -> str:
    shown = [word for quantity, word in WORDS.items() if quantity in set(rows["quantity"])]
    where = rows["place"].iloc[0] or rows["where"].iloc[0]
    return f"{rows['actor'].iloc[0]}, {where}: {listed(shown)}"


def _caption(rows: pd.DataFrame, wrong: pd.DataFrame) -> str:
    sums = [f"{text[0].upper()}{text[1:]}." for text in wrong["sum"]]
    parts = [
        f"{published.by_estimators(rows)},",
        f"as of {span_in_words(rows['date'])}, as their pages give them.",
        "Totals of killed can count from different days.",
        "Of stock and inflow only the figures in the sum are drawn." if len(wrong) else "",
        *sums,
        published.WHOSE,
    ]
    return " ".join(parts)

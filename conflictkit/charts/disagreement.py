"""All published figures of one time, each on its own line, sorted, by definition: where and why they disagree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from conflictkit.charts import _layout as layout
from conflictkit.charts import _published as published
from conflictkit.charts import _rows as rows_of
from conflictkit.charts._frame import picture
from conflictkit.charts._marks import middle
from conflictkit.charts._recorded import recorded
from conflictkit.dates import span_in_words
from conflictkit.evidence._rows import behind
from conflictkit.prose import counted, listed, number
from conflictkit.ranges import BOUNDS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from conflictkit.tables import Tables


DEFINITIONS = " within each definition; figures under different heads count different things"


@recorded
def plot_disagreement(
    estimates: pd.DataFrame | None = None, *, tables: Tables | None = None, ax: Axes | None = None
) -> Axes:
    """Plot the published figures of one time one below the other, sorted within each definition.

    Parameters
    ----------
    estimates
        Rows like those of ``load_fighter_estimates``, of the month or season in question; by default all of the tables.
    tables
        Names, colours and sources; the shipped tables by default.
    ax
        Axes to draw on; without it a new figure, as tall as its rows need.

    Returns
    -------
    Axes
        The axes given or made, with title, key and caption. The scale starts at zero; where the largest figure is more
        than 15 times the smallest, it is logarithmic and says so.

    Raises
    ------
    TableError
        If there is no row, or a row breaks the contract of the table.

    Notes
    -----
    A definition is an actor, a quantity and a scope; figures of different ones stand under different heads, with the
    factor between the largest and the smallest. They are sorted by the middle of each. Hollow are those by which the
    side that speaks gains, beside the other rows given.

    Examples
    --------
    >>> from conflictkit import load_fighter_estimates, plot_disagreement
    >>> table = load_fighter_estimates()
    >>> ax = plot_disagreement(table[table["as_of"].between("2014-09-01", "2014-09-30")])
    >>> " ".join(ax.get_title(loc="left").split())
    'Islamic State: 4 published figures of 11 September 2014 to 15 September 2014'
    """
    rows, tables = published.figures_in_hand(estimates, tables, what="plot_disagreement")
    drawn, heads = _lines(rows)
    title = f"{listed(drawn['actor'])}: {counted(len(drawn), 'published figure')} of {span_in_words(drawn['date'])}"
    if len(heads) == 1:  # which the title is then
        title, drawn, heads = published.with_range(published.title(drawn), drawn), drawn.assign(y=drawn["y"] - 1), []
    beside = rows_of.Beside(rows_of.names(drawn), drawn["figure"].tolist())
    tall = rows_of.height_of(len(drawn) + len(heads))
    with picture(ax, height=tall, tables=tables) as made:
        rows_of.draw_rows(made.ax, drawn, beside, heads=heads, unit="people")
        made.finish(
            title=title,
            caption=(
                f"{published.by_estimators(drawn)}, as the pages give them, sorted{DEFINITIONS if heads else ''}. "
                f"{published.WHOSE}{layout.selection(estimates, tall, published.SELECT)}"
            ),
            rows=[behind(drawn, "fighter_estimates", "figure")],
            key=published.key_of(drawn, in_rows=True),
            below=rows_of.UNDER_SCALE,
        )
    return made.ax


def _lines(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[tuple[float, str]]]:
    """Return the rows in the order of their lines, and the heads above them."""
    place = rows["place"]
    rows = rows.assign(middle=middle(rows), who=(place + ": ").where(place.ne(""), "") + rows["estimator"])
    groups = [group for _, group in rows.groupby(["order", "actor_id", "quantity", "scope"], sort=False)]
    groups.sort(key=lambda group: (group["order"].iloc[0], -len(group), str(group["scope"].iloc[0])))
    heads: list[tuple[float, str]] = []
    parts, y = [], 0
    for group in groups:
        heads.append((float(y), f"{published.title(group)}{_factor(group)}"))
        ordered = group.sort_values(["middle", "estimator", "as_of"], kind="stable")
        parts.append(ordered.assign(y=[float(y + 1 + i) for i in range(len(group))]))
        y += len(group) + 1
    return pd.concat(parts, ignore_index=True), heads


def _factor(group: pd.DataFrame) -> str:
    """Return how far the figures of a definition are apart; nothing for figures of different places."""
    values = group[list(BOUNDS)]
    least, most = values.min().min(), values.max().max()
    if len(group) == 1 or not least or len(set(group["place_id"].dropna())) > 1:
        return ""
    return f", largest {number(most / least)} times the smallest"

"""All published figures of one time, each on its own line, sorted, by definition: where and why they disagree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from conflictkit.charts import estimates, forest, frame, style
from conflictkit.prose import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_disagreement(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Plot the published figures of one time one below the other, sorted within each definition.

    Parameters
    ----------
    rows
        Rows like those of ``load_fighter_estimates``, of the month or season in question.
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
        If there is no row, or a column is missing.
    EstimateError
        If a row has no usable number.

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
    >>> ax.get_title(loc="left")
    'Islamic State: 3 published figures of 11 September 2014'
    """
    from matplotlib.pyplot import rc_context

    drawn, heads = _lines(estimates.prepared(rows))
    columns = forest.Columns(forest.names(drawn), style.figures(drawn))
    with rc_context(style.RC):
        ax = frame.new_axes(ax, size=(10, forest.height(len(drawn) + len(heads))))
        forest.draw(ax, drawn, columns, heads=heads, unit="people")
        actors = style.listed(drawn["actor"])
        count = f"{len(drawn)} published figure{'s' if len(drawn) != 1 else ''}"
        forest.finish(
            ax,
            drawn,
            title=f"{actors}: {count} of {style.span(drawn['date'])}",
            caption=(
                f"{count[0].upper()}{count[1:]} by {drawn['estimator'].nunique()} estimators, as the pages give them, "
                "sorted within each definition; figures under different heads count different things. "
                f"Colour: whose side the estimator speaks for. {style.credit(drawn['source_id'])}"
            ),
            key=estimates.key_of(drawn.assign(date_prec="day")),
        )
    return ax


def _lines(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[tuple[float, str]]]:
    """Return the rows in the order of their lines, and the heads above them."""
    rows = rows.assign(middle=rows["best"].fillna(rows[["low", "high"]].mean(axis=1)))
    place = rows["label"].where(rows["place_id"].notna(), "").str.partition(": ")[0]
    rows = rows.assign(who=(place + ": ").where(place.ne(""), "") + rows["estimator"])
    groups = [group for _, group in rows.groupby(["order", "actor_id", "quantity", "scope"], sort=False)]
    groups.sort(key=lambda group: (group["order"].iloc[0], -len(group), str(group["scope"].iloc[0])))
    heads: list[tuple[float, str]] = []
    parts, y = [], 0
    for group in groups:
        heads.append((float(y), f"{estimates.title(group)}{_factor(group)}"))
        ordered = group.sort_values(["middle", "estimator", "as_of"], kind="stable")
        parts.append(ordered.assign(y=[float(y + 1 + i) for i in range(len(group))]))
        y += len(group) + 1
    return pd.concat(parts, ignore_index=True), heads


def _factor(group: pd.DataFrame) -> str:
    least, most = group[["low", "best", "high"]].min().min(), group[["low", "best", "high"]].max().max()
    if len(group) == 1 or not least or len(set(group["place_id"].dropna())) > 1:
        return ""
    return f", largest {number(most / least)} times the smallest"

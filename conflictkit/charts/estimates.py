"""Published figures over time: how many, according to whom, and whose side the estimator speaks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conflictkit.charts import _layout as layout
from conflictkit.charts import _published as published
from conflictkit.charts._frame import picture
from conflictkit.charts._recorded import recorded
from conflictkit.dates import span_in_words
from conflictkit.evidence._rows import behind
from conflictkit.prose import counted

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from conflictkit.tables import Tables


@recorded
def plot_estimates(
    estimates: pd.DataFrame | None = None, *, tables: Tables | None = None, ax: Axes | None = None
) -> Axes:
    """Plot published figures of fighters over time, by whose side the estimator speaks for.

    Parameters
    ----------
    estimates
        Rows like those of ``load_fighter_estimates``; by default all of the tables. What must not be mixed gets its own
        panel: one for each actor, quantity and scope. Choose one of each for a single large panel.
    tables
        Names, colours and sources; the shipped tables by default.
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
        If there is no row, or a row breaks the contract of the table.

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
    >>> towns = estimates[estimates["place_id"].isin(["al-qaim", "abu-kamal"]) & (estimates["quantity"] == "fighters")]
    >>> plot_estimates(towns).get_title(loc="left")
    'Islamic State: fighters, single places: 5 figures from 1,000 to 3,500'
    """
    rows, tables = published.figures_in_hand(estimates, tables, what="plot_estimates")
    groups = [group for _, group in rows.groupby(["order", "actor_id", "scope"], sort=False)]
    groups.sort(key=lambda group: (group["order"].iloc[0], -len(group)))
    alone = len(groups) == 1
    titles = [published.title(group) + ("" if alone else published.scale(group)) for group in groups]
    heights = [published.height(group) for group in groups]
    with picture(ax, height=layout.height_of(heights), tables=tables) as made:
        for panel, group in zip(layout.split(made.ax, titles, heights=heights), groups, strict=True):
            unit = f"{published.quantity(group)}{published.scale(group)}" if alone else ""
            published.draw_panel(panel, group, unit=unit)
        made.finish(
            title=published.with_range(titles[0], rows)
            if alone
            else f"{counted(len(rows), 'published figure')} in {len(groups)} panels that must not be mixed",
            caption=_caption(rows, alone=alone)
            + layout.selection(estimates, layout.height_of(heights), published.SELECT),
            rows=[behind(rows, "fighter_estimates", "figure")],
            key=published.key_of(rows),
        )
    return made.ax


def _caption(rows: pd.DataFrame, *, alone: bool) -> str:
    parts = [
        f"{published.by_estimators(rows)}, as of {span_in_words(rows['date'])},",
        "each as its page gives it: nothing is averaged, pooled or joined. Those of one time stand side by side.",
        published.WHOSE,
        "" if alone else "Panels have their own scales and must not be added.",
    ]
    return " ".join(parts)

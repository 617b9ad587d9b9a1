"""The order of battle of a day as a picture: the tree at the left, strengths as ranges at the right."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.ticker import FixedLocator

from conflictkit import look
from conflictkit.charts import _marks as marks
from conflictkit.charts import _rows as rows_of
from conflictkit.charts._frame import picture
from conflictkit.charts._layout import Z, settle
from conflictkit.charts._recorded import recorded
from conflictkit.charts._settings import slant
from conflictkit.dates import iso
from conflictkit.errors import TableError
from conflictkit.prose import NO_FIGURE, counted, listed
from conflictkit.ranges import ranges_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

    from conflictkit.deployments._order import OrderOfBattle
    from conflictkit.tables import Tables

ROW, AROUND = 0.2, 1.9  # inches of a row, and of what is around the rows
TREE = 0.5  # of the width: the tree; the rest is the scale of strengths
INDENT = 0.022  # of the width, for each level
LEAST, DECADE_ROOM = 10.0, 3.6  # the scale begins at a power of ten below the least figure; room for an arrow
NO_FIGURES = (100.0, 1000.0)  # the scale where there is no figure at all
PAST_MARK, PAST_ARROW = 9.0, 20.0  # points from a mark to its figure
HALF = 0.5  # of the forces of a side: with fewer figures, their sum is no strength of it
SHORTEST = 4  # letters of a name that is cut: fewer say nothing


@recorded
def plot_order_of_battle(order: OrderOfBattle, *, tables: Tables | None = None, ax: Axes | None = None) -> Axes:
    """Plot an order of battle: sides, forces and parts as a tree, with their strengths as ranges.

    Parameters
    ----------
    order
        What ``order_of_battle`` returns.
    tables
        Colours and sources; by default those that the order was made from.
    ax
        Axes to draw on; without it a new figure, as high as the tree needs.

    Returns
    -------
    Axes
        It carries title, key and caption; its one ``child_axes`` has the strengths, on a logarithmic scale.

    Raises
    ------
    TableError
        If no force is reported.

    Notes
    -----
    A row of strength is the sum over the branch, under the rules of ``order_of_battle``: a figure that another one
    includes is drawn at its own row, and not added above. A side says how many of its forces have a figure, in grey if
    fewer than half do. Forces without a figure are counted below their side; printed, the order names them all. A force
    in italics is there only through its parts.

    Examples
    --------
    >>> from conflictkit import order_of_battle, plot_order_of_battle
    >>> plot_order_of_battle(order_of_battle("2017-11-03", "isis")).get_title(loc="left")
    '1 of 1 force has a figure: order of battle on 3 November 2017, as reported'
    """
    tables = tables or order.tables
    if order.frame.empty:
        msg = f"No force is reported on {iso(order.date)}: nothing to draw. Try another day, side or place."
        raise TableError(msg)
    paints = look.palette(tables.actors)
    frame = _folded(order.frame)
    rows = frame.assign(
        figure=pd.Series(ranges_of(frame, prefix="strength_"), index=frame.index, dtype="object"),
        color=[paints[actor].ink if actor in paints else look.INK for actor in frame["actor_id"]],
        name=[
            name if folded or actor not in paints else paints[actor].short
            for name, actor, folded in zip(frame["name"], frame["actor_id"], frame["folded"], strict=True)
        ],
    )
    with picture(ax, height=AROUND + ROW * (len(rows) + 1), tables=tables) as made:
        made.ax.set_axis_off()
        made.ax.set_xlim(0, 1)
        rows_of.in_rows(made.ax, len(rows))
        _tree(made.ax, rows)
        _strengths(made.ax.inset_axes((TREE, 0, 1 - TREE, 1)), rows)
        made.finish(
            title=_title(order),
            caption=(
                f"People, on a logarithmic scale. {order.rule} Names in italics: not reported itself, only its parts. "
                f"Rows whose figure includes others: {int(rows['overlaps'].ne('').sum())}."
            ),
            rows=[order.rows],
            key=marks.key_kinds({marks.kind_of(figure) for figure in rows["figure"]}, in_rows=True),
        )
    return made.ax


def _title(order: OrderOfBattle) -> str:
    """Return how many of the forces have a figure, and of what day."""
    sides = order.frame[order.frame["level"] == 0]
    known, all_of = int(sides["with_figure"].sum()), int(sides["forces"].sum())
    has = "has" if known == 1 else "have"
    return f"{known} of {counted(all_of, 'force')} {has} a figure: {order.title[:1].lower()}{order.title[1:]}"


def _folded(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with a figure, under their sides; of the others, one row a side that counts and names them."""
    parts = []
    for _, side in frame.groupby(frame["level"].eq(0).cumsum(), sort=False):
        shown = side[side["level"].eq(0) | side["with_figure"].gt(0)]
        silent = side[side["reported"] & side["with_figure"].eq(0)]
        parts.append(shown.assign(folded=False))
        if len(silent):
            words = f"{len(silent)} without a figure: {listed(silent['name'])}"
            parts.append(silent.head(1).assign(level=1, name=words, folded=True))
    return pd.concat(parts, ignore_index=True)


def _tree(ax: Axes, rows: pd.DataFrame) -> None:
    """Write the names, each under the force that it belongs to, with lines that lead there."""
    levels = rows["level"].tolist()
    shown = zip(levels, rows["name"], rows["reported"], rows["folded"], strict=True)
    for y, (level, name, reported, folded) in enumerate(shown):
        if level == 0:
            rows_of.stripe(ax, y)
        else:
            above = max(i for i in range(y) if levels[i] == level - 1)
            x = INDENT * (level - 1) + 0.5 * INDENT
            ax.plot([x, x, x + 0.6 * INDENT], [above + 0.35, y, y], color=look.MUTED, linewidth=0.6, zorder=Z.LINE)
        face: dict[str, Any] = (
            {"fontweight": "bold"} if level == 0 else {"style": "normal" if reported else slant(name)}
        )
        text = ax.text(
            INDENT * level + 0.006, y, name, va="center", fontsize=look.SMALL, zorder=Z.WORDS,
            color=look.MUTED if folded else look.INK, **face,
        )  # fmt: skip
        text.set_in_layout(False)
        _shorten(ax, text, 1.0 if folded else TREE - 0.01)


def _shorten(ax: Axes, text: Text, right: float) -> None:
    """Cut a name that would run into the scale."""
    settle(ax)
    words = text.get_text()
    limit = ax.transAxes.transform((right, 0))[0]
    while text.get_window_extent().x1 > limit and len(words) > SHORTEST:
        words = words[:-1]
        text.set_text(words.rstrip() + "\N{HORIZONTAL ELLIPSIS}")


def _strengths(ax: Axes, rows: pd.DataFrame) -> None:
    """Draw each row's strength: a bar for a range, a mark for a figure, an arrow for a bound, or the words."""
    ends = [end for figure in rows["figure"] for end in figure.bounds if not isnan(end)] or NO_FIGURES
    ax.set_xscale("log")
    ax.set_xlim(10 ** np.floor(np.log10(max(min(ends), LEAST)) - 0.3), max(ends) * 10**DECADE_ROOM)
    rows_of.in_rows(ax, len(rows))
    columns = ("figure", "color", "level", "folded", "with_figure", "forces")
    for y, row in enumerate(zip(*(rows[column] for column in columns), strict=True)):
        figure, color, level, folded, known, forces = row
        if level == 0:
            rows_of.stripe(ax, y)
        if folded:
            continue
        few = level == 0 and known < HALF * forces
        coverage = f" ({known} of {counted(forces, 'force')})" if level == 0 else ""
        if not figure.known:
            _say(ax, NO_FIGURE + coverage, (0, y), right=3, xycoords=("axes fraction", "data"), color=look.MUTED)
            continue
        rows_of.draw_mark(ax, y, figure, color=look.MUTED if few else color)
        right = PAST_ARROW if marks.kind_of(figure) == marks.AT_LEAST else PAST_MARK
        end = figure.low if isnan(figure.high) else figure.high
        weight = "bold" if level == 0 and not few else "normal"
        ink = look.MUTED if few else look.INK
        _say(ax, f"{figure}{coverage}", (end, y), right=right, fontweight=weight, color=ink)
    ax.set_yticks([])
    ax.minorticks_off()
    low, high = np.log10(ax.get_xlim()[0]), np.log10(max(ends))
    # every decade, or every second where the numbers would touch
    apart = np.log10(ax.get_xlim()[1] / ax.get_xlim()[0]) / rows_of.numbers_in(ax, 10 ** np.floor(high))
    every = int(np.ceil(apart))
    ax.xaxis.set_major_locator(FixedLocator((10 ** np.arange(np.ceil(low), np.ceil(high) + 1, every)).tolist()))
    rows_of.value_axis(ax, size=look.SMALL)
    ax.set_facecolor("none")


def _say(ax: Axes, words: str, point: tuple[float, float], *, right: float, **options: Any) -> None:  # noqa: ANN401 - those of matplotlib's annotate
    """Write words to the right of a point."""
    ax.annotate(
        words, point, xytext=(right, 0), textcoords="offset points", va="center", zorder=Z.WORDS,
        **{"fontsize": look.SMALL, "color": look.INK, **options},
    )  # fmt: skip

"""Who was present when: a bar for each report of a force, by side; what is assumed fades."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from conflictkit import look
from conflictkit.charts import _layout as layout
from conflictkit.charts import _marks as marks
from conflictkit.charts import _rows as rows_of
from conflictkit.charts._frame import date_axes, picture
from conflictkit.charts._layout import Z
from conflictkit.charts._recorded import recorded
from conflictkit.charts._settings import ordered
from conflictkit.dates import in_words, span_in_words, to_day
from conflictkit.deployments._presence import ASSUMED_DAYS, NO_SIDE, days_or_raise, intervals, rule
from conflictkit.errors import need
from conflictkit.evidence._rows import behind
from conflictkit.prose import counted
from conflictkit.tables import Tables

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from conflictkit.charts._frame import Key
    from conflictkit.dates import DateLike

ROW, AROUND = 0.2, 1.9  # inches of a row, and of what is around the rows
HALF = 0.32  # of a row: half the height of a bar
LETTERS = 36  # of a name: a division with its army
MARGIN = 0.02  # of the time shown, before the first report and after the last
SOLID, PALE, KEY_PALE = 0.6, 0.4, 0.25  # opacity of what a page says, of where the fading begins, of it in the key


@recorded
def plot_presence(
    deployments: pd.DataFrame | None = None,
    *,
    tables: Tables | None = None,
    assume_days: int | None = ASSUMED_DAYS,
    date: DateLike | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Plot which force was reported present when, one row a force, by side.

    Parameters
    ----------
    deployments
        Rows like those of ``load_deployments``; by default all of the tables.
    tables
        Names, colours, sides and sources; the shipped tables by default.
    assume_days
        For how many days a report without an end is taken to hold, as in ``deployments_at``; they are drawn fading.
    date
        A day to mark; None for none.
    ax
        Axes to draw on; without it a new figure, as high as the forces need.

    Returns
    -------
    Axes
        One row per force that the rows name, under its side, in the order of their first reports.

    Raises
    ------
    TableError
        If there are no rows, or a row breaks the contract of the table.
    UnknownNameError
        If `assume_days` is no number of days.
    DateError
        If the date cannot be read.

    Notes
    -----
    A bar runs from the report to the end that a source gives. Without one it is solid for the day, the month or the
    year of the report, and fades over the days that are assumed. A tick begins each report. Reports of one force at
    several places share its row. An empty stretch means that no page in the table reports the force, not that it was
    gone.

    Examples
    --------
    >>> from conflictkit import load_deployments, plot_presence
    >>> rows = load_deployments().query("place_id == 'mosul'")
    >>> [label.get_text() for label in plot_presence(rows).get_yticklabels()][:2]
    ['Islamic State', 'Government of Iraq']
    """
    days_or_raise(assume_days)
    day = None if date is None else to_day(date)
    tables = (tables or Tables.shipped()).replace(deployments=deployments)
    need(tables.deployments, (), what="plot_presence", like="load_deployments")
    rows = _prepared(tables, assume_days)
    lanes = _lanes(rows, tables)
    with picture(ax, height=AROUND + ROW * len(lanes), tables=tables) as made:
        _draw(made.ax, rows, lanes)
        date_axes(made.ax, above=ROW * len(lanes) > layout.TALL)
        _name(made.ax, lanes)
        if day is not None:
            made.ax.axvline(marks.day_numbers(pd.Series([day]))[0], color=look.INK, linewidth=0.8, zorder=Z.WORDS)
        made.finish(
            title=_title(rows, day),
            caption=(
                f"{counted(len(rows), 'report')} of {counted(rows['actor_id'].nunique(), 'force')}, "
                f"{span_in_words(rows['valid_from'])}; reports from several places share a row. {rule(assume_days)} "
                "Empty: no page reports the force, which does not say that it was gone."
            ),
            rows=[behind(rows, "deployments", "bar of " + rows["name"])],
            key=_key(rows),
        )
    return made.ax


def _title(rows: pd.DataFrame, day: pd.Timestamp | None) -> str:
    """Return how many of the forces are reported for the day that is marked; without one, what is shown."""
    forces = rows["actor_id"].nunique()
    if day is None:
        return f"When {counted(forces, 'force')} {'was' if forces == 1 else 'were'} reported"
    number = marks.day_numbers(pd.Series([day]))[0]
    there = rows.loc[(rows["start"] <= number) & (rows["assumed"] >= number), "actor_id"].nunique()
    return f"{there} of {counted(forces, 'force')} reported for {in_words(day)} (line)"


def _prepared(tables: Tables, assume_days: int | None) -> pd.DataFrame:
    """Return the reports with the days between which each is certain, and assumed."""
    rows = tables.deployments
    days = intervals(rows, assume_days)
    # what counts for ever is drawn as far as the others go, its own report at least
    latest = days["sure"].clip(lower=days["sure"].max())
    paints = look.palette(tables.actors)
    return rows.assign(
        start=marks.day_numbers(days["start"]),
        sure=marks.day_numbers(days["sure"]),
        assumed=marks.day_numbers(days["end"].fillna(latest)),
        open=rows["valid_to"].isna(),
        side=rows["actor_id"].map(tables.actors.set_index("actor_id")["side"]).fillna(NO_SIDE),
        color=[paints[actor].ink for actor in rows["actor_id"]],
        name=[_called(paints[actor]) for actor in rows["actor_id"]],
    )


def _lanes(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Return the rows of the chart from top to bottom: each side, then its forces; names and heights."""
    paints = look.palette(tables.actors)
    order = list(paints).index
    lanes: list[dict[str, Any]] = []
    for side in tables.ordered_sides(rows["side"]):
        lanes.append({"actor_id": None, "name": tables.side_name(side)})
        first = rows[rows["side"] == side].groupby("actor_id")["start"].min()
        forces = sorted(first.index, key=lambda actor: (first[actor], order(actor)))
        lanes += [{"actor_id": actor, "name": _called(paints[actor])} for actor in forces]
    return pd.DataFrame(lanes).assign(y=range(len(lanes)))


def _called(paint: look.Paint) -> str:
    """Return the name of a force as the order of battle has it; a longer one as in a key."""
    return paint.name if len(paint.name) <= LETTERS else paint.short


def _draw(ax: Axes, rows: pd.DataFrame, lanes: pd.DataFrame) -> None:
    """Draw a bar for each report, fading over the days that are assumed, with a tick where it begins."""
    y = rows["actor_id"].map(lanes.dropna(subset=["actor_id"]).set_index("actor_id")["y"])
    bars = list(zip(rows["start"], rows["sure"], rows["assumed"], rows["open"], y, rows["color"], strict=True))
    marks.draw_bars(ax, [(a, b, at - HALF, at + HALF, color) for a, b, _, _, at, color in bars], alpha=SOLID)
    faint = [(b, c, at - HALF, at + HALF, color) for _, b, c, is_open, at, color in bars if is_open]
    marks.draw_fading(ax, faint, alpha=PALE)
    ax.vlines(rows["start"], y - HALF, y + HALF, color=rows["color"].tolist(), linewidth=1.4, zorder=Z.BAR)
    first, last = rows["start"].min(), rows["assumed"].max()
    ax.set_xlim(first - MARGIN * (last - first), last + MARGIN * (last - first))
    rows_of.in_rows(ax, len(lanes))


def _name(ax: Axes, lanes: pd.DataFrame) -> None:
    """Write the names of the forces at the left, and those of the sides above their rows, on a pale band."""
    forces = lanes.dropna(subset=["actor_id"])
    ax.set_yticks(forces["y"].tolist(), forces["name"].map(ordered).tolist())
    ax.grid(visible=False, axis="y")
    ax.grid(visible=True, axis="x", color=look.FAINT, linewidth=0.6)
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0, colors=look.INK, labelsize=look.SMALL)
    for name, y in lanes.loc[lanes["actor_id"].isna(), ["name", "y"]].to_numpy():
        rows_of.stripe(ax, y)
        ax.annotate(
            name, (0, y), xytext=(3, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
            va="center", fontsize=look.SMALL, fontweight="bold", color=look.INK, zorder=Z.WORDS,
        )  # fmt: skip


def _key(rows: pd.DataFrame) -> Key:
    key: list[tuple[Any, str]] = [
        (Line2D([], [], linestyle="none", marker="|", markersize=9, color=look.MUTED), "a report"),
        (Patch(color=look.MUTED, alpha=SOLID, linewidth=0), "as the page says"),
    ]
    if rows["open"].any():
        key.append((Patch(color=look.MUTED, alpha=KEY_PALE, linewidth=0), "fading: end not known, assumed"))
    return key

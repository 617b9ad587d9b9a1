"""Who was present when: a bar for each report of a force, by side; what is assumed fades."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from conflictkit.actors import ordered_sides, side_name
from conflictkit.charts import fading, frame, marks, style
from conflictkit.datasets import load_actors
from conflictkit.dates import last_day, to_day
from conflictkit.deployments._presence import ASSUMED_DAYS, days_or_raise, rule

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from conflictkit.dates import DateLike

NEEDED = ("actor_id", "place_id", "host_country", "valid_from", "valid_to", "date_prec", "source_id")
ROW, AROUND = 0.19, 1.8  # inches of a row, and of what is around the rows
HALF = 0.32  # of a row: half the height of a bar
SOLID, PALE = 0.85, 0.6  # opacity of what a page says, and of where the fading begins


def plot_presence(
    deployments: pd.DataFrame,
    *,
    assume_until: int | None = ASSUMED_DAYS,
    date: DateLike | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Plot which force was reported present when, one row a force, by side.

    Parameters
    ----------
    deployments
        Rows like those of ``load_deployments``.
    assume_until
        For how many days a report without an end is taken to hold, as in ``deployments_at``; they are drawn fading.
    date
        A day to mark; None for none.
    ax
        Axes to draw on; without it a new figure, as high as the forces need.

    Returns
    -------
    Axes
        One row per force that the frame names, under its side, in the order of the table of actors.

    Raises
    ------
    TableError
        If there are no rows, or a column is missing.
    UnknownNameError
        If a force is not in the table of actors, or `assume_until` is no number of days.
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
    ['Government of Iraq', 'Iraqi Army']
    """
    from matplotlib.pyplot import rc_context

    days_or_raise(assume_until)
    rows = _prepared(deployments, assume_until)
    lanes = _lanes(rows)
    with rc_context(style.RC):
        ax = frame.new_axes(ax, size=(10, AROUND + ROW * len(lanes)))
        _draw(ax, rows, lanes)
        frame.date_axes(ax)
        _name(ax, lanes)
        ax.grid(visible=False, axis="y")
        ax.grid(visible=True, axis="x", color=style.FAINT, linewidth=0.6)
        ax.spines["left"].set_visible(False)
        ax.tick_params(axis="y", length=0, colors=style.INK, labelsize=style.SMALL)
        if date is not None:
            ax.axvline(marks.day_numbers(pd.Series([to_day(date)]))[0], color=style.INK, linewidth=0.8, zorder=5)
        title = "Forces reported present" + (f"; the line is {style.day(to_day(date))}" if date is not None else "")
        caption = (
            f"{len(rows)} reports of {rows['actor_id'].nunique()} forces, {style.span(rows['valid_from'])}; reports "
            f"from several places share a row. {rule(assume_until)} Empty: no page reports the force, which does not "
            f"say that it was gone. {style.credit(rows['source_id'])}"
        )
        frame.finish(ax, title=title, caption=caption, sources=rows["source_id"], key=_key(rows))
    return ax


def _prepared(deployments: pd.DataFrame, assume_until: int | None) -> pd.DataFrame:
    """Return the rows with the days between which each is certain, and assumed."""
    frame.need(deployments, NEEDED, table="deployments")
    actors = load_actors().set_index("actor_id")
    for actor in deployments["actor_id"].unique():
        frame.known("actor", actor, actors.index)
    until = last_day(deployments["valid_from"], deployments["date_prec"]) + pd.Timedelta(days=1)
    sure = deployments["valid_to"].fillna(until)
    last = sure.max() if assume_until is None else None
    assumed = until + pd.Timedelta(days=assume_until or 0) if last is None else until.clip(lower=last)
    paints = style.palette()
    return deployments.assign(
        start=marks.day_numbers(deployments["valid_from"]),
        sure=marks.day_numbers(sure),
        assumed=marks.day_numbers(assumed.mask(deployments["valid_to"].notna(), sure)),
        open=deployments["valid_to"].isna(),
        side=deployments["actor_id"].map(actors["side"]).fillna("other"),
        color=[paints[actor].ink for actor in deployments["actor_id"]],
    )


def _lanes(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the chart from top to bottom: each side, then its forces; names and heights."""
    order = {actor: i for i, actor in enumerate(load_actors()["actor_id"])}
    paints = style.palette()
    lanes: list[dict[str, Any]] = []
    for side in ordered_sides(rows["side"]):
        lanes.append({"actor_id": None, "name": side_name(side)})
        forces = sorted(rows.loc[rows["side"] == side, "actor_id"].unique(), key=order.__getitem__)
        lanes += [{"actor_id": actor, "name": paints[actor].short} for actor in forces]
    return pd.DataFrame(lanes).assign(y=range(len(lanes)))


def _draw(ax: Axes, rows: pd.DataFrame, lanes: pd.DataFrame) -> None:
    height = lanes.dropna(subset=["actor_id"]).set_index("actor_id")["y"]
    y = rows["actor_id"].map(height)
    columns = [rows["start"], rows["sure"], rows["assumed"], rows["open"], y, rows["color"]]
    bars = list(zip(*columns, strict=True))
    fading.draw_bars(ax, [(a, b, at - HALF, at + HALF, color) for a, b, _, _, at, color in bars], alpha=SOLID)
    faint = [(b, c, at - HALF, at + HALF, color) for _, b, c, is_open, at, color in bars if is_open]
    fading.draw_fading(ax, faint, alpha=PALE)
    ax.vlines(rows["start"], y - HALF, y + HALF, color=rows["color"].tolist(), linewidth=1.4, zorder=3)
    pad = 0.02 * (rows["assumed"].max() - rows["start"].min())
    ax.set_xlim(rows["start"].min() - pad, rows["assumed"].max() + pad)
    ax.set_ylim(len(lanes) - 0.4, -0.6)


def _name(ax: Axes, lanes: pd.DataFrame) -> None:
    """Write the names of the forces at the left, and those of the sides above their rows, on a pale band."""
    forces = lanes.dropna(subset=["actor_id"])
    ax.set_yticks(forces["y"].tolist(), forces["name"].tolist())
    for name, y in lanes.loc[lanes["actor_id"].isna(), ["name", "y"]].to_numpy():
        ax.axhspan(y - 0.5, y + 0.5, color="#F2EFE9", zorder=1)
        ax.annotate(
            name, (0, y), xytext=(3, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
            va="center", fontsize=style.SMALL, fontweight="bold", color=style.INK, zorder=4,
        )  # fmt: skip


def _key(rows: pd.DataFrame) -> list[tuple[Any, str]]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    key: list[tuple[Any, str]] = [
        (Line2D([], [], linestyle="none", marker="|", markersize=9, color=style.MUTED), "a report"),
        (Patch(color=style.MUTED, alpha=SOLID, linewidth=0), "as the page says"),
    ]
    if rows["open"].any():
        key.append((Patch(color=style.MUTED, alpha=0.3, linewidth=0), "fading: end not known, assumed"))
    return key

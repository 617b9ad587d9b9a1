"""Who backs whom on a day: backers at the left, the forces they back at the right, a line for each pair."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from conflictkit import look
from conflictkit.charts import _rows as rows_of
from conflictkit.charts._frame import NO_TICKS, picture
from conflictkit.charts._layout import Z
from conflictkit.charts._recorded import recorded
from conflictkit.dates import in_words
from conflictkit.deployments._presence import NO_SIDE
from conflictkit.errors import need
from conflictkit.evidence._rows import behind
from conflictkit.prose import counted
from conflictkit.tables import Tables

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from conflictkit.charts._frame import Key

NEEDED = ("backer_id", "backer", "actor_id", "actor", "side", "host_country", "evidence", "since", "source_ids")
ROW, AROUND = 0.24, 1.7  # inches
LEFT, RIGHT = 0.29, 0.55  # of the width: where lines begin and end
LINES: dict[str, tuple[Any, str]] = {  # by evidence: dashes, words
    "report": ("solid", "reported then"),
    "standing": ((0, (3, 2)), "only in the table of actors, undated"),
}
THICK = 1.3  # points of a line


@recorded
def plot_backing(edges: pd.DataFrame, *, tables: Tables | None = None, ax: Axes | None = None) -> Axes:
    """Plot who backs whom: a line from each backer to each force that a page says it backs.

    Parameters
    ----------
    edges
        Rows like those of ``backing_at``.
    tables
        Names, colours and sources; the shipped tables by default.
    ax
        Axes to draw on; without it a new figure, as high as the forces need.

    Returns
    -------
    Axes
        Backers at the left; at the right the forces, by side, each with the year of the first report and the countries.

    Raises
    ------
    TableError
        If there are no rows, or a column is missing.

    Notes
    -----
    A full line rests on reports in force on the day, a dashed one only on the table of actors, which has no dates. An
    actor that backs and is backed stands on both sides. What the backing consists of is not told apart.

    Examples
    --------
    >>> from conflictkit import backing_at, plot_backing
    >>> ax = plot_backing(backing_at("2017-11-03"))
    >>> ax.get_title(loc="left")
    'Who was said to back whom on 3 November 2017'
    """
    need(edges, NEEDED, what="plot_backing", like="backing_at")
    tables = tables or Tables.shipped()
    right = _right(edges, tables)
    left = _left(edges, right, look.palette(tables.actors))
    with picture(ax, height=AROUND + ROW * len(right), tables=tables) as made:
        made.ax.set_axis_off()
        made.ax.set_xlim(0, 1)
        rows_of.in_rows(made.ax, len(right))
        _draw(made.ax, edges, left, right)
        when = f" on {in_words(edges.attrs['date'])}" if "date" in edges.attrs else ""
        made.finish(
            title=f"Who was said to back whom{when}",
            caption=(
                f"{counted(len(edges), 'pair')} of {counted(edges['backer_id'].nunique(), 'backer')} and "
                f"{counted(edges['actor_id'].nunique(), 'force')} that were reported. The year is that of the first "
                f"report in the table, not the beginning. {edges.attrs.get('rule', '')}"
            ),
            rows=_named(edges, tables),
            key=_key(set(edges["evidence"])),
            below=NO_TICKS,
        )
    return made.ax


def _named(edges: pd.DataFrame, tables: Tables) -> list[pd.DataFrame]:
    """Return the rows that name the pairs: reports, or the row of an actor."""
    line = edges["backer"] + " behind " + edges["actor"]
    reported = edges["deployment_ids"] if "deployment_ids" in edges else pd.Series("", index=edges.index)
    each = edges.assign(mark=line, deployment_id=reported.str.split(";")).explode("deployment_id", ignore_index=True)
    told = tables.deployments[["deployment_id", "source_id"]]
    reports = each[["mark", "deployment_id"]].merge(told, on="deployment_id")
    standing = edges.loc[edges["evidence"] == "standing", ["actor_id"]].assign(mark=line)
    actors = standing.merge(tables.actors[["actor_id", "source_id"]], on="actor_id")
    return [behind(reports, "deployments", reports["mark"]), behind(actors, "actors", actors["mark"])]


def _right(edges: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Return the rows at the right: each side, then the forces that are backed."""
    paints = look.palette(tables.actors)
    rank = {actor: i for i, actor in enumerate(paints)}
    edges = edges.assign(side=edges["side"].fillna(NO_SIDE))
    rows: list[dict[str, Any]] = []
    for side in tables.ordered_sides(edges["side"]):
        rows.append({"actor_id": None, "name": tables.side_name(side), "about": ""})
        own = edges[edges["side"] == side]
        for actor in sorted(own["actor_id"].unique(), key=lambda name: (rank.get(name, len(rank)), name)):
            pair = own[own["actor_id"] == actor]
            codes = sorted({code for cell in pair["host_country"] for code in cell.split(";") if code})
            since = f", since {pair['since'].min().year}" if pair["since"].notna().any() else ", undated"
            name = paints[actor].short if actor in paints else pair["actor"].iloc[0]
            rows.append({"actor_id": actor, "name": name, "about": tables.country_name(";".join(codes)) + since})
    return pd.DataFrame(rows).assign(y=range(len(rows)))


def _left(edges: pd.DataFrame, right: pd.DataFrame, paints: dict[str, look.Paint]) -> pd.DataFrame:
    """Return the backers, spread over the height in the order of the forces that they back."""
    at = right.dropna(subset=["actor_id"]).set_index("actor_id")["y"]
    middle = edges.assign(y=edges["actor_id"].map(at)).groupby("backer_id")["y"].mean()
    order = sorted(middle.index, key=lambda backer: (middle[backer], backer))
    step = (len(right) - 1) / max(len(order), 1)
    names = edges.drop_duplicates("backer_id").set_index("backer_id")["backer"]
    return pd.DataFrame(
        {
            "backer_id": order,
            "y": [(i + 0.5) * step for i in range(len(order))],
            "name": [paints[backer].short if backer in paints else names[backer] for backer in order],
            "color": [paints[backer].ink if backer in paints else look.INK for backer in order],
        }
    ).set_index("backer_id")


def _draw(ax: Axes, edges: pd.DataFrame, left: pd.DataFrame, right: pd.DataFrame) -> None:
    at = right.dropna(subset=["actor_id"]).set_index("actor_id")["y"]
    bend = 0.5 * (LEFT + RIGHT)
    for backer, actor, evidence in edges[["backer_id", "actor_id", "evidence"]].to_numpy():
        start, end, color = left.loc[backer, "y"], at[actor], left.loc[backer, "color"]
        path = Path([(LEFT, start), (bend, start), (bend, end), (RIGHT, end)], [1, 4, 4, 4])
        dash = LINES[evidence][0]
        ax.add_artist(
            PathPatch(path, facecolor="none", edgecolor=color, linewidth=THICK, linestyle=dash, zorder=Z.LINE)
        )
        ax.plot([RIGHT], [end], marker=">", markersize=4, color=color, zorder=Z.MARK)
    small: dict[str, Any] = {"textcoords": "offset points", "va": "center", "fontsize": look.SMALL, "color": look.INK}
    for name, y, color in left[["name", "y", "color"]].to_numpy():
        ax.plot([LEFT], [y], marker="o", markersize=5, color=color, zorder=Z.MARK)
        ax.annotate(name, (LEFT, y), xytext=(-7, 0), ha="right", **small)
    for actor, name, about, y in right[["actor_id", "name", "about", "y"]].to_numpy():
        if isinstance(actor, str):
            text = ax.annotate(name, (RIGHT, y), xytext=(7, 0), **small)
            ax.annotate(about, (1, 0), xycoords=(text, text), xytext=(7, 3.5), **small | {"color": look.MUTED})
        else:
            rows_of.stripe(ax, y, left=RIGHT - 0.01)
            ax.annotate(name, (RIGHT, y), xytext=(7, 0), fontweight="bold", **small)


def _key(present: set[str]) -> Key:
    return [
        (Line2D([], [], color=look.MUTED, linewidth=THICK, linestyle=dash), words)
        for kind, (dash, words) in LINES.items()
        if kind in present
    ]

"""Who backs whom on a day: backers at the left, the forces they back at the right, a line for each pair."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from conflictkit.actors import ordered_sides, side_name
from conflictkit.charts import frame, style
from conflictkit.datasets import load_actors

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NEEDED = ("backer_id", "backer", "actor_id", "actor", "side", "host_country", "evidence", "since", "source_ids")
ROW, AROUND = 0.24, 1.7  # inches
LEFT, RIGHT = 0.30, 0.58  # of the width: where lines begin and end
REPORTED, STANDING = "solid", (0, (3, 2))


def plot_backing(edges: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Plot who backs whom: a line from each backer to each force that a page says it backs.

    Parameters
    ----------
    edges
        Rows like those of ``backing_at``.
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
    from matplotlib.pyplot import rc_context

    frame.need(edges, NEEDED, table="deployments")
    rank = {actor: i for i, actor in enumerate(load_actors()["actor_id"])}
    right = _right(edges, rank)
    left = _left(edges, right)
    sources = pd.Series([name for cell in edges["source_ids"] for name in cell.split(";") if name], dtype="str")
    with rc_context(style.RC):
        ax = frame.new_axes(ax, size=(10, AROUND + ROW * len(right)))
        ax.set_axis_off()
        ax.set_xlim(0, 1)
        ax.set_ylim(len(right) - 0.4, -0.6)
        _draw(ax, edges, left, right)
        caption = (
            f"{len(edges)} pairs of {edges['backer_id'].nunique()} backers and {edges['actor_id'].nunique()} forces "
            "that were reported. The year is that of the first report in the table, not the beginning. "
            f"{edges.attrs.get('rule', '')} {style.credit(sources)}"
        )
        when = f" on {style.day(edges.attrs['date'])}" if "date" in edges.attrs else ""
        frame.finish(
            ax, title=f"Who was said to back whom{when}", caption=caption, sources=sources, key=_key(edges), below=8.0
        )
    return ax


def _right(edges: pd.DataFrame, rank: dict[str, int]) -> pd.DataFrame:
    """Return the rows at the right: each side, then the forces that are backed."""
    rows: list[dict[str, Any]] = []
    paints = style.palette()
    for side in ordered_sides(edges["side"].fillna("other")):
        rows.append({"actor_id": None, "name": side_name(side), "about": ""})
        own = edges[edges["side"].fillna("other") == side]
        for actor in sorted(own["actor_id"].unique(), key=lambda name: (rank.get(name, len(rank)), name)):
            pair = own[own["actor_id"] == actor]
            codes = sorted({code for cell in pair["host_country"] for code in cell.split(";") if code})
            where = " and ".join(style.COUNTRIES.get(code, code) for code in codes)
            since = f", since {pair['since'].min():%Y}" if pair["since"].notna().any() else ", undated"
            name = paints[actor].short if actor in paints else pair["actor"].iloc[0]
            rows.append({"actor_id": actor, "name": name, "about": where + since})
    return pd.DataFrame(rows).assign(y=range(len(rows)))


def _left(edges: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    """Return the backers, spread over the height in the order of the forces that they back."""
    at = right.dropna(subset=["actor_id"]).set_index("actor_id")["y"]
    middle = edges.assign(y=edges["actor_id"].map(at)).groupby("backer_id")["y"].mean()
    order = sorted(middle.index, key=lambda backer: (middle[backer], backer))
    step = (len(right) - 1) / max(len(order), 1)
    paints = style.palette()
    names = edges.drop_duplicates("backer_id").set_index("backer_id")["backer"]
    return pd.DataFrame(
        {
            "backer_id": order,
            "y": [(i + 0.5) * step for i in range(len(order))],
            "name": [paints[backer].short if backer in paints else names[backer] for backer in order],
            "color": [paints[backer].ink if backer in paints else style.INK for backer in order],
        }
    ).set_index("backer_id")


def _draw(ax: Axes, edges: pd.DataFrame, left: pd.DataFrame, right: pd.DataFrame) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    at = right.dropna(subset=["actor_id"]).set_index("actor_id")["y"]
    for backer, actor, evidence in edges[["backer_id", "actor_id", "evidence"]].to_numpy():
        start, end = left.loc[backer, "y"], at[actor]
        bend = 0.5 * (LEFT + RIGHT)
        path = Path([(LEFT, start), (bend, start), (bend, end), (RIGHT, end)], [1, 4, 4, 4])
        dash: Any = REPORTED if evidence == "report" else STANDING
        color = left.loc[backer, "color"]
        ax.add_artist(PathPatch(path, facecolor="none", edgecolor=color, linewidth=1.3, linestyle=dash, zorder=2))
        ax.plot([RIGHT], [end], marker=">", markersize=4, color=color, zorder=3)
    small: dict[str, Any] = {"textcoords": "offset points", "va": "center", "fontsize": style.SMALL, "color": style.INK}
    for name, y, color in left[["name", "y", "color"]].to_numpy():
        ax.plot([LEFT], [y], marker="o", markersize=5, color=color, zorder=3)
        ax.annotate(name, (LEFT, y), xytext=(-7, 0), ha="right", **small)
    for actor, name, about, y in right[["actor_id", "name", "about", "y"]].to_numpy():
        if isinstance(actor, str):
            text = ax.annotate(name, (RIGHT, y), xytext=(7, 0), **small)
            ax.annotate(about, (1, 0), xycoords=(text, text), xytext=(7, 3.5), **small | {"color": style.MUTED})
        else:
            ax.axhspan(y - 0.5, y + 0.5, xmin=RIGHT - 0.01, color="#F2EFE9", zorder=1)
            ax.annotate(name, (RIGHT, y), xytext=(7, 0), fontweight="bold", **small)


def _key(edges: pd.DataFrame) -> list[tuple[Any, str]]:
    from matplotlib.lines import Line2D

    kinds = {"report": (REPORTED, "reported then"), "standing": (STANDING, "only in the table of actors, undated")}
    present = set(edges["evidence"])
    return [
        (Line2D([], [], color=style.MUTED, linewidth=1.3, linestyle=dash), words)  # type: ignore[arg-type] # a dash
        for kind, (dash, words) in kinds.items()
        if kind in present
    ]

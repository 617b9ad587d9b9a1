"""Which rows, or pages, a holder's land hangs on most: what it would be without each."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from matplotlib.patches import Patch

from conflictkit import look
from conflictkit.charts import _rows as rows_of
from conflictkit.charts._frame import picture
from conflictkit.charts._labels import briefly
from conflictkit.charts._layout import Z, points_of, settle, slot
from conflictkit.charts._recorded import recorded
from conflictkit.dates import in_words, to_day
from conflictkit.errors import TerritoryError, known
from conflictkit.evidence._influence import influence
from conflictkit.evidence._rows import behind
from conflictkit.look import INK, MUTED, SMALL
from conflictkit.prose import KM2, counted, percent, shortened, significant
from conflictkit.tables import subject_of
from conflictkit.territory import Level, refuse_drawings

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from conflictkit.charts._frame import Key
    from conflictkit.dates import DateLike
    from conflictkit.territory import Territory

By = Literal["row", "source"]
MOST = 20  # bars: what can be read, and named in an editor's question
LABELS = 0.52  # of the width: names at the left
HALF = 0.34  # of a row: half the height of a bar
AIR = 1.25  # of the scale beyond the longest bar, for its figure


@recorded
def plot_influence(
    territory: Territory,
    date: DateLike,
    *,
    by: By = "row",
    actor_id: str | None = None,
    level: Level = "claimed",
    ax: Axes | None = None,
) -> Axes:
    """Plot what a holder's land hangs on: the twenty rows, or pages, without which it would change most.

    Parameters
    ----------
    territory
        Who held what, by places.
    date
        The day.
    by
        ``row`` leaves out one control change at a time, ``source`` all changes that rest on one page.
    actor_id
        The holder; by default the actor of the tables' story.
    level
        ``claimed`` or ``core``.
    ax
        Axes to draw on; without it a new figure.

    Returns
    -------
    Axes
        It carries title and caption; its ``child_axes`` has the bars, the longest at the top: to the left what the
        holder would lose without it, to the right what it would gain, in km2.

    Raises
    ------
    DateError
        If the date cannot be read or is not covered.
    UnknownNameError
        If `by`, the level or the holder is unknown.
    TerritoryError
        If the land is drawn, or nothing that can be left out moves the holder's land.

    Notes
    -----
    The figures are those of ``what_if``, for each row alone: without a change, the holder before it holds on, and the
    cell of the place is his. Two rows left out together can move more than the sum, or less. First holders of places
    are not left out.

    Examples
    --------
    >>> from conflictkit import Territory, plot_influence
    >>> plot_influence(Territory.from_places(), "2016-01-01").get_title(loc="left")
    'No row moves more than 4 % of the claimed land of Islamic State, 1 Jan 2016'
    """
    known("by", by, get_args(By))
    known("level", level, get_args(Level))
    if not territory.has_places:
        refuse_drawings("plot_influence")
    day, whose = territory.day(to_day(date)), subject_of(territory.tables, actor_id, territory.actor_ids)
    moves = influence(territory, day, whose, by=by, level=level)
    if moves.empty:
        msg = f"No {by} that can be left out moves the {level} land of {whose} on {in_words(day)}."
        raise TerritoryError(msg)
    shown, paints = moves.head(MOST), look.palette(territory.actors)
    land = territory.area(day, level=level).query("scope == 'all' and actor_id == @whose")["area_km2"].sum()
    share = abs(float(shown["difference_km2"].iloc[0])) / max(land, 1.0)
    with picture(ax, height=rows_of.height_of(len(shown)), tables=territory.tables) as made:
        made.ax.set_axis_off()
        settle(made.ax)
        letters = int(LABELS * points_of(made.ax, slot(made.ax).width) / rows_of.LETTER)
        # the name gives way: who holds, when and how sure tell one row of a place from another
        labels = [shortened(name, letters - len(rest)) + rest for name, rest in _labels(shown, territory, by, whose)]
        _draw(made.ax.inset_axes((LABELS, 0, 1 - LABELS, 1)), shown, labels, paints[whose].ink)
        made.finish(
            title=_title(f"{level} land of {paints[whose].name}", share, day, by),
            caption=_caption(moves, by),
            rows=[behind(_behind(shown, territory, day, by), "control_changes", "bar")],
            key=_key(shown, by, paints[whose].ink),
            below=rows_of.UNDER_SCALE,
        )
    return made.ax


def _labels(shown: pd.DataFrame, territory: Territory, by: By, whose: str) -> list[tuple[str, str]]:
    """Return what each bar is called: its name, and what follows it."""
    if by == "source":
        pages = territory.tables.sources.set_index("source_id")
        publishers = shown["source_id"].map(pages["publisher"]).fillna(shown["source_id"])
        days = shown["source_id"].map(pages["published_date"])
        dated = [f", {in_words(day, short=True)}" if day == day else "" for day in days]  # noqa: PLR0124 - NaT is not itself
        return [
            (publisher, f"{told} ({counted(rows, 'row')})")
            for publisher, told, rows in zip(publishers, dated, shown["rows"].tolist(), strict=True)
        ]
    names = shown["place_id"].map(territory.tables.places.set_index("place_id")["name"])
    key = ["place_id", "valid_from"]
    rows = shown[key].merge(territory.control_changes[[*key, "to_actor", "confidence"]], on=key, how="left")
    taken = ["" if actor == whose else f" to {briefly(actor, territory.tables)}" for actor in rows["to_actor"]]
    return [
        (name, f"{to}, {in_words(day, short=True)}, {confidence}")
        for name, to, day, confidence in zip(names, taken, rows["valid_from"], rows["confidence"], strict=True)
    ]


def _draw(ax: Axes, shown: pd.DataFrame, labels: list[str], color: str) -> None:
    """Draw a bar a row, its name at the left and its figure at its end."""
    km2 = shown["difference_km2"].to_numpy()
    lost = km2 < 0
    y = np.arange(len(km2), dtype=float)
    ax.barh(
        y, km2, height=2 * HALF, color=[color if gone else "white" for gone in lost], edgecolor=color, linewidth=0.9,
        zorder=Z.BAR,
    )  # fmt: skip
    rows_of.in_rows(ax, len(km2))
    reach = AIR * float(np.abs(km2).max())
    ax.set_xlim(-reach if lost.any() else 0, reach if (~lost).any() else 0)
    for at, label, value in zip(y, labels, km2.tolist(), strict=True):
        ax.annotate(
            label, (0, at), xycoords=("axes fraction", "data"), xytext=(-6, 0), textcoords="offset points", ha="right",
            va="center", fontsize=SMALL, color=INK, parse_math=False, annotation_clip=False,
        )  # fmt: skip
        ax.annotate(
            significant(abs(value)), (value, at), xytext=(-3 if value < 0 else 3, 0), textcoords="offset points",
            ha="right" if value < 0 else "left", va="center", fontsize=SMALL, color=MUTED, parse_math=False,
        )  # fmt: skip
    rows_of.value_axis(ax, KM2)
    ax.xaxis.set_major_formatter(lambda value, _: f"{abs(value):,.0f}")  # the side tells the sign, as at the bars
    ax.set_yticks([])
    ax.axvline(0, color=INK, linewidth=0.8, zorder=Z.MARK)


def _what(by: By) -> str:
    return "row" if by == "row" else "page"


def _title(land: str, share: float, day: pd.Timestamp, by: By) -> str:
    """Return how much of the land hangs on what moves most, rounded up: it moves no more than that."""
    step = 0.01 if share >= 0.01 else 0.001  # noqa: PLR2004 - as a percentage is written
    most = percent(step * ceil(share / step))
    return f"No {_what(by)} moves more than {most} of the {land}, {in_words(day, short=True)}"


def _key(shown: pd.DataFrame, by: By, color: str) -> Key:
    """Return what the bars that are there mean."""
    lost = shown["difference_km2"] < 0
    left_out = f"the {_what(by)}"
    told = [
        (lost.any(), color, f"land that it would not have without {left_out}"),
        ((~lost).any(), "white", f"land that it would have without {left_out}"),
    ]
    return [(Patch(facecolor=face, edgecolor=color), words) for there, face, words in told if there]


def _caption(moves: pd.DataFrame, by: By) -> str:
    """Return what was left out, and how much more there is."""
    what = "control change" if by == "row" else "page"
    rest = len(moves) - MOST
    more = f" {rest:,} more move less." if rest > 0 else ""
    with_it = "" if by == "row" else " with all changes that rest on it"
    count = counted(min(len(moves), MOST), what)
    return (
        f"Each bar leaves out one {what}{with_it}: the holder before holds on. The {count} that move most.{more} Two "
        "left out together can move more than the sum, or less."
    )


def _behind(shown: pd.DataFrame, territory: Territory, day: pd.Timestamp, by: By) -> pd.DataFrame:
    """Return the control changes behind the bars."""
    table = territory.control_changes
    if by == "source":
        up_to = table["valid_from"].le(day) & table["event"].ne("initial")
        return table[up_to & table["source_id"].isin(shown["source_id"])]
    return shown[["place_id", "valid_from"]].merge(table, on=["place_id", "valid_from"], how="left")

"""Events over time by kind or by side, and their dead with the range of the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from conflictkit import look
from conflictkit.charts import _layout as layout
from conflictkit.charts import _marks as marks
from conflictkit.charts._frame import count_axis, date_axes, picture
from conflictkit.charts._layout import Z
from conflictkit.charts._recorded import recorded
from conflictkit.dates import span_in_words
from conflictkit.errors import TableError, known, need
from conflictkit.events import count_events
from conflictkit.evidence._rows import behind
from conflictkit.prose import counted, listed
from conflictkit.ranges import BOUNDS
from conflictkit.tables import Tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from conflictkit.charts._frame import Key

FREQ = {"D": ("day", 1), "W": ("week", 7), "MS": ("month", 28), "QS": ("quarter", 90), "YS": ("year", 365)}
MOST = 6  # values with a colour of their own
OTHER, UNSAID = "other", "not said"
# Okabe and Ito's colours in an order in which neighbours differ in lightness too; hatches for those who see no colour.
PAINTS = (
    ("#0072B2", ""),
    ("#E69F00", "///"),
    ("#56B4E9", ""),
    ("#D55E00", "..."),
    ("#009E73", ""),
    ("#CC79A7", "\\\\\\"),
)
REST = ("#B0B0B0", "")
A_MONTH = 28  # days at least
EVENTS_HIGH, DEAD_HIGH = 3.2, 2.0  # inches of the two panels
DEAD = "#7A7A7A"


class Bars(NamedTuple):
    """Counts by date (rows) and value (columns), the sums of the dead by date, and how each value is drawn."""

    events: pd.DataFrame
    dead: pd.DataFrame
    paints: dict[str, tuple[str, str]]
    undated: int


@recorded
def plot_events(
    events: pd.DataFrame,
    *,
    by: str = "event_type",
    freq: str = "MS",
    tables: Tables | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Plot how many events there were, by kind or side, and below it how many people died in them.

    Parameters
    ----------
    events
        Rows like those of ``read_events``.
    by
        The column that parts the bars: ``event_type``, ``actor1``, ``actor2``, ``country`` ... The six values with most
        events have a colour, the others are one. Ids of actors have the colours of their table.
    freq
        ``"D"``, ``"W"``, ``"MS"``, ``"QS"`` or ``"YS"``: what a bar stands for.
    tables
        Names and colours of actors; the shipped tables by default.
    ax
        Axes to draw on; without it a new figure.

    Returns
    -------
    Axes
        The axes given or made, with title, key and caption; the panels are its ``child_axes``. Where no event has a
        figure of dead there is one panel, the axes itself.

    Raises
    ------
    TableError
        If there is no row, a column is missing, or no event has a day.
    UnknownNameError
        If `freq` is unknown.

    Notes
    -----
    Bars of the dead are sums of ``best``, lines those of ``low`` and ``high``: the bounds of the sum if all figures
    were off in the same direction. An event over several months counts where it begins. How many events a data set has
    follows how it counts and what was reported: bars of two data sets cannot be compared.

    Examples
    --------
    >>> import pandas as pd
    >>> events = pd.DataFrame({
    ...     "event_date": pd.to_datetime(["2017-10-03", "2017-11-03"]), "latitude": 34.4, "longitude": 40.9,
    ...     "low": [1, 2], "best": [2, 2], "high": [4, 3], "event_type": ["battle", "air strike"],
    ... })
    >>> plot_events(events).get_title(loc="left")
    '2 events from 3 October 2017 to 3 November 2017, by event type'
    """
    need(events, ["event_date", by], what="plot_events", like="read_events")
    known("freq", freq, FREQ)
    tables = Tables.shipped() if tables is None else tables
    bars = _bars(events, by, freq, tables)
    has_dead = bool(bars.dead.notna().any().any())
    heights = [EVENTS_HIGH, DEAD_HIGH] if has_dead else [EVENTS_HIGH]
    unit, _ = FREQ[freq]
    titles = [f"Events a {unit}", f"Deaths a {unit}"][: len(heights)]
    names = tables.actors.set_index("actor_id")["name"]
    with picture(ax, height=layout.height_of(heights), tables=tables) as made:
        panels = layout.split(made.ax, titles, heights=heights)
        _draw_events(panels[0], bars, freq, unit="" if has_dead else titles[0])
        if has_dead:
            _draw_dead(panels[1], bars, freq)
            panels[1].set_xlim(panels[0].get_xlim())
        made.finish(
            title=_title(events, by),
            caption=_caption(events, bars, has_dead=has_dead),
            rows=[credited(events)],
            later=lambda: behind(events, "events", "event"),
            key=_key(bars, names, has_dead=has_dead),
        )
    return made.ax


def credited(events: pd.DataFrame) -> pd.DataFrame:
    """Return the rows behind events whose pages a caption counts: files of events name a data set instead of pages."""
    return behind(events if "source_id" in events else events.head(0), "events", "event")


def _bars(events: pd.DataFrame, by: str, freq: str, tables: Tables) -> Bars:
    """Return what is drawn: the values with most events on their own, the others together."""
    words = events[by].astype("str").fillna(UNSAID)
    if events["event_date"].isna().all():
        msg = "No event has a day: plot_events draws bars by date. Look at flags for what could not be read."
        raise TableError(msg)
    order = words[events["event_date"].notna()].value_counts()
    first = list(order.sort_index().sort_values(ascending=False, kind="stable").index)
    shown = first if len(first) <= MOST + 1 else first[:MOST]
    counts = count_events(events.assign(**{by: words.where(words.isin(shown), OTHER)}), by=by, freq=freq)
    undated = int(counts.loc[counts["date"].isna(), "events"].sum())
    dated = counts[counts["date"].notna()]
    table = dated.pivot_table(index="date", columns=by, values="events", aggfunc="sum", fill_value=0, observed=True)
    values = [*shown, *([OTHER] if len(shown) < len(first) and OTHER not in shown else [])]
    palette = look.palette(tables.actors)
    own = iter(PAINTS)
    paints = {
        value: palette[value].look if value in palette else REST if value in (OTHER, UNSAID) else next(own, REST)
        for value in values
    }
    dead = dated.groupby("date")[list(BOUNDS)].sum(min_count=1)
    return Bars(table[values], dead, paints, undated)


def _numbers(days: pd.Index) -> NDArray[np.float64]:
    """Return days as an axis of dates counts them."""
    return marks.day_numbers(pd.Series(days))


def _width(dates: pd.Index, freq: str) -> NDArray[np.float64]:
    """Return how many days wide each bar is: its period, with a gap where there is room."""
    ends = pd.DatetimeIndex(dates) + pd.tseries.frequencies.to_offset({"W": "7D", "D": "1D"}.get(freq, freq))
    return (_numbers(ends) - _numbers(dates)) * (0.9 if len(dates) < 200 else 1.0)  # noqa: PLR2004


def _draw_events(ax: Axes, bars: Bars, freq: str, *, unit: str) -> None:
    """Draw one bar over another."""
    date_axes(ax, unit=unit)
    x, base = _numbers(bars.events.index), np.zeros(len(bars.events))
    for value, (color, hatch) in bars.paints.items():
        heights = bars.events[value].to_numpy(dtype=float)
        ax.bar(
            x, heights, _width(bars.events.index, freq), base, align="edge", color=color, hatch=hatch,
            edgecolor="white", linewidth=0.3, zorder=Z.LINE,
        )  # fmt: skip
        base += heights
    count_axis(ax, float(base.max()), room=6.0)


def _draw_dead(ax: Axes, bars: Bars, freq: str) -> None:
    """Draw the dead as bars, with the range of the figures as a line on each."""
    date_axes(ax)
    x, width = _numbers(bars.dead.index), _width(bars.dead.index, freq)
    ax.bar(x, bars.dead["best"].fillna(0), width, align="edge", color=DEAD, alpha=0.55, linewidth=0, zorder=Z.LINE)
    ax.vlines(x + width / 2, bars.dead["low"], bars.dead["high"], color=look.INK, linewidth=1.0, zorder=Z.LINE + 1)
    count_axis(ax, float(np.nan_to_num(bars.dead.max().max())), room=6.0)


def _key(bars: Bars, names: pd.Series, *, has_dead: bool) -> Key:
    """Return the values, the largest first, and what the lines are."""
    made: list[tuple[Patch | Line2D, str]] = [
        (Patch(facecolor=color, hatch=hatch, edgecolor="white"), str(names.get(value, value)))
        for value, (color, hatch) in bars.paints.items()
    ]
    if has_dead:
        made += [
            (Patch(facecolor=DEAD, alpha=0.55), "deaths, best"),
            (Line2D([], [], color=look.INK, linewidth=1.0), "from low to high"),
        ]
    return made


COLUMNS = {"actor1": "first actor", "actor2": "second actor"}  # of files of events, as a reader calls them


def _title(events: pd.DataFrame, by: str) -> str:
    days = events["event_date"].dropna()
    when = span_in_words([days.min(), days.max()])
    span = f"of {when}" if days.min() == days.max() else f"from {when}"
    return f"{counted(len(events), 'event')} {span}, by {called(by)}"


def called(by: str) -> str:
    """Return a column by which events are told apart, as a reader calls it."""
    column = by.removesuffix("_id")
    return COLUMNS.get(column, column.replace("_", " "))


def data_sets(events: pd.DataFrame) -> Sequence[str]:
    """Return the data sets that events are of, with their versions."""
    if "dataset" not in events:
        return ()
    pairs = events[["dataset", "version"] if "version" in events else ["dataset"]].drop_duplicates()
    return [" ".join(str(cell) for cell in row if not pd.isna(cell)) for row in pairs.itertuples(index=False)]


def _long(events: pd.DataFrame) -> str:
    """Return how many events stand for a month or more, with their dead: a few of them can make a bar."""
    wide = pd.Series(False, index=events.index)  # noqa: FBT003
    if "date_prec" in events:
        wide |= events["date_prec"].isin(["month", "year"])
    if "date_end" in events:
        wide |= (events["date_end"] - events["event_date"]).dt.days >= A_MONTH
    count = int(wide.sum())
    if count == 0:
        return ""
    dead = events.loc[wide, "best"].sum(min_count=1)
    of_them = "" if np.isnan(dead) else f", {dead:,.0f} deaths in them,"
    return f"{counted(count, 'event')} dated to a month or more{of_them} stand in the bar of their first day."


def _caption(events: pd.DataFrame, bars: Bars, *, has_dead: bool) -> str:
    """Return what is drawn, of whose data, and what is not."""
    parts = [f"Events of {listed(data_sets(events))}, as the data set counts them." if data_sets(events) else ""]
    if has_dead:
        without = int(events["best"].isna().sum())
        parts.append("Lines: sums of the low and of the high figures, as if all were off in one direction.")
        parts.append(f"{counted(without, 'event')} without a figure of deaths." if without else "")
    else:
        parts.append("These events have no figures of deaths.")
    parts.append(f"{counted(bars.undated, 'event')} without a day not drawn." if bars.undated else "")
    parts.append(_long(events))
    return " ".join(filter(None, parts))

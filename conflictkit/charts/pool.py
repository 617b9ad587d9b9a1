"""A pool of estimators: each voice, the band of their common centre, and the band of the next figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from conflictkit import look
from conflictkit.charts import _published as published
from conflictkit.charts import _rows as rows_of
from conflictkit.charts._frame import picture
from conflictkit.charts._layout import Z
from conflictkit.charts._recorded import recorded
from conflictkit.dates import span_in_words
from conflictkit.evidence._rows import behind
from conflictkit.prose import significant
from conflictkit.ranges import ranges_of
from conflictkit.tables import Tables

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from conflictkit.charts._frame import Key
    from conflictkit.estimates import Pool

CENTRE, NEXT = "#4D4D4D", "#BDBDBD"  # of the bands: grey, which is no side's colour
PALE, KEY_PALE = 0.25, 0.4  # opacity of a band, and of its small patch in the key
AIR = 1.1  # of the scale beyond the bands
SHOWN = 0.005  # change of the centre from which it is written


@recorded
def plot_pool(pool: Pool, *, tables: Tables | None = None, ax: Axes | None = None) -> Axes:
    """Plot what ``pool_estimates`` returned: the voices, both bands, and how far each voice moves the centre.

    Parameters
    ----------
    pool
        What ``pool_estimates`` returned.
    tables
        Colours and sources; the shipped tables by default.
    ax
        Axes to draw on; without it a new figure, as tall as its rows need.

    Returns
    -------
    Axes
        The axes given or made, with title, key and caption. Below three voices there is no band, and the title says
        that there are too few.

    Notes
    -----
    The dark band is where the common centre lies, the pale one where the next estimator's figure would fall, both with
    90 %. At the right: the figure, and by how much the centre would move without this voice.

    Examples
    --------
    >>> from conflictkit import load_fighter_estimates, plot_pool, pool_estimates
    >>> table = load_fighter_estimates()
    >>> mosul = table.query("place_id == 'mosul' and quantity == 'fighters' and '2016-10-01' < as_of < '2016-12-01'")
    >>> plot_pool(pool_estimates(mosul)).get_title(loc="left")
    'Most likely 3,860 to 6,360 fighters; another estimator: 2,930 to 8,370'
    """
    tables = tables or Tables.shipped()
    rows = _lines(pool, tables)
    beside = rows_of.Beside(rows_of.names(rows), _right(rows, pool))
    with picture(ax, height=rows_of.height_of(len(rows) + 1), tables=tables) as made:
        panel = rows_of.draw_rows(made.ax, rows, beside, unit=published.counted_as(pool.centre.unit))
        key = published.key_of(rows, in_rows=True)
        if pool.enough:
            low, high = panel.get_xlim()
            panel.set_xlim(min(low, pool.next.low / AIR) if low else 0, max(high, AIR * pool.next.high))
            key = [*_bands(panel, pool), *key]
        made.finish(
            title=_title(pool),
            caption=_caption(rows, pool),
            rows=[behind(rows, "fighter_estimates", "voice")],
            key=key,
            below=rows_of.UNDER_SCALE,
        )
    return made.ax


def _lines(pool: Pool, tables: Tables) -> pd.DataFrame:
    """Return the voices in the order of their figures, with what the marks need."""
    told = pool.voices.reset_index(drop=True)
    figures = ranges_of(told)
    low, best, high = zip(*(figure.cells for figure in figures), strict=True)
    rows = told.assign(
        **published.voices(told["speaker"], look.palette(tables.actors)),
        low=low, best=best, high=high, middle=told["low"].fillna(told["high"]), who=told["voice"],
        figure=[str(figure) for figure in figures], marker="o", open=False,
    )  # fmt: skip
    ordered = rows.sort_values(["middle", "voice"], kind="stable").reset_index(drop=True)
    return ordered.assign(y=[float(i) for i in range(len(ordered))])


def _right(rows: pd.DataFrame, pool: Pool) -> list[str]:
    """Return the figure of each row and, once per voice, what it does to the centre."""
    known = pool.influence.dropna() if pool.enough else pd.DataFrame(columns=["without", "change"])
    change = dict(zip(known["without"], known["change"], strict=True))  # none where two voices would be left
    first = ~rows.duplicated("voice")
    moves = [
        "" if not once or abs(change.get(voice, 0)) < SHOWN else f"   without it {100 * change[voice]:+.0f} %"
        for voice, once in zip(rows["voice"], first, strict=True)
    ]
    return [figure + move for figure, move in zip(rows["figure"], moves, strict=True)]


def _bands(ax: Axes, pool: Pool) -> Key:
    """Draw both bands and the centre, and return their entries of the key."""
    ax.axvspan(pool.next.low, pool.next.high, color=NEXT, alpha=PALE, linewidth=0, zorder=Z.BEHIND)
    ax.axvspan(pool.low, pool.high, color=CENTRE, alpha=PALE, linewidth=0, zorder=Z.BEHIND)
    ax.axvline(pool.best, color=CENTRE, linewidth=1.0, zorder=Z.BEHIND)
    return [
        (Line2D([], [], color=CENTRE, linewidth=1.0), "centre"),
        (Patch(facecolor=CENTRE, alpha=KEY_PALE), "where the centre lies, 90 %"),
        (Patch(facecolor=NEXT, alpha=KEY_PALE), "where the next figure would fall, 90 %"),
    ]


def _title(pool: Pool) -> str:
    unit = published.counted_as(pool.centre.unit)
    if not pool.enough:
        return f"{unit[:1].upper()}{unit[1:]}: {pool.verdict}"
    centre, following = (
        f"{significant(low)} to {significant(high)}"
        for low, high in ((pool.low, pool.high), (pool.next.low, pool.next.high))
    )
    return f"Most likely {centre} {unit}; another estimator: {following}"


def _caption(rows: pd.DataFrame, pool: Pool) -> str:
    told = f"{pool.verdict[:1].upper()}{pool.verdict[1:]}, as of {span_in_words(rows['as_of'])}. "
    if pool.enough:
        told += (
            f"Pooled by {pool.centre.how}, one voice per estimator; bounds work on their own side only. Estimators "
            "share sources, so the centre is less sure than the dark band shows. "
        )
    return told + published.WHOSE

"""A pool of estimators: each voice, the band of their common centre, and the band of the next figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from conflictkit.charts import estimates, forest, frame, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from conflictkit.charts._frame import Key
    from conflictkit.estimates import Pool

CENTRE, NEXT = "#4D4D4D", "#BDBDBD"  # of the bands: grey, which is no side's colour

SHOWN = 0.005  # change of the centre from which it is written


def plot_pool(pool: Pool, *, ax: Axes | None = None) -> Axes:
    """Plot what ``pool_estimates`` returned: the voices, both bands, and how far each voice moves the centre.

    Parameters
    ----------
    pool
        What ``pool_estimates`` returned.
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
    'Fighters: centre 3,860 to 6,360, next figure 2,930 to 8,370'
    """
    from matplotlib.pyplot import rc_context

    rows = _lines(pool)
    with rc_context(style.RC):
        ax = frame.new_axes(ax, size=(10, forest.height(len(rows) + 1)))
        panel = forest.draw(
            ax, rows, forest.Columns(forest.names(rows), _right(rows, pool)), heads=[], unit=_unit(pool)
        )
        key = estimates.key_of(rows.assign(date_prec="day"))
        if pool.enough:
            low, high = panel.get_xlim()
            panel.set_xlim(min(low, pool.next.low / 1.1) if low else 0, max(high, 1.1 * pool.next.high))
            key = [*_bands(panel, pool), *key]
        forest.finish(ax, rows, title=_title(pool), caption=_caption(rows, pool), key=key)
    return ax


def _lines(pool: Pool) -> pd.DataFrame:
    """Return the voices in the order of their figures, with what the marks need."""
    paints = style.palette()
    told = pool.voices.reset_index(drop=True)
    single = told["low"].eq(told["high"])
    best = told["best"].fillna(told["low"].where(single))
    rows = told.assign(
        low=told["low"].mask(single), high=told["high"].mask(single), best=best,
        middle=told["low"].fillna(told["high"]), who=told["voice"], date=told["as_of"], marker="o",
        open=False, color=[paints[who].ink if who in paints else estimates.NO_SIDE_COLOR for who in told["speaker"]],
        side=[paints[who].short if who in paints else estimates.NO_SIDE for who in told["speaker"]],
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
    return [figure + move for figure, move in zip(style.figures(rows), moves, strict=True)]


def _bands(ax: Axes, pool: Pool) -> Key:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    ax.axvspan(pool.next.low, pool.next.high, color=NEXT, alpha=0.25, linewidth=0, zorder=0.1)
    ax.axvspan(pool.low, pool.high, color=CENTRE, alpha=0.25, linewidth=0, zorder=0.2)
    ax.axvline(pool.best, color=CENTRE, linewidth=1.0, zorder=0.3)
    return [
        (Line2D([], [], color=CENTRE, linewidth=1.0), "centre"),
        (Patch(facecolor=CENTRE, alpha=0.4), "where the centre lies, 90 %"),
        (Patch(facecolor=NEXT, alpha=0.4), "where the next figure would fall, 90 %"),
    ]


def _unit(pool: Pool) -> str:
    return estimates.QUANTITIES.get(pool.centre.unit, pool.centre.unit)


def _title(pool: Pool) -> str:
    unit = _unit(pool)[:1].upper() + _unit(pool)[1:]
    if not pool.enough:
        return f"{unit}: {pool.verdict}"
    near, far = (f"{_rounded(a)} to {_rounded(b)}" for a, b in ((pool.low, pool.high), (pool.next.low, pool.next.high)))
    return f"{unit}: centre {near}, next figure {far}"


def _rounded(value: float) -> str:
    """Return a number with three figures."""
    return f"{float(f'{value:.3g}'):,.0f}"


def _caption(rows: pd.DataFrame, pool: Pool) -> str:
    told = f"{pool.verdict[:1].upper()}{pool.verdict[1:]}, as of {style.span(rows['date'])}. "
    if pool.enough:
        told += (
            f"Pooled by {pool.centre.how}, one voice per estimator; bounds work on their own side only. Estimators "
            "share sources, so the centre is less sure than the dark band shows. "
        )
    return f"{told}Colour: whose side the estimator speaks for. {style.credit(rows['source_id'])}"

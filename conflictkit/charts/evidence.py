"""What land rests on over time: rows by their confidence, pages by their grade."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, get_args

import numpy as np
import pandas as pd
from matplotlib.patches import Patch

from conflictkit.charts import _layout as layout
from conflictkit.charts._frame import date_axes, picture
from conflictkit.charts._layout import Z
from conflictkit.charts._recorded import recorded
from conflictkit.dates import in_words, span_in_words
from conflictkit.errors import TerritoryError, known
from conflictkit.evidence._rows import behind
from conflictkit.evidence._support import support
from conflictkit.look import INK, mix
from conflictkit.prose import KM2, percent
from conflictkit.schema import RELIABILITY
from conflictkit.territory import Level, refuse_drawings

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from conflictkit.charts._frame import Key
    from conflictkit.territory import Territory

HIGH = 2.3  # inches of a panel
TITLES = {"confidence": f"{KM2} by the confidence of the row", "reliability": f"{KM2} by the grade of the page"}
SUREST = 0.75  # of ink in the colour of the surest kind; the least sure has almost none
ONE_DAY = pd.Timedelta(days=1)
GAP = 0.3  # points of white between the bands


@recorded
def plot_evidence(
    territory: Territory, *, actor_id: str | None = None, level: Level = "claimed", ax: Axes | None = None
) -> Axes:
    """Plot what land rests on over time: rows confirmed or not, pages of each grade.

    Parameters
    ----------
    territory
        Who held what, by places.
    actor_id
        The holder; None for all land.
    level
        ``claimed`` or ``core``.
    ax
        Axes to draw on; without it a new figure.

    Returns
    -------
    Axes
        It carries title, key and caption; its ``child_axes`` are two panels of stacked land in km2, the surest at the
        bottom and darkest: by the confidence of the row that says who held a place, and by the grade of its page.

    Raises
    ------
    TerritoryError
        If the land is drawn, or the holder never has any.
    UnknownNameError
        If the holder or the level is unknown.

    Notes
    -----
    First holders stand apart: most are taken from the page on the first change. Grades are those of the publisher, by
    the rule of docs/figures.md, not of the page. Land between places is the model's and rests on no row.

    Examples
    --------
    >>> from conflictkit import Territory, plot_evidence
    >>> ax = plot_evidence(Territory.from_places(), actor_id="isis")
    >>> " ".join(ax.get_title(loc="left").split())
    'At its largest, 22 % of the claimed land of Islamic State rested on confirmed rows'
    """
    known("level", level, get_args(Level))
    if not territory.has_places:
        refuse_drawings("plot_evidence")
    if actor_id is not None:
        known("actor_id", actor_id, territory.actor_ids)
    found = support(territory, actor_id, level=level)
    if not found["confidence"].to_numpy().any():
        msg = f"{actor_id} holds no {level} land on any day: nothing rests on anything."
        raise TerritoryError(msg)
    names = territory.tables.actors.set_index("actor_id")["name"]
    with picture(ax, height=layout.height_of([HIGH, HIGH]), tables=territory.tables) as made:
        panels = layout.split(made.ax, list(TITLES.values()), heights=[HIGH, HIGH])
        keys = [_draw(panel, found[name]) for panel, name in zip(panels, TITLES, strict=True)]
        columns = list(zip_longest(*keys, fillvalue=(Patch(visible=False), "")))  # a line of the key for each panel
        made.finish(
            title=_title(found["confidence"], names.get(actor_id), level),
            caption=(
                f"State at the end of each day, {span_in_words(found['confidence'].index)}. "
                f"{territory.definition(level)} First holder: of a place, inferred from its first change. A grade is "
                "that of the publisher, A the best; F cannot be judged."
            ),
            rows=[_rows(territory, actor_id)],
            key=[entry for column in columns for entry in column],
            key_options={"ncols": len(columns)},
        )
    return made.ax


def _rows(territory: Territory, actor_id: str | None) -> pd.DataFrame:
    """Return the rows behind the layers: those by which the holder has land, and those by which others take it."""
    rows = territory.control_changes
    if actor_id is None:
        return behind(rows, "control_changes", "land")
    before = rows.sort_values(["place_id", "valid_from"], kind="stable").groupby("place_id")["to_actor"].shift()
    took, lost = rows["to_actor"] == actor_id, before.reindex(rows.index) == actor_id
    mark = pd.Series(np.where(took, "land", "end of land"), index=rows.index)
    return behind(rows[took | lost], "control_changes", mark)


def _title(land: pd.DataFrame, holder: str | None, level: Level) -> str:
    """Return how much land rested on confirmed rows: a holder's at its largest, all land, which does not grow, last."""
    at = len(land) - 1 if holder is None else int(land.sum(axis=1).to_numpy().argmax())
    when = f"On {in_words(land.index[at])}" if holder is None else "At its largest"
    share = float(land.iloc[at].get("confirmed", 0.0)) / float(land.iloc[at].sum())
    whose = "" if holder is None else f" of {holder}"
    return f"{when}, {percent(share)} of the {level} land{whose} rested on confirmed rows"


def shades(count: int) -> list[str]:
    """Return the colours of some kinds of rows or pages, the surest first: the surest is the darkest."""
    steps = max(count, 2)
    return [mix("#FFFFFF", INK, float(shade)) for shade in np.linspace(SUREST, SUREST / steps / 2, steps)][:count]


def _draw(ax: Axes, land: pd.DataFrame) -> Key:
    """Draw the kinds on top of one another, and return their entries of the key."""
    kinds = [str(kind) for kind in land.columns if land[kind].any()]
    colors = shades(len(kinds))
    below = np.zeros(len(land))
    for kind, color in zip(kinds, colors, strict=True):
        above = below + land[kind].to_numpy()
        ax.fill_between(
            land.index, below, above, step="post", color=color, linewidth=GAP, edgecolor="white", zorder=Z.BAND
        )
        below = above
    ax.set_ylim(0, float(below.max()) * 1.02)
    ax.set_xlim(land.index[0], land.index[-1] + ONE_DAY)
    date_axes(ax)
    names = [f"grade {kind}" if kind in RELIABILITY else kind for kind in kinds]
    return [(Patch(facecolor=color, edgecolor="none"), name) for name, color in zip(names, colors, strict=True)]

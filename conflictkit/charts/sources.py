"""The way back from a picture to its sources: kept by the caption under it, as rows of the reader's own table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox

from conflictkit.charts._layout import slot
from conflictkit.look import MUTED, SMALL
from conflictkit.tables import Tables

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.backend_bases import RendererBase
    from matplotlib.figure import Figure


def sources_of(figure: Axes | Figure) -> pd.DataFrame:
    """Return the sources of what a picture of this kit shows.

    Parameters
    ----------
    figure
        Axes or figure that a ``plot_*`` function returned.

    Returns
    -------
    DataFrame
        One row per source, with the columns of ``load_sources``, in the order of the table that the picture was drawn
        from, your own rows included; none where this kit has not drawn.

    Notes
    -----
    A source that is cited and not in the table has an id and nothing else.

    Examples
    --------
    >>> from conflictkit import load_deployments, plot_strength, sources_of
    >>> deployments = load_deployments()
    >>> ax = plot_strength(deployments[deployments["actor_id"] == "wagner"])
    >>> sources_of(ax)["publisher"].tolist()
    ['Small Wars Journal (BBC)']
    """
    rows = [caption.sources for caption in figure.findobj(Caption)] or [Tables.shipped().sources.head(0)]
    return pd.concat(rows).drop_duplicates("source_id").reset_index(drop=True) if len(rows) > 1 else rows[0].copy()


def cited(source_ids: pd.Series, sources: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of some sources in the order of their table; an id that it does not have keeps a row, alone."""
    used = set(source_ids.dropna())
    rows = sources[sources["source_id"].isin(used)]
    strangers = sorted(used.difference(rows["source_id"]))
    if strangers:
        rows = pd.concat([rows, pd.DataFrame({"source_id": pd.Series(strangers, dtype=rows["source_id"].dtype)})])
    return rows.reset_index(drop=True)


class Caption(Annotation):
    """The caption under an axes, with the sources of what the axes shows: rows of the reader's table of them."""

    def __init__(self, sources: pd.DataFrame) -> None:
        super().__init__(
            "", (0, 0), xytext=(0, 0), xycoords="axes fraction", textcoords="offset points",
            va="top", ha="left", fontsize=SMALL, color=MUTED, linespacing=1.3, annotation_clip=False,
        )  # fmt: skip
        self.sources = sources

    def get_tightbbox(self, renderer: RendererBase | None = None) -> Bbox:
        """Return the box that a layout leaves room for: as high as the text, as wide as the axes.

        A layout that made room for a caption by narrowing the axes would do so again at every drawing.
        """
        box = super().get_tightbbox(renderer)
        if box is None or not np.isfinite(box.extents).all() or self.axes is None:
            return Bbox.null()
        room = slot(self.axes)  # type: ignore[arg-type]
        return Bbox.from_extents(room.x0, box.y0, room.x1, box.y1)

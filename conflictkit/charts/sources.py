"""The way back from a picture to its rows and pages: kept by the caption under it, in the reader's own tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox

from conflictkit.charts._layout import slot
from conflictkit.errors import TableError
from conflictkit.evidence._rows import behind, together, with_pages
from conflictkit.look import MUTED, SMALL
from conflictkit.schema import CONTRACTS
from conflictkit.tables import Tables
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.backend_bases import RendererBase


def sources_of(figure: object) -> pd.DataFrame:
    """Return the rows behind the marks of a picture, with the page of each.

    Parameters
    ----------
    figure
        Axes or figure that a ``plot_*`` function returned, a map of ``map_*``, an explorer (its first view), or a frame
        with ``source_id``, as the tables have and most functions return.

    Returns
    -------
    DataFrame
        One row per mark and row of a table: ``table``, ``row_key`` (the cells of the key, joined with ``, ``), ``mark``
        (what it stands for in the picture), ``source_id``, ``confidence`` (of control changes), and of the page
        ``publisher``, ``title``, ``url``, ``published_date``, ``source_type``, ``party``, ``reliability``. A row
        without a page has ``no page found`` as its publisher. None where this kit has not drawn.

    Raises
    ------
    TableError
        If it is nothing that this kit has drawn, and no frame with sources.

    Notes
    -----
    A source that is cited and not in the table has an id and nothing else. Area and land rest on every row that says
    who held a place; the cells between them are the model's.

    Examples
    --------
    >>> from conflictkit import load_deployments, plot_strength, sources_of
    >>> deployments = load_deployments()
    >>> ax = plot_strength(deployments[deployments["actor_id"] == "wagner"])
    >>> sources_of(ax)[["table", "row_key", "publisher"]].values.tolist()
    [['deployments', 'wagner-deir-ez-zor-2015-10-31', 'Small Wars Journal (BBC)'],
     ['deployments', 'wagner-deir-ez-zor-2015-10-31', 'RealClearHistory']]
    """
    captions = captions_of(figure)
    return with_pages(_of_frame(figure), Tables.shipped().sources) if captions is None else pages_of(captions)


def pages_of(captions: Sequence[HasRows]) -> pd.DataFrame:
    """Return the rows behind some captions, with the page of each: see ``sources_of``."""
    pages = pd.concat([caption.tables.sources for caption in captions] or [Tables.shipped().sources.head(0)])
    return with_pages(together([caption.rows for caption in captions]), pages)


class HasRows(Protocol):
    """What knows the rows that it rests on: a caption, a map, an explorer."""

    @property
    def rows(self) -> pd.DataFrame:
        """The rows behind the marks."""

    @property
    def tables(self) -> Tables:
        """The tables that they are of."""


def captions_of(figure: object) -> Sequence[HasRows] | None:
    """Return what knows the rows of a picture; None if it is a frame. A live view is asked once how it is set."""
    if isinstance(figure, pd.DataFrame):
        return None
    if isinstance(figure, (Axes, FigureBase)):
        return list(figure.findobj(Caption))
    shown: Any = getattr(figure, "still", figure)
    if isinstance(getattr(shown, "rows", None), pd.DataFrame):
        return [shown]
    msg = f"{type(figure).__name__} is no picture of this kit: pass axes, a figure, a map, an explorer or a frame."
    raise TableError(msg)


def _of_frame(frame: object) -> pd.DataFrame:
    """Return the rows of a frame with a source each."""
    if not isinstance(frame, pd.DataFrame) or "source_id" not in frame:
        msg = "The frame has no column source_id, so that no page can be told of its rows."
        raise TableError(msg)
    table = str(frame.attrs.get("table", ""))
    keyed = table in CONTRACTS and set(CONTRACTS[table].key) <= set(frame.columns)
    if keyed:
        return behind(frame, table, "row")
    made = pd.DataFrame({"table": table, "row_key": frame.index.astype(str), "mark": "row"}, dtype=TEXT)
    return made.assign(source_id=frame["source_id"].to_numpy(), confidence=None).astype(TEXT)


def cited(source_ids: pd.Series, sources: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of some sources in the order of their table; an id that it does not have keeps a row, alone."""
    used = set(source_ids.dropna())
    rows = sources[sources["source_id"].isin(used)]
    strangers = sorted(used.difference(rows["source_id"]))
    if strangers:
        rows = pd.concat([rows, pd.DataFrame({"source_id": pd.Series(strangers, dtype=rows["source_id"].dtype)})])
    return rows.reset_index(drop=True)


class Caption(Annotation):
    """The caption under an axes, with what the axes shows: its words, `alt` for those who cannot see, its rows."""

    def __init__(
        self,
        title: str,
        words: str,
        *,
        rows: pd.DataFrame,
        tables: Tables,
        later: Callable[[], pd.DataFrame] | None = None,
    ) -> None:
        super().__init__(
            "", (0, 0), xytext=(0, 0), xycoords="axes fraction", textcoords="offset points",
            va="top", ha="left", fontsize=SMALL, color=MUTED, linespacing=1.3, annotation_clip=False,
        )  # fmt: skip
        self.title, self.words, self.tables, self.alt = title, words, tables, f"{title}."
        self._rows, self._later = rows, later

    @property
    def rows(self) -> pd.DataFrame:
        """The rows behind the picture; those of a foreign file are many, and named when they are asked for."""
        return self._rows if self._later is None else together([self._rows, self._later()])

    def get_tightbbox(self, renderer: RendererBase | None = None) -> Bbox:
        """Return the box that a layout leaves room for: as high as the text, as wide as the axes.

        A layout that made room for a caption by narrowing the axes would do so again at every drawing.
        """
        box = super().get_tightbbox(renderer)
        if box is None or not np.isfinite(box.extents).all() or self.axes is None:
            return Bbox.null()
        room = slot(self.axes)  # type: ignore[arg-type]
        return Bbox.from_extents(room.x0, box.y0, room.x1, box.y1)

"""A bridge to ``_frame`` and ``_layout`` for the pictures that still write their credit themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conflictkit.charts._frame import TICKS, cited, count_axis, date_axes, sources_of, write_around
from conflictkit.charts._layout import figure_of, new_axes, settle, slot, wrap
from conflictkit.datasets import load_sources
from conflictkit.errors import TableError, known

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd
    from matplotlib.axes import Axes

    from conflictkit.charts._frame import Key

__all__ = [
    "TICKS", "count_axis", "date_axes", "figure_of", "finish", "known", "need", "new_axes", "settle", "slot",
    "sources_of", "wrap",
]  # fmt: skip


def finish(
    ax: Axes,
    *,
    title: str,
    caption: str,
    sources: pd.Series,
    key: Key = (),
    below: float = TICKS,
    key_options: Mapping[str, Any] | None = None,
) -> None:
    """Write the title, the key and the caption of a chart, with the credit already in the caption."""
    rows = cited(sources, load_sources())
    write_around(ax, title=title, caption=caption, sources=rows, key=key, below=below, key_options=key_options)


def need(frame: pd.DataFrame, columns: Iterable[str], *, table: str) -> None:
    """Raise if a frame has no rows or lacks a column that a chart needs."""
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        msg = f"The frame lacks {', '.join(missing)}: expected rows like those of load_{table}()."
        raise TableError(msg)
    if frame.empty:
        msg = f"No rows to draw. Check the filter, or start from load_{table}()."
        raise TableError(msg)

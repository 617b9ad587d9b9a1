"""The rows behind marks: one row a mark and row of a table, with the page and the confidence that the row has."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pandas as pd

from conflictkit.dates import iso
from conflictkit.schema import CONTRACTS, row_keys, texts_of
from conflictkit.tables import table_of
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from conflictkit.tables import Tables

COLUMNS = ("table", "row_key", "mark", "source_id", "confidence")
DRAWN = "drawings"  # what stands for the table of land that somebody drew
NO_PAGE = "no page found"  # what stands for the publisher of a row without a source


def behind(rows: pd.DataFrame, table: str, mark: pd.Series | str) -> pd.DataFrame:
    """Return the rows behind marks.

    Parameters
    ----------
    rows
        Rows of a table, with the columns of its key; with ``source_id`` and ``confidence`` where it has them. Those
        without a key are marks that no row is behind, and are left out.
    table
        Its name.
    mark
        What each stands for in a picture, in words; one text for all, or one a row.

    Returns
    -------
    pandas.DataFrame
        One row per row given, and one more for each that has a second page: ``table``, ``row_key``, ``mark``,
        ``source_id``, ``confidence``.
    """
    key = CONTRACTS[table].key
    if not set(key) <= set(rows.columns):
        rows = rows.assign(**{key[0]: rows.index.astype(str)})  # a frame of the reader's without ids: its own rows
    kept = rows.dropna(subset=list(key))
    marks = mark.loc[kept.index] if isinstance(mark, pd.Series) else pd.Series(mark, index=kept.index)
    if "source_id" not in kept and "dataset" in kept:
        # files of events name their sources in words, or only the data set that they are of
        kept = kept.assign(source_id=kept["source"].fillna(kept["dataset"]) if "source" in kept else kept["dataset"])
    if "second_source_id" in kept:
        second = kept.assign(source_id=kept["second_source_id"]).dropna(subset=["source_id"])
        return together(_told(some, table, marks.loc[some.index]) for some in (kept, second))
    return _told(kept, table, marks)


def _told(kept: pd.DataFrame, table: str, marks: pd.Series) -> pd.DataFrame:
    """Return rows with a key as those behind their marks."""
    nothing = pd.Series(None, index=kept.index, dtype=TEXT)
    made = {
        "table": pd.Series(table, index=kept.index, dtype=TEXT),
        "row_key": row_keys(kept, table),
        "mark": marks.astype(TEXT),
        **{name: kept.get(name, nothing) for name in COLUMNS[3:]},
    }
    return pd.DataFrame(made, columns=list(COLUMNS)).astype(TEXT).drop_duplicates(ignore_index=True)


def behind_drawing(day: pd.Timestamp, holders: Iterable[str], mark: Mapping[str, str], by: str | None) -> pd.DataFrame:
    """Return the rows behind land that somebody drew: one per holder of the drawing of a day, in no table of ours.

    The page is whoever drew it, where that is known.
    """
    rows = [(DRAWN, f"{iso(day)}, {holder}", f"land of {mark.get(holder, holder)}", by, None) for holder in holders]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(TEXT)


def together(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return the rows behind several marks as one frame, each once."""
    found = [part for part in parts if len(part)]
    if not found:
        return pd.DataFrame(columns=list(COLUMNS), dtype=TEXT)
    return pd.concat(found).drop_duplicates(ignore_index=True)


def without_page(rows: pd.DataFrame) -> int:
    """Return how many rows of tables have no page."""
    return len(rows.loc[rows["source_id"].isna(), ["table", "row_key"]].drop_duplicates())


def with_pages(rows: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Return rows with what the table of sources says of their pages; ``no page found`` for those that have none."""
    told = sources.drop_duplicates("source_id")
    found = rows.merge(told.drop(columns=["note"], errors="ignore"), on="source_id", how="left", validate="many_to_one")
    found["publisher"] = found["publisher"].mask(found["source_id"].isna(), NO_PAGE)
    return found


def cells_of(tables: Tables, attribute: str, *, every: bool = False) -> dict[str, dict[str, str]]:
    """Return the cells of each row of a table as text, by its key; with `every` those of columns of the reader's too.

    Without it, marks that were computed for a picture, such as grades of figures, are not taken for cells of the row.
    """
    frame: pd.DataFrame = getattr(tables, attribute)
    names = frame.columns if every else [name for name in CONTRACTS[table_of(attribute)].names if name in frame]
    texts = pd.DataFrame({name: texts_of(frame[name]) for name in names if name != "geometry"})
    keys = row_keys(frame, table_of(attribute))
    return dict(zip(keys.tolist(), _records(texts, frame.isna()), strict=True))


def _records(texts: pd.DataFrame, missing: pd.DataFrame) -> Iterable[dict[str, str]]:
    """Yield the cells of each row that say something."""
    empty = missing[list(texts.columns)].to_numpy()
    for row, gone in zip(texts.to_dict("records"), empty, strict=True):
        yield {str(name): str(cell) for (name, cell), none in zip(row.items(), gone, strict=True) if not none}


def fingerprint(content: Mapping[Hashable, object] | Mapping[str, object]) -> str:
    """Return a hash that changes when anything in some cells does."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]

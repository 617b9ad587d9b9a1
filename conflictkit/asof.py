"""What the tables said by a day: rows known from their pages, and the chain of holders joined without the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from conflictkit.actors import UNKNOWN
from conflictkit.dates import iso
from conflictkit.schema import row_keys
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping

ASSUMED = "date_assumed"  # whether the day on which a row was known is taken from the row itself
FIGURES = ("fighter_estimates", "area_estimates")


def joined_again(changes: pd.DataFrame, stays: pd.Series) -> pd.DataFrame:
    """Return the rows that stay, with the chain of holders joined again.

    Parameters
    ----------
    changes
        One row per place and date of change.
    stays
        Whether each row stays.

    Returns
    -------
    pandas.DataFrame
        By place and day. ``from_actor`` is the holder that the row of the place before it names; ``unknown`` if a
        change has lost every row before it.
    """
    kept = changes[stays].sort_values(["place_id", "valid_from"], ignore_index=True)
    before = kept.groupby("place_id")["to_actor"].shift()
    first = kept["from_actor"].where(kept["event"] == "initial", UNKNOWN)
    return kept.assign(from_actor=before.fillna(first))


def known_by(tables: Mapping[str, pd.DataFrame], day: pd.Timestamp) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Return the tables with only what had been published by a day, and what had not: see ``Tables.as_known_on``."""
    published = tables["sources"].set_index("source_id")["published_date"]
    changes = _changes(tables["control_changes"], tables["reports"], published)
    stays = changes["event"].eq("initial") | changes["known"].le(day)
    new = {"control_changes": joined_again(changes.drop(columns="known"), stays)}
    aside = [_aside("control_changes", changes[~stays])]
    for name in ("deployments", *FIGURES, "reports", "events"):
        rows = _known(tables[name], published, own=name not in FIGURES)
        said = rows["known"].le(day)
        new[name] = rows[said].drop(columns="known").reset_index(drop=True)
        aside.append(_aside(name, rows[~said]))
    for name, frame in new.items():
        frame.attrs = dict(tables[name].attrs)
    return new, pd.concat(aside, ignore_index=True)


def _changes(changes: pd.DataFrame, reports: pd.DataFrame, published: pd.Series) -> pd.DataFrame:
    """Return the changes with the day on which each was known: that of the earliest dated page on it, or its own."""
    told = reports.assign(day=reports["source_id"].map(published)).groupby(["place_id", "valid_from"])["day"].min()
    index = pd.MultiIndex.from_frame(changes[["place_id", "valid_from"]])
    days = pd.DataFrame(
        {"own": changes["source_id"].map(published).to_numpy(), "told": told.reindex(index).to_numpy()},
        index=changes.index,
    )
    page = days.min(axis=1).astype("datetime64[us]")
    return changes.assign(known=page.fillna(changes["valid_from"]), **{ASSUMED: page.isna()})


def _known(frame: pd.DataFrame, published: pd.Series, *, own: bool) -> pd.DataFrame:
    """Return rows with the day on which each was known: its publication, its page's or, if so wanted, its own."""
    page = frame["source_id"].map(published).astype("datetime64[us]")
    day = frame["published_date"].fillna(page) if "published_date" in frame else page
    if not own:
        return frame.assign(published_date=day, known=day)
    dated = next(name for name in ("valid_from", "event_date") if name in frame)
    return frame.assign(known=day.fillna(frame[dated]), **{ASSUMED: day.isna()})


def _aside(table: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows that were not known yet, each with the reason."""
    reasons = [
        "its day of publication is not known" if pd.isna(day) else f"not known before {iso(day)}"
        for day in rows["known"]
    ]
    return pd.DataFrame({"table": table, "row_key": row_keys(rows, table).tolist(), "reason": reasons}, dtype=TEXT)

"""Rival reports of one change of control: who gains by each, and what a rule would decide from them.

The rule: contested, if two reports graded C or better name holders of different sides within seven days of one another
and neither admits a loss; otherwise the report against its interest, then the better grade, then the earlier page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from conflictkit.actors import CONTESTED
from conflictkit.estimates._grades import of_one_camp, reliability
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conflictkit.tables import Tables

GOOD = ("A", "B", "C")
AT_ONCE = pd.Timedelta(days=7)
OWN, AGAINST, NEUTRAL = "own", "against", "neutral"
KEY = ["place_id", "valid_from"]
HOLDER, DAY = "holder", "day"  # in what a decision differs from the row


def told(tables: Tables) -> pd.DataFrame:
    """Return the reports with the row that each is about, and what the rule asks of them.

    One row per report: its columns, then ``from_actor`` and ``to_actor`` of the change, ``side`` (of the reported
    holder; a holder without a side is its own), ``gains`` (own, against or neutral: whom the report serves, computed),
    ``reliability`` and ``published_date`` of its page.
    """
    changes = tables.control_changes[[*KEY, "from_actor", "to_actor"]]
    rows = tables.reports.merge(changes, on=KEY, how="inner", validate="many_to_one")
    pages = tables.sources.set_index("source_id")
    speaker = rows["reporter_actor_id"].fillna(rows["source_id"].map(pages["party"]))
    side = tables.hierarchy.side
    sides = {name: rows[name].map(lambda actor: side.get(actor, actor)) for name in ("from_actor", "to_actor")}
    return rows.assign(
        side=rows["reported_holder"].map(lambda actor: side.get(actor, actor)).astype(TEXT),
        gains=_gains(rows.assign(**sides), speaker.map(side), tables),
        reliability=reliability(rows, tables),
        published_date=rows["source_id"].map(pages["published_date"]),
    )


def _gains(rows: pd.DataFrame, speaker: pd.Series, tables: Tables) -> pd.Series:
    """Return whom each report serves: the side that speaks, its enemies, or nobody that can be named.

    ``from_actor`` and ``to_actor`` are sides here. A fight for a place that the speaker won is less than the row says:
    against its interest. A fight for a place that it lost is more: its own.
    """
    holder = rows["reported_holder"].map(lambda actor: tables.hierarchy.side.get(actor, actor))
    took, lost, serves = (of_one_camp(of, speaker, tables) for of in (rows["to_actor"], rows["from_actor"], holder))
    own = np.where(holder == CONTESTED, ~took, serves)
    found = np.where(took | lost, np.where(own, OWN, AGAINST), NEUTRAL)
    return pd.Series(found, index=rows.index, dtype=TEXT)


class Decision(NamedTuple):
    """What the rule makes of the reports of one change."""

    place_id: str
    valid_from: pd.Timestamp
    to_actor: str
    reports: int
    holder: str | None  # None: no report is graded C or better
    date: pd.Timestamp
    report_id: str | None  # of the report that decides; None where two do
    differs: str  # holder, day, or empty
    days: int  # from the row's day to the decided one


def decisions(tables: Tables) -> pd.DataFrame:
    """Return what the rule would decide, one row per change that has reports: the fields of ``Decision``."""
    side = tables.hierarchy.side
    rows = told(tables)
    found = [_decided(group, side) for _, group in rows.groupby(KEY, sort=True)]
    return pd.DataFrame(found, columns=list(Decision._fields))


def _decided(reports: pd.DataFrame, side: Mapping[str, str]) -> Decision:
    """Return the decision on one change."""
    first = reports.iloc[0]
    good = reports[reports["reliability"].isin(GOOD)]
    holder, date, by = _by_rule(good)
    differs, days = "", 0
    if holder is not None:
        days = (date - first["valid_from"]).days
        same = side.get(holder, holder) == side.get(first["to_actor"], first["to_actor"])
        differs = HOLDER if not same else DAY if days else ""
    return Decision(
        first["place_id"], first["valid_from"], first["to_actor"], len(reports), holder, date, by, differs, days
    )


def _by_rule(good: pd.DataFrame) -> tuple[str | None, pd.Timestamp, str | None]:
    """Return the holder, the day and the report that the rule takes; the holder is None where there is no report."""
    if good.empty:
        return None, pd.NaT, None  # type: ignore[return-value]
    silent = good[good["gains"].ne(AGAINST)]
    days, sides = silent["event_date"].to_numpy(), silent["side"].to_numpy(dtype=object)
    clash = (np.abs(days[:, None] - days[None, :]) <= AT_ONCE.to_timedelta64()) & (sides[:, None] != sides[None, :])
    if clash.any():
        return CONTESTED, pd.Timestamp(days[clash.any(axis=1)].min()), None
    order = good.assign(admits=good["gains"].ne(AGAINST))
    best = order.sort_values(["admits", "reliability", "published_date", "event_date", "report_id"]).iloc[0]
    return str(best["reported_holder"]), best["event_date"], str(best["report_id"])


def disputed(tables: Tables) -> pd.DataFrame:
    """Return how far the reports of each change lie apart.

    One row per change with reports: ``place_id``, ``valid_from``, ``reports``, ``sides`` (holders of how many sides are
    named), ``days`` (from the first to the last day that they name, of those of day precision), ``in_dispute`` (they
    name more than one holder or more than one day).
    """
    rows = told(tables)
    grouped = rows.groupby(KEY, sort=True)
    exact = rows[rows["date_prec"] == "day"].groupby(KEY, sort=True)["event_date"]
    found = grouped.agg(
        reports=("report_id", "size"),
        holders=("reported_holder", "nunique"),
        sides=("side", "nunique"),
        dates=("event_date", "nunique"),
    )
    found["days"] = (exact.max() - exact.min()).dt.days.reindex(found.index).fillna(0).astype("int64")
    found["in_dispute"] = found["holders"].gt(1) | found["dates"].gt(1)
    return found.drop(columns=["holders", "dates"]).reset_index()

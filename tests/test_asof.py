"""What the tables said by a day."""

from __future__ import annotations

import pandas as pd
import pytest

import conflictkit as ck
from conflictkit.errors import DateError

SHIPPED = ck.Tables.shipped()
DAY = pd.Timestamp("2017-11-03")
THEN = SHIPPED.as_known_on(DAY)


def test_a_row_is_known_from_its_earliest_dated_page() -> None:
    """Its own source or a rival report; without a date from its own day, and marked so."""
    pages = SHIPPED.sources.set_index("source_id").published_date
    kept = THEN.control_changes.merge(SHIPPED.control_changes, on=["place_id", "valid_from"], suffixes=("", "_old"))
    assert len(kept) == len(THEN.control_changes)
    changes = THEN.control_changes[THEN.control_changes.event != "initial"]
    told = THEN.reports.assign(page=THEN.reports.source_id.map(pages)).groupby(["place_id", "valid_from"]).page.min()
    own, keys = changes.source_id.map(pages), pd.MultiIndex.from_frame(changes[["place_id", "valid_from"]])
    first = pd.concat([own, pd.Series(told.reindex(keys).to_numpy(), changes.index)], axis=1).min(axis=1)
    dated = changes[~changes.date_assumed]
    assert (first[dated.index] <= DAY).all()
    assumed = changes[changes.date_assumed]
    assert first[assumed.index].isna().all()
    assert (assumed.valid_from <= DAY).all()
    assert len(assumed) > 100


def test_first_holders_always_count_and_chains_are_whole() -> None:
    """The model can be built of what was known, and each row follows the one before."""
    initial = [tables.control_changes.event.eq("initial").sum() for tables in (SHIPPED, THEN)]
    assert initial[0] == initial[1]
    rows = THEN.control_changes.sort_values(["place_id", "valid_from"])
    before = rows.groupby("place_id").to_actor.shift()
    assert (rows.from_actor == before)[before.notna()].all()
    land = ck.Territory.from_places(tables=THEN)
    held = land.area("2017-11-03").query("scope == 'all' and actor_id == 'isis'").area_km2.item()
    now = ck.Territory.from_places().area("2017-11-03").query("scope == 'all' and actor_id == 'isis'").area_km2.item()
    assert held != now
    assert held == pytest.approx(now, rel=0.35)


def test_figures_need_a_day_of_publication() -> None:
    """Their own, or their page's; the others are listed."""
    for name in ("fighter_estimates", "area_estimates"):
        figures = getattr(THEN, name)
        assert figures.published_date.notna().all()
        assert figures.published_date.max() <= DAY
    aside = THEN.rejected[THEN.rejected.table == "fighter_estimates"]
    assert len(aside) + len(THEN.fighter_estimates) == len(SHIPPED.fighter_estimates)
    assert aside.reason.str.contains("not known before 20|day of publication is not known").all()


def test_every_row_that_is_not_known_is_listed() -> None:
    """In all five tables that have pages with days."""
    for name in ("control_changes", "deployments", "reports", "events"):
        gone = len(getattr(SHIPPED, name)) - len(getattr(THEN, name))
        assert (THEN.rejected.table == name).sum() == gone > 0
        assert getattr(THEN, name).date_assumed.dtype == bool


def test_the_last_day_knows_all_that_is_dated() -> None:
    """Only what was published later, or has no day, is missing."""
    last = SHIPPED.as_known_on(SHIPPED.covers[1])
    assert len(last.control_changes) > len(THEN.control_changes)
    with pytest.raises(DateError):
        SHIPPED.as_known_on("2031-01-01")

"""The land without some rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import conflictkit as ck
from conflictkit.errors import TableError, TerritoryError, UnknownNameError
from conflictkit.evidence._influence import influence

DAY = "2016-01-01"


def moved(frame: pd.DataFrame, actor: str, scope: str = "all") -> float:
    """Return what a holder gains."""
    row = frame[(frame.actor_id == actor) & (frame.scope == scope)]
    return float(row.difference_km2.sum())


def test_without_a_change_the_holder_before_holds_on(territory: ck.Territory) -> None:
    """Raqqa stays with the Islamic State, what the SDF loses is what it keeps, and nothing else moves."""
    what = ck.what_if(territory, "2018-01-01", drop=[("raqqa", "2017-10-17")])
    assert list(what.columns) == [
        *("date", "scope", "actor_id", "level", "area_km2", "area_without_km2", "difference_km2")
    ]
    cell = territory.cells.query("place_id == 'raqqa'").claimed_km2.sum()
    assert moved(what, "isis") == pytest.approx(cell)
    assert moved(what, "sdf") == pytest.approx(-cell)
    assert what.groupby("scope").difference_km2.sum().abs().max() < 1e-6
    assert (what.difference_km2.abs() > 1e-6).sum() == 4  # two holders, of Syria and of all
    assert what.attrs["dropped"].place_id.tolist() == ["raqqa"]


def test_nothing_left_out_changes_nothing(territory: ck.Territory) -> None:
    """On every day, at both levels."""
    for level in ("claimed", "core"):
        what = ck.what_if(territory, level=level)
        assert what.difference_km2.abs().max() == 0
        assert what.date.nunique() == len(territory.dates)


@pytest.mark.slow
def test_influence_of_rows_and_pages_is_that_of_what_if(territory: ck.Territory) -> None:
    """The quick way and the long one: each row, and each page, alone."""
    day = pd.Timestamp(DAY)
    rows = influence(territory, day, "isis", by="row", level="claimed")
    for row in rows.iloc[[0, 7, 100, len(rows) - 1]].itertuples():
        what = ck.what_if(territory, DAY, drop=[(row.place_id, row.valid_from)])
        assert moved(what, "isis") == pytest.approx(row.difference_km2, abs=1e-6)
    pages = influence(territory, day, "isis", by="source", level="core")
    for page in pages.iloc[[0, 3, len(pages) // 2]].itertuples():
        what = ck.what_if(territory, DAY, sources=[page.source_id], level="core")
        assert moved(what, "isis") == pytest.approx(page.difference_km2, abs=1e-6)
    assert np.abs(rows.difference_km2).is_monotonic_decreasing


def test_grades_and_interest(territory: ck.Territory) -> None:
    """All rows that stay have a page as good; no page that stays speaks for the side that gains."""
    pages, sides = territory.tables.sources.set_index("source_id"), territory.actors.set_index("actor_id").side
    dropped = ck.what_if(territory, DAY, min_reliability="C").attrs["dropped"]
    assert set(dropped.source_id.map(pages.reliability).fillna("F")) == {"D", "E", "F"} & set(pages.reliability)
    own = ck.what_if(territory, DAY, self_interested=False).attrs["dropped"]
    speaks, gains = own.source_id.map(pages.party).map(sides), own.to_actor.map(sides)
    assert {("rebels", "rebels"), ("assad", "iraq")} <= set(zip(speaks, gains, strict=True))
    assert ("assad", "isis") not in set(zip(speaks, gains, strict=True))
    assert (speaks != gains).any()  # an ally's page
    assert len(own) > 50
    assert not dropped.event.eq("initial").any()


def test_a_place_without_rows_has_no_cell(territory: ck.Territory) -> None:
    """Its neighbours share the land, and the sum stays what it is."""
    rows = territory.control_changes.query("place_id == 'rutbah'")
    without = territory.without(zip(rows.place_id, rows.valid_from, strict=True))
    assert "rutbah" not in set(without.places.place_id)
    whole = [land.area(DAY).query("scope == 'all'").area_km2.sum() for land in (territory, without)]
    assert whole[0] == pytest.approx(whole[1])
    assert len(without.left_out) == len(territory.left_out) + len(rows)
    with pytest.raises(TerritoryError, match="before asking by governorate"):
        territory.by_governorate().without(zip(rows.place_id, rows.valid_from, strict=True))


def test_what_is_not_there_is_refused_by_name(territory: ck.Territory) -> None:
    """A row, a page, a grade, a level; a drawing."""
    with pytest.raises(TableError, match=r"raqqa has no row of 2017-10-16, only of 2014-01-01, .*2017-10-17"):
        ck.what_if(territory, DAY, drop=[("raqqa", "2017-10-16")])
    with pytest.raises(UnknownNameError, match="source_id"):
        ck.what_if(territory, DAY, sources=["reuter"])
    with pytest.raises(UnknownNameError, match="min_reliability"):
        ck.what_if(territory, DAY, min_reliability="G")
    with pytest.raises(UnknownNameError, match="level"):
        ck.what_if(territory, DAY, level="all")
    shapes = ck.load_borders().rename(columns={"country": "actor_id"}).assign(date="2017-01-01", actor_id="isis")
    drawn = ck.Territory.from_polygons(shapes)
    with pytest.raises(TerritoryError, match="A drawing has no places"):
        ck.what_if(drawn, drop=[("raqqa", "2017-10-17")])

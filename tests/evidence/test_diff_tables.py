"""What differs between two sets of tables."""

from __future__ import annotations

import pandas as pd
import pytest

import conflictkit as ck
from conflictkit.errors import DateError, TableError, UnknownNameError

SHIPPED = ck.Tables.shipped()


def test_equals_do_not_differ() -> None:
    """Nor does a copy, whatever the order of its rows."""
    assert ck.diff_tables(SHIPPED, SHIPPED).empty
    turned = SHIPPED.replace(deployments=SHIPPED.deployments.iloc[::-1])
    assert ck.diff_tables(SHIPPED, turned).empty
    assert list(ck.diff_tables(SHIPPED, turned).columns) == ["table", "row_key", "field", "old", "new"]


def test_what_is_no_tables_is_refused() -> None:
    """A frame, a folder."""
    with pytest.raises(TableError, match="two Tables, not a DataFrame"):
        ck.diff_tables(SHIPPED, SHIPPED.deployments)  # type: ignore[arg-type] # what a reader may try


def test_cells_and_rows_that_differ_are_told() -> None:
    """A cell changed, a cell emptied, a row that went, a row that came."""
    rows = SHIPPED.deployments
    first, second, last = rows.deployment_id[0], rows.deployment_id[1], rows.deployment_id.iloc[-1]
    changed = rows[rows.deployment_id != last].copy()
    changed.loc[changed.deployment_id == first, "note"] = "mine"
    changed.loc[changed.deployment_id == second, "note"] = None
    came = rows.tail(1).assign(deployment_id="mine")
    found = ck.diff_tables(SHIPPED, SHIPPED.replace(deployments=pd.concat([changed, came], ignore_index=True)))
    told = {(row.row_key, row.field): (row.old, row.new) for row in found.itertuples()}
    assert set(found.table) == {"deployments"}
    assert told[first, "note"][1] == "mine"
    assert pd.isna(told[second, "note"][1])
    assert pd.isna(told["mine", "(row)"][0])
    assert f"deployment_id={last}" in told[last, "(row)"][0]
    assert len(found) == 4


def test_keys_of_several_cells_are_joined() -> None:
    """As everywhere in the kit."""
    changes = SHIPPED.control_changes
    mine = SHIPPED.replace(control_changes=changes.assign(note=changes.note.mask(changes.place_id == "rawa")))
    keys = set(ck.diff_tables(SHIPPED, mine).row_key)
    assert keys <= {f"rawa, {day:%Y-%m-%d}" for day in changes.query("place_id == 'rawa'").valid_from}
    assert keys


def test_land_that_moved_is_told_by_date() -> None:
    """From the day of the row until the next one, by scope and holder; on days asked for; by level."""
    rows = SHIPPED.control_changes
    later = (rows.place_id == "rawa") & (rows.valid_from == "2017-11-17")
    mine = SHIPPED.replace(control_changes=rows.assign(to_actor=rows.to_actor.mask(later, "pmf")))
    found = ck.diff_tables(SHIPPED, mine)
    assert found[found.table != "area"].field.tolist() == ["to_actor"]
    land = found[found.table == "area"]
    assert set(land.field) == {"claimed_km2"}
    assert land.row_key.str[:10].min() == "2017-11-17"
    assert set(land.row_key.str[12:]) == {"IQ, iraq_gov", "IQ, pmf", "all, iraq_gov", "all, pmf"}
    days = ["2017-11-03", "2017-11-20"]
    asked = ck.diff_tables(SHIPPED, mine, dates=days, level="core").query("table == 'area'").set_index("row_key")
    assert set(asked.index.str[:10]) == {"2017-11-20"}
    assert set(asked.field) == {"core_km2"}
    areas = (ck.Territory.from_places(tables=tables).area(days[1], level="core") for tables in (SHIPPED, mine))
    for side, area in zip(("old", "new"), areas, strict=True):
        km2 = area.query("scope == 'IQ' and actor_id == 'iraq_gov'").area_km2.item()
        assert float(asked[side]["2017-11-20, IQ, iraq_gov"]) == pytest.approx(km2, abs=0.051)
    assert pd.isna(asked.old["2017-11-20, IQ, pmf"])  # it held none
    assert ck.diff_tables(SHIPPED, SHIPPED, dates=days, level="core").empty
    with pytest.raises(UnknownNameError, match="level"):
        ck.diff_tables(SHIPPED, mine, level="all")  # type: ignore[arg-type] # what a reader may try
    with pytest.raises(DateError, match="answer for"):
        ck.diff_tables(SHIPPED, mine, dates="2031-01-01")


def test_a_side_without_land_has_none() -> None:
    """Rows of notes alone; days that one of them does not cover."""
    bare = SHIPPED.replace(control_changes=SHIPPED.control_changes.head(0))
    found = ck.diff_tables(bare, SHIPPED, dates="2017-11-03").query("table == 'area'")
    assert found.old.isna().all()
    assert found.new.notna().all()
    short = SHIPPED.replace(covers=("2014-01-01", "2017-06-30"))
    beyond = ck.diff_tables(short, SHIPPED).query("table == 'area'")
    assert beyond.old.isna().all()
    assert beyond.row_key.str[:10].min() > "2017-06-30"

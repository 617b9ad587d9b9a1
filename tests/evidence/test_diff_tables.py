"""What differs between two sets of tables."""

from __future__ import annotations

import pandas as pd
import pytest

import conflictkit as ck
from conflictkit.errors import TableError

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

"""Validation: every problem is found, named and raised once."""

from __future__ import annotations

import traceback
import zipfile
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import conflictkit as ck
from conflictkit.errors import TableError, UnknownNameError
from conflictkit.files import data_folder
from conflictkit.schema import CONTRACTS, check_folder

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "place_id,valid_from,date_prec,from_actor,to_actor,control_status,event,source_id,confidence,note"
START = "mosul,2014-01-01,day,none,iraq_gov,control,initial,,inferred,"
LOST = "mosul,2014-06-10,day,iraq_gov,isis,control,captured,,confirmed,"
FREED = "mosul,2017-07-10,day,isis,iraq_gov,control,recaptured,,confirmed,"


def written(folder: Path, *lines: str) -> Path:
    """Write a control table and return its path."""
    path = folder / "mine.csv"
    path.write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")
    return path


def message_of(path: Path, table: str = "control_changes") -> str:
    """Return the one error of a file, and see that no traceback of pandas hangs on it."""
    with pytest.raises(TableError) as caught:
        ck.read_table(path, table)
    shown = "".join(traceback.format_exception(caught.value))
    assert "pandas" not in shown
    assert "During handling" not in shown
    return str(caught.value)


def test_a_valid_table_reads_typed(tmp_path: Path) -> None:
    """Dates are dates, text is text, and nothing is set aside."""
    frame = ck.read_table(written(tmp_path, START, LOST, FREED), "control_changes")
    assert frame.dtypes.astype(str).to_dict()["valid_from"] == "datetime64[us]"
    assert frame.to_actor.tolist() == ["iraq_gov", "isis", "iraq_gov"]
    assert frame.attrs == {"table": "control_changes", "rejected": []}


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    """Spreadsheets write one."""
    path = written(tmp_path, START)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(ck.read_table(path, "control_changes")) == 1


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((START, LOST.replace("isis", "isiss")), ("row 3, to_actor: 'isiss'", "Did you mean 'isis'?")),
        ((START, FREED), ("row 3, from_actor: 'isis' breaks the chain", "line 2 (to 'iraq_gov')")),
        ((START.replace("2014-01-01", "2015-01-01"), LOST), ("a date in the wrong order?",)),
        ((START, LOST.replace("2014-06-10", "10.6.2014")), ("row 3, valid_from: '10.6.2014' is not a date",)),
        ((START, LOST.replace("day", "dya")), ("row 3, date_prec: 'dya'", "day, month, year", "Did you mean 'day'?")),
        ((START, LOST.replace("mosul", "msoul")), ("row 3, place_id: 'msoul' is not in places", "'mosul'")),
        ((START, LOST, LOST), ("row 4, place_id: 'mosul' a second row with the same place_id and valid_from",)),
        ((START, LOST.replace("control,", "contested,")), ("row 3, control_status", "to_actor = contested")),
        ((START, HEADER), ("row 3, valid_from: 'valid_from' is not a date", "row 3, event: 'event'")),
        ((START.replace("inferred", ""),), ("row 2, confidence: empty",)),
    ],
    ids=[
        *("unknown-actor", "broken-chain", "date-order", "not-a-date", "word", "unknown-place"),
        *("twice", "status", "header-repeated", "empty-cell"),
    ],
)
def test_bad_control_rows(tmp_path: Path, lines: tuple[str, ...], expected: tuple[str, ...]) -> None:
    """Each error names row, column, value and what is allowed."""
    message = message_of(written(tmp_path, *lines))
    for part in expected:
        assert part in message


def test_the_order_of_the_rows_is_free(tmp_path: Path) -> None:
    """By date the chain holds; a date that breaks it is told with the line that it follows."""
    assert len(ck.read_table(written(tmp_path, START, FREED, LOST), "control_changes")) == 3
    message = message_of(written(tmp_path, START, LOST, FREED.replace("2017", "2014").replace("07-10", "05-10")))
    assert "row 4, from_actor: 'isis' breaks the chain: by date it follows line 2" in message
    assert "row 3, from_actor: 'iraq_gov'" not in message


def test_place_outside_the_region(tmp_path: Path) -> None:
    """Latitude and longitude swapped end outside."""
    places = ck.load_places().dropna(subset=["latitude"]).head(1)
    path = tmp_path / "places.csv"
    places.assign(latitude=places.longitude, longitude=places.latitude).to_csv(path, index=False)
    message = message_of(path, "places")
    assert "row 2, latitude" in message
    assert "is outside 28.5 to 38.5" in message


def test_missing_column_names_the_nearest(tmp_path: Path) -> None:
    """A misspelt column is found."""
    path = written(tmp_path, START)
    path.write_text(path.read_text(encoding="utf-8").replace("to_actor", "toactor"), encoding="utf-8")
    assert "row 1, to_actor: the column is missing. Did you mean 'toactor'?" in message_of(path)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0", "is not a text file"),
        (b'{"type": "FeatureCollection", "features": []}', "looks like JSON or XML"),
        ("place_id,name\nx,Müller\n".encode("latin-1"), "is not UTF-8 (line 2)"),
        (HEADER.replace(",", ";").encode(), "is separated by semicolons"),
        (f"{HEADER}\n{START},extra\n".encode(), "line 2 has 11 cells"),
        (b'place_id,name\n"x,y\n', "is not CSV"),
    ],
    ids=["empty", "blank", "binary", "geojson", "latin-1", "semicolons", "ragged", "quotes"],
)
def test_files_that_are_not_a_csv(tmp_path: Path, content: bytes, expected: str) -> None:
    """One sentence says what the file is instead."""
    path = tmp_path / "mine.csv"
    path.write_bytes(content)
    assert expected in message_of(path)


def test_a_workbook_is_not_a_csv(tmp_path: Path) -> None:
    """A zip, which a workbook is, is recognised."""
    path = tmp_path / "mine.csv"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert "is not a text file" in message_of(path)


def test_missing_file(tmp_path: Path) -> None:
    """The path is named."""
    assert "nowhere.csv' cannot be opened" in message_of(tmp_path / "nowhere.csv")


def test_unknown_table() -> None:
    """The error lists the tables and the nearest."""
    with pytest.raises(UnknownNameError, match="Did you mean 'places'"):
        ck.validate(ck.load_places(), "place")


def test_ranges_out_of_order() -> None:
    """Low above high, an interval that ends before it begins, a bound without its number."""
    estimates = ck.load_fighter_estimates()
    ranges = estimates[estimates.bound_type == "range"].head(1)
    with pytest.raises(TableError, match=r"low: '\d+' is larger than high"):
        ck.validate(ranges.assign(low=ranges.high + 1), "fighter_estimates")
    deployments = ck.load_deployments().dropna(subset=["valid_to"]).head(1)
    with pytest.raises(TableError, match=r"valid_to: '.*' is not after valid_from"):
        ck.validate(deployments.assign(valid_to=deployments.valid_from), "deployments")
    with pytest.raises(TableError, match="high: empty, but bound_type is range"):
        ck.validate(ranges.assign(high=float("nan")), "fighter_estimates")


def test_a_cycle_of_parents() -> None:
    """A force cannot be part of its own part."""
    actors = ck.load_actors()
    bent = actors.assign(parent_id=actors.parent_id.mask(actors.actor_id.eq("iraq_gov"), "badr"))
    with pytest.raises(TableError, match="'badr' makes the actor its own ancestor"):
        ck.validate(bent, "actors")


def test_others_replace_the_shipped_tables() -> None:
    """A user's own places are the ones that a user's changes may name."""
    changes = ck.load_control_changes().head(1).assign(place_id="my-hill")
    hill = ck.load_places().head(1).assign(place_id="my-hill")
    ck.validate(changes, "control_changes", others={"places": hill})
    with pytest.raises(TableError, match="'my-hill' is not in places"):
        ck.validate(changes, "control_changes")


@pytest.mark.parametrize("table", CONTRACTS)
def test_shipped_tables_are_valid_and_validation_changes_nothing(table: str) -> None:
    """The tables keep their own contracts."""
    frame = getattr(ck, f"load_{table}")()
    before = frame.copy()
    ck.validate(frame, table)
    pd.testing.assert_frame_equal(frame, before)


@settings(max_examples=25, deadline=None)
@given(st.sets(st.integers(0, 1327), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_k_corruptions_are_k_problems(rows: set[int], random: object) -> None:
    """Each corrupted cell is reported, and nothing else."""
    frame = ck.load_control_changes()
    column = random.choice(["date_prec", "event", "confidence"])  # type: ignore[attr-defined]
    bad = frame[column].mask(frame.index.isin(rows), "nonsense")
    with pytest.raises(TableError) as caught:
        ck.validate(frame.assign(**{column: bad}), "control_changes")
    problems = caught.value.problems
    assert problems is not None
    own = problems[problems.value.eq("nonsense") & problems.problem.str.startswith("is not allowed")]
    assert set(own.row) == {row + 2 for row in rows}
    assert set(problems.column) <= {column}


def test_the_message_is_short_and_the_frame_is_whole() -> None:
    """Twenty problems are spelt out, all are in the exception."""
    frame = ck.load_places().assign(kind="citadel")
    with pytest.raises(TableError) as caught:
        ck.validate(frame, "places")
    assert caught.value.problems is not None
    assert len(caught.value.problems) == len(frame)
    assert f"and {len(frame) - 20} more" in str(caught.value)
    assert len(str(caught.value).splitlines()) == 22


def test_a_folder_reports_all_its_tables_at_once(tmp_path: Path) -> None:
    """An edited row that breaks two tables is reported for both."""
    for name in CONTRACTS:
        text = (data_folder() / f"{name}.csv").read_text(encoding="utf-8")
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    assert len(check_folder(tmp_path)) == len(CONTRACTS)
    actors = tmp_path / "actors.csv"
    actors.write_text(actors.read_text(encoding="utf-8").replace("\nsdf,", "\nsdff,"), encoding="utf-8")
    with pytest.raises(TableError) as caught:
        check_folder(tmp_path)
    assert caught.value.problems is not None
    assert {"control_changes", "deployments", "actors"} <= set(caught.value.problems.table)
    assert "Did you mean 'sdff'?" in str(caught.value)

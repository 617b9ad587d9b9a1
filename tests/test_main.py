"""The command line: the tables of a folder, with the references between them."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from synthetic import FOLDER, write_other_war

from conflictkit.__main__ import main
from conflictkit.files import data_folder
from conflictkit.schema import CONTRACTS

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "place_id,valid_from,date_prec,from_actor,to_actor,control_status,event,source_id,confidence,note"
START = "mosul,2014-01-01,day,none,iraq_gov,control,initial,,inferred,"


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """Return a copy of the shipped tables."""
    for name in CONTRACTS:
        (tmp_path / f"{name}.csv").write_bytes((data_folder() / f"{name}.csv").read_bytes())
    for name in ("borders_0", "borders_1"):
        (tmp_path / f"{name}.geojson").write_bytes((data_folder() / f"{name}.geojson").read_bytes())
    return tmp_path


@pytest.mark.slow
def test_the_shipped_tables(capsys: pytest.CaptureFixture[str]) -> None:
    """One line a table, how far ids join, then the rows to look at."""
    assert main(["check"]) == 0
    told = capsys.readouterr()
    lines = told.out.splitlines()
    assert [line.partition(":")[0] for line in lines[: len(CONTRACTS)]] == list(CONTRACTS)
    assert all(line.startswith(("join: ", "look at: ", "  ")) for line in lines[len(CONTRACTS) :])
    assert "join: actors by ucdp_ids: 14 matched, 1 ambiguous (ypg), 57 unmatched" in lines
    assert "look at: no page: 54 rows, such as" in lines
    assert told.err == ""


@pytest.mark.slow
def test_all_tables_report_at_once(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An edited row that breaks other tables is reported for each; a file that is no CSV too."""
    assert main(["check", str(shipped)]) == 0
    actors = shipped / "actors.csv"
    actors.write_text(actors.read_text(encoding="utf-8").replace("\nsdf,", "\nsdff,"), encoding="utf-8")
    (shipped / "settlements.csv").write_bytes(b"")
    assert main(["check", str(shipped)]) == 1
    told = capsys.readouterr().err
    for table in ("control_changes", "deployments", "actors"):
        assert f"\n{table}: " in f"\n{told}"
    assert "Did you mean 'sdff'?" in told
    assert "settlements.csv' is empty" in told


def test_a_folder_of_ones_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A few tables are enough; what they name elsewhere is looked up in the shipped ones."""
    (tmp_path / "control_changes.csv").write_text(f"{HEADER}\n{START}\n", encoding="utf-8")
    assert main(["check", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "control_changes: 1 row, no problem\n"


def test_another_war(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With its own borders: their codes and names are the ones allowed."""
    assert main(["check", str(FOLDER)]) == 0
    write_other_war(tmp_path)
    places = tmp_path / "places.csv"
    places.write_text(places.read_text(encoding="utf-8").replace("Uplands", "Anbar", 1), encoding="utf-8")
    capsys.readouterr()
    assert main(["check", str(tmp_path)]) == 1
    assert "admin1: 'Anbar' is not allowed: use one of Uplands, Lowlands, Coast, Steppe." in capsys.readouterr().err


def test_a_folder_without_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing to check is not a success."""
    assert main(["check", str(tmp_path)]) == 1
    assert "holds no table. Tables: places.csv" in capsys.readouterr().err


def test_an_unknown_command(capsys: pytest.CaptureFixture[str]) -> None:
    """The usage is told, and the status is that of wrong usage."""
    for words in ([], ["chekc"]):
        with pytest.raises(SystemExit) as caught:
            main(words)
        assert caught.value.code == 2
    assert "usage: conflictkit" in capsys.readouterr().err


def test_the_program(shipped: Path) -> None:
    """Exit status 1 and the message of the library, and nothing of its insides."""
    places = shipped / "places.csv"
    places.write_text(places.read_text(encoding="utf-8").replace("Raqqa,", "Raka,"), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "conflictkit", "check", str(shipped)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "admin1: 'Raka' is not allowed" in done.stderr
    assert "Did you mean 'Raqqa'?" in done.stderr
    assert "Traceback" not in done.stderr

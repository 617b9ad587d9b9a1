"""A new folder of tables, and the check of a folder: what a stranger with tables of their own meets first."""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING

import pytest

import conflictkit as ck
from conflictkit.__main__ import main
from conflictkit.schema import CONTRACTS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a new folder."""
    assert main(["new", str(tmp_path / "my-war")]) == 0
    return tmp_path / "my-war"


def edit(path: Path, old: str, new: str) -> None:
    """Replace something that stands in a file."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_a_new_folder_is_whole(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every table has all its columns and two example rows or more, and the check finds nothing to say."""
    for name, contract in CONTRACTS.items():
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        assert tuple(header) == contract.names
        assert len(rows) >= 2 or name == "tables"
    capsys.readouterr()
    assert main(["check", str(folder)]) == 0
    told = capsys.readouterr()
    assert told.out.count("no problem") == len(CONTRACTS)
    assert "note" not in told.out
    assert told.err == ""


def test_its_readme_makes_a_map_a_chart_and_a_page(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lines of code in it run as they stand, beside the folder."""
    text = (folder / "README.md").read_text("utf-8")
    assert "conflictkit check my-war/" in text
    code = "\n".join(re.findall(r"^    (?!conflictkit)(.*)$", text, re.MULTILINE))
    monkeypatch.chdir(folder.parent)
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102 - the page's own lines
    assert "Exampleland" in (folder.parent / "my-war.html").read_text("utf-8")


def test_nothing_is_written_over(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that holds something, and a file, are left as they are."""
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for target in (folder, folder / "README.md"):
        assert main(["new", str(target)]) == 1
        assert "name one that is not there yet" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_every_problem_is_a_sentence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each names its row and column, says what is wrong and what to do, and ends."""
    edit(folder / "places.csv", ",44.70,", ",144.70,")
    edit(folder / "control_changes.csv", "2020-06-15", "15 June")
    edit(folder / "control_changes.csv", "none,blues,control,initial", "blues,bleus,control,initial")
    edit(folder / "actors.csv", ",kind,", ",knid,")
    (folder / "sources.csv").rename(folder / "source.csv")
    (folder / "sides.csv").write_bytes(b"")
    capsys.readouterr()
    assert main(["check", str(folder)]) == 1
    told = capsys.readouterr().err.splitlines()
    for sentence in (
        "  Row 2, latitude: '144.7' is outside 42.5 to 46.5.",
        "  Row 3, valid_from: '15 June' is not a date: write a day as 2014-06-10.",
        "  Row 2, to_actor: 'bleus' is not in actors: add it there or correct it. Did you mean 'blues'?",
        "  Row 1, kind: the column is missing. Did you mean 'knid'?",
        "'source.csv' is not read: it has the name of no table. Did you mean 'sources.csv'?",
    ):
        assert sentence in told
    assert any("sides.csv' is empty" in line for line in told)
    assert all(line.endswith((".", "?")) for line in told)


def test_more_problems_than_an_exception_shows(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On the command line there is no exception to look into: all are told."""
    rows = "".join(f"town-{n},Town {n},,,QQ,,44.5,-34.5,map_mark,town,,,\r\n" for n in range(50))
    with (folder / "places.csv").open("a", encoding="utf-8", newline="") as file:
        file.write(rows)
    capsys.readouterr()
    assert main(["check", str(folder)]) == 1
    assert capsys.readouterr().err.count("'QQ' is not allowed") == 50


def test_what_is_allowed_and_limits_the_answers(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder with less is no mistake; what it cannot answer is said."""
    for name in ("borders_0.geojson", "sides.csv", "settlements.csv"):
        (folder / name).unlink()
    edit(folder / "control_changes.csv", "southtown,2020-01-01,day,none,blues,control,initial", "")
    lines = (folder / "control_changes.csv").read_text("utf-8").splitlines()
    (folder / "control_changes.csv").write_text("\n".join(lines[:3]) + "\n", "utf-8")
    capsys.readouterr()
    assert main(["check", str(folder)]) == 0
    told = capsys.readouterr().out
    assert "note: borders_0.geojson is not there, or has no country: without borders" in told
    assert "note: 1 place without a row in control_changes.csv: southtown." in told
    assert "note: blue and red are sides without a row in sides.csv." in told
    (folder / "control_changes.csv").unlink()
    assert main(["check", str(folder)]) == 0
    assert "note: control_changes.csv has no rows: without them there is no land to map." in capsys.readouterr().out


def test_a_border_that_crosses_itself(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The check says it, so that no map has to."""
    border = folder / "borders_0.geojson"
    shape = json.loads(border.read_text("utf-8"))
    shape["features"][0]["geometry"]["coordinates"] = [[[-35, 44], [-33, 45], [-33, 44], [-35, 45], [-35, 44]]]
    border.write_text(json.dumps(shape), "utf-8")
    assert main(["check", str(folder)]) == 1
    assert "the border of 'XX' (number 1) has lines that cross themselves" in capsys.readouterr().err


def test_no_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """How to make one."""
    assert main(["check", str(tmp_path / "my-war")]) == 1
    assert "conflictkit new " in capsys.readouterr().err


def test_the_second_war_has_nothing_to_note(capsys: pytest.CaptureFixture[str]) -> None:
    """The example is as a folder should be."""
    from test_second_war import FOLDER

    assert main(["check", str(FOLDER)]) == 0
    assert "note" not in capsys.readouterr().out
    assert ck.Tables.read(FOLDER).rejected.empty

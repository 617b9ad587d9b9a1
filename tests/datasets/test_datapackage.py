"""The description of data/ for other programs: made from the contracts and data sheets, and true of the files."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from conflictkit.files import data_folder
from conflictkit.schema import CONTRACTS
from conflictkit.war_folder import check_folder

if TYPE_CHECKING:
    from pathlib import Path

BUILD = data_folder() / "build" / "datapackage.py"
FILE = data_folder() / "datapackage.json"
DESCRIBED = {resource["name"]: resource for resource in json.loads(FILE.read_text(encoding="utf-8"))["resources"]}


def problems(folder: Path) -> set[tuple[str, str]]:
    """Return what the reference implementation finds in a folder: table and kind of error."""
    from frictionless import Package  # two seconds, which runs without this test should not take

    report = Package(str(folder / "datapackage.json")).validate()
    return {(task.name, error.type) for task in report.tasks for error in task.errors}


def test_the_file_is_as_it_is_made() -> None:
    """Whoever changes a contract or a data sheet makes it anew."""
    done = subprocess.run([sys.executable, BUILD, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_file_of_the_folder_is_in_it() -> None:
    """With licence and source; each table with its key, each column with a type and what it means."""
    files = {path.name for path in data_folder().iterdir() if path.suffix in {".csv", ".geojson"}}
    assert {resource["path"] for resource in DESCRIBED.values()} == files
    assert all(resource["licenses"] and resource["sources"] for resource in DESCRIBED.values())
    for name, contract in CONTRACTS.items():
        schema = DESCRIBED[name]["schema"]
        assert tuple(schema["primaryKey"]) == contract.key
        assert tuple(field["name"] for field in schema["fields"]) == contract.names
        assert all(field["type"] and field["description"] for field in schema["fields"])


def test_columns_that_name_rows_are_foreign_keys() -> None:
    """Of one table, of itself, and of a key of two columns."""
    keys = {
        name: {(*key["fields"], key["reference"]["resource"]) for key in resource["schema"]["foreignKeys"]}
        for name, resource in DESCRIBED.items()
        if "schema" in resource
    }
    assert ("source_id", "sources") in keys["deployments"]
    assert ("parent_id", "") in keys["actors"]
    assert ("place_id", "valid_from", "control_changes") in keys["reports"]


def test_the_shipped_files_are_valid_by_it() -> None:
    """Every table, every reference, by the reference implementation of the format."""
    assert problems(data_folder()) == set()


def test_files_that_are_wrong_are_not(tmp_path: Path) -> None:
    """A reference to nothing, a word that is not allowed, a day that is none, a key twice."""
    folder = tmp_path / "data"
    shutil.copytree(data_folder(), folder, ignore=shutil.ignore_patterns("build"))

    def spoil(name: str, old: str, new: str) -> None:
        text = (folder / f"{name}.csv").read_text(encoding="utf-8")
        assert old in text
        (folder / f"{name}.csv").write_text(text.replace(old, new, 1), encoding="utf-8")

    spoil("control_changes", "rumana,2017-11-11,", "rumana,11 November,")
    spoil("places", ",geonames,", ",somewhere,")
    spoil("deployments", ",italy,", ",atlantis,")
    spoil("sides", "krg,", "iraq,")
    found = problems(folder)
    assert {("control_changes", "type-error"), ("places", "constraint-error"), ("deployments", "foreign-key")} <= found
    assert ("sides", "primary-key") in found


def test_the_check_of_a_folder_knows_it(tmp_path: Path) -> None:
    """A copy of the folder is no folder with a strange file in it."""
    folder = tmp_path / "data"
    shutil.copytree(data_folder(), folder, ignore=shutil.ignore_patterns("build"))
    assert not [line for line in check_folder(folder) if "datapackage" in line]

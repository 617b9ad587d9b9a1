"""Another war, made here: own lands, places, actors, sides, dates, figures and pages; no fact of the shipped tables.

Two countries side by side, each of two halves; two armies, one of them helped from afar; 1990 to 1995. The codes of the
countries and the words of scopes are still the shipped ones.
"""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

from conflictkit import Tables

FOLDER = Path(__file__).parent / "other_war"


@cache
def other_war() -> Tables:
    """Return the tables of another war."""
    return Tables.read(FOLDER)


def write_other_war(folder: Path) -> None:
    """Copy the files of another war into a folder, to be bent there."""
    shutil.copytree(FOLDER, folder, dirs_exist_ok=True)

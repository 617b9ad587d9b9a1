"""Another war, made here: own lands, places, actors, sides, dates, figures and pages; no fact of the shipped tables.

Two countries side by side, each of two halves; two armies, one of them helped from afar; 1990 to 1995. The codes of the
countries and the words of scopes are still the shipped ones.
"""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import pandas as pd

from conflictkit import Tables

FOLDER = Path(__file__).parent / "other_war"


@cache
def other_war() -> Tables:
    """Return the tables of another war."""
    return Tables.read(FOLDER)


def write_other_war(folder: Path) -> None:
    """Copy the files of another war into a folder, to be bent there."""
    shutil.copytree(FOLDER, folder, dirs_exist_ok=True)


def events_of(*rows: tuple[object, ...], **columns: object) -> pd.DataFrame:
    """Return events of (day, latitude, longitude, best)."""
    frame = pd.DataFrame(list(rows), columns=["event_date", "latitude", "longitude", "best"])
    frame["event_date"] = pd.to_datetime(frame["event_date"]).astype("datetime64[us]")
    return frame.astype({"best": float, "latitude": float, "longitude": float}).assign(
        **{"low": frame["best"].astype(float), "high": frame["best"].astype(float) + 1, **columns}
    )

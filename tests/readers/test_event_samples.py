"""The made-up samples of every layout: told apart by themselves, the same events in each, and said to be made up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import conflictkit as ck

if TYPE_CHECKING:
    import pandas as pd

FOLDER = Path(__file__).parents[2] / "examples" / "events-synthetic"
OWN = {
    "event_id": "Nr", "event_date": "Tag", "location": "Ort", "latitude": "Breite", "longitude": "Laenge",
    "actor1": "Wer", "actor2": "Gegen", "best": "Tote", "notes": "Bemerkung",
}  # fmt: skip
SAMPLES = {
    "ged.csv": ("ucdp", "of 49 columns", 600),
    "ged_candidate_without_header.csv": ("ucdp", "candidate", 40),
    "ged_hdx.csv": ("ucdp", "of 48 columns", 40),
    "acled_2016.csv": ("acled", "2016, names in capitals", 40),
    "acled_with_data_id.csv": ("acled", "with data_id", 40),
    "acled_api.csv": ("acled", "2024 or later, inter as text", 40),
    "gdelt_1_0.export.tsv": ("gdelt", "1.0", 40),
    "gdelt_2_0.export.tsv": ("gdelt", "2.0", 40),
    "strikes.csv": ("strikes", "2014-2018", 41),
    "own.csv": ("own", "", 40),
}


def read(name: str) -> pd.DataFrame:
    """Return the events of a sample."""
    return ck.read_events(FOLDER / name, columns=OWN if name == "own.csv" else None, actors=ck.load_actors())


@pytest.mark.parametrize("name", SAMPLES)
def test_each_layout_is_recognised(name: str) -> None:
    """With its version; nothing is lost, every row has a day and a point, and the table keeps its contract."""
    events = read(name)
    layout, version, count = SAMPLES[name]
    assert (events.attrs["layout"], events.attrs["version"], len(events)) == (layout, version, count)
    assert [entry["reason"] for entry in events.attrs["rejected"]] == ["HXL tags, not an event"] * (
        name == "ged_hdx.csv"
    )
    assert events[["event_date", "latitude", "longitude"]].notna().all(axis=None)
    ck.validate(events, "events")
    for actor in ("actor1", "actor2"):
        assert sum(events.attrs["actors"][actor].values()) == count


@pytest.mark.parametrize("name", [name for name in SAMPLES if name != "ged.csv"])
def test_the_same_events_in_each(name: str) -> None:
    """Days and points are those of the first sample, deaths too where they are counted."""
    events, whole = read(name), read("ged.csv")
    few = whole.iloc[:: len(whole) // 40].head(40)
    for column in ("event_date", "latitude", "longitude", "best"):
        if events[column].notna().any():
            assert events[column].head(40).tolist() == few[column].tolist()


def test_acled_with_data_id() -> None:
    """Dates in words; the id of the country counts, not the number of the row; actors by the names of ACLED."""
    events = read("acled_with_data_id.csv")
    assert events["event_id"].str.startswith("SYN").all()
    assert set(events["actor1_id"].dropna()) >= {"isis", "syria_gov"}
    assert set(events["date_prec"]) == {"day", "week", "month"}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.[ct]sv")), ids=lambda path: path.name)
def test_every_sample_says_that_it_is_made_up(path: Path) -> None:
    """In each of its records, in words of its own; and each is listed here."""
    assert path.name in SAMPLES
    text = path.read_bytes().decode("cp1252")
    records = SAMPLES[path.name][2]
    assert text.lower().count("synthetic") >= records

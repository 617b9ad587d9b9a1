"""Passports: what a figure shows and rests on, carried by its file, and verified."""

from __future__ import annotations

import base64
import json
import shutil
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from PIL import Image

import conflictkit as ck
from conflictkit.__main__ import main
from conflictkit.errors import PageError, TableError, UnknownNameError
from conflictkit.evidence import _passport
from conflictkit.evidence._passport import passport_in, verified
from conflictkit.passport import bibtex

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DATA = Path(ck.__file__).parents[1] / "data"


@pytest.fixture(scope="module")
def strength() -> Axes:
    """Return a chart of few rows."""
    rows = ck.load_deployments()
    return ck.plot_strength(rows[rows.actor_id.isin(["wagner", "italy"])], assume_days=30)


@pytest.fixture(scope="module")
def page_of(territory: ck.Territory) -> Any:  # noqa: ANN401 - a map of folium's
    """Return a map."""
    return ck.map_territory(territory, "2017-11-03")


def test_a_passport_says_what_how_and_by_whom(strength: Axes) -> None:
    """Title, caption, the call with what was left out of it, rows with their cells, pages, version, a line to cite."""
    card = ck.passport(strength)
    assert set(card) == {
        *("what", "alt", "definition", "parameters", "rows", "tables", "sources", "version", "caveats", "cite")
    }
    assert json.loads(json.dumps(card)) == card
    assert card["what"] == strength.get_title(loc="left").replace("\n", " ")
    (call,) = card["parameters"]
    assert call["function"] == "plot_strength"
    assert call["assume_days"] == 30
    assert call["tables"] is None
    assert call["deployments"].endswith(" rows")
    rows = ck.load_deployments().set_index("deployment_id")
    for entry in card["rows"]:
        assert entry["table"] == "deployments"
        assert entry["cells"]["actor_id"] == rows.actor_id[entry["row_key"]]
        assert entry["source_id"] == rows.source_id[entry["row_key"]]
    pages = {entry["cells"].get(name) for entry in card["rows"] for name in ("source_id", "second_source_id")}
    assert {page["source_id"] for page in card["sources"]} == pages - {None}
    assert card["tables"]["deployments"]["rows"] == int(call["deployments"].split()[0])
    assert card["version"] == ck.__version__
    assert card["tables"]["deployments"]["hash"] in card["cite"]


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_a_file_carries_its_passport(
    strength: Axes, tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Inside and beside it; read back it is the same, it verifies, and the same figure gives the same bytes."""
    file = tmp_path / f"figure.{kind}"
    ck.save_figure(strength, file)
    first = file.read_bytes()
    ck.save_figure(strength.figure, file)
    assert file.read_bytes() == first
    card = ck.passport(strength)
    assert passport_in(file) == card
    beside = json.loads((tmp_path / f"figure.{kind}.json").read_text(encoding="utf-8"))
    assert beside.pop("bibtex").count("@online{") == len(card["sources"])
    assert beside == card
    assert main(["verify", str(file)]) == 0
    assert f"{len(card['rows'])} of {len(card['rows'])} rows stand unchanged" in capsys.readouterr().out


def test_a_png_is_a_picture_that_others_open(strength: Axes, tmp_path: Path) -> None:
    """With the text in a chunk that any library shows."""
    ck.save_figure(strength, tmp_path / "figure.png")
    with Image.open(tmp_path / "figure.png") as picture:
        picture.load()
        assert json.loads(picture.info["conflictkit"])["version"] == ck.__version__


@pytest.mark.slow
def test_a_page_carries_its_passport(page_of: Any, tmp_path: Path) -> None:  # noqa: ANN401 - a map of folium's
    """In its head, where no script reads it."""
    ck.save_figure(page_of, tmp_path / "map.html")
    card = passport_in(tmp_path / "map.html")
    assert card == ck.passport(page_of)
    assert card["parameters"][0]["dates"] == "2017-11-03"
    text = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert text.count('<meta name="conflictkit"') == 1
    assert "connect-src 'none'" in text


def test_what_changed_is_told_old_and_new(strength: Axes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A cell, and a row that is gone, in tables of a folder; the shipped ones stand as they are."""
    file, folder = tmp_path / "figure.png", tmp_path / "data"
    ck.save_figure(strength, file)
    shutil.copytree(DATA, folder)
    lines = (folder / "deployments.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    keys = [entry["row_key"] for entry in passport_in(file)["rows"]]
    kept = [line.replace(",italy,", ",usa,") for line in lines if not line.startswith(f"{keys[0]},")]
    (folder / "deployments.csv").write_text("".join(kept), encoding="utf-8")
    assert main(["verify", str(file), "--tables", str(folder)]) == 1
    told = capsys.readouterr().err
    assert f"deployments {keys[0]}: the row is gone" in told
    assert "actor_id was 'italy', is 'usa'" in told
    assert main(["verify", str(file)]) == 0


def test_marks_that_a_picture_computes_are_no_cells_of_a_row() -> None:
    """Grades of ``select_estimates`` travel with the rows that are drawn; the tables on disk do not have them."""
    rows = ck.select_estimates().query("actor_id == 'isis' and quantity == 'fighters' and scope == 'IQ;SY'").head(4)
    card = ck.passport(ck.plot_disagreement(rows))
    assert "credibility" not in card["rows"][0]["cells"]
    lines, stand, _ = verified(card, ck.Tables.shipped())
    assert (lines, stand) == ([], len(rows))


def test_rows_of_files_are_counted_and_not_verified() -> None:
    """Events that a reader brought stand in no table."""
    events = pd.DataFrame(
        {
            "event_date": pd.to_datetime(["2017-10-03"]),
            "latitude": 34.4,
            "longitude": 40.9,
            "event_type": "battle",
            "low": [1],
            "best": [1],
            "high": [1],
        }
    )
    card = ck.passport(ck.plot_events(events))
    assert verified(card, ck.Tables.shipped()) == ([], 0, 1)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no passport inside"),
        (b"\x89PNG\r\n\x1a\n", "no passport inside"),
        (b"\x89PNG\r\n\x1a\n\xff\xff\xff\xfftEXtconflictkit\0{}", "no passport inside"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\x0etEXtconflictkit\0{}\0\0\0\0", "damaged"),
        (b"<svg>conflictkit:AAAA</svg>", "damaged"),
        (b"conflictkit:" + base64.b64encode(zlib.compress(b"[1]")), "damaged"),
        (b"conflictkit:" + base64.b64encode(zlib.compress(b"\xff")), "damaged"),
        (b"conflictkit:" + base64.b64encode(zlib.compress(b"[" * 100_000)), "damaged"),
    ],
)
def test_files_from_outside_are_hostile(tmp_path: Path, content: bytes, message: str) -> None:
    """Nothing, half a chunk, no JSON, no passport: refused in words."""
    file = tmp_path / "x.png"
    file.write_bytes(content)
    with pytest.raises(TableError, match=message):
        passport_in(file)
    assert main(["verify", str(file)]) == 1


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the limit, packed or plain."""
    monkeypatch.setattr(_passport, "MOST_BYTES", 10_000)
    (tmp_path / "bomb.svg").write_bytes(b"conflictkit:" + base64.b64encode(zlib.compress(b" " * 1_000_000)))
    with pytest.raises(TableError, match="damaged"):
        passport_in(tmp_path / "bomb.svg")
    (tmp_path / "large.png").write_bytes(b" " * 10_001)
    with pytest.raises(TableError, match="larger than 10,000 bytes"):
        passport_in(tmp_path / "large.png")


@pytest.mark.parametrize("rows", [[None], [1], [{}], [{"table": "deployments", "row_key": 1, "cells": {"a": 1}}]])
def test_a_made_up_passport_is_no_crash(rows: list[object]) -> None:
    """Entries that are none count as foreign, or as gone."""
    lines, stand, foreign = verified({"rows": rows}, ck.Tables.shipped())
    assert stand == 0
    assert len(lines) + foreign == 1


def test_what_cannot_be_written_is_refused(strength: Axes, page_of: Any, tmp_path: Path) -> None:  # noqa: ANN401 - a map
    """An unknown ending, a chart as a page, a map as a picture, what the kit has not drawn."""
    with pytest.raises(UnknownNameError, match="format of a figure"):
        ck.save_figure(strength, tmp_path / "figure.bmp")
    with pytest.raises(PageError, match="is for maps"):
        ck.save_figure(strength, tmp_path / "figure.html")
    with pytest.raises(PageError, match=r"is written as \.html"):
        ck.save_figure(page_of, tmp_path / "map.png")
    with pytest.raises(TableError, match="no picture of this kit"):
        ck.passport("a figure")
    assert list(tmp_path.iterdir()) == []


def test_axes_that_others_drew_have_an_empty_passport() -> None:
    """Nothing is claimed for them."""
    card = ck.passport(plt.figure().add_subplot())
    assert card["rows"] == card["sources"] == card["parameters"] == []


def test_bibtex_escapes_what_it_reads_as_commands() -> None:
    """Braces, percent signs, underscores."""
    entry = bibtex(
        [{"source_id": "a", "publisher": "A & B {C}", "url": "https://x.org/a_b%20", "published_date": "2017-11-03"}]
    )
    assert entry == (
        "@online{a,\n  author = {A \\& B (C)},\n  title = {A \\& B (C)},\n  date = {2017-11-03},\n"
        "  url = {https://x.org/a\\_b\\%20}\n}"
    )


def test_as_known_on_is_a_caveat(territory: ck.Territory) -> None:
    """An answer says on how many rows without a dated page it rests."""
    tables = territory.tables.as_known_on("2017-11-03")
    card = ck.passport(ck.plot_territory(ck.Territory.from_places(tables=tables), "2017-11-03"))
    assumed = int(tables.control_changes.date_assumed.sum())
    assert f"{assumed:,} control rows count as known from their own day" in card["caveats"][-1]


@pytest.mark.slow
def test_every_explorer_and_frame_leads_to_its_rows() -> None:
    """First views, and frames with sources; a frame without is refused."""
    for view in (
        ck.explore_territory(date="2017-11-03", live=False),
        ck.explore_deployments(date="2017-06-10", live=False),
        ck.explore_estimates(live=False),
        ck.explore(date="2017-11-03", live=False),
        ck.load_control_changes(),
        ck.deployments_at("2017-11-03"),
    ):
        rows = ck.sources_of(view)
        assert len(rows) > 5
        assert rows[["table", "row_key", "mark", "publisher"]].notna().all(axis=None)
    with pytest.raises(TableError, match="no column source_id"):
        ck.sources_of(ck.Territory.from_places().area("2017-11-03"))

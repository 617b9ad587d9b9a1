"""``save_story``: words as text, each step with what its map shows, its picture and its page; problems told at once."""

from __future__ import annotations

import base64
import gzip
import io
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from gallery import drawings
from PIL import Image

import conflictkit as ck
from conflictkit.maps._steps import read_steps

if TYPE_CHECKING:
    from pathlib import Path

STEPS = [
    {"text": "Mosul **falls** <b>x</b>", "date": "2014-06-10", "place": "East Mosul"},
    {"text": "# The last towns\n\n- one", "date": "2017-11-03", "extent": (40, 33, 43, 36), "level": "core"},
    {"text": "Alone", "actor_ids": ["sdf"]},
]


@pytest.fixture(scope="module")
def story(territory: ck.Territory, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the page of a story of three steps."""
    file = tmp_path_factory.mktemp("story") / "story.html"
    ck.save_story(STEPS, file, territory=territory, title="Two <towns>")
    assert file.stat().st_size < 3_000_000
    return file.read_text(encoding="utf-8")


def data_of(page: str) -> dict[str, Any]:
    """Return the numbers inside a page."""
    (packed,) = re.findall(r'id="ck-data">([^<]+)<', page)
    found: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(packed)))
    return found


def test_words_are_text(story: str) -> None:
    """Markdown is set, markup is shown as typed, the title too; headings stand below that of the step."""
    assert "<p>Mosul <strong>falls</strong> &lt;b&gt;x&lt;/b&gt;</p>" in story
    assert "<h1>Two &lt;towns&gt;</h1>" in story
    assert "<h3>The last towns</h3>\n<ul><li>one</li></ul>" in story
    assert '<meta name="description" content="Mosul falls &lt;b&gt;x&lt;/b&gt;">' in story


def test_what_the_map_shows(story: str) -> None:
    """Day, level, place, corners and holders of each step; day and level go on, place and holders do not."""
    data = data_of(story)
    first, second, third = data["steps"]
    assert [data["dates"][step["step"]] for step in data["steps"]] == ["2014-06-10", "2017-11-03", "2017-11-03"]
    assert [step["level"] for step in data["steps"]] == ["claimed", "core", "core"]
    assert [step["place"] for step in data["steps"]] == ["east-mosul", "", ""]
    (south, west), (north, east) = first["bounds"]
    assert south < 36.3 < north
    assert west < 43.2 < east
    assert [*second["bounds"][0], *second["bounds"][1]] == pytest.approx([33, 40, 36, 43], abs=0.1)
    assert third["bounds"] == data["bounds"]
    assert third["actors"] == ["sdf", "ypg"]


def test_each_step_has_a_picture_and_its_words(story: str) -> None:
    """For where no script runs: what it shows is said, and it is a picture of that."""
    alts = re.findall(r'<img class="ck-twin" alt="([^"]+)"', story)
    assert alts[0].split(".")[0] == "Map: Control within 100 km of East Mosul on 10 June 2014"
    assert "Islamic State" in alts[0]
    pictures = re.findall(r'class="ck-twin"[^>]+base64,([^"]+)"', story)
    assert len(set(pictures)) == len(STEPS)
    assert Image.open(io.BytesIO(base64.b64decode(pictures[0]))).width > 500


def test_sources(story: str, territory: ck.Territory) -> None:
    """The page behind the place under its step; all pages of the days at the foot, the best grade first."""
    rows = territory.control_changes
    row = rows[(rows["place_id"] == "east-mosul") & (rows["valid_from"] == "2014-06-10")].iloc[0]
    url = territory.tables.sources.set_index("source_id").loc[row["source_id"], "url"]
    assert f'On the map: East Mosul, Islamic State since 10 June 2014. Source: <a href="{url}"' in story
    foot = story.split('aria-label="Sources"')[1]
    grades = re.findall(r"<summary>Grade (\w)", foot)
    assert grades == sorted(grades)
    assert len(grades) > 2
    rows = rows[rows["valid_from"] <= "2017-11-03"].sort_values("valid_from").drop_duplicates("place_id", keep="last")
    sources = territory.tables.sources
    cited = sources[sources["source_id"].isin(rows["source_id"]) & sources["url"].notna()]
    assert foot.count("<li><a href=") >= len(cited)


def test_nothing_from_elsewhere(story: str) -> None:
    """The policy forbids every connection, and no style stands where it forbids one."""
    assert "connect-src 'none'" in story
    body = story[story.index("<body") : story.index("<script")]
    assert re.findall(r"<\w+\b[^>]* style=", body) == []


def test_same_story_same_bytes(territory: ck.Territory, tmp_path: Path) -> None:
    """Whatever came before."""
    for name in ("one", "other"):
        ck.save_story(STEPS[:1], tmp_path / name, territory=territory)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_problems_are_told_at_once(territory: ck.Territory, tmp_path: Path) -> None:
    """Each by the number of its step and by name; nothing is written."""
    wrong = [
        {"text": "x", "dat": "2014-06-10", "place": "mosull", "level": "cor"},
        {"text": " ", "date": "2031-01-01", "actor_ids": ["isi"], "extent": (3, 2, 1, 0)},
        {"text": "x", "actor_ids": "isis"},
        "text",
    ]
    with pytest.raises(ck.PageError) as told:
        ck.save_story(wrong, tmp_path / "story.html", territory=territory)  # type: ignore[list-item]
    said = str(told.value)
    for words in (
        "Step 1: Unknown key 'dat'", "Did you mean 'date'?", "Step 1: Unknown place 'mosull'",
        "Step 1: Unknown level 'cor'", "Step 2: text=' ' is no text", "1 January 2031",
        "Step 2: Unknown holder 'isi'", "extent=(3, 2, 1, 0) is no box", "Step 3: actor_ids='isis' is no list",
        "Step 4: 'text' is no dict",
    ):  # fmt: skip
        assert words in said, words
    assert not (tmp_path / "story.html").exists()


@pytest.mark.parametrize("steps", [[], "text", {"text": "x"}, None])
def test_a_story_has_steps(territory: ck.Territory, tmp_path: Path, steps: Any) -> None:  # noqa: ANN401 - anything
    """A list of at least one."""
    with pytest.raises(ck.PageError, match="one dict for each"):
        ck.save_story(steps, tmp_path / "story.html", territory=territory)


def test_the_first_step_may_be_silent(territory: ck.Territory) -> None:
    """Then it shows the day of the story's largest extent, all of the land, as claimed."""
    (step,) = read_steps([{"text": "x"}], territory)
    area = territory.area().query("actor_id == 'isis' and scope == 'all'").set_index("date")["area_km2"]
    assert abs((step.day - area.idxmax()).days) < 40
    assert (step.level, step.place, step.corners, step.actor_ids) == ("claimed", "", [], ())


def test_a_story_of_drawings(tmp_path: Path) -> None:
    """Land that somebody drew has no core, and a place is none of its own."""
    land = drawings()
    ck.save_story([{"text": "Drawn", "date": land.dates[-1]}], tmp_path / "story.html", territory=land)
    assert "<p>Drawn</p>" in (tmp_path / "story.html").read_text(encoding="utf-8")
    with pytest.raises(ck.PageError, match="Unknown level 'core': use one of claimed"):
        ck.save_story([{"text": "x", "level": "core"}], tmp_path / "other.html", territory=land)

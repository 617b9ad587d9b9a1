"""The maps of the kit: titles, captions, what is refused, size, bytes, and how they show themselves in a notebook."""

from __future__ import annotations

import base64
import copy
import difflib
import html
import io
import re
from typing import TYPE_CHECKING

import gallery
import geopandas as gpd
import pandas as pd
import pytest
import shapely
from inside import unpacked
from PIL import Image

import conflictkit as ck
from conflictkit.errors import DateError, TerritoryError, UnknownNameError

if TYPE_CHECKING:
    from pathlib import Path

    import folium

    from conflictkit.maps._kitmap import KitMap

DAYS = pd.date_range("2014-01-01", "2019-03-31", periods=300).normalize()


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every map the same small picture: what is drawn there has tests of its own, and takes a second a map."""
    for module in ("territory", "changes", "deployments"):
        monkeypatch.setattr(f"conflictkit.maps.{module}.png", lambda *_, **__: b"\x89PNG")


@pytest.fixture(scope="module")
def m(territory: ck.Territory) -> KitMap:
    """Return a map of five dates."""
    return ck.map_territory(territory, ["2014-06-10", "2015-05-21", "2016-12-31", "2017-11-03", "2019-03-31"])


def written(m: folium.Map, folder: Path, **options: str) -> str:
    """Return the page of a map."""
    ck.save_html(m, folder / "page.html", **options)
    return (folder / "page.html").read_bytes().decode()


@pytest.mark.slow
def test_three_hundred_dates_fit(territory: ck.Territory, tmp_path: Path) -> None:
    """Under 1 MB with everything inside, on shipped data; with fading, under 1.4 MB."""
    assert len(written(ck.map_territory(territory, DAYS), tmp_path).encode()) <= 1.0e6
    assert len(written(ck.map_territory(territory, DAYS, fade=True), tmp_path).encode()) <= 1.4e6


@pytest.mark.usefixtures("still")
def test_same_map_same_bytes(territory: ck.Territory, tmp_path: Path) -> None:
    """Two maps made alike, and one map written twice; the ids that folium draws at random are gone."""
    one, two = (ck.map_territory(territory, DAYS[:3]) for _ in range(2))
    assert one.get_name() != two.get_name()
    first = written(one, tmp_path)
    assert first == written(two, tmp_path) == written(one, tmp_path)
    bare = re.sub(r"https?://[^\s\"<]+", "", first)  # an address may have a number of its own
    assert re.search(r"[0-9a-f]{32}", bare) is None


@pytest.mark.usefixtures("still")
def test_one_date_more_changes_few_lines(territory: ck.Territory) -> None:
    """The numbers, before they are packed, can be compared: a date in the middle is a line."""
    before = ck.map_territory(territory, ["2014-06-10", "2019-03-31"], start="2014-06-10").text.splitlines()
    after = ck.map_territory(
        territory, ["2014-06-10", "2017-11-03", "2019-03-31"], start="2014-06-10"
    ).text.splitlines()
    changed = [
        line for line in difflib.unified_diff(before, after, n=0) if line[0] in "+-" and line[:3] not in ("+++", "---")
    ]
    assert '+"2017-11-03",' in changed
    assert len(changed) <= 3  # the date; the stated error
    assert len(before) > 2000


def test_map_stays_as_it_was(m: KitMap, tmp_path: Path) -> None:
    """Writing and showing change nothing: neither the numbers nor the tree of layers."""
    data, tree = copy.deepcopy(m.data), str(m.get_root().to_dict())
    written(m, tmp_path)
    m._repr_mimebundle_()
    assert m.data == data
    assert str(m.get_root().to_dict()) == tree


def test_title_and_caption_say_what_is_shown(m: KitMap, territory: ck.Territory) -> None:
    """Scope and dates above; definition, simplification, sources and version below."""
    assert m.title == "Control of Iraq and Syria, 10 June 2014 to 31 March 2019"
    for words in (
        "nearest of 1,152 places",
        "Web Mercator",
        f"{m.data['error_km2']:,.0f} km²",
        "conflictkit 0.1.0",
        "Sources:",
    ):
        assert words in m.caption
    assert "Lambert" not in m.caption
    changes = ck.map_changes(territory, "2015-01-05", "2017-06-26", actor_id="sdf")
    assert changes.title == "Syrian Democratic Forces: land, 5 January 2015 to 26 June 2017"
    fading = ck.map_territory(territory, "2016-01-01", fade=True)
    assert "10 km squares" in fading.caption
    assert "probability" in fading.data["key"]["core"][-1]


@pytest.mark.slow
@pytest.mark.parametrize("days", [["2014-06-10"], ["2014-06-10", "2017-11-03"]])
def test_caption_counts_the_pages_that_sources_of_tells(territory: ck.Territory, days: list[str]) -> None:
    """Popups tell the whole history of a place and the reports on it, whatever the days of the slider."""
    made = ck.map_territory(territory, days)
    rows = ck.sources_of(made)
    assert set(rows["table"]) == {"control_changes", "reports"}
    assert len(rows) == len(made.data["events"]["rows"]) + len(made.data["rivals"]["rows"])
    assert f"Sources: {rows['source_id'].nunique():,} pages by" in made.words
    without = rows[rows["publisher"] == "no page found"]
    assert f"No page found: {len(without)} rows." in made.words


def test_drawings_rest_on_whoever_drew_them() -> None:
    """On every day of the slider the drawing in force; without a name, on no page that is known."""
    land = gallery.drawings()
    made = ck.map_territory(land, ["2017-03-01", "2017-04-01", "2017-06-01"])
    rows = ck.sources_of(made)
    keys = ["2017-01-01, A new front", "2017-01-01, isis", "2017-06-01, A new front"]
    assert sorted(rows["row_key"]) == keys
    assert set(rows["publisher"]) == {"no page found"}
    assert {"land of Islamic State", "land of A new front"} == set(rows["mark"])
    chart = ck.sources_of(ck.plot_area(land))
    assert sorted(chart["row_key"]) == keys
    named = ck.Territory.from_polygons(
        ck.load_borders().rename(columns={"country": "actor_id"}).assign(date="2017-01-01"), drawn_by="Our atlas"
    )
    assert set(ck.sources_of(ck.plot_territory(named, "2017-03-01"))["source_id"]) == {"Our atlas"}


def test_slider_has_the_days_asked_for(territory: ck.Territory) -> None:
    """In order, each once; without dates every day of change; the day shown first is the last one up to `start`."""
    days = ["2017-11-03", "2014-06-10", "2017-11-03"]
    asked = ck.map_territory(territory, days, start="2016-01-01", level="claimed")
    assert asked.data["dates"] == ["2014-06-10", "2017-11-03"]
    assert asked.data["start"] == 0
    assert list(asked.data["levels"]) == ["claimed", "core"]
    assert ck.map_territory(territory, days).data["start"] == 0  # the larger extent of the two
    assert ck.map_territory(territory, days, start="2010-01-01").data["start"] == 0
    every = ck.map_territory(territory)
    assert every.data["dates"] == [str(day)[:10] for day in territory.dates]


def test_what_cannot_be_shown_is_refused(territory: ck.Territory) -> None:
    """With the value, what is allowed, and the next step."""
    with pytest.raises(UnknownNameError, match="Did you mean 'core'"):
        ck.map_territory(territory, level="cores")  # type: ignore[arg-type]
    with pytest.raises(TerritoryError, match="No dates"):
        ck.map_territory(territory, [])
    with pytest.raises(DateError, match="soon"):
        ck.map_territory(territory, ["soon"])
    with pytest.raises(DateError, match="later"):
        ck.map_territory(territory, start="later")
    with pytest.raises(UnknownNameError, match="Did you mean 'isis'"):
        ck.map_changes(territory, "2015-01-01", "2016-01-01", actor_id="isi")
    with pytest.raises(TerritoryError, match="earlier one first"):
        ck.map_changes(territory, "2016-01-01", "2016-01-01")


@pytest.mark.usefixtures("still")
def test_places_of_ones_own_with_hostile_names(territory: ck.Territory, tmp_path: Path) -> None:
    """What a table says stays data: no tag and no end of a script in the page."""
    places, changes = ck.load_places(), ck.load_control_changes()
    evil = "</script><img src=x onerror=alert(1)>"
    places["name"] = places["name"] + evil
    places["name_ar"] = evil
    changes["source_id"] = changes["source_id"] + evil
    plain = written(ck.map_territory(territory, "2017-11-03"), tmp_path)
    text = written(ck.map_territory(ck.Territory.from_places(changes, places), "2017-11-03"), tmp_path)
    assert "<img src=x" not in text
    assert text.count("</script>") == text.count("<script") == plain.count("<script")
    assert evil in unpacked(text)["places"]["rows"][0][1]


def test_without_land_outside_the_core_the_map_is_made() -> None:
    """Where the core reaches everywhere, nothing is pale."""
    whole = ck.Territory.from_places(core_radius_km=2000)
    assert ck.map_territory(whole, "2017-11-03").data["outside"] == []


def test_notebook_shows_the_map_without_a_network(m: KitMap) -> None:
    """A frame with the page inside, behind it the picture for notebooks that are not trusted; none of folium's own."""
    bundle = m._repr_mimebundle_()
    assert set(bundle) == {"text/html", "image/png", "text/plain"}
    assert bundle["text/plain"] == m.title
    assert bundle["text/html"] == m._repr_html_()
    picture = Image.open(io.BytesIO(base64.b64decode(bundle["image/png"])))
    assert picture.size > (600, 600)
    assert "Make this Notebook Trusted" not in bundle["text/html"]
    assert f'<img src="data:image/png;base64,{bundle["image/png"]}" alt="{m.title}"' in bundle["text/html"]
    assert len(bundle["text/html"]) < 1.4e6
    (page,) = re.findall(r'srcdoc="([^"]*)"', bundle["text/html"])
    text = html.unescape(page)
    assert "connect-src 'none'" in text
    assert "img-src data:;" in text
    assert re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=", text) == []


@pytest.mark.usefixtures("still")
def test_another_war_shows_nothing_of_the_shipped_one(other_war: ck.Tables) -> None:
    """Names of actors, sides, sources and countries, borders and extent are those of the tables in hand."""
    shipped, land = ck.Tables.shipped(), ck.Territory.from_places(tables=other_war)
    strange = {*shipped.actors["name"], *shipped.sources["publisher"].dropna(), *shipped.sides["name"], "Natural Earth"}
    own = {*other_war.actors["name"], *other_war.sources["publisher"], "Contested"}
    strange -= {name for name in strange if any(name in word for word in own)}
    maps = (
        ck.map_territory(land, fade=True),
        ck.map_changes(land, "1991-01-01", "1994-06-01"),
        ck.map_deployments(land),
    )
    for m in maps:
        west, south, east, north = land.extent
        assert m.data["bounds"] == [[south, west], [north, east]]
        told = {key: value for key, value in m.data.items() if key != "doubt"}  # letters that spell numbers
        words = f"{m.title} {m.caption} {told}"
        assert [name for name in strange if name in words] == []
        assert all(name in words for name in ("Red Army of the Hills", "The Hill Gazette"))
        assert not m.data["base"]["sea"]
    assert maps[1].title == "Red Army of the Hills: land, 1 January 1991 to 1 June 1994"
    assert maps[2].title.startswith("Forces and control of Aland and Beland, ")
    assert '"The Red Side"' in maps[2].text


def test_drawings_show_forces_and_refuse_what_they_do_not_say(still: None) -> None:  # noqa: ARG001 - no picture
    """Forces over drawn land; no fading, no core: with what to do instead."""
    rows = {"date": ["2017-01-01", "2017-06-01"], "actor_id": ["isis", "iraq_gov"]}
    land = ck.Territory.from_polygons(gpd.GeoDataFrame(rows, geometry=[shapely.box(40, 34, 42, 36)] * 2, crs=4326))
    m = ck.map_deployments(land, ["2017-01-01", "2017-06-10"])
    assert m.title == "Forces and land drawn, 1 January 2017 to 10 June 2017"
    assert m.data["forces"]["reports"]["rows"]
    assert m.data["states"] == [0, 1]
    with pytest.raises(TerritoryError, match="Leave fade out"):
        ck.map_territory(land, fade=True)
    with pytest.raises(TerritoryError, match="level='claimed'"):
        ck.map_territory(land, level="core")


def test_land_without_settlements_has_one_level(territory: ck.Territory) -> None:
    """Where nothing is core, the page does not offer it."""
    bare = ck.Territory.from_places(tables=territory.tables.replace(settlements=territory.settlements.head(0)))
    assert list(ck.map_territory(bare, "2017-11-03").data["levels"]) == ["claimed"]


def test_caption_says_what_the_tint_is_at_each_level(territory: ck.Territory) -> None:
    """A page begins with claimed land in full colour: its caption does not call that the core."""
    caption = ck.map_territory(territory, "2017-11-03").caption
    assert "Full colour is core" not in caption
    assert "In the view of core, land that is only claimed is pale." in caption

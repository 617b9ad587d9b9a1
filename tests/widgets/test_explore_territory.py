"""The explorer of territory without a browser: its controls are moved, its numbers are read."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from inside import unpacked

import conflictkit as ck
from conflictkit.maps import _document
from conflictkit.territory import Level
from conflictkit.widgets import _view_land as numbers
from conflictkit.widgets import territory as explorer
from conflictkit.widgets._live import LiveMap
from conflictkit.widgets._time import moments_of

if TYPE_CHECKING:
    from pathlib import Path

TERRITORY = ck.Territory.from_places()
DAYS = pd.date_range("2016-01-01", "2017-12-01", freq="MS")
DAY = pd.Timestamp("2017-11-03")


@pytest.fixture(scope="module")
def figures() -> numbers.Figures:
    """Return the figures of the shipped territory on the first of each month."""
    return numbers.Figures(TERRITORY, DAYS)


@pytest.fixture
def wired(figures: numbers.Figures) -> explorer.Explorer:
    """Return an explorer with its parts within reach."""
    return explorer.Explorer(figures, numbers.View(pd.Timestamp("2017-11-01")))


def test_numbers_are_those_of_the_model(figures: numbers.Figures) -> None:
    """km2 and share are the model's, the YPG counted with the SDF; people and places sum to the whole."""
    table = figures.table(numbers.View(DAY, "core")).set_index("actor_id")
    area = TERRITORY.area(DAY, level="core").query("scope == 'all'").set_index("actor_id")["area_km2"]
    assert table.loc["isis", "area_km2"] == pytest.approx(area["isis"])
    assert table.loc["sdf", "area_km2"] == pytest.approx(area["sdf"] + area["ypg"])
    assert table["area_km2"].sum() == pytest.approx(area.sum())
    assert table["share"].sum() == pytest.approx(1)
    assert table["places"].sum() == len(TERRITORY.places)
    assert table.index[-1] == "none"


def test_scopes_are_parts_of_the_whole(figures: numbers.Figures) -> None:
    """Countries sum to all, governorates to their country; a governorate has no count of residents."""
    held = {scope: figures.table(numbers.View(DAY, "claimed", scope)) for _, scope in figures.scopes}
    whole = {scope: table["area_km2"].sum() for scope, table in held.items()}
    assert whole["all"] == pytest.approx(whole["IQ"] + whole["SY"])
    admin = ck.load_borders(level=1)
    for country in ("IQ", "SY"):
        inside = admin.loc[admin["country"] == country, "admin1"]
        assert whole[country] == pytest.approx(sum(whole[name] for name in inside), rel=1e-6)
    assert "people_prewar" in held["IQ"]
    assert "people_prewar" not in held["Anbar"]


def test_comparison_adds_up(figures: numbers.Figures) -> None:
    """The change is the difference of the two days, and what some gain others lose."""
    table = figures.table(numbers.View(DAY, "claimed", "all", pd.Timestamp("2017-01-01")))
    assert (table["area_km2"] - table["before_km2"] - table["moved_km2"]).abs().max() < 1e-6
    assert abs(table["moved_km2"].sum()) < 1e-3


@pytest.mark.slow
def test_ranges_are_the_models_bands() -> None:
    """With ranges, the table has the model's band of the slider's day."""
    figures = numbers.Figures(TERRITORY, DAYS[-2:])
    figures.compute_bands("core")
    row = figures.table(numbers.View(DAYS[-1], "core")).set_index("actor_id").loc["isis"]
    bands = TERRITORY.area(DAYS[-2:], level="core", bands=True)
    band = bands[(bands["date"] == DAYS[-1]) & (bands["scope"] == "all") & (bands["actor_id"] == "isis")].iloc[0]
    assert row["area_lo_km2"] == pytest.approx(band["area_lo_km2"])
    assert row["area_hi_km2"] == pytest.approx(band["area_hi_km2"])


@pytest.mark.slow
def test_code_of_a_view_runs_and_gives_its_numbers(figures: numbers.Figures) -> None:
    """The code makes the same table: holder by holder, for all land, a country and a governorate, at both levels."""
    for scope in ("all", "SY", "Anbar"):
        for level in get_args(Level):
            view = numbers.View(DAY, level, scope)
            made = run(numbers.code_for(figures, view), territory=TERRITORY)
            shown = figures.table(view).set_index("actor_id")[["area_km2", "share"]]
            pd.testing.assert_frame_equal(made.sort_index(), shown.sort_index(), check_names=False)


def test_code_of_a_view_of_own_tables_gives_its_numbers(other_war: ck.Tables) -> None:
    """The code says which territory it is about, and gives the numbers of that one."""
    mine = ck.Territory.from_places(tables=other_war)
    figures = numbers.Figures(mine, mine.dates)
    view = numbers.View(mine.dates[-1])
    text = numbers.code_for(figures, view)
    assert "the one that you gave to explore_territory" in text
    shown = figures.table(view).set_index("actor_id")[["area_km2", "share"]]
    pd.testing.assert_frame_equal(run(text, territory=mine).sort_index(), shown.sort_index(), check_names=False)


def test_code_of_a_view_of_another_radius_and_scope_makes_its_own_territory() -> None:
    """Nothing is given: the code makes the land of one country with a radius of one's own, and its numbers."""
    mine = ck.Territory.from_places(core_radius_km=26, scope=("IQ",))
    day = pd.Timestamp("2015-01-05")
    made = run(numbers.code_for(numbers.Figures(mine, [day]), numbers.View(day, "core")))
    area = mine.area(day, level="core")
    shown = area[(area["scope"] == "all") & (area["actor_id"] == "isis")]["area_km2"].item()
    assert made.loc["isis", "area_km2"] == pytest.approx(shown)
    assert shown == pytest.approx(36_900, abs=1)


def run(code: str, **names: object) -> pd.DataFrame:
    """Run code and return the value of its last line."""
    *lines, last = code.splitlines()
    scope: dict[str, Any] = {"ck": ck, **names}
    exec("\n".join(lines), scope)  # noqa: S102 - the code under test
    found: pd.DataFrame = eval(last, scope)  # noqa: S307 - the code under test
    return found


def test_step_of_the_map_moves_the_numbers_and_the_box(wired: explorer.Explorer) -> None:
    """The kernel follows the map's index: the date, the numbers and the code are those of the step."""
    before = wired.numbers.value
    wired.map.index = 3
    assert wired.time.box.value == "1 Apr 2016"
    assert wired.numbers.value != before
    assert "1 April 2016" in wired.numbers.value
    assert "2016-04-01" in wired.code.value


def test_day_in_the_box_is_kept_between_two_steps(wired: explorer.Explorer) -> None:
    """A day between two steps shows the state of the step before, under its own date."""
    wired.time.box.value = "3 Nov 2017"
    assert wired.map.index == 22
    assert wired.map.told == [22, "3 November 2017"]
    assert "3 November 2017" in wired.numbers.value
    wired.time.box.value = "2017-03-15"
    assert wired.map.index == 14
    assert wired.time.box.value == "15 Mar 2017"
    assert "15 March 2017" in wired.numbers.value


def test_level_and_scope_reach_map_and_numbers(wired: explorer.Explorer) -> None:
    """The level is drawn as well as counted; a scope is shown as well as counted."""
    wired.level.value = "claimed"
    assert wired.map.level == "claimed"
    assert "claimed land" in wired.numbers.value
    wired.scope.value = "Anbar"
    (south, west), (north, east) = wired.map.bounds
    assert 30 < south < north < 36
    assert 38 < west < east < 45
    assert "Anbar" in wired.numbers.value


def test_one_holder_can_be_drawn_alone(wired: explorer.Explorer) -> None:
    """The map gets the holder with its parts; the numbers keep everybody."""
    before = wired.numbers.value
    wired.holder.value = "sdf"
    assert wired.map.visible == ["sdf", "ypg"]
    assert wired.numbers.value == before
    wired.holder.value = ""
    assert wired.map.visible == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1 Jan 1999", "2014|2016"),
        ("1 Jan 2015", "2016-01-01"),
        ("1 Jan 2030", "31 December 2019"),
        ("11/03/2017", "one way only"),
        ("<b>", "&lt;b&gt;"),
    ],
)
def test_error_in_a_callback_is_shown_and_goes_away(wired: explorer.Explorer, text: str, said: str) -> None:
    """What goes wrong stands under the controls, in words and with what is still shown, until something goes right."""
    assert wired.dashboard.children.index(wired.dashboard.error) == 1
    before = wired.numbers.value
    for box in (wired.time.box, wired.compare):
        box.value = text
        assert re.search(said, wired.dashboard.error.value)
        assert "Still shown: 1 November 2017" in wired.dashboard.error.value
        assert "DateError" not in wired.dashboard.error.value
        assert wired.numbers.value == before
        box.value = "" if box is wired.compare else "1 Nov 2017"
        assert wired.dashboard.error.value == ""


@pytest.mark.slow
def test_save_buttons_write_beside_the_notebook(
    wired: explorer.Explorer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """HTML, PNG and CSV of the view, with a word about where they are."""
    monkeypatch.chdir(tmp_path)
    wired.scope.value, wired.level.value, wired.compare.value = "Anbar", "core", "1 Jan 2017"
    wired.map.window = [[31.0, 38.5], [35.5, 44.5]]  # as the page tells
    for button in wired.saving.buttons.values():
        button.click()
    assert wired.dashboard.error.value == ""
    files = {ending: tmp_path / f"territory-2017-11-01.{ending}" for ending in ("html", "csv", "png", "svg")}
    heading = "1 November 2017 against 1 January 2017, core land, Anbar"
    for file in files.values():
        beside = json.loads(file.with_name(f"{file.name}.json").read_text(encoding="utf-8"))
        assert beside["what"].startswith(heading)
        assert beside["sources"]
    page = files["html"].read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert heading in page
    assert unpacked(page)["view"] == [[31.0, 38.5], [35.5, 44.5]]
    assert files["png"].read_bytes().startswith(b"\x89PNG")
    assert "<svg" in files["svg"].read_text(encoding="utf-8")
    table = pd.read_csv(files["csv"])
    told = {"scope": "Anbar", "level": "core", "date": "2017-11-01", "compare": "2017-01-01"}
    assert (table[list(told)] == list(told.values())).all(axis=None)
    assert table["definition"].str.contains("within 29 km").all()
    assert table["version"].str.startswith("conflictkit").all()
    assert table["sources"].str.contains("territory-2017-11-01.csv.json").all()
    assert table["area_km2"].astype(str).str.replace(".", "").str.strip("0").str.len().max() <= 4
    assert "territory-2017-11-01.csv" in wired.saving.said.value
    coarse = files["png"].stat().st_size
    wired.saving.fine.value = True
    wired.saving.buttons["png"].click()
    assert files["png"].stat().st_size > coarse


def test_without_widgets_there_is_a_picture_and_the_reason(wired: explorer.Explorer) -> None:
    """A front end that draws no widgets finds a picture, the numbers and why: never an empty frame."""
    bundle = wired.dashboard._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["image/png"]
    assert "needs JupyterLab" in bundle["text/html"]
    assert "Islamic State" in bundle["text/html"]


def test_twin_without_widgets_has_the_same_numbers(figures: numbers.Figures) -> None:
    """`live=False` takes the same arguments and needs no kernel afterwards."""
    still = ck.explore_territory(
        TERRITORY, DAYS, date=DAY, level="claimed", scope="SY", compare="2017-01-01", live=False
    )
    view = numbers.View(DAY, "claimed", "SY", pd.Timestamp("2017-01-01"))
    assert numbers.html_table(figures.table(view), view, figures.paints) in still._repr_html_()
    assert set(still._repr_mimebundle_()) == {"text/html", "image/png", "text/plain"}


def test_land_across_its_border_is_told(figures: numbers.Figures) -> None:
    """A state that holds no place in a country is told beside its land there, and nobody else is."""
    view = numbers.View(DAY, "claimed", "SY", None)
    table = figures.table(view)
    beyond = table.loc[table["places"].eq(0), "actor_id"].tolist()
    assert "iraq_gov" in beyond
    caption = re.search("<caption[^>]*>(.*?)</caption>", numbers.html_table(table, view, figures.paints))
    told = caption[1].split("across the border: ")[1] if caption else ""
    assert [figures.paints[actor].short for actor in table["actor_id"] if figures.paints[actor].short in told] == [
        figures.paints[actor].short for actor in beyond
    ]
    whole = figures.table(replace(view, scope="all"))
    assert "across the border" not in numbers.html_table(whole, replace(view, scope="all"), figures.paints)


def test_widget_carries_its_script_and_sends_the_data_once(wired: explorer.Explorer) -> None:
    """Nothing is fetched: Leaflet and the kit's drawing are in the module; steps send an index and no data."""
    assert "conflictkitMap" in _document.widget_module()
    assert [
        word for word in ("import ", "import(", "fetch(", "XMLHttpRequest") if word in _document.widget_module()
    ] == []
    data = wired.map.data
    assert len(json.loads(data)["dates"]) == len(DAYS)
    wired.map.index = 5
    assert wired.map.data is data
    assert isinstance(wired.map, LiveMap)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"level": "cores"}, "core"),
        ({"scope": "Anbr"}, "Anbar"),
        ({"date": "2013-01-01"}, "1 January 2014"),
        ({"date": "2014-06-10"}, "2016-01-01"),
        ({"date": "2017-11-03", "compare": "2031-01-01"}, "31 December 2019"),
        ({"date": "soon"}, "soon"),
    ],
)
def test_refusals_name_what_is_allowed(options: dict[str, str], said: str) -> None:
    """A wrong argument says what there is."""
    with pytest.raises(ValueError, match=said):
        ck.explore_territory(TERRITORY, DAYS, **options)


def test_drawings_have_an_explorer() -> None:
    """Land that somebody drew has one level, no places, and the areas of the model."""
    box = shapely.box
    drawn = gpd.GeoDataFrame(
        {"date": ["2017-01-01", "2017-01-01", "2017-06-01"], "actor_id": ["isis", "syria_gov", "syria_gov"]},
        geometry=[box(38, 34, 39, 35), box(39, 34, 40, 35), box(38, 34, 39, 35)],
        crs=4326,
    )
    territory = ck.Territory.from_polygons(drawn)
    figures = numbers.Figures(territory, territory.dates)
    assert figures.levels == ("claimed",)
    table = figures.table(numbers.View(territory.dates[0])).set_index("actor_id")
    area = territory.area(territory.dates[0]).query("scope == 'all'").set_index("actor_id")["area_km2"]
    assert table.loc["isis", "area_km2"] == pytest.approx(area["isis"])
    assert "places" not in table
    wired = explorer.Explorer(figures, numbers.View(territory.dates[0]))
    assert wired.dashboard.error.value == ""
    assert "Islamic State" in wired.numbers.value


def test_formulas_are_neutralised_in_what_is_saved(
    wired: explorer.Explorer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names of holders that begin like a formula are text in a spreadsheet."""
    monkeypatch.chdir(tmp_path)
    named = pd.DataFrame({"actor_id": ["=1+1", "isis"], "area_km2": 1.0, "share": 0.5})
    monkeypatch.setattr(wired.saving, "_numbers", lambda: named)
    wired.saving.buttons["csv"].click()
    (file,) = tmp_path.glob("*.csv")
    assert pd.read_csv(file)["actor_id"].tolist() == ["'=1+1", "isis"]


def test_no_date_to_show(territory: ck.Territory) -> None:
    """An empty list is told as such."""
    with pytest.raises(ck.TerritoryError, match="No dates to show"):
        ck.explore_territory(territory, [])


def test_a_passport_asks_the_view_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Title, words, tables and rows are of one state of the controls."""
    made: list[object] = []
    of = explorer.snapshot
    monkeypatch.setattr(explorer, "snapshot", lambda *asked: made.append(asked) or of(*asked))
    view = ck.explore_territory(date="2017-11-03")
    made.clear()
    assert ck.passport(view)["what"].startswith("3 November 2017")
    assert len(made) == 1


def test_explorer_opens_on_the_largest_area_of_the_story(other_war: ck.Tables) -> None:
    """At the level shown, the first of equals; of a story of somebody without land, on the last day."""
    area = TERRITORY.area(level="core").query("scope == 'all' and actor_id == 'isis'").set_index("date")["area_km2"]
    still = ck.explore_territory(TERRITORY, level="core", live=False)
    assert still.title.startswith(f"{area.idxmax():%-d %B %Y}, core land")
    nobodys = ck.Territory.from_places(tables=other_war.replace(story_actor="overseas"))
    assert ck.explore_territory(nobodys, live=False).title.startswith(f"{nobodys.dates[-1]:%-d %B %Y}")


def test_days_of_the_story_are_in_a_list(wired: explorer.Explorer) -> None:
    """From the tables: the largest area and the towns that everybody looks for; one of them goes there."""
    words = [moment.words for moment in wired.time.moments]
    for said in ("largest area of", "Mosul, Islamic State to", "Raqqa, Islamic State to", "Palmyra"):
        assert any(said in one for one in words), said
    at = next(at for at, moment in enumerate(wired.time.moments) if "Raqqa, Islamic State to" in moment.words)
    wired.time.go_to.value = at
    assert wired.time.day == pd.Timestamp("2017-10-17")
    assert wired.map.place == "raqqa"
    assert "17 October 2017" in wired.numbers.value
    wired.time.box.value = "1 Nov 2017"
    assert wired.time.go_to.value == -1
    assert moments_of(TERRITORY, pd.DatetimeIndex(DAYS)) != []


@pytest.mark.parametrize("text", ["Palmyra", "tadmur", "تدمر", "palmyra"])
def test_a_place_is_found_by_any_spelling(wired: explorer.Explorer, text: str) -> None:
    """Its rows open, each with its day, both holders, page with grade, note."""
    wired.search.box.value = text
    assert wired.dashboard.error.value == ""
    assert wired.map.place == "palmyra"
    rows = TERRITORY.control_changes.query("place_id == 'palmyra'")
    assert [day for _, day in wired.rows.boxes] == rows["valid_from"].tolist()
    told = texts(wired.rows.panel)
    assert "Islamic State \u2192 Government of Syria" in told
    assert "Reuters (B)" in re.sub("<[^>]*>", "", told)
    assert rows["note"].dropna().iloc[0] in told


def texts(widget: Any) -> str:  # noqa: ANN401 - of ipywidgets
    """Return all HTML in a widget and those inside it."""
    own = widget.value if isinstance(getattr(widget, "value", None), str) else ""
    return own + "".join(map(texts, getattr(widget, "children", ())))


def test_a_name_of_several_places_asks_which(wired: explorer.Explorer) -> None:
    """Mosul is two banks here; what is like no name says so; a namesake is never opened for another."""
    wired.search.box.value = "Mosul"
    (_, buttons) = wired.search.found.children
    assert [button.description for button in buttons.children] == ["East Mosul, Nineveh", "West Mosul, Nineveh"]
    assert wired.map.place == ""
    buttons.children[1].click()
    assert wired.map.place == "west-mosul"
    wired.search.box.value = "Xyzzy"
    assert "Xyzzy" in wired.dashboard.error.value


def test_a_click_on_the_map_opens_the_rows(wired: explorer.Explorer) -> None:
    """As the box does."""
    wired.map.place = "raqqa"
    assert {place for place, _ in wired.rows.boxes} == {"raqqa"}


def test_an_unticked_row_is_left_out_of_everything(wired: explorer.Explorer) -> None:
    """Map, chart, numbers and code are those of the land without it; one button puts all back."""
    before, data = wired.numbers.value, wired.map.data
    wired.time.box.value = "1 Nov 2017"
    for place, day in (("raqqa", "2017-10-17"), ("palmyra", "2017-03-02")):
        wired.search.box.value = place
        wired.rows.boxes[place, pd.Timestamp(day)].value = False
    assert wired.dashboard.error.value == ""
    drop = [("raqqa", "2017-10-17"), ("palmyra", "2017-03-02")]
    held = ck.what_if(TERRITORY, "2017-11-01", drop=drop).query("scope == 'all'").set_index("actor_id")
    table = wired.figures.table(wired.view).set_index("actor_id")["area_km2"]
    assert table["isis"] == pytest.approx(held.loc["isis", "area_without_km2"])
    assert f"Islamic State {numbers.signed(held.loc['isis', 'difference_km2'])} km" in wired.rows.told.value
    assert "Left out: 2 rows (Raqqa 17 Oct 2017, Palmyra 2 Mar 2017)" in wired.rows.told.value
    assert "without 2 rows" in wired.numbers.value
    drawn = json.loads(wired.map.data)
    assert len(drawn["events"]["rows"]) == len(json.loads(data)["events"]["rows"]) - 2
    made = run(numbers.code_for(wired.figures, wired.view))
    assert made.loc["isis", "area_km2"] == pytest.approx(table["isis"])
    assert "drop=left_out" in wired.code.value
    wired.rows.back.click()
    assert wired.rows.line.layout.display == "none"
    assert all(box.value for box in wired.rows.boxes.values())
    assert (wired.numbers.value, wired.map.data) == (before, data)


def test_a_place_may_lose_all_its_rows_and_a_land_may_not(other_war: ck.Tables) -> None:
    """Its neighbours then share its cell; where no row would be left, the box gets its tick back and says why."""
    place = other_war.places["place_id"].iloc[0]
    rows = other_war.control_changes
    mine = ck.Territory.from_places(tables=other_war)
    wired = explorer.Explorer(numbers.Figures(mine, mine.dates), numbers.View(mine.dates[-1]))
    wired.rows.show(place)
    for box in wired.rows.boxes.values():
        box.value = False
    assert wired.dashboard.error.value == ""
    assert len(wired.rows.left_out) == (rows["place_id"] == place).sum()
    assert place not in [row[0] for row in json.loads(wired.map.data)["places"]["rows"]]
    for other in mine.places["place_id"].drop(0):
        wired.rows.show(other)
        for box in wired.rows.boxes.values():
            box.value = False
    kept = [key for key, box in wired.rows.boxes.items() if box.value]
    assert len(kept) > 0
    assert set(kept).isdisjoint(wired.rows.left_out)
    assert 'class="ck-alert"' in wired.dashboard.error.value


def test_what_takes_long_says_so(wired: explorer.Explorer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sign is there while the kernel works, and gone when it has; the style shows it after 0.3 s."""
    seen: list[str] = []
    monkeypatch.setattr(wired.figures, "compute_bands", lambda _: seen.append(wired.dashboard.busy.value))
    wired.ranges.value = True
    assert "Working" in seen[0]
    assert wired.dashboard.busy.value == ""


def test_a_comparison_answers_in_its_first_column(wired: explorer.Explorer) -> None:
    """And only what answers stands beside it: no column is wider than the room of a notebook."""
    wired.compare.value = "2017-01-01"
    heads = re.findall('<th scope="col"[^>]*>([^<]*)</th>', wired.numbers.value)
    assert heads == ["change, km\u00b2", "1 Nov 2017", "1 Jan 2017"]
    assert "overflow-x:auto" in wired.numbers.value
    assert "\u2212" in wired.numbers.value


def test_contested_land_is_hatched_in_the_numbers_too(figures: numbers.Figures) -> None:
    """Its grey is also a tint of another holder: a plain swatch would not tell them apart."""
    view = numbers.View(DAY, "claimed", "all", None)
    table = figures.table(view)
    swatches = re.findall(r"background:([^\"]+)\"", numbers.html_table(table, view, figures.paints))
    strokes = {"/": 1, "\\": 1, "x": 2}
    for actor, swatch in zip(table["actor_id"], swatches, strict=True):
        paint = figures.paints[actor]
        assert swatch.endswith(paint.color)
        assert swatch.count("gradient") == max([strokes.get(letter, 0) for letter in paint.hatch], default=0)
    assert "contested" in set(table["actor_id"])

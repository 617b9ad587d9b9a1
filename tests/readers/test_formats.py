"""Each format of drawings, read from its bytes: the same shapes and cells as GDAL has them, and what GDAL drops."""

from __future__ import annotations

import json
import sqlite3
import struct
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from drawn import EAST, SQUARE, SQUARE_KM2, collection, feature, frame_of, kml, reasons, write
from hypothesis import given, settings
from hypothesis import strategies as st

from conflictkit import read_control_polygons
from conflictkit.errors import PolygonError

if TYPE_CHECKING:
    from collections.abc import Callable

LAKE = shapely.box(40.2, 34.2, 40.8, 34.8)
ISLAND = shapely.box(40.4, 34.4, 40.6, 34.6)
WITH_A_LAKE = shapely.multipolygons([SQUARE.difference(LAKE), ISLAND])
RING = [list(point) for point in SQUARE.exterior.coords]


def one(path: Path, **options: object) -> gpd.GeoDataFrame:
    """Read a drawing of one holder."""
    return read_control_polygons(path, **({"holder": "isis"} | options))  # type: ignore[arg-type]


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".shp", ".kml", ".geojsonl"])
@pytest.mark.parametrize("shape", [SQUARE, WITH_A_LAKE, shapely.multipolygons([SQUARE, shapely.box(42, 34, 43, 35)])])
def test_what_gdal_writes_is_read_as_it_was(tmp_path: Path, suffix: str, shape: shapely.Geometry) -> None:
    """Holes, islands in holes, several parts; with heights too; each cell as text."""
    drivers = {".kml": "KML", ".geojsonl": "GeoJSONSeq"}
    for heights in (False, True):
        path = tmp_path / f"a_2017110{3 + heights}{suffix}"
        drawn = frame_of(shapely.force_3d(shape, 7) if heights else shape, EAST, Name=["a ة", "b"])
        drawn.to_file(path, driver=drivers.get(suffix))
        frame = one(path, holder=None, holder_column="Name")
        assert frame.actor_id.tolist() == ["a ة", "b"]
        assert frame.geometry[0].normalize().equals_exact(shape.normalize(), 1e-9)
        assert frame.attrs["rejected"] == frame.attrs["repaired"] == []


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(-170, 160), st.integers(-80, 70), st.integers(1, 9)), min_size=1, max_size=6))
@pytest.mark.parametrize("suffix", [".gpkg", ".shp"])
def test_any_polygons_come_back(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, boxes: list[tuple[int, int, int]]
) -> None:
    """One row per holder, its land as the library reads it."""
    path = tmp_path_factory.mktemp("any") / f"a_20171103{suffix}"
    shapes = [shapely.box(x, y, x + size, y + size) for x, y, size in boxes]
    frame_of(*shapes, who=[f"h{n}" for n in range(len(shapes))]).to_file(path)
    frame, expected = one(path, holder=None, holder_column="who"), gpd.read_file(path)
    assert frame.actor_id.tolist() == expected.who.tolist()
    assert (frame.geometry.to_numpy() == expected.geometry.normalize().to_numpy()).all() or all(
        found.equals(other) for found, other in zip(frame.geometry, expected.geometry, strict=True)
    )


# GeoJSON


@pytest.mark.parametrize(
    ("text", "km2"),
    [
        (json.dumps({"type": "Polygon", "coordinates": [RING]}), SQUARE_KM2),
        (json.dumps(feature()), SQUARE_KM2),
        ("\ufeff" + collection(feature()), SQUARE_KM2),
        (collection(feature(), feature(EAST), conformsTo=["[ogc-json-fg-1-0.1:core]"]), 2 * SQUARE_KM2),
        (collection({**feature(), "featureType": "a"}, {**feature(EAST), "featureType": "b"}), 2 * SQUARE_KM2),
        (collection(feature(), feature(EAST), crs=None), 2 * SQUARE_KM2),
        (collection({**feature(), "geometry": {"type": "Polygon", "coordinates": [RING[:-1]]}}), SQUARE_KM2),
    ],
    ids=["a shape", "a feature", "a byte-order mark", "JSON-FG", "kinds of features", "no crs", "an open ring"],
)  # fmt: skip
def test_geojson_in_its_forms(tmp_path: Path, text: str, km2: float) -> None:
    """All features of all kinds."""
    path = tmp_path / "a_20171103.json"
    path.write_text(text, encoding="utf-8")
    frame = one(path)
    assert frame.area_km2.tolist() == pytest.approx([km2], rel=1e-4)
    assert frame.attrs["rejected"] == []


@pytest.mark.parametrize("deep", [1, 2, 5, 200])
@pytest.mark.parametrize("several", [False, True])
def test_polygons_are_found_at_any_depth_of_collections(
    tmp_path: Path,
    deep: int,
    several: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """As polygon or multipolygon."""
    inner = shapely.geometry.mapping(shapely.multipolygons([EAST]) if several else EAST)
    for _ in range(deep):
        inner = {"type": "GeometryCollection", "geometries": [inner]}
    both = {"type": "GeometryCollection", "geometries": [shapely.geometry.mapping(SQUARE), inner]}
    frame = one(write(tmp_path / "a_20171103.geojson", {**feature(), "geometry": both}))
    assert frame.area_km2.tolist() == pytest.approx([2 * SQUARE_KM2], rel=1e-4)
    assert not any("points" in told for _, _, told in reasons(frame, "repaired"))


BAD_SHAPES: dict[str, object] = {
    "text": "x",
    "a number": 1,
    "a list": [],
    "no type": {},
    "another type": {"type": "Circle", "coordinates": [40, 34]},
    "no coordinates": {"type": "Polygon"},
    "coordinates of text": {"type": "Polygon", "coordinates": [[["40", "34"], ["41", "34"], ["41", "35"]]]},
    "coordinates that are true": {"type": "Polygon", "coordinates": [[[True, False], [True, True], [False, True]]]},
    "coordinates of none": {"type": "Polygon", "coordinates": [[[None, 34], [41, 34], [41, 35]]]},
    "a number too large": {"type": "Polygon", "coordinates": [[[10**400, 34], [41, 34], [41, 35]]]},
    "not a number": {"type": "Polygon", "coordinates": [[[float("nan"), 34], [41, 34], [41, 35]]]},
    "infinite": {"type": "Polygon", "coordinates": [[[float("inf"), 34], [41, 34], [41, 35]]]},
    "one list too few": {"type": "Polygon", "coordinates": RING},
    "one list too many": {"type": "Polygon", "coordinates": [[RING]]},
    "points of one number": {"type": "Polygon", "coordinates": [[[40], [41], [42]]]},
    "two points": {"type": "Polygon", "coordinates": [RING[:2]]},
    "a list of rings": {"type": "MultiPolygon", "coordinates": {"a": RING}},
    "a collection of text": {"type": "GeometryCollection", "geometries": "abc"},
    "a collection of itself": {"type": "GeometryCollection"},
    "a coordinate system of its own": None,
}


@pytest.mark.parametrize("case", BAD_SHAPES)
def test_a_shape_that_is_none_is_set_aside_alone(tmp_path: Path, case: str) -> None:
    """By its number, with a reason; the next is read."""
    bad: dict[str, object] = {**feature(), "geometry": BAD_SHAPES[case]}
    if case == "a coordinate system of its own":
        bad = {**feature(), "crs": {"type": "name", "properties": {"name": "EPSG:32637"}}}
    with pytest.warns(UserWarning, match="1 set aside"):
        frame = one(write(tmp_path / "a_20171103.geojson", bad, feature(EAST)))
    ((_, number, told),) = reasons(frame)
    assert number == 0
    assert "no polygon" in told or "of its own" in told
    assert frame.geometry[0].equals(EAST)


@pytest.mark.parametrize("bad", ["x", 1, None, [], {}, {"type": "FeatureCollection", "features": []}])
def test_a_feature_that_is_none_is_set_aside_alone(tmp_path: Path, bad: object) -> None:
    """It counts as one."""
    with pytest.warns(UserWarning, match="feature 0: is no GeoJSON feature"):
        frame = one(write(tmp_path / "a_20171103.geojson", bad, feature(EAST)))  # type: ignore[arg-type]
    assert len(frame) == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[1, 2", "not JSON"),
        ('{"type": "FeatureCollection"}', "features are no list"),
        ('{"type": "FeatureCollection", "features": {"a": 1}}', "features are no list"),
        ('{"type": ["FeatureCollection"], "features": []}', "not GeoJSON"),
        ("null", "not GeoJSON"),
        (f'{{"type": "Polygon", "coordinates": [[[{"9" * 5_000}, 1]]]}}', "not JSON"),
        (collection(feature(), crs={"type": "name", "properties": {"name": "EPSG:999999"}}), "is not known"),
        (collection(feature(), crs={"type": "name", "properties": {"name": 'LOCAL_CS["x"]'}}), "is not known"),
        (collection(feature(), crs="EPSG:4326"), "no plain name"),
    ],
)
def test_a_file_that_is_no_geojson_is_set_aside_alone(tmp_path: Path, text: str, told: str) -> None:
    """The good one beside it is read."""
    (tmp_path / "a_20171103.geojson").write_text(text)
    (tmp_path / "b_20171104.geojson").write_bytes(collection(feature(name="Raqqa é")).encode("cp1252"))
    write(tmp_path / "c_20171105.geojson")
    (tmp_path / "b_20171104.geojson").write_bytes(b'{"type": "FeatureCollection", "features": [], "x": "\xe9"}')
    with pytest.warns(UserWarning, match="2 set aside"):
        frame = one(tmp_path)
    (_, _, first), (_, _, second) = reasons(frame)
    assert told in first
    assert "not UTF-8" in second


def test_a_line_that_is_none_is_one_feature(tmp_path: Path) -> None:
    """With the marks that some programs put before each line."""
    lines = [json.dumps(feature(who="isis")), "{half", "", json.dumps(feature(EAST, who="sdf"))]
    (tmp_path / "a_20171103.geojsonl").write_text("\x1e" + "\n\x1e".join(lines))
    with pytest.warns(UserWarning, match="feature 1"):
        frame = one(tmp_path, holder=None, holder_column="who")
    assert frame.actor_id.tolist() == ["isis", "sdf"]


def test_codes_stay_codes(tmp_path: Path) -> None:
    """Beside an empty cell, a number of some programs becomes 1.0: it is 1; and no text of HTML is left."""
    path = write(tmp_path / "a_20171103.geojson", feature(h=1), feature(EAST, h=2), feature(h=None), feature(h=True))
    with pytest.warns(UserWarning, match="2 set aside"):
        frame = one(path, holder=None, holder_column="h", holders={1: "isis", 2.0: "sdf"})
    assert frame.actor_id.tolist() == ["isis", "sdf"]
    for suffix in (".shp", ".gpkg"):
        table = tmp_path / f"b_20171103{suffix}"
        frame_of(SQUARE, EAST, EAST, h=[1.0, 2.0, np.nan]).to_file(table)
        with pytest.warns(UserWarning, match="1 set aside"):
            frame = one(table, holder=None, holder_column="h", holders={1: "isis", "2": "sdf"})
        assert frame.actor_id.tolist() == ["isis", "sdf"]


# KML


def test_kml_tells_folder_data_and_times(tmp_path: Path) -> None:
    """Folders in folders, what the owner added, a span of time; points and links are named."""
    ring = " ".join(f"{x},{y}" for x, y in SQUARE.exterior.coords)
    outer = f"<LinearRing><coordinates>\n{ring}\n</coordinates></LinearRing>"
    polygon = f"<Polygon><outerBoundaryIs>{outer}</outerBoundaryIs></Polygon>"
    text = f"""<kml xmlns:k="http://www.opengis.net/kml/2.2"><k:Document><k:name>all</k:name>
    <Folder><name>ISIS</name><Folder><Placemark><TimeSpan><begin>2017-11-03</begin><end>2017-12-01</end></TimeSpan>
    <ExtendedData><Data name="side"><value>red</value></Data><SchemaData><SimpleData name="code">7</SimpleData>
    </SchemaData></ExtendedData><MultiGeometry><Point><coordinates>1,2</coordinates></Point><MultiGeometry>{polygon}
    </MultiGeometry></MultiGeometry></Placemark></Folder></Folder>
    <Placemark><name>a point</name><TimeStamp><when>2017-11-03</when></TimeStamp><Point><coordinates>1,2</coordinates>
    </Point></Placemark></k:Document></kml>"""
    path = tmp_path / "a.kml"
    path.write_text(text)
    for column, value in (("folder", "ISIS"), ("side", "red"), ("code", 7)):
        with pytest.warns(UserWarning, match="feature 1: no polygon: points and lines only"):
            frame = one(path, holder=None, holder_column=column, holders={value: "isis"}, date_column="begin")
        assert frame.actor_id.tolist() == ["isis"]
        assert frame.date.tolist() == [pd.Timestamp("2017-11-03")]
        assert reasons(frame, "repaired") == [("a.kml", 0, "points and lines beside the polygons left out")]


@pytest.mark.parametrize(
    "coordinates", ["40,34 41,34 41", "40,34 x,34 41,35", "40 34 41 34 41 35", "40,34 nan,34 41,35"]
)
def test_kml_with_coordinates_that_are_none(tmp_path: Path, coordinates: str) -> None:
    """The placemark is set aside."""
    ring = f"<outerBoundaryIs><LinearRing><coordinates>{coordinates}</coordinates></LinearRing></outerBoundaryIs>"
    bad = f"<Placemark><Polygon>{ring}</Polygon></Placemark>"
    (tmp_path / "a_20171103.kml").write_text(kml([("isis", "", EAST)]).replace("<Document>", f"<Document>{bad}"))
    with pytest.warns(UserWarning, match="feature 0: no polygon"):
        assert one(tmp_path).geometry[0].equals(EAST)


# Shapefiles


def shapefile(folder: Path, *shapes: shapely.Geometry, **columns: object) -> Path:
    """Write a shapefile."""
    path = folder / "a_20171103.shp"
    frame_of(*shapes, **(columns or {"who": ["isis", "sdf", "ypg"][: len(shapes)]})).to_file(path)
    return path


def change(path: Path, at: int, data: bytes) -> None:
    """Overwrite some bytes of a file."""
    raw = bytearray(path.read_bytes())
    raw[at : at + len(data)] = data
    path.write_bytes(raw)


def shorter(path: Path) -> None:
    """Let the table of a shapefile count one row less."""
    change(path.with_suffix(".dbf"), 4, struct.pack("<I", 1))


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (shorter, r"its \.dbf has 1 rows for 2 shapes"),
        (lambda path: path.with_suffix(".dbf").write_bytes(b"x" * 40), r"its \.dbf is broken"),
        (lambda path: path.with_suffix(".dbf").write_bytes(path.with_suffix(".dbf").read_bytes()[:-9]), "broken"),
        (lambda path: change(path, 0, b"xxxx"), "does not begin as a shapefile"),
        (lambda path: change(path.with_suffix(".shx"), 104, struct.pack(">i", 10**6)), r"its \.shx counts more"),
        (lambda path: path.with_suffix(".prj").write_text("nonsense"), r"not described as a \.prj"),
        (lambda path: path.with_suffix(".prj").unlink(), "no coordinate system"),
    ],
    ids=[
        "a table too short",
        "a table of nothing",
        "half a table",
        "no magic",
        "a wrong index",
        "a wrong prj",
        "no prj",
    ],
)
def test_a_shapefile_whose_parts_do_not_fit_is_set_aside(
    tmp_path: Path, damage: Callable[[Path], object], told: str
) -> None:
    """Whole: which cells belong to which shape is not known."""
    path = shapefile(tmp_path, SQUARE, EAST)
    damage(path)
    with pytest.raises(PolygonError, match=told):
        one(path)


def test_one_broken_shape_leaves_the_others(tmp_path: Path) -> None:
    """So does one that is deleted, and a kind that is no polygon."""
    path = shapefile(tmp_path, SQUARE, EAST, shapely.box(42, 34, 43, 35))
    size = 8 + 44 + 4 + 5 * 16  # bytes of each: head, counts, one ring, five points
    change(path, 100 + 44, struct.pack("<ii", 1, 10**6))
    change(path.with_suffix(".dbf"), path.with_suffix(".dbf").read_bytes().index(b" sdf"), b"*")
    with pytest.warns(UserWarning, match="2 set aside"):
        frame = one(path, holder=None, holder_column="who")
    assert frame.actor_id.tolist() == ["ypg"]
    assert [told for _, _, told in reasons(frame)] == [
        "no polygon: its shape is broken",
        "is marked as deleted in the .dbf",
    ]
    change(path, 100 + 2 * size + 8, struct.pack("<i", 3))
    with pytest.raises(PolygonError, match="3 problems"):
        one(path)


def test_a_shapefile_without_its_companions(tmp_path: Path) -> None:
    """Without an index it is read in order; without a table there are no columns, and none is needed for a holder."""
    path = shapefile(tmp_path, SQUARE, WITH_A_LAKE)
    path.with_suffix(".shx").unlink()
    assert one(path, holder=None, holder_column="who").actor_id.tolist() == ["isis", "sdf"]
    path.with_suffix(".dbf").unlink()
    assert one(path).area_km2.tolist() == pytest.approx([SQUARE_KM2], rel=1e-4)
    with pytest.raises(PolygonError, match=r"no column 'who' \(columns: \)"):
        one(path, holder=None, holder_column="who")


def test_companions_are_found_whatever_their_case(tmp_path: Path) -> None:
    """As programs of old wrote them."""
    path = shapefile(tmp_path, SQUARE)
    for other in list(tmp_path.iterdir()):
        other.rename(other.with_suffix(other.suffix.upper()))
    assert one(tmp_path, holder=None, holder_column="who").source_file.tolist() == [path.with_suffix(".SHP").name]


@pytest.mark.parametrize(
    ("told", "codec"), [("UTF-8", "utf-8"), ("1256", "cp1256"), ("ISO 8859-1", "latin-1"), (None, "utf-8")]
)
def test_cells_are_in_the_encoding_that_is_named(tmp_path: Path, told: str | None, codec: str) -> None:
    """By the .cpg; without one as UTF-8 where that fits. An encoding that computes is none."""
    word = "é" if codec == "latin-1" else "داعش"
    path = shapefile(tmp_path, SQUARE, who=["x" * 8])
    raw = path.with_suffix(".dbf").read_bytes()
    path.with_suffix(".dbf").write_bytes(raw.replace(b"x" * 8, word.encode(codec).ljust(8)))
    if told is None:
        path.with_suffix(".cpg").unlink()
    else:
        path.with_suffix(".cpg").write_text(told)
    assert one(path, holder=None, holder_column="who").actor_id.tolist() == [word]
    path.with_suffix(".cpg").write_text("punycode")
    assert len(one(path)) == 1


def test_rings_that_turn_the_wrong_way_are_land(tmp_path: Path) -> None:
    """All of them, or one that lies in no other; that is said."""
    turned = shapely.multipolygons([SQUARE, shapely.box(42, 34, 43, 35)])
    path = shapefile(tmp_path, turned)
    raw = path.read_bytes()
    points = np.frombuffer(raw, "<f8", 20, 100 + 52 + 8).reshape(2, 5, 2)
    change(path, 100 + 52 + 8, np.ascontiguousarray(points[:, ::-1]).tobytes())
    frame = one(path)
    assert frame.geometry[0].normalize().equals_exact(turned.normalize(), 1e-9)
    assert "taken for land" in reasons(frame, "repaired")[0][2]


# GeoPackages


def test_a_geopackage_in_any_crs_and_with_a_log(tmp_path: Path) -> None:
    """Written in the way of programs that keep it open; a log beside it holds rows that are not in it."""
    path = tmp_path / "a_20171103.gpkg"
    frame_of(SQUARE, who=["isis"]).to_crs(32637).to_file(path)
    change(path, 18, b"\2\2")
    assert one(path).area_km2.tolist() == pytest.approx([SQUARE_KM2], rel=1e-3)
    Path(f"{path}-wal").write_bytes(b"x")
    with pytest.raises(PolygonError, match="another program has it open"):
        one(path)


def test_a_geopackage_without_a_crs_or_shapes(tmp_path: Path) -> None:
    """Each said of its layer or its feature."""
    path = tmp_path / "a_20171103.gpkg"
    drawn = frame_of(SQUARE, None, shapely.Point(40, 34), who=["a", "b", "c"])
    drawn.to_file(path, layer="good")
    drawn.to_file(path, layer="nowhere", mode="a")
    with sqlite3.connect(path) as database:
        database.execute("UPDATE gpkg_geometry_columns SET srs_id = -1 WHERE table_name = 'nowhere'")
    database.close()
    with pytest.warns(UserWarning, match="3 set aside"):
        frame = one(path, holder=None, holder_column="who")
    assert frame.actor_id.tolist() == ["a"]
    assert {(number, told.split(":")[0]) for _, number, told in reasons(frame)} == {
        (1, "no polygon"), (2, "no polygon"), (None, "no coordinate system"),
    }  # fmt: skip

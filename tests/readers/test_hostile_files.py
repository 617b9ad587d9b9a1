"""Files that point elsewhere: no other file is read, nothing is asked of the network, the reason is said."""

from __future__ import annotations

import json
import sqlite3
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from drawn import SQUARE, SQUARE_KM2, archive, collection, feature, frame_of, kml, reasons, write
from pyproj import CRS
from pyproj.network import is_network_enabled, set_network_enabled

from conflictkit import read_control_polygons
from conflictkit.errors import PolygonError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HIDDEN = "TOP-SECRET"
MARK = kml([("isis", "", SQUARE)])


@pytest.fixture(scope="module")
def asked() -> Iterator[tuple[str, list[str]]]:
    """Listen on this machine; yield the address and what was asked of it."""
    hits: list[str] = []

    class Ear(BaseHTTPRequestHandler):
        """Answers with a map, and remembers."""

        def do_GET(self) -> None:
            """Note a question."""
            hits.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(collection(feature(who="from-the-network")).encode())

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Ear)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", hits
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file that is nobody's business."""
    return write(tmp_path_factory.mktemp("elsewhere") / "private.geojson", feature(who=HIDDEN))


def vrt(source: object) -> str:
    """Return a file that tells GDAL to read another."""
    layer = f'<OGRVRTLayer name="private"><SrcDataSource>{source}</SrcDataSource></OGRVRTLayer>'
    return f"<OGRVRTDataSource>{layer}</OGRVRTDataSource>"


def gdalg(source: object) -> str:
    """Return a file that tells GDAL to run a pipeline."""
    return json.dumps({"type": "gdal_streamed_alg", "command_line": f"gdal vector pipeline ! read {source} ! filter"})


def linked(kind: str, **properties: str) -> str:
    """Return a map whose coordinate system stands elsewhere."""
    return collection(feature(who="isis"), crs={"type": kind, "properties": properties})


# What a file holds, with the address that listens and the private file, and what is said of it.
POINTING: dict[str, tuple[str, str]] = {
    "a VRT to a file": (vrt("FILE"), "begins as XML"),
    "a VRT to an address": (vrt("URL/x.geojson"), "begins as XML"),
    "a VRT through curl": (vrt("/vsicurl/URL/x.geojson"), "begins as XML"),
    "a pipeline to a file": (gdalg("FILE"), "a pipeline of GDAL"),
    "a pipeline to an address": (gdalg("URL/g.geojson"), "a pipeline of GDAL"),
    "a WFS": ("<OGRWFSDataSource><URL>URL/wfs</URL></OGRWFSDataSource>", "begins as XML"),
    "a CSW": ("<OGRCSWDataSource><URL>URL/csw</URL></OGRCSWDataSource>", "begins as XML"),
    "an address": ("URL/x.geojson", "not JSON"),
    "a connection": ("WFS:URL/wfs", "not JSON"),
    "an address in quotes": ('"URL/x.geojson"', "not GeoJSON"),
    "a CRS link": (linked("link", href="URL/crs", type="ogcwkt"), "links are not followed"),
    "a CRS url": (linked("url", url="URL/crs"), "links are not followed"),
    "a CRS of a file": (linked("name", name="FILE"), "is not known"),
    "a CRS by address": (linked("name", name="URL/crs"), "is not known"),
    "a CRS with a grid": (linked("name", name="+proj=longlat +nadgrids=URL/g"), "is not known"),
    "a CRS of a list": (linked("name", name="+init=FILE:1"), "is not known"),
    "a service of Esri": (json.dumps({"geometryType": "esriGeometryPolygon", "url": "URL"}), "Esri JSON"),
    "a TopoJSON": (json.dumps({"type": "Topology", "objects": {}}), "TopoJSON"),
}


def pointed(text: str, asked: tuple[str, list[str]], secret: Path) -> str:
    """Return what a file holds, with the address and the file that it points to."""
    return text.replace("URL", asked[0]).replace("FILE", str(secret))


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
@pytest.mark.parametrize("suffix", [".geojson", ".json", ".shp", ".gpkg", ".kml"])
@pytest.mark.parametrize("case", POINTING)
def test_a_file_that_points_elsewhere_is_set_aside(  # noqa: PLR0917 - fixtures and parameters
    tmp_path: Path,
    asked: tuple[str, list[str]],
    secret: Path,
    case: str,
    suffix: str,
    packed: bool,  # noqa: FBT001
) -> None:
    """Under each suffix, in a folder or a zip, beside a file that is read."""
    hits = asked[1]
    hits.clear()
    text, reason = POINTING[case]
    members = {
        f"a_20171103{suffix}": pointed(text, asked, secret),
        "b_20171104.geojson": collection(feature(who="isis")),
    }
    for name, text in members.items():
        (tmp_path / name).write_text(text)
    path = archive(tmp_path / "all.zip", members) if packed else tmp_path
    with pytest.warns(UserWarning, match=r"1 set aside.*a_20171103"):
        frame = read_control_polygons(path, holder_column="who")
    assert hits == []
    assert frame.actor_id.tolist() == ["isis"]
    assert frame.source_file.tolist() == ["b_20171104.geojson"]
    ((_, _, told),) = reasons(frame)
    assert suffix not in {".geojson", ".json"} or reason in told


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('<!DOCTYPE kml [<!ENTITY x SYSTEM "FILE">]>' + MARK.replace("isis", "&x;")[21:], "declares a document type"),
        ('<!DOCTYPE kml SYSTEM "URL/kml.dtd">' + MARK[21:], "declares a document type"),
        (
            '<!DOCTYPE kml [<!ENTITY a "isis"><!ENTITY b "&a;&a;&a;">]>' + MARK.replace("isis", "&b;")[21:],
            "declares a document type",
        ),
        ("<OGRVRTDataSource/>", "its first element is 'OGRVRTDataSource'"),
        ("<kml><NetworkLink><Link><href>URL/x.kml</href></Link></NetworkLink></kml>", "links are not followed"),
        ("<kml><GroundOverlay><Icon><href>URL/x.png</href></Icon></GroundOverlay></kml>", "links are not followed"),
    ],
    ids=["a file as entity", "a definition elsewhere", "entities of entities", "a VRT", "a link", "an image"],
)
def test_kml_leads_nowhere(tmp_path: Path, asked: tuple[str, list[str]], secret: Path, text: str, reason: str) -> None:
    """Entities are not read, links not followed; each link has an entry."""
    asked[1].clear()
    (tmp_path / "a_20171103.kml").write_text(pointed(text, asked, secret))
    with pytest.raises(PolygonError, match=reason):
        read_control_polygons(tmp_path, holder_column="Name")
    assert asked[1] == []


@pytest.mark.parametrize(
    "grid",
    ["NADGRIDS", "geoidgrids"],
)
def test_a_coordinate_system_cannot_name_a_file(
    tmp_path: Path, asked: tuple[str, list[str]], secret: Path, grid: str
) -> None:
    """In a .prj and in a GeoPackage; the one that web maps have, which names no grid, is read."""
    url, hits = asked
    hits.clear()
    for number, to in enumerate((url, secret)):
        shape = tmp_path / str(number) / f"a_2017110{number + 3}.shp"
        shape.parent.mkdir()
        frame_of(SQUARE, who=["isis"]).to_crs(3857).to_file(shape)
        web = CRS(3857).to_wkt("WKT1_GDAL")
        shape.with_suffix(".prj").write_text(web)
        assert read_control_polygons(shape, holder="isis").area_km2[0] == pytest.approx(SQUARE_KM2, rel=1e-3)
        shape.with_suffix(".prj").write_text(web.replace("nadgrids=@null", f"{grid}={to}"))
        with pytest.raises(PolygonError, match="points to other files"):
            read_control_polygons(shape, holder="isis")
    assert hits == []


def test_proj_stays_offline_also_where_it_may_ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the kit reads; afterwards the caller's setting is as it was."""
    seen: list[bool] = []
    monkeypatch.setattr("conflictkit.readers.control_polygons.lands", lambda _: seen.append(is_network_enabled()))
    before = is_network_enabled()
    set_network_enabled(active=True)
    try:
        with pytest.raises(TypeError):
            read_control_polygons(write(tmp_path / "20171103.geojson"), holder="isis")
        assert seen == [False]
        assert is_network_enabled()
    finally:
        set_network_enabled(active=before)


# Databases


def geopackage(path: Path, *statements: str) -> Path:
    """Write a GeoPackage of a square and change its tables."""
    frame_of(SQUARE, who=["isis"]).to_file(path, layer="front")
    with sqlite3.connect(path) as database:
        for function in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):  # its triggers call these
            database.create_function(function, 1, lambda _: 0)
        for statement in statements:
            database.execute(statement)
    database.close()
    return path


ENDLESS = "WITH RECURSIVE n(fid) AS (SELECT 1 UNION ALL SELECT fid + 1 FROM n) SELECT fid, NULL AS geom FROM n"


@pytest.mark.parametrize(
    ("statements", "reason"),
    [
        (["DROP TABLE front", f"CREATE VIEW front AS {ENDLESS}"], "is no table but is computed"),
        (
            ["ALTER TABLE gpkg_contents RENAME TO t", "CREATE VIEW gpkg_contents AS SELECT * FROM t"],
            "'gpkg_contents' is computed",
        ),
        (["ALTER TABLE front ADD COLUMN x TEXT AS (hex(zeroblob(1000000000)))"], "'front' is computed"),
        (["UPDATE gpkg_contents SET table_name = 'front\" UNION SELECT 1'"], "is no table but is computed"),
        (["DROP TABLE gpkg_contents"], "no such table"),
        (["UPDATE gpkg_spatial_ref_sys SET organization = 'x', definition = '+init=/etc/passwd:1'"], "points to other"),
    ],
    ids=["an endless view", "a list that is a view", "a computed column", "a name with a quote", "half", "a CRS"],
)
def test_a_database_computes_nothing(tmp_path: Path, statements: list[str], reason: str) -> None:
    """Nor does it attach, end never, or make a cell larger than itself."""
    path = geopackage(tmp_path / "a_20171103.gpkg", *statements)
    with pytest.raises(PolygonError, match=reason):
        read_control_polygons(path, holder="isis")


def test_a_layer_that_is_computed_leaves_the_others(tmp_path: Path) -> None:
    """Each layer has its own reason."""
    path = geopackage(
        tmp_path / "a_20171103.gpkg",
        f"CREATE VIEW other AS {ENDLESS}",
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES ('other', 'features', 'o', 4326)",
        "INSERT INTO gpkg_geometry_columns VALUES ('other', 'geom', 'POLYGON', 4326, 0, 0)",
    )
    with pytest.warns(UserWarning, match="its layer 'other' is no table"):
        frame = read_control_polygons(path, holder_column="who")
    assert frame.area_km2.tolist() == pytest.approx([SQUARE_KM2], rel=1e-4)


def test_shapes_can_lie_in_one_another_without_end(tmp_path: Path) -> None:
    """100,000 collections deep, and one that counts four thousand million parts: no crash, no wait."""
    head = b"GP\0\1" + struct.pack("<i", 4326)
    deep = head + (b"\1" + struct.pack("<II", 7, 1)) * 100_000 + SQUARE.wkb
    many = head + b"\1" + struct.pack("<II", 7, 2**32 - 1)
    path = geopackage(
        tmp_path / "a_20171103.gpkg",
        *(f"INSERT INTO front (geom) VALUES (x'{blob.hex()}')" for blob in (deep, many)),  # noqa: S608 - ours
    )
    with pytest.warns(UserWarning, match="feature 2: no polygon: its shape is broken"):
        frame = read_control_polygons(path, holder="isis")
    assert frame.area_km2.tolist() == pytest.approx([SQUARE_KM2], rel=1e-4)


@pytest.mark.parametrize("depth", [900, 200_000])
def test_lists_can_lie_in_one_another_without_end(tmp_path: Path, depth: int) -> None:
    """In JSON and in XML."""
    brackets = "[" * depth + "]" * depth
    shape = '{"type": "Feature", "geometry": {"type": "Polygon", "coordinates": ' + brackets + "}}"
    (tmp_path / "a_20171103.geojson").write_text(shape)
    folders = "<Folder>" * depth + "<Placemark/>" + "</Folder>" * depth
    (tmp_path / "b_20171103.kml").write_text(f"<kml>{folders}</kml>")
    write(tmp_path / "good_20171104.geojson")
    with pytest.warns(UserWarning, match="2 set aside"):
        frame = read_control_polygons(tmp_path, holder="isis")
    (_, _, deep), (_, _, empty) = reasons(frame)
    assert "lie too deep" in deep or "not lists of numbers" in deep
    assert "no polygon" in empty

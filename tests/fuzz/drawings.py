"""The doors for drawings: files as somebody else could have made or broken them, and frames of polygons."""

from __future__ import annotations

import gzip
import io
import json
import tempfile
import zipfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from drawn import collection, feature, kml
from fuzz.cells import CELLS, bent
from fuzz.door import Door
from hypothesis import strategies as st

import conflictkit as ck
from conflictkit.schema._cells import as_written

if TYPE_CHECKING:
    from collections.abc import Callable

FEW = 5
HOLDERS = {"isis": "isis", "sdf": "sdf", "1": "ypg"}
NAMES = st.sampled_from(["isis", "sdf", "1", "ISIS", "", None, 1, "nobody", "isis\x00", "<b>sdf</b>"])
WHEN = st.sampled_from(
    ["2017-11-03", "20171104", "3 Nov 2017", "2017-11-03T10:00:00Z", "3/11/2017", "now", "Nov 2017", "", None, 20171103]
)
# What a hand, a program or an attacker puts where a shape or a feature should be.
ODD_SHAPES = st.sampled_from(
    [
        *(None, 7, [], "POLYGON EMPTY", {"type": "Polygon"}, {"type": "Polygon", "coordinates": []}),
        *({"type": "Point", "coordinates": [40, 34]}, {"type": "Polygon", "coordinates": [[[40, 34], [41, 34]]]}),
        *({"type": "Polygon", "coordinates": [[[400, 34], [410, 34], [410, 35], [400, 34]]]},),
        *({"type": "Polygon", "coordinates": [[[40, 34], [41, "x"], [41, 35], [40, 34]]]},),
        *({"type": "Polygon", "coordinates": [[[40, 34], [1e400, 34], [41, 35], [40, 34]]]},),
        *({"type": "LineString", "coordinates": [[40, 34], [41, 34]]}, {"type": "Land", "coordinates": [[]]}),
        *({"type": "GeometryCollection", "geometries": []}, {"type": "MultiPolygon", "coordinates": [[[]], []]}),
    ]
)
WRAPPERS = ("plain", "collection", "deep", "multi")
SUFFIXES = (".geojson", ".json", ".kml", ".kmz", ".zip", ".gz", ".gpkg", ".shp.zip")
TOKENS = (
    *(b"", b"\x00", b"\xff\xfe", b"[[[[[[[[", b"}}", b"NaN", b"1e999", b"-", b'"crs":{"type":"link"},'),
    *(b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>", b"&a;", b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b"),
    *(b"<OGRVRTDataSource>", b"SQLite format 3\x00", b"../", b"coordinates", b"9" * 400),
)


@cache
def square(number: int) -> shapely.Geometry:
    """Return a piece of land of its own for each feature of a file, so that what is lost can be told."""
    return shapely.box(40 + number * 0.2, 34, 40 + number * 0.2 + 0.1, 34.1)


def wrapped(shape: shapely.Geometry, how: str) -> dict[str, Any]:
    """Return land in one of the forms in which files hold it."""
    plain: dict[str, Any] = json.loads(shapely.to_geojson(shape))
    if how == "multi":
        return {"type": "MultiPolygon", "coordinates": [plain["coordinates"]]}
    for _ in range({"plain": 0, "collection": 1, "deep": 4}[how]):
        plain = {"type": "GeometryCollection", "geometries": [plain]}
    return plain


@st.composite
def features(draw: Callable[..., Any]) -> list[dict[str, Any]]:
    """Return some features, each with land of its own or something odd."""
    made = []
    for number in range(draw(st.integers(1, FEW))):
        one = feature(None, who=draw(NAMES), when=draw(WHEN))
        odd = draw(st.integers(0, 3)) == 0
        one["geometry"] = draw(ODD_SHAPES) if odd else wrapped(square(number), draw(st.sampled_from(WRAPPERS)))
        made.append(one)
    return made


def read(path: Path) -> gpd.GeoDataFrame:
    """Read a path, and see that what comes out is whole: days, holders and land, which make a territory."""
    frame = ck.read_control_polygons(path, date_column="when", holder_column="who", holders=HOLDERS)
    assert len(frame) or frame.attrs["rejected"]
    assert frame["date"].notna().all()
    assert set(frame["actor_id"]) <= set(HOLDERS.values())
    assert frame.geometry.is_valid.all()
    assert (frame["area_km2"] > 0).all()
    assert all(entry["reason"] for entry in frame.attrs["rejected"])
    if len(frame):
        ck.Territory.from_polygons(frame)
    return frame


def whole(given: list[dict[str, Any]]) -> None:
    """Every feature is in the land that comes out or has a reason, and none is in both."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "drawn.geojson"
        path.write_text(collection(*given), encoding="utf-8")
        try:
            frame = read(path)
        except ck.PolygonError:
            return  # nothing of it is land, and it says so
    land = shapely.union_all(frame.geometry.to_numpy())
    aside = {entry["feature"] for entry in frame.attrs["rejected"]}
    assert len(aside) == len(frame.attrs["rejected"])
    for number in range(len(given)):
        used = bool(shapely.intersects(land, shapely.centroid(square(number))))
        assert used != (number in aside), number


def file_of(suffix: str, given: list[dict[str, Any]]) -> bytes:
    """Return features as a file of that suffix."""
    text = collection(*given).encode()
    marks = [(str(f["properties"]["who"]), str(f["properties"]["when"]), square(n)) for n, f in enumerate(given)]
    if suffix == ".kml":
        return kml(marks).encode("utf-8", "replace")
    if suffix == ".gz":
        return gzip.compress(text, mtime=0)
    if suffix == ".gpkg":
        return stored("gpkg")
    if suffix == ".shp.zip":
        return stored("shp")
    if suffix in {".zip", ".kmz"}:
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w") as pack:
            pack.writestr(
                "a/drawn.geojson" if suffix == ".zip" else "doc.kml", text if suffix == ".zip" else kml(marks)
            )
            pack.writestr("more.zip", b"PK\x05\x06" + b"\x00" * 18)
        return inner.getvalue()
    return text


@cache
def stored(kind: str) -> bytes:
    """Return a file that GDAL wrote: a GeoPackage, or a shapefile in a zip."""
    frame = gpd.GeoDataFrame(
        {"who": ["isis", "sdf"], "when": ["2017-11-03", "2017-11-04"]}, geometry=[square(0), square(1)], crs=4326
    )
    with tempfile.TemporaryDirectory() as folder:
        if kind == "gpkg":
            frame.to_file(Path(folder) / "drawn.gpkg")
            return (Path(folder) / "drawn.gpkg").read_bytes()
        frame.to_file(Path(folder) / "drawn.shp")
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as pack:
            for part in sorted(Path(folder).iterdir()):
                pack.writestr(part.name, part.read_bytes())
        return packed.getvalue()


@st.composite
def broken_files(draw: Callable[..., Any]) -> tuple[str, bytes]:
    """Return the name of a file and its bytes, some of them cut, turned, repeated or put in."""
    suffix = draw(st.sampled_from(SUFFIXES))
    content = file_of(suffix, draw(features()))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, 1 << 20)) % max(1, len(content))
        length = draw(st.integers(0, 40))
        how = draw(st.sampled_from(["cut", "turn", "repeat", "put", "end"]))
        piece = content[start : start + length]
        new = {
            "cut": b"",
            "turn": bytes(letter ^ draw(st.integers(1, 255)) for letter in piece[:3]) + piece[3:],
            "repeat": piece * 3,
            "put": draw(st.sampled_from(TOKENS)),
            "end": b"",
        }[how]
        content = content[:start] + new + (b"" if how == "end" else content[start + length :])
    return f"drawn_20171103{suffix.removeprefix('.shp')}", content


def broken(given: tuple[str, bytes]) -> None:
    """Read a broken file or set it aside; what comes out is whole, and the good file beside it is there."""
    name, content = given
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(content)
        (Path(folder) / "good.geojson").write_text(collection(feature(square(9), who="isis", when="2017-11-05")))
        frame = read(Path(folder))
    good = frame[frame["date"] == pd.Timestamp("2017-11-05")]
    assert any("good.geojson" in files for files in good["source_file"]), "the good file beside it is lost"


GOOD_SHAPES = st.sampled_from(
    [
        *(
            square(0),
            square(1),
            square(2),
            square(0),
            shapely.box(38, 33, 44, 37),
            shapely.box(40.01, 34.01, 40.02, 34.02),
        ),
        *(shapely.Polygon([(40, 34), (41, 35), (41, 34), (40, 35)]), shapely.MultiPolygon([square(3), square(4)])),
        shapely.box(40.05, 34.05, 40.0505, 34.0505),  # 50 m
        shapely.box(40, 34, 41, 35).difference(square(2)),
        shapely.box(40, 34, 41, 35 + 1e-9),
        shapely.Point(40.5, 34.5).buffer(0.7),
    ]
)
ODD_LANDS = st.sampled_from(
    [
        *(None, shapely.Polygon(), shapely.box(-180, -90, 180, 90), shapely.box(42, 34, 43, 95), shapely.Point(40, 34)),
        *(shapely.LineString([(40, 34), (41, 34)]), shapely.GeometryCollection([square(5), shapely.Point(1, 1)])),
        *(
            shapely.transform(square(6), lambda points: points + [[0, np.inf]] * len(points)),
            shapely.box(-41, 34, -40, 35),
        ),
    ]
)


@st.composite
def frames(draw: Callable[..., Any]) -> gpd.GeoDataFrame:
    """Return a frame of drawings: mostly days, holders and land that are good, some of any kind."""
    count = draw(st.integers(1, FEW))
    days = [draw(st.sampled_from(["2017-11-03", "2017-11-04"])) for _ in range(count)]
    good = pd.DataFrame({"date": days, "actor_id": ["isis", "sdf", "ypg", "isis", "sdf"][:count]})
    bad = draw(st.sampled_from(["", "", "", "cells", "actors", "shapes", "crs"]))
    cells = draw(bent(st.just(good))) if bad == "cells" else good
    rows = len(cells)
    if bad == "actors" and rows:
        cells = cells.assign(actor_id=pd.Series([draw(CELLS) for _ in range(rows)], index=cells.index, dtype=object))
    shapes = [draw(GOOD_SHAPES) for _ in range(rows)]
    if bad == "shapes" and rows:
        shapes[draw(st.integers(0, rows - 1))] = draw(ODD_LANDS)
    crs = draw(st.sampled_from([3857, None, 32637])) if bad == "crs" else 4326
    frame = gpd.GeoDataFrame(cells, geometry=gpd.GeoSeries(shapes, index=cells.index, crs=crs), crs=crs)
    return frame if bad else frame.to_crs(draw(st.sampled_from([4326, 4326, 3857, 32637])))


def build(frame: gpd.GeoDataFrame) -> None:
    """Every holder of the frame holds land on its day, or the frame is refused; it is not changed."""
    before = frame.copy()
    territory = ck.Territory.from_polygons(frame)
    area = territory.area(territory.dates, level="claimed")
    there = set(area.loc[area["area_km2"] > 0, "actor_id"])
    assert there, "no land at all"
    named = {as_written(cell).strip() for cell in frame["actor_id"]}
    assert named <= there or "contested" in there
    assert area["area_km2"].between(0, 5.2e8).all()
    assert frame.geometry.geom_equals(before.geometry).all()
    pd.testing.assert_index_equal(frame.columns, before.columns)


DOORS = [
    Door("drawings: every feature of a file", features(), whole, weight=5),
    Door("drawings: broken files", broken_files(), broken, weight=5),
    Door("drawings: from_polygons", frames(), build, weight=5),
]

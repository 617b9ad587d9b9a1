"""File geodatabases: the folder, a zip of it, one among other files; and what only looks like one."""

from __future__ import annotations

import io
import shutil
import warnings
import zipfile
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
import shapely

from conflictkit import read_control_polygons
from conflictkit.errors import PolygonError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Return a geodatabase of two polygon layers in metres, and one of points."""
    path = tmp_path / "front_20171103.gdb"
    land = gpd.GeoDataFrame(
        {"side": ["isis", "sdf"]}, geometry=[shapely.box(40, 34, 41, 35), shapely.box(41, 34, 42, 35)]
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        land.set_crs(4326).to_crs(32637).to_file(path, layer="land", driver="OpenFileGDB")
        land.head(1).set_crs(4326).assign(side="isis").to_file(path, layer="more", driver="OpenFileGDB")
        land.set_geometry(land.centroid).set_crs(4326).to_file(path, layer="towns", driver="OpenFileGDB")
    return path


def test_a_folder_a_zip_and_a_folder_in_a_folder(database: Path, tmp_path: Path) -> None:
    """The same land each time: layers with polygons only, turned into degrees, united by holder."""
    packed = shutil.make_archive(str(tmp_path / "packed"), "zip", tmp_path, database.name)
    around = tmp_path / "around" / "deep"
    shutil.copytree(database, around / database.name)
    for path in (database, packed, tmp_path / "around", [database]):
        frame = read_control_polygons(path, holder_column="side")
        assert frame.actor_id.tolist() == ["isis", "sdf"]
        assert frame.date.dt.strftime("%Y-%m-%d").unique().tolist() == ["2017-11-03"]
        assert frame.area_km2.to_numpy() == pytest.approx([10_200, 10_200], rel=0.01)
        assert frame.source_file.str.endswith("front_20171103.gdb").all()


def test_what_is_no_geodatabase_or_broken(database: Path, tmp_path: Path) -> None:
    """Told by name; a folder of another war's files under the name opens nothing."""
    empty = tmp_path / "a_20171103.gdb"
    empty.mkdir()
    (empty / "b.geojson").write_text("{}")
    with pytest.raises(PolygonError, match=r"no file geodatabase: a00000001\.gdbtable is not in it"):
        read_control_polygons(empty, holder="isis")
    for part in database.glob("*.gdbtable"):
        part.write_bytes(part.read_bytes()[:40])
    with pytest.raises(PolygonError, match="it is broken"):
        read_control_polygons(database, holder="isis")


def test_features_are_counted(database: Path) -> None:
    """A limit holds here too."""
    with pytest.raises(PolygonError, match="features"):
        read_control_polygons(database, holder="isis", limits={"features": 1})
    with pytest.raises(PolygonError, match="bytes of one file"):
        read_control_polygons(database, holder="isis", limits={"file_bytes": 100})


def test_a_file_of_that_name_is_none(tmp_path: Path) -> None:
    """Neither junk nor an archive, which could unpack to any size, is taken for the folder that a geodatabase is."""
    for name, content in (("a_20171103.gdb", b"junk"), ("b_20171103.gdb", packed("a00000001.gdbtable", 50_000_000))):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(PolygonError, match=r"a \.gdb is a folder, and this is a file"):
            read_control_polygons(tmp_path / name, holder="isis")
    inside = tmp_path / "all.zip"
    inside.write_bytes(packed("c_20171103.gdb", 100))
    with pytest.raises(PolygonError, match=r"a \.gdb is a folder, and this is a file"):
        read_control_polygons(inside, holder="isis")


def packed(name: str, size: int) -> bytes:
    """Return a zip with one member of so many zeros."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, bytes(size))
    return out.getvalue()


def test_all_parts_together_are_one_file(tmp_path: Path) -> None:
    """A folder in an archive whose parts are each below the limit, and together beyond it."""
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(1, 9):
            archive.writestr(f"a_20171103.gdb/a0000000{number}.gdbtable", bytes(900_000))
    with pytest.raises(PolygonError, match="more than 1,000,000 bytes of one file"):
        read_control_polygons(path, holder="isis", limits={"file_bytes": 1_000_000})

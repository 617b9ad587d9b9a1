"""What a drawing tells of itself: days in names, folders and cells, holders in words, patterns and names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from drawn import EAST, SQUARE, SQUARE_KM2, archive, collection, feature, frame_of, reasons, write

from conflictkit import read_control_polygons
from conflictkit.errors import PolygonError

if TYPE_CHECKING:
    from pathlib import Path

NOVEMBER = pd.Timestamp("2022-11-03")


@pytest.mark.parametrize(
    "name",
    [
        *("front_03NOV2022.geojson", "3-nov-2022.geojson", "Nov-3-2022.geojson", "3 November 2022.geojson"),
        *(
            "2022-11-03/front.geojson",
            "2022/11/03/front.geojson",
            "03NOV2022/front.geojson",
            "20221103/sub/front.geojson",
        ),
    ],
)
@pytest.mark.parametrize("zipped", [False, True])
def test_days_in_names_of_files_and_folders(tmp_path: Path, name: str, zipped: bool) -> None:  # noqa: FBT001
    """Months as words, and dated folders, in folders and in archives."""
    if zipped:
        path = archive(tmp_path / "dailies.zip", {name: collection(feature())})
    else:
        path = tmp_path / "dailies"
        (path / name).parent.mkdir(parents=True)
        write(path / name)
    assert read_control_polygons(path, holder="reds").date.tolist() == [NOVEMBER]


def test_a_file_says_its_day_before_its_folder(tmp_path: Path) -> None:
    """What is exported on one day may be of another."""
    (tmp_path / "export_20240105").mkdir()
    write(tmp_path / "export_20240105" / "front_20221103.geojson")
    assert read_control_polygons(tmp_path, holder="reds").date.tolist() == [NOVEMBER]


def test_words_that_are_no_month_are_no_day(tmp_path: Path) -> None:
    """A map of the third draft of 2022 has no date."""
    write(tmp_path / "3 draft 2022.geojson")
    with pytest.raises(PolygonError, match="no date in the file name"):
        read_control_polygons(tmp_path, holder="reds")


@pytest.mark.parametrize(
    ("cell", "date_format"),
    [
        *((1667433600, "seconds"), (1667519999, "seconds"), (1667433600000, "milliseconds"), ("1667433601", "seconds")),
        *(("03/11/2022", "%d/%m/%Y"), ("11/3/2022", "%m/%d/%Y"), ("3-NOV-2022", "%d-%b-%Y")),
        *(("November 3, 2022", "%B %d, %Y"), ("03/11/2022 14:30", "%d/%m/%Y %H:%M")),
    ],
)
def test_days_written_as_told(tmp_path: Path, cell: object, date_format: str) -> None:
    """One reading of a cell that has two, and counts since 1970 in UTC."""
    write(tmp_path / "a.geojson", feature(SQUARE, when=cell))
    found = read_control_polygons(tmp_path, holder="reds", date_column="when", date_format=date_format)
    assert found.date.tolist() == [NOVEMBER]


@pytest.mark.parametrize(
    ("cell", "date_format"),
    [("31/02/2022", "%d/%m/%Y"), ("2022-11-03", "%d/%m/%Y"), ("1e12", "seconds"), (10**14, "seconds")],
)
def test_cells_that_are_written_otherwise_come_back(tmp_path: Path, cell: object, date_format: str) -> None:
    """With the way that was told."""
    write(
        tmp_path / "a.geojson",
        feature(SQUARE, when=cell),
        feature(EAST, when="03/11/2022"),
        feature(EAST, when=1667433600),
    )
    with pytest.warns(UserWarning, match="set aside"):
        found = read_control_polygons(tmp_path, holder="reds", date_column="when", date_format=date_format)
    assert any(f"is not a day as {date_format!r} writes one" in told for _, _, told in reasons(found))


@pytest.mark.parametrize("date_format", ["", "days", "%Y", "%m/%Y", "%d/%m/%y", "%Y-%j", "%Y%m%d%"])
def test_ways_that_name_no_day_are_refused(tmp_path: Path, date_format: str) -> None:
    """With those that are known."""
    write(tmp_path / "a.geojson")
    with pytest.raises(PolygonError, match="names no day"):
        read_control_polygons(tmp_path, holder="reds", date_column="when", date_format=date_format)


def test_patterns_of_holders(tmp_path: Path) -> None:
    """The word itself goes first, then the first pattern that fits; another word comes back."""
    cells = ["ISIS", "ISIS (contested)", "SDF/YPG", "HTS"]
    write(tmp_path / "20221103.geojson", *(feature(SQUARE, who=cell) for cell in cells))
    holders = {"ISIS*": "pale", "ISIS": "isis", "*YPG": "sdf"}
    with pytest.warns(UserWarning, match="holder 'HTS' is not known"):
        found = read_control_polygons(tmp_path, holder_column="who", holders=holders)
    assert sorted(found.actor_id) == ["isis", "pale", "sdf"]


def test_holders_in_names(tmp_path: Path) -> None:
    """Of files, and of the folders that they lie in."""
    for name in ("isis/20221103.geojson", "sdf_20221103.geojson", "someone/20221103.geojson"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        write(tmp_path / name)
    with pytest.warns(UserWarning, match="no holder in the names of the file and its folders"):
        found = read_control_polygons(tmp_path, holders={"isis": "isis", "sdf_*": "sdf"})
    assert found.actor_id.tolist() == ["isis", "sdf"]
    assert [entry["file"] for entry in found.attrs["rejected"]] == ["someone/20221103.geojson"]


def test_a_list_of_paths(tmp_path: Path) -> None:
    """Files and folders of one name stay apart; what one of them lacks is said."""
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    write(tmp_path / "a" / "20221103.geojson", feature(SQUARE))
    write(tmp_path / "b" / "20221103.geojson", feature(EAST))
    write(tmp_path / "20221104.geojson", feature(EAST))
    (tmp_path / "b" / "undated.geojson").write_text(collection(feature()))
    with pytest.warns(UserWarning, match="b/undated"):
        found = read_control_polygons(
            [tmp_path / "a", str(tmp_path / "b"), tmp_path / "20221104.geojson"], holder="reds"
        )
    assert found.source_file.tolist() == ["a/20221103.geojson; b/20221103.geojson", "20221104.geojson"]
    assert found.area_km2.iloc[0] > 1.5 * SQUARE_KM2
    with pytest.raises(PolygonError, match="does not exist"):
        read_control_polygons([], holder="reds")


def test_cells_of_shapefiles_in_the_encoding_told(tmp_path: Path) -> None:
    """Where the .cpg is wrong; an encoding that there is not is refused."""
    frame_of(SQUARE, who=["الرقة"]).to_file(tmp_path / "20221103.shp", encoding="cp1256")
    (tmp_path / "20221103.cpg").write_text("UTF-8")
    found = read_control_polygons(tmp_path, holder_column="who", encoding="cp1256")
    assert found.actor_id.tolist() == ["الرقة"]
    with pytest.raises(PolygonError, match="encoding='cp99'"):
        read_control_polygons(tmp_path, holder_column="who", encoding="cp99")


def test_flatgeobuf(tmp_path: Path) -> None:
    """Cells, shapes and the coordinate system; what only ends like one is set aside."""
    frame_of(SQUARE, EAST, who=["reds", "blues"]).to_crs(32637).to_file(tmp_path / "20221103.fgb", driver="FlatGeobuf")
    found = read_control_polygons(tmp_path, holder_column="who")
    assert found.actor_id.tolist() == ["blues", "reds"]
    assert found.area_km2.to_numpy() == pytest.approx([SQUARE_KM2, SQUARE_KM2], rel=1e-2)
    whole = (tmp_path / "20221103.fgb").read_bytes()
    (tmp_path / "20221104.fgb").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "20221105.fgb").write_text('<OGRVRTDataSource><OGRVRTLayer name="x"/></OGRVRTDataSource>')
    with pytest.warns(UserWarning, match="2 set aside"):
        assert len(read_control_polygons(tmp_path, holder_column="who")) == 2


def test_geoparquet(tmp_path: Path) -> None:
    """With pyarrow as any other; what only ends like one is set aside."""
    pytest.importorskip("pyarrow")
    frame_of(SQUARE, EAST, who=["reds", "blues"]).to_parquet(tmp_path / "20221103.parquet")
    assert read_control_polygons(tmp_path, holder_column="who").actor_id.tolist() == ["blues", "reds"]


def test_parquet_that_is_none(tmp_path: Path) -> None:
    """Set aside whether pyarrow is there or not."""
    (tmp_path / "20221103.parquet").write_bytes(b"PAR1 and no more")
    (tmp_path / "20221104.parquet").write_bytes(b"no")
    write(tmp_path / "20221105.geojson")
    with pytest.warns(UserWarning, match="2 set aside"):
        assert len(read_control_polygons(tmp_path, holder="reds")) == 1


def test_a_folder_that_is_named_is_searched_whatever_its_name(tmp_path: Path) -> None:
    """Alone and in a list: only what lies hidden inside is passed over."""
    hidden, other = tmp_path / ".dailies", tmp_path / "other"
    for folder in (hidden, other):
        folder.mkdir()
    write(hidden / "20221103.geojson")
    write(hidden / "._20221104.geojson")
    write(other / "20221105.geojson")
    (hidden / "link").symlink_to(other)
    days = [[3], [3, 5]]
    for paths, expected in zip(([hidden], [hidden, other]), days, strict=True):
        with pytest.warns(UserWarning, match="link to a folder is not followed"):
            found = read_control_polygons(paths if len(paths) > 1 else hidden, holder="reds")
        assert found.date.dt.day.tolist() == expected
    assert found.attrs["rejected"][0]["file"] == ".dailies/link"

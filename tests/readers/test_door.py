"""The door for other people's files: folders, archives and what only looks like a file; limits of what is read."""

from __future__ import annotations

import gzip
import os
import socket
import struct
import time
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from drawn import EAST, SQUARE, archive, collection, feature, frame_of, kml, reasons, write

from conflictkit import read_control_polygons, read_events
from conflictkit.errors import PolygonError, TableError, UnknownNameError
from conflictkit.readers._door import Door, Limits, NotRead, printable
from conflictkit.readers._log import Log

if TYPE_CHECKING:
    from collections.abc import Callable

PROBES = Path(__file__).parents[2].parent / "shared" / "reference" / "cases" / "reader_probes"
ONE = collection(feature())


def aside(path: Path, **options: object) -> list[tuple[str, int | None, str]]:
    """Return what was set aside, beside a good file."""
    write(path / "good_20171231.geojson")
    with pytest.warns(UserWarning, match="set aside"):
        frame = read_control_polygons(path, holder="isis", **options)  # type: ignore[arg-type]
    assert frame.source_file.tolist() == ["good_20171231.geojson"]
    return reasons(frame)


# What is searched


def test_folders_and_archives_in_one_another_are_read(tmp_path: Path) -> None:
    """Each with its way from the path that was given; the same as a zip, which is not unpacked to disk."""
    (tmp_path / "2017" / "11").mkdir(parents=True)
    write(tmp_path / "2017" / "11" / "20171103.geojson")
    inner = archive(tmp_path / "2017" / "more.zip", {"maps/20171104.geojson": ONE, "notes.txt": "n"})
    expected = ["2017/11/20171103.geojson", "2017/more.zip/maps/20171104.geojson"]
    assert read_control_polygons(tmp_path, holder="isis").source_file.tolist() == expected
    packed = archive(tmp_path / "all.zip", {expected[0]: ONE, "2017/more.zip": inner.read_bytes(), "20171105.kmz": b""})
    inner.unlink()
    (tmp_path / "2017" / "11" / "20171103.geojson").unlink()
    before = sorted(tmp_path.rglob("*"))
    with pytest.warns(UserWarning, match=r"20171105\.kmz: cannot be read as a zip"):
        frame = read_control_polygons(packed, holder="isis")
    assert frame.source_file.tolist() == expected
    assert sorted(tmp_path.rglob("*")) == before


def test_gz_is_read_as_what_it_holds(tmp_path: Path) -> None:
    """Alone and in a folder; a tape archive is named and not opened."""
    (tmp_path / "20171103.geojson.gz").write_bytes(gzip.compress(ONE.encode()))
    assert len(read_control_polygons(tmp_path / "20171103.geojson.gz", holder="isis")) == 1
    (tmp_path / "20171104.tar.gz").write_bytes(gzip.compress(b"x"))
    (tmp_path / "20171105.geojson.gz").write_bytes(gzip.compress(ONE.encode())[:40])
    (tmp_path / "20171103.geojson.gz").unlink()
    found = aside(tmp_path)
    assert [entry[0] for entry in found] == ["20171104.tar.gz", "20171105.geojson.gz"]
    assert "unpack it first" in found[0][2]
    assert "cannot be read" in found[1][2]


def test_an_archive_that_holds_one_drawing_can_carry_its_date(tmp_path: Path) -> None:
    """As the layers of map services come; not one that holds several, of which it cannot be the day of each."""
    one = archive(tmp_path / "front_20171103.zip", {"doc.geojson": ONE, "files/legend.png": b""})
    assert read_control_polygons(one, holder="isis").date.dt.day.tolist() == [3]
    whole = archive(tmp_path / "all_20181231.zip", {"front_20171103.zip": one.read_bytes(), "a/20171104.geojson": ONE})
    assert read_control_polygons(whole, holder="isis").date.dt.day.tolist() == [3, 4]
    two = archive(tmp_path / "two_20181231.zip", {"a.geojson": ONE, "20171104.geojson": ONE})
    with pytest.warns(UserWarning, match=r"a\.geojson: no date in the file name"):
        assert read_control_polygons(two, holder="isis").date.dt.day.tolist() == [4]


def test_other_kinds_of_maps_are_named_and_other_files_are_not(tmp_path: Path) -> None:
    """A folder that is one map too; what systems leave beside files is passed over."""
    names = ["a.pmtiles", "b_20171104.gml", "c.topojson", "d.tgz", "e.7z", "f.gpx", "g.feather", "h.vrt"]
    for name in (*names, "README.txt", "metadata.xml", ".hidden_20171103.geojson", "._20171103.geojson", "Thumbs.db"):
        (tmp_path / name).write_text("x")
    (tmp_path / "i.gdb").mkdir()
    (tmp_path / ".ipynb_checkpoints").mkdir()
    write(tmp_path / ".ipynb_checkpoints" / "20171103.geojson")
    found = aside(tmp_path)
    assert sorted(entry[0] for entry in found) == names
    assert all((number is None and "write it as" in told) or "unpack" in told for _, number, told in found)


@pytest.mark.skipif(not PROBES.is_dir(), reason="the probes of the reference are not beside the repository")
@pytest.mark.parametrize("name", ["front_20171103.kmz", "front_20171103.zip", "nest", "nest.zip"])
def test_probes_of_the_reference(name: str) -> None:
    """A drawing each, of 3 November 2017."""
    frame = read_control_polygons(PROBES / name, holder="isis")
    assert frame.date.astype("str").tolist() == ["2017-11-03"]
    assert frame.attrs["rejected"] == []


# What is no file


def pipe(path: Path) -> None:
    """Make a pipe that nobody writes to."""
    os.mkfifo(path)


def listener(path: Path) -> None:
    """Make the file of a socket."""
    with socket.socket(socket.AF_UNIX) as ear:
        ear.bind(str(path))


def to_a_device(path: Path) -> None:
    """Link to a device that never ends."""
    path.symlink_to("/dev/zero")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
@pytest.mark.parametrize("suffix", [".geojson", ".shp", ".kml", ".gpkg", ".zip"])
@pytest.mark.parametrize(("make", "told"), [(pipe, "pipe"), (listener, "socket"), (to_a_device, "device|out of")])
def test_what_is_no_file_is_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], None], told: str, suffix: str
) -> None:
    """In a folder, beside a file; by itself it is refused. Nobody waits for it."""
    monkeypatch.chdir(tmp_path)  # the name of a socket must be short
    path = Path(f"a_20171103{suffix}")
    make(path)
    with pytest.raises(PolygonError, match="pipe, a device or a socket"):
        read_control_polygons(path, holder="isis")
    ((name, _, reason),) = aside(Path())
    assert name == path.name
    assert any(word in reason for word in told.split("|"))


def test_a_companion_that_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    """The shapefile is set aside."""
    (tmp_path / "a_20171103.shp").write_bytes(struct.pack(">i", 9994) + bytes(200))
    pipe(tmp_path / "a_20171103.dbf")
    assert "pipe" in aside(tmp_path)[0][2]


def test_links_stay_in_the_folder(tmp_path: Path) -> None:
    """One that leads out, to a folder, in a circle, or nowhere is named; one inside is followed."""
    secret = write(tmp_path / "secret_20171103.geojson")
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    write(folder / "sub" / "20171105.geojson", feature(EAST))
    (folder / "a_20171103.geojson").symlink_to(secret)
    (folder / "b_20171104.geojson").symlink_to(folder / "sub" / "20171105.geojson")
    (folder / "c_20171104.geojson").symlink_to(folder / "nowhere")
    (folder / "d_20171104.geojson").symlink_to(folder / "d_20171104.geojson")
    (folder / "sub" / "e").symlink_to(folder)
    (folder / "f").symlink_to(tmp_path)
    with pytest.warns(UserWarning, match="5 set aside"):
        frame = read_control_polygons(folder, holder="isis")
    assert frame.source_file.tolist() == ["b_20171104.geojson", "sub/20171105.geojson"]
    assert {name: told for name, _, told in reasons(frame)} == {
        "a_20171103.geojson": "a link that leads out of the folder",
        "c_20171104.geojson": "a link to nothing",
        "d_20171104.geojson": "a link to nothing",
        "f": "a link to a folder is not followed",
        "sub/e": "a link to a folder is not followed",
    }
    (folder / "sub" / "e").unlink()
    (tmp_path / "mine").symlink_to(folder / "sub")  # the caller's own link is meant
    assert len(read_control_polygons(tmp_path / "mine", holder="isis")) == 1


def test_a_file_that_changes_while_it_is_read_is_set_aside(tmp_path: Path) -> None:
    """It could be half of the old and half of the new."""
    path = write(tmp_path / "20171103.geojson")
    door = Door((".geojson",), {}, Limits(), Log())
    (piece,) = door.pieces(path)
    assert piece.read() == path.read_bytes()

    class Growing(Door):
        """A door during whose reading somebody writes."""

        def _all_of(self, stream: object) -> bytes:
            found = super()._all_of(stream)  # type: ignore[arg-type]
            path.write_bytes(path.read_bytes() + b" ")
            return found

    (piece,) = Growing((".geojson",), {}, Limits(), Log()).pieces(path)
    with pytest.raises(NotRead, match="changed while it was read"):
        piece.read()


# Limits


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ({"file_bytes": 100}, "more than 100 bytes of one file"),
        ({"depth": 1}, "lies deeper than 1 folders"),
    ],
)
def test_beyond_a_limit_of_one_file_it_is_set_aside(tmp_path: Path, limits: dict[str, int], told: str) -> None:
    """The others are read, and the reason says how to have it read."""
    sub = tmp_path / "sub"
    sub.mkdir()
    write(sub / "b_20171104.geojson", *[feature(EAST, note="x" * 2_000)] * 2)
    if "file_bytes" in limits:
        limits = {"file_bytes": len(ONE)}
        told = told.replace("100", str(len(ONE)))
    ((_, _, reason),) = aside(tmp_path, limits=limits)
    assert told in reason
    assert "limits=" in reason


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ({"all_bytes": 500}, r"more than 500 bytes in all: .*limits=\{'all_bytes': \.\.\.\}"),
        ({"files": 3}, r"more than 3 files: .*limits=\{'files': \.\.\.\}"),
        ({"features": 5}, r"more than 5 features: .*limits=\{'features': \.\.\.\}"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_beyond_a_limit_of_all_it_is_refused_in_a_sentence(
    tmp_path: Path,
    limits: dict[str, int],
    told: str,
    packed: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """Not read in part; with a larger limit all is read."""
    for day in range(1, 5):
        write(tmp_path / f"f_2017110{day}.geojson", feature(), feature(EAST))
    path = tmp_path
    if packed:
        path = archive(tmp_path / "all.zip", {file.name: file.read_bytes() for file in sorted(tmp_path.iterdir())})
    with pytest.raises(PolygonError, match=told) as caught:
        read_control_polygons(path, holder="isis", limits=limits)
    assert "\n" not in str(caught.value)
    assert len(read_control_polygons(path, holder="isis", limits=dict.fromkeys(limits, 10_000))) == 4


def test_every_format_counts_its_features(tmp_path: Path) -> None:
    """Also where the number stands nowhere before they are read."""
    many = frame_of(*[SQUARE] * 5, who=["isis"] * 5)
    many.to_file(tmp_path / "a_20171103.gpkg")
    many.to_file(tmp_path / "b_20171103.shp")
    (tmp_path / "c_20171103.kml").write_text(kml([("a", "b", SQUARE)] * 5))
    (tmp_path / "d_20171103.geojsonl").write_text("\n".join([collection(feature())] * 5))
    write(tmp_path / "e_20171103.geojson", *[feature()] * 5)
    paths = [path for path in tmp_path.iterdir() if path.suffix in {".gpkg", ".shp", ".kml", ".geojsonl", ".geojson"}]
    assert len(paths) == 5
    for path in paths:
        with pytest.raises(PolygonError, match="more than 4 features"):
            read_control_polygons(path, holder="isis", limits={"features": 4})


def test_a_limit_that_is_none_is_named(tmp_path: Path) -> None:
    """With the nearest that is."""
    with pytest.raises(UnknownNameError, match="Did you mean 'features'"):
        read_control_polygons(write(tmp_path / "20171103.geojson"), holder="isis", limits={"feature": 3})


def bomb(path: Path, size: int) -> Path:
    """Write a zip whose member is far larger than it looks: a map with blanks at its end."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a_20171103.geojson", ONE + " " * size)
    return path


def lying(path: Path) -> Path:
    """Let a zip say of its member that it has 1,000 bytes."""
    raw = bytearray(path.read_bytes())
    struct.pack_into("<I", raw, raw.rfind(b"PK\x01\x02") + 24, 1_000)
    path.write_bytes(raw)
    return path


def test_a_zip_is_stopped_at_the_limit_whatever_it_declares(tmp_path: Path) -> None:
    """Three million blanks from a few kilobytes; a member that is larger than it says is broken."""
    honest = bomb(tmp_path / "honest.zip", 3_000_000)
    assert honest.stat().st_size < 10_000
    assert len(read_control_polygons(honest, holder="isis")) == 1
    with pytest.raises(PolygonError, match="more than 1,000,000 bytes of one file"):
        read_control_polygons(honest, holder="isis", limits={"file_bytes": 1_000_000})
    with pytest.raises(PolygonError, match=r"a_20171103\.geojson: cannot be read: Bad CRC-32"):
        read_control_polygons(lying(bomb(tmp_path / "lies.zip", 3_000_000)), holder="isis")


def zeros(path: Path, megabytes: int, member: str) -> Path:
    """Write a zip of zeros by hand: one packed megabyte again and again, so that writing it takes no time."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    piece = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    data, name = piece * megabytes + packer.flush(), member.encode()
    told = struct.pack("<HHHHHIIIHH", 20, 0, zipfile.ZIP_DEFLATED, 0, 0, 0, len(data), megabytes << 20, len(name), 0)
    head = b"PK\x03\x04" + told + name
    central = b"PK\x01\x02" + struct.pack("<H", 20) + told + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(head) + len(data), 0)
    path.write_bytes(head + data + central + end)
    return path


@pytest.mark.parametrize(("told", "reason"), [(3_500, "more than 200,000,000 bytes of one file"), (1, "Bad CRC-32")])
def test_a_bomb_of_3500_megabytes_is_refused_at_the_limit(tmp_path: Path, told: int, reason: str) -> None:
    """A drawing at 200 MB, whether the archive tells its size or not; a table of events at its first zeros."""
    path = zeros(tmp_path / "a.zip", 3_500, "a_20171103.geojson")
    assert path.stat().st_size < 5_000_000
    raw = path.read_bytes()
    size, claimed = (struct.pack("<I", megabytes << 20) for megabytes in (3_500, told))
    path.write_bytes(raw.replace(size, claimed))
    start = time.process_time()
    with pytest.raises(PolygonError, match=reason):
        read_control_polygons(path, holder="isis")
    table = zeros(tmp_path / "b.zip", 3_500, "b.csv")
    with pytest.raises(TableError, match="zero bytes"):
        read_events(table)
    assert time.process_time() - start < 10  # one second here; 3,500 MB would take half a minute


def test_archives_in_archives_end_somewhere(tmp_path: Path) -> None:
    """Nine deep: named, with the limit."""
    data, name = ONE.encode(), "a_20171103.geojson"
    for _ in range(9):
        path = archive(tmp_path / "n.zip", {name: data})
        data, name = path.read_bytes(), "n.zip"
    with pytest.raises(PolygonError, match=r"lies deeper than 8 folders and archives.*\{'depth': 10\}"):
        read_control_polygons(path, holder="isis")
    assert len(read_control_polygons(path, holder="isis", limits={"depth": 10})) == 1


def test_a_locked_archive_says_so(tmp_path: Path) -> None:
    """The flag of a password; what Python cannot unpack is named alike."""
    path = archive(tmp_path / "all.zip", {"a_20171103.geojson": ONE})
    raw = bytearray(path.read_bytes())
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.find(signature) + at] |= 1
    path.write_bytes(raw)
    with pytest.raises(PolygonError, match="password required"):
        read_control_polygons(path, holder="isis")


def test_members_are_their_bytes_and_never_paths(tmp_path: Path) -> None:
    """Names that climb out of the archive, and a link in it, lead nowhere."""
    write(tmp_path / "secret_20171103.geojson")
    inside = tmp_path / "in"
    inside.mkdir()
    link = zipfile.ZipInfo("b_20171104.geojson")
    link.external_attr = 0o120777 << 16
    path = inside / "all.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("../secret_20171103.geojson", collection(feature(EAST)))
        file.writestr("/etc/c_20171105.geojson", ONE)
        file.writestr(link, "../secret_20171103.geojson")
    with pytest.warns(UserWarning, match=r"b_20171104\.geojson: cannot be read: it is not JSON"):
        frame = read_control_polygons(path, holder="isis")
    assert frame.geometry[0].bounds == EAST.bounds  # the member's own bytes
    assert len(frame) == 2


def test_names_are_shown_in_one_line() -> None:
    """What no terminal and no page should get is spelt out."""
    assert printable("a\nb\x1b[31m\u202e فرونت \udcff") == r"a\nb\x1b[31m\u202e فرونت \udcff"

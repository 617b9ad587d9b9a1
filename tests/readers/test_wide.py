"""Events read by Dask: cut anywhere, they are those that pandas reads, and their counts are the same."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest
import shapely

import conflictkit as ck
from conflictkit.readers import _wide

if TYPE_CHECKING:
    from collections.abc import Iterator

dask = pytest.importorskip("dask")
FORMATS = Path(__file__).parents[2].parent / "shared" / "formats"
HEADER = "id,day,who,note,best,low,high,latitude,longitude"
COLUMNS = {
    "event_id": "id",
    "event_date": "day",
    "actor1": "who",
    "notes": "note",
    **{name: name for name in ("best", "low", "high", "latitude", "longitude")},
}
LOCAL = ("repeat", "repeat_id", "crowded_point")  # flags that look at the whole file


@pytest.fixture(autouse=True)
def here() -> Iterator[None]:
    """Compute in this process."""
    with dask.config.set(scheduler="synchronous"):
        yield


def mine(path: Path, rows: int = 300, end: str = "\n") -> Path:
    """Write events with lines, commas and quotes in their cells, and blank lines between them."""
    lines = [HEADER]
    for number in range(rows):
        note = f'"line one{end}line ""two"", {number}"' if number % 3 else "plain"
        best = "" if number % 7 == 0 else str(number)
        lines.append(f"e{number},2017-{number % 12 + 1:02}-03,reds,{note},{best},{best},{best},{30 + number % 5},40")
        if number % 50 == 0:
            lines.append("")
    path.write_text(end.join(lines) + end, encoding="utf-8", newline="")
    return path


def told(events: pd.DataFrame) -> pd.DataFrame:
    """Return events without the flags that look at the whole file, in the types of this machine."""
    flags = events["flags"].fillna("").map(lambda cell: ";".join(f for f in cell.split(";") if f and f not in LOCAL))
    return events.assign(flags=flags).reset_index(drop=True)


@pytest.mark.parametrize("size", [pytest.param(100, marks=pytest.mark.slow), 257, 1000, 10**9])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_cut_anywhere_the_events_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, end: str
) -> None:
    """Also their order and the columns kept; a cell over several lines is never parted."""
    path = mine(tmp_path / "mine.csv", end=end)
    monkeypatch.setattr(_wide, "CUT", size)
    wide = ck.read_events(path, columns=COLUMNS, engine="dask", keep=["note"])
    assert wide.npartitions > 1 or size > path.stat().st_size
    pd.testing.assert_frame_equal(told(wide.compute()), told(ck.read_events(path, columns=COLUMNS, keep=["note"])))


def test_actors_are_looked_up_where_the_events_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By every partition, in the table that was given."""
    path = mine(tmp_path / "mine.csv")
    monkeypatch.setattr(_wide, "CUT", 1000)
    actors = pd.DataFrame({"actor_id": ["red"], "name": ["Reds"]})
    wide = ck.read_events(path, columns=COLUMNS, engine="dask", actors=actors)
    assert wide.compute()["actor1_id"].unique().tolist() == ["red"]


@pytest.mark.slow
def test_events_without_an_id_have_the_number_of_their_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the whole file, wherever it was cut."""
    path = mine(tmp_path / "mine.csv")
    monkeypatch.setattr(_wide, "CUT", 500)
    without = {ours: theirs for ours, theirs in COLUMNS.items() if ours != "event_id"}
    wide = ck.read_events(path, columns=without, engine="dask").compute()
    assert wide.event_id.tolist() == ck.read_events(path, columns=without).event_id.tolist()


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    ["ucdp/ged_syria_2016_2019.csv", *(str(p.relative_to(FORMATS)) for p in sorted(FORMATS.glob("gdelt/events*.tsv")))],
)
def test_real_files(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Every row, cell by cell."""
    if not (FORMATS / name).exists():
        pytest.skip("the real files are not beside the repository")
    monkeypatch.setattr(_wide, "CUT", 1 << 20)
    alone = ck.read_events(FORMATS / name)
    pd.testing.assert_frame_equal(told(ck.read_events(FORMATS / name, engine="dask").compute()), told(alone))


@pytest.mark.parametrize("freq", [None, "MS", "YS"])
@pytest.mark.parametrize("by", [None, "actor1"])
def test_counts_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, freq: str | None, by: str | None) -> None:
    """By time, kind and area, the events without a figure of deaths too."""
    path = mine(tmp_path / "mine.csv")
    monkeypatch.setattr(_wide, "CUT", 700)
    areas = ck.load_borders().set_geometry([shapely.box(39, 29, 41, 32.5), shapely.box(39, 32.5, 41, 40)])
    wide = ck.count_events(ck.read_events(path, columns=COLUMNS, engine="dask"), freq=freq, by=by, area=areas)
    pd.testing.assert_frame_equal(
        wide, ck.count_events(ck.read_events(path, columns=COLUMNS), freq=freq, by=by, area=areas)
    )
    assert wide.events.sum() == 300


def test_folders_of_packed_and_plain_files(tmp_path: Path) -> None:
    """What cannot be cut is a partition of its own; what is no file of events is told."""
    mine(tmp_path / "a.csv", 20)
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(mine(tmp_path / "c.csv", 30).read_bytes()))
    (tmp_path / "readme.md").write_text("mine")
    with pytest.warns(UserWarning, match=r"1 set aside.*readme\.md"):
        wide = ck.read_events(tmp_path, columns=COLUMNS, engine="dask")
    assert wide.npartitions == 3
    assert len(wide) == 80


def test_an_event_written_like_tags_is_one_wherever_the_file_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tags of HXL stand under the header; a row of hash signs further down is an event, in both engines."""
    path = tmp_path / "mine.csv"
    rows = ["#id,#date,#who", "e1,2017-01-03,reds", *["#1,#2,#3", "e2,2017-01-04,reds"] * 4]
    path.write_text("\n".join(["id,day,who", *rows]) + "\n")
    columns = {"event_id": "id", "event_date": "day", "actor1": "who"}
    expected = ["e1", *["#1", "e2"] * 4]
    assert ck.read_events(path, columns=columns)["event_id"].tolist() == expected
    for size in (10, 30, 60):
        monkeypatch.setattr(_wide, "CUT", size)
        wide = ck.read_events(path, columns=columns, engine="dask")
        assert wide.npartitions > 1
        assert wide.compute()["event_id"].tolist() == expected


def test_quotes_that_are_not_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Records that cannot be told from one another are refused, not lost."""
    path = tmp_path / "mine.csv"
    rows = [f"e{n},2017-11-03,{'5 inch' if n % 9 else 'a 5' + chr(34) + ' gun'},x,1,1,1,34,40" for n in range(99)]
    path.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    monkeypatch.setattr(_wide, "CUT", 300)
    wide = ck.read_events(path, columns=COLUMNS, engine="dask")
    with pytest.raises(ck.TableError, match="cannot be cut"):
        wide.compute()


def test_what_is_set_aside_is_told_where_it_is_read(tmp_path: Path) -> None:
    """With file, record and reason."""
    path = tmp_path / "mine.csv"
    path.write_text(f"{HEADER}\ne1,2017-11-03,reds,x,1,1,1,34,40,too,many\ne2,2017-11-03,reds,x,1,1,1,34,40\n")
    wide = ck.read_events(path, columns=COLUMNS, engine="dask")
    with pytest.warns(UserWarning, match=r"1 set aside of mine\.csv.*record 2: more cells"):
        assert len(wide.compute()) == 1


@pytest.mark.slow
def test_on_a_cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes, started anew and not forked: Arrow has threads. Everything that a task needs travels there."""
    distributed = pytest.importorskip("distributed")
    path = mine(tmp_path / "mine.csv", 2000)
    monkeypatch.setattr(_wide, "CUT", 20_000)
    with (
        dask.config.set({"distributed.worker.multiprocessing-method": "spawn", "scheduler": None}),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, memory_limit="1GiB", dashboard_address=":0"
        ) as cluster,
        distributed.Client(cluster),
    ):
        events = ck.read_events(path, columns=COLUMNS, engine="dask")
        counted = ck.count_events(events, freq="MS", area=ck.Territory.from_places())
    assert counted.events.sum() == 2000

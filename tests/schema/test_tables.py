"""Validation: every problem is found, named and raised once."""

from __future__ import annotations

import shutil
import traceback
from functools import partial
from typing import TYPE_CHECKING, Any
from unittest import mock

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import conflictkit as ck
from conflictkit.errors import TableError, UnknownNameError
from conflictkit.files import data_folder
from conflictkit.schema import CONTRACTS, Lands, _checks, shipped_lands, tables
from conflictkit.schema.tables import shipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conflictkit.schema import Column

HEADER = "place_id,valid_from,date_prec,from_actor,to_actor,control_status,event,source_id,confidence,note"
START = "mosul,2014-01-01,day,none,iraq_gov,control,initial,,inferred,"
LOST = "mosul,2014-06-10,day,iraq_gov,isis,control,captured,my-page,confirmed,"
FREED = "mosul,2017-07-10,day,isis,iraq_gov,control,recaptured,,confirmed,"


def load(table: str) -> pd.DataFrame:
    """Return a shipped table."""
    return shipped(table).copy()


def written(folder: Path, *lines: str) -> Path:
    """Write a control table and return its path."""
    path = folder / "mine.csv"
    path.write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")
    return path


def problems_of(frame: pd.DataFrame, table: str, **others: pd.DataFrame) -> list[tuple[int, str, str]]:
    """Return (row, column, value) of each problem, having seen that all of them are in one error."""
    with pytest.raises(TableError) as caught:
        ck.validate(frame, table, others=others)
    found = caught.value.problems
    assert found is not None
    assert set(found.table) == {table}
    return list(found[["row", "column", "value"]].itertuples(index=False, name=None))


def message_of(path: Path, table: str = "control_changes") -> str:
    """Return the one error of a file, and see that no traceback of pandas hangs on it."""
    with pytest.raises(TableError) as caught:
        ck.read_table(path, table)
    error = caught.value
    assert error.__cause__ is None
    assert error.__context__ is None or error.__suppress_context__
    assert "pandas" not in "".join(traceback.format_exception(error))
    return str(error)


class TestFiles:
    """``read_table``: a user's file becomes a typed frame, or one error."""

    def test_a_valid_table_reads_typed(self, tmp_path: Path) -> None:
        """Dates are dates, text is text, and nothing is set aside."""
        frame = ck.read_table(written(tmp_path, START, LOST, FREED), "control_changes")
        assert frame.dtypes.equals(load("control_changes").dtypes)
        assert frame.index.equals(pd.RangeIndex(3))
        assert frame.to_actor.tolist() == ["iraq_gov", "isis", "iraq_gov"]
        assert frame.attrs == {"table": "control_changes", "rejected": []}

    @pytest.mark.parametrize(
        ("lines", "expected"),
        [
            (
                (START, LOST.replace("isis", "isiss")),
                "row 3, to_actor: 'isiss' is not in actors: add it there or correct it. Did you mean 'isis'?",
            ),
            (
                (START, FREED),
                "row 3, from_actor: 'isis' breaks the chain: by date it follows row 2 (to 'iraq_gov')",
            ),
            (
                (START, LOST, FREED.replace("2017-07", "2014-05")),
                "row 4, from_actor: 'isis' breaks the chain: by date it follows row 2 (to 'iraq_gov')",
            ),
            (
                (START, LOST.replace("2014-06-10", "10.6.2014"), FREED),
                "row 3, valid_from: '10.6.2014' is not a date: write a day as 2014-06-10",
            ),
            (
                (START, LOST.replace("day", "dya")),
                "row 3, date_prec: 'dya' is not allowed: use one of day, month, year. Did you mean 'day'?",
            ),
            (
                (START, LOST.replace("mosul", "msoul")),
                "row 3, place_id: 'msoul' is not in places: add it there or correct it. Did you mean 'mosul'?",
            ),
            ((START, LOST, LOST), "row 4, place_id: 'mosul' stands in row 3 with the same valid_from"),
            (
                (START, LOST.replace("control,", "contested,")),
                "row 3, control_status: 'contested' but contested goes with to_actor = contested, and only there",
            ),
            ((START, HEADER, LOST), "row 3, place_id: 'place_id' is the header again: delete the row"),
            ((START.replace("inferred", ""),), "row 2, confidence: empty, but a value is required"),
            ((START.replace("none", "isis"),), "row 2, from_actor: 'isis' but event = initial takes over from nobody"),
            (
                (LOST, FREED),
                "row 2, event: 'captured' but the earliest row of a place is its state at the start: event = initial",
            ),
            (
                ('mosul,2014-01-01,day,none,iraq_gov,control,initial,,inferred,"two\nlines"', "", FREED),
                "row 5, from_actor: 'isis' breaks the chain: by date it follows row 2",
            ),
        ],
        ids=[
            *("unknown-actor", "broken-chain", "date-in-wrong-order", "not-a-date", "word", "unknown-place", "twice"),
            *("status", "header-again", "empty-cell", "start-from-somebody", "no-start", "line-numbers"),
        ],
    )
    def test_one_mistake_is_one_problem(self, tmp_path: Path, lines: tuple[str, ...], expected: str) -> None:
        """The error names row, column, value, what is allowed and the nearest match, and says nothing else."""
        message = message_of(written(tmp_path, *lines))
        assert message.startswith(f"control_changes (mine.csv): 1 problem.\n  {expected}")
        assert len(message.splitlines()) == 2

    def test_a_start_after_the_first_change(self, tmp_path: Path) -> None:
        """Both rows are named, with the likely cause."""
        message = message_of(written(tmp_path, START.replace("2014-01-01", "2015-01-01"), LOST))
        assert "row 3, event: 'captured' but the earliest row of a place" in message
        assert (
            "row 2, event: 'initial' but row 3 of the same place is earlier: is a date in the wrong order?" in message
        )

    def test_many_mistakes_are_one_error(self, tmp_path: Path) -> None:
        """A missing column, an unknown actor, a word and a broken chain: all are named at once."""
        path = written(tmp_path, START, LOST.replace("isis", "isiss").replace("day", "dya"), FREED, FREED)
        path.write_text(path.read_text(encoding="utf-8").replace(",note", ",notes"), encoding="utf-8")
        assert message_of(path).splitlines() == [
            "control_changes (mine.csv): 4 problems.",
            "  row 1, note: the column is missing. Did you mean 'notes'?",
            "  row 3, date_prec: 'dya' is not allowed: use one of day, month, year. Did you mean 'day'?",
            "  row 3, to_actor: 'isiss' is not in actors: add it there or correct it. Did you mean 'isis'?",
            "  row 5, place_id: 'mosul' stands in row 4 with the same valid_from",
        ]

    def test_the_order_of_the_rows_is_free(self, tmp_path: Path) -> None:
        """By date the chain holds."""
        assert len(ck.read_table(written(tmp_path, START, FREED, LOST), "control_changes")) == 3

    def test_a_row_above_the_one_it_follows(self, tmp_path: Path) -> None:
        """Where the file is not in order of the dates, the error asks about the date."""
        first = LOST.replace("2014-06-10", "2018-06-10")
        message = message_of(written(tmp_path, START, first, FREED))
        assert "row 4, from_actor: 'isis' breaks the chain: by date it follows row 2 (to 'iraq_gov')" in message
        second = written(tmp_path, START, FREED.replace("isis,iraq_gov", "iraq_gov,pmf"), LOST.replace("2014", "2013"))
        assert "is a date in the wrong order?" in message_of(second)

    def test_latitude_and_longitude_swapped(self, tmp_path: Path) -> None:
        """A place outside the region is told with the region."""
        places = load("places").query("place_id == 'mosul'")
        path = tmp_path / "places.csv"
        places.assign(latitude=places.longitude, longitude=places.latitude).to_csv(path, index=False)
        message = message_of(path, "places")
        assert f"row 2, latitude: '{places.longitude.item()}' is outside 27.5" in message

    def test_text_in_a_number_column(self, tmp_path: Path) -> None:
        """A thousands separator is not read as something else."""
        path = tmp_path / "mine.csv"
        load("deployments").dropna(subset=["strength_best"]).head(1).assign(strength_best="1,200").to_csv(path)
        assert "row 2, strength_best: '1,200' is not a number" in message_of(path, "deployments")

    def test_an_unknown_table_is_told_before_the_file_is_opened(self, tmp_path: Path) -> None:
        """The error lists the tables and the nearest."""
        with pytest.raises(UnknownNameError, match="Did you mean 'places'"):
            ck.read_table(tmp_path / "nowhere.csv", "place")


class TestFrames:
    """``validate``: frames of every origin."""

    @pytest.mark.parametrize("table", CONTRACTS)
    def test_shipped_tables_are_valid_and_not_changed(self, table: str) -> None:
        """The tables keep their own contracts; so do their copies as text, and looking does not change them."""
        frame = load(table)
        plain = frame.astype("object").assign(mine=1).sample(frac=1, random_state=0)
        for given_frame in (frame, plain):
            before = given_frame.copy()
            ck.validate(given_frame, table, others={"sources": load("sources")})
            pd.testing.assert_frame_equal(given_frame, before)

    @pytest.mark.parametrize("table", CONTRACTS)
    def test_a_wrong_frame_is_not_changed_either(self, table: str) -> None:
        """The typed copy and the blanked cells stay inside."""
        frame = load(table).astype("object")
        frame.iloc[0, :] = "???"
        before = frame.copy()
        assert problems_of(frame, table)
        pd.testing.assert_frame_equal(frame, before)

    def test_dates_of_every_kind(self) -> None:
        """Python's dates, Timestamps and text are the same days."""
        frame = load("control_changes").head(4)
        for days in (
            frame.valid_from.dt.date,
            frame.valid_from.astype("object"),
            frame.valid_from.dt.strftime("%Y-%m-%d"),
        ):
            ck.validate(frame.assign(valid_from=days), "control_changes")

    @pytest.mark.parametrize("number", ["many", "1,200", "inf", "nan", float("inf"), "-1"], ids=repr)
    def test_numbers_that_are_none(self, number: object) -> None:
        """Words, infinities and negative counts."""
        frame = load("deployments").dropna(subset=["strength_best"]).head(1)
        frame = frame.assign(strength_best=pd.Series([number], index=frame.index, dtype="object"))
        assert problems_of(frame, "deployments") == [(2, "strength_best", str(number))]

    def test_a_fraction_of_a_person(self) -> None:
        """Whole numbers are whole."""
        frame = load("places").dropna(subset=["population"]).head(1).assign(population=10.5)
        assert problems_of(frame, "places") == [(2, "population", "10.5")]

    def test_ranges_and_intervals(self) -> None:
        """Low above high, an interval of no day, a bound without its number or with one too many."""
        estimates = load("fighter_estimates")
        ranges = estimates[estimates.bound_type == "range"].head(1)
        with pytest.raises(TableError, match=r"low: '\d+' is larger than high"):
            ck.validate(ranges.assign(low=ranges.high + 1), "fighter_estimates")
        with pytest.raises(TableError, match="high: empty, but bound_type is range"):
            ck.validate(ranges.assign(high=float("nan")), "fighter_estimates")
        with pytest.raises(TableError, match=r"high: '\d+' given, but bound_type is at_least"):
            ck.validate(ranges.assign(bound_type="at_least"), "fighter_estimates")
        deployments = load("deployments").dropna(subset=["valid_to"]).head(1)
        with pytest.raises(TableError, match=r"valid_to: '[\d-]{10}' is not after valid_from"):
            ck.validate(deployments.assign(valid_to=deployments.valid_from), "deployments")

    def test_figures_of_areas(self) -> None:
        """Units fit metrics, percentages end at 100, losses have a baseline, and nobody reports the future."""
        estimates = load("area_estimates")
        lost = estimates[estimates.metric.eq("share_of_peak_lost") & estimates.bound_type.eq("point")].head(1)
        assert problems_of(lost.assign(unit="km2"), "area_estimates") == [(2, "unit", "km2")]
        assert problems_of(lost.assign(best=101), "area_estimates") == [(2, "best", "101")]
        assert problems_of(lost.assign(baseline_date=pd.NaT), "area_estimates") == [(2, "baseline_date", "")]
        assert problems_of(lost.assign(baseline_date="2020-01-01"), "area_estimates") == [
            (2, "baseline_date", "2020-01-01")
        ]
        early = lost.assign(date_prec="day", published_date="2014-07-01")
        assert problems_of(early, "area_estimates") == [(2, "published_date", "2014-07-01")]
        ck.validate(early.assign(date_prec="year"), "area_estimates")

    def test_positions(self) -> None:
        """Half a point, an area with a point, a place without one."""
        row = load("places").dropna(subset=["latitude"]).head(1)
        assert problems_of(row.assign(longitude=float("nan")), "places") == [(2, "longitude", "")]
        assert [column for _, column, _ in problems_of(row.assign(where_prec="area"), "places")] == [
            "latitude",
            "longitude",
        ]
        row = load("deployments").dropna(subset=["latitude"]).head(1)
        assert problems_of(row.assign(latitude=float("nan")), "deployments") == [(2, "latitude", "")]

    def test_a_point_far_from_its_place(self) -> None:
        """A row's own point is within 25 km of the place that it names; one of the two is wrong otherwise."""
        row = load("deployments").query("place_id == 'kirkuk'").head(1)
        ck.validate(row.assign(latitude=row.latitude + 0.2), "deployments")
        with pytest.raises(TableError, match=r"latitude: '35.768\d+' is 33 km from the point of place 'kirkuk'"):
            ck.validate(row.assign(latitude=row.latitude + 0.3), "deployments")
        moved = load("places")
        moved["latitude"] = moved["latitude"].mask(moved["place_id"] == "kirkuk", 36.5)
        assert problems_of(row, "deployments", places=moved) == [(2, "latitude", str(row.latitude.item()))]

    def test_a_reported_distance_is_whole(self) -> None:
        """The kilometres go with the place that they are counted from."""
        row = load("deployments").dropna(subset=["near_km"]).head(1)
        assert problems_of(row.assign(near_place_id=None), "deployments") == [(2, "near_place_id", "")]
        assert problems_of(row.assign(near_km=float("nan")), "deployments") == [(2, "near_km", "")]

    def test_optional_columns(self, tmp_path: Path) -> None:
        """A table may come without them, and is read with them empty; a code that is there has its form."""
        optional = CONTRACTS["deployments"].optional
        assert {"place_id", "host_country", "strength_best", "basis", "note"} <= set(optional)
        assert not {"deployment_id", "actor_id", "valid_from", "measure"} & set(optional)
        places = load("deployments").dropna(subset=["place_id"]).head(3)
        mine = places.drop(columns=[name for name in optional if name != "place_id"])
        ck.validate(mine, "deployments")
        mine.to_csv(tmp_path / "mine.csv", index=False, date_format="%Y-%m-%d")
        read = ck.read_table(tmp_path / "mine.csv", "deployments")
        assert read["host_country"].tolist() == places["host_country"].tolist()  # of the place
        assert read[[name for name in optional if name not in {"place_id", "host_country"}]].isna().all(axis=None)
        actors = load("actors")
        bent = actors.assign(sidc=actors["sidc"].mask(actors["actor_id"] == "isis", "SFGPUCI----D"))
        assert problems_of(bent, "actors") == [(2, "sidc", "SFGPUCI----D")]

    def test_a_strength_in_words(self) -> None:
        """Words are no number, and every mistake of the row is told at once."""
        row = load("deployments").dropna(subset=["strength_best"]).head(1).astype({"strength_best": "object"})
        bent = row.assign(strength_best="several thousand", actor_id="usaa", valid_to=row.valid_from)
        assert problems_of(bent, "deployments") == [
            (2, "actor_id", "usaa"),
            (2, "valid_to", f"{row.valid_from.iloc[0]:%Y-%m-%d}"),
            (2, "strength_best", "several thousand"),
        ]

    def test_a_strength_without_a_unit(self) -> None:
        """A figure of nothing is no figure."""
        row = load("deployments").dropna(subset=["strength_best"]).head(1)
        assert problems_of(row.assign(unit=None), "deployments") == [(2, "unit", "")]

    def test_an_estimate_for_a_place_without_the_place(self) -> None:
        """A scope that is a place names it."""
        row = load("fighter_estimates").query("scope == 'place'").head(1)
        assert problems_of(row.assign(place_id=None), "fighter_estimates") == [(2, "place_id", "")]

    def test_a_cycle_of_parents(self) -> None:
        """A force cannot be part of its own part."""
        actors = load("actors")
        bent = actors.assign(parent_id=actors.parent_id.mask(actors.actor_id.eq("iraq_gov"), "badr"))
        with pytest.raises(TableError, match="'badr' makes the actor its own ancestor"):
            ck.validate(bent, "actors")

    def test_every_stranger_of_a_list(self) -> None:
        """Each part of a list is looked up."""
        actors = load("actors")
        bent = actors.assign(backed_by=actors.backed_by.mask(actors.index == 3, "iran;irann;russsia"))
        assert problems_of(bent, "actors") == [(5, "backed_by", "irann"), (5, "backed_by", "russsia")]

    def test_a_column_there_twice(self) -> None:
        """Two columns of one name are named, not guessed between."""
        frame = load("actors")
        assert problems_of(pd.concat([frame, frame[["kind"]]], axis=1), "actors") == [(1, "kind", "")]

    def test_not_a_frame(self) -> None:
        """A path is for ``read_table``."""
        with pytest.raises(TableError, match=r"places must be a DataFrame, not str\. For a file use read_table"):
            ck.validate("places.csv", "places")  # type: ignore[arg-type]
        with pytest.raises(TableError, match=r"actors must be a DataFrame, not list"):
            ck.validate(load("places"), "places", others={"actors": []})  # type: ignore[dict-item]
        with pytest.raises(TableError, match=r"others must name its tables"):
            ck.validate(load("places"), "places", others=["actors"])  # type: ignore[arg-type]
        with pytest.raises(UnknownNameError, match=r"No table \['places'\]"):
            ck.validate(load("places"), ["places"])  # type: ignore[arg-type]

    def test_the_message_is_short_and_the_frame_is_whole(self) -> None:
        """Twenty problems are spelt out, all are in the exception."""
        frame = load("places").assign(kind="citadel")
        with pytest.raises(TableError) as caught:
            ck.validate(frame, "places")
        assert caught.value.problems is not None
        assert len(caught.value.problems) == len(frame)
        assert f"and {len(frame) - 20:,} more" in str(caught.value)
        assert len(str(caught.value).splitlines()) == 22


class TestReferences:
    """Which table a reference is looked up in."""

    def test_others_replace_the_shipped_tables(self) -> None:
        """A user's own places are the ones that a user's changes may name."""
        changes = load("control_changes").head(1).assign(place_id="my-hill")
        hill = load("places").head(1).assign(place_id="my-hill")
        ck.validate(changes, "control_changes", others={"places": hill})
        assert problems_of(changes, "control_changes") == [(2, "place_id", "my-hill")]

    def test_sources_are_looked_up_where_given(self) -> None:
        """One's own rows may cite one's own pages."""
        changes = load("control_changes").head(1).assign(source_id="my-page")
        ck.validate(changes, "control_changes")
        assert problems_of(changes, "control_changes", sources=load("sources")) == [(2, "source_id", "my-page")]

    def test_others_that_cannot_be_looked_in(self) -> None:
        """A table without its key, or of no such name, is not passed over."""
        changes = load("control_changes").head(1)
        assert problems_of(changes, "control_changes", places=pd.DataFrame({"id": ["raqqa"]})) == [(1, "place_id", "")]
        with pytest.raises(UnknownNameError, match="No table 'place'"):
            ck.validate(changes, "control_changes", others={"place": load("places")})


def dates_as(convert: Callable[[pd.Timestamp], object], frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with each date written another way."""
    days = frame.select_dtypes("datetime").columns
    cells = {name: [None if pd.isna(day) else convert(day) for day in frame[name]] for name in days}
    return frame.assign(**{name: pd.Series(cells[name], index=frame.index, dtype="object") for name in days})


def as_text(value: object) -> str | None:
    """Return a cell as a spreadsheet holds it."""
    if pd.isna(value):  # type: ignore[call-overload]
        return None
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)


KINDS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "objects": lambda frame: frame.astype("object"),
    "text": lambda frame: frame.map(as_text).astype("object"),
    "categories": lambda frame: frame.astype("category"),
    "nullable": lambda frame: frame.convert_dtypes(),
    "nanoseconds": lambda frame: frame.astype(dict.fromkeys(frame.select_dtypes("datetime"), "datetime64[ns]")),
    "dates": partial(dates_as, lambda day: day.date()),
    "numpy": partial(dates_as, lambda day: day.to_datetime64()),
    "periods": partial(dates_as, lambda day: day.to_period("D")),
    "words": partial(dates_as, lambda day: f"{day.day} {day:%b} {day.year}"),
    "arrow": lambda frame: frame.convert_dtypes(dtype_backend="pyarrow"),
    "index": lambda frame: frame.set_axis([0] * len(frame)),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("table", CONTRACTS)
def test_cells_of_every_kind_are_the_same_table(table: str, kind: str) -> None:
    """Whatever holds the cells, the same typed frame comes out, with the index that came in."""
    if kind == "arrow":
        pytest.importorskip("pyarrow")
    frame = load(table)
    bent = KINDS[kind](frame)
    found = ck.validate(bent, table)
    assert found.index.equals(bent.index)
    pd.testing.assert_frame_equal(found.reset_index(drop=True), frame)


@pytest.mark.parametrize("table", CONTRACTS)
def test_no_rows_are_a_table_too(table: str) -> None:
    """Typed like the others, whatever the empty columns were."""
    frame = load(table)
    for bare in (frame.head(0), frame.head(0).astype("object"), pd.DataFrame(columns=frame.columns)):
        assert ck.validate(bare, table).dtypes.equals(frame.dtypes)


def test_columns_of_ones_own_are_kept() -> None:
    """Behind those of the table, as they came; what the frame carried beside goes along."""
    frame = load("places").head(3)
    mine = frame.assign(mine=[1, 2, 3])[["mine", *reversed(frame.columns)]]
    mine.attrs["rejected"] = ["a row"]
    found = ck.validate(mine, "places")
    assert list(found.columns) == [*frame.columns, "mine"]
    assert found.attrs == {"table": "places", "rejected": ["a row"]}


class TestShipped:
    """The shipped tables, edited where they are."""

    @pytest.fixture
    def folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
        """Return a copy of the shipped tables that is read for them."""
        copy = shutil.copytree(data_folder(), tmp_path / "data", ignore=shutil.ignore_patterns("build"))
        monkeypatch.setattr(tables, "data_folder", lambda: copy)
        for cached in (tables.shipped, tables._text, tables._shipped_ids):  # noqa: SLF001 - what was read is forgotten
            cached.cache_clear()
        yield copy
        for cached in (tables.shipped, tables._text, tables._shipped_ids):  # noqa: SLF001
            cached.cache_clear()

    def test_a_wrong_cell_is_an_error_at_load(self, folder: Path) -> None:
        """Not a missing value: Raqqa's last row would be gone, and its old holder would have the city for ever."""
        path = folder / "control_changes.csv"
        text = path.read_text(encoding="utf-8")
        assert text.count("raqqa,2017-10-17") == 1
        path.write_text(text.replace("raqqa,2017-10-17", "raqqa,17/10/2017"), encoding="utf-8")
        line = text[: text.index("raqqa,2017-10-17")].count("\n") + 1
        with pytest.raises(TableError, match=rf"row {line}, valid_from: '17/10/2017' is not a date"):
            ck.load_control_changes()

    @pytest.mark.parametrize(
        ("table", "old", "new"),
        [
            ("places", "Deir ez-Zor,35.2,", "Deir ez-Zur,35.2,"),
            ("deployments", ",kirkuk,IQ,", ",kirkukk,IQ,"),
            ("actors", "#333333", "333333"),
        ],
    )
    def test_so_is_any_other(self, folder: Path, table: str, old: str, new: str) -> None:
        """A word, a reference, a form."""
        path = folder / f"{table}.csv"
        path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
        with pytest.raises(TableError, match=rf"^{table}: 1 problem"):
            getattr(ck, f"load_{table}")()


@st.composite
def corruptions(draw: st.DrawFn) -> tuple[str, pd.DataFrame, set[tuple[int, str]]]:
    """Return a table, a copy of it with a few cells ruined, and (row, column) of those."""
    table = draw(st.sampled_from([name for name in CONTRACTS if ruinable(name)]))
    frame = load(table).astype("object")
    cell = st.tuples(st.integers(0, len(frame) - 1), st.sampled_from(ruinable(table)))
    cells = draw(st.sets(cell, min_size=1, max_size=12))
    for row, column in cells:
        frame.loc[row, column.name] = ruined(column)
    return table, frame, {(row + 2, column.name) for row, column in cells}


def ruinable(table: str) -> list[Column]:
    """Return the columns whose cells can be ruined one by one.

    The first column of a key holds others together (a chain, a parent): ruining it is more than one mistake.
    """
    contract = CONTRACTS[table]
    # an event without a day or a point has to say so: that its cell cannot be read, and that it is not said
    held = {contract.key[0], *(("event_date", "latitude", "longitude", "flags") if table == "events" else ())}
    return [column for column in contract.columns if ruined(column) is not None and column.name not in held]


def ruined(column: Column) -> str | None:
    """Return a value that no cell of a column may hold; None if it may hold anything."""
    if column.kind in {"date", "number", "whole"} or column.allowed or column.refers not in {"", "sources", "events"}:
        return "nonsense"
    return "?" if column.form else None


@settings(max_examples=60, deadline=None)
@given(corruptions())
def test_k_mistakes_are_k_problems(case: tuple[str, pd.DataFrame, set[tuple[int, str]]]) -> None:
    """Exactly the ruined cells of any table are reported, none for the mistake of another."""
    table, frame, cells = case
    found = problems_of(frame, table)
    assert len(found) == len(cells)
    assert {(row, column) for row, column, _ in found} == cells


def test_few_guesses_among_many_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """A nearest match is a comparison with every name: a column of strangers gets a few, whatever its length."""
    compared = []
    monkeypatch.setattr(_checks, "nearest", lambda _, names: compared.append(len(names)) or "")
    strangers = load("control_changes").pipe(
        lambda frame: frame.assign(place_id=[f"place-{number}" for number in range(len(frame))])
    )
    assert len(problems_of(strangers, "control_changes")) == len(strangers)
    assert 1 <= len(compared) <= _checks.GUESSES
    assert sum(compared) <= _checks.COMPARED


def test_a_long_line_of_parents() -> None:
    """Each actor is walked over once; the circle at the end of a long line is all that is told."""
    line = load("actors").iloc[[-1] * 3000].reset_index(drop=True)
    line["actor_id"] = [f"unit-{number}" for number in range(3000)]
    line["parent_id"] = [*line["actor_id"][1:], None]
    ck.validate(line, "actors")
    line.loc[2999, "parent_id"] = "unit-2990"
    assert [row for row, _, _ in problems_of(line, "actors")] == list(range(2992, 3002))


def test_a_column_of_strangers_is_named_row_by_row() -> None:
    """Every row of a whole column of unknown pages, and no other problem in any table."""
    tables: dict[str, Any] = {name: load(name) for name in CONTRACTS}
    changes = tables["control_changes"]
    strangers = changes.assign(source_id=[f"page-{i}" for i in range(len(changes))])
    for name, frame in tables.items():
        ck.validate(frame, name, others=tables)
    assert len(problems_of(strangers, "control_changes", **tables)) == len(changes)


def test_lands_are_those_of_the_borders() -> None:
    """What is allowed beside the shipped tables: their codes, the spelling on the map, and a window around them."""
    assert shipped_lands() == Lands.of(ck.load_borders(), ck.load_borders(level=1))


def events(**cells: object) -> pd.DataFrame:
    """Return a table of one event."""
    row = {"event_id": "e1", "event_date": "2017-11-03", "latitude": 34.4, "longitude": 40.9, "low": 1, "best": 2}
    return pd.DataFrame([row | cells])


@pytest.mark.parametrize(
    ("cells", "column", "flag"),
    [
        ({"event_date": None}, "event_date", "undated"),
        ({"date_end": "2017-11-01"}, "date_end", "ends_before_start"),
        ({"latitude": 134.4}, "latitude", "unplaced"),
        ({"best": 3, "high": 2}, "best", "best_above_high"),
        ({"best": 0}, "best", "best_below_low"),
    ],
)
def test_what_is_odd_about_an_event_is_flagged(cells: dict[str, object], column: str, flag: str) -> None:
    """A table of events holds odd rows where their flags say so, and is refused where they do not."""
    assert problems_of(events(**cells), "events") == [(2, column, mock.ANY)]
    assert ck.validate(events(flags=f"repeat;{flag}", **cells), "events")["flags"].item() == f"repeat;{flag}"
    assert problems_of(events(flags="strange"), "events") == [(2, "flags", "strange")]


def test_events_name_actors_of_the_tables() -> None:
    """The ids are looked up; the columns of a table of events that were left out are there, and empty."""
    typed = ck.validate(events(actor1_id="sdf"), "events")
    assert typed["actor1_id"].tolist() == ["sdf"]
    assert typed["where_prec"].isna().all()
    assert problems_of(events(actor2_id="sdff"), "events") == [(2, "actor2_id", "sdff")]


def test_ids_of_event_data_have_a_form() -> None:
    """Digits joined with a semicolon; one that others share has a question mark."""
    actors = load("actors")
    assert actors.set_index("actor_id").loc[["hts", "ypg"], "ucdp_ids"].tolist() == ["6815;1170", "4163?"]
    bent = actors.assign(ucdp_ids=actors["ucdp_ids"].mask(actors["actor_id"] == "isis", "IS"))
    assert problems_of(bent, "actors") == [(2, "ucdp_ids", "IS")]

"""The doors for tables: frames and files of one's own, and what is built from them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import synthetic
from fuzz.cells import CELLS, PASTED, bent
from fuzz.door import Door
from hypothesis import strategies as st

import conflictkit as ck
from conflictkit.actors import CONTESTED, NONE, UNKNOWN
from conflictkit.dates import read_text
from conflictkit.schema import CONTRACTS
from conflictkit.schema._cells import missing, read
from conflictkit.schema.tables import shipped

if TYPE_CHECKING:
    from collections.abc import Callable

FEW = 4  # rows of a frame: enough for a chain


@cache
def plain(table: str) -> pd.DataFrame:
    """Return a shipped table."""
    return shipped(table)


@st.composite
def rows_of(draw: Callable[..., Any], table: str) -> pd.DataFrame:
    """Return a few rows of a shipped table that belong together."""
    frame = plain(table)
    if table == "control_changes":
        place = draw(st.sampled_from(sorted(frame["place_id"].unique())))
        return frame[frame["place_id"] == place].head(FEW)
    start = draw(st.integers(0, max(0, len(frame) - 1)))
    return frame.iloc[start : start + draw(st.integers(0, FEW))]


@st.composite
def named_frames(draw: Callable[..., Any]) -> tuple[str, pd.DataFrame]:
    """Return a table's name and a bent frame of it."""
    table = draw(st.sampled_from(sorted(CONTRACTS)))
    return table, draw(bent(rows_of(table)))


def validate(given: tuple[str, pd.DataFrame]) -> None:
    """Every row comes back in its place, every cell as it was or refused by its row; the frame is not changed."""
    table, frame = given
    before = frame.copy()
    try:
        found = ck.validate(frame, table)
    except ck.TableError as refused:
        raise told_by_row(refused, len(frame)) from refused
    finally:
        assert frame.columns.equals(before.columns)
        assert len(frame) == len(before)
    assert len(found) == len(frame)
    for column in CONTRACTS[table].columns:
        if column.name in frame.columns:
            assert_same(frame[column.name], found[column.name], column.kind)


def told_by_row(refused: ck.TableError, rows: int) -> ck.TableError:
    """Return an error, having seen that each of its problems is in a row that there is."""
    if refused.problems is not None:
        assert refused.problems["row"].between(1, rows + 1).all()
        assert len(refused.problems), "refused without a problem"
    return refused


def is_missing(cell: object) -> bool:
    """Whether a cell says nothing; a signalling NaN cannot be asked and says something."""
    try:
        return pd.isna(cell) is True
    except ArithmeticError:
        return False


def assert_same(before: pd.Series, after: pd.Series, kind: Any) -> None:  # noqa: ANN401 - a literal of the schema
    """See that what was there is there, as its type, and that what was not is missing."""
    for old, new in zip(before.astype("object").array, after.array, strict=True):
        assert missing(old) == pd.isna(new), (old, new)
        if not missing(old):
            if kind in {"number", "whole"}:
                assert float(str(old)) == float(new), (old, new)
            elif kind == "date":
                assert pd.Timestamp(read_text(old) if isinstance(old, str) else str(old)) == new, (old, new)
            elif isinstance(old, (dt.date, pd.Period, np.datetime64)):
                assert str(old).replace("T", " ").startswith(str(new).replace("T", " ")), (old, new)
            else:
                assert str(old) == new or float(old) == float(new), (old, new)


@st.composite
def files(draw: Callable[..., Any]) -> tuple[str, bytes, dict[str, str], int]:
    """Return a table's name, a file of it, what is said of the file, and how many records it holds."""
    table, frame = draw(named_frames())
    cells = [[str(cell) for cell in frame.columns]]
    cells += [["" if is_missing(cell) else as_text(cell) for cell in row] for row in frame.itertuples(index=False)]
    sep = draw(st.sampled_from([",", ",", ",", ";", "\t", "|"]))
    encoding = draw(st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1256", "cp1252", "latin-1"]))
    out = io.StringIO()
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    csv.writer(
        out, delimiter=sep, quoting=quoting, lineterminator=draw(st.sampled_from(["\n", "\r\n", "\r"]))
    ).writerows(cells)
    raw = bytearray(out.getvalue().encode(encoding, "replace"))
    harmed = draw(st.integers(0, 3)) == 0
    for _ in range(draw(st.integers(1, 3)) if harmed and raw else 0):
        at = draw(st.integers(0, len(raw) - 1))
        raw[at : at + draw(st.integers(0, 2))] = draw(st.one_of(st.binary(max_size=3), st.just(b'"'), st.just(b"\n")))
    told = draw(st.integers(0, 3)) != 0
    said = {"sep": sep, "encoding": encoding, "decimal": draw(st.sampled_from([".", ".", ","]))} if told else {}
    return table, bytes(raw), said, -1 if harmed else len(frame)


def as_text(cell: object) -> str:
    """Return a cell as a program writes it."""
    try:
        return str(cell)
    except Exception:  # noqa: BLE001 - an object that cannot say what it is
        return "?"


def read_file(given: tuple[str, bytes, dict[str, str], int]) -> None:
    """See all records of a file that is read."""
    table, raw, said, records = given
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mine.csv"
        path.write_bytes(raw)
        found = ck.read_table(path, table, **said)  # type: ignore[arg-type]
    blank = records - len(found)  # a record of blank cells is no record
    assert records < 0 or blank >= 0
    assert found.attrs["rejected"] == []


REPLACED = (
    *("places", "control_changes", "actors", "sides", "sources", "deployments", "fighter_estimates"),
    *("area_estimates", "settlements", "population", "seed_claims", "quantity_words"),
)


@st.composite
def replacements(draw: Callable[..., Any]) -> tuple[str, pd.DataFrame]:
    """Return an attribute of another war's tables, and a bent frame for it."""
    name = draw(st.sampled_from(REPLACED))
    return name, draw(bent(st.just(getattr(synthetic.other_war(), name))))


def replace(given: tuple[str, pd.DataFrame]) -> None:
    """All rows of all tables are there or listed as set aside."""
    name, frame = given
    whole = synthetic.other_war()
    mine = whole.replace(**{name: frame})
    given = frame["actor_id"].astype(str) if name == "actors" else ()
    states = {UNKNOWN, CONTESTED, NONE} - set(given) if name == "actors" else set()  # an actor table is given these
    assert len(getattr(mine, name)) == len(frame) + len(states)
    for other in REPLACED:
        if other != name:
            lost = len(getattr(whole, other)) - len(getattr(mine, other))
            table = "governorate_population" if other == "population" else other
            assert lost <= (mine.rejected["table"] == table).sum()


def build(given: tuple[str, pd.DataFrame]) -> None:
    """All land is somebody's, all rows are counted or listed as left out."""
    name, frame = given
    tables = synthetic.other_war().replace(**{name: frame})
    territory = ck.Territory.from_places(tables=tables)
    assert len(territory.control_changes) + len(territory.left_out) == len(tables.control_changes)
    area = territory.area(["1993-06-15"], level="claimed").query("scope == 'all'")
    assert abs(area["share"].sum() - 1) < 1e-6, area


@st.composite
def estimates(draw: Callable[..., Any]) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Return bent figures, and how they are chosen."""
    table = draw(st.sampled_from(["fighter_estimates", "area_estimates"]))
    options: dict[str, Any] = {}
    if draw(st.booleans()):
        options["known_on"] = draw(st.one_of(CELLS, st.dates().map(str)))
    if draw(st.booleans()):
        options["min_reliability"] = draw(st.one_of(st.sampled_from("ABCDEF"), PASTED))
    if draw(st.booleans()):
        options["self_interested"] = draw(st.booleans())
    return draw(bent(rows_of(table))), options


def select(given: tuple[pd.DataFrame, dict[str, Any]]) -> None:
    """All figures are kept or listed with a reason."""
    frame, options = given
    found = ck.select_estimates(frame, **options)
    assert len(found) + len(found.attrs["rejected"]) == len(frame)


def cells(given: tuple[Any, list[object]]) -> None:
    """See a column as long as it was, and each cell read, missing or told."""
    kind, column = given
    found, wrong = read(pd.Series(column, dtype="object") if not column else _objects(column), kind)
    assert len(found) == len(column)
    for at, cell in enumerate(column):
        assert pd.isna(found.iloc[at]) == (missing(cell) or at in wrong)


def _objects(column: list[object]) -> pd.Series:
    from fuzz.cells import column_of

    return column_of(column, pd.RangeIndex(len(column)))


KINDS = st.sampled_from(["date", "number", "whole", "text", "list"])
DOORS = [
    Door("tables: cells", st.tuples(KINDS, st.lists(CELLS, max_size=6)), cells, weight=24),
    Door("tables: validate", named_frames(), validate, weight=14),
    Door("tables: read_table", files(), read_file, weight=9),
    Door("tables: Tables.replace", replacements(), replace, weight=4),
    Door("tables: Territory.from_places", replacements(), build, weight=3),
    Door("tables: select_estimates", estimates(), select, weight=5),
]

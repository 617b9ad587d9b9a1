"""The tables that ship: each docstring is a data sheet, and the sheet is true."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from conflictkit.datasets import tables as datasets
from conflictkit.files import data_folder
from conflictkit.schema import CONTRACTS
from conflictkit.schema.tables import shipped

if TYPE_CHECKING:
    from collections.abc import Callable


LOADERS = {name: value for name, value in inspect.getmembers(datasets, inspect.isfunction) if name.startswith("load_")}
TABLES = {name: loader for name, loader in LOADERS.items() if name.removeprefix("load_") in CONTRACTS}
FIELDS = ("Format", "Source", "Licence", "Coverage", "Rows x columns", "Known gaps", "Columns")


def sheet_columns(doc: str) -> list[tuple[str, str]]:
    """Return (name, dtype) of each line of the sheet's block of columns."""
    block = doc.split("**Columns** (name, dtype, meaning or unit)::\n\n")[1].split("\n\n", maxsplit=1)[0]
    return [(line.split()[0], line.split()[1]) for line in block.splitlines()]


def doc_of(loader: Callable[..., object]) -> str:
    """Return the cleaned docstring."""
    return inspect.getdoc(loader) or ""


def test_every_contract_has_a_loader() -> None:
    """A table that is checked is a table that loads; two small ones come with ``Tables`` only."""
    assert {name.removeprefix("load_") for name in TABLES} == set(CONTRACTS) - {"sides", "tables"}


@pytest.mark.parametrize("loader", LOADERS.values(), ids=LOADERS)
def test_data_sheet_has_its_fields_in_order(loader: Callable[..., object]) -> None:
    """Format, source, licence, coverage, size, gaps, columns: in this order."""
    found = re.findall(r"^\*\*([^*]+)\*\*", doc_of(loader), flags=re.MULTILINE)
    assert tuple(found) == FIELDS


@pytest.mark.parametrize("loader", TABLES.values(), ids=TABLES)
def test_data_sheet_of_a_table_is_true(loader: Callable[[], pd.DataFrame]) -> None:
    """Rows, columns, dtypes, span of the dates and number of pages of the sheet are those of the frame."""
    frame, doc = loader(), doc_of(loader)
    assert f"**Rows x columns**: {len(frame):,} x {len(frame.columns)}." in doc
    assert sheet_columns(doc) == [(name, str(dtype)) for name, dtype in frame.dtypes.items()]
    columns = CONTRACTS[loader.__name__.removeprefix("load_")].columns
    dated = [column.name for column in columns if column.kind == "date" and column.required]
    spans = re.findall(r"(\w+) (\d{4}-\d{2}-\d{2}) to (\d{4}-\d{2}-\d{2})", doc)
    assert spans == [(name, f"{frame[name].min():%Y-%m-%d}", f"{frame[name].max():%Y-%m-%d}") for name in dated]
    pages = re.findall(r"(\d+) public pages", doc)
    assert not pages or pages == [str(frame.source_id.nunique())]


@pytest.mark.parametrize("loader", TABLES.values(), ids=TABLES)
def test_a_caller_cannot_change_what_the_next_one_gets(loader: Callable[[], pd.DataFrame]) -> None:
    """Each call returns a copy of its own."""
    first = loader()
    expected = first.copy()
    first.iloc[:, 0] = first.iloc[0, 0]
    first.attrs["rejected"].append("mine")
    again = loader()
    pd.testing.assert_frame_equal(again, expected)
    assert again.attrs == {"table": loader.__name__.removeprefix("load_"), "rejected": []}


@pytest.mark.parametrize("name", CONTRACTS)
def test_no_row_of_a_file_is_lost(name: str) -> None:
    """The frame has as many rows as the file has records, and as many filled cells."""
    raw = pd.read_csv(data_folder() / f"{name}.csv", dtype=str, keep_default_na=False)
    frame = shipped(name)
    assert list(frame.columns) == list(raw.columns) == list(CONTRACTS[name].names)
    assert frame.notna().sum().to_dict() == raw.ne("").sum().to_dict()


def test_account_of_the_tables_is_true() -> None:
    """The row counts of data/README.md are those of the files."""
    text = (data_folder() / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)\.csv` \| ([\d,]+) \|", text, re.MULTILINE)
    told = {name: int(count.replace(",", "")) for name, count in rows}
    assert told == {name: len(shipped(name)) for name in CONTRACTS}


def test_a_page_is_graded_by_who_wrote_it() -> None:
    """One publisher has one type, party and grade; a wiki has C on its own pages and D on mirrors; no address twice."""
    pages = datasets.load_sources()
    graded = pages.fillna("").groupby("publisher")[["source_type", "party", "reliability"]].nunique()
    assert graded.index[graded.gt(1).any(axis=1)].tolist() == ["Wikipedia"]
    own = pages["url"].str.contains(r"//(?:\w+\.)*wikipedia\.org\.?/", regex=True)
    assert pages[own & pages["source_type"].eq("wiki")]["reliability"].eq("C").all()
    assert pages[~own & pages["publisher"].eq("Wikipedia")]["reliability"].eq("D").all()
    assert pages["url"].is_unique


def test_a_row_without_a_page_says_so() -> None:
    """In the words that the account counts."""
    rows = datasets.load_control_changes()
    bare = rows[rows["source_id"].isna()]
    assert bare["note"].str.contains("no page found").all()
    assert f"{len(bare)} control rows name no page" in (data_folder() / "README.md").read_text(encoding="utf-8")


def test_pages_without_a_date_are_counted() -> None:
    """In the data sheet: pages, and the changes that rest on one."""
    rows = datasets.load_control_changes().query("event != 'initial'")
    pages = datasets.load_sources()
    bare = pages.loc[pages["published_date"].isna(), "source_id"]
    cited = rows["source_id"].isin(bare)
    told = " ".join((data_folder() / "README.md").read_text(encoding="utf-8").split())
    assert f"{len(bare)} pages have no date: {cited.sum()} of the {len(rows):,} changes cite one" in told
    assert f"{(cited & rows['date_prec'].eq('day')).sum()} of them of day precision" in told


def test_a_second_page_is_another_page() -> None:
    """Every deployment has one, or says that none was found; the account counts those."""
    rows = datasets.load_deployments()
    second = rows.dropna(subset=["second_source_id"])
    assert second["second_source_id"].ne(second["source_id"]).all()
    none = rows["note"].str.contains("no second page found", na=False)
    assert none.eq(rows["second_source_id"].isna()).all()
    assert f"For {none.sum()} nothing was found" in (data_folder() / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("loader", LOADERS.values(), ids=LOADERS)
def test_a_file_is_read_once(loader: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is read and typed once: calling again is copying, so a notebook may call wherever it wants."""
    loader()
    for door in ("builtins.open", "io.open", "pandas.read_csv", "geopandas.read_file"):
        monkeypatch.delattr(door)
    loader()


def test_import_of_the_loaders_stays_light() -> None:
    """The tables come without the libraries that draw or compute."""
    heavy = {"matplotlib", "ipywidgets", "scipy", "IPython"}
    code = f"import conflictkit.datasets.tables as d, sys; d.load_places(); print(*sorted(set(sys.modules) & {heavy}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""

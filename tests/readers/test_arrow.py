"""Texts read by Arrow are those that pandas reads, cell by cell and whatever stands in them; the rest is left to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import conflictkit as ck
from conflictkit.readers import _arrow, _records

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytest.importorskip("pyarrow")
HEADER = "event_id,event_date,best,notes,longitude"
COLUMNS = {name: name for name in HEADER.split(",")}
CELLS = st.sampled_from(
    [
        *(
            "",
            "a",
            " a ",
            "NaN",
            "None",
            "7",
            "7.50",
            "1e3",
            "2017-11-03",
            "ä",
            "\u2028",
            "\u00a07",
            "#date",
            "'",
            "\\",
        ),
        *('"a,b"', '"a\nb"', '"a\r\nb"', '"a ""b"" c"', 'a"b"', '"a"b', '""', '" "', '"', "\t", "\r", "a\rb"),
    ]
)
LINES = st.lists(st.lists(CELLS, min_size=4, max_size=6).map(",".join) | st.sampled_from(["", " ", HEADER]), max_size=6)


def by_pandas(path: Path, monkeypatch: pytest.MonkeyPatch, **options: Any) -> pd.DataFrame:  # noqa: ANN401 - of the reader
    """Return what is read without Arrow."""

    def irregular(*_: object, **__: object) -> Iterator[pd.DataFrame]:
        raise _arrow.Irregular
        yield

    with monkeypatch.context() as patch:
        patch.setattr(_records, "regular_blocks", irregular)
        return ck.read_events(path, **options)


def same(path: Path, monkeypatch: pytest.MonkeyPatch, **options: Any) -> None:  # noqa: ANN401
    """See that both ways come to the same, or are refused with the same words."""
    found: list[Any] = []
    for read in (lambda: ck.read_events(path, **options), lambda: by_pandas(path, monkeypatch, **options)):
        try:
            found.append(read())
        except ck.TableError as error:
            found.append(str(error))
    one, other = found
    if isinstance(one, str) or isinstance(other, str):
        assert one == other
        return
    pd.testing.assert_frame_equal(one, other)
    assert one.attrs == other.attrs


@pytest.mark.filterwarnings("ignore:.*set aside")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES, end=st.sampled_from(["\n", "\r\n"]))
@example(lines=["a,b,c,d,e", 'a,b,"c', "d,e"], end="\n")
@example(lines=["", "1,2017-11-03,2,x,40"], end="\n")
def test_any_text_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: list[str], end: str) -> None:
    """Quotes, ends of line in cells, blanks, short and long records, blank lines, the header again."""
    path = tmp_path / "mine.csv"
    text = end.join([HEADER, "1,2017-11-03,2,first,40.5", *lines, "9,2017-11-04,,last,41"])
    path.write_text(text, encoding="utf-8", newline="")
    same(path, monkeypatch, columns=COLUMNS, keep="all")


@pytest.mark.parametrize("block", [1, 3, 25_000])
@pytest.mark.parametrize("at", [None, 0, 7, 19])
def test_the_other_reader_goes_on_where_arrow_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int, at: int | None
) -> None:
    """A record too long or too short anywhere: no row is read twice, none is lost, and it is named by its line."""
    lines = [f"{number},2017-11-03,{number},note,40" for number in range(20)]
    if at is not None:
        lines.insert(at, "x,2017-11-03,1,note,40,too long")
        lines.insert(at, "y,2017-11-03")
    path = tmp_path / "mine.csv"
    path.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
    monkeypatch.setattr(_records, "BLOCK", block)
    monkeypatch.setattr(_arrow, "PIECE", 64)
    with pytest.warns(UserWarning, match="1 set aside") if at is not None else monkeypatch.context():
        events = ck.read_events(path, columns=COLUMNS)
    ids = [str(number) for number in range(20)]
    assert events["event_id"].tolist() == (ids if at is None else [*ids[:at], "y", *ids[at:]])
    assert [entry["line"] for entry in events.attrs["rejected"]] == ([] if at is None else [at + 3])


def test_what_is_kept_is_kept_as_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A number of the table keeps its zeros in the column of the file."""
    path = tmp_path / "mine.csv"
    path.write_text(f"{HEADER}\n1,2017-11-03,2.50,x,040.10\n", encoding="utf-8")
    for events in (ck.read_events(path, keep=["best"]), by_pandas(path, monkeypatch, keep=["best"])):
        assert events["best (file)"].tolist() == ["2.50"]

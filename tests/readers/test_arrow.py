"""Texts that pandas keeps by Arrow are those that it keeps without, cell by cell and whatever stands in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import conflictkit as ck

if TYPE_CHECKING:
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


def without(path: Path, **options: Any) -> pd.DataFrame:  # noqa: ANN401 - of the reader
    """Return what is read where pandas keeps text without Arrow, as text of Arrow."""
    with pd.option_context("mode.string_storage", "python"):
        events = ck.read_events(path, **options)
    assert events["event_id"].dtype == pd.StringDtype("python", na_value=np.nan)
    found = pd.DataFrame(
        {name: cells.astype("str") if cells.dtype == "str" else cells for name, cells in events.items()}
    )
    found.attrs = events.attrs
    return found


def same(path: Path, **options: Any) -> None:  # noqa: ANN401
    """See that both ways come to the same, or are refused with the same words."""
    found: list[Any] = []
    for read in (lambda: ck.read_events(path, **options), lambda: without(path, **options)):
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
def test_any_text_is_the_same(tmp_path: Path, lines: list[str], end: str) -> None:
    """Quotes, ends of line in cells, blanks, short and long records, blank lines, the header again."""
    path = tmp_path / "mine.csv"
    text = end.join([HEADER, "1,2017-11-03,2,first,40.5", *lines, "9,2017-11-04,,last,41"])
    path.write_text(text, encoding="utf-8", newline="")
    same(path, columns=COLUMNS, keep="all")


def test_what_is_kept_is_kept_as_it_is_written(tmp_path: Path) -> None:
    """A number of the table keeps its zeros in the column of the file."""
    path = tmp_path / "mine.csv"
    path.write_text(f"{HEADER}\n1,2017-11-03,2.50,x,040.10\n", encoding="utf-8")
    for events in (ck.read_events(path, keep=["best"]), without(path, keep=["best"])):
        assert events["best (file)"].tolist() == ["2.50"]

"""Records of a regular text in blocks, by Arrow where it is installed: in a third of the time, and as text of Arrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import IO

QUOTE, RETURN, LINE = b'"\r\n'
PIECE = 1 << 20  # bytes parsed at a time; a record longer than this is irregular
ENCODINGS = ("utf-8", "utf-8-sig")


class Irregular(Exception):  # noqa: N818 - no error: the other reader goes on
    """What Arrow does not read as pandas does: a record with too few or too many cells, a very long one."""


class Watched:
    """A file whose quotes and ends of line are counted as they are read."""

    closed = False

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._quotes, self._returns, self._last = file, 0, 0, b""

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        data = self._file.read(size)
        letters = np.frombuffer(data, np.uint8)
        self._quotes += int(np.count_nonzero(letters == QUOTE))
        if b"\r" in data or self._last == b"\r":
            # those alone, without the end of line behind them
            ends = np.count_nonzero((letters[:-1] == RETURN) & (letters[1:] == LINE))
            self._returns += int(np.count_nonzero(letters == RETURN) - ends)
            self._returns -= self._last == b"\r" and data[:1] == b"\n"
        self._last = data[-1:]
        return data

    def close(self) -> None:
        """Leave the file to whoever opened it."""

    @property
    def parts_alone(self) -> bool:
        """Whether lines end with a carriage return alone: each reader has a rule of its own for those."""
        return self._returns > (self._last == b"\r")

    @property
    def may_be_open(self) -> bool:
        """Whether a quote may not have been closed: Arrow then takes all that follows for one cell."""
        return self._quotes % 2 == 1


def regular_blocks(
    file: IO[bytes],
    columns: Sequence[str],
    wanted: Sequence[str],
    *,
    separator: str,
    quoted: bool,
    header: bool,
    rows: int,
) -> Iterator[pd.DataFrame]:
    """Yield the rows of a text in UTF-8, columns of text by name, empty cells as empty text.

    Parameters
    ----------
    file
        Open, at its beginning.
    columns, wanted
        All of them, and those that are read.
    separator, quoted, header
        Between cells; whether cells may stand in quotes; whether the first record is a header.
    rows
        Of a block.

    Raises
    ------
    Irregular
        At the first block that is, or where Arrow is not installed.
    """
    try:
        import pyarrow as pa
        from pyarrow import csv
    except ImportError:
        raise Irregular from None
    numbers = {name: f"c{number}" for number, name in enumerate(columns)}
    read = [numbers[name] for name in columns if name in wanted]
    if len(columns) == 1 or not read:
        raise Irregular
    watched = Watched(file)
    try:
        reader = csv.open_csv(
            pa.PythonFile(watched, mode="r"),
            csv.ReadOptions(column_names=list(numbers.values()), skip_rows_after_names=int(header), block_size=PIECE),
            csv.ParseOptions(delimiter=separator, quote_char='"' if quoted else False, newlines_in_values=quoted),
            csv.ConvertOptions(
                include_columns=read,
                column_types=dict.fromkeys(read, pa.large_string()),
                null_values=[],
                strings_can_be_null=False,
            ),
        )
        for batches in _gathered(reader, rows, watched, quoted=quoted):
            yield _frame(pa.Table.from_batches(batches).combine_chunks(), [name for name in columns if name in wanted])
    except pa.ArrowException as error:
        raise Irregular from error


def _gathered(reader: Any, rows: int, watched: Watched, *, quoted: bool) -> Iterator[list[Any]]:  # noqa: ANN401 - Arrow has no types
    """Yield batches until each time there are so many rows; the last ones when it is known that no quote is open."""
    batches: list[Any] = []
    count = 0
    for batch in reader:
        if watched.parts_alone:
            raise Irregular
        if count >= rows:
            yield batches
            batches, count = [], 0
        batches.append(batch)
        count += len(batch)
    # of a text without rows the other reader says what its columns are
    if not count or watched.parts_alone or (quoted and watched.may_be_open):
        raise Irregular
    yield batches


def _frame(table: Any, names: Sequence[str]) -> pd.DataFrame:  # noqa: ANN401 - of Arrow
    """Return a table of Arrow as a frame of pandas' own text."""
    return pd.DataFrame(
        {name: pd.array(column, dtype="str") for name, column in zip(names, table.columns, strict=True)}
    )

"""Events of files beyond one machine's memory: cut where a record ends, each cut read as a file of its own by Dask."""

from __future__ import annotations

import io
import warnings
from functools import partial
from itertools import pairwise
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from conflictkit.errors import TableError
from conflictkit.readers._door import NotRead
from conflictkit.readers._layout import COLUMNS
from conflictkit.readers._reading import Reading, Shape, empty, entry, gather, kept_as, missing, read_one, strange
from conflictkit.readers._records import FEATURES, SHEETS, Source, Text, blocks_of, table_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from conflictkit.readers._reading import Wanted

CUT = 32 << 20  # bytes of a cut: some 100,000 events; of 64 MB a worker of 1 GB comes to 850 MB and pauses
RETURN, LINE, QUOTE = b'\r\n"'
ONE_BYTE = ("utf-8", "utf-8-sig", "cp1252", "latin-1")  # encodings in which a byte 10 is the end of a line


class Cut(NamedTuple):
    """Some records of a file: its bytes from start to end, the number of the first record, and how many there are.

    A file that cannot be cut (in an archive, packed, a sheet) has an end of -1.
    """

    source: Source
    shape: Shape
    start: int = 0
    end: int = -1
    first: int = 0
    records: int = 0


def read_wide(cuts: Sequence[Cut], wanted: Wanted) -> Any:  # noqa: ANN401 - a frame of Dask, which is an extra
    """Return the events of cuts as a Dask frame, a partition for each."""
    try:
        import dask
        from dask import dataframe
    except ImportError:
        msg = "engine='dask' needs Dask: pip install 'conflictkit[scale]'. engine='pandas' reads in blocks without it."
        raise TableError(msg) from None
    kept = (kept_as(name) for cut in cuts for name in cut.shape.kept)
    names = tuple(dict.fromkeys((*COLUMNS, *kept)))
    read = partial(read_cut, wanted=wanted, names=names)
    # text as everywhere in the kit, in which a missing cell is nan
    with dask.config.set({"dataframe.convert-string": False}):
        return dataframe.from_map(read, cuts, meta=empty(names))


def cuts_of(source: Source, wanted: Wanted) -> list[Cut]:
    """Return the cuts of one file, in order; raise if it is none of a known layout."""
    table = table_of(source, sheet=wanted.sheet)
    shape = Shape.of(source, table, wanted)
    source = source._replace(door=None)  # a worker counts for itself
    with source.open() as file:
        if source.suffix in (*SHEETS, *FEATURES) or table.encoding not in ONE_BYTE or not _seekable(file):
            return [Cut(source, shape)]
        ends = list(_ends(file, quoted=shape.layout.quoted))
    cuts = [
        Cut(source, shape, start, end, before + 1, records - before)
        for (start, before), (end, records) in pairwise([(0, 0), *ends])
        if records > before
    ]
    return cuts or [Cut(source, shape)]


def read_cut(cut: Cut, *, wanted: Wanted, names: tuple[str, ...]) -> pd.DataFrame:
    """Return the events of a cut; what is set aside of it is warned of where it is read."""
    try:
        reading = read_one(cut.source, wanted) if cut.end < 0 else _records_of(cut)
    except NotRead as error:
        msg = f"{cut.source.name} cannot be read: {error}."
        raise TableError(msg) from None
    if odd := [one for one in reading.rejected if strange(one)]:
        told = f"{len(odd)} set aside of {cut.source.name}. First: record {odd[0]['line']}: {odd[0]['reason']}"
        warnings.warn(told, UserWarning, stacklevel=2)
    events = gather([reading])
    whole = {name: events[name] if name in events else missing(name, len(events)) for name in (*names, "flags")}
    return pd.DataFrame(whole)


def _records_of(cut: Cut) -> Reading:
    """Return the events of a cut, numbered as in the whole file; raise if its records are not those counted."""
    shape = cut.shape
    within = cut.source._replace(open=partial(_bytes_of, cut.source, cut.start, cut.end))
    text = Text(within, shape.head, shape.encoding, cut.end - cut.start, None)
    aside: list[tuple[int, str]] = []
    # the header stands in the first cut only
    names = shape.found.names if cut.first == 1 else shape.header
    parts, seen, before = [], 0, len(aside)
    for block in blocks_of(text, names, shape.used.__contains__, shape.layout, aside):
        seen += len(block) + len(aside) - before
        parts.append(shape.part(block.set_axis(block.index + cut.first - 1), aside))
        before = len(aside)
    if seen != cut.records - (names is None):
        msg = f"{cut.source.name}: quotes that are not closed, so that it cannot be cut: read it with engine='pandas'."
        raise TableError(msg)
    rejected = [entry(cut.source.name, number, reason) for number, reason in aside]
    return Reading(parts, {}, rejected)


def _bytes_of(source: Source, start: int, end: int) -> IO[bytes]:
    """Return some bytes of a file, as a file."""
    with source.open() as file:
        file.seek(start)
        return io.BytesIO(file.read(end - start))


def _seekable(file: IO[bytes]) -> bool:
    """Whether any place of a file is reached at once: not in what is packed."""
    return file.seekable()


def _ends(file: IO[bytes], *, quoted: bool) -> Iterator[tuple[int, int]]:
    """Yield where each cut ends, and how many records end before.

    A record ends at the end of a line outside quotes; what no end follows is a record too. Blank lines are none.
    """
    offset, inside, previous, records = 0, 0, 0, 0
    while data := file.read(CUT):
        chunk = np.frombuffer(data, np.uint8)
        ends = np.flatnonzero(chunk == LINE)
        if quoted:
            quotes = np.flatnonzero(chunk == QUOTE)
            ends = ends[(np.searchsorted(quotes, ends) + inside) % 2 == 0]
            inside = (inside + len(quotes)) % 2
        if len(ends):
            records += int(_not_blank(chunk, ends, offset - previous).sum())
            previous = offset + int(ends[-1]) + 1
            yield previous, records
        offset += len(data)
    if offset > previous:
        yield offset, records + 1


def _not_blank(chunk: NDArray[np.uint8], ends: NDArray[np.intp], carried: int) -> NDArray[np.bool_]:
    """Return of each line's end whether something stands before it; of the first, that many bytes came before."""
    lengths = np.diff(ends, prepend=-1) - 1
    lengths[0] += carried
    returns = (chunk[np.maximum(ends - 1, 0)] == RETURN) & (ends > 0)
    found: NDArray[np.bool_] = lengths > returns
    return found

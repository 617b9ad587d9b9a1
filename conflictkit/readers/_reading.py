"""How the events of one file become rows of the one table, block by block."""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from conflictkit.errors import TableError, known
from conflictkit.readers._codes import AREA, Areas, Codes, Tally
from conflictkit.readers._flags import flags_of
from conflictkit.readers._layout import COLUMNS, DAYS, NUMBERS, Cells
from conflictkit.readers._records import table_of, unique

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from conflictkit.readers._layout import Found, Head, Layout
    from conflictkit.readers._records import Source, Table

EXPECTED = ("HXL tags, not an event", "the header again")  # set aside without a warning
UNDER_HEADER = 3  # the last of the records in which tags are looked for
FIRST_COLUMNS = 12  # of those that a message repeats


class Part(NamedTuple):
    """The events of one block of a file."""

    columns: dict[str, pd.Series]
    repeats_on: NDArray[np.uint64]
    ids_on: NDArray[np.uint64]
    composite: NDArray[np.bool_]
    tally: Tally


class Reading(NamedTuple):
    """The events of one file, and what is told of it."""

    parts: list[Part]
    told: dict[str, str]
    rejected: list[dict[str, object]]


class Wanted(NamedTuple):
    """What a caller asks of each file: one of these layouts, a sheet, columns to keep, and what to look up in."""

    choice: Sequence[Layout]
    sheet: str | int | None
    keep: Literal["all"] | Sequence[str] | None
    codes: Codes | None
    areas: Areas | None


class Shape(NamedTuple):
    """What was found of a file: its layout, how it begins and is written, the columns kept, what is looked up in."""

    name: str
    layout: Layout
    found: Found
    head: Head
    encoding: str
    kept: tuple[str, ...]
    codes: Codes | None
    areas: Areas | None

    @classmethod
    def of(cls, source: Source, table: Table, wanted: Wanted) -> Shape:
        """Recognise a file; raise if it is none of the layouts, or lacks a column to keep."""
        layout, found = _recognised(table.head, wanted.choice)
        if found.notice:
            warnings.warn(f"{source.name}: {found.notice}.", UserWarning, stacklevel=6)
        kept = _kept_names(wanted.keep, unique(found.names or table.head.first), source)
        # what is kept is kept as it is written, and not as a number
        layout = replace(layout, numeric=layout.numeric - set(kept))
        return cls(source.name, layout, found, table.head, table.encoding, tuple(kept), wanted.codes, wanted.areas)

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns, as the file or its layout has them."""
        return self.found.names or self.head.first

    @property
    def used(self) -> set[str]:
        """The columns that are read, in small letters."""
        looked_up = self.layout.codes if self.codes and self.layout.codes else ()
        return {*(unique(self.header) if self.layout.uses is None else self.layout.uses), *self.kept, *looked_up}

    def part(self, block: pd.DataFrame, aside: list[tuple[int, str]]) -> Part:
        """Return the events of some rows; those that are none are noted."""
        frame = _events_only(block, self.header, aside)
        return _part(frame, self)


def read_one(source: Source, wanted: Wanted) -> Reading:
    """Return the events of one file."""
    table = table_of(source, sheet=wanted.sheet)
    shape = Shape.of(source, table, wanted)
    layout, found = shape.layout, shape.found
    aside: list[tuple[int, str]] = []
    blocks = table.blocks(found.names, shape.used.__contains__, layout, aside)
    parts = [shape.part(block, aside) for block in _counted(blocks, source)]
    told = {"file": source.name, "layout": layout.name, "version": found.version, "encoding": table.encoding}
    told["how"] = found.how
    return Reading(parts, told, _rejected(source, table, layout, aside))


def _counted(blocks: Iterator[pd.DataFrame], source: Source) -> Iterator[pd.DataFrame]:
    """Yield the rows of a file; raise where all files together have more than are held."""
    for block in blocks:
        if source.door is not None:
            source.door.count_features(len(block))
        yield block


def kept_as(name: str) -> str:
    """Return the name under which a column of the file stands beside those of the table."""
    return f"{name} (file)" if name in COLUMNS else name


def _kept_names(keep: Literal["all"] | Sequence[str] | None, names: Sequence[str], source: Source) -> Sequence[str]:
    """Return the columns to keep as the file has them in small letters; raise if there is none of a name."""
    if keep == "all":
        return names
    for name in keep or ():
        known(f"column of {source.name}", name.strip().lower(), names)
    return [name.strip().lower() for name in keep or ()]


def _recognised(head: Head, choice: Sequence[Layout]) -> tuple[Layout, Found]:
    """Return the first layout that a file has; raise with what it begins with."""
    for layout in choice:
        if (found := layout.recognise(head)) is not None:
            return layout, found
    names = ", ".join(layout.name for layout in choice)
    more = f" and {len(head.first) - FIRST_COLUMNS} more" if len(head.first) > FIRST_COLUMNS else ""
    begins = ", ".join(head.first[:FIRST_COLUMNS]) + more
    msg = (
        f"{head.name}: not the layout of {names}. It begins with: {begins[:400]}. Give "
        "columns={'event_date': ..., 'latitude': ..., 'longitude': ...} with the names of its own columns."
    )
    raise TableError(msg)


def _events_only(frame: pd.DataFrame, header: Sequence[str], aside: list[tuple[int, str]]) -> pd.DataFrame:
    """Return the rows of a block that are events; the others are noted."""
    if not len(frame) or not len(frame.columns):
        return frame
    # one column is looked at, and the whole of the few rows that it makes suspect
    probe = frame.iloc[:, 0]
    title = next((name for name in header if name.strip().lower() == probe.name), str(probe.name))
    suspect = probe.isin(["", title, title.strip(), str(probe.name)])
    # tags of HXL stand right under the header of the file, wherever the block begins
    under = int((frame.index[:2] <= UNDER_HEADER).sum())
    suspect.iloc[:under] |= probe.iloc[:under].astype(str).str.startswith("#")
    reasons: dict[int, str] = {}
    for number, row in frame[suspect].iterrows():
        cells = [str(cell).strip() for cell in row if not pd.isna(cell)]
        if not any(cells):
            reasons[int(str(number))] = "blank: no cell says anything"
        elif all(cell.startswith("#") for cell in cells if cell):
            reasons[int(str(number))] = EXPECTED[0]
        elif [cell.lower() for cell in cells] == [str(name) for name in frame.columns]:
            reasons[int(str(number))] = EXPECTED[1]
    aside += reasons.items()
    return frame.drop(index=list(reasons)) if reasons else frame


def _part(frame: pd.DataFrame, shape: Shape) -> Part:
    """Return the table of events of some rows, what tells repeats, and which actors are several."""
    layout, found, stem = shape.layout, shape.found, Path(shape.name).name.partition(".")[0]
    cells = Cells(frame, found.decimal)
    made: dict[str, Any] = layout.convert(cells)
    ids = made.get("event_id", pd.Series(np.nan, index=frame.index, dtype="str"))
    if (absent := ids.isna()).any():
        numbered = pd.Series([f"{stem}-{number}" for number in frame.index], index=frame.index, dtype="str")
        ids = ids.where(~absent, numbered)
    made["event_id"] = ids
    made["dataset"], made["version"] = layout.dataset, found.version or np.nan
    on = pd.DataFrame({name: made[name] for name in layout.repeats if name in made}) if layout.repeats else frame
    several = made["composite"] if "composite" in made else _alliances(made)
    tally = _look_up(made, cells, shape)
    columns = {name: made[name] for name in COLUMNS if name in made}
    columns |= {kept_as(name): frame[name].astype("str") for name in shape.kept}
    return Part(columns, _prints(on), _prints_of_ids(ids), several.to_numpy(dtype=bool), tally)


def _look_up(made: dict[str, Any], cells: Cells, shape: Shape) -> Tally:
    """Write the ids beside the names of actors and governorates, and count the rows."""
    tally = Tally()
    if shape.codes is not None:
        _look_up_actors(made, cells, shape, shape.codes, tally)
    if shape.areas is not None:
        made[f"{AREA}_id"] = shape.areas.of(made.get(AREA, cells.text("")), made.get("pcode", cells.text("")), tally)
    return tally


def _look_up_actors(made: dict[str, Any], cells: Cells, shape: Shape, codes: Codes, tally: Tally) -> None:
    """Write the ids of the actors; an id that the file has is looked up too."""
    for name, code in zip(("actor1", "actor2"), shape.layout.codes or (None, None), strict=True):
        words = made.get(name, cells.text(""))
        words = made[f"{name}_id"].fillna(words) if f"{name}_id" in made else words
        numbers = None if code is None else cells.code(code)
        made[f"{name}_id"] = codes.of(name, words, numbers, tally, named=shape.layout.named)


def _alliances(made: Mapping[str, pd.Series]) -> pd.Series:
    """Return whether an actor of each event is several, joined with commas."""
    several = pd.Series(False, index=made["event_id"].index)  # noqa: FBT003
    for name in {"actor1", "actor2"} & set(made):
        if alliances := [cell for cell in made[name].dropna().unique() if ", " in cell]:
            several |= made[name].isin(alliances)
    return several


def _prints(rows: pd.DataFrame) -> NDArray[np.uint64]:
    """Return a number for the cells of each row: the same for the same cells."""
    return np.asarray(pd.util.hash_pandas_object(rows, index=False), dtype=np.uint64)


def _prints_of_ids(ids: pd.Series) -> NDArray[np.uint64]:
    """Return a number for each id; hardly any repeats, so that they are not told apart first."""
    return np.asarray(pd.util.hash_array(ids.to_numpy(dtype=object), categorize=False), dtype=np.uint64)


def _seen_before(prints: list[NDArray[np.uint64]]) -> NDArray[np.bool_]:
    """Return whether an earlier row has the number of each."""
    return pd.Series(np.concatenate(prints)).duplicated().to_numpy(dtype=bool)


def _rejected(source: Source, table: Table, layout: Layout, aside: list[tuple[int, str]]) -> list[dict[str, object]]:
    """Return what was set aside of a file, with the line on which each record begins."""
    if not aside:
        return []
    lines = table.lines({number for number, _ in aside}, layout.quoted)
    return [entry(source.name, lines.get(number, number), reason) for number, reason in sorted(aside)]


def gather(readings: list[Reading]) -> pd.DataFrame:
    """Return the events of all files as one table, with their flags."""
    parts = [part for reading in readings for part in reading.parts]
    names = [*COLUMNS, *dict.fromkeys(name for part in parts for name in part.columns if name not in COLUMNS)]
    lengths = [len(part.composite) for part in parts]
    # column by column, and nothing of a part stays behind: a large file stands in memory once
    columns = {name: _whole(name, [part.columns.pop(name, np.nan) for part in parts], lengths) for name in names}
    events = pd.DataFrame(columns, copy=False)
    repeats, same_id = (_seen_before([getattr(part, on) for part in parts]) for on in ("repeats_on", "ids_on"))
    composite = np.concatenate([part.composite for part in parts])
    for reading in readings:
        reading.parts.clear()
    events["flags"] = flags_of(events, repeats, same_id, composite)
    return events


def empty(names: Sequence[str]) -> pd.DataFrame:
    """Return a table of events without any, with more columns after its own."""
    return pd.DataFrame({name: missing(name, 0) for name in (*names, "flags")})


def missing(name: str, length: int) -> pd.Series:
    """Return a column without a cell that says anything."""
    column: pd.Series = pd.Series(np.nan, index=range(length), dtype=kind_of(name))
    return column


def strange(entry: Mapping[str, object]) -> bool:
    """Whether what was set aside was not to be expected."""
    return entry["reason"] not in EXPECTED


def kind_of(name: str) -> Any:  # noqa: ANN401 - the types of pandas are many
    """Return the type of a column of the table of events."""
    return "float64" if name in NUMBERS else "datetime64[us]" if name in DAYS else "str"


def _whole(name: str, cells: Sequence[pd.Series | str | float], lengths: Sequence[int]) -> pd.Series:
    """Return one column of all parts; of a part that lacks it, missing cells."""
    kind = kind_of(name)
    series = [
        cell if isinstance(cell, pd.Series) else pd.Series(cell, index=range(length), dtype=kind)
        for cell, length in zip(cells, lengths, strict=True)
    ]
    return pd.concat([part.astype(kind) for part in series], ignore_index=True)


def entry(file: str, line: int | None, reason: str) -> dict[str, object]:
    """Return what was set aside, as it is listed."""
    return {"file": file, "line": line, "reason": reason}

"""Events of other people's data sets, in any of their layouts, as one table."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from conflictkit.errors import TableError, known
from conflictkit.readers import _acled, _gdelt, _mapping, _strikes, _ucdp
from conflictkit.readers._flags import flags_of
from conflictkit.readers._layout import COLUMNS, DAYS, NUMBERS, Cells
from conflictkit.readers._records import SUFFIXES, sources, table_of, unique

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from os import PathLike

    from numpy.typing import NDArray

    from conflictkit.readers._layout import Found, Head, Layout
    from conflictkit.readers._records import Source, Table

LAYOUTS = {layout.name: layout for layout in (_ucdp.LAYOUT, _acled.LAYOUT, _gdelt.LAYOUT, _strikes.LAYOUT)}
OWN = "own"
EXPECTED = ("HXL tags, not an event", "the header again")  # set aside without a warning


class Part(NamedTuple):
    """The events of one block of a file."""

    columns: dict[str, pd.Series]
    repeats_on: NDArray[np.uint64]
    composite: NDArray[np.bool_]


class Reading(NamedTuple):
    """The events of one file, and what is told of it."""

    parts: list[Part]
    told: dict[str, str]
    rejected: list[dict[str, object]]


def read_events(
    path: str | PathLike[str],
    *,
    layout: str | None = None,
    columns: Mapping[str, str] | None = None,
    sheet: str | int | None = None,
    keep: Literal["all"] | Sequence[str] | None = None,
    engine: str = "pandas",
) -> pd.DataFrame:
    r"""Return the events of a file, one row per event, in one table whatever the layout of the file.

    Parameters
    ----------
    path
        A CSV (also parted by tabs or semicolons, also ``.gz``), GeoJSON or xlsx file, a zip or a folder of them.
        Folders are searched with all that is below them; links are not followed.
    layout
        ``"ucdp"`` (GED 17.1 to 26.1, the Syria release, the copies on HDX with their second header, candidate files
        without header), ``"acled"`` (capitals of 2016, with data_id, API, ``inter`` as text), ``"gdelt"`` (events of
        58 and 61 columns), ``"strikes"`` (the Dutch release), or ``"own"``. By default the layout is recognised.
    columns
        Of an own layout: column of this table -> column of the file, such as ``{"event_date": "Datum"}``. Dates are
        read where they can be read in one way: 2017-11-03, 3 Nov 2017.
    sheet
        Name or number of a sheet, the first is 0; by default the first whose first row has several cells.
    keep
        ``"all"`` or names of columns of the file that are kept as text, after those of the table. One with the name of
        a column of the table is kept as ``<name> (file)``.
    engine
        ``"pandas"``.

    Returns
    -------
    pandas.DataFrame
        ``event_id``, ``event_date`` and ``date_end`` (days; missing where the cell cannot be read), ``date_prec`` (day,
        days, week, month, year), ``event_type``, ``sub_event_type``, ``actor1``, ``actor2`` (as the file names them),
        ``actor1_id``, ``actor2_id`` (empty), ``low``, ``best``, ``high`` (deaths), ``country``, ``admin1``, ``admin2``,
        ``pcode``, ``location`` (as the file names them), ``latitude``, ``longitude`` (degrees, WGS84), ``where_prec``
        (exact, near, admin2, admin1, region, country, international), ``source``, ``notes``, ``dataset``, ``version``,
        ``flags``. ``attrs``: ``layout``, ``version``, ``encoding``, ``how`` (how the layout was told), ``rejected``
        (one entry per record set aside: ``file``, ``line``, ``reason``), ``files`` (the same for each file).

    Raises
    ------
    TableError
        If there is no file, a file is none of a known layout, or it holds no events (counts by month, mentions).
    UnknownNameError
        If the layout, the engine, or a column of `columns` is unknown.

    Notes
    -----
    Rows of the file = rows returned + ``rejected``. Set aside is what is no event: tags of HXL, a header in the middle,
    blank rows, records of too many cells. What is odd about an event is said in ``flags``, joined with ``;``, and
    nothing is mended: undated, unplaced, repeat, repeat_id, best_above_high, best_below_low, ends_before_start,
    month_as_date, spans_months, crowded_point (more than 100 events on it), composite_actor. One figure of deaths
    (ACLED) is its own low and high; GDELT and the strikes count none. CSV is read in blocks of 25,000 rows, only the
    columns that are used; the encoding is UTF-8 if the whole file is, else cp1252. At most 8 GB of a file are read, and
    400 MB of xlsx and GeoJSON.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "mine.csv"
    >>> _ = path.write_text("Tag,Ort,Tote\n2017-11-03,Abu Kamal,4\n17-11-3,Abu Kamal,?\n")
    >>> events = read_events(path, columns={"event_date": "Tag", "location": "Ort", "best": "Tote"})
    >>> events[["event_id", "event_date", "location", "best", "flags"]]
      event_id event_date   location  best             flags
    0   mine-2 2017-11-03  Abu Kamal   4.0          unplaced
    1   mine-3        NaT  Abu Kamal   NaN  undated;unplaced
    """
    known("engine", engine, ["pandas"])
    if layout is not None:
        known("layout", layout, [*LAYOUTS, OWN])
    own = _mapping.layout_of(columns)
    choice = [own] if columns is not None else [LAYOUTS[layout]] if layout in LAYOUTS else [*LAYOUTS.values(), own]
    choice = [own] if layout == OWN else choice
    readings, passed = _read_all(Path(path), choice, sheet, keep)
    if not readings:
        first = f" First: {passed[0]['file']}: {passed[0]['reason']}" if passed else ""
        msg = f"No events in {str(path)!r}. Expected {', '.join(SUFFIXES)}, or a zip or folder of them.{first}"
        raise TableError(msg)
    events = _gather(readings)
    _tell(events, readings, passed)
    return events


def _read_all(
    path: Path, choice: Sequence[Layout], sheet: str | int | None, keep: Literal["all"] | Sequence[str] | None
) -> tuple[list[Reading], list[dict[str, object]]]:
    """Return the events of each file; what is passed over among several files is noted, alone it is refused."""
    readings: list[Reading] = []
    passed: list[dict[str, object]] = []
    files = list(sources(path))
    for source in files:
        if source.told:
            passed.append(_entry(source.name, None, source.told))
            continue
        if source.suffix not in SUFFIXES:
            passed.append(_entry(source.name, None, f"not read: a file of events ends in {', '.join(SUFFIXES)}"))
            continue
        try:
            readings.append(_read_one(source, choice, sheet, keep))
        except TableError as error:
            if len(files) == 1:
                raise
            passed.append(_entry(source.name, None, str(error)))
    return readings, passed


def _read_one(
    source: Source, choice: Sequence[Layout], sheet: str | int | None, keep: Literal["all"] | Sequence[str] | None
) -> Reading:
    """Return the events of one file."""
    table = table_of(source, sheet=sheet)
    layout, found = _recognised(table.head, choice)
    if found.notice:
        warnings.warn(f"{source.name}: {found.notice}.", UserWarning, stacklevel=5)
    names = unique(found.names or table.head.first)
    kept = names if keep == "all" else [] if keep is None else [_kept(name, names, source) for name in keep]
    used = set(names if layout.uses is None else layout.uses) | set(kept)
    aside: list[tuple[int, str]] = []
    parts = []
    for block in table.blocks(found.names, used.__contains__, layout, aside):
        frame = _events_only(block, found.names or table.head.first, aside)
        parts.append(_part(frame, layout, found, Path(source.name).name.partition(".")[0], kept))
    told = {"file": source.name, "layout": layout.name, "version": found.version, "encoding": table.encoding}
    told["how"] = found.how
    return Reading(parts, told, _rejected(source, table, layout, aside))


def _kept(name: str, names: Sequence[str], source: Source) -> str:
    """Return a column to keep as the file has it in small letters; raise if there is none."""
    known(f"column of {source.name}", name.strip().lower(), names)
    return name.strip().lower()


def _recognised(head: Head, choice: Sequence[Layout]) -> tuple[Layout, Found]:
    """Return the first layout that a file has; raise with what it begins with."""
    for layout in choice:
        if (found := layout.recognise(head)) is not None:
            return layout, found
    names = ", ".join(layout.name for layout in choice)
    begins = ", ".join(head.first[:12]) + (f" and {len(head.first) - 12} more" if len(head.first) > 12 else "")  # noqa: PLR2004
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
    # tags of HXL stand right under the header
    suspect.iloc[:2] |= probe.iloc[:2].astype(str).str.startswith("#")
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


def _part(frame: pd.DataFrame, layout: Layout, found: Found, stem: str, kept: Sequence[str]) -> Part:
    """Return the table of events of some rows, what tells repeats, and which actors are several."""
    made: dict[str, Any] = layout.convert(Cells(frame, found.decimal))
    ids = made.get("event_id", pd.Series(np.nan, index=frame.index, dtype="str"))
    if (absent := ids.isna()).any():
        numbered = pd.Series([f"{stem}-{number}" for number in frame.index], index=frame.index, dtype="str")
        ids = ids.where(~absent, numbered)
    made["event_id"] = ids
    made["dataset"], made["version"] = layout.dataset, found.version or np.nan
    on = pd.DataFrame({name: made[name] for name in layout.repeats if name in made}) if layout.repeats else frame
    several = made["composite"] if "composite" in made else _alliances(made)
    columns = {name: made[name] for name in COLUMNS if name in made}
    kept_as = {name: f"{name} (file)" if name in COLUMNS else name for name in kept}
    columns |= {ours: frame[name].astype("str") for name, ours in kept_as.items()}
    return Part(columns, _prints(on), several.to_numpy(dtype=bool))


def _alliances(made: Mapping[str, pd.Series]) -> pd.Series:
    """Return whether an actor of each event is several, joined with commas."""
    several = pd.Series(False, index=made["event_id"].index)  # noqa: FBT003
    for name in {"actor1", "actor2"} & set(made):
        alliances = [cell for cell in made[name].dropna().unique() if ", " in cell]
        several |= made[name].isin(alliances)
    return several


def _prints(rows: pd.DataFrame) -> NDArray[np.uint64]:
    """Return a number for the cells of each row: the same for the same cells."""
    return np.asarray(pd.util.hash_pandas_object(rows, index=False), dtype=np.uint64)


def _rejected(source: Source, table: Table, layout: Layout, aside: list[tuple[int, str]]) -> list[dict[str, object]]:
    """Return what was set aside of a file, with the line on which each record begins."""
    if not aside:
        return []
    lines = table.lines({number for number, _ in aside}, layout.quoted)
    return [_entry(source.name, lines.get(number, number), reason) for number, reason in sorted(aside)]


def _entry(file: str, line: int | None, reason: str) -> dict[str, object]:
    return {"file": file, "line": line, "reason": reason}


def _gather(readings: list[Reading]) -> pd.DataFrame:
    """Return the events of all files as one table, with their flags."""
    parts = [part for reading in readings for part in reading.parts]
    names = [*COLUMNS, *dict.fromkeys(name for part in parts for name in part.columns if name not in COLUMNS)]
    lengths = [len(part.composite) for part in parts]
    # column by column, and nothing of a part stays behind: a large file stands in memory once
    columns = {name: _whole(name, [part.columns.pop(name, np.nan) for part in parts], lengths) for name in names}
    events = pd.DataFrame(columns, copy=False)
    repeats = pd.Series(np.concatenate([part.repeats_on for part in parts])).duplicated().to_numpy()
    composite = np.concatenate([part.composite for part in parts])
    for reading in readings:
        reading.parts.clear()
    events["flags"] = flags_of(events, repeats, composite)
    return events


def _whole(name: str, cells: Sequence[pd.Series | str | float], lengths: Sequence[int]) -> pd.Series:
    """Return one column of all parts; of a part that lacks it, missing cells."""
    kind: Any = "float64" if name in NUMBERS else "datetime64[us]" if name in DAYS else "str"
    series = [
        cell if isinstance(cell, pd.Series) else pd.Series(cell, index=range(length), dtype=kind)
        for cell, length in zip(cells, lengths, strict=True)
    ]
    return pd.concat([part.astype(kind) for part in series], ignore_index=True)


def _tell(events: pd.DataFrame, readings: list[Reading], passed: list[dict[str, object]]) -> None:
    """Write what was found and set aside beside the table, and warn of what was not to be expected."""
    files = [reading.told for reading in readings]
    rejected = [entry for reading in readings for entry in reading.rejected] + passed
    keys = ("layout", "version", "encoding", "how")
    told = {key: "; ".join(dict.fromkeys(file[key] for file in files)) for key in keys}
    events.attrs.update(told)
    events.attrs.update({"table": "events", "rejected": rejected, "files": files})
    strange = [entry for entry in rejected if entry["reason"] not in EXPECTED]
    if strange:
        first = strange[0]
        at = "" if first["line"] is None else f", line {first['line']}"
        told_first = f"{first['file']}{at}: {first['reason']}"
        warnings.warn(
            f"{len(strange)} set aside, see attrs['rejected']. First: {told_first}", UserWarning, stacklevel=3
        )

"""Events of other people's data sets, in any of their layouts, as one table."""

from __future__ import annotations

import os
import warnings
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from conflictkit.errors import TableError, known
from conflictkit.readers import _acled, _gdelt, _mapping, _strikes, _ucdp
from conflictkit.readers._codes import AREA, Areas, Codes, whole_of
from conflictkit.readers._door import Door, Limits, NotRead, TooMuch
from conflictkit.readers._log import Log
from conflictkit.readers._reading import Wanted, entry, gather, read_one, strange
from conflictkit.readers._records import LIMITS, SUFFIXES, Source
from conflictkit.readers._wide import cuts_of, read_wide

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from os import PathLike

    import pandas as pd

    from conflictkit.readers._reading import Reading

LAYOUTS = {layout.name: layout for layout in (_ucdp.LAYOUT, _acled.LAYOUT, _gdelt.LAYOUT, _strikes.LAYOUT)}
OWN = "own"
REST = f"not read: a file of events ends in {', '.join(SUFFIXES)}"
ENGINES = ("pandas", "dask")


def read_events(
    path: str | PathLike[str],
    *,
    layout: str | None = None,
    columns: Mapping[str, str] | None = None,
    sheet: str | int | None = None,
    keep: Literal["all"] | Sequence[str] | None = None,
    engine: str = "pandas",
    actors: pd.DataFrame | None = None,
    governorates: pd.DataFrame | None = None,
    limits: Mapping[str, int] | None = None,
) -> pd.DataFrame:
    r"""Return the events of a file, one row per event, in one table whatever the layout of the file.

    Parameters
    ----------
    path
        A CSV (also parted by tabs or semicolons, also ``.gz``), GeoJSON or xlsx file, a zip or a folder of them.
        Folders and zips are searched with all that is below them; links are not followed, hidden files not read.
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
        ``"pandas"``, or ``"dask"`` (extra `scale`): a Dask frame of the same columns, a partition for each file, or for
        32 MB of one, read when something is computed on it. Pass a running cluster by making its ``Client`` first.
    actors
        A table like that of ``load_actors``, in which the actors of the file are looked up: those of UCDP by
        ``ucdp_ids``, others by ``acled_names``, name or alias. None looks nobody up: which table is meant you say, as
        in ``actors=tables.actors``.
    governorates
        A table like that of ``load_governorates``, in which the governorates of the file are looked up: by ``pcode``
        where the file has P-codes, also of districts, else by name, alias or code, however they are spelled. None looks
        none up.
    limits
        How much is read, for instance ``{"files": 100_000}``. By default 8 GB of one file (``file_bytes``, unpacked),
        40 GB in all (``all_bytes``), 20,000 ``files``, a ``depth`` of 8 folders and archives, and 50 million rows
        (``features``; with Dask they are not held, and not counted).

    Returns
    -------
    pandas.DataFrame
        ``event_id``, ``event_date`` and ``date_end`` (days; missing where the cell cannot be read), ``date_prec`` (day,
        days, week, month, year), ``event_type``, ``sub_event_type``, ``actor1``, ``actor2`` (as the file names them),
        ``actor1_id``, ``actor2_id`` (of `actors`; empty where no single one is meant for sure), ``low``, ``best``,
        ``high`` (deaths), ``country``, ``admin1``, ``admin2``, ``pcode`` (as the file names them), ``admin1_id`` (ISO
        3166-2 of `governorates`; empty where no single one is meant), ``location`` (as the file names it),
        ``latitude``, ``longitude`` (degrees, WGS84), ``where_prec`` (exact, near, admin2, admin1, region, country,
        international), ``source``, ``notes``, ``dataset``, ``version``,
        ``flags``. ``attrs``: ``layout``, ``version``, ``encoding``, ``how`` (how the layout was told), ``rejected``
        (one entry per record set aside: ``file``, ``line``, ``reason``), ``files`` (the same for each file), and with
        `actors` ``actors``: of ``actor1`` and ``actor2`` each how many rows were ``matched``, ``ambiguous`` (a shared
        id, several actors, or a name with other years), ``unmatched`` and ``unnamed``; ``without_id``: what has no id,
        and in how many rows. With `governorates` ``governorates``: the same of ``admin1``.

    Raises
    ------
    TableError
        If there is no file, a file is none of a known layout, or it holds no events (counts by month, mentions); beyond
        a limit of all files. What is wrong with one file among others is in ``rejected``.
    UnknownNameError
        If the layout, the engine, a limit, or a column of `columns` is unknown.

    Notes
    -----
    Rows of the file = rows returned + ``rejected``. Set aside is what is no event: tags of HXL, a header in the middle,
    blank rows, records of too many cells. What is odd about an event is said in ``flags``, joined with ``;``, and
    nothing is mended: undated, unplaced, repeat, repeat_id, best_above_high, best_below_low, ends_before_start,
    month_as_date, spans_months, crowded_point (more than 100 events on it), composite_actor. One figure of deaths
    (ACLED) is its own low and high; GDELT and the strikes count none. CSV is read in blocks of 131,072 rows, only the
    columns that are used; the encoding is UTF-8 if the whole file is, else cp1252. What has to be held whole is read up
    to 400 MB (xlsx and GeoJSON; 2 GB of a sheet, unpacked) and 100 million cells.

    Alliances have ids of their own in UCDP, and match nobody. The actors of GDELT are words of a text, and are not
    looked up. The column ``flags`` is reached as ``events["flags"]``: ``events.flags`` is pandas' own.

    With Dask, what is set aside is warned of by the worker that reads it and not listed in ``attrs``, and a repeat or a
    crowded point is seen within a partition only. Files that are packed, and sheets, are one partition each.

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
    known("engine", engine, ENGINES)
    if layout is not None:
        known("layout", layout, [*LAYOUTS, OWN])
    own = _mapping.layout_of(columns)
    choice = [own] if columns is not None else [LAYOUTS[layout]] if layout in LAYOUTS else [*LAYOUTS.values(), own]
    choice = [own] if layout == OWN else choice
    codes = None if actors is None else Codes(actors)
    areas = None if governorates is None else Areas(governorates)
    wanted = Wanted(choice, sheet, keep, codes, areas)
    read = partial(cuts_of if engine == "dask" else read_one, wanted=wanted)
    log = Log()
    door = Door(SUFFIXES, {}, Limits.of(limits, LIMITS), log, rest=REST, links=False)
    readings = _read_all(Path(path), door, read, again=engine == "dask")
    passed = [entry(str(one["file"]), None, str(one["reason"])) for one in log.rejected]
    if not readings:
        first = f" First: {log.first()}" if passed else ""
        msg = f"No events in {str(path)!r}. Expected {', '.join(SUFFIXES)}, or a zip or folder of them.{first}"
        raise TableError(msg)
    if engine == "dask":
        _warn(passed, listed="")
        frame: pd.DataFrame = read_wide([cut for cuts in readings for cut in cuts], wanted)
        return frame
    tally = whole_of(part.tally for reading in readings for part in reading.parts)
    events = gather(readings)
    if actors is not None:
        events.attrs["actors"] = tally.told("actor1", "actor2")
    if governorates is not None:
        events.attrs["governorates"] = tally.told(AREA)
    _tell(events, readings, passed)
    return events


def _read_all(path: Path, door: Door, read: Callable[[Source], Any], *, again: bool) -> list[Any]:
    """Return what is read of each file; what is passed over among several files is noted, alone it is refused."""
    if not os.path.lexists(path):
        msg = f"{str(path)!r} does not exist."
        raise TableError(msg)
    readings: list[Any] = []
    refused: list[TableError] = []
    try:
        for piece in door.pieces(path):
            try:
                readings.append(read(Source(piece.name, piece.suffix, piece.again if again else piece.open, door)))
            except TableError as error:
                refused.append(error)
                door.log.reject(piece.name, None, str(error))
            except (NotRead, OSError) as error:
                refused.append(TableError(f"{piece.name} cannot be read: {error}."))
                door.log.reject(piece.name, None, f"cannot be read: {error}")
    except (NotRead, TooMuch) as reason:
        msg = f"{str(path)!r}: {reason}."
        raise TableError(msg) from None
    if not readings and len(refused) == len(door.log.rejected) == 1:
        raise refused[0]
    return readings


def _tell(events: pd.DataFrame, readings: list[Reading], passed: list[dict[str, object]]) -> None:
    """Write what was found and set aside beside the table, and warn of what was not to be expected."""
    files = [reading.told for reading in readings]
    rejected = [one for reading in readings for one in reading.rejected] + passed
    keys = ("layout", "version", "encoding", "how")
    told = {key: "; ".join(dict.fromkeys(file[key] for file in files)) for key in keys}
    events.attrs.update(told)
    events.attrs.update({"table": "events", "rejected": rejected, "files": files})
    _warn(rejected)


def _warn(rejected: list[dict[str, object]], *, listed: str = ", see attrs['rejected']") -> None:
    """Warn of what was set aside and was not to be expected, and of where it is listed."""
    if odd := [one for one in rejected if strange(one)]:
        first = odd[0]
        at = "" if first["line"] is None else f", line {first['line']}"
        told = f"{len(odd)} set aside{listed}. First: {first['file']}{at}: {first['reason']}"
        warnings.warn(told, UserWarning, stacklevel=4)

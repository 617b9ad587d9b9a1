"""Events and their dead by time, area and kind: nothing left out of the sum, and sums of parts add up to the whole."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from conflictkit.errors import TableError, known, shown
from conflictkit.events import _placing as placing
from conflictkit.ranges import BOUNDS
from conflictkit.territory import Territory

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

TOGETHER = 16  # counts that one task adds up


def added_up(
    events: Any,  # noqa: ANN401 - a frame of Dask, which is an extra
    count: Callable[[pd.DataFrame, Any], pd.DataFrame],
    area: object,
    keys: Sequence[str],
) -> pd.DataFrame:
    """Return the counts of a Dask frame: of each partition where it is, then of 16 counts at a time."""
    from dask.base import compute
    from dask.delayed import delayed

    # one copy of the areas for all tasks
    shared = delayed(area, pure=True, traverse=False)
    counts = [delayed(count, pure=True)(part, shared) for part in events.to_delayed()]
    add = delayed(added, pure=True)
    while len(counts) > 1:
        counts = [add(list(keys), *counts[at : at + TOGETHER]) for at in range(0, len(counts), TOGETHER)]
    whole: pd.DataFrame = compute(counts[0])[0]
    return whole


def added(keys: Sequence[str], *counts: pd.DataFrame) -> pd.DataFrame:
    """Return several counts as one."""
    filled = [count for count in counts if len(count)] or list(counts[:1])
    grouped = pd.concat(filled).groupby(list(keys), dropna=False, observed=True)
    summed = grouped[list(BOUNDS)].sum(min_count=1)
    summed.insert(0, "events", grouped["events"].sum())
    return summed.reset_index()


FREQ = {"D": "D", "W": "W", "MS": "M", "QS": "Q", "YS": "Y"}  # as pandas names first days -> its periods
NEEDED = ("event_date", "latitude", "longitude", *BOUNDS)
ALL = "all"
AT_A_TIME = 250_000  # events counted at once


def count_events(
    events: pd.DataFrame,
    *,
    by: str | None = None,
    freq: str | None = None,
    area: gpd.GeoDataFrame | Territory | float | None = None,
) -> pd.DataFrame:
    """Count events and add up their dead, one row per date, area and value of `by`.

    Parameters
    ----------
    events
        Rows like those of ``read_events``, also a Dask frame of them: each partition is counted where it is read, the
        counts are added up, and what comes back is a frame in memory.
    by
        A column whose values are told apart, such as ``"event_type"``; an event without one is counted under a missing
        value.
    freq
        ``"D"``, ``"W"`` (Monday to Sunday), ``"MS"``, ``"QS"``, ``"YS"``: the date is the first day of each. None
        counts all days together, under the first one.
    area
        Polygons (``load_borders(level=1)`` or your own; the id is the first column there is of area_id, iso_3166_2,
        pcode, actor_id, admin1, country, name, id), a `Territory` (the id is the holder on the day of the event), or
        the side of squares in degrees (0.5 for those of PRIO-GRID; the id is the centre, latitude before longitude).
        None counts everywhere together, as ``all``.

    Returns
    -------
    pandas.DataFrame
        ``date`` (datetime64), ``area_id``, the column `by` if given, ``events`` (how many), ``low``, ``best``, ``high``
        (sums of what is known; missing where nothing is), sorted. Events that cannot be placed have the area
        ``unplaced``, those that cannot be dated no date: the sums are those of `events`. Group with ``dropna=False``.

    Raises
    ------
    TableError
        If a column is missing or is no number or date, or the areas have no id or no coordinate system.
    UnknownNameError
        If `freq` is unknown.

    Notes
    -----
    An event over several months counts in the month of its first day. An area without a code has its country and name.
    Of areas that overlap the first counts. A point that stands for a whole country (``where_prec``) is in no
    governorate; one for a governorate or a region is in no square and on nobody's land. Days that the
    territory does not cover are ``unplaced``.

    Examples
    --------
    >>> import pandas as pd
    >>> from conflictkit import load_borders
    >>> events = pd.DataFrame({
    ...     "event_date": pd.to_datetime(["2017-11-03", "2017-11-30", None]), "latitude": [34.4, 34.5, 50],
    ...     "longitude": [40.9, 41.0, 10], "low": [1, 2, 0], "best": [2, 2, 1], "high": [4, 3, 1],
    ... })
    >>> count_events(events, freq="MS", area=load_borders(level=1))
            date   area_id  events  low  best  high
    0 2017-11-01     SY-DY       2    3     4     7
    1        NaT  unplaced       1    0     1     1
    """
    if freq is not None:
        known("freq", freq, FREQ)
    keys = ["date", "area_id", *([] if by is None else [by])]
    if by in (*keys[:2], "events", *BOUNDS):
        msg = f"by={shown(by)} is a column of the counts: give it another name first."
        raise TableError(msg)
    if hasattr(events, "to_delayed"):
        counted = added_up(events, partial(_counted, keys=keys, freq=freq), area, keys)
        if freq is None and len(counted):  # each partition has a first day of its own
            counted = added(keys, counted.assign(date=_dates(counted["date"], None)))
    else:
        counted = _counted_in_parts(events, area, keys=keys, freq=freq)
    return counted.sort_values(keys, ignore_index=True, kind="stable")


def _counted_in_parts(
    events: pd.DataFrame, area: gpd.GeoDataFrame | Territory | float | None, *, keys: list[str], freq: str | None
) -> pd.DataFrame:
    """Return the counts of events, of so many at a time that memory stays small."""
    days = _days(events, keys[2:])
    count = partial(_counted, area=area, keys=keys, freq=freq, first=days.min())
    if len(events) <= AT_A_TIME:
        return count(events)
    return added(keys, *(count(events.iloc[at : at + AT_A_TIME]) for at in range(0, len(events), AT_A_TIME)))


def _counted(
    events: pd.DataFrame,
    area: gpd.GeoDataFrame | Territory | float | None,
    *,
    keys: list[str],
    freq: str | None,
    first: pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Return the counts and sums of some events, in the order of their keys; without periods all under a first day."""
    by = keys[2:]
    days = _days(events, by)
    told: dict[str, pd.Series] = {
        "date": _dates(days, freq, first),
        "area_id": pd.Series(_areas(events, area), index=events.index),
    }
    told |= {name: events[name] for name in by}
    counted = added(keys, pd.concat([pd.DataFrame(told).assign(events=1), events[list(BOUNDS)]], axis=1))
    return counted.astype({"area_id": "str"})


def _days(events: pd.DataFrame, by: list[str]) -> pd.Series:
    """Return the days of events; raise if they are no table of events."""
    if not hasattr(events, "columns"):
        msg = f"count_events takes a DataFrame like that of read_events(), not {type(events).__name__}."
        raise TableError(msg)
    if lacking := [name for name in (*NEEDED, *by) if name not in events]:
        msg = f"The frame lacks {', '.join(lacking)}: count_events takes rows like those of read_events()."
        raise TableError(msg)
    if not pd.api.types.is_datetime64_dtype(events["event_date"]):
        msg = "The column event_date is no column of days: read the file with read_events(), or use pd.to_datetime."
        raise TableError(msg)
    if words := [name for name in NEEDED[1:] if not pd.api.types.is_numeric_dtype(events[name])]:
        msg = f"No numbers in {', '.join(words)}: read the file with read_events()."
        raise TableError(msg)
    days: pd.Series = events["event_date"]
    return days


def _dates(days: pd.Series, freq: str | None, first: pd.Timestamp | None = None) -> pd.Series:
    """Return the first day of the period of each day; of all days, if there are no periods."""
    if freq is None:
        return days.where(days.isna(), days.min() if first is None else first)
    starts: pd.Series = days.dt.to_period(FREQ[freq]).dt.start_time
    same: pd.Series = starts.astype(days.dtype)
    return same


def _areas(events: pd.DataFrame, area: gpd.GeoDataFrame | Territory | float | None) -> pd.Categorical[Any]:
    """Return the id of the area of each event."""
    if area is None:
        return pd.Categorical([ALL]).repeat(len(events))
    if isinstance(area, gpd.GeoDataFrame):
        return placing.in_areas(events, area)
    if isinstance(area, Territory):
        return pd.Categorical(placing.by_holder(events, area))
    if not hasattr(area, "__float__"):
        msg = f"area takes a GeoDataFrame, a Territory or degrees, not {type(area).__name__}."
        raise TableError(msg)
    return pd.Categorical(placing.in_squares(events, float(area)))

"""The rules between columns: each finds its problems and leaves the frame alone.

A rule gets a typed frame whose index is the line of each row, and in which a cell that is already known to be wrong is
missing: so a rule says nothing about what it cannot know, and no cell is reported for the mistake of another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from conflictkit.dates import read_text
from conflictkit.schema._cells import as_written
from conflictkit.schema._vocabulary import AREA_METRIC, SINCE_BASELINE
from conflictkit.text import as_writable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    Message = str | Callable[[int], str]
    Problems = Iterator["Problem"]
    Rule = Callable[[pd.DataFrame], Problems]
    RuleBeside = Callable[[pd.DataFrame, pd.DataFrame], Problems]  # the second frame is the other table, typed
    Fill = Callable[[pd.DataFrame, pd.DataFrame], pd.DataFrame]  # the same two frames; the first one comes back filled


# A row's own point may be that of a base outside a town, or of the next town; farther off, one of the two is wrong.
FAR_KM = 25.0


class Problem(NamedTuple):
    """One thing that is wrong: the line of the CSV, the column, the value, and what is wrong with it."""

    row: int
    column: str
    value: str
    problem: str


def flag(cells: pd.Series, where: pd.Series | NDArray[np.bool_], message: Message) -> Problems:
    """Yield a problem for each marked cell; a message that depends on the cell is a function of its position."""
    marked = where if isinstance(where, np.ndarray) else where.to_numpy(dtype=bool, na_value=False)
    for at in map(int, marked.nonzero()[0]):
        told = message if isinstance(message, str) else message(at)
        yield Problem(int(cells.index[at]), str(cells.name), as_writable(as_written(cells.iloc[at])), told)


def point_unless_area(frame: pd.DataFrame) -> Problems:
    """Require a position of every place whose ``where_prec`` is not area, and of no other."""
    area, known = frame.where_prec.eq("area"), frame.where_prec.notna()
    for cells in (frame.latitude, frame.longitude):
        yield from flag(cells, cells.isna() & ~area & known, "empty: only where_prec = area has no position")
        yield from flag(cells, cells.notna() & area, "given, but where_prec = area means that there is no point")


def whole_point(frame: pd.DataFrame) -> Problems:
    """Require latitude and longitude together."""
    for cells, other in ((frame.latitude, frame.longitude), (frame.longitude, frame.latitude)):
        yield from flag(cells, cells.isna() & other.notna(), f"empty, but {other.name} is given")


def whole_distance(frame: pd.DataFrame) -> Problems:
    """Require the place and the kilometres of a reported distance together."""
    place, km = frame.near_place_id, frame.near_km
    yield from flag(place, place.isna() & km.notna(), "empty, but near_km is given")
    yield from flag(km, km.isna() & place.notna(), "empty, but near_place_id is given")


def point_near_its_place(frame: pd.DataFrame, places: pd.DataFrame) -> Problems:
    """Forbid a row's own point that is far from the place it names."""
    from pyproj import Geod

    where = places.drop_duplicates("place_id").set_index("place_id")[["latitude", "longitude"]]
    there = where.reindex(frame.place_id)
    metres = Geod(ellps="WGS84").inv(
        frame.longitude.to_numpy(),
        frame.latitude.to_numpy(),
        there["longitude"].to_numpy(),
        there["latitude"].to_numpy(),
    )[2]
    km = pd.Series(metres, index=frame.index) / 1000
    told = "is {:.0f} km from the point of place {!r}; at most {:g} km can be right"
    yield from flag(frame.latitude, km.gt(FAR_KM), lambda at: told.format(km.iloc[at], frame.place_id.iloc[at], FAR_KM))


def about_a_change(frame: pd.DataFrame, changes: pd.DataFrame) -> Problems:
    """Require of a report that the change it is about stands in the other table, by place and day."""
    there = pd.MultiIndex.from_frame(changes[["place_id", "valid_from"]])
    about = pd.MultiIndex.from_frame(frame[["place_id", "valid_from"]])
    lost = ~about.isin(there) & frame[["place_id", "valid_from"]].notna().all(axis=1).to_numpy()
    told = "is no change of {!r}: a report stands beside a row of control_changes, by place_id and valid_from"
    yield from flag(frame.valid_from, lost, lambda at: told.format(frame.place_id.iloc[at]))


def country_of_place(frame: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Return deployments in which a row that names a place, and no country, is in the country of the place."""
    country = places.drop_duplicates("place_id").set_index("place_id")["country"]
    told = pd.Series(country.reindex(frame["place_id"]).to_numpy(), index=frame.index)
    return frame.assign(host_country=frame["host_country"].fillna(told).astype(frame["host_country"].dtype))


def contested_is_a_state(frame: pd.DataFrame) -> Problems:
    """Require the status contested exactly where the new holder is ``contested``."""
    differs = frame.control_status.eq("contested") ^ frame.to_actor.eq("contested")
    known = frame.control_status.notna() & frame.to_actor.notna()
    yield from flag(
        frame.control_status, differs & known, "but contested goes with to_actor = contested, and only there"
    )


def chain(frame: pd.DataFrame) -> Problems:
    """Require that, by date, a place begins with ``initial`` and each row takes over from the row before.

    The order of the rows in the file is free; where it is not that of the dates, a broken chain says so. A place with
    a date that cannot be read has no order, and is passed over.
    """
    undated = frame.place_id[frame.valid_from.isna()]
    rows = frame[frame.place_id.notna() & ~frame.place_id.isin(undated)]
    rows = rows.sort_values(["place_id", "valid_from"], kind="stable")
    first, initial = rows.place_id.ne(rows.place_id.shift()), rows.event.eq("initial")
    line, before = rows.index.to_series(), rows.to_actor.shift()
    above = line.shift()

    def broken(at: int) -> str:
        order = ", which stands below it: is a date in the wrong order?" if line.iloc[at] < above.iloc[at] else ""
        return f"breaks the chain: by date it follows row {above.iloc[at]:.0f} (to {before.iloc[at]!r}){order}"

    def late(at: int) -> str:
        return f"but row {above.iloc[at]:.0f} of the same place is earlier: is a date in the wrong order?"

    breaks = rows.from_actor.ne(before) & rows.from_actor.notna() & before.notna()
    opening = "but the earliest row of a place is its state at the start: event = initial"
    yield from flag(rows.event, first & ~initial & rows.event.notna(), opening)
    yield from flag(rows.event, ~first & initial, late)
    yield from flag(rows.from_actor, ~first & ~initial & breaks, broken)
    held = initial & rows.from_actor.ne("none") & rows.from_actor.notna()
    yield from flag(rows.from_actor, held, "but event = initial takes over from nobody: from_actor = none")


def no_cycle(frame: pd.DataFrame) -> Problems:
    """Forbid that an actor is its own parent, at any remove."""
    known = frame.dropna(subset=["actor_id", "parent_id"])
    parent = dict(zip(known.actor_id, known.parent_id, strict=True))
    walk_of: dict[str, int] = {}  # the first walk that came by: each actor is walked over once
    circles: set[str] = set()
    for walk, start in enumerate(parent):
        path, step = [], start
        while step in parent and step not in walk_of:
            walk_of[step] = walk
            path.append(step)
            step = parent[step]
        if walk_of.get(step) == walk:  # back on its own path
            circles.update(path[path.index(step) :])
    yield from flag(known.parent_id, known.actor_id.isin(circles), "makes the actor its own ancestor")


def low_best_high(frame: pd.DataFrame) -> Problems:
    """Require ``low <= best <= high``, as far as they are known."""
    prefix = "strength_" if "strength_low" in frame else ""
    ends = [frame[prefix + end] for end in ("low", "best", "high") if prefix + end in frame]
    for i, small in enumerate(ends):
        for large in ends[i + 1 :]:
            yield from flag(small, small.gt(large), f"is larger than {large.name}")


def strength_has_unit(frame: pd.DataFrame) -> Problems:
    """Require a unit where a strength is given."""
    counted = frame[["strength_low", "strength_best", "strength_high"]].notna().any(axis=1)
    yield from flag(frame.unit, counted & frame.unit.isna(), "empty, but a strength is given")


def from_before_to(frame: pd.DataFrame) -> Problems:
    """Require that an interval ends after it begins; it is half open, so both on one day would be empty."""
    yield from flag(frame.valid_to, frame.valid_to.le(frame.valid_from), "is not after valid_from")


def told_after(frame: pd.DataFrame) -> Problems:
    """Require that a figure is about no day after its publication; a month or a year has no day to compare."""
    early = frame.published_date.lt(frame.as_of) & frame.date_prec.eq("day")
    yield from flag(frame.published_date, early, "is before as_of")


def bounds_as_named(frame: pd.DataFrame) -> Problems:
    """Require the numbers that a bound type names, and one side only of a one-sided bound."""
    needs = {"range": ("low", "high"), "point": ("best",), "at_least": ("low",), "at_most": ("high",)}
    forbids = {"at_least": ("best", "high"), "at_most": ("low", "best")}
    for bound, columns in needs.items():
        rows = frame.bound_type.eq(bound)
        for column in columns:
            yield from flag(frame[column], rows & frame[column].isna(), f"empty, but bound_type is {bound}")
        for column in forbids.get(bound, ()):
            yield from flag(frame[column], rows & frame[column].notna(), f"given, but bound_type is {bound}")


def numbers_of_words(frame: pd.DataFrame) -> Problems:
    """Require both numbers of a phrase that has a value, and none of a bound or a noun."""
    valued = frame.kind.isin(["number", "scale", "share", "margin"])
    for cells in (frame.low, frame.high):
        yield from flag(cells, valued & cells.isna(), "empty, but a phrase of this kind has a value")
        yield from flag(cells, frame.kind.notna() & ~valued & cells.notna(), "given, but this kind has no value")


def unit_of_metric(frame: pd.DataFrame) -> Problems:
    """Require the unit that fits what is measured, and at most 100 of a percentage."""
    for metric, units in AREA_METRIC.items():
        differs = frame.metric.eq(metric) & frame.unit.notna() & ~frame.unit.isin(units)
        yield from flag(frame.unit, differs, f"does not fit metric = {metric}: use {' or '.join(units)}")
    for cells in (frame.low, frame.best, frame.high):
        yield from flag(cells, frame.unit.eq("percent") & cells.gt(100), "is more than 100 percent")


def baseline_of_loss(frame: pd.DataFrame) -> Problems:
    """Require a baseline, not later than the figure, exactly where a metric counts from one."""
    since, day = frame.metric.isin(SINCE_BASELINE), frame.baseline_date
    yield from flag(day, since & day.isna(), "empty, but the metric counts from a baseline")
    yield from flag(day, ~since & frame.metric.notna() & day.notna(), "given, but the metric has no baseline")
    yield from flag(day, day.gt(frame.as_of), "is after as_of")


def place_when_scope(frame: pd.DataFrame) -> Problems:
    """Require a place exactly where the scope of a figure is a place."""
    differs = (frame.scope.eq("place") ^ frame.place_id.notna()) & frame.scope.notna()
    yield from flag(frame.place_id, differs, "must be filled exactly where scope = place")


def claim_has_a_day(frame: pd.DataFrame) -> Problems:
    """Require of the day, month or year of a claim that the calendar has it, in an age that can be meant."""
    first = (frame.as_of + "-01-01").str.slice(stop=len("2017-11-03"))
    yield from flag(
        frame.as_of,
        frame.as_of.notna() & first.map(read_text, na_action="ignore").isna(),
        "is not in the calendar, or far off",
    )


def odd_is_flagged(frame: pd.DataFrame) -> Problems:
    """Require that what is odd about an event is said in its flags: it may be kept, not passed over."""
    on_globe = frame.latitude.between(-90, 90) & frame.longitude.between(-180, 180)
    told = "{} and flags does not say {}: correct it, or add the flag"
    for cells, odd, what, name in (
        (frame.event_date, frame.event_date.isna(), "empty,", "undated"),
        (frame.date_end, frame.date_end < frame.event_date, "is before event_date,", "ends_before_start"),
        (frame.latitude, ~on_globe, "is no latitude, or the longitude is none,", "unplaced"),
        (frame.best, frame.best > frame.high, "is larger than high,", "best_above_high"),
        (frame.best, frame.best < frame.low, "is smaller than low,", "best_below_low"),
    ):
        flagged = frame["flags"].str.split(";").map(set(name.split()).issubset, na_action="ignore").eq(other=True)
        yield from flag(cells, odd & ~flagged, told.format(what, name))


def one_row(frame: pd.DataFrame) -> Problems:
    """Require a single row."""
    cells = frame.covers_from
    yield from flag(cells, pd.Series(range(len(frame)), index=frame.index).gt(0), "but this table has one row")


def covers_in_order(frame: pd.DataFrame) -> Problems:
    """Require that the days answered for end after they begin."""
    yield from flag(frame.covers_to, frame.covers_to.lt(frame.covers_from), "is before covers_from")

"""Events as the numbers that a page needs: each with its point, how far off it may be, and between which days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from conflictkit.charts._blurs import FAINT, FULL, PALER, STRENGTH, UNIT_PX
from conflictkit.charts.events import called
from conflictkit.dates import in_words, iso, span_in_words
from conflictkit.errors import TableError, TerritoryError
from conflictkit.events._spread import UNSAID_KM, WHERE_KM, WHERE_WORDS, spread
from conflictkit.events.count import FREQ
from conflictkit.look import mix
from conflictkit.maps._payload import table
from conflictkit.prose import shortened
from conflictkit.ranges import BOUNDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conflictkit.territory import Territory

MOST = 50_000  # events of a page: some 5 MB
UNSAID = "not said"
OF_ACTORS = ("actor1", "actor2", "actor1_id", "actor2_id")
LONG = 80  # letters of the sources of an event


def windows(
    events: pd.DataFrame, territory: Territory, dates: pd.DatetimeIndex | None, freq: str
) -> tuple[pd.DatetimeIndex, pd.Timestamp]:
    """Return the first day of each step, and the day after the last one.

    Raises
    ------
    TerritoryError
        If there is no step: no date, or no event with a day that the territory covers.
    """
    first, last = territory.covers
    if dates is not None:
        if dates.empty:
            msg = "No dates to show. Give one or several days, or leave dates out for every period with events."
            raise TerritoryError(msg)
        return dates, _after(dates[-1], freq)
    days = spread(events)["begin"]
    days = days[days.between(first, last)]
    if days.empty:
        msg = (
            f"No event with a point and a day from {iso(first)} to {iso(last)}, the days of this territory. Give "
            "events of these days, or a territory whose tables cover theirs."
        )
        raise TerritoryError(msg)
    periods = pd.period_range(days.min(), days.max(), freq=FREQ[freq])
    starts = pd.DatetimeIndex([max(day, first) for day in periods.start_time]).as_unit("us")
    return starts, _after(starts[-1], freq)


def _after(day: pd.Timestamp, freq: str) -> pd.Timestamp:
    """Return the day after the period of a day."""
    return day.to_period(FREQ[freq]).end_time.normalize() + pd.Timedelta(days=1)


def spans(days: pd.DatetimeIndex, until: pd.Timestamp) -> list[str]:
    """Return each step in words: a whole month by its name."""
    ends = [*days[1:], until]
    return [_span(day, end - pd.Timedelta(days=1)) for day, end in zip(days, ends, strict=True)]


def _span(first: pd.Timestamp, last: pd.Timestamp) -> str:
    if first == last:
        return span_in_words([first])
    for precision in ("month", "year"):
        whole = first.to_period(precision[0].upper())
        if first == whole.start_time and last == whole.end_time.normalize():
            return in_words(first, precision=precision)
    return span_in_words([first, last])


def marked(events: pd.DataFrame, days: pd.DatetimeIndex, until: pd.Timestamp) -> pd.DataFrame:
    """Return where and when events may have happened, of those that can lie in a step; raise if they are too many."""
    found = spread(events)
    found = found[(found["last"] >= days[0]) & (found["first"] < until)]
    if len(found) > MOST:
        msg = (
            f"{len(found):,} events, and a page holds {MOST:,}: give fewer dates or rows, or count them by area and "
            "time with count_events()."
        )
        raise TableError(msg)
    return found


def blur_data(
    events: pd.DataFrame,
    marks: pd.DataFrame,
    days: pd.DatetimeIndex,
    until: pd.Timestamp,
    *,
    by: str,
    note: str,
    names: Mapping[str, str],
) -> dict[str, Any]:
    """Return what the page needs of events: one row each, words once, the steps, the key."""
    rows = events.iloc[marks.index]
    kind_of = _words(rows, by).replace("", UNSAID)
    counts = (
        kind_of.value_counts().rename_axis("kind").reset_index().sort_values(["count", "kind"], ascending=[False, True])
    )
    kinds = counts["kind"].tolist()
    texts = {name: _words(rows, name) for name in ("sub_event_type", "actor1", "actor2", "location")}
    texts["source"] = _words(rows, "source").map(_distinct)
    words = pd.Index(pd.concat([*texts.values(), pd.Series([""])]).unique())
    number = {name: words.get_indexer(pd.Index(text)).tolist() for name, text in texts.items()}
    since = {name: ((marks[name] - days[0]) // pd.Timedelta(days=1)).tolist() for name in ("begin", "first", "last")}
    dead = {name: [None if np.isnan(x) else x for x in rows[name].astype(float).tolist()] for name in BOUNDS}
    kms = {**WHERE_KM, "": UNSAID_KM}
    return {
        "rows": table(
            id=_words(rows, "event_id"),
            longitude=rows["longitude"].round(3).tolist(),
            latitude=rows["latitude"].round(3).tolist(),
            km=marks["km"].tolist(),
            kind=pd.Index(kinds).get_indexer(pd.Index(kind_of)).tolist(),
            **since,
            **dead,
            what=number["sub_event_type"],
            one=number["actor1"],
            other=number["actor2"],
            where=number["location"],
            source=number["source"],
        ),
        "words": words.tolist(),
        "kinds": [names.get(kind, kind) for kind in kinds],
        "kind_name": called(by),
        "of_actors": by in OF_ACTORS,
        "ink": {"pixels": UNIT_PX, "strength": STRENGTH, "faint": FAINT, "full": FULL},
        "edges": [*((days - days[0]) // pd.Timedelta(days=1)).tolist(), (until - days[0]).days],
        "spans": spans(days, until),
        "blurs": [
            {"km": kms[name], "name": text} for name, text in WHERE_WORDS.items() if kms[name] in set(marks["km"])
        ],
        "note": note,
    }


def _distinct(cell: str) -> str:
    """Return the sources of an event, each once; an address as it is."""
    parts = [cell] if cell.startswith("http") else list(dict.fromkeys(part.strip() for part in cell.split(";")))
    said = ", ".join(filter(None, parts))
    return said if cell.startswith("http") else shortened(said, LONG)


def paled(data: dict[str, Any]) -> dict[str, Any]:
    """Return what every page has, its land in paler colours, so that ink is seen on all of them."""
    columns, actors = data["actors"]["columns"], data["actors"]["rows"]
    pale = {columns.index(name) for name in ("color", "tint", "line")}
    rows = [[mix(cell, "#FFFFFF", PALER) if at in pale else cell for at, cell in enumerate(row)] for row in actors]
    for row in rows:
        row[columns.index("dark")] = False  # none is, once it is paler
    return data | {"actors": {"columns": columns, "rows": rows}}


def _words(events: pd.DataFrame, name: str) -> pd.Series:
    """Return a column as text, empty where it says nothing or is not there."""
    if name not in events:
        return pd.Series("", index=events.index, dtype="str")
    return events[name].astype("str").fillna("")

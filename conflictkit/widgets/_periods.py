"""The times and places at which published figures differ most, or of which there are most: from the rows themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from conflictkit.dates import in_words
from conflictkit.estimates._figures import everybody
from conflictkit.prose import counted, number
from conflictkit.ranges import BOUNDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conflictkit.tables import Tables

FEWEST, TIMES, PLACES = 4, 4, 10  # figures of half a year to speak of a spread; of each kind, as many as a list shows
ANYWHERE = ""  # of any countries, single places apart


class Period(NamedTuple):
    """A time, and where: an id of a place, or any countries."""

    words: str
    start: pd.Timestamp
    end: pd.Timestamp
    scope: str


def periods_of(tables: Tables, quantity: str, actor_id: str) -> list[Period]:
    """Return the half years in which figures are farthest apart, the largest factor first, then places by figures."""
    rows = everybody(tables.fighter_estimates)
    rows = rows[rows["quantity"].eq(quantity) & rows["actor_id"].eq(actor_id)]
    names = dict(zip(tables.places["place_id"], tables.places["name"], strict=True))
    widest = sorted(_half_years(rows[rows["scope"].ne("place")]), key=lambda pair: -pair[0])[:TIMES]
    most = sorted(_sites(rows, names), key=lambda pair: (-pair[0], pair[1].words))[:PLACES]
    return [period for _, period in (*widest, *most)]


def _half_years(rows: pd.DataFrame) -> Iterator[tuple[float, Period]]:
    """Yield each half year with enough figures, and how many times the largest is the smallest."""
    days = rows["as_of"].dt
    starts = pd.to_datetime({"year": days.year, "month": days.quarter.gt(2) * 6 + 1, "day": 1})
    for first, group in rows.groupby(starts):
        low, high = _ends(group)
        if len(group) >= FEWEST and low > 0:
            start = pd.Timestamp(str(first))
            name = f"{'early' if start.month == 1 else 'late'} {start.year}"
            words = f"{name}: {counted(len(group), 'figure')}, {number(low)} to {number(high)}"
            yield high / low, Period(words, start, start + pd.offsets.MonthEnd(6), ANYWHERE)


def _sites(rows: pd.DataFrame, names: dict[str, str]) -> Iterator[tuple[int, Period]]:
    """Yield the time of each place's figures, and how many they are."""
    for place, group in rows.dropna(subset=["place_id"]).groupby("place_id"):
        first, last = group["as_of"].min(), group["as_of"].max()
        months = dict.fromkeys(in_words(day, precision="month", short=True) for day in (first, last))
        words = f"{names.get(str(place), place)}, {' to '.join(months)}: {counted(len(group), 'figure')}"
        yield len(group), Period(words, first, last, str(place))


def _ends(rows: pd.DataFrame) -> tuple[float, float]:
    """Return the smallest and the largest number of some figures."""
    values = rows[list(BOUNDS)]
    return float(values.min().min()), float(values.max().max())

"""The times and places at which published figures differ most, or of which there are most: from the rows themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from conflictkit.dates import in_words
from conflictkit.estimates._figures import everybody
from conflictkit.prose import counted, number
from conflictkit.ranges import BOUNDS

if TYPE_CHECKING:
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
    half = rows["as_of"].dt.year.astype(str) + rows["as_of"].dt.month.gt(6).map({False: "early", True: "late"})
    times = []
    for _, group in rows[rows["scope"].ne("place")].groupby(half):
        low, high = _ends(group)
        if len(group) >= FEWEST and low > 0:
            first = group["as_of"].iloc[0]
            late = first.month > 6  # noqa: PLR2004 - June
            name = f"{'late' if late else 'early'} {first.year}"
            start = pd.Timestamp(first.year, 7 if late else 1, 1)
            end = start + pd.offsets.MonthEnd(6)
            words = f"{name}: {counted(len(group), 'figure')}, {number(low)} to {number(high)}"
            times.append((high / low, Period(words, start, end, ANYWHERE)))
    names = dict(zip(tables.places["place_id"], tables.places["name"], strict=True))
    sites = []
    for place, group in rows.dropna(subset=["place_id"]).groupby("place_id"):
        first, last = group["as_of"].min(), group["as_of"].max()
        span = in_words(first, precision="month", short=True)
        span += (
            ""
            if first.to_period("M") == last.to_period("M")
            else f" to {in_words(last, precision='month', short=True)}"
        )
        words = f"{names.get(str(place), place)}, {span}: {counted(len(group), 'figure')}"
        sites.append((len(group), Period(words, first, last, str(place))))
    widest = sorted(times, key=lambda pair: -pair[0])[:TIMES]
    most = sorted(sites, key=lambda pair: (-pair[0], pair[1].words))[:PLACES]
    return [period for _, period in (*widest, *most)]


def _ends(rows: pd.DataFrame) -> tuple[float, float]:
    """Return the smallest and the largest number of some figures."""
    values = rows[list(BOUNDS)]
    return float(values.min().min()), float(values.max().max())

"""The map of events over time, over the land of each date."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from conflictkit.charts._blurs import INK_WORDS, plot_blurs
from conflictkit.charts._layout import png
from conflictkit.charts._recorded import recorded
from conflictkit.charts.events import credited, data_sets
from conflictkit.dates import span_in_words, to_day, to_days
from conflictkit.errors import known, need
from conflictkit.events._spread import left_out
from conflictkit.events.count import FREQ
from conflictkit.evidence._rows import behind, together
from conflictkit.look import palette
from conflictkit.maps._blurs import blur_data, marked, paled, spans, windows
from conflictkit.maps._kitmap import KitMap
from conflictkit.maps._subject import caption, rows_of, scope_in_words, step_of, subject
from conflictkit.prose import counted, listed
from conflictkit.ranges import BOUNDS

if TYPE_CHECKING:
    import folium
    import pandas as pd

    from conflictkit.dates import DateLike, DatesLike
    from conflictkit.territory import Level, Territory


@recorded
def map_events(
    territory: Territory,
    events: pd.DataFrame,
    dates: DatesLike | None = None,
    *,
    by: str = "event_type",
    freq: str = "MS",
    start: DateLike | None = None,
    level: Level = "claimed",
    tiles: str | folium.TileLayer | None = None,
) -> KitMap:
    """Return a map of what happened where, over who held what, with a slider over dates, that needs no network.

    Parameters
    ----------
    territory
        The model, of places or of drawings.
    events
        Rows like those of ``read_events``.
    dates
        First days of the steps of the slider: each shows the events up to the next one, the last those of its `freq`.
        None for every period from the first event to the last that the territory covers.
    by
        A column whose values the reader can show and hide, such as ``event_type`` or ``actor1_id``.
    freq
        ``"D"``, ``"W"``, ``"MS"``, ``"QS"`` or ``"YS"``: the length of a step.
    start
        The day shown first; by default the step in which most events begin.
    level, tiles
        As in ``map_territory``.

    Returns
    -------
    folium.Map
        The map of ``map_territory``, its land paler and as on the first day of the step, with the events on it as
        blurs; how many of each kind, and their dead; a popup with every event of a point.

    Raises
    ------
    TableError
        If there is no row, a column is missing, or there are more than 50,000 events to show.
    DateError, UnknownNameError
        If a date cannot be read, or `level` or `freq` is none of these.
    TerritoryError
        If there is no date, or no event of a day that the territory covers.

    Notes
    -----
    Every event has the same ink, spread over where and when it may have happened: sharp at an exact place, blurred over
    25 km where it is near one and over 35 km where only the district is known; an event of several steps, or of a month
    or year of which the day is not known, is paler in each. Counted is an event in the step in which it begins, as in
    ``count_events``. Not drawn, and counted in the caption, is what has no point or day, or stands for a governorate or
    more. An event says nothing of who holds the place.

    Examples
    --------
    >>> import pandas as pd
    >>> from conflictkit import Territory, map_events
    >>> events = pd.DataFrame({
    ...     "event_date": pd.to_datetime(["2017-10-03", "2017-11-03"]), "latitude": 34.4, "longitude": 40.9,
    ...     "low": [1, 2], "best": [2, 2], "high": [4, 3], "event_type": ["battle", "air strike"],
    ... })
    >>> map_events(Territory.from_places(), events).title
    'Events and control of Iraq and Syria, October 2017 to November 2017'
    """
    need(events, ["event_date", "latitude", "longitude", *BOUNDS, by], what="map_events", like="read_events")
    known("freq", freq, FREQ)
    rows = events.reset_index(drop=True)
    days, until = windows(rows, territory, None if dates is None else to_days(dates), freq)
    marks = marked(rows, days, until)
    begun = np.bincount(days.searchsorted(marks["begin"], side="right"), minlength=len(days) + 1)[1:]
    first = step_of(days, days[int(begun.argmax())] if start is None else to_day(start))
    told = _not_drawn(rows, marks)
    data = paled(subject(territory, days, level=level))
    steps = spans(days, until)
    blurs = blur_data(rows, marks, days, until, by=by, note=f"{INK_WORDS} {told}", names=_names(territory, by))
    ends = [*days[1:], until]
    what = f"control of {scope_in_words(territory)}" if territory.has_places else "land drawn"
    when = steps[0] if len(steps) == 1 else f"{steps[0]} to {steps[-1]}" if _whole(steps) else span_in_words(days)
    sets = data_sets(rows)
    whose = f"Events of {listed(sets)}, as the data set counts them." if sets else ""
    drawn = rows[rows.index.isin(marks.index)]
    pages = credited(drawn)
    land = caption(territory, data["error_km2"], evidence=pages["source_id"], dots=False)
    return KitMap(
        data | {"start": first, "blurs": blurs},
        title=f"Events and {what}, {when}",
        caption=" ".join(filter(None, [whose, INK_WORDS, told, "Land:", land])),
        draw=partial(
            png,
            plot_blurs,
            territory,
            days[first],
            marks.join(rows[["longitude", "latitude"]]),
            ends[first],
            rows=pages,
            when=steps[first],
            told=" ".join(filter(None, [whose, told])),
        ),
        rows=lambda: together([rows_of(territory, days), behind(drawn, "events", "event")]),
        tables=territory.tables,
        tiles=tiles,
    )


def _names(territory: Territory, by: str) -> dict[str, str]:
    """Return the names of actors, where events are told apart by their ids."""
    return (
        {actor: paint.short for actor, paint in palette(territory.tables.actors).items()} if by.endswith("_id") else {}
    )


def _whole(steps: list[str]) -> bool:
    """Whether the first and the last step have a name of their own, such as that of a month."""
    return all(" to " not in step for step in (steps[0], steps[-1]))


def _not_drawn(events: pd.DataFrame, marks: pd.DataFrame) -> str:
    """Return how many events are not on the map, and why."""
    reasons = left_out(events)
    reasons["on other days"] = len(events) - len(marks) - sum(reasons.values())
    said = [f"{count:,} {why}" for why, count in reasons.items() if count]
    known_best = events.loc[marks.index, list(BOUNDS)].astype(float)
    odd = int(((known_best["best"] < known_best["low"]) | (known_best["best"] > known_best["high"])).sum())
    outside = (
        f" In {counted(odd, 'event')} the best figure of deaths lies outside low to high, as in the file."
        if odd
        else ""
    )
    drawn = f"{counted(len(marks), 'event')} drawn"
    return f"{drawn}; not drawn: {listed(said)}.{outside}" if said else f"{drawn}.{outside}"

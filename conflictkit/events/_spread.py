"""Where and when each event may have happened: how far off its point is, and from which day to which."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conflictkit.events._placing import TOO_WIDE_FOR_LAND, placed

if TYPE_CHECKING:
    from numpy.typing import NDArray

# How far off the point of an event may be, in km. UCDP calls near what lies within 25 km of its point; a district of
# Iraq or Syria is as large as a disc of 31 to 37 km; the point of a town is a km or two from its edge.
WHERE_KM = {"exact": 2.0, "near": 25.0, "admin2": 35.0}
UNSAID_KM = 10.0  # where the data set does not say
WHERE_WORDS = {
    "exact": "at the place",
    "near": "within 25 km of the point",
    "admin2": "somewhere in the district, some 35 km around the point",
    "": "position of unknown precision, drawn as 10 km",
}
PERIOD = {"month": "M", "year": "Y"}
A_WEEK = pd.Timedelta(days=6)  # from its first day to its last


def spread(events: pd.DataFrame) -> pd.DataFrame:
    """Return where and when events may have happened, one row per event that has a point and a day.

    Parameters
    ----------
    events
        Rows like those of ``read_events``.

    Returns
    -------
    pandas.DataFrame
        By the index of a frame counted from 0: ``km``, ``where`` (precision, empty where nothing is said), ``begin``
        (its first day in the file), ``first``, ``last`` (days between which it lies).
    """
    rows = np.flatnonzero(placed(events, TOO_WIDE_FOR_LAND) & events["event_date"].notna().to_numpy())
    found = events.iloc[rows]
    where = _words(found, "where_prec")
    begin = found["event_date"].to_numpy()
    end = found["date_end"].to_numpy() if "date_end" in found else begin
    made = pd.DataFrame({"where": where, "begin": begin, "first": begin, "last": np.fmax(end, begin)}, index=rows)
    made["km"] = made["where"].map(WHERE_KM).fillna(UNSAID_KM)
    precision = _words(found, "date_prec")
    made["last"] = made["last"].mask(precision == "week", np.fmax(made["last"], made["first"] + A_WEEK))
    for name, period in PERIOD.items():
        wide = precision == name
        made.loc[wide, "first"] = made.loc[wide, "first"].dt.to_period(period).dt.start_time
        made.loc[wide, "last"] = made.loc[wide, "last"].dt.to_period(period).dt.end_time.dt.normalize()
    return made


def left_out(events: pd.DataFrame) -> dict[str, int]:
    """Return how many events have no place on a map of days, by why: each counts once."""
    on_globe = placed(events, ())
    wide = on_globe & ~placed(events, TOO_WIDE_FOR_LAND)
    undated = events["event_date"].isna().to_numpy() & on_globe & ~wide
    return {
        "without a point": int((~on_globe).sum()),
        "known by governorate or wider": int(wide.sum()),
        "without a day": int(undated.sum()),
    }


def _words(events: pd.DataFrame, name: str) -> NDArray[np.object_]:
    """Return a column as words, empty where it says nothing or is not there."""
    if name not in events:
        return np.full(len(events), "", dtype=object)
    return events[name].astype(object).where(events[name].notna(), "").to_numpy(dtype=object)

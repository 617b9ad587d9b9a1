"""ACLED: exports since 2016 in capitals, with data_id, from the API, with ``inter`` as text; not its monthly counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from conflictkit.errors import TableError
from conflictkit.readers._layout import Cells, Found, Head, Layout, any_day

if TYPE_CHECKING:
    from collections.abc import Iterable

KEYS = {"event_date", "event_type", "actor1", "fatalities"}
COUNTS = {"events", "fatalities"}  # beside a month, a year or a week: what is counted, not an event
PERIODS = {"month", "year", "week", "month_year"}
WHERE = {"1": "exact", "2": "near", "3": "admin1"}
WHEN = {"1": "day", "2": "week", "3": "month"}


def recognise(head: Head) -> Found | None:
    """Return what a file of ACLED says of itself; raise for counts by month, which are no events."""
    columns = {cell for cell in head.lower if cell}
    if columns >= KEYS and columns & {"event_id_cnty", "event_id_no_cnty", "data_id"}:
        return Found(_version(head, columns), f"columns {', '.join(sorted(KEYS))} and an id of ACLED")
    if columns >= COUNTS and columns & PERIODS and "event_date" not in columns:
        msg = (
            f"{head.name}: these are counts by {', '.join(sorted(columns & PERIODS))}, not events (columns "
            f"{', '.join(head.first)}). Read them with pandas and compare them with count_events(); for events take "
            "the event export of ACLED, one row an event with event_id_cnty and event_date."
        )
        raise TableError(msg)
    return None


def _version(head: Head, columns: Iterable[str]) -> str:
    """Return which of its layouts a file has: ACLED does not number them."""
    if "EVENT_ID_CNTY" in head.first:
        return "2016, names in capitals"
    if "data_id" in columns:
        return "with data_id"
    if "inter1" in head.lower and len(head.second) == len(head.first):
        inter = head.second[head.lower.index("inter1")].strip()
        return "2024 or later, inter as text" if inter and not inter.isdigit() else "API, inter as numbers"
    return "API"


def slashed_or_any(cell: str) -> pd.Timestamp | None:
    """Return the day of a date of ACLED: where it writes slashes, the day comes first."""
    parts = cell.split("/")
    if len(parts) != 3 or not all(part.isdigit() for part in parts):  # noqa: PLR2004 - day, month, year
        return any_day(cell)
    try:
        day, month, year = map(int, parts)
        return pd.Timestamp(year, month, day) if year > 1900 else None  # noqa: PLR2004 - two figures are no year
    except ValueError:
        return None


def convert(cells: Cells) -> dict[str, pd.Series]:
    """Return the columns of the table of events; one figure of deaths is its own low and high."""
    deaths = cells.number("fatalities")
    day = cells.day("event_date", read=slashed_or_any)
    return {
        "event_id": cells.text("event_id_cnty", "data_id", "event_id_no_cnty"),
        "event_date": day,
        "date_end": day,
        "date_prec": cells.words("time_precision", of=WHEN),
        "event_type": cells.text("event_type"),
        "sub_event_type": cells.text("sub_event_type"),
        "actor1": cells.text("actor1"),
        "actor2": cells.text("actor2"),
        "low": deaths,
        "best": deaths,
        "high": deaths,
        "country": cells.text("country"),
        "admin1": cells.text("admin1"),
        "admin2": cells.text("admin2"),
        "location": cells.text("location"),
        "latitude": cells.number("latitude"),
        "longitude": cells.number("longitude"),
        "where_prec": cells.words("geo_precision", "geo_precis", of=WHERE),
        "source": cells.text("source"),
        "notes": cells.text("notes"),
        "composite": cells.text("assoc_actor_1", "ally_actor_1").notna()
        | cells.text("assoc_actor_2", "ally_actor_2").notna(),
    }


USES = (
    *("event_id_cnty", "data_id", "event_id_no_cnty", "event_date", "time_precision", "event_type", "sub_event_type"),
    *("actor1", "actor2", "assoc_actor_1", "assoc_actor_2", "ally_actor_1", "ally_actor_2", "fatalities", "country"),
    *("admin1", "admin2", "location", "latitude", "longitude", "geo_precision", "geo_precis", "source", "notes"),
)
LAYOUT = Layout("acled", "ACLED", recognise, USES, convert)

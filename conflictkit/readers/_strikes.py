"""The Dutch release of air strikes in Iraq and Syria: semicolons, decimal commas, no ids, rows that repeat for real."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from conflictkit.readers._layout import Cells, Found, Head, Layout, each

if TYPE_CHECKING:
    from collections.abc import Iterable

DAY = re.compile(r"(\d{1,2})-([A-Za-z]{3})-(\d{2})")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DUTCH = {"mrt": 3, "mei": 5, "okt": 10}
MISSION = {"CAS": "close air support", "AI": "air interdiction"}
KEYS = ("employment date", "position mgrs", "position lat", "position long", "mission")


def recognise(head: Head) -> Found | None:
    """Return what was found of the columns of the release."""
    columns = [_plain(cell) for cell in head.first]
    if not set(columns) >= set(KEYS):
        return None
    return Found("2014-2018", f"columns {', '.join(KEYS)}, parted by {head.separator!r}", decimal=",")


def _plain(name: str) -> str:
    """Return the name of a column without its marking: ``Mission (UNCLASS)``."""
    return re.sub(r"\(.*?\)", "", name).strip().lower()


def day(cell: str) -> pd.Timestamp | None:
    """Return the day of 7-Oct-14 or 4-jul-15, of this century."""
    match = DAY.fullmatch(cell)
    if match is None:
        return None
    name = match[2].lower()
    month = DUTCH.get(name) or (MONTHS.index(name) + 1 if name in MONTHS else 0)
    try:
        return pd.Timestamp(2000 + int(match[3]), month, int(match[1]))
    except ValueError:
        return None


def convert(cells: Cells) -> dict[str, pd.Series]:
    """Return the columns of the table of events; nobody struck is named, no dead are counted."""
    cells = cells.renamed(_plain)
    date = cells.day("employment date", read=day)
    begin, end, grid = (cells.text(name).fillna("?") for name in ("time begin", "time end", "position mgrs"))
    comment = cells.text("comment").fillna("")
    return {
        "event_date": date,
        "date_end": date,
        "date_prec": cells.same("day").where(date.notna()),
        "event_type": cells.same("air strike"),
        "sub_event_type": each(
            cells.raw("mission"), lambda cell: MISSION.get(cell.strip().upper(), cell.strip() or None)
        ).astype("str"),
        "actor1": cells.same("Netherlands"),
        "country": _known(cells.text("country")),
        "admin1": _known(cells.text("province")),
        "location": _known(cells.text("town")),
        "latitude": cells.number("position lat"),
        "longitude": cells.number("position long"),
        "where_prec": cells.same("exact"),
        "source": cells.same("Netherlands Ministry of Defence"),
        "notes": (begin + "-" + end + " UTC, MGRS " + grid + "; " + comment).str.rstrip("; "),
    }


def _known(text: pd.Series, absent: Iterable[str] = ("ND",)) -> pd.Series:
    """Return text, missing where the release says that there are no data."""
    return text.mask(text.isin(list(absent)))


LAYOUT = Layout("strikes", "Netherlands Ministry of Defence, air strikes", recognise, None, convert, repeats=())

"""Events of an own layout: a column of the file for each column of the table that it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conflictkit.errors import TableError, known, nearest
from conflictkit.readers._layout import COLUMNS, DAYS, NUMBERS, Cells, Found, Head, Layout
from conflictkit.readers._layout import any_day as read_day
from conflictkit.schema import EVENT_DATE_PREC, EVENT_WHERE_PREC

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

OWN = frozenset(COLUMNS) - {"flags"}
WORDS = {"date_prec": EVENT_DATE_PREC, "where_prec": EVENT_WHERE_PREC}


def layout_of(columns: Mapping[str, str] | None) -> Layout:
    """Return the layout in which columns of the file stand for columns of the table; by their own names without."""
    for name in columns or ():
        known("column of the table of events", name, sorted(OWN))
    named = {ours: theirs.strip().lower() for ours, theirs in (columns or {}).items()}

    def recognise(head: Head) -> Found | None:
        """Return whether the columns are there; raise for a mapping that names others."""
        if columns is None:
            shared = sorted(OWN & set(head.lower))
            whole = "event_date" in shared and len(shared) > 1
            return Found("", f"columns of the table of events: {', '.join(shared)}") if whole else None
        for ours, theirs in columns.items():
            if theirs.strip().lower() not in head.lower:
                msg = (
                    f"{head.name}: no column {theirs!r} (for {ours}); columns: {', '.join(head.first)}."
                    f"{nearest(theirs, head.first)}"
                )
                raise TableError(msg)
        told = f"columns as told: {', '.join(f'{ours} from {theirs}' for ours, theirs in columns.items())}"
        return Found("", told, decimal="," if head.separator == ";" else ".")

    def convert(cells: Cells) -> dict[str, pd.Series]:
        """Return the columns that the file has."""
        found = named or {name: name for name in OWN if name in cells.frame}
        made = {ours: _column(cells, ours, theirs) for ours, theirs in found.items()}
        day = made.get("event_date", cells.day("", read=read_day))
        return {"date_end": day, "date_prec": cells.same("day").where(day.notna()), **made}

    return Layout("own", "own", recognise, None if columns is None else tuple(named.values()), convert)


def _column(cells: Cells, ours: str, theirs: str) -> pd.Series:
    """Return one column of the table."""
    if ours in DAYS:
        return cells.day(theirs, read=read_day)
    if ours in NUMBERS:
        return cells.number(theirs)
    text = cells.text(theirs)
    return text.where(text.isin(WORDS[ours])) if ours in WORDS else text

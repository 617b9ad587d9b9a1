"""UCDP GED: the global file of each year, the Syria release, the copies on HDX, candidate files without header."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conflictkit.readers._layout import Cells, Found, Head, Layout, iso_day, version_in

if TYPE_CHECKING:
    import pandas as pd

KEYS = {"id", "type_of_violence", "side_a", "side_b", "date_start", "date_end", "best", "where_prec"}
NEWEST = (26, 1)  # the last version whose columns were looked at
VIOLENCE = {"1": "state-based conflict", "2": "non-state conflict", "3": "one-sided violence"}
WHERE = {"1": "exact", "2": "near", "3": "admin2", "4": "admin1", "5": "region", "6": "country", "7": "international"}
WHEN = {"1": "day", "2": "days", "3": "week", "4": "month", "5": "year"}
VERSION = r"(?:ged\D{0,10}|^v|_v)(\d{2})[._]?(\d)(?!\d)"

# Columns of files without header, by how many there are.
CANDIDATE = (
    *("id", "relid", "year", "active_year", "code_status", "type_of_violence", "conflict_dset_id"),
    *("conflict_new_id", "conflict_name", "dyad_dset_id", "dyad_new_id", "dyad_name", "side_a_dset_id"),
    *("side_a_new_id", "side_a", "side_b_dset_id", "side_b_new_id", "side_b", "number_of_sources", "source_article"),
    *("source_office", "source_date", "source_headline", "source_original", "where_prec", "where_coordinates"),
    *("where_description", "adm_1", "adm_2", "latitude", "longitude", "geom_wkt", "priogrid_gid", "country"),
    *("country_id", "region", "event_clarity", "date_prec", "date_start", "date_end", "deaths_a", "deaths_b"),
    *("deaths_civilians", "deaths_unknown", "best", "high", "low", "gwnoa", "gwnob"),
)
POINT_AT = CANDIDATE.index("geom_wkt")


def recognise(head: Head) -> Found | None:
    """Return what a file of UCDP says of itself."""
    version = version_in(head.name, VERSION)
    columns = [cell for cell in head.lower if cell]
    if set(columns) >= KEYS:
        hxl = ", a row of HXL tags" if any(cell.startswith("#") for cell in head.second) else ""
        told = f"columns {', '.join(sorted(KEYS))} among {len(columns)}{hxl}"
        return Found(version or f"of {len(columns)} columns", told, notice=_notice(version))
    headless = len(head.first) == len(CANDIDATE) and head.first[0].strip().isdigit()
    if headless and re.match(r"POINT ?\(", head.first[POINT_AT].strip()):
        told = f"no header; {len(CANDIDATE)} cells in the order of the candidate files, a point in cell {POINT_AT + 1}"
        return Found(version or "candidate", told, names=CANDIDATE)
    return None


def _notice(version: str) -> str:
    """Return what to say of a version that came after this reader."""
    if not version or tuple(map(int, version.split("."))) <= NEWEST:
        return ""
    newest = ".".join(map(str, NEWEST))
    return f"UCDP GED {version} is newer than {newest}, the last one looked at: its columns are read by name"


def convert(cells: Cells) -> dict[str, pd.Series]:
    """Return the columns of the table of events."""
    return {
        "event_id": cells.text("id"),
        "event_date": cells.day("date_start", read=iso_day),
        "date_end": cells.day("date_end", read=iso_day),
        "date_prec": cells.words("date_prec", of=WHEN),
        "event_type": cells.words("type_of_violence", of=VIOLENCE),
        "sub_event_type": cells.text("conflict_name"),
        "actor1": cells.text("side_a"),
        "actor2": cells.text("side_b"),
        "low": cells.number("low"),
        "best": cells.number("best"),
        "high": cells.number("high"),
        "country": cells.text("country"),
        "admin1": cells.text("adm_1"),
        "admin2": cells.text("adm_2"),
        "location": cells.text("where_coordinates"),
        "latitude": cells.number("latitude"),
        "longitude": cells.number("longitude"),
        "where_prec": cells.words("where_prec", of=WHERE),
        "source": cells.text("source_office"),
        "notes": cells.text("where_description"),
    }


USES = (
    *("id", "type_of_violence", "conflict_name", "side_a", "side_b"),
    *("date_start", "date_end", "date_prec", "low", "best", "high", "country"),
    *("adm_1", "adm_2", "where_coordinates", "where_description", "where_prec", "latitude", "longitude"),
    "source_office",
)
NUMERIC = frozenset({"type_of_violence", "date_prec", "low", "best", "high", "where_prec", "latitude", "longitude"})
CODES = ("side_a_new_id", "side_b_new_id")
LAYOUT = Layout("ucdp", "UCDP GED", recognise, USES, convert, numeric=NUMERIC, codes=CODES)

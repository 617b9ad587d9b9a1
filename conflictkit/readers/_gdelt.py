"""GDELT events: 58 columns in version 1.0, 61 in 2.0, without header; codes stay text, or their zeros are lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conflictkit.errors import TableError
from conflictkit.readers._layout import Cells, Found, Head, Layout, each, packed_day

if TYPE_CHECKING:
    import pandas as pd

_ACTOR = (
    *("code", "name", "countrycode", "knowngroupcode", "ethniccode", "religion1code", "religion2code", "type1code"),
    *("type2code", "type3code"),
)
_PLACE_1 = ("type", "fullname", "countrycode", "adm1code", "lat", "long", "featureid")
_PLACE_2 = ("type", "fullname", "countrycode", "adm1code", "adm2code", "lat", "long", "featureid")


def _names(place: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of the columns in order, in small letters."""
    return (
        *("globaleventid", "sqldate", "monthyear", "year", "fractiondate"),
        *(f"actor{number}{part}" for number in (1, 2) for part in _ACTOR),
        *("isrootevent", "eventcode", "eventbasecode", "eventrootcode", "quadclass", "goldsteinscale"),
        *("nummentions", "numsources", "numarticles", "avgtone"),
        *(f"{whose}geo_{part}" for whose in ("actor1", "actor2", "action") for part in place),
        *("dateadded", "sourceurl"),
    )


NAMES = {58: ("1.0", _names(_PLACE_1)), 61: ("2.0", _names(_PLACE_2))}
NO_EVENTS = {16: "mentions", 27: "the knowledge graph"}
# A city is the point of its name, found in the text: near, never exact.
WHERE = {"1": "country", "2": "admin1", "3": "near", "4": "near", "5": "admin1"}


def recognise(head: Head) -> Found | None:
    """Return which version a file of GDELT has; raise for its other files."""
    count = len(head.first)
    if head.separator != "\t" or not head.first[0].strip().isdigit():
        return None
    if count in NO_EVENTS:
        msg = (
            f"{head.name}: {count} columns without header are {NO_EVENTS[count]} of GDELT, not its events. Take the "
            "file whose name ends in .export.CSV (58 or 61 columns)."
        )
        raise TableError(msg)
    if count not in NAMES:
        return None
    version, names = NAMES[count]
    return Found(version, f"no header, {count} cells parted by tabs", names=names)


def convert(cells: Cells) -> dict[str, pd.Series]:
    """Return the columns of the table of events; country codes are FIPS, so that names are read instead."""
    place, day = cells.raw("actiongeo_fullname"), cells.day("sqldate", read=packed_day)
    return {
        "event_id": cells.text("globaleventid"),
        "event_date": day,
        "date_end": day,
        "date_prec": each(cells.raw("sqldate"), lambda cell: "day" if cell.strip() else None).astype("str"),
        "event_type": cells.text("eventrootcode"),
        "sub_event_type": cells.text("eventcode"),
        "actor1": cells.text("actor1name"),
        "actor2": cells.text("actor2name"),
        "country": each(place, lambda cell: cell.rpartition(",")[2].strip() or None).astype("str"),
        "admin1": each(place, _middle).astype("str"),
        "location": cells.text("actiongeo_fullname"),
        "latitude": cells.number("actiongeo_lat"),
        "longitude": cells.number("actiongeo_long"),
        "where_prec": cells.words("actiongeo_type", of=WHERE),
        "source": cells.text("sourceurl"),
    }


def _middle(cell: str) -> str | None:
    """Return the part of a name before the country, where it has one beside the place."""
    parts = [part.strip() for part in cell.split(",")]
    return parts[-2] if len(parts) > 2 and parts[-2] else None  # noqa: PLR2004 - place, region, country


USES = (
    *("globaleventid", "sqldate", "actor1name", "actor2name", "eventcode", "eventrootcode", "actiongeo_type"),
    *("actiongeo_fullname", "actiongeo_lat", "actiongeo_long", "sourceurl"),
)
REPEATS = (
    *("event_date", "latitude", "longitude", "actor1", "actor2", "sub_event_type", "source"),
    "location",
)
LAYOUT = Layout("gdelt", "GDELT", recognise, USES, convert, repeats=REPEATS, quoted=False, named=False)

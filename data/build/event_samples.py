"""Write the samples of event files: made-up events, in each layout that ``read_events`` knows, quirks included.

``python data/build/event_samples.py`` writes ``examples/events-synthetic``. No event of them happened. Three in five
were kept because they lie within 15 km of a line between two sides of their day in the shipped tables, the others
because they do not: what a notebook finds in them is what was put in. Same tables, same bytes.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

import conflictkit as ck
from conflictkit.readers._gdelt import NAMES
from conflictkit.readers._strikes import KEYS
from conflictkit.readers._ucdp import CANDIDATE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Row = Mapping[str, object]

FOLDER = Path(__file__).parents[2] / "examples" / "events-synthetic"
SEED = 20171103
FIRST, DAYS = pd.Timestamp("2016-01-01"), 821  # to 31 March 2018
NEAR, AWAY = 360, 240  # events within 15 km of a front, and the others
FEW = 40  # of each layout but the first
SPREAD_DEG = 0.12  # of events around a town
SAID = "SYNTHETIC, made up for conflictkit: no such event happened"


class Side(NamedTuple):
    """How two data sets call a side of the tables, and its id in one of them."""

    ucdp_id: int
    ucdp: str
    acled: str
    inter: str


SIDES = {
    "isis": Side(234, "IS", "Islamic State (Syria)", "Rebel group"),
    "iraq": Side(116, "Government of Iraq", "Military Forces of Iraq (2014-2018)", "State forces"),
    "krg": Side(116, "Government of Iraq", "Peshmerga", "Political militia"),
    "assad": Side(118, "Government of Syria", "Military Forces of Syria (2000-)", "State forces"),
    "sdf": Side(6288, "SDF", "QSD: Syrian Democratic Forces", "Rebel group"),
    "rebels": Side(4456, "Syrian insurgents", "Opposition Rebels (Syria)", "Rebel group"),
    "turkey": Side(115, "Government of Turkey", "Military Forces of Turkey (2016-)", "External forces"),
}
CIVILIANS = Side(1, "Civilians", "Civilians", "Civilians")
KINDS = {1: ("Battles", "Armed clash"), 2: ("Battles", "Armed clash"), 3: ("Violence against civilians", "Attack")}
COUNTRIES = {"IQ": ("Iraq", "IRQ", 645, "IZ"), "SY": ("Syria", "SYR", 652, "SY")}

ACLED_2016 = (
    *("GWNO", "EVENT_ID_CNTY", "EVENT_ID_NO_CNTY", "EVENT_DATE", "YEAR", "TIME_PRECISION", "EVENT_TYPE", "ACTOR1"),
    *("ALLY_ACTOR_1", "INTER1", "ACTOR2", "ALLY_ACTOR_2", "INTER2", "INTERACTION", "COUNTRY", "ADMIN1", "ADMIN2"),
    *("ADMIN3", "LOCATION", "LATITUDE", "LONGITUDE", "GEO_PRECISION", "SOURCE", "NOTES", "FATALITIES", *[""] * 7),
)
ACLED_API = (
    *("event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type", "sub_event_type"),
    *("actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2", "interaction", "civilian_targeting"),
    *("iso", "region", "country", "admin1", "admin2", "admin3", "location", "latitude", "longitude", "geo_precision"),
    *("source", "source_scale", "notes", "fatalities", "tags", "timestamp"),
)
ACLED_DATA_ID = (
    *("data_id", "iso", "event_id_cnty", "event_id_no_cnty", "event_date", "year", "time_precision", "event_type"),
    *("sub_event_type", "actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2", "interaction"),
    *("region", "country", "admin1", "admin2", "admin3", "location", "latitude", "longitude", "geo_precision"),
    *("source", "source_scale", "notes", "fatalities", "timestamp", "iso3"),
)
HXL = {
    "year": "#date+year", "side_a": "#group+name+first", "side_b": "#group+name+second",
    "source_article": "#meta+source", "where_coordinates": "#loc+name", "adm_1": "#adm1+name", "adm_2": "#adm2+name",
    "latitude": "#geo+lat",
    "longitude": "#geo+lon", "country": "#country+name", "iso3": "#country+code", "date_start": "#date+start",
    "date_end": "#date+end", "best": "#affected+killed",
}  # fmt: skip


def made_up() -> pd.DataFrame:
    """Return events that never happened, in order of their days, with the sides whose line is nearest."""
    rng = np.random.default_rng(SEED)
    territory = ck.Territory.from_places()
    towns = territory.places[territory.places["kind"].isin(["town", "village"])].reset_index(drop=True)
    chosen = towns.iloc[rng.integers(len(towns), size=8000)].reset_index(drop=True)
    where = chosen[["latitude", "longitude"]].astype(float) + rng.normal(0, SPREAD_DEG, (len(chosen), 2))
    candidates = pd.DataFrame(
        {
            "event_date": FIRST + pd.to_timedelta(rng.integers(DAYS, size=len(chosen)), unit="D"),
            "latitude": where["latitude"].round(4),
            "longitude": where["longitude"].round(4),
            "town": chosen["name"],
            "country": chosen["country"],
            "admin1": chosen["admin1"],
        }
    )
    near = ck.events_near_fronts(territory, candidates, km=15)
    sides = near["front_side"].isin(list(SIDES)) & near["front_other_side"].isin(list(SIDES))
    good = near[near["near_front"].notna() & sides & near["country"].isin(list(COUNTRIES))]
    beside, away = good["near_front"].astype(bool), ~good["near_front"].astype(bool)
    events = pd.concat([good[beside].head(NEAR), good[away].head(AWAY)]).sort_values("event_date", kind="stable")
    events = events.reset_index(drop=True)
    count = len(events)
    events["kind"] = rng.choice([1, 1, 1, 2, 3], count)
    events["best"] = rng.geometric(0.2, count) - 1
    events["low"] = (events["best"] - rng.integers(0, 3, count)).clip(lower=0)
    events["high"] = events["best"] + rng.integers(0, 6, count)
    events["where_prec"] = rng.choice([1, 1, 1, 2, 2, 3, 4], count)
    events["date_prec"] = rng.choice([1, 1, 1, 1, 2, 4], count)
    events["days"] = np.select([events["date_prec"] == 2, events["date_prec"] == 4], [3, 20], 0)  # noqa: PLR2004 - as coded
    events["number"] = np.arange(1, count + 1)
    return events


def actors(event: Any) -> tuple[Side, Side]:  # noqa: ANN401 - a row of a frame
    """Return who is said to have fought."""
    one, other = SIDES[event.front_side], SIDES[event.front_other_side]
    return (one, CIVILIANS) if event.kind == 3 else (one, other)  # noqa: PLR2004 - one-sided violence


def ged(event: Any) -> dict[str, object]:  # noqa: ANN401
    """Return a row of UCDP GED."""
    one, other = actors(event)
    name, iso3, code, _ = COUNTRIES[event.country]
    start, end = event.event_date, event.event_date + pd.Timedelta(days=event.days)
    dyad = f"{one.ucdp} - {other.ucdp}"
    return {
        "id": 900_000_000 + event.number, "relid": f"SYN-{event.number}", "year": start.year, "active_year": 1,
        "code_status": "Clear", "type_of_violence": event.kind, "conflict_dset_id": 299, "conflict_new_id": 299,
        "conflict_name": dyad, "dyad_dset_id": 1, "dyad_new_id": 1, "dyad_name": dyad, "side_a_dset_id": one.ucdp_id,
        "side_a_new_id": one.ucdp_id, "side_a": one.ucdp, "side_b_dset_id": other.ucdp_id,
        "side_b_new_id": other.ucdp_id, "side_b": other.ucdp, "number_of_sources": -1,
        "source_article": f'"{SAID}"', "source_office": "synthetic", "source_date": "", "source_headline": SAID,
        "source_original": "", "where_prec": event.where_prec, "where_coordinates": f"{event.town} town",
        "where_description": f"near {event.town};\nsynthetic", "adm_1": f"{event.admin1} governorate", "adm_2": "",
        "latitude": event.latitude, "longitude": event.longitude,
        "geom_wkt": f"POINT ({event.longitude} {event.latitude})", "priogrid_gid": "", "country": name, "iso3": iso3,
        "country_id": code, "region": "Middle East", "event_clarity": 1, "date_prec": event.date_prec,
        "date_start": f"{start:%Y-%m-%d} 00:00:00.000", "date_end": f"{end:%Y-%m-%d} 00:00:00.000", "deaths_a": 0,
        "deaths_b": 0, "deaths_civilians": 0, "deaths_unknown": event.best, "best": event.best, "high": event.high,
        "low": event.low, "gwnoa": "", "gwnob": "",
    }  # fmt: skip


def acled(event: Any, day: str) -> dict[str, object]:  # noqa: ANN401
    """Return a row of ACLED, by names in small letters, its date as this layout writes it."""
    one, other = actors(event)
    name, iso3, code, _ = COUNTRIES[event.country]
    kind, sub = KINDS[event.kind]
    return {
        "gwno": code, "iso": code, "iso3": iso3, "data_id": 9_000_000 + event.number,
        "event_id_cnty": f"SYN{event.number}", "event_id_no_cnty": event.number,
        "event_date": f"{event.event_date:{day}}", "year": event.event_date.year,
        "time_precision": {1: 1, 2: 2, 4: 3}[event.date_prec],
        "disorder_type": "Political violence", "event_type": kind, "sub_event_type": sub, "actor1": one.acled,
        "ally_actor_1": "", "assoc_actor_1": "", "inter1": one.inter, "actor2": other.acled, "ally_actor_2": "",
        "assoc_actor_2": "", "inter2": other.inter, "interaction": "", "region": "Middle East", "country": name,
        "admin1": event.admin1, "location": event.town, "latitude": event.latitude, "longitude": event.longitude,
        "geo_precision": min(event.where_prec, 3), "source": "synthetic", "source_scale": "", "notes": SAID,
        "fatalities": event.best, "tags": "crowd size=no report", "timestamp": 1_600_000_000 + event.number,
    }  # fmt: skip


def gdelt(event: Any, count: int) -> dict[str, object]:  # noqa: ANN401
    """Return a row of GDELT of so many columns."""
    one, other = actors(event)
    name, _, _, fips = COUNTRIES[event.country]
    return {
        "globaleventid": 900_000_000 + event.number, "sqldate": f"{event.event_date:%Y%m%d}",
        "monthyear": f"{event.event_date:%Y%m}", "year": event.event_date.year, "fractiondate": "",
        "actor1name": one.ucdp.upper(), "actor2name": other.ucdp.upper(), "isrootevent": 1, "eventcode": "190",
        "eventbasecode": "190", "eventrootcode": "19", "quadclass": 4, "goldsteinscale": -10.0, "nummentions": 1,
        "numsources": 1, "numarticles": 1, "avgtone": -1.5, "actiongeo_type": 4,
        "actiongeo_fullname": f"{event.town}, {event.admin1}, {name}", "actiongeo_countrycode": fips,
        "actiongeo_lat": event.latitude, "actiongeo_long": event.longitude, "actiongeo_featureid": "-1",
        "dateadded": f"{event.event_date:%Y%m%d}" + ("" if count == min(NAMES) else "000000"),
        "sourceurl": f"https://example.org/synthetic/{event.number}",
    }  # fmt: skip


def strike(event: Any) -> dict[str, object]:  # noqa: ANN401
    """Return a row of the release of strikes: decimal commas, short months in both cases, blanks at ends."""
    employment, mgrs, latitude, longitude, mission = KEYS
    day = f"{event.event_date.day}-{event.event_date:%b-%y}"
    return {
        employment: day if event.number % 2 else day.lower(), "time begin": "06:20", "time end": "06:35", mgrs: "",
        latitude: f"{event.latitude}".replace(".", ","), longitude: f"{event.longitude}".replace(".", ","),
        mission: " CAS" if event.number % 3 else "AI", "town": event.town if event.number % 4 else "ND",
        "province": f"{event.admin1} ", "country": COUNTRIES[event.country][0], "weather": "ND", "terrain": "ND",
        "possible cde issue": "ND", "comment": SAID,
    }  # fmt: skip


def own(event: Any) -> dict[str, object]:  # noqa: ANN401
    """Return a row of somebody's own list, in the words of its owner."""
    one, other = actors(event)
    return {
        "Nr": f"syn-{event.number}", "Tag": f"{event.event_date:%Y-%m-%d}", "Ort": event.town, "Breite": event.latitude,
        "Laenge": event.longitude, "Wer": one.ucdp, "Gegen": other.ucdp, "Tote": event.best, "Bemerkung": SAID,
    }  # fmt: skip


def write(
    name: str,
    columns: Sequence[str],
    rows: Iterable[Row],
    *,
    header: Sequence[str] | None = None,
    encoding: str = "utf-8",
    **how: Any,  # noqa: ANN401 - as csv takes them
) -> None:
    """Write rows under a header, of which each column is looked up in small letters too."""
    with (FOLDER / name).open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, **{"lineterminator": "\n", **how})
        if header is None or header:
            writer.writerow(header or columns)
        writer.writerows([row.get(column, row.get(column.lower(), "")) for column in columns] for row in rows)


def main() -> None:
    """Write all samples."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    events = list(made_up().itertuples())
    few = events[:: len(events) // FEW][:FEW]
    hdx = [*CANDIDATE[:-2]]
    hdx.insert(hdx.index("country") + 1, "iso3")
    write("ged.csv", CANDIDATE, map(ged, events))
    write("ged_candidate_without_header.csv", CANDIDATE, map(ged, few), header=())
    write("ged_hdx.csv", hdx, [HXL, *map(ged, few)])
    old = [
        {**acled(event, "%d/%m/%Y"), "longitude": f"\xa0{event.longitude}", "notes": f"\u201c{SAID}\u201d\nsynthetic"}
        for event in few
    ]
    write("acled_2016.csv", ACLED_2016, old, encoding="cp1252", lineterminator="\r\n")
    write("acled_with_data_id.csv", ACLED_DATA_ID, [acled(event, "%d %B %Y") for event in few])
    write("acled_api.csv", ACLED_API, [acled(event, "%Y-%m-%d") for event in few])
    for count, (version, columns) in NAMES.items():
        name = f"gdelt_{version.replace('.', '_')}.export.tsv"
        rows = [gdelt(event, count) for event in few]
        write(name, columns, rows, header=(), delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None)
    struck = [strike(event) for event in few]
    cells = list(struck[0])
    titles = [f"{column.capitalize()} (UNCLASS)" for column in cells]
    write("strikes.csv", cells, [*struck, struck[0]], header=titles, delimiter=";")
    write("own.csv", list(own(few[0])), map(own, few))
    sys.stdout.write(f"{len(events)} events, {FEW} of them in each further layout, in {FOLDER}\n")


if __name__ == "__main__":
    main()

"""A folder of tables of one's own: a new one with a header and example rows for each table, and the check of one."""

from __future__ import annotations

import csv
import io
import json
from difflib import get_close_matches
from typing import TYPE_CHECKING

from conflictkit.datasets import layers
from conflictkit.errors import ConflictkitError, TableError, shown
from conflictkit.files import LINE, data_folder, write_whole
from conflictkit.prose import counted, listed
from conflictkit.schema import CONTRACTS, Lands
from conflictkit.schema.tables import LOOKED_UP, read_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

# An invented country in the open ocean, so that no example row can pass for a fact.
LAND = "XX"
EXAMPLES: dict[str, tuple[str, ...]] = {
    "places": (
        (
            "place_id=northtown name=Northtown country=XX latitude=44.70 longitude=-34.40 where_prec=map_mark "
            "kind=town source_id=gazette-2020"
        ),
        (
            "place_id=southtown name=Southtown country=XX latitude=44.25 longitude=-34.10 where_prec=map_mark "
            "kind=town source_id=gazette-2020"
        ),
    ),
    "settlements": (
        ("geonameid=1 name=Northtown country=XX admin1=Exampleland latitude=44.70 longitude=-34.40 population=12000"),
        ("geonameid=2 name=Southtown country=XX admin1=Exampleland latitude=44.25 longitude=-34.10 population=30000"),
    ),
    "control_changes": (
        (
            "place_id=northtown valid_from=2020-01-01 date_prec=day from_actor=none to_actor=blues "
            "control_status=control event=initial source_id=gazette-2020 confidence=confirmed"
        ),
        (
            "place_id=northtown valid_from=2020-06-15 date_prec=day from_actor=blues to_actor=reds "
            "control_status=control event=captured source_id=gazette-2020 confidence=inferred note=mid-June"
        ),
        (
            "place_id=southtown valid_from=2020-01-01 date_prec=day from_actor=none to_actor=blues "
            "control_status=control event=initial source_id=gazette-2020 confidence=confirmed"
        ),
    ),
    "events": (
        (
            "event_id=northtown-assault-2020 event_date=2020-06-15 date_prec=day event_type=battle actor1=Reds "
            "actor1_id=reds country=XX location=Northtown latitude=44.70 longitude=-34.40 where_prec=exact "
            "source=The~Gazette notes=Red~forces~entered~the~town source_id=gazette-2020"
        ),
        (
            "event_id=ceasefire-2020 event_date=2020-07-01 date_prec=day event_type=statement country=XX "
            "where_prec=country source=The~Gazette notes=Both~sides~announced~a~ceasefire flags=unplaced "
            "source_id=gazette-2020"
        ),
    ),
    "reports": (
        (
            "report_id=1 place_id=northtown valid_from=2020-06-15 reporter=Red~Front reporter_actor_id=reds "
            "verb=declared reported_holder=reds event_date=2020-06-14 date_prec=day extent=whole interest=own "
            "source_id=courier-2020"
        ),
        (
            "report_id=2 place_id=northtown valid_from=2020-06-15 reporter=The~Gazette verb=reported "
            "reported_holder=reds event_date=2020-06-15 date_prec=day extent=part interest=neutral "
            "source_id=gazette-2020"
        ),
    ),
    "actors": (
        ("actor_id=blues name=Blue~Republic kind=state country=XX side=blue color=#4477AA source_id=gazette-2020"),
        "actor_id=reds name=Red~Front kind=non_state country=XX side=red color=#CC6677 source_id=gazette-2020",
    ),
    "sides": (
        "side=blue name=Blue~Republic",
        "side=red name=Red~Front",
    ),
    "deployments": (
        (
            "deployment_id=reds-northtown actor_id=reds place_id=northtown valid_from=2020-06-15 date_prec=day "
            "strength_low=200 strength_high=300 unit=fighters measure=present basis=estimate role=garrison "
            "source_id=gazette-2020"
        ),
        (
            "deployment_id=blues-southtown actor_id=blues place_id=southtown valid_from=2020-01-01 "
            "valid_to=2020-12-01 date_prec=month unit=personnel measure=present role=garrison "
            "source_id=courier-2020"
        ),
    ),
    "fighter_estimates": (
        (
            "estimate_id=gazette-2020-reds as_of=2020-07-01 date_prec=day actor_id=reds scope=XX low=800 "
            "high=1200 bound_type=range quantity=fighters estimator=The~Gazette source_id=gazette-2020"
        ),
        (
            "estimate_id=courier-2020-reds as_of=2020-09-01 date_prec=month actor_id=reds scope=all best=2000 "
            "bound_type=point quantity=fighters estimator=Blue~Republic estimator_actor_id=blues "
            "source_id=courier-2020"
        ),
    ),
    "area_estimates": (
        (
            "estimate_id=gazette-2020-land as_of=2020-07-01 date_prec=day actor_id=reds scope=XX metric=area_held "
            "best=6000 bound_type=point unit=km2 control_definition=claimed estimator=The~Gazette "
            "source_id=gazette-2020"
        ),
        (
            "estimate_id=courier-2020-share as_of=2020-09-01 date_prec=month actor_id=reds scope=XX "
            "metric=share_of_country_held low=40 bound_type=at_least unit=percent control_definition=unstated "
            "estimator=The~Courier source_id=courier-2020"
        ),
    ),
    "governorate_population": (
        (
            "country=XX admin1=Exampleland year=2019 definition=residents value=90000 unit=persons "
            "source_id=gazette-2020"
        ),
        (
            "country=XX admin1=Exampleland year=2020 definition=residents value=91000 unit=persons "
            "source_id=gazette-2020"
        ),
    ),
    "governorates": (
        "country=XX admin1=Exampleland iso_3166_2=XX-EX pcode=XX01 aliases=Example~Province",
        "country=XX admin1=Otherland iso_3166_2=XX-OT pcode=XX02",
    ),
    "quantity_words": (
        "phrase=dozens kind=number low=24 high=100 convention=how~the~Gazette~uses~it",
        "phrase=at~least kind=at_least convention=a~bound",
    ),
    "seed_claims": (
        (
            "claim_id=1 as_of=2020-07-01 kind=control subject=reds place=Northtown place_id=northtown "
            "attributed_to=The~Gazette exact_words=the~Reds~hold~Northtown source_id=gazette-2020"
        ),
        (
            "claim_id=2 as_of=2020-07 kind=estimate subject=reds low=800 high=1200 unit=fighters "
            "attributed_to=The~Gazette exact_words=800~to~1,200~fighters source_id=gazette-2020"
        ),
    ),
    "sources": (
        (
            "source_id=gazette-2020 publisher=The~Gazette title=The~year~2020 url=https://gazette.example/2020 "
            "published_date=2021-01-05 source_type=news reliability=B"
        ),
        (
            "source_id=courier-2020 publisher=The~Courier title=Autumn url=https://courier.example/autumn "
            "published_date=2020-10-01 source_type=news reliability=C"
        ),
    ),
    "tables": ("covers_from=2020-01-01 covers_to=2020-12-31 story_actor_id=reds",),
}
NEEDED = ("places", "control_changes", "actors")  # without them there is no land
BOX = ((-35.0, 44.0), (-33.5, 44.0), (-33.5, 45.0), (-35.0, 45.0), (-35.0, 44.0))
DESCRIPTION = "datapackage.json"  # of the shipped folder, for other programs; copied with it
LAYERS = ("borders_0", "borders_1", *(f"{kind}s" for kind in layers.KINDS))

README = """# My war

A folder of tables for conflictkit. The rows are examples of an invented country: replace them, and keep the headers.
In this order:

1. `borders_0.geojson`: your countries in degrees, each with `country` (a code, the same as in the tables) and `name`.
   From Natural Earth, or any other borders. If you have them too: `borders_1.geojson`, the regions (`country`,
   `admin1`), and `lakes`, `rivers` and `neighbours.geojson`, the background of maps.
2. `tables.csv`, one row: the days that the tables answer for, and whose story they tell.
3. `actors.csv`: a state, an army or a group a row, with a colour; `sides.csv`: the sides they are on.
4. `places.csv`: a town, base or crossing a row. 20 to 200 places: the land of a holder is what lies nearest to them.
5. `control_changes.csv`: a change of the holder of a place a row. The first row of a place says who held it at the
   start: `event` initial, `from_actor` none. `none`, `contested` and `unknown` are holders that need no row in actors.
6. `sources.csv`: a page a row; the other tables name it by `source_id`.
7. `deployments.csv`: a force at a place, from a day to a day. `fighter_estimates.csv`, `area_estimates.csv`: a
   published figure a row, as it was published.
8. `reports.csv`: who else said what of a change, and when. `events.csv`: single events that your text rests on.
   `governorates.csv`: codes of your regions in other data.
9. `settlements.csv`, `governorate_population.csv`: without them `core` land and `people` say that they are unknown.
   `seed_claims.csv`, `quantity_words.csv`: statements to check, and what a phrase means in numbers.

Delete a file that you do not need, and a column whose cells would all be empty. Days are written 2020-06-15;
`date_prec` says how exactly a day is known. Where a cell holds something else than it may, the
check says what is allowed. As often as you like:

    conflictkit check my-war/

It says in a sentence what is wrong in which row. When nothing is:

    import conflictkit as ck

    tables = ck.Tables.read("my-war/")
    territory = ck.Territory.from_places(tables=tables)
    ck.plot_territory(territory, "2020-09-01")
    ck.plot_area(territory)
    ck.save_html(ck.map_territory(territory, ["2020-01-01", "2020-09-01"]), "my-war.html")
"""


def new_folder(folder: Path) -> list[str]:
    """Write a folder of example tables, and return what was written.

    Parameters
    ----------
    folder
        Which need not exist; if it does, it must be empty.

    Returns
    -------
    list of str
        One line per file, and what comes next.

    Raises
    ------
    ConflictkitError
        If something is in it, or it is a file: nothing is written over.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        msg = f"{shown(str(folder))} exists and is not an empty folder: name one that is not there yet."
        raise ConflictkitError(msg)
    folder.mkdir(parents=True, exist_ok=True)
    written = {f"{name}.csv": _table(name) for name in CONTRACTS}
    written["borders_0.geojson"] = _border()
    written["README.md"] = README.replace("my-war", folder.resolve().name)
    for name, text in written.items():
        write_whole(folder / name, text)
    return [*(str(folder / name) for name in written), f"Next: read {folder / 'README.md'}."]


def check_folder(folder: Path) -> list[str]:
    """Return one line per table of a folder, then what else is to know; or raise with the problems of all tables.

    Parameters
    ----------
    folder
        As for ``Tables.read``. Where it has no borders, actors nor places, these are looked up in the shipped tables.
        The folder of the shipped tables must have all.

    Returns
    -------
    list of str
        Name and number of rows of each table; then notes on files and rows that are passed over.

    Raises
    ------
    TableError
        If a table cannot be read or breaks its contract, or if there is no table: each problem is a sentence.
    """
    if not folder.is_dir():
        msg = f"There is no folder {shown(str(folder))}. To make one with example rows: conflictkit new {folder}"
        raise TableError(msg)
    borders = _sound_borders(folder)
    lands = Lands.of(borders, layers.read_borders(folder, 1))
    # a few rows beside the shipped tables, or a war of its own
    alone = not borders.empty or any((folder / f"{name}.csv").exists() for name in LOOKED_UP)
    shipped = folder == data_folder()
    try:
        frames = read_folder(folder, lands=lands, fallback=not alone, whole=shipped)
    except TableError as error:
        raise TableError("\n".join([_told(error), *_strange(folder)]), error.problems) from None
    lines = [f"{name}: {counted(len(frame), 'row')}, no problem" for name, frame in frames.items()]
    notes = [*_strange(folder), *(_gaps(frames, borders_known=not borders.empty) if alone and not shipped else ())]
    return [*lines, *(f"note: {note}" for note in notes)]


def _sound_borders(folder: Path) -> gpd.GeoDataFrame:
    """Return the borders of a folder, or raise if one of them cannot bound any land."""
    borders = layers.read_borders(folder, 0)
    for line, (country, valid) in enumerate(zip(borders["country"], borders.is_valid, strict=True), start=1):
        if not valid:
            msg = (
                f"borders_0.geojson: the border of {shown(country)} (number {line}) has lines that cross themselves."
                " To mend it, in Python: borders = geopandas.read_file(path); "
                "borders.set_geometry(borders.make_valid()).to_file(path)."
            )
            raise TableError(msg)
    return borders


def _told(error: TableError) -> str:
    """Return every problem of an error as a sentence that names the file, the row and the column."""
    if error.problems is None:
        return str(error)
    told: list[str] = []
    for table, rows in error.problems.groupby("table", sort=False):
        told.append(f"{table}: {counted(len(rows), 'problem')} in {table}.csv.")
        for line, column, value, problem in rows.drop(columns="table").itertuples(index=False):
            shown_value = f"{shown(value)} " if value else ""
            told.append(f"  Row {line}, {column}: {shown_value}{_sentence(str(problem))}")
    unreadable = [line for line in str(error).splitlines() if ".csv'" in line and not line.startswith("  ")]
    return "\n".join([*unreadable, *told])


def _sentence(problem: str) -> str:
    return problem if problem.endswith((".", "?", "!")) else f"{problem}."


def _strange(folder: Path) -> Iterator[str]:
    """Yield a sentence for each table or layer whose file name is none: it would be passed over in silence."""
    names = [*(f"{name}.csv" for name in CONTRACTS), *(f"{name}.geojson" for name in LAYERS), DESCRIPTION]
    for path in sorted(folder.glob("*")):
        if path.name not in names and path.suffix.lower() in {
            ".csv",
            ".tsv",
            ".geojson",
            ".json",
            ".xlsx",
        }:
            near = get_close_matches(path.name.lower(), names, n=1)
            guess = f" Did you mean {near[0]!r}?" if near else ""
            yield f"{shown(path.name)} is not read: it has the name of no table.{guess}"


def _gaps(frames: Mapping[str, pd.DataFrame], *, borders_known: bool) -> Iterator[str]:
    """Yield a sentence for what a war of one's own has not: each is allowed, and limits what can be asked."""
    if absent := [f"{name}.csv" for name in NEEDED if name not in frames or frames[name].empty]:
        yield f"{listed(absent)} {'has' if len(absent) == 1 else 'have'} no rows: without them there is no land to map."
    if not borders_known:
        yield "borders_0.geojson is not there, or has no country: without borders there is no land."
    if "places" in frames and "control_changes" in frames:
        idle = set(frames["places"]["place_id"]) - set(frames["control_changes"]["place_id"])
        if idle:
            yield f"{counted(len(idle), 'place')} without a row in control_changes.csv: {listed(sorted(idle)[:5])}."
    if "actors" in frames:
        sides = set(frames["actors"]["side"].dropna())
        named = set(frames["sides"]["side"]) if "sides" in frames else set()
        if unnamed := sorted(sides - named):
            yield f"{listed(unnamed)} {'is a side' if len(unnamed) == 1 else 'are sides'} without a row in sides.csv."


def _table(name: str) -> str:
    """Return the CSV of a table: its header and its example rows."""
    text = io.StringIO()
    writer = csv.DictWriter(text, CONTRACTS[name].names, restval="", lineterminator=LINE)
    writer.writeheader()
    for row in EXAMPLES[name]:
        writer.writerow({key: cell.replace("~", " ") for key, _, cell in (part.partition("=") for part in row.split())})
    return text.getvalue()


def _border() -> str:
    """Return the border of the invented country, with the regions of none."""
    shape = {"type": "Polygon", "coordinates": [BOX]}
    feature = {"type": "Feature", "properties": {"country": LAND, "name": "Exampleland"}, "geometry": shape}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}, indent=1) + "\n"

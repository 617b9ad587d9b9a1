"""The scripts of the pages without a browser: what they make of a payload, against the model that wrote it.

Python writes payloads and what the model says of them into a folder; the tests in ``*.test.js`` read it there.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import conflictkit as ck
from conflictkit.charts import _symbols as symbols
from conflictkit.charts._blurs import inked
from conflictkit.deployments._reports import lines_between, on_day, reports_for_map, symbols_of
from conflictkit.events._spread import spread
from conflictkit.evidence._support import support
from conflictkit.maps import _document as assets
from conflictkit.maps._payload import dumped
from conflictkit.passport import bibtex
from conflictkit.placenames import fold, spellings
from conflictkit.widgets import _view_estimates as estimates
from conflictkit.widgets._page_estimates import payload_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SCRIPTS = sorted((ROOT / "conflictkit" / "web").glob("*.js"))
START, END = "2015-01-05", "2017-06-26"
PAGES = [
    {"id": "one", "publisher": "A & B {100 %}", "published": "2017-11-03", "address": "https://a.example/x_y#z"},
    {"id": "two", "publisher": "C", "published": "", "address": ""},
]
FORCE_DAYS = ["2014-09-15", "2015-12-01", "2016-10-17", "2017-06-10", "2017-11-03", "2019-03-01"]
# Without a network, a lock file or a look for updates; types are checked by `make check`.
DENO = ["test", "--quiet", "--no-remote", "--no-npm", "--no-check", "--cached-only"]


def drawings() -> gpd.GeoDataFrame:
    """Return three days of two sides, with a hole that closes and a strip that changes hands."""
    west, east, strip = shapely.box(40, 34, 42, 36), shapely.box(42, 34, 44, 36), shapely.box(42, 34, 42.5, 36)
    hole = shapely.box(40.5, 34.5, 41, 35)
    rows = [
        ("2017-01-01", "isis", west.difference(hole)),
        ("2017-01-01", "iraq_gov", east),
        ("2017-01-02", "isis", west.difference(hole).union(strip)),
        ("2017-01-02", "iraq_gov", east.difference(strip)),
        ("2017-01-03", "isis", west.union(strip)),
        ("2017-01-03", "iraq_gov", east.difference(strip)),
    ]
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=["date", "actor_id", "geometry"]), crs=4326)


def rows_of(frame: pd.DataFrame, columns: list[str]) -> list[dict[str, Any]]:
    """Return columns of a frame as JSON has them, days as ISO text."""
    days = {name: frame[name].dt.strftime("%Y-%m-%d") for name in columns if frame[name].dtype.kind == "M"}
    return frame.assign(**days)[columns].to_dict("records")


def territory_case(territory: ck.Territory) -> dict[str, Any]:
    """Return every date of the shipped model: km2 of every holder at both levels, and every change."""
    m = ck.map_territory(territory)
    dates = m.data["dates"]
    area = pd.concat([territory.area(dates, level=level) for level in ("claimed", "core")])
    changes = territory.changes(dates[0], dates[-1])
    moved = changes[changes["from_actor"] != changes["to_actor"]]
    return {
        "data": m.data,
        "area": rows_of(area[area["scope"] == "all"], ["date", "actor_id", "level", "area_km2"]),
        "changes": rows_of(moved, ["valid_from", "place_id", "from_actor", "to_actor"]),
        "folded": [[each.written, fold(each.written)] for each in spellings(territory.places)],
        "support": {
            day: {name: table.loc[day].to_list() for name, table in support(territory, None, level="claimed").items()}
            for day in ("2014-06-10", "2017-11-03")
        },
        "sources": [{name: page[name] for name in ("id", "publisher", "published", "address")} for page in PAGES],
        "bibtex": bibtex(
            {
                "source_id": page["id"],
                "publisher": page["publisher"],
                "published_date": page["published"],
                "url": page["address"],
            }
            for page in PAGES
        ),
    }


def comparison_case(territory: ck.Territory) -> dict[str, Any]:
    """Return two days of one holder, and all land by its holders on both."""
    columns = ["from_actor", "to_actor", "claimed_km2", "core_km2"]
    return {
        "data": ck.map_changes(territory, START, END).data,
        "transitions": rows_of(territory.transitions(START, END), columns),
    }


def drawings_case() -> dict[str, Any]:
    """Return drawn land of three days: km2 by holder, and what moved."""
    land = ck.Territory.from_polygons(drawings())
    changes, area = land.changes(land.dates[0], land.dates[-1]), land.area(land.dates, bands=True)
    return {
        "data": ck.map_territory(land, bands=True).data,
        "compared": ck.map_changes(land, land.dates[0], land.dates[-1], actor_id="isis").data,
        "area": rows_of(area[area["scope"] == "all"], ["date", "actor_id", "area_km2", "area_lo_km2", "area_hi_km2"]),
        "changes": rows_of(changes, ["valid_from", "from_actor", "to_actor", "claimed_km2"]),
        "transitions": rows_of(
            land.transitions(land.dates[0], land.dates[-1]), ["from_actor", "to_actor", "claimed_km2"]
        ),
    }


def forces_case(territory: ck.Territory) -> dict[str, Any]:
    """Return the shipped forces: reports of every eleventh day, symbols and lines of some, a fan of many."""
    m = ck.map_deployments(territory)
    days = m.data["dates"][::11]
    here = {day: ck.deployments_at(day)[["deployment_id", "presence"]].to_numpy().tolist() for day in days}
    reports, drawn = reports_for_map(assume_days=92), {}
    for day in FORCE_DAYS:
        found = symbols_of(on_day(reports, pd.Timestamp(day)))
        first = found["deployment_ids"].str[0].tolist()
        drawn[day] = {
            "symbols": [
                {
                    "reports": row.deployment_ids,
                    "kind": row.kind,
                    "presence": row.presence,
                    "band": symbols.band_of(row.people),
                }
                for row in found.itertuples()
            ],
            **{
                kind: [[first[one], first[other]] for one, other in lines_between(found, kind, territory.actors)]
                for kind in ("parent", "backers")
            },
        }
    chance = random.Random(7)  # noqa: S311 - any numbers
    points = [(chance.uniform(0, 90), chance.uniform(0, 60)) for _ in range(60)]
    diameters = [chance.choice(symbols.DIAMETERS) for _ in points]
    fan = {"points": points, "diameters": diameters, "spots": symbols.fan_out(points, diameters)}
    return {"data": m.data, "here": here, "drawn": drawn, "fan": fan}


def events_case(territory: ck.Territory) -> dict[str, Any]:
    """Return events of two months with every kind of doubt, and the ink of each step as the static map has it."""
    days = pd.to_datetime(["2017-06-01", "2017-06-20", "2017-06-15", "2017-06-25", "2017-07-02", "2017-06-01"])
    events = pd.DataFrame(
        {
            "event_date": days,
            "date_end": days + pd.to_timedelta([0, 0, 0, 9, 2, 0], unit="D"),
            "date_prec": ["day", "day", "month", "days", "week", "year"],
            "where_prec": ["exact", "near", "admin2", "exact", None, "exact"],
            "latitude": [35.95, 35.95, 34.37, 34.37, 34.37, 35.95],
            "longitude": [39.01, 39.01, 41.1, 41.1, 41.1, 39.01],
            "event_type": "battle",
            **dict.fromkeys(("low", "best", "high"), 1.0),
        }
    )
    starts = pd.DatetimeIndex(["2017-06-01", "2017-07-01", "2017-08-01"])
    marks = spread(events).join(events[["longitude", "latitude"]])
    return {
        "data": ck.map_events(territory, events, starts[:2]).data,
        "ink": [
            inked(marks, start, end)[["longitude", "latitude", "km", "ink"]].to_dict("records")
            for start, end in pairwise(starts)
        ],
    }


def estimates_case() -> dict[str, Any]:
    """Return the page of a view of estimates, and which rows the explorer has for this and other choices."""
    tables, (start, end) = ck.Tables.shipped(), (pd.Timestamp("2014-07-01"), pd.Timestamp("2016-12-31"))
    first = estimates.EstimatesView("fighters", "isis", "", start, end)
    views = [
        first,
        *(replace(first, min_reliability=grade) for grade in "BCE"),
        *(replace(first, scope=scope) for scope in ("IQ;SY", "SY", "mosul")),
        replace(first, quantity="killed", min_reliability="C"),
        replace(first, quantity="foreign_fighters", actor_id="armed_groups", end=pd.Timestamp("2015-10-31")),
    ]
    chosen = [
        {"view": payload_of(tables, view)["view"], "ids": sorted(estimates.selected(tables, view)["estimate_id"])}
        for view in views
    ]
    return {"data": payload_of(tables, first), "chosen": chosen}


@pytest.fixture(scope="module")
def cases(territory: ck.Territory, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a file for each case."""
    folder = tmp_path_factory.mktemp("payloads")
    made = {
        "territory": territory_case(territory),
        "comparison": comparison_case(territory),
        "drawings": drawings_case(),
        "forces": forces_case(territory),
        "events": events_case(territory),
        "estimates": estimates_case(),
    }
    for name, case in made.items():
        (folder / f"{name}.json").write_text(dumped(case), encoding="utf-8")
    return folder


@pytest.mark.parametrize("script", sorted(HERE.glob("*.test.js")), ids=lambda path: path.name.removesuffix(".test.js"))
def test_script(script: Path, cases: Path, tmp_path: Path) -> None:
    """Each file of tests passes, in a runtime that reads that folder and nothing else."""
    deno = pytest.importorskip("deno", reason="the script tests run in Deno, which `make test` installs")
    command = [deno.find_deno_bin(), *DENO, f"--allow-read={cases}", str(script), "--", str(cases)]
    environment = {**os.environ, "DENO_DIR": str(tmp_path), "DENO_NO_UPDATE_CHECK": "1", "NO_COLOR": "1"}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert " 0 failed" in run.stdout


def described() -> dict[str, set[str]]:
    """Return the properties of each type that web/payload.js describes, those that may be missing with a ``?``."""
    text, found = (ROOT / "conflictkit" / "web" / "payload.js").read_text(encoding="utf-8"), {}
    for name, body in re.findall(r"@typedef \{object\} (\w+)(.*?)(?=@typedef|\*/)", text, re.DOTALL):
        found[name] = {
            word.strip("[]") + "?" * word.startswith("[") for word in re.findall(r"@property \{.*\} (\[?\w+\]?)", body)
        }
    for body, name in re.findall(r"@typedef \{\{ (.*?) \}\} (\w+)", text):
        found.setdefault(name, set(re.findall(r"(\w+): ", body)))
    return found


TABLES = {
    "actors": "Actor", "places": "Place", "labels": "Label", "events": "ControlRow", "pieces": "Piece",
    "rivals": "Rival", "sources": "Source", "named": "Named", "shapes": "Shape", "moves": "Move", "moved": "Moved",
    "ranges": "Ends",
}  # fmt: skip


def checked(value: dict[str, Any], kind: str, types: dict[str, set[str]]) -> None:
    """Compare names with those that a type describes."""
    needed = {name for name in types[kind] if not name.endswith("?")}
    optional = {name.removesuffix("?") for name in types[kind]} - needed
    assert needed <= set(value), kind
    assert set(value) <= needed | optional, kind


def test_payload_is_what_its_description_says(cases: Path) -> None:
    """Every name that Python writes is in the types of web/payload.js, and the other way round."""
    types, seen = described(), Counter[str]()
    for path in cases.iterdir():
        case = json.loads(path.read_text(encoding="utf-8"))
        if path.stem == "estimates":
            continue  # another page
        for data in filter(None, (case["data"], case.get("compared"))):
            checked(data, "Payload", types)
            checked(data["look"], "Look", types)
            checked(data["fold"], "Fold", types)
            tables = [(data[name], kind) for name, kind in TABLES.items() if name in data]
            if "forces" in data:
                forces = data["forces"]
                checked(forces, "Forces", types)
                checked(forces["fan"], "Fan", types)
                tables += [(forces["reports"], "Report"), (forces["actors"], "Force"), (forces["sources"], "Source")]
            for table, kind in tables:
                if table["rows"]:
                    checked(dict.fromkeys(table["columns"]), kind, types)
                    seen[kind] += len(table["rows"])
    assert set(seen) == {*TABLES.values(), "Report", "Force"}


def test_page_of_estimates_is_what_its_description_says(cases: Path) -> None:
    """Every name of the page of figures likewise."""
    types, data = described(), json.loads((cases / "estimates.json").read_text(encoding="utf-8"))["data"]
    checked(data, "FiguresPage", types)
    for name, kind in {"figures": "Figure", "sources": "Source"}.items():
        checked(dict.fromkeys(data[name]["columns"]), kind, types)
    checked(data["view"], "Chosen", types)
    for period in data["periods"]:
        checked(period, "Period", types)
    for name in ("quantities", "actors", "scopes", "grades"):
        for option in data[name]:
            checked(option, "Choice", types)


@pytest.mark.slow
def test_doubt_is_what_its_description_says(territory: ck.Territory) -> None:
    """The part that only a map with fading has."""
    checked(ck.map_territory(territory, "2017-11-03", fade=True).data["doubt"], "Doubt", described())


def declared(text: str) -> Iterator[str]:
    """Yield the names at the top of a script."""
    yield from re.findall(r"^(?:export )?(?:async )?(?:function|class) (\w+)", text, re.MULTILINE)
    for line in re.findall(r"^(?:export )?(?:const|let) ([^=\n]+(?:=[^\n]*)?)", text, re.MULTILINE):
        yield from re.findall(r"(?:^|, )([A-Z_]+|\w+(?= =))(?= = )", line)


def test_modules_can_share_one_scope() -> None:
    """Joined, a name that two modules have at their top would be one: each is there once."""
    names = Counter(name for path in SCRIPTS for name in declared(path.read_text(encoding="utf-8")))
    assert len(names) > 80
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("make", [assets.kit_script, assets.story_script, assets.figures_script, assets.widget_module])
def test_joined_scripts_have_no_import_left(make: Callable[[], str]) -> None:
    """Everything inside, once; nothing that only a check of types reads; one default export for the widget."""
    text = make()
    assert re.findall(r"^\s*import\b|\bimport\(|/\*\*|@type|@param", text, re.MULTILINE) == []
    exported = re.findall(r"^export .*", text, re.MULTILINE)
    assert exported == (["export default {"] if make is assets.widget_module else [])
    assert text.count("function makeState(") == 1


def test_every_script_is_used() -> None:
    """No module lies about that neither the page nor the widget imports."""
    page = assets.widget_module() + assets.story_script() + assets.figures_script()
    for path in SCRIPTS:
        first = next(declared(path.read_text(encoding="utf-8")), None)
        assert first is None or re.search(rf"\b{first}\b", page), path.name


def test_scripts_keep_the_line_limit() -> None:
    """120 characters, as in Python."""
    long = [
        f"{path.name}:{number}"
        for path in [*SCRIPTS, *HERE.glob("*.js")]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > 120
    ]
    assert long == []

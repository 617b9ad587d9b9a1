"""Write data/datapackage.json: what each file of data/ holds, for programs that read Data Packages (Frictionless, v1).

``python data/build/datapackage.py`` writes it, ``--check`` compares with the committed one. Types, keys, references and
allowed values are those of the contracts; meanings, units, sources and licences are those of the data sheets, the
docstrings of the ``load_*`` functions. No size and no hash: rows are edited without making it anew.
"""

from __future__ import annotations

import argparse
import inspect
import json
import math
import re
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conflictkit.datasets import layers, tables
from conflictkit.schema import CONTRACTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conflictkit.schema import Column, Contract

    Json = dict[str, Any]

FILE = Path(__file__).parents[1] / "datapackage.json"
TYPES = {"text": "string", "list": "string", "date": "date", "number": "number", "whole": "integer"}
CC_BY = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0 International",
    "path": "https://creativecommons.org/licenses/by/4.0/legalcode",
}
NATURAL_EARTH = {"title": "Natural Earth 1:10m", "path": "https://www.naturalearthdata.com"}
PUBLIC_DOMAIN = {
    "name": "other-pd",
    "title": "Public domain (Natural Earth)",
    "path": "https://www.naturalearthdata.com/about/terms-of-use/",
}
LGPL = {
    "name": "LGPL-3.0-or-later",
    "title": "GNU Lesser General Public License, version 3 or later",
    "path": "https://www.gnu.org/licenses/lgpl-3.0.html",
}
# As the data sheet of a table says it.
LICENCES = {"CC BY 4.0": CC_BY, "CC BY 4.0 (GeoNames)": CC_BY}
# Two tables come with ``Tables`` only, and have no data sheet.
SIDES = {
    "": "The sides of the war, in the order in which they are listed.",
    "side": "slug that actors name",
    "name": "full name",
    "open_to": "sides that it does not fight; on either of the two rows",
    "closed_to": "but on these days it does: a side, its first day and the day after its last, joined with ;",
}
COVERS = {
    "": "What the tables answer for: one row.",
    "covers_from": "first day that the tables answer for",
    "covers_to": "last day that the tables answer for",
    "story_actor_id": "the actor whose story the tables tell",
}
SHEETLESS = {"sides": SIDES, "tables": COVERS}
GSHHG = {
    "title": "GSHHG 2.3.6, high resolution (Wessel and Smith 1996)",
    "path": "https://doi.org/10.1029/96JB00104",
}
# Beside the tables: what a feature is, the source, the licence.
GEOGRAPHY: dict[str, tuple[str, Json, Json]] = {
    "borders_0": ("a country that the tables are about", NATURAL_EARTH, PUBLIC_DOMAIN),
    "borders_1": ("a governorate", NATURAL_EARTH, PUBLIC_DOMAIN),
    "neighbours": ("a country around them", NATURAL_EARTH, PUBLIC_DOMAIN),
    "lakes": ("a lake", NATURAL_EARTH, PUBLIC_DOMAIN),
    "rivers": ("a river, or a part of one without a name", GSHHG, LGPL),
}


def package() -> Json:
    """Return the whole description."""
    return {
        "profile": "data-package",
        "name": "conflictkit-data",
        "title": "Territory, force deployments and fighter estimates in the war against the Islamic State, 2014-2019",
        "description": "Tables of conflictkit, each row with the page that says so. How they were made, and how far to "
        "trust them: README.md beside this file.",
        "version": version("conflictkit"),
        "keywords": ["conflict", "iraq", "syria", "islamic state", "territory", "estimates"],
        "licenses": [CC_BY, PUBLIC_DOMAIN, LGPL],
        "contributors": [{"title": "The conflictkit developers", "role": "author"}],
        "resources": [*(_table(name, contract) for name, contract in CONTRACTS.items()), *_geography()],
    }


def _table(name: str, contract: Contract) -> Json:
    """Return one CSV: its columns with type, meaning and what they may hold, its key, what it refers to."""
    told = SHEETLESS.get(name) or _sheet(getattr(tables, f"load_{name}"))
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"{name}.csv",
        "description": told[""],
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "licenses": [LICENCES[told.get("Licence", "CC BY 4.0")]],
        "sources": [{"title": told.get("Source", "The compilers of the tables")}],
        "schema": {
            "fields": [_field(column, told[column.name]) for column in contract.columns],
            "primaryKey": list(contract.key),
            "foreignKeys": list(_references(name, contract)),
            "missingValues": [""],
        },
    }


def _sheet(loader: Callable[..., object]) -> dict[str, str]:
    """Return what a data sheet says: by column its meaning, by field its text, and under no name its first line."""
    doc = inspect.getdoc(loader) or ""
    found = {"": doc.partition("\n")[0].replace("Return the", "The").replace("Return", "The")}
    for name, text in re.findall(r"^\*\*(\w+)\*\*: (.*?)(?=^\*\*)", doc, flags=re.MULTILINE | re.DOTALL):
        found[name] = " ".join(text.split()).removesuffix(".").replace("``", "")
    block = doc.partition("**Columns** (name, dtype, meaning or unit)::\n\n")[2].partition("\n\n")[0]
    for line in block.splitlines():
        name, _, meaning = line.split(maxsplit=2)
        found[name] = meaning.replace("``", "")
    return found


def _field(column: Column, meaning: str) -> Json:
    """Return a column: its type, its meaning, and what its cells may hold."""
    several = column.kind == "list"
    words = meaning if not several or "joined with ;" in meaning else f"{meaning}; several are joined with ;"
    least, most = column.within or (-math.inf, math.inf)
    rules = {
        "required": column.required,
        "enum": list(column.allowed) if not several and not column.of_lands else None,
        "pattern": column.form.pattern if column.form else None,
        "minimum": _bound(least, column),
        "maximum": _bound(most, column),
    }
    kept = {name: rule for name, rule in rules.items() if rule not in (None, [], False)}
    field: Json = {"name": column.name, "type": TYPES[column.kind], "description": words}
    return field | ({"constraints": kept} if kept else {})


def _bound(number: float, column: Column) -> float | None:
    """Return a bound of a column's numbers; None for one that is none."""
    if not math.isfinite(number):
        return None
    return int(number) if column.kind == "whole" else number


def _references(name: str, contract: Contract) -> Iterator[Json]:
    """Yield the columns that name rows of another table; those of lists cannot be said in this format."""
    for column in contract.references:
        if column.kind != "list":
            yield _reference([column.name], list(CONTRACTS[column.refers].key), column.refers, name)
    for other, _ in contract.beside:
        key = CONTRACTS[other].key
        if len(key) > 1 and set(key) <= set(contract.names):  # a rule between rows that share a key
            yield _reference(list(key), list(key), other, name)


def _reference(fields: list[str], key: list[str], other: str, name: str) -> Json:
    """Return a reference; a table's own name is empty in it."""
    return {
        "fields": fields,
        "reference": {"resource": "" if other == name else other, "fields": key},
    }


def _geography() -> Iterator[Json]:
    """Yield the GeoJSON files."""
    kept = (layers.load_borders, layers.load_basemap)
    coverage = [_sheet(loader)["Coverage"] for loader in kept]
    for name, (feature, source, licence) in GEOGRAPHY.items():
        yield {
            "name": name,
            "path": f"{name}.geojson",
            "description": f"One feature is {feature}, in WGS84 degrees. "
            f"{coverage[0 if name.startswith('borders') else 1]}.",
            "format": "geojson",
            "mediatype": "application/geo+json",
            "encoding": "utf-8",
            "licenses": [licence],
            "sources": [source],
        }


def text() -> str:
    """Return the file."""
    return json.dumps(package(), indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare with the committed file and write nothing")
    if not parser.parse_args().check:
        FILE.write_text(text(), encoding="utf-8", newline="\n")
        return 0
    if FILE.exists() and FILE.read_text(encoding="utf-8") == text():
        print("datapackage.json, as the contracts and data sheets make it")
        return 0
    print("data/datapackage.json differs: run python data/build/datapackage.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())

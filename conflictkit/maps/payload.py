"""A territory as the numbers that a page needs: the rows of the table once, and the cells once.

The page works out by itself who holds what on a day, so a map of 300 dates is hardly larger than one of three, and
adding a date adds a line. Numbers of the legend come from exact areas, not from the drawing.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from conflictkit.actors import NONE
from conflictkit.charts import style
from conflictkit.charts._land import HATCH
from conflictkit.datasets import load_sources
from conflictkit.geometry import WGS84, transformation
from conflictkit.maps import background, encode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from conflictkit.territory import Territory

    Data = dict[str, Any]

CALM_M = 200.0  # simplification of the cells, which moves lines less than the grid of the page does twice
TAG = 20  # letters of a name beside its line in the small chart
FIGURES_KM2 = 2  # decimals of the areas behind the numbers


def territory_data(territory: Territory, days: pd.DatetimeIndex) -> Data:
    """Return what the page of a territory needs: cells, rows, sources, dates."""
    ids = [*territory.actor_ids, NONE]
    sources, page_of = source_table(territory.control_changes["source_id"])
    pieces, error = cells(territory, days)
    return {
        **shared(territory.borders, ids, territory.actors),
        "countries": list(territory.scope),
        "error_km2": error,
        "pieces": pieces,
        "outside": outside(territory),
        "places": place_table(territory.places),
        "labels": background.labels(territory.places),
        "events": event_table(territory, page_of),
        "sources": sources,
        "dates": [f"{day:%Y-%m-%d}" for day in days],
    }


def shared(lands: NDArray[np.object_], actor_ids: Iterable[str], actors: pd.DataFrame) -> Data:
    """Return what every map has: its extent, the look, the background, the actors."""
    west, south, east, north = shapely.total_bounds(lands).round(3).tolist()
    return {
        "grid": encode.GRID,
        "bounds": [[south, west], [north, east]],
        "near_zoom": background.NEAR_ZOOM,
        "sizes": background.sizes(),
        "look": background.look(),
        "grey": {"color": style.MUTED, "tint": style.tint(style.MUTED)},
        "base": background.around(lands),
        "actors": actor_table(actor_ids, actors),
    }


def actor_table(actor_ids: Iterable[str], actors: pd.DataFrame) -> Data:
    """Return one row per actor: id, three lengths of its name, colours, hatch, number of the parent painted like it."""
    paints = style.paints_of(actor_ids, actors)
    order, each = {actor: number for number, actor in enumerate(paints)}, list(paints.values())
    twins = [paint.parent in paints and paints[paint.parent].look == paint.look for paint in each]
    return encode.table(
        id=paints,
        name=[paint.name for paint in each],
        short=[paint.short for paint in each],
        tag=[
            next((name for name in (paint.name, *paint.aliases) if len(name) <= TAG), paint.name[:TAG])
            for paint in each
        ],
        color=[paint.color for paint in each],
        tint=[style.tint(paint.color) for paint in each],
        ink=[paint.ink for paint in each],
        hatch=[paint.hatch for paint in each],
        line=[style.mix(paint.color, style.INK, HATCH) for paint in each],
        parent=[order[paint.parent] if twin else -1 for paint, twin in zip(each, twins, strict=True)],
    )


def source_table(ids: pd.Series) -> tuple[Data, pd.Index[str]]:
    """Return the pages behind some rows, and their ids in the same order."""
    used = load_sources().set_index("source_id").reindex(sorted(set(ids.dropna())))
    named = pd.DataFrame(
        {
            "publisher": used["publisher"].fillna(used.index.to_series()),
            "address": used["url"],
            "published": used["published_date"].astype("str"),
            "reliability": used["reliability"],
        }
    )
    texts = named.astype("object").fillna("")
    return encode.table(**{str(name): texts[name].tolist() for name in texts}), used.index


def place_table(places: pd.DataFrame) -> Data:
    """Return one row per place; residents that are not known are 0."""
    texts = places[["place_id", "name", "name_ar", "kind"]].astype("object").fillna("")
    points = places[["longitude", "latitude"]].astype(float).round(4)
    return encode.table(
        id=texts["place_id"],
        name=texts["name"],
        arabic=texts["name_ar"],
        kind=texts["kind"],
        longitude=points["longitude"].tolist(),
        latitude=points["latitude"].tolist(),
        residents=places["population"].astype(float).fillna(0).astype(int).tolist(),
    )


def event_table(territory: Territory, page_of: pd.Index[str]) -> Data:
    """Return one row per row of control, in order of the days; a source that is not known is -1."""
    rows = territory.control_changes
    return encode.table(
        day=rows["valid_from"].dt.strftime("%Y-%m-%d"),
        place=pd.Index(territory.places["place_id"]).get_indexer(pd.Index(rows["place_id"])).tolist(),
        actor=pd.Index(territory.actor_ids).get_indexer(pd.Index(rows["to_actor"])).tolist(),
        source=page_of.get_indexer(pd.Index(rows["source_id"])).tolist(),
        confidence=rows["confidence"],
        precision=rows["date_prec"],
    )


def cells(territory: Territory, days: pd.DatetimeIndex) -> tuple[Data, float]:
    """Return one row per cell and country, and by how many km2 the drawing of any holder is off at most."""
    land = territory.pieces
    place = pd.Index(territory.places["place_id"]).get_indexer(pd.Index(land["place_id"]))
    country = pd.Index(territory.scope).get_indexer(pd.Index(land["country"]))
    calm = shapely.coverage_simplify(land.geometry.to_numpy(), CALM_M)
    drawn = encode.snapped(shapely.transform(calm, transformation(territory.crs, WGS84)))
    claimed, core = land["claimed_km2"].to_numpy(), land["core_km2"].to_numpy()
    off = encode.area_km2(drawn, territory.crs) - claimed
    holders = territory.holder_numbers(territory.states(days))[:, place]
    sums = [np.bincount(held, off, len(territory.actor_ids)) for held in holders]
    pieces = encode.table(
        place=place.tolist(),
        country=country.tolist(),
        claimed=claimed.round(FIGURES_KM2).tolist(),
        core=core.round(FIGURES_KM2).tolist(),
        polygons=map(encode.polygons, drawn),
    )
    return pieces, float(np.abs(sums).max().round(1))


def outside(territory: Territory) -> list[Any]:
    """Return the land outside the core, which the page pales; lines to half a kilometre."""
    outside = territory.shapes(territory.dates[-1], level="core").get(NONE, shapely.Polygon())
    rest = shapely.simplify(np.array([outside]), 2.5 * CALM_M)
    (shape,) = shapely.transform(rest, transformation(territory.crs, WGS84))
    return encode.polygons(shape)


def dumped(data: Data) -> str:
    """Return the numbers as JSON with one entry a line, safe inside a script element.

    A date or a place more is a line more, so that two versions of a page can be compared.
    """
    parts = [f"{json.dumps(key)}:{_lines(value)}" for key, value in data.items()]
    text = "{" + ",\n".join(parts) + "}"
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return re.sub(r"\{(?=[{%#])", r"\\u007b", text)  # only in names: folium reads a page as a template


def _lines(value: Any) -> str:  # noqa: ANN401 - anything that JSON holds
    if isinstance(value, list) and value and isinstance(value[0], (list, dict, str)):
        return "[\n" + ",\n".join(_flat(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ",\n".join(f"{json.dumps(key)}:{_lines(item)}" for key, item in value.items()) + "}"
    return _flat(value)


def _flat(value: Any) -> str:  # noqa: ANN401 - anything that JSON holds
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)

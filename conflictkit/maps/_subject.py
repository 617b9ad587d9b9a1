"""What every page of this kit has: extent, look, layers around, holders, names; which levels; what its caption says."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
import pandas as pd
import shapely

from conflictkit.actors import NONE
from conflictkit.charts import _canvas
from conflictkit.charts._land import caption_of, drawn_rows, has_core, paints_for
from conflictkit.charts.sources import cited
from conflictkit.errors import TerritoryError, known
from conflictkit.evidence._rows import behind, together
from conflictkit.geometry import unproject
from conflictkit.look import ADMIN, BORDER, INK, MUTED, PALER, RIVER, WATER, contrast, folded, hatched, paints_of, tint
from conflictkit.maps import _payload
from conflictkit.maps._drawings import drawings_data, ids_of, named_km2
from conflictkit.maps._land import PAGE_GRID_KM, land_data, rivals_of
from conflictkit.maps._payload import coded, days_of, table
from conflictkit.maps._story import named_changes, own_ids
from conflictkit.placenames import ARABIC, ARTICLES, LEAST, LETTERS
from conflictkit.prose import KM2, credit, listed, shortened
from conflictkit.territory import Level
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from conflictkit.charts._canvas import Extent
    from conflictkit.tables import Tables
    from conflictkit.territory import Territory

    Data = dict[str, Any]

# Degrees within which lines are simplified: half a pixel at the scale of the whole scope, whose borders the two
# public sources draw 0.9 km apart.
CALM = 0.005
OVER_TILES = 0.65  # opacity of land where the caller has asked for tiles: holders still tell apart, towns still read
NEAR_ZOOM = 8  # from it on, places of unknown size are drawn too: there the map shows about 500 km, as the static one
READS = 4.5  # contrast of land with white from which white names read on it, by WCAG 2.2
TAG = 20  # letters of a name beside its line in the small chart
RADIUS_KM = 100.0  # of the land around a place, as plot_territory shows it
PROJECTION = "Web Mercator projection."

# What no swatch of the legend says.
OF_CORE = "Full colour: core. Pale: claimed, outside the core."
OF_PLACES = [
    "Contested land: ground in the colour of the side before, lines in that of the side after.",
    "Thin black lines: between holders. Grey lines: borders of countries.",
]
OF_DRAWINGS = ["Black lines: as drawn. Blank land: drawn for nobody."]
SHARE = "Share: of {}."


def rows_of(territory: Territory, days: pd.DatetimeIndex) -> pd.DataFrame:
    """Return the rows behind the land of a page: of drawings, those in force on its days.

    Of places all, with their reports: popups tell the whole history, whatever the days of the slider.
    """
    if not territory.has_places:
        return drawn_rows(territory, days)
    names = territory.tables.places.set_index("place_id")["name"]
    rows, reports = territory.control_changes, rivals_of(territory)
    return together(
        [
            behind(rows, "control_changes", "land of " + rows["place_id"].map(names)),
            behind(reports, "reports", "report on " + reports["place_id"].map(names)),
        ]
    )


def subject(territory: Territory, days: pd.DatetimeIndex, *, level: Level = "claimed") -> Data:
    """Return what the page of a territory needs on some days, with a level to show first.

    Raises
    ------
    UnknownNameError
        If the level is unknown.
    TerritoryError
        If this land is not drawn by that level.
    """
    levels = sorted(_levels(territory, level), key=lambda name: name != level)
    tables, places = territory.tables, territory.has_places
    west, south, east, north = (round(edge, 3) for edge in territory.extent)
    ids = ids_of(territory)
    return {
        "grid": _payload.GRID,
        "bounds": [[south, west], [north, east]],
        "near_zoom": NEAR_ZOOM,
        "sizes": [{"least": least, "diameter": diameter} for least, diameter, _ in _canvas.CLASSES],
        "look": _look(tables),
        "grey": {"color": MUTED, "tint": tint(MUTED)},
        "base": _around(territory),
        "frame": _frame(territory.tables),
        "country_names": [tables.country_name(code) for code in territory.scope],
        "actors": _actor_table(ids, tables),
        **(land_data if places else drawings_data)(territory, days),
        "labels": names_on(territory) if places else table(),
        "fold": {
            "articles": sorted(ARTICLES),
            "letters": {chr(at): chr(at).translate(ARABIC).translate(LETTERS) for at in (*ARABIC, *LETTERS)},
            "least": LEAST,
        },
        "story": [ids.index(actor) for actor in own_ids(territory) if actor in ids],
        "named": coded(named_changes(territory, days), "town") if places else table(),
        "covers": [None if day == "NaT" else day[:10] for day in map(str, territory.covers)],
        "dates": days_of(days),
        "levels": {
            name: {"name": name.capitalize() if places else "Drawn", "definition": territory.definition(name)}
            for name in levels
        },
        "key": {
            name: [*([OF_CORE] if name == "core" else []), *(OF_PLACES if places else _of_drawings(territory))]
            for name in levels
        },
    }


def _of_drawings(territory: Territory) -> list[str]:
    """Return what no swatch says of drawings: of what a share is one, too."""
    return [*OF_DRAWINGS, SHARE.format(scope_in_words(territory) if named_km2(territory) else "the land drawn")]


def scope_in_words(territory: Territory) -> str:
    """Return the land of a page in words, for its title."""
    return listed(territory.tables.country_name(code) for code in territory.scope)


def caption(
    territory: Territory,
    error: float,
    *,
    fade: bool = False,
    evidence: pd.Series | None = None,
    dots: bool = True,
    told: str = "",
) -> str:
    """Return the caption of the static twin, with what is different on the page and what else is to be told of it.

    Pages behind `evidence` are credited too.
    """
    paints, places = paints_for(territory), territory.has_places
    folds = folded(territory.actor_ids, paints) if places else {}
    # the page has another projection, coarser squares of doubt, and no dots on drawings
    text = caption_of(
        territory,
        folds,
        paints,
        fade=fade,
        grid_km=PAGE_GRID_KM,
        projection=PROJECTION,
        dots=places and dots,
        one_level=True,
    )
    drawn = (
        f"Lines are simplified: the land drawn for a holder is off by {error:,.0f} {KM2} at most, the numbers are not."
    )
    land = [territory.control_changes["source_id"], rivals_of(territory)["source_id"]] if places else []
    used = pd.concat([*land, *([] if evidence is None else [evidence]), pd.Series(dtype=TEXT)])
    sources = credit(cited(used, territory.tables.sources), without=int(used.isna().sum()))
    return " ".join(filter(None, (text, drawn, told, sources)))


def corners_of(territory: Territory, extent: Extent) -> list[list[float]]:
    """Return the south-west and north-east corner of an extent, latitude first; none for the whole."""
    if extent is None:
        return []
    window = _canvas.window_of(territory, extent, RADIUS_KM)
    box: Any = unproject(shapely.box(*window.bounds), window.crs)  # type: ignore[arg-type]
    west, south, east, north = (round(float(edge), 3) for edge in box.bounds)
    return [[south, west], [north, east]]


def step_of(days: pd.DatetimeIndex, shown: pd.Timestamp) -> int:
    """Return the number of the last day up to the one that shall be shown first, or of the first."""
    return max(0, int(days.searchsorted(shown, side="right")) - 1)


def _levels(territory: Territory, level: Level) -> tuple[Level, ...]:
    known("level", level, get_args(Level))
    levels: tuple[Level, ...] = get_args(Level) if has_core(territory) else ("claimed",)
    if level not in levels:
        msg = (
            "This map shows all land claimed: drawings, and places without settlements in their tables, are not parted "
            f"in core and rest. Use level='claimed', or territory.area(dates, level={level!r}) for numbers."
        )
        raise TerritoryError(msg)
    return levels


def _look(tables: Tables) -> Data:
    """Return paper, ink and water, as in the static map."""
    none = paints_of([NONE], tables.actors)[NONE].color
    return {
        "admin": ADMIN,
        "border": BORDER,
        "ink": INK,
        "river": RIVER,
        "water": WATER,
        "none": none,
        "paler": PALER,
        "over_tiles": OVER_TILES,
    }


def _actor_table(actor_ids: list[str], tables: Tables) -> Data:
    """Return one row per actor: id, three lengths of its name, colours, hatch, number of the parent painted like it."""
    paints = paints_of(actor_ids, tables.actors)
    order, each = {actor: number for number, actor in enumerate(paints)}, list(paints.values())
    twins = [paint.parent in paints and paints[paint.parent].look == paint.look for paint in each]
    return table(
        id=paints,
        name=[paint.name for paint in each],
        short=[paint.short for paint in each],
        tag=[
            next((name for name in (paint.name, *paint.aliases) if len(name) <= TAG), shortened(paint.name, TAG))
            for paint in each
        ],
        color=[paint.color for paint in each],
        tint=[tint(paint.color) for paint in each],
        ink=[paint.ink for paint in each],
        hatch=[paint.hatch for paint in each],
        dark=[contrast(paint.color) >= READS for paint in each],
        line=[hatched(paint.color) for paint in each],
        parent=[order[paint.parent] if twin else -1 for paint, twin in zip(each, twins, strict=True)],
    )


def _around(territory: Territory) -> Data:
    """Return the layers around some land in degrees: none where those of its tables do not reach."""
    layers = _layers(territory.tables)
    tables = territory.tables
    whole = shapely.total_bounds(np.concatenate([tables.layers.geometry, tables.borders.geometry]))
    reaches = shapely.intersects(shapely.box(*whole), shapely.box(*territory.extent))
    return layers if reaches else {name: [] for name in layers}


def _frame(tables: Tables) -> list[list[float]]:
    """Return the south-west and north-east corner within which the ground is known, latitude first."""
    west, south, east, north = shapely.total_bounds(
        np.concatenate([tables.layers.geometry.to_numpy(), tables.borders.geometry.to_numpy()])
    )
    return [[round(south, 3), round(west, 3)], [round(north, 3), round(east, 3)]]


@lru_cache(maxsize=4)
def _layers(tables: Tables) -> Data:
    """Return neighbours, water and governorates in the numbers that a page draws; the same for every map of tables."""
    base = {kind: group.geometry.to_numpy() for kind, group in tables.layers.groupby("kind")}
    nothing = np.array([], dtype=object)
    around, lakes = base.get("neighbour", nothing), base.get("lake", nothing)
    rivers = tables.layers[(tables.layers["kind"] == "river") & (tables.layers["rank"] <= _canvas.MAIN_RIVERS)]
    calm = shapely.coverage_simplify(np.concatenate([around, tables.borders.geometry.to_numpy()]), CALM)
    inner = shapely.coverage_simplify(tables.governorates.geometry.to_numpy(), CALM)
    window = shapely.box(*shapely.total_bounds(calm))  # beyond it nothing is known, not even that it is sea
    edge = shapely.buffer(window.exterior, 2 / _payload.GRID)
    sea = shapely.difference(window, shapely.union_all(calm)) if len(around) else shapely.Polygon()
    return {
        "sea": _payload.polygons(sea),
        "borders": _payload.lines(shapely.difference(shapely.boundary(calm), edge)),
        "admin": _payload.lines(shapely.boundary(inner)),
        "rivers": _payload.lines(shapely.simplify(rivers.geometry.to_numpy(), CALM)),
        "lakes": _payload.polygons(shapely.union_all(shapely.simplify(lakes, CALM))),
    }


def names_on(territory: Territory) -> Data:
    """Return the names to write, the most important first.

    Countries around; the places of the territory; the towns of its tables that no row of control names.
    """
    every = territory.tables.places
    places = territory.places if territory.has_places else every.head(0)
    extra = every[every["population"].notna() & ~every["place_id"].isin(places["place_id"])]
    named = pd.concat([places, extra], ignore_index=True)
    named = named[named["latitude"].notna() & (named["kind"] != "area")]
    ranks = {kind: rank for rank, kind in enumerate(_canvas.KINDS)}
    named = named.assign(
        people=named["population"].astype(float).fillna(0), rank=named["kind"].map(ranks).fillna(len(ranks))
    ).sort_values(["people", "rank", "place_id"], ascending=[False, True, True])
    around = territory.tables.layers.query("kind == 'neighbour'")
    middles = [line.coords[0] for line in shapely.maximum_inscribed_circle(around.geometry.to_numpy())]
    points = named[["longitude", "latitude"]].astype(float).round(4)
    rows = table(
        name=[*around["name"], *named["name"]],
        longitude=[*(round(x, 2) for x, _ in middles), *points["longitude"].tolist()],
        latitude=[*(round(y, 2) for _, y in middles), *points["latitude"].tolist()],
        residents=[*(0 for _ in middles), *named["people"].astype(int).tolist()],
        kind=[*("country" for _ in middles), *("place" for _ in named["name"])],
        place=[*(-1 for _ in middles), *pd.Index(places["place_id"]).get_indexer(pd.Index(named["place_id"])).tolist()],
    )
    return coded(rows, "kind")

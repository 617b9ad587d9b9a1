"""The map of record: who held what on a day, with borders, water and towns, in a local equal-area projection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from conflictkit.charts import doubt, frame, style, towns
from conflictkit.charts.window import Window, window_of
from conflictkit.datasets import load_basemap, load_borders
from conflictkit.dates import to_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from matplotlib.axes import Axes
    from matplotlib.patches import Patch
    from numpy.typing import NDArray

    from conflictkit.charts.artists import Labels
    from conflictkit.charts.style import Paint
    from conflictkit.charts.window import Extent
    from conflictkit.dates import DateLike
    from conflictkit.territory import Territory

NONE = "none"  # land of the level core that is outside the core: seen as its claimed tint
WIDTH, AROUND = 9.0, 1.7  # inches of a new figure, and its height beyond the map's own
HATCH = 0.45  # of ink in the lines of a hatch
MAIN_RIVERS = 2  # rank in the base map: main stems and named rivers; smaller ones only on maps of a region
NAMED_ABROAD = 0.004  # of the map: the least land of a neighbour that gets its name


def plot_territory(
    territory: Territory,
    date: DateLike,
    *,
    extent: Extent = None,
    radius_km: float = 100.0,
    labels: bool | Sequence[str] = True,
    fade: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """Plot who held what at the end of a day, as a static map.

    Parameters
    ----------
    territory
        The model, or dated polygons, which have no places: then `extent`, `labels` and `fade` say nothing.
    date
        Anything that ``pandas.to_datetime`` reads.
    extent
        None for the whole scope; the id of a place for the land around it; or west, south, east, north in degrees.
    radius_km
        How far the map reaches from the place that `extent` names.
    labels
        True for as many names of towns as fit, by population; False for none; or the ids of the places to name.
    fade
        Whether land fades where its holder is unsure, by natural-neighbour probability.
    ax
        Axes to draw on; without it a new figure.

    Returns
    -------
    Axes
        North up, in metres of a Lambert azimuthal equal-area projection centred on the map.

    Raises
    ------
    PlaceError
        If the place of `extent` is unknown or has no point, or the box is none.
    UnknownNameError
        If a place of `labels` is not on the map.
    TerritoryError
        If the date cannot be read.

    Notes
    -----
    Claimed land is a light tint of its holder's colour, core the full colour; a holder painted like its parent (the
    YPG, part of the SDF) is drawn with it. Contested land is hatched in the colours of who held it before and who
    holds it after. Lines between holders are the edges of the cells
    of places, not surveyed fronts: they can be off by half the distance between two places.

    Examples
    --------
    >>> from conflictkit import Territory, plot_territory
    >>> ax = plot_territory(Territory.from_places(), "2017-11-03", extent="abu-kamal", radius_km=50)
    >>> ax.get_title(loc="left")
    'Control within 50 km of Abu Kamal on 3 November 2017'
    """
    from matplotlib.pyplot import rc_context

    if not territory.has_places:
        from conflictkit.charts.drawing_map import plot_drawing

        return plot_drawing(territory, date, ax=ax)
    window, paints = window_of(territory, extent, radius_km), style.palette(territory.actors)
    evidence, shown = territory.holders(date), towns.towns_on(territory, window)
    for place in () if isinstance(labels, bool) else labels:
        frame.known("place on this map", place, shown["place_id"])
    if extent is not None:
        evidence = evidence[evidence["place_id"].isin(shown["place_id"])]
    with rc_context(style.RC):
        ax = frame.new_axes(ax, size=(WIDTH, WIDTH * window.height_km / window.width_km + AROUND))
        seen, folds = draw_panel(ax, territory, date, window, labels=labels, fade=fade)
        frame.finish(
            ax,
            title=f"{window.title} on {style.day(to_day(date))}",
            caption=f"{caption_of(territory, folds, paints, fade=fade)} {style.credit(evidence['source_id'])}",
            sources=evidence["source_id"],
            key=key_of(seen, paints, fade=fade),
            below=8.0,
            key_options=pairs(),
        )
    return ax


def draw_panel(
    ax: Axes,
    territory: Territory,
    date: DateLike,
    window: Window,
    *,
    labels: bool | Sequence[str] = True,
    fade: bool = False,
) -> tuple[list[str], dict[str, str]]:
    """Draw the map of one day without title, key and caption; return the holders seen and who is drawn with whom."""
    paints, shown = style.palette(territory.actors), towns.towns_on(territory, window)
    claimed, core = territory.at(date), territory.at(date, level="core")
    folds = style.folded(claimed["actor_id"], paints)
    draw_base(ax, window)
    seen = _holders(ax, claimed, window, folds, paints)
    _core(ax, core, window, paints)
    doubt.draw_contested(ax, territory, date, window, paints)
    if fade:
        doubt.fade(ax, territory, date, window)
    draw_lines(ax, window)
    towns.draw_dots(ax, shown, towns.holders_of(shown, claimed, territory.holders(date)), paints)
    draw_names(ax, window, shown, wanted=labels)
    return seen, folds


def draw_base(ax: Axes, window: Window) -> None:
    """Set up the axes, with the sea and the land on which nothing is said: neighbours, a country outside the scope."""
    west, south, east, north = window.bounds
    ax.set(xlim=(west, east), ylim=(south, north), xticks=[], yticks=[], facecolor=style.WATER)
    ax.set_aspect("equal", adjustable="box", anchor="NW")
    ax.set_autoscale_on(False)
    ax.spines[:].set(color=style.MUTED, linewidth=0.6)
    base = load_basemap()
    land = pd.concat([base.loc[base["kind"] == "neighbour", "geometry"], load_borders()["geometry"]]).to_numpy()
    look = {"facecolor": style.ABROAD, "edgecolor": style.ADMIN, "linewidth": 0.6, "zorder": 1}
    draw_shapes(ax, window.cut(land), look)


def _holders(
    ax: Axes, claimed: gpd.GeoDataFrame, window: Window, folds: dict[str, str], paints: dict[str, Paint]
) -> list[str]:
    """Draw the claimed land of each holder, with its outline, and return the holders seen, the largest first."""
    seen = []
    outline = {"facecolor": "none", "edgecolor": style.INK, "linewidth": 0.9, "zorder": 6}
    for actor, group in claimed.groupby(claimed["actor_id"].replace(folds), sort=False):
        paint = paints[str(actor)]
        land = np.array([shapely.union_all(group.geometry.to_numpy())])
        shape = window.cut(land)
        draw_shapes(ax, shape, fill(style.tint(paint.color), paint.hatch) | {"zorder": 2})
        draw_shapes(ax, window.cut(shapely.boundary(land)), outline)  # of the land, not of what the window shows of it
        seen.append((float(shapely.area(shape).sum()), str(actor)))
    return [actor for area, actor in sorted(seen, reverse=True) if area > 0]


def _core(ax: Axes, core: gpd.GeoDataFrame, window: Window, paints: dict[str, Paint]) -> None:
    """Draw the core of each holder over its claimed land."""
    core = core[core["actor_id"] != NONE]
    for actor, shape in zip(core["actor_id"], window.cut(core.geometry.to_numpy()), strict=True):
        paint = paints[actor]
        draw_shapes(ax, np.array([shape]), fill(paint.color, paint.hatch) | {"zorder": 3})


def fill(color: str, hatch: str) -> dict[str, Any]:
    """Return the look of land of one colour; the lines of a hatch are darker than it."""
    edge = style.mix(color, style.INK, HATCH) if hatch else "none"
    return {"facecolor": color, "edgecolor": edge, "hatch": hatch or None, "linewidth": 0}


def draw_lines(ax: Axes, window: Window) -> None:
    """Draw water, governorates and the borders of the countries."""
    base, admin, countries = load_basemap(), load_borders(level=1), load_borders()
    lakes, rivers = base[base["kind"] == "lake"], base[base["kind"] == "river"]
    if window.width_km >= towns.WIDE_KM:
        rivers = rivers[rivers["rank"] <= MAIN_RIVERS]
    layers: tuple[tuple[gpd.GeoSeries, dict[str, Any]], ...] = (
        (lakes.geometry, {"facecolor": style.WATER, "edgecolor": style.RIVER, "linewidth": 0.4, "zorder": 4}),
        (rivers.geometry, {"facecolor": "none", "edgecolor": style.RIVER, "linewidth": 0.9, "zorder": 4}),
        (admin.boundary, {"facecolor": "none", "edgecolor": style.ADMIN, "linewidth": 0.5, "zorder": 5}),
        (countries.boundary, {"facecolor": "none", "edgecolor": style.BORDER, "linewidth": 1.6, "zorder": 7}),
    )
    for layer, look in layers:
        draw_shapes(ax, window.cut(layer.to_numpy()), look)


def draw_shapes(ax: Axes, shapes: NDArray[np.object_], look: dict[str, Any]) -> None:
    """Draw polygons or lines in metres as one patch."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    parts = shapely.normalize(shapely.get_parts(shapes))  # rings and holes turn opposite ways
    rings = [ring for part in parts for ring in (shapely.get_rings(part) if part.geom_type == "Polygon" else [part])]
    paths = [Path(shapely.get_coordinates(ring), closed=ring.is_ring) for ring in rings if not ring.is_empty]
    if paths:
        ax.add_artist(PathPatch(Path.make_compound_path(*paths), **look))  # the limits are set: not add_patch


def draw_names(ax: Axes, window: Window, shown: pd.DataFrame, *, wanted: bool | Sequence[str]) -> None:
    """Draw the scale bar, the names of the towns and, where they leave room, of the countries around."""
    from conflictkit.charts.artists import Labels

    labels = Labels(ax)
    labels.keep_clear += _scale_bar(ax, window)
    towns.label_towns(ax, labels, shown, wanted=wanted)
    if wanted is True:
        _abroad(ax, labels, window)


def _abroad(ax: Axes, labels: Labels, window: Window) -> None:
    from conflictkit.charts.artists import Spot

    base = load_basemap()
    around = base[base["kind"] == "neighbour"]
    spots = [Spot(dx, dy, "center", "center") for dy in (0, 14, -14) for dx in (0, 20, -20)]
    for name, shape in zip(around["name"], window.cut(around.geometry.to_numpy()), strict=True):
        if shape.area < NAMED_ABROAD * 1e6 * window.width_km * window.height_km:
            continue
        x, y = shapely.maximum_inscribed_circle(shape).coords[0]
        text = ax.annotate(
            name, (x, y), xytext=(0, 0), textcoords="offset points", fontsize=style.BODY, color=style.MUTED,
            style="italic", zorder=8.5,
        )  # fmt: skip
        labels.add(text, spots)


def _scale_bar(ax: Axes, window: Window) -> list[Any]:
    """Draw a scale bar at the lower left and return its parts."""
    from matplotlib.patheffects import withStroke

    halo = [withStroke(linewidth=2.5, foreground="white", alpha=0.85)]
    x, y = (edge + 30 * window.width_km for edge in window.bounds[:2])  # 3 % of the width from the corner, in metres
    length = window.bar_km * 1000
    look: dict[str, Any] = {"color": style.INK, "path_effects": halo, "zorder": 9}
    (bar,) = ax.plot([x, x + length], [y, y], linewidth=2.0, solid_capstyle="butt", **look)
    text = ax.annotate(
        f"{window.bar_km:,g} km", (x + length / 2, y), xytext=(0, 3), textcoords="offset points",
        ha="center", va="bottom", fontsize=style.SMALL, **look,
    )  # fmt: skip
    return [bar, text]


def key_of(holders: Sequence[str], paints: dict[str, Paint], *, fade: bool = False) -> list[tuple[Any, str]]:
    """Return the key: core and claimed side by side for each holder on the map."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    def pair(color: str, hatch: str) -> tuple[Patch, Patch]:
        return Patch(**fill(color, 2 * hatch)), Patch(**fill(style.tint(color), 2 * hatch))

    named = [actor for actor in holders if actor != doubt.CONTESTED]
    key: list[tuple[Any, str]] = [(pair(*paints[actor].look), paints[actor].short) for actor in named]
    key += [doubt.contested_key()] if len(named) < len(holders) else []
    key.append((pair(style.MUTED, ""), "core | claimed only"))
    key += doubt.fade_key() if fade else []
    key.append((Line2D([], [], color=style.INK, linewidth=0.9), "line between holders"))
    key.append((Line2D([], [], color=style.BORDER, linewidth=1.6), "international border"))
    return key


def pairs() -> dict[str, Any]:
    """Return how a key shows several patches of one entry: side by side."""
    from matplotlib.legend_handler import HandlerTuple

    return {"handler_map": {tuple: HandlerTuple(ndivide=None, pad=0)}, "handlelength": 2.6}


def caption_of(territory: Territory, folds: dict[str, str], paints: dict[str, Paint], *, fade: bool = False) -> str:
    """Return what the map shows, in which definitions, and what is drawn with what."""
    parts = [
        "State at the end of the day. Full colour is core, tint is claimed only.",
        territory.definition("claimed"),
        territory.definition("core"),
        *(f"{paints[up].name} includes {paints[child].name}." for child, up in folds.items()),
        *([doubt.CAPTION] if fade else []),
        "Dots: places in the colour of their holder, larger from 50,000, 250,000 and 1 million residents.",
        "Lambert azimuthal equal-area projection. Borders and lakes: Natural Earth; rivers: GSHHG.",
    ]
    return " ".join(parts)

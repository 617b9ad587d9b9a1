"""The empty map: which land it shows and in which projection, water and borders, towns and names, a scale bar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

from conflictkit.charts._labels import Labels, Spot, around
from conflictkit.charts._layout import Z
from conflictkit.charts._settings import slant
from conflictkit.errors import PlaceError, shown
from conflictkit.geometry import local_crs, project, project_points, unproject
from conflictkit.look import ABROAD, ADMIN, BODY, BORDER, INK, LARGE, MUTED, RIVER, SMALL, WATER
from conflictkit.placenames import place_id_of
from conflictkit.prose import listed
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import geopandas as gpd
    import pyproj
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from conflictkit.look import Paint
    from conflictkit.tables import Tables
    from conflictkit.territory import Territory

    Extent = tuple[float, float, float, float] | str | None

MARGIN_M = 30_000.0  # land shown around the scope
BAR_SHARE = 0.2  # of the map's width, at most, for the scale bar
WIDE_KM = 500.0  # from this width of the map on, only main rivers and places of known population are drawn
MAIN_RIVERS = 2  # rank in the base map: main stems and named rivers; smaller ones only on maps of a region
MOST_NAMES = 15  # of towns on a wide map: more cover the land that they are to explain
FOUGHT_FOR = 3.0  # times as many residents as it has: how a town that changed hands ranks among the few of a wide map
ALONE = 0.07  # of the width of a wide map: towns nearer to a larger one are not shown
NAMED_ABROAD = 0.004  # of the map: the least land of a neighbour that gets its name
# Population from which a dot has this diameter in points, and its label this size.
CLASSES = ((1_000_000, 7.0, LARGE), (250_000, 5.5, BODY), (50_000, 4.4, SMALL), (0, 3.2, SMALL))
KINDS = ("town", "crossing", "base", "dam", "village", "field", "site")  # in the order in which labels are placed


@dataclass(frozen=True)
class Window:
    """A rectangle in a Lambert azimuthal equal-area projection centred on it; metres."""

    crs: pyproj.CRS
    bounds: tuple[float, float, float, float]  # west, south, east, north
    where: str  # in words, for the title: "of Iraq and Syria", "within 50 km of Abu Kamal"
    centre_id: str | None = None
    whole: bool = False  # everything that the territory has, not a part of it

    @property
    def width_km(self) -> float:
        """Ground covered from west to east."""
        return (self.bounds[2] - self.bounds[0]) / 1000

    @property
    def height_km(self) -> float:
        """Ground covered from south to north."""
        return (self.bounds[3] - self.bounds[1]) / 1000

    @property
    def shape(self) -> float:
        """Height as a share of the width."""
        return self.height_km / self.width_km

    @property
    def bar_km(self) -> float:
        """The longest of 1, 2, 5, 10, 20, 50 ... km that fits the scale bar's share of the width."""
        steps = [figure * 10.0**power for power in range(-2, 4) for figure in (1, 2, 5)]
        return max(step for step in steps if step <= max(BAR_SHARE * self.width_km, steps[0]))

    def cut(self, geometry: NDArray[np.object_]) -> NDArray[np.object_]:
        """Return geometry in degrees as what of it lies in the window, in metres."""
        reach = 0.1 * max(self.bounds[2] - self.bounds[0], self.bounds[3] - self.bounds[1])
        outline: Any = shapely.box(*self.bounds).buffer(reach)
        near: Any = unproject(outline, self.crs)
        projected = project(shapely.clip_by_rect(geometry, *near.bounds), self.crs)
        return np.asarray(shapely.clip_by_rect(projected, *self.bounds), dtype=object)

    def project(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return rows with a longitude and a latitude with their metres: x, y."""
        degrees = rows[["longitude", "latitude"]].to_numpy(dtype=float).reshape(-1, 2)
        x, y = project_points(degrees, self.crs).T
        return rows.assign(x=x, y=y)

    def inside(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return the rows that lie in the window, with their metres."""
        west, south, east, north = self.bounds
        rows = self.project(rows)
        return rows[rows["x"].between(west, east) & rows["y"].between(south, north)]


def window_of(territory: Territory, extent: Extent, radius_km: float) -> Window:
    """Return the window for an extent as ``plot_territory`` takes it."""
    if isinstance(extent, str):
        return _around(extent, radius_km, territory.tables.places)
    if extent is not None:
        return _between(extent)
    # a model fills its countries to the border, drawings only what somebody drew
    land: Any = shapely.union_all(territory.borders) if territory.has_places else shapely.box(*territory.extent)
    crs = local_crs(land)
    west, south, east, north = shapely.bounds(project(land, crs))
    bounds = (west - MARGIN_M, south - MARGIN_M, east + MARGIN_M, north + MARGIN_M)
    countries = listed(map(territory.tables.country_name, territory.scope))
    return Window(crs, bounds, f"of {countries}" if territory.has_places else "", whole=True)


def _between(extent: tuple[float, float, float, float]) -> Window:
    try:
        west, south, east, north = (float(edge) for edge in extent)
    except (TypeError, ValueError):
        west = south = east = north = np.nan
    if not (-180 <= west < east <= 180 and -90 < south < north < 90):  # noqa: PLR2004 - degrees
        msg = (
            f"extent={shown(extent)} is no box of land: give west, south, east, north in degrees, or the id of a place."
        )
        raise PlaceError(msg)
    box: Any = shapely.box(west, south, east, north)
    crs = local_crs(box)
    bounds = tuple(float(edge) for edge in shapely.bounds(project(box, crs)))
    where = f"of the land {west:g} to {east:g}\N{DEGREE SIGN} E, {south:g} to {north:g}\N{DEGREE SIGN} N"
    return Window(crs, (bounds[0], bounds[1], bounds[2], bounds[3]), where)


def _around(place_id: str, radius_km: float, places: pd.DataFrame) -> Window:
    if not 0 < radius_km < float("inf"):
        msg = f"radius_km={shown(radius_km)} must be a number above 0."
        raise PlaceError(msg)
    place_id = place_id_of(place_id, places)
    place = places[places["place_id"] == place_id].iloc[0]
    if pd.isna(place["longitude"]) or pd.isna(place["latitude"]):
        msg = f"{shown(place_id)} is an area without a point: give a box of west, south, east, north instead."
        raise PlaceError(msg)
    crs = local_crs(shapely.Point(place["longitude"], place["latitude"]))
    x, y = project_points(np.array([[place["longitude"], place["latitude"]]]), crs)[0]
    reach = radius_km * 1000
    where = f"within {radius_km:g} km of {place['name']}"
    return Window(crs, (x - reach, y - reach, x + reach, y + reach), where, centre_id=place_id)


def draw_base(ax: Axes, window: Window, tables: Tables) -> None:
    """Set up the axes, with the sea and the land on which nothing is said: neighbours, a country outside the scope."""
    west, south, east, north = window.bounds
    ax.set(xlim=(west, east), ylim=(south, north), xticks=[], yticks=[])
    ax.set_aspect("equal", adjustable="box", anchor="NW")
    ax.set_autoscale_on(False)
    ax.spines[:].set(color=MUTED, linewidth=0.6)
    beyond = tables.layers.loc[tables.layers["kind"] == "neighbour", "geometry"].to_numpy()
    land = np.concatenate([beyond, tables.borders.geometry.to_numpy()])
    # where the neighbours are not known, nor is what is sea and what is land
    known_ground = window.cut(np.array([shapely.box(*shapely.total_bounds(land))])) if len(beyond) else beyond
    ax.set_facecolor(ABROAD if shapely.is_empty(known_ground).all() else WATER)
    draw_shapes(ax, window.cut(land), {"facecolor": ABROAD, "edgecolor": ADMIN, "linewidth": 0.6, "zorder": Z.ABROAD})


def draw_lines(ax: Axes, window: Window, tables: Tables) -> None:
    """Draw water, governorates and the borders of the countries."""
    base = tables.layers
    lakes, rivers = base[base["kind"] == "lake"], base[base["kind"] == "river"]
    if window.width_km >= WIDE_KM:
        rivers = rivers[rivers["rank"] <= MAIN_RIVERS]
    layers: tuple[tuple[gpd.GeoSeries, dict[str, Any]], ...] = (
        (lakes.geometry, {"facecolor": WATER, "edgecolor": RIVER, "linewidth": 0.4, "zorder": Z.WATER}),
        (rivers.geometry, {"facecolor": "none", "edgecolor": RIVER, "linewidth": 0.9, "zorder": Z.WATER}),
        (tables.governorates.boundary, {"facecolor": "none", "edgecolor": ADMIN, "linewidth": 0.5, "zorder": Z.ADMIN}),
        (tables.borders.boundary, {"facecolor": "none", "edgecolor": BORDER, "linewidth": 1.6, "zorder": Z.BORDER}),
    )
    for layer, look in layers:
        draw_shapes(ax, window.cut(layer.to_numpy()), look)


def draw_shapes(ax: Axes, shapes: NDArray[np.object_], look: dict[str, Any]) -> None:
    """Draw polygons or lines in metres as one patch."""
    parts = shapely.normalize(shapely.get_parts(shapes))  # rings and holes turn opposite ways
    rings = [ring for part in parts for ring in (shapely.get_rings(part) if part.geom_type == "Polygon" else [part])]
    paths = [Path(shapely.get_coordinates(ring), closed=ring.is_ring) for ring in rings if not ring.is_empty]
    if paths:
        ax.add_artist(PathPatch(Path.make_compound_path(*paths), **look))  # the limits are set: not add_patch


def towns_on(territory: Territory, window: Window) -> pd.DataFrame:
    """Return the places to draw, the most important first: columns of places and x, y, size, font.

    To the territory's own places come the towns of its tables that no row of control names (Mosul, whose two banks
    have rows).
    """
    every = territory.tables.places
    own = territory.places if territory.has_places else every.head(0)
    extra = every[every["population"].notna() & ~every["place_id"].isin(own["place_id"])]
    towns = pd.concat([own, extra], ignore_index=True)
    towns = towns[towns["latitude"].notna() & (towns["kind"] != "area")]
    if window.width_km >= WIDE_KM and towns["population"].notna().any():  # where no size is known, all are alike
        towns = towns[towns["population"].notna()]
    towns = window.inside(towns)
    people = -towns["population"].astype(float).fillna(0).to_numpy()
    rank = np.searchsorted([-floor for floor, _, _ in CLASSES], people)
    if window.width_km >= WIDE_KM and territory.has_places:  # of the few, those that the war is about come first
        rows = territory.control_changes
        fought = towns["place_id"].isin(rows.loc[rows["event"] != "initial", "place_id"])
        people = people * np.where(fought, FOUGHT_FOR, 1.0)
    towns = towns.assign(
        size=[CLASSES[i][1] for i in rank],
        font=[CLASSES[i][2] for i in rank],
        aside=towns["place_id"] != window.centre_id,
        people=people,
        kind_order=towns["kind"].map({kind: i for i, kind in enumerate(KINDS)}).fillna(len(KINDS)),
    )
    return towns.sort_values(["aside", "people", "kind_order", "place_id"], kind="stable").reset_index(drop=True)


def holders_of(towns: pd.DataFrame, held: gpd.GeoDataFrame, holders: pd.DataFrame) -> pd.Series:
    """Return who holds each town: by its own row, or as the holder of the land around it."""
    points = shapely.points(towns["longitude"].to_numpy(), towns["latitude"].to_numpy())
    town, land = held.sindex.query(points, predicate="intersects")
    around = pd.Series(held["actor_id"].to_numpy()[land], index=town, dtype=TEXT).groupby(level=0).first()
    own = holders.set_index("place_id")["actor_id"].reindex(towns["place_id"]).set_axis(towns.index)
    return own.fillna(around.reindex(towns.index))


def draw_dots(ax: Axes, towns: pd.DataFrame, held_by: pd.Series, paints: dict[str, Paint]) -> None:
    """Draw one dot per town, white around so that it shows on land of its own colour."""
    colors = [paints[actor].color if actor in paints else MUTED for actor in held_by]
    ax.scatter(towns["x"], towns["y"], s=(towns["size"] + 1.8) ** 2, color="white", linewidths=0, zorder=Z.HALO)
    ax.scatter(towns["x"], towns["y"], s=towns["size"] ** 2, c=colors, edgecolors=INK, linewidths=0.5, zorder=Z.DOT)


def draw_names(
    ax: Axes, window: Window, towns: pd.DataFrame, tables: Tables, *, wanted: bool | Sequence[str]
) -> Labels:
    """Draw the scale bar, the names of the towns and, where they leave room, of the countries around."""
    labels = Labels(ax)
    labels.keep_clear += _scale_bar(ax, window)
    labels.marks += [(x, y, x, y, *[size / 2 + 1] * 4) for x, y, size in towns[["x", "y", "size"]].to_numpy()]
    if not isinstance(wanted, bool):
        _name_towns(ax, labels, towns[towns["place_id"].isin(list(wanted))], all_that_fit=False)
    elif wanted:
        _name_towns(ax, labels, towns, all_that_fit=True)
        _name_neighbours(ax, labels, window, tables)
    return labels


def few(towns: pd.DataFrame, window: Window, *, also: Collection[str] = ()) -> pd.DataFrame:
    """Return the towns that a wide map shows: a few in their order, none near another, and those that are asked for."""
    if window.width_km < WIDE_KM:
        return towns
    points, apart = towns[["x", "y"]].to_numpy(dtype=float), ALONE * 1000 * window.width_km
    chosen = [number for number, place in enumerate(towns["place_id"]) if place in also]
    for number, point in enumerate(points):
        if len(chosen) < MOST_NAMES and (np.hypot(*(points[chosen] - point).T) >= apart).all():
            chosen.append(number)
    return towns.iloc[chosen]


def _name_towns(ax: Axes, labels: Labels, towns: pd.DataFrame, *, all_that_fit: bool) -> None:
    """Write the names of towns: all that fit, or all of them."""
    towns = towns.assign(dark=towns.get("dark", False))
    columns = (towns[column].tolist() for column in ("name", "x", "y", "size", "font", "aside", "dark"))
    for name, x, y, size, font, aside, dark in zip(*columns, strict=True):
        ink, glow = ("white", INK) if dark else (INK, "white")
        text = ax.annotate(
            name, (x, y), xytext=(6, 0), textcoords="offset points", fontsize=font, color=ink, zorder=Z.NAME,
            path_effects=[withStroke(linewidth=2.2, foreground=glow, alpha=0.85)],
        )  # fmt: skip
        labels.add(text, around(size / 2 + 4), required=not all_that_fit or not aside)


def _name_neighbours(ax: Axes, labels: Labels, window: Window, tables: Tables) -> None:
    beyond = tables.layers[tables.layers["kind"] == "neighbour"]
    spots = [Spot(dx, dy, "center", "center") for dy in (0, 14, -14) for dx in (0, 20, -20)]
    for name, shape in zip(beyond["name"], window.cut(beyond.geometry.to_numpy()), strict=True):
        if shape.area < NAMED_ABROAD * 1e6 * window.width_km * window.height_km:
            continue
        x, y = shapely.maximum_inscribed_circle(shape).coords[0]
        text = ax.annotate(
            name, (x, y), xytext=(0, 0), textcoords="offset points", fontsize=BODY, color=MUTED, style=slant(name),
            zorder=Z.COUNTRY,
        )  # fmt: skip
        labels.add(text, spots)


def _scale_bar(ax: Axes, window: Window) -> list[Any]:
    """Draw a scale bar at the lower left and return its parts."""
    halo = [withStroke(linewidth=2.5, foreground="white", alpha=0.85)]
    x, y = (edge + 30 * window.width_km for edge in window.bounds[:2])  # 3 % of the width from the corner, in metres
    length = window.bar_km * 1000
    look: dict[str, Any] = {"color": INK, "path_effects": halo, "zorder": Z.NAME}
    (bar,) = ax.plot([x, x + length], [y, y], linewidth=2.0, solid_capstyle="butt", **look)
    text = ax.annotate(
        f"{window.bar_km:,g} km", (x + length / 2, y), xytext=(0, 3), textcoords="offset points",
        ha="center", va="bottom", fontsize=SMALL, **look,
    )  # fmt: skip
    return [bar, text]

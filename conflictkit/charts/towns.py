"""Towns on a map: a dot in the colour of the holder, a size by population, a label where there is room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from conflictkit.charts.style import BODY, INK, LARGE, MUTED, SMALL
from conflictkit.datasets import load_places
from conflictkit.geometry import project_points

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from matplotlib.axes import Axes

    from conflictkit.charts.artists import Labels, Spot
    from conflictkit.charts.style import Paint
    from conflictkit.charts.window import Window
    from conflictkit.territory import Territory

# Population from which a dot has this diameter in points, and its label this size.
CLASSES = ((1_000_000, 7.0, LARGE), (250_000, 5.5, BODY), (50_000, 4.4, SMALL), (0, 3.2, SMALL))
KINDS = ("town", "crossing", "base", "dam", "village", "field", "site")  # in the order in which labels are placed
NO_TOWNS = pd.DataFrame(
    {name: pd.Series(dtype="object") for name in ("place_id", "name", "x", "y", "size", "font", "aside")}
)
WIDE_KM = 500.0  # from this width of the map on, only places of known population are drawn


def towns_on(territory: Territory, window: Window) -> pd.DataFrame:
    """Return the places to draw, the most important first: columns of places and x, y, size, font.

    To the territory's own places come the towns of the shipped table that no row of control names (Mosul, whose two
    banks have rows).
    """
    shipped = load_places()
    extra = shipped[shipped["population"].notna() & ~shipped["place_id"].isin(territory.places["place_id"])]
    towns = pd.concat([territory.places, extra], ignore_index=True)
    towns = towns[towns["latitude"].notna() & (towns["kind"] != "area")]
    if window.width_km >= WIDE_KM:
        towns = towns[towns["population"].notna()]
    xy = project_points(towns[["longitude", "latitude"]].to_numpy(dtype=float), window.crs)
    people = -towns["population"].astype(float).fillna(0).to_numpy()
    rank = np.searchsorted([-floor for floor, _, _ in CLASSES], people)
    towns = towns.assign(
        x=xy[:, 0],
        y=xy[:, 1],
        size=[CLASSES[i][1] for i in rank],
        font=[CLASSES[i][2] for i in rank],
        aside=towns["place_id"] != window.centre_id,
        people=people,
        kind_order=towns["kind"].map({kind: i for i, kind in enumerate(KINDS)}).fillna(len(KINDS)),
    )
    west, south, east, north = window.bounds
    inside = towns["x"].between(west, east) & towns["y"].between(south, north)
    order = ["aside", "people", "kind_order", "place_id"]
    return towns[inside].sort_values(order, kind="stable").reset_index(drop=True)


def holders_of(towns: pd.DataFrame, held: gpd.GeoDataFrame, holders: pd.DataFrame) -> pd.Series:
    """Return who holds each town: by its own row, or as the holder of the land around it."""
    points = shapely.points(towns["longitude"].to_numpy(), towns["latitude"].to_numpy())
    town, land = held.sindex.query(points, predicate="intersects")
    around = pd.Series(held["actor_id"].to_numpy()[land], index=town).groupby(level=0).first()
    return towns["place_id"].map(holders.set_index("place_id")["actor_id"]).fillna(around)


def draw_dots(ax: Axes, towns: pd.DataFrame, held_by: pd.Series, paints: dict[str, Paint]) -> None:
    """Draw one dot per town, white around so that it shows on land of its own colour."""
    colors = [paints[actor].color if actor in paints else MUTED for actor in held_by]
    ax.scatter(towns["x"], towns["y"], s=(towns["size"] + 1.8) ** 2, color="white", linewidths=0, zorder=7.9)
    ax.scatter(towns["x"], towns["y"], s=towns["size"] ** 2, c=colors, edgecolors=INK, linewidths=0.5, zorder=8)


def label_towns(ax: Axes, labels: Labels, towns: pd.DataFrame, *, wanted: bool | Sequence[str]) -> None:
    """Write the names of the towns: all that fit, or those asked for."""
    from matplotlib.patheffects import withStroke

    labels.marks += [(x, y, x, y, *[size / 2 + 1] * 4) for x, y, size in towns[["x", "y", "size"]].to_numpy()]
    if wanted is False:
        return
    halo = [withStroke(linewidth=2.2, foreground="white", alpha=0.85)]
    named = towns if wanted is True else towns[towns["place_id"].isin(list(wanted))]
    columns = (named[column].tolist() for column in ("name", "x", "y", "size", "font", "aside"))
    for name, x, y, size, font, aside in zip(*columns, strict=True):
        text = ax.annotate(
            name, (x, y), xytext=(6, 0), textcoords="offset points", fontsize=font, color=INK, zorder=9,
            path_effects=halo,
        )  # fmt: skip
        labels.add(text, _spots(size), required=wanted is not True or not aside)


def _spots(size: float) -> tuple[Spot, ...]:
    """Return the spots around a dot of some size."""
    from conflictkit.charts.artists import AROUND, Spot

    grow = size / 2 - 2
    return tuple(Spot(s.dx + grow * np.sign(s.dx), s.dy + grow * np.sign(s.dy), s.ha, s.va) for s in AROUND)

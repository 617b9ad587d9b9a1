"""What a picture is unsure of: an unlikely holder fades, contested land has both colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from matplotlib.patches import Patch
from scipy.spatial import KDTree

from conflictkit.actors import CONTESTED, NONE
from conflictkit.charts._canvas import draw_shapes
from conflictkit.charts._layout import Z
from conflictkit.geometry import project_points
from conflictkit.look import INK, MUTED, mix, tint
from conflictkit.territory import CERTAIN, GRID_KM

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from conflictkit.charts._canvas import Window
    from conflictkit.look import Paint
    from conflictkit.territory import Territory

    Floats = NDArray[np.float64]

HATCHED: dict[str, Any] = {"hatch": "////", "linewidth": 0}
WHITEST = 0.8  # of white over land whose holder has no more than an even chance
EVEN = 0.5
SQUARE_KM = GRID_KM  # side of the squares by which a picture fades: those of the model
PIXELS = 500  # across a map and down: finer than the squares at any extent shown
TURNED = 1.05  # of half a square: squares lie askew in the projection of another window, and shall leave no gaps
SHADES = (0.9, 0.7, 0.5)  # probabilities in the key


def fading_words(grid_km: float = SQUARE_KM) -> str:
    """Return what fading means, for a caption."""
    return (
        "Land fades where its holder is unsure: full at a natural-neighbour probability of "
        f"{CERTAIN:g}, palest at {EVEN:g} and below; {grid_km:g} km squares."
    )


def fade(ax: Axes, territory: Territory, day: pd.Timestamp, window: Window) -> None:
    """Whiten the land whose holder is not certain, the more the less likely it is."""
    squares = territory.probability(day, grid_km=SQUARE_KM)
    image = np.ones((PIXELS, PIXELS, 4))
    image[..., 3] = np.nan_to_num(whiteness(_seen(squares, window)))
    west, south, east, north = window.bounds
    ax.imshow(image, extent=(west, east, south, north), zorder=Z.FADING, aspect="equal", interpolation="bilinear")


def _seen(squares: gpd.GeoDataFrame, window: Window) -> Floats:
    """Return the probability under each pixel of a window, missing outside the land."""
    west, south, east, north = window.bounds
    x = np.linspace(west, east, PIXELS, endpoint=False) + (east - west) / PIXELS / 2
    y = np.linspace(north, south, PIXELS, endpoint=False) - (north - south) / PIXELS / 2
    middles = project_points(shapely.get_coordinates(shapely.centroid(squares.geometry.to_numpy())), window.crs)
    # the nearest middle, along the sides of a square, is that of the square itself
    reach = TURNED * SQUARE_KM * 1000 / 2
    _, under = KDTree(middles).query(np.dstack(np.meshgrid(x, y)), p=np.inf, distance_upper_bound=reach)
    return np.append(squares["p_holder"].to_numpy(dtype=float), np.nan)[under]


def whiteness(p: Floats) -> Floats:
    """Return how much white covers land of these probabilities: none when certain, most from even chances down."""
    return np.asarray(WHITEST * np.clip((CERTAIN - p) / (CERTAIN - EVEN), 0, 1))


def fade_key() -> tuple[Any, str]:
    """Return the entry of the key that says what fading means."""
    shades = tuple(
        Patch(facecolor=mix(MUTED, "#FFFFFF", float(whiteness(np.array([p]))[0])), linewidth=0) for p in SHADES
    )
    return shades, f"holder's probability {', '.join(f'{p:g}' for p in SHADES)}"


def contenders(holders: pd.DataFrame, control_changes: pd.DataFrame) -> pd.DataFrame:
    """Return the two sides of each contested place: who held it before, and who holds it after.

    Parameters
    ----------
    holders
        Of the day, as ``Territory.holders`` returns them.
    control_changes
        The rows of the territory.

    Returns
    -------
    DataFrame
        One row per place contested on the day: ``place_id``, ``before``, ``after``; missing where the table begins or
        ends there.
    """
    now = holders.loc[holders["actor_id"] == CONTESTED, ["place_id", "since"]]
    rows = control_changes.sort_values(["place_id", "valid_from"])
    rows = rows.assign(after=rows.groupby("place_id")["to_actor"].shift(-1))
    found = now.merge(rows, left_on=["place_id", "since"], right_on=["place_id", "valid_from"], how="left")
    return found.assign(before=found["from_actor"].where(found["from_actor"] != NONE))[["place_id", "before", "after"]]


def draw_contested(ax: Axes, cells: gpd.GeoDataFrame, window: Window, paints: dict[str, Paint]) -> None:
    """Hatch each contested cell in the colour of the side after over that of the side before.

    A side that the table does not name is grey: the attacker, where the holder before is the holder after.
    """
    for (before, after), group in cells.groupby(["before", "after"], dropna=False):
        sides = (before, None if before == after else after)
        first, second = (paints[side].color if side in paints else MUTED for side in sides)
        look = {**HATCHED, "facecolor": tint(first), "edgecolor": second, "zorder": Z.CONTESTED}
        draw_shapes(ax, window.cut(group.geometry.to_numpy()), look)


def contested_key() -> tuple[Any, str]:
    """Return the entry of the key for contested land."""
    patch = Patch(**{**HATCHED, "facecolor": tint(MUTED), "edgecolor": INK})
    return patch, "Contested: before, after (grey: not recorded)"

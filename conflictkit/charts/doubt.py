"""What a map is unsure of: land whose holder is unlikely fades, contested land has the colours of both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from pyproj import Transformer

from conflictkit.charts import style
from conflictkit.territory import CERTAIN

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from conflictkit.charts.style import Paint
    from conflictkit.charts.window import Window
    from conflictkit.dates import DateLike
    from conflictkit.grid import Grid
    from conflictkit.territory import Territory

    Floats = NDArray[np.float64]

CONTESTED = "contested"
HATCHED: dict[str, Any] = {"hatch": "////", "linewidth": 0}
WHITEST = 0.8  # of white over land whose holder has no more than an even chance
EVEN = 0.5
PIXELS = 500  # across a map and down: finer than the squares at any extent shown
STEPS = (0.9, 0.7, 0.5)  # probabilities in the key
CAPTION = (
    "Land fades where its holder is unsure: full at a natural-neighbour probability of 0.9, palest at 0.5 and below; "
    "5 km squares."
)


def fade(ax: Axes, territory: Territory, date: DateLike, window: Window) -> None:
    """Whiten the land whose holder is not certain, the more the less likely it is."""
    grid, p = territory.p_holder(date)
    image = np.ones((PIXELS, PIXELS, 4))
    image[..., 3] = np.nan_to_num(whiteness(_seen(p, grid, territory, window)))
    west, south, east, north = window.bounds
    ax.imshow(image, extent=(west, east, south, north), zorder=3.5, aspect="equal", interpolation="bilinear")


def _seen(values: Floats, grid: Grid, territory: Territory, window: Window) -> Floats:
    """Return values of the squares as they lie under the pixels of a window, missing outside the land."""
    west, south, east, north = window.bounds
    x = np.linspace(west, east, PIXELS, endpoint=False) + (east - west) / PIXELS / 2
    y = np.linspace(north, south, PIXELS, endpoint=False) - (north - south) / PIXELS / 2
    turn = Transformer.from_crs(window.crs, territory.crs, always_xy=True)
    across, up = turn.transform(*np.meshgrid(x, y))
    return np.asarray(np.append(values, np.nan)[grid.under(across, up)])  # number -1 is the last: no land


def whiteness(p: Floats) -> Floats:
    """Return how much white covers land of these probabilities: none when certain, most from even chances down."""
    return np.asarray(WHITEST * np.clip((CERTAIN - p) / (CERTAIN - EVEN), 0, 1))


def fade_key() -> list[tuple[Any, str]]:
    """Return the entry of the key that says what fading means."""
    from matplotlib.patches import Patch

    shades = tuple(
        Patch(facecolor=style.mix(style.MUTED, "#FFFFFF", float(whiteness(np.array([p]))[0])), linewidth=0)
        for p in STEPS
    )
    return [(shades, f"holder's probability {', '.join(f'{p:g}' for p in STEPS)}")]


def contenders(territory: Territory, date: DateLike) -> pd.DataFrame:
    """Return the two sides of each contested place: who held it before, and who holds it after.

    Returns
    -------
    DataFrame
        One row per place contested on the date: ``place_id``, ``before``, ``after``; missing where the table begins or
        ends there.
    """
    held = territory.holders(date)
    now = held.loc[held["actor_id"] == CONTESTED, ["place_id", "since"]]
    rows = territory.control_changes.sort_values(["place_id", "valid_from"])
    rows = rows.assign(after=rows.groupby("place_id")["to_actor"].shift(-1))
    found = now.merge(rows, left_on=["place_id", "since"], right_on=["place_id", "valid_from"], how="left")
    return found.assign(before=found["from_actor"].where(found["from_actor"] != "none"))[
        ["place_id", "before", "after"]
    ]


def draw_contested(ax: Axes, territory: Territory, date: DateLike, window: Window, paints: dict[str, Paint]) -> None:
    """Hatch each contested cell in the colour of the side after over that of the side before.

    A side that the table does not name is grey: the attacker, where the holder before is the holder after.
    """
    from conflictkit.charts.territory_map import draw_shapes

    cells = territory.cells.merge(contenders(territory, date), on="place_id")
    for (before, after), group in cells.groupby(["before", "after"], dropna=False):
        sides = (before, None if before == after else after)
        first, second = (paints[side].color if side in paints else style.MUTED for side in sides)
        look = {**HATCHED, "facecolor": style.tint(first), "edgecolor": second, "zorder": 3.2}
        draw_shapes(ax, window.cut(group.geometry.to_numpy()), look)


def contested_key() -> tuple[Any, str]:
    """Return the entry of the key for contested land."""
    from matplotlib.patches import Patch

    return Patch(
        **{**HATCHED, "facecolor": style.tint(style.MUTED), "edgecolor": style.INK}
    ), "Contested: before, after (grey: not recorded)"

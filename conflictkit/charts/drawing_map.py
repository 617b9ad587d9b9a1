"""The static map of a drawing: what somebody drew as each holder's land on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from conflictkit.charts import frame, style
from conflictkit.charts.territory_map import AROUND, WIDTH, draw_base, draw_lines, draw_names, draw_shapes, fill
from conflictkit.charts.towns import NO_TOWNS
from conflictkit.charts.window import MARGIN_M, Window
from conflictkit.datasets import load_basemap
from conflictkit.dates import to_day
from conflictkit.geometry import project

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from conflictkit.dates import DateLike
    from conflictkit.territory import Territory


def plot_drawing(territory: Territory, date: DateLike, *, ax: Axes | None = None) -> Axes:
    """Plot the drawing that holds on a day; ``plot_territory`` calls this for dated polygons."""
    from matplotlib.patches import Patch
    from matplotlib.pyplot import rc_context

    day, held = to_day(date), territory.at(date)
    paints, window = style.paints_of(held["actor_id"], territory.actors), window_of_drawings(territory)
    with rc_context(style.RC):
        ax = frame.new_axes(ax, size=(WIDTH, WIDTH * window.height_km / window.width_km + AROUND))
        draw_base(ax, window)
        if not shapely.intersects(shapely.box(*load_basemap().total_bounds), shapely.box(*held.total_bounds)):
            ax.set_facecolor(style.ABROAD)  # the shipped geography does not reach here: land or sea is not known
        key: list[tuple[Any, str]] = []
        for actor, shape in zip(held["actor_id"], project(held.geometry.to_numpy(), window.crs), strict=True):
            look = fill(paints[actor].color, paints[actor].hatch)
            draw_shapes(ax, np.array([shape]), {**look, "zorder": 3})
            draw_shapes(
                ax, np.array([shapely.boundary(shape)]), {"facecolor": "none", "edgecolor": style.INK, "zorder": 6}
            )
            key.append((Patch(**look), paints[actor].short))
        draw_lines(ax, window)
        draw_names(ax, window, NO_TOWNS, wanted=True)
        frame.finish(
            ax,
            title=f"Land drawn for {style.day(day)}",
            caption=caption_of_drawings(territory, territory.dates[territory.dates <= day][-1]),
            sources=NO_TOWNS["place_id"],
            key=key,
            below=8.0,
        )
    return ax


def caption_of_drawings(territory: Territory, drawn: pd.Timestamp | None = None) -> str:
    """Return what dated polygons show, and what they do not say."""
    of_day = "" if drawn is None else f"Drawing of {style.day(drawn)}. "
    return (
        f"{of_day}Land as somebody drew it; a drawing holds until the next one. Land drawn for two holders is "
        f"contested; land drawn for nobody is blank. {len(territory.dates):,} drawings, {style.span(territory.dates)}. "
        f"Lambert azimuthal equal-area projection. {style.credit(NO_TOWNS['place_id'])}"
    )


def window_of_drawings(territory: Territory) -> Window:
    """Return the window around everything that is drawn on any day."""
    west, south, east, north = shapely.total_bounds(
        [shape for day in territory.dates for shape in territory.shapes(day).values()]
    )
    bounds = (west - MARGIN_M, south - MARGIN_M, east + MARGIN_M, north + MARGIN_M)
    return Window(territory.crs, bounds, "Land drawn")

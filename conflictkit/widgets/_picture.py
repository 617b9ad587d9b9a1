"""What is saved of the explorer of territory: exactly what is seen, as a picture, a page and numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from conflictkit.actors import NONE
from conflictkit.charts._frame import NO_TICKS, picture
from conflictkit.charts._land import View as Seen
from conflictkit.charts._land import has_core, pairs
from conflictkit.charts._layout import drawn as laid_out
from conflictkit.charts._recorded import recorded
from conflictkit.dates import iso
from conflictkit.maps.territory import map_territory
from conflictkit.prose import KM2, significant
from conflictkit.widgets._view_land import heading, left_out_in_words, sentence, signed

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes

    from conflictkit.charts._canvas import Extent
    from conflictkit.maps._kitmap import KitMap
    from conflictkit.territory import Level, Territory
    from conflictkit.widgets._view_land import Figures, View

WIDTH_IN, AROUND_IN = 9.0, 2.7  # of a picture, and its height beyond the map's own
NEAR = 0.02  # of a degree: a window that holds the whole scope to this is that of the whole
ALL_CLAIMED = "Full colour: all land claimed."


def numbers_of(figures: Figures, view: View) -> pd.DataFrame:
    """Return the numbers of a view as a file holds them: each row says of what it is."""
    table = figures.table(view)
    for name in table.columns[table.columns.str.endswith("_km2")].union(["share"]):
        table[name] = table[name].map(lambda value: float(f"{value:.4g}"))
    for name in ("places", "people_prewar"):
        if name in table:
            table[name] = table[name].round().astype("int64")
    level: Level = view.level
    names = table["actor_id"].map(lambda actor: "outside the core" if actor == NONE else figures.paints[actor].name)
    table.insert(1, "holder", names)
    told = {"date": view.day, "compare": view.compare, "level": level, "scope": view.scope}
    for at, (name, value) in enumerate(told.items()):
        table.insert(at, name, value)
    left = "; ".join(f"{place} {iso(day)}" for place, day in figures.left_out)
    return table.assign(definition=figures.territory.definition(level), rows_left_out=left)


def picture_of(figures: Figures, view: View, *, window: Sequence[Sequence[float]], drawn: Sequence[str]) -> Axes:
    """Return the map as it is seen, on a figure of its own."""
    extent = extent_of(figures.territory, window)
    size = size_of(figures.territory, extent)
    return laid_out(plot_view, figures, view, extent=extent, drawn=drawn, size=size)


def size_of(territory: Territory, extent: Extent) -> tuple[float, float]:
    """Return the inches of a picture of what is seen: as high as the land is for its width."""
    west, south, east, north = territory.extent if extent is None or isinstance(extent, str) else extent
    across = (east - west) * np.cos(np.radians((south + north) / 2))
    return WIDTH_IN, WIDTH_IN * float((north - south) / across) + AROUND_IN


def extent_of(territory: Territory, window: Sequence[Sequence[float]]) -> Extent:
    """Return what is seen as a box of degrees; None where that is all there is."""
    if not window:
        return None
    (south, west), (north, east) = window
    left, bottom, right, top = territory.extent
    if west - NEAR <= left and south - NEAR <= bottom and east + NEAR >= right and north + NEAR >= top:
        return None
    return (round(west, 2), round(south, 2), round(east, 2), round(north, 2))


@recorded
def plot_view(
    figures: Figures, view: View, *, extent: Extent = None, drawn: Sequence[str] = (), ax: Axes | None = None
) -> Axes:
    """Draw the land of a view at its level, its numbers in the key; with holders drawn alone, the others in grey."""
    seen = Seen.of(figures.territory, extent, 0.0)
    if drawn:
        seen = seen.alone(drawn)
    scene, table = seen.on(view.day), figures.table(view)
    core = view.level == "core" and has_core(figures.territory)
    words = [sentence(table, view, figures), left_out_in_words(figures), _of_scope(view, figures), scene.caption]
    options = pairs(figures.territory)
    if not core:
        scene, options = replace(scene, core=None), {}
        core_words = figures.territory.definition("core") if has_core(figures.territory) else ""
        words[-1] = f"{ALL_CLAIMED} {words[-1].replace(core_words, '')}" if core_words else words[-1]
    with picture(ax, height=size_of(figures.territory, extent)[1], tables=seen.tables) as made:
        holders, _ = scene.draw(made.ax)
        made.finish(
            title=heading(view, figures),
            caption=" ".join(filter(None, words)),
            rows=[scene.rows],
            key=_with_numbers(seen.key(holders, one_level=not core), table, figures),
            below=NO_TICKS,
            key_options=options,
        )
    return made.ax


def _of_scope(view: View, figures: Figures) -> str:
    """Say of what the numbers of the key are, where that is less than the map shows."""
    return "" if view.scope == "all" else f"Numbers in the key: of {figures.scope_name(view.scope)}."


def _with_numbers(key: Sequence[tuple[object, str]], table: pd.DataFrame, figures: Figures) -> list[tuple[object, str]]:
    """Return the key of a map with the number of each holder."""
    numbers = {}
    for record in table.to_dict("records"):
        if record["actor_id"] != NONE:
            change = f", {signed(record['moved_km2'])}" if "moved_km2" in record else ""
            numbers[figures.paints[record["actor_id"]].short] = f"{significant(record['area_km2'])} {KM2}{change}"
    return [(patch, f"{name} {numbers[name]}" if name in numbers else name) for patch, name in key]


def page_of(figures: Figures, view: View, *, window: Sequence[Sequence[float]]) -> KitMap:
    """Return the map as a page that opens on what is seen, with the numbers of the view in its caption."""
    level: Level = view.level if has_core(figures.territory) else "claimed"
    days = figures.days.union([view.day])  # a day between two steps is one here
    page = map_territory(figures.territory, days, level=level, start=view.day)
    open_on(page, figures.territory, window)
    words = (sentence(figures.table(view), view, figures), left_out_in_words(figures), page.caption)
    page.title, page.caption = heading(view, figures), " ".join(filter(None, words))
    return page


def open_on(page: KitMap, territory: Territory, window: Sequence[Sequence[float]]) -> None:
    """Let a page open on what is seen, be it all there is."""
    part = extent_of(territory, window) is not None
    page.data = page.data | {"view": [list(corner) for corner in window] if part else page.data["bounds"]}

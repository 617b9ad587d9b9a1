"""What changed between two days: the land that one actor kept, gained and lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from conflictkit.charts import frame, style, towns
from conflictkit.charts.territory_map import AROUND, WIDTH, draw_base, draw_lines, draw_names, draw_shapes
from conflictkit.charts.window import window_of
from conflictkit.dates import to_day
from conflictkit.geometry import unproject

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from conflictkit.charts.style import Paint
    from conflictkit.charts.window import Extent, Window
    from conflictkit.dates import DateLike
    from conflictkit.territory import Territory

KINDS = ("held", "gained", "lost")
CONTEXT = 5.5  # points: on a wide map, the least dot of a place that is drawn although it did not change hands
WORDS = {"held": "held on both days", "gained": "gained", "lost": "lost"}


def plot_changes(
    territory: Territory,
    start: DateLike,
    end: DateLike,
    *,
    actor_id: str = "isis",
    extent: Extent = None,
    radius_km: float = 100.0,
    ax: Axes | None = None,
) -> Axes:
    """Plot the land that an actor kept, gained and lost between two days, as a static map.

    Parameters
    ----------
    territory
        The model.
    start, end
        Anything that ``pandas.to_datetime`` reads.
    actor_id
        Whose land.
    extent, radius_km
        As in ``plot_territory``.
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
        If the actor never holds land.
    DateError, TerritoryError
        If a date cannot be read, or the first is after the second.

    Notes
    -----
    Only the two days are compared: land lost and taken back in between counts as held. Full colour is core, tint is
    claimed only. What was held, gained or lost is told by hatch as well as by colour; lost land has the colour of who
    holds it on the second day, under the hatch. Parts painted like the actor count with it on both days (the YPG with
    the SDF). Places that changed hands are named first, then large towns.

    Examples
    --------
    >>> from conflictkit import Territory, plot_changes
    >>> ax = plot_changes(Territory.from_places(), "2015-01-05", "2017-06-26")
    >>> ax.get_title(loc="left")
    'Land of the Islamic State, 5 January 2015 to 26 June 2017'
    """
    from matplotlib.pyplot import rc_context

    frame.known("actor", actor_id, territory.actor_ids)
    window, paints = window_of(territory, extent, radius_km), style.palette(territory.actors)
    first, last = to_day(start), to_day(end)
    own = with_parts(territory, actor_id, paints)
    between = territory.changes(first, last)
    times = int((between["from_actor"].isin(own) != between["to_actor"].isin(own)).sum())
    moved = _moved(territory, first, last, own, paints)
    shown = _places(territory, window, first, last, own)
    sources = _evidence(territory, first, last, own)["source_id"]
    with rc_context(style.RC):
        ax = frame.new_axes(ax, size=(WIDTH, WIDTH * window.height_km / window.width_km + AROUND))
        draw_base(ax, window)
        for row in moved.itertuples():
            looks = _looks(paints[actor_id], paints[str(row.other)], str(row.kind))
            land = np.array([row.claimed, row.core], dtype=object)
            for shape, look in zip(window.cut(land), looks, strict=True):
                draw_shapes(ax, np.array([shape]), look)
        draw_lines(ax, window)
        towns.draw_dots(ax, shown, shown["holder"], paints)
        draw_names(ax, window, shown, wanted=True)
        frame.finish(
            ax,
            title=f"Land of the {paints[actor_id].name}, {style.day(first)} to {style.day(last)}",
            caption=f"{_caption(territory, moved, own, paints, times=times)} {style.credit(sources)}",
            sources=sources,
            key=_key(paints, actor_id, moved),
            below=8.0,
        )
    return ax


def with_parts(territory: Territory, actor_id: str, paints: dict[str, Paint]) -> list[str]:
    """Return an actor and those that are drawn as part of it, whichever of the two days they hold land on."""
    folds = style.folded(territory.actor_ids, paints)
    return [actor_id, *(child for child, up in folds.items() if up == actor_id)]


def _places(
    territory: Territory, window: Window, start: pd.Timestamp, end: pd.Timestamp, own: list[str]
) -> pd.DataFrame:
    """Return the places to draw with their holder on the second day: those that changed hands, then large towns."""
    shown = towns.towns_on(territory, window)
    before, after = (towns.holders_of(shown, territory.at(day), territory.holders(day)) for day in (start, end))
    shown = shown.assign(holder=after, kept=before.isin(own) == after.isin(own))
    if window.width_km >= towns.WIDE_KM:
        shown = shown[~shown["kept"] | (shown["size"] >= CONTEXT)]
    return shown.sort_values("kept", kind="stable").reset_index(drop=True)


def _evidence(territory: Territory, start: pd.Timestamp, end: pd.Timestamp, own: list[str]) -> pd.DataFrame:
    """Return the rows that say who holds, on the two days, the places that are the actor's on one of them."""
    days = [territory.holders(day) for day in (start, end)]
    places = {place for rows in days for place in rows.loc[rows["actor_id"].isin(own), "place_id"]}
    rows = pd.concat(days)
    return rows[rows["place_id"].isin(places)]


def _moved(
    territory: Territory, start: pd.Timestamp, end: pd.Timestamp, own: list[str], paints: dict[str, Paint]
) -> pd.DataFrame:
    """Return one row per kind and other holder: the claimed and the core land, in degrees, and their km2."""
    before, after = (territory.holders(day).set_index("place_id")["actor_id"] for day in (start, end))
    cells = territory.cells
    was, now = (cells["place_id"].map(held) for held in (before, after))
    mine, still = was.isin(own), now.isin(own)
    kinds = {"held": mine & still, "gained": ~mine & still, "lost": mine & ~still}
    now = now.replace(style.folded(now, paints))
    (zone,) = unproject(np.array([territory.core]), territory.crs)
    rows = []
    for kind, chosen in kinds.items():
        other = now if kind == "lost" else pd.Series(own[0], index=cells.index)
        for holder, group in cells[chosen].groupby(other[chosen]):
            claimed = shapely.union_all(group.geometry.to_numpy())
            core = shapely.intersection(claimed, zone)
            rows.append((kind, str(holder), claimed, core, group["claimed_km2"].sum(), group["core_km2"].sum()))
    return pd.DataFrame(rows, columns=["kind", "other", "claimed", "core", "claimed_km2", "core_km2"])


def _looks(own: Paint, other: Paint, kind: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the look of claimed and of core land: kept plain, gained dotted, lost hatched over its new holder."""
    hatch = {"held": "", "gained": "...", "lost": "////"}[kind]
    color = other.color if kind == "lost" else own.color
    edge = {"held": "none", "gained": style.dots(own), "lost": own.ink}[kind]
    look = {"edgecolor": edge, "hatch": hatch or None, "linewidth": 0}
    return {**look, "facecolor": style.tint(color), "zorder": 2}, {**look, "facecolor": color, "zorder": 3}


def _key(paints: dict[str, Paint], actor_id: str, moved: pd.DataFrame) -> list[tuple[Any, str]]:
    """Return one entry per kind, with its land, and one per holder of lost land."""
    from matplotlib.patches import Patch

    key: list[tuple[Any, str]] = []
    for kind in KINDS:
        rows = moved[moved["kind"] == kind]
        if rows.empty:
            continue
        shown = paints["none"] if kind == "lost" else paints[actor_id]
        _, look = _looks(paints[actor_id], shown, kind)
        claimed, core = (float(f"{rows[column].sum():.3g}") for column in ("claimed_km2", "core_km2"))
        words = f"{WORDS[kind]}: core {core:,.0f}, claimed {claimed:,.0f} km\N{SUPERSCRIPT TWO}"
        key.append((Patch(**{name: value for name, value in look.items() if name != "zorder"}), words))
    takers = moved.loc[moved["kind"] == "lost"].sort_values("claimed_km2", ascending=False)["other"]
    return key + [(Patch(facecolor=paints[taker].color), f"now {paints[taker].short}") for taker in takers]


def _caption(territory: Territory, moved: pd.DataFrame, own: list[str], paints: dict[str, Paint], *, times: int) -> str:
    if moved.empty:
        return "It holds no land on either day."
    parts = [
        "Land by holder on the two days; what happened in between is not shown: its places changed hands",
        f"{times:,} {'time' if times == 1 else 'times'}. Full colour is core, tint is claimed only.",
        f"The figures count all of {style.listed(style.COUNTRIES.get(code, code) for code in territory.scope)}.",
        *(f"{paints[own[0]].name} includes {paints[part].name}." for part in own[1:]),
        territory.definition("claimed"),
        territory.definition("core"),
        "Dots: places in the colour of their holder on the second day. Lambert azimuthal equal-area projection.",
        "Borders and lakes: Natural Earth; rivers: GSHHG.",
    ]
    return " ".join(parts)

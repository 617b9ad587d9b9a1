"""What changed between two days: the land that one actor kept, gained and lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from matplotlib.patches import Patch

from conflictkit.actors import NONE
from conflictkit.charts import _canvas
from conflictkit.charts._frame import NO_TICKS, picture
from conflictkit.charts._land import NAMED, PROJECTION, View, credit_of_layers, fill, has_core, more_holders, pairs
from conflictkit.charts._layout import Z
from conflictkit.charts._recorded import recorded
from conflictkit.dates import in_words, to_day
from conflictkit.errors import TerritoryError
from conflictkit.geometry import unproject
from conflictkit.look import dots, folded, tint
from conflictkit.outlines import SLIVER_KM2
from conflictkit.prose import KM2, counted, listed, significant
from conflictkit.tables import subject_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from conflictkit.charts._canvas import Extent
    from conflictkit.charts._land import Scene
    from conflictkit.dates import DateLike
    from conflictkit.look import Paint
    from conflictkit.territory import Territory

KINDS = ("held", "gained", "lost")
WORDS = {"held": "held on both days", "gained": "gained", "lost": "lost"}
HATCHES = {"held": "", "gained": "...", "lost": "////"}
CONTEXT = 5.5  # points: on a wide map, the least dot of a place that is drawn although it did not change hands


@recorded
def plot_changes(
    territory: Territory,
    start: DateLike,
    end: DateLike,
    *,
    actor_id: str | None = None,
    extent: Extent = None,
    radius_km: float = 100.0,
    ax: Axes | None = None,
) -> Axes:
    """Plot the land that an actor kept, gained and lost between two days, as a static map.

    Parameters
    ----------
    territory
        The model, of places or of drawings.
    start, end
        The two days, the earlier one first.
    actor_id
        Whose land; by default that of the actor that the territory's tables tell the story of.
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
    DateError
        If a date cannot be read.
    TerritoryError
        If the first day is after the second, or before the first drawing.
    UnknownNameError
        If the actor never holds land, or none is given and the tables have no story actor.
    PlaceError
        If the place of `extent` is unknown or has no point, or the box is none.

    Notes
    -----
    Only the two days are compared: land lost and taken back in between counts as held. Full colour is core, tint is
    claimed only; the key gives km2 of both, those of ``Territory.transitions``. Where there is no core, as in drawings,
    claimed land has the full colour. What was held, gained or lost is told by hatch as well as by colour; lost land has
    the colour of who holds it on the second day, under the hatch. Parts painted like the actor count with it on both
    days (the YPG with the SDF). Places that changed hands are named first, then large towns.

    Examples
    --------
    >>> from conflictkit import Territory, plot_changes
    >>> ax = plot_changes(Territory.from_places(), "2015-01-05", "2017-06-26")
    >>> ax.get_title(loc="left")
    'Islamic State: 115,000 km² lost, 13,900 gained, 5 Jan 2015 to 26 Jun 2017'
    """
    first, last = to_day(start), to_day(end)
    if first > last:
        msg = f"start ({in_words(first)}) is after end ({in_words(last)}). Swap them."
        raise TerritoryError(msg)
    whose = subject_of(territory.tables, actor_id, territory.actor_ids)
    view = View.of(territory, extent, radius_km)
    own = with_parts(territory, whose, view.paints)
    before, after = view.on(first), view.on(last)
    moved = moved_land(before, after, own)
    towns, held_by = _towns(before, after, own)
    km2 = _counted(before, after, own)
    lost, gained = map(significant, lost_and_gained(km2))
    with picture(ax, height=view.height, tables=view.tables) as made:
        _canvas.draw_base(made.ax, view.window, view.tables)
        for row in moved.itertuples():
            looks = _looks(view.paints[whose], view.paints[str(row.other)], str(row.kind), core=has_core(territory))
            shapes = view.window.cut(np.array([row.claimed, row.core], dtype=object))
            for shape, look in zip(shapes, looks, strict=True):
                _canvas.draw_shapes(made.ax, np.array([shape]), look)
        _canvas.draw_lines(made.ax, view.window, view.tables)
        _canvas.draw_dots(made.ax, towns, held_by, view.paints)
        _canvas.draw_names(made.ax, view.window, towns, view.tables, wanted=True)
        days = " to ".join(in_words(day, short=True) for day in (first, last))
        made.finish(
            title=f"{view.paints[whose].name}: {lost} {KM2} lost, {gained} gained, {days}",
            caption=_caption(view, moved, own, first, last),
            rows=_evidence(before, after, own, towns),
            key=_key(view, whose, moved, km2),
            key_options=pairs(territory),
            below=NO_TICKS,
        )
    return made.ax


def with_parts(territory: Territory, actor_id: str, paints: dict[str, Paint]) -> list[str]:
    """Return an actor and those that are drawn as part of it, whichever of the two days they hold land on."""
    folds = folded(territory.actor_ids, paints)
    return [actor_id, *(child for child, up in folds.items() if up == actor_id)]


def moved_land(before: Scene, after: Scene, own: list[str]) -> pd.DataFrame:
    """Return the land of an actor and its parts on two days: one row per kind and other holder.

    Returns
    -------
    DataFrame
        ``kind`` (held, gained, lost), ``other`` (who holds lost land on the second day; else the actor), ``claimed``
        and ``core``, in degrees.
    """
    territory = after.view.territory
    flows = territory.flows(before.day, after.day)
    flows = flows.assign(kind=kinds_of(flows, own), other=flows["to_actor"].replace(after.folds))
    flows["other"] = flows["other"].where(flows["kind"] == "lost", own[0])
    rows = []
    for (kind, other), land in flows[flows["kind"] != ""].groupby(["kind", "other"]):
        if land["claimed_km2"].sum() < SLIVER_KM2:
            continue
        claimed = shapely.union_all(np.asarray(land.geometry))
        core = shapely.intersection(claimed, territory.core) if has_core(territory) else shapely.Polygon()
        rows.append((kind, other, *unproject(np.array([claimed, core], dtype=object), territory.crs)))
    return pd.DataFrame(rows, columns=["kind", "other", "claimed", "core"])


def kinds_of(moved: pd.DataFrame, own: list[str]) -> NDArray[np.str_]:
    """Return what each pair of holders means for an actor and its parts; an empty word if nothing."""
    was, now = moved["from_actor"].isin(own), moved["to_actor"].isin(own)
    return np.select([was & now, now, was], KINDS, "")


def _towns(before: Scene, after: Scene, own: list[str]) -> tuple[pd.DataFrame, pd.Series]:
    """Return the places to draw with their holder on the second day: those that changed hands, then large towns."""
    towns, held_by = before.view.towns, after.held_by
    kept = before.held_by.isin(own) == held_by.isin(own)
    if before.view.window.width_km >= _canvas.WIDE_KM:
        large = ~kept | (towns["size"] >= CONTEXT)
        towns, kept = towns[large], kept[large]
    towns = _canvas.few(towns.loc[kept.sort_values(kind="stable").index], before.view.window)
    return towns.reset_index(drop=True), held_by[towns.index].reset_index(drop=True)


def _evidence(before: Scene, after: Scene, own: list[str], towns: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the rows that say who holds, on the two days, the places that are the actor's on one of them, or drawn."""
    if not before.view.territory.has_places:
        return [scene.rows for scene in (before, after)]
    rows = pd.concat([before.holders, after.holders])
    theirs = {*rows.loc[rows["actor_id"].isin(own), "place_id"], *towns["place_id"]}
    return [scene.rows_of(scene.holders["place_id"].isin(theirs)) for scene in (before, after)]


def _counted(before: Scene, after: Scene, own: list[str]) -> pd.DataFrame:
    """Return the km2 by kind and taker in the whole scope, as the territory counts them."""
    territory = after.view.territory
    moved = territory.transitions(before.day, after.day)
    moved = moved.assign(kind=kinds_of(moved, own), other=moved["to_actor"].replace(after.folds))
    found: pd.DataFrame = moved[["kind", "other", "claimed_km2", *(["core_km2"] if has_core(territory) else [])]]
    return found


def lost_and_gained(km2: pd.DataFrame) -> tuple[float, float]:
    """Return how much claimed land was lost and gained, of rows with their kind."""
    sums = km2.groupby("kind")["claimed_km2"].sum()
    return float(sums.get("lost", 0.0)), float(sums.get("gained", 0.0))


def _looks(own: Paint, other: Paint, kind: str, *, core: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the look of claimed and of core land: kept plain, gained dotted, lost hatched over its new holder."""
    color = other.color if kind == "lost" else own.color
    edge = {"held": "none", "gained": dots(own), "lost": own.ink}[kind]
    hatch = HATCHES[kind] + (other.hatch if kind == "lost" else "")  # grey for contested is also a tint of black
    look = {"edgecolor": edge, "hatch": hatch or None, "linewidth": 0}
    pale = tint(color) if core else color
    return {**look, "facecolor": pale, "zorder": Z.CLAIMED}, {**look, "facecolor": color, "zorder": Z.CORE}


def _key(view: View, whose: str, moved: pd.DataFrame, km2: pd.DataFrame) -> list[tuple[Any, str]]:
    """Return one entry per kind, with its land: what was lost first, then who holds it now, the largest first."""
    key: list[tuple[Any, str]] = []
    sums = km2.groupby("kind").sum(numeric_only=True)
    levels = [str(column).removesuffix("_km2") for column in sums.columns]
    lost = km2[(km2["kind"] == "lost") & (km2["other"] != NONE) & km2["other"].isin(moved["other"])]
    takers = lost.groupby("other")["claimed_km2"].sum().sort_values(ascending=False, kind="stable")
    now: list[tuple[Any, str]] = []
    for taker, area in takers.head(NAMED).items():
        paint = view.paints[str(taker)]
        words = f"now {paint.short}: {significant(float(area))} {KM2}"
        now.append((Patch(**fill(paint.color, 2 * paint.hatch)), words))
    for kind in [kind for kind in ("lost", "held", "gained") if kind in set(moved["kind"])]:
        shown = view.paints[NONE] if kind == "lost" else view.paints[whose]
        _, look = _looks(view.paints[whose], shown, kind, core=True)
        figures = [f"{level} {significant(float(sums[f'{level}_km2'][kind]))}" for level in levels]
        patch = Patch(**{name: value for name, value in look.items() if name != "zorder"})
        key.append((patch, f"{WORDS[kind]}: {', '.join(figures)} {KM2}"))
    return key[:1] + now + more_holders(len(takers) - NAMED) + key[1:] if len(lost) else key


def _caption(view: View, moved: pd.DataFrame, own: list[str], first: pd.Timestamp, last: pd.Timestamp) -> str:
    if moved.empty:
        return "It holds no land on either day."
    territory, core = view.territory, has_core(view.territory)
    of_places = "The figures count all of " + listed(map(view.tables.country_name, territory.scope)) + "."
    parts = [
        "Land by holder on the two days; what happened in between is not shown:",
        f"{_between(territory, first, last, own)}.",
        of_places if territory.has_places else "The figures count all land drawn.",
        "Those of holders now are claimed.",
        *(f"{view.paints[own[0]].name} includes {view.paints[part].name}." for part in own[1:]),
        territory.definition("claimed"),
        *([territory.definition("core")] if core else []),
        "Dots: places in the colour of their holder on the second day.",
        PROJECTION,
        credit_of_layers(view.tables),
    ]
    return " ".join(filter(None, parts))


def _between(territory: Territory, first: pd.Timestamp, last: pd.Timestamp, own: list[str]) -> str:
    """Say how much happened between the two days."""
    if not territory.has_places:
        dates = territory.dates
        return counted(int(((dates > first) & (dates < last)).sum()), "drawing lies", "drawings lie") + " in between"
    changes = territory.changes(first, last)
    times = int((changes["from_actor"].isin(own) != changes["to_actor"].isin(own)).sum())
    return f"its places changed hands {counted(times, 'time')}"

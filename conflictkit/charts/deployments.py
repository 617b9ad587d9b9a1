"""The map of forces on a day: who was reported where, over the land of that day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Annulus, Circle, Patch
from matplotlib.patheffects import withStroke

from conflictkit.charts import _symbols
from conflictkit.charts._canvas import WIDE_KM
from conflictkit.charts._frame import NO_TICKS, picture
from conflictkit.charts._labels import Spot, around
from conflictkit.charts._land import View, pairs
from conflictkit.charts._layout import Z
from conflictkit.charts._recorded import recorded
from conflictkit.charts._symbols import DASHES, POINTS, Fan, Look, mark_path, shape_path
from conflictkit.dates import in_words, to_day
from conflictkit.deployments._presence import ASSUMED_DAYS, rule
from conflictkit.deployments._reports import KIND_NAMES, LINES, lines_between, on_day, reports_for_map, symbols_of
from conflictkit.errors import known
from conflictkit.evidence._rows import behind
from conflictkit.geometry import project_points
from conflictkit.look import INK, MUTED, SMALL, dots, tint
from conflictkit.prose import listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from conflictkit.charts._canvas import Extent, Window
    from conflictkit.charts._labels import Labels
    from conflictkit.charts._symbols import Points
    from conflictkit.dates import DateLike
    from conflictkit.deployments._reports import Lines
    from conflictkit.look import Paint
    from conflictkit.tables import Tables
    from conflictkit.territory import Territory

MORE = 1.7  # inches of key and caption beyond those of the map of the land
KEYED = 0.75  # of its size on the map has a size in the key, whose lines are closer
LINE_WORDS = {
    "parent": "Dotted lines lead to the nearest position of what a force belongs to.",
    "backers": "Dotted lines lead to the nearest position of each backer that the reports name, or of a part of it.",
}
COUNTS = "Badges: shape by side, the number of forces reported at the place, or so near that the badge covers it."
COVERED, BADGE = 0.035, 24.0  # of the width of a wide map: what a badge covers; its diameter in pixels of a page
SYMBOLS = "Symbols: shape by side, mark by role, size by the strength present, smallest and hollow without a figure."


NAME: dict[str, Any] = {
    "xytext": (8, 0), "textcoords": "offset points", "fontsize": SMALL, "color": INK, "zorder": Z.FORCE,
    "path_effects": [withStroke(linewidth=2.2, foreground="white", alpha=0.9)],
}  # fmt: skip


class Badge(NamedTuple):
    """The forces of a side at a place, for a map on which each of them would cover the others."""

    side: str
    x: float
    y: float
    forces: set[str]
    stated: bool  # whether a report of one of them counts without the assumption
    place: str  # its name; none where the page names an area


@recorded
def plot_deployments(
    territory: Territory,
    date: DateLike,
    *,
    deployments: pd.DataFrame | None = None,
    assume_days: int | None = ASSUMED_DAYS,
    lines: Lines | None = None,
    extent: Extent = None,
    radius_km: float = 100.0,
    ax: Axes | None = None,
) -> Axes:
    """Plot who was reported where on a day, over the land of that day.

    Parameters
    ----------
    territory
        The model, of places or of drawings.
    date
        The day.
    deployments
        Rows like those of ``load_deployments``; by default those of the territory's tables.
    assume_days
        For how many days a report without an end is taken to hold, as in ``deployments_at``.
    lines
        ``parent`` or ``backers``: lines to the nearest position of what a force belongs to, or of who backs it.
    extent, radius_km
        The land shown, as in ``plot_territory``.
    ax
        Axes to draw on; without it a new figure.

    Returns
    -------
    Axes
        North up, in metres of a Lambert azimuthal equal-area projection centred on the map.

    Raises
    ------
    DateError
        If the date cannot be read.
    PlaceError
        If `extent` is no place or box.
    TableError
        With every problem of deployments that the caller brought.
    UnknownNameError
        If `lines` or `assume_days` is none of these.
    TerritoryError
        If the date is before the first drawing.

    Notes
    -----
    One symbol per force and point, from all of its reports there. Symbols that would hide each other move aside, with
    a line to their point. Dashed and pale: assumed. An uncertain position has a circle around it, a force that
    a page only puts so many km from a place a ring. A map of more than 500 km has one badge per place and side instead,
    at the place, with the number of its forces; those of a side at places that the badge would cover count there.
    Reports without a position are counted in the caption.

    Examples
    --------
    >>> from conflictkit import Territory, plot_deployments
    >>> ax = plot_deployments(Territory.from_places(), "2017-06-10", extent="raqqa", radius_km=60)
    >>> ax.get_title(loc="left")
    'Forces and control within 60 km of Raqqa on 10 June 2017'
    """
    if lines is not None:
        known("lines", lines, LINES)
    day, tables = to_day(date), territory.tables
    here = on_day(reports_for_map(deployments, assume_days=assume_days, tables=tables), day)
    view = View.of(territory, extent, radius_km, others=here["actor_id"])
    scene, symbols = view.on(day), view.window.inside(symbols_of(here)).reset_index(drop=True)
    shapes = _symbols.shapes_of(tables.sides["side"])
    with picture(ax, height=view.height + MORE, tables=tables) as made:
        seen, labels = scene.draw(made.ax)
        wide = view.window.width_km >= WIDE_KM
        if wide:
            _badges(made.ax, labels, symbols, view.window, shapes)
        else:
            _areas(made.ax, symbols, view.window)
        if lines is not None:
            _join(made.ax, symbols, lines_between(symbols, lines, territory.actors))
        if not wide:
            _draw(made.ax, labels, symbols, view.paints, shapes)
        caption = [
            scene.caption, COUNTS if wide else SYMBOLS, rule(assume_days), *([LINE_WORDS[lines]] if lines else []),
            _nowhere(here, view.paints, tables),
        ]  # fmt: skip
        made.finish(
            title=view.title(in_words(day), beside="Forces"),
            finding=f"{_in_words(symbols, tables)} {scene.shares}",
            caption=" ".join(caption),
            rows=[behind(here, "deployments", "force " + here["actor_name"]), scene.rows],
            key=[*_key(symbols, shapes, tables, wide=wide), *view.key(seen)],
            below=NO_TICKS,
            key_options=pairs(territory),
        )
    return made.ax


def _in_words(symbols: pd.DataFrame, tables: Tables) -> str:
    """Return how many forces of each side are drawn, as a sentence."""
    forces = symbols.groupby("side")["actor_id"].nunique()
    told = [f"{tables.side_name(side)} {forces[side]}" for side in tables.ordered_sides(symbols["side"])]
    return f"Forces drawn: {', '.join(told)}." if told else "No force is drawn."


def _badges(ax: Axes, labels: Labels, drawn: pd.DataFrame, window: Window, shapes: Mapping[str, Points]) -> None:
    """Draw one badge per place and side with the number of its forces, and name what it covers in no other."""
    found = _gathered(drawn, COVERED * 1000 * window.width_km)
    looks = [
        Look(_shape(shapes, badge.side), "unstated", "#FFFFFF", INK, INK, dashed=not badge.stated, diameter=BADGE)
        for badge in found
    ]
    fan = Fan(ax, [(badge.x, badge.y) for badge in found], looks)
    outlines = [outline for outline in fan.outlines if outline is not None]
    for badge, outline in zip(found, outlines, strict=True):
        number = ax.annotate(
            str(len(badge.forces)), (0.5, 0.5), xycoords=outline, ha="center", va="center", fontsize=SMALL,
            fontweight="bold", color=INK, zorder=Z.BADGE,
        )  # fmt: skip
        number.set_in_layout(False)
    labels.keep_clear += outlines
    _name_badges(ax, labels, found, outlines)


def _name_badges(ax: Axes, labels: Labels, found: list[Badge], outlines: Sequence[Artist]) -> None:
    """Name the places at which badges stand, as far as there is room, each once: the largest badge of a place first."""
    towns, labels.items = labels.items, []
    beside = around(BADGE * POINTS / 2 + 3)
    for badge, outline in zip(found, outlines, strict=True):
        if badge.place and badge.place not in {text.get_text() for text, _, _ in labels.items}:
            text = ax.annotate(badge.place, (0.5, 0.5), xycoords=outline, **NAME)
            labels.add(text, beside)
    here = {text.get_text() for text, _, _ in labels.items}
    labels.items += [item for item in towns if item[0].get_text() not in here]
    for text, _, _ in towns:
        text.set_visible(text.get_text() not in here)


def _gathered(drawn: pd.DataFrame, reach: float) -> list[Badge]:
    """Return one badge per place and side, the largest first; a smaller one within reach of it is counted there."""
    places = [rows for _, rows in drawn.groupby(["side", "spot"], sort=True)]
    places.sort(key=lambda rows: -rows["actor_id"].nunique())
    found: list[Badge] = []
    for rows in places:
        side, x, y = str(rows["side"].iloc[0]), float(rows["x"].iloc[0]), float(rows["y"].iloc[0])
        near = [one for one in found if one.side == side and np.hypot(one.x - x, one.y - y) < reach]
        named = rows["place_name"].dropna().unique()
        badge = Badge(
            side, x, y, set(rows["actor_id"]), stated=bool(rows["presence"].ne("assumed").any()),
            place=str(named[0]) if len(named) == 1 else "",
        )  # fmt: skip
        if near:
            at = found.index(near[0])
            badge = near[0]._replace(forces=near[0].forces | badge.forces, stated=near[0].stated or badge.stated)
            found[at] = badge
        else:
            found.append(badge)
    return found


def look_of(symbol: pd.Series, paint: Paint, shape: Points) -> Look:
    """Return how a symbol is drawn: hollow without a figure, pale and dashed where it is assumed."""
    hollow, assumed = bool(np.isnan(symbol["people"])), symbol["presence"] == "assumed"
    fill = "#FFFFFF" if hollow else tint(paint.color) if assumed else paint.color
    mark = INK if hollow or assumed else dots(paint)
    diameter = _symbols.diameter_of(symbol["people"])
    return Look(shape, symbol["kind"], fill, paint.ink if hollow else INK, mark, assumed, diameter)


def _areas(ax: Axes, drawn: pd.DataFrame, window: Window) -> None:
    """Draw how far off each position may be: a circle around it, or the ring on which it lies."""
    look: dict[str, Any] = {"facecolor": INK, "alpha": 0.04, "linewidth": 0, "zorder": Z.DOUBT}
    edge: dict[str, Any] = {"fill": False, "edgecolor": INK, "linewidth": 0.9, "linestyle": (0, (5, 3))}
    for row in drawn.drop_duplicates("spot").to_dict("records"):
        if np.isnan(row["ring_km"]):
            ax.add_artist(Circle((row["x"], row["y"]), 1000 * row["doubt_km"], **look))
            continue
        x, y = project_points(np.array([[row["ring_longitude"], row["ring_latitude"]]]), window.crs)[0]
        radius, doubt = 1000 * row["ring_km"], 1000 * row["doubt_km"]
        ax.add_artist(Annulus((x, y), radius + doubt, 2 * doubt, **look))
        ax.add_artist(Circle((x, y), radius, zorder=Z.DOUBT, **edge))


def _join(ax: Axes, drawn: pd.DataFrame, found: list[tuple[int, int]]) -> None:
    for one, other in found:
        ends = drawn.iloc[[one, other]]
        (line,) = ax.plot(ends["x"], ends["y"], color=INK, linewidth=1.2, linestyle=(0, (1, 1.6)), zorder=Z.LINK)
        line.set_in_layout(False)


def _draw(
    ax: Axes, labels: Labels, drawn: pd.DataFrame, paints: Mapping[str, Paint], shapes: Mapping[str, Points]
) -> None:
    """Draw the symbols, and the names of as many as there is room for; towns are named where that leaves room."""
    looks = [look_of(row, paints[row["actor_id"]], _shape(shapes, row["side"])) for _, row in drawn.iterrows()]
    fan = Fan(ax, list(zip(drawn["x"], drawn["y"], strict=True)), looks)
    outlines = [patch for patch in fan.outlines if patch is not None]
    labels.keep_clear += outlines
    towns, labels.items = labels.items, []
    for actor, look, outline in zip(drawn["actor_id"], looks, outlines, strict=True):
        text = ax.annotate(
            paints[actor].short, (0.5, 0.5), xycoords=outline, fontweight="bold", **NAME,
        )  # fmt: skip
        away = look.diameter * POINTS / 2 + 3
        spots = [Spot(away, 0, "left", "center"), Spot(-away, 0, "right", "center")]
        spots += [Spot(0, away, "center", "bottom"), Spot(0, -away, "center", "top")]
        labels.add(text, spots)
    labels.items += towns


def _nowhere(here: pd.DataFrame, paints: Mapping[str, Paint], tables: Tables) -> str:
    """List the reports that have no position, by country."""
    rows = here[here["latitude"].isna()]
    if rows.empty:
        return ""
    told = [
        f"{tables.country_name(str(codes))}: {listed(paints[actor].short for actor in group)}"
        for codes, group in rows.groupby("host_country", sort=True)["actor_id"]
    ]
    return f"Reports without a position, not drawn: {len(rows)} ({'; '.join(told)})."


def _shape(shapes: Mapping[str, Points], side: str) -> Points:
    """Return the outline of a side; of one that the table of sides does not name, that of none."""
    return shapes.get(side, shapes[_symbols.NO_SIDE])


def _key(drawn: pd.DataFrame, shapes: Mapping[str, Points], tables: Tables, *, wide: bool) -> list[tuple[Any, str]]:
    """Return the key of the symbols: sides, and of single forces the roles, sizes and presence that are on the map."""

    def marker(path: Any, size: float, **look: Any) -> Line2D:  # noqa: ANN401 - imported late
        return Line2D([], [], linestyle="none", marker=path, markersize=size * POINTS, markeredgecolor=INK, **look)

    grey = "white" if wide else tint(MUTED)
    key: list[tuple[Any, str]] = [
        (marker(shape_path(_shape(shapes, side)), 18, markerfacecolor=grey), tables.side_name(side))
        for side in tables.ordered_sides(drawn["side"])
    ]
    assumed: dict[str, Any] = {"edgecolor": INK, "linewidth": 1.3, "linestyle": DASHES}
    if wide:
        return [*key, (Patch(facecolor="white", **assumed), "dashed: all assumed")]
    for kind, words in KIND_NAMES.items():
        path = mark_path(kind)
        if path is not None and kind in set(drawn["kind"]):
            key.append((marker(path, 4 if kind == "other" else 9, markerfacecolor="none", markeredgewidth=1.4), words))
    bands = {_symbols.band_of(people) for people in drawn["people"]}
    for number, words in enumerate(_symbols.BAND_NAMES):
        if number in bands:
            key.append((marker("o", KEYED * _symbols.DIAMETERS[number], markerfacecolor=grey), words))
    if -1 in bands:
        key.append((marker("o", KEYED * _symbols.UNKNOWN, markerfacecolor="white"), _symbols.UNKNOWN_NAME))
    if drawn["presence"].eq("assumed").any():
        key.append((Patch(facecolor="white", **assumed), "dashed, pale: assumed"))
    return key

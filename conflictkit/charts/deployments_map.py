"""The map of forces on a day: who was reported where, over the land of that day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from conflictkit.actors import countries_in_words, ordered_sides, side_name
from conflictkit.charts import frame, style, symbols
from conflictkit.charts.territory_map import AROUND, WIDTH, caption_of, draw_panel, key_of, pairs
from conflictkit.charts.towns import towns_on
from conflictkit.charts.window import window_of
from conflictkit.dates import to_day
from conflictkit.deployments._ground import tables_of
from conflictkit.deployments._presence import ASSUMED_DAYS, rule
from conflictkit.deployments._reports import KIND_NAMES, LINES, lines_between, on_day, reports_for_map, symbols_of
from conflictkit.geometry import project_points

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from conflictkit.charts.fan import Look
    from conflictkit.charts.style import Paint
    from conflictkit.charts.window import Extent, Window
    from conflictkit.dates import DateLike
    from conflictkit.deployments._reports import Lines
    from conflictkit.territory import Territory

MORE = 1.7  # inches of key and caption beyond those of the map of the land
KEYED = 0.75  # of its size on the map has a size in the key, whose lines are closer
LINE_WORDS = {
    "parent": "Dotted lines lead to the nearest position of what a force belongs to.",
    "backers": "Dotted lines lead to the nearest position of each backer that the reports name, or of a part of it.",
}
SYMBOLS = "Symbols: shape by side, mark by role, size by the strength present, smallest and hollow without a figure."


def plot_deployments(
    territory: Territory,
    date: DateLike,
    *,
    deployments: pd.DataFrame | None = None,
    assume_until: int | None = ASSUMED_DAYS,
    lines: Lines | None = None,
    extent: Extent = None,
    radius_km: float = 100.0,
    ax: Axes | None = None,
) -> Axes:
    """Plot who was reported where on a day, over the land of that day.

    Parameters
    ----------
    territory
        The model.
    date
        Anything that ``pandas.to_datetime`` reads.
    deployments
        Rows like those of ``load_deployments``, which are the default.
    assume_until
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
    DateError, PlaceError
        If the date cannot be read, or `extent` is no place or box.
    UnknownNameError
        If `lines` or `assume_until` is none of these.

    Notes
    -----
    One symbol per force and point, from all of its reports there. Symbols that would hide each other move aside, with
    a line to their point. Dashed and pale: assumed. An uncertain position has a circle around it, a force that
    a page only puts so many km from a place a ring. Reports without a position are listed in the caption.

    Examples
    --------
    >>> from conflictkit import Territory, plot_deployments
    >>> ax = plot_deployments(Territory.from_places(), "2017-06-10", extent="raqqa", radius_km=60)
    >>> ax.get_title(loc="left")
    'Forces and control within 60 km of Raqqa on 10 June 2017'
    """
    from matplotlib.pyplot import rc_context

    if lines is not None:
        frame.known("lines", lines, LINES)
    day, window = to_day(date), window_of(territory, extent, radius_km)
    here = on_day(reports_for_map(deployments, assume_days=assume_until, tables=tables_of(territory)), day)
    drawn = _inside(symbols_of(here), window)
    paints = style.paints_of(
        [*style.palette(territory.actors), *here["actor_id"], *territory.actor_ids], territory.actors
    )
    held = territory.holders(day)
    held = held[held["place_id"].isin(towns_on(territory, window)["place_id"])]
    evidence = pd.concat([here["source_id"], held["source_id"]])
    with rc_context(style.RC):
        ax = frame.new_axes(ax, size=(WIDTH, WIDTH * window.height_km / window.width_km + AROUND + MORE))
        seen, folds = draw_panel(ax, territory, day, window)
        _areas(ax, drawn, window)
        if lines is not None:
            _join(ax, drawn, lines_between(drawn, lines, territory.actors))
        _symbols(ax, drawn, paints)
        caption = [
            caption_of(territory, folds, paints), SYMBOLS, rule(assume_until), *([LINE_WORDS[lines]] if lines else []),
            _nowhere(here, paints), style.credit(evidence),
        ]  # fmt: skip
        frame.finish(
            ax,
            title=f"{window.title.replace('Control', 'Forces and control', 1)} on {style.day(day)}",
            caption=" ".join(filter(None, caption)),
            sources=evidence,
            key=[*_key(drawn), *key_of(seen, paints)],
            below=8.0,
            key_options=pairs(),
        )
    return ax


def look_of(symbol: pd.Series, paint: Paint) -> Look:
    """Return how a symbol is drawn: hollow without a figure, pale and dashed where it is assumed."""
    from conflictkit.charts.fan import Look

    hollow, assumed = bool(np.isnan(symbol["people"])), symbol["presence"] == "assumed"
    fill = "#FFFFFF" if hollow else style.tint(paint.color) if assumed else paint.color
    mark = style.INK if hollow or assumed else style.dots(paint)
    diameter = symbols.diameter_of(symbol["people"])
    return Look(symbol["side"], symbol["kind"], fill, paint.ink if hollow else style.INK, mark, assumed, diameter)


def _inside(found: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Return the symbols of a window, with their metres."""
    xy = project_points(found[["longitude", "latitude"]].to_numpy(dtype=float).reshape(-1, 2), window.crs)
    found = found.assign(x=xy[:, 0], y=xy[:, 1])
    west, south, east, north = window.bounds
    inside = found["x"].between(west, east) & found["y"].between(south, north)
    return found[inside].reset_index(drop=True)


def _areas(ax: Axes, drawn: pd.DataFrame, window: Window) -> None:
    """Draw how far off each position may be: a circle around it, or the ring on which it lies."""
    from matplotlib.patches import Annulus, Circle

    look: dict[str, Any] = {"facecolor": style.INK, "alpha": 0.13, "linewidth": 0, "zorder": 8.6}
    edge: dict[str, Any] = {"fill": False, "edgecolor": style.INK, "linewidth": 0.9, "linestyle": (0, (5, 3))}
    for row in drawn.drop_duplicates("spot").to_dict("records"):
        if np.isnan(row["ring_km"]):
            ax.add_artist(Circle((row["x"], row["y"]), 1000 * row["doubt_km"], **look))
            continue
        x, y = project_points(np.array([[row["ring_longitude"], row["ring_latitude"]]]), window.crs)[0]
        radius, doubt = 1000 * row["ring_km"], 1000 * row["doubt_km"]
        ax.add_artist(Annulus((x, y), radius + doubt, 2 * doubt, **look))
        ax.add_artist(Circle((x, y), radius, zorder=8.6, **edge))


def _join(ax: Axes, drawn: pd.DataFrame, found: list[tuple[int, int]]) -> None:
    for one, other in found:
        ends = drawn.iloc[[one, other]]
        (line,) = ax.plot(ends["x"], ends["y"], color=style.INK, linewidth=1.2, linestyle=(0, (1, 1.6)), zorder=9.2)
        line.set_in_layout(False)


def _symbols(ax: Axes, drawn: pd.DataFrame, paints: dict[str, Paint]) -> None:
    """Draw the symbols, and the names of as many as there is room for; towns are named where that leaves room."""
    from matplotlib.patheffects import withStroke

    from conflictkit.charts.artists import Labels, Spot
    from conflictkit.charts.fan import POINTS, Fan

    looks = [look_of(row, paints[row["actor_id"]]) for _, row in drawn.iterrows()]
    fan = Fan(ax, list(zip(drawn["x"], drawn["y"], strict=True)), looks)
    labels = next(artist for artist in ax.artists if isinstance(artist, Labels))
    outlines = [patch for patch in fan.outlines if patch is not None]
    labels.keep_clear += outlines
    towns, labels.items = labels.items, []
    halo = [withStroke(linewidth=2.2, foreground="white", alpha=0.9)]
    for actor, look, outline in zip(drawn["actor_id"], looks, outlines, strict=True):
        text = ax.annotate(
            paints[actor].short, (0.5, 0.5), xycoords=outline, xytext=(8, 0), textcoords="offset points",
            fontsize=style.SMALL, fontweight="bold", color=style.INK, zorder=9.8, path_effects=halo,
        )  # fmt: skip
        away = look.diameter * POINTS / 2 + 3
        spots = [Spot(away, 0, "left", "center"), Spot(-away, 0, "right", "center")]
        spots += [Spot(0, away, "center", "bottom"), Spot(0, -away, "center", "top")]
        labels.add(text, spots)
    labels.items += towns


def _nowhere(here: pd.DataFrame, paints: dict[str, Paint]) -> str:
    """List the reports that have no position, by country."""
    rows = here[here["latitude"].isna()]
    if rows.empty:
        return ""
    told = [
        f"{countries_in_words(str(codes))}: {', '.join(dict.fromkeys(paints[actor].short for actor in group))}"
        for codes, group in rows.groupby("host_country", sort=True)["actor_id"]
    ]
    return f"Reports without a position, not drawn: {len(rows)} ({'; '.join(told)})."


def _key(drawn: pd.DataFrame) -> list[tuple[Any, str]]:
    """Return the key of the symbols: sides, roles, sizes and presence that are on the map."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    from conflictkit.charts.fan import DASHES, POINTS, mark_path, shape_path

    def marker(path: Any, size: float, **look: Any) -> Line2D:  # noqa: ANN401 - imported late
        return Line2D(
            [], [], linestyle="none", marker=path, markersize=size * POINTS, markeredgecolor=style.INK, **look
        )

    grey = style.tint(style.MUTED)
    key: list[tuple[Any, str]] = [
        (marker(shape_path(side), 18, markerfacecolor=grey), side_name(side)) for side in ordered_sides(drawn["side"])
    ]
    for kind, words in KIND_NAMES.items():
        path = mark_path(kind)
        if path is not None and kind in set(drawn["kind"]):
            key.append((marker(path, 4 if kind == "other" else 9, markerfacecolor="none", markeredgewidth=1.4), words))
    bands = {symbols.band_of(people) for people in drawn["people"]}
    for number, words in enumerate(symbols.BAND_NAMES):
        if number in bands:
            key.append((marker("o", KEYED * symbols.DIAMETERS[number], markerfacecolor=grey), words))
    if -1 in bands:
        key.append((marker("o", KEYED * symbols.UNKNOWN, markerfacecolor="white"), symbols.UNKNOWN_NAME))
    if drawn["presence"].eq("assumed").any():
        look: dict[str, Any] = {"edgecolor": style.INK, "linewidth": 1.3, "linestyle": DASHES}
        key.append((Patch(facecolor="white", **look), "dashed, pale: assumed"))
    return key

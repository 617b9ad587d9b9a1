"""A pocket in one figure: who holds it, who stands around it and how far off, how many are said to be inside."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.patches import Circle

from conflictkit.charts._frame import NO_TICKS, picture
from conflictkit.charts._land import View, credit_of_layers, has_core, pairs, state_in_words
from conflictkit.charts._layout import WIDTH, Z, points_of, settle, slot
from conflictkit.charts._recorded import recorded
from conflictkit.charts._symbols import CIRCLE, POINTS, Fan, Look
from conflictkit.dates import in_words, to_day
from conflictkit.deployments._distance import NOWHERE, nearest_forces
from conflictkit.deployments._presence import ASSUMED_DAYS
from conflictkit.deployments._siege import pocket_at
from conflictkit.estimates._figures import everybody
from conflictkit.evidence._rows import behind
from conflictkit.look import INK, SMALL
from conflictkit.placenames import place_id_of
from conflictkit.positions import km_to, position_of
from conflictkit.prose import KM2, counted, listed, percent, significant
from conflictkit.ranges import ranges_of, total

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.axes import Axes

    from conflictkit.charts._labels import Labels
    from conflictkit.charts._land import Scene
    from conflictkit.dates import DateLike
    from conflictkit.tables import Tables
    from conflictkit.territory import Territory

    Line = tuple[str, bool]  # words, and whether they are a heading

AROUND = 2.2  # inches of a new figure beyond the map and the text
MAP, GUTTER = 0.55, 0.025  # of the width
ESTIMATE_DAYS = 31  # a published figure of fighters is shown for a month after the day that it is about
LINE = 11.5  # points of a line of text
LETTER = 0.56  # of the size of the text, the width of a letter
FEWEST = 20  # letters of a line, however narrow the column
SEEN = 0.005  # of an edge: less is 0 %
LEAST_UNDER = 4  # lines under the map for which it pays to go on there
BADGE = 24.0  # pixels of a page across a number


@recorded
def plot_pocket(
    territory: Territory,
    place_id: str,
    date: DateLike,
    *,
    pocket: str | None = None,
    radius_km: float = 90.0,
    assume_days: int | None = ASSUMED_DAYS,
    estimates: pd.DataFrame | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Plot the land around a place on a day: holders, forces with their distances, fighters said to be inside.

    Parameters
    ----------
    territory
        The model, of places or of drawings; its tables say who was reported where, and how many fighters.
    place_id
        The place in the middle; distances are from it.
    date
        The day.
    pocket
        A place of the pocket, if the one in the middle is not: after it has fallen, for instance.
    radius_km
        How far the map reaches, and from how far forces are listed.
    assume_days
        For how many days a report without an end is taken to hold, as in ``deployments_at``.
    estimates
        Figures of fighters to list, like rows of ``load_fighter_estimates``; by default those of the territory's tables
        for places within the radius, of the month up to the day.
    ax
        Axes to draw on; without it a new figure.

    Returns
    -------
    Axes
        It carries title, key and caption; ``child_axes`` are the map and the text beside it, which
        goes on under the map.

    Raises
    ------
    DateError
        If the date cannot be read.
    PlaceError
        If a place is unknown or has no position, or nobody holds the pocket's on that day.
    TerritoryError
        If the date is before the first drawing.

    Notes
    -----
    Numbers on the map stand for the places of the list beside it. A force that a page puts so many km off, and no
    page at a point, is a dashed ring at that distance: somewhere on it. Ranges of fighters are added end by end,
    as if both were wrong in the same direction, and only figures of different places by one estimator; those for
    places that are not in the pocket at the end of the day stand apart, and are not added. Axes that are too low for
    the list say how many lines are left out.

    Examples
    --------
    >>> from conflictkit import Territory, plot_pocket
    >>> plot_pocket(Territory.from_places(), "abu-kamal", "2017-11-03").get_title(loc="left")
    'Around Abu Kamal on 3 November 2017'
    """
    day = to_day(date)
    place_id = place_id_of(place_id, territory.tables.places)
    view = View.of(territory, place_id, radius_km)
    scene, tables = view.on(day), view.tables
    holder = pocket_at(pocket or place_id, day, territory=territory)
    reports = nearest_forces(place_id, day, tables=tables, within_km=radius_km, assume_days=assume_days)
    near = _around(reports, holder.attrs["side"])
    own = tables.replace(fighter_estimates=estimates).fighter_estimates
    inside = _inside(place_id, day, radius_km, tables) if estimates is None else own
    with picture(ax, height=MAP * WIDTH + AROUND, tables=tables) as made:
        made.ax.set_axis_off()
        land = made.ax.inset_axes((0, 0, MAP, 1))
        words = made.ax.inset_axes((MAP + GUTTER, 0, 1 - MAP - GUTTER, 1))
        settle(made.ax)
        seen, labels = scene.draw(land)
        land.set_anchor("N")
        _mark(land, labels, near, view)
        words.set_axis_off()
        told = [*_held(holder, view), *_said(inside, holder, scene, tables), *_listed(near, tables)]
        deep = _set(made.ax, words, told, grows=ax is None)
        made.finish(
            title=f"Around {position_of(place_id, tables.places).name} on {in_words(day)}",
            finding=" ".join(text for text, bold in _held(holder, view) if not bold),
            least=deep / 72,
            caption=_caption(near, view, radius_km, day),
            rows=[
                behind(near, "deployments", "force " + near["actor_name"]),
                behind(inside, "fighter_estimates", "figure"),
                scene.rows,
            ],
            key=view.key(seen),
            below=NO_TICKS,
            key_options=pairs(territory),
        )
    return made.ax


def _around(near: pd.DataFrame, holder: str) -> pd.DataFrame:
    """Return each force of other sides once at each place, the latest report, with the number of its place."""
    attrs = near.attrs
    rows = pd.DataFrame(near[near["side"] != holder])
    rows.attrs = {}  # pandas copies them at every step
    rows = rows.assign(spot=rows["place_id"].fillna(rows["deployment_id"]))
    rows = rows.sort_values(["valid_from", "km"]).drop_duplicates(["actor_id", "spot"], keep="last")
    point = [f"{km:.1f}" if how == "measured" else spot for km, how, spot in rows[["km", "how", "spot"]].to_numpy()]
    rows = rows.assign(point=point).sort_values(["km", "side", "actor_name"], ignore_index=True)
    rows["number"] = pd.factorize(rows["point"])[0] + 1
    rows.attrs = attrs
    return rows


def _inside(place_id: str, day: pd.Timestamp, radius_km: float, tables: Tables) -> pd.DataFrame:
    """Return the published figures of fighters for places within the radius, of the month up to a day."""
    figures, places = tables.fighter_estimates, tables.places.set_index("place_id")
    recent = figures["as_of"].between(day - pd.Timedelta(days=ESTIMATE_DAYS), day)
    rows = everybody(figures[recent & figures["quantity"].eq("fighters") & figures["place_id"].notna()])
    there = places.reindex(rows["place_id"])
    km = km_to(position_of(place_id, tables.places), there["latitude"], there["longitude"])
    found: pd.DataFrame = rows[km <= radius_km].sort_values(["as_of", "place_id"])
    return found


def _mark(ax: Axes, labels: Labels, near: pd.DataFrame, view: View) -> None:
    """Draw a number at each place with forces, none over another, and a ring for those only said to be so far off."""
    west, south, east, north = view.window.bounds
    centre = ((west + east) / 2, (south + north) / 2)
    near = view.window.project(near)
    points: dict[int, tuple[float, float]] = {}
    for number, rows in near.groupby("number", sort=True):
        first = rows.iloc[0]
        points[int(str(number))] = (float(first["x"]), float(first["y"]))
        if first["how"] == "reported":
            ink = view.paints[first["actor_id"]].ink
            ring: dict[str, Any] = {"fill": False, "edgecolor": ink, "linewidth": 1.4, "linestyle": (0, (5, 3))}
            ax.add_artist(Circle(centre, 1000 * first["km"], zorder=Z.DOUBT, **ring))  # under the names
            points[int(str(number))] = _on_ring(near, str(first["side"]), 1000 * float(first["km"]), centre)
    look = Look(CIRCLE, "unstated", INK, INK, INK, dashed=False, diameter=BADGE)
    fan = Fan(ax, list(points.values()), [look] * len(points))
    outlines = [outline for outline in fan.outlines if outline is not None]
    for number, outline in zip(points, outlines, strict=True):
        text = ax.annotate(
            str(number), (0.5, 0.5), xycoords=outline, ha="center", va="center", zorder=Z.BADGE, fontsize=SMALL,
            fontweight="bold", color="white",
        )  # fmt: skip
        text.set_in_layout(False)
    labels.keep_clear += outlines
    # the places that the list speaks of are named first, clear of their numbers
    labels.first(set(near["place_name"].dropna()), away=BADGE * POINTS / 2 + 3)


def _on_ring(near: pd.DataFrame, side: str, radius: float, centre: tuple[float, float]) -> tuple[float, float]:
    """Return the point of a ring towards the nearest other force of its side; to the west if there is none."""
    others = near[(near["side"] == side) & near["how"].eq("measured") & near["km"].gt(near["doubt_km"])]
    toward = others[["x", "y"]].to_numpy(dtype=float)[0] - centre if len(others) else np.array([-1.0, 0.0])
    x, y = np.array(centre) + radius * toward / max(float(np.hypot(*toward)), 1.0)
    return float(x), float(y)


def _held(pocket: pd.DataFrame, view: View) -> Iterable[Line]:
    """Say who holds the place, and how large the land is that belongs to it."""
    yield "Who holds it", True
    edge = ", ".join(
        f"{_side(side, view)} {percent(share)}" for side, share in pocket[["side", "share"]].to_numpy() if share >= SEEN
    )
    places = counted(len(pocket.attrs["place_ids"]), "listed place")
    land = f"connected land of {places}, {significant(pocket.attrs['area_km2'])} {KM2} claimed"
    yield f"{_side(pocket.attrs['side'], view)}: {land}. Its edge: {edge}.", False


def _side(side: str, view: View) -> str:
    """Return a side in words; a group of no side is one of its own."""
    name = view.tables.side_name(side)
    return view.paints[side].short if name == side and side in view.paints else name


def _said(figures: pd.DataFrame, pocket: pd.DataFrame, scene: Scene, tables: Tables) -> Iterable[Line]:
    """Say how many fighters are said to be inside, who says so, and what is said of places that are not inside."""
    names = tables.places.set_index("place_id")["name"]
    holders = scene.holders.set_index("place_id")["actor_id"]
    outside = figures["place_id"].isin(holders.index) & ~figures["place_id"].isin(list(pocket.attrs["place_ids"]))

    def told(rows: pd.DataFrame) -> Iterable[Line]:
        columns = (rows["place_id"], rows["estimator"], rows["as_of"], ranges_of(rows))
        for place, estimator, day, figure in zip(*columns, strict=True):
            yield f"{names.get(place, place)}: {figure}, says {estimator}, {in_words(day)}.", False

    inside = figures[~outside]
    yield "Fighters said to be inside", True
    if inside.empty:
        yield f"No published figure for a place in the pocket in the {ESTIMATE_DAYS} days before.", False
    yield from told(inside)
    for estimator, rows in inside.groupby("estimator", sort=False):
        if rows["place_id"].is_unique and len(rows) > 1:
            together = total(ranges_of(rows))
            yield f"Together, if both err in the same direction: {together}, from {estimator!s}.", False
    if outside.any():
        yield "Said of places not in the pocket", True
        yield from told(figures[outside])


def _listed(near: pd.DataFrame, tables: Tables) -> Iterable[Line]:
    """Say who stands around, by place: number, distance, forces."""
    yield "Who stands around it", True
    if near.empty:
        yield "No report with a position. Widen the radius, or assume more days.", False
    for number, rows in near.groupby("number", sort=True):
        first = rows.iloc[0]
        where = listed(rows["place_name"].fillna(rows["host_country"]), most=3)
        off = f"{first['km']:.0f} km, give or take {first['doubt_km']:.0f}"
        forces = [
            _forces(tables.side_name(side), list(dict.fromkeys(rows.loc[rows["side"] == side, "actor_name"])))
            for side in tables.ordered_sides(rows["side"])
        ]
        how = "" if first["how"] == "measured" else ", as the page says"
        yield f"{number}  {where} ({off}{how}). {'; '.join(forces)}.", False


def _forces(side: str, names: list[str]) -> str:
    """Return a side and its forces in words, a side that is its only force once."""
    return side if names == [side] else f"{side}: {', '.join(names)}"


def _set(ax: Axes, beside: Axes, paragraphs: Sequence[Line], *, grows: bool) -> float:
    """Write the text beside the map and, in the full width, what has no room there; return the points of both.

    In axes that do not grow and have no room under the map all of it is beside, as far as it fits.
    """
    settle(ax)  # without the ticks that the map had before it was one, there is more room
    width, height = points_of(ax, slot(ax).width), points_of(ax, slot(ax).height)
    side = MAP * width
    narrow, wide = (max(int(room / (LETTER * SMALL)), FEWEST) for room in ((1 - MAP - GUTTER) * width, width))
    if not grows and height < side + LEAST_UNDER * LINE:
        _write(beside, _that_fit(_wrapped(paragraphs, narrow), int(height / LINE)))
        return height
    first = _fitting(paragraphs, narrow, int(side / LINE))
    under = _wrapped(paragraphs[first:], wide)
    under = under if grows else _that_fit(under, int((height - side) / LINE) - 1)
    _write(beside, _wrapped(paragraphs[:first], narrow))
    _write(ax, under, down=side + LINE)
    return side + LINE * len(under)  # which end with an empty one


def _fitting(paragraphs: Sequence[Line], letters: int, room: int) -> int:
    """Return how many paragraphs fit into some lines; a heading is not parted from what it heads."""
    most = next(
        (n for n in range(len(paragraphs)) if len(_wrapped(paragraphs[: n + 1], letters)) - 1 > room), len(paragraphs)
    )
    return most - 1 if 0 < most < len(paragraphs) and paragraphs[most - 1][1] else most


def _wrapped(paragraphs: Sequence[Line], letters: int) -> list[Line]:
    """Return headings and paragraphs as lines of at most so many letters.

    A paragraph has an empty line below it; a heading is one line, and its paragraph follows at once.
    """
    parts = [([text], True) if bold else ([*textwrap.wrap(text, letters), ""], False) for text, bold in paragraphs]
    return [(line, bold) for lines, bold in parts for line in lines]


def _that_fit(lines: list[Line], room: int) -> list[Line]:
    """Return as many lines as there is room for; the last says how many more there are."""
    if len(lines) <= room:
        return lines
    kept = lines[: max(room - 1, 0)]
    return [*kept, (f"{len(lines) - len(kept)} more lines: a taller figure shows them.", False)]


def _write(ax: Axes, lines: Iterable[Line], *, down: float = 0.0) -> None:
    """Write lines, the first so many points below the top."""
    for number, (text, bold) in enumerate(lines):
        look: dict[str, Any] = {"fontweight": "bold" if bold else "normal", "color": INK, "fontsize": SMALL}
        spot: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points", "va": "top"}
        ax.annotate(text, (0, 1), xytext=(0, -down - LINE * number), **spot, **look).set_in_layout(False)


def _caption(near: pd.DataFrame, view: View, radius_km: float, day: pd.Timestamp) -> str:
    nowhere = sum(row["reason"] == NOWHERE for row in near.attrs["rejected"])
    parts = [
        f"{state_in_words(view.territory, day)} Distances are from the place in the middle. {near.attrs['rule']}",
        f"Forces up to {radius_km:g} km off. Reports of the day without a position, not here: {nowhere}.",
        "Dashed ring: a force that a page puts at that distance, without a point.",
        view.territory.definition("claimed"),
        *([view.territory.definition("core")] if has_core(view.territory) else []),
        credit_of_layers(view.tables),
    ]
    return " ".join(filter(None, parts))

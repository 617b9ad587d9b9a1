"""A pocket in one figure: who holds it, who stands around it and how far off, how many are said to be inside."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from conflictkit.actors import SIDE_NAMES, ordered_sides, side_name
from conflictkit.charts import frame, style
from conflictkit.charts.territory_map import draw_panel, key_of, pairs
from conflictkit.charts.towns import towns_on
from conflictkit.charts.window import window_of
from conflictkit.datasets import load_fighter_estimates, load_places
from conflictkit.dates import to_day
from conflictkit.deployments._distance import nearest_forces
from conflictkit.deployments._ground import tables_of
from conflictkit.deployments._presence import ASSUMED_DAYS
from conflictkit.deployments._siege import pocket_at
from conflictkit.geometry import project_points
from conflictkit.positions import ELLIPSOID as WGS84
from conflictkit.ranges import ranges_of, total

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.axes import Axes

    from conflictkit.charts.window import Window
    from conflictkit.dates import DateLike
    from conflictkit.territory import Territory

SIZE = (12.5, 8.6)  # inches of a new figure
MAP = 0.56  # of the width
ESTIMATE_DAYS = 31  # a published figure of fighters is shown for a month after the day that it is about
LINE = 11.5  # points of a line of text
SEEN = 0.005  # of an edge: less is 0 %
BADGE = 9.0  # points from the middle of a number to its edge, and from a place to its number


def plot_pocket(
    territory: Territory,
    place_id: str,
    date: DateLike,
    *,
    pocket: str | None = None,
    radius_km: float = 90.0,
    assume_until: int | None = ASSUMED_DAYS,
    estimates: pd.DataFrame | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Plot the land around a place on a day: holders, forces with their distances, fighters said to be inside.

    Parameters
    ----------
    territory
        The model.
    place_id
        The place in the middle; distances are from it.
    date
        The day.
    pocket
        A place of the pocket, if the one in the middle is not: after it has fallen, for instance.
    radius_km
        How far the map reaches, and from how far forces are listed.
    assume_until
        For how many days a report without an end is taken to hold, as in ``deployments_at``.
    estimates
        Figures of fighters to list, like rows of ``load_fighter_estimates``; by default those of its places within the
        radius and of the month up to the day.
    ax
        Axes to draw on; without it a new figure.

    Returns
    -------
    Axes
        It carries title, key and caption; ``child_axes`` are the map and the text beside it.

    Raises
    ------
    PlaceError
        If a place is unknown or has no position, or nobody holds the pocket's on that day.
    DateError
        If the date cannot be read.

    Notes
    -----
    Numbers on the map stand for the places of the list beside it. A force that a page puts so many km off, and no
    page at a point, is a dashed ring at that distance: somewhere on it. Ranges of fighters are added end by end,
    as if both were wrong in the same direction, and only figures of different places by one estimator.

    Examples
    --------
    >>> from conflictkit import Territory, plot_pocket
    >>> plot_pocket(Territory.from_places(), "abu-kamal", "2017-11-03").get_title(loc="left")
    'Around Abu Kamal on 3 November 2017'
    """
    from matplotlib.pyplot import rc_context

    window = window_of(territory, place_id, radius_km)
    holder = pocket_at(pocket or place_id, date, territory=territory)
    reports = nearest_forces(place_id, date, within_km=radius_km, assume_days=assume_until, tables=tables_of(territory))
    near = _around(reports, holder.attrs["side"])
    inside = _inside(place_id, date, radius_km) if estimates is None else estimates
    name = load_places().set_index("place_id")["name"].get(place_id, place_id)
    control = territory.holders(date)
    control = control[control["place_id"].isin(towns_on(territory, window)["place_id"])]
    evidence = pd.concat([near["source_id"], inside["source_id"], control["source_id"]])
    with rc_context(style.RC):
        ax = frame.new_axes(ax, size=SIZE)
        ax.set_axis_off()
        picture, words = ax.inset_axes((0, 0, MAP, 1)), ax.inset_axes((MAP + 0.02, 0, 1 - MAP - 0.02, 1))
        frame.settle(ax)
        seen, _ = draw_panel(picture, territory, date, window)
        _mark(picture, near, window)
        words.set_axis_off()
        _write(words, [*_held(holder), *_said(inside), *_listed(near)])
        frame.finish(
            ax,
            title=f"Around {name} on {style.day(to_day(date))}",
            caption=_caption(near, territory, radius_km, evidence),
            sources=evidence,
            key=key_of(seen, style.palette()),
            below=8.0,
            key_options=pairs(),
        )
    return ax


def _around(near: pd.DataFrame, holder: str) -> pd.DataFrame:
    """Return each force of other sides once at each place, the latest report, with the number of its place."""
    attrs = near.attrs
    rows = pd.DataFrame(near[near["side"] != holder])
    rows.attrs = {}  # pandas copies them at every step
    rows = rows.assign(spot=near["place_id"].fillna(near["deployment_id"]))
    rows = rows.sort_values(["valid_from", "km"]).drop_duplicates(["actor_id", "spot"], keep="last")
    point = [f"{km:.1f}" if how == "measured" else spot for km, how, spot in rows[["km", "how", "spot"]].to_numpy()]
    rows = rows.assign(point=point).sort_values(["km", "side", "actor_name"], ignore_index=True)
    rows["number"] = pd.factorize(rows["point"])[0] + 1
    rows.attrs = attrs
    return rows


def _inside(place_id: str, date: DateLike, radius_km: float) -> pd.DataFrame:
    """Return the published figures of fighters for places within the radius, of the month up to a day."""
    figures, places = load_fighter_estimates(), load_places().set_index("place_id")
    day = to_day(date)
    recent = figures["as_of"].between(day - pd.Timedelta(days=ESTIMATE_DAYS), day)
    rows = figures[recent & figures["quantity"].eq("fighters") & figures["place_id"].notna()]
    centre = places.loc[place_id]
    there = places.reindex(rows["place_id"])
    x, y = np.full((2, len(rows)), [[centre["longitude"]], [centre["latitude"]]])
    km = WGS84.inv(x, y, there["longitude"].to_numpy(dtype=float), there["latitude"].to_numpy(dtype=float))[2] / 1000
    found: pd.DataFrame = rows[km <= radius_km].sort_values(["as_of", "place_id"])
    return found


def _mark(ax: Axes, near: pd.DataFrame, window: Window) -> None:
    """Draw a number at each place with forces, and a ring for those that are only said to be so far off."""
    from matplotlib.patches import Circle

    from conflictkit.charts.artists import Labels

    paints = style.palette()
    west, south, east, north = window.bounds
    centre = ((west + east) / 2, (south + north) / 2)
    obstacles = next(art.marks for art in ax.artists if isinstance(art, Labels))
    for number, rows in near.groupby("number", sort=True):
        first = rows.iloc[0]
        if first["how"] == "reported":
            ink = paints[first["actor_id"]].ink
            ring: dict[str, Any] = {"fill": False, "edgecolor": ink, "linewidth": 1.4, "linestyle": (0, (5, 3))}
            ax.add_artist(Circle(centre, 1000 * first["km"], zorder=9, **ring))
            spot, aside = _on_ring(near, str(first["side"]), 1000 * float(first["km"]), centre, window), 0.0
        else:
            spot, aside = _xy(rows.head(1), window)[0], -BADGE
        ax.annotate(
            str(number), spot, xytext=(aside, aside), textcoords="offset points", ha="center", va="center", zorder=10,
            fontsize=style.SMALL, fontweight="bold", color="white",
            bbox={"boxstyle": "circle,pad=0.25", "facecolor": style.INK, "edgecolor": "white", "linewidth": 0.8},
        )  # fmt: skip
        obstacles.append((*spot, *spot, BADGE - aside, BADGE - aside, BADGE + aside, BADGE + aside))


def _on_ring(
    near: pd.DataFrame, side: str, radius: float, centre: tuple[float, float], window: Window
) -> tuple[float, float]:
    """Return the point of a ring towards the nearest other force of its side; to the west if there is none."""
    others = near[(near["side"] == side) & near["how"].eq("measured") & near["km"].gt(near["doubt_km"])]
    toward = np.array(_xy(others.head(1), window)[0]) - centre if len(others) else np.array([-1.0, 0.0])
    x, y = np.array(centre) + radius * toward / max(float(np.hypot(*toward)), 1.0)
    return float(x), float(y)


def _xy(rows: pd.DataFrame, window: Window) -> list[tuple[float, float]]:
    points = project_points(rows[["longitude", "latitude"]].to_numpy(dtype=float), window.crs)
    return [(float(x), float(y)) for x, y in points]


def _held(pocket: pd.DataFrame) -> Iterable[tuple[str, bool]]:
    """Say who holds the place, and how large the land is that belongs to it."""
    yield "Who holds it", True
    shares = pocket[["side", "share"]].to_numpy()
    edge = ", ".join(f"{_side(side)} {share:.0%}" for side, share in shares if share >= SEEN)
    held = (
        f"connected land of {len(pocket.attrs['place_ids'])} listed places, {pocket.attrs['area_km2']:,.0f} km2 claimed"
    )
    yield f"{_side(pocket.attrs['side'])}: {held}. Its edge: {edge}.", False


def _side(side: str) -> str:
    """Return a side in words; a group of no side is one of its own."""
    paints = style.palette()
    return paints[side].short if side in paints and side not in SIDE_NAMES else side_name(side)


def _said(inside: pd.DataFrame) -> Iterable[tuple[str, bool]]:
    """Say how many fighters are said to be inside, and who says so."""
    yield "Fighters said to be inside", True
    names = load_places().set_index("place_id")["name"]
    if inside.empty:
        yield f"No published figure for a place here in the {ESTIMATE_DAYS} days before.", False
    columns = (inside["place_id"], inside["estimator"], inside["as_of"], ranges_of(inside))
    for place, estimator, day, figure in zip(*columns, strict=True):
        yield f"{names.get(place, place)}: {figure}, says {estimator}, {style.day(day)}.", False
    for estimator, rows in inside.groupby("estimator", sort=False):
        if rows["place_id"].is_unique and len(rows) > 1:
            yield (
                f"Together, if both err in the same direction: {total(ranges_of(rows))}, from {estimator!s}.",
                False,
            )


def _listed(near: pd.DataFrame) -> Iterable[tuple[str, bool]]:
    """Say who stands around, by place: number, distance, forces."""
    yield "Who stands around it", True
    if near.empty:
        yield "No report with a position. Widen the radius, or assume more days.", False
    for number, rows in near.groupby("number", sort=True):
        first = rows.iloc[0]
        where = style.listed(rows["place_name"].fillna(rows["host_country"]), most=3)
        off = f"{first['km']:.0f} km, give or take {first['doubt_km']:.0f}"
        forces = [
            _forces(side, list(dict.fromkeys(rows.loc[rows["side"] == side, "actor_name"])))
            for side in ordered_sides(rows["side"])
        ]
        how = "" if first["how"] == "measured" else ", as the page says"
        yield f"{number}  {where} ({off}{how}). {'; '.join(forces)}.", False


def _forces(side: str, names: list[str]) -> str:
    """Return a side and its forces in words, a side that is its only force once."""
    return side_name(side) if names == [side_name(side)] else f"{side_name(side)}: {', '.join(names)}"


def _write(ax: Axes, lines: list[tuple[str, bool]]) -> None:
    """Write headings and paragraphs from the top, in letters as small as they must be to fit."""
    box = ax.get_window_extent()
    points = 72 / frame.figure_of(ax).dpi
    for size in (style.BODY, style.SMALL, 7.0, 6.0):
        characters = max(int(box.width * points / (0.56 * size)), 20)
        wrapped = [
            (part, bold)
            for text, bold in lines
            for part in [*textwrap.wrap(text, characters), ""][: None if not bold else 1]
        ]
        if len(wrapped) * LINE * size / style.SMALL <= box.height * points:
            break
    step = LINE * size / style.SMALL
    for i, (text, bold) in enumerate(wrapped):
        look: dict[str, Any] = {"fontweight": "bold" if bold else "normal", "color": style.INK, "fontsize": size}
        ax.annotate(
            text, (0, 1), xytext=(0, -step * i), xycoords="axes fraction", textcoords="offset points", va="top", **look
        )


def _caption(near: pd.DataFrame, territory: Territory, radius_km: float, evidence: pd.Series) -> str:
    nowhere = sum("position" in row["reason"] for row in near.attrs["rejected"])
    parts = [
        f"State at the end of the day; distances from the place in the middle, geodesic. {near.attrs['rule']}",
        f"Forces up to {radius_km:g} km off; {nowhere} reports of the day have no position and are not here.",
        "Dashed ring: a force that a page puts at that distance, without a point.",
        f"{territory.definition('claimed')} Full colour is core. Borders: Natural Earth; rivers: GSHHG.",
        style.credit(evidence),
    ]
    return " ".join(parts)

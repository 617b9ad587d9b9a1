"""Events over the land of a day as ink: sharp at an exact place, spread over where each may have happened."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.collections import EllipseCollection
from matplotlib.lines import Line2D

from conflictkit.charts._frame import NO_TICKS, picture
from conflictkit.charts._land import View, pairs
from conflictkit.charts._layout import Z
from conflictkit.geometry import project_points
from conflictkit.look import INK, mix

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from conflictkit.territory import Territory

INK_WORDS = (
    "Each event has the same ink, spread over where and when it may have happened: sharp at an exact place, blurred "
    "where only the surroundings or the district are known, pale where the date is one of several months."
)
PALER = 0.55  # white in the colours of the land
UNIT_KM = 5.0  # radius of one event at an exact place
UNIT_PX = 3.2  # the same on a page that shows a country
RINGS = 9  # circles that make a blur
STRENGTH = 2.2  # of ink in the middle of a blur, which is thin at its edge
FAINT, FULL = 0.14, 0.85  # opacity, least and most
MORE = 0.6  # inches of key and caption beyond those of the map of the land


def plot_blurs(
    territory: Territory,
    day: pd.Timestamp,
    marks: pd.DataFrame,
    until: pd.Timestamp,
    *,
    rows: pd.DataFrame,
    when: str,
    told: str,
    ax: Axes | None = None,
) -> Axes:
    """Draw events of the days from one to before another over the land of the first.

    Parameters
    ----------
    territory, day, until
        The land, the first day, and the day after the last.
    marks
        As ``spread`` returns them, with ``longitude`` and ``latitude``.
    rows
        Those behind the events, whose pages the caption counts.
    when, told
        The days in words; what the caption says of the events.
    """
    view = View.of(territory, None, 100.0)
    pale = {actor: replace(paint, color=mix(paint.color, "#FFFFFF", PALER)) for actor, paint in view.paints.items()}
    view = replace(view, paints=pale, dots=False)
    scene, points = view.on(day), inked(marks, day, until)
    with picture(ax, height=view.height + MORE, tables=territory.tables) as made:
        seen, _ = scene.draw(made.ax)
        xy = project_points(points[["longitude", "latitude"]].to_numpy(dtype=float), view.window.crs)
        for fraction, share in _profile():
            inner = 1000 * (points["core"] + (points["radius"] - points["core"]) * fraction)
            made.ax.add_collection(
                EllipseCollection(
                    2 * inner, 2 * inner, np.zeros(len(points)), units="x", offsets=xy,
                    offset_transform=made.ax.transData, facecolors=INK, alpha=share * points["opacity"].to_numpy(),
                    linewidths=0, zorder=Z.DOUBT,
                ),
                autolim=False,
            )  # fmt: skip
        made.finish(
            title=view.title("", beside="Events").strip() + f", {when}",
            caption=f"{told} {INK_WORDS} {scene.caption}",
            rows=[scene.rows, rows],
            key=[*_key(), *view.key(seen)],
            below=NO_TICKS,
            key_options=pairs(territory),
        )
    return made.ax


def inked(marks: pd.DataFrame, day: pd.Timestamp, until: pd.Timestamp) -> pd.DataFrame:
    """Return one row per point and precision, the widest first: its ink of these days, radius in km, opacity.

    Ink is one for each event, less where only some of its days are among these.
    """
    from_day, to_day = (
        marks["first"].where(marks["first"] > day, day),
        marks["last"].where(marks["last"] < until, until),
    )
    shared = (to_day - from_day).dt.days + marks["last"].lt(until)
    share = (shared / ((marks["last"] - marks["first"]).dt.days + 1))[shared > 0]
    rows = marks.loc[share.index, ["longitude", "latitude", "km"]].assign(ink=share)
    found = rows.groupby(["longitude", "latitude", "km"])[["ink"]].sum().reset_index()
    unit = UNIT_KM * np.sqrt(found["ink"])
    found["radius"] = unit + found["km"]
    found["core"] = (unit - found["km"]).clip(lower=0)
    found["opacity"] = (STRENGTH * (unit / found["radius"]) ** 2).clip(FAINT, FULL)
    return found.sort_values("radius", ascending=False, ignore_index=True)


def _profile() -> list[tuple[float, float]]:
    """Return circles from the edge of a blur to its core, as a share of the way, and how opaque each is."""
    edges = np.linspace(1, 0, RINGS + 1)
    wanted = np.exp(-4.5 * ((edges[:-1] + edges[1:]) / 2) ** 2)  # of the ink that shows through all of them
    steps = 1 - (1 - wanted) / (1 - np.concatenate([[0.0], wanted[:-1]]))
    return list(zip(edges[:-1].tolist(), steps.tolist(), strict=True))


def _key() -> list[tuple[Line2D, str]]:
    """Return a sharp and a blurred sample."""

    def dot(size: float, alpha: float) -> Line2D:
        return Line2D([], [], linestyle="none", marker="o", markersize=size, color=INK, alpha=alpha, markeredgewidth=0)

    return [(dot(6, FULL), "event at an exact place"), (dot(13, 0.25), "near a place, or in a district")]

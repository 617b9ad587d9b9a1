"""The door for drawings: one frame in, its days, holders and land out, or one error with everything that is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from conflictkit.dates import iso
from conflictkit.errors import TableError
from conflictkit.geometry import WGS84, local_crs, project
from conflictkit.outlines import NEAR_UNITE, crowded, lands, looks_like_degrees, mended, united
from conflictkit.schema import HEADER, Beside, Column, Contract, Problem, check, refusal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from conflictkit.territory._overlays import State

    Groups = dict[tuple[pd.Timestamp, str], NDArray[np.intp]]

COLUMNS = Contract(key=(), columns=(Column("date", "date", required=True), Column("actor_id", required=True)))
TABLE = "drawings"
LIKE = "a GeoDataFrame with date, actor_id and geometry, as read_control_polygons() returns it"

# How far from the middle of all that is drawn land can lie, in degrees of arc. The projection maps the far side of the
# globe onto a rim: there an outline would enclose nothing, or everything else.
FAR_DEG = 90.0
# Corners that are made by cutting long edges before they are projected: for each corner that is there, and besides.
CORNERS_EACH, CORNERS = 200, 50_000_000
CUT_DEG = 0.05


class Drawn(NamedTuple):
    """What somebody drew.

    Attributes
    ----------
    by_day
        The land of each holder on each day, ascending; valid polygons in metres, which can still overlap.
    crs
        Lambert azimuthal equal-area projection, centred on all land drawn.
    extent
        West, south, east and north of all land drawn, in degrees.
    """

    by_day: dict[pd.Timestamp, State]
    crs: pyproj.CRS
    extent: tuple[float, float, float, float]


def drawn_of(frame: gpd.GeoDataFrame) -> Drawn:
    """Return what a frame of drawings holds; raise ``TableError`` with every problem of it."""
    _frame_or_raise(frame)
    typed, degrees = _sound(frame)
    west, south, east, north = shapely.total_bounds(degrees).tolist()
    _near_or_raise(degrees, (west + east) / 2, (south + north) / 2)
    crs = local_crs(shapely.box(west, south, east, north))
    # before as well as after projection: cutting the edges of an invalid ring would drop half of it without a word
    metres = mended(project(degrees, crs))
    by_day: dict[pd.Timestamp, State] = {}
    crossing: list[Problem] = []
    groups: Groups = typed.groupby(["date", "actor_id"], sort=True).indices  # type: ignore[assignment]
    for (day, holder), rows in groups.items():
        whole = united(metres[rows])
        if whole is None:
            told = f"its {len(rows):,} rows of {iso(day)} cross one another too often to be united"
            crossing.append(Problem(int(rows[0]) + HEADER + 1, "geometry", holder, told))
        else:
            by_day.setdefault(day, {})[holder] = whole
    for day, state in by_day.items():
        if len(state) > 1 and crowded(np.array(list(state.values()), dtype=object), NEAR_UNITE):
            line = int(np.flatnonzero(typed["date"] == day)[0]) + HEADER + 1
            crossing.append(Problem(line, "geometry", iso(day), "the holders' land of this day crosses too often"))
    if crossing:
        raise refusal(TABLE, crossing)
    return Drawn(by_day, crs, (west, south, east, north))


def _frame_or_raise(frame: object) -> None:
    """Raise if it is no frame of shapes whose coordinates mean something."""
    lacks = ""
    if not isinstance(frame, gpd.GeoDataFrame):
        lacks = f"not {type(frame).__name__}: gpd.GeoDataFrame(frame, geometry=..., crs=4326) makes one"
    elif frame.columns.nlevels > 1:
        lacks = "with one level of column names"
    elif frame.active_geometry_name is None:
        lacks = "and this one has no geometry: frame.set_geometry(...) names the column"
    elif frame.crs is None:
        lacks = "and this one has no coordinate system: frame.set_crs(4326) if it is in longitude and latitude"
    elif frame.empty:
        lacks = "and this one has no rows"
    elif not frame.crs.is_geographic and looks_like_degrees(frame.geometry.to_numpy()):
        lacks = (
            f"but its coordinates are degrees, declared as {frame.crs.name}: frame.set_crs(4326, allow_override=True)"
        )
    if lacks:
        msg = f"Territory.from_polygons takes {LIKE}, {lacks}."
        raise TableError(msg)


def _sound(frame: gpd.GeoDataFrame) -> tuple[pd.DataFrame, NDArray[np.object_]]:
    """Return typed days and holders, and valid polygons in degrees; raise with the problems of all cells."""
    cells = pd.DataFrame(frame[[name for name in frame.columns if name in COLUMNS.names]])
    lines = pd.RangeIndex(HEADER + 1, len(frame) + HEADER + 1)
    typed, problems = check(cells.set_axis(lines), COLUMNS, Beside({}, {}))
    try:
        degrees = frame.geometry.to_crs(WGS84).to_numpy()
    except pyproj.exceptions.ProjError as error:
        msg = f"Territory.from_polygons takes {LIKE}, and this one's has no place on the globe ({error})."
        raise TableError(msg) from None
    land, reasons, _ = lands(np.asarray(degrees, dtype=object))
    told = [Problem(line, "geometry", "", reason) for line, reason in zip(lines, reasons, strict=True) if reason]
    if problems or told:
        raise refusal(TABLE, sorted([*problems, *told], key=lambda problem: problem.row))
    return typed.reset_index(drop=True), land


def _near_or_raise(degrees: NDArray[np.object_], longitude: float, latitude: float) -> None:
    """Raise if land lies on the far side of the globe, or has edges too long to be cut and projected."""
    x, y = np.radians(shapely.get_coordinates(degrees)).T
    x0, y0 = np.radians([longitude, latitude])
    near = np.sin(y0) * np.sin(y) + np.cos(y0) * np.cos(y) * np.cos(x - x0)  # cosine of the way from the middle
    told = ""
    if near.min() < np.cos(np.radians(FAR_DEG)):
        told = "reach more than 90 degrees from their middle: draw one part of the globe at a time"
    elif shapely.length(degrees).sum() / CUT_DEG > CORNERS + CORNERS_EACH * len(x):
        told = "have edges too long to be measured"
    if told:
        msg = f"{TABLE}: together the polygons {told}, or look for a coordinate that is wrong."
        raise TableError(msg)

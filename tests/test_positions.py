"""Positions: places and points, how far apart, how well known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely

from conflictkit.errors import PlaceError
from conflictkit.geometry import local_crs
from conflictkit.positions import POSITION_KM, Position, doubt_km, km_between, km_to, nearest_on, position_of
from conflictkit.schema import WHERE_PREC

PLACES = pd.DataFrame(
    {
        "place_id": ["north-town", "desert"],
        "name": ["North Town", "The desert"],
        "kind": ["town", "area"],
        "latitude": [34.5, np.nan],
        "longitude": [40.25, np.nan],
        "where_prec": ["geonames", "area"],
    }
)


@pytest.mark.parametrize("where", [(34.5, 40.25), [34.5, 40.25], np.array([34.5, 40.25]), shapely.Point(40.25, 34.5)])
def test_points(where: object) -> None:
    """A pair has the latitude first, a shapely Point the longitude."""
    assert position_of(where, PLACES) == Position("34.500, 40.250", 34.5, 40.25, 0.0)  # type: ignore[arg-type]


def test_places() -> None:
    """A place by its id, as well known as its row says."""
    assert position_of("north-town", PLACES) == Position("North Town", 34.5, 40.25, POSITION_KM["geonames"])


@pytest.mark.parametrize(
    "where",
    [
        *((91, 40), (34, 181), (float("nan"), 40), (34.5, float("inf")), (34.5,), (34.5, 40.25, 0), ("x", "y")),
        *(None, 34.5, shapely.Point(), shapely.Point(40, 95)),
    ],
    ids=repr,
)
def test_what_is_no_point_is_refused(where: object) -> None:
    """In the kit's own words, whatever came."""
    with pytest.raises(PlaceError, match=r"Not a point: .*Write \(latitude, longitude\) in degrees"):
        position_of(where, PLACES)  # type: ignore[arg-type]


def test_an_unknown_place_names_the_nearest_spelling() -> None:
    """The next step stands in the message."""
    with pytest.raises(PlaceError, match=r"Unknown place 'north-twon'\. Did you mean 'north-town'"):
        position_of("north-twon", PLACES)


def test_an_area_has_no_position() -> None:
    """Its kind says why."""
    with pytest.raises(PlaceError, match=r"'desert' \(kind area\) has no coordinates"):
        position_of("desert", PLACES)


def test_one_table_of_precisions() -> None:
    """Every word of the tables that stands for a point has its distance; what says nothing counts as estimated."""
    assert set(POSITION_KM) == set(WHERE_PREC) - {"area"}
    assert doubt_km("map_mark") == 0.5
    assert doubt_km(None) == doubt_km(np.nan) == doubt_km("nonsense") == POSITION_KM["estimated"]


def test_distances_follow_the_ellipsoid() -> None:
    """One degree along the meridian at 34 to 35 degrees is 110.93 km; missing points have no distance."""
    one, other = Position("a", 34, 40, 0), Position("b", 35, 40, 0)
    assert km_between(one, other) == pytest.approx(110.93, abs=0.02)
    assert km_between(one, one) == 0
    km = km_to(one, pd.Series([35.0, 34.0, np.nan]), pd.Series([40.0, 40.0, np.nan]))
    assert km[:2] == pytest.approx([km_between(one, other), 0])
    assert np.isnan(km[2])
    assert km_to(one, pd.Series([], dtype=float), pd.Series([], dtype=float)).size == 0


def _line() -> tuple[shapely.LineString, pyproj.CRS]:
    """Return a line of 20 km due east and its projection."""
    crs = local_crs(shapely.box(39, 33, 41, 35))
    return shapely.LineString([(-10_000, 0), (10_000, 0)]), crs


@pytest.mark.parametrize(("x", "y", "km"), [(0, 5000, 5), (3000, 0, 0), (13_000, 4000, 5)])
def test_the_nearest_point_of_a_line(x: float, y: float, km: float) -> None:
    """Its foot, itself where it lies on the line, the end where it lies beyond."""
    line, crs = _line()
    longitude, latitude = pyproj.Transformer.from_crs(crs, 4326, always_xy=True).transform(x, y)
    here = Position("here", latitude, longitude, 0)
    foot = nearest_on(line, crs, here, name="the front", doubt_km=2.0)
    assert (foot.name, foot.doubt_km) == ("the front", 2.0)
    assert km_between(here, foot) == pytest.approx(km, abs=0.02)


def test_no_line_is_no_distance() -> None:
    """One country has no common border."""
    _, crs = _line()
    with pytest.raises(PlaceError, match="There is no common border to measure to"):
        nearest_on(shapely.LineString(), crs, Position("a", 34, 40, 0), name="common border", doubt_km=2.0)

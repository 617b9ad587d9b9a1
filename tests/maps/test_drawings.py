"""Dated polygons on a page: every ring comes back to the point, what moved is the model's, and it stays small."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import conflictkit as ck
from conflictkit.errors import TerritoryError
from conflictkit.maps import _drawings as drawings
from conflictkit.maps import _payload
from conflictkit.maps._subject import subject

if TYPE_CHECKING:
    from collections.abc import Callable

    from conflictkit import Territory

    Read = Callable[[dict[str, Any]], list[dict[str, Any]]]

PROPERTY = settings(max_examples=100, deadline=None)
POINT = st.tuples(st.integers(-40, 40), st.integers(-40, 40))


def front(days: int, points: int) -> gpd.GeoDataFrame:
    """Return a polygon a day in the manner of a daily map of a front: one stretch of its edge moves."""
    rng = np.random.default_rng(days)
    turn = np.linspace(0, 2 * np.pi, points, endpoint=False)
    reach, shapes = 1.5 + 0.15 * np.sin(9 * turn), []
    for _ in range(days):
        where = (np.arange(40) + rng.integers(points)) % points
        reach = reach.copy()
        reach[where] += 0.05 * rng.standard_normal() * np.hanning(40)
        shapes.append(shapely.Polygon(np.column_stack([37 + 1.4 * reach * np.cos(turn), 48 + reach * np.sin(turn)])))
    dates = pd.date_range("2022-03-01", periods=days)
    return gpd.GeoDataFrame({"date": dates, "actor_id": "russia"}, geometry=shapes, crs=4326)


@pytest.fixture(scope="module")
def month() -> Territory:
    """Return a month of a front."""
    return ck.Territory.from_polygons(front(30, 600))


@pytest.fixture(scope="module")
def two_sides() -> Territory:
    """Return three days of two sides: a hole, an exclave, and land that changes hands."""
    west, east = shapely.box(40, 34, 42, 36), shapely.box(42, 34, 44, 36)
    hole, exclave, strip = (
        shapely.box(40.5, 34.5, 41, 35),
        shapely.box(43, 35, 43.5, 35.5),
        shapely.box(42, 34, 42.5, 36),
    )
    days = [
        (west.difference(hole), east.union(hole)),
        (west.difference(hole).union(exclave), east.difference(exclave).union(hole)),
        (west.union(exclave).union(strip), east.difference(exclave).difference(strip)),
    ]
    rows = [
        (f"2017-01-0{day}", actor, land)
        for day, pair in enumerate(days, 1)
        for actor, land in zip(("isis", "iraq_gov"), pair, strict=True)
    ]
    frame = pd.DataFrame(rows, columns=["date", "actor_id", "geometry"])
    return ck.Territory.from_polygons(gpd.GeoDataFrame(frame, crs=4326))


@PROPERTY
@given(st.lists(st.lists(POINT, min_size=3, max_size=25, unique=True), min_size=1, max_size=6), st.data())
def test_every_ring_is_read_as_it_was_written(
    read_ring: Callable[[list[Any], int], list[tuple[int, int]]],
    bases: list[list[tuple[int, int]]],
    data: st.DataObject,
) -> None:
    """Rings of one holder, each cut and pasted from those before: turned, shortened, with new points."""
    table, written = drawings.Rings(), []
    for base in bases:
        earlier = data.draw(st.sampled_from([base, *(ring for ring, _ in written)]))
        turn, cut = data.draw(st.integers(0, len(earlier))), data.draw(st.integers(0, len(earlier)))
        fresh = data.draw(st.lists(POINT, max_size=5))
        ring = tuple(dict.fromkeys([*[*earlier[turn:], *fresh, *earlier[:turn]][cut:], *base[:3]]))
        if len(ring) > 2:
            shape = shapely.LinearRing(np.array(ring) / _payload.GRID)
            points = drawings.points_of(shape)
            number = table._add(points, [points for _, points in written])  # noqa: SLF001 - the unit of this file
            written.append((list(ring), points))
            assert read_ring(table.rows, number) == list(points)
            assert set(points) == set(ring)
    for _, points in written:
        assert read_ring(table.rows, table._number[points]) == list(points)  # noqa: SLF001


def test_points_start_at_the_lowest() -> None:
    """So that two drawings of one line, begun at different points, are one ring."""
    square = [(2, 0), (2, 2), (0, 2), (0, 0)]
    rings = [
        drawings.points_of(shapely.LinearRing(np.array(square[k:] + square[:k]) / _payload.GRID)) for k in range(4)
    ]
    assert set(rings) == {((0, 0), (2, 0), (2, 2), (0, 2))}


@pytest.mark.parametrize("name", ["month", "two_sides"])
def test_land_is_the_models_on_every_day(
    name: str,
    request: pytest.FixtureRequest,
    read_drawn: Callable[[dict[str, Any], int], dict[str, shapely.Geometry]],
    read_table: Read,
) -> None:
    """Shape by shape to the grid; km2 to the hundredth; holes and exclaves kept; off by what the page says."""
    land = request.getfixturevalue(name)
    data = subject(land, land.dates)
    actors, shapes, worst = [actor["id"] for actor in read_table(data["actors"])], read_table(data["shapes"]), []
    for step, day in enumerate(land.dates):
        drawn, wanted = read_drawn(data, step), land.at(day).set_index("actor_id")
        assert set(drawn) == set(wanted.index)
        here = [row for row in shapes if row["drawing"] == data["states"][step]]
        numbers = {actors[row["holder"]]: row["km2"] for row in here}
        for actor, row in wanted.iterrows():
            assert numbers[actor] == pytest.approx(row.area_km2, abs=0.006)
            assert drawn[actor].symmetric_difference(row.geometry).area < 2 * row.geometry.length / _payload.GRID
            km2 = _payload.area_km2(np.array([drawn[actor]]), land.crs)[0]
            worst.append(abs(km2 - row.area_km2))
    assert max(worst) == pytest.approx(data["error_km2"], abs=0.06)


def test_what_moved_is_the_models(two_sides: Territory, read_table: Read) -> None:
    """From, to and km2 of each date, the largest first; and of two days, with the shapes."""
    data = subject(two_sides, two_sides.dates)
    names, moves = [actor["id"] for actor in read_table(data["actors"])], read_table(data["moves"])
    assert {move["step"] for move in moves} == {1, 2}
    for step, day in enumerate(two_sides.dates[1:], 1):
        wanted = two_sides.changes(two_sides.dates[step - 1], day)
        found = [(names[move["from"]], names[move["to"]], move["km2"]) for move in moves if move["step"] == step]
        rows = zip(wanted.from_actor, wanted.to_actor, wanted.claimed_km2.round(2), strict=True)
        assert found == sorted(rows, key=lambda row: -row[2])
    rows = drawings.moved_table(two_sides, two_sides.dates[0], two_sides.dates[-1])
    moved = two_sides.transitions(two_sides.dates[0], two_sides.dates[-1]).set_index(["from_actor", "to_actor"])
    found = {(names[row["before"]], names[row["after"]]): row["km2"] for row in read_table(rows)}
    assert found == {pair: pytest.approx(km2, abs=0.02) for pair, km2 in moved.claimed_km2.items()}


def test_moves_between_chosen_days_are_added_up(month: Territory, read_table: Read) -> None:
    """With a slider of every tenth day, a step shows all that moved since the step before."""
    data = subject(month, month.dates[::10])
    daily = month.changes(month.dates[0], month.dates[10])
    assert len(daily) >= 10
    moved = [move["km2"] for move in read_table(data["moves"]) if move["step"] == 1]
    assert sum(moved) == pytest.approx(daily.claimed_km2.sum(), abs=0.1)


def test_still_days_cost_a_number(month: Territory) -> None:
    """Days on which nothing is drawn share a state, and a ring that stays is written once."""
    tables = ck.Tables.shipped().replace(covers=("2014-01-01", "2022-12-31"))
    days = pd.date_range(month.dates[0], periods=300)
    data = subject(ck.Territory.from_polygons(front(30, 600), tables=tables), days)
    assert len(data["states"]) == 300
    assert len(data["shapes"]["rows"]) == len(set(month.states(month.dates))) == len(data["rings"])
    assert np.mean([len(str(row)) for row in data["rings"][1:]]) < len(str(data["rings"][0])) / 5


def test_before_the_first_drawing_nothing_is_known(month: Territory) -> None:
    """A page must not show the last drawing for a day before the first."""
    for ask in (
        lambda: ck.map_territory(month, ["2010-01-01", "2022-03-05"]),
        lambda: ck.map_changes(month, "2010-01-01", "2022-03-05", actor_id="russia"),
    ):
        with pytest.raises(TerritoryError, match=r"2010-01-01 is before the first drawing \(2022-03-01\)"):
            ask()


def test_drawings_elsewhere_have_no_background_of_ours(month: Territory, two_sides: Territory) -> None:
    """The kit's rivers and borders reach Iraq and Syria and no further."""
    assert not any(subject(month, month.dates)["base"].values())
    assert all(subject(two_sides, two_sides.dates)["base"].values())


@pytest.mark.slow
def test_seven_hundred_days_fit_in_three_megabytes() -> None:
    """Daily drawings of 2,050 points, 80 kB a day as GeoJSON and 56 MB together."""
    land = ck.Territory.from_polygons(front(700, 2050))
    page = ck.map_territory(land)
    assert len(page.data["dates"]) == 700
    assert len(str(page.data)) < 3e6


def test_names_of_towns_on_request_and_who_drew_it() -> None:
    """None by themselves: a drawing says nothing about towns; the caption says whose drawing it is."""
    land = ck.load_borders().rename(columns={"country": "actor_id"}).assign(date="2014-01-01").head(1)
    drawn = ck.Territory.from_polygons(land, drawn_by="the Survey Office")
    plain, named = ck.map_territory(drawn), ck.map_territory(drawn, labels=True)
    assert plain.data["labels"]["rows"] == []
    assert "Mosul" in str(named.data["labels"]["rows"])
    assert "all land as the Survey Office drew it" in plain.caption
    assert "all land as the Survey Office drew it" in drawn.by_governorate().definition("claimed")
    bare = ck.map_territory(ck.Territory.from_places(), ["2017-11-03"], labels=False)
    assert bare.data["labels"]["rows"] == []


def test_share_of_the_countries_and_borders_of_ones_own() -> None:
    """The page's shares are those of the table, of the user's countries; where none is known, of the land drawn."""
    box, half = shapely.box(10, 34, 14, 36), shapely.box(10, 34, 12, 36)
    front = gpd.GeoDataFrame({"date": ["2017-11-03"], "actor_id": ["isis"]}, geometry=[half], crs=4326)
    country = gpd.GeoDataFrame({"country": ["XX"], "name": ["Exampleland"]}, geometry=[box], crs=4326)
    own = ck.Territory.from_polygons(front, borders=country)
    assert own.scope == ("XX",)
    assert own.area().share.to_numpy() == pytest.approx(0.5, rel=1e-3)
    page = ck.map_territory(own).data
    assert page["whole_km2"] == pytest.approx(2 * own.area().area_km2.iloc[0], rel=1e-3)
    assert "Share: of Exampleland." in page["key"]["claimed"]
    assert len(page["base"])
    alone = ck.map_territory(ck.Territory.from_polygons(front)).data
    assert alone["whole_km2"] is None
    assert "Share: of the land drawn." in alone["key"]["claimed"]

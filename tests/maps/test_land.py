"""The numbers in a page are the model's: areas, holders, rows, sources; and the drawing is off by what it says."""

from __future__ import annotations

import base64
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import shapely

import conflictkit as ck
from conflictkit.maps import _payload
from conflictkit.maps._land import ACROSS, NOWHERE, doubt_data
from conflictkit.maps._subject import subject

if TYPE_CHECKING:
    from collections.abc import Callable

    Read = Callable[[dict[str, Any]], list[dict[str, Any]]]
    Tables = dict[str, list[dict[str, Any]]]

DAYS = pd.to_datetime(["2014-01-01", "2014-06-10", "2015-05-21", "2016-12-31", "2017-11-03", "2019-03-31"])


@pytest.fixture(scope="module")
def data(territory: ck.Territory) -> dict[str, Any]:
    """Return the numbers of a page of six days."""
    return subject(territory, DAYS)


@pytest.fixture(scope="module")
def tables(data: dict[str, Any], read_table: Read) -> Tables:
    """Return its tables as rows by name."""
    return {name: read_table(value) for name, value in data.items() if isinstance(value, dict) and "rows" in value}


def holders(tables: Tables, day: str) -> list[int]:
    """Return the holder of each place on a day, as the page works it out."""
    found = [[actor["id"] for actor in tables["actors"]].index("unknown")] * len(tables["places"])
    for event in tables["events"]:
        if event["day"] <= day:
            found[event["place"]] = event["actor"]
    return found


@pytest.mark.parametrize("level", ["claimed", "core"])
def test_areas_are_the_models(
    territory: ck.Territory, data: dict[str, Any], tables: Tables, level: ck.territory.Level
) -> None:
    """Sums of the pieces by the holder that the rows give, against ``Territory.area``, country by country."""
    area = territory.area(DAYS, level=level)
    area = area[area.actor_id != "none"].set_index(["date", "scope", "actor_id"]).area_km2
    found: Counter[tuple[pd.Timestamp, str, str]] = Counter()
    for day in DAYS:
        held = holders(tables, f"{day:%Y-%m-%d}")
        for piece in tables["pieces"]:
            for scope in ("all", data["countries"][piece["country"]]):
                found[day, scope, tables["actors"][held[piece["place"]]]["id"]] += piece[level]
    wrong = pd.Series(found).rename_axis(area.index.names).sub(area, fill_value=0.0).abs()
    assert len(area) > 50
    assert wrong.max() < 0.005 * len(tables["pieces"])  # two decimals each
    assert wrong.max() < 1


def test_rows_are_the_tables(territory: ck.Territory, data: dict[str, Any], tables: Tables) -> None:
    """Every row of the table once, in order, with its place, holder, source and precision."""
    table = territory.control_changes
    actors, sources, events = tables["actors"], tables["sources"], tables["events"]
    assert len(events) == len(table)
    urls = ck.load_sources().set_index("source_id").url.fillna("")
    for event, row in zip(events, table.itertuples(), strict=True):
        assert event["day"] == f"{row.valid_from:%Y-%m-%d}"
        assert tables["places"][event["place"]]["id"] == row.place_id
        assert actors[event["actor"]]["id"] == row.to_actor
        assert (event["confidence"], event["precision"]) == (row.confidence, row.date_prec)
        assert (event["source"] < 0) == pd.isna(row.source_id)
        assert event["source"] < 0 or sources[event["source"]]["address"] == urls[row.source_id]
    assert [event["day"] for event in events] == sorted(event["day"] for event in events)
    assert data["dates"] == [f"{day:%Y-%m-%d}" for day in DAYS]


def test_drawing_is_off_by_what_it_says(
    territory: ck.Territory,
    data: dict[str, Any],
    tables: Tables,
    read_shape: Callable[[list[Any], int], shapely.Geometry],
) -> None:
    """The land of each holder as drawn, measured, against its area: never more than stated, and once as much."""
    pieces = tables["pieces"]
    shapes = np.array([read_shape(piece["polygons"], data["grid"]) for piece in pieces])
    drawn = _payload.area_km2(shapes, territory.crs)
    exact = np.array([piece["claimed"] for piece in pieces])
    off = []
    for day in data["dates"]:
        held = np.array(holders(tables, day))[[piece["place"] for piece in pieces]]
        off += np.abs(np.bincount(held, drawn - exact)).tolist()
    assert max(off) == pytest.approx(data["error_km2"], abs=0.2)
    assert data["error_km2"] < 30  # of 621,000
    assert np.abs(drawn - exact).max() < 20


def test_neighbours_share_every_vertex(
    data: dict[str, Any], tables: Tables, read_shape: Callable[[list[Any], int], shapely.Geometry]
) -> None:
    """No gap between cells: together they are the two countries without a hole in between."""
    pieces = tables["pieces"]
    shapes = np.array([read_shape(piece["polygons"], data["grid"]) for piece in pieces])
    whole = shapely.union_all(shapely.make_valid(shapes))
    holes = [shapely.Polygon(ring) for part in shapely.get_parts(whole) for ring in part.interiors]
    borders = shapely.union_all(ck.load_borders().geometry.to_numpy())
    inside = [hole for hole in holes if borders.contains(hole.representative_point())]
    assert sum(hole.area for hole in inside) < 1e-4  # square degrees: 1 km2


def test_background_is_calm_and_named(data: dict[str, Any], tables: Tables, territory: ck.Territory) -> None:
    """Borders, governorates, rivers and lakes; towns by residents, largest first; no name twice."""
    assert {"sea", "borders", "admin", "rivers", "lakes"} == set(data["base"])
    assert all(data["base"].values())
    labels = [label for label in tables["labels"] if label["kind"] == "place"]
    names, people = [label["name"] for label in labels], [label["residents"] for label in labels]
    assert people == sorted(people, reverse=True)
    assert {"Mosul", "Raqqa"} <= set(names)
    assert set(territory.places.loc[territory.places.population.notna(), "name"]) <= set(names)
    assert {"Turkey", "Iran", "Jordan"} <= {label["name"] for label in tables["labels"] if label["kind"] == "country"}


def test_doubt_is_a_share_of_every_square(territory: ck.Territory) -> None:
    """One square under each pixel of land; weights of each square add up to the whole."""
    found = doubt_data(territory)
    unpacked = {name: np.frombuffer(base64.b64decode(found[name]), kind) for name, kind in
                {"squares": "<u2", "counts": "u1", "places": "<u2", "weights": "u1"}.items()}  # fmt: skip
    assert found["size"][0] == ACROSS
    assert len(unpacked["squares"]) == ACROSS * found["size"][1]
    land = unpacked["squares"] != NOWHERE
    assert 0.2 < land.mean() < 0.6
    assert unpacked["squares"][land].max() < len(unpacked["counts"])
    assert unpacked["counts"].sum() == len(unpacked["places"]) == len(unpacked["weights"])
    first = np.cumsum(unpacked["counts"], dtype=int) - unpacked["counts"]
    sums = np.add.reduceat(unpacked["weights"].astype(int), first)
    assert np.abs(sums - 255).max() <= unpacked["counts"].max()
    assert unpacked["places"].max() < len(territory.places)

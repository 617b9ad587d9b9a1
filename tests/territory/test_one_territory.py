"""One class, whatever the land is made of: the same questions, the same columns, or a word on what to ask instead."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from inside import land_of

from conflictkit import Tables, Territory, load_area_estimates, validate_model
from conflictkit.errors import TerritoryError, UnknownNameError
from conflictkit.territory import raster

if TYPE_CHECKING:
    from collections.abc import Callable

DAYS = ["2015-01-05", "2016-07-04", "2017-06-26"]
CLAIMED = load_area_estimates().query("control_definition == 'claimed' and as_of == '2017-06-26'")


@pytest.fixture(scope="module")
def drawn(territory: Territory) -> Territory:
    """Return the model's own map, drawn on three days."""
    return Territory.from_polygons(pd.concat([territory.at(day).assign(date=day) for day in DAYS]))


ASK: dict[str, Callable[[Territory], pd.DataFrame]] = {
    "at": lambda land: land.at(DAYS[1]),
    "at, core": lambda land: land.at(DAYS[1], level="core"),
    "area": lambda land: land.area(DAYS),
    "area, core": lambda land: land.area(DAYS, level="core"),
    "area, bands": lambda land: land.area(DAYS[0], bands=True, draws=2),
    "people": lambda land: land.people(DAYS),
    "changes": lambda land: land.changes(DAYS[0], DAYS[2]),
    "transitions": lambda land: land.transitions(DAYS[0], DAYS[2]),
    "loss_since": lambda land: land.loss_since(DAYS[0], DAYS[1:], level="core"),
    "probability": lambda land: land.probability(DAYS[1], grid_km=20)[
        ["row", "column", "country", "actor_id", "p_holder", "core"]
    ],
    "compare": lambda land: land.compare(load_area_estimates().query("control_definition == 'core'"), draws=2),
    "stale": lambda land: land.stale(),
    "flows": lambda land: land.flows(DAYS[0], DAYS[2])[["from_actor", "to_actor", "claimed_km2", "geometry"]],
    "governorates": lambda land: land.by_governorate().area(DAYS[0]),
}
WITHOUT_PLACES = {"places_held", "places"}  # a count of what drawings have not: missing, so a type that can be


def test_both_ways_give_a_territory(territory: Territory, drawn: Territory) -> None:
    """Of one class, which says what it is."""
    assert type(drawn) is type(territory) is Territory
    assert territory.has_places
    assert not drawn.has_places
    assert repr(drawn).startswith("Territory from polygons: ")


@pytest.mark.parametrize("question", ASK)
def test_same_columns_of_the_same_types(territory: Territory, drawn: Territory, question: str) -> None:
    """In the same order, so that a chart or a table takes either."""
    of_places, of_drawings = (ASK[question](land).dtypes.astype(str) for land in (territory, drawn))
    assert of_drawings.index.tolist() == of_places.index.tolist()
    same = [name for name in of_places.index if name not in WITHOUT_PLACES]
    assert of_drawings[same].to_dict() == of_places[same].to_dict()


@pytest.mark.parametrize("level", ["claimed", "core"])
def test_the_models_own_map_drawn_has_its_areas_by_country(territory: Territory, drawn: Territory, level: str) -> None:
    """And in all; shares too."""
    keys = ["date", "scope", "actor_id"]
    expected, found = (land.area(DAYS, level=level).set_index(keys) for land in (territory, drawn))  # type: ignore[arg-type]
    both = expected.merge(found, left_index=True, right_index=True, suffixes=("", "_drawn"))
    assert (expected.drop(both.index).area_km2 == 0).all()  # holders of other days
    assert both.area_km2_drawn.to_numpy() == pytest.approx(both.area_km2.to_numpy(), rel=1e-3, abs=5)
    assert both.share_drawn.to_numpy() == pytest.approx(both.share.to_numpy(), abs=1e-4)
    assert found.groupby(["date", "scope"]).share.sum().to_numpy() == pytest.approx(np.ones(9))


def test_the_models_own_map_drawn_has_its_areas_by_governorate(territory: Territory, drawn: Territory) -> None:
    """Cut along the same lines; all is what it was."""
    keys = ["date", "scope", "actor_id"]
    expected, found = (land.by_governorate().area(DAYS).set_index(keys) for land in (territory, drawn))
    both = expected.merge(found, left_index=True, right_index=True, suffixes=("", "_drawn"))
    assert drawn.by_governorate().scope == territory.by_governorate().scope
    assert set(found.index.get_level_values("scope")) == {*drawn.by_governorate().scope, "all"}
    assert both.area_km2_drawn.to_numpy() == pytest.approx(both.area_km2.to_numpy(), rel=2e-3, abs=5)
    people = drawn.by_governorate().people(DAYS[0])
    assert people[people.scope == "Nineveh"].people_prewar.sum() == pytest.approx(3_187_945, rel=0.02)


def test_the_models_own_map_drawn_moves_the_same_land_and_people(territory: Territory, drawn: Territory) -> None:
    """By pair of holders: claimed, core, residents; places are missing."""
    pairs = ["from_actor", "to_actor"]
    expected, found = (land.transitions(DAYS[0], DAYS[2]).set_index(pairs) for land in (territory, drawn))
    both = expected.merge(found, left_index=True, right_index=True, suffixes=("", "_drawn"))
    assert both.claimed_km2.sum() == pytest.approx(expected.claimed_km2.sum(), rel=1e-3)
    for column in ("claimed_km2", "core_km2"):
        assert both[f"{column}_drawn"].to_numpy() == pytest.approx(both[column].to_numpy(), rel=1e-3, abs=5)
    # a town at a line can lie on the other side of it
    assert both.people_prewar_drawn.to_numpy() == pytest.approx(both.people_prewar.to_numpy(), rel=0.05, abs=60_000)
    assert found.places.isna().all()


def test_changes_of_drawings_add_up_to_the_difference_of_all_figures(drawn: Territory) -> None:
    """Land, core and people: those at the start and what moved are those at the end."""
    moved = drawn.changes(DAYS[0], DAYS[2])
    assert moved.place_id.isna().all()
    for column, ask in {
        "claimed_km2": lambda: drawn.area(DAYS, level="claimed"),
        "core_km2": lambda: drawn.area(DAYS, level="core"),
        "people_prewar": lambda: drawn.people(DAYS),
    }.items():
        came, went = (moved.groupby(side)[column].sum() for side in ("to_actor", "from_actor"))
        figures = ask().query("scope == 'all' and actor_id != 'none'")
        wide = figures.pivot_table(
            index="date", columns="actor_id", values=figures.columns[4 if column != "people_prewar" else 3]
        )
        grown = came.sub(went, fill_value=0.0).drop("none", errors="ignore")
        expected = (wide.iloc[-1] - wide.iloc[0]).reindex(grown.index)
        assert expected.to_numpy() == pytest.approx(grown.to_numpy(), rel=1e-3, abs=1)


def test_land_on_two_days_is_whole(territory: Territory, drawn: Territory) -> None:
    """Flows are the land of transitions: their areas, and together all land."""
    for land in (territory, drawn):
        flows = land.flows(DAYS[0], DAYS[2])
        figures = land.transitions(DAYS[0], DAYS[2])
        assert flows.claimed_km2.tolist() == pytest.approx(figures.claimed_km2.tolist(), rel=1e-6)
        assert (flows.area / 1e6).tolist() == pytest.approx(flows.claimed_km2.tolist(), rel=1e-6)
        assert flows.crs == land.crs
        assert flows.union_all().area / 1e6 == pytest.approx(623_323, rel=1e-3)


def test_shapes_are_the_land_of_at(territory: Territory, drawn: Territory) -> None:
    """In metres, by holder."""
    for land in (territory, drawn):
        for level in ("claimed", "core"):
            shapes = land.shapes(DAYS[1], level=level)  # type: ignore[arg-type]
            held = land.at(DAYS[1], level=level).set_index("actor_id").area_km2  # type: ignore[arg-type]
            areas = {name: shape.area / 1e6 for name, shape in shapes.items()}
            assert areas == pytest.approx(held.to_dict(), rel=1e-6, abs=1e-3)


@pytest.mark.parametrize(
    ("ask", "instead"),
    [
        (lambda land: land.holders(DAYS[0]), r"at\(date\)"),
        (lambda land: land.cells, r"shapes\(date\)"),
        (lambda land: land.pieces, r"shapes\(date\)"),
        (lambda land: land.holder_numbers(0), r"shapes\(date\)"),
        (lambda land: land.weights(), r"probability\(date, edge_km=...\)"),
        (lambda land: land.causes(DAYS[0], level="core"), r"area\(bands=True, edge_km=...\)"),
    ],
    ids=["holders", "cells", "pieces", "holder_numbers", "weights", "causes"],
)
def test_what_drawings_cannot_answer_names_what_can(
    drawn: Territory, ask: Callable[[Territory], object], instead: str
) -> None:
    """And the facts of places are empty, not missing."""
    with pytest.raises(TerritoryError, match=f"A drawing has no places.*{instead}"):
        ask(drawn)


def test_facts_of_drawings(territory: Territory, drawn: Territory) -> None:
    """Frames have their columns and no row; days, holders, scope, extent are those of what was drawn."""
    assert drawn.places.columns.tolist() == territory.places.columns.tolist()
    assert drawn.control_changes.columns.tolist() == territory.control_changes.columns.tolist()
    assert drawn.left_out.columns.tolist() == territory.left_out.columns.tolist()
    assert len(drawn.places) == len(drawn.control_changes) == len(drawn.left_out) == 0
    assert drawn.dates.tolist() == list(pd.to_datetime(DAYS))
    assert drawn.scope == territory.scope == ("IQ", "SY")
    assert drawn.extent == pytest.approx(territory.extent, abs=0.01)
    assert set(drawn.actor_ids) <= set(territory.actor_ids)
    assert drawn.min_confidence is None
    assert drawn.core_radius_km == territory.core_radius_km == 29
    assert drawn.settlements.equals(territory.settlements)
    assert shapely.equals_exact(drawn.borders, territory.borders).all()


def test_the_error_of_a_line_is_asked_of_drawings_only(territory: Territory) -> None:
    """Lines between places are not drawn: what to write instead is said."""
    for ask in (
        lambda: territory.area(DAYS[0], edge_km=5),
        lambda: territory.probability(DAYS[0], edge_km=5),
        lambda: territory.compare(CLAIMED, edge_km=5),
    ):
        with pytest.raises(TerritoryError, match="leave edge_km out"):
            ask()


def test_levels_that_change_their_default_say_so(territory: Territory, drawn: Territory) -> None:
    """With what to write; the figures of this release are core. Drawings were claimed and stay so."""
    for ask in (territory.loss_since, lambda day, **level: territory.causes(day, draws=2, **level)):
        with pytest.warns(FutureWarning, match=r"level='core'\) or level='claimed'"):
            found = ask(DAYS[0])
        pd.testing.assert_frame_equal(found, ask(DAYS[0], level="core"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert set(drawn.loss_since(DAYS[0]).level) == {"claimed"}


def test_raster_is_the_same_function_of_both(territory: Territory, drawn: Territory) -> None:
    """North up, each square once."""
    for land in (territory, drawn):
        squares = land.probability(DAYS[0], grid_km=20)
        assert np.isfinite(raster(squares, "p_holder")).sum() == len(squares)


# Tables that travel


def test_a_territory_keeps_its_tables(territory: Territory, drawn: Territory, other_war: Tables) -> None:
    """The shipped ones by default; those passed; single frames are a short form of replacing."""
    assert territory.tables is drawn.tables is Tables.shipped()
    theirs = Territory.from_places(tables=other_war)
    assert theirs.tables is other_war
    assert theirs.actors is other_war.actors
    actors = Tables.shipped().actors.assign(name=lambda frame: frame["name"].str.upper())
    mine = Territory.from_places(actors=actors)
    assert mine.actors["name"].str.isupper().all()
    assert mine.tables.places is Tables.shipped().places
    assert Territory.from_polygons(drawing_of(theirs), tables=other_war).tables is other_war


def drawing_of(territory: Territory) -> gpd.GeoDataFrame:
    """Return a territory drawn on its first and its last day."""
    days = territory.dates[[0, -1]]
    return pd.concat([territory.at(day).assign(date=day) for day in days])


def test_another_war_is_answered_from_its_own_tables(other_war: Tables) -> None:
    """Scope, holders, people, governorates, story: nothing of the shipped tables shows."""
    land = Territory.from_places(tables=other_war)
    assert land.scope == ("IQ", "SY")
    assert set(land.actor_ids) <= {*other_war.actors.actor_id}
    assert len(land.places) == 8
    totals = land.area(land.dates[0]).groupby("scope").area_km2.sum()
    assert totals["all"] == pytest.approx(82_000, rel=0.05)
    people = land.people(land.dates[0]).query("scope == 'all'")
    assert people.people_prewar.sum() == pytest.approx(1_040_000)
    assert people.attrs["vintage"].endswith("residents")
    regions = land.by_governorate()
    assert set(regions.scope) == {"Uplands", "Lowlands", "Coast", "Steppe"}
    assert regions.people(land.dates[0]).query("scope == 'Coast'").people_prewar.sum() == pytest.approx(600_000)
    assert "6 settlements" in land.definition("core")
    assert set(land.stale().place_id.dropna()) <= set(other_war.places.place_id)


@pytest.mark.slow
def test_the_story_of_the_tables_is_the_default(other_war: Tables) -> None:
    """Whose hold is foretold, whose area is in doubt; without a story it must be said."""
    land = Territory.from_places(tables=other_war)
    day = "1992-01-01"
    told, named = (land.causes(day, level="claimed", draws=3, actor_id=who) for who in (None, "reds"))
    pd.testing.assert_frame_equal(told, named)
    assert validate_model(tables=other_war, grid_km=10).actor_id == "reds"
    nobody = other_war.replace(
        actors=other_war.actors.assign(actor_id=other_war.actors.actor_id.replace("reds", "crimsons"), parent_id=None),
        control_changes=other_war.control_changes.replace("reds", "crimsons"),
    )
    assert nobody.story_actor is None
    with pytest.raises(UnknownNameError, match="say whose land"):
        Territory.from_places(tables=nobody).causes(day, level="claimed")
    with pytest.raises(UnknownNameError, match="say whose land"):
        validate_model(tables=nobody)
    with pytest.raises(TerritoryError, match="fifth of the places on no first day"):
        validate_model(tables=other_war, actor_id="guard")
    with pytest.raises(UnknownNameError, match="holder on 1992-01-01"):
        land.causes(day, level="claimed", actor_id="guard")


def test_cells_of_the_same_table_are_made_once() -> None:
    """And anew for another radius, another scope, another place."""
    first, again = (land_of(Territory.from_places()).tessellation for _ in range(2))
    assert first is again
    places = Tables.shipped().places.copy()
    places.loc[places.place_id == "raqqa", "latitude"] += 0.01
    for options in ({"core_radius_km": 28}, {"scope": ["SY"]}, {"places": places}):
        other = land_of(Territory.from_places(**options)).tessellation  # type: ignore[arg-type]
        assert other is not first
        assert other.core_km2[:, -1].std() != first.core_km2[:, -1].std()


def test_tables_without_people_or_governorates_say_so(other_war: Tables) -> None:
    """Land has figures all the same; people are missing, and asked for they are refused."""
    empty = other_war.replace(population=other_war.population.iloc[:0], governorates=other_war.governorates.iloc[:0])
    for land in (
        Territory.from_places(tables=empty),
        Territory.from_polygons(drawing_of(Territory.from_places(tables=other_war)), tables=empty),
    ):
        assert land.changes("1990-01-01", "1995-12-31").people_prewar.isna().all()
        assert land.transitions("1990-01-01", "1995-12-31").people_prewar.isna().all()
        with pytest.raises(ValueError, match="how many people lived"):
            land.people()
        with pytest.raises(TerritoryError, match="no governorates of IQ, SY"):
            land.by_governorate()


def test_at_is_valid_where_degrees_make_two_edges_cross() -> None:
    """Two drawings that overlap by 63 square metres: cut in metres, an edge of the sliver crosses itself in degrees."""
    one = [
        (41.166693211000052, 37.001167297000052), (41.183750061674878, 37.020476287152896),
        (41.184916070476397, 37.020476287152896), (41.184916070476397, 37.0004762871529),
        (41.1667474372247, 37.0004762871529),
    ]  # fmt: skip
    other = [
        (41.173844337000048, 37.009263039000075), (41.166706085000044, 37.001182318000076),
        (41.166692734000037, 37.001167297000052), (41.166693687000077, 37.001156330000072),
        (41.166746200564248, 37.0004762871529), (41.164916070476401, 37.0004762871529),
        (41.164916070476401, 37.020476287152896), (41.183749590840485, 37.020476287152896),
    ]  # fmt: skip
    frame = gpd.GeoDataFrame(
        {"date": "2015-11-29", "actor_id": ["syria_gov", "ypg"]},
        geometry=[shapely.Polygon(one), shapely.Polygon(other)],
        crs=4326,
    )
    held = Territory.from_polygons(frame).at("2015-11-29")
    assert held.actor_id.tolist() == ["ypg", "syria_gov"]  # two drawings of one line, and no contested land
    assert held.is_valid.all()
    assert held.dissolve().geometry.is_valid.all()

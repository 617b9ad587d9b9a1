"""A country of the scope without a place: its land is unknown, with a word, and not the neighbour's."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from inside import land_of

from conflictkit import (
    Tables,
    Territory,
    load_area_estimates,
    load_control_changes,
    load_places,
    map_territory,
    nearest_fronts,
)
from conflictkit.errors import TerritoryError
from conflictkit.maps import _land

DAY = "2016-01-01"


@pytest.fixture(scope="module")
def syria_only() -> Territory:
    """Return the model of places in Syria, asked about both countries."""
    places = load_places().query("country == 'SY'")
    changes = load_control_changes()
    return Territory.from_places(changes[changes.place_id.isin(places.place_id)], places)


@pytest.mark.parametrize("level", ["claimed", "core"])
def test_its_land_is_unknown(syria_only: Territory, level: str) -> None:
    """All of it, in each column; both countries still sum to the scope."""
    area = syria_only.area(DAY, level=level, bands=True, draws=3)  # type: ignore[arg-type]
    iraq = area[(area.scope == "IQ") & (area.area_km2 > 0)].set_index("actor_id")
    assert iraq.index.tolist() == (["unknown"] if level == "claimed" else ["unknown", "none"])
    unknown = iraq.loc["unknown"]
    ends = [unknown[f"area_{name}_km2"] for name in ("lo", "hi", "certain", "possible")]
    assert ends == pytest.approx([unknown.area_km2] * 4)
    assert iraq.area_km2.sum() == pytest.approx(437_367, abs=1)
    whole = area.groupby("scope").area_km2.sum()
    assert whole["IQ"] + whole["SY"] == pytest.approx(whole["all"])
    assert area.groupby("scope").share.sum().to_numpy() == pytest.approx(np.ones(3))


def test_syria_is_as_it_is_alone(syria_only: Territory) -> None:
    """What is not known of one country moves nothing in the other but the middle of the projection."""
    alone = Territory.from_places(tables=syria_only.tables, scope=["SY"])
    both, one = (
        land.area(DAY).query("scope == 'SY' and area_km2 > 0").set_index("actor_id").area_km2
        for land in (syria_only, alone)
    )
    assert both.index.tolist() == one.index.tolist()
    assert both.to_numpy() == pytest.approx(one.to_numpy(), rel=0.01)


def test_it_is_said_wherever_one_looks(syria_only: Territory) -> None:
    """In the line of the territory, in the definition, which captions carry, and among the findings."""
    assert repr(syria_only).endswith("; no place in IQ")
    for level in ("claimed", "core"):
        assert syria_only.definition(level).endswith("No place lies in Iraq: that land is unknown.")  # type: ignore[arg-type]
    found = syria_only.stale(DAY).query("kind == 'no_place'")
    assert found.actor_id.tolist() == ["unknown"]
    assert found.claimed_km2.item() == pytest.approx(437_367, abs=1)
    assert 0 < found.core_km2.item() < found.claimed_km2.item()
    assert found.detail.item() == "no place with rows lies in IQ: its land is unknown"
    shipped = Territory.from_places()
    assert "no place" not in repr(shipped) + shipped.definition("core")
    assert "no_place" not in set(shipped.stale().kind)


def test_its_people_are_of_the_unknown(syria_only: Territory) -> None:
    """32 million in Iraq; nobody vanishes."""
    people = syria_only.people(DAY).query("scope == 'IQ' and people_prewar > 0")
    assert people.actor_id.tolist() == ["unknown"]
    assert people.people_prewar.item() == pytest.approx(32.49e6, rel=1e-3)
    everybody = Territory.from_places().people(DAY).query("scope == 'all'").people_prewar.sum()
    assert syria_only.people(DAY).query("scope == 'all'").people_prewar.sum() == pytest.approx(everybody)


def test_polygons_share_out_the_scope(syria_only: Territory) -> None:
    """Valid, without overlaps, at both levels; figures of two days have the unknown land as kept."""
    for level in ("claimed", "core"):
        held = syria_only.at(DAY, level=level).set_index("actor_id")  # type: ignore[arg-type]
        assert held.is_valid.all()
        shapes = syria_only.shapes(DAY, level=level)  # type: ignore[arg-type]
        km2 = {actor: shape.area / 1e6 for actor, shape in shapes.items()}
        assert km2 == pytest.approx(held.area_km2.to_dict(), rel=1e-6)
        assert shapely.union_all(list(shapes.values())).area / 1e6 == pytest.approx(held.area_km2.sum(), rel=1e-6)
    moved = syria_only.transitions("2015-01-01", DAY).set_index(["from_actor", "to_actor"])
    kept = moved.loc[("unknown", "unknown")]
    assert (kept.claimed_km2, kept.places) == (pytest.approx(437_367, abs=1), 0)
    assert moved.claimed_km2.sum() == pytest.approx(623_306, abs=1)
    flows = syria_only.flows("2015-01-01", DAY).set_index(["from_actor", "to_actor"])
    assert flows.claimed_km2.to_dict() == pytest.approx(moved.claimed_km2.to_dict())
    assert (flows.area / 1e6).to_dict() == pytest.approx(moved.claimed_km2.to_dict(), rel=1e-6)


def test_squares_are_certainly_unknown(syria_only: Territory) -> None:
    """No place decides them, however near one is; a page that works with weights has none for them."""
    squares = syria_only.probability(DAY, grid_km=10)
    iraq = squares[squares.country == "IQ"]
    assert (iraq.p_unknown == 1).all()
    assert iraq.evidence_place.isna().all()
    assert iraq.evidence_km.isna().all()
    syria = squares[squares.country == "SY"]
    assert (syria.p_unknown == 0).all()
    assert syria.evidence_place.notna().all()
    _, weights = syria_only.weights(grid_km=10)
    assert weights.sum(axis=1)[squares.country == "IQ"] == pytest.approx(0)
    assert weights.sum(axis=1)[squares.country == "SY"] == pytest.approx(1)


def test_governorates_inherit_it(syria_only: Territory) -> None:
    """Each of Iraq's, named; of Syria's none."""
    parts = syria_only.by_governorate()
    area = parts.area(DAY).query("actor_id == 'unknown' and area_km2 > 1 and scope != 'all'")
    regions = syria_only.tables.governorates
    assert set(area.scope) == set(regions.query("country == 'IQ'").admin1)
    assert area.share.to_numpy() == pytest.approx(np.ones(len(area)), abs=1e-3)
    assert set(parts.stale(DAY).query("kind == 'no_place'").detail.str.extract(r"lies in (.+):")[0]) == set(area.scope)


def test_published_figures_of_it_are_set_aside(syria_only: Territory) -> None:
    """They would be compared with nothing."""
    published = load_area_estimates().query("control_definition == 'core'")
    compared = syria_only.compare(published, draws=2)
    reasons = {row["reason"] for row in compared.attrs["rejected"]}
    assert "a country of its area has no place" in reasons
    assert {frozenset(syria_only.tables.countries_of(scope)) for scope in compared.scope} <= {frozenset({"SY"})}


def test_pages_and_forces_have_it_as_a_piece_of_nobody(syria_only: Territory) -> None:
    """A row of the cells without a place: painted as unknown, nobody stands there, no front runs along it."""
    assert syria_only.cells.place_id.isna().sum() == 1
    pieces, error = _land.cells(syria_only, pd.DatetimeIndex([DAY]))
    assert [row[0] for row in pieces["rows"]].count(-1) == 1
    assert error < 500  # km2: the drawing of a holder is off by no more, Iraq's land among them
    assert len(map_territory(syria_only, [DAY]).get_root().render()) > 100_000
    fronts = nearest_fronts("raqqa", DAY, territory=syria_only)
    assert {"unknown", ""}.isdisjoint([*fronts.side, *fronts.other_side])


def test_a_place_of_another_country_is_none_of_its_own() -> None:
    """Places near a border bound the cells inside, but what stands for a country is a place of its own in it."""
    places = load_places()
    far = (places.country == "IQ") & places.longitude.notna()
    moved = places.assign(longitude=places.longitude.where(~far, 35.9), latitude=places.latitude.where(~far, 33.6))
    territory = Territory.from_places(places=moved)
    assert repr(territory).endswith("; no place in IQ")
    with pytest.raises(TerritoryError, match="No place of IQ lies within its borders"):
        Territory.from_places(places=moved, scope=["IQ"])


def test_draws_leave_blank_land_alone(syria_only: Territory) -> None:
    """It is no land of any cell."""
    simulation = land_of(syria_only).doubt.simulation
    _, cells = next(iter(simulation.worlds(draws=1, seed=0, level="claimed")))
    assert cells.sum(axis=0) == pytest.approx([0, land_of(syria_only).tessellation.whole_km2[1]])


def test_tables_without_a_country_of_places_build_at_once() -> None:
    """The same by way of tables."""
    tables = Tables.shipped()
    places = tables.places.query("country == 'SY'")
    fewer = tables.replace(places=places)
    area = Territory.from_places(tables=fewer).area(DAY)
    assert area.query("scope == 'IQ' and actor_id != 'unknown'").area_km2.sum() == 0

"""How far areas can be trusted, on the shipped tables: probabilities, bands, causes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from inside import land_of
from pyproj import Geod

from conflictkit import Territory, load_places
from conflictkit.errors import DateError, TerritoryError, UnknownNameError
from conflictkit.positions import POSITION_KM
from conflictkit.schema import WHERE_PREC
from conflictkit.territory import raster
from conflictkit.territory._draws import CAUSES, LEFT_OUT, RADIUS_KM

DATES = ["2014-09-01", "2015-06-29", "2016-07-04", "2017-06-26"]


@pytest.fixture(scope="module")
def shipped() -> Territory:
    """Build the model of the shipped tables."""
    return Territory.from_places()


def epoch(*dates: str) -> np.ndarray:
    """Days since 1970, as the draws count them."""
    return np.array(dates, dtype="datetime64[D]").astype(np.int64)


def drawn(territory: Territory, *dates: str, **options: object) -> list[tuple[np.ndarray, np.ndarray]]:
    """Holders and cells of each draw, as the bands are made from."""
    simulation = land_of(territory).doubt.simulation
    worlds = simulation.worlds(**{"draws": 5, "seed": 0} | options)  # type: ignore[arg-type]
    return [(simulation.holders(changed, epoch(*dates)), cells) for changed, cells in worlds]


@pytest.mark.slow
def test_probabilities_are_shares_of_certainty(shipped: Territory) -> None:
    """One row per square; the holders' probabilities sum to 1, the likeliest is the one named."""
    squares = shipped.probability("2015-01-05")
    columns = [name for name in squares if name.startswith("p_") and name != "p_holder"]
    p = squares[columns].to_numpy()
    assert p.sum(axis=1) == pytest.approx(np.ones(len(p)))
    assert (p >= 0).all()
    assert (p.max(axis=0) > 0).all()
    assert (squares.p_holder == p.max(axis=1)).all()
    assert ("p_" + squares.actor_id).tolist() == [columns[best] for best in p.argmax(axis=1)]
    safe = np.where(p > 0, p, 1)
    assert squares.entropy_bits.to_numpy() == pytest.approx(-(safe * np.log2(safe)).sum(axis=1), abs=1e-12)
    assert squares.entropy_bits.max() > 1


def test_squares_sum_to_each_country_and_its_core(shipped: Territory) -> None:
    """Exactly, although squares overlap the borders."""
    squares = shipped.probability("2015-01-05")
    cells = shipped.cells.groupby("country")[["claimed_km2", "core_km2"]].sum()
    assert squares.groupby("country").area_km2.sum().to_numpy() == pytest.approx(cells.claimed_km2.to_numpy())
    core = squares[squares.core].groupby("country").area_km2.sum()
    assert core.to_numpy() == pytest.approx(cells.core_km2.to_numpy())
    assert squares.area_km2.between(22, 28).all()


def test_squares_lie_where_they_say(shipped: Territory) -> None:
    """Boxes of 10 km, the nearest place and its distance as measured on the ellipsoid."""
    squares = shipped.probability("2015-01-05", grid_km=10).iloc[::97]
    flat = squares.geometry.to_crs(shipped.crs)
    assert flat.area.to_numpy() / 1e6 == pytest.approx(np.full(len(squares), 100), rel=1e-4)
    centre = flat.centroid.to_crs(4326)
    places = shipped.places.set_index("place_id").loc[squares.evidence_place]
    km = Geod(ellps="WGS84").inv(centre.x, centre.y, places.longitude, places.latitude)[2] / 1000
    assert squares.evidence_km.to_numpy() == pytest.approx(km, rel=0.005, abs=0.02)
    everywhere = (
        np.asarray(
            Geod(ellps="WGS84").inv(
                *np.broadcast_arrays(
                    centre.x.to_numpy()[:, None],
                    centre.y.to_numpy()[:, None],
                    shipped.places.longitude.to_numpy(),
                    shipped.places.latitude.to_numpy(),
                )
            )[2]
        )
        / 1000
    )
    assert squares.evidence_km.to_numpy() == pytest.approx(everywhere.min(axis=1), rel=0.005, abs=0.02)


def test_raster_is_the_frame_as_an_image(shipped: Territory) -> None:
    """North up, missing outside the land, each square once."""
    squares = shipped.probability("2015-01-05", grid_km=10)
    image = raster(squares, "p_holder")
    assert np.isfinite(image).sum() == len(squares)
    assert (image[squares["row"], squares["column"]] == squares.p_holder).all()
    north, south = squares.geometry[squares["row"].idxmin()], squares.geometry[squares["row"].idxmax()]
    assert north.centroid.y > 37
    assert south.centroid.y < 29.5


@pytest.mark.parametrize("level", ["claimed", "core"])
def test_certain_and_possible_enclose_the_area(shipped: Territory, level: str) -> None:
    """For the Islamic State in each country, at dates when it was large and small."""
    area = shipped.area(DATES, level=level, bands=True, draws=2).query("actor_id == 'isis'")  # type: ignore[arg-type]
    assert len(area) == 3 * len(DATES)
    assert (area.area_certain_km2 < area.area_km2).all()
    assert (area.area_km2 < area.area_possible_km2).all()
    assert (area.area_certain_km2 > 0).all()


def test_certain_and_possible_are_sums_of_squares(shipped: Territory) -> None:
    """At p of at least 0.9 and of more than 0.1, counted by hand from the frame."""
    squares = shipped.probability("2016-07-04")
    area = shipped.area("2016-07-04", level="core", bands=True, draws=1).set_index(["scope", "actor_id"])
    for scope, inside in (("IQ", squares.country == "IQ"), ("all", squares.core)):
        held = squares[inside & squares.core]
        assert area.area_certain_km2[scope, "isis"] == pytest.approx(held.area_km2[held.p_isis >= 0.9 - 1e-9].sum())
        assert area.area_possible_km2[scope, "isis"] == pytest.approx(held.area_km2[held.p_isis > 0.1].sum())
    assert area.area_certain_km2.isna().equals(pd.Series(area.index.get_level_values(1) == "none", index=area.index))


def test_bands_are_as_wide_as_the_draws_around_the_figure(shipped: Territory) -> None:
    """From 5 to 95, the figure in the middle; each draw counted from its holders and cells."""
    bands = shipped.area(DATES[:2], level="core", bands=True, draws=12, seed=3)
    plain = shipped.area(DATES[:2], level="core")
    pd.testing.assert_frame_equal(bands[plain.columns], plain)
    number = shipped.actor_ids.index("isis")
    totals = [
        (holders == number) @ cells.sum(axis=1) for holders, cells in drawn(shipped, *DATES[:2], draws=12, seed=3)
    ]
    isis = bands.query("actor_id == 'isis' and scope == 'all'")
    low, high = np.percentile(totals, (5, 95), axis=0)
    assert isis.area_lo_km2.to_numpy() == pytest.approx(isis.area_km2.to_numpy() - (high - low) / 2)
    assert isis.area_hi_km2.to_numpy() == pytest.approx(isis.area_km2.to_numpy() + (high - low) / 2)
    assert (isis.area_lo_km2 < isis.area_km2).all()
    assert (isis.area_km2 < isis.area_hi_km2).all()


def test_areas_of_a_draw_are_its_holders_times_its_cells(shipped: Territory) -> None:
    """By country and holder, on days before the table, in it and after it; whatever moved on which day."""
    simulation, days = land_of(shipped).doubt.simulation, epoch("2013-12-31", *DATES, "2030-01-01")
    for changed, cells in simulation.worlds(draws=3, seed=0):
        holders, areas = simulation.holders(changed, days), simulation.areas(changed, cells, days)
        for number in range(simulation.n_actors):
            held = (holders == number) @ cells
            assert areas[:, :-1, number] == pytest.approx(held, abs=1e-6)
            assert areas[:, -1, number] == pytest.approx(held.sum(axis=1), abs=1e-6)


def test_same_seed_same_bands_other_seed_other_bands(shipped: Territory) -> None:
    """Invariant 13."""
    first, again, other = (
        shipped.area("2015-12-14", level="core", bands=True, draws=8, seed=seed) for seed in (1, 1, 2)
    )
    pd.testing.assert_frame_equal(first, again)
    isis = first.actor_id == "isis"
    assert (first.area_lo_km2[isis] != other.area_lo_km2[isis]).all()


def test_a_draw_does_not_depend_on_how_many_there_are(shipped: Territory) -> None:
    """Invariant 13: more draws continue the same series."""
    for few, many in zip(drawn(shipped, *DATES, draws=3), drawn(shipped, *DATES, draws=6), strict=False):
        assert (few[0] == many[0]).all()
        assert (few[1] == many[1]).all()


def test_a_draw_is_the_same_for_one_date_and_for_many(shipped: Territory) -> None:
    """So that a band at a date is the same in a series and alone."""
    for alone, series in zip(drawn(shipped, DATES[1]), drawn(shipped, *DATES), strict=True):
        assert (alone[0][0] == series[0][1]).all()
        assert (alone[1] == series[1]).all()


def test_without_causes_a_draw_is_the_table(shipped: Territory) -> None:
    """On the grid: within 1 % of the exact areas, and each country sums to its exact area."""
    holders, cells = drawn(shipped, *DATES, draws=1, causes=())[0]
    days = pd.DatetimeIndex(DATES)
    assert (holders == land_of(shipped).history.holders[land_of(shipped).history.state(days)]).all()
    core = land_of(shipped).tessellation.core_km2.sum(axis=0)
    assert cells.sum(axis=0) == pytest.approx(core, rel=0.01)
    claimed = drawn(shipped, DATES[0], draws=1, causes=(), level="claimed")[0][1]
    assert claimed.sum(axis=0) == pytest.approx(land_of(shipped).tessellation.claimed_km2.sum(axis=0), rel=1e-12)


def test_each_cause_acts_alone(shipped: Territory) -> None:
    """Dates move holders; positions, places and radius move cells, each in its own way."""
    table_holders, table_cells = drawn(shipped, *DATES, draws=1, causes=())[0]
    for cause in CAUSES:
        found = drawn(shipped, *DATES, causes=(cause,))
        same_holders = all((holders == table_holders).all() for holders, _ in found)
        same_cells = all((cells == table_cells).all() for _, cells in found)
        assert same_holders == (cause != "dates")
        assert same_cells == (cause == "dates")
    moved = drawn(shipped, DATES[0], causes=("positions",))
    left_out = drawn(shipped, DATES[0], causes=("places",))
    wider = drawn(shipped, DATES[0], causes=("radius",))
    for _, cells in [*moved, *left_out]:
        assert cells.sum(axis=0) == pytest.approx(table_cells.sum(axis=0), rel=1e-12)
    kept = round(len(table_cells) * (1 - LEFT_OUT))
    assert all((cells.sum(axis=1) > 0).sum() <= kept for _, cells in left_out)
    assert all((cells.sum(axis=1) > 0).sum() > 0.9 * kept for _, cells in left_out)
    ends = [land_of(Territory.from_places(core_radius_km=km)).tessellation.core_km2.sum() for km in RADIUS_KM]
    assert all(ends[0] * 0.99 < cells.sum() < ends[1] * 1.01 for _, cells in wider)
    assert len({round(cells.sum()) for _, cells in wider}) == len(wider)


def test_the_radius_plays_no_part_in_claimed_land(shipped: Territory) -> None:
    """There is no radius in the definition."""
    found = drawn(shipped, DATES[0], causes=("radius",), level="claimed")
    assert all((cells == found[0][1]).all() for _, cells in found)


def test_every_precision_of_a_position_has_a_distance() -> None:
    """Those of the shipped places, and all that are allowed; an area has no point."""
    assert set(load_places().where_prec) - {"area"} == set(POSITION_KM) == set(WHERE_PREC) - {"area"}
    assert POSITION_KM["map_mark"] < POSITION_KM["geonames"] < POSITION_KM["map_mark_low"] < POSITION_KM["estimated"]


def test_imprecise_positions_move_more(shipped: Territory) -> None:
    """A place known by estimate wanders farther than a map mark: its cell changes more."""
    table = drawn(shipped, DATES[0], draws=1, causes=(), level="claimed")[0][1].sum(axis=1)
    found = np.stack(
        [c.sum(axis=1) for _, c in drawn(shipped, DATES[0], causes=("positions",), level="claimed", draws=20)]
    )
    moved = pd.Series(np.abs(found - table).mean(axis=0) / np.maximum(table, 25))
    by = moved.groupby(shipped.places.where_prec.to_numpy()).mean()
    assert by["estimated"] > by["map_mark"]


def test_windows_are_the_calendar_and_contain_the_recorded_day(shipped: Territory) -> None:
    """Days stay; months and years span theirs unless a neighbour cuts them."""
    spans = land_of(shipped).doubt.simulation.spans
    rows = shipped.control_changes.sort_values(["place_id", "valid_from"])
    precision = rows.date_prec.to_numpy()
    assert (spans.first <= spans.recorded).all()
    assert (spans.recorded <= spans.last).all()
    day = precision == "day"
    assert (spans.first[day] == spans.last[day]).all()
    width = spans.last - spans.first + 1
    assert width[precision == "month"].max() == 31
    assert width[precision == "year"].max() == 366  # 2016
    assert (width[precision == "month"] >= 28).mean() > 0.7


def test_causes_rank_as_measured(shipped: Territory) -> None:
    """The definition matters most, then the list of places and the radius; dates and positions least."""
    table = shipped.causes(["2015-01-05", "2016-07-04"], level="core", draws=40).set_index("cause")
    assert table.index.tolist() == [*CAUSES, "all four", "method", "definition"]
    half = (table.high_percent - table.low_percent) / 2
    assert half["dates"] < half["places"]
    assert half["positions"] < half["places"]
    assert max(half[list(CAUSES)]) <= half["all four"] * 1.2
    assert table.low_percent["definition"] > 90
    assert (table.low_percent <= table.high_percent).all()
    assert table.meaning["definition"] == "claimed instead of core"


def test_causes_of_claimed_land_turn_the_definition_round(shipped: Territory) -> None:
    """Core instead of claimed is a loss; the radius moves nothing."""
    table = shipped.causes("2016-07-04", level="claimed", draws=5).set_index("cause")
    assert table.high_percent["definition"] < -40
    assert table.high_percent["radius"] == table.low_percent["radius"]
    assert abs(table.high_percent["radius"]) < 1  # the grid against the exact polygons


def test_bands_of_no_date_are_empty(shipped: Territory) -> None:
    """With the columns of the bands."""
    empty, full = (shipped.area(days, bands=True, draws=1) for days in ([], DATES[0]))
    assert len(empty) == 0
    assert empty.dtypes.astype(str).to_dict() == full.dtypes.astype(str).to_dict()


@pytest.mark.parametrize("grid_km", [0, -5, float("nan"), float("inf"), 5_000, 0.01])
def test_a_useless_grid_is_refused(shipped: Territory, grid_km: float) -> None:
    """Before memory runs out, and before an empty frame is taken for an answer."""
    with pytest.raises(TerritoryError, match="grid_km"):
        shipped.probability("2015-01-05", grid_km=grid_km)


def test_what_cannot_be_asked_is_refused(shipped: Territory) -> None:
    """No draw, no date, no such actor, an actor without land."""
    with pytest.raises(TerritoryError, match="draws=0"):
        shipped.area("2015-01-05", bands=True, draws=0)
    with pytest.raises(DateError, match="rubbish"):
        shipped.probability("rubbish")
    with pytest.raises(UnknownNameError, match="Did you mean 'isis'"):
        shipped.causes("2015-01-05", actor_id="isi", level="core")
    with pytest.raises(UnknownNameError, match="holder on 2014-01-01 'sdf': use one of contested, hts, iraq_gov"):
        shipped.causes("2014-01-01", actor_id="sdf", level="core")
    with pytest.raises(UnknownNameError, match="claimed, core"):
        shipped.causes("2015-01-05", level="cores")  # type: ignore[arg-type]


def test_causes_of_nothing() -> None:
    """No date, and a level at which nobody holds land: in words."""
    model = Territory.from_places(core_radius_km=0)
    with pytest.raises(TerritoryError, match="causes needs a date"):
        model.causes([], level="claimed")
    with pytest.raises(TerritoryError, match="isis has no core land on 2015-01-05: nothing can move it"):
        model.causes("2015-01-05", level="core", draws=2)

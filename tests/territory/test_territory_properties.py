"""The territory model in random small worlds: the invariants that hold for any table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from inside import land_of
from pandas.testing import assert_frame_equal

from conflictkit import (
    Tables,
    Territory,
    load_control_changes,
    load_places,
    load_settlements,
)

# Worlds of two box countries, a few places with random histories and a few settlements.

ACTORS = ("iraq_gov", "isis", "rebels", "sdf", "contested")
START = pd.Timestamp("2014-01-01")
BORDERS = gpd.GeoDataFrame(
    {"country": ["IQ", "SY"]}, geometry=[shapely.box(40, 32, 42, 35), shapely.box(42, 32, 44, 35)], crs=4326
)
PROPERTY = settings(max_examples=12)

points = st.tuples(st.integers(4005, 4395), st.integers(3205, 3495)).map(lambda p: (p[0] / 100, p[1] / 100))
histories = st.tuples(
    st.sampled_from(ACTORS),
    st.lists(st.tuples(st.integers(1, 60), st.sampled_from(ACTORS)), max_size=4, unique_by=lambda change: change[0]),
)
levels = st.sampled_from(["claimed", "core"])


@dataclass(frozen=True)
class World:
    """Points and histories of places, and points of settlements."""

    spots: tuple[tuple[float, float], ...]
    histories: tuple[tuple[str, list[tuple[int, str]]], ...]
    towns: tuple[tuple[float, float], ...]

    @property
    def places(self) -> pd.DataFrame:
        """The table of places: the first never changes hands."""
        lon, lat = np.array(self.spots).T
        frame = pd.DataFrame(
            {"place_id": [f"p{number:02}" for number in range(len(lon))], "longitude": lon, "latitude": lat}
        )
        frame["country"] = np.where(frame.longitude < 42, "IQ", "SY")
        return frame.assign(name=frame.place_id, where_prec="map_mark", kind="town").reindex(
            columns=load_places().columns
        )

    @property
    def changes(self) -> pd.DataFrame:
        """The table of changes; a second row of the same holder in a chain is dropped."""
        rows = []
        for number, (holder, later) in enumerate(self.histories):
            rows.append((number, START, "none", holder, "initial"))
            for day, taker in sorted(later) if number else []:
                if taker != rows[-1][3]:
                    rows.append((number, START + pd.Timedelta(days=day), rows[-1][3], taker, "captured"))
        frame = pd.DataFrame(rows, columns=["number", "valid_from", "from_actor", "to_actor", "event"])
        frame["control_status"] = np.where(frame.to_actor == "contested", "contested", "control")
        frame["place_id"] = [f"p{number:02}" for number in frame.number]
        frame = frame.assign(date_prec="day", confidence="confirmed")
        return frame.reindex(columns=load_control_changes().columns)

    @property
    def settlements(self) -> pd.DataFrame:
        """The gazetteer."""
        lon, lat = np.array(self.towns).T
        frame = pd.DataFrame({"geonameid": range(1, len(lon) + 1), "longitude": lon, "latitude": lat})
        frame = frame.assign(name="town", country="IQ", admin1="Anbar")
        return frame.reindex(columns=load_settlements().columns)

    def territory(self, **options: object) -> Territory:
        """Build the model of this world."""
        given = {"changes": self.changes, "places": self.places, "settlements": self.settlements, "borders": BORDERS}
        return Territory.from_places(**given | options)  # type: ignore[arg-type]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Worlds of one to eight places, of which some may share a point."""
    count = draw(st.integers(1, 8))
    spots = draw(st.lists(points, min_size=count, max_size=count))
    tales = draw(st.lists(histories, min_size=count, max_size=count))
    return World(tuple(spots), tuple(tales), tuple(draw(st.lists(points, min_size=1, max_size=4))))


def wide(territory: Territory, dates: object = None, *, level: str = "claimed") -> pd.DataFrame:
    """Areas with one column per scope and actor."""
    area = territory.area(dates, level=level)  # type: ignore[arg-type]
    return area.pivot_table(index="date", columns=["scope", "actor_id"], values="area_km2")


def assert_same_areas(left: Territory, right: Territory, *, rel: float = 1e-9) -> None:
    """Both models give the same series at both levels."""
    for level in ("claimed", "core"):
        assert_frame_equal(wide(left, level=level), wide(right, level=level), rtol=rel, atol=1e-6)


@PROPERTY
@given(worlds(), levels)
def test_areas_sum_to_the_scope_at_every_date(world: World, level: str) -> None:
    """Invariant 1: holders (and none) share out each country, and the countries are all."""
    territory = world.territory()
    area = wide(territory, level=level)
    totals = area.T.groupby(level="scope").sum().T
    land = territory.cells.groupby("country").claimed_km2.sum()
    boxes = BORDERS.geometry.segmentize(0.002).to_crs(territory.crs).area / 1e6
    for code in land.index:
        assert totals[code].to_numpy() == pytest.approx(land[code], rel=1e-6)
    assert totals["all"].to_numpy() == pytest.approx(totals["IQ"] + totals["SY"], rel=1e-12)
    assert totals["all"].iloc[0] == pytest.approx(boxes.sum(), rel=1e-6)
    assert area["all"].to_numpy() == pytest.approx((area["IQ"] + area["SY"]).to_numpy(), rel=1e-12)
    assert territory.area(level=level).groupby(["date", "scope"])["share"].sum().to_numpy() == pytest.approx(
        1, rel=1e-9
    )


@PROPERTY
@given(worlds(), levels, st.integers(0, 60))
def test_polygons_are_the_areas_without_gap_or_overlap(world: World, level: str, day: int) -> None:
    """Invariants 2 and 8: valid polygons whose exact area is the one reported, one holder for each point of land."""
    territory = world.territory()
    held = territory.at(START + pd.Timedelta(days=day), level=level)  # type: ignore[arg-type]
    flat = held.geometry.to_crs(territory.crs)
    assert held.crs.to_epsg() == 4326
    assert held.is_valid.all()
    assert flat.area.to_numpy() / 1e6 == pytest.approx(held.area_km2.to_numpy(), rel=1e-6)
    assert flat.union_all().area == pytest.approx(flat.area.sum(), rel=1e-8)
    assert held.area_km2.is_monotonic_decreasing
    assert held.actor_id.is_unique


@pytest.mark.slow
@PROPERTY
@given(worlds())
def test_core_grows_with_the_radius_from_nothing_to_all(world: World) -> None:
    """Invariant 2: core is within claimed, 0 km gives nothing and infinity everything."""
    cores = [
        land_of(world.territory(core_radius_km=radius)).tessellation.core_km2 for radius in (0, 10, 29, 80, np.inf)
    ]
    claimed = land_of(world.territory()).tessellation.claimed_km2
    assert cores[0].sum() == 0
    assert all((smaller <= larger + 1e-6).all() for smaller, larger in pairwise(cores))
    assert cores[-1] == pytest.approx(claimed, rel=1e-12)


@PROPERTY
@given(worlds(), st.data())
def test_a_capture_takes_land_from_others_only(world: World, data: st.DataObject) -> None:
    """Invariant 3: after one more capture by isis no other actor has gained, and isis has lost nothing."""
    territory = world.territory()
    assume(len(world.spots) > 1)
    place = data.draw(st.integers(1, len(world.spots) - 1))
    holder, later = world.histories[place]
    tales = list(world.histories)
    tales[place] = (holder, [*later, (61, "isis")])
    after = replace(world, histories=tuple(tales)).territory()
    for level in ("claimed", "core"):
        before_km2 = wide(territory, "2014-03-15", level=level).iloc[0]
        after_km2 = wide(after, "2014-03-15", level=level).iloc[0]
        gained = after_km2.sub(before_km2, fill_value=0.0)
        captor = gained.index.get_level_values("actor_id") == "isis"
        assert (gained[~captor] <= 1e-6).all()
        assert (gained[captor] >= -1e-6).all()
        cell = land_of(territory).tessellation.km2(level)[place].sum()  # 0 if it repeats the point of another
        taken = cell * (territory.holders("2014-03-15").actor_id[place] != "isis")
        assert gained.get(("all", "isis"), 0.0) == pytest.approx(taken, abs=1e-6)


@PROPERTY
@given(worlds(), st.integers(0, 99))
def test_order_of_rows_changes_nothing(world: World, seed: int) -> None:
    """Invariant 4: shuffled tables give the same frames."""
    shuffled = world.territory(
        changes=world.changes.sample(frac=1, random_state=seed),
        places=world.places.sample(frac=1, random_state=seed),
        settlements=world.settlements.sample(frac=1, random_state=seed),
        borders=BORDERS.iloc[::-1],
    )
    straight = world.territory()
    for level in ("claimed", "core"):
        assert_frame_equal(straight.area(level=level), shuffled.area(level=level), rtol=1e-9, atol=1e-6)
    assert_frame_equal(straight.changes("2014-01-01", "2015-01-01"), shuffled.changes("2014-01-01", "2015-01-01"))
    assert_frame_equal(straight.holders("2014-02-01"), shuffled.holders("2014-02-01"))
    assert straight.stale().equals(shuffled.stale())


@PROPERTY
@given(worlds())
def test_renaming_actors_changes_only_the_labels(world: World) -> None:
    """Invariant 4: the areas go with the new names."""
    names = dict(zip(ACTORS[:4], ("usa", "ypg", "turkey", "hts"), strict=True)) | {"contested": "contested"}
    tales = tuple((names[holder], [(day, names[taker]) for day, taker in later]) for holder, later in world.histories)
    renamed = replace(world, histories=tales).territory()
    expected = wide(world.territory()).rename(columns=names, level="actor_id").sort_index(axis=1)
    assert_frame_equal(expected, wide(renamed).sort_index(axis=1), rtol=1e-12)


@PROPERTY
@given(worlds(), st.data())
def test_a_second_copy_of_a_place_changes_no_area(world: World, data: st.DataObject) -> None:
    """Invariant 5: the same point and history twice, at the end of the alphabet."""
    copied = data.draw(st.integers(0, len(world.spots) - 1))
    tale = world.histories[copied] if copied else (world.histories[0][0], [])
    twice = replace(world, spots=(*world.spots, world.spots[copied]), histories=(*world.histories, tale))
    assert_same_areas(world.territory(), twice.territory())


@PROPERTY
@given(worlds(), st.integers(-400, 400))
def test_shifting_all_dates_shifts_the_series(world: World, days: int) -> None:
    """Invariant 6: the calendar itself means nothing."""
    shift = pd.Timedelta(days=days)
    moved = world.changes.assign(valid_from=world.changes.valid_from + shift)
    expected = world.territory().area()
    assert_frame_equal(expected.assign(date=expected.date + shift), world.territory(changes=moved).area())


@PROPERTY
@given(worlds(), st.integers(1, 60))
def test_no_look_ahead(world: World, day: int) -> None:
    """Invariant 6: cutting the table after a day changes nothing up to that day."""
    cut = START + pd.Timedelta(days=day)
    known = world.changes[world.changes.valid_from <= cut]
    days = pd.date_range(START - pd.Timedelta(days=3), cut)
    longer = Tables.shipped().replace(covers=(days[0], "2014-12-31"))
    full, early = (wide(world.territory(tables=longer, changes=rows), days) for rows in (world.changes, known))
    assert_frame_equal(full.loc[:, (full > 0).any()], early.loc[:, (early > 0).any()])


@PROPERTY
@given(worlds(), st.sampled_from(ACTORS))
def test_one_holder_of_everything_holds_the_scope(world: World, actor: str) -> None:
    """Invariant 7, what of it is area: constant holders give a constant series, in the countries that have places."""
    tales = tuple((actor, []) for _ in world.histories)
    territory = replace(world, histories=tales).territory(scope=sorted(set(world.places.country)))
    held = territory.at("2019-12-31")
    assert held.actor_id.tolist() == [actor]
    assert held.area_km2.item() == pytest.approx(land_of(territory).tessellation.land.area / 1e6, rel=1e-9)
    assert held.places_held.item() == len(world.spots)


@PROPERTY
@given(worlds(), points)
def test_a_new_settlement_widens_the_core_and_moves_no_claim(world: World, town: tuple[float, float]) -> None:
    """Invariant 10, in any region: claimed is unchanged and no cell's core is smaller."""
    before = land_of(world.territory()).tessellation
    after = land_of(replace(world, towns=(*world.towns, town)).territory()).tessellation
    assert (after.claimed_km2 == before.claimed_km2).all()
    assert (after.core_km2 >= before.core_km2 - 1e-6).all()
    assert after.core_km2.sum() > 0


@PROPERTY
@given(worlds(), levels, st.integers(0, 59))
def test_loss_is_of_the_footprint_only(world: World, level: str, day: int) -> None:
    """Invariant 11: 0 at the baseline, 0 to 1 after, and what was lost is what cell by cell is no longer held."""
    territory = world.territory()
    baseline = START + pd.Timedelta(days=day)
    loss = territory.loss_since(baseline, level=level)  # type: ignore[arg-type]
    assert (loss.loc[loss.date == baseline, "lost_km2"] == 0).all()
    assert loss.lost_share.between(0, 1 + 1e-12).all()
    footprint = territory.holders(baseline).set_index("place_id").actor_id
    cells = territory.cells.groupby("place_id")[f"{level}_km2"].sum()
    for row in loss[loss.scope == "all"].itertuples():
        now = territory.holders(row.date).set_index("place_id").actor_id
        gone = footprint.index[(footprint == row.actor_id) & (now != row.actor_id)]
        assert row.lost_km2 == pytest.approx(cells.reindex(gone).sum(), abs=1e-6)


@PROPERTY
@given(worlds(), levels)
def test_changes_account_for_the_difference_of_areas(world: World, level: str) -> None:
    """Areas at the start, plus what changed hands, are the areas at the end."""
    territory = world.territory()
    column = f"{level}_km2"
    moved = territory.changes(START, "2014-12-31")
    flow = moved.groupby("to_actor")[column].sum().sub(moved.groupby("from_actor")[column].sum(), fill_value=0.0)
    area = wide(territory, [START, "2014-12-31"], level=level)["all"]
    difference = area.iloc[1] - area.iloc[0]
    assert difference.to_numpy() == pytest.approx(flow.reindex(difference.index, fill_value=0.0).to_numpy(), abs=1e-6)

"""Probabilities, bands and people in random small worlds: the invariants that hold for any table."""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from inside import land_of
from pandas.testing import assert_frame_equal

from conflictkit import Territory, load_control_changes, load_places, load_settlements
from conflictkit.geometry import clip, near, tessellate, voronoi_cells

# Two box countries side by side, symmetric about 42 E and on the true Iraq and Syria, so that people live there.
ACTORS = ("iraq_gov", "isis", "rebels", "sdf", "contested")
START = pd.Timestamp("2014-01-01")
BOXES = shapely.box(40, 33, 42, 36), shapely.box(42, 33, 44, 36)
BORDERS = gpd.GeoDataFrame({"country": ["SY", "IQ"]}, geometry=list(BOXES), crs=4326)
PRECISIONS = ("day", "month", "year")
PROPERTY = settings(max_examples=10)

spots = st.tuples(st.integers(4005, 4395), st.integers(3305, 3595)).map(lambda p: (p[0] / 100, p[1] / 100))
later = st.tuples(st.integers(1, 900), st.sampled_from(ACTORS), st.sampled_from(PRECISIONS))
histories = st.tuples(st.sampled_from(ACTORS), st.lists(later, max_size=5, unique_by=lambda change: change[0]))
days = st.integers(0, 950).map(lambda day: START + pd.Timedelta(days=day))


@dataclass(frozen=True)
class World:
    """Points and histories of places; the first never changes hands."""

    spots: tuple[tuple[float, float], ...]
    histories: tuple[tuple[str, list[tuple[int, str, str]]], ...]

    @property
    def places(self) -> pd.DataFrame:
        """The table of places."""
        lon, lat = np.array(self.spots).T
        ids = [f"p{number:02}" for number in range(len(lon))]
        frame = pd.DataFrame({"place_id": ids, "name": ids, "longitude": lon, "latitude": lat, "kind": "town"})
        frame["country"] = np.where(frame.longitude < 42, "SY", "IQ")
        frame["where_prec"] = np.array(["map_mark", "geonames", "estimated"])[np.arange(len(lon)) % 3]
        return frame.reindex(columns=load_places().columns)

    @property
    def changes(self) -> pd.DataFrame:
        """The table of changes; a row that would change nothing is dropped."""
        rows = []
        for number, (holder, tale) in enumerate(self.histories):
            rows.append((number, START, "none", holder, "initial", "day"))
            for day, taker, precision in sorted(tale) if number else []:
                if taker != rows[-1][3]:
                    rows.append((number, START + pd.Timedelta(days=day), rows[-1][3], taker, "captured", precision))
        columns = ["number", "valid_from", "from_actor", "to_actor", "event", "date_prec"]
        frame = pd.DataFrame(rows, columns=columns).assign(confidence="confirmed")
        frame["control_status"] = np.where(frame.to_actor == "contested", "contested", "control")
        frame["place_id"] = [f"p{number:02}" for number in frame.number]
        return frame.reindex(columns=load_control_changes().columns)

    def territory(self, **options: object) -> Territory:
        """Build the model of this world, with the real settlements, over the countries that have a place."""
        tables = {"changes": self.changes, "places": self.places, "borders": BORDERS}
        scope = {"scope": tuple(sorted(set(self.places.country)))}  # a country without one: test_no_place.py
        return Territory.from_places(**tables | scope | options)  # type: ignore[arg-type]


@st.composite
def worlds(draw: st.DrawFn, fewest: int = 1) -> World:
    """Worlds of up to eight places, of which some may share a point."""
    count = draw(st.integers(fewest, 8))
    tales = draw(st.lists(histories, min_size=count, max_size=count))
    return World(tuple(draw(st.lists(spots, min_size=count, max_size=count))), tuple(tales))


def chances(squares: pd.DataFrame) -> pd.DataFrame:
    """Probabilities by actor, 0 for those who hold nothing on the day."""
    names = {name: name.removeprefix("p_") for name in squares if name.startswith("p_") and name != "p_holder"}
    return squares[list(names)].rename(columns=names).reindex(columns=list(ACTORS), fill_value=0.0)


@PROPERTY
@given(worlds(fewest=2), st.data())
def test_a_capture_lowers_no_probability_of_the_captor(world: World, data: st.DataObject) -> None:
    """Invariant 3: nowhere does p of isis fall, nowhere does that of another rise."""
    place = data.draw(st.integers(1, len(world.spots) - 1))
    holder, tale = world.histories[place]
    tales = list(world.histories)
    tales[place] = (holder, [*tale, (901, "isis", "day")])
    before, after = (
        chances(w.territory().probability("2016-12-31", grid_km=10))
        for w in (world, replace(world, histories=tuple(tales)))
    )
    change = after - before
    assert (change.isis >= -1e-12).all()
    assert (change.drop(columns="isis") <= 1e-12).all(axis=None)


@pytest.mark.slow
@PROPERTY
@given(worlds(), st.integers(0, 99), days)
def test_order_of_rows_changes_no_probability_band_or_people(world: World, seed: int, day: pd.Timestamp) -> None:
    """Invariant 4: shuffled tables give the same squares, the same draws and the same people."""
    straight = world.territory()
    shuffled = world.territory(
        changes=world.changes.sample(frac=1, random_state=seed), places=world.places.sample(frac=1, random_state=seed)
    )
    assert_frame_equal(straight.probability(day, grid_km=10), shuffled.probability(day, grid_km=10))
    assert_frame_equal(straight.area(day, bands=True, draws=3), shuffled.area(day, bands=True, draws=3))
    assert_frame_equal(straight.people(day), shuffled.people(day))
    assert_frame_equal(straight.transitions(START, day), shuffled.transitions(START, day))


@PROPERTY
@given(worlds(), st.data(), days)
def test_a_second_copy_of_a_place_changes_no_probability(world: World, data: st.DataObject, day: pd.Timestamp) -> None:
    """Invariant 5, for natural neighbours: the same point and history twice, at the end of the alphabet."""
    copied = data.draw(st.integers(0, len(world.spots) - 1))
    tale = world.histories[copied] if copied else (world.histories[0][0], [])
    twice = replace(world, spots=(*world.spots, world.spots[copied]), histories=(*world.histories, tale))
    once, both = (w.territory().probability(day, grid_km=10) for w in (world, twice))
    assert_frame_equal(once, both)


@PROPERTY
@given(worlds(), st.sampled_from(ACTORS), days)
def test_one_holder_of_everything_is_certain(world: World, actor: str, day: pd.Timestamp) -> None:
    """Invariant 7: p is 1, entropy 0, and area, band, certain and possible are one number."""
    territory = replace(world, histories=tuple((actor, []) for _ in world.histories)).territory()
    squares = territory.probability(day)
    assert set(squares.actor_id) == {actor}
    assert squares.p_holder.to_numpy() == pytest.approx(np.ones(len(squares)), abs=1e-12)
    assert squares.entropy_bits.to_numpy() == pytest.approx(np.zeros(len(squares)), abs=1e-9)
    area = territory.area(day, bands=True, draws=4)
    assert set(area.actor_id) == {actor}
    for column in ("area_lo_km2", "area_hi_km2", "area_certain_km2", "area_possible_km2"):
        assert area[column].to_numpy() == pytest.approx(area.area_km2.to_numpy(), rel=1e-9)


@PROPERTY
@given(worlds())
def test_mirrored_world_has_the_same_areas(world: World) -> None:
    """Invariant 9: east and west change sides about the central meridian; so do the countries."""
    lonlat, towns = np.array(world.spots), load_settlements()[["longitude", "latitude"]].to_numpy()
    near_by = towns[(towns[:, 0] > 39) & (towns[:, 0] < 45)]

    def mirrored(points: np.ndarray) -> np.ndarray:
        return np.column_stack([84 - points[:, 0], points[:, 1]])

    plain = tessellate(lonlat, np.array(BOXES), near_by, core_radius_km=29)
    turned = tessellate(mirrored(lonlat), np.array(BOXES), mirrored(near_by), core_radius_km=29)
    assert turned.claimed_km2[:, ::-1] == pytest.approx(plain.claimed_km2, rel=1e-9, abs=1e-6)
    assert turned.core_km2[:, ::-1] == pytest.approx(plain.core_km2, rel=1e-9, abs=1e-6)


@PROPERTY
@given(st.integers(0, 2**32 - 1), st.integers(1, 30), st.floats(0, 2 * np.pi))
def test_rotated_world_has_the_same_areas(seed: int, count: int, angle: float) -> None:
    """Invariant 9: in the plane of the projection, cells and the land near settlements turn with the world."""
    rng = np.random.default_rng(seed)
    sites, towns = rng.uniform(-3e5, 3e5, (count, 2)), rng.uniform(-3e5, 3e5, (5, 2))
    land = shapely.Polygon([(-3e5, -2e5), (2.5e5, -2.8e5), (3e5, 2e5), (0, 3e5), (-2e5, 1e5)])
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])

    def areas(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        ground = shapely.transform(land, lambda points: points @ matrix)
        pieces = clip(voronoi_cells(sites @ matrix, around=ground), np.array(ground))
        return shapely.area(pieces), shapely.area(clip(pieces, np.array(near(towns @ matrix, 29_000, land=ground))))

    (claimed, core), (claimed_turned, core_turned) = areas(np.eye(2)), areas(turn)
    assert claimed.sum() == pytest.approx(land.area, rel=1e-9)
    assert claimed_turned == pytest.approx(claimed, rel=1e-6, abs=1)
    assert core_turned == pytest.approx(core, rel=1e-3, abs=1e5)  # a disc has 256 sides, which turn as well


@pytest.mark.slow
@PROPERTY
@given(worlds())
def test_people_of_all_holders_are_the_people_of_the_scope(world: World) -> None:
    """Invariant 12: at every date, by country and in all, and whichever rule spreads them."""
    people = world.territory().people()
    sums = people.pivot_table(index="date", columns="scope", values=["people_prewar", "share"], aggfunc="sum")
    totals = sums["people_prewar"]
    lands = totals.drop(columns="all", errors="ignore")
    assert set(lands) == set(world.places.country)
    assert totals.get("all", lands.sum(axis=1)).to_numpy() == pytest.approx(lands.sum(axis=1).to_numpy())
    assert (lands / lands.iloc[0]).to_numpy() == pytest.approx(np.ones(lands.shape))
    if "IQ" in lands:
        assert lands["IQ"].iloc[0] == pytest.approx(32_489_975, rel=1e-4)
    assert sums["share"].to_numpy() == pytest.approx(np.ones(totals.shape))
    assert (people.people_prewar_lo <= people.people_prewar).all()
    assert (people.people_prewar <= people.people_prewar_hi).all()


@pytest.mark.slow
@PROPERTY
@given(worlds(), days, days)
def test_changes_account_for_the_difference_of_people(world: World, one: pd.Timestamp, other: pd.Timestamp) -> None:
    """People at the start, plus those whose land changed hands, are the people at the end."""
    territory, (start, end) = world.territory(), sorted((one, other))
    moved = territory.changes(start, end)
    flow = (
        moved.groupby("to_actor")
        .people_prewar.sum()
        .sub(moved.groupby("from_actor").people_prewar.sum(), fill_value=0.0)
    )
    before, after = (
        territory.people(day).query("scope == 'all'").set_index("actor_id").people_prewar for day in (start, end)
    )
    difference = after.sub(before, fill_value=0.0)
    assert difference.to_numpy() == pytest.approx(flow.reindex(difference.index, fill_value=0.0).to_numpy(), abs=1e-3)


@pytest.mark.slow
@PROPERTY
@given(worlds(), days, days)
def test_transitions_are_the_scope_and_the_difference_of_areas(
    world: World, one: pd.Timestamp, other: pd.Timestamp
) -> None:
    """Rows sum to all land; what an actor took less what it lost is how much it grew."""
    territory, (start, end) = world.territory(), sorted((one, other))
    taken = territory.transitions(start, end)
    for level in ("claimed", "core"):
        column = f"{level}_km2"
        assert taken[column].sum() == pytest.approx(getattr(land_of(territory).tessellation, column).sum())
        before, after = (
            territory.area(day, level=level).query("scope == 'all'").set_index("actor_id").area_km2  # type: ignore[arg-type]
            for day in (start, end)
        )
        grown = after.sub(before, fill_value=0.0).drop("none", errors="ignore")
        came, went = taken.groupby("to_actor")[column].sum(), taken.groupby("from_actor")[column].sum()
        expected = came.sub(went, fill_value=0.0).reindex(grown.index, fill_value=0.0)
        assert grown.to_numpy() == pytest.approx(expected.to_numpy(), abs=1e-6)
    back = territory.transitions(end, start).rename(columns={"from_actor": "to_actor", "to_actor": "from_actor"})
    pairs = ["from_actor", "to_actor"]
    assert_frame_equal(
        taken.sort_values(pairs, ignore_index=True), back[taken.columns].sort_values(pairs, ignore_index=True)
    )


def test_of_two_changes_in_one_month_neither_is_late() -> None:
    """Two uniform days in order: the first after a third of the month on average, the second after two thirds."""
    tale = [(31, "isis", "month"), (45, "iraq_gov", "month")]  # 1 and 15 February 2014
    world = World(((41.0, 34.0), (43.0, 34.0)), (("sdf", []), ("iraq_gov", tale)))
    territory = world.territory()
    february = np.arange("2014-02-01", "2014-03-01", dtype="datetime64[D]").astype(np.int64)
    isis = territory.actor_ids.index("isis")
    simulation = land_of(territory).doubt.simulation
    worlds = simulation.worlds(draws=400, seed=0, causes=("dates",))
    held = np.mean([simulation.holders(changed, february)[:, 1] == isis for changed, _ in worlds], axis=0)
    assert held.sum() == pytest.approx(28 / 3, rel=0.08)
    assert held[:13].sum() == pytest.approx(held[14:27].sum(), rel=0.1)  # around the 14th; on the 28th it is over


@PROPERTY
@given(worlds(fewest=2), st.integers(0, 2**32 - 1))
def test_drawn_dates_stay_in_their_windows_and_in_order(world: World, seed: int) -> None:
    """Of each place: recorded days inside, day rows fixed, the chain of holders as the table has it."""
    territory = world.territory()
    spans = land_of(territory).doubt.simulation.spans
    assert (spans.first <= spans.recorded).all()
    assert (spans.recorded <= spans.last).all()
    rows = territory.control_changes.sort_values(["place_id", "valid_from"], ignore_index=True)
    exact = (rows.date_prec == "day").to_numpy()
    assert (spans.first[exact] == spans.last[exact]).all()
    assume(len(rows) > len(world.spots))

    every = np.arange(spans.first.min() - 1, spans.last.max() + 2)
    simulation = land_of(territory).doubt.simulation
    changed, cells = next(simulation.worlds(draws=1, seed=seed, causes=("dates",), level="claimed"))
    holders = simulation.holders(changed, every)
    areas = simulation.areas(changed, cells, every)[:, -1]
    held = [(holders == number) @ cells.sum(axis=1) for number in range(simulation.n_actors)]
    assert areas == pytest.approx(np.stack(held, axis=1), abs=1e-6)  # what moved adds up to what is held
    for number in range(len(world.spots)):
        mine = slice(spans.start[number], spans.start[number + 1])
        turned = np.flatnonzero(np.diff(holders[:, number]))
        chain = [territory.actor_ids[code] for code in holders[np.append(turned, -1), number]]
        recorded = ["unknown", *rows.to_actor[mine]]
        steps = iter(recorded)
        assert all(holder in steps for holder in chain)  # a subsequence: two changes can fall on one day
        assert chain[-1] == recorded[-1]
        for turn in turned:
            day, taker = every[turn + 1], holders[turn + 1, number]
            candidates = spans.holder[mine] == taker
            assert ((spans.first[mine] <= day) & (day <= spans.last[mine]) & candidates).any()

"""Natural neighbours against their definition, counted square by square on small grids."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from conflictkit.grid import Grid, NearBy, grid_on, left_out_weights, nearest_site, sibson_weights

PROPERTY = settings(max_examples=25)

# Two boxes joined by a bridge, with a lake: 14 by 9 squares of 1 km, some of them water.
LAND = shapely.union_all(
    [shapely.box(-7_000, -4_000, -1_000, 5_000), shapely.box(0, -4_000, 7_000, 2_000), shapely.box(-1_000, 0, 0, 1_000)]
).difference(shapely.box(-5_000, 0, -3_000, 2_000))
SMALL = grid_on(LAND, spacing=1_000)

seeds = st.integers(0, 2**32 - 1)


def some_sites(seed: int, count: int) -> np.ndarray:
    """Sites in and around the land, in whole metres as in the tessellation."""
    return np.random.default_rng(seed).integers([-9_000, -6_000], [9_000, 7_000], size=(count, 2)).astype(float)


def squared(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Squared distances of each point of one set to each of another."""
    return ((a[:, np.newaxis] - b[np.newaxis]) ** 2).sum(axis=-1)


def counted_sibson(sites: np.ndarray, grid: Grid) -> np.ndarray:
    """Put a site at each point and count, square by square, what it takes from whom."""
    to_sites, to_points = squared(grid.points, sites), squared(grid.points, grid.points)
    taken = to_points <= to_sites.min(axis=1)  # (new site, square)
    weights = np.zeros((len(grid.points), len(sites)))
    for square, owner in enumerate(nearest_site(sites, grid.points)[0]):
        weights[taken[:, square], owner] += 1
    return weights / weights.sum(axis=1, keepdims=True)


def counted_left_out(sites: np.ndarray, grid: Grid) -> np.ndarray:
    """Take the sites of each point away and count who gets their squares."""
    to_sites = squared(grid.points, sites)
    weights = np.zeros((len(sites), len(sites)))
    for site, point in enumerate(sites):
        others = np.flatnonzero((sites != point).any(axis=1))
        own = to_sites[:, site] < to_sites[:, others].min(axis=1)
        heirs = others[to_sites[own][:, others].argmin(axis=1)]
        if not len(heirs):
            heirs = others[[squared(point[np.newaxis], sites[others])[0].argmin()]]
        np.add.at(weights[site], heirs, 1 / len(heirs))
    return weights


def test_grid_covers_the_land_in_reading_order() -> None:
    """Every square whose centre is on land, from the north-west, on lines that are multiples of the spacing."""
    assert len(SMALL.points) == LAND.area / 1e6
    assert shapely.contains_xy(LAND, SMALL.points).all()
    assert (SMALL.points % 1_000 == 500).all()
    order = np.lexsort((SMALL.points[:, 0], -SMALL.points[:, 1]))
    assert (order == np.arange(len(order))).all()
    assert SMALL.points[0].tolist() == [-6_500, 4_500]


def test_a_redrawn_border_moves_no_point() -> None:
    """The lines of the grid do not hang on the extent of the land."""
    wider = grid_on(LAND.buffer(1_700, join_style="mitre"), spacing=1_000)
    assert set(map(tuple, SMALL.points)) <= set(map(tuple, wider.points))


def test_raster_puts_each_value_in_its_square_and_leaves_the_rest_missing() -> None:
    """There and back; the lake has no value."""
    values = np.arange(len(SMALL.points), dtype=float)
    image = SMALL.raster(values)
    assert image.shape == (9, 14)
    assert (image[SMALL.row, SMALL.column] == values).all()
    assert np.isnan(image).sum() == image.size - len(values)
    lake = int(5 - 1.5), int(7 - 4.5)  # row and column of the square around (-4.5 km, 1.5 km)
    assert np.isnan(image[lake])


def test_nearest_site_takes_the_first_of_equal_points() -> None:
    """And says how far it is."""
    sites = np.array([[3.0, 4.0], [0.0, 0.0], [3.0, 4.0], [0.0, 0.0]])
    which, distance = nearest_site(sites, np.array([[3.0, 5.0], [0.0, -2.0]]))
    assert which.tolist() == [0, 1]
    assert distance.tolist() == [1.0, 2.0]


@PROPERTY
@given(seeds, st.integers(1, 12))
def test_sibson_weights_are_the_counted_ones(seed: int, count: int) -> None:
    """Against the definition, for few sites and for many, on land and off it."""
    sites = some_sites(seed, count)
    weights = sibson_weights(sites, SMALL)
    assert weights.shape == (len(SMALL.points), count)
    assert weights.toarray() == pytest.approx(counted_sibson(sites, SMALL), abs=1e-12)
    assert weights.sum(axis=1) == pytest.approx(np.ones(len(SMALL.points)))


def test_sibson_weights_of_sites_on_the_centres() -> None:
    """Where circles pass through other grid points, those count as inside."""
    sites = SMALL.points[[3, 30, 60]]
    weights = sibson_weights(sites, SMALL).toarray()
    assert weights == pytest.approx(counted_sibson(sites, SMALL), abs=1e-12)


@PROPERTY
@given(seeds, st.integers(2, 12))
def test_left_out_weights_are_the_counted_ones(seed: int, count: int) -> None:
    """Against taking each site away and counting its squares."""
    sites = some_sites(seed, count)
    weights = left_out_weights(sites, SMALL).toarray()
    assert weights == pytest.approx(counted_left_out(sites, SMALL), abs=1e-12)
    assert weights.sum(axis=1) == pytest.approx(np.ones(count))
    assert (np.diag(weights) == 0).all()


def test_a_cell_without_a_square_goes_to_the_nearest_other_site() -> None:
    """Two sites 20 m apart at the corner of a square, and one far away."""
    sites = np.array([[10.0, 10.0], [-10.0, -10.0], [20_000.0, 0.0], [-10.0, 10.0], [10.0, -10.0]])
    sites[:2] += 100_000.0  # two sites off the land, whose cells hold no square
    weights = left_out_weights(sites, SMALL).toarray()
    assert weights[0].tolist() == [0, 1, 0, 0, 0]
    assert weights[1].tolist() == [1, 0, 0, 0, 0]


@PROPERTY
@given(seeds, st.integers(1, 8), st.data())
def test_a_second_site_on_one_point_changes_no_weight(seed: int, count: int, data: st.DataObject) -> None:
    """Invariant 5: the copy at the end has no weight, and is left out with the first."""
    sites = some_sites(seed, count)
    copied = data.draw(st.integers(0, count - 1))
    twice = np.vstack([sites, sites[copied]])
    once, both = sibson_weights(sites, SMALL).toarray(), sibson_weights(twice, SMALL).toarray()
    assert (both[:, :-1] == once).all()
    assert (both[:, -1] == 0).all()
    if count > 1:
        left = left_out_weights(twice, SMALL).toarray()
        assert (left[:-1, :-1] == left_out_weights(sites, SMALL).toarray()).all()
        assert (left[-1] == left[copied]).all()


@PROPERTY
@given(seeds, st.integers(2, 12))
def test_order_of_sites_changes_no_weight(seed: int, count: int) -> None:
    """Invariant 4: the columns go with the sites."""
    sites = some_sites(seed, count)
    shuffle = np.random.default_rng(seed).permutation(count)
    assert (sibson_weights(sites[shuffle], SMALL).toarray() == sibson_weights(sites, SMALL).toarray()[:, shuffle]).all()


@PROPERTY
@given(seeds, st.integers(1, 30), st.floats(0, 3_000), st.floats(0, 1))
def test_the_nearest_of_moved_sites_is_that_of_all_of_them(
    seed: int, count: int, metres: float, left_out: float
) -> None:
    """Whether few or many sites are kept, and whether they move a little or across the land; some share a point."""
    rng, sites = np.random.default_rng(seed), some_sites(seed, count)
    sites[count // 2] = sites[0]
    moved = sites + rng.normal(scale=metres, size=sites.shape) if metres else sites
    kept = np.sort(rng.choice(count, size=max(1, round(count * (1 - left_out))), replace=False))
    found = NearBy.of(sites, SMALL.points).nearest(sites, moved, kept)
    assert np.isin(found, kept).all()
    nearest = squared(SMALL.points, moved[kept]).min(axis=1)
    assert ((SMALL.points - moved[found]) ** 2).sum(axis=1) == pytest.approx(nearest)
    same = (moved[found][:, np.newaxis] == moved[kept]).all(axis=2)
    assert (found == kept[same.argmax(axis=1)]).all()  # of sites on one point the first

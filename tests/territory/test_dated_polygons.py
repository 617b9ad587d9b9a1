"""The model's questions asked of drawn lines: a hand-made front, day by day."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from pyproj import Geod
from scipy.stats import norm

from conflictkit import Territory, load_area_estimates, load_borders
from conflictkit.errors import DateError, TableError, TerritoryError, UnknownNameError
from conflictkit.geometry import only_polygons
from conflictkit.outlines import SLIVER_KM2
from conflictkit.territory import raster
from conflictkit.territory._edges import moved_edges

PROPERTY = settings(max_examples=15)


def strip(west: float, east: float) -> shapely.Geometry:
    """Land between two meridians, 34 to 35 N."""
    return shapely.box(west, 34, east, 35)


def km2(shape: shapely.Geometry) -> float:
    """Area on the ellipsoid of a shape whose edges are straight in degrees."""
    return abs(Geod(ellps="WGS84").geometry_area_perimeter(shapely.segmentize(shape, 0.01))[0]) / 1e6


def drawings(*rows: tuple[str, str, shapely.Geometry]) -> gpd.GeoDataFrame:
    """Rows of (date, holder, land)."""
    dates, holders, shapes = zip(*rows, strict=True)
    return gpd.GeoDataFrame({"date": pd.to_datetime(list(dates)), "actor_id": holders}, geometry=list(shapes), crs=4326)


# 1 January: isis 40-43, iraq_gov 43-45. 5 January: the same again. 10 January: the government takes 42-43, isis takes
# 39-40, which was nobody's. 20 January: isis retakes 42.5-43.
FRONT = drawings(
    ("2017-01-01", "isis", strip(40, 43)),
    ("2017-01-01", "iraq_gov", strip(43, 45)),
    ("2017-01-05", "isis", strip(40, 43)),
    ("2017-01-05", "iraq_gov", strip(43, 45)),
    ("2017-01-10", "isis", strip(39, 42)),
    ("2017-01-10", "iraq_gov", strip(42, 45)),
    ("2017-01-20", "isis", shapely.union_all([strip(39, 42), strip(42.5, 43)])),
    ("2017-01-20", "iraq_gov", shapely.union_all([strip(42, 42.5), strip(43, 45)])),
)
DEGREE = km2(strip(40, 41))


@pytest.fixture(scope="module")
def front() -> Territory:
    """Build the hand-made front."""
    return Territory.from_polygons(FRONT)


def whole(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of all scopes together."""
    return frame[frame["scope"] == "all"].reset_index(drop=True)


def test_area_of_every_holder_at_every_drawing(front: Territory) -> None:
    """On the ellipsoid; share is of the countries drawn into; same columns as the model of places."""
    found, places = front.area(), Territory.from_places().area("2017-01-01")
    assert found.dtypes.astype(str).to_dict() == places.dtypes.astype(str).to_dict()
    area = whole(found)
    wide = area.pivot_table(index="date", columns="actor_id", values="area_km2")
    assert wide.index.tolist() == list(pd.to_datetime(["2017-01-01", "2017-01-05", "2017-01-10", "2017-01-20"]))
    assert wide.isis.tolist() == pytest.approx([3 * DEGREE, 3 * DEGREE, 3 * DEGREE, 3.5 * DEGREE], rel=1e-5)
    assert wide.iraq_gov.tolist() == pytest.approx([2 * DEGREE, 2 * DEGREE, 3 * DEGREE, 2.5 * DEGREE], rel=1e-5)
    both = 437_370 + 185_940  # km2, Iraq and Syria
    assert area.share.to_numpy() == pytest.approx(area.area_km2.to_numpy() / both, rel=1e-3)
    here = found[(found.scope == "IQ") & (found.actor_id == "iraq_gov")]
    assert here.share.to_numpy() == pytest.approx(here.area_km2.to_numpy() / 437_370, rel=1e-3)
    assert front.by_governorate().area().share.max() <= 1 + 1e-9


def test_share_of_the_land_drawn_where_no_country_is_known() -> None:
    """Drawings of another part of the world than the borders: nothing else is there to take a share of."""
    far = drawings(
        ("2017-01-01", "isis", shapely.box(10, 34, 12, 35)), ("2017-01-01", "sdf", shapely.box(12, 34, 14, 35))
    )
    assert whole(Territory.from_polygons(far).area()).share.tolist() == pytest.approx([0.5, 0.5])


def test_a_drawing_holds_until_the_next(front: Territory) -> None:
    """Days between, days after the last; a series in any order comes back by date."""
    area = whole(front.area(["2019-12-31", "2017-01-09", "2017-01-10"]))
    assert area[area.actor_id == "isis"].area_km2.tolist() == pytest.approx(
        [3 * DEGREE, 3 * DEGREE, 3.5 * DEGREE], rel=1e-5
    )
    assert front.at("2017-01-09").equals(front.at("2017-01-05"))
    assert front.at("2017-01-09").places_held.isna().all()


def test_drawings_answer_from_the_first_to_the_end_of_the_tables_or_the_last(front: Territory) -> None:
    """Whichever is later; before the first nothing is known."""
    assert front.covers == (pd.Timestamp("2017-01-01"), pd.Timestamp("2019-12-31"))
    with pytest.raises(DateError, match="1 January 2017 to 31 December 2019, not for 1 January 2020"):
        front.area("2020-01-01")
    later = Territory.from_polygons(FRONT.assign(date=FRONT.date + pd.Timedelta(days=5 * 366)))
    assert later.covers == (later.dates[0], later.dates[-1])
    assert len(later.area()) == len(front.area())
    with pytest.raises(DateError, match="drawings answer"):
        later.at(later.dates[-1] + pd.Timedelta(days=1))
    with pytest.raises(TerritoryError, match="before the first drawing"):
        later.at("2017-01-01")


def test_at_gives_the_polygons_largest_first(front: Territory) -> None:
    """Valid, in degrees, as drawn."""
    held = front.at("2017-01-20")
    assert held.actor_id.tolist() == ["isis", "iraq_gov"]
    assert held.crs.to_epsg() == 4326
    assert held.is_valid.all()
    drawn = FRONT.set_index(["date", "actor_id"]).geometry[pd.Timestamp("2017-01-20")]
    for row in held.itertuples():
        assert shapely.area(row.geometry.symmetric_difference(drawn[row.actor_id])) < 1e-4
        assert row.area_km2 == pytest.approx(sum(km2(part) for part in shapely.get_parts(row.geometry)), rel=1e-5)


def test_transitions_name_who_took_what(front: Territory) -> None:
    """And what was nobody's before."""
    taken = front.transitions("2017-01-01", "2017-01-10").set_index(["from_actor", "to_actor"]).claimed_km2
    assert taken.to_dict() == pytest.approx(
        {
            ("iraq_gov", "iraq_gov"): 2 * DEGREE,
            ("isis", "isis"): 2 * DEGREE,
            ("isis", "iraq_gov"): DEGREE,
            ("none", "isis"): DEGREE,
        },
        rel=1e-4,
    )
    back = front.transitions("2017-01-10", "2017-01-01").set_index(["to_actor", "from_actor"]).claimed_km2
    assert back["isis", "iraq_gov"] == pytest.approx(taken["isis", "iraq_gov"])
    assert back["none", "isis"] == pytest.approx(DEGREE, rel=1e-4)


def test_changes_are_the_steps_between_drawings(front: Territory) -> None:
    """Nothing on a day that repeats the one before; start is excluded, end included."""
    moved = front.changes("2017-01-01", "2017-01-20")
    assert moved.valid_from.dt.day.tolist() == [10, 10, 20]
    assert set(zip(moved.from_actor, moved.to_actor, strict=True)) == {
        ("isis", "iraq_gov"), ("none", "isis"), ("iraq_gov", "isis"),
    }  # fmt: skip
    last = front.changes("2017-01-10", "2017-01-20")
    assert last[["from_actor", "to_actor"]].to_numpy().tolist() == [["iraq_gov", "isis"]]
    assert last.claimed_km2[0] == pytest.approx(DEGREE / 2, rel=1e-4)
    nothing = front.changes("2017-01-01", "2017-01-09")
    assert len(nothing) == 0
    assert nothing.dtypes.astype(str).tolist() == last.dtypes.astype(str).tolist()


def test_changes_account_for_the_difference_of_areas(front: Territory) -> None:
    """Step by step, as in the model of places."""
    moved = front.changes("2017-01-01", "2017-01-20")
    flow = (
        moved.groupby("to_actor").claimed_km2.sum().sub(moved.groupby("from_actor").claimed_km2.sum(), fill_value=0.0)
    )
    area = whole(front.area(["2017-01-01", "2017-01-20"])).pivot_table(
        index="date", columns="actor_id", values="area_km2"
    )
    assert (area.iloc[1] - area.iloc[0]).to_dict() == pytest.approx(flow.drop("none").to_dict(), abs=0.01)


def test_loss_is_of_the_footprint(front: Territory) -> None:
    """0 at the baseline; the gain in the west counts for nothing; land retaken is not lost."""
    loss = whole(front.loss_since("2017-01-01"))
    isis = loss[loss.actor_id == "isis"]
    assert isis.date.dt.day.tolist() == [1, 5, 10, 20]
    assert isis.lost_km2.tolist() == pytest.approx([0, 0, DEGREE, DEGREE / 2], rel=1e-4)
    assert isis.lost_share.tolist() == pytest.approx([0, 0, 1 / 3, 1 / 6], rel=1e-4)
    assert isis.baseline_km2.tolist() == pytest.approx([3 * DEGREE] * 4, rel=1e-5)
    assert whole(front.loss_since("2017-01-07", "2017-01-10")).lost_share.round(3).tolist() == [0, 0.333]
    with pytest.raises(TerritoryError, match="before the baseline"):
        front.loss_since("2017-01-10", "2017-01-05")


def test_overlaps_are_contested(front: Territory) -> None:
    """To neither side, of two holders or of three; what was drawn as contested stays so."""
    drawn = Territory.from_polygons(
        drawings(
            ("2017-01-01", "isis", strip(40, 42)),
            ("2017-01-01", "sdf", strip(41, 43)),
            ("2017-01-01", "rebels", strip(41.5, 42.5)),
            ("2017-01-01", "contested", strip(44, 45)),
        )
    )
    area = whole(drawn.area()).set_index("actor_id").area_km2
    assert area.to_dict() == pytest.approx({"isis": DEGREE, "sdf": DEGREE / 2, "contested": 2.5 * DEGREE}, rel=1e-4)
    held = drawn.at("2017-01-01").geometry.to_crs(drawn.crs)
    assert held.union_all().area == pytest.approx(held.area.sum(), rel=1e-9)
    assert set(drawn.loss_since("2017-01-01").actor_id) == {"isis", "sdf"}
    assert "contested" not in set(front.area().actor_id)


def test_holes_are_nobodys(front: Territory) -> None:
    """A besieged town inside: its land is not counted, and is taken from none."""
    hole = strip(41, 42).buffer(-0.25, join_style="mitre")
    drawn = Territory.from_polygons(
        drawings(("2017-01-01", "isis", strip(40, 43).difference(hole)), ("2017-02-01", "isis", strip(40, 43)))
    )
    assert whole(drawn.area("2017-01-01")).area_km2[0] == pytest.approx(3 * DEGREE - km2(hole), rel=1e-4)
    moved = drawn.changes("2017-01-01", "2017-02-01")
    assert moved[["from_actor", "to_actor"]].to_numpy().tolist() == [["none", "isis"]]
    assert moved.claimed_km2[0] == pytest.approx(km2(hole), rel=1e-3)
    assert whole(front.area("2017-01-01")).area_km2[1] > whole(drawn.area("2017-01-01")).area_km2[0]


def test_two_drawings_of_one_line_are_no_change() -> None:
    """Rounding of the last digits moves no land."""
    drawn = Territory.from_polygons(
        drawings(("2017-01-01", "isis", strip(40, 40.2)), ("2017-01-02", "isis", strip(40, 40.2000001)))
    )
    assert len(drawn.changes("2017-01-01", "2017-01-02")) == 0
    assert SLIVER_KM2 == 0.01


def test_identical_days_share_a_state(front: Territory) -> None:
    """Which is what makes long series of still days cheap."""
    assert len(front.dates) == 4
    assert front.states(front.dates).tolist() == [0, 0, 1, 2]
    assert repr(front) == (
        "Territory from polygons: iraq_gov, isis; 4 days from 2017-01-01 to 2017-01-20, 3 of them different"
    )


# How sure, what is hidden, what was published


def test_core_of_a_drawing_is_that_of_the_model() -> None:
    """The model's own map, drawn: area, land and loss at level core are the model's; the rest of it is none."""
    model, days = Territory.from_places(), ["2015-01-05", "2016-07-04"]
    drawn = Territory.from_polygons(pd.concat([model.at(day).assign(date=day) for day in days]))
    for level in ("claimed", "core"):
        expected = model.area(days, level=level).query("scope == 'all'").set_index(["date", "actor_id"]).area_km2
        found = whole(drawn.area(level=level)).set_index(["date", "actor_id"]).area_km2
        assert found.to_numpy() == pytest.approx(expected.reindex(found.index).to_numpy(), rel=1e-3, abs=5)
        assert drawn.at(days[0], level=level).area_km2.sum() == pytest.approx(623_323, rel=1e-4)
        lost, model_lost = (t.loss_since(days[0], days[1], level=level) for t in (drawn, model))
        isis = model_lost.query("scope == 'all' and actor_id == 'isis'").lost_share.iloc[-1]
        assert whole(lost).query("actor_id == 'isis'").lost_share.iloc[-1] == pytest.approx(isis, rel=1e-3)


def test_core_of_land_without_a_gazetteer_is_refused() -> None:
    """Not an empty answer: no settlement is known there; a level that is none is named."""
    drawn = Territory.from_polygons(drawings(("2024-07-08", "russia", shapely.box(36, 47, 39, 49))))
    for ask in (drawn.area, lambda **options: drawn.at("2024-07-08", **options)):
        with pytest.raises(TerritoryError, match="100% of the land drawn lies elsewhere"):
            ask(level="core")
    with pytest.raises(UnknownNameError, match="Did you mean 'core'"):
        drawn.area(level="cor")


def test_probability_follows_the_distance_to_the_line(front: Territory) -> None:
    """Even chances on the line, 0.84 one error from it, certain far from it; they sum to 1 everywhere."""
    squares = front.probability("2017-01-01", edge_km=8, grid_km=4)
    p = squares[["p_isis", "p_iraq_gov", "p_none"]]
    assert p.sum(axis=1).to_numpy() == pytest.approx(np.ones(len(p)))
    assert (squares.p_holder == p.max(axis=1)).all()
    centre = squares.to_crs(front.crs).centroid.to_crs(4326)
    middle = centre.y.between(34.45, 34.55)  # 50 km from the northern and southern edge
    km = (43 - centre.x[middle]) * km2(strip(42, 43)) / 111.0  # east-west, positive on the side of isis
    near = km.abs() < 30
    expected = pd.Series(norm.cdf(km[near] / 8), index=km[near].index)
    assert p.p_isis[middle][near].to_numpy() == pytest.approx(expected.to_numpy(), abs=0.02)
    assert squares.evidence_km[middle][near].to_numpy() == pytest.approx(km[near].abs().to_numpy(), abs=0.7)
    assert squares.area_km2.eq(16).all()


def test_probability_has_the_columns_of_the_model(front: Territory) -> None:
    """Charts and tables take either; a raster has each square once."""
    squares = front.probability("2017-01-01")
    places = Territory.from_places().probability("2017-01-01")
    fixed = [name for name in places if not name.startswith("p_") or name == "p_holder"]
    assert [name for name in squares if not name.startswith("p_") or name == "p_holder"] == fixed
    assert np.isfinite(raster(squares, "p_holder")).sum() == len(squares)
    assert squares.evidence_place.isna().all()


@pytest.mark.parametrize("by_m", [-8000, -2000, 2000, 8000])
def test_edge_moves_as_far_as_the_exact_one(by_m: float) -> None:
    """A front is drawn finer than its error needs: simplified first, what moves is the same to within a hundredth."""
    turn = np.linspace(0, 2 * np.pi, 3000)
    far = 60_000 * (1 + 0.1 * np.sin(37 * turn) + 0.01 * np.sin(301 * turn))
    land = shapely.Polygon(np.column_stack([far * np.cos(turn), far * np.sin(turn)]))
    exact = shapely.buffer(land, by_m, quad_segs=64)
    (moved,) = moved_edges(land, [by_m], None)
    assert abs(moved.area - exact.area) < 0.01 * abs(exact.area - land.area)
    assert moved.covers(land) if by_m > 0 else land.covers(moved)


@pytest.mark.parametrize("edge_km", [0, -1, float("nan"), float("inf")])
def test_an_error_that_is_no_distance_is_refused(front: Territory, edge_km: float) -> None:
    """By each question that takes one."""
    rows = load_area_estimates().query("control_definition == 'claimed'")
    for ask in (
        lambda: front.probability("2017-01-01", edge_km=edge_km),
        lambda: front.area(bands=True, edge_km=edge_km),
        lambda: front.compare(rows, edge_km=edge_km),
    ):
        with pytest.raises(TerritoryError, match="edge_km"):
            ask()


def test_a_border_of_the_countries_is_in_no_doubt() -> None:
    """Two countries drawn whole: only their common border moves, and neither grows into the neighbours."""
    drawn = Territory.from_polygons(load_borders().rename(columns={"country": "actor_id"}).assign(date="2014-01-01"))
    area = whole(drawn.area(bands=True, edge_km=5)).set_index("actor_id")
    common = 600  # km, the length of their border
    wide = (area.area_hi_km2 - area.area_lo_km2) / (2 * 1.645 * 5)
    assert wide.to_numpy() == pytest.approx(np.full(2, common), rel=0.15)
    assert (area.area_lo_km2 < area.area_certain_km2).all()
    assert (area.area_possible_km2 < area.area_hi_km2).all()
    squares = drawn.probability("2014-01-01", grid_km=20)
    assert squares.p_holder.quantile(0.1) > 0.99


@PROPERTY
@given(st.floats(0.5, 20), st.floats(1.1, 3))
def test_band_grows_with_the_error(front: Territory, edge_km: float, factor: float) -> None:
    """And holds the figure; certain lies within it, possible beyond."""
    narrow, wide = (front.area(bands=True, edge_km=km) for km in (edge_km, edge_km * factor))
    for frame in (narrow, wide):
        order = ["area_lo_km2", "area_certain_km2", "area_km2", "area_possible_km2", "area_hi_km2"]
        assert (np.diff(frame[order].to_numpy(), axis=1) >= -1e-6).all()
    assert (wide.area_lo_km2 <= narrow.area_lo_km2).all()
    assert (wide.area_hi_km2 >= narrow.area_hi_km2).all()


def test_stale_lists_gaps_repeats_and_contested_land(front: Territory) -> None:
    """With the land that moved meanwhile; a longer step leaves shorter gaps out; not beyond the day asked for."""
    found = front.stale().set_index("kind")
    assert found.valid_from.to_dict() == {
        "missing_days": pd.Timestamp("2017-01-10"), "same_drawing": pd.Timestamp("2017-01-01"),
    }  # fmt: skip
    assert found.claimed_km2["missing_days"] == pytest.approx(DEGREE / 2, rel=1e-3)
    assert found.claimed_km2["same_drawing"] == pytest.approx(2 * DEGREE, rel=1e-3)
    assert front.stale("2017-01-10").kind.tolist() == ["same_drawing"]
    assert front.stale(days=3).kind.tolist() == ["missing_days"] * 3 + ["same_drawing"]
    both = Territory.from_polygons(
        drawings(("2017-01-01", "isis", strip(40, 42)), ("2017-01-01", "sdf", strip(41, 43)))
    ).stale()
    assert both.kind.tolist() == ["contested"]
    assert both.claimed_km2[0] == pytest.approx(DEGREE, rel=1e-3)
    places = Territory.from_places().stale()
    assert both.dtypes.astype(str).to_dict() == places.dtypes.astype(str).to_dict()


def published(**cells: object) -> pd.DataFrame:
    """One published figure of the land between 34 and 35 N."""
    rows = load_area_estimates().query("metric == 'area_held'").head(1)
    row = {"as_of": pd.Timestamp("2017-01-10"), "actor_id": "isis", "scope": "IQ", "control_definition": "claimed"}
    return rows.assign(**row | {"low": np.nan, "best": 1.0, "high": np.nan} | cells)


def test_comparison_of_a_drawing_is_the_land_in_the_country(front: Territory) -> None:
    """Value by hand, band around it, the columns of the model's comparison; a metric of each kind."""
    iraq = load_borders().set_index("country").geometry["IQ"]
    held = sum(km2(part) for part in shapely.get_parts(strip(39, 42) & iraq) if part.geom_type == "Polygon")
    base = sum(km2(part) for part in shapely.get_parts(strip(40, 43) & iraq) if part.geom_type == "Polygon")
    since = {"baseline_date": pd.Timestamp("2017-01-01")}
    rows = pd.concat(
        [
            published(best=held),
            published(metric="share_of_country_held"),
            published(metric="area_freed", **since),
            published(metric="share_of_peak_lost", **since),
        ]
    )
    found = front.compare(rows, edge_km=2)
    lost = km2(strip(42, 43) & iraq)
    expected = [held, 100 * held / km2(iraq), lost, 100 * lost / base]
    assert found.model_value.tolist() == pytest.approx(expected, rel=1e-3)
    assert (found.model_lo < found.model_value).all()
    assert (found.model_value < found.model_hi).all()
    assert found.within[0]
    assert found.error[0] == pytest.approx(0, abs=1e-3)
    model = Territory.from_places().compare(rows, draws=1)
    assert found.columns.tolist() == model.columns.tolist()


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"as_of": pd.Timestamp("2016-12-31")}, "before the first"),
        ({"as_of": pd.Timestamp("2017-01-21")}, "after the last"),
        ({"actor_id": "hts"}, "holds nothing"),
        ({"metric": "population_held"}, "no figure of this metric"),
        ({"metric": "area_freed"}, "without a baseline"),
        ({"control_definition": "unstated"}, "not stated"),
    ],
)
def test_what_a_drawing_cannot_answer_is_rejected(front: Territory, cells: dict[str, object], reason: str) -> None:
    """Beside a row that is answered; mixed definitions are refused whole."""
    found = front.compare(pd.concat([published(), published(**cells)]))
    assert len(found) == 1
    assert reason in found.attrs["rejected"][0]["reason"]
    with pytest.raises(TerritoryError, match="mix two definitions"):
        front.compare(pd.concat([published(), published(control_definition="core")]))


@PROPERTY
@given(st.randoms(use_true_random=False), st.lists(st.integers(40, 44), min_size=1, max_size=4))
def test_order_of_rows_changes_nothing(random, cuts: list[int]) -> None:  # noqa: ANN001
    """Shuffled rows, and land cut into pieces, give the same answers."""
    pieces = [
        (str(row.date), row.actor_id, part)
        for row in FRONT.itertuples()
        for cut in {0, *cuts}
        if not (part := only_polygons(row.geometry & strip(cut, 60 if cut == max(cuts) else cut + 1))).is_empty
    ] + [(str(row.date), row.actor_id, row.geometry) for row in FRONT.itertuples()]
    random.shuffle(pieces)
    straight, shuffled = Territory.from_polygons(FRONT), Territory.from_polygons(drawings(*pieces))
    columns = ["date", "scope", "actor_id", "area_km2"]
    assert_frame_equal(straight.area()[columns], shuffled.area()[columns], rtol=1e-6)
    assert_frame_equal(straight.loss_since("2017-01-01"), shuffled.loss_since("2017-01-01"), rtol=1e-6, atol=1e-3)


def test_people_of_two_countries_are_the_official_totals() -> None:
    """Drawn along the borders, every resident has a holder; by either rule."""
    drawn = load_borders().rename(columns={"country": "actor_id"}).assign(date="2014-01-01")
    people = whole(Territory.from_polygons(drawn).people()).set_index("actor_id")
    assert people.people_prewar["IQ"] == pytest.approx(32_489_975, rel=0.01)
    assert people.people_prewar["SY"] == pytest.approx(20_681_818, rel=0.01)
    assert (people.people_prewar_lo <= people.people_prewar).all()
    assert (people.people_prewar <= people.people_prewar_hi).all()


def test_people_move_with_the_land(front: Territory) -> None:
    """What one loses another gains: the strip from 42 to 43 E changed hands, that from 39 to 40 E was nobody's."""
    people = whole(front.people()).pivot_table(index="date", columns="actor_id", values="people_prewar").to_numpy()
    assert (people[0] == people[1]).all()
    assert people[2, 0] > people[0, 0]
    assert people[3].sum() == pytest.approx(people[2].sum())


def test_people_elsewhere_are_not_called_none() -> None:
    """No residents are known outside Iraq and Syria: 0 would be taken for an answer."""
    drawn = Territory.from_polygons(drawings(("2024-07-08", "russia", shapely.box(36, 47, 39, 49))))
    with pytest.raises(TerritoryError, match="Iraq and Syria"):
        drawn.people()


def test_before_the_first_drawing_nothing_is_known(front: Territory) -> None:
    """Each question says so, with both dates."""
    for ask in (
        lambda: front.at("2016-12-31"),
        lambda: front.area(["2017-01-05", "2016-12-31"]),
        lambda: front.people("2016-12-31"),
        lambda: front.transitions("2016-12-31", "2017-01-05"),
        lambda: front.changes("2016-12-31", "2017-01-05"),
        lambda: front.loss_since("2016-12-31"),
    ):
        with pytest.raises(TerritoryError, match=r"2016-12-31 is before the first drawing \(2017-01-01\)"):
            ask()


def test_what_cannot_be_asked_is_refused(front: Territory) -> None:
    """A date that is none, dates the wrong way round."""
    with pytest.raises(DateError, match="soon"):
        front.at("soon")
    with pytest.raises(TerritoryError, match="Swap them"):
        front.changes("2017-01-20", "2017-01-01")
    assert len(front.area([])) == 0


@pytest.mark.parametrize(
    ("frame", "lacks"),
    [
        (FRONT.drop(columns="date"), "row 1, date: the column is missing"),
        (FRONT.rename(columns={"actor_id": "holder"}), "row 1, actor_id: the column is missing"),
        (FRONT.set_crs(None, allow_override=True), "no coordinate system"),
        (FRONT.iloc[:0], "no rows"),
        (FRONT.assign(date=FRONT.date.where(FRONT.index > 0)), "row 2, date: empty"),
        (FRONT.assign(date="the third"), "row 9, date: 'the third' is not a date"),
        (FRONT.assign(date=FRONT.date + pd.Timedelta("14h")), "row 2, date: .*time of day"),
        (pd.DataFrame(FRONT), "not DataFrame"),
        (pd.DataFrame(FRONT)[["date", "actor_id"]], "not DataFrame"),
        (FRONT.drop(columns="geometry"), "not DataFrame|no geometry"),
        (None, "not NoneType"),
        (FRONT.set_crs(3857, allow_override=True), "degrees, declared as WGS 84 / Pseudo-Mercator"),
        (FRONT.set_crs('LOCAL_CS["x"]', allow_override=True), "degrees, declared as x"),
        (FRONT.to_crs(32637).set_crs('LOCAL_CS["x"]', allow_override=True), "no place on the globe"),
    ],
    ids=[
        *("no date", "no holder", "no crs", "no rows", "a date missing", "dates that are none", "times of day"),
        *("a plain frame", "no shapes", "shapes left out", "nothing", "degrees as metres", "a local crs"),
        "metres in a local crs",
    ],
)
def test_frames_that_are_no_drawings(frame: gpd.GeoDataFrame, lacks: str) -> None:
    """What is missing is named, by row where it is a cell; nothing is dropped."""
    with pytest.raises(TableError, match=lacks):
        Territory.from_polygons(frame)


def with_a_nan() -> shapely.Geometry:
    """Return a polygon with a corner that is nowhere."""
    with np.errstate(invalid="ignore"):
        return shapely.Polygon([(42, 34), (np.nan, 34), (43, 35)])


BAD_LAND: dict[str, tuple[shapely.Geometry | None, str]] = {
    "missing": (None, "has no geometry"),
    "a point": (shapely.Point(42, 34), "is a Point, not a polygon"),
    "a line": (shapely.LineString([(42, 34), (43, 35)]), "is a LineString"),
    "a collection": (shapely.GeometryCollection([strip(42, 43), shapely.Point(42, 34)]), "is a GeometryCollection"),
    "empty": (shapely.Polygon(), "is empty"),
    "without area": (shapely.Polygon([(42, 34), (43, 34), (42, 34)]), "encloses no land"),
    "not finite": (shapely.Polygon([(42, 34), (np.inf, 35), (43, 34)]), "not finite"),
    "not a number": (with_a_nan(), "not finite"),
    "beyond the pole": (shapely.box(42, 34, 43, 95), "outside longitude and latitude (latitude 95 from 0)"),
    "beyond the date line": (shapely.box(42, 34, 190, 35), "outside longitude and latitude (longitude 190 from 0)"),
    "the world": (shapely.box(-180, -90, 180, 90), "more than half the globe"),
    "scribble": (shapely.Polygon(np.random.default_rng(1).uniform(34, 44, (2_000, 2))), "too tangled"),
}


@pytest.mark.parametrize(("shape", "reason"), BAD_LAND.values(), ids=BAD_LAND)
def test_rows_that_are_no_land_are_refused_with_all_others(shape: shapely.Geometry | None, reason: str) -> None:
    """Beside rows without a holder: one error, each problem by row; no holder of 0 km2, no land lost."""
    frame = gpd.GeoDataFrame(
        {"date": "2017-11-03", "actor_id": ["isis", None, "sdf", " "]},
        geometry=[strip(40, 41), strip(41, 42), shape, strip(44, 45)],
        crs=4326,
    )
    with pytest.raises(TableError) as caught:
        Territory.from_polygons(frame)
    assert caught.value.problems is not None
    found = caught.value.problems[["table", "row", "column"]].to_numpy().tolist()
    assert found[:2] == [["drawings", 3, "actor_id"], ["drawings", 4, "geometry"]]
    assert reason in caught.value.problems["problem"][1]


def test_two_halves_of_the_world_are_refused() -> None:
    """Each is land by itself; together they lie on both sides of the globe."""
    halves = drawings(
        ("2017-01-01", "isis", shapely.box(-180, -90, 0, 90)), ("2017-01-01", "sdf", shapely.box(0, -90, 180, 90))
    )
    with pytest.raises(TableError, match="more than 90 degrees from their middle"):
        Territory.from_polygons(halves)


def test_lines_drawn_twice_are_not_contested() -> None:
    """63 square metres, and a strip of 5 m by 111 km; a strip of 20 m is land. No land is lost or counted twice."""
    five, twenty = 5 / 91_700, 20 / 91_700  # metres in degrees of longitude at 34.5 N
    for width, contested in ((1e-7, False), (five, False), (twenty, True)):
        drawn = Territory.from_polygons(
            drawings(("2017-01-01", "sdf", strip(41, 42)), ("2017-01-01", "isis", strip(40, 41 + width)))
        )
        area = whole(drawn.area()).set_index("actor_id").area_km2
        assert ("contested" in area.index) == contested
        assert area.sum() == pytest.approx(2 * DEGREE, rel=1e-6)
        if not contested:  # the first by name keeps it
            assert area["isis"] == pytest.approx(km2(strip(40, 41 + width)), rel=1e-6)


def test_a_post_inside_the_land_of_another_is_contested() -> None:
    """Fifty metres wide, or a lane of 5 m: all that a holder has is no line drawn twice, and is not lost."""
    post = shapely.box(40.5, 34.5, 40.5 + 50 / 91_700, 34.5 + 50 / 110_900)
    lane = shapely.box(40.1, 34.1, 40.9, 34.1 + 5 / 110_900)
    for small, around in (("sdf", "isis"), ("isis", "sdf")):
        for land in (post, lane):
            drawn = Territory.from_polygons(
                drawings(("2017-01-01", around, strip(40, 41)), ("2017-01-01", small, land))
            )
            area = whole(drawn.area()).set_index("actor_id").area_km2
            assert area["contested"] == pytest.approx(km2(land), rel=1e-3)
            assert area[around] == pytest.approx(DEGREE - km2(land), rel=1e-6)


def test_a_drawing_out_of_proportion_is_reported(front: Territory) -> None:
    """Nine times as large as on either side, or missing for a day; not a holder that grows, nor what is contested."""
    rows = [
        ("2017-01-01", "isis", strip(40, 41)), ("2017-01-01", "sdf", strip(50, 55)),
        ("2017-01-02", "isis", strip(40, 49)), ("2017-01-02", "sdf", strip(50, 55)),
        ("2017-01-03", "isis", strip(40, 41)),
        ("2017-01-04", "isis", strip(40, 41.1)), ("2017-01-04", "sdf", strip(50, 55)),
    ]  # fmt: skip
    found = Territory.from_polygons(drawings(*rows)).stale().query("kind == 'odd_size'")
    assert found[["actor_id", "valid_from"]].astype(str).to_numpy().tolist() == [
        ["isis", "2017-01-02"], ["sdf", "2017-01-03"],
    ]  # fmt: skip
    assert found.claimed_km2.tolist() == pytest.approx([8 * DEGREE, 5 * DEGREE], rel=0.01)
    assert "next to 10,1" in found.detail.iloc[0]
    assert Territory.from_polygons(drawings(*rows[:4])).stale().query("kind == 'odd_size'").empty  # which of two?
    last = Territory.from_polygons(drawings(*rows[4:6], ("2017-01-05", "isis", strip(40, 49))))
    assert last.stale().query("kind == 'odd_size'").valid_from.dt.day.tolist() == [5]
    assert front.stale().query("kind == 'odd_size'").empty


def test_any_projection_and_invalid_shapes_are_taken() -> None:
    """Metres, and a bow-tie, of which both halves are held."""
    bow_tie = shapely.Polygon([(40, 34), (41, 35), (41, 34), (40, 35)])
    frame = drawings(("2017-01-01", "isis", bow_tie)).to_crs(32637)
    area = whole(Territory.from_polygons(frame).area()).area_km2[0]
    assert area == pytest.approx(DEGREE / 2, rel=0.01)
    assert np.isfinite(area)

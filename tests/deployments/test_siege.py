"""Sieges found from geometry: the known ones on their days, the others set aside with a reason."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box

import conflictkit as ck
from conflictkit.deployments._ground import standing_on
from conflictkit.deployments._siege import lets_pass
from conflictkit.errors import DateError, PlaceError, TerritoryError, UnknownNameError


@pytest.fixture(scope="module")
def territory() -> ck.Territory:
    """Return the model on the shipped tables, built once."""
    return ck.Territory.from_places()


def shut(date: str, **options: object) -> set[str]:
    """Return the places besieged on a day."""
    return set(ck.besieged(date, **options).place_id)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("date", "closed"),
    [("2014-07-20", True), ("2016-06-01", True), ("2017-09-04", True), ("2017-09-05", False), ("2017-10-01", False)],
)
def test_the_enclave_of_deir_ez_zor(date: str, *, closed: bool) -> None:
    """Besieged for years, until the army reached the base of the 137th Brigade on 5 September 2017."""
    assert ("deir-ez-zor-enclave" in shut(date)) is closed


def test_the_enclave_row_says_it_all() -> None:
    """Who besieges it, since the table begins, until when, and how far its own side is."""
    row = ck.besieged("2016-06-01").set_index("place_id").loc["deir-ez-zor-enclave"]
    assert (row.actor_id, row.besieged_by, row.outlet_share) == ("syria_gov", "isis", 0)
    assert (row.since, row.until) == (pd.Timestamp("2014-01-01"), pd.Timestamp("2017-09-05"))
    assert row.pocket_places == 4
    assert row.gap_km > 100


@pytest.mark.parametrize(
    ("place", "date"),
    [
        ("haditha", "2015-06-01"),  # New Lines Magazine: besieged for some 18 months
        ("amirli", "2014-08-01"),  # 11 June to 31 August 2014
        ("tabqa-air-base", "2014-08-20"),  # fell on 24 August 2014
        ("douma", "2017-12-01"),  # Eastern Ghouta
        ("rastan", "2017-12-01"),  # northern Homs
        ("fallujah", "2016-06-10"),
        ("hawija", "2017-09-01"),
        ("west-mosul", "2017-06-01"),
        ("raqqa", "2017-09-01"),
        ("mare", "2016-05-30"),  # cut off from Azaz from 27 May to early June 2016
    ],
)
def test_known_sieges_are_found(place: str, date: str) -> None:
    """What pages report as besieged, and no place between shows a way out."""
    assert place in shut(date)


@pytest.mark.parametrize(
    ("place", "date", "why"),
    [
        ("abu-sirrah", "2014-09-15", "border or coast"),  # the pocket of Kobani, by the first of its places
        ("afrin", "2016-01-15", "border or coast"),
        ("kassab", "2016-01-15", "border or coast"),
        ("nubl", "2015-06-15", "land of sdf"),
        ("kawkab-base", "2016-01-15", "land of sdf"),
        ("bani-zaid", "2016-01-15", "land of krg"),
    ],
)
def test_a_way_out_is_told(place: str, date: str, why: str) -> None:
    """Cut off from its side and not besieged: listed, with where the way leads."""
    found = ck.besieged(date)
    assert place not in set(found.place_id)
    reasons = {row["pocket_id"]: row["reason"] for row in found.attrs["rejected"]}
    assert why in reasons[place]


def test_kuweires_is_found_until_it_was_reached() -> None:
    """The air base was besieged until 10 November 2015."""
    assert "kuweires-air-base" in shut("2015-06-01")
    assert "kuweires-air-base" not in shut("2015-12-01")


@pytest.mark.slow
def test_an_open_edge_of_any_length_can_be_asked_for() -> None:
    """With 0 every way out counts, with 1 none but a wholly open one."""
    assert "bashkuy" not in shut("2016-01-15")
    assert "bashkuy" in shut("2016-01-15", outlet_share=0.3)
    assert "kobani" in shut("2014-09-15", outlet_share=0.9)


def test_sides_that_let_each_other_pass_took_nothing_by_force() -> None:
    """Those of the table of sides: no capture between them while they do not fight, but the oil field of Bai Hassan."""
    tables, side = ck.Tables.shipped(), ck.load_actors().set_index("actor_id")["side"]
    changes = ck.load_control_changes()
    took = changes[changes.event.isin(["captured", "recaptured"])]
    between = [
        side.get(row.to_actor) in lets_pass(side.get(row.from_actor) or "", row.valid_from, tables)
        for row in took.itertuples()
    ]
    # in July 2014 the peshmerga sent the workers of the state's company off
    assert set(took.place_id[between]) == {"bai-hassan-oil-field"}


def test_sides_pass_each_other_but_for_the_days_of_a_war() -> None:
    """Iraqi forces took 51 places from the Peshmerga from 13 to 26 October 2017; a pair on one row holds for both."""
    tables = ck.Tables.shipped()
    for day, open_to in (("2017-10-12", True), ("2017-10-13", False), ("2017-10-26", False), ("2017-10-27", True)):
        assert ("krg" in lets_pass("iraq", pd.Timestamp(day), tables)) is open_to
        assert ("iraq" in lets_pass("krg", pd.Timestamp(day), tables)) is open_to
    assert lets_pass("assad", pd.Timestamp("2016-01-01"), tables) == {"iraq", "sdf"}
    assert lets_pass("isis", pd.Timestamp("2016-01-01"), tables) == set()
    none = tables.replace(sides=tables.sides[["side", "name"]])
    assert lets_pass("iraq", pd.Timestamp("2016-01-01"), none) == set()


def test_pocket_is_closed_and_shares_sum_to_one(territory: ck.Territory) -> None:
    """The edge of the pocket at Abu Kamal, by who stands beyond it."""
    pocket = ck.pocket_at("abu-kamal", "2017-11-03", territory=territory)
    assert pocket.share.sum() == pytest.approx(1)
    assert pocket.edge_km.sum() == pytest.approx(pocket.attrs["perimeter_km"])
    assert pocket.side.tolist() == ["iraq", "sdf", "assad"]
    assert {"abu-kamal", "hajin", "rawa"} <= set(pocket.attrs["place_ids"])
    held = territory.at("2017-11-03").set_index("actor_id").area_km2["isis"]
    assert 0 < pocket.attrs["area_km2"] < held


def test_edges_of_cells_sum_to_their_outlines(territory: ck.Territory) -> None:
    """Each cell's outline is shared with neighbours or abroad, nothing is counted twice."""
    ground = standing_on(territory, "2016-06-01").ground
    assert (ground.km > 0).all()
    assert (ground.one < ground.other).all()
    assert len(np.unique(np.column_stack([ground.one, ground.other]), axis=0)) == len(ground.one)
    assert (ground.abroad_km >= 0).all()


def test_bad_input_is_refused(territory: ck.Territory) -> None:
    """What is no date, no place, no part of an edge."""
    with pytest.raises(DateError):
        ck.besieged("someday")
    with pytest.raises(UnknownNameError, match="outlet_share=2"):
        ck.besieged("2016-06-01", outlet_share=2)
    with pytest.raises(PlaceError, match=r"No land for 'abu-kamel'.*abu-kamal"):
        ck.pocket_at("abu-kamel", "2016-06-01", territory=territory)
    with pytest.raises(PlaceError, match=r"Nobody holds 'hasakah'"):
        ck.pocket_at("hasakah", "2015-01-01", territory=territory)


@pytest.mark.slow
def test_a_territory_has_its_own_tables(territory: ck.Territory, other_war: ck.Tables) -> None:
    """Two sets of tables for one question are refused; its own are no contradiction."""
    with pytest.raises(TerritoryError, match="pass one of the two"):
        ck.besieged("2016-06-01", territory=territory, tables=other_war)
    assert len(ck.besieged("2016-06-01", territory=territory, tables=territory.tables))


@pytest.mark.slow
def test_sides_are_those_of_the_territory() -> None:
    """A side that was renamed, and a holder that only the caller's table knows."""
    actors, changes = ck.load_actors(), ck.load_control_changes()
    renamed = actors.assign(side=actors.side.where(actors.actor_id != "syria_gov", "damascus"))
    found = ck.besieged("2016-06-01", territory=ck.Territory.from_places(actors=renamed))
    assert set(found.side[found.actor_id == "syria_gov"]) == {"damascus"}
    twin = actors[actors.actor_id == "isis"].assign(actor_id="daesh")
    mine = ck.Territory.from_places(
        changes.replace({"from_actor": {"isis": "daesh"}, "to_actor": {"isis": "daesh"}}),
        actors=pd.concat([actors, twin], ignore_index=True),
    )
    pd.testing.assert_frame_equal(
        ck.nearest_fronts("al-qaim", "2017-11-03", territory=mine), ck.nearest_fronts("al-qaim", "2017-11-03")
    )


INNER, REST = box(40, 35, 40.6, 35.4), box(42, 34, 43, 36)


@pytest.fixture(scope="module")
def drawn() -> ck.Territory:
    """Return three drawings: a square is closed in, then opened to the edge of the drawing, then taken."""
    around = box(39, 34, 42, 36)
    rows = [
        ("2017-01-01", "isis", INNER.union(REST)),
        ("2017-01-01", "syria_gov", around - INNER),
        ("2017-03-01", "isis", INNER.union(REST)),
        ("2017-03-01", "syria_gov", around - box(40, 35, 40.6, 36)),
        ("2017-05-01", "isis", REST),
        ("2017-05-01", "syria_gov", around),
    ]
    return ck.Territory.from_polygons(gpd.GeoDataFrame(rows, columns=["date", "actor_id", "geometry"], crs=4326))


class TestDrawings:
    """What shapes can answer: a square of one side inside the land of another, the rest of it in the east."""

    def test_a_ring_is_found_and_its_end(self, drawn: ck.Territory) -> None:
        """All listed places inside, from the first drawing to the day after the ring is broken."""
        found = ck.besieged("2017-02-01", territory=drawn)
        places = ck.load_places().query("35 < latitude < 35.4 and 40 < longitude < 40.6")
        assert sorted(found.place_id) == sorted(places.place_id)
        assert set(found.side) == {"isis"}
        assert set(found.besieged_by) == {"assad"}
        assert set(found.since) == {pd.Timestamp("2017-01-01")}
        assert set(found.until) == {pd.Timestamp("2017-03-02")}
        assert found.area_km2[0] == pytest.approx(2425, abs=1)
        assert found.gap_km[0] == pytest.approx(127, abs=1)  # 1.4 degrees of longitude

    def test_a_way_out_is_told(self, drawn: ck.Territory) -> None:
        """Towards what is not drawn."""
        found = ck.besieged("2017-04-01", territory=drawn)
        assert found.empty
        (row,) = found.attrs["rejected"]
        assert row["side"] == "isis"
        assert "1 drawn shape, 2,425 km2: 27% of the edge is open, towards what is not drawn" in row["reason"]

    def test_a_pocket_without_a_listed_place_has_a_row(self) -> None:
        """Named by a point in it."""
        square = box(38.0, 33.0, 38.2, 33.2)
        rows = [("isis", square.union(REST)), ("syria_gov", box(37, 32.5, 42, 34) - square)]
        frame = gpd.GeoDataFrame(rows, columns=["actor_id", "geometry"], crs=4326).assign(date="2017-01-01")
        (row,) = ck.besieged("2017-01-01", territory=ck.Territory.from_polygons(frame)).to_dict("records")
        assert pd.isna(row["place_id"])
        assert row["name"] == row["pocket_id"] == "33.100, 38.100"
        assert (row["pocket_places"], row["actor_id"], pd.isna(row["until"])) == (0, "isis", True)

    def test_the_edge_of_a_drawn_shape(self, drawn: ck.Territory) -> None:
        """By who is drawn beyond it."""
        pocket = ck.pocket_at("deir-ez-zor", "2017-02-01", territory=drawn)
        assert pocket.side.tolist() == ["assad"]
        assert pocket.edge_km[0] == pytest.approx(198, abs=0.5)  # two of 54.7 km, two of 44.4
        assert "mayadin" in pocket.attrs["place_ids"]
        with pytest.raises(PlaceError, match=r"Nobody holds 'mosul'.*unknown"):
            ck.pocket_at("mosul", "2017-02-01", territory=drawn)

    def test_the_line_of_a_drawing_has_no_stated_doubt(self, drawn: ck.Territory) -> None:
        """Nearest point, length and sides as drawn; no places on either side."""
        (line,) = ck.nearest_fronts((35.2, 40.2), "2017-02-01", territory=drawn).to_dict("records")
        assert (line["side"], line["other_side"]) == ("isis", "assad")
        assert line["km"] == pytest.approx(18.2, abs=0.1)  # a fifth of a degree of longitude
        assert pd.isna(line["doubt_km"])
        assert line["place_id"] is None
        assert line["line_km"] == pytest.approx(198 + 222, abs=1)

    def test_a_day_before_the_first_drawing_is_refused(self, drawn: ck.Territory) -> None:
        """Nothing is known of it."""
        for ask in (ck.besieged, lambda day, **more: ck.pocket_at("raqqa", day, **more)):
            with pytest.raises(TerritoryError, match="before the first drawing"):
                ask("2016-01-01", territory=drawn)

    @pytest.mark.slow
    def test_what_is_drawn_like_the_cells_has_the_same_sieges(self, territory: ck.Territory) -> None:
        """The land of places, given back as drawings: the same places are besieged, by the same sides."""
        land = territory.at("2016-06-01").assign(date="2016-06-01")
        drawn = ck.Territory.from_polygons(land[["date", "actor_id", "geometry"]])
        one, other = (ck.besieged("2016-06-01", territory=model) for model in (territory, drawn))
        columns = ["place_id", "side", "besieged_by", "pocket_places"]
        pd.testing.assert_frame_equal(one[columns], other[columns], check_dtype=False)
        assert other.area_km2.tolist() == pytest.approx(one.area_km2.tolist(), rel=2e-3)

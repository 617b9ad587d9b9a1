"""Sieges found from geometry: the known ones on their days, the others set aside with a reason."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import conflictkit as ck
from conflictkit.deployments._ground import ground_of
from conflictkit.deployments._siege import OPEN_TO
from conflictkit.errors import DateError, PlaceError, UnknownNameError


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
    assert row.pocket_places == 2
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
        ("kobani", "2014-09-15", "border or coast"),
        ("afrin", "2016-01-15", "border or coast"),
        ("trebil", "2015-01-15", "border or coast"),
        ("nubl", "2015-06-15", "land of sdf"),
        ("mandali", "2016-01-15", "land of iraq"),
        ("eski-mosul", "2017-11-03", "land of iraq"),
    ],
)
def test_a_way_out_is_told(place: str, date: str, why: str) -> None:
    """Cut off from its side and not besieged: listed, with where the way leads."""
    found = ck.besieged(date)
    assert place not in set(found.place_id)
    reasons = {row["pocket_id"]: row["reason"] for row in found.attrs["rejected"]}
    assert why in reasons[place]


def test_the_known_miss_is_still_one() -> None:
    """Kuweires air base was besieged until November 2015; no place is listed around it. When it is found, say so."""
    assert "kuweires-air-base" not in shut("2015-06-01")


def test_an_open_edge_of_any_length_can_be_asked_for() -> None:
    """With 0 every way out counts, with 1 none but a wholly open one."""
    assert "amirli" not in shut("2014-08-01", outlet_share=0.1)
    assert "kobani" in shut("2014-09-15", outlet_share=0.9)


def test_sides_that_let_each_other_pass_took_nothing_by_force() -> None:
    """The pairs in the code are those of the table: no capture between them on a day without war, but June 2014."""
    changes, side = ck.load_control_changes(), ck.load_actors().set_index("actor_id")["side"]
    took = changes[changes.event.isin(["captured", "recaptured"])]
    for pair, war in OPEN_TO.items():
        between = took[
            [{side.get(a), side.get(b)} == pair for a, b in zip(took.from_actor, took.to_actor, strict=True)]
        ]
        if war is not None:
            between = between[~((between.valid_from >= war[0]) & (between.valid_from < war[1]))]
        assert set(between.place_id[between.valid_from >= "2014-07-01"]) <= {"khanasor"}


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
    ground = ground_of(territory)
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
    with pytest.raises(PlaceError, match=r"No cell for 'abu-kamel'.*abu-kamal"):
        ck.pocket_at("abu-kamel", "2016-06-01", territory=territory)
    with pytest.raises(PlaceError, match="Nobody holds 'hasakah'"):
        ck.pocket_at("hasakah", "2015-01-01", territory=territory)

"""Who backs whom, and who fights with and against whom."""

from __future__ import annotations

import pandas as pd

import conflictkit as ck

ACTORS = set(ck.load_actors().actor_id)


def pairs(date: str, **options: object) -> set[tuple[str, str]]:
    """Return the pairs that reports of a day name."""
    edges = ck.backing_at(date, **options)  # type: ignore[arg-type]
    return {(row.backer_id, row.actor_id) for row in edges.itertuples() if row.evidence == "report"}


def test_the_backers_that_the_report_of_the_day_names() -> None:
    """3 November 2017: the coalition, Iran and Russia, each behind those that the report names."""
    found = pairs("2017-11-03")
    assert {("cjtf_oir", "iraqi_army"), ("iran", "iraqi_army"), ("iran", "pmf"), ("cjtf_oir", "sdf")} <= found
    assert {("russia", "saa"), ("iran", "saa"), ("iran", "hezbollah")} <= found


def test_a_backer_comes_and_goes_with_the_reports() -> None:
    """Turkey backs the rebels at Jarabulus, 24 August 2016 to 29 March 2017; the first report has the date."""
    assert ("turkey", "rebels") not in pairs("2016-08-23")
    assert ("turkey", "rebels") in pairs("2016-08-24")
    assert ("turkey", "rebels") not in pairs("2017-03-30")
    edges = ck.backing_at("2017-03-01").set_index(["backer_id", "actor_id"])
    assert edges.since["turkey", "rebels"] == pd.Timestamp("2016-08-24")


def test_the_table_of_actors_gives_undated_pairs_only() -> None:
    """What no report of the day names is marked, has no date, and is never there twice."""
    edges = ck.backing_at("2017-11-03")
    standing = edges[edges.evidence == "standing"]
    assert ("usa", "sdf") in set(zip(standing.backer_id, standing.actor_id, strict=True))
    assert standing.since.isna().all()
    assert not edges.duplicated(["backer_id", "actor_id"]).any()
    assert set(edges.backer_id) | set(edges.actor_id) <= ACTORS
    assert edges.source_ids.str.len().gt(0).all()


def test_against_counts_places_taken_by_force() -> None:
    """Kirkuk and its land, 13 to 26 October 2017: 51 places from the Peshmerga, on neither day before."""
    after = ck.relations_at("2017-11-03").query("relation == 'against' and other_id == 'peshmerga'")
    assert (after.actor_id.item(), after["count"].item()) == ("iraq_gov", 51)
    before = ck.relations_at("2017-10-12").query("relation == 'against' and other_id == 'peshmerga'")
    assert before.empty


def test_a_contested_place_is_taken_from_its_last_holder() -> None:
    """Ramadi: contested before Iraqi forces took it back from the Islamic State."""
    changes = ck.load_control_changes().query("place_id == 'kobani'")
    taken = ck.relations_at("2015-02-01", changes=changes).query("relation == 'against'")
    assert "contested" not in {*taken.actor_id, *taken.other_id}
    assert "ypg" not in set(taken.other_id)


def test_alongside_before_mosul() -> None:
    """October 2016: the Peshmerga and Iraqi forces are reported on the offensive at one place."""
    table = ck.relations_at("2016-10-20").query("basis == 'same offensive'")
    assert ("iraqi_army", "peshmerga") in set(zip(table.actor_id, table.other_id, strict=True))
    assert set(table.relation) == {"alongside"}

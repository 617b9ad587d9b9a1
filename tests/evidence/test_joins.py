"""The join report: which codes name one row, which several, which none; and that the account of it is true."""

from __future__ import annotations

import conflictkit as ck
from conflictkit.evidence import join_lines
from conflictkit.evidence._joins import joins
from conflictkit.files import data_folder


def test_shared_ids_are_ambiguous_and_missing_ones_unmatched() -> None:
    """An id of two actors, or one with a question mark, names nobody for sure; a list counts once a row."""
    tables = ck.Tables.shipped()
    actors = tables.actors.copy()
    at = actors.set_index("actor_id").index.get_indexer(["isis", "sdf", "ypg", "hezbollah"])
    column = actors.columns.get_loc("ucdp_ids")
    before = next(join for join in joins(tables) if join.column == "ucdp_ids")
    actors.iloc[at, column] = ["234;9", "9", "4163?", None]
    found = next(join for join in joins(tables.replace(actors=actors)) if join.column == "ucdp_ids")
    assert set(found.ambiguous) == {"isis", "sdf", "ypg"}
    assert "hezbollah" in found.unmatched
    assert found.matched == before.matched - 3


def test_places_that_share_a_name() -> None:
    """Named, the first four; nothing else of the shipped tables is ambiguous but the YPG."""
    lines = list(join_lines(ck.Tables.shipped()))
    shared = next(line for line in lines if "name, folded" in line)
    assert "18 ambiguous (al-jalaa, " in shared
    assert shared.endswith(", ...), 0 unmatched")
    assert [join.ambiguous for join in joins(ck.Tables.shipped()) if join.ambiguous and join.table != "places"] == [
        ("ypg",)
    ]


def test_no_name_is_that_of_two_actors() -> None:
    """Names, ids and aliases: a file that uses one means one actor."""
    owners: dict[str, set[str]] = {}
    for actor in ck.load_actors().itertuples():
        for name in (actor.actor_id, actor.name, *(actor.aliases.split(";") if isinstance(actor.aliases, str) else ())):
            owners.setdefault(name.casefold(), set()).add(actor.actor_id)
    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}


def test_tables_without_codes_have_nothing_to_join_by(other_war: ck.Tables) -> None:
    """A column that nobody filled in gives no line."""
    assert not [line for line in join_lines(other_war) if "ucdp_ids" in line or "wikidata" in line]


def test_account_of_the_joins_is_true() -> None:
    """The table of data/README.md is what the shipped tables give."""
    text = (data_folder() / "README.md").read_text(encoding="utf-8")
    for join in joins(ck.Tables.shipped()):
        counts = " | ".join(f"{count:,}" for count in (join.matched, len(join.ambiguous), len(join.unmatched)))
        assert f"| {join.table} | {join.column} | {counts} |" in text

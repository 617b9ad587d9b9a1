"""The palette and the words: colours that everybody can tell apart, names drawn as they are written."""

from __future__ import annotations

from itertools import combinations

import pytest
from eyes import distance

import conflictkit as ck
from conflictkit import look

PAINTS = look.palette(ck.load_actors())

# Who can touch whom on a map of this war: any two of these.
HOLDERS = (
    *("isis", "iraq_gov", "syria_gov", "sdf", "ypg", "peshmerga", "krg"),
    *("rebels", "turkey_rebels", "hts", "contested", "none"),
)

# Distances in CAM02-UCS, where 1 is about what the eye can tell side by side.
FULL_APART, TINT_APART, TWO_LEVELS_APART = 10.0, 4.5, 9.0


@pytest.mark.parametrize(("one", "other"), list(combinations(HOLDERS, 2)))
def test_neighbours_on_a_map_are_told_apart_with_any_colour_vision(one: str, other: str) -> None:
    """Two holders differ by hatch or by colour, in full and in tint; only an actor and its parent may look the same."""
    first, second = PAINTS[one], PAINTS[other]
    if first.look == second.look:
        assert other == first.parent or one == second.parent
        return
    if first.hatch != second.hatch:
        return
    tints = look.tint(first.color), look.tint(second.color)
    assert distance(first.color, second.color) >= FULL_APART
    assert distance(*tints) >= TINT_APART
    if "none" not in {one, other}:  # which has no core
        assert distance(first.color, tints[1]) >= TINT_APART
        assert distance(tints[0], second.color) >= TINT_APART


@pytest.mark.parametrize("holder", [holder for holder in HOLDERS if holder != "none"])
def test_core_and_claimed_of_one_holder_are_told_apart(holder: str) -> None:
    """The tint of a colour is not the colour."""
    assert distance(PAINTS[holder].color, look.tint(PAINTS[holder].color)) >= TWO_LEVELS_APART


def test_the_palette_is_the_table_of_actors() -> None:
    """Every actor has the colour, the hatch and the name of its row."""
    actors = ck.load_actors().set_index("actor_id")
    assert set(PAINTS) == set(actors.index)
    assert {actor: paint.color for actor, paint in PAINTS.items()} == actors["color"].to_dict()
    assert {actor: paint.hatch for actor, paint in PAINTS.items()} == actors["hatch"].fillna("").to_dict()


@pytest.mark.parametrize(("color", "expected"), [("#FFFFFF", 1.0), ("#000000", 21.0), ("#767676", 4.54)])
def test_contrast_follows_wcag(color: str, expected: float) -> None:
    """Known pairs: white on white, black on white, the grey that just passes for text."""
    assert look.contrast(color) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("color", [look.INK, look.MUTED])
def test_text_is_readable_on_white(color: str) -> None:
    """Text has a contrast of at least 4.5:1."""
    assert look.contrast(color) >= 4.5


@pytest.mark.parametrize("actor", PAINTS)
def test_marks_are_seen_on_white(actor: str) -> None:
    """The ink of every actor has a contrast of at least 3:1, and is its own colour where that is enough."""
    paint = PAINTS[actor]
    assert look.contrast(paint.ink) >= 3
    assert (paint.ink == paint.color) == (look.contrast(paint.color) >= 3)


def test_mix_takes_shares() -> None:
    """None, half and all of another colour."""
    assert [look.mix("#204060", "#FFFFFF", share) for share in (0, 0.5, 1)] == ["#204060", "#90A0B0", "#FFFFFF"]


def test_a_long_name_is_shortened_to_an_alias() -> None:
    """A key has room for 29 letters."""
    assert PAINTS["cjtf_oir"].short == "CJTF-OIR"
    assert PAINTS["isis"].short == "Islamic State"


def test_folding_joins_a_child_painted_like_a_parent_that_holds_land() -> None:
    """The YPG with the SDF; not the Peshmerga, whose parent holds nothing, nor rebels in another colour."""
    holders = ["ypg", "sdf", "peshmerga", "turkey_rebels", "rebels"]
    assert look.folded(holders, PAINTS) == {"ypg": "sdf"}
    assert look.folded(holders, PAINTS, apart=["sdf", "ypg"]) == {}
    assert look.folded(["ypg"], PAINTS) == {}

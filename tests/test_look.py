"""The palette and the words: colours that everybody can tell apart, names drawn as they are written."""

from __future__ import annotations

from itertools import combinations

import pandas as pd
import pytest
from eyes import distance
from hypothesis import given
from hypothesis import strategies as st

import conflictkit as ck
from conflictkit.charts import style

PAINTS = style.palette()

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
    tints = style.tint(first.color), style.tint(second.color)
    assert distance(first.color, second.color) >= FULL_APART
    assert distance(*tints) >= TINT_APART
    if "none" not in {one, other}:  # which has no core
        assert distance(first.color, tints[1]) >= TINT_APART
        assert distance(tints[0], second.color) >= TINT_APART


@pytest.mark.parametrize("holder", [holder for holder in HOLDERS if holder != "none"])
def test_core_and_claimed_of_one_holder_are_told_apart(holder: str) -> None:
    """The tint of a colour is not the colour."""
    assert distance(PAINTS[holder].color, style.tint(PAINTS[holder].color)) >= TWO_LEVELS_APART


def test_the_palette_is_the_table_of_actors() -> None:
    """Every actor has the colour, the hatch and the name of its row."""
    actors = ck.load_actors().set_index("actor_id")
    assert set(PAINTS) == set(actors.index)
    assert {actor: paint.color for actor, paint in PAINTS.items()} == actors["color"].to_dict()
    assert {actor: paint.hatch for actor, paint in PAINTS.items()} == actors["hatch"].fillna("").to_dict()


@pytest.mark.parametrize(("color", "expected"), [("#FFFFFF", 1.0), ("#000000", 21.0), ("#767676", 4.54)])
def test_contrast_follows_wcag(color: str, expected: float) -> None:
    """Known pairs: white on white, black on white, the grey that just passes for text."""
    assert style.contrast(color) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("color", [style.INK, style.MUTED])
def test_text_is_readable_on_white(color: str) -> None:
    """Text has a contrast of at least 4.5:1."""
    assert style.contrast(color) >= 4.5


@pytest.mark.parametrize("actor", PAINTS)
def test_marks_are_seen_on_white(actor: str) -> None:
    """The ink of every actor has a contrast of at least 3:1, and is its own colour where that is enough."""
    paint = PAINTS[actor]
    assert style.contrast(paint.ink) >= 3
    assert (paint.ink == paint.color) == (style.contrast(paint.color) >= 3)


def test_mix_takes_shares() -> None:
    """None, half and all of another colour."""
    assert [style.mix("#204060", "#FFFFFF", share) for share in (0, 0.5, 1)] == ["#204060", "#90A0B0", "#FFFFFF"]


def test_a_long_name_is_shortened_to_an_alias() -> None:
    """A key has room for 29 letters."""
    assert PAINTS["cjtf_oir"].short == "CJTF-OIR"
    assert PAINTS["isis"].short == "Islamic State"


def test_folding_joins_a_child_painted_like_a_parent_that_holds_land() -> None:
    """The YPG with the SDF; not the Peshmerga, whose parent holds nothing, nor rebels in another colour."""
    holders = ["ypg", "sdf", "peshmerga", "turkey_rebels", "rebels"]
    assert style.folded(holders, PAINTS) == {"ypg": "sdf"}
    assert style.folded(holders, PAINTS, apart=["sdf", "ypg"]) == {}
    assert style.folded(["ypg"], PAINTS) == {}


@pytest.mark.parametrize(
    ("bounds", "text"),
    [
        ((1500, None, 2500), "1,500\N{EN DASH}2,500"),
        ((None, 3000, None), "3,000"),
        ((200_000, None, None), "200,000+"),
        ((None, None, 850), "up to 850"),
        ((20_000, 20_000, None), "20,000"),
    ],
)
def test_figures_are_written_as_published(bounds: tuple[float | None, ...], text: str) -> None:
    """A range, a single figure, at least, at most."""
    assert style.figures(pd.DataFrame([bounds], columns=["low", "best", "high"], dtype=float)) == [text]


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ([], ""),
        (["A"], "A"),
        (["A", "B", "A"], "A and B"),
        (list("ABCD"), "A, B, C and D"),
        (list("ABCDE"), "A, B, C and 2 others"),
    ],
)
def test_names_are_listed_as_in_prose(names: list[str], text: str) -> None:
    """Each once, the rest counted."""
    assert style.listed(names) == text


@given(st.lists(st.text(min_size=1), max_size=9))
def test_a_list_of_names_loses_nobody(names: list[str]) -> None:
    """Named or counted, everybody is there."""
    once = list(dict.fromkeys(names))
    text = style.listed(names)
    named = once if len(once) <= 4 else once[:3]
    assert all(name in text for name in named)
    assert len(once) == len(named) or text.endswith(f" and {len(once) - 3} others")


def test_credit_counts_pages_and_publishers() -> None:
    """Each page once; rows without a page do not count."""
    ids = ck.load_sources()["source_id"].head(3)
    text = style.credit(pd.concat([ids, ids, pd.Series([None], dtype="str")]))
    assert text.startswith("Sources: 3 pages by ")
    assert text.endswith(f"conflictkit {ck.__version__}.")
    assert style.credit(ids.head(0)) == f"conflictkit {ck.__version__}."

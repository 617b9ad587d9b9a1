"""Who belongs to whom: lines, parts and sides, and circles that are walked once."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conflictkit import load_actors
from conflictkit.actors import NOBODY, Hierarchy

SMALL = Hierarchy({"brigade": "division", "division": "army", "army": "state", "guard": "state"}, {"state": "north"})
NAMES = st.sampled_from("abcdef")
ANY = st.dictionaries(NAMES, NAMES).map(lambda parent: Hierarchy(parent, {}))  # circles and oneself among them


def test_lines_and_parts() -> None:
    """Up to the top, down to the last, each once, nearest first."""
    assert SMALL.line("brigade") == ["brigade", "division", "army", "state"]
    assert SMALL.parts("state") == ["state", "army", "guard", "division", "brigade"]
    assert SMALL.parts("brigade") == ["brigade"]
    assert SMALL.line("stranger") == SMALL.parts("stranger") == ["stranger"]
    assert SMALL.top("brigade") == SMALL.top("state") == "state"
    assert SMALL.within("brigade", "army")
    assert not SMALL.within("army", "brigade")
    assert SMALL.within("army", "army")
    assert SMALL.related("army", "brigade")
    assert SMALL.related("brigade", "army")
    assert not SMALL.related("guard", "brigade")


def test_circles_are_walked_once() -> None:
    """A table that names its own child as parent ends nowhere, and hangs nothing."""
    circle = Hierarchy({"a": "b", "b": "c", "c": "a", "d": "d"}, {})
    assert circle.line("a") == ["a", "b", "c"]
    assert sorted(circle.parts("a")) == ["a", "b", "c"]
    assert circle.line("d") == circle.parts("d") == ["d"]


@given(ANY, NAMES, NAMES)
def test_lines_and_parts_tell_the_same(tree: Hierarchy, one: str, other: str) -> None:
    """Whoever has an actor above is one of its parts; nobody stands in a line twice."""
    assert (other in tree.line(one)) == (one in tree.parts(other)) == tree.within(one, other)
    assert len(set(tree.line(one))) == len(tree.line(one))
    assert len(set(tree.parts(one))) == len(tree.parts(one))
    assert tree.top(one) == tree.line(one)[-1]
    assert tree.related(one, other) == tree.related(other, one)
    assert tree.related(one, one)


def test_a_table_of_actors_is_read_with_its_gaps() -> None:
    """No parent and no side are no parent and no side."""
    actors = pd.DataFrame({"actor_id": ["a", "b", "c"], "parent_id": [None, "a", None], "side": ["x", "x", None]})
    tree = Hierarchy.of(actors)
    assert (dict(tree.parent), dict(tree.side)) == ({"b": "a"}, {"a": "x", "b": "x"})
    assert Hierarchy.of(actors.head(0)) == Hierarchy({}, {})


def test_the_shipped_table() -> None:
    """The PMF belong to the government of Iraq, and its brigades to them."""
    tree = Hierarchy.of(load_actors())
    assert tree.line("kataib_hezbollah") == ["kataib_hezbollah", "pmf", "iraq_gov"]
    assert "kataib_hezbollah" in tree.parts("iraq_gov")
    assert tree.side["pmf"] == "iraq"
    assert not set(NOBODY) & set(tree.side)


@pytest.mark.parametrize("holder", NOBODY)
def test_nobody_is_part_of_nothing(holder: str) -> None:
    """Contested, none and unknown stand alone."""
    assert Hierarchy.of(load_actors()).line(holder) == [holder]

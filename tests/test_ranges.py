"""Ranges: read, added end by end, put side by side, written out."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conflictkit.ranges import Range, envelope, total

NAN = math.nan


@pytest.mark.parametrize(
    ("parts", "cells"),
    [
        ([Range(best=5), Range(best=7)], (None, 12, None)),
        ([Range(1, NAN, 2), Range(3, NAN, 4)], (4, None, 6)),
        ([Range(1, NAN, 2), Range(best=5)], (6, None, 7)),
        ([Range(low=400), Range(best=150)], (550, None, None)),
        ([Range(high=60), Range(high=40)], (None, None, 100)),
        ([Range(low=400), Range(high=60)], (None, None, None)),
        ([Range(), Range(1, NAN, 2)], (1, None, 2)),
        ([], (None, None, None)),
    ],
)
def test_sums(parts: list[Range], cells: tuple[float | None, ...]) -> None:
    """Points add to a point, ranges to a range, a missing end stays missing."""
    assert tuple(None if math.isnan(end) else end for end in total(parts).cells) == cells


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=2, max_size=6))
def test_a_sum_is_as_wide_as_its_parts(ends: list[tuple[int, int]]) -> None:
    """Full dependence: widths add up, whatever the order."""
    parts = [Range(min(pair), NAN, max(pair)) for pair in ends]
    added, turned = total(parts), total(parts[::-1])
    assert (added.low, added.high) == (turned.low, turned.high)
    assert added.high - added.low == sum(part.high - part.low for part in parts)


def test_words() -> None:
    """Each kind as a reader would write it."""
    figures = [Range(1500, NAN, 2500), Range(best=4000), Range(low=400), Range(high=850), Range()]
    words = ["1,500\N{EN DASH}2,500", "4,000", "at least 400", "at most 850", "no figure"]
    assert [str(figure) for figure in figures] == words
    assert str(envelope([Range(best=600), Range(best=150)])) == "150\N{EN DASH}600"


def test_a_single_figure_stands_in_best_alone() -> None:
    """In a table a figure has one cell; as a range both of its ends are the figure."""
    figure = Range(best=4000)
    assert (figure.low, figure.high) == (4000, 4000)
    assert math.isnan(figure.cells[0])
    assert figure.cells[1] == 4000

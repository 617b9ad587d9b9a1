"""A row a node, with its strength in words and as a mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import conflictkit as ck
from conflictkit.errors import TableError

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def texts(ax: Axes) -> list[str]:
    """Return all words of some axes and their panels, without line breaks."""
    return [text.get_text().replace("\n", " ") for axes in (ax, *ax.child_axes) for text in axes.texts]


@pytest.mark.parametrize("date", ["2015-06-15", "2016-10-20", "2017-06-10", "2017-11-03", "2018-10-15"])
def test_every_node_and_every_strength_is_written(date: str) -> None:
    """Five dates: all names, all figures, 'no figure' for the rest."""
    order = ck.order_of_battle(date)
    words = texts(ck.plot_order_of_battle(order))
    assert {name for name in order.frame.name if len(name) < 40} <= set(words)
    bounds = order.frame[["strength_low", "strength_best", "strength_high"]].isna().all(axis=1)
    assert words.count("no figure") == bounds.sum()


def test_parts_that_are_there_only_above_are_in_italics() -> None:
    """Nobody reports the Government of Iraq itself on 3 November 2017."""
    ax = ck.plot_order_of_battle(ck.order_of_battle("2017-11-03"))
    style = {text.get_text(): text.get_fontstyle() for text in ax.texts}
    assert style["Government of Iraq"] == "italic"
    assert style["Iraqi Army"] == "normal"


def test_an_empty_day_is_refused() -> None:
    """Nothing to draw, and what to try."""
    with pytest.raises(TableError, match="Try another day"):
        ck.plot_order_of_battle(ck.order_of_battle("2014-01-01"))

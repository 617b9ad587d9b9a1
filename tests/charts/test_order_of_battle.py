"""A row a node, with its strength in words and as a mark."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

import conflictkit as ck
from conflictkit import look
from conflictkit.errors import TableError
from conflictkit.ranges import ranges_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def texts(ax: Axes) -> list[str]:
    """Return all words of some axes and their panels, without line breaks."""
    return [text.get_text().replace("\n", " ") for axes in (ax, *ax.child_axes) for text in axes.texts]


@pytest.mark.parametrize("date", ["2015-06-15", "2016-10-20", "2017-06-10", "2017-11-03", "2018-10-15"])
def test_every_node_and_every_strength_is_written(date: str) -> None:
    """Five dates: the names of all with a figure, their figures, and of each side how many have none."""
    order = ck.order_of_battle(date)
    words = texts(ck.plot_order_of_battle(order))
    frame = order.frame
    known = frame[frame.with_figure > 0]
    assert {name for name in known.name if len(name) < 30} <= set(words)
    assert set(map(str, ranges_of(known[known.level > 0], prefix="strength_"))) <= set(words)
    for side in frame[frame.level == 0].itertuples():
        coverage = f"({side.with_figure} of {side.forces} force{'' if side.forces == 1 else 's'})"
        assert any(word.endswith(coverage) for word in words)
    silent = frame[frame.reported & (frame.with_figure == 0)].groupby("side").size()
    assert sorted(int(word.split(" ", 1)[0]) for word in words if " without a figure: " in word) == sorted(silent)


def test_parts_that_are_there_only_above_are_in_italics() -> None:
    """Nobody reports the Kurdistan Regional Government itself at Mosul."""
    ax = ck.plot_order_of_battle(ck.order_of_battle("2016-10-20", place_id="mosul"))
    style = {text.get_text(): text.get_fontstyle() for text in ax.texts}
    assert style["Kurdistan Regional Government"] == "italic"
    assert style["Iraqi Army"] == "normal"


def test_the_sum_of_few_is_no_strength_of_a_side() -> None:
    """On 3 November 2017 four of ten forces of the coalition have a figure: their sum is grey, not bold."""
    ax = ck.plot_order_of_battle(ck.order_of_battle("2017-11-03"))
    (panel,) = ax.child_axes
    (few,) = [text for text in panel.texts if text.get_text() == "at least 1,600 (4 of 10 forces)"]
    assert (few.get_fontweight(), few.get_color()) == ("normal", look.MUTED)


def test_numbers_under_the_scale_do_not_touch() -> None:
    """Five decades: every second is named."""
    ax = ck.plot_order_of_battle(ck.order_of_battle("2017-06-10"))
    (panel,) = ax.child_axes
    panel.figure.canvas.draw()
    boxes = [tick.get_window_extent() for tick in panel.get_xticklabels() if tick.get_text()]
    assert len(boxes) >= 2
    assert all(left.x1 + 2 < right.x0 for left, right in itertools.pairwise(boxes))


def test_an_empty_day_is_refused() -> None:
    """Nothing to draw, and what to try."""
    with pytest.raises(TableError, match="Try another day"):
        ck.plot_order_of_battle(ck.order_of_battle("2014-01-01"))

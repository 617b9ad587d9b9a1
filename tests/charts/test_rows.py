"""Pictures in rows: words keep off each other; a mark shows what a row gives."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest
from matplotlib.text import Text

from conflictkit.charts import _marks as marks
from conflictkit.charts import _rows
from conflictkit.ranges import Range

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

NAN = float("nan")


@pytest.mark.parametrize("name", ["presence, all", "order_of_battle", "backing"])
def test_rows_of_words_keep_off_each_other(name: str, drawing: Callable[..., Any]) -> None:
    """No word of a row runs into another, or out of the figure."""
    ax = drawing(name).ax
    written = [text for axes in (ax, *ax.child_axes) for text in axes.texts if text.get_text().strip()]
    boxes = [Text.get_window_extent(text) for text in written if text.get_visible()]
    page = ax.figure.bbox
    assert boxes
    assert all(page.x0 - 1 <= box.x0 and box.x1 <= page.x1 + 1 for box in boxes)
    assert not any(one.padded(-1.5).overlaps(other.padded(-1.5)) for one, other in combinations(boxes, 2))


@pytest.mark.parametrize(
    ("figure", "kind", "bars", "points"),
    [
        (Range(1, high=3), marks.RANGE, 1, []),
        (Range(1, 2, 3), marks.RANGE, 1, [2]),
        (Range(best=2), marks.SINGLE, 0, [2]),
        (Range(2, high=2), marks.SINGLE, 0, [2]),
        (Range(low=1), marks.AT_LEAST, 0, [1]),
        (Range(high=3), marks.AT_MOST, 0, [3]),
        (Range(1, 2), marks.SINGLE, 0, [2]),
        (Range(), "", 0, []),
    ],
)
def test_a_mark_is_what_the_row_gives(figure: Range, kind: str, bars: int, points: list[float], narrow: Axes) -> None:
    """A range is a bar, a figure a point, a bound an arrow, and nothing is nothing."""
    assert marks.kind_of(figure) == kind
    _rows.draw_mark(narrow, 0, figure, color="#333333")
    assert len(narrow.collections) == bars
    assert [float(line.get_xdata()[0]) for line in narrow.lines] == points

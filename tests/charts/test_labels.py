"""Labels find places where they cover neither each other nor a mark."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.text import Text

from conflictkit.charts import _labels
from conflictkit.charts._labels import AROUND, EndLabels, Labels, Spot, rings, spread

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes
    from matplotlib.text import Annotation

positions = st.lists(st.floats(0, 400), min_size=1, max_size=12)


def note(ax: Axes, words: str, x: float, y: float) -> Annotation:
    """Return a label with a leader, anchored at a point of the data."""
    leader = {"arrowstyle": "-"}
    return ax.annotate(words, (x, y), xytext=(6, 0), textcoords="offset points", fontsize=8, arrowprops=leader)


@given(positions)
def test_spread_keeps_order_distance_and_bounds(targets: list[float]) -> None:
    """Whatever the targets: apart, in their order, inside as they fit."""
    found = spread(np.array(targets), 20.0, 0.0, 400.0)
    ordered = found[np.argsort(targets, kind="stable")]
    assert (np.diff(ordered) >= 20 - 1e-6).all()
    assert found.min() >= -1e-6
    assert found.max() <= 400 + 1e-6


@given(positions)
def test_spread_leaves_alone_what_is_apart(targets: list[float]) -> None:
    """Labels that do not touch stay at the ends of their lines."""
    apart = np.array(sorted(targets)) + 25.0 * np.arange(len(targets))
    assert spread(apart, 20.0, 0.0, 1000.0) == pytest.approx(apart)


def test_labels_of_one_point_do_not_overlap(narrow: Axes, placed: Callable[[Axes], dict[str, object]]) -> None:
    """Eight labels of one point all find a spot; later ones get a line to it."""
    labels = Labels(narrow)
    for number in range(8):
        labels.add(note(narrow, f"label {number}", 0.5, 0.5), rings(16, 30, 50), required=True)
    assert len(placed(narrow)) == 8
    far = [text for text, _, _ in labels.items if np.hypot(*text.get_position()) > 12]
    assert far
    assert all(text.arrow_patch.get_visible() for text in far)


def test_an_optional_label_without_room_is_left_out(narrow: Axes, placed: Callable[[Axes], dict[str, object]]) -> None:
    """The first label has the choice; the second, with the same single spot, is not drawn."""
    labels, spot = Labels(narrow), [Spot(6, 0, "left", "center")]
    for name in ("first", "second"):
        labels.add(note(narrow, name, 0.5, 0.5), spot)
    assert set(placed(narrow)) == {"first"}


def test_a_required_label_is_drawn_even_without_room(narrow: Axes) -> None:
    """Better two labels that overlap than a mark that nobody can name."""
    labels, spot = Labels(narrow), [Spot(6, 0, "left", "center")]
    for name in ("first", "second"):
        labels.add(note(narrow, name, 0.5, 0.5), spot, required=True)
    narrow.figure.draw_without_rendering()
    assert all(text.get_visible() for text, _, _ in labels.items)


def test_a_mark_is_not_covered(narrow: Axes) -> None:
    """With a mark to the right of the point, the label goes elsewhere."""
    labels = Labels(narrow)
    labels.add(note(narrow, "label", 0.5, 0.5), AROUND)
    narrow.figure.draw_without_rendering()
    before = labels.items[0][0].get_position()
    labels.marks.append((0.52, 0.5, 0.52, 0.5, 5, 5, 5, 5))
    narrow.figure.draw_without_rendering()
    assert before == (6, 0)
    assert labels.items[0][0].get_position() != before


def test_a_line_is_avoided_where_another_spot_is_free(narrow: Axes) -> None:
    """A horizontal line through the point sends the label above it."""
    labels = Labels(narrow)
    labels.lines += narrow.plot([0, 1], [0.5, 0.5])
    labels.add(note(narrow, "label", 0.5, 0.5), AROUND)
    narrow.figure.draw_without_rendering()
    assert labels.items[0][0].get_va() == "bottom"


def test_labels_are_placed_again_when_the_figure_changes(
    narrow: Axes, placed: Callable[[Axes], dict[str, object]]
) -> None:
    """A smaller figure moves points together; the labels still do not overlap."""
    labels = Labels(narrow)
    narrow.set_xlim(0, 1)
    for number in range(6):
        labels.add(note(narrow, f"label {number}", 0.2 + number / 10, 0.5), AROUND)
    placed(narrow)
    narrow.figure.set_size_inches(3, 2.5)
    placed(narrow)


def test_labels_of_lines_that_end_together_are_spread(narrow: Axes) -> None:
    """Four lines that end at zero: four labels, none over another."""
    texts = [
        narrow.annotate(
            name, (1, 0.0), xycoords=("axes fraction", "data"), xytext=(14, 0), textcoords="offset points", va="center"
        )
        for name in "ABCD"
    ]
    EndLabels(narrow, texts)
    narrow.set_ylim(0, 1)
    narrow.figure.draw_without_rendering()
    boxes = sorted((Text.get_window_extent(text) for text in texts), key=lambda box: box.y0)
    assert all(low.y1 <= high.y0 + 0.5 for low, high in pairwise(boxes))


def test_looking_first_what_can_be_placed_changes_no_label(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many labels most have no room: to leave them unmeasured gives the picture that measuring each one gives."""

    def placed() -> list[tuple[str, tuple[float, float]]]:
        rng = np.random.default_rng(7)
        ax = plt.subplots(figsize=(3, 3), dpi=72)[1]
        labels = Labels(ax)
        for number, (x, y) in enumerate(rng.random((400, 2))):
            labels.marks.append((x, y, x, y, 3, 3, 3, 3))
            text = ax.annotate(f"Place {number}", (x, y), xytext=(6, 0), textcoords="offset points", fontsize=6)
            labels.add(text, required=number % 97 == 0)
        ax.figure.draw_without_rendering()
        return [(text.get_text(), text.get_position()) for text, _, _ in labels.items if text.get_visible()]

    looked_first = placed()
    monkeypatch.setattr(_labels, "MANY", 1_000)
    assert looked_first == placed()
    assert 5 < len(looked_first) < 100

"""Figures of one time: one row each, sorted within each definition."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import gallery
import pytest

import conflictkit as ck

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes


def lines_of(ax: Axes) -> list[tuple[str, float]]:
    """Return the text at the left of each row, with its height in pixels."""
    (panel,) = ax.child_axes
    panel.figure.draw_without_rendering()
    return [(tick.get_text(), tick.get_window_extent().y0) for tick in panel.get_yticklabels()]


@pytest.mark.slow
@pytest.mark.parametrize("size", ["five", "forty", "all"])
def test_each_figure_has_a_row_and_no_row_covers_another(size: str, drawing: Callable[..., Any]) -> None:
    """As many rows as figures, a line apart, inside the picture on every side."""
    rows = {"five": gallery.THEATRE.tail(5), "forty": gallery.THEATRE, "all": gallery.ESTIMATES}[size]
    drawn = {"forty": "disagreement", "all": "disagreement, all"}
    ax = drawing(drawn[size]).ax if size in drawn else ck.plot_disagreement(rows)
    lines = lines_of(ax)
    assert len(lines) == rows["origin"].isna().sum()
    heights = sorted(height for _, height in lines)
    assert all(b - a > 9 for a, b in pairwise(heights))
    page = ax.figure.bbox
    for text in (*ax.child_axes[0].texts, *ax.child_axes[0].get_yticklabels()):
        box = text.get_window_extent()
        assert page.x0 - 1 <= box.x0, text.get_text()
        assert box.x1 <= page.x1 + 1, text.get_text()


@pytest.mark.slow
def test_they_are_sorted_within_each_definition(drawing: Callable[..., Any]) -> None:
    """The first row of a definition is its smallest figure; the title is the head of a single one."""
    ax = drawing("disagreement").ax
    assert lines_of(ax)[0][0].startswith("CJTF-OIR  27 Dec 2017")
    assert not [text for text in ax.child_axes[0].texts if text.get_fontweight() == "bold"]
    title = " ".join(ax.get_title(loc="left").split())
    assert title == "Islamic State: fighters, Iraq and Syria: 44 figures from 1,000 to 200,000"
    mixed = drawing("disagreement, all").ax
    groups = gallery.ESTIMATES.groupby(["actor_id", "quantity", "scope"]).ngroups
    assert sum(text.get_fontweight() == "bold" for text in mixed.child_axes[0].texts) == groups


def test_bounds_are_written_as_everywhere(drawing: Callable[..., Any]) -> None:
    """One spelling of a range in all of the kit."""
    words = {text.get_text() for text in drawing("disagreement").ax.child_axes[0].texts}
    assert {"at most 1,000", "at least 200,000", "20,000\N{EN DASH}31,500", "33,000"} <= words


def test_arrows_lie_in_the_key_as_in_the_rows(drawing: Callable[..., Any]) -> None:
    """At least points to the right, where a greater figure is."""
    legend = drawing("disagreement").ax.get_legend()
    entries = dict(zip((text.get_text() for text in legend.get_texts()), legend.legend_handles, strict=True))
    tip = entries["at least"].get_marker().vertices
    assert tip[:, 0].max() == pytest.approx(1)
    assert entries["at most"].get_marker().vertices[:, 0].min() == pytest.approx(-1)

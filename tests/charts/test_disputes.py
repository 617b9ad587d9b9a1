"""Disagreement, pool, stock and flow: one row a figure, bands where they belong, hollow marks, sums that fail."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import pytest
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle

import conflictkit as ck
from conflictkit.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd
    from matplotlib.axes import Axes

ESTIMATES = ck.load_fighter_estimates()
ISIS = ESTIMATES[ESTIMATES["actor_id"] == "isis"]
WHOLE = ISIS[ISIS["scope"] == "iraq_syria"]
FIGHTERS = WHOLE[WHOLE["quantity"] == "fighters"]
YEAR = FIGHTERS[FIGHTERS["as_of"].between("2014-08-01", "2014-12-31")]
SIZES = {"five": FIGHTERS.tail(5), "forty": FIGHTERS, "all": ESTIMATES}


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")


def lines_of(ax: Axes) -> list[tuple[str, float]]:
    """Return the text at the left of each row, with its height in pixels."""
    (panel,) = ax.child_axes
    panel.figure.draw_without_rendering()
    return [(tick.get_text(), tick.get_window_extent().y0) for tick in panel.get_yticklabels()]


def bands(ax: Axes) -> list[tuple[float, float]]:
    """Return the left and right end of each band."""
    (panel,) = ax.child_axes
    patches = [patch for patch in panel.patches if isinstance(patch, Rectangle)]
    return sorted((patch.get_x(), patch.get_x() + patch.get_width()) for patch in patches)


def words(ax: Axes) -> list[str]:
    """Return the words of the key."""
    legend = ax.get_legend()
    assert legend is not None
    return [text.get_text() for text in legend.get_texts()]


@pytest.mark.parametrize("rows", SIZES.values(), ids=SIZES)
def test_each_figure_has_a_row_and_no_row_covers_another(rows: pd.DataFrame) -> None:
    """As many rows as figures, a line apart, inside the picture on every side."""
    ax = ck.plot_disagreement(rows)
    lines = lines_of(ax)
    assert len(lines) == len(rows)
    heights = sorted(height for _, height in lines)
    assert all(b - a > 9 for a, b in pairwise(heights))
    page = ax.figure.bbox
    for text in (*ax.child_axes[0].texts, *ax.child_axes[0].get_yticklabels()):
        box = text.get_window_extent()
        assert page.x0 - 1 <= box.x0, text.get_text()
        assert box.x1 <= page.x1 + 1, text.get_text()


def test_disagreement_is_sorted_within_each_definition() -> None:
    """The first row of a definition is its smallest figure, and its head has the factor."""
    ax = ck.plot_disagreement(FIGHTERS)
    assert lines_of(ax)[0][0].startswith("CJTF-OIR  27 Dec 2017")
    heads = [text.get_text() for text in ax.child_axes[0].texts if text.get_fontweight() == "bold"]
    assert heads == ["Islamic State: fighters, Iraq and Syria, largest 200 times the smallest"]
    mixed = ck.plot_disagreement(ESTIMATES)
    groups = ESTIMATES.groupby(["actor_id", "quantity", "scope"]).ngroups
    assert sum(text.get_fontweight() == "bold" for text in mixed.child_axes[0].texts) == groups


def test_pool_has_two_bands_and_the_centre(caption: Callable[[Axes], str]) -> None:
    """The bands are those of the pool; the key tells them apart; the caption warns."""
    pool = ck.pool_estimates(YEAR)
    ax = ck.plot_pool(pool)
    assert bands(ax) == sorted([(pool.low, pool.high), (pool.next.low, pool.next.high)])
    assert {"where the centre lies, 90 %", "where the next figure would fall, 90 %"} <= set(words(ax))
    assert "less sure than the dark band" in caption(ax)
    assert any("without it" in text.get_text() for text in ax.child_axes[0].texts)


def test_too_few_voices_get_no_band() -> None:
    """Two voices: the rows, no band, and the title says why."""
    ax = ck.plot_pool(ck.pool_estimates(YEAR.head(2)))
    assert bands(ax) == []
    assert "too few" in ax.get_title(loc="left")


def test_nothing_not_a_number_is_written() -> None:
    """With three voices, none can be left out: no influence is shown."""
    ax = ck.plot_pool(ck.pool_estimates(FIGHTERS[FIGHTERS["as_of"].between("2016-06-15", "2016-09-30")]))
    assert not [text.get_text() for text in ax.child_axes[0].texts if "nan" in text.get_text()]


def test_stock_and_flow_shows_the_sum_that_fails(caption: Callable[[Axes], str]) -> None:
    """Three panels; the two totals of killed are joined, and the caption has the sum."""
    ax = ck.plot_stock_and_flow(WHOLE)
    assert len(ax.child_axes) == 3
    assert "more killed than stock and inflow allow" in words(ax)
    assert "by 10,000" in caption(ax)
    killed = ax.child_axes[1]
    assert any(list(line.get_ydata()) == [50_000, 60_000] for line in killed.lines)


def test_stock_and_flow_keeps_scopes_and_places_apart() -> None:
    """Two scopes, or no row of these quantities, are refused with what to do."""
    with pytest.raises(TableError, match="one scope"):
        ck.plot_stock_and_flow(ISIS[ISIS["place_id"].isna()])
    with pytest.raises(TableError, match="No rows of fighters"):
        ck.plot_stock_and_flow(ESTIMATES[ESTIMATES["quantity"] == "casualties"])


def test_hollow_are_the_figures_that_help_the_side_that_speaks() -> None:
    """A bar of a self-interested figure is an outline, others are full; points likewise."""
    ax = ck.plot_estimates(FIGHTERS)
    interest = ck.select_estimates(FIGHTERS)["self_interested"]
    ranged = FIGHTERS["low"].notna() & FIGHTERS["high"].notna()
    vertical = [c for c in ax.collections if isinstance(c, LineCollection) and c.get_path_effects()]
    assert sum(len(c.get_segments()) for c in vertical) == (interest & ranged).sum() > 0
    points = [line for line in ax.lines if line.get_marker() == "o"]
    hollow = sum(len(line.get_xdata()) for line in points if line.get_markerfacecolor() == "white")
    assert hollow == (interest & FIGHTERS["best"].notna()).sum() > 0
    assert "hollow: the figure helps the side that speaks" in words(ax)

"""Stock and flow: the sums that do not come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gallery
import pytest

import conflictkit as ck
from conflictkit.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

ISIS = gallery.ESTIMATES[gallery.ESTIMATES["actor_id"] == "isis"]


def test_the_sum_that_fails_is_shown(
    drawing: Callable[..., Any], caption: Callable[[Axes], str], entries: Callable[[Axes], list[str]]
) -> None:
    """Three panels; the two totals of killed are joined, and the caption has the sum."""
    ax = drawing("stock_and_flow").ax
    assert len(ax.child_axes) == 3
    assert "more killed than stock and inflow allow" in entries(ax)
    assert "by 10,000" in caption(ax)
    killed = ax.child_axes[1]
    assert any(list(line.get_ydata()) == [50_000, 60_000] for line in killed.lines)


def test_without_rows_the_story_is_drawn(
    drawing: Callable[..., Any], caption: Callable[[Axes], str], other_war: ck.Tables
) -> None:
    """The actor of the story in the scope with the most figures; where there is none, rows are asked for."""
    rows = ISIS[ISIS["scope"] == "IQ;SY"]
    assert caption(drawing("stock_and_flow").ax) == caption(ck.plot_stock_and_flow(rows))
    with pytest.raises(TableError, match="Pass rows of one actor"):
        ck.plot_stock_and_flow(tables=other_war.replace(fighter_estimates=other_war.fighter_estimates.head(0)))


def test_scopes_and_places_are_kept_apart() -> None:
    """Two scopes, or no row of these quantities, are refused with what to do."""
    with pytest.raises(TableError, match="one scope"):
        ck.plot_stock_and_flow(ISIS[ISIS["place_id"].isna()])
    with pytest.raises(TableError, match="No rows of fighters"):
        ck.plot_stock_and_flow(gallery.ESTIMATES[gallery.ESTIMATES["quantity"] == "casualties"])

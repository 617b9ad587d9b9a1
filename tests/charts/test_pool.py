"""A pool: two bands, the centre, what each voice does to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gallery
from matplotlib.patches import Rectangle

import conflictkit as ck

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes


def bands(ax: Axes) -> list[tuple[float, float]]:
    """Return the left and right end of each band."""
    (panel,) = ax.child_axes
    patches = [patch for patch in panel.patches if isinstance(patch, Rectangle)]
    return sorted((patch.get_x(), patch.get_x() + patch.get_width()) for patch in patches)


def test_a_pool_has_two_bands_and_the_centre(
    drawing: Callable[..., Any], caption: Callable[[Axes], str], entries: Callable[[Axes], list[str]]
) -> None:
    """The bands are those of the pool; the key tells them apart; the caption warns."""
    pool, ax = ck.pool_estimates(gallery.AUTUMN), drawing("pool").ax
    assert bands(ax) == sorted([(pool.low, pool.high), (pool.next.low, pool.next.high)])
    assert {"where the centre lies, 90 %", "where the next figure would fall, 90 %"} <= set(entries(ax))
    assert "less sure than the dark band" in caption(ax)
    assert any("without it" in text.get_text() for text in ax.child_axes[0].texts)


def test_too_few_voices_get_no_band() -> None:
    """Two voices: the rows, no band, and the title says why."""
    ax = ck.plot_pool(ck.pool_estimates(gallery.AUTUMN.head(2)))
    assert bands(ax) == []
    assert "too few" in ax.get_title(loc="left")


def test_nothing_not_a_number_is_written() -> None:
    """With three voices, none can be left out: no influence is shown."""
    rows = gallery.THEATRE[gallery.THEATRE["as_of"].between("2016-06-15", "2016-09-30")]
    ax = ck.plot_pool(ck.pool_estimates(rows))
    assert not [text.get_text() for text in ax.child_axes[0].texts if "nan" in text.get_text()]

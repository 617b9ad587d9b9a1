"""What is around every picture: never without its sources, a key that fits, the reader's own pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.patches import Patch

import conflictkit as ck
from conflictkit.charts._frame import TIGHT, picture
from conflictkit.charts._layout import HINTING
from conflictkit.evidence._rows import behind

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

COLUMNS = [
    *("table", "row_key", "mark", "source_id", "confidence", "publisher", "title", "url", "published_date"),
    *("source_type", "party", "reliability"),
]


def test_an_own_source_is_credited_and_found(narrow: Axes, caption: Callable[[Axes], str]) -> None:
    """A page that only the reader's table has is counted, named, and led to; so is one that no table has."""
    mine = ck.load_sources().head(1).assign(source_id="my-page", publisher="My Paper")
    rows = ck.load_deployments().head(3).assign(source_id=["my-page", "lost-page", None], second_source_id=None)
    with picture(narrow, height=5, tables=ck.Tables.shipped().replace(sources=mine)) as made:
        made.finish(title="Mine", caption="Drawn.", rows=[behind(rows, "deployments", "bar")])
    assert caption(narrow) == (
        f"Drawn. Sources: 2 pages by My Paper. No page found: 1 row. conflictkit {ck.__version__}."
    )
    found = ck.sources_of(narrow)
    assert found["source_id"].tolist()[:2] == ["my-page", "lost-page"]
    assert found["publisher"].tolist()[::2] == ["My Paper", "no page found"]
    assert found["publisher"].isna().tolist() == [False, True, False]
    assert found["row_key"].tolist() == rows["deployment_id"].tolist()
    assert list(found.columns) == COLUMNS


def test_an_own_source_of_own_tables_shows(caption: Callable[[Axes], str]) -> None:
    """From the table of sources that was replaced, through a row that cites it, to the caption and back."""
    tables = ck.Tables.shipped()
    mine = tables.sources.head(1).assign(source_id="my-page", publisher="My Paper")
    tables = tables.replace(sources=pd.concat([tables.sources, mine], ignore_index=True))
    rows = tables.deployments.query("actor_id == 'wagner'").assign(source_id="my-page", second_source_id=None)
    ax = ck.plot_strength(rows, tables=tables)
    assert "Sources: 1 page by My Paper." in caption(ax)
    assert ck.sources_of(ax)["publisher"].tolist() == ["My Paper"]
    assert ck.sources_of(ax.figure)["source_id"].tolist() == ["my-page"]


def test_a_picture_says_what_it_shows(narrow: Axes) -> None:
    """Without title, caption and sources there is no picture."""
    with pytest.raises(RuntimeError, match="finish"), picture(narrow, height=5, tables=ck.Tables.shipped()):
        narrow.plot([1, 2])


@pytest.mark.parametrize("room", [0.2, 0.5, 0.7, 1.0])
def test_the_key_has_as_many_columns_as_fit(room: float, narrow: Axes) -> None:
    """The columns found by halving are those found by trying all."""
    key = [(Patch(), "x" * (3 + 5 * (number % 4))) for number in range(23)]
    narrow.set_position((0.05, 0.5, 0.9 * room, 0.4))
    narrow.figure.set_layout_engine("none")

    def legend(columns: int) -> float:
        """Return the width of a legend of some columns."""
        drawn = narrow.legend(*zip(*key, strict=True), ncols=columns, columnspacing=1.4, handletextpad=0.5, borderpad=0)
        return float(drawn.get_window_extent().width)

    with picture(narrow, height=5, tables=ck.Tables.shipped()) as made:
        made.finish(title="Key", caption="Key.", rows=[], key=key)
        found = narrow.get_legend()._ncols  # noqa: SLF001 - matplotlib gives no access to it
        width = TIGHT * HINTING * narrow.get_position().transformed(narrow.figure.transFigure).width
        assert found == max((n for n in range(1, len(key) + 1) if legend(n) <= width), default=1)


def test_the_key_is_inside_at_every_resolution() -> None:
    """Letters fitted to pixels are of other widths at 70 dots per inch than at 100, at which the key is set."""
    ax = ck.plot_disagreement(ck.load_fighter_estimates().query("as_of < '2015'"))
    for dpi in (50, 60, 70, 72, 80, 96, 110, 150):
        ax.figure.set_dpi(dpi)
        ax.figure.draw_without_rendering()
        assert ax.get_legend().get_window_extent().x1 <= ax.figure.bbox.x1, dpi


def test_axes_without_a_chart_have_no_sources(narrow: Axes) -> None:
    """Nothing drawn, nothing to credit."""
    found = ck.sources_of(narrow)
    assert found.empty
    assert list(found.columns) == COLUMNS


def test_axes_without_a_figure_are_refused(narrow: Axes) -> None:
    """Axes that were taken off their figure get a message, not an AttributeError."""
    narrow.remove()
    with pytest.raises(ValueError, match="belong to no figure"):
        ck.plot_strength(ck.load_deployments().query("actor_id == 'wagner'"), ax=narrow)


def test_the_sources_of_a_figure_are_those_of_all_its_pictures() -> None:
    """Two charts beside each other: the pages of both, each once."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(14, 6), layout="constrained")
    rows = ck.load_deployments()
    ck.plot_strength(rows.query("actor_id == 'wagner'"), ax=left)
    ck.plot_strength(rows.query("actor_id in ('wagner', 'italy')"), ax=right)
    assert set(ck.sources_of(figure)["source_id"]) == set(ck.sources_of(right)["source_id"])
    assert not ck.sources_of(figure).duplicated().any()

"""What all charts promise: same bytes, nothing changed, the caller's axes, a caption, the way back to the sources."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.patches import Patch
from matplotlib.text import Text
from pandas.testing import assert_frame_equal

import conflictkit as ck
from conflictkit.charts import sources_of
from conflictkit.charts._frame import Caption, picture
from conflictkit.errors import TableError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ESTIMATES, DEPLOYMENTS = ck.load_fighter_estimates(), ck.load_deployments()
THEATRE = ESTIMATES[(ESTIMATES["quantity"] == "fighters") & (ESTIMATES["scope"] == "iraq_syria")]
AMERICANS = DEPLOYMENTS[DEPLOYMENTS["actor_id"] == "usa"]

CHARTS: dict[str, Callable[[ck.Territory, Any], Axes]] = {
    "area": lambda territory, ax: ck.plot_area(territory, actor_ids=["isis", "sdf"], ax=ax),
    "map": lambda territory, ax: ck.plot_territory(territory, "2017-11-03", extent="abu-kamal", ax=ax),
    "estimates": lambda _, ax: ck.plot_estimates(THEATRE, ax=ax),
    "estimates in panels": lambda _, ax: ck.plot_estimates(ESTIMATES[ESTIMATES["quantity"] == "killed"], ax=ax),
    "strength": lambda _, ax: ck.plot_strength(AMERICANS, ax=ax),
    "stock and flow": lambda _, ax: ck.plot_stock_and_flow(
        ESTIMATES[(ESTIMATES["actor_id"] == "isis") & (ESTIMATES["scope"] == "iraq_syria")], ax=ax
    ),
    "disagreement": lambda _, ax: ck.plot_disagreement(THEATRE, ax=ax),
    "pool": lambda _, ax: ck.plot_pool(
        ck.pool_estimates(THEATRE[THEATRE["as_of"].between("2014-08-01", "2014-12-31")]), ax=ax
    ),
    "presence": lambda _, ax: ck.plot_presence(AMERICANS, date="2017-11-03", ax=ax),
    "order of battle": lambda _, ax: ck.plot_order_of_battle(ck.order_of_battle("2017-06-10"), ax=ax),
    "backing": lambda _, ax: ck.plot_backing(ck.backing_at("2017-11-03"), ax=ax),
    "pocket": lambda territory, ax: ck.plot_pocket(territory, "abu-kamal", "2017-11-03", ax=ax),
}
IN_ROWS = ("disagreement", "pool", "presence", "order of battle", "backing")  # each label has a row of its own
each_chart = pytest.mark.parametrize("name", CHARTS)
READER = {"font.size": 21, "font.family": "serif"}  # settings of a reader, which no chart may change or follow


@dataclass(frozen=True)
class Drawing:
    """A chart as it was drawn for all the checks that only look at it: what came back, and what the call changed."""

    ax: Axes
    given: Axes | None
    figures_opened: int
    settings_changed: dict[str, object]


@pytest.fixture(scope="module")
def drawing(territory: ck.Territory) -> Callable[[str, str], Drawing]:
    """Return a function that draws a chart, once: "own" in its own figure, "given" into axes 700 pixels wide."""

    @cache
    def draw(name: str, where: str) -> Drawing:
        with mpl.rc_context(READER if where == "own" else {}):
            given = plt.subplots(figsize=(7, 5.5), dpi=100, layout="constrained")[1] if where == "given" else None
            figures, before = plt.get_fignums(), dict(mpl.rcParams)
            ax = CHARTS[name](territory, given)
            changed = {key: value for key, value in mpl.rcParams.items() if before[key] != value}
            opened = len(plt.get_fignums()) - len(figures)
        ax.figure.draw_without_rendering()
        return Drawing(ax, given, opened, changed)

    return draw


Draw = Callable[[str, str], Drawing]


@pytest.mark.slow
@each_chart
def test_same_call_same_bytes(name: str, territory: ck.Territory, png: Callable[[Axes], bytes]) -> None:
    """Twice the same call, and twice the same figure saved, give one picture."""
    first, second = CHARTS[name](territory, None), CHARTS[name](territory, None)
    assert first is not second
    assert png(first) == png(first) == png(second)


@each_chart
def test_the_callers_axes_are_used(name: str, drawing: Draw) -> None:
    """The axes given come back, in their figure, and no other figure is opened."""
    drawn = drawing(name, "given")
    assert drawn.ax is drawn.given
    assert drawn.figures_opened == 0


@each_chart
def test_the_readers_settings_stay(name: str, drawing: Draw) -> None:
    """No setting of matplotlib is changed, and none of the reader's gets into the type."""
    drawn = drawing(name, "own")
    assert drawn.settings_changed == {}
    (caption,) = [artist for artist in drawn.ax.get_children() if isinstance(artist, Caption)]
    assert caption.get_fontfamily() == ["DejaVu Sans"]


@each_chart
def test_title_key_and_caption_are_inside_the_figure(name: str, drawing: Draw) -> None:
    """At 700 pixels nothing around the axes is cut off, and the caption is under the key."""
    ax = drawing(name, "given").ax
    (caption,) = [artist for artist in ax.get_children() if isinstance(artist, Caption)]
    legend = ax.get_legend()
    assert legend is not None
    page, under, key = ax.figure.bbox, Text.get_window_extent(caption), legend.get_window_extent()
    title = Text.get_window_extent(ax._left_title)  # noqa: SLF001 - matplotlib gives no access to it
    for box in (under, key, title):
        assert page.x0 <= box.x0
        assert box.x1 <= page.x1 + 1
        assert page.y0 - 1 <= box.y0
        assert box.y1 <= page.y1 + 1
    assert under.y1 <= key.y0
    assert 8 <= caption.get_fontsize() <= 9


@pytest.mark.parametrize("where", ["own", "given"])
@pytest.mark.parametrize("name", [name for name in CHARTS if name not in IN_ROWS])
def test_no_label_covers_another(
    name: str, where: str, drawing: Draw, placed: Callable[[Axes], dict[str, object]]
) -> None:
    """Wide and narrow, labels keep off each other and inside."""
    assert placed(drawing(name, where).ax)


@each_chart
def test_the_caption_names_sources_and_version(name: str, drawing: Draw, caption: Callable[[Axes], str]) -> None:
    """The number in the caption is the number of pages that the axes lead to."""
    ax = drawing(name, "own").ax
    sources = sources_of(ax)
    assert f"Sources: {len(sources)} page" in caption(ax)
    assert f"conflictkit {ck.__version__}" in caption(ax)
    assert list(sources.columns) == list(ck.load_sources().columns)
    assert sources["publisher"].isin(ck.load_sources()["publisher"]).all()


@pytest.mark.parametrize(
    ("frame", "draw"),
    [(ESTIMATES, ck.plot_estimates), (DEPLOYMENTS, ck.plot_strength)],
    ids=["estimates", "strength"],
)
def test_the_whole_table_is_drawn_and_not_changed(
    frame: pd.DataFrame, draw: Callable[..., Axes], placed: Callable[[Axes], dict[str, object]]
) -> None:
    """All rows at once: panels, no label over another, the frame as before."""
    before = frame.copy(deep=True)
    ax = draw(frame)
    placed(ax)
    assert len(ax.child_axes) > 5
    assert_frame_equal(frame, before)


def test_published_rows_are_not_changed(territory: ck.Territory) -> None:
    """The frame of published figures comes back as it went in."""
    published = ck.load_area_estimates()
    before = published.copy(deep=True)
    ck.plot_area(territory, actor_ids=["isis"], published=published)
    assert_frame_equal(published, before)


def test_an_own_source_is_credited_and_found(narrow: Axes, caption: Callable[[Axes], str]) -> None:
    """A page that only the reader's table has is counted, named, and led to; so is one that no table has."""
    mine = ck.load_sources().head(1).assign(source_id="my-page", publisher="My Paper")
    with picture(narrow, size=(5, 5), sources=mine) as made:
        made.finish(title="Mine", caption="Drawn.", source_ids=pd.Series(["my-page", "lost-page"]))
    assert caption(narrow) == f"Drawn. Sources: 2 pages by My Paper. conflictkit {ck.__version__}."
    found = sources_of(narrow)
    assert found["source_id"].tolist() == ["my-page", "lost-page"]
    assert found["publisher"].tolist()[0] == "My Paper"
    assert found["publisher"].isna().tolist() == [False, True]
    assert list(found.columns) == list(mine.columns)


def test_a_picture_says_what_it_shows(narrow: Axes) -> None:
    """Without title, caption and sources there is no picture."""
    with pytest.raises(RuntimeError, match="finish"), picture(narrow, size=(5, 5), sources=ck.load_sources()):
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

    with picture(narrow, size=(5, 5), sources=ck.load_sources()) as made:
        made.finish(title="Key", caption="Key.", source_ids=pd.Series(dtype="str"), key=key)
        found = narrow.get_legend()._ncols  # noqa: SLF001 - matplotlib gives no access to it
        width = 0.98 * narrow.get_position().transformed(narrow.figure.transFigure).width
        assert found == max((n for n in range(1, len(key) + 1) if legend(n) <= width), default=1)


def test_axes_without_a_chart_have_no_sources(narrow: Axes) -> None:
    """Nothing drawn, nothing to credit."""
    assert sources_of(narrow).empty


def test_axes_without_a_figure_are_refused(territory: ck.Territory, narrow: Axes) -> None:
    """Axes that were taken off their figure get a message, not an AttributeError."""
    narrow.remove()
    with pytest.raises(ValueError, match="belong to no figure"):
        ck.plot_area(territory, actor_ids=["isis"], ax=narrow)


@pytest.mark.parametrize("draw", [ck.plot_estimates, ck.plot_strength])
def test_a_frame_of_another_kind_is_refused(draw: Callable[..., Axes]) -> None:
    """A missing column is named, with where rows of the right kind come from."""
    with pytest.raises(TableError, match=r"estimate_id|deployment_id"):
        draw(ck.load_places())


@pytest.mark.parametrize(("frame", "draw"), [(ESTIMATES, ck.plot_estimates), (DEPLOYMENTS, ck.plot_strength)])
def test_an_empty_frame_is_refused(frame: pd.DataFrame, draw: Callable[..., Axes]) -> None:
    """An empty picture would say that nothing was published."""
    with pytest.raises(ValueError, match=r"No rows for plot_\w+\. Check the filter, or start from load_\w+\(\)"):
        draw(frame.head(0))

"""Presence, order of battle, backing: what is drawn is what the tables say."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.dates import date2num
from matplotlib.patches import PathPatch
from matplotlib.text import Text
from pandas.testing import assert_frame_equal

import conflictkit as ck
from conflictkit.charts._marks import FADE as STEPS
from conflictkit.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

DEPLOYMENTS = ck.load_deployments()


def texts(ax: Axes) -> list[str]:
    """Return all words of some axes and their panels, without line breaks."""
    return [text.get_text().replace("\n", " ") for axes in (ax, *ax.child_axes) for text in axes.texts]


def polygons(ax: Axes) -> list[tuple[float, float, float]]:
    """Return the bars: from, to, opacity."""
    found = []
    for collection in ax.collections:
        if isinstance(collection, PolyCollection):
            for path, color in zip(collection.get_paths(), collection.get_facecolor(), strict=True):
                found.append((path.vertices[:, 0].min(), path.vertices[:, 0].max(), float(color[3])))
    return found


class TestPresence:
    """A row a force, solid where a page speaks, fading where it is assumed."""

    def test_every_force_has_a_row_under_its_side(self) -> None:
        """The whole table: one label a force, one heading a side."""
        ax = ck.plot_presence(DEPLOYMENTS)
        assert len(ax.get_yticklabels()) == DEPLOYMENTS.actor_id.nunique()
        assert {"Islamic State", "Government of Syria and allies"} <= set(texts(ax))

    def test_a_stated_end_is_solid_and_an_unknown_one_fades(self) -> None:
        """Mosul: the army's bar ends where the page says; the Emergency Response Division's fades for 92 days."""
        army = polygons(ck.plot_presence(DEPLOYMENTS.query("deployment_id == 'iraqi-army-mosul-2016-10-17'")))
        assert army == [(date2num(np.datetime64("2016-10-17")), date2num(np.datetime64("2017-07-11")), 0.85)]
        erd = polygons(ck.plot_presence(DEPLOYMENTS.query("deployment_id == 'erd-mosul-2017-02-19'")))
        assert len(erd) == 1 + STEPS
        assert erd[-1][1] == pytest.approx(date2num(np.datetime64("2017-02-19")) + 93)
        fading = [opacity for _, _, opacity in erd[1:]]
        assert fading == sorted(fading, reverse=True)

    def test_the_rule_is_in_the_caption(self, caption: Callable[[Axes], str]) -> None:
        """Three rules, three sentences."""
        rows = DEPLOYMENTS.query("actor_id == 'usa'")
        assert "for 92 days after their report" in caption(ck.plot_presence(rows))
        assert "only in the day, month or year" in caption(ck.plot_presence(rows, assume_days=0))
        assert "however old the report" in caption(ck.plot_presence(rows, assume_days=None))

    def test_input_stays_and_bad_input_is_refused(self) -> None:
        """The frame as before; an unknown force gets its nearest match."""
        before = DEPLOYMENTS.copy(deep=True)
        ck.plot_presence(DEPLOYMENTS)
        assert_frame_equal(DEPLOYMENTS, before)
        with pytest.raises(TableError, match=r"'ussa'.*'usa'"):
            ck.plot_presence(DEPLOYMENTS.head(1).assign(actor_id="ussa"))
        with pytest.raises(TableError, match="No rows"):
            ck.plot_presence(DEPLOYMENTS.head(0))


class TestOrderOfBattle:
    """A row a node, with its strength in words and as a mark."""

    @pytest.mark.parametrize("date", ["2015-06-15", "2016-10-20", "2017-06-10", "2017-11-03", "2018-10-15"])
    def test_every_node_and_every_strength_is_written(self, date: str) -> None:
        """Five dates: all names, all figures, 'no figure' for the rest."""
        order = ck.order_of_battle(date)
        words = texts(ck.plot_order_of_battle(order))
        assert {name for name in order.frame.name if len(name) < 40} <= set(words)
        bounds = order.frame[["strength_low", "strength_best", "strength_high"]].isna().all(axis=1)
        assert words.count("no figure") == bounds.sum()

    def test_parts_that_are_there_only_above_are_in_italics(self) -> None:
        """Nobody reports the Government of Iraq itself on 3 November 2017."""
        ax = ck.plot_order_of_battle(ck.order_of_battle("2017-11-03"))
        style = {text.get_text(): text.get_fontstyle() for text in ax.texts}
        assert style["Government of Iraq"] == "italic"
        assert style["Iraqi Army"] == "normal"

    def test_an_empty_day_is_refused(self) -> None:
        """Nothing to draw, and what to try."""
        with pytest.raises(TableError, match="Try another day"):
            ck.plot_order_of_battle(ck.order_of_battle("2014-01-01"))


class TestBacking:
    """A line a pair, dashed where no report has a date."""

    @pytest.mark.parametrize("date", ["2015-06-15", "2016-10-20", "2017-06-10", "2017-11-03", "2018-10-15"])
    def test_a_line_for_each_pair(self, date: str) -> None:
        """Five dates: as many lines as edges, as many dashed as standing."""
        edges = ck.backing_at(date)
        ax = ck.plot_backing(edges)
        lines = [art for art in ax.patches + ax.artists if isinstance(art, PathPatch)]
        assert len(lines) == len(edges)
        assert sum(line.get_linestyle() != "solid" for line in lines) == edges.evidence.eq("standing").sum()

    def test_years_are_those_of_the_first_report(self) -> None:
        """The SDF since November 2016; what has no date says so."""
        words = texts(ck.plot_backing(ck.backing_at("2017-11-03")))
        assert "Syria, since 2016" in words
        assert "Iraq, undated" in words


@pytest.mark.parametrize(
    "draw",
    [
        lambda: ck.plot_presence(DEPLOYMENTS, date="2017-11-03"),
        lambda: ck.plot_order_of_battle(ck.order_of_battle("2017-11-03")),
        lambda: ck.plot_backing(ck.backing_at("2017-11-03")),
    ],
    ids=["presence", "order of battle", "backing"],
)
def test_rows_of_words_keep_off_each_other(draw: Callable[[], Axes]) -> None:
    """No word of a row runs into another, or out of the figure."""
    ax = draw()
    ax.figure.draw_without_rendering()
    written = [text for axes in (ax, *ax.child_axes) for text in axes.texts if text.get_text().strip()]
    boxes = [Text.get_window_extent(text) for text in written if text.get_visible()]
    page = ax.figure.bbox
    assert boxes
    assert all(page.x0 - 1 <= box.x0 and box.x1 <= page.x1 + 1 for box in boxes)
    assert not any(one.padded(-1.5).overlaps(other.padded(-1.5)) for one, other in combinations(boxes, 2))


def test_a_range_of_strength_is_a_band(caption: Callable[[Axes], str]) -> None:
    """The PMF's 60,000-90,000 fade over the year of the report and 92 days; with 0 days there is no band."""
    rows = DEPLOYMENTS.query("actor_id == 'pmf' and measure == 'total'")
    ax = ck.plot_strength(rows)
    bands = polygons(ax)
    assert len(bands) == 2 * STEPS
    assert max(opacity for _, _, opacity in bands) < 0.25
    assert bands[STEPS - 1][1] == pytest.approx(date2num(pd.Timestamp("2017-12-31")) + 93)
    assert "Bands of ranges fade" in caption(ax)
    assert polygons(ck.plot_strength(rows, assume_days=0)) == []

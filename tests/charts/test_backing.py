"""A line a pair, dashed where no report has a date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from matplotlib.patches import PathPatch

import conflictkit as ck

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def texts(ax: Axes) -> list[str]:
    """Return all words of some axes and their panels, without line breaks."""
    return [text.get_text().replace("\n", " ") for axes in (ax, *ax.child_axes) for text in axes.texts]


@pytest.mark.parametrize("date", ["2015-06-15", "2016-10-20", "2017-06-10", "2017-11-03", "2018-10-15"])
def test_a_line_for_each_pair(date: str) -> None:
    """Five dates: as many lines as edges, as many dashed as standing."""
    edges = ck.backing_at(date)
    ax = ck.plot_backing(edges)
    lines = [art for art in ax.patches + ax.artists if isinstance(art, PathPatch)]
    assert len(lines) == len(edges)
    assert sum(line.get_linestyle() != "solid" for line in lines) == edges.evidence.eq("standing").sum()


def test_years_are_those_of_the_first_report() -> None:
    """The SDF since November 2016; what has no date says so."""
    words = texts(ck.plot_backing(ck.backing_at("2017-11-03")))
    assert "Syria, since 2016" in words
    assert "Iraq, undated" in words

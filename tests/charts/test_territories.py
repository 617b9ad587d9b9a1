"""Several days side by side: one key, one caption."""

from __future__ import annotations

import pytest
from matplotlib.figure import Figure

import conflictkit as ck
from conflictkit.errors import TerritoryError


def test_several_days_share_one_key_and_one_caption(territory: ck.Territory) -> None:
    """A panel a day in ascending order; the figure leads to the sources of all days."""
    figure = ck.plot_territories(territory, ["2017-11-03", "2014-09-01", "2016-12-31"])
    assert isinstance(figure, Figure)
    *panels, under = figure.axes
    days = ["1 September 2014", "31 December 2016", "3 November 2017"]
    assert [ax.get_title(loc="left") for ax in panels] == days
    assert [ax.get_legend() is not None for ax in figure.axes] == [False, False, False, True]
    assert figure.get_suptitle() == ck.passport(figure)["what"] == "Control of Iraq and Syria"
    sources = set(ck.sources_of(figure)["source_id"])
    assert sources == set(ck.sources_of(under)["source_id"])
    assert set(territory.holders("2016-12-31")["source_id"].dropna()) <= sources
    # the YPG of 2014 and the SDF of 2017 are drawn alike and share an entry
    entries = [text.get_text() for text in under.get_legend().get_texts()]
    assert "Syrian Democratic Forces" in entries
    assert "People's Protection Units" not in entries


def test_no_day_is_refused(territory: ck.Territory) -> None:
    """An empty picture would say that nobody held anything."""
    with pytest.raises(TerritoryError, match="No dates"):
        ck.plot_territories(territory, [])

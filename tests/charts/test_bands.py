"""Bands of an area chart: those of the model, on the days on which the lines turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PolyCollection

import conflictkit as ck
from conflictkit.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes


def entries(ax: Axes) -> list[str]:
    """Return the words of the key."""
    legend = ax.get_legend()
    return [] if legend is None else [text.get_text() for text in legend.get_texts()]


def test_band_holds_the_draws_and_the_key_says_so(territory: ck.Territory, caption: Callable[[Axes], str]) -> None:
    """The band, certain and possible are those of the model on the days drawn."""
    days = ["2015-01-05", "2016-07-04", "2017-06-26"]
    ax = ck.plot_area(territory, days, level="core", actor_ids=["isis"], bands=True)
    (band,) = [artist for artist in ax.collections if isinstance(artist, PolyCollection)]
    heights = band.get_paths()[0].vertices[:, 1]
    area = territory.area(days, level="core", bands=True).query("actor_id == 'isis' and scope == 'all'")
    assert heights.max() == pytest.approx(area.area_hi_km2.max())
    assert ax.get_ylim()[1] > area.area_possible_km2.max()
    assert "5th to 95th percentile" in entries(ax)
    assert "200 draws" in caption(ax)


def test_band_turns_on_the_days_on_which_the_line_does(territory: ck.Territory) -> None:
    """Mosul fell between two days: drawn straight over weeks, the band would be far from its line on both."""
    days = pd.date_range("2014-06-01", "2014-06-20")
    ax = ck.plot_area(territory, days, level="core", actor_ids=["isis"], bands=True)
    (band,) = [artist for artist in ax.collections if isinstance(artist, PolyCollection)]
    vertices = band.get_paths()[0].vertices
    slopes = np.diff(vertices, axis=0)
    assert ((slopes == 0).any(axis=1)).all()  # steps: along or up, never across
    assert "certain (below), possible (above)" in entries(ax)


def test_many_lines_have_bands_alone(territory: ck.Territory, caption: Callable[[Axes], str]) -> None:
    """Certain and possible land of eight holders is a tangle of lines; neither key nor caption speaks of it."""
    ax = ck.plot_area(territory, ["2015-01-05", "2016-07-04"], level="core", bands=True)
    assert "certain (below), possible (above)" not in entries(ax)
    assert "Thin lines" not in caption(ax)
    assert "5th to 95th percentile" in entries(ax)


def test_an_actor_of_the_users_own_is_named_and_coloured(territory: ck.Territory) -> None:
    """In the map, the chart and the changes: their table says who it is; without it the model asks for it."""
    mine = ck.load_actors().query("actor_id == 'isis'").assign(actor_id="isil", name="ISIL", color="#123456")
    actors = pd.concat([ck.load_actors(), mine], ignore_index=True)
    changes = ck.load_control_changes().replace({"from_actor": {"isis": "isil"}, "to_actor": {"isis": "isil"}})
    with pytest.raises(TableError, match="isil"):
        ck.Territory.from_places(changes)
    own = ck.Territory.from_places(changes, actors=actors)
    days = ["2015-01-05", "2016-07-04"]
    assert own.area(days).area_km2.sum() == pytest.approx(territory.area(days).area_km2.sum())
    assert "ISIL" in entries(ck.plot_territory(own, days[0], labels=False))
    assert ck.plot_area(own, days, actor_ids=["isil"]).get_title(loc="left") == (
        "Land held by ISIL in Iraq and Syria: claimed"
    )
    assert ck.plot_changes(own, *days, actor_id="isil").get_title(loc="left").startswith("Land of the ISIL")
    assert ck.validate_model(changes, actor_id="isil", dates=days, actors=actors).scores.accuracy.min() > 0


def test_plain_chart_has_no_band(territory: ck.Territory) -> None:
    """Nobody waits for draws that were not asked for."""
    ax = ck.plot_area(territory, ["2015-01-05", "2016-07-04"], actor_ids=["isis"])
    assert not ax.collections or "5th to 95th percentile" not in entries(ax)

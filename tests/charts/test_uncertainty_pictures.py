"""Pictures of doubt: bands, fading, contested land, what changed, several days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.patches import PathPatch

import conflictkit as ck
from conflictkit.charts import doubt, style
from conflictkit.charts.changes_map import _moved
from conflictkit.errors import TerritoryError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

PAINTS = style.palette()


def entries(ax: Axes) -> list[str]:
    """Return the words of the key."""
    legend = ax.get_legend()
    return [] if legend is None else [text.get_text() for text in legend.get_texts()]


def test_band_holds_the_draws_and_the_key_says_so(territory: ck.Territory, caption: Callable[[Axes], str]) -> None:
    """The band, certain and possible are those of the model on the days drawn."""
    days = ["2015-01-05", "2016-07-04", "2017-06-26"]
    ax = ck.plot_area(territory, days, actors=["isis"], bands=True)
    (band,) = [artist for artist in ax.collections if isinstance(artist, PolyCollection)]
    heights = band.get_paths()[0].vertices[:, 1]
    area = territory.area(days, level="core", bands=True).query("actor_id == 'isis' and scope == 'all'")
    assert heights.max() == pytest.approx(area.area_hi_km2.max())
    assert ax.get_ylim()[1] > area.area_possible_km2.max()
    assert "5th to 95th percentile" in entries(ax)
    assert "200 draws" in caption(ax)


def test_plain_chart_has_no_band(territory: ck.Territory) -> None:
    """Nobody waits for draws that were not asked for."""
    ax = ck.plot_area(territory, ["2015-01-05", "2016-07-04"], actors=["isis"])
    assert not ax.collections or "5th to 95th percentile" not in entries(ax)


def test_whiteness_follows_the_probability() -> None:
    """Certain land keeps its colour; from even chances down it is palest."""
    assert doubt.whiteness(np.array([1.0, 0.9, 0.7, 0.5, 0.2])).tolist() == pytest.approx([0, 0, 0.4, 0.8, 0.8])


@pytest.mark.parametrize("extent", [None, "abu-kamal"])
def test_map_fades_where_the_model_is_unsure(territory: ck.Territory, extent: str | None) -> None:
    """The picture under a sure place is clear, under an unsure square it is white; the key says what fading means."""
    ax = ck.plot_territory(territory, "2017-11-03", extent=extent, labels=False, fade=True)
    (image,) = ax.get_images()
    white = np.asarray(image.get_array())[..., 3]
    assert white.min() == 0
    assert white.max() == pytest.approx(0.8)
    assert "holder's probability 0.9, 0.7, 0.5" in entries(ax)
    assert not ck.plot_territory(territory, "2017-11-03", extent=extent, labels=False).get_images()


def test_contested_land_has_the_colours_of_both_sides(territory: ck.Territory) -> None:
    """Kobani in November 2014: the YPG before and after; Dhuluiyah: the government; Ramadi: nobody known before."""
    sides = doubt.contenders(territory, "2014-11-01").set_index("place_id")
    assert sides.loc["kobani"].tolist() == ["ypg", "ypg"]
    ramadi = doubt.contenders(territory, "2014-02-01").set_index("place_id").loc["ramadi"]
    assert ramadi.isna().tolist() == [True, False]
    ax = ck.plot_territory(territory, "2014-11-01", extent="kobani", labels=False)
    hatched = [p for p in ax.get_children() if isinstance(p, PathPatch) and p.get_hatch() == "////"]
    assert hatched
    assert "Contested: before, after" in entries(ax)


def test_changes_add_up_to_the_areas_of_the_two_days(territory: ck.Territory, caption: Callable[[Axes], str]) -> None:
    """Held and lost are what was held first, held and gained what is held last."""
    start, end = pd.Timestamp("2015-01-05"), pd.Timestamp("2017-06-26")
    moved = _moved(territory, start, end, "isis", PAINTS).groupby("kind")[["claimed_km2", "core_km2"]].sum()
    for level in ("claimed", "core"):
        area = (
            territory.area([start, end], level=level).query("actor_id == 'isis' and scope == 'all'").area_km2.tolist()
        )
        kinds = moved[f"{level}_km2"]
        assert kinds[["held", "lost"]].sum() == pytest.approx(area[0])
        assert kinds[["held", "gained"]].sum() == pytest.approx(area[1])
    ax = ck.plot_changes(territory, start, end)
    words = " ".join(entries(ax))
    assert all(word in words for word in ("held on both days", "gained", "lost", "now Government of Iraq"))
    assert "what happened in between is not shown" in caption(ax)
    assert len(ck.sources_of(ax)) > 50


def test_changes_of_an_unknown_actor(territory: ck.Territory) -> None:
    """The error names the nearest holder."""
    with pytest.raises(UnknownNameError, match="Did you mean 'isis'"):
        ck.plot_changes(territory, "2015-01-05", "2017-06-26", actor_id="isiss")


def test_several_days_share_one_key_and_one_caption(territory: ck.Territory) -> None:
    """A panel a day in ascending order; the sources hang on the last axes."""
    figure = ck.plot_territories(territory, ["2017-11-03", "2014-09-01", "2016-12-31"])
    assert [ax.get_title(loc="left") for ax in figure.axes[:-1]] == [
        "1 September 2014",
        "31 December 2016",
        "3 November 2017",
    ]
    assert [ax.get_legend() is not None for ax in figure.axes] == [False, False, False, True]
    assert len(ck.sources_of(figure.axes[-1])) > 200
    with pytest.raises(TerritoryError, match="No dates"):
        ck.plot_territories(territory, [])


def test_comparison_draws_each_figure_with_its_error(territory: ck.Territory, caption: Callable[[Axes], str]) -> None:
    """One line a figure, and how many meet the band."""
    rows = ck.load_area_estimates().query("estimator == 'IHS Conflict Monitor' and metric == 'area_held'")
    compared = territory.compare(rows, draws=20)
    before = compared.copy()
    ax = ck.plot_comparison(compared)
    drawn = [text.get_text() for text in ax.texts]
    assert sum(text in {"inside", "outside"} for text in drawn) == len(rows) or f"{len(rows)} published" in caption(ax)
    assert f"{int(compared.within.sum())} meet the model's band" in caption(ax)
    assert before.equals(compared)

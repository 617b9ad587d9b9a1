"""Pictures of doubt: bands, fading, contested land, what changed, several days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex
from matplotlib.patches import PathPatch

import conflictkit as ck
from conflictkit.charts import doubt, style
from conflictkit.charts.changes_map import _moved
from conflictkit.errors import TableError, TerritoryError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes
    from matplotlib.transforms import Bbox

PAINTS = style.palette()


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
    assert "Contested: before, after (grey: not recorded)" in entries(ax)


def test_changes_add_up_to_the_areas_of_the_two_days(territory: ck.Territory, caption: Callable[[Axes], str]) -> None:
    """Held and lost are what was held first, held and gained what is held last."""
    start, end = pd.Timestamp("2015-01-05"), pd.Timestamp("2017-06-26")
    moved = _moved(territory, start, end, ["isis"], PAINTS).groupby("kind")[["claimed_km2", "core_km2"]].sum()
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


@pytest.mark.parametrize("days", [("2016-01-01", "2017-06-26"), ("2015-01-05", "2017-06-26")])
def test_parts_count_with_their_actor_on_both_days(
    territory: ck.Territory, days: tuple[str, str], caption: Callable[[Axes], str]
) -> None:
    """What the YPG held before is no gain of the SDF, which it is drawn with."""
    moved = _moved(territory, *map(pd.Timestamp, days), ["sdf", "ypg"], PAINTS).groupby("kind")["claimed_km2"].sum()
    area = territory.area(days).query("actor_id in ['sdf', 'ypg'] and scope == 'all'").groupby("date").area_km2.sum()
    assert moved["held"] + moved.get("lost", 0) == pytest.approx(area.iloc[0])
    assert moved["held"] + moved["gained"] == pytest.approx(area.iloc[1])
    ax = ck.plot_changes(territory, *days, actor_id="sdf")
    assert "Syrian Democratic Forces includes People's Protection Units" in caption(ax)


def test_map_of_changes_names_what_changed_first(
    territory: ck.Territory, placed: Callable[[Axes], dict[str, Bbox]]
) -> None:
    """Towns that changed hands have their names; of the others only large ones are drawn."""
    names = set(placed(ck.plot_changes(territory, "2015-01-05", "2017-06-26")))
    assert {"Tikrit", "Rutbah", "Manbij", "Baghdad"} <= names
    assert names.isdisjoint({"Samawah", "Umm Qasr", "Halabja"})


def test_map_of_changes_takes_the_evidence_of_the_two_days(territory: ck.Territory) -> None:
    """Rows about other holders are no sources of this picture; days in the wrong order are refused."""
    days = ("2017-10-01", "2017-11-03")
    isis, rebels = (
        set(ck.sources_of(ck.plot_changes(territory, *days, actor_id=a)).source_id) for a in ("isis", "hts")
    )
    assert isis
    assert rebels
    assert isis != rebels
    with pytest.raises(TerritoryError, match="Swap them"):
        ck.plot_changes(territory, *days[::-1])


def test_contested_hatch_is_seen_where_one_side_is_unknown(territory: ck.Territory) -> None:
    """Kobani was the YPG's before and after: its besieger has no row, and the hatch is not yellow on yellow."""
    ax = ck.plot_territory(territory, "2014-11-01", extent="kobani", radius_km=30, labels=False)
    looks = {
        (to_hex(p.get_facecolor()).upper(), to_hex(p.get_edgecolor()).upper())
        for p in ax.get_children()
        if isinstance(p, PathPatch) and p.get_hatch() == "////"
    }
    assert looks == {(style.tint(PAINTS["ypg"].color), style.MUTED)}


def test_key_of_several_days_has_each_look_once(territory: ck.Territory) -> None:
    """The YPG of 2014 and the SDF of 2017 are drawn alike and share an entry."""
    under = ck.plot_territories(territory, ["2014-09-01", "2017-11-03"]).axes[-1]
    assert "Syrian Democratic Forces" in entries(under)
    assert "People's Protection Units" not in entries(under)

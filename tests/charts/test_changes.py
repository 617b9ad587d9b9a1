"""What one actor kept, gained and lost: the land of two days and nothing of the days between."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
import shapely

import conflictkit as ck
from conflictkit.charts._land import View
from conflictkit.charts.changes import moved_land
from conflictkit.errors import TerritoryError, UnknownNameError
from conflictkit.geometry import project

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes
    from matplotlib.transforms import Bbox

DAYS = ("2015-01-05", "2017-06-26")


def entries(ax: Axes) -> list[str]:
    """Return the words of the key."""
    return [text.get_text() for text in ax.get_legend().get_texts()]


def moved_km2(territory: ck.Territory, days: tuple[str, str], own: list[str]) -> pd.DataFrame:
    """Return the km2 by kind, of the land as it is drawn."""
    view = View.of(territory, None, 100)
    moved = moved_land(*(view.on(pd.Timestamp(day)) for day in days), own)
    sizes = {level: shapely.area(project(moved[level].to_numpy(), view.window.crs)) / 1e6 for level in LEVELS}
    return moved.assign(**sizes).groupby("kind")[list(LEVELS)].sum()


LEVELS = ("claimed", "core")


@pytest.fixture(scope="module")
def isis(territory: ck.Territory) -> Axes:
    """Return the map of the land of the Islamic State, which the shipped tables are about."""
    return ck.plot_changes(territory, *DAYS)


@pytest.mark.parametrize(
    ("own", "days"),
    [(["isis"], DAYS), (["sdf", "ypg"], DAYS), (["sdf", "ypg"], ("2016-01-01", "2017-06-26"))],
)
def test_changes_add_up_to_the_areas_of_the_two_days(
    territory: ck.Territory, own: list[str], days: tuple[str, str]
) -> None:
    """Held and lost are what was held first, held and gained what is held last; parts count on both days."""
    moved = moved_km2(territory, days, own).reindex(["held", "gained", "lost"], fill_value=0.0)
    for level in LEVELS:
        area = territory.area(days, level=level).query("actor_id in @own and scope == 'all'")
        before, after = area.groupby("date")["area_km2"].sum()
        assert moved.loc[["held", "lost"], level].sum() == pytest.approx(before, rel=1e-4)
        assert moved.loc[["held", "gained"], level].sum() == pytest.approx(after, rel=1e-4)


def test_the_key_has_the_figures_of_the_territory(
    territory: ck.Territory, isis: Axes, caption: Callable[[Axes], str]
) -> None:
    """Both levels, each by name, in the order of the definitions; the caption says what is not shown."""
    moved = territory.transitions(*DAYS).query("from_actor == 'isis' and to_actor != 'isis'")
    assert round(moved["claimed_km2"].sum(), -3) == 115_000
    taken = moved.replace({"to_actor": {"ypg": "sdf"}}).groupby("to_actor")["claimed_km2"].sum().nlargest(2)
    assert taken.round(-2).to_dict() == {"iraq_gov": 65_300, "sdf": 28_100}
    assert entries(isis)[:3] == [
        "lost: claimed 115,000, core 56,400 km\N{SUPERSCRIPT TWO}",
        "now Government of Iraq: 65,300 km\N{SUPERSCRIPT TWO}",
        "now Syrian Democratic Forces: 28,100 km\N{SUPERSCRIPT TWO}",
    ]
    assert entries(isis)[-2:] == [
        "held on both days: claimed 99,000, core 31,100 km\N{SUPERSCRIPT TWO}",
        "gained: claimed 13,900, core 3,890 km\N{SUPERSCRIPT TWO}",
    ]
    assert "what happened in between is not shown: its places changed hands 618 times." in caption(isis)
    assert len(ck.sources_of(isis)) > 50


def test_parts_are_named_in_the_caption(territory: ck.Territory, caption: Callable[[Axes], str]) -> None:
    """What the YPG held before is no gain of the SDF, which it is drawn with."""
    ax = ck.plot_changes(territory, *DAYS, actor_id="sdf", extent="raqqa")
    assert "Syrian Democratic Forces includes People's Protection Units" in caption(ax)


def test_map_of_changes_names_what_changed_first(isis: Axes, placed: Callable[[Axes], dict[str, Bbox]]) -> None:
    """Towns that changed hands have their names; of the others only large ones are drawn."""
    names = set(placed(isis))
    assert {"Rutbah", "Al-Bab", "Fallujah"} <= names
    assert len(names - {"Turkey", "Iran", "Jordan", "Saudi Arabia", "Lebanon", "Kuwait"}) <= 15
    assert names.isdisjoint({"Samawah", "Umm Qasr", "Halabja"})


def test_map_of_changes_takes_the_evidence_of_the_two_days(territory: ck.Territory, isis: Axes) -> None:
    """Rows about other holders are no sources of this picture."""
    rebels = set(ck.sources_of(ck.plot_changes(territory, *DAYS, actor_id="hts", extent="idlib")).source_id)
    assert rebels
    assert rebels != set(ck.sources_of(isis).source_id)


def test_bad_questions_are_refused(territory: ck.Territory) -> None:
    """An actor that never holds land gets its nearest match; days in the wrong order are not turned."""
    with pytest.raises(UnknownNameError, match="Did you mean 'isis'"):
        ck.plot_changes(territory, *DAYS, actor_id="isiss")
    with pytest.raises(TerritoryError, match="Swap them"):
        ck.plot_changes(territory, *DAYS[::-1])

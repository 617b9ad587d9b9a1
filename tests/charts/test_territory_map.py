"""The map of record: the right land in the right colours, towns with their holders, a true scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.patches import PathPatch

import conflictkit as ck
from conflictkit.charts import sources_of, style
from conflictkit.charts._frame import Caption
from conflictkit.charts.towns import holders_of, towns_on
from conflictkit.charts.window import window_of
from conflictkit.errors import PlaceError, UnknownNameError
from conflictkit.geometry import project, unproject

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

PAINTS = style.palette()


def km2_of(ax: Axes, color: str) -> float:
    """Return the area painted in a colour, from the vertices as drawn."""
    found = 0.0
    for patch in ax.get_children():
        if isinstance(patch, PathPatch) and to_hex(patch.get_facecolor(), keep_alpha=True).upper() == color + "FF":
            rings = [shapely.LinearRing(ring) for ring in patch.get_path().to_polygons()]
            found += abs(sum(shapely.Polygon(ring).area * (1 if ring.is_ccw else -1) for ring in rings)) / 1e6
    return found


def key(ax: Axes) -> list[str]:
    """Return the texts of the key."""
    return [text.get_text() for text in ax.get_legend().get_texts()]


def names(ax: Axes) -> set[str]:
    """Return the labels that were drawn."""
    ax.figure.draw_without_rendering()
    return {text.get_text() for text in ax.texts if text.get_visible() and not isinstance(text, Caption)}


@pytest.fixture(scope="module")
def overview(territory: ck.Territory) -> Axes:
    """Return the map of both countries on the day of the report."""
    return ck.plot_territory(territory, "2017-11-03")


@pytest.mark.parametrize("actor", ["isis", "syria_gov", "peshmerga"])
def test_painted_areas_are_the_models(territory: ck.Territory, actor: str) -> None:
    """On an equal-area map the paint can be measured: core in full colour, claimed in the tint below it."""
    ax = ck.plot_territory(territory, "2017-11-03")
    for level, color in (("claimed", style.tint(PAINTS[actor].color)), ("core", PAINTS[actor].color)):
        held = territory.at("2017-11-03", level=level).set_index("actor_id")["area_km2"]
        assert km2_of(ax, color) == pytest.approx(held[actor], rel=1e-4)


def test_a_hatched_holder_is_hatched_on_the_map_and_in_the_key(territory: ck.Territory) -> None:
    """Contested land in January 2014: the hatch of its row, in both levels."""
    ax = ck.plot_territory(territory, "2014-01-01")
    hatched = {patch.get_hatch() for patch in ax.get_children() if isinstance(patch, PathPatch)} - {None}
    assert PAINTS["contested"].hatch in hatched
    assert "Contested: before, after (grey: not recorded)" in key(ax)
    assert "Contested" not in key(ck.plot_territory(territory, "2019-03-23"))


def test_a_child_painted_like_its_parent_is_one_holder(territory: ck.Territory, caption: Callable[[Axes], str]) -> None:
    """YPG and SDF are one colour, one entry of the key, one sentence in the caption."""
    ax = ck.plot_territory(territory, "2017-11-03")
    held = territory.at("2017-11-03").set_index("actor_id")["area_km2"]
    assert km2_of(ax, style.tint(PAINTS["sdf"].color)) == pytest.approx(held["sdf"] + held["ypg"], rel=1e-4)
    assert "People's Protection Units" not in key(ax)
    assert "Syrian Democratic Forces includes People's Protection Units." in caption(ax)


def test_the_caption_has_definitions_and_the_title_the_date(
    territory: ck.Territory, caption: Callable[[Axes], str]
) -> None:
    """Which land is full colour, which is tint, and as of when."""
    ax = ck.plot_territory(territory, "2017-11-03")
    assert ax.get_title(loc="left").replace("\n", " ") == "Control of Iraq and Syria on 3 November 2017"
    assert territory.definition("core") in caption(ax)
    assert territory.definition("claimed") in caption(ax)
    assert "State at the end of the day" in caption(ax)


def test_a_zoom_shows_and_credits_its_own_places(territory: ck.Territory) -> None:
    """Around Abu Kamal: its name, holders that are there, and only sources of the places shown."""
    ax = ck.plot_territory(territory, "2017-11-03", extent="abu-kamal", radius_km=60)
    assert "Abu Kamal" in names(ax)
    assert "Baghdad" not in names(ax)
    assert "Peshmerga" not in key(ax)
    evidence = territory.holders("2017-11-03").set_index("place_id")["source_id"]
    credited = set(sources_of(ax)["source_id"])
    assert evidence["abu-kamal"] in credited
    assert evidence["basra"] not in credited
    west, east = ax.get_xlim()
    assert east - west == pytest.approx(120_000)


def test_a_box_is_shown_whole_with_north_up(territory: ck.Territory) -> None:
    """The corners of the box lie in the window; its middle meridian is vertical."""
    window = window_of(territory, (39.5, 33.5, 43.0, 36.0), 100)
    box = np.array([shapely.box(39.5, 33.5, 43.0, 36.0)])
    assert shapely.area(window.cut(box))[0] == pytest.approx(shapely.area(project(box, window.crs))[0])
    (meridian,) = window.cut(np.array([shapely.LineString([(41.25, 33.8), (41.25, 35.8)])]))
    (x0, y0), *_, (x1, y1) = meridian.coords
    assert abs(x1 - x0) < 0.001 * (y1 - y0)


def test_areas_do_not_depend_on_the_window(territory: ck.Territory) -> None:
    """The projection is equal-area wherever it is centred."""
    square = shapely.box(-10_000, -10_000, 10_000, 10_000)
    for extent in ("abu-kamal", "aleppo", "basra"):
        window = window_of(territory, extent, 50)
        lonlat = unproject(np.array([square]), window.crs)
        ground = shapely.area(window.cut(lonlat))[0]
        assert ground == pytest.approx(4e8, rel=1e-4)


@pytest.mark.parametrize(("extent", "radius", "km"), [(None, 100, 200), ("abu-kamal", 100, 20), ("abu-kamal", 30, 10)])
def test_the_scale_bar_is_true(territory: ck.Territory, extent: str | None, radius: float, km: float) -> None:
    """A round number, and as long as it says."""
    ax = ck.plot_territory(territory, "2017-11-03", extent=extent, radius_km=radius)
    (bar,) = ax.lines
    assert np.ptp(bar.get_xdata()) == pytest.approx(1000 * km)
    assert f"{km} km" in names(ax)


def test_dots_have_the_colour_of_the_holder(territory: ck.Territory) -> None:
    """Each dot: the holder of its own row, or of the land around it where it has none."""
    shown = towns_on(territory, window_of(territory, None, 100))
    held_by = holders_of(shown, territory.at("2015-01-01"), territory.holders("2015-01-01"))
    by_place = dict(zip(shown["place_id"], held_by, strict=True))
    assert (by_place["raqqa"], by_place["mosul"], by_place["baghdad"]) == ("isis", "isis", "iraq_gov")
    ax = ck.plot_territory(territory, "2015-01-01")
    dots = [c for c in ax.collections if isinstance(c, PathCollection) and len(c.get_facecolors()) == len(shown)]
    colors = [to_hex(color).upper() for color in dots[-1].get_facecolors()]
    assert colors == [PAINTS[actor].color for actor in held_by]
    sizes = dict(zip(shown["place_id"], dots[-1].get_sizes(), strict=True))
    assert sizes["baghdad"] > sizes["raqqa"] > sizes["rutbah"]


def test_the_largest_towns_are_named_first(overview: Axes) -> None:
    """What does not fit is small."""
    assert {"Baghdad", "Mosul", "Aleppo", "Damascus", "Basra", "Raqqa", "Deir ez-Zor"} <= names(overview)


def test_labels_can_be_chosen_or_left_out(territory: ck.Territory) -> None:
    """These and no others; or none at all but the scale bar."""
    chosen = ck.plot_territory(territory, "2017-11-03", extent="abu-kamal", labels=["al-qaim", "abu-kamal"])
    assert names(chosen) == {"Al-Qaim", "Abu Kamal", "20 km"}
    assert names(ck.plot_territory(territory, "2017-11-03", extent="abu-kamal", labels=False)) == {"20 km"}


def test_a_country_outside_the_scope_is_abroad() -> None:
    """A territory of Syria alone paints nothing in Iraq."""
    syria = ck.Territory.from_places(scope=("SY",))
    ax = ck.plot_territory(syria, "2017-11-03")
    assert km2_of(ax, style.tint(PAINTS["iraq_gov"].color)) < 5_000  # cells of Iraqi towns that reach over the border
    assert ax.get_title(loc="left").replace("\n", " ") == "Control of Syria on 3 November 2017"


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"extent": "abu-kemal"}, PlaceError, r"Unknown place 'abu-kemal'.*Did you mean 'abu-kamal'"),
        ({"extent": "middle-euphrates-valley"}, PlaceError, "area without a point"),
        ({"extent": (43, 36, 39, 33)}, PlaceError, "no box of land"),
        ({"extent": "abu-kamal", "radius_km": 0}, PlaceError, "above 0"),
        ({"extent": "abu-kamal", "radius_km": float("nan")}, PlaceError, "above 0"),
        ({"extent": "abu-kamal", "labels": ["bagdad"]}, UnknownNameError, "Unknown place on this map 'bagdad'"),
    ],
)
def test_impossible_maps_are_refused(
    territory: ck.Territory, options: dict[str, object], error: type[Exception], message: str
) -> None:
    """The value, and what to do instead."""
    with pytest.raises(error, match=message):
        ck.plot_territory(territory, "2017-11-03", **options)

"""The map of record: the right land in the right colours, towns with their holders, asked once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.patches import PathPatch
from matplotlib.text import Text

import conflictkit as ck
from conflictkit import dates, look
from conflictkit.charts import _canvas
from conflictkit.charts._land import View
from conflictkit.charts.sources import Caption
from conflictkit.errors import DateError, PlaceError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

PAINTS = look.palette(ck.load_actors())


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


def title(ax: Axes) -> str:
    """Return the title, on one line."""
    return ax.get_title(loc="left").replace("\n", " ")


@pytest.fixture(scope="module")
def overview(territory: ck.Territory) -> Axes:
    """Return the map of both countries on the day of the report."""
    return ck.plot_territory(territory, "2017-11-03")


@pytest.fixture(scope="module")
def close_up(territory: ck.Territory) -> Axes:
    """Return the map around Abu Kamal on that day."""
    return ck.plot_territory(territory, "2017-11-03", extent="abu-kamal", radius_km=60)


@pytest.fixture(scope="module")
def kobani(territory: ck.Territory) -> Axes:
    """Return the map around a town that is fought over."""
    return ck.plot_territory(territory, "2014-11-01", extent="kobani", radius_km=30, labels=False)


@pytest.mark.parametrize("actor", ["isis", "syria_gov", "peshmerga"])
def test_painted_areas_are_the_models(territory: ck.Territory, overview: Axes, actor: str) -> None:
    """On an equal-area map the paint can be measured: core in full colour, claimed in the tint below it."""
    for level, color in (("claimed", look.tint(PAINTS[actor].color)), ("core", PAINTS[actor].color)):
        held = territory.at("2017-11-03", level=level).set_index("actor_id")["area_km2"]
        assert km2_of(overview, color) == pytest.approx(held[actor], rel=5e-4)


def test_a_hatched_holder_is_hatched_on_the_map_and_in_the_key(kobani: Axes, overview: Axes) -> None:
    """Contested land: the hatch of its row, in both levels."""
    hatched = {patch.get_hatch() for patch in kobani.get_children() if isinstance(patch, PathPatch)} - {None}
    assert {PAINTS["contested"].hatch, "////"} <= hatched
    assert "contested: before, after (white, black: not recorded)" in key(kobani)
    assert "Contested" not in key(overview)


def test_a_child_painted_like_its_parent_is_one_holder(
    territory: ck.Territory, overview: Axes, caption: Callable[[Axes], str]
) -> None:
    """YPG and SDF are one colour, one entry of the key, one sentence in the caption."""
    held = territory.at("2017-11-03").set_index("actor_id")["area_km2"]
    assert km2_of(overview, look.tint(PAINTS["sdf"].color)) == pytest.approx(held["sdf"] + held["ypg"], rel=1e-4)
    assert "People's Protection Units" not in key(overview)
    assert "Syrian Democratic Forces includes People's Protection Units." in caption(overview)


def test_the_caption_has_definitions_and_the_title_the_date(
    territory: ck.Territory, overview: Axes, caption: Callable[[Axes], str]
) -> None:
    """Which land is full colour, which is tint, and as of when."""
    assert title(overview) == "Control of Iraq and Syria on 3 November 2017"
    assert overview.get_legend().get_title().get_text() == "Dark: core, near settlements. Pale: claimed only."
    assert territory.definition("core") in caption(overview)
    assert territory.definition("claimed") in caption(overview)
    assert "State at the end of the day" in caption(overview)


def test_without_a_core_claimed_land_has_the_full_colour(caption: Callable[[Axes], str]) -> None:
    """A radius of 0 makes no core: nothing speaks of it, and nothing is pale."""
    land = ck.Territory.from_places(core_radius_km=0)
    ax = ck.plot_territory(land, "2017-11-03", labels=False)
    held = land.at("2017-11-03").set_index("actor_id")["area_km2"]
    assert km2_of(ax, PAINTS["syria_gov"].color) == pytest.approx(held["syria_gov"], rel=1e-4)
    assert not ax.get_legend().get_title().get_text()
    assert "All land claimed." in caption(ax)
    assert "ore:" not in caption(ax)


def test_a_zoom_shows_and_credits_its_own_places(territory: ck.Territory, close_up: Axes) -> None:
    """Around Abu Kamal: its name, holders that are there, and only sources of the places shown."""
    assert "Abu Kamal" in names(close_up)
    assert "Baghdad" not in names(close_up)
    assert "Peshmerga" not in key(close_up)
    evidence = territory.holders("2017-11-03").set_index("place_id")["source_id"]
    credited = set(ck.sources_of(close_up)["source_id"])
    assert evidence["abu-kamal"] in credited
    assert evidence["basra"] not in credited
    west, east = close_up.get_xlim()
    assert east - west == pytest.approx(120_000)


def test_dots_have_the_colour_of_the_holder(territory: ck.Territory) -> None:
    """Each dot: the holder of its own row, or of the land around it where it has none."""
    scene = View.of(territory, None, 100).on(pd.Timestamp("2015-01-01"))
    towns, held_by = scene.towns
    by_place = dict(zip(towns["place_id"], held_by, strict=True))
    assert (by_place["raqqa"], by_place["mosul"], by_place["baghdad"]) == ("isis", "isis", "iraq_gov")
    ax = ck.plot_territory(territory, "2015-01-01", labels=False)
    dots = [c for c in ax.collections if isinstance(c, PathCollection) and len(c.get_facecolors()) == len(towns)]
    colors = [to_hex(color).upper() for color in dots[-1].get_facecolors()]
    assert colors == [PAINTS[actor].color for actor in held_by]
    sizes = dict(zip(towns["place_id"], dots[-1].get_sizes(), strict=True))
    assert sizes["baghdad"] > sizes["raqqa"] == max(size for place, size in sizes.items() if place == "deir-ez-zor")


def test_the_largest_towns_are_named_first(overview: Axes) -> None:
    """What does not fit is small."""
    assert {"Baghdad", "Mosul", "Aleppo", "Damascus", "Basra", "Raqqa", "Deir ez-Zor"} <= names(overview)


def test_labels_can_be_chosen_or_left_out(territory: ck.Territory, kobani: Axes) -> None:
    """These and no others; or none at all but the scale bar."""
    chosen = ck.plot_territory(territory, "2017-11-03", extent="abu-kamal", labels=["al-qaim", "abu-kamal"])
    assert names(chosen) == {"Al-Qaim", "Abu Kamal", "20 km"}
    assert names(kobani) == {"10 km"}


@pytest.mark.slow
@pytest.mark.parametrize("extent", [None, "abu-kamal"])
def test_map_fades_where_the_model_is_unsure(territory: ck.Territory, extent: str | None) -> None:
    """The picture under a sure place is clear, under an unsure square it is white; the key says what fading means."""
    ax = ck.plot_territory(territory, "2017-11-03", extent=extent, labels=False, fade=True)
    (image,) = ax.get_images()
    white = np.asarray(image.get_array())[..., 3]
    assert white.min() == 0
    assert white.max() == pytest.approx(0.8)
    assert "holder's probability 0.9, 0.7, 0.5" in key(ax)


def test_a_map_that_does_not_fade_has_no_picture_of_doubt(overview: Axes) -> None:
    """Fading is asked for."""
    assert not overview.get_images()


def test_contested_hatch_is_seen_where_one_side_is_unknown(kobani: Axes) -> None:
    """Kobani was the YPG's before and after: its besieger has no row, and the hatch is not yellow on yellow."""
    looks = {
        (to_hex(p.get_facecolor()).upper(), to_hex(p.get_edgecolor()).upper())
        for p in kobani.get_children()
        if isinstance(p, PathPatch) and p.get_hatch() == "////"
    }
    assert looks == {(look.tint(PAINTS["ypg"].color), look.INK)}


def test_a_country_outside_the_scope_is_abroad() -> None:
    """A territory of Syria alone paints nothing in Iraq."""
    syria = ck.Territory.from_places(scope=("SY",))
    ax = ck.plot_territory(syria, "2017-11-03", labels=False)
    assert km2_of(ax, look.tint(PAINTS["iraq_gov"].color)) < 5_000  # cells of Iraqi towns that reach over the border
    assert title(ax) == "Control of Syria on 3 November 2017"


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"extent": "abu-kamel"}, PlaceError, r"Unknown place 'abu-kamel'.*Did you mean 'abu-kamal'"),
        ({"extent": "middle-euphrates-valley"}, PlaceError, "area without a point"),
        ({"extent": (43, 36, 39, 33)}, PlaceError, "no box of land"),
        ({"extent": (39, 33, 43)}, PlaceError, "no box of land"),
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


def test_a_bad_date_is_refused(territory: ck.Territory) -> None:
    """A day that reads in two ways is none."""
    with pytest.raises(DateError, match="03/11/2017"):
        ck.plot_territory(territory, "03/11/2017")


@pytest.mark.parametrize(
    ("draw", "days"),
    [
        (lambda land: ck.plot_territory(land, "2017-11-03", extent="abu-kamal", fade=True, labels=False), 1),
        (lambda land: ck.plot_territories(land, ["2014-09-01", "2017-11-03"], extent="abu-kamal"), 2),
        (lambda land: ck.plot_changes(land, "2015-01-05", "2017-06-26", extent="raqqa"), 2),
        (lambda land: ck.plot_deployments(land, "2017-11-03", extent="abu-kamal"), 1),
        (lambda land: ck.plot_pocket(land, "abu-kamal", "2017-11-03"), 1),
    ],
    ids=["territory", "territories", "changes", "deployments", "pocket"],
)
def test_a_day_is_read_once_and_its_holders_are_asked_for_once(
    territory: ck.Territory, monkeypatch: pytest.MonkeyPatch, draw: Callable[[ck.Territory], object], days: int
) -> None:
    """From the text of a date to the pixels: one reading, one question who holds what, one look for towns."""
    counts = {"read_text": 0, "holders": 0, "towns_on": 0}

    def counted(owner: object, name: str) -> None:
        real = getattr(owner, name)

        def call(*args: object, **options: object) -> object:
            counts[name] += 1
            return real(*args, **options)

        monkeypatch.setattr(owner, name, call)

    counted(dates, "read_text")
    counted(ck.Territory, "holders")
    counted(_canvas, "towns_on")
    draw(territory)
    assert counts == {"read_text": days, "holders": days, "towns_on": 1}


def test_a_key_of_many_holders_leaves_room_for_the_map(entries: Callable[[Axes], list[str]]) -> None:
    """Of a hundred holders the largest are named, cut where they are as long as a line, and the others counted."""
    boxes = [shapely.box(38 + n / 10, 34, 38 + (n + 1) / 10, 34.3 + n / 1000) for n in range(100)]
    names = [f"Front {n} {'of many words ' * 20}" for n in range(100)]
    frame = gpd.GeoDataFrame({"date": "2015-01-01", "actor_id": names}, geometry=boxes, crs=4326)
    ax = ck.plot_territory(ck.Territory.from_polygons(frame), "2015-06-01")
    ax.figure.draw_without_rendering()
    assert ax.get_position().width > 0.97  # as wide as the figure, and as high as its land is flat
    told = entries(ax)
    assert told[0].startswith("Front 99 of many words")
    assert max(map(len, told)) <= 80
    assert "and 82 smaller holders" in told
    assert Text.get_window_extent(ax.get_legend().get_texts()[0]).x1 < ax.figure.bbox.x1

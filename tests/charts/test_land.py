"""Pictures of land ask the territory in hand: of drawings as of places, of another war as of the shipped one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from matplotlib.colors import to_hex
from matplotlib.patches import PathPatch
from matplotlib.text import Text

import conflictkit as ck
from conflictkit import look
from conflictkit.actors import NOBODY
from conflictkit.charts import _land
from conflictkit.charts._land import View
from conflictkit.charts.changes import moved_land
from conflictkit.errors import PlaceError, TerritoryError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


DAYS = ("1990-06-01", "1994-01-01")
PICTURES: dict[str, Callable[[ck.Territory], Axes | Figure]] = {
    "territory": lambda land: ck.plot_territory(land, "1992-06-01", fade=True),
    "territories": lambda land: ck.plot_territories(land, DAYS, labels=True),
    "changes": lambda land: ck.plot_changes(land, *DAYS),
    "deployments": lambda land: ck.plot_deployments(land, "1993-07-01", lines="backers"),
    "pocket": lambda land: ck.plot_pocket(land, "hotel", "1994-01-10", assume_days=365),
}


def words(picture: Axes | Figure) -> str:
    """Return everything that a picture says, on one line."""
    figure: Any = getattr(picture, "figure", None) or picture
    return " ".join(str(text.get_text()).replace("\n", " ") for text in figure.findobj(Text))


def key(ax: Axes) -> list[str]:
    """Return the texts of the key."""
    return [text.get_text() for text in ax.get_legend().get_texts()]


@pytest.fixture(scope="module")
def drawn() -> ck.Territory:
    """Return what somebody drew: two holders side by side, later one of them on the land of the other."""
    west, east = (shapely.box(x, 34, x + 1, 35) for x in (38, 39))
    rows = {"date": ["2017-01-01", "2017-01-01", "2017-06-01"], "actor_id": ["isis", "syria_gov", "syria_gov"]}
    return ck.Territory.from_polygons(gpd.GeoDataFrame(rows, geometry=[west, east, west], crs=4326))


@pytest.fixture(scope="module")
def drawing(drawn: ck.Territory) -> Axes:
    """Return the map of the first drawing."""
    return ck.plot_territory(drawn, "2017-03-03")


def test_a_drawing_is_drawn_as_it_was_drawn(drawn: ck.Territory, drawing: Axes, caption: Callable[[Axes], str]) -> None:
    """All of it in full colour, with the day of the drawing, the level and the towns of the tables."""
    paints = look.palette(ck.load_actors())
    painted = {
        to_hex(patch.get_facecolor()).upper(): patch.get_path().get_extents().size.prod() / 1e6
        for patch in drawing.get_children()
        if isinstance(patch, PathPatch)
    }
    held = drawn.at("2017-03-03").set_index("actor_id")["area_km2"]
    for actor in ("isis", "syria_gov"):
        assert painted[paints[actor].color] == pytest.approx(held[actor], rel=0.02)  # of its box
    assert drawing.get_title(loc="left") == "Land drawn for 3 March 2017"
    assert "Drawing of 1 January 2017." in caption(drawing)
    assert drawn.definition("claimed") in caption(drawing)
    assert "core" not in caption(drawing).lower()
    assert key(drawing) == ["Government of Syria", "Islamic State", "line as drawn", "international border"]
    assert "Palmyra" in words(drawing)
    behind = ck.sources_of(drawing)
    assert behind["row_key"].tolist() == ["2017-01-01, isis", "2017-01-01, syria_gov"]
    assert behind["source_id"].isna().all()  # nobody said who drew it


def test_a_drawing_has_windows_too(drawn: ck.Territory) -> None:
    """Around a place of the tables, with the names asked for."""
    ax = ck.plot_territory(drawn, "2017-03-03", extent="palmyra", radius_km=40, labels=["palmyra"])
    assert ax.get_title(loc="left") == "Land drawn within 40 km of Palmyra for 3 March 2017"
    west, east = ax.get_xlim()
    assert east - west == pytest.approx(80_000)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"labels": ["nonsense"]}, UnknownNameError, "Unknown place on this map 'nonsense'"),
        ({"extent": "nowhere"}, PlaceError, "Unknown place 'nowhere'"),
        ({"fade": True}, TerritoryError, r"edge_km"),
    ],
)
def test_what_a_drawing_cannot_show_is_refused(
    drawn: ck.Territory, options: dict[str, Any], error: type[Exception], message: str
) -> None:
    """Nothing is ignored in silence; the message says what to do instead."""
    for draw in (ck.plot_territory, ck.plot_territories):
        with pytest.raises(error, match=message):
            draw(drawn, "2017-03-03", **options)


def test_a_drawing_beyond_the_borders_in_hand_is_not_at_sea() -> None:
    """Where no neighbour is known the map does not say water."""
    far = gpd.GeoDataFrame(
        {"date": ["2022-09-01"], "actor_id": ["them"]}, geometry=[shapely.box(36, 48, 38, 50)], crs=4326
    )
    ax = ck.plot_territory(ck.Territory.from_polygons(far), "2022-09-01")
    assert to_hex(ax.get_facecolor()).upper() == look.ABROAD
    assert "them" in key(ax)


def test_what_changed_between_drawings(drawn: ck.Territory, caption: Callable[[Axes], str]) -> None:
    """All that one holder had went to the other, and that one left its own to nobody."""
    days = ("2017-01-01", "2017-06-01")
    ax = ck.plot_changes(drawn, *days, actor_id="isis")
    km2 = drawn.at(days[0]).set_index("actor_id")["area_km2"]["isis"]
    assert key(ax) == [
        f"lost: claimed {round(km2, -2):,.0f} km\N{SUPERSCRIPT TWO}",
        f"now Government of Syria: {round(km2, -2):,.0f} km\N{SUPERSCRIPT TWO}",
    ]
    assert "0 drawings lie in between" in caption(ax)
    view = View.of(drawn, None, 100)
    moved = moved_land(view.on(pd.Timestamp(days[0])), view.on(pd.Timestamp(days[1])), ["syria_gov"])
    assert moved[["kind", "other"]].to_numpy().tolist() == [["gained", "syria_gov"], ["lost", "none"]]


def test_forces_stand_over_drawings(drawn: ck.Territory) -> None:
    """Reports are those of the tables; the land is the drawing."""
    ax = ck.plot_deployments(drawn, "2017-03-03")
    assert ax.get_title(loc="left") == "Forces and land drawn for 3 March 2017"
    here = ck.deployments_at("2017-03-03")
    pages = pd.concat([here["source_id"], here["second_source_id"]]).dropna()
    assert set(ck.sources_of(ax)["source_id"].dropna()) == set(pages)


def test_a_pocket_of_a_drawing(drawn: ck.Territory, caption: Callable[[Axes], str]) -> None:
    """Whose land the place is on, and what it meets, as somebody drew it."""
    ax = ck.plot_pocket(drawn, "palmyra", "2017-03-03")
    assert "Islamic State: connected land" in words(ax)
    assert caption(ax).startswith("Drawing of 1 January 2017.")


def test_several_drawings_side_by_side(drawn: ck.Territory) -> None:
    """One key for all: a holder of either day."""
    figure = ck.plot_territories(drawn, ["2017-06-01", "2017-01-01"])
    assert [ax.get_title(loc="left") for ax in figure.axes[:-1]] == ["1 January 2017", "1 June 2017"]
    assert key(figure.axes[-1])[:2] == ["Government of Syria", "Islamic State"]


@pytest.mark.slow
@pytest.mark.parametrize("name", PICTURES)
def test_another_war_shows_nothing_of_the_shipped_one(other_war: ck.Tables, name: str) -> None:
    """Its own actors, sides, countries and sources, and no name of the shipped tables."""
    picture = PICTURES[name](ck.Territory.from_places(tables=other_war))
    said = words(picture)
    assert "Red Army of the Hills" in said
    sources = ck.sources_of(picture)
    assert set(sources["source_id"].dropna()) <= set(other_war.sources["source_id"])
    assert f"Sources: {sources['source_id'].nunique()} page" in said
    for own in (*other_war.actors["name"], *other_war.sides["name"], *other_war.sources["publisher"]):
        said = said.replace(own, "")
    shipped = ck.Tables.shipped()
    people = shipped.actors[~shipped.actors["actor_id"].isin(NOBODY)]
    foreign = {*people["name"], *shipped.sides["name"], *shipped.sources["publisher"].dropna()}
    assert {name for name in {*foreign, "Iraq", "Syria", "Natural Earth"} if len(name) > 3 and name in said} == set()


def test_own_sources_are_credited(other_war: ck.Tables, caption: Callable[[Axes], str]) -> None:
    """A page that only the reader's tables know is counted, named and led to."""
    ax = ck.plot_territory(ck.Territory.from_places(tables=other_war), "1995-01-01", labels=False)
    assert "Sources: 2 pages by The Hill Gazette and Blue Courier." in caption(ax)
    assert set(ck.sources_of(ax)["url"].dropna()) == set(other_war.sources["url"])


def test_nobodys_story_is_told_unasked(other_war: ck.Tables, drawn: ck.Territory) -> None:
    """The actor of the story is the tables': reds here, nobody where the tables do not say."""
    land = ck.Territory.from_places(tables=other_war)
    assert "Red Army of the Hills: 0 km\N{SUPERSCRIPT TWO} lost" in ck.plot_changes(land, *DAYS).get_title(loc="left")
    with pytest.raises(UnknownNameError, match="actor_id='"):
        ck.plot_changes(ck.Territory.from_places(tables=without_story(other_war)), *DAYS)
    with pytest.raises(UnknownNameError, match="Unknown actor_id 'hts'"):
        ck.plot_changes(drawn, "2017-01-01", "2017-06-01", actor_id="hts")


def without_story(tables: ck.Tables) -> ck.Tables:
    """Return tables whose story is nobody's."""
    from dataclasses import replace

    return replace(tables, story_actor=None)


@pytest.mark.slow
def test_an_actor_of_ones_own_has_its_name_and_colour(territory: ck.Territory) -> None:
    """In the map, in the changes, in the pocket: as the reader's table says."""
    actors = ck.load_actors()
    own = actors["actor_id"] == "isis"
    mine = actors.assign(name=actors["name"].mask(own, "A Name Of My Own"), color=actors["color"].mask(own, "#123456"))
    land = ck.Territory.from_places(tables=territory.tables.replace(actors=mine))
    for ax in (
        ck.plot_territory(land, "2017-06-01", extent="raqqa", labels=False),
        ck.plot_pocket(land, "raqqa", "2017-06-01"),
        ck.plot_changes(land, "2017-01-01", "2017-06-01", extent="raqqa"),
    ):
        assert "A Name Of My Own" in words(ax)
        assert "#123456" in {to_hex(patch.get_facecolor()) for patch in ax.figure.findobj(PathPatch)}


def test_one_name_of_a_town_is_a_name(drawn: ck.Territory) -> None:
    """A text is one id, not a list of letters."""
    with pytest.raises(UnknownNameError, match=r"Unknown place on this map 'palmira'.*Did you mean 'palmyra'"):
        ck.plot_territory(drawn, "2017-03-03", labels="palmira")
    assert "Palmyra" in words(ck.plot_territory(drawn, "2017-03-03", labels="palmyra"))


def test_actors_of_ones_own_need_no_word_for_nobody(drawn: ck.Territory) -> None:
    """Land that was left to nobody is drawn even where the table of actors does not have nobody."""
    shapes = drawn.at("2017-01-01").assign(date="2017-01-01")
    later = shapes[shapes["actor_id"] == "isis"].assign(date="2017-02-01")
    frame = pd.concat([shapes, later])[["date", "actor_id", "geometry"]]
    actors = ck.load_actors().query("actor_id in ['isis', 'syria_gov']").assign(backed_by=None)
    land = ck.Territory.from_polygons(frame, actors=actors)
    ax = ck.plot_changes(land, "2017-01-01", "2017-02-01", actor_id="syria_gov")
    assert key(ax)[0].startswith("lost: claimed")


def test_whiteness_follows_the_probability() -> None:
    """Certain land keeps its colour; from even chances down it is palest."""
    assert _land.whiteness(np.array([1.0, 0.9, 0.7, 0.5, 0.2])).tolist() == pytest.approx([0, 0, 0.4, 0.8, 0.8])


def test_contested_land_has_both_sides(territory: ck.Territory) -> None:
    """Kobani in November 2014: the YPG before and after; Ramadi: nobody known before."""
    days = {day: territory.holders(day) for day in ("2014-11-01", "2014-02-01")}
    sides = {day: _land.contenders(rows, territory.control_changes).set_index("place_id") for day, rows in days.items()}
    assert sides["2014-11-01"].loc["kobani"].tolist() == ["ypg", "ypg"]
    assert sides["2014-02-01"].loc["ramadi"].isna().tolist() == [True, False]

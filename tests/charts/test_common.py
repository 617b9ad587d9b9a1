"""What all pictures promise: same bytes, nothing changed, the caller's axes, words that can be read, the way back."""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING, Any

import gallery
import pytest
import shapely
from matplotlib.artist import Artist
from matplotlib.colors import to_hex, to_rgb
from matplotlib.text import Text
from pandas.testing import assert_frame_equal

import conflictkit as ck
from conflictkit.charts.sources import Caption
from conflictkit.errors import TableError, TerritoryError

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.transforms import Bbox

# Each label has a row, or there is none.
IN_ROWS = (
    *(
        "disagreement",
        "pool",
        "presence",
        "order_of_battle",
        "backing",
        "comparison",
        "influence",
        "influence, of pages",
    ),
    "evidence",
)
OF_DATA_SETS = ("events",)  # a file of the reader's own: no labels, no rows of the table of sources
each_picture = pytest.mark.parametrize("name", gallery.PICTURES)
LEAST = 9.0  # points, at the size at which a notebook shows a figure
WIDTH = 7.5  # inches: 750 pixels, which a notebook has room for in a window of 900


def test_every_picture_is_in_the_gallery() -> None:
    """Whoever adds a `plot_*` function adds it there, and has it checked."""
    offered = {name.removeprefix("plot_") for name in ck.__all__ if name.startswith("plot_")}
    assert {name.partition(",")[0] for name in gallery.PICTURES} == offered - set(gallery.NO_AXES)
    assert set(gallery.OTHER) == offered


@pytest.mark.slow
@each_picture
def test_same_call_same_bytes(name: str, territory: ck.Territory, png: Callable[[Axes], bytes]) -> None:
    """Twice the same call, and twice the same figure saved, give one picture."""
    first, second = (gallery.PICTURES[name](territory, None) for _ in range(2))
    assert first is not second
    assert png(first) == png(first) == png(second)


@pytest.mark.slow
@each_picture
def test_the_callers_axes_are_used(name: str, drawing: Callable[..., Any]) -> None:
    """The axes given come back, in their figure, and no other figure is opened."""
    drawn = drawing(name, "given")
    assert drawn.ax is drawn.given
    assert drawn.figures_opened == 0


@pytest.mark.slow
@each_picture
def test_the_readers_settings_stay(name: str, drawing: Callable[..., Any]) -> None:
    """No setting of matplotlib is changed, and none of the reader's gets into the type."""
    drawn = drawing(name)
    assert drawn.settings_changed == {}
    words = [text for text in drawn.ax.figure.findobj(Text) if text.get_text().strip()]
    assert {text.get_fontfamily()[0] for text in words} == {"DejaVu Sans"}
    assert max(text.get_fontsize() for text in words) < 20


@each_picture
def test_title_key_and_caption_are_inside_the_figure(name: str, drawing: Callable[..., Any]) -> None:
    """At 700 pixels nothing around the axes is cut off, and the caption is under the key."""
    ax = drawing(name, "given").ax
    (caption,) = [artist for artist in ax.get_children() if isinstance(artist, Caption)]
    legend = ax.get_legend()
    assert legend is not None
    page, under, key = ax.figure.bbox, Text.get_window_extent(caption), legend.get_window_extent()
    title = Text.get_window_extent(ax._left_title)  # noqa: SLF001 - matplotlib gives no access to it
    for box in (under, key, title):
        assert page.x0 <= box.x0
        assert box.x1 <= page.x1 + 1
        assert page.y0 - 1 <= box.y0
        assert box.y1 <= page.y1 + 1
    assert under.y1 <= key.y0
    assert caption.get_fontsize() == 9


def ids() -> set[str]:
    """Return the ids of actors, sides and places that nobody would take for a word."""
    tables = ck.Tables.shipped()
    known = {*tables.actors["actor_id"], *tables.places["place_id"]}
    return {name for name in known if re.search("[-_]", name)} | {"isis", "syria_gov", "iraq_gov", "hts", "sdf"}


IDS = ids()


def texts(figure: Figure) -> list[Text]:
    """Return what can be seen of the words of a figure: of ticks those in view, of axes that are turned off none."""
    every: Any = figure.findobj(lambda artist: hasattr(artist, "xaxis"))
    axes = [(ax, axis) for ax in every for axis in (ax.xaxis, ax.yaxis)]
    ticks = {text for _, axis in axes for text in axis.findobj(Text)}
    shown = [text for ax, axis in axes if ax.axison for text in in_view(axis)]
    others = [text for text in figure.findobj(Text) if text not in ticks and text.get_visible()]
    return [text for text in [*others, *shown] if text.get_text().strip()]


def in_view(axis: Any) -> list[Text]:  # noqa: ANN401 - matplotlib's axes of both kinds
    """Return the labels of an axis that are drawn."""
    low, high = sorted(axis.get_view_interval())
    places = zip(axis.get_majorticklocs(), axis.get_majorticklabels(), strict=False)  # panels share them
    return [axis.label, *(text for at, text in places if low <= at <= high and text.get_visible())]


def box(text: Text) -> Bbox:
    """Return where a text stands, without the line that leads to it."""
    return Text.get_window_extent(text)


@each_picture
def test_type_can_be_read_at_the_size_of_a_notebook(name: str, drawing: Callable[..., Any]) -> None:
    """No figure is wider than a notebook, no letter smaller than nine points."""
    figure = drawing(name).ax.figure
    assert figure.get_figwidth() == WIDTH
    assert {text.get_text(): text.get_fontsize() for text in texts(figure) if text.get_fontsize() < LEAST} == {}


@each_picture
def test_words_have_no_ids_and_one_spelling_of_units(name: str, drawing: Callable[..., Any]) -> None:
    """Names, never ids; km² and not km2; 90 % and not 90%: in the picture and in the words for it."""
    figure = drawing(name).ax.figure
    words = [*(text.get_text() for text in texts(figure)), figure.alt]
    assert [word for text in words for word in re.findall(r"[\w-]+", text) if word in IDS] == []
    assert [text for text in words if "km2" in text or re.search(r"\d%", text)] == []


@each_picture
def test_a_picture_has_words_for_those_who_cannot_see_it(name: str, drawing: Callable[..., Any]) -> None:
    """What kind of picture it is, its title, and what is drawn in it."""
    ax = drawing(name).ax
    alt = ax.figure.alt
    assert alt.startswith(("Map: ", "Chart: "))
    assert " ".join(ax.get_title(loc="left").split()) in alt
    assert all(entry.get_text() in alt for entry in ax.get_legend().get_texts())
    assert len(alt) < 1000


@pytest.mark.parametrize("name", ["disagreement", "pool", "presence", "order_of_battle", "influence", "comparison"])
def test_no_line_of_a_picture_in_rows_covers_another(name: str, drawing: Callable[..., Any]) -> None:
    """Names at the left, figures at the right, the scale, the key and the caption keep off each other and inside."""
    figure = drawing(name).ax.figure
    figure.draw_without_rendering()
    boxes = {f"{number} {text.get_text()}": box(text) for number, text in enumerate(texts(figure))}
    page = figure.bbox.padded(1.0)
    assert [word for word, at in boxes.items() if at.x0 < page.x0 or at.x1 > page.x1] == []
    covered = [
        pair for pair in combinations(boxes, 2) if boxes[pair[0]].padded(-1.5).overlaps(boxes[pair[1]].padded(-1.5))
    ]
    assert covered == []


@pytest.mark.slow
@pytest.mark.parametrize("where", ["own", "given"])
@pytest.mark.parametrize("name", [name for name in gallery.PICTURES if name not in (*IN_ROWS, *OF_DATA_SETS)])
def test_no_label_covers_another(
    name: str, where: str, drawing: Callable[..., Any], placed: Callable[[Axes], dict[str, object]]
) -> None:
    """Wide and narrow, labels keep off each other and inside."""
    assert placed(drawing(name, where).ax)


@each_picture
def test_the_caption_names_sources_and_version(
    name: str, drawing: Callable[..., Any], caption: Callable[[Axes], str]
) -> None:
    """The number in the caption is the number of pages that the axes lead to."""
    ax = drawing(name).ax
    rows = ck.sources_of(ax)
    sources = rows.dropna(subset="source_id").drop_duplicates("source_id")
    told = "Events of Ours" if name in OF_DATA_SETS else f"Sources: {len(sources):,} page"
    assert told in caption(ax)
    assert f"conflictkit {ck.__version__}" in caption(ax)
    assert len(rows)
    assert name in OF_DATA_SETS or sources["publisher"].isin(ck.load_sources()["publisher"]).all()
    without = rows.loc[rows["publisher"] == "no page found", ["table", "row_key"]].drop_duplicates()
    assert name in OF_DATA_SETS or (f"No page found: {len(without):,} row" in caption(ax)) == bool(len(without))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["estimates, all", "strength, all"])
def test_whole_tables_are_readable(
    name: str, drawing: Callable[..., Any], placed: Callable[[Axes], dict[str, object]]
) -> None:
    """All rows at once: panels, no label over another."""
    ax = drawing(name).ax
    placed(ax)
    assert len(ax.child_axes) > 5


@pytest.mark.parametrize(
    ("table", "draw"),
    [
        ("fighter_estimates", ck.plot_estimates),
        ("fighter_estimates", ck.plot_disagreement),
        ("fighter_estimates", ck.plot_stock_and_flow),
        ("deployments", ck.plot_strength),
        ("deployments", ck.plot_presence),
    ],
)
class TestRowsGiven:
    """What a picture of rows takes."""

    @pytest.mark.slow
    def test_they_are_not_changed(self, table: str, draw: Callable[..., Axes]) -> None:
        """The frame comes back as it went in."""
        rows = rows_of(table)
        before = rows.copy(deep=True)
        draw(rows)
        assert_frame_equal(rows, before)

    def test_cells_may_be_text(self, table: str, draw: Callable[..., Axes], png: Callable[[Axes], bytes]) -> None:
        """A frame as a CSV gives it draws the same picture."""
        rows = rows_of(table)
        text = rows.astype("object").where(rows.notna(), None)
        for column in rows.select_dtypes("datetime").columns:
            text[column] = rows[column].dt.strftime("%Y-%m-%d")
        assert png(draw(text)) == png(draw(rows))

    def test_another_table_is_refused(self, table: str, draw: Callable[..., Axes]) -> None:
        """A missing column is named."""
        with pytest.raises(TableError, match="estimate_id" if table == "fighter_estimates" else "deployment_id"):
            draw(ck.load_places())

    def test_no_row_is_refused(self, table: str, draw: Callable[..., Axes]) -> None:
        """An empty picture would say that nothing was published."""
        with pytest.raises(TableError, match=rf"No rows .*start from load_{table}\(\)"):
            draw(rows_of(table).head(0))


def rows_of(table: str) -> pd.DataFrame:
    """Return some rows of one actor, scope and time."""
    if table == "deployments":
        return gallery.AMERICANS.head(6)
    return gallery.AUTUMN.head(6)


def words_of(figure: Figure) -> list[str]:
    """Return all that is written in a figure, each without line breaks."""
    return [" ".join(text.get_text().split()) for text in figure.findobj(Text)]


def colors_of(figure: Figure) -> set[str]:
    """Return the colours of all that is drawn."""
    found: set[str] = set()
    for artist in figure.findobj(Artist):
        for look in ("get_facecolor", "get_edgecolor", "get_color"):
            value = getattr(artist, look, lambda: None)()
            if value is None or (isinstance(value, str) and value in {"auto", "none", "face"}):
                continue
            several = getattr(value, "ndim", 1) == 2
            found |= {to_hex(color).upper() for color in (value if several else [value])}
    return found


def is_hue(color: str) -> bool:
    """Whether a colour is no grey, which paper and ink are too."""
    red, green, blue = to_rgb(color)
    return max(red, green, blue) - min(red, green, blue) > 0.1


@pytest.mark.slow
@pytest.mark.parametrize("name", gallery.OTHER)
def test_another_war_shows_nothing_of_the_shipped_one(
    name: str, other_war: ck.Tables, other_land: ck.Territory
) -> None:
    """Names, colours and pages are those of the tables in hand, and some of them show."""
    drawn = gallery.OTHER[name](other_land, other_war)
    figure = getattr(drawn, "figure", None) or drawn
    shipped, words = ck.Tables.shipped(), words_of(figure)
    foreign = set(shipped.actors["name"]) | set(shipped.places["name"]) | set(shipped.borders["name"])
    foreign |= set(shipped.sides["name"]) | set(shipped.sources["publisher"])
    foreign -= {*other_war.actors["name"], "The Hill"}  # of which The Hill Gazette is not
    told = re.compile("|".join(rf"\b{re.escape(word)}\b" for word in sorted(foreign)))
    assert [match[0] for text in words if (match := told.search(text))] == []
    assert not colors_of(figure) & ({*filter(is_hue, shipped.actors["color"])} - {*other_war.actors["color"]})
    sources = ck.sources_of(figure)
    assert name in OF_DATA_SETS or set(sources["source_id"].dropna()) <= set(other_war.sources["source_id"])
    assert len(sources) > 0 or name in OF_DATA_SETS
    own = {*other_war.actors["name"], *other_war.sides["name"], *other_war.borders["name"]}
    assert any(word in text for text in words for word in own)


@pytest.fixture(scope="module")
def other_land(other_war: ck.Tables) -> ck.Territory:
    """Return the land of another war."""
    return ck.Territory.from_places(tables=other_war)


@pytest.mark.parametrize(
    ("draw", "shows"),
    [
        (ck.plot_area, "Land held in Syria: claimed"),
        (lambda land: ck.plot_area(land, bands=True), "Land held in Syria: claimed"),
        (lambda land: ck.plot_territory(land, "2017-02-01"), "A new front"),
        (lambda land: ck.plot_changes(land, "2017-01-01", "2017-06-01", actor_id="isis"), "A new front"),
        (lambda land: ck.plot_territories(land, ["2017-01-01", "2017-06-01"]), "A new front"),
        (lambda land: ck.plot_deployments(land, "2017-06-10"), "A new front"),
    ],
    ids=["area", "bands", "territory", "changes", "territories", "deployments"],
)
def test_drawings_are_drawn(draw: Callable[[ck.Territory], Any], shows: str) -> None:
    """A territory of drawings has the pictures of land that need no places, with holders that no table knows."""
    drawn = draw(gallery.drawings())
    assert any(shows in text for text in words_of(getattr(drawn, "figure", None) or drawn))


def test_a_band_of_drawings_is_that_of_their_line(caption: Callable[[Axes], str]) -> None:
    """The caption says what is wrong by how much; nothing is certain or possible."""
    land = gallery.drawings()
    ax = ck.plot_area(land, bands=True, edge_km=8)
    assert "by 8 km in standard deviation" in caption(ax)
    assert "200 draws" not in caption(ax)
    with pytest.raises(TerritoryError, match="edge_km"):
        ck.plot_area(land, bands=True, edge_km=-1)


def test_no_coordinates_are_lost_in_drawings() -> None:
    """The gallery's own drawings are two squares of a degree."""
    assert shapely.area(gallery.drawings().at("2017-01-01").geometry).tolist() == pytest.approx([1, 1])

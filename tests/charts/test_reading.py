"""What every picture promises its readers: type that can be read, names and units as people write them, alt text."""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING, Any

import gallery
import IPython.display
import matplotlib.pyplot as plt
import pytest
from matplotlib.text import Text

import conflictkit as ck
from conflictkit.charts._labels import Labels
from conflictkit.charts.sources import Caption

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from matplotlib.figure import Figure
    from matplotlib.transforms import Bbox

LEAST = 9.0  # points, at the size at which a notebook shows a figure
WIDTH = 7.5  # inches: 750 pixels, which a notebook has room for in a window of 900
BY_NAME = pytest.mark.parametrize("name", [name for name in gallery.PICTURES if name != "events"])


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


@BY_NAME
def test_type_can_be_read_at_the_size_of_a_notebook(name: str, drawing: Callable[..., Any]) -> None:
    """No figure is wider than a notebook, no letter smaller than nine points."""
    figure = drawing(name).ax.figure
    assert figure.get_figwidth() == WIDTH
    assert {text.get_text(): text.get_fontsize() for text in texts(figure) if text.get_fontsize() < LEAST} == {}


@BY_NAME
def test_words_have_no_ids_and_one_spelling_of_units(name: str, drawing: Callable[..., Any]) -> None:
    """Names, never ids; km² and not km2; 90 % and not 90%: in the picture and in the words for it."""
    figure = drawing(name).ax.figure
    words = [*(text.get_text() for text in texts(figure)), figure.alt]
    assert [word for text in words for word in re.findall(r"[\w-]+", text) if word in IDS] == []
    assert [text for text in words if "km2" in text or re.search(r"\d%", text)] == []


@BY_NAME
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


def test_a_wide_map_names_fifteen_towns_at_most(territory: ck.Territory) -> None:
    """More cover the land; on a dark holder's land they are white."""
    ax = ck.plot_territory(territory, "2014-09-15")
    ax.figure.draw_without_rendering()  # type: ignore[union-attr]
    (labels,) = [artist for artist in ax.artists if isinstance(artist, Labels)]
    towns = [text for text, _, _ in labels.items if text.get_visible() and text.get_style() != "italic"]
    assert 10 <= len(towns) <= 15
    color = {text.get_text(): text.get_color() for text in towns}
    assert (color["Raqqa"], color["Baghdad"]) == ("white", "#222222")
    plt.close(ax.figure)


def test_several_maps_have_words_too(territory: ck.Territory) -> None:
    """One sentence a day, the largest holders first."""
    figure: Any = ck.plot_territories(territory, ["2014-06-01", "2017-11-03"])
    assert figure.alt.startswith(
        "Map: Control of Iraq and Syria. Of the land shown on 1 June 2014: Government of Iraq "
    )
    assert "on 3 November 2017:" in figure.alt
    plt.close(figure)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[dict[str, Any], dict[str, Any]]]]:
    """Return what was handed to a notebook: data and metadata by kind."""
    found: list[tuple[dict[str, Any], dict[str, Any]]] = []
    monkeypatch.setattr(IPython.display, "display", lambda data, **options: found.append((data, options["metadata"])))
    yield found
    plt.close("all")


def test_a_notebook_gets_the_picture_with_its_words(shown: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    """In HTML, which JupyterLab reads, and with the PNG, which other readers read; names are escaped."""
    actors = ck.load_actors()
    actors["name"] = actors["name"].replace({"Wagner Group": '"><script>alert(1)</script>'})
    tables = ck.Tables.shipped().replace(actors=actors.assign(aliases=None))
    ax = ck.plot_strength(ck.load_deployments().query("actor_id == 'wagner'"), tables=tables)
    figure: Any = ax.figure
    figure._ipython_display_()
    ((data, metadata),) = shown
    assert data["image/png"].startswith(b"\x89PNG")
    assert metadata["image/png"] == {"alt": figure.alt, "width": 750}
    assert data["text/plain"] == figure.alt
    assert 'width="750"' in data["text/html"]
    assert "<script>" in figure.alt
    assert "<script>" not in data["text/html"]


def test_a_picture_without_a_caption_has_no_words() -> None:
    """Nothing drawn, nothing told."""
    ax = ck.plot_strength(ck.load_deployments().query("actor_id == 'wagner'"))
    figure: Any = ax.figure
    (caption,) = figure.findobj(Caption)
    caption.remove()
    assert figure.alt == ""
    plt.close(figure)

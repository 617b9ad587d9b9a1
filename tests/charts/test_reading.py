"""What a notebook and its readers get: alt text with each picture, few names on a wide map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import IPython.display
import matplotlib.pyplot as plt
import pytest

import conflictkit as ck
from conflictkit.charts._labels import Labels
from conflictkit.charts.sources import Caption

if TYPE_CHECKING:
    from collections.abc import Iterator


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

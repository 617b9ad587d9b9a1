"""What the tests of the charts share: each picture drawn once, and how to read labels off a figure."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING

import gallery
import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from matplotlib.text import Text

from conflictkit.charts._labels import Labels
from conflictkit.charts.sources import Caption

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from matplotlib.axes import Axes
    from matplotlib.transforms import Bbox

    import conflictkit as ck

mpl.use("Agg")

READER = {"font.size": 21, "font.family": "serif"}  # settings of a reader, which no chart may change or follow


@dataclass(frozen=True)
class Drawing:
    """A picture as it was drawn for all the checks that only look at it: what came back, and what the call changed."""

    ax: Axes
    given: Axes | None
    figures_opened: int
    settings_changed: dict[str, object]


@pytest.fixture(scope="session")
def drawing(territory: ck.Territory) -> Callable[..., Drawing]:
    """Return a function that draws a picture of the gallery, once: in its own figure, or "given" 700 pixels."""

    @cache
    def draw(name: str, where: str = "own") -> Drawing:
        with mpl.rc_context(READER if where == "own" else {}):
            given = plt.subplots(figsize=(7, 5.5), dpi=100, layout="constrained")[1] if where == "given" else None
            figures, before = plt.get_fignums(), dict(mpl.rcParams)
            ax = (gallery.PICTURES | gallery.WHOLE)[name](territory, given)
            changed = {key: value for key, value in mpl.rcParams.items() if before[key] != value}
            opened = len(plt.get_fignums()) - len(figures)
        ax.figure.draw_without_rendering()
        return Drawing(ax, given, opened, changed)

    return draw


@pytest.fixture
def entries() -> Callable[[Axes], list[str]]:
    """Return a function that reads the words of the key of some axes."""

    def read(ax: Axes) -> list[str]:
        legend = ax.get_legend()
        return [] if legend is None else [text.get_text() for text in legend.get_texts()]

    return read


@pytest.fixture
def narrow() -> Iterator[Axes]:
    """Return axes of the caller's own, 700 pixels wide, with a layout."""
    figure, axes = plt.subplots(figsize=(7, 5.5), dpi=100, layout="constrained")
    yield axes
    plt.close(figure)


@pytest.fixture
def png() -> Callable[[Axes], bytes]:
    """Return a function that renders the figure of some axes."""

    def render(ax: Axes) -> bytes:
        out = io.BytesIO()
        ax.figure.savefig(out, format="png", dpi=50)
        return out.getvalue()

    return render


@pytest.fixture
def caption() -> Callable[[Axes], str]:
    """Return a function that reads the caption of some axes, on one line."""

    def read(ax: Axes) -> str:
        (found,) = [artist for artist in ax.get_children() if isinstance(artist, Caption)]
        return found.get_text().replace("\n", " ")

    return read


@pytest.fixture
def placed() -> Callable[[Axes], dict[str, Bbox]]:
    """Return a function that draws, checks that no two labels overlap or leave the axes, and returns them by text."""

    def draw(ax: Axes) -> dict[str, Bbox]:
        if ax.figure.stale:  # not drawn since it was changed
            ax.figure.draw_without_rendering()
        found: dict[str, Bbox] = {}
        for axes in (ax, *ax.child_axes):
            texts = [text for art in axes.artists if isinstance(art, Labels) for text, _, _ in art.items]
            boxes = {text.get_text(): Text.get_window_extent(text) for text in texts if text.get_visible()}
            limits = axes.get_window_extent().padded(0.5)
            for name, box in boxes.items():
                inside = limits.x0 <= box.x0 and box.x1 <= limits.x1 and limits.y0 <= box.y0 and box.y1 <= limits.y1
                assert inside, f"{name!r} leaves the axes"
            for (one, box), (other, second) in combinations(boxes.items(), 2):
                assert not box.padded(-0.5).overlaps(second.padded(-0.5)), f"{one!r} and {other!r} overlap"
            found |= boxes
        return found

    return draw

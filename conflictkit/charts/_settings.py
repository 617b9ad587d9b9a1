"""Under whose settings a picture is drawn: the kit's own, whatever a reader has set, in any thread and at any time."""

from __future__ import annotations

import io
import os
import threading
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib import ft2font
from matplotlib.artist import Artist
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from PIL import Image

from conflictkit import look
from conflictkit.html import image
from conflictkit.prose import STRETCH, in_order

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.axis import XAxis, YAxis
    from matplotlib.backend_bases import RendererBase
    from matplotlib.transforms import Bbox

# How a file or a window is made is the reader's affair; how the picture looks is ours.
READERS = (
    *("animation.", "backend", "figure.max_open_warning", "figure.raise_window", "interactive", "keymap.", "macosx."),
    *("pdf.", "pgf.", "ps.", "savefig.", "svg.", "tk.", "toolbar", "webagg."),
)
NUMBERS: dict[str, Any] = {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}  # numpy's own
TICKS = 12  # of an axis, at most: those that a larger figure needs are made before it is large
EDGE = 4.0  # points of paper around a picture
SHARP = 2.0  # pixels of a notebook's picture for each of the page: screens of today have that many
COLORS = 256  # of a PNG: pictures have fewer, and the file is a third of one in full colour
CLEAR = 4.5  # contrast of ink with its paper (WCAG 2.2, 1.4.3): with less, paper of ours is laid under it

SETS_BOTH_WAYS = hasattr(ft2font, "__libraqm_version__")  # from matplotlib 3.11 on

# The settings of matplotlib are one dictionary for all threads: who changes them must be alone. A fork waits until
# nobody draws, so that no child begins with a lock that nobody will ever open.
_ALONE = threading.RLock()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_ALONE.acquire, after_in_parent=_ALONE.release, after_in_child=_ALONE.release)


@cache
def _ours() -> dict[str, Any]:
    """Return every setting of the look, as matplotlib keeps it."""
    known = dict(mpl.rcParamsDefault.items()) | dict(mpl.RcParams(look.RC).items())
    return {name: value for name, value in known.items() if not name.startswith(READERS)}


@contextmanager
def our_settings() -> Iterator[None]:
    """Draw under settings of our own: none of the reader's gets in, none of ours stays, one thread at a time."""
    with _ALONE, np.errstate(**NUMBERS):
        settings: Any = mpl.rcParams
        before = {name: settings[name] for name, value in _ours().items() if settings[name] != value}
        _set({name: _ours()[name] for name in before})
        try:
            yield
        finally:
            _set(before)


def _set(values: dict[str, Any]) -> None:
    """Change settings to values that they have had: not checked again, which would warn of some."""
    settings: Any = mpl.rcParams
    for name, value in values.items():
        settings._set(name, value)  # noqa: SLF001 - matplotlib documents it and keeps it stable


class Sheet(Figure):
    """A figure of ours: whenever it is drawn, by whatever, it looks as it did when it was made."""

    def draw(self, renderer: RendererBase) -> None:
        """Draw under our settings: ticks, for one, are only made now."""
        with our_settings():
            super().draw(renderer)

    def get_tightbbox(self, renderer: RendererBase | None = None, bbox_extra_artists: Any = None) -> Bbox:  # noqa: ANN401
        """Measure under our settings."""
        with our_settings():
            return super().get_tightbbox(renderer, bbox_extra_artists=bbox_extra_artists)

    def savefig(self, fname: Any, **options: Any) -> None:  # noqa: ANN401 - matplotlib's
        """Save on paper of its own, unless a call asks for another; a style sheet's would hide the ink."""
        super().savefig(fname, **({"facecolor": "auto", "edgecolor": "auto"} | options))

    @property
    def alt(self) -> str:
        """What the picture shows, for those who cannot see it: as its captions tell it."""
        return " ".join(getattr(text, "alt", "") for text in self.findobj(Text) if hasattr(text, "alt"))

    def _ipython_display_(self) -> None:
        """Show the picture in a notebook with what it shows in words, which notebooks give pictures no place for.

        JupyterLab reads the HTML, nbconvert the HTML or the metadata of the PNG.
        """
        from IPython.display import display

        full = io.BytesIO()
        self.savefig(full, format="png", dpi=SHARP * self.dpi)
        small, width = of_few_colors(full), round(self.get_figwidth() * self.dpi)
        told = {
            "text/html": str(image(small, alt=self.alt, width=width)),
            "image/png": small,
            "text/plain": self.alt,
        }
        display(told, raw=True, metadata={"image/png": {"alt": self.alt, "width": width}})  # type: ignore[no-untyped-call]


def of_few_colors(png: io.BytesIO) -> bytes:
    """Return a PNG in as many colours as pictures need."""
    small = io.BytesIO()
    Image.open(png).convert("RGB").quantize(COLORS, dither=Image.Dither.NONE).save(small, format="PNG", optimize=True)
    return small.getvalue()


def take_over(ax: Axes) -> None:
    """Give axes of a reader's the look of new ones of ours, and white paper below where theirs would hide the ink."""
    ax.set_facecolor("white")
    ax.grid(visible=False, which="both")
    ax.set_axisbelow("line")
    for axis in (ax.xaxis, ax.yaxis):
        _fresh_ticks(axis)
    for spine in ax.spines.values():
        spine.set(edgecolor=mpl.rcParams["axes.edgecolor"], linewidth=mpl.rcParams["axes.linewidth"], visible=True)
    titles = [ax.set_title(ax.get_title(loc), loc=loc) for loc in ("left", "center", "right")]
    for text in (*titles, ax.xaxis.label, ax.yaxis.label):
        _type(text)
    for artist in (ax.patch, *ax.spines.values(), *titles, ax.xaxis.label, ax.yaxis.label):
        artist.set_sketch_params(None)
        artist.set_snap(mpl.rcParams["path.snap"])
        artist.set_path_effects([])
    ax.add_artist(Paper())


def _fresh_ticks(axis: XAxis | YAxis) -> None:
    """Give an axis ticks of our look; where axes share it, those without labels stay without."""
    name: Any = axis.axis_name
    low, high = ("bottom", "top") if name == "x" else ("left", "right")
    shared = getattr(axis.axes, f"get_shared_{name}_axes")().get_siblings(axis.axes)
    labelled = len(shared) == 1 or axis.get_tick_params()[f"label{low}"]
    sides: dict[str, Any] = {low: True, high: False, f"label{low}": labelled, f"label{high}": False}
    axis.axes.tick_params(axis=name, which="both", reset=True, **sides)


def _type(text: Text) -> None:
    """Set a text in our type."""
    text.set_fontproperties(FontProperties(size=text.get_fontsize()))
    text.set(usetex=False, parse_math=False, antialiased=True, color=look.INK)


def keep_ticks(ax: Axes) -> None:
    """Make the ticks that some axes and their panels may need: later ones would have the reader's look."""
    for axes in (ax, *ax.child_axes):
        for axis in (axes.xaxis, axes.yaxis):
            axis.get_major_ticks(TICKS)


def keep_order(ax: Axes) -> None:
    """Keep names from right to left where they stand in the sentences of a picture."""
    for text in ax.findobj(Text):
        text.set_text(ordered(text.get_text()))


def ordered(words: str) -> str:
    """Return words as ``in_order`` does; as they are for a matplotlib that knows one direction and draws its marks."""
    return in_order(words) if SETS_BOTH_WAYS else words


def slant(words: str) -> str:
    """Return the style of italic words: upright where there are letters that the italics of our type do not have."""
    return "normal" if STRETCH.search(words) else "italic"


class Paper(Artist):
    """White paper under a picture, all around it, in a figure of a reader's whose own is too dark for our ink."""

    def __init__(self) -> None:
        super().__init__()
        self.set_in_layout(False)
        self.set_zorder(-100)

    def draw(self, renderer: RendererBase) -> None:
        """Draw the paper, and the ground of the axes on it again, if this figure needs it."""
        axes: Any = self.axes
        face = to_rgba(axes.figure.get_facecolor())
        box = axes.get_tightbbox(renderer)
        if face[3] == 0 or box is None or _contrast(face) >= CLEAR:
            return
        box = box.padded(renderer.points_to_pixels(EDGE))
        paper = Rectangle(box.min, box.width, box.height, facecolor="white", linewidth=0)
        paper.set_transform(None)
        paper.set_figure(axes.figure)
        paper.draw(renderer)
        if axes.axison:
            axes.patch.draw(renderer)


def _contrast(face: tuple[float, float, float, float]) -> float:
    """Return the contrast of our ink with a paper."""
    color = "#" + "".join(f"{round(255 * part):02X}" for part in face[:3])
    return look.contrast(look.INK) / look.contrast(color)

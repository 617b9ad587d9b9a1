"""What every picture has around it: settings, axes, title, key, caption, and the credit of its sources."""

from __future__ import annotations

import re
from bisect import bisect_right
from contextlib import contextmanager
from math import isclose, log10
from typing import TYPE_CHECKING, Any

from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.legend_handler import HandlerTuple
from matplotlib.text import Text
from matplotlib.ticker import LogLocator, NullLocator
from matplotlib.transforms import Bbox, IdentityTransform, ScaledTranslation

from conflictkit.charts._layout import HINTING, figure_of, new_axes, points_of, settle, slot, wrap
from conflictkit.charts._settings import Sheet, keep_order, keep_ticks, our_settings
from conflictkit.charts.sources import Caption, cited
from conflictkit.dates import MONTHS
from conflictkit.evidence._rows import together, without_page
from conflictkit.look import BODY, FAINT, INK, MUTED, TITLE
from conflictkit.prose import credit, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes

    from conflictkit.tables import Tables

    Key = Sequence[tuple[Any, str]]  # what is drawn, and what it means

TICKS = 26.0  # points under the axes that the labels of a date axis take, in their longest form
NO_TICKS = 8.0  # points between the axes and the key where nothing is written under them
PASSES = 3  # of title, key and caption, at most, until the width that they are set in does not change any more
DECADE = 45.0  # points of height from which a decade of a log axis has room for 1, 2, 5 instead of 1
TIGHT = 0.98  # of the width: letters are set a little wider at some resolutions
LEAST, EDGES = 1.4, 24.0  # inches of height that axes have at least, and points of air above and below
UNDER_KEY = 8.0  # points between the key and the caption


class Picture:
    """A picture on its way: the axes to draw on, and the tables that its words come from.

    Attributes
    ----------
    ax
        Where to draw.
    finished
        Whether title, caption and sources are written; a picture without them is none.
    """

    def __init__(self, ax: Axes, tables: Tables) -> None:
        self.ax, self.finished, self._tables = ax, False, tables

    def finish(
        self,
        *,
        title: str,
        caption: str,
        rows: Sequence[pd.DataFrame],
        headed: bool = True,
        finding: str = "",
        least: float = LEAST,
        later: Callable[[], pd.DataFrame] | None = None,
        key: Key = (),
        below: float = TICKS,
        key_options: Mapping[str, Any] | None = None,
    ) -> None:
        """Write the title, the key, the caption and who is to be credited, each as wide as the axes.

        Axes that are not `headed` leave the title to the figure above them. A `finding` is a sentence for those who
        cannot see the picture, where its title does not tell it; `least` are the inches of height that the axes of a
        new figure need.
        """
        rests_on = together(rows)
        sources = cited(rests_on["source_id"], self._tables.sources)
        words = one_line(f"{caption} {credit(sources, without=without_page(rests_on))}")
        text = Caption(one_line(title), words, rows=rests_on, tables=self._tables, later=later)
        text.alt = _in_words(self.ax, text.title, finding, key)
        write_around(
            self.ax,
            title=text.title if headed else "",
            caption=text,
            key=key,
            below=below,
            key_options=key_options,
            least=least,
        )
        self.finished = True


@contextmanager
def picture(ax: Axes | None, *, height: float, tables: Tables) -> Iterator[Picture]:
    """Draw a picture: under settings of our own, on the axes given or new ones, and never without its sources.

    Parameters
    ----------
    ax
        Axes of the caller's; None for a new figure of the house's width.
    height
        Inches of a new figure.
    tables
        Those in hand, in which ``Picture.finish`` finds the pages of the rows.
    """
    with our_settings():
        made = Picture(new_axes(ax, height=height), tables)
        yield made
        if not made.finished:
            msg = "A picture must say what it shows and by whose word: call finish()."
            raise RuntimeError(msg)
        keep_order(made.ax)
        if not isinstance(figure_of(made.ax), Sheet):
            keep_ticks(made.ax)


def _in_words(ax: Axes, title: str, finding: str, key: Key) -> str:
    """Return what a picture shows for those who cannot see it: its kind, its title, what was found, what is drawn."""
    shaped = [axes for axes in (ax, *ax.child_axes, *figure_of(ax).axes) if axes.get_aspect() != "auto"]
    drawn = [words for _, words in key if words]
    told = ["Map:" if shaped else "Chart:", f"{title}.", finding]
    told += [f"Drawn: {'; '.join(drawn)}."] if drawn else []
    return one_line(" ".join(told))


class Days(ConciseDateFormatter):
    """Days under an axis, with months in our words: those of ``strftime`` are the locale's."""

    def __init__(self, locator: AutoDateLocator) -> None:
        super().__init__(locator, show_offset=False)  # type: ignore[no-untyped-call]
        self.formats, self.zero_formats = (
            [form.replace("%b", "<%m>") for form in forms] for forms in (self.formats, self.zero_formats)
        )

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        """Return the words of all ticks."""
        labels = super().format_ticks(values)  # type: ignore[no-untyped-call]
        return [re.sub(r"<(\d\d)>", lambda found: MONTHS[int(found[1]) - 1][:3], label) for label in labels]


def date_axes(ax: Axes, *, unit: str = "", above: bool = False) -> None:
    """Give an axes dates below, and above it if asked to, thousands with a comma at the left, and a calm grid."""
    locator = AutoDateLocator(minticks=3, maxticks=8)  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(Days(locator))
    ax.yaxis.set_major_formatter("{x:,.0f}")
    ax.set_ylabel(one_line(unit), fontsize=BODY, color=INK, parse_math=False)
    ax.grid(visible=True, axis="y", color=FAINT, linewidth=0.6)
    ax.set_axisbelow(True)
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines[["left", "bottom"]].set_color(MUTED)
    ax.tick_params(colors=MUTED, labelsize=BODY)
    if above:
        ax.tick_params(axis="x", top=True, labeltop=True)


def count_axis(ax: Axes, largest: float, *, smallest: float | None = None, room: float = 24.0) -> None:
    """Give a y axis from zero, with room above in points; or, with the smallest figure given, a logarithmic one."""
    height = points_of(ax, ax.get_window_extent().height)
    free = min(room / height, 0.4)
    if smallest is None:
        ax.set_ylim(0, (largest or 1.0) / (1 - free))
        return
    ax.set_yscale("log")
    beyond = (largest / smallest) ** (free / (1 - 2 * min(free, 0.25)))
    low, high = ax.set_ylim(smallest / beyond, largest * beyond)
    ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if height > DECADE * log10(high / low) else (1,)))
    ax.yaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_formatter("{x:,.0f}")


def write_around(
    ax: Axes,
    *,
    title: str,
    caption: Caption,
    key: Key = (),
    below: float = TICKS,
    key_options: Mapping[str, Any] | None = None,
    least: float = LEAST,
) -> None:
    """Write the title, the key and the caption of a picture, each as wide as its axes."""
    heading = ax.set_title(title, loc="left", fontsize=TITLE, color=INK, parse_math=False)
    text = caption
    text.set_transform(IdentityTransform())  # as Axes.annotate does: otherwise taken for data, and lost on a log axis
    ax.add_artist(text)
    text.set_clip_on(False)
    width = 0.0
    for _ in range(PASSES):
        settle(ax)
        before, width = width, slot(ax).width * TIGHT
        if isclose(before, width):  # all that follows is set in it
            return
        if title:
            wrap(heading, title, width)
        depth = below + (_key(ax, key, width, below=below, options=key_options or {}) if key else 0.0)
        text.set_position((0, -depth))
        wrap(text, caption.words, width)
        make_room(ax, heading, depth + points_of(ax, Text.get_window_extent(text).height), least)
    settle(ax)


def make_room(ax: Axes, heading: Text, under: float, least: float = LEAST) -> None:
    """Let a figure of ours grow where its title, and so many points under its axes, would leave the axes too little.

    A map is as wide as its figure: the height follows from that, and not from how long its caption is.
    """
    figure = figure_of(ax)
    if not isinstance(figure, Sheet) or len(figure.axes) > 1:
        return
    width, height = figure.get_size_inches()
    shaped = ax.get_aspect() != "auto"
    if shaped:
        (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
        least = points_of(ax, slot(ax).width) / 72 * abs((high - low) / (right - left))
    wanted = least + (under + points_of(ax, heading.get_window_extent().height) + EDGES) / 72
    if wanted > height or shaped:
        figure.set_size_inches(width, wanted)


def _key(ax: Axes, key: Key, width: float, *, below: float, options: Mapping[str, Any]) -> float:
    """Put a key under the axes, in as few rows as its width allows, and return the points that it takes."""
    under = ax.transAxes + ScaledTranslation(0, -below / 72, figure_of(ax).dpi_scale_trans)
    handles, names = zip(*key, strict=True)

    def in_columns(columns: int) -> Bbox:
        """Put the key there in some columns, instead of the one before, and return its box."""
        legend = ax.legend(
            handles, names, loc="upper left", bbox_to_anchor=(0, 0), bbox_transform=under, frameon=False, borderpad=0,
            borderaxespad=0, columnspacing=1.4, handletextpad=0.5, labelspacing=0.35,
            handler_map={tuple: HandlerTuple(ndivide=None, pad=0)}, **{**options, "ncols": columns},
        )  # fmt: skip
        legend.set_in_layout(False)  # the caption below it asks for the room of both
        return legend.get_window_extent()

    width *= HINTING
    most = options.get("ncols", len(key))
    box = in_columns(most)
    if box.width > width:
        # more columns are wider: halving finds the most that fit, with few legends, which are slow to make
        fewer = range(1, most)
        box = in_columns(max(bisect_right(fewer, width, key=lambda columns: in_columns(columns).width), 1))
    return points_of(ax, box.height) + UNDER_KEY

"""What every dashboard has: controls and views, errors where the eye is, a picture where no widget is shown."""

from __future__ import annotations

import base64
from functools import cached_property
from typing import TYPE_CHECKING, Any

import ipywidgets as ipw

from conflictkit.errors import ConflictkitError
from conflictkit.evidence._rows import NO_PAGE
from conflictkit.html import Markup, as_written, escape, link, said
from conflictkit.widgets._live import own_style

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from conflictkit.maps._kitmap import KitMap
    from conflictkit.tables import Tables

SMALL = {"description_width": "initial"}  # the style of a control whose label is as wide as its words
REASON = "The live dashboard needs JupyterLab with a running kernel and a trusted notebook. This is its first view."

_STATUS = Markup('<p role="status">{}</p>')
_VIEW = "line-height:1.4;white-space:normal"
_BESIDE = Markup(
    '<div style="display:flex;flex-wrap:wrap;gap:1.5em;align-items:flex-start">{}'
    '<div style="flex:1 1 24em;min-width:0;overflow-x:auto">{}</div></div>'
)
# Whoever has no mouse scrolls it by keys, which JupyterLab would take for its cells.
_SCROLLS = Markup(
    '<div class="ck-scroll" tabindex="0" role="group" aria-label="{}" data-lm-suppress-shortcuts="true" style="{}">'
    "{}</div>"
)
_PICTURE = Markup('<img alt="{}" style="{}" src="data:image/png;base64,{}">')
_FIRST = "flex:1 1 26em;max-width:min(100%,44em);min-width:0;height:auto"
_ALERT = Markup('<p role="alert" class="ck-alert">{}</p>')
_BUSY = '<p role="status" class="ck-busy">Working ...</p>'
_STYLE = Markup("<style>{}</style>")


class Snapshot:
    """A view that does not move: picture, words and numbers, for scripts, untrusted notebooks and pages.

    Attributes
    ----------
    title
        What is shown.
    html
        Words and numbers; text from the tables is escaped.
    picture
        PNG, drawn when it is first asked for.
    tables
        Those that it was made from.
    """

    def __init__(
        self,
        title: str,
        html: Markup,
        draw: Callable[[], bytes] | None,
        *,
        tables: Tables,
        rows: Callable[[], pd.DataFrame],
    ) -> None:
        self.title, self.html, self._draw, self.tables, self._rows = title, html, draw, tables, rows

    @property
    def words(self) -> str:
        """What is shown."""
        return self.title

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The rows of tables behind the view."""
        return self._rows()

    @cached_property
    def picture(self) -> bytes:
        """The picture as PNG; empty where the view has none."""
        return self._draw() if self._draw is not None else b""

    def _repr_html_(self) -> str:
        shown = picture(self.picture, alt=self.title, style=_FIRST) if self.picture else ""
        return str(_BESIDE.format(shown, written(self.html)))

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        bundle: dict[str, Any] = {"text/html": self._repr_html_(), "text/plain": self.title}
        if self.picture:
            bundle["image/png"] = base64.b64encode(self.picture).decode()
        return bundle


class Dashboard(ipw.VBox):  # type: ignore[misc] # ipywidgets ships no types
    """Controls in a row, a line for errors under them, views below, and a snapshot where widgets are not drawn.

    Attributes
    ----------
    page
        The map of the view as a page of its own; None where the view has no map.
    framed
        What makes of its picture a frame that needs no kernel, of a view without a map.
    tabs
        The dashboards of its tabs, by title; none where it has no tabs.
    """

    def __init__(self, *, snapshot: Callable[[], Snapshot], page: Callable[[], KitMap] | None = None) -> None:
        self.error, self.busy, self._snapshot, self._acts = ipw.HTML(), ipw.HTML(), snapshot, 0
        self.page = page
        self.framed: Callable[[bytes], Markup] | None = None
        self.tabs: Callable[[], dict[str, Dashboard]] = dict
        super().__init__()

    @property
    def still(self) -> Snapshot:
        """The view as it is set now, made anew at each question."""
        return self._snapshot()

    def fill(self, controls: ipw.HBox, *views: ipw.Widget) -> None:
        """Put views in the column below the controls, errors between them and the sign of work at the controls' end."""
        controls.children = (*controls.children, self.busy)
        styled = ipw.HTML(str(_STYLE.format(Markup(own_style()))), layout={"display": "none"})
        self.children = (controls, self.error, *views, styled)

    def guarded(self, act: Callable[[], None]) -> Callable[[object], None]:
        """Return a callback that says it is at work, and shows what goes wrong: elsewhere it would be lost."""

        def call(_: object = None) -> None:
            self._acts += 1
            if self._acts == 1:
                self.busy.value = _BUSY
            try:
                act()
            except ConflictkitError as problem:
                self.error.value = alert(problem)
            except Exception as problem:  # noqa: BLE001 - whatever it is, the reader has to see it
                self.error.value = alert(f"{type(problem).__name__}: {problem}")
            else:
                self.error.value = ""
            finally:
                self._acts -= 1
                if not self._acts:
                    self.busy.value = ""

        return call

    def _repr_mimebundle_(self, **options: object) -> dict[str, Any]:
        shown = super()._repr_mimebundle_(**options)
        still = self.still
        reason = Markup("<p><em>{}</em></p>{}").format(REASON, Markup(still._repr_html_()))
        return {**shown, **still._repr_mimebundle_(), "text/html": str(reason)}


def alert(problem: object) -> str:
    """Return what went wrong as a line that is read out."""
    return str(_ALERT.format(problem))


def page_link(tables: Tables, source_id: object) -> Markup:
    """Return a page as a link with its grade; its id, or that there is none, where the tables do not know it."""
    found = tables.sources[tables.sources["source_id"] == source_id]
    if found.empty:
        return escape(source_id if isinstance(source_id, str) else NO_PAGE)
    page = found.iloc[0]
    words = page["publisher"] if isinstance(page["publisher"], str) else source_id
    grade = page["reliability"] if isinstance(page["reliability"], str) else "not graded"
    return link(page["url"], f"{words} ({grade})")


def status(sentence: object) -> Markup:
    """Return the sentence that is read out when a view changes."""
    return _STATUS.format(said(str(sentence)))


def written(content: Markup) -> Markup:
    """Return words and numbers of a view, with all text of the tables as text."""
    return as_written(content, style=_VIEW)


def scrolling(content: Markup, *, label: str, style: str = "overflow-x:auto;max-width:100%") -> Markup:
    """Return content that scrolls inside where it has no room, and what it is called."""
    return _SCROLLS.format(label, style, content)


def picture(png: bytes, *, alt: str, style: str) -> Markup:
    """Return a PNG inside the view, in the room that a style gives it."""
    return _PICTURE.format(alt, style, base64.b64encode(png).decode("ascii"))


def beside(view: ipw.Widget, numbers: ipw.Widget) -> ipw.HBox:
    """Return a view with its numbers beside it, or below it where there is no room."""
    view.layout.flex, numbers.layout.flex = "5 1 480px", "3 1 340px"
    view.layout.min_width = numbers.layout.min_width = "0"
    numbers.layout.overflow = "hidden auto"
    made = ipw.HBox([view, numbers], layout={"flex_flow": "row wrap", "align_items": "flex-start"})
    made.add_class("ck-beside")
    return made


def row(*widgets: ipw.Widget) -> ipw.HBox:
    """Return controls side by side, on more lines where they do not fit."""
    made = ipw.HBox(widgets, layout={"flex_flow": "row wrap", "align_items": "center"})
    made.add_class("ck-row")
    return made

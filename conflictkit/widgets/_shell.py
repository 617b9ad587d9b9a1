"""What every dashboard has: a place for errors, the live map, and a picture where no widget can be shown."""

from __future__ import annotations

import base64
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import ipywidgets as ipw
import traitlets

from conflictkit.files import write_whole
from conflictkit.html import Markup, as_written, said
from conflictkit.maps import _document

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from conflictkit.tables import Tables

REASON = "The live dashboard needs JupyterLab with a running kernel and a trusted notebook. This is its first view."

_STATUS = Markup('<p role="status">{}</p>')
_VIEW = "line-height:1.4;white-space:normal"
_BESIDE = Markup(
    '<div style="display:flex;flex-wrap:wrap;gap:1.5em;align-items:flex-start">{}'
    '<div style="flex:1 1 24em;min-width:0;overflow-x:auto">{}</div></div>'
)
_PICTURE = Markup('<img alt="{}" style="{}" src="data:image/png;base64,{}">')
_FIRST = "flex:1 1 26em;max-width:44em;min-width:0"
_ALERT = Markup('<p role="alert"><b>{}</b>: {}</p>')
_SAVED = Markup("Saved <code>{}</code> in <code>{}</code>.")


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
    """Controls and views in a column, with a line for errors below, and a snapshot where widgets are not drawn."""

    def __init__(self, *, snapshot: Callable[[], Snapshot]) -> None:
        self.error, self._snapshot = ipw.HTML(), snapshot
        super().__init__()

    @property
    def still(self) -> Snapshot:
        """The view as it is set now, made anew at each question."""
        return self._snapshot()

    def fill(self, *children: ipw.Widget) -> None:
        """Put controls and views in the column, with the line for errors below them."""
        self.children = (*children, self.error)

    def guarded(self, act: Callable[[], None]) -> Callable[[object], None]:
        """Return a callback that shows what goes wrong under the dashboard: elsewhere it would be lost."""

        def call(_: object = None) -> None:
            try:
                act()
            except Exception as problem:  # noqa: BLE001 - whatever it is, the reader has to see it
                self.error.value = str(_ALERT.format(type(problem).__name__, problem))
            else:
                self.error.value = ""

        return call

    def _repr_mimebundle_(self, **options: object) -> dict[str, Any]:
        shown = super()._repr_mimebundle_(**options)
        still = self.still
        reason = Markup("<p><em>{}</em></p>{}").format(REASON, Markup(still._repr_html_()))
        return {**shown, **still._repr_mimebundle_(), "text/html": str(reason)}


def status(sentence: object) -> Markup:
    """Return the sentence that is read out when a view changes."""
    return _STATUS.format(said(str(sentence)))


def written(content: Markup) -> Markup:
    """Return words and numbers of a view, with all text of the tables as text."""
    return as_written(content, style=_VIEW)


def picture(png: bytes, *, alt: str, style: str) -> Markup:
    """Return a PNG inside the view, in the room that a style gives it."""
    return _PICTURE.format(alt, style, base64.b64encode(png).decode("ascii"))


def beside(view: ipw.Widget, numbers: ipw.Widget) -> ipw.HBox:
    """Return a view with its numbers beside it, or below it where there is no room."""
    view.layout.flex, numbers.layout.flex = "3 1 460px", "2 1 470px"
    view.layout.min_width = numbers.layout.min_width = "0"
    return ipw.HBox([view, numbers], layout={"flex_flow": "row wrap", "align_items": "flex-start"})


def row(*widgets: ipw.Widget) -> ipw.HBox:
    """Return controls side by side, on more lines where they do not fit."""
    return ipw.HBox(widgets, layout={"flex_flow": "row wrap", "align_items": "center"})


def save_row(
    dashboard: Dashboard, makers: Mapping[str, tuple[str, Callable[[], str | bytes]]], *, stem: Callable[[], str]
) -> ipw.HBox:
    """Return a button for each kind of file, by ending: its tooltip, and what makes the file beside the notebook."""
    saved = ipw.HTML()

    def save(ending: str, make: Callable[[], str | bytes]) -> None:
        path = write_whole(f"{stem()}.{ending}", make())
        saved.value = str(_SAVED.format(path.name, Path.cwd()))

    buttons = []
    for ending, (tooltip, make) in makers.items():
        button = ipw.Button(description=f"Save {ending.upper()}", tooltip=tooltip, layout={"width": "8em"})
        button.on_click(dashboard.guarded(partial(save, ending, make)))
        buttons.append(button)
    return row(*buttons, saved)


@cache
def style() -> str:
    """Return the widget's styles: Leaflet's and the kit's."""
    return f"{_document.leaflet_style()}\n{_document.kit_style()}"


class LiveMap(anywidget.AnyWidget):
    """A map whose slider, level and place are traits: link them in the page and no step waits for the kernel.

    Attributes
    ----------
    data
        What the page draws, as JSON: sent once.
    index
        Number of the date shown.
    level
        ``claimed`` or ``core``.
    place
        Id of the place whose popup is open, or empty.
    force
        Id of the actor whose popup is open, or empty; on maps with forces.
    hidden
        Ids of deployments that are not shown.
    visible
        Holders that are drawn in their colour; all where it is empty.
    bounds
        South-west and north-east corner to show, latitude first.
    """

    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)
    data = traitlets.Unicode().tag(sync=True)
    index = traitlets.Int(0).tag(sync=True)
    level = traitlets.Unicode("claimed").tag(sync=True)
    place = traitlets.Unicode("").tag(sync=True)
    force = traitlets.Unicode("").tag(sync=True)
    hidden = traitlets.List(traitlets.Unicode()).tag(sync=True)
    visible = traitlets.List(traitlets.Unicode()).tag(sync=True)
    bounds: traitlets.List[Any] = traitlets.List().tag(sync=True)

    def __init__(self, data: str, **traits: Any) -> None:  # noqa: ANN401 - the traits above
        super().__init__(data=data, _esm=_document.widget_module(), _css=style(), **traits)

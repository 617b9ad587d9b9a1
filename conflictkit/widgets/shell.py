"""What every dashboard has: a place for errors, and a picture where no widget can be shown."""

from __future__ import annotations

import base64
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ipywidgets as ipw

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

REASON = "The live dashboard needs JupyterLab with a running kernel and a trusted notebook. This is its first view."


class Snapshot:
    """A view that does not move: picture, words and numbers, for scripts, untrusted notebooks and pages.

    Attributes
    ----------
    title
        What is shown.
    html
        Words and numbers; text from the tables is escaped.
    picture
        PNG.
    """

    def __init__(self, title: str, html: str, picture: bytes) -> None:
        self.title, self.html, self.picture = title, html, picture

    def _repr_html_(self) -> str:
        image = base64.b64encode(self.picture).decode()
        return (
            '<div style="display:flex;flex-wrap:wrap;gap:1.5em;align-items:flex-start">'
            f'<img alt="{escape(self.title)}" style="flex:1 1 26em;max-width:44em;min-width:0" '
            f'src="data:image/png;base64,{image}">'
            f'<div style="flex:1 1 24em;min-width:0;overflow-x:auto">{self.html}</div></div>'
        )

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return {
            "text/html": self._repr_html_(),
            "image/png": base64.b64encode(self.picture).decode(),
            "text/plain": self.title,
        }


class Dashboard(ipw.VBox):  # type: ignore[misc] # ipywidgets ships no types
    """Controls and views in a column, with a line for errors below, and a snapshot where widgets are not drawn."""

    def __init__(self, *, snapshot: Callable[[], Snapshot]) -> None:
        self.error, self._snapshot = ipw.HTML(), snapshot
        super().__init__()

    def fill(self, *children: ipw.Widget) -> None:
        """Put controls and views in the column, with the line for errors below them."""
        self.children = (*children, self.error)

    def guarded(self, act: Callable[[], None]) -> Callable[[object], None]:
        """Return a callback that shows what goes wrong under the dashboard: elsewhere it would be lost."""

        def call(_: object = None) -> None:
            try:
                act()
            except Exception as problem:  # noqa: BLE001 - whatever it is, the reader has to see it
                self.error.value = (
                    f'<p role="alert"><b>{escape(type(problem).__name__)}</b>: {escape(str(problem))}</p>'
                )
            else:
                self.error.value = ""

        return call

    def _repr_mimebundle_(self, **options: object) -> dict[str, Any]:
        shown = super()._repr_mimebundle_(**options)
        still = self._snapshot()
        reason = f"<p><em>{REASON}</em></p>{still._repr_html_()}"
        return {**shown, **still._repr_mimebundle_(), "text/html": reason}


def beside(view: ipw.Widget, numbers: ipw.Widget) -> ipw.HBox:
    """Return a view with its numbers beside it, or below it where there is no room."""
    view.layout.flex, numbers.layout.flex = "3 1 460px", "2 1 470px"
    view.layout.min_width = numbers.layout.min_width = "0"
    return ipw.HBox([view, numbers], layout={"flex_flow": "row wrap", "align_items": "flex-start"})


def row(*widgets: ipw.Widget) -> ipw.HBox:
    """Return controls side by side, on more lines where they do not fit."""
    return ipw.HBox(widgets, layout={"flex_flow": "row wrap", "align_items": "center"})


def save_row(
    dashboard: Dashboard, writers: Mapping[str, tuple[str, Callable[[Path], None]]], *, stem: Callable[[], str]
) -> ipw.HBox:
    """Return a button for each kind of file, by ending: its tooltip, and what writes it beside the notebook."""
    saved = ipw.HTML()

    def save(ending: str, write: Callable[[Path], None]) -> None:
        path = Path(f"{stem()}.{ending}")
        write(path)
        saved.value = f"Saved <code>{escape(path.name)}</code> in <code>{escape(str(Path.cwd()))}</code>."

    buttons = []
    for ending, (tooltip, write) in writers.items():
        button = ipw.Button(description=f"Save {ending.upper()}", tooltip=tooltip, layout={"width": "8em"})
        button.on_click(dashboard.guarded(partial(save, ending, write)))
        buttons.append(button)
    return row(*buttons, saved)

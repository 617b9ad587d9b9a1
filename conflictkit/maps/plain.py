"""Text stays text: what folium would paste into scripts and markup becomes text nodes before a page is written."""

from __future__ import annotations

import html
import re
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from branca.element import Element, Html, MacroElement
from folium import ClickForMarker, GeoJson, GeoJsonPopup, GeoJsonTooltip, Popup, Tooltip
from folium.template import Template
from folium.template import tojavascript as to_json

from conflictkit.errors import PageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SHOWN = "shown: "  # before the name of a property: its copy for tooltips and popups


class _TextNode(MacroElement):
    """A popup or tooltip whose content is text, whatever letters it has."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        (() => {
            const box = document.createElement("span");
            box.style.whiteSpace = "pre-line";
            box.textContent = {{ this.text|tojson }};
            {{ this._parent.get_name() }}.{{ this.bind }}(box, {{ this.options|tojavascript }})
            {%- if this.show %}.openPopup(){% endif %};
        })();
        {% endmacro %}
        """
    )

    def __init__(self, text: str, bind: str, options: dict[str, Any], *, show: bool = False) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name, self.text, self.bind, self.options, self.show = "Text", text, bind, options, show


class _Verbatim:
    """A template of a folium element whose macros return text that is no template itself.

    branca makes a template of what a macro returns, and so would run ``{{ ... }}`` in a name: as Python, at the time
    of writing.
    """

    def __init__(self, template: Any) -> None:  # noqa: ANN401 - a jinja template
        macros = template.module.__dict__
        self.module = SimpleNamespace(
            **{name: partial(self._said, macros[name]) for name in ("header", "html", "script") if name in macros}
        )
        self.render = template.render

    @staticmethod
    def _said(macro: Callable[..., str], *arguments: object) -> str:
        return re.sub(r"\{(?=[{%#])", "{{ '{' }}", macro(*arguments))


def make_plain(figure: Element) -> None:
    """Change a tree of folium elements so that no text in it is read as markup, script or template.

    Parameters
    ----------
    figure
        The root of a map that is ours to change: a copy of the caller's.

    Raises
    ------
    PageError
        If a popup holds more than text, such as a frame.

    Notes
    -----
    folium pastes the text of tooltips and popups into JavaScript template literals, where ``${...}`` is run, and into
    markup. Names of layers and the properties that a GeoJSON layer shows go into markup as well. What it has pasted
    is then read as a template, where ``{{...}}`` is run by Python.
    """
    element: Any
    for element in list(elements(figure)):
        for name, child in list(element._children.items()):  # noqa: SLF001 - branca has no other way to its children
            if isinstance(child, Popup):
                _replace(element, name, _TextNode(_popup_text(child), "bindPopup", child.options, show=child.show))
            elif isinstance(child, Tooltip):
                _replace(element, name, _TextNode(child.text, "bindTooltip", child.options))
        if isinstance(getattr(element, "layer_name", None), str):
            element.layer_name = html.escape(element.layer_name)
        if isinstance(element, GeoJson):
            _escape_properties(element)
        if isinstance(element, ClickForMarker) and element.popup.startswith("`"):
            element.popup = to_json(html.escape(_typed(element.popup[1:-1])))
    for element in elements(figure):
        if isinstance(element, MacroElement):
            element._template = _Verbatim(element._template)  # noqa: SLF001 - what branca renders


def elements(root: Element) -> Iterator[Element]:
    """Yield an element and everything below it, in the order in which it was added."""
    yield root
    inner = [getattr(root, name, None) for name in ("header", "html", "script")]
    for child in [*root._children.values(), *(part for part in inner if isinstance(part, Element))]:  # noqa: SLF001
        yield from elements(child)


def _replace(parent: Element, name: str, element: Element) -> None:
    parent._children[name] = element  # noqa: SLF001 - keeps its place in the order
    element._parent = parent  # noqa: SLF001


def _popup_text(popup: Popup) -> str:
    """Return what the caller typed; folium has put a backslash before each backtick."""
    parts: list[Any] = [*popup.html._children.values(), *popup._children.values()]  # noqa: SLF001
    if strange := [part for part in parts if not isinstance(part, Html)]:
        msg = (
            f"A popup holds a {type(strange[0]).__name__}, which cannot be shown safely in one file. "
            "Give the popup a text instead."
        )
        raise PageError(msg)
    return "\n".join(_typed(part.data) for part in parts)


def _typed(text: str) -> str:
    return text.replace("\\`", "`")


def _escape_properties(layer: GeoJson) -> None:
    """Let a tooltip or a popup of a GeoJSON layer show escaped copies of properties, and escape their labels.

    The properties themselves stay: a style may depend on them.
    """
    details = [
        child
        for child in layer._children.values()  # noqa: SLF001
        if isinstance(child, (GeoJsonTooltip, GeoJsonPopup))
    ]
    shown = dict.fromkeys(field for detail in details for field in detail.fields)
    for feature in layer.data.get("features", [layer.data]) if details else ():
        values = feature["properties"]
        values.update({SHOWN + field: _escaped(values[field]) for field in shown if field in values})
    for detail in details:
        detail.aliases = [html.escape(str(alias)) for alias in detail.aliases]
        detail.fields = [SHOWN + field for field in detail.fields]


def _escaped(value: Any) -> Any:  # noqa: ANN401 - anything that JSON holds
    if isinstance(value, str):
        return html.escape(value)
    if isinstance(value, dict):
        return {html.escape(str(key)): _escaped(item) for key, item in value.items()}
    return [_escaped(item) for item in value] if isinstance(value, list) else value

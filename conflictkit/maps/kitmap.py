"""The kit's folium map: it shows itself without a network, in a notebook and as a file."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import folium
from branca.element import Element, MacroElement
from folium.template import Template

from conflictkit.maps import assets
from conflictkit.maps.page import frame, page
from conflictkit.maps.payload import dumped

if TYPE_CHECKING:
    from collections.abc import Callable

HEIGHT = 720  # pixels of a map in a notebook: controls, chart and a map that is higher than both


class KitMap(folium.Map):
    """A folium map of this kit: other layers can be added to it as to any folium map.

    Attributes
    ----------
    title, caption
        What the map shows; definition, sources, version.
    data
        The numbers that the page draws.
    """

    def __init__(
        self,
        data: dict[str, Any],
        *,
        title: str,
        caption: str,
        draw: Callable[[], bytes],
        tiles: str | folium.TileLayer | None = None,
    ) -> None:
        (south, west), (north, east) = data["bounds"]
        super().__init__(location=[(south + north) / 2, (west + east) / 2], zoom_start=6, tiles=tiles, zoom_snap=0.25)
        self.title, self.caption, self.data, self._draw = title, caption, data, draw
        _Drawing({**data, "over_tiles": True} if tiles else data).add_to(self)

    @cached_property
    def _png(self) -> bytes:
        return self._draw()

    def picture(self) -> bytes:
        """Return the static twin of the map as PNG, for where scripts do not run."""
        return self._png

    def _repr_html_(self, **_: object) -> str:
        """Show the map in a notebook, without a network unless the caller asked for tiles."""
        text = page(self, title="", caption=self.caption, tiles=True)
        return frame(text, title=self.title, height=HEIGHT, picture=self.picture())

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        """Show the map; the picture is for tools that keep pictures only, such as converters to PDF."""
        import base64

        return {
            "text/html": self._repr_html_(),
            "image/png": base64.b64encode(self.picture()).decode(),
            "text/plain": self.title,
        }


class _Drawing(MacroElement):
    """The kit's drawing on a folium map: its numbers once, and the call that draws them."""

    _template = Template(
        """
        {% macro html(this, kwargs) %}
        <script type="application/json" id="{{ this.get_name() }}">
        {{ this.text }}
        </script>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        {{ this._parent.get_name() }}.attributionControl?.setPrefix("");
        document.querySelector(".folium-map").kit = conflictkitMap(L,
            JSON.parse(document.getElementById("{{ this.get_name() }}").textContent),
            { map: {{ this._parent.get_name() }} });
        {% endmacro %}
        """
    )

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Drawing"
        self.text = dumped(data)

    def render(self, **kwargs: Any) -> None:  # type: ignore[override]  # noqa: ANN401 - as folium's macros
        """Add style and script to the head once, however many drawings there are."""
        figure: Any = self.get_root()
        head = figure.header
        head.add_child(Element("<style>{% raw %}" + assets.kit_style() + "{% endraw %}</style>"), name="kit_style")
        head.add_child(Element("<script>{% raw %}" + assets.kit_script() + "{% endraw %}</script>"), name="kit_script")
        super().render(**kwargs)  # type: ignore[no-untyped-call]

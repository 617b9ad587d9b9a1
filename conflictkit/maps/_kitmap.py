"""The kit's folium map: it shows itself without a network, in a notebook and as a file."""

from __future__ import annotations

import base64
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import folium
from branca.element import Element, MacroElement
from folium.template import Template
from folium.utilities import camelize

from conflictkit.maps import _document
from conflictkit.maps._document import document, frame
from conflictkit.maps._payload import dumped

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from conflictkit.tables import Tables

HEIGHT = 820  # pixels of a map in a notebook: controls, chart and a map that is higher than both
MAX_ZOOM = 12  # as in web/map.js: places are good to 200 m, and beyond it nothing is gained


class KitMap(folium.Map):
    """A folium map of this kit.

    Other layers can be added to it as to any folium map. It then shows itself as folium does, on a page that needs a
    network.

    Attributes
    ----------
    title, caption, headline
        What the map shows; definition, sources, version; what it finds, if anything.
    data
        The numbers that the page draws: see ``web/payload.js``.
    tables
        Those that it was made from.
    """

    _layers: tuple[str, ...] = ()

    def __init__(
        self,
        data: dict[str, Any],
        *,
        title: str,
        caption: str,
        draw: Callable[[], bytes],
        rows: Callable[[], pd.DataFrame],
        tables: Tables,
        headline: str = "",
        tiles: str | folium.TileLayer | None = None,
    ) -> None:
        (south, west), (north, east) = data["bounds"]
        layer = folium.TileLayer(tiles) if isinstance(tiles, str) else tiles
        super().__init__(
            location=[(south + north) / 2, (west + east) / 2],
            zoom_start=6,
            tiles=layer,
            zoom_snap=0.25,
            max_zoom=MAX_ZOOM,
        )
        self.title, self.caption, self.headline, self._draw = title, caption, headline, draw
        self.tables, self._find_rows = tables, rows
        self.data = data if layer is None else data | {"tiles": _tiles(layer)}
        _Drawing().add_to(self)  # type: ignore[no-untyped-call] # branca's
        self._layers = ()  # what is added from here on is not the kit's

    def add_child(self, child: Element, name: str | None = None, index: int | None = None) -> Element:
        """Add a layer, and remember that it is there."""
        self._layers = (*self._layers, type(child).__name__)
        return super().add_child(child, name=name, index=index)

    @property
    def added(self) -> list[str]:
        """What stands on the map, or around it, that the kit did not draw."""
        figure: Any = self.get_root()
        around = figure.html.to_dict(depth=1)["children"]
        return [*dict.fromkeys(self._layers), *(["markup around the map"] if around else [])]

    @property
    def hosts(self) -> list[str]:
        """The servers of its tiles, if it has any."""
        address = self.data["tiles"]["url"] if "tiles" in self.data else "data:"
        return [] if address.startswith("data:") else [_host(address)]

    @property
    def words(self) -> str:
        """What the map shows, in which definitions."""
        return self.caption

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The rows behind the map."""
        return self._find_rows()

    @cached_property
    def text(self) -> str:
        """The numbers that the page draws, as JSON."""
        return dumped(self.data)

    @cached_property
    def _png(self) -> bytes:
        return self._draw()

    def picture(self) -> bytes:
        """Return the static twin of the map as PNG, for where scripts do not run."""
        return self._png

    def _repr_html_(self, **options: Any) -> str:  # noqa: ANN401 - folium's own
        """Show the map in a notebook, without a network unless the caller asked for tiles or added layers."""
        if self.added:
            return str(super()._repr_html_(**options))
        text = document(self.text, title=self.title, heading=False, caption=self.caption, hosts=self.hosts)
        return frame(text, title=self.title, height=HEIGHT, picture=self.picture())

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        """Show the map; the picture is for tools that keep pictures only, such as converters to PDF."""
        return {
            "text/html": self._repr_html_(),
            "image/png": base64.b64encode(self.picture()).decode(),
            "text/plain": self.title,
        }


class _Drawing(MacroElement):
    """The kit's drawing on folium's own page: the numbers of its map once, and the call that draws them."""

    _template = Template(
        """
        {% macro html(this, kwargs) %}
        <script type="application/json" id="{{ this.get_name() }}">
        {{ this._parent.text }}
        </script>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        conflictkitMap(L, JSON.parse(document.getElementById("{{ this.get_name() }}").textContent),
            { map: {{ this._parent.get_name() }} });
        {% endmacro %}
        """
    )
    _name = "Drawing"

    def render(self, **kwargs: Any) -> None:  # type: ignore[override]  # noqa: ANN401 - as folium's macros
        """Add style and script to the head once, however many drawings there are."""
        figure: Any = self.get_root()
        for tag, text in (("style", _document.kit_style()), ("script", _document.kit_script())):
            figure.header.add_child(Element(f"<{tag}>{{% raw %}}{text}{{% endraw %}}</{tag}>"), name=f"kit_{tag}")
        super().render(**kwargs)  # type: ignore[no-untyped-call]


def _tiles(layer: folium.TileLayer) -> dict[str, Any]:
    """Return tiles as Leaflet wants them."""
    return {"url": layer.tiles, "options": {camelize(name): value for name, value in layer.options.items()}}


def _host(address: str) -> str:
    """Return the scheme and host of a template of addresses, a star for what the browser fills in."""
    parts = urlsplit(address.replace("{s}", "a"))
    host = f"*.{parts.netloc.split('.', 1)[1]}" if "{s}" in address else parts.netloc
    return f"{parts.scheme or 'https'}://{host}" if host else address

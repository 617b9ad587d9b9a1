"""What a folium map would still need of the network, and which layer of it is to blame."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from conflictkit.errors import PageError
from conflictkit.maps.plain import elements

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from branca.element import Element

# Attributes of folium's layers that hold the address of something fetched while the map is looked at.
PICTURES = ("tiles", "url")
FILES = ("video_url", "embed_link")
# What a layer would need of the libraries that folium names in every page and this one leaves out.
NEEDS = {
    r"L\.AwesomeMarkers": "folium.Icon (awesome-markers and a web font; leave the icon out for a plain marker)",
    r"(?<![\w$.])(?:\$|jQuery)[.(]": "a layer that calls jQuery",
}
ADDRESS = r"""((?:https?:)?//[^"'\s)>]+)"""
REACHES = re.compile(
    rf"""<(?:script|link|img|iframe|source|video|audio|track|object|embed|image|use|input)\b[^>]*?"""
    rf"""\b(?:src|srcset|href|data|poster)\s*=\s*["']?{ADDRESS}"""
    rf"""|@import\s+(?:url\()?["']?{ADDRESS}|url\(\s*["']?{ADDRESS}"""
    rf"""|<meta\b[^>]*?\burl\s*=\s*["']?{ADDRESS}""",
    re.IGNORECASE,
)
STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')


def refuse(culprits: Iterable[str]) -> None:
    """Raise if there is anything that a page cannot hold, with all of it in one message."""
    if found := list(dict.fromkeys(culprits)):
        msg = (
            f"This map would still need the network: {'; '.join(found)}. Leave that layer out, or keep folium's own "
            "page with m.save(), which needs a connection."
        )
        raise PageError(msg)


def pictures(figure: Element) -> list[tuple[str, str]]:
    """Return the layers that fetch pictures while the map is looked at, each with the host."""
    found = []
    for element in elements(figure):
        if hasattr(element, "layer_name"):
            addresses = [getattr(element, name, None) for name in PICTURES]
            found += [(_name(element), _host(text)) for text in addresses if isinstance(text, str) and _fetched(text)]
    return found


def files(figure: Element) -> Iterator[str]:
    """Yield what layers fetch that is no picture of a map: films, data, icons, pictures in their markup."""
    for element in elements(figure):
        named = [getattr(element, name, None) for name in FILES]
        yield from (
            f"{_name(element)}, which fetches {text}" for text in named if isinstance(text, str) and _fetched(text)
        )
        yield from (f"{_name(element)}, which fetches {text}" for text in _loaded(getattr(element, "options", None)))


def libraries(figure: Any, script: str) -> Iterator[str]:  # noqa: ANN401 - branca's figure, which has no types
    """Yield the layers that need a script or a style that this page has not; the figure has been rendered."""
    import folium
    from branca.element import CssLink, JavascriptLink

    seen = {address for _, address in [*folium.Map.default_js, *folium.Map.default_css]}
    for element in elements(figure):
        own = [*getattr(element, "default_js", ()), *getattr(element, "default_css", ())]
        if wanted := [address for _, address in own if address not in seen]:
            yield f"{_name(element)}, which needs {wanted[0]}"
        seen |= set(wanted)
    links = [child for child in figure.header._children.values() if isinstance(child, (CssLink, JavascriptLink))]  # noqa: SLF001
    yield from (f"a layer that needs {link.url}" for link in links if link.url not in seen)
    code = STRING.sub('""', script)  # what data says is no code
    yield from (culprit for pattern, culprit in NEEDS.items() if re.search(pattern, code))


def addresses(markup: str) -> list[str]:
    """Return what markup would load from elsewhere, in alphabetical order."""
    return sorted({next(filter(None, found)) for found in REACHES.findall(markup)})


def _loaded(options: Any) -> Iterator[str]:  # noqa: ANN401 - folium's options, of any shape
    """Yield the options of an element that a browser would load: addresses, and markup with addresses in it."""
    for name, value in options.items() if isinstance(options, dict) else ():
        if isinstance(value, str) and name.endswith("url") and _fetched(value):
            yield value
        if isinstance(value, str) and name == "html":
            yield from addresses(value)


def _name(element: Element) -> str:
    """Return the class of a layer, which folium's user has written, and what tells it from others of its class."""
    own = next(kind for kind in type(element).__mro__ if kind.__module__.split(".")[0] in {"folium", "branca"})
    return f"{own.__name__} {getattr(element, 'tile_name', '') if hasattr(element, 'tiles') else ''}".strip()


def _fetched(address: str) -> bool:
    return bool(address) and not address.startswith("data:")


def _host(address: str) -> str:
    """Return the scheme and host of a template of addresses, a star for what the browser fills in."""
    parts = urlsplit(address.replace("{s}", "a"))
    host = f"*.{parts.netloc.split('.', 1)[1]}" if "{s}" in address else parts.netloc
    return f"{parts.scheme or 'https'}://{host}" if host else address

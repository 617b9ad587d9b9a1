"""The text of a page: everything inside, and a policy in its head that forbids whatever is not."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from conflictkit.html import Markup, image, said
from conflictkit.maps import _assets

if TYPE_CHECKING:
    from collections.abc import Iterable

START = """const main = document.querySelector("main");
main.kit = conflictkitMap(L, JSON.parse(document.getElementById("ck-data").textContent), { element: main });"""
# Where scripts do not run, the static picture stands in the place of the map.
ASIDE = "main { display: none; } .ck-page { display: block; height: auto; }"
STILL = Markup('<noscript><style>{}</style><img src="data:image/png;base64,{}" alt="{}"></noscript>')
# A notebook that is not trusted is stripped of frames and styles, which leaves the picture; elsewhere the style hides
# it, unless scripts are off.
FRAME = Markup(
    "<style>.ck-frame + img {{ display: none; }}</style>"
    "<noscript><style>.ck-frame {{ display: none; }} .ck-frame + img {{ display: block; }}</style></noscript>"
    '<iframe class="ck-frame" title="{title}" srcdoc="{text}" allowfullscreen '
    'style="width:100%;height:{height}px;border:0"></iframe>{picture}'
)


def document(
    data: str,
    *,
    title: str,
    caption: str,
    heading: bool = True,
    picture: bytes | None = None,
    hosts: Iterable[str] = (),
) -> str:
    """Return the page of a map as text.

    Parameters
    ----------
    data
        The numbers that it draws, as ``dumped`` writes them.
    title, caption
        What it shows; empty for none.
    heading
        Whether the title stands above the map too.
    picture
        PNG shown where scripts do not run.
    hosts
        Servers of tiles whose pictures the page may show.

    Returns
    -------
    str
        HTML with everything inside: the same for the same map.
    """
    above = Markup("<h1>{}</h1>").format(said(title)) if title and heading else ""
    below = Markup('<p class="ck-caption">{}</p>').format(said(caption)) if caption else ""
    styles = [_plain(text) for text in (_assets.leaflet_style(), _assets.kit_style(), _assets.page_style())]
    scripts = [_plain(text) for text in (_assets.leaflet_script(), f"{_assets.kit_script()}\n{START}")]
    parts = [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(scripts, [*styles, ASIDE], hosts)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        Markup("<title>{}</title>").format(title or "Map"),
        *(f"<style>{text}</style>" for text in styles),
        f'</head>\n<body class="ck-page">\n<header>{above}</header>\n<main></main>',
        f"<footer>{below}{_still(title, picture)}</footer>",
        f'<script type="application/json" id="ck-data">\n{data}\n</script>',
        *(f"<script>{text}</script>" for text in scripts),
        "</body>\n</html>\n",
    ]
    return _plain("\n".join(parts))


def frame(text: str, *, title: str, height: int, picture: bytes) -> str:
    """Return a page as a frame for the output of a notebook, and the picture that stands where the frame cannot."""
    return str(FRAME.format(title=title, text=text, height=height, picture=image(picture, alt=title)))


def _still(title: str, picture: bytes | None) -> str:
    if picture is None:
        return "<noscript>This map needs JavaScript.</noscript>"
    return STILL.format(Markup(ASIDE), base64.b64encode(picture).decode(), title)


def _plain(text: str) -> str:
    """Return text with one kind of line ends, as a browser reads it before it takes a digest."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _policy(scripts: Iterable[str], styles: Iterable[str], hosts: Iterable[str]) -> str:
    """Return the policy: no connection, and no script or style but those of the page, by their digest."""
    rules = {
        "default-src": "'none'",
        "script-src": _digests(scripts),
        "style-src": _digests(styles),
        "img-src": " ".join(["data:", *sorted(set(hosts))]),
        "connect-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _digests(texts: Iterable[str]) -> str:
    """Return the digests of texts as a policy names them."""
    found = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts)
    return " ".join(f"'sha256-{digest}'" for digest in found)

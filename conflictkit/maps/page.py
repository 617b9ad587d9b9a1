"""One file that works with the network off: a folium map with everything it needs inside."""

from __future__ import annotations

import base64
import copy
import hashlib
import html
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conflictkit.maps import assets

if TYPE_CHECKING:
    from os import PathLike

    import folium
    from branca.element import Element, Figure


def save_html(
    m: folium.Map, path: str | PathLike[str], *, title: str | None = None, caption: str | None = None
) -> None:
    """Write a map as one HTML file that opens anywhere and never asks the network for anything.

    Parameters
    ----------
    m
        A map of this kit, or any folium map whose layers need nothing but Leaflet.
    path
        The file to write; an existing one is replaced.
    title, caption
        Above and below the map. A map of this kit has its own, which stand where these are None.

    Raises
    ------
    PageError
        If the page would still reach the network, or a layer needs a library that is not here; with the names. Nothing
        is written then.

    Notes
    -----
    Leaflet, styles, pictures and numbers are inside the file; a policy in its head forbids every connection, and every
    script that is not the page's own. Text in popups, tooltips and names of layers is shown as typed, also where
    it looks like markup. Where scripts do not run, a map of this kit shows its static picture. Same map, same bytes.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> import conflictkit as ck
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "territory.html"
    >>> ck.save_html(ck.map_territory(ck.Territory.from_places(), "2017-11-03"), file)
    >>> "connect-src 'none'" in file.read_text(encoding="utf-8")
    True
    """
    own_title, own_caption = getattr(m, "title", ""), getattr(m, "caption", "")
    picture = getattr(m, "picture", None)
    text = page(
        m,
        title=own_title if title is None else title,
        caption=own_caption if caption is None else caption,
        picture=picture() if picture else None,
    )
    Path(path).write_text(text, encoding="utf-8", newline="\n")


def page(m: folium.Map, *, title: str, caption: str, picture: bytes | None = None, tiles: bool = False) -> str:
    """Return the page of a map as text.

    Parameters
    ----------
    m
        The map; it stays as it is.
    title, caption
        Text above and below the map; empty for none.
    picture
        PNG shown where scripts do not run.
    tiles
        Whether layers of tiles may stay: in a notebook, where the caller has named them, but never in a file.

    Returns
    -------
    str
        HTML with everything inside.

    Raises
    ------
    PageError
        As ``save_html``.
    """
    from conflictkit.maps import needs
    from conflictkit.maps.plain import make_plain

    figure: Any = copy.deepcopy(m.get_root())  # rendering hangs scripts and links on the tree
    make_plain(figure)
    hosts = needs.pictures(figure)
    culprits = [] if tiles else [f"{layer}, which fetches pictures from {host}" for layer, host in hosts]
    culprits += needs.files(figure)
    figure.render()
    head, body, script = _parts(figure)
    culprits += needs.libraries(figure, script)
    text = _document(head, body, script, title=title, caption=caption, picture=picture)
    text = _numbered(text, figure)
    culprits += [f"something that loads {address}" for address in needs.addresses(_without_data(text))]
    needs.refuse(culprits)
    policy = _policy(text, [host for _, host in hosts])
    return text.replace("<!-- policy -->", f'<meta http-equiv="Content-Security-Policy" content="{policy}">', 1)


def frame(text: str, *, title: str, height: int, picture: bytes) -> str:
    """Return a page as a frame for the output of a notebook, and the picture that stands where the frame cannot.

    A notebook that is not trusted is stripped of frames and styles, which leaves the picture; elsewhere the style
    hides it, unless scripts are off.
    """
    return (
        "<style>.ck-frame + img { display: none; }</style>"
        "<noscript><style>.ck-frame { display: none; } .ck-frame + img { display: block; }</style></noscript>"
        f'<iframe class="ck-frame" title="{html.escape(title)}" srcdoc="{html.escape(text)}" allowfullscreen '
        f'style="width:100%;height:{height}px;border:0"></iframe>{_image(title, picture)}'
    )


def _parts(figure: Figure) -> tuple[str, str, str]:
    """Return what folium has rendered for head, body and script, without its links to libraries."""
    from branca.element import CssLink, JavascriptLink

    head = [
        child.render()
        for name, child in figure.header._children.items()  # noqa: SLF001 - branca has no other way to its children
        if not isinstance(child, (CssLink, JavascriptLink)) and name != "meta_http"
    ]
    return "\n".join(head), figure.html.render(), figure.script.render()


def _document(head: str, body: str, script: str, *, title: str, caption: str, picture: bytes | None) -> str:
    note = f'<p class="ck-caption">{html.escape(caption)}</p>' if caption else ""
    icons = json.dumps(assets.marker_icons())
    own = f'L.Icon.Default.imagePath = "";\nL.Icon.Default.mergeOptions({icons});\n{script}'
    parts = [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<!-- policy -->',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{html.escape(title or 'Map')}</title>",
        f"<style>{assets.leaflet_style()}</style>",
        head,
        f"<style>{assets.page_style()}</style>",
        f'</head>\n<body class="ck-page">\n<header>{f"<h1>{html.escape(title)}</h1>" if title else ""}</header>',
        f"<main>\n{body}\n</main>",
        f"<footer>{note}{_noscript(title, picture)}</footer>",
        f"<script>{assets.leaflet_script()}</script>",
        f"<script>\n{own}\n</script>\n</body>\n</html>\n",
    ]
    return "\n".join(parts).replace("\r", "")


def _noscript(title: str, picture: bytes | None) -> str:
    if picture is None:
        return "<noscript>This map needs JavaScript.</noscript>"
    style = "<style>main { display: none; } .ck-page { display: block; height: auto; }</style>"
    return f"<noscript>{style}{_image(title, picture)}</noscript>"


def _image(title: str, picture: bytes) -> str:
    return f'<img alt="{html.escape(title)}" src="data:image/png;base64,{base64.b64encode(picture).decode()}">'


def _numbered(text: str, figure: Element) -> str:
    """Give the elements numbers in the order in which they appear: folium's own ids are random."""
    from conflictkit.maps.plain import elements

    ids = {element._id for element in elements(figure)}  # noqa: SLF001 - the attribute that branca renders
    order: dict[str, str] = {}

    def number(match: re.Match[str]) -> str:
        return order.setdefault(match[0], f"{len(order) + 1}") if match[0] in ids else match[0]

    return re.sub(r"[0-9a-f]{32}", number, text)


def _without_data(text: str) -> str:
    """Return a page without the text of its scripts, which loads nothing by itself, and without the pictures inside."""
    return re.sub(r"(<script\b[^>]*>).*?</script>", r"\1", text, flags=re.DOTALL | re.IGNORECASE)


def _policy(text: str, hosts: list[str]) -> str:
    """Return the policy: no connection, no script but those of the page, by their digest."""
    scripts = re.findall(r"<script>(.*?)</script>", text, flags=re.DOTALL)
    digests = {base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts}
    rules: dict[str, Any] = {
        "default-src": "'none'",
        "script-src": " ".join(f"'sha256-{digest}'" for digest in sorted(digests)),
        "style-src": "'unsafe-inline'",
        "img-src": " ".join(["data:", *sorted(set(hosts))]),
        "connect-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())

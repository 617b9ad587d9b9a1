"""One file that works with the network off: a map of this kit with everything it needs inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conflictkit.errors import PageError
from conflictkit.files import write_whole
from conflictkit.maps._document import document
from conflictkit.maps._kitmap import KitMap

if TYPE_CHECKING:
    from os import PathLike

    import folium

INSTEAD = "save it with folium's own m.save(path), whose page needs a network"


def save_html(
    m: folium.Map, path: str | PathLike[str], *, title: str | None = None, caption: str | None = None
) -> None:
    """Write a map of this kit as one HTML file that opens anywhere and never asks the network for anything.

    Parameters
    ----------
    m
        What ``map_territory``, ``map_changes`` or ``map_deployments`` returned.
    path
        The file to write; an existing one is replaced.
    title, caption
        Above and below the map, in place of its own; a title stands in place of the headline too.

    Raises
    ------
    PageError
        If the map is not of this kit, or has tiles, layers or markup of folium's. Nothing is written then.
    OSError
        If the file cannot be written whole; one that was there before is as it was.

    Notes
    -----
    Leaflet, styles, pictures and numbers are inside the file; a policy in its head forbids every connection, and every
    script that is not the page's own. Text from the tables is shown as typed, also where it looks like markup. Where
    scripts do not run, the static picture stands in place of the map. Same map, same bytes.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> import conflictkit as ck
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "territory.html"
    >>> ck.save_html(ck.map_territory(ck.Territory.from_places(), "2017-11-03"), file)
    >>> "connect-src 'none'" in file.read_text(encoding="utf-8")
    True
    """
    write_whole(path, page_text(m, title=title, caption=caption))


def page_text(m: folium.Map, *, title: str | None = None, caption: str | None = None, passport: str = "") -> str:
    """Return what ``save_html`` writes, with the passport of the map in its head if there is one."""
    if not isinstance(m, KitMap):
        msg = (
            "save_html writes the maps of this kit (map_territory, map_changes, map_deployments), and this is a "
            f"{type(m).__name__}. If it is a map of folium's, {INSTEAD}."
        )
        raise PageError(msg)
    if m.hosts:
        msg = (
            f"This map has tiles of {', '.join(m.hosts)}, which a file without a network cannot show. Make it without "
            f"tiles=, or {INSTEAD}."
        )
        raise PageError(msg)
    if added := m.added:
        msg = (
            f"This map has more than the kit draws: {', '.join(added)}. A page without a network holds the kit's own "
            f"drawing only. Leave that out, or {INSTEAD}."
        )
        raise PageError(msg)
    return document(
        m.text,
        title=m.title if title is None else title,
        headline=m.headline if title is None else "",
        caption=m.caption if caption is None else caption,
        picture=m.picture(),
        passport=passport,
    )

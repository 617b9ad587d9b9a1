"""KML for Google Earth: a folder of each kind, a span of time for each row, everything escaped."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from conflictkit.exports._single import APART, DECIMALS, records
from conflictkit.html import Markup, join, link
from conflictkit.look import INK
from conflictkit.prose import number
from conflictkit.text import for_xml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shapely.geometry import Polygon
    from shapely.geometry.base import BaseGeometry

    from conflictkit.exports._content import Content, Layer
    from conflictkit.look import Paint

SEEN_THROUGH = "b3"  # opacity of land, seven tenths: towns and rivers of the globe stay visible
LINE, DOT = "1", "0.6"  # pixels, and parts of the globe's own mark

_WHOLE = Markup(
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>\n'
    "<name>{}</name><description>{}</description>\n{}{}</Document></kml>\n"
)
_STYLE = Markup(
    '<Style id="{}"><IconStyle><color>{}</color><scale>{}</scale></IconStyle><LabelStyle><scale>0</scale></LabelStyle>'
    "<LineStyle><color>{}</color><width>{}</width></LineStyle><PolyStyle><color>{}</color></PolyStyle></Style>\n"
)
_FOLDER = Markup("<Folder><name>{}</name><visibility>{}</visibility>\n{}</Folder>\n")
_MARK = Markup(
    "<Placemark><name>{}</name><visibility>{}</visibility><description>{}</description>"
    "<TimeSpan><begin>{}</begin><end>{}</end></TimeSpan><styleUrl>#{}</styleUrl>"
    "<ExtendedData>{}</ExtendedData>{}</Placemark>\n"
)
_DATUM = Markup('<Data name="{}"><value>{}</value></Data>')
_SEVERAL = Markup("<MultiGeometry>{}</MultiGeometry>")
_POLYGON = Markup("<Polygon>{}</Polygon>")
_RING = Markup("<{0}><LinearRing><coordinates>{1}</coordinates></LinearRing></{0}>")
_POINT = Markup("<Point><coordinates>{}</coordinates></Point>")


def kml(content: Content) -> str:
    """Return the layers as one document; land that stays as it was is one row for all of its time."""
    names = {actor: f"actor-{number}" for number, actor in enumerate(content.paints)}  # an id of XML has no blanks
    styles = join(_style(names[actor], paint) for actor, paint in content.paints.items())
    shown = [layer for layer in content.layers if layer.name not in APART]
    folders = join(_folder(layer, names, visible=layer is shown[0]) for layer in shown)
    return for_xml(_WHOLE.format(content.title, content.about, styles, folders))


def _style(name: str, paint: Paint) -> Markup:
    color, ink = _abgr("ff", paint.color), _abgr("ff", INK)
    return _STYLE.format(name, color, DOT, ink, LINE, _abgr(SEEN_THROUGH, paint.color))


def _abgr(opacity: str, color: str) -> str:
    """Return #RRGGBB as KML writes it: opacity, blue, green, red."""
    return f"{opacity}{color[5:7]}{color[3:5]}{color[1:3]}".lower()


def _folder(layer: Layer, names: dict[str, str], *, visible: bool) -> Markup:
    on = str(int(visible))
    marks = (_mark(layer, cells, shape, names[cells[layer.painter]], on) for cells, shape in _spans(layer))
    return _FOLDER.format(layer.name.capitalize(), on, join(marks))


def _spans(layer: Layer) -> Iterator[tuple[dict[str, Any], BaseGeometry | None]]:
    """Yield the rows; those of one holder that follow each other with the same land as one."""
    rows = list(zip(records(layer.rows), layer.rows.geometry, shapely.to_wkb(layer.rows.geometry), strict=True))
    if layer.name != "land":
        yield from (row[:2] for row in rows)
        return
    runs: dict[str, list[tuple[dict[str, Any], BaseGeometry, bytes]]] = defaultdict(list)
    for cells, shape, land in rows:
        before = runs[cells[layer.painter]]
        if before and before[-1][2] == land and before[-1][0][layer.until] == cells[layer.since]:
            before[-1][0][layer.until] = cells[layer.until]
        else:
            before.append((cells, shape, land))
    yield from ((cells, shape) for run in runs.values() for cells, shape, _ in run)


def _mark(layer: Layer, cells: dict[str, Any], shape: BaseGeometry | None, style: str, on: str) -> Markup:
    known = {name: str(cell) for name, cell in cells.items() if cell is not None}
    data = join(_DATUM.format(*datum) for datum in known.items())
    title = known.get(layer.title) or known.get(layer.painter, "")
    begin, end = known[layer.since], known[layer.until]
    # the balloon shows markup: made of escaped cells, and escaped as a whole, since it is text to the file
    lines = [f"{name.replace('_', ' ')}: {_told(cells[name])}" for name in layer.told if name in known]
    page = [link(known.get("url"), known["publisher"])] if "publisher" in known else []
    balloon = str(join([*lines, *page], Markup("<br>")))
    return _MARK.format(title, on, balloon, begin, end, style, data, _geometry(shape))


def _told(cell: object) -> str:
    """Return a cell as a reader has it: numbers with commas, no more exact than prose has them."""
    return number(cell) if isinstance(cell, (int, float)) else str(cell)


def _geometry(shape: BaseGeometry | None) -> Markup:
    if shape is None:
        return Markup()
    if shape.geom_type == "Point":
        return _POINT.format(_coordinates(shape))
    parts = join(_polygon(part) for part in shapely.get_parts(shape))
    return _SEVERAL.format(parts)


def _polygon(polygon: Polygon) -> Markup:
    rings = [("outerBoundaryIs", polygon.exterior), *(("innerBoundaryIs", hole) for hole in polygon.interiors)]
    return _POLYGON.format(join(_RING.format(kind, _coordinates(ring)) for kind, ring in rings))


def _coordinates(shape: BaseGeometry) -> Markup:
    """Return longitudes and latitudes; numbers need no escaping, and are many."""
    pairs = np.round(shapely.get_coordinates(shape), DECIMALS).tolist()
    return Markup(" ".join(f"{x!r},{y!r}" for x, y in pairs))

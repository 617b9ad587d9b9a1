"""KML from its bytes: placemarks of all folders. Links to other files are noted, and none is followed."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import numpy as np

from conflictkit.readers._crs import LON_LAT
from conflictkit.readers._door import NotRead
from conflictkit.readers._layers import Outlines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conflictkit.readers._door import Piece
    from conflictkit.readers._layers import Layer, Points, Rings

BESIDE = ("Point", "LineString", "LinearRing", "Model", "Track", "MultiTrack")
TOLD = {"name": "Name", "description": "Description", "Snippet": "Snippet", "styleUrl": "styleUrl"}
TIMES = ("when", "begin", "end")


class _Plain(ET.TreeBuilder):
    """A tree without declarations: an entity can stand for a file, or for itself a million times."""

    def doctype(self, *_: object) -> None:
        """Refuse a declaration before it is read."""
        msg = "it declares a document type, which KML does not need: it is not read"
        raise NotRead(msg)


def read_kml(piece: Piece, count: Callable[[int], None]) -> list[Layer]:
    """Return the placemarks of a KML file, with their folder as a column; raise NotRead if it is none."""
    parser = ET.XMLParser(target=_Plain())  # noqa: S314
    try:
        parser.feed(piece.read())
        root = parser.close()
    except (ET.ParseError, ValueError, LookupError) as error:
        msg = f"it is not XML ({str(error).splitlines()[0]})"
        raise NotRead(msg) from None
    if _tag(root) not in ("kml", "Document", "Folder", "Placemark"):
        msg = f"it is XML, but its first element is {_tag(root)[:40]!r}, not kml"
        raise NotRead(msg)
    outlines, cells = Outlines(), []
    for mark, folder in _marks(root):
        count(1)
        cells.append({**_cells(mark), "Folder": folder})
        if _tag(mark) == "Placemark":
            _add(outlines, mark)
        else:
            outlines.lost(f"a {_tag(mark)} leads to another file: links are not followed")
    return [outlines.layer_of(cells, LON_LAT)]


def _tag(element: ET.Element) -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _marks(root: ET.Element) -> Iterator[tuple[ET.Element, str | None]]:
    """Yield placemarks and links in their order, with the name of the folder around each."""
    waiting: list[tuple[ET.Element, str | None]] = [(root, None)]
    while waiting:
        element, folder = waiting.pop()
        if _tag(element) in ("Placemark", "NetworkLink", "GroundOverlay"):
            yield element, folder
            continue
        if _tag(element) in ("Folder", "Document"):
            folder = next((child.text for child in element if _tag(child) == "name"), None) or folder
        waiting += [(child, folder) for child in reversed(element)]


def _cells(mark: ET.Element) -> dict[str, object]:
    """Return what a placemark says of itself, the data that its owner added included."""
    cells: dict[str, object] = {"Name": None, "Description": None}
    for child in mark:
        tag = _tag(child)
        if tag in TOLD:
            cells[TOLD[tag]] = "".join(child.itertext())
        elif tag in ("TimeStamp", "TimeSpan"):
            cells |= {_tag(part): part.text for part in child if _tag(part) in TIMES}
        elif tag == "ExtendedData":
            for part in child.iter():
                if _tag(part) == "Data":
                    value = next((inner.text for inner in part if _tag(inner) == "value"), None)
                    cells.setdefault(part.get("name", ""), value)
                elif _tag(part) == "SimpleData":
                    cells.setdefault(part.get("name", ""), part.text)
    return cells


def _add(outlines: Outlines, mark: ET.Element) -> None:
    """Add the polygons of a placemark as a feature."""
    polygons: list[Rings] = []
    beside, waiting = False, list(reversed(mark))
    try:
        while waiting:
            part = waiting.pop()
            if _tag(part) == "Polygon":
                polygons.append(_rings(part))
            elif _tag(part) == "MultiGeometry":
                waiting += reversed(part)
            beside |= _tag(part) in BESIDE
    except ValueError:
        outlines.lost("no polygon: its coordinates are not numbers")
        return
    outlines.add(polygons, beside=beside)


def _rings(polygon: ET.Element) -> Rings:
    """Return the outline of a polygon and its holes."""
    found: dict[str, list[Points]] = {"outerBoundaryIs": [], "innerBoundaryIs": []}
    for boundary in polygon:
        if _tag(boundary) in found:
            texts = ["".join(part.itertext()) for part in boundary.iter() if _tag(part) == "coordinates"]
            found[_tag(boundary)] += map(_points, texts)
    return [*(found["outerBoundaryIs"][:1] or [np.empty((0, 2))]), *found["innerBoundaryIs"]]


def _points(text: str) -> Points:
    """Return ``longitude,latitude,height`` between blanks as (N, 2) numbers; raise ValueError if it is none."""
    points = [triple.split(",")[:2] for triple in text.split()]
    return np.array([[float(longitude), float(latitude)] for longitude, latitude in points]).reshape(-1, 2)

"""Coordinate systems that a file names: known ones only, by text alone, and never from another file or an address."""

from __future__ import annotations

import re
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pyproj
import pyproj.network
import shapely
from pyproj.exceptions import CRSError, ProjError

from conflictkit.geometry import transformation
from conflictkit.outlines import looks_like_degrees
from conflictkit.readers._door import NotRead

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

LON_LAT = pyproj.CRS("EPSG:4326")
LONGEST = 100_000  # characters of a description: real ones have a few thousand
NAME = re.compile(
    r"(?:urn:(?:x-)?ogc:def:crs:|https?://www\.opengis\.net/def/crs/)?(?P<who>EPSG|ESRI|OGC)[:/](?:[\w.]*[:/])?(?P<code>\w+)",
    re.IGNORECASE | re.ASCII,
)
# Grids of a shift between datums, and PROJ's own lists, are files that a description may point to; @null is none.
ELSEWHERE = re.compile(r"grids\s*=\s*(?!@null\b)|\binit\s*=|parameterfile", re.IGNORECASE)


@lru_cache(maxsize=64)
def crs_of_name(name: str) -> pyproj.CRS:
    """Return the coordinate system of a name such as ``EPSG:32637``; raise NotRead for any other text."""
    match = NAME.fullmatch(name.strip())
    if name.strip().upper() == "CRS84" or (match and match["code"].upper().startswith("CRS84")):
        return LON_LAT
    try:
        if match:
            return pyproj.CRS.from_authority(match["who"].upper(), match["code"])
    except CRSError:
        pass
    msg = f"its coordinate system {name[:60]!r} is not known: write it in longitude and latitude"
    raise NotRead(msg)


@lru_cache(maxsize=64)
def crs_of_text(text: str) -> pyproj.CRS:
    """Return the coordinate system that a .prj file or a database describes; raise NotRead if it is none."""
    if len(text) > LONGEST or ELSEWHERE.search(text):
        msg = "its coordinate system points to other files or is no description of one"
        raise NotRead(msg)
    try:
        found = pyproj.CRS.from_wkt(text)
    except CRSError:
        msg = "its coordinate system is not described as a .prj file does it"
        raise NotRead(msg) from None
    return found.source_crs if found.is_bound and found.source_crs is not None else found


def in_degrees(shapes: NDArray[np.object_], crs: pyproj.CRS | None) -> tuple[NDArray[np.object_], str | None]:
    """Return shapes in longitude and latitude, and what was mended; degrees declared as metres are what they are.

    Raises NotRead if nothing says what the coordinates mean, or it is no place on the globe.
    """
    if crs is None:
        msg = "no coordinate system: add a .prj file, or write it as GeoJSON in longitude and latitude"
        raise NotRead(msg)
    if not crs.is_geographic and looks_like_degrees(shapes):
        return shapes, f"declared as {crs.name}, but the coordinates are degrees: read as degrees"
    if crs == LON_LAT:
        return shapes, None
    try:
        return np.asarray(shapely.transform(shapes, transformation(crs, LON_LAT))), None
    except ProjError:
        msg = f"its coordinate system {crs.name!r} has no place on the globe: write it in longitude and latitude"
        raise NotRead(msg) from None


@contextmanager
def offline() -> Iterator[None]:
    """Keep PROJ from asking the network for grids, also where the reader's environment allows it."""
    allowed = pyproj.network.is_network_enabled()  # type: ignore[attr-defined]
    if allowed:
        pyproj.network.set_network_enabled(active=False)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        if allowed:
            pyproj.network.set_network_enabled(active=True)  # type: ignore[attr-defined]

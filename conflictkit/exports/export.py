"""The door: land or forces into a file whose ending says the format."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from conflictkit.deployments._ground import territory_of
from conflictkit.errors import TableError, known
from conflictkit.exports._content import forces_of, land_of
from conflictkit.exports._geopackage import geopackage
from conflictkit.exports._kml import kml
from conflictkit.exports._single import geojson, geoparquet
from conflictkit.files import path_of, write_whole
from conflictkit.territory import Territory

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike

    from conflictkit.dates import DatesLike
    from conflictkit.exports._content import Content
    from conflictkit.tables import Tables

WRITERS: dict[str, Callable[[Content], str | bytes]] = {
    ".gpkg": geopackage,
    ".kml": kml,
    ".geojson": geojson,
    ".parquet": geoparquet,
}


def export(
    what: Territory | pd.DataFrame,
    path: str | PathLike[str],
    *,
    dates: DatesLike | None = None,
    tables: Tables | None = None,
) -> None:
    """Write land or forces for other programs, with their days, colours and the page of every row.

    Parameters
    ----------
    what
        A territory, or rows of deployments as ``load_deployments`` and ``deployments_at`` return them.
    path
        Where to write; its ending says the format:

        - ``.gpkg``: GeoPackage, for QGIS and ArcGIS. A layer of each kind, with a style that QGIS shows and days that
          its temporal controller moves through.
        - ``.kml``: for Google Earth, with a time slider. Folders of land, and of changes (switched off at first).
        - ``.geojson``: for pages. One collection of all kinds, told apart by ``layer``; ``sources`` beside it.
        - ``.parquet``: GeoParquet, for data bases; needs the extra ``parquet``. As GeoJSON, with empty cells where a
          kind lacks a column; title, definition and sources in ``attrs``.
    dates
        Of a territory: the days to write; None for every day on which the land changes: 748 of the shipped tables,
        which take 20 seconds and 38 MB (KML) to 87 MB (GeoJSON). Of forces: only reports that count on one of these
        days; None for all.
    tables
        Of forces: where their actors, places and sources are; those that ship by default. A territory has its own.

    Returns
    -------
    None
        The file has, of a territory:

        - ``land``: one row per date and holder, as ``Territory.at`` returns it, behind ``date``; ``until``, the next
          date of the file, up to which it is shown; ``name``;
        - ``changes``: one row per change of control that counts, at its place, with ``until`` (the next change of the
          place), names, and publisher, title, ``url`` and grade of its page;
        - ``places`` (GeoPackage only): one row per place that has a cell.

        Of forces: ``deployments``, one row per report, at its point where one is known, with name, side and ``sidc``
        (APP-6D) of the actor, ``until`` by the rule of ``deployments_at``, and its page. And ``sources``: one row per
        page cited.

    Raises
    ------
    UnknownNameError
        If no format has this ending.
    TableError
        If it is neither, or no report counts on the days; with every problem of rows passed.
    DateError, TerritoryError
        If a date cannot be read, is not covered by the tables, or there is none; if a territory comes with `tables`.
    ImportError
        For ``.parquet`` without pyarrow.
    OSError
        If the file cannot be written whole; one that was there before is as it was.

    Notes
    -----
    Coordinates are EPSG:4326: whole in GeoPackage and GeoParquet, to a decimetre in the two text formats. Text is shown
    as typed, also where it looks like markup. Same call, same bytes: what a file says of its own time is a fixed date.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> import geopandas as gpd
    >>> import conflictkit as ck
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "land.gpkg"
    >>> ck.export(ck.Territory.from_places(), file, dates=["2014-08-01", "2017-11-03"])
    >>> land = gpd.read_file(file, layer="land")
    >>> land.loc[land.actor_id == "isis", "area_km2"].round(-3).tolist()
    [197000.0, 41000.0]
    """
    file = path_of(path)
    known("ending of a file", file.suffix.lower(), WRITERS)
    if isinstance(what, Territory):
        content = land_of(territory_of(what, tables), dates)
    elif isinstance(what, pd.DataFrame):
        content = forces_of(what, dates, tables)
    else:
        msg = f"export takes a Territory or rows like those of load_deployments(), not {type(what).__name__}."  # type: ignore[unreachable]
        raise TableError(msg)
    write_whole(file, WRITERS[file.suffix.lower()](content))

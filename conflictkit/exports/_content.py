"""What an exported file holds, whatever its format: layers of rows, each with its days, its painter and its pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from conflictkit.charts.sources import cited
from conflictkit.dates import span_in_words
from conflictkit.deployments._presence import ASSUMED_DAYS, COLUMNS, ONE_DAY, presence_on, reports_of, rule
from conflictkit.errors import TableError, TerritoryError, need
from conflictkit.evidence._rows import with_pages
from conflictkit.geometry import WGS84
from conflictkit.look import paints_of
from conflictkit.maps._subject import scope_in_words
from conflictkit.prose import credit
from conflictkit.schema import CONTRACTS
from conflictkit.tables import tables_with

if TYPE_CHECKING:
    from conflictkit.dates import DatesLike
    from conflictkit.look import Paint
    from conflictkit.tables import Tables
    from conflictkit.territory import Territory

KEY = list(CONTRACTS["deployments"].key)
# What deployments_at knows of an actor, a place or a day besides the report itself: told anew, not taken from a frame.
TOLD = [name for name in COLUMNS if name not in CONTRACTS["deployments"].names]
OF_LAND = ("area_km2", "places_held", "date")
OF_CHANGE = ("from_name", "to_name", "control_status", "valid_from", "date_prec", "confidence", "note")
OF_REPORT = ("place_name", "host_country", "role", "strength_low", "strength_best", "strength_high", "unit", "note")
OF_ACTOR = ["actor_name", "side", "parent_id", "sidc", "place_name"]


@dataclass(frozen=True)
class Layer:
    """Rows of one kind.

    Attributes
    ----------
    name
        What the layer is called in the file.
    rows
        Text, numbers, days; a GeoDataFrame in EPSG:4326 where they lie somewhere.
    title, painter
        The columns that name a row, and the actor in whose colour it is drawn.
    since, until
        The columns of the first day on which a row is shown, and of the first on which it is no more.
    told
        The columns that a balloon tells; its page comes below them.
    """

    name: str
    rows: pd.DataFrame
    title: str = ""
    painter: str = ""
    since: str = ""
    until: str = ""
    told: tuple[str, ...] = ()


@dataclass(frozen=True)
class Content:
    """Layers, the first one foremost, and what they are, by whose word, in which colours."""

    title: str
    about: str
    layers: tuple[Layer, ...]
    paints: dict[str, Paint]
    sources: pd.DataFrame


def land_of(territory: Territory, dates: DatesLike | None) -> Content:
    """Return the land of each holder on some days; of places also who took each of them when, by whose word."""
    tables = territory.tables
    days = territory.dates if dates is None else territory.days(dates)
    if days.empty:
        msg = (
            "No dates to export. Give one or several days, or leave dates out for every day on which the land changes."
        )
        raise TerritoryError(msg)
    paints = paints_of([*territory.actor_ids, *territory.control_changes["from_actor"].unique()], territory.actors)
    layers = [Layer("land", _land(territory, days, paints), "name", "actor_id", "date", "until", OF_LAND)]
    ids = pd.Series(dtype=object)
    if territory.has_places:
        changes, places = _changes(territory, paints), _at_points(with_pages(territory.places, tables.sources))
        layers.append(Layer("changes", changes, "place_name", "to_actor", "valid_from", "until", OF_CHANGE))
        layers.append(Layer("places", places))
        ids = pd.concat([changes["source_id"], places["source_id"]])
    return _content(
        f"Control of {scope_in_words(territory)}, {span_in_words(days)}",
        f"Each date is shown until the next one of the file. {territory.definition('claimed')}",
        layers,
        paints,
        cited(ids, tables.sources),
    )


def forces_of(deployments: pd.DataFrame, dates: DatesLike | None, tables: Tables | None) -> Content:
    """Return reports of forces at their points, each once: all, or those that count on one of some days."""
    need(deployments, [*KEY, "actor_id", "valid_from"], what="export", like="load_deployments")
    used = tables_with(tables, deployments=deployments.drop(columns=TOLD, errors="ignore"))
    reports = reports_of(used, ASSUMED_DAYS)
    if dates is not None:
        days = used.days(dates)
        here = pd.Series(data=False, index=reports.index)
        for day in days:
            here |= presence_on(day, reports).notna()
        reports = reports[here]
        if reports.empty:
            when = span_in_words(days) or "no day"
            msg = f"None of the {len(here):,} reports counts on {when}. Leave dates out for all of them."
            raise TableError(msg)
    rows = reports.assign(until=reports["end"])[[*used.deployments.columns, *OF_ACTOR, "until"]]
    rows = _at_points(with_pages(rows, used.sources))
    return _content(
        f"Reports of forces, {span_in_words(rows['valid_from'])}",
        f"Each report is shown while it counts. {rule(ASSUMED_DAYS)}",
        [Layer("deployments", rows, "actor_name", "actor_id", "valid_from", "until", OF_REPORT)],
        paints_of(dict.fromkeys(rows["actor_id"]), used.actors),
        cited(rows["source_id"], used.sources),
    )


def _content(title: str, about: str, layers: list[Layer], paints: dict[str, Paint], sources: pd.DataFrame) -> Content:
    layers.append(Layer("sources", sources))
    return Content(title, f"{about} {credit(sources)}", tuple(layers), paints, sources)


def _land(territory: Territory, days: pd.DatetimeIndex, paints: dict[str, Paint]) -> gpd.GeoDataFrame:
    """Return the rows of ``Territory.at`` on each day, which stands first; the last day holds until the next change."""
    later = territory.dates[territory.dates > days[-1]]
    ends = [*days[1:], later[0] if len(later) else territory.covers[1] + ONE_DAY]
    parts = []
    for day, end in zip(days, ends, strict=True):
        held = territory.at(day)
        held.insert(0, "date", day)
        parts.append(held.assign(until=end, name=[paints[actor].name for actor in held["actor_id"]]))
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=WGS84)


def _changes(territory: Territory, paints: dict[str, Paint]) -> gpd.GeoDataFrame:
    """Return the rows counted, at their places, each until the next one of its place."""
    rows = territory.control_changes
    end = territory.covers[1] + ONE_DAY
    until = rows.groupby("place_id")["valid_from"].shift(-1).fillna(end)
    named = {f"{part}_name": [paints[actor].name for actor in rows[f"{part}_actor"]] for part in ("from", "to")}
    where = territory.places[["place_id", "name", "latitude", "longitude"]].rename(columns={"name": "place_name"})
    found = rows.assign(**named, until=until).merge(where, on="place_id", how="left")
    return _at_points(with_pages(found, territory.tables.sources))


def _at_points(rows: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return rows at their points; without a geometry where no position is known."""
    x, y = (rows[name].to_numpy(dtype=float) for name in ("longitude", "latitude"))
    known = np.isfinite(x) & np.isfinite(y)
    points = np.full(len(rows), None, dtype=object)
    points[known] = shapely.points(x[known], y[known])
    return gpd.GeoDataFrame(rows.reset_index(drop=True), geometry=points, crs=WGS84)

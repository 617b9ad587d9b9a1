"""What an area chart draws: km2 by date for each level and actor, and the published figures that may stand beside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conflictkit import look
from conflictkit.actors import NONE, UNKNOWN
from conflictkit.charts import _marks as marks
from conflictkit.errors import TableError, TerritoryError, known
from conflictkit.prose import listed
from conflictkit.territory._edges import EDGE_KM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conflictkit.dates import DatesLike
    from conflictkit.look import Paint
    from conflictkit.tables import Tables
    from conflictkit.territory import Level, Territory

ALL = "all"
MARKERS = {"core": "o", "claimed": "s"}

NOT_HOLDERS = (NONE, UNKNOWN)  # drawn only if asked for
LEAST_SHARE = 0.01  # of the scope, at its peak: a holder of less is drawn only if asked for, and named in the caption
# What the band around a line is, of drawings and of places.
LINE = (
    "5th to 95th percentile of the land drawn, were the whole line off in one direction, by {:g} km in standard "
    "deviation."
)
DRAWS = "90 %, as wide as 200 draws of dates, positions, places left out and core radius differ, around the figure."
SHARE, HELD = ("share_of_country_held", "percent"), ("area_held", "km2")  # metric and unit of what can be compared


@dataclass(frozen=True, eq=False)
class AreaSeries:
    """The lines of an area chart.

    Attributes
    ----------
    codes
        Codes of the countries counted.
    levels, actors
        What is drawn, in that order.
    km2
        One row per date, one column per (level, actor), whether drawn or not.
    whole_km2
        Area of the countries; of drawings, of the most land that is drawn on a day.
    folds, small
        Holders counted with their parent; holders left out because they hold little.
    paints
        How each holder is drawn and named.
    tables
        Where the words come from.
    """

    codes: frozenset[str]
    levels: tuple[Level, ...]
    actors: tuple[str, ...]
    km2: pd.DataFrame
    whole_km2: float
    folds: dict[str, str]
    small: tuple[str, ...]

    paints: dict[str, Paint]
    tables: Tables

    @property
    def lines(self) -> list[tuple[Level, str]]:
        """The columns of `km2`, in the order of drawing."""
        return [(level, actor) for level in self.levels for actor in self.actors if (level, actor) in self.km2.columns]

    @property
    def where(self) -> str:
        """The scope in words."""
        return listed(self.tables.country_name(code) for code in sorted(self.codes))


def measure(
    territory: Territory,
    dates: DatesLike | None,
    *,
    actor_ids: Sequence[str] | None,
    levels: tuple[Level, ...],
    scope: str,
) -> AreaSeries:
    """Return the lines that ``plot_area`` draws."""
    known("scope", scope, (*territory.scope, ALL))
    areas = pd.concat([territory.area(dates, level=level) for level in levels], ignore_index=True)
    if areas.empty:
        msg = (
            "No dates to show. Give one or several days, or leave dates out for every day on which land changes hands."
        )
        raise TerritoryError(msg)
    areas = areas[areas["scope"] == scope]
    holders = list(areas["actor_id"].unique())
    for actor in actor_ids or ():
        known("actor_id", actor, holders)
    paints = look.paints_of(holders, territory.actors)
    folds = look.folded(holders, paints, apart=actor_ids or ())
    areas = areas.assign(actor_id=areas["actor_id"].replace(folds))
    km2 = areas.pivot_table(index="date", columns=["level", "actor_id"], values="area_km2", aggfunc="sum", sort=False)
    whole_km2 = float(areas[areas["level"] == levels[0]].groupby("date")["area_km2"].sum().max())
    peak = km2.max().groupby("actor_id").max().drop(list(NOT_HOLDERS), errors="ignore").sort_values(ascending=False)
    large = [str(actor) for actor in peak.index[peak >= LEAST_SHARE * whole_km2]]
    chosen = tuple(large if actor_ids is None else dict.fromkeys(actor_ids))
    small = () if actor_ids is not None else tuple(str(actor) for actor in peak.index[peak > 0] if actor not in large)
    if not set(km2.columns.get_level_values("actor_id")).intersection(chosen):
        who, what = listed(chosen) or "those asked for", " or ".join(levels)
        msg = f"No line to draw: nobody of {who} has {what} land on these dates."
        raise TerritoryError(msg)
    return AreaSeries(
        codes=frozenset(territory.scope if scope == ALL else (scope,)),
        levels=levels,
        actors=chosen,
        km2=km2,
        whole_km2=whole_km2,
        folds={child: up for child, up in folds.items() if up in chosen},
        small=small,
        paints=paints,
        tables=territory.tables,
    )


def comparable(published: pd.DataFrame | None, series: AreaSeries, *, shares: bool) -> pd.DataFrame:
    """Return the published figures that count what the lines count, in km2, with what the marks need.

    Shares of a country become km2 where `shares` says that the lines sum to the country.
    """
    tables = series.tables.replace(area_estimates=published)
    given = tables.area_estimates
    counts = pd.MultiIndex.from_frame(given[["metric", "unit"]])
    percent = counts.isin([SHARE])
    fits = counts.isin([SHARE, HELD] if shares else [HELD])
    fits &= np.array([tables.countries_of(scope) == series.codes for scope in given["scope"]], dtype=bool)
    fits &= given["control_definition"].isin(series.levels) & given["actor_id"].isin(series.actors)
    fits &= given["as_of"].between(series.km2.index[0], series.km2.index[-1])
    if published is not None and len(given) and not fits.any():
        msg = (
            f"None of the {len(given)} published rows counts what these lines count: area_held in km2 or "
            f"share_of_country_held in percent, control_definition {' or '.join(series.levels)}, of "
            f"{series.where or 'no country'}, actor {' or '.join(series.actors)}, within the dates. Pass no rows for "
            "those of the tables, an empty frame for none."
        )
        raise TableError(msg)
    rows = given.assign(date=given["as_of"], percent=percent)[fits]
    rows = rows.sort_values(["date", "estimator"], kind="stable")
    factor = rows["percent"].map({True: series.whole_km2 / 100, False: 1.0}).astype(float)
    rows = rows.assign(
        low=rows["low"] * factor,
        best=rows["best"] * factor,
        high=rows["high"] * factor,
        color=[series.paints[actor].ink for actor in rows["actor_id"]],
        marker=rows["control_definition"].map(MARKERS),
    ).reset_index(drop=True)
    return rows.assign(x=marks.abreast(rows) if len(rows) else 0.0)


def band_words(territory: Territory, edge_km: float | None = None) -> str:
    """Return what the band around a line is."""
    return DRAWS if territory.has_places else LINE.format(edge_km or EDGE_KM)

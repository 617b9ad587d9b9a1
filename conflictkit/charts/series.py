"""What an area chart draws: km2 by date for each level and actor, and the published figures that may stand beside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from conflictkit.charts import frame, marks, style
from conflictkit.datasets import load_area_estimates
from conflictkit.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conflictkit.charts.style import Paint
    from conflictkit.dates import DatesLike
    from conflictkit.territory import Level, Territory

NEEDED = (
    *("as_of", "date_prec", "actor_id", "scope", "metric", "low", "best", "high", "unit"),
    *("control_definition", "estimator", "source_id"),
)
MARKERS = {"core": "o", "claimed": "s"}

NOT_HOLDERS = ("none", "unknown")  # drawn only if asked for
LEAST_SHARE = 0.01  # of the scope, at its peak: a holder of less is drawn only if asked for, and named in the caption


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
        Area of the countries.
    folds, small
        Holders counted with their parent; holders left out because they hold little.
    """

    codes: frozenset[str]
    levels: tuple[Level, ...]
    actors: tuple[str, ...]
    km2: pd.DataFrame
    whole_km2: float
    folds: dict[str, str]
    small: tuple[str, ...]

    @property
    def lines(self) -> list[tuple[Level, str]]:
        """The columns of `km2`, in the order of drawing."""
        return [(level, actor) for level in self.levels for actor in self.actors if (level, actor) in self.km2.columns]

    @property
    def where(self) -> str:
        """The scope in words."""
        return style.listed(style.COUNTRIES.get(code, code) for code in sorted(self.codes))


def measure(
    territory: Territory,
    dates: DatesLike | None,
    *,
    actors: Sequence[str] | None,
    levels: tuple[Level, ...],
    scope: str,
    paints: dict[str, Paint],
) -> AreaSeries:
    """Return the lines that ``plot_area`` draws."""
    frame.known("scope", scope, (*territory.scope, "all"))
    areas = pd.concat([territory.area(dates, level=level) for level in levels], ignore_index=True)
    areas = areas[areas["scope"] == scope]
    first = (areas["date"] == areas["date"].iloc[0]) & (areas["level"] == levels[0])
    whole_km2 = float(areas.loc[first, "area_km2"].sum())
    holders = list(areas["actor_id"].unique())
    for actor in actors or ():
        frame.known("actor", actor, holders)
    folds = style.folded(holders, paints, apart=actors or ())
    areas = areas.assign(actor_id=areas["actor_id"].replace(folds))
    km2 = areas.pivot_table(index="date", columns=["level", "actor_id"], values="area_km2", aggfunc="sum", sort=False)
    peak = km2.max().groupby("actor_id").max().drop(list(NOT_HOLDERS), errors="ignore").sort_values(ascending=False)
    large = [str(actor) for actor in peak.index[peak >= LEAST_SHARE * whole_km2]]
    chosen = tuple(large if actors is None else dict.fromkeys(actors))
    small = () if actors is not None else tuple(str(actor) for actor in peak.index[peak > 0] if actor not in large)
    return AreaSeries(
        codes=frozenset(territory.scope if scope == "all" else (scope,)),
        levels=levels,
        actors=chosen,
        km2=km2,
        whole_km2=whole_km2,
        folds={child: up for child, up in folds.items() if up in chosen},
        small=small,
    )


def comparable(published: pd.DataFrame | None, series: AreaSeries, paints: dict[str, Paint]) -> pd.DataFrame:
    """Return the published figures that count what the lines count, in km2, with what the marks need."""
    given = load_area_estimates() if published is None else published
    frame.need(given.head(0).reindex([0]), NEEDED, table="area_estimates")
    share = (given["metric"] == "share_of_country_held") & (given["unit"] == "percent")
    area = (given["metric"] == "area_held") & (given["unit"] == "km2")
    scope = style.SCOPES.get(series.codes, "")
    date = pd.to_datetime(given["as_of"])
    fits = given["control_definition"].isin(series.levels) & given["actor_id"].isin(series.actors)
    fits &= (area | share) & (given["scope"] == scope) & date.between(series.km2.index[0], series.km2.index[-1])
    if published is not None and len(given) and not fits.any():
        msg = (
            f"None of the {len(given)} published rows counts what these lines count: area_held in km2 or "
            f"share_of_country_held in percent, control_definition {' or '.join(series.levels)}, scope {scope!r}, "
            f"actor {' or '.join(series.actors)}, within the dates. Pass no rows for the shipped ones, an empty frame "
            "for none."
        )
        raise TableError(msg)
    rows = given.assign(date=date, percent=share)[fits].sort_values(["date", "estimator"], kind="stable")
    factor = rows["percent"].map({True: series.whole_km2 / 100, False: 1.0}).astype(float)
    rows = rows.assign(
        low=rows["low"] * factor,
        best=rows["best"] * factor,
        high=rows["high"] * factor,
        color=[paints[actor].ink for actor in rows["actor_id"]],
        marker=rows["control_definition"].map(MARKERS),
    ).reset_index(drop=True)
    return rows.assign(x=marks.abreast(rows) if len(rows) else 0.0)

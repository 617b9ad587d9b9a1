"""Published figures of territory beside the model's figure of the same definition."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from conflictkit.errors import TerritoryError
from conflictkit.geometry import M2_PER_KM2
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from conflictkit.territory._land import Floats, Level

    Row = Any  # a row of ``itertuples``, whose type pandas does not say

METRICS = ("area_held", "share_of_country_held", "share_of_peak_lost", "area_freed")
SINCE = ("share_of_peak_lost", "area_freed")  # losses of the land of a baseline
SHARES = ("share_of_country_held", "share_of_peak_lost")
PERCENT = 100.0
COLUMNS = (
    "as_of",
    "actor_id",
    "scope",
    "metric",
    "low",
    "best",
    "high",
    "baseline_date",
    "control_definition",
    "estimator",
)
ADDED = ["level", "model_value", "model_lo", "model_hi", "error", "within", "publishers", "published_spread"]

MIX = (
    "These rows mix two definitions of control: core (land near settlements) and claimed (all land of a colour on a "
    "map), which differ 2 to 2.5 times. Compare one at a time: "
    "published[published.control_definition == 'core']."
)


def one_level(published: pd.DataFrame) -> Level:
    """Return the one definition of published figures, or refuse to mix two."""
    stated = [level for level in ("claimed", "core") if published["control_definition"].eq(level).any()]
    if len(stated) > 1:
        raise TerritoryError(MIX)
    if not stated:
        msg = "No row states its definition of control (control_definition core or claimed): nothing to compare."
        raise TerritoryError(msg)
    return "core" if stated[0] == "core" else "claimed"


def comparable(
    published: pd.DataFrame,
    level: Level,
    scope: tuple[str, ...],
    *,
    blank: Sequence[str] = (),
    countries_of: Callable[[str], frozenset[str]],
    actors: set[str],
    first: pd.Timestamp,
    last: pd.Timestamp,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split published figures into those that the model can answer and the rest, with the ``reason``.

    Parameters
    ----------
    published
        Rows as ``load_area_estimates`` returns them.
    level
        Their one definition.
    scope
        Codes of the countries of the model.
    blank
        Those of them without a place.
    countries_of
        Which countries the scope of a figure means.
    actors
        The actors who, or whose parts, hold a place at some time.
    first
        The first day on which anything is known.
    last
        The last such day.

    Returns
    -------
    rows, rejected
        Together all rows.
    """
    meant = [countries_of(str(words)) for words in published["scope"]]
    covered = pd.Series([bool(codes) and codes <= set(scope) for codes in meant], index=published.index, dtype=bool)
    unknown = pd.Series([not codes.isdisjoint(blank) for codes in meant], index=published.index, dtype=bool)
    losses = published["metric"].isin(SINCE)
    late = published["as_of"] > last
    early = (published["as_of"] < first) | (published["baseline_date"] < first)
    reasons = {
        "its definition of control is not stated": published["control_definition"].ne(level),
        "the model has no figure of this metric": ~published["metric"].isin(METRICS),
        "its area is not the scope of this territory": ~covered,
        "a country of its area has no place": unknown,
        "its actor holds nothing here": ~published["actor_id"].isin(actors),
        "it is about a day before the first one known": early,
        "it is about a day after the last one known": late,
        "a loss without a baseline": losses & published["baseline_date"].isna(),
    }
    reason = pd.Series(None, index=published.index, dtype=TEXT)
    for text, applies in reversed(reasons.items()):
        reason = reason.mask(applies, text)
    return published[reason.isna()], published[reason.notna()].assign(reason=reason.dropna())


def question(
    row: Row, members: Sequence[int], *, days: pd.DatetimeIndex, regions: Sequence[int], whole: float
) -> Callable[[NDArray[np.int16], Floats], float]:
    """Return what a published row asks of the holders on some days, (T, P), and the areas of their cells, (P, C).

    ``members`` are the numbers of the holders that count, ``regions`` those of the countries, ``whole`` their area.
    """
    now = days.get_loc(row.as_of)

    def answer(holders: NDArray[np.int16], cells: Floats) -> float:
        land = cells[:, regions].sum(axis=1)
        held = np.isin(holders[now], members)
        if row.metric == "area_held":
            return float(land[held].sum())
        if row.metric == "share_of_country_held":
            return float(land[held].sum() / whole * PERCENT)
        base = np.isin(holders[days.get_loc(row.baseline_date)], members)
        lost = land[base & ~held].sum()
        return float(lost if row.metric == "area_freed" else lost / max(land[base].sum(), 1e-9) * PERCENT)

    return answer


def figure_of_land(metric: str, now: BaseGeometry, base: BaseGeometry | None, whole: float) -> float:
    """Return a figure of one metric, in its unit, from land held now, at the baseline, and in all (metres)."""
    if base is None:
        return now.area / M2_PER_KM2 if metric == "area_held" else now.area / whole * PERCENT
    lost = shapely.difference(base, now).area
    return float(lost / M2_PER_KM2 if metric == "area_freed" else lost / max(base.area, 1e-9) * PERCENT)


def beside(published: pd.DataFrame, level: Level, value: Floats, low: Floats, high: Floats) -> pd.DataFrame:
    """Return published figures with the model's figures, their bands, the error and how far publishers differ.

    Parameters
    ----------
    published
        Rows that the model can answer.
    level
        Their one definition.
    value, low, high
        The model's figure for each row and its band, in the unit of the row.

    Returns
    -------
    pandas.DataFrame
        The rows with the columns of ``ADDED``. ``error`` is relative to the nearest value that the published range or
        bound allows, so it is 0 inside; infinite where that value is 0.
    """
    floor = published["low"].fillna(published["best"])
    roof = published["high"].fillna(published["best"])
    nearest = np.clip(value, floor.fillna(-np.inf).to_numpy(), roof.fillna(np.inf).to_numpy())
    error = np.divide(value, nearest, out=np.where(value == nearest, 1.0, np.inf), where=nearest > 0) - 1
    ends = published.assign(floor=floor.fillna(roof), roof=roof.fillna(floor))
    same = ends.groupby(["as_of", "actor_id", "scope", "metric", "baseline_date"], dropna=False)
    return published.assign(
        level=level,
        model_value=value,
        model_lo=low,
        model_hi=high,
        error=error,
        within=(roof.fillna(np.inf) >= low) & (floor.fillna(-np.inf) <= high),
        publishers=same["estimator"].transform("nunique"),
        published_spread=same["roof"].transform("max") - same["floor"].transform("min"),
    ).reset_index(drop=True)

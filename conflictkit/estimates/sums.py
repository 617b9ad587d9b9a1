"""Ranges of different places or actors added up, under a dependence that is stated."""

from __future__ import annotations

from itertools import combinations
from math import nan, pi, sin
from typing import TYPE_CHECKING, Literal

import numpy as np

from conflictkit.errors import EstimateError, UnknownNameError, nearest
from conflictkit.estimates import scopes
from conflictkit.estimates.ranges import BOUNDS, Range, name, need, number, span, spoken
from conflictkit.schema import FLOWS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Dependence = Literal["full", "independent"] | float
DEPENDENCES = {"full": 1.0, "independent": 0.0}
NEEDED = ("as_of", "date_prec", "actor_id", "scope", *BOUNDS, "estimator")
SAME = ["actor_id", "scope", "place", "thing", "voice", *BOUNDS]  # what copies of one statement share
STOCK_DAYS = 31  # stocks farther apart are not added: who left one place can be counted in the next
SHOWN = 6  # clashes that a message spells out


def sum_ranges(rows: pd.DataFrame, dependence: Dependence = "full", *, disjoint: bool = False) -> Range:
    """Return the sum of figures of different places or actors, as a range.

    Parameters
    ----------
    rows
        Rows like those of ``load_fighter_estimates``, of one quantity. The same figure of the same estimator for the
        same place counts once, however many pages have it.
    dependence
        How the errors of the figures go together: ``"full"`` (all too high or all too low at once), ``"independent"``,
        or their rank correlation (Spearman's), from 0 to 1, the same for each pair.
    disjoint
        Say that areas without an outline do not overlap, where the tables cannot tell. Mosul and its outskirts, for
        instance, if the page counts them apart.

    Returns
    -------
    Range
        Under full dependence low and high are the sums of the lows and of the highs. ``best`` is a sum only if every
        row has one. If one figure is only a lower bound, so is the sum. ``how`` shows the sum.

    Raises
    ------
    EstimateError
        If there is no row, a row has no usable number, or rows clash: different quantities, stocks with flows,
        overlapping places or actors, stocks more than 31 days apart. The message names the rows.
    UnknownNameError
        If the dependence is none of those allowed.

    Notes
    -----
    Each range is read as a central interval, all of the same level, of a normal distribution around its ``best`` or its
    middle, joined by a Gaussian copula with one correlation r = 2 sin(pi s / 6) for the rank correlation s. The
    interval of the sum has that level too, whatever it is: with w the vector of the distances from the middle to one
    end, its own distance is the root of w'Rw. No sampling. Where low and high are not equally far from best, each side
    is added by itself, which is an approximation. Bounds are no distributions: one-sided ones add up as they are.

    Examples
    --------
    >>> from conflictkit import load_fighter_estimates, sum_ranges
    >>> estimates = load_fighter_estimates()
    >>> towns = estimates[(estimates["as_of"] == "2017-11-03") & estimates["place_id"].isin(["al-qaim", "abu-kamal"])]
    >>> print(sum_ranges(towns, "full"))
    3,500 to 5,500
    >>> print(sum_ranges(towns, "independent"))
    3,793 to 5,207
    >>> print(sum_ranges(towns, 0.5))
    3,629 to 5,371
    """
    need(rows, NEEDED, what="sum_ranges")
    correlation = _correlation(dependence)
    once = _once(rows)
    clashes = list(_clashes(once, disjoint=disjoint))
    if clashes:
        more = f"; and {len(clashes) - SHOWN} more" if len(clashes) > SHOWN else ""
        msg = f"These rows cannot be added: {'; '.join(clashes[:SHOWN])}{more}."
        raise EstimateError(msg)
    ends = span(once)
    low, high = (ends[side].to_numpy(dtype=float) for side in ("low", "high"))
    both = ~np.isnan(low) & ~np.isnan(high)
    best = once["best"].to_numpy(dtype=float)
    middle = np.where(np.isnan(best), (low + high) / 2, best)
    centre = middle[both].sum()
    return Range(
        low=float(centre - _length((middle - low)[both], correlation) + low[~both].sum()),
        best=float(best.sum()) if both.all() else nan,
        high=float(centre + _length((high - middle)[both], correlation) + high[~both].sum()),
        unit=str(once["thing"].iloc[0]),
        how=_how(once, dependence),
    )


def _correlation(dependence: Dependence) -> float:
    """Return the correlation of the copula for a dependence."""
    if isinstance(dependence, str):
        if dependence not in DEPENDENCES:
            told = f"use 'full', 'independent' or a rank correlation from 0 to 1.{nearest(dependence, DEPENDENCES)}"
            msg = f"Unknown dependence {dependence!r}: {told}"
            raise UnknownNameError(msg)
        return DEPENDENCES[dependence]
    if isinstance(dependence, bool) or not 0 <= dependence <= 1:
        msg = f"A rank correlation lies between 0 and 1, not at {dependence!r}: 0 is 'independent', 1 is 'full'."
        raise UnknownNameError(msg)
    return 2 * sin(pi * dependence / 6)


def _length(arms: Floats, correlation: float) -> float:
    """Return the root of w'Rw, where R has ones on its diagonal and the correlation elsewhere."""
    total = float(arms.sum())
    if correlation >= 1:
        return total
    return float(np.sqrt((1 - correlation) * (arms**2).sum() + correlation * total**2))


def _once(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows without copies, in an order of their own: neither order nor copies change a sum."""
    told = rows.assign(place=scopes.place_ids(rows), thing=scopes.thing(rows), voice=rows["estimator"].astype("str"))
    ordered = told.sort_values(["scope", "place", "actor_id", "thing", "voice", "as_of", *BOUNDS], kind="stable")
    return ordered.drop_duplicates(SAME).reset_index(drop=True)


def _clashes(rows: pd.DataFrame, *, disjoint: bool) -> Iterator[str]:
    """Yield what keeps rows out of one sum."""
    things = rows.groupby("thing", sort=True)
    if len(things) > 1:
        kinds = {thing: "a flow" if thing in FLOWS else "a stock" for thing, _ in things}
        differ = len(set(kinds.values())) > 1 and "quantity" in rows
        words = [f"{thing}{f' ({kinds[str(thing)]})' if differ else ''}: {_named(group)}" for thing, group in things]
        yield f"they count different things, {' / '.join(words)}"
        return
    if "unit" in rows and rows["unit"].iloc[0] == "percent" and len(set(rows["scope"])) > 1:
        yield f"they are percentages of different areas: {_named(rows.drop_duplicates('scope'))}"
        return
    where = scopes.Scopes()
    for (_, one), (_, other) in combinations(rows.iterrows(), 2):
        if not where.actors_overlap(one["actor_id"], other["actor_id"]):
            continue
        lie = where.overlap((one["scope"], one["place"]), (other["scope"], other["place"]))
        if lie == scopes.SURE:
            yield f"{name(one)} and {name(other)} overlap"
        elif lie == scopes.OPEN and not disjoint:
            yield f"{name(one)} and {name(other)} may overlap (if their pages count them apart, say disjoint=True)"
    if rows["thing"].iloc[0] not in FLOWS and (days := scopes.days_apart(rows)) > STOCK_DAYS:
        order = rows.sort_values("as_of", kind="stable")
        first, last = order.iloc[0], order.iloc[-1]
        yield f"{name(first)} and {name(last)} are {days} days apart, and people move"


def _named(rows: pd.DataFrame) -> str:
    names = [name(row) for _, row in rows.head(2).iterrows()]
    return ", ".join(names) + (f" and {len(rows) - 2} more" if len(rows) > 2 else "")  # noqa: PLR2004 - two are named


def _how(rows: pd.DataFrame, dependence: Dependence) -> str:
    figures = " + ".join(f"({spoken(*row)})" for row in rows[BOUNDS].to_numpy(dtype=float).tolist())
    stated = f"rank correlation {number(dependence)}" if not isinstance(dependence, str) else f"{dependence} dependence"
    return f"{figures}, {'independent errors' if dependence == 'independent' else stated}"

"""Ranges of different places or actors added up, under a dependence that is stated."""

from __future__ import annotations

from itertools import combinations
from math import nan, pi, sin
from typing import TYPE_CHECKING, Literal

import numpy as np

from conflictkit.errors import EstimateError, UnknownNameError, nearest, shown
from conflictkit.estimates._figures import OPEN, SURE, Scopes, days_apart, described, figures_of, name
from conflictkit.prose import number
from conflictkit.ranges import BOUNDS, Range, ranges_of
from conflictkit.schema import FLOWS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from numpy.typing import NDArray

    from conflictkit.tables import Tables

    Floats = NDArray[np.float64]

Dependence = Literal["full", "independent"] | float
DEPENDENCES = {"full": 1.0, "independent": 0.0}
SAME = ["actor_id", "scope", "place", "of", "thing", "estimator", *BOUNDS]  # what copies of one statement share
STOCK_DAYS = 31  # stocks farther apart are not added: who left one place can be counted in the next
SHOWN = 6  # clashes that a message spells out


def sum_ranges(
    estimates: pd.DataFrame | None = None,
    dependence: Dependence = "full",
    *,
    tables: Tables | None = None,
    disjoint: bool = False,
) -> Range:
    """Return the sum of figures of different places or actors, as a range.

    Parameters
    ----------
    estimates
        Rows like those of ``load_fighter_estimates``, of one quantity; those of the tables by default. The same figure
        of the same estimator for the same place counts once, however many pages have it.
    dependence
        How the errors of the figures go together: ``"full"`` (all too high or all too low at once), ``"independent"``,
        or their rank correlation (Spearman's), from 0 to 1, the same for each pair.
    tables
        The tables with the actors and places that the rows name; the shipped ones by default.
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
    TableError
        If there is no row, a column is missing, a cell is not of its type, or a row has no usable number.
    EstimateError
        If rows clash: different quantities, stocks with flows, overlapping places or actors, stocks more than 31 days
        apart. The message names the rows.
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
    3,500–5,500
    >>> print(sum_ranges(towns, "independent"))
    3,793–5,207
    >>> print(sum_ranges(towns, 0.5))
    3,629–5,371
    """
    correlation = _correlation(dependence)
    rows, tables = figures_of(estimates, tables, what="sum_ranges")
    once = _once(described(rows, tables))
    clashes = list(_clashes(once, Scopes(tables), disjoint=disjoint))
    if clashes:
        more = f"; and {len(clashes) - SHOWN} more" if len(clashes) > SHOWN else ""
        msg = f"These rows cannot be added: {'; '.join(clashes[:SHOWN])}{more}."
        raise EstimateError(msg)
    low, high, best = (once[column].to_numpy(dtype=float) for column in ("least", "most", "best"))
    both = ~np.isnan(low) & ~np.isnan(high)
    middle = np.where(np.isnan(best), (low + high) / 2, best)
    # ranges around their centre; what is a bound only is added to its own end, and opens the other
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
            msg = f"Unknown dependence {shown(dependence)}: {told}"
            raise UnknownNameError(msg)
        return DEPENDENCES[dependence]
    if isinstance(dependence, bool) or not 0 <= dependence <= 1:
        msg = f"A rank correlation lies between 0 and 1, not at {shown(dependence)}: 0 is 'independent', 1 is 'full'."
        raise UnknownNameError(msg)
    return 2 * sin(pi * dependence / 6)


def _length(arms: Floats, correlation: float) -> float:
    """Return the root of w'Rw, where R has ones on its diagonal and the correlation elsewhere."""
    total = float(arms.sum())
    if correlation >= 1:
        return total
    return float(np.sqrt((1 - correlation) * (arms**2).sum() + correlation * total**2))


def _once(figures: pd.DataFrame) -> pd.DataFrame:
    """Return the figures without copies, in an order of their own: neither order nor copies change a sum."""
    ordered = figures.sort_values([*SAME, "as_of"], kind="stable")
    return ordered.drop_duplicates(SAME).reset_index(drop=True)


def _clashes(figures: pd.DataFrame, where: Scopes, *, disjoint: bool) -> Iterator[str]:
    """Yield what keeps figures out of one sum."""
    things = figures.groupby("thing", sort=True)
    if len(things) > 1:
        kinds = {thing: "a flow" if thing in FLOWS else "a stock" for thing, _ in things}
        differ = len(set(kinds.values())) > 1 and "quantity" in figures
        words = [f"{thing}{f' ({kinds[thing]})' if differ else ''}: {_named(group)}" for thing, group in things]
        yield f"they count different things, {' / '.join(words)}"
        return
    if "unit" in figures and figures["unit"].iloc[0] == "percent" and len(set(figures["scope"])) > 1:
        yield f"they are percentages of different areas: {_named(figures.drop_duplicates('scope'))}"
        return
    yield from _overlaps(figures, where, disjoint=disjoint)
    if figures["thing"].iloc[0] not in FLOWS and (days := days_apart(figures)) > STOCK_DAYS:
        order = figures.sort_values("as_of", kind="stable")
        yield f"{name(order.iloc[0])} and {name(order.iloc[-1])} are {days} days apart, and people move"


def _overlaps(figures: pd.DataFrame, where: Scopes, *, disjoint: bool) -> Iterator[str]:
    """Yield the pairs that count the same people, and those of which the tables cannot tell."""
    for (_, one), (_, other) in combinations(figures.iterrows(), 2):
        from_two_countries = one["of"] and other["of"] and one["of"] != other["of"]
        if from_two_countries or not where.actors_overlap(one["actor_id"], other["actor_id"]):
            continue
        lie = where.overlap((one["scope"], one["place"]), (other["scope"], other["place"]))
        if lie == SURE:
            yield f"{name(one)} and {name(other)} overlap"
        elif lie == OPEN and not disjoint:
            yield f"{name(one)} and {name(other)} may overlap (if their pages count them apart, say disjoint=True)"


def _named(figures: pd.DataFrame) -> str:
    names = [name(row) for _, row in figures.head(2).iterrows()]
    return ", ".join(names) + (f" and {len(figures) - 2} more" if len(figures) > 2 else "")  # noqa: PLR2004 - two are named


def _how(figures: pd.DataFrame, dependence: Dependence) -> str:
    parts = " + ".join(f"({figure})" for figure in ranges_of(figures))
    if isinstance(dependence, str):
        return f"{parts}, {'independent errors' if dependence == 'independent' else 'full dependence'}"
    return f"{parts}, rank correlation {number(dependence)}"

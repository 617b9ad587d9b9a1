"""Published figures held against each other: whether the sums that they imply come out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from conflictkit.estimates import arithmetic, consistency, scopes
from conflictkit.estimates.findings import VERDICTS, Finding, Told
from conflictkit.estimates.interest import NEEDED
from conflictkit.estimates.ranges import need, span
from conflictkit.estimates.voices import sides, speakers, voices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

AREA_CHECKS: tuple[Callable[[Told], Iterator[Finding]], ...] = (
    *(arithmetic.percentages, arithmetic.losses, arithmetic.whole, arithmetic.square_miles),
)
CHECKS: tuple[Callable[[Told], Iterator[Finding]], ...] = (
    *(consistency.flows, consistency.jumps, consistency.parents),
)


def audit_estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row per sum that published figures imply, with its verdict and the sum itself.

    Parameters
    ----------
    rows
        Rows like those of ``load_fighter_estimates`` or ``load_area_estimates``, of as many estimators as there are.

    Returns
    -------
    pandas.DataFrame
        ``check``, ``verdict``, ``as_of``, ``estimator``, ``sum`` (the calculation), ``estimate_ids`` and
        ``source_ids`` (joined with ``;``); the worst verdicts first, then by date. ``pass``: the figures agree as they
        are printed. ``rounding``: they agree within the digits printed (two at least). ``denominator mismatch``: they
        do not, but would with another base: baseline, unit or definition. ``impossible``: no base makes them agree.

    Raises
    ------
    EstimateError
        If there is no row, a column is missing, or a row has no usable number.

    Notes
    -----
    Only figures of one estimator, or of estimators of one side, are held against each other: that two sides differ
    is no error of either. The checks: a percentage lost against the land held before and after, or freed; land freed
    against the difference; shares of one country on one day against 100 %; figures against the square miles in their
    quote or note, and pairs 2.59 times apart; killed against stock before, inflow and stock after; consecutive figures
    of one estimator more than 2.5 times apart within a quarter; a part against its whole within a month. "Impossible"
    is about the figures, not the people: the sum says under which assumption.

    Examples
    --------
    >>> from conflictkit import audit_estimates, load_area_estimates
    >>> audit = audit_estimates(load_area_estimates())
    >>> print(audit.loc[audit["sum"].str.contains("82,940"), "sum"].iloc[0])
    82,940 after a loss of 9.4 % implies 91,545 before, not 90,800; 82,940 of 90,800 is a loss of 8.7 %
    """
    need(rows, (*NEEDED, "estimate_id"), what="audit_estimates")
    told = _told(rows)
    checks = (*AREA_CHECKS, *CHECKS) if "metric" in rows else CHECKS
    found = sorted(
        {finding for check in checks for finding in check(told)},
        key=lambda f: (-VERDICTS.index(f.verdict), f.as_of, f.check, f.estimate_ids, f.sum),
    )
    return pd.DataFrame(found, columns=list(Finding._fields))


def _told(rows: pd.DataFrame) -> Told:
    """Return what the checks need, each figure once per voice."""
    side = sides(speakers(rows.assign(source_id="")))
    start, end = scopes.periods(rows)
    told = rows.assign(
        thing=scopes.thing(rows), place=scopes.place_ids(rows), voice=voices(rows), first=start, last=end, **span(rows)
    )
    told["teller"] = side.where(side.ne(""), told["voice"])
    for column in ("quote", "note", "unit"):
        told[column] = told[column].fillna("") if column in told else ""
    told = told.sort_values(["as_of", "estimate_id"], kind="stable")
    return list(told.drop_duplicates("estimate_id").itertuples(index=False, name="Row"))

"""Published figures held against each other: whether the sums that they imply come out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from conflictkit.errors import need
from conflictkit.estimates import _areas, _forces
from conflictkit.estimates._figures import Scopes, described, figures_of, side_of
from conflictkit.estimates._findings import VERDICTS, Finding, figures_from
from conflictkit.tables import Tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conflictkit.estimates._findings import Told

AREA_CHECKS = (_areas.percentages, _areas.losses, _areas.whole, _areas.square_miles)
CHECKS = (_forces.flows, _forces.jumps)


def audit_estimates(estimates: pd.DataFrame | None = None, *, tables: Tables | None = None) -> pd.DataFrame:
    """Return one row per sum that published figures imply, with its verdict and the sum itself.

    Parameters
    ----------
    estimates
        Rows like those of ``load_fighter_estimates`` or ``load_area_estimates``, of as many estimators as there are;
        both of the tables by default.
    tables
        The tables with the actors and places that the rows name; the shipped ones by default.

    Returns
    -------
    pandas.DataFrame
        ``check``, ``verdict``, ``as_of``, ``estimator``, ``sum`` (the calculation), ``estimate_ids`` and
        ``source_ids`` (joined with ``;``); the worst verdicts first, then by date. ``pass``: the figures agree as they
        are printed. ``rounding``: they agree within the digits printed (two at least). ``denominator mismatch``: they
        do not, but would with another base: baseline, unit or definition. ``impossible``: no base makes them agree.

    Raises
    ------
    TableError
        If there is no row, a column is missing, a cell is not of its type, or a row has no usable number.

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
    tables = tables or Tables.shipped()
    both = [tables.fighter_estimates, tables.area_estimates]
    asked = [estimates] if estimates is not None else [table for table in both if len(table)] or both
    findings = {finding for frame in asked for finding in _findings(frame, tables)}
    found = sorted(findings, key=lambda f: (-VERDICTS.index(f.verdict), f.as_of, f.check, f.estimate_ids, f.sum))
    return pd.DataFrame(found, columns=list(Finding._fields))


def _findings(estimates: pd.DataFrame, tables: Tables) -> Iterator[Finding]:
    """Yield what the checks find in one table."""
    rows, _ = figures_of(estimates, tables, what="audit_estimates")
    need(rows.dropna(axis="columns", how="all"), ["estimate_id"], what="audit_estimates", like="load_area_estimates")
    told = _told(rows, tables)
    of_land = "metric" in rows
    for check in (*AREA_CHECKS, *CHECKS) if of_land else CHECKS:
        yield from check(told)
    yield from _forces.parents(told, Scopes(tables))


def _told(rows: pd.DataFrame, tables: Tables) -> Told:
    """Return what the checks need, each figure once per voice."""
    figures = described(rows, tables)
    # the party of a page is no estimator: what state media quote is not told by their government
    side = side_of(figures["estimator_actor_id"].fillna(""), tables.hierarchy)
    # a subset by origin is a thing of its own: held against the whole, it would be a jump
    thing = figures["thing"] + (" from " + figures["of"]).where(figures["of"].ne(""), "")
    return list(figures_from(figures.assign(teller=side.where(side.ne(""), figures["voice"]), thing=thing)))

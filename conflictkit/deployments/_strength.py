"""The strength of a force over time, in steps: every series on its own, with its gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from conflictkit.deployments._presence import ASSUMED_DAYS, reports_of, rule
from conflictkit.errors import TableError, known
from conflictkit.tables import tables_with

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conflictkit.tables import Tables

STRENGTHS = ["strength_low", "strength_best", "strength_high"]

# Why two figures of one number differ: what each rests on.
BASIS_WORDS = {
    "cap": "official number, held under a cap",
    "count": "count by the administration or of voters",
    "statement": "statement of an official or commander",
    "estimate": "estimate",
    "derived": "derived from other figures",
}

COLUMNS = [
    *("deployment_id", "actor_id", "place_id", "host_country", "measure", "unit", "basis", "series"),
    *("start", "end", "end_basis", *STRENGTHS, "source_id", "note"),
]


def strength_over_time(
    actor_id: str,
    *,
    tables: Tables | None = None,
    deployments: pd.DataFrame | None = None,
    host_country: str | None = None,
    place_id: str | None = None,
    measure: str | Sequence[str] | None = None,
    parts: bool = False,
    assume_days: int | None = ASSUMED_DAYS,
) -> pd.DataFrame:
    """Return the published strengths of a force as steps, several series of one number side by side.

    Parameters
    ----------
    actor_id
        The force.
    tables
        The tables to look in; those that ship by default.
    deployments
        Rows of your own, like those of ``load_deployments``: short for ``tables.replace(deployments=...)``.
    host_country
        Code of a country, such as ``"IQ"``; None for all. A figure for several countries together is of none of them.
    place_id
        Only figures for this place.
    measure
        ``present``, ``total``, ``ceiling``, ``cumulative``, or several; None for all.
    parts
        Whether to list the figures of its parts too. They are part of it, and never added to it.
    assume_days
        For how many days a figure without a known end is taken to hold, as in ``deployments_at``.

    Returns
    -------
    pandas.DataFrame
        One row per figure, by series and start: ``deployment_id``, ``actor_id``, ``place_id``, ``host_country``,
        ``measure``, ``unit``, ``basis`` and ``series`` (what tells it from other figures of the same number: place,
        measure, and what it rests on); ``start``, ``end`` (the first day on which it no longer holds) and
        ``end_basis``: ``stated``, ``next figure`` of the series, ``assumed``, or ``open``; the strength, ``source_id``,
        ``note``. Between the end of one row and the start of the next of its series lies a gap: nothing is known.

    Raises
    ------
    UnknownNameError
        If there is no such actor, or `assume_days` is no number of days.
    TableError
        If the force has no figure there; with every problem of the deployments passed.

    Notes
    -----
    Nothing is interpolated, averaged or added. A step ends with the next figure of its own series only: in 2017 the
    number of US troops in Syria was 503 under the cap, 1,720 in a count, 2,000 and 4,000 in statements.

    Examples
    --------
    >>> steps = strength_over_time("usa", host_country="SY", measure="total")
    >>> steps[["start", "strength_best", "basis", "end_basis"]]
           start  strength_best      basis    end_basis
    0 2017-09-30         1720.0      count      assumed
    1 2017-03-09            NaN    derived      assumed
    2 2017-11-27          503.0        cap      assumed
    3 2017-10-31         4000.0  statement  next figure
    4 2017-12-06         2000.0  statement      assumed
    """
    used = tables_with(tables, deployments=deployments)
    known("actor_id", actor_id, used.actors["actor_id"])
    names = used.hierarchy.parts(actor_id) if parts else [actor_id]
    rows = reports_of(used, assume_days)
    rows = rows[rows["actor_id"].isin(names) & rows[STRENGTHS].notna().any(axis=1)]
    # a figure for several countries is asked for by all of them, as its cell has it
    for column, wanted in (("host_country", host_country), ("place_id", place_id)):
        rows = rows if wanted is None else rows[rows[column] == wanted]
    if measure is not None:
        rows = rows[rows["measure"].isin([measure] if isinstance(measure, str) else list(measure))]
    if rows.empty:
        msg = f"No figure of {actor_id!r} there. Ask for less: the table of deployments has all rows."
        raise TableError(msg)
    steps = _steps(rows.assign(series=_series(rows, used.sources)), "open" if assume_days is None else "assumed")
    steps.attrs = {"rule": rule(assume_days), "rejected": []}
    return steps


def _series(rows: pd.DataFrame, sources: pd.DataFrame) -> pd.Series:
    """Return what each figure belongs to: force, place, measure, unit, and what it rests on or who published it."""
    publishers = sources.set_index("source_id")["publisher"]
    basis = rows["basis"].map(BASIS_WORDS).fillna(rows["source_id"].map(publishers)).fillna("source not known")
    where = rows["place_id"].fillna(rows["host_country"])
    return rows["actor_id"] + " " + where + ", " + rows["measure"] + ": " + basis


def _steps(rows: pd.DataFrame, end_unknown: str) -> pd.DataFrame:
    """Return the rows with the day on which each figure ends, and why."""
    rows = rows.sort_values(["series", "start", "deployment_id"], kind="stable")
    following = rows.groupby("series")["start"].shift(-1)
    following = following.where(following > rows["start"])  # two figures of one day stand side by side
    replaced = following.notna() & ~(rows["end"] <= following)
    why = pd.Series(end_unknown, index=rows.index, dtype="str").mask(rows["end_known"], "stated")
    ended = rows.assign(end=rows["end"].mask(replaced, following), end_basis=why.mask(replaced, "next figure"))
    return ended[COLUMNS].reset_index(drop=True)

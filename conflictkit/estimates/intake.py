"""A table of one's own: every problem is reported, and the rows that have one are kept aside."""

from __future__ import annotations

import pandas as pd

from conflictkit.errors import EstimateError, TableError
from conflictkit.estimates.words import range_from_words
from conflictkit.schema import CONTRACTS, HEADER, validate

NUMBERS = ("low", "best", "high")


def sift_estimates(frame: pd.DataFrame, table: str = "fighter_estimates") -> pd.DataFrame:
    """Return the valid rows of a table of estimates, typed; the others are kept aside with everything wrong in them.

    Parameters
    ----------
    frame
        Cells of any type, as a spreadsheet holds them. It is not changed. An optional column may be missing.
    table
        ``"fighter_estimates"`` or ``"area_estimates"``.

    Returns
    -------
    pandas.DataFrame
        The valid rows, with every column of the table. ``attrs["rejected"]`` lists the others as they came, each with
        its ``row`` (line of a CSV with this content) and the ``reason``: all its problems.

    Raises
    ------
    EstimateError
        If ``table`` is no table of estimates.
    TableError
        If a required column is missing: then no row can be judged.

    Notes
    -----
    A number written as words or as a range ("1,500-2,500") is not read into the table: which column it belongs to, and
    with what ``bound_type``, is for its owner to say. The reason tells what ``range_from_words`` reads in it.

    Examples
    --------
    >>> from conflictkit import load_fighter_estimates, sift_estimates
    >>> mine = load_fighter_estimates().astype("object").head(3)
    >>> mine.loc[0, "high"] = "unknown"
    >>> kept = sift_estimates(mine)
    >>> len(kept), kept.attrs["rejected"][0]["reason"]
    (2, "high: 'unknown' is not a number: write digits, with a point for decimals")
    """
    if table not in {"fighter_estimates", "area_estimates"}:
        msg = f"No table of estimates {table!r}: use 'fighter_estimates' or 'area_estimates'."
        raise EstimateError(msg)
    contract = CONTRACTS[table]
    optional = [column.name for column in contract.columns if not column.required and column.name not in frame]
    whole = frame.reset_index(drop=True).assign(**dict.fromkeys(optional))
    try:
        validate(whole, table)
        problems = pd.DataFrame(columns=["row", "column", "value", "problem"])
    except TableError as error:
        if error.problems is None or (error.problems["row"] == HEADER).any():
            raise
        problems = error.problems
    reasons = _reasons(problems)
    bad = [row - HEADER - 1 for row in reasons]
    typed = validate(whole.drop(index=bad).reset_index(drop=True), table)
    aside = [{**whole.iloc[row - HEADER - 1].to_dict(), "row": row, "reason": why} for row, why in reasons.items()]
    typed.attrs = {"table": table, "rejected": aside}
    return typed


def _reasons(problems: pd.DataFrame) -> dict[int, str]:
    """Return the problems of each row in one text."""
    told: dict[int, list[str]] = {}
    for row, column, value, problem in problems[["row", "column", "value", "problem"]].itertuples(index=False):
        written = f"{value!r} " if value else ""
        told.setdefault(int(row), []).append(f"{column}: {written}{problem}{_reading(column, value)}")
    return {row: "; ".join(parts) for row, parts in told.items()}


def _reading(column: str, value: str) -> str:
    """Return what a number in words would be, if it can be read."""
    if column not in NUMBERS or not value or not value.strip("-0123456789.").strip():
        return ""
    try:
        return f" (read as words it is {range_from_words(value)})"
    except EstimateError:
        return ""

"""Whom a figure helps, how far its source and its content can be trusted, and what was known when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from conflictkit.datasets import load_sources
from conflictkit.errors import EstimateError, UnknownNameError
from conflictkit.estimates import scopes
from conflictkit.estimates.ranges import WINDOW_DAYS, need, span
from conflictkit.estimates.voices import allies, sides, speakers, voices
from conflictkit.schema import RELIABILITY, SINCE_BASELINE

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEEDED = (
    "as_of",
    "date_prec",
    "actor_id",
    "scope",
    "low",
    "best",
    "high",
    "estimator",
    "estimator_actor_id",
    "source_id",
)
CANNOT_BE_JUDGED = "F"

# What harms the actor that is counted: more of it helps its enemies. More of anything else helps the actor itself.
HARM = ("killed", "casualties", *SINCE_BASELINE)


def against_interest(rows: pd.DataFrame, *, among: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return whom each figure helps, and whether the side that speaks loses or gains by it.

    Parameters
    ----------
    rows
        Rows like those of ``load_fighter_estimates`` or ``load_area_estimates``.
    among
        The published figures to compare with; the rows themselves by default.

    Returns
    -------
    pandas.DataFrame
        One row per row, same index: ``speaker`` (the actor that the estimator speaks for or, without one, the party of
        the page; empty for none), ``stands`` (``higher``, ``lower`` or ``level`` beside the others; empty without any),
        ``helps`` (``itself``: the actor counted, ``enemies``, or empty), ``against_interest`` and ``self_interested``
        (both False where nothing can be said).

    Raises
    ------
    EstimateError
        If there is no row, a column is missing, or a row has no usable number.

    Notes
    -----
    Others are figures of other sides for the same thing within a quarter. A figure stands higher if it exceeds the
    median of theirs (of the middles of ranges, in log). More fighters or land help the actor counted, more killed or
    lost help its enemies; a count of killed or lost with nothing beside it helps the enemies all the same. The speaker
    gains if it is that actor or an ally and the figure helps it, or if it is not and the figure helps the enemies.
    A side that exaggerates its enemy to get help gains too: no rule on numbers sees that.

    Examples
    --------
    >>> from conflictkit import load_fighter_estimates
    >>> from conflictkit.estimates import against_interest
    >>> rows = load_fighter_estimates().set_index("estimate_id")
    >>> against_interest(rows).loc["oir-steve-warren-2015-12-28-ramadi-killed", ["speaker", "helps", "self_interested"]]
    speaker            cjtf_oir
    helps               enemies
    self_interested        True
    Name: oir-steve-warren-2015-12-28-ramadi-killed, dtype: object
    """
    need(rows, NEEDED, what="against_interest")
    told = _told(rows)
    others = told if among is None else _told(among)
    stands = [_stands(row, others) for row in told.itertuples()]
    harm = told["bare"].isin(HARM).to_numpy()
    more = np.where(harm, "enemies", "itself")
    less = np.where(harm, "itself", "enemies")
    alone = np.where(harm, "enemies", "")
    at = np.array(stands)
    helps = np.select([at == "higher", at == "lower", at == "level"], [more, less, ""], alone)
    backs = allies()
    own = np.array([a == b or (a, b) in backs for a, b in zip(told["side"], told["counted"], strict=True)], dtype=bool)
    speaks = told["side"].ne("").to_numpy() & (helps != "")
    gains = speaks & (own == (helps == "itself"))
    return pd.DataFrame(
        {
            "speaker": told["speaker"].to_numpy(),
            "stands": stands,
            "helps": helps,
            "against_interest": speaks & ~gains,
            "self_interested": gains,
        },
        index=rows.index,
    )


def grade(rows: pd.DataFrame, *, among: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the rows with the reliability of their source and the credibility of their figure, side by side.

    Parameters
    ----------
    rows
        Rows like those of ``load_fighter_estimates``.
    among
        The published figures that can confirm or contradict; the rows themselves by default.

    Returns
    -------
    pandas.DataFrame
        The rows with ``reliability`` (A to F, of the page), ``credibility`` (1 to 6, of the figure), ``confirmed_by``
        and ``contradicted_by`` (numbers of independent voices), and the columns of ``against_interest``. The two
        grades are never merged: F and 6 mean "cannot be judged".

    Notes
    -----
    Independent are voices of another side, or without a side and of another name, on another page, for the same thing
    within a quarter. They confirm a figure where the ranges meet. 1: two or more confirm, none contradicts. 2: one
    confirms, none contradicts. 3: as many confirm as contradict, or more. 4: more contradict than confirm, or one
    contradicts. 5: two or more contradict, none confirms. 6: there is no other.

    Examples
    --------
    >>> from conflictkit import grade, load_fighter_estimates
    >>> table = load_fighter_estimates()
    >>> cia = table[table["estimate_id"] == "cia-2014-09-11-iraq-syria"]
    >>> grade(cia, among=table)[["reliability", "credibility"]].to_dict("records")
    [{'reliability': 'B', 'credibility': 4}]
    """
    need(rows, NEEDED, what="grade")
    told = _told(rows)
    others = told if among is None else _told(among)
    votes = [_votes(row, others) for row in told.itertuples()]
    confirmed, contradicted = (np.array(side, dtype=int) for side in zip(*votes, strict=True))
    return rows.assign(
        reliability=told["reliability"],
        credibility=_credibility(confirmed, contradicted),
        confirmed_by=confirmed,
        contradicted_by=contradicted,
        **against_interest(rows, among=among),
    )


def _credibility(confirmed: NDArray[np.int_], contradicted: NDArray[np.int_]) -> NDArray[np.int_]:
    cases = [
        (confirmed == 0) & (contradicted == 0),
        (contradicted == 0) & (confirmed > 1),
        contradicted == 0,
        (confirmed >= contradicted),
        (confirmed == 0) & (contradicted > 1),
    ]
    return np.select(cases, [6, 1, 2, 3, 5], 4)


def drop_self_interested(rows: pd.DataFrame, *, among: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the rows without the figures by which the side that speaks gains.

    What is left out is in ``attrs["rejected"]``, with the reason. Parameters as in ``against_interest``.

    Examples
    --------
    >>> from conflictkit import load_fighter_estimates
    >>> from conflictkit.estimates import drop_self_interested
    >>> killed = load_fighter_estimates().query("quantity == 'killed'")
    >>> len(killed), len(drop_self_interested(killed))
    (14, 1)
    """
    interest = against_interest(rows, among=among)
    reason = "it helps " + interest["helps"].replace({"itself": "the actor counted", "enemies": "its enemies"})
    return _without(rows, interest["self_interested"], reason + ", and so the side of " + interest["speaker"])


def min_reliability(rows: pd.DataFrame, worst: str = "C", *, unjudged: bool = False) -> pd.DataFrame:
    """Return the rows whose source has a grade, from A to the worst that is wanted.

    F means "cannot be judged": such rows stay only with ``unjudged=True``. What is left out is in
    ``attrs["rejected"]``, with the reason. Raises UnknownNameError if ``worst`` is not a grade from A to E.

    Examples
    --------
    >>> from conflictkit import load_fighter_estimates
    >>> from conflictkit.estimates import min_reliability
    >>> len(min_reliability(load_fighter_estimates(), "B"))
    33
    """
    grades = RELIABILITY[:-1]
    if worst not in grades:
        msg = f"No grade {worst!r} to stop at: use one of {', '.join(grades)}; F is no grade but cannot be judged."
        raise UnknownNameError(msg)
    grade_of = _reliability(rows)
    keep = grade_of.isin(grades[: grades.index(worst) + 1]) | (grade_of.eq(CANNOT_BE_JUDGED) & unjudged)
    return _without(rows, ~keep, "its source has reliability " + grade_of)


def known_on(rows: pd.DataFrame, date: object) -> pd.DataFrame:
    """Return the rows that had been published by the end of a day.

    Parameters
    ----------
    rows
        Rows with ``published_date`` and ``source_id``.
    date
        Anything that ``pandas.to_datetime`` takes.

    Returns
    -------
    pandas.DataFrame
        The rows published by then. A row without a date of publication has that of its page; without either it is set
        aside. ``attrs["rejected"]`` has the other rows with the ``reason``.

    Raises
    ------
    EstimateError
        If the date cannot be read, or a column is missing.

    Examples
    --------
    >>> from conflictkit import known_on, load_fighter_estimates
    >>> peak = load_fighter_estimates().query("scope == 'iraq_syria' and quantity == 'fighters'")
    >>> peak = peak[peak["as_of"].dt.year == 2014]
    >>> len(peak), len(known_on(peak, "2014-12-31"))
    (11, 6)
    """
    if missing := [column for column in ("published_date", "source_id") if column not in rows]:
        msg = f"The frame lacks {', '.join(missing)}: known_on takes rows like those of load_fighter_estimates()."
        raise EstimateError(msg)
    day = pd.to_datetime(date, errors="coerce")  # type: ignore[call-overload]
    if pd.isna(day):
        msg = f"{date!r} is not a date: write a day as 2017-11-03."
        raise EstimateError(msg)
    page = rows["source_id"].map(load_sources().set_index("source_id")["published_date"])
    told = rows["published_date"].fillna(page)
    reason = ("published on " + told.dt.strftime("%Y-%m-%d")).fillna("its date of publication is not known")
    return _without(rows, ~told.le(day), reason)


def _without(rows: pd.DataFrame, out: pd.Series, reason: pd.Series) -> pd.DataFrame:
    """Return the rows that are not out, and in ``attrs["rejected"]`` those that are."""
    kept = rows[~out].copy()
    aside = rows[out].assign(reason=reason[out]).to_dict("records")
    kept.attrs = {**rows.attrs, "rejected": [*rows.attrs.get("rejected", []), *aside]}
    return kept


def _reliability(rows: pd.DataFrame) -> pd.Series:
    """Return the grade of the source of each row; without a known source it cannot be judged."""
    return rows["source_id"].map(load_sources().set_index("source_id")["reliability"]).fillna(CANNOT_BE_JUDGED)


def _told(rows: pd.DataFrame) -> pd.DataFrame:
    """Return what comparisons between figures need."""
    ends, speaker = span(rows), speakers(rows)
    start, end = scopes.periods(rows)
    middle = np.sqrt(ends["low"].fillna(ends["high"]) * ends["high"].fillna(ends["low"]))
    return pd.DataFrame(
        {
            "about": rows["actor_id"] + "|" + rows["scope"] + "|" + scopes.place_ids(rows) + "|" + scopes.thing(rows),
            "bare": rows["quantity"] if "quantity" in rows else rows["metric"],
            "counted": sides(rows["actor_id"]),
            "speaker": speaker,
            "side": sides(speaker),
            "voice": voices(rows),
            "source_id": rows["source_id"],
            "reliability": _reliability(rows),
            "low": ends["low"],
            "high": ends["high"],
            "middle": middle,
            "start": start,
            "end": end,
        },
        index=rows.index,
    )


def _beside(row: Any, others: pd.DataFrame) -> pd.DataFrame:  # noqa: ANN401 - a row
    """Return the figures of other sides, or without a side of another voice, for the same thing within a quarter."""
    quarter = pd.Timedelta(days=WINDOW_DAYS)
    near = others["start"].le(row.end + quarter) & others["end"].ge(row.start - quarter)
    same = others["about"].eq(row.about) & near
    own = others["side"].eq(row.side) if row.side else others["voice"].eq(row.voice)
    return others[same & ~own]


def _stands(row: Any, others: pd.DataFrame) -> str:  # noqa: ANN401 - a row
    beside = _beside(row, others)
    if beside.empty:
        return ""
    median = float(beside["middle"].median())
    if np.isclose(row.middle, median):
        return "level"
    return "higher" if row.middle > median else "lower"


def _votes(row: Any, others: pd.DataFrame) -> tuple[int, int]:  # noqa: ANN401 - a row
    """Return how many independent voices confirm a figure, and how many contradict it."""
    beside = _beside(row, others)
    beside = beside[beside["source_id"].ne(row.source_id)]
    low, high = (row.low if pd.notna(row.low) else 0.0), (row.high if pd.notna(row.high) else np.inf)
    meets = beside["low"].fillna(0).le(high) & beside["high"].fillna(np.inf).ge(low)
    voice = beside["side"].where(beside["side"].ne(""), beside["voice"])
    confirm = set(voice[meets])
    return len(confirm), len(set(voice) - confirm)

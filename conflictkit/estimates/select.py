"""Which published figures to look at: those known by a day, from sources good enough, with or without interest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conflictkit.dates import iso, to_day
from conflictkit.errors import known
from conflictkit.estimates._figures import figures_of, text
from conflictkit.estimates._grades import CANNOT_BE_JUDGED, marked
from conflictkit.schema import RELIABILITY
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from collections.abc import Hashable

    import pandas as pd

    from conflictkit.dates import DateLike
    from conflictkit.tables import Tables

ALL = "all"


def select_estimates(
    estimates: pd.DataFrame | None = None,
    *,
    tables: Tables | None = None,
    known_on: DateLike | None = None,
    min_reliability: str | None = None,
    self_interested: bool = True,
    origin: str | None = None,
) -> pd.DataFrame:
    """Return published figures with their grades, without those that are not wanted.

    Parameters
    ----------
    estimates
        Rows like those of ``load_fighter_estimates`` or ``load_area_estimates``; the fighter estimates of the tables by
        default.
    tables
        The tables that the rows belong to; the shipped ones by default.
    known_on
        Only what had been published by the end of this day. A row without a date of publication has that of its page;
        without either it is set aside. All by default.
    min_reliability
        The worst grade of a source that is wanted, A to E. F, "cannot be judged", keeps every row, as does None.
    self_interested
        Whether figures stay by which the side that speaks gains.
    origin
        Figures of a subset by origin, where the rows have a column ``origin``: left out by default, since a series or
        pool of all would count them twice. A country of origin keeps its figures alone, ``"all"`` keeps every row.

    Returns
    -------
    pandas.DataFrame
        One row per figure that is kept, with its index: the columns of the table, typed, then ``reliability`` (A to F,
        of the page), ``credibility`` (1 to 6, of the figure), ``confirmed_by`` and ``contradicted_by`` (numbers of
        independent voices), ``speaker`` (the actor that the estimator speaks for or, without one, the party of the
        page; empty for none), ``stands`` (``higher``, ``lower`` or ``level`` beside the others; empty without any),
        ``helps`` (``itself``: the actor counted, ``enemies``, or empty), ``against_interest`` and ``self_interested``
        (both False where nothing can be said). ``attrs["rejected"]`` lists the other rows, each with the ``reason``.

    Raises
    ------
    TableError
        If there is no row, a column is missing, a cell is not of its type, or a row has no usable number.
    DateError
        If ``known_on`` is not a date.
    UnknownNameError
        If ``min_reliability`` is no grade, or no row has the ``origin``.

    Notes
    -----
    Grades are given beside what had been published by then, whatever else is left out: later filters take away rows,
    they do not change a grade. The two marks are never merged. Independent are voices of another side, or without a
    side and of another name, on another page, for the same thing within a quarter. They confirm a figure where the
    ranges meet. 1: two or more confirm, none contradicts. 2: one confirms, none contradicts. 3: as many confirm as
    contradict, or more. 4: more contradict than confirm, or one contradicts. 5: two or more contradict, none confirms.
    6: there is no other.

    A figure stands higher if it exceeds the median of those of other sides (of the middles of ranges, in log). More
    fighters or land help the actor counted, more killed or lost help its enemies; a count of killed or lost with
    nothing beside it helps the enemies all the same. The speaker gains if it is that actor or an ally and the figure
    helps it, or if it is not and the figure helps the enemies. A side that exaggerates its enemy to get help gains too:
    no rule on numbers sees that.

    Examples
    --------
    >>> from conflictkit import load_fighter_estimates, select_estimates
    >>> peak = load_fighter_estimates().query("scope == 'IQ;SY' and quantity == 'fighters'")
    >>> peak = peak[peak["as_of"].dt.year == 2014]
    >>> len(peak), len(select_estimates(peak, known_on="2014-12-31"))
    (12, 6)
    >>> graded = select_estimates().set_index("estimate_id")
    >>> graded.loc[["cia-2014-09-11-iraq-syria"], ["reliability", "credibility", "helps"]].to_dict("records")
    [{'reliability': 'B', 'credibility': 4, 'helps': 'enemies'}]
    """
    rows, tables = figures_of(estimates, tables, what="select_estimates")
    if min_reliability is not None:
        known("min_reliability", min_reliability, RELIABILITY)
    sieve = _Sieve(rows)
    sieve.of_origin(origin)
    if known_on is not None:
        sieve.published_by(to_day(known_on), tables)
    # the grades compare with all that was known; what the other filters leave out was said all the same
    sieve.rows = marked(sieve.rows, tables)
    if min_reliability is not None and min_reliability != CANNOT_BE_JUDGED:
        sieve.reliable(min_reliability)
    if not self_interested:
        sieve.disinterested()
    kept = sieve.rows.copy()
    kept.attrs = {**rows.attrs, "rejected": [*rows.attrs.get("rejected", []), *sieve.aside]}
    return kept


class _Sieve:
    """Rows on their way through filters, and those that did not pass, each with the reason."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self.rows = rows
        self.aside: list[dict[Hashable, object]] = []

    def of_origin(self, origin: str | None) -> None:
        """Keep the rows that count everybody, or those of an origin."""
        of = text(self.rows, "origin")
        if origin is None:
            self._drop(of.ne(""), "it counts only those from " + of)
        elif origin != ALL:
            known("origin", origin, [ALL, *sorted(set(of) - {""})])
            self._drop(of.ne(origin), f"it does not count those from {origin} alone")

    def published_by(self, day: pd.Timestamp, tables: Tables) -> None:
        """Keep the rows that were published, or whose page was, by the end of a day."""
        page = self.rows["source_id"].map(tables.sources.set_index("source_id")["published_date"])
        published = self.rows["published_date"].fillna(page)
        reason = published.map(lambda date: f"published on {iso(date)}", na_action="ignore").astype(TEXT)
        self._drop(~published.le(day), reason.fillna("its date of publication is not known"))

    def reliable(self, worst: str) -> None:
        """Keep the rows whose source has a grade as good."""
        good = RELIABILITY[: RELIABILITY.index(worst) + 1]
        grade = self.rows["reliability"]
        self._drop(~grade.isin(good), "its source has reliability " + grade)

    def disinterested(self) -> None:
        """Keep the rows by which the side that speaks does not gain."""
        helped = self.rows["helps"].replace({"itself": "the actor counted", "enemies": "its enemies"})
        reason = "it helps " + helped + ", and so the side of " + self.rows["speaker"]
        self._drop(self.rows["self_interested"], reason)

    def _drop(self, out: pd.Series, reason: pd.Series | str) -> None:
        self.aside += self.rows.assign(reason=reason)[out].to_dict("records")
        self.rows = self.rows[~out]

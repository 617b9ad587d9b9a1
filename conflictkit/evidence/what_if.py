"""What the land would be without some rows: left out one by one, or by page, grade or interest."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import pandas as pd

from conflictkit.errors import known
from conflictkit.estimates._grades import of_one_camp
from conflictkit.schema import RELIABILITY
from conflictkit.territory import Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from conflictkit.dates import DateLike, DatesLike
    from conflictkit.territory import Territory

UNJUDGED = RELIABILITY[-1]  # a row without a page is as one whose page cannot be judged
KEY = ["date", "scope", "actor_id"]


def what_if(
    territory: Territory,
    dates: DatesLike | None = None,
    *,
    drop: Iterable[tuple[str, DateLike]] = (),
    sources: Sequence[str] = (),
    min_reliability: str | None = None,
    self_interested: bool = True,
    level: Level = "claimed",
) -> pd.DataFrame:
    """Return the land as it stands and without some rows.

    Parameters
    ----------
    territory
        Who held what, by places.
    dates
        One date or several; None for every day on which something changes.
    drop
        Rows to leave out, as pairs of ``place_id`` and ``valid_from``.
    sources
        Pages to leave out, by ``source_id``, with all changes that rest on them.
    min_reliability
        Leave out changes whose page has a grade worse than this (A to F); those without a page count as F.
    self_interested
        False leaves out changes that a page reports for the side that gains by them, or for an ally of it.
    level
        ``claimed`` or ``core``.

    Returns
    -------
    pandas.DataFrame
        One row per date, scope and holder: ``date``, ``scope``, ``actor_id``, ``level``, ``area_km2`` (as it stands),
        ``area_without_km2``, ``difference_km2``. ``attrs["dropped"]`` lists the rows left out.

    Raises
    ------
    TableError
        If a row of `drop` is not there.
    UnknownNameError
        If a source, a grade or the level is unknown.
    TerritoryError
        If the land is drawn, or no row is left.

    Notes
    -----
    The chain of holders is joined again as by ``min_confidence``: without a change the holder before it holds on. First
    rows of places (event ``initial``) are left out by `drop` only: the others say who took a place, not who began.
    Two rows that rest on one another are two rows here: what a page would have said otherwise is not known.

    Examples
    --------
    >>> import conflictkit as ck
    >>> what = ck.what_if(ck.Territory.from_places(), "2018-01-01", drop=[("raqqa", "2017-10-17")])
    >>> what.query("scope == 'SY' and difference_km2 > 1")["actor_id"].tolist()
    ['isis']
    """
    known("level", level, get_args(Level))
    rows = _without_change(territory, sources, min_reliability, self_interested=self_interested)
    named = {*_pairs(rows), *((str(place), territory.day(day)) for place, day in drop)}
    other = territory.without(named)
    days = territory.dates if dates is None else territory.days(dates)
    found = {
        name: land.area(days, level=level).set_index(KEY)["area_km2"]
        for name, land in (("area_km2", territory), ("area_without_km2", other))
    }
    both = pd.concat(found, axis=1).fillna(0.0).reset_index().sort_values(KEY, ignore_index=True)
    both.insert(len(KEY), "level", level)
    both["difference_km2"] = both["area_without_km2"] - both["area_km2"]
    table = territory.control_changes
    keys = zip(table["place_id"], table["valid_from"], strict=True)
    both.attrs = {"dropped": table[[key in named for key in keys]].reset_index(drop=True)}
    return both


def _pairs(rows: pd.DataFrame) -> list[tuple[str, pd.Timestamp]]:
    return list(zip(rows["place_id"].tolist(), rows["valid_from"], strict=True))


def _without_change(
    territory: Territory, sources: Sequence[str], min_reliability: str | None, *, self_interested: bool
) -> pd.DataFrame:
    """Return the changes that the filters leave out."""
    rows = territory.control_changes
    rows = rows[rows["event"] != "initial"]
    pages = territory.tables.sources.set_index("source_id")
    cited = set(rows["source_id"].dropna())
    for source in sources:
        known("source_id", source, cited)
    out = rows["source_id"].isin(list(sources))
    if min_reliability is not None:
        known("min_reliability", min_reliability, RELIABILITY)
        good = RELIABILITY[: RELIABILITY.index(min_reliability) + 1]
        out |= ~rows["source_id"].map(pages["reliability"]).fillna(UNJUDGED).isin(good)
    if not self_interested:
        out |= gains(rows, territory)
    return rows[out]


def gains(rows: pd.DataFrame, territory: Territory) -> NDArray[np.bool_]:
    """Return whether the page of each change speaks for the side that took the place, or for an ally of it."""
    side = territory.tables.hierarchy.side
    party = rows["source_id"].map(territory.tables.sources.set_index("source_id")["party"])
    return of_one_camp(party.map(side), rows["to_actor"].map(side), territory.tables)

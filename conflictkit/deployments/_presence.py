"""Which reported deployments count on a day, by a stated rule for unknown ends, and the strengths that they give."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from conflictkit.dates import last_day
from conflictkit.errors import TableError, UnknownNameError, known, shown
from conflictkit.placenames import place_id_of
from conflictkit.tables import Tables, tables_with
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conflictkit.dates import DateLike
    from conflictkit.tables import Tables


# A quarter of a year: of the 51 deployments of the table whose end is known, two in three were over by then.
ASSUMED_DAYS = 92

NO_SIDE = "other"  # of an actor whose row gives none

ONE_DAY = pd.Timedelta(days=1)

COLUMNS = [
    *("deployment_id", "actor_id", "actor_name", "side", "parent_id", "place_id", "place_name", "where_prec"),
    *("host_country", "latitude", "longitude", "near_place_id", "near_km", "valid_from", "valid_to", "date_prec"),
    *("presence", "end_known", "last_report", "days_since_report"),
    *("strength_low", "strength_best", "strength_high", "unit", "measure", "basis", "role", "backers", "sidc"),
    *("source_id", "second_source_id", "note"),
]


class Present(NamedTuple):
    """The reports that count on a day, and those that would but for their age."""

    rows: pd.DataFrame
    too_old: list[dict[str, Any]]


def deployments_at(
    date: DateLike,
    deployments: pd.DataFrame | None = None,
    *,
    tables: Tables | None = None,
    assume_days: int | None = ASSUMED_DAYS,
) -> pd.DataFrame:
    """Return the deployments in force on a date, with the names of their places and actors.

    Parameters
    ----------
    date
        The day asked for.
    deployments
        Rows of your own, like those of ``load_deployments``: short for ``tables.replace(deployments=...)``.
    tables
        The tables to look in; those that ship by default.
    assume_days
        For how many days after its report a force without a known end is assumed to be there still: 0 for the day, the
        month or the year of the report only; None without limit.

    Returns
    -------
    pandas.DataFrame
        One row per deployment, in the order of the table: its own columns, ``actor_name``, ``side``, ``parent_id`` and
        ``sidc`` of the actor, ``place_name`` and ``where_prec`` of the place, and

        - ``latitude``, ``longitude`` in degrees: the row's own, else those of its place, else missing;
        - ``presence``: ``stated`` (a source gives the end, and it is later), ``reported`` (no end, but the date is in
          the day, month or year of the report) or ``assumed`` (no end, within `assume_days` days of the report);
        - ``end_known``: whether the table says when the deployment ended;
        - ``last_report``, ``days_since_report``: the latest report of the force there, and its age on the date.

        ``attrs["rule"]`` is the rule in words, for a caption; ``attrs["rejected"]`` lists the reports set aside as too
        old, each with its ``deployment_id`` and the reason.

    Raises
    ------
    DateError
        If the date cannot be read, or is not covered by the tables.
    TableError
        With every problem of the deployments passed.
    UnknownNameError
        If `assume_days` is no number of days.

    Notes
    -----
    A deployment counts from ``valid_from`` on, and no more from ``valid_to`` on. An empty end means that no source
    gives one, not that the force was still there: most rows are one report of one day. Where ``date_prec`` is month
    or year, the day in ``valid_from`` is arbitrary, and the days of `assume_days` begin at the end of it. Never
    add rows of different ``measure``, nor those of an actor and of its parent: ``order_of_battle`` adds what can be.

    Examples
    --------
    >>> here = deployments_at("2017-11-03")
    >>> here.loc[here.place_id == "t2-pumping-station", "actor_name"].tolist()
    ['Liwa Fatemiyoun', 'Hezbollah']
    >>> here.presence.value_counts().to_dict()
    {'assumed': 55, 'stated': 16, 'reported': 15}
    """
    used = tables_with(tables, deployments=deployments)
    found, too_old = present(used.day(date), used, assume_days)
    found.attrs = {"rule": rule(assume_days), "rejected": too_old}
    return found


def present(day: pd.Timestamp, tables: Tables, assume_days: int | None) -> Present:
    """Return the reports that count on a day, in the columns of ``deployments_at``, and those that are too old."""
    reports = reports_of(tables, assume_days)
    begun = reports[reports["start"] <= day]
    # an open end is missing, and a comparison with it is false: the row stays
    running = ~(begun["valid_to"] <= day)
    how, latest = presence_on(day, begun), _last_reports(begun)
    # what runs and does not count is too old: it is told, not dropped
    here = begun.assign(presence=how, last_report=latest, days_since_report=(day - latest).dt.days)
    aged = begun[running & how.isna()]
    too_old = [
        {"deployment_id": name, "reason": f"no end is known and the report is {days} days old"}
        for name, days in zip(aged["deployment_id"], (day - aged["start"]).dt.days, strict=True)
    ]
    return Present(here.loc[running & how.notna(), COLUMNS].reset_index(drop=True), too_old)


@lru_cache(maxsize=16, typed=True)  # a page or an explorer asks for many days of one table
def reports_of(tables: Tables, assume_days: int | None) -> pd.DataFrame:
    """Return every deployment with what is known of its actor and place, and when it counts.

    Shared: whoever changes it takes a copy. ``latitude`` and ``longitude`` are the row's own, else those of its place,
    else missing; ``start``, ``sure``, ``end`` are those of ``intervals``.
    """
    who = tables.actors[["actor_id", "name", "side", "parent_id", "sidc"]].rename(columns={"name": "actor_name"})
    where = tables.places[["place_id", "name", "where_prec", "latitude", "longitude"]]
    where = where.rename(columns={"name": "place_name"})
    rows = tables.deployments.merge(who, on="actor_id", how="left")
    rows = rows.merge(where, on="place_id", how="left", suffixes=("", "_place"))
    own = rows["latitude"].notna() & rows["longitude"].notna()
    points = {name: rows[name].where(own, rows[f"{name}_place"]) for name in ("latitude", "longitude")}
    found = rows.assign(**points, **intervals(rows, assume_days), end_known=rows["valid_to"].notna())
    found.attrs = {}  # pandas copies them at every step
    return found


def rule(assume_days: int | None) -> str:
    """Return in words how long a report without an end is taken to hold."""
    if assume_days is None:
        return "Forces without a known end are assumed to be there still, however old the report."
    if assume_days == 0:
        return "Forces without a known end count only in the day, month or year of their report."
    return f"Forces without a known end are assumed to be there for {assume_days} days after their report."


def intervals(deployments: pd.DataFrame, assume_days: int | None) -> pd.DataFrame:
    """Return when each report counts, as one rule for a day, a map and a chart.

    Returns
    -------
    pandas.DataFrame
        With the index of `deployments`: ``start``; ``sure``, the first day for which the report itself no longer
        speaks (its end, or the day after the day, month or year of the report); ``end``, the first day on which it
        counts no more, missing where it counts for ever.
    """
    days_or_raise(assume_days)
    after = last_day(deployments["valid_from"], deployments["date_prec"]) + ONE_DAY
    end = deployments["valid_to"]
    assumed = end if assume_days is None else end.fillna(after + assume_days * ONE_DAY)
    return pd.DataFrame({"start": deployments["valid_from"], "sure": end.fillna(after), "end": assumed})


def presence_on(day: pd.Timestamp, rows: pd.DataFrame) -> pd.Series:
    """Return ``stated``, ``reported`` or ``assumed`` for rows with ``intervals`` and ``end_known``; missing if none.

    What counts for ever has no end, and a comparison with a missing one is false: it stays.
    """
    here = (rows["start"] <= day) & ~(rows["end"] <= day)
    words = pd.Series("assumed", index=rows.index, dtype=TEXT).mask(rows["sure"] > day, "reported")
    return words.mask(rows["end_known"], "stated").where(here)


def days_or_raise(assume_days: int | None) -> None:
    """Refuse what is no number of days."""
    whole = isinstance(assume_days, int) and not isinstance(assume_days, bool)
    if assume_days is not None and not (whole and assume_days >= 0):
        msg = f"assume_days={shown(assume_days)} must be a number of days, 0 or more, or None for no limit."
        raise UnknownNameError(msg)


def _last_reports(begun: pd.DataFrame) -> pd.Series:
    """Return for each row the latest report of its force at its place, or in its country where it names no place."""
    where = begun["place_id"].fillna(begun["host_country"])
    return begun.groupby([begun["actor_id"], where], dropna=False)["valid_from"].transform("max")


STRENGTHS = ["strength_low", "strength_best", "strength_high"]

# Why two figures of one number differ: what each rests on.
BASIS_WORDS = {
    "cap": "official number, held under a cap",
    "count": "count by the administration or of voters",
    "statement": "statement of an official or commander",
    "estimate": "estimate",
    "derived": "derived from other figures",
}

FIGURES = [
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
    place_id = None if place_id is None else place_id_of(place_id, used.places)
    rows = reports_of(used, assume_days)
    rows = rows[rows["actor_id"].isin(names) & rows[STRENGTHS].notna().any(axis=1)]
    # a figure for several countries is asked for by all of them, as its cell has it
    for column, wanted in (("host_country", host_country), ("place_id", place_id)):
        rows = rows if wanted is None else rows[rows[column] == wanted]
    if measure is not None:
        rows = rows[rows["measure"].isin([measure] if isinstance(measure, str) else list(measure))]
    if rows.empty:
        msg = f"No figure of {shown(actor_id)} there. Ask for less: the table of deployments has all rows."
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
    why = pd.Series(end_unknown, index=rows.index, dtype=TEXT).mask(rows["end_known"], "stated")
    ended = rows.assign(end=rows["end"].mask(replaced, following), end_basis=why.mask(replaced, "next figure"))
    return ended[FIGURES].reset_index(drop=True)


def has_position(rows: pd.DataFrame, places: pd.DataFrame) -> pd.Series:
    """Whether each report says where: at a point, or so many km from a place that has one, which is a ring."""
    pointed = places.loc[places["latitude"].notna(), "place_id"]
    found: pd.Series = rows["latitude"].notna() | (rows["near_km"].notna() & rows["near_place_id"].isin(pointed))
    return found

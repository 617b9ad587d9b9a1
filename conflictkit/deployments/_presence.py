"""Who was reported where on a day, and how long a report without an end is taken to hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from conflictkit.datasets import load_actors, load_deployments, load_places
from conflictkit.dates import last_day, to_day
from conflictkit.errors import UnknownNameError
from conflictkit.schema import CONTRACTS, validate

if TYPE_CHECKING:
    from conflictkit.dates import DateLike

# A quarter of a year: of the 51 deployments of the table whose end is known, two in three were over by then.
ASSUMED_DAYS = 92

COLUMNS = [
    *("deployment_id", "actor_id", "actor_name", "side", "parent_id", "place_id", "place_name", "where_prec"),
    *("host_country", "latitude", "longitude", "near_place_id", "near_km", "valid_from", "valid_to", "date_prec"),
    *("presence", "end_known", "last_report", "days_since_report"),
    *("strength_low", "strength_best", "strength_high", "unit", "measure", "basis", "role", "backers", "sidc"),
    *("source_id", "note"),
]


def deployments_at(
    date: DateLike,
    deployments: pd.DataFrame | None = None,
    *,
    assume_days: int | None = ASSUMED_DAYS,
    places: pd.DataFrame | None = None,
    actors: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the deployments in force on a date, with the names of their places and actors.

    Parameters
    ----------
    date
        The day asked for: anything that ``pandas.to_datetime`` reads, except a bare number.
    deployments, places, actors
        Frames as ``load_deployments``, ``load_places`` and ``load_actors`` return them, which are the defaults.
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
        If the date cannot be read.
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
    ['Liwa Fatemiyoun', 'Hezbollah', '5th Corps (Syrian Arab Army)']
    >>> here.presence.value_counts().to_dict()
    {'assumed': 28, 'stated': 16, 'reported': 16}
    """
    day = to_day(date)
    table = with_optional(load_deployments() if deployments is None else deployments, "deployments")
    begun = table[table["valid_from"] <= day]
    begun = begun.assign(last_report=_last_reports(begun), end_known=begun["valid_to"].notna())
    begun["presence"] = presence_on(day, begun.join(intervals(begun, assume_days)))
    # an open end is missing, and a comparison with it is false: the row stays
    running = begun[~(begun["valid_to"] <= day)]
    old = running["presence"].isna()
    here = joined(running[~old], places, actors)
    found = here.assign(days_since_report=(day - here["last_report"]).dt.days)[COLUMNS]
    aged = (day - running.loc[old, "valid_from"]).dt.days
    found.attrs = {
        "rule": rule(assume_days),
        "rejected": [
            {"deployment_id": name, "reason": f"no end is known and the report is {days} days old"}
            for name, days in zip(running.loc[old, "deployment_id"], aged, strict=True)
        ],
    }
    return found


def actors_or_shipped(actors: pd.DataFrame | None) -> pd.DataFrame:
    """Return the caller's actors, validated (a hierarchy with a circle has no top), or the shipped ones."""
    if actors is None:
        return load_actors()
    validate(actors, "actors")
    return actors


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
    sure = deployments["valid_to"].fillna(
        last_day(deployments["valid_from"], deployments["date_prec"]) + pd.Timedelta(days=1)
    )
    return pd.DataFrame({"start": deployments["valid_from"], "sure": sure, "end": last_days(deployments, assume_days)})


def presence_on(day: pd.Timestamp, rows: pd.DataFrame) -> pd.Series:
    """Return ``stated``, ``reported`` or ``assumed`` for rows with ``intervals`` and ``end_known``; missing if none.

    What counts for ever has no end, and a comparison with a missing one is false: it stays.
    """
    here = (rows["start"] <= day) & ~(rows["end"] <= day)
    words = pd.Series("assumed", index=rows.index, dtype="str").mask(rows["sure"] > day, "reported")
    return words.mask(rows["end_known"], "stated").where(here)


def last_days(deployments: pd.DataFrame, assume_days: int | None) -> pd.Series:
    """Return the first day on which each deployment no longer counts: its end, or the end of what is assumed."""
    days_or_raise(assume_days)
    if assume_days is None:
        return deployments["valid_to"]
    assumed = last_day(deployments["valid_from"], deployments["date_prec"]) + pd.Timedelta(days=assume_days + 1)
    return deployments["valid_to"].fillna(assumed)


def days_or_raise(assume_days: int | None) -> None:
    """Refuse what is no number of days."""
    whole = isinstance(assume_days, int) and not isinstance(assume_days, bool)
    if assume_days is not None and not (whole and assume_days >= 0):
        msg = f"assume_days={assume_days!r} must be a number of days, 0 or more, or None for no limit."
        raise UnknownNameError(msg)


def with_optional(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """Return a frame with the columns that its table may come without, empty where they were missing."""
    absent = [name for name in CONTRACTS[table].optional if name not in frame.columns]
    return frame.assign(**dict.fromkeys(absent)) if absent else frame


def _last_reports(begun: pd.DataFrame) -> pd.Series:
    """Return for each row the latest report of its force at its place, or in its country where it names no place."""
    where = begun["place_id"].fillna(begun["host_country"])
    return begun.groupby([begun["actor_id"], where], dropna=False)["valid_from"].transform("max")


def joined(rows: pd.DataFrame, places: pd.DataFrame | None, actors: pd.DataFrame | None) -> pd.DataFrame:
    """Return reports with what is known of their actors and places, every row once, known or not.

    ``latitude`` and ``longitude`` are the row's own, else those of its place, else missing.
    """
    who = with_optional(load_actors() if actors is None else actors, "actors").drop_duplicates("actor_id")
    who = who[["actor_id", "name", "side", "parent_id", "sidc"]].rename(columns={"name": "actor_name"})
    where = (load_places() if places is None else places).drop_duplicates("place_id")
    where = where[["place_id", "name", "where_prec", "latitude", "longitude"]].rename(columns={"name": "place_name"})
    found = rows.merge(who, on="actor_id", how="left")
    found = found.merge(where, on="place_id", how="left", suffixes=("", "_place"))
    own = found["latitude"].notna() & found["longitude"].notna()
    points = {name: found[name].where(own, found[f"{name}_place"]) for name in ("latitude", "longitude")}
    return found.assign(**points)

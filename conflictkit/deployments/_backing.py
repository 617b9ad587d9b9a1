"""Who backs whom, with dates; and who fights alongside and against whom, by country and date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from conflictkit.actors import CONTESTED, UNKNOWN
from conflictkit.datasets import load_control_changes, load_deployments, load_places
from conflictkit.dates import to_day
from conflictkit.deployments._presence import ASSUMED_DAYS, actors_or_shipped, deployments_at

if TYPE_CHECKING:
    from conflictkit.dates import DateLike

YEAR = 365  # days back in which a place taken by force still says that two actors are at war

BACKING = [
    *("backer_id", "backer", "actor_id", "actor", "side", "host_country", "evidence", "since", "last_report"),
    *("reports", "source_ids"),
]
RELATIONS = ["country", "actor_id", "other_id", "relation", "basis", "count", "first", "last", "source_ids"]


def backing_at(
    date: DateLike,
    *,
    assume_days: int | None = ASSUMED_DAYS,
    deployments: pd.DataFrame | None = None,
    actors: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return who backs whom on a day: the edges of a graph, each with its dates and pages.

    Parameters
    ----------
    date
        The day.
    assume_days
        For how many days a report without an end is taken to hold, as in ``deployments_at``.
    deployments, actors
        Frames as ``load_deployments`` and ``load_actors`` return them, which are the defaults.

    Returns
    -------
    pandas.DataFrame
        One row per backer and force backed: ``backer_id``, ``backer``, ``actor_id``, ``actor``, ``side`` (of the
        force), ``host_country`` (where, joined with ``;``), ``evidence``: ``report`` (rows of deployments in force
        on the day name the backer) or ``standing`` (only the table of actors does, undated); ``since`` (the first of
        those reports, whenever; missing for ``standing``), ``last_report``, ``reports`` (how many in
        force), ``source_ids``.
        Forces backed by nobody, or not reported on the day, have no row. ``attrs["date"]`` is the day,
        ``attrs["rule"]`` the rule in words.

    Raises
    ------
    DateError
        If the date cannot be read.
    TableError
        If the caller's actors break their contract.

    Notes
    -----
    "Backs" is what a page says: money, arms, advisers, aircraft or orders are not told apart. ``since`` is the first
    report in the table, not the beginning. For a graph, give ``backer_id`` and ``actor_id`` to a library as its edges.

    Examples
    --------
    >>> edges = backing_at("2017-11-03")
    >>> edges.loc[edges.backer_id == "russia", ["actor_id", "evidence", "since"]].head(2)
            actor_id evidence      since
    20           saa   report 2015-06-12
    21  saa_17_div   report 2017-09-05
    """
    who = actors_or_shipped(actors).drop_duplicates("actor_id")
    table = load_deployments() if deployments is None else deployments
    here = deployments_at(date, table, assume_days=assume_days, actors=who)
    attrs, here.attrs = here.attrs, {}  # pandas copies them at every step
    named = _edges(table[table["valid_from"] <= to_day(date)])
    first = named.groupby(["backer_id", "actor_id"])["valid_from"].min().to_dict()
    found = [_edge(rows, "report", since=first) for _, rows in _edges(here).groupby(["backer_id", "actor_id"])]
    reported = {(row["backer_id"], row["actor_id"]) for row in found}
    standing = who[who["actor_id"].isin(here["actor_id"])].rename(columns={"backed_by": "backers", "country": "home"})
    present = here.groupby("actor_id")["host_country"].agg(_codes)
    standing = standing.assign(host_country=standing["actor_id"].map(present), valid_from=None)
    for pair, rows in _edges(standing).groupby(["backer_id", "actor_id"]):
        if pair not in reported:
            found.append(_edge(rows, "standing", since={}))
    edges = pd.DataFrame(found, columns=[name for name in BACKING if name not in {"backer", "actor", "side"}])
    about = who.set_index("actor_id")
    edges = edges.astype({"since": "datetime64[us]", "last_report": "datetime64[us]"}).assign(
        backer=edges["backer_id"].map(about["name"]).fillna(edges["backer_id"]),
        actor=edges["actor_id"].map(about["name"]).fillna(edges["actor_id"]),
        side=edges["actor_id"].map(about["side"]),
    )[BACKING]
    edges = edges.sort_values(["backer_id", "actor_id"], ignore_index=True)
    edges.attrs = {"date": to_day(date), **attrs}
    return edges


def _edges(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row per backer that a row names."""
    named = rows.dropna(subset=["backers"])
    return named.assign(backer_id=named["backers"].str.split(";")).explode("backer_id", ignore_index=True)


def _edge(rows: pd.DataFrame, evidence: str, *, since: dict[Any, Any]) -> dict[str, Any]:
    """Return the row of one backer and one force, from all rows that name both."""
    pair = (rows["backer_id"].iloc[0], rows["actor_id"].iloc[0])
    return {
        "backer_id": pair[0],
        "actor_id": pair[1],
        "host_country": _codes(rows["host_country"]),
        "evidence": evidence,
        "since": since.get(pair, pd.NaT),
        "last_report": rows["valid_from"].max(),
        "reports": len(rows) if evidence == "report" else 0,
        "source_ids": ";".join(sorted(set(rows["source_id"].dropna()))),
    }


def _codes(cells: pd.Series) -> str:
    return ";".join(sorted({code for cell in cells.dropna() for code in cell.split(";")}))


def relations_at(
    date: DateLike,
    *,
    within_days: int = YEAR,
    assume_days: int | None = ASSUMED_DAYS,
    changes: pd.DataFrame | None = None,
    deployments: pd.DataFrame | None = None,
    actors: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return who fights alongside and against whom on a day, in each country.

    Parameters
    ----------
    date
        The day.
    within_days
        How far back a place that changed hands by force counts as evidence.
    assume_days, deployments, actors
        As in ``backing_at``.
    changes
        Frame as ``load_control_changes`` returns it, which is the default.

    Returns
    -------
    pandas.DataFrame
        One row per country and pair: ``country``, ``actor_id``, ``other_id``, ``relation`` (``alongside`` or
        ``against``), ``basis``: ``backs`` (the first backs the second), ``same offensive`` (forces of two sides are
        reported on the offensive at one place), ``took places from`` (the first from the second); ``count``
        (reports or places), ``first``, ``last``, ``source_ids``. A pair can be both.

    Raises
    ------
    DateError
        If the date cannot be read.
    TableError
        If the caller's actors break their contract.

    Notes
    -----
    Every row is evidence, none is a judgement: actors that share an enemy are not therefore allies, and actors without
    a row are not therefore at peace. A place that was contested in between counts as taken from whoever held it last.

    Examples
    --------
    >>> table = relations_at("2017-11-03")
    >>> table[(table.country == "SY") & (table.relation == "against")][["actor_id", "other_id", "count"]].head(3)
       actor_id   other_id  count
    19      hts     rebels      1
    20     isis     rebels      4
    21     isis  syria_gov     14
    """
    edges = backing_at(date, assume_days=assume_days, deployments=deployments, actors=actors)
    who = actors_or_shipped(actors)
    here = deployments_at(date, deployments, assume_days=assume_days, actors=who)
    edges.attrs, here.attrs = {}, {}
    taken = _taken(load_control_changes() if changes is None else changes, to_day(date), within_days)
    parts = [_backs(edges), _together(here), taken]
    found = pd.concat([part for part in parts if len(part)], ignore_index=True) if any(map(len, parts)) else parts[0]
    order = ["country", "relation", "basis", "actor_id", "other_id"]
    return found[RELATIONS].sort_values(order, ignore_index=True)


def _backs(edges: pd.DataFrame) -> pd.DataFrame:
    rows = edges.assign(country=edges["host_country"].str.split(";")).explode("country", ignore_index=True)
    rows = rows.rename(columns={"actor_id": "other_id", "backer_id": "actor_id", "reports": "count"})
    return rows.assign(relation="alongside", basis="backs", first=rows["since"], last=rows["last_report"])[RELATIONS]


def _together(here: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs of forces of two sides that are reported on the offensive at one place."""
    attack = here[here["role"].eq("offensive") & here["place_id"].notna()]
    pairs = attack.merge(attack, on="place_id", suffixes=("", "_other"))
    pairs = pairs[(pairs["actor_id"] < pairs["actor_id_other"]) & (pairs["side"] != pairs["side_other"])]
    rows = [
        {
            "country": key[0],
            "actor_id": key[1],
            "other_id": key[2],
            "relation": "alongside",
            "basis": "same offensive",
            "count": len(group),
            "first": group["valid_from"].min(),
            "last": group["valid_from"].max(),
            "source_ids": ";".join(sorted({*group["source_id"].dropna(), *group["source_id_other"].dropna()})),
        }
        for key, group in pairs.groupby(["host_country", "actor_id", "actor_id_other"])
    ]
    return pd.DataFrame(rows, columns=RELATIONS)


def _taken(changes: pd.DataFrame, day: pd.Timestamp, within_days: int) -> pd.DataFrame:
    """Return who took places from whom by force in the days before a date."""
    rows = changes.sort_values(["place_id", "valid_from"])
    held = rows["to_actor"].mask(rows["to_actor"] == CONTESTED)
    before = held.groupby(rows["place_id"]).transform(lambda cells: cells.shift().ffill())
    rows = rows.assign(loser=rows["from_actor"].where(rows["from_actor"] != CONTESTED, before))
    by_force = rows["event"].isin(["captured", "recaptured", "surrendered"]) & (rows["to_actor"] != CONTESTED)
    recent = (rows["valid_from"] <= day) & (rows["valid_from"] > day - pd.Timedelta(days=within_days))
    rows = rows[by_force & recent & rows["loser"].notna() & ~rows["loser"].isin([UNKNOWN, "none"])]
    rows = rows[rows["loser"] != rows["to_actor"]]
    country = load_places().set_index("place_id")["country"]
    rows = rows.assign(country=rows["place_id"].map(country))
    told = [
        {
            "country": key[0],
            "actor_id": key[1],
            "other_id": key[2],
            "relation": "against",
            "basis": "took places from",
            "count": len(group),
            "first": group["valid_from"].min(),
            "last": group["valid_from"].max(),
            "source_ids": ";".join(sorted(set(group["source_id"].dropna()))),
        }
        for key, group in rows.groupby(["country", "to_actor", "loser"])
    ]
    return pd.DataFrame(told, columns=RELATIONS)

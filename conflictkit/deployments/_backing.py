"""Who backs whom, with dates; and who fights alongside and against whom, by country and date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from conflictkit.actors import CONTESTED, NOBODY
from conflictkit.deployments._presence import ASSUMED_DAYS, present, rule
from conflictkit.tables import tables_with

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pandas.api.typing import DataFrameGroupBy

    from conflictkit.dates import DateLike
    from conflictkit.tables import Tables

YEAR = 365  # days back in which a place taken by force still says that two actors are at war

BY_FORCE = ("captured", "recaptured", "surrendered")

PAIR = ["backer_id", "actor_id"]
BACKING = [
    *("backer_id", "backer", "actor_id", "actor", "side", "host_country", "evidence", "since", "last_report"),
    *("reports", "source_ids", "deployment_ids"),
]
RELATIONS = ["country", "actor_id", "other_id", "relation", "basis", "count", "first", "last", "source_ids"]


def backing_at(
    date: DateLike,
    *,
    tables: Tables | None = None,
    deployments: pd.DataFrame | None = None,
    assume_days: int | None = ASSUMED_DAYS,
) -> pd.DataFrame:
    """Return who backs whom on a day: the edges of a graph, each with its dates and pages.

    Parameters
    ----------
    date
        The day.
    tables
        The tables to look in; those that ship by default.
    deployments
        Rows of your own, like those of ``load_deployments``: short for ``tables.replace(deployments=...)``.
    assume_days
        For how many days a report without an end is taken to hold, as in ``deployments_at``.

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
        If the date cannot be read, or is not covered by the tables.
    TableError
        With every problem of the deployments passed.
    UnknownNameError
        If `assume_days` is no number of days.

    Notes
    -----
    "Backs" is what a page says: money, arms, advisers, aircraft or orders are not told apart. ``since`` is the first
    report in the table, not the beginning. For a graph, give ``backer_id`` and ``actor_id`` to a library as its edges.

    Examples
    --------
    >>> edges = backing_at("2017-11-03")
    >>> edges.loc[edges.backer_id == "russia", ["actor_id", "evidence", "since"]].head(2)
            actor_id evidence      since
    28         saa   report 2015-06-12
    29  saa_17_div   report 2017-09-05
    """
    used = tables_with(tables, deployments=deployments)
    day = used.day(date)
    here, too_old = present(day, used, assume_days)
    edges = _backing(day, here, used)
    edges.attrs = {"date": day, "rule": rule(assume_days), "rejected": too_old}
    return edges


def _backing(day: pd.Timestamp, here: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Return the rows of ``backing_at`` from the reports that count on a day."""
    # since when: the first report of all that names the pair, whether it still counts or not
    told = _edges(tables.deployments[tables.deployments["valid_from"] <= day])
    since = told.groupby(PAIR)["valid_from"].min().to_dict()
    found = [_edge(rows, "report", since) for _, rows in _edges(here).groupby(PAIR)]
    # what only the table of actors says has no date: for forces that are there, unless a report says it
    reported = {(row["backer_id"], row["actor_id"]) for row in found}
    actors = tables.actors[tables.actors["actor_id"].isin(here["actor_id"])]
    where = actors["actor_id"].map(here.groupby("actor_id")["host_country"].agg(_codes))
    standing = _edges(actors.assign(backers=actors["backed_by"], host_country=where, valid_from=None))
    found += [_edge(rows, "standing", {}) for pair, rows in standing.groupby(PAIR) if pair not in reported]
    edges = pd.DataFrame(found, columns=[name for name in BACKING if name not in {"backer", "actor", "side"}])
    about = tables.actors.set_index("actor_id")
    named = edges.astype({"since": "datetime64[us]", "last_report": "datetime64[us]"}).assign(
        backer=edges["backer_id"].map(about["name"]),
        actor=edges["actor_id"].map(about["name"]),
        side=edges["actor_id"].map(about["side"]),
    )
    return named[BACKING].sort_values(PAIR, ignore_index=True)


def _edges(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row per backer that a row names."""
    named = rows.dropna(subset=["backers"])
    return named.assign(backer_id=named["backers"].str.split(";")).explode("backer_id", ignore_index=True)


def _edge(rows: pd.DataFrame, evidence: str, since: Mapping[Any, Any]) -> dict[str, Any]:
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
        "source_ids": _joined(rows["source_id"]),
        "deployment_ids": _joined(rows["deployment_id"]) if evidence == "report" else "",
    }


def _joined(*cells: pd.Series) -> str:
    return ";".join(sorted({cell for column in cells for cell in column.dropna()}))


def _codes(cells: pd.Series) -> str:
    return ";".join(sorted({code for cell in cells.dropna() for code in cell.split(";")}))


def relations_at(
    date: DateLike,
    *,
    tables: Tables | None = None,
    changes: pd.DataFrame | None = None,
    deployments: pd.DataFrame | None = None,
    within_days: int = YEAR,
    assume_days: int | None = ASSUMED_DAYS,
) -> pd.DataFrame:
    """Return who fights alongside and against whom on a day, in each country.

    Parameters
    ----------
    date
        The day.
    tables, deployments, assume_days
        As in ``backing_at``.
    changes
        Rows of your own, like those of ``load_control_changes``: short for ``tables.replace(control_changes=...)``.
    within_days
        How far back a place that changed hands by force counts as evidence.

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
        If the date cannot be read, or is not covered by the tables.
    TableError
        With every problem of the deployments or changes passed.
    UnknownNameError
        If `assume_days` is no number of days.

    Notes
    -----
    Every row is evidence, none is a judgement: actors that share an enemy are not therefore allies, and actors without
    a row are not therefore at peace. A place that was contested in between counts as taken from whoever held it last.

    Examples
    --------
    >>> table = relations_at("2017-11-03")
    >>> fought = table[(table.country == "SY") & (table.relation == "against")]
    >>> print(fought[["actor_id", "other_id", "count"]].head(3).to_string(index=False))
    actor_id other_id  count
         hts     isis      3
         hts   rebels      8
        isis      hts      3
    """
    used = tables_with(tables, control_changes=changes, deployments=deployments)
    day = used.day(date)
    here = present(day, used, assume_days).rows
    parts = [_backs(_backing(day, here, used)), _together(here), _taken(used, day, within_days)]
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
    return _counted(pairs.groupby(["host_country", "actor_id", "actor_id_other"]), "alongside", "same offensive")


def _taken(tables: Tables, day: pd.Timestamp, within_days: int) -> pd.DataFrame:
    """Return who took places from whom by force in the days before a date."""
    rows = tables.control_changes.sort_values(["place_id", "valid_from"])
    # a place that was contested in between is taken from whoever held it last
    held = rows["to_actor"].mask(rows["to_actor"] == CONTESTED)
    before = held.groupby(rows["place_id"]).transform(lambda cells: cells.shift().ffill())
    loser = rows["from_actor"].where(rows["from_actor"] != CONTESTED, before)
    country = rows["place_id"].map(tables.places.set_index("place_id")["country"])
    rows = rows.assign(loser=loser, country=country)
    by_force = rows["event"].isin(BY_FORCE) & ~rows["to_actor"].isin(NOBODY)
    recent = (rows["valid_from"] <= day) & (rows["valid_from"] > day - pd.Timedelta(days=within_days))
    somebodys = loser.notna() & ~loser.isin(NOBODY) & (loser != rows["to_actor"])
    return _counted(
        rows[by_force & recent & somebodys].groupby(["country", "to_actor", "loser"]), "against", "took places from"
    )


def _counted(groups: DataFrameGroupBy[Any, Any], relation: str, basis: str) -> pd.DataFrame:
    """Return a row for each country and pair, from the rows that are evidence for it."""
    found = [
        {
            "country": country,
            "actor_id": actor,
            "other_id": other,
            "relation": relation,
            "basis": basis,
            "count": len(rows),
            "first": rows["valid_from"].min(),
            "last": rows["valid_from"].max(),
            "source_ids": _joined(*(rows[name] for name in ("source_id", "source_id_other") if name in rows)),
        }
        for (country, actor, other), rows in groups
    ]
    return pd.DataFrame(found, columns=RELATIONS)

"""Deployments as a map shows them: when each report counts, where it is drawn, and what makes one symbol."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conflictkit.actors import Hierarchy
from conflictkit.deployments._presence import NO_SIDE, has_position, presence_on, reports_of
from conflictkit.deployments._rollup import PEOPLE
from conflictkit.positions import ELLIPSOID, REPORTED_SHARE, Position, doubts_km, km_to
from conflictkit.ranges import ranges_of
from conflictkit.tables import tables_with
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from typing import Literal

    from numpy.typing import NDArray

    from conflictkit.tables import Tables

    Lines = Literal["parent", "backers"]

STRENGTHS = ["strength_low", "strength_best", "strength_high"]
LINES = ("parent", "backers")
# People from which a symbol is one size larger: a company or two, a division, an army. Ours: a map can tell four sizes.
BANDS = (20_000, 5_000, 500, 0)
WEST = 270.0  # degrees: where on its ring a force stands of which no other position says more

# The words of the column `role` by kind; a word that is not here is "other", an empty cell "unstated".
ROLES = {
    "fighting": ("offensive", "clearing", "raid", "special_operations", "reinforcement"),
    "holding": ("holding", "defence", "security", "containment", "deterrence"),
    "training": ("training", "advisory"),
    "fire": ("air_support", "fire_support"),
    "other": ("support", "backing", "base", "militia", "contractor", "withdrawal"),
}
KIND_OF = {role: kind for kind, roles in ROLES.items() for role in roles}
KIND_NAMES = {
    "fighting": "attacks, clears, raids",
    "holding": "holds or defends",
    "training": "trains, advises",
    "fire": "air or fire support",
    "other": "another role",
    "unstated": "role not stated",
}


def reports_for_map(
    deployments: pd.DataFrame | None = None, *, assume_days: int | None, tables: Tables | None = None
) -> pd.DataFrame:
    """Return every report with what a map needs to show it on any day.

    Parameters
    ----------
    deployments, tables
        As in ``deployments_at``.
    assume_days
        For how many days a report without an end is taken to hold, as in ``deployments_at``.

    Returns
    -------
    pandas.DataFrame
        One row per deployment, in the order of the table: its own columns with what is known of actor and place;
        ``start``, ``sure``, ``end`` (``intervals``) and ``end_known``; ``kind`` of the role; ``people`` (the figure by
        which a symbol has a size: of measure present, in people; missing otherwise); ``where`` in words; ``spot`` (what
        is drawn at one point); ``latitude``, ``longitude``, ``doubt_km``. A force that a page puts so many km from a
        place, and no page at a point, lies on a ring: ``ring_km`` around ``ring_latitude``, ``ring_longitude``, and
        its point is the one of the ring towards the nearest other force of its side at the time.
    """
    used = tables_with(tables, deployments=deployments)
    rows = reports_of(used, assume_days)
    counted = rows["measure"].eq("present") & rows["unit"].isin(PEOPLE)
    figure = rows["strength_best"].fillna(rows[["strength_low", "strength_high"]].mean(axis=1))
    rows = rows.assign(
        kind=kinds_of(rows["role"]),
        people=figure.where(counted),
        where=rows["place_name"].fillna(rows["host_country"].map(used.country_name)),
        side=rows["side"].fillna(NO_SIDE),
        doubt_km=doubts_km(rows["where_prec"]),
    )
    return _on_rings(rows, used.places).assign(spot=_spots)


def kinds_of(roles: pd.Series) -> pd.Series:
    """Return the kind of each role."""
    return roles.map(KIND_OF).mask(roles.notna() & ~roles.isin(list(KIND_OF)), "other").fillna("unstated")


def on_day(reports: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Return the reports that count on a day, with ``presence``: the rows of ``deployments_at``."""
    found = reports.assign(presence=presence_on(day, reports))
    return found[found["presence"].notna()]


def symbols_of(here: pd.DataFrame) -> pd.DataFrame:
    """Return the symbols of a day: one per force and point, from all of its reports there.

    Returns
    -------
    pandas.DataFrame
        One row per symbol, in the order of the table: the columns of its latest report; ``kind``, ``people`` and
        ``strength`` (in words) of the latest report that says so; ``presence`` (``assumed`` if all reports are);
        ``backers`` of all; ``deployment_ids``.
    """
    symbols = []
    for _, group in here[here["latitude"].notna()].groupby(["actor_id", "spot"], sort=False):
        late = group.sort_values("start", ascending=False, kind="stable")
        stated, counted = late[late["kind"] != "unstated"], late[late["people"].notna()]
        solid = late[late["presence"] != "assumed"]
        named = [name for cell in late["backers"].dropna() for name in cell.split(";")]
        symbols.append(
            late.iloc[0].to_dict()
            | {
                "kind": "unstated" if stated.empty else stated["kind"].iloc[0],
                "people": np.nan if counted.empty else float(counted["people"].iloc[0]),
                "strength": "" if counted.empty else str(ranges_of(counted, prefix="strength_")[0]),
                "presence": "assumed" if solid.empty else solid["presence"].iloc[0],
                "backers": ";".join(dict.fromkeys(named)),
                "deployment_ids": late["deployment_id"].tolist(),
            }
        )
    return pd.DataFrame(symbols, columns=[*here.columns, "strength", "deployment_ids"])


def lines_between(symbols: pd.DataFrame, kind: Lines, actors: pd.DataFrame) -> list[tuple[int, int]]:
    """Return which symbols to join: each force with the nearest position of what it belongs to, or is backed by.

    Parameters
    ----------
    symbols
        As ``symbols_of`` returns them.
    kind
        ``parent``: the force that it belongs to or, if that has no position, the next one above that has.
        ``backers``: each of those that its reports name, or the nearest part of one.
    actors
        Who belongs to whom.

    Returns
    -------
    list
        Pairs of row numbers; none for two symbols at one point.
    """
    hierarchy, names = Hierarchy.of(actors), list(symbols["actor_id"])
    found = []
    for number, (actor, backers) in enumerate(zip(names, symbols["backers"], strict=True)):
        if kind == "parent":
            above = next(([up] for up in hierarchy.line(actor)[1:] if up in names), [])
            wanted = [set(above)]
        else:
            wanted = [set(hierarchy.parts(backer)) for backer in backers.split(";") if backer]
        for others in wanted:
            near = _nearest(symbols, number, others - {actor})
            if near is not None:
                found.append((number, near))
    return list(dict.fromkeys(found))


def _nearest(symbols: pd.DataFrame, number: int, actors: set[str]) -> int | None:
    """Return the row of the nearest symbol of some forces; None if there is none, or it is at the same point."""
    rows = np.flatnonzero(symbols["actor_id"].isin(actors))
    if not len(rows):
        return None
    one = symbols.iloc[number]
    km = _km(float(one["latitude"]), float(one["longitude"]), symbols.iloc[rows])
    return int(rows[int(km.argmin())]) if km.min() > 0 else None


def _km(latitude: float, longitude: float, others: pd.DataFrame) -> NDArray[np.float64]:
    return km_to(Position("", latitude, longitude, 0.0), others["latitude"], others["longitude"])


def _on_rings(rows: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Give a point to the reports that only say how far off a place the force was, and the ring on which it lies."""
    known = places.set_index("place_id")
    ringed = rows["latitude"].isna() & has_position(rows, places)
    centre = known.reindex(rows["near_place_id"].where(ringed))
    rows = rows.assign(
        ring_km=rows["near_km"].astype(float).where(ringed),
        ring_name=centre["name"].to_numpy(),
        ring_latitude=centre["latitude"].to_numpy(dtype=float),
        ring_longitude=centre["longitude"].to_numpy(dtype=float),
    )
    pointed = rows[rows["latitude"].notna()]
    for index in rows.index[ringed]:
        row = rows.loc[index]
        y, x, km = float(row["ring_latitude"]), float(row["ring_longitude"]), float(row["ring_km"])
        # towards the others of its side, from whom it had come; those inside the ring say nothing of that
        same = pointed[(pointed["side"] == row["side"]) & _together(pointed, row)]
        same = same[_km(y, x, same) > km]
        bearing = WEST
        if len(same):
            toward = same.iloc[int(_km(y, x, same).argmin())]
            bearing = float(ELLIPSOID.inv(x, y, float(toward["longitude"]), float(toward["latitude"]))[0])
        x, y, _ = ELLIPSOID.fwd(x, y, bearing, 1000 * km)
        rows.loc[index, ["longitude", "latitude", "doubt_km"]] = [x, y, REPORTED_SHARE * km]
    return rows


def _together(rows: pd.DataFrame, row: pd.Series) -> pd.Series:
    """Whether each report counts on the first day of another."""
    together: pd.Series = (rows["start"] <= row["start"]) & ~(rows["end"] <= row["start"])
    return together


def _spots(rows: pd.DataFrame) -> pd.Series:
    """Return what tells one point from another: the place and the degrees."""
    columns = (rows[column].tolist() for column in ("where", "latitude", "longitude"))
    names = [f"{where} {latitude:.4f} {longitude:.4f}" for where, latitude, longitude in zip(*columns, strict=True)]
    return pd.Series(names, index=rows.index, dtype=TEXT)

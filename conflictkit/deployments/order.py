"""The order of battle of a day: sides, forces and their parts, with strengths rolled up under stated rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from conflictkit.deployments import trees
from conflictkit.deployments.presence import ASSUMED_DAYS, deployments_at
from conflictkit.deployments.ranges import DEPENDENCE, add_ranges, ranges_of
from conflictkit.deployments.rollup import PEOPLE, Sum, figures_of, roll_up
from conflictkit.deployments.sides import (
    actors_or_shipped,
    chain,
    known_side_or_raise,
    ordered_sides,
    parents_of,
    side_name,
)  # fmt: skip
from conflictkit.errors import PlaceError, nearest
from conflictkit.territory.history import to_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conflictkit.territory.history import DateLike

RULES = (
    f"Strengths: figures of measure present only, the latest of each force and place; {DEPENDENCE}. A force's own "
    "figure includes its parts at the same place. Forces without a figure add nothing."
)


@dataclass(frozen=True, eq=False, repr=False)
class OrderOfBattle:
    """The forces reported on a day, under those they belong to.

    Printed, it is a tree of text; in a notebook, one of HTML; ``frame`` has the numbers.

    Attributes
    ----------
    date
        The day.
    frame
        One row per side and force, each after the force that it belongs to: see ``order_of_battle``.
    rule
        In words how long reports without an end are taken to hold, and what is added.
    """

    date: pd.Timestamp
    frame: pd.DataFrame
    rule: str

    @property
    def title(self) -> str:
        """What is shown, for a heading."""
        return f"Order of battle on {self.date.day} {self.date:%B %Y}, as reported"

    def __str__(self) -> str:
        """Return the tree as text."""
        return trees.as_text(self.title, self.frame, self.rule)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """Return the tree as HTML, every text of the tables escaped."""
        return trees.as_html(self.title, self.frame, self.rule)


def order_of_battle(
    date: DateLike,
    side: str | None = None,
    *,
    place_id: str | Sequence[str] | None = None,
    assume_until: int | None = ASSUMED_DAYS,
    deployments: pd.DataFrame | None = None,
    places: pd.DataFrame | None = None,
    actors: pd.DataFrame | None = None,
) -> OrderOfBattle:
    """Return the tree of sides, forces and their parts on a day, with strengths rolled up.

    Parameters
    ----------
    date
        The day: anything that ``pandas.to_datetime`` reads.
    side
        One side of the table of actors, such as ``"iraq"``; None for all.
    place_id
        Only reports from this place, or these; None for all.
    assume_until
        For how many days a report without an end is taken to hold, as in ``deployments_at``.
    deployments, places, actors
        Frames as the ``load_*`` functions return them, which are the defaults.

    Returns
    -------
    OrderOfBattle
        Its ``frame`` has one row per side (``level`` 0, no ``actor_id``) and per force, depth first: ``side``,
        ``level``, ``actor_id``, ``name``, ``parent_id``; ``reported`` (false for a force that is there only through its
        parts), ``where``; ``own_low``, ``own_best``, ``own_high`` (its own figures of measure present, added) and
        ``strength_low``, ``strength_best``, ``strength_high`` (with its parts, in people); ``forces`` and
        ``with_figure`` (how many reported forces are in the branch, and how many have a figure); ``overlaps``
        (what is not added because a figure above includes it), ``not_added`` (figures of other measures or units),
        ``source_ids``. Lists are joined with ``;``.

    Raises
    ------
    DateError
        If the date cannot be read.
    UnknownNameError
        If there is no such side, or `assume_until` is no number of days.
    PlaceError
        If there is no report from such a place at any time.
    TableError
        If the caller's actors break their contract: an unknown parent, a circle.

    Notes
    -----
    Only figures of measure ``present`` are added, never totals, ceilings or cumulative figures, and only people. Of
    several reports of a force at a place the latest counts; figures of one day for one place become their common
    range. A force's figure at a place is taken to include its parts there, and a figure for a country those at places
    of the country: they are listed as overlaps and not added. What is added is added end by end, as if all figures
    were wrong in the same direction; a bound stays one-sided. Nothing is added across sides. A sum counts only
    forces with a figure, so read ``with_figure`` beside it.

    Examples
    --------
    >>> print(order_of_battle("2017-06-10", "sdf"))
    Order of battle on 10 June 2017, as reported
    Syrian Democratic Forces: 50,000 (2 of 2 forces with a figure)
    └─ Syrian Democratic Forces: 50,000 · Raqqa
       └─ People's Protection Units: 30,000 · Raqqa
    >>> order = order_of_battle("2017-11-03", "isis")
    >>> order.frame[["level", "name", "strength_low", "strength_high"]]
       level           name  strength_low  strength_high
    0      0  Islamic State        3500.0         5500.0
    1      1  Islamic State        3500.0         5500.0
    """
    who = actors_or_shipped(actors)
    if side is not None:
        known_side_or_raise(side, who)
    here = deployments_at(date, deployments, assume_until=assume_until, places=places, actors=who)
    rule = f"{here.attrs['rule']} {RULES}"
    if side is not None:
        here = here[here["side"] == side]
    if place_id is not None:
        here = _at_places(here, [place_id] if isinstance(place_id, str) else list(place_id), places, deployments)
    return OrderOfBattle(to_day(date), _frame(here, who), rule)


def _at_places(
    here: pd.DataFrame, wanted: list[str], places: pd.DataFrame | None, deployments: pd.DataFrame | None
) -> pd.DataFrame:
    from conflictkit.datasets import load_deployments, load_places

    known = {*(load_places() if places is None else places)["place_id"]}
    known |= {*(load_deployments() if deployments is None else deployments)["place_id"].dropna()}
    for place in wanted:
        if place not in known:
            msg = f"Unknown place {place!r}: load_places() lists them.{nearest(place, known)}"
            raise PlaceError(msg)
    return here[here["place_id"].isin(wanted)]


def _frame(here: pd.DataFrame, actors: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the tree."""
    parents, about = parents_of(actors), actors.drop_duplicates("actor_id").set_index("actor_id")
    present = set(here["actor_id"])
    listed = {name for actor in present for name in chain(actor, parents)}
    rank = {name: i for i, name in enumerate([*about.index, *sorted(listed - set(about.index))])}
    children: dict[str, list[str]] = {}
    for actor in sorted(listed, key=rank.__getitem__):
        children.setdefault(parents.get(actor, ""), []).append(actor)
    sums = roll_up(children.get("", []), children, figures_of(here))
    reports = {str(actor): rows for actor, rows in here.groupby("actor_id", sort=False)}
    sides = about["side"].reindex(sorted(listed)).fillna("other").to_dict()
    rows: list[dict[str, Any]] = []
    for side in ordered_sides(sides[top] for top in children.get("", [])):
        tops = [top for top in children[""] if sides[top] == side]
        whole = Sum(counted=[figure for top in tops for figure in sums[top].counted])
        rows.append(
            _row(side, 0, None, whole, here[here["actor_id"].isin(_branch(tops, children))]) | {"name": side_name(side)}
        )
        stack = [(top, 1) for top in reversed(tops)]
        while stack:
            actor, level = stack.pop()
            branch = here[here["actor_id"].isin(_branch([actor], children))]
            name = str(about["name"].get(actor, actor))
            own = {"name": name, "parent_id": parents.get(actor), **_own(reports.get(actor, here.iloc[:0]))}
            rows.append(_row(side, level, actor, sums[actor], branch) | own)
            stack += [(child, level + 1) for child in reversed(children.get(actor, []))]
    return pd.DataFrame(rows, columns=COLUMNS)


COLUMNS = [
    *("side", "level", "actor_id", "name", "parent_id", "reported", "where", "own_low", "own_best", "own_high"),
    *("strength_low", "strength_best", "strength_high", "forces", "with_figure", "overlaps", "not_added", "source_ids"),
]


def _branch(tops: list[str], children: dict[str, list[str]]) -> set[str]:
    """Return forces and everything below them."""
    found, stack = set[str](), list(tops)
    while stack:
        actor = stack.pop()
        found.add(actor)
        stack += children.get(actor, [])
    return found


def _row(side: str, level: int, actor: str | None, node: Sum, branch: pd.DataFrame) -> dict[str, Any]:
    """Return what a row says about the branch below it."""
    low, best, high = node.strength
    counted = figures_of(branch)
    return {
        "side": side,
        "level": level,
        "actor_id": actor,
        "reported": False,
        "strength_low": low,
        "strength_best": best,
        "strength_high": high,
        "own_low": add_ranges(figure.strength for figure in node.own).low,
        "own_best": add_ranges(figure.strength for figure in node.own).best,
        "own_high": add_ranges(figure.strength for figure in node.own).high,
        "forces": branch["actor_id"].nunique(),
        "with_figure": len(counted),
        "overlaps": "; ".join(node.overlaps),
        "where": "",
        "not_added": "",
        "source_ids": ";".join(sorted(set(branch["source_id"].dropna()))),
    }


def _own(reports: pd.DataFrame) -> dict[str, Any]:
    """Return what a force's own reports say, beside the figures that are added."""
    where = reports["place_name"].fillna(reports["place_id"]).fillna(reports["host_country"])
    other = ~(reports["measure"].eq("present") & reports["unit"].isin(PEOPLE))
    told = [
        f"{row.measure} {strength} {str(row.unit).replace('_', ' ')} ({row.valid_from:%Y-%m-%d}, {place})"
        for row, strength, place in zip(
            reports[other].itertuples(), ranges_of(reports[other]), where[other], strict=True
        )
        if strength.known
    ]
    return {"reported": len(reports) > 0, "where": "; ".join(sorted(set(where))), "not_added": "; ".join(told)}

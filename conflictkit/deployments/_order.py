"""The order of battle of a day: sides, forces and their parts, with strengths rolled up under stated rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from conflictkit.actors import Hierarchy, countries_in_words, known_side_or_raise, ordered_sides, side_name
from conflictkit.dates import in_words, iso, to_day
from conflictkit.deployments import _tree as trees
from conflictkit.deployments._presence import ASSUMED_DAYS, actors_or_shipped, deployments_at
from conflictkit.deployments._rollup import PEOPLE, Figure, Sum, figures_of, roll_up, strength_of
from conflictkit.errors import PlaceError, nearest
from conflictkit.ranges import DEPENDENCE, total

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from conflictkit.dates import DateLike

COLUMNS = [
    *("side", "level", "actor_id", "name", "parent_id", "reported", "where", "own_low", "own_best", "own_high"),
    *("strength_low", "strength_best", "strength_high", "forces", "with_figure", "overlaps", "not_added", "source_ids"),
]

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
        return f"Order of battle on {in_words(self.date)}, as reported"

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
    assume_days: int | None = ASSUMED_DAYS,
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
    assume_days
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
        ``source_ids`` (of a force's own reports; of a side's all). Lists are joined with ``;``.

    Raises
    ------
    DateError
        If the date cannot be read.
    UnknownNameError
        If there is no such side, or `assume_days` is no number of days.
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
    here = deployments_at(date, deployments, assume_days=assume_days, places=places, actors=who)
    rule = f"{here.attrs['rule']} {RULES}"
    here.attrs = {}  # pandas copies them at every step: a list of rows makes each ten times slower
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
    """Return the rows of the tree: each side, then its forces, depth first."""
    tree = _tree(here, actors)
    sums = roll_up(tree.children.get("", []), tree.children, tree.figures)
    tops = tree.children.get("", [])
    sides = {top: tree.side_of(top) for top in tops}
    rows: list[dict[str, Any]] = []
    for side in ordered_sides(sides.values()):
        own_tops = [top for top in tops if sides[top] == side]
        whole = Sum(counted=[figure for top in own_tops for figure in sums[top].counted])
        rows.append({"side": side, "level": 0, "name": side_name(side), **_branch(tree, own_tops, whole)})
        stack = [(top, 1) for top in reversed(own_tops)]
        while stack:
            actor, level = stack.pop()
            branch = _branch(tree, [actor], sums[actor])
            rows.append({"side": side, "level": level, **branch, **_own(tree, actor)})
            stack += [(child, level + 1) for child in reversed(tree.children.get(actor, []))]
    return pd.DataFrame(rows, columns=COLUMNS)


@dataclass(frozen=True)
class _Tree:
    """The forces of a day: their parts, their reports, and their figures of measure present."""

    names: dict[str, str]
    sides: dict[str, str]
    parents: Mapping[str, str]
    children: dict[str, list[str]]
    reports: dict[str, list[dict[str, Any]]]
    figures: dict[str, list[Figure]]

    def side_of(self, actor: str) -> str:
        """Return the side of a force; ``other`` if the table of actors gives none."""
        return self.sides.get(actor, "other")

    def branch(self, tops: Sequence[str]) -> list[str]:
        """Return forces and everything below them."""
        found, stack = [], list(tops)
        while stack:
            found.append(stack.pop())
            stack += self.children.get(found[-1], [])
        return found


def _tree(here: pd.DataFrame, actors: pd.DataFrame) -> _Tree:
    """Return the hierarchy of the forces in force, with those above them, in the order of the table of actors."""
    hierarchy = Hierarchy.of(actors)
    parents = hierarchy.parent
    reports: list[dict[str, Any]] = [{str(name): cell for name, cell in row.items()} for row in here.to_dict("records")]
    about = actors.drop_duplicates("actor_id")
    names = dict(zip(about["actor_id"], about["name"], strict=True))
    sides = {actor: side for actor, side in zip(about["actor_id"], about["side"], strict=True) if isinstance(side, str)}
    listed = {name for report in reports for name in hierarchy.line(report["actor_id"])}
    rank = {name: i for i, name in enumerate([*names, *sorted(listed - set(names))])}
    children: dict[str, list[str]] = {}
    for actor in sorted(listed, key=rank.__getitem__):
        children.setdefault(parents.get(actor, ""), []).append(actor)
    by_actor: dict[str, list[dict[str, Any]]] = {}
    for report in reports:
        by_actor.setdefault(report["actor_id"], []).append(report)
    return _Tree(names, sides, parents, children, by_actor, figures_of(reports))


def _branch(tree: _Tree, tops: Sequence[str], node: Sum) -> dict[str, Any]:
    """Return what a row says about the branch below it."""
    forces = [actor for actor in tree.branch(tops) if actor in tree.reports]
    sources = _pages(report for actor in forces for report in tree.reports[actor])
    return {
        "reported": False,
        "where": "",
        "not_added": "",
        **dict(zip(("strength_low", "strength_best", "strength_high"), node.strength.cells, strict=True)),
        **dict(zip(("own_low", "own_best", "own_high"), total(f.strength for f in node.own).cells, strict=True)),
        "forces": len(forces),
        "with_figure": sum(actor in tree.figures for actor in forces),
        "overlaps": "; ".join(node.overlaps),
        "source_ids": sources,
    }


def _own(tree: _Tree, actor: str) -> dict[str, Any]:
    """Return what is known of a force itself, and the figures of its reports that are not added."""
    who = {"actor_id": actor, "name": str(tree.names.get(actor, actor)), "parent_id": tree.parents.get(actor)}
    if actor not in tree.reports:
        return who | {"source_ids": ""}
    reports = tree.reports[actor]
    told = [
        f"{row['measure']} {strength_of(row)} {str(row['unit']).replace('_', ' ')} "
        f"({iso(row['valid_from'])}, {_where(row)})"
        for row in reports
        if strength_of(row).known and not (row["measure"] == "present" and row["unit"] in PEOPLE)
    ]
    own = {"reported": True, "source_ids": _pages(reports)}
    return who | own | {"where": "; ".join(sorted(set(map(_where, reports)))), "not_added": "; ".join(told)}


def _where(report: dict[str, Any]) -> str:
    """Return the place of a report in words, or its country."""
    names = (name for name in (report["place_name"], report["place_id"]) if isinstance(name, str))
    return next(names, countries_in_words(report["host_country"]))


def _pages(reports: Iterable[dict[str, Any]]) -> str:
    return ";".join(sorted({row["source_id"] for row in reports if isinstance(row["source_id"], str)}))

"""The order of battle of a day: sides, forces and their parts, with strengths rolled up under stated rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from conflictkit.dates import in_words, iso
from conflictkit.deployments._presence import ASSUMED_DAYS, NO_SIDE, present, rule
from conflictkit.deployments._rollup import Figure, Sum, counts, figures_of, roll_up
from conflictkit.errors import known
from conflictkit.html import Markup, as_written, join, link, said
from conflictkit.placenames import place_id_of
from conflictkit.prose import counted
from conflictkit.ranges import BOUNDS, DEPENDENCE, Range, ranges_of, total
from conflictkit.tables import tables_with
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from conflictkit.dates import DateLike
    from conflictkit.deployments._rollup import Report
    from conflictkit.tables import Tables


COLUMNS = [
    *("side", "level", "actor_id", "name", "parent_id", "reported", "where", "own_low", "own_best", "own_high"),
    *("strength_low", "strength_best", "strength_high", "forces", "with_figure", "overlaps", "not_added", "source_ids"),
    "deployment_ids",
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
    tables
        The tables that it was made from.
    """

    date: pd.Timestamp
    frame: pd.DataFrame
    rule: str
    tables: Tables

    @property
    def title(self) -> str:
        """What is shown, for a heading."""
        return f"Order of battle on {in_words(self.date)}, as reported"

    @property
    def words(self) -> str:
        """How long reports are taken to hold, and what is added."""
        return self.rule

    @property
    def rows(self) -> pd.DataFrame:
        """The reports behind the forces that have their own, as ``sources_of`` tells them."""
        own = self.frame.loc[self.frame["reported"], ["name", "deployment_ids"]]
        each = own.assign(deployment_id=own["deployment_ids"].str.split(";")).explode("deployment_id")
        told = each.merge(self.tables.deployments[["deployment_id", "source_id"]], on="deployment_id")
        rows = {"table": "deployments", "row_key": told["deployment_id"], "mark": "strength of " + told["name"]}
        return pd.DataFrame({**rows, "source_id": told["source_id"], "confidence": None}).astype(TEXT).drop_duplicates()

    def __str__(self) -> str:
        """Return the tree as text."""
        return as_text(self.title, self.frame, self.rule)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """Return the tree as HTML, every text of the tables escaped."""
        return str(as_written(as_html(self.title, self.frame, self.rule, self.tables.sources)))


def order_of_battle(
    date: DateLike,
    side: str | None = None,
    *,
    tables: Tables | None = None,
    deployments: pd.DataFrame | None = None,
    place_id: str | Sequence[str] | None = None,
    assume_days: int | None = ASSUMED_DAYS,
) -> OrderOfBattle:
    """Return the tree of sides, forces and their parts on a day, with strengths rolled up.

    Parameters
    ----------
    date
        The day asked for.
    side
        One side of the table of actors, such as ``"iraq"``; None for all.
    tables
        The tables to look in; those that ship by default.
    deployments
        Rows of your own, like those of ``load_deployments``: short for ``tables.replace(deployments=...)``.
    place_id
        Only reports from this place, or these; None for all.
    assume_days
        For how many days a report without an end is taken to hold, as in ``deployments_at``.

    Returns
    -------
    OrderOfBattle
        Its ``frame`` has one row per side (``level`` 0, no ``actor_id``) and per force, depth first: ``side``,
        ``level``, ``actor_id``, ``name``, ``parent_id``; ``reported`` (false for a force that is there only through its
        parts), ``where``; ``own_low``, ``own_best``, ``own_high`` (its own figures of measure present, added) and
        ``strength_low``, ``strength_best``, ``strength_high`` (with its parts, in people); ``forces`` and
        ``with_figure`` (how many reported forces are in the branch, and how many have a figure); ``overlaps``
        (what is not added because a figure above includes it), ``not_added`` (figures of other measures or units),
        ``source_ids`` and ``deployment_ids`` (of a force's own reports; of a side's all). Lists are joined with ``;``.

    Raises
    ------
    DateError
        If the date cannot be read, or is not covered by the tables.
    UnknownNameError
        If there is no such side, or `assume_days` is no number of days.
    PlaceError
        If there is no such place.
    TableError
        With every problem of the deployments passed.

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
    Syrian Democratic Forces: 30,000 (2 of 2 forces with a figure)
    └─ Syrian Democratic Forces: 30,000 · Syria
       └─ People's Protection Units: at most 30,000 · Syria
    >>> order = order_of_battle("2017-11-03", "isis")
    >>> order.frame[["level", "name", "strength_low", "strength_high"]]
       level           name  strength_low  strength_high
    0      0  Islamic State        3500.0         5500.0
    1      1  Islamic State        3500.0         5500.0
    """
    used = tables_with(tables, deployments=deployments)
    day = used.day(date)
    if side is not None:
        known("side", side, used.ordered_sides(used.actors["side"].dropna()))
    here = present(day, used, assume_days).rows
    if side is not None:
        here = here[here["side"] == side]
    if place_id is not None:
        wanted = [place_id] if isinstance(place_id, str) else list(place_id)
        here = here[here["place_id"].isin([place_id_of(place, used.places) for place in wanted])]
    return OrderOfBattle(day, _frame(here, used), f"{rule(assume_days)} {RULES}", used)


def _frame(here: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Return the rows of the tree: each side, then its forces, depth first."""
    forces = _Forces.of(here, tables)
    tops = forces.children.get("", [])
    sums = roll_up(tops, forces.children, forces.figures)
    sides = {top: tables.hierarchy.side.get(top, NO_SIDE) for top in tops}
    rows: list[dict[str, Any]] = []
    for side in tables.ordered_sides(sides.values()):
        own_tops = [top for top in tops if sides[top] == side]
        # nothing is added across sides; within one, its topmost forces are
        whole = Sum(counted=[figure for top in own_tops for figure in sums[top].counted])
        rows.append({"side": side, "level": 0, "name": tables.side_name(side), **_branch(forces, own_tops, whole)})
        rows += [{"side": side, **row} for top in own_tops for row in _depth_first(forces, top, 1, sums)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _depth_first(forces: _Forces, actor: str, level: int, sums: Mapping[str, Sum]) -> Iterator[dict[str, Any]]:
    """Yield the row of a force, then those of its parts."""
    yield {"level": level, **_branch(forces, [actor], sums[actor]), **_own(forces, actor)}
    for child in forces.children.get(actor, []):
        yield from _depth_first(forces, child, level + 1, sums)


@dataclass(frozen=True)
class _Forces:
    """The forces of a day and those above them: their parts, their reports, their figures of measure present."""

    names: Mapping[str, str]
    parents: Mapping[str, str]
    children: Mapping[str, list[str]]
    reports: Mapping[str, list[Report]]
    figures: Mapping[str, list[Figure]]

    @classmethod
    def of(cls, here: pd.DataFrame, tables: Tables) -> _Forces:
        """Return the forces that are reported, in the order of the table of actors."""
        where = here["place_name"].fillna(here["host_country"].map(tables.country_name))
        strengths = pd.Series(ranges_of(here, prefix="strength_"), index=here.index, dtype=object)
        rows: list[Report] = [
            {str(name): cell for name, cell in row.items()}
            for row in here.assign(where=where, strength=strengths).to_dict("records")
        ]
        reports: dict[str, list[Report]] = {}
        for row in rows:
            reports.setdefault(row["actor_id"], []).append(row)
        hierarchy, names = tables.hierarchy, dict(zip(tables.actors["actor_id"], tables.actors["name"], strict=True))
        shown = {above for actor in reports for above in hierarchy.line(actor)}
        children: dict[str, list[str]] = {}
        for actor in (name for name in names if name in shown):
            children.setdefault(hierarchy.parent.get(actor, ""), []).append(actor)
        return cls(names, hierarchy.parent, children, reports, figures_of(rows))

    def branch(self, tops: Sequence[str]) -> list[str]:
        """Return forces and everything below them."""
        found = list(tops)
        for actor in found:
            found += self.children.get(actor, [])
        return found


def _branch(forces: _Forces, tops: Sequence[str], node: Sum) -> dict[str, Any]:
    """Return what a row says about the branch below it."""
    reported = [actor for actor in forces.branch(tops) if actor in forces.reports]
    return {
        "reported": False,
        "where": "",
        "not_added": "",
        **_cells("strength", node.strength),
        **_cells("own", total(figure.strength for figure in node.own)),
        "forces": len(reported),
        "with_figure": sum(actor in forces.figures for actor in reported),
        "overlaps": "; ".join(node.overlaps),
        "source_ids": _pages(report for actor in reported for report in forces.reports[actor]),
        "deployment_ids": _keys(report for actor in reported for report in forces.reports[actor]),
    }


def _cells(what: str, figure: Range) -> dict[str, float]:
    return {f"{what}_{bound}": cell for bound, cell in zip(BOUNDS, figure.cells, strict=True)}


def _own(forces: _Forces, actor: str) -> dict[str, Any]:
    """Return what is known of a force itself, and the figures of its reports that are not added."""
    who = {"actor_id": actor, "name": forces.names[actor], "parent_id": forces.parents.get(actor)}
    if actor not in forces.reports:
        return who | {"source_ids": "", "deployment_ids": ""}
    reports = forces.reports[actor]
    not_added = [
        f"{row['measure']} {row['strength']} {row['unit'].replace('_', ' ')} ({iso(row['valid_from'])}, {row['where']})"
        for row in reports
        if row["strength"].known and not counts(row)
    ]
    return who | {
        "reported": True,
        "where": "; ".join(sorted({row["where"] for row in reports})),
        "not_added": "; ".join(not_added),
        "source_ids": _pages(reports),
        "deployment_ids": _keys(reports),
    }


def _pages(reports: Iterable[Report]) -> str:
    return ";".join(sorted({row["source_id"] for row in reports if isinstance(row["source_id"], str)}))


def _keys(reports: Iterable[Report]) -> str:
    return ";".join(sorted({row["deployment_id"] for row in reports}))


_LIST = Markup('<ul style="list-style: none; padding-left: 1.4em; margin: 0">{}</ul>')
_FOLD = Markup("<li><details open><summary>{}</summary>{}{}</details></li>")
_LEAF = Markup("<li>{}{}</li>")
_REMARK = Markup("<div><small>{}: {}</small></div>")
_HEAD = Markup("<p><strong>{}</strong></p>")
_EMPTY = "No force is reported."


def as_text(title: str, frame: pd.DataFrame, rule: str) -> str:
    """Return the rows of an order of battle as a tree of lines."""
    if frame.empty:
        return f"{title}\n{_EMPTY} {rule}"
    levels = frame["level"].tolist()
    return "\n".join([title, *(_branches(levels, i) + line for i, line in enumerate(_lines(frame)))])


def as_html(title: str, frame: pd.DataFrame, rule: str, sources: pd.DataFrame) -> Markup:
    """Return the rows of an order of battle as nested lists that fold, with overlaps, what is not added, and pages."""
    head = _HEAD.format(title)
    if frame.empty:
        return head + Markup("<p>{} {}</p>").format(_EMPTY, rule)
    rows = list(zip(frame["level"].tolist(), _lines(frame), _remarks(frame, sources), strict=True))
    return head + _items(rows, 0) + Markup("<p><small>{}</small></p>").format(rule)


def _items(rows: list[tuple[int, str, Markup]], level: int) -> Markup:
    """Return rows as a list: each of this level with those that follow it, up to the next one, inside."""
    at = [i for i, row in enumerate(rows) if row[0] == level]
    items = []
    for start, end in zip(at, [*at[1:], len(rows)], strict=True):
        _, line, remarks = rows[start]
        inside = rows[start + 1 : end]
        words = said(line)
        items.append(
            _FOLD.format(words, remarks, _items(inside, level + 1)) if inside else _LEAF.format(words, remarks)
        )
    return _LIST.format(join(items))


def _remarks(frame: pd.DataFrame, sources: pd.DataFrame) -> Iterator[Markup]:
    """Return what is said below each row: overlaps, figures that are not added, links to the pages."""
    pages = dict(zip(sources["source_id"], zip(sources["url"], sources["publisher"], strict=True), strict=True))
    columns = (frame[name] for name in ("overlaps", "not_added", "reported", "source_ids"))
    for overlaps, not_added, reported, source_ids in zip(*columns, strict=True):
        cited = [page for page in source_ids.split(";") if page and reported]
        links = join((link(*pages.get(page, ("", page))) for page in cited), ", ")
        remarks = (("overlap", overlaps), ("not added", not_added), ("pages", links))
        yield join(_REMARK.format(what, said(told)) for what, told in remarks if told)


def _lines(frame: pd.DataFrame) -> list[str]:
    """Return what each row says: name, strength, and where; of a side, how many forces have a figure."""
    lines = []
    for row, strength in zip(frame.to_dict("records"), ranges_of(frame, prefix="strength_"), strict=True):
        if row["level"] == 0:
            tail = f" ({row['with_figure']} of {counted(row['forces'], 'force')} with a figure)"
        else:
            tail = f" \N{MIDDLE DOT} {row['where'].replace('; ', ', ')}" if row["reported"] else ""
        lines.append(f"{row['name']}: {strength}{tail}")
    return lines


def _branches(levels: list[int], at: int) -> str:
    """Return the lines that lead to a row of the tree."""
    level, rest = levels[at], levels[at + 1 :]
    if level == 0:
        return ""

    def goes_on(depth: int) -> bool:
        """Whether a row of this depth follows before the branch above it ends."""
        return next((below for below in rest if below <= depth), 0) == depth

    through = "".join("\N{BOX DRAWINGS LIGHT VERTICAL}  " if goes_on(depth) else "   " for depth in range(1, level))
    return (
        through
        + ("\N{BOX DRAWINGS LIGHT VERTICAL AND RIGHT}" if goes_on(level) else "\N{BOX DRAWINGS LIGHT UP AND RIGHT}")
        + "\N{BOX DRAWINGS LIGHT HORIZONTAL} "
    )

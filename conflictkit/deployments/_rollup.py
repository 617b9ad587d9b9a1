"""Strengths up a hierarchy: what may be added, what a figure already includes, and what is left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from conflictkit.ranges import Range, envelope, total

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Report = Mapping[str, Any]  # a row of ``present``, with its ``strength`` and, in words, ``where``

PEOPLE = ("personnel", "fighters")  # two words for people; guns and divisions are never added to them


class Figure(NamedTuple):
    """The strength of one force at one place, or in a country where the report names no place."""

    actor_id: str
    actor_name: str
    at: str  # a place, or countries
    countries: frozenset[str]
    where: str  # the same in words
    strength: Range
    is_place: bool

    def includes(self, other: Figure) -> bool:
        """Whether a figure of the same force, or of one above, covers another: same place, or its country."""
        return self.at == other.at or (not self.is_place and other.countries <= self.countries)

    def __str__(self) -> str:
        """Name the force, the place and the strength."""
        return f"{self.actor_name} {self.strength} ({self.where})"


@dataclass
class Sum:
    """What is added up at one node of the hierarchy."""

    own: list[Figure] = field(default_factory=list)
    counted: list[Figure] = field(default_factory=list)
    overlaps: list[str] = field(default_factory=list)

    @property
    def strength(self) -> Range:
        """The sum of what is counted."""
        return total(figure.strength for figure in self.counted)


def counts(report: Report) -> bool:
    """Whether the figure of a report is one of people present, which alone are added."""
    return report["measure"] == "present" and report["unit"] in PEOPLE and report["strength"].known


def is_at_place(report: Report) -> bool:
    """Whether a report names a place, not only countries."""
    return isinstance(report["place_id"], str)


def figures_of(reports: Iterable[Report]) -> dict[str, list[Figure]]:
    """Return the latest figure of each force at each place, from reports of measure present that count people.

    Several figures of the same day are one number on which the pages disagree: their common range.
    """
    together: dict[tuple[str, str], list[Report]] = {}
    for report in filter(counts, reports):
        at = report["place_id"] if is_at_place(report) else report["host_country"]
        together.setdefault((report["actor_id"], at), []).append(report)
    found: dict[str, list[Figure]] = {}
    for (actor, at), rows in together.items():
        newest = max(row["valid_from"] for row in rows)
        latest = [row for row in rows if row["valid_from"] == newest]
        first = latest[0]
        figure = Figure(
            actor_id=actor,
            actor_name=first["actor_name"],
            at=at,
            countries=frozenset(first["host_country"].split(";")),
            where=first["where"],
            strength=envelope(row["strength"] for row in latest),
            is_place=is_at_place(first),
        )
        found.setdefault(actor, []).append(figure)
    return found


def roll_up(
    tops: Iterable[str], children: Mapping[str, list[str]], figures: Mapping[str, list[Figure]]
) -> dict[str, Sum]:
    """Return the sum at each force: its own figures, and those of its parts that its own do not include.

    Parameters
    ----------
    tops
        The forces to begin with.
    children
        The parts of each force.
    figures
        The figures of each force, as ``figures_of`` returns them.

    Returns
    -------
    dict
        By force: what is counted there, and in words what is not, because a figure above or around it includes it.
    """
    sums: dict[str, Sum] = {}

    def add(actor: str) -> Sum:
        parts = [add(child) for child in children.get(actor, [])]
        sums[actor] = _node(figures.get(actor, []), [figure for part in parts for figure in part.counted])
        return sums[actor]

    for top in tops:
        add(top)
    return sums


def _node(own: list[Figure], parts: list[Figure]) -> Sum:
    """Count a force's own figures, then those of its parts that none of its own includes."""
    node = Sum(own=own)
    # of its own, a figure for a place is inside one for the country
    wide = [figure for figure in own if not figure.is_place]
    for figure in own:
        around = [other for other in wide if other is not figure and other.includes(figure)]
        if around:
            node.overlaps.append(f"{around[0]} is taken to include {figure}")
        else:
            node.counted.append(figure)
    # of its parts, those at the same place or in the same country are inside
    covering = list(node.counted)
    for whole in covering:
        inside = [part for part in parts if whole.includes(part)]
        if inside:
            node.overlaps.append(_included(whole, inside))
    # a part wider than the whole may hold it, which nobody says: both are counted, and the reader is told
    free = [part for part in parts if not any(whole.includes(part) for whole in covering)]
    node.overlaps += [
        f"{part} may include {figure}: both are counted"
        for part in free
        for figure in covering
        if part.includes(figure)
    ]
    node.counted += free
    return node


def _included(whole: Figure, inside: list[Figure]) -> str:
    """Say what a figure is taken to include, and if the parts come to more."""
    together = total(part.strength for part in inside)
    more = f", although they come to {together}" if together.low > whole.strength.high else ""
    return f"{whole} is taken to include {', '.join(map(str, inside))}{more}"

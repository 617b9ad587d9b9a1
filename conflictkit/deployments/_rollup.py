"""Strengths up a hierarchy: what may be added, what a figure already includes, and what is left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from conflictkit.actors import countries_in_words
from conflictkit.ranges import BOUNDS, Range, envelope, total

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PEOPLE = ("personnel", "fighters")  # two words for people; guns and divisions are never added to them


class Figure(NamedTuple):
    """The strength of one force at one place, or in a country where the report names no place."""

    actor_id: str
    actor_name: str
    where: str  # a place, or countries
    countries: frozenset[str]
    in_words: str
    strength: Range
    is_place: bool

    def includes(self, other: Figure) -> bool:
        """Whether a figure of the same force, or of one above, covers another: same place, or its country."""
        return self.where == other.where or (not self.is_place and other.countries <= self.countries)

    def __str__(self) -> str:
        """Name the force, the place and the strength."""
        return f"{self.actor_name} {self.strength} ({self.in_words})"


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


def figures_of(reports: Iterable[Mapping[str, Any]]) -> dict[str, list[Figure]]:
    """Return the latest figure of each force at each place, from reports of measure present that count people.

    Several figures of the same day are one number on which the pages disagree: their common range.
    """
    at: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for report in reports:
        if report["measure"] == "present" and report["unit"] in PEOPLE and strength_of(report).known:
            is_place = isinstance(report["place_id"], str)
            at.setdefault((report["actor_id"], report["place_id" if is_place else "host_country"]), []).append(report)
    found: dict[str, list[Figure]] = {}
    for (actor, place), rows in at.items():
        newest = max(row["valid_from"] for row in rows)
        latest = [row for row in rows if row["valid_from"] == newest]
        first = latest[0]
        is_place = isinstance(first["place_id"], str)
        words = str(first["place_name"]) if is_place else countries_in_words(first["host_country"])
        name = first["actor_name"] if isinstance(first["actor_name"], str) else actor
        countries, strength = frozenset(first["host_country"].split(";")), envelope(map(strength_of, latest))
        found.setdefault(actor, []).append(Figure(actor, name, place, countries, words, strength, is_place))
    return found


def strength_of(report: Mapping[str, Any]) -> Range:
    """Return the strength of a report."""
    low, best, high = (float(report[f"strength_{bound}"]) for bound in BOUNDS)
    return Range(low, best, high)


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
    wide = [figure for figure in own if not figure.is_place]
    node = Sum(own=own)
    for figure in own:
        around = [other for other in wide if other is not figure and other.includes(figure)]
        if around:
            node.overlaps.append(f"{around[0]} is taken to include {figure}")
        else:
            node.counted.append(figure)
    covering = list(node.counted)
    for whole in covering:
        inside = [part for part in parts if whole.includes(part)]
        if inside:
            node.overlaps.append(_included(whole, inside))
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

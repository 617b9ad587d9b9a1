"""The steps of a story as a caller writes them, read against the tables: every problem told at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import pandas as pd

from conflictkit.charts._land import has_core, paints_for
from conflictkit.charts.changes import with_parts
from conflictkit.errors import ConflictkitError, PageError, known, shown
from conflictkit.maps._story import peak, story_area
from conflictkit.maps._subject import corners_of
from conflictkit.placenames import place_id_of
from conflictkit.territory import Level
from conflictkit.text import blank, writable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from conflictkit.charts._canvas import Extent
    from conflictkit.territory import Territory

    Corners = list[list[float]]

Read = TypeVar("Read")
KEYS = ("text", "date", "place", "extent", "actor_ids", "level")


@dataclass(frozen=True)
class Step:
    """One step: its words, and what the map shows beside them.

    Attributes
    ----------
    text
        Markdown.
    day, level
        What is shown, and what is counted.
    place
        Id of the place that is marked, or empty.
    extent
        As ``plot_territory`` takes it.
    corners
        South-west and north-east of it, latitude first; none for the whole.
    actor_ids
        Whose land has its colour; all where it is empty.
    """

    text: str
    day: pd.Timestamp
    level: Level
    place: str
    extent: Extent
    corners: Corners
    actor_ids: tuple[str, ...]


class Reading:
    """Reads one value after the other, and keeps what was wrong with each."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def tell(self, number: int, problem: object) -> None:
        """Keep a problem of a step."""
        self.problems.append(f"Step {number}: {problem}")

    def read(self, number: int, act: Callable[[], Read], instead: Read) -> Read:
        """Return what a reading finds; keep its problem, and go on with something else, where it refuses."""
        try:
            return act()
        except ConflictkitError as problem:
            self.tell(number, problem)
            return instead


def read_steps(steps: Sequence[Mapping[str, Any]], territory: Territory) -> list[Step]:
    """Return the steps of a story, each with all that it shows.

    Raises
    ------
    PageError
        With every problem of every step.
    """
    if isinstance(steps, (str, bytes, dict)) or not hasattr(steps, "__iter__"):
        msg = f"steps={shown(steps)} is no list: give one dict for each step, such as {{'text': 'The town falls'}}."
        raise PageError(msg)
    reading, found = Reading(), list[Step]()
    level: Level = "claimed"
    day = peak(story_area(territory, territory.dates, level), territory.dates)
    for number, step in enumerate(steps, 1):
        if not isinstance(step, dict):
            reading.tell(number, f"{shown(step)} is no dict with 'text' and any of {', '.join(KEYS[1:])}.")
            continue
        one = _step(step, number, reading, territory, day=day, level=level)
        day, level = one.day, one.level
        found.append(one)
    if not found and not reading.problems:
        reading.problems.append("There is no step: give one dict for each, such as {'text': 'The town falls'}.")
    if reading.problems:
        msg = "\n".join(["This story cannot be told:", *reading.problems])
        raise PageError(msg)
    return found


def _step(
    step: Mapping[str, Any], number: int, reading: Reading, territory: Territory, *, day: pd.Timestamp, level: Level
) -> Step:
    """Return one step; day and level are those of the step before where it names none."""
    for key in step:
        reading.read(number, lambda key=key: known("key", key, KEYS), None)  # type: ignore[misc]
    text, level_, place = step.get("text"), step.get("level"), step.get("place")
    if not isinstance(text, str) or blank(text) or not writable(text):
        reading.tell(number, f"text={shown(text)} is no text: say in Markdown what the step is about.")
    if level_ is not None:
        levels = get_args(Level) if has_core(territory) else ("claimed",)
        reading.read(number, lambda: known("level", level_, levels), None)
    asked = step.get("date")
    places = territory.tables.places
    found = "" if place is None else reading.read(number, lambda: place_id_of(place, places), "")
    extent = step.get("extent", found or None)
    return Step(
        text=str(text),
        day=day if asked is None else reading.read(number, lambda: territory.day(asked), day),
        level=level if level_ is None else level_,
        place=found,
        extent=extent,
        corners=reading.read(number, lambda: corners_of(territory, extent), list[list[float]]()),
        actor_ids=_actors(step.get("actor_ids"), number, reading, territory),
    )


def _actors(asked: object, number: int, reading: Reading, territory: Territory) -> tuple[str, ...]:
    """Return the holders whose land is in colour, with those that are drawn as part of them."""
    if asked is None:
        return ()
    if isinstance(asked, str) or not isinstance(asked, (list, tuple, set, frozenset, pd.Index, pd.Series)):
        such = f"such as [{territory.actor_ids[0]!r}]"
        reading.tell(number, f"actor_ids={shown(asked)} is no list: give ids of holders, {such}.")
        return ()
    paints, holders = paints_for(territory), territory.actor_ids
    for actor in asked:
        reading.read(number, lambda actor=actor: known("holder", actor, holders), None)  # type: ignore[misc]
    named = [actor for actor in asked if actor in holders]
    return tuple(dict.fromkeys(part for actor in named for part in with_parts(territory, actor, paints)))

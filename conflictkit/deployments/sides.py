"""Who belongs to whom: sides, forces, and the forces above and below them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conflictkit.datasets import load_actors
from conflictkit.errors import UnknownNameError, nearest
from conflictkit.schema import validate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

# The sides of the table of actors in words, in the order in which they are listed.
SIDE_NAMES = {
    "isis": "Islamic State",
    "iraq": "Government of Iraq and militias",
    "krg": "Kurdistan Region of Iraq",
    "coalition": "US-led coalition",
    "sdf": "Syrian Democratic Forces",
    "assad": "Government of Syria and allies",
    "rebels": "Syrian rebels",
    "turkey": "Turkey",
    "other": "Other groups",
}


COUNTRY_NAMES = {"IQ": "Iraq", "SY": "Syria"}


def countries_in_words(codes: str) -> str:
    """Return a cell of countries as words."""
    return " and ".join(COUNTRY_NAMES.get(code, code) for code in codes.split(";"))


def actors_or_shipped(actors: pd.DataFrame | None) -> pd.DataFrame:
    """Return the caller's actors, validated (a hierarchy with a circle has no top), or the shipped ones."""
    if actors is None:
        return load_actors()
    validate(actors, "actors")
    return actors


def ordered_sides(sides: Iterable[str]) -> list[str]:
    """Return sides without repeats: the known ones in their usual order, then the others by name."""
    known = list(SIDE_NAMES)
    return sorted(set(sides), key=lambda side: (known.index(side) if side in known else len(known), side))


def side_name(side: str) -> str:
    """Return a side in words."""
    return SIDE_NAMES.get(side, side)


def known_side_or_raise(side: str, actors: pd.DataFrame) -> None:
    """Raise if no actor is of that side."""
    sides = ordered_sides(actors["side"].dropna())
    if side not in sides:
        msg = f"Unknown side {side!r}: use one of {', '.join(sides)}.{nearest(side, sides)}"
        raise UnknownNameError(msg)


def known_actor_or_raise(actor_id: str, actors: pd.DataFrame) -> None:
    """Raise if there is no such actor."""
    ids = actors["actor_id"].tolist()
    if actor_id not in ids:
        msg = f"Unknown actor {actor_id!r}: load_actors() lists them.{nearest(actor_id, ids)}"
        raise UnknownNameError(msg)


def parents_of(actors: pd.DataFrame) -> dict[str, str]:
    """Return the parent of each actor that has one."""
    rows = actors.dropna(subset=["parent_id"])
    return dict(zip(rows["actor_id"], rows["parent_id"], strict=True))


def chain(actor_id: str, parents: Mapping[str, str]) -> list[str]:
    """Return an actor, its parent, and so on to the top."""
    up = [actor_id]
    while up[-1] in parents and parents[up[-1]] not in up:
        up.append(parents[up[-1]])
    return up


def below(actor_id: str, parents: Mapping[str, str], actors: Iterable[str]) -> set[str]:
    """Return an actor and all that have it above them."""
    return {actor for actor in actors if actor_id in chain(actor, parents)}

"""The table of actors that a question about forces uses: the caller's, validated, or the shipped one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conflictkit.datasets import load_actors
from conflictkit.schema import validate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd


def actors_or_shipped(actors: pd.DataFrame | None) -> pd.DataFrame:
    """Return the caller's actors, validated (a hierarchy with a circle has no top), or the shipped ones."""
    if actors is None:
        return load_actors()
    validate(actors, "actors")
    return actors


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

"""Who speaks: estimators without the names of their speakers, the side they belong to, and whom that side backs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conflictkit.datasets import load_actors, load_sources

if TYPE_CHECKING:
    import pandas as pd

# The person, the occasion or the page in brackets is not the estimator: CJTF-OIR (Col. Ryan Dillon), Russia (as cited).
ASIDE = r"\s*\([^)]*\)"
NO_SIDE = ""


def voices(rows: pd.DataFrame) -> pd.Series:
    """Return the estimator of each row without what stands in brackets: one voice, whoever spoke for it."""
    bare = rows["estimator"].str.replace(ASIDE, "", regex=True).str.strip()
    return bare.where(bare.ne(""), rows["estimator"])


def speakers(rows: pd.DataFrame, sources: pd.DataFrame | None = None) -> pd.Series:
    """Return the actor that each row speaks for: the estimator's or, without one, the party of the page; or empty."""
    pages = load_sources() if sources is None else sources
    party = rows["source_id"].map(pages.drop_duplicates("source_id").set_index("source_id")["party"])
    return rows["estimator_actor_id"].fillna(party).fillna(NO_SIDE).astype("str")


def sides(actors: pd.Series) -> pd.Series:
    """Return the side of each actor, as the table of actors groups them: the United States with the Coalition."""
    known = load_actors().dropna(subset=["side"]).set_index("actor_id")["side"]
    return actors.map(known).fillna(actors).astype("str")


def allies() -> frozenset[tuple[str, str]]:
    """Return the pairs of sides of which one backs the other."""
    actors = load_actors().dropna(subset=["side", "backed_by"])
    side = load_actors().dropna(subset=["side"]).set_index("actor_id")["side"].to_dict()
    pairs = {
        (own, side[backer])
        for own, backers in zip(actors["side"], actors["backed_by"], strict=True)
        for backer in backers.split(";")
        if backer in side
    }
    return frozenset(pairs | {(b, a) for a, b in pairs})

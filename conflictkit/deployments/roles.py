"""What a force is said to do, in a few kinds that a symbol can show."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

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


def kinds_of(roles: pd.Series) -> pd.Series:
    """Return the kind of each role."""
    return roles.map(KIND_OF).mask(roles.notna() & ~roles.isin(list(KIND_OF)), "other").fillna("unstated")

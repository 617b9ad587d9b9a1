"""How every picture looks, with the shipped tables where none is given. A bridge: pictures shall ask their tables."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from conflictkit import look, prose
from conflictkit.datasets import load_actors, load_sources
from conflictkit.dates import in_words, span_in_words
from conflictkit.look import (
    ABROAD,
    ADMIN,
    BODY,
    BORDER,
    FAINT,
    INK,
    LARGE,
    LIGHTEST_MARK,
    MUTED,
    PALER,
    RC,
    RIVER,
    SHORT,
    SMALL,
    STRANGER,
    TITLE,
    UNSURE,
    WATER,
    Paint,
    contrast,
    darkened,
    dots,
    folded,
    mix,
    tint,
)
from conflictkit.prose import listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd


__all__ = [
    "ABROAD",
    "ADMIN",
    "BODY",
    "BORDER",
    "COUNTRIES",
    "FAINT",
    "INK",
    "LARGE",
    "LIGHTEST_MARK",
    "MUTED",
    "PALER",
    "RC",
    "RIVER",
    "SCOPES",
    "SCOPE_NAMES",
    "SHORT",
    "SMALL",
    "STRANGER",
    "TITLE",
    "UNSURE",
    "WATER",
    "Paint",
    "contrast",
    "credit",
    "darkened",
    "day",
    "dots",
    "figures",
    "folded",
    "listed",
    "mix",
    "paints_of",
    "palette",
    "span",
    "tint",
]

COUNTRIES = {"IQ": "Iraq", "SY": "Syria"}
SCOPES = {frozenset({"IQ"}): "iraq", frozenset({"SY"}): "syria", frozenset({"IQ", "SY"}): "iraq_syria"}
SCOPE_NAMES = {"iraq": "Iraq", "syria": "Syria", "iraq_syria": "Iraq and Syria", "place": "single places"}

day, span = in_words, span_in_words


def palette(actors: pd.DataFrame | None = None) -> dict[str, Paint]:
    """Return the paint of every actor of a table; None for the shipped one."""
    return look.palette(load_actors() if actors is None else actors)


def paints_of(actor_ids: Iterable[str], actors: pd.DataFrame | None = None) -> dict[str, Paint]:
    """Return the paint of each actor, in order; None for the shipped table."""
    return look.paints_of(actor_ids, load_actors() if actors is None else actors)


def figures(rows: pd.DataFrame) -> list[str]:
    """Return each row's low, best and high as a reader would write them: 1,500-2,500, 3,000+, up to 850."""
    return [_figure(low, best, high) for low, best, high in rows[["low", "best", "high"]].to_numpy(dtype=float)]


def _figure(low: float, best: float, high: float) -> str:
    if not isnan(low) and not isnan(high):
        return f"{low:,.0f}\N{EN DASH}{high:,.0f}"
    if not isnan(best):
        return f"{best:,.0f}"
    return f"up to {high:,.0f}" if isnan(low) else f"{low:,.0f}+"


def credit(source_ids: pd.Series) -> str:
    """Return the end of a caption for ids of the shipped sources."""
    sources = load_sources()
    return prose.credit(sources[sources["source_id"].isin(set(source_ids.dropna()))])

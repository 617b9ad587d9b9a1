"""What was asked for: the call that drew a picture, kept with it."""

from __future__ import annotations

from functools import wraps
from inspect import signature
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

from conflictkit.charts.sources import captions_of
from conflictkit.dates import iso
from conflictkit.territory import Territory

if TYPE_CHECKING:
    from collections.abc import Callable

Draws = TypeVar("Draws", bound="Callable[..., Any]")
MOST = 60  # members of a list that a passport names


def recorded(function: Draws) -> Draws:
    """Keep the arguments of a function with the picture that it returns, for the passport."""
    form = signature(function)

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - those of the function
        made = function(*args, **kwargs)
        bound = form.bind(*args, **kwargs)
        bound.apply_defaults()
        asked = {name: plain(value) for name, value in bound.arguments.items() if name != "ax"}
        for mark in captions_of(made) or ():
            if not calls_of(mark):
                mark.calls = [{"function": function.__name__, **asked}]  # type: ignore[attr-defined] # of all that draw
        return made

    return call  # type: ignore[return-value] # wraps keeps the signature


def calls_of(mark: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - a caption or a map
    """Return the calls that drew what a caption is under."""
    return list(getattr(mark, "calls", []))


def plain(value: object) -> object:
    """Return an argument as JSON holds it: frames by their size, a territory by what it was built from."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, dict):
        return {str(name): plain(cell) for name, cell in value.items()}
    if isinstance(value, (list, tuple, set, frozenset, pd.Index, pd.Series, np.ndarray)):
        members = [plain(member) for member in value]
        return members if len(members) <= MOST else [*members[:MOST], f"{len(members) - MOST} more"]
    return _in_words(value)


def _in_words(value: object) -> object:
    """Return what stands for an argument that is a thing of ours."""
    if isinstance(value, pd.Timestamp):
        return iso(value)
    if isinstance(value, pd.DataFrame):
        return f"{len(value):,} rows"
    if isinstance(value, Territory):
        return {
            "scope": list(value.scope),
            "core_radius_km": value.core_radius_km,
            "min_confidence": value.min_confidence,
            "rows": len(value.control_changes),
            "left_out": len(value.left_out),
        }
    return str(value)

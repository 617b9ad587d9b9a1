"""The code that makes a view: calls built from literals, so that no text of a table becomes code."""

from __future__ import annotations

from numbers import Integral, Real
from typing import TYPE_CHECKING

import numpy as np

from conflictkit.html import Markup
from conflictkit.tables import Tables
from conflictkit.territory._gaps import NO_COORDINATES
from conflictkit.territory._land import CORE_RADIUS_KM

if TYPE_CHECKING:
    import pandas as pd

    from conflictkit.dates import DateLike
    from conflictkit.territory import Territory

FOLD = Markup("<details><summary>Code for this view</summary><pre>{}</pre></details>")


class Name(str):
    """A name of the code itself, written as it is; any other value is written as a literal."""

    __slots__ = ()


def literal(value: object) -> str:
    """Return a value as Python writes it: text in quotes with everything inside them escaped."""
    if isinstance(value, str):
        return str(value) if isinstance(value, Name) else repr(str(value))
    if value is None or isinstance(value, (bool, np.bool_, Real)):
        return _plain(value)
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{literal(key)}: {literal(item)}" for key, item in value.items()) + "}"
    msg = f"No literal for a {type(value).__name__}."
    raise TypeError(msg)


def _plain(value: object) -> str:
    """Return a number, a truth or nothing, those of numpy as Python's own."""
    if value is None or isinstance(value, (bool, np.bool_)):
        return repr(value if value is None else bool(value))
    if isinstance(value, Integral):
        return repr(int(value))
    number = float(str(value))
    return repr(number) if np.isfinite(number) else f"float({str(number)!r})"


def call(name: str, *values: object, **options: object) -> str:
    """Return a call with its values as literals."""
    written = [*map(literal, values), *(f"{key}={literal(value)}" for key, value in options.items())]
    return f"{name}({', '.join(written)})"


def day(date: pd.Timestamp | DateLike) -> str:
    """Return a day as the code writes it."""
    return f"{date:%Y-%m-%d}"


def territory_line(territory: Territory, *, by: str) -> str:
    """Return the line that makes a territory or, of what the code cannot have, says which one it is."""
    tables = Tables.shipped()
    countries = tuple(tables.borders["country"])
    own = not territory.has_places or territory.tables is not tables or not set(territory.scope) <= set(countries)
    if own or not territory.left_out["reason"].eq(NO_COORDINATES).all():
        return f"# territory: the one that you gave to {by}"
    options: dict[str, object] = {}
    if territory.scope != countries:
        options["scope"] = territory.scope
    if territory.core_radius_km != CORE_RADIUS_KM:
        options["core_radius_km"] = territory.core_radius_km
    return f"territory = {call('ck.Territory.from_places', **options)}"


def folded(code: str) -> str:
    """Return code as a block that opens."""
    return str(FOLD.format(code))

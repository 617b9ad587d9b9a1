"""The code that makes a view: calls built from literals, so that no text of a table becomes code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conflictkit.html import Markup

if TYPE_CHECKING:
    import pandas as pd

    from conflictkit.dates import DateLike

SHIPPED = "territory = ck.Territory.from_places()"
FOLD = Markup("<details><summary>Code for this view</summary><pre>{}</pre></details>")


class Name(str):
    """A name of the code itself, written as it is; any other value is written as a literal."""

    __slots__ = ()


def literal(value: object) -> str:
    """Return a value as Python writes it: text in quotes with everything inside them escaped."""
    if isinstance(value, Name):
        return str(value)
    if isinstance(value, str):
        return repr(str(value))
    if value is None or isinstance(value, (bool, int, float)):
        return repr(value)
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{literal(key)}: {literal(item)}" for key, item in value.items()) + "}"
    msg = f"No literal for a {type(value).__name__}."
    raise TypeError(msg)


def call(name: str, *values: object, **options: object) -> str:
    """Return a call with its values as literals."""
    written = [*map(literal, values), *(f"{key}={literal(value)}" for key, value in options.items())]
    return f"{name}({', '.join(written)})"


def day(date: pd.Timestamp | DateLike) -> str:
    """Return a day as the code writes it."""
    return f"{date:%Y-%m-%d}"


def territory_line(*, shipped: bool, by: str) -> str:
    """Return the line that makes the territory, or says which one it is."""
    return SHIPPED if shipped else f"# territory: the one that you gave to {by}"


def folded(code: str) -> str:
    """Return code as a block that opens."""
    return str(FOLD.format(code))

"""Cells that no file could hold, and columns of them, for the tests and for fuzz."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence


class Mute:
    """An object that cannot say what it is, nor be compared or put into a set."""

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        """Fail, as some objects do."""
        raise RuntimeError

    def __eq__(self, other: object) -> bool:
        """Fail too."""
        raise RuntimeError


def column(cells: Sequence[object]) -> np.ndarray:
    """Return cells as they are: pandas would unpack what is a list."""
    found = np.empty(len(cells), dtype="object")
    for at, cell in enumerate(cells):
        found[at] = cell
    return found


def objects(*cells: object) -> pd.Series:
    """Return cells as a column of objects."""
    return pd.Series(column(cells), dtype="object")

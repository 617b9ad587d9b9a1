"""Sums of cell areas by holder: array algebra, and the long frames made from it.

An area on a date is the sum of the cells that an actor holds, so a series needs no geometry: holders at each date times
the area of each cell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conflictkit.text import TEXT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ALL = "all"  # the scope that is all countries together


def area_by_holder(holders: NDArray[np.int16], areas: Floats, n_actors: int) -> Floats:
    """Sum areas by holder.

    Parameters
    ----------
    holders
        (S, P) number of the holder of each place in each state.
    areas
        (P, C) area of each place's cell in each country.
    n_actors
        Number of holders, A.

    Returns
    -------
    numpy.ndarray
        (S, C, A) area by state, country and holder.
    """
    n_states = len(holders)
    bins = (np.arange(n_states)[:, np.newaxis] * n_actors + holders).ravel()
    sums = [np.bincount(bins, np.tile(column, n_states), n_states * n_actors) for column in areas.T]
    return np.stack(sums, dtype=float).reshape(areas.shape[1], n_states, n_actors).swapaxes(0, 1)


def lost_by_holder(before: NDArray[np.int16], holders: NDArray[np.int16], areas: Floats, n_actors: int) -> Floats:
    """Sum the areas that each actor held before and does not hold now.

    Parameters
    ----------
    before
        (P,) number of the holder of each place at the start.
    holders
        (S, P) number of the holder in each later state.
    areas
        (P, C) area of each place's cell in each country.
    n_actors
        Number of holders, A.

    Returns
    -------
    numpy.ndarray
        (S, C, A) area by state, country and holder at the start.
    """
    held = before[:, np.newaxis] == np.arange(n_actors)
    footprint = areas[:, :, np.newaxis] * held[:, np.newaxis, :]
    return np.tensordot((holders != before).astype(float), footprint, axes=1)


def with_total(areas: Floats) -> Floats:
    """Add the sum over countries as a last entry of the second axis.

    Parameters
    ----------
    areas
        (S, C, A) area by state, country and holder.

    Returns
    -------
    numpy.ndarray
        (S, C + 1, A).
    """
    return np.concatenate([areas, areas.sum(axis=1, keepdims=True)], axis=1)


def long_frame(
    days: pd.DatetimeIndex, scopes: Sequence[str], actors: Sequence[str], *, level: str, **values: Floats
) -> pd.DataFrame:
    """Lay arrays over days, scopes and actors out as a tidy frame.

    Parameters
    ----------
    days, scopes, actors
        Labels of the three axes.
    level
        The one level of all rows.
    **values
        Arrays that broadcast to (days, scopes, actors), each a column.

    Returns
    -------
    pandas.DataFrame
        One row per day, scope and actor, in that order: ``date``, ``scope``, ``actor_id``, ``level`` and the values.
    """
    shape = len(days), len(scopes), len(actors)
    day, scope, actor = (axis.ravel() for axis in np.indices(shape))
    labels = {
        "date": days[day],
        "scope": pd.array(list(scopes), dtype=TEXT).take(scope),
        "actor_id": pd.array(list(actors), dtype=TEXT).take(actor),
        "level": pd.array([level], dtype=TEXT).take(np.zeros_like(day)),
    }
    return pd.DataFrame(labels | {name: np.broadcast_to(array, shape).ravel() for name, array in values.items()})

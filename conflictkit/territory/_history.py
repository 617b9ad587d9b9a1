"""Who held which place, day by day: a table of changes turned into a matrix of holders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

import numpy as np
import pandas as pd

from conflictkit.actors import UNKNOWN
from conflictkit.asof import joined_again
from conflictkit.schema import CONFIDENCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class History:
    """The holder of each place after each date on which something changes.

    P places, D dates, R rows in the table. State 0 is before the first date, state i is from date i - 1 on.

    Attributes
    ----------
    table
        The R rows, by ``valid_from`` and ``place_id``.
    place_ids
        (P,) the places, in the order of the columns below.
    actor_ids
        Every holder in alphabetical order, and ``unknown`` at the end.
    dates
        (D,) distinct days of the table, ascending.
    deciding
        (D + 1, P) number of the row that decides who holds a place; -1 before its first row.
    holders
        (D + 1, P) number of the holder in ``actor_ids``.
    """

    table: pd.DataFrame
    place_ids: tuple[str, ...]
    actor_ids: tuple[str, ...]
    dates: NDArray[np.datetime64]
    deciding: NDArray[np.int32]
    holders: NDArray[np.int16]

    @classmethod
    def from_table(cls, changes: pd.DataFrame, place_ids: Sequence[str], since: pd.Timestamp) -> History:
        """Build the matrices from a valid table of changes.

        Parameters
        ----------
        changes
            One row per place and date of change, in any order.
        place_ids
            The places to follow; each row of the table is about one of them.
        since
            The first day that is asked about: what rows before it say, holds from it on.

        Returns
        -------
        History
            States between the dates of the table.
        """
        table = changes.sort_values(["valid_from", "place_id"], ignore_index=True)
        days = np.maximum(table["valid_from"].to_numpy(dtype="datetime64[us]"), since.to_datetime64())
        dates, when = np.unique(days, return_inverse=True)
        where = pd.Index(place_ids).get_indexer(pd.Index(table["place_id"]))
        deciding = np.full((len(dates) + 1, len(place_ids)), -1, dtype=np.int32)
        np.maximum.at(deciding, (when + 1, where), table.index.to_numpy(dtype=np.int32))
        # rows are in date order, so the latest row so far is the largest number so far
        deciding = np.maximum.accumulate(deciding, axis=0)
        actor_ids = (*sorted(set(table["to_actor"]) - {UNKNOWN}), UNKNOWN)
        code_of_row = pd.Index(actor_ids).get_indexer(pd.Index(table["to_actor"]))
        codes = np.append(code_of_row, len(actor_ids) - 1)  # row -1, before the first one: unknown
        return cls(table, tuple(place_ids), actor_ids, dates, deciding, codes[deciding].astype(np.int16))

    @overload
    def state(self, days: pd.Timestamp) -> np.intp: ...
    @overload
    def state(self, days: pd.DatetimeIndex) -> NDArray[np.intp]: ...
    def state(self, days: pd.Timestamp | pd.DatetimeIndex) -> np.intp | NDArray[np.intp]:
        """Return the number of the state in force on each day; a change dated D counts from D on.

        Parameters
        ----------
        days
            One day, or several in any order.

        Returns
        -------
        int or numpy.ndarray
            First index into ``deciding`` and ``holders``.
        """
        return np.searchsorted(self.dates, days.to_numpy(), side="right")


def keep_confident(changes: pd.DataFrame, weakest: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Leave out the rows below a level of confidence and join the chain of holders again.

    Parameters
    ----------
    changes
        One row per place and date of change.
    weakest
        The weakest level of confidence to keep.

    Returns
    -------
    kept, left_out
        Both with the columns of the input. In ``kept``, ``from_actor`` is the holder that the previous kept row of the
        place names; ``unknown`` if a change has lost every row before it.
    """
    strong = changes["confidence"].isin(CONFIDENCE[: CONFIDENCE.index(weakest) + 1])
    return joined_again(changes, strong), changes[~strong].reset_index(drop=True)

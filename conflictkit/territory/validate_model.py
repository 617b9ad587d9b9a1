"""How well a table of places foretells a place that is left out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conflictkit.errors import TerritoryError, shown
from conflictkit.grid import left_out_weights
from conflictkit.tables import subject_of, tables_with
from conflictkit.territory._chances import GRID_KM, grid_of
from conflictkit.territory._places import Places

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from conflictkit.dates import DatesLike
    from conflictkit.geometry import Tessellation
    from conflictkit.tables import Tables
    from conflictkit.territory._land import Floats

LARGE = 0.2  # of the places: on days on which an actor holds fewer, to say that it holds none is nearly always right
CALIBRATION_BINS = np.array([0, 0.1, 0.3, 0.5, 0.7, 0.9, 1])


@dataclass(frozen=True, eq=False, repr=False)
class ModelScore:
    """How the model and two nulls foretell places that are left out.

    Attributes
    ----------
    actor_id
        Whose hold is foretold.
    scores
        One row per date and method: ``date``, ``method`` (natural_neighbour, nearest_place, count), ``accuracy``
        (share of places foretold right), ``brier`` (mean squared error of the probability; 0 is perfect).
    calibration
        One row per bin of probability: ``p_from``, ``p_to``, ``n``, ``p_mean``, ``observed`` (share held).
    """

    actor_id: str
    scores: pd.DataFrame
    calibration: pd.DataFrame

    def summary(self) -> pd.DataFrame:
        """Return the mean accuracy and Brier score of each method, one row per method, the model first."""
        order = self.scores["method"].unique()
        return self.scores.groupby("method")[["accuracy", "brier"]].mean().loc[order].reset_index()

    def __repr__(self) -> str:
        """Print the scores of the model beside those of the nulls."""
        table = self.summary().to_string(index=False, float_format="{:.3f}".format)
        dates = self.scores["date"].nunique()
        return f"Places left out one by one, held by {self.actor_id} or not, mean of {dates} dates:\n{table}"


def validate_model(
    changes: pd.DataFrame | None = None,
    places: pd.DataFrame | None = None,
    *,
    tables: Tables | None = None,
    actor_id: str | None = None,
    dates: DatesLike | None = None,
    grid_km: float = GRID_KM,
    actors: pd.DataFrame | None = None,
) -> ModelScore:
    """Return how well each place is foretold from all others, beside the nearest place and a plain count.

    Parameters
    ----------
    changes, places
        Frames as ``load_control_changes`` and ``load_places`` return them: the scores of your own table. Given alone
        they are a short form of ``tables.replace(...)``.
    tables
        The tables that belong together; ``Tables.shipped()`` by default.
    actor_id
        Whose hold is foretold: held by this actor, or not. By default that of the actor whom the story of the tables is
        about.
    dates
        Dates to score; None for the first of each quarter that the tables cover on which the actor holds a fifth of the
        places or more.
    grid_km
        Side of the squares that measure the areas.
    actors
        Who can hold a place, as ``load_actors`` returns them.

    Returns
    -------
    ModelScore
        ``scores``, ``calibration`` and a ``summary``.

    Raises
    ------
    TableError
        With every problem of a table that the caller brought.
    UnknownNameError
        If the actor holds no place in the table, or none is named and the tables tell nobody's story.
    DateError
        If a date cannot be read.
    TerritoryError
        If all places lie on one point, `grid_km` leaves no square or too many, or no date is named and the actor never
        holds much.

    Notes
    -----
    A place left out is farther from its neighbours than land is from places, so real squares do better. Places lie
    along fronts and are not independent: do not read the differences as significance. The nulls: ``nearest_place``
    takes the holder of the nearest other place (a Voronoi partition); ``count`` the share of other places held,
    wherever they are.

    Examples
    --------
    >>> from conflictkit import validate_model
    >>> validate_model(dates=["2015-01-05", "2016-07-04"]).summary().method.tolist()
    ['natural_neighbour', 'nearest_place', 'count']
    """
    whole = tables_with(tables, control_changes=changes, places=places, actors=actors)
    land = Places.of(whole)
    held_by = subject_of(whole, actor_id, land.actor_ids)
    days = pd.date_range(*whole.covers, freq="QS") if dates is None else whole.days(dates)
    held = land.history.holders[land.states(days)] == land.actor_ids.index(held_by)
    if dates is None:
        large = held.mean(axis=1) >= LARGE
        days, held = days[large], held[large]
        if days.empty:
            msg = f"{shown(held_by)} holds a fifth of the places on no first day of a quarter: give the dates to score."
            raise TerritoryError(msg)
    scores, calibration = _left_out_scores(land.tessellation, held, days, grid_km)
    return ModelScore(held_by, scores, calibration)


def _left_out_scores(
    tessellation: Tessellation, held: NDArray[np.bool_], days: pd.DatetimeIndex, grid_km: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Foretell each place from the others, and score it.

    Of (T, P) whether the actor holds each place on each day: one row per day and method, and one per bin of the
    natural-neighbour probability over all days.
    """
    sites = tessellation.sites
    if len(np.unique(sites, axis=0)) == 1:
        msg = "All places lie on one point: there is no other to foretell them from."
        raise TerritoryError(msg)
    weights = left_out_weights(sites, grid_of(tessellation.land, grid_km))
    other = _nearest_other(sites)
    truth = held.astype(float)
    count = truth.shape[1]
    guesses = {
        "natural_neighbour": np.asarray((weights @ truth.T).T),
        "nearest_place": truth[:, other],
        "count": (truth.sum(axis=1, keepdims=True) - truth) / (count - 1),
    }
    scores = [
        pd.DataFrame(
            {
                "date": days,
                "method": method,
                "accuracy": ((p > 0.5) == held).mean(axis=1),  # noqa: PLR2004 - more likely than not
                "brier": ((p - truth) ** 2).mean(axis=1),
            }
        )
        for method, p in guesses.items()
    ]
    return pd.concat(scores, ignore_index=True), _calibration(guesses["natural_neighbour"].ravel(), truth.ravel())


def _nearest_other(sites: Floats) -> NDArray[np.intp]:
    """Return the nearest site of each site on another point."""
    from scipy.spatial import KDTree

    distinct, first = np.unique(sites, axis=0, return_index=True)
    return first[np.asarray(KDTree(distinct).query(sites, k=2)[1])[:, 1]]


def _calibration(p: Floats, truth: Floats) -> pd.DataFrame:
    """Return, by bin of probability, how often it was so."""
    which = np.clip(np.searchsorted(CALIBRATION_BINS, p, side="left") - 1, 0, len(CALIBRATION_BINS) - 2)
    size = np.bincount(which, minlength=len(CALIBRATION_BINS) - 1)
    return pd.DataFrame(
        {
            "p_from": CALIBRATION_BINS[:-1],
            "p_to": CALIBRATION_BINS[1:],
            "n": size,
            "p_mean": np.bincount(which, p, len(size)) / np.maximum(size, 1),
            "observed": np.bincount(which, truth, len(size)) / np.maximum(size, 1),
        }
    )

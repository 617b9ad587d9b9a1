"""How well a table of places foretells a place that is left out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from conflictkit.dates import to_days
from conflictkit.errors import known
from conflictkit.territory.chances import GRID_KM, left_out_scores
from conflictkit.territory.model import Territory

if TYPE_CHECKING:
    from conflictkit.dates import DatesLike

# The first of each quarter while the Islamic State held land in both countries.
QUARTERS = tuple(pd.date_range("2014-07-01", "2017-10-01", freq="QS"))


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
    actor_id: str = "isis",
    dates: DatesLike = QUARTERS,
    grid_km: float = GRID_KM,
    actors: pd.DataFrame | None = None,
) -> ModelScore:
    """Return how well each place is foretold from all others, beside the nearest place and a plain count.

    Parameters
    ----------
    changes, places
        Frames as ``load_control_changes`` and ``load_places`` return them, which are the defaults: the scores of your
        own table.
    actor_id
        Whose hold is foretold: held by this actor, or not.
    dates
        Dates to score, anything that ``pandas.to_datetime`` reads.
    grid_km
        Side of the squares that measure the areas.
    actors
        Who can hold a place, as ``load_actors`` returns them, which are the default.

    Returns
    -------
    ModelScore
        ``scores``, ``calibration`` and a ``summary``.

    Raises
    ------
    TableError
        With every problem of a table that the caller brought.
    UnknownNameError
        If the actor holds no place in the table.
    DateError
        If a date cannot be read.
    TerritoryError
        If all places lie on one point, or `grid_km` leaves no square or too many.

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
    territory = Territory.from_places(changes, places, actors=actors)
    history = territory.history
    known("actor_id", actor_id, history.actor_ids)
    days = to_days(dates)
    held = history.holders[history.state(days)] == history.actor_ids.index(actor_id)
    scores, calibration = left_out_scores(territory.tessellation, held, days, grid_km)
    return ModelScore(actor_id, scores, calibration)

"""Places foretold from the others, on the shipped table and on a small one of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from inside import land_of

from conflictkit import Territory, load_control_changes, load_places, validate_model
from conflictkit.errors import DateError, TerritoryError, UnknownNameError

if TYPE_CHECKING:
    from conflictkit.territory.validate_model import ModelScore

# The first of each quarter while the Islamic State held a fifth of the places.
QUARTERS = pd.date_range("2014-07-01", "2017-07-01", freq="QS")


@pytest.fixture(scope="module")
def shipped() -> ModelScore:
    """Score the shipped table at its default dates."""
    return validate_model()


def own_table(points: list[tuple[float, float]], holders: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make the changes and places of a table in which nothing changes."""
    ids = [f"p{number:02}" for number in range(len(points))]
    lon, lat = np.array(points, dtype=float).T
    places = pd.DataFrame({"place_id": ids, "name": ids, "longitude": lon, "latitude": lat, "country": "IQ"})
    places = places.assign(where_prec="map_mark", kind="town").reindex(columns=load_places().columns)
    changes = pd.DataFrame({"place_id": ids, "to_actor": holders, "valid_from": pd.Timestamp("2014-01-01")})
    changes = changes.assign(from_actor="none", event="initial", control_status="control", date_prec="day")
    return changes.assign(confidence="confirmed").reindex(columns=load_control_changes().columns), places


def test_natural_neighbours_beat_both_nulls(shipped: ModelScore) -> None:
    """At least 0.915 right with a Brier score of at most 0.065, on a grid of 5 km."""
    summary = shipped.summary().set_index("method")
    model, voronoi, count = (summary.loc[name] for name in ("natural_neighbour", "nearest_place", "count"))
    assert summary.index.tolist() == ["natural_neighbour", "nearest_place", "count"]
    assert model.accuracy >= 0.915
    assert model.brier <= 0.065
    assert model.accuracy > voronoi.accuracy > count.accuracy
    assert model.brier < voronoi.brier < count.brier


def test_scores_are_by_date_and_method(shipped: ModelScore) -> None:
    """The nearest place is sure of itself, so its Brier score is its share of errors; the summary is the mean."""
    assert len(shipped.scores) == 3 * len(QUARTERS)
    assert set(shipped.scores.date) == set(QUARTERS)
    voronoi = shipped.scores[shipped.scores.method == "nearest_place"]
    assert voronoi.brier.to_numpy() == pytest.approx(1 - voronoi.accuracy.to_numpy())
    assert shipped.summary().accuracy[1] == pytest.approx(voronoi.accuracy.mean())


def test_nearest_place_null_is_the_holder_of_the_nearest_other_place(shipped: ModelScore) -> None:
    """Counted again from the distances of all places."""
    territory = Territory.from_places()
    sites = land_of(territory).tessellation.sites
    distance = np.hypot(*(sites[:, np.newaxis] - sites).transpose(2, 0, 1))
    np.fill_diagonal(distance, np.inf)
    held = territory.holders("2016-01-01").actor_id.to_numpy() == "isis"
    right = (held == held[distance.argmin(axis=1)]).mean()
    day = shipped.scores[shipped.scores.date == pd.Timestamp("2016-01-01")].set_index("method")
    assert day.accuracy["nearest_place"] == pytest.approx(right)
    rest = (held.sum() - held) / (len(held) - 1)
    assert day.brier["count"] == pytest.approx(((rest - held) ** 2).mean())


def test_calibration_counts_every_place_and_date(shipped: ModelScore) -> None:
    """What is called likely is held more often, bin by bin, and about as often as said."""
    table = shipped.calibration
    assert table.n.sum() == len(QUARTERS) * len(Territory.from_places().places)
    assert table.p_mean.between(table.p_from, table.p_to).all()
    assert table.observed.is_monotonic_increasing
    assert (table.observed - table.p_mean).abs().max() < 0.15
    model = shipped.scores[shipped.scores.method == "natural_neighbour"]
    held = (table.observed * table.n).sum() / table.n.sum()
    assert 0.2 < held < 0.7
    assert model.brier.mean() < held * (1 - held)


def test_score_prints_the_model_beside_the_nulls(shipped: ModelScore) -> None:
    """All three, with who, how many dates and both measures."""
    text = repr(shipped)
    assert "isis" in text
    assert "13 dates" in text
    for row in shipped.summary().itertuples():
        assert row.method in text
        assert f"{row.accuracy:.3f}" in text
        assert f"{row.brier:.3f}" in text


def test_other_actors_can_be_foretold() -> None:
    """The government is as foretellable as its enemy."""
    score = validate_model(actor_id="iraq_gov", dates="2016-01-01")
    assert score.actor_id == "iraq_gov"
    assert score.summary().accuracy[0] > 0.85


def test_own_small_table() -> None:
    """Two camps of a line of places: only the two at the front are in doubt."""
    changes, places = own_table(
        [(42.0, 33.5), (42.5, 33.5), (43.0, 33.5), (44.0, 33.5), (44.5, 33.5), (45.0, 33.5)],
        ["isis", "isis", "isis", "iraq_gov", "iraq_gov", "iraq_gov"],
    )
    summary = validate_model(changes, places, dates="2015-01-01").summary().set_index("method")
    assert summary.accuracy["nearest_place"] == 1
    assert summary.accuracy["count"] == 0
    assert summary.brier["count"] == pytest.approx(0.36)
    assert summary.accuracy["natural_neighbour"] == 1
    assert 0 < summary.brier["natural_neighbour"] < 0.1


def test_a_twin_does_not_give_its_place_away() -> None:
    """Places on one point are left out together, by the model and by the null of the nearest place."""
    points, holders = [(42.0, 33.5), (43.0, 33.5), (44.0, 33.5)], ["iraq_gov", "isis", "iraq_gov"]
    once = validate_model(*own_table(points, holders), dates="2015-01-01").scores.set_index("method")
    twice = validate_model(
        *own_table([*points, points[1]], [*holders, holders[1]]), dates="2015-01-01"
    ).scores.set_index("method")
    assert once.accuracy["nearest_place"] == pytest.approx(0)
    assert twice.accuracy["nearest_place"] == pytest.approx(0)
    assert once.accuracy["natural_neighbour"] == twice.accuracy["natural_neighbour"] == 0


def test_what_cannot_be_scored_is_refused() -> None:
    """One point, an actor who holds nothing, a date that is none, squares that are none."""
    with pytest.raises(TerritoryError, match="one point"):
        validate_model(*own_table([(44.0, 33.5), (44.0, 33.5)], ["isis", "isis"]))
    with pytest.raises(UnknownNameError, match="Did you mean 'isis'"):
        validate_model(actor_id="isil")
    with pytest.raises(DateError, match="soon"):
        validate_model(dates="soon")
    with pytest.raises(TerritoryError, match="grid_km"):
        validate_model(grid_km=0)

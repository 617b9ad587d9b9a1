"""People, transitions and comparisons on the shipped tables."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from conflictkit import Territory, load_actors, load_area_estimates, load_governorate_population
from conflictkit.errors import DateError, TableError, TerritoryError
from conflictkit.territory._residents import governorate_residents

SHARES = ["SOHR", "Jusoor for Studies"]


@pytest.fixture(scope="module")
def shipped() -> Territory:
    """Build the model of the shipped tables."""
    return Territory.from_places()


@pytest.fixture(scope="module")
def published() -> pd.DataFrame:
    """Load the published figures."""
    return load_area_estimates()


def figure(**cells: object) -> pd.DataFrame:
    """One published figure, laid out as the table; of the Islamic State in Syria unless said otherwise."""
    row = (
        load_area_estimates()
        .iloc[:1]
        .assign(
            estimate_id="made-up",
            as_of=pd.Timestamp("2016-07-04"),
            actor_id="isis",
            scope="SY",
            metric="area_held",
            low=np.nan,
            best=np.nan,
            high=np.nan,
            unit="km2",
            baseline_date=pd.NaT,
            control_definition="core",
            estimator="Somebody",
        )
    )
    return row.assign(**cells)


def figures(*rows: dict[str, object]) -> pd.DataFrame:
    """Several published figures."""
    return pd.concat([figure(**row) for row in rows], ignore_index=True)


# People


def test_people_under_the_islamic_state_in_2014_are_plausible(shipped: Territory) -> None:
    """RAND and the BBC said 9 to 11 million for October 2014; fair tolerance between publishers is 25 %."""
    people = shipped.people("2014-10-15").set_index(["scope", "actor_id"])
    isis = people.loc["all", "isis"]
    assert 9e6 * 0.75 < isis.people_prewar < 11e6 * 1.25
    assert isis.people_prewar_lo <= isis.people_prewar <= isis.people_prewar_hi
    assert people.loc["IQ", "isis"].people_prewar > 2.5e6  # Nineveh and Anbar alone had 4.7 million
    assert people.loc["all", "iraq_gov"].people_prewar > 15e6


def test_people_of_the_scope_are_the_official_totals(shipped: Territory) -> None:
    """Invariant 12 on the shipped tables: at every date, in each country and in all."""
    people = shipped.people()
    official = governorate_residents(shipped.tables).groupby("country").residents.sum()
    sums = people.pivot_table(index="date", columns="scope", values="people_prewar", aggfunc="sum")
    assert len(sums) > 350
    for country in ("IQ", "SY"):
        assert sums[country].to_numpy() == pytest.approx(np.full(len(sums), official[country]), rel=1e-9)
    assert sums["all"].to_numpy() == pytest.approx(np.full(len(sums), official.sum()), rel=1e-9)
    iraq = load_governorate_population().query("country == 'IQ' and unit == 'persons'").value.sum()
    assert official["IQ"] == iraq
    assert (people.people_prewar_lo <= people.people_prewar_hi).all()
    assert people.groupby(["date", "scope"]).share.sum().to_numpy() == pytest.approx(np.ones(3 * len(sums)))


def test_people_of_one_country_are_the_same_in_a_narrower_scope(shipped: Territory) -> None:
    """The scope narrows who is counted, not who holds what: to the people of a border square."""
    syria = Territory.from_places(scope=("SY",)).people("2016-01-01").query("scope == 'SY'").set_index("actor_id")
    both = shipped.people("2016-01-01").query("scope == 'SY'").set_index("actor_id").loc[syria.index]
    assert syria.people_prewar.to_numpy() == pytest.approx(both.people_prewar.to_numpy(), abs=20_000)


def test_changes_say_how_many_people_each_one_moved(shipped: Territory) -> None:
    """Mosul and Raqqa count for more than a desert crossing; the sum is the difference of two dates."""
    moved = shipped.changes("2014-01-01", "2014-12-31")
    isis = moved[moved.to_actor == "isis"].people_prewar.sum() - moved[moved.from_actor == "isis"].people_prewar.sum()
    before, after = (
        shipped.people(day).set_index(["scope", "actor_id"]).people_prewar["all", "isis"]
        for day in ("2014-01-01", "2014-12-31")
    )
    assert after - before == pytest.approx(isis)
    assert (moved.people_prewar >= 0).all()


# Transitions


def test_transitions_name_who_took_what_from_whom(shipped: Territory) -> None:
    """From the summer of 2014 to its end: the Islamic State loses to the government, the largest row first."""
    taken = shipped.transitions("2014-09-01", "2018-01-01")
    lost = taken[(taken.from_actor == "isis") & (taken.to_actor != "isis")].set_index("to_actor")
    assert {"iraq_gov", "syria_gov", "sdf"} <= set(lost.index)
    assert taken.claimed_km2.is_monotonic_decreasing
    assert (taken.core_km2 <= taken.claimed_km2 + 1e-6).all()
    assert taken.places.sum() == len(shipped.places)
    assert taken.people_prewar.sum() == pytest.approx(governorate_residents(shipped.tables).residents.sum())


def test_transitions_of_one_date_keep_everything(shipped: Territory) -> None:
    """Nobody takes anything from anybody; the rows are the areas."""
    kept = shipped.transitions("2016-01-01", "2016-01-01")
    assert (kept.from_actor == kept.to_actor).all()
    area = shipped.area("2016-01-01").query("scope == 'all' and area_km2 > 0").set_index("actor_id").area_km2
    assert kept.set_index("to_actor").claimed_km2.sort_index().to_numpy() == pytest.approx(area.sort_index().to_numpy())


# Comparison


def test_core_and_claimed_are_not_mixed(shipped: Territory, published: pd.DataFrame) -> None:
    """The message names both and says what to do."""
    with pytest.raises(TerritoryError, match=r"core .*claimed .*control_definition == 'core'"):
        shipped.compare(published)


def test_figures_without_a_definition_are_not_compared(shipped: Territory, published: pd.DataFrame) -> None:
    """A table in which no row says what it measured has no answer; nor has one without the columns."""
    with pytest.raises(TerritoryError, match="control_definition"):
        shipped.compare(published[published.control_definition == "unstated"])
    with pytest.raises(TableError, match="lacks metric"):
        shipped.compare(published.drop(columns="metric"))


@pytest.mark.parametrize("level", ["core", "claimed"])
def test_every_row_is_answered_or_rejected_with_a_reason(
    shipped: Territory, published: pd.DataFrame, level: str
) -> None:
    """Together they are all rows, each once; and the input is as it was."""
    rows = published[published.control_definition.isin([level, "unstated"])]
    before = rows.copy()
    compared = shipped.compare(rows, draws=2)
    rejected = pd.DataFrame(compared.attrs["rejected"])
    assert sorted([*compared.estimate_id, *rejected.estimate_id]) == sorted(rows.estimate_id)
    assert rejected.reason.str.len().gt(10).all()
    unstated = rows[rows.control_definition == "unstated"].estimate_id
    assert set(unstated) <= set(rejected.estimate_id)
    assert (compared.level == level).all()
    assert np.isfinite(compared[["model_value", "model_lo", "model_hi", "error"]]).all(axis=None)
    pd.testing.assert_frame_equal(rows, before)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"metric": "population_held"}, "no figure of this metric"),
        ({"scope": "global"}, "not the scope"),
        ({"scope": "IQ;SY"}, "not the scope"),
        ({"metric": "share_of_peak_lost"}, "without a baseline"),
        ({"actor_id": "pkk"}, "holds nothing"),
        ({"as_of": pd.Timestamp("2013-06-30")}, "before the first one"),
    ],
)  # fmt: skip
def test_what_the_model_cannot_answer_is_rejected(cells: dict[str, object], reason: str) -> None:
    """Each reason by a row of its own, beside one that is answered; Syria alone is modelled."""
    compared = Territory.from_places(scope=("SY",)).compare(
        figures({"best": 30_000.0}, {"best": 1.0, **cells}), draws=2
    )
    assert len(compared) == 1
    (rejected,) = compared.attrs["rejected"]
    assert reason in rejected["reason"]


def test_nothing_answered_is_an_empty_frame_with_the_reasons(shipped: Territory) -> None:
    """Not an error: the table was of one definition."""
    compared = shipped.compare(figure(metric="population_held"), draws=2)
    assert len(compared) == 0
    assert len(compared.attrs["rejected"]) == 1
    assert {"model_value", "error", "within", "published_spread"} <= set(compared.columns)


def test_model_values_are_those_of_the_series(shipped: Territory) -> None:
    """Area, share of a country, and loss in the Coalition's sense, each in the unit of its row."""
    peak, day = pd.Timestamp("2014-08-08"), pd.Timestamp("2016-07-04")
    rows = figures(
        {"best": 1.0},
        {"metric": "share_of_country_held", "unit": "percent", "best": 1.0},
        {"metric": "share_of_peak_lost", "unit": "percent", "best": 1.0, "baseline_date": peak},
        {"metric": "area_freed", "best": 1.0, "baseline_date": peak},
        {"scope": "IQ;SY", "best": 1.0},
        {"scope": "IQ", "best": 1.0},
    )
    values = shipped.compare(rows, draws=2).model_value
    area = shipped.area(day, level="core").set_index(["scope", "actor_id"])
    loss = shipped.loss_since(peak, day, level="core").set_index(["scope", "actor_id"])
    assert values.tolist() == pytest.approx(
        [
            area.area_km2["SY", "isis"],
            area.share["SY", "isis"] * 100,
            loss.lost_share["SY", "isis"] * 100,
            loss.lost_km2["SY", "isis"],
            area.area_km2["all", "isis"],
            area.area_km2["IQ", "isis"],
        ]
    )


def test_bands_of_a_comparison_are_those_of_the_series(shipped: Territory) -> None:
    """Same draws, same seed, same percentiles."""
    compared = shipped.compare(figure(best=1.0), draws=7, seed=5).iloc[0]
    series = shipped.area("2016-07-04", level="core", bands=True, draws=7, seed=5).set_index(["scope", "actor_id"])
    assert compared.model_lo == pytest.approx(series.area_lo_km2["SY", "isis"])
    assert compared.model_hi == pytest.approx(series.area_hi_km2["SY", "isis"])


def test_published_figures_of_an_actor_count_its_parts(shipped: Territory) -> None:
    """Rebels with those that Turkey backs."""
    row = figure(actor_id="rebels", best=1.0, as_of=pd.Timestamp("2018-06-01"), control_definition="claimed")
    area = shipped.area("2018-06-01").query("scope == 'SY'").set_index("actor_id").area_km2
    parts = load_actors().query("parent_id == 'rebels'").actor_id
    assert area.reindex(parts).sum() > 100
    value = shipped.compare(row, draws=1).model_value[0]
    assert value == pytest.approx(area["rebels"] + area.reindex(parts).sum())


@pytest.mark.parametrize(
    ("bounds", "error"),
    [
        ({"low": 0.5, "high": 2.0}, 0.0),
        ({"low": 0.5}, 0.0),
        ({"high": 2.0}, 0.0),
        ({"best": 1.0}, 0.0),
        ({"best": 0.8}, 0.25),
        ({"low": 1.25, "high": 2.0}, -0.2),
        ({"low": 0.1, "best": 0.2, "high": 0.5}, 1.0),
        ({"high": 0.0}, np.inf),
    ],
)
def test_error_is_relative_to_the_nearest_published_value(
    shipped: Territory, bounds: dict[str, float], error: float
) -> None:
    """0 inside a range or on the right side of a bound; bounds here are multiples of the model's figure."""
    area = shipped.area("2016-07-04", level="core").set_index(["scope", "actor_id"]).area_km2["SY", "isis"]
    row = figure(**{name: factor * area for name, factor in bounds.items()})
    compared = shipped.compare(row, draws=20).iloc[0]
    assert compared.error == pytest.approx(error)
    assert compared.within == (abs(error) < 0.1)


def test_no_land_where_none_is_published_is_no_error(shipped: Territory) -> None:
    """0 of 0, for an actor who holds land later."""
    compared = shipped.compare(figure(actor_id="turkey_rebels", scope="IQ", high=0.0), draws=3).iloc[0]
    assert compared.model_value == 0
    assert compared.error == 0
    assert compared.within


def test_spread_between_publishers_of_one_figure(shipped: Territory) -> None:
    """The same date, actor, area, metric and baseline; a figure of another baseline is another figure."""
    base = {"metric": "share_of_peak_lost", "unit": "percent"}
    compared = shipped.compare(
        figures(
            {"estimator": "A", "best": 30_000.0},
            {"estimator": "B", "low": 25_000.0, "high": 34_000.0},
            {"estimator": "C", "low": 36_000.0},
            {"estimator": "A", "best": 60_000.0, "scope": "IQ;SY"},
            {"estimator": "A", "best": 20.0, "baseline_date": pd.Timestamp("2014-08-08"), **base},
            {"estimator": "B", "best": 12.0, "baseline_date": pd.Timestamp("2015-01-05"), **base},
        ),
        draws=1,
    )
    assert compared.publishers.tolist() == [3, 3, 3, 1, 1, 1]
    assert compared.published_spread.tolist() == [11_000.0] * 3 + [0.0] * 3


def test_claimed_shares_of_syria_are_near_sohr_and_jusoor(shipped: Territory, published: pd.DataFrame) -> None:
    """Within 5 points on average for the Islamic State and for the SDF, with no fitted parameter."""
    rows = published[
        published.estimator.isin(SHARES)
        & published.actor_id.isin(["isis", "sdf"])
        & published.metric.eq("share_of_country_held")
        & published.control_definition.eq("claimed")
    ]
    compared = shipped.compare(rows, draws=2)
    floor, roof = compared.low.fillna(compared.best), compared.high.fillna(compared.best.fillna(np.inf))
    points = (compared.model_value - compared.model_value.clip(floor, roof)).abs()
    by_actor = points.groupby(compared.actor_id).agg(["mean", "size"])
    assert by_actor["size"].min() >= 4
    assert (by_actor["mean"] <= 5).all()
    assert points.max() <= 10


def test_core_is_near_ihs(shipped: Territory, published: pd.DataFrame) -> None:
    """Within 12 % at each date and 6 % on average, without touching the radius."""
    ihs = published[published.estimator.eq("IHS Conflict Monitor") & published.metric.eq("area_held")]
    compared = shipped.compare(ihs, draws=2)
    assert len(compared) == 8
    assert compared.error.abs().max() <= 0.12
    assert compared.error.abs().mean() <= 0.06


def test_what_cannot_be_asked_is_refused(shipped: Territory) -> None:
    """No date, no draw, and nothing is changed by asking."""
    with pytest.raises(DateError):
        shipped.people("later")
    with pytest.raises(DateError):
        shipped.transitions("2014-01-01", "later")
    with pytest.raises(TerritoryError, match="draws=0"):
        shipped.compare(figure(best=1.0), draws=0)
    assert len(shipped.people([])) == 0
    assert not isinstance(shipped.people("2015-01-01"), gpd.GeoDataFrame)

"""The audit: the planted and the real errors are found, and consistent series raise no alarm."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import conflictkit as ck

if TYPE_CHECKING:
    from collections.abc import Callable

    Make = Callable[..., pd.DataFrame]

LAND = ck.audit_estimates(ck.load_area_estimates())
ESTIMATES = ck.load_fighter_estimates()
FIGHTERS = ck.audit_estimates(ESTIMATES)
BASE = {"estimator": "A", "best": 101_300, "as_of": "2015-01-05"}
LATER = {"estimator": "A", "as_of": "2015-06-29"}
LOST = {**LATER, "metric": "share_lost_since_baseline", "unit": "percent", "baseline_date": "2015-01-05"}


def wrong(audit: pd.DataFrame) -> list[tuple[str, str]]:
    """Return check and verdict of each sum that does not come out."""
    bad = audit[audit["verdict"].isin(["denominator mismatch", "impossible"])]
    return list(bad[["check", "verdict"]].itertuples(index=False, name=None))


def told(audit: pd.DataFrame, words: str) -> pd.Series:
    """Return the one finding whose sum has some words."""
    (row,) = [row for _, row in audit[audit["sum"].str.contains(words, regex=False)].iterrows()]
    return row


def test_the_baseline_of_june_2015() -> None:
    """82,940 after 9.4 % lost implies 91,545, not 90,800."""
    row = told(LAND, "82,940 after a loss of 9.4 % implies 91,545 before, not 90,800")
    assert (row["verdict"], row["check"]) == ("denominator mismatch", "percentage of a stock")
    assert row["source_ids"] == "ihs-markit-press-release-2016-10-09;janes"


def test_a_quarter_of_55000() -> None:
    """13,500 of 55,000 is 24.5 %, which 25 % is only by rounding."""
    assert told(LAND, "11,000–13,500 of 55,000 is 20–24.5 %; given is 25 %")["verdict"] == "rounding"


def test_killed_beyond_stock_and_inflow() -> None:
    """Ramadi 2015, 60,000 after 50,000, Mosul and Tal Afar 2017 are impossible; nothing else is."""
    found = FIGHTERS[FIGHTERS["verdict"].eq("impossible") & FIGHTERS["check"].eq("killed against stock and inflow")]
    months = ["2015-12", "2015-12", "2017-02", "2017-05", "2017-07", "2017-09"]
    assert found["as_of"].dt.strftime("%Y-%m").tolist() == months
    assert "6,852 more would have had to come" in found["sum"].iloc[2]


def test_a_subset_by_origin_is_no_jump() -> None:
    """Figures of those from one country are held against that country's only."""
    subsets = ESTIMATES[ESTIMATES["origin"].notna()]["estimate_id"]
    whole = set(ESTIMATES[ESTIMATES["origin"].isna()]["estimate_id"])
    mixed = [ids for ids in FIGHTERS["estimate_ids"].str.split(";") if set(ids) & set(subsets) and set(ids) & whole]
    assert mixed == []


def test_one_week_two_definitions() -> None:
    """1,000-1,500 and 10,000 of one researcher count two things."""
    assert told(FIGHTERS, "1,000–1,500, then 10,000 after 0 days")["verdict"] == "denominator mismatch"


def test_worst_first_and_each_verdict_is_known() -> None:
    """The order is impossible, mismatch, rounding, pass."""
    order = ["impossible", "denominator mismatch", "rounding", "pass"]
    for audit in (LAND, FIGHTERS):
        assert [v for v in order if v in set(audit["verdict"])] == audit["verdict"].drop_duplicates().tolist()


PLANTED: dict[str, tuple[list[dict[str, Any]], tuple[str, str]]] = {
    "percentage of another base": (
        [BASE, {**LATER, "best": 91_200}, {**LOST, "best": 12}],
        ("percentage of a stock", "denominator mismatch"),
    ),
    "more than a quarter": (
        [BASE, {**LATER, "best": 76_500}, {**LOST, "low": 25}],
        ("percentage of a stock", "denominator mismatch"),
    ),
    "freed is not the difference": (
        [BASE, {**LATER, "best": 91_200}, {**LOST, "metric": "area_freed", "unit": "km2", "best": 14_000}],
        ("land lost", "denominator mismatch"),
    ),
    "still in square miles": (
        [{**BASE, "best": 13_000, "quote": "some 13,000 square miles"}],
        ("square miles", "denominator mismatch"),
    ),
    "one figure in two units": (
        [BASE, {**BASE, "best": 39_112}],
        ("square miles", "denominator mismatch"),
    ),
    "shares beyond the whole": (
        [
            {**BASE, "metric": "share_of_country_held", "unit": "percent", "scope": "SY", "actor_id": a, "best": 40}
            for a in ("isis", "sdf", "syria_gov")
        ],
        ("shares of a whole", "impossible"),
    ),
    "a country beyond both": ([BASE, {**BASE, "scope": "IQ", "best": 120_000}], ("part of a whole", "impossible")),
}


@pytest.mark.parametrize(("figures", "expected"), PLANTED.values(), ids=PLANTED)
def test_planted_errors_of_areas(areas: Make, figures: list[dict[str, Any]], expected: tuple[str, str]) -> None:
    """Each planted error is found, with its verdict."""
    assert expected in wrong(ck.audit_estimates(areas(*figures)))


def month(number: int) -> pd.Timestamp:
    """Return the first of a month, counted from January 2015."""
    return pd.Timestamp("2015-01-01") + pd.DateOffset(months=number)


def test_planted_flow(rows: Make) -> None:
    """10,000 with 500 a month for six months cannot lose 20,000; with an open inflow they can."""
    stock = {"best": 10_000, "as_of": month(0)}
    inflow = {"best": 500, "quantity": "inflow_per_month", "as_of": month(3)}
    killed = {"best": 20_000, "quantity": "killed", "as_of": month(6)}
    assert ("killed against stock and inflow", "impossible") in wrong(ck.audit_estimates(rows(stock, inflow, killed)))
    assert wrong(ck.audit_estimates(rows(stock, {**inflow, "best": float("nan"), "low": 500}, killed))) == []
    assert wrong(ck.audit_estimates(rows(stock, inflow, {**killed, "best": 12_000}))) == []


def test_planted_parts(rows: Make) -> None:
    """A town with more than both countries is impossible; two countries that add up to more are, too."""
    whole, town = {"low": 4000, "high": 5000}, {"low": 6000, "high": 7000, "scope": "place", "place_id": "mosul"}
    assert wrong(ck.audit_estimates(rows(whole, town))) == [("part of a whole", "impossible")]
    parts = [{"best": 3000, "scope": scope} for scope in ("IQ", "SY")]
    assert wrong(ck.audit_estimates(rows(whole, *parts))) == [("part of a whole", "impossible")]
    assert wrong(ck.audit_estimates(rows(whole, {**town, "estimator": "B"}))) == []


def test_planted_jump(rows: Make) -> None:
    """Three times as many in a month is a jump, for one estimator; a town that falls is none."""
    one, other = {"best": 5000, "as_of": month(0)}, {"best": 15_000, "as_of": month(1)}
    assert wrong(ck.audit_estimates(rows(one, other))) == [("jump", "denominator mismatch")]
    assert wrong(ck.audit_estimates(rows(one, {**other, "estimator": "B"}))) == []
    town = {"scope": "place", "place_id": "raqqa"}
    assert (
        wrong(ck.audit_estimates(rows({**other, **town, "as_of": month(0)}, {**one, **town, "as_of": month(1)}))) == []
    )


@pytest.mark.parametrize("seed", range(20))
def test_consistent_series_raise_no_alarm(rows: Make, areas: Make, seed: int) -> None:
    """Stocks that follow from inflow and killed, and land whose percentages are computed, as printed to two digits."""
    draw = random.Random(seed)  # noqa: S311 - a series, not a secret
    stock, dead, figures = draw.randint(10_000, 40_000), 0, []
    for step in range(8):
        came, fell = draw.randint(100, 1500), draw.randint(0, stock // 8)
        figures += [
            {"low": round(stock * 0.9, -2), "high": round(stock * 1.1, -2), "as_of": month(3 * step)},
            {"best": dead, "quantity": "killed", "as_of": month(3 * step)},
            {"best": came, "quantity": "inflow_per_month", "as_of": month(3 * step)},
        ]
        stock, dead = stock + 3 * came - fell, dead + fell
    assert wrong(ck.audit_estimates(rows(*figures))) == []
    first = land = draw.randint(50_000, 120_000)
    held: list[dict[str, Any]] = [{**BASE, "best": first}]
    for step in range(1, 6):
        land -= draw.randint(0, land // 5)
        day = {"as_of": month(4 * step), "estimator": "A"}
        lost = round(100 * (1 - land / first), 1)
        held += [{**day, "best": land}, {**LOST, **day, "best": lost}]
        held += [{**LOST, **day, "metric": "area_freed", "unit": "km2", "best": first - land}]
    assert wrong(ck.audit_estimates(areas(*held))) == []


def test_all_tables_are_audited_by_default() -> None:
    """People and land: what a table has that is to be held against itself."""
    assert sorted(ck.audit_estimates()["sum"]) == sorted([*LAND["sum"], *FIGHTERS["sum"]])


def test_an_audit_of_another_war(other_war: ck.Tables) -> None:
    """Its own countries, places and sides: a town is a part of the two countries, and nothing shipped is looked up."""
    audit = ck.audit_estimates(tables=other_war)
    assert set(audit["source_ids"].str.split(";").explode()) <= set(other_war.sources["source_id"])
    assert audit["sum"].tolist() == [
        "200–300 for a part, 2,500–3,500 for the whole",
        "at least 400 for a part, 2,500–3,500 for the whole",
    ]
    none = {name: getattr(other_war, name).head(0) for name in ("fighter_estimates", "area_estimates")}
    empty = other_war.replace(**none)
    with pytest.raises(ck.TableError, match="No rows for audit_estimates"):
        ck.audit_estimates(tables=empty)


def test_subsets_by_origin_are_held_against_their_own(rows: Make) -> None:
    """Three hundred Tunisians after nine hundred foreigners are no jump."""
    foreign = {"quantity": "foreign_fighters", "estimator": "A"}
    two = rows({**foreign, "best": 9000}, {**foreign, "best": 300})
    assert wrong(ck.audit_estimates(two)) == [("jump", "denominator mismatch")]
    assert wrong(ck.audit_estimates(two.assign(origin=[None, "TN"]))) == []

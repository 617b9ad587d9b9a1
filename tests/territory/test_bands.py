"""Bands: a figure lies in its own, and nine in ten have in them what a fuller list of places would give."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conflictkit import Territory, load_area_estimates
from conflictkit.territory._draws import CAUSES, band

if TYPE_CHECKING:
    from types import ModuleType

DAYS = pd.date_range("2014-01-15", "2019-03-15", freq="182D")
numbers = st.floats(0, 1e6, allow_nan=False)


@pytest.fixture(scope="module")
def shipped() -> Territory:
    """Build the model of the shipped tables."""
    return Territory.from_places()


@pytest.fixture(scope="module")
def drawn(shipped: Territory) -> Territory:
    """Return three days of it as drawings."""
    days = ("2015-01-05", "2016-01-01", "2017-11-03")
    frames = [shipped.at(day).assign(date=day)[["date", "actor_id", "geometry"]] for day in days]
    return Territory.from_polygons(pd.concat(frames))


@given(numbers, st.lists(numbers, min_size=1, max_size=30), numbers)
def test_a_figure_lies_in_its_band(figure: float, draws: list[float], most: float) -> None:
    """However the draws lie; the band is no wider than they are, and within what is possible."""
    low, high = band(np.array(figure), np.array(draws), most)
    assert 0 <= low <= figure <= high <= max(most, figure)
    assert high - low <= max(draws) - min(draws) + 1e-6


def test_a_band_is_even_and_cut_off_at_what_is_possible() -> None:
    """By hand: draws from 0 to 100 differ by 90 in nine of ten."""
    draws = np.arange(101.0)
    assert [end.item() for end in band(np.array(500.0), draws, 1e6)] == [455, 545]
    assert [end.item() for end in band(np.array(10.0), draws, 40.0)] == [0, 40]
    assert [end.item() for end in band(np.array(7.0), np.zeros(3), 40.0)] == [7, 7]


@pytest.mark.parametrize("level", ["claimed", "core"])
def test_no_figure_lies_outside_its_band(shipped: Territory, level: str) -> None:
    """Of any actor, day and country; what is certain is part of it, what is possible has it as a part."""
    area = shipped.area(DAYS, level=level, bands=True, draws=20)  # type: ignore[arg-type]
    assert (area.area_lo_km2 <= area.area_km2).all()
    assert (area.area_km2 <= area.area_hi_km2).all()
    held = area[area.actor_id != "none"]
    assert (held.area_certain_km2 <= held.area_km2).all()
    assert (held.area_km2 <= held.area_possible_km2).all()
    whole = area.groupby(["date", "scope"]).area_km2.transform("sum")
    assert (area.area_hi_km2 <= whole * (1 + 1e-9)).all()
    width = (held.area_hi_km2 - held.area_lo_km2) / held.area_km2
    assert 0.05 < width[held.area_km2 > 5_000].median() < 0.3


@pytest.mark.parametrize("level", ["claimed", "core"])
def test_no_figure_of_a_drawing_lies_outside_its_band(drawn: Territory, level: str) -> None:
    """A line moved in and out has the line between."""
    area = drawn.area(level=level, bands=True, edge_km=3).query("actor_id != 'none'")  # type: ignore[arg-type]
    assert (area.area_lo_km2 <= area.area_km2 + 1e-6).all()
    assert (area.area_km2 <= area.area_hi_km2 + 1e-6).all()
    assert (area.area_certain_km2 <= area.area_km2 + 1e-6).all()
    assert (area.area_km2 <= area.area_possible_km2 + 1e-6).all()


@pytest.mark.parametrize("kind", ["claimed", "core"])
def test_no_figure_beside_a_published_one_lies_outside_its_band(shipped: Territory, kind: str) -> None:
    """Land, shares and losses, each within what can be."""
    published = load_area_estimates().pipe(lambda rows: rows[rows.control_definition == kind])
    compared = shipped.compare(published, draws=20)
    assert len(compared) > 10
    assert (compared.model_lo <= compared.model_value).all()
    assert (compared.model_value <= compared.model_hi).all()
    shares = compared.metric.str.startswith("share")
    assert shares.any()
    assert compared.model_hi[shares].max() <= 100
    assert compared.model_lo.min() >= 0


def test_all_four_causes_are_the_band_of_the_charts(shipped: Territory) -> None:
    """In percent of the figure, mean of the days; each cause has the figure in its own."""
    days = ["2015-01-05", "2016-07-04"]
    table = shipped.causes(days, level="core", draws=20).set_index("cause")
    isis = shipped.area(days, level="core", bands=True, draws=20).query("actor_id == 'isis' and scope == 'all'")
    for column, end in (("low_percent", isis.area_lo_km2), ("high_percent", isis.area_hi_km2)):
        assert table[column]["all four"] == pytest.approx((end / isis.area_km2 - 1).mean() * 100)
    causes = table.loc[[*CAUSES, "all four"]]
    assert (causes.low_percent <= 0).all()
    assert (causes.high_percent >= 0).all()


@pytest.mark.slow
def test_bands_cover_what_a_whole_list_gives() -> None:
    """Nine in ten, of fronts of five shapes over the shipped places, a fifth hidden; the benchmark has more of them."""
    coverage = _benchmark("coverage")
    on = coverage.ground()
    found = pd.concat([coverage.trials(on, seed) for seed in range(500, 506)], ignore_index=True)
    assert found["low"].le(found["figure"]).all()
    assert found["figure"].le(found["high"]).all()
    shares = coverage.coverage(found)
    assert shares["fronts"].tolist() == [24] * 10
    for _, rows in shares.groupby("level"):
        assert 0.82 <= rows["covered"].mean() <= 0.97  # 120 fronts, on six lists


def _benchmark(name: str) -> ModuleType:
    """Return a script of the benchmarks as a module."""
    path = Path(__file__).parents[2] / "benchmarks" / f"{name}.py"
    spec: Any = importlib.util.spec_from_file_location(f"benchmark_{name}", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where its dataclasses look their types up
    spec.loader.exec_module(module)
    return module

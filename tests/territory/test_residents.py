"""Pre-war residents: official totals kept, whatever the rule that spreads them."""

from __future__ import annotations

from typing import get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from conflictkit import Tables, load_borders, load_governorate_population, load_settlements
from conflictkit.errors import TableError, UnknownNameError
from conflictkit.territory._land import CORE_RADIUS_KM, Rule
from conflictkit.territory._residents import governorate_residents, residents_of

RULES = get_args(Rule)
TABLES = Tables.shipped()


@pytest.fixture(scope="module")
def spread() -> dict[str, pd.DataFrame]:
    """Spread the shipped totals by each rule."""
    return {rule: residents_of(TABLES, rule) for rule in RULES}


def test_totals_are_the_official_ones() -> None:
    """Iraq's projection to the person; Syria's shares of 2004, and its total from the one governorate with both."""
    found = governorate_residents(TABLES).set_index(["country", "admin1"]).residents
    table = load_governorate_population()
    iraq = table[(table.country == "IQ") & (table.unit == "persons")].set_index("admin1").value
    assert found["IQ"].to_dict() == iraq.to_dict()
    assert len(found["IQ"]) == 18
    assert len(found["SY"]) == 14
    assert found["SY"].sum() == pytest.approx(910_000 / 0.044, rel=0.002)  # the shares are rounded to 0.1 %
    assert found["SY", "Aleppo"] / found["SY", "Damascus"] == pytest.approx(22.6 / 8.7)


def test_a_governorate_counted_twice_has_its_people_once() -> None:
    """The last year of a count; who lives there before who is registered; as many governorates as there are."""
    rows = TABLES.population.query("country == 'IQ'")
    older = rows.assign(year=rows["year"] - 10, value=rows["value"] / 2)
    registered = rows.assign(definition="registered citizens", value=rows["value"] * 3)
    for more in ([rows, older], [older, rows], [registered, rows], [rows, registered]):
        tables = TABLES.replace(population=pd.concat(more, ignore_index=True))
        found = governorate_residents(tables).set_index("admin1")["residents"]
        assert found.to_dict() == rows.set_index("admin1")["value"].to_dict()
        assert residents_of(tables)["residents"].sum() == pytest.approx(rows["value"].sum())


@pytest.mark.parametrize("rule", RULES)
def test_each_governorate_keeps_its_total(spread: dict[str, pd.DataFrame], rule: str) -> None:
    """Invariant 12, the part of it that is about the rule: nobody is lost, nobody is added."""
    found = spread[rule].groupby(["country", "admin1"]).residents.sum()
    official = governorate_residents(TABLES).set_index(["country", "admin1"]).residents
    assert found.reindex(official.index).to_numpy() == pytest.approx(official.to_numpy(), rel=1e-12)
    assert len(found) == len(official) == 32
    assert (spread[rule].residents > 0).all()


def test_the_rules_differ_in_the_countryside(spread: dict[str, pd.DataFrame]) -> None:
    """One puts everybody into towns; the other leaves a rural population that is no small part."""
    assert set(spread["towns"].kind) == {"town"}
    mixed = spread["towns_and_country"].groupby("kind").residents.sum()
    assert set(mixed.index) == {"town", "country"}
    assert 0.1 < mixed["country"] / mixed.sum() < 0.6


def test_towns_keep_their_population_and_the_rest_is_spread_evenly(spread: dict[str, pd.DataFrame]) -> None:
    """In a governorate whose towns do not exceed its total."""
    towns = load_settlements().query("admin1 == 'Hasakah' and population > 0 and feature_code != 'PPLX'")
    found = spread["towns_and_country"].query("admin1 == 'Hasakah'")
    total = governorate_residents(TABLES).set_index("admin1").residents["Hasakah"]
    assert towns.population.sum() < total
    assert sorted(found[found.kind == "town"].residents) == pytest.approx(sorted(towns.population))
    country = found[found.kind == "country"].residents
    assert country.min() == country.max()
    assert country.sum() == pytest.approx(total - towns.population.sum())


def test_towns_larger_than_their_governorate_are_scaled_down(spread: dict[str, pd.DataFrame]) -> None:
    """In proportion, and nothing is left for the countryside."""
    gazetteer = load_settlements().query("population > 0 and feature_code != 'PPLX'")
    known = gazetteer.groupby("admin1").population.sum()
    totals = governorate_residents(TABLES).set_index("admin1").residents
    excess = [name for name in totals.index if known.get(name, 0) > totals[name]]
    assert excess
    for name in excess:
        found = spread["towns_and_country"].query("admin1 == @name")
        assert set(found.kind) == {"town"}
        scale = found.residents.sort_values().to_numpy() / gazetteer.query("admin1 == @name").population.sort_values()
        assert scale.to_numpy() == pytest.approx(totals[name] / known[name])


def test_sections_of_towns_and_unknown_populations_are_no_towns() -> None:
    """A section repeats its town's people; an unknown population is countryside."""
    gazetteer = load_settlements()
    one = gazetteer[gazetteer.population > 0].head(1)
    more = pd.concat([gazetteer, one.assign(feature_code="PPLX"), one.assign(population=pd.NA)], ignore_index=True)
    more["geonameid"] = range(len(more))
    more["population"] = more.population.astype(gazetteer.population.dtype)
    found = residents_of(TABLES.replace(settlements=more), "towns")
    pd.testing.assert_frame_equal(found, residents_of(TABLES, "towns"))


def test_countryside_is_near_settlements_inside_its_governorate(spread: dict[str, pd.DataFrame]) -> None:
    """Squares of 5 km within 29 km of a settlement, measured on the ellipsoid."""
    from pyproj import Geod

    country = spread["towns_and_country"].query("kind == 'country'").iloc[::40]
    towns = load_settlements()
    lon = np.broadcast_arrays(country.longitude.to_numpy()[:, None], towns.longitude.to_numpy())[0]
    lat = np.broadcast_to(country.latitude.to_numpy()[:, None], lon.shape)
    far = Geod(ellps="WGS84").inv(
        lon, lat, np.broadcast_to(towns.longitude, lon.shape), np.broadcast_to(towns.latitude, lon.shape)
    )[2]
    assert far.min(axis=1).max() <= CORE_RADIUS_KM * 1000 * 1.002
    points = gpd.GeoDataFrame(country, geometry=gpd.points_from_xy(country.longitude, country.latitude), crs=4326)
    joined = points.sjoin(load_borders(level=1)[["admin1", "geometry"]], predicate="within", rsuffix="found")
    assert (joined.admin1_left == joined.admin1_found).all()
    assert len(joined) == len(country) > 50


def test_tables_are_not_changed() -> None:
    """Nothing is written into what the caller brought."""
    tables = TABLES.replace(settlements=load_settlements(), population=load_governorate_population())
    residents_of(tables)
    pd.testing.assert_frame_equal(tables.population, load_governorate_population())
    pd.testing.assert_frame_equal(tables.settlements, load_settlements())


def test_another_war(other_war: Tables) -> None:
    """Its governorates, its totals, its lands."""
    official = other_war.population.set_index("admin1").value
    for rule in RULES:
        found = residents_of(other_war, rule)
        assert found.groupby("admin1").residents.sum().to_dict() == pytest.approx(official.to_dict())
        assert found.longitude.between(38, 42).all()


def test_unknown_rule_names_the_known_ones() -> None:
    """With the nearest match."""
    with pytest.raises(UnknownNameError, match=r"towns_and_country, towns.*Did you mean 'towns'"):
        residents_of(TABLES, "town")  # type: ignore[arg-type]


def test_residents_without_a_place_are_not_dropped() -> None:
    """A gazetteer without a town in a governorate is refused, with its name and how many people it is about."""
    with pytest.raises(TableError, match=r"Muthanna.*700,818"):
        residents_of(TABLES.replace(settlements=load_settlements().query("admin1 != 'Muthanna'")), "towns")


def test_a_table_without_the_anchor_is_refused() -> None:
    """Syria's total rests on one governorate."""
    with pytest.raises(TableError, match="of SY a governorate needs both"):
        governorate_residents(TABLES.replace(population=TABLES.population.query("admin1 != 'Raqqa'")))

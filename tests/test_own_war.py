"""A war of one's own, in the few columns that must be there: nothing of the shipped one is asked for, or answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import conflictkit as ck

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "places": """place_id,name,country,latitude,longitude,where_prec,kind
alfa,Alfa,AA,10.0,10.0,geonames,town
bravo,Bravo,AA,10.0,11.0,area_point,town
charlie,Charlie,BB,9.0,12.2,geonames,town
""",
    "actors": """actor_id,name,kind,side,color
reds,The Reds,non_state,reds,#aa3377
blues,The Blues,state,blues,#4477aa
""",
    "control_changes": """place_id,valid_from,date_prec,from_actor,to_actor,control_status,event,confidence
alfa,2001-01-01,day,none,blues,control,initial,confirmed
bravo,2001-01-01,day,none,blues,control,initial,confirmed
charlie,2001-01-01,day,none,reds,control,initial,confirmed
bravo,2001-03-05,day,blues,contested,contested,captured,confirmed
""",
    "deployments": """deployment_id,actor_id,place_id,valid_from,date_prec,measure
d1,reds,charlie,2001-03-05,day,present
""",
    "fighter_estimates": """estimate_id,as_of,date_prec,actor_id,scope,best,bound_type,quantity,estimator
e1,2001-03-01,day,reds,AA;BB,1000,point,fighters,A Paper
""",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of a war of one's own."""
    for name, text in FILES.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    lands = [shapely.box(9.5, 8.5, 11.6, 10.5), shapely.box(11.6, 8.5, 13, 10.5)]
    borders = gpd.GeoDataFrame({"country": ["AA", "BB"], "name": ["Aland", "Beland"]}, geometry=lands, crs=4326)
    borders.to_file(tmp_path / "borders_0.geojson", driver="GeoJSON")
    return tmp_path


def test_columns_that_may_be_empty_may_be_left_out(folder: Path) -> None:
    """They are read as empty; the country of a report is that of its place; the three nobodies are the kit's."""
    tables = ck.Tables.read(folder)
    assert tables.places.name_ar.isna().all()
    assert tables.places.admin1.isna().all()
    assert tables.deployments.host_country.tolist() == ["BB"]
    assert tables.actors.actor_id.tolist() == ["reds", "blues", "contested", "none", "unknown"]
    assert tables.replace(actors=tables.actors.head(2)).rejected.empty


def test_any_name_where_there_are_no_borders(folder: Path) -> None:
    """Countries, governorates and coordinates are walled in by borders only; land needs them."""
    (folder / "borders_0.geojson").unlink()
    tables = ck.Tables.read(folder)
    assert set(tables.places.country) == {"AA", "BB"}
    with pytest.raises(ck.TerritoryError, match="There are no borders"):
        ck.Territory.from_places(tables=tables)
    assert len(ck.deployments_at("2001-04-01", tables=tables)) == 1


def test_countries_are_those_of_the_borders(folder: Path) -> None:
    """A code that they do not have is told with theirs."""
    places = folder / "places.csv"
    places.write_text(places.read_text(encoding="utf-8").replace("charlie,Charlie,BB", "charlie,Charlie,CC"), "utf-8")
    with pytest.raises(ck.TableError, match=r"'CC' is not allowed: use one of AA, BB"):
        ck.Tables.read(folder)


def test_a_place_of_another_war_beside_the_shipped_tables() -> None:
    """The refusal says how another war is brought."""
    place = ck.load_places().head(1).assign(country="UA")
    with pytest.raises(ck.TableError, match=r"use one of IQ, SY; for another war .* Tables\.read"):
        ck.validate(place, "places")


def test_words_of_old_scopes() -> None:
    """Files written before have words for three of them."""
    old = ck.load_fighter_estimates().query("scope == 'IQ;SY'").head(3).assign(scope=["iraq", "syria", "iraq_syria"])
    assert ck.validate(old, "fighter_estimates").scope.tolist() == ["IQ", "SY", "IQ;SY"]


def test_core_and_people_that_nobody_knows(folder: Path) -> None:
    """They say so: not that all land is nobody's, nor that nobody lives there."""
    territory = ck.Territory.from_places(tables=ck.Tables.read(folder))
    with pytest.raises(ck.TerritoryError, match=r"know none: give settlements .* level='claimed'"):
        territory.area("2001-04-01", level="core")
    with pytest.raises(ck.TableError, match="do not say how many people"):
        territory.people("2001-04-01")
    moved = territory.changes("2001-01-02", "2001-04-01")
    assert moved.place_id.tolist() == ["bravo"]
    assert moved[["core_km2", "people_prewar"]].isna().all(axis=None)
    assert (moved.claimed_km2 > 0).all()
    assert "no settlements" in repr(territory)
    assert pd.isna(territory.cells.core_km2).all()


def test_a_misspelt_column_is_told(folder: Path) -> None:
    """One that may be left out must not be lost for a letter."""
    reports = folder / "deployments.csv"
    text = (
        reports.read_text(encoding="utf-8").replace("measure", "measure,strenght_low").replace("present", "present,5")
    )
    reports.write_text(text, encoding="utf-8")
    with pytest.raises(ck.TableError, match=r"strength_low: the column is missing. Did you mean 'strenght_low'\?"):
        ck.Tables.read(folder)

"""Two mappers of one land, beside each other."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely
import synthetic

import conflictkit as ck

DAY = "1993-06-15"


def drawing(holder: str, box: shapely.Polygon) -> ck.Territory:
    """Return what one shape of one day says of another war."""
    frame = gpd.GeoDataFrame({"date": [DAY], "actor_id": [holder]}, geometry=[box], crs=4326)
    return ck.Territory.from_polygons(frame, tables=synthetic.other_war())


def test_half_of_the_land_is_the_same() -> None:
    """Two boxes of equal size that share half: a third of what either gives is given by both."""
    one, other = drawing("reds", shapely.box(38.4, 34, 38.8, 34.2)), drawing("reds", shapely.box(38.6, 34, 39.0, 34.2))
    row = ck.compare_mappers(one, other, DAY).iloc[0]
    assert row.km2_a == pytest.approx(row.km2_b, rel=1e-3) == pytest.approx(2 * row.km2_both, rel=1e-3)
    assert row.agreement == pytest.approx(1 / 3, abs=1e-3)
    assert row.difference_km2 == pytest.approx(0, abs=1)


def test_with_itself_and_turned() -> None:
    """All is agreed with itself; turned, a and b change places."""
    whole = ck.Territory.from_places(tables=synthetic.other_war())
    assert ck.compare_mappers(whole, whole, [DAY, "1991-01-01"]).agreement.to_numpy() == pytest.approx(1)
    drawn = drawing("reds", shapely.box(38.4, 33.4, 39, 34))
    left = ck.compare_mappers(whole, drawn, DAY).set_index("actor_id")
    right = ck.compare_mappers(drawn, whole, DAY).set_index("actor_id")
    assert left.km2_a["reds"] == pytest.approx(right.km2_b["reds"], rel=1e-3)
    assert left.agreement["reds"] == pytest.approx(right.agreement["reds"], rel=1e-3)
    assert left.difference_km2["reds"] == pytest.approx(-right.difference_km2["reds"], rel=1e-2)
    area = whole.area(DAY).query("scope == 'all'").set_index("actor_id").area_km2
    assert left.km2_a["blues"] == pytest.approx(area["blues"], rel=1e-3)
    assert left.km2_b["blues"] == 0


def test_parts_count_as_the_actor_that_the_other_knows() -> None:
    """Scouts are reds where the other mapper has reds only."""
    box = shapely.box(38.4, 33.4, 39, 34)
    row = ck.compare_mappers(drawing("scouts", box), drawing("reds", box), DAY)
    assert row[["actor_id", "agreement"]].to_numpy().tolist() == [["reds", pytest.approx(1)]]


def test_what_is_no_territory() -> None:
    """It is told by name."""
    whole = ck.Territory.from_places(tables=synthetic.other_war())
    with pytest.raises(ck.TerritoryError, match="b must be a Territory"):
        ck.compare_mappers(whole, "reds", DAY)  # type: ignore[arg-type]
    with pytest.raises(ck.DateError):
        ck.compare_mappers(whole, whole, "2031-01-01")

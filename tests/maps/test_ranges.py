"""The ranges of a page's area chart: those of the model at every level, country and day, and only on request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import conflictkit as ck

if TYPE_CHECKING:
    from collections.abc import Callable

    Read = Callable[[dict[str, Any]], list[dict[str, Any]]]

DAYS = ["2014-06-10", "2016-03-27", "2017-11-03"]
NOBODY = ("none", "unknown")


def ends_of(data: dict[str, Any], read_table: Read) -> pd.DataFrame:
    """Return one row per level, scope, actor and date: both ends as the page reads them."""
    actors, scopes = [actor["id"] for actor in read_table(data["actors"])], [*data["countries"], "all"]
    days, frames = pd.to_datetime(data["dates"]), []
    for row in read_table(data["ranges"]):
        frame = pd.DataFrame({"date": days, "low": np.cumsum(row["low"]), "high": np.cumsum(row["high"])})
        names = {"level": row["level"], "scope": scopes[row["country"]], "actor_id": actors[row["actor"]]}
        frames.append(frame.assign(**names))
    return pd.concat(frames)


def compared(land: ck.Territory, data: dict[str, Any], read_table: Read) -> pd.DataFrame:
    """Return the page's ends beside the model's; a holder who never has land in a scope has no range there."""
    area = pd.concat([land.area(data["dates"], level=level, bands=True) for level in data["levels"]])
    area = area[~area["actor_id"].isin(NOBODY)]
    key = ["level", "scope", "actor_id"]
    area = area[area.groupby(key)["area_km2"].transform("max") > 0]
    found = ends_of(data, read_table)
    return area.merge(found, on=[*key, "date"], how="outer" if land.has_places else "right", validate="1:1")


@pytest.mark.slow
def test_ranges_are_those_of_the_model(territory: ck.Territory, read_table: Read) -> None:
    """Whole km2, the figure inside; the level shown first is one of two."""
    data = ck.map_territory(territory, DAYS, level="core", bands=True).data
    both = compared(territory, data, read_table)
    assert both.notna().all(axis=None)
    assert set(both["level"]) == {"core", "claimed"}
    assert set(both["scope"]) == {"IQ", "SY", "all"}
    assert (both["area_lo_km2"] - both["low"]).between(0, 1, inclusive="left").all()
    assert (both["high"] - both["area_hi_km2"]).between(0, 1, inclusive="left").all()
    assert both["area_km2"].between(both["low"], both["high"]).all()
    assert (both["high"] - both["low"] > 100).sum() > 50


def test_drawings_have_the_range_of_their_line(read_table: Read) -> None:
    """Of all that is drawn, which is what their page counts; the caption says by what the line may be off."""
    west, east = shapely.box(40, 34, 42, 36), shapely.box(42, 34, 44, 36)
    rows = [("2017-01-01", "isis", west), ("2017-01-01", "iraq_gov", east), ("2017-01-09", "iraq_gov", east)]
    frame = gpd.GeoDataFrame(pd.DataFrame(rows, columns=["date", "actor_id", "geometry"]), crs=4326)
    land = ck.Territory.from_polygons(frame)
    m = ck.map_territory(land, bands=True)
    both = compared(land, m.data, read_table)
    assert both.notna().all(axis=None)
    assert set(both["scope"]) == {"all"}
    assert len(both) == 2 * len(land.dates)
    assert ((both["low"] <= both["area_lo_km2"]) & (both["area_hi_km2"] <= both["high"])).all()
    assert "by 5 km in standard deviation" in m.caption


def test_nobody_pays_for_ranges_that_were_not_asked_for(
    territory: ck.Territory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No draw, no numbers, no word of them; a page that carries them says what they are, and costs no more lines."""
    asked = []
    monkeypatch.setattr("conflictkit.maps.territory.ranges_data", lambda *_, **how: asked.append(how) or {"rows": []})
    plain, banded = ck.map_territory(territory, DAYS), ck.map_territory(territory, DAYS, bands=True)
    assert [list(how["levels"]) for how in asked] == [["claimed", "core"]]
    assert "ranges" not in plain.data
    assert "Range" not in plain.caption
    assert "Range in the area chart: 90 %, as wide as 200 draws" in banded.caption
    assert banded.caption.index("Range in") < banded.caption.index("Sources:")

"""The empty map: windows that show what was asked for, in true size."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

import conflictkit as ck
from conflictkit.charts._canvas import window_of
from conflictkit.geometry import project, unproject


def test_a_box_is_shown_whole_with_north_up(territory: ck.Territory) -> None:
    """The corners of the box lie in the window; its middle meridian is vertical."""
    window = window_of(territory, (39.5, 33.5, 43.0, 36.0), 100)
    box = np.array([shapely.box(39.5, 33.5, 43.0, 36.0)])
    assert shapely.area(window.cut(box))[0] == pytest.approx(shapely.area(project(box, window.crs))[0])
    (meridian,) = window.cut(np.array([shapely.LineString([(41.25, 33.8), (41.25, 35.8)])]))
    (x0, y0), *_, (x1, y1) = meridian.coords
    assert abs(x1 - x0) < 0.001 * (y1 - y0)


@pytest.mark.parametrize("extent", ["abu-kamal", "aleppo", "basra"])
def test_areas_do_not_depend_on_the_window(territory: ck.Territory, extent: str) -> None:
    """The projection is equal-area wherever it is centred."""
    window = window_of(territory, extent, 50)
    lonlat = unproject(np.array([shapely.box(-10_000, -10_000, 10_000, 10_000)]), window.crs)
    assert shapely.area(window.cut(lonlat))[0] == pytest.approx(4e8, rel=1e-4)


@pytest.mark.parametrize(("extent", "radius", "km"), [(None, 100, 200), ("abu-kamal", 100, 20), ("abu-kamal", 30, 10)])
def test_the_scale_bar_is_true(territory: ck.Territory, extent: str | None, radius: float, km: float) -> None:
    """A round number, and as long as it says."""
    ax = ck.plot_territory(territory, "2017-11-03", extent=extent, radius_km=radius, labels=False)
    (bar,) = ax.lines
    assert np.ptp(bar.get_xdata()) == pytest.approx(1000 * km)
    assert f"{km} km" in {text.get_text() for text in ax.texts}

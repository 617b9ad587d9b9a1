"""The land of a territory by smaller regions: the same cells, cut along other lines."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from conflictkit.datasets import load_borders
from conflictkit.geometry import M2_PER_KM2, clip, project

if TYPE_CHECKING:
    from conflictkit.territory import Territory


def by_governorate(territory: Territory) -> Territory:
    """Return a territory whose scopes are the governorates of its countries, in the order of ``load_borders(level=1)``.

    Parameters
    ----------
    territory
        The model, of countries.

    Returns
    -------
    Territory
        Its ``area`` has one scope per governorate; cells, holders and definitions are those of `territory`.

    Notes
    -----
    Governorates are Natural Earth's, some of which are not the official ones: see ``load_borders``.
    """
    regions = load_borders(level=1)
    regions = regions[regions["country"].isin(territory.scope)]
    land = territory.tessellation
    grounds = project(regions.geometry.to_numpy(), land.crs)
    pieces = clip(land.cells[:, np.newaxis], grounds)
    core_km2 = shapely.area(clip(pieces, np.array(land.core))) / M2_PER_KM2
    parts = replace(land, pieces=pieces, claimed_km2=shapely.area(pieces) / M2_PER_KM2, core_km2=core_km2)
    return replace(territory, scope=tuple(regions["admin1"]), borders=regions.geometry.to_numpy(), tessellation=parts)

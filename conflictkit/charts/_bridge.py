"""Until ``Territory`` answers these itself: its tables, whether it has places, the ids of its holders, its days."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import shapely

from conflictkit.geometry import unproject
from conflictkit.tables import Tables


class Asked:
    """A territory of before, with the questions that pictures ask of one."""

    def __init__(self, territory: Any) -> None:  # noqa: ANN401 - of places or of drawings
        self.real, self.has_places = territory, hasattr(territory, "history")
        places = pd.concat([Tables.shipped().places, *([territory.places] if self.has_places else [])])
        places = places.drop_duplicates("place_id", keep="last", ignore_index=True)
        self.tables = replace(Tables.shipped(), actors=territory.actors, places=places)
        self.scope = territory.scope if self.has_places else ()
        states = () if self.has_places else territory.states
        holders = (
            territory.history.actor_ids if self.has_places else sorted({name for state in states for name in state})
        )
        self.actor_ids = tuple(holders)
        self.dates = pd.DatetimeIndex(territory.history.dates if self.has_places else territory.dates)
        shapes = np.array([shape for state in states for shape in state.values()], dtype=object)
        self.extent = () if self.has_places else tuple(shapely.total_bounds(unproject(shapes, territory.crs)))

    def definition(self, level: str) -> str:
        """Return what a level is."""
        return str(self.real.definition(level)) if self.has_places else ""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the territory has
        return getattr(self.real, name)


def asked(territory: Any) -> Asked:  # noqa: ANN401 - of places or of drawings
    """Return a territory that answers what pictures ask."""
    return Asked(territory) if not hasattr(territory, "has_places") else territory

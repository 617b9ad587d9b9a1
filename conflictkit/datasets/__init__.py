"""What ships with the kit: tables and map layers, typed, keys as columns. Nothing is downloaded."""

from __future__ import annotations

from conflictkit.datasets.layers import load_basemap as load_basemap
from conflictkit.datasets.layers import load_borders as load_borders
from conflictkit.datasets.tables import load_actors as load_actors
from conflictkit.datasets.tables import load_area_estimates as load_area_estimates
from conflictkit.datasets.tables import load_control_changes as load_control_changes
from conflictkit.datasets.tables import load_deployments as load_deployments
from conflictkit.datasets.tables import load_fighter_estimates as load_fighter_estimates
from conflictkit.datasets.tables import load_governorate_population as load_governorate_population
from conflictkit.datasets.tables import load_places as load_places
from conflictkit.datasets.tables import load_quantity_words as load_quantity_words
from conflictkit.datasets.tables import load_seed_claims as load_seed_claims
from conflictkit.datasets.tables import load_settlements as load_settlements
from conflictkit.datasets.tables import load_sources as load_sources

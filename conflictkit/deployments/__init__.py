"""Who was where, under whom, how strong, backed by whom, how far from whom, and who was cut off."""

from __future__ import annotations

from conflictkit.deployments._backing import backing_at as backing_at
from conflictkit.deployments._backing import relations_at as relations_at
from conflictkit.deployments._distance import distance_km as distance_km
from conflictkit.deployments._distance import nearest_forces as nearest_forces
from conflictkit.deployments._distance import nearest_fronts as nearest_fronts
from conflictkit.deployments._order import order_of_battle as order_of_battle
from conflictkit.deployments._presence import deployments_at as deployments_at
from conflictkit.deployments._presence import strength_over_time as strength_over_time
from conflictkit.deployments._siege import besieged as besieged
from conflictkit.deployments._siege import pocket_at as pocket_at

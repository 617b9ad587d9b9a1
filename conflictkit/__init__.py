"""Territory, force deployments and fighter estimates in the war against the Islamic State, 2014-2019.

Every figure has a definition, a range and a source, and works without a network. Three families of functions:

- ``load_*`` return the tables that ship; ``read_table`` reads a table of your own;
- ``Territory`` turns dated changes of control into polygons, square kilometres and people, with their uncertainty;
  ``deployments_at``, ``order_of_battle`` and ``strength_over_time`` say who was where, under whom, how strong,
  ``backing_at`` and ``relations_at`` with and against whom, ``distance_km``, ``nearest_forces``, ``nearest_fronts``,
  ``pocket_at`` and ``besieged`` how far and how closed in; ``check_claims`` holds a report against the tables;
- ``plot_*`` draw with matplotlib and return the axes, ``sources_of`` leads from there to the pages; ``explore_*`` are
  for JupyterLab.

Names are imported when they are first used, so that ``import conflictkit`` costs little more than ``import geopandas``.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conflictkit.charts import plot_area as plot_area
    from conflictkit.charts import plot_backing as plot_backing
    from conflictkit.charts import plot_changes as plot_changes
    from conflictkit.charts import plot_comparison as plot_comparison
    from conflictkit.charts import plot_deployments as plot_deployments
    from conflictkit.charts import plot_disagreement as plot_disagreement
    from conflictkit.charts import plot_estimates as plot_estimates
    from conflictkit.charts import plot_order_of_battle as plot_order_of_battle
    from conflictkit.charts import plot_pocket as plot_pocket
    from conflictkit.charts import plot_pool as plot_pool
    from conflictkit.charts import plot_presence as plot_presence
    from conflictkit.charts import plot_stock_and_flow as plot_stock_and_flow
    from conflictkit.charts import plot_strength as plot_strength
    from conflictkit.charts import plot_territories as plot_territories
    from conflictkit.charts import plot_territory as plot_territory
    from conflictkit.charts import sources_of as sources_of
    from conflictkit.claims import check_claims as check_claims
    from conflictkit.datasets import load_actors as load_actors
    from conflictkit.datasets import load_area_estimates as load_area_estimates
    from conflictkit.datasets import load_basemap as load_basemap
    from conflictkit.datasets import load_borders as load_borders
    from conflictkit.datasets import load_control_changes as load_control_changes
    from conflictkit.datasets import load_deployments as load_deployments
    from conflictkit.datasets import load_fighter_estimates as load_fighter_estimates
    from conflictkit.datasets import load_governorate_population as load_governorate_population
    from conflictkit.datasets import load_places as load_places
    from conflictkit.datasets import load_quantity_words as load_quantity_words
    from conflictkit.datasets import load_seed_claims as load_seed_claims
    from conflictkit.datasets import load_settlements as load_settlements
    from conflictkit.datasets import load_sources as load_sources
    from conflictkit.deployments import backing_at as backing_at
    from conflictkit.deployments import besieged as besieged
    from conflictkit.deployments import deployments_at as deployments_at
    from conflictkit.deployments import distance_km as distance_km
    from conflictkit.deployments import measure_distance as measure_distance
    from conflictkit.deployments import nearest_forces as nearest_forces
    from conflictkit.deployments import nearest_fronts as nearest_fronts
    from conflictkit.deployments import order_of_battle as order_of_battle
    from conflictkit.deployments import pocket_at as pocket_at
    from conflictkit.deployments import relations_at as relations_at
    from conflictkit.deployments import strength_over_time as strength_over_time
    from conflictkit.estimates import against_interest as against_interest
    from conflictkit.estimates import audit_estimates as audit_estimates
    from conflictkit.estimates import drop_self_interested as drop_self_interested
    from conflictkit.estimates import estimates_table as estimates_table
    from conflictkit.estimates import grade as grade
    from conflictkit.estimates import known_on as known_on
    from conflictkit.estimates import min_reliability as min_reliability
    from conflictkit.estimates import pool_estimates as pool_estimates
    from conflictkit.estimates import range_from_words as range_from_words
    from conflictkit.estimates import sift_estimates as sift_estimates
    from conflictkit.estimates import sum_ranges as sum_ranges
    from conflictkit.maps import map_changes as map_changes
    from conflictkit.maps import map_deployments as map_deployments
    from conflictkit.maps import map_territory as map_territory
    from conflictkit.maps import save_html as save_html
    from conflictkit.readers.polygons import read_control_polygons as read_control_polygons
    from conflictkit.schema import read_table as read_table
    from conflictkit.schema import validate as validate
    from conflictkit.territory import Territory as Territory
    from conflictkit.territory.validation import validate_model as validate_model
    from conflictkit.widgets import explore as explore
    from conflictkit.widgets import explore_deployments as explore_deployments
    from conflictkit.widgets import explore_estimates as explore_estimates
    from conflictkit.widgets import explore_territory as explore_territory

_MODULES = {
    "charts": (
        "plot_area",
        "plot_backing",
        "plot_changes",
        "plot_comparison",
        "plot_deployments",
        "plot_disagreement",
        "plot_estimates",
        "plot_order_of_battle",
        "plot_pocket",
        "plot_presence",
        "plot_pool",
        "plot_stock_and_flow",
        "plot_strength",
        "plot_territories",
        "plot_territory",
        "sources_of",
    ),
    "claims": ("check_claims",),
    "datasets": (
        "load_actors",
        "load_area_estimates",
        "load_basemap",
        "load_borders",
        "load_control_changes",
        "load_deployments",
        "load_fighter_estimates",
        "load_governorate_population",
        "load_places",
        "load_quantity_words",
        "load_seed_claims",
        "load_settlements",
        "load_sources",
    ),
    "deployments": (
        "backing_at",
        "besieged",
        "deployments_at",
        "distance_km",
        "measure_distance",
        "nearest_forces",
        "nearest_fronts",
        "order_of_battle",
        "pocket_at",
        "relations_at",
        "strength_over_time",
    ),
    "estimates": (
        "against_interest",
        "audit_estimates",
        "drop_self_interested",
        "estimates_table",
        "grade",
        "known_on",
        "min_reliability",
        "pool_estimates",
        "range_from_words",
        "sift_estimates",
        "sum_ranges",
    ),
    "maps": ("map_changes", "map_deployments", "map_territory", "save_html"),
    "readers.polygons": ("read_control_polygons",),
    "schema": ("read_table", "validate"),
    "territory": ("Territory",),
    "territory.validation": ("validate_model",),
    "widgets": ("explore", "explore_deployments", "explore_estimates", "explore_territory"),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}

__version__ = version("conflictkit")
__all__ = sorted([*_HOME, "__version__"])  # noqa: PLE0605 - built from the one table above


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module attribute can be anything
    """Import a public name from its module on first use (PEP 562)."""
    if name not in _HOME:
        msg = f"module 'conflictkit' has no attribute {name!r}"
        raise AttributeError(msg)
    value = getattr(import_module(f"conflictkit.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names, for tab completion."""
    return sorted({*globals(), *__all__})

"""Territory, force deployments and fighter estimates in the war against the Islamic State, 2014-2019.

Every figure has a definition, a range and a source, and works without a network. Three families of functions:

- ``load_*`` return the tables that ship; ``read_table`` and ``validate`` take a table of your own, ``Tables`` carries
  those that belong together;
- ``Territory`` turns dated changes of control into polygons, square kilometres and people, with their uncertainty;
  ``deployments_at``, ``order_of_battle`` and ``strength_over_time`` say who was where, under whom, how strong,
  ``backing_at`` and ``relations_at`` with and against whom, ``distance_km``, ``nearest_forces``, ``nearest_fronts``,
  ``pocket_at`` and ``besieged`` how far and how closed in; ``select_estimates``, ``sum_ranges``, ``pool_estimates`` and
  ``audit_estimates`` work on published figures, and ``check_claims`` holds a report against the tables;
- ``plot_*`` draw with matplotlib and return the axes, ``sources_of`` leads from there to the pages; ``map_*`` return
  folium maps, which ``save_html`` writes as one file, as ``save_story`` does with words that move a map; ``export``
  writes land and forces for other programs;
  ``explore_*`` are for JupyterLab.

What is wrong with a call raises a ``ConflictkitError``, of which each kind is a ``ValueError``: ``TableError``,
``TerritoryError``, ``DateError`` and so on.

Names are imported when they are first used, so that ``import conflictkit`` costs little more than ``import geopandas``.
"""

from __future__ import annotations

import lazy_loader

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__all__ += ["__version__"]


def __getattr__(name: str) -> object:
    """Import a public name from the file that `__init__.pyi` gives for it, or look up the version, on first use."""
    if name != "__version__":
        return _load(name)
    from importlib.metadata import version

    globals()[name] = version("conflictkit")
    return globals()[name]

"""Every picture once: of the shipped tables, of another war, of drawings. New pictures belong here first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import shapely
from synthetic import events_of

import conflictkit as ck

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

    Draw = Callable[[ck.Territory, Axes | None], Axes]

ESTIMATES, DEPLOYMENTS = ck.load_fighter_estimates(), ck.load_deployments()
THEATRE = ESTIMATES[(ESTIMATES["quantity"] == "fighters") & (ESTIMATES["scope"] == "IQ;SY")]
AUTUMN = THEATRE[THEATRE["as_of"].between("2014-08-01", "2014-12-31")]
AMERICANS = DEPLOYMENTS[DEPLOYMENTS["actor_id"] == "usa"]
EVENTS = events_of(
    ("2017-10-03", 34.4, 41.1, 2), ("2017-11-03", 34.4, 41.1, 3), event_type=["battle", "air strike"], dataset="Ours",
    actor1_id="reds",
)  # fmt: skip

# One call of each `plot_*` function: by name, and those of a second kind with a word more.
PICTURES: dict[str, Draw] = {
    "area": lambda land, ax: ck.plot_area(land, actor_ids=["isis", "sdf"], ax=ax),
    "backing": lambda _, ax: ck.plot_backing(ck.backing_at("2017-11-03"), ax=ax),
    "changes": lambda land, ax: ck.plot_changes(land, "2017-01-01", "2017-11-03", extent="abu-kamal", ax=ax),
    "comparison": lambda land, ax: ck.plot_comparison(
        land.compare(ck.load_area_estimates().query("control_definition == 'claimed'"), draws=10), ax=ax
    ),
    "deployments": lambda land, ax: ck.plot_deployments(land, "2017-06-10", extent="raqqa", radius_km=60, ax=ax),
    "disagreement": lambda _, ax: ck.plot_disagreement(THEATRE, ax=ax),
    "estimates": lambda _, ax: ck.plot_estimates(THEATRE, ax=ax),
    "events": lambda _, ax: ck.plot_events(EVENTS, ax=ax),
    "evidence": lambda land, ax: ck.plot_evidence(land, actor_id="isis", ax=ax),
    "influence": lambda land, ax: ck.plot_influence(land, "2016-01-01", ax=ax),
    "influence, of pages": lambda land, ax: ck.plot_influence(land, "2017-01-01", by="source", level="core", ax=ax),
    "estimates, in panels": lambda _, ax: ck.plot_estimates(ESTIMATES[ESTIMATES["quantity"] == "killed"], ax=ax),
    "order_of_battle": lambda _, ax: ck.plot_order_of_battle(ck.order_of_battle("2017-06-10"), ax=ax),
    "pocket": lambda land, ax: ck.plot_pocket(land, "abu-kamal", "2017-11-03", ax=ax),
    "pool": lambda _, ax: ck.plot_pool(ck.pool_estimates(AUTUMN), ax=ax),
    "presence": lambda _, ax: ck.plot_presence(AMERICANS, date="2017-11-03", ax=ax),
    "stock_and_flow": lambda _, ax: ck.plot_stock_and_flow(ax=ax),
    "strength": lambda _, ax: ck.plot_strength(AMERICANS, ax=ax),
    "territory": lambda land, ax: ck.plot_territory(land, "2017-11-03", extent="abu-kamal", ax=ax),
}
# Whole tables: long to draw, and checked for their labels.
WHOLE: dict[str, Draw] = {
    "estimates, all": lambda _, ax: ck.plot_estimates(ax=ax),
    "strength, all": lambda _, ax: ck.plot_strength(ax=ax),
    "presence, all": lambda _, ax: ck.plot_presence(ax=ax),
    "disagreement, all": lambda _, ax: ck.plot_disagreement(ax=ax),
}
NO_AXES = ("territories",)  # it returns a figure, and takes no axes

# The same functions asked about the war of `synthetic.other_war`.
OTHER: dict[str, Callable[[ck.Territory, ck.Tables], object]] = {
    "area": lambda land, _: ck.plot_area(land, level="both"),
    "backing": lambda _, tables: ck.plot_backing(ck.backing_at("1993-06-05", tables=tables), tables=tables),
    "changes": lambda land, _: ck.plot_changes(land, "1991-02-01", "1994-01-01", actor_id="reds"),
    "comparison": lambda land, tables: ck.plot_comparison(
        land.compare(tables.area_estimates.query("control_definition == 'claimed'"), draws=5), tables=tables
    ),
    "deployments": lambda land, _: ck.plot_deployments(land, "1993-06-05"),
    "disagreement": lambda _, tables: ck.plot_disagreement(tables=tables),
    "estimates": lambda _, tables: ck.plot_estimates(tables=tables),
    "events": lambda _, tables: ck.plot_events(EVENTS, by="actor1_id", tables=tables),
    "evidence": lambda land, _: ck.plot_evidence(land, actor_id="reds"),
    "influence": lambda land, _: ck.plot_influence(land, "1993-06-05"),
    "order_of_battle": lambda _, tables: ck.plot_order_of_battle(ck.order_of_battle("1993-06-05", tables=tables)),
    "pocket": lambda land, _: ck.plot_pocket(land, "golf", "1993-06-05"),
    "pool": lambda _, tables: ck.plot_pool(
        ck.pool_estimates(tables.fighter_estimates.query("scope == 'IQ;SY' and as_of < '1992'"), tables=tables),
        tables=tables,
    ),
    "presence": lambda _, tables: ck.plot_presence(tables=tables),
    "stock_and_flow": lambda _, tables: ck.plot_stock_and_flow(tables=tables),
    "strength": lambda _, tables: ck.plot_strength(tables=tables),
    "territories": lambda land, _: ck.plot_territories(land, ["1991-02-01", "1994-01-01"]),
    "territory": lambda land, _: ck.plot_territory(land, "1993-06-05"),
}


def drawings() -> ck.Territory:
    """Return what somebody drew of two holders on two days, one of them unknown to the tables."""
    west, east = shapely.box(38, 34, 39, 35), shapely.box(39, 34, 40, 35)
    rows = {"date": ["2017-01-01", "2017-01-01", "2017-06-01"], "actor_id": ["isis", "A new front", "A new front"]}
    return ck.Territory.from_polygons(gpd.GeoDataFrame(rows, geometry=[west, east, west], crs=4326))

"""Every public function, asked with next to nothing: it answers, or refuses in words; nothing else comes out."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import matplotlib.pyplot as plt
import pandas as pd
import pytest
import shapely
import synthetic

import conflictkit as ck

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Call = tuple[str, Callable[[], object]]

NAN, LONG = float("nan"), "x" * 1_000_000
SHORT, PAGE = 20, 4000  # letters of an error that says nothing, and of one that repeats what it was given
TABLES = ("deployments", "fighter_estimates", "area_estimates", "settlements", "population", "seed_claims")
FUNCTIONS = {name: value for name in ck.__all__ if inspect.isfunction(value := getattr(ck, name))}
QUESTIONS = {
    f"{kind.__name__}.{name}": name
    for kind in (ck.Territory, ck.Tables)
    for name, value in vars(kind).items()
    if not name.startswith("_") and inspect.isfunction(value)
}
DAY = "1993-06-15"
EVERYDAY = ("land alone", "nothing")  # worlds that are asked after every change; the others before a merge


@dataclass(frozen=True)
class World:
    """Tables, and the territory on them; None where there is none, as the refusal said."""

    tables: ck.Tables
    build: Callable[[ck.Tables], ck.Territory]

    @cached_property
    def territory(self) -> ck.Territory | None:
        """The land, if any can be built."""
        try:
            return self.build(self.tables)
        except ck.ConflictkitError:
            return None


def of_places(tables: ck.Tables) -> ck.Territory:
    """Return the land of the places of tables."""
    return ck.Territory.from_places(tables=tables)


def one_drawing(tables: ck.Tables) -> ck.Territory:
    """Return what one shape of one day says."""
    return ck.Territory.from_polygons(drawn(), tables=tables)


def drawn() -> gpd.GeoDataFrame:
    """Return one shape of one day."""
    return gpd.GeoDataFrame({"date": [DAY], "actor_id": ["reds"]}, geometry=[shapely.box(38.4, 33.4, 39, 34)], crs=4326)


def bare(*names: str) -> ck.Tables:
    """Return the tables of another war, without rows in some."""
    whole = synthetic.other_war()
    none: dict[str, Any] = {name: getattr(whole, name).head(0) for name in names}
    return whole.replace(**none)


def single() -> ck.Tables:
    """Return one place with one row, and one row of everything else."""
    whole = synthetic.other_war()
    rows: dict[str, Any] = {
        "places": whole.places.query("place_id == 'golf'"),
        "control_changes": whole.control_changes.query("place_id == 'golf'"),
        "deployments": whole.deployments.query("place_id == 'golf'"),
        "fighter_estimates": whole.fighter_estimates.query("place_id == 'golf'"),
        "seed_claims": whole.seed_claims.head(1),
    }
    ones = {name: getattr(whole, name).head(1) for name in ("area_estimates", "settlements", "population")}
    return whole.replace(**rows, **ones)


@cache
def worlds() -> dict[str, World]:
    """Return the worlds that are asked."""
    return {
        "as it is": World(synthetic.other_war(), of_places),
        "land alone": World(bare(*TABLES), of_places),
        "one row of each": World(single(), of_places),
        "nobody at the core": World(bare(), lambda tables: ck.Territory.from_places(tables=tables, core_radius_km=0)),
        "one drawing": World(bare(), one_drawing),
        "one drawing alone": World(bare("places", "control_changes", *TABLES), one_drawing),
        "nothing": World(bare("places", "control_changes", *TABLES), of_places),
    }


def no_rows(frame: pd.DataFrame) -> list[pd.DataFrame]:
    """Return a frame with all, one and none of its rows, and one without columns."""
    return [frame, frame.head(1), frame.head(0), pd.DataFrame()]


def edges(world: World) -> pd.DataFrame:
    """Return who backs whom."""
    return ck.backing_at(DAY, tables=world.tables)


def compared(world: World) -> pd.DataFrame:
    """Return published figures beside those of the land."""
    figures = world.tables.area_estimates.query("control_definition == 'claimed'")
    return the(world).compare(figures, draws=2)


def pool(world: World) -> ck.Pool:
    """Return two figures of one summer, pooled."""
    return ck.pool_estimates(world.tables.fighter_estimates.head(2), tables=world.tables)


def the(world: World) -> ck.Territory:
    """Return the territory, or refuse as the kit did."""
    if world.territory is None:
        raise ck.TerritoryError
    return world.territory


def events(_: World) -> pd.DataFrame:
    """Return two events."""
    return synthetic.events_of((DAY, 34.1, 40.9, 3), ("1994-01-02", 33.5, 38.5, 0))


# What a parameter of a name can be: the first is given to a function that needs it, the others are tried one by one.


def first_rows(world: World) -> list[tuple[str, pd.Timestamp]]:
    """Return the key of the first row that says who held what, if there is one."""
    rows = world.tables.control_changes.head(1)
    return list(zip(rows["place_id"].tolist(), rows["valid_from"], strict=True))


VALUES: dict[str, Callable[[World], list[Any]]] = {
    "territory": lambda world: [the(world)],
    "tables": lambda world: [world.tables],
    "date": lambda _: [DAY, "1990-01-01", "1995-12-31", "2031-01-01", LONG],
    "states": lambda world: [the(world).states(DAY)],
    "old": lambda world: [world.tables],
    "new": lambda world: [world.tables],
    "rows": lambda world: [first_rows(world), [], [("nowhere", DAY)]],
    "drop": lambda world: [first_rows(world), [], [("nowhere", DAY)]],
    "sources": lambda world: [world.tables.sources["source_id"].head(1).tolist(), [], ["x"]],
    "dates": lambda _: [[DAY], [], ["1990-01-01", "1995-12-31"], "2031-01-01"],
    "start": lambda _: ["1993-06-01", "1995-12-31", "2031-01-01"],
    "end": lambda _: [DAY, "1990-01-01", "2031-01-01"],
    "baseline": lambda _: ["1991-06-01", "1995-12-31", "2031-01-01"],
    "compare": lambda _: ["1990-01-01", "2031-01-01"],
    "known_on": lambda _: ["1991-12-31", "1980-01-01"],
    "place_id": lambda _: ["golf", "alfa", "the-steppe", "nowhere", "", LONG],
    "where": lambda _: ["golf", "the-steppe", "nowhere", (33.5, 38.5), (95, 38.5), (NAN, NAN)],
    "a": lambda _: ["golf", "border", "nowhere", (33.5, 38.5)],
    "b": lambda _: ["alfa", "reds", "border", "nobody", (33.5, 38.5)],
    "actor_id": lambda _: ["reds", "overseas", "none", "nobody", LONG],
    "actor_ids": lambda _: [["reds"], [], ["none"], ["nobody"]],
    "side": lambda _: ["red", "far", "nobody", LONG],
    "scope": lambda _: ["all", "IQ", "XX"],
    "country": lambda _: ["IQ", "XX"],
    "host_country": lambda _: ["IQ", "XX"],
    "level": lambda _: ["claimed", "core", "all", LONG],
    "changes": lambda world: no_rows(world.tables.control_changes),
    "places": lambda world: no_rows(world.tables.places),
    "actors": lambda world: no_rows(world.tables.actors),
    "settlements": lambda world: no_rows(world.tables.settlements),
    "borders": lambda world: no_rows(world.tables.borders),
    "deployments": lambda world: no_rows(world.tables.deployments),
    "estimates": lambda world: [
        *no_rows(world.tables.fighter_estimates),
        *no_rows(world.tables.area_estimates),
        *(world.tables.fighter_estimates.iloc[[row]] for row in range(len(world.tables.fighter_estimates))),
    ],
    "published": lambda world: no_rows(world.tables.area_estimates.query("control_definition == 'claimed'")),
    "claims": lambda world: no_rows(world.tables.seed_claims),
    "compared": lambda world: no_rows(compared(world)),
    "edges": lambda world: no_rows(edges(world)),
    "events": lambda world: no_rows(events(world)),
    "frame": lambda world: no_rows(world.tables.places),
    "order": lambda world: [ck.order_of_battle(DAY, tables=world.tables)],
    "pool": lambda world: [pool(world)],
    "figure": lambda world: [ck.plot_territory(the(world), DAY)],
    "m": lambda world: [ck.map_territory(the(world), [DAY])],
    "area": lambda world: [the(world), 0.5, 0.0, world.tables.governorates, world.tables.governorates.head(0)],
    "table": lambda _: ["places", "nothing"],
    "text": lambda _: ["a handful", "more than scores", "", "x", LONG],
    "others": lambda _: [{}],
    "by": lambda _: ["event_type", "nothing"],
    "freq": lambda _: ["MS", "nothing"],
    "covers": lambda _: [("1993-01-01", "1993-12-31"), ("1800-01-01", "1800-01-01")],
    "story_actor": lambda _: ["blues", "nobody"],
    "codes": lambda _: ["IQ", "XX", ""],
    "sides": lambda _: [["red"], []],
    "assume_days": lambda _: [0, None, -1],
    "within_days": lambda _: [0, 10**6, -1],
    "within_km": lambda _: [NAN, 0.0, -1.0],
    "radius_km": lambda _: [NAN, 0.1, 10_000.0, 0.0],
    "km": lambda _: [NAN, 0.1, 10_000.0, 0.0],
    "core_radius_km": lambda _: [NAN, 0.0, float("inf"), -1.0],
    "outlet_share": lambda _: [NAN, 0.0, 1.0, 2.0],
    "grid_km": lambda _: [NAN, 50.0, 5000.0, 0.0],
    "drawn_by": lambda _: ["the Survey Office"],
    "edge_km": lambda _: [NAN, 2.0, 1000.0, 0.0],
    "draws": lambda _: [1, 0],
    "days": lambda _: [0, 10**6, -1],
    "window_days": lambda _: [0, 10**6, -1],
    "min_confidence": lambda _: ["confirmed", "sure"],
    "min_reliability": lambda _: ["A", "Z"],
    "origin": lambda _: ["own", "other", "x"],
    "dependence": lambda _: [NAN, "independent", 0.5, 2.0, "x"],
    "weights": lambda _: ["reliability", "x"],
    "quantity": lambda _: ["killed", "fighters", "x"],
    "measure": lambda _: ["present", "x"],
    "role": lambda _: ["holding", "x"],
    "backer": lambda _: ["overseas", "x"],
    "force": lambda _: ["reds", "x"],
    "pocket": lambda _: ["red", "x"],
    "lines": lambda _: ["parent", "backers", "x"],
    "extent": lambda _: [(38, 33, 42, 35), (0, 0, 1, 1), (1, 1, 1, 1), (NAN, NAN, NAN, NAN)],
    "labels": lambda _: [False, ["golf"], ["nowhere"], []],
    "estimators": lambda _: [("The Gazette",), ("nobody",)],
}
# Those that change how it is asked, and not what it is asked about; what is a file is tried in tests/test_files.py.
LEFT_OUT = {
    *(
        "self",
        "ax",
        "live",
        "tiles",
        "title",
        "caption",
        "bands",
        "fade",
        "parts",
        "seed",
        "self_interested",
        "disjoint",
    ),
    *(
        "path",
        "folder",
        "date_column",
        "date_pattern",
        "holder",
        "holder_column",
        "holders",
        "limits",
        "layout",
        "sheet",
    ),
    *("columns", "keep", "engine", "sep", "decimal", "encoding", "frames"),
}
WARNED = {"loss_since": ("level",), "causes": ("level",)}  # an argument that is asked for in a warning
READERS = {
    "export",
    "read_control_polygons",
    "read_events",
    "read_table",
    "save_figure",
    "save_html",
    "save_story",
    "Tables.read",
    "Tables.shipped",
}


def calls(function: Callable[..., object], world: World, *, every: bool) -> Iterator[Call]:
    """Yield what is asked of a function: with what it needs; or with each other value of each argument."""
    parameters = {
        name: parameter
        for name, parameter in inspect.signature(function).parameters.items()
        if name not in LEFT_OUT and parameter.kind is not parameter.VAR_KEYWORD
    }
    assert set(parameters) <= set(VALUES), "tell in VALUES what this argument can be"
    given = {"territory", "tables", *WARNED.get(function.__name__, ())} & set(parameters)
    needed = given | {name for name, parameter in parameters.items() if parameter.default is parameter.empty}
    if {"territory", "tables"} <= needed:
        needed.remove("tables")  # the territory has its own
    base = {name: VALUES[name](world)[0] for name in needed}
    if not every:
        yield "", lambda: function(**base)
    for name in parameters if every else ():
        for number, value in enumerate(VALUES[name](world)[name in needed :]):
            yield f"{name} {number}", lambda name=name, value=value: function(**{**base, name: value})


def method(name: str, world: World) -> Callable[..., object]:
    """Return a question to the territory or the tables of a world."""
    kind, _, question = name.partition(".")
    return getattr(the(world) if kind == "Territory" else world.tables, question)  # type: ignore[no-any-return]


def crashes(found: Iterator[Call]) -> list[str]:
    """Return what neither answered nor refused in words."""
    broken: list[str] = []
    try:
        for what, call in found:
            try:
                call()
            except ck.ConflictkitError as refused:
                if not SHORT < len(str(refused)) < PAGE:
                    broken.append(f"{what}: says nothing, or a page: {str(refused)[:150]}")
            except Exception as error:  # noqa: BLE001 - what is looked for
                broken.append(f"{what}: {type(error).__name__}: {str(error)[:150]}")
            finally:
                plt.close("all")
    except ck.ConflictkitError:  # what is needed to ask does not exist in this world
        pass
    return broken


def asked(name: str, world: str, *, every: bool) -> Iterator[Call]:
    """Yield what is asked of a function, or of a method of a world's territory or tables."""
    there = worlds()[world]
    yield from calls(FUNCTIONS[name] if name in FUNCTIONS else method(name, there), there, every=every)


NAMES = sorted({*FUNCTIONS, *QUESTIONS} - READERS)


@pytest.mark.parametrize(
    "world", [pytest.param(world, marks=[] if world in EVERYDAY else pytest.mark.slow) for world in worlds()]
)
@pytest.mark.parametrize("name", NAMES)
def test_what_is_needed(name: str, world: str) -> None:
    """One row, one date, nobody at the level, tables that are not there: each function, and each method."""
    assert crashes(asked(name, world, every=False)) == []
    if world == "as it is":
        assert list(asked(name, world, every=False)), "nothing was asked"


@pytest.mark.slow
@pytest.mark.parametrize("world", worlds())
@pytest.mark.parametrize("name", NAMES)
def test_every_value(name: str, world: str) -> None:
    """Empty frames, days outside, names that are nobody's, numbers at their ends: one argument after the other."""
    assert crashes(asked(name, world, every=True)) == []


@pytest.mark.parametrize("world", worlds())
@pytest.mark.parametrize("name", ["from_places", "from_polygons"])
def test_ways_to_build(name: str, world: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A territory of empty frames, of one row, of one day."""
    monkeypatch.setitem(VALUES, "frame", lambda _: no_rows(drawn()))
    for every in (False, True):
        assert crashes(calls(getattr(ck.Territory, name), worlds()[world], every=every)) == []

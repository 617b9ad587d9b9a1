"""The public names: what users import, what each says of itself, and what importing the package costs."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from operator import attrgetter
from pathlib import Path

import pytest

import conflictkit as ck
from conflictkit import errors

CLASSES = {"Distance", "Pool", "Range", "Tables", "Territory"}
# A name that comes or goes is news for users: docs, README and CHANGELOG say it, and this list.
FUNCTIONS = {
    *("load_actors", "load_area_estimates", "load_basemap", "load_borders", "load_control_changes", "load_deployments"),
    *("load_fighter_estimates", "load_governorate_population", "load_places", "load_quantity_words"),
    *("load_events", "load_governorates", "load_reports", "load_seed_claims", "load_settlements", "load_sources"),
    *("read_control_polygons", "read_events", "read_table", "validate", "validate_model", "check_claims", "sources_of"),
    *("diff_tables", "passport", "plot_evidence", "plot_influence", "save_figure", "what_if", "export"),
    *("audit_estimates", "estimates_table", "pool_estimates", "range_from_words", "select_estimates", "sum_ranges"),
    *("compare_mappers", "count_events", "events_near_fronts", "find_place"),
    *("backing_at", "besieged", "deployments_at", "distance_km", "nearest_forces", "nearest_fronts", "order_of_battle"),
    *("pocket_at", "relations_at", "strength_over_time"),
    *("plot_area", "plot_backing", "plot_changes", "plot_comparison", "plot_deployments", "plot_disagreement"),
    *(
        "plot_estimates",
        "plot_events",
        "plot_order_of_battle",
        "plot_pocket",
        "plot_pool",
        "plot_presence",
        "plot_stock_and_flow",
    ),
    *("plot_strength", "plot_territories", "plot_territory"),
    *("map_changes", "map_deployments", "map_events", "map_territory", "save_html", "save_story"),
    *("explore", "explore_deployments", "explore_estimates", "explore_territory"),
}
RAISES_NOTHING = {"plot_pool", "sources_of"}

SIGNATURES = {
    "Territory.from_places": (
        "changes, places, tables, scope, core_radius_km, min_confidence, settlements, borders, actors"
    ),
    "Territory.at": "self, date, level",
    "Territory.area": "self, dates, level, bands, draws, seed, edge_km",
    "Territory.changes": "self, start, end",
    "Territory.loss_since": "self, baseline, dates, level",
    "deployments_at": "date, deployments, tables, assume_days",
    "order_of_battle": "date, side, tables, deployments, place_id, assume_days",
    "strength_over_time": ("actor_id, tables, deployments, host_country, place_id, measure, parts, assume_days"),
    "backing_at": "date, tables, deployments, assume_days",
    "relations_at": "date, tables, changes, deployments, within_days, assume_days",
    "find_place": "text, country, tables",
    "distance_km": "a, b, date, tables, deployments, assume_days",
    "nearest_forces": "where, date, tables, deployments, within_km, assume_days",
    "nearest_fronts": "where, date, territory, tables",
    "besieged": "date, territory, tables, outlet_share",
    "pocket_at": "place_id, date, territory, tables",
    "check_claims": "claims, territory",
    "sum_ranges": "estimates, dependence, tables, disjoint",
    "range_from_words": "text, tables",
    "pool_estimates": "estimates, tables, weights, window_days",
    "audit_estimates": "estimates, tables",
    "estimates_table": "estimates, tables",
    "select_estimates": "estimates, tables, known_on, min_reliability, self_interested, origin",
}


def test_public_names_are_the_ones_agreed_on() -> None:
    """At most seventy-eight functions, a few classes, all exceptions, and nothing that the file itself needs."""
    raised = {name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, Exception)}
    assert len(FUNCTIONS) <= 78
    assert set(ck.__all__) == FUNCTIONS | CLASSES | raised | {"__version__"}
    assert len(ck.__all__) == len(set(ck.__all__))
    assert set(dir(ck)) <= set(ck.__all__)


def test_names_for_type_checkers_are_the_names_at_run_time() -> None:
    """Each line of the stub takes a name from the file that defines it, under the same name."""
    tree = ast.parse(Path(ck.__file__).with_suffix(".pyi").read_text(encoding="utf-8"))
    lines = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    names = [(alias.name, alias.asname) for line in lines for alias in line.names]
    assert all(name == asname for name, asname in names)
    assert sorted(name for name, _ in names) == sorted(set(ck.__all__) - {"__version__"})


def test_a_folder_lists_what_it_offers() -> None:
    """`plot_x`, `map_x`, `explore_x` and `read_x` live in x.py; a file without a public name is a `_part.py`."""
    home = {name: getattr(ck, name).__module__ for name in set(ck.__all__) - {"__version__"}}
    verbs = ("plot_", "map_", "explore_", "read_")
    named = {name: module for name, module in home.items() if name.startswith(verbs) and name != "read_table"}
    assert {n: m for n, m in named.items() if not m.endswith(f".{n.partition('_')[2]}")} == {}
    package = Path(ck.__file__).parent
    inner = {f"conflictkit.{path.parent.name}.{path.stem}" for path in package.glob("*/[!_]*.py")}
    assert inner <= set(home.values())


@pytest.mark.parametrize("name", sorted(set(ck.__all__) - {"__version__"}))
def test_every_public_name_explains_itself(name: str) -> None:
    """A sentence; for a function also what comes back, what is raised, and an example that runs."""
    value = getattr(ck, name)
    doc = inspect.getdoc(value)
    assert callable(value)
    assert doc is not None
    assert doc.splitlines()[0].endswith(".")
    if name in FUNCTIONS:
        assert missing_sections(value, raises_nothing=name in RAISES_NOTHING) == []


def test_every_question_of_a_territory_explains_itself() -> None:
    """The public methods as the functions."""
    questions = {name for name in dir(ck.Territory) if not name.startswith("_")}
    methods = {name: found for name in questions if callable(found := getattr(ck.Territory, name))}
    lacking = {name: missing_sections(method, raises_nothing=False) for name, method in methods.items()}
    assert {name: sections for name, sections in lacking.items() if sections} == {}


def test_every_question_of_tables_explains_itself() -> None:
    """The public methods of the carrier too."""
    questions = {name for name in dir(ck.Tables) if not name.startswith("_")}
    methods = {name: found for name in questions if callable(found := getattr(ck.Tables, name))}
    raising = {"day", "days", "read", "replace", "shipped"}
    lacking = {name: missing_sections(method, raises_nothing=name not in raising) for name, method in methods.items()}
    assert {name: sections for name, sections in lacking.items() if sections} == {}


def missing_sections(function: object, *, raises_nothing: bool) -> list[str]:
    """Return the numpydoc sections that the docstring of a function owes and lacks."""
    doc, signature = inspect.getdoc(function) or "", inspect.signature(function)
    owed = {
        "Returns": signature.return_annotation not in {None, "None"},
        "Raises": bool(signature.parameters) and not raises_nothing,
        "Examples": True,
    }
    return [name for name, owes in owed.items() if owes and f"\n{name}\n{'-' * len(name)}\n" not in doc]


@pytest.mark.parametrize(("dotted", "expected"), SIGNATURES.items())
def test_signatures_of_the_model_are_frozen(dotted: str, expected: str) -> None:
    """A change of these signatures is a change for users: make it on purpose."""
    function = attrgetter(dotted)(ck)
    assert ", ".join(inspect.signature(function).parameters) == expected


def test_unknown_name_raises_attribute_error() -> None:
    """A misspelt name fails as on any module."""
    with pytest.raises(AttributeError, match="plot_aera"):
        _ = ck.plot_aera


def test_import_stays_light() -> None:
    """Importing the package imports nothing heavy, not even what tells the version."""
    heavy = {"matplotlib", "ipywidgets", "scipy", "IPython", "pandas", "numpy", "importlib.metadata"}
    code = f"import sys; before = set(sys.modules); import conflictkit; print(*(set(sys.modules) - before) & {heavy})"
    here = Path(__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=here)
    assert done.stdout.strip() == ""

"""The public names: what users import, and what importing the package costs."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from operator import attrgetter
from pathlib import Path

import pytest

import conflictkit as ck

SIGNATURES = {
    "Territory.from_places": "changes, places, scope, core_radius_km, min_confidence, settlements, borders, actors",
    "Territory.at": "self, date, level",
    "Territory.area": "self, dates, level, bands, draws, seed",
    "Territory.changes": "self, start, end",
    "Territory.loss_since": "self, baseline, dates, level",
    "sum_ranges": "rows, dependence, disjoint",
    "range_from_words": "text, table",
    "pool_estimates": "rows, weights, window_days",
    "audit_estimates": "rows",
}


@pytest.mark.parametrize("name", [name for name in ck.__all__ if name != "__version__"])
def test_every_public_name_resolves_and_is_documented(name: str) -> None:
    """Each name imports from the package itself and explains itself."""
    value = getattr(ck, name)
    doc = inspect.getdoc(value)
    assert callable(value)
    assert doc is not None
    assert doc.splitlines()[0].endswith(".")


def test_names_for_type_checkers_are_the_names_at_run_time() -> None:
    """The TYPE_CHECKING imports and the run-time table list the same names."""
    tree = ast.parse(inspect.getsource(ck))
    imported = {
        alias.asname
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("conflictkit.")
        for alias in node.names
    }
    assert imported == {name for name in ck.__all__ if name != "__version__"}


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
    """Importing the package imports none of the heavy libraries."""
    heavy = {"matplotlib", "ipywidgets", "scipy", "IPython"}
    code = f"import conflictkit, sys; print(*sorted(set(sys.modules) & {heavy}))"
    here = Path(__file__).parent
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=here)
    assert done.stdout.strip() == ""

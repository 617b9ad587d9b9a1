"""The repository keeps its own rules: no dead path in a config file, one direction of imports, clean notebooks."""

from __future__ import annotations

import ast
import csv
import importlib.util
import io
import json
import os
import re
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PACKAGE = ROOT / "conflictkit"
MODULES = sorted(PACKAGE.rglob("*.py"))
PAGES = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("benchmarks/*.md"), ROOT / "data" / "README.md"]
)
NOTEBOOKS = sorted(ROOT.glob("notebooks/*.ipynb"))

# A module imports only from layers above its own; modules of one layer do not know each other.
LAYERS = (
    {"errors", "prose", "geometry", "html", "look"},
    {"dates", "ranges", "actors", "positions", "grid"},
    {"files"},
    {"schema"},
    {"datasets"},
    {"readers", "tables"},
    {"residents", "__main__"},
    {"territory", "estimates"},
    {"deployments"},
    {"claims"},
    {"charts"},
    {"maps"},
    {"widgets"},
)
LAYER = {module: depth for depth, layer in enumerate(LAYERS) for module in layer}


def relative(path: Path) -> str:
    """Return a readable test id."""
    return path.relative_to(ROOT).as_posix()


def imported_modules(path: Path) -> Iterator[str]:
    """Yield the dotted name of every import in a file, at the top or inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{relative(path)}: relative import, write it in full"
            yield f"{node.module}"
            if node.module == "conflictkit":
                yield from (f"conflictkit.{alias.name}" for alias in node.names)


def third_party(paths: list[Path]) -> set[str]:
    """Return the packages that files import, without the standard library and this package."""
    top = {name.split(".")[0] for path in paths for name in imported_modules(path)}
    # a script may use another's synthetic tables, a test what lies beside conftest.py
    siblings = {path.stem for path in [*ROOT.glob("benchmarks/*.py"), *ROOT.glob("tests/*.py")]}
    return top - set(sys.stdlib_module_names) - {"conflictkit"} - siblings


IMPORTED_AS = {"pillow": "PIL", "XStatic_Leaflet": "xstatic"}  # where it is not the name of the distribution


def names(requirements: list[str]) -> set[str]:
    """Return the import names of requirement strings."""
    found = {re.split(r"[^\w-]", requirement)[0].replace("-", "_") for requirement in requirements}
    return {IMPORTED_AS.get(name, name) for name in found}


def configured_paths() -> Iterator[str]:
    """Yield every path and pattern that pyproject.toml names."""
    tool, project = CONFIG["tool"], CONFIG["project"]
    wheel = tool["hatch"]["build"]["targets"]["wheel"]
    yield project["readme"]
    yield from project["license-files"]
    yield from (*wheel["only-include"], *wheel["exclude"], *wheel["sources"], *wheel["dev-mode-dirs"])
    yield from tool["mypy"]["files"]
    yield from tool["pytest"]["testpaths"]
    yield from tool["ruff"]["lint"]["per-file-ignores"]


@pytest.mark.parametrize("pattern", sorted(set(configured_paths())))
def test_path_in_pyproject_exists(pattern: str) -> None:
    """A path that no longer exists turns a rule off without a word."""
    assert pattern == "." or list(ROOT.glob(pattern))


def test_paths_in_makefile_exist() -> None:
    """Every notebook, script folder and module that the Makefile names is there."""
    named = re.findall(r"(?<!build/)\b((?:notebooks|benchmarks|data)/[\w.*-]+)", MAKEFILE)
    modules = re.findall(r"-m (conflictkit[.\w]*)", MAKEFILE)
    assert named
    assert [pattern for pattern in named if not list(ROOT.glob(pattern))] == []
    assert [name for name in modules if importlib.util.find_spec(name) is None] == []


@pytest.mark.parametrize("page", [*PAGES, ROOT / ".ci" / "run"], ids=relative)
def test_make_targets_named_in_pages_exist(page: Path) -> None:
    """`make x` in a page or a script is a target of the Makefile."""
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"^make (\w+)", text, re.MULTILINE)) | set(re.findall(r"`make (\w+)`", text))
    assert named <= set(re.findall(r"^(\w+):.*##", MAKEFILE, re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_links_between_pages_resolve(page: Path) -> None:
    """A relative link leads to a file of the repository."""
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_files_named_in_pages_exist(page: Path) -> None:
    """A path in backticks is a file: pages do not outlive what they describe."""
    files = re.findall(r"`((?:data|docs|notebooks|tests|benchmarks)/[\w./-]+\.\w+)`", page.read_text(encoding="utf-8"))
    assert [name for name in files if not (ROOT / name).is_file()] == []


def test_sources_named_in_figures_page_exist() -> None:
    """The page that defines the figures cites rows of the sources table."""
    with (ROOT / "data" / "sources.csv").open(encoding="utf-8", newline="") as file:
        known = {row["source_id"] for row in csv.DictReader(file)}
    text = (ROOT / "docs" / "figures.md").read_text(encoding="utf-8")
    cited = set(re.findall(r"`([a-z0-9]+(?:-[a-z0-9]+)+)`", text.split("## Sources")[1]))
    assert len(cited) >= 5
    assert cited <= known


def test_rows_shown_to_contributors_are_rows_of_the_tables() -> None:
    """The example in CONTRIBUTING.md stays valid when a schema changes."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    blocks = re.findall(r"`(data/\w+\.csv)`[^`]*```csv\n(.*?)```", text, re.DOTALL)
    assert [path for path, _ in blocks] == ["data/control_changes.csv", "data/sources.csv"]
    for path, block in blocks:
        table = list(csv.DictReader(io.StringIO((ROOT / path).read_text(encoding="utf-8"))))
        assert all(row in table for row in csv.DictReader(io.StringIO(block)))


def test_changelog_names_the_version() -> None:
    """The version of pyproject.toml has an entry, and the entry says something."""
    _, _, entry = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").partition(f"## {CONFIG['project']['version']}")
    assert re.search(r"^- \w", entry.partition("\n## ")[0], re.MULTILINE)


def test_ci_script_is_executable() -> None:
    """CI starts the script itself."""
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_imports_go_one_way(path: Path) -> None:
    """A module imports only from layers to its left; the package's own file lists the public names and is exempt."""
    part = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if part == "__init__":
        return
    inner = {name.split(".")[1] for name in imported_modules(path) if name.startswith("conflictkit.")} - {part}
    assert part in LAYER, "a new module needs a place in LAYERS"
    assert [name for name in inner if name != "__version__" and LAYER[name] >= LAYER[part]] == []


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_modules_and_functions_stay_small(path: Path) -> None:
    """A module has 350 lines at most, a function 40 without its docstring; none is called utils."""
    text = path.read_text(encoding="utf-8")
    assert path.stem.strip("_") not in {"utils", "util", "helpers", "misc", "common"}
    assert len(text.splitlines()) <= 350
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert {node.name: length for node in functions if (length := body_lines(node)) > 40} == {}


def body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function from its first statement after the docstring to its end."""
    first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
    return (node.end_lineno or 0) - first.lineno + 1


def test_package_imports_what_is_declared_and_declares_what_it_imports() -> None:
    """No dependency without an import, no import without a dependency."""
    assert third_party(MODULES) == names(CONFIG["project"]["dependencies"])


def test_tests_and_benchmarks_import_only_what_is_declared() -> None:
    """What the tests import is installed by `make test`."""
    extras, groups = CONFIG["project"]["optional-dependencies"], CONFIG["dependency-groups"]
    declared = names([*CONFIG["project"]["dependencies"], *extras["lab"], *groups["test"]])
    assert third_party([*ROOT.glob("tests/**/*.py"), *ROOT.glob("benchmarks/*.py")]) <= declared


def test_there_are_notebooks() -> None:
    """The checks below are not about an empty folder."""
    assert [path.name[:2] for path in NOTEBOOKS] == ["00", "01", "02", "03", "04"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=relative)
def test_notebook_is_stripped_and_portable(path: Path) -> None:
    """No output, count or widget state is stored, and the kernel is the one every installation has."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert code
    assert [cell for cell in code if cell["outputs"] or cell["execution_count"] is not None] == []
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert "widgets" not in notebook["metadata"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=relative)
def test_notebook_cells_are_short(path: Path) -> None:
    """Logic of more than ten lines belongs in the package; twelve is where this test stops it."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    lengths = [len("".join(cell["source"]).splitlines()) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert max(lengths) <= 12

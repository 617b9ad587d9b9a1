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
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

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

# A file imports from its own floor and from those before it.
FLOORS = {
    "ground": {
        "errors",
        "dates",
        "ranges",
        "prose",
        "actors",
        "placenames",
        "positions",
        "geometry",
        "outlines",
        "grid",
        "look",
        "html",
        "markdown",
        "text",
    },
    "tables": {"files", "schema", "datasets", "readers", "asof", "tables", "war_folder"},
    "model": {"places", "territory", "estimates", "deployments", "events", "claims", "evidence"},
    "pictures": {"charts", "maps", "passport", "exports"},
    "explorers": {"widgets"},
    "commands": {"cli", "__main__"},
}
ORDER = list(FLOORS)
FLOOR = {part: ORDER.index(floor) for floor, parts in FLOORS.items() for part in parts}

# Files of fewer than 40 lines that hold an idea of their own.
SMALL = {
    "conflictkit/readers/_log.py": "what a reader set aside, and why",
    "conflictkit/text.py": "the type of text, whatever the options of pandas, and when it says nothing",
}


LIST = r"^(\w+):\n((?:  - .+\n)+)"  # a list in CITATION.cff, with its items


def relative(path: Path) -> str:
    """Return a readable test id."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    """Return a file, parsed once."""
    return ast.parse(path.read_text(encoding="utf-8"))


def statements(node: ast.AST, *, typing: bool) -> Iterator[ast.AST]:
    """Yield all that is under a node, what only type checkers read on request."""
    for child in ast.iter_child_nodes(node):
        if typing or not (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)):
            yield child
            yield from statements(child, typing=typing)


def imported_modules(path: Path, *, typing: bool = True) -> Iterator[str]:
    """Yield the dotted name of every import in a file, at the top or inside functions."""
    for node in statements(tree(path), typing=typing):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{relative(path)}: relative import, write it in full"
            yield f"{node.module}"
            if f"{node.module}".split(".")[0] == "conflictkit":
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


def module_name(path: Path) -> str:
    """Return the name by which a file of the package is imported."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def arrows() -> dict[str, set[str]]:
    """Return the files that each file imports when it runs; a package is in the path to its own files anyway."""
    files = {module_name(path): path for path in MODULES}
    return {
        name: {
            other
            for other in imported_modules(path, typing=False)
            if other in files and not f"{name}.".startswith(f"{other}.") and other != "conflictkit"
        }
        for name, path in files.items()
    }


def third_party(paths: list[Path]) -> set[str]:
    """Return the packages that files import, without the standard library and this package."""
    top = {name.split(".")[0] for path in paths for name in imported_modules(path)}
    # a script may use another's synthetic tables, a test what lies beside conftest.py
    siblings = {path.stem for path in [*ROOT.glob("benchmarks/*.py"), *ROOT.glob("tests/*.py")]} | {"fuzz"}
    return top - set(sys.stdlib_module_names) - {"conflictkit"} - siblings


IMPORTED_AS = {
    "ipython": "IPython",
    "pillow": "PIL",
    "XStatic_Leaflet": "xstatic",
}  # where it is not the name of the distribution


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


def test_paths_in_pyproject_exist() -> None:
    """A path that no longer exists turns a rule off without a word."""
    assert [name for name in set(configured_paths()) if name != "." and not list(ROOT.glob(name))] == []


def test_paths_in_makefile_exist() -> None:
    """Every notebook, script folder and module that the Makefile names is there."""
    named = re.findall(r"(?<!build/)\b((?:notebooks|benchmarks|data)/[\w.*-]+)", MAKEFILE)
    modules = re.findall(r"-m (conflictkit[.\w]*)", MAKEFILE)
    assert named
    assert [pattern for pattern in named if not list(ROOT.glob(pattern))] == []
    assert [name for name in modules if importlib.util.find_spec(name) is None] == []


def named_in(pattern: str, pages: list[Path]) -> list[tuple[Path, str]]:
    """Return what a pattern finds in pages, with the page."""
    return [(page, found) for page in pages for found in re.findall(pattern, page.read_text("utf-8"), re.MULTILINE)]


def test_make_targets_named_in_pages_exist() -> None:
    """`make x` in a page or a script is a target of the Makefile."""
    targets = set(re.findall(r"^([\w-]+):.*##", MAKEFILE, re.MULTILINE))
    named = named_in(r"(?:^|`)make ([a-z][\w-]*)", [*PAGES, ROOT / ".ci" / "run"])
    assert len(named) > 5
    assert [(page, target) for page, target in named if target not in targets] == []


def test_readme_tells_contributors_what_ci_runs() -> None:
    """The everyday tests first, then the rest; the target that CI calls begins with the everyday ones."""
    (commands,) = re.findall(r"## Tests\n\n```sh\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert re.findall(r"^make ([\w-]+)", commands, re.MULTILINE) == ["test", "test-all"]
    assert re.findall(r"^make ([\w-]+)", (ROOT / ".ci" / "run").read_text("utf-8"), re.MULTILINE) == [
        "check",
        "test-all",
    ]
    assert re.search(r"^test-all:.*\n(\t.*\n)*?\t\$\(MAKE\) test\b", MAKEFILE, re.MULTILINE)


def test_links_between_pages_resolve() -> None:
    """A relative link leads to a file of the repository."""
    links = named_in(r"\]\((?!https?:)([^)#]+)", PAGES)
    assert [(page, target) for page, target in links if not (page.parent / target).exists()] == []


def test_files_named_in_pages_exist() -> None:
    """A path in backticks is a file: pages do not outlive what they describe."""
    files = named_in(r"`((?:data|docs|notebooks|tests|benchmarks)/[\w./-]+\.\w+)`", PAGES)
    assert [(page, name) for page, name in files if not (ROOT / name).is_file()] == []


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


def test_a_citation_has_the_version_and_the_licence() -> None:
    """CITATION.cff and the last line of the README say what pyproject.toml says."""
    project = CONFIG["project"]
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    fields = dict(re.findall(r"^([\w-]+): (\S.*)$", text, re.MULTILINE))
    assert fields["cff-version"] == "1.2.0"
    assert (fields["title"], fields["version"]) == (project["name"], project["version"])
    lists = {name: re.findall(r"  - (?:name: )?(.+)", items) for name, items in re.findall(LIST, text, re.MULTILINE)}
    assert lists["authors"] == [author["name"] for author in project["authors"]]
    assert lists["license"] == project["license"].split(" AND ")
    assert lists["keywords"] == project["keywords"]
    assert f"To cite: {project['name']} {project['version']} (" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_a_checkout_is_small() -> None:
    """Below 40 MB, without what was built or installed; no single file is above 1 MB."""
    built = {".git", *(ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()}
    sizes: dict[str, int] = {}
    for folder, inner, files in os.walk(ROOT):
        here = Path(folder)
        inner[:] = [name for name in inner if not {name, f"{name}/", f"/{(here / name).relative_to(ROOT)}/"} & built]
        sizes |= {relative(here / name): (here / name).stat().st_size for name in files}
    assert sum(sizes.values()) < 40_000_000
    assert {name: size for name, size in sizes.items() if size > 1_000_000} == {}


def test_ci_script_is_executable() -> None:
    """CI starts the script itself."""
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def part(module: str) -> str:
    """Return the file or folder of the package that a module belongs to."""
    return module.split(".")[1]


def test_imports_go_one_way() -> None:
    """A file imports from its own floor or from one before it; a new part of the package needs a place in FLOORS."""
    graph = {name: found for name, found in arrows().items() if name != "conflictkit"}
    assert {part(name) for name in graph} <= set(FLOOR)
    up = [(name, other) for name in graph for other in graph[name] if FLOOR[part(other)] > FLOOR[part(name)]]
    assert up == []


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Return a way round for each arrow that closes a circle."""
    found: list[list[str]] = []
    done: dict[str, bool] = {}

    def visit(name: str, way: list[str]) -> None:
        done[name] = False
        for other in sorted(graph.get(name, ())):
            if other in way:
                found.append([*way[way.index(other) :], other])
            elif other not in done:
                visit(other, [*way, other])
        done[name] = True

    for name in sorted(graph):
        if name not in done:
            visit(name, [name])
    return found


def test_no_circle_between_files() -> None:
    """No file imports itself by way of others, not even late, inside a function."""
    assert circles(arrows()) == []


def test_no_circle_between_parts() -> None:
    """The folders of one floor have an order too."""
    graph: dict[str, set[str]] = {}
    for name, others in arrows().items():
        if name != "conflictkit":
            graph.setdefault(part(name), set()).update(part(other) for other in others if part(other) != part(name))
    assert circles(graph) == []


def test_a_circle_is_found() -> None:
    """Of two files, of three, of one; a diamond is none."""
    assert circles({"a": {"b", "c"}, "b": {"d"}, "c": {"d"}, "d": set()}) == []
    assert circles({"a": {"b"}, "b": {"a"}}) == [["a", "b", "a"]]
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"d"}}) == [["b", "c", "b"], ["d", "d"]]


def code_lines(path: Path) -> int:
    """Return the lines of a file that hold code: no docstring, comment or blank line."""
    text = {
        line
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for line in range(node.lineno, (node.end_lineno or 0) + 1)
    }
    lines = path.read_text(encoding="utf-8").splitlines()
    return sum(
        bool(line.strip()) and not line.lstrip().startswith("#") and number not in text
        for number, line in enumerate(lines, start=1)
    )


def test_modules_are_neither_large_nor_empty() -> None:
    """At most 350 lines of code; fewer than 40 in all hold an idea, named in SMALL; no module is called utils."""
    assert {path.stem.strip("_") for path in MODULES} & {"utils", "util", "helpers", "misc", "common"} == set()
    assert {relative(path): lines for path in MODULES if (lines := code_lines(path)) > 350} == {}
    files = [path for path in MODULES if not path.stem.startswith("__")]
    assert {relative(path) for path in files if len(path.read_text("utf-8").splitlines()) < 40} - set(SMALL) == set()


def test_functions_stay_short() -> None:
    """A function has 40 lines at most without its docstring."""
    lengths = {
        f"{relative(path)}:{node.lineno} {node.name}": body_lines(node)
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: length for name, length in lengths.items() if length > 40} == {}


def body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function from its first statement after the docstring to its end."""
    first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
    return (node.end_lineno or 0) - first.lineno + 1


def test_package_imports_what_is_declared_and_declares_what_it_imports() -> None:
    """No dependency without an import, no import without a dependency; two extras are imported by what needs them."""
    needed, extras = names(CONFIG["project"]["dependencies"]), CONFIG["project"]["optional-dependencies"]
    # dask is of the extra `scale`; pyarrow, of the extra `parquet`, is imported by pandas and geopandas alone
    assert third_party(MODULES) == needed | names(extras["excel"]) | {"dask"}


def test_bars_are_text() -> None:
    """Bars of a notebook are widgets, which are gone when it is opened again: "model not found" over every chart."""
    bars = {(relative(path), name) for path in MODULES for name in imported_modules(path) if name.startswith("tqdm")}
    assert {name for _, name in bars} == {"tqdm"}


def test_tests_and_benchmarks_import_only_what_is_declared() -> None:
    """What the tests import is installed by `make test`."""
    extras, groups = CONFIG["project"]["optional-dependencies"], CONFIG["dependency-groups"]
    declared = names([*CONFIG["project"]["dependencies"], *extras["lab"], *groups["test"]])
    assert third_party([*ROOT.glob("tests/**/*.py"), *ROOT.glob("benchmarks/*.py")]) <= declared


def test_lock_is_one_environment_and_names_no_index() -> None:
    """Every requirement is there, pinned to a version that pyproject.toml allows, by hash and not by address."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = dict(re.findall(r"^([\w.-]+)==([\w.]+)(?: ; .*)? \\$", text, re.MULTILINE))
    wanted = [*CONFIG["project"]["dependencies"], *CONFIG["project"]["optional-dependencies"]["lab"]]
    for requirement in map(Requirement, wanted):
        assert requirement.specifier.contains(pinned[canonicalize_name(requirement.name)]), requirement
    assert text.count("--hash=sha256:") > len(pinned)
    assert re.findall(r"https?:|file:|--index|--find-links", text) == []


def test_there_are_notebooks() -> None:
    """The checks below are not about an empty folder."""
    assert [path.name[:2] for path in NOTEBOOKS] == ["00", "01", "02", "03", "04", "05", "06"]


@cache
def cells_of(path: Path) -> list[dict[str, Any]]:
    """Return the code cells of a notebook."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert notebook["metadata"]["kernelspec"]["name"] == "python3", "the kernel is the one every installation has"
    assert "widgets" not in notebook["metadata"]
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def test_notebooks_are_stripped_and_portable() -> None:
    """No output, count or widget state is stored."""
    assert all(cells_of(path) for path in NOTEBOOKS)
    cells = [(path.name, cell) for path in NOTEBOOKS for cell in cells_of(path)]
    assert [(name, cell) for name, cell in cells if cell["outputs"] or cell["execution_count"] is not None] == []


def test_notebooks_write_units_as_people_do() -> None:
    """km² and 90 %, never km2 and 90%: in words; names of columns and of variables may be what they are."""
    cells = [cell for path in NOTEBOOKS for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]
    words = ["".join(cell["source"]) for cell in cells]
    assert [text for text in words if re.search(r"[\d}] km2\b|\d%[^}\"]|:\.\d%}", text)] == []


def test_the_first_notebook_says_what_to_press_and_shows_at_once() -> None:
    """Its first cell names the button, its second draws."""
    press, draw = json.loads(NOTEBOOKS[0].read_text(encoding="utf-8"))["cells"][:2]
    assert "Run All Cells" in "".join(press["source"])
    assert "ck.plot_" in "".join(draw["source"])


def test_days_in_words_are_ours() -> None:
    """Names of months by ``%B`` are the locale's, and ``%-d`` fails on Windows: dates.in_words writes both."""
    python = [*(ROOT / "conflictkit").rglob("*.py"), *(ROOT / "stories").glob("*.py"), *NOTEBOOKS]
    told = re.compile(r":%-?d|:%[BbA]|strftime\(\"[^\"]*%[BbAa]")
    assert [path.name for path in python if told.search(path.read_text(encoding="utf-8"))] == []


def test_notebook_cells_are_short() -> None:
    """Logic of more than ten lines belongs in the package; blank ones do not count."""
    lines = [(path.name, "".join(cell["source"]).splitlines()) for path in NOTEBOOKS for cell in cells_of(path)]
    lengths = [(name, sum(map(bool, map(str.strip, cell)))) for name, cell in lines]
    assert [(name, length) for name, length in lengths if length > 10] == []

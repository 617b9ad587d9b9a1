"""The wheel is whole: it imports and loads every table where the checkout is out of reach."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
from matplotlib.image import imread

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
LOAD_EVERY_TABLE = """
import sys
import conflictkit as ck
assert ck.__file__.startswith(sys.prefix), ck.__file__
for name in ck.__all__:
    if name.startswith("load_"):
        print(name, len(getattr(ck, name)()))
"""

IN_THE_WHEEL = """
import sys, conflictkit
assert conflictkit.__file__.startswith(sys.prefix), conflictkit.__file__
"""

WRITE_A_PAGE = """
import pathlib, tempfile, conflictkit as ck
page = pathlib.Path(tempfile.mkdtemp()) / "map.html"
ck.save_html(ck.map_territory(ck.Territory.from_places(), "2017-11-03"), page)
print(page.read_text(encoding="utf-8"))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a wheel built from the checkout, without isolation: nothing is downloaded."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT],
        check=True,
        capture_output=True,
    )
    (path,) = folder.glob("conflictkit-*.whl")
    return path


@pytest.fixture(scope="module")
def python_with_wheel(wheel: Path) -> Path:
    """Return the interpreter of a new environment with the wheel; only the dependencies come from this one."""
    home = wheel.parent / "venv"
    venv.create(home, symlinks=True)
    python = home / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-index", "--no-deps", wheel]
    subprocess.run(pip, check=True)
    (packages,) = home.glob("lib/python*/site-packages")
    # .pth files inside a folder added this way are not read, so an editable install of the checkout stays out.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return python


def run(python: Path, *arguments: str, folder: Path | None = None) -> str:
    """Run the interpreter isolated from the working directory and the environment's variables."""
    done = subprocess.run(
        [python, "-I", *arguments], cwd=folder or python.parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_wheel_holds_the_tables_and_nothing_of_the_workshop(wheel: Path) -> None:
    """Every table of data/ travels; its build scripts, the tests and the notebooks do not."""
    names = set(zipfile.ZipFile(wheel).namelist())
    tables = {f"conflictkit/data/{path.name}" for path in (ROOT / "data").iterdir() if path.is_file()}
    assert tables <= names
    assert "conflictkit/py.typed" in names
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"conflictkit"}
    assert not [name for name in names if name.startswith("conflictkit/data/build")]


def test_wheel_is_small(wheel: Path) -> None:
    """A wheel that doubles in size has taken something in by accident (0.5 MB at 0.1.0)."""
    assert wheel.stat().st_size < 1_500_000


def test_wheel_draws_the_figures_of_the_readme(python_with_wheel: Path, tmp_path: Path) -> None:
    """The first script, and that of a war of one's own, in a folder that knows no checkout: pictures and pages."""
    scripts = re.findall(r"^```python\n(.*?)^```$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    run(python_with_wheel, "-m", "conflictkit", "new", "my-war", folder=tmp_path)
    for script in scripts[:2]:
        assert run(python_with_wheel, "-W", "error", "-c", IN_THE_WHEEL + script, folder=tmp_path) is not None
    assert {path.name for path in tmp_path.glob("*.png")} == {"territory.png", "map.png", "chart.png"}
    for picture in tmp_path.glob("*.png"):
        assert imread(picture).shape[1] >= 800
    for page in ("territory.html", "page.html"):
        assert "connect-src 'none'" in (tmp_path / page).read_text(encoding="utf-8")


def test_wheel_loads_every_table(python_with_wheel: Path) -> None:
    """Each load_* function finds its file inside the installed package."""
    rows = dict(line.split() for line in run(python_with_wheel, "-c", LOAD_EVERY_TABLE).splitlines())
    assert len(rows) == 16
    assert all(int(count) > 0 for count in rows.values())


def test_wheel_writes_a_page(python_with_wheel: Path) -> None:
    """The scripts and styles of the pages travel too: a map is written from the installed package alone."""
    page = run(python_with_wheel, "-c", WRITE_A_PAGE)
    assert "connect-src 'none'" in page
    assert "conflictkitMap" in page


def test_wheel_validates_its_own_tables(python_with_wheel: Path) -> None:
    """`conflictkit check` checks the shipped data, wherever it lies."""
    assert "control_changes" in run(python_with_wheel, "-m", "conflictkit", "check")

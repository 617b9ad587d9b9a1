"""The commands and scripts of the README do what it says."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from inside import unpacked
from matplotlib.image import imread

import conflictkit as ck
from conflictkit.__main__ import main

ROOT = Path(__file__).parents[1]


def python_blocks() -> list[str]:
    """Return the README's Python blocks, in order."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def run(script: str, folder: Path) -> str:
    """Run a script in a folder of its own, warnings as errors, and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def script_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which the README's first script has run."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "printed.txt").write_text(run(python_blocks()[0], folder), encoding="utf-8")
    return folder


def test_script_has_ten_lines_at_most() -> None:
    """The first script is short enough to retype."""
    assert len([line for line in python_blocks()[0].splitlines() if line.strip()]) <= 10


def test_script_writes_a_picture(script_folder: Path) -> None:
    """The PNG is large enough to read and holds a map: many colours, no single one over nine tenths of it."""
    pixels = imread(script_folder / "territory.png")
    height, width = pixels.shape[:2]
    colours, counts = np.unique((pixels[..., :3] * 255).astype(int).reshape(-1, 3), axis=0, return_counts=True)
    assert height >= 600
    assert width >= 800
    assert len(colours) > 100
    assert counts.max() < 0.9 * height * width


def test_script_writes_the_table_it_prints(script_folder: Path) -> None:
    """The CSV has the columns and dates asked for, and the same shares as on the screen."""
    frame = pd.read_csv(script_folder / "isis_core.csv", parse_dates=["date"])
    assert list(frame.columns) == ["date", "scope", "actor_id", "level", "area_km2", "share"]
    assert list(frame["date"].dt.strftime("%Y-%m-%d")) == ["2015-01-05", "2016-07-04", "2017-11-03"]
    assert frame["area_km2"].between(1_000, 200_000).all()
    assert frame["area_km2"].is_monotonic_decreasing
    printed = (script_folder / "printed.txt").read_text(encoding="utf-8").splitlines()
    assert [float(line.split()[-1]) for line in printed[1:]] == pytest.approx(list(frame["share"]), abs=5e-4)


def test_script_writes_a_page_that_needs_no_network(script_folder: Path) -> None:
    """The page forbids connections and holds its numbers."""
    page = (script_folder / "territory.html").read_text(encoding="utf-8")
    assert "connect-src 'none'" in page
    assert "2017-11-03" in unpacked(page)["dates"]


def test_names_of_the_table_exist() -> None:
    """Every function that the README names is public."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:plot|map|explore|sum|pool|audit|order|deployments|besieged)\w*)`", text))
    assert len(named) > 15
    assert named <= set(ck.__all__)


def test_own_table_block_runs_on_an_edited_copy(tmp_path: Path) -> None:
    """The block reads a copied CSV; the smaller radius gives a smaller core."""
    shutil.copy(ROOT / "data" / "control_changes.csv", tmp_path / "my_control_changes.csv")
    area = "a = t.area('2016-07-04', level='core').query('scope == \"all\" and actor_id == \"isis\"').area_km2.item()"
    both = f"""
import conflictkit as ck
{python_blocks()[3]}
for t in (territory, ck.Territory.from_places()):
    {area}
    print(a)
"""
    smaller, shipped = map(float, run(both, tmp_path).split())
    assert 0 < smaller < shipped


@pytest.mark.slow
def test_the_way_to_a_war_of_ones_own(tmp_path: Path) -> None:
    """A new folder passes the check, and the block makes a map, a chart and a page of it."""
    commands = re.findall(r"^conflictkit (new|check) my-war/", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert commands == ["new", "check"]
    assert [main([command, str(tmp_path / "my-war")]) for command in commands] == [0, 0]
    run(python_blocks()[1], tmp_path)
    for name in ("map.png", "chart.png"):
        assert imread(tmp_path / name).shape[1] >= 800
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "Exampleland" in page
    assert "Syria" not in page


@pytest.mark.slow
def test_events_of_ones_own(tmp_path: Path) -> None:
    """The block on events runs on a sample, and writes a chart and a page."""
    shutil.copy(ROOT / "examples" / "events-synthetic" / "ged.csv", tmp_path / "my_events.csv")
    printed = run(python_blocks()[4], tmp_path)
    assert "month_as_date" in printed
    assert "'matched': 600" in printed
    assert imread(tmp_path / "events.png").shape[1] >= 800
    assert "connect-src 'none'" in (tmp_path / "events.html").read_text(encoding="utf-8")


def test_borders_of_any_country(tmp_path: Path) -> None:
    """The block takes a country out of a file laid out as Natural Earth's countries."""
    box = shapely.box(-35, 44, -33, 45)
    layer = gpd.GeoDataFrame({"ISO_A2_EH": ["XX", "YY"], "NAME": ["Mine", "Yours"]}, geometry=[box, box], crs=4326)
    main(["new", str(tmp_path / "my-war")])
    layer.to_file(tmp_path / "countries.geojson", driver="GeoJSON")
    run(python_blocks()[2].replace("ne_10m_admin_0_countries.zip", "countries.geojson"), tmp_path)
    assert ck.Tables.read(tmp_path / "my-war").borders["name"].tolist() == ["Mine"]

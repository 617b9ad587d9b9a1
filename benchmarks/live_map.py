"""From a key press to the painted map in JupyterLab: the live map beside a slider that redraws a folium map.

Both dashboards have the shipped places and 300 dates, and both are driven by the arrow key of their slider, the map's
own or one of ipywidgets, in a headless Chromium that reaches nothing but this machine. folium's own page draws nothing
there, so its map has Leaflet inlined by this kit, as the fairest version of the naive way. Then the kernel's numbers
alone.
"""

from __future__ import annotations

import importlib
import json
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import pandas as pd

from conflictkit import Territory
from conflictkit.widgets._view_land import Figures, View, html_table, sentence

ROOT = Path(__file__).parents[1]
DATES = "ck.Territory.from_places().dates[:300]"  # on each of them something changes
PRESSES, WARM = 12, 3
# A frame at 60 Hz is the least that can be seen, so the ratio is of the time until the map has changed.
FRAME_MS, NUMBERS_MS, RATIO = 17, 60, 20

OURS = f"""import pandas as pd
import conflictkit as ck
ck.explore_territory(dates={DATES}, date="2015-06-01")"""

FOLIUM = f"""import html, re
import folium, ipywidgets, pandas as pd
import conflictkit as ck
from conflictkit.look import palette
from conflictkit.maps._document import leaflet_script, leaflet_style
territory, dates = ck.Territory.from_places(), {DATES}
paints = palette(territory.actors)
slider = ipywidgets.SelectionSlider(options=[(f"{{day:%d %b %Y}}", day) for day in dates], index=140)
view = ipywidgets.HTML()
def draw(_=None):
    chart = folium.Map([34, 42], zoom_start=6, tiles=None)
    look = lambda shape: {{"fillColor": paints[shape["properties"]["actor_id"]].color, "fillOpacity": 1, "weight": 1}}
    folium.GeoJson(territory.at(slider.value), style_function=look).add_to(chart)
    root = chart.get_root()
    root.render()
    head = re.sub(r'<(script|link)[^>]*"https?:[^>]*>(</script>)?', "", root.header.render())
    scripts = f"<script>{{leaflet_script()}}</script><script>{{root.script.render()}}</script>"
    page = f"<!DOCTYPE html><style>{{leaflet_style()}}</style>{{head}}{{root.html.render()}}{{scripts}}"
    view.value = f'<iframe srcdoc="{{html.escape(page)}}" style="width:100%;height:600px;border:0"></iframe>'
slider.observe(draw, names="value")
draw()
ipywidgets.VBox([slider, view])"""

# From the key press until the map has changed, and until the frame with it is painted. Our map tells of its step; the
# frame of the other is looked at until it has drawn.
WATCH = """kind => {
    const kit = [...document.querySelectorAll('*')].find(one => one.kit && one.querySelector('.ck-bare'))?.kit;
    const inside = () => [...document.querySelectorAll('.jp-OutputArea-output iframe')].at(-1);
    const before = inside()?.srcdoc;
    const path = () => inside()?.contentDocument?.querySelector('path.leaflet-interactive');
    const drawn = () => inside()?.srcdoc !== before && path();
    window.waited = new Promise(done => {
        let start = 0, told = false;
        const changed = () => {
            if (told || !start) return;
            told = true;
            const after = performance.now() - start, { port1, port2 } = new MessageChannel();
            port1.onmessage = () => done([after, performance.now() - start]);
            requestAnimationFrame(() => port2.postMessage(0));
        };
        const look = () => drawn() ? changed() : setTimeout(look);
        document.addEventListener('keydown', () => {
            start = performance.now();
            if (kind !== 'ours') look();
        }, { once: true, capture: true });
        if (kind === 'ours') kit.onStep(changed);
        setTimeout(() => done(null), 5000); // a step that changes nothing in the scope paints nothing
    });
}"""


def notebook(code: str) -> str:
    """Return a notebook of one cell."""
    cell: dict[str, Any] = {
        "cell_type": "code",
        "id": "one",
        "metadata": {},
        "source": code,
        "outputs": [],
        "execution_count": None,
    }
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return json.dumps({"cells": [cell], "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5})


def presses(lab: Any, name: str, kind: str) -> tuple[float, float]:  # noqa: ANN401 - the tests' own notebook server
    """Return the median milliseconds from a press of the arrow key to the changed and to the painted map."""
    page = lab.open(name)
    lab.run(page)
    page.wait_for_timeout(2500)
    page.locator(".ck-bare .ck-slider" if kind == "ours" else ".noUi-handle").first.focus()
    found: list[tuple[float, float] | None] = []
    for _ in range(WARM + PRESSES):
        page.evaluate(WATCH, kind)
        page.keyboard.press("ArrowRight")
        found.append(page.evaluate("() => window.waited"))
        page.wait_for_timeout(400)  # the kernel has caught up: a step is timed, not a queue
    page.close()
    changed, painted = zip(*(spent for spent in found[WARM:] if spent is not None), strict=True)
    return median(changed), median(painted)


def in_jupyterlab() -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the milliseconds of both dashboards, measured in turn in one browser."""
    from playwright.sync_api import sync_playwright

    sys.path.insert(0, str(ROOT / "tests" / "browser"))
    tests: Any = importlib.import_module("conftest")  # the notebook server and the browser of the tests
    chromium = shutil.which("chromium")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        folder = Path(name)
        (folder / "ours.ipynb").write_text(notebook(OURS), encoding="utf-8")
        (folder / "folium.ipynb").write_text(notebook(FOLIUM), encoding="utf-8")
        with (
            tests.serving(folder) as server,
            tests.visiting(driver, server, program=chromium, profile=folder / "profile") as lab,
        ):
            return presses(lab, "ours.ipynb", "ours"), presses(lab, "folium.ipynb", "folium")


def kernel_ms() -> float:
    """Return the median milliseconds that the kernel takes for the numbers of a step."""
    territory, days = Territory.from_places(), pd.date_range("2014-01-01", "2019-03-31", periods=300).normalize()
    figures, spent = Figures(territory, days), []
    for day in days[::10]:
        start = perf_counter()
        view = View(day)
        table = figures.table(view)
        sentence(table, view, figures), html_table(table, view, figures.paints)
        spent.append(1000 * (perf_counter() - start))
    return median(spent)


def main() -> int:
    """Measure, print, and return 1 where a goal is missed."""
    (changed, painted), (folium_changed, folium_painted) = in_jupyterlab()
    numbers, ratio = kernel_ms(), folium_changed / changed
    print(f"press of a key in JupyterLab, 300 dates, median of {PRESSES}:  until changed  until painted")
    print(f"  ipywidgets + folium, Leaflet inlined           {folium_changed:10.0f} ms  {folium_painted:10.0f} ms")
    print(f"  explore_territory                              {changed:10.1f} ms  {painted:10.1f} ms")
    print(f"  ratio                                          {ratio:10.0f}     {folium_painted / painted:10.0f}")
    print(f"kernel's numbers of a step                       {numbers:10.1f} ms")
    kept = changed <= FRAME_MS and numbers <= NUMBERS_MS and ratio >= RATIO
    print("goals kept" if kept else "a goal is missed")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())

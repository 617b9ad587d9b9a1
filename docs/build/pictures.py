"""Draw the pictures of the README and of the gallery, and write docs/gallery.md: what a page shows is what was run.

Run by `make pictures`, after a change of any picture. Maps are photographed in the browser of the tests.
"""

from __future__ import annotations

import io
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium
from matplotlib.axes import Axes
from PIL import Image
from playwright.sync_api import sync_playwright

import conflictkit as ck

if TYPE_CHECKING:
    from playwright.sync_api import Browser

DOCS = Path(__file__).parents[1]
FOLDER = DOCS / "pictures"
SMALL, LARGE, DPI = 640, 1080, 120  # pixels of width in the gallery and in the README; dots per inch before that
COLORS = 128  # of a picture: with fewer the tints of neighbours run together, with more the files double
SCREEN: Any = {"width": 1200, "height": 820}
SETTLED = 1500  # milliseconds until a page has drawn its land

PREPARED = "import conflictkit as ck\n\nterritory = ck.Territory.from_places()"

THEATRE = "figures = ck.load_fighter_estimates().query(\"quantity == 'fighters' and scope == 'IQ;SY'\")\n"

# What each picture is made with, after the lines above: two at most, of which the last one makes it.
GALLERY = {
    "Land": {
        "plot_territory": 'ck.plot_territory(territory, "2017-11-03")',
        "plot_territories": 'ck.plot_territories(territory, ["2014-06-09", "2015-05-25", "2017-11-03", "2019-03-23"])',
        "plot_changes": 'ck.plot_changes(territory, "2017-01-01", "2017-11-03")',
        "plot_area": "ck.plot_area(territory)",
        "plot_comparison": "figures = ck.load_area_estimates()"
        ".query(\"control_definition == 'claimed' and actor_id == 'isis'\")\n"
        "ck.plot_comparison(territory.compare(figures))",
        "map_territory": 'ck.map_territory(territory, start="2017-11-03")',
        "map_changes": 'ck.map_changes(territory, "2017-01-01", "2017-11-03")',
    },
    "Forces": {
        "plot_deployments": 'ck.plot_deployments(territory, "2017-06-10", extent="raqqa", radius_km=60)',
        "plot_presence": "forces = ck.load_deployments().query(\"actor_id == 'usa'\")\nck.plot_presence(forces)",
        "plot_strength": "forces = ck.load_deployments().query(\"actor_id == 'usa'\")\nck.plot_strength(forces)",
        "plot_order_of_battle": 'ck.plot_order_of_battle(ck.order_of_battle("2017-06-10"))',
        "plot_backing": 'ck.plot_backing(ck.backing_at("2017-11-03"))',
        "plot_pocket": 'ck.plot_pocket(territory, "abu-kamal", "2017-11-03")',
        "map_deployments": 'ck.map_deployments(territory, start="2017-06-10")',
    },
    "Fighters": {
        "plot_estimates": THEATRE + "ck.plot_estimates(figures)",
        "plot_disagreement": THEATRE + "ck.plot_disagreement(figures)",
        "plot_pool": THEATRE + "ck.plot_pool(ck.pool_estimates(figures.query(\"as_of < '2014-11'\")))",
        "plot_stock_and_flow": "ck.plot_stock_and_flow()",
    },
    "Events": {
        "plot_events": 'events = ck.read_events("examples/events-synthetic/ged.csv")\nck.plot_events(events)',
        "map_events": 'events = ck.read_events("examples/events-synthetic/ged.csv")\nck.map_events(territory, events)',
    },
    "What it rests on": {
        "plot_evidence": "ck.plot_evidence(territory)",
        "plot_influence": 'ck.plot_influence(territory, "2017-01-01")',
    },
}
README = {"map": GALLERY["Land"]["plot_territory"], "area": GALLERY["Land"]["plot_area"]}

HEAD = """# Gallery

One picture of each function that draws, with the lines that made it. Charts are matplotlib axes; maps are pages with a
slider, of which this is a photograph: `ck.save_html(m, "map.html")` writes one. Each carries its definition and its
sources. Before all of them stands:

```python
{prepared}
```

`make pictures` draws them anew and writes this page.
"""
ENTRY = """
### {name}

{what}

```python
{code}
```

![{title}](pictures/{name}.png)
"""


def main() -> None:
    """Draw everything and write the page."""
    FOLDER.mkdir(exist_ok=True)
    names: dict[str, Any] = {}
    exec(PREPARED, names)
    page = [HEAD.format(prepared=PREPARED)]
    with sync_playwright() as playwright:
        program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        for name, code in README.items():
            made(code, names, f"readme-{name}", LARGE, browser)
        for group, entries in GALLERY.items():
            page.append(f"\n## {group}\n")
            for name, code in entries.items():
                title = made(code, names, name, SMALL, browser)
                what = (getattr(ck, name).__doc__ or "").partition("\n")[0]
                page.append(ENTRY.format(name=name, what=what, code=code, title=title))
        browser.close()
    (DOCS / "gallery.md").write_text("".join(page), encoding="utf-8")


def made(code: str, names: dict[str, Any], file: str, width: int, browser: Browser) -> str:
    """Run the lines, keep a picture of what the last one returns, and return what it shows."""
    *before, last = code.split("\n")
    exec("\n".join(before), names)
    drawn = eval(last, names)
    raw = photographed(drawn, browser) if isinstance(drawn, folium.Map) else saved(drawn)
    image: Image.Image = Image.open(io.BytesIO(raw)).convert("RGB")
    if image.width > width:
        image = image.resize((width, round(image.height * width / image.width)), Image.Resampling.LANCZOS)
    image.quantize(COLORS, dither=Image.Dither.NONE).save(FOLDER / f"{file}.png", optimize=True)
    return str(ck.passport(drawn)["what"])


def saved(drawn: Any) -> bytes:  # noqa: ANN401 - axes or a figure
    """Return a chart as a PNG."""
    content = io.BytesIO()
    figure: Any = drawn.figure if isinstance(drawn, Axes) else drawn
    figure.savefig(content, format="png", dpi=DPI)
    return content.getvalue()


def photographed(drawn: folium.Map, browser: Browser) -> bytes:
    """Return a photograph of a map's page."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "map.html"
        ck.save_html(drawn, page)
        tab = browser.new_page(viewport=SCREEN)
        tab.goto(page.as_uri())
        tab.wait_for_timeout(SETTLED)
        content = tab.screenshot()
        tab.close()
    return content


if __name__ == "__main__":
    main()

"""The site that `make site` writes: links hold, every name is there, no page asks a network."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

import conflictkit as ck

if TYPE_CHECKING:
    from conftest import Tabs

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
STORY = (
    '<!DOCTYPE html><title>Two &amp; three</title><meta name="description" content="What happened."><header></header>'
)
NOTEBOOK = (
    "<html><head><title>00</title></head><body class='x'><a href=\"01-territory-loss.ipynb\">next</a>"
    '<a href="../docs/figures.md">figures</a></body></html>'
)
OVERFLOWS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the site, with one finished page beside what is made from the repository."""
    folder = tmp_path_factory.mktemp("site")
    finished = {
        "stories/one.html": STORY,
        "notebooks/00-start-here.html": NOTEBOOK,
        "notebooks/01-territory-loss.html": "",
    }
    for name, text in finished.items():
        (folder / "finished" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "finished" / name).write_text(text, encoding="utf-8")
    script = [ROOT / "docs" / "build" / "website.py", "--out", folder / "site", "--finished", folder / "finished"]
    done = subprocess.run([sys.executable, *script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "site"


def pages(site: Path) -> dict[Path, str]:
    """Return the text of every page."""
    return {page: page.read_text(encoding="utf-8") for page in sorted(site.rglob("*.html"))}


def test_every_link_leads_somewhere(site: Path) -> None:
    """To a file of the site, and to a place in it where one is named; other machines are links, and never fetched."""
    texts = pages(site)
    anchors = {page: set(re.findall(r'\bid="([^"]+)"', text)) for page, text in texts.items()}
    lost = []
    for page, text in texts.items():
        assert re.findall(r'<(?:script|img|iframe)[^>]+src="(?:https?:)?//|<link[^>]+href="https?:', text) == []
        for target in re.findall(r'(?:href|src)="(?!https?:|mailto:|data:)([^"]+)"', text):
            name, _, anchor = unquote(target).partition("#")
            file = (page.parent / name.partition("?")[0]).resolve() if name else page
            if not file.exists() or (anchor and file in anchors and anchor not in anchors[file]):
                lost.append((page.name, target))
    assert lost == []


def test_the_reference_has_every_name(site: Path) -> None:
    """Each public name and each question of a territory has a text of its own."""
    told = "".join(text for page, text in pages(site).items() if page.parent.name == "reference")
    methods = [f"{kind.__name__}.{name}" for kind in (ck.Territory, ck.Tables) for name in dir(kind) if name[0] != "_"]
    wanted = {*ck.__all__, *methods} - {"__version__"}
    assert {name for name in wanted if f'id="conflictkit.{name}"' not in told} == set()
    assert "_land: Land" not in told
    assert re.search(r'id="conflictkit.TableError">(?:(?!</dt>).)*message', told, re.DOTALL) is None


def test_what_the_start_page_shows(site: Path) -> None:
    """A picture of the map, one of the area, and the way to the gallery and to finished pages."""
    start = (site / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'<img alt="[^"]+" src="_images/(readme-\w+)\.png"', start) == ["readme-map", "readme-area"]
    assert 'href="docs/gallery.html"' in start
    assert '<a href="one.html">Two &amp; three</a><br>What happened.' in (site / "stories" / "index.html").read_text()
    assert (
        'reference internal" href="notebooks/index.html"'
        in start.partition("_images/readme-map")[0].rpartition("<h1>")[2]
    )
    story = (site / "stories" / "one.html").read_text(encoding="utf-8")
    assert story.startswith(STORY.partition("</header>")[0])
    assert '<header><nav><a href="../index.html">' in story


def test_links_are_titles(site: Path) -> None:
    """Not the path of a file, which says little to whoever has none."""
    shown = {
        page.name: re.findall(r">(?:<[^>]+>)*([\w./-]+\.md)(?:<[^>]+>)*</a>", text)
        for page, text in pages(site).items()
    }
    assert {name: found for name, found in shown.items() if found} == {}


def test_a_notebook_is_a_page_of_the_site(site: Path) -> None:
    """Its heading is its title; it leads back and to its neighbour."""
    page = (site / "notebooks" / "00-start-here.html").read_text(encoding="utf-8")
    assert "<title>Start here</title>" in page
    assert 'href="../index.html"' in page
    assert 'href="01-territory-loss.html">next' in page
    assert 'href="../docs/figures.html">figures' in page
    listed = (site / "notebooks" / "index.html").read_text(encoding="utf-8")
    assert '<a href="00-start-here.html">Start here</a><br>Who held what' in listed


def test_pages_are_small(site: Path) -> None:
    """Each opens at once on a phone."""
    assert {page.name for page in site.rglob("*.html") if page.stat().st_size > 3_000_000} == set()


@pytest.mark.parametrize("width", [1280, 390])
def test_pages_ask_no_network_and_fit(site: Path, tabs: Tabs, width: int) -> None:
    """No request, no complaint, and nothing beside the window, on a desk and on a phone."""
    for page in sorted(site.rglob("*.html")):
        opened = tabs.open(page, width=width)
        assert (page.name, opened.requests, opened.errors) == (page.name, [], [])
        assert not opened.page.evaluate(OVERFLOWS), page.name


def test_the_search_works_without_a_server(site: Path, tabs: Tabs) -> None:
    """A name of a function leads to the reference, from a folder on the disk."""
    opened = tabs.open(site / "search.html")
    opened.page.goto(f"{(site / 'search.html').as_uri()}?q=events_near_fronts")
    opened.page.wait_for_selector("#search-results li a")
    links = opened.page.eval_on_selector_all("#search-results li a", "found => found.map(one => one.href)")
    assert any("reference/events.html" in link for link in links)
    assert opened.errors == []

"""Text from tables does no harm: nothing runs, and it is shown as it was typed. And layers that a reader adds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import folium
import pytest

import conflictkit as ck
from conflictkit.maps import _assets
from conflictkit.maps._document import document

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Opened
    from playwright.sync_api import Browser, Route

    Open = Callable[..., Opened]

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HOSTILE = {
    "tag": "<img src=x onerror=document.title=1>",
    "end of script": "</script><script>document.title=2</script>",
    "backtick": "a ` b",
    "template": "${document.title=7*7}",
    "quotes": "\"';document.title=3;'\"",
    "line separator": "a\u2028document.title=4\u2029b",
    "entity": "&lt;b&gt; &amp; &#x27;",
    "braces": "{{ this.get_name() }} {% raw %}",
    "backslash": "\\u003cb\\u003e \\n \\",
}
ADDRESSES = ["https://pages.example/?q=\"'><img src=x onerror=document.title=6>", "javascript:document.title=5"]
EVERYTHING = " ".join(HOSTILE.values())
HERE = [34.0, 40.0]


def same(shown: str | None) -> str:
    """Return text with its blanks made one, as a browser shows it."""
    return " ".join(str(shown).split())


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two pages of a territory whose every text is hostile."""
    places, changes, sources = ck.load_places(), ck.load_control_changes(), ck.load_sources()
    for column in ("name", "name_ar"):
        places[column] = [f"{list(HOSTILE.values())[number % len(HOSTILE)]} {number}" for number in range(len(places))]
    sources["publisher"] = EVERYTHING
    changes["note"] = EVERYTHING
    folder = tmp_path_factory.mktemp("hostile")
    tables = ck.Tables.shipped().replace(places=places, control_changes=changes, sources=sources)
    territory = ck.Territory.from_places(tables=tables)
    m = ck.map_territory(territory, ["2015-01-05", "2017-11-03"])
    c = ck.map_changes(territory, "2015-01-05", "2017-11-03")
    for name, page in (("territory", m), ("changes", c)):
        address = page.data["sources"]["columns"].index("address")
        for number, row in enumerate(page.data["sources"]["rows"]):  # no table has such an address: it is refused there
            row[address] = ADDRESSES[number % 2]
        text = document(page.text, title=EVERYTHING, caption=EVERYTHING, picture=b"no matter")
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", ["territory", "changes"])
def test_our_layers_show_text_as_typed(page_of: Open, hostile: Path, name: str) -> None:
    """Title, caption, popup, list of changes, names on the map, tooltip, list of places."""
    opened = page_of(hostile / f"{name}.html")
    page = opened.page
    for text in (page.locator("h1").inner_text(), page.locator(".ck-caption").inner_text(), page.title()):
        assert same(text) == same(EVERYTHING)
    names = [same(place["name"]) for place in opened.ask("kit.state.places")]
    popup = page.locator(".ck-popup")
    for place in range(len(HOSTILE)):
        opened.ask("kit.open(value)", place)
        assert same(popup.locator("h3").inner_text()) == names[place]
    popup.locator("summary").click()
    links = [link.get_attribute("href") for link in page.locator(".ck a").all()]
    links = [link for link in links if link not in {"#", "#close"}]
    assert links
    assert all(str(link).startswith("https://pages.example/") for link in links)
    assert page.locator(".ck-events li span").count() > 0  # sources without a page: words, no link
    for part in (".ck-label", ".ck-events li button", ".ck-find + datalist option"):
        shown = page.locator(part).evaluate_all("parts => parts.map(part => part.value || part.textContent)")
        known = [text for text in HOSTILE.values() if any(same(text) in same(words) for words in shown)]
        assert len(known) == len(HOSTILE), part
    opened.ask(
        "document.querySelector('.leaflet-ck-places-pane path')"
        ".dispatchEvent(new MouseEvent('mouseover', { bubbles: true }))"
    )
    assert same(page.locator(".leaflet-tooltip").inner_text()) in names
    assert page.locator("img[src=x]").count() == 0
    assert same(page.title()) == same(EVERYTHING)


def test_layers_stand_on_the_kits_map(browser: Browser, tmp_path: Path, territory: ck.Territory) -> None:
    """On folium's own page, which asks the network for Leaflet: a reader's markers and areas above the cells."""
    m = ck.map_territory(territory, ["2015-01-05", "2017-11-03"])
    folium.CircleMarker(HERE, tooltip="mine").add_to(m)
    folium.Circle(HERE, radius=90_000, color="red").add_to(m)
    m.save(tmp_path / "page.html")
    page = browser.new_page()

    def answer(route: Route) -> None:
        """Give Leaflet, and nothing for the libraries that folium names beside it."""
        name = route.request.url.rpartition("/")[2]
        texts = {"leaflet.js": _assets.leaflet_script(), "leaflet.css": _assets.leaflet_style()}
        route.fulfill(body=texts.get(name, ""), content_type="text/css" if name.endswith("css") else "text/javascript")

    page.route("http*://**/*", answer)
    page.goto((tmp_path / "page.html").as_uri())
    assert page.locator(".leaflet-overlay-pane path").count() == 2
    assert page.locator("path.ck-cell").count() > 400
    page.get_by_role("slider", name="Date").press("Home")
    assert page.locator(".ck-date").inner_text() == "5 January 2015"
    page.locator(".leaflet-overlay-pane path").first.dispatch_event("mouseover")
    assert "mine" in page.locator(".leaflet-tooltip").inner_text()
    page.close()

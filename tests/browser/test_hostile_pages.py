"""Text from tables does no harm: nothing runs, and it is shown as it was typed. And layers that a reader adds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import folium
import geopandas as gpd
import ipywidgets as ipw
import pytest
import shapely
from poison import POISON, poisoned

import conflictkit as ck
from conflictkit.maps import _document
from conflictkit.maps._document import document
from conflictkit.maps.page import page_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Route

    from conftest import Opened

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
    m = ck.map_territory(territory, ["2015-01-05", "2017-11-03"], start="2017-11-03")
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
    """Title, caption, panel, list of changes, names on the map, tooltip, list of places."""
    opened = page_of(hostile / f"{name}.html")
    page = opened.page
    for text in (page.locator("h1").inner_text(), page.locator(".ck-caption p").inner_text(), page.title()):
        assert same(text) == same(EVERYTHING)
    names = [same(place["name"]) for place in opened.ask("kit.state.places")]
    panel = page.locator(".ck-panel")
    for place in range(len(HOSTILE)):
        opened.ask("kit.open(value)", place)
        assert same(panel.locator("h2").inner_text()) == names[place]
    page.get_by_label("Find a place").fill("a")
    links = [link.get_attribute("href") for link in page.locator(".ck a").all()]
    links = [link for link in links if link not in {"#", "#close"}]
    assert links
    assert all(str(link).startswith("https://pages.example/") for link in links)
    assert page.locator(".ck-events li span").count() > 0  # sources without a page: words, no link
    for part in (".ck-label", ".ck-events li button"):
        shown = page.locator(part).evaluate_all("parts => parts.map(part => part.value || part.textContent)")
        known = [text for text in HOSTILE.values() if any(same(text) in same(words) for words in shown)]
        assert len(known) == len(HOSTILE), part
    opened.ask(
        "document.querySelector('.leaflet-ck-places-pane path')"
        ".dispatchEvent(new MouseEvent('mouseover', { bubbles: true }))"
    )
    assert same(page.locator(".leaflet-tooltip").inner_text()) in names
    offered = page.locator(".ck-found li span").all_inner_texts()
    assert offered
    assert {same(text) for text in offered} <= set(names)
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
        texts = {"leaflet.js": _document.leaflet_script(), "leaflet.css": _document.leaflet_style()}
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


DAY = "1993-06-05"
# What would have happened: a script that ran here or in a frame, an element that only poison makes, a page that left.
DONE = """() => {
    const harm = ['img[src=x]', 'svg[onload]', 'meta[http-equiv=refresh]', 'link', 'base', 'iframe:not(.ck-frame)',
        'a[href^="javascript"]'].join();
    return [window, ...Array.from(window, (_, number) => window[number])]
        .map(one => one.ran ?? one.document.querySelectorAll(harm).length);
}"""
SETTLED = "new Promise(done => setTimeout(done, 50))"  # a picture that fails says so a moment later


@pytest.fixture(scope="module")
def poison(tmp_path_factory: pytest.TempPathFactory, other_war: ck.Tables) -> Path:
    """Return a folder with every kind of page of tables whose every free text is poison."""
    tables = poisoned(other_war)
    land, folder = ck.Territory.from_places(tables=tables), tmp_path_factory.mktemp("poison")
    boxes = [shapely.box(38 + number, 34, 39 + number, 35) for number in range(len(POISON))]
    drawn = gpd.GeoDataFrame({"date": DAY, "actor_id": POISON}, geometry=boxes, crs=4326)
    maps = {
        "territory": ck.map_territory(land, fade=True),
        "changes": ck.map_changes(land, "1991-02-01", "1994-01-01", actor_id="reds"),
        "deployments": ck.map_deployments(land),
        "drawn": ck.map_territory(ck.Territory.from_polygons(drawn, tables=tables)),
    }
    everything = " ".join(POISON)
    for name, m in maps.items():
        text = page_text(m, title=everything, caption=everything)
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    parts = [m._repr_html_() for m in maps.values()]
    parts += explorers(land, tables)
    # no policy here: nothing but the escaping stands between the tables and the page
    (folder / "explorers.html").write_text(f"<!DOCTYPE html><body>{''.join(parts)}", encoding="utf-8")
    return folder


def explorers(land: ck.Territory, tables: ck.Tables) -> Iterator[str]:
    """Yield all HTML of the explorers, live and not, and of what a cell shows."""
    force = {"force": "reds", "backer": "overseas"}
    still = [
        ck.explore_territory(land, compare="1991-02-01", live=False),
        ck.explore_deployments(land, date=DAY, live=False),
        ck.explore_estimates(tables=tables, live=False),
        ck.explore(land, date=DAY, live=False),
    ]
    live = [ck.explore_territory(land), ck.explore_deployments(land, date=DAY, **force), ck.explore(land, date=DAY)]
    live.append(ck.explore_estimates(tables=tables))
    for shown in (*still, ck.estimates_table(tables=tables), ck.order_of_battle(DAY, tables=tables)):
        yield shown._repr_html_()
    for board in live:
        yield board._repr_mimebundle_()["text/html"]
        yield from (widget.value for widget in descendants(board) if isinstance(widget, ipw.HTML))


def descendants(widget: ipw.Widget) -> Iterator[ipw.Widget]:
    """Yield a widget and all that it holds."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from descendants(child)


@pytest.mark.parametrize("name", ["territory", "changes", "deployments", "drawn", "explorers"])
def test_poison_stays_text(page_of: Open, poison: Path, name: str) -> None:
    """Through steps, popups, lists, tooltips, frames and folds: nothing runs, nothing is asked, nothing is refused."""
    opened = page_of(poison / f"{name}.html")
    title = opened.page.title()
    if name != "explorers":
        assert "window.ran=1>" in title
        opened.ask("kit.state.days.forEach((_, step) => kit.show ? kit.show(step) : kit.setView('both'))")
        opened.ask("kit.state.places.forEach((_, place) => kit.open?.(place))")
        opened.ask("kit.state.actors.forEach(({ id }) => kit.forces?.openActor(id))")
        opened.ask(
            "document.querySelectorAll('.leaflet-ck-places-pane path').forEach(dot =>"
            " dot.dispatchEvent(new MouseEvent('mouseover', { bubbles: true })))"
        )
    opened.page.locator("details:not([open]) > summary").evaluate_all("folds => folds.forEach(fold => fold.click())")
    opened.page.evaluate(SETTLED)
    done = opened.page.evaluate(DONE)
    assert len(done) == (5 if name == "explorers" else 1)
    assert done == [0] * len(done)
    assert opened.page.title() == title
    assert any("<img src=x" in text for text in opened.page.locator("body").all_inner_texts())


ARABIC = {"reds": "أحمر", "blues": "جمهورية زرقاء", "guard": "حرس", "scouts": "كشافة"}
# The left edge of each piece of text of each line of the list, where they stand on one line.
LEFT = """items => items.map(item => {
    const pieces = document.createTreeWalker(item, NodeFilter.SHOW_TEXT), found = [];
    for (let piece = pieces.nextNode(); piece; piece = pieces.nextNode()) {
        const range = document.createRange();
        range.selectNodeContents(piece);
        found.push(range.getClientRects()[0]);
    }
    return found.every(({ top }) => Math.abs(top - found[0].top) < 4) ? found.map(({ left }) => left) : [];
})"""


def test_arabic_names_stay_where_they_are_written(page_of: Open, tmp_path: Path, other_war: ck.Tables) -> None:
    """In lists, popups and the title: name, arrow, name, date, from left to right."""
    actors = other_war.actors
    named = actors.assign(name=actors["actor_id"].map(ARABIC).fillna(actors["name"]), aliases=None)
    m = ck.map_territory(ck.Territory.from_places(tables=other_war.replace(actors=named)))
    ck.save_html(m, tmp_path / "arabic.html", title=f"{ARABIC['reds']}, 1991 (13): {ARABIC['blues']} 5")
    page = page_of(tmp_path / "arabic.html").page
    page.get_by_role("slider", name="Date").press("Home")
    found = page.locator("h1").evaluate_all(LEFT)
    for _ in range(6):
        page.get_by_role("slider", name="Date").press("ArrowRight")
        found += page.locator(".ck-events li").evaluate_all(LEFT)
    assert sum(len(line) > 3 for line in found) >= 5
    assert all(line == sorted(line) for line in found)
    assert page.locator(".ck-events bdi").first.inner_text() in ARABIC.values()

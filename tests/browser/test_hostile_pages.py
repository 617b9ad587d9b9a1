"""Text from tables does no harm: nothing runs, and it is shown as it was typed, in our layers and in folium's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import folium
import numpy as np
import pytest
from folium import plugins

import conflictkit as ck
from conflictkit.maps import payload

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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
EVERYTHING = " ".join(HOSTILE.values())
HERE, AREA = [34.0, 40.0], [[32.0, 38.0], [36.0, 42.0]]


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
    sources["url"] = "javascript:document.title=5"
    sources.loc[::2, "url"] = "https://pages.example/?q=\"'><img src=x onerror=document.title=6>"
    changes["note"] = EVERYTHING
    folder = tmp_path_factory.mktemp("hostile")
    territory = ck.Territory.from_places(changes, places)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(payload, "load_sources", lambda: sources)
        m = ck.map_territory(territory, ["2015-01-05", "2017-11-03"])
        c = ck.map_changes(territory, "2015-01-05", "2017-11-03")
    ck.save_html(m, folder / "territory.html", title=EVERYTHING, caption=EVERYTHING)
    ck.save_html(c, folder / "changes.html", title=EVERYTHING, caption=EVERYTHING)
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


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_foliums_layers_show_text_as_typed(page_of: Open, tmp_path: Path, text: str) -> None:
    """Marker, popup, tooltip, names of layers, properties of GeoJSON and their labels, through ``save_html``."""
    m = folium.Map(HERE, zoom_start=6, tiles=None)
    group = folium.FeatureGroup(name=f"group {text}").add_to(m)
    options = {"show": True, "sticky": True}
    pin = folium.Marker(HERE, popup=folium.Popup(f"one {text}", **options), title=text, alt=text).add_to(m)
    folium.Tooltip(f"tip {text}").add_to(pin)
    folium.CircleMarker([35, 41], popup=folium.Popup(f"two {text}", parse_html=True, **options)).add_to(m)
    folium.Circle(HERE, radius=9).add_to(group)
    feature = {
        "type": "Feature",
        "properties": {"name": f"cell {text}", "list": [text], text: "value"},
        "geometry": {"type": "Polygon", "coordinates": [[[38, 32], [42, 32], [42, 33], [38, 32]]]},
    }
    fields = ["name", "list", text]
    folium.GeoJson(
        {"type": "FeatureCollection", "features": [feature]},
        name=f"areas {text}",
        tooltip=folium.GeoJsonTooltip(fields),
        popup=folium.GeoJsonPopup(fields, aliases=[f"alias {text}", "b", "c"]),
    ).add_to(m)
    folium.ClickForMarker(f"click {text}").add_to(m)
    folium.LayerControl(collapsed=False).add_to(m)
    ck.save_html(m, tmp_path / "page.html", title="quiet")
    page = page_of(tmp_path / "page.html").page
    shown = [same(words) for words in page.locator(".leaflet-popup-content").all_inner_texts()]
    assert {same(f"one {text}"), same(f"two {text}")} <= set(shown)
    layers = [same(words) for words in page.locator(".leaflet-control-layers label").all_inner_texts()]
    assert {same(f"group {text}"), same(f"areas {text}")} <= set(layers)
    page.locator("path.leaflet-interactive").last.hover(force=True)
    tooltip = same(page.locator(".foliumtooltip").inner_text())
    assert same(f"cell {text}") in tooltip
    assert same(text) in tooltip
    page.locator("path.leaflet-interactive").last.click(force=True)
    assert same(f"alias {text}") in same(page.locator(".foliumpopup").last.inner_text())
    icon = page.locator(".leaflet-marker-icon").first
    assert icon.get_attribute("title") == icon.get_attribute("alt") == text
    icon.dispatch_event("mouseover")
    assert same(f"tip {text}") in [same(words) for words in page.locator(".leaflet-tooltip").all_inner_texts()]
    page.wait_for_timeout(50)
    assert page.title() == "quiet"
    assert page.locator("img[src=x]").count() == 0


WORKING: dict[str, Callable[[folium.Map], object]] = {
    "Marker": lambda m: folium.Marker(HERE, popup="a", tooltip="b").add_to(m),
    "CircleMarker": lambda m: folium.CircleMarker(HERE, popup="a", tooltip="b").add_to(m),
    "Circle": lambda m: folium.Circle(HERE, radius=1000).add_to(m),
    "PolyLine": lambda m: folium.PolyLine(AREA, tooltip="a").add_to(m),
    "Polygon": lambda m: folium.Polygon([*AREA, HERE]).add_to(m),
    "Rectangle": lambda m: folium.Rectangle(AREA).add_to(m),
    "GeoJson": lambda m: folium.GeoJson({"type": "Point", "coordinates": [40, 34]}).add_to(m),
    "DivIcon": lambda m: folium.Marker(HERE, icon=folium.DivIcon(html="<b>a</b>")).add_to(m),
    "CustomIcon": lambda m: folium.Marker(HERE, icon=folium.CustomIcon(np.zeros((9, 9, 4)), icon_size=(9, 9))).add_to(
        m
    ),
    "ImageOverlay": lambda m: folium.raster_layers.ImageOverlay(np.eye(9), AREA).add_to(m),
    "FloatImage": lambda m: plugins.FloatImage("data:image/gif;base64,R0lGODlhAQABAAAAACw=").add_to(m),
    "ColorLine": lambda m: folium.ColorLine(AREA, [1.0], colormap=["red", "blue"]).add_to(m),
    "ClickForMarker": lambda m: folium.ClickForMarker().add_to(m),
    "ClickForLatLng": lambda m: folium.ClickForLatLng().add_to(m),
    "LatLngPopup": lambda m: folium.LatLngPopup().add_to(m),
    "FitBounds": lambda m: m.fit_bounds(AREA),
    "FitOverlays": lambda m: folium.FitOverlays().add_to(m),
    "Control": lambda m: folium.Control("Scale").add_to(m),
    "LayerControl": lambda m: folium.LayerControl().add_to(m),
}


@pytest.mark.parametrize("add", WORKING.values(), ids=WORKING)
def test_layers_that_need_only_leaflet_work(page_of: Open, tmp_path: Path, add: Callable[[folium.Map], object]) -> None:
    """Each on a page of its own: drawn, clicked, without a request or an error."""
    m = folium.Map(HERE, tiles=None)
    add(m)
    ck.save_html(m, tmp_path / "page.html")
    page = page_of(tmp_path / "page.html").page
    assert page.locator(".leaflet-map-pane").count() == 1
    page.locator(".folium-map").click(position={"x": 300, "y": 300})
    page.wait_for_timeout(50)


def test_marker_has_its_picture(page_of: Open, tmp_path: Path) -> None:
    """Leaflet's pin and its shadow, from inside the page."""
    m = folium.Map(HERE, tiles=None)
    folium.Marker(HERE).add_to(m)
    ck.save_html(m, tmp_path / "page.html")
    page = page_of(tmp_path / "page.html").page
    for part in (".leaflet-marker-icon", ".leaflet-marker-shadow"):
        assert page.locator(part).evaluate("image => image.complete && image.naturalWidth") > 20


def test_other_layers_stand_on_the_kits_map(page_of: Open, tmp_path: Path, territory: ck.Territory) -> None:
    """A reader's own markers and areas, above the cells, with a control of their own."""
    m = ck.map_territory(territory, ["2015-01-05", "2017-11-03"])
    folium.Marker(HERE, popup=folium.Popup("mine", show=True)).add_to(m)
    folium.Circle(HERE, radius=90_000, color="red").add_to(m)
    ck.save_html(m, tmp_path / "page.html")
    opened = page_of(tmp_path / "page.html")
    assert opened.page.locator(".leaflet-popup-content").inner_text() == "mine"
    assert opened.page.locator(".leaflet-overlay-pane path").count() == 1
    opened.ask("kit.show(0)")
    assert opened.ask("kit.step()") == 0

"""``save_html`` and folium's own layers: what needs a network is named and refused, and text stays text."""

from __future__ import annotations

import copy
import json
import re
from typing import TYPE_CHECKING, Any

import folium
import numpy as np
import pytest
from folium import plugins

import conflictkit as ck
from conflictkit.errors import PageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HERE = [34.0, 40.0]
LINE = [HERE, [35.0, 41.0]]
ELSEWHERE = "https://elsewhere.example/"
TIMES = {"name": "a", "time": "2015-01-01", "times": ["2015-01-01"], "start": "2015-01-01", "end": "2015-02-01"}
POINT = {"type": "Feature", "id": "1", "properties": TIMES, "geometry": {"type": "Point", "coordinates": [40, 34]}}
POINTS = {"type": "FeatureCollection", "features": [POINT]}
TOPOLOGY = {"type": "Topology", "arcs": [], "objects": {"a": {"type": "GeometryCollection", "geometries": []}}}


def marker(**options: object) -> folium.Marker:
    """Return a marker."""
    return folium.Marker(HERE, **options)


def search() -> plugins.Search:
    """Return a search box."""
    return plugins.Search(folium.GeoJson(POINTS), search_label="name")


def linked() -> folium.GeoJson:
    """Return a layer that reads its data from a file beside the page."""
    layer = folium.GeoJson(POINTS)
    layer.embed, layer.embed_link = False, "areas.geojson"
    return layer


def topojson() -> folium.TopoJson:
    """Return a layer of topologies."""
    return folium.TopoJson(TOPOLOGY, "objects.a")


def tiles() -> folium.TileLayer:
    """Return tiles of OpenStreetMap."""
    return folium.TileLayer("OpenStreetMap")


def wms() -> folium.WmsTileLayer:
    """Return tiles of a map service."""
    return folium.WmsTileLayer(ELSEWHERE, layers="a")


# What is made, and what the message names.
REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "TileLayer": (tiles, r"TileLayer openstreetmap, .*https://tile\.openstreetmap\.org"),
    "TileLayer without scheme": (
        lambda: folium.TileLayer("//{s}.tiles.example/{z}.png", attr="a"),
        r"https://\*\.tiles\.example",
    ),
    "TileLayer beside the page": (lambda: folium.TileLayer("tiles/{z}.png", attr="a"), "TileLayer tiles/.*tiles/{z}"),
    "WmsTileLayer": (wms, r"WmsTileLayer, .*https://elsewhere\.example"),
    "ImageOverlay": (lambda: folium.raster_layers.ImageOverlay(ELSEWHERE + "a.png", LINE), "ImageOverlay"),
    "VideoOverlay": (lambda: folium.raster_layers.VideoOverlay(ELSEWHERE + "a.webm", LINE), "VideoOverlay"),
    "Icon": (lambda: marker(icon=folium.Icon(color="red")), r"folium\.Icon \(awesome-markers"),
    "CustomIcon": (
        lambda: marker(icon=folium.CustomIcon(ELSEWHERE + "a.png")),
        "CustomIcon, which fetches https://else",
    ),
    "DivIcon with a picture": (
        lambda: marker(icon=folium.DivIcon(html=f"<img src='{ELSEWHERE}'>")),
        "DivIcon, which fetches",
    ),
    "GeoJson beside the page": (linked, r"GeoJson, which fetches areas\.geojson; a layer that calls jQuery"),
    "TopoJson": (topojson, "TopoJson, which needs .*topojson"),
    "popup with a frame": (lambda: marker(popup=folium.Popup(folium.IFrame("a"))), "popup holds a IFrame"),
    "popup with a chart": (lambda: marker(popup=folium.Popup().add_child(folium.Vega({}))), "popup holds a Vega"),
    "FloatImage": (
        lambda: plugins.FloatImage(ELSEWHERE + "a.png"),
        r"something that loads https://elsewhere\.example/a\.png",
    ),
    "AntPath": (lambda: plugins.AntPath(LINE), "AntPath, which needs .*ant-path"),
    "ScrollZoomToggler": (plugins.ScrollZoomToggler, "something that loads .*arrow-move"),
}
# Named with the script that they need.
NEEDY: dict[str, Callable[[], Any]] = {
    "BeautifyIcon": lambda: marker(icon=plugins.BeautifyIcon()),
    "BoatMarker": lambda: plugins.BoatMarker(HERE),
    "CirclePattern": plugins.CirclePattern,
    "Draw": plugins.Draw,
    "FastMarkerCluster": lambda: plugins.FastMarkerCluster([HERE]),
    "FeatureGroupSubGroup": lambda: plugins.FeatureGroupSubGroup(folium.FeatureGroup()),
    "Fullscreen": plugins.Fullscreen,
    "Geocoder": plugins.Geocoder,
    "GeoMan": plugins.GeoMan,
    "GroupedLayerControl": lambda: plugins.GroupedLayerControl({}),
    "HeatMap": lambda: plugins.HeatMap([HERE]),
    "HeatMapWithTime": lambda: plugins.HeatMapWithTime([[HERE]]),
    "LocateControl": plugins.LocateControl,
    "MarkerCluster": plugins.MarkerCluster,
    "MeasureControl": plugins.MeasureControl,
    "MiniMap": plugins.MiniMap,
    "MousePosition": plugins.MousePosition,
    "OverlappingMarkerSpiderfier": plugins.OverlappingMarkerSpiderfier,
    "PolyLineOffset": lambda: plugins.PolyLineOffset(LINE),
    "PolyLineTextPath": lambda: plugins.PolyLineTextPath(folium.PolyLine(LINE), "a"),
    "PolygonFromEncoded": lambda: plugins.PolygonFromEncoded("_p~iF~ps|U"),
    "PolyLineFromEncoded": lambda: plugins.PolyLineFromEncoded("_p~iF~ps|U"),
    "Realtime": lambda: plugins.Realtime(ELSEWHERE),
    "Search": search,
    "SemiCircle": lambda: plugins.SemiCircle(HERE, 9, direction=0, arc=9),
    "SideBySideLayers": lambda: plugins.SideBySideLayers(tiles(), tiles()),
    "StripePattern": plugins.StripePattern,
    "TagFilterButton": lambda: plugins.TagFilterButton(["a"]),
    "Terminator": plugins.Terminator,
    "Timeline": lambda: plugins.Timeline(POINTS),
    "TimelineSlider": lambda: plugins.TimelineSlider().add_timelines(plugins.Timeline(POINTS)),
    "TimeSliderChoropleth": lambda: plugins.TimeSliderChoropleth(POINTS, {"1": {"1": {"color": "red"}}}),
    "TimestampedGeoJson": lambda: plugins.TimestampedGeoJson(POINTS),
    "TimestampedWmsTileLayers": lambda: plugins.TimestampedWmsTileLayers(wms()),
    "TreeLayerControl": lambda: plugins.TreeLayerControl({"label": "a"}),
    "VectorGridProtobuf": lambda: plugins.VectorGridProtobuf(ELSEWHERE, "a"),
}
NO_LAYER = {"DualMap"}  # a figure of two maps, which is no map


@pytest.fixture
def m() -> folium.Map:
    """Return folium's map without a background."""
    return folium.Map(HERE, tiles=None)


def written(m: folium.Map, folder: Path, **options: str) -> str:
    """Return the page of a map."""
    ck.save_html(m, folder / "page.html", **options)
    return (folder / "page.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("make", "named"),
    [*REFUSED.values(), *((make, f"{name}, which needs https://") for name, make in NEEDY.items())],
    ids=[*REFUSED, *NEEDY],
)
def test_layer_that_needs_a_network_is_named(
    m: folium.Map, tmp_path: Path, make: Callable[[], Any], named: str
) -> None:
    """With what it would fetch, and nothing is written."""
    make().add_to(m)
    with pytest.raises(PageError, match=named) as error:
        ck.save_html(m, tmp_path / "page.html")
    assert "Leave that layer out" in str(error.value) or "Give the popup a text" in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_every_plugin_of_folium_has_been_thought_of() -> None:
    """One that folium adds has to be put in the table above, or in the tests of those that work."""
    assert {name for name in plugins.__all__ if name not in {*REFUSED, *NEEDY}} == NO_LAYER


def test_all_culprits_are_named_at_once(m: folium.Map, tmp_path: Path) -> None:
    """Each once."""
    for layer in (tiles(), tiles(), plugins.MarkerCluster(), marker(icon=folium.Icon())):
        layer.add_to(m)
    with pytest.raises(PageError) as error:
        ck.save_html(m, tmp_path / "page.html")
    text = str(error.value)
    assert [text.count(word) for word in ("TileLayer", "MarkerCluster,", "folium.Icon")] == [1, 1, 1]


@pytest.mark.parametrize(
    "markup",
    [
        f'<link rel="preload" href="{ELSEWHERE}">',
        f'<img alt="" srcset="{ELSEWHERE}a.png 2x">',
        f"<IMG SRC={ELSEWHERE}>",
        f'<video poster="{ELSEWHERE}"></video>',
        f"<style>@import '{ELSEWHERE}a.css';</style>",
        "<style>p { background: url( '//elsewhere.example/a.png') }</style>",
        f'<meta http-equiv="refresh" content="0; url={ELSEWHERE}">',
        f'<script src="{ELSEWHERE}a.js"></script>',
        f'<svg><image xlink:href="{ELSEWHERE}"/></svg>',
    ],
)
def test_markup_that_loads_is_refused(m: folium.Map, tmp_path: Path, markup: str) -> None:
    """Whatever a caller has put around the map."""
    m.get_root().html.add_child(folium.Element(markup))
    with pytest.raises(PageError, match=r"something that loads (https:)?//elsewhere\.example"):
        ck.save_html(m, tmp_path / "page.html")


def test_links_and_words_may_name_the_network(m: folium.Map, tmp_path: Path) -> None:
    """A link that a reader may click, a text about a price or a script: none of it loads anything."""
    m.get_root().html.add_child(folium.Element(f'<a href="{ELSEWHERE}">page</a>'))
    for text in ("it cost $(5)", "jQuery(", "L.AwesomeMarkers", f'<img src="{ELSEWHERE}">', f"url({ELSEWHERE})"):
        marker(popup=text, tooltip=text, name=text).add_to(m)
    folium.GeoJson({**POINT, "properties": {"url": ELSEWHERE, "text": "$(1)"}}).add_to(m)
    assert f'<a href="{ELSEWHERE}">' in written(m, tmp_path)


def test_page_holds_everything(m: folium.Map, tmp_path: Path) -> None:
    """Leaflet with its pictures, none of folium's other libraries, and a policy that forbids the rest."""
    marker(popup="a", tooltip="b").add_to(m)
    folium.LayerControl().add_to(m)
    text = written(m, tmp_path, title="<T> & t", caption='"C" <script>')
    assert len(text.encode()) < 200_000
    assert "<title>&lt;T&gt; &amp; t</title>" in text
    assert "<h1>&lt;T&gt; &amp; t</h1>" in text
    assert "&quot;C&quot; &lt;script&gt;</p>" in text
    assert not re.search("bootstrap|jquery|awesome|cdnjs|jsdelivr", text, re.IGNORECASE)
    (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">', text)
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert {rules[name] for name in ("default-src", "connect-src", "base-uri", "form-action")} == {"'none'"}
    assert rules["img-src"] == "data:"
    assert "unsafe" not in rules["script-src"]
    assert text.index("Content-Security-Policy") < text.index("<script")
    assert "sourceMappingURL" not in text


def test_map_without_title_has_none(m: folium.Map, tmp_path: Path) -> None:
    """No empty heading; a map of the kit keeps its own unless told otherwise."""
    assert "<h1>" not in written(m, tmp_path)
    assert "This map needs JavaScript" in written(m, tmp_path)
    own = ck.map_changes(ck.Territory.from_places(), "2015-01-05", "2017-06-26")
    assert f"<h1>{own.title}</h1>" in written(own, tmp_path)
    text = written(own, tmp_path, title="", caption="")
    assert "<h1>" not in text
    assert 'class="ck-caption"' not in text


def test_text_is_neither_script_nor_markup(m: folium.Map, tmp_path: Path) -> None:
    """Pasted by folium as it is, each would run as a template literal or as markup."""
    evil = "${document.title=7*7}`</script><img src=x onerror=alert(1)>"
    group = folium.FeatureGroup(name=evil).add_to(m)
    marker(popup=folium.Popup(evil), tooltip=folium.Tooltip(evil), title=evil, alt=evil).add_to(group)
    folium.Circle(HERE, radius=1, popup=folium.Popup(evil, parse_html=True, show=True), tooltip=evil).add_to(group)
    feature = {**POINT, "properties": {"name": evil, evil: [evil, {evil: evil}]}}
    fields = ["name", evil]
    details = {"tooltip": folium.GeoJsonTooltip(fields), "popup": folium.GeoJsonPopup(fields, [evil, evil])}
    folium.GeoJson({**POINTS, "features": [feature]}, name=evil, **details).add_to(m)
    folium.LayerControl().add_to(m)
    text = written(m, tmp_path, title=evil, caption=evil)
    assert "<img src=x" not in text
    assert text.count("<script") == text.count("</script>") == 3


def test_text_is_no_template(m: folium.Map, tmp_path: Path) -> None:
    """What folium has pasted, branca reads as a template and runs as Python."""
    evil = "{{ 7 * 7 }} {{ ''.__class__ }} {% raw %} {# gone #} {{{ }}} {%"
    marker(popup=evil, tooltip=evil, title=evil).add_to(m)
    group = folium.FeatureGroup(name=evil).add_to(m)
    folium.Circle(HERE, radius=1, popup=folium.Popup(evil, parse_html=True)).add_to(group)
    feature = {**POINT, "properties": {"name": evil, evil: "a"}}
    details = {"tooltip": folium.GeoJsonTooltip(["name", evil]), "popup": folium.GeoJsonPopup([evil], aliases=[evil])}
    folium.GeoJson({**POINTS, "features": [feature]}, name=evil, **details).add_to(m)
    folium.LayerControl().add_to(m)
    text = written(m, tmp_path, title=evil, caption=evil)
    assert "49" not in text.split("<script>")[-1].replace("0.49", "")
    assert "<class" not in text
    assert text.count("gone #}") >= 10
    assert text.count("{{ 7 * 7 }}") == text.count("gone #}")


def test_styles_still_see_what_a_layer_says(m: folium.Map, tmp_path: Path) -> None:
    """Escaping is for what is shown: a style that depends on a property finds it as it is."""
    feature = {
        **POINT,
        "properties": {"name": "Government & allies"},
        "geometry": {"type": "LineString", "coordinates": LINE},
    }
    style = {"Government & allies": {"color": "#123456"}}
    layer = folium.GeoJson(
        feature,
        style_function=lambda shape: style[shape["properties"]["name"]],
        tooltip=folium.GeoJsonTooltip(["name"], aliases=["<i>"], localize=True),
    ).add_to(m)
    before = copy.deepcopy(layer.data)
    text = written(m, tmp_path)
    assert '"#123456"' in text
    assert "Government \\u0026amp; allies" in text
    assert "Government \\u0026 allies" in text
    assert json.dumps(["&lt;i&gt;"])[2:-2] in text.replace("\\u0026", "&")
    assert layer.data == before


def test_picture_of_an_array_is_inside(m: folium.Map, tmp_path: Path) -> None:
    """An image made of numbers has no address."""
    folium.raster_layers.ImageOverlay(np.zeros((4, 4)), LINE).add_to(m)
    assert "data:image/png;base64," in written(m, tmp_path)

"""``save_html``: everything inside, a policy that forbids the rest, text as text; other maps are refused."""

from __future__ import annotations

import base64
import hashlib
import html
import pickle
import re
from typing import TYPE_CHECKING

import folium
import pytest
from folium import plugins

import conflictkit as ck
from conflictkit.errors import PageError
from conflictkit.maps._document import document, frame

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conflictkit.maps._kitmap import KitMap

HERE = [34.0, 40.0]
EVIL = "${document.title=7*7}`</script></style></iframe>\"'><img src=x onerror=alert(1)>{{ 7 * 7 }}{% raw %}"
PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


@pytest.fixture(scope="module")
def made(territory: ck.Territory) -> bytes:
    """Return a map of one day with its picture, pickled."""
    m = ck.map_territory(territory, "2017-11-03")
    m.picture()
    return pickle.dumps(m)


@pytest.fixture
def m(made: bytes) -> KitMap:
    """Return a map of one day, for each test anew."""
    return pickle.loads(made)  # noqa: S301 - written above


def written(m: folium.Map, folder: Path, **options: str) -> str:
    """Return the page of a map."""
    ck.save_html(m, folder / "page.html", **options)
    return (folder / "page.html").read_bytes().decode()


def policy_of(text: str) -> dict[str, str]:
    """Return the rules of a page's policy."""
    (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">', text)
    return dict(rule.split(" ", 1) for rule in policy.split("; "))


def test_page_holds_everything(m: KitMap, tmp_path: Path) -> None:
    """Leaflet with its pictures, none of folium's other libraries, and a policy that forbids the rest."""
    text = written(m, tmp_path, title="<T> & t", caption='"C" <script>')
    assert "<title>&lt;T&gt; &amp; t</title>" in text
    assert "<h1>&lt;T&gt; &amp; t</h1>" in text
    assert "&#34;C&#34; &lt;script&gt;</p>" in text
    assert m.headline not in text
    assert not re.search("bootstrap|jquery|awesome|cdnjs|jsdelivr", text, re.IGNORECASE)
    assert re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=[\"'](?!data:)", text) == []
    rules = policy_of(text)
    assert {rules[name] for name in ("default-src", "connect-src", "base-uri", "form-action")} == {"'none'"}
    assert rules["img-src"] == "data:"
    assert "unsafe" not in rules["script-src"]
    assert text.index("Content-Security-Policy") < text.index("<script")
    assert "sourceMappingURL" not in text
    assert "\r" not in text


@pytest.mark.parametrize(("tag", "count"), [("script", 2), ("style", 4)])
def test_policy_knows_what_the_page_has_and_no_other(m: KitMap, tmp_path: Path, tag: str, count: int) -> None:
    """By the digest of what a browser reads between the tags; no element has a style or a handler of its own."""
    text = written(m, tmp_path)
    found = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in found]
    assert len(found) == count
    assert policy_of(text)[f"{tag}-src"] == " ".join(f"'sha256-{digest}'" for digest in digests)
    elements = re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.DOTALL)
    assert not re.search(r"<[^>]*\s(style|on\w+)=", elements)


def test_half_an_emoji_is_refused_and_the_good_page_stands(m: KitMap, tmp_path: Path) -> None:
    """In title or caption; no file can hold it."""
    path = tmp_path / "page.html"
    ck.save_html(m, path)
    good = path.read_bytes()
    for words in ({"title": "half \ud83d"}, {"caption": "half \ud83d"}):
        with pytest.raises(ck.ConflictkitError, match="half of a pair of surrogates"):
            ck.save_html(m, path, **words)
    assert path.read_bytes() == good
    assert [file.name for file in tmp_path.iterdir()] == ["page.html"]


def test_title_and_caption_are_the_maps_own_unless_given(m: KitMap, tmp_path: Path) -> None:
    """None leaves them, empty takes them away."""
    text = written(m, tmp_path)
    assert f'<h1 class="ck-finds">{m.headline}</h1>' in text
    assert f'<p class="ck-shown">{m.title}</p>' in text
    assert "<h1>mine</h1>" in written(m, tmp_path, title="mine")
    assert m.caption[:40] in text
    text = written(m, tmp_path, title="", caption="")
    assert "<h1" not in text
    assert 'class="ck-caption"' not in text
    assert "<title>Map</title>" in text


def test_text_is_neither_script_nor_markup_nor_template(m: KitMap, tmp_path: Path) -> None:
    """In title, caption and the name of the picture."""
    text = written(m, tmp_path, title=EVIL, caption=EVIL)
    assert "<img src=x" not in text
    assert text.count("<script") == text.count("</script>") == 3
    assert text.count("{{ 7 * 7 }}") == 4


def test_frame_of_a_notebook_holds_the_page_as_text() -> None:
    """What the frame shows is the page, letter by letter, whatever its text."""
    page = document("{}", title=EVIL, caption=EVIL)
    shown = frame(page, title=EVIL, height=9, picture=b"png")
    (inside,) = re.findall(r'srcdoc="([^"]*)"', shown)
    assert html.unescape(inside) == page
    assert shown.count("<iframe") == shown.count("</iframe>") == 1
    assert "This map needs JavaScript" in page


OTHERS: dict[str, tuple[Callable[[], object], str]] = {
    "a map of folium's": (lambda: folium.Map(HERE, tiles=None), "this is a Map. If it is a map of folium's, save it"),
    "two maps": (lambda: plugins.DualMap(HERE), "this is a DualMap"),
    "a frame": (ck.load_places, "this is a DataFrame"),
}


@pytest.mark.parametrize(("make", "said"), OTHERS.values(), ids=OTHERS)
def test_other_maps_are_refused(tmp_path: Path, make: Callable[[], folium.Map], said: str) -> None:
    """With what save_html takes, what this is, and what to use instead; nothing is written."""
    with pytest.raises(PageError, match=said) as error:
        ck.save_html(make(), tmp_path / "page.html")
    assert "map_territory, map_changes, map_deployments" in str(error.value)
    assert "m.save(path)" in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_layers_and_markup_of_folium_are_named(m: KitMap, tmp_path: Path) -> None:
    """Each kind once; a page without a network shows what the kit draws, and drops nothing in silence."""
    for _ in range(2):
        folium.Marker(HERE, popup="a").add_to(m)
    folium.LayerControl().add_to(m)
    m.get_root().html.add_child(folium.Element("<h3>mine</h3>"))
    with pytest.raises(
        PageError, match="more than the kit draws: Marker, LayerControl, markup around the map"
    ) as error:
        ck.save_html(m, tmp_path / "page.html")
    assert "m.save(path)" in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_layers_can_be_added_as_to_any_folium_map(m: KitMap, tmp_path: Path) -> None:
    """The map is one of folium's: its own page has the kit's drawing once, and the layer."""
    folium.Marker(HERE, tooltip="mine").add_to(m)
    m.save(tmp_path / "folium.html")
    for text in ((tmp_path / "folium.html").read_text(encoding="utf-8"), html.unescape(m._repr_html_())):
        assert text.count("const conflictkitMap = ") == 1
        assert text.count("conflictkitMap(L, JSON.parse(") == 1
        assert "mine" in text
        assert "leaflet.js" in text


@pytest.mark.slow
def test_map_survives_a_pickle(m: KitMap, made: bytes, tmp_path: Path) -> None:
    """For a process pool or a cache: the same page, and the picture is drawn anew where there was none."""
    assert written(m, tmp_path) == written(pickle.loads(made), tmp_path)  # noqa: S301 - written above
    fresh = pickle.loads(pickle.dumps(ck.map_changes(ck.Territory.from_places(), "2015-01-05", "2017-06-26")))  # noqa: S301
    assert fresh.picture().startswith(b"\x89PNG")


@pytest.mark.slow
def test_tiles_are_refused_in_a_file_and_allowed_in_a_notebook(territory: ck.Territory, tmp_path: Path) -> None:
    """The policy then lets pictures through from that host alone; the credit stays."""
    m = ck.map_territory(territory, "2017-11-03", tiles="Esri.WorldGrayCanvas")
    (page,) = re.findall(r'srcdoc="([^"]*)"', m._repr_html_())
    assert policy_of(html.unescape(page))["img-src"] == "data: https://server.arcgisonline.com"
    assert "Esri, DeLorme, NAVTEQ" in m.data["tiles"]["options"]["attribution"]
    assert m.data["tiles"]["options"]["maxZoom"] > 0
    with pytest.raises(PageError, match=r"tiles of https://server\.arcgisonline\.com.*without tiles="):
        ck.save_html(m, tmp_path / "tiles.html")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("address", "hosts"),
    [
        ("https://{s}.tiles.example/{z}/{x}/{y}.png", ["https://*.tiles.example"]),
        ("//{s}.tiles.example/{z}.png", ["https://*.tiles.example"]),
        ("http://localhost:8080/{z}.png", ["http://localhost:8080"]),
        ("tiles/{z}.png", ["tiles/{z}.png"]),
        (PIXEL, []),
    ],
)
def test_host_of_tiles(m: KitMap, address: str, hosts: list[str]) -> None:
    """What the policy allows; a picture inside the page asks nobody."""
    m.data = m.data | {"tiles": {"url": address, "options": {}}}
    assert m.hosts == hosts

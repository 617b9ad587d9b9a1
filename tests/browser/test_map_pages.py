"""The pages of the kit as a reader meets them: from the disk, with no network, by keyboard, on a small screen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import folium
import geopandas as gpd
import pandas as pd
import pytest
import shapely

import conflictkit as ck
from conflictkit.dates import in_words
from conflictkit.look import palette
from conflictkit.maps._document import document

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Opened

    Open = Callable[..., Opened]

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DAYS = ["2014-06-10", "2015-05-21", "2016-03-27", "2017-11-03", "2019-03-31"]
START, END = "2015-01-05", "2017-06-26"
PAINTS = palette(ck.load_actors())
ROWS = """[...document.querySelectorAll('.ck-legend tbody tr')]
.map(row => [...row.children].map(cell => cell.textContent))"""
ALPHA = """(() => { const canvas = document.querySelector('.ck-fade-pane canvas');
const { width, height } = canvas;
const copy = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
copy.drawImage(canvas, 0, 0);
const pixels = copy.getImageData(0, 0, width, height).data;
return [...pixels].filter((_, i) => i % 4 === 3); })()"""
RINGS = """[...document.querySelectorAll('.leaflet-ck-land-pane path')]
.map(path => [path.getAttribute('fill'), path.getAttribute('d').split('M').length - 1])"""
OVERFLOWS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def words(day: str) -> str:
    """Return a day as the page writes it."""
    return in_words(pd.Timestamp(day))


def km2(text: str) -> float:
    """Return a number of the page."""
    return float(text.replace(",", ""))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, territory: ck.Territory) -> Path:
    """Return a folder with one page of each kind."""
    found = tmp_path_factory.mktemp("pages")
    pages = {
        "series": ck.map_territory(territory, DAYS),
        "fading": ck.map_territory(territory, DAYS, fade=True, level="claimed", start="2015-06-01"),
        "changes": ck.map_changes(territory, START, END),
        "one": ck.map_territory(territory, "2017-11-03"),
        "drawings": ck.map_territory(drawings()),
        "drawn": ck.map_changes(drawings(), "2017-01-01", "2017-01-03"),
    }
    for name, m in pages.items():
        picture = m.picture() if name == "series" else None  # the others are looked at with scripts
        text = document(m.text, title=m.title, headline=m.headline, caption=m.caption, picture=picture)
        (found / f"{name}.html").write_text(text, encoding="utf-8")
    return found


def drawings() -> ck.Territory:
    """Return three days of two sides, with a hole that closes and a strip that changes hands."""
    west, east, strip = shapely.box(40, 34, 42, 36), shapely.box(42, 34, 44, 36), shapely.box(42, 34, 42.5, 36)
    hole = shapely.box(40.5, 34.5, 41, 35)
    rows = [
        ("2017-01-01", "isis", west.difference(hole)),
        ("2017-01-01", "iraq_gov", east),
        ("2017-01-02", "isis", west.difference(hole).union(strip)),
        ("2017-01-02", "iraq_gov", east.difference(strip)),
        ("2017-01-03", "isis", west.union(strip)),
        ("2017-01-03", "iraq_gov", east.difference(strip)),
    ]
    frame = pd.DataFrame(rows, columns=["date", "actor_id", "geometry"])
    return ck.Territory.from_polygons(gpd.GeoDataFrame(frame, crs=4326))


@pytest.fixture
def series(page_of: Open, folder: Path) -> Opened:
    """Open the map over time."""
    return page_of(folder / "series.html")


@pytest.fixture
def changes(page_of: Open, folder: Path) -> Opened:
    """Open the map of changes."""
    return page_of(folder / "changes.html")


def test_land_is_painted_as_its_holders_are(series: Opened, territory: ck.Territory) -> None:
    """Place by place, in the fill of the cells on the screen; who holds what is tested without a browser."""
    for step in (1, 3):
        series.ask("kit.show(value)", step)
        holders = territory.holders(DAYS[step])["actor_id"].tolist()
        plain = [(place, fill) for place, fill in series.ask("kit.drawn()") if not fill.startswith("url(")]
        assert len(plain) > 300
        assert [fill for _, fill in plain] == [PAINTS[holders[place]].color for place, _ in plain]
    on_screen = "[...document.querySelectorAll('.ck-cell')].map(cell => cell.getAttribute('fill'))"
    assert series.ask(on_screen) == [fill for _, fill in series.ask("kit.drawn()")]


def share_of(text: str) -> float:
    """Return a share in %, of one that is smaller than it is told half of that."""
    number = float(text.removeprefix("< ").removesuffix(" %"))
    return number / 2 if text.startswith("<") else number


def test_numbers_are_the_models(series: Opened, territory: ck.Territory) -> None:
    """The legend at both levels, step after step, against ``Territory.area`` to three figures; shares too."""
    for level, step in (("core", 1), ("core", 2), ("claimed", 2), ("claimed", 3)):
        series.page.get_by_role("radio", name=level.capitalize()).check()
        series.ask("kit.show(value)", step)
        rows = {name: (km2(land), share_of(share)) for name, land, share in series.ask(ROWS)}
        area = territory.area(DAYS[step], level=level).query("scope == 'all' and area_km2 > 0")
        wanted = area.set_index("actor_id").area_km2
        if {"ypg", "sdf"} <= set(wanted.index):  # painted alike: one row where both hold land
            wanted["sdf"] += wanted.pop("ypg")
        names = {actor: "Outside the core" if actor == "none" else PAINTS[actor].short for actor in wanted.index}
        assert list(rows) == sorted(rows, key=lambda name: (name == "Outside the core", -rows[name][0]))
        assert set(rows) == set(names.values())
        for actor, name in names.items():
            assert rows[name][0] == pytest.approx(wanted[actor], rel=0.006, abs=0.5)  # whole km2 from ten on
            assert rows[name][1] == pytest.approx(100 * wanted[actor] / wanted.sum(), abs=0.06)
        caption = series.page.locator(".ck-legend caption").inner_text()
        assert caption == f"{level.capitalize()} land on {words(DAYS[step])}"


def test_slider_by_keyboard(series: Opened) -> None:
    """Arrows, Home, End and Page Up; the value is read out as a date; buttons stop at either end."""
    slider = series.page.get_by_role("slider", name="Date")
    slider.focus()
    for key, step in [("Home", 0), ("ArrowRight", 1), ("ArrowLeft", 0), ("End", 4), ("ArrowDown", 3), ("PageDown", 2)]:
        series.page.keyboard.press(key)
        assert series.ask("kit.step()") == step
        assert slider.get_attribute("aria-valuetext") == words(DAYS[step])
        assert series.page.locator(".ck-date").inner_text() == words(DAYS[step])
        assert words(DAYS[step]) in series.page.get_by_role("status").inner_text()
    series.page.keyboard.press("PageUp")
    assert series.ask("kit.step()") == 3
    series.page.keyboard.press("End")
    assert series.page.get_by_role("button", name="Next date").is_disabled()
    series.page.get_by_role("button", name="Previous date").click()
    assert series.ask("kit.step()") == 3
    series.page.keyboard.press("Enter")
    assert series.ask("kit.step()") == 2


def test_everything_is_reached_by_keyboard(series: Opened) -> None:
    """Controls in reading order, each with a name and a visible ring of focus; the map itself; then the changes."""
    names = []
    for _ in range(24):
        series.page.keyboard.press("Tab")
        found = series.page.evaluate(
            """() => { const at = document.activeElement, look = getComputedStyle(at);
            return [at.getAttribute('aria-label') || at.title || at.labels?.[0]?.innerText || at.textContent,
                look.outlineStyle !== 'none' || look.boxShadow !== 'none']; }"""
        )
        names.append(found[0].strip())
        assert found[1], f"{found[0]} has no visible focus"
    order = ["Previous date", "Play", "Date", "Claimed", "Find a place", "Zoom in", "Zoom out"]
    where = [names.index(name) for name in order]
    assert where == sorted(where)
    assert all(names)


def test_a_map_that_is_gone_answers_nothing(page_of: Open, folder: Path) -> None:
    """Leaflet tells of the end of a move 0.2 s after the window's size changed, also where the map is gone by then."""
    series = page_of(folder / "series.html")
    series.page.evaluate("""() => new Promise(done => {
        const { kit } = document.querySelector('main');
        kit.map.on('moveend', () => kit.map.getBounds());
        kit.map.getContainer().style.setProperty('width', '300px', 'important');
        kit.map.invalidateSize({ debounceMoveend: true });
        kit.remove();
        setTimeout(done, 400);
    })""")
    assert series.errors == []


def test_play_moves_on_and_stops(page_of: Open, folder: Path) -> None:
    """From the start when it stood at the end; pause stops it; nothing moves unasked. The page's clock is ours."""
    series = page_of(folder / "series.html", clock=True)
    wait, button = series.page.clock.run_for, series.page.get_by_role
    wait(5_000)
    assert series.ask("kit.step()") == 1
    button("button", name="Play").press("Enter")
    wait(1_000)
    assert series.ask("kit.step()") == 2
    pause = button("button", name="Pause")
    assert pause.get_attribute("aria-pressed") == "true"
    assert series.page.get_by_role("status").get_attribute("aria-live") == "off"
    pause.press("Enter")
    wait(5_000)
    assert series.ask("kit.step()") == 2
    series.page.get_by_label("speed").select_option("fast")
    button("button", name="Play").press("Enter")
    wait(1_500)
    assert series.ask("kit.step()") == 4
    assert button("button", name="Play").is_visible()
    button("button", name="Play").press("Enter")
    wait(400)
    assert series.ask("kit.step()") == 1


def test_levels_toggle(series: Opened) -> None:
    """Claimed view comes first; core view pales the land outside the core; the chart follows."""
    veil = "[...document.querySelectorAll('.leaflet-ck-core-pane path')].map(path => Number(path.getAttribute('fill-opacity')))"  # noqa: E501
    assert series.ask(veil) == [0]
    chart = series.page.locator(".ck-chart")
    assert "claimed" in str(chart.get_attribute("aria-label"))
    assert series.page.get_by_text("Outside the core").count() == 0
    series.page.get_by_role("radio", name="Claimed").press("ArrowRight")
    assert series.page.get_by_role("radio", name="Core").is_checked()
    assert series.ask(veil)[0] > 0.3
    assert "core" in str(chart.get_attribute("aria-label"))
    assert series.page.get_by_role("row", name="Outside the core").count() == 1


def test_chart_has_a_line_for_each_holder(series: Opened) -> None:
    """In the colour of its name, with a cursor that moves; a click chooses the nearest date."""
    lines = series.ask("[...document.querySelectorAll('.ck-line')].map(line => line.dataset.actor)")
    assert {"isis", "iraq_gov", "sdf"} <= set(lines)
    at = "document.querySelector('.ck-cursor').getAttribute('x1')"
    before = float(series.ask(at))
    series.page.locator(".ck-chart").click(position={"x": 80, "y": 40})
    assert series.ask("kit.step()") == 0
    assert float(series.ask(at)) < before


@pytest.mark.parametrize("width", [1140, 1400, 700, 390])
def test_names_found_are_inside_the_window(page_of: Open, folder: Path, width: int) -> None:
    """Wherever the box stands in its row; also the sentence that nothing was found."""
    series = page_of(folder / "series.html", width=width)
    find = series.page.get_by_role("combobox", name="Find a place")
    for words_typed, selector in (("al", "ul.ck-found"), ("qqqqqq", ".ck-found-none")):
        find.fill(words_typed)
        box = series.page.locator(selector).bounding_box()
        assert box is not None
        assert 0 <= box["x"] < box["x"] + box["width"] <= width


def test_place_beside_the_map_says_who_since_when_and_by_whom(series: Opened, territory: ck.Territory) -> None:
    """Found by typing a name: holder, date in words, source as a link that gives nothing away, all rows and reports."""
    find = series.page.get_by_role("combobox", name="Find a place")
    find.press_sequentially("raqqa")
    find.press("Enter")
    panel = series.page.get_by_role("region", name="Place", exact=True)
    table = territory.control_changes
    rows = table[table.place_id == territory.places.set_index("name").place_id["Raqqa"]]
    series.ask("kit.show(4)")
    text, last = panel.inner_text(), rows.iloc[-1]
    assert panel.get_by_role("heading", name="Raqqa", exact=True).evaluate("title => document.activeElement === title")
    assert "الرقة" in text
    assert f"Held by {PAINTS[last.to_actor].name} since {words(last.valid_from)}." in text
    assert all(note in text for note in rows.note.dropna())
    history = panel.locator(".ck-rows > li")
    assert history.count() == len(rows)
    assert f"{PAINTS[last.to_actor].name} ({last.confidence})" in history.last.inner_text()
    assert history.last.get_attribute("aria-current") == "true"
    reports = territory.tables.reports
    assert panel.locator("li li").count() == reports["place_id"].eq("raqqa").sum() > 0
    links = panel.locator("a")
    assert links.count() >= len(rows.source_id.dropna())
    for link in links.all():
        assert re.match("https?://", str(link.get_attribute("href")))
        assert "noopener" in str(link.get_attribute("rel"))
        assert link.get_attribute("target") == "_blank"
    series.ask("kit.show(0)")
    assert "Held by Islamic State" in panel.locator(".ck-held").inner_text()
    series.page.keyboard.press("Escape")
    assert panel.count() == 0
    assert find.evaluate("box => document.activeElement === box")
    find.fill("")
    find.press_sequentially("Atlantis")
    find.press("Enter")
    assert "no row" in series.page.locator(".ck-found-none").inner_text()


def test_changes_between_steps_are_listed(series: Opened, territory: ck.Territory) -> None:
    """As many as the model finds, with sides and source; a click opens the place."""
    series.ask("kit.show(3)")
    box = series.page.get_by_role("region", name="What changed")
    moved = territory.changes(DAYS[2], DAYS[3])
    moved = moved[moved.from_actor != moved.to_actor]
    heading = box.get_by_role("heading").inner_text()
    assert heading == f"{len(moved)} changes since {words(DAYS[2])}"
    assert box.locator("li").count() == 30
    box.get_by_role("button", name=f"and {len(moved) - 30} more").click()
    assert box.locator("li").count() == len(moved)
    first = box.locator("li").first
    name = territory.places.set_index("place_id").name[moved.place_id.iloc[0]]
    sides = " → ".join(PAINTS[actor].short for actor in moved.iloc[0][["from_actor", "to_actor"]])
    assert f"{name}: {sides}" in first.inner_text()
    first.get_by_role("button").press("Enter")
    assert name in series.page.locator(".ck-panel h2").inner_text()


def test_one_date_has_no_slider(page_of: Open, folder: Path) -> None:
    """Nor a Play button: there is nowhere to go."""
    opened = page_of(folder / "one.html")
    assert opened.page.get_by_role("slider").count() == 0
    assert opened.page.get_by_role("button", name="Play").count() == 0
    assert opened.page.locator(".ck-date").inner_text() == "3 November 2017"


def test_change_map_tells_what_it_counts(changes: Opened) -> None:
    """Km2 held, gained and lost at both levels, as counted; that they are the model's is tested without a browser."""
    rows = {name: [km2(number) for number in numbers] for name, *numbers in changes.ask(ROWS)}
    for column, level in enumerate(("claimed", "core")):
        found = changes.ask("kit.sums(value)", level)
        for name, kind in (("Held on both days", "held"), ("Gained", "gained"), ("Lost", "lost")):
            assert rows[name][column] == pytest.approx(found[kind], rel=0.006)
        takers = changes.ask(
            "[...kit.sums(value).to].map(([taker, km2]) => [kit.state.actors[taker].short, km2])", level
        )
        assert len(takers) > 2
        for taker, land in takers:
            assert rows[f"lost, now {taker}"][column] == pytest.approx(land, rel=0.006)


def test_change_map_has_four_views_and_a_divider(changes: Opened) -> None:
    """By keyboard alone: arrows choose the view, then move the divider; what is seen is read out."""
    choice = changes.page.get_by_label("Change", exact=True)
    choice.focus()
    status = changes.page.get_by_role("status")
    assert "held on both days" in status.inner_text()
    for name in ("Before", "After", "Both"):
        changes.page.keyboard.press("ArrowRight")
        assert changes.page.get_by_label(name, exact=True).is_checked()
        assert status.inner_text().startswith(f"{name}:")
    divider = changes.page.get_by_role("slider", name="Divider between the two dates")
    divider.focus()
    changes.page.keyboard.press("Home")
    assert divider.get_attribute("aria-valuetext") == "0 % of the map shows the first date"
    left = changes.page.locator(".ck-swipe")
    start = left.bounding_box()
    changes.page.keyboard.press("End")
    end = left.bounding_box()
    assert start is not None
    assert end is not None
    assert end["x"] - start["x"] > 700
    assert words(START) in left.inner_text()
    assert words(END) in left.inner_text()
    changes.page.get_by_label("Change", exact=True).check()
    assert not divider.is_visible()


def test_either_day_of_a_change_map_is_the_models(changes: Opened, territory: ck.Territory) -> None:
    """Fill of the cells in the views Before and After."""
    for view, day in (("before", START), ("after", END)):
        changes.ask("kit.setView(value)", view)
        holders = territory.holders(day)["actor_id"].tolist()
        for place, fill in changes.ask("kit.drawn()"):
            if not fill.startswith("url("):
                assert fill == PAINTS[holders[place]].color


def test_drawings_on_a_page(page_of: Open, folder: Path) -> None:
    """The land of each day in its colours, what moved in km2, one level, no places."""
    opened, land = page_of(folder / "drawings.html"), drawings()
    for step, day in enumerate(land.dates):
        opened.ask("kit.show(value)", step)
        area = land.area(day).set_index("actor_id").area_km2
        rows = {name: km2(number) for name, number, _ in opened.ask(ROWS)}
        assert rows == {PAINTS[actor].short: pytest.approx(number, rel=0.006) for actor, number in area.items()}
        outlines = dict(opened.ask(RINGS))
        assert outlines == {PAINTS["iraq_gov"].color: 1, PAINTS["isis"].color: 2 if step < 2 else 1}
    moved = opened.page.get_by_role("region", name="What changed").locator("li")
    (closed,) = moved.all_inner_texts()
    assert closed.startswith("No holder → Islamic State: ")
    hole = land.changes("2017-01-02", "2017-01-03").claimed_km2.sum()
    assert km2(closed.split()[-2]) == pytest.approx(hole, rel=0.006)
    assert opened.page.get_by_label("Find a place").count() == 0


def test_change_map_of_drawings(page_of: Open, folder: Path) -> None:
    """Kept, gained and lost are the model's, also where a hole closed."""
    opened, land = page_of(folder / "drawn.html"), drawings()
    flows = land.transitions("2017-01-01", "2017-01-03").set_index(["from_actor", "to_actor"]).claimed_km2
    held, gained, lost = opened.ask("(({ held, gained, lost }) => [held, gained, lost])(kit.sums('claimed'))")
    assert opened.page.get_by_role("status").inner_text().startswith("Change: Government of Iraq") or held > 0
    assert held == pytest.approx(flows["isis", "isis"], rel=0.001)
    assert gained == pytest.approx(flows["iraq_gov", "isis"] + flows["none", "isis"], rel=0.001)
    assert lost == 0
    opened.ask("kit.setView('both')")
    opened.ask("kit.setView('after')")
    assert dict(opened.ask("kit.drawn()"))[PAINTS["isis"].color] > 0


def test_land_fades_where_its_holder_is_unsure(page_of: Open, folder: Path) -> None:
    """White over some of the land and not over the rest, and elsewhere on another day."""
    opened = page_of(folder / "fading.html")
    assert opened.ask("kit.level()") == "claimed"
    assert opened.ask("kit.step()") == 1
    alpha = opened.ask(ALPHA)
    faded = sum(value > 0 for value in alpha) / len(alpha)
    assert 0.02 < faded < 0.5
    assert max(alpha) <= 255 * 0.9
    opened.ask("kit.show(4)")
    assert opened.ask(ALPHA) != alpha


def test_tiles_are_seen_through_the_land(page_of: Open, folder: Path, tmp_path: Path, territory: ck.Territory) -> None:
    """Over tiles that the caller named there is no ground of our own, and the land lets them through."""
    pixel = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
    m = ck.map_territory(territory, "2017-11-03", tiles=folium.TileLayer(pixel, attr="a pixel"))
    (tmp_path / "tiles.html").write_text(document(m.text, title="", caption=""), encoding="utf-8")
    opened = page_of(tmp_path / "tiles.html")
    opacity = "getComputedStyle(document.querySelector('.leaflet-ck-land-pane')).opacity"
    opened.wait("document.querySelectorAll('.leaflet-tile-loaded').length > 3")
    assert opened.ask("document.querySelectorAll('.leaflet-ck-ground-pane path').length") == 0
    assert opened.page.locator(".leaflet-control-attribution").inner_text() == "a pixel"
    assert 0.4 < float(opened.ask(opacity)) < 0.9
    assert float(page_of(folder / "one.html").ask(opacity)) == 1


def test_picture_stands_where_scripts_do_not_run(page_of: Open, folder: Path) -> None:
    """The static twin with its caption, and no empty box above it."""
    opened = page_of(folder / "series.html", java_script_enabled=False)
    picture = opened.page.locator("noscript img, footer img")
    assert picture.is_visible()
    assert "Control of Iraq and Syria" in str(picture.get_attribute("alt"))
    assert not opened.page.locator("main").is_visible()
    # the picture has a title and a caption of its own; those of the moving map would be wrong under it
    assert not opened.page.locator(".ck-caption").is_visible()
    assert not opened.page.locator(".ck-shown").is_visible()
    assert opened.page.locator("h1").inner_text().startswith("At its largest, on 21 May 2015, Islamic State")


def test_still_for_those_who_ask(page_of: Open, folder: Path) -> None:
    """With reduced motion zooming and popups do not glide."""
    opened = page_of(folder / "series.html", reduced_motion="reduce")
    assert opened.ask("[kit.map.options.zoomAnimation, kit.map.options.inertia, kit.map._zoomAnimated]") == [False] * 3
    glides = (
        "[...document.querySelectorAll('.ck *')].filter(part => parseFloat(getComputedStyle(part).transitionDuration))"
    )
    assert opened.ask(f"{glides}.length") == 0


@pytest.mark.parametrize("name", ["series", "fading", "changes", "drawings", "drawn", "one"])
def test_pages_fit_their_window(page_of: Open, folder: Path, name: str) -> None:
    """No scrolling sideways; the map has room; nothing of the controls is cut off: also after the window changed."""
    cut = "[...document.querySelectorAll('.ck-top *')].filter(part => part.getBoundingClientRect().right > innerWidth)"
    opened = page_of(folder / f"{name}.html", width=360, height=800)
    for width in (360, 900, 1400):
        opened.page.set_viewport_size({"width": width, "height": 800})
        assert not opened.ask(OVERFLOWS)
        box = opened.page.locator(".ck-stage").bounding_box()
        assert box is not None
        assert box["width"] >= min(width - 30, 500)
        assert box["height"] >= 300
        assert opened.ask(f"{cut}.length") == 0


def test_map_fills_its_frame(series: Opened) -> None:
    """Both countries are in sight, and the scale, the layers and the full-screen button are there."""
    assert series.ask("kit.map.getBounds().contains(kit.state.data.bounds)")
    for label in ("Zoom in", "Full screen"):
        assert series.page.get_by_role("button", name=label).is_visible()
    assert series.page.locator(".leaflet-control-scale-line").inner_text().endswith("km")
    series.page.get_by_role("button", name="Layers").press("Enter")
    series.page.get_by_role("checkbox", name="Names").hover()
    for layer in ("Water", "Governorates", "Places", "Lines between holders", "Names"):
        assert series.page.get_by_role("checkbox", name=layer, exact=True).is_checked()
    series.page.get_by_role("checkbox", name="Names").uncheck()
    assert series.page.locator(".ck-label").count() == 0


def test_labels_do_not_touch(series: Opened) -> None:
    """No two names on the map overlap, and none leaves it."""
    boxes = series.ask(
        """[...document.querySelectorAll('.ck-label')].map(label => { const box = label.getBoundingClientRect();
        return [label.textContent, box.left, box.top, box.right, box.bottom]; })"""
    )
    assert len(boxes) > 40
    for i, (one, left, top, right, bottom) in enumerate(boxes):
        for other, l, t, r, b in boxes[i + 1 :]:  # noqa: E741 - the edges of a box
            assert right <= l + 1 or r <= left + 1 or bottom <= t + 1 or b <= top + 1, f"{one} touches {other}"

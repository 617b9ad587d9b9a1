"""The page of forces as a reader meets it: symbols, popups, filters and lines, by mouse and by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

import conflictkit as ck
from conflictkit.deployments._reports import lines_between, on_day, reports_for_map, symbols_of
from conflictkit.maps._document import document

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Opened

    Open = Callable[..., Opened]

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DAY = "2017-11-03"
EVIL = "<img src=x onerror=alert(1)>"
BADGES = """(() => { const found = [];
kit.map.eachLayer(layer => {
    const box = layer.getElement?.()?.querySelector?.('.ck-badge');
    if (!box) return;
    const stage = kit.map.getContainer().getBoundingClientRect(), edge = kit.map.getContainer().clientLeft;
    const { left, top, right, bottom } = box.getBoundingClientRect();
    const sides = [...box.children].map(side => [side.dataset.side, Number(side.textContent)]);
    const { lat, lng } = layer.getLatLng(), x = stage.left + edge, y = stage.top + edge;
    found.push([lat, lng, [left - x, top - y, right - x, bottom - y], sides]);
});
return found; })()"""
CIRCLES = """[...document.querySelectorAll('.ck-force svg')].map(drawing => {
    const box = drawing.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2, box.width / 2 - 3];
})"""
BOXES = """[...document.querySelectorAll(value)].map(element => {
    const box = element.getBoundingClientRect();
    return [box.left, box.top, box.right, box.bottom];
})"""
PANEL = "document.querySelector('.ck-panel[aria-label=Force]:not([hidden])')?.textContent ?? ''"
TO_DAY = "kit.show(kit.state.days.indexOf(value))"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, territory: ck.Territory) -> Path:
    """Return a folder with the page of the shipped forces, and one whose table means harm."""
    found = tmp_path_factory.mktemp("forces")
    evil = ck.load_deployments().assign(note=EVIL, role=EVIL)
    pages = {
        "forces": ck.map_deployments(territory, start=DAY),
        "evil": ck.map_deployments(territory, DAY, deployments=evil),
    }
    for name, m in pages.items():  # without the static picture: it is looked at with scripts
        (found / f"{name}.html").write_text(document(m.text, title=m.title, caption=m.caption), encoding="utf-8")
    return found


@pytest.fixture
def forces(page_of: Open, folder: Path) -> Opened:
    """Open the page of the shipped forces."""
    return page_of(folder / "forces.html")


def symbols() -> pd.DataFrame:
    """Return one row per force and point of the day."""
    return symbols_of(on_day(reports_for_map(assume_days=92), pd.Timestamp(DAY)))


@pytest.mark.parametrize("size", [(1400, 900), (360, 800)])
def test_badges_count_forces_at_their_places(page_of: Open, folder: Path, size: tuple[int, int]) -> None:
    """Small scale: each badge stands at a place with forces, none covers another, and they count each force once."""
    opened = page_of(folder / "forces.html", width=size[0], height=size[1])
    for zoom in (5, 6, 7.75):
        opened.ask("void kit.map.setView([34.6, 41], value, { animate: false })", zoom)
        found = opened.ask(BADGES)
        assert sum(count for *_, sides in found for _, count in sides) == len(symbols())
        points = {(round(y, 4), round(x, 4)) for y, x in symbols()[["latitude", "longitude"]].itertuples(index=False)}
        for latitude, longitude, (left, top, right, bottom), sides in found:
            assert (round(latitude, 4), round(longitude, 4)) in points
            x, y = opened.ask("(({ x, y }) => [x, y])(kit.map.latLngToContainerPoint(value))", [latitude, longitude])
            assert (x, y) == (pytest.approx((left + right) / 2, abs=1.5), pytest.approx((top + bottom) / 2, abs=1.5))
            assert len({side for side, _ in sides}) == len(sides)
        boxes = [box for _, _, box, _ in found]
        for number, one in enumerate(boxes):
            for other in boxes[:number]:
                assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


@pytest.mark.parametrize("size", [(1400, 900), (390, 844)])
def test_opens_on_the_land_of_its_forces(page_of: Open, folder: Path, size: tuple[int, int]) -> None:
    """Every badge is on the map from the first, and they fill half of it; a button shows all land."""
    opened = page_of(folder / "forces.html", width=size[0], height=size[1])
    inside = "kit.map.getBounds().contains([value.slice(0, 2), value.slice(2)])"
    points = symbols()[["latitude", "longitude"]]
    box = [*points.min(), *points.max()]
    assert opened.ask(inside, [*box])
    spots = opened.ask("[value.slice(0, 2), value.slice(2)].map(one => kit.map.latLngToContainerPoint(one).x)", box)
    assert spots[1] - spots[0] > 0.5 * opened.ask("kit.map.getSize().x")
    whole = [edge for corner in opened.ask("kit.state.data.bounds") for edge in corner]
    assert not opened.ask(inside, whole)
    opened.page.get_by_role("button", name="All of the land").click()
    opened.wait(f"kit.map.getBounds().pad(0.01).contains([{whole[:2]}, {whole[2:]}])")


def test_symbols_fan_out_near_by_and_on_a_click(forces: Opened) -> None:
    """From zoom 8 on every force has a symbol, and none covers another; further off those of a badge that is opened."""
    forces.ask("void kit.map.setView([34.6, 41], 8, { animate: false })")
    circles = forces.ask(CIRCLES)
    assert len(circles) == len(symbols())
    for number, (x, y, radius) in enumerate(circles):
        for left, top, other in circles[:number]:
            assert ((x - left) ** 2 + (y - top) ** 2) ** 0.5 >= radius + other - 1
    forces.ask("void kit.map.setView([34.6, 41], 6.5, { animate: false })")
    assert forces.ask(CIRCLES) == []
    badge = forces.page.locator(".ck-badge").first
    count = sum(int(text) for text in badge.locator("span").all_inner_texts())
    badge.click()
    assert len(forces.ask(CIRCLES)) == count


def test_shapes_tell_the_sides_apart_without_colour(forces: Opened) -> None:
    """Each side of a badge has the outline that the key gives it."""
    outlines = forces.ask(
        """[...document.querySelectorAll('.ck-badge span')].map(side =>
        [side.dataset.side, side.querySelector('path').getAttribute('d')])"""
    )
    assert len({side for side, _ in outlines}) > 2
    assert len(set(map(tuple, outlines))) == len({side for side, _ in outlines}) == len({path for _, path in outlines})


def test_zoom_ends_where_the_data_do(forces: Opened) -> None:
    """At 12, with a ring in sight that is not dashed, which would take a browser minutes to draw."""
    forces.ask("void kit.map.setView([34.45, 40.92], 19, { animate: false })")
    assert forces.ask("kit.map.getZoom()") == 12
    assert forces.ask(
        "[...document.querySelectorAll('.ck-ring')].every(ring => !ring.getAttribute('stroke-dasharray'))"
    )
    assert forces.ask("document.querySelectorAll('.ck-ring').length") > 0


def test_list_is_by_distance_and_a_radius_leaves_the_rest_out(forces: Opened) -> None:
    """From the middle of the map, or from the place that was found; list and map alike."""
    away = "[...document.querySelectorAll('.ck-force-list > ul .ck-count')].map(one => parseInt(one.textContent))"
    found = forces.ask(away)
    assert found == sorted(found)
    assert len(found) == len(symbols())
    forces.page.get_by_role("combobox", name="Find a place").fill("Albukamal")
    forces.page.keyboard.press("Enter")
    assert "of Abu Kamal" in forces.page.locator(".ck-reach").inner_text()
    forces.page.locator(".ck-reach select").select_option("within 50 km")
    near = forces.ask(away)
    assert 0 < len(near) < len(found)
    assert max(near) <= 50
    assert len(forces.ask(CIRCLES)) == len(near)
    forces.page.get_by_role("button", name="From the middle of the map instead").click()
    assert "the middle of the map" in forces.page.locator(".ck-reach").inner_text()


def test_names_of_towns_keep_clear_of_symbols(forces: Opened) -> None:
    """No label lies over a symbol."""
    labels, badges = (forces.ask(BOXES, query) for query in (".ck-label:not(.ck-country)", ".ck-badge"))
    assert len(labels) > 30
    assert len(badges) > 5
    edge = 2  # pixels that a label may lie over the rim
    for left, top, right, bottom in labels:
        for west, north, east, south in badges:
            apart = left >= east - edge or right <= west + edge or top >= south - edge or bottom <= north + edge
            assert apart


def test_force_from_the_list_by_keyboard_and_back(forces: Opened) -> None:
    """Enter on a force opens what its rows say, with its page; Escape returns to the list."""
    button = forces.page.get_by_role("button", name="Islamic State, Abu Kamal")
    button.focus()
    forces.page.keyboard.press("Enter")
    text = forces.ask(PANEL)
    for words in ("Islamic State", "Abu Kamal", "2,000", "present: counted there", "Last report", "reported", "Side:"):
        assert words in text
    link = forces.page.locator(".ck-panel:visible a").first
    assert link.get_attribute("rel") == "noopener noreferrer"
    assert (link.get_attribute("href") or "").startswith("http")
    forces.page.keyboard.press("Escape")
    assert not forces.ask(PANEL)
    assert forces.ask("document.activeElement.textContent") == "Islamic State, Abu Kamal"


def test_click_on_a_symbol_opens_it_and_a_step_keeps_it(forces: Opened) -> None:
    """The panel follows the date as long as the force is there, and is gone with it."""
    forces.ask("kit.forces.openActor('france_tf_wagram')")
    assert "10011004001303000000" in forces.ask(PANEL)
    days = forces.ask("kit.state.days")
    forces.page.keyboard.press("Tab")
    forces.ask(TO_DAY, days[days.index(DAY) + 1])
    assert "Task Force Wagram" in forces.ask(PANEL)
    forces.ask(TO_DAY, "2019-07-02")
    assert not forces.ask(PANEL)


def test_side_that_is_switched_off_leaves_map_and_list(forces: Opened) -> None:
    """The filter is a box for each side; the count of its reports stays."""
    sides = "[...document.querySelectorAll('.ck-badge span')].map(one => [one.dataset.side, Number(one.textContent)])"
    iraqi = int((symbols()["side"] == "iraq").sum())
    assert sum(count for side, count in forces.ask(sides) if side == "iraq") == iraqi > 0
    box = forces.page.get_by_label("Government of Iraq and militias")
    box.uncheck()
    assert [side for side, _ in forces.ask(sides) if side == "iraq"] == []
    assert forces.page.get_by_role("button", name="Iraqi Army, Al-Qaim").count() == 0
    box.check()
    assert sum(count for side, count in forces.ask(sides) if side == "iraq") == iraqi


def test_lines_are_drawn(forces: Opened, territory: ck.Territory) -> None:
    """As many as the static map has; which symbols they join is tested without a browser."""
    for name, kind in (("to parents", "parent"), ("to backers", "backers")):
        forces.page.get_by_role("radio", name=name).check()
        wanted = len(lines_between(symbols(), kind, territory.actors))  # type: ignore[arg-type]
        assert forces.ask("document.querySelectorAll('.ck-force-line').length") == wanted > 0
    forces.page.get_by_role("radio", name="none").check()
    assert forces.ask("document.querySelectorAll('.ck-force-line').length") == 0


def test_forces_without_a_position_are_listed_under_their_country(forces: Opened) -> None:
    """No point is given to them; their report opens in the list."""
    here = ck.deployments_at(DAY)
    nowhere = here["latitude"].isna() & here["near_km"].isna()
    entries = forces.page.locator(".ck-force-list li details")
    forces.page.locator(".ck-force-list > details > summary").click()
    assert entries.count() == nowhere.sum()
    assert forces.page.get_by_role("heading", name="Syria: no position", exact=True).count() == 1
    entries.first.locator("summary").click()
    assert "not given" in entries.first.inner_text()


def test_reader_is_told_what_the_page_shows(forces: Opened) -> None:
    """The sentence for those who hear the page counts the forces; the rule is written out."""
    here = ck.deployments_at("2017-11-03")
    told = f"{len(here)} reports of {here['actor_id'].nunique()} forces"
    assert told in forces.ask("document.querySelector('.ck-spoken').textContent")
    assert "assumed to be there for 92 days" in forces.ask(
        "document.querySelector('.ck-force-key .ck-note').textContent"
    )


def test_text_of_the_table_is_never_markup(page_of: Open, folder: Path) -> None:
    """Markup in a note or a role is shown as typed."""
    opened = page_of(folder / "evil.html")
    opened.page.get_by_role("button", name="Islamic State, Abu Kamal").click()
    assert EVIL in opened.ask(PANEL)
    assert opened.page.locator(".ck-panel img").count() == 0

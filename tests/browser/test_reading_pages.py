"""What an editor does with a page: reads its finding, finds a place, goes to a day, checks a source, prints, links."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import conflictkit as ck
from conflictkit.dates import in_words
from conflictkit.deployments._reports import on_day, reports_for_map
from conflictkit.maps._document import document
from conflictkit.widgets import _page_estimates as paged
from conflictkit.widgets import _view_estimates as estimates

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Opened

    Open = Callable[..., Opened]

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PANEL = "document.querySelector('.ck-panel:not([hidden])')?.innerText ?? ''"
CONTENT = """(() => { const paint = getComputedStyle(document.body).backgroundColor;
return paint.match(/\\d+/g).slice(0, 3).map(Number); })()"""
FOUR_SHEETS, ONE_MB = 4, 1.0e6


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, territory: ck.Territory) -> Path:
    """Return a folder with the pages of all shipped places and days, and of all forces."""
    found = tmp_path_factory.mktemp("reading")
    ck.save_html(ck.map_territory(territory, bands=True), found / "territory.html")
    forces, changes = ck.map_deployments(territory), ck.map_changes(territory, "2015-01-05", "2017-06-26")
    for name, m in {"forces": forces, "changes": changes}.items():
        text = document(m.text, title=m.title, headline=m.headline, caption=m.caption)
        (found / f"{name}.html").write_text(text, encoding="utf-8")
    return found


@pytest.fixture
def page(page_of: Open, folder: Path) -> Opened:
    """Open the page of all places and days."""
    return page_of(folder / "territory.html")


def test_opens_on_its_subject_with_its_finding(page: Opened, folder: Path, territory: ck.Territory) -> None:
    """The day of the story's largest area, said in the headline, shown large; and the whole file is under 1 MB."""
    area = territory.area(territory.dates, level="claimed").query("actor_id == 'isis' and scope == 'all'")
    best = area.loc[area["area_km2"].idxmax()]
    headline = page.page.locator("h1").inner_text()
    assert in_words(best["date"]) in headline
    assert f"{100 * best['share']:.1f} %" in headline
    assert page.page.locator(".ck-date").inner_text() == in_words(best["date"])
    assert (folder / "territory.html").stat().st_size <= ONE_MB


def test_one_line_of_the_chart_is_in_colour(page: Opened) -> None:
    """The story's; the others are grey until the reader asks for one or all; a scope is what is counted."""
    others = "[...document.querySelectorAll('.ck-chart path.ck-line')].map(one => [one.dataset.actor, one.classList.contains('ck-other')])"  # noqa: E501
    grey = dict(page.ask(others))
    assert [actor for actor, other in grey.items() if not other] == ["isis"]
    assert "Islamic State at most" in str(page.page.locator(".ck-chart").get_attribute("aria-label"))
    page.page.get_by_label("Holder", exact=True).select_option("all")
    assert not any(dict(page.ask(others)).values())
    most = page.page.locator(".ck-chart text").all_text_contents()
    page.page.get_by_label("Land of", exact=True).select_option("Syria")
    assert page.page.locator(".ck-chart text").all_text_contents() != most
    assert "Syria" in page.page.locator("figcaption").inner_text()


def test_range_of_the_holder_is_drawn_where_it_is_ticked(page: Opened, territory: ck.Territory) -> None:
    """Around its line, with a key that tells the day shown, and words; of all holders at once there is none."""
    shapes = "[...document.querySelectorAll('.ck-chart path.ck-range')].map(one => [one.dataset.actor, one.getBBox().height])"  # noqa: E501
    tick, key = page.page.get_by_label("range", exact=True), page.page.locator(".ck-range-key")
    assert (page.ask(shapes), key.is_visible(), tick.is_checked()) == ([], False, False)
    page.ask("void (kit.setLevel('core'), kit.show(kit.state.days.indexOf('2016-07-04')))")
    tick.focus()
    page.page.keyboard.press("Space")
    ((actor, high),) = page.ask(shapes)
    assert (actor, high > 40) == ("isis", True)  # of 110 pixels
    day = page.page.locator(".ck-date").inner_text()
    isis = territory.area(day, level="core", bands=True).query("actor_id == 'isis' and scope == 'all'").iloc[0]
    said = [float(text.replace(",", "")) for text in re.findall(r"[\d,]{4,}", key.inner_text().split(" on ")[0])]
    assert said == pytest.approx([isis["area_lo_km2"], isis["area_hi_km2"]], rel=0.005)
    assert key.inner_text().endswith(f"on {day}")
    page.page.get_by_role("button", name="Next date").click()
    assert key.inner_text().endswith(f"on {page.page.locator('.ck-date').inner_text()}")
    spoken = str(page.page.locator(".ck-chart").get_attribute("aria-label"))
    assert re.search(r"at most [\d,]+, range [\d,]+ to [\d,]+, on", spoken)
    page.page.get_by_label("Land of", exact=True).select_option("Syria")
    page.page.get_by_label("Holder", exact=True).select_option("Government of Syria")
    assert [actor for actor, _ in page.ask(shapes)] == ["syria_gov"]
    page.page.get_by_label("Holder", exact=True).select_option("all")
    assert (page.ask(shapes), key.is_visible(), tick.is_disabled()) == ([], False, True)
    assert "Range in the area chart" in page.page.locator(".ck-caption").inner_text()


def test_named_changes_lead_to_their_days(page: Opened) -> None:
    """A button for each turn of a town, with who took it from whom; the arrows step through the same days."""
    box = page.page.get_by_role("region", name="Named changes")
    town = box.locator("li", has_text="Palmyra").get_by_role("button")
    assert [text.split(": ")[0][-11:].strip() for text in town.all_inner_texts()]
    assert town.count() == 4
    town.nth(1).click()
    assert page.page.locator(".ck-date").inner_text() == "27 March 2016"
    assert town.nth(1).get_attribute("aria-current") == "true"
    assert "from Islamic State" in str(town.nth(1).get_attribute("title"))
    days = page.ask("kit.state.data.named.rows.map(row => row[0])")
    page.page.get_by_role("button", name="Next date").click()
    after = page.ask("kit.state.days[kit.step()]")
    assert after == min(day for day in days if day > "2016-03-27")
    page.page.get_by_label("by", exact=True).select_option("month")
    page.page.get_by_role("button", name="Next date").click()
    assert 20 <= (pd.Timestamp(page.ask("kit.state.days[kit.step()]")) - pd.Timestamp(after)).days <= 40
    page.page.get_by_label("by", exact=True).select_option("change")
    step = page.ask("kit.step()")
    page.page.get_by_role("button", name="Next date").click()
    assert page.ask("kit.step()") == step + 1


@pytest.mark.parametrize("spelling", ["Tadmur", "تدمر", "palmyr"])
def test_place_is_found_by_any_spelling_by_keyboard(page: Opened, spelling: str) -> None:
    """Typed, chosen with an arrow and Enter: its whole history beside the map, with the focus; Escape goes back."""
    box = page.page.get_by_role("combobox", name="Find a place")
    box.fill(spelling)
    assert box.get_attribute("aria-expanded") == "true"
    page.page.keyboard.press("ArrowDown")
    active = box.get_attribute("aria-activedescendant")
    assert "Palmyra" in page.page.locator(f"#{active}").inner_text()
    page.page.keyboard.press("Enter")
    told = page.ask(PANEL)
    for day in ("21 May 2015", "27 March 2016", "11 December 2016", "2 March 2017"):
        assert day in told
    assert "other pages 20 May" in told
    assert page.ask("document.activeElement.innerText") == "Palmyra"
    page.page.keyboard.press("Escape")
    assert page.ask(PANEL) == ""
    assert box.evaluate("box => document.activeElement === box")


def test_both_places_of_one_name_are_reached(page: Opened) -> None:
    """Each is an entry of its own, told apart by kind or governorate."""
    box, seen = page.page.get_by_role("combobox", name="Find a place"), set()
    for number in range(2):
        box.fill("Al-Muayzilah")
        page.page.locator(".ck-found li", has_text="Al-Muayzilah").nth(number).click()
        seen.add(page.ask("kit.place()"))
    assert len(seen) == 2


def test_names_and_what_is_near_a_dot_open_a_place(page: Opened) -> None:
    """A name is as good as its dot, and so is a click up to 12 pixels beside it: a target of 24."""
    page.page.locator(".ck-label", has_text=re.compile("^Rutbah$")).click()
    assert page.ask(PANEL).startswith("Rutbah") or "Rutbah" in page.ask(PANEL)
    page.ask("kit.open(kit.state.places.findIndex(place => place.id === 'rutbah'))")
    page.page.get_by_role("button", name="Close").click()
    where = page.ask(
        """(() => { const place = kit.state.places.find(place => place.id === 'rutbah');
        const { x, y } = kit.map.latLngToContainerPoint([place.latitude, place.longitude]);
        const box = kit.map.getContainer().getBoundingClientRect(); return [box.x + x, box.y + y]; })()"""
    )
    page.page.mouse.click(where[0] - 10, where[1] + 4)
    assert page.ask("kit.place()") == "rutbah"


def test_address_of_a_view(page_of: Open, folder: Path) -> None:
    """It opens date, place and level; what the reader does is written into it; a day outside the table is named."""
    opened = page_of(folder / "territory.html", address="#date=2017-11-03&place=palmyra&level=core")
    assert opened.page.locator(".ck-date").inner_text() == "3 November 2017"
    assert "2 March 2017" in opened.ask(PANEL)
    assert opened.page.get_by_role("radio", name="Core").is_checked()
    opened.page.get_by_role("radio", name="Claimed").check()
    opened.ask("kit.show(0)")
    opened.wait("location.hash === '#date=2014-01-01&place=palmyra&level=claimed'")
    opened.page.get_by_role("button", name="Copy link").click()
    opened.wait("/Copied|address bar/.test(document.querySelector('.ck-copy').textContent)")
    beyond = page_of(folder / "territory.html", address="#date=2030-01-01&place=atlantis")
    told = beyond.page.locator(".ck-outside").inner_text()
    assert "The tables say nothing of 1 January 2030" in told
    assert "No place atlantis here." in told
    assert beyond.page.locator(".ck-date").inner_text() != "1 January 2030"


def test_sources_stand_at_the_foot_by_grade_and_as_files(page: Opened, territory: ck.Territory) -> None:
    """Each page of the rows and reports once, in full, and the same as CSV and BibTeX."""
    page.wait("document.querySelectorAll('[data-sources] li').length > 0")
    used = {*territory.control_changes["source_id"].dropna(), *territory.tables.reports["source_id"].dropna()}
    assert page.page.locator("[data-sources] li").count() == len(used)
    grades = page.page.locator("[data-sources] h2").all_text_contents()
    assert [title.split(":")[0] for title in grades] == sorted(title.split(":")[0] for title in grades)
    page.page.locator(".ck-sources summary").click()
    assert page.page.locator("[data-sources] a").first.is_visible()
    texts = {}
    for name in ("sources as CSV", "sources as BibTeX"):
        with page.page.expect_download() as got:
            page.page.get_by_role("button", name=name).click()
        texts[name] = got.value.path().read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(texts["sources as CSV"])))
    assert {row["source_id"] for row in rows} == used
    assert texts["sources as BibTeX"].count("@online{") == len(used)


def test_caption_folds(page: Opened) -> None:
    """Definitions are there at first, and can be put away."""
    caption = page.page.locator(".ck-caption")
    assert caption.locator("p").is_visible()
    caption.locator("summary").click()
    assert not caption.locator("p").is_visible()


def test_land_is_shaded_by_what_it_rests_on(page: Opened) -> None:
    """By the confidence of the row in force, or the grade of its page, with a key; and by holder again."""
    plain = page.ask("kit.drawn()")
    page.page.get_by_role("radio", name="confidence of its row").check()
    table = page.page.get_by_role("region", name="Evidence").locator("tbody tr")
    kinds = table.locator("th").all_inner_texts()
    assert {"confirmed", "first holder"} <= set(kinds)
    shades = {kind["color"] for kind in page.ask("kit.state.data.evidence.confidence")}
    assert {fill for _, fill in page.ask("kit.drawn()")} <= shades
    page.page.get_by_role("radio", name="grade of its page").check()
    assert "grade C" in table.locator("th").all_inner_texts()
    page.page.get_by_role("radio", name="holder").check()
    assert page.ask("kit.drawn()") == plain


@pytest.mark.parametrize("name", ["territory", "forces", "changes"])
@pytest.mark.parametrize("landscape", [False, True])
def test_four_sheets_of_paper(page_of: Open, folder: Path, name: str, *, landscape: bool) -> None:
    """The whole map, key, caption and the sources of the day; afterwards the page is as it was."""
    opened = page_of(folder / f"{name}.html")
    zoom = opened.ask("kit.map.getZoom()")
    printed = opened.page.pdf(format="A4", print_background=True, landscape=landscape)
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) <= FOUR_SHEETS
    assert opened.ask("kit.map.getZoom()") == zoom
    assert opened.ask("document.querySelector('.ck-stage').style.width") == ""


def test_paper_has_all_of_the_map_and_its_sources(page_of: Open, folder: Path) -> None:
    """Whatever the window shows, both countries are on the sheet."""
    opened = page_of(folder / "territory.html", address="#date=2017-11-03&place=palmyra")
    opened.ask("void dispatchEvent(new Event('beforeprint'))")
    assert opened.ask("kit.map.getBounds().contains(kit.state.data.bounds)")
    told = opened.page.locator(".ck-paper").text_content() or ""
    assert "Sources of 3 November 2017" in told
    assert "Grade B" in told
    opened.ask("void dispatchEvent(new Event('afterprint'))")
    assert not opened.ask("kit.map.getBounds().contains(kit.state.data.bounds)")


def test_dark_where_the_reader_has_it_dark(page_of: Open, folder: Path) -> None:
    """The page follows the system; sea and ground too."""
    light, dark = (page_of(folder / "territory.html", color_scheme=theme).ask(CONTENT) for theme in ("light", "dark"))
    assert sum(light) > 700
    assert sum(dark) < 150


def test_large_letters_and_small_screens(page_of: Open, folder: Path) -> None:
    """Nothing scrolls sideways at 390 and 320 pixels (640 twice as large), nor at 1400 twice as large."""
    wide = "document.documentElement.scrollWidth"
    for name in ("territory", "forces", "changes"):
        for width in (390, 320):
            opened = page_of(folder / f"{name}.html", width=width, height=844)
            assert opened.ask(wide) <= width
        opened = page_of(folder / f"{name}.html", width=1400, height=844)
        opened.ask("void (document.body.style.zoom = 2)")
        assert opened.ask(wide) <= 1400
    opened = page_of(folder / "territory.html", width=390, height=844, reduced_motion="reduce")
    opened.page.get_by_role("combobox", name="Find a place").fill("mosul")
    opened.page.keyboard.press("Enter")
    box = opened.page.locator(".ck-panel:visible").bounding_box()
    assert box is not None
    assert box["y"] < 844


def test_seas_end_at_a_frame(page: Opened) -> None:
    """Beyond what is known the paper is blank, and the map cannot be moved there."""
    frame = page.ask("kit.state.data.frame")
    assert page.page.locator(".ck-beyond").count() == page.page.locator(".ck-neatline").count() == 1
    page.ask("void kit.map.setView([10, 10], 6, { animate: false })")
    assert page.ask("kit.map.getBounds().intersects(value)", frame)


@pytest.mark.parametrize("name", ["territory", "forces", "changes"])
@pytest.mark.parametrize(("width", "theme"), [(1400, "light"), (1400, "dark"), (390, "light")])
def test_axe_finds_nothing(page_of: Open, folder: Path, name: str, width: int, theme: str) -> None:
    """With a place opened, in both themes, on a screen and a phone."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    opened = page_of(folder / f"{name}.html", width=width, height=850, color_scheme=theme, bypass_csp=True)
    opened.ask("kit.open(0)")
    found = axe.Axe().run(opened.page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


@pytest.fixture(scope="module")
def estimates_page(folder: Path) -> Path:
    """Return the page of a view of estimates."""
    tables, days = ck.Tables.shipped(), (pd.Timestamp("2014-07-01"), pd.Timestamp("2014-12-31"))
    view = estimates.EstimatesView("fighters", "isis", "", *days)
    shown, path = estimates.drawn_of(tables, view), folder / "estimates.html"
    path.write_text(paged.page_of(tables, view, shown, ck.passport(shown)), encoding="utf-8")
    return path


@pytest.mark.parametrize(("width", "theme"), [(1400, "light"), (1400, "dark"), (390, "light")])
@pytest.mark.parametrize("scripts", [True, False])
def test_a_view_of_estimates_is_a_page(
    page_of: Open, estimates_page: Path, width: int, theme: str, *, scripts: bool
) -> None:
    """Each style is one that its policy lets through; the window holds all but tables, which scroll; no fault."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    options = {} if scripts else {"java_script_enabled": False}
    opened = page_of(estimates_page, width=width, height=850, color_scheme=theme, **options)
    assert opened.page.locator(".ck-figures").count() == scripts
    assert opened.page.locator("main img").first.is_visible() != scripts
    assert opened.ask("document.documentElement.scrollWidth") <= width
    assert opened.ask("getComputedStyle(document.querySelector('.ck-scroll')).overflowX") == "auto"
    if scripts:
        opened.page.locator(".ck-still summary").first.click()
        assert opened.ask("document.documentElement.scrollWidth") <= width
        found = axe.Axe().run(opened.page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


def test_figures_follow_what_is_chosen(page_of: Open, estimates_page: Path) -> None:
    """Another actor, another grade, a time of the list, a sort by keyboard: sentence, chart, table and sources."""
    page = page_of(estimates_page).page
    marks, rows, status = (
        page.locator(".ck-chart .ck-best"),
        page.locator(".ck-rows tbody tr"),
        page.get_by_role("status"),
    )

    def seen(view: estimates.EstimatesView) -> int:
        found = estimates.selected(ck.Tables.shipped(), view)
        assert status.inner_text().startswith(f"{len(found)} figure")
        assert rows.count() == len(found)
        assert marks.count() == found["best"].notna().sum()
        assert page.locator("footer .ck-graded li").count() == found["source_id"].nunique()
        assert page.locator("h1").inner_text() == estimates.title(ck.Tables.shipped(), view)
        return len(found)

    view = estimates.EstimatesView("fighters", "isis", "", pd.Timestamp("2014-07-01"), pd.Timestamp("2014-12-31"))
    counts = [seen(view)]
    page.get_by_label("Grade from").select_option("B")
    counts.append(seen(replace(view, min_reliability="B")))
    page.get_by_label("Counts").select_option("foreign_fighters")
    page.get_by_label("Of", exact=True).select_option("armed_groups")
    counts.append(seen(replace(view, quantity="foreign_fighters", actor_id="armed_groups", min_reliability="B")))
    assert len(set(counts)) == len(counts)
    page.get_by_label("First day").fill("2020-01-01")
    assert "first day is after the last" in status.inner_text()
    assert not page.locator(".ck-chart").is_visible()
    page.get_by_label("Grade from").select_option("F")
    page.get_by_label("Go to").select_option("0")
    seen(view)
    head = page.get_by_role("columnheader", name="Figure")
    head.get_by_role("button").press("Enter")
    page.keyboard.press("Enter")  # still on the same head
    assert head.get_attribute("aria-sort") == "descending"
    assert rows.first.locator("td").nth(2).inner_text() == "at least 200,000"
    assert page.locator(".ck-chart text[text-anchor=end]").first.inner_html() == "at least 200,000"


def test_reports_of_a_page_of_forces_are_those_that_its_headline_counts(page_of: Open, folder: Path) -> None:
    """On the day of most reports, which is shown first."""
    opened = page_of(folder / "forces.html")
    headline = opened.page.locator("h1").inner_text()
    day = pd.Timestamp(opened.ask("kit.state.days[kit.step()]"))
    here = on_day(reports_for_map(assume_days=92), day)
    assert headline.startswith(f"{in_words(day)}: {len(here)} reports of {here['actor_id'].nunique()} forces")


def test_headline_of_a_page_never_is_of_another_day(page_of: Open, folder: Path) -> None:
    """Of forces it follows the day shown; of land it begins with the day of the whole period that it tells of."""
    opened = page_of(folder / "forces.html")
    head = opened.page.locator("h1")
    for step in (0, 200, opened.ask("kit.state.data.start")):
        opened.ask("kit.show(value)", step)
        day = in_words(pd.Timestamp(opened.ask("kit.state.days[value]", step)))
        assert head.inner_text().startswith(f"{day}: ")
        counted = opened.page.locator(".ck-force-list h2").inner_text().removesuffix(f" on {day}")
        assert counted in head.inner_text()
    land = page_of(folder / "territory.html")
    before = land.page.locator("h1").inner_text()
    assert before.startswith("At its largest, on ")
    land.ask("kit.show(0)")
    assert land.page.locator("h1").inner_text() == before


def test_reports_beside_a_map_of_forces_add_up(page_of: Open, folder: Path) -> None:
    """Those with a position, entry by entry, those without one, and those that a filter leaves out."""
    opened = page_of(folder / "forces.html")
    lists = opened.page.locator(".ck-force-list")
    for hidden in ([], [opened.ask("kit.state.data.forces.sides[0].id")]):
        opened.ask("void value.forEach(side => kit.forces.setSide(side, false))", hidden)
        whole = first_number(lists.locator("h2").inner_text())
        entries = [text for text in lists.locator("> ul > li").all_inner_texts() if text]
        each = [first_number(found[1]) if (found := re.search(r"\((\d+) reports\)", text)) else 1 for text in entries]
        said = [first_number(one) for one in re.findall(r": ([\d,]+)", lists.locator("> h3").first.inner_text())]
        assert said[0] == sum(each)
        assert hidden or sum(each) > len(entries)  # some forces have several reports at one place
        assert sum(said) + first_number(lists.locator("> details > summary").inner_text().split(":")[1]) == whole
        assert len(said) == 1 + len(hidden)


def test_changes_on_paper_add_up(page_of: Open, folder: Path) -> None:
    """The dozen that a sheet shows and those that it says are left out; as on the screen."""
    opened = page_of(folder / "changes.html")
    events = opened.page.locator(".ck-events")
    whole = first_number(events.locator("h2").inner_text())
    for media, more in (("screen", "button.ck-link >> nth=-1"), ("print", ".ck-on-paper")):
        opened.page.emulate_media(media=media)
        shown = events.locator("> ol > li:visible").count()
        left = events.locator(f"> {more}")
        assert shown + first_number(left.inner_text()) == whole
    assert not events.locator("> button").is_visible()
    opened.page.emulate_media(media="screen")


def first_number(text: str) -> int:
    """Return the first number of some words."""
    return int(re.findall(r"[\d,]+\d|\d", text)[0].replace(",", ""))


def test_two_live_maps_of_one_document_paint_their_own_holders(page_of: Open, folder: Path) -> None:
    """No two patterns have one id, also where one map is in a part that is not drawn."""
    opened = page_of(folder / "territory.html")
    opened.ask(
        """(() => { const room = document.createElement('div'); room.hidden = true; document.body.prepend(room);
        window.second = conflictkitMap(L, kit.state.data, { element: room, panels: false }); second.show(300); })()"""
    )
    ids = opened.ask("[...document.querySelectorAll('pattern')].map(pattern => pattern.id)")
    assert len(ids) == len(set(ids)) > 2
    own = opened.ask("[...kit.root.querySelectorAll('pattern')].map(pattern => pattern.id)")
    used = opened.ask("kit.drawn().map(([, fill]) => fill).filter(fill => fill.startsWith('url'))")
    assert {fill[5:-1] for fill in used} <= set(own)
    opened.ask("void second.remove()")


def test_names_measured_before_they_are_laid_out_do_not_touch(page_of: Open, folder: Path) -> None:
    """A map that is made in a part without room, as a widget is, and shown later: its names are measured then."""
    opened = page_of(folder / "territory.html")
    opened.ask(
        """(() => { const room = document.createElement('div'), data = kit.state.data;
        window.second = conflictkitMap(L, data, { element: room, panels: false });
        second.map.getContainer().style.height = '520px'; second.map.setView([34, 41], 7, { animate: false });
        document.body.prepend(room); second.map.invalidateSize({ animate: false }); })()"""
    )
    opened.wait("second.root.querySelectorAll('.ck-label').length > 20")
    boxes = opened.ask(
        """[...second.root.querySelectorAll('.ck-label')].map(label => { const box = label.getBoundingClientRect();
        return [box.left, box.top, box.right, box.bottom]; })"""
    )
    for number, (left, top, right, bottom) in enumerate(boxes):
        for west, north, east, south in boxes[:number]:
            assert right <= west + 1 or east <= left + 1 or bottom <= north + 1 or south <= top + 1
    opened.ask("void second.remove()")

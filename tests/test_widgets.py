"""The dashboard without a browser: its controls are moved, its HTML is read."""

from __future__ import annotations

import base64
import datetime as dt
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

import conflictkit as ck
from conflictkit import widgets

if TYPE_CHECKING:
    import ipywidgets as ipw

TERRITORY = ck.Territory.from_places()
DAY = dt.date(2017, 11, 3)


class Page(HTMLParser):
    """Reads the alternative texts, the status line and the cells of the table."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.inside, self.alt, self.status, self.cells = "", "", "", list[str]()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember where the next text belongs."""
        self.inside = self.inside if tag == "span" else tag
        if tag == "img":
            self.alt = dict(attrs)["alt"] or ""

    def handle_data(self, data: str) -> None:
        """Keep the text of the line and of the cells."""
        if self.inside == "p":
            self.status += data
        elif self.inside in {"td", "th"}:
            self.cells.append(data)


@pytest.fixture
def dashboard(monkeypatch: pytest.MonkeyPatch) -> ipw.VBox:
    """Return the dashboard of 2017, with a picture that takes no time."""
    monkeypatch.setattr(widgets, "_png", lambda _territory, day: f"picture of {day}".encode())
    return ck.explore_territory(TERRITORY, start="2017-01-01", end="2017-12-15", date=DAY)


def parts(dashboard: ipw.VBox) -> tuple[Any, Any, Any, Any, Any]:
    """Return slider, box, level, view and error line."""
    controls, view, error = dashboard.children
    return (*controls.children, view, error)


def test_controls_are_named_and_do_not_flood_the_kernel(dashboard: ipw.VBox) -> None:
    """Every control has a visible name; the slider draws when it is let go."""
    slider, box, level, *_ = parts(dashboard)
    assert [control.description for control in (slider, box, level)] == ["Month", "Day", "Numbers"]
    assert slider.continuous_update is False
    assert [label for label, _ in slider.options][::11] == ["January 2017", "December 2017"]


def test_slider_moves_the_box_the_picture_and_the_numbers(dashboard: ipw.VBox) -> None:
    """One step of the slider changes all that is shown."""
    slider, box, _, view, _ = parts(dashboard)
    before = Page(view.value)
    slider.value = dt.date(2017, 3, 1)
    after = Page(view.value)
    assert box.value == dt.date(2017, 3, 1)
    assert after.status != before.status
    assert after.cells != before.cells
    assert base64.b64encode(b"picture of 2017-03-01").decode() in view.value


def test_day_in_the_box_moves_the_slider_and_stays(dashboard: ipw.VBox) -> None:
    """A single day is kept; the slider goes to its month."""
    slider, box, _, view, _ = parts(dashboard)
    box.value = dt.date(2017, 7, 10)
    assert slider.value == dt.date(2017, 7, 1)
    assert box.value == dt.date(2017, 7, 10)
    assert "10 July 2017" in Page(view.value).status


def test_level_changes_the_numbers(dashboard: ipw.VBox) -> None:
    """Claimed land is more than core land, and has no land outside."""
    *_, level, view, _ = parts(dashboard)
    assert "Outside the core" in view.value
    level.value = "claimed"
    assert "claimed land" in Page(view.value).status
    assert "Outside the core" not in view.value


@pytest.mark.parametrize(("day", "words"), [(None, "Choose a day"), (dt.date(2030, 1, 1), "not 2030-01-01")])
def test_error_is_shown_and_goes_again(dashboard: ipw.VBox, day: dt.date | None, words: str) -> None:
    """A day that cannot be drawn leaves the last picture and says why; the next good day clears the line."""
    _, box, _, view, error = parts(dashboard)
    before = view.value
    box.value = day
    assert words in error.value
    assert view.value == before
    box.value = dt.date(2017, 6, 1)
    assert error.value == ""
    assert view.value != before


def test_unforeseen_error_is_shown_escaped(dashboard: ipw.VBox, monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails inside the drawing reaches the user as text, not as markup."""

    def broken(*_: object) -> bytes:
        msg = "<script>"
        raise RuntimeError(msg)

    monkeypatch.setattr(widgets, "_png", broken)
    slider, *_, error = parts(dashboard)
    slider.value = dt.date(2017, 2, 1)
    assert "<b>RuntimeError</b>: &lt;script&gt;" in error.value


@pytest.mark.parametrize(
    ("start", "end", "date"), [("2017-02-01", "2017-01-01", None), ("2017-01-01", "2018-01-01", "2019-01-01")]
)
def test_impossible_window_is_refused(start: str, end: str, date: str | None) -> None:
    """The mistake is told when the dashboard is made."""
    with pytest.raises(ValueError, match="Choose a day"):
        ck.explore_territory(TERRITORY, start=start, end=end, date=date)


def test_numbers_are_those_of_the_model(dashboard: ipw.VBox) -> None:
    """The cells of the Islamic State are its areas, to three significant figures."""
    area = TERRITORY.area(DAY, level="core").query("actor_id == 'isis'").set_index("scope")
    cells = Page(parts(dashboard)[3].value).cells
    row = cells[cells.index(" Islamic State") + 1 :][:6]
    assert [float(cell.replace(",", "")) for cell in row[::2]] == pytest.approx(
        [float(f"{area.area_km2[scope]:.3g}") for scope in ("IQ", "SY", "all")]
    )
    assert row[5] == f"{area.share['all']:.1%}"


def test_map_is_a_picture_with_the_same_words() -> None:
    """The real map is a PNG, its alternative text is the line beside it, and two calls give the same bytes."""
    html = widgets.draw(TERRITORY, DAY, "core")
    image = re.search(r'src="data:image/png;base64,([^"]+)"', html)
    assert image is not None
    assert base64.b64decode(image[1])[:8] == b"\x89PNG\r\n\x1a\n"
    assert len(image[1]) > 50_000
    page = Page(html)
    assert page.alt == f"Map. {page.status}"
    assert widgets.draw(TERRITORY, DAY, "core") == html


def test_names_from_the_tables_are_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name with markup in it stays text, in the table and in the alternative text."""
    monkeypatch.setattr(widgets, "_png", lambda *_: b"")
    paints = widgets.style.palette()
    evil = {**paints, "isis": replace(paints["isis"], name='<b>"Evil"</b>')}
    monkeypatch.setattr(widgets.style, "palette", lambda: evil)
    html = widgets.draw(TERRITORY, DAY, "core")
    assert "<b>" not in html
    assert html.count("&lt;b&gt;&quot;Evil&quot;") == 3


def test_drawing_leaves_no_figure_open() -> None:
    """A map a step would otherwise fill the memory of a long session."""
    import matplotlib.pyplot as plt

    widgets.draw(TERRITORY, DAY, "core")
    assert plt.get_fignums() == []

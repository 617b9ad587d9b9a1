"""A pocket in one figure: who holds it, who stands around it, how many are said to be inside."""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import pytest
from matplotlib.patches import Circle
from matplotlib.text import Text

import conflictkit as ck
from conflictkit.errors import PlaceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes


def words(ax: Axes) -> str:
    """Return all words of a picture and its panels, without line breaks."""
    return " ".join(text.get_text().replace("\n", " ") for axes in (ax, *ax.child_axes) for text in axes.texts)


@pytest.fixture(scope="module")
def report(territory: ck.Territory) -> Axes:
    """Return the pocket on the day of the report."""
    return ck.plot_pocket(territory, "abu-kamal", "2017-11-03")


def test_the_day_of_the_report(report: Axes, caption: Callable[[Axes], str]) -> None:
    """Who holds it, how many are said to be inside and by whom, who stands around and how far off."""
    said = words(report)
    assert "Islamic State: connected land of 77 listed places" in said
    assert "2,000\N{EN DASH}3,000, says CJTF-OIR (Col. Ryan Dillon)" in said
    inside, outside = said.split("Said of places not in the pocket")
    assert "Al-Qaim: 1,500\N{EN DASH}2,500" not in inside  # it fell on that day
    assert "Al-Qaim: 1,500\N{EN DASH}2,500" in outside
    assert "3,500\N{EN DASH}5,500" not in said
    assert "(40 km, give or take 8, as the page says). Government of Syria and allies: Syrian Arab Army." in said
    assert "92 days" in caption(report)
    assert "Core: the claimed land" in caption(report)
    (ring,) = [art for art in report.child_axes[0].artists + report.child_axes[0].patches if isinstance(art, Circle)]
    assert ring.get_radius() == 40_000


def test_reports_without_a_position_are_those_of_the_map(
    report: Axes, territory: ck.Territory, caption: Callable[[Axes], str]
) -> None:
    """A force that is so many km from another place is on a ring there: it is not one without a position."""
    count = re.search(r"without a position, not here: (\d+)", caption(report))
    mapped = re.search(r"without a position, not drawn: (\d+)", caption(ck.plot_deployments(territory, "2017-11-03")))
    assert count
    assert mapped
    assert count[1] == mapped[1]


def test_every_number_can_be_read_and_its_place_has_a_name(report: Axes) -> None:
    """No number over another, those of the list and no more; the town that the news is about is named on the map."""
    report.figure.draw_without_rendering()
    land = report.child_axes[0]
    numbers = [text for text in land.texts if text.get_text().isdigit()]
    assert [text.get_text() for text in numbers] == [str(number + 1) for number in range(len(numbers))]
    boxes = [Text.get_window_extent(text) for text in numbers]
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
    assert "Al-Qaim" in {text.get_text() for text in land.texts if text.get_visible()}


def test_after_the_town_has_fallen(territory: ck.Territory) -> None:
    """9 November: the pocket is the land of Hajin, and Hezbollah is in the town; no line of words covers another."""
    ax = ck.plot_pocket(territory, "abu-kamal", "2017-11-09", pocket="hajin")
    assert "Islamic State: connected land" in words(ax)
    assert "Hezbollah" in words(ax)
    ax.figure.draw_without_rendering()
    lines = [Text.get_window_extent(text) for text in ax.child_axes[1].texts if text.get_text().strip()]
    assert not any(one.padded(-1.5).overlaps(other.padded(-1.5)) for one, other in combinations(lines, 2))


def test_nothing_published_says_so(territory: ck.Territory) -> None:
    """No figure of the month before, no force in the circle: in words."""
    said = words(ck.plot_pocket(territory, "hajin", "2016-03-01", radius_km=20))
    assert "No published figure" in said
    assert "No report with a position" in said


def test_a_place_whose_holder_stands_there_alone(territory: ck.Territory) -> None:
    """Deir ez-Zor on the day it was retaken: every force in the circle is of the holder's own side."""
    assert "Government of Syria and allies: connected land" in words(
        ck.plot_pocket(territory, "deir-ez-zor", "2017-11-03")
    )


@pytest.mark.slow
def test_every_place_has_a_picture_or_a_reason(territory: ck.Territory) -> None:
    """Every fifteenth place of the table, on days before, in and after the war: drawn, or refused in words."""
    days = ["2014-06-20", "2015-06-01", "2016-09-01", "2017-11-03", "2019-03-23"]
    refused = []
    for number, place in enumerate(sorted(territory.places["place_id"])[::15]):
        day = days[number % len(days)]
        try:
            ck.plot_pocket(territory, place, day)
        except ck.ConflictkitError as error:
            refused.append((place, day, str(error)))
        plt.close("all")
    assert all(len(told) > len(place) + len(day) for place, day, told in refused)


@pytest.mark.parametrize(("place", "day"), [("aleppo", "2014-01-01"), ("kobani", "2014-10-06")])
def test_a_place_that_nobody_holds_is_refused_in_words(territory: ck.Territory, place: str, day: str) -> None:
    """Contested on that day, as twelve of the table's 1,328 places and days are: no pocket."""
    with pytest.raises(PlaceError, match=rf"Nobody holds '{place}' on {day} \(contested\): it is in no pocket"):
        ck.plot_pocket(territory, place, day)


def test_bad_input_is_refused(territory: ck.Territory) -> None:
    """An unknown place gets its nearest match."""
    with pytest.raises(PlaceError, match=r"abu-kamel.*abu-kamal"):
        ck.plot_pocket(territory, "abu-kamel", "2017-11-03")


def test_estimates_of_another_table(territory: ck.Territory) -> None:
    """Areas are no fighters: the columns that are missing are named."""
    with pytest.raises(ck.TableError, match=r"fighter_estimates: .*problems") as refused:
        ck.plot_pocket(territory, "al-qaim", "2017-11-01", estimates=ck.load_area_estimates())
    assert "quantity: the column is missing" in str(refused.value)

"""The map of forces: each drawn once, none hidden, all of them explained."""

from __future__ import annotations

from itertools import combinations
from math import hypot
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

import conflictkit as ck
from conflictkit.charts import _symbols as symbols
from conflictkit.charts._labels import Labels
from conflictkit.charts._layout import figure_of
from conflictkit.charts._symbols import Fan
from conflictkit.deployments._reports import KIND_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

NEAR = (39.0, 33.0, 43.6, 37.0)  # less than 500 km across
DATES = ("2014-09-15", "2015-05-24", "2016-10-17", "2017-06-10", "2017-11-03")


def canvas_of(ax: Axes) -> FigureCanvasAgg:
    """Return a canvas for a figure that pyplot may have closed since."""
    return FigureCanvasAgg(figure_of(ax))


def fan(ax: Axes) -> Fan:
    """Return the symbols of a drawn map."""
    canvas_of(ax).draw()
    (found,) = [artist for artist in ax.get_children() if isinstance(artist, Fan)]
    return found


@pytest.fixture(scope="module")
def report(territory: ck.Territory) -> Axes:
    """Return the map of the borderland on the day of the report, near enough for a symbol a force."""
    return ck.plot_deployments(territory, "2017-11-03", extent=NEAR)


@pytest.mark.slow
@pytest.mark.parametrize("date", DATES)
def test_map_draws_each_force_once_and_hides_none(territory: ck.Territory, report: Axes, date: str) -> None:
    """As many symbols as forces at points; none touches another; no name covers a symbol or a name."""
    ax = report if date == "2017-11-03" else ck.plot_deployments(territory, date, extent=NEAR)
    drawn = fan(ax)
    here = ck.deployments_at(date)
    west, south, east, north = NEAR
    here = here[
        here["latitude"].isna() | here["longitude"].between(west, east) & here["latitude"].between(south, north)
    ]
    pairs = here[here["latitude"].notna()].drop_duplicates(["actor_id", "place_id"])
    ringed = here["latitude"].isna() & here["near_km"].notna()
    assert len(pairs) <= len(drawn.outlines) <= len(pairs) + ringed.sum()  # rings elsewhere are not on this map
    renderer = canvas_of(ax).get_renderer()
    boxes = [patch.get_window_extent(renderer) for patch in drawn.outlines if patch is not None and patch.get_visible()]
    middles = [((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2) for box in boxes]
    unit = figure_of(ax).dpi / 72
    assert all(hypot(a[0] - b[0], a[1] - b[1]) > symbols.UNKNOWN * 0.72 * unit for a, b in combinations(middles, 2))
    (labels,) = [artist for artist in ax.artists if isinstance(artist, Labels)]
    texts = [text.get_window_extent(renderer) for text, _, _ in labels.items if text.get_visible()]
    assert all(not one.overlaps(other) for one, other in combinations(texts, 2))


def test_caption_has_the_rule_and_lists_what_has_no_position(
    territory: ck.Territory, caption: Callable[[Axes], str]
) -> None:
    """The reader learns how long reports hold, and who is not on the map."""
    ax = ck.plot_deployments(territory, "2016-10-17", assume_days=30)
    text = caption(ax)
    assert "assumed to be there for 30 days" in text
    here = ck.deployments_at("2016-10-17", assume_days=30)
    nowhere = here["latitude"].isna().sum()
    assert f"not drawn: {nowhere} (Iraq: " in text
    assert set(here["source_id"].dropna()) <= set(ck.sources_of(ax)["source_id"])


def test_key_explains_sides_roles_sizes_and_presence(report: Axes) -> None:
    """What is on the map is in the key; what is not, is not."""
    legend = report.get_legend()
    assert legend is not None
    words = [text.get_text() for text in legend.get_texts()]
    assert {"Islamic State", "US-led coalition", KIND_NAMES["fighting"], KIND_NAMES["fire"]} <= set(words)
    assert {symbols.UNKNOWN_NAME, "dashed, pale: assumed", "500 to 5,000"} <= set(words)
    assert "Turkey" not in words


def test_a_wide_map_has_one_counted_badge_a_place_and_side(territory: ck.Territory) -> None:
    """Every force at a point is counted once in a badge of its side, which stands at one of the side's places."""
    ax = ck.plot_deployments(territory, "2017-11-03")
    here = ck.deployments_at("2017-11-03").dropna(subset="latitude")
    drawn, numbers = fan(ax), [text for text in ax.texts if text.get_text().isdigit()]
    assert len(drawn.outlines) == len(numbers) < here.drop_duplicates(["place_id", "side"]).shape[0]
    assert sum(int(text.get_text()) for text in numbers) >= here["actor_id"].nunique()
    moved = [line for line in drawn.leaders if line.get_visible()]
    assert 4 * len(moved) < len(numbers)
    assert {"dashed: all assumed", "Government of Iraq and militias"} <= {
        text.get_text() for text in ax.get_legend().get_texts()
    }


def test_close_up_draws_ring_and_lines(territory: ck.Territory) -> None:
    """Around Abu Kamal the rings of 40 and 45 km are there, and dotted lines lead to backers."""
    from matplotlib.patches import Annulus

    ax = ck.plot_deployments(territory, "2017-11-03", extent="abu-kamal", radius_km=90, lines="backers")
    rings = [patch for patch in ax.patches if isinstance(patch, Annulus)]
    assert [max(ring.get_radii()) for ring in rings] == pytest.approx([48_000, 54_000])
    dotted = [line for line in ax.get_lines() if line.get_linestyle() not in {"-", "None"} and len(line.get_xdata())]
    assert dotted
    assert ax.get_title(loc="left").startswith("Forces and control within 90 km of Abu Kamal")


@pytest.mark.slow
def test_assumption_changes_what_is_drawn(territory: ck.Territory, report: Axes) -> None:
    """Without the assumption fewer forces are on the map, and none is dashed."""
    every = fan(report)
    sure = fan(ck.plot_deployments(territory, "2017-11-03", assume_days=0))
    assert len(sure.outlines) < len(every.outlines)
    assert len({patch.get_linestyle() for patch in sure.outlines if patch is not None}) == 1


def test_day_without_forces_is_a_map_of_the_land(territory: ck.Territory, caption: Callable[[Axes], str]) -> None:
    """Nothing to draw is no error: the land stays, and the key has no side."""
    ax = ck.plot_deployments(territory, "2014-02-01")
    assert fan(ax).outlines == []
    assert "not drawn" not in caption(ax)


@pytest.mark.slow
def test_same_call_same_bytes(territory: ck.Territory, png: Callable[[Axes], bytes]) -> None:
    """Two calls draw the same picture."""
    first, second = (png(ck.plot_deployments(territory, "2017-06-10")) for _ in range(2))
    assert first == second


def test_refusals_name_what_is_allowed(territory: ck.Territory) -> None:
    """A wrong choice says what there is."""
    with pytest.raises(ValueError, match="backers"):
        ck.plot_deployments(territory, "2017-11-03", lines="backer")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="number of days"):
        ck.plot_deployments(territory, "2017-11-03", assume_days=-1)
    with pytest.raises(ValueError, match="abu-kamal"):
        ck.plot_deployments(territory, "2017-11-03", extent="abu-kamall")


def test_own_rows_with_strange_words_are_drawn_as_text() -> None:
    """A role that no kind knows, and a force named like markup: drawn with the mark of another role, as text."""
    actors = ck.load_actors()
    strange = actors.head(1).assign(actor_id="strangers", name="<b>$x$</b>", aliases=None, parent_id=None)
    territory = ck.Territory.from_places(actors=pd.concat([actors, strange], ignore_index=True))
    rows = ck.load_deployments().head(3).assign(actor_id="strangers", role="<i>juggling</i>", place_id="mosul")
    rows = rows.assign(latitude=36.34, longitude=43.12, valid_from=pd.Timestamp("2017-06-01"), valid_to=pd.NaT)
    ax = ck.plot_deployments(territory, "2017-06-02", deployments=rows, extent="mosul")
    assert len(fan(ax).outlines) == 1
    (labels,) = [artist for artist in ax.artists if isinstance(artist, Labels)]
    assert "<b>$x$</b>" in [text.get_text() for text, _, _ in labels.items]

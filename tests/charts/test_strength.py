"""Strengths: each figure on its own, what was counted told apart, nothing joined or added."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.dates import date2num

import conflictkit as ck
from conflictkit.charts._marks import FADE
from conflictkit.charts.strength import MEASURES, STRENGTHS
from conflictkit.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

DEPLOYMENTS = ck.load_deployments()


def of(*actors: str) -> ck.load_deployments:
    """Return the rows of some actors."""
    return DEPLOYMENTS[DEPLOYMENTS["actor_id"].isin(actors)]


def key(ax: Axes) -> list[str]:
    """Return the texts of the key."""
    return [text.get_text() for text in ax.get_legend().get_texts()]


def drawn(ax: Axes, marker: str) -> list[float]:
    """Return the figures drawn with a marker, as numbers."""
    lines = [line for axes in (ax, *ax.child_axes) for line in axes.lines]
    return sorted(float(y) for line in lines if line.get_marker() == marker for y in line.get_ydata())


def polygons(ax: Axes) -> list[tuple[float, float, float]]:
    """Return the bars: from, to, opacity."""
    found = []
    for collection in ax.collections:
        if isinstance(collection, PolyCollection):
            for path, color in zip(collection.get_paths(), collection.get_facecolor(), strict=True):
                found.append((path.vertices[:, 0].min(), path.vertices[:, 0].max(), float(color[3])))
    return found


@pytest.mark.slow
def test_the_marker_says_what_was_counted(drawing: Callable[..., Any]) -> None:
    """Every published number of the United States, with the marker of its measure; no line joins two of them."""
    rows, ax = of("usa"), drawing("strength").ax
    for measure in ("present", "total"):
        expected = rows.loc[rows["measure"] == measure, list(STRENGTHS)].to_numpy()
        assert drawn(ax, MEASURES[measure][0]) == sorted(expected[~np.isnan(expected)])
    assert {MEASURES["present"][1], MEASURES["total"][1]} <= set(key(ax))
    assert MEASURES["ceiling"][1] in key(ax)  # 450 for al-Taqaddum
    assert MEASURES["cumulative"][1] not in key(ax)
    assert {line.get_linestyle() for panel in ax.child_axes for line in panel.lines} == {"None"}


def test_a_figure_that_was_taken_back_is_crossed_out() -> None:
    """The 4,000 in Syria of October 2017: drawn, crossed, named, and no end of the range in the title."""
    rows = of("usa").query("host_country == 'SY' and measure == 'total'")
    ax = ck.plot_strength(rows)
    assert drawn(ax, "x") == [4000]
    assert "withdrawn by who said it" in key(ax)
    assert "4,000, withdrawn" in {text.get_text() for text in ax.texts}
    assert ax.get_title(loc="left") == "United States, Syria: 4 figures from 500 to 2,000"
    assert drawn(ck.plot_strength(of("pmf")), "x") == []


def test_competing_figures_stay_two() -> None:
    """150 and 600 for one deployment at Bashiqa: two marks, two labels, no mean."""
    rows = of("turkey")
    rows = rows[rows["deployment_id"].str.startswith("turkey-bashiqa-2015-12-04")]
    ax = ck.plot_strength(rows.assign(place_id="bashiqa", strength_best=[600.0, 150.0], strength_high=None))
    assert drawn(ax, "o") == [150, 600]
    words = {text.get_text() for text in ax.texts}
    assert {"Bashiqa 150", "Bashiqa 600"} <= words


def test_a_line_leads_to_the_end_that_a_source_gives_and_to_no_other() -> None:
    """The first contingent at Mosul Dam has an end; a gap stays a gap where none is known."""
    rows = of("italy").query("deployment_id == 'italy-mosul-dam-2017-05-08'")
    ax = ck.plot_strength(rows)
    ends = [
        s[1, 0] for c in ax.collections if isinstance(c, LineCollection) for s in c.get_segments() if s[0, 1] == 500
    ]
    assert date2num(rows["valid_to"].iloc[0]) in ends
    assert "until the end given" in key(ax)
    unknown = ck.plot_strength(of("wagner"))
    assert "until the end given" not in key(unknown)


def test_forces_have_panels_with_scales_of_their_own() -> None:
    """Two forces, two panels over one time axis, from zero."""
    ax = ck.plot_strength(of("usa", "pmf"))
    titles = [panel.get_title(loc="left") for panel in ax.child_axes]
    assert [title.split(" (")[0] for title in titles] == ["Popular Mobilization Forces, Iraq", "United States"]
    assert [panel.get_ylim()[0] for panel in ax.child_axes] == [0, 0]
    first, second = ax.child_axes
    assert first.get_xlim() == second.get_xlim()
    assert first.get_ylim() != second.get_ylim()


@pytest.mark.slow
def test_guns_and_divisions_do_not_share_a_panel_with_people() -> None:
    """Four Caesar guns are not four soldiers."""
    ax = ck.plot_strength(of("france_tf_wagram"))
    assert [panel.get_title(loc="left") for panel in ax.child_axes] == [
        "Task Force Wagram, Iraq (Caesar guns): 1 figure",
        "Task Force Wagram, Iraq (personnel): 3 figures from 40 to 150",
    ]


@pytest.mark.slow
def test_of_many_forces_those_of_one_side_share_a_panel(drawing: Callable[..., Any]) -> None:
    """The whole table: fewer panels than forces, and each label names its force."""
    ax = drawing("strength, all").ax
    forces = DEPLOYMENTS.loc[DEPLOYMENTS[list(STRENGTHS)].notna().any(axis=1), "actor_id"].nunique()
    assert len(ax.child_axes) < forces / 2
    words = [text.get_text() for panel in ax.child_axes for text in panel.texts]
    assert "United States, Iraq 8,892" in words


def test_rows_without_a_number_are_counted_in_the_caption(caption: Callable[[Axes], str]) -> None:
    """What is left out is said."""
    rows = of("pmf")
    silent = int(rows[list(STRENGTHS)].isna().all(axis=1).sum())
    assert silent > 0
    assert f"Rows without a number: {silent}." in caption(ck.plot_strength(rows))


def test_no_number_at_all_is_refused() -> None:
    """A force whose strength nobody gave cannot be plotted."""
    with pytest.raises(TableError, match="No rows for plot_strength"):
        ck.plot_strength(of("badr"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"actor_id": "uas"}, r"actor_id.*'uas'.*Did you mean 'usa'"),
        ({"measure": "totl"}, r"measure.*'totl'.*'total'"),
    ],
)
def test_unknown_names_are_refused(change: dict[str, str], message: str) -> None:
    """Value, what is allowed, nearest match."""
    with pytest.raises(TableError, match=message):
        ck.plot_strength(of("usa").assign(**change))


def test_a_place_with_dollars_is_drawn_as_written(png: Callable[[Axes], bytes]) -> None:
    """The name of a place is drawn literally."""
    tables = ck.Tables.shipped()
    places = tables.places.assign(
        name=tables.places["name"].where(tables.places["place_id"] != "jarabulus", "$x^2$ {y}")
    )
    ax = ck.plot_strength(of("turkey"), tables=tables.replace(places=places))
    assert any("$x^2$ {y}" in text.get_text() for panel in (ax, *ax.child_axes) for text in panel.texts)
    assert png(ax)


def test_a_range_of_strength_is_a_band(caption: Callable[[Axes], str]) -> None:
    """The PMF's 60,000-90,000 fade over the year of the report and 92 days; with 0 days there is no band."""
    rows = DEPLOYMENTS.query("actor_id == 'pmf' and measure == 'total'")
    ax = ck.plot_strength(rows)
    bands = polygons(ax)
    assert len(bands) == 2 * FADE
    assert max(opacity for _, _, opacity in bands) < 0.25
    assert bands[FADE - 1][1] == pytest.approx(date2num(pd.Timestamp("2017-12-31")) + 93)
    assert "Bands of ranges fade" in caption(ax)
    assert polygons(ck.plot_strength(rows, assume_days=0)) == []

"""Published figures against the model: rows, errors, spreads, refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from matplotlib.patches import Rectangle

import conflictkit as ck
from conflictkit.charts.comparison import _apart, _error
from conflictkit.errors import TableError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes


@pytest.fixture(scope="module")
def core(territory: ck.Territory) -> pd.DataFrame:
    """Return every published figure of the level core beside the model's, with few draws."""
    rows = ck.load_area_estimates()
    return territory.compare(rows[rows["control_definition"] == "core"], draws=10)


@pytest.fixture(scope="module")
def claimed(territory: ck.Territory) -> pd.DataFrame:
    """Return published shares of Syria, those of two publishers moved to one day."""
    rows = ck.load_area_estimates().query("control_definition == 'claimed' and metric == 'share_of_country_held'")
    rows = rows[rows["as_of"].isin([pd.Timestamp("2017-07-18"), pd.Timestamp("2017-08-31")])]
    return territory.compare(rows.assign(as_of=pd.Timestamp("2017-07-18")), draws=10)


def words(ax: Axes) -> list[str]:
    """Return what the panels say."""
    return [text.get_text() for panel in ax.child_axes for text in panel.texts]


def entries(ax: Axes) -> list[str]:
    """Return the words of the key."""
    legend = ax.get_legend()
    assert legend is not None
    return [text.get_text() for text in legend.get_texts()]


def test_every_figure_has_a_row_with_its_verdict(core: pd.DataFrame, caption: Callable[[Axes], str]) -> None:
    """As many verdicts as rows, in words, and the caption counts them."""
    ax = ck.plot_comparison(core)
    said = words(ax)
    assert said.count("inside") == core["within"].sum() > 0
    assert said.count("outside") == (~core["within"]).sum() > 0
    assert f"{len(core)} published figures" in caption(ax)
    assert f"{core['within'].sum()} meet the model's band" in caption(ax)
    assert "Losses count from each figure's own baseline" in caption(ax)
    rows = ck.sources_of(ax)
    assert set(rows.loc[rows["table"] == "area_estimates", "source_id"]) == set(core["source_id"].dropna())


def test_the_figures_of_the_model_have_the_rows_they_rest_on(core: pd.DataFrame) -> None:
    """Those of the last day drawn and before; a drawing has none in our tables."""
    early = core[core["as_of"] <= core["as_of"].min()]
    rows = ck.sources_of(ck.plot_comparison(early)).query("mark == 'model'")
    known = ck.load_control_changes().query("valid_from <= @early.as_of.max()")
    assert len(rows) == len(known)
    early.attrs["band"] = "the whole drawn line off by its stated error"
    assert ck.sources_of(ck.plot_comparison(early)).query("mark == 'model'").empty


def test_each_metric_has_a_panel_from_zero(core: pd.DataFrame) -> None:
    """Square kilometres and percent never share a scale."""
    panels = ck.plot_comparison(core).child_axes
    titles = [panel.texts[0].get_text() for panel in panels]
    assert titles == [
        "Land held, km²",
        "Share lost of the land held on a baseline, %",
        "Land lost since a baseline, km²",
    ]
    assert all(panel.get_xlim()[0] == 0 for panel in panels)


def test_rows_go_by_date_within_a_group(core: pd.DataFrame) -> None:
    """One country and actor after the other, each from the first figure to the last."""
    held = core[core["metric"] == "area_held"].sample(frac=1, random_state=1)
    said = words(ck.plot_comparison(held))
    assert said.index("Islamic State, Iraq") < said.index("Islamic State, Iraq and Syria")
    dates = ["Jan 2015", "29 Jun 2015", "14 Dec 2015", "Jan 2016", "4 Jul 2016", "Dec 2016", "26 Jun 2017"]
    assert [word for word in said if word in dates] == dates


def test_model_and_marks_stand_at_their_figures(core: pd.DataFrame) -> None:
    """The band, the model's figure and the published marks are those of the frame."""
    held = core[core["metric"] == "area_held"].sort_values(["scope", "as_of"])
    (panel,) = ck.plot_comparison(held).child_axes
    bars = [p for p in panel.patches if isinstance(p, Rectangle)]
    assert [bar.get_x() for bar in bars] == held["model_lo"].tolist()
    assert [bar.get_x() + bar.get_width() for bar in bars] == pytest.approx(held["model_hi"].tolist())
    assert [float(line.get_xdata()[0]) for line in panel.get_lines()] == held["best"].tolist()


def test_figures_outside_the_band_are_joined_to_it(core: pd.DataFrame) -> None:
    """A dashed line says outside as well as the word, and the key explains it only where it is drawn."""
    assert "outside the band" in entries(ck.plot_comparison(core))
    assert "outside the band" not in entries(ck.plot_comparison(core[core["within"]]))


def test_spread_between_publishers_is_boxed_and_told(claimed: pd.DataFrame) -> None:
    """Two publishers, one day: one box an actor, and how many points lie between."""
    ax = ck.plot_comparison(claimed)
    (panel,) = ax.child_axes
    boxes = [p for p in panel.patches if isinstance(p, Rectangle) and p.get_facecolor()[3] == 0]
    several = claimed[claimed["publishers"] > 1]
    assert sum("points apart" in word for word in words(ax)) == several["actor_id"].nunique() > 0
    assert sorted(box.get_width() for box in boxes) == pytest.approx(sorted(several["published_spread"].unique()))
    assert "one day, several publishers" in entries(ax)


def test_colour_is_not_the_only_difference_between_actors(claimed: pd.DataFrame) -> None:
    """Each actor has its own heading and its own entry of the key."""
    ax = ck.plot_comparison(claimed)
    assert "Syrian rebels, Syria" in words(ax)
    assert "model's band, Syrian rebels" in entries(ax)


@pytest.mark.slow
def test_same_bytes_twice_and_the_frame_unchanged(core: pd.DataFrame, png: Callable[[Axes], bytes]) -> None:
    """A picture depends on its rows alone."""
    before = core.copy()
    assert png(ck.plot_comparison(core)) == png(ck.plot_comparison(core))
    pd.testing.assert_frame_equal(core, before)


def test_narrow_axes_cut_long_names(territory: ck.Territory, narrow: Axes) -> None:
    """In 700 pixels the names leave room for the figures, and nothing leaves the axes to the right."""
    rows = ck.load_area_estimates().query("estimator.str.startswith('Iraqi Joint') and control_definition == 'claimed'")
    ax = ck.plot_comparison(territory.compare(rows, draws=5), ax=narrow)
    assert ax is narrow
    ax.figure.draw_without_rendering()
    right = ax.get_window_extent().x1
    assert any(word.startswith("Iraqi Joint") and "(" not in word for word in words(ax))
    assert all(text.get_window_extent().x1 <= right + 1 for panel in ax.child_axes for text in panel.texts)


def test_two_definitions_are_refused(core: pd.DataFrame, claimed: pd.DataFrame) -> None:
    """The message says how to draw one."""
    with pytest.raises(TableError, match=r"compared\.level == 'core'"):
        ck.plot_comparison(pd.concat([core, claimed], ignore_index=True))


def test_two_units_of_one_metric_are_refused(core: pd.DataFrame) -> None:
    """Square miles and square kilometres have no common scale here."""
    mixed = core.assign(unit=core["unit"].mask(core.index == 1, "sq_mi"))
    with pytest.raises(TableError, match="km2 and sq_mi"):
        ck.plot_comparison(mixed)


@pytest.mark.parametrize(
    ("change", "error", "match"),
    [
        (lambda rows: rows.drop(columns="model_lo"), TableError, "lacks model_lo"),
        (lambda rows: rows.head(0), TableError, "No rows to draw"),
        (lambda rows: rows.assign(metric="area_hold"), UnknownNameError, "Did you mean 'area_held'"),
    ],
)
def test_rows_that_cannot_be_drawn(
    core: pd.DataFrame, change: Callable[[pd.DataFrame], pd.DataFrame], error: type[ValueError], match: str
) -> None:
    """The message names what is missing and the next step."""
    with pytest.raises(error, match=match):
        ck.plot_comparison(change(core))


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (0.0, "0 %"),
        (-0.0051, "\N{MINUS SIGN}0.5 %"),
        (0.124, "+12 %"),
        (21.2, "+2,120 %"),
        (float("inf"), "\N{EM DASH}"),
    ],
)
def test_errors_in_words(error: float, said: str) -> None:
    """Small errors keep a decimal, so that outside never stands beside nothing."""
    assert _error(error, 100.0, "area_held") == said


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (0.0, "0 points"),
        (-0.01, "\N{MINUS SIGN}0.3 points"),
        (21.2, "+29 points"),
        (-0.25, "\N{MINUS SIGN}10 points"),
        (float("inf"), "+30 points"),
    ],
)
def test_errors_of_percentages_are_points(error: float, said: str) -> None:
    """A model's 30 % against 1.4 % is 29 points off: 2,120 % would say nothing to a reader."""
    assert _error(error, 30.0, "share_of_peak_lost") == said


def test_spreads_in_words() -> None:
    """Percentages are apart by points; one publisher is apart from nobody."""
    assert _apart(2, 3.43, "share_of_country_held") == "3.43 points apart"
    assert _apart(2, 4200, "area_held") == "4,200 km² apart"
    assert not _apart(1, 4200, "area_held")

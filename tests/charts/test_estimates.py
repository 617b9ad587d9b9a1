"""Published figures: ranges as bars, bounds as arrows, nothing mixed, names drawn as they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from matplotlib.dates import date2num

import conflictkit as ck
from conflictkit import look
from conflictkit.charts import _marks as marks

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

ESTIMATES = ck.load_fighter_estimates()
THEATRE = ESTIMATES[(ESTIMATES["quantity"] == "fighters") & (ESTIMATES["scope"] == "IQ;SY")]
TOWNS = ESTIMATES[ESTIMATES["estimate_id"].isin(ESTIMATES.loc[ESTIMATES["as_of"] == "2017-11-03", "estimate_id"])]
NASTY = "R$D {x} $\\frac{1}{2}$ <b>_^%"


def bars(ax: Axes) -> list[tuple[float, float, float]]:
    """Return the vertical bars: day, low, high."""
    segments = [s for c in ax.collections if isinstance(c, LineCollection) for s in c.get_segments()]
    return sorted((float(s[0, 0]), float(s[0, 1]), float(s[1, 1])) for s in segments if s[0, 0] == s[1, 0])


def key(ax: Axes) -> list[str]:
    """Return the texts of the key."""
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_ranges_are_bars_single_figures_marks_bounds_arrows(drawing: Callable[..., Any]) -> None:
    """Each published figure is drawn once, at its own value."""
    ax = drawing("estimates").ax
    ranged = THEATRE[THEATRE["low"].notna() & THEATRE["high"].notna()]
    assert sorted((low, high) for _, low, high in bars(ax)) == sorted(zip(ranged["low"], ranged["high"], strict=True))
    hollow = [line for line in ax.lines if isinstance(line.get_marker(), str)]
    single = sorted(float(y) for line in hollow for y in line.get_ydata())
    assert single == sorted(THEATRE["best"].dropna())
    arrows = sorted(float(y) for line in ax.lines if not isinstance(line.get_marker(), str) for y in line.get_ydata())
    one_sided = THEATRE[THEATRE["bound_type"].isin(["at_least", "at_most"])]
    assert arrows == sorted(one_sided["low"].fillna(one_sided["high"]))
    assert {"range", "single figure", "at least", "at most", "month or year, not day"} <= set(key(ax))


def test_arrows_point_away_from_the_bound() -> None:
    """At least points up, at most down, and the bound is at the foot."""
    up, down = marks.arrow("up").vertices, marks.arrow("down").vertices
    assert up[:, 1].min() == 0
    assert up[:, 1].max() == 1
    assert down[:, 1] == pytest.approx(-up[:, 1])


def test_colour_is_the_side_of_the_estimator() -> None:
    """The CIA's range has the ink of the United States, IHS's or a monitor's has the grey of no side."""
    ax = ck.plot_estimates(THEATRE[THEATRE["estimator"].isin(["CIA", "UN Monitoring Team"])])
    colors = {
        to_hex(color).upper() for c in ax.collections if isinstance(c, LineCollection) for color in c.get_colors()
    }
    assert look.palette(ck.load_actors())["usa"].ink in colors
    assert "no side: monitors, press" in key(ax)
    assert "United States" in key(ax)


def test_a_log_axis_says_so_and_a_linear_one_starts_at_zero(drawing: Callable[..., Any]) -> None:
    """200,000 beside 1,000 needs a log axis; two border towns do not."""
    wide, towns = drawing("estimates").ax, ck.plot_estimates(TOWNS)
    assert (wide.get_yscale(), wide.get_ylabel()) == ("log", "fighters (log scale)")
    assert (towns.get_yscale(), towns.get_ylabel(), towns.get_ylim()[0]) == ("linear", "fighters", 0)
    assert wide.yaxis.get_major_formatter()(20_000) == "20,000"


def test_the_two_border_towns_stand_side_by_side() -> None:
    """Same day, overlapping ranges: two bars, apart, within a few days of 3 November 2017, each with its place."""
    ax = ck.plot_estimates(TOWNS)
    (first, *one), (second, *other) = bars(ax)
    assert sorted([one, other]) == [[1500, 2500], [2000, 3000]]
    assert first != second
    assert abs(first - date2num(pd.Timestamp("2017-11-03"))) < 3
    assert abs(second - date2num(pd.Timestamp("2017-11-03"))) < 3
    words = " ".join(text.get_text() for text in ax.texts)
    assert "Abu Kamal: CJTF-OIR (Col. Ryan Dillon) 2,000\N{EN DASH}3,000" in words
    assert "Al-Qaim: CJTF-OIR (Col. Ryan Dillon) 1,500\N{EN DASH}2,500" in words


@pytest.mark.slow
def test_quantities_actors_and_scopes_get_panels_of_their_own(
    drawing: Callable[..., Any], caption: Callable[[Axes], str]
) -> None:
    """Of the whole table no panel holds two kinds of figures, and together they hold all of them."""
    ax = drawing("estimates, all").ax
    groups = ESTIMATES[ESTIMATES["origin"].isna()].groupby(["actor_id", "quantity", "scope"]).size()
    titles = [panel.get_title(loc="left") for panel in ax.child_axes]
    assert len(titles) == len(set(titles)) == len(groups)
    assert "Islamic State: killed, single places (log scale)" in titles
    assert "must not be mixed" in ax.get_title(loc="left")
    assert "must not be added" in caption(ax)
    assert all(panel.get_ylim()[0] == 0 or "(log scale)" in panel.get_title(loc="left") for panel in ax.child_axes)
    assert len({panel.get_xlim() for panel in ax.child_axes}) == 1


def test_undated_figures_show_their_month_or_year() -> None:
    """The dotted line of a yearly figure runs over its year."""
    row = ESTIMATES[ESTIMATES["estimator"] == "Russia (as cited)"]
    ax = ck.plot_estimates(row)
    (window,) = [c for c in ax.collections if isinstance(c, LineCollection) and c.get_segments()[0][0, 1] == 70_000]
    start, end = window.get_segments()[0][:, 0]
    assert start == date2num(pd.Timestamp("2014-01-01"))
    assert 364 < end - start <= 365


def test_verbal_figures_have_a_mark_of_their_own() -> None:
    """A number that its page gives in words is a diamond, and the key says so."""
    verbal = ESTIMATES[ESTIMATES["bound_type"] == "verbal"]
    ax = ck.plot_estimates(verbal.head(1))
    assert {line.get_marker() for line in ax.lines} == {"D"}
    assert "given in words" in key(ax)


def test_names_are_drawn_as_written(png: Callable[[Axes], bytes]) -> None:
    """Dollars, braces and TeX in the name of an estimator, a place or an actor are text."""
    tables = ck.Tables.shipped()
    tables = tables.replace(places=tables.places.assign(name=NASTY), actors=tables.actors.assign(name=NASTY))
    row = TOWNS.head(1).assign(estimator=NASTY)
    ax = ck.plot_estimates(row, tables=tables)
    (label,) = [text for text in ax.texts if text.get_text().count(NASTY) == 2]
    assert not label.get_parse_math()
    assert NASTY in ax.get_title(loc="left").replace("\n", " ")
    assert png(ax)
    figure, panelled = plt.subplots(layout="constrained")
    ck.plot_estimates(pd.concat([row, THEATRE.head(2)]), tables=tables, ax=panelled)
    assert png(panelled)
    plt.close(figure)


def test_the_highest_the_lowest_and_the_latest_are_labelled(drawing: Callable[..., Any]) -> None:
    """Of many figures those that stand out have a name."""
    rows = drawing("estimates").ax
    shown = " ".join(text.get_text() for text in rows.texts if text.get_visible())
    for name in (
        "Fuad Hussein (KRG presidency) at least 200,000",
        "Russian MoD (Shoigu) 60,000",
        "CJTF-OIR (Col. Ryan Dillon) 1,000",
    ):
        assert name in shown


def test_many_figures_of_one_day_all_get_their_own_place() -> None:
    """Twelve equal figures: twelve positions, none farther than six marks from the day."""
    rows = pd.DataFrame(
        {"date": pd.Timestamp("2017-01-01"), "low": 1.0, "best": float("nan"), "high": 2.0}, index=range(12)
    )
    x = marks.abreast(rows)
    assert len(set(x)) == 12
    assert abs(x - date2num(pd.Timestamp("2017-01-01"))).max() <= 6 * marks.SHORTEST_AXIS * marks.ABREAST + 1e-9


def test_figures_that_do_not_cover_each_other_stay_at_their_date() -> None:
    """Same day, far apart in value: no need to move."""
    rows = pd.DataFrame(
        {"date": pd.Timestamp("2017-01-01"), "low": [1.0, 80.0], "best": float("nan"), "high": [10.0, 100.0]}
    )
    assert (marks.abreast(rows) == date2num(pd.Timestamp("2017-01-01"))).all()


@pytest.mark.parametrize("size", [(14, 9), (7, 4.8)])
def test_the_whole_theatre_is_readable_at_two_widths(
    size: tuple[float, float], placed: Callable[[Axes], dict[str, object]]
) -> None:
    """38 figures: at least eight of them named, none over another."""
    _, ax = plt.subplots(figsize=size, layout="constrained")
    assert len(placed(ck.plot_estimates(THEATRE, ax=ax))) >= 8


def test_hollow_are_the_figures_that_help_the_side_that_speaks(drawing: Callable[..., Any]) -> None:
    """A bar of a self-interested figure is an outline, others are full; points likewise."""
    ax = drawing("estimates").ax
    interest = ck.select_estimates(THEATRE)["self_interested"]
    ranged = THEATRE["low"].notna() & THEATRE["high"].notna()
    vertical = [c for c in ax.collections if isinstance(c, LineCollection) and c.get_path_effects()]
    assert sum(len(c.get_segments()) for c in vertical) == (interest & ranged).sum() > 0
    points = [line for line in ax.lines if line.get_marker() == "o"]
    hollow = sum(len(line.get_xdata()) for line in points if line.get_markerfacecolor() == "white")
    assert hollow == (interest & THEATRE["best"].notna()).sum() > 0
    assert "hollow: helps the side that speaks" in key(ax)


def test_subsets_by_origin_are_left_out_beside_the_whole() -> None:
    """A count of those from one country is a part of the count beside it; alone it is drawn."""
    foreign = ck.load_fighter_estimates().query("quantity == 'foreign_fighters' and actor_id == 'isis'").head(4)
    mixed = foreign.assign(origin=[None, None, "TN", "TN"])
    assert ck.sources_of(ck.plot_estimates(mixed))["source_id"].nunique() == foreign.head(2)["source_id"].nunique()
    assert (
        ck.sources_of(ck.plot_estimates(mixed.tail(2)))["source_id"].nunique() == foreign.tail(2)["source_id"].nunique()
    )

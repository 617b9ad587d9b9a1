"""Areas over time: the lines are the model's numbers, the marks are published ones of the same definition."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
import synthetic
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex
from matplotlib.dates import date2num

import conflictkit as ck
from conflictkit import look
from conflictkit.errors import DateError, TableError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

PUBLISHED = ck.load_area_estimates()
PAINTS = look.palette(ck.load_actors())
BANDED = [*pd.date_range("2014-06-01", "2014-06-20"), *pd.to_datetime(["2015-01-05", "2016-07-04", "2017-06-26"])]
IHS = PUBLISHED[(PUBLISHED["estimator"] == "IHS Conflict Monitor") & (PUBLISHED["metric"] == "area_held")]


def lines(ax: Axes) -> dict[str, Line2D]:
    """Return the series by label."""
    return {line.get_label(): line for line in ax.lines if ", " in str(line.get_label())}


def marks(ax: Axes) -> list[tuple[float, float]]:
    """Return the hollow marks: date and km2."""
    hollow = [line for line in ax.lines if line.get_linestyle() == "None" and len(line.get_xdata())]
    return sorted(
        (float(x), float(y)) for line in hollow for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
    )


def words(ax: Axes) -> list[str]:
    """Return all notes on the axes."""
    return [text.get_text() for text in ax.texts]


@pytest.fixture(scope="module")
def core(territory: ck.Territory) -> Axes:
    """Return the core of one actor over all dates."""
    return ck.plot_area(territory, level="core", actor_ids=["isis"])


def test_land_is_claimed_unless_asked(territory: ck.Territory, caption: Callable[[Axes], str]) -> None:
    """As in `Territory.area`; title and caption say which, and published figures are of the same kind."""
    ax = ck.plot_area(territory, actor_ids=["isis"])
    (line,) = lines(ax).values()
    area = territory.area().query("scope == 'all' and actor_id == 'isis'")
    assert np.array_equal(line.get_ydata(), area["area_km2"])
    found = ax.get_title(loc="left").replace("\n", " ")
    assert found == "Islamic State lost nine tenths of its claimed land from May 2015 to Nov 2017"
    km2 = area.set_index("date")["area_km2"]
    assert (km2["2017-12-01":] <= 0.1 * km2.max()).all()  # type: ignore[misc]
    assert km2.idxmax().strftime("%Y-%m") == "2015-05"
    assert territory.definition("claimed") in caption(ax)
    assert territory.definition("core") not in caption(ax)
    assert not set(IHS["best"]) & {y for _, y in marks(ax)}


def test_a_line_is_the_models_series(territory: ck.Territory, core: Axes) -> None:
    """Every date of a change, its km2, as steps, in the colour of the table of actors, from zero."""
    ax = core
    (line,) = lines(ax).values()
    area = territory.area(level="core")
    area = area[(area["scope"] == "all") & (area["actor_id"] == "isis")]
    assert np.array_equal(line.get_ydata(), area["area_km2"])
    assert np.array_equal(date2num(line.get_xdata()), date2num(area["date"]))
    assert line.get_drawstyle() == "steps-post"
    assert to_hex(line.get_color()).upper() == PAINTS["isis"].color
    assert ax.get_ylim()[0] == 0
    assert ax.get_ylabel() == "Core land in Iraq and Syria, km\N{SUPERSCRIPT TWO}"
    assert ax.yaxis.get_major_formatter()(90_800) == "90,800"


def test_published_figures_of_the_same_definition_stand_beside(core: Axes) -> None:
    """The seven IHS totals are drawn at their dates and values, with one label; nothing of another definition."""
    ax, drawn = core, marks(core)
    assert [y for _, y in drawn] == IHS.sort_values("as_of")["best"].tolist()
    assert drawn[0][0] == date2num(pd.Timestamp("2015-01-05"))
    assert words(ax).count("IHS Conflict Monitor") == 1
    assert "NCTC director (via BBC)" not in words(ax)


def test_percent_of_a_country_becomes_km2_of_the_scope(territory: ck.Territory, caption: Callable[[Axes], str]) -> None:
    """SOHR's 8.13 % of Syria on 22 October 2017 stands at that share of the area of Syria, and the caption says so."""
    ax = ck.plot_area(territory, ["2017-01-01", "2018-01-01"], actor_ids=["isis"], level="claimed", scope="SY")
    area = territory.area("2017-01-01")
    syria = area.loc[area["scope"] == "SY", "area_km2"].sum()
    assert any(y == pytest.approx(0.0813 * syria) for _, y in marks(ax))
    assert "given in percent of the country" in caption(ax)


def test_an_at_least_is_an_arrow_not_a_point(territory: ck.Territory) -> None:
    """SOHR's "more than half of Syria" of May 2015 has the marker of a bound, and the key explains it."""
    ax = ck.plot_area(territory, actor_ids=["isis"], level="claimed", scope="SY")
    paths = [line for line in ax.lines if not isinstance(line.get_marker(), str)]
    assert len(paths) == 1
    assert "at least" in [text.get_text() for text in ax.get_legend().get_texts()]


def test_two_levels_are_named_as_two(territory: ck.Territory, caption: Callable[[Axes], str]) -> None:
    """Same colour, another line, each with its name; the title says how far apart they are."""
    ax = ck.plot_area(territory, actor_ids=["isis"], level="both")
    core, claimed = lines(ax)["Islamic State, core"], lines(ax)["Islamic State, claimed"]
    assert core.get_color() == claimed.get_color()
    assert core.get_linestyle() != claimed.get_linestyle()
    assert (claimed.get_ydata() >= core.get_ydata() - 1e-6).all()
    assert {"Islamic State, core", "Islamic State, claimed"} <= set(words(ax))
    large = core.get_ydata() >= core.get_ydata().max() / 2
    times = claimed.get_ydata()[large] / core.get_ydata()[large]
    assert f"{times.min():.1f} to {times.max():.1f} times its core" in ax.get_title(loc="left").replace("\n", " ")
    assert territory.definition("core") in caption(ax)
    assert territory.definition("claimed") in caption(ax)


def test_a_child_painted_like_its_parent_is_counted_with_it(
    territory: ck.Territory, caption: Callable[[Axes], str]
) -> None:
    """SDF land includes the YPG's, as in the published figures; naming both tells them apart."""
    together = ck.plot_area(territory, "2017-11-03", level="core", actor_ids=["sdf"])
    apart = lines(ck.plot_area(territory, "2017-11-03", level="core", actor_ids=["sdf", "ypg"]))
    total = sum(float(line.get_ydata()[0]) for line in apart.values())
    assert float(lines(together)["Syrian Democratic Forces, core"].get_ydata()[0]) == pytest.approx(total)
    assert len(apart) == 2
    assert "includes People's Protection Units" in caption(together)


def test_by_default_holders_of_a_hundredth_are_drawn_and_the_others_named(
    territory: ck.Territory, caption: Callable[[Axes], str]
) -> None:
    """Nobody is left out in silence, and land outside the core is no holder."""
    ax = ck.plot_area(territory, level="core")
    drawn = {label.rsplit(", ", 1)[0] for label in lines(ax)}
    area = territory.area(level="core")
    area = area[area["scope"] == "all"]
    small = area.groupby("actor_id")["share"].max()
    for actor in small.index[(small > 0) & (small < 0.01)].difference(["ypg"]):
        assert PAINTS[actor].name not in drawn
        assert PAINTS[actor].name in caption(ax)
    assert "No holder" not in drawn
    assert {"Islamic State", "Government of Iraq"} <= drawn


def test_events_are_dated_by_the_table(territory: ck.Territory) -> None:
    """The rule for Mosul stands at the date of its row, and moves with it."""
    rows = ck.load_control_changes()
    moved = rows["place_id"].isin(["west-mosul", "east-mosul"]) & (rows["to_actor"] == "isis")
    day = rows.loc[moved, "valid_from"].max()
    rows.loc[moved, "valid_from"] = day + pd.Timedelta(days=3)
    later = ck.Territory.from_places(rows)
    for model, expected in ((territory, day), (later, day + pd.Timedelta(days=3))):
        ax = ck.plot_area(model, actor_ids=["isis"])
        (text,) = [text for text in ax.texts if text.get_text() == "Islamic State takes Mosul"]
        assert text.xy[0] == date2num(expected)


def test_events_outside_the_scope_or_the_dates_are_not_drawn(territory: ck.Territory) -> None:
    """No rule for Mosul on a chart of Syria, none for 2014 on a chart of 2017."""
    assert "Islamic State takes Mosul" not in words(ck.plot_area(territory, actor_ids=["isis"], scope="SY"))
    late = words(ck.plot_area(territory, ["2017-01-01", "2017-12-31"], actor_ids=["isis"]))
    assert "Islamic State takes Mosul" not in late
    assert {"Iraq takes Mosul", "SDF takes Raqqa"} <= set(late)


def test_events_are_those_of_the_story_of_the_tables() -> None:
    """The largest towns that its actor took and lost; none where the story is nobody's."""
    own = synthetic.other_war()
    drawn = words(ck.plot_area(ck.Territory.from_places(tables=own)))
    assert not any("Mosul" in word or "Raqqa" in word for word in drawn)
    sized = own.places.assign(population=range(100, 100 + len(own.places)))
    drawn = words(ck.plot_area(ck.Territory.from_places(tables=own.replace(places=sized))))
    taken = [word.split(" takes ") for word in drawn if " takes " in word]
    assert taken
    assert {town for _, town in taken} <= set(own.places.name)
    assert not {who for who, _ in taken} & {"Iraq", "Syria", "Islamic State"}


def test_one_date_is_drawn_as_a_mark(territory: ck.Territory) -> None:
    """A line of one point would be invisible."""
    (line,) = lines(ck.plot_area(territory, "2017-11-03", actor_ids=["isis"])).values()
    assert line.get_marker() == "o"


def test_pale_lines_get_a_dark_edge(territory: ck.Territory) -> None:
    """Yellow on white is below 3:1; its line has an outline, the black one has none."""
    drawn = lines(ck.plot_area(territory, level="core", actor_ids=["isis", "sdf"]))
    assert drawn["Syrian Democratic Forces, core"].get_path_effects()
    assert not drawn["Islamic State, core"].get_path_effects()


def test_an_empty_frame_draws_no_published_figure(territory: ck.Territory, caption: Callable[[Axes], str]) -> None:
    """The way to leave them out."""
    ax = ck.plot_area(territory, actor_ids=["isis"], level="core", published=PUBLISHED.head(0))
    assert marks(ax) == []
    assert "published" not in caption(ax)


def test_published_rows_that_cannot_be_compared_are_refused(territory: ck.Territory) -> None:
    """Claimed figures over a core line: an error that says what would fit."""
    claimed = PUBLISHED[PUBLISHED["control_definition"] == "claimed"]
    with pytest.raises(TableError, match="control_definition core"):
        ck.plot_area(territory, actor_ids=["isis"], level="core", published=claimed)


def test_published_rows_need_their_columns(territory: ck.Territory) -> None:
    """A frame of another kind is refused by name."""
    with pytest.raises(TableError, match="area_estimates"):
        ck.plot_area(territory, published=ck.load_places())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"actor_ids": ["isiss"]}, r"Unknown actor_id 'isiss'.*Did you mean 'isis'"),
        ({"level": "cores"}, r"Unknown level 'cores'.*Did you mean 'core'"),
        ({"scope": "SYR"}, r"Unknown scope 'SYR'"),
    ],
)
def test_unknown_names_are_refused_with_the_nearest(
    territory: ck.Territory, options: dict[str, object], message: str
) -> None:
    """Value, what is allowed, and the nearest match."""
    with pytest.raises(UnknownNameError, match=message):
        ck.plot_area(territory, **options)


def test_a_date_that_cannot_be_read_is_refused(territory: ck.Territory) -> None:
    """The model's own message comes through."""
    with pytest.raises(DateError, match="the day after"):
        ck.plot_area(territory, "the day after")


@pytest.fixture(scope="module")
def banded(territory: ck.Territory) -> Axes:
    """Return the line of one actor with its band, on days around the fall of Mosul and on three more."""
    return ck.plot_area(territory, BANDED, level="core", actor_ids=["isis"], bands=True)


@pytest.mark.slow
def test_band_holds_the_draws_and_the_key_says_so(
    territory: ck.Territory, banded: Axes, caption: Callable[[Axes], str], entries: Callable[[Axes], list[str]]
) -> None:
    """The band is that of the model on the days drawn."""
    (band,) = [artist for artist in banded.collections if isinstance(artist, PolyCollection)]
    heights = band.get_paths()[0].vertices[:, 1]
    area = territory.area(BANDED, level="core", bands=True).query("actor_id == 'isis' and scope == 'all'")
    assert heights.max() == pytest.approx(area.area_hi_km2.max())
    assert banded.get_ylim()[1] > area.area_hi_km2.max()
    assert "5th to 95th percentile" in entries(banded)
    assert "200 draws" in caption(banded)


def test_band_turns_on_the_days_on_which_the_line_does(banded: Axes) -> None:
    """Mosul fell between two days: drawn straight over weeks, the band would be far from its line on both."""
    (band,) = [artist for artist in banded.collections if isinstance(artist, PolyCollection)]
    slopes = np.diff(band.get_paths()[0].vertices, axis=0)
    assert ((slopes == 0).any(axis=1)).all()  # steps: along or up, never across


@pytest.mark.slow
def test_many_lines_have_bands_inside(territory: ck.Territory, entries: Callable[[Axes], list[str]]) -> None:
    """The scale reaches beyond the band of every holder."""
    ax = ck.plot_area(territory, ["2015-01-05", "2016-07-04"], level="core", bands=True)
    bands = [artist for artist in ax.collections if isinstance(artist, PolyCollection)]
    assert max(band.get_paths()[0].vertices[:, 1].max() for band in bands) < ax.get_ylim()[1]
    assert "5th to 95th percentile" in entries(ax)


@pytest.mark.slow
def test_an_actor_of_the_users_own_is_named_and_coloured(
    territory: ck.Territory, entries: Callable[[Axes], list[str]]
) -> None:
    """In the map, the chart and the changes: their table says who it is; without it the model asks for it."""
    mine = ck.load_actors().query("actor_id == 'isis'").assign(actor_id="isil", name="ISIL", color="#123456")
    actors = pd.concat([ck.load_actors(), mine], ignore_index=True)
    changes = ck.load_control_changes().replace({"from_actor": {"isis": "isil"}, "to_actor": {"isis": "isil"}})
    with pytest.raises(TableError, match="isil"):
        ck.Territory.from_places(changes)
    own = ck.Territory.from_places(changes, actors=actors)
    days = ["2015-01-05", "2016-07-04"]
    assert own.area(days).area_km2.sum() == pytest.approx(territory.area(days).area_km2.sum())
    assert "ISIL" in entries(ck.plot_territory(own, days[0], labels=False))
    assert ck.plot_area(own, days, actor_ids=["isil"]).get_title(loc="left") == (
        "Land held by ISIL in Iraq and Syria: claimed"
    )
    assert ck.plot_changes(own, *days, actor_id="isil").get_title(loc="left").startswith("ISIL: ")
    assert ck.validate_model(changes, actor_id="isil", dates=days, actors=actors).scores.accuracy.min() > 0


def test_no_line_to_draw(territory: ck.Territory) -> None:
    """No date, no actor, nobody at the level: in words, not in those of matplotlib."""
    with pytest.raises(ck.TerritoryError, match="No dates to show"):
        ck.plot_area(territory, [])
    with pytest.raises(ck.TerritoryError, match="No line to draw: nobody of those asked for has claimed land"):
        ck.plot_area(territory, actor_ids=[])
    with pytest.raises(ck.TerritoryError, match="nobody of those asked for has core land on these dates"):
        ck.plot_area(ck.Territory.from_places(core_radius_km=0), ["2017-11-03"], level="core")

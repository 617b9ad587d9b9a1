"""What land hangs on, and rests on, as pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import conflictkit as ck
from conflictkit.dates import in_words
from conflictkit.errors import TerritoryError, UnknownNameError
from conflictkit.evidence._rows import NO_PAGE
from conflictkit.evidence._support import FIRST, support
from conflictkit.schema import CONFIDENCE, RELIABILITY

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def bars(ax: Axes) -> list[float]:
    """Return how long the bars are, from the top."""
    (inside,) = ax.child_axes
    return [float(patch.get_width()) for patch in inside.patches]


@pytest.mark.slow
@pytest.mark.parametrize("by", ["row", "source"])
def test_the_twenty_that_move_most_are_drawn(territory: ck.Territory, by: str) -> None:
    """The longest at the top, as long as what_if says, each with the rows behind it."""
    ax = ck.plot_influence(territory, "2016-01-01", by=by)
    lengths = bars(ax)
    assert len(lengths) == 20
    assert sorted(map(abs, lengths), reverse=True) == list(map(abs, lengths))
    rows = ck.sources_of(ax)
    assert rows["mark"].unique().tolist() == ["bar"]
    assert len(rows) == 20 if by == "row" else len(rows) > 20
    if by == "row":
        place, day = rows["row_key"][0].split(", ")
        what = ck.what_if(territory, "2016-01-01", drop=[(place, day)])
        assert what.query("actor_id == 'isis' and scope == 'all'").difference_km2.item() == pytest.approx(lengths[0])


def test_a_row_that_takes_land_away_points_the_other_way(territory: ck.Territory) -> None:
    """In 2018 most that matter are losses: without them the Islamic State would have more."""
    lengths = np.array(bars(ck.plot_influence(territory, "2018-06-01")))
    assert (lengths > 0).sum() > (lengths < 0).sum() > 0


def test_the_scale_has_no_sign_and_names_are_whole_where_there_is_room(territory: ck.Territory) -> None:
    """The side tells lost from gained, as the figures at the bars do; the longest name of that day has room."""
    ax = ck.plot_influence(territory, "2016-01-01")
    ax.figure.draw_without_rendering()  # type: ignore[union-attr]
    (panel,) = ax.child_axes
    ticks = [text.get_text() for text in panel.get_xticklabels()]
    assert "2,000" in ticks
    assert not any("-" in tick for tick in ticks)
    assert sum("\N{HORIZONTAL ELLIPSIS}" in text.get_text() for text in panel.texts) <= 1


def test_the_title_is_true_and_names_end_with_their_confidence(territory: ck.Territory) -> None:
    """No bar is a larger share of the land than the title says; no label loses its end on the day of the report."""
    ax = ck.plot_influence(territory, "2017-11-03")
    said = int(" ".join(ax.get_title(loc="left").split()).removeprefix("No row moves more than ").split(" %")[0])
    land = territory.area("2017-11-03").query("scope == 'all' and actor_id == 'isis'").area_km2.item()
    assert said - 1 < 100 * max(map(abs, bars(ax))) / land <= said
    (panel,) = ax.child_axes
    names = [text.get_text() for text in panel.texts if ", " in text.get_text()]
    assert len(names) == 20
    assert {name.rsplit(", ", 1)[1] for name in names} <= set(CONFIDENCE)


def test_what_moves_nothing_is_told(territory: ck.Territory) -> None:
    """Before the first change, of nobody, by an unknown word, of a drawing."""
    with pytest.raises(TerritoryError, match="No row that can be left out moves"):
        ck.plot_influence(territory, "2014-01-01", actor_id="turkey_rebels")
    with pytest.raises(UnknownNameError, match="by"):
        ck.plot_influence(territory, "2016-01-01", by="page")  # type: ignore[arg-type] # what a reader may try
    shapes = ck.load_borders().rename(columns={"country": "actor_id"}).assign(date="2017-01-01", actor_id="isis")
    drawn = ck.Territory.from_polygons(shapes)
    for plot in (lambda: ck.plot_influence(drawn, "2017-01-01"), lambda: ck.plot_evidence(drawn)):
        with pytest.raises(TerritoryError, match="A drawing has no places"):
            plot()


@pytest.mark.parametrize("actor", [None, "isis"])
def test_what_land_rests_on_sums_to_the_land(territory: ck.Territory, actor: str | None) -> None:
    """By confidence and by grade, on every day, as much as area says."""
    found = support(territory, actor, level="claimed")
    area = territory.area().query("scope == 'all'")
    area = area if actor is None else area[area["actor_id"] == actor]
    whole = area.groupby("date")["area_km2"].sum().reindex(found["confidence"].index, fill_value=0.0)
    unknown = 0.0 if actor else float(np.nanmin(whole - found["confidence"].sum(axis=1)))
    for kinds in found.values():
        np.testing.assert_allclose(kinds.sum(axis=1) + unknown, whole, atol=0.5)


def test_evidence_is_drawn_in_two_panels(territory: ck.Territory) -> None:
    """Each as high as the land; refused where there is none."""
    ax = ck.plot_evidence(territory, actor_id="isis", level="core")
    heights = [panel.get_ylim()[1] for panel in ax.child_axes]
    assert heights[0] == pytest.approx(heights[1])
    names = [text.get_text() for text in ax.get_legend().get_texts()]  # column by column: a line for each panel
    assert set(filter(None, names[::2])) <= {*CONFIDENCE, FIRST}
    assert set(filter(None, names[1::2])) <= {*(f"grade {grade}" for grade in RELIABILITY), NO_PAGE}
    with pytest.raises(UnknownNameError, match="actor_id"):
        ck.plot_evidence(territory, actor_id="usa")


def test_all_land_is_told_of_its_last_day(territory: ck.Territory) -> None:
    """It is as large on every day: the largest would be the first, of which nearly nothing is confirmed."""
    title = " ".join(ck.plot_evidence(territory).get_title(loc="left").split())
    land = support(territory, None, level="claimed")["confidence"]
    share = land["confirmed"].iloc[-1] / land.iloc[-1].sum()
    assert title == f"On {in_words(land.index[-1])}, {100 * share:.0f} % of the claimed land rested on confirmed rows"

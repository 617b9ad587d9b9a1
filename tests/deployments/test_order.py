"""The order of battle: the tree is whole, and strengths roll up as three cases worked by hand say."""

from __future__ import annotations

import math
from html.parser import HTMLParser

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import conflictkit as ck
from conflictkit.errors import PlaceError, TableError, UnknownNameError

DEPLOYMENTS = ck.load_deployments()


def strengths(frame: pd.DataFrame) -> dict[str, tuple[float, float, float]]:
    """Return the rolled-up strength of each force, missing ends as None."""
    forces = frame.dropna(subset=["actor_id"]).set_index("actor_id")
    bounds = forces[["strength_low", "strength_best", "strength_high"]].astype(object)
    return {
        actor: tuple(None if pd.isna(v) else v for v in row)
        for actor, row in zip(forces.index, bounds.to_numpy(), strict=True)
    }


class TestWorkedByHand:
    """The sums that an analyst makes on paper, with the pages."""

    def test_mosul_october_2016(self) -> None:
        """One tally of all forces includes the others.

        iraq_gov 100,000: tally by Hisham al-Hashimi, Reuters by way of Ankawa, 2 November 2016, of all forces.
        iraqi_army 50,000: CNN, 17 October 2016.
        By hand: Government of Iraq = 100,000, for the 50,000 are at the same place and inside it; Peshmerga 15,000
        (StrategyPage, 25 October 2016) are another side, and stay apart.
        """
        order = ck.order_of_battle("2016-10-20", place_id="mosul")
        found = strengths(order.frame)
        assert found["iraq_gov"] == (None, 100_000, None)
        assert found["iraqi_army"] == (None, 50_000, None)
        assert found["krg"] == found["peshmerga"] == (None, 15_000, None)
        top = order.frame.set_index("actor_id").loc["iraq_gov"]
        assert "Iraqi Army 50,000" in top.overlaps

    def test_raqqa_june_2017(self) -> None:
        """A total is not added, and the part is inside the whole.

        sdf 30,000: ICSR, 8 November 2016; 50,000, of all its forces: Mesop News, 8 June 2017. ypg at most 30,000: the
        same page. By hand: SDF = 30,000. United States = at least 400 in Syria, near Raqqa (The Defense Post, 30
        November 2017, Marines since March), which is taken to include the 150 at Al-Tanf (Heart of Orient, 1 June
        2017); the coalition with Italy's 500 at Mosul Dam (Report Difesa), its own 1,000 at Qayyarah and Belgium's 100
        = at least 2,000. Ceilings of Germany (150) and Denmark (60) are not added.
        """
        frame = ck.order_of_battle("2017-06-10").frame
        found = strengths(frame)
        assert found["sdf"] == (None, 30_000, None)
        assert found["ypg"] == (None, None, 30_000)
        assert found["usa"] == (400, None, None)
        assert found["cjtf_oir"] == (2_000, None, None)
        notes = frame.set_index("actor_id").not_added
        assert "ceiling at most 150" in notes["germany"]
        assert "ceiling at most 60" in notes["denmark"]

    def test_the_border_november_2017(self) -> None:
        """Two towns, one estimator: 1,500-2,500 and 2,000-3,000 make 3,500-5,500 (Col. Dillon, Reuters, 3 November)."""
        order = ck.order_of_battle("2017-11-03", "isis", place_id=["al-qaim", "abu-kamal"])
        assert strengths(order.frame) == {"isis": (3_500, None, 5_500)}
        on_iraqs_side = ck.order_of_battle("2017-11-03", "iraq", place_id=["al-qaim", "husaybah-crossing"])
        whole = on_iraqs_side.frame.iloc[0]
        assert (whole.forces, whole.with_figure) == (4, 0)
        assert math.isnan(whole.strength_best)


def test_totals_are_never_added() -> None:
    """The US total of 5,262 in Iraq (September 2016) is told beside the tree, not in it."""
    usa = ck.order_of_battle("2016-10-20", "coalition").frame.set_index("actor_id").loc["usa"]
    assert "total 5,262 personnel" in usa.not_added
    assert usa.strength_best == 400  # at Qayyarah air base, counted there


def test_a_figure_for_a_country_includes_its_places() -> None:
    """UK, November 2017: at least 600 in Iraq, and at least 300 of them at Ain al-Asad (gov.uk, September 2017)."""
    uk = ck.order_of_battle("2017-11-03").frame.set_index("actor_id").loc["uk"]
    assert uk.strength_low == 600
    assert "is taken to include United Kingdom at least 300 (Ain al-Asad air base)" in uk.overlaps


def test_competing_figures_of_one_day_become_their_range() -> None:
    """Bashiqa, December 2015: 600 or 150 Turkish soldiers, from one newspaper, if both were of one town."""
    rows = DEPLOYMENTS[DEPLOYMENTS.deployment_id.str.startswith("turkey-bashiqa-2015-12-04")]
    rows = rows.assign(place_id="bashiqa", strength_best=[600.0, 150.0], strength_high=None)
    frame = ck.order_of_battle("2015-12-10", "turkey", deployments=rows).frame
    assert strengths(frame)["turkey"] == (150, None, 600)


def test_parts_that_come_to_more_are_told() -> None:
    """A whole that is smaller than its parts stands, with a remark."""
    rows = DEPLOYMENTS[DEPLOYMENTS.deployment_id.isin(["sdf-raqqa-2017-06-06", "ypg-raqqa-2017-06-06"])]
    small = rows.assign(
        strength_best=[20_000.0, 30_000.0], strength_high=None, measure="present", place_id="raqqa", host_country="SY"
    )
    frame = ck.order_of_battle("2017-06-10", deployments=small).frame.set_index("actor_id")
    assert frame.strength_best["sdf"] == 20_000
    assert "although they come to 30,000" in frame.overlaps["sdf"]


def test_guns_and_divisions_are_not_people() -> None:
    """Four Caesar guns and two divisions are told, not added."""
    wagram = ck.order_of_battle("2017-11-03").frame.set_index("actor_id").loc["france_tf_wagram"]
    assert "4 caesar guns" in wagram.not_added
    assert pd.isna(wagram.strength_best)


@settings(deadline=None, max_examples=25)
@given(st.dates(min_value=pd.Timestamp("2014-06-01").date(), max_value=pd.Timestamp("2019-06-01").date()))
def test_the_tree_is_whole(date: object) -> None:
    """Every force in force has one row, after its parent, one level below it; sides come first."""
    frame = ck.order_of_battle(date).frame  # type: ignore[arg-type]
    forces = frame.dropna(subset=["actor_id"])
    assert forces.actor_id.is_unique
    assert set(forces.actor_id[forces.reported]) == set(ck.deployments_at(date).actor_id)  # type: ignore[arg-type]
    level = dict(zip(forces.actor_id, forces.level, strict=True))
    seen: set[str] = set()
    for row in forces.itertuples():
        if isinstance(row.parent_id, str):
            assert row.parent_id in seen
            assert row.level == level[row.parent_id] + 1
        else:
            assert row.level == 1
        seen.add(row.actor_id)


def test_text_and_html_have_every_row_and_html_escapes() -> None:
    """A name with a tag in it is text; tags are balanced."""
    actors = ck.load_actors()
    actors["name"] = actors["name"].mask(actors["actor_id"] == "sdf", "<b>S&DF</b>")
    order = ck.order_of_battle("2017-11-03", tables=ck.Tables.shipped().replace(actors=actors))
    text, html = str(order), order._repr_html_()
    assert len(text.splitlines()) == len(order.frame) + 1
    assert "<b>S&DF</b>" in text
    assert "&lt;b&gt;S&amp;DF&lt;/b&gt;" in html
    assert "<b>" not in html

    class Tags(HTMLParser):
        open: list[str] = []  # noqa: RUF012 - one instance

        def handle_starttag(self, tag: str, attrs: object) -> None:
            del attrs
            if tag != "br":
                self.open.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert self.open.pop() == tag

    tags = Tags()
    tags.feed(html)
    assert tags.open == []


def test_pages_are_those_of_the_tables_in_hand() -> None:
    """A page that only the caller's table knows is linked; one that no table knows is named by its id."""
    tables, rows = ck.Tables.shipped(), DEPLOYMENTS.query("actor_id == 'sdf'")
    mine = tables.sources.head(1).assign(source_id="my-page", publisher="My <Paper>", url="https://example.org/mine")
    own = tables.replace(
        sources=pd.concat([tables.sources, mine], ignore_index=True),
        deployments=rows.assign(source_id="my-page"),
    )
    html = ck.order_of_battle("2017-06-10", tables=own)._repr_html_()
    assert 'href="https://example.org/mine"' in html
    assert "My &lt;Paper&gt;" in html
    unknown = ck.order_of_battle("2017-06-10", deployments=rows.assign(source_id="no-such-page"))
    assert "<small>pages: no-such-page</small>" in unknown._repr_html_()


def test_an_empty_day_says_so() -> None:
    """Before the first report there is nothing, in words."""
    order = ck.order_of_battle("2014-01-01")
    assert "No force is reported" in str(order)
    assert "No force is reported" in order._repr_html_()


def test_bad_input_is_refused() -> None:
    """Unknown side, unknown place, a circle in the hierarchy, an unknown parent: named, with the nearest match."""
    with pytest.raises(UnknownNameError, match=r"Unknown side 'irak'.*'iraq'"):
        ck.order_of_battle("2017-11-03", "irak")
    with pytest.raises(PlaceError, match=r"Unknown place 'mossul'.*'mosul'"):
        ck.order_of_battle("2017-11-03", place_id="mossul")
    actors = ck.load_actors()
    circle = actors.assign(parent_id=actors["parent_id"].mask(actors["actor_id"] == "iraq_gov", "cts"))
    with pytest.raises(TableError, match="its own ancestor"):
        ck.Tables.shipped().replace(actors=circle)
    orphan = actors.assign(parent_id=actors["parent_id"].mask(actors["actor_id"] == "cts", "iraq_gvo"))
    with pytest.raises(TableError, match=r"iraq_gvo.*iraq_gov"):
        ck.Tables.shipped().replace(actors=orphan)

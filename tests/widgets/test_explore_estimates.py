"""The explorer of estimates without a browser."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

import conflictkit as ck
from conflictkit.errors import EstimateError
from conflictkit.widgets import _view_estimates as pure
from conflictkit.widgets import estimates as explorer

ROWS = ck.load_fighter_estimates()
TABLES = ck.Tables.shipped()
MOSUL = pure.EstimatesView("fighters", "isis", "mosul", pd.Timestamp("2016-10-01"), pd.Timestamp("2016-11-30"))


@pytest.mark.slow
def test_selection_is_what_was_chosen() -> None:
    """One quantity, actor and scope, inside the time; the sentence counts them and their spread."""
    found = pure.selected(TABLES, MOSUL)
    assert set(found["quantity"]) == {"fighters"}
    assert set(found["place_id"]) == {"mosul"}
    assert found["as_of"].between(MOSUL.start, MOSUL.end).all()
    words = pure.sentence(TABLES, found, MOSUL)
    assert f"{len(found)} figures by {found['estimator'].nunique()} estimators" in words
    assert f"{ck.pool_estimates(found).best:,.0f}"[:2] in words


def test_choices_narrow_the_rows() -> None:
    """Estimators, grade and interest each leave fewer rows, never others."""
    wide = replace(MOSUL, scope="IQ;SY", start=ROWS["as_of"].min(), end=ROWS["as_of"].max())
    every = pure.selected(TABLES, wide)
    one = every["estimator"].iloc[0]
    for narrow in (
        replace(wide, estimators=(one,)),
        replace(wide, min_reliability="B"),
        replace(wide, self_interested=False),
    ):
        found = pure.selected(TABLES, narrow)
        assert 0 < len(found) < len(every)
        assert set(found["estimate_id"]) < set(every["estimate_id"])


@pytest.mark.slow
def test_nothing_selected_says_what_to_do() -> None:
    """An empty view is an error with a way out; in the dashboard it is a line instead of the pictures."""
    empty = replace(MOSUL, start=pd.Timestamp("2016-10-02"), end=pd.Timestamp("2016-10-03"))
    with pytest.raises(EstimateError, match="Widen the time"):
        pure.selected(TABLES, empty)
    wired = explorer.Explorer(TABLES, MOSUL)
    assert wired.pictures.value.count("<img") == 2
    wired.scope.value = "baghuz-fawqani"
    assert "Widen the time" in wired.pictures.value
    assert wired.table.value == ""
    assert wired.dashboard.error.value == ""


@pytest.mark.slow
def test_controls_redraw_pictures_and_table() -> None:
    """A change of scope changes the pictures, the sentence and the rows behind each mark."""
    wired = explorer.Explorer(TABLES, MOSUL)
    before = wired.pictures.value, wired.table.value
    wired.time.value = (wired.time.value[0], pd.Period("2017-03", freq="M"))
    assert wired.pictures.value != before[0]
    assert wired.table.value.count("<tr>") > before[1].count("<tr>")
    assert all(control.description for control in (wired.quantity, wired.actor, wired.scope, wired.time, wired.worst))


def test_rows_of_several_years_are_not_pooled_and_it_says_why() -> None:
    """The sentence gives the reason; no pool is drawn."""
    wide = replace(MOSUL, scope="IQ;SY", start=ROWS["as_of"].min(), end=ROWS["as_of"].max())
    pictures, _ = pure.draw(TABLES, wide)
    assert pictures.count("<img") == 1
    assert "Not pooled" in pictures


def test_text_of_a_users_rows_is_escaped() -> None:
    """A hostile estimator is shown as typed."""
    hostile = ROWS.assign(estimator=ROWS["estimator"].replace("CIA", "<img src=x onerror=alert(1)>"))
    view = replace(MOSUL, scope="IQ;SY", start=ROWS["as_of"].min(), end=ROWS["as_of"].max())
    pictures, table = pure.draw(TABLES.replace(fighter_estimates=hostile), view)
    assert not re.search(r"<img src=x", pictures + table)
    assert "&lt;img src=x" in table


def test_twin_has_the_same_rows() -> None:
    """`live=False` gives picture, words and table of the same choice."""
    still = ck.explore_estimates(scope="mosul", start=MOSUL.start, end=MOSUL.end, live=False)
    assert pure.title(TABLES, MOSUL) in still.title
    assert still.html.count("<tr>") == len(pure.selected(TABLES, MOSUL)) + 1


@pytest.mark.parametrize(
    ("options", "said"),
    [({"quantity": "fighter"}, "fighters"), ({"scope": "mosull"}, "mosul"), ({"min_reliability": "Z"}, "A")],
)
def test_refusals_name_what_is_allowed(options: dict[str, str], said: str) -> None:
    """A wrong argument says what there is."""
    with pytest.raises(ValueError, match=said):
        ck.explore_estimates(**options)


@pytest.mark.slow
def test_code_of_a_view_runs_and_gives_its_rows() -> None:
    """The rows of the code are those on the screen."""
    late = pd.Timestamp("2019-01-01")
    for view in (MOSUL, replace(MOSUL, scope="IQ;SY", end=late, min_reliability="C", self_interested=False)):
        *lines, last = pure.code_for(view, own_rows=False, own_tables=False).splitlines()
        names: dict[str, object] = {"ck": ck}
        exec("\n".join(lines), names)  # noqa: S102 - the code under test
        rows = eval(last, names)  # noqa: S307 - the code under test
        assert rows["estimate_id"].tolist() == pure.selected(TABLES, view)["estimate_id"].tolist()


def test_figures_of_another_war_open_on_what_they_have(other_war: ck.Tables) -> None:
    """Quantity, actor and scope come from the tables in hand; nothing of the shipped ones shows."""
    still = ck.explore_estimates(tables=other_war, live=False)
    assert not re.search("Iraq|Syria|Islamic State", still._repr_html_())


@pytest.mark.parametrize(("start", "end"), [("2031-01-01", None), (None, "1990-01-01"), ("2017-01-01", "2016-01-01")])
def test_a_time_without_figures(start: str | None, end: str | None) -> None:
    """The days of the figures are named: no slider can stand there."""
    for live in (True, False):
        with pytest.raises(ck.DateError, match="they are of 31 December 2011 to 22 November 2019"):
            ck.explore_estimates(start=start, end=end, live=live)

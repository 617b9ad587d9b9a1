"""The explorer of estimates without a browser."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

import conflictkit as ck
from conflictkit.errors import EstimateError
from conflictkit.widgets import estimates as explorer

ROWS = ck.load_fighter_estimates()
MOSUL = explorer.EstimatesView("fighters", "isis", "mosul", pd.Timestamp("2016-10-01"), pd.Timestamp("2016-11-30"))


def test_selection_is_what_was_chosen() -> None:
    """One quantity, actor and scope, inside the time; the sentence counts them and their spread."""
    found = explorer.selected(ROWS, MOSUL)
    assert set(found["quantity"]) == {"fighters"}
    assert set(found["place_id"]) == {"mosul"}
    assert found["as_of"].between(MOSUL.start, MOSUL.end).all()
    words = explorer.sentence(found, MOSUL)
    assert f"{len(found)} figures by {found['estimator'].nunique()} estimators" in words
    assert f"{ck.pool_estimates(found).best:,.0f}"[:2] in words


def test_choices_narrow_the_rows() -> None:
    """Estimators, grade and interest each leave fewer rows, never others."""
    wide = replace(MOSUL, scope="iraq_syria", start=ROWS["as_of"].min(), end=ROWS["as_of"].max())
    every = explorer.selected(ROWS, wide)
    one = every["estimator"].iloc[0]
    for narrow in (replace(wide, estimators=(one,)), replace(wide, worst="B"), replace(wide, drop_interested=True)):
        found = explorer.selected(ROWS, narrow)
        assert 0 < len(found) < len(every)
        assert set(found["estimate_id"]) < set(every["estimate_id"])


def test_nothing_selected_says_what_to_do() -> None:
    """An empty view is an error with a way out; in the dashboard it is a line instead of the pictures."""
    empty = replace(MOSUL, end=pd.Timestamp("2016-10-02"))
    with pytest.raises(EstimateError, match="Widen the time"):
        explorer.selected(ROWS, empty)
    wired = explorer.Explorer(ROWS, MOSUL)
    assert wired.pictures.value.count("<img") == 2
    wired.scope.value = "al-qaim"
    assert "Widen the time" in wired.pictures.value
    assert wired.table.value == ""
    assert wired.dashboard.error.value == ""


def test_controls_redraw_pictures_and_table() -> None:
    """A change of scope changes the pictures, the sentence and the rows behind each mark."""
    wired = explorer.Explorer(ROWS, MOSUL)
    before = wired.pictures.value, wired.table.value
    wired.time.value = (wired.time.value[0], pd.Period("2017-03", freq="M"))
    assert wired.pictures.value != before[0]
    assert wired.table.value.count("<tr>") > before[1].count("<tr>")
    assert all(control.description for control in (wired.quantity, wired.actor, wired.scope, wired.time, wired.worst))


def test_rows_of_several_years_are_not_pooled_and_it_says_why() -> None:
    """The sentence gives the reason; no pool is drawn."""
    wide = replace(MOSUL, scope="iraq_syria", start=ROWS["as_of"].min(), end=ROWS["as_of"].max())
    pictures, _ = explorer.draw(ROWS, wide)
    assert pictures.count("<img") == 1
    assert "Not pooled" in pictures


def test_text_of_a_users_rows_is_escaped() -> None:
    """A hostile estimator is shown as typed."""
    hostile = ROWS.assign(estimator=ROWS["estimator"].replace("CIA", "<img src=x onerror=alert(1)>"))
    view = replace(MOSUL, scope="iraq_syria", start=ROWS["as_of"].min(), end=ROWS["as_of"].max())
    pictures, table = explorer.draw(hostile, view)
    assert not re.search(r"<img src=x", pictures + table)
    assert "&lt;img src=x" in table


def test_twin_has_the_same_rows() -> None:
    """`live=False` gives picture, words and table of the same choice."""
    still = ck.explore_estimates(scope="mosul", start=MOSUL.start, end=MOSUL.end, live=False)
    assert explorer.title(MOSUL) in still.title
    assert still.html.count("<tr>") == len(explorer.selected(ROWS, MOSUL)) + 1


@pytest.mark.parametrize(
    ("options", "said"),
    [({"quantity": "fighter"}, "fighters"), ({"scope": "mosull"}, "mosul"), ({"worst": "Z"}, "A")],
)
def test_refusals_name_what_is_allowed(options: dict[str, str], said: str) -> None:
    """A wrong argument says what there is."""
    with pytest.raises(ValueError, match=said):
        ck.explore_estimates(**options)

"""Code of a view: literals of whatever a table holds, and the numbers on the screen, of shipped tables and others."""

from __future__ import annotations

import ast
import math
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from poison import POISON

import conflictkit as ck
from conflictkit.widgets import _code as code
from conflictkit.widgets import _view_estimates as estimates
from conflictkit.widgets import _view_forces as forces
from conflictkit.widgets import _view_land as land

if TYPE_CHECKING:
    from collections.abc import Iterable

ESCAPES = (
    "x\" in names) or __import__('os').system('id') or (\"",
    "a\nimport os\r\n",
    "'''",
    '"""',
    "\\",
    "{x}",
    "#",
    "\x00\x85\u2028\u2029",
    "\ud83d",
    "\u202e",
)
DAY, OTHER_DAY = pd.Timestamp("2015-01-05"), pd.Timestamp("2017-11-03")
SUMS = ["area_km2", "share"]


def run(text: str, **names: object) -> Any:  # noqa: ANN401 - the value of the last line
    """Run code as a reader would, and return the value of its last line."""
    *lines, last = text.splitlines()
    scope: dict[str, Any] = {"ck": ck, **names}
    exec("\n".join(lines), scope)  # noqa: S102 - the code under test
    return eval(last, scope)  # noqa: S307 - the code under test


@pytest.mark.parametrize("text", [*ESCAPES, *POISON])
def test_text_is_a_literal_of_one_line(text: str) -> None:
    """Read back as Python reads it; no line of any kind breaks it."""
    written = code.literal({text: [text]})
    assert ast.literal_eval(written) == {text: [text]}
    assert len(written.splitlines()) == 1


@given(st.text(st.characters(codec=None)))
def test_any_text_is_a_literal(text: str) -> None:
    """Of all of Unicode, halves of pairs too."""
    assert ast.literal_eval(code.literal(text)) == text
    assert len(code.literal(text).splitlines()) == 1


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (np.int64(5), "5"),
        (np.float64(1.5), "1.5"),
        (np.bool_(True), "True"),  # noqa: FBT003 - numpy's own
        (None, "None"),
        (math.inf, "float('inf')"),
        (np.str_("it's"), '"it\'s"'),
        ((1, ["a", None]), "[1, ['a', None]]"),
        (code.Name("rows"), "rows"),
    ],
)
def test_values_are_written_as_python_has_them(value: object, written: str) -> None:
    """Numbers of numpy need no numpy."""
    assert code.literal(value) == written


def test_other_things_have_no_literal() -> None:
    """Rather than their repr, which may be anything."""
    with pytest.raises(TypeError, match="Timestamp"):
        code.literal(DAY)


def assert_code_gives(shown_of: ck.Territory, views: Iterable[land.View], **names: object) -> None:
    """Run the code of views and see that its numbers are those on the screen."""
    figures = land.Figures(shown_of, shown_of.dates)
    for view in views:
        made = run(land.code_for(figures, view), **names).sort_index()
        shown = figures.table(view).set_index("actor_id").sort_index()
        if view.compare is None:
            pd.testing.assert_frame_equal(made, shown[list(made.columns)], check_names=False)
            continue
        for day, column in ((view.day, "area_km2"), (view.compare, "before_km2")):
            pd.testing.assert_series_equal(made["area_km2"][day], shown[column], check_names=False)


@pytest.mark.slow
def test_code_makes_a_territory_of_the_shipped_tables() -> None:
    """With the scope and the radius that it was made with: the code runs as it is."""
    own = ck.Territory.from_places(core_radius_km=26, scope=("IQ",))
    assert_code_gives(own, [land.View(DAY, "core"), land.View(DAY, "claimed", "Anbar", OTHER_DAY)])
    assert_code_gives(ck.Territory.from_places(core_radius_km=math.inf), [land.View(DAY, "core", "SY")])


@pytest.mark.slow
def test_code_names_a_territory_that_it_cannot_make(other_war: ck.Tables) -> None:
    """Rows left out, tables of one's own, drawings with names that mean harm."""
    kept = ck.Territory.from_places(min_confidence="confirmed")
    assert_code_gives(kept, [land.View(DAY, "claimed", "SY")], territory=kept)
    other = ck.Territory.from_places(tables=other_war)
    views = [land.View(other.dates[-1], level, scope) for level in ("core", "claimed") for scope in ("all", "Coast")]
    assert_code_gives(other, views, territory=other)
    boxes = [shapely.box(38 + number, 34, 39 + number, 35) for number in range(len(POISON))]
    frame = gpd.GeoDataFrame({"date": "2015-01-01", "actor_id": POISON}, geometry=boxes, crs=4326)
    drawn = ck.Territory.from_polygons(frame)
    assert_code_gives(drawn, [land.View(DAY)], territory=drawn)


def test_code_asks_for_ranges_that_are_shown(other_war: ck.Tables) -> None:
    """And not where none are."""
    other = ck.Territory.from_places(tables=other_war)
    figures, view = land.Figures(other, other.dates), land.View(other.dates[1])
    assert "bands" not in land.code_for(figures, view)
    figures.compute_bands("claimed")
    made = run(land.code_for(figures, view), territory=other)
    shown = figures.table(view).set_index("actor_id")[[*SUMS, "area_lo_km2", "area_hi_km2"]]
    pd.testing.assert_frame_equal(made.sort_index(), shown.sort_index(), check_names=False)


@pytest.mark.parametrize("name", ESCAPES[:7])
def test_governorates_named_like_code_are_literals(name: str, other_war: ck.Tables) -> None:
    """A scope is a literal, and its numbers are those on the screen."""
    old = other_war.governorates["admin1"].iloc[0]
    renamed = {
        table: getattr(other_war, table).replace({"admin1": {old: name}})
        for table in ("governorates", "places", "settlements", "population")
    }
    own = ck.Territory.from_places(tables=other_war.replace(**renamed))
    assert_code_gives(own, [land.View(own.dates[-1], scope=name)], territory=own)


def test_code_of_forces_of_own_tables(other_war: ck.Tables) -> None:
    """Roles that the kit does not list are of another kind; rows given are named; filters without a row run too."""
    other = ck.Territory.from_places(tables=other_war)
    own = other_war.deployments.iloc[:-1]
    for rows, named in ((None, {}), (own, {"deployments": own})):
        data, day = forces.Forces.of(other, rows, 92), pd.Timestamp("1993-06-05")
        for view in (
            forces.ForcesView(day, role="other", force="reds"),
            forces.ForcesView(day, side="blue", backer="overseas"),
            forces.ForcesView(day, side="red", role="training"),
        ):
            found = run(forces.code_for(data, view), territory=other, **named)
            assert found["deployment_id"].tolist() == forces.here(data, view)["deployment_id"].tolist()


@pytest.mark.slow
def test_code_of_figures_of_own_tables(other_war: ck.Tables) -> None:
    """The rows of the code are those on the screen, whatever an estimator is called."""
    for name in ESCAPES[:7]:
        rows = other_war.fighter_estimates.assign(estimator=name)
        tables = other_war.replace(fighter_estimates=rows)
        first, last = pd.Timestamp("1990-01-01"), pd.Timestamp("1995-01-01")
        view = estimates.EstimatesView(
            "fighters", "reds", "golf", first, last, tuple(tables.fighter_estimates["estimator"].unique())
        )
        text = estimates.code_for(view, own_rows=False, own_tables=True)
        assert run(text, tables=tables)["estimate_id"].tolist() == ["courier-1994-golf"]

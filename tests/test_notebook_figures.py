"""Every figure of the notebooks back to its rows: each notebook is run once, here, and what it shows is looked at.

What a mark is, is read off the picture itself: artists of charts, the numbers that a page draws, rows of frames.
"""

from __future__ import annotations

import ast
import json
import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.dates import date2num
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from pandas.io.formats.style import Styler

import conflictkit as ck
from conflictkit.__main__ import main
from conflictkit.charts._labels import Labels
from conflictkit.charts._layout import Z
from conflictkit.charts.sources import captions_of
from conflictkit.deployments._order import OrderOfBattle
from conflictkit.errors import PageError, TableError
from conflictkit.evidence._passport import passport_in, verified
from conflictkit.look import palette
from conflictkit.widgets._live import LiveMap
from conflictkit.widgets._shell import Dashboard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import ipywidgets as ipw
    from matplotlib.axes import Axes

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
NO_PAGE = "no page found"
FIGURES = "fighter_estimates", "area_estimates"


@dataclass
class Shown:
    """What a cell shows: a chart, a map, an explorer or a frame."""

    where: str
    thing: Any
    folder: Path  # where the notebook ran

    @property
    def function(self) -> str:
        """The function that drew it; empty of explorers, frames and what is not the kit's."""
        calls = [call for caption in captions_of(self.thing) or () for call in getattr(caption, "calls", ())]
        return calls[0]["function"] if calls else ""

    @property
    def tables(self) -> ck.Tables:
        """The tables that it was made from."""
        return captions_of(self.thing)[0].tables  # type: ignore[index]


def run(path: Path) -> Iterator[Shown]:
    """Run a notebook as a kernel does, cell by cell, and yield what it shows."""
    names: dict[str, Any] = {}
    for number, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"]):
        if cell["cell_type"] != "code":
            continue
        lines = "".join(cell["source"]).splitlines()
        body = ast.parse("\n".join("" if line.startswith("%") else line for line in lines)).body
        last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
        where = f"{path.name}, cell {number}"
        exec(compile(ast.Module(body, []), where, "exec"), names)  # noqa: S102 - the notebook's own code
        value = None if last is None else eval(compile(ast.Expression(last.value), where, "eval"), names)  # noqa: S307
        figures = [plt.figure(each) for each in plt.get_fignums()]
        plt.close("all")
        for thing in [*figures, value.data if isinstance(value, Styler) else value]:
            if isinstance(thing, (Figure, folium.Map, Dashboard, OrderOfBattle, pd.DataFrame)):
                yield Shown(where, thing, path.parent)


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def shown(request: pytest.FixtureRequest) -> Iterator[list[Shown]]:
    """Return all that a notebook shows; it is run once for all tests of this file."""
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        patch.chdir(FOLDER)
        plt.close("all")
        yield list(run(request.param))


def axes_of(figure: Figure) -> list[Axes]:
    """Return the axes of a figure with the panels inside them."""
    found = list(figure.axes)
    for axes in found:
        found += axes.child_axes  # type: ignore[attr-defined] # panels of panels too
    return list(dict.fromkeys(found))


def figure_marks(axes: Axes) -> int:
    """Return how many published figures an axes shows: ranges as bars, points; a point on a bar is part of it."""
    bars = [
        segment
        for art in axes.collections
        if isinstance(art, LineCollection) and art.get_zorder() == Z.BAR
        for segment in art.get_segments()
    ]
    points = {  # a bound is a mark and an arrow on one point
        point
        for line in axes.lines
        if line.get_zorder() == Z.MARK and line.get_linestyle() == "None"
        for point in zip(*line.get_data(orig=False), strict=True)
    }

    def on(point: tuple[float, float], bar: np.ndarray) -> bool:
        (x0, y0), (x1, y1) = bar
        return bool(
            (np.isclose(point[0], x0) and np.isclose(x0, x1) and min(y0, y1) <= point[1] <= max(y0, y1))
            or (np.isclose(point[1], y0) and np.isclose(y0, y1) and min(x0, x1) <= point[0] <= max(x0, x1))
        )

    return len(bars) + sum(not any(on(point, bar) for bar in bars) for point in points)


def keys(rows: pd.DataFrame, *tables: str) -> set[str]:
    """Return the keys of the rows of some tables."""
    return set(rows.loc[rows["table"].isin(tables), "row_key"])


def marked(rows: pd.DataFrame, word: str) -> set[str]:
    """Return what the marks that begin with a word go on with."""
    texts = rows.loc[rows["mark"].str.startswith(f"{word} "), "mark"]
    return set(texts.str.removeprefix(f"{word} "))


def each_figure(what: Shown, rows: pd.DataFrame) -> None:
    """Look for a row of a published figure for each bar and point."""
    seen = sum(figure_marks(axes) for axes in axes_of(what.thing))
    assert 0 < seen <= len(keys(rows, *FIGURES)), f"{what.where}: {seen} figures"


def each_comparison(what: Shown, rows: pd.DataFrame) -> None:
    """Look for a row of a published figure for each mark, and for those that the model's figures rest on."""
    each_figure(what, rows)
    assert (rows["mark"] == "model").any(), what.where


def each_strength(what: Shown, rows: pd.DataFrame) -> None:
    """Look for a report for each strength."""
    seen = sum(figure_marks(axes) for axes in axes_of(what.thing))
    assert 0 < seen <= len(keys(rows, "deployments")), f"{what.where}: {seen} strengths"


def each_dot(what: Shown, rows: pd.DataFrame) -> None:
    """Look for a row of control for each dot, and each name that stands at one; of drawings, one for each holder."""
    for axes in axes_of(what.thing):
        if drawn := keys(rows, "drawings"):
            land = [art for art in axes.patches if isinstance(art, PathPatch) and art.get_zorder() == Z.CLAIMED]
            assert len(land) <= len(drawn), f"{what.where}: {len(land)} lands"
            continue
        dots = [
            len(art.get_offsets())
            for art in axes.collections
            if isinstance(art, PathCollection) and art.get_zorder() == Z.DOT
        ]
        assert sum(dots) <= len(marked(rows, "land of")), f"{what.where}: {sum(dots)} dots"
        places = set(what.tables.places.merge(what.tables.control_changes, on="place_id")["name"])
        named = {text.get_text() for art in axes.artists if isinstance(art, Labels) for text, _, _ in art.items}
        assert named & places <= marked(rows, "land of"), f"{what.where}: {named & places - marked(rows, 'land of')}"


def each_force(what: Shown, rows: pd.DataFrame) -> None:
    """Look for a report for each symbol, and a row for each dot."""
    each_dot(what, rows)
    for axes in axes_of(what.thing):
        symbols = [art for art in axes.patches if isinstance(art, PathPatch) and art.get_zorder() == Z.SYMBOL]
        assert len(symbols) <= len(keys(rows, "deployments")), f"{what.where}: {len(symbols)} symbols"


def each_step(what: Shown, rows: pd.DataFrame) -> None:
    """Look for a row of control of that day for each day on which a line moves; a row for each published figure."""
    days = {date2num(pd.Timestamp(key.rsplit(", ", 1)[-1])) for key in keys(rows, "control_changes")}
    (axes,) = what.thing.axes
    for line in axes.lines:
        if line.get_zorder() == Z.LINE:
            x, y = np.asarray(line.get_xdata(orig=False), dtype=float), np.asarray(line.get_ydata(), dtype=float)
            moved = set(x[1:][np.abs(np.diff(y)) > 1e-6])
            assert moved, what.where
            assert moved <= days, f"{what.where}: {len(moved - days)} steps of a line"
    points = [line for line in axes.lines if line.get_zorder() == Z.MARK and line.get_linestyle() == "None"]
    assert sum(len(line.get_xdata()) for line in points) <= len(keys(rows, "area_estimates")), what.where


def each_layer(what: Shown, rows: pd.DataFrame) -> None:
    """Look for a row of control of that day for each day on which a layer of what land rests on moves."""
    days = {date2num(pd.Timestamp(key.rsplit(", ", 1)[-1])) for key in keys(rows, "control_changes")}
    layers = [art for axes in axes_of(what.thing) for art in axes.collections if isinstance(art, PolyCollection)]
    assert layers, what.where
    for layer in layers:
        corners = layer.get_paths()[0].vertices
        edges = {x for x in np.unique(corners[:, 0]) if len(np.unique(corners[corners[:, 0] == x, 1].round(6))) > 2}
        assert edges <= days | {corners[:, 0].min(), corners[:, 0].max()}, f"{what.where}: {len(edges - days)} steps"


def each_bar(what: Shown, rows: pd.DataFrame) -> None:
    """Look for a row or page left out for each bar."""
    bars = [art for axes in axes_of(what.thing) for art in axes.patches if isinstance(art, Rectangle)]
    assert len(bars) == len(rows), f"{what.where}: {len(bars)} bars"


def each_presence(what: Shown, rows: pd.DataFrame) -> None:
    """Look for a report for each bar, and for each force that is named at the left."""
    (axes,) = what.thing.axes
    bars = [art for art in axes.collections if isinstance(art, LineCollection) and art.get_zorder() == Z.BAR]
    assert sum(len(art.get_segments()) for art in bars) == len(keys(rows, "deployments")), what.where
    assert len(axes.get_yticklabels()) == len(marked(rows, "bar of")), what.where


def each_name(what: Shown, rows: pd.DataFrame) -> None:
    """Look for a report for each force of the tree that is not there for its parts alone, and for each strength."""
    tree, strengths = axes_of(what.thing)
    names = {
        text.get_text()
        for text in tree.texts
        if text.get_zorder() == Z.WORDS and text.get_fontstyle() == "normal" and text.get_fontweight() == "normal"
    }
    assert names, what.where
    # forces without a figure share a line, which counts those that it does not name
    lines = [name.partition(" without a figure: ") for name in names]
    folded = [re.split(r", | and (?=[^,]*$)", told) for _, _, told in lines if told]
    named = {head for head, _, told in lines if not told} | {name for told in folded for name in told}
    forces = marked(rows, "strength of")
    short = {paint.short for paint in palette(what.tables.actors).values() if paint.name in forces}
    unknown = {name for name in named - forces - short if not re.fullmatch(r"\d+ others", name)}
    assert not unknown, f"{what.where}: {unknown}"
    assert len(named) <= len(forces) + len(folded), what.where
    assert figure_marks(strengths) > 0


def each_arrow(what: Shown, rows: pd.DataFrame) -> None:
    """Look for a report or a row of an actor for each line from backer to backed."""
    (axes,) = what.thing.axes
    arrows = [art for art in axes.patches if isinstance(art, PathPatch)]
    assert 0 < len(arrows) == rows["mark"].nunique(), f"{what.where}: {len(arrows)} arrows"


def each_event(what: Shown, rows: pd.DataFrame) -> None:
    """Look for an event for each that the bars count."""
    counts = axes_of(what.thing)[1]
    seen = sum(bar.get_height() for bar in counts.patches if isinstance(bar, Rectangle))
    assert 0 < round(seen) <= len(keys(rows, "events")), f"{what.where}: {seen} events"


def each_of_page(what: Shown, rows: pd.DataFrame) -> None:
    """Look for a row for each thing that the page of a map, or of an explorer, is given to draw or tell."""
    data = what.thing.data if isinstance(what.thing, folium.Map) else json.loads(live_map(what.thing).data)

    def cells(table: dict[str, Any], name: str) -> list[Any]:
        column = table["columns"].index(name)
        words = table.get("words", {}).get(name)
        return [row[column] if words is None else words[row[column]] for row in table["rows"]]

    places = cells(data["places"], "id")
    events = zip(cells(data["events"], "place"), cells(data["events"], "day"), strict=True)
    told = {f"{places[place]}, {day}" for place, day in events}
    assert told
    assert told <= keys(rows, "control_changes"), f"{what.where}: {sorted(told - keys(rows, 'control_changes'))[:3]}"
    assert len(data["rivals"]["rows"]) == len(keys(rows, "reports")), what.where
    if "forces" in data:
        forces = set(cells(data["forces"]["reports"], "id"))
        assert forces <= keys(rows, "deployments"), f"{what.where}: {sorted(forces)[:3]}"
    if "blurs" in data:
        assert set(cells(data["blurs"]["rows"], "id")) <= keys(rows, "events"), what.where


def live_map(widget: ipw.Widget) -> LiveMap:
    """Return the first map inside an explorer."""
    queue = [widget]
    for each in queue:
        if isinstance(each, LiveMap):
            return each
        queue += getattr(each, "children", ())
    raise AssertionError


def each_row(what: Shown, rows: pd.DataFrame) -> None:
    """Look for a row of a table for each line that a frame, or the table of an explorer, shows."""
    if isinstance(what.thing, Dashboard):
        table = next(each for each in what.thing.children if "<tr" in getattr(each, "value", ""))
        assert table.value.count("<tr") - 1 == len(keys(rows, *FIGURES)), what.where
    else:
        assert len(rows) >= len(what.thing.drop_duplicates()), what.where


CHECKS: dict[str, Callable[[Shown, pd.DataFrame], None]] = {
    **dict.fromkeys(("plot_estimates", "plot_disagreement", "plot_pool", "plot_stock_and_flow"), each_figure),
    "plot_comparison": each_comparison,
    **dict.fromkeys(("plot_territory", "plot_territories", "plot_changes", "plot_pocket"), each_dot),
    **dict.fromkeys(("map_territory", "map_changes", "map_deployments", "map_events"), each_of_page),
    "plot_strength": each_strength,
    "plot_deployments": each_force,
    "plot_area": each_step,
    "plot_evidence": each_layer,
    "plot_influence": each_bar,
    "plot_presence": each_presence,
    "plot_order_of_battle": each_name,
    "plot_backing": each_arrow,
    "plot_events": each_event,
}


def pictures(shown: list[Shown]) -> list[Shown]:
    """Return charts, maps and explorers of the kit."""
    return [what for what in shown if not isinstance(what.thing, pd.DataFrame) and captions_of(what.thing)]


def test_every_mark_has_its_row(shown: list[Shown]) -> None:
    """Whatever the picture shows by an artist of its own, or gives to its page."""
    for what in pictures(shown):
        rows = ck.sources_of(what.thing)
        if isinstance(what.thing, OrderOfBattle):
            reported = what.thing.frame.loc[what.thing.frame["reported"], "name"]
            assert set(reported) == marked(rows, "strength of"), what.where
        elif isinstance(what.thing, Dashboard) and keys(rows, "control_changes"):
            each_of_page(what, rows)
        elif isinstance(what.thing, Dashboard):
            each_row(what, rows)
        else:
            CHECKS[what.function](what, rows)


def test_every_row_has_its_page_or_says_that_there_is_none(shown: list[Shown]) -> None:
    """And the caption counts those that have none."""
    for what in pictures(shown):
        rows = ck.sources_of(what.thing)
        assert len(rows), what.where
        without = rows["source_id"].isna()
        assert rows.loc[without, "publisher"].eq(NO_PAGE).all(), what.where
        known = set(what.tables.sources["source_id"])
        assert rows.loc[rows["source_id"].isin(known), "publisher"].notna().all(), what.where
        if without.any() and not isinstance(what.thing, Dashboard):
            count = len(rows.loc[without, ["table", "row_key"]].drop_duplicates())
            words = " ".join(caption.words for caption in captions_of(what.thing) or ())  # type: ignore[attr-defined]
            assert f"No page found: {count:,} row" in words, what.where


def test_frames_lead_to_rows_or_say_why_not(shown: list[Shown]) -> None:
    """What a notebook counts has no row of its own, and is refused in words."""
    for what in shown:
        if not isinstance(what.thing, pd.DataFrame):
            continue
        if "source_id" in what.thing:
            each_row(what, ck.sources_of(what.thing))
        else:
            with pytest.raises(TableError, match="no column source_id"):
                ck.sources_of(what.thing)


def test_what_the_kit_has_not_drawn_is_one_chart(shown: list[Shown]) -> None:
    """Bars of shares that a notebook computed, in events and fronts: every other figure is the kit's."""
    strange = [what.where for what in shown if isinstance(what.thing, Figure) and not captions_of(what.thing)]
    assert strange == ["06-events-and-fronts.ipynb, cell 16"] * ("06" in shown[0].where[:2])


def test_every_figure_is_saved_read_back_and_verified(
    shown: list[Shown], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Charts as PNG, maps as pages; explorers, which are no file, by their passport alone."""
    for number, what in enumerate(pictures(shown)):
        chart = isinstance(what.thing, Figure)
        if not chart and not isinstance(what.thing, folium.Map):
            with pytest.raises(PageError, match="is written as"):
                ck.save_figure(what.thing, tmp_path / f"{number}.png")
            lines, stand, foreign = verified(json.loads(json.dumps(ck.passport(what.thing))), what.tables)
            assert not lines, what.where
            assert stand, what.where
            assert not foreign, what.where
            continue
        file = tmp_path / f"{number}.{'png' if chart else 'html'}"
        ck.save_figure(what.thing, file)
        card = passport_in(file)
        assert card == json.loads(json.dumps(ck.passport(what.thing))), what.where
        assert card["rows"], what.where
        own = ["--tables", str(FOLDER / "../examples/ukraine-2022")] if what.where.startswith("05") else []
        assert main(["verify", str(file), *own]) == 0, f"{what.where}: {capsys.readouterr().err[:500]}"
        assert "rows stand unchanged" in capsys.readouterr().out

"""The explorer of territory: a live map and the numbers of its date."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import ipywidgets as ipw
import pandas as pd

from conflictkit.charts._layout import png
from conflictkit.charts.territory import plot_territory
from conflictkit.dates import to_days
from conflictkit.errors import TerritoryError, known
from conflictkit.html import Markup, said
from conflictkit.maps._payload import dumped
from conflictkit.maps._story import peak, story_area
from conflictkit.maps._subject import rows_of, subject
from conflictkit.territory import Territory
from conflictkit.widgets import _code as code
from conflictkit.widgets._live import LiveMap
from conflictkit.widgets._picture import numbers_of, page_of, picture_of
from conflictkit.widgets._place import PlaceSearch, Rows
from conflictkit.widgets._save import Saving
from conflictkit.widgets._shell import SMALL, Dashboard, Snapshot, beside, row, status, written
from conflictkit.widgets._time import DateControls, day_box, index_of
from conflictkit.widgets._view_land import Figures, View, code_for, differences, html_table, left_out_in_words, sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from conflictkit.dates import DateLike, DatesLike
    from conflictkit.maps._kitmap import KitMap
    from conflictkit.territory import Level


def explore_territory(
    territory: Territory | None = None,
    dates: DatesLike | None = None,
    *,
    date: DateLike | None = None,
    level: Level = "claimed",
    scope: str = "all",
    compare: DateLike | None = None,
    live: bool = True,
) -> Dashboard | Snapshot:
    """Return a dashboard for JupyterLab: who held what, how much, since when, and who says so.

    Parameters
    ----------
    territory
        The model, of places or of drawings; ``Territory.from_places()`` by default.
    dates
        The days of the slider; None for every day on which something changes.
    date
        The day shown first; by default that of the largest area of the actor whose story the tables tell, at `level`,
        and the last day where they tell none.
    level
        The land that is counted, ``claimed`` or ``core``. Drawings have no core.
    scope
        ``all``, the code of a country, or the name of a governorate.
    compare
        A day to compare with, or None.
    live
        False for the same view without widgets, for scripts and pages.

    Returns
    -------
    ipywidgets.VBox
        Shown when it is the last value of a cell: day, level, scope and a day to compare with; the map with slider,
        area chart and what changed; a box that finds a place by any spelling; the numbers; the code that makes this
        view; buttons that write it as files beside the notebook, each with its passport. With `live` false a
        ``Snapshot``: picture, words and numbers.

    Raises
    ------
    DateError
        If a date cannot be read, is outside the days of the tables, or `date` is before the first of `dates`.
    UnknownNameError
        If the level or the scope is unknown.

    Notes
    -----
    The slider moves the map in the page, without the kernel; the numbers follow. Each row of the place that is found or
    clicked has a box: unticked, the land is joined again without it as by ``Territory.without``, and map, chart,
    numbers and code follow. Ranges are computed once for all days, which takes some seconds, when they are asked for.

    Examples
    --------
    >>> import conflictkit as ck
    >>> view = ck.explore_territory(date="2017-11-03", compare="2017-01-01", level="core", live=False)
    >>> view.title.split(":")[0]
    '3 November 2017 against 1 January 2017, core land, Iraq and Syria'
    """
    model = Territory.from_places() if territory is None else territory
    days = model.dates if dates is None else to_days(dates)
    if days.empty:
        msg = (
            "No dates to show. Give one or several days, or leave dates out for every day on which land changes hands."
        )
        raise TerritoryError(msg)
    figures = Figures(model, days)
    known("level", level, figures.levels)
    known("scope", scope, [code for _, code in figures.scopes])
    day = peak(story_area(model, days, level), days) if date is None else model.day(date)
    view = View(day, level, scope, None if compare is None else model.day(compare))
    index_of(days, view.day)
    return Explorer(figures, view).dashboard if live else snapshot(figures, view)


def snapshot(figures: Figures, view: View) -> Snapshot:
    """Return a view as picture, words and numbers."""
    table = figures.table(view)
    words = sentence(table, view, figures)
    html = Markup("<p>{}</p>{}").format(said(words), html_table(table, view, figures.paints))
    return Snapshot(
        words,
        html,
        partial(png, plot_territory, figures.territory, view.day),
        tables=figures.territory.tables,
        rows=lambda: rows_of(figures.territory, pd.DatetimeIndex([view.day])),
    )


class Explorer:
    """Wires controls to the map and the numbers; what they show comes from functions that know no widget."""

    def __init__(self, figures: Figures, view: View) -> None:
        self.figures = figures
        self.dashboard = Dashboard(snapshot=lambda: snapshot(self.figures, self.view), page=self._page)
        first = index_of(figures.days, view.day)
        self.map = LiveMap(self._data(first), index=first, level=view.level, layout={"width": "100%"})
        self.time = DateControls(figures.days, view.day, self.map, dashboard=self.dashboard, land=figures.territory)
        self.level, self.scope, self.compare, self.ranges = self._number_controls(view)
        self.holder = self._holder_control()
        self.numbers, self.code = ipw.HTML(), ipw.HTML()
        self.numbers.add_class("ck-kernel")
        self.search, self.rows = self._place_controls()
        self.saving = Saving(
            self.dashboard,
            stem=lambda: f"territory-{code.day(self.time.day)}",
            picture=self._picture,
            numbers=lambda: numbers_of(self.figures, self.view),
        )
        self._lay_out()
        self._wire()
        self._redraw()

    @property
    def view(self) -> View:
        """What is chosen now."""
        text = self.compare.value.strip()
        compare = self.time.allowed(text) if text else None
        return View(self.time.day, self.level.value, self.scope.value, compare)

    def _lay_out(self) -> None:
        """Put what is chosen in a row, the map below it, and beside the map the place and the numbers."""
        find = (self.search.box,) if self.search else ()
        place = (self.search.found, self.rows.panel) if self.search and self.rows else ()
        self.dashboard.fill(
            row(*self.time.controls, ipw.Box([ipw.Label("Land"), self.level]), self.scope, self.compare, *find),
            *((self.rows.line,) if self.rows else ()),
            beside(self.map, ipw.VBox([*place, row(self.holder, self.ranges), self.numbers])),
            self.saving.row,
            self.code,
        )

    def _number_controls(self, view: View) -> tuple[ipw.Widget, ipw.Widget, ipw.Widget, ipw.Widget]:
        levels = self.figures.levels
        level = ipw.ToggleButtons(
            options=[(name.capitalize(), name) for name in levels], value=view.level,
            tooltips=[self.figures.territory.definition(name) for name in levels],
            style={"button_width": "6.6em"}, layout={"width": "auto"},
        )  # fmt: skip
        scope = ipw.Dropdown(
            options=self.figures.scopes, value=view.scope, description="Scope", tooltip="The land that is counted",
            style=SMALL, layout={"width": "13em"},
        )  # fmt: skip
        compare = day_box(
            "Compare", view.compare, tooltip="A day to compare the numbers with, as 3 Nov 2017", width="12.5em"
        )
        ranges = ipw.Checkbox(
            description="Ranges", indent=False, layout={"width": "7em"},
            tooltip="5th to 95th percentile over what is not known exactly: some seconds, once",
        )  # fmt: skip
        return level, scope, compare, ranges

    def _holder_control(self) -> ipw.Widget:
        paints = self.figures.paints
        named = sorted((paints[actor].short, actor) for actor in self.figures.territory.actor_ids)
        return ipw.Dropdown(
            options=[("all", ""), *named], description="Draw", style=SMALL,
            tooltip="Draw the land of one holder only; the numbers keep all", layout={"width": "15em"},
        )  # fmt: skip

    def _place_controls(self) -> tuple[PlaceSearch | None, Rows | None]:
        """Return the box that finds a place, and its rows; drawings have neither."""
        land, dashboard = self.figures.whole, self.dashboard
        if not land.has_places:
            return None, None
        search = PlaceSearch(land.tables, land.places["place_id"].tolist(), dashboard=dashboard, choose=self._open)
        return search, Rows(land, dashboard=dashboard, change=self._leave_out)

    def _wire(self) -> None:
        self.time.wire(self._redraw)
        self.time.follow_place(self._open)
        acts = {self.scope: self._rescope, self.holder: self._show_holder}
        acts |= dict.fromkeys((self.level, self.compare, self.ranges), self._redraw)
        for control, act in acts.items():
            control.observe(self.dashboard.guarded(act), names="value")
        self.map.observe(self.dashboard.guarded(self._clicked), names="place")

    def _open(self, place: str) -> None:
        """Show a place on the map, and its rows."""
        self.map.place = place
        if self.rows:
            self.rows.show(place)

    def _clicked(self) -> None:
        """Follow a click on a place of the map."""
        if self.map.place and self.rows:
            self.rows.show(self.map.place)

    def _leave_out(self) -> None:
        """Join the land again without the rows that are not ticked, and give it to the map."""
        if not self.rows:
            return
        self.figures = self.figures.without(self.rows.left_out)
        self.map.data = self._data(self.map.index)
        self._redraw()

    def _data(self, index: int) -> str:
        figures = self.figures
        return dumped(subject(figures.territory, figures.days) | {"start": index})

    def _rescope(self) -> None:
        self.map.bounds = self.figures.bounds(self.scope.value)
        self._redraw()

    @property
    def _drawn(self) -> list[str]:
        """The holder that is drawn, with those drawn as part of it; nobody for all."""
        parts = [child for child, parent in self.figures.folds().items() if parent == self.holder.value]
        return [self.holder.value, *parts] if self.holder.value else []

    def _show_holder(self) -> None:
        self.map.visible = self._drawn

    def _redraw(self) -> None:
        view, paints = self.view, self.figures.paints
        if self.ranges.value:
            self.figures.compute_bands(view.level)
        self.map.level = view.level
        one = view.scope != "all" and self.figures.wide(view.scope)
        self.map.country = self.figures.scope_name(view.scope) if one else ""
        table = self.figures.table(view)
        words = status(sentence(table, view, self.figures))
        self.numbers.value = str(written(words + html_table(table, view, paints)))
        self.code.value = code.folded(code_for(self.figures, view))
        if self.rows:
            told = left_out_in_words(self.figures)
            self.rows.say(f"{told} {differences(self.figures, view)}" if told else "")

    def _picture(self) -> Axes:
        """Return the map as it is seen: the part of the land, the level, the holder, with its numbers."""
        return picture_of(self.figures, self.view, window=self.map.window, drawn=self._drawn)

    def _page(self) -> KitMap:
        """Return the map as one page, which opens on what is seen."""
        return page_of(self.figures, self.view, window=self.map.window)

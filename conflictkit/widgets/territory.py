"""The explorer of territory: a live map and the numbers of its date."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import ipywidgets as ipw
import pandas as pd

from conflictkit.charts._land import has_core
from conflictkit.charts._layout import png
from conflictkit.charts.territory import plot_territory
from conflictkit.dates import to_day, to_days
from conflictkit.errors import TerritoryError, known
from conflictkit.files import csv_for_people
from conflictkit.html import Markup, said
from conflictkit.maps._payload import dumped
from conflictkit.maps._subject import rows_of, subject
from conflictkit.maps.page import page_text
from conflictkit.maps.territory import map_territory
from conflictkit.territory import Territory
from conflictkit.widgets import _code as code
from conflictkit.widgets._shell import Dashboard, LiveMap, Snapshot, beside, row, save_row, status, written
from conflictkit.widgets._time import DateControls, index_of
from conflictkit.widgets._view_land import Figures, View, code_for, html_table, sentence

if TYPE_CHECKING:
    from collections.abc import Callable

    from conflictkit.dates import DateLike, DatesLike
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
        The day shown first; the last one by default.
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
        Shown when it is the last value of a cell: slider, day, play, level, scope and a day to compare with; the map
        with an area chart and what changed; the numbers; the code that makes this view; buttons that write files beside
        the notebook. With `live` false a ``Snapshot``: picture, words and numbers.

    Raises
    ------
    DateError
        If a date cannot be read, or `date` is before the first of `dates`.
    UnknownNameError
        If the level or the scope is unknown.

    Notes
    -----
    The slider moves the map in the page, without the kernel; the numbers follow. Ranges are computed once for all days,
    which takes some seconds, when they are asked for.

    Examples
    --------
    >>> import conflictkit as ck
    >>> view = ck.explore_territory(date="2017-11-03", compare="2017-01-01", level="core", live=False)
    >>> view.title.split(":")[0]
    '3 November 2017, core land, all'
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
    view = View(days[-1] if date is None else to_day(date), level, scope, None if compare is None else to_day(compare))
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
        self.dashboard = Dashboard(snapshot=lambda: snapshot(figures, self.view))
        first = index_of(figures.days, view.day)
        data = dumped(subject(figures.territory, figures.days) | {"start": first})
        self.map = LiveMap(data, index=first, level=view.level, layout={"width": "100%"})
        self.time = DateControls(
            figures.days, view.day, self.map, dashboard=self.dashboard, tooltip="Days on which something changes"
        )
        self.level, self.scope, self.compare, self.ranges = self._number_controls(view)
        self.holder = self._holder_control()
        self.numbers, self.code = ipw.HTML(), ipw.HTML()
        makers: dict[str, tuple[str, Callable[[], str | bytes]]] = {
            "html": ("Write the map as one file that works offline", self._page),
            "png": ("Write the static map", lambda: png(plot_territory, figures.territory, self.time.day)),
            "csv": ("Write the numbers of this view", self._csv),
        }
        self.saving = save_row(self.dashboard, makers, stem=lambda: f"territory-{code.day(self.time.day)}")
        self.dashboard.fill(
            self.time.row,
            row(ipw.Label("Land"), self.level, self.scope, self.holder, self.compare, self.ranges),
            beside(self.map, self.numbers),
            self.saving,
            self.code,
        )
        self._wire()
        self._redraw()

    @property
    def view(self) -> View:
        """What is chosen now."""
        compare = None if self.compare.value is None else pd.Timestamp(self.compare.value)
        return View(self.time.day, self.level.value, self.scope.value, compare)

    def _number_controls(self, view: View) -> tuple[ipw.Widget, ipw.Widget, ipw.Widget, ipw.Widget]:
        levels = self.figures.levels
        level = ipw.ToggleButtons(
            options=[(name.capitalize(), name) for name in levels], value=view.level,
            tooltips=[self.figures.territory.definition(name) for name in levels],
            style={"button_width": "6.5em"}, layout={"width": "auto"},
        )  # fmt: skip
        scope = ipw.Dropdown(
            options=self.figures.scopes, value=view.scope, description="Scope", tooltip="The land that is counted"
        )
        compare = ipw.DatePicker(
            value=None if view.compare is None else view.compare.date(), description="Compare",
            tooltip="A day to compare the numbers with", layout={"width": "18em"},
        )  # fmt: skip
        ranges = ipw.Checkbox(
            description="Ranges", indent=False, layout={"width": "7em"},
            tooltip="5th to 95th percentile over what is not known exactly: some seconds, once",
        )  # fmt: skip
        return level, scope, compare, ranges

    def _holder_control(self) -> ipw.Widget:
        paints = self.figures.paints
        named = sorted((paints[actor].short, actor) for actor in self.figures.territory.actor_ids)
        return ipw.Dropdown(
            options=[("all", ""), *named], description="Holder",
            tooltip="Draw the land of one holder only; the numbers keep all", layout={"width": "20em"},
        )  # fmt: skip

    def _wire(self) -> None:
        self.time.wire(self._redraw)
        acts = {self.scope: self._rescope, self.holder: self._show_holder}
        acts |= dict.fromkeys((self.level, self.compare, self.ranges), self._redraw)
        for control, act in acts.items():
            control.observe(self.dashboard.guarded(act), names="value")

    def _rescope(self) -> None:
        self.map.bounds = self.figures.bounds(self.scope.value)
        self._redraw()

    def _show_holder(self) -> None:
        """Draw one holder, and those drawn as part of it, or all."""
        parts = [child for child, parent in self.figures.folds().items() if parent == self.holder.value]
        self.map.visible = [self.holder.value, *parts] if self.holder.value else []

    def _redraw(self) -> None:
        if self.ranges.value:
            self.figures.compute_bands(self.level.value)
        self.map.level = self.level.value
        view, paints = self.view, self.figures.paints
        table = self.figures.table(view)
        words = status(sentence(table, view, self.figures))
        self.numbers.value = str(written(words + html_table(table, view, paints)))
        self.code.value = code.folded(code_for(self.figures, view))

    def _page(self) -> str:
        territory = self.figures.territory
        level: Level = self.level.value if has_core(territory) else "claimed"  # as a map shows it
        shown = map_territory(territory, self.figures.days, level=level, start=self.time.day)
        return page_text(shown)

    def _csv(self) -> str:
        return csv_for_people(self.figures.table(self.view).assign(date=self.time.day, scope=self.scope.value))

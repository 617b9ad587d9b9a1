"""The three explorers in tabs, with one date."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, cast

import ipywidgets as ipw

from conflictkit.dates import in_words, to_day
from conflictkit.deployments._presence import ASSUMED_DAYS
from conflictkit.evidence._rows import together
from conflictkit.html import Markup, join, said
from conflictkit.maps._forces import fullest_day
from conflictkit.maps._story import own_ids, peak, story_area
from conflictkit.territory import Territory
from conflictkit.widgets import deployments as forces_tab
from conflictkit.widgets import territory as land_tab
from conflictkit.widgets._shell import Dashboard, Snapshot, row
from conflictkit.widgets._time import index_of
from conflictkit.widgets._view_forces import Forces, ForcesView
from conflictkit.widgets._view_land import Figures, View
from conflictkit.widgets.estimates import explore_estimates

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from conflictkit.dates import DateLike

TITLES = ("Territory", "Deployments", "Estimates")


def explore(
    territory: Territory | None = None,
    *,
    deployments: pd.DataFrame | None = None,
    estimates: pd.DataFrame | None = None,
    date: DateLike | None = None,
    live: bool = True,
) -> Dashboard | Snapshot:
    """Return the explorers of territory, deployments and estimates in three tabs that share their date.

    Parameters
    ----------
    territory
        The model; ``Territory.from_places()`` by default.
    deployments, estimates
        Rows like those of ``load_deployments`` and ``load_fighter_estimates``; by default those of the territory's
        tables.
    date
        The day shown first; by default that of the largest area of the actor whose story the tables tell or, where they
        tell none, that on which most reports of forces count.
    live
        False for the same views without widgets, one below the other.

    Returns
    -------
    ipywidgets.VBox
        Shown when it is the last value of a cell. With `live` false a ``Snapshot``.

    Raises
    ------
    DateError
        If the date cannot be read, or is before the first of a slider.

    Notes
    -----
    A date chosen in one of the first two tabs holds in both. The third keeps its own period: published estimates are
    few and far between, and one that ended on each day of a slider would hide what they are compared with.

    Examples
    --------
    >>> import conflictkit as ck
    >>> ck.explore(date="2017-11-03", live=False).title
    'Territory, Deployments, Estimates: 3 November 2017'
    """
    model = Territory.from_places() if territory is None else territory
    figures = Figures(model, model.dates)
    data = Forces.of(model, deployments, ASSUMED_DAYS)
    if date is not None:
        day = to_day(date)
    elif own_ids(model):
        day = peak(story_area(model, model.dates, "claimed"), model.dates)
    else:
        day = fullest_day(data.reports, data.days)
    for days in (figures.days, data.days):
        index_of(days, day)

    def figures_tab(*, live: bool) -> Dashboard | Snapshot:
        return explore_estimates(estimates, tables=None if territory is None else model.tables, live=live)

    def still() -> Snapshot:
        land = land_tab.snapshot(figures, View(day))
        words = Markup("<h3>{}</h3>{}")  # of the tabs behind the first: what they say, without pictures of their own
        forces, counts = forces_tab.snapshot(data, ForcesView(day)), figures_tab(live=False)
        told = join(words.format(said(part.title), part.html) for part in (forces, counts))
        return Snapshot(
            f"{', '.join(TITLES)}: {in_words(day)}",
            land.html + told,
            lambda: land.picture,
            tables=model.tables,
            rows=lambda: together([land.rows, forces.rows, counts.rows]),
        )

    if not live:
        return still()
    return Tabs(
        figures, data, day, lambda: cast("Dashboard", figures_tab(live=True)), Dashboard(snapshot=still)
    ).dashboard


class Tabs:
    """Wires the dates of two explorers to each other: what nobody sees is computed when somebody does."""

    def __init__(
        self,
        figures: Figures,
        data: Forces,
        day: pd.Timestamp,
        estimates: Callable[[], Dashboard],
        dashboard: Dashboard,
    ) -> None:
        self.land = land_tab.Explorer(figures, View(day))
        self.dashboard, self._data, self._estimates = dashboard, data, estimates
        self.second, self.third = ipw.VBox(), ipw.VBox()
        self.tabs = ipw.Tab([self.land.dashboard, self.second, self.third], titles=TITLES)
        self.tabs.add_class("ck-tabs")
        self.dashboard.tabs = lambda: dict(
            zip(TITLES, (self.land.dashboard, self.forces.dashboard, estimates()), strict=True)
        )
        self.dashboard.fill(row(), self.tabs)
        self.tabs.observe(dashboard.guarded(self._turn), names="selected_index")
        self._turn()

    @cached_property
    def forces(self) -> forces_tab.Explorer:
        """The second tab, made on the day of the first when somebody opens it: half of the work of both."""
        made = forces_tab.Explorer(self._data, ForcesView(self.land.time.day))
        self.land.time.follow(made.time.go)
        made.time.follow(self.land.time.go)
        return made

    def _turn(self) -> None:
        shown = self.tabs.selected_index
        if shown == 1 and not self.second.children:
            self.second.children = (self.forces.dashboard,)
        if shown == len(TITLES) - 1 and not self.third.children:
            self.third.children = (self._estimates(),)
        self.land.time.show(shown=shown == 0)
        if self.second.children:
            self.forces.time.show(shown=shown == 1)

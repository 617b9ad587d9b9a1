"""The three explorers in tabs, with one date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as ipw

from conflictkit.charts import style
from conflictkit.dates import to_day
from conflictkit.deployments._presence import ASSUMED_DAYS
from conflictkit.maps._forces import fullest_day
from conflictkit.territory import Territory
from conflictkit.widgets import deployments as forces_tab
from conflictkit.widgets import territory as land_tab
from conflictkit.widgets.estimates import explore_estimates
from conflictkit.widgets.forces import Forces, ForcesView
from conflictkit.widgets.numbers import Figures, View
from conflictkit.widgets.shell import Dashboard, Snapshot
from conflictkit.widgets.time import index_of

if TYPE_CHECKING:
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
        Rows like those of ``load_deployments`` and ``load_fighter_estimates``, which are the defaults.
    date
        The day shown first; by default that on which most reports of forces count.
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
    day = fullest_day(data.reports, data.days) if date is None else to_day(date)
    for days in (figures.days, data.days):
        index_of(days, day)

    def still() -> Snapshot:
        parts = [
            land_tab.snapshot(figures, View(day)),
            forces_tab.snapshot(data, ForcesView(day)),
            explore_estimates(estimates, live=False),
        ]
        first, *rest = parts
        text = "".join(part._repr_html_() for part in rest)
        return Snapshot(f"{', '.join(TITLES)}: {style.day(day)}", f"{first.html}{text}", first.picture)

    if not live:
        return still()
    return Tabs(figures, data, day, explore_estimates(estimates), Dashboard(snapshot=still)).dashboard


class Tabs:
    """Wires the dates of two explorers to each other: the one that nobody sees computes nothing until it is seen."""

    def __init__(
        self, figures: Figures, data: Forces, day: pd.Timestamp, estimates: ipw.Widget, dashboard: Dashboard
    ) -> None:
        self.land = land_tab.Explorer(figures, View(day))
        self.forces = forces_tab.Explorer(data, ForcesView(day))
        self.dashboard = dashboard
        self.tabs = ipw.Tab([self.land.dashboard, self.forces.dashboard, estimates], titles=TITLES)
        self.dashboard.fill(self.tabs)
        self.land.time.follow(self.forces.time.go)
        self.forces.time.follow(self.land.time.go)
        self.tabs.observe(dashboard.guarded(self._turn), names="selected_index")
        self._turn()

    def _turn(self) -> None:
        for number, time in enumerate((self.land.time, self.forces.time)):
            time.show(shown=self.tabs.selected_index == number)

"""The explorer of forces: a live map, the order of battle of its date, and one force to look at."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

import ipywidgets as ipw
import pandas as pd

from conflictkit.charts._layout import drawn, png, settle
from conflictkit.charts.deployments import plot_deployments
from conflictkit.charts.sources import captions_of
from conflictkit.dates import in_words, to_day
from conflictkit.deployments import deployments_at
from conflictkit.deployments._presence import ASSUMED_DAYS, rule
from conflictkit.errors import known
from conflictkit.evidence._rows import behind, together
from conflictkit.look import TITLE
from conflictkit.maps._forces import forces_data, fullest_day
from conflictkit.maps._payload import dumped
from conflictkit.maps._subject import rows_of as land_rows
from conflictkit.maps._subject import subject
from conflictkit.maps.deployments import map_deployments
from conflictkit.territory import Territory
from conflictkit.widgets import _code as code
from conflictkit.widgets import _view_forces as pure
from conflictkit.widgets._live import LiveMap
from conflictkit.widgets._near import RADII_KM, near_table
from conflictkit.widgets._picture import extent_of, open_on, size_of
from conflictkit.widgets._place import PlaceSearch
from conflictkit.widgets._save import Saving
from conflictkit.widgets._shell import SMALL, Dashboard, Snapshot, beside, row
from conflictkit.widgets._time import DateControls, index_of
from conflictkit.widgets._view_forces import Forces, ForcesView

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from conflictkit.dates import DateLike
    from conflictkit.maps._kitmap import KitMap

CONTROLS = {
    "side": ("Side", "Forces of one side", "15em"),
    "role": ("Role", "What the forces are said to do", "13em"),
    "backer": ("Backed by", "Forces that their reports say are backed by", "15em"),
    "country": ("Country", "Where the forces are", "12em"),
    "force": ("Force", "Look at one force: strength over time, rows, sources", "100%"),
}
NEAR_KM = 50  # around a place, until the reader says otherwise


def explore_deployments(
    territory: Territory | None = None,
    deployments: pd.DataFrame | None = None,
    *,
    date: DateLike | None = None,
    side: str | None = None,
    role: str | None = None,
    backer: str | None = None,
    country: str | None = None,
    force: str | None = None,
    assume_days: int | None = ASSUMED_DAYS,
    live: bool = True,
) -> Dashboard | Snapshot:
    """Return a dashboard for JupyterLab: which force was where, under whom, how strong, and who says so.

    Parameters
    ----------
    territory
        The land below the forces; ``Territory.from_places()`` by default.
    deployments
        Rows like those of ``load_deployments``; by default those of the territory's tables.
    date
        The day shown first; by default that on which most reports count.
    side, role, backer, country
        Show these forces only: a side of the table of actors; ``fighting``, ``holding``, ``training``, ``fire``,
        ``other`` or ``unstated``; an actor that the reports name as backer; the code of a country. None for all.
    force
        The ``actor_id`` of a force to look at, or None.
    assume_days
        For how many days a report without an end is taken to hold, as in ``deployments_at``.
    live
        False for the same view without widgets, for scripts and pages.

    Returns
    -------
    ipywidgets.VBox
        Shown when it is the last value of a cell: slider, day, play and filters; the map with symbols; the order of
        battle; of the chosen force its strength over time, each measure on its own axes, and every row with its page;
        the code that makes this view; buttons that write files. With `live` false a ``Snapshot``.

    Raises
    ------
    DateError
        If a date cannot be read, or is before the first of the slider.
    UnknownNameError
        If a choice is none of those in the rows, or `assume_days` is no number of days.

    Notes
    -----
    The slider moves the map in the page, without the kernel; the numbers follow. It has every day on which the land or
    what is known of a force changes. A click on a symbol chooses its force.

    Examples
    --------
    >>> import conflictkit as ck
    >>> view = ck.explore_deployments(date="2017-06-10", side="krg", live=False)
    >>> view.title
    '10 June 2017 (side: Kurdistan Region of Iraq): 1 report of 1 force from 1 side, 1 stated; 1 with a position.'
    """
    model = Territory.from_places() if territory is None else territory
    data = Forces.of(model, deployments, assume_days)
    day = fullest_day(data.reports, data.days) if date is None else to_day(date)
    index_of(data.days, day)
    asked = {"side": side, "role": role, "backer": backer, "country": country, "force": force}
    options = pure.choices(data)
    for what, value in asked.items():
        if value is not None:
            known(what, value, [code for _, code in options[what] if code])
    view = ForcesView(day, **{what: value or pure.ALL for what, value in asked.items()})
    return Explorer(data, view).dashboard if live else snapshot(data, view)


def snapshot(data: Forces, view: ForcesView) -> Snapshot:
    """Return a view as picture, words, tree and, if a force is chosen, its rows and strengths."""
    numbers = pure.draw(data, view)
    shown = numbers + pure.draw_force(data, view) if view.force else numbers
    return Snapshot(
        pure.sentence(data, view),
        shown,
        partial(_picture, data, view),
        tables=data.tables,
        rows=lambda: together(
            [
                behind(pure.rows_of(data, view), "deployments", "report"),
                land_rows(data.territory, pd.DatetimeIndex([view.day])),
            ]
        ),
    )


def _picture(data: Forces, view: ForcesView) -> bytes:
    return png(plot_deployments, data.territory, view.day, **_drawn(data, view))


def _drawn(data: Forces, view: ForcesView) -> dict[str, Any]:
    return {"deployments": pure.rows_of(data, view), "assume_days": data.assume_days}


class Explorer:
    """Wires controls to the map and the numbers; what they show comes from functions that know no widget."""

    def __init__(self, data: Forces, view: ForcesView) -> None:
        self.data, self.place = data, ""
        self.dashboard = Dashboard(snapshot=lambda: snapshot(data, self.view), page=self._page)
        self.map = self._map(view)
        self.time = DateControls(data.days, view.day, self.map, dashboard=self.dashboard, land=data.territory)
        options, values = pure.choices(data), asdict(view)
        self.filters: dict[str, ipw.Dropdown] = {
            what: ipw.Dropdown(
                options=options[what], value=values[what], description=words, tooltip=tooltip,
                style=SMALL, layout={"width": width},
            )
            for what, (words, tooltip, width) in CONTROLS.items()
        }  # fmt: skip
        self.force = self.filters.pop("force")
        self.numbers, self.code, self.about, self.near = ipw.HTML(), ipw.HTML(), ipw.HTML(), ipw.HTML()
        for kernels in (self.numbers, self.about, self.near):
            kernels.add_class("ck-kernel")
        self.search, self.within = self._place_controls()
        self.saving = Saving(
            self.dashboard,
            stem=lambda: f"forces-{code.day(self.time.day)}",
            picture=self._seen,
            numbers=self._rows,
        )
        find = (self.search.box, self.within) if self.search else ()
        near = (self.search.found, self.near) if self.search else ()
        side, role, backer, country = (self.filters[name] for name in ("side", "role", "backer", "country"))
        self.dashboard.fill(
            row(*self.time.controls, *find, side, country),
            beside(self.map, ipw.VBox([*near, row(role, backer), self.force, self.numbers])),
            self.about,
            self.saving.row,
            self.code,
        )
        self._wire()

    def _place_controls(self) -> tuple[PlaceSearch | None, ipw.Dropdown]:
        """Return the box that finds a place, if there are any on the map, and the distance to look around it."""
        land = self.data.territory
        within = ipw.Dropdown(
            options=[(f"{km} km", km) for km in RADII_KM], value=NEAR_KM, tooltip="How far around the place",
            description="Within", style=SMALL, layout={"width": "10em"},
        )  # fmt: skip
        if not land.has_places:
            return None, within
        ids = land.places["place_id"].tolist()
        return PlaceSearch(land.tables, ids, dashboard=self.dashboard, choose=self._look_around), within

    def _map(self, view: ForcesView) -> LiveMap:
        data, first = self.data, index_of(self.data.days, view.day)
        forces = forces_data(data.reports, data.tables, assume_days=data.assume_days)
        text = dumped(subject(data.territory, data.days) | {"start": first, "forces": forces})
        return LiveMap(text, index=first, hidden=pure.hidden(data, view), layout={"width": "100%"})

    @property
    def view(self) -> ForcesView:
        """What is chosen now."""
        filters: dict[str, Any] = {what: control.value for what, control in self.filters.items()}
        return ForcesView(self.time.day, force=self.force.value, **filters)

    def _wire(self) -> None:
        self.time.wire(self._redraw)
        self.time.follow_place(self._look_around)
        guarded = self.dashboard.guarded
        for control in self.filters.values():
            control.observe(guarded(self._refilter), names="value")
        self.force.observe(guarded(self._choose), names="value")
        self.within.observe(guarded(self._around), names="value")
        self.map.observe(guarded(self._clicked), names="force")
        self.map.observe(guarded(self._clicked_place), names="place")
        guarded(self._redraw)(None)

    def _refilter(self) -> None:
        self.map.hidden = pure.hidden(self.data, self.view)
        self._redraw()

    def _clicked(self) -> None:
        """Follow a click on a symbol."""
        if self.map.force:
            self.force.value = self.map.force

    def _clicked_place(self) -> None:
        """Follow a click on a place of the map."""
        if self.map.place and self.map.place != self.place:
            self._look_around(self.map.place)

    def _look_around(self, place: str) -> None:
        """Show a place on the map, and the forces around it."""
        self.place = self.map.place = place
        self._around()

    def _around(self) -> None:
        if self.place:
            self.near.value = str(near_table(self.data, self.view, self.place, within_km=self.within.value))

    def _choose(self) -> None:
        """Show the chosen force on the map too, if it has a position there."""
        self.map.force = self.force.value
        self._redraw()

    def _redraw(self) -> None:
        view = self.view
        self.numbers.value = str(pure.draw(self.data, view))
        self.about.value = str(pure.draw_force(self.data, view))
        self.code.value = code.folded(pure.code_for(self.data, view))
        self._around()

    def _seen(self) -> Axes:
        """Return the map as it is seen: the part of the land, the forces that pass the filters."""
        data, view, window = self.data, self.view, extent_of(self.data.territory, self.map.window)
        size = size_of(data.territory, window)
        ax = drawn(plot_deployments, data.territory, view.day, extent=window, size=size, **_drawn(data, view))
        filters = pure.filtered(data, view)
        (caption,) = captions_of(ax) or ()
        caption.title = f"Forces and control, {in_words(view.day)}{f' ({filters})' if filters else ''}"  # type: ignore[attr-defined] # of a caption
        ax.set_title(caption.title, loc="left", fontsize=TITLE, parse_math=False)  # type: ignore[attr-defined]
        settle(ax)
        return ax

    def _page(self) -> KitMap:
        """Return the map as one page, which opens on what is seen."""
        data, view, days = self.data, self.view, self.data.days.union([self.time.day])
        page = map_deployments(data.territory, days, start=self.time.day, **_drawn(data, view))
        open_on(page, data.territory, self.map.window)
        if filters := pure.filtered(data, view):
            page.title = f"{page.title} ({filters})"
        return page

    def _rows(self) -> pd.DataFrame:
        data, rows = self.data, pure.rows_of(self.data, self.view)
        shown = deployments_at(self.time.day, rows, assume_days=data.assume_days, tables=data.tables)
        return shown.assign(date=self.time.day, definition=rule(data.assume_days))

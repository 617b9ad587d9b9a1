"""The day of an explorer: a box for any day, a list of days that everybody looks for, and the map's own slider."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import ipywidgets as ipw
import pandas as pd

from conflictkit.charts._land import paints_for
from conflictkit.dates import in_words, iso, to_day
from conflictkit.errors import DateError
from conflictkit.maps._story import named_changes, own_ids, peak, story_area
from conflictkit.widgets._shell import SMALL

if TYPE_CHECKING:
    from collections.abc import Callable

    from conflictkit.territory import Territory
    from conflictkit.widgets._live import LiveMap
    from conflictkit.widgets._shell import Dashboard


class Moment(NamedTuple):
    """A day that readers look for, and the place that it is about."""

    words: str
    day: pd.Timestamp
    place_id: str = ""


def index_of(days: pd.DatetimeIndex, day: pd.Timestamp) -> int:
    """Return the number of the slider's last day up to a day; refuse a day before all of them."""
    if day < days[0]:
        msg = f"{iso(day)} is before the first day of the slider, {iso(days[0])}. Choose a later one."
        raise DateError(msg)
    return int(days.searchsorted(day, side="right")) - 1


def moments_of(territory: Territory, days: pd.DatetimeIndex) -> list[Moment]:
    """Return the day of the largest area of the story's actor, and the changes of towns that have a name; by day."""
    own = own_ids(territory)
    if not own or not territory.has_places:
        return []
    paints, places = paints_for(territory), territory.places["place_id"].tolist()
    largest = peak(story_area(territory, days, "claimed"), days)
    found = [Moment(f"{in_words(largest, short=True)}: largest area of {paints[own[0]].short}", largest)]
    named = named_changes(territory, days)
    for row in named["rows"]:
        change = dict(zip(named["columns"], row, strict=True))
        day, sides = pd.Timestamp(change["day"]), (change["before"], change["after"])
        before, after = (paints[territory.actor_ids[side]].short for side in sides)
        words = f"{in_words(day, short=True)}: {change['town']}, {before} to {after}"
        found.append(Moment(words, day, places[change["place"]]))
    return sorted(found, key=lambda moment: moment.day)


def day_box(label: str, day: pd.Timestamp | None, *, tooltip: str, width: str = "10.5em") -> ipw.Text:
    """Return a box for a day in any form that reads in one way."""
    return ipw.Text(
        value="" if day is None else in_words(day, short=True), description=label, continuous_update=False,
        placeholder="3 Nov 2017", tooltip=tooltip, style=SMALL, layout={"width": width},
    )  # fmt: skip


class DateControls:
    """The box and the list of days, wired to a map that has a slider of its own.

    Attributes
    ----------
    day
        The day shown, which may lie between two days of the slider.
    shown
        Whether anybody sees what depends on the day: if not, it is computed when somebody does.
    """

    def __init__(
        self,
        days: pd.DatetimeIndex,
        day: pd.Timestamp,
        live: LiveMap,
        *,
        dashboard: Dashboard,
        land: Territory,
    ) -> None:
        self.days, self.day, self.map, self.shown, self._land = days, day, live, True, land
        self._guard, self._redraw, self._stale = dashboard.guarded, _nothing, False
        self._followers: list[Callable[[pd.Timestamp], None]] = []
        self._places: list[Callable[[str], None]] = []
        self.box = day_box("Day", day, tooltip="Any day, as 3 Nov 2017 or 2017-11-03: its end is shown")
        self.moments = moments_of(land, days)
        self.go_to = ipw.Dropdown(
            options=[("a day ...", -1), *((each.words, at) for at, each in enumerate(self.moments))], value=-1,
            description="Go to", tooltip="Days that readers look for, from the tables",
            style=SMALL, layout={"width": "14em"},
        )  # fmt: skip
        self._tell()

    @property
    def controls(self) -> tuple[ipw.Widget, ...]:
        """Those to put in a row: no list where the tables tell no story."""
        return (self.go_to, self.box) if self.moments else (self.box,)

    def wire(self, redraw: Callable[[], None]) -> None:
        """Begin to call a function when the day changes."""
        self._redraw = redraw
        self.map.observe(self._guard(self._step), names="index")
        self.box.observe(self._guard(self._choose), names="value")
        self.go_to.observe(self._guard(self._go_to), names="value")

    def follow(self, act: Callable[[pd.Timestamp], None]) -> None:
        """Call a function with each new day."""
        self._followers.append(act)

    def follow_place(self, act: Callable[[str], None]) -> None:
        """Call a function with the place that a day of the list is about."""
        self._places.append(act)

    def go(self, day: pd.Timestamp) -> None:
        """Show a day that was chosen elsewhere."""
        if day != self.day:
            self._change(day, tell=False)

    def show(self, *, shown: bool) -> None:
        """Say whether anybody looks; catch up with the day if somebody does again."""
        self.shown = shown
        if shown and self._stale:
            self._guard(self._draw)(None)

    def allowed(self, text: str) -> pd.Timestamp:
        """Return the day that a text names, or say what is still shown and why not this one."""
        try:
            day = self._land.day(to_day(text))
            index_of(self.days, day)
        except DateError as problem:
            msg = f"{problem} Still shown: {in_words(self.day)}."
            raise DateError(msg) from None
        return day

    def _step(self) -> None:
        """Follow the slider; a day from the box that the shown state covers is kept."""
        if self.map.index != index_of(self.days, self.day):
            self._change(self.days[self.map.index])

    def _choose(self) -> None:
        """Follow the box."""
        if (day := self.allowed(self.box.value)) != self.day:
            self._change(day)

    def _go_to(self) -> None:
        """Follow the list: to the day, and to its place on the map."""
        if self.go_to.value < 0:
            return
        moment = self.moments[self.go_to.value]
        if moment.day != self.day:
            self._change(moment.day)
        for act in self._places if moment.place_id else ():
            act(moment.place_id)

    def _change(self, day: pd.Timestamp, *, tell: bool = True) -> None:
        self.day = day
        if self.go_to.value >= 0 and self.moments[self.go_to.value].day != day:
            self.go_to.value = -1  # the list names the day that is shown, or none
        self.box.value = in_words(day, short=True)
        self._tell()
        self._stale = True
        if self.shown:
            self._draw()
        for act in self._followers if tell else ():
            act(day)

    def _tell(self) -> None:
        """Give the map the step and, in words, the day."""
        index = index_of(self.days, self.day)
        with self.map.hold_sync():
            self.map.index, self.map.told = index, [index, in_words(self.day)]

    def _draw(self) -> None:
        self._redraw()
        self._stale = False


def _nothing() -> None:
    """Do nothing: until the dashboard is wired there is nothing to redraw."""

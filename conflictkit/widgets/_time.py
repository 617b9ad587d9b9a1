"""The controls of a date: a slider and a play button that move the map in the page, and a box for any day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as ipw
import pandas as pd

from conflictkit.dates import in_words, iso
from conflictkit.errors import DateError
from conflictkit.widgets._shell import row

if TYPE_CHECKING:
    from collections.abc import Callable

    from conflictkit.widgets._shell import Dashboard, LiveMap

PLAY_MS = 450  # a step: long enough to see what changed


def index_of(days: pd.DatetimeIndex, day: pd.Timestamp) -> int:
    """Return the number of the slider's last day up to a day; refuse a day before all of them."""
    if day < days[0]:
        msg = f"{iso(day)} is before the first day of the slider, {iso(days[0])}. Choose a later one."
        raise DateError(msg)
    return int(days.searchsorted(day, side="right")) - 1


class DateControls:
    """Slider, play button and box, wired to a map.

    Attributes
    ----------
    day
        The day shown, which may lie between two days of the slider.
    shown
        Whether anybody sees what depends on the day: if not, it is computed when somebody does.
    """

    def __init__(
        self, days: pd.DatetimeIndex, day: pd.Timestamp, live: LiveMap, *, dashboard: Dashboard, tooltip: str
    ) -> None:
        self.days, self.day, self.map, self.shown = days, day, live, True
        self._guard, self._redraw, self._stale = dashboard.guarded, _nothing, False
        self._followers: list[Callable[[pd.Timestamp], None]] = []
        words, first = [in_words(when, short=True) for when in days], index_of(days, day)
        self.slider = ipw.SelectionSlider(
            options=[(text, number) for number, text in enumerate(words)], value=first, description="Date",
            tooltip=tooltip, layout={"width": "36em", "max_width": "100%"},
        )  # fmt: skip
        self.play = ipw.Play(
            min=0, max=len(words) - 1, value=first, interval=PLAY_MS, show_repeat=False, tooltip="Play"
        )
        self.box = ipw.DatePicker(
            value=day.date(), description="Day", tooltip="Any day: its end is shown", layout={"width": "18em"}
        )
        self.row = row(self.slider, self.play, self.box)

    def wire(self, redraw: Callable[[], None]) -> None:
        """Begin to call a function when the day changes."""
        self._redraw = redraw
        # in the page: neither the slider nor the play button waits for the kernel
        ipw.jslink((self.slider, "index"), (self.map, "index"))
        ipw.jslink((self.play, "value"), (self.map, "index"))
        self.map.observe(self._guard(self._step), names="index")
        self.box.observe(self._guard(self._choose), names="value")

    def follow(self, act: Callable[[pd.Timestamp], None]) -> None:
        """Call a function with each new day."""
        self._followers.append(act)

    def go(self, day: pd.Timestamp) -> None:
        """Show a day that was chosen elsewhere."""
        if day != self.day:
            self._change(day, tell=False)
            self.box.value = day.date()

    def show(self, *, shown: bool) -> None:
        """Say whether anybody looks; catch up with the day if somebody does again."""
        self.shown = shown
        if shown and self._stale:
            self._guard(self._draw)(None)

    def _step(self) -> None:
        """Follow the slider; a day from the box that the shown state covers is kept."""
        if self.map.index != index_of(self.days, self.day):
            self._change(self.days[self.map.index])
            self.box.value = self.day.date()

    def _choose(self) -> None:
        """Follow the box."""
        day = None if self.box.value is None else pd.Timestamp(self.box.value)
        if day is None or day < self.days[0]:
            msg = f"Choose a day from {in_words(self.days[0])} on."
            raise DateError(msg)
        if day != self.day:
            self._change(day)

    def _change(self, day: pd.Timestamp, *, tell: bool = True) -> None:
        self.day = day
        self.map.index = index_of(self.days, day)
        self._stale = True
        if self.shown:
            self._draw()
        for act in self._followers if tell else ():
            act(day)

    def _draw(self) -> None:
        self._redraw()
        self._stale = False


def _nothing() -> None:
    """Do nothing: until the dashboard is wired there is nothing to redraw."""

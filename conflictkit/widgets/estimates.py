"""The explorer of estimates: what was counted, where, when and by whom; the ranges, their pool and the rows."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import ipywidgets as ipw

from conflictkit.charts._layout import png
from conflictkit.dates import in_words, span_in_words, to_day
from conflictkit.errors import DateError, EstimateError, known
from conflictkit.evidence._rows import behind
from conflictkit.html import Markup, said
from conflictkit.tables import Tables
from conflictkit.widgets import _code as code
from conflictkit.widgets import _page_estimates as paged
from conflictkit.widgets import _view_estimates as pure
from conflictkit.widgets._periods import periods_of
from conflictkit.widgets._reasons import reasons_table
from conflictkit.widgets._save import Saving
from conflictkit.widgets._shell import SMALL, Dashboard, Snapshot, beside, row, status, written
from conflictkit.widgets._time import day_box
from conflictkit.widgets._view_estimates import GRADES, EstimatesView

if TYPE_CHECKING:
    import pandas as pd

    from conflictkit.dates import DateLike

EVERYONE = "everyone"


def explore_estimates(
    estimates: pd.DataFrame | None = None,
    *,
    tables: Tables | None = None,
    quantity: str | None = None,
    actor_id: str | None = None,
    scope: str | None = None,
    start: DateLike | None = None,
    end: DateLike | None = None,
    estimators: tuple[str, ...] = (),
    min_reliability: str = "F",
    self_interested: bool = True,
    live: bool = True,
) -> Dashboard | Snapshot:
    """Return a dashboard for JupyterLab: published figures of one thing, their pool, and the rows behind each mark.

    Parameters
    ----------
    estimates
        Rows like those of ``load_fighter_estimates``; by default those of the tables.
    tables
        Names, places and sources; the shipped tables by default.
    quantity, actor_id, scope
        What was counted, of whom, where: a scope of the rows or the id of a place. By default what is counted most
        often, the actor of the tables' story or else the most frequent one, and the widest scope.
    start, end
        First and last ``as_of``; all by default.
    estimators
        Names of estimators; empty for everyone.
    min_reliability
        The worst reliability of a source that counts, A to E; F for all, also those that cannot be judged.
    self_interested
        Whether figures by which the side that speaks gains count.
    live
        False for the same view without widgets.

    Returns
    -------
    ipywidgets.VBox
        Shown when it is the last value of a cell. With `live` false a ``Snapshot``.

    Raises
    ------
    UnknownNameError
        If a choice is none of those in the rows.
    EstimateError, DateError
        If nothing is selected, or a date cannot be read.
    TableError
        With every problem of rows that the caller brought.

    Notes
    -----
    The pool is drawn where the rows are of one time (``pool_estimates``); otherwise the dashboard says why there is
    none.

    Examples
    --------
    >>> import conflictkit as ck
    >>> view = ck.explore_estimates(scope="mosul", start="2016-10-01", end="2016-11-30", live=False)
    >>> view.title.split(":")[0]
    'Islamic State, fighters, Mosul, 1 October 2016 to 30 November 2016'
    """
    used = Tables.shipped() if tables is None else tables
    used = used.replace(fighter_estimates=estimates)
    if used.fighter_estimates.empty:
        msg = "There is no published figure in these tables. Bring rows like those of load_fighter_estimates()."
        raise EstimateError(msg)
    options = {what: [code for _, code in words] for what, words in pure.choices(used).items()}
    story = [used.story_actor] if used.story_actor in options["actor_id"] else options["actor_id"]
    days = used.fighter_estimates["as_of"]
    view = EstimatesView(
        options["quantity"][0] if quantity is None else quantity,
        str(story[0]) if actor_id is None else actor_id,
        options["scope"][0] if scope is None else scope,
        days.min() if start is None else to_day(start),
        days.max() if end is None else to_day(end),
        tuple(estimators),
        min_reliability,
        self_interested,
    )
    if view.start > days.max() or view.end < days.min() or view.end < view.start:
        msg = f"No figure from {in_words(view.start)} to {in_words(view.end)}: they are of {span_in_words(days)}."
        raise DateError(msg)
    for what in ("quantity", "actor_id", "scope"):
        known(what, getattr(view, what), options[what])
    for name in estimators:
        known("estimators", name, options["estimators"])
    known("min_reliability", min_reliability, GRADES)
    own = {"own_rows": estimates is not None, "own_tables": tables is not None}
    return Explorer(used, view, **own).dashboard if live else snapshot(used, view)


def snapshot(tables: Tables, view: EstimatesView) -> Snapshot:
    """Return a view as picture, words and table."""
    found = pure.selected(tables, view)
    words = pure.sentence(tables, found, view)
    told = reasons_table(tables, found) + pure.table_of(tables, found)
    html = Markup("<p>{}</p>{}").format(said(words), told)
    plot, size = pure.plot_of(found)
    return Snapshot(
        words,
        html,
        partial(png, plot, found, tables=tables, size=size, dpi=100),
        tables=tables,
        rows=lambda: behind(found, "fighter_estimates", "figure"),
    )


class Explorer:
    """Wires the choices to the pictures and the table."""

    def __init__(
        self,
        tables: Tables,
        view: EstimatesView,
        *,
        own_rows: bool = False,
        own_tables: bool = False,
    ) -> None:
        self.tables, self._first, self._own = tables, view, {"own_rows": own_rows, "own_tables": own_tables}
        self._holding = False
        self.dashboard = Dashboard(snapshot=lambda: snapshot(tables, self.view))
        self.dashboard.framed = lambda picture: paged.framed(tables, self.view, picture=picture)
        self.pictures, self.told, self.table, self.code = ipw.HTML(), ipw.HTML(), ipw.HTML(), ipw.HTML()
        self.told.add_class("ck-kernel")
        self._controls(view)
        self.saving = Saving(
            self.dashboard,
            stem=lambda: f"estimates-{code.day(self.view.start)}-{code.day(self.view.end)}",
            picture=lambda: pure.drawn_of(self.tables, self.view),
            numbers=lambda: pure.numbers_of(self.tables, self.view),
            text=lambda shown, card: paged.page_of(self.tables, self.view, shown, card),
        )
        self.dashboard.fill(
            row(self.go_to, self.start, self.end, self.quantity, self.actor, self.scope),
            beside(ipw.VBox([self.pictures, row(self.worst, self.interested), self.estimators]), self.told),
            self.table,
            self.saving.row,
            self.code,
        )
        self.redraw = self.dashboard.guarded(self._redraw)
        controls = (self.quantity, self.actor, self.scope, self.start, self.end, self.estimators, self.worst)
        for control in (*controls, self.interested):
            control.observe(self.redraw, names="value")
        self.go_to.observe(self.dashboard.guarded(self._go_to), names="value")
        self.redraw(None)

    def _controls(self, view: EstimatesView) -> None:
        """Make the controls, each at what the view has."""
        options = pure.choices(self.tables)
        self.quantity, self.actor, self.scope = (
            ipw.Dropdown(
                options=options[name], value=value, description=label, tooltip=tooltip, style=SMALL,
                layout={"width": "14em"},
            )
            for name, value, label, tooltip in (
                ("quantity", view.quantity, "Counts", "What was counted"),
                ("actor_id", view.actor_id, "Of", "Whose strength"),
                ("scope", view.scope, "Where", "Countries, or a place"),
            )
        )  # fmt: skip
        self.periods = periods_of(self.tables, view.quantity, view.actor_id)
        self.go_to = ipw.Dropdown(
            options=[("a time ...", -1), *((each.words, at) for at, each in enumerate(self.periods))], value=-1,
            description="Go to", tooltip="Times and places at which figures differ most, from the tables",
            style=SMALL, layout={"width": "16em"},
        )  # fmt: skip
        self.start = day_box("From", view.start, tooltip="First day that a figure is of, as 1 Oct 2016", width="11em")
        self.end = day_box("To", view.end, tooltip="Last day that a figure is of, as 30 Nov 2016")
        self.estimators = ipw.SelectMultiple(
            options=[(EVERYONE, ""), *options["estimators"]], value=list(view.estimators) or [""], rows=4,
            description="By", tooltip="Hold Ctrl or Shift for several", style=SMALL,
            layout={"width": "100%", "max_width": "30em"},
        )  # fmt: skip
        self.worst = ipw.Dropdown(
            options=GRADES, value=view.min_reliability, description="Grade from", style=SMALL,
            tooltip="Worst reliability that counts; F: all", layout={"width": "9.5em"},
        )  # fmt: skip
        self.interested = ipw.Checkbox(
            value=view.self_interested, description="Self-interested claims count", indent=False,
            tooltip="Unticked: without figures by which the side that speaks gains", layout={"width": "auto"},
        )  # fmt: skip

    @property
    def view(self) -> EstimatesView:
        """What is chosen now."""
        start, end = to_day(self.start.value), to_day(self.end.value)
        if end < start:
            msg = f"From {in_words(start)} to {in_words(end)} is no time: the first day is after the last. Swap them."
            raise DateError(msg)
        return replace(
            self._first,
            quantity=self.quantity.value,
            actor_id=self.actor.value,
            scope=self.scope.value,
            start=start,
            end=end,
            estimators=tuple(name for name in self.estimators.value if name),
            min_reliability=self.worst.value,
            self_interested=self.interested.value,
        )

    def _go_to(self) -> None:
        """Follow the list: to a time and a place, everything else as it was first; drawn once."""
        if self.go_to.value < 0:
            return
        period = self.periods[self.go_to.value]
        self._holding = True
        try:
            self.quantity.value, self.actor.value = self._first.quantity, self._first.actor_id
            self.scope.value, self.estimators.value = period.scope, [""]
            self.start.value, self.end.value = (in_words(day, short=True) for day in (period.start, period.end))
        finally:
            self._holding = False
        self._redraw()

    def _redraw(self) -> None:
        if self._holding:
            return
        view = self.view
        try:
            pictures, told, table = pure.draw(self.tables, view)
        except EstimateError as empty:
            pictures, told, table = Markup(), written(status(empty)), Markup()
        self.pictures.value, self.told.value, self.table.value = str(pictures), str(told), str(table)
        self.code.value = code.folded(pure.code_of(self.tables, view, **self._own))

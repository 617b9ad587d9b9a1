"""The explorer of estimates: what was counted, where, when and by whom; the ranges, their pool and the rows."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING

import ipywidgets as ipw
import pandas as pd

from conflictkit.charts import plot_estimates, plot_pool, style
from conflictkit.charts._layout import png
from conflictkit.datasets import load_fighter_estimates, load_places
from conflictkit.dates import in_words, to_day
from conflictkit.errors import EstimateError, known
from conflictkit.estimates import estimates_table, pool_estimates, select_estimates
from conflictkit.widgets.numbers import km2 as rounded
from conflictkit.widgets.shell import Dashboard, Snapshot, row

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

    from conflictkit.dates import DateLike

GRADES = ("A", "B", "C", "D", "E", "F")
SIZE_IN = (8.0, 5.0)
EVERYONE = "everyone"


@dataclass(frozen=True)
class EstimatesView:
    """What was chosen: one thing that was counted, in one scope, over a time, by some estimators, from some sources."""

    quantity: str
    actor_id: str
    scope: str  # iraq_syria, iraq, syria, or the id of a place
    start: pd.Timestamp
    end: pd.Timestamp
    estimators: tuple[str, ...] = ()  # empty: everyone
    worst: str = "F"
    drop_interested: bool = False


def explore_estimates(
    estimates: pd.DataFrame | None = None,
    *,
    quantity: str = "fighters",
    actor_id: str = "isis",
    scope: str = "iraq_syria",
    start: DateLike | None = None,
    end: DateLike | None = None,
    estimators: tuple[str, ...] = (),
    worst: str = "F",
    drop_interested: bool = False,
    live: bool = True,
) -> Dashboard | Snapshot:
    """Return a dashboard for JupyterLab: published figures of one thing, their pool, and the rows behind each mark.

    Parameters
    ----------
    estimates
        Rows like those of ``load_fighter_estimates``, which is the default.
    quantity, actor_id, scope
        What was counted, of whom, where: ``iraq_syria``, ``iraq``, ``syria`` or the id of a place.
    start, end
        First and last ``as_of``; all by default.
    estimators
        Names of estimators; empty for everyone.
    worst
        The worst reliability of a source that counts, A to E; F for all, also those that cannot be judged.
    drop_interested
        Whether figures by which the side that speaks gains are left out.
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
    rows = load_fighter_estimates() if estimates is None else estimates
    first, last = (rows["as_of"].min(), rows["as_of"].max())
    view = EstimatesView(
        quantity, actor_id, scope,
        first if start is None else to_day(start), last if end is None else to_day(end),
        tuple(estimators), worst, drop_interested,
    )  # fmt: skip
    options = choices(rows)
    for what, value in (("quantity", quantity), ("actor_id", actor_id), ("scope", scope)):
        known(what, value, [code for _, code in options[what]])
    for name in estimators:
        known("estimators", name, [code for _, code in options["estimators"]])
    known("worst", worst, GRADES)
    return Explorer(rows, view).dashboard if live else snapshot(rows, view)


def choices(rows: pd.DataFrame) -> dict[str, list[tuple[str, str]]]:
    """Return what can be chosen from some rows, as words and code."""
    paints, places = style.palette(), load_places().set_index("place_id")["name"]
    scopes = [scope for scope in style.SCOPE_NAMES if scope in set(rows["scope"]) and scope != "place"]
    named = sorted(set(rows["place_id"].dropna()), key=lambda place: str(places.get(place, place)))
    actors = sorted(set(rows["actor_id"]), key=lambda actor: -int((rows["actor_id"] == actor).sum()))
    return {
        "quantity": [(quantity.replace("_", " "), quantity) for quantity in rows["quantity"].value_counts().index],
        "actor_id": [(paints[actor].short if actor in paints else actor, actor) for actor in actors],
        "scope": [*((style.SCOPE_NAMES[s], s) for s in scopes), *((str(places.get(p, p)), p) for p in named)],
        "estimators": [(name, name) for name in sorted(set(rows["estimator"]))],
    }


def selected(rows: pd.DataFrame, view: EstimatesView) -> pd.DataFrame:
    """Return the rows of a view, or say that there are none."""
    rows = select_estimates(rows, min_reliability=view.worst, self_interested=not view.drop_interested)
    where = rows["scope"].eq(view.scope) | (rows["scope"].eq("place") & rows["place_id"].eq(view.scope))
    found = rows[
        where
        & rows["quantity"].eq(view.quantity)
        & rows["actor_id"].eq(view.actor_id)
        & rows["as_of"].between(view.start, view.end)
    ]
    if view.estimators:
        found = found[found["estimator"].isin(view.estimators)]
    if found.empty:
        msg = "No published figure is left with these choices. Widen the time, or choose another scope or quantity."
        raise EstimateError(msg)
    return found


def title(view: EstimatesView) -> str:
    """Return in words what a view shows."""
    places = load_places().set_index("place_id")["name"]
    where = style.SCOPE_NAMES.get(view.scope) or str(places.get(view.scope, view.scope))
    who = style.palette()[view.actor_id].name if view.actor_id in style.palette() else view.actor_id
    time = style.span(pd.Index([view.start, view.end]))
    return f"{who}, {view.quantity.replace('_', ' ')}, {where}, {time}"


def sentence(found: pd.DataFrame, view: EstimatesView) -> str:
    """Say in a line what the picture shows."""
    ends = found[["low", "best", "high"]]
    spread = f"from {float(ends.min().min()):,.0f} to {float(ends.max().max()):,.0f}"
    return (
        f"{title(view)}: {len(found)} figures by {found['estimator'].nunique()} estimators, {spread}. {_pooled(found)}"
    )


def _pooled(found: pd.DataFrame) -> str:
    try:
        pool = pool_estimates(found)
    except EstimateError as reason:
        return f"Not pooled: {reason}"
    if not pool.enough:
        return f"Not pooled: {pool.verdict}."
    return f"Pooled centre {rounded(pool.best)}, {rounded(pool.low)} to {rounded(pool.high)}, each estimator once."


def draw(rows: pd.DataFrame, view: EstimatesView) -> tuple[str, str]:
    """Return the pictures of a view with a line of words, and the table of its rows, as HTML."""
    found = selected(rows, view)
    words = escape(sentence(found, view))
    pictures = [_image(plot_estimates, found, words)]
    try:
        pool = pool_estimates(found)
        if pool.enough:
            pictures.append(_image(plot_pool, pool, words))
    except EstimateError:
        pass  # the sentence says why there is no pool
    shown = f'<div style="display:flex;flex-wrap:wrap;gap:1em">{"".join(pictures)}</div>'
    table = f'<div style="line-height:1.4;overflow-x:auto">{estimates_table(found)!s}</div>'
    return f'<p role="status" style="line-height:1.4;white-space:normal">{words}</p>{shown}', table


def _image(plot: Callable[..., Axes], shown: object, words: str) -> str:
    picture = base64.b64encode(png(plot, shown, size=SIZE_IN, dpi=100)).decode("ascii")
    look = "flex:1 1 30em;min-width:0;max-width:56em;height:auto"
    return f'<img alt="{words}" style="{look}" src="data:image/png;base64,{picture}">'


def snapshot(rows: pd.DataFrame, view: EstimatesView) -> Snapshot:
    """Return a view as picture, words and table."""
    found = selected(rows, view)
    words = sentence(found, view)
    table = f"<p>{escape(words)}</p>{estimates_table(found)!s}"
    return Snapshot(words, table, png(plot_estimates, found, size=SIZE_IN, dpi=100))


class Explorer:
    """Wires the choices to the pictures and the table."""

    def __init__(self, rows: pd.DataFrame, view: EstimatesView) -> None:
        self.rows, self._first = rows, view
        self.dashboard = Dashboard(snapshot=lambda: snapshot(rows, self.view))
        self.pictures, self.table = ipw.HTML(), ipw.HTML()
        options = choices(rows)
        self.quantity, self.actor, self.scope = (
            ipw.Dropdown(options=options[name], value=value, description=label, tooltip=tooltip)
            for name, value, label, tooltip in (
                ("quantity", view.quantity, "Quantity", "What was counted"),
                ("actor_id", view.actor_id, "Of", "Whose strength"),
                ("scope", view.scope, "Scope", "Where: both countries, one, or a place"),
            )
        )
        self.time = self._time(rows)
        self.estimators = ipw.SelectMultiple(
            options=[(EVERYONE, ""), *options["estimators"]], value=list(view.estimators) or [""], rows=4,
            description="Estimators", tooltip="Hold Ctrl or Shift for several", layout={"width": "30em"},
        )  # fmt: skip
        self.worst = ipw.Dropdown(
            options=GRADES, value=view.worst, description="Grade from", tooltip="Worst reliability that counts; F: all",
            layout={"width": "11em"},
        )  # fmt: skip
        self.drop = ipw.Checkbox(
            value=view.drop_interested, description="Drop self-interested claims", indent=False,
            tooltip="Leave out figures by which the side that speaks gains",
        )  # fmt: skip
        self.dashboard.fill(
            row(self.quantity, self.actor, self.scope),
            row(self.time, self.worst, self.drop),
            self.estimators,
            self.pictures,
            self.table,
        )
        redraw = self.dashboard.guarded(self._redraw)
        for control in (self.quantity, self.actor, self.scope, self.time, self.estimators, self.worst, self.drop):
            control.observe(redraw, names="value")
        redraw(None)

    def _time(self, rows: pd.DataFrame) -> ipw.Widget:
        months = pd.period_range(rows["as_of"].min(), rows["as_of"].max(), freq="M")
        inside = [(in_words(month.start_time, precision="month", short=True), month) for month in months]
        first, last = (pd.Period(day, freq="M") for day in (self._first.start, self._first.end))
        return ipw.SelectionRangeSlider(
            options=inside, value=(max(first, months[0]), min(last, months[-1])), description="As of",
            tooltip="First and last month of the figures", continuous_update=False, layout={"width": "32em"},
        )  # fmt: skip

    @property
    def view(self) -> EstimatesView:
        """What is chosen now."""
        first, last = self.time.value
        return replace(
            self._first,
            quantity=self.quantity.value,
            actor_id=self.actor.value,
            scope=self.scope.value,
            start=first.start_time.normalize(),
            end=last.end_time.normalize(),
            estimators=tuple(name for name in self.estimators.value if name),
            worst=self.worst.value,
            drop_interested=self.drop.value,
        )

    def _redraw(self) -> None:
        try:
            self.pictures.value, self.table.value = draw(self.rows, self.view)
        except EstimateError as empty:
            self.pictures.value, self.table.value = f'<p role="status">{escape(str(empty))}</p>', ""

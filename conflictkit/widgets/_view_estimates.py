"""The figures of a view: pure functions from what was chosen to rows, words, pictures and tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from conflictkit import look
from conflictkit.charts._layout import drawn, png
from conflictkit.charts.disagreement import plot_disagreement
from conflictkit.charts.estimates import plot_estimates
from conflictkit.charts.pool import plot_pool
from conflictkit.dates import span_in_words
from conflictkit.errors import EstimateError
from conflictkit.estimates import estimates_table, pool_estimates, select_estimates
from conflictkit.estimates._figures import WINDOW_DAYS, everybody
from conflictkit.html import Markup, join
from conflictkit.prose import counted, number, significant
from conflictkit.widgets import _code as code
from conflictkit.widgets._code import Name
from conflictkit.widgets._periods import ANYWHERE
from conflictkit.widgets._reasons import reasons_table
from conflictkit.widgets._shell import picture, scrolling, status, written

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

    from conflictkit.tables import Tables

GRADES = ("A", "B", "C", "D", "E", "F")
SIZE_IN = (8.0, 5.0)
YEAR_DAYS, MOST = 366, 40  # figures of one time, and not more than a reader looks through, stand one below the other
_PICTURES = Markup('<div style="display:flex;flex-wrap:wrap;gap:1em">{}</div>')


@dataclass(frozen=True)
class EstimatesView:
    """What was chosen: one thing that was counted, in one scope, over a time, by some estimators, from some sources."""

    quantity: str
    actor_id: str
    scope: str  # a scope of the rows, the id of a place, or empty for any countries
    start: pd.Timestamp
    end: pd.Timestamp
    estimators: tuple[str, ...] = ()  # empty: everyone
    min_reliability: str = "F"
    self_interested: bool = True


def choices(tables: Tables) -> dict[str, list[tuple[str, str]]]:
    """Return what can be chosen from the figures of some tables, as words and code; the most frequent first."""
    rows, paints = everybody(tables.fighter_estimates), look.palette(tables.actors)
    places = tables.places.set_index("place_id")["name"]
    named = sorted(set(rows["place_id"].dropna()), key=lambda place: str(places.get(place, place)))
    scopes = [scope for scope in rows["scope"].value_counts().index if scope != "place"]
    scopes.sort(key=lambda scope: -len(tables.countries_of(scope)))
    return {
        "quantity": [(quantity.replace("_", " "), quantity) for quantity in rows["quantity"].value_counts().index],
        "actor_id": [
            (paints[actor].short if actor in paints else actor, actor)
            for actor in rows["actor_id"].value_counts().index
        ],
        "scope": [
            *((tables.scope_name(s), s) for s in scopes),
            ("any countries", ANYWHERE),
            *((str(places.get(p, p)), p) for p in named),
        ],
        "estimators": [(name, name) for name in sorted(set(rows["estimator"]))],
    }


def selected(tables: Tables, view: EstimatesView) -> pd.DataFrame:
    """Return the rows of a view, or say that there are none."""
    rows = select_estimates(tables=tables, min_reliability=view.min_reliability, self_interested=view.self_interested)
    where = rows["scope"].eq(view.scope) | (rows["scope"].eq("place") & rows["place_id"].eq(view.scope))
    found = rows[
        (rows["scope"].ne("place") if view.scope == ANYWHERE else where)
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


def title(tables: Tables, view: EstimatesView) -> str:
    """Return in words what a view shows."""
    places = dict(zip(tables.places["place_id"], tables.places["name"], strict=True))
    where = "any countries" if view.scope == ANYWHERE else places.get(view.scope) or tables.scope_name(view.scope)
    who = look.paints_of([view.actor_id], tables.actors)[view.actor_id].name
    return f"{who}, {view.quantity.replace('_', ' ')}, {where}, {span_in_words([view.start, view.end])}"


def sentence(tables: Tables, found: pd.DataFrame, view: EstimatesView) -> str:
    """Say in a line what the picture shows."""
    ends = found[["low", "best", "high"]]
    low, high = float(ends.min().min()), float(ends.max().max())
    times = f", {significant(high / low, 2)} times as much" if low and high > low else ""
    spread = f"from {number(low)} to {number(high)}{times}"
    who = counted(found["estimator"].nunique(), "estimator")
    return f"{title(tables, view)}: {counted(len(found), 'figure')} by {who}, {spread}. {_pooled(tables, found)}"


def _pooled(tables: Tables, found: pd.DataFrame) -> str:
    """Say what the figures are together or, in the words of what can be chosen here, why they are not put together."""
    if len(found.drop_duplicates(["scope", "place_id"])) > 1:
        return "Not pooled: these are of several lands. Choose one."
    if found["as_of"].max() - found["as_of"].min() > pd.Timedelta(days=WINDOW_DAYS):
        return f"Not pooled: more than {WINDOW_DAYS} days lie between them. Choose a shorter time."
    try:
        pool = pool_estimates(found, tables=tables)
    except EstimateError as reason:
        return f"Not pooled: {reason}"
    if not pool.enough:
        return f"Not pooled: {pool.verdict}."
    centre, low, high = map(significant, (pool.best, pool.low, pool.high))
    return f"Pooled centre {centre}, {low} to {high}, each estimator once."


def draw(tables: Tables, view: EstimatesView) -> tuple[Markup, Markup, Markup]:
    """Return the pictures of a view, what it says and why its figures differ, and the table of its rows."""
    found = selected(tables, view)
    words = sentence(tables, found, view)
    plot, size = plot_of(found)
    pictures = [_image(plot, found, tables, words, size)]
    try:
        pool = pool_estimates(found, tables=tables)
        if pool.enough:
            pictures.append(_image(plot_pool, pool, tables, words, SIZE_IN))
    except EstimateError:
        pass  # the sentence says why there is no pool
    told = written(status(words) + reasons_table(tables, found))
    return _PICTURES.format(join(pictures)), told, table_of(tables, found)


def plot_of(found: pd.DataFrame) -> tuple[Callable[..., Axes], tuple[float, float]]:
    """Return the chart of some figures and its size: of one time side by side, of several years over time."""
    apart = found["as_of"].max() - found["as_of"].min()
    if apart > pd.Timedelta(days=YEAR_DAYS) or len(found) > MOST:
        return plot_estimates, SIZE_IN
    heads = len(found.drop_duplicates(["actor_id", "quantity", "scope"]))
    return plot_disagreement, (SIZE_IN[0], 2.4 + 0.27 * (len(found) + heads))


def table_of(tables: Tables, found: pd.DataFrame) -> Markup:
    """Return the rows as a table that scrolls."""
    rows = Markup(str(estimates_table(found, tables=tables)))
    return written(scrolling(rows, label="The figures"))


def _image(plot: Callable[..., Axes], shown: object, tables: Tables, words: str, size: tuple[float, float]) -> Markup:
    return picture(
        png(plot, shown, tables=tables, size=size, dpi=100),
        alt=words,
        style="flex:1 1 30em;min-width:0;max-width:min(100%,56em);height:auto",
    )


def drawn_of(tables: Tables, view: EstimatesView) -> Axes:
    """Return the chart of a view on a figure of its own."""
    found = selected(tables, view)
    plot, size = plot_of(found)
    return drawn(plot, found, tables=tables, size=size)


def numbers_of(tables: Tables, view: EstimatesView) -> pd.DataFrame:
    """Return the rows of a view as a file holds them, with the names of pages."""
    found = selected(tables, view)
    pages = tables.sources.drop_duplicates("source_id").set_index("source_id")
    told = {name: found["source_id"].map(pages[name]) for name in ("publisher", "url")}
    return found.assign(**told, definition="as published: low, best and high are those of the page")


def code_of(tables: Tables, view: EstimatesView, *, own_rows: bool, own_tables: bool) -> str:
    """Return the lines of a script for a view, with the chart that it is shown by."""
    try:
        plot = plot_of(selected(tables, view))[0].__name__
    except EstimateError:
        plot = plot_estimates.__name__
    return code_for(view, own_rows=own_rows, own_tables=own_tables, plot=plot)


def code_for(view: EstimatesView, *, own_rows: bool, own_tables: bool, plot: str = "plot_estimates") -> str:
    """Return the lines of a script that make the rows and the pictures of a view."""
    named = {"tables": Name("tables")} if own_tables else {}
    given = [Name("estimates")] if own_rows else []
    select = code.call(
        "ck.select_estimates",
        *given,
        min_reliability=view.min_reliability,
        self_interested=view.self_interested,
        **named,
    )
    place, of_whom = code.literal(view.scope), code.literal(view.actor_id)
    within = f"rows = rows[rows.scope.eq({place}) | (rows.scope.eq('place') & rows.place_id.eq({place}))]"
    lines = [f"# {word}: those that you gave to explore_estimates" for word in (*given, *named)]
    lines += [
        f"rows = {select}",
        "rows = rows[rows.scope.ne('place')]" if view.scope == ANYWHERE else within,
        f"rows = rows[rows.quantity.eq({code.literal(view.quantity)}) & rows.actor_id.eq({of_whom})]",
        f"rows = rows[rows.as_of.between({code.literal(code.day(view.start))}, {code.literal(code.day(view.end))})]",
    ]
    if view.estimators:
        lines.append(f"rows = rows[rows.estimator.isin({code.literal(view.estimators)})]")
    lines += [
        code.call(f"ck.{plot}", Name("rows"), **named),
        code.call("ck.estimates_table", Name("rows"), **named),
        "rows",
    ]
    return "\n".join(lines)

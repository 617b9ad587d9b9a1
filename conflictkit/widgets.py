"""Explorers for JupyterLab: controls wired to pictures. What is shown comes from the model and the charts."""

from __future__ import annotations

import base64
import io
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from conflictkit.charts import plot_territory, style
from conflictkit.territory import Territory

if TYPE_CHECKING:
    import datetime as dt

    from ipywidgets import VBox

    from conflictkit.territory.history import DateLike
    from conflictkit.territory.land import Level

SIZE_IN = (7.4, 7.6)  # of the map: legible beside a table on a screen of 1400 pixels
DPI = 90  # half of a map's time is its pixels
SUBJECT, NAMED = "isis", 3  # the sentence names the kit's subject and the three largest others; the table has all
COUNTRIES = {"IQ": "Iraq", "SY": "Syria", "all": "All"}
LEVELS = (("Core", "core"), ("Claimed", "claimed"))
CELL = "padding:0.15em 0.35em;text-align:right;white-space:nowrap"
NAME = "padding:0.15em 0.35em;text-align:left;font-weight:normal"


def explore_territory(
    territory: Territory | None = None,
    *,
    start: DateLike = "2014-01-01",
    end: DateLike = "2019-04-01",
    date: DateLike | None = None,
) -> VBox:
    """Return a dashboard: a slider over dates, the map of the day, and its numbers beside it.

    Parameters
    ----------
    territory
        The model; ``Territory.from_places()`` by default.
    start, end
        First and last day that can be chosen.
    date
        The day shown first; `start` by default.

    Returns
    -------
    ipywidgets.VBox
        A slider by month and a box for a single day, a choice of the land that the numbers count, the map with the
        numbers, and a line for errors. It is shown when it is the last value of a cell.

    Raises
    ------
    ValueError
        If `end` is before `start`, or `date` is outside them.

    Examples
    --------
    >>> dashboard = explore_territory(start="2017-01-01", end="2017-12-31", date="2017-11-03")
    >>> [control.description for control in dashboard.children[0].children]
    ['Month', 'Day', 'Numbers']
    """
    import ipywidgets as ipw
    from traitlets import link

    model = Territory.from_places() if territory is None else territory
    first, last = pd.Timestamp(start).date(), pd.Timestamp(end).date()
    day = _chosen(first if date is None else pd.Timestamp(date).date(), first, last)
    months = [max(first, month.start_time.date()) for month in pd.period_range(first, last, freq="M")]
    slider = ipw.SelectionSlider(
        options=[(f"{month:%B %Y}", month) for month in months],
        value=_month_of(day, months), description="Month", continuous_update=False,
        layout={"width": "28em", "max_width": "100%"},
    )  # fmt: skip
    box = ipw.DatePicker(value=day, description="Day", layout={"width": "16em"})
    level = ipw.ToggleButtons(options=LEVELS, description="Numbers", style={"button_width": "6em"})
    view, error = ipw.HTML(layout={"width": "100%"}), ipw.HTML()

    def redraw(_: object = None) -> None:
        try:
            view.value, error.value = draw(model, _chosen(box.value, first, last), level.value), ""
        except Exception as problem:  # noqa: BLE001 - anything else would be lost in the kernel's log
            error.value = f'<p role="alert"><b>{escape(type(problem).__name__)}</b>: {escape(str(problem))}</p>'

    # the slider writes its month into the box; a day in the box moves the slider to its month, without an echo
    link(
        (box, "value"),
        (slider, "value"),
        transform=(lambda chosen: _month_of(chosen, months) if chosen else slider.value, lambda month: month),
    )
    for control in (box, level):
        control.observe(redraw, names="value")
    redraw()
    controls = ipw.HBox([slider, box, level], layout={"flex_flow": "row wrap"})
    return ipw.VBox([controls, view, error])


def draw(territory: Territory, day: dt.date, level: Level) -> str:
    """Return the view of one day as HTML: the map with its alternative text, and the numbers beside it.

    Parameters
    ----------
    territory
        The model.
    day
        The day.
    level
        The land that the numbers count, ``core`` or ``claimed``; the map has both.

    Returns
    -------
    str
        A figure, a sentence and a table; text from the tables is escaped.
    """
    numbers = _numbers(territory, day, level)
    sentence = escape(_sentence(numbers, day, level))
    image = base64.b64encode(_png(territory, day)).decode()
    return (
        '<div style="display:flex;flex-wrap:wrap;gap:1.5em;align-items:flex-start">'
        f'<figure style="flex:1 1 26em;margin:0"><img style="width:100%;height:auto" alt="Map. {sentence}" '
        f'src="data:image/png;base64,{image}"></figure>'
        f'<div style="flex:0 1 auto;max-width:38em;overflow-x:auto;line-height:1.5"><p role="status">{sentence}</p>'
        f"{_html_table(numbers)}</div></div>"
    )


def _numbers(territory: Territory, day: dt.date, level: Level) -> pd.DataFrame:
    """Return km2 by holder as the map folds them, the largest first, land outside the core last, and by country."""
    area = territory.area(day, level=level).query("area_km2 > 0")
    folds = style.folded(area["actor_id"], style.palette())
    wide = area.pivot_table(
        index=area["actor_id"].replace(folds), columns="scope", values="area_km2", aggfunc="sum", fill_value=0.0
    )
    wide = wide[[*territory.scope, "all"]].sort_values("all", ascending=False)
    return wide.reindex(sorted(wide.index, key=lambda actor: actor == "none"))


def _sentence(numbers: pd.DataFrame, day: dt.date, level: Level) -> str:
    """Say in a line what the Islamic State held, and who held most."""
    paints, held = style.palette(), numbers["all"].drop("none", errors="ignore")
    km2 = {
        actor: float(held.get(actor, 0.0))
        for actor in [SUBJECT, *held.drop(SUBJECT, errors="ignore").head(NAMED).index]
    }
    whole = numbers["all"].sum()
    text = [f"{paints[actor].name} {_km2(area)} km2 ({area / whole:.1%})" for actor, area in km2.items()]
    return f"{style.day(pd.Timestamp(day))}, {level} land: {', '.join(text)}."


def _html_table(numbers: pd.DataFrame) -> str:
    """Return the numbers as a table, with the colour of each holder on the map."""
    paints, shares = style.palette(), numbers / numbers.sum()
    head = "".join(
        f'<th scope="col" colspan="2" style="{CELL}">{COUNTRIES.get(scope, escape(scope))}</th>'
        for scope in map(str, numbers)
    )
    body = ""
    for actor in map(str, numbers.index):
        name = "Outside the core" if actor == "none" else escape(paints[actor].name)
        swatch = f'<span style="display:inline-block;width:1em;background:{escape(paints[actor].color)}">&nbsp;</span>'
        pairs = zip(numbers.loc[actor], shares.loc[actor], strict=True)
        cells = "".join(
            f'<td style="{CELL}">{_km2(km2)}</td><td style="{CELL}">{share:.1%}</td>' for km2, share in pairs
        )
        body += f'<tr><th scope="row" style="{NAME}">{swatch} {name}</th>{cells}</tr>'
    caption = '<caption style="text-align:left">km2, to three significant figures, and share of the land</caption>'
    look = "border-collapse:collapse;font:inherit;font-size:0.92em"
    return f'<table style="{look}">{caption}<tr><td></td>{head}</tr>{body}</table>'


def _km2(area: float) -> str:
    """Return an area to three significant figures: the model is not good to more."""
    return f"{float(f'{area:.3g}'):,.0f}"


def _png(territory: Territory, day: dt.date) -> bytes:
    """Return the map of a day as PNG, drawn without pyplot: nothing is left open or shown."""
    from matplotlib.figure import Figure

    figure, target = Figure(figsize=SIZE_IN, dpi=DPI, layout="constrained"), io.BytesIO()
    plot_territory(territory, day, ax=figure.add_subplot())
    figure.savefig(target, format="png")
    return target.getvalue()


def _chosen(day: dt.date | None, first: dt.date, last: dt.date) -> dt.date:
    """Return the day, or say what days there are."""
    if day is None or not first <= day <= last:
        msg = f"Choose a day from {first} to {last}" + (f", not {day}." if day else ".")
        raise ValueError(msg)
    return day


def _month_of(day: dt.date, months: list[dt.date]) -> dt.date:
    """Return the last month that starts by the day, or the first of all."""
    return max((month for month in months if month <= day), default=months[0])

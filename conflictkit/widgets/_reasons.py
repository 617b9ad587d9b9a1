"""Why published figures differ: what they count, of whom, where, of when, published when, by whom, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from conflictkit.dates import in_words
from conflictkit.html import Markup, escape, table
from conflictkit.prose import number
from conflictkit.ranges import BOUNDS
from conflictkit.text import TEXT
from conflictkit.widgets._shell import scrolling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conflictkit.tables import Tables

HEAD = ("from", "to", "figures", "which")
STYLE = "vertical-align:top;padding:1px 8px 1px 0"
LATER = pd.Timedelta(days=366)  # after the day that a figure is of: said in hindsight
BOUND_WORDS = {
    "point": "one number",
    "range": "a range",
    "at_least": "at least so many: a floor",
    "at_most": "at most so many: a ceiling",
    "verbal": "words, read by a convention",
}
_BOX = Markup('<p style="margin:0.5em 0 0"><b>{}</b></p>{}')
_KIND = Markup("<b>{}</b>")


def reasons(tables: Tables, found: pd.DataFrame) -> pd.DataFrame:
    """Return the figures by each thing in which they can differ.

    Returns
    -------
    pandas.DataFrame
        One row per reason and group: ``reason``, ``group``, ``figures``, ``low``, ``high``; groups of a reason by their
        largest number. A reason of which there is one group is not one, and keeps its row: all figures share it.
    """
    groups = _groups(tables, found)
    rows = found.assign(**groups)
    rows = rows.assign(low=rows[list(BOUNDS)].min(axis=1), high=rows[list(BOUNDS)].max(axis=1))
    parts = []
    for reason in groups:
        told = rows.groupby(reason, sort=False).agg(figures=("low", "size"), low=("low", "min"), high=("high", "max"))
        told = told.sort_values("high", ascending=False).rename_axis("group").reset_index()
        parts.append(told.assign(reason=reason))
    return pd.concat(parts, ignore_index=True)[["reason", "group", "figures", "low", "high"]]


def _groups(tables: Tables, found: pd.DataFrame) -> dict[str, pd.Series]:
    """Return in words to which group of each reason a figure belongs."""
    actors = dict(zip(tables.actors["actor_id"], tables.actors["name"], strict=True))
    sides = tables.actors.set_index("actor_id")["side"]
    places = dict(zip(tables.places["place_id"], tables.places["name"], strict=True))
    where = found["place_id"].map(places).astype(TEXT).fillna(found["scope"].map(tables.scope_name))
    delay = found["published_date"] - found["as_of"]
    unit = "month" if found["as_of"].max() - found["as_of"].min() < LATER else "year"
    whose = found["estimator_actor_id"].map(sides).map(tables.side_name, na_action="ignore").astype(TEXT)
    return {
        "counts": found["quantity"].str.replace("_", " "),
        "of whom": found["actor_id"].map(lambda actor: actors.get(actor, actor)),
        "where": where,
        "of when": found["as_of"].map(lambda day: in_words(day, precision=unit, short=True)),
        "published": delay.gt(LATER).map({True: "more than a year later", False: "within a year"}),
        "by": whose.fillna("no side: monitors, researchers, newsrooms"),
        "as": found["bound_type"].map(lambda bound: BOUND_WORDS.get(bound, bound)),
        "interest": found["self_interested"].map({True: "helps the side that speaks", False: "does not help it"}),
    }


def reasons_table(tables: Tables, found: pd.DataFrame) -> Markup:
    """Return them as a table, the numbers first: each reason with its groups, shared ones in a line at the end."""
    if len(found) == 1:
        return Markup()
    told = reasons(tables, found)
    several = told.groupby("reason")["group"].transform("size") > 1
    body = list(_lines(told[several]))
    shared = "; ".join(f"{row['reason']} {row['group']}" for row in told[~several].to_dict("records"))
    note = Markup('<p style="margin:0.3em 0">{}</p>').format(f"All alike: {shared}.") if shared else escape("")
    why = "Why they differ"
    return _BOX.format(why, scrolling(table(HEAD, body, style=STYLE, right=(0, 1, 2)), label=why)) + note


def _lines(told: pd.DataFrame) -> Iterator[list[object]]:
    """Yield the cells of each reason and of its groups."""
    for reason, group in told.groupby("reason", sort=False):
        yield ["", "", "", _KIND.format(reason)]
        for row in group.to_dict("records"):
            yield [number(row["low"]), number(row["high"]), row["figures"], row["group"]]

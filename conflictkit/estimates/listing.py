"""A table of estimates for a notebook: one row a figure, the page as a link, everything escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from conflictkit.dates import in_words, iso
from conflictkit.estimates._grades import graded
from conflictkit.html import Markup, link, table
from conflictkit.prose import KM2
from conflictkit.ranges import ranges_of
from conflictkit.text import TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conflictkit.ranges import Range
    from conflictkit.tables import Tables

HEAD = (
    *("figure", "counts", "of whom", "where", "as of", "published", "by", "speaks for", "grade", "interest"),
    *("words of the page", "source", "note"),
)
STYLE = "text-align: left; vertical-align: top; padding: 2px 8px 2px 0; border-bottom: 1px solid #D9D9D9"
UNITS = {"percent": " %", "km2": f" {KM2}"}


class HtmlTable(str):
    """Text of an HTML table that a notebook shows as a table."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Return a line for a console, which cannot show the table."""
        return f"<HtmlTable of {self.count('<tr>') - 1} figures>"

    def _repr_html_(self) -> str:
        """Return the table, for a notebook."""
        return str(self)


def estimates_table(estimates: pd.DataFrame | None = None, *, tables: Tables | None = None) -> HtmlTable:
    """Return published figures as an HTML table, by date, each with its grades and a link to its page.

    Parameters
    ----------
    estimates
        Rows like those of ``load_fighter_estimates`` or ``load_area_estimates``; the fighter estimates of the tables by
        default. Rows of ``select_estimates`` keep the grades that they have.
    tables
        The tables with the actors, places and sources that the rows name; the shipped ones by default.

    Returns
    -------
    HtmlTable
        A string that a notebook shows as a table: the figure, what it counts, of whom, where and when, by whom and for
        which side, its grades, the words of the page and the note of the row. The grade is reliability of the source,
        then credibility of the figure, as in ``select_estimates``: two marks, never one. All text from the rows is
        escaped; only http and https addresses become links.

    Raises
    ------
    TableError
        If there is no row, a column is missing, a cell is not of its type, or a row has no usable number.

    Examples
    --------
    >>> from conflictkit import estimates_table, select_estimates
    >>> graded = select_estimates()
    >>> html = estimates_table(graded[graded["as_of"] == "2017-11-03"])
    >>> "1,500–2,500" in html and 'href="https://www.trtworld.com' in html
    True
    """
    rows, tables = graded(estimates, tables, what="estimates_table")
    ordered = rows.sort_values(["as_of", "estimator"], kind="stable")
    pages = tables.sources.set_index("source_id")
    of_page = {column: ordered["source_id"].map(pages[column]) for column in ("publisher", "url")}
    names = dict(zip(tables.actors["actor_id"], tables.actors["name"], strict=True))
    whose = {
        name: ordered[column].map(lambda actor: names.get(actor, actor)) if column in ordered else None
        for name, column in (("whom", "actor_id"), ("speaks_for", "estimator_actor_id"))
    }
    told = ordered.assign(where=_where(ordered, tables), **of_page, **whose)
    cells = (list(_cells(row, figure)) for (_, row), figure in zip(told.iterrows(), ranges_of(told), strict=True))
    return HtmlTable(table(HEAD, cells, style=STYLE))


def _where(rows: pd.DataFrame, tables: Tables) -> pd.Series:
    """Return the place of each row by name, or the countries of its scope."""
    place = rows["place_id"] if "place_id" in rows else pd.Series(None, index=rows.index, dtype=TEXT)
    names = place.map(tables.places.set_index("place_id")["name"]).fillna(place)
    return names.fillna(rows["scope"].map(tables.scope_name))


def _cells(row: pd.Series, figure: Range) -> Iterator[str | Markup]:
    """Yield the cells of one row."""
    day = row["as_of"]
    precise = row["date_prec"] not in {"month", "year"}
    yield f"{figure}{UNITS.get(str(row.get('unit')), '')}{' (in words)' if row['bound_type'] == 'verbal' else ''}"
    yield str(row["quantity"] if "quantity" in row else row["metric"]).replace("_", " ")
    yield _text(row["whom"])
    yield str(row["where"])
    yield iso(day) if precise else in_words(day, precision=row["date_prec"], short=True)
    yield iso(row["published_date"]) if pd.notna(row["published_date"]) else ""
    yield str(row["estimator"])
    yield _text(row["speaks_for"])
    yield f"{row['reliability']} {row['credibility']}"
    yield "against its interest" if row["against_interest"] else "helps its side" if row["self_interested"] else ""
    yield _text(row["quote"])
    yield link(row["url"], _text(row["publisher"]) or _text(row["source_id"]))
    yield _text(row.get("note"))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""

"""A table of estimates for a notebook: one row a figure, the page as a link, everything escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from conflictkit.datasets import load_places, load_sources
from conflictkit.estimates.interest import NEEDED, grade
from conflictkit.estimates.ranges import need, number, spoken

if TYPE_CHECKING:
    from collections.abc import Iterator

SCOPES = {"iraq_syria": "Iraq and Syria", "iraq": "Iraq", "syria": "Syria"}
DATES = {"month": "%b %Y", "year": "%Y"}
HEAD = (
    "as of",
    "published",
    "estimator",
    "counts",
    "where",
    "figure",
    "grade",
    "interest",
    "words of the page",
    "source",
)
STYLE = "text-align: left; vertical-align: top; padding: 2px 8px 2px 0; border-bottom: 1px solid #D9D9D9"


class HtmlTable(str):
    """Text of an HTML table that a notebook shows as a table."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Return a line for a console, which cannot show the table."""
        return f"<HtmlTable of {self.count('<tr>') - 1} figures>"

    def _repr_html_(self) -> str:
        """Return the table, for a notebook."""
        return str(self)


def estimates_table(rows: pd.DataFrame, *, among: pd.DataFrame | None = None) -> HtmlTable:
    """Return published figures as an HTML table, by date, each with its grades and a link to its page.

    Parameters
    ----------
    rows
        Rows like those of ``load_fighter_estimates`` or ``load_area_estimates``.
    among
        The published figures that the grades compare with; the rows themselves by default.

    Returns
    -------
    HtmlTable
        A string that a notebook shows as a table. The grade is reliability of the source, then credibility of the
        figure, as in ``grade``: two marks, never one. All text from the rows is escaped; only http and https
        addresses become links.

    Raises
    ------
    EstimateError
        If there is no row, a column is missing, or a row has no usable number.

    Examples
    --------
    >>> from conflictkit import estimates_table, load_fighter_estimates
    >>> table = load_fighter_estimates()
    >>> html = estimates_table(table[table["as_of"] == "2017-11-03"], among=table)
    >>> "1,500 to 2,500" in html and 'href="https://www.trtworld.com' in html
    True
    """
    need(rows, NEEDED, what="estimates_table")
    told = grade(rows, among=among).sort_values(["as_of", "estimator"], kind="stable")
    pages = load_sources().set_index("source_id")[["publisher", "url"]]
    told = told.join(pages, on="source_id").assign(where=_where(told))
    head = "".join(f'<th scope="col" style="{STYLE}">{name}</th>' for name in HEAD)
    body = "".join(f"<tr>{''.join(_cells(row))}</tr>" for _, row in told.iterrows())
    return HtmlTable(f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")


def _where(rows: pd.DataFrame) -> pd.Series:
    place = rows["place_id"] if "place_id" in rows else pd.Series(None, index=rows.index, dtype="str")
    names = place.map(load_places().set_index("place_id")["name"]).fillna(place)
    return names.fillna(rows["scope"].map(SCOPES)).fillna(rows["scope"])


def _cells(row: pd.Series) -> Iterator[str]:
    """Yield the cells of one row."""
    figure = spoken(*(float(row[bound]) for bound in ("low", "best", "high")))
    unit = {"percent": " %", "km2": " km\N{SUPERSCRIPT TWO}"}.get(str(row.get("unit")), "")
    marks = {"verbal": " (in words)"}.get(str(row.get("bound_type")), "")
    counted = str(row["quantity"] if "quantity" in row else row["metric"]).replace("_", " ")
    published = row.get("published_date")
    told = published.strftime("%Y-%m-%d") if isinstance(published, pd.Timestamp) and pd.notna(published) else ""
    interest = "against its interest" if row["against_interest"] else "helps its side" if row["self_interested"] else ""
    texts = [
        row["as_of"].strftime(DATES.get(str(row["date_prec"]), "%Y-%m-%d")), told, row["estimator"], counted,
        row["where"], figure + unit + marks, f"{row['reliability']} {number(row['credibility'])}", interest,
        _text(row.get("quote")),
    ]  # fmt: skip
    for text in texts:
        yield f'<td dir="auto" style="{STYLE}">{escape(str(text))}</td>'
    yield f'<td style="{STYLE}">{_link(row["publisher"], row["url"], row["source_id"])}</td>'


def _link(publisher: object, url: object, source_id: object) -> str:
    """Return the page as a link, or its name where there is no address that may be followed."""
    name = escape(_text(publisher) or _text(source_id))
    if _text(url).lower().startswith(("https://", "http://")):
        return f'<a href="{escape(_text(url))}" rel="noopener">{name}</a>'
    return name


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""

"""The table for notebooks: everything escaped, links only where one may be followed."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import conflictkit as ck

if TYPE_CHECKING:
    from collections.abc import Callable

ESTIMATES = ck.load_fighter_estimates()
NASTY = "<script>alert('x')</script> & \"more\""


class Reader(HTMLParser):
    """Collect the tags, the targets of links and the text of a table."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.text += data


def test_one_row_a_figure_and_each_page_a_link() -> None:
    """All 251 figures, in order of date, each with its page."""
    html = ck.estimates_table(ESTIMATES)
    read = Reader(html)
    assert read.tags.count("tr") == len(ESTIMATES) + 1
    assert len(read.links) == len(ESTIMATES)
    assert html._repr_html_() == html
    assert repr(html) == "<HtmlTable of 251 figures>"


@pytest.mark.parametrize("column", ["estimator", "quote", "place_id", "scope", "quantity", "source_id"])
def test_text_from_data_is_escaped(column: str) -> None:
    """Markup in a cell is text."""
    country = column == "scope"
    row = ESTIMATES[ESTIMATES["place_id"].isna() == country].head(1).assign(**{column: NASTY})
    read = Reader(ck.estimates_table(row))
    assert "script" not in read.tags
    assert NASTY in read.text


def test_only_web_addresses_become_links() -> None:
    """A script address is shown as a name."""
    sources = ck.load_sources()
    here = sources["source_id"] == "reuters-2017-11-03"
    sources.loc[here, "publisher"] = NASTY
    tables = ck.Tables.shipped().replace(sources=sources)
    page = Reader(ck.estimates_table(ESTIMATES[ESTIMATES["source_id"] == "reuters-2017-11-03"], tables=tables))
    assert NASTY in page.text
    assert all(link.startswith("https://") for link in page.links)


def test_an_own_source_shows(rows: Callable[..., pd.DataFrame]) -> None:
    """A page of one's own has its publisher and its link; one that no table has its id."""
    mine = ck.load_sources().head(1).assign(source_id="my-page", publisher="My Paper", url="https://example.org/mine")
    tables = ck.Tables.shipped().replace(sources=pd.concat([ck.load_sources(), mine], ignore_index=True))
    told = rows({"best": 1, "source_id": "my-page"}, {"best": 2, "source_id": "lost-page", "estimator": "B"})
    page = Reader(ck.estimates_table(told, tables=tables))
    assert page.links == ["https://example.org/mine"]
    assert "My Paper" in page.text
    assert "lost-page" in page.text


def test_rows_keep_the_grades_that_they_were_selected_with(rows: Callable[..., pd.DataFrame]) -> None:
    """A figure shown alone was graded beside the others."""
    told = rows({"best": 5000, "source_id": "janes"}, {"best": 5000, "estimator": "B"})
    assert "C 2" in Reader(ck.estimates_table(ck.select_estimates(told).head(1))).text.replace("B 2", "C 2")
    assert " 6" in Reader(ck.estimates_table(told.head(1))).text


def test_a_table_of_another_war(other_war: ck.Tables) -> None:
    """Its own places, countries and pages; a month is a month, a bound a bound."""
    text = Reader(ck.estimates_table(tables=other_war)).text
    for told in ("Aland and Beland", "Golf", "The Hill Gazette", "Jan 1994", "1993", "at most 900", "6,000–9,000"):
        assert told in text
    land = Reader(ck.estimates_table(other_war.area_estimates, tables=other_war)).text
    assert "50 %" in land
    assert "9,000 km\N{SUPERSCRIPT TWO}" in land
    assert "Iraq" not in text + land


def test_quotes_are_not_typeset() -> None:
    """A dollar in a quote is a dollar."""
    html = ck.estimates_table(ESTIMATES.head(1).assign(quote="paid $1 million, then $2 million"))
    assert 'class="tex2jax_ignore mathjax_ignore"' in html
    assert "paid $1 million, then $2 million" in html

"""The table for notebooks: everything escaped, links only where one may be followed."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

import conflictkit as ck
from conflictkit.estimates import listing

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
    """All 138 figures, in order of date, each with its page."""
    html = ck.estimates_table(ESTIMATES)
    read = Reader(html)
    assert read.tags.count("tr") == len(ESTIMATES) + 1
    assert len(read.links) == len(ESTIMATES)
    assert html._repr_html_() == html
    assert repr(html) == "<HtmlTable of 138 figures>"


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
    link = listing._link("page", "javascript:alert(1)", "id")  # noqa: SLF001 - no shipped page has such an address
    assert link == "page"

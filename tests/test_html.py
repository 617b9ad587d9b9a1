"""HTML by construction: text stays text, whatever it holds."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conflictkit.html import Markup, as_written, escape, image, join, link, said, table

POISON = "<script>alert('1')</script>\"&amp;"


class Page(HTMLParser):
    """The elements and the text of some HTML."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[dict[str, str | None]] = []
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element."""
        self.tags.append(tag)
        self.attributes.append(dict(attrs))

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.text += data


@pytest.mark.parametrize(
    "url", ["https://example.org/a?b=1&c=2", "HTTPS://EXAMPLE.ORG/", "http://example.org", " https://e.org "]
)
def test_an_address_of_the_web_is_a_link_of_its_own(url: str) -> None:
    """It tells the page nothing of where it came from, and nothing of it can reach back."""
    page = Page(link(url, POISON))
    assert page.tags == ["a"]
    assert page.attributes[0]["href"] == url.strip()
    assert (page.attributes[0]["rel"], page.attributes[0]["target"]) == ("noopener noreferrer", "_blank")
    assert page.text == POISON


@pytest.mark.parametrize(
    "url",
    [
        *(
            "javascript:alert(1)",
            "JAVASCRIPT:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
        ),
        *("ftp://example.org", "//example.org", "example.org", "", " ", None, float("nan"), 5, "x https://example.org"),
    ],
)
def test_any_other_address_is_none(url: object) -> None:
    """The name alone stays."""
    assert link(url, POISON) == escape(POISON)


def test_a_quote_does_not_leave_its_attribute() -> None:
    """Not in the address, not in what an image shows."""
    assert Page(link('https://e.org/" onclick="x', "a")).attributes[0].keys() == {"href", "target", "rel", "style"}
    page = Page(image(b"\x89PNG", alt='" onerror="x'))
    assert page.attributes == [
        {"src": "data:image/png;base64,iVBORw==", "alt": '" onerror="x', "style": "max-width: 100%"}
    ]


def test_join_escapes_all_but_markup() -> None:
    """The text between is text too."""
    assert join(["a<b", Markup("<br>"), 5], " & ") == "a&lt;b &amp; <br> &amp; 5"
    assert isinstance(join([]), Markup)


def test_table_has_its_heads_and_figures_at_the_right() -> None:
    """One row a sequence of cells; text of any script keeps its direction."""
    made = table(["holder", "km2"], [["a", 5], ["b", 6]], style="padding: 1px", right=[1])
    page = Page(made)
    assert isinstance(made, Markup)
    assert page.tags == ["table", "thead", "tr", "th", "th", "tbody", "tr", "td", "td", "tr", "td", "td"]
    assert page.text == "holderkm2a5b6"
    cells = [one for tag, one in zip(page.tags, page.attributes, strict=True) if tag == "td"]
    assert [cell["style"] for cell in cells[:2]] == ["padding: 1px", "text-align: right; padding: 1px"]
    assert {cell["dir"] for cell in cells} == {"auto"}


def test_nothing_in_a_table_is_typeset() -> None:
    """A dollar in a quote is a dollar: both versions of MathJax pass over the table."""
    assert Page(table(["$x$"], [["$50,000$"]])).attributes[0]["class"] == "tex2jax_ignore mathjax_ignore"


def test_a_row_of_another_length_is_an_error_of_the_kit() -> None:
    """No cell slips under another head."""
    with pytest.raises(ValueError, match="argument"):
        table(["a", "b"], [["1"]])


@given(st.lists(st.text(), min_size=2, max_size=2))
def test_no_text_makes_an_element(cells: list[str]) -> None:
    """What goes in as text comes out as text."""
    page = Page(table(["a", "b"], [cells]))
    assert page.tags == ["table", "thead", "tr", "th", "th", "tbody", "tr", "td", "td"]


def test_names_from_right_to_left_stand_apart() -> None:
    """Each in an element of its own, so that a number after it stays after it; marks that turn text are dropped."""
    page = Page(str(said("قوات سوريا: 93 <b>, \u202eturned")))
    assert page.tags == ["bdi"]
    assert page.text == "قوات سوريا: 93 <b>, turned"
    assert said(Markup("<b>قوات</b>")) == "<b>قوات</b>"


def test_what_is_as_written_is_no_formula() -> None:
    """The classes by which MathJax, of either version, passes over text."""
    page = Page(str(as_written(escape("$1, then $2"), style="color: red")))
    assert page.attributes == [{"class": "tex2jax_ignore mathjax_ignore", "style": "color: red"}]
    assert page.text == "$1, then $2"

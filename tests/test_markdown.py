"""A little Markdown: its few marks, and everything else as text."""

from __future__ import annotations

import pytest

from conflictkit.markdown import plain, rendered

CASES = {
    "one\ntwo\n\nthree": "<p>one two</p>\n<p>three</p>",
    "# Title\ntext": "<h2>Title</h2>\n<p>text</p>",
    "- a\n- b\n  goes on\n\n1. c\n2) d": "<ul><li>a</li><li>b goes on</li></ul>\n<ol><li>c</li><li>d</li></ol>",
    "**bold** and *thin*": "<p><strong>bold</strong> and <em>thin</em></p>",
    "2 * 3 * 4 and ** 5": "<p>2 * 3 * 4 and ** 5</p>",
    "[a **b**](https://x.org/?a=1&b=2)": (
        '<p><a href="https://x.org/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">a <strong>b</strong></a></p>'
    ),
    "": "",
}
HOSTILE = [
    "<b>x</b>",
    "**<img src=x onerror=alert(1)>**",
    "[<script>](https://x.org)",
    '[x](https://x.org"onmouseover="alert(1))',
    "# <script>alert(1)</script>",
    "- <svg onload=alert(1)>",
]


@pytest.mark.parametrize(("text", "html"), CASES.items(), ids=range(len(CASES)))
def test_marks(text: str, html: str) -> None:
    """Each mark becomes its element; a star that touches no word is a star."""
    assert rendered(text) == html


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_is_text(text: str) -> None:
    """No element and no attribute comes from what was typed."""
    found = rendered(text)
    for mark in ("<b>", "<img", "<script", "<svg", '"onmouseover'):
        assert mark not in found


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//x.org"])
def test_other_addresses_are_no_links(address: str) -> None:
    """What can run or reveal something stays the text that it is."""
    assert rendered(f"[x]({address})") == f"<p>[x]({address})</p>"


def test_words_without_marks() -> None:
    """For descriptions: no sign of the marks, and what looks like markup as typed."""
    assert plain("# A\n**b** <i>") == "A b <i>"

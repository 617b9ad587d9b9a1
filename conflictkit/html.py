"""HTML that is escaped by construction: every text goes through ``markupsafe``, which Jinja2 brings."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from conflictkit.prose import STRETCH, TURNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Markup", "as_written", "escape", "image", "join", "link", "said", "table"]

WEB = ("https://", "http://")  # the only addresses that become links: all others can run or reveal something

# In a tab of its own, which is told nothing of the page it came from; JupyterLab underlines no link in a widget.
_LINK = Markup('<a href="{}" target="_blank" rel="noopener noreferrer"{}>{}</a>')
_LINED = Markup(' style="text-decoration: underline"')
# A dollar in a quote is a dollar: JupyterLab's MathJax passes over what is so marked, in either version's words.
_PLAIN = "tex2jax_ignore mathjax_ignore"
_AS_WRITTEN = Markup('<div class="{}" style="{}">{}</div>')
_APART = Markup("<bdi>{}</bdi>")
_TABLE = Markup('<table class="{}"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>')
_HEAD = Markup('<th scope="col" style="{}">{}</th>')
_CELL = Markup('<td dir="auto" style="{}">{}</td>')
_ROW = Markup("<tr>{}</tr>")
_IMAGE = Markup('<img src="data:image/png;base64,{}" alt="{}"{} style="max-width: 100%">')


def link(url: object, text: object, *, bare: bool = False) -> Markup:
    """Return a page as a link, or its name alone where the address is none of the web.

    A `bare` one has no style of its own, which the policy of a page of ours forbids.
    """
    if isinstance(url, str) and url.strip().lower().startswith(WEB):
        return _LINK.format(url.strip(), Markup("") if bare else _LINED, text)
    return escape(text)


def image(png: bytes, *, alt: str, width: int | None = None) -> Markup:
    """Return a PNG inside the page, some pixels wide, with what it shows for those who cannot see it."""
    wide = Markup("") if width is None else Markup(' width="{}"').format(width)
    return _IMAGE.format(base64.b64encode(png).decode("ascii"), alt, wide)


def join(parts: Iterable[object], between: str = "") -> Markup:
    """Return parts in a row, each escaped unless it is markup already."""
    return escape(between).join(map(escape, parts))


def as_written(content: Markup, *, style: str = "") -> Markup:
    """Return content in which no notebook takes what stands between two dollars for a formula."""
    return _AS_WRITTEN.format(_PLAIN, style, content)


def said(sentence: str) -> Markup:
    """Return a sentence of ours, escaped unless it is markup, whose names from right to left stay where they are."""
    if isinstance(sentence, Markup):
        return sentence
    parts = STRETCH.split(TURNS.sub("", sentence))
    return join(_APART.format(part) if STRETCH.fullmatch(part) else part for part in parts)


def table(
    head: Sequence[object], rows: Iterable[Sequence[object]], *, style: str = "", right: Iterable[int] = ()
) -> Markup:
    """Return a table: one row a sequence of cells, each escaped unless it is markup already.

    Parameters
    ----------
    head
        What the columns are called.
    rows
        The cells; text of any script keeps its own direction.
    style
        Style of every cell.
    right
        Numbers of the columns that hold figures, which stand at the right.
    """
    figures = set(right)
    aligned = [f"text-align: right; {style}" if n in figures else style for n in range(len(head))]
    heads = _across(_HEAD, aligned, head)
    return _TABLE.format(_PLAIN, heads, join(_ROW.format(_across(_CELL, aligned, row)) for row in rows))


def _across(cell: Markup, styles: Sequence[str], texts: Sequence[object]) -> Markup:
    """Return the cells of one row."""
    return join(cell.format(*pair) for pair in zip(styles, texts, strict=True))

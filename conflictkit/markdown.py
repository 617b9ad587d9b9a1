"""A little Markdown as HTML, escaped by construction: what is not one of a few marks stays the text that it is.

Known are paragraphs, headings (``#``), lists (``-`` and ``1.``), ``**bold**``, ``*italics*`` and
``[words](https://address)``. Markup is text: ``<b>`` is shown as typed.
"""

from __future__ import annotations

import re
from itertools import groupby

from conflictkit.html import WEB, Markup, join, link, said

BOLD, ITALICS = Markup("<strong>{}</strong>"), Markup("<em>{}</em>")
PARAGRAPH, ITEM = Markup("<p>{}</p>"), Markup("<li>{}</li>")

# Stars touch the words that they mark, so that 2 * 3 is a sum; none stands inside another of its kind.
INLINE = re.compile(
    r"\[(?P<words>[^\[\]]+)\]\((?P<address>[^()\s]+)\)"
    r"|\*\*(?=\S)(?P<bold>[^*]+)(?<=\S)\*\*"
    r"|\*(?=\S)(?P<italics>[^*]+)(?<=\S)\*"
)
KINDS = {
    "heading": re.compile(r"#{1,6}\s+(?P<text>\S.*)"),
    "ul": re.compile(r"[-*]\s+(?P<text>\S.*)"),
    "ol": re.compile(r"\d+[.)]\s+(?P<text>\S.*)"),
}
CONTINUED = re.compile(r"\s+\S")


def rendered(text: str, *, heading: int = 2) -> Markup:
    """Return Markdown as HTML, its headings of one level, whatever the number of their signs."""
    return join((_block(kind, lines, heading) for kind, lines in _blocks(text)), "\n")


def plain(text: str) -> str:
    """Return the words of Markdown, without its marks."""
    return rendered(text).striptags()


def _blocks(text: str) -> list[tuple[str, list[str]]]:
    """Return what stands together: the kind of each block, and its lines or items."""
    found: list[tuple[str, str]] = []
    for line in text.splitlines():
        kind, words = _kind(line)
        # an indented line goes on with the item above it
        if kind == "text" and found and found[-1][0] in {"ul", "ol"} and CONTINUED.match(line):
            found[-1] = (found[-1][0], f"{found[-1][1]} {words}")
        else:
            found.append((kind, words))
    grouped = [(kind, [words for _, words in lines]) for kind, lines in groupby(found, key=lambda line: line[0])]
    return [(kind, lines) for kind, lines in grouped if kind != "blank"]


def _kind(line: str) -> tuple[str, str]:
    words = line.strip()
    if not words:
        return "blank", ""
    matches = ((kind, form.fullmatch(words)) for kind, form in KINDS.items())
    return next(((kind, match["text"]) for kind, match in matches if match), ("text", words))


def _block(kind: str, lines: list[str], heading: int) -> Markup:
    if kind == "text":
        return PARAGRAPH.format(_inline(" ".join(lines)))
    if kind == "heading":
        form = Markup(f"<h{heading}>{{}}</h{heading}>")
        return join(form.format(_inline(line)) for line in lines)
    return Markup(f"<{kind}>{{}}</{kind}>").format(join(ITEM.format(_inline(line)) for line in lines))


def _inline(text: str) -> Markup:
    """Return a line with its links, bold and slanted words."""
    parts, end = [], 0
    for found in INLINE.finditer(text):
        parts += [said(text[end : found.start()]), _marked(found)]
        end = found.end()
    return join([*parts, said(text[end:])])


def _marked(found: re.Match[str]) -> Markup:
    if found["bold"] or found["italics"]:
        return BOLD.format(_inline(found["bold"])) if found["bold"] else ITALICS.format(_inline(found["italics"]))
    # any other address can run or reveal something: what was typed stays
    web = found["address"].lower().startswith(WEB)
    return link(found["address"], _inline(found["words"]), bare=True) if web else said(found[0])

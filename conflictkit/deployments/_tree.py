"""An order of battle as a tree: in text, and in HTML that escapes every word of the tables."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from conflictkit.datasets import load_sources
from conflictkit.ranges import ranges_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

# A link of its own tab; JupyterLab underlines none in a widget.
LINK = 'target="_blank" rel="noopener noreferrer" style="text-decoration: underline"'
PLAIN = '<ul style="list-style: none; padding-left: 1.4em; margin: 0">'


def as_text(title: str, frame: pd.DataFrame, rule: str) -> str:
    """Return the rows of an order of battle as a tree of lines."""
    if frame.empty:
        return f"{title}\nNo force is reported. {rule}"
    lines, levels = [title], frame["level"].tolist()
    for i, line in enumerate(_lines(frame)):
        lines.append(_branches(levels, i) + line)
    return "\n".join(lines)


def as_html(title: str, frame: pd.DataFrame, rule: str) -> str:
    """Return the rows of an order of battle as nested lists that fold, with overlaps, what is not added, and pages."""
    if frame.empty:
        return f"<p><strong>{escape(title)}</strong></p><p>No force is reported. {escape(rule)}</p>"
    parts, levels = [f"<p><strong>{escape(title)}</strong></p>", PLAIN], frame["level"].tolist()
    for i, (line, remarks) in enumerate(zip(_lines(frame), _remarks(frame), strict=True)):
        after = levels[i + 1] if i + 1 < len(levels) else 0
        small = "".join(f"<div><small>{remark}</small></div>" for remark in remarks)
        if after > levels[i]:
            parts.append(f"<li><details open><summary>{escape(line)}</summary>{small}{PLAIN}")
        else:
            parts.append(f"<li>{escape(line)}{small}</li>" + "</ul></details></li>" * (levels[i] - after))
    return "\n".join([*parts, "</ul>", f"<p><small>{escape(rule)}</small></p>"])


def _remarks(frame: pd.DataFrame) -> Iterator[list[str]]:
    """Return what is said below each row, escaped: overlaps, figures that are not added, links to the pages."""
    table = load_sources()
    sources = dict(zip(table["source_id"], zip(table["url"], table["publisher"], strict=True), strict=True))
    columns = (frame[name] for name in ("overlaps", "not_added", "reported", "source_ids"))
    for overlaps, not_added, reported, source_ids in zip(*columns, strict=True):
        remarks = [f"overlap: {escape(overlaps)}"] * bool(overlaps)
        remarks += [f"not added: {escape(not_added)}"] * bool(not_added)
        pages = [sources.get(page, (None, None)) for page in source_ids.split(";")] if reported and source_ids else []
        links = [link(url, name if isinstance(name, str) else "a page") for url, name in pages]
        yield [*remarks, *([f"pages: {', '.join(links)}"] if links else [])]


def link(url: object, publisher: str) -> str:
    """Return a page as a link; an address that is none of the web is left out."""
    name = escape(publisher)
    if not (isinstance(url, str) and url.startswith(("http://", "https://"))):
        return name
    return f'<a href="{escape(url)}" {LINK}>{name}</a>'


def _lines(frame: pd.DataFrame) -> list[str]:
    """Return what each row says: name, strength, and where; of a side, how many forces have a figure."""
    lines = []
    for row, strength in zip(frame.itertuples(), ranges_of(frame, prefix="strength_"), strict=True):
        if row.level == 0:
            tail = f" ({row.with_figure} of {row.forces} forces with a figure)"
        else:
            tail = f" \N{MIDDLE DOT} {', '.join(str(row.where).split('; '))}" if row.reported else ""
        lines.append(f"{row.name}: {strength}{tail}")
    return lines


def _branches(levels: list[int], at: int) -> str:
    """Return the lines that lead to a row of the tree."""
    level, rest = levels[at], levels[at + 1 :]
    if level == 0:
        return ""

    def goes_on(depth: int) -> bool:
        """Whether a row of this depth follows before the branch above it ends."""
        return next((below for below in rest if below <= depth), 0) == depth

    through = "".join("\N{BOX DRAWINGS LIGHT VERTICAL}  " if goes_on(depth) else "   " for depth in range(1, level))
    return (
        through
        + ("\N{BOX DRAWINGS LIGHT VERTICAL AND RIGHT}" if goes_on(level) else "\N{BOX DRAWINGS LIGHT UP AND RIGHT}")
        + "\N{BOX DRAWINGS LIGHT HORIZONTAL} "
    )

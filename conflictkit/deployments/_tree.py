"""An order of battle as a tree: in text, and in HTML that escapes every word of the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conflictkit.html import Markup, join, link
from conflictkit.prose import counted
from conflictkit.ranges import ranges_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

_LIST = Markup('<ul style="list-style: none; padding-left: 1.4em; margin: 0">{}</ul>')
_FOLD = Markup("<li><details open><summary>{}</summary>{}{}</details></li>")
_LEAF = Markup("<li>{}{}</li>")
_REMARK = Markup("<div><small>{}: {}</small></div>")
_HEAD = Markup("<p><strong>{}</strong></p>")
_EMPTY = "No force is reported."


def as_text(title: str, frame: pd.DataFrame, rule: str) -> str:
    """Return the rows of an order of battle as a tree of lines."""
    if frame.empty:
        return f"{title}\n{_EMPTY} {rule}"
    levels = frame["level"].tolist()
    return "\n".join([title, *(_branches(levels, i) + line for i, line in enumerate(_lines(frame)))])


def as_html(title: str, frame: pd.DataFrame, rule: str, sources: pd.DataFrame) -> Markup:
    """Return the rows of an order of battle as nested lists that fold, with overlaps, what is not added, and pages."""
    head = _HEAD.format(title)
    if frame.empty:
        return head + Markup("<p>{} {}</p>").format(_EMPTY, rule)
    rows = list(zip(frame["level"].tolist(), _lines(frame), _remarks(frame, sources), strict=True))
    return head + _items(rows, 0) + Markup("<p><small>{}</small></p>").format(rule)


def _items(rows: list[tuple[int, str, Markup]], level: int) -> Markup:
    """Return rows as a list: each of this level with those that follow it, up to the next one, inside."""
    at = [i for i, row in enumerate(rows) if row[0] == level]
    items = []
    for start, end in zip(at, [*at[1:], len(rows)], strict=True):
        _, line, remarks = rows[start]
        inside = rows[start + 1 : end]
        items.append(_FOLD.format(line, remarks, _items(inside, level + 1)) if inside else _LEAF.format(line, remarks))
    return _LIST.format(join(items))


def _remarks(frame: pd.DataFrame, sources: pd.DataFrame) -> Iterator[Markup]:
    """Return what is said below each row: overlaps, figures that are not added, links to the pages."""
    pages = dict(zip(sources["source_id"], zip(sources["url"], sources["publisher"], strict=True), strict=True))
    columns = (frame[name] for name in ("overlaps", "not_added", "reported", "source_ids"))
    for overlaps, not_added, reported, source_ids in zip(*columns, strict=True):
        cited = [page for page in source_ids.split(";") if page and reported]
        links = join((link(*pages.get(page, ("", page))) for page in cited), ", ")
        remarks = (("overlap", overlaps), ("not added", not_added), ("pages", links))
        yield join(_REMARK.format(*remark) for remark in remarks if remark[1])


def _lines(frame: pd.DataFrame) -> list[str]:
    """Return what each row says: name, strength, and where; of a side, how many forces have a figure."""
    lines = []
    for row, strength in zip(frame.to_dict("records"), ranges_of(frame, prefix="strength_"), strict=True):
        if row["level"] == 0:
            tail = f" ({row['with_figure']} of {counted(row['forces'], 'force')} with a figure)"
        else:
            tail = f" \N{MIDDLE DOT} {row['where'].replace('; ', ', ')}" if row["reported"] else ""
        lines.append(f"{row['name']}: {strength}{tail}")
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

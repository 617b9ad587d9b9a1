"""The doors for pages: maps of tables whose text is poison, written as pages of their own."""

from __future__ import annotations

import warnings
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pandas as pd
import synthetic
from fuzz.cells import ANY_TEXT, PASTED
from fuzz.door import Door
from hypothesis import strategies as st

import conflictkit as ck
from conflictkit.maps.page import page_text
from conflictkit.schema import CONTRACTS

if TYPE_CHECKING:
    from collections.abc import Callable

FREE = {
    name: [
        column.name
        for column in CONTRACTS[name].columns
        if column.kind == "text" and not (column.allowed or column.form or column.refers or column.of_lands)
    ]
    for name in ("places", "actors", "sides", "sources", "deployments", "control_changes")
}
MARK = "poison"
POISON = st.sampled_from(
    [
        *(
            "<poison>",
            "</script><poison>",
            "<!--<poison>",
            "]]><poison>",
            "\"'><poison onload=x>",
            "<img src=x onerror=poison>",
        ),
        *(
            "javascript:poison",
            "{{poison}}",
            "{% poison %}",
            "$poison$",
            "\\u003cpoison>",
            "&lt;poison&gt;",
            "\u2028poison",
        ),
    ]
)
TEXT = st.one_of(POISON, POISON, PASTED, ANY_TEXT, st.builds("{}{}".format, ANY_TEXT, POISON))


class Tags(HTMLParser):
    """What a browser would take for tags of the poison, or for handlers of any tag."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag that the kit does not write."""
        names = {name for name, _ in attrs}
        addresses = [value for name, value in attrs if name in {"href", "src"} and value]
        if tag == MARK or any(name.startswith("on") for name in names):
            self.found.append(f"<{tag} {attrs}")
        self.found += [address for address in addresses if address.strip().lower().startswith("javascript:")]


@st.composite
def poisoned(draw: Callable[..., Any]) -> tuple[dict[str, pd.DataFrame], str, str]:
    """Return tables with poison in their free text, a title and a caption."""
    tables = synthetic.other_war()
    frames: dict[str, pd.DataFrame] = {}
    for name in draw(st.lists(st.sampled_from(sorted(FREE)), min_size=1, max_size=3, unique=True)):
        frame = getattr(tables, name).copy()
        for column in draw(st.lists(st.sampled_from(FREE[name]), min_size=1, max_size=3)) if FREE[name] else []:
            frame[column] = pd.Series([draw(TEXT) for _ in range(len(frame))], index=frame.index, dtype="object")
        frames[name] = frame
    return frames, draw(TEXT), draw(TEXT)


def write(given: tuple[dict[str, pd.DataFrame], str, str]) -> None:
    """No letter of the poison begins a tag of the page, and the page can be written."""
    frames, title, caption = given
    tables = synthetic.other_war().replace(**frames)
    territory = ck.Territory.from_places(tables=tables)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # fonts that lack a letter
        drawn = ck.map_deployments(territory, ["1991-03-05", "1993-06-15"])
        text = page_text(drawn, title=title, caption=caption)
    assert Tags(text).found == []
    assert text.count("</script>") == text.count("<script")
    text.encode("utf-8")


DOORS = [Door("pages: map_deployments", poisoned(), write, weight=0.3)]

"""Tables whose every free text means harm: nothing of it may run, ask for anything, or be shown as something else."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

from conflictkit.schema._contracts import CONTRACTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    import conflictkit as ck

# Each would set window.ran, or ask a network, where it is taken for anything but text.
POISON = (
    "<img src=x onerror=window.ran=1>",
    "</script><script>window.ran=2</script>",
    "</style><script>window.ran=3</script><style>*{display:none}</style>",
    "\"'><svg onload=window.ran=4>",
    "${window.ran=5} `window.ran=5`",
    "{{ constructor.constructor('window.ran=6')() }} {% raw %} {{ this.get_name() }}",
    "<iframe srcdoc='<script>parent.ran=7</script>'></iframe>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<link rel=stylesheet href=https://evil.example/a.css><base href=https://evil.example/>",
    "<a href='javascript:window.ran=8'>click</a>",
    "a\u2028window.ran=9\u2029b",
    "]]> --> <!-- <![CDATA[ window.ran=10",
    "&lt;script&gt;window.ran=11&lt;/script&gt; &amp;#x27; &#60;b&#62;",
    "\\u003cscript\\u003e \\x3c \\n \\",
    "url(https://evil.example/x) @import 'https://evil.example/y';",
    "$1 million, then $2 million \\(x\\) $$y$$ \\href{javascript:window.ran=12}{z}",
    "\u202egnirts desrever\u202c \u200f \u0000"[:-1],
    "=cmd|' /C calc'!A0",
    "قوات <b>سوريا</b> 93",
)
LISTS = tuple(text for text in POISON if ";" not in text)
# No free text; figures by origin would leave no figure of everybody.
KEPT = {("actors", "side"), ("places", "admin1"), ("settlements", "admin1"), ("fighter_estimates", "origin")}


def free_columns(table: str) -> list[tuple[str, str]]:
    """Return the columns of a table whose cells are free, with their kind: no form, no list of words, no row named."""
    contract = CONTRACTS[table]
    return [
        (column.name, column.kind)
        for column in contract.columns
        if column.kind in {"text", "list"}
        and not (column.form or column.allowed or column.refers or column.of_lands)
        and column.name not in contract.key
        and (table, column.name) not in KEPT
    ]


def poisoned(tables: ck.Tables) -> ck.Tables:
    """Return tables with poison in every free column of every row, and in the names of countries and governorates."""
    texts, lists = cycle(POISON), cycle(LISTS)
    bent: dict[str, pd.DataFrame] = {}
    for name in CONTRACTS:
        frame: pd.DataFrame | None = getattr(tables, name, None)
        if frame is not None and len(frame):
            columns = {
                column: [next(lists if kind == "list" else texts) for _ in range(len(frame))]
                for column, kind in free_columns(name)
            }
            bent[name] = frame.assign(**columns)
    bent["borders"] = tables.borders.assign(name=[next(texts) for _ in range(len(tables.borders))])
    return tables.replace(**bent)


def words(tables: ck.Tables) -> Iterator[str]:
    """Yield the poison that some tables hold."""
    for name in CONTRACTS:
        frame = getattr(tables, name, None)
        for column, _ in free_columns(name) if frame is not None else ():
            yield from frame[column].dropna()

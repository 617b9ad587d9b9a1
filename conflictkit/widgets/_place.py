"""A place in an explorer: found by any spelling, and its rows, each with a box that leaves it out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import ipywidgets as ipw
import pandas as pd

from conflictkit.actors import NONE
from conflictkit.dates import in_words
from conflictkit.errors import PlaceError, shown
from conflictkit.html import Markup, escape, join, said
from conflictkit.look import paints_of
from conflictkit.placenames import meant_by
from conflictkit.prose import counted
from conflictkit.widgets._shell import SMALL, page_link, row, written

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from conflictkit.look import Paint
    from conflictkit.tables import Tables
    from conflictkit.territory import Territory
    from conflictkit.widgets._shell import Dashboard
    from conflictkit.widgets._view_land import Key

    Record = dict[Any, Any]  # a row by its columns

BEGINS = "initial"
_TITLE = Markup('<h3 style="margin:0.3em 0 0">{}{}</h3><p style="margin:0">{}</p>')
_ARABIC = Markup(' <span lang="ar" dir="rtl" style="font-weight:normal">{}</span>')
_ROW = Markup('<div dir="auto">{}. {}{}{}</div>')
_ALSO = Markup("<details><summary>{}</summary><ul style='margin:0'>{}</ul></details>")
_ITEM = Markup("<li>{}: {}, {}</li>")
_PICK = Markup("<p style='margin:0'>{}</p>")


class PlaceSearch:
    """A box that takes any spelling of a place; where it may mean several, a button for each.

    Attributes
    ----------
    box
        Where the reader writes.
    found
        The buttons, if the text may mean several places.
    """

    def __init__(
        self, tables: Tables, among: Collection[str], *, dashboard: Dashboard, choose: Callable[[str], None]
    ) -> None:
        self._tables, self._among, self._choose = tables, frozenset(among), choose
        self._guard = dashboard.guarded
        places = tables.places[tables.places["place_id"].isin(self._among)]
        self._names = dict(zip(places["place_id"], places["name"], strict=True))
        self._where = dict(zip(places["place_id"], places["admin1"].fillna(""), strict=True))
        self.box = ipw.Combobox(
            options=sorted(set(self._names.values())), placeholder="a place, any spelling",
            description="Find", continuous_update=False, style=SMALL, layout={"width": "16em", "max_width": "100%"},
            tooltip="Find a place by a name in any spelling or script, or by its id; then Enter",
        )  # fmt: skip
        self.found = ipw.VBox()
        self.box.observe(self._guard(self._find), names="value")

    def _find(self) -> None:
        """Choose the place that the text means, or let the reader choose."""
        text = self.box.value.strip()
        self.found.children = ()
        if not text:
            return
        meant = meant_by(text, self._tables.places, self._among)
        if not meant:
            msg = f"No place on this map is called {shown(text)}, or like it. Try another, or click on the map."
            raise PlaceError(msg)
        same = self._names[meant[0]].casefold() == text.casefold() or len(meant) == 1
        if same and sum(self._names[place] == self._names[meant[0]] for place in meant) == 1:
            self._take(meant[0])
            return
        self.found.children = (
            ipw.HTML(str(_PICK.format(said(f"{text} may be one of {len(meant)} places:")))),
            row(*map(self._button, meant)),
        )

    def _button(self, place: str) -> ipw.Button:
        words = ", ".join(filter(None, (self._names[place], self._where[place])))
        button = ipw.Button(description=words, tooltip=f"Open {words}", layout={"width": "auto"})
        button.on_click(self._guard(partial(self._take, place)))
        return button

    def _take(self, place: str) -> None:
        self.found.children = ()
        self._choose(place)


class Rows:
    """The rows of one place with a box each, and the rows of all places whose box is not ticked.

    Attributes
    ----------
    panel
        The rows of the place.
    line
        Which rows are left out, with a button that puts all back; not shown where none is.
    left_out
        Keys of the rows left out, in the order in which they were.
    """

    def __init__(self, territory: Territory, *, dashboard: Dashboard, change: Callable[[], None]) -> None:
        self._land, self._dashboard, self._change = territory, dashboard, change
        self._table = territory.control_changes
        self._paints = paints_of(dict.fromkeys([*territory.actor_ids, NONE]), territory.actors)
        self.left_out: list[Key] = []
        self.boxes: dict[Key, ipw.Checkbox] = {}
        self.panel = ipw.VBox()
        self.told = ipw.HTML(layout={"flex": "1 1 20em"})
        self.back = ipw.Button(description="Put all back", tooltip="Count every row again", layout={"width": "auto"})
        self.line = ipw.HBox([self.told, self.back], layout={"display": "none", "align_items": "center"})
        self.back.on_click(dashboard.guarded(self._put_back))

    def show(self, place: str) -> None:
        """Show the rows of a place, by their days."""
        rows = self._table[self._table["place_id"] == place]
        head = ipw.HTML(str(self._head(place, rows)))
        close = ipw.Button(description="Close", tooltip="Close the rows of this place", layout={"width": "auto"})
        close.on_click(lambda _: self._close())
        top = ipw.HBox([head, close], layout={"justify_content": "space-between", "align_items": "flex-start"})
        self.boxes = {}
        lines = [self._line(record) for record in rows.sort_values("valid_from").to_dict("records")]
        inner = ipw.VBox(lines)
        inner.add_class("ck-boxes")
        self.panel.children = (top, inner)

    def say(self, words: str) -> None:
        """Say which rows are left out, and what that changes; nothing where none is."""
        self.line.layout.display = "flex" if words else "none"
        self.told.value = str(written(_OUT.format(said(words)))) if words else ""

    def _close(self) -> None:
        self.panel.children, self.boxes = (), {}

    def _head(self, place: str, rows: pd.DataFrame) -> Markup:
        one = self._land.places.set_index("place_id").loc[place]
        arabic = _ARABIC.format(one["name_ar"]) if isinstance(one.get("name_ar"), str) else ""
        how = "untick a row to see the land without it"
        return written(_TITLE.format(one["name"], arabic, f"{counted(len(rows), 'row')}; {how}."))

    def _line(self, record: Record) -> ipw.Widget:
        """Return one row: its day as a box, and what it says, on whose word."""
        key = (str(record["place_id"]), pd.Timestamp(str(record["valid_from"])))
        day = in_words(key[1], precision=str(record["date_prec"]), short=True)
        box = ipw.Checkbox(
            value=key not in self.left_out, description=day, indent=False, tooltip="Unticked: left out",
            layout={"width": "9em", "flex": "none"},
        )  # fmt: skip
        box.observe(self._dashboard.guarded(partial(self._tick, key)), names="value")
        self.boxes[key] = box
        text = ipw.HTML(str(written(self._says(record))), layout={"flex": "1 1 12em"})
        return ipw.HBox([box, text], layout={"align_items": "flex-start"})

    def _says(self, record: Record) -> Markup:
        """Return what a row says: from whom, to whom, how sure, by whom, with its note and the other reports."""
        before, after = (self._holder(record[side]) for side in ("from_actor", "to_actor"))
        moved = (
            f"{after}, since the table begins"
            if record["event"] == BEGINS
            else f"{before} \N{RIGHTWARDS ARROW} {after}"
        )
        note = record.get("note")
        noted = escape(f". {note}") if isinstance(note, str) else ""
        told = join((f"{record['confidence']}, ", page_link(self._land.tables, record["source_id"])))
        return _ROW.format(moved, told, noted, self._also(record))

    def _holder(self, actor: object) -> str:
        paint: Paint | None = self._paints.get(str(actor))
        return "nobody" if actor == NONE else paint.short if paint else str(actor)

    def _also(self, record: Record) -> Markup:
        """Return the other reports of a row, folded."""
        told = self._land.tables.reports
        told = told[(told["place_id"] == record["place_id"]) & (told["valid_from"] == record["valid_from"])]
        if told.empty:
            return Markup()
        items = [
            _ITEM.format(
                f"{report['reporter']} {report['verb']}: {self._holder(report['reported_holder'])}",
                in_words(report["event_date"], precision=report["date_prec"], short=True),
                page_link(self._land.tables, report["source_id"]),
            )
            for report in told.sort_values("event_date").to_dict("records")
        ]
        return _ALSO.format(counted(len(items), "report"), join(items))

    def _tick(self, key: Key) -> None:
        """Leave a row out or count it again; one that has to stay gets its tick back, and the reader the reason."""
        box = self.boxes[key]
        if box.value == (key not in self.left_out):
            return
        before = self.left_out
        self.left_out = [each for each in before if each != key] if box.value else [*before, key]
        try:
            self._change()
        except Exception:
            self.left_out = before
            box.value = not box.value
            raise

    def _put_back(self) -> None:
        self.left_out = []
        for box in self.boxes.values():
            box.value = True
        self._change()


_OUT = Markup('<div class="ck-out" role="status">{}</div>')

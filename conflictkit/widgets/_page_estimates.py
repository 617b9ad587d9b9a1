"""The figures of a view as a page that lives without a kernel: what ``FiguresPage`` in web/payload.js describes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from conflictkit import look
from conflictkit.charts._published import LOG_FROM
from conflictkit.charts.sources import captions_of, cited, pages_of
from conflictkit.dates import iso
from conflictkit.estimates import select_estimates
from conflictkit.evidence._passport import token
from conflictkit.html import Markup, said
from conflictkit.maps._document import CAPTION, frame, view_document
from conflictkit.maps._payload import days_of, dumped, source_table, table
from conflictkit.maps._sources import by_grade
from conflictkit.prose import listed
from conflictkit.ranges import BOUNDS, ranges_of
from conflictkit.text import TEXT
from conflictkit.widgets._periods import periods_of
from conflictkit.widgets._view_estimates import GRADES, choices, draw, title

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from conflictkit.maps._payload import Data
    from conflictkit.tables import Tables
    from conflictkit.widgets._view_estimates import EstimatesView

HEIGHT = 900  # pixels of the frame until the page around it has measured it


def payload_of(tables: Tables, view: EstimatesView) -> Data:
    """Return all figures that the choices of a page can show, those of the view first shown.

    What the page has no choice for holds for all of it, and is said in ``only``: estimators, and claims by which the
    side that speaks gains.
    """
    rows = select_estimates(tables=tables, self_interested=view.self_interested)
    if view.estimators:
        rows = rows[rows["estimator"].isin(view.estimators)]
    options, paints = choices(tables), look.palette(tables.actors)
    pages, ids = source_table(rows["source_id"], tables.sources)
    named = {what: [_choice(code, words) for words, code in options[what]] for what in ("quantity", "scope")}
    actors = [_choice(a, short, paints[a].name if a in paints else a) for short, a in options["actor_id"]]
    return {
        "figures": _figures(rows, tables, ids),
        "sources": pages,
        "quantities": named["quantity"],
        "actors": actors,
        "scopes": named["scope"],
        "grades": [_choice(grade, "F, all" if grade == GRADES[-1] else grade) for grade in GRADES],
        "periods": [
            {"name": each.words, "scope": each.scope, "start": iso(each.start), "end": iso(each.end)}
            for each in periods_of(tables, view.quantity, view.actor_id)
        ],
        "view": {
            "quantity": view.quantity,
            "actor": view.actor_id,
            "scope": view.scope,
            "start": iso(view.start),
            "end": iso(view.end),
            "grade": view.min_reliability,
        },
        "only": _only(view),
        "log_from": LOG_FROM,
    }


def page_of(tables: Tables, view: EstimatesView, shown: Axes, card: dict[str, Any]) -> str:
    """Return the view as one page that works offline: choices and, where no script runs, what the screen shows.

    Below it is what it means, and all of its pages.
    """
    pictures, told, rows = draw(tables, view)
    pages = cited(pages_of(captions_of(shown) or [])["source_id"], tables.sources)
    foot = by_grade(pages, opened=True) + CAPTION.format(said(card["definition"]))
    return view_document(
        title(tables, view),
        content=pictures + told + rows,
        foot=foot,
        data=dumped(payload_of(tables, view)),
        passport=token(card),
    )


def framed(tables: Tables, view: EstimatesView, *, picture: bytes) -> Markup:
    """Return the page inside a frame, and the picture that stands where a frame cannot."""
    words = title(tables, view)
    text = view_document(words, content=Markup(), foot=Markup(), data=dumped(payload_of(tables, view)))
    return Markup(frame(text, title=words, height=HEIGHT, picture=picture))


def _figures(rows: pd.DataFrame, tables: Tables, ids: pd.Index[str]) -> Data:
    """Return the rows as columns by name, in their order."""
    single = rows["scope"].eq("place")
    places = dict(zip(tables.places["place_id"], tables.places["name"], strict=True))
    scope = rows["scope"].where(~single, rows["place_id"].astype(TEXT).fillna(""))
    where = [places.get(s, s) if one else tables.scope_name(s) for s, one in zip(scope, single, strict=True)]
    words = zip(ranges_of(rows), rows["bound_type"].eq("verbal"), strict=True)
    return table(
        id=rows["estimate_id"].astype(TEXT).fillna("").tolist(),
        day=days_of(rows["as_of"]),
        precision=rows["date_prec"].tolist(),
        quantity=rows["quantity"].tolist(),
        actor=rows["actor_id"].tolist(),
        scope=scope.tolist(),
        single=single.astype(int).tolist(),
        where=where,
        **{end: [None if pd.isna(value) else float(value) for value in rows[end]] for end in BOUNDS},
        figure=[f"{figure}{' (in words)' if verbal else ''}" for figure, verbal in words],
        who=rows["estimator"].tolist(),
        grade=rows["reliability"].tolist(),
        credibility=rows["credibility"].astype(str).tolist(),
        source=[int(number) for number in ids.get_indexer(pd.Index(rows["source_id"]))],
    )


def _choice(code: str, words: str, title: str = "") -> dict[str, str]:
    return {"id": code, "name": words, "title": title}


def _only(view: EstimatesView) -> str:
    """Say which figures the page has, if not all."""
    told = [f"Only figures by {listed(view.estimators)}."] if view.estimators else []
    if not view.self_interested:
        told.append("Without figures by which the side that speaks gains.")
    return " ".join(told)

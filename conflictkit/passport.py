"""The passport of a figure, and files that carry it."""

from __future__ import annotations

import io
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium
import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase

from conflictkit.asof import ASSUMED
from conflictkit.charts._recorded import calls_of
from conflictkit.charts._settings import our_settings
from conflictkit.charts.sources import captions_of, pages_of, sources_of
from conflictkit.dates import iso
from conflictkit.errors import PageError, known
from conflictkit.evidence._passport import NAME, PAGE, cells_behind, dumped, rows_with_cells, tables_named, token
from conflictkit.evidence._rows import COLUMNS, NO_PAGE
from conflictkit.files import write_whole
from conflictkit.maps.page import page_text
from conflictkit.prose import counted, listed
from conflictkit.tables import Tables

if TYPE_CHECKING:
    from collections.abc import Iterable
    from os import PathLike

FORMATS = ("png", "svg", "pdf")
DPI = 200.0  # dots per inch of a PNG: twice what a screen needs, enough for a page
SOFT = ("D", "E", "F")  # grades that a caveat counts
UNSURE = ("area-wide", "inferred", "unconfirmed")


def passport(figure: object) -> dict[str, Any]:
    """Return what a figure shows and what it rests on, for whoever has to defend it.

    Parameters
    ----------
    figure
        What ``sources_of`` takes: axes, a figure, a map, an explorer, a frame.

    Returns
    -------
    dict
        ``what`` (the titles), ``alt`` (of a chart: what it shows, in words), ``definition`` (the captions),
        ``parameters`` (one entry per call: the function and its arguments; a frame by its number of rows), ``rows``
        (table, key, marks, source, confidence and the cells as they stood), ``tables`` (by name: number of rows, and a
        hash of all cells), ``sources``, ``version``, ``caveats``, ``cite`` (a line that can be pasted). All of it is
        JSON.

    Raises
    ------
    TableError
        If it is no picture of this kit.

    Examples
    --------
    >>> import conflictkit as ck
    >>> card = ck.passport(ck.plot_territory(ck.Territory.from_places(), "2017-11-03"))
    >>> card["what"], card["parameters"][0]["date"]
    ('Control of Iraq and Syria on 3 November 2017', '2017-11-03')
    """
    known_by = captions_of(figure)
    captions = known_by or []
    tables = captions[0].tables if captions else Tables.shipped()
    told = sources_of(figure) if known_by is None else pages_of(captions)
    rows = told[list(COLUMNS)]
    what = "; ".join(dict.fromkeys(str(getattr(caption, "title", "")) for caption in captions)).strip("; ")
    cells = cells_behind(rows, tables)
    entries = rows_with_cells(rows, cells)
    pages = told.dropna(subset="source_id").drop_duplicates("source_id")
    named = tables_named(cells)
    return {
        "what": what,
        "alt": " ".join(filter(None, (getattr(caption, "alt", "") for caption in captions))),
        "definition": " ".join(dict.fromkeys(str(getattr(caption, "words", "")) for caption in captions)),
        "parameters": [call for caption in captions for call in calls_of(caption)],
        "rows": entries,
        "tables": named,
        "sources": [_page(row) for row in pages.to_dict("records")],
        "version": version(NAME),
        "caveats": _caveats(told, tables),
        "cite": _cite(what, len(entries), pages, named),
    }


def save_figure(figure: object, path: str | PathLike[str], *, dpi: float = DPI) -> None:
    """Write a figure with its passport inside, and beside it as JSON.

    Parameters
    ----------
    figure
        Axes or a figure for PNG, SVG and PDF, a map for HTML.
    path
        Where to write; its ending says the format. The passport beside it has ``.json`` behind the whole name, with the
        sources as BibTeX too.
    dpi
        Dots per inch of a PNG: 300 for print.

    Raises
    ------
    PageError
        If the ending fits no format, or the figure is none that can be written in it.
    TableError
        If it is no picture of this kit.
    OSError
        If a file cannot be written whole; one that was there before is as it was.

    Notes
    -----
    A PNG has the passport in its text chunk ``conflictkit``, the other formats in one word of letters and digits.
    ``conflictkit verify`` reads it back. Other programs may drop it when they write the file again: the one beside it
    stays. Same figure, same bytes.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> import conflictkit as ck
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "strength.png"
    >>> ck.save_figure(ck.plot_strength(), file)
    >>> sorted(found.name for found in file.parent.iterdir())
    ['strength.png', 'strength.png.json']
    """
    target, card = Path(path), passport(figure)
    page = target.suffix.lower() in {".html", ".htm"}
    write_with(card, target, _page_of(figure, card) if page else _picture(figure, target, card, dpi))


def write_with(card: dict[str, Any], target: Path, content: str | bytes) -> None:
    """Write a file, and its passport beside it."""
    write_whole(target, content)
    beside = card | {"bibtex": bibtex(card["sources"])}
    write_whole(target.with_name(target.name + ".json"), dumped(beside) + "\n")


def _page_of(figure: object, card: dict[str, Any]) -> str:
    """Return the page of a map with its passport in the head."""
    if not isinstance(figure, folium.Map):
        msg = "A chart is written as .png, .svg or .pdf; .html is for maps (map_territory, map_changes ...)."
        raise PageError(msg)
    return page_text(figure, passport=token(card))


def _picture(figure: object, path: Path, card: dict[str, Any], dpi: float) -> bytes:
    """Return a chart in the format of a file's ending, with its passport inside."""
    kind = path.suffix.lower().removeprefix(".")
    known("format of a figure", kind, FORMATS)
    whole = figure.get_figure(root=True) if isinstance(figure, (Axes, FigureBase)) else None
    if whole is None:
        msg = f"A {type(figure).__name__} is written as .html, or as a picture by the plot_* function of its kind."
        raise PageError(msg)
    inside: dict[str, dict[str, Any]] = {
        "png": {NAME: dumped(card)},
        "svg": {"Description": token(card), "Date": None},
        "pdf": {"Keywords": token(card), "CreationDate": None},
    }
    content = io.BytesIO()
    # ids in an SVG are made of this word instead of at random
    with our_settings(), mpl.rc_context({"svg.hashsalt": NAME}):
        whole.savefig(content, format=kind, dpi=dpi, metadata=inside[kind])
    return content.getvalue()


def _page(row: dict[Any, Any]) -> dict[str, str]:
    """Return what is known of a page, without what is not."""
    told = {name: row[name] for name in ("source_id", *PAGE) if not pd.isna(row[name])}
    return {name: iso(cell) if isinstance(cell, pd.Timestamp) else str(cell) for name, cell in told.items()}


def _caveats(told: pd.DataFrame, tables: Tables) -> list[str]:
    """Return what a reader has to know of the rows, each with its count."""
    rows = told.drop_duplicates(["table", "row_key"])
    without = int(rows["publisher"].eq(NO_PAGE).sum())
    soft, unsure = int(rows["reliability"].isin(SOFT).sum()), rows["confidence"].isin(UNSURE)
    sides = int(rows["party"].notna().sum())
    found = {
        f"{counted(int(unsure.sum()), 'row')} of control not confirmed one by one": int(unsure.sum()),
        f"{counted(soft, 'row')} on a page graded {', '.join(SOFT)}": soft,
        f"{counted(sides, 'row')} on a page that speaks for a side": sides,
        f"{counted(without, 'row')} without a page": without,
    }
    caveats = [f"{words}, of {len(rows):,}." for words, count in found.items() if count]
    if ASSUMED in tables.control_changes:
        assumed = int(tables.control_changes[ASSUMED].sum())
        caveats.append(f"{counted(assumed, 'control row')} count as known from their own day: no page has a date.")
    return caveats


def _cite(what: str, rows: int, pages: pd.DataFrame, named: dict[str, dict[str, Any]]) -> str:
    """Return a line to cite the figure by."""
    publishers = listed(sorted(set(pages["publisher"].dropna())))
    hashes = ", ".join(f"{table} {told['hash']}" for table, told in named.items() if table != "sources")
    return (
        f"{what}. {NAME} {version(NAME)}, from {counted(rows, 'row')} ({hashes}) on {counted(len(pages), 'page')}"
        f"{f' by {publishers}' if publishers else ''}."
    )


def bibtex(sources: Iterable[dict[str, str]]) -> str:
    """Return pages as BibTeX, one entry each."""
    return "\n".join(_entry(page) for page in sources)


def _entry(page: dict[str, str]) -> str:
    fields = {
        "author": page.get("publisher"),
        "title": page.get("title") or page.get("publisher"),
        "date": page.get("published_date"),
        "url": page.get("url"),
    }
    told = "".join(f",\n  {name} = {{{_escaped(cell)}}}" for name, cell in fields.items() if cell)
    return f"@online{{{page['source_id']}{told}\n}}"


def _escaped(cell: str) -> str:
    """Return a cell with the letters that BibTeX reads as commands escaped."""
    plain = cell.replace("\\", "/").replace("{", "(").replace("}", ")")
    return "".join(f"\\{letter}" if letter in "&%$#_" else letter for letter in plain)

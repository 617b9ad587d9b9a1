"""The forces around a place: who stood how far away, how strong, and who says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conflictkit.dates import in_words
from conflictkit.deployments import nearest_forces
from conflictkit.html import Markup, said, table
from conflictkit.prose import counted, number
from conflictkit.ranges import ranges_of
from conflictkit.widgets import _view_forces as pure
from conflictkit.widgets._shell import page_link, scrolling, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from conflictkit.widgets._view_forces import Forces, ForcesView

RADII_KM = (25, 50, 100, 200)
HEAD = ("km", "force", "strength", "who says so, and what")
STYLE = "text-align:left;vertical-align:top;padding:2px 8px 2px 0;border-bottom:1px solid #d9d9d9"
_KM = Markup('<span style="white-space:nowrap">{}</span>')
_TOLD = Markup("{}, {}")
_BOX = Markup('<p role="status" style="margin:0.3em 0">{}</p>{}')


def near(forces: Forces, view: ForcesView, place: str, *, within_km: float) -> pd.DataFrame:
    """Return the reports of a view around a place, the nearest first, as ``nearest_forces`` does."""
    return nearest_forces(
        place, view.day, tables=pure.tables_of(forces, view), within_km=within_km, assume_days=forces.assume_days
    )


def near_table(forces: Forces, view: ForcesView, place: str, *, within_km: float) -> Markup:
    """Return them as a table that scrolls inside, below a line that counts them."""
    rows = near(forces, view, place, within_km=within_km)
    names = dict(zip(forces.tables.places["place_id"], forces.tables.places["name"], strict=True))
    where = f"within {within_km:g} km of {names.get(place, place)} on {in_words(view.day)}"
    count = counted(rows["actor_id"].nunique(), "force")
    strong = int(rows[["strength_low", "strength_best", "strength_high"]].notna().any(axis=1).sum())
    words = f"{counted(len(rows), 'report')} of {count} {where}; {strong} with a strength."
    if rows.empty:
        words = f"No report counts {where}. Choose a larger distance, another day, or fewer filters."
        return written(_BOX.format(said(words), Markup()))
    cells = table(HEAD, _cells(forces, rows), style=STYLE)
    around = scrolling(cells, label="Forces around the place", style="max-height:18em;overflow:auto")
    return written(_BOX.format(said(words), around))


def _cells(forces: Forces, rows: pd.DataFrame) -> Iterator[list[object]]:
    """Yield the cells of each report, the distance first."""
    for row, strength in zip(rows.to_dict("records"), ranges_of(rows, prefix="strength_"), strict=True):
        yield [
            _KM.format(f"{number(round(row['km']))} \N{PLUS-MINUS SIGN} {number(round(row['doubt_km']))}"),
            row["actor_name"],
            f"{strength} {pure.text(row['unit'])}" if strength.known else "no figure",
            _TOLD.format(page_link(forces.tables, row["source_id"]), _of(row)),
        ]


def _of(row: dict[Any, Any]) -> str:
    """Return of when a report is, how it counts, and what it says besides."""
    day = in_words(row["last_report"], precision=row["date_prec"], short=True)
    role, note = pure.text(row["role"]).replace("_", " "), pure.text(row["note"])
    return "; ".join(filter(None, (f"{day}, {row['presence']}", role, note)))

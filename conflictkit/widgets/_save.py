"""Buttons that write the view beside the notebook: as a page, a picture or numbers, each with its passport."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ipywidgets as ipw

from conflictkit.files import csv_for_people
from conflictkit.html import Markup
from conflictkit.passport import DPI, passport, save_figure, write_with
from conflictkit.prose import counted
from conflictkit.widgets._shell import row

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from matplotlib.axes import Axes

    from conflictkit.widgets._shell import Dashboard

PRINT_DPI = 300.0  # what printers ask for
_SAVED = Markup('<span role="status">Saved <code>{}</code> in <code>{}</code>, its sources in <code>{}</code>.</span>')
TIPS = {
    "html": "The view as one file that works offline",
    "png": "The view as a picture",
    "svg": "The view as a drawing, which any size prints sharp",
    "csv": "The numbers of the view, with their definition, sources and version",
}


class Saving:
    """A button for each kind of file; `text` writes the page of a view without a map from its picture and passport.

    Attributes
    ----------
    buttons
        By the ending of the file that they write.
    fine
        Whether a PNG is for print.
    said
        Where the last file is.
    """

    def __init__(
        self,
        dashboard: Dashboard,
        *,
        stem: Callable[[], str],
        picture: Callable[[], Axes],
        numbers: Callable[[], pd.DataFrame],
        text: Callable[[Axes, dict[str, Any]], str] | None = None,
    ) -> None:
        self._dashboard, self._stem, self._picture, self._numbers = dashboard, stem, picture, numbers
        self._text = text
        self.said = ipw.HTML()
        self.fine = ipw.Checkbox(
            description="300 dpi", indent=False, tooltip="PNG for print", layout={"width": "auto", "margin": "0 8px"}
        )
        self.buttons = {
            ending: ipw.Button(description=f"Save {ending.upper()}", tooltip=tip, layout={"width": "auto"})
            for ending, tip in TIPS.items()
            if ending != "html" or dashboard.page is not None or text is not None
        }
        for ending, button in self.buttons.items():
            button.on_click(dashboard.guarded(partial(self._save, ending)))
        self.row = row(*self.buttons.values(), self.fine, self.said)

    def _save(self, ending: str) -> None:
        path = Path(f"{self._stem()}.{ending}")
        if ending == "csv":
            still = self._dashboard.still
            card = passport(still)
            write_with(card, path, csv_for_people(self._told(still.title, card, path)))
        elif ending == "html" and self._dashboard.page is not None:
            save_figure(self._dashboard.page(), path)
        elif ending == "html" and self._text is not None:
            shown = self._picture()
            card = passport(shown)
            write_with(card, path, self._text(shown, card))
        else:
            save_figure(self._picture(), path, dpi=PRINT_DPI if self.fine.value else DPI)
        self.said.value = str(_SAVED.format(path.name, Path.cwd(), f"{path.name}.json"))

    def _told(self, title: str, card: dict[str, Any], path: Path) -> pd.DataFrame:
        """Return the numbers with what they are, on whose word, by which version: each row can be cut out alone."""
        return self._numbers().assign(
            what=title,
            sources=f"{counted(len(card['sources']), 'page')}, listed in {path.name}.json",
            version=f"conflictkit {card['version']}",
        )

"""The live map of a notebook: what the page draws, and the traits by which page and kernel tell each other."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import anywidget
import traitlets

from conflictkit.maps import _document


@cache
def own_style() -> str:
    """Return the style of what the kernel writes, and of the map among it."""
    return (files("conflictkit") / "web" / "explorer.css").read_text(encoding="utf-8")


@cache
def style() -> str:
    """Return the widget's styles: Leaflet's and the kit's."""
    return f"{_document.leaflet_style()}\n{_document.kit_style()}\n{own_style()}"


class LiveMap(anywidget.AnyWidget):
    """A map with its own slider, which waits for no kernel; what is chosen elsewhere, and what it tells, are traits.

    Attributes
    ----------
    data
        What the page draws, as JSON: sent once, and again when rows are left out.
    index
        Number of the date shown.
    level
        ``claimed`` or ``core``.
    place
        Id of the place whose popup is open, or empty.
    force
        Id of the actor whose popup is open, or empty; on maps with forces.
    hidden
        Ids of deployments that are not shown.
    visible
        Holders that are drawn in their colour; all where it is empty.
    country
        Name of the country whose land the chart counts; all land where it is empty.
    bounds
        South-west and north-east corner to show, latitude first.
    window
        The corners that the reader sees, as the page tells.
    told
        A number of a date and the day in words that is shown for it, where that lies between two dates.
    """

    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)
    data = traitlets.Unicode().tag(sync=True)
    index = traitlets.Int(0).tag(sync=True)
    level = traitlets.Unicode("claimed").tag(sync=True)
    place = traitlets.Unicode("").tag(sync=True)
    force = traitlets.Unicode("").tag(sync=True)
    hidden = traitlets.List(traitlets.Unicode()).tag(sync=True)
    visible = traitlets.List(traitlets.Unicode()).tag(sync=True)
    country = traitlets.Unicode("").tag(sync=True)
    bounds: traitlets.List[Any] = traitlets.List().tag(sync=True)
    window: traitlets.List[Any] = traitlets.List().tag(sync=True)
    told: traitlets.List[Any] = traitlets.List([0, ""]).tag(sync=True)

    def __init__(self, data: str, **traits: Any) -> None:  # noqa: ANN401 - the traits above
        super().__init__(data=data, _esm=_document.widget_module(), _css=style(), **traits)

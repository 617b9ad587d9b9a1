"""The live map: the drawing of the offline page as a notebook widget, in one script, with nothing fetched."""

from __future__ import annotations

from functools import cache
from typing import Any

import anywidget
import traitlets

from conflictkit.maps import _assets


@cache
def style() -> str:
    """Return the widget's styles: Leaflet's and the kit's."""
    return f"{_assets.leaflet_style()}\n{_assets.kit_style()}"


class LiveMap(anywidget.AnyWidget):
    """A map whose slider, level and place are traits: link them in the page and no step waits for the kernel.

    Attributes
    ----------
    data
        What the page draws, as JSON: sent once.
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
    bounds
        South-west and north-east corner to show, latitude first.
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
    bounds: traitlets.List[Any] = traitlets.List().tag(sync=True)

    def __init__(self, data: str, **traits: Any) -> None:  # noqa: ANN401 - the traits above
        super().__init__(data=data, _esm=_assets.widget_module(), _css=style(), **traits)

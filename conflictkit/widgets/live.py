"""The live map: the drawing of the offline page as a notebook widget, in one script, with nothing fetched."""

from __future__ import annotations

from functools import cache
from typing import Any

import anywidget
import traitlets

from conflictkit.maps import assets

# The same code as in the page. Leaflet is a script for browsers' globals: it is given a module of its own instead, so
# that it meets no other Leaflet that a notebook may have loaded.
_MODULE = """
const L = (() => {{ const exports = {{}}, module = {{ exports }}; {leaflet}; return module.exports; }})();
{kit}
{render}
"""

_RENDER = """
export default {
  render({ model, el }) {
    const view = conflictkitMap(L, JSON.parse(model.get("data")), { element: el, panels: false });
    const follow = (name, act) => { model.on(`change:${name}`, () => act(model.get(name))); };
    el.kit = view;
    view.setLevel(model.get("level"));
    view.setVisible(model.get("visible"));
    view.forces?.setHidden(model.get("hidden"));
    view.show(model.get("index"));
    view.onStep(step => { model.set("index", step); model.save_changes(); });
    view.onPlace(place => { model.set("place", place); model.save_changes(); });
    view.forces?.onOpen(force => { model.set("force", force); model.save_changes(); });
    follow("hidden", ids => view.forces?.setHidden(ids));
    follow("force", force => { if (force && force !== view.forces?.chosen()) view.forces?.openActor(force); });
    follow("index", view.show);
    follow("level", view.setLevel);
    follow("visible", view.setVisible);
    follow("place", place => { if (place && place !== view.place()) view.openId(place); });
    follow("bounds", bounds => { if (bounds.length) view.map.fitBounds(bounds, { animate: false }); });
    return () => view.remove();
  },
};
"""


@cache
def script() -> str:
    """Return the widget's module: Leaflet, the kit's drawing, and the wiring of its traits."""
    return _MODULE.format(leaflet=assets.leaflet_script(), kit=assets.kit_script(), render=_RENDER)


@cache
def style() -> str:
    """Return the widget's styles: Leaflet's and the kit's."""
    return f"{assets.leaflet_style()}\n{assets.kit_style()}"


class LiveMap(anywidget.AnyWidget):
    """A map whose slider, level and place are traits: link them in the page and no step waits for the kernel.

    Attributes
    ----------
    data
        What the page draws, as JSON: sent once.
    index
        Number of the date shown.
    level
        ``core`` or ``claimed``.
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
    level = traitlets.Unicode("core").tag(sync=True)
    place = traitlets.Unicode("").tag(sync=True)
    force = traitlets.Unicode("").tag(sync=True)
    hidden = traitlets.List(traitlets.Unicode()).tag(sync=True)
    visible = traitlets.List(traitlets.Unicode()).tag(sync=True)
    bounds: traitlets.List[Any] = traitlets.List().tag(sync=True)

    def __init__(self, data: str, **traits: Any) -> None:  # noqa: ANN401 - the traits above
        super().__init__(data=data, _esm=script(), _css=style(), **traits)

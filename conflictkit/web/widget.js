// The live map of a notebook, as anywidget wants it: the traits of widgets/live.py are what is shown.

import { conflictkitMap } from "./map.js";
import L from "leaflet";

export default {
  /** @param {{ model: any, el: any }} widget */
  render({ model, el }) {
    const view = /** @type {any} */ (conflictkitMap(L, JSON.parse(model.get("data")), { element: el, panels: false }));
    const follow = (/** @type {string} */ name, /** @type {(value: any) => void} */ act) => {
      model.on(`change:${name}`, () => act(model.get(name)));
    };
    const tell = (/** @type {string} */ name) => (/** @type {any} */ value) => {
      model.set(name, value);
      model.save_changes();
    };
    el.kit = view;
    view.setLevel(model.get("level"));
    view.setVisible(model.get("visible"));
    view.forces?.setHidden(model.get("hidden"));
    view.show(model.get("index"));
    view.onStep(tell("index"));
    view.onPlace(tell("place"));
    view.forces?.onOpen(tell("force"));
    follow("index", view.show);
    follow("level", view.setLevel);
    follow("visible", view.setVisible);
    follow("hidden", ids => view.forces?.setHidden(ids));
    follow("force", force => { if (force && force !== view.forces?.chosen()) view.forces?.openActor(force); });
    follow("place", place => { if (place && place !== view.place()) view.openId?.(place); });
    follow("bounds", bounds => { if (bounds.length) view.map.fitBounds(bounds, { animate: false }); });
    return () => view.remove();
  },
};

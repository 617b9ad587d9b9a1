// The live map of a notebook, as anywidget wants it: the traits of widgets/_live.py are what is shown.

import { conflictkitMap } from "./map.js";
import L from "leaflet";

export default {
  /** @param {{ model: any, el: any }} widget */
  render({ model, el }) {
    let view = draw();
    const tell = (/** @type {string} */ name) => (/** @type {any} */ value) => {
      model.set(name, value);
      model.save_changes();
    };
    const follow = (/** @type {string} */ name, /** @type {(value: any) => void} */ act) => {
      model.on(`change:${name}`, () => act(model.get(name)));
    };
    const hear = () => {
      view.onStep((/** @type {number} */ step) => { tell("index")(step); say(); });
      view.onPlace(tell("place"));
      view.forces?.onOpen(tell("force"));
      view.map.on("moveend", () => tell("window")(corners()));
      tell("window")(corners());
      say();
    };

    /** A map of the data in hand, all else as the traits say. */
    function draw() {
      const data = JSON.parse(model.get("data"));
      const made = /** @type {any} */ (conflictkitMap(L, data, { element: el, panels: false }));
      made.setLevel(model.get("level"));
      made.setVisible(model.get("visible"));
      if (model.get("country")) made.setCountry(model.get("country"));
      made.forces?.setHidden(model.get("hidden"));
      made.show(model.get("index"));
      el.kit = made;
      return made;
    }

    // Other rows, other land: the map is made anew where the reader has moved it to.
    function again() {
      const centre = view.map.getCenter(), zoom = view.map.getZoom();
      view.remove();
      view = draw();
      view.map.setView(centre, zoom, { animate: false });
      hear();
    }

    // The kernel may show a day between two steps: it says which, and of which step.
    function say() {
      const [step, words] = model.get("told"), date = el.querySelector(".ck-date");
      if (words && step === view.step()) date.textContent = words;
    }

    function corners() {
      const bounds = view.map.getBounds();
      return [[bounds.getSouth(), bounds.getWest()], [bounds.getNorth(), bounds.getEast()]];
    }

    // Plain keys are those of the map: JupyterLab asks which of its shortcuts fits whatever has the focus, and an arrow
    // on the slider went to the heading above. With Ctrl, Shift and the like they stay the notebook's.
    el.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (!(event.ctrlKey || event.altKey || event.metaKey || event.shiftKey)) event.stopPropagation();
    });

    hear();
    follow("data", again);
    follow("index", (/** @type {number} */ step) => { view.show(step); say(); });
    follow("told", say);
    follow("level", (/** @type {string} */ level) => view.setLevel(level));
    follow("visible", (/** @type {string[]} */ ids) => view.setVisible(ids));
    follow("country", (/** @type {string} */ name) => view.setCountry(name));
    follow("hidden", ids => view.forces?.setHidden(ids));
    follow("force", force => { if (force && force !== view.forces?.chosen()) view.forces?.openActor(force); });
    follow("place", place => { if (place && place !== view.place()) view.openId?.(place); });
    follow("bounds", bounds => { if (bounds.length) view.map.fitBounds(bounds, { animate: false }); });
    return () => view.remove();
  },
};

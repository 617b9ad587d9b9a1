// Names of towns, the most important first, as many as fit without touching each other.

import { html } from "./dom.js";
import { records } from "./payload.js";

/**
 * @import { Label } from "./payload.js"
 * @import { State } from "./state.js"
 * @typedef {[left: number, top: number, right: number, bottom: number]} Box  in pixels of the layers
 */

const SCALE = 40; // pixels at the lower left that the scale bar takes

/**
 * @param {any} L
 * @param {any} map
 * @param {State} state
 * @param {object} [acts]
 * @param {() => Box[]} [acts.avoid]  boxes that are to be left free
 * @param {(place: number) => void} [acts.open]  what a click on a name does
 * @param {(place: number) => boolean} [acts.dark]  whether the land below a place is dark now: its name is white then
 */
export function makeLabels(L, map, state, { avoid = () => [], open = () => {}, dark = () => false } = {}) {
  const { data } = state, labels = records(data.labels), large = data.sizes[0].least;
  const pane = map.createPane("ck-labels");
  pane.style.zIndex = 440;
  pane.style.pointerEvents = "none"; // but of names that lead to a place: see kit.css
  pane.setAttribute("aria-hidden", "true"); // the list of places says the same to a screen reader
  /** @type {Map<string, [width: number, height: number]>} */
  const sizes = new Map(); // measured once: to ask a browser for a size costs more than to draw
  let wanted = true;

  function draw() {
    pane.replaceChildren();
    if (!wanted) return;
    const size = map.getSize(), corner = map.containerPointToLayerPoint([0, 0]);
    /** @type {Box[]} */
    const taken = [[corner.x, corner.y + size.y - SCALE, corner.x + SCALE * 4, corner.y + size.y], ...avoid()];
    const view = L.bounds(corner, corner.add(size));
    for (const label of labels) {
      if (label.kind === "place" && label.residents === 0 && map.getZoom() < data.near_zoom) continue;
      const point = map.latLngToLayerPoint([label.latitude, label.longitude]);
      if (!view.contains(point)) continue;
      place(label, point, taken, [view.min.x, view.min.y, view.max.x, view.max.y]);
    }
    ink();
  }

  /** @type {(label: Label, point: { x: number, y: number }, taken: Box[], view: Box) => void} */
  function place({ name, kind, residents, place: leads }, { x, y }, taken, view) {
    const label = html("span", { class: `ck-label ck-${kind}${residents >= large ? " ck-large" : ""}` }, name);
    if (leads >= 0) label.dataset.place = String(leads);
    label.style.left = label.style.top = "0";
    pane.append(label);
    const known = `${label.className} ${name}`;
    const [width, height] = sizes.get(known) ?? [label.offsetWidth, label.offsetHeight];
    if (width) sizes.set(known, [width, height]); // none before the map is in the document
    const box = freeBox(spotsOf(kind, width, height).map(([dx, dy]) => [x + dx, y + dy]), [width, height], taken, view);
    if (!box) { label.remove(); return; }
    taken.push(box);
    label.style.transform = `translate(${Math.round(box[0] + BESIDE)}px, ${Math.round(box[1])}px)`;
  }

  pane.addEventListener("click", (/** @type {MouseEvent} */ event) => {
    const { place: leads } = /** @type {HTMLElement} */ (event.target).dataset;
    if (leads === undefined || map.dragging?.moved()) return;
    event.stopPropagation();
    open(Number(leads));
  });
  // A name that leads to a place stands on its land; another keeps dark letters.
  function ink() {
    for (const name of /** @type {HTMLElement[]} */ ([...pane.children])) {
      const { place: leads } = name.dataset;
      if (leads !== undefined) name.classList.toggle("ck-on-dark", dark(Number(leads)));
    }
  }
  map.on("zoomstart", () => pane.replaceChildren());
  map.on("zoomend moveend resize", draw);
  return { draw, ink, toggle: (/** @type {boolean} */ on) => { wanted = on; draw(); } };
}

const BESIDE = 2; // pixels of air on either side of a name

/**
 * Where a name may stand, from its point: on it for a country; right, left, above or below a place.
 * @param {string} kind
 * @param {number} width
 * @param {number} height
 */
function spotsOf(kind, width, height) {
  if (kind === "country") return [[-width / 2, -height / 2]];
  return [[7, -height / 2], [-width - 7, -height / 2], [-width / 2, -height - 5], [-width / 2, 5]];
}

/**
 * The first box at one of the corners that lies in the view and touches none that is taken.
 * @param {number[][]} corners
 * @param {[width: number, height: number]} size
 * @param {Box[]} taken
 * @param {Box} view
 */
export function freeBox(corners, [width, height], taken, view) {
  /** @type {Box[]} */
  const boxes = corners.map(([left, top]) => [left - BESIDE, top, left + width + BESIDE, top + height]);
  return boxes.find(box => within(box, view) && !taken.some(other => overlap(box, other)));
}

/** @type {(box: Box, view: Box) => boolean} */
function within([left, top, right, bottom], [west, north, east, south]) {
  return left >= west && right <= east && top >= north && bottom <= south;
}

/** @type {(one: Box, other: Box) => boolean} */
function overlap([left, top, right, bottom], [l, t, r, b]) {
  return left < r && l < right && top < b && t < bottom;
}

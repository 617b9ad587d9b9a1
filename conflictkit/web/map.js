// One map: the drawing, its controls and its numbers, kept together. The offline page and the live widget call this.

import { makeAddress } from "./address.js";
import { makeComparison } from "./compare.js";
import { html, svg } from "./dom.js";
import { makeFoot } from "./foot.js";
import { makePaints } from "./paint.js";
import { makePaper } from "./paper.js";
import { makeSeries } from "./series.js";
import { makeState } from "./state.js";
import { dayWords } from "./words.js";

/** @import { Payload } from "./payload.js" */

const MAX_ZOOM = 12; // as in maps/_kitmap.py: places are good to 200 m, and beyond it nothing is gained
const MIN_ZOOM = 4;

/**
 * With `panels` false the controls and numbers are the caller's; chart, map and the list of changes stay.
 * @param {any} L  Leaflet
 * @param {Payload} data
 * @param {object} room
 * @param {any} [room.map]  of Leaflet, which others may draw on too
 * @param {Element} [room.element]  to put a map of our own into
 * @param {boolean} [room.panels]
 * @param {Element} [room.foot]  of a page: sources go there, and the page has addresses
 */
export function conflictkitMap(L, data, { map = null, element, panels = true, foot }) {
  const kinds = ["ck", panels ? "" : "ck-bare", data.forces ? "ck-forces" : "", data.compare ? "ck-two" : ""];
  const root = html("div", { class: kinds.filter(Boolean).join(" ") });
  const stage = map ? map.getContainer() : html("div", { class: "ck-stage" });
  if (map) stage.parentNode.insertBefore(root, stage);
  else element?.append(root);
  const side = html("div", { class: "ck-side" }), top = html("div", { class: "ck-top" });
  const below = html("div", { class: "ck-below" });
  root.append(top, stage, below, side);
  stage.classList.add("ck-stage");
  stage.setAttribute("role", "region");
  stage.setAttribute("aria-label", "Map: arrow keys move it, plus and minus zoom");
  map ??= ownMap(L, stage, data);
  map.setMaxZoom(MAX_ZOOM);
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
    map.options.zoomAnimation = map.options.fadeAnimation = map.options.inertia = false;
    map._zoomAnimated = false;
  }
  const [[south, west], [north, east]] = data.bounds;
  const { x, y } = map.project([south, east], 0).subtract(map.project([north, west], 0));
  stage.style.setProperty("--ck-shape", (x / y).toFixed(3)); // an explorer gives the map room of the shape of its land
  map.setView([(south + north) / 2, (west + east) / 2], 6, { animate: false });

  root.style.setProperty("--ck-none", data.look.none);
  const state = makeState(data), paints = makePaints(root, state);
  const parts = data.compare ? makeComparison(L, map, state, paints, data.compare, { top, side })
    : makeSeries(L, map, state, paints, { top, side, below, panels });
  addFurniture(L, map, root, parts.overlays);
  if (data.view && String(data.view) !== String(data.bounds)) addWhole(L, map, data.bounds);
  const frame = data.tiles || !data.base.borders.length ? null : data.frame;
  const ends = [keepFitted(map, stage, data.view ?? data.bounds, frame), parts.remove];
  const handle = Object.assign(parts.handle, { root, map, state, remove });
  if (!panels) beOneOfSeveral(root);
  if (foot) ends.push(...addPage(/** @type {any} */ (handle), parts, foot, stage));

  // Whatever watches is stopped before the map is gone: a cell of a notebook that is run again makes another.
  function remove() {
    ends.forEach(end => end?.());
    map.remove();
    map.off(); // Leaflet tells of the end of a move 0.2 s after a new size, also of a map that is gone by then
    root.remove();
  }
  return handle;
}

/**
 * A notebook may hold several maps, and landmarks of one name would lead to any of them: here its parts are groups.
 * @param {Element} root
 */
function beOneOfSeveral(root) {
  for (const part of root.querySelectorAll("[role=region]")) part.setAttribute("role", "group");
}

/**
 * What only a page has: sources at its foot, an address for a view, a form on paper.
 * @param {any} handle
 * @param {{ controls: Element, overlays: { labels: { draw: () => void } } }} parts
 * @param {Element} foot
 * @param {any} stage
 */
function addPage(handle, { controls, overlays }, foot, stage) {
  const { map, state, redraw } = handle, below = makeFoot(state, foot, handle.step ?? (() => state.days.length - 1));
  const again = () => { overlays.labels.draw(); redraw?.(); };
  const paper = { bounds: state.data.bounds, before: below.paper, redraw: again };
  const ends = [makePaper(map, stage, paper)];
  followDay(handle);
  // a frame of a notebook has no address of its own
  if (handle.onLevel && location.protocol !== "about:") ends.push(makeAddress(handle, controls));
  return ends;
}

/**
 * The headline of a page of forces tells of the day shown; of the first one in the words of its maker.
 * @param {any} handle
 */
function followDay({ state, forces, step, onStep }) {
  const head = document.querySelector("h1.ck-finds");
  if (!head || !forces) return;
  const first = step(), words = head.textContent;
  onStep((/** @type {number} */ now) => {
    head.textContent = now === first ? words : `${dayWords(state.days[now])}: ${forces.sentence()} count`;
  });
}

/**
 * A map for this page alone, with the tiles that its maker asked for and their credit.
 * @param {any} L
 * @param {Element} stage
 * @param {Payload} data
 */
function ownMap(L, stage, { tiles, frame, base }) {
  const zooms = { zoomSnap: 0.05, minZoom: MIN_ZOOM, maxZoom: MAX_ZOOM };
  const map = L.map(stage, { ...zooms, attributionControl: Boolean(tiles) });
  if (!tiles && base.borders.length) map.setMaxBounds(L.latLngBounds(frame).pad(0.2));
  map.attributionControl?.setPrefix("");
  if (tiles) L.tileLayer(tiles.url, tiles.options).addTo(map);
  return map;
}

/**
 * Show the land to be seen in whatever room the map has, until the reader moves it.
 * @param {any} map
 * @param {Element} stage
 * @param {Payload["bounds"]} bounds
 * @param {Payload["bounds"] | null} frame  within which the ground is known, if it is drawn
 */
function keepFitted(map, stage, bounds, frame) {
  let ours = false, moved = false;
  const limits = map.options.maxBounds;
  const fit = () => {
    if (!stage.clientWidth) return; // of a notebook, not yet in the document
    ours = true;
    // at each end of a move Leaflet lets the map glide back inside its limits; begun by a new size, or by the stop of
    // another glide, that would go on after the land is fitted, and carry it away
    if (!moved) map.setMaxBounds(null);
    map.invalidateSize({ pan: false });
    if (!moved) {
      map.fitBounds(bounds, { animate: false }).setMaxBounds(limits);
      if (frame) intoFrame(map, frame);
    }
    ours = false;
  };
  // a map that is put back inside its bounds was not moved by the reader
  map.on("dragstart zoomstart movestart", () => { moved ||= !ours && !map._enforcingBounds; });
  fit();
  const watch = new ResizeObserver(fit);
  watch.observe(stage);
  return () => watch.disconnect();
}

/**
 * Move a map that shows more than the known ground so that the blank bands are gone, or as wide on either side.
 * @param {any} map
 * @param {Payload["bounds"]} frame
 */
function intoFrame(map, [[south, west], [north, east]]) {
  const size = map.getSize();
  const first = map.latLngToContainerPoint([north, west]), last = map.latLngToContainerPoint([south, east]);
  const shift = (/** @type {number} */ from, /** @type {number} */ to, /** @type {number} */ room) => {
    const before = Math.max(0, from), after = Math.max(0, room - to);
    return to - from <= room ? (from + to - room) / 2 : before - after;
  };
  map.panBy([shift(first.x, last.x, size.x), shift(first.y, last.y, size.y)].map(Math.round), { animate: false });
}

/**
 * Scale, layers, full screen, the position under the pointer.
 * @param {any} L
 * @param {any} map
 * @param {Element} root
 * @param {{ layers: Record<string, any>, labels: { toggle: (on: boolean) => void } }} overlays
 */
function addFurniture(L, map, root, { layers, labels }) {
  L.control.scale({ imperial: false, maxWidth: 140 }).addTo(map);
  const names = L.layerGroup();
  names.onAdd = () => { labels.toggle(true); return names; };
  names.onRemove = () => { labels.toggle(false); return names; };
  names.addTo(map);
  L.control.layers(null, { ...layers, Names: names }, { position: "topright" }).addTo(map);
  if (document.fullscreenEnabled) addFullScreen(L, map, root);

  const where = L.control({ position: "bottomright" });
  where.onAdd = () => html("div", { class: "ck-where", "aria-hidden": "true" });
  where.addTo(map);
  const degrees = (/** @type {number} */ value, /** @type {string} */ letters) =>
    `${Math.abs(value).toFixed(3)}\u00B0 ${letters[value < 0 ? 1 : 0]}`;
  map.on("mousemove", (/** @type {any} */ { latlng }) => {
    where.getContainer().textContent = `${degrees(latlng.lat, "NS")}, ${degrees(latlng.lng, "EW")}`;
  });
  map.on("mouseout", () => { where.getContainer().textContent = ""; });
}

/**
 * @param {any} L
 * @param {any} map
 * @param {Element} root
 */
function addFullScreen(L, map, root) {
  addButton(L, map, "Full screen", "M1,5V1H5 M11,1H15V5 M15,11V15H11 M5,15H1V11", () =>
    document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen());
}

/**
 * A way from the part that a page opens on to all of its land.
 * @param {any} L
 * @param {any} map
 * @param {Payload["bounds"]} bounds
 */
function addWhole(L, map, bounds) {
  addButton(L, map, "All of the land", "M1,1H15V15H1Z M6,6H10V10H6Z", () => map.fitBounds(bounds));
}

/**
 * A button on the map, with a drawing of 16 pixels.
 * @type {(L: any, map: any, name: string, d: string, act: () => void) => void}
 */
function addButton(L, map, name, d, act) {
  const drawing = svg("svg", { width: 16, height: 16, "aria-hidden": "true" });
  svg("path", { d, stroke: "#222222", "stroke-width": 2, fill: "none" }, drawing);
  const control = L.control({ position: "topright" }); // at the upper left a small map has towns
  control.onAdd = () => {
    const look = { type: "button", class: "ck-button leaflet-bar", "aria-label": name, title: name };
    const button = html("button", look, drawing);
    button.addEventListener("click", act);
    L.DomEvent.disableClickPropagation(button);
    return button;
  };
  control.addTo(map);
}

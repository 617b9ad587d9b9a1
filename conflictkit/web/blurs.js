// Events on the map: each as the same ink, spread over where and when it may have happened.

import { enter, freshId, html, svg } from "./dom.js";
import { makeBlurPanel } from "./blur_panel.js";
import { records } from "./payload.js";

/**
 * @import { Blurs, Happened, Ink } from "./payload.js"
 * @import { State } from "./state.js"
 * @typedef {Happened & { ink: number }} Inked  its part in the days that are shown
 * @typedef {{ key: string, longitude: number, latitude: number, km: number, ink: number, events: Inked[] }} Blot
 */

const COUNTRY = 0.5, NEAREST = 16; // pixels a km where the map shows a country, and from where on symbols do not grow
const EQUATOR_KM = 40075.017, TILE = 256, POPUP_MARGIN = 70;
// From a disc with a soft edge to a blur without any: opacity on the way from the middle to the edge.
const PROFILES = [
  [[0, 1], [0.7, 1], [1, 0]], [[0, 1], [0.35, 0.85], [0.7, 0.3], [1, 0]],
  [[0, 1], [0.25, 0.75], [0.5, 0.33], [0.75, 0.09], [1, 0]],
];

/**
 * What of each event falls into the days from one to before another, by point and precision, the widest first.
 * @param {Happened[]} rows
 * @param {number} from
 * @param {number} until
 */
export function blotsOf(rows, from, until) {
  /** @type {Map<string, Blot>} */
  const found = new Map();
  for (const row of rows) {
    const { first, last, longitude, latitude, km } = row, key = `${longitude} ${latitude} ${km}`;
    const ink = (Math.min(last + 1, until) - Math.max(first, from)) / (last + 1 - first);
    if (ink <= 0) continue;
    const blot = found.get(key) ?? { key, longitude, latitude, km, ink: 0, events: [] };
    blot.ink += ink;
    blot.events.push({ ...row, ink });
    found.set(key, blot);
  }
  return [...found.values()].sort((a, b) => b.km - a.km || b.ink - a.ink);
}

/**
 * How a blot is drawn where a km has so many pixels: its radius, its opacity, which of the profiles.
 * @param {{ ink: number, km: number }} blot
 * @param {number} scale
 * @param {Ink} look
 */
export function inkOf({ ink, km }, scale, { pixels, strength, faint, full }) {
  // nearer by, an event is larger too, or a town of a few km would be a haze
  const unit = pixels * Math.sqrt(ink * Math.min(NEAREST, Math.max(1, scale / COUNTRY)));
  const radius = unit + km * scale, share = unit / radius;
  const opacity = Math.max(faint, Math.min(full, strength * share * share));
  return { radius, opacity, profile: share > 0.75 ? 0 : share > 0.5 ? 1 : 2 };
}

/**
 * @param {any} L
 * @param {any} map
 * @param {State} state
 * @param {Blurs} data
 * @param {boolean} panels
 */
export function makeBlurs(L, map, state, data, panels) {
  const rows = records(data.rows), { look } = state.data, name = freshId("ink");
  map.createPane("ck-blurs").style.zIndex = 435;
  const renderer = L.svg({ pane: "ck-blurs", padding: 0.4 }), group = L.layerGroup().addTo(map);
  const popup = L.popup({ minWidth: 220, autoPanPaddingTopLeft: [52, 12], autoPanPaddingBottomRight: [58, 12] });
  const tip = L.tooltip({ direction: "top", offset: [0, -4] });
  /** @type {Set<number>} */
  const off = new Set();
  /** @type {Blot[]} */
  let blots = [];
  let step = 0, chosen = "";

  const hidden = svg("svg", { width: 0, height: 0, "aria-hidden": "true", class: "ck-defs" });
  const defs = svg("defs", {}, hidden);
  PROFILES.forEach((stops, profile) => {
    const gradient = svg("radialGradient", { id: `${name}-${profile}` }, defs);
    for (const [offset, opacity] of stops) {
      svg("stop", { offset, "stop-color": look.ink, "stop-opacity": opacity }, gradient);
    }
  });
  map.getContainer().append(hidden);
  const fill = (/** @type {number} */ profile) => `url(#${name}-${profile})`;
  const parts = makeBlurPanel(data, rows, state.days, { fill, inkOf, setKind, visit, panels });

  /** @param {number} wanted */
  function show(wanted) {
    step = wanted;
    const seen = rows.filter(row => !off.has(row.kind));
    blots = blotsOf(seen, data.edges[step], data.edges[step + 1]);
    parts.show(step, blots, off);
    draw();
    if (chosen && map.hasLayer(popup)) blotAt(chosen) ? popup.setContent(content(chosen)) : popup.close();
  }

  function draw() {
    group.clearLayers();
    for (const blot of blots) {
      const where = [blot.latitude, blot.longitude];
      const { radius, opacity, profile } = inkOf(blot, pixelsPerKm(blot.latitude, map.getZoom()), data.ink);
      const circle = L.circleMarker(where, {
        pane: "ck-blurs", renderer, radius, stroke: false, fillColor: fill(profile), fillOpacity: opacity,
        className: "ck-blur",
      });
      circle.on("mouseover", () => tip.setLatLng(where).setContent(html("span", {}, parts.name(blot))).addTo(map));
      circle.on("mouseout", () => tip.remove());
      circle.on("click", (/** @type {Event} */ event) => { L.DomEvent.stopPropagation(event); open(blot.key); });
      circle.addTo(group);
    }
  }

  /** @param {string} key */
  const blotAt = key => blots.find(blot => blot.key === key);
  /** @param {string} key */
  function content(key) {
    const blot = blotAt(key);
    return blot ? parts.content(blot) : "";
  }
  /** @param {string} key */
  function open(key) {
    const blot = blotAt(key);
    if (!blot) return;
    chosen = key;
    const where = L.latLng(blot.latitude, blot.longitude);
    if (!map.getBounds().contains(where)) map.panTo(where, { animate: false });
    popup.options.maxWidth = Math.min(340, map.getSize().x - 110);
    popup.options.maxHeight = map.getSize().y - POPUP_MARGIN; // its title and its way out stay on the map
    popup.setLatLng(where).setContent(content(key)).openOn(map);
  }
  /** @param {string} key */
  function visit(key) { enter(popup, () => open(key)); }
  /** @type {(kind: number, on: boolean) => void} */
  function setKind(kind, on) {
    on ? off.delete(kind) : off.add(kind);
    show(step);
  }

  map.on("zoomend", draw);
  return { group, show, open, setKind, key: parts.key, list: parts.list, sentence: parts.sentence, blots: () => blots };
}

/**
 * On a map in Mercator's projection.
 * @param {number} latitude
 * @param {number} zoom
 */
function pixelsPerKm(latitude, zoom) {
  return TILE * 2 ** zoom / (EQUATOR_KM * Math.cos(latitude * Math.PI / 180));
}

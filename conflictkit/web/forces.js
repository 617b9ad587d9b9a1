// Forces on the map: a symbol for each force and point, moved apart where they would hide each other, with a popup.

import { enter, html } from "./dom.js";
import { forceName, forceSymbol, makeForcePanel } from "./force_panel.js";
import { records } from "./payload.js";
import { fanOut, linesBetween, reportsOn, symbolsOf } from "./reports.js";
import { circleAround } from "./rings.js";

/**
 * @import { Forces } from "./payload.js"
 * @import { Here, ForceSymbol } from "./reports.js"
 * @import { Box } from "./labels.js"
 * @import { ForceData } from "./force_panel.js"
 * @import { State } from "./state.js"
 * @typedef {{ marker: any, symbol: ForceSymbol, drawn: string }} Marker
 */

/**
 * @param {any} L
 * @param {any} map
 * @param {State} state
 * @param {Forces} given
 * @param {boolean} panels
 */
export function makeForces(L, map, state, given, panels) {
  /** @type {ForceData} */
  const data = { ...given, actors: records(given.actors), sources: records(given.sources) };
  const reports = records(given.reports), { look } = state.data;
  ["area", "lines", "symbols"].forEach((name, index) => {
    const pane = map.createPane(`ck-force-${name}`);
    pane.style.zIndex = 425 + 10 * index;
    if (name !== "symbols") pane.style.pointerEvents = "none";
  });
  const group = L.layerGroup().addTo(map), marks = L.layerGroup().addTo(group);
  /** @type {Map<string, Marker>} */
  const markers = new Map();
  /** @type {Record<string, any>} */
  const renderers = {};
  for (const name of ["area", "lines"]) renderers[name] = L.svg({ pane: `ck-force-${name}`, padding: 0.4 });
  const thin = (/** @type {string} */ pane, /** @type {object} */ style) =>
    ({ pane: `ck-force-${pane}`, renderer: renderers[pane], interactive: false, color: look.ink, ...style });
  const popup = L.popup({ minWidth: 220, autoPanPaddingTopLeft: [52, 12], autoPanPaddingBottomRight: [58, 12] });
  /** @type {((id: string) => void)[]} */
  const listeners = [];
  /** @type {Set<string>} */
  const off = new Set();
  /** @type {Set<string>} */
  let hidden = new Set();
  let day = state.days[0], lines = data.lines, chosen = "";
  /** @type {Here[]} */
  let here = [];
  /** @type {ForceSymbol[]} */
  let found = [];
  /** @type {Box[]} */
  let boxes = [];

  const diameter = (/** @type {ForceSymbol} */ { band }) => (data.bands[band] ?? data.unknown).diameter;
  const parts = makeForcePanel(state, data, { visit, setSide, setLines, panels });

  /** @param {ForceSymbol} symbol */
  function icon(symbol) {
    const size = diameter(symbol), box = html("div", {}, forceSymbol(data, symbol, size, look));
    return L.divIcon({ html: box, className: "ck-force", iconSize: [size + 6, size + 6] });
  }

  /** @param {string} now */
  function show(now) {
    day = now;
    here = reportsOn(reports, day).filter(row => !hidden.has(row.id));
    const wanted = here.filter(row => !off.has(data.actors[row.actor].side));
    found = symbolsOf(wanted);
    const keys = new Set(found.map(symbol => symbol.key));
    for (const [key, { marker }] of markers) if (!keys.has(key)) { marker.remove(); markers.delete(key); }
    found.forEach(draw);
    place();
    parts.show(here, found, wanted.filter(row => row.latitude === null), day);
    if (chosen && map.hasLayer(popup)) keys.has(chosen) ? popup.setContent(content(chosen)) : popup.close();
  }

  /** @param {ForceSymbol} symbol */
  function draw(symbol) {
    const drawn = [symbol.kind, symbol.band, symbol.presence].join(), known = markers.get(symbol.key);
    if (known) {
      if (known.drawn !== drawn) known.marker.setIcon(icon(symbol));
      Object.assign(known, { symbol, drawn });
      return;
    }
    const where = [symbol.latitude, symbol.longitude];
    const marker = L.marker(where, { pane: "ck-force-symbols", keyboard: false, icon: icon(symbol) });
    const made = { marker, symbol, drawn };
    marker.bindTooltip(() => html("span", {}, forceName(data, made.symbol)), { direction: "top", offset: [0, -8] });
    marker.on("click", () => open(made.symbol.key));
    markers.set(symbol.key, made);
    marker.addTo(group);
  }

  // Symbols side by side, with lines to their points; areas of doubt; lines to parents or backers.
  function place() {
    marks.clearLayers();
    const ends = found.map(({ latitude, longitude }) => map.latLngToLayerPoint([latitude, longitude]));
    const sizes = found.map(diameter), spots = fanOut(ends.map(({ x, y }) => [x, y]), sizes, data.fan);
    const where = spots.map(spot => map.layerPointToLatLng(spot));
    boxes = spots.map(([x, y], number) => {
      const reach = sizes[number] / 2 + 1;
      return [x - reach, y - reach, x + reach, y + reach];
    });
    const areas = new Set();
    found.forEach((symbol, number) => {
      markers.get(symbol.key)?.marker.setLatLng(where[number]);
      const point = [symbol.latitude, symbol.longitude], [latest] = symbol.reports;
      if (ends[number].distanceTo(spots[number]) > data.fan.aside * sizes[number]) {
        L.polyline([point, where[number]], thin("lines", { weight: 1 })).addTo(marks);
        L.circleMarker(point, thin("lines", { radius: 2, weight: 1, fillOpacity: 1 })).addTo(marks);
      }
      if (!areas.has(latest.spot)) doubt(latest, point);
      areas.add(latest.spot);
    });
    for (const pair of linesBetween(data.actors, found, lines)) {
      const style = thin("lines", { weight: 1.6, dashArray: "2 4", className: "ck-force-line" });
      L.polyline(pair.map(number => where[number]), style).addTo(marks);
    }
  }

  // How far off a position may be: around it, or on both sides of a ring where only a distance is known.
  /** @type {(report: Here, point: number[]) => void} */
  function doubt({ doubt: km, ring }, point) {
    const shade = { stroke: false, fillOpacity: 0.13 };
    if (!ring) {
      L.circle(point, thin("area", { radius: 1000 * km, ...shade })).addTo(marks);
      return;
    }
    L.polygon([ring.km + km, ring.km - km].map(reach => circleAround(ring, reach)), thin("area", shade)).addTo(marks);
    const line = { radius: 1000 * ring.km, fill: false, weight: 1.2, dashArray: "6 4" };
    L.circle([ring.latitude, ring.longitude], thin("area", line)).addTo(marks);
  }

  /** @param {string} key */
  const symbolAt = key => found.find(symbol => symbol.key === key);
  /** @param {string} key */
  function content(key) {
    const symbol = symbolAt(key);
    return symbol ? parts.content(symbol, day) : "";
  }
  /** @param {string} key */
  function open(key) {
    const symbol = symbolAt(key), spot = markers.get(key)?.marker.getLatLng();
    if (!symbol || !spot) return;
    chosen = key;
    if (!map.getBounds().contains(spot)) map.panTo(spot, { animate: false });
    popup.options.maxWidth = Math.min(340, map.getSize().x - 110);
    popup.setLatLng(spot).setContent(content(key)).openOn(map);
    listeners.forEach(listener => listener(data.actors[symbol.actor].id));
  }
  /** @param {string} key */
  function visit(key) { enter(popup, () => open(key)); }
  /** @param {string} id */
  function openActor(id) {
    const own = found.filter(other => data.actors[other.actor].id === id);
    const symbol = own.find(({ presence }) => presence !== "assumed") ?? own[0];
    if (symbol) open(symbol.key);
  }
  const again = () => { show(day); map.fire("ck-forces"); };
  /** @type {(side: string, on: boolean) => void} */
  function setSide(side, on) {
    on ? off.delete(side) : off.add(side);
    again();
  }
  /** @param {string} kind */
  function setLines(kind) { lines = kind; place(); }

  map.on("zoomend", () => {
    place();
    if (chosen && map.hasLayer(popup)) {
      popup.setLatLng(markers.get(chosen)?.marker.getLatLng() ?? popup.getLatLng());
    }
  });
  return {
    group, show, open, openActor, setSide, setLines, key: parts.key, list: parts.list, sentence: parts.sentence,
    boxes: () => boxes,
    setHidden: (/** @type {string[]} */ ids) => { hidden = new Set(ids); again(); },
    chosen: () => map.hasLayer(popup) ? data.actors[symbolAt(chosen)?.actor ?? -1]?.id ?? "" : "",
    onOpen: (/** @type {(id: string) => void} */ listener) => listeners.push(listener),
  };
}

// Forces on the map: at a small scale one badge for each place with the number of each side; nearer by, or of a badge
// that is opened, a symbol for each force, moved apart where they would hide each other.

import { badgesOf, byDistance } from "./badges.js";
import { html } from "./dom.js";
import { badgeIcon, forceName, forceSymbol, makeForcePanel } from "./force_panel.js";
import { records } from "./payload.js";
import { fanOut, linesBetween, reportsOn, symbolsOf } from "./reports.js";
import { circleAround } from "./rings.js";
import { counted } from "./words.js";

/**
 * @import { Force, Forces, Report } from "./payload.js"
 * @import { Badge } from "./badges.js"
 * @import { Here, ForceSymbol } from "./reports.js"
 * @import { Spot } from "./rings.js"
 * @import { Box } from "./labels.js"
 * @import { ForceData } from "./force_panel.js"
 * @import { State } from "./state.js"
 */

/**
 * @param {any} L
 * @param {any} map
 * @param {State} state
 * @param {Forces} given
 * @param {boolean} panels
 */
export function makeForces(L, map, state, given, panels) {
  const actors = records(given.actors);
  const reports = records(given.reports);
  /** @type {ForceData} */
  const data = { ...given, actors, sources: records(given.sources), signs: signsOf(actors, reports) };
  const { look } = state.data;
  ["area", "lines", "symbols"].forEach((name, index) => {
    const pane = map.createPane(`ck-force-${name}`);
    pane.style.zIndex = 425 + 10 * index;
    if (name !== "symbols") pane.style.pointerEvents = "none";
  });
  const group = L.layerGroup().addTo(map), marks = L.layerGroup().addTo(group);
  /** @type {Record<string, any>} */
  const renderers = {};
  for (const name of ["area", "lines"]) renderers[name] = L.svg({ pane: `ck-force-${name}`, padding: 0.4 });
  const thin = (/** @type {string} */ pane, /** @type {object} */ style) =>
    ({ pane: `ck-force-${pane}`, renderer: renderers[pane], interactive: false, color: look.ink, ...style });
  /** @type {((id: string) => void)[]} */
  const listeners = [];
  /** @type {Set<string>} */
  const off = new Set();
  /** @type {Set<string>} */
  let hidden = new Set();
  let day = state.days[0], lines = data.lines, chosen = "", fanned = "", radius = Infinity;
  /** @type {(Spot & { name: string }) | null} */
  let middle = null; // a place that the reader asked for; without one, the middle of the map
  /** @type {ForceSymbol[]} */
  let found = [];
  /** @type {Box[]} */
  let boxes = [];

  const diameter = (/** @type {ForceSymbol} */ { band }) => (data.bands[band] ?? data.unknown).diameter;
  const sideOf = (/** @type {{ actor: number }} */ { actor }) => data.actors[actor].side;
  const pixels = (/** @type {Spot} */ { latitude, longitude }) => map.latLngToLayerPoint([latitude, longitude]);
  const parts = makeForcePanel(state, data, { visit, setSide, setLines, setRadius, forget, closed, panels });

  /** @returns {Spot} */
  function from() {
    if (middle) return middle;
    const { lat, lng } = map.getCenter();
    return { latitude: lat, longitude: lng };
  }

  /** @param {string} now */
  function show(now) {
    day = now;
    const here = reportsOn(reports, day).filter(row => !hidden.has(row.id));
    const wanted = here.filter(row => !off.has(sideOf(row)));
    const near = byDistance(symbolsOf(wanted), from(), radius);
    found = near.map(({ symbol }) => symbol);
    place();
    parts.show(here, wanted.filter(row => row.latitude === null), day);
    listed(near);
    const symbol = symbolAt(chosen);
    if (symbol) parts.fill(symbol, day);
    else if (chosen) parts.panel.leave();
  }
  function listed(near = byDistance(found, from())) { parts.list(near, middle?.name ?? ""); }

  // Badges, or symbols side by side with lines to their points; areas of doubt; lines to parents or backers.
  function place() {
    marks.clearLayers();
    boxes = [];
    const wide = map.getZoom() < state.data.near_zoom;
    const badges = wide ? badgesOf(found, { pixels, side: sideOf }) : [];
    const open = badges.find(badge => badge.key === fanned || badge.symbols.some(({ key }) => key === chosen));
    badges.filter(badge => badge !== open).forEach(drawBadge);
    const single = wide ? open?.symbols ?? [] : found, where = drawFan(single);
    for (const pair of linesBetween(data.actors, found, lines)) {
      const style = thin("lines", { weight: 1.6, dashArray: "2 4", className: "ck-force-line" });
      const ends = pair.map(number => found[number])
        .map(({ key, latitude, longitude }) => where.get(key) ?? [latitude, longitude]);
      L.polyline(ends, style).addTo(marks);
    }
  }

  /** @param {Badge} badge */
  function drawBadge(badge) {
    const { icon, size: [wide, high] } = badgeIcon(L, data, badge, look);
    const marker = L.marker([badge.latitude, badge.longitude], { pane: "ck-force-symbols", keyboard: false, icon });
    const others = badge.places > 1 ? ` and ${badge.places - 1} more` : "";
    const said = `${badge.where}${others}: ${counted(badge.symbols.length, "force")}`;
    marker.bindTooltip(() => html("span", {}, said), { direction: "top" });
    marker.on("click", () => { fanned = badge.key; again(); });
    marker.addTo(marks);
    const { x, y } = pixels(badge);
    boxes.push([x - wide / 2, y - high / 2, x + wide / 2, y + high / 2]);
  }

  /** @param {ForceSymbol[]} symbols */
  function drawFan(symbols) {
    const ends = symbols.map(pixels), sizes = symbols.map(diameter);
    const spots = fanOut(ends.map(({ x, y }) => [x, y]), sizes, data.fan), areas = new Set(), found = new Map();
    symbols.forEach((symbol, number) => {
      const [x, y] = spots[number], reach = sizes[number] / 2 + 1, point = [symbol.latitude, symbol.longitude];
      const where = map.layerPointToLatLng(spots[number]), [latest] = symbol.reports;
      boxes.push([x - reach, y - reach, x + reach, y + reach]);
      found.set(symbol.key, where);
      drawSymbol(symbol, where);
      if (ends[number].distanceTo(spots[number]) > data.fan.aside * sizes[number]) {
        L.polyline([point, where], thin("lines", { weight: 1 })).addTo(marks);
        L.circleMarker(point, thin("lines", { radius: 2, weight: 1, fillOpacity: 1 })).addTo(marks);
      }
      if (!areas.has(latest.spot)) doubt(latest, point);
      areas.add(latest.spot);
    });
    return found;
  }

  /** @type {(symbol: ForceSymbol, where: any) => void} */
  function drawSymbol(symbol, where) {
    const size = diameter(symbol), box = html("div", {}, forceSymbol(data, symbol, size, look));
    const icon = L.divIcon({ html: box, className: `ck-force${symbol.key === chosen ? " ck-chosen" : ""}`,
      iconSize: [size + 6, size + 6] });
    const marker = L.marker(where, { pane: "ck-force-symbols", keyboard: false, icon });
    marker.bindTooltip(() => html("span", {}, forceName(data, symbol)), { direction: "top", offset: [0, -8] });
    marker.on("click", () => open(symbol.key));
    marker.addTo(marks);
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
    // a line without dashes: a browser cuts one into thousands of pieces where the map is enlarged
    const line = { radius: 1000 * ring.km, fill: false, weight: 1.2, className: "ck-ring" };
    L.circle([ring.latitude, ring.longitude], thin("area", line)).addTo(marks);
  }

  /** @param {string} key */
  const symbolAt = key => found.find(symbol => symbol.key === key);
  /** @param {string} key */
  function open(key) {
    const symbol = symbolAt(key);
    if (!symbol) return;
    chosen = key;
    const point = [symbol.latitude, symbol.longitude];
    if (!map.getBounds().contains(point)) map.panTo(point, { animate: false });
    parts.fill(symbol, day);
    parts.panel.reveal();
    again();
    listeners.forEach(listener => listener(data.actors[symbol.actor].id));
  }
  /** @param {string} key */
  function visit(key) {
    open(key);
    parts.panel.enter();
  }
  function closed() {
    chosen = fanned = "";
    again();
  }
  /** @param {string} id */
  function openActor(id) {
    const own = found.filter(other => data.actors[other.actor].id === id);
    const symbol = own.find(({ presence }) => presence !== "assumed") ?? own[0];
    if (symbol) open(symbol.key);
  }
  function again() { place(); map.fire("ck-forces"); }
  function anew() { show(day); map.fire("ck-forces"); }
  /** @type {(side: string, on: boolean) => void} */
  function setSide(side, on) {
    on ? off.delete(side) : off.add(side);
    anew();
  }
  /** @param {string} kind */
  function setLines(kind) { lines = kind; place(); }
  /** @param {number} km */
  function setRadius(km) { radius = km; anew(); }
  function forget() { middle = null; anew(); }

  map.on("zoomend", again);
  map.on("click", () => { if (fanned) { fanned = ""; again(); } });
  map.on("moveend", () => { if (!middle) radius < Infinity ? anew() : listed(); });
  return {
    group, show, open, openActor, setSide, setLines,
    key: parts.key, sides: parts.sides, list: parts.box, panel: parts.panel,
    sentence: parts.sentence, boxes: () => boxes,
    // Distances are from a place that the reader has opened, or from the middle of the map.
    around: (/** @type {(Spot & { name: string }) | null} */ place) => { middle = place; anew(); },
    setHidden: (/** @type {string[]} */ ids) => { hidden = new Set(ids); anew(); },
    chosen: () => data.actors[symbolAt(chosen)?.actor ?? -1]?.id ?? "",
    onOpen: (/** @type {(id: string) => void} */ listener) => listeners.push(listener),
  };
}

/**
 * The actor whose colour stands for each side: the one with most reports, over all days, so that it never changes.
 * @param {Force[]} actors
 * @param {Report[]} reports
 */
export function signsOf(actors, reports) {
  const counts = actors.map(() => 0);
  for (const { actor } of reports) counts[actor] += 1;
  /** @type {Map<string, number>} */
  const found = new Map();
  actors.forEach(({ side }, at) => {
    if (counts[at] > counts[found.get(side) ?? at] || counts[at] && !found.has(side)) found.set(side, at);
  });
  return found;
}

// Places as points: a dot in the colour of the holder, a size by residents; a click on it, near it or on its name opens
// what is known of the place.

import { html } from "./dom.js";
import { repaint } from "./land.js";
import { makePlacePanel } from "./place_panel.js";

/**
 * @import { Moment, State } from "./state.js"
 * @import { Paints } from "./paint.js"
 */

const REACH = 12; // pixels around a point that count as a click on it: a target of 24

/**
 * @param {any} L
 * @param {any} map
 * @param {State} state
 * @param {Paints} paints
 */
export function makePlaces(L, map, state, paints) {
  const { data, places } = state;
  map.createPane("ck-places").style.zIndex = 430;
  const renderer = L.svg({ pane: "ck-places", padding: 0.4 });
  const group = L.layerGroup().addTo(map);
  const tip = L.tooltip({ direction: "top", offset: [0, -4] });
  /** @type {((id: string) => void)[]} */
  const listeners = [];
  let moment = state.at(0);
  const ring = L.circleMarker([0, 0], {
    pane: "ck-places", renderer, radius: 11, weight: 3, color: data.look.ink, fill: false, interactive: false,
    className: "ck-chosen",
  });
  const panel = makePlacePanel(state, () => { ring.remove(); listeners.forEach(listener => listener("")); });

  const dots = places.map(({ name, longitude, latitude, residents }, place) => {
    const radius = diameterOf(data.sizes, residents) * 0.6;
    const dot = L.circleMarker([latitude, longitude], {
      pane: "ck-places", renderer, radius, weight: 0.8, color: data.look.ink, fillOpacity: 1, className: "ck-dot",
    });
    // not bindTooltip: its listeners would make hundreds of dots stops of the Tab key
    dot.on("mouseover", () => tip.setLatLng(dot.getLatLng()).setContent(html("span", {}, name)).addTo(map));
    dot.on("mouseout", () => tip.remove());
    dot.on("click", (/** @type {Event} */ event) => { L.DomEvent.stopPropagation(event); show(place); });
    return { dot, fill: "" };
  });

  // At a small scale only places of known size: the rest would cover the land.
  function thin() {
    const wide = map.getZoom() < data.near_zoom;
    dots.forEach(({ dot }, place) => {
      const wanted = !wide || places[place].residents > 0;
      if (wanted !== group.hasLayer(dot)) wanted ? group.addLayer(dot) : group.removeLayer(dot);
    });
  }

  /** @param {Moment} now */
  function draw(now) {
    moment = now;
    dots.forEach((one, place) => {
      const fill = paints.fill(state.paintAt(moment, place));
      if (one.fill === fill) return;
      one.fill = fill;
      repaint(one.dot, { fill });
    });
    panel.update(moment);
  }

  // The place of the nearest dot that is drawn, if a click was meant for it.
  /** @param {{ containerPoint: any }} click */
  function hit({ containerPoint }) {
    if (!map.hasLayer(group)) return;
    let nearest = -1, least = REACH;
    dots.forEach(({ dot }, place) => {
      if (!group.hasLayer(dot)) return;
      const apart = map.latLngToContainerPoint(dot.getLatLng()).distanceTo(containerPoint);
      if (apart < least) { nearest = place; least = apart; }
    });
    if (nearest >= 0) show(nearest);
  }

  /** @param {number} place */
  function mark(place) {
    const { latitude, longitude } = places[place];
    ring.setLatLng([latitude, longitude]).addTo(map);
  }
  /** @param {number} place */
  function show(place) {
    mark(place);
    panel.show(place, moment);
    panel.reveal();
    listeners.forEach(listener => listener(places[place].id));
  }
  // Bring a place into view, near enough to be drawn; `visit` is for those who came by keyboard.
  /** @param {number} place */
  function open(place) {
    near(place);
    show(place);
  }
  /** @param {number} place */
  function visit(place) {
    open(place);
    panel.enter();
  }
  /** @param {number} place */
  function near(place) {
    const { latitude, longitude } = places[place];
    map.setView([latitude, longitude], Math.max(map.getZoom(), data.near_zoom), { animate: false });
  }

  map.on("zoomend", thin);
  map.on("click", hit);
  thin();
  return {
    group, draw, open, visit, show, mark, panel,
    openId: (/** @type {string} */ id) => {
      const place = places.findIndex(one => one.id === id);
      if (place >= 0) open(place);
      return place >= 0;
    },
    chosen: () => places[panel.place()]?.id ?? "",
    onOpen: (/** @type {(id: string) => void} */ listener) => listeners.push(listener),
  };
}

/**
 * @param {{ least: number, diameter: number }[]} sizes
 * @param {number} residents
 */
function diameterOf(sizes, residents) {
  return (sizes.find(({ least }) => residents >= least) ?? sizes[sizes.length - 1]).diameter;
}

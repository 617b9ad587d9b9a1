// Places as points: a dot in the colour of the holder, a size by residents, a popup with the history and its sources.

import { enter, html, sourceLink } from "./dom.js";
import { records } from "./payload.js";
import { dateWords } from "./words.js";

/**
 * @import { Control, Moment, State } from "./state.js"
 * @import { Paints } from "./paint.js"
 */

/**
 * @param {any} L
 * @param {any} map
 * @param {State} state
 * @param {Paints} paints
 */
export function makePlaces(L, map, state, paints) {
  const { data, places } = state, rivals = records(data.rivals);
  map.createPane("ck-places").style.zIndex = 430;
  const renderer = L.svg({ pane: "ck-places", padding: 0.4 });
  const group = L.layerGroup().addTo(map);
  const popup = L.popup({ minWidth: 200, autoPanPaddingTopLeft: [52, 12], autoPanPaddingBottomRight: [12, 12] });
  const tip = L.tooltip({ direction: "top", offset: [0, -4] });
  /** @type {((id: string) => void)[]} */
  const listeners = [];
  let moment = state.at(0), chosen = -1;

  const dots = places.map(({ name, longitude, latitude, residents }, place) => {
    const radius = diameterOf(data.sizes, residents) * 0.6;
    const dot = L.circleMarker([latitude, longitude], {
      pane: "ck-places", renderer, radius, weight: 0.8, color: data.look.ink, fillOpacity: 1, className: "ck-place",
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
      one.dot.setStyle({ fillColor: fill });
    });
    if (chosen >= 0 && popup.isOpen()) popup.setContent(content(chosen));
  }

  /** @param {number} place */
  function show(place) {
    const { id, latitude, longitude } = places[place];
    chosen = place;
    popup.options.maxWidth = Math.min(320, map.getSize().x - 110);
    popup.setLatLng([latitude, longitude]).setContent(content(place)).openOn(map);
    listeners.forEach(listener => listener(id));
  }

  // Bring a place into view, near enough to be drawn, with its popup; `visit` is for those who came by keyboard.
  /** @param {number} place */
  function open(place) {
    near(place);
    show(place);
  }
  /** @param {number} place */
  function visit(place) {
    near(place);
    enter(popup, () => show(place));
  }
  /** @param {number} place */
  function near(place) {
    const { latitude, longitude } = places[place];
    map.setView([latitude, longitude], Math.max(map.getZoom(), data.near_zoom), { animate: false });
  }

  const name = (/** @type {number} */ holder) => state.actors[holder]?.name ?? "a side that the table does not name";

  /** @param {Control | null} row */
  function held(row) {
    if (!row) return "Not known on this day: its first row is later.";
    const since = row.before ? `since ${dateWords(row.day, row.precision)}` : "since the table begins";
    if (!row.paint.sides) return `Held by ${name(row.actor)} ${since}.`;
    const [before, after] = row.paint.sides;
    return `Contested ${since}: before, ${name(before)}; after, ${name(after)}.`;
  }

  // What was reported of one row, its own page among them, by the day that each report names.
  /**
   * @param {number} place
   * @param {string} row
   */
  function others(place, row) {
    const told = rivals.filter(rival => rival.place === place && rival.row === row);
    if (!told.length) return [];
    told.sort((one, other) => one.day.localeCompare(other.day));
    return [html("ul", {}, ...told.map(({ said, day, precision, source }) =>
      html("li", {}, `${said}, ${dateWords(day, precision)} `, sourceLink(state.sources[source]))))];
  }

  /** @param {number} place */
  function content(place) {
    const { name: title, arabic, kind } = places[place], row = moment.held[place];
    const box = html("div", { class: "ck-popup" }, html("h3", {}, title));
    if (arabic) box.append(html("p", { lang: "ar", dir: "rtl" }, arabic));
    box.append(html("p", {}, held(row)));
    if (row) {
      const link = sourceLink(state.sources[row.source]);
      box.append(html("p", {}, "Source: ", link, `. Confidence: ${row.confidence}.`));
    }
    const rows = state.history[place].map(({ day, precision, actor, confidence, source }) => html("li", {},
      `${dateWords(day, precision)}: ${name(actor)} (${confidence}) `, sourceLink(state.sources[source]),
      ...others(place, day)));
    const all = rows.length === 1 ? `The one row of this ${kind}` : `All ${rows.length} rows of this ${kind}`;
    box.append(html("details", {}, html("summary", {}, all), html("ul", {}, ...rows)));
    return box;
  }

  map.on("zoomend", thin);
  thin();
  return {
    group, draw, open, visit,
    openId: (/** @type {string} */ id) => {
      const place = places.findIndex(one => one.id === id);
      if (place >= 0) open(place);
    },
    chosen: () => places[chosen]?.id ?? "",
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

// The map over time: land, places and forces of the date that the slider shows, with its numbers and what changed.

import { levelChoice, makeControls, makeFinder } from "./controls.js";
import { makeBlurs } from "./blurs.js";
import { makeChart } from "./chart.js";
import { html } from "./dom.js";
import { makeDoubt } from "./doubt.js";
import { makeEvents } from "./events.js";
import { makeForces } from "./forces.js";
import { makeLabels } from "./labels.js";
import { makeLand } from "./land.js";
import { makeLegend, sentence } from "./legend.js";
import { makePlaces } from "./places.js";
import { dayWords } from "./words.js";

/**
 * @import { State } from "./state.js"
 * @import { Paints } from "./paint.js"
 */

/**
 * @param {any} L
 * @param {any} map
 * @param {State} state
 * @param {Paints} paints
 * @param {{ top: Element, side: Element, panels: boolean }} room
 */
export function makeSeries(L, map, state, paints, { top, side, panels }) {
  const { data } = state;
  /** @type {((step: number) => void)[]} */
  const listeners = [];
  const land = makeLand(L, map, state, paints);
  const doubt = data.doubt ? makeDoubt(L, map, state, data.doubt) : null;
  const places = state.drawn ? null : makePlaces(L, map, state, paints);
  const forces = data.forces ? makeForces(L, map, state, data.forces, panels) : null;
  const blurs = data.blurs ? makeBlurs(L, map, state, data.blurs, panels) : null;
  if (blurs) places?.group.remove(); // dots would be taken for events
  const labels = makeLabels(L, map, state, forces?.boxes);
  const visit = (/** @type {number} */ place) => places?.visit(place);
  const controls = makeControls(state, choose), legend = makeLegend(state, paints), events = makeEvents(state, visit);
  const chart = makeChart(state, choose), words = html("p", { class: "ck-spoken", role: "status" });
  let step = -1, level = state.levels[0];
  // in a notebook the kernel chooses the level and finds the place
  const mine = panels ? [...levelChoice(state, level, setLevel), ...(places ? [makeFinder(state, visit)] : [])] : [];
  controls.row.append(...mine);
  top.append(controls.row, chart.frame);
  if (forces) {
    side.append(words, forces.key, legend.box, ...(panels ? [forces.list] : []), events.box);
    map.on("ck-forces", labels.draw);
  } else if (blurs) side.append(words, blurs.key, ...(panels ? [legend.box, blurs.list] : []), events.box);
  else side.append(words, legend.box, events.box); // in a notebook shown when the kernel, which has more, is gone

  /** @param {number} wanted */
  function choose(wanted) {
    const next = Math.max(0, Math.min(state.days.length - 1, wanted));
    if (next === step) return;
    step = next;
    draw();
    listeners.forEach(listener => listener(step));
  }
  function draw() {
    const moment = state.at(step);
    land.show(moment);
    doubt?.show(moment);
    places?.draw(moment);
    if (forces) { forces.show(state.days[step]); labels.draw(); }
    blurs?.show(step);
    controls.show(step);
    chart.show(step);
    numbers();
    events.show(step);
  }
  function numbers() {
    const sums = state.areas(state.at(step), level), day = state.days[step];
    words.setAttribute("aria-live", controls.playing() ? "off" : "polite");
    words.textContent = sentence(state, sums, day, level) + (forces ? ` ${forces.sentence()}.` : "")
      + (blurs ? ` ${blurs.sentence()}.` : "");
    legend.show(sums, level, `${data.levels[level].name} land on ${dayWords(day)}`);
  }
  /** @param {string} name */
  function setLevel(name) {
    if (!(name in data.levels)) return; // drawings have one
    level = name;
    land.level(level);
    chart.level(level);
    numbers();
  }
  land.level(level);
  if (!forces) labels.draw();
  choose(data.start ?? state.days.length - 1);
  chart.draw();

  const overlays = {
    Water: land.groups.water, Governorates: land.groups.admin,
    ...(places && { "Lines between holders": land.groups.fronts, Places: places.group }),
    ...(doubt && { Doubt: doubt.layer }), ...(forces && { Forces: forces.group }),
    ...(blurs && { Events: blurs.group }),
  };
  const handle = {
    show: choose, setLevel, forces, blurs, drawn: land.drawn, step: () => step, level: () => level,
    open: places?.open, openId: places?.openId, place: () => places?.chosen() ?? "",
    onPlace: (/** @type {(id: string) => void} */ listener) => places?.onOpen(listener),
    onStep: (/** @type {(step: number) => void} */ listener) => listeners.push(listener),
    setVisible: (/** @type {string[]} */ ids) => {
      land.visible(new Set(ids.map(id => state.number.get(id) ?? -1)));
      land.show(state.at(step));
    },
  };
  return { handle, overlays: { layers: overlays, labels } };
}

// The map over time: land, places and forces of the date that the slider shows, with its numbers and what changed.

import { levelChoice, makeControls } from "./controls.js";
import { makeBlurs } from "./blurs.js";
import { makeChart } from "./chart.js";
import { html } from "./dom.js";
import { makeDoubt } from "./doubt.js";
import { makeEvents } from "./events.js";
import { makeFinder } from "./find.js";
import { makeForces } from "./forces.js";
import { makeLabels } from "./labels.js";
import { makeLand } from "./land.js";
import { makeLegend, sentence } from "./legend.js";
import { makeNamed, namedSteps } from "./named.js";
import { makePlaces } from "./places.js";
import { makeSupport } from "./support.js";
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
 * @param {{ top: Element, side: Element, below: Element, panels: boolean }} room
 */
export function makeSeries(L, map, state, paints, { top, side, below, panels }) {
  const { data } = state;
  /** @type {((step: number) => void)[]} */
  const listeners = [];
  /** @type {((level: string) => void)[]} */
  const levelled = [];
  const land = makeLand(L, map, state, paints);
  const doubt = data.doubt ? makeDoubt(L, map, state, data.doubt) : null;
  const places = state.drawn ? null : makePlaces(L, map, state, paints);
  const forces = data.forces ? makeForces(L, map, state, data.forces, panels) : null;
  const blurs = data.blurs ? makeBlurs(L, map, state, data.blurs, panels) : null;
  if (blurs) places?.group.remove(); // dots would be taken for events
  const labels = makeLabels(L, map, state, {
    avoid: forces?.boxes, open: place => places?.show(place),
    dark: land.dark,
  });
  const visit = (/** @type {number} */ place) => places?.visit(place);
  // of a place that is open, the forces around it are told
  places?.onOpen(id => forces?.around(state.places.find(place => place.id === id) ?? null));
  const named = namedSteps(state), steps = [...new Set(named.map(row => row.step))];
  const controls = makeControls(state, choose, steps), legend = makeLegend(state, paints);
  const events = makeEvents(state, visit), chart = makeChart(state, choose, named);
  const turns = makeNamed(state, paints, named, row => { choose(row.step); places?.mark(row.place); });
  const support = data.evidence ? makeSupport(state, land, () => { land.show(state.at(step)); numbers(); }) : null;
  const words = html("p", { class: "ck-spoken", role: "status" });
  // what full and pale colours mean stays by the map, also where the table of numbers is out of sight
  const pale = html("p", { class: "ck-pale-key" });
  let step = -1, level = state.levels[0];
  const radios = levelChoice(state, level, setLevel);
  arrange();

  // Controls above the map, time below it, what is known of a place and of the day beside it.
  function arrange() {
    // in a notebook the kernel chooses the level and finds the place
    if (panels) controls.row.append(...radios, ...(places ? [makeFinder(state, visit)] : []));
    top.append(controls.row);
    below.append(pale, chart.box, turns.box);
    const panel = places ? [places.panel.box] : [];
    side.append(words, ...(forces ? [] : panel));
    if (forces) {
      const list = panels ? [forces.list] : [];
      side.append(forces.panel.box, forces.sides, ...list, ...panel, legend.box, forces.key, events.box);
      map.on("ck-forces", labels.draw);
    } else if (blurs) side.append(blurs.key, ...(panels ? [legend.box, blurs.list] : []), events.box);
    else side.append(legend.box, ...(support ? [support.box] : []), events.box); // seen where the kernel is gone
  }

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
    if (forces) { forces.show(state.days[step]); labels.draw(); } else labels.ink();
    blurs?.show(step);
    controls.show(step);
    chart.show(step);
    turns.show(step);
    numbers();
    events.show(step);
  }
  function numbers() {
    const moment = state.at(step), sums = state.areas(moment, level), day = state.days[step];
    const live = controls.playing() ? "off" : "polite";
    if (words.getAttribute("aria-live") !== live) words.setAttribute("aria-live", live);
    words.textContent = sentence(state, sums, day, level) + (forces ? ` ${forces.sentence()}.` : "")
      + (blurs ? ` ${blurs.sentence()}.` : "");
    const plain = new Set(data.key.claimed ?? []);
    pale.textContent = level === "core" ? data.key.core.filter(line => !plain.has(line)).join(" ") : "";
    legend.show(sums, level, `${data.levels[level].name} land on ${dayWords(day)}`);
    support?.show(moment, level);
  }
  /** @param {string} name */
  function setLevel(name) {
    if (!(name in data.levels)) return; // drawings have one
    level = name;
    for (const field of radios) {
      const radio = field.querySelector(`input[value="${name}"]`);
      if (radio instanceof HTMLInputElement) radio.checked = true;
    }
    land.level(level);
    chart.level(level);
    labels.ink();
    numbers();
    levelled.forEach(listener => listener(level));
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
    open: places?.open, openId: places?.openId, place: () => places?.chosen() ?? "", redraw: chart.draw,
    onPlace: (/** @type {(id: string) => void} */ listener) => places?.onOpen(listener),
    onStep: (/** @type {(step: number) => void} */ listener) => listeners.push(listener),
    onLevel: (/** @type {(level: string) => void} */ listener) => levelled.push(listener),
    setVisible: (/** @type {string[]} */ ids) => {
      land.visible(new Set(ids.map(id => state.number.get(id) ?? -1)));
      land.show(state.at(step));
      chart.only(ids);
    },
    setCountry: chart.country,
  };
  return { handle, overlays: { layers: overlays, labels }, controls: controls.row, remove: chart.remove };
}

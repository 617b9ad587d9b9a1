// Two dates on one map: what one holder kept, gained and lost; either date alone; or both, with a divider between them.

import { levelChoice, makeChoice } from "./controls.js";
import { html, numberRow, numberTable, swatch } from "./dom.js";
import { makeEvents } from "./events.js";
import { makeFinder } from "./find.js";
import { makeLabels } from "./labels.js";
import { makeLand } from "./land.js";
import { holderSwatch } from "./legend.js";
import { records } from "./payload.js";
import { makePlaces } from "./places.js";
import { holderRows, holdersOf } from "./state.js";
import { dayWords, rounded, shortDay } from "./words.js";

/**
 * @import { Moved } from "./payload.js"
 * @import { Moment, Paint, State } from "./state.js"
 * @import { Paints } from "./paint.js"
 */

const VIEWS = [
  { id: "change", name: "Change" }, { id: "before", name: "Before" }, { id: "after", name: "After" },
  { id: "both", name: "Both" },
];

/**
 * @param {any} L
 * @param {any} map
 * @param {State} state
 * @param {Paints} paints
 * @param {{ own: number[], dots: string }} compare
 * @param {{ top: Element, side: Element }} room
 */
export function makeComparison(L, map, state, paints, compare, { top, side }) {
  const { data } = state, own = new Set(compare.own), [holder] = compare.own, mine = state.actors[holder];
  const land = makeLand(L, map, state, paints), other = land.twin(), moved = records(data.moved);
  const places = state.drawn ? null : makePlaces(L, map, state, paints);
  const labels = makeLabels(L, map, state, { open: place => places?.show(place), dark: land.dark });
  const ends = [state.at(0), state.at(1)];
  const swipe = makeSwipe(map, state.days.map(dayWords));
  const words = html("p", { class: "ck-spoken", role: "status", "aria-live": "polite" });
  const events = places && makeEvents(state, places.visit);
  const numbers = html("div");
  let view = "change", level = state.levels[0];

  // Of one piece of land: how it looks in the view of change.
  /** @type {(before: Paint, after: Paint) => string} */
  function look(before, after) {
    const kept = own.has(before.holder), now = own.has(after.holder);
    if (kept && now) return mine.color;
    if (now) return paints.pattern(mine.color, compare.dots, ".");
    if (!kept) return data.look.none;
    const ground = after.sides ? state.number.get("contested") ?? -1 : after.holder;
    return paints.pattern(state.actors[ground].color, mine.ink, "/");
  }
  const plain = (/** @type {number} */ holder) => ({ holder, sides: null });

  function draw() {
    land.change(view === "change" ? look : null, ends, moved);
    land.show(ends[view === "after" ? 1 : 0]);
    other.visible(view === "both");
    map.getPane("ck-fronts").style.display = view === "both" ? "none" : "";
    if (view === "both") other.show(ends[1]);
    places?.draw(ends[view === "before" ? 0 : 1]);
    labels.ink();
    swipe.visible(view === "both");
    const tables = view === "change" ? [changeTable(), holdersTable()] : [holdersTable()];
    numbers.replaceChildren(...tables);
    words.textContent = `${VIEWS.find(({ id }) => id === view)?.name}: ${summary()}`;
  }

  const sums = (/** @type {string} */ name) => keptAndLost(state, name, ends, moved, own);
  function summary() {
    const { held, gained, lost } = sums(level);
    return `${mine.name}, ${data.levels[level].name.toLowerCase()} land: held on both days ${rounded(held)}, `
      + `gained ${rounded(gained)}, lost ${rounded(lost)} km\u00B2.`;
  }

  /** @type {(fill: string, name: string, numbers: number[]) => HTMLTableRowElement} */
  const row = (fill, name, numbers) => numberRow(swatch(fill, data.look.admin), name, numbers.map(rounded));

  function changeTable() {
    const found = state.levels.map(sums), nobody = plain(state.number.get("none") ?? -1), self = plain(holder);
    const takers = [...found[0].to].sort(([, a], [, b]) => b - a).map(([taker]) => taker);
    const title = `${mine.name}, ${dayWords(state.days[0])} to ${dayWords(state.days[1])}`;
    return numberTable(title, ["km\u00B2", ...state.levels.map(name => data.levels[name].name)], [
      row(look(self, self), "Held on both days", found.map(sum => sum.held)),
      row(look(nobody, self), "Gained", found.map(sum => sum.gained)),
      row(look(self, nobody), "Lost", found.map(sum => sum.lost)),
      ...takers.map(taker => row(look(self, plain(taker)), `lost, now ${state.actors[taker].short}`,
        found.map(sum => sum.to.get(taker) ?? 0))),
    ]);
  }

  function holdersTable() {
    const found = ends.map(end => state.areas(end, level));
    const present = new Set(found.flatMap(sums => holdersOf(state, sums)));
    const [before, after] = found.map(sums => holderRows(state, sums, present))
      .map(rows => new Map(rows.map(row => [row.holder, row.km2])));
    const all = [...new Set([...before.keys(), ...after.keys()])].filter(one => one >= 0)
      .sort((a, b) => (after.get(b) ?? 0) - (after.get(a) ?? 0));
    const title = `${data.levels[level].name} land, km\u00B2`;
    return numberTable(title, ["Holder", ...state.days.map(shortDay)], all.map(one =>
      numberRow(holderSwatch(state, paints, one), state.actors[one].short,
        [before, after].map(km2 => rounded(km2.get(one) ?? 0)))));
  }

  const setView = (/** @type {string} */ name) => { view = name; draw(); };
  const setLevel = (/** @type {string} */ name) => { level = name; land.level(level); draw(); };
  const controls = html("div", { class: "ck-controls" },
    makeChoice("Show", VIEWS, view, setView), ...levelChoice(state, level, setLevel), swipe.slider,
    ...(places ? [makeFinder(state, places.visit)] : []));
  top.append(controls);
  side.append(words, ...(places ? [places.panel.box] : []), numbers, ...(events ? [events.box] : []));
  events?.show(1);
  land.level(level);
  draw();
  const { water, admin } = land.groups;
  const overlays = { Water: water, Governorates: admin, ...(places && { Places: places.group }) };
  return {
    handle: { setView, setLevel, open: places?.open, drawn: land.drawn, sums, swipe: swipe.move },
    overlays: { layers: overlays, labels }, controls, remove: () => {},
  };
}

/**
 * km2 that a holder kept, gained and lost between two days at a level, and to whom the lost land went.
 * @param {State} state
 * @param {string} level
 * @param {Moment[]} ends
 * @param {Moved[]} moved  of drawings
 * @param {Set<number>} own  the holder and its parts
 */
export function keptAndLost(state, level, ends, moved, own) {
  const pairs = state.drawn ? moved : state.pieces.map(({ place, claimed, core }) => {
    const [before, after] = ends.map(end => state.paintAt(end, place).holder);
    return { before, after, km2: level === "core" ? core : claimed };
  });
  const fold = state.folder(new Set(pairs.map(pair => pair.after)));
  /** @type {Map<number, number>} */
  const to = new Map();
  const found = { held: 0, gained: 0, lost: 0, to };
  for (const { before, after, km2 } of pairs) {
    const kept = own.has(before), now = own.has(after);
    if (kept && now) found.held += km2;
    else if (now) found.gained += km2;
    else if (kept) {
      found.lost += km2;
      to.set(fold(after), (to.get(fold(after)) ?? 0) + km2);
    }
  }
  return found;
}

/**
 * A divider across the map, moved from the keyboard: left of it the first date, right of it the second.
 * @param {any} map
 * @param {string[]} names
 */
function makeSwipe(map, [first, second]) {
  const slider = html("input",
    { type: "range", min: 0, max: 100, value: 50, "aria-label": "Divider between the two dates", class: "ck-slider" });
  const line = html("div", { class: "ck-swipe" }, html("span", {}, first), html("span", {}, second));
  map.getContainer().append(line);
  let on = false;

  function clip() {
    const pane = map.getPane("ck-other"), size = map.getSize(), at = size.x * Number(slider.value) / 100;
    const corner = map.containerPointToLayerPoint([0, 0]), end = map.containerPointToLayerPoint(size);
    pane.style.clip = `rect(${corner.y}px, ${end.x}px, ${end.y}px, ${corner.x + at}px)`;
    line.style.left = `${at}px`;
    slider.setAttribute("aria-valuetext", `${slider.value} % of the map shows the first date`);
  }
  slider.addEventListener("input", clip);
  map.on("move zoomend resize", () => { if (on) clip(); });
  return {
    slider,
    move: (/** @type {number} */ percent) => { slider.value = String(percent); clip(); },
    visible: (/** @type {boolean} */ wanted) => {
      on = wanted;
      slider.hidden = line.hidden = !wanted;
      if (wanted) clip();
    },
  };
}

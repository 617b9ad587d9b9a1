// The model in the page: who holds which place on a day, how much land that is, what changed. No drawing here.
//
// Everything follows from the rows of control, so a date more costs one line more in the page.

import { records } from "./payload.js";
import { ringReader } from "./rings.js";

/**
 * @import { Actor, ControlRow, Move, Payload, Piece, Place, Point, Shape, Source } from "./payload.js"
 *
 * A paint is a holder or, where land is contested, the two sides.
 * @typedef {{ holder: number, sides: [number, number] | null }} Paint
 * @typedef {ControlRow & { before: Control | null, after: Control | null, paint: Paint }} Control
 * @typedef {{ step: number, held: (Control | null)[] }} Moment  the row that counts at each place; of drawings none
 * @typedef {{ paint: Paint, polygons: Point[][][] }} Drawn
 *
 * @typedef {object} State
 * @property {Payload} data
 * @property {boolean} drawn  land that somebody drew: no places, no cells
 * @property {Actor[]} actors
 * @property {Map<string, number>} number  of an actor, by id
 * @property {string[]} days
 * @property {string[]} levels
 * @property {Place[]} places
 * @property {Source[]} sources
 * @property {Piece[]} pieces
 * @property {Control[][]} history  by place
 * @property {(present: Set<number>) => (holder: number) => number} folder
 * @property {(step: number) => Moment} at
 * @property {(moment: Moment, place: number) => Paint} paintAt
 * @property {(moment: Moment, level: string, country?: number) => Float64Array} areas  km2 by holder, of all countries
 *   or of one by number, then what is outside the core
 * @property {(moment: Moment) => Drawn[]} land  as drawn
 * @property {(step: number) => Control[]} changes  since the step before, in order
 * @property {(step: number) => Move[]} moves  of drawn land
 */

/**
 * @param {Payload} data
 * @returns {State}
 */
export function makeState(data) {
  const actors = records(data.actors);
  const shared = {
    data, actors, number: new Map(actors.map((actor, index) => [actor.id, index])), days: data.dates,
    levels: Object.keys(data.levels), places: records(data.places), sources: records(data.sources),
    folder: (/** @type {Set<number>} */ present) => folderOf(actors, present),
  };
  return { ...shared, ...(data.shapes ? drawnState(data, actors) : placesState(data, shared.number)) };
}

/**
 * A holder painted like its parent is drawn and counted with it, where both hold land.
 * @param {Actor[]} actors
 * @param {Set<number>} present
 */
function folderOf(actors, present) {
  return (/** @type {number} */ holder) => {
    const { parent } = actors[holder];
    return parent >= 0 && present.has(parent) ? parent : holder;
  };
}

/**
 * @param {Payload} data
 * @param {Map<string, number>} number
 */
function placesState(data, number) {
  const pieces = records(data.pieces), count = number.size;
  const rows = controlRows(records(data.events), number.get("contested"));
  /** @type {Control[][]} */
  const history = Array.from(data.places.rows, () => []);
  for (const row of rows) history[row.place].push(row);
  const nobody = { holder: number.get("unknown") ?? -1, sides: null };

  /** @type {Moment | null} */
  let last = null;
  /** @param {number} step */
  function at(step) {
    if (last?.step === step) return last; // asked for by each part that shows it
    /** @type {(Control | null)[]} */
    const held = history.map(() => null);
    for (const row of rows) {
      if (row.day > data.dates[step]) break;
      held[row.place] = row;
    }
    last = { step, held };
    return last;
  }

  /** @type {State["paintAt"]} */
  const paintAt = ({ held }, place) => held[place]?.paint ?? nobody;

  /** @type {State["areas"]} */
  function areas(moment, level, country = -1) {
    const sums = new Float64Array(count + 1);
    for (const { place, claimed, core, country: own } of pieces) {
      if (country >= 0 && own !== country) continue;
      sums[paintAt(moment, place).holder] += level === "core" ? core : claimed;
      if (level === "core") sums[count] += claimed - core;
    }
    return sums;
  }

  // The rows between two steps that moved land or a place from one holder to another, in order.
  /** @type {State["changes"]} */
  function changes(step) {
    const from = data.dates[step - 1];
    return rows.filter(row => from !== undefined && row.day > from && row.day <= data.dates[step]
      && row.before && row.before.actor !== row.actor);
  }

  return { drawn: false, pieces, history, at, paintAt, areas, changes, land: () => [], moves: () => [] };
}

/**
 * Rows of control with the rows before and after them at their place, and how the land then looks.
 * @param {ControlRow[]} events
 * @param {number | undefined} contested
 */
function controlRows(events, contested) {
  /** @type {Map<number, Control>} */
  const last = new Map();
  const rows = events.map(event => {
    const before = last.get(event.place) ?? null;
    /** @type {Control} */
    const row = { ...event, before, after: null, paint: { holder: event.actor, sides: null } };
    if (before) before.after = row;
    last.set(event.place, row);
    return row;
  });
  for (const row of rows) if (row.actor === contested) row.paint.sides = sidesOf(row);
  return rows;
}

/**
 * Who held a contested place before, and who holds it after: -1 where the table does not say, or names one side twice.
 * @param {Control} row
 * @returns {[number, number]}
 */
function sidesOf({ before, after }) {
  const first = before?.actor ?? -1, second = after?.actor ?? -1;
  return [first, second === first ? -1 : second];
}

/**
 * @param {Payload} data
 * @param {Actor[]} actors
 */
function drawnState(data, actors) {
  const ring = ringReader(data.rings ?? []), states = data.states ?? [];
  const drawings = grouped(records(data.shapes), shape => shape.drawing);
  const moved = grouped(records(data.moves), move => move.step);
  const shapes = (/** @type {number} */ step) => drawings.get(states[step]) ?? [];

  /** @type {State["areas"]} */
  function areas({ step }) {
    const sums = new Float64Array(actors.length + 1);
    for (const { holder, km2 } of shapes(step)) sums[holder] = km2;
    return sums;
  }

  /** @type {State["land"]} */
  function land({ step }) {
    return shapes(step).map(({ holder, polygons }) =>
      ({ paint: { holder, sides: null }, polygons: polygons.map(rings => rings.map(ring)) }));
  }

  return {
    drawn: true, pieces: [], history: [], areas, land,
    at: (/** @type {number} */ step) => ({ step, held: [] }),
    paintAt: () => ({ holder: -1, sides: null }),
    changes: () => [],
    moves: (/** @type {number} */ step) => moved.get(step) ?? [],
  };
}

/**
 * Items by a key, in the order in which each key first comes.
 * @template T
 * @template Key
 * @param {T[]} items
 * @param {(item: T) => Key} key
 */
export function grouped(items, key) {
  /** @type {Map<Key, T[]>} */
  const found = new Map();
  for (const item of items) {
    const group = found.get(key(item));
    if (group) group.push(item);
    else found.set(key(item), [item]);
  }
  return found;
}

/**
 * Holder, km2 and share, those painted alike added up, the largest first, land outside the core last as holder -1.
 * @param {State} state
 * @param {Float64Array} sums
 * @param {Set<number>} [among]  the holders that count as present
 */
export function holderRows(state, sums, among = new Set(holdersOf(state, sums))) {
  const whole = state.data.whole_km2 ?? sums.reduce((sum, km2) => sum + km2, 0), fold = state.folder(among);
  /** @type {Map<number, number>} */
  const folded = new Map();
  for (const holder of holdersOf(state, sums)) {
    folded.set(fold(holder), (folded.get(fold(holder)) ?? 0) + sums[holder]);
  }
  const found = [...folded].sort(([, a], [, b]) => b - a).map(([holder, km2]) => ({ holder, km2, share: km2 / whole }));
  const outside = sums[state.actors.length];
  return outside > 0 ? [...found, { holder: -1, km2: outside, share: outside / whole }] : found;
}

/**
 * The holders that have land.
 * @param {State} state
 * @param {Float64Array} sums
 */
export function holdersOf(state, sums) {
  return [...state.actors.keys()].filter(holder => sums[holder] > 0);
}

// Forces at a small scale: at each place, how many of each side. No drawing here.

import { kilometres } from "./rings.js";
import { grouped } from "./state.js";

/**
 * @import { ForceSymbol } from "./reports.js"
 * @import { Spot } from "./rings.js"
 * @typedef {object} Badge  of one place, and of what is too near to be told apart from it at this scale
 * @property {string} key
 * @property {string} where  the place with most forces
 * @property {number} latitude  of that place
 * @property {number} longitude
 * @property {number} places
 * @property {ForceSymbol[]} symbols
 * @property {{ side: string, count: number }[]} sides  those with most forces first
 */

const SIDE_WIDE = 38, ROW_HIGH = 20, EDGE = 4, IN_A_ROW = 2, AIR = 2; // pixels: shape and number stand side by side

/**
 * The width and the height of the badge of so many sides.
 * @param {number} sides
 * @returns {[wide: number, high: number]}
 */
export function badgeSize(sides) {
  return [SIDE_WIDE * Math.min(IN_A_ROW, sides) + EDGE, ROW_HIGH * Math.ceil(sides / IN_A_ROW) + EDGE];
}

/**
 * One badge for each place, at that place; a place whose badge would touch that of a fuller one is counted there.
 * @param {ForceSymbol[]} symbols
 * @param {object} how
 * @param {(spot: Spot) => { x: number, y: number }} how.pixels
 * @param {(symbol: ForceSymbol) => string} how.side
 * @returns {Badge[]}
 */
export function badgesOf(symbols, { pixels, side }) {
  const spots = grouped(symbols, ({ latitude, longitude }) => `${latitude} ${longitude}`);
  /** @type {(Badge & { x: number, y: number })[]} */
  let found = [...spots].map(([key, here]) => {
    const [{ where, latitude, longitude }] = here;
    const sides = counts(here.map(side));
    return { key, where, latitude, longitude, places: 1, symbols: here, sides, ...pixels({ latitude, longitude }) };
  });
  found.sort((a, b) => b.symbols.length - a.symbols.length);
  for (let pair = touching(found); pair; pair = touching(found)) {
    const [full, less] = pair;
    full.symbols = [...full.symbols, ...less.symbols];
    full.places += less.places;
    full.sides = counts(full.symbols.map(side));
    found = found.filter(badge => badge !== less);
  }
  return found.map(({ x: _x, y: _y, ...badge }) => badge);
}

/**
 * The first two badges that touch, the fuller one first.
 * @template {Badge & { x: number, y: number }} Placed
 * @param {Placed[]} badges
 * @returns {[Placed, Placed] | null}
 */
function touching(badges) {
  for (const [at, one] of badges.entries()) {
    const [wide, high] = badgeSize(one.sides.length);
    for (const other of badges.slice(at + 1)) {
      const [across, up] = badgeSize(other.sides.length);
      const beside = Math.abs(one.x - other.x) >= (wide + across) / 2 + AIR;
      const above = Math.abs(one.y - other.y) >= (high + up) / 2 + AIR;
      if (!beside && !above) return [one, other];
    }
  }
  return null;
}

/** @param {string[]} names */
function counts(names) {
  /** @type {Map<string, number>} */
  const found = new Map();
  for (const name of names) found.set(name, (found.get(name) ?? 0) + 1);
  return [...found].map(([side, count]) => ({ side, count })).sort((a, b) => b.count - a.count);
}

/**
 * Symbols with their distance in km, the nearest first; with a radius, those within it.
 * @param {ForceSymbol[]} symbols
 * @param {Spot} from
 * @param {number} [radius]
 */
export function byDistance(symbols, from, radius = Infinity) {
  return symbols.map(symbol => ({ symbol, km: kilometres(symbol, from) })).filter(({ km }) => km <= radius)
    .sort((a, b) => a.km - b.km || a.symbol.key.localeCompare(b.symbol.key));
}

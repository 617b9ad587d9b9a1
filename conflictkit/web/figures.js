// Published figures: which of them are chosen, in which order, and on which scale they are drawn.

/** @import { Chosen, Figure } from "./payload.js" */

const STEPS = [1, 2, 5, 10];
const TICK_ROOM = 64; // pixels of a number under the chart, with air beside it

/**
 * The figures of one thing, in one scope, over a time, from pages of some grade; as `selected` in _view_estimates.py.
 * @param {Figure[]} figures
 * @param {Chosen} view
 */
export function chosenFigures(figures, { quantity, actor, scope, start, end, grade }) {
  return figures.filter(one => one.quantity === quantity && one.actor === actor
    && (scope === "" ? !one.single : one.scope === scope)
    && (!start || one.day >= start) && (!end || one.day <= end) && one.grade <= grade);
}

/** @type {Record<string, (figure: Figure) => string | number>} */
const KEYS = {
  day: one => one.day,
  who: one => one.who.toLowerCase(),
  figure: one => middleOf(one),
  what: one => one.where.toLowerCase(),
  grade: one => one.grade + one.credibility,
};

/**
 * Figures in order of a column, in either direction; those that are equal by day, then by who says so.
 * @param {Figure[]} figures
 * @param {string} column
 * @param {number} direction  1 or -1
 */
export function orderedFigures(figures, column, direction) {
  const compare = (/** @type {string | number} */ a, /** @type {string | number} */ b) => Number(a > b) - Number(a < b);
  return [...figures].sort((a, b) => direction * compare(KEYS[column](a), KEYS[column](b))
    || compare(a.day, b.day) || compare(KEYS.who(a), KEYS.who(b)) || compare(a.id, b.id));
}

/**
 * The number that a figure is sorted by: its best, or the middle of its ends, or the end that it has.
 * @param {Pick<Figure, "low" | "best" | "high">} figure
 */
export function middleOf({ low, best, high }) {
  return best ?? (low !== null && high !== null ? (low + high) / 2 : low ?? high ?? 0);
}

/**
 * All numbers of some figures: least and most.
 * @param {Pick<Figure, "low" | "best" | "high">[]} figures
 * @returns {[number, number]}
 */
export function endsOf(figures) {
  const numbers = figures.flatMap(({ low, best, high }) => [low, best, high]).filter(one => one !== null);
  return [Math.min(...numbers), Math.max(...numbers)];
}

/**
 * Whether the small figures would be pressed flat on a scale from zero on.
 * @param {[number, number]} ends
 * @param {number} logFrom
 */
export function isLogarithmic([least, most], logFrom) {
  return least > 0 && most > logFrom * least;
}

/**
 * Where numbers stand: from zero on, or logarithmic where the small figures would be pressed flat.
 * @param {Pick<Figure, "low" | "best" | "high">[]} figures
 * @param {number} width  pixels
 * @param {number} logFrom
 */
export function figureScale(figures, width, logFrom) {
  const ends = endsOf(figures), [least, most] = ends, log = isLogarithmic(ends, logFrom);
  const room = Math.max(2, Math.floor(width / TICK_ROOM));
  const ticks = log ? logTicks(least, most, room) : evenTicks(most, room);
  const at = log ? Math.log : Number, first = at(ticks[0]), last = at(ticks[ticks.length - 1]);
  return { log, ticks, x: (/** @type {number} */ number) => width * (at(number) - first) / (last - first) };
}

/**
 * @param {number} most
 * @param {number} room  for so many
 */
function evenTicks(most, room) {
  const rough = Math.max(most, 1) / Math.min(room, 6), power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (STEPS.find(one => one * power >= rough) ?? 10);
  return Array.from({ length: Math.ceil(Math.max(most, 1) / step) + 1 }, (_, i) => i * step);
}

/**
 * 1, 2, 5, 10 ... from below the least to above the most; fewer of each ten where there is no room.
 * @param {number} least
 * @param {number} most
 * @param {number} room
 */
function logTicks(least, most, room) {
  const powers = [Math.floor(Math.log10(least)), Math.ceil(Math.log10(most))];
  const made = (/** @type {number[]} */ steps) => {
    const tens = Array.from({ length: powers[1] - powers[0] + 1 }, (_, i) => 10 ** (powers[0] + i));
    const all = tens.flatMap(ten => steps.map(one => one * ten));
    const from = all.findLastIndex(one => one <= least), to = all.findIndex(one => one >= most);
    return all.slice(Math.max(0, from), to < 0 ? all.length : to + 1);
  };
  return [[1, 2, 5], [1, 3]].map(made).find(ticks => ticks.length <= room) ?? made([1]);
}

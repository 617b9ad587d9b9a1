// The small area chart under the slider: one line a holder, a cursor at the date shown.

import { svg } from "./dom.js";
import { holdersOf } from "./state.js";
import { rounded, shortDay } from "./words.js";

/**
 * @import { State } from "./state.js"
 * @typedef {[holder: number, km2: number[]]} Line
 */

const HEIGHT = 96, TOP = 8, BELOW = 16, LEFT = 76, CLOSE = 11, FEW = 24;
const MOST_LINES = 7, WIDE = 700, YEAR_WIDTH = 60;

/**
 * @param {State} state
 * @param {(step: number) => void} choose
 */
export function makeChart(state, choose) {
  const frame = svg("svg", { class: "ck-chart", height: HEIGHT, role: "img" });
  const times = state.days.map(day => Date.parse(day)), first = times[0], last = times[times.length - 1];
  /** @type {Record<string, Line[]>} */
  const lines = {};
  let level = state.levels[0], step = 0, width = 0, right = 8;

  const x = (/** @type {number} */ time) =>
    LEFT + (width - LEFT - right) * (last > first ? (time - first) / (last - first) : 0.5);

  function draw() {
    width = frame.clientWidth || 600;
    right = width > WIDE ? 137 : 8;
    frame.replaceChildren();
    frame.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    const found = lines[level] ??= largestLines(state, level), most = Math.max(1, ...found.flatMap(([, line]) => line));
    const y = (/** @type {number} */ km2) => TOP + (HEIGHT - TOP - BELOW) * (1 - km2 / most);
    frame.setAttribute("aria-label", `Area by holder over time, ${level}, 0 to ${rounded(most)} square kilometres`);
    for (const km2 of [0, most]) {
      rule(LEFT, width - right, y(km2), y(km2));
      write(LEFT - 5, y(km2) + (km2 ? 7 : 2), km2 ? `${rounded(most)} km\u00B2` : "0", "end");
    }
    years(y(0));
    for (const line of found) trace(line, y);
    if (right > 50) names(found, y);
    cursor();
  }

  /** @param {number} bottom */
  function years(bottom) {
    const marked = yearsBetween(first, last, width);
    if (marked.length < 2) { // less than two years: the first and the last day say when
      write(LEFT, HEIGHT - 3, shortDay(state.days[0]), "start");
      if (times.length > 1) write(width - right, HEIGHT - 3, shortDay(state.days[times.length - 1]), "end");
      return;
    }
    for (const year of marked) {
      const at = x(Date.parse(`${year}-01-01`));
      rule(at, at, TOP, bottom);
      write(at, HEIGHT - 3, String(year), "middle");
    }
  }

  /** @type {(line: Line, y: (km2: number) => number) => void} */
  function trace([holder, line], y) {
    const { id, ink } = state.actors[holder];
    const d = line.map((km2, i) => `${i ? "L" : "M"}${x(times[i]).toFixed(1)},${y(km2).toFixed(1)}`).join("");
    svg("path", { d, class: "ck-line", stroke: ink, "data-actor": id }, frame);
    if (line.length > FEW) return;
    // few dates: dots say what is known, the line between them only joins them
    line.forEach((km2, i) => svg("circle", { cx: x(times[i]), cy: y(km2), r: 2.4, fill: ink }, frame));
  }

  // The name of each line at its end, after a dash in its colour: as letters, some colours are too pale.
  /** @type {(found: Line[], y: (km2: number) => number) => void} */
  function names(found, y) {
    const ends = found.map(([, line]) => y(line[line.length - 1])), left = width - right + 5;
    stacked(ends, HEIGHT - 4).forEach((at, number) => {
      const { ink, tag } = state.actors[found[number][0]];
      svg("line", { x1: left, x2: left + 9, y1: at - 4, y2: at - 4, class: "ck-line", stroke: ink }, frame);
      write(left + 13, at, tag, "start");
    });
  }

  /** @type {(x1: number, x2: number, y1: number, y2: number) => void} */
  function rule(x1, x2, y1, y2) {
    svg("line", { x1, x2, y1, y2, class: "ck-grid" }, frame);
  }

  /** @type {(left: number, top: number, words: string, anchor: string) => void} */
  function write(left, top, words, anchor) {
    svg("text", { x: left, y: top, "text-anchor": anchor }, frame).textContent = words;
  }

  function cursor() {
    frame.querySelector(".ck-cursor")?.remove();
    const at = x(times[step]);
    svg("line", { x1: at, x2: at, y1: TOP - 6, y2: HEIGHT - BELOW, class: "ck-cursor" }, frame);
  }

  frame.addEventListener("click", event => {
    const at = event.clientX - frame.getBoundingClientRect().left;
    const distances = times.map(time => Math.abs(x(time) - at));
    choose(distances.indexOf(Math.min(...distances)));
  });
  new ResizeObserver(() => { if (frame.clientWidth !== width) draw(); }).observe(frame);
  return {
    frame, draw,
    show: (/** @type {number} */ now) => { step = now; if (width) cursor(); },
    level: (/** @type {string} */ now) => { level = now; draw(); },
  };
}

/**
 * km2 on every day by holder, those painted alike added up: the largest ones, by what they ever held.
 * @param {State} state
 * @param {string} level
 */
export function largestLines(state, level) {
  const rows = state.days.map((_, step) => state.areas(state.at(step), level));
  const present = new Set(rows.flatMap(row => holdersOf(state, row))), fold = state.folder(present);
  /** @type {Map<number, number[]>} */
  const sums = new Map();
  for (const holder of present) {
    if (state.actors[holder].id === "unknown") continue;
    const line = sums.get(fold(holder)) ?? rows.map(() => 0);
    rows.forEach((row, i) => { line[i] += row[holder]; });
    sums.set(fold(holder), line);
  }
  return [...sums].sort(([, a], [, b]) => Math.max(...b) - Math.max(...a)).slice(0, MOST_LINES);
}

/**
 * The years that begin between two times, or every so many of them where there is no room for all.
 * @param {number} first
 * @param {number} last
 * @param {number} width
 */
export function yearsBetween(first, last, width) {
  const [start, end] = [first, last].map(time => new Date(time).getUTCFullYear());
  const years = Array.from({ length: end - start }, (_, i) => start + 1 + i);
  const every = Math.max(1, Math.ceil(years.length / Math.max(1, width / YEAR_WIDTH)));
  return years.filter((_, i) => i % every === 0);
}

/**
 * Where names stand beside the ends of lines: each a little below its end, pushed up where it would cover the next.
 * @param {number[]} ends
 * @param {number} lowest
 */
export function stacked(ends, lowest) {
  /** @type {number[]} */
  const found = [];
  let free = lowest;
  for (const number of [...ends.keys()].sort((a, b) => ends[b] - ends[a])) {
    found[number] = Math.min(ends[number] + 3, free);
    free = found[number] - CLOSE;
  }
  return found;
}

// How sure the areas are: the range of the holder in colour, around its line, where a page has it and a reader asks.

import { html, svg } from "./dom.js";
import { records } from "./payload.js";
import { dayWords, rounded } from "./words.js";

/**
 * @import { State } from "./state.js"
 * @typedef {{ low: number[], high: number[] }} Range  km2 of each step
 */

/**
 * The ranges of one level and country, by holder; none on a page without.
 * @param {Pick<State, "data">} state
 * @param {string} level
 * @param {number} [country]  by number; all of them by default
 * @returns {Map<number, Range>}
 */
export function rangesOf({ data }, level, country = -1) {
  return new Map(records(data.ranges).filter(row => row.level === level && row.country === country)
    .map(({ actor, low, high }) => [actor, { low: summed(low), high: summed(high) }]));
}

/**
 * Each number added to all before it.
 * @param {number[]} moves
 */
function summed(moves) {
  let sum = 0;
  return moves.map(move => sum += move);
}

/**
 * The range of a holder and of those drawn as part of it: the sum, which is wider than that of their land together.
 * @param {Pick<State, "data" | "folder">} state
 * @param {string} level
 * @param {number} country
 * @param {number} holder
 * @returns {Range | null}
 */
export function rangeOf(state, level, country, holder) {
  const all = rangesOf(state, level, country), fold = state.folder(new Set(all.keys()));
  const parts = [...all].filter(([one]) => fold(one) === holder).map(([, range]) => range);
  if (!parts.length) return null;
  const sum = (/** @type {keyof Range} */ end) =>
    parts[0][end].map((_, step) => parts.reduce((km2, range) => km2 + range[end][step], 0));
  return { low: sum("low"), high: sum("high") };
}

/**
 * What lies between two lines of steps: along the upper one, and back along the lower.
 * @param {number[]} x
 * @param {number[]} upper
 * @param {number[]} lower
 */
export function rangePath(x, upper, lower) {
  const [across, above, below] = [x, upper, lower].map(numbers => numbers.map(number => number.toFixed(1)));
  const there = above.map((y, i) => i ? `H${across[i]}V${y}` : `M${across[i]},${y}`);
  const back = below.map((y, i) => i + 1 < below.length ? `H${across[i + 1]}V${y}` : `V${y}`).reverse();
  return `${there.join("")}${back.join("")}H${across[0]}Z`;
}

/**
 * The tick box beside the chart, and its key with the numbers of the day shown.
 * @param {State} state
 */
export function makeRange(state) {
  const tick = html("input", { type: "checkbox" });
  const box = html("label", { class: "ck-select ck-range-tick" }, tick, html("span", {}, "range"));
  const sample = svg("svg", { width: 28, height: 14, "aria-hidden": "true", class: "ck-swatch" });
  const band = svg("rect", { width: 28, height: 14, class: "ck-range" }, sample);
  const words = html("span"), key = html("p", { class: "ck-range-key" }, sample, words);
  box.hidden = !state.data.ranges;
  key.hidden = true;
  /** @type {Range | null} */
  let range = null;
  let of = -1, step = 0;

  /**
   * Find the range of a holder, if it is asked for; of none where all lines are in colour.
   * @param {{ level: string, country: number, holder: number }} line
   */
  function choose({ level, country, holder }) {
    tick.disabled = holder < 0;
    box.title = tick.disabled ? "Choose a holder to see its range" : "How far its area may be off";
    of = holder;
    range = tick.checked && holder >= 0 ? rangeOf(state, level, country, holder) : null;
    key.hidden = !range;
    if (range) band.style.setProperty("--ck-of", state.actors[of].ink);
    show(step);
    return range;
  }
  /** @param {number} now */
  function show(now) {
    step = now;
    if (!range) return;
    words.textContent = `${state.actors[of].short}, 90 % range: ${said(now)} km\u00B2 on ${dayWords(state.days[now])}`;
  }
  const said = (/** @type {number} */ now) =>
    range ? `${rounded(range.low[now])} to ${rounded(range.high[now])}` : "";
  const onChange = (/** @type {() => void} */ act) => tick.addEventListener("change", act);
  return { box, key, choose, show, said, onChange };
}

// Numbers of the date beside the map: its legend, with km2 and share of each holder, and the same as a sentence.

import { html, numberRow, numberTable, swatch } from "./dom.js";
import { holderRows } from "./state.js";
import { dayWords, percent, rounded } from "./words.js";

/**
 * @import { State } from "./state.js"
 * @import { Paints } from "./paint.js"
 */

/**
 * @param {State} state
 * @param {Paints} paints
 */
export function makeLegend(state, paints) {
  const box = html("div", { role: "region", "aria-label": "Legend and numbers" });
  const name = (/** @type {number} */ holder) => state.actors[holder]?.short ?? "Outside the core";
  let drawn = "", table = numberTable("", [], []);

  /** @type {(holders: number[], level: string) => void} */
  function draw(holders, level) {
    table = numberTable("", ["Holder", "km\u00B2", "Share"],
      holders.map(holder => numberRow(holderSwatch(state, paints, holder, level), name(holder), ["", ""])));
    const lines = state.data.key[level].map(line => html("li", {}, line));
    box.replaceChildren(table, html("ul", { class: "ck-key" }, ...lines));
  }

  /** @type {(sums: Float64Array, level: string, title: string) => void} */
  function show(sums, level, title) {
    const rows = holderRows(state, sums), holders = rows.map(row => row.holder), wanted = `${level} ${holders}`;
    if (drawn !== wanted) draw(holders, level);
    drawn = wanted;
    // the same holders in the same order: only their numbers are written, which costs a browser a third less
    write(table.caption, title);
    rows.forEach(({ km2, share }, row) => {
      const [, land, part] = table.tBodies[0].rows[row].cells;
      write(land, rounded(km2));
      write(part, percent(share));
    });
  }
  return { box, show };
}

/** @type {(element: Element | null, words: string) => void} */
function write(element, words) {
  if (element && element.textContent !== words) element.textContent = words;
}

/**
 * @param {State} state
 * @param {Paints} paints
 * @param {number} holder
 * @param {string} [level]  at which the right half, land outside the core, is pale
 */
export function holderSwatch({ data }, paints, holder, level = "") {
  const veil = level === "core" && holder >= 0 && data.outside ? data.look.paler : 0;
  return swatch(paints.sample(holder), data.look.admin, veil);
}

/**
 * The state in a sentence, for those who hear the page instead of seeing it.
 * @param {State} state
 * @param {Float64Array} sums
 * @param {string} day
 * @param {string} level
 */
export function sentence(state, sums, day, level) {
  const said = holderRows(state, sums).filter(row => row.holder >= 0).slice(0, 4)
    .map(({ holder, km2, share }) => `${state.actors[holder].name} ${rounded(km2)} km\u00B2 (${percent(share)})`);
  return `${dayWords(day)}, ${state.data.levels[level].name.toLowerCase()} land: ${said.join(", ")}.`;
}

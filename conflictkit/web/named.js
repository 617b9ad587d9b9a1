// The changes that everybody looks for, by town: each a button that leads to its day.

import { html, swatch } from "./dom.js";
import { records } from "./payload.js";
import { dayWords, shortDay } from "./words.js";

/**
 * @import { Named } from "./payload.js"
 * @import { State } from "./state.js"
 * @import { Paints } from "./paint.js"
 * @typedef {Named & { step: number }} NamedStep  the first step on which it has happened
 */

/**
 * The named changes of a page that one of its days shows.
 * @param {State} state
 * @returns {NamedStep[]}
 */
export function namedSteps({ data, days }) {
  return records(data.named).map(row => ({ ...row, step: days.findIndex(day => day >= row.day) }))
    .filter(({ step }) => step > 0);
}

/**
 * @param {State} state
 * @param {Paints} paints
 * @param {NamedStep[]} rows
 * @param {(row: NamedStep) => void} choose
 */
export function makeNamed(state, paints, rows, choose) {
  const towns = [...new Set(rows.map(({ town }) => town))];
  /** @type {[number, Element][]} */
  const buttons = [];
  const said = (/** @type {string} */ words) => html("span", { class: "ck-unseen" }, words);
  const name = (/** @type {number} */ holder) => state.actors[holder]?.name ?? "nobody";

  /** @param {NamedStep} row */
  function button(row) {
    const { town, day, before, after, step } = row;
    const title = `${town}, ${dayWords(day)}: ${name(after)}, from ${name(before)}`;
    const made = html("button", { type: "button", title },
      swatch(paints.fill({ holder: after, sides: null }), state.data.look.admin), said(`${town}, `), shortDay(day),
      said(`: ${name(after)}, from ${name(before)}`));
    made.addEventListener("click", () => choose(row));
    buttons.push([step, made]);
    return made;
  }
  const groups = towns.map(town =>
    html("li", {}, html("span", { class: "ck-town" }, town), ...rows.filter(row => row.town === town).map(button)));
  const box = html("div", { role: "region", class: "ck-named", "aria-label": "Named changes" },
    html("h2", {}, "Who took what"), html("ul", {}, ...groups));
  box.hidden = rows.length === 0;
  let shown = -1;

  /** @param {number} now */
  function show(now) {
    for (const [step, made] of buttons) {
      if (step === now) made.setAttribute("aria-current", "true");
      else if (step === shown) made.removeAttribute("aria-current");
    }
    shown = now;
  }
  return { box, show };
}

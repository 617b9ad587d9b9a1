// What changed between the date before and this one: who took which place from whom, with the page that says so.

import { html, sourceLink } from "./dom.js";
import { counted, dateWords, dayWords, rounded, WHOLE } from "./words.js";

/**
 * @import { Move } from "./payload.js"
 * @import { Control, State } from "./state.js"
 */

const MOST_EVENTS = 30, SHEET_ROWS = 12; // a sheet holds a dozen: kit.css hides the others there

/**
 * @param {State} state
 * @param {(place: number) => void} open
 */
export function makeEvents(state, open) {
  const title = html("h2"), list = html("ol");
  const more = html("button", { type: "button", class: "ck-link" });
  const paper = html("p", { class: "ck-on-paper" }); // what paper leaves out is more than what the screen does
  const box = html("div", { role: "region", class: "ck-events", "aria-label": "What changed" },
    title, list, more, paper);
  const name = (/** @type {number | undefined} */ holder) => state.actors[holder ?? -1]?.short ?? "nobody";
  /** @type {WeakMap<Control | Move, Element>} */
  const lines = new WeakMap(); // a line is made once: to make thirty again at each step costs more than to draw the map
  let shown = -1;

  /** @param {Control} row */
  function change({ place, before, actor, day, precision, source }) {
    const button = html("button", { type: "button", class: "ck-link" }, state.places[place].name);
    button.addEventListener("click", () => open(place));
    return html("li", {}, button, `: ${name(before?.actor)} \u2192 ${name(actor)}, ${dateWords(day, precision)}. `,
      sourceLink(state.sources[source]));
  }
  /** @param {Move} row */
  const move = ({ from, to, km2 }) => html("li", {}, `${name(from)} \u2192 ${name(to)}: ${rounded(km2)} km\u00B2`);

  /** @param {Control | Move} row */
  function line(row) {
    const known = lines.get(row) ?? ("km2" in row ? move(row) : change(row));
    lines.set(row, known);
    return known;
  }

  /**
   * @param {number} step
   * @param {number} [most]
   */
  function show(step, most = MOST_EVENTS) {
    const rows = [...state.changes(step), ...state.moves(step)], count = rows.length, rest = Math.max(0, count - most);
    title.textContent = step === 0 ? "The first day shown"
      : `${count ? counted(count, "change") : "No change"} since ${dayWords(state.days[step - 1])}`;
    list.replaceChildren(...rows.slice(0, most).map(line));
    list.hidden = count === 0;
    more.hidden = rest === 0;
    if (rest) more.textContent = `and ${WHOLE.format(rest)} more`;
    paper.textContent = count > SHEET_ROWS ? `and ${WHOLE.format(count - SHEET_ROWS)} more, in the page itself` : "";
    shown = step;
  }
  more.addEventListener("click", () => show(shown, Infinity));
  return { box, show };
}
